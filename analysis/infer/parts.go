package infer

import (
	"maps"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Parts are parts of Infer's result: of who asks about one file or one trait, the other files' bodies are not read. Parts share what
// they learn of items, and are safe for concurrent use.
type Parts struct {
	engine  *engine
	threads int
	names   func() *Names
	used    func() map[resolve.Def]bool
}

// NewParts makes them for a survey; base has what is known of other crates, and may be nil.
func NewParts(s *survey.Survey, base *Engine, threads int) *Parts {
	e := newEngineOn(s, base)
	return &Parts{
		engine: e, threads: threads,
		names: sync.OnceValue(func() *Names { return NewNames(maps.Keys(e.methodsOf(s.Traits, s.Mentions))) }),
		used:  sync.OnceValue(func() map[resolve.Def]bool { return e.usedIn(s.Mentions) }),
	}
}

// Coercer finds coercions with what the parts learned.
func (p *Parts) Coercer() *Coercer { return &Coercer{p.engine} }

// In is what is about some files.
func (p *Parts) In(files []*workspace.File) *Result {
	names := p.names()
	return p.engine.inFiles(files, p.threads, func(file *workspace.File) Result { return p.engine.fileCallsAndBoxes(file, names) })
}

// Of is what is about the calls of a trait's methods, in all files.
func (p *Parts) Of(trait resolve.Def) *Result {
	methods := map[Method]struct{}{}
	p.engine.methodsOfTrait(trait, p.used()[trait], func(m Method) { methods[m] = struct{}{} })
	for _, d := range inOtherTargets(trait) {
		p.engine.methodsOfTrait(d, p.used()[d], func(m Method) { methods[m] = struct{}{} })
	}
	names := NewNames(maps.Keys(methods))
	return p.engine.inFiles(p.engine.Snapshot.Files, p.threads, func(file *workspace.File) Result {
		any := false
		for name := range names.set {
			any = any || file.Names().Have(name)
		}
		if !any {
			return Result{}
		}
		found := p.engine.fileCalls(file, names)
		if len(found.Calls)+len(found.Barred) > 0 {
			p.engine.addBoxes(file, &found)
		}
		return found
	})
}
