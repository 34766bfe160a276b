package workspace

import (
	"slices"
	"testing"
)

func TestHanded(t *testing.T) {
	bound := func(text, word string) bool {
		return slices.Contains(findMarks([]byte(text), true).handed.Bounds, HashWord(word))
	}
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
	renamed := findMarks([]byte("use a::{Want as Other, Want as _};\nfn f() { 1 as usize; B as u8; }"), true).headers.Renamed
	if got := renamed[HashWord("Want")]; !slices.Equal(got, []string{"Other", "_"}) || len(renamed) != 1 {
		t.Errorf("renamed: %v", renamed)
	}
	h := findMarks([]byte("macro_rules! boxed { ($t:path) => { Box<dyn $t> } }"), true).handed
	if !slices.Equal(h.Macros, []string{"boxed"}) {
		t.Errorf("macros: %v", h.Macros)
	}
	if !slices.Contains(MacroWords([]byte("type A = boxed!(Want);"), "boxed"), HashWord("Want")) {
		t.Error("the argument of a macro that writes dyn is not handed on")
	}
}

func TestWordsOfComments(t *testing.T) {
	text := "/// impl Doc for X\n    // impl Line\n\"\n// in a string\" impl A {}\n/*\n// in a block */ impl B {}\nlet x = 1; // impl C {}\n// impl D\r\nimpl E {}"
	h := findMarks([]byte(text), true)
	if got := h.headers.Inherent; !slices.Equal(got, []string{"A", "B", "C", "E"}) {
		t.Errorf("impls of %v: a line that is a comment was read, or one that only looks like it was not", got)
	}
	if h.handed.Have("Doc") || h.handed.Have("D") || !h.handed.Have("B") {
		t.Errorf("the words of comments: %v", h.handed.words)
	}
}
