package report

import (
	"strings"
	"testing"
)

// A plan has a row for each method that something of its own keeps from the vtable; the others are named, on lines that fit a
// narrow terminal, and what is unknown has its reasons.
func TestPlan(t *testing.T) {
	no := false
	today := func(class string) DispatchBy {
		return DispatchBy{Stable: "excluded", MethodScope: class, DynBox: class, Box: class}
	}
	trait := Trait{Path: "a::T", Name: "T", File: "a.rs", Line: 1, Column: 7, Cfg: true, DynCompatible: &no, Methods: []Method{
		{Name: "send", DispatchBy: today("boxed"), Reasons: []string{"async_fn", "trait"}},
		{Name: "take", DispatchBy: today("vtable"), Reasons: []string{"by_value_self", "trait"}},
		{Name: "first_of_many", DispatchBy: today("vtable"), Reasons: []string{"trait"}},
		{Name: "second_of_many", DispatchBy: today("vtable"), Reasons: []string{"trait"}},
		{Name: "third", DispatchBy: today("sized-only"), Reasons: []string{"trait"}},
		{Name: "plain", DispatchBy: everywhere},
	}}
	for i := range 12 {
		trait.Methods = append(trait.Methods, Method{Name: "plain_" + strings.Repeat("x", i), DispatchBy: everywhere})
	}
	unknown := func(why string) Mention { return Mention{UnknownBecause: why} }
	w := &Workspace{Traits: []Trait{trait}, Mentions: []Mention{unknown("limit"), unknown("missing_dependency"), unknown("missing_dependency")}}
	const want = `1 trait, 1 of them not dyn compatible
3 trait object types, 0 of them of such a trait, 3 unknown (missing dependency: 2, limit: 1)

a::T  not dyn compatible, never used as dyn
  --> a.rs:1:7
  method  stable        method-scope  dyn-box       box           because
  send    excluded      boxed         boxed         boxed         async_fn, trait
  take    excluded      vtable        vtable        vtable        by_value_self, trait
  vtable under every rule set: plain, plain_, plain_x, plain_xx, plain_xxx,
    plain_xxxx, plain_xxxxx, plain_xxxxxx, plain_xxxxxxx, plain_xxxxxxxx,
    plain_xxxxxxxxx, plain_xxxxxxxxxx, plain_xxxxxxxxxxx
  vtable under the announced rules, excluded today with the trait:
    first_of_many, second_of_many
  sized-only under the announced rules, excluded today with the trait: third
`
	var got strings.Builder
	if err := (Plan{}).Text(&got, w); err != nil {
		t.Fatal(err)
	}
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}
