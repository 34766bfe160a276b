package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/golden anew, from what the installed rustc prints")

// knownDifferences are the diagnostics that we print differently from rustc, with the reason for each: "case/number/style".
var knownDifferences = map[string]string{
	"eof/0/plain":      noPlace,
	"eof/0/colored":    noPlace,
	"eof/0/short":      noPlace,
	"types/29/plain":   primaryOrder,
	"types/29/colored": primaryOrder,
}

// What rustc prints from and its JSON does not tell.
const (
	noPlace      = "the JSON says that a diagnostic without a place is about the first byte of the first file"
	primaryOrder = "the JSON does not say which of several primary spans is the first, which decides the order of their files"
)

// TestGolden prints what rustc 1.95 found in the crates of testdata/cases, and compares every byte with what rustc printed.
// It does not need rustc: testdata/golden holds its output, one diagnostic a line.
func TestGolden(t *testing.T) {
	if *update {
		updateGolden(t)
	}
	score := scoreboard{}
	for _, p := range programs(t) {
		t.Run(p.name, func(t *testing.T) {
			for i, d := range readGolden(t, p) {
				known := knownDifferences
				if d.Diagnostic.Code != nil && d.Diagnostic.Code.Code == "E0038" {
					known = nil // what this linter reports must be printed exactly
				}
				for _, out := range p.compare(d) {
					score.add(t, fmt.Sprintf("%s/%d/%s", p.name, i, out.style), out, known)
				}
			}
		})
	}
	score.check(t, knownDifferences)
}

// scoreboard counts how often we print the same as rustc, by style.
type scoreboard map[string]*struct{ equal, total int }

// add counts a printout, and fails the test if it differs and is not known to, or is known to and does not.
func (s scoreboard) add(t *testing.T, name string, out printout, known map[string]string) {
	t.Helper()
	if s[out.style] == nil {
		s[out.style] = &struct{ equal, total int }{}
	}
	s[out.style].total++
	_, expected := known[name]
	if out.want == out.got {
		s[out.style].equal++
		if expected {
			t.Errorf("%s: is printed as by rustc now; take it off the known differences", name)
		}
		return
	}
	if !expected {
		t.Errorf("%s: rustc prints\n%s\nand we print\n%s\nat the first difference: %q, and %q",
			name, out.want, out.got, around(out.want, out.got), around(out.got, out.want))
	}
}

// around is the part of a where it first differs from b.
func around(a, b string) string {
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	return a[max(at-40, 0):min(at+40, len(a))]
}

// check logs the score, and fails the test if it is worse than what we promise.
func (s scoreboard) check(t *testing.T, known map[string]string) {
	t.Helper()
	const promised = 0.99
	for _, style := range []string{"plain", "colored", "short"} {
		score := s[style]
		if score == nil {
			continue
		}
		t.Logf("%s: %d of %d diagnostics are printed as by rustc, byte for byte", style, score.equal, score.total)
		if float64(score.equal) < promised*float64(score.total) {
			t.Errorf("%s: fewer than %.0f%% are", style, 100*promised)
		}
	}
	for _, name := range slices.Sorted(mapKeys(known)) {
		t.Logf("known difference %s: %s", name, known[name])
	}
}

func mapKeys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func goldenPath(p program) string { return filepath.Join("testdata", "golden", p.name+".jsonl") }

func readGolden(t *testing.T, p program) []diagnosed {
	t.Helper()
	text, err := os.ReadFile(goldenPath(p))
	if err != nil {
		t.Fatalf("reading what rustc prints: %v (go test -run TestGolden -update writes it)", err)
	}
	var all []diagnosed
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var d diagnosed
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	return all
}

func updateGolden(t *testing.T) {
	requireRustc(t)
	if err := os.RemoveAll("testdata/golden"); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir("testdata/golden", 0o777); err != nil {
		t.Fatal(err)
	}
	for _, p := range programs(t) {
		var out bytes.Buffer
		encode := json.NewEncoder(&out)
		encode.SetEscapeHTML(false)
		for _, d := range p.diagnose(t) {
			if err := encode.Encode(d); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(goldenPath(p), out.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
