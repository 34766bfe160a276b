package survey

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// load is the snapshot of a lone file with this text.
func load(t testing.TB, text string) *workspace.Snapshot {
	t.Helper()
	path := filepath.Join(t.TempDir(), "it.rs")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := workspace.Load(path, workspace.Options{Cargo: cargo.Options{Edition: 2024}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestParts: what a #[cfg] before a part of an item keeps from being compiled. `dyn Off` is, `dyn On` is not.
func TestParts(t *testing.T) {
	s := load(t, `
fn statements() {
    #[cfg(any())]
    { let _: &dyn Off; }
    #[cfg(any())] let _: Option<&dyn Off> = None;
    let _: &dyn On;
    #[cfg(all())] let _: &dyn On;
    #[cfg(any())] if x { let _: &dyn Off; } else { let _: &dyn Off; }
    let _: &dyn On;
    #[cfg(any())] { fn inner(_: &dyn Off) { let _: &dyn Off; } struct S; }
    fn inner(_: &dyn On) {}
    #[cfg(any())] fn gone() { let _: &dyn Off; }
    let _: &dyn On;
    match x { #[cfg(any())] A => { let _: &dyn Off; } B => { let _: &dyn On; } }
    #[allow(unused)] { #[cfg(all())] { #[cfg(any())] { let _: &dyn Off; } let _: &dyn On; } }
}
#[cfg(any())]
mod gone { fn f(_: &dyn Off) { #[cfg(all())] let _: &dyn Off; } }
struct S { #[cfg(any())] a: Box<dyn Off>, b: Box<dyn On>, #[cfg(any())] c: M<u8, dyn Off>, d: Box<dyn On> }
enum E { #[cfg(any())] A(Box<dyn Off>, Box<dyn Off>), B(Box<dyn On>) }
fn parameters(#[cfg(any())] a: &dyn Off, b: &dyn On, #[cfg_attr(all(), cfg(any()))] c: &dyn Off) {}
`)
	for _, m := range Make(s, 1).Mentions {
		if text := string(m.Span.Of(m.File.Text)); m.Active != (text == "dyn On") {
			t.Errorf("line %d: %s is active: %v", m.File.Position(m.Span.Start).Line, text, m.Active)
		}
	}
}

// TestPartsLinear: the attributes of a file are read in one walk and evaluated once, however many types stand behind them.
func TestPartsLinear(t *testing.T) {
	const n = 300
	deep := strings.Repeat("#[cfg(all())] { let _: &dyn Deep; ", n) + strings.Repeat("}", n)
	flat := strings.Repeat("#[cfg(all())] let _: &dyn Flat;\n", n)
	s := load(t, fmt.Sprintf("fn f() { %s }\nfn g() { %s }\n", deep, flat))
	file := s.Files[0]
	var all []written
	for _, d := range file.Syntax().Dyns {
		all = append(all, written{ty: syntax.ParseDyn(file.Syntax(), d, file.Edition), item: d.Item})
	}
	if len(all) != 2*n {
		t.Fatalf("%d types, want %d", len(all), 2*n)
	}
	parts := newPartCfgs(file, all)
	for _, w := range all {
		if !parts.active(0, w) {
			t.Fatal("a type is not active")
		}
	}
	toks := len(syntax.Lex(file.Text, source.Span{End: uint32(len(file.Text))}, nil))
	if parts.tokens > toks {
		t.Errorf("%d tokens walked, of %d", parts.tokens, toks)
	}
	if parts.evals > 2*n {
		t.Errorf("%d conditions evaluated, of %d", parts.evals, 2*n)
	}
}

// TestHeadersReadOnce: an item with many types is read once, and a list of arguments is walked once.
func TestHeadersReadOnce(t *testing.T) {
	const n = 500
	s := load(t, fmt.Sprintf("trait Bad { fn f(); }\nfn f<F: Fn(%s)>(_: F) {}\nstruct S { %s }\n",
		strings.Repeat("&dyn Bad, ", n), strings.Repeat("f: Box<dyn Bad>,", n)))
	parts := &surveyor{items: newFileItems(s.Files[0]), judge: Make(s, 1).Judge}
	parts.fileMentions()
	if len(parts.mentions) != 2*n {
		t.Fatalf("%d mentions, want %d", len(parts.mentions), 2*n)
	}
	if got := len(parts.items.escaping); got != 1 {
		t.Errorf("%d argument lists walked, want 1", got)
	}
	if got := len(parts.items.parsed); got != 2 {
		t.Errorf("%d headers read, want 2", got)
	}
}
