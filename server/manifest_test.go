package server

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// patched is a workspace whose dependency uses one of its own packages: an edit there changes what the dependency means.
func patched(t *testing.T) string {
	return crate(t,
		"Cargo.toml", "[workspace]\nmembers = [\"host\", \"kern\"]\nresolver = \"2\"\nexclude = [\"ext\"]\n[patch.crates-io]\nkern = { path = \"kern\" }\n",
		"host/Cargo.toml", "[package]\nname = \"host\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\next = { path = \"../ext\" }\n",
		"host/src/lib.rs", "pub fn f(_: &dyn ext::Counter) {}\n",
		"kern/Cargo.toml", "[package]\nname = \"kern\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
		"kern/src/lib.rs", "mod more;\npub trait Counter { async fn get(&self); }\n", "kern/src/more.rs", "pub fn g(_: &dyn crate::Counter) {}\n",
		"ext/Cargo.toml", "[package]\nname = \"ext\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\nkern = \"0.1\"\n",
		"ext/src/lib.rs", "pub use kern::Counter;\n",
	)
}

// TestPatched edits a package that a dependency of the workspace uses. Only one package is open at first.
func TestPatched(t *testing.T) {
	root := patched(t)
	e := start(t, modern, root)
	host, kern, more := fileURI(root, "host/src/lib.rs"), fileURI(root, "kern/src/lib.rs"), fileURI(root, "kern/src/more.rs")
	e.open(host, "pub fn f(_: &dyn ext::Counter) {}\n")
	e.settle()
	want := func(when, codes string) {
		t.Helper()
		e.settle()
		if got := e.codes(host) + "|" + e.codes(kern) + "|" + e.codes(more); got != codes {
			t.Errorf("%s: %s, want %s", when, got, codes)
		}
	}
	want("at first", "E0038|AFIDT001|E0038")
	text := "mod more;\npub trait Counter { async fn get(&self); }\n"
	e.open(kern, text)
	e.replaceAll(kern, strings.Replace(text, "async ", "", 1))
	want("after the trait was cured", "||")
	e.replaceAll(kern, text)
	want("after it was made async again", "E0038|AFIDT001|E0038")
	hover := string(e.call("textDocument/hover", map[string]any{"textDocument": documentID(kern), "position": map[string]int{"line": 1, "character": 11}}))
	if !strings.Contains(hover, "is not allowed today") {
		t.Errorf("hover at the trait: %s", hover)
	}
	write(t, filepath.Join(root, "Cargo.toml"), "[workspace")
	e.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": fileURI(root, "Cargo.toml"), "type": 2}}})
	want("while the manifest does not parse", "||")
}

// TestBrokenManifest breaks a manifest, which takes the findings back and is said once, and mends it.
func TestBrokenManifest(t *testing.T) {
	root := crate(t, "src/lib.rs", counter)
	manifest := filepath.Join(root, "Cargo.toml")
	good, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	e := start(t, modern, root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, counter)
	for range 2 {
		before := e.warnings()
		write(t, manifest, "[package")
		e.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": uriOf(manifest), "type": 2}}})
		e.settle()
		e.replaceAll(uri, counter+"\n")
		e.settle()
		if got := e.codes(uri); got != "" {
			t.Errorf("without a manifest there is still %s", got)
		}
		if got := e.warnings()[len(before):]; len(got) != 1 || !strings.Contains(got[0], "Cargo.toml") {
			t.Errorf("warnings %q, want one that names the manifest", got)
		}
		write(t, manifest, string(good))
		e.notify("workspace/didChangeWatchedFiles", map[string]any{"changes": []any{map[string]any{"uri": uriOf(manifest), "type": 2}}})
		e.settle()
		if got := e.codes(uri); got != "AFIDT001 E0038" {
			t.Errorf("after the manifest was mended: %q", got)
		}
	}
}

// warnings are the messages that the user was shown.
func (e *fakeEditor) warnings() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []string
	for _, n := range e.notes {
		if n.Method == "window/showMessage" {
			out = append(out, string(n.Params))
		}
	}
	return out
}
