package analysis

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/internal/testtree"
)

// partFiles are a package whose types lead into a dependency that came from a registry, and into what its macros write.
var partFiles = map[string]string{
	"Cargo.toml":         "[package]\nname = \"it\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\ndep = \"1.0.0\"\n[workspace]\n",
	".cargo/config.toml": "[source.crates-io]\nreplace-with = \"v\"\n[source.v]\ndirectory = \"vendor\"\n",
	"Cargo.lock": "version = 4\n[[package]]\nname = \"dep\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n" +
		"[[package]]\nname = \"it\"\nversion = \"0.1.0\"\ndependencies = [\"dep\"]\n",
	"src/lib.rs": "pub mod other;\npub mod box_of;\npub trait Client { async fn fetch(&self); }\n" +
		"pub async fn f(s: &dep::Small<[Box<dyn Client>; 4]>) { s.first().fetch().await; }\n",
	"src/other.rs":                    "pub trait Store { async fn get(&self); }\npub async fn g(s: &dyn Store, c: &dyn crate::Client) {\n    s.get().await;\n    c.fetch().await;\n}\n",
	"src/box_of.rs":                   "pub async fn h(s: &dyn crate::other::Store) {\n    Box::pin(s.get()).await;\n}\n",
	"vendor/dep/Cargo.toml":           "[package]\nname = \"dep\"\nversion = \"1.0.0\"\nedition = \"2024\"\n",
	"vendor/dep/.cargo-checksum.json": "{\"files\":{},\"package\":null}",
	"vendor/dep/src/lib.rs": "#[macro_use] mod macros;\npub mod imps;\npub trait Array { type Item; }\npub struct Small<A: Array>(A);\n" +
		"impl<A: Array> Small<A> { pub fn first(&self) -> &A::Item { loop {} } }\n",
	"vendor/dep/src/macros.rs": "macro_rules! arrays { ($($n:literal),*) => { $(impl<T> crate::Array for [T; $n] { type Item = T; })* } }\n",
	"vendor/dep/src/imps.rs":   "arrays!(2, 4);\n",
}

// TestParts asks one session about files and traits from several sides at once, and holds the answers against those about the whole
// workspace.
func TestParts(t *testing.T) {
	dir := testtree.Write(t, partFiles)
	open := func() *Session {
		s, err := Open(dir, Options{RuleSet: "box"})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	whole, parts := open(), open()
	call := func(c infer.Call) string {
		return fmt.Sprintf("%s:%d %s of %s, %s %s", c.File.Path, c.Name.Start, c.Method, c.Trait.ItemName(), c.Via, c.Boxed)
	}
	finding := func(f rules.Finding) string {
		return fmt.Sprintf("%s:%d %s", f.Primary.File.Path, f.Primary.Span.Start, f.Message)
	}
	all, found := whole.Inferred(), whole.Findings()
	if len(all.Calls) != 4 || len(all.Boxes) != 1 {
		t.Fatalf("%d calls and %d boxes are known", len(all.Calls), len(all.Boxes))
	}
	var work sync.WaitGroup
	for _, f := range parts.Snapshot.Files {
		work.Go(func() {
			got := parts.InferredAt(f.Path)
			compare(t, "calls in "+f.Path, lines(got.Calls, call), lines(all.Calls, func(c infer.Call) string {
				if c.File.Path != f.Path {
					return ""
				}
				return call(c)
			}))
			compare(t, "findings in "+f.Path, lines(parts.FindingsIn(f.Path), finding), lines(found, func(x rules.Finding) string {
				if x.Primary.File.Path != f.Path {
					return ""
				}
				return finding(x)
			}))
		})
	}
	for i := range parts.Traits {
		work.Go(func() {
			trait := parts.Traits[i].Def
			compare(t, "calls of "+trait.ItemName(), lines(parts.InferredOf(trait).Calls, call), lines(all.Calls, func(c infer.Call) string {
				if c.Trait.ItemName() != trait.ItemName() {
					return ""
				}
				return call(c)
			}))
		})
	}
	work.Wait()
}

// lines are what is shown of a list, without what is shown as nothing, sorted.
func lines[T any](list []T, show func(T) string) []string {
	var out []string
	for _, x := range list {
		if s := show(x); s != "" {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return out
}

func compare(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%v\nwant\n%v", what, got, want)
	}
}
