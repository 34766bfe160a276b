package analysis

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// Desugar shows a trait in the forms that it is lowered to, as Rust text: as it is written; with `impl Trait` for async fns; with
// an associated type for each opaque result, which is what the compiler makes of them; and with the results boxed, which is what a
// vtable could hold. Bodies are left out.
func Desugar(t *survey.Trait) string {
	var b strings.Builder
	for _, form := range [...]struct {
		title string
		lower func(*lowering) []replacement
	}{
		{"as it is written", func(*lowering) []replacement { return nil }},
		{"async fns return `impl Future`", (*lowering).opaque},
		{"what the compiler makes of it: each opaque result is an associated type", (*lowering).associated},
		{"what a vtable could hold: the results are boxed", (*lowering).boxed},
	} {
		b.WriteString("// " + form.title + "\n")
		b.WriteString(desugared(t, form.lower))
		b.WriteString("\n\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// replacement replaces a span of the trait's file.
type replacement struct {
	span source.Span
	text string
}

// lowering is one method whose result is opaque.
type lowering struct {
	file   *syntax.File
	fn     *syntax.Fn
	item   *syntax.Item
	async  source.Span // the keyword and the blanks behind it; empty if there is none
	params source.Span // the parentheses
	boxes  bool        // its class is boxed: nothing else stands against it
}

// desugared is the trait's text with its opaque methods rewritten.
func desugared(t *survey.Trait, lower func(*lowering) []replacement) string {
	def := t.Def
	file := def.File().Syntax()
	items := file.Items
	trait := &items[def.Item]
	var edits []replacement
	for i := def.Item + 1; i < int32(len(items)) && items[i].Span.Start < trait.Span.End; i++ {
		it := &items[i]
		if it.Kind != syntax.KindFn || it.Parent != def.Item {
			continue
		}
		if l := loweringOf(t, file, i, def.File().Edition); l != nil {
			edits = append(edits, lower(l)...)
		}
		if it.Flags&syntax.FlagBody != 0 {
			start := it.Body.Start - 1
			for start > it.Span.Start && unicode.IsSpace(rune(file.Text[start-1])) {
				start--
			}
			edits = append(edits, replacement{source.Span{Start: start, End: it.Span.End}, ";"})
		}
	}
	slices.SortStableFunc(edits, func(a, b replacement) int { return int(a.span.Start) - int(b.span.Start) })
	var b strings.Builder
	at := trait.Span.Start
	for _, e := range edits {
		if e.span.Start < at {
			continue
		}
		b.Write(file.Text[at:e.span.Start])
		b.WriteString(e.text)
		at = e.span.End
	}
	b.Write(file.Text[at:trait.Span.End])
	return outdent(b.String(), file.Text, trait.Span.Start)
}

// outdent takes the indentation of the line at offset from all lines but the first, which begins there.
func outdent(text string, file []byte, offset uint32) string {
	start := offset
	for start > 0 && file[start-1] != '\n' {
		start--
	}
	indent := string(file[start:offset])
	if strings.TrimSpace(indent) != "" {
		return text
	}
	return strings.ReplaceAll(text, "\n"+indent, "\n")
}

// loweringOf is nil for a method whose result is not opaque.
func loweringOf(t *survey.Trait, file *syntax.File, item int32, edition int) *lowering {
	l := &lowering{file: file, fn: syntax.ParseFn(file, item, edition), item: &file.Items[item]}
	l.boxes = slices.ContainsFunc(t.Verdict.Methods, func(m dyncompat.Method) bool { return m.Item == item && m.Class == dyncompat.Boxed })
	end := l.item.Span.End
	if l.item.Flags&syntax.FlagBody != 0 {
		end = l.item.Body.Start
	}
	toks := syntax.Lex(file.Text, source.Span{Start: l.item.Span.Start, End: end}, nil)
	depth := 0
	for i, tok := range toks {
		switch {
		case tok.Word == syntax.WordAsync && tok.End <= l.fn.NameSpan.Start:
			l.async = source.Span{Start: tok.Start, End: toks[i+1].Start}
		case tok.Start < l.fn.NameSpan.End:
		case tok.Is('<'):
			depth++
		case tok.Is('>'):
			depth--
		case tok.Is('(') && depth == 0 && l.params.Empty():
			l.params.Start = tok.Start
			for k, open := i, 0; k < len(toks); k++ {
				switch {
				case toks[k].Kind == syntax.Open:
					open++
				case toks[k].Kind == syntax.Close:
					if open--; open == 0 {
						l.params.End = toks[k].End
						k = len(toks)
					}
				}
			}
		}
	}
	opaque := l.fn.Ret != nil && l.fn.Ret.Kind == syntax.TypeImpl
	if l.params.Empty() || l.async.Empty() && !opaque {
		return nil
	}
	return l
}

// bounds are those of the opaque result.
func (l *lowering) bounds() string {
	if l.async.Empty() {
		return strings.TrimSpace(strings.TrimPrefix(string(l.fn.Ret.Span.Of(l.file.Text)), "impl"))
	}
	output := "()"
	if l.fn.Ret != nil {
		output = string(l.fn.Ret.Span.Of(l.file.Text))
	}
	return "Future<Output = " + output + ">"
}

// returning is the signature with another result, and not async.
func (l *lowering) returning(result string) []replacement {
	var out []replacement
	if !l.async.Empty() {
		out = append(out, replacement{span: l.async})
	}
	if l.fn.Ret != nil {
		return append(out, replacement{l.fn.Ret.Span, result})
	}
	return append(out, replacement{source.Span{Start: l.params.End, End: l.params.End}, " -> " + result})
}

func (l *lowering) opaque() []replacement { return l.returning("impl " + l.bounds()) }

// associated gives the method a generic associated type, whose lifetime is that of what the method borrows.
func (l *lowering) associated() []replacement {
	r, size := utf8.DecodeRuneInString(l.fn.Name)
	name := string(unicode.ToUpper(r)) + camel(l.fn.Name[size:])
	generics, use := "", ""
	if l.fn.Self == syntax.SelfRef || l.fn.Self == syntax.SelfRefMut {
		generics, use = "<'a>", "<'_>"
	}
	where := ""
	if generics != "" {
		where = " where Self: 'a"
	}
	declaration := "type " + name + generics + ": " + l.bounds() + where + ";\n" + l.indent()
	out := []replacement{{source.Span{Start: l.item.Span.Start, End: l.item.Span.Start}, declaration}}
	return append(out, l.returning("Self::"+name+use)...)
}

// indent is the text before the method on its line.
func (l *lowering) indent() string {
	start := l.item.Span.Start
	for start > 0 && (l.file.Text[start-1] == ' ' || l.file.Text[start-1] == '\t') {
		start--
	}
	return string(l.file.Text[start:l.item.Span.Start])
}

// camel writes snake_case as CamelCase, but for the first letter.
func camel(name string) string {
	var b strings.Builder
	up := false
	for _, r := range name {
		if r == '_' {
			up = true
			continue
		}
		if up {
			r = unicode.ToUpper(r)
		}
		up = false
		b.WriteRune(r)
	}
	return b.String()
}

// boxed leaves methods alone that could not be in a vtable even so.
func (l *lowering) boxed() []replacement {
	if !l.boxes {
		return nil
	}
	lifetime := ""
	if l.fn.Self == syntax.SelfRef || l.fn.Self == syntax.SelfRefMut {
		lifetime = " + '_"
	}
	object := "Box<dyn " + l.bounds() + lifetime + ">"
	if !l.async.Empty() || strings.HasPrefix(l.bounds(), "Future") {
		object = "Pin<" + object + ">"
	}
	return l.returning(object)
}
