package server

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// What clients differ in. Each test is a rule that follows from what one of them was seen to send or to tolerate.

// TestDisabled offers a fix that does not apply, with the reason, to who knows such actions and asked for them by hand.
func TestDisabled(t *testing.T) {
	text := "#[async_trait]\npub trait T { async fn f(&self); }\nimpl T for u8 {\n    async fn f(&self) {}\n}\n" // of a crate that is not there
	root := crate(t, "src/lib.rs", text)
	for _, test := range []struct {
		capabilities string
		trigger      int
		want         bool
	}{{modern, 1, true}, {modern, 2, false}, {modern, 0, false}, {eager, 1, false}} {
		e := start(t, test.capabilities, root)
		uri := fileURI(root, "src/lib.rs")
		e.open(uri, text)
		at := map[string]int{"line": 3, "character": 14}
		var actions []codeAction
		if err := json.Unmarshal(e.call("textDocument/codeAction", map[string]any{
			"textDocument": documentID(uri), "range": map[string]any{"start": at, "end": at},
			"context": map[string]any{"diagnostics": []any{}, "triggerKind": test.trigger},
		}), &actions); err != nil {
			t.Fatal(err)
		}
		got := slices.ContainsFunc(actions, func(a codeAction) bool {
			return a.Disabled != nil && strings.Contains(a.Disabled.Reason, "does not depend on async-trait") && !a.IsPreferred && a.Edit == nil && a.Data == nil
		})
		if got != test.want {
			t.Errorf("trigger %d of %.20s: %+v; disabled: %v, want %v", test.trigger, test.capabilities, actions, got, test.want)
		}
	}
}

// TestRegistrations asks for what can be registered, once, and says which files are to be watched.
func TestRegistrations(t *testing.T) {
	e := start(t, modern, crate(t, "src/lib.rs", ""))
	e.settle()
	var all []string
	e.wait("a registration", func() bool {
		all = nil
		for _, m := range e.asked {
			if m.Method == "client/registerCapability" {
				all = append(all, string(m.Params))
			}
		}
		return len(all) > 0
	})
	for _, want := range []string{`"workspace/didChangeWatchedFiles"`, `"**/*.rs"`, `"**/Cargo.{toml,lock}"`, `"workspace/didChangeConfiguration"`} {
		if len(all) != 1 || !strings.Contains(all[0], want) {
			t.Errorf("registrations %s, want one with %s", all, want)
		}
	}
}

// TestTokenOfInitialize shows progress of a client that is not to be asked for a token, and sent one.
func TestTokenOfInitialize(t *testing.T) {
	root := crate(t, "src/lib.rs", bad)
	e := connect(t)
	e.call("initialize", map[string]any{"rootUri": uriOf(root), "capabilities": map[string]any{}, "workDoneToken": 17})
	e.notify("initialized", struct{}{})
	e.settle()
	var kinds []string
	for _, n := range e.notes {
		var p struct {
			Token json.RawMessage
			Value struct{ Kind string }
		}
		if n.Method == "$/progress" && json.Unmarshal(n.Params, &p) == nil {
			kinds = append(kinds, string(p.Token)+" "+p.Value.Kind)
		}
	}
	if len(kinds) < 2 || kinds[0] != "17 begin" || kinds[len(kinds)-1] != "17 end" {
		t.Errorf("progress %q, want it to begin and to end with the client's token", kinds)
	}
	if len(e.asked) > 0 {
		t.Errorf("the server asked for %s", e.asked[0].Method)
	}
}

// TestInitializationOptions are the settings of clients that cannot be asked for them, in any form that clients have for "nothing".
func TestInitializationOptions(t *testing.T) {
	root := crate(t, "src/lib.rs", bad)
	off := map[string]any{"rules": map[string]string{"undispatchable_method": "off"}}
	for _, test := range []struct {
		options any
		want    string
	}{
		{nil, "AFIDT001 E0038"}, {map[string]any{}, "AFIDT001 E0038"}, {[]any{}, "AFIDT001 E0038"}, {5, "AFIDT001 E0038"},
		{map[string]any{"afidt": nil, "other": 1}, "AFIDT001 E0038"}, {off, "E0038"}, {map[string]any{"afidt": off}, "E0038"},
	} {
		e := connect(t)
		e.call("initialize", map[string]any{"rootUri": uriOf(root), "capabilities": map[string]any{}, "initializationOptions": test.options})
		e.notify("initialized", struct{}{})
		e.settle()
		if got := e.codes(fileURI(root, "src/lib.rs")); got != test.want {
			t.Errorf("options %v: %q, want %q", test.options, got, test.want)
		}
		e.notify("workspace/didChangeConfiguration", map[string]any{"settings": map[string]any{"afidt": off}})
		e.settle()
		if got := e.codes(fileURI(root, "src/lib.rs")); got != "E0038" {
			t.Errorf("options %v, then other settings: %q, want E0038", test.options, got)
		}
	}
}

// TestSeveralChanges has one notification with a whole text and edits after it, each of the text that the one before left. The version
// need not be the next one.
func TestSeveralChanges(t *testing.T) {
	root := crate(t, "src/lib.rs", "")
	e := start(t, modern, root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, "nonsense {")
	place := func(line, from, to int) map[string]any {
		return map[string]any{"start": map[string]int{"line": line, "character": from}, "end": map[string]int{"line": line, "character": to}}
	}
	e.versions[uri] = 40
	e.change(uri,
		map[string]any{"text": "trait U { async fn f(); }\nfn f(_: &dyn V) {}\n"},
		map[string]any{"range": place(0, 6, 7), "text": "🦀🦀"},
		map[string]any{"range": place(0, 6, 10), "text": "T"},
		map[string]any{"range": place(1, 13, 14), "text": "T"},
	)
	e.settle()
	if list := e.list(uri); e.codes(uri) != "AFIDT001 E0038" || *list.Version != 41 {
		t.Errorf("published %+v, want two findings in version 41", list)
	}
}

// TestRanges asks as editors do: at the cursor, for one character, for what is marked, and for the whole file, by themselves and
// without a diagnostic.
func TestRanges(t *testing.T) {
	root := crate(t, "src/lib.rs", counter)
	e := start(t, eager, root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, counter)
	for _, r := range [][4]int{{3, 16, 3, 16}, {3, 20, 3, 20}, {3, 27, 3, 27}, {3, 20, 3, 21}, {3, 16, 3, 27}, {0, 0, 4, 0}, {3, 27, 3, 16}} {
		result := e.call("textDocument/codeAction", map[string]any{
			"textDocument": documentID(uri), "context": map[string]any{"diagnostics": []any{}, "triggerKind": 2},
			"range": map[string]any{"start": map[string]int{"line": r[0], "character": r[1]}, "end": map[string]int{"line": r[2], "character": r[3]}},
		})
		if !strings.Contains(string(result), "companion") {
			t.Errorf("at %v: %s, want the companion among them", r, result)
		}
	}
}

// TestAnnotations marks edits that are to be looked at first, where the client shows that.
func TestAnnotations(t *testing.T) {
	root := crate(t, "src/lib.rs", counter)
	uri := fileURI(root, "src/lib.rs")
	for capabilities, want := range map[string]bool{modern: true, eager: false} {
		e := start(t, capabilities, root)
		e.open(uri, counter)
		annotated := 0
		for _, a := range e.actions(uri, 3, 20, nil) {
			if a.Data != nil {
				if err := json.Unmarshal(e.call("codeAction/resolve", a), &a); err != nil {
					t.Fatal(err)
				}
			}
			for _, d := range a.Edit.DocumentChanges {
				for _, edit := range d.Edits {
					if edit.AnnotationID == "" {
						continue
					}
					annotated++
					if _, ok := a.Edit.ChangeAnnotations[edit.AnnotationID]; !ok {
						t.Errorf("%s: there is no annotation %s: %s", a.Title, edit.AnnotationID, fmt.Sprint(a.Edit))
					}
				}
			}
		}
		if (annotated > 0) != want {
			t.Errorf("%d edits are annotated, want some: %v", annotated, want)
		}
	}
}
