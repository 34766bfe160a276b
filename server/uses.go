package server

import (
	"context"
	"fmt"
	"strings"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/afidt-lsp/afidt-lsp/analysis"
)

type usesParams struct {
	positionParams
	// Show asks the server to show what it finds: a client that knows the command shows the answer itself.
	Show bool `json:"show"`
}

// uses are the places where the trait at a place is written as dyn; null if there is no trait.
func (s *Server) uses(ctx context.Context, p *usesParams) (any, error) {
	d, space, state, err := s.spaceOf(ctx, p.TextDocument.URI)
	if err != nil || state == nil {
		return nil, err
	}
	x, ok := subjectAt(space.view.Look(state, d.path), s.mapper(d).offset(p.Position))
	if !ok {
		return nil, nil
	}
	m := momentOf(ctx)
	out := []protocol.Location{}
	for _, use := range space.view.Uses(state, x.verdict.Trait) {
		out = append(out, protocol.Location{URI: m.uri(use.File.Path), Range: s.rangeIn(m, use.File, use.Span)})
	}
	if p.Show && len(out) > 0 {
		s.showUses(state, x.verdict.Trait.ItemName(), out)
	}
	return out, nil
}

// showUses opens the first use where the client can, and says where the others are.
func (s *Server) showUses(state *analysis.State, trait string, uses []protocol.Location) {
	if s.client.Capabilities.Window.ShowDocument.Support {
		s.goes(func() {
			first := map[string]any{"uri": uses[0].URI, "takeFocus": true, "selection": uses[0].Range}
			if err := s.ask(s.ctx, "window/showDocument", first, nil); err != nil {
				s.log.Debug("showing a use failed", zap.Error(err))
			}
		})
		if len(uses) == 1 {
			return
		}
	}
	var places []string
	for _, u := range uses {
		places = append(places, fmt.Sprintf("%s:%d", state.Snapshot.Display(pathOf(string(u.URI))), u.Range.Start.Line+1))
	}
	text := fmt.Sprintf("dyn %s: %s", trait, strings.Join(places, ", "))
	s.notify(protocol.MethodWindowShowMessage, protocol.ShowMessageParams{Type: protocol.MessageTypeInfo, Message: text})
}
