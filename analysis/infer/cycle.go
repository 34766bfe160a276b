package infer

import "github.com/afidt-lsp/afidt-lsp/analysis/types"

// A question that comes up again while it is answered has no answer of its own: rustc calls it ambiguous where it holds variables
// (check_evaluation_cycle in rustc_trait_selection), and for us it is unknown. `Arc<_>: From<_>` is one, by way of the impl for a
// Cow whose conditions ask the same of the pointer.

// answering calls f for a question about a trait, unless it is being answered: it is unknown then.
func (s *solver) answering(self *types.Type, ref *types.TraitRef, f func() types.Truth) types.Truth {
	for i := range s.asked {
		if g := &s.asked[i]; g.ref.Def == ref.Def && g.self.Kind == self.Kind && g.self.Def == self.Def {
			same := renaming{}
			if s.alike(g.self, self, &same) && s.alikeAll(g.ref.Args, ref.Args, &same) {
				s.cycles++
				return types.Maybe
			}
		}
	}
	s.asked = append(s.asked, goal{self: self, ref: ref})
	defer func() { s.asked = s.asked[:len(s.asked)-1] }()
	return f()
}

// renaming is which variables of one question stand where those of another do.
type renaming struct{ from, to []*types.Type }

// pair reports whether one variable may stand for another.
func (r *renaming) pair(a, b *types.Type) bool {
	for i := range r.from {
		if r.from[i].Name == a.Name || r.to[i].Name == b.Name {
			return r.from[i].Name == a.Name && r.to[i].Name == b.Name
		}
	}
	r.from, r.to = append(r.from, a), append(r.to, b)
	return true
}

// alike reports whether two types are the same but for the names of their variables.
func (s *solver) alike(a, b *types.Type, same *renaming) bool {
	a, b = s.shallow(a), s.shallow(b)
	if a.Kind == types.Infer && b.Kind == types.Infer {
		return same.pair(a, b)
	}
	if a.Kind != b.Kind || a.Def != b.Def || a.Name != b.Name || a.Mut != b.Mut || len(a.Traits) != len(b.Traits) || !s.alikeAll(a.Args, b.Args, same) {
		return false
	}
	for i, x := range a.Traits {
		y := b.Traits[i]
		if x == y {
			continue
		}
		if x == nil || y == nil || x.Def != y.Def || len(x.Bindings) != len(y.Bindings) || !s.alikeAll(x.Args, y.Args, same) {
			return false
		}
		for k := range x.Bindings {
			if x.Bindings[k].Name != y.Bindings[k].Name || !s.alike(x.Bindings[k].Type, y.Bindings[k].Type, same) {
				return false
			}
		}
	}
	return true
}

func (s *solver) alikeAll(a, b []*types.Type, same *renaming) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !s.alike(a[i], b[i], same) {
			return false
		}
	}
	return true
}
