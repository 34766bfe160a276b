package resolve

import (
	"bytes"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// macro is a macro definition: an item of a scope.
type macro struct {
	scope *workspace.Scope
	item  int32
}

// macroResult is the answer to the question which macro a name means: found if the scope is set, else doubtful or none.
type macroResult struct {
	macro
	doubt bool // it may exist
}

func (m macroResult) found() bool { return m.scope != nil }

// decided reports whether nothing else has to be looked at.
func (m macroResult) decided() bool { return m.doubt || m.found() }

// macroNamed resolves the path of a macro invocation that stands at an offset of scope's file. Textual scope comes before
// modules and imports, those before #[macro_use] of extern crates (rustc_resolve::macros, early_resolve_ident_in_lexical_scope).
// Macros that other macros define are left out: rustc lets them shadow nothing (E0659). So are those of the standard library.
func (r *Resolver) macroNamed(scope *workspace.Scope, offset uint32, path string) macroResult {
	global := strings.HasPrefix(path, "::")
	names := strings.Split(strings.TrimPrefix(path, "::"), "::")
	segs := make([]syntax.Segment, len(names))
	for i, n := range names {
		plain := strings.TrimPrefix(n, "r#")
		segs[i] = syntax.Segment{Name: plain, Raw: plain != n}
	}
	q := r.query()
	q.written = true
	seen := map[memberKey]bool{}
	if len(segs) > 1 || global {
		return q.macroAlong(scope, segs, global, false, seen)
	}
	return q.lexicalMacro(scope, offset, segs[0].Name, seen)
}

// macroAlong resolves a path of several segments.
func (q *query) macroAlong(scope *workspace.Scope, segs []syntax.Segment, global, isImport bool, seen map[memberKey]bool) macroResult {
	last := len(segs) - 1
	if last == 0 {
		return macroResult{}
	}
	at, n := q.path(scope, segs[:last], global, isImport)
	if at.Def.Kind != Module || n < last {
		return macroResult{}
	}
	return q.macroIn(at.Def.Scope, segs[last].Name, seen)
}

func (q *query) lexicalMacro(scope *workspace.Scope, offset uint32, name string, seen map[memberKey]bool) macroResult {
	if m := textualMacro(scope, offset, name); m.decided() {
		return m
	}
	for s := scope; s != nil; {
		if m := q.macroIn(s, name, seen); m.decided() {
			return m
		}
		if s.Host == nil && !s.IsBlock() {
			break
		}
		s, _ = s.Outside()
	}
	root := scope.Crate.Root
	var out macroResult
	root.EachItem(func(i int32) {
		if root.File.Syntax().Items[i].Kind != syntax.KindExternCrate || !root.UsesMacros(i) || root.ItemCfg(i) == cargo.False {
			return
		}
		if c := q.externCrate(root, i); c.Def.Kind == Module {
			if m := q.exported(c.Def.Scope.Crate, name); m.decided() {
				out = m
			}
		}
	})
	return out
}

// maxScopes bounds how far outward a macro is looked for.
const maxScopes = 256

// textualMacro looks a macro_rules! up in textual scope: backwards from the offset and outward, into modules with #[macro_use].
func textualMacro(scope *workspace.Scope, offset uint32, name string) macroResult {
	for n := 0; scope != nil && n < maxScopes; n++ {
		if m := lastMacro(scope, offset, name, 0); m.decided() {
			return m
		}
		scope, offset = scope.Outside()
	}
	return macroResult{}
}

// lastMacro is the last macro_rules! of this name before the offset in a scope, in the files that it includes too.
func lastMacro(scope *workspace.Scope, offset uint32, name string, depth int) macroResult {
	file := scope.File.Syntax()
	macros := scope.Index().Macros
	for k := len(macros) - 1; k >= 0; k-- {
		it := &file.Items[macros[k]]
		if it.Span.Start >= offset {
			continue
		}
		cfg := cargo.True
		if it.Kind != syntax.KindMacroRules || it.Name == name {
			cfg = scope.ItemCfg(macros[k])
		}
		switch {
		case cfg == cargo.False:
		case it.Kind != syntax.KindMacroRules:
			if it.Kind == syntax.KindMod && !scope.UsesMacros(macros[k]) {
				continue
			}
			child := scope.ChildModule(macros[k])
			if child == nil || depth > maxScopes {
				continue
			}
			if m := lastMacro(child, ^uint32(0), name, depth+1); m.decided() {
				m.doubt = m.doubt || cfg == cargo.Unknown
				return m
			}
		case it.Name == name && byRules(file, it):
			return macroResult{macro{scope, macros[k]}, cfg == cargo.Unknown}
		}
	}
	return macroResult{}
}

// byRules tells macro_rules! from `macro`, which is an item like others.
func byRules(file *syntax.File, it *syntax.Item) bool {
	return bytes.HasSuffix(bytes.TrimSpace(file.Text[it.Span.Start:it.NameSpan.Start]), []byte("!"))
}

// macroIn looks a macro up in the macro namespace of a scope: `macro` items, what #[macro_export] puts into a crate's root,
// imports and globs.
func (q *query) macroIn(m *workspace.Scope, name string, seen map[memberKey]bool) macroResult {
	key := memberKey{scope: m, name: name}
	if seen[key] || len(seen) > maxScopes || m.Crate.Std {
		return macroResult{}
	}
	seen[key] = true
	x := m.Index()
	file := m.File.Syntax()
	for _, i := range x.Macros {
		if it := &file.Items[i]; it.Name == name && it.Kind == syntax.KindMacroRules && !byRules(file, it) {
			if cfg := m.ItemCfg(i); cfg != cargo.False {
				return macroResult{macro{m, i}, cfg == cargo.Unknown}
			}
		}
	}
	if m == m.Crate.Root {
		if out := q.exported(m.Crate, name); out.decided() {
			return out
		}
	}
	for _, e := range x.Names[name] {
		if e.Import < 0 || m.ItemCfg(e.Item) == cargo.False {
			continue
		}
		imp := &x.Imports[e.Import]
		if len(imp.Segments) == 1 && !imp.Global {
			if out := textualMacro(m, file.Items[e.Item].Span.Start, imp.Segments[0].Name); out.decided() {
				return out
			}
			if m.Crate.Edition == 2015 || imp.Segments[0].Name != name {
				if out := q.macroIn(m.Crate.Root, imp.Segments[0].Name, seen); out.decided() {
					return out
				}
			}
			continue
		}
		if out := q.macroAlong(m, imp.Segments, imp.Global, true, seen); out.decided() {
			return out
		}
	}
	for _, g := range x.Globs {
		if m.ItemCfg(g.Item) == cargo.False {
			continue
		}
		imp := &x.Imports[g.Import]
		at, n := q.path(m, imp.Segments, imp.Global, true)
		if at.Def.Kind != Module || n < len(imp.Segments) {
			continue
		}
		if out := q.macroIn(at.Def.Scope, name, seen); out.decided() {
			return out
		}
	}
	return macroResult{}
}

// exported looks a macro up among those with #[macro_export], which are items of the crate's root.
func (q *query) exported(c *workspace.Crate, name string) macroResult {
	var out macroResult
	for _, m := range c.ExportedMacros()[name] {
		switch cargo.And(m.Scope.Active, m.Scope.ItemCfg(m.Item)) {
		case cargo.True:
			return macroResult{macro{m.Scope, m.Item}, false}
		case cargo.Unknown:
			out = macroResult{macro{m.Scope, m.Item}, true}
		}
	}
	return out
}
