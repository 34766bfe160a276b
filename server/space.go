package server

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// space is one workspace under analysis: a folder of the client's, or what holds a file that lies in none of them.
type space struct {
	server *Server
	path   string // the folder or file that it was opened for
	loose  bool   // opened for a file outside the client's folders
	view   *analysis.View
	kick   chan struct{} // holds a token while there is work
	stop   context.CancelFunc
}

// openSpace starts the analysis of a folder or file.
func (s *Server) openSpace(path string) *space {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.openSpaceLocked(path, false)
}

func (s *Server) openSpaceLocked(path string, loose bool) *space {
	if i := slices.IndexFunc(s.spaces, func(p *space) bool { return p.path == path }); i >= 0 {
		return s.spaces[i]
	}
	buffers := map[string]*workspace.Buffer{}
	for _, d := range s.docs {
		buffers[d.path] = d.buffer
	}
	ctx, stop := context.WithCancel(s.ctx)
	p := &space{server: s, path: path, loose: loose, view: analysis.NewView(path, s.opt.Analysis, buffers), kick: make(chan struct{}, 1), stop: stop}
	p.kick <- struct{}{}
	s.spaces = append(slices.Clone(s.spaces), p)
	s.goes(func() { p.run(ctx) })
	return p
}

func (s *Server) closeSpace(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spaces = slices.DeleteFunc(slices.Clone(s.spaces), func(p *space) bool {
		if p.path != path {
			return false
		}
		p.stop()
		return true
	})
}

func (p *space) edit(path string, b *workspace.Buffer) {
	p.view.Edit(path, b)
	p.wake()
}

func (p *space) changed(paths []string) {
	p.view.Changed(paths...)
	p.wake()
}

func (p *space) wake() {
	select {
	case p.kick <- struct{}{}:
	default:
	}
}

// run does the space's work until it is closed.
func (p *space) run(ctx context.Context) {
	defer p.server.publisher.forget(p)
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.kick:
		}
		for {
			results, done, err := p.view.Next(ctx)
			if err != nil {
				p.server.log.Warn("analysing failed", zap.String("path", p.path), zap.Error(err))
			}
			for _, r := range results {
				p.server.publisher.put(p, r)
			}
			if done {
				break
			}
		}
	}
}

// settleLoose opens a space for each document that lies in no folder of the client's, and closes those that no document
// needs any more.
func (s *Server) settleLoose() {
	s.mu.Lock()
	defer s.mu.Unlock()
	needed := map[string]bool{}
	for _, d := range s.docs {
		if isVirtual(d.path) || slices.ContainsFunc(s.spaces, func(p *space) bool { return !p.loose && holds(p.path, d.path) }) {
			continue
		}
		needed[d.path] = true
		s.openSpaceLocked(d.path, true)
	}
	s.spaces = slices.DeleteFunc(slices.Clone(s.spaces), func(p *space) bool {
		if !p.loose || needed[p.path] {
			return false
		}
		p.stop()
		return true
	})
}

// holds reports whether a folder holds a path.
func holds(folder, path string) bool {
	return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, string(filepath.Separator))+string(filepath.Separator))
}

func (m standard) DidChangeWorkspaceFolders(_ context.Context, p *protocol.DidChangeWorkspaceFoldersParams) error {
	for _, f := range p.Event.Removed {
		m.server.closeSpace(pathOf(f.URI))
	}
	for _, f := range p.Event.Added {
		if path := pathOf(f.URI); path != "" {
			m.server.openSpace(path)
		}
	}
	m.server.settleLoose()
	return nil
}
