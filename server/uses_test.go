package server

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestShowUses runs the second lens of a trait, as a client with a command of its own does, and as others do.
func TestShowUses(t *testing.T) {
	root := crate(t, "src/lib.rs", "mod a;\n"+counter, "src/a.rs", "use crate::Counter;\n// 🦀\npub fn f(_: Box<dyn Counter>) {}\n#[cfg(any())]\npub fn g(_: Box<dyn Counter>) {}\n")
	capabilities := strings.Replace(modern, `"workDoneProgress": true`, `"workDoneProgress": true, "showDocument": {"support": true}`, 1)
	e := start(t, capabilities, root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, "mod a;\n"+counter)
	e.settle()
	at := func(line int) map[string]any {
		return map[string]any{"textDocument": documentID(uri), "position": map[string]int{"line": line, "character": 10}}
	}
	uses := func(argument map[string]any) string {
		var out []struct {
			URI   string
			Range struct{ Start struct{ Line, Character int } }
		}
		result := e.call("workspace/executeCommand", map[string]any{"command": "afidt.showUses", "arguments": []any{argument}})
		if err := json.Unmarshal(result, &out); err != nil {
			t.Fatal(err)
		}
		if out == nil {
			return "null"
		}
		var lines []string
		for _, u := range out {
			lines = append(lines, strings.TrimPrefix(u.URI, uriOf(root))+":"+string(rune('0'+u.Range.Start.Line)))
		}
		return strings.Join(lines, " ")
	}
	if got := uses(at(1)); got != "/src/a.rs:2 /src/lib.rs:4" {
		t.Errorf("uses of the trait: %s", got)
	}
	if got := uses(at(0)); got != "null" {
		t.Errorf("uses where no trait is: %s", got)
	}
	e.mu.Lock()
	if slices.ContainsFunc(e.asked, func(m wireMessage) bool { return m.Method == "window/showDocument" }) {
		t.Error("a document was shown to a client that shows the answer itself")
	}
	e.mu.Unlock()
	lens := at(1)
	lens["show"] = true
	uses(lens)
	e.wait("the first use to be shown", func() bool {
		return slices.ContainsFunc(e.asked, func(m wireMessage) bool {
			return m.Method == "window/showDocument" && strings.Contains(string(m.Params), "/src/a.rs")
		})
	})
	e.wait("all uses to be listed", func() bool {
		return slices.ContainsFunc(e.notes, func(m wireMessage) bool {
			return m.Method == "window/showMessage" && strings.Contains(string(m.Params), "dyn Counter: src/a.rs:3, src/lib.rs:5")
		})
	})
}
