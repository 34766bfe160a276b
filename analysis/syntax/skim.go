package syntax

import (
	"bytes"
	"unicode/utf8"
)

// skimmer goes over the bodies of functions without making tokens. Most of the text of a workspace are bodies in which Scan
// finds nothing: no `dyn`, no item, no conditional macro. The File is the same whether it has seen their tokens or not, so
// only the braces around them become tokens. Whatever could make a difference ends the attempt, and the body is lexed.
type skimmer struct {
	text []byte
	dyn  int // the offset of the next `dyn`, wherever it stands; the end of the text if there is none; -1 at first
	// commentEnd is the end of the last comment that was skipped, and before is the offset of what stands before it.
	commentEnd, before int
	open               [maxSkimDepth]bracket
}

// maxSkimDepth bounds the brackets that nest in a body that is skimmed.
const maxSkimDepth = 128

// bracket is an open bracket of a body.
type bracket struct {
	closer byte
	opaque bool // of a macro invocation or an attribute: a statement may begin behind it
}

// skimClass marks the bytes that skim has to look at.
var skimClass = func() (marks [256]bool) {
	for _, c := range `{}()[];"'/` {
		marks[c] = true
	}
	return marks
}()

// skim is the offset of the `}` that ends the body whose `{` is right before pos. It is false if the body must be lexed.
func (s *skimmer) skim(pos int) (end int, ok bool) {
	if s.dyn < pos {
		s.dyn = nextDyn(s.text, pos)
	}
	text := s.text
	s.open[0] = bracket{closer: '}'}
	s.commentEnd = 0
	depth := 0
	floor := pos // nothing before it is the prefix of a literal
	pos, ok = s.statement(pos)
	if !ok || bytes.HasPrefix(text[pos:], []byte("#")) && !bytes.HasPrefix(text[pos:], []byte("#[")) { // an inner attribute
		return 0, false
	}
	for pos < len(text) {
		c := text[pos]
		if !skimClass[c] {
			pos++
			continue
		}
		ok = true
		switch c {
		case '(', '[', '{':
			depth++
			if depth == maxSkimDepth {
				return 0, false
			}
			s.open[depth], ok = s.opener(pos)
			pos++
			if ok && c == '{' {
				pos, ok = s.statement(pos)
			}
		case ')', ']', '}':
			b := s.open[depth]
			if b.closer != c || s.dyn < pos {
				return 0, false
			}
			if depth == 0 {
				return pos, true
			}
			depth--
			pos++
			if c == '}' || b.opaque {
				pos, ok = s.statement(pos)
			}
		case ';':
			pos, ok = s.statement(pos + 1)
		case '"':
			pos, ok = s.quoted(pos, floor)
		case '\'':
			pos, ok = s.apostrophe(pos, floor)
			floor = pos
		case '/':
			pos, ok = s.comment(pos)
		}
		if !ok {
			return 0, false
		}
	}
	return 0, false
}

// closerOf is the bracket that closes c: ')' is the next character, ']' and '}' are the next but one.
func closerOf(c byte) byte {
	if c == '(' {
		return ')'
	}
	return c + 2
}

// statement skips blanks and comments, and reports false if an item begins behind them.
func (s *skimmer) statement(pos int) (int, bool) {
	pos, ok := s.blanks(pos)
	return pos, ok && !s.itemBegins(pos)
}

// blanks skips blanks and comments; a comment that never ends is reported by false.
func (s *skimmer) blanks(pos int) (end int, ok bool) {
	text := s.text
	for pos < len(text) {
		switch classOf[text[pos]] {
		case classBlank, classNewline:
			pos++
			continue
		case classSlash:
			if end, ok = s.comment(pos); !ok {
				return 0, false
			}
			if end > pos+1 {
				pos = end
				continue
			}
		case classWide: // may be a blank
			return 0, false
		}
		return pos, true
	}
	return pos, true
}

// comment is the offset after the comment at pos, or after the `/` that begins none.
func (s *skimmer) comment(pos int) (end int, ok bool) {
	switch {
	case bytes.HasPrefix(s.text[pos:], []byte("//")):
		end, ok = lineEnd(s.text, pos), true
	case bytes.HasPrefix(s.text[pos:], []byte("/*")):
		end, ok = blockCommentEnd(s.text, pos)
	default:
		return pos + 1, true
	}
	s.before = s.significant(pos)
	s.commentEnd = end
	return end, ok
}

// significant is the offset of the last byte before pos that is neither blank nor of a comment.
func (s *skimmer) significant(pos int) int {
	for pos--; pos >= s.commentEnd && (classOf[s.text[pos]] == classBlank || s.text[pos] == '\n'); pos-- {
	}
	if pos < s.commentEnd {
		return s.before
	}
	return pos
}

// itemBegins reports whether an item may begin at pos, as itemAt would say; it may say so too often.
func (s *skimmer) itemBegins(pos int) bool {
	word, end := s.word(pos)
	if !itemWords[word] {
		return false
	}
	if qualifierFlags[word] == 0 && word != WordSafe && word != WordConst {
		return true
	}
	// `unsafe {`, `async move`, `const {` and `default()` are no items.
	end, ok := s.blanks(end)
	if !ok {
		return true
	}
	next, after := s.word(end)
	return qualified[next] || word == WordConst && after > end
}

// word is the keyword at pos, and where the ASCII identifier there ends.
func (s *skimmer) word(pos int) (Word, int) {
	end := pos
	for end < len(s.text) && identBytes[s.text[end]] {
		end++
	}
	if end == pos {
		return NoWord, pos
	}
	return wordOf(s.text[pos:end]), end
}

// opener is the bracket that opens at pos. It is false for the arguments of a macro that may be read as items.
func (s *skimmer) opener(pos int) (b bracket, ok bool) {
	b.closer = closerOf(s.text[pos])
	bang := s.significant(pos)
	switch s.text[bang] {
	case '#':
		b.opaque = true
		return b, true
	case '!':
		b.opaque = true
	default:
		return b, true
	}
	end := s.significant(bang) + 1
	name := end
	for identBytes[s.text[name-1]] {
		name--
	}
	if conditionals[string(s.text[name:end])] != nil {
		return b, false
	}
	first, ok := s.statement(pos + 1)
	return b, ok && first < len(s.text) && s.text[first] != '#'
}

// quoted is the offset after the string whose quote is at pos; no literal begins before floor. A string that touches a name
// is one that the scanner suspects.
func (s *skimmer) quoted(pos, floor int) (end int, ok bool) {
	text := s.text
	hash := pos
	for hash > floor && text[hash-1] == '#' {
		hash--
	}
	raw, sure := s.prefixed(hash, floor, 'r')
	switch {
	case !sure:
		return 0, false
	case raw:
		end, ok = rawEnd(text, pos+1, pos-hash)
		return end, ok && (hash < pos || !identStartAt(text, end))
	}
	end, ok = stringEnd(text, pos)
	return end, ok && !identStartAt(text, end)
}

// prefixed reports whether the identifier that ends at end is the prefix of a literal: last, or for raw strings last with a
// b or c before it. Behind a `#` that is not sure: `r#r` is a name.
func (s *skimmer) prefixed(end, floor int, last byte) (prefix, sure bool) {
	at := end - 1
	if at < floor || s.text[at] != last {
		return false, true
	}
	if last == 'r' && at > floor && (s.text[at-1] == 'b' || s.text[at-1] == 'c') {
		at--
	}
	if at == floor {
		return true, true
	}
	before := s.text[at-1]
	return !identBytes[before] && before < utf8.RuneSelf, before != '#'
}

// apostrophe is the offset after the lifetime or character at pos.
func (s *skimmer) apostrophe(pos, floor int) (end int, ok bool) {
	switch char, sure := s.prefixed(pos, floor, 'b'); {
	case !sure:
		return 0, false
	case char:
		return charEnd(s.text, pos)
	}
	tok, end := apostrophe(s.text, Token{}, pos)
	return end, tok.Flags&Unterminated == 0
}

// nextDyn is the offset of the first `dyn` from pos on that is a word of its own, or the length of the text.
func nextDyn(text []byte, pos int) int {
	for at := pos + 1; at < len(text); at++ {
		n := bytes.IndexByte(text[at:], 'y') // the rarest of its letters
		if n < 0 {
			break
		}
		at += n
		if text[at-1] == 'd' && at+1 < len(text) && text[at+1] == 'n' &&
			(at-1 == pos || !identBytes[text[at-2]]) && (at+2 == len(text) || !identBytes[text[at+2]]) {
			return at - 1
		}
	}
	return len(text)
}
