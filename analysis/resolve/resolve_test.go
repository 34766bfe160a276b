package resolve_test

import (
	"cmp"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/internal/testtree"
)

// marker stands behind each `dyn` of the archives: the path of the trait it means, or why that is unknown.
const marker = "//-> "

// TestNames resolves the trait object types of each archive in testdata, one on a line.
func TestNames(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			dir := testtree.Archive(t, archive.Files)
			type place struct {
				file string
				line int
			}
			want := map[place]string{}
			for _, f := range archive.Files {
				for i, line := range strings.Split(string(f.Data), "\n") {
					if _, path, ok := strings.Cut(line, marker); ok {
						want[place{f.Name, i + 1}] = path
					} else if strings.Contains(line, "dyn ") {
						t.Errorf("%s:%d has a dyn without %q", f.Name, i+1, marker)
					}
				}
			}
			s, err := analysis.Open(dir, analysis.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range s.Report(nil).Mentions {
				at := place{m.File, m.Line}
				got := m.UnknownBecause
				if m.Trait != nil {
					got = *m.Trait
				}
				if got != want[at] {
					t.Errorf("%s:%d: %s means %s, want %s", m.File, m.Line, m.Text, cmp.Or(got, "nothing"), want[at])
				}
				delete(want, at)
			}
			for at, path := range want {
				t.Errorf("%s:%d: no trait object type was found, want %s", at.file, at.line, path)
			}
		})
	}
}
