package main

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve/stdlib"
)

// A scope is a module of the table with its type namespace. It is a second, much simpler reading of the table than that
// of the resolver, so that the two can be held against rustc's documentation independently.
type scope struct {
	table  *table
	crate  string
	parent *scope
	names  map[string][]*entity
	uses   []use
	globs  []use
	// unstable is set by `#![unstable]` inside the module.
	unstable bool
	active   map[string]bool // names being searched: cycles of imports end here
}

// entity is one item with a name.
type entity struct {
	kind     itemKind
	name     string
	public   bool
	unstable bool
	scope    *scope // of a module
	body     []node // of a trait
}

type use struct {
	path     []string
	name     string // empty for a glob
	public   bool
	unstable bool
}

// table is the module trees of all crates, for one target or for all.
type table struct {
	t      *testing.T
	holds  func(predicate []node) bool // what `#[cfg(..)]` evaluates to
	crates map[string]*scope
	// externs are the names that `extern crate a as b;` in a crate adds to those of the crates it sees everywhere.
	externs map[string]string
}

func loadTable(t *testing.T, holds func([]node) bool) *table {
	t.Helper()
	tab := &table{t: t, holds: holds, crates: map[string]*scope{}, externs: map[string]string{}}
	for _, c := range stdlib.Crates() {
		root := &scope{table: tab, crate: c, names: map[string][]*entity{}, active: map[string]bool{}}
		tab.crates[c] = root
		root.readFile(c+"/src/lib.rs", c+"/src")
	}
	return tab
}

func (s *scope) readFile(file, dir string) {
	text, ok := stdlib.Open(file)
	if !ok {
		s.table.t.Errorf("%s is not in the table", file)
		return
	}
	nodes, err := parseTrees(text)
	if err != nil {
		s.table.t.Errorf("%s: %v", file, err)
		return
	}
	s.read(nodes, file, dir)
}

func (s *scope) read(nodes []node, file, dir string) {
	for i := 0; i+2 < len(nodes) && nodes[i].is("#") && nodes[i+1].is("!"); i += 3 {
		switch a := nodes[i+2].sub; {
		case a[0].is("cfg") && !s.table.holds(a[1].sub):
			return
		case a[0].is("unstable"):
			s.unstable = true
		}
	}
	for _, it := range splitItems(nodes, 0) {
		if it.kind == itemOther {
			s.table.t.Errorf("%s: not an item: %s", file, render(it.head))
			continue
		}
		unstable, ok := s.conditions(&it)
		if !ok {
			continue
		}
		e := &entity{kind: it.kind, name: strings.TrimPrefix(it.name, "r#"), public: it.public(), unstable: unstable}
		switch it.kind {
		case itemMod:
			s.readMod(e, &it, file, dir)
			e.unstable = e.unstable || e.scope.unstable
		case itemTrait:
			if it.body != nil {
				e.body = it.body.sub
			}
		case itemUse:
			for _, u := range useTree(it.head[1:], nil) {
				u.public, u.unstable = it.public(), unstable
				if u.name == "" {
					s.globs = append(s.globs, u)
					continue
				}
				s.uses = append(s.uses, u)
			}
			continue
		case itemExternCrate:
			name := it.head[2].text
			u := use{path: []string{"::", name}, name: name, public: it.public()}
			if len(it.head) == 5 {
				u.name = it.head[4].text
			}
			s.uses = append(s.uses, u)
			s.table.externs[s.crate+" "+u.name] = name
			continue
		case itemMacroCall: // cfg_select!
			s.readArms(it.body.sub, file, dir)
			continue
		case itemStruct, itemEnum, itemUnion, itemType:
		default:
			continue
		}
		s.names[e.name] = append(s.names[e.name], e)
	}
}

func (s *scope) readMod(e *entity, it *item, file, dir string) {
	e.scope = &scope{table: s.table, crate: s.crate, parent: s, names: map[string][]*entity{}, active: map[string]bool{}}
	inner := path.Join(dir, e.name)
	if it.body != nil {
		e.scope.read(it.body.sub, file, inner)
		return
	}
	for _, a := range it.attrs {
		if len(a) == 3 && a[0].is("path") {
			child := path.Join(path.Dir(file), strings.Trim(a[2].text, `"`))
			e.scope.readFile(child, path.Dir(child))
			return
		}
	}
	if _, ok := stdlib.Open(inner + ".rs"); ok {
		e.scope.readFile(inner+".rs", inner)
		return
	}
	e.scope.readFile(inner+"/mod.rs", inner)
}

// everything says whether all conditions hold at once, `x` and `not(x)`.
func (tab *table) everything() bool { return tab.holds([]node{{text: "no_such_cfg"}}) }

// readArms reads the first arm of a cfg_select! that holds, or all.
func (s *scope) readArms(arms []node, file, dir string) {
	start := 0
	for i := range arms {
		if !arms[i].is("=>") {
			continue
		}
		if condition := arms[start:i]; condition[0].is("_") || s.table.holds(condition) {
			s.read(arms[i+1].sub, file, dir)
			if !s.table.everything() {
				return
			}
		}
		start = i + 2
	}
}

func (s *scope) conditions(it *item) (unstable, ok bool) {
	for _, a := range it.attrs {
		switch {
		case a[0].is("cfg") && !s.table.holds(a[1].sub):
			return false, false
		case a[0].is("unstable"):
			unstable = true
		}
	}
	return unstable, true
}

func useTree(nodes []node, prefix []string) []use {
	nodes = slices.Clone(nodes)
	p := slices.Clone(prefix)
	for i := 0; i < len(nodes); i++ {
		n := nodes[i]
		switch {
		case n.is("::"):
			if i == 0 && len(prefix) == 0 {
				p = append(p, "::")
			}
		case n.is("*"):
			return []use{{path: p}}
		case n.group('{'):
			var out []use
			for _, part := range splitAt(n.sub, ",") {
				out = append(out, useTree(part, p)...)
			}
			return out
		case n.is("as"):
			return []use{{path: p, name: strings.TrimPrefix(nodes[i+1].text, "r#")}}
		case n.is("self") && len(prefix) > 0 && i == 0:
		default:
			p = append(p, strings.TrimPrefix(n.text, "r#"))
		}
	}
	return []use{{path: p, name: p[len(p)-1]}}
}

// lookup finds what a name means in the type namespace of a module. A path from outside sees public names only.
func (s *scope) lookup(name string, outside bool) []*entity {
	var out []*entity
	out = append(out, visible(s.names[name], outside)...)
	if len(out) > 0 || s.active[name] {
		return out
	}
	s.active[name] = true
	defer delete(s.active, name)
	for _, u := range s.uses {
		if u.name == name && (u.public || !outside) {
			out = append(out, u.mark(visible(s.resolve(u.path), outside))...)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, u := range s.globs {
		if !u.public && outside {
			continue
		}
		for _, e := range s.resolve(u.path) {
			if e.scope != nil {
				out = append(out, u.mark(e.scope.lookup(name, true))...)
			}
		}
	}
	return out
}

// visible drops what a `pub use` cannot show: it shows no more of an item than the item's own visibility allows. So
// `pub use self::chain::chain` of a private module beside the function shows the function alone.
func visible(found []*entity, outside bool) []*entity {
	var out []*entity
	for _, e := range found {
		if e.public || !outside {
			out = append(out, e)
		}
	}
	return out
}

// mark makes what an unstable `use` brings unstable.
func (u use) mark(found []*entity) []*entity {
	if !u.unstable {
		return found
	}
	out := make([]*entity, len(found))
	for i, e := range found {
		out[i] = e.asUnstable()
	}
	return out
}

// resolve follows the path of a `use` in s; a first segment is a name in scope, or else a crate.
func (s *scope) resolve(segments []string) []*entity {
	at := []*entity{{kind: itemMod, scope: s}}
	for i, name := range segments {
		switch name {
		case "::":
			at = nil
			continue
		case "crate", "$crate":
			at = []*entity{{kind: itemMod, scope: s.table.crates[s.crate]}}
			continue
		case "self":
			continue
		case "super":
			at = []*entity{{kind: itemMod, scope: at[0].scope.parent}}
			continue
		}
		next := members(at, name, s.crate)
		if root := s.table.extern(s.crate, name); len(next) == 0 && root != nil && (i == 0 || segments[i-1] == "::") {
			next = []*entity{{kind: itemMod, name: name, public: true, scope: root}}
		}
		if at = next; len(at) == 0 {
			return nil
		}
	}
	return at
}

func (tab *table) extern(crate, name string) *scope {
	if target, ok := tab.externs[crate+" "+name]; ok && target != "self" {
		name = target
	}
	return tab.crates[name]
}

// members finds a name in modules; those of another crate than the given show what is public.
func members(modules []*entity, name, crate string) []*entity {
	var out []*entity
	for _, e := range modules {
		if e.scope == nil {
			continue
		}
		for _, found := range e.scope.lookup(name, e.scope.crate != crate) {
			if e.unstable && !found.unstable {
				found = found.asUnstable()
			}
			out = append(out, found)
		}
	}
	return out
}

func (e *entity) asUnstable() *entity {
	c := *e
	c.unstable = true
	return &c
}

// outside resolves a path as another crate writes it: `std::fmt::Debug`.
func (tab *table) outside(path string) []*entity {
	segments := strings.Split(path, "::")
	root := tab.crates[segments[0]]
	if root == nil {
		return nil
	}
	at := []*entity{{kind: itemMod, scope: root}}
	for _, name := range segments[1:] {
		at = members(at, name, "")
	}
	return at
}
