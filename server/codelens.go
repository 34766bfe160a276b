package server

import (
	"context"
	"fmt"
	"maps"

	"go.lsp.dev/protocol"

	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// codeLenses are two for each trait that is used as dyn: its verdict and the number of uses, which shows the trait desugared, and
// one that shows the uses.
func (s *Server) codeLenses(ctx context.Context, p *documentParams) (any, error) {
	out := []protocol.CodeLens{}
	if !s.currentSettings().CodeLens.on() {
		return out, nil
	}
	d, space, state, err := s.spaceOf(ctx, p.TextDocument.URI)
	if err != nil || state == nil {
		return out, err
	}
	at := s.mapper(d)
	found := space.view.Look(state, d.path)
	for i := range found.Traits {
		t := &found.Traits[i]
		if t.Compiled == 0 {
			continue
		}
		r := at.rangeOf(t.Def.File().Syntax().Items[t.Def.Item].NameSpan)
		place := map[string]any{"textDocument": map[string]string{"uri": d.uri}, "position": r.Start}
		shown := maps.Clone(place)
		shown["show"] = true
		out = append(out,
			protocol.CodeLens{Range: r, Command: &protocol.Command{Title: lensTitle(t), Command: commandDesugared, Arguments: []any{place}}},
			protocol.CodeLens{Range: r, Command: &protocol.Command{Title: "show uses", Command: commandUses, Arguments: []any{shown}}},
		)
	}
	return out, nil
}

func lensTitle(t *survey.Trait) string {
	verdict := "dyn compatible"
	switch c, _ := t.Compatible(); c {
	case types.No:
		verdict = "not dyn compatible"
	case types.Maybe:
		verdict = "dyn compatibility unknown"
	}
	if t.Compiled == 1 {
		return verdict + " · 1 dyn use"
	}
	return fmt.Sprintf("%s · %d dyn uses", verdict, t.Compiled)
}
