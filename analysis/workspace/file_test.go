package workspace

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// TestTextOfOutsideFile: the text of a dependency's file is not kept as long as it is only searched, and is once it is scanned.
func TestTextOfOutsideFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lib.rs")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			runtime.GC()
		}
	}
	write("struct First;")
	files := newFiles(Options{})
	f := files.get(path, 2021, false, keepScanned)
	if !f.Mentions("First") {
		t.Errorf("the text is %q", f.Source())
	}
	write("struct Second;")
	if !f.Mentions("Second") {
		t.Errorf("the text is %q: it was kept", f.Source())
	}
	if got := f.Syntax().Items[0].Name; got != "Second" || string(f.Text) != "struct Second;" {
		t.Errorf("the struct is %s, the text %q", got, f.Text)
	}
	write("struct Third;")
	if string(f.Source()) != "struct Second;" {
		t.Errorf("the text is %q, and is not that of the items", f.Source())
	}
	if same := files.get(path, 2021, false, keepAlways); same != f {
		t.Error("the file was read twice")
	}
	other := filepath.Join(filepath.Dir(path), "other.rs")
	if err := os.WriteFile(other, []byte("struct Own;"), 0o644); err != nil {
		t.Fatal(err)
	}
	files.get(other, 2021, false, keepScanned)
	if own := files.get(other, 2021, false, keepAlways); string(own.Text) != "struct Own;" {
		t.Errorf("the text of a file of the workspace's own is %q", own.Text)
	}
	if missing := files.get(path+"x", 2021, false, keepScanned); missing.Err == nil || len(missing.Source()) > 0 {
		t.Errorf("a file that is not there has the text %q", missing.Source())
	}
}
