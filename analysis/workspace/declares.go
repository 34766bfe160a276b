package workspace

import (
	"bytes"
	"strings"
)

// DeclaresNoTrait reports whether the file declares something by a name that is no trait, at its top. It answers from a search in the
// text, for a file that was not scanned; false if that does not tell. What begins a line stands at the top, as rustfmt lays it out; what has a
// #[cfg] may not be there, and what an import names may be anything.
func (f *File) DeclaresNoTrait(name string) bool {
	if f.syntax.made.Load() {
		return false
	}
	text := f.Source()
	other, doubt := false, false
	EachWord(text, name, func(start, _ int) {
		line := bytes.LastIndexByte(text[:start], '\n') + 1
		before := keywordsBefore(text[line:start])
		other = other || (declaring[before] || lower(name[0]) && functions[before]) && !configuredAbove(text[:line])
		// A trait where other conditions hold; an import, whose list may go over several lines.
		doubt = doubt || strings.HasSuffix(before, "trait") || strings.HasPrefix(before, "use ") ||
			line < start && len(bytes.TrimLeft(text[line:start], " \t")) == 0
	})
	return other && !doubt
}

// configuredAbove reports whether the lines above an item, as far as they are attributes or comments, have a #[cfg].
func configuredAbove(text []byte) bool {
	for {
		text = bytes.TrimSuffix(text, []byte("\n"))
		line := bytes.TrimSpace(text[bytes.LastIndexByte(text, '\n')+1:])
		if bytes.HasPrefix(line, []byte("#[")) && bytes.Contains(line, []byte("cfg")) || bytes.HasSuffix(line, []byte("]")) && line[0] != '#' && line[0] != '/' {
			return true // the end of an attribute of several lines is not read
		}
		if !bytes.HasPrefix(line, []byte("#[")) && !bytes.HasPrefix(line, []byte("//")) {
			return false
		}
		text = text[:bytes.LastIndexByte(text, '\n')+1]
	}
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
