package analysis

import (
	"context"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// keptCoercions are the places where values become objects, by trait, and what finds them; both are made when they are first asked for.
type keptCoercions struct {
	once  sync.Once
	finds *infer.Coercer
	of    sync.Map // coercedTo -> *coercionsOf
}

// coercedTo is a trait, whatever target it is seen from.
type coercedTo struct {
	file *workspace.File
	item int32
}

// coercionsOf are those of one trait.
type coercionsOf struct {
	mu    sync.Mutex // held while they are looked for
	known *infer.Coercions
}

// Coercer finds coercions with what the session has learned.
func (s *Session) Coercer() *infer.Coercer {
	s.coerced.once.Do(func() {
		if all := s.full.Load(); all != nil {
			s.coerced.finds = infer.NewCoercer(s.Survey, all)
		} else {
			s.coerced.finds = s.parts().Coercer()
		}
	})
	return s.coerced.finds
}

// Coercions are the places in the workspace where values become objects of a trait. They are found when they are first asked for.
func (s *Session) Coercions(trait resolve.Def) *infer.Coercions {
	out, _ := s.FindCoercions(context.Background(), trait)
	return out
}

// FindCoercions is Coercions until ctx ends, whose error it is then; what was found so far is forgotten.
func (s *Session) FindCoercions(ctx context.Context, trait resolve.Def) (*infer.Coercions, error) {
	v, _ := s.coerced.of.LoadOrStore(coercedTo{trait.File(), trait.Item}, &coercionsOf{})
	kept := v.(*coercionsOf)
	kept.mu.Lock()
	defer kept.mu.Unlock()
	if kept.known != nil {
		return kept.known, nil
	}
	found, err := s.Coercer().FindContext(ctx, trait)
	kept.known = found
	return found, err
}
