package infer

import (
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// TestUnifyProjections compares associated types with other types: one that is not known may be any type, one of a parameter is itself alone.
func TestUnifyProjections(t *testing.T) {
	q := newQuestions(t)
	s := &solver{engine: q.engine(), scope: q.root}
	out := func(self *types.Type, args ...*types.Type) *types.Type {
		ref := *q.ref
		ref.Self, ref.Args = self, args
		return &types.Type{Kind: types.Projection, Name: "Out", Args: []*types.Type{self}, Traits: []*types.TraitRef{&ref}}
	}
	param := &types.Type{Kind: types.Param, Name: "T"}
	for _, row := range []struct {
		name string
		a, b *types.Type
		want bool
	}{
		{"of what implements the trait", out(q.wrap(q.leaf)), q.wrap(q.leaf), true},
		{"of what implements the trait, another type", out(q.wrap(q.leaf)), q.leaf, false},
		{"of a type whose impl is not found", out(q.leaf), q.leaf, true},
		{"of a type whose impl is not found, and another", out(q.leaf), out(q.wrap(q.wrap(q.wrap(param)))), true},
		{"of a parameter", out(param), q.leaf, false},
		{"of a parameter, twice", out(param), out(param), true},
		{"of a parameter, with arguments of which one is not known", out(param, s.fresh()), out(param, q.leaf), true},
		{"of a parameter, with other arguments", out(param, q.wrap(q.leaf)), out(param, q.leaf), false},
		{"of what is not known", out(unknown), q.leaf, true},
	} {
		for _, pair := range [][2]*types.Type{{row.a, row.b}, {row.b, row.a}} {
			mark := s.mark()
			if got := s.unify(pair[0], pair[1]); got != row.want {
				t.Errorf("%s: got %v, want %v", row.name, got, row.want)
			}
			s.undo(mark)
		}
	}
}
