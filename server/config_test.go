package server

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

const asyncCall = `pub trait T {
    async fn f(&self);
}
pub async fn g(t: &dyn T) {
    t.f().await;
}
`

// TestRuleSet judges under announced rules, as afidt.toml or the client's settings want it; both mean the same thing.
func TestRuleSet(t *testing.T) {
	root := crate(t, "src/lib.rs", asyncCall)
	uri := fileURI(root, "src/lib.rs")
	section := map[string]any{}
	e := connect(t)
	e.answer = func(m wireMessage) any {
		if m.Method == "workspace/configuration" {
			return []any{section}
		}
		return nil
	}
	e.initialize(modern, root)
	e.settle()
	stable := e.codes(uri)
	write(t, filepath.Join(root, "afidt.toml"), "rule-set = \"dyn-box\"\n")
	e.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": uriOf(filepath.Join(root, "afidt.toml")), "type": 1}}})
	e.settle()
	byFile := e.codes(uri)
	if byFile == stable || strings.Contains(byFile, "E0038") {
		t.Fatalf("under dyn-box the findings are %q, as under stable", byFile)
	}
	write(t, filepath.Join(root, "afidt.toml"), "")
	e.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": uriOf(filepath.Join(root, "afidt.toml")), "type": 2}}})
	e.settle()
	if got := e.codes(uri); got != stable {
		t.Errorf("without the setting the findings are %q, want %q", got, stable)
	}
	e.mu.Lock()
	section["rule-set"] = "dyn-box"
	e.mu.Unlock()
	e.notify("workspace/didChangeConfiguration", map[string]any{"settings": nil})
	e.wait("the findings under the client's rule set", func() bool {
		var got []string
		for _, d := range e.shown[uri].Diagnostics {
			got = append(got, d.Code)
		}
		return strings.Join(got, " ") == byFile
	})
}

// TestCallsMove keeps the findings about calls at their places while somebody types, until they are looked for again.
func TestCallsMove(t *testing.T) {
	root := crate(t, "src/lib.rs", asyncCall, "afidt.toml", "rule-set = \"dyn-box\"\n")
	e := start(t, modern, root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, asyncCall)
	e.settle()
	before := e.list(uri).Diagnostics
	if len(before) == 0 {
		t.Fatal("no finding about a call that must be boxed")
	}
	e.replaceAll(uri, "// a line\n"+asyncCall)
	e.shownVersion(uri, 2)
	place := func(list diagnosticList) string {
		return fmt.Sprint(list.Diagnostics[0].Code, list.Diagnostics[0].Range)
	}
	at := e.list(uri)
	if len(at.Diagnostics) != len(before) || at.Diagnostics[0].Range.Start.Line != before[0].Range.Start.Line+1 {
		t.Fatalf("right after the edit: %+v, want the same findings a line below", at)
	}
	e.settle()
	if again := e.list(uri); place(again) != place(at) {
		t.Errorf("when all is done: %s, want %s", place(again), place(at))
	}
}

// TestBrokenConfiguration is shown, and everything else goes on.
func TestBrokenConfiguration(t *testing.T) {
	root := crate(t, "src/lib.rs", bad, "afidt.toml", "rule-set = 7\n")
	e := start(t, modern, root)
	e.settle()
	if got := e.codes(fileURI(root, "src/lib.rs")); got != "AFIDT001 E0038" {
		t.Errorf("findings %q, want AFIDT001 E0038", got)
	}
	e.wait("a warning about afidt.toml", func() bool {
		for _, n := range e.notes {
			if n.Method == "window/showMessage" && strings.Contains(string(n.Params), "afidt.toml") {
				return true
			}
		}
		return false
	})
}

// TestCargoErrors: a client that shows cargo's errors can do without ours, and keeps the fixes.
func TestCargoErrors(t *testing.T) {
	root := crate(t, "src/lib.rs", asyncCall)
	uri := fileURI(root, "src/lib.rs")
	e := connect(t)
	e.call("initialize", map[string]any{
		"rootUri": uriOf(root), "capabilities": map[string]any{},
		"initializationOptions": map[string]any{"cargoErrors": map[string]any{"enable": false}},
	})
	e.notify("initialized", struct{}{})
	e.open(uri, asyncCall)
	e.settle()
	if got := e.codes(uri); strings.Contains(got, "E0038") || !strings.Contains(got, "AFIDT001") {
		t.Errorf("the findings are %q, want none of cargo's and AFIDT001", got)
	}
	if actions := e.actions(uri, 3, 20, []string{"quickfix"}); len(actions) == 0 {
		t.Error("no fix is offered at the type that cargo reports")
	}
}
