package server

import (
	"context"
	"encoding/json"
	"slices"
)

// waitIdle answers `afidt/idle`, a request of ours, once all that was sent before it is analysed and published. Tests and
// scripts wait for it instead of for time to pass.
func (s *Server) waitIdle(ctx context.Context, _ json.RawMessage) (any, error) {
	m := momentOf(ctx)
	for _, p := range slices.Concat(m.spaces, m.leaving) {
		if err := p.idle(ctx); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// idle waits until the work asked for so far is done; of a space that is being closed, until what it found is taken back.
func (p *space) idle(ctx context.Context) error {
	p.mu.Lock()
	asked := p.asked
	for !p.closed && (p.leaving || p.served < asked) {
		changed := p.changedSince
		p.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
		p.mu.Lock()
	}
	p.mu.Unlock()
	return nil
}

// finished takes note that all work is done that was asked for when asked had this value.
func (p *space) finished(asked uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.served = max(p.served, asked)
	close(p.changedSince)
	p.changedSince = make(chan struct{})
}
