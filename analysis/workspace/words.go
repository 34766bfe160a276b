package workspace

import (
	"bytes"
	"encoding/binary"
	"unicode"
)

// words are the keywords of a file that decide what it has to be scanned for. Half of a workspace has none of them.
type words uint8

const (
	hasDyn words = 1 << iota
	hasTrait
	hasModFile // `mod name;`, a module that is a file of its own, or `include!`
	allWords   = hasDyn | hasTrait | hasModFile
)

// A pair is two letters of a keyword at the given offset in it. Of two neighbouring pairs of a word one stands at an even
// offset of the text, so that half of all places need no look; rare letters were chosen.
var pairs = []struct {
	word   string
	offset int
	means  words
}{
	{}, {"dyn", 0, hasDyn}, {"dyn", 1, hasDyn}, {"mod", 0, hasModFile}, {"mod", 1, hasModFile}, {"trait", 1, hasTrait}, {"trait", 2, hasTrait},
	{"include", 3, hasModFile}, {"include", 4, hasModFile},
}

// pairOf is the index in pairs of every two bytes, the first byte the lower one; 0 if they are none.
var pairOf = func() (table [1 << 16]uint8) {
	for i, p := range pairs[1:] {
		table[binary.LittleEndian.Uint16([]byte(p.word[p.offset:]))] = uint8(i + 1)
	}
	return table
}()

// findWords looks for all words in one pass: they may stand in the text as code, as far as can be told without scanning it.
func findWords(text []byte) (found words) {
	at := 0
	for ; at+8 <= len(text) && found != allWords; at += 8 {
		v := binary.LittleEndian.Uint64(text[at:])
		if pairOf[uint16(v)]|pairOf[uint16(v>>16)]|pairOf[uint16(v>>32)]|pairOf[uint16(v>>48)] == 0 {
			continue
		}
		for k := range 4 {
			if i := pairOf[uint16(v>>(16*k))]; i != 0 {
				found |= wordAt(text, at+2*k, i)
			}
		}
	}
	for ; at+2 <= len(text); at += 2 {
		if i := pairOf[binary.LittleEndian.Uint16(text[at:])]; i != 0 {
			found |= wordAt(text, at, i)
		}
	}
	return found
}

// wordAt is the word whose pair i stands at an offset of the text; 0 if it is another word, or in a comment.
func wordAt(text []byte, at int, i uint8) words {
	p := &pairs[i]
	start := at - p.offset
	if start < 0 || !bytes.HasPrefix(text[start:], []byte(p.word)) {
		return 0
	}
	end := start + len(p.word)
	// Other letters beside it make another word too, which the scan finds out.
	if start > 0 && nameByte(text[start-1]) || end < len(text) && nameByte(text[end]) || inLineComment(text, start) {
		return 0
	}
	if p.word == "include" {
		if end == len(text) || text[end] != '!' {
			return 0
		}
	} else if p.means == hasModFile && !endsDeclaration(text[end:]) {
		return 0
	}
	return p.means
}

func nameByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

const blanks = " \t\r\n"

// endsDeclaration reports whether what follows `mod` may be a name and `;`.
func endsDeclaration(rest []byte) bool {
	rest = bytes.TrimLeft(rest, blanks)
	rest = bytes.TrimLeft(bytes.TrimLeftFunc(rest, nameRune), blanks)
	return len(rest) > 0 && (rest[0] == ';' || rest[0] == '/' || rest[0] == '#') // a comment between; `r#name`
}

func nameRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// maxCommentLine bounds the line that is looked at, so that text without lines takes linear time.
const maxCommentLine = 512

// inLineComment reports whether the byte at offset stands on a line that is a comment and nothing else. The line may lie in
// a string or in a block comment, but it must not be one where those can end.
func inLineComment(text []byte, offset int) bool {
	before := text[max(0, offset-maxCommentLine):offset]
	start := bytes.LastIndexByte(before, '\n') + 1
	if start == 0 && offset > maxCommentLine {
		return false
	}
	after := text[offset:min(len(text), offset+maxCommentLine)]
	end := bytes.IndexByte(after, '\n')
	if end < 0 {
		if len(after) == maxCommentLine {
			return false
		}
		end = len(after)
	}
	line := text[offset-len(before)+start : offset+end]
	return bytes.HasPrefix(bytes.TrimLeft(line, blanks), []byte("//")) && bytes.IndexByte(line, '"') < 0 && !bytes.Contains(line, []byte("*/"))
}
