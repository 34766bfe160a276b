package server

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
)

const bad = "pub trait T { async fn f(&self); }\npub fn g(_: &dyn T) {}\n"

// TestPublish follows a document: findings come, go with the fault, come with another file's change, and end as [] when the file
// is deleted.
func TestPublish(t *testing.T) {
	root := crate(t, "src/lib.rs", "mod a;\nmod b;\n", "src/a.rs", "pub trait T { async fn f(&self); }\n", "src/b.rs", "use crate::a::T;\nfn g(_: &dyn T) {}\n")
	e := start(t, modern, root)
	a, b := fileURI(root, "src/a.rs"), fileURI(root, "src/b.rs")
	e.settle()
	if got := e.codes(b); got != "E0038" {
		t.Fatalf("of a file that is not open: %q, want E0038", got)
	}
	if list := e.list(b); list.Version != nil || list.Diagnostics[0].CodeDescription == nil || list.Diagnostics[0].Data == nil {
		t.Errorf("published %+v, want no version, and all that the client understands", list)
	}
	if related := string(e.list(b).Diagnostics[0].RelatedInformation); !strings.Contains(related, a) {
		t.Errorf("related information %s does not lead to %s", related, a)
	}
	e.open(a, "pub trait T { async fn f(&self); }\n")
	e.replaceAll(a, "pub trait T { fn f(&self); }\n")
	e.settle()
	if got := e.codes(a) + e.codes(b); got != "" {
		t.Errorf("after the trait was cured there is still %s", got)
	}
	e.close(a) // not saved
	e.settle()
	if got := e.codes(a) + " " + e.codes(b); got != "AFIDT001 E0038" {
		t.Errorf("after the buffer was dropped: %q, want what is on disk: AFIDT001 E0038", got)
	}
	if err := os.Remove(filepath.Join(root, "src", "b.rs")); err != nil {
		t.Fatal(err)
	}
	e.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{nil, map[string]any{"uri": b, "type": 3}}})
	e.settle()
	if list := e.list(b); list.Diagnostics == nil || len(list.Diagnostics) > 0 {
		t.Errorf("of a deleted file there is %+v, want []", list)
	}
}

// TestVersionZero opens a document with version 0, as many clients do: it is a version, and must be sent.
func TestVersionZero(t *testing.T) {
	root := crate(t, "src/lib.rs", bad)
	e := start(t, modern, root)
	uri := fileURI(root, "src/lib.rs")
	e.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": uri, "languageId": "rust", "version": 0, "text": bad}})
	e.settle()
	if list := e.list(uri); list.Version == nil || *list.Version != 0 {
		t.Errorf("version %v, want 0", list.Version)
	}
}

// TestOldClient has no capabilities at all: nothing is asked of it, and the rule's page stands in the message.
func TestOldClient(t *testing.T) {
	root := crate(t, "src/lib.rs", bad)
	e := start(t, "{}", root)
	e.settle()
	list := e.list(fileURI(root, "src/lib.rs"))
	if len(list.Diagnostics) != 2 {
		t.Fatalf("published %+v, want two findings", list)
	}
	for _, d := range list.Diagnostics {
		if d.RelatedInformation != nil || d.CodeDescription != nil || d.Data != nil || !strings.Contains(d.Message, "https://") {
			t.Errorf("published %+v, want nothing that was not asked for, and a link", d)
		}
	}
	if len(e.asked) > 0 {
		t.Errorf("the server asked for %s, which the client does not know", e.asked[0].Method)
	}
}

// TestTags: what need not be there is faded by clients that can, whether they say so of pushed or of pulled diagnostics.
func TestTags(t *testing.T) {
	const text = "pub trait T { async fn f(&self); }\npub async fn g(x: &impl T) { x.f().box.await }\n"
	root := crate(t, "src/lib.rs", text)
	uri := fileURI(root, "src/lib.rs")
	const known = `"tagSupport": {"valueSet": [1, 2]}`
	for _, test := range []struct {
		capabilities string
		want         int
	}{
		{`{"textDocument": {"publishDiagnostics": {` + known + `}}}`, 1},
		{`{"textDocument": {"publishDiagnostics": {"tagSupport": {"valueSet": [2]}}}}`, 0},
		{`{}`, 0},
		{`{"textDocument": {"diagnostic": {` + known + `}}}`, 1},
		{`{"textDocument": {"diagnostic": {}, "publishDiagnostics": {` + known + `}}}`, 1},
	} {
		e := start(t, test.capabilities, root)
		e.open(uri, text)
		e.settle()
		var list diagnosticList
		if strings.Contains(test.capabilities, `"diagnostic"`) {
			var pulled struct{ Items json.RawMessage }
			if err := json.Unmarshal(e.call("textDocument/diagnostic", map[string]any{"textDocument": map[string]any{"uri": uri}}), &pulled); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(pulled.Items, &list.Diagnostics); err != nil {
				t.Fatal(err)
			}
		} else {
			list = e.list(uri)
		}
		found := false
		for _, d := range list.Diagnostics {
			if d.Code == "AFIDT004" {
				found = true
				if len(d.Tags) != test.want || len(d.Tags) > 0 && d.Tags[0] != 1 {
					t.Errorf("%s: tags %v, want %d", test.capabilities, d.Tags, test.want)
				}
			} else if len(d.Tags) > 0 {
				t.Errorf("%s: %s has the tags %v", test.capabilities, d.Code, d.Tags)
			}
		}
		if !found {
			t.Errorf("%s: no AFIDT004 in %+v", test.capabilities, list.Diagnostics)
		}
	}
}

const pulling = `{"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": true}}}`

// TestPull asks for diagnostics. Nothing is pushed; a second answer says that nothing changed; other files' changes are told.
func TestPull(t *testing.T) {
	root := crate(t, "src/lib.rs", "mod a;\nuse a::T;\nfn g(_: &dyn T) {}\n", "src/a.rs", "pub trait T { async fn f(&self); }\n")
	e := start(t, pulling, root)
	lib, a := fileURI(root, "src/lib.rs"), fileURI(root, "src/a.rs")
	e.open(lib, "mod a;\nuse a::T;\nfn g(_: &dyn T) {}\n")
	type answer struct {
		Kind     string `json:"kind"`
		ResultID string `json:"resultId"`
		Items    []any  `json:"items"`
	}
	pull := func(previous string) (out answer) {
		t.Helper()
		result := e.call("textDocument/diagnostic", map[string]any{"textDocument": documentID(lib), "previousResultId": previous})
		if err := json.Unmarshal(result, &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	first := pull("")
	if first.Kind != "full" || len(first.Items) != 1 {
		t.Fatalf("answer %+v, want one finding", first)
	}
	if again := pull(first.ResultID); again.Kind != "unchanged" {
		t.Errorf("second answer %+v, want unchanged", again)
	}
	e.open(a, "pub trait T { fn f(&self); }\n")
	e.settle()
	e.wait("a refresh", func() bool {
		for _, m := range e.asked {
			if m.Method == "workspace/diagnostic/refresh" {
				return true
			}
		}
		return false
	})
	if now := pull(first.ResultID); now.Kind != "full" || len(now.Items) != 0 {
		t.Errorf("answer %+v, want a full one without findings", now)
	}
	all := e.call("workspace/diagnostic", map[string]any{"previousResultIds": []any{}})
	if !strings.Contains(string(all), lib) {
		t.Errorf("the workspace's answer %s lacks %s", all, lib)
	}
	for _, n := range e.notes {
		if n.Method == "textDocument/publishDiagnostics" {
			t.Errorf("pushed %s to a client that pulls", n.Params)
		}
	}
}

// TestEncodings edits and looks behind what has other widths in each encoding.
func TestEncodings(t *testing.T) {
	for encoding, column := range map[string]int{"utf-8": 25, "utf-16": 22, "utf-32": 21} {
		t.Run(encoding, func(t *testing.T) {
			line := "\tfn é🦀(_: &dyn Wrong) {}" // é takes 2, 1, 1 and the crab 4, 2, 1
			root := crate(t, "src/lib.rs", "")
			e := connect(t)
			result := e.initialize(fmt.Sprintf(`{"general": {"positionEncodings": ["utf-7", %q]}}`, encoding), root)
			if !strings.Contains(string(result), fmt.Sprintf(`"positionEncoding":%q`, encoding)) {
				t.Errorf("answer %s, want %s", result, encoding)
			}
			uri := fileURI(root, "src/lib.rs")
			e.open(uri, "trait T { async fn f(&self); }\r\n"+line+"\r\n")
			start := map[string]int{"line": 1, "character": column - 6}
			end := map[string]int{"line": 1, "character": column - 1}
			e.change(uri, map[string]any{"range": map[string]any{"start": start, "end": end}, "text": "T"})
			e.settle()
			list := e.list(uri)
			if e.codes(uri) != "AFIDT001 E0038" {
				t.Fatalf("findings %q, want AFIDT001 E0038", e.codes(uri))
			}
			if got := list.Diagnostics[1].Range.End.Character; got != column-5 {
				t.Errorf("the dyn type ends in column %d, want %d", got, column-5)
			}
			far := map[string]uint32{"line": 4294967295, "character": 4294967295}
			e.change(uri, map[string]any{"range": map[string]any{"start": far, "end": far}, "text": "fn h(_: &dyn T) {}"})
			e.settle()
			if got := e.codes(uri); got != "AFIDT001 E0038 E0038" {
				t.Errorf("after an edit behind the end: %q", got)
			}
		})
	}
}

// TestDefaultEncoding is that of clients that say nothing.
func TestDefaultEncoding(t *testing.T) {
	for offered, want := range map[string]string{`{}`: "utf-16", `{"general": {"positionEncodings": ["utf-16", "utf-8"]}}`: "utf-8", `{"general": []}`: "utf-16"} {
		e := connect(t)
		if result := string(e.initialize(offered)); !strings.Contains(result, fmt.Sprintf(`"positionEncoding":%q`, want)) {
			t.Errorf("%s: %s, want %s", offered, result, want)
		}
	}
}

// TestByteOrderMark counts a BOM that the client sent, and no other.
func TestByteOrderMark(t *testing.T) {
	root := crate(t, "src/lib.rs", "\uFEFFfn f(_: &dyn T) {} trait T { async fn f(); }\n")
	e := start(t, modern, root)
	uri := fileURI(root, "src/lib.rs")
	e.settle()
	if got := e.list(uri).Diagnostics[0].Range.Start.Character; got != 9 {
		t.Errorf("on disk the dyn begins in column %d, want 9", got)
	}
	e.open(uri, "\uFEFFfn f(_: &dyn T) {} trait T { async fn f(); }\n")
	e.settle()
	if got := e.list(uri).Diagnostics[0].Range.Start.Character; got != 10 {
		t.Errorf("in the buffer the dyn begins in column %d, want 10", got)
	}
}

// TestLoneDocuments are files without a package, buffers that were never saved, and odd names.
func TestLoneDocuments(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"lone.rs", "with space.rs", "ünïcode-🦀.rs", "per%cent.rs", "ha#sh.rs"} {
		write(t, filepath.Join(folder, name), bad)
		t.Run(name, func(t *testing.T) {
			e := start(t, modern)
			uri := fileURI(folder, name)
			e.open(uri, bad)
			e.settle()
			if got := e.codes(uri); got != "AFIDT001 E0038" {
				t.Errorf("findings %q, want AFIDT001 E0038", got)
			}
		})
	}
	for _, uri := range []string{"untitled:Untitled-1", "vscode-vfs://github/a/b.rs", fileURI(folder, "never saved.rs")} {
		t.Run(uri, func(t *testing.T) {
			e := start(t, modern)
			e.open(uri, bad)
			e.settle()
			if got := e.codes(uri); got != "AFIDT001 E0038" {
				t.Errorf("findings %q, want AFIDT001 E0038", got)
			}
			e.close(uri)
			e.settle()
			if list := e.list(uri); list.Diagnostics == nil || len(list.Diagnostics) > 0 {
				t.Errorf("after it was closed: %+v, want []", list)
			}
		})
	}
}

// TestFolders has several folders, one of which comes and one goes.
func TestFolders(t *testing.T) {
	one, two := crate(t, "src/lib.rs", bad), crate(t, "src/lib.rs", bad)
	e := start(t, modern, one)
	e.settle()
	folder := func(root string) any { return []any{map[string]string{"uri": uriOf(root), "name": "x"}} }
	e.notify("workspace/didChangeWorkspaceFolders", map[string]any{"event": map[string]any{"added": folder(two), "removed": folder(one)}})
	e.settle()
	e.wait("the folders' findings", func() bool {
		return len(e.shown[fileURI(one, "src/lib.rs")].Diagnostics) == 0 && len(e.shown[fileURI(two, "src/lib.rs")].Diagnostics) == 2
	})
}

// TestRoots finds the folder however a client says it.
func TestRoots(t *testing.T) {
	root := crate(t, "src/lib.rs", bad)
	for name, params := range map[string]any{
		"rootUri":           map[string]any{"rootUri": uriOf(root), "workspaceFolders": nil},
		"rootPath":          map[string]any{"rootPath": root},
		"a folder below it": map[string]any{"rootUri": uriOf(filepath.Join(root, "src"))},
	} {
		t.Run(name, func(t *testing.T) {
			e := connect(t)
			p := params.(map[string]any)
			p["capabilities"] = map[string]any{}
			e.call("initialize", p)
			e.notify("initialized", struct{}{})
			e.settle()
			if got := e.codes(fileURI(root, "src/lib.rs")); got != "AFIDT001 E0038" {
				t.Errorf("findings %q, want AFIDT001 E0038", got)
			}
		})
	}
}

// TestManifestSaved changes a manifest without a watcher: saving it is enough.
func TestManifestSaved(t *testing.T) {
	root := crate(t, "src/lib.rs", "#[cfg(feature = \"extra\")]\nmod a;\n", "src/a.rs", bad)
	e := start(t, "{}", root)
	e.settle()
	a, manifest := fileURI(root, "src/a.rs"), filepath.Join(root, "Cargo.toml")
	if got := e.codes(a); got != "" {
		t.Fatalf("without the feature: %q, want nothing", got)
	}
	write(t, manifest, "[package]\nname = \"test\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[features]\ndefault = [\"extra\"]\nextra = []\n")
	e.notify("textDocument/didSave", map[string]any{"textDocument": documentID(uriOf(manifest)), "text": "not asked for"})
	e.settle()
	if got := e.codes(a); got != "AFIDT001 E0038" {
		t.Errorf("with the feature: %q, want AFIDT001 E0038", got)
	}
	write(t, manifest, "[package\n")
	e.notify("textDocument/didSave", map[string]any{"textDocument": documentID(uriOf(manifest))})
	e.settle()
	if got := e.codes(a); got != "" {
		t.Errorf("with a broken manifest: %q, want nothing", got)
	}
}

// TestSettings takes levels and styles from the client, in any form that clients have for "nothing".
func TestSettings(t *testing.T) {
	root := crate(t, "src/lib.rs", bad)
	uri := fileURI(root, "src/lib.rs")
	var section any
	e := connect(t)
	e.answer = func(m wireMessage) any {
		if m.Method == "workspace/configuration" {
			return []any{section}
		}
		return nil
	}
	e.initialize(modern, root)
	e.settle()
	set := func(value any, want string) {
		t.Helper()
		e.mu.Lock()
		section = value
		e.mu.Unlock()
		e.notify("workspace/didChangeConfiguration", map[string]any{"settings": []any{}})
		e.wait(fmt.Sprintf("the findings under %v", value), func() bool {
			var got []string
			for _, d := range e.shown[uri].Diagnostics {
				got = append(got, fmt.Sprint(d.Code, d.Severity))
			}
			return strings.Join(got, " ") == want
		})
	}
	set(map[string]any{"rules": map[string]string{"undispatchable_method": "off"}}, "E00381")
	set(nil, "AFIDT0012 E00381")
	set(map[string]any{"rules": map[string]string{"E0038": "hint", "afidt001": "error"}, "unknown": 1}, "AFIDT0011 E00384")
	set([]any{}, "AFIDT0012 E00381")
	set(map[string]any{"rules": 5}, "AFIDT0012 E00381")
}

// TestProgress begins and ends once, and only after the client agreed.
func TestProgress(t *testing.T) {
	root := crate(t, "src/lib.rs", bad)
	e := start(t, modern, root)
	e.settle()
	begun, ended := 0, 0
	for _, n := range e.notes {
		if n.Method != "$/progress" {
			continue
		}
		begun += strings.Count(string(n.Params), `"begin"`)
		ended += strings.Count(string(n.Params), `"end"`)
	}
	if begun != ended || begun > 1 {
		t.Errorf("progress began %d times and ended %d times", begun, ended)
	}
}

// TestCallsFirst has the findings of the rules about calls come before the other findings of the same text, as two goroutines
// publish.
func TestCallsFirst(t *testing.T) {
	const before = "pub trait T { async fn f(&self); }\npub async fn g(x: &dyn T) { x.f().await }\n"
	root := crate(t, "src/lib.rs", before)
	path := filepath.Join(root, "src", "lib.rs")
	s := newServer(t.Context(), Options{})
	if err := json.Unmarshal([]byte(`{"capabilities": {"textDocument": {"diagnostic": {}}}}`), &s.client); err != nil { // it pulls
		t.Fatal(err)
	}
	results := func(seq uint64, text string) (survey, calls analysis.Result) {
		s.docs[path] = newDocument(fileURI(root, "src/lib.rs"), path, int32(seq), []byte(text))
		session, err := analysis.Open(root, analysis.Options{Overlay: map[string][]byte{path: []byte(text)}})
		if err != nil {
			t.Fatal(err)
		}
		survey, calls = analysis.Result{Path: path, Seq: seq}, analysis.Result{Path: path, Seq: seq + 1, AboutCalls: true}
		for _, f := range session.Findings() {
			if slices.Contains(rules.AboutCalls, f.Rule) {
				calls.Findings = append(calls.Findings, f)
			} else {
				survey.Findings = append(survey.Findings, f)
			}
		}
		return survey, calls
	}
	survey, calls := results(1, before)
	s.publisher.put(nil, survey)
	s.publisher.put(nil, calls)
	survey, calls = results(3, "\n"+before)
	s.publisher.put(nil, calls)
	s.publisher.put(nil, survey)
	for _, f := range s.publisher.files[path].found[nil].calls {
		if line := f.diagnostic.Range.Start.Line; f.rule.Code == "AFIDT002" && line == 2 {
			return
		}
	}
	t.Errorf("the call is not reported in the line where it is: %+v", s.publisher.files[path].found[nil].calls)
}
