package types

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// opaque begins the name of what equals nothing else. A const argument that is no literal is one: rustc gives each a constant
// of its own, and applies the rules of dyn compatibility before it is evaluated. So is a type that binds lifetimes by name,
// because each `for<'a>` declares an 'a of its own.
const opaque = "?"

// constant is a const argument by its text: a generic parameter, the value of a literal, or an opaque expression.
func (e *Env) constant(text string) *Type {
	inner := unwrapped(text)
	if t := e.Params[inner]; t != nil {
		return t
	}
	if value, ok := literal(inner); ok {
		return &Type{Kind: Const, Name: value}
	}
	return &Type{Kind: Const, Name: opaque + text}
}

// unwrapped is a const argument without blanks, parentheses and one pair of braces around it; a block in a block is an
// expression to rustc.
func unwrapped(text string) string {
	for braces := 0; ; {
		text = strings.TrimSpace(text)
		n := len(text)
		switch {
		case n >= 2 && text[0] == '(' && text[n-1] == ')':
		case n >= 2 && text[0] == '{' && text[n-1] == '}' && braces == 0:
			braces++
		default:
			return text
		}
		text = text[1 : n-1]
	}
}

// literal is the value of a literal: `true`, a number in decimal, or a character as its number behind a quote.
func literal(text string) (string, bool) {
	switch {
	case text == "true" || text == "false":
		return text, true
	case strings.HasPrefix(text, "-"):
		value, ok := literal(unwrapped(text[1:]))
		return "-" + value, ok
	case strings.HasPrefix(text, "b'"):
		r, ok := character(text[1:])
		return strconv.Itoa(int(r)), ok
	case strings.HasPrefix(text, "'"):
		r, ok := character(text)
		return "'" + strconv.Itoa(int(r)), ok
	}
	return integer(text)
}

// integer reads an integer literal of any radix, with underscores and a suffix.
func integer(text string) (string, bool) {
	if text == "" || text[0] < '0' || text[0] > '9' {
		return "", false
	}
	text = strings.ReplaceAll(text, "_", "")
	for _, suffix := range [...]string{"usize", "isize", "u128", "i128", "u64", "i64", "u32", "i32", "u16", "i16", "u8", "i8"} {
		if cut, ok := strings.CutSuffix(text, suffix); ok {
			text = cut
			break
		}
	}
	if len(text) > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9' { // big.Int would read octal
		text = "0" + strings.TrimLeft(text, "0")
		text = strings.TrimPrefix(text, "0")
		if text == "" {
			text = "0"
		}
	}
	n, ok := new(big.Int).SetString(text, 0)
	if !ok {
		return "", false
	}
	return n.String(), true
}

// character reads a character literal with its quotes.
func character(text string) (rune, bool) {
	if len(text) < 3 || text[len(text)-1] != '\'' {
		return 0, false
	}
	body := text[1 : len(text)-1]
	if hex, ok := strings.CutPrefix(body, `\u{`); ok {
		n, err := strconv.ParseUint(strings.ReplaceAll(strings.TrimSuffix(hex, "}"), "_", ""), 16, 32)
		return rune(n), err == nil
	}
	if body == `\0` {
		return 0, true
	}
	r, _, tail, err := strconv.UnquoteChar(body, '\'')
	return r, err == nil && tail == ""
}

// namesSelf finds the word Self in a text of which only the tokens are known.
var namesSelf = regexp.MustCompile(`(^|[^\pL\pN_])Self($|[^\pL\pN_])`)

// NamesSelf reports whether an expression mentions Self.
func NamesSelf(text string) bool { return namesSelf.MatchString(text) }

// ConstNamesSelf reports whether a const argument mentions Self.
func (t *Type) ConstNamesSelf() bool { return NamesSelf(t.Name) }

// projectionOfSelf finds `Self::NAME`.
var projectionOfSelf = regexp.MustCompile(`^Self\s*::\s*([\pL_][\pL\pN_]*)$`)

// ConstOfSelf is the name in a const argument that is `Self::NAME`, empty for others.
func (t *Type) ConstOfSelf() string {
	if m := projectionOfSelf.FindStringSubmatch(unwrapped(strings.TrimPrefix(t.Name, opaque))); m != nil {
		return m[1]
	}
	return ""
}
