package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestReplaceFilesIsAllOrNothing has a second file that changed behind the command's back.
func TestReplaceFilesIsAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.rs"), filepath.Join(dir, "b.rs")
	for _, path := range []string{a, b} {
		if err := os.WriteFile(path, []byte("old"), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	texts := map[string][]byte{a: []byte("new"), b: []byte("new")}
	err := replaceFiles(texts, map[string][]byte{a: []byte("old"), b: []byte("other")})
	if err == nil || !strings.Contains(err.Error(), "b.rs changed") {
		t.Errorf("error %v, want one about b.rs", err)
	}
	expect(t, dir, map[string]string{"a.rs": "old", "b.rs": "old"})
	if err := replaceFiles(texts, map[string][]byte{a: []byte("old"), b: []byte("old")}); err != nil {
		t.Fatal(err)
	}
	expect(t, dir, map[string]string{"a.rs": "new", "b.rs": "new"})
	if info, err := os.Stat(a); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("mode %v (%v)", info.Mode(), err)
	}
}

func TestReplaceFilesKeepsLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("symbolic links need a privilege on Windows")
	}
	dir := t.TempDir()
	link := filepath.Join(dir, "link.rs")
	if err := os.WriteFile(filepath.Join(dir, "real.rs"), []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real.rs", link); err != nil {
		t.Fatal(err)
	}
	if err := replaceFiles(map[string][]byte{link: []byte("new")}, map[string][]byte{link: []byte("old")}); err != nil {
		t.Fatal(err)
	}
	expect(t, dir, map[string]string{"real.rs": "new", "link.rs": "new"})
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is a file now (%v)", err)
	}
}

// expect compares all files of a folder, so that no temporary one is left.
func expect(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if string(text) != want[e.Name()] {
			t.Errorf("%s holds %q, want %q", e.Name(), text, want[e.Name()])
		}
	}
	if len(entries) != len(want) {
		t.Errorf("%d files, want %d", len(entries), len(want))
	}
}
