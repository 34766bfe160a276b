package infer

import (
	"strings"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// engine answers questions about items: signatures, fields, impls. Answers are kept; it is safe for concurrent use.
type engine struct {
	*survey.Survey
	types   *types.Types
	resolve *resolve.Resolver
	known   known
	base    *engine  // has the crates that are not the workspace's own; nil if this one has all
	edited  *edited  // of a workspace that is being edited; else nil
	targets *targets // what calls are listed of, where all files are looked at; else nil

	fns       sync.Map // itemKey -> *fn
	impls     sync.Map // itemKey -> *impl
	adts      sync.Map // resolve.Def -> *adt
	indexes   sync.Map // *workspace.Crate -> func() *implIndex
	methods   sync.Map // resolve.Def -> map[string]int32
	byName    sync.Map // scopeName -> []resolve.Def
	inPrelude sync.Map // crateName -> []resolve.Def
	openings  sync.Map // opening -> bool
	leads     sync.Map // *workspace.File -> *leadsOfFile
	meant     sync.Map // scopeSite -> *reach
	besides   sync.Map // itemKey -> []*impl, of the macro invocations on disk that define a type
	answers   sync.Map // hash of a goal -> *answer
	closures  sync.Map // *cargo.Package -> map[*cargo.Package]bool
	// typeSights are what Coercer alone asks for.
	typeSights typeSights
}

// known are the items of the standard library that the language itself knows.
type known struct {
	sized, deref, index, future, intoFuture, iterator, intoIterator, clone, copy, destruct resolve.Def
	fn, fnMut, fnOnce                                                                      resolve.Def
	asyncFn, asyncFnMut, asyncFnOnce                                                       resolve.Def
	box, vec, str, pin, option, result                                                     resolve.Def
}

func newEngine(s *survey.Survey) *engine {
	e := &engine{Survey: s, types: s.Judge.Types, resolve: s.Judge.Types.Resolver}
	w := e.resolve.WellKnown
	e.known = known{
		sized: w("core", "marker", "Sized"), deref: w("core", "ops", "Deref"), index: w("core", "ops", "Index"),
		future: w("core", "future", "Future"), intoFuture: w("core", "future", "IntoFuture"),
		iterator: w("core", "iter", "Iterator"), intoIterator: w("core", "iter", "IntoIterator"),
		clone: w("core", "clone", "Clone"), copy: w("core", "marker", "Copy"), destruct: w("core", "marker", "Destruct"),
		fn: w("core", "ops", "Fn"), fnMut: w("core", "ops", "FnMut"), fnOnce: w("core", "ops", "FnOnce"),
		asyncFn: w("core", "ops", "AsyncFn"), asyncFnMut: w("core", "ops", "AsyncFnMut"), asyncFnOnce: w("core", "ops", "AsyncFnOnce"),
		box: w("alloc", "boxed", "Box"), vec: w("alloc", "vec", "Vec"), str: w("alloc", "string", "String"), pin: w("core", "pin", "Pin"),
		option: w("core", "option", "Option"), result: w("core", "result", "Result"),
	}
	return e
}

// isFn reports whether a trait is one of Fn, FnMut, FnOnce and their async forms.
func (k *known) isFn(d resolve.Def) bool {
	return d == k.fn || d == k.fnMut || d == k.fnOnce || k.isAsyncFn(d)
}

func (k *known) isAsyncFn(d resolve.Def) bool {
	return d.Kind != resolve.None && (d == k.asyncFn || d == k.asyncFnMut || d == k.asyncFnOnce)
}

// of is the engine that keeps the answers about a crate.
func (e *engine) of(c *workspace.Crate) *engine {
	if e.base != nil && !c.Member {
		return e.base
	}
	return e
}

// itemKey is an item as one crate sees it.
type itemKey struct {
	top  *workspace.Scope // any scope of the file's module tree: the one that the item stands in
	item int32
}

// fn is a function with its signature lowered.
type fn struct {
	*syntax.Fn
	scope    *workspace.Scope
	env      *types.Env
	owner    *impl       // the impl that it stands in
	trait    resolve.Def // the trait that it stands in
	generics []string    // its own type and const parameters, in order
	params   []*types.Type
	self     *types.Type // the type of its receiver; nil if it has none
	ret      *types.Type // of an async fn: the future
	output   *types.Type // of an async fn: what the future gives; else ret
	bounds   []types.Predicate
	implicit []types.Predicate // of the impl or trait around it
}

// fn is the function at an item, where scope is the scope that it stands in.
func (e *engine) fn(scope *workspace.Scope, item int32) *fn {
	e = e.of(scope.Crate)
	key := itemKey{scope, item}
	if v, ok := e.fns.Load(key); ok {
		return v.(*fn)
	}
	file := scope.File
	out := &fn{Fn: syntax.ParseFn(file.Syntax(), item, file.Edition), scope: scope}
	parent := file.Syntax().Items[item].Parent
	for parent >= 0 && file.Syntax().Items[parent].Kind == syntax.KindMacroCall {
		parent = file.Syntax().Items[parent].Parent
	}
	out.env = &types.Env{Types: e.types, Scope: scope, KeepBounds: true}
	if parent >= 0 {
		switch file.Syntax().Items[parent].Kind {
		case syntax.KindImpl:
			out.owner = e.implAt(scope, parent)
			out.owner.load(e)
			out.env, out.implicit = out.owner.env, out.owner.bounds
		case syntax.KindTrait:
			out.trait = resolve.Def{Kind: resolve.Trait, Scope: scope, Item: parent}
			env := *e.types.TraitEnv(out.trait)
			env.KeepBounds = true
			out.env = &env
			self := types.Predicate{Self: types.SelfOfTrait(), Ref: e.types.Identity(out.trait)}
			out.implicit = append([]types.Predicate{self}, e.types.Trait(out.trait).Predicates...)
		}
	}
	out.env = out.env.With(&out.Generics)
	for i := range out.Generics.Params {
		if p := &out.Generics.Params[i]; p.Kind != syntax.ParamLifetime {
			out.generics = append(out.generics, p.Name)
		}
	}
	out.bounds = out.env.Generics(nil, &out.Generics)
	for i := range out.Params {
		p := &out.Params[i]
		if p.Type == nil || scope.CfgOf(p.Attrs) == cargo.False {
			continue
		}
		out.params = append(out.params, out.lower(p.Type))
	}
	self := out.env.Self
	switch out.Self {
	case syntax.SelfValue:
		out.self = self
	case syntax.SelfRef, syntax.SelfRefMut:
		if self != nil {
			out.self = &types.Type{Kind: types.Ref, Mut: out.Self == syntax.SelfRefMut, Args: []*types.Type{self}}
		}
	case syntax.SelfTyped:
		out.self = out.lower(out.SelfParam.Type)
	}
	out.output = out.lower(out.Ret)
	out.ret = out.output
	if out.Flags&syntax.FlagAsync != 0 {
		out.ret = e.futureOf(out.output)
	}
	v, _ := e.fns.LoadOrStore(key, out)
	return v.(*fn)
}

// lower lowers a type of the signature. Inside a trait impl, Self::X is the associated type of that trait.
func (f *fn) lower(t *syntax.Type) *types.Type {
	out := f.env.Type(t)
	if f.owner == nil || f.owner.ref == nil {
		return out
	}
	return f.owner.qualify(out)
}

// futureOf is `impl Future<Output = output>`.
func (e *engine) futureOf(output *types.Type) *types.Type {
	return &types.Type{Kind: types.Opaque, Traits: []*types.TraitRef{{
		Def: e.known.future, Bindings: []types.Binding{{Name: "Output", Type: output}},
	}}}
}

// adt is a struct, enum or union.
type adt struct {
	*syntax.Adt
	env    *types.Env
	params []string
	fields []field
}

type field struct {
	name    string
	variant int32
	ty      func() *types.Type // lowered when it is asked for first: most fields of most types are not asked about
}

func (e *engine) adt(def resolve.Def) *adt {
	def.Name, def.Kind = "", resolve.Struct
	e = e.of(def.Scope.Crate)
	if v, ok := e.adts.Load(def); ok {
		return v.(*adt)
	}
	file := def.File()
	out := &adt{Adt: syntax.ParseAdt(file.Syntax(), def.Item, file.Edition)}
	env := &types.Env{Types: e.types, Scope: def.Scope, KeepBounds: true}
	out.env = env.With(&out.Generics)
	self := &types.Type{Kind: types.Adt, Def: e.adtDef(def)}
	for _, p := range out.Generics.Params {
		if p.Kind != syntax.ParamLifetime {
			out.params = append(out.params, p.Name)
			self.Args = append(self.Args, &types.Type{Kind: types.Param, Name: p.Name})
		}
	}
	inner := *out.env
	inner.Self = self
	for i := range out.Fields {
		f := &out.Fields[i]
		if f.Type != nil && def.Scope.CfgOf(f.Attrs) != cargo.False {
			out.fields = append(out.fields, field{f.Name, f.Variant, sync.OnceValue(func() *types.Type { return inner.Type(f.Type) })})
		}
	}
	v, _ := e.adts.LoadOrStore(def, out)
	return v.(*adt)
}

var adtKinds = map[syntax.ItemKind]resolve.Kind{syntax.KindStruct: resolve.Struct, syntax.KindEnum: resolve.Enum, syntax.KindUnion: resolve.Union}

// adtDef is the type that a struct, enum or union is, whatever kind of name led to it.
func (e *engine) adtDef(d resolve.Def) resolve.Def {
	return resolve.Def{Kind: adtKinds[d.File().Syntax().Items[d.Item].Kind], Scope: d.Scope, Item: d.Item}
}

// filled are the arguments of a type, those that are not written filled in with the parameters' defaults; fresh makes those
// that have none.
func (e *engine) filled(t *types.Type, fresh func() *types.Type) []*types.Type {
	a := e.adt(t.Def)
	if len(t.Args) >= len(a.params) {
		return t.Args
	}
	out := t.Args[:len(t.Args):len(t.Args)]
	s := &types.Subst{Params: map[string]*types.Type{}}
	i := 0
	for _, p := range a.Generics.Params {
		if p.Kind == syntax.ParamLifetime {
			continue
		}
		if i >= len(out) {
			if p.Default != nil {
				out = append(out, s.Apply(a.env.Type(p.Default)))
			} else {
				out = append(out, fresh())
			}
		}
		s.Params[p.Name] = out[i]
		i++
	}
	return out
}

// traitMethods are the functions of a trait, by name.
func (e *engine) traitMethods(def resolve.Def) map[string]int32 {
	e = e.of(def.Scope.Crate)
	if v, ok := e.methods.Load(def); ok {
		return v.(map[string]int32)
	}
	out := map[string]int32{}
	items := def.File().Syntax().Items
	for _, m := range e.types.Decl(def).Members {
		if items[m].Kind == syntax.KindFn {
			out[items[m].Name] = m
		}
	}
	e.methods.Store(def, out)
	return out
}

type scopeName struct {
	scope *workspace.Scope
	name  string
}

// traitsWith are the traits in scope that have a method of that name.
func (e *engine) traitsWith(scope *workspace.Scope, name string) []resolve.Def {
	key := scopeName{scope, name}
	if v, ok := e.byName.Load(key); ok {
		return v.([]resolve.Def)
	}
	out := e.having(e.resolve.TraitsInScope(scope), name)
	e.byName.Store(key, out)
	return out
}

// preludeWith are the traits of the standard prelude that have a method of that name.
func (e *engine) preludeWith(scope *workspace.Scope, name string) []resolve.Def {
	key := crateName{scope.Crate, name}
	if v, ok := e.inPrelude.Load(key); ok {
		return v.([]resolve.Def)
	}
	out := e.having(e.resolve.PreludeTraits(scope), name)
	e.inPrelude.Store(key, out)
	return out
}

type crateName struct {
	crate *workspace.Crate
	name  string
}

// having are those of some traits that have a method of that name.
func (e *engine) having(traits []resolve.Def, name string) []resolve.Def {
	var out []resolve.Def
	for _, t := range traits {
		if t.Kind == resolve.Trait {
			if _, ok := e.traitMethods(t)[name]; ok {
				out = append(out, t)
			}
			continue
		}
		for _, ref := range e.types.Supertraits(t) {
			if ref.Def.Kind == resolve.Trait {
				if _, ok := e.traitMethods(ref.Def)[name]; ok {
					out = append(out, ref.Def)
				}
			}
		}
	}
	return out
}

// lastSegment is a path's last name without its arguments.
func lastSegment(p *syntax.Path) string {
	if p == nil || len(p.Segments) == 0 {
		return ""
	}
	return strings.TrimPrefix(p.Segments[len(p.Segments)-1].Name, "$")
}
