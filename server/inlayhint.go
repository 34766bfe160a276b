package server

import (
	"context"

	"go.lsp.dev/protocol"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
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
	d, _, state, err := s.spaceOf(ctx, p.TextDocument.URI)
	if err != nil || state == nil {
		return out, err
	}
	at := s.mapper(d)
	span := at.span(p.Range)
	for _, c := range state.Session().Calls() {
		why := boxedBy[c.Boxed]
		if why == "" || c.File.Path != d.path || !c.Active || c.Expr.End < span.Start || c.Expr.Start > span.End {
			continue
		}
		out = append(out, inlayHint{Position: at.position(c.Expr.End), Label: "allocates", Tooltip: "This call allocates: " + why + ".", PaddingLeft: true})
	}
	return out, nil
}
