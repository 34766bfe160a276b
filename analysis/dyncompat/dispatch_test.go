package dyncompat_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// dispatchRows are a method f of a trait T, its class under the announced rules and, behind it, why it is not plainly that of
// the vtable. Behind the bar stands its class under today's rules.
//
// Other traits may follow it.
//
// No compiler implements the announced rules, so these rows are held against nothing but their description: README.md.
const dispatchRows = `
trait T { fn f(&self); } => vtable | vtable
trait T { fn f(self); } => vtable by_value_self | vtable
trait T { fn f(self: Box<Self>); } => vtable | vtable
trait T { fn f(&self); fn g(); } => vtable trait | excluded
trait T { const C: u8; fn f(&self); } => vtable trait | excluded
trait T { type G<'a>; fn f(&self); } => vtable trait | excluded
trait T: Eq { fn f(&self); } => vtable trait | excluded
trait T { async fn f(&self); } => boxed async_fn trait | excluded
trait T { async fn f(&mut self, x: &str) -> Result<u8, String>; } => boxed async_fn trait | excluded
trait T { async fn f(self: Box<Self>); } => boxed async_fn trait | excluded
trait T { fn f(&self) -> impl Future<Output = u8>; } => boxed rpitit trait | excluded
trait T { fn f(&self) -> impl Iterator<Item = u8> + Send + '_; } => boxed rpitit trait | excluded
trait T { fn f(&self) -> (impl Iterator<Item = u8>); } => boxed rpitit trait | excluded
trait T { fn f(&self) -> Option<impl Iterator<Item = u8>>; } => excluded rpitit not_boxable trait | excluded
trait T { fn f(&self) -> (impl Fn(), impl Fn()); } => excluded rpitit not_boxable trait | excluded
trait T { fn f(&self) -> impl Clone; } => excluded rpitit not_boxable trait | excluded
trait T { fn f(&self) -> impl Sized; } => excluded rpitit not_boxable trait | excluded
trait T { fn f(&self) -> impl Iterator; } => excluded rpitit not_boxable trait | excluded
trait T { async fn f<A>(&self, a: A); } => excluded async_fn generic trait | excluded
trait T { async fn f(); } => excluded static_fn trait | excluded
trait T { async fn f(&self) -> Self; } => excluded async_fn self_in_return trait | excluded
trait T { async fn f(&self, x: &Self); } => excluded self_in_param async_fn trait | excluded
trait T { fn f(); } => excluded static_fn trait | excluded
trait T { fn f<A>(&self); } => excluded generic trait | excluded
trait T { fn f(&self) -> Self; } => excluded self_in_return trait | excluded
trait T { fn f(&self, x: &Self) -> Self where Self: Clone; } => sized-only | sized-only
trait T { fn f() where Self: Sized; } => sized-only | sized-only
trait T { async fn f(&self) where Self: Sized; } => sized-only | sized-only
trait T { type G<'a>; fn f(&self) -> Self::G<'_>; } => excluded gat trait | excluded
trait T: Sized { fn f(&self); } => sized-only trait | excluded
#[async_trait] trait T { async fn f(&self); } => vtable | vtable
trait T { fn f(&self) -> impl T; } => excluded rpitit not_boxable trait | excluded
trait T: Sized { fn f(&self) -> impl T; } => sized-only trait | excluded
trait T { fn f(&self) -> impl U; } trait U: V {} trait V { fn g(&self) -> impl T; } => excluded rpitit not_boxable trait | excluded
`

func TestDispatch(t *testing.T) {
	for line := range strings.Lines(strings.TrimSpace(dispatchRows)) {
		src, want, _ := strings.Cut(strings.TrimSpace(line), " => ")
		path := filepath.Join(t.TempDir(), "dispatch.rs")
		if err := os.WriteFile(path, []byte(src), 0o644); err != nil {
			t.Fatal(err)
		}
		snapshot, err := workspace.Load(path, workspace.Options{})
		if err != nil {
			t.Fatal(err)
		}
		traits := survey.Make(snapshot, 1).Traits
		if len(traits) == 0 || traits[0].Def.ItemName() != "T" {
			t.Fatalf("%s\ndoes not begin with the trait T", src)
		}
		methods := traits[0].Verdict.Methods
		i := slices.IndexFunc(methods, func(m dyncompat.Method) bool { return m.Name == "f" })
		if i < 0 {
			t.Errorf("%s\nhas no method f", src)
			continue
		}
		got := string(methods[i].Under(dyncompat.MethodScope))
		for _, r := range methods[i].Reasons {
			got += " " + string(r)
		}
		got += " | " + string(methods[i].Under(dyncompat.Stable))
		if got != want {
			t.Errorf("%s\ngot  %s\nwant %s", src, got, want)
		}
		for _, r := range []dyncompat.RuleSet{dyncompat.DynBox, dyncompat.Box} {
			if methods[i].Under(r) != methods[i].Under(dyncompat.MethodScope) {
				t.Errorf("%s\nits class under %s differs", src, r)
			}
		}
	}
}
