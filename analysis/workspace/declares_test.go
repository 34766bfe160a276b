package workspace

import "testing"

// TestDeclaresNoTrait: the text tells what is declared at the top of a file.
func TestDeclaresNoTrait(t *testing.T) {
	for text, want := range map[string]bool{
		"pub struct Name;": true,
		"#[derive(Debug)]\npub(in crate::a) enum Name {}": true,
		"type Name<T> = T;": true,
		"pub trait Name {}": false,
		"#[cfg(a)]\nstruct Name;\n#[cfg(b)]\npub trait Name {}":    false,
		"mod a {\n    pub struct Name;\n}":                         false,
		"pub use a::Name;":                                         false,
		"#[cfg(a)]\npub struct Name;\n#[cfg(b)]\npub use a::Name;": false,
		"struct Name;\n#[cfg(b)]\npub use a::{\n    Name,\n};":     false,
		"#[cfg(a)]\n#[derive(Debug)]\n// A name.\nstruct Name;":    false,
		"#[derive(Debug)]\nstruct Name;":                           true,
		"make!(Name);":                                             false,
		"fn Name() {}":                                             false,
		"struct Names;":                                            false,
	} {
		if got := newFile("a.rs", 2021, []byte(text+"\n")).DeclaresNoTrait("Name"); got != want {
			t.Errorf("%t: %s", got, text)
		}
	}
	if !newFile("a.rs", 2021, []byte("pub async fn name() {}")).DeclaresNoTrait("name") {
		t.Error("a function")
	}
}
