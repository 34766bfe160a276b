package analysis

import (
	"bytes"
	"cmp"
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
	"github.com/afidt-lsp/afidt-lsp/analysis/config"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
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

	mu        sync.Mutex
	overlay   map[string]*workspace.Buffer  // replaced, never changed
	state     *State                        // of the newest texts; nil before the workspace was read
	edited    map[string]bool               // paths whose text changed and that Next has not seen
	disk      map[string]bool               // paths that changed on disk, likewise
	prior     map[string]workspace.Versions // of these paths, what Next saw last
	base      *workspace.Snapshot
	judge     *dyncompat.Judge // of base
	inference *infer.Engine    // of base
	config    *config.Config
	kept      *keptSession

	work   sync.Mutex // held by Next, and guards what follows
	seq    uint64     // of the last result
	done   *State     // that the marks below are up to date with
	layout *workspace.Layout
	rest   []*cargo.Target // not laid out yet
	urgent []string        // edited, to be analysed before anything else
	// steady is the state of the last edit that changed an interface, and newest the files for which it does not do.
	steady  *State
	newest  map[string]bool
	records map[string]int // counts how often each file's analysis was begun or recorded
	// unspread are the edited files whose dependents are not marked, with the version for which they were.
	unspread      map[string]workspace.Versions
	stale         map[string]bool // to be analysed
	queue         []string        // stale at some time, sorted, the first at the end
	files         map[string]*fileState
	uses          map[traitKey]int
	words         map[workspace.FileID]cachedWords
	faces         map[workspace.FileID]cachedInterface // of the files edited last
	unread        []workspace.FileID                   // whose words were not read yet
	failed        error
	settings      rules.Settings // of the layout's crates
	misconfigured error
	calls         callBook
	// shown are the files for which findings were handed out. Nothing is taken from it: that a file has none any more may be
	// handed out with a text that is no longer the newest, and is then said again with the newest.
	shown map[string]bool
}

// State is a view at one moment. It is immutable.
type State struct {
	Snapshot *workspace.Snapshot // without Crates and Files: made on demand
	Judge    *dyncompat.Judge
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

type cachedWords struct {
	text  []byte // identity of the version
	words *workspace.Words
}

type cachedInterface struct {
	text []byte // identity of the version
	face *workspace.Interface
}

// Result is what was found in one file.
type Result struct {
	Path  string
	State *State
	// Seq orders the results of a view: of two for one file the one with the larger number counts, in whatever order they arrive.
	Seq uint64
	// Findings are those of the rules about calls if AboutCalls is set, else those of all other rules.
	Findings   []rules.Finding
	AboutCalls bool
}

// NewView is a view of the workspace, package or lone file that holds path, with buffers as Edit takes them. Nothing is read
// before Next; the options' overlay is not used.
func NewView(path string, opt Options, buffers map[string]*workspace.Buffer) *View {
	opt.ProbeToolchain = false // nothing is run because a folder is opened
	v := &View{path: path, opt: opt, kept: &keptSession{}, overlay: maps.Clone(buffers)}
	if v.overlay == nil {
		v.overlay = map[string]*workspace.Buffer{}
	}
	v.edited, v.disk, v.prior = map[string]bool{}, map[string]bool{}, map[string]workspace.Versions{}
	v.stale, v.files, v.uses = map[string]bool{}, map[string]*fileState{}, map[traitKey]int{}
	v.words, v.faces = map[workspace.FileID]cachedWords{}, map[workspace.FileID]cachedInterface{}
	v.unspread = map[string]workspace.Versions{}
	v.newest, v.records, v.calls = map[string]bool{}, map[string]int{}, newCallBook()
	v.shown = map[string]bool{}
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
	v.kept.drop()
	v.state = v.stateOf(v.overlay)
}

// stateOf is the workspace with these buffers.
func (v *View) stateOf(overlay map[string]*workspace.Buffer) *State {
	snapshot := v.base.Edit(overlay)
	s := &State{Snapshot: snapshot, Judge: v.judge.On(snapshot), overlay: overlay, kept: v.kept}
	base, judge, inference, threads := v.base, v.judge, v.inference, max(v.opt.Threads, 1)
	c, opt := v.config, v.opt
	s.make = func() *Session {
		whole := base.Whole(s.overlay, threads)
		own := judge.On(whole)
		if whole.Base() != base {
			own, inference = dyncompat.New(types.New(resolve.New(whole))), nil
		}
		return newSession(survey.MakeWith(own, whole, threads), inference, c, joinSettings(whole, c, opt), threads)
	}
	return s
}

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

// State is the newest state; nil before the workspace was read.
func (v *View) State() *State {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.state
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
	state, results, err := v.takeUp()
	switch {
	case err != nil || state == nil:
		return results, true, err
	case v.base.Borrows():
		return v.cold(state), !v.pending(), nil
	case len(v.urgent) > 0:
		results = v.analyseUrgent(state)
	case len(v.unspread) > 0:
		v.spread(state)
	case v.rest != nil:
		v.layOutRest(state)
	default:
		if path, ok := v.calls.next(false); ok {
			results = v.analyseCalls(state, path)
		} else if path, ok := v.nextStale(state); ok {
			results = v.analyseStale(state, path)
		} else if path, ok := v.nextCalls(); ok {
			results = v.analyseCalls(state, path)
		} else if !v.readWords(state) {
			return nil, !v.pending(), nil
		}
	}
	return results, false, nil
}

// Edited does what of Next cannot wait: it analyses the files that were edited. Another goroutine may be in Next.
func (v *View) Edited(ctx context.Context) ([]Result, error) {
	v.work.Lock()
	defer v.work.Unlock()
	if ctx.Err() != nil || v.layout == nil { // not read yet
		return nil, nil
	}
	state, results, err := v.takeUp()
	if err != nil || state == nil || v.base.Borrows() {
		return results, err
	}
	return v.analyseUrgent(state), nil
}

// Idle reports whether nothing is left to do.
func (v *View) Idle() bool {
	v.work.Lock()
	defer v.work.Unlock()
	return !v.pending() && len(v.urgent)+len(v.unspread)+len(v.stale)+len(v.calls.stale) == 0 && v.rest == nil
}

// takeUp fetches the newest state and what was edited. A nil state means that there is nothing to work on; the results then
// take back what was found.
func (v *View) takeUp() (*State, []Result, error) {
	state, edited, prior, err := v.take()
	if err != nil {
		v.failed = err
		return nil, v.clear(state), err
	}
	if state == nil {
		return nil, nil, v.failed
	}
	for _, path := range edited {
		if !slices.Contains(v.urgent, path) {
			v.urgent = append(v.urgent, path)
		}
		v.calls.edit(path)
		if _, ok := v.unspread[path]; !ok {
			v.unspread[path] = prior[path]
		}
	}
	return state, nil, nil
}

func (v *View) analyseUrgent(state *State) []Result {
	var results []Result
	for _, path := range v.urgent {
		s := v.survey(state, v.layout, path)
		results = append(results, v.record(state, path, s, methodsIn(v.inference, state, v.layout, s))...)
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

func (v *View) next() uint64 {
	v.seq++
	return v.seq
}

// Misconfigured is what is wrong with the workspace's configuration file, which is then not used.
func (v *View) Misconfigured() error {
	v.work.Lock()
	defer v.work.Unlock()
	return v.misconfigured
}

// settle finds out what the crates say of the rules.
func (v *View) settle(state *State) {
	v.settings = joinSettings(state.Snapshot.Rooted(), v.config, v.opt)
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
	v.base, v.judge, v.config, v.inference = base, judge, c, infer.NewBase(judge, base)
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
	state = v.layOut(state, nil, first)
	v.settings.Levels, v.settings.RuleSet = c.Rules, cmp.Or(v.opt.RuleSet, c.RuleSet, v.settings.RuleSet, dyncompat.Stable)
	v.done, v.steady = state, nil
	v.urgent, v.calls.urgent, v.calls.complete = nil, nil, false
	v.calls.steady, v.calls.newest = inferring{}, inferring{}
	clear(v.unspread)
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
}

// markAll marks all files of the workspace, and those that were part of it.
func (v *View) markAll() {
	for _, id := range v.layout.Files() {
		v.stale[id.Path] = true
	}
	for path := range v.files {
		v.stale[path] = true
	}
	maps.Copy(v.calls.stale, v.stale)
}

// nextCalls picks a file for the rules about calls, when all files are surveyed.
func (v *View) nextCalls() (string, bool) {
	v.calls.complete = true
	return v.calls.next(true)
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
		out = append(out, Result{Path: path, Seq: v.next(), State: state})
	}
	v.mu.Lock()
	v.state, v.base, v.judge = nil, nil, nil
	v.mu.Unlock()
	for path := range v.calls.shown {
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
	clear(v.stale)
	clear(v.unspread)
	v.urgent, v.rest, v.calls.urgent = nil, nil, nil
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
	for _, f := range session.Snapshot.Files {
		if v.files[f.Path] == nil {
			v.files[f.Path] = &fileState{}
		}
	}
	var out []Result
	for _, path := range slices.Sorted(maps.Keys(v.files)) {
		out = append(out, Result{Path: path, Seq: v.next(), State: state, Findings: byPath[path]})
		out = append(out, Result{Path: path, Seq: v.next(), State: state, Findings: calls[path], AboutCalls: true})
	}
	return out
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
	v.countMethods(state, before, methods)
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
	return []Result{{Path: path, Seq: v.next(), State: state, Findings: findings}}
}

// labelled are the other files that findings in a file point into, with the lines there.
func labelled(path string, findings []rules.Finding) map[string][]int {
	out := map[string][]int{}
	for i := range findings {
		for _, l := range findings[i].Labels {
			if other := l.File.Path; other != path && !l.File.Std {
				at := l.File.Lines()
				out[other] = append(out[other], at.Line(l.Span.Start), at.Line(l.Span.End))
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

// spread marks the files whose analysis may differ because of edits.
func (v *View) spread(state *State) {
	before := v.done
	v.done = state
	prior := v.unspread
	v.unspread = map[string]workspace.Versions{}
	var names []string
	all, onDisk, came := false, false, false
	var targets []*cargo.Target
	var packages []*cargo.Package // in which declarations changed
	for _, path := range slices.Sorted(maps.Keys(prior)) {
		editions := v.layout.Editions(path)
		if len(editions) == 0 {
			came = came || appears(before, state, path)
			continue
		}
		for _, e := range editions {
			id := workspace.FileID{Path: path, Edition: e}
			old, now := prior[path][e], state.Snapshot.File(id)
			if old == nil {
				// Edited before it was read: the layout may come from what is on disk.
				if before.overlay[path] != state.overlay[path] {
					all = true
					targets = append(targets, v.layout.Targets(path)...)
				}
				continue
			}
			if bytes.Equal(old.Text, now.Text) && (old.Err == nil) == (now.Err == nil) {
				continue
			}
			v.markLabels(path, old.Text, now.Text)
			onDisk = onDisk || state.overlay[path] == nil
			before := v.face(id, old)
			c := v.face(id, now).Changed(before)
			names = append(names, c.Names...)
			all = all || c.Global || c.Structure
			if c.Signatures {
				for _, t := range v.layout.Targets(path) {
					packages = append(packages, t.Package)
				}
			}
			if c.Structure || (old.Err == nil) != (now.Err == nil) {
				all = true
				targets = append(targets, v.layout.Targets(path)...)
			}
		}
	}
	if came {
		all, targets = true, state.Snapshot.Targets()
	}
	if v.rest != nil { // they are laid out with the rest
		for _, t := range targets {
			if !slices.Contains(v.rest, t) {
				v.rest = append(v.rest, t)
			}
		}
	} else if len(targets) > 0 {
		state = v.layOut(state, v.layout, targets)
		v.done = state
		v.settle(state)
	}
	if all || len(names)+len(packages) > 0 || onDisk {
		v.steady = state
	}
	if v.rest == nil && len(packages) > 0 {
		v.markCallers(packages)
	}
	switch {
	case v.rest != nil: // all files are marked when the layout is complete
	case all:
		v.markAll()
	case len(names) > 0:
		v.markDependents(state, names)
	}
}

// appears reports whether a file that is on no disk came or went, which a `mod` of any crate may be waiting for.
func appears(before, state *State, path string) bool {
	if (before.overlay[path] == nil) == (state.overlay[path] == nil) || filepath.Ext(path) != ".rs" {
		return false
	}
	_, err := os.Lstat(path)
	return err != nil
}

// markLabels marks the files whose findings point at lines of an edited file that moved or changed.
func (v *View) markLabels(path string, old, now []byte) {
	from, to, delta := ChangedLines(old, now)
	touched := func(line int) bool { return line >= from && (line <= to || delta != 0) }
	for other, f := range v.files {
		if slices.ContainsFunc(f.labels[path], touched) {
			v.stale[other] = true
		}
	}
	for other, labels := range v.calls.labels {
		if slices.ContainsFunc(labels[path], touched) {
			v.calls.stale[other] = true
		}
	}
}

// ChangedLines are the first and the last line of old that differ in now, from 0, and by how much the numbers of the lines behind
// them differ.
func ChangedLines(old, now []byte) (from, to, delta int) {
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
	return from, from + was, is - was
}

// markDependents marks the files that depend on declarations with these names.
func (v *View) markDependents(state *State, names []string) {
	ids := v.layout.Files()
	files := make([]*workspace.Words, len(ids))
	for i, id := range ids {
		files[i] = v.wordsOf(state, id)
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

func (v *View) wordsOf(state *State, id workspace.FileID) *workspace.Words {
	f := state.Snapshot.File(id)
	c := v.words[id]
	if c.words == nil || !sameText(c.text, f.Text) {
		c = cachedWords{f.Text, workspace.WordsOf(f)}
		v.words[id] = c
	}
	return c.words
}

// readWords reads the words of some more files when there is nothing else to do, so that the first edit of an interface need
// not wait for it. It reports whether there was something left to read.
func (v *View) readWords(state *State) bool {
	n := min(len(v.unread), 16)
	for _, id := range v.unread[:n] {
		v.wordsOf(state, id)
	}
	v.unread = v.unread[n:]
	return n > 0
}

// face is the interface of a version of a file; that of the last version is kept, because it is the old one of the next edit.
func (v *View) face(id workspace.FileID, f *workspace.File) *workspace.Interface {
	if c := v.faces[id]; c.face != nil && sameText(c.text, f.Text) {
		return c.face
	}
	if len(v.faces) > 64 {
		clear(v.faces)
	}
	face := workspace.InterfaceOf(f)
	v.faces[id] = cachedInterface{f.Text, face}
	return face
}

// sameText reports whether two texts are one in memory.
func sameText(a, b []byte) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}
