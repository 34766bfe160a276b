package server

import (
	"context"
	"slices"

	"go.lsp.dev/protocol"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

type inlayHintParams struct {
	documentParams
	Range protocol.Range `json:"range"`
}

type inlayHint struct {
	Position    protocol.Position `json:"position"`
	Label       string            `json:"label"`
	Tooltip     string            `json:"tooltip"`
	PaddingLeft bool              `json:"paddingLeft"`
}

// boxedBy says how a call comes to allocate.
var boxedBy = map[infer.Boxed]string{
	infer.DynBox: "`dyn_box!` boxes the result", infer.BoxSuffix: "`.box` boxes the result", infer.PinBox: "`Box::pin` boxes the future",
	infer.AsyncTrait: "`#[async_trait]` boxes the future of every call", infer.Companion: "the companion trait boxes the result",
}

// inlayHints mark the calls that allocate because their result is boxed.
func (s *Server) inlayHints(ctx context.Context, p *inlayHintParams) (any, error) {
	out := []inlayHint{}
	if !s.currentSettings().InlayHints.on() {
		return out, nil
	}
	d, space, state, err := s.spaceOf(ctx, p.TextDocument.URI)
	if err != nil || state == nil {
		return out, err
	}
	at := s.mapper(d)
	span := at.span(p.Range)
	seen := map[source.Span]bool{}
	for _, c := range callsIn(space.view, state, d.path) {
		why := boxedBy[c.Boxed]
		if why == "" || !c.Active || c.Expr.End < span.Start || c.Expr.Start > span.End || seen[c.Expr] {
			continue
		}
		seen[c.Expr] = true // once for each edition
		out = append(out, inlayHint{Position: at.position(c.Expr.End), Label: "allocates", Tooltip: "This call allocates: " + why + ".", PaddingLeft: true})
	}
	return out, nil
}

// callsIn are the calls of a file, from the whole workspace if it is not known well enough to look at the file alone.
func callsIn(view *analysis.View, state *analysis.State, path string) []infer.Call {
	found, ok := view.Inferred(state, path)
	if !ok {
		return slices.DeleteFunc(slices.Clone(state.Session().Calls()), func(c infer.Call) bool { return c.File.Path != path })
	}
	var out []infer.Call
	for _, r := range found {
		out = append(out, r.Calls...)
	}
	return out
}
