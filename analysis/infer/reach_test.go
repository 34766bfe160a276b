package infer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// TestReach has a trait in one file and a call in another that does not name the trait, or does so in one way only.
func TestReach(t *testing.T) {
	const web = "pub struct Web; impl Client for Web { async fn fetch(&self) {} }\n"
	for _, row := range []struct{ name, lib, user, want string }{
		{"not in scope", web, "fn f(w: &crate::Web) { w.fetch(); }", ""},
		{"imported", web, "use crate::Client; fn f(w: &crate::Web) { w.fetch(); }", "concrete"},
		{"glob", web, "use crate::*; fn f(w: &Web) { w.fetch(); }", "concrete"},
		{"glob in a block", web, "fn f(w: &crate::Web) { { use crate::*; w.fetch(); } }", "concrete"},
		{"glob of a prelude", web + "pub mod prelude { pub use crate::Client; }", "use crate::prelude::*; fn f(w: &crate::Web) { w.fetch(); }", "concrete"},
		{"glob of a rename", web + "pub mod prelude { pub use crate::Client as C; }", "use crate::prelude::*; fn f(w: &crate::Web) { w.fetch(); }", "concrete"},
		{"glob of nothing", web + "pub mod prelude { pub use crate::Client as _; }", "use crate::prelude::*; fn f(w: &crate::Web) { w.fetch(); }", "concrete"},
		{"rename", web + "pub mod other { pub use crate::Client as C; }", "use crate::other::C; fn f(w: &crate::Web) { w.fetch(); }", "concrete"},
		{"bound by a rename", "pub mod other { pub use crate::Client as C; }", "use crate::other::C; fn f<T: C>(w: &T) { w.fetch(); }", "generic"},
		{"bound by a subtrait", "pub trait Sub: Client {}", "fn f<T: crate::Sub>(w: &T) { w.fetch(); }", "generic"},
		{"trait object in a field", "pub struct S { pub c: Box<dyn Client> }", "fn f(s: &crate::S) { s.c.fetch(); }", "dyn"},
		{"trait object of a subtrait", "pub trait Sub: Client {} pub struct S { pub c: Box<dyn Sub> }", "fn f(s: &crate::S) { s.c.fetch(); }", "dyn"},
		{"trait object by a macro", "macro_rules! boxed { ($t:ident) => { pub type Boxed = Box<dyn $t>; } }\nboxed!(Client);", "fn f(s: &crate::Boxed) { s.fetch(); }", "dyn"},
		{"returned", web + "pub fn client() -> impl Client { Web }", "fn f() { crate::client().fetch(); }", "generic"},
		{"associated type", "pub trait Has { type C: Client; fn c(&self) -> Self::C; }", "fn f<T: crate::Has>(t: &T) { t.c().fetch(); }", "generic"},
		{"trait of an attribute", "#[trait_variant::make(Remote: Send)]\npub trait Local { async fn fetch(&self); }", "fn f<T: crate::Remote>(w: &T) { w.fetch(); }", "generic"},
	} {
		dir := t.TempDir()
		for name, text := range map[string]string{
			"Cargo.toml":  "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
			"src/lib.rs":  "mod user;\npub trait Client { async fn fetch(&self); }\n" + row.lib,
			"src/user.rs": row.user,
		} {
			path := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		snapshot, err := workspace.Load(dir, workspace.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range infer.Calls(survey.Make(snapshot, 1), nil, 1) {
			got = append(got, fmt.Sprint(c.Via))
		}
		if s := strings.Join(got, " "); s != row.want {
			t.Errorf("%s: %s\ngot %q, want %q", row.name, row.user, s, row.want)
		}
	}
}
