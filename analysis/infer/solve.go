package infer

import (
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// solver is the type system's part of one body: inference variables, what is known to hold, and the answers to "does this
// type implement that trait" and "what is its associated type".
//
// A variable is a type of kind Infer with a number for a name. One that stays unbound makes what rests on it unknown.
type solver struct {
	*engine
	scope *workspace.Scope
	// given are the predicates that hold in the body: those of its generics and of what is around it.
	given   []types.Predicate
	vars    []*types.Type
	trail   []int // variables in the order in which they were bound
	depth   int
	steps   int
	unified int
	deepest int // the greatest depth since it was last set back
	// exhausted is set once a limit was reached.
	exhausted bool
	asked     []goal // what is being answered, the outermost first
	cycles    int    // how often one of them came up again
	rigid     int    // how often it was asked what holds of a type that the body's predicates may be about
	// Whether the predicates say nothing about ground types, once that was asked for.
	givenAsked, givenFree bool
	closures              []*syntax.Expr
	body                  *body // types closures; nil while only items are looked at
}

// Limits of one body: how deep questions nest, how many are asked, and how many types are compared. Where one is reached, the
// rest of the body is unknown: an answer that was cut short is no answer.
const (
	maxSolveDepth = 64
	maxSolveSteps = 30_000
	maxUnify      = 400_000
)

// spent reports whether a limit was reached.
func (s *solver) spent() bool {
	s.deepest = max(s.deepest, s.depth)
	if s.depth > maxSolveDepth || s.steps > maxSolveSteps || s.unified > maxUnify {
		s.exhausted = true
	}
	return s.exhausted
}

// boundsOf are the traits that a type is known to implement by what it is: a trait object's, an opaque type's, a parameter's
// and an associated type's bounds.
func (s *solver) boundsOf(t *types.Type) []*types.TraitRef {
	var out []*types.TraitRef
	switch t.Kind {
	case types.Dyn, types.Opaque:
		out = append(out, t.Traits...)
	}
	switch t.Kind {
	case types.Param, types.SelfType, types.Opaque, types.Projection:
		s.rigid++
	}
	for i := range s.given {
		if p := &s.given[i]; (p.Bound == nil || !p.Bound.Negative) && types.Equal(s.shallow(p.Self), t) == types.Yes {
			out = append(out, p.Ref)
		}
	}
	if t.Kind == types.Projection && t.Traits[0] != nil && t.Traits[0].Def.Kind != resolve.None {
		out = append(out, s.itemBounds(t)...)
	}
	return out
}

// itemBounds are the bounds that a trait declares for its associated type.
func (s *solver) itemBounds(t *types.Type) []*types.TraitRef {
	ref := t.Traits[0]
	file := ref.Def.File()
	var out []*types.TraitRef
	for _, m := range s.types.Decl(ref.Def).Members {
		it := &file.Syntax().Items[m]
		if it.Kind != syntax.KindType || it.Name != t.Name {
			continue
		}
		a := syntax.ParseAlias(file.Syntax(), m, file.Edition)
		env := s.types.TraitEnv(ref.Def)
		subst := s.types.SubstOf(ref)
		subst.Self = t.Args[0]
		for i := range a.Bounds {
			if b := &a.Bounds[i]; b.Kind == syntax.BoundTrait && b.Path != nil && !b.Maybe {
				r := *env.TraitRef(nil, b.Path)
				out = append(out, subst.ApplyRef(&r))
			}
		}
	}
	return out
}

// upcast finds a trait among the bounds of a type and their supertraits, on self.
func (s *solver) upcast(bounds []*types.TraitRef, self *types.Type, want resolve.Def, visit func(*types.TraitRef) bool) {
	for _, b := range bounds {
		if b == nil || b.Def.Kind == resolve.None {
			continue
		}
		for _, up := range s.types.Supertraits(b.Def) {
			if up.Def != want {
				continue
			}
			sub := s.types.SubstOf(b)
			sub.Self = self
			r := sub.ApplyRef(up)
			r.Bindings = append(append([]types.Binding(nil), b.Bindings...), r.Bindings...)
			if !visit(r) {
				return
			}
		}
	}
}

// project is the associated type name of self's implementation of ref's trait; nil if it is not known.
func (s *solver) project(self *types.Type, ref *types.TraitRef, name string) *types.Type {
	if s.spent() {
		return nil
	}
	s.depth++
	s.steps++
	defer func() { s.depth-- }()
	self = s.norm(self)
	if self.Kind == types.Infer || self.Kind == types.Unknown {
		return nil
	}
	ref = s.settledRef(ref)
	if a, ok := s.recall(goal{self, ref, name}, s.solveProjection); ok {
		return a.out
	}
	return s.projected(self, ref, name)
}

func (s *solver) solveProjection(g goal) answer {
	return answer{out: s.projected(g.self, g.ref, g.name)}
}

// projected is project of a type that is known.
func (s *solver) projected(self *types.Type, ref *types.TraitRef, name string) *types.Type {
	if s.known.isFn(ref.Def) {
		if out := s.called(self); out != nil && name == "Output" {
			return out
		}
	}
	var out *types.Type
	var one *types.TraitRef // the first bound that may be meant
	bounds, several := s.boundsOf(self), false
	s.upcast(bounds, self, ref.Def, func(r *types.TraitRef) bool {
		if s.differ(r.Args, ref.Args) {
			return true
		}
		if one == nil {
			one = r
		} else if s.differ(one.Args, r.Args) {
			several = true
			return false
		}
		for _, b := range r.Bindings {
			if b.Name == name && out == nil {
				out = b.Type
			}
		}
		return true
	})
	if several {
		return nil
	}
	if out != nil || self.Kind == types.Dyn && len(bounds) > 0 && s.hasBound(bounds, self, ref.Def) {
		return out
	}
	switch self.Kind {
	case types.Param, types.Opaque, types.Projection, types.SelfType:
		if s.hasBound(bounds, self, ref.Def) {
			return nil // rigid
		}
	}
	return s.projectImpl(self, ref, name)
}

// differ reports whether the arguments of two bounds of one trait certainly are not the same. It binds nothing.
func (s *solver) differ(a, b []*types.Type) bool {
	mark := s.mark()
	defer s.undo(mark)
	for i := range min(len(a), len(b)) {
		if !s.unify(a[i], b[i]) {
			return true
		}
	}
	return false
}

func (s *solver) hasBound(bounds []*types.TraitRef, self *types.Type, want resolve.Def) bool {
	found := false
	s.upcast(bounds, self, want, func(*types.TraitRef) bool {
		found = true
		return false
	})
	return found
}

// projectImpl finds the associated type in the one impl that applies.
func (s *solver) projectImpl(self *types.Type, ref *types.TraitRef, name string) *types.Type {
	if !s.types.Decl(ref.Def).Declares(name) { // DerefMut<Target: ..>: a supertrait does
		for _, up := range s.types.Supertraits(ref.Def) {
			if up.Def.Kind == resolve.Trait && s.types.Decl(up.Def).Declares(name) {
				sub := s.types.SubstOf(ref)
				sub.Self = self
				ref = sub.ApplyRef(up)
				break
			}
		}
	}
	im, sub := s.selectImpl(self, ref)
	if im == nil {
		if len(self.Args) > 0 && s.autoImplemented(ref.Def, self) && len(s.implsFor(ref, self)) == 0 {
			return s.project(self.Args[0], ref, name)
		}
		return nil
	}
	m := im.member(name, syntax.KindType)
	if m < 0 {
		return nil
	}
	a := syntax.ParseAlias(im.scope.File.Syntax(), m, im.scope.File.Edition)
	if a.Type == nil {
		return nil
	}
	return sub.Apply(im.qualify(im.env.With(&a.Generics).Type(a.Type)))
}

// selectImpl is the impl of ref's trait for self, if exactly one may apply: rustc takes it before its conditions are known to hold.
// What it says of ref's arguments is bound.
func (s *solver) selectImpl(self *types.Type, ref *types.TraitRef) (*impl, *types.Subst) {
	one, truth := s.applicable(self, ref)
	if one.impl == nil || truth == types.Maybe && s.doubtful(ref.Def) {
		return nil, nil
	}
	s.bindAgain(one.bound)
	return one.impl, one.sub
}

// appliedImpl is an impl that applies, with what that binds.
type appliedImpl struct {
	*impl
	sub   *types.Subst
	bound []binding
}

// applicable is the one impl that may apply, if it is one: what it binds is right only then, and is not bound here. The truth is whether
// any applies.
func (s *solver) applicable(self *types.Type, ref *types.TraitRef) (one appliedImpl, truth types.Truth) {
	truth = types.No
	n := 0
	for _, im := range s.implsFor(ref, self) {
		mark := s.mark()
		sub, t := s.matches(im, self, ref)
		if t != types.No {
			n++
			one = appliedImpl{im, sub, s.boundSince(mark)}
			truth = types.Or(truth, t)
		}
		s.undo(mark)
	}
	if n != 1 {
		one = appliedImpl{}
	}
	return one, truth
}

// header is the substitution under which an impl is for self and ref's arguments; nil if there is none. What it binds stays bound.
func (s *solver) header(im *impl, self *types.Type, ref *types.TraitRef) *types.Subst {
	sub := s.instance(im.params)
	sub.Self = sub.Apply(im.ty)
	if !s.unify(sub.Self, self) {
		return nil
	}
	for i, a := range im.ref.Args {
		if i < len(ref.Args) && !s.unify(sub.Apply(a), ref.Args[i]) {
			return nil
		}
	}
	return sub
}

// matches reports whether an impl applies to self and ref's arguments; what it binds stays bound.
func (s *solver) matches(im *impl, self *types.Type, ref *types.TraitRef) (*types.Subst, types.Truth) {
	sub := s.header(im, self, ref)
	if sub == nil {
		return nil, types.No
	}
	return sub, s.implHolds(im, sub)
}

// instance is a substitution of fresh variables for parameters.
func (s *solver) instance(params []string) *types.Subst {
	sub := &types.Subst{Params: make(map[string]*types.Type, len(params))}
	for _, p := range params {
		sub.Params[p] = s.fresh()
	}
	return sub
}

// implHolds reports whether the conditions of an impl hold under a substitution.
func (s *solver) implHolds(im *impl, sub *types.Subst) types.Truth {
	out := types.Yes
	for _, p := range im.params {
		if im.unsized[p] {
			continue
		}
		switch t := s.norm(sub.Params[p]); t.Kind {
		case types.Dyn, types.Slice:
			return types.No
		case types.Primitive:
			if t.Name == "str" {
				return types.No
			}
		}
	}
	for i := range im.bounds {
		p := &im.bounds[i]
		switch s.holds(s.norm(sub.Apply(p.Self)), s.settledRef(sub.ApplyRef(p.Ref))) {
		case types.No:
			return types.No
		case types.Maybe:
			out = types.Maybe
		}
	}
	return out
}

// settledRef is a trait in whose arguments projections are replaced by what they are known to be, so that each is asked about once.
func (s *solver) settledRef(r *types.TraitRef) *types.TraitRef {
	if !slices.ContainsFunc(r.Args, holdsProjection) {
		return r
	}
	out := *r
	out.Args = make([]*types.Type, len(r.Args))
	for i, a := range r.Args {
		out.Args[i] = s.deep(a)
	}
	return &out
}

func holdsProjection(t *types.Type) bool {
	return t.Kind == types.Projection || slices.ContainsFunc(t.Args, holdsProjection)
}

// holds reports whether self implements a trait with the bindings that are asked for; it binds what follows.
func (s *solver) holds(self *types.Type, ref *types.TraitRef) types.Truth {
	if ref.Def.Kind == resolve.None || s.spent() {
		return types.Maybe
	}
	out := s.implements(self, ref)
	if out == types.No {
		return out
	}
	for _, b := range ref.Bindings {
		t := s.project(self, ref, b.Name)
		if t == nil {
			t = s.placeholder(self, ref, b.Name)
		}
		if t == nil {
			out = types.Maybe
			continue
		}
		if !s.unify(t, b.Type) {
			return types.No
		}
	}
	return out
}

// placeholder is the associated type of a parameter or its like of which nothing is known but that it is there by a bound; nil if none
// says so. It equals itself and nothing else.
func (s *solver) placeholder(self *types.Type, ref *types.TraitRef, name string) *types.Type {
	self = s.norm(self)
	switch self.Kind {
	case types.Param, types.SelfType, types.Projection:
		if s.types.Decl(ref.Def).Declares(name) && s.hasBound(s.boundsOf(self), self, ref.Def) {
			plain := *ref
			plain.Self, plain.Bindings = self, nil
			return &types.Type{Kind: types.Projection, Name: name, Args: []*types.Type{self}, Traits: []*types.TraitRef{&plain}}
		}
	}
	return nil
}

// implements reports whether a type implements a trait.
func (s *solver) implements(self *types.Type, ref *types.TraitRef) types.Truth {
	if s.spent() {
		return types.Maybe
	}
	s.depth++
	s.steps++
	defer func() { s.depth-- }()
	self = s.norm(self)
	if sizeless[ref.Def.ItemName()] && ref.Def.Scope.Crate.Std {
		return types.Yes // of whatever it is
	}
	switch self.Kind {
	case types.Infer, types.Unknown:
		return types.Maybe
	}
	ref = s.settledRef(ref)
	if t, ok := s.builtin(self, ref); ok {
		return t
	}
	return s.answering(self, ref, func() types.Truth {
		if a, ok := s.recall(goal{self, ref, ""}, s.solveImplements); ok {
			return a.truth
		}
		return s.searched(self, ref)
	})
}

func (s *solver) solveImplements(g goal) answer { return answer{truth: s.searched(g.self, g.ref)} }

// implsFor are the impls of a trait that may be about a type. Variables are replaced by what they stand for, because where an impl
// stands is told by the types that it names.
func (s *solver) implsFor(ref *types.TraitRef, self *types.Type) []*impl {
	if args, bound := s.stoodFor(ref.Args); bound {
		known := *ref
		known.Args = args
		ref = &known
	}
	if args, bound := s.stoodFor(self.Args); bound {
		known := *self
		known.Args = args
		self = &known
	}
	return s.engine.implsFor(ref, self)
}

// stoodFor are arguments with what variables among them stand for; it reports whether there are any.
func (s *solver) stoodFor(args []*types.Type) ([]*types.Type, bool) {
	if !slices.ContainsFunc(args, func(t *types.Type) bool { return s.shallow(t) != t }) {
		return args, false
	}
	out := make([]*types.Type, len(args))
	for i, t := range args {
		out[i] = s.shallow(t)
	}
	return out, true
}

// searched is implements by what is declared: bounds, derives and impls.
func (s *solver) searched(self *types.Type, ref *types.TraitRef) types.Truth {
	bounds := s.boundsOf(self)
	out := types.No
	for _, b := range bounds {
		if b == nil || b.Def.Kind == resolve.None {
			out = types.Maybe
		}
	}
	s.upcast(bounds, self, ref.Def, func(r *types.TraitRef) bool {
		for i := range min(len(r.Args), len(ref.Args)) {
			if !s.unify(r.Args[i], ref.Args[i]) {
				return true
			}
		}
		out = types.Yes
		return false
	})
	if out == types.Yes {
		return out
	}
	if self.Kind == types.Adt && s.derived(self, ref.Def) {
		return s.derives(self, ref)
	}
	one, t := s.applicable(self, ref)
	out = types.Or(out, t)
	switch {
	case one.impl != nil:
		s.bindAgain(one.bound)
	case t == types.No && len(self.Args) > 0 && s.autoImplemented(ref.Def, self):
		return s.implements(self.Args[0], ref)
	case out == types.No && s.doubtful(ref.Def):
		return types.Maybe
	}
	return out
}

// derives reports whether a derived impl applies: its type parameters must implement the trait.
func (s *solver) derives(self *types.Type, ref *types.TraitRef) types.Truth {
	return s.allImplement(self.Args, ref.Def)
}

// builtin answers for the traits that the compiler implements.
func (s *solver) builtin(self *types.Type, ref *types.TraitRef) (types.Truth, bool) {
	switch {
	case ref.Def == s.known.sized:
		switch self.Kind {
		case types.Dyn, types.Slice:
			return types.No, true
		case types.Primitive:
			return yes(self.Name != "str"), true
		case types.SelfType:
			return types.Maybe, true
		}
		return types.Yes, true
	case s.types.Decl(ref.Def).Auto, ref.Def == s.known.destruct:
		return types.Yes, true
	case self.Kind == types.Primitive && ref.Def.Scope.Crate.Std && macroImplemented(self.Name, ref.Def.ItemName()):
		if len(ref.Args) == 0 {
			return types.Yes, true
		}
		mark := s.mark()
		if s.unify(ref.Args[0], self) {
			return types.Yes, true
		}
		s.undo(mark)
	case self.Kind == types.Tuple && ref.Def.Scope.Crate.Std && macroImplemented("", ref.Def.ItemName()):
		return s.allImplement(self.Args, ref.Def), true
	case ref.Def == s.known.clone, ref.Def == s.known.copy:
		switch self.Kind {
		case types.Ref:
			return yes(!self.Mut), true
		case types.Primitive:
			return yes(self.Name != "str"), true
		case types.Ptr, types.Never:
			return types.Yes, true
		case types.FnPtr:
			if isClosure(self) {
				return types.Maybe, true
			}
			return types.Yes, true
		case types.Dyn, types.Slice:
			return types.No, true
		case types.Tuple:
			return s.allImplement(self.Args, ref.Def), true
		case types.Array:
			return s.allImplement(self.Args[:min(1, len(self.Args))], ref.Def), true
		}
	case s.known.isFn(ref.Def) && self.Kind == types.FnPtr:
		if len(ref.Args) == 1 && isClosure(self) {
			s.expectClosure(self, ref.Args[0])
		} else if len(ref.Args) == 1 && len(self.Args) > 0 {
			s.unify(ref.Args[0], &types.Type{Kind: types.Tuple, Args: self.Args[:len(self.Args)-1]})
		}
		return types.Yes, true
	}
	return types.No, false
}

// allImplement reports whether all types implement a trait.
func (s *solver) allImplement(list []*types.Type, trait resolve.Def) types.Truth {
	out := types.Yes
	for _, t := range list {
		switch s.implements(t, &types.TraitRef{Def: trait, Self: t}) {
		case types.No:
			return types.No
		case types.Maybe:
			out = types.Maybe
		}
	}
	return out
}

// macroImplemented reports whether a primitive type implements a trait of std for which macros write the impls in std's
// sources; for tuples, which have them if their parts do, the name is empty.
func macroImplemented(primitive, trait string) bool {
	switch trait {
	case "Eq", "Ord", "Hash":
		return primitive != "f32" && primitive != "f64" && primitive != float
	case "PartialEq", "PartialOrd", "Debug":
		return true
	case "Display":
		return primitive != ""
	case "Default":
		return primitive != "str"
	case "Step":
		return primitive != "" && (primitive == "char" || primitive == integer || primitive[0] == 'u' || primitive[0] == 'i')
	}
	return false
}

func yes(b bool) types.Truth {
	if b {
		return types.Yes
	}
	return types.No
}

// called is what a call of a value of a type gives; nil if it is not known.
func (s *solver) called(t *types.Type) *types.Type {
	t = s.norm(t)
	switch t.Kind {
	case types.FnPtr:
		if isClosure(t) {
			return s.closureOutput(t)
		}
		if len(t.Args) > 0 {
			return t.Args[len(t.Args)-1]
		}
	case types.Ref:
		return s.called(t.Args[0])
	case types.Adt:
		if t.Def == s.known.box && len(t.Args) > 0 {
			return s.called(t.Args[0])
		}
	}
	for _, b := range s.boundsOf(t) {
		if b == nil || !s.known.isFn(b.Def) {
			continue
		}
		for _, x := range b.Bindings {
			if x.Name == "Output" {
				if s.known.isAsyncFn(b.Def) {
					return s.futureOf(x.Type)
				}
				return x.Type
			}
		}
	}
	return nil
}
