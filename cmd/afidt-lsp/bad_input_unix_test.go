//go:build unix

package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/internal/testtree"
)

// TestPipesAndSockets has a pipe or a socket in the place of each file that is read. To open a pipe waits for a writer, and none
// comes.
func TestPipesAndSockets(t *testing.T) {
	dir := testtree.Write(t, map[string]string{"Cargo.toml": manifest, "src/lib.rs": "mod pipe; mod socket;\n" + wrong, ".cargo/x": ""})
	names := []string{"src/pipe.rs", "src/main.rs", "Cargo.lock", "build.rs", "afidt.toml", ".cargo/config.toml", "rust-toolchain", "rust-toolchain.toml"}
	for _, name := range names {
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir) // the name of a socket may not be long
	socket, err := net.Listen("unix", "src/socket.rs")
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	r := afidt(t, dir, "check", "--format", "short", ".")
	if r.code != exitFindings || !strings.Contains(r.stdout, "src/lib.rs:3:10"+found) {
		t.Errorf("exit code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	for _, name := range []string{"pipe.rs", "socket.rs", "Cargo.lock", "build.rs", "config.toml"} {
		if want := name + " cannot be read (it is not a regular file): replace it"; !strings.Contains(r.stderr, want) {
			t.Errorf("no message says %q:\n%s", want, r.stderr)
		}
	}
}

// TestClosedFolder: a folder that may not be looked into is no missing module and no package without targets.
func TestClosedFolder(t *testing.T) {
	dir := testtree.Write(t, map[string]string{
		"Cargo.toml": "[workspace]\nmembers = [\"a\", \"b\"]\n", "a/Cargo.toml": manifest, "a/src/lib.rs": "mod sub;\n", "a/src/sub/mod.rs": wrong,
		"b/Cargo.toml": strings.Replace(manifest, "bad", "other", 1), "b/src/lib.rs": wrong,
	})
	closed := []string{filepath.Join(dir, "a", "src", "sub"), filepath.Join(dir, "b", "src")}
	for _, folder := range closed {
		if err := os.Chmod(folder, 0); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.Chmod(folder, 0o755) })
	}
	r := afidt(t, dir, "check", "--format", "short", ".")
	if os.Getuid() == 0 { // may look into all of them
		if r.code != exitFindings || !strings.Contains(r.stdout, "2 errors") {
			t.Errorf("exit code %d\n%s%s", r.code, r.stdout, r.stderr)
		}
		return
	}
	if r.code != exitUnreadable {
		t.Errorf("exit code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	for _, want := range []string{"module `sub` cannot be looked for in", "src cannot be read (permission denied): make it readable"} {
		if !strings.Contains(r.stderr, want) {
			t.Errorf("no message says %q:\n%s", want, r.stderr)
		}
	}
}
