package infer

import (
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// Which method a call means is costly to find out where it is none of those that are looked for: all traits in scope have to be
// known, and what the crates of all types say of them. That it is none of those is told by less: what the receiver dereferences
// to, and which of these few traits it implements.

// mayBeAsked reports whether a call may be of one of the methods of this name that are looked for.
func (b *body) mayBeAsked(x *syntax.Expr, call site) bool {
	if _, known := b.calls[x]; known || b.targets == nil {
		return true
	}
	outer := b.scope
	b.scope = b.scopeAt(x.Span.Start)
	defer func() { b.scope = outer }()
	if x.Kind != syntax.ExprMethod {
		return b.pathAsked(x.X, call)
	}
	b.calls[x] = nil // as callOf does while it looks at the receiver
	out := b.methodAsked(b.typeOf(x.X), call)
	delete(b.calls, x)
	return out
}

func (b *body) methodAsked(receiver *types.Type, call site) bool {
	if receiver.Kind == types.Unknown || receiver.Kind == types.Infer {
		return false
	}
	steps, _ := b.autoderef(receiver)
	for _, step := range steps {
		if step.Kind == types.Infer || step.Kind == types.Unknown {
			return false
		}
		mutable := &types.Type{Kind: types.Ref, Mut: true, Args: []*types.Type{step}}
		shared := &types.Type{Kind: types.Ref, Args: mutable.Args}
		if b.boundAsked(step, call) || b.implAsked(step, call) == types.Yes || b.implAsked(shared, call) == types.Yes || b.implAsked(mutable, call) == types.Yes {
			return true // where it only may be implemented, the method is not evident: see solver.pickTrait
		}
		if step.Kind == types.Array && b.implAsked(&types.Type{Kind: types.Slice, Args: step.Args[:1]}, call) == types.Yes {
			return true
		}
	}
	return false
}

// boundAsked reports whether a type has, by its bounds, one of the methods that are looked for.
func (b *body) boundAsked(t *types.Type, call site) bool {
	switch t.Kind {
	case types.Dyn, types.Param, types.Opaque, types.Projection, types.SelfType:
	default:
		return false
	}
	for _, bound := range b.boundsOf(t) {
		if bound == nil || bound.Def.Kind == resolve.None {
			continue
		}
		for _, up := range b.types.Supertraits(bound.Def) {
			if up.Def.Kind == resolve.Trait && slices.ContainsFunc(b.targets.byName[call.name], func(d askedTrait) bool {
				return call.args.fits(d.takes) && keyOf(d.Def) == keyOf(up.Def)
			}) {
				return true
			}
		}
	}
	return false
}

// implAsked reports whether a type implements one of the traits whose methods are looked for that a call may be of.
func (b *body) implAsked(t *types.Type, call site) types.Truth {
	out := types.No
	for _, def := range b.targets.byName[call.name] {
		if !call.args.fits(def.takes) {
			continue
		}
		def := def.Def
		ref := &types.TraitRef{Def: def, Self: t}
		if len(b.implsFor(ref, t)) == 0 && t.Kind != types.Adt && t.Kind != types.Ref {
			continue
		}
		for range b.types.Identity(def).Args {
			ref.Args = append(ref.Args, b.fresh())
		}
		mark := b.mark()
		answer := b.implements(t, ref)
		b.undo(mark)
		if out = types.Or(out, answer); out == types.Yes {
			break
		}
	}
	return out
}

// pathAsked is mayBeAsked of a path that is called.
func (b *body) pathAsked(x *syntax.Expr, call site) bool {
	p := x.Path
	if x.Kind != syntax.ExprPath || p.QSelf != nil || len(p.Segments) == 0 {
		return true
	}
	env := b.at(x)
	var self *types.Type
	switch first := &p.Segments[0]; {
	case !p.Global && !first.Raw && first.Name == "Self" && env.Self != nil:
		if len(p.Segments) != 2 {
			return true
		}
		self = env.Self
	case !p.Global && !first.Raw && env.Params[first.Name] != nil:
		return true
	default:
		r, n := b.resolve.Value(env.Scope, p)
		if !r.Found() || n == 0 {
			return false
		}
		switch r.Def.Kind {
		case resolve.Fn, resolve.Variant:
			return false
		case resolve.Struct, resolve.Union, resolve.Enum, resolve.TypeAlias, resolve.Primitive:
			if n == len(p.Segments) {
				return false // a constructor
			}
			head := *p
			head.Segments = p.Segments[:n]
			self = b.opened(env.Type(&syntax.Type{Kind: syntax.TypePath, Span: p.Span, Path: &head}))
		default:
			return true
		}
	}
	self = b.norm(self)
	if self.Kind == types.Adt {
		self = &types.Type{Kind: types.Adt, Def: self.Def, Args: b.inferred(self)}
	} else if self.Kind != types.Primitive {
		return true
	}
	return b.implAsked(self, call) != types.No
}
