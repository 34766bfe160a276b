package analysis

import (
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/config"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// State is a view at one moment. It is immutable.
type State struct {
	Snapshot *workspace.Snapshot // without Crates and Files: made on demand
	Judge    *dyncompat.Judge
	Formats  *config.Formats // as of the last change of a configuration
	overlay  map[string]*workspace.Buffer
	make     func() *Session
	kept     *keptSession
}

// keptSession is the last session that was made of a view: they are large, and one is enough.
type keptSession struct {
	mu      sync.Mutex
	of      *State
	session *Session
}

// drop forgets the session, unless one is just being made.
func (k *keptSession) drop() {
	if k.mu.TryLock() {
		k.of, k.session = nil, nil
		k.mu.Unlock()
	}
}

// Session is the whole workspace, analysed as Open does, with what is known already. It is made when it is first asked for, and
// kept until the next edit.
func (s *State) Session() *Session {
	s.kept.mu.Lock()
	defer s.kept.mu.Unlock()
	if s.kept.of != s {
		s.kept.of, s.kept.session = nil, nil
		s.kept.session = s.make()
		s.kept.of = s
	}
	return s.kept.session
}

// Has reports whether a buffer is what stands at path in this state.
func (s *State) Has(path string, b *workspace.Buffer) bool { return s.overlay[path] == b }

// stateOf is the workspace with these buffers.
func (v *View) stateOf(overlay map[string]*workspace.Buffer) *State {
	snapshot := v.base.Edit(overlay)
	s := &State{Snapshot: snapshot, Judge: v.judge.On(snapshot), Formats: v.formats, overlay: overlay, kept: v.kept}
	base, judge, inference, threads := v.base, v.judge, v.inference, max(v.opt.Threads, 1)
	c, opt := v.config, v.opt
	strays := v.strays
	s.make = func() *Session {
		whole := base.Whole(s.overlay, strays, threads)
		own := judge.On(whole)
		if whole.Base() != base {
			own, inference = dyncompat.New(types.New(resolve.New(whole))), nil
		}
		return newSession(survey.MakeWith(own, whole, threads), inference, c, s.Formats, joinSettings(whole, c, opt), threads)
	}
	return s
}
