package quickfix

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// generics lets a place that is a trait object have one type instead:
//
//	client: &dyn HttpClient               ->      client: &(impl HttpClient + ?Sized)
//	client: Arc<dyn HttpClient + Send>    ->      client: Arc<impl HttpClient + Send + 'static>
//	let c: Box<dyn HttpClient> = ..       ->      let c = ..
//	fn make() -> Box<dyn HttpClient>      ->      fn make() -> Box<impl HttpClient>
//	struct App { c: Box<dyn HttpClient> } ->      struct App<H: HttpClient + 'static> { c: Box<H> }
//
// It does not apply where one type would have to stand for several: in collections, statics, aliases and closure
// types; and not to methods of traits, whose signature is the trait's.
var generics = &Fix{
	ID:    "generics",
	Title: "take one type, by `impl Trait` or a parameter, instead of `dyn Trait`",
	offer: offerGenerics,
}

func offerGenerics(w *Workspace, t *Target) []Action {
	m := t.Mention
	if m == nil || !slices.Contains(m.Errors, "E0038") {
		return nil
	}
	if m.Item < 0 {
		return blockedGenerics(m, "it is part of no item")
	}
	it := &m.File.Syntax().Items[m.Item]
	inBody := it.Flags&syntax.FlagBody != 0 && it.Body.Contains(m.Span.Start)
	switch {
	case m.Silence == survey.InMacroRules || it.Macro >= 0:
		return blockedGenerics(m, "it stands in a macro")
	case it.Kind == syntax.KindFn && inBody, it.Kind == syntax.KindBlock:
		return w.generalizeLocal(m)
	case it.Kind == syntax.KindFn:
		actions := w.generalize(m)
		if len(actions) == 0 {
			return w.generalizeResult(m)
		}
		if why := w.heldByField(m); why != "" && actions[0].BlockedBy == "" {
			return blockedGenerics(m, why)
		}
		if actions[0].BlockedBy == "" && behindOwner(m) && !w.onlyParameters(m.Principal) {
			return blockedGenerics(m, "a reference to a pointer does not become one to another pointer, where the object stays")
		}
		if why := w.heldByConstructor(m); why != "" && actions[0].BlockedBy == "" {
			return blockedGenerics(m, why)
		}
		if actions[0].BlockedBy == "" && (w.meetsInBody(m) || !w.onlyParameters(m.Principal)) {
			// A value may come from where the trait object stays, which needs ?Sized, or go there, which needs Sized.
			actions[0].Applicability = MaybeIncorrect
		}
		return actions
	case it.Kind == syntax.KindStruct:
		return w.generalizeField(m)
	}
	what := map[syntax.ItemKind]string{
		syntax.KindType: "an alias stands for one type wherever it is used", syntax.KindStatic: "a static has one type that is written out",
		syntax.KindConst: "a constant has one type that is written out", syntax.KindEnum: "the values of an enum may hold several types",
		syntax.KindImpl: "the impl is one for the object", syntax.KindTrait: "the trait is one of the object",
	}[it.Kind]
	return blockedGenerics(m, cmp.Or(what, "what is declared here has one type that is written out"))
}

// behindOwner reports whether a mention is held by a pointer to which its type is a reference: `&Arc<dyn X>`.
func behindOwner(m *survey.Mention) bool {
	toks := syntax.Lex(m.File.Text, source.Span{Start: lineStart(m.File.Text, m.Span.Start), End: m.Span.Start}, nil)
	toks = slices.DeleteFunc(toks, func(t syntax.Token) bool { return t.Start >= m.Span.Start })
	n := len(toks) - 1
	if n < 2 || !toks[n].Is('<') || !owners[identifier(m.File.Text, toks[n-1])] {
		return false
	}
	for n -= 2; n > 0 && (toks[n].Word == syntax.WordMut || toks[n].Kind == syntax.Lifetime || toks[n].Kind == syntax.PathSep || toks[n].Kind == syntax.Ident); n-- {
	}
	return toks[n].Is('&')
}

// blockedGenerics says why there can be no one type instead of a mention.
func blockedGenerics(m *survey.Mention, why string) []Action {
	return []Action{{Title: implTitle(m), Applicability: MaybeIncorrect, BlockedBy: why}}
}

// onlyParameters reports whether every mention of a trait is a parameter that can be generic.
func (w *Workspace) onlyParameters(trait resolve.Def) bool {
	key := item{trait.File(), trait.Item}
	if known, ok := w.general.Load(key); ok {
		return known.(bool)
	}
	only := true
	for m := range w.mentionsOf(trait) {
		actions := w.generalize(m)
		if only = len(actions) > 0 && actions[0].BlockedBy == ""; !only {
			break
		}
	}
	w.general.Store(key, only)
	return only
}

// generalize is the fix for a mention in a function's parameter, whatever other mentions there are; nil for others.
func (w *Workspace) generalize(m *survey.Mention) []Action {
	if !slices.Contains(m.Errors, "E0038") {
		return nil
	}
	fn, i := parameterOf(m)
	if i < 0 {
		return nil
	}
	items := m.File.Syntax().Items
	it := &items[m.Item]
	param := &fn.Params[i]
	g := generic{m: m, applicability: MachineApplicable}
	g.walk(param.Type, nil)
	switch {
	case g.blocked != "":
	case it.Parent >= 0 && items[it.Parent].Kind == syntax.KindTrait:
		g.blocked = fmt.Sprintf("`%s` is a method of a trait: with a type parameter it could not be called through `dyn`", fn.Name)
	case it.Parent >= 0 && items[it.Parent].Kind == syntax.KindImpl && syntax.ParseImpl(m.File.Syntax(), it.Parent, m.File.Edition).Trait != nil:
		g.blocked = fmt.Sprintf("the signature of `%s` is that of its trait", fn.Name)
	case it.Parent >= 0 && items[it.Parent].Kind == syntax.KindExternBlock || fn.Flags&syntax.FlagExtern != 0:
		g.blocked = fmt.Sprintf("`%s` is an extern function", fn.Name)
	}
	if fn.Ret != nil && dynOf(m.File, fn.Ret.Span) || severalDyn(m.File, fn) || bytes.HasPrefix(param.Pattern.Of(m.File.Text), []byte("mut ")) {
		g.applicability = MaybeIncorrect // values of what are now two types may meet
	}
	a := Action{Title: fmt.Sprintf("take `%s` instead of `%s`", g.shown, m.Span.Of(m.File.Text)), Applicability: g.applicability, BlockedBy: g.blocked}
	if g.blocked != "" {
		a.Title = implTitle(m)
	} else {
		a.Edits = []Edit{g.edit(w, fn)}
	}
	return []Action{a}
}

// implTitle is the title of a fix that does not apply.
func implTitle(m *survey.Mention) string {
	return fmt.Sprintf("take an `impl %s` instead of `%s`", m.Principal.ItemName(), m.Span.Of(m.File.Text))
}

// parameterOf is the function in whose signature a mention stands, and the index of its parameter; nil and -1 if there is none.
func parameterOf(m *survey.Mention) (*syntax.Fn, int) {
	if m.Item < 0 || m.File.Syntax().Items[m.Item].Kind != syntax.KindFn {
		return nil, -1
	}
	if it := &m.File.Syntax().Items[m.Item]; it.Flags&syntax.FlagBody != 0 && it.Body.Contains(m.Span.Start) {
		return nil, -1
	}
	fn := syntax.ParseFn(m.File.Syntax(), m.Item, m.File.Edition)
	return fn, slices.IndexFunc(fn.Params, func(p syntax.FnParam) bool { return p.Type != nil && p.Type.Span.Encloses(m.Span) })
}

// generic is the way from a parameter's type to the trait object type in it.
type generic struct {
	m             *survey.Mention
	applicability Applicability
	blocked       string
	span          source.Span // what code replaces
	code, shown   string
}

// owners keep one value on the heap; what they hold defaults to `dyn Trait + 'static`.
var owners = map[string]bool{"Box": true, "Rc": true, "Arc": true}

// walk goes from ty down to the mention; parent is the type that ty is an argument or the referent of, parentheses left out.
func (g *generic) walk(ty, parent *syntax.Type) {
	switch ty.Kind {
	case syntax.TypeParen:
		g.walk(ty.Elems[0], parent)
		return
	case syntax.TypeRef, syntax.TypeTuple:
		g.walkElems(ty)
		return
	case syntax.TypeDyn, syntax.TypeImpl, syntax.TypeBare:
		if ty.Span == g.m.Span {
			g.rewrite(ty.Bounds, parent)
			return
		}
		g.blocked = "the parameter of a closure or of another trait cannot be generic"
		return
	case syntax.TypePath:
		if ty.Span == g.m.Span { // without dyn
			g.rewrite([]syntax.Bound{{Span: ty.Span, Path: ty.Path}}, parent)
			return
		}
		g.walkPath(ty)
		return
	case syntax.TypeFnPtr:
		g.blocked = "the parameter of a function pointer cannot be generic"
		return
	}
	g.blocked = "its elements may be of several types"
}

func (g *generic) walkElems(ty *syntax.Type) {
	for _, e := range ty.Elems {
		if e.Span.Encloses(g.m.Span) {
			g.walk(e, ty)
		}
	}
}

func (g *generic) walkPath(ty *syntax.Type) {
	if len(ty.Path.Segments) == 0 { // while somebody types
		g.blocked = "its place in the type is not understood"
		return
	}
	last := ty.Path.Segments[len(ty.Path.Segments)-1]
	switch {
	case owners[last.Name], last.Name == "Pin":
	case last.Name == "Option", last.Name == "Result":
		g.applicability = MaybeIncorrect // a caller that passes None has to say of which type
	default:
		g.blocked = fmt.Sprintf("`%s` may hold values of several types", last.Name)
		return
	}
	if last.Args != nil {
		for i := range last.Args.List {
			if a := &last.Args.List[i]; a.Type != nil && a.Type.Span.Encloses(g.m.Span) {
				g.walk(a.Type, ty)
				return
			}
		}
	}
	g.blocked = "its place in the type is not understood"
}

// rewrite makes `impl` of the trait object type itself.
func (g *generic) rewrite(bounds []syntax.Bound, parent *syntax.Type) {
	text := g.m.File.Text
	var parts []string
	lifetime := false
	for i := range bounds {
		b := &bounds[i]
		if b.Kind == syntax.BoundLifetime {
			lifetime = true
			if b.Lifetime == "'_" {
				continue // the opaque type of a parameter has its own
			}
		}
		parts = append(parts, string(b.Span.Of(text)))
	}
	reference := parent != nil && parent.Kind == syntax.TypeRef
	switch {
	case reference:
		parts = append(parts, "?Sized")
	case parent != nil && parent.Kind == syntax.TypePath && !lifetime && owners[parent.Path.Segments[len(parent.Path.Segments)-1].Name]:
		parts = append(parts, "'static")
	}
	g.code, g.span = "impl "+strings.Join(parts, " + "), g.m.Span
	g.shown = g.code
	if reference && len(parts) > 1 && !parenthesised(text, g.m.Span) {
		g.code = "(" + g.code + ")"
	}
}

// edit rewrites the type, and gives every parameter a line of its own if the function's head becomes too long for one.
func (g *generic) edit(w *Workspace, fn *syntax.Fn) Edit {
	f := g.m.File
	open := paramsStart(f.Text, fn)
	closing := closingParen(f.Text, source.Span{Start: open, End: f.Syntax().Items[g.m.Item].Span.End})
	start, end := lineStart(f.Text, open), lineEnd(f.Text, closing)
	width := utf8.RuneCount(f.Text[start:end]) + len(g.code) - g.span.Len()
	if bytes.IndexByte(f.Text[open:closing], '\n') >= 0 || width <= w.format(f).MaxWidth {
		return replace(f, g.span, g.code)
	}
	indent := indentAt(f.Text, open)
	inner := "\n" + indent + w.unitAt(f, indent)
	var b strings.Builder
	params := fn.Params
	if fn.SelfParam != nil {
		params = slices.Insert(slices.Clone(params), 0, *fn.SelfParam)
	}
	for _, p := range params {
		from := p.Span.Start
		for _, a := range p.Attrs {
			from = min(from, a.Start)
		}
		text := string(f.Text[from:p.Span.End])
		if p.Span.Encloses(g.span) {
			text = string(f.Text[from:g.span.Start]) + g.code + string(f.Text[g.span.End:p.Span.End])
		}
		b.WriteString(inner + text + ",")
	}
	return replace(f, source.Span{Start: open, End: closing}, b.String()+"\n"+indent)
}

// closingParen is the offset of the parenthesis that closes the group whose inside begins where a span does.
func closingParen(text []byte, in source.Span) uint32 {
	depth := 1
	for _, t := range syntax.Lex(text, in, nil) {
		switch t.Kind {
		case syntax.Open:
			depth++
		case syntax.Close:
			depth--
		}
		if depth == 0 {
			return t.Start
		}
	}
	return in.Start
}

// parenthesised reports whether a type stands in parentheses of its own.
func parenthesised(text []byte, span source.Span) bool {
	before, after := bytes.TrimRight(text[:span.Start], " \t\r\n"), bytes.TrimLeft(text[span.End:], " \t\r\n")
	return bytes.HasSuffix(before, []byte("(")) && bytes.HasPrefix(after, []byte(")"))
}

// dynOf reports whether a trait object type stands in a span.
func dynOf(f *workspace.File, span source.Span) bool {
	return slices.ContainsFunc(f.Syntax().Dyns, func(d syntax.Dyn) bool { return span.Contains(d.Offset) })
}

// severalDyn reports whether more than one parameter of a function is a trait object.
func severalDyn(f *workspace.File, fn *syntax.Fn) bool {
	n := 0
	for i := range fn.Params {
		if fn.Params[i].Type != nil && dynOf(f, fn.Params[i].Type.Span) {
			n++
		}
	}
	return n > 1
}
