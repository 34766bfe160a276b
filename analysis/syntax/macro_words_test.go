package syntax

import "testing"

// TestVocabularyOfGlobs has definitions with globs, which may give any name to where the macro is invoked, but for those in a module
// that the macro writes.
func TestVocabularyOfGlobs(t *testing.T) {
	for _, row := range []struct {
		body string
		any  bool
	}{
		{"pub use inner::*;", true},
		{"pub use inner::{A, *};", true},
		{"mod inner { use super::*; pub struct A; }", false},
		{"mod $name { mod deep { use super::*; } use super::{self, *}; }", false},
		{"mod inner { use super::*; } pub use inner::*;", true},
		{"mod inner; pub use inner::*;", true},
	} {
		f := Scan([]byte("macro_rules! m { ($name:ident) => { "+row.body+" } }"), 2021)
		if got := ParseMacro(f, 0, 2021, false).Vocabulary().Any; got != row.any {
			t.Errorf("%s: any name is %v, want %v", row.body, got, row.any)
		}
	}
}
