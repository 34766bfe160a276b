package survey_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// silenceShared is what the rows of testdata/silence.txt may name.
const silenceShared = `pub trait Bad { fn f(); }
pub trait Tr<T: ?Sized> {}
pub trait Tr2<A, B> {}
pub trait Gn<T: ?Sized> { type X; }
pub trait Gn3 { type X; }
pub struct P<'a>(&'a u8);
pub struct P2<'a, T: ?Sized>(&'a T);
pub type Al<'a> = &'a u8;
pub struct S;
impl<T: ?Sized> Tr<T> for S {}
impl<T: ?Sized> Gn<T> for S { type X = u8; }
impl<T: ?Sized> Gn3 for T { type X = u8; }
`

// silenceRow is one row, and the line of the crate that it is on.
type silenceRow struct {
	want, item string
	line       int
}

// silenceCrate writes the rows into one crate, each a module on a line of its own.
func silenceCrate(t *testing.T) (path string, rows []silenceRow) {
	t.Helper()
	table, err := os.ReadFile("testdata/silence.txt")
	if err != nil {
		t.Fatal(err)
	}
	shared := strings.ReplaceAll(silenceShared, "\n", " ")
	text := "#![allow(warnings)]\n#![feature(trait_alias)]\n"
	for line := range strings.Lines(string(table)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		want, item, _ := strings.Cut(line, " ")
		text += fmt.Sprintf("pub mod m%d { %s %s }\n", len(rows), shared, strings.TrimSpace(item))
		rows = append(rows, silenceRow{want: want, item: strings.TrimSpace(item), line: len(rows) + 3})
	}
	path = filepath.Join(t.TempDir(), "silence.rs")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path, rows
}

// TestSilence: errors are claimed only where rustc has them.
func TestSilence(t *testing.T) {
	path, rows := silenceCrate(t)
	snapshot, err := workspace.Load(path, workspace.Options{Cargo: cargo.Options{Edition: 2024}})
	if err != nil {
		t.Fatal(err)
	}
	all := survey.Make(snapshot, 1)
	loud, found := map[int]bool{}, map[int]bool{}
	for i := range all.Mentions {
		m := &all.Mentions[i]
		if line := m.File.Position(m.Span.Start).Line; slices.Contains(m.Errors, "E0038") {
			found[line] = true
			loud[line] = loud[line] || m.Silence == survey.Loud
		}
	}
	for _, r := range rows {
		switch {
		case !found[r.line]:
			t.Errorf("no mention was found wrong in\n%s", r.item)
		case loud[r.line] != (r.want == "error"):
			t.Errorf("error: %v, want %s, of\n%s", loud[r.line], r.want, r.item)
		}
	}
}

// TestSilenceAgainstRustc holds rustc against the rows.
func TestSilenceAgainstRustc(t *testing.T) {
	if _, err := exec.LookPath("rustc"); err != nil {
		t.Skip("rustc is not installed, so the rows are not held against it")
	}
	path, rows := silenceCrate(t)
	cmd := exec.Command("rustc", "--crate-type", "lib", "--edition", "2024", "--emit", "metadata", "--error-format", "json", filepath.Base(path))
	cmd.Dir = filepath.Dir(path)
	cmd.Env = append(os.Environ(), "RUSTC_BOOTSTRAP=1") // for the unstable feature
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if cmd.Run() == nil {
		t.Fatal("rustc accepts all rows")
	}
	loud := map[int]bool{}
	for line := range strings.Lines(stderr.String()) {
		var d struct {
			Level, Rendered string
			Code            *struct{ Code string }
			Spans           []struct {
				Line    int  `json:"line_start"`
				Primary bool `json:"is_primary"`
			}
		}
		if json.Unmarshal([]byte(line), &d) != nil || d.Level != "error" || len(d.Spans) == 0 {
			continue
		}
		if d.Code == nil || d.Code.Code != "E0038" {
			t.Errorf("rustc says something else of a row:\n%s", d.Rendered)
			continue
		}
		for _, s := range d.Spans {
			if s.Primary {
				loud[s.Line] = true
			}
		}
	}
	for _, r := range rows {
		if loud[r.line] != (r.want != "silent") {
			t.Errorf("rustc reports: %v, want %s, of\n%s", loud[r.line], r.want, r.item)
		}
	}
}
