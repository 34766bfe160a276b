package dyncompat_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// TestAliasThatRequiresSized: rustc labels the bound that names the alias, and nothing in the alias (get_sized_bounds).
func TestAliasThatRequiresSized(t *testing.T) {
	path := filepath.Join(t.TempDir(), "alias.rs")
	text := "#![feature(trait_alias)]\ntrait Small = Clone + Send;\ntrait T: Small {}\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	snapshot, err := workspace.Load(path, workspace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all := survey.Make(snapshot, 1)
	for i := range all.Traits {
		if trait := &all.Traits[i]; trait.Def.ItemName() == "T" {
			v := trait.Verdict.Violations
			if len(v) != 1 || text[v[0].Span.Start:v[0].Span.End] != "Small" || v[0].Trait != trait.Def {
				t.Errorf("violations %+v, want the bound of T", v)
			}
			return
		}
	}
	t.Error("T was not found")
}
