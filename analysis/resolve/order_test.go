package resolve_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// TestOrderOfQuestions: modules that import each other in cycles, by name and by glob, give each name one meaning, whatever was
// asked before. Most of these crates do not compile, as code that somebody edits does not.
func TestOrderOfQuestions(t *testing.T) {
	names := []string{"A", "B", "C", "Send", "m0", "m1", "m2", "m3", "m4"}
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 17))
		pick := func(list ...string) string { return list[rnd.IntN(len(list))] }
		module := func() string { return fmt.Sprintf("m%d", rnd.IntN(5)) }
		var b strings.Builder
		body := func() {
			for range rnd.IntN(4) {
				switch rnd.IntN(10) {
				case 0, 1, 2, 3:
					fmt.Fprintf(&b, "%suse %s%s::*;\n", pick("pub ", "pub(super) ", ""), pick("crate::", "super::", "self::", ""), module())
				case 4, 5:
					fmt.Fprintf(&b, "%suse %s%s::%s;\n", pick("pub ", ""), pick("crate::", "super::", ""), module(), pick(names...))
				case 6:
					fmt.Fprintf(&b, "pub use %s%s::%s as %s;\n", pick("crate::", "super::"), module(), pick(names...), pick(names...))
				case 7:
					fmt.Fprintf(&b, "%strait %s {}\n", pick("pub ", "", "pub(super) "), pick("A", "B", "C", "Send"))
				case 8:
					fmt.Fprintf(&b, "%sfn %s() {}\n", pick("pub ", "", "pub(super) "), pick("A", "B", "C"))
				case 9:
					fmt.Fprintf(&b, "macro_rules! k { ($n:ident) => { pub use super::$n::*; } }\nk!(%s);\n", module())
				}
			}
		}
		body()
		for i := range 5 {
			fmt.Fprintf(&b, "pub mod m%d {\n", i)
			body()
			fmt.Fprintf(&b, "pub mod m%d {\n", rnd.IntN(5))
			body()
			b.WriteString("}\n}\n")
		}
		path := filepath.Join(t.TempDir(), "cycles.rs")
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		snapshot, err := workspace.Load(path, workspace.Options{})
		if err != nil {
			t.Fatal(err)
		}
		type question struct {
			scope *workspace.Scope
			name  string
		}
		var questions []question
		var gather func(s *workspace.Scope)
		gather = func(s *workspace.Scope) {
			for _, n := range names {
				questions = append(questions, question{s, n})
			}
			s.EachItem(func(i int32) {
				if s.File.Syntax().Items[i].Kind == syntax.KindMod {
					gather(s.ChildModule(i))
				}
			})
		}
		gather(snapshot.Files[0].Owners[0].Module)
		first := map[question][2]resolve.Result{}
		for round := range 6 {
			r := resolve.New(snapshot)
			for _, i := range rnd.Perm(len(questions)) {
				q := questions[i]
				path := &syntax.Path{Segments: []syntax.Segment{{Name: q.name}}}
				ofType, _ := r.Path(q.scope, path)
				value, _ := r.Value(q.scope, path)
				got := [2]resolve.Result{ofType, value}
				if round == 0 {
					first[q] = got
				} else if got != first[q] {
					t.Fatalf("seed %d: in %s, %s means %v or %v, by what was asked before, in\n%s", seed, q.scope.Name, q.name, got, first[q], b.String())
				}
			}
		}
	}
}
