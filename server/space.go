package server

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/quickfix"
)

// space is one workspace under analysis: a folder of the client's, or what holds a file that lies in none of them.
type space struct {
	server *Server
	path   string // the folder or file that it was opened for
	loose  bool   // opened for a file outside the client's folders
	view   *analysis.View
	kick   chan struct{} // holds a token while there is work
	urgent chan struct{} // likewise, for what cannot wait
	stop   context.CancelFunc

	front sync.Mutex // held from when edits are taken up until what is found is published

	mu            sync.Mutex
	asked, served uint64 // counts of wake, and of those whose work is done
	leaving       bool   // to be closed
	closed        bool
	faulty        bool            // errors were found, so that fixes may be asked for
	lacks         map[string]bool // open .rs files that turned out to belong to another workspace; replaced, never changed
	changedSince  chan struct{}   // closed when served or closed changes
	stopSearch    func()          // ends findValues
}

// openSpace starts the analysis of a folder or file.
func (s *Server) openSpace(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.openSpaceLocked(path, false)
}

func (s *Server) openSpaceLocked(path string, loose bool) {
	if slices.ContainsFunc(s.spaces, func(p *space) bool { return p.path == path }) {
		return
	}
	buffers := map[string]*workspace.Buffer{}
	for _, d := range s.docs {
		buffers[d.path] = d.buffer
	}
	ctx, stop := context.WithCancel(s.ctx)
	p := &space{
		server: s, path: path, loose: loose, view: analysis.NewView(path, s.opt.Analysis, buffers), stop: stop,
		kick: make(chan struct{}, 1), urgent: make(chan struct{}, 1), changedSince: make(chan struct{}), stopSearch: func() {},
	}
	p.wake()
	s.spaces = append(slices.Clone(s.spaces), p)
	s.goes(func() { p.run(ctx) })
	s.goes(func() { p.runUrgent(ctx) })
}

// reopenLocked analyses all workspaces anew, under other options.
func (s *Server) reopenLocked() {
	old := s.spaces
	s.closeSpacesLocked(func(*space) bool { return false })
	for _, p := range old {
		s.openSpaceLocked(p.path, p.loose)
	}
}

// closeSpacesLocked ends the analysis of the spaces that are not to be kept.
func (s *Server) closeSpacesLocked(keep func(*space) bool) {
	s.spaces = slices.DeleteFunc(slices.Clone(s.spaces), func(p *space) bool {
		if keep(p) {
			return false
		}
		p.mu.Lock()
		p.leaving = true
		p.stopSearch()
		p.mu.Unlock()
		s.leaving = append(slices.Clone(s.leaving), p)
		p.stop()
		return true
	})
}

// left takes note of a space that is closed.
func (s *Server) left(p *space) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leaving = slices.DeleteFunc(slices.Clone(s.leaving), func(q *space) bool { return q == p })
}

func (p *space) edit(path string, b *workspace.Buffer) {
	p.view.Edit(path, b)
	p.wake()
	select {
	case p.urgent <- struct{}{}:
	default:
	}
}

// runUrgent publishes what edits change in the edited files, while run goes on with the others.
func (p *space) runUrgent(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.urgent:
			p.serveUrgent(ctx)
		}
	}
}

func (p *space) serveUrgent(ctx context.Context) {
	p.front.Lock()
	defer p.front.Unlock()
	results, _, err := p.guarded(func() ([]analysis.Result, bool, error) {
		results, err := p.view.Edited(ctx)
		return results, true, err
	})
	if err != nil {
		p.server.log.Warn("analysing failed", zap.String("path", p.path), zap.Error(err))
	}
	for _, r := range results {
		p.take(r)
	}
}

// take publishes what was found in a file, and logs what went wrong there. It reports whether anything changed for the client.
func (p *space) take(r analysis.Result) (changed bool) {
	if slices.ContainsFunc(r.Findings, func(f rules.Finding) bool { return f.Severity == rules.Error }) {
		p.mu.Lock()
		p.faulty = true
		p.mu.Unlock()
	}
	for _, f := range r.Failures {
		p.server.log.Error("a file could not be analysed; please report this at "+issues, zap.String("path", r.Path), zap.String("failure", f.Message))
	}
	return p.server.publisher.put(p, r)
}

// settled reports whether nothing is left to do, nor to be published.
func (p *space) settled() bool {
	p.front.Lock()
	defer p.front.Unlock()
	return p.view.Idle()
}

func (p *space) changed(paths []string) {
	p.view.Changed(paths...)
	p.wake()
}

func (p *space) wake() {
	p.mu.Lock()
	p.asked++
	p.stopSearch()
	p.mu.Unlock()
	select {
	case p.kick <- struct{}{}:
	default:
	}
}

// run does the space's work until it is closed.
func (p *space) run(ctx context.Context) {
	defer func() {
		p.server.publisher.forget(p)
		p.server.left(p)
		p.mu.Lock()
		p.closed = true
		close(p.changedSince)
		p.changedSince = make(chan struct{})
		p.mu.Unlock()
	}()
	progress := p.server.newProgress("afidt: " + filepath.Base(p.path))
	defer progress.end()
	failing, wrong := false, "" // what the user was told: that nothing can be analysed, and what is wrong with the configuration
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.kick:
		}
		p.mu.Lock()
		asked := p.asked
		p.mu.Unlock()
		changed := false
		for done := false; !done; {
			var results []analysis.Result
			var err error
			results, done, err = p.guarded(func() ([]analysis.Result, bool, error) { return p.view.Next(ctx) })
			if err != nil {
				p.server.log.Warn("analysing failed", zap.String("path", p.path), zap.Error(err))
				if !failing { // once, not at each keystroke
					p.server.showWarning(err.Error())
				}
			}
			failing = err != nil
			for _, r := range results {
				changed = p.take(r) || changed
			}
			if !done {
				progress.report(p.view)
			} else if err == nil && ctx.Err() == nil {
				done = p.settled()
			}
		}
		if ctx.Err() != nil {
			return
		}
		progress.end()
		if err := p.view.Misconfigured(); err != nil && err.Error() != wrong {
			wrong = err.Error()
			p.server.showWarning(wrong)
		}
		if changed {
			p.server.refresh()
		}
		p.server.settleLacking(p)
		p.finished(asked)
		p.prepare(ctx)
	}
}

// prepare looks up in advance what fixes look up, where there is something to fix.
func (p *space) prepare(ctx context.Context) {
	p.mu.Lock()
	faulty := p.faulty
	p.mu.Unlock()
	if state := p.view.State(); faulty && state != nil {
		quickfix.Prepare(ctx, state.Snapshot.Files)
	}
}

// findValues looks in the background for what the edits of a drafted list of actions need, in case that one of them is chosen, until an edit
// or the next list. While something else is to be done it does nothing.
func (p *space) findValues(state *analysis.State, list *quickfix.Workspace) {
	ctx, stop := context.WithCancel(p.server.ctx)
	stale := p.view.State() != state
	p.mu.Lock()
	p.stopSearch()
	p.stopSearch = stop
	if stale || p.leaving || p.served < p.asked {
		stop()
	}
	p.mu.Unlock()
	p.server.goes(func() {
		defer stop()
		defer func() {
			if r := recover(); r != nil {
				p.server.log.Error("looking for values failed", zap.Error(panicError("a list of actions", r)))
			}
		}()
		if list.FindValues(ctx) == nil {
			p.server.log.Debug(valuesFound)
		}
	})
}

// valuesFound is what the log says when findValues has found all.
const valuesFound = "the values that edits need are found"

// guarded calls a function of the view; its panic is an error, and whatever it was doing is done.
func (p *space) guarded(f func() ([]analysis.Result, bool, error)) (results []analysis.Result, done bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			results, done, err = nil, true, panicError("analysis", r)
		}
	}()
	return f()
}

// settleLacking finds out which documents in a space's folder are none of its: those of a workspace within the folder that is not part
// of the one around it. They get a space of their own.
func (s *Server) settleLacking(p *space) {
	if p.loose {
		return
	}
	lacks := map[string]bool{}
	docs := s.moment().docs
	state := p.view.State()
	if state == nil || !p.view.Idle() { // a document that was opened just now may not be looked at yet
		return
	}
	for _, d := range docs {
		if !state.Has(d.path, d.buffer) {
			return
		}
		if filepath.Ext(d.path) != ".rs" || !holds(p.path, d.path) {
			continue
		}
		if held, known := p.view.Holds(d.path); known && !held {
			lacks[d.path] = true
		}
	}
	p.mu.Lock()
	same := maps.Equal(lacks, p.lacks)
	p.lacks = lacks
	p.mu.Unlock()
	if !same {
		s.settleLoose()
	}
}

// has reports whether a document is the space's to analyse, as far as is known.
func (p *space) has(path string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return holds(p.path, path) && !p.lacks[path]
}

// settleLoose opens a space for each document that no folder of the client's has, and closes those that no document needs any
// more.
func (s *Server) settleLoose() {
	s.mu.Lock()
	defer s.mu.Unlock()
	needed := map[string]bool{}
	for _, d := range s.docs {
		if slices.ContainsFunc(s.spaces, func(p *space) bool { return !p.loose && p.has(d.path) }) {
			continue
		}
		needed[d.path] = true
		s.openSpaceLocked(d.path, true)
	}
	s.closeSpacesLocked(func(p *space) bool { return !p.loose || needed[p.path] })
}

// holds reports whether a folder holds a path.
func holds(folder, path string) bool {
	return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, string(filepath.Separator))+string(filepath.Separator))
}

func (m standard) DidChangeWorkspaceFolders(_ context.Context, p *protocol.DidChangeWorkspaceFoldersParams) error {
	s := m.server
	removed := map[string]bool{}
	for _, f := range p.Event.Removed {
		removed[pathOf(f.URI)] = true
	}
	s.mu.Lock()
	s.closeSpacesLocked(func(p *space) bool { return p.loose || !removed[p.path] })
	for _, f := range p.Event.Added {
		if path := pathOf(f.URI); path != "" {
			s.closeSpacesLocked(func(p *space) bool { return p.path != path || !p.loose })
			s.openSpaceLocked(path, false)
		}
	}
	s.mu.Unlock()
	s.settleLoose()
	return nil
}

// spaceOf is the workspace that a document belongs to, with its newest state. It waits for workspaces that are being read. The
// error is errStale if the document is not, or no longer, what the state has.
func (s *Server) spaceOf(ctx context.Context, uri string) (*document, *space, *analysis.State, error) {
	if uri == "" {
		return nil, nil, nil, errNoDocument
	}
	m := momentOf(ctx)
	d := m.docs[keyOf(uri)]
	if d == nil {
		return nil, nil, nil, nil
	}
	for _, p := range m.spaces {
		if err := p.read(ctx, d.path); err != nil {
			return nil, nil, nil, err
		}
		if held, _ := p.view.Holds(d.path); !held {
			continue
		}
		state := p.view.State()
		if state == nil {
			continue
		}
		if !state.Has(d.path, d.buffer) {
			return nil, nil, nil, errStale
		}
		return d, p, state, nil
	}
	return d, nil, nil, nil
}

// read waits until it is known whether a file belongs to the space.
func (p *space) read(ctx context.Context, path string) error {
	if _, known := p.view.Holds(path); known {
		return nil
	}
	return p.idle(ctx)
}
