package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// StringValue is the value of a string literal, raw or not, with its escapes decoded (reference, tokens.literal.str). It
// reports false for what is no string literal, has an escape that is none, or is followed by something else.
func StringValue(literal string) (string, bool) {
	toks := Lex([]byte(literal), source.Span{End: uint32(len(literal))}, nil)
	if len(toks) != 2 || toks[0].Kind != Literal || toks[0].Flags&(StringLit|Unterminated) != StringLit {
		return "", false
	}
	text := literal[toks[0].Start:toks[0].End]
	if hashes := strings.TrimPrefix(text, "r"); hashes != text {
		body := strings.TrimLeft(hashes, "#")
		n := len(hashes) - len(body)
		if len(body) < n+2 || body[0] != '"' || body[len(body)-n-1] != '"' {
			return "", false
		}
		return lineEnds(body[1 : len(body)-n-1]), true
	}
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' { // b"..", c".., a suffix
		return "", false
	}
	return unescape(lineEnds(text[1 : len(text)-1]))
}

// lineEnds is a literal's text as rustc sees it: CRLF is one line end.
func lineEnds(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

var simpleEscapes = map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', '\\': '\\', '0': 0, '\'': '\'', '"': '"'}

func unescape(s string) (string, bool) {
	var out strings.Builder
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 {
			out.WriteString(s)
			return out.String(), true
		}
		out.WriteString(s[:i])
		if s = s[i+1:]; s == "" {
			return "", false
		}
		c := s[0]
		plain, simple := simpleEscapes[c]
		switch {
		case simple:
			out.WriteByte(plain)
			s = s[1:]
		case c == '\n': // the line goes on where the next one's text begins
			s = strings.TrimLeft(s, " \t\n\r")
		case c == 'x' && len(s) >= 3:
			n, err := strconv.ParseUint(s[1:3], 16, 7)
			if err != nil {
				return "", false
			}
			out.WriteByte(byte(n))
			s = s[3:]
		case c == 'u' && strings.HasPrefix(s, "u{"):
			digits, rest, ok := strings.Cut(s[2:], "}")
			n, err := strconv.ParseUint(strings.ReplaceAll(digits, "_", ""), 16, 32)
			if !ok || err != nil || !utf8.ValidRune(rune(n)) {
				return "", false
			}
			out.WriteRune(rune(n))
			s = rest
		default:
			return "", false
		}
	}
}
