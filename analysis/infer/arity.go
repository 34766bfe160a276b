package infer

import (
	"bytes"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// A call has as many arguments as the method has parameters (E0061), which is told by the text: `lock.read()` is no call of a
// `read` that takes a path.

// arity is how many arguments a method takes or a call has, the receiver not counted. It is a range where a #[cfg], a closure's
// `|` or a `<` leaves it open.
type arity struct{ least, most uint8 }

// anyArity is the arity of what is not known.
var anyArity = arity{0, manyArguments}

// manyArguments stands for any number that is not below it.
const manyArguments = 255

// fits reports whether a call with some arguments may be of a method.
func (a arity) fits(method arity) bool { return a.least <= method.most && method.least <= a.most }

// of is the arity of a call whose arguments are written in a notation: `.` leaves the receiver out, `::` does not.
func (a arity) of(notation byte) arity {
	switch notation {
	case '.':
		return a
	case ':':
		return arity{max(a.least, 1) - 1, max(a.most, 1) - 1}
	}
	return anyArity
}

// argumentsOf is how many arguments a call has whose name stands at a place.
func (b *body) argumentsOf(x *syntax.Expr, name source.Span) arity {
	n := len(x.Args)
	if x.Kind != syntax.ExprMethod {
		n--
	}
	out := arity{uint8(max(0, min(n, manyArguments))), uint8(max(0, min(n, manyArguments)))}
	if bytes.IndexByte(b.scope.File.Text[name.End:x.Span.End], '#') >= 0 { // a #[cfg]
		out.least = 0
	}
	return out
}

// arityOf is how many arguments a method of a trait takes; ok is false of a function without a receiver, which is no method.
func arityOf(trait resolve.Def, m int32) (a arity, ok bool) {
	file := trait.File()
	f := syntax.ParseFn(file.Syntax(), m, file.Edition)
	if f.Self == syntax.SelfNone {
		return arity{}, false
	}
	for i := range f.Params {
		cfg := trait.Scope.CfgOf(f.Params[i].Attrs)
		if cfg != cargo.False && a.most < manyArguments {
			a.most++
		}
		if cfg == cargo.True && a.least < manyArguments {
			a.least++
		}
	}
	return a, true
}

// maxArguments bounds the bytes of arguments that are looked at.
const maxArguments = 2048

// argumentsAt is how many arguments stand in the parentheses that open at an offset of a text.
func argumentsAt(text []byte, open int) arity {
	rest := text[open+1 : min(len(text), open+1+maxArguments)]
	depth, commas := 0, 0
	some := false  // something stands behind the last comma
	vague := false // a comma may be a closure's or a type's
	cfg := false
	for i := 0; i < len(rest); {
		n := 1
		switch c := rest[i]; c {
		case ' ', '\t', '\r', '\n':
			i++
			continue
		case '/':
			if n = commentLen(rest[i:]); n > 0 {
				i += n
				continue
			}
			n = 1
		case ',':
			if depth == 0 {
				commas++
				some = false
				i++
				continue
			}
		case ')', ']', '}':
			if depth == 0 {
				return counted(commas, some, vague, cfg)
			}
			depth--
		case '(', '[', '{':
			depth++
		case '"':
			n = stringLen(rest[i:], 0)
		case '\'':
			n = quoteLen(rest[i:])
		case '<', '|':
			vague = vague || depth == 0
		case '#', '$':
			cfg = cfg || depth == 0
		default:
			if isWord(c) {
				if n = rawLen(rest[i:]); n == 0 {
					for n = 1; i+n < len(rest) && isWord(rest[i+n]); n++ {
					}
				}
			}
		}
		some = true
		i += n
	}
	least := counted(commas, some, vague, cfg).least
	return arity{least, manyArguments}
}

func counted(commas int, some, vague, cfg bool) arity {
	n := commas
	if some {
		n++
	}
	out := arity{uint8(min(n, manyArguments)), uint8(min(n, manyArguments))}
	switch {
	case cfg:
		out.least = 0
	case vague:
		out.least = min(out.least, 1)
	}
	return out
}

// commentLen is the length of the comment that a text begins with; 0 if it begins with none.
func commentLen(text []byte) int {
	switch {
	case bytes.HasPrefix(text, []byte("//")):
		if end := bytes.IndexByte(text, '\n'); end >= 0 {
			return end
		}
		return len(text)
	case bytes.HasPrefix(text, []byte("/*")):
		depth := 0
		for i := 0; i+1 < len(text); i++ {
			switch {
			case text[i] == '/' && text[i+1] == '*':
				depth++
				i++
			case text[i] == '*' && text[i+1] == '/':
				i++
				if depth--; depth == 0 {
					return i + 1
				}
			}
		}
		return len(text)
	}
	return 0
}

// stringLen is the length of the string literal that begins with the quote at an offset.
func stringLen(text []byte, quote int) int {
	for i := quote + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

// quoteLen is the length of the character or the lifetime that a text begins with.
func quoteLen(text []byte) int {
	if len(text) > 1 && text[1] == '\\' {
		if end := bytes.IndexByte(text[min(3, len(text)):], '\''); end >= 0 {
			return 3 + end + 1
		}
		return len(text)
	}
	for i := 2; i < min(len(text), 6); i++ { // a character has at most 4 bytes
		if text[i] == '\'' && (i == 2 || text[1] >= 0x80) {
			return i + 1
		}
	}
	return 1
}

// rawLen is the length of the raw string that a text begins with, r"..", br#".."# or cr"..", of another with such a prefix, or of
// the r# of a name; 0 if it begins with none.
func rawLen(text []byte) int {
	i := 0
	if text[0] == 'b' || text[0] == 'c' {
		i++
	}
	raw := i < len(text) && text[i] == 'r'
	if raw {
		i++
	}
	hashes := 0
	for raw && i < len(text) && text[i] == '#' {
		hashes++
		i++
	}
	switch {
	case hashes == 1 && i < len(text) && isWord(text[i]): // r#name
		return i
	case i == 0 || i == len(text) || text[i] != '"':
		return 0
	case !raw:
		return stringLen(text, i)
	}
	end := bytes.Index(text[i+1:], append([]byte{'"'}, bytes.Repeat([]byte{'#'}, hashes)...))
	if end < 0 {
		return len(text)
	}
	return i + 1 + end + 1 + hashes
}
