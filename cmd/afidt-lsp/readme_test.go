package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
)

// Marks around the diagnostic in README.md.
const (
	readmeBegin = "<!-- what `afidt-lsp check testdata/readme` prints; go test ./cmd/afidt-lsp -update -->\n```text\n"
	readmeEnd   = "```\n<!-- end -->\n"
)

// TestReadme compares the diagnostic that README.md starts with to what the command prints: the first error.
func TestReadme(t *testing.T) {
	repository, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	r := afidt(t, repository, "check", "testdata/readme")
	if r.code != exitFindings {
		t.Fatalf("exit code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	_, now, ok := strings.Cut(r.stdout, "error[")
	now, _, ok2 := strings.Cut("error["+now, "\n\n")
	if !ok || !ok2 {
		t.Fatalf("no error:\n%s", r.stdout)
	}
	now += "\n"
	path := filepath.Join(repository, "README.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), readmeBegin)
	was, after, ok2 := strings.Cut(rest, readmeEnd)
	if !ok || !ok2 {
		t.Fatalf("README.md has no place for the diagnostic: %q .. %q", readmeBegin, readmeEnd)
	}
	if *update {
		if err := os.WriteFile(path, []byte(before+readmeBegin+now+readmeEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(was, now); diff != "" {
		t.Errorf("README.md is stale (-README +now): run go test ./cmd/afidt-lsp -update\n%s", diff)
	}
	for _, rule := range rules.All {
		if !strings.Contains(before+after, "](analysis/rules/"+rule.Name+".md)") {
			t.Errorf("README.md does not link to the page of %s", rule.Name)
		}
	}
}

// TestReadmeExampleAgainstRustc asks rustc about the example: it must have the errors of the same codes, at the same places.
func TestReadmeExampleAgainstRustc(t *testing.T) {
	if _, err := exec.LookPath("rustc"); err != nil {
		t.Skip("rustc is not installed, so README's example is not compiled")
	}
	example, err := filepath.Abs("../../testdata/readme")
	if err != nil {
		t.Fatal(err)
	}
	errorsOf := func(short string) (places []string) {
		for line := range strings.Lines(short) {
			if place, _, ok := strings.Cut(line, ": error["); ok {
				code, _, _ := strings.Cut(line[len(place)+len(": error["):], "]")
				places = append(places, place+" "+code)
			}
		}
		slices.Sort(places)
		return places
	}
	cmd := exec.Command("rustc", "--crate-type", "lib", "--edition", "2024", "--emit", "metadata", "--error-format", "short",
		"-o", filepath.Join(t.TempDir(), "x.rmeta"), "src/lib.rs")
	cmd.Dir = example
	out, _ := cmd.CombinedOutput() // it fails to compile; that is the point
	theirs, ours := errorsOf(string(out)), errorsOf(afidt(t, example, "check", "--format", "short").stdout)
	if len(theirs) == 0 || !slices.Equal(theirs, ours) {
		t.Errorf("rustc: %q\nours:  %q\n%s", theirs, ours, out)
	}
}
