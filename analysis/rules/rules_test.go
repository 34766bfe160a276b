package rules_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/report"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
)

var update = flag.Bool("update", false, "write the Output sections of the rules' pages anew")

// pageWidth is the width, in columns, that the Output sections are rendered for.
const pageWidth = 120

// page is a rule's page in its parts.
type page struct {
	title     string // the first line
	codes     []string
	why       string
	erroneous string
	output    string
	fixed     string
}

// The form of every page. The Output section is written by this test (-update).
var (
	pageForm  = regexp.MustCompile("(?s)^(# [^\n]+)\n\n(.+?)\n\n## Erroneous\n\n```rust\n(.+?)```\n\n(?:## Output\n\n```text\n(.*?)```\n\n)?## Fixed\n\n```rust\n(.+?)```\n$")
	titleForm = regexp.MustCompile(`^# (\w+) \(([A-Z0-9, ]+)\)$`)
)

func readPage(t *testing.T, r *rules.Rule) page {
	t.Helper()
	m := pageForm.FindStringSubmatch(r.Page())
	if m == nil {
		t.Fatalf("%s.md is not made of a title, a text and the sections Erroneous, Output and Fixed with one block each", r.Name)
	}
	p := page{title: m[1], why: m[2], erroneous: m[3], output: m[4], fixed: m[5]}
	if title := titleForm.FindStringSubmatch(p.title); title != nil {
		p.codes = strings.Split(title[2], ", ")
	}
	return p
}

// findings are what all rules say of a source that is a file of its own, hints included, and how that is printed.
func findings(t *testing.T, src string) ([]rules.Finding, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "example.rs")
	if err := os.WriteFile(path, []byte(src), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := analysis.Open(path, analysis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range s.Problems() {
		t.Errorf("problem: %s", p.Message)
	}
	out := s.Findings()
	var text bytes.Buffer
	renderer := report.Renderer{Files: s.Texts(s.Snapshot.Display), Width: pageWidth}
	for i := range out {
		if err := renderer.Render(&text, s.Message(&out[i], s.Snapshot.Display)); err != nil {
			t.Fatal(err)
		}
	}
	return out, strings.TrimRight(text.String(), "\n") + "\n"
}

// rustcErrors compiles a library and returns the codes of its errors, sorted and distinct; "error" for one without a code.
func rustcErrors(t *testing.T, src string) []string {
	t.Helper()
	if _, err := exec.LookPath("rustc"); err != nil {
		t.Skip("rustc is not installed, so the examples of the pages are not compiled")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "example.rs"), []byte(src), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("rustc", "--crate-type", "lib", "--edition", "2024", "--emit=metadata", "-A", "dead_code", "-A", "async_fn_in_trait", "-D", "warnings", "--error-format", "json", "example.rs")
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	err := cmd.Run()
	var codes []string
	for line := range bytes.Lines(stderr.Bytes()) {
		var d struct {
			Level, Message string
			Code           *struct{ Code string }
		}
		if json.Unmarshal(line, &d) != nil || d.Level != "error" || strings.HasPrefix(d.Message, "aborting due to") {
			continue
		}
		if d.Code == nil {
			codes = append(codes, "error")
			continue
		}
		codes = append(codes, d.Code.Code)
	}
	if err != nil && codes == nil {
		t.Fatalf("rustc: %v\n%s", err, stderr.String())
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

func TestRuleNamesAndCodes(t *testing.T) {
	names, codes := map[string]bool{}, map[string]bool{}
	for _, r := range rules.All {
		if names[r.Name] || codes[r.Code] {
			t.Errorf("%s (%s): name or code is taken", r.Name, r.Code)
		}
		names[r.Name], codes[r.Code] = true, true
		if rules.Find(r.Name) != r || rules.Find(strings.ToLower(r.Code)) != r {
			t.Errorf("%s is not found by its name or by its code %s", r.Name, r.Code)
		}
		if r.Title == "" || strings.HasSuffix(r.Title, ".") || strings.Contains(r.Title, "\n") {
			t.Errorf("%s: title %q: one line without a full stop", r.Name, r.Title)
		}
	}
	if !slices.IsSortedFunc(rules.All, func(a, b *rules.Rule) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("rules.All is not sorted by name")
	}
	if rules.Find("no_such_rule") != nil {
		t.Error("Find makes up rules")
	}
	pages, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		if !names[strings.TrimSuffix(p, ".md")] {
			t.Errorf("%s is the page of no rule", p)
		}
	}
}

// TestPages holds each rule's page against the rule: the names, and what is found in its examples.
func TestPages(t *testing.T) {
	for _, r := range rules.All {
		t.Run(r.Name, func(t *testing.T) {
			p := readPage(t, r)
			if want := "# " + r.Name + " ("; !strings.HasPrefix(p.title, want) || !slices.Contains(p.codes, r.Code) {
				t.Errorf("title %q: want %s, then its codes with %s among them", p.title, r.Name, r.Code)
			}
			found, text := findings(t, p.erroneous)
			var codes []string
			for _, f := range found {
				if f.Rule == r {
					codes = append(codes, f.Code)
				}
			}
			slices.Sort(codes)
			if codes = slices.Compact(codes); !slices.Equal(codes, p.codes) {
				t.Errorf("in the erroneous example the rule finds %v, the title says %v", codes, p.codes)
			}
			if *update {
				writeOutput(t, r, text)
			} else if diff := cmp.Diff(p.output, text); diff != "" {
				t.Errorf("the Output section is stale (-page +now): run go test ./analysis/rules -update\n%s", diff)
			}
			found, text = findings(t, p.fixed)
			// An async method is a hint as long as no compiler has the announced rules; that is no fault of the example.
			if slices.ContainsFunc(found, func(f rules.Finding) bool { return f.Rule == r || f.Severity != rules.Hint }) {
				t.Errorf("the fixed example has findings:\n%s", text)
			}
		})
	}
}

// writeOutput puts the rendered findings into a page, between its two examples.
func writeOutput(t *testing.T, r *rules.Rule, text string) {
	t.Helper()
	before, rest, _ := strings.Cut(r.Page(), "\n## Output\n")
	if rest == "" {
		before, rest, _ = strings.Cut(r.Page(), "\n## Fixed\n")
		rest = "\n## Fixed\n" + rest
	} else {
		rest = rest[strings.Index(rest, "\n## Fixed\n"):]
	}
	out := fmt.Sprintf("%s\n## Output\n\n```text\n%s```\n%s", before, text, rest)
	if err := os.WriteFile(r.Name+".md", []byte(out), 0o644); err != nil {
		t.Fatal(err)
	}
}

// rustcSees are rustc's errors in the erroneous examples of our own rules.
var rustcSees = map[string][]string{
	"undispatchable_method": {"E0038"}, "unboxed_dyn_call": {"E0038"}, "boxing_syntax_unavailable": {"E0433"},
}

// TestPagesCompile lets rustc judge the examples: the erroneous one has exactly the errors that the title names, and for a
// rule of our own the one that it explains; the fixed one has not even a warning.
func TestPagesCompile(t *testing.T) {
	for _, r := range rules.All {
		t.Run(r.Name, func(t *testing.T) {
			p := readPage(t, r)
			want := p.codes
			if strings.HasPrefix(r.Code, "AFIDT") {
				want = rustcSees[r.Name]
			}
			if got := rustcErrors(t, p.erroneous); !slices.Equal(got, want) {
				t.Errorf("rustc reports %v in the erroneous example, want %v", got, want)
			}
			if got := rustcErrors(t, p.fixed); len(got) > 0 {
				t.Errorf("rustc reports %v in the fixed example", got)
			}
		})
	}
}
