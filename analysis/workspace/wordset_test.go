package workspace

import (
	"fmt"
	"testing"
)

// TestMayHaveWord: no word of a text is missed, and few others are taken for one.
func TestMayHaveWord(t *testing.T) {
	text := ""
	for i := range 400 {
		text += fmt.Sprintf("fn word_%d(a%x: Ty%d) {}\n", i, i, i*i)
	}
	f := newFile("a.rs", 2021, []byte(text))
	wrong := 0
	for i := range 400 {
		for _, w := range []string{fmt.Sprintf("word_%d", i), fmt.Sprintf("r#a%x", i), fmt.Sprintf("Ty%d", i*i), "fn"} {
			if !f.MayHaveWord(w) {
				t.Errorf("%s is missed", w)
			}
		}
		if f.MayHaveWord(fmt.Sprintf("other_%d", i)) {
			wrong++
		}
	}
	if wrong > 80 {
		t.Errorf("%d of 400 words are said to be there", wrong)
	}
}
