package workspace

import (
	"path"
	"path/filepath"
	"strings"
	"sync"

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

	decl    int32  // of a module: the `mod` item that declares it, in its parent's file
	outer   *Scope // of a module that a block declares: the block
	dir     string // where the files of child modules are looked for
	index   func() *Index
	made    func() []MadeTrait
	blockMu sync.Mutex
	blocks  map[int32]*Scope
	modMu   sync.Mutex
	mods    map[int32]*Scope
}

// Index is what a scope defines in the type namespace, before imports are followed.
type Index struct {
	Names  map[string][]Entry
	Globs  []Entry
	Others map[string]struct{} // names of the value and macro namespaces only
	// Expanding is set if an item macro stands in the scope whose tokens are not items: what it defines is not known.
	Expanding bool
	Imports   []syntax.Import
}

// Entry is one name of a scope: an item, or one import of a use declaration.
type Entry struct {
	Item   int32 // index in the file's Items
	Import int32 // index in Index.Imports, -1 for an item
}

// IsBlock reports whether the scope is a block of a function body.
func (s *Scope) IsBlock() bool { return s.Module != s }

func newScope(s *Scope) *Scope {
	if s.Module == nil {
		s.Module = s
	}
	s.index = sync.OnceValue(s.makeIndex)
	s.made = sync.OnceValue(s.findMade)
	return s
}

// Index is the scope's index.
func (s *Scope) Index() *Index { return s.index() }

// EachItem calls f for each item that stands directly in the scope, in source order.
func (s *Scope) EachItem(f func(item int32)) {
	items := s.File.Syntax().Items
	from, end := int32(0), uint32(len(s.File.Syntax().Text))
	if s.Item >= 0 {
		from, end = s.Item+1, items[s.Item].Span.End
	}
	for i := from; i < int32(len(items)) && items[i].Span.Start < end; i++ {
		if items[i].Parent == s.Item {
			f(i)
		}
	}
}

func (s *Scope) makeIndex() *Index {
	x := &Index{Names: map[string][]Entry{}, Others: map[string]struct{}{}}
	file := s.File.Syntax()
	s.EachItem(func(i int32) {
		it := &file.Items[i]
		switch it.Kind {
		case syntax.KindMod, syntax.KindStruct, syntax.KindEnum, syntax.KindUnion, syntax.KindTrait, syntax.KindTraitAlias, syntax.KindType:
			x.Names[it.Name] = append(x.Names[it.Name], Entry{Item: i, Import: -1})
		case syntax.KindExternCrate:
			if _, binds := syntax.ParseExternCrate(file, i); binds != "_" && binds != "" {
				x.Names[binds] = append(x.Names[binds], Entry{Item: i, Import: -1})
			}
		case syntax.KindUse:
			for _, imp := range syntax.ParseUse(file, i, s.File.Edition) {
				e := Entry{Item: i, Import: int32(len(x.Imports))}
				x.Imports = append(x.Imports, imp)
				switch {
				case imp.Glob:
					x.Globs = append(x.Globs, e)
				case imp.Name != "_":
					x.Names[imp.Name] = append(x.Names[imp.Name], e)
				}
			}
		case syntax.KindFn, syntax.KindConst, syntax.KindStatic, syntax.KindMacroRules:
			x.Others[it.Name] = struct{}{}
		case syntax.KindMacroCall:
			if !s.ReadsAsItems(i) {
				x.Expanding = true
			}
		case syntax.KindExternBlock:
			for j := i + 1; j < int32(len(file.Items)) && file.Items[j].Span.Start < it.Span.End; j++ {
				inner := &file.Items[j]
				if inner.Parent != i {
					continue
				}
				if inner.Kind == syntax.KindType {
					x.Names[inner.Name] = append(x.Names[inner.Name], Entry{Item: j, Import: -1})
					continue
				}
				x.Others[inner.Name] = struct{}{}
			}
		}
	})
	return x
}

// ReadsAsItems reports whether what the macro call at item i expands to is known: its tokens are items, or it is known to
// define no type.
func (s *Scope) ReadsAsItems(i int32) bool {
	it := &s.File.Syntax().Items[i]
	if it.Macro < 0 {
		return false
	}
	m := &s.File.Syntax().Macros[it.Macro]
	name := string(m.Path.Of(s.File.Syntax().Text))
	if i := strings.LastIndex(name, "::"); i >= 0 {
		name = name[i+2:]
	}
	return m.Items || itemlessMacros[strings.TrimSpace(name)]
}

// itemlessMacros are macros of the standard library and of common crates that stand where items do and define no name of
// the type namespace.
var itemlessMacros = map[string]bool{
	"thread_local": true, "compile_error": true, "global_asm": true, "assert_impl_all": true, "assert_not_impl_any": true,
	"assert_obj_safe": true, "const_assert": true, "const_assert_eq": true, "static_assertions": true, "criterion_group": true,
	"criterion_main": true, "proptest": true, "debug_assert": true, "assert": true, "assert_eq": true, "println": true,
	"impl_trait_for_tuples": true, "submit": true, "collect": true, "doctest": true, "fuzz_target": true,
}

// block is the scope of the fn body or block at item i, which stands in s.
func (s *Scope) block(i int32, parent *Scope) *Scope {
	root := s.Module
	root.blockMu.Lock()
	defer root.blockMu.Unlock()
	if b := root.blocks[i]; b != nil {
		return b
	}
	if root.blocks == nil {
		root.blocks = map[int32]*Scope{}
	}
	b := newScope(&Scope{
		Crate: s.Crate, Parent: parent, Module: root, File: s.File, Item: i, dir: parent.dir,
		Active: cargo.And(parent.Active, parent.ItemCfg(i)),
	})
	root.blocks[i] = b
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

// ChildModule is the module that the `mod` item i of this scope declares; nil if its file is missing.
func (s *Scope) ChildModule(i int32) *Scope {
	s.modMu.Lock()
	defer s.modMu.Unlock()
	if m, ok := s.mods[i]; ok {
		return m
	}
	if s.mods == nil {
		s.mods = map[int32]*Scope{}
	}
	m := s.makeModule(i)
	s.mods[i] = m
	return m
}

// maxModuleDepth bounds chains of modules, which `#[path]` can make endless.
const maxModuleDepth = 128

func (s *Scope) makeModule(i int32) *Scope {
	it := &s.File.Syntax().Items[i]
	m := &Scope{Crate: s.Crate, Parent: s.Module, Name: it.Name, Item: -1, decl: i, Active: cargo.And(s.Active, s.ItemCfg(i))}
	if s.IsBlock() {
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
	m.dir = s.Crate.childDir(where, attr != "")
	m.Active = cargo.And(m.Active, s.Crate.innerCfg(m.File))
	return newScope(m)
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
		if s.Item < 0 && !s.IsBlock() { // outside inline modules the path is relative to the file's own folder
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
	s.missing(i, flat+" or "+nested)
	return ""
}

func (s *Scope) missing(i int32, where string) {
	if s.Crate.Member && cargo.And(s.Active, s.ItemCfg(i)) == cargo.True {
		it := &s.File.Syntax().Items[i]
		s.Crate.snapshot.problem(s.File, it.NameSpan, "the file of module `"+it.Name+"` is missing: create "+where+", or remove the declaration (E0583)")
	}
}

// pathAttr is the value of the item's #[path = ".."], also inside cfg_attr.
func (s *Scope) pathAttr(i int32) string {
	out := ""
	s.EachAttr(i, func(a Attr) {
		if a.Path == "path" && out == "" && s.Crate.evalAll(a.When) != cargo.False {
			out = strings.Trim(strings.TrimSpace(a.Args), `"`)
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

// modDecl is a `mod name;` and the scope that it stands in.
type modDecl struct {
	scope *Scope
	item  int32
}

// fileModules are the modules that the scope's file declares and that are files of their own, inline modules included.
func (s *Scope) fileModules() []modDecl {
	if !s.File.declaresFiles() {
		return nil
	}
	var out []modDecl
	items := s.File.Syntax().Items
	for i := range items {
		if it := &items[i]; it.Kind == syntax.KindMod && it.Flags&syntax.FlagBody == 0 {
			if scope := s.ScopeOf(int32(i)); scope != nil {
				out = append(out, modDecl{scope, int32(i)})
			}
		}
	}
	return out
}

func (f *File) isFnBody(i int32) bool { return i >= 0 && f.Syntax().Items[i].Kind == syntax.KindFn }
