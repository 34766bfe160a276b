package quickfix

import (
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/config"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/quickfix/companion"
)

// Desugar shows a trait in the forms that it is lowered to, as Rust text: as it is written; with `impl Trait` for async fns; with
// an associated type for each opaque result, which is what the compiler makes of them; and with the results boxed, which is what a
// vtable could hold. Bodies are left out. The formats are those of the workspace's folders.
func Desugar(judge *dyncompat.Judge, formats *config.Formats, def resolve.Def) string {
	f := def.File()
	format := formatIn(formats, f)
	associated, boxed := companion.Lower(judge, def, companion.Layout{Format: format, Column: format.TabSpaces})
	var b strings.Builder
	for _, form := range [...]struct {
		title string
		edits []Edit
	}{
		{"as it is written", nil},
		{"async fns return `impl Future`", opaque(f, def.Item)},
		{"what the compiler makes of it: each opaque result is an associated type", lowered(f, def.Item, associated)},
		{"what a vtable could hold: the results are boxed", lowered(f, def.Item, boxed)},
	} {
		b.WriteString("// " + form.title + "\n")
		b.WriteString(rewritten(f, def.Item, form.edits))
		b.WriteString("\n\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// methodsOf are the functions that a trait declares, by their index.
func methodsOf(f *workspace.File, trait int32) []int32 {
	var out []int32
	items := f.Syntax().Items
	for i := trait + 1; i < int32(len(items)) && items[i].Span.Start < items[trait].Span.End; i++ {
		if items[i].Kind == syntax.KindFn && items[i].Parent == trait {
			out = append(out, i)
		}
	}
	return out
}

// rewritten is the trait's text after edits, without bodies and without the indentation of where it stands.
func rewritten(f *workspace.File, trait int32, edits []Edit) string {
	items := f.Syntax().Items
	edits = slices.Clone(edits)
	for _, i := range methodsOf(f, trait) {
		it := &items[i]
		replaced := slices.ContainsFunc(edits, func(e Edit) bool { return e.Span == it.Span })
		if it.Flags&syntax.FlagBody != 0 && !replaced {
			signature := len(strings.TrimRight(string(f.Text[it.Span.Start:it.Body.Start-1]), " \t\r\n"))
			edits = append(edits, replace(f, source.Span{Start: it.Span.Start + uint32(signature), End: it.Span.End}, ";"))
		}
	}
	slices.SortStableFunc(edits, func(a, b Edit) int { return int(a.Span.Start) - int(b.Span.Start) })
	var b strings.Builder
	at := items[trait].Span.Start
	for _, e := range edits {
		b.Write(f.Text[at:e.Span.Start])
		b.WriteString(e.New)
		at = e.Span.End
	}
	b.Write(f.Text[at:items[trait].Span.End])
	return strings.ReplaceAll(b.String(), "\n"+indentAt(f.Text, items[trait].Span.Start), "\n")
}

// lowered are the edits that write methods in another form, and before them all their associated types.
func lowered(f *workspace.File, trait int32, methods []companion.Lowered) []Edit {
	var edits []Edit
	types := ""
	for i := range methods {
		m := &methods[i]
		it := &f.Syntax().Items[m.Item]
		indent := indentAt(f.Text, it.Span.Start)
		edits = append(edits, replace(f, it.Span, strings.TrimPrefix(indented(strings.Join(m.Head, "\n"), indent), indent)))
		if m.Type != "" {
			types += "\n" + indent + m.Type
		}
	}
	if types != "" {
		start := f.Syntax().Items[trait].Body.Start
		edits = append(edits, replace(f, source.Span{Start: start, End: start}, types))
	}
	return edits
}

// opaque are the edits that make an async fn one that returns `impl Future`.
func opaque(f *workspace.File, trait int32) []Edit {
	var edits []Edit
	for _, i := range methodsOf(f, trait) {
		it := &f.Syntax().Items[i]
		if it.Flags&syntax.FlagAsync == 0 {
			continue
		}
		fn := syntax.ParseFn(f.Syntax(), i, f.Edition)
		end := it.Span.End
		if it.Flags&syntax.FlagBody != 0 {
			end = it.Body.Start
		}
		for _, r := range companion.Opaque(f.Text, source.Span{Start: it.Span.Start, End: end}, fn, "Future", "") {
			edits = append(edits, replace(f, r.Span, r.Text))
		}
	}
	return edits
}
