package quickfix

import (
	"bytes"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// dynBox puts a call through dyn into a box with the announced macro:
//
//	client.fetch(url).await      ->      std::preview::dyn_box!(client.fetch(url)).await
//
// The call itself stays as it is, with its lines and comments. No released compiler has the macro.
var dynBox = &Fix{
	ID:    "dyn-box",
	Title: "box the result of the call with `std::preview::dyn_box!`",
	offer: offerDynBox,
}

func offerDynBox(w *Workspace, t *Target) []Action {
	if !w.wantsBox(t.Call) {
		return nil
	}
	c := t.Call
	a := Action{
		Title: "box what `" + c.Method + "` returns: `std::preview::dyn_box!(..)`",
		Edits: w.macroAround(c, "std::preview::dyn_box!"),
	}
	for _, owner := range c.File.Owners {
		if owner.Crate.HasInner("no_std") {
			return []Action{{Title: a.Title, BlockedBy: "the crate is `no_std`, and the macro is announced for std"}}
		}
	}
	return []Action{w.boxing(a, c, dyncompat.DynBox, "a compiler with `std::preview::dyn_box!`")}
}

// macroAround puts a call into the parentheses of a macro. The links of a chain that is broken into lines, and would fit on one,
// are joined, because rustfmt lays out the macro's argument by itself.
func (w *Workspace) macroAround(c *infer.Call, macro string) []Edit {
	text := c.File.Text
	edits := []Edit{insert(c.File, c.Expr.Start, macro+"(")}
	breaks := chainBreaks(text, c.Expr)
	width := c.Expr.Len()
	for _, b := range breaks {
		width -= b.Len()
	}
	// What stands on the lines of the call beside it goes with it, so that nothing else decides on the layout.
	lead := int(c.Expr.Start - lineStart(text, c.Expr.Start))
	if len(breaks) == bytes.Count(c.Expr.Of(text), []byte("\n")) && lead+len(macro)+2+width+len(";") <= w.format(c.File).MaxWidth {
		for _, b := range breaks {
			edits = append(edits, replace(c.File, b, ""))
		}
	}
	return append(edits, insert(c.File, c.Expr.End, ")"))
}

// chainBreaks are the blanks with a line break before the dots of a method chain, outside of all brackets.
func chainBreaks(text []byte, span source.Span) []source.Span {
	var out []source.Span
	depth, last := 0, span.Start
	for _, t := range syntax.Lex(text, span, nil) {
		switch {
		case t.Kind == syntax.Open:
			depth++
		case t.Kind == syntax.Close:
			depth--
		case t.Is('.') && depth == 0:
			between := source.Span{Start: last, End: t.Start}
			if blank := between.Of(text); bytes.IndexByte(blank, '\n') >= 0 && len(bytes.TrimSpace(blank)) == 0 {
				out = append(out, between)
			}
		}
		last = t.End
	}
	return out
}
