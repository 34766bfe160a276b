package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestMissing runs the tests of this package on a machine that has less than they need: nothing at all, or programs that are there but
// lack what a test wants of them, as Vim without ALE. Each test is skipped then; none fails.
func TestMissing(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("makes shell scripts")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	programs := []string{"node", "npm", "chromium", "emacs", "tmux", "vim", "kate", "dbus-run-session", "xdotool", "xvfb-run"}
	// has is what is there and of use; all others are there and fail.
	machine := func(t *testing.T, has ...string) string {
		bin := t.TempDir()
		for _, name := range programs {
			script := "#!/bin/sh\nexit 1\n"
			for _, good := range has {
				if name == good {
					script = "#!/bin/sh\nexit 0\n"
				}
			}
			if err := os.WriteFile(filepath.Join(bin, name), []byte(script), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		return bin
	}
	tests := map[string]string{"nothing": t.TempDir(), "programs that lack something": machine(t)}
	for _, name := range programs {
		if name == "vim" || name == "emacs" {
			continue // nothing else is needed for their tests
		}
		tests[name+" only"] = machine(t, name)
	}
	tests["node and chromium without VS Code"] = machine(t, "node", "chromium", "tmux")
	for name, path := range tests {
		t.Run(name, func(t *testing.T) {
			c := exec.Command(self, "-test.v", "-test.run=^(TestNeovim|TestEglot|TestLSPMode|TestHelix|TestVim|TestKate|TestVSCode)$")
			c.Env = append(os.Environ(), "PATH="+path, "AFIDT_EDITORS="+t.TempDir())
			out, err := c.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if skipped := strings.Count(string(out), "\n--- SKIP: "); skipped+strings.Count(string(out), "\n    --- SKIP: ") < 7+2 {
				t.Errorf("something was not skipped:\n%s", out)
			}
		})
	}
}
