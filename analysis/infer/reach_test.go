package infer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/internal/testtree"
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
		{"trait object of a method by a macro", "macro_rules! getter { () => { pub fn c(&self) -> Box<dyn Client> { todo!() } } }\npub struct S; impl S { getter!(); }", "fn f(s: &crate::S) { let c: Box<_> = s.c(); c.fetch(); }", ""},
		{"trait object of an expression of a macro", "#[macro_export] macro_rules! client { () => { crate::of() } }\npub fn of() -> Box<dyn Client> { todo!() }", "fn f() { crate::of().fetch(); }", "dyn"},
		{"trait object in arguments that no macro is known for", "nowhere::make! { pub struct H { pub c: Box<dyn Client> } }", "fn f(h: &crate::H) { h.c.fetch(); }", "dyn"},
		{"field of a pattern", "pub struct S { pub c: Box<dyn Client> }", "fn f(s: &crate::S) { let crate::S { c } = s; c.fetch(); }", "dyn"},
		{"function as a value", "pub fn c() -> Box<dyn Client> { todo!() }", "use crate::c; fn f() { Some(()).map(|_| c()).unwrap().fetch(); }", "dyn"},
		{"method as a path", "pub struct S; impl S { pub fn c(&self) -> Box<dyn Client> { todo!() } }", "fn f(s: &crate::S) { crate::S::c(s).fetch(); }", "dyn"},
		{"trait object by default", "pub struct Pool<C: ?Sized = dyn Client> { pub c: Box<C> } pub fn pool() -> Pool { todo!() }", "fn f() { crate::pool().c.fetch(); }", "dyn"},
		{"trait object as an argument of a trait", "pub struct Pool; impl AsRef<dyn Client> for Pool { fn as_ref(&self) -> &(dyn Client + 'static) { todo!() } } pub fn pool() -> Pool { Pool }", "fn f() { let p = crate::pool(); let c: &_ = p.as_ref(); c.fetch(); }", "dyn"},
		{"trait object of a closure", "pub fn with(f: impl Fn(&dyn Client)) {}", "fn f() { crate::with(|c| { c.fetch(); }); }", "dyn"},
		{"returned in an array", web + "pub fn both() -> [impl Client; 2] { [Web, Web] }", "fn f() { let [a, _] = crate::both(); a.fetch(); }", "generic"},
		{"returned", web + "pub fn client() -> impl Client { Web }", "fn f() { crate::client().fetch(); }", "generic"},
		{"given through a reference", "pub fn fill(c: &mut Option<Box<dyn Client>>) {}", "fn f() { let mut c = None; crate::fill(&mut c); c.unwrap().fetch(); }", "dyn"},
		{"private field of a module around", "pub struct S { c: Box<dyn Client> }", "fn f(s: &crate::S) { s.c.fetch(); }", "dyn"},
		{"private method", "pub struct S; impl S { fn c(&self) -> Box<dyn Client> { todo!() } }", "fn f(s: &crate::S) { s.c().fetch(); }", "dyn"},
		{"rename beside one of std", "use std::fmt::Debug as D; pub mod other { pub use crate::Client as C; }", "use crate::other::C; fn f<T: C>(w: &T) { w.fetch(); }", "generic"},
		{"associated type of a macro", "macro_rules! has { ($t:ident) => { pub trait $t { type C: Client; fn c(&self) -> Self::C; } } }\nhas!(Has);", "fn f<T: crate::Has>(t: &T) { t.c().fetch(); }", "generic"},
		{"associated type by a where clause", "pub trait Has where Self::C: Client { type C; fn c(&self) -> Self::C; }", "fn f<T: crate::Has>(t: &T) where T::C: crate::Client { t.c().fetch(); }", "generic"},
		{"trait object behind a bound", "pub trait Has: AsRef<dyn Client> {}", "fn f(t: &dyn crate::Has) { t.as_ref().fetch(); }", "dyn"},
		{"trait object in a bound of a parameter", "pub fn with<F: Fn(&dyn Client) + Send>(f: F) {}", "fn f() { crate::with(|c| { c.fetch(); }); }", "dyn"},
		{"trait object behind other bounds", "pub trait Sub: Send + Client {} pub struct S { pub c: Box<dyn Send + Sub> }", "fn f(s: &crate::S) { s.c.fetch(); }", "dyn"},
		{"argument", "pub fn with(c: &impl Client) {}", "fn f(w: u8) { w.fetch(); }", ""},
		{"trait object as the type of a constant", "pub static C: &(dyn Client + Sync) = todo!();", "fn f() { crate::C.fetch(); }", "dyn"},
		{"associated type", "pub trait Has { type C: Client; fn c(&self) -> Self::C; }", "fn f<T: crate::Has>(t: &T) { t.c().fetch(); }", "generic"},
		{"trait of an attribute", "#[trait_variant::make(Remote: Send)]\npub trait Local { async fn fetch(&self); }", "fn f<T: crate::Remote>(w: &T) { w.fetch(); }", "generic"},
	} {
		got := receivers(t, map[string]string{
			"src/lib.rs":  "mod user;\npub trait Client { async fn fetch(&self); }\n" + row.lib,
			"src/user.rs": row.user,
		})
		if got != row.want {
			t.Errorf("%s: %s\ngot %q, want %q", row.name, row.user, got, row.want)
		}
	}
}

// TestReachOfSharedFile has a trait in a file that two tests compile, each with a file of its own.
func TestReachOfSharedFile(t *testing.T) {
	for _, visibility := range []string{"pub", "pub(crate)"} {
		got := receivers(t, map[string]string{
			"src/lib.rs":          "",
			"tests/common/mod.rs": visibility + " trait Client { async fn fetch(&self); }\npub struct Web; impl Client for Web { async fn fetch(&self) {} }",
			"tests/one.rs":        "mod common;",
			"tests/two.rs":        "mod common; use common::*; fn f<T: Client>(a: &T, b: &Web) { a.fetch(); b.fetch(); }",
		})
		if want := "generic concrete"; got != want {
			t.Errorf("%s trait: got %q, want %q", visibility, got, want)
		}
	}
}

// receivers says by what the calls of a package's files are made, in the order of the files. What they have as Cargo.toml is added to
// that of the package.
func receivers(t *testing.T, files map[string]string) string {
	t.Helper()
	files["Cargo.toml"] = "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2024\"\n" + files["Cargo.toml"]
	dir := testtree.Write(t, files)
	snapshot, err := workspace.Load(dir, workspace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := survey.Make(snapshot, 1)
	losesNothing(t, s)
	var out []string
	for _, c := range infer.Calls(s, nil, 1) {
		out = append(out, fmt.Sprint(c.Via))
	}
	return strings.Join(out, " ")
}

// TestArity has calls of a trait's methods with the right number of arguments and with another.
func TestArity(t *testing.T) {
	const traits = "pub trait Store { async fn read(&self, path: &str, #[cfg(windows)] extra: u8, #[cfg(never)] more: u8); async fn open() -> u8 where Self: Sized; }\n"
	for _, row := range []struct{ body, want string }{
		{"s.read(\"a, b\")", "dyn"},
		{"s.read(&format!(\"{}, {}\", 1, 2),)", "dyn"},
		{"s.read(/* none */)", ""},
		{"s.read(1, 2, 3)", ""},
		{"s.read(#[cfg(unix)] \"a\", #[cfg(windows)] \"b\", #[cfg(windows)] 1)", "dyn"},
		{"Store::read(s, \"a\")", "dyn"},
		{"Store::read(s)", ""},
		{"<Disk as Store>::open()", ""},
		{"drop((s.read(), s.read(\"a\")))", "dyn"},
	} {
		got := receivers(t, map[string]string{
			"src/lib.rs": traits + "pub struct Disk;\nfn f(s: &dyn Store) { " + row.body + "; }",
		})
		if got != row.want {
			t.Errorf("%s: got %q, want %q", row.body, got, row.want)
		}
	}
}

// TestTraitsOfDependencies has a trait of a dependency with a method of the name of one that is looked for: its calls are listed where
// the workspace uses it as dyn.
func TestTraitsOfDependencies(t *testing.T) {
	const own = "pub trait Own { async fn poll(&self); }\n"
	for _, row := range []struct{ body, want string }{
		{"fn f<T: dep::Other>(t: &T) { t.poll(); }", ""},
		{"fn f<T: dep::Other>(t: &T, o: &dyn dep::Other) { t.poll(); o.poll(); }", "generic dyn"},
	} {
		got := receivers(t, map[string]string{
			"Cargo.toml":     "[dependencies]\ndep = { path = \"dep\" }\n",
			"src/lib.rs":     own + row.body,
			"dep/Cargo.toml": "[package]\nname = \"dep\"\nversion = \"1.0.0\"\nedition = \"2024\"\n",
			"dep/src/lib.rs": "pub trait Other { async fn poll(&self); }",
		})
		if got != row.want {
			t.Errorf("%s: got %q, want %q", row.body, got, row.want)
		}
	}
}
