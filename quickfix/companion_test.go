package quickfix

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
)

// TestCompanionPrograms applies a fix to every trait of whole programs, which call every method through the object: the result
// is the golden beside the program, is as rustfmt leaves it, and rustc compiles it without a warning and it runs.
func TestCompanionPrograms(t *testing.T) {
	for _, fix := range []*Fix{companionFix, wrapperFix, boxingFix} {
		programs, err := filepath.Glob("testdata/" + fix.ID + "/*.rs")
		if err != nil || len(programs) == 0 {
			t.Fatalf("no programs: %v", err)
		}
		for _, path := range programs {
			if strings.HasSuffix(path, ".after.rs") {
				continue
			}
			name := strings.TrimSuffix(path, ".rs")
			t.Run(fix.ID+"/"+filepath.Base(name), func(t *testing.T) { testProgram(t, fix, name) })
		}
	}
}

func testProgram(t *testing.T, fix *Fix, name string) {
	text, err := os.ReadFile(name + ".rs")
	if err != nil {
		t.Fatal(err)
	}
	rt, err := os.ReadFile("testdata/rt.rs")
	if err != nil {
		t.Fatal(err)
	}
	for _, edition := range []int{2021, 2024} {
		dir := t.TempDir()
		main := filepath.Join(dir, "main.rs")
		writeFile(t, main, append(text[:len(text):len(text)], rt...))
		got := fixEverywhere(t, fix, main, edition)
		if edition == 2021 {
			compareFile(t, name+".after.rs", strings.TrimSuffix(got, string(rt)))
			writeFile(t, main, crlf(append(text[:len(text):len(text)], rt...)))
			if diff := cmp.Diff(string(crlf([]byte(got))), fixEverywhere(t, fix, main, edition)); diff != "" {
				t.Errorf("with CRLF the result is another one (-want +got):\n%s", diff)
			}
			writeFile(t, main, tabbed(append(text[:len(text):len(text)], rt...)))
			if diff := cmp.Diff(string(tabbed([]byte(got))), fixEverywhere(t, fix, main, edition)); diff != "" {
				t.Errorf("with tabs the result is another one (-want +got):\n%s", diff)
			}
		}
		writeFile(t, main, []byte(got))
		t.Run(strconv.Itoa(edition), func(t *testing.T) {
			rustc(t, dir, "main.rs", strconv.Itoa(edition), true)
			rustfmt(t, dir, "main.rs", strconv.Itoa(edition))
		})
	}
}

// fixEverywhere applies a fix to all traits of a lone file that it is offered for, in as many rounds as it takes.
func fixEverywhere(t *testing.T, fix *Fix, path string, edition int) string {
	t.Helper()
	fixed := map[string]bool{}
	for {
		s, err := analysis.Open(path, analysis.Options{Cargo: cargo.Options{Edition: edition}})
		if err != nil {
			t.Fatal(err)
		}
		w, err := New(s, []string{fix.ID})
		if err != nil {
			t.Fatal(err)
		}
		var b batch
		for i := range w.Traits {
			name := w.Traits[i].Def.ItemName()
			for _, a := range w.ask(fix, &Target{Trait: &w.Traits[i], Method: -1}) {
				switch {
				case fixed[name]:
				case a.BlockedBy != "":
					t.Fatalf("%s: %s", name, a.BlockedBy)
				case b.add(&a):
					fixed[name] = true
				}
			}
		}
		texts, err := Apply(b.edits, os.ReadFile)
		if err != nil {
			t.Fatal(err)
		}
		if len(texts) == 0 {
			break
		}
		writeFile(t, path, texts[path])
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// crlf is a text with the line endings of Windows.
func crlf(text []byte) []byte { return bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")) }

// tabbed is a text indented by tabs instead of blanks.
func tabbed(text []byte) []byte {
	return regexp.MustCompile(`(?m)^(    )+`).ReplaceAllFunc(text, func(blanks []byte) []byte {
		return bytes.Repeat([]byte("\t"), len(blanks)/4)
	})
}

// compareFile compares a result with a golden file, or writes that.
func compareFile(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		writeFile(t, path, []byte(got))
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s has changed (-want +got); if that is meant, run go test ./quickfix -update\n%s", path, diff)
	}
}
