package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/afidt-lsp/afidt-lsp/internal/testtree"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the transcripts of testdata and the diagnostic in README.md anew")

// patience is how long a command of a test may take before it counts as hanging.
const patience = time.Minute

// result is what one command line did.
type result struct {
	code           int
	stdout, stderr string
}

// asCommand is set in the environment of the test's own binary when it shall be the program.
const asCommand = "AFIDT_TEST_AS_COMMAND"

// TestMain lets the test's own binary be the program, where a test needs a process.
func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		os.Exit(run(os.Args[1:]))
	}
	os.Exit(m.Run())
}

// afidt runs a command line in the folder dir: in this process, but for one whose time may be over, which ends with its process only.
func afidt(t *testing.T, dir string, args ...string) result {
	t.Helper()
	t.Chdir(dir)
	if slices.Contains(args, "--timeout") {
		return afidtProcess(t, args)
	}
	files := make([]*os.File, 2)
	for i := range files {
		f, err := os.CreateTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		files[i] = f
	}
	stdout, stderr := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = files[0], files[1]
	restore := func() { os.Stdout, os.Stderr = stdout, stderr }
	done := make(chan int, 1)
	go func() { done <- run(args) }()
	var out result
	select {
	case out.code = <-done:
		restore()
	case <-time.After(patience):
		restore()
		t.Fatalf("afidt-lsp %s hangs", strings.Join(args, " "))
	}
	for i, s := range []*string{&out.stdout, &out.stderr} {
		if _, err := files[i].Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(files[i])
		if err != nil {
			t.Fatal(err)
		}
		*s = string(text)
	}
	if out.code == exitInternal {
		t.Errorf("afidt-lsp %s: internal error\n%s", strings.Join(args, " "), out.stderr)
	}
	return out
}

// afidtProcess runs a command line in a process of its own, in the current folder.
func afidtProcess(t *testing.T, args []string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	c := exec.CommandContext(ctx, binary, args...)
	c.Env = append(os.Environ(), asCommand+"=1")
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Run(); err != nil && c.ProcessState == nil || ctx.Err() != nil {
		t.Fatalf("afidt-lsp %s: %v", strings.Join(args, " "), err)
	}
	return result{c.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// transcript is the name of the file of an archive that holds what its commands print.
const transcript = "transcript"

// TestTranscripts runs the command lines of each archive in testdata (lines of its comment that begin with `$ afidt-lsp `) on
// the files of the archive, and compares what they print with its last file.
func TestTranscripts(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range archives {
		path, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files, want := archive.Files, ""
			if n := len(files) - 1; n >= 0 && files[n].Name == transcript {
				want, files = string(files[n].Data), files[:n]
			}
			dir := testtree.Archive(t, files)
			var got bytes.Buffer
			for line := range strings.Lines(string(archive.Comment)) {
				command, ok := strings.CutPrefix(line, "$ afidt-lsp")
				if !ok {
					continue
				}
				r := afidt(t, dir, strings.Fields(command)...)
				fmt.Fprintf(&got, "$ afidt-lsp%s\n%s", strings.TrimRight(command, "\n"), readable(r.stdout))
				if r.stderr != "" {
					fmt.Fprintf(&got, "[stderr]\n%s", r.stderr)
				}
				fmt.Fprintf(&got, "[exit code %d]\n\n", r.code)
			}
			if got.Len() == 0 {
				t.Fatal("the archive has no command")
			}
			now := strings.ReplaceAll(got.String(), dir, "$DIR")
			if *update {
				archive.Files = append(files, txtar.File{Name: transcript, Data: []byte(now)})
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, now); diff != "" {
				t.Errorf("the transcript has changed (-want +got); if that is meant, run go test ./cmd/afidt-lsp -update\n%s", diff)
			}
		})
	}
}

// readable is a JSON document on many lines, and any other output as it is.
func readable(stdout string) string {
	var out bytes.Buffer
	if json.Indent(&out, []byte(stdout), "", "  ") != nil {
		return stdout
	}
	return out.String()
}

// TestThreads compares all output of one thread with that of more.
func TestThreads(t *testing.T) {
	var files []txtar.File
	lib := "pub mod shared;\n"
	for i := range 40 {
		name := fmt.Sprintf("m%02d", i)
		lib += "mod " + name + ";\n"
		files = append(files, txtar.File{Name: "src/" + name + ".rs", Data: fmt.Appendf(nil,
			"use crate::shared::*;\ntrait Own%d: Shared { fn own<A>(&self, a: A); }\nfn f(_: &dyn Own%d, _: &dyn Shared, _: &dyn Iterator, _: &dyn Gone) {}\n", i, i)})
	}
	files = append(files, txtar.File{Name: "Cargo.toml", Data: []byte("[package]\nname = \"many\"\nedition = \"2024\"\n")},
		txtar.File{Name: "src/lib.rs", Data: []byte(lib)},
		txtar.File{Name: "src/shared.rs", Data: []byte("pub trait Shared { async fn f(&self) -> Self; }\n")})
	dir := testtree.Archive(t, files)
	for _, command := range [][]string{{"check", "--hints"}, {"check", "--format", "json"}, {"report"}, {"report", "--format", "json"}, {"report", "--format", "markdown"}} {
		one := afidt(t, dir, append(command, "-j1")...)
		if len(one.stdout) < 1000 {
			t.Fatalf("%v prints next to nothing:\n%s%s", command, one.stdout, one.stderr)
		}
		for range 3 {
			if diff := cmp.Diff(one, afidt(t, dir, append(command, "-j4")...), cmp.AllowUnexported(result{})); diff != "" {
				t.Errorf("%v: -j4 prints other things than -j1:\n%s", command, diff)
			}
		}
	}
}
