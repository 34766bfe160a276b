package infer_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// TestFiltersLoseNothing holds the calls of whole workspaces, where the text decides which bodies are read, against those of the same
// files when all bodies are read that have a method's name. AFIDT_BENCH_WORKSPACE names workspaces, separated as in PATH; without it
// the table of receivers is one.
func TestFiltersLoseNothing(t *testing.T) {
	list := filepath.SplitList(os.Getenv("AFIDT_BENCH_WORKSPACE"))
	if len(list) == 0 {
		if n := losesNothing(t, load(t, source())); n < len(rows)/2 {
			t.Errorf("%d calls in %d rows", n, len(rows))
		}
	}
	for _, dir := range list {
		snapshot, err := workspace.Load(dir, workspace.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d calls", dir, losesNothing(t, survey.Make(snapshot, 1)))
	}
}

// losesNothing returns the number of calls of a workspace.
func losesNothing(t *testing.T, s *survey.Survey) int {
	t.Helper()
	got := places(s, infer.Calls(s, nil, 1))
	e := infer.NewBase(s.Judge, s.Snapshot)
	names := infer.NewNames(maps.Keys(e.Methods(s)))
	var all []infer.Call
	for _, f := range s.Snapshot.Files {
		found, _, failure := e.File(f, names)
		if failure != nil {
			t.Fatal(failure.Message)
		}
		all = append(all, found.Calls...)
	}
	if diff := cmp.Diff(places(s, all), got); diff != "" {
		t.Errorf("calls (-of all bodies +of those that are read)\n%s", diff)
	}
	return len(got)
}

func places(s *survey.Survey, calls []infer.Call) []string {
	var out []string
	for _, c := range calls {
		at := c.File.Position(c.Name.Start)
		out = append(out, fmt.Sprintf("%s:%d:%d %s of %s on %s", s.Snapshot.Display(c.File.Path), at.Line, at.Column, c.Method, c.Trait.ItemName(), c.Via))
	}
	return out
}
