package resolve

import (
	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// The value namespace: functions, constants and statics. Structs and variants that are constructors are found in the type
// namespace, where they have the same name.

// valueKinds are the items of the value namespace that have no name in the type namespace.
var valueKinds = map[syntax.ItemKind]Kind{syntax.KindFn: Fn, syntax.KindConst: Const, syntax.KindStatic: Static}

// maxValueDepth bounds chains of imports in the value namespace.
const maxValueDepth = 24

// Value resolves a path in expression position as seen from scope: to a function, constant or static, a struct or variant,
// or a type followed by the segments that are left (an associated item). It returns the item and the number of segments that
// it took. Local variables, generic parameters and Self are the caller's business.
func (r *Resolver) Value(scope *workspace.Scope, path *syntax.Path) (Result, int) {
	segs := path.Segments
	switch len(segs) {
	case 0:
		return Result{}, 0
	case 1:
		if !path.Global && !special(&segs[0]) {
			if v := r.lexicalValue(scope, segs[0].Name); v.Found() {
				return v, 1
			}
			return r.Lexical(scope, segs[0].Name), 1
		}
		return r.Path(scope, path)
	}
	prefix := *path
	prefix.Segments = segs[:len(segs)-1]
	at, n := r.Path(scope, &prefix)
	if at.Def.Kind == Module && n == len(segs)-1 {
		if v := r.valueMember(at.Def.Scope, segs[n].Name, 0); v.Found() {
			return v, n + 1
		}
	} else if at.Found() && at.Def.Kind != Enum {
		return at, n
	}
	return r.Path(scope, path)
}

// lexicalValue looks a value up from the inside out: blocks, the module, the standard prelude.
func (r *Resolver) lexicalValue(scope *workspace.Scope, name string) Result {
	for s := scope; s != nil; s = s.Parent {
		if v := r.valueMember(s, name, 0); v.Found() {
			return v
		}
		if !s.IsBlock() {
			break
		}
	}
	if at := r.preludeModule(scope.Crate); at != nil {
		return r.valueMember(at, name, 0)
	}
	return Result{}
}

// preludeModule is the standard prelude of a crate; nil if there is none.
func (r *Resolver) preludeModule(c *workspace.Crate) *workspace.Scope {
	if at := r.query().preludeOf(c); at.Def.Kind == Module {
		return at.Def.Scope
	}
	return nil
}

type valueKey struct {
	scope *workspace.Scope
	name  string
}

// valueMember looks a value up in one scope: its own items, then its imports, then its globs.
func (r *Resolver) valueMember(m *workspace.Scope, name string, depth int) Result {
	key := valueKey{m, name}
	if v, ok := r.values.Load(key); ok {
		return v.(Result)
	}
	out := r.findValue(m, name, depth)
	if depth == 0 { // deeper answers may be cut short by the bound
		r.values.Store(key, out)
	}
	return out
}

func (r *Resolver) findValue(m *workspace.Scope, name string, depth int) Result {
	if depth > maxValueDepth {
		return Result{}
	}
	x := m.Index()
	if _, ok := x.Others[name]; ok {
		if v := r.ownValue(m, name); v.Found() {
			return v
		}
	}
	for _, e := range x.Names[name] {
		if e.Import < 0 || m.ItemCfg(e.Item) == cargo.False {
			continue
		}
		imp := &x.Imports[e.Import]
		if n := len(imp.Segments) - 1; n > 0 && !imp.SelfLeaf {
			at, used := r.query().path(m, imp.Segments[:n], imp.Global, true)
			if at.Def.Kind == Module && used == n && (at.Def.Scope != m || imp.Segments[n].Name != name) {
				if v := r.valueMember(at.Def.Scope, imp.Segments[n].Name, depth+1); v.Found() {
					return v
				}
			}
		}
	}
	for _, g := range x.Globs {
		imp := &x.Imports[g.Import]
		if m.ItemCfg(g.Item) == cargo.False || len(imp.Segments) == 0 {
			continue
		}
		at, used := r.query().path(m, imp.Segments, imp.Global, true)
		if at.Def.Kind == Module && used == len(imp.Segments) && at.Def.Scope != m {
			if v := r.valueMember(at.Def.Scope, name, depth+1); v.Found() {
				return v
			}
		}
	}
	return Result{}
}

// ownValue is the scope's own item called name; those that are compiled come first.
func (r *Resolver) ownValue(m *workspace.Scope, name string) Result {
	var out Result
	see := func(i int32) {
		it := &m.File.Syntax().Items[i]
		kind := valueKinds[it.Kind]
		if kind == None || it.Name != name {
			return
		}
		cfg := m.ItemCfg(i)
		if cfg == cargo.False || out.Found() && cfg != cargo.True {
			return
		}
		out = found(Def{Kind: kind, Scope: m, Item: i})
	}
	m.EachItem(see)
	return out
}

// TraitsInScope are the traits whose methods can be called in a scope: those that it and the blocks around it define or
// import, `as _` too, behind globs too, and those of the standard prelude. Names that lead nowhere are left out.
func (r *Resolver) TraitsInScope(scope *workspace.Scope) []Def {
	if v, ok := r.inScope.Load(scope); ok {
		return v.([]Def)
	}
	c := traitCollector{Resolver: r, seen: map[Def]bool{}, visited: map[*workspace.Scope]bool{}}
	for s := scope; s != nil; s = s.Parent {
		c.collect(s, 0)
		if !s.IsBlock() {
			break
		}
	}
	if at := r.preludeModule(scope.Crate); at != nil {
		c.collect(at, 0)
	}
	r.inScope.Store(scope, c.out)
	return c.out
}

type traitCollector struct {
	*Resolver
	out     []Def
	seen    map[Def]bool
	visited map[*workspace.Scope]bool
}

func (c *traitCollector) add(d Def) {
	if (d.Kind == Trait || d.Kind == TraitAlias) && !c.seen[d] {
		c.seen[d] = true
		c.out = append(c.out, d)
	}
}

func (c *traitCollector) collect(m *workspace.Scope, depth int) {
	if c.visited[m] || depth > maxValueDepth {
		return
	}
	c.visited[m] = true
	m.EachItem(func(i int32) {
		switch m.File.Syntax().Items[i].Kind {
		case syntax.KindTrait:
			if m.ItemCfg(i) != cargo.False {
				c.add(Def{Kind: Trait, Scope: m, Item: i})
			}
		case syntax.KindTraitAlias:
			c.add(Def{Kind: TraitAlias, Scope: m, Item: i})
		case syntax.KindUse:
		}
	})
	for _, d := range m.Made() {
		c.add(Def{Kind: Trait, Scope: m, Item: d.Item, Name: d.Name, Made: true})
	}
	x := m.Index()
	for i := range x.Imports {
		imp := &x.Imports[i]
		if imp.SelfLeaf && len(imp.Segments) == 0 || len(imp.Segments) == 0 {
			continue
		}
		at, used := c.query().path(m, imp.Segments, imp.Global, true)
		if !at.Found() || used != len(imp.Segments) {
			continue
		}
		if imp.Glob {
			if at.Def.Kind == Module {
				c.collect(at.Def.Scope, depth+1)
			}
			continue
		}
		c.add(at.Def)
	}
}
