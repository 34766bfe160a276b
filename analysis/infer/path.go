package infer

import (
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// callee is what a path in call position means: a function with what is known of its parameters, or a constructor.
type callee struct {
	*fn
	sub  *types.Subst
	ref  *types.TraitRef // of a trait's function
	self *types.Type
	// ctor is the type that a constructor makes; fields are its parameters.
	ctor   *types.Type
	fields []*types.Type
}

// callee is what a path means as a function; nil if that is not evident.
func (b *body) callee(e *syntax.Expr) *callee {
	p := e.Path
	if b.hides(p.Span) {
		return nil
	}
	env := b.at(e)
	if p.QSelf != nil {
		self := b.opened(b.qualified(env.Type(p.QSelf)))
		if p.QTrait == 0 {
			return b.associated(self, p.Segments)
		}
		if p.QTrait != len(p.Segments)-1 {
			return nil
		}
		trait := *p
		trait.QSelf, trait.QTrait, trait.Segments = nil, 0, p.Segments[:p.QTrait]
		ref := env.TraitRef(self, &trait)
		return b.traitFn(ref, self, &p.Segments[p.QTrait])
	}
	if len(p.Segments) == 0 {
		return nil
	}
	first := &p.Segments[0]
	if !p.Global && !first.Raw {
		if first.Name == "Self" && env.Self != nil {
			if len(p.Segments) == 1 {
				return b.constructor(b.norm(env.Self), -1)
			}
			return b.associated(b.prefix(env, p), p.Segments[len(p.Segments)-1:])
		}
		if env.Params[first.Name] != nil && len(p.Segments) > 1 { // T::Assoc::f too
			return b.associated(b.prefix(env, p), p.Segments[len(p.Segments)-1:])
		}
	}
	r, n := b.resolve.Value(env.Scope, p)
	if !r.Found() || n == 0 {
		return nil
	}
	rest := p.Segments[n:]
	switch r.Def.Kind {
	case resolve.Fn:
		if len(rest) > 0 {
			return nil
		}
		f := b.engine.fn(r.Def.Scope, r.Def.Item)
		out := &callee{fn: f, sub: &types.Subst{Params: map[string]*types.Type{}}}
		b.turbofish(out, p.Segments[n-1].Args, env)
		return out
	case resolve.Trait:
		if len(rest) != 1 {
			return nil
		}
		trait := *p
		trait.Segments = p.Segments[:n]
		self := b.fresh()
		ref := env.TraitRef(self, &trait)
		return b.traitFn(ref, self, &rest[0])
	case resolve.Variant:
		if len(rest) > 0 {
			return nil
		}
		self := &types.Type{Kind: types.Adt, Def: b.adtDef(r.Def)}
		if n >= 2 {
			self.Args = b.typeArgs(p.Segments[n-2].Args, env)
		}
		if a := b.typeArgs(p.Segments[n-1].Args, env); len(a) > 0 {
			self.Args = a
		}
		return b.constructor(self, b.variant(r.Def))
	case resolve.Struct, resolve.Union, resolve.Enum, resolve.TypeAlias, resolve.Primitive:
		head := *p
		head.Segments = p.Segments[:n]
		self := b.pathType(env, &head)
		if len(rest) > 0 {
			return b.associated(self, rest)
		}
		return b.constructor(self, -1)
	}
	return nil
}

// prefix is the type that all segments of a path but the last are.
func (b *body) prefix(env *types.Env, p *syntax.Path) *types.Type {
	head := *p
	head.Segments = p.Segments[:len(p.Segments)-1]
	return b.pathType(env, &head)
}

// pathType is the type that a path of an expression names. Arguments of an alias that are not written are inferred.
func (b *body) pathType(env *types.Env, p *syntax.Path) *types.Type {
	if last := len(p.Segments) - 1; last >= 0 && p.QSelf == nil && p.Segments[last].Args == nil {
		if r, n := b.resolve.Path(env.Scope, p); r.Def.Kind == resolve.TypeAlias && n == len(p.Segments) {
			segs := slices.Clone(p.Segments)
			segs[last].Args = inferredArgs(r.Def)
			q := *p
			q.Segments, p = segs, &q
		}
	}
	return b.opened(b.qualified(env.Type(&syntax.Type{Kind: syntax.TypePath, Span: p.Span, Path: p})))
}

// inferredArgs is `<_, _>` for the parameters of an alias; nil if it has none.
func inferredArgs(alias resolve.Def) *syntax.Args {
	file := alias.File()
	a := syntax.ParseAlias(file.Syntax(), alias.Item, file.Edition)
	var out *syntax.Args
	for _, p := range alias.Scope.Compiled(a.Generics.Params) {
		if p.Kind == syntax.ParamLifetime {
			continue
		}
		if out == nil {
			out = &syntax.Args{}
		}
		out.List = append(out.List, syntax.Arg{Kind: syntax.ArgType, Type: &syntax.Type{Kind: syntax.TypeInfer}})
	}
	return out
}

func (b *body) variant(d resolve.Def) int32 {
	for i, v := range b.adt(d).Variants {
		if v.Name == d.Name {
			return int32(i)
		}
	}
	return -1
}

// typeArgs are the types and consts that a segment gives.
func (b *body) typeArgs(a *syntax.Args, env *types.Env) []*types.Type {
	if a == nil || a.Paren {
		return nil
	}
	var out []*types.Type
	for i := range a.List {
		switch arg := &a.List[i]; arg.Kind {
		case syntax.ArgType:
			out = append(out, b.opened(b.qualified(env.Type(arg.Type))))
		case syntax.ArgConst:
			out = append(out, b.fresh())
		}
	}
	return out
}

// turbofish gives a function's own parameters what is written, and fresh variables for the rest.
func (b *body) turbofish(c *callee, a *syntax.Args, env *types.Env) {
	args := b.typeArgs(a, env)
	for i, name := range c.generics {
		if i < len(args) {
			c.sub.Params[name] = args[i]
		} else {
			c.sub.Params[name] = b.fresh()
		}
	}
}

// constructor is a tuple struct or variant as a function.
func (b *body) constructor(t *types.Type, variant int32) *callee {
	if t.Kind != types.Adt {
		return nil
	}
	t = &types.Type{Kind: types.Adt, Def: t.Def, Args: b.inferred(t)}
	out := &callee{ctor: t, self: t}
	a, sub := b.adt(t.Def), b.adtSubst(t)
	for i := range a.fields {
		if a.fields[i].variant == variant {
			out.fields = append(out.fields, sub.Apply(a.fields[i].ty()))
		}
	}
	return out
}

// inferred are a type's arguments in an expression: those that are not written are inferred, defaults or not.
func (b *body) inferred(t *types.Type) []*types.Type {
	a := b.adt(t.Def)
	out := t.Args[:len(t.Args):len(t.Args)]
	for len(out) < len(a.params) {
		out = append(out, b.fresh())
	}
	return out
}

// associated is `self::name`: an inherent function, a variant behind an alias, or a function of a trait in scope.
func (b *body) associated(self *types.Type, segs []syntax.Segment) *callee {
	if len(segs) != 1 {
		return nil
	}
	seg := &segs[0]
	self = b.norm(self)
	if self.Kind == types.Adt {
		if self.Def.Kind == resolve.Enum {
			d := self.Def
			d.Name = seg.Name
			if v := b.variant(d); v >= 0 {
				return b.constructor(self, v)
			}
		}
		self = &types.Type{Kind: types.Adt, Def: self.Def, Args: b.inferred(self)}
	}
	for _, im := range b.inherentImpls(self) {
		m := im.method(seg.Name, b.scope.Crate)
		if m < 0 {
			continue
		}
		mark := b.mark()
		sub := b.instance(im.params)
		sub.Self = sub.Apply(im.ty)
		if !b.unify(sub.Self, self) || b.implHolds(im, sub) == types.No {
			b.undo(mark)
			continue
		}
		out := &callee{fn: b.engine.fn(im.scope, m), sub: sub, self: self}
		b.turbofish(out, seg.Args, b.env)
		return out
	}
	for _, bound := range b.boundsOf(self) {
		if bound == nil || bound.Def.Kind == resolve.None {
			continue
		}
		for _, up := range b.types.Supertraits(bound.Def) {
			if up.Def.Kind != resolve.Trait {
				continue
			}
			if _, ok := b.traitMethods(up.Def)[seg.Name]; ok {
				sub := b.types.SubstOf(bound)
				sub.Self = self
				return b.traitFn(sub.ApplyRef(up), self, seg)
			}
		}
	}
	var out *callee // whether its trait is implemented may rest on what the arguments will say
	for _, def := range b.inScope(seg.Name) {
		ref := &types.TraitRef{Def: def, Self: self}
		for range b.types.Identity(def).Args {
			ref.Args = append(ref.Args, b.fresh())
		}
		if b.implements(self, ref) == types.No {
			continue
		}
		if out != nil {
			return nil
		}
		out = b.traitFn(ref, self, seg)
	}
	return out
}

// traitFn is a trait's function on self.
func (b *body) traitFn(ref *types.TraitRef, self *types.Type, seg *syntax.Segment) *callee {
	if ref.Def.Kind != resolve.Trait {
		return nil
	}
	m, ok := b.traitMethods(ref.Def)[seg.Name]
	if !ok { // a supertrait's function, through the subtrait's name
		for _, up := range b.types.Supertraits(ref.Def)[1:] {
			if up.Def.Kind == resolve.Trait {
				if _, ok := b.traitMethods(up.Def)[seg.Name]; ok {
					sub := b.types.SubstOf(ref)
					sub.Self = self
					return b.traitFn(sub.ApplyRef(up), self, seg)
				}
			}
		}
		return nil
	}
	r := *ref
	r.Args = nil
	for _, a := range ref.Args {
		r.Args = append(r.Args, b.opened(a))
	}
	for range len(b.types.Identity(ref.Def).Args) - len(r.Args) {
		r.Args = append(r.Args, b.fresh())
	}
	sub := b.types.SubstOf(&r)
	sub.Self = self
	out := &callee{fn: b.engine.fn(ref.Def.Scope, m), sub: sub, ref: &r, self: self}
	b.turbofish(out, seg.Args, b.env)
	return out
}

// path is the type of a path that is no local variable: a static, a constant, a unit struct or variant, a function.
func (b *body) path(e *syntax.Expr) *types.Type {
	if t := b.constant(e); t != nil {
		return t
	}
	c := b.callee(e)
	switch {
	case c == nil:
		return unknown
	case c.ctor != nil && len(c.fields) == 0:
		return c.ctor
	case c.ctor != nil:
		return &types.Type{Kind: types.FnPtr, Args: append(append([]*types.Type(nil), c.fields...), c.ctor)}
	}
	out := &types.Type{Kind: types.FnPtr}
	if c.fn.self != nil {
		out.Args = append(out.Args, c.sub.Apply(c.fn.self))
	}
	for _, p := range c.params {
		out.Args = append(out.Args, c.sub.Apply(p))
	}
	out.Args = append(out.Args, c.sub.Apply(c.ret))
	return out
}

// structure is the type of a struct literal.
func (b *body) structure(e *syntax.Expr) *types.Type {
	t, variant := b.literalType(e)
	if t == nil {
		return unknown
	}
	if len(t.Args) > 0 {
		for i, name := range e.Fields {
			if f := b.fieldOf(t, name, variant); f != nil && b.open(f) {
				b.coerce(f, b.typeOf(e.Args[i]))
			}
		}
		if e.X != nil && b.open(t) { // S { n: 1, ..other }
			mark := b.mark()
			if !b.unify(t, b.typeOf(e.X)) {
				b.undo(mark)
			}
		}
	}
	return t
}

// literalType is the type and the variant of a struct literal, with variables for the arguments that are not written; nil if it is
// not evident.
func (b *body) literalType(e *syntax.Expr) (*types.Type, int32) {
	t, variant := b.named(e)
	if t == nil {
		return nil, -1
	}
	return &types.Type{Kind: types.Adt, Def: t.Def, Args: b.inferred(t)}, variant
}

// named is the type that the path of a struct literal names, and its variant, -1 of a struct; nil if that is not evident.
func (b *body) named(e *syntax.Expr) (t *types.Type, variant int32) {
	if b.hides(e.Path.Span) {
		return nil, -1
	}
	env := b.at(e)
	variant = -1
	r, n := b.resolve.Path(env.Scope, e.Path)
	if r.Def.Kind == resolve.Variant && n == len(e.Path.Segments) {
		t, variant = &types.Type{Kind: types.Adt, Def: b.adtDef(r.Def)}, b.variant(r.Def)
	} else {
		t = b.pathType(env, e.Path)
	}
	t = b.norm(t)
	if t.Kind != types.Adt { // Self::Variant { .. }, or an alias's
		head := *e.Path
		if len(head.Segments) < 2 {
			return nil, -1
		}
		last := head.Segments[len(head.Segments)-1]
		head.Segments = head.Segments[:len(head.Segments)-1]
		t = b.norm(b.pathType(env, &head))
		if t.Kind != types.Adt {
			return nil, -1
		}
		d := t.Def
		d.Name = last.Name
		if variant = b.variant(d); variant < 0 {
			return nil, -1
		}
	}
	return t, variant
}
