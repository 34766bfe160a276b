package quickfix

import (
	"cmp"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/quickfix/companion"
)

// addition is names that an import of another name shall import too: `use a::X` becomes `use a::{DynX, X}`.
type addition struct {
	scope *workspace.Scope
	file  *workspace.File
	item  int32 // the use declaration
	leaf  syntax.Import
	names []string
	// replaced is set if nothing needs the imported name any more: the additions stand in its place.
	replaced bool
}

// additions are the additions of one action, each once.
type additions struct{ list []*addition }

// add notes a name that a leaf of a scope's imports brings along. A name comes once into a scope: with a public import if there is
// one. An empty name only has the leaf replaced.
func (a *additions) add(s *workspace.Scope, item int32, leaf syntax.Import, name string, replaces bool) {
	file := s.File
	public := func(item int32) bool { return file.Syntax().Items[item].Visibility != syntax.VisPrivate }
	for _, have := range a.list {
		i := slices.Index(have.names, name)
		if have.scope != s || i < 0 {
			continue
		}
		switch {
		case have.leaf.Span == leaf.Span:
			return
		case !public(have.item) && public(item):
			have.names = slices.Delete(have.names, i, i+1)
		case !replaces:
			return
		default:
			name = ""
		}
	}
	var names []string
	if name != "" {
		names = []string{name}
	}
	for _, have := range a.list {
		if have.scope == s && have.item == item && have.leaf.Span == leaf.Span {
			have.names = append(have.names, names...)
			return
		}
	}
	a.list = append(a.list, &addition{scope: s, file: file, item: item, leaf: leaf, names: names, replaced: replaces})
}

// edits write the additions. A declaration with one flat group of names is laid out anew, as rustfmt sorts and fills it;
// elsewhere the names go before the one that they belong to.
func (a *additions) edits() []Edit {
	var out []Edit
	for i, add := range a.list {
		if !slices.ContainsFunc(a.list[:i], func(b *addition) bool { return b.file == add.file && b.item == add.item }) {
			out = append(out, a.declaration(add.file, add.item)...)
		}
	}
	return out
}

func (a *additions) declaration(file *workspace.File, item int32) []Edit {
	span := file.Syntax().Items[item].Span
	text := string(span.Of(file.Text))
	var names []string
	leaves := syntax.ParseUse(file.Syntax(), item, file.Edition)
	open := strings.IndexByte(text, '{')
	flat := open < 0 && len(leaves) == 1 || strings.Count(text, "{") == 1
	if open < 0 {
		open = strings.LastIndex(text, "::") + len("::")
	}
	flat = flat && open >= len("::") && !strings.Contains(text, "//") && !strings.Contains(text, "/*")
	var edits []Edit
	for i := range leaves {
		leaf := &leaves[i]
		whole := source.Span{Start: leaf.Span.Start, End: leaf.Span.End}
		if n := len(leaf.Segments); n > 0 && !leaf.Glob && !leaf.SelfLeaf {
			whole.Start = min(whole.Start, leaf.Segments[n-1].Span.Start)
		}
		own := string(whole.Of(file.Text))
		if path := leaf.Segments; flat { // with the path that it has inside the group
			if k := slices.IndexFunc(path, func(s syntax.Segment) bool { return s.Span.Start >= span.Start+uint32(open) }); k >= 0 && k+1 < len(path) && path[k].Span.Start < whole.Start {
				own = string(file.Text[path[k].Span.Start:whole.End])
			}
		}
		k := slices.IndexFunc(a.list, func(b *addition) bool { return b.file == file && b.item == item && b.leaf.Span == leaf.Span })
		if k < 0 {
			names = append(names, own)
			continue
		}
		add := a.list[k]
		if len(add.names) == 0 && (!add.replaced || !flat || len(leaves) == 1) {
			names = append(names, own)
			continue
		}
		names = append(names, add.names...)
		group := slices.Clone(add.names)
		if !add.replaced {
			names = append(names, own)
			group = append(group, own)
		}
		sortNames(group, file.Edition)
		list := strings.Join(group, ", ")
		if before := strings.TrimRight(string(file.Text[span.Start:whole.Start]), " \t\r\n"); strings.HasSuffix(before, "::") && len(group) > 1 {
			list = "{" + list + "}"
		}
		edits = append(edits, Edit{Path: file.Path, Span: whole, New: list})
	}
	if !flat {
		return edits
	}
	sortNames(names, file.Edition)
	margin := indentAt(file.Text, span.Start)
	code := strings.Join(companion.UseGroup(text[:open], names, len(margin)), "\n"+margin)
	if code == text {
		return nil
	}
	return []Edit{{Path: file.Path, Span: span, New: code}}
}

// sortNames sorts the names of a group as rustfmt does.
func sortNames(names []string, edition int) {
	slices.SortFunc(names, func(a, b string) int {
		if self := func(s string) int { return min(1, len(strings.TrimPrefix(s, "self"))) }; self(a) != self(b) {
			return cmp.Compare(self(a), self(b))
		}
		return companion.ImportOrder(a, b, edition)
	})
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
		if have := p.Judge.Types.Resolver.Member(s, alias); have.Found() {
			if have.Def.Scope != def.Scope {
				return false // something else is called so here
			}
			if p.spare(s, e.Item, def, name) {
				p.adds.add(s, e.Item, imp, "", true)
			}
			return true
		}
		if !p.ensure(r.Def.Scope, imp.Segments[n-1].Name, def, alias, depth+1) {
			return false
		}
		p.adds.add(s, e.Item, imp, alias, p.spare(s, e.Item, def, name))
		return true
	}
	for _, g := range index.Globs {
		imp := index.Imports[g.Import]
		r, used := p.Judge.Types.Resolver.Path(s, &syntax.Path{Global: imp.Global, Segments: imp.Segments})
		if !r.Found() || r.Def.Kind != resolve.Module || used != len(imp.Segments) {
			continue
		}
		if !sameTrait(p.Judge.Types.Resolver.Member(r.Def.Scope, name).Def, def) || !shows(r.Def.Scope, name, s) {
			continue
		}
		if p.ensure(r.Def.Scope, name, def, alias, depth+1) {
			return true
		}
	}
	return false
}

// shows reports whether a glob of a module brings a name of it into another scope: what is private there does so only for what is
// below.
func shows(module *workspace.Scope, name string, to *workspace.Scope) bool {
	for s := to; s != nil; s = s.Parent {
		if s == module {
			return true
		}
	}
	for _, e := range module.Index().Names[name] {
		if module.File.Syntax().Items[e.Item].Visibility != syntax.VisPrivate {
			return true
		}
	}
	return len(module.Index().Names[name]) == 0 // through another glob
}
