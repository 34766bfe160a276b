package types

import (
	"slices"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Types lowers written types of one snapshot. It is safe for concurrent use.
type Types struct {
	Resolver *resolve.Resolver
	base     *Types   // answers for traits that other snapshots share; nil if there are none
	decls    sync.Map // resolve.Def -> *Decl
	traits   sync.Map // resolve.Def -> *Trait
	closures sync.Map // resolve.Def -> []*TraitRef
}

// New makes the types of a resolver's snapshot.
func New(r *resolve.Resolver) *Types { return &Types{Resolver: r} }

// On makes the types of a snapshot whose base is t's.
func (t *Types) On(s *workspace.Snapshot) *Types { return &Types{Resolver: t.Resolver.On(s), base: t} }

// of are the types that keep the answers about a trait.
func (t *Types) of(def resolve.Def) *Types {
	if t.base != nil && t.Resolver.Of(def.Scope) != t.Resolver {
		return t.base
	}
	return t
}

// Decl is a trait as it is written: its header and its members, nothing resolved.
type Decl struct {
	Def     resolve.Def
	Header  *syntax.Trait
	Members []int32 // its fns, consts and types that are not cfg'd out, in source order
	// Expanding is set if a macro call stands among the members: there may be more of them.
	Expanding bool
	Auto      bool
}

// Decl is the declaration of a trait or trait alias.
func (t *Types) Decl(def resolve.Def) *Decl {
	t = t.of(def)
	if v, ok := t.decls.Load(def); ok {
		return v.(*Decl)
	}
	file := def.File()
	out := &Decl{Def: def, Header: syntax.ParseTrait(file.Syntax(), def.Item, file.Edition)}
	out.Header.Generics.Params = def.Scope.Compiled(out.Header.Generics.Params)
	out.Auto = out.Header.Flags&syntax.FlagAuto != 0
	items := file.Syntax().Items
	for i := def.Item + 1; i < int32(len(items)) && items[i].Span.Start < items[def.Item].Span.End; i++ {
		if items[i].Parent != def.Item {
			continue
		}
		switch items[i].Kind {
		case syntax.KindFn, syntax.KindConst, syntax.KindType:
			if cfg, ok := t.Resolver.Stands(def.Scope, i); ok && cfg != cargo.False {
				out.Members = append(out.Members, i)
			}
		case syntax.KindMacroCall:
			if def.Scope.ItemCfg(i) != cargo.False && t.Resolver.AddsMembers(def.Scope, i) {
				out.Expanding = true
			}
		}
	}
	t.decls.Store(def, out)
	return out
}

// assocType is the index of the declaration's own associated type called name, or -1.
func (d *Decl) assocType(name string) int32 {
	items := d.Def.File().Syntax().Items
	for _, m := range d.Members {
		if items[m].Kind == syntax.KindType && items[m].Name == name {
			return m
		}
	}
	return -1
}

// Declares reports whether the trait itself declares an associated type, or an associated `type const`.
func (d *Decl) Declares(name string) bool {
	items := d.Def.File().Syntax().Items
	return slices.ContainsFunc(d.Members, func(m int32) bool {
		it := &items[m]
		return it.Name == name && (it.Kind == syntax.KindType || it.Kind == syntax.KindConst && it.Flags&syntax.FlagTypeConst != 0)
	})
}

// Env is what names of types mean at a place: the scope, Self, and the generic parameters.
type Env struct {
	Types *Types
	Scope *workspace.Scope
	Self  *Type // nil where there is none
	// Trait is the trait whose Self it is; None outside traits.
	Trait  resolve.Def
	Params map[string]*Type
	Bounds []ParamBound // where `T::X` is looked up
	// KeepBounds says that an Opaque has its bounds as Traits. Verdicts look at the written bounds themselves.
	KeepBounds bool
	depth      int
	steps      *int // taken for the type being lowered; nil outside one
}

// ParamBound is a bound of a generic parameter, as written.
type ParamBound struct {
	Param string
	Path  *syntax.Path
}

// maxDepth bounds aliases of aliases, defaults of defaults and the like; rustc's recursion limit is 128.
const maxDepth = 64

func (e *Env) deeper() *Env {
	out := *e
	out.depth++
	return &out
}

// With is the environment inside an item with these generics.
func (e *Env) With(g *syntax.Generics) *Env {
	if len(g.Params) == 0 && len(g.Where) == 0 {
		return e
	}
	out := *e
	out.Params = make(map[string]*Type, len(e.Params)+len(g.Params))
	for k, v := range e.Params {
		out.Params[k] = v
	}
	out.Bounds = append([]ParamBound(nil), e.Bounds...)
	for _, p := range g.Params {
		if p.Kind == syntax.ParamLifetime {
			continue
		}
		out.Params[p.Name] = &Type{Kind: Param, Name: p.Name}
		for _, b := range p.Bounds {
			if b.Path != nil {
				out.Bounds = append(out.Bounds, ParamBound{p.Name, b.Path})
			}
		}
	}
	for _, w := range g.Where {
		if w.Type != nil && w.Type.Kind == syntax.TypePath && w.Type.Path.QSelf == nil && len(w.Type.Path.Segments) == 1 {
			for _, b := range w.Bounds {
				if b.Path != nil {
					out.Bounds = append(out.Bounds, ParamBound{w.Type.Path.Segments[0].Name, b.Path})
				}
			}
		}
	}
	return &out
}

// TraitEnv is the environment inside a trait.
func (t *Types) TraitEnv(def resolve.Def) *Env {
	t = t.of(def)
	d := t.Decl(def)
	e := &Env{Types: t, Scope: def.Scope, Self: selfType, Trait: def}
	return e.With(&d.Header.Generics)
}

// Predicate is `Self: Trait` with the place of the bound that says so.
type Predicate struct {
	Self *Type
	Ref  *TraitRef
	// Bound is the written bound; Span is its place in the file of the trait that it was found in.
	Bound *syntax.Bound
	Span  source.Span
}

// Trait is a trait with its predicates lowered.
type Trait struct {
	*Decl
	Env        *Env
	Predicates []Predicate // supertraits, where clauses, and bounds of parameters, nested ones too
}

// Trait is the lowered trait.
func (t *Types) Trait(def resolve.Def) *Trait {
	t = t.of(def)
	if v, ok := t.traits.Load(def); ok {
		return v.(*Trait)
	}
	d := t.Decl(def)
	out := &Trait{Decl: d, Env: t.TraitEnv(def)}
	out.Predicates = out.Env.bounds(out.Predicates, selfType, d.Header.Supers)
	out.Predicates = out.Env.Generics(out.Predicates, &d.Header.Generics)
	t.traits.Store(def, out)
	return out
}

// Generics appends the predicates of parameters' bounds and of a where clause.
func (e *Env) Generics(out []Predicate, g *syntax.Generics) []Predicate {
	for i := range g.Params {
		if p := &g.Params[i]; p.Kind == syntax.ParamType && len(p.Bounds) > 0 {
			out = e.bounds(out, &Type{Kind: Param, Name: p.Name}, p.Bounds)
		}
	}
	for i := range g.Where {
		if w := &g.Where[i]; w.Type != nil {
			out = e.bounds(out, e.Type(w.Type), w.Bounds)
		}
	}
	return out
}

// On appends the predicates of a list of bounds on self.
func (e *Env) On(out []Predicate, self *Type, bounds []syntax.Bound) []Predicate {
	return e.bounds(out, self, bounds)
}

func (e *Env) bounds(out []Predicate, self *Type, bounds []syntax.Bound) []Predicate {
	if e.depth > maxDepth {
		return out
	}
	for i := range bounds {
		b := &bounds[i]
		if b.Kind != syntax.BoundTrait || b.Maybe || b.Path == nil {
			continue
		}
		ref := e.TraitRef(self, b.Path)
		out = append(out, Predicate{Self: self, Ref: ref, Bound: b, Span: b.Span})
		if n := len(b.Path.Segments); n > 0 && b.Path.Segments[n-1].Args != nil {
			args := b.Path.Segments[n-1].Args.List
			for k := range args {
				if args[k].Kind == syntax.ArgConstraint && args[k].Name != "" {
					item := &Type{Kind: Projection, Name: args[k].Name, Args: []*Type{self}, Traits: []*TraitRef{ref}}
					out = e.deeper().bounds(out, item, args[k].Bounds)
				}
			}
		}
	}
	return out
}

// Supers are the trait's direct supertraits with what they are given: `Self: Super<..>` in the header or a where clause.
func (t *Trait) Supers() []*TraitRef {
	var out []*TraitRef
	for i := range t.Predicates {
		if p := &t.Predicates[i]; p.Self.Kind == SelfType && !p.Bound.Negative {
			out = append(out, p.Ref)
		}
	}
	return out
}

// maxSupertraits bounds the closure of supertraits, and maxRepeats how often one trait is in it with other arguments: a
// cycle through ever larger arguments would go on forever.
const (
	maxSupertraits = 512
	maxRepeats     = 16
)

// Supertraits are the trait itself and all its supertraits as trait references on Self, in breadth-first order without
// repetition. References that did not resolve have no Def and say why; so does one that stands for those beyond the limit.
func (t *Types) Supertraits(def resolve.Def) []*TraitRef {
	t = t.of(def)
	if v, ok := t.closures.Load(def); ok {
		return v.([]*TraitRef)
	}
	out := []*TraitRef{t.Identity(def)}
	known := map[resolve.Def]bool{def: true}
	i := 0
	for ; i < len(out) && len(out) < maxSupertraits; i++ {
		if out[i].Def.Kind == resolve.None {
			continue
		}
		var s *Subst // nil where Self is Self and there are no parameters
		if len(t.Decl(out[i].Def).Header.Generics.Params) > 0 || out[i].Self.Kind != SelfType {
			s = t.SubstOf(out[i])
		}
	next:
		for _, super := range t.Trait(out[i].Def).Supers() {
			if s != nil {
				super = s.ApplyRef(super)
			}
			repeats := 0
			if super.Def.Kind != resolve.None && known[super.Def] {
				for _, have := range out {
					if have.Def != super.Def {
						continue
					}
					if EqualRef(have, super) == Yes && len(super.Bindings) == 0 {
						continue next
					}
					repeats++
				}
			}
			known[super.Def] = true
			if repeats > maxRepeats {
				super = &TraitRef{Self: selfType, Why: resolve.Limit}
			}
			out = append(out, super)
		}
	}
	if i < len(out) {
		out = append(out, &TraitRef{Self: selfType, Why: resolve.Limit})
	}
	t.closures.Store(def, out)
	return out
}

// Identity is the trait applied to its own Self and parameters.
func (t *Types) Identity(def resolve.Def) *TraitRef {
	out := &TraitRef{Def: def, Self: selfType}
	for _, p := range t.Decl(def).Header.Generics.Params {
		if p.Kind != syntax.ParamLifetime {
			out.Args = append(out.Args, &Type{Kind: Param, Name: p.Name})
		}
	}
	return out
}

// SubstOf maps the Self and the parameters of ref's trait to what ref gives them.
func (t *Types) SubstOf(ref *TraitRef) *Subst {
	s := &Subst{Self: ref.Self, Params: map[string]*Type{}}
	i := 0
	for _, p := range t.Decl(ref.Def).Header.Generics.Params {
		if p.Kind == syntax.ParamLifetime {
			continue
		}
		if i < len(ref.Args) {
			s.Params[p.Name] = ref.Args[i]
		}
		i++
	}
	return s
}
