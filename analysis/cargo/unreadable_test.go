//go:build unix

package cargo

import (
	"github.com/afidt-lsp/afidt-lsp/internal/testtree"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// Files without permission, pipes and files that are too large are named, and the rest is loaded.
func TestUnreadableFiles(t *testing.T) {
	dir := testtree.Write(t, map[string]string{
		"Cargo.toml":        "[workspace]\nmembers = [\"ok\", \"pipe\", \"secret\", \"large\"]\n",
		"ok/Cargo.toml":     "[package]\nname = \"ok\"\n",
		"ok/src/lib.rs":     "",
		"secret/Cargo.toml": "[package]\nname = \"secret\"\n",
		"large/Cargo.toml":  "",
		"pipe/README":       "",
	})
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe", "Cargo.toml"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(dir, "large", "Cargo.toml"), maxFileSize+1); err != nil {
		t.Fatal(err)
	}
	wanted := []string{"it is larger than 16 MB", "it is not a regular file"}
	if os.Getuid() != 0 { // root can read everything
		if err := os.Chmod(filepath.Join(dir, "secret", "Cargo.toml"), 0); err != nil {
			t.Fatal(err)
		}
		wanted = append(wanted, "permission denied")
	}
	w, err := Load(dir, Options{CargoHome: dir})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(w.Members, func(p *Package) bool { return p.Name == "ok" }) {
		t.Error("the readable member is not loaded")
	}
	for _, want := range wanted {
		if !slices.ContainsFunc(w.Problems(), func(p Problem) bool { return strings.Contains(p.Message, want) }) {
			t.Errorf("no problem says %q: %v", want, w.Problems())
		}
	}
}
