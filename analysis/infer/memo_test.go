package infer

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// TestAnswersCostTheSame asks the same of one engine twice, which costs the same whether the answer was kept or not; then under a
// predicate about a ground type, where none is kept: the answers are the same.
func TestAnswersCostTheSame(t *testing.T) {
	q := newQuestions(t)
	e, root, leaf, wrap, ref := q.engine(), q.root, q.leaf, q.wrap, q.ref
	self := wrap(wrap(wrap(leaf)))
	var first *solver
	for _, given := range [][]types.Predicate{nil, nil, {{Self: leaf, Ref: ref}}} {
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

// TestAnswersAreShared lets goroutines ask one engine the same at once. The race detector looks on.
func TestAnswersAreShared(t *testing.T) {
	q := newQuestions(t)
	for range 20 {
		e, self := q.engine(), q.leaf
		var asking sync.WaitGroup
		for range 4 {
			asking.Go(func() {
				s := &solver{engine: e, scope: q.root}
				for range 5 {
					if got := s.implements(q.wrap(self), q.ref); got != types.Yes {
						t.Errorf("Wrap<Leaf> implements Has: got %v, want yes", got)
					}
					s.project(q.wrap(self), q.ref, "Out")
				}
			})
		}
		asking.Wait()
	}
}

// questions are a crate and what there is to ask of it: is a type a Has, and what is its Out?
type questions struct {
	survey *survey.Survey
	root   *workspace.Scope
	leaf   *types.Type
	ref    *types.TraitRef
	wrapOf resolve.Def
}

func newQuestions(t *testing.T) *questions {
	t.Helper()
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
	q := &questions{survey: survey.Make(snapshot, 1), root: snapshot.Files[0].Owners[0]}
	def := func(kind resolve.Kind, name string) resolve.Def {
		d := q.engine().resolve.Lexical(q.root, name).Def
		if d.Kind != kind {
			t.Fatalf("%s is not found", name)
		}
		return d
	}
	q.leaf = &types.Type{Kind: types.Adt, Def: def(resolve.Struct, "Leaf")}
	q.ref = &types.TraitRef{Def: def(resolve.Trait, "Has")}
	q.wrapOf = def(resolve.Struct, "Wrap")
	return q
}

// engine is a new engine, which nobody asked anything.
func (q *questions) engine() *engine { return newEngine(q.survey) }

func (q *questions) wrap(arg *types.Type) *types.Type {
	return &types.Type{Kind: types.Adt, Def: q.wrapOf, Args: []*types.Type{arg}}
}
