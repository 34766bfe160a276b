package infer

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/internal/testtree"
)

// TestCandidates has functions that call a method of the name that is looked for in a file that does not name the trait: those that may
// get hold of a value of the trait are called yes.
func TestCandidates(t *testing.T) {
	for _, row := range []struct{ name, lib, user string }{
		{"method", "pub struct S; impl S { pub fn row(&self) -> Box<dyn Client> { todo!() } }",
			"fn yes(s: &S) { s.row().fetch() } fn yes_path() { S::row(s).fetch() } fn no(row: &Table) { row.fetch() } fn no_field(t: &Table) { t.row.fetch() }"},
		{"field", "pub struct S { pub row: Box<dyn Client> }",
			"fn yes(s: &S) { s.row.fetch() } fn yes_pattern() { let S { row, .. } = s; row.fetch() } fn no(t: &Table) { let row = t; row.fetch() } fn no_method(t: &Table) { t.row().fetch() }"},
		{"function", "pub fn row() -> Box<dyn Client> { todo!() }",
			"fn yes() { row().fetch() } fn yes_value() { Some(()).map(row).fetch() } fn no(t: &Table) { t.row().fetch() } fn no_field(t: &Table) { t.row.fetch() }"},
		{"arguments of a macro", "macro_rules! all { ($($t:ty),*) => { pub const ALL: &[&str] = &[$(stringify!($t)),*]; } }\nall!(Client);",
			"fn no(t: &Table) { t.get().fetch() }"},
		{"text of a macro", "macro_rules! text { () => { pub fn text() -> &'static str { \"Client\" } } }\ntext!();",
			"fn no(t: &Table) { t.text().fetch() }"},
		{"definition of a macro", "macro_rules! holder { ($name:ident, $field:ident) => { pub struct $name { pub $field: Box<dyn Client> } } }\nholder!(S, held);",
			"fn yes(s: &S) { s.held.fetch() } fn no(t: &Table) { t.get().fetch() }"},
		{"macro of a body", "pub fn run() { macro_rules! made { () => { Box::new(Web) as Box<dyn Client> } } drop(made!()); }",
			"fn no(t: &Table) { t.get().fetch() }"},
	} {
		dir := testtree.Write(t, map[string]string{
			"Cargo.toml":  "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
			"src/lib.rs":  "mod user;\npub trait Client { async fn fetch(&self); }\n" + row.lib,
			"src/user.rs": row.user,
		})
		snapshot, err := workspace.Load(dir, workspace.Options{})
		if err != nil {
			t.Fatal(err)
		}
		e := newEngine(survey.Make(snapshot, 1))
		names := e.lookFor(func(Method, resolve.Def) bool { return true })
		for _, file := range snapshot.Files {
			if filepath.Base(file.Path) != "user.rs" {
				continue
			}
			read := map[int32]bool{}
			for _, item := range e.candidates(file, names) {
				read[item] = true
			}
			for i, it := range file.Syntax().Items {
				if want := strings.HasPrefix(it.Name, "yes"); read[int32(i)] != want {
					t.Errorf("%s: %s is read: %v, want %v", row.name, it.Name, !want, want)
				}
			}
		}
	}
}
