package infer

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// TestAnswersCostTheSame asks the same of one engine twice, which costs the same whether the answer was kept or not; then under a
// predicate about a ground type, where none is kept: the answers are the same.
func TestAnswersCostTheSame(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lib.rs")
	const src = `
pub trait Has { type Out; }
pub trait Deep { type In; }
pub struct Leaf;
pub struct Wrap<T>(T);
impl Deep for Leaf { type In = Leaf; }
impl<T: Deep> Deep for Wrap<T> { type In = T::In; }
impl<T> Has for Wrap<T> where T: Deep<In = Leaf> { type Out = Wrap<T::In>; }
`
	if err := os.WriteFile(path, []byte(src), 0o644); err != nil {
		t.Fatal(err)
	}
	snapshot, err := workspace.Load(path, workspace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e := newEngine(survey.Make(snapshot, 1))
	root := snapshot.Files[0].Owners[0]
	def := func(kind resolve.Kind, name string) resolve.Def {
		d := e.resolve.Lexical(root, name).Def
		if d.Kind != kind {
			t.Fatalf("%s is not found", name)
		}
		return d
	}
	leaf := &types.Type{Kind: types.Adt, Def: def(resolve.Struct, "Leaf")}
	wrap := func(arg *types.Type) *types.Type {
		return &types.Type{Kind: types.Adt, Def: def(resolve.Struct, "Wrap"), Args: []*types.Type{arg}}
	}
	ref := &types.TraitRef{Def: def(resolve.Trait, "Has")}
	self := wrap(wrap(wrap(leaf)))
	var first *solver
	for _, given := range [][]types.Predicate{nil, nil, {{Self: leaf, Ref: &types.TraitRef{Def: def(resolve.Trait, "Has")}}}} {
		s := &solver{engine: e, scope: root, given: given}
		if got := s.implements(self, ref); got != types.Yes {
			t.Errorf("Wrap<Wrap<Wrap<Leaf>>> implements Has: got %v, want yes", got)
		}
		if out := s.project(self, ref, "Out"); out == nil || types.Equal(s.deep(out), wrap(leaf)) != types.Yes {
			t.Errorf("Out is %v, want Wrap<Leaf>", out)
		}
		if first == nil {
			first = s
		}
		if given == nil && (s.steps != first.steps || s.unified != first.unified || s.deepest != first.deepest) {
			t.Errorf("a kept answer costs %d steps, %d types, depth %d; at first %d, %d, %d", s.steps, s.unified, s.deepest, first.steps, first.unified, first.deepest)
		}
	}
	kept := 0
	e.answers.Range(func(any, any) bool { kept++; return true })
	if kept == 0 {
		t.Error("no answer was kept")
	}
	if _, ok := first.hashGoal(goal{wrap(first.fresh()), ref, ""}); ok {
		t.Error("a goal with a variable is ground")
	}
}
