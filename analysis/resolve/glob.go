package resolve

import (
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// globs looks a name up behind a scope's glob imports; behind those that viewer sees unless it is nil.
func (q *query) globs(m *workspace.Scope, name string, viewer *workspace.Scope) Result {
	var doubt Why
	parts, _ := q.parts(m, name)
	for _, want := range [...]cargo.Truth{cargo.True, cargo.Unknown, cargo.False} {
		if want == cargo.False && !m.Crate.Member && lowerCase(name) {
			break // a function of libc would be looked for in all that libc has for other platforms
		}
		for i := -1; i < len(parts); i++ {
			s := m
			if i >= 0 {
				s = parts[i]
			}
			r := q.globsHere(s, name, viewer, want)
			if r.Found() {
				return r
			}
			if r.Why != Known && want != cargo.False && doubt == Known {
				doubt = r.Why
			}
		}
	}
	return unknown(doubt)
}

func lowerCase(name string) bool { return name != "" && name[0] >= 'a' && name[0] <= 'z' }

// globsHere looks a name up behind the glob imports that are written in a scope and compiled as wanted.
func (q *query) globsHere(m *workspace.Scope, name string, viewer *workspace.Scope, want cargo.Truth) Result {
	var doubt Why
	for _, g := range m.Index().Globs {
		if cfg, ok := q.stands(m, g.Item); !ok || cfg != want || viewer != nil && !visible(m, g.Item, viewer) {
			continue
		}
		r := q.glob(m, g, name)
		if r.Found() {
			return r
		}
		if r.Why != Known && doubt == Known {
			doubt = r.Why
		}
	}
	return unknown(doubt)
}

func (q *query) glob(m *workspace.Scope, g workspace.Entry, name string) Result {
	key := importKey{m, g}
	if slices.Contains(q.imports, key) {
		q.tainted = true
		return Result{}
	}
	q.imports = append(q.imports, key)
	imp := &m.Index().Imports[g.Import]
	var target Result
	n := 0
	if len(imp.Segments) == 0 { // use ::*; the crate's root in 2015
		target = found(Def{Kind: Module, Scope: m.Crate.Root, Item: -1})
	} else {
		target, n = q.path(m, imp.Segments, imp.Global, true)
	}
	q.imports = q.imports[:len(q.imports)-1]
	switch {
	case !target.Found():
		if target.Why == Known {
			return Result{}
		}
		return unknown(target.Why)
	case n < len(imp.Segments):
		return Result{}
	case target.Def.Kind == Enum:
		if v, ok := q.variant(target.Def, name); ok {
			return found(v)
		}
		return Result{}
	case target.Def.Kind != Module:
		return Result{}
	}
	if t := target.Def.Scope; t != m.Open() {
		return q.through(t, name, m)
	}
	return Result{}
}

// through is what a glob in m imports from module t under a name: what is private to t stays there, behind a glob of t's that
// is private too, unless m lies inside.
func (q *query) through(t *workspace.Scope, name string, m *workspace.Scope) Result {
	declared, seen := declares(t, name, m)
	if seen {
		return q.member(t, name, m.Module)
	}
	hiding := func(s *workspace.Scope) bool {
		return slices.ContainsFunc(s.Index().Globs, func(g workspace.Entry) bool { return !visible(s, g.Item, m) })
	}
	hides := hiding(t)
	parts, _ := q.parts(t, name)
	for _, part := range parts {
		some, seen := declares(part, name, m)
		if seen {
			return q.member(t, name, m.Module)
		}
		declared, hides = declared || some, hides || hiding(part)
	}
	if declared {
		return Result{}
	}
	var r Result
	if hides {
		r = q.behindGlobs(t, name, m)
	} else {
		r = q.member(t, name, m.Module)
	}
	if r.Found() && !reaches(r.Def, m) {
		return Result{} // a glob re-exports an item no further than it can be seen
	}
	return r
}

// behindGlobs looks a name up that t does not declare, behind those of its globs that m sees.
func (q *query) behindGlobs(t *workspace.Scope, name string, m *workspace.Scope) Result {
	if r := q.explicit(t, name); r.Found() { // an attribute makes it
		return r
	}
	out, _ := q.guarded(memberKey{scope: t, name: name, written: q.written, viewer: m}, func() Result { return q.globs(t, name, m) })
	return out
}

// reaches reports whether an item that globs lead to can be named in m.
func reaches(d Def, m *workspace.Scope) bool {
	switch d.Kind {
	case Trait, TraitAlias, Struct, Enum, Union, TypeAlias:
		return visible(d.Scope, d.Item, m)
	}
	return true
}

// sees reports whether a name that a module declares can be imported in m. One that it does not declare may come through its
// globs.
func (q *query) sees(m, t *workspace.Scope, name string) bool {
	some, seen := declares(t, name, m)
	if seen {
		return true
	}
	parts, _ := q.parts(t, name)
	for _, part := range parts {
		more, seen := declares(part, name, m)
		if seen {
			return true
		}
		some = some || more
	}
	return !some
}

// declares reports whether a scope has an item or an import of a name, whatever macros expand to, and whether one can be named in m.
func declares(s *workspace.Scope, name string, m *workspace.Scope) (some, seen bool) {
	for _, e := range s.Index().Names[name] {
		some = true
		if visible(s, e.Item, m) {
			return true, true
		}
	}
	return some, false
}

// visible reports whether an item of scope t can be named in m.
func visible(t *workspace.Scope, item int32, m *workspace.Scope) bool {
	it := &t.File.Syntax().Items[item]
	switch it.Visibility {
	case syntax.VisPublic:
		return true
	case syntax.VisCrate:
		return t.Crate == m.Crate
	case syntax.VisSuper:
		if t.Module.Parent == nil {
			return t.Crate == m.Crate
		}
		return within(m, t.Module.Parent.Module)
	case syntax.VisIn:
		return within(m, ancestorNamed(t.Module, string(it.VisPath.Of(t.File.Text))))
	}
	return within(m, t.Module)
}

// ancestorNamed is the module that the path of a `pub(in path)` in module m means: one that m lies in, so its depth tells it.
func ancestorNamed(m *workspace.Scope, path string) *workspace.Scope {
	above := []*workspace.Scope{m} // outwards
	for at := m; at.Parent != nil; {
		at = at.Parent.Module
		above = append(above, at)
	}
	up, down := 0, 0
	for i, segment := range strings.Split(strings.TrimPrefix(path, "::"), "::") {
		switch strings.TrimSpace(segment) {
		case "super":
			up++
		case "self":
		case "crate":
			up = len(above) - 1
		default:
			if i == 0 { // a path from the root, in 2015
				up = len(above) - 1
			}
			down++
		}
	}
	return above[min(max(up-down, 0), len(above)-1)]
}

func within(m, ancestor *workspace.Scope) bool {
	for s := m; s != nil; s = s.Parent {
		if s == ancestor {
			return true
		}
	}
	return false
}
