package difftest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestRustcUI holds `afidt-lsp check` against rustc on rustc's own tests: the folder tests/ui of a checkout of rust-lang/rust
// of any release, named by AFIDT_RUST_UI. The compiler is asked, not the expectations beside the tests. An error of ours in
// a file of which rustc reports no other error is one of rustc's; what only rustc reports is logged, because most of it
// stands at expressions in which no type is written.
func TestRustcUI(t *testing.T) {
	root := os.Getenv("AFIDT_RUST_UI")
	if root == "" {
		t.Skip("AFIDT_RUST_UI does not name the folder tests/ui of rustc's sources")
	}
	rustc := needRustc(t)
	bin := buildCommand(t)
	var files []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".rs") && !strings.Contains(path, "/auxiliary/") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var (
		mu          sync.Mutex
		run, agreed int
	)
	eachSeed(len(files), 0, func(i uint64) {
		text, err := os.ReadFile(files[i])
		if err != nil || !uiConcerns.Match(text) || uiNeeds.Match(text) {
			return
		}
		extra, missed, other := compareUI(t, rustc, bin, files[i], string(text))
		mu.Lock()
		defer mu.Unlock()
		run++
		name, _ := filepath.Rel(root, files[i])
		switch {
		case len(extra) > 0 && !other:
			t.Errorf("%s: only we report %v", name, extra)
		case len(extra) > 0:
			t.Logf("%s: beside other errors, only we report %v", name, extra)
		case len(missed) > 0:
			t.Logf("%s: only rustc reports %v", name, missed)
		default:
			agreed++
		}
	})
	t.Logf("%d files, %d in agreement", run, agreed)
}

var (
	uiConcerns = regexp.MustCompile(`\bdyn\b|E0038|E0191|E0225|E0393`)
	// uiNeeds finds tests of several crates.
	uiNeeds     = regexp.MustCompile(`aux-(build|crate)|needs-asm|proc-macro:`)
	uiRevisions = regexp.MustCompile(`(?m)^//@\s*revisions:\s*(\S+)`)
	uiEdition   = regexp.MustCompile(`(?m)^//@\s*(?:\[(\w+)\]\s*)?edition\s*:\s*(\d{4})`)
	ourCodes    = map[string]bool{"E0038": true, "E0191": true, "E0225": true, "E0393": true, "E0161": true}
)

// compareUI runs both on one file, in its first revision: the lines and codes that only one reports, and whether rustc has
// other errors.
func compareUI(t *testing.T, rustc, bin, path, text string) (extra, missed []string, other bool) {
	t.Helper()
	edition, revision := "2015", ""
	if m := uiRevisions.FindStringSubmatch(text); m != nil {
		revision = m[1]
	}
	for _, m := range uiEdition.FindAllStringSubmatch(text, -1) {
		if m[1] == "" || m[1] == revision {
			edition = m[2]
		}
	}
	args := []string{"--edition=" + edition, "--crate-type=lib", "--emit=metadata", "--error-format=json", "--out-dir=" + t.TempDir(), "--cap-lints=allow", path}
	ours := []string{"check", "--format", "json", "--edition", edition, path}
	if revision != "" {
		args, ours = append(args, "--cfg="+revision), append(ours, "--cfg", revision)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // a compiler that crashes may never end
	defer cancel()
	cmd := exec.CommandContext(ctx, rustc, args...)
	// Some of the tests crash the compiler; RUSTC_ICE=0 keeps it from leaving a dump in this folder.
	cmd.Env = append(os.Environ(), "RUSTC_BOOTSTRAP=1", "RUST_BACKTRACE=0", "RUSTC_ICE=0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	cmd.Run() // fails by design
	theirs := map[string]bool{}
	for line := range bytes.Lines(stderr.Bytes()) {
		var d rustcDiagnostic
		if json.Unmarshal(line, &d) != nil || !strings.HasPrefix(d.Level, "error") {
			continue
		}
		if !ourCodes[d.code()] {
			other = other || !strings.HasPrefix(d.Message, "aborting")
			continue
		}
		for _, s := range d.Spans {
			if s.Primary && s.File == path {
				theirs[fmt.Sprintf("%s at line %d", d.code(), s.Line)] = true
			}
		}
	}
	out, err := exec.Command(bin, ours...).Output()
	var document struct {
		Diagnostics []struct {
			Code, Severity string
			Line           int
		}
	}
	if jsonErr := json.Unmarshal(out, &document); jsonErr != nil {
		t.Errorf("%s: %v", path, cmp.Or(err, jsonErr))
		return nil, nil, other
	}
	said := map[string]bool{}
	for _, d := range document.Diagnostics {
		at := fmt.Sprintf("%s at line %d", d.Code, d.Line)
		said[at] = true
		if d.Severity == "error" && strings.HasPrefix(d.Code, "E") && !theirs[at] {
			extra = append(extra, at)
		}
	}
	for _, at := range sortedNames(theirs) {
		if !said[at] {
			missed = append(missed, at)
		}
	}
	return extra, missed, other
}
