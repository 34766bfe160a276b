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

// maxValueScopes bounds how many scopes one look-up goes through.
const maxValueScopes = 4096

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
		if v := r.valueMember(at.Def.Scope, segs[n].Name); v.Found() {
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
		if v := r.valueMember(s, name); v.Found() {
			return v
		}
		if !s.IsBlock() {
			break
		}
	}
	if at := r.preludeModule(scope.Crate); at != nil {
		return r.valueMember(at, name)
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

// valueMember looks a value up in one scope: its own items, then its imports, then its globs.
func (r *Resolver) valueMember(m *workspace.Scope, name string) Result {
	key := nameIn{m, name}
	if v, ok := r.values.load(key); ok {
		return v.Result
	}
	q := valueQuery{Resolver: r, seen: map[memberKey]bool{}}
	out := q.member(m, name, nil)
	r.values.store(key, valueAnswer{out, q.again})
	return out
}

// valueAnswer is what a name means. Own says that it holds for the module that was asked, but would be another where the
// look-up comes from elsewhere in a cycle of globs.
type valueAnswer struct {
	Result
	own bool
}

// valueQuery is one look-up; every scope is looked at once, so that cycles of globs end.
type valueQuery struct {
	*Resolver
	seen  map[memberKey]bool
	again bool // it came to a scope for the second time
}

// member looks a value up in a scope; as far as viewer sees what is declared there, unless it is nil.
func (q *valueQuery) member(m *workspace.Scope, name string, viewer *workspace.Scope) Result {
	key := memberKey{scope: m, name: name, viewer: viewer}
	if q.seen[key] || len(q.seen) > maxValueScopes {
		q.again = true
		return Result{}
	}
	q.seen[key] = true
	if viewer == nil {
		if v, ok := q.values.load(nameIn{m, name}); ok && !v.own {
			return v.Result
		}
	}
	sees := func(item int32) bool { return viewer == nil || visible(m, item, viewer) }
	x := m.Index()
	if _, ok := x.Others[name]; ok {
		if v := q.ownValue(m, name); v.Found() {
			if sees(v.Def.Item) {
				return v
			}
			return Result{}
		}
	}
	for _, part := range q.valueParts(m, name) {
		if v := q.ownValue(part, name); v.Found() && (viewer == nil || visible(part, v.Def.Item, viewer)) {
			return v
		}
	}
	for _, e := range x.Names[name] {
		if e.Import < 0 || m.ItemCfg(e.Item) == cargo.False || !sees(e.Item) {
			continue
		}
		imp := &x.Imports[e.Import]
		n := len(imp.Segments) - 1
		if n == 0 && !imp.Global && !imp.SelfLeaf {
			if v := q.lexical(m, imp.Segments[0].Name); v.Found() {
				return v
			}
		}
		if n < 1 || imp.SelfLeaf {
			continue
		}
		at, used := q.query().path(m, imp.Segments[:n], imp.Global, true)
		if at.Def.Kind == Module && used == n {
			if v := q.member(at.Def.Scope, imp.Segments[n].Name, nil); v.Found() {
				return v
			}
		}
	}
	for _, g := range x.Globs {
		if !sees(g.Item) {
			continue
		}
		if at := q.globTarget(m, g); at != nil {
			if v := q.member(at, name, m); v.Found() {
				return v
			}
		}
	}
	return Result{}
}

// lexical looks up what an import of one segment names, `use id as same`: of edition 2018 on as any path, before from the crate's root.
func (q *valueQuery) lexical(m *workspace.Scope, name string) Result {
	if m.Crate.Edition == 2015 {
		return q.member(m.Crate.Root, name, nil)
	}
	for s := m; s != nil; s = s.Parent {
		if v := q.member(s, name, nil); v.Found() {
			return v
		}
		if !s.IsBlock() {
			break
		}
	}
	return Result{}
}

// globTarget is the module that a glob import opens; nil if it is none or not known.
func (r *Resolver) globTarget(m *workspace.Scope, g workspace.Entry) *workspace.Scope {
	imp := &m.Index().Imports[g.Import]
	if m.ItemCfg(g.Item) == cargo.False || len(imp.Segments) == 0 {
		return nil
	}
	at, used := r.query().path(m, imp.Segments, imp.Global, true)
	if at.Def.Kind != Module || used != len(imp.Segments) {
		return nil
	}
	return at.Def.Scope
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
