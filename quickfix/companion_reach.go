package quickfix

import (
	"cmp"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// addition is a name that an import of another name shall import too: `use a::X` becomes `use a::{DynX, X}`.
type addition struct {
	file  *workspace.File
	item  int32 // the use declaration
	leaf  int   // index among its tree
	tree  syntax.Import
	names []string
}

// additions are the additions of one action, each once.
type additions struct{ list []*addition }

func (a *additions) add(file *workspace.File, item int32, leaf int, imp syntax.Import, name string) {
	for _, have := range a.list {
		if have.file == file && have.item == item && have.leaf == leaf {
			if !slices.Contains(have.names, name) {
				have.names = append(have.names, name)
			}
			return
		}
	}
	a.list = append(a.list, &addition{file: file, item: item, leaf: leaf, tree: imp, names: []string{name}})
}

// edits write the additions: into the braces that the import stands in, or into braces of its own.
func (a *additions) edits() []Edit {
	var out []Edit
	for _, add := range a.list {
		text := add.file.Text
		last := add.tree.Segments[len(add.tree.Segments)-1]
		span := source.Span{Start: last.Span.Start, End: max(last.Span.End, add.tree.Span.End)}
		before := span.Start
		for before > 0 && strings.IndexByte(" \t\r\n", text[before-1]) >= 0 {
			before--
		}
		slices.SortFunc(add.names, strings.Compare)
		list := strings.Join(add.names, ", ")
		if before > 0 && (text[before-1] == '{' || text[before-1] == ',') && !add.tree.SelfLeaf {
			out = append(out, Edit{Path: add.file.Path, Span: source.Span{Start: span.Start, End: span.Start}, New: list + ", "})
			continue
		}
		names := append(slices.Clone(add.names), string(span.Of(text)))
		slices.SortStableFunc(names, func(x, y string) int { return cmp.Compare(x, y) })
		out = append(out, Edit{Path: add.file.Path, Span: span, New: "{" + strings.Join(names, ", ") + "}"})
	}
	return out
}

// reach makes the alias of a trait known where a path names the trait, and returns the path's prefix for the alias.
func (p *companionPlan) reach(scope *workspace.Scope, path *syntax.Path, def resolve.Def, alias string) string {
	n := len(path.Segments)
	if n == 1 && !path.Global {
		for s := scope; s != nil; s = s.Parent {
			if p.ensure(s, path.Segments[0].Name, def, alias, 0) {
				return ""
			}
			if !s.IsBlock() {
				break
			}
		}
		return cratePath(scope.Crate, def.Scope)
	}
	r, used := p.Judge.Types.Resolver.Path(scope, &syntax.Path{Global: path.Global, Segments: path.Segments[:n-1]})
	if r.Found() && r.Def.Kind == resolve.Module && used == n-1 && p.ensure(r.Def.Scope, path.Segments[n-1].Name, def, alias, 0) {
		return string(scope.File.Text[path.Span.Start:path.Segments[n-1].Span.Start])
	}
	return cratePath(scope.Crate, def.Scope)
}

// maxReexports bounds chains of imports.
const maxReexports = 32

// ensure makes the alias known in a scope in which name means the trait: beside the trait it is, and an import of the trait
// imports the alias too. It reports whether that can be.
func (p *companionPlan) ensure(s *workspace.Scope, name string, def resolve.Def, alias string, depth int) bool {
	if depth > maxReexports || !s.Crate.Member {
		return false
	}
	index := s.Index()
	for _, e := range index.Names[name] {
		if e.Import < 0 {
			if s.File == def.File() && e.Item == def.Item {
				return true
			}
			continue
		}
		imp := index.Imports[e.Import]
		if len(imp.Segments) < 2 || imp.SelfLeaf {
			continue
		}
		n := len(imp.Segments)
		r, used := p.Judge.Types.Resolver.Path(s, &syntax.Path{Global: imp.Global, Segments: imp.Segments[:n-1]})
		if !r.Found() || r.Def.Kind != resolve.Module || used != n-1 {
			continue
		}
		if !sameTrait(p.Judge.Types.Resolver.Member(r.Def.Scope, imp.Segments[n-1].Name).Def, def) {
			continue
		}
		if !p.ensure(r.Def.Scope, imp.Segments[n-1].Name, def, alias, depth+1) {
			return false
		}
		first := e.Import // tree of one declaration follow each other
		for first > 0 && p.itemOf(s, first-1) == e.Item {
			first--
		}
		p.adds.add(s.File, e.Item, int(e.Import-first), imp, alias)
		return true
	}
	for _, g := range index.Globs {
		imp := index.Imports[g.Import]
		r, used := p.Judge.Types.Resolver.Path(s, &syntax.Path{Global: imp.Global, Segments: imp.Segments})
		if !r.Found() || r.Def.Kind != resolve.Module || used != len(imp.Segments) {
			continue
		}
		if sameTrait(p.Judge.Types.Resolver.Member(r.Def.Scope, name).Def, def) {
			return p.ensure(r.Def.Scope, name, def, alias, depth+1)
		}
	}
	return false
}

// itemOf is the use declaration that an import of a scope stands in.
func (p *companionPlan) itemOf(s *workspace.Scope, index int32) int32 {
	x := s.Index()
	for _, entries := range x.Names {
		for _, e := range entries {
			if e.Import == index {
				return e.Item
			}
		}
	}
	for _, e := range x.Globs {
		if e.Import == index {
			return e.Item
		}
	}
	return -1
}
