package main

import (
	"go/format"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestScaffold(t *testing.T) {
	dir := t.TempDir()
	if err := scaffold(dir, "dyn_in_loop", "AFIDT002"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "dyn_in_loop.go"))
	if err != nil {
		t.Fatal(err)
	}
	if formatted, err := format.Source(text); err != nil || string(formatted) != string(text) {
		t.Errorf("the file is not what gofmt makes of it: %v\n%s", err, text)
	}
	if !strings.Contains(string(text), "var dynInLoop = &Rule{") || !strings.Contains(string(text), "func checkDynInLoop(p *Pass)") {
		t.Errorf("names are missing:\n%s", text)
	}
	page, err := os.ReadFile(filepath.Join(dir, "dyn_in_loop.md"))
	if err != nil || !strings.HasPrefix(string(page), "# dyn_in_loop (AFIDT002)\n") {
		t.Errorf("page: %v\n%s", err, page)
	}
	for _, bad := range [][2]string{{"dyn_in_loop", "AFIDT002"}, {"DynInLoop", "AFIDT003"}, {"../up_there", "AFIDT003"}, {"", "AFIDT003"}, {"dyn_x", "3"}} {
		if err := scaffold(dir, bad[0], bad[1]); err == nil {
			t.Errorf("scaffold(%q, %q) is not refused", bad[0], bad[1])
		}
	}
}
