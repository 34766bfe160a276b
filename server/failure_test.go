package server

import (
	"strings"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
)

// TestFailuresAreLogged hands a space a result whose file brought a bug to light: who reads the log learns which file, and where.
func TestFailuresAreLogged(t *testing.T) {
	core, logged := observer.New(zap.InfoLevel)
	s := newServer(t.Context(), Options{Log: zap.New(core)})
	p := &space{server: s}
	p.take(analysis.Result{Path: "/src/lib.rs", Failures: []survey.Failure{{Message: "internal error: on purpose\nstack"}}})
	all := logged.All()
	if len(all) != 1 || all[0].Level != zap.ErrorLevel || all[0].ContextMap()["path"] != "/src/lib.rs" {
		t.Fatalf("logged: %v, want one error about the file", all)
	}
	if text, _ := all[0].ContextMap()["failure"].(string); !strings.Contains(text, "on purpose\nstack") {
		t.Errorf("the failure is %q, want message and stack", text)
	}
}

// TestSaves saves as clients do: with and without the text, which was not asked for, and twice. What is on the way in the buffer
// counts, not what the save carries.
func TestSaves(t *testing.T) {
	root := crate(t, "src/lib.rs", counter)
	e := start(t, modern, root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, counter)
	e.shownVersion(uri, 1)
	before := e.codes(uri)
	bad := counter + "pub fn f(_: &dyn Counter) {}\n"
	e.replaceAll(uri, bad)
	e.shownVersion(uri, 2)
	want := e.codes(uri)
	if want == before {
		t.Fatalf("before and after the edit the file shows %q", want)
	}
	for _, save := range []map[string]any{
		{"textDocument": documentID(uri)},
		{"textDocument": documentID(uri), "text": bad},
		{"textDocument": documentID(uri), "text": counter},
		{"textDocument": documentID(uri), "text": nil},
	} {
		for range 2 {
			e.notify("textDocument/didSave", save)
		}
		e.settle()
		if got := e.codes(uri); got != want {
			t.Errorf("after a save with text %q the file shows %q, want %q", save["text"], got, want)
		}
	}
	e.replaceAll(uri, counter)
	e.shownVersion(uri, 3)
	if got := e.codes(uri); got != before {
		t.Errorf("the next edit shows %q, want %q", got, before)
	}
}
