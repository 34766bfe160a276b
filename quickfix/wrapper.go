package quickfix

import (
	"fmt"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/quickfix/companion"
)

// wrapperFix writes `DynSafeX<T>(T)`, which implements a dyn-compatible `BoxedX`: callers see where values become objects.
//
//	use_counter(&mut counter)      ->      use_counter(&mut DynSafeAsyncCounter(&mut counter))
//
// Only the places where the object's type and the value stand side by side are rewritten; elsewhere the value's type would
// have to be inferred.
var wrapperFix = &Fix{
	ID:    "wrapper",
	Title: "write a wrapper struct that makes values of the trait dyn compatible",
	perTrait: func(w *Workspace, t *survey.Trait) []Action {
		name := t.Def.ItemName()
		return w.wrap(t, wrapping{companion: "Boxed" + name, wrapper: "DynSafe" + name})
	},
}

// wrapping is a kind of wrapper.
type wrapping struct {
	companion, wrapper string
	// shared is set if one struct serves all traits; it may be there already.
	shared bool
}

func (w *Workspace) wrap(t *survey.Trait, kind wrapping) []Action {
	if !boxable(t) {
		return nil
	}
	a := Action{
		Title:         fmt.Sprintf("generate `%s`, implemented by `%s<T>` for every `T: %s`; wrap the values that become objects", kind.companion, kind.wrapper, t.Def.ItemName()),
		Applicability: MaybeIncorrect,
	}
	p := newCompanionPlan(w)
	err := p.writeWrapper(t, kind)
	if err != nil {
		a.BlockedBy = err.Error()
		return []Action{a}
	}
	for _, note := range p.notes {
		a.Title += " (" + note + ")"
	}
	if published(t) {
		a.Title += " (changes the public API)"
	}
	a.Edits = p.edits
	return []Action{a}
}

func (p *companionPlan) writeWrapper(t *survey.Trait, kind wrapping) error {
	model, err := companion.Read(p.Judge, t.Def)
	if err != nil {
		return err
	}
	if err := model.Wrappable(); err != nil {
		return err
	}
	if err := p.checkTarget(model); err != nil {
		return err
	}
	scope, file := t.Def.Scope, t.Def.File()
	it := &file.Syntax().Items[t.Def.Item]
	names := []string{kind.companion}
	wrapper := kind.wrapper
	if kind.shared {
		if wrapper, err = p.sharedWrapper(scope, kind.wrapper); err != nil {
			return err
		}
	} else {
		names = append(names, kind.wrapper)
	}
	for _, name := range names {
		if len(scope.Index().Names[name]) > 0 {
			return companion.Blocked("`" + name + "` is there already")
		}
	}
	visible := visibility(file, it)
	margin := indentAt(file.Text, itemStart(file.Syntax(), t.Def.Item))
	writer := companion.NewWriter(model, companion.Shape{Name: kind.companion, Method: "%s", Visibility: visible, Wrapper: wrapper}, len(margin))
	attrs := cfgAttrs(file, it)
	part := func(lines []string) string {
		return strings.Join(append(attrs[:len(attrs):len(attrs)], lines...), "\n")
	}
	parts := []string{"/// What `dyn " + model.Name + "` would be.\n" + part(writer.Declaration())}
	if !kind.shared {
		derive := ""
		if model.DerivesDebug() {
			derive = "#[derive(Debug)]\n"
		}
		parts = append(parts, fmt.Sprintf("/// Makes any [`%s`] usable as `dyn %s`.\n%s%sstruct %s<T>(%sT);", model.Name, kind.companion, derive, visible, kind.wrapper, visible))
	}
	parts = append(parts, part(writer.Wrapped()))
	for _, o := range p.objects(model) {
		for _, f := range writer.Forward(o.Autos) {
			parts = append(parts, part(f))
		}
	}
	if r := writer.Reference(); r != nil && p.referable(t) {
		parts = append(parts, part(r))
	}
	if err := p.importUses(writer, scope); err != nil {
		return err
	}
	p.edits = append(p.edits, insertAfter(file, t.Def.Item, strings.Join(parts, "\n\n")))
	for i := range p.Mentions {
		if m := &p.Mentions[i]; sameTrait(m.Principal, t.Def) {
			p.rewriteWrapped(m, t, kind, wrapper)
		}
	}
	p.edits = append(p.edits, p.adds.edits()...)
	if len(model.Limits) > 0 {
		p.note(fmt.Sprintf("`dyn %s` will not implement `%s`: %s", kind.companion, model.Name, strings.Join(model.Limits, ", ")))
	}
	return nil
}

// importUses imports what the text of a writer uses of the standard library into the scope that it goes into.
func (p *companionPlan) importUses(writer *companion.Writer, scope *workspace.Scope) error {
	var uses []Edit // one edit for each place, so that two actions that add the same agree
	for _, path := range writer.Uses() {
		name, edits := p.name(scope, path...)
		if name != path[len(path)-1] {
			return companion.Blocked(fmt.Sprintf("the name `%s` means something else beside `%s`", path[len(path)-1], writer.Trait.Name))
		}
		for _, e := range edits {
			if n := len(uses); n > 0 && uses[n-1].Span == e.Span {
				uses[n-1].New += e.New
				continue
			}
			uses = append(uses, e)
		}
	}
	p.edits = append(p.edits, uses...)
	return nil
}

// referable reports whether nothing in sight would overlap with an impl of the trait for references.
func (p *companionPlan) referable(t *survey.Trait) bool {
	impls, complete := p.implsOf(t)
	for i := range impls {
		if h := impls[i].Header.Type; h != nil && h.Kind == syntax.TypeRef || targetOf(&impls[i]).blanket {
			return false
		}
	}
	return complete && !p.inMacros(t.Def)
}

// rewriteWrapped turns `dyn X` to `dyn BoxedX`, and wraps the value that becomes the object if it stands beside the type.
func (p *companionPlan) rewriteWrapped(m *survey.Mention, t *survey.Trait, kind wrapping, wrapper string) {
	if m.Silence == survey.InMacroRules {
		p.note("a mention in a macro's definition is left")
		return
	}
	scope := mentionScope(m)
	if scope == nil {
		return
	}
	p.renamePrincipal(m, scope, t.Def, kind.companion)
	if !inBody(m) {
		return
	}
	value, reference, ok := valueBeside(m)
	if !ok {
		return
	}
	if !kind.shared { // the shared one is written with its path
		for s := scope; s != nil; s = s.Parent {
			if p.ensure(s, t.Def.ItemName(), t.Def, kind.wrapper, 0) || !s.IsBlock() {
				break
			}
		}
	} else if !strings.Contains(wrapper, "::") && scope.Module != t.Def.Scope.Module {
		wrapper = cratePath(scope.Crate, t.Def.Scope) + wrapper
	}
	p.edits = append(p.edits, insert(m.File, value.Start, wrapper+"("+reference), insert(m.File, value.End, ")"))
}

// renamePrincipal puts another trait in the place of a mention's principal one, and makes it known there.
func (p *companionPlan) renamePrincipal(m *survey.Mention, scope *workspace.Scope, def resolve.Def, name string) {
	for _, b := range mentionBounds(m) {
		if b.Span != m.PrincipalSpan || b.Path == nil || len(b.Path.Segments) == 0 {
			continue
		}
		last := b.Path.Segments[len(b.Path.Segments)-1].Span
		prefix := p.reach(scope, b.Path, def, name)
		p.edits = append(p.edits, replace(m.File, source.Span{Start: b.Path.Span.Start, End: last.End}, prefix+name))
	}
}

// valueBeside is the value that becomes the object in `let x: Box<dyn X> = Box::new(value);` and `let x: &dyn X = &value;`, and
// what it is borrowed with in the wrapper.
func valueBeside(m *survey.Mention) (value source.Span, reference string, ok bool) {
	text := m.File.Text
	end := min(uint32(len(text)), m.Span.End+4096)
	toks := syntax.Lex(text, source.Span{Start: m.Span.End, End: end}, nil)
	i := 0
	for i < len(toks) && (toks[i].Is('>') || toks[i].Is(')')) {
		i++
	}
	if i >= len(toks) || !toks[i].Is('=') || toks[i+1].Is('=') {
		return value, "", false
	}
	i++
	if toks[i].Is('&') && i == 1 { // nothing but the reference is around the type
		reference = "&"
		if i++; toks[i].Word == syntax.WordMut {
			reference = "&mut "
			i++
		}
		start := toks[i].Start
		for ; toks[i].Kind == syntax.Ident || toks[i].Is('.'); i++ {
		}
		if toks[i].Is(';') && toks[i].Start > start {
			return source.Span{Start: start, End: toks[i-1].End}, reference, true
		}
		return value, "", false
	}
	for ; i+4 < len(toks) && (toks[i].Kind == syntax.Ident || toks[i].Kind == syntax.PathSep); i++ {
		if name := string(toks[i].Span().Of(text)); toks[i+1].Kind != syntax.PathSep || name != "Box" && name != "Rc" && name != "Arc" {
			continue
		}
		if maker := string(toks[i+2].Span().Of(text)); maker != "new" && maker != "pin" || !toks[i+3].Is('(') {
			return value, "", false
		}
		depth := 0
		for k := i + 3; k < len(toks); k++ {
			switch toks[k].Kind {
			case syntax.Open:
				depth++
			case syntax.Close:
				depth--
			}
			if depth == 0 {
				return source.Span{Start: toks[i+4].Start, End: toks[k-1].End}, "", k > i+4 && toks[k+1].Is(';')
			}
		}
	}
	return value, "", false
}

// sharedWrapper is the path of the crate's `struct Boxing<T>(pub T)`, which is written before the crate's first trait that needs
// it if it is not there.
func (p *companionPlan) sharedWrapper(scope *workspace.Scope, name string) (string, error) {
	path := func(s *workspace.Scope) string {
		if s.Module == scope.Module {
			return name
		}
		return cratePath(scope.Crate, s) + name
	}
	for _, top := range scope.Crate.Tops {
		if !top.File.Mentions(name) {
			continue
		}
		items := top.File.Syntax().Items
		for i := range items {
			if items[i].Kind != syntax.KindStruct || items[i].Name != name {
				continue
			}
			if adt := syntax.ParseAdt(top.File.Syntax(), int32(i), top.File.Edition); len(adt.Generics.Params) != 1 || len(adt.Fields) != 1 || adt.Fields[0].Name != "0" {
				return "", companion.Blocked("`" + name + "` is there already, and is no wrapper around one value")
			}
			return path(top.ScopeOf(int32(i))), nil
		}
	}
	for i := range p.Traits {
		t := &p.Traits[i]
		if t.Def.Scope.Crate != scope.Crate || t.Def.Scope.IsBlock() || !boxable(t) || t.Def.File().Syntax().Items[t.Def.Item].Macro >= 0 {
			continue
		}
		code := "/// Boxes the futures of a value's async methods where the value becomes a trait object.\n#[derive(Debug)]\npub struct " + name + "<T>(pub T);"
		p.edits = append(p.edits, insertBefore(t.Def.File(), t.Def.Item, code))
		return path(t.Def.Scope), nil
	}
	return "", companion.Blocked("there is no place for `" + name + "`")
}
