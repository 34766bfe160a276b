package companion

import (
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// The companion of a trait of another crate goes into a crate that uses it. What the signatures name is written there by absolute
// paths, because the trait's own imports are not in reach. No impl for Box<T> can be written (E0210), and the trait cannot be changed: where its
// futures have to be Send, the companion is implemented type by type, whose futures show whether they are.

// limitAbroad says why a trait of another crate gets no companion; nil if it does.
func (t *Trait) limitAbroad() error {
	if len(t.companions) > 0 {
		return blocked("the supertrait `%s` of `%s`, which belongs to another crate, is not dyn compatible either", t.companions[0].trait.Name, t.Name)
	}
	for _, m := range t.methods {
		if len(m.cfg) > 0 {
			return blocked("`%s` of `%s` is under a #[cfg], which says nothing outside of its crate", m.name, t.Name)
		}
	}
	return nil
}

// ownPath reports whether a path means something within the trait itself: Self, a parameter, what an associated type is called.
func (w *Writer) ownPath(p *syntax.Path) bool {
	if p.QSelf != nil && p.QTrait == 0 || len(p.Segments) == 0 {
		return true
	}
	first := p.Segments[0].Name
	return !p.Global && p.QSelf == nil && (first == "Self" || slices.Contains(w.arguments(), first) ||
		slices.ContainsFunc(w.assocs, func(a *assoc) bool { return a.param == first }))
}

// moved writes a path of a supertrait's file as it is written in the module of a companion that stands in another scope: as it is, if it
// means the same there.
func (w *Writer) moved(p *syntax.Path) *syntax.Path {
	if w.ownPath(p) {
		return p
	}
	first := &p.Segments[0]
	scope, r := w.Trait.Def.Scope, w.judge.Types.Resolver
	same := p.Global && scope.Crate == w.home.Crate
	switch {
	case p.Global:
	case first.Name == "crate":
		same = scope.Crate == w.home.Crate
	case first.Name != "self" && first.Name != "super":
		same = sameMeaning(r.Lexical(scope, first.Name), r.Lexical(w.home, first.Name))
	}
	if !same {
		p = w.outside(p)
	}
	if first = &p.Segments[0]; first.Raw {
		w.see("r#" + first.Name)
	} else if !p.Global {
		w.see(first.Name)
	}
	return p
}

// seeMoved takes note of a name in a length of an array or the like, which is copied as text.
func (w *Writer) seeMoved(name string) {
	path := &syntax.Path{Segments: []syntax.Segment{{Name: name}}}
	there, _ := w.judge.Types.Resolver.Value(w.Trait.Def.Scope, path)
	if here, _ := w.judge.Types.Resolver.Value(w.home, path); !sameMeaning(there, here) {
		*w.foreign = name
	}
	w.see(name)
}

// sameMeaning reports whether two results are surely the same item; primitive types are so in all crates.
func sameMeaning(a, b resolve.Result) bool {
	if a.Def.Kind == resolve.Primitive {
		return b.Def.Kind == resolve.Primitive && a.Def.Name == b.Def.Name
	}
	return a.Found() && a.Def == b.Def
}

// outside writes a path of the trait's file as it is written where the companion goes.
func (w *Writer) outside(p *syntax.Path) *syntax.Path {
	if w.ownPath(p) {
		return p
	}
	n := len(p.Segments)
	if p.QTrait > 0 {
		n = p.QTrait
	}
	scope := w.Trait.Def.Scope
	r, used := w.judge.Types.Resolver.Path(scope, &syntax.Path{Global: p.Global, Segments: p.Segments[:n]})
	written := w.p.segments(p.Segments[:n])
	if !r.Found() || used == 0 {
		*w.foreign = written
		return p
	}
	local := w.nameAbroad(r.Def, p.Segments[:used])
	if local == nil {
		*w.foreign = written
		return p
	}
	out := *p
	out.Global = false
	local[len(local)-1].Args = p.Segments[used-1].Args
	out.Segments = append(local, p.Segments[used:]...)
	if p.QTrait > 0 {
		out.QTrait += len(local) - used
	}
	return &out
}

// nameAbroad is a path of an item as the companion's module can write it; nil if none is known. Written is how the trait's crate does.
func (w *Writer) nameAbroad(def resolve.Def, written []syntax.Segment) []syntax.Segment {
	home, from := w.home, w.Trait.Def.Scope
	name := written[len(written)-1].Name
	if def.Kind == resolve.Primitive && len(home.Index().Names[name]) == 0 {
		return []syntax.Segment{{Name: name}}
	}
	if known := w.judge.Types.Resolver.Lexical(home, name); known.Found() && known.Def == def && len(home.Index().Names[name]) == 0 && len(home.Index().Globs) == 0 {
		return []syntax.Segment{{Name: name}} // of the prelude
	}
	if from.Crate == home.Crate && def.Scope != nil && def.Scope.Crate == home.Crate && !def.Scope.IsBlock() && def.Item >= 0 && !def.Made && VisibleFrom(def, home) {
		path := append(modulePath(def.Scope), def.ItemName())
		path[0] = "crate"
		segments := make([]syntax.Segment, len(path))
		for i := range path {
			segments[i].Name = path[i]
		}
		segments[len(path)-1].Raw = def.File().Syntax().Items[def.Item].Flags&syntax.FlagRawName != 0
		return segments
	}
	var paths [][]string
	names := segmentNames(written)
	paths = append(paths, names)
	for _, e := range from.Index().Names[names[0]] {
		if e.Import >= 0 {
			paths = append(paths, append(segmentNames(from.Index().Imports[e.Import].Segments), names[1:]...))
		}
	}
	relative := slices.Clone(paths)
	for _, p := range publicPaths(w.judge.Types.Resolver, def, name) {
		if def.Scope.Crate.Std {
			paths = append(paths, append([]string{"std"}, p[1:]...), append([]string{"core"}, p[1:]...))
		}
		paths = append(paths, p)
	}
	for _, p := range relative { // what the trait's crate writes from its root, or from where the trait stands
		if p[0] == "crate" {
			paths = append(paths, append([]string{from.Crate.Name}, p[1:]...))
		} else {
			paths = append(paths, slices.Concat(modulePath(from), p))
		}
	}
	for _, p := range paths {
		if p[0] == "crate" || p[0] == "self" || p[0] == "super" || len(p) < 2 || slices.Contains(p[1:], "self") || slices.Contains(p[1:], "super") {
			continue
		}
		segments := make([]syntax.Segment, len(p))
		for i := range p {
			segments[i].Name = p[i]
		}
		r, n := w.judge.Types.Resolver.Path(home, &syntax.Path{Segments: segments})
		if r.Found() && n == len(p) && r.Def == def && (p[0] != from.Crate.Name || isPublic(w.judge.Types.Resolver, from.Crate.Root, p[1:])) {
			return segments
		}
	}
	return nil
}

// modulePath is the path of a scope's module, with its crate's name.
func modulePath(s *workspace.Scope) []string {
	var out []string
	for s.Host != nil { // what a macro wrote, or an include!, stands in the module around it
		s = s.Host
	}
	for m := s.Module; m != nil && m.Parent != nil; m = m.Parent.Module {
		out = append([]string{m.Name}, out...)
	}
	return append([]string{s.Crate.Name}, out...)
}

// isPublic reports whether each name of a path from a crate's root is shown to other crates.
func isPublic(r *resolve.Resolver, module *workspace.Scope, path []string) bool {
	for i, name := range path {
		m := r.Member(module, name).Def
		if !shownBy(module, name) && !showsItself(m, module) {
			return false
		}
		if i < len(path)-1 {
			if m.Kind != resolve.Module {
				return false
			}
			module = m.Scope
		}
	}
	return true
}

func segmentNames(list []syntax.Segment) []string {
	var out []string
	for i := range list {
		out = append(out, list[i].Name)
	}
	return out
}

// publicPaths are the paths of an item through the modules around it that have its name, the shortest first; each begins with the crate's
// name.
func publicPaths(r *resolve.Resolver, def resolve.Def, name string) [][]string {
	if def.Scope == nil {
		return nil
	}
	var out [][]string
	for m := def.Scope.Module; m != nil; m = m.Parent {
		if r.Member(m, name).Def == def {
			out = append([][]string{append(modulePath(m), name)}, out...)
		}
	}
	return out
}

// shownBy reports whether a module shows a name to other crates.
func shownBy(module *workspace.Scope, name string) bool {
	items := module.File.Syntax().Items
	x := module.Index()
	public := func(e workspace.Entry) bool { return items[e.Item].Visibility == syntax.VisPublic }
	if slices.ContainsFunc(x.Names[name], public) {
		return true
	}
	return len(x.Names[name]) == 0 && slices.ContainsFunc(x.Globs, public)
}

// showsItself reports whether an item is public that stands in a module but not in the module's file, because a macro wrote it or an
// include!.
func showsItself(def resolve.Def, module *workspace.Scope) bool {
	return def.Kind != resolve.None && def.Item >= 0 && def.Scope.Host == module &&
		def.File().Syntax().Items[def.Item].Visibility == syntax.VisPublic
}

// importsAbroad are the `use` lines of the module.
func (w *Writer) importsAbroad() ([]string, error) {
	path := w.nameAbroad(w.Trait.Def, []syntax.Segment{{Name: strings.TrimPrefix(w.Trait.Name, "r#")}})
	switch {
	case len(path) == 0:
		return nil, blocked("`%s` has no public path that is known", w.Trait.Name)
	case *w.foreign != "":
		return nil, blocked("a method of `%s` mentions `%s`, which is not known by a path here", w.Trait.Name, *w.foreign)
	}
	std := "std"
	var lines []string
	if w.home.Crate.HasInner("no_std") {
		std = "core"
		lines = append(lines, "use alloc::boxed::Box;")
	}
	lines = append(lines, "use "+strings.Join(segmentNames(path), "::")+";")
	if w.uses.future && w.edition() < 2024 {
		lines = append(lines, "use "+std+"::future::Future;")
	}
	if w.uses.pin {
		lines = append(lines, "use "+std+"::pin::Pin;")
	}
	tree := func(line string) *UseTree {
		return &UseTree{Path: strings.TrimSuffix(strings.TrimPrefix(line, "use "), ";")}
	}
	slices.SortFunc(lines, func(a, b string) int { return CompareUse(tree(a), tree(b), w.at.StyleEdition) })
	return lines, nil
}

// ForType is the impl of the companion for one type, as it is written.
func (w *Writer) ForType(typ string) []string {
	b := &block{head: "impl", rest: w.Shape.Name + " for " + typ}
	w.constructs(b, "<"+typ+" as "+w.native()+">", func(m *method) string {
		if m.fn.Self == syntax.SelfValue {
			return "*self"
		}
		return "self"
	})
	return b.lines(w.at)
}

// Parametric reports whether the trait has parameters of its own.
func (t *Trait) Parametric() bool { return len(t.header.Generics.Params) > 0 }
