package infer

import (
	"slices"
	"strconv"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// fresh is a new variable.
func (s *solver) fresh() *types.Type {
	s.vars = append(s.vars, nil)
	return &types.Type{Kind: types.Infer, Name: strconv.Itoa(len(s.vars) - 1)}
}

// number is a variable's number; -1 of the `_` of a written type.
func number(t *types.Type) int {
	n, err := strconv.Atoi(t.Name)
	if err != nil {
		return -1
	}
	return n
}

// shallow is t, or what it is bound to if it is a variable.
func (s *solver) shallow(t *types.Type) *types.Type {
	for t != nil && t.Kind == types.Infer {
		n := number(t)
		if n < 0 || n >= len(s.vars) || s.vars[n] == nil {
			return t
		}
		t = s.vars[n]
	}
	return t
}

// opened is t with a variable for each `_` that was written.
func (s *solver) opened(t *types.Type) *types.Type {
	if t.Kind == types.Infer && t.Name == "" {
		return s.fresh()
	}
	return t.Map(s.opened)
}

// deep is t with its variables replaced by what they are bound to, and its projections by what they are known to be.
func (s *solver) deep(t *types.Type) *types.Type {
	t = s.shallow(t)
	if s.spent() {
		return t
	}
	s.depth++
	s.unified++
	defer func() { s.depth-- }()
	t = t.Map(s.deep)
	if t.Kind == types.Projection {
		return s.normal(t)
	}
	return t
}

// norm is t with its head known as far as it can be.
func (s *solver) norm(t *types.Type) *types.Type {
	t = s.shallow(t)
	if t.Kind == types.Projection {
		return s.normal(t)
	}
	return t
}

// normal is what a projection is; the projection itself if that is not known.
func (s *solver) normal(t *types.Type) *types.Type {
	if t.Traits[0] == nil {
		s.rigid++
		for _, p := range s.given { // T::X of a parameter whose bound was not found when it was lowered
			if p.Ref.Def.Kind != resolve.None && types.Equal(p.Self, t.Args[0]) == types.Yes && s.types.Decl(p.Ref.Def).Declares(t.Name) {
				q := *t
				q.Traits = []*types.TraitRef{p.Ref}
				t = &q
				break
			}
		}
		if t.Traits[0] == nil {
			return t
		}
	}
	if t.Traits[0].Def.Kind == resolve.None {
		return t
	}
	if out := s.project(t.Args[0], t.Traits[0], t.Name); out != nil {
		return s.norm(out)
	}
	return t
}

func (s *solver) mark() int { return len(s.trail) }

// undo unbinds what was bound since a mark.
func (s *solver) undo(mark int) {
	for _, n := range s.trail[mark:] {
		s.vars[n] = nil
	}
	s.trail = s.trail[:mark]
}

// binding is a variable's number with what it is bound to.
type binding struct {
	number int
	t      *types.Type
}

// boundSince is what was bound since a mark.
func (s *solver) boundSince(mark int) []binding {
	out := make([]binding, 0, len(s.trail)-mark)
	for _, n := range s.trail[mark:] {
		out = append(out, binding{n, s.vars[n]})
	}
	return out
}

// bindAgain binds what was undone.
func (s *solver) bindAgain(list []binding) {
	for _, x := range list {
		s.vars[x.number] = x.t
		s.trail = append(s.trail, x.number)
	}
}

// unify makes two types equal if they can be; it reports whether they may be. What it bound before it failed stays bound:
// callers that go on undo it.
func (s *solver) unify(a, b *types.Type) bool {
	if s.spent() {
		return true
	}
	s.depth++
	s.unified++
	defer func() { s.depth-- }()
	a, b = s.norm(a), s.norm(b)
	if a == b {
		return true
	}
	if a.Kind == types.Infer {
		return s.bind(a, b)
	}
	if b.Kind == types.Infer {
		return s.bind(b, a)
	}
	if a.Kind == types.Unknown || b.Kind == types.Unknown {
		return true
	}
	if a.Kind == types.Projection || b.Kind == types.Projection {
		return types.Equal(a, b) != types.No || a.Kind == types.Projection && s.ambiguous(a) || b.Kind == types.Projection && s.ambiguous(b)
	}
	if a.Kind == types.Primitive && b.Kind == types.Primitive && (anyNumber(a, b) || anyNumber(b, a)) {
		return true
	}
	if a.Kind != b.Kind || a.Def != b.Def || a.Kind != types.FnPtr && a.Kind != types.Const && a.Name != b.Name || a.Mut != b.Mut {
		return false
	}
	switch a.Kind {
	case types.Adt:
		x, y := a.Args, b.Args
		if len(x) != len(y) {
			x, y = s.filled(a, s.fresh), s.filled(b, s.fresh)
		}
		for i := range min(len(x), len(y)) {
			if !s.unify(x[i], y[i]) {
				return false
			}
		}
		return true
	case types.Dyn:
		return s.unifyBounds(a.Traits, b.Traits)
	case types.Opaque:
		return true
	case types.Const:
		return sameConst(a, b)
	}
	if a.Kind == types.Array && len(a.Args) > 0 && len(b.Args) > 0 {
		return !otherLength(a, b) && s.unify(a.Args[0], b.Args[0])
	}
	if len(a.Args) != len(b.Args) {
		return false
	}
	for i := range a.Args {
		if !s.unify(a.Args[i], b.Args[i]) {
			return false
		}
	}
	return true
}

// otherLength reports whether two arrays have lengths that are written as different numbers.
func otherLength(a, b *types.Type) bool {
	if len(a.Args) < 2 || len(b.Args) < 2 || a.Args[1].Kind != types.Const || b.Args[1].Kind != types.Const {
		return false
	}
	return !sameConst(a.Args[1], b.Args[1])
}

// sameConst reports whether two const arguments may be the same: their names are their values, or texts behind a question mark.
func sameConst(a, b *types.Type) bool {
	return a.Name == b.Name || strings.HasPrefix(a.Name, "?") || strings.HasPrefix(b.Name, "?")
}

// Literals without a suffix have these types; what they become is not followed.
const (
	integer = "{integer}"
	float   = "{float}"
)

// anyNumber reports whether a is a literal that can be of type b.
func anyNumber(a, b *types.Type) bool {
	if b.Name == "" {
		return false
	}
	switch a.Name {
	case integer:
		return b.Name[0] == 'u' || b.Name[0] == 'i' || b.Name == integer
	case float:
		return b.Name[0] == 'f' || b.Name == float
	}
	return false
}

// ambiguous reports whether a type rests on something that is not known yet: a projection does, unless it is one of a parameter or its
// like, of which a bound says no more. Of other types an impl says what it is, which was not found then.
func (s *solver) ambiguous(t *types.Type) bool {
	t = s.shallow(t)
	if t.Kind == types.Infer || t.Kind == types.Unknown || slices.ContainsFunc(t.Args, s.ambiguous) {
		return true
	}
	if t.Kind != types.Projection {
		return false
	}
	ref := t.Traits[0]
	if ref == nil || ref.Def.Kind == resolve.None || slices.ContainsFunc(ref.Args, s.ambiguous) {
		return true
	}
	switch self := s.norm(t.Args[0]); self.Kind {
	case types.Param, types.SelfType, types.Opaque, types.Projection, types.Dyn:
		return false
	}
	return true
}

func (s *solver) bind(v, t *types.Type) bool {
	n := number(v)
	if n < 0 || n >= len(s.vars) || s.mentions(t, v, 0) {
		return true
	}
	s.vars[n] = t
	s.trail = append(s.trail, n)
	return true
}

// mentions reports whether t holds the variable v: a type that holds itself is no type.
func (s *solver) mentions(t, v *types.Type, depth int) bool {
	t = s.shallow(t)
	if t.Kind == types.Infer {
		return t.Name == v.Name
	}
	if depth > maxSolveDepth {
		return true
	}
	for _, a := range t.Args {
		if s.mentions(a, v, depth+1) {
			return true
		}
	}
	for _, r := range t.Traits {
		if r == nil {
			continue
		}
		for _, a := range r.Args {
			if s.mentions(a, v, depth+1) {
				return true
			}
		}
		for _, b := range r.Bindings {
			if s.mentions(b.Type, v, depth+1) {
				return true
			}
		}
	}
	return false
}

// unifyBounds compares trait object types: their auto traits, which dyn A + Send and dyn A differ by, and their principal traits.
func (s *solver) unifyBounds(a, b []*types.TraitRef) bool {
	unresolved := func(r *types.TraitRef) bool { return r.Def.Kind == resolve.None }
	if slices.ContainsFunc(a, unresolved) || slices.ContainsFunc(b, unresolved) {
		return true
	}
	principal := func(r *types.TraitRef) bool { return !s.types.Decl(r.Def).Auto }
	if slices.ContainsFunc(a, principal) != slices.ContainsFunc(b, principal) || !s.autosIn(a, b) || !s.autosIn(b, a) {
		return false
	}
	for _, x := range a {
		if s.types.Decl(x.Def).Auto {
			continue
		}
		for _, y := range b {
			if x.Def != y.Def {
				continue
			}
			for i := range min(len(x.Args), len(y.Args)) {
				if !s.unify(x.Args[i], y.Args[i]) {
					return false
				}
			}
			for _, p := range x.Bindings {
				for _, q := range y.Bindings {
					if p.Name == q.Name && !s.unify(p.Type, q.Type) {
						return false
					}
				}
			}
			return true
		}
		return false
	}
	return true
}

// autosIn reports whether a list of bounds has each auto trait of another.
func (s *solver) autosIn(list, of []*types.TraitRef) bool {
	for _, r := range of {
		if s.types.Decl(r.Def).Auto && !slices.ContainsFunc(list, func(have *types.TraitRef) bool { return have.Def == r.Def }) {
			return false
		}
	}
	return true
}
