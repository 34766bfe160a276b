// Package workspace holds the immutable set of files of a workspace with their facts, its crates and their module trees.
//
// It knows where modules and crates come from and which #[cfg]s hold, and follows no name: that is package resolve's. The
// workspace's own crates are read at once; dependencies and the standard library module by module, when a path leads into
// them. Everything is immutable or filled once, so a Snapshot is safe for concurrent use.
package workspace

import (
	"cmp"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve/stdlib"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// Options say how a workspace is read.
type Options struct {
	Cargo   cargo.Options
	Threads int // 0 means one
	// Paths are the files and folders that the user asked about: files among them are read even if no target leads to them.
	Paths []string
	// Progress is told how many files were read so far; it may be nil, and is called from any goroutine.
	Progress func(files int)
	// Between is called between two pieces of work, of a file or a body each, by whoever has done one; it may be nil, and is called
	// from any goroutine.
	Between func()
	// Overlay are texts that stand in for those of files on disk, by absolute path. They must not change afterwards.
	Overlay map[string][]byte

	buffers map[string]*Buffer // by path
	store   *Store             // has what was read before; nil reads everything
}

// Snapshot is a workspace at one moment.
type Snapshot struct {
	Root  string // absolute; paths in reports are relative to it
	Cargo *cargo.Workspace
	// Crates are the crates of the workspace's own targets, sorted by path and kind.
	Crates []*Crate
	// Files are the files of those crates, sorted by path.
	Files []*File

	between func()
	files   files
	// base has the crates that no edit of the workspace's own files can change: the standard library and the dependencies.
	// It is nil where a snapshot has them itself.
	base     *Snapshot
	mu       sync.Mutex
	members  map[*cargo.Target]*Crate // crates of the workspace made on demand, where Crates is not filled
	borrows  atomic.Bool              // of a base: one of its crates depends on a crate of the workspace
	libs     map[string]func() *Crate // dependencies, by root file
	std      map[string]func() *Crate
	problems []Problem
}

// Problem is something about the workspace that the user should know: a file that is missing or unreadable, a manifest that
// does not parse. Offsets are turned into places when it is made.
type Problem struct {
	File    string // absolute; empty if there is none
	Line    int    // 1-based; 0 if unknown
	Column  int
	Message string
	// Missing names the package whose sources are not on this machine, if that is the problem: one of many alike, where nothing
	// was downloaded.
	Missing string
	// Unreadable is set when a file of the workspace could not be read or, for a bug of ours, not be analysed.
	Unreadable bool
}

// Crate is one target of a package, or a crate of the standard library.
type Crate struct {
	Name    string
	Edition int
	Target  *cargo.Target // nil for the standard library's
	Std     bool
	Member  bool // of the workspace
	Root    *Scope
	// Tops are the scopes of the crate's files, in the order in which they were found; of members only.
	Tops []*Scope

	snapshot *Snapshot
	cfg      func() *cargo.CfgSet
	cfgs     sync.Map // predicate text -> cargo.Truth
	inner    sync.Map // attribute name -> bool
	externMu sync.Mutex
	externs  map[string]externResult

	exportedOnce sync.Once
	exported     map[string][]MacroItem
}

type externResult struct {
	crate   *Crate
	missing bool
}

// Load reads the workspace, package or lone file that holds path.
func Load(path string, opt Options) (*Snapshot, error) {
	w, err := cargo.Load(path, opt.Cargo)
	if err != nil {
		return nil, err
	}
	s := &Snapshot{Root: w.Root, Cargo: w}
	opt.buffers = make(map[string]*Buffer, len(opt.Overlay))
	for path, text := range opt.Overlay {
		opt.buffers[path] = NewBuffer(text)
	}
	s.files, s.between = newFiles(opt), opt.Between
	s.readAll(opt)
	return s, nil
}

// Between is called by whoever has done a piece of work on the snapshot's files, see Options.
func (s *Snapshot) Between() {
	if s.between != nil {
		s.between()
	}
}

// readAll reads the workspace's own crates.
func (s *Snapshot) readAll(opt Options) {
	for _, p := range s.Cargo.Members {
		for _, t := range p.Targets {
			s.Crates = append(s.Crates, s.newCrate(t, true))
		}
	}
	s.readMembers(s.Crates, opt)
	s.adoptOrphans(opt)
	s.collectFiles()
}

func (s *Snapshot) newCrate(t *cargo.Target, member bool) *Crate {
	c := &Crate{Name: t.Name, Edition: t.Edition, Target: t, Member: member, snapshot: s}
	c.cfg = sync.OnceValue(func() *cargo.CfgSet { return s.Cargo.Cfg(t) })
	return c
}

// setRoot makes the crate's root module; it reads the root file.
func (c *Crate) setRoot(root string) {
	f := c.rootFile(root)
	c.Root = newScope(&Scope{Crate: c, Name: c.Name, File: f, Item: -1, dir: c.dirOf(f.Path), Active: c.fileCfg(f)})
}

// rootFile is the file of the crate's root. Of a crate of procedural macros that is none of the workspace's own it is empty: rustc
// lets it export nothing else, and how those work cannot be told from their text.
func (c *Crate) rootFile(path string) *File {
	if !c.Member && c.Target != nil && c.Target.Kind == cargo.ProcMacro {
		return newFile(path, c.Edition, nil)
	}
	return c.file(path)
}

func (c *Crate) file(path string) *File {
	keep := keepWhole
	if c.Target != nil && c.Target.Package.Source != "" && !c.Member {
		keep = keepOutline
	}
	return c.snapshot.files.get(path, c.Edition, c.Std, keep)
}

func (c *Crate) exists(path string) bool {
	if c.Std {
		return stdlib.Has(path)
	}
	if _, open := c.snapshot.files.overlay[path]; open {
		return true
	}
	return exists(path)
}

// readMembers reads every file of crates of the workspace: first the files, in parallel, then their modules.
func (s *Snapshot) readMembers(crates []*Crate, opt Options) {
	work := newQueue(max(opt.Threads, 1))
	var read func(c *Crate, top *Scope, seen *seenFiles)
	read = func(c *Crate, top *Scope, seen *seenFiles) {
		if opt.Progress != nil {
			opt.Progress(s.files.count())
		}
		s.Between()
		for _, m := range top.fileModules() {
			work.add(func() {
				child := m.scope.ChildModule(m.item)
				if child != nil && seen.add(child) {
					read(c, child, seen)
				}
			})
		}
	}
	all := make([]*seenFiles, len(crates))
	for i, c := range crates {
		seen := &seenFiles{}
		all[i] = seen
		work.add(func() {
			c.setRoot(c.Target.Root)
			seen.add(c.Root)
			read(c, c.Root, seen)
		})
	}
	work.wait()
	for i, c := range crates {
		c.Tops = all[i].sorted()
	}
}

// maxModulesOfFile bounds how often one crate includes one file: #[path]s can double that at every level.
const maxModulesOfFile = 8

// seenFiles collects the scopes of a crate's files; of several modules made of one file, one is chosen in the end.
type seenFiles struct {
	mu   sync.Mutex
	tops map[*File][]*Scope
}

// add reports whether the scope's file is new to the chain of modules that leads to it, so that a cycle of #[path]s ends.
func (f *seenFiles) add(top *Scope) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.tops == nil {
		f.tops = map[*File][]*Scope{}
	}
	for p, _ := top.Outside(); p != nil; p, _ = p.Outside() {
		if p.File == top.File && p.Item < 0 {
			return false
		}
	}
	if len(f.tops[top.File]) >= maxModulesOfFile {
		return false
	}
	f.tops[top.File] = append(f.tops[top.File], top)
	return true
}

func (f *seenFiles) sorted() []*Scope {
	var out []*Scope
	for _, tops := range f.tops {
		slices.SortFunc(tops, byPreference)
		out = append(out, tops[0])
	}
	sort.Slice(out, func(i, j int) bool { return out[i].File.Path < out[j].File.Path })
	return out
}

// byPreference orders the modules that one crate makes of one file: those that are compiled first, then by where they are
// declared. A file is often declared twice, under opposite #[cfg]s.
func byPreference(a, b *Scope) int {
	if off := (a.Active == cargo.False); off != (b.Active == cargo.False) {
		if off {
			return 1
		}
		return -1
	}
	return cmp.Or(cmp.Compare(a.Path(), b.Path()), cmp.Compare(a.decl, b.decl))
}

func (s *Snapshot) collectFiles() {
	for _, c := range s.Crates {
		for _, top := range c.Tops {
			if len(top.File.Owners) == 0 {
				s.Files = append(s.Files, top.File)
				if top.File.Err != nil {
					s.addProblem(Problem{File: top.File.Path, Message: unreadable(top.File.Path, top.File.Err), Unreadable: true})
				}
			}
			top.File.Owners = append(top.File.Owners, top)
		}
	}
	sort.Slice(s.Files, func(i, j int) bool { return s.Files[i].Path < s.Files[j].Path })
}

// Path is the scope's path: `crate::module`; the body of a function adds `{fn}`, a block in another item that item's name.
func (s *Scope) Path() string {
	if s.Host != nil {
		return s.Host.Path()
	}
	if s.Parent == nil {
		return s.Crate.Name
	}
	if s.IsBlock() {
		if s.File.isFnBody(s.Item) {
			return s.Parent.Path() + "::{fn}"
		}
		if name := s.File.blockName(s.Item); name != "" {
			return s.Parent.Path() + "::" + name
		}
		return s.Parent.Path()
	}
	if s.outer != nil {
		return s.outer.Path() + "::" + s.Name
	}
	return s.Parent.Path() + "::" + s.Name
}

// blockName is the name of the item that a block stands in: of the constants that are called `_` all but the first have a number,
// as rustc tells them apart. A block of a body has none.
func (f *File) blockName(i int32) string {
	items := f.Syntax().Items
	it := &items[i]
	if it.Kind != syntax.KindConst || it.Name != "" {
		return it.Name
	}
	n := 0
	for k := range items[:i] {
		if items[k].Kind == syntax.KindConst && items[k].Name == "" && items[k].Parent == it.Parent {
			n++
		}
	}
	if n == 0 {
		return "_"
	}
	return "_#" + strconv.Itoa(n)
}

// once is the crate that is kept under a key, made by who asks first. Others wait for it, and nobody for another crate.
func (s *Snapshot) once(crates *map[string]func() *Crate, key string, read func() *Crate) *Crate {
	s.mu.Lock()
	crate := (*crates)[key]
	if crate == nil {
		if *crates == nil {
			*crates = map[string]func() *Crate{}
		}
		crate = sync.OnceValue(read)
		(*crates)[key] = crate
	}
	s.mu.Unlock()
	return crate()
}

// lib is the crate of a dependency's library target.
func (s *Snapshot) lib(t *cargo.Target) *Crate {
	if s.base != nil {
		if t.Package.Member {
			return s.crate(t)
		}
		return s.base.lib(t)
	}
	if t.Package.Member && len(s.Crates) == 0 {
		s.borrows.Store(true)
	}
	for _, c := range s.Crates {
		if c.Target == t {
			return c
		}
	}
	return s.once(&s.libs, t.Root, func() *Crate {
		c := s.newCrate(t, false)
		c.setRoot(t.Root)
		return c
	})
}

// Std is a crate of the standard library: core, alloc, std, proc_macro or test; nil for another name.
func (s *Snapshot) Std(name string) *Crate {
	if s.base != nil {
		return s.base.Std(name)
	}
	if !stdExterns[name] {
		return nil
	}
	return s.once(&s.std, name, func() *Crate {
		c := &Crate{Name: name, Edition: 2024, Std: true, snapshot: s}
		c.cfg = sync.OnceValue(func() *cargo.CfgSet { return s.Cargo.StdCfg() })
		c.setRoot(name + "/src/lib.rs")
		return c
	})
}

// Extern is the crate that name means in this crate's extern prelude; missing is set if cargo knows the name but its
// sources are not there.
func (c *Crate) Extern(name string) (crate *Crate, missing bool) {
	c.externMu.Lock()
	defer c.externMu.Unlock()
	if r, ok := c.externs[name]; ok {
		return r.crate, r.missing
	}
	var r externResult
	if c.Target != nil && (crateLike(name) && !stdExterns[name] || declares(c.Target, name)) {
		lib, status := c.snapshot.Cargo.Extern(c.Target, name)
		switch {
		case lib != nil:
			r.crate = c.snapshot.lib(lib)
		case status.Status == cargo.ExternMissing:
			r.missing = true
			if c.Member {
				c.snapshot.addProblem(Problem{File: c.Target.Package.ManifestPath, Message: status.Message, Missing: status.Package})
			}
		}
	}
	if r.crate == nil && !r.missing && (c.Std || stdExterns[name]) {
		r.crate = c.snapshot.Std(name)
	}
	if c.externs == nil {
		c.externs = map[string]externResult{}
	}
	c.externs[name] = r
	return r.crate, r.missing
}

// crateLike reports whether a name could be that of a library that is called otherwise than its package: to find out, the
// manifests of all dependencies are read, which is not worth it for every Option and u8.
func crateLike(name string) bool {
	return name != "" && (name[0] < 'A' || name[0] > 'Z') && !syntax.IsPrimitive(name)
}

// declares reports whether the target's package has a dependency of this name.
func declares(t *cargo.Target, name string) bool {
	for _, d := range t.Package.Deps {
		if d.Name == name {
			return true
		}
	}
	return t.Name == name
}

// stdExterns are the standard library's crates that code can name.
var stdExterns = map[string]bool{"std": true, "core": true, "alloc": true, "proc_macro": true, "test": true}

// addProblem records a problem once.
func (s *Snapshot) addProblem(p Problem) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range s.problems {
		if q == p {
			return
		}
	}
	s.problems = append(s.problems, p)
}

func (s *Snapshot) problem(f *File, span source.Span, message string) {
	at := f.Position(span.Start)
	s.addProblem(Problem{File: f.Path, Line: at.Line, Column: at.Column, Message: message})
}

// Problems are the problems found so far, sorted.
func (s *Snapshot) Problems() []Problem {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := append([]Problem(nil), s.problems...)
	for _, p := range s.Cargo.Problems() {
		out = append(out, Problem{File: p.File, Line: p.Line, Column: p.Column, Message: p.Message, Unreadable: p.Unread})
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if a.File != b.File {
			return a.File < b.File
		}
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Message < b.Message
	})
	return out
}

// Display is a path as reports print it: relative to the root and `/`-separated; absolute if it lies outside.
func (s *Snapshot) Display(path string) string {
	if rest, ok := strings.CutPrefix(path, s.Root); ok && len(rest) > 1 && rest[0] == filepath.Separator { // both are clean
		return filepath.ToSlash(rest[1:])
	}
	if rel, err := filepath.Rel(s.Root, path); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(path)
}

// Text is the text of a file outside the workspace that was read, a dependency's, by its printed (absolute) path.
func (s *Snapshot) Text(display string) ([]byte, bool) {
	path := filepath.FromSlash(display)
	for _, edition := range editions {
		for _, keep := range [...]keepText{keepWhole, keepOutline} {
			s.files.mu.Lock()
			slot := s.files.slots[fileKey{path, edition, keep}]
			s.files.mu.Unlock()
			if slot == nil {
				continue
			}
			if file := s.files.get(path, edition, false, keep); file.Err == nil {
				return file.OnDisk(), true
			}
		}
	}
	return nil, false
}
