package quickfix

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis"
)

// TestUnclosedCalls types calls: a box is offered once the parentheses are closed, whatever follows.
func TestUnclosedCalls(t *testing.T) {
	const before = "pub trait Client {\n    async fn fetch(&self, url: &str) -> u8;\n}\npub async fn f(client: &dyn Client, url: &str) -> u8 {\n"
	const after = "\n}\n\nfn next() {\n    let x = (1, 2);\n}\n"
	for body, offered := range map[string]bool{
		"client.fetch(":                              false,
		"client.fetch(url":                           false,
		"client.fetch(url;\n    1":                   false,
		"client.fetch(url.await;\n    g(1)":          false,
		"client.fetch(url]).await":                   false,
		"client.fetch(vec![url.await;":               false,
		"client.fetch(\"abc).await":                  false,
		"client.fetch(\n    let b = g(1, 2);\n    b": false,
		"client.fetch(url)":                          true,
		"client.fetch(url).":                         true,
		"client.fetch(url).aw":                       true,
		"g(client.fetch(url), 3":                     true,
		"client.fetch({ let u = url; u }).await":     true,
	} {
		text := before + "    " + body + after
		path := filepath.Join(t.TempDir(), "lib.rs")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		s, err := analysis.Open(path, analysis.Options{})
		if err != nil {
			t.Fatal(err)
		}
		w, err := New(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		actions := At(w, path, uint32(strings.Index(text, "client.fetch")+len("client.")))
		for _, id := range []string{"box", "dyn-box"} {
			if got := slices.ContainsFunc(actions, func(a Action) bool { return a.ID == id && a.BlockedBy == "" }); got != offered {
				t.Errorf("%q: %s offered: %v", body, id, got)
			}
		}
	}
}
