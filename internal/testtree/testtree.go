// Package testtree writes the folders that tests run on.
package testtree

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// Write writes files, given as `/`-separated path and content, under a new folder and returns it.
func Write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		write(t, dir, name, content)
	}
	return dir
}

// Archive writes the files of an archive under a new folder and returns it. A file whose name ends in `.link` becomes a
// symbolic link to its content; `\xNN` in a file whose name ends in `.hex` becomes a byte, and the ending is dropped.
func Archive(t testing.TB, files []txtar.File) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		name, content := f.Name, string(f.Data)
		if link, ok := strings.CutSuffix(name, ".link"); ok {
			Link(t, dir, link, strings.TrimSpace(content))
			continue
		}
		if plain, ok := strings.CutSuffix(name, ".hex"); ok {
			name, content = plain, bytesOf(t, content)
		}
		write(t, dir, name, content)
	}
	return dir
}

// Link makes a symbolic link in dir; the test is skipped where the system does not let it.
func Link(t testing.TB, dir, name, target string) {
	t.Helper()
	path := folderOf(t, dir, name)
	if err := os.Symlink(target, path); err != nil {
		t.Skipf("symbolic links are not allowed here: %v", err)
	}
}

func write(t testing.TB, dir, name, content string) {
	t.Helper()
	if err := os.WriteFile(folderOf(t, dir, name), []byte(content), fs.FileMode(0o644)); err != nil {
		t.Fatal(err)
	}
}

// folderOf makes the folder of a file and returns the file's path.
func folderOf(t testing.TB, dir, name string) string {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// bytesOf replaces each `\xNN` by the byte it names.
func bytesOf(t testing.TB, text string) string {
	t.Helper()
	for at := strings.Index(text, `\x`); at >= 0; at = strings.Index(text, `\x`) {
		code, err := strconv.ParseUint(text[at+2:at+4], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		text = text[:at] + string([]byte{byte(code)}) + text[at+4:]
	}
	return text
}
