package e2e

import (
	"bufio"
	"bytes"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// root is the folder of the repository.
var root = func() string {
	folder, err := filepath.Abs("../..")
	if err != nil {
		panic(err)
	}
	return folder
}()

// installed is the folder that editors/e2e/install fills.
func installed() string {
	if folder := os.Getenv("AFIDT_EDITORS"); folder != "" {
		return folder
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "" // nothing is found there
	}
	return filepath.Join(cache, "afidt-lsp", "editors")
}

// editor is the folder of something that editors/e2e/install got; without it the test is skipped.
func editor(t *testing.T, name string) string {
	t.Helper()
	folder := filepath.Join(installed(), name)
	if _, err := os.Stat(filepath.Join(folder, ".complete")); err != nil {
		t.Skipf("%s is not installed in %s: run editors/e2e/install", name, installed())
	}
	return folder
}

// program is the path of a command that has what a test needs of it: run with args, it succeeds. Else the test is skipped. The error of
// a command that lacks something is its own affair; lacks says what is missing.
func program(t *testing.T, name, lacks string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not in PATH: run editors/e2e/install", name)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if out, err := exec.CommandContext(ctx, path, args...).CombinedOutput(); err != nil {
		t.Skipf("%s %s (%v): run editors/e2e/install\n%s", path, lacks, err, out)
	}
	return path
}

var built struct {
	sync.Once
	folder string
	err    error
}

// server is the path of the server of this repository, built once.
func server(t *testing.T) string {
	t.Helper()
	built.Do(func() {
		if built.folder, built.err = os.MkdirTemp("", "afidt-e2e-"); built.err != nil {
			return
		}
		build := exec.Command("go", "build", "-o", built.folder+"/afidt-lsp", "./cmd/afidt-lsp")
		build.Dir = root
		var out []byte
		if out, built.err = build.CombinedOutput(); built.err != nil {
			os.Stderr.Write(out)
		}
	})
	if built.err != nil {
		t.Fatalf("building the server: %v", built.err)
	}
	return filepath.Join(built.folder, "afidt-lsp")
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.folder != "" {
		os.RemoveAll(built.folder)
	}
	os.Exit(code)
}

// demo is a scratch copy of testdata/demo.
func demo(t *testing.T) string { return scratch(t, "demo", "testdata/demo") }

// crate is a scratch copy of a published crate, its dependencies beside it in vendor.
func crate(t *testing.T) string {
	t.Helper()
	sources := editor(t, "crate")
	folder := scratch(t, "crate", filepath.Join(sources, "wstd"))
	copyFolder(t, filepath.Join(folder, "vendor"), sources)
	return folder
}

func scratch(t *testing.T, name, from string) string {
	t.Helper()
	// Editors resolve links, and the tests compare paths with what they show.
	temp, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(temp, name)
	copyFolder(t, folder, from)
	return folder
}

func copyFolder(t *testing.T, to, from string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, relative)
		if d.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, text, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// drive runs a script that drives an editor, and makes a subtest of each thing that it checks.
func drive(t *testing.T, env []string, command string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, command, args...)
	home := t.TempDir()
	c.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home+"/config", "XDG_DATA_HOME="+home+"/data",
		"XDG_STATE_HOME="+home+"/state", "XDG_CACHE_HOME="+home+"/cache")
	c.Env = append(c.Env, env...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	// What the editor leaves running may hold the pipes open.
	c.WaitDelay = 5 * time.Second
	out, err := c.Output()
	checks, summary := 0, false
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		line := strings.TrimRight(lines.Text(), "\r")
		kind, name, _ := strings.Cut(line, " ")
		name, got, _ := strings.Cut(strings.TrimSpace(name), ": ")
		switch kind {
		case "ok":
			checks++
			t.Run(name, func(*testing.T) {})
		case "FAIL":
			checks++
			t.Run(name, func(t *testing.T) { t.Error(got) })
		default:
			summary = summary || strings.HasSuffix(line, " failed")
			t.Log(line)
		}
	}
	if err != nil || checks == 0 || !summary {
		t.Errorf("%s: %v, after %d checks\n%s", command, err, checks, stderr.String())
	}
}
