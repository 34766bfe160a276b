package analysis

import (
	"maps"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// fileState is what the view remembers of a file's analysis.
type fileState struct {
	uses    map[traitKey]int
	labels  map[string][]int // other files that findings point into, and the lines there, from 0
	methods map[infer.Method]struct{}
}

// traitKey names a trait across states: the n-th of its name in a file.
type traitKey struct {
	file workspace.FileID
	name string
	n    int
}

// Look is what is known of one file in a state of this view: its traits and mentions.
func (v *View) Look(state *State, path string) *survey.Survey {
	v.work.Lock()
	defer v.work.Unlock()
	if v.layout == nil {
		return survey.Of(state.Judge, state.Snapshot, nil, 1)
	}
	s := v.survey(state, v.layout, path)
	v.fillUses(s)
	return s
}

// survey lists what stands in a file, in all editions in which it is used. It needs no lock.
func (v *View) survey(state *State, layout *workspace.Layout, path string) *survey.Survey {
	return survey.Of(state.Judge, state.Snapshot, v.opened(state, layout, path), 1)
}

// Files are a file of a state of this view, in all editions in which it is used.
func (v *View) Files(state *State, path string) []*workspace.File {
	v.work.Lock()
	layout := v.layout
	v.work.Unlock()
	if layout == nil {
		return nil
	}
	return v.opened(state, layout, path)
}

// opened is a file in all editions in which it is used. It needs no lock.
func (v *View) opened(state *State, layout *workspace.Layout, path string) []*workspace.File {
	var files []*workspace.File
	for _, e := range layout.Editions(path) {
		if f := state.Snapshot.Open(layout, workspace.FileID{Path: path, Edition: e}); f != nil {
			files = append(files, f)
		}
	}
	return files
}

func (v *View) fillUses(s *survey.Survey) {
	for i := range s.Traits {
		s.Traits[i].Compiled = v.uses[keyOf(s.Traits[i].Def)]
	}
}

func (v *View) analyseUrgent(state *State) []Result {
	var results []Result
	for _, path := range v.urgent {
		s := v.survey(state, v.layout, path)
		results = append(results, v.record(state, path, s, methodsIn(v.inference, state, v.layout, s))...)
		v.hasty[path] = state
	}
	v.urgent = nil
	return results
}

// analyseStale analyses a marked file, while others may edit.
//
// It does so in the state of the last edit that changed an interface, not in the newest one: the two differ in nothing that the
// file depends on, and everything that is known of the older one is known already. What differs are lines of edited files that
// findings point at; then the newest state is used after all.
func (v *View) analyseStale(newest *State, path string) []Result {
	state, layout, base := v.steady, v.layout, v.base
	if state == nil || v.newest[path] || newest.overlay[path] != state.overlay[path] {
		state = newest
	}
	delete(v.stale, path)
	delete(v.newest, path)
	v.records[path]++
	n := v.records[path]
	var s *survey.Survey
	var methods map[infer.Method]struct{}
	inference := v.inference
	func() {
		v.work.Unlock()
		defer v.work.Lock()
		s = v.survey(state, layout, path)
		methods = methodsIn(inference, state, layout, s)
	}()
	if v.base != base || v.records[path] != n { // read again, or analysed again, in the meantime
		return nil
	}
	if v.layout != layout { // the file may be another module now, or none, and whoever laid it out did not know of this analysis
		v.stale[path] = true
		return nil
	}
	results := v.record(state, path, s, methods)
	if f := v.files[path]; f != nil && state != newest {
		for other := range f.labels {
			if newest.overlay[other] != state.overlay[other] {
				v.stale[path], v.newest[path] = true, true
			}
		}
	}
	return results
}

// nextStale picks a marked file, open ones first.
func (v *View) nextStale(state *State) (string, bool) {
	for _, path := range slices.Sorted(maps.Keys(state.overlay)) {
		if v.stale[path] {
			return path, true
		}
	}
	for len(v.stale) > 0 {
		if len(v.queue) == 0 {
			v.queue = slices.Sorted(maps.Keys(v.stale))
			slices.Reverse(v.queue)
		}
		path := v.queue[len(v.queue)-1]
		if v.queue = v.queue[:len(v.queue)-1]; v.stale[path] {
			return path, true
		}
	}
	return "", false
}

// record takes note of what stands in a file, marks the files that depend on it, and has the rules look at it.
func (v *View) record(state *State, path string, s *survey.Survey, methods map[infer.Method]struct{}) []Result {
	delete(v.stale, path)
	v.records[path]++
	old := v.files[path]
	editions := v.layout.Editions(path)
	if len(editions) == 0 && old == nil && !v.shown[path] {
		return nil
	}
	now := &fileState{uses: map[traitKey]int{}, methods: methods}
	for i := range s.Mentions {
		m := &s.Mentions[i]
		if d := m.Principal; m.Compiled() && d.Kind != resolve.None && d.Scope.Crate.Member && d.File().Expansion == nil {
			now.uses[keyOf(d)]++
		}
	}
	v.count(path, old, now)
	var before map[infer.Method]struct{}
	if old != nil {
		before = old.methods
	}
	v.countMethods(before, methods)
	v.fillUses(s)
	findings := rules.Run(s, &infer.Result{}, v.settings)
	now.labels = labelled(path, findings)
	if len(editions) == 0 {
		delete(v.files, path)
	} else {
		v.files[path] = now
	}
	if len(findings) > 0 {
		v.shown[path] = true
	}
	return []Result{{Path: path, Seq: v.next(), State: state, Findings: findings, Failures: s.Failures}}
}

// labelled are the other files that findings in a file point into, with the lines there.
func labelled(path string, findings []rules.Finding) map[string][]int {
	out := map[string][]int{}
	for i := range findings {
		for _, l := range findings[i].Labels {
			if other := l.File.Path; other != path && !l.File.Std {
				at, span := l.File.Lines(), l.File.Whole(l.Span)
				out[other] = append(out[other], at.Line(span.Start), at.Line(span.End))
			}
		}
	}
	return out
}

// keyOf names a trait.
func keyOf(d resolve.Def) traitKey {
	f := d.File()
	items := f.Syntax().Items
	key := traitKey{file: workspace.FileID{Path: f.Path, Edition: f.Edition}, name: items[d.Item].Name}
	for i := range d.Item {
		if k := items[i].Kind; (k == syntax.KindTrait || k == syntax.KindTraitAlias) && items[i].Name == key.name {
			key.n++
		}
	}
	return key
}

// count replaces what a file adds to the uses of traits, and marks the files of traits whose number changed.
func (v *View) count(path string, old, now *fileState) {
	delta := maps.Clone(now.uses)
	if old != nil {
		for k, n := range old.uses {
			delta[k] -= n
		}
	}
	for k, n := range delta {
		if n == 0 {
			continue
		}
		if v.uses[k] += n; v.uses[k] == 0 {
			delete(v.uses, k)
		}
		if home := k.file.Path; home != path && v.files[home] != nil {
			v.stale[home] = true
		}
	}
}
