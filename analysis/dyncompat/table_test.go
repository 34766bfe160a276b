package dyncompat_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// row is one line of a section.
type row struct {
	src    string
	want   []string // kinds, sorted
	object string   // the trait object type that rustc is asked about
}

// parse splits a section into its shared declarations and its rows.
func (s *section) parse(t *testing.T) (shared []string, rows []row) {
	t.Helper()
	for line := range strings.Lines(strings.TrimSpace(s.rows)) {
		src, rest, isRow := strings.Cut(strings.TrimSpace(line), " => ")
		if !isRow || strings.HasPrefix(src, "macro_rules!") {
			shared = append(shared, strings.TrimSpace(line))
			continue
		}
		kinds, object, _ := strings.Cut(rest, " ; ")
		r := row{src: src, object: "dyn T"}
		if object != "" {
			r.object = object
		}
		if r.want = strings.Fields(kinds); len(r.want) == 0 {
			t.Fatalf("%s: %q has no verdict", s.name, line)
		}
		if slices.Equal(r.want, []string{"ok"}) {
			r.want = nil
		}
		slices.Sort(r.want)
		rows = append(rows, r)
	}
	return shared, rows
}

// source is the crate with all rows, each a module that sees the shared declarations. Row i is line first+i, then a line with
// its probe for rustc follows.
func (s *section) source(shared []string, rows []row) (text string, first int) {
	var b strings.Builder
	b.WriteString("#![allow(warnings)]")
	if s.features != "" {
		fmt.Fprintf(&b, "#![feature(%s)]", s.features)
	}
	b.WriteString("\n")
	for _, line := range shared {
		b.WriteString(line + "\n")
	}
	first = len(shared) + 2
	for i, r := range rows {
		fmt.Fprintf(&b, "mod r%d { use super::*; %s fn probe() { let _: Option<&(%s)> = None; } }\n", i, r.src, r.object)
	}
	return b.String(), first
}

func (s *section) year() string {
	if s.edition != "" {
		return s.edition
	}
	return "2024"
}

// write puts a section's crate into a file of its own.
func (s *section) write(t *testing.T) (path string, rows []row, first int) {
	t.Helper()
	shared, rows := s.parse(t)
	text, first := s.source(shared, rows)
	path = filepath.Join(t.TempDir(), "rules.rs")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path, rows, first
}

// TestRules holds our verdict on every row's trait against the row.
func TestRules(t *testing.T) {
	for i := range sections {
		s := &sections[i]
		t.Run(s.name, func(t *testing.T) {
			path, rows, first := s.write(t)
			edition := map[string]int{"2015": 2015, "2018": 2018, "2021": 2021, "2024": 2024}[s.year()]
			snapshot, err := workspace.Load(path, workspace.Options{Cargo: cargo.Options{Edition: edition}})
			if err != nil {
				t.Fatal(err)
			}
			verdicts := map[int]*survey.Trait{}
			all := survey.Make(snapshot, 1)
			for i := range all.Traits {
				trait := &all.Traits[i]
				if trait.Def.ItemName() == "T" {
					file := trait.Def.File()
					verdicts[file.Position(file.Syntax().Items[trait.Def.Item].NameSpan.Start).Line-first] = trait
				}
			}
			for i, r := range rows {
				trait := verdicts[i]
				if trait == nil {
					t.Errorf("%s\nthe trait was not found", r.src)
					continue
				}
				compatible, why := trait.Compatible()
				var got []string
				for _, v := range trait.Verdict.Violations {
					got = append(got, string(v.Kind))
				}
				slices.Sort(got)
				got = slices.Compact(got)
				switch {
				case compatible == types.Maybe && slices.Equal(r.want, []string{"unknown"}):
				case compatible == types.Maybe:
					t.Errorf("%s\nunknown because %s, want %v", r.src, why, r.want)
				case !slices.Equal(got, r.want):
					t.Errorf("%s\ngot %v, want %v", r.src, got, r.want)
				}
			}
		})
	}
}

// reasons tell the kind from rustc's words; the first that matches counts.
var reasons = []struct{ words, kind string }{
	{"it requires `Self: Sized`", "sized_self"},
	{"use(s)? `Self` as a type parameter", "self_in_bounds"},
	{"it contains (generic )?associated const", "assoc_const"},
	{"it contains generic associated type", "gat"},
	{"has no `self` parameter", "static_fn"},
	{"references the `Self` type in (this parameter|its parameters)", "self_in_param"},
	{"references an `impl Trait` type in its return type", "rpitit"},
	{"references the `Self` type in its return type", "self_in_return"},
	{"references the `Self` type in its `where` clause", "self_in_where"},
	{"is `async`", "async_fn"},
	{"is C-variadic", "c_variadic"},
	{"has generic type parameters", "generic"},
	{"`self` parameter cannot be dispatched on", "receiver"},
	{"it opted out of dyn-compatibility", "opted_out"},
	{"where clause cannot reference non-lifetime", "non_lifetime_binder"},
	{"it cannot have a `const` supertrait", "const_supertrait"},
}

func kindOf(text string) string {
	_, reason, ok := strings.Cut(text, "because ")
	if !ok {
		return ""
	}
	for _, r := range reasons {
		if regexp.MustCompile(r.words).MatchString(reason) {
			return r.kind
		}
	}
	return reason
}

// diagnostic is the part of rustc's JSON that the rows are held against.
type diagnostic struct {
	Level, Message string
	Code           *struct{ Code string }
	Spans          []struct {
		Line    int `json:"line_start"`
		Label   *string
		Primary bool `json:"is_primary"`
	}
	Children []diagnostic
	Rendered string
}

func (d *diagnostic) kinds() []string {
	out := map[string]bool{}
	see := func(text string) {
		if k := kindOf(text); k != "" {
			out[k] = true
		}
	}
	for _, c := range d.Children {
		see(c.Message)
		for _, s := range c.Spans {
			if s.Label != nil {
				see(*s.Label)
			}
		}
	}
	var list []string
	for k := range out {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

// TestRulesAgainstRustc holds the rows themselves against the local rustc, which is asked about each trait in the body of a
// function: there it names every violation.
func TestRulesAgainstRustc(t *testing.T) {
	if _, err := exec.LookPath("rustc"); err != nil {
		t.Skip("rustc is not installed, so the rows are not held against it")
	}
	for i := range sections {
		s := &sections[i]
		if s.ours != "" {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			path, rows, first := s.write(t)
			cmd := exec.Command("rustc", "--crate-type", "lib", "--edition", s.year(), "--emit", "metadata", "--error-format", "json", filepath.Base(path))
			cmd.Dir = filepath.Dir(path)
			cmd.Env = append(os.Environ(), "RUSTC_BOOTSTRAP=1") // for the unstable features
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			err := cmd.Run()
			got := map[int][]string{}
			for line := range bytes.Lines(stderr.Bytes()) {
				var d diagnostic
				if json.Unmarshal(line, &d) != nil || d.Level != "error" || d.Code == nil || len(d.Spans) == 0 {
					continue
				}
				at := d.Spans[0].Line
				for _, span := range d.Spans {
					if span.Primary {
						at = span.Line
					}
				}
				switch d.Code.Code {
				case "E0038":
					got[at-first] = d.kinds()
				case "E0277": // such a supertrait needs Sized besides; the verdict does not depend on it
				default:
					t.Errorf("rustc says something else of a row:\n%s", d.Rendered)
				}
			}
			if err != nil && len(got) == 0 && !t.Failed() {
				t.Fatalf("rustc: %v\n%s", err, stderr.String())
			}
			for i, r := range rows {
				if !slices.Equal(got[i], r.want) {
					t.Errorf("%s\nrustc says %v, want %v", r.src, got[i], r.want)
				}
			}
		})
	}
}
