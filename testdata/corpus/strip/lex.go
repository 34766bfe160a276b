package main

import "bytes"

// A token is a run of source bytes [start, end). Comments and white space are no tokens; a string, a
// character or a lifetime is one token whatever it contains.
type token struct {
	start, end int
	word       bool // identifier or keyword
}

// lex splits Rust source into tokens. It never fails: an unclosed string or comment runs to the end of the
// source, a byte it does not know is a token of its own.
//
// It is deliberately not the engine's scanner: what judges the engine must not share its mistakes.
func lex(src []byte) []token {
	var tokens []token
	for i := 0; i < len(src); {
		start := i
		switch c := src[i]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			i++
			continue
		case bytes.HasPrefix(src[i:], []byte("//")):
			i = lineEnd(src, i)
			continue
		case bytes.HasPrefix(src[i:], []byte("/*")):
			i = blockCommentEnd(src, i)
			continue
		case c == '"':
			i = stringEnd(src, i)
		case c == '\'':
			i = quoteEnd(src, i)
		case isWordStart(c):
			i = wordEnd(src, i)
			if end, ok := prefixedLiteralEnd(src, start, i); ok {
				i = end
				break
			}
			tokens = append(tokens, token{start, i, true})
			continue
		default:
			i++
		}
		tokens = append(tokens, token{start, i, false})
	}
	return tokens
}

func isWordStart(c byte) bool {
	return c == '_' || c >= 0x80 || 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
}

func wordEnd(src []byte, i int) int {
	for i < len(src) && isWordStart(src[i]) {
		i++
	}
	return i
}

func lineEnd(src []byte, i int) int {
	if n := bytes.IndexByte(src[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(src)
}

// blockCommentEnd is the offset after the block comment at i; block comments nest.
func blockCommentEnd(src []byte, i int) int {
	depth := 0
	for i < len(src) {
		switch {
		case bytes.HasPrefix(src[i:], []byte("/*")):
			depth++
			i += 2
		case bytes.HasPrefix(src[i:], []byte("*/")):
			depth--
			i += 2
			if depth == 0 {
				return i
			}
		default:
			i++
		}
	}
	return len(src)
}

// stringEnd is the offset after the string whose opening quote is at i.
func stringEnd(src []byte, i int) int {
	for i++; i < len(src); i++ {
		switch src[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(src)
}

// quoteEnd is the offset after the character or the lifetime whose quote is at i. A quote, one scalar and a
// quote is a character ('a'), so is a quote and a backslash; anything else is a lifetime ('a, 'static).
func quoteEnd(src []byte, i int) int {
	rest := src[i+1:]
	if len(rest) == 0 {
		return len(src)
	}
	if rest[0] == '\\' {
		for j := i + 3; j < len(src) && src[j] != '\n'; j++ {
			if src[j] == '\'' {
				return j + 1
			}
		}
		return i + 2
	}
	for n := 1; n <= 4 && n < len(rest); n++ {
		if rest[n] == '\'' && len(bytes.Runes(rest[:n])) == 1 {
			return i + n + 2
		}
	}
	return wordEnd(src, i+1)
}

// prefixedLiteralEnd tells whether the word [start, end) is the prefix of a literal (r"", br#""#, c"", b”)
// or of a raw identifier (r#type), and where that ends.
func prefixedLiteralEnd(src []byte, start, end int) (int, bool) {
	if end >= len(src) {
		return 0, false
	}
	switch prefix := string(src[start:end]); prefix {
	case "b", "c":
		if src[end] == '"' {
			return stringEnd(src, end), true
		}
		if prefix == "b" && src[end] == '\'' {
			return quoteEnd(src, end), true
		}
	case "r", "br", "cr":
		hashes := end
		for hashes < len(src) && src[hashes] == '#' {
			hashes++
		}
		if hashes < len(src) && src[hashes] == '"' {
			closing := append([]byte{'"'}, src[end:hashes]...)
			if n := bytes.Index(src[hashes+1:], closing); n >= 0 {
				return hashes + 1 + n + len(closing), true
			}
			return len(src), true
		}
		if prefix == "r" && hashes == end+1 {
			return wordEnd(src, hashes), true
		}
	}
	return 0, false
}
