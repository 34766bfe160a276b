// Package resolve follows names: from a path and the scope that it stands in to the item that it means.
//
// It knows modules, blocks, imports, globs, re-exports, preludes and the extern prelude, the type namespace, and functions,
// constants and statics of the value namespace. An answer is an item, "no such name", or unknown with the reason; it never guesses. Answers are computed on demand and kept.
// A Resolver is safe for concurrent use.
package resolve

import (
	"slices"
	"strings"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Kind is what a Def is.
type Kind uint8

// Definition kinds.
const (
	None Kind = iota
	Module
	Trait
	TraitAlias
	Struct
	Enum
	Union
	TypeAlias
	Variant
	Primitive
	Fn // of the value namespace, as Const and Static are
	Const
	Static
)

// Def is an item of the type namespace. It is comparable: equal values are the same item of the same crate.
type Def struct {
	Scope *workspace.Scope // the scope that the item stands in; of a Module, the module itself
	Name  string           // of a Variant and of a Primitive
	Item  int32            // index in Scope.File.Syntax().Items; -1 for a module
	Kind  Kind
	// Made is set for a trait that an attribute macro generates beside the item, with Name as its name.
	Made bool
}

// File is the file that holds the item.
func (d Def) File() *workspace.File { return d.Scope.File }

// ItemName is the item's own name, without r#.
func (d Def) ItemName() string {
	switch {
	case d.Name != "":
		return d.Name
	case d.Kind == Module:
		return d.Scope.Name
	}
	return d.Scope.File.Syntax().Items[d.Item].Name
}

// Why is the reason why something is unknown.
type Why uint8

// Reasons.
const (
	Known Why = iota
	UnresolvedName
	MissingDependency
	AttributeMacro
	MacroExpansion
	TargetsDisagree
	ParseError
	Limit
)

// String is the reason as the report's `unknown_because` has it; empty for what is known.
func (w Why) String() string {
	return [...]string{
		UnresolvedName: "unresolved_name", MissingDependency: "missing_dependency", AttributeMacro: "attribute_macro",
		MacroExpansion: "macro_expansion", TargetsDisagree: "targets_disagree", ParseError: "parse_error", Limit: "limit",
	}[w]
}

// Result is the answer to a query: Def if Found; unknown if Why is set; else there is no such name.
type Result struct {
	Def Def
	Why Why
}

// Found reports whether the name means an item.
func (r Result) Found() bool { return r.Def.Kind != None }

func found(d Def) Result   { return Result{Def: d} }
func unknown(w Why) Result { return Result{Why: w} }

// Resolver answers queries on one snapshot.
type Resolver struct {
	Snapshot  *workspace.Snapshot
	base      *Resolver // answers for crates that other snapshots share; nil if there are none
	members   answers
	written   answers // where what macros expand to is left out
	lexicals  table[Result]
	values    table[valueAnswer]
	wellKnown sync.Map // string -> Def
	inScope   sync.Map // *workspace.Scope -> []Def
	traits    sync.Map // *workspace.Scope -> []Def; see ownTraits
	bindings  table[binding]

	macros       sync.Map // callKey of a definition -> *syntax.MacroDef
	expansions   sync.Map // callKey -> *lazyExpansion
	calls        sync.Map // *workspace.File of an expansion -> map[int32]*expansion
	callIndexes  sync.Map // *workspace.Scope -> *callIndex
	vocabularies sync.Map // macro -> *syntax.Vocabulary
}

// answers are what names mean in scopes.
type answers struct {
	sure table[Result] // those that rest on no cycle that was cut
	own  table[Result] // the others, asked for by themselves
}

// New makes a resolver for a snapshot.
func New(s *workspace.Snapshot) *Resolver { return &Resolver{Snapshot: s} }

// On makes a resolver for a snapshot whose base is r's: what r knows of that, and will know, stays known.
func (r *Resolver) On(s *workspace.Snapshot) *Resolver { return &Resolver{Snapshot: s, base: r} }

// Of is the resolver that keeps the answers about a scope.
func (r *Resolver) Of(scope *workspace.Scope) *Resolver {
	if r.base != nil && scope.Crate.Snapshot() == r.base.Snapshot {
		return r.base
	}
	return r
}

type memberKey struct {
	scope   *workspace.Scope
	name    string
	written bool
	viewer  *workspace.Scope // of a look-up behind those of scope's globs that it sees
}

type importKey struct {
	scope *workspace.Scope
	entry workspace.Entry
}

// maxSteps bounds the work of one query; real ones take a few dozen steps.
const maxSteps = 20000

// query is one top-level question: what it is in the middle of, so that cycles end.
//
// Where a cycle is cut depends on where it was entered. What rests on a cut is good only for the look-up that entered the
// cycle, so that no answer depends on what was asked before.
type query struct {
	*Resolver
	members []memberKey          // being looked up
	done    map[memberKey]Result // looked up within a cycle
	imports []importKey          // being followed
	tainted bool                 // a cycle was cut, or what rests on a cut was used, since this was last cleared
	// written leaves out what macros expand to: the paths of macros are resolved so, as expansions depend on them.
	written bool
	steps   int
}

func (r *Resolver) query() *query {
	return &query{Resolver: r}
}

// Path resolves the leading segments of a path in type position as seen from scope: as many as name modules and items. It
// returns the item and the number of segments that it took; segments behind a type or trait (associated items) are left.
// Generic parameters and Self are the caller's business.
func (r *Resolver) Path(scope *workspace.Scope, path *syntax.Path) (Result, int) {
	r = r.Of(scope)
	if len(path.Segments) == 1 && !path.Global && !special(&path.Segments[0]) {
		return r.Lexical(scope, path.Segments[0].Name), 1
	}
	return r.query().path(scope, path.Segments, path.Global, false)
}

// special reports whether a segment is `self`, `super`, `crate` or a macro's `$name`.
func special(s *syntax.Segment) bool {
	switch s.Name {
	case "self", "super", "crate":
		return !s.Raw
	}
	return strings.HasPrefix(s.Name, "$")
}

// Lexical resolves a single name as seen from scope.
func (r *Resolver) Lexical(scope *workspace.Scope, name string) Result {
	r = r.Of(scope)
	key := nameIn{scope, name}
	if out, ok := r.lexicals.load(key); ok {
		return out
	}
	out := r.query().lexical(scope, name)
	r.lexicals.store(key, out)
	return out
}

// Member resolves a name in a module.
func (r *Resolver) Member(module *workspace.Scope, name string) Result {
	return r.Of(module).query().member(module, name, nil)
}

// WellKnown is an item of the standard library by its path, such as "core::marker::Sized"; None if the table has none.
func (r *Resolver) WellKnown(path ...string) Def {
	if r.base != nil {
		return r.base.WellKnown(path...)
	}
	key := ""
	for _, p := range path {
		key += "::" + p
	}
	if v, ok := r.wellKnown.Load(key); ok {
		return v.(Def)
	}
	var out Def
	if c := r.Snapshot.Std(path[0]); c != nil {
		out = Def{Kind: Module, Scope: c.Root, Item: -1}
		for _, name := range path[1:] {
			if out.Kind != Module {
				out = Def{}
				break
			}
			out = r.Member(out.Scope, name).Def
		}
	}
	r.wellKnown.Store(key, out)
	return out
}

func (q *query) path(scope *workspace.Scope, segs []syntax.Segment, global, isImport bool) (Result, int) {
	if len(segs) == 0 {
		return Result{}, 0
	}
	cur, n := q.first(scope, segs, global, isImport)
	for n < len(segs) && cur.Found() {
		switch cur.Def.Kind {
		case Module:
			name := segs[n].Name
			if name == "super" && !segs[n].Raw { // self::super::super
				cur = parentModule(cur.Def.Scope)
				n++
				continue
			}
			next := q.member(cur.Def.Scope, name, scope.Module)
			if isImport && n+1 == len(segs) && !q.sees(scope, cur.Def.Scope, name) {
				next = Result{} // private there: the import means the value or the macro of this name
			}
			if !next.Found() && next.Why == Known && (!isImport || n+1 < len(segs)) {
				next = unknown(q.whyMissing(cur.Def.Scope, name))
			}
			cur = next
			n++
		case Enum:
			if v, ok := q.variant(cur.Def, segs[n].Name); ok {
				return found(v), n + 1
			}
			return cur, n
		default:
			return cur, n
		}
	}
	return cur, n
}

// whyMissing says why a module may lack a name that is asked of it.
func (q *query) whyMissing(m *workspace.Scope, name string) Why {
	if _, unsure := q.parts(m, name); unsure {
		return MacroExpansion
	}
	if m.File.Err != nil {
		return MissingDependency
	}
	return UnresolvedName
}

// first resolves the first segment, with the `self` and `super` before it.
func (q *query) first(scope *workspace.Scope, segs []syntax.Segment, global, isImport bool) (Result, int) {
	s := segs[0]
	edition := scope.Crate.Edition
	if global {
		if edition == 2015 {
			r := q.member(scope.Crate.Root, s.Name, scope.Module)
			if r.Found() {
				return r, 1
			}
		}
		return q.extern(scope.Crate, s.Name), 1
	}
	if !s.Raw {
		switch s.Name {
		case "crate":
			return found(Def{Kind: Module, Scope: scope.Crate.Root, Item: -1}), 1
		case "self":
			return found(Def{Kind: Module, Scope: scope.Module, Item: -1}), 1
		case "super":
			return parentModule(scope.Module), 1
		}
	}
	if len(s.Name) > 0 && s.Name[0] == '$' {
		if c, ok := crateMeant(scope, s.Name); ok {
			return found(Def{Kind: Module, Scope: c.Root, Item: -1}), 1
		}
		return unknown(MacroExpansion), 1
	}
	if isImport && edition == 2015 {
		r := q.member(scope.Crate.Root, s.Name, scope.Module)
		if !r.Found() {
			if e := q.extern(scope.Crate, s.Name); e.Found() {
				return e, 1
			}
		}
		return r, 1
	}
	return q.lexical(scope, s.Name), 1
}

func parentModule(m *workspace.Scope) Result {
	if m.Parent == nil {
		return unknown(UnresolvedName)
	}
	return found(Def{Kind: Module, Scope: m.Parent.Module, Item: -1})
}

// extern resolves a crate's name: `extern crate .. as name` in the root, then the crates that cargo passes.
func (q *query) extern(c *workspace.Crate, name string) Result {
	for _, e := range c.Root.Index().Names[name] {
		if e.Import < 0 && c.Root.File.Syntax().Items[e.Item].Kind == syntax.KindExternCrate && c.Root.ItemCfg(e.Item) != cargo.False {
			return q.externCrate(c.Root, e.Item)
		}
	}
	return q.crateNamed(c, name)
}

func (q *query) crateNamed(c *workspace.Crate, name string) Result {
	crate, missing := c.Extern(name)
	switch {
	case crate != nil:
		return found(Def{Kind: Module, Scope: crate.Root, Item: -1})
	case missing:
		return unknown(MissingDependency)
	}
	return Result{}
}

func (q *query) externCrate(scope *workspace.Scope, item int32) Result {
	name, _ := syntax.ParseExternCrate(scope.File.Syntax(), item)
	if name == "self" {
		return found(Def{Kind: Module, Scope: scope.Crate.Root, Item: -1})
	}
	r := q.crateNamed(scope.Crate, name)
	if !r.Found() && r.Why == Known {
		r.Why = MissingDependency
	}
	return r
}

// lexical looks a name up from the inside out: blocks, the module, the extern prelude, the standard prelude, the primitive
// types (rustc_resolve, early_resolve_ident_in_lexical_scope).
func (q *query) lexical(scope *workspace.Scope, name string) Result {
	expanding := false
	var doubt Why
	for s := scope.Open(); s != nil; s = s.Parent.Open() {
		r := q.member(s, name, scope.Module)
		if r.Found() {
			return r
		}
		if r.Why != Known && doubt == Known {
			doubt = r.Why
		}
		_, unsure := q.parts(s, name)
		expanding = expanding || unsure
		if !s.IsBlock() {
			break
		}
	}
	// A name that a scope may define after all hides whatever lies outside.
	if doubt != Known {
		return unknown(doubt)
	}
	if r := q.extern(scope.Crate, name); r.Found() || r.Why != Known {
		return r
	}
	if r := q.prelude(scope.Crate, name); r.Found() {
		return r
	}
	if syntax.IsPrimitive(name) {
		return found(Def{Kind: Primitive, Scope: scope.Crate.Root, Item: -1, Name: name})
	}
	if expanding {
		return unknown(MacroExpansion)
	}
	return Result{}
}

// prelude looks a name up in the standard prelude of the crate's edition.
func (q *query) prelude(c *workspace.Crate, name string) Result {
	at := q.preludeOf(c)
	if at.Def.Kind != Module {
		return Result{}
	}
	return q.member(at.Def.Scope, name, nil)
}

// preludeOf is the module that is the standard prelude of the crate's edition.
func (q *query) preludeOf(c *workspace.Crate) Result {
	lib := "std"
	if c.Std || q.noStd(c) {
		lib = "core"
	}
	std := q.Snapshot.Std(lib)
	if std == nil {
		return Result{}
	}
	edition := "rust_2015"
	switch {
	case c.Edition >= 2024:
		edition = "rust_2024"
	case c.Edition >= 2021:
		edition = "rust_2021"
	case c.Edition >= 2018:
		edition = "rust_2018"
	}
	at := q.member(std.Root, "prelude", nil)
	if at.Def.Kind != Module {
		return Result{}
	}
	return q.member(at.Def.Scope, edition, nil)
}

func (q *query) noStd(c *workspace.Crate) bool {
	return c.HasInner("no_std")
}

// member looks a name up in one scope: its own items and imports, then its globs. from is the module that asks, for
// visibility; nil sees everything public.
func (q *query) member(m *workspace.Scope, name string, from *workspace.Scope) Result {
	key := nameIn{m, name}
	known := &q.Resolver.Of(m).members
	if q.written {
		known = &q.Resolver.Of(m).written
	}
	if out, ok := known.sure.load(key); ok {
		return out
	}
	outermost := len(q.members)+len(q.imports) == 0
	if outermost {
		if out, ok := known.own.load(key); ok {
			return out
		}
		clear(q.done)
	}
	out, tainted := q.guarded(memberKey{scope: m, name: name, written: q.written}, func() Result {
		if r := q.explicit(m, name); r.Found() || r.Why != Known {
			return r
		}
		return q.globs(m, name, nil)
	})
	switch {
	case !tainted:
		known.sure.store(key, out)
	case outermost:
		known.own.store(key, out)
		q.tainted = false
	}
	return out
}

// guarded is the answer to a look-up that may come back to itself, where it finds nothing, and whether it rests on such a cut.
func (q *query) guarded(key memberKey, look func() Result) (out Result, tainted bool) {
	if r, ok := q.done[key]; ok {
		q.tainted = true
		return r, true
	}
	if slices.Contains(q.members, key) {
		q.tainted = true
		return Result{}, true
	}
	if q.steps++; q.steps > maxSteps {
		q.tainted = true
		return unknown(Limit), true
	}
	outer := q.tainted
	q.tainted = false
	q.members = append(q.members, key)
	out = look()
	q.members = q.members[:len(q.members)-1]
	tainted = q.tainted
	if tainted {
		if q.done == nil {
			q.done = map[memberKey]Result{}
		}
		q.done[key] = out
	}
	q.tainted = tainted || outer
	return out, tainted
}

// explicit looks a name up among a scope's items and named imports. Where #[cfg] makes several, those that are compiled
// come first.
func (q *query) explicit(m *workspace.Scope, name string) Result {
	// What is written comes first, so that macros are looked at only for a name that is not.
	if r := q.explicitHere(m, name, cargo.True); r.Found() || r.Why != Known {
		return r
	}
	parts, _ := q.parts(m, name)
	declared := len(m.Index().Names[name]) > 0 || slices.ContainsFunc(parts, func(s *workspace.Scope) bool { return len(s.Index().Names[name]) > 0 })
	for _, want := range [...]cargo.Truth{cargo.True, cargo.Unknown, cargo.False} {
		if !declared { // most names are looked for in many scopes
			break
		}
		var r Result
		if want != cargo.True { // that was looked at
			r = q.explicitHere(m, name, want)
		}
		for i := 0; i < len(parts) && !r.Found() && r.Why == Known; i++ {
			r = q.explicitHere(parts[i], name, want)
		}
		if r.Found() || r.Why != Known {
			return r
		}
	}
	for _, part := range parts {
		if r := q.made(part, name); r.Found() {
			return r
		}
	}
	if r := q.made(m, name); r.Found() || !q.injected(m, name) {
		return r
	}
	return q.crateNamed(m.Crate, name)
}

// injected reports whether the compiler declares a crate of this name in the scope. It writes `extern crate std` into every
// crate's root, from 2018 on with a name that nobody else can write.
func (q *query) injected(m *workspace.Scope, name string) bool {
	if name != "std" && name != "core" || m != m.Crate.Root || m.Crate.Edition != 2015 || m.Crate.Std {
		return false
	}
	return (name == "core") == q.noStd(m.Crate)
}

// explicitHere looks a name up among the items and named imports of a scope without what its macros expand to, as far as
// they are compiled as wanted.
func (q *query) explicitHere(m *workspace.Scope, name string, want cargo.Truth) Result {
	var doubt Why
	for _, e := range m.Index().Names[name] {
		if cfg, ok := q.stands(m, e.Item); !ok || cfg != want || want == cargo.False && q.hidesCrate(m, e, name) {
			continue
		}
		r := q.entry(m, e)
		if r.Found() {
			return r
		}
		if r.Why != Known && want != cargo.False {
			doubt = r.Why
		}
	}
	return unknown(doubt)
}

// hidesCrate reports whether an entry is `extern crate core as std`, or another that is called like a crate that is there without it.
func (q *query) hidesCrate(m *workspace.Scope, e workspace.Entry, name string) bool {
	return e.Import < 0 && m.File.Syntax().Items[e.Item].Kind == syntax.KindExternCrate && q.crateNamed(m.Crate, name).Found()
}

// stands is Stands, but that an item's own #[cfg]s alone count where only what is written does.
func (q *query) stands(m *workspace.Scope, item int32) (cargo.Truth, bool) {
	if q.written {
		return m.ItemCfg(item), true
	}
	return q.Stands(m, item)
}

var itemKinds = map[syntax.ItemKind]Kind{
	syntax.KindStruct: Struct, syntax.KindEnum: Enum, syntax.KindUnion: Union, syntax.KindTrait: Trait,
	syntax.KindTraitAlias: TraitAlias, syntax.KindType: TypeAlias,
}

// entry is what one entry of a scope's index means.
func (q *query) entry(m *workspace.Scope, e workspace.Entry) Result {
	if e.Import >= 0 {
		return q.imported(m, e)
	}
	it := &m.File.Syntax().Items[e.Item]
	switch it.Kind {
	case syntax.KindMod:
		if child := m.ChildModule(e.Item); child != nil {
			return found(Def{Kind: Module, Scope: child, Item: -1})
		}
		return unknown(UnresolvedName)
	case syntax.KindExternCrate:
		return q.externCrate(m, e.Item)
	}
	return found(Def{Kind: itemKinds[it.Kind], Scope: m, Item: e.Item})
}

// imported is what a named import means. An import that leads to a value or a macro only defines no type: the name is free.
func (q *query) imported(m *workspace.Scope, e workspace.Entry) Result {
	key := importKey{m, e}
	if slices.Contains(q.imports, key) {
		q.tainted = true
		return Result{}
	}
	q.imports = append(q.imports, key)
	defer func() { q.imports = q.imports[:len(q.imports)-1] }()

	imp := &m.Index().Imports[e.Import]
	r, n := q.path(m, imp.Segments, imp.Global, true)
	if r.Found() && n < len(imp.Segments) {
		return Result{} // an associated function of a type or trait
	}
	if r.Found() || r.Why != Known {
		return r
	}
	if len(imp.Segments) == 1 {
		return Result{}
	}
	// The last segment is in no type namespace. If it is nowhere at all, something was not understood.
	prefix, n := q.path(m, imp.Segments[:len(imp.Segments)-1], imp.Global, true)
	last := imp.Segments[len(imp.Segments)-1].Name
	if prefix.Def.Kind == Module && n == len(imp.Segments)-1 && !q.definesOther(prefix.Def.Scope, last, 0) {
		return unknown(q.whyMissing(prefix.Def.Scope, last))
	}
	return Result{}
}

// definesOther reports whether a module has a name in the value or macro namespace, its re-exports included.
func (q *query) definesOther(m *workspace.Scope, name string, depth int) bool {
	parts, _ := q.parts(m, name)
	return q.definesHere(m, name, depth) || slices.ContainsFunc(parts, func(part *workspace.Scope) bool { return q.definesHere(part, name, depth) })
}

// definesHere is definesOther for a scope without what its macros expand to.
func (q *query) definesHere(m *workspace.Scope, name string, depth int) bool {
	x := m.Index()
	if _, ok := x.Others[name]; ok {
		return true
	}
	if len(x.Names[name]) > 0 || len(x.Globs) > 0 && depth > 0 {
		return true
	}
	if m.Parent == nil { // #[macro_export] puts macros at the crate's root
		return true
	}
	for _, g := range x.Globs {
		imp := &x.Imports[g.Import]
		if r, n := q.path(m, imp.Segments, imp.Global, true); n == len(imp.Segments) && r.Def.Kind == Module && depth < 3 {
			if q.definesOther(r.Def.Scope, name, depth+1) {
				return true
			}
		} else {
			return true
		}
	}
	return false
}

// variant finds a variant of an enum.
func (q *query) variant(enum Def, name string) (Def, bool) {
	adt := syntax.ParseAdt(enum.File().Syntax(), enum.Item, enum.File().Edition)
	for _, v := range adt.Variants {
		if v.Name == name {
			return Def{Kind: Variant, Scope: enum.Scope, Item: enum.Item, Name: name}, true
		}
	}
	return Def{}, false
}

// made looks for a trait that an attribute macro generates in the scope: `#[trait_variant::make(Name: Send)] trait Local`.
func (q *query) made(m *workspace.Scope, name string) Result {
	for _, d := range m.Made() {
		if d.Name == name {
			return found(Def{Kind: Trait, Scope: m, Item: d.Item, Name: name, Made: true})
		}
	}
	return Result{}
}
