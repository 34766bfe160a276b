package analysis

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/config"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// View is a workspace that somebody edits: texts go in, findings come out. Edit takes note of a text at once, and Next does
// what that leaves to be done, file by file, what was edited first; when nothing is left, the findings handed out are those
// that Open would find on the same texts.
//
// What always holds:
//
//   - An edit makes a new State (view_state.go), which shares the facts of all other files, and everything known of dependencies
//     and the standard library. A state is immutable, and is asked with one layout alone, because its files keep the owners that the
//     first one gave them: whoever lays modules out again makes a new state of the same texts (layOut).
//   - A layout is that of the newest texts whose edits were spread; until then a file may be analysed with an older one, and is
//     analysed again if that matters (view_load.go).
//   - Which files have to be analysed again is told by the fingerprint of the edited file's interface (workspace.Interface). A
//     file is marked before anything that it was marked for can be overlooked, and its mark is taken when its analysis begins, so
//     that an edit meanwhile marks it again (view_spread.go, view_file.go; for the rules about calls view_calls.go).
//   - Who is handed a result drops it if its text is no longer the newest. So a file that ever had findings is always answered for
//     when it was edited, also when it is no part of the workspace any more (shown).
//   - What was found is kept by whom it was handed to; the view keeps only what findings depend on.
//
// Its methods are safe for concurrent use: mu guards what Edit touches and is held for moments, work guards the rest and is let go
// of while a file is analysed.
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
	formats   *config.Formats
	kept      *keptSession
	strays    []string // open files that no target leads to, sorted; replaced, never changed

	work   sync.Mutex // held by Next, and guards what follows
	seq    uint64     // of the last result
	done   *State     // that the marks below are up to date with
	layout *workspace.Layout
	rest   []*cargo.Target // not laid out yet
	// orphans are crates of their own for the strays, by path.
	orphans map[string]orphan
	urgent  []string // edited, to be analysed before anything else
	// steady is the state of the last edit that changed an interface, and newest the files for which it does not do.
	steady  *State
	newest  map[string]bool
	records map[string]int // counts how often each file's analysis was begun or recorded
	// unspread are the edited files whose dependents are not marked, with the version for which they were.
	unspread map[string]workspace.Versions
	// hasty are the files that were analysed before that, in these states. What is spread may be a later one, in which what they
	// depend on is as it was before.
	hasty         map[string]*State
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

// Result is what was found in one file.
type Result struct {
	Path  string
	State *State
	// Seq orders the results of a view: of two for one file the one with the larger number counts, in whatever order they arrive.
	Seq uint64
	// Findings are those of the rules about calls if AboutCalls is set, else those of all other rules.
	Findings   []rules.Finding
	AboutCalls bool
	// Failures are bugs of the engine that the file brought to light; what they concern has no findings.
	Failures []survey.Failure
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
	v.unspread, v.hasty = map[string]workspace.Versions{}, map[string]*State{}
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

func (v *View) pending() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.edited) > 0 || len(v.disk) > 0
}
