package workspace

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
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
	f := files.get(path, 2021, false, keepOutline)
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
	if whole := files.get(path, 2021, false, keepWhole); string(whole.Text) != "struct Third;" {
		t.Errorf("the text of the same file as one of the workspace is %q", whole.Text)
	}
	other := filepath.Join(filepath.Dir(path), "other.rs")
	if err := os.WriteFile(other, []byte("struct Own;"), 0o644); err != nil {
		t.Fatal(err)
	}
	files.get(other, 2021, false, keepOutline)
	if own := files.get(other, 2021, false, keepWhole); string(own.Text) != "struct Own;" {
		t.Errorf("the text of a file of the workspace's own is %q", own.Text)
	}
	if missing := files.get(path+"x", 2021, false, keepOutline); missing.Err == nil || len(missing.Source()) > 0 {
		t.Errorf("a file that is not there has the text %q", missing.Source())
	}
}

// TestOutlineOfOutsideFile: the bodies of a dependency's file are not kept, and its places are those on disk.
func TestOutlineOfOutsideFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lib.rs")
	text := "// é\nfn f() {\n" + strings.Repeat("    x();\n", 50) + "}\npub struct S;\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	files := newFiles(Options{})
	f := files.get(path, 2021, false, keepOutline)
	if items := f.Syntax().Items; len(items) != 2 || len(f.Text) >= len(text)/2 {
		t.Fatalf("%d items, and of %d bytes of text are left:\n%s", len(items), len(text), f.Text)
	}
	span := f.Syntax().Items[1].NameSpan
	if got := f.Position(span.Start); got != (source.Position{Line: 54, Column: 12}) {
		t.Errorf("S is at %v", got)
	}
	if whole := f.Whole(span); string(whole.Of(f.OnDisk())) != "S" {
		t.Errorf("%v is %q on disk", whole, whole.Of(f.OnDisk()))
	}
}
