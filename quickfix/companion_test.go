package quickfix

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
)

// fixAll applies a fix to every trait of a program that it is offered for, and returns the result.
func fixAll(t *testing.T, fix *Fix, program string, edition int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "main.rs")
	if err := os.WriteFile(path, []byte(program), 0o666); err != nil {
		t.Fatal(err)
	}
	s, err := analysis.Open(path, analysis.Options{Cargo: cargo.Options{Edition: edition}})
	if err != nil {
		t.Fatal(err)
	}
	w := &Workspace{Survey: s.Survey}
	var edits []Edit
	for i := range w.Traits {
		for _, a := range fix.offer(w, &Target{Trait: &w.Traits[i], Method: -1}) {
			if a.BlockedBy != "" {
				t.Fatalf("%s: %s", w.Traits[i].Def.ItemName(), a.BlockedBy)
			}
			edits = append(edits, a.Edits...)
		}
	}
	slices.SortStableFunc(edits, func(a, b Edit) int { return int(b.Span.Start) - int(a.Span.Start) })
	for _, e := range edits {
		program = program[:e.Span.Start] + e.New + program[e.Span.End:]
	}
	return program
}

// run compiles a program in an edition with all warnings as errors, and runs it.
func run(t *testing.T, program string, edition int) {
	t.Helper()
	if _, err := exec.LookPath("rustc"); err != nil {
		t.Skip("rustc is not installed: what the fix writes is not compiled")
	}
	dir := t.TempDir()
	path, binary := filepath.Join(dir, "main.rs"), filepath.Join(dir, "main")
	if err := os.WriteFile(path, []byte(program), 0o666); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("rustc", "-D", "warnings", "--edition", strconv.Itoa(edition), "-o", binary, path).CombinedOutput(); err != nil {
		t.Fatalf("edition %d: %v\n%s\n%s", edition, err, out, program)
	}
	if out, err := exec.Command(binary).CombinedOutput(); err != nil {
		t.Fatalf("edition %d: %v\n%s", edition, err, out)
	}
}

// TestCompanionRuns compiles what the fix makes of whole programs, and calls every method through the object.
func TestCompanionRuns(t *testing.T) {
	programs, err := filepath.Glob("testdata/companion/*.rs")
	if err != nil || len(programs) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	executor, err := os.ReadFile("testdata/block_on.rs")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range programs {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".rs"), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, edition := range []int{2021, 2024} {
				run(t, fixAll(t, companionFix, string(text)+string(executor), edition), edition)
			}
		})
	}
}
