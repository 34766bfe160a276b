package workspace

import (
	"bytes"
	"strings"
)

// DeclaresNoTrait reports whether the file declares something by a name that is no trait, at its top. It answers from a search in the
// text, for a file that was not scanned; false if that does not tell. What begins a line stands at the top, as rustfmt lays it out.
func (f *File) DeclaresNoTrait(name string) bool {
	if f.syntax.made.Load() {
		return false
	}
	text := f.Source()
	other, trait := false, false
	EachWord(text, name, func(start, _ int) {
		before := keywordsBefore(text[bytes.LastIndexByte(text[:start], '\n')+1 : start])
		other = other || declaring[before] || lower(name[0]) && functions[before]
		trait = trait || strings.HasSuffix(before, "trait") // where other conditions hold
	})
	return other && !trait
}

// keywordsBefore is what stands on a line up to a name, its visibility apart; empty if that is not at the line's beginning.
func keywordsBefore(line []byte) string {
	line = bytes.TrimPrefix(line, []byte("pub"))
	if bytes.HasPrefix(line, []byte("(")) {
		if _, rest, ok := bytes.Cut(line, []byte(")")); ok {
			line = rest
		}
	}
	return string(bytes.TrimSuffix(bytes.TrimPrefix(line, []byte(" ")), []byte(" ")))
}

// declaring is what stands between a visibility and the name of an item of the type namespace that is no trait.
var declaring = map[string]bool{"struct": true, "enum": true, "union": true, "type": true}

// functions is what stands there before that of a function. One that begins with a small letter is called like no trait.
var functions = map[string]bool{"fn": true, "async fn": true, "unsafe fn": true, "const fn": true}
