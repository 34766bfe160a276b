package rules_test

import (
	"slices"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
)

// What stands against several methods is said once, and nobody is told to take away what a box would keep.
func TestReasonsAreGrouped(t *testing.T) {
	found, _ := findings(t, `pub trait Store {
    async fn a(&self);
    fn me(&self) -> Self;
    async fn b(&self);
    async fn c(&self);
    async fn d(&self);
    fn g<T>(&self, _: T);
    fn h<T>(&self, _: T);
}
pub fn f(_: &dyn Store) {}
`)
	at := slices.IndexFunc(found, func(f rules.Finding) bool { return f.Code == "E0038" })
	if at < 0 {
		t.Fatal("no E0038")
	}
	want := "the trait `Store` is not dyn compatible: methods `a`, `b`, `c` and 1 more are `async`, method `me` references the `Self` type in its return type and " +
		"methods `g` and `h` have generic type parameters"
	if got := found[at].Message; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	helps := []string{"consider moving `g` to another trait", "consider moving `h` to another trait", "consider moving `me` to another trait"}
	if !slices.Equal(found[at].Helps, helps) {
		t.Errorf("helps: %q", found[at].Helps)
	}
}
