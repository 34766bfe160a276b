package analysis

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/config"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// layOut finds the modules of some targets again; the rest is as in old. It answers with a state of the same texts for the new
// layout: a file of a snapshot keeps the owners that the first layout gave it.
func (v *View) layOut(state *State, old *workspace.Layout, targets []*cargo.Target) *State {
	v.mu.Lock()
	fresh := v.stateOf(state.overlay)
	if v.state == state {
		v.state = fresh
	}
	v.mu.Unlock()
	v.layout = fresh.Snapshot.LayOut(old, targets, workspace.Options{Threads: v.opt.Threads, Progress: v.opt.Progress})
	return fresh
}

// settle finds out what the crates say of the rules.
func (v *View) settle(state *State) {
	v.settings = joinSettings(state.Snapshot.Rooted(v.layout), v.config, v.opt)
}

// take fetches the newest state and the paths that were edited since, with what was there before; first it reads the workspace
// if that is due.
func (v *View) take() (*State, []string, map[string]workspace.Versions, error) {
	v.mu.Lock()
	edited := slices.Sorted(maps.Keys(v.edited))
	disk, prior := v.disk, v.prior
	v.edited, v.disk, v.prior = map[string]bool{}, map[string]bool{}, map[string]workspace.Versions{}
	state := v.state
	v.mu.Unlock()
	if state == nil && v.failed == nil || v.mustReload(disk) {
		v.failed = nil
		state, err := v.load(disk)
		return state, nil, nil, err
	}
	if state == nil {
		return nil, nil, nil, nil
	}
	changed := false
	for path := range disk {
		if state.overlay[path] != nil || len(v.layout.Editions(path)) == 0 {
			v.base.Forget(path)
			continue
		}
		v.base.Forget(path)
		edited = append(edited, path)
		changed = true
	}
	if changed {
		v.mu.Lock()
		v.renew()
		state = v.state
		v.mu.Unlock()
	}
	return state, edited, prior, nil
}

// mustReload reports whether changes on disk may change which crates and files there are.
func (v *View) mustReload(disk map[string]bool) bool {
	for path := range disk {
		switch {
		case filepath.Ext(path) != ".rs" || filepath.Base(path) == "build.rs":
			return true
		case v.layout == nil, v.base.Holds(path):
			return true
		}
		_, err := os.Lstat(path)
		known := v.layout.Reaches(path) || v.orphans[path].onDisk
		if !known && v.rest != nil { // it may be a root of what is not laid out yet
			return true
		}
		if exists := !errors.Is(err, fs.ErrNotExist); exists != known {
			return true
		}
	}
	return false
}

// load reads the workspace: at first only the packages with open buffers, so that what the user looks at comes first.
func (v *View) load(disk map[string]bool) (*State, error) {
	w, err := cargo.Load(v.path, v.opt.Cargo)
	v.mu.Lock()
	overlay := v.overlay
	v.mu.Unlock()
	if err != nil {
		if overlay[v.path] == nil {
			return nil, err
		}
		w = cargo.LoadUnsaved(v.path, v.opt.Cargo)
	}
	c, err := config.Load(v.path, w.Root, config.Vocabulary{Rules: ruleNames(), Fixes: v.opt.Fixes})
	v.misconfigured = err
	if err != nil {
		c = &config.Config{}
	}
	store := workspace.NewStore()
	if v.base != nil {
		store = v.base.Store()
		for path := range disk {
			store.Forget(path)
		}
	}
	base := workspace.NewBase(w, store)
	judge := dyncompat.New(types.New(resolve.New(base)))
	v.mu.Lock()
	v.base, v.judge, v.config, v.formats, v.inference, v.strays = base, judge, c, &config.Formats{}, infer.NewBase(judge, base), nil
	v.renew()
	state := v.state
	v.mu.Unlock()
	old := v.layout
	v.orphans = nil
	var first []*cargo.Target
	v.rest = []*cargo.Target{}
	for _, p := range w.Members {
		open := old == nil && anyWithin(state.overlay, p.Dir)
		for _, t := range p.Targets {
			if open {
				first = append(first, t)
			} else {
				v.rest = append(v.rest, t)
			}
		}
	}
	state = v.layOut(state, nil, first)
	v.settings.Levels, v.settings.RuleSet = c.Rules, cmp.Or(v.opt.RuleSet, c.RuleSet, v.settings.RuleSet, dyncompat.Stable)
	v.done, v.steady = state, nil
	v.urgent, v.calls.urgent, v.calls.complete = nil, nil, false
	v.calls.steady, v.calls.newest = inferring{}, inferring{}
	clear(v.unspread)
	clear(v.hasty)
	for path := range state.overlay {
		if len(v.layout.Editions(path)) > 0 {
			v.stale[path] = true
			v.urgent = append(v.urgent, path)
		}
	}
	slices.Sort(v.urgent)
	return state, nil
}

func anyWithin(overlay map[string]*workspace.Buffer, dir string) bool {
	for path := range overlay {
		if path == dir || strings.HasPrefix(path, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator)) {
			return true
		}
	}
	return false
}

// layOutRest finds the files that load left, and marks all files.
func (v *View) layOutRest(state *State) {
	state = v.layOut(state, v.layout, v.rest)
	v.rest, v.steady, v.done = nil, state, state
	v.settle(state)
	v.unread = v.layout.Files()
	v.markAll()
	v.adopt(state)
}

// orphan is a crate of one open file that no target leads to.
type orphan struct {
	target *cargo.Target
	onDisk bool // when it was adopted
}

// adopt makes a crate of its own of each open file that no target leads to, as Open does of those that it is asked about, and drops
// those of files that are closed, or that a target leads to by now. Files of other workspaces are left to those.
func (v *View) adopt(state *State) {
	if v.rest != nil {
		return
	}
	next := map[string]orphan{}
	var fresh []*cargo.Target
	for path := range state.overlay {
		if filepath.Ext(path) != ".rs" || v.layout.Reaches(path) {
			continue
		}
		o, ok := v.orphans[path]
		if !ok {
			if o.target = v.base.Cargo.Orphan(path); o.target == nil || !nearest(path, o.target.Package) {
				continue
			}
			_, err := os.Lstat(path)
			o.onDisk = err == nil
			fresh = append(fresh, o.target)
		}
		next[path] = o
	}
	if len(fresh) == 0 && len(next) == len(v.orphans) {
		return
	}
	mark := func(t *cargo.Target) {
		for _, id := range v.layout.Of(t) {
			v.stale[id.Path], v.calls.stale[id.Path] = true, true
		}
	}
	for path, o := range v.orphans {
		if _, ok := next[path]; !ok {
			mark(o.target)
		}
	}
	v.orphans = next
	paths := slices.Sorted(maps.Keys(next))
	all := make([]*cargo.Target, len(paths))
	for i, path := range paths {
		all[i] = next[path].target
	}
	v.mu.Lock()
	v.strays = paths
	v.mu.Unlock()
	state = v.layOut(state, v.layout.Adopt(all), fresh)
	v.done, v.steady = state, state
	v.settle(state)
	for _, t := range fresh {
		mark(t)
	}
}

// nearest reports whether no manifest lies between a file and its package.
func nearest(path string, p *cargo.Package) bool {
	for dir := filepath.Dir(path); dir != p.Dir && len(dir) > len(p.Dir); dir = filepath.Dir(dir) {
		if _, err := os.Lstat(filepath.Join(dir, "Cargo.toml")); err == nil {
			return false
		}
	}
	return true
}

// clear takes back all findings, when the workspace cannot be read any more.
func (v *View) clear(state *State) []Result {
	var out []Result
	for _, path := range slices.Sorted(maps.Keys(v.shown)) {
		out = append(out, Result{Path: path, Seq: v.next(), State: state})
	}
	v.mu.Lock()
	v.state, v.base, v.judge = nil, nil, nil
	v.mu.Unlock()
	for _, path := range slices.Sorted(maps.Keys(v.calls.shown)) {
		out = append(out, Result{Path: path, Seq: v.next(), State: state, AboutCalls: true})
	}
	v.layout, v.rest = nil, nil
	v.calls = newCallBook()
	clear(v.files)
	clear(v.stale)
	clear(v.uses)
	return out
}

// cold analyses the workspace as a whole, where parts of it cannot be told apart.
func (v *View) cold(state *State) []Result {
	v.orphans = nil
	v.mu.Lock()
	v.strays = nil
	v.mu.Unlock()
	state = v.layOut(state, nil, state.Snapshot.Targets())
	v.rest, v.done, v.steady = nil, state, state
	v.settle(state)
	v.adopt(state)
	state = v.done
	clear(v.stale)
	clear(v.unspread)
	clear(v.hasty)
	v.urgent, v.calls.urgent = nil, nil
	clear(v.calls.stale)
	session := state.Session()
	byPath, calls := map[string][]rules.Finding{}, map[string][]rules.Finding{}
	for _, f := range session.Findings() {
		into := byPath
		if slices.Contains(rules.AboutCalls, f.Rule) {
			into = calls
		}
		into[f.Primary.File.Path] = append(into[f.Primary.File.Path], f)
	}
	failures := map[string][]survey.Failure{}
	for _, f := range session.Failures {
		failures[f.File.Path] = append(failures[f.File.Path], f)
	}
	for _, f := range session.Snapshot.Files {
		if v.files[f.Path] == nil {
			v.files[f.Path] = &fileState{}
		}
	}
	for _, shown := range [...]map[string]bool{v.shown, v.calls.shown} { // also of files that left the workspace before
		for path := range shown {
			if v.files[path] == nil {
				v.files[path] = &fileState{}
			}
		}
	}
	var out []Result
	for _, path := range slices.Sorted(maps.Keys(v.files)) {
		v.shown[path] = v.shown[path] || len(byPath[path]) > 0
		v.calls.shown[path] = v.calls.shown[path] || len(calls[path]) > 0
		out = append(out, Result{Path: path, Seq: v.next(), State: state, Findings: byPath[path], Failures: failures[path]})
		out = append(out, Result{Path: path, Seq: v.next(), State: state, Findings: calls[path], AboutCalls: true})
	}
	return out
}
