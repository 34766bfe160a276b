package workspace

import (
	"cmp"
	"maps"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// Layout says which files the workspace's crates are made of, and as which modules. It holds no file and no scope, so that
// one layout serves all snapshots in which the `mod` declarations are the same. It is immutable.
type Layout struct {
	byTarget map[*cargo.Target][]module
	owners   map[FileID][]module // in the order of the targets
	orphans  []*cargo.Target     // of no package: see Adopt
}

// FileID names a file as crates of one edition see it.
type FileID struct {
	Path    string
	Edition int
}

// module is one file as a module of a crate: the way to it from the crate's root.
type module struct {
	file   FileID
	target *cargo.Target
	// way is, for each file on the way, which of its fileMods leads on.
	way []int32
}

// Files are the files of the layout, by path and edition.
func (l *Layout) Files() []FileID {
	return slices.SortedFunc(maps.Keys(l.owners), func(a, b FileID) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Edition, b.Edition))
	})
}

// Editions are the editions in which the crates see a file; none if it belongs to no crate.
func (l *Layout) Editions(path string) []int {
	var out []int
	for _, e := range editions {
		if len(l.owners[FileID{path, e}]) > 0 {
			out = append(out, e)
		}
	}
	return out
}

// Targets are the targets that a file is part of.
func (l *Layout) Targets(path string) []*cargo.Target {
	var out []*cargo.Target
	for _, e := range l.Editions(path) {
		for _, m := range l.owners[FileID{path, e}] {
			if !slices.Contains(out, m.target) {
				out = append(out, m.target)
			}
		}
	}
	return out
}

// NewBase is a snapshot that holds a workspace's dependencies and the standard library for the snapshots made by Edit.
func NewBase(w *cargo.Workspace, store *Store) *Snapshot {
	s := &Snapshot{Root: w.Root, Cargo: w}
	s.files = newFiles(Options{store: store})
	return s
}

// Borrows reports whether a crate of this base turned out to depend on a crate of the workspace (through [patch]): edits then
// change the base, and it must not be used.
func (s *Snapshot) Borrows() bool { return s.borrows.Load() }

// Holds reports whether a file was read as part of the base.
func (s *Snapshot) Holds(path string) bool {
	s.files.mu.Lock()
	defer s.files.mu.Unlock()
	for _, e := range editions {
		if s.files.slots[fileKey{path, e, keepWhole}] != nil || s.files.slots[fileKey{path, e, keepOutline}] != nil {
			return true
		}
	}
	return false
}

// Edit is the workspace of a base with an overlay. Nothing is read: crates, modules and files are made when they are asked
// for, and Crates and Files stay empty.
func (s *Snapshot) Edit(overlay map[string]*Buffer) *Snapshot {
	out := &Snapshot{Root: s.Root, Cargo: s.Cargo, base: s, members: map[*cargo.Target]*Crate{}}
	out.files = newFiles(Options{store: s.files.store, buffers: overlay})
	return out
}

// Whole is the workspace of a base with an overlay, with all its crates read, as Load makes it with these paths.
func (s *Snapshot) Whole(overlay map[string]*Buffer, paths []string, threads int) *Snapshot {
	out := &Snapshot{Root: s.Root, Cargo: s.Cargo}
	if !s.Borrows() {
		out.base, out.members = s, map[*cargo.Target]*Crate{}
	}
	opt := Options{store: s.files.store, buffers: overlay, Paths: paths, Threads: threads}
	out.files = newFiles(opt)
	out.readAll(opt)
	for _, c := range out.Crates {
		out.keep(c)
	}
	return out
}

// Base is the snapshot that has the dependencies and the standard library; s itself where there is no other.
func (s *Snapshot) Base() *Snapshot {
	if s.base != nil {
		return s.base
	}
	return s
}

// Snapshot is the snapshot that the crate belongs to.
func (c *Crate) Snapshot() *Snapshot { return c.snapshot }

func (s *Snapshot) keep(c *Crate) {
	if s.members != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.members[c.Target] = c
	}
}

// crate is the crate of one of the workspace's own targets.
func (s *Snapshot) crate(t *cargo.Target) *Crate {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.members[t]; c != nil {
		return c
	}
	for _, c := range s.Crates { // all are being read
		if c.Target == t {
			return c
		}
	}
	c := s.newCrate(t, true)
	c.setRoot(t.Root)
	s.members[t] = c
	return c
}

// LayOut walks the modules of some targets; the rest is as in old, which may be nil. Of the options threads and progress count.
func (s *Snapshot) LayOut(old *Layout, targets []*cargo.Target, opt Options) *Layout {
	out := &Layout{byTarget: map[*cargo.Target][]module{}, owners: map[FileID][]module{}}
	if old != nil {
		maps.Copy(out.byTarget, old.byTarget)
		out.orphans = old.orphans
	}
	crates := make([]*Crate, len(targets))
	for i, t := range targets {
		crates[i] = s.newCrate(t, true)
	}
	s.readMembers(crates, opt)
	for i, c := range crates {
		s.keep(c)
		out.byTarget[targets[i]] = nil
		for _, top := range c.Tops {
			way, ok := wayTo(top)
			if !ok {
				continue
			}
			m := module{file: FileID{top.File.Path, top.File.Edition}, target: c.Target, way: way}
			out.byTarget[targets[i]] = append(out.byTarget[targets[i]], m)
		}
	}
	for _, t := range slices.Concat(s.Targets(), out.orphans) {
		for _, m := range out.byTarget[t] {
			out.owners[m.file] = append(out.owners[m.file], m)
		}
	}
	return out
}

// Adopt is a layout with these targets beside those of the packages, in place of the ones that it has.
func (l *Layout) Adopt(orphans []*cargo.Target) *Layout {
	out := &Layout{byTarget: maps.Clone(l.byTarget), owners: l.owners, orphans: orphans}
	for _, t := range l.orphans {
		if !slices.Contains(orphans, t) {
			delete(out.byTarget, t)
		}
	}
	return out
}

// Reaches reports whether a target of a package leads to a file.
func (l *Layout) Reaches(path string) bool {
	return slices.ContainsFunc(l.Targets(path), func(t *cargo.Target) bool { return !slices.Contains(l.orphans, t) })
}

// Of are the files of a target.
func (l *Layout) Of(t *cargo.Target) []FileID {
	var out []FileID
	for _, m := range l.byTarget[t] {
		out = append(out, m.file)
	}
	return out
}

// fileMods are the items `mod name;` and `include!("path");` of a file, in source order.
func (f *File) fileMods() []int32 {
	var out []int32
	items := f.Syntax().Items
	for i := range items {
		switch it := &items[i]; it.Kind {
		case syntax.KindMod:
			if it.Flags&syntax.FlagBody == 0 {
				out = append(out, int32(i))
			}
		case syntax.KindMacroCall:
			if _, ok := syntax.IncludedPath(f.Syntax(), int32(i)); ok {
				out = append(out, int32(i))
			}
		}
	}
	return out
}

// wayTo is the way from the crate's root to a module that is a whole file.
func wayTo(top *Scope) ([]int32, bool) {
	var way []int32
	for top.Parent != nil || top.Host != nil {
		declaring, item := top.outer, top.decl
		switch {
		case top.Host != nil:
			declaring, item = top.Host, top.Call
		case declaring == nil:
			declaring = top.Parent
		}
		n := slices.Index(declaring.File.fileMods(), item)
		if n < 0 {
			return nil, false
		}
		way = append(way, int32(n))
		for declaring.Item >= 0 || declaring.IsBlock() {
			declaring, _ = declaring.Outside()
		}
		top = declaring
	}
	slices.Reverse(way)
	return way, true
}

// follow is the module at the end of a way; nil if there is none any more, or another.
func (s *Snapshot) follow(m module) *Scope {
	top := s.crate(m.target).Root
	for _, n := range m.way {
		mods := top.File.fileMods()
		if int(n) >= len(mods) {
			return nil
		}
		if top = top.ScopeOf(mods[n]).ChildModule(mods[n]); top == nil {
			return nil
		}
	}
	if top.File.Path != m.file.Path {
		return nil
	}
	return top
}

// Count is the number of files of a target.
func (l *Layout) Count(t *cargo.Target) int { return len(l.byTarget[t]) }

// Top is the scope of a target's i-th file; nil if the way to it is gone.
func (s *Snapshot) Top(l *Layout, t *cargo.Target, i int) *Scope { return s.follow(l.byTarget[t][i]) }

// Member is the crate of one of the workspace's own targets.
func (s *Snapshot) Member(t *cargo.Target) *Crate { return s.crate(t) }

// Open is a file of the workspace with its owners; nil if the layout does not have it. A snapshot must be asked with one layout
// alone, because a file keeps its owners; where its `mod` declarations are newer than the layout, some may be missing.
func (s *Snapshot) Open(l *Layout, id FileID) *File {
	var out *File
	var owners []*Scope
	for _, m := range l.owners[id] {
		if top := s.follow(m); top != nil {
			out, owners = top.File, append(owners, top)
		}
	}
	if out == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if out.Owners == nil {
		out.Owners = owners
	}
	return out
}

// File is a file of the snapshot without owners.
func (s *Snapshot) File(id FileID) *File { return s.files.get(id.Path, id.Edition, false, keepWhole) }

// Rooted is the snapshot with its Crates, of which only the root files are read.
func (s *Snapshot) Rooted(l *Layout) *Snapshot {
	out := &Snapshot{Root: s.Root, Cargo: s.Cargo}
	for _, t := range slices.Concat(s.Targets(), l.orphans) {
		out.Crates = append(out.Crates, s.crate(t))
	}
	return out
}

// Targets are the targets of the workspace's own packages.
func (s *Snapshot) Targets() []*cargo.Target {
	var out []*cargo.Target
	for _, p := range s.Cargo.Members {
		out = append(out, p.Targets...)
	}
	return out
}

// Forget drops what was read of a file on disk, so that the snapshots made from now on read it again.
func (s *Snapshot) Forget(path string) { s.files.store.Forget(path) }

// Store has what was read of the files on disk.
func (s *Snapshot) Store() *Store { return s.files.store }
