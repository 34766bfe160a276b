package workspace

import (
	"slices"
	"testing"
)

func TestHanded(t *testing.T) {
	bound := func(text, word string) bool { return slices.Contains(findHanded([]byte(text)).Bounds, HashWord(word)) }
	for _, row := range []struct {
		text string
		want bool
	}{
		{"fn f() -> impl Want {", true},
		{"fn f() -> Box<impl Send + a::Want> {", true},
		{"fn f() -> &'static mut impl Want {", true},
		{"type A = impl Want;", true},
		{"trait A { type B: Want; }", true},
		{"trait A { type B<T>: Other<T> + Want where T: X; }", true},
		{"trait A: Iterator<Item: Want> {", true},
		{"trait A = Want;", true},
		{"fn f(a: impl Want) {", false},
		{"fn f(a: &mut impl Want, b: &'a impl Want) -> u8 {", false},
		{"fn f<T: Want>(a: T) where T: Want {", false},
		{"impl Want for X {", false},
		{"}\n\nunsafe impl<T> Want for X<T> {", false},
		{"trait Want: Sub {", false},
		{"use a::Want;", false},
	} {
		if got := bound(row.text, "Want"); got != row.want {
			t.Errorf("%s\nhands Want on: %t, want %t", row.text, got, row.want)
		}
	}
	renamed := findHeaders([]byte("use a::{Want as Other, Want as _};\nfn f() { 1 as usize; B as u8; }")).Renamed
	if got := renamed[HashWord("Want")]; !slices.Equal(got, []string{"Other", "_"}) || len(renamed) != 1 {
		t.Errorf("renamed: %v", renamed)
	}
	h := findHanded([]byte("macro_rules! boxed { ($t:path) => { Box<dyn $t> } }"))
	if !slices.Equal(h.Macros, []string{"boxed"}) {
		t.Errorf("macros: %v", h.Macros)
	}
	if !slices.Contains(MacroWords([]byte("type A = boxed!(Want);"), "boxed"), HashWord("Want")) {
		t.Error("the argument of a macro that writes dyn is not handed on")
	}
}
