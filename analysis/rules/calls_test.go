package rules_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
)

// TestCallsByRuleSet holds what the rules of calls say under each rule set: `line severity code`, hints included. The rules of
// traits and types are tested elsewhere.
func TestCallsByRuleSet(t *testing.T) {
	tests := []struct {
		name, src string
		want      map[dyncompat.RuleSet]string
	}{
		{"unboxed", `trait T { async fn f(&self) -> u8; }
async fn g(x: &dyn T, y: &impl T) {
    x.f().await;
    y.f().await;
    Box::pin(x.f()).await;
}`, map[dyncompat.RuleSet]string{
			dyncompat.Stable: "3 hint AFIDT002", dyncompat.MethodScope: "3 error AFIDT002", dyncompat.DynBox: "3 error AFIDT002", dyncompat.Box: "3 error AFIDT002",
		}},
		{"excluded", `trait T { async fn generic<U>(&self, u: U); async fn opt(&self) -> impl Copy where Self: Sized; }
async fn g(x: &dyn T) {
    x.generic(1).await;
}`, map[dyncompat.RuleSet]string{
			dyncompat.Stable: "3 hint AFIDT008", dyncompat.MethodScope: "3 error AFIDT008", dyncompat.Box: "3 error AFIDT008",
		}},
		{"type parameters", `trait T { fn generic<U>(&self, u: U); fn f(&self); }
fn g(x: &dyn T, y: &impl T) {
    x.generic(1);
    y.generic(1);
    x.f();
}`, map[dyncompat.RuleSet]string{
			dyncompat.Stable: "3 hint AFIDT008", dyncompat.MethodScope: "3 error AFIDT008",
		}},
		{"needs Sized", `trait T { fn sized(&self) where Self: Sized; async fn later(&self) where Self: Sized; fn by_value(self) -> u8 where Self: Sized; }
trait Bridged { fn sized(&self) where Self: Sized; }
impl<X: Bridged + ?Sized> Bridged for Box<X> { fn sized(&self) {} }
async fn g(x: &dyn T, y: Box<dyn T>, z: Box<dyn Bridged>) {
    x.sized();
    x.later().await;
    y.by_value();
    z.sized();
    (*z).sized();
}`, map[dyncompat.RuleSet]string{ // without a code of its own in rustc, but an error there too
			dyncompat.Stable: "5 error AFIDT008, 6 error AFIDT008, 7 error AFIDT008, 9 error AFIDT008",
			dyncompat.DynBox: "5 error AFIDT008, 6 error AFIDT008, 7 error AFIDT008, 9 error AFIDT008",
		}},
		{"by value on a type that is an error", `trait T { type X; fn f(self) -> u8 where Self::X: Copy; }
fn g(x: Box<dyn T>, y: Box<dyn T<X = u8>>) {
    (*x).f();
    (*y).f();
}`, map[dyncompat.RuleSet]string{dyncompat.Stable: "2 error E0191, 4 error E0161"}},
		{"the word box", `/// a padding box
fn a() {}
// a border box
struct B;
/// a content box
async fn c() {}
box async fn d() {}
`, map[dyncompat.RuleSet]string{
			dyncompat.Stable: "7 error AFIDT003",
		}},
		{"by value", `trait T { fn f(self); fn g(self: Box<Self>); fn h(self) where Self: Sized; }
trait A { async fn f(self); }
fn g(x: Box<dyn T>, y: Box<dyn T>, z: Box<dyn A>) {
    x.f();
    y.g();
    z.f();
}`, map[dyncompat.RuleSet]string{
			dyncompat.Stable: "4 error E0161, 6 hint E0161", dyncompat.DynBox: "4 error E0161, 6 error E0161",
		}},
		{"by value, as an argument", `trait T { fn f(self); }
fn g(x: Box<dyn T>, y: Box<dyn T>, z: Box<dyn T>) {
    (*x).f();
    T::f(*y);
    <dyn T>::f(*z);
}`, map[dyncompat.RuleSet]string{dyncompat.Stable: "3 error E0161, 4 error E0277, 5 error E0277"}},
		{"notations", `trait T { async fn f(&self) -> u8; }
async fn g(x: &dyn T) {
    std::preview::dyn_box!(x.f()).await;
    x.f().box.await;
}
box struct Large([u8; 4096]);
box async fn h() {}`, map[dyncompat.RuleSet]string{
			dyncompat.Stable:      "3 error AFIDT003, 4 error AFIDT003, 6 error AFIDT003, 7 error AFIDT003",
			dyncompat.MethodScope: "3 error AFIDT003, 4 error AFIDT003, 6 error AFIDT003, 7 error AFIDT003",
			dyncompat.DynBox:      "4 error AFIDT003, 6 error AFIDT003, 7 error AFIDT003",
			dyncompat.Box:         "",
		}},
		{"redundant and double", `mod m { pub use std::preview::dyn_box; }
trait T { async fn f(&self) -> u8; }
trait Hand { fn f(&self) -> std::pin::Pin<Box<dyn Future<Output = u8> + '_>>; fn all(&self) -> Box<dyn Iterator<Item = u8> + '_>; }
async fn g(x: &dyn T, y: &impl T, h: &dyn Hand) {
    std::preview::dyn_box!(y.f()).await;
    std::preview::dyn_box!(h.f()).await;
    Box::pin(h.f()).await;
    Box::pin(std::preview::dyn_box!(x.f())).await;
    y.f().box.await;
    Box::pin(async { 1 }).await;
    Box::pin(y.f()).await;
    std::preview::dyn_box!(h.all()).count();
    Box::pin(h.all());
}`, map[dyncompat.RuleSet]string{
			dyncompat.Box: "5 hint AFIDT004, 6 hint AFIDT004, 7 warning AFIDT006, 8 warning AFIDT006, 9 hint AFIDT004, 12 hint AFIDT004",
		}},
		{"not opaque", `trait T { async fn f(&self) -> u8; fn plain(&self) -> u8; }
fn free() {}
async fn g(x: &dyn T) {
    std::preview::dyn_box!(x.f()).await;
    std::preview::dyn_box!(x.plain());
    std::preview::dyn_box!(free());
    std::preview::dyn_box!(1 + 1);
    std::preview::dyn_box!(unknown.f());
}`, map[dyncompat.RuleSet]string{
			dyncompat.DynBox: "5 error AFIDT005, 6 error AFIDT005, 7 error AFIDT005",
		}},
		{"loops", `use std::sync::Arc;
trait T { async fn f(&self) -> u8; async fn other(&self) -> u8; }
impl T for Arc<dyn T> {
    async fn f(&self) -> u8 { self.f().await }
    async fn other(&self) -> u8 { (**self).other().await }
}`, map[dyncompat.RuleSet]string{
			dyncompat.Stable: "4 error AFIDT007, 5 hint AFIDT002",
		}},
	}
	for _, test := range tests {
		for set, want := range test.want {
			t.Run(test.name+"/"+string(set), func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "calls.rs")
				if err := os.WriteFile(path, []byte(test.src), 0o644); err != nil {
					t.Fatal(err)
				}
				s, err := analysis.Open(path, analysis.Options{RuleSet: set})
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, f := range s.Findings() {
					switch f.Rule.Name {
					case "dyn_incompatible_trait", "undispatchable_method":
						continue
					}
					line := f.Primary.File.Position(f.Primary.Span.Start).Line
					got = append(got, fmt.Sprintf("%d %s %s", line, f.Severity, f.Code))
				}
				if diff := cmp.Diff(want, strings.Join(got, ", ")); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			})
		}
	}
}

// TestUnboxedCallHelps: a call is to be boxed in a notation that the rule set has.
func TestUnboxedCallHelps(t *testing.T) {
	const src = `trait T { async fn f(&self) -> u8; }
async fn g(x: &dyn T) { x.f().await; }`
	for set, want := range map[dyncompat.RuleSet]string{
		dyncompat.MethodScope: "companion trait",
		dyncompat.DynBox:      "`std::preview::dyn_box!(..)`",
		dyncompat.Box:         "`.box`",
	} {
		path := filepath.Join(t.TempDir(), "calls.rs")
		if err := os.WriteFile(path, []byte(src), 0o644); err != nil {
			t.Fatal(err)
		}
		s, err := analysis.Open(path, analysis.Options{RuleSet: set})
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, f := range s.Findings() {
			if f.Rule.Name == "unboxed_dyn_call" {
				found = true
				if len(f.Helps) != 1 || !strings.Contains(f.Helps[0], want) {
					t.Errorf("%s: helps %q, want one with %q", set, f.Helps, want)
				}
			}
		}
		if !found {
			t.Errorf("%s: the call is not found", set)
		}
	}
}
