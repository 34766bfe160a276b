package server

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestOnePreferred asks at all places of the fixes' examples at which something stands that a fix is about: at most one action is
// preferred, and none has neither an edit nor a way to ask for it.
func TestOnePreferred(t *testing.T) {
	archives, err := filepath.Glob("../quickfix/testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	asked := 0
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		root := crate(t)
		var sources []txtar.File
		for _, f := range archive.Files {
			if strings.HasPrefix(f.Name, "after/") || f.Name == "offered" {
				continue
			}
			write(t, filepath.Join(root, f.Name), string(f.Data))
			if strings.HasSuffix(f.Name, ".rs") {
				sources = append(sources, f)
			}
		}
		e := start(t, eager, root)
		for _, f := range sources {
			uri, text := fileURI(root, f.Name), string(f.Data)
			e.open(uri, text)
			e.settle()
			seen := map[string]bool{}
			for line, content := range strings.Split(text, "\n") {
				for _, word := range []string{"trait ", "fn ", "dyn ", ".await", "box"} {
					column := strings.Index(content, word)
					if column < 0 || seen[word] { // once in a file is enough
						continue
					}
					seen[word] = true
					var preferred []string
					for _, a := range e.actions(uri, line, column+len(word), nil) {
						if a.IsPreferred {
							preferred = append(preferred, a.Title)
						}
						if a.Edit == nil && a.Data == nil {
							t.Errorf("%s: %s:%d: %s has no edit", name, f.Name, line+1, a.Title)
						}
						asked++
					}
					if len(preferred) > 1 {
						t.Errorf("%s: %s:%d:%d prefers %q", name, f.Name, line+1, column+len(word)+1, preferred)
					}
				}
			}
		}
	}
	if asked == 0 {
		t.Error("no action was offered")
	}
}
