package survey

import "testing"

// TestPathsOfBlocks: traits of one name in different items have different paths, those in bodies of functions excepted.
func TestPathsOfBlocks(t *testing.T) {
	lines, _ := surveyOf(t, map[string]string{"src/lib.rs": `
const _: () = { trait A { fn f(); } };
const _: () = { trait A { fn f(&self); } mod m { const _: () = { trait A {} }; } };
const X: () = { trait A { fn f(&self); } fn g() { trait A {} const _: () = { { trait A {} } }; } };
static Y: () = { trait A { fn f(&self); } };
enum E { B = { trait A {} 1 } }
`})
	same(t, "survey", lines, []string{
		"p::_::A no", "p::_#1::A yes", "p::_#1::m::_::A yes", "p::X::A yes", "p::X::{fn}::A yes", "p::X::{fn}::_::A yes", "p::Y::A yes", "p::E::A yes",
	})
}
