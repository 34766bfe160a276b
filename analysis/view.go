package analysis

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// View is a workspace that somebody edits: texts go in, findings come out. Edit takes note of a text at once, and Next does
// what that leaves to be done, file by file, what was edited first; when nothing is left, the findings handed out are those
// that Open would find on the same texts.
//
// An edit makes a new State, which shares the facts of all other files, and everything known of dependencies and the
// standard library. Which files have to be analysed again is told by the fingerprint of the edited file's interface
// (workspace.Interface). What was found in the others is kept by whom it was handed to; the view keeps only what findings
// depend on.
//
// Its methods are safe for concurrent use.
type View struct {
	path string
	opt  Options

	mu      sync.Mutex
	overlay map[string]*workspace.Buffer  // replaced, never changed
	state   *State                        // of the newest texts; nil before the workspace was read
	edited  map[string]bool               // paths whose text changed and that Next has not seen
	disk    map[string]bool               // paths that changed on disk, likewise
	prior   map[string]workspace.Versions // of these paths, what Next saw last
	base    *workspace.Snapshot
	judge   *dyncompat.Judge // of base

	work   sync.Mutex // held by Next, and guards what follows
	done   *State     // that the marks below are up to date with
	layout *workspace.Layout
	rest   []*cargo.Target // not laid out yet
	urgent []string        // edited, to be analysed before anything else
	stale  map[string]bool // to be analysed
	queue  []string        // stale at some time, sorted, the first at the end
	files  map[string]*fileState
	uses   map[traitKey]int
	words  map[workspace.FileID]cachedWords
	failed error
}

// State is a view at one moment. It is immutable.
type State struct {
	Snapshot *workspace.Snapshot // without Crates and Files: made on demand
	Judge    *dyncompat.Judge
	overlay  map[string]*workspace.Buffer
	session  func() *Session
}

// Session is the whole workspace, analysed as Open does, with what is known already. It is made when it is first asked for.
func (s *State) Session() *Session { return s.session() }

// Has reports whether a buffer is what stands at path in this state.
func (s *State) Has(path string, b *workspace.Buffer) bool { return s.overlay[path] == b }

// fileState is what the view remembers of a file's analysis.
type fileState struct {
	uses   map[traitKey]int
	labels map[string][]int // other files that findings point into, and the lines there, from 0
}

// traitKey names a trait across states: the n-th of its name in a file.
type traitKey struct {
	file workspace.FileID
	name string
	n    int
}

type cachedWords struct {
	text  []byte // identity of the version
	words *workspace.Words
}

// Result is what was found in one file.
type Result struct {
	Path     string
	State    *State
	Findings []rules.Finding
}

// NewView is a view of the workspace, package or lone file that holds path, with buffers as Edit takes them. Nothing is read
// before Next; the options' overlay is not used.
func NewView(path string, opt Options, buffers map[string]*workspace.Buffer) *View {
	v := &View{path: path, opt: opt, overlay: maps.Clone(buffers)}
	if v.overlay == nil {
		v.overlay = map[string]*workspace.Buffer{}
	}
	v.edited, v.disk, v.prior = map[string]bool{}, map[string]bool{}, map[string]workspace.Versions{}
	v.stale, v.files, v.uses = map[string]bool{}, map[string]*fileState{}, map[traitKey]int{}
	v.words = map[workspace.FileID]cachedWords{}
	return v
}

// Edit makes a buffer stand for what is on disk at path; nil makes it what is on disk again.
func (v *View) Edit(path string, b *workspace.Buffer) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.remember(path)
	v.overlay = maps.Clone(v.overlay)
	if b == nil {
		delete(v.overlay, path)
		if v.base != nil { // not every client says that it saved, or watches files
			v.base.Forget(path)
		}
	} else {
		v.overlay[path] = b
	}
	v.edited[path] = true
	v.renew()
}

// Changed tells the view that files on disk may differ from what it read.
func (v *View) Changed(paths ...string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, p := range paths {
		v.remember(p)
		v.disk[p] = true
	}
}

// remember keeps the version of a file that Next saw last, before the first change that Next has not seen.
func (v *View) remember(path string) {
	if _, ok := v.prior[path]; !ok && v.state != nil {
		v.prior[path] = v.state.Snapshot.Versions(path)
	}
}

// renew makes the state of the newest texts.
func (v *View) renew() {
	if v.base == nil {
		return
	}
	snapshot := v.base.Edit(v.overlay)
	s := &State{Snapshot: snapshot, Judge: v.judge.On(snapshot), overlay: v.overlay}
	base, judge, threads := v.base, v.judge, max(v.opt.Threads, 1)
	s.session = sync.OnceValue(func() *Session {
		whole := base.Whole(s.overlay, threads)
		if whole.Base() != base {
			return newSession(survey.Make(whole, threads), threads)
		}
		return newSession(survey.MakeWith(judge.On(whole), whole, threads), threads)
	})
	v.state = s
}

// State is the newest state; nil before the workspace was read.
func (v *View) State() *State {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.state
}

// Progress is how many of how many files were analysed.
func (v *View) Progress() (done, total int) {
	v.work.Lock()
	defer v.work.Unlock()
	if v.layout == nil {
		return 0, 0
	}
	total = len(v.layout.Files())
	return max(0, total-len(v.stale)), total
}

// Holds reports whether a file belongs to the workspace; known is false while that is not known.
func (v *View) Holds(path string) (holds, known bool) {
	v.work.Lock()
	defer v.work.Unlock()
	if v.layout == nil {
		return false, v.failed != nil
	}
	return len(v.layout.Editions(path)) > 0, v.rest == nil
}

// Next does a piece of the work that is left and returns what came of it; done is set when none is left. The error is that of
// Open.
func (v *View) Next(ctx context.Context) (results []Result, done bool, err error) {
	v.work.Lock()
	defer v.work.Unlock()
	if ctx.Err() != nil {
		return nil, true, nil
	}
	state, edited, prior, err := v.take()
	if err != nil {
		v.failed = err
		return v.clear(state), true, err
	}
	if state == nil {
		return nil, true, v.failed
	}
	for _, path := range edited {
		if !slices.Contains(v.urgent, path) {
			v.urgent = append(v.urgent, path)
		}
	}
	switch {
	case len(v.urgent) > 0:
		for _, path := range v.urgent {
			results = append(results, v.analyse(state, path)...)
		}
		v.spread(state, v.urgent, prior)
		v.urgent = nil
	case v.rest != nil:
		v.layOutRest(state)
	default:
		if path, ok := v.nextStale(state); ok {
			results = v.analyse(state, path)
		}
	}
	if v.base.Borrows() {
		return v.cold(state), !v.pending(), nil
	}
	return results, len(v.stale) == 0 && v.rest == nil && !v.pending(), nil
}

func (v *View) pending() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.edited) > 0 || len(v.disk) > 0
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
		known := len(v.layout.Editions(path)) > 0
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
	v.base, v.judge = base, judge
	v.renew()
	state := v.state
	v.mu.Unlock()
	old := v.layout
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
	v.layout = state.Snapshot.LayOut(nil, first, v.opt.Threads)
	v.done = state
	v.urgent = nil
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
	v.layout = state.Snapshot.LayOut(v.layout, v.rest, v.opt.Threads)
	v.rest = nil
	v.markAll()
}

// markAll marks all files of the workspace, and those that were part of it.
func (v *View) markAll() {
	for _, id := range v.layout.Files() {
		v.stale[id.Path] = true
	}
	for path := range v.files {
		v.stale[path] = true
	}
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

// clear takes back all findings, when the workspace cannot be read any more.
func (v *View) clear(state *State) []Result {
	var out []Result
	for _, path := range slices.Sorted(maps.Keys(v.files)) {
		out = append(out, Result{Path: path, State: state})
	}
	v.mu.Lock()
	v.state, v.base, v.judge = nil, nil, nil
	v.mu.Unlock()
	v.layout, v.rest = nil, nil
	clear(v.files)
	clear(v.stale)
	clear(v.uses)
	return out
}

// cold analyses the workspace as a whole, where parts of it cannot be told apart.
func (v *View) cold(state *State) []Result {
	clear(v.stale)
	session := state.Session()
	byPath := map[string][]rules.Finding{}
	for _, f := range session.Findings() {
		byPath[f.Primary.File.Path] = append(byPath[f.Primary.File.Path], f)
	}
	for _, f := range session.Snapshot.Files {
		if v.files[f.Path] == nil {
			v.files[f.Path] = &fileState{}
		}
	}
	var out []Result
	for _, path := range slices.Sorted(maps.Keys(v.files)) {
		out = append(out, Result{Path: path, State: state, Findings: byPath[path]})
	}
	return out
}

// analyse finds what there is in one file and marks the files that depend on the outcome.
func (v *View) analyse(state *State, path string) []Result {
	delete(v.stale, path)
	old := v.files[path]
	editions := v.layout.Editions(path)
	if len(editions) == 0 && old == nil {
		return nil
	}
	now := &fileState{uses: map[traitKey]int{}, labels: map[string][]int{}}
	var files []*workspace.File
	for _, e := range editions {
		if f := state.Snapshot.Open(v.layout, workspace.FileID{Path: path, Edition: e}); f != nil {
			files = append(files, f)
		}
	}
	s := survey.Of(state.Judge, state.Snapshot, files, 1)
	for i := range s.Mentions {
		m := &s.Mentions[i]
		if d := m.Principal; m.Compiled() && d.Kind != resolve.None && d.Scope.Crate.Member && d.File().Expansion == nil {
			now.uses[keyOf(d)]++
		}
	}
	v.count(path, old, now)
	for i := range s.Traits {
		s.Traits[i].Compiled = v.uses[keyOf(s.Traits[i].Def)]
	}
	findings := rules.Run(s)
	for i := range findings {
		for _, l := range findings[i].Labels {
			if other := l.File.Path; other != path && !l.File.Std {
				at := l.File.Lines()
				now.labels[other] = append(now.labels[other], at.Line(l.Span.Start), at.Line(l.Span.End))
			}
		}
	}
	if len(editions) == 0 {
		delete(v.files, path)
	} else {
		v.files[path] = now
	}
	return []Result{{Path: path, State: state, Findings: findings}}
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

// spread marks the files whose analysis may differ because of edits.
func (v *View) spread(state *State, edited []string, prior map[string]workspace.Versions) {
	before := v.done
	v.done = state
	var names []string
	all := false
	var targets []*cargo.Target
	for _, path := range edited {
		editions := v.layout.Editions(path)
		if len(editions) == 0 {
			all = all || v.appears(before, state, path)
			continue
		}
		for _, e := range editions {
			id := workspace.FileID{Path: path, Edition: e}
			old, now := prior[path][e], state.Snapshot.File(id)
			if old == nil { // open since the workspace was read
				continue
			}
			if bytes.Equal(old.Text, now.Text) && (old.Err == nil) == (now.Err == nil) {
				continue
			}
			v.markLabels(path, old.Text, now.Text)
			c := workspace.InterfaceOf(now).Changed(workspace.InterfaceOf(old))
			names = append(names, c.Names...)
			all = all || c.Global || c.Structure
			if c.Structure || (old.Err == nil) != (now.Err == nil) {
				all = true
				targets = append(targets, v.layout.Targets(path)...)
			}
		}
	}
	if len(targets) > 0 && v.rest == nil {
		v.layout = state.Snapshot.LayOut(v.layout, targets, v.opt.Threads)
	}
	switch {
	case v.rest != nil: // all files are marked when the layout is complete
	case all:
		v.markAll()
	case len(names) > 0:
		v.markDependents(state, names)
	}
}

// appears lays the workspace out again if a file that is on no disk came or went, which a `mod` may be waiting for.
func (v *View) appears(before, state *State, path string) bool {
	if (before.overlay[path] == nil) == (state.overlay[path] == nil) || filepath.Ext(path) != ".rs" {
		return false
	}
	if _, err := os.Lstat(path); err == nil {
		return false
	}
	if v.rest == nil {
		v.layout = state.Snapshot.LayOut(nil, state.Snapshot.Targets(), v.opt.Threads)
	}
	return true
}

// markLabels marks the files whose findings point at lines of an edited file that moved or changed.
func (v *View) markLabels(path string, old, now []byte) {
	from, to, moved := changedLines(old, now)
	for other, f := range v.files {
		for _, line := range f.labels[path] {
			if line >= from && (line <= to || moved) {
				v.stale[other] = true
				break
			}
		}
	}
}

// changedLines are the first and the last line of old that differ in now, from 0, and whether the lines behind them have other
// numbers.
func changedLines(old, now []byte) (from, to int, moved bool) {
	n := min(len(old), len(now))
	start := 0
	for start < n && old[start] == now[start] {
		start++
	}
	end := 0
	for end < n-start && old[len(old)-1-end] == now[len(now)-1-end] {
		end++
	}
	newline := []byte("\n")
	from = bytes.Count(old[:start], newline)
	was, is := bytes.Count(old[start:len(old)-end], newline), bytes.Count(now[start:len(now)-end], newline)
	return from, from + was, was != is
}

// markDependents marks the files that depend on declarations with these names.
func (v *View) markDependents(state *State, names []string) {
	ids := v.layout.Files()
	files := make([]*workspace.Words, len(ids))
	for i, id := range ids {
		f := state.Snapshot.File(id)
		c := v.words[id]
		if c.words == nil || !sameText(c.text, f.Text) {
			c = cachedWords{f.Text, workspace.WordsOf(f)}
			v.words[id] = c
		}
		files[i] = c.words
	}
	hits, all := workspace.Dependents(names, files)
	if all {
		v.markAll()
		return
	}
	for _, i := range hits {
		v.stale[ids[i].Path] = true
	}
}

// sameText reports whether two texts are one in memory.
func sameText(a, b []byte) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}
