package difftest

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestClauses holds `afidt-lsp check` against rustc on AFIDT_DIFF_N times ten random items, each with one trait object type of
// a trait that is not dyn compatible somewhere in its signature: an error of ours is one of rustc's.
func TestClauses(t *testing.T) {
	rustc := needRustc(t)
	bin := buildCommand(t)
	const items = 200
	crates, first := max(1, number(t, "AFIDT_DIFF_N", 20)*10/items), uint64(number(t, "AFIDT_DIFF_SEED", 1))
	var total, errors, silent, unsaid, invalid int
	for i := range crates {
		seed := first + uint64(i)
		text := Clauses(seed, items)
		path := filepath.Join(t.TempDir(), "clauses.rs")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		theirs, others := rustcErrorLines(t, rustc, path)
		ours := checkLines(t, bin, path)
		for k, line := range strings.Split(text, "\n")[1 : items+1] {
			at := k + 2
			_, item, _ := strings.Cut(line, "fn f(); } ")
			item = strings.TrimSuffix(item, " }")
			total++
			switch {
			case others[at]: // not valid for another reason, which may hide what is asked about
				invalid++
			case ours[at] == "error" && !theirs[at]:
				t.Errorf("seed %d: an error, where rustc is silent:\n%s", seed, item)
			case ours[at] == "":
				t.Errorf("seed %d: nothing is said of:\n%s", seed, item)
			case theirs[at] && ours[at] != "error":
				unsaid++
				if !strings.Contains(item, "<S as") && !strings.Contains(item, "Projected<") {
					t.Errorf("seed %d: rustc's error is a %s:\n%s", seed, ours[at], item)
				}
			case theirs[at]:
				errors++
			default:
				silent++
			}
		}
	}
	t.Logf("%d items: %d errors of both, %d silent, %d errors of rustc that are warnings, %d invalid", total, errors, silent, unsaid, invalid)
	if errors == 0 || silent == 0 || invalid*3 > total {
		t.Error("the generator does not reach both answers, or writes too much that is invalid")
	}
}

// rustcErrorLines are the lines with an E0038, and those with any other error.
func rustcErrorLines(t *testing.T, rustc, path string) (incompatible, others map[int]bool) {
	t.Helper()
	cmd := exec.Command(rustc, "--edition=2024", "--crate-type=lib", "--emit=metadata", "--error-format=json", "-o", filepath.Join(t.TempDir(), "clauses.rmeta"), path)
	cmd.Dir = filepath.Dir(path) // where a dump of a crash lands
	var stderr strings.Builder
	cmd.Stderr = &stderr
	cmd.Run() // fails by design
	incompatible, others = map[int]bool{}, map[int]bool{}
	for line := range strings.Lines(stderr.String()) {
		var d struct {
			Level string
			Code  *struct{ Code string }
			Spans []struct {
				Line    int  `json:"line_start"`
				Primary bool `json:"is_primary"`
			}
		}
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			t.Fatalf("rustc says: %s", line)
		}
		if d.Level != "error" {
			continue
		}
		for _, s := range d.Spans {
			if !s.Primary {
				continue
			}
			if d.Code != nil && d.Code.Code == "E0038" {
				incompatible[s.Line] = true
			} else {
				others[s.Line] = true
			}
		}
	}
	return incompatible, others
}

// checkLines is the severity of what `check` says of each line's trait object type.
func checkLines(t *testing.T, bin, path string) map[int]string {
	t.Helper()
	out, err := exec.Command(bin, "check", "--format", "json", "--edition", "2024", path).Output()
	var document struct {
		Diagnostics []struct {
			Code, Severity string
			Line           int
		}
	}
	if jsonErr := json.Unmarshal(out, &document); jsonErr != nil {
		t.Fatal(fmt.Errorf("check: %w, %w", err, jsonErr))
	}
	lines := map[int]string{}
	for _, d := range document.Diagnostics {
		if d.Code == "E0038" {
			lines[d.Line] = d.Severity
		}
	}
	return lines
}
