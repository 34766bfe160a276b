package quickfix

import (
	"bytes"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// unbox removes a box that is not needed: around what is boxed already, or around a call whose receiver is no trait object.
//
//	std::preview::dyn_box!(concrete.fetch(url)).await      ->      concrete.fetch(url).await
//	Box::pin(companion.fetch(url)).await                   ->      companion.fetch(url).await
//
// A future that is not awaited at once may be kept where a box is expected, and a recursive call needs its box.
var unbox = &Fix{
	ID:    "unbox",
	Title: "remove a box that is not needed",
	offer: offerUnbox,
}

func offerUnbox(w *Workspace, t *Target) []Action {
	b := t.Box
	if b == nil {
		return nil
	}
	a := Action{Title: "remove the box", Applicability: MaybeIncorrect}
	switch {
	case b.Nested():
		a.Title, a.Rule = "remove the outer box", rules.Find("double_boxing")
	case b.Call >= 0 && w.Calls[b.Call].Via != infer.Dyn && (b.Form == infer.MacroForm || b.Form == infer.SuffixForm):
		a.Rule = rules.Find("redundant_box")
	default:
		return nil
	}
	text := b.File.Text
	if _, awaited := infer.AwaitEnd(text, b.Span.End); awaited && !w.recursive(b) {
		a.Applicability = MachineApplicable
	}
	if b.Form == infer.SuffixForm {
		a.Edits = []Edit{replace(b.File, suffixSpan(b), "")}
		return []Action{a}
	}
	open, closing, ok := argumentOf(text, b)
	if !ok {
		return nil
	}
	a.Edits = []Edit{replace(b.File, source.Span{Start: b.Span.Start, End: open}, ""), replace(b.File, source.Span{Start: closing, End: b.Span.End}, "")}
	return []Action{a}
}

// argumentOf is where the lone argument of `mark(..)` or `mark!(..)` begins and ends.
func argumentOf(text []byte, b *infer.Box) (open, closing uint32, ok bool) {
	toks := syntax.Lex(text, source.Span{Start: b.Mark.End, End: b.Span.End}, nil)
	first := -1
	for i, t := range toks {
		if t.Kind == syntax.Open {
			first = i
			break
		}
	}
	last := len(toks) - 2 // EOF
	if first < 0 || last <= first+1 || toks[last].Kind != syntax.Close {
		return 0, 0, false
	}
	if toks[last-1].Is(',') {
		last--
	}
	return toks[first+1].Start, toks[last-1].End, true
}

// suffixSpan is `.box` with the blanks before it.
func suffixSpan(b *infer.Box) source.Span {
	text := b.File.Text
	start := uint32(bytes.LastIndexByte(text[:b.Mark.Start], '.'))
	for start > b.Span.Start && bytes.IndexByte([]byte(" \t\r\n"), text[start-1]) >= 0 {
		start--
	}
	return source.Span{Start: start, End: b.Mark.End}
}

// recursive reports whether the call that is boxed may be of the function that it stands in.
func (w *Workspace) recursive(b *infer.Box) bool {
	if b.Call < 0 {
		return false
	}
	items := b.File.Syntax().Items
	for i := itemAt(b.File, b.Mark.Start); i >= 0; i = items[i].Parent {
		if items[i].Kind == syntax.KindFn && items[i].Name == w.Calls[b.Call].Method {
			return true
		}
	}
	return false
}
