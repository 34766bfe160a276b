package quickfix

import (
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
		w, path := loneFile(t, text)
		actions := At(w, path, uint32(strings.Index(text, "client.fetch")+len("client.")))
		for _, id := range []string{"box", "dyn-box"} {
			if got := slices.ContainsFunc(actions, func(a Action) bool { return a.ID == id && a.BlockedBy == "" }); got != offered {
				t.Errorf("%q: %s offered: %v", body, id, got)
			}
		}
	}
}

// TestCallColumns has the cursor anywhere in an awaited call: its actions are offered from the receiver to the end of `.await`, and
// those of a call within it come first.
func TestCallColumns(t *testing.T) {
	const before = "pub trait Client {\n    async fn fetch(&self, size: usize) -> usize;\n}\npub async fn f(client: &dyn Client) -> usize {\n    let n = "
	for _, expr := range []string{
		"client.fetch(1).await",
		"client\n        .fetch(1)\n        // a comment\n        .await",
		"client.fetch(1) . await",
		"Client::fetch(client, 1).await",
		"client.fetch(client.fetch(2).await).await",
	} {
		text := before + expr + " ;\n    n\n}\n"
		w, path := loneFile(t, text)
		start := uint32(len(before))
		end := start + uint32(len(expr))
		for at := start - 1; at <= end+1; at++ {
			boxes := 0
			for _, a := range At(w, path, at) {
				if a.ID == "box" && a.BlockedBy == "" {
					boxes++
				}
			}
			want := 1
			if at < start || at > end {
				want = 0
			}
			if boxes != want {
				t.Errorf("%q, at %q: %d boxes offered, want %d", expr, text[start-1:at]+"^"+text[at:end+1], boxes, want)
			}
		}
		if !strings.Contains(expr, "(2)") {
			continue
		}
		inner := start + uint32(strings.Index(expr, "(2).await")) + 6
		for _, a := range At(w, path, inner) {
			if a.ID == "box" && int(a.Edits[0].Span.Start) > int(end)-len(".await") {
				t.Errorf("at the inner .await the outer call is boxed: %+v", a.Edits)
			}
		}
	}
}

// loneFile analyses a file that belongs to no package.
func loneFile(t *testing.T, text string) (*Workspace, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lib.rs")
	writeFile(t, path, []byte(text))
	s, err := analysis.Open(path, analysis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w, err := New(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return w, path
}
