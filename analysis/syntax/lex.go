package syntax

import (
	"bytes"
	"math"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// Lex appends the tokens of text[span] to buf, then an EOF token at the span's end; offsets are absolute. Comments are
// skipped, doc comments too. A span that begins at 0 may begin with a byte order mark, a shebang and a frontmatter, which
// are skipped. If a block comment never ends, the EOF token is Unterminated.
//
// The forms are those of rustc_lexer for all editions at once; an edition only adds forms that older ones reject, except
// within macro arguments, where splitting differently (`c"x"`) loses nothing that a caller looks for. Text that is no Rust
// still lexes: a stray byte or character is a Punct.
func Lex(text []byte, span source.Span, buf []Token) []Token {
	end := min(int(span.End), len(text))
	start := min(int(span.Start), end)
	l := lexer{text: text[:end], toks: buf, openComment: -1, deadRaw: math.MaxInt}
	l.run(start)
	return l.toks
}

// lexer holds what the slow paths of run share.
type lexer struct {
	text        []byte // cut to the end of the span
	toks        []Token
	openComment int // the block comment that never ends, -1 if none
	// deadRaw is the least number of hashes for which a raw string is known to have no end, so that text full of `r#"` is
	// not searched to the end again and again.
	deadRaw int
	cut     *cutter  // decides where broken strings and comments end; nil to take them as they are
	skimmer *skimmer // leaves out the tokens of bodies; nil to give all tokens
}

// class is what a byte can begin.
type class uint8

const (
	classOther class = iota // ASCII punctuation and control characters: one Punct
	classBlank
	classNewline
	classIdent
	classPrefix // an identifier, unless it is the prefix of a literal: b, c, r
	classDigit
	classSlash
	classQuote
	classApostrophe
	classOpen
	classClose
	classColon
	classMinus
	classEqual
	classWide // a byte of a multi-byte character
)

var (
	classOf    [256]class
	identBytes [256]bool // bytes that continue an identifier; multi-byte characters apart
)

func init() {
	for c := range 256 {
		switch {
		case c >= utf8.RuneSelf:
			classOf[c] = classWide
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_':
			classOf[c], identBytes[c] = classIdent, true
		case '0' <= c && c <= '9':
			classOf[c], identBytes[c] = classDigit, true
		}
	}
	for _, c := range "bcr" {
		classOf[c] = classPrefix
	}
	for _, c := range " \t\v\f\r" {
		classOf[c] = classBlank
	}
	classOf['\n'] = classNewline
	classOf['/'] = classSlash
	classOf['"'] = classQuote
	classOf['\''] = classApostrophe
	classOf['('], classOf['['], classOf['{'] = classOpen, classOpen, classOpen
	classOf[')'], classOf[']'], classOf['}'] = classClose, classClose, classClose
	classOf[':'], classOf['-'], classOf['='] = classColon, classMinus, classEqual
}

// manyTokens is the number of tokens from which on a buffer that is full grows to what the whole text takes. To grow by a quarter each
// time, as append does, takes five times the memory in the end: a table of seven megabytes took a hundred.
const manyTokens = 1 << 16

// tokensLeft is about how many tokens are left in a text of the given size, of which those before pos have been read.
func tokensLeft(read, pos, size int) int {
	return int(float64(read)/float64(pos)*float64(size-pos)*1.05) + manyTokens/16
}

// run appends the tokens from pos on. It is one loop over the bytes, as it sees every byte of every file; whatever is rare
// is in a function of its own.
func (l *lexer) run(pos int) {
	text, toks := l.text, l.toks
	var lineFirst TokenFlags
	if pos == 0 {
		pos = prologueEnd(text)
		lineFirst = LineFirst
	} else if blankBefore(text, pos) {
		lineFirst = LineFirst
	}
	prevEnd, prev := -1, -1 // the end and the index of the token before
	// A function's header was begun at this depth of parentheses and square brackets, so that `{` opens its body; -1 if none.
	header, depth := -1, 0
	for pos < len(text) {
		start := pos
		c := text[pos]
		tok := Token{Flags: lineFirst, Start: uint32(start)}
		switch classOf[c] {
		case classNewline:
			lineFirst = LineFirst
			fallthrough
		case classBlank:
			for pos++; pos < len(text) && text[pos] == ' '; pos++ { // indentation
			}
			continue
		case classPrefix:
			var ok bool
			if tok, pos, ok = l.prefixed(tok, pos); ok {
				break
			}
			fallthrough
		case classIdent:
			for pos++; pos < len(text) && identBytes[text[pos]]; pos++ {
			}
			if pos < len(text) && text[pos] >= utf8.RuneSelf {
				pos = identEnd(text, pos)
			}
			tok.Kind = Ident
			tok.Word = wordOf(text[start:pos])
			if prev >= 0 && toks[prev].Word == WordFn && mayName(tok) {
				header = depth
			}
		case classDigit:
			pos = numberEnd(text, pos)
			tok.Kind = Literal
		case classSlash:
			if pos+1 < len(text) && text[pos+1] == '/' {
				n := bytes.IndexByte(text[pos:], '\n')
				if n < 0 {
					n = len(text) - pos
				}
				pos += n
				continue
			}
			if pos+1 < len(text) && text[pos+1] == '*' {
				var lines bool
				if pos, lines = l.blockComment(pos, lineFirst != 0); lines {
					lineFirst = LineFirst
				}
				continue
			}
			tok.Kind, tok.Char = Punct, '/'
			pos++
		case classQuote:
			tok, pos = l.quoted(tok, pos)
		case classApostrophe:
			tok, pos = apostrophe(text, tok, pos)
		case classOpen:
			tok.Kind, tok.Char = Open, c
			pos++
			if c != '{' {
				depth++
				break
			}
			body := header == depth && l.skimmer != nil
			header = -1
			if !body {
				break
			}
			if end, ok := l.skimmer.skim(pos); ok {
				tok.End = uint32(pos)
				if prevEnd == start {
					toks[prev].Flags |= Joint
				}
				toks = append(toks, tok)
				lineFirst = 0
				if blankBefore(text, end) {
					lineFirst = LineFirst
				}
				prevEnd, prev = -1, len(toks)-1
				pos = end
				continue
			}
		case classClose:
			tok.Kind, tok.Char = Close, c
			pos++
			if c == '}' {
				header = -1
			} else {
				depth--
			}
		case classColon:
			tok, pos = pair(text, tok, pos, ':', PathSep)
		case classMinus:
			tok, pos = pair(text, tok, pos, '>', Arrow)
		case classEqual:
			tok, pos = pair(text, tok, pos, '>', FatArrow)
		case classWide:
			r, size := utf8.DecodeRune(text[pos:])
			switch {
			case wideBlank(r):
				pos += size // U+2028 and U+2029 end no line: rustc counts lines by '\n' only
				continue
			case identStart(r):
				pos = identEnd(text, pos)
				tok.Kind = Ident
			default:
				pos += size
				tok.Kind, tok.Char = Punct, c
			}
		default:
			tok.Kind, tok.Char = Punct, c
			pos++
			if c == ';' && header == depth {
				header = -1
			}
		}
		tok.End = uint32(pos)
		if prevEnd == start {
			toks[prev].Flags |= Joint
		}
		lineFirst = 0
		prevEnd, prev = pos, len(toks)
		if len(toks) == cap(toks) && len(toks) >= manyTokens {
			toks = slices.Grow(toks, tokensLeft(len(toks), pos, len(text)))
		}
		toks = append(toks, tok)
	}
	eof := Token{Kind: EOF, Flags: lineFirst, Start: uint32(len(text)), End: uint32(len(text))}
	if l.openComment >= 0 {
		eof.Flags |= Unterminated
	}
	l.toks = append(toks, eof)
}

// pair makes the token of a character that joins with the next into one token, or stands alone.
func pair(text []byte, tok Token, pos int, second byte, joined Kind) (Token, int) {
	if pos+1 < len(text) && text[pos+1] == second {
		tok.Kind = joined
		return tok, pos + 2
	}
	tok.Kind, tok.Char = Punct, text[pos]
	return tok, pos + 1
}

// prefixed reads what begins with b, c or r and is no plain identifier: raw identifiers, byte, C and raw strings, byte
// characters. It reports whether it read anything.
func (l *lexer) prefixed(tok Token, pos int) (Token, int, bool) {
	text := l.text
	at := pos + 1
	if at >= len(text) || identBytes[text[at]] && text[at] != 'r' {
		return tok, pos, false
	}
	raw := text[pos] == 'r'
	if !raw && text[at] == 'r' {
		raw = true
		at++
	}
	if at >= len(text) {
		return tok, pos, false
	}
	switch c := text[at]; {
	case raw && (c == '"' || c == '#'):
		hashes := at
		for at < len(text) && text[at] == '#' {
			at++
		}
		if at < len(text) && text[at] == '"' {
			tok, pos = l.rawString(tok, pos, at+1, at-hashes)
			return tok, pos, true
		}
		if at-hashes == 1 && hashes == pos+1 && at < len(text) {
			if r, _ := utf8.DecodeRune(text[at:]); identStart(r) {
				tok.Kind = Ident
				tok.Flags |= RawIdent
				return tok, identEnd(text, at), true
			}
		}
	case raw:
	case c == '"':
		tok, pos = l.quoted(tok, at)
		return tok, pos, true
	case c == '\'' && text[pos] == 'b':
		tok.Kind = Literal
		end, ok := charEnd(text, at)
		if !ok {
			tok.Flags |= Unterminated
		}
		return tok, end, true
	}
	return tok, pos, false
}

// quoted reads a string with escapes whose quote is at pos.
func (l *lexer) quoted(tok Token, pos int) (Token, int) {
	tok.Kind = Literal
	tok.Flags |= StringLit
	end, ok := stringEnd(l.text, pos)
	lines := bytes.IndexByte(l.text[pos:end], '\n') >= 0
	if l.cut != nil && (lines || !ok) && l.cut.cutsString(int(tok.Start), end, ok) {
		end, lines = l.cut.lineEnd(pos), false
		tok.Flags |= Unterminated
	}
	if lines {
		tok.Flags |= Multiline
	}
	if !ok {
		tok.Flags |= Unterminated
	}
	return tok, end
}

// stringEnd is the offset after the closing quote of the string whose opening quote is at pos, or the end of the text.
func stringEnd(text []byte, pos int) (end int, ok bool) {
	for pos++; pos < len(text); pos++ {
		switch text[pos] {
		case '"':
			return pos + 1, true
		case '\\':
			pos++
		}
	}
	return len(text), false
}

// rawString reads a raw string of n hashes whose contents begin at pos.
func (l *lexer) rawString(tok Token, start, pos, n int) (Token, int) {
	tok.Kind = Literal
	tok.Flags |= StringLit
	if n > 0 {
		tok.Flags |= HashString
	}
	end, ok := len(l.text), false
	if n < l.deadRaw {
		if end, ok = rawEnd(l.text, pos, n); !ok {
			l.deadRaw = n
		}
	}
	if l.cut != nil && (!ok || n == 0) && bytes.IndexByte(l.text[pos:end], '\n') >= 0 && l.cut.cutsString(start, end, ok) {
		end, ok = l.cut.lineEnd(pos), false
	}
	if !ok {
		tok.Flags |= Unterminated
	}
	if bytes.IndexByte(l.text[start:end], '\n') >= 0 {
		tok.Flags |= Multiline
	}
	return tok, end
}

// rawEnd is the offset after the quote and n hashes that end a raw string, or the end of the text.
func rawEnd(text []byte, pos, n int) (end int, ok bool) {
	for {
		quote := bytes.IndexByte(text[pos:], '"')
		if quote < 0 {
			return len(text), false
		}
		pos += quote + 1
		at := pos
		for at < len(text) && at-pos < n && text[at] == '#' {
			at++
		}
		if at-pos == n {
			return at, true
		}
	}
}

// apostrophe reads a lifetime or a character, as rustc_lexer tells them apart.
func apostrophe(text []byte, tok Token, pos int) (Token, int) {
	tok.Kind = Literal
	at := pos + 1
	if at < len(text) {
		r, size := utf8.DecodeRune(text[at:])
		second := at + size
		name := identStart(r) || '0' <= r && r <= '9'
		if name && !(second < len(text) && text[second] == '\'') {
			end := identEnd(text, at)
			if end == at+1 && r == 'r' && end+1 < len(text) && text[end] == '#' {
				if r, _ := utf8.DecodeRune(text[end+1:]); identStart(r) {
					end = identEnd(text, end+1)
				}
			}
			if end < len(text) && text[end] == '\'' { // 'ab', an error of its own
				return tok, end + 1
			}
			tok.Kind = Lifetime
			return tok, end
		}
	}
	end, ok := charEnd(text, pos)
	if !ok {
		tok.Flags |= Unterminated
	}
	return tok, end
}

// charEnd is the offset after the character literal whose quote is at pos. One that does not end on its line ends after
// the quote, so that nothing else of the line is lost.
func charEnd(text []byte, pos int) (end int, ok bool) {
	at := pos + 1
	if at < len(text) && text[at] != '\\' {
		_, size := utf8.DecodeRune(text[at:])
		if at+size < len(text) && text[at+size] == '\'' {
			return at + size + 1, true
		}
	}
	for at < len(text) {
		switch text[at] {
		case '\'':
			return at + 1, true
		case '\n', '/':
			return pos + 1, false
		case '\\':
			at++
		}
		at++
	}
	return pos + 1, false
}

// numberEnd is the offset after the number at pos, its suffix included.
func numberEnd(text []byte, pos int) int {
	decimal := true
	if text[pos] == '0' && pos+1 < len(text) {
		c := text[pos+1]
		decimal = c != 'x' && c != 'o' && c != 'b'
	}
	at, ok := wordEnd(text, pos, decimal)
	if !decimal || !ok || at >= len(text) || text[at] != '.' {
		return at
	}
	// `1.` and `1.5` are floats; `1..2`, `1.foo()` are not.
	if at+1 == len(text) {
		return at + 1
	}
	switch c := text[at+1]; {
	case c == '.':
		return at
	case '0' <= c && c <= '9':
		at, _ = wordEnd(text, at+1, true)
		return at
	}
	if r, _ := utf8.DecodeRune(text[at+1:]); identStart(r) {
		return at
	}
	return at + 1
}

// wordEnd is the end of the digits and suffix at pos, with the sign of an exponent if it is decimal. It reports whether
// only digits were seen, so that a fraction may follow.
func wordEnd(text []byte, pos int, decimal bool) (end int, digits bool) {
	digits = true
	exponent := false
	for pos < len(text) {
		c := text[pos]
		switch {
		case c >= utf8.RuneSelf:
			end = identEnd(text, pos)
			return end, digits && end == pos
		case identBytes[c]:
			if c != '_' && (c < '0' || c > '9') {
				exponent = decimal && digits && (c == 'e' || c == 'E')
				digits = false
			}
		case exponent && (c == '+' || c == '-') && (text[pos-1] == 'e' || text[pos-1] == 'E') &&
			pos+1 < len(text) && '0' <= text[pos+1] && text[pos+1] <= '9':
			exponent = false
		default:
			return pos, digits
		}
		pos++
	}
	return pos, digits
}

// blockComment is the offset after the nested comment at pos, and whether a line ends in it.
func (l *lexer) blockComment(pos int, lineFirst bool) (end int, lines bool) {
	end, ok := blockCommentEnd(l.text, pos)
	lines = bytes.IndexByte(l.text[pos:end], '\n') >= 0
	if l.cut != nil && (lines || !ok) {
		if cut, found := l.cut.cutsComment(pos, end, ok, lineFirst); found {
			return cut, true
		}
	}
	if !ok {
		l.openComment = pos
	}
	return end, lines
}

func blockCommentEnd(text []byte, pos int) (end int, ok bool) {
	depth := 1
	for pos += 2; pos+1 < len(text); pos++ {
		switch {
		case text[pos] == '*' && text[pos+1] == '/':
			pos++
			depth--
			if depth == 0 {
				return pos + 1, true
			}
		case text[pos] == '/' && text[pos+1] == '*':
			pos++
			depth++
		}
	}
	return len(text), false
}

// identEnd is the offset after the identifier characters at pos.
func identEnd(text []byte, pos int) int {
	for pos < len(text) {
		if identBytes[text[pos]] {
			pos++
			continue
		}
		if text[pos] < utf8.RuneSelf {
			return pos
		}
		r, size := utf8.DecodeRune(text[pos:])
		if !identContinue(r) {
			return pos
		}
		pos += size
	}
	return pos
}

// identStart reports XID_Start or `_`.
func identStart(r rune) bool {
	if r < utf8.RuneSelf {
		return identBytes[r] && (r < '0' || r > '9')
	}
	return unicode.In(r, unicode.L, unicode.Nl, unicode.Other_ID_Start)
}

// identContinue reports XID_Continue.
func identContinue(r rune) bool {
	if r < utf8.RuneSelf {
		return identBytes[r]
	}
	return unicode.In(r, unicode.L, unicode.Nl, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Start,
		unicode.Other_ID_Continue)
}

// wideBlank reports the characters beyond ASCII of Pattern_White_Space.
func wideBlank(r rune) bool {
	switch r {
	case '\u0085', '\u200E', '\u200F', '\u2028', '\u2029':
		return true
	}
	return false
}

// blankBefore reports whether only blanks stand before pos on its line.
func blankBefore(text []byte, pos int) bool {
	for pos--; pos >= 0; pos-- {
		switch classOf[text[pos]] {
		case classNewline:
			return true
		case classBlank:
		default:
			return false
		}
	}
	return true
}
