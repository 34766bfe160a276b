package infer_test

import "testing"

// TestImportsUnderConditions has a trait and another thing that are imported by one name under opposite conditions: what is not compiled
// hides no trait.
func TestImportsUnderConditions(t *testing.T) {
	for _, imports := range []string{
		"#[cfg(not(unix))] pub use crate::b::Client; #[cfg(unix)] pub use crate::a::Client;",
		"#[cfg(unix)] pub use crate::a::Client; #[cfg(not(unix))] pub use crate::b::Client;",
	} {
		files := map[string]string{
			"src/lib.rs":   "mod a; mod b; mod c; mod calls;",
			"src/a.rs":     "use std::sync::Arc; pub trait Client { async fn fetch(&self); } impl<T: ?Sized> Client for Arc<T> { async fn fetch(&self) {} }",
			"src/b.rs":     "pub struct Client;",
			"src/c.rs":     imports,
			"src/calls.rs": "use crate::c::Client;\nfn f(c: &std::sync::Arc<dyn crate::a::Client>) { c.fetch(); }",
		}
		if got := receivers(t, files); got != "concrete" {
			t.Errorf("%s: got %q", imports, got)
		}
	}
}
