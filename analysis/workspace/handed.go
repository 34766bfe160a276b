package workspace

import (
	"bytes"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// Handed are the words by which a file hands traits on to files that do not name them. They are searched for in the text and are
// rather too many than too few.
type Handed struct {
	// Bounds are hashes of the words in the bounds of `impl ..` types, but for those of parameters, and of associated types.
	Bounds []uint32
	words  []uint32 // sorted hashes of the words that begin with a capital letter
	calls  []uint32 // and of those that stand before a `!`
	// Macros are the names of its macro_rules!, if one of them may write `dyn` or `impl` before an argument.
	Macros []string
}

// HashWord is the hash of a word in Handed (FNV-1a).
func HashWord[T string | []byte](word T) uint32 {
	h := uint32(2166136261)
	for i := range len(word) {
		h = (h ^ uint32(word[i])) * 16777619
	}
	return h
}

// maxBounds is how many bytes of bounds are looked at.
const maxBounds = 1024

// keyword looks at a keyword that stands in the text; dollar is set if a macro's variable follows where a trait may stand.
func (h *Handed) keyword(text []byte, start, end int) (dollar bool) {
	rest := text[end:min(len(text), end+maxBounds)]
	switch string(text[start:end]) {
	case "impl":
		if OpaqueAt(text, start) {
			h.bounds(rest, "{;")
			return beginsWithDollar(rest)
		}
	case "type":
		if head := bytes.IndexAny(rest, ":=;{"); head >= 0 && rest[head] == ':' {
			h.bounds(rest[head:], ";{")
		}
	case "trait": // `trait T: Iterator<Item: Bound>`, `trait Alias = Bound;`
		if head := bytes.IndexAny(rest, "{;"); head >= 0 {
			if inner := bytes.IndexAny(rest[:head], "<="); inner >= 0 {
				h.bounds(rest[inner:head], "{;")
			}
		}
	case "dyn":
		return beginsWithDollar(rest)
	}
	return false
}

// end sorts what was found.
func (h *Handed) end(text []byte, dollar bool) {
	for _, list := range [...]*[]uint32{&h.words, &h.calls} {
		slices.Sort(*list)
		*list = slices.Clone(slices.Compact(*list))
	}
	if dollar {
		EachWord(text, "macro_rules", func(_, end int) {
			if name := firstWord(bytes.TrimLeft(text[end:], "! \t\r\n")); len(name) > 0 {
				h.Macros = append(h.Macros, string(name))
			}
		})
	}
}

// Have reports whether a word that begins with a capital letter stands in the file; of others it says yes.
func (h *Handed) Have(word string) bool {
	if word[0] < 'A' || word[0] > 'Z' {
		return true
	}
	_, ok := slices.BinarySearch(h.words, HashWord(word))
	return ok
}

// Invokes reports whether a macro of that name may be invoked in the file.
func (h *Handed) Invokes(name string) bool {
	_, ok := slices.BinarySearch(h.calls, HashWord(name))
	return ok
}

// EachWord calls f for every place where a word stands in a text.
func EachWord(text []byte, word string, f func(start, end int)) {
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(word))
		if i < 0 {
			return
		}
		start, end := at+i, at+i+len(word)
		at = end
		if (start == 0 || !wordByte(text[start-1])) && end < len(text) && !wordByte(text[end]) {
			f(start, end)
		}
	}
}

func wordByte(c byte) bool { return nameByte(c) || c >= 0x80 }

// OpaqueAt reports whether the `impl` at an offset may begin a type that is not the type of a parameter, whose function names
// the trait itself.
func OpaqueAt(text []byte, start int) bool {
	i := skipBack(text, start)
	for i > 0 { // &'a mut impl
		word := i
		for word > 0 && wordByte(text[word-1]) {
			word--
		}
		switch {
		case word > 0 && text[word-1] == '\'':
			i = skipBack(text, word-1)
			continue
		case word == i-3 && string(text[word:i]) == "mut":
			i = skipBack(text, word)
			continue
		case word == i && text[i-1] == '&':
			i = skipBack(text, i-1)
			if i > 0 && text[i-1] == ':' {
				return false
			}
			continue
		}
		break
	}
	if i == 0 {
		return false
	}
	switch text[i-1] {
	case ':':
		return i > 1 && text[i-2] == ':'
	case '>', '<', '(', '[', ',', '&', '=', '+', '/':
		return true
	}
	return false
}

func skipBack(text []byte, i int) int {
	for i > 0 && bytes.IndexByte([]byte(blanks), text[i-1]) >= 0 {
		i--
	}
	return i
}

// bounds adds the words of a text up to a byte that ends it.
func (h *Handed) bounds(text []byte, ends string) {
	if end := bytes.IndexAny(text, ends); end >= 0 {
		text = text[:end]
	}
	for i := 0; i < len(text); {
		start := i
		for i < len(text) && wordByte(text[i]) {
			i++
		}
		if i == start {
			i++
			continue
		}
		h.Bounds = append(h.Bounds, HashWord(text[start:i]))
	}
}

// asAt are the words around an `as`; to is nil where it is no renaming of a type: `<A as B>::c`, a cast of a variable.
func asAt(text []byte, start, end int) (from, to []byte) {
	last := skipBack(text, start)
	first := last
	for first > 0 && wordByte(text[first-1]) {
		first--
	}
	from = text[first:last]
	rest := bytes.TrimPrefix(bytes.TrimLeft(text[end:min(len(text), end+256)], blanks), []byte("r#"))
	to = firstWord(rest)
	if rest = bytes.TrimLeft(rest[len(to):], blanks); len(rest) > 0 && bytes.IndexByte([]byte(";,}/"), rest[0]) < 0 { // what ends a use
		return nil, nil
	}
	if len(from) == 0 || len(to) == 0 || syntax.IsPrimitive(string(to)) || lower(to[0]) && lower(from[0]) {
		return nil, nil
	}
	return from, to
}

func lower(c byte) bool { return c >= 'a' && c <= 'z' }

func beginsWithDollar(text []byte) bool {
	text = bytes.TrimLeft(text, blanks)
	return len(text) > 0 && text[0] == '$'
}

func firstWord(text []byte) []byte {
	n := 0
	for n < len(text) && wordByte(text[n]) {
		n++
	}
	return text[:n]
}

// MacroWords are hashes of the words in the arguments of a macro's invocations in a text.
func MacroWords(text []byte, name string) []uint32 {
	var out Handed
	if !bytes.Contains(text, []byte(name)) {
		return nil
	}
	EachWord(text, name, func(_, end int) {
		if text[end] == '!' {
			out.bounds(text[end:min(len(text), end+maxBounds)], ";")
		}
	})
	return out.Bounds
}
