package server

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// written is what the companion of the counter's trait is written as.
func (e *fakeEditor) written(uri string) string {
	e.t.Helper()
	for _, a := range e.actions(uri, 0, 12, nil) {
		if a.Edit == nil || !strings.Contains(a.Title, "companion") {
			continue
		}
		text, err := json.Marshal(a.Edit)
		if err != nil {
			e.t.Fatal(err)
		}
		return string(text)
	}
	e.t.Fatal("no companion is offered")
	return ""
}

// TestFormatChanges writes rustfmt's configuration while a document is open: fixes lay out by it from then on, and an edit of the document
// reads it no more.
func TestFormatChanges(t *testing.T) {
	root := crate(t, "src/lib.rs", counter)
	e := start(t, eager, root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, counter)
	const wide, narrow = `\n    use super::Counter;`, `\n  use super::Counter;`
	if got := e.written(uri); !strings.Contains(got, wide) {
		t.Errorf("without a configuration: %s", got)
	}
	configuration := filepath.Join(root, "rustfmt.toml")
	write(t, configuration, "tab_spaces = 2\n")
	e.replaceAll(uri, counter+"\n")
	if got := e.written(uri); !strings.Contains(got, wide) {
		t.Errorf("before the editor tells of the configuration: %s", got)
	}
	e.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": uriOf(configuration), "type": 1}}})
	e.settle()
	if got := e.written(uri); !strings.Contains(got, narrow) {
		t.Errorf("with levels of two blanks: %s", got)
	}
	write(t, configuration, "tab_spaces = nonsense\n")
	e.notify("textDocument/didSave", map[string]any{"textDocument": documentID(uriOf(configuration))})
	e.settle()
	if got := e.written(uri); !strings.Contains(got, wide) {
		t.Errorf("with a configuration that rustfmt refuses: %s", got)
	}
}
