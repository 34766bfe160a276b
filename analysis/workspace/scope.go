package workspace

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// Scope is a place where items have names: a module (inline or a file), or a block of a function body that holds items.
// Scopes are made on demand and never change; their identity is that of the module.
type Scope struct {
	Crate *Crate
	// Parent is the scope around it: the parent module of a module, the lexically enclosing scope of a block; nil for a root.
	Parent *Scope
	// Module is the nearest module: the scope itself, unless it is a block.
	Module *Scope
	Name   string
	File   *File
	Item   int32 // the `mod` item of an inline module, the fn or block item of a block; -1 for a module that is a whole file
	// Active says whether the scope's own conditions and those around it hold.
	Active cargo.Truth
	// Host is set for what a macro call in Host expands to: its items are as good as Host's own. Call is the call's item there.
	Host *Scope
	Call int32

	home    *Scope // of a block: the scope that keeps it, by its item; nil for others
	decl    int32  // of a module: the `mod` item that declares it, in its parent's file
	outer   *Scope // of a module that a block or an expansion declares: that
	dir     string // where the files of child modules are looked for
	index   atomic.Pointer[Index]
	made    lazy[[]MadeTrait]
	blockMu sync.Mutex
	blocks  map[int32]*Scope
	modMu   sync.Mutex
	mods    map[int32]*lazy[*Scope]
}

// Index is what a scope defines in the type namespace, before imports are followed. It is a function of the file's text, edition and
// the scope's item: no condition is evaluated for it.
type Index struct {
	Names  map[string][]Entry
	Globs  []Entry
	Others map[string]struct{} // names of the value and macro namespaces only
	// Expanding is set if an item macro stands in the scope whose tokens are not items: what it defines is not known.
	Expanding bool
	Imports   []syntax.Import
	// Macros are the scope's macro definitions, its modules with #[macro_use], whatever that depends on (see UsesMacros), and its
	// calls of include!, in source order; Calls its macro invocations in item position.
	Macros, Calls []int32
}

// Entry is one name of a scope: an item, or one import of a use declaration.
type Entry struct {
	Item   int32 // index in the file's Items
	Import int32 // index in Index.Imports, -1 for an item
}

// IsBlock reports whether the scope is a block of a function body.
func (s *Scope) IsBlock() bool {
	if s.Host != nil {
		return s.Host.IsBlock()
	}
	return s.Module != s
}

// Open is the scope itself, or for what a macro call expands to the scope that the call stands in; nil of nil.
func (s *Scope) Open() *Scope {
	for s != nil && s.Host != nil {
		s = s.Host
	}
	return s
}

// Outside is the scope around a module, block or expansion, and the offset in its file where this one stands; nil for the root.
func (s *Scope) Outside() (*Scope, uint32) {
	switch {
	case s.Host != nil:
		return s.Host, s.Host.File.Syntax().Items[s.Call].Span.Start
	case s.IsBlock():
		return s.Parent, s.File.Syntax().Items[s.Item].Span.Start
	case s.outer != nil:
		return s.outer, s.outer.File.Syntax().Items[s.decl].Span.Start
	case s.Parent != nil:
		return s.Parent, s.Parent.File.Syntax().Items[s.decl].Span.Start
	}
	return nil, 0
}

func newScope(s *Scope) *Scope {
	if s.Module == nil {
		s.Module = s
	}
	return s
}

// Index is the scope's index. All snapshots that have this version of the file share it.
func (s *Scope) Index() *Index {
	if x := s.index.Load(); x != nil {
		return x
	}
	x := s.File.index(s.Item, s.makeIndex)
	s.index.Store(x)
	return x
}

// EachItem calls f for each item that stands directly in the scope, in source order.
func (s *Scope) EachItem(f func(item int32)) {
	for i := range s.Items {
		f(i)
	}
}

// Items are the items that stand directly in the scope, in source order.
func (s *Scope) Items(yield func(item int32) bool) {
	items := s.File.Syntax().Items
	from, end := int32(0), uint32(len(s.File.Syntax().Text))
	if s.Item >= 0 {
		from, end = s.Item+1, items[s.Item].Span.End
	}
	for i := from; i < int32(len(items)) && items[i].Span.Start < end; i++ {
		if items[i].Parent == s.Item && !yield(i) {
			return
		}
	}
}

func (s *Scope) makeIndex() *Index {
	file := s.File.Syntax()
	b := indexBuilder{index: &Index{}, edition: s.File.Edition}
	s.EachItem(func(i int32) {
		switch it := &file.Items[i]; it.Kind {
		case syntax.KindMod:
			if s.mayUseMacros(i) {
				b.index.Macros = append(b.index.Macros, i)
			}
		case syntax.KindMacroRules:
			b.index.Macros = append(b.index.Macros, i)
		case syntax.KindMacroCall:
			b.index.Calls = append(b.index.Calls, i)
			if _, ok := syntax.IncludedPath(file, i); ok {
				b.index.Macros = append(b.index.Macros, i)
			}
			b.index.Expanding = b.index.Expanding || !s.ReadsAsItems(i)
		}
		b.item(file, i)
	})
	return b.finish()
}

// indexBuilder collects the names of a scope, so that the maps are made at their size and their entries lie in one array.
type indexBuilder struct {
	index   *Index
	edition int
	names   []string // names of entries
	entries []Entry
	others  []string
}

func (b *indexBuilder) add(name string, e Entry) {
	b.names = append(b.names, name)
	b.entries = append(b.entries, e)
}

// item adds what the item at index i defines.
func (b *indexBuilder) item(file *syntax.File, i int32) {
	it := &file.Items[i]
	switch it.Kind {
	case syntax.KindMod, syntax.KindStruct, syntax.KindEnum, syntax.KindUnion, syntax.KindTrait, syntax.KindTraitAlias, syntax.KindType:
		b.add(it.Name, Entry{Item: i, Import: -1})
	case syntax.KindExternCrate:
		if _, binds := syntax.ParseExternCrate(file, i); binds != "_" && binds != "" {
			b.add(binds, Entry{Item: i, Import: -1})
		}
	case syntax.KindUse:
		for _, imp := range syntax.ParseUse(file, i, b.edition) {
			e := Entry{Item: i, Import: int32(len(b.index.Imports))}
			b.index.Imports = append(b.index.Imports, imp)
			switch {
			case imp.Glob:
				b.index.Globs = append(b.index.Globs, e)
			case imp.Name != "_":
				b.add(imp.Name, e)
			}
		}
	case syntax.KindFn, syntax.KindConst, syntax.KindStatic, syntax.KindMacroRules:
		b.others = append(b.others, it.Name)
	case syntax.KindExternBlock:
		for j := i + 1; j < int32(len(file.Items)) && file.Items[j].Span.Start < it.Span.End; j++ {
			inner := &file.Items[j]
			if inner.Parent != i {
				continue
			}
			if inner.Kind == syntax.KindType {
				b.add(inner.Name, Entry{Item: j, Import: -1})
				continue
			}
			b.others = append(b.others, inner.Name)
		}
	}
}

func (b *indexBuilder) finish() *Index {
	x := b.index
	x.Names = make(map[string][]Entry, len(b.names))
	for i, name := range b.names {
		if same, ok := x.Names[name]; ok {
			x.Names[name] = append(same, b.entries[i])
		} else {
			x.Names[name] = b.entries[i : i+1 : i+1]
		}
	}
	x.Others = make(map[string]struct{}, len(b.others))
	for _, name := range b.others {
		x.Others[name] = struct{}{}
	}
	return x
}

// mayUseMacros reports whether the item has #[macro_use], under any condition.
func (s *Scope) mayUseMacros(i int32) bool {
	out := false
	s.EachAttr(i, func(a Attr) { out = out || a.Path == "macro_use" })
	return out
}

// UsesMacros reports whether the item, a module or an extern crate, has #[macro_use].
func (s *Scope) UsesMacros(i int32) bool { return s.hasAttr(i, "macro_use") }

// Exports reports whether the macro definition has #[macro_export].
func (s *Scope) Exports(i int32) bool { return s.hasAttr(i, "macro_export") }

// ExportsLocally reports whether the macro definition has #[macro_export(local_inner_macros)].
func (s *Scope) ExportsLocally(i int32) bool {
	out := false
	if s.Exports(i) {
		s.EachAttr(i, func(a Attr) {
			out = out || a.Path == "macro_export" && strings.TrimSpace(a.Args) == "local_inner_macros"
		})
	}
	return out
}

func (s *Scope) hasAttr(i int32, name string) bool {
	it := &s.File.Syntax().Items[i]
	if it.Attrs.Start == it.Attrs.End {
		return false
	}
	out := false
	s.EachAttr(i, func(a Attr) {
		out = out || a.Path == name && s.Crate.evalAll(a.When) != cargo.False
	})
	return out
}

// ReadsAsItems reports whether what the macro call at an item expands to is taken to be known, whoever defines it: its tokens
// are items, or it is known to define no type.
func (s *Scope) ReadsAsItems(call int32) bool {
	it := &s.File.Syntax().Items[call]
	if it.Macro < 0 {
		return false
	}
	m := &s.File.Syntax().Macros[it.Macro]
	return m.Items || Itemless(string(m.Path.Of(s.File.Syntax().Text)))
}

// Itemless reports whether the macro with this path is known to define no type, by its last name.
func Itemless(path string) bool {
	return itemlessMacros[strings.TrimSpace(path[strings.LastIndexByte(path, ':')+1:])]
}

// itemlessMacros are macros of the standard library and of common crates that stand where items do and define no name of
// the type namespace.
var itemlessMacros = map[string]bool{
	"thread_local": true, "compile_error": true, "global_asm": true, "assert_impl_all": true, "assert_not_impl_any": true,
	"assert_obj_safe": true, "const_assert": true, "const_assert_eq": true, "static_assertions": true, "criterion_group": true,
	"addr_of": true, "concat": true, "dbg": true, "debug_assert_eq": true, "debug_assert_ne": true, "eprint": true, "eprintln": true,
	"format": true, "format_args": true, "line": true, "matches": true, "panic": true, "print": true, "stringify": true, "todo": true,
	"unimplemented": true, "unreachable": true, "vec": true, "write": true, "writeln": true, "assert_ne": true,
	"criterion_main": true, "proptest": true, "debug_assert": true, "assert": true, "assert_eq": true, "println": true,
	"impl_trait_for_tuples": true, "submit": true, "collect": true, "doctest": true, "fuzz_target": true,
}

// block is the scope of the fn body or block at item i, which stands in s.
func (s *Scope) block(i int32, parent *Scope) *Scope {
	home := s.home
	if home == nil {
		home = s
	}
	home.blockMu.Lock()
	defer home.blockMu.Unlock()
	if b := home.blocks[i]; b != nil {
		return b
	}
	if home.blocks == nil {
		home.blocks = map[int32]*Scope{}
	}
	b := newScope(&Scope{
		Crate: s.Crate, Parent: parent, Module: s.Module, File: s.File, Item: i, dir: parent.dir, home: home,
		Active: cargo.And(parent.Active, parent.ItemCfg(i)),
	})
	home.blocks[i] = b
	return b
}

// ScopeOf is the innermost scope that the item at index i stands in, where s is the scope of the file's top.
func (s *Scope) ScopeOf(i int32) *Scope { return s.enclosing(s.File.Syntax().Items[i].Parent) }

// ScopeAt is the innermost scope of the byte at offset, whose innermost item is i (-1 for the file's top). What a function's
// body declares is not seen in its signature.
func (s *Scope) ScopeAt(i int32, offset uint32) *Scope {
	for i >= 0 {
		it := &s.File.Syntax().Items[i]
		if it.Kind != syntax.KindFn || it.Flags&syntax.FlagBody == 0 || it.Body.Contains(offset) {
			break
		}
		i = it.Parent
	}
	return s.enclosing(i)
}

func (s *Scope) enclosing(i int32) *Scope {
	if i < 0 {
		return s
	}
	items := s.File.Syntax().Items
	it := &items[i]
	outer := s.enclosing(it.Parent)
	switch it.Kind {
	case syntax.KindMod:
		if m := outer.ChildModule(i); m != nil {
			return m
		}
	case syntax.KindFn, syntax.KindBlock, syntax.KindConst, syntax.KindStatic, syntax.KindEnum, syntax.KindStruct, syntax.KindType:
		if s.File.holdsItems(i) {
			return outer.block(i, outer)
		}
	}
	return outer
}

// ChildModule is the module that the `mod` item i of this scope declares, or the scope of the file that a call of include! puts
// there; nil if the file is missing.
func (s *Scope) ChildModule(i int32) *Scope {
	s.modMu.Lock()
	module := s.mods[i]
	if module == nil {
		if s.mods == nil {
			s.mods = map[int32]*lazy[*Scope]{}
		}
		module = &lazy[*Scope]{}
		s.mods[i] = module
	}
	s.modMu.Unlock() // siblings are read at the same time
	return module.get(func() *Scope {
		if s.File.Syntax().Items[i].Kind == syntax.KindMacroCall {
			return s.included(i)
		}
		return s.makeModule(i)
	})
}

// maxModuleDepth bounds chains of modules, which `#[path]` can make endless.
const maxModuleDepth = 128

func (s *Scope) makeModule(i int32) *Scope {
	it := &s.File.Syntax().Items[i]
	m := &Scope{Crate: s.Crate, Parent: s.Module, Name: it.Name, Item: -1, decl: i, Active: cargo.And(s.Active, s.ItemCfg(i))}
	if s.IsBlock() || s.Host != nil {
		m.outer = s
	}
	attr := s.pathAttr(i)
	if it.Flags&syntax.FlagBody != 0 {
		m.File, m.Item = s.File, i
		m.dir = s.Crate.join(s.dir, it.Name)
		if attr != "" {
			m.dir = s.Crate.join(s.dir, attr)
		}
		return newScope(m)
	}
	if s.depth() > maxModuleDepth {
		s.Crate.snapshot.problem(s.File, it.NameSpan, "module `"+it.Name+"` is nested too deeply; a cycle of #[path] attributes?")
		return nil
	}
	where := s.moduleFile(i, attr)
	if where == "" {
		return nil
	}
	m.File = s.Crate.file(where)
	if s.within(m.File) { // rustc_expand::module: CircularInclusion
		if s.Crate.Member && m.Active == cargo.True {
			s.Crate.snapshot.problem(s.File, it.NameSpan, "module `"+it.Name+"` is circular: "+where+" is a module around it")
		}
		return nil
	}
	m.dir = s.Crate.childDir(where, attr != "")
	m.Active = cargo.And(m.Active, s.Crate.fileCfg(m.File))
	return newScope(m)
}

// fileCfg is the condition of a file's own #![cfg(..)]. Few files begin with an attribute: only these are scanned for it.
func (c *Crate) fileCfg(f *File) cargo.Truth {
	if !syntax.BeginsWithAttribute(f.Source()) {
		return cargo.True
	}
	return c.innerCfg(f)
}

func (s *Scope) depth() int {
	n := 0
	for p := s; p != nil; p = p.Parent {
		n++
	}
	return n
}

// moduleFile finds the file of `mod name;`: name.rs or name/mod.rs beside the module, or what #[path] says (reference,
// items.mod.outlined). An empty answer means that there is none; a module that is compiled is then reported.
func (s *Scope) moduleFile(i int32, attr string) string {
	it := &s.File.Syntax().Items[i]
	if attr != "" {
		base := s.dir
		at := s
		for at.Host != nil {
			at = at.Host
		}
		if at.Item < 0 && !at.IsBlock() { // outside inline modules the path is relative to the file's own folder
			base = s.Crate.dirOf(s.File.Path)
		}
		where := s.Crate.join(base, attr)
		if s.Crate.exists(where) {
			return where
		}
		s.missing(i, where)
		return ""
	}
	flat, nested := s.Crate.join(s.dir, it.Name+".rs"), s.Crate.join(s.dir, it.Name+"/mod.rs")
	isFlat, isNested := s.Crate.exists(flat), s.Crate.exists(nested)
	switch {
	case isFlat && isNested:
		s.Crate.snapshot.problem(s.File, it.NameSpan, "both "+flat+" and "+nested+" exist for module `"+it.Name+"`; delete or rename one of them (E0761)")
		return flat
	case isFlat:
		return flat
	case isNested:
		return nested
	}
	s.missing(i, flat, nested)
	return ""
}

func (s *Scope) missing(i int32, where ...string) {
	if s.Crate.Member && cargo.And(s.Active, s.ItemCfg(i)) == cargo.True {
		it := &s.File.Syntax().Items[i]
		for _, path := range where {
			if _, err := os.Lstat(path); errors.Is(err, fs.ErrPermission) {
				at := s.File.Position(it.NameSpan.Start)
				s.Crate.snapshot.addProblem(Problem{File: s.File.Path, Line: at.Line, Column: at.Column, Unreadable: true,
					Message: "the file of module `" + it.Name + "` cannot be looked for in " + filepath.Dir(path) + " (permission denied): make the folder readable"})
				return
			}
		}
		s.Crate.snapshot.problem(s.File, it.NameSpan, "the file of module `"+it.Name+"` is missing: create "+strings.Join(where, " or ")+", or remove the declaration (E0583)")
	}
}

// pathAttr is the value of the item's #[path = ".."], also inside cfg_attr; rustc takes the first one and nothing but a
// string literal.
func (s *Scope) pathAttr(i int32) string {
	out := ""
	s.EachAttr(i, func(a Attr) {
		if a.Path == "path" && out == "" && s.Crate.evalAll(a.When) != cargo.False {
			out, _ = syntax.StringValue(a.Args)
		}
	})
	return out
}

func (c *Crate) join(dir, name string) string {
	if c.Std {
		return path.Join(dir, filepath.ToSlash(name))
	}
	name = filepath.FromSlash(strings.ReplaceAll(name, `\`, "/"))
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(dir, name)
}

func (c *Crate) dirOf(file string) string {
	if c.Std {
		return path.Dir(strings.TrimPrefix(file, "std:"))
	}
	return filepath.Dir(file)
}

// childDir is the folder where the module in file looks for its children: its own for mod.rs, a crate root and a file that
// #[path] names, else the one called like the module.
func (c *Crate) childDir(file string, byAttr bool) string {
	dir, base := c.dirOf(file), filepath.Base(file)
	if base == "mod.rs" || byAttr {
		return dir
	}
	return c.join(dir, strings.TrimSuffix(base, ".rs"))
}

// modDecl is a `mod name;`, or a call of include!, and the scope that it stands in.
type modDecl struct {
	scope *Scope
	item  int32
}

// fileModules are the modules that the scope's file declares and that are files of their own, inline modules included, and what
// it includes.
func (s *Scope) fileModules() []modDecl {
	if s.File.found()&hasModFile == 0 {
		return nil
	}
	var out []modDecl
	for _, i := range s.File.fileMods() {
		if scope := s.ScopeOf(i); scope != nil {
			out = append(out, modDecl{scope, i})
		}
	}
	return out
}

func (f *File) isFnBody(i int32) bool { return i >= 0 && f.Syntax().Items[i].Kind == syntax.KindFn }
