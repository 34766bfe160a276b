package infer

import (
	"bytes"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Impls that a macro_rules! writes are seen where the macro's body says `impl Trait for $x` and an invocation in item position
// gives a type: `as_ref_impl!(Arc<dyn ObjectStore>);`. In the workspace's own crates such macros are expanded, where that is sure.
// Else each argument that reads as a type counts, as an impl too many makes a call silent or concrete, while one that is missed
// would make it dyn. An impl that is written in the arguments of a macro that is defined elsewhere is believed to be written as it
// stands, as that of mockall's mock! is; and a trait that stands in the arguments of any other macro in item position may be
// implemented for anything: whether it is, is unknown.

// template is what a macro's definition says of impls.
type template struct {
	text  []byte // of the definition, if an impl may be in it
	impls []implTemplate
	open  bool // it writes other impls too, of traits or for types that are made of its arguments
}

// implTemplate is `impl<..> Trait for $x`.
type implTemplate struct {
	text  string // up to `$x`
	trait string // the last name of the trait's path
}

// implTemplates reads the impls in the body of a macro.
func implTemplates(text []byte, span source.Span, edition int) template {
	var out template
	if !bytes.Contains(span.Of(text), []byte("impl")) {
		return out
	}
	out.text = span.Of(text)
	toks := syntax.Lex(text, span, nil)
	for i := range toks {
		if toks[i].Word != syntax.WordImpl {
			continue
		}
		dollar, forAt := false, -1
		k := i + 1
		for ; k < len(toks) && toks[k].Kind != syntax.EOF && !toks[k].Is('{') && !toks[k].Is(';') && toks[k].Word != syntax.WordWhere; k++ {
			dollar = dollar || toks[k].Is('$')
			if toks[k].Word == syntax.WordFor && forAt < 0 && k+1 < len(toks) && !toks[k+1].Is('<') {
				forAt = k
			}
		}
		switch {
		case forAt < 0: // `-> impl Trait`, or an inherent impl
		case !dollar: // the same impl whatever the arguments; it is not for a type of the arguments
			out.open = true
		case forAt+3 == k && toks[forAt+1].Is('$'):
			t := implTemplate{text: string(text[toks[i].Start:toks[forAt+1].Start])}
			if h := t.header(edition); h != nil && h.Trait != nil {
				t.trait = lastSegment(h.Trait)
				out.impls = append(out.impls, t)
				continue
			}
			out.open = true
		default:
			out.open = true
		}
	}
	return out
}

// header is the header of the impl, for (); nil if it does not read as one.
func (t *implTemplate) header(edition int) *syntax.Impl {
	f := syntax.Scan([]byte(t.text+"() {}"), edition)
	if len(f.Items) == 0 || f.Items[0].Kind != syntax.KindImpl {
		return nil
	}
	return syntax.ParseImpl(f, 0, edition)
}

// macroImpls are the impls of a trait that an invocation in item position writes, as far as its arguments tell.
func (e *engine) macroImpls(top *workspace.Scope, item int32, x *implIndex, name string) []*impl {
	file := top.File.Syntax()
	it := &file.Items[item]
	if it.Macro < 0 || file.Macros[it.Macro].Items || file.Macros[it.Macro].Definition {
		return nil
	}
	m := &file.Macros[it.Macro]
	var out []*impl
	if _, ok := x.templates()[macroName(file, m)]; !ok {
		written, _ := writtenImpls(file.Text, m.Args, name, top.File.Edition)
		for _, h := range written {
			h.Item = item
			out = append(out, &impl{scope: top.ScopeOf(item), item: item, nth: len(out), header: h})
		}
		return out
	}
	impls := x.writing()[macroName(file, m)].of(name)
	if len(impls) == 0 {
		return nil
	}
	for _, arg := range arguments(file.Text, m.Args) {
		ty := syntax.ParseType(file.Text, arg, top.File.Edition)
		if ty.Kind == syntax.TypeError || ty.Span.End != arg.End {
			continue
		}
		for i := range impls {
			if h := impls[i].header(top.File.Edition); h != nil {
				h.Item, h.Type = item, ty
				out = append(out, &impl{scope: top.ScopeOf(item), item: item, nth: len(out), header: h})
			}
		}
	}
	return out
}

// madeImpls are the impls that an invocation in item position expands to; ok is false if that is not sure.
func (e *engine) madeImpls(top *workspace.Scope, item int32) (out []*impl, ok bool) {
	ok = e.resolve.MadeBy(top.ScopeOf(item), item, func(made *workspace.Scope) {
		items := made.File.Syntax().Items
		for i := range items {
			if items[i].Kind == syntax.KindImpl && compiled(made, int32(i)) {
				im := e.implAt(made.ScopeOf(int32(i)), int32(i))
				out = append(out, &impl{scope: im.scope, item: im.item, header: im.header, top: top, call: item, nth: len(out)})
			}
		}
	})
	return out, ok
}

// invocation is one of a macro of the same crate that may write impls.
type invocation struct {
	top    *workspace.Scope
	item   int32
	writes []byte // the macro's definition
}

// findInvocations finds those invocations in item position.
func (x *implIndex) findInvocations() []invocation {
	var out []invocation
	var macros []string
	for name, t := range x.templates() {
		if t.text != nil {
			macros = append(macros, name)
		}
	}
	for _, top := range x.files {
		if !namesAny(top.File, macros) || bytes.IndexByte(top.File.Source(), '!') < 0 {
			continue
		}
		file := top.File.Syntax()
		for i := range file.Items {
			it := &file.Items[i]
			if it.Kind != syntax.KindMacroCall || it.Macro < 0 || file.Macros[it.Macro].Items {
				continue
			}
			if text := x.templates()[macroName(file, &file.Macros[it.Macro])].text; text != nil && compiled(top, int32(i)) {
				out = append(out, invocation{top, int32(i), text})
			}
		}
	}
	return out
}

// eachMade calls f for the impls that macros of the workspace write and that may name a name.
func (x *implIndex) eachMade(name string, f func(*impl)) {
	if x.member {
		x.expandInvocations(name, func(args []byte) bool { return bytes.Contains(args, []byte(name)) }, f)
	}
}

// madeOfOwn are the impls of one of a dependency's own traits that its macros write whose definitions name the trait: of smallvec's
// Array for arrays, of a handler for tuples.
func (x *implIndex) madeOfOwn(trait string) []*impl {
	if v, ok := x.own.Load(trait); ok {
		return v.([]*impl)
	}
	var out []*impl
	x.expandInvocations(trait, func([]byte) bool { return false }, func(im *impl) {
		if im.header.Trait != nil && lastSegment(im.header.Trait) == trait && !im.header.Negative {
			out = append(out, im)
		}
	})
	v, _ := x.own.LoadOrStore(trait, out)
	return v.([]*impl)
}

// expandInvocations calls f for the impls that come of the crate's invocations of macros whose definition has a name, or whose arguments
// are wanted.
func (x *implIndex) expandInvocations(name string, wanted func(args []byte) bool, f func(*impl)) {
	for _, c := range x.invocations() {
		file := c.top.File.Syntax()
		if !bytes.Contains(c.writes, []byte(name)) && !wanted(file.Macros[file.Items[c.item].Macro].Args.Of(file.Text)) {
			continue
		}
		made, _ := x.engine.madeImpls(c.top, c.item)
		for _, im := range made {
			f(im)
		}
	}
}

// namesAny reports whether one of some names stands in a file's text.
func namesAny(file *workspace.File, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return file.MayHaveWord(name) && file.Mentions(name) })
}

// of are the impls of traits whose last name is this.
func (t template) of(name string) []implTemplate {
	var out []implTemplate
	for _, i := range t.impls {
		if i.trait == name {
			out = append(out, i)
		}
	}
	return out
}

// macroName is the last name of a macro's path.
func macroName(f *syntax.File, m *syntax.Macro) string {
	path := string(m.Path.Of(f.Text))
	return strings.TrimSpace(path[strings.LastIndex(path, ":")+1:])
}

// doubts reports whether a trait stands in the arguments of an invocation in item position whose impls are not known.
func (x *implIndex) doubts(top *workspace.Scope, item int32, trait string) bool {
	file := top.File.Syntax()
	it := &file.Items[item]
	if it.Macro < 0 || !bytes.Contains(file.Macros[it.Macro].Args.Of(file.Text), []byte(trait)) || top.ScopeOf(item).ReadsAsItems(item) {
		return false
	}
	if x.member {
		if _, sure := x.engine.madeImpls(top, item); sure {
			return false
		}
	}
	m := &file.Macros[it.Macro]
	if t, ok := x.templates()[macroName(file, m)]; ok {
		return t.open && slices.ContainsFunc(syntax.Lex(file.Text, m.Args, nil), names(file.Text, trait))
	}
	_, more := writtenImpls(file.Text, m.Args, trait, top.File.Edition)
	return more
}

// names tells the tokens that may mean a trait by its name.
func names(text []byte, trait string) func(syntax.Token) bool {
	upper := trait[0] >= 'A' && trait[0] <= 'Z'
	return func(t syntax.Token) bool {
		return upper && t.Kind == syntax.Ident && string(t.Span().Of(text)) == trait
	}
}

// writtenImpls are the headers of the impls of a trait that are written in a macro's arguments, outside all brackets: `impl Trait for
// Type { .. }`. It reports whether the trait's name stands elsewhere too: not in another impl of a trait, and not in a block of functions that
// has no impl among them.
func writtenImpls(text []byte, args source.Span, trait string, edition int) (out []*syntax.Impl, more bool) {
	toks := syntax.Lex(text, args, nil)
	isTrait := names(text, trait)
	for i := 0; i < len(toks); {
		if toks[i].Word == syntax.WordImpl {
			if h, after := implHeader(text, toks, i, edition); h != nil {
				if lastSegment(h.Trait) == trait && !h.Negative {
					out = append(out, h)
				}
				i = after
				continue
			}
		}
		after := afterGroup(toks, i)
		group := toks[i:after]
		isFn := func(t syntax.Token) bool { return t.Word == syntax.WordFn }
		if !toks[i].Is('{') || !slices.ContainsFunc(group, isFn) || hasImpl(group) {
			more = more || slices.ContainsFunc(group, isTrait)
		}
		i = after
	}
	return out, more
}

// hasImpl reports whether an impl begins in a group of tokens where an item may: not in a type.
func hasImpl(group []syntax.Token) bool {
	for i := 1; i < len(group); i++ {
		before := group[i-1]
		if group[i].Word == syntax.WordImpl && (before.Is('{') || before.Is('}') || before.Is(';') || before.Is(']') || before.Word == syntax.WordUnsafe) {
			return true
		}
	}
	return false
}

// implHeader reads the header of the impl of a trait that begins at a token; after is the token behind its block. The header is nil
// if it does not read as one.
func implHeader(text []byte, toks []syntax.Token, first, edition int) (h *syntax.Impl, after int) {
	i := first
	for ; i < len(toks) && !toks[i].Is('{'); i = afterGroup(toks, i) {
		if toks[i].Is(';') || toks[i].Is('$') || toks[i].Kind == syntax.EOF {
			return nil, first
		}
	}
	if i >= len(toks) {
		return nil, first
	}
	f := syntax.Scan(append(slices.Clone(text[toks[first].Start:toks[i].Start]), "{}"...), edition)
	if len(f.Items) == 0 || f.Items[0].Kind != syntax.KindImpl {
		return nil, first
	}
	if h = syntax.ParseImpl(f, 0, edition); h.Trait == nil || h.Type.Kind == syntax.TypeError {
		return nil, first
	}
	return h, afterGroup(toks, i)
}

// afterGroup is the index of the token behind a token, or behind the brackets that it opens.
func afterGroup(toks []syntax.Token, i int) int {
	depth := 0
	for ; i < len(toks); i++ {
		switch toks[i].Kind {
		case syntax.Open:
			depth++
		case syntax.Close:
			depth--
		}
		if depth <= 0 {
			return i + 1
		}
	}
	return i
}

// arguments parts a macro's arguments at the commas outside all brackets.
func arguments(text []byte, span source.Span) []source.Span {
	var out []source.Span
	depth := 0
	toks := syntax.Lex(text, span, nil)
	start := 0
	for i, t := range toks {
		switch {
		case t.Kind == syntax.Open, t.Is('<'):
			depth++
		case t.Kind == syntax.Close, t.Is('>'):
			depth--
		}
		if t.Kind == syntax.EOF || depth == 0 && (t.Is(',') || t.Is(';')) {
			if i > start {
				out = append(out, source.Span{Start: toks[start].Start, End: toks[i-1].End})
			}
			start = i + 1
		}
	}
	return out
}
