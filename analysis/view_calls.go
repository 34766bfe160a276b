package analysis

import (
	"maps"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// callBook is what a view knows for the rules about calls, which look into the bodies of functions.
//
// What they find in a file depends on the file's text, on the declarations of the packages that its own depend on (by ways that no
// name tells, so a change of one concerns all files there in whose bodies something is looked at), and on the names of the methods
// that calls are listed of. Each file adds to those, and a change of them concerns the files in which the name stands.
type callBook struct {
	steady  inferring
	newest  inferring
	methods map[infer.Method]int // by how many files add it
	names   *infer.Names         // of methods; nil if those changed
	// complete is set once the methods of all files were seen.
	complete bool

	urgent []string        // edited, to be looked at as soon as they can be
	stale  map[string]bool // to be looked at
	queue  []string        // stale at some time, sorted, the first at the end
	lately map[string]bool // files for which the steady state does not do
	runs   map[string]int  // counts how often each file was begun
	open   map[string]bool // files in which something depends on other files
	labels map[string]map[string][]int
	shown  map[string]bool // as View.shown
}

// inferring is an engine for a state.
type inferring struct {
	state  *State
	engine *infer.Engine
}

func newCallBook() callBook {
	return callBook{
		methods: map[infer.Method]int{}, stale: map[string]bool{}, lately: map[string]bool{}, runs: map[string]int{}, open: map[string]bool{},
		labels: map[string]map[string][]int{}, shown: map[string]bool{},
	}
}

// edit takes note of an edited file.
func (b *callBook) edit(path string) {
	b.stale[path] = true
	if !slices.Contains(b.urgent, path) {
		b.urgent = append(b.urgent, path)
	}
}

// next picks an edited file if its methods can be known, else a marked one if all else is done.
func (b *callBook) next(otherwise bool) (path string, ok bool) {
	for b.complete && len(b.urgent) > 0 {
		path, b.urgent = b.urgent[0], b.urgent[1:]
		if b.stale[path] {
			return path, true
		}
	}
	if !otherwise {
		return "", false
	}
	for len(b.stale) > 0 {
		if len(b.queue) == 0 {
			b.queue = slices.Sorted(maps.Keys(b.stale))
			slices.Reverse(b.queue)
		}
		path, b.queue = b.queue[len(b.queue)-1], b.queue[:len(b.queue)-1]
		if b.stale[path] {
			return path, true
		}
	}
	return "", false
}

// methodsIn are the methods that a file adds to those that calls are listed of. It needs no lock.
func methodsIn(base *infer.Engine, state *State, layout *workspace.Layout, s *survey.Survey) map[infer.Method]struct{} {
	return base.On(state.Judge, state.Snapshot, layout, nil).Methods(s)
}

// countMethods replaces what a file adds to the methods, and marks the files that a change concerns. Those are looked for in the
// newest texts, whatever state the file was analysed in: a call that was typed since may have been looked at with the old methods.
func (v *View) countMethods(old, now map[infer.Method]struct{}) {
	b := &v.calls
	var changed []string
	for m := range now {
		if _, had := old[m]; had {
			continue
		}
		if b.methods[m]++; b.methods[m] == 1 {
			changed = append(changed, m.Name)
		}
	}
	for m := range old {
		if _, has := now[m]; has {
			continue
		}
		if b.methods[m]--; b.methods[m] == 0 {
			delete(b.methods, m)
			changed = append(changed, m.Name)
		}
	}
	if len(changed) == 0 {
		return
	}
	b.names = nil
	if !b.complete { // all files are marked
		return
	}
	state := v.State()
	for _, id := range v.layout.Files() {
		if v.wordsOf(state, id).Has(changed) {
			b.stale[id.Path] = true
		}
	}
}

// markCallers marks the files that may depend on the declarations of packages.
func (v *View) markCallers(packages []*cargo.Package) {
	for path := range v.calls.open {
		for _, t := range v.layout.Targets(path) {
			if slices.ContainsFunc(packages, func(p *cargo.Package) bool { return v.inference.DependsOn(t.Package, p) }) {
				v.calls.stale[path] = true
				break
			}
		}
	}
}

// engine is the engine for a state: that of the last edit that changed an interface, or the newest one.
func (b *callBook) engine(v *View, state *State) *infer.Engine {
	if b.steady.state != v.steady {
		b.steady = inferring{v.steady, v.inference.On(v.steady.Judge, v.steady.Snapshot, v.layout, nil)}
		b.newest = inferring{}
	}
	if state == v.steady {
		return b.steady.engine
	}
	if b.newest.state != state {
		b.newest = inferring{state, v.inference.On(state.Judge, state.Snapshot, v.layout, b.steady.engine)}
	}
	return b.newest.engine
}

// analyseCalls has the rules about calls look at a file, while others may edit. As analyseStale, it prefers the state of the last
// edit that changed an interface, for which more is known already.
func (v *View) analyseCalls(newest *State, path string) []Result {
	b := &v.calls
	state, layout, base := v.steady, v.layout, v.base
	if b.lately[path] || newest.overlay[path] != state.overlay[path] {
		state = newest
	}
	if b.names == nil {
		b.names = infer.NewNames(maps.Keys(b.methods))
	}
	engine, names, settings := b.engine(v, state), b.names, v.settings
	delete(b.stale, path)
	delete(b.lately, path)
	b.open[path] = true // an edit of others marks it while it is looked at
	b.runs[path]++
	run := b.runs[path]
	var findings []rules.Finding
	var failures []survey.Failure
	quiet := true
	func() {
		v.work.Unlock()
		defer v.work.Lock()
		for _, f := range v.opened(state, layout, path) {
			found, alone, failure := engine.File(f, names)
			quiet = quiet && alone
			if failure != nil {
				failures = append(failures, *failure)
			}
			all := rules.Run(&survey.Survey{Snapshot: state.Snapshot, Judge: state.Judge}, found, settings)
			findings = append(findings, slices.DeleteFunc(all, func(f rules.Finding) bool { return !slices.Contains(rules.AboutCalls, f.Rule) })...)
		}
	}()
	if v.base != base || b.runs[path] != run { // read again, or looked at again, in the meantime
		return nil
	}
	if v.layout != layout {
		b.stale[path] = true
		return nil
	}
	if quiet {
		delete(b.open, path)
	}
	b.labels[path] = labelled(path, findings)
	if state != newest {
		for other := range b.labels[path] {
			if newest.overlay[other] != state.overlay[other] {
				b.stale[path], b.lately[path] = true, true
			}
		}
	}
	if len(b.labels[path]) == 0 {
		delete(b.labels, path)
	}
	if len(findings) > 0 {
		b.shown[path] = true
	} else if !b.shown[path] && len(failures) == 0 {
		return nil
	}
	return []Result{{Path: path, Seq: v.next(), State: state, Findings: findings, AboutCalls: true, Failures: failures}}
}

// nextCalls picks a file for the rules about calls, when all files are surveyed.
func (v *View) nextCalls() (string, bool) {
	v.calls.complete = true
	return v.calls.next(true)
}

// Inferred is what is inferred of one file in a state of this view, once for each edition that it is used in; ok is false as long as
// not all files were seen, whose methods have to be known.
func (v *View) Inferred(state *State, path string) (found []*infer.Result, ok bool) {
	v.work.Lock()
	b := &v.calls
	if v.layout == nil || v.steady == nil || !b.complete || v.base.Borrows() {
		v.work.Unlock()
		return nil, false
	}
	if b.names == nil {
		b.names = infer.NewNames(maps.Keys(b.methods))
	}
	engine, names, layout := b.engine(v, state), b.names, v.layout
	v.work.Unlock()
	for _, f := range v.opened(state, layout, path) {
		r, _, _ := engine.File(f, names) // a failure is among the results of Next
		found = append(found, r)
	}
	return found, true
}
