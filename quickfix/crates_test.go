package quickfix

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestWithCrates applies the fixes of the archives in testdata/crates, whose packages depend on crates of crates.io, and lets
// cargo build and run the results.
func TestWithCrates(t *testing.T) {
	if os.Getenv("AFIDT_CRATES") == "" {
		t.Skip("AFIDT_CRATES is not set: it allows the test to download and build async-trait, dynosaur and tokio")
	}
	if _, err := exec.LookPath("cargo"); err != nil {
		t.Skip("cargo is not installed, so the attributes of other crates are not tried")
	}
	paths, err := filepath.Glob("testdata/crates/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		g := &golden{path: path, archive: archive}
		if len(g.directives("apply")) == 0 {
			t.Fatalf("%s applies nothing", path)
		}
		w := g.open(t)
		for name, text := range g.apply(t, w) {
			writeFile(t, filepath.Join(g.dir, filepath.FromSlash(name)), []byte(text))
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { cargoRun(t, g.dir) })
	}
}

// cargoRun builds and runs a package with every warning an error.
func cargoRun(t *testing.T, dir string) {
	t.Helper()
	fetch := exec.Command("cargo", "fetch", "--quiet")
	fetch.Dir = dir
	if out, err := fetch.CombinedOutput(); err != nil {
		t.Skipf("cargo cannot fetch the crates that the fix is for: %v\n%s", err, out)
	}
	cmd := exec.Command("cargo", "run", "--quiet", "--offline")
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), "RUSTFLAGS=-Dwarnings", "CARGO_TARGET_DIR="+filepath.Join(dir, "target"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("the result does not run: %v\n%s", err, out)
	}
}
