package infer

import (
	"strings"
	"testing"
)

func TestBoundOf(t *testing.T) {
	for _, row := range []struct {
		text string
		want boundKind
	}{
		{"fn f(x: &dyn Want)", boundDyn},
		{"fn f(x: Box<dyn a::b::Want + Send>)", boundDyn},
		{"type T = dyn Send + 'static + Want;", boundDyn},
		{"fn f() -> impl Iterator<Item = u8> + Want", boundImpl},
		{"impl<T: A<B>> Want for T", boundImpl},
		{"impl $crate::Want for T", boundImpl},
		{"fn f<T: Want>()", boundColon},
		{"fn f<T>() where T: for<'a> Want<'a>", boundColon},
		{"fn f<T: ?Sized + Send + crate::Want>()", boundColon},
		{"type T: 'static + Want;", boundColon},
		{"<T as Want>::f()", boundAs},
		{"<T as a::Want>::f()", boundAs},
		{"fn f(x: Vec<Want>)", boundNone},
		{"(a, Want)", boundNone},
		{"fn f<T: Fn(u8) -> u8 + Want>()", boundUnknown},
		{"impl Other for Want", boundUnknown},
		{"type T = Want;", boundUnknown},
	} {
		if _, got := boundOf([]byte(row.text), strings.Index(row.text, "Want")); got != row.want {
			t.Errorf("%s: got %v, want %v", row.text, got, row.want)
		}
	}
}
