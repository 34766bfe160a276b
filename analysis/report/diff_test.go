package report

import (
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestDiff(t *testing.T) {
	tests := []struct{ name, before, after, want string }{
		{"equal", "a\nb\n", "a\nb\n", ""},
		{"replaced", "a\nb\nc\n", "a\nB\nc\n", "--- f\n+++ f\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"},
		{"added at the end without a line ending", "a", "a\nb", "--- f\n+++ f\n@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n"},
		{"from nothing", "", "a\n", "--- f\n+++ f\n@@ -0,0 +1 @@\n+a\n"},
		{"far apart", "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n", "--- f\n+++ f\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n"},
		{"line endings", "a\r\nb\r\n", "a\r\nc\r\n", "--- f\n+++ f\n@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n"},
	}
	for _, test := range tests {
		var out bytes.Buffer
		if err := Diff(&out, "f", []byte(test.before), []byte(test.after)); err != nil {
			t.Fatal(err)
		}
		if out.String() != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, out.String(), test.want)
		}
	}
}

// TestDiffAppliesWithPatch lets patch(1) make the new text of the old one.
func TestDiffAppliesWithPatch(t *testing.T) {
	if _, err := exec.LookPath("patch"); err != nil {
		t.Skip("patch is not installed")
	}
	random := rand.New(rand.NewSource(1))
	text := func(n int) []byte {
		var b strings.Builder
		for range n {
			fmt.Fprintf(&b, "line %d\n", random.Intn(6))
		}
		return []byte(b.String())
	}
	for range 60 {
		before, after := text(random.Intn(30)), text(random.Intn(30))
		var out bytes.Buffer
		if err := Diff(&out, "f", before, after); err != nil {
			t.Fatal(err)
		}
		if out.Len() == 0 {
			continue
		}
		path := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(path, before, 0o644); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("patch", "-s", path)
		cmd.Stdin = &out
		diff := out.String()
		if msg, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("patch: %v\n%s\n%s", err, msg, diff)
		}
		got, err := os.ReadFile(path)
		if err != nil && len(after) > 0 { // patch removes a file that becomes empty
			t.Fatal(err)
		}
		if !bytes.Equal(got, after) {
			t.Fatalf("before:\n%s\nafter:\n%s\npatched:\n%s\n%s", before, after, got, diff)
		}
	}
}
