package workspace

import (
	"os"
	"path/filepath"
	"testing"
)

// TestExportedMacrosEnd: a file that is a module of itself, twice, is looked into once.
func TestExportedMacrosEnd(t *testing.T) {
	dir := t.TempDir()
	text := "#[path = \"lib.rs\"] mod a;\n#[path = \"lib.rs\"] mod b;\n#[macro_export] macro_rules! m { () => {} }\npub mod inner { #[macro_export] macro_rules! n { () => {} } }\n"
	for name, text := range map[string]string{"Cargo.toml": "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2021\"\n", "src/lib.rs": text} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Load(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	macros := s.Crates[0].ExportedMacros()
	if len(macros["m"]) != 1 || len(macros["n"]) != 1 {
		t.Errorf("%d macros called m and %d called n, want one of each", len(macros["m"]), len(macros["n"]))
	}
}
