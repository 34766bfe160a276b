package infer

import (
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Impls that a macro_rules! writes are seen where the macro's body says `impl Trait for $x` and an invocation in item position
// gives a type: `as_ref_impl!(Arc<dyn ObjectStore>);`. Macros are not expanded: each argument that reads as a type counts, as
// an impl too many makes a call silent or concrete, while one that is missed would make it dyn.

// templates are the traits that the macros of a crate implement for their arguments, by the macro's name.
func templates(c *workspace.Crate) map[string][]*syntax.Path {
	out := map[string][]*syntax.Path{}
	for _, top := range tops(c) {
		if !top.File.Mentions("for $") {
			continue
		}
		file := top.File.Syntax()
		for i := range file.Macros {
			if m := &file.Macros[i]; m.Definition {
				name := string(m.Name.Of(file.Text))
				out[name] = append(out[name], implTemplates(file.Text, m.Args, top.File.Edition)...)
			}
		}
	}
	return out
}

// implTemplates finds `impl Path for $name` in the body of a macro.
func implTemplates(text []byte, span source.Span, edition int) []*syntax.Path {
	var out []*syntax.Path
	toks := syntax.Lex(text, span, nil)
	for i := range toks {
		if toks[i].Word != syntax.WordImpl || i+3 >= len(toks) {
			continue
		}
		for k := i + 1; k+2 < len(toks) && toks[k].Kind != syntax.Open && !toks[k].Is(';'); k++ {
			if toks[k].Word != syntax.WordFor || !toks[k+1].Is('$') {
				continue
			}
			t := syntax.ParseType(text, source.Span{Start: toks[i+1].Start, End: toks[k].Start}, edition)
			if t.Kind == syntax.TypePath && t.Span.End == toks[k-1].End {
				out = append(out, t.Path)
			}
			break
		}
	}
	return out
}

// macroImpls are the impls that an invocation in item position writes.
func (e *engine) macroImpls(top *workspace.Scope, item int32, known map[string][]*syntax.Path) []*impl {
	file := top.File.Syntax()
	it := &file.Items[item]
	if it.Macro < 0 || file.Macros[it.Macro].Items || file.Macros[it.Macro].Definition {
		return nil
	}
	m := &file.Macros[it.Macro]
	path := string(m.Path.Of(file.Text))
	traits := known[strings.TrimSpace(path[strings.LastIndex(path, ":")+1:])]
	if len(traits) == 0 {
		return nil
	}
	var out []*impl
	for _, arg := range arguments(file.Text, m.Args) {
		ty := syntax.ParseType(file.Text, arg, top.File.Edition)
		if ty.Kind == syntax.TypeError || ty.Span.End != arg.End {
			continue
		}
		for _, trait := range traits {
			im := &impl{scope: top.ScopeOf(item), item: item, header: &syntax.Impl{Item: item, Trait: trait, Type: ty}}
			im.head = e.writtenHead(im)
			out = append(out, im)
		}
	}
	return out
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
