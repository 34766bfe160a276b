package infer_test

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
)

// TestRandomReceivers reaches clients through random types in random ways, and holds the receivers against rustc. AFIDT_RECEIVERS is
// the number of functions, AFIDT_SEED the first seed. Nothing in the generator knows whether what it writes compiles: rustc throws out
// what does not.
func TestRandomReceivers(t *testing.T) {
	if _, err := exec.LookPath("rustc"); err != nil {
		t.Skip("rustc is not installed, so there is nobody to say what the receivers are")
	}
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
			return n
		}
		return otherwise
	}
	n, first := number("AFIDT_RECEIVERS", 300), number("AFIDT_SEED", 1)
	rows := make([]string, n)
	for i := range rows {
		rows[i] = newWay(uint64(first + i)).row(i)
	}
	src, theirs := compileReceivers(t, rows)
	ours := map[int]string{}
	for _, c := range infer.Calls(load(t, src), nil, 1) {
		ours[c.File.Position(c.Name.Start).Line] = string(c.Via)
	}
	lines := strings.Split(src, "\n")
	known := 0
	for line, want := range theirs {
		row := lines[line-1]
		switch got := ours[line]; got {
		case want:
			known++
		case "":
			t.Logf("unknown, rustc says %s:\n%s", want, row)
		default:
			t.Errorf("%s, rustc says %s:\n%s", got, want, row)
		}
	}
	t.Logf("%d functions compile; of %d receivers %d are known", strings.Count(src, "\nmod "), len(theirs), known)
	if len(theirs) < n/4 {
		t.Errorf("only %d of %d functions compile", len(theirs), n)
	}
	if 100*known < 99*len(theirs) {
		t.Errorf("%d of %d receivers are known", known, len(theirs))
	}
}

// compileReceivers returns the rows that compile, as one file, and what rustc says the calls of each line are made on.
func compileReceivers(t *testing.T, rows []string) (string, map[int]string) {
	t.Helper()
	dir := t.TempDir()
	for {
		src := waysPrelude + strings.Join(rows, "\n") + "\n"
		mir, complaint := mirOf(t, dir, src)
		if mir != nil {
			return src, receiversIn(t, mir)
		}
		lines := strings.Split(src, "\n")
		wrong := map[string]bool{}
		for _, m := range wrongLine.FindAllStringSubmatch(complaint, -1) {
			line, err := strconv.Atoi(m[1])
			if err != nil {
				t.Fatal(err)
			}
			wrong[lines[line-1]] = true
		}
		before := len(rows)
		if rows = slices.DeleteFunc(rows, func(row string) bool { return wrong[row] }); len(rows) == before {
			t.Fatal(complaint)
		}
	}
}

var wrongLine = regexp.MustCompile(`(?m)^error.*\n +--> rows\.rs:(\d+):`)

// receiversIn are the receivers of each line of the rows that the MIR names.
func receiversIn(t *testing.T, mir []byte) map[int]string {
	t.Helper()
	out := map[int]string{}
	for s := bufio.NewScanner(bytes.NewReader(mir)); s.Scan(); {
		m := mirCall.FindStringSubmatch(s.Text())
		if m == nil || !tested[m[3]] {
			continue
		}
		line, err := strconv.Atoi(m[4])
		if err != nil {
			t.Fatal(err)
		}
		out[line] = via(m[1])
	}
	return out
}
