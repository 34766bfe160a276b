package server

import (
	"path/filepath"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis"
)

// TestStrayFiles opens files that are none of the folder's targets: each shows what check finds when it is asked about the file.
func TestStrayFiles(t *testing.T) {
	lone := "use host::Counter;\npub fn f(_: &dyn Counter) {}\n#[cfg(test)]\nmod more;\n"
	root := crate(t,
		"src/lib.rs", counter, "src/stray.rs", lone, "src/more.rs", "pub fn g(_: &dyn host::Counter) {}\n",
		"Cargo.toml", "[package]\nname = \"host\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\nexclude = [\"apart\"]\n",
		"apart/Cargo.toml", "[package]\nname = \"apart\"\nversion = \"0.1.0\"\nedition = \"2021\"\n", "apart/src/lib.rs", counter,
	)
	e := start(t, modern, root)
	for name, text := range map[string]string{"src/stray.rs": lone, "apart/src/lib.rs": counter} {
		path := filepath.Join(root, filepath.FromSlash(name))
		uri := uriOf(path)
		e.open(uri, text)
		e.wait("findings of "+name, func() bool { return len(e.shown[uri].Diagnostics) > 0 })
		s, err := analysis.Open(path, analysis.Options{Paths: []string{path}})
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		for _, f := range s.Findings() {
			if f.Primary.File.Path == path {
				want++
			}
		}
		e.settle()
		if got := len(e.list(uri).Diagnostics); got != want || want == 0 {
			t.Errorf("%s shows %d findings, check %d", name, got, want)
		}
		if got := e.codes(fileURI(root, "src/more.rs")); name == "src/stray.rs" && got != "E0038" {
			t.Errorf("the stray file's module shows %q", got)
		}
		actions := string(e.call("textDocument/codeAction", map[string]any{
			"textDocument": documentID(uri), "context": map[string]any{"diagnostics": []any{}},
			"range": map[string]any{"start": map[string]int{"line": 0, "character": 0}, "end": map[string]int{"line": 9, "character": 0}},
		}))
		if actions == "[]" {
			t.Errorf("%s gets no action", name)
		}
		e.close(uri)
		e.wait(name+" to be cleared", func() bool { return name != "src/stray.rs" || len(e.shown[uri].Diagnostics) == 0 })
	}
}
