package quickfix

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// objectStays says which mention of a trait no generic can stand for: an object may come from there. It is empty if there is none.
func (w *Workspace) objectStays(trait resolve.Def) string {
	key := item{trait.File(), trait.Item}
	if known, ok := w.stays.Load(key); ok {
		return known.(string)
	}
	out := ""
	for m := range w.mentionsOf(trait) {
		if why := w.stuck(m); why != "" {
			at := m.File.Position(m.Span.Start)
			out = fmt.Sprintf("`%s` at %s:%d:%d stays (%s)", m.Span.Of(m.File.Text), w.Snapshot.Display(m.File.Path), at.Line, at.Column, why)
			break
		}
	}
	w.stays.Store(key, out)
	return out
}

// stuck says why a mention cannot become generic, whatever becomes of the others.
func (w *Workspace) stuck(m *survey.Mention) string {
	if m.Item >= 0 && m.File.Syntax().Items[m.Item].Kind == syntax.KindStruct && m.Silence != survey.InMacroRules {
		x := newFieldGeneric(w, m)
		x.run()
		return x.why
	}
	if let := letOf(bodyAround(m.File, m.Span.Start), m.Span); let != nil {
		return w.untyped(m, let)[0].BlockedBy
	}
	actions := offerGenerics(w, &Target{Mention: m})
	switch {
	case len(actions) == 0:
		return "it is not known what could stand for it"
	case w.inField(m):
		return ""
	}
	return actions[0].BlockedBy
}

// heldByField says that a parameter of a method goes into a field that is an object: it is of the struct's parameter then, or of none.
func (w *Workspace) heldByField(m *survey.Mention) string {
	x := w.fieldGetting(m)
	switch {
	case x == nil:
		return ""
	case x.why != "":
		return fmt.Sprintf("it goes into the field `%s` of `%s`: %s", x.field.Name, x.name, x.why)
	}
	return fmt.Sprintf("it goes into the field `%s` of `%s`, with which it becomes generic", x.field.Name, x.name)
}

// inField reports whether a mention becomes generic with the field that it goes into, or that it is given by.
func (w *Workspace) inField(m *survey.Mention) bool {
	if x := w.fieldGetting(m); x != nil {
		return x.why == ""
	}
	for held := range w.mentionsOf(m.Principal) {
		if held.Item < 0 || held.File.Syntax().Items[held.Item].Kind != syntax.KindStruct {
			continue
		}
		if x := newFieldGeneric(w, held); x.field != nil {
			if x.run(); x.why == "" && slices.ContainsFunc(x.plan.edits, func(e Edit) bool { return e.Path == m.File.Path && e.Span == parenthesized(m) && e.New == x.param }) {
				return true
			}
		}
	}
	return false
}

// fieldGetting is the field of a struct that a parameter of its methods goes into; nil if there is none.
func (w *Workspace) fieldGetting(m *survey.Mention) *fieldGeneric {
	if m.Item < 0 || m.File.Syntax().Items[m.Item].Kind != syntax.KindFn {
		return nil
	}
	f := m.File
	items := f.Syntax().Items
	parent := items[m.Item].Parent
	if parent < 0 || items[parent].Kind != syntax.KindImpl || len(f.Owners) == 0 {
		return nil
	}
	impl := syntax.ParseImpl(f.Syntax(), parent, f.Edition)
	if impl.Trait != nil || impl.Type.Kind != syntax.TypePath {
		return nil
	}
	r, n := w.Judge.Types.Resolver.Path(f.Owners[0].ScopeOf(parent), impl.Type.Path)
	if !r.Found() || n != len(impl.Type.Path.Segments) || r.Def.Kind != resolve.Struct || r.Def.Scope == nil {
		return nil
	}
	fn := syntax.ParseFn(f.Syntax(), m.Item, f.Edition)
	i := slices.IndexFunc(fn.Params, func(p syntax.FnParam) bool { return p.Type != nil && p.Type.Span.Encloses(m.Span) })
	body := bodyOf(f, m.Item)
	if i < 0 || body == nil || i >= len(body.Params) || body.Params[i].Pat == nil || body.Params[i].Pat.Binding == nil {
		return nil
	}
	field := fieldGiven(body.Params[i].Pat.Binding, r.Def.ItemName())
	if field == "" {
		return nil
	}
	for held := range w.mentionsOf(m.Principal) {
		if held.File != r.Def.File() || held.Item != r.Def.Item {
			continue
		}
		if x := newFieldGeneric(w, held); x.field != nil && x.field.Name == field {
			x.run()
			return x
		}
	}
	return nil
}

// fieldGiven is the field of a struct that a variable goes into; empty if it goes into none, or into several.
func fieldGiven(b *syntax.Binding, name string) string {
	given := ""
	for _, use := range b.Uses {
		field := ""
		switch p := use.Parent; {
		case p == nil:
		case p.Kind == syntax.ExprStruct && (lastName(p.Path) == "Self" || lastName(p.Path) == name):
			if i := slices.Index(p.Args, use); i >= 0 && i < len(p.Fields) {
				field = p.Fields[i]
			}
		case p.Kind == syntax.ExprCall && (namesItem(p.X, "Self") || namesItem(p.X, name)):
			if i := slices.Index(p.Args, use); i >= 0 {
				field = strconv.Itoa(i)
			}
		case p.Kind == syntax.ExprAssign && p.Y == use && p.X.Kind == syntax.ExprField:
			field = p.X.Name
		}
		if field != "" && given != "" {
			return ""
		}
		given += field
	}
	return given
}

// patternOf is the pattern of a parameter with a mention in its type; nil if the function has no body.
func patternOf(m *survey.Mention) *syntax.Pat {
	_, i := parameterOf(m)
	body := bodyOf(m.File, m.Item)
	if i < 0 || body == nil || i >= len(body.Params) {
		return nil
	}
	return body.Params[i].Pat
}

// heldByConstructor says that a parameter goes into a struct with a field that is an object of its trait, in a function that does not
// become generic with the struct.
func (w *Workspace) heldByConstructor(m *survey.Mention) string {
	pat := patternOf(m)
	if pat == nil || pat.Binding == nil {
		return ""
	}
	for held := range w.mentionsOf(m.Principal) {
		if held.Item < 0 {
			continue
		}
		it := &held.File.Syntax().Items[held.Item]
		if it.Kind != syntax.KindStruct && it.Kind != syntax.KindEnum {
			continue
		}
		if slices.ContainsFunc(pat.Binding.Uses, func(use *syntax.Expr) bool { return w.goesInto(m, use, held) }) {
			return fmt.Sprintf("it goes into `%s`, which holds an object", it.Name)
		}
	}
	return ""
}

// goesInto reports whether a value in the body of the function around a mention goes into the type in whose declaration another stands, as it
// is or behind a pointer.
func (w *Workspace) goesInto(m *survey.Mention, e *syntax.Expr, held *survey.Mention) bool {
	for ; e.Parent != nil; e = e.Parent {
		switch p := e.Parent; {
		case p.Kind == syntax.ExprParen, p.Kind == syntax.ExprRef, p.Kind == syntax.ExprDeref, p.Kind == syntax.ExprCast:
		case p.Kind == syntax.ExprMethod && p.X == e && passing[p.Name]:
		case p.Kind == syntax.ExprStruct:
			return w.pathMakes(m, p.Path, held)
		case p.Kind == syntax.ExprCall && p.X != e && p.X.Kind == syntax.ExprPath && p.X.Local == nil:
			if w.pathMakes(m, p.X.Path, held) {
				return true
			}
			if !holding[lastName(p.X.Path)] {
				return false
			}
		case p.Kind == syntax.ExprBlock && p.Tail != e:
			i := slices.IndexFunc(p.Stmts, func(s syntax.Stmt) bool { return s.Let != nil && s.Let.Init == e })
			return i >= 0 && slices.ContainsFunc(usesOf(p.Stmts[i].Let.Pat), func(use *syntax.Expr) bool { return w.goesInto(m, use, held) })
		default:
			return false
		}
	}
	return false
}

// pathMakes reports whether a path in the body of the function around a mention is that of the type in whose declaration another stands, or of
// a variant of it.
func (w *Workspace) pathMakes(m *survey.Mention, path *syntax.Path, held *survey.Mention) bool {
	if path == nil || path.QSelf != nil || len(path.Segments) == 0 {
		return false
	}
	f := m.File
	same := func(r resolve.Result) bool {
		return r.Found() && r.Def.Scope != nil && r.Def.Item == held.Item && r.Def.File() == held.File
	}
	if path.Segments[0].Name == "Self" {
		parent := f.Syntax().Items[m.Item].Parent
		if parent < 0 || f.Syntax().Items[parent].Kind != syntax.KindImpl {
			return false
		}
		impl := syntax.ParseImpl(f.Syntax(), parent, f.Edition)
		if impl.Type == nil || impl.Type.Kind != syntax.TypePath {
			return false
		}
		r, n := w.Judge.Types.Resolver.Path(f.Owners[0].ScopeOf(parent), impl.Type.Path)
		return n == len(impl.Type.Path.Segments) && same(r)
	}
	scope := f.Owners[0].ScopeAt(m.Item, path.Span.Start)
	if r, n := w.Judge.Types.Resolver.Value(scope, path); n == len(path.Segments) && same(r) {
		return true
	}
	r, n := w.Judge.Types.Resolver.Path(scope, path)
	return n == len(path.Segments) && same(r)
}

// meetsInBody reports whether a parameter may have to be of one type with other values: it is more than what the trait's methods are
// called on, the function calls itself, or is a value.
func (w *Workspace) meetsInBody(m *survey.Mention) bool {
	pat := patternOf(m)
	switch {
	case pat == nil:
		return false
	case pat.Binding != nil:
		members := m.Principal.File().Syntax().Items[m.Principal.Item:]
		end := members[0].Span.End
		if i := slices.IndexFunc(members, func(it syntax.Item) bool { return it.Span.Start >= end }); i >= 0 {
			members = members[:i]
		}
		if slices.ContainsFunc(pat.Binding.Uses, func(use *syntax.Expr) bool {
			return isHandedOn(use) || !slices.ContainsFunc(members, func(it syntax.Item) bool {
				return it.Parent == m.Principal.Item && it.Kind == syntax.KindFn && it.Name == use.Parent.Name
			})
		}) {
			return true
		}
	case pat.Kind != syntax.PatWild:
		return true
	}
	fn := m.File.Syntax().Items[m.Item].Name
	itself := false
	eachExpr(bodyOf(m.File, m.Item).Root, func(e *syntax.Expr) { itself = itself || namesItem(e, fn) })
	return itself || w.meetsOthers(fn) != ""
}
