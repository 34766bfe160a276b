package infer

import (
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// found is the method that a call means.
type found struct {
	*fn
	sub *types.Subst // Self and the parameters of the impl or trait around it
	// ref is the trait that the method belongs to, applied to Self; nil of an inherent method.
	ref *types.TraitRef
	// self is the type that Self stands for.
	self *types.Type
}

// maxDerefs bounds autoderef; rustc's recursion limit is 128.
const maxDerefs = 16

// autoderef is a type and what it dereferences to, step by step; open is set if it is not known whether there are more.
func (s *solver) autoderef(t *types.Type) (steps []*types.Type, open bool) {
	for range maxDerefs {
		t = s.norm(t)
		steps = append(steps, t)
		next, ok := s.derefed(t)
		if !ok {
			return steps, true
		}
		if next == nil {
			break
		}
		t = next
	}
	return steps, false
}

// derefed is the target of a dereference, nil if the type has none; ok is false if that is not known.
func (s *solver) derefed(t *types.Type) (target *types.Type, ok bool) {
	t = s.norm(t)
	switch t.Kind {
	case types.Ref:
		return s.norm(t.Args[0]), true
	case types.Infer, types.Unknown:
		return nil, false
	case types.Adt:
		if t.Def == s.known.box && len(t.Args) > 0 {
			return s.norm(t.Args[0]), true
		}
	case types.Param, types.Opaque, types.Projection, types.Dyn, types.SelfType:
		if !s.hasBound(s.boundsOf(t), t, s.known.deref) {
			return nil, !s.unclear(t)
		}
	default:
		return nil, true
	}
	ref := &types.TraitRef{Def: s.known.deref, Self: t}
	if t.Kind == types.Adt {
		switch s.implements(t, ref) {
		case types.No:
			return nil, true
		case types.Maybe:
			return nil, false
		}
	}
	if out := s.project(t, ref, "Target"); out != nil {
		return s.norm(out), true
	}
	return &types.Type{Kind: types.Projection, Name: "Target", Args: []*types.Type{t}, Traits: []*types.TraitRef{ref}}, true
}

// unclear reports whether some bound of a type did not resolve.
func (s *solver) unclear(t *types.Type) bool {
	if t.Kind == types.Projection && t.Traits[0] == nil {
		return true
	}
	for _, b := range s.boundsOf(t) {
		if b == nil || b.Def.Kind == resolve.None {
			return true
		}
	}
	return t.Kind == types.Projection && s.ambiguous(t)
}

// candidate is a method that may be meant, with the type that its receiver has.
type candidate struct {
	found
	recv *types.Type
}

// method finds the method that `receiver.name()` means, as rustc probes: at each step of autoderef by value, then by `&`,
// then by `&mut`; inherent methods before those of traits in scope. It is nil if there is none or it is not evident.
func (s *solver) method(receiver *types.Type, name string) *found {
	steps, open := s.autoderef(receiver)
	if last := steps[len(steps)-1]; last.Kind == types.Array {
		steps = append(steps, &types.Type{Kind: types.Slice, Args: last.Args[:1]})
	}
	var inherent []candidate
	for _, step := range steps {
		inherent = s.inherent(inherent, step, name)
	}
	for i, step := range steps {
		if open && i == len(steps)-1 && (step.Kind == types.Infer || step.Kind == types.Unknown) {
			return nil
		}
		for _, adjusted := range [...]*types.Type{
			step, {Kind: types.Ref, Args: []*types.Type{step}}, {Kind: types.Ref, Mut: true, Args: []*types.Type{step}},
		} {
			if c, sure := s.pick(inherent, adjusted); c != nil || !sure {
				return c
			}
			// The traits in scope are the costly part. Where one of the prelude has the method on the receiver as it is, another
			// would make the call ambiguous (E0034), so that they need not be known.
			if i == 0 {
				mark := s.mark()
				if c, sure := s.pickTrait(s.preludeWith(s.scope, name), adjusted, name); c != nil && sure {
					return c
				}
				s.undo(mark)
			}
			if c, sure := s.pickTrait(s.inScope(name), adjusted, name); c != nil || !sure {
				return c
			}
		}
	}
	return nil
}

// inScope are the traits in scope that have a method of that name. In an impl of a trait that is one, whatever path names it
// (rustc_resolve, traits_in_scope).
func (s *solver) inScope(name string) []resolve.Def {
	out := s.traitsWith(s.scope, name)
	if s.body == nil || s.body.fn == nil || s.body.fn.owner == nil || s.body.fn.owner.ref == nil {
		return out
	}
	own := s.body.fn.owner.ref.Def
	if own.Kind != resolve.Trait || slices.Contains(out, own) {
		return out
	}
	if _, ok := s.traitMethods(own)[name]; !ok {
		return out
	}
	return append(slices.Clip(out), own)
}

// inherent appends the methods that a type has by itself: those of its inherent impls, and those of its bounds.
func (s *solver) inherent(out []candidate, t *types.Type, name string) []candidate {
	switch t.Kind {
	case types.Dyn, types.Param, types.Opaque, types.Projection, types.SelfType:
		seen := map[resolve.Def]bool{}
		for _, b := range s.boundsOf(t) {
			if b == nil || b.Def.Kind == resolve.None {
				continue
			}
			for _, up := range s.types.Supertraits(b.Def) {
				if up.Def.Kind != resolve.Trait || seen[up.Def] {
					continue
				}
				m, ok := s.traitMethods(up.Def)[name]
				if !ok {
					continue
				}
				seen[up.Def] = true
				sub := s.types.SubstOf(b)
				sub.Self = t
				ref := sub.ApplyRef(up)
				if c, ok := s.traitCandidate(ref, t, m); ok {
					out = append(out, c)
				}
			}
		}
	}
	for _, im := range s.inherentImpls(t) {
		m := im.method(name, s.scope.Crate)
		if m < 0 {
			continue
		}
		f := s.fn(im.scope, m)
		if f.self == nil {
			continue
		}
		mark := s.mark()
		sub := s.instance(im.params)
		sub.Self = sub.Apply(im.ty)
		if !s.sameAuto(im.ty, t) || !s.unify(sub.Self, t) || s.implHolds(im, sub) == types.No {
			s.undo(mark)
			continue
		}
		if f.Self == syntax.SelfTyped { // self: Box<Self, A>
			for _, name := range f.generics {
				sub.Params[name] = s.fresh()
			}
		}
		// Its parameters stay bound: they are fresh, and the type is t whoever is chosen.
		out = append(out, candidate{found{fn: f, sub: sub, self: t}, sub.Apply(f.self)})
	}
	return out
}

// sameAuto reports whether the trait object types in the type of an impl have the auto traits of those in another: `impl dyn Any
// + Send` is not about `dyn Any`, nor `impl Box<dyn Any + Send>` about its box.
func (s *solver) sameAuto(a, b *types.Type) bool {
	b = s.shallow(b)
	switch {
	case a.Kind == types.Dyn && b.Kind == types.Dyn:
		return s.hasAuto(a, b) && s.hasAuto(b, a)
	case a.Kind == types.Adt && b.Kind == types.Adt:
		for i := range min(len(a.Args), len(b.Args)) {
			if !s.sameAuto(a.Args[i], b.Args[i]) {
				return false
			}
		}
	}
	return true
}

// hasAuto reports whether b has all auto traits of a.
func (s *solver) hasAuto(a, b *types.Type) bool {
	for _, x := range a.Traits {
		if x.Def.Kind == resolve.None || !s.types.Decl(x.Def).Auto {
			continue
		}
		if !slices.ContainsFunc(b.Traits, func(y *types.TraitRef) bool { return y.Def == x.Def }) {
			return false
		}
	}
	return true
}

// traitCandidate is a trait's method on a type.
func (s *solver) traitCandidate(ref *types.TraitRef, self *types.Type, m int32) (candidate, bool) {
	f := s.fn(ref.Def.Scope, m)
	if ref.Def.Item >= 0 && f.scope != ref.Def.Scope {
		return candidate{}, false
	}
	if f.self == nil {
		return candidate{}, false
	}
	sub := s.types.SubstOf(ref)
	sub.Self = self
	return candidate{found{fn: f, sub: sub, ref: ref, self: self}, sub.Apply(f.self)}, true
}

// pick is the candidate whose receiver is of the adjusted type; sure is false if that is not evident.
func (s *solver) pick(list []candidate, adjusted *types.Type) (out *found, sure bool) {
	for i := range list {
		c := &list[i]
		mark := s.mark()
		if !s.unify(c.recv, adjusted) {
			s.undo(mark)
			continue
		}
		if out != nil {
			if out.fn == c.fn {
				continue
			}
			return nil, false
		}
		out = &c.found
	}
	return out, true
}

// pickTrait is the method of a trait in scope whose receiver is of the adjusted type.
func (s *solver) pickTrait(traits []resolve.Def, adjusted *types.Type, name string) (out *found, sure bool) {
	for _, def := range traits {
		self := s.fresh()
		ref := &types.TraitRef{Def: def, Self: self}
		for range s.types.Identity(def).Args {
			ref.Args = append(ref.Args, s.fresh())
		}
		c, ok := s.traitCandidate(ref, self, s.traitMethods(def)[name])
		if !ok {
			continue
		}
		mark := s.mark()
		if !s.unify(c.recv, adjusted) {
			s.undo(mark)
			continue
		}
		c.self = s.norm(self)
		switch s.implements(c.self, ref) {
		case types.No:
			s.undo(mark)
			continue
		case types.Maybe:
			return nil, false
		}
		if out != nil && out.ref.Def != def {
			return nil, false
		}
		out = &c.found
	}
	return out, true
}
