package workspace

import (
	"bytes"
	"testing"
)

// TestNames holds what is found of words against a search in the text.
func TestNames(t *testing.T) {
	const text = "use a::{b, r#get};\nfn f(x: T) { x.get(); x\n\t. r#get ;T::get(); T ::\n get; a: get; 0..get; let get = xget.get_all; /* .got */ }"
	n := findNames([]byte(text))
	for _, word := range []string{"get", "xget", "get_all", "ge", "r", "T", "got", "none", "f"} {
		stands, members := false, 0
		for at := range text {
			if text[at:min(len(text), at+len(word))] != word || at > 0 && wordByte(text[at-1]) || at+len(word) < len(text) && wordByte(text[at+len(word)]) {
				continue
			}
			stands = true
			if before := bytes.TrimRight(bytes.TrimSuffix([]byte(text[:at]), []byte("r#")), " \t\r\n"); bytes.HasSuffix(before, []byte(".")) || bytes.HasSuffix(before, []byte("::")) {
				members++
			}
		}
		if got := n.Have(word); got != stands {
			t.Errorf("%s: stands in the text: %t, want %t", word, got, stands)
		}
		if got := n.Members(word); got != members {
			t.Errorf("%s: %d times a member, want %d", word, got, members)
		}
	}
	if n.Members("get") != 5 {
		t.Errorf("get: %d times a member, want 5", n.Members("get"))
	}
}
