package analysis

import (
	"context"
	"maps"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
)

// View is a workspace that somebody edits: it takes texts in and gives findings out. Its methods are safe for concurrent
// use.
type View struct {
	path string
	opt  Options

	mu      sync.Mutex
	overlay map[string][]byte
	changed int // counts edits
	session *Session
	at      int // the value of changed that session and the last results are of
	shown   map[string]bool
}

// NewView is a view of the workspace, package or lone file that holds path. Nothing is read before Next.
func NewView(path string, opt Options) *View {
	return &View{path: path, opt: opt, overlay: maps.Clone(opt.Overlay), shown: map[string]bool{}}
}

// Edit makes text stand for what is on disk at path; nil makes it what is on disk again.
func (v *View) Edit(path string, text []byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.overlay = maps.Clone(v.overlay)
	if v.overlay == nil {
		v.overlay = map[string][]byte{}
	}
	if text == nil {
		delete(v.overlay, path)
	} else {
		v.overlay[path] = text
	}
	v.changed++
}

// Changed tells the view that files on disk may differ from what it read.
func (v *View) Changed(...string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.changed++
}

// Result is what is known of one file.
type Result struct {
	Path     string
	Session  *Session // what it was found in
	Findings []rules.Finding
}

// Next does some of the work that is left and returns what came of it; done is set when none is left.
func (v *View) Next(ctx context.Context) (results []Result, done bool, err error) {
	v.mu.Lock()
	at, opt := v.changed, v.opt
	opt.Overlay = v.overlay
	current := v.session != nil && v.at == at
	v.mu.Unlock()
	if current || ctx.Err() != nil {
		return nil, true, nil
	}
	s, err := Open(v.path, opt)
	if err != nil {
		return nil, true, err
	}
	byPath := map[string][]rules.Finding{}
	for _, f := range s.Findings() {
		byPath[f.Primary.File.Path] = append(byPath[f.Primary.File.Path], f)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.session, v.at = s, at
	for _, f := range s.Snapshot.Files {
		v.shown[f.Path] = true
	}
	for path := range v.shown {
		results = append(results, Result{Path: path, Session: s, Findings: byPath[path]})
	}
	return results, v.changed == at, nil
}

// Session is the newest complete analysis; nil before there is one.
func (v *View) Session() *Session {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.session
}

// TextOf is the text of a file of the workspace as it was analysed; nil if the workspace has no such file.
func (s *Session) TextOf(path string) []byte {
	for _, f := range s.Snapshot.Files {
		if f.Path == path {
			return f.Text
		}
	}
	return nil
}
