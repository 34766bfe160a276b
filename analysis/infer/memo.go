package infer

import (
	"hash/maphash"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// The same few questions are asked in every body: is this handle an iterator, what does that guard dereference to. Where a
// question says all that its answer rests on, it is answered once for all bodies.
//
// Nothing may come of which body asks first, nor of the thread. So only ground questions are kept, which bind no variable and
// which no predicate of a body answers; they are asked of a copy, that shares no part with anything; everybody gets the
// same answer, the one who asked first too; each pays what the answer cost, so that a body reaches its limits in any case
// or in none; and an answer that a limit cut short is not kept, nor one that rests on itself, which is unknown (cycle.go).

// goal is a question: whether self implements the trait, or what its associated type called name is.
type goal struct {
	self *types.Type
	ref  *types.TraitRef
	name string // "" asks whether it is implemented
}

// answer is what is known of a goal.
type answer struct {
	goal
	truth types.Truth
	out   *types.Type // ground; nil if it is not known
	// What it took: depth is how much deeper than the question the deepest of its parts was.
	steps, unified, depth int
}

var memoSeed = maphash.MakeSeed()

// recall is the answer to a ground goal, which solve finds if nobody asked before; ok is false if the goal is none.
func (s *solver) recall(g goal, solve func(goal) answer) (_ answer, ok bool) {
	if !s.freeOfGiven() {
		return answer{}, false
	}
	h, ok := s.hashGoal(g)
	if !ok {
		return answer{}, false
	}
	if v, ok := s.answers.Load(h); ok {
		a := v.(*answer)
		if !s.sameGoal(a.goal, g) {
			return answer{}, false
		}
		s.pay(a)
		return *a, true
	}
	return s.answerOnce(h, g, solve)
}

// pay counts what an answer took.
func (s *solver) pay(a *answer) {
	s.steps += a.steps
	s.unified += a.unified
	s.depth += a.depth
	s.spent()
	s.depth -= a.depth
}

// answerOnce finds the answer to a ground goal, and keeps it if it may.
func (s *solver) answerOnce(h uint64, g goal, solve func(goal) answer) (answer, bool) {
	g = goal{s.copied(g.self), s.copiedRef(g.ref), g.name}
	vars, mark, steps, unified, deepest, rigid, cycles := len(s.vars), s.mark(), s.steps, s.unified, s.deepest, s.rigid, s.cycles
	s.deepest = s.depth
	a := solve(g)
	a.goal, a.steps, a.unified, a.depth = g, s.steps-steps, s.unified-unified, s.deepest-s.depth
	s.deepest = max(deepest, s.deepest)
	if s.exhausted || s.rigid != rigid || s.cycles != cycles {
		return a, true
	}
	if a.out != nil {
		if _, ok := s.hashType(0, a.out); !ok {
			return a, true
		}
		a.out = s.copied(a.out)
	}
	s.undo(mark)
	s.vars = s.vars[:vars]
	kept := a // of its own: others read what is kept
	if v, before := s.answers.LoadOrStore(h, &kept); before && s.sameGoal(v.(*answer).goal, g) {
		a.out = v.(*answer).out
	}
	return a, true
}

// freeOfGiven reports whether what holds in the body says nothing about ground types.
func (s *solver) freeOfGiven() bool {
	if s.givenAsked {
		return s.givenFree
	}
	s.givenAsked, s.givenFree = true, true
	for i := range s.given {
		switch s.given[i].Self.Kind {
		case types.Param, types.SelfType, types.Projection, types.Unknown:
		default:
			s.givenFree = false
		}
	}
	return s.givenFree
}

// mix adds a word to a hash.
func mix(h, word uint64) uint64 {
	h = (h ^ word) * 0x9e3779b97f4a7c15
	return h ^ h>>29
}

func mixString(h uint64, text string) uint64 { return mix(h, maphash.String(memoSeed, text)) }

func mixDef(h uint64, d resolve.Def) uint64 { return mix(h, maphash.Comparable(memoSeed, d)) }

// hashGoal is a hash of a ground goal; ok is false of another.
func (s *solver) hashGoal(g goal) (h uint64, ok bool) {
	if h, ok = s.hashType(0, g.self); !ok {
		return 0, false
	}
	return s.hashRef(mixString(h, g.name), g.ref, false)
}

// hashType adds a type to a hash; ok is false if it is not ground: it holds a variable, a parameter, or what is the body's own.
func (s *solver) hashType(h uint64, t *types.Type) (_ uint64, ok bool) {
	t = s.shallow(t)
	h = mix(h, uint64(t.Kind)<<8|uint64(len(t.Args))<<16|uint64(len(t.Traits))<<40)
	switch t.Kind {
	case types.Adt:
		h = mixDef(h, t.Def)
	case types.Primitive:
		h = mixString(h, t.Name)
	case types.Const:
		if t.Name == "" || t.Name[0] < '0' || t.Name[0] > '9' {
			return 0, false // a parameter, or what equals nothing
		}
		h = mixString(h, t.Name)
	case types.Ref, types.Ptr:
		if t.Mut {
			h = mix(h, 1)
		}
	case types.Slice, types.Array, types.Tuple, types.Never:
	case types.FnPtr, types.Dyn:
		if t.Name != "" { // a closure, or a trait that did not resolve
			return 0, false
		}
	default:
		return 0, false
	}
	for _, a := range t.Args {
		if h, ok = s.hashType(h, a); !ok {
			return 0, false
		}
	}
	for _, r := range t.Traits {
		if h, ok = s.hashRef(h, r, true); !ok {
			return 0, false
		}
	}
	return h, true
}

// hashRef is hashType of a trait; the bindings of a goal's own trait do not count, see solver.holds.
func (s *solver) hashRef(h uint64, r *types.TraitRef, bound bool) (_ uint64, ok bool) {
	if r == nil || r.Def.Kind == resolve.None {
		return 0, false
	}
	h = mixDef(h, r.Def)
	for _, a := range r.Args {
		if h, ok = s.hashType(h, a); !ok {
			return 0, false
		}
	}
	if bound && r.Self != nil {
		if h, ok = s.hashType(h, r.Self); !ok {
			return 0, false
		}
	}
	if !bound {
		return h, true
	}
	for _, b := range r.Bindings {
		if h, ok = s.hashType(mixString(h, b.Name), b.Type); !ok {
			return 0, false
		}
	}
	return h, true
}

// sameGoal reports whether a goal that is kept is the ground goal g.
func (s *solver) sameGoal(kept, g goal) bool {
	return kept.name == g.name && kept.ref.Def == g.ref.Def && s.sameType(kept.self, g.self) && s.sameTypes(kept.ref.Args, g.ref.Args)
}

func (s *solver) sameTypes(kept, list []*types.Type) bool {
	if len(kept) != len(list) {
		return false
	}
	for i := range kept {
		if !s.sameType(kept[i], list[i]) {
			return false
		}
	}
	return true
}

func (s *solver) sameType(kept, t *types.Type) bool {
	t = s.shallow(t)
	if kept == nil || t == nil {
		return kept == t
	}
	if kept.Kind != t.Kind || kept.Def != t.Def || kept.Name != t.Name || kept.Mut != t.Mut || len(kept.Traits) != len(t.Traits) || !s.sameTypes(kept.Args, t.Args) {
		return false
	}
	for i, r := range kept.Traits {
		q := t.Traits[i]
		if r.Def != q.Def || !s.sameType(r.Self, q.Self) || !s.sameTypes(r.Args, q.Args) || len(r.Bindings) != len(q.Bindings) {
			return false
		}
		for k := range r.Bindings {
			if r.Bindings[k].Name != q.Bindings[k].Name || !s.sameType(r.Bindings[k].Type, q.Bindings[k].Type) {
				return false
			}
		}
	}
	return true
}

// copied is a ground type without variables that are bound, and without parts that another type has.
func (s *solver) copied(t *types.Type) *types.Type { return s.shallow(t).Map(s.copied) }

func (s *solver) copiedRef(r *types.TraitRef) *types.TraitRef {
	out := *r
	out.Self, out.Bindings = nil, nil
	return out.Map(s.copied)
}
