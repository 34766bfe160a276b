package resolve_test

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// TestTraceIsMadeAgain: the trace of an expansion that was dropped is made again as it was, though the one that it leads through
// was dropped too, and its tokens are those of the file.
func TestTraceIsMadeAgain(t *testing.T) {
	const text = `macro_rules! outer { ($($t:tt)*) => { inner! { $($t)* end } } }
macro_rules! inner { ($a:ident $($t:tt)*) => { trait $a { fn f(&self, $($t)*); } } }
outer! { Made x: &dyn  Other, y: }
`
	path := filepath.Join(t.TempDir(), "trace.rs")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	snapshot, err := workspace.Load(path, workspace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := resolve.New(snapshot)
	file := snapshot.Files[0]
	scope := file.Owners[0]
	budget := resolve.ExpansionBudget
	expand := func(name string, in *workspace.File) *workspace.File {
		t.Helper()
		from := strings.LastIndex(string(in.Text), "{ Made")
		if from < 0 {
			from = strings.Index(string(in.Text), "{")
		}
		args := source.Span{Start: uint32(from + 1), End: uint32(strings.LastIndex(string(in.Text), "}"))}
		made, known := r.ExpandAt(scope, uint32(len(text)), name, in, args, &budget)
		if known != resolve.Certain {
			t.Fatalf("%s! is not expanded", name)
		}
		return made
	}
	made := expand("inner", expand("outer", file))
	before := slices.Clone(made.Expansion.Trace().Tokens)
	for range 2 {
		runtime.GC()
	}
	after := made.Expansion.Trace().Tokens
	if !slices.Equal(before, after) {
		t.Errorf("the tokens were\n%v\nand are\n%v", before, after)
	}
	written := 0
	for _, token := range after {
		if token.File == nil {
			continue
		}
		written++
		here, there := string(made.Text[token.At:][:token.Len]), text[token.From:][:token.Len]
		if token.File != file || here != there {
			t.Errorf("%q comes from %q", here, there)
		}
	}
	if written != len(after) {
		t.Errorf("%d of %d tokens were written somewhere in the file", written, len(after))
	}
}

// TestLongChainOfMacros imports a name that none of many macros defines, each of which invokes the next: each is looked at once.
func TestLongChainOfMacros(t *testing.T) {
	text := "macro_rules! c {\n    () => { pub struct Leaf; fn leaf() { absent() } };\n    ($a:tt $($rest:tt)*) => { c! { $($rest)* } };\n}\n" +
		"pub mod m { c! { " + strings.Repeat("x ", 40) + "} }\npub use m::absent;\n"
	path := filepath.Join(t.TempDir(), "chain.rs")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	snapshot, err := workspace.Load(path, workspace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := resolve.New(snapshot).Lexical(snapshot.Files[0].Owners[0], "absent"); got.Found() {
		t.Errorf("absent is %v", got.Def.Kind)
	}
}
