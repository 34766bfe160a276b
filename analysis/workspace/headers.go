package workspace

import (
	"bytes"
	"slices"
)

// Headers are the words of a file that say which impls it may have, so that a file that has none of those that are looked for
// need not be scanned. They are searched for in the text and are rather too many than too few.
type Headers struct {
	words []uint32 // sorted hashes of the words in the headers of impls
	any   bool     // a header is longer than what is looked at
	// Inherent are the last names of the types that impls without a trait are for; "" for a type that is no path.
	Inherent []string
	// Types are the names of structs, enums and unions; Aliases those that `type` and `as` give.
	Types, Aliases []string
	// Renamed are the names that `as` gives, by the hash of what it renames, but for casts of variables and to primitive types.
	Renamed map[uint32][]string
	// Dollar is set if an impl's header has a macro's variable, Macros if a macro may be defined.
	Dollar, Macros bool
}

// Have reports whether a word stands in the header of an impl.
func (h *Headers) Have(word string) bool {
	if h.any {
		return true
	}
	_, ok := slices.BinarySearch(h.words, HashWord(word))
	return ok
}

// keyword looks at a keyword that stands in the text.
func (h *Headers) keyword(text []byte, start, end int) {
	name := func(list *[]string) {
		rest := bytes.TrimPrefix(bytes.TrimLeft(text[end:min(len(text), end+256)], blanks), []byte("r#"))
		if w := firstWord(rest); len(w) > 0 {
			*list = append(*list, string(w))
		}
	}
	switch string(text[start:end]) {
	case "impl":
		if !returnedAt(text, start) {
			h.header(text[end:min(len(text), end+maxBounds)])
		}
	case "struct", "enum", "union":
		name(&h.Types)
	case "type":
		name(&h.Aliases)
	case "as":
		if from, to := asAt(text, start, end); to != nil {
			h.Aliases = append(h.Aliases, string(to))
			if h.Renamed == nil {
				h.Renamed = map[uint32][]string{}
			}
			hash := HashWord(from)
			h.Renamed[hash] = append(h.Renamed[hash], string(to))
		}
	case "macro_rules", "macro":
		h.Macros = true
	}
}

// end sorts what was found.
func (h *Headers) end() {
	slices.Sort(h.words)
	h.words = slices.Clone(slices.Compact(h.words))
	for _, list := range [...]*[]string{&h.Inherent, &h.Types, &h.Aliases} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
}

// returnedAt reports whether the `impl` at an offset is certainly a type.
func returnedAt(text []byte, start int) bool {
	i := skipBack(text, start)
	if i < 2 {
		return false
	}
	switch text[i-1] {
	case '>':
		return text[i-2] == '-'
	case ':', '&', '<', ',', '+':
		return true
	}
	return false
}

// header adds what an impl says whose text begins behind `impl`.
func (h *Headers) header(text []byte) {
	i := len(text) - len(bytes.TrimLeft(text, blanks))
	if i < len(text) && text[i] == '<' {
		h.Dollar = h.Dollar || bytes.IndexByte(text[i:angleEnd(text, i)], '$') >= 0
		i = angleEnd(text, i)
	}
	depth, inherent, last := 0, true, ""
	path := true // so far
	for i < len(text) {
		c := text[i]
		switch {
		case wordByte(c):
			word := firstWord(text[i:])
			i += len(word)
			if depth == 0 {
				switch string(word) {
				case "where":
					h.endHeader(inherent, path, last)
					return
				case "for":
					inherent = false
					continue
				case "dyn", "fn", "extern", "unsafe":
					path = false
				}
				last = string(word)
			}
			h.words = append(h.words, HashWord(word))
			continue
		case c == '{', c == ';':
			h.endHeader(inherent, path, last)
			return
		case c == '<':
			depth++
		case c == '>' && (i == 0 || text[i-1] != '-' && text[i-1] != '='):
			depth--
		case c == '$':
			h.Dollar = true
		case depth == 0 && c != ':' && bytes.IndexByte([]byte(blanks), c) < 0:
			path = false
		}
		i++
	}
	h.any = true
}

func (h *Headers) endHeader(inherent, path bool, last string) {
	if !inherent {
		return
	}
	if !path {
		last = ""
	}
	h.Inherent = append(h.Inherent, last)
}

// angleEnd is the offset behind the `>` that closes the `<` at an offset.
func angleEnd(text []byte, i int) int {
	depth := 0
	for ; i < len(text); i++ {
		switch text[i] {
		case '<':
			depth++
		case '>':
			if text[i-1] == '-' || text[i-1] == '=' {
				continue
			}
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return i
}
