package quickfix

import (
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
type additions struct {
	w     *Workspace
	list  []*addition
	needs []*need
}

// need says who needs a name that an addition brings into a scope: the scope itself, or those whom it does not have the name for.
type need struct {
	scope *workspace.Scope
	name  string
	own   bool
	// readers are modules with a #[cfg] that have a glob of the scope; path is how they can import the name by themselves.
	readers []*workspace.Scope
	path    string
}

// needed notes who needs a name in a scope: a module below if one is given, else the scope itself.
func (a *additions) needed(s *workspace.Scope, name string, reader *workspace.Scope, path string) {
	i := slices.IndexFunc(a.needs, func(n *need) bool { return n.scope == s && n.name == name })
	if i < 0 {
		i = len(a.needs)
		a.needs = append(a.needs, &need{scope: s, name: name})
	}
	switch n := a.needs[i]; {
	case reader == nil || path == "":
		n.own = true
	case !slices.Contains(n.readers, reader):
		n.readers, n.path = append(n.readers, reader), path
	}
}

// importedBelow takes the names out of the additions that only modules with a #[cfg] need, and imports them there: in other builds
// nothing would use them.
func (a *additions) importedBelow() []Edit {
	var out []Edit
	for _, n := range a.needs {
		if n.own {
			continue
		}
		for _, have := range a.list {
			if have.scope == n.scope {
				have.names = slices.DeleteFunc(have.names, func(name string) bool { return name == n.name })
			}
		}
		for _, r := range n.readers {
			out = append(out, a.w.addUse(r, n.path))
		}
	}
	return out
}

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

// edits write the additions: the declarations are laid out anew, and sorted among those beside them, as rustfmt does. Where a comment
// stands in one, the names go before the one that they belong to.
func (a *additions) edits() []Edit {
	out := a.importedBelow()
	written := map[textPlace]bool{}
	for _, add := range a.list {
		if len(add.names) == 0 && !add.replaced {
			continue
		}
		for _, e := range a.run(add) {
			if at := (textPlace{e.Path, e.Span}); !written[at] {
				written[at] = true
				out = append(out, e)
			}
		}
	}
	return out
}

// run are the edits of the declarations on the lines around an addition's that follow each other: what changes, and what changes places
// with it.
func (a *additions) run(add *addition) []Edit {
	file, format := add.file, a.w.format(add.file)
	decls := a.around(add)
	before := make([]*companion.UseTree, len(decls))
	after := make([]*companion.UseTree, len(decls))
	for i, item := range decls {
		before[i], after[i] = useTree(file, item), a.changed(file, item)
	}
	compare := func(a, b *companion.UseTree) int { return companion.CompareUse(a, b, format.StyleEdition) }
	mine := slices.Index(decls, add.item)
	if after[mine] == nil {
		return a.inPlace(file, add.item)
	}
	order := make([]int, len(decls))
	for i := range order {
		order[i] = i
	}
	if !slices.Contains(before, nil) && slices.IsSortedFunc(before, compare) {
		slices.SortStableFunc(order, func(i, j int) int { return compare(after[i], after[j]) })
	}
	var out []Edit
	for i, item := range decls {
		span := file.Syntax().Items[item].Span
		from := file.Syntax().Items[decls[order[i]]].Span
		code := strings.ReplaceAll(string(from.Of(file.Text)), "\r\n", "\n")
		if tree := after[order[i]]; tree != nil && before[order[i]].String() != tree.String() {
			margin := indentAt(file.Text, from.Start)
			code = strings.Join(tree.Lines(code[:treeStart(code)], ";", companion.Layout{Format: format, Column: columns(format, margin)}), "\n"+margin)
		}
		if order[i] != i || i == mine && code != string(span.Of(file.Text)) {
			out = append(out, Edit{Path: file.Path, Span: span, New: code})
		}
	}
	return out
}

// around are an addition's declaration and those on the lines before and behind it, if rustfmt sorts them together.
func (a *additions) around(add *addition) []int32 {
	file := add.file
	items := file.Syntax().Items
	var run []int32
	found := false
	add.scope.EachItem(func(i int32) {
		if items[i].Kind != syntax.KindUse || items[i].Macro >= 0 {
			return
		}
		if len(run) > 0 && !adjacent(file, run[len(run)-1], i) {
			if found {
				return
			}
			run = nil
		}
		run = append(run, i)
		found = found || i == add.item
	})
	end := slices.Index(run, add.item)
	for end >= 0 && end+1 < len(run) && adjacent(file, run[end], run[end+1]) {
		end++
	}
	if end < 0 || slices.ContainsFunc(run[:end+1], func(i int32) bool { return items[i].Attrs.Start < items[i].Attrs.End }) {
		return []int32{add.item} // an attribute stays with its own
	}
	return run[:end+1]
}

// treeStart is where the tree begins in the text of a use declaration.
func treeStart(text string) int { return strings.Index(text, "use ") + len("use ") }

// useTree is the tree of a declaration; nil if a comment stands in it.
func useTree(file *workspace.File, item int32) *companion.UseTree {
	text := string(file.Syntax().Items[item].Span.Of(file.Text))
	tree, ok := companion.ParseUseTree(strings.TrimSuffix(text, ";")[treeStart(text):])
	if !ok {
		return nil
	}
	return tree
}

// changed is the tree of a declaration with the additions in it; nil if a comment stands in it.
func (a *additions) changed(file *workspace.File, item int32) *companion.UseTree {
	tree := useTree(file, item)
	if tree == nil {
		return nil
	}
	edition := a.w.format(file).StyleEdition
	span := file.Syntax().Items[item].Span
	base := span.Start + uint32(treeStart(string(span.Of(file.Text))))
	alone := tree.List == nil
	type change struct {
		leaf, in *companion.UseTree
		add      *addition
	}
	var changes []change
	for _, add := range a.list {
		if add.file != file || add.item != item || len(add.names) == 0 && (!add.replaced || alone) {
			continue
		}
		if leaf, in := tree.Leaf(int(leafName(&add.leaf).Start - base)); leaf != nil {
			changes = append(changes, change{leaf, in, add})
		}
	}
	for _, c := range changes {
		path, own := "", c.leaf.Path
		if i := strings.LastIndex(own, "::"); i >= 0 {
			path, own = own[:i], own[i+len("::"):]
		}
		names := slices.Clone(c.add.names)
		if !c.add.replaced {
			names = append(names, own)
		}
		switch {
		case c.in == nil:
			*tree = companion.UseTree{Path: path}
			for _, name := range names {
				tree.Insert(&companion.UseTree{Path: name}, edition)
			}
			continue
		case path == "":
			c.in.Remove(c.leaf)
			for _, name := range names {
				c.in.Insert(&companion.UseTree{Path: name}, edition)
			}
			continue
		}
		c.in.Remove(c.leaf)
		group := &companion.UseTree{Path: path}
		for _, name := range names {
			group.Insert(&companion.UseTree{Path: name}, edition)
		}
		if len(names) == 1 {
			group = &companion.UseTree{Path: path + "::" + names[0]}
		}
		if len(names) > 0 {
			c.in.Insert(group, edition)
		}
	}
	tree.Prune()
	return tree
}

// leafName is where the last name of an import stands, with what it is called instead.
func leafName(leaf *syntax.Import) source.Span {
	out := source.Span{Start: leaf.Span.Start, End: leaf.Span.End}
	if n := len(leaf.Segments); n > 0 && !leaf.Glob && !leaf.SelfLeaf {
		out.Start = min(out.Start, leaf.Segments[n-1].Span.Start)
	}
	return out
}

// inPlace are the edits of a declaration with a comment in it.
func (a *additions) inPlace(file *workspace.File, item int32) []Edit {
	span, edition := file.Syntax().Items[item].Span, a.w.format(file).StyleEdition
	var edits []Edit
	for _, add := range a.list {
		if add.file != file || add.item != item || len(add.names) == 0 {
			continue
		}
		whole := leafName(&add.leaf)
		group := slices.Clone(add.names)
		if !add.replaced {
			group = append(group, string(whole.Of(file.Text)))
		}
		slices.SortFunc(group, func(a, b string) int {
			return companion.CompareUse(&companion.UseTree{Path: a}, &companion.UseTree{Path: b}, edition)
		})
		list := strings.Join(group, ", ")
		if before := strings.TrimRight(string(file.Text[span.Start:whole.Start]), " \t\r\n"); strings.HasSuffix(before, "::") && len(group) > 1 {
			list = "{" + list + "}"
		}
		edits = append(edits, Edit{Path: file.Path, Span: whole, New: list})
	}
	return edits
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
		reader := p.reader
		p.reader = nil
		if p.rival(s, name, def) || !p.ensure(r.Def.Scope, imp.Segments[n-1].Name, def, alias, depth+1) {
			return false
		}
		public := s.File.Syntax().Items[e.Item].Visibility != syntax.VisPrivate
		if public || reader != nil && (s.Crate != def.Scope.Crate || !companion.VisibleFrom(def, reader)) {
			reader = nil
		}
		p.adds.needed(s, alias, reader, cratePath(s.Crate, def.Scope)+alias)
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
		if companion.Below(s, r.Def.Scope) && configured(s, r.Def.Scope) {
			p.reader = s.Module
		}
		ok := p.ensure(r.Def.Scope, name, def, alias, depth+1)
		p.reader = nil
		if ok {
			return true
		}
	}
	return false
}

// rival reports whether a scope, in which name means a trait, has another trait of the same name, whose companion will be called alike:
// `use a::Job` and `use b::Job as Other`. The one that is called by its own name comes first.
func (p *companionPlan) rival(s *workspace.Scope, name string, def resolve.Def) bool {
	index := s.Index()
	for other, entries := range index.Names {
		if other == name || name == def.ItemName() && other != def.ItemName() {
			continue
		}
		for _, e := range entries {
			called := other
			if e.Import >= 0 {
				segments := index.Imports[e.Import].Segments
				if len(segments) == 0 {
					continue
				}
				called = segments[len(segments)-1].Name
			}
			if called != def.ItemName() {
				continue
			}
			if r := p.Judge.Types.Resolver.Member(s, other); r.Def.Kind == resolve.Trait && !sameTrait(r.Def, def) {
				return true
			}
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
