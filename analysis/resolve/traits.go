package resolve

import (
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// TraitsInScope are the traits whose methods can be called in a scope: those that it and the blocks around it define or
// import, `as _` too, behind globs too, and those of the standard prelude. Names that lead nowhere are left out.
func (r *Resolver) TraitsInScope(scope *workspace.Scope) []Def {
	if v, ok := r.inScope.Load(scope); ok {
		return v.([]Def)
	}
	c := traitCollector{Resolver: r, seen: map[Def]bool{}, visited: map[*workspace.Scope]bool{}}
	for s := scope; s != nil; s = s.Parent {
		c.collect(s, s)
		if !s.IsBlock() {
			break
		}
	}
	if at := r.preludeModule(scope.Crate); at != nil {
		c.collect(at, at)
	}
	r.inScope.Store(scope, c.out)
	return c.out
}

// PreludeTraits are the traits of the standard prelude that a scope has.
func (r *Resolver) PreludeTraits(scope *workspace.Scope) []Def {
	at := r.preludeModule(scope.Crate)
	if at == nil {
		return nil
	}
	if v, ok := r.inScope.Load(at); ok {
		return v.([]Def)
	}
	c := traitCollector{Resolver: r, seen: map[Def]bool{}, visited: map[*workspace.Scope]bool{}}
	c.collect(at, at)
	r.inScope.Store(at, c.out)
	return c.out
}

// traitCollector gathers the traits of scopes, and of what their globs open, each once and in the order of the text.
type traitCollector struct {
	*Resolver
	out     []Def
	seen    map[Def]bool
	visited map[*workspace.Scope]bool
}

func (c *traitCollector) add(d Def) {
	if !c.seen[d] {
		c.seen[d] = true
		c.out = append(c.out, d)
	}
}

// collect gathers the traits of m that can be seen in viewer.
func (c *traitCollector) collect(m, viewer *workspace.Scope) {
	if c.visited[m] || len(c.visited) > maxValueScopes {
		return
	}
	c.visited[m] = true
	for _, t := range c.ownTraits(m) {
		switch {
		case m != viewer && !visible(m, t.by, viewer):
		case t.Kind == Module:
			c.collect(t.Scope, m)
		default:
			c.add(t.Def)
		}
	}
}

// ownTrait is a trait that a scope defines or imports, or a module that a glob of its opens, with the item that does it.
type ownTrait struct {
	Def
	by int32
}

// ownTraits are the traits that a scope itself defines or imports, and the modules that its globs open. A prelude is asked
// for by every scope that has a glob of it; it is resolved once.
func (r *Resolver) ownTraits(m *workspace.Scope) []ownTrait {
	r = r.Of(m)
	if v, ok := r.traits.Load(m); ok {
		return v.([]ownTrait)
	}
	var out []ownTrait
	var uses []int32
	items := m.File.Syntax().Items
	m.EachItem(func(i int32) {
		switch items[i].Kind {
		case syntax.KindTrait:
			if m.ItemCfg(i) != cargo.False {
				out = append(out, ownTrait{Def{Kind: Trait, Scope: m, Item: i}, i})
			}
		case syntax.KindUse:
			uses = append(uses, i)
		case syntax.KindTraitAlias:
			out = append(out, ownTrait{Def{Kind: TraitAlias, Scope: m, Item: i}, i})
		}
	})
	for _, d := range m.Made() {
		out = append(out, ownTrait{Def{Kind: Trait, Scope: m, Item: d.Item, Name: d.Name, Made: true}, d.Item})
	}
	x := m.Index()
	for i := range x.Imports {
		imp := &x.Imports[i]
		for len(uses) > 1 && items[uses[0]].Span.End <= imp.Span.Start {
			uses = uses[1:]
		}
		if len(imp.Segments) == 0 || len(uses) == 0 {
			continue
		}
		if !imp.Glob && !r.mayImportTrait(m, imp) {
			continue
		}
		at, used := r.query().path(m, imp.Segments, imp.Global, true)
		if !at.Found() || used != len(imp.Segments) {
			continue
		}
		switch kind := at.Def.Kind; {
		case imp.Glob && kind == Module, !imp.Glob && (kind == Trait || kind == TraitAlias):
			out = append(out, ownTrait{at.Def, uses[0]})
		}
	}
	r.traits.Store(m, out)
	return out
}

// Most of what is imported is no trait. What it is instead can be costly to find out: a type of a file with a million lines, a static
// that a macro writes along with hundreds of others. That it is none is told by less.

// binding is what is known of a name of a module without a look at what macros write.
type binding uint8

const (
	unclear    binding = iota // it may be a trait's
	noTrait                   // it is none's
	otherThing                // it is that of another item, which hides what globs bring
)

// mayImportTrait reports whether an import may lead to a trait; false is sure.
func (r *Resolver) mayImportTrait(m *workspace.Scope, imp *syntax.Import) bool {
	return (&traitQuery{Resolver: r, seen: map[nameIn]bool{}}).imported(m, imp) == unclear
}

// traitQuery is one question whether a name may be that of a trait. Each scope is looked at once.
type traitQuery struct {
	*Resolver
	seen map[nameIn]bool
}

// imported is what an import brings in, unclear where it does not take it from a module.
func (q *traitQuery) imported(m *workspace.Scope, imp *syntax.Import) binding {
	n := len(imp.Segments) - 1
	if n < 1 || special(&imp.Segments[n]) {
		return unclear
	}
	at, used := q.query().path(m, imp.Segments[:n], imp.Global, true)
	if at.Def.Kind != Module || used != n {
		return unclear
	}
	return q.bound(at.Def.Scope, imp.Segments[n].Name)
}

// bound is what is known of a name of a module.
func (q *traitQuery) bound(m *workspace.Scope, name string) binding {
	key := nameIn{m, name}
	known := &q.Of(m).bindings
	if b, ok := known.load(key); ok {
		return b
	}
	switch {
	case q.seen[key]:
		return noTrait
	case len(q.seen) > maxScopes:
		return unclear
	}
	outermost := len(q.seen) == 0
	q.seen[key] = true
	out := q.look(m, name)
	if outermost || out == otherThing { // what rests on a scope that was seen before is no answer to others
		known.store(key, out)
	}
	return out
}

func (q *traitQuery) look(m *workspace.Scope, name string) binding {
	if m.Item < 0 && m.Host == nil && m.File.DeclaresNoTrait(name) {
		return otherThing
	}
	x := m.Index()
	for _, e := range x.Names[name] {
		if e.Import >= 0 {
			switch q.imported(m, &x.Imports[e.Import]) {
			case unclear:
				return unclear
			case otherThing:
				if m.ItemCfg(e.Item) == cargo.True {
					return otherThing
				}
			}
			continue
		}
		switch it := &m.File.Syntax().Items[e.Item]; {
		case it.Kind == syntax.KindTrait, it.Kind == syntax.KindTraitAlias:
			return unclear
		case it.Macro < 0 && m.ItemCfg(e.Item) == cargo.True:
			return otherThing
		}
	}
	if _, ok := x.Others[name]; ok && lowerCase(name) {
		return otherThing
	}
	if slices.ContainsFunc(m.Made(), func(t workspace.MadeTrait) bool { return t.Name == name }) {
		return unclear
	}
	if len(x.Calls) > 0 && q.callsIn(m).mayWriteTrait(name) {
		return unclear
	}
	for _, g := range x.Globs {
		if !m.Crate.Member && lowerCase(name) && m.ItemCfg(g.Item) == cargo.False {
			continue // see query.globs
		}
		imp := &x.Imports[g.Import]
		if len(imp.Segments) == 0 {
			return unclear
		}
		at, used := q.query().path(m, imp.Segments, imp.Global, true)
		if at.Def.Kind == Module && used == len(imp.Segments) && q.bound(at.Def.Scope, name) == unclear {
			return unclear
		}
	}
	return noTrait
}
