package cargo

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Truth is the value of a predicate. Some predicates cannot be known without a compiler or without running a build script.
type Truth uint8

const (
	False Truth = iota
	True
	Unknown
)

func (t Truth) String() string { return [...]string{"false", "true", "unknown"}[t] }

// Predicate is what stands in `cfg(..)`, the first part of `cfg_attr(..)` and in `[target.'cfg(..)']`:
// the reference's "Conditional compilation". The zero value is `all()`, which is true.
type Predicate struct {
	op    predicateOp
	name  string // of an option
	value string // of an option `name = "value"`
	args  []Predicate
}

type predicateOp uint8

const (
	opAll predicateOp = iota
	opAny
	opNot
	opName
	opNameValue
	opTrue
	opFalse
	opUnknown // accessible(..), version(..): only a compiler knows
)

// maxPredicateDepth bounds nesting; rustc's own recursion limit is 128.
const maxPredicateDepth = 128

// ParsePredicate reads the text between the parentheses of `cfg(..)`. A predicate rustc would not accept is an error.
func ParsePredicate(text string) (Predicate, error) {
	p := predicateParser{text: text}
	predicate, err := p.predicate(0)
	if err == nil {
		p.space()
		if p.eat(',') {
			p.space()
		}
		if p.at < len(p.text) {
			err = p.unexpected("the end")
		}
	}
	if err != nil {
		return Predicate{op: opUnknown}, fmt.Errorf("cfg predicate `%s`: %w", abridged(text), err)
	}
	return predicate, nil
}

// abridged keeps messages short when a predicate is not.
func abridged(text string) string {
	const most = 80
	if len(text) <= most {
		return text
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "..."
}

// Eval is the predicate's value under the options of set, in three-valued logic: `any(a, unknown)` is true when a is.
func (p Predicate) Eval(set *CfgSet) Truth {
	switch p.op {
	case opTrue:
		return True
	case opFalse:
		return False
	case opUnknown:
		return Unknown
	case opName:
		return set.Name(p.name)
	case opNameValue:
		return set.Value(p.name, p.value)
	case opNot:
		return not(p.args[0].Eval(set))
	}
	// all() and any() differ in the value that decides.
	decides := False
	if p.op == opAny {
		decides = True
	}
	result := not(decides)
	for _, arg := range p.args {
		switch arg.Eval(set) {
		case decides:
			return decides
		case Unknown:
			result = Unknown
		}
	}
	return result
}

func not(t Truth) Truth {
	return [...]Truth{False: True, True: False, Unknown: Unknown}[t]
}

// String writes the predicate as rustfmt would.
func (p Predicate) String() string {
	switch p.op {
	case opTrue:
		return "true"
	case opFalse:
		return "false"
	case opName:
		return p.name
	case opNameValue:
		return fmt.Sprintf("%s = %q", p.name, p.value)
	case opUnknown:
		return p.name + "(..)"
	}
	args := make([]string, len(p.args))
	for i, arg := range p.args {
		args[i] = arg.String()
	}
	return [...]string{opAll: "all", opAny: "any", opNot: "not"}[p.op] + "(" + strings.Join(args, ", ") + ")"
}

type predicateParser struct {
	text string
	at   int
}

func (p *predicateParser) predicate(depth int) (Predicate, error) {
	if depth > maxPredicateDepth {
		return Predicate{}, fmt.Errorf("it is nested more than %d deep", maxPredicateDepth)
	}
	p.space()
	name, raw := p.identifier()
	if name == "" {
		return Predicate{}, p.unexpected("an option")
	}
	p.space()
	switch {
	case p.eat('='):
		p.space()
		value, ok := p.stringLiteral()
		if !ok {
			return Predicate{}, p.unexpected("a string")
		}
		return Predicate{op: opNameValue, name: name, value: value}, nil
	case p.eat('('):
		return p.list(name, depth)
	case !raw && name == "true":
		return Predicate{op: opTrue}, nil
	case !raw && name == "false":
		return Predicate{op: opFalse}, nil
	}
	return Predicate{op: opName, name: name}, nil
}

// list reads what follows `name(`.
func (p *predicateParser) list(name string, depth int) (Predicate, error) {
	if name == "accessible" || name == "version" {
		return Predicate{op: opUnknown, name: name}, p.skipToClose()
	}
	result := Predicate{}
	switch name {
	case "all", "target": // target(os = "linux") is all(target_os = "linux")
	case "any":
		result.op = opAny
	case "not":
		result.op = opNot
	default:
		return Predicate{}, fmt.Errorf("`%s` is no predicate: expected all, any or not", name)
	}
	for {
		p.space()
		if p.eat(')') {
			break
		}
		arg, err := p.predicate(depth + 1)
		if err != nil {
			return Predicate{}, err
		}
		if name == "target" {
			arg.name = "target_" + arg.name
		}
		result.args = append(result.args, arg)
		p.space()
		if p.eat(',') {
			continue
		}
		if !p.eat(')') {
			return Predicate{}, p.unexpected("`,` or `)`")
		}
		break
	}
	if result.op == opNot && len(result.args) != 1 {
		return Predicate{}, fmt.Errorf("`not` takes one predicate, not %d", len(result.args))
	}
	return result, nil
}

// skipToClose passes the arguments of a predicate that is not looked into.
func (p *predicateParser) skipToClose() error {
	for depth := 1; p.at < len(p.text); {
		if _, ok := p.stringLiteral(); ok {
			continue
		}
		switch p.text[p.at] {
		case '(':
			depth++
		case ')':
			depth--
		}
		p.at++
		if depth == 0 {
			return nil
		}
	}
	return p.unexpected("`)`")
}

func (p *predicateParser) unexpected(want string) error {
	if p.at >= len(p.text) {
		return fmt.Errorf("expected %s, found the end", want)
	}
	r, _ := utf8.DecodeRuneInString(p.text[p.at:])
	return fmt.Errorf("expected %s, found %q", want, r)
}

func (p *predicateParser) eat(c byte) bool {
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

// space skips white space and comments.
func (p *predicateParser) space() {
	for p.at < len(p.text) {
		rest := p.text[p.at:]
		switch {
		case strings.HasPrefix(rest, "//"):
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				end = len(rest)
			}
			p.at += end
		case strings.HasPrefix(rest, "/*"):
			p.at += blockComment(rest)
		default:
			r, size := utf8.DecodeRuneInString(rest)
			if !unicode.IsSpace(r) {
				return
			}
			p.at += size
		}
	}
}

// blockComment is the length of the comment that text begins with; comments nest.
func blockComment(text string) int {
	depth := 0
	for i := 0; i+1 < len(text); {
		switch text[i : i+2] {
		case "/*":
			depth++
			i += 2
		case "*/":
			depth--
			i += 2
			if depth == 0 {
				return i
			}
		default:
			i++
		}
	}
	return len(text)
}

// identifier reads a name; raw tells `r#name`, which is never a keyword.
func (p *predicateParser) identifier() (name string, raw bool) {
	rest := p.text[p.at:]
	start := 0
	if strings.HasPrefix(rest, "r#") {
		start, raw = 2, true
	}
	end := start
	for end < len(rest) {
		r, size := utf8.DecodeRuneInString(rest[end:])
		if r != '_' && !unicode.IsLetter(r) && (end == start || !unicode.IsDigit(r)) {
			break
		}
		end += size
	}
	if end == start {
		return "", false
	}
	p.at += end
	return rest[start:end], raw
}

// stringLiteral reads "..", r".." or r#".."#.
func (p *predicateParser) stringLiteral() (string, bool) {
	rest := p.text[p.at:]
	if strings.HasPrefix(rest, "r") {
		hashes := 1
		for hashes < len(rest) && rest[hashes] == '#' {
			hashes++
		}
		if hashes >= len(rest) || rest[hashes] != '"' {
			return "", false
		}
		body := rest[hashes+1:]
		end := strings.Index(body, `"`+rest[1:hashes])
		if end < 0 {
			return "", false
		}
		p.at += hashes + 1 + end + hashes
		return body[:end], true
	}
	if !strings.HasPrefix(rest, `"`) {
		return "", false
	}
	var value strings.Builder
	for i := 1; i < len(rest); i++ {
		switch rest[i] {
		case '"':
			p.at += i + 1
			return value.String(), true
		case '\\':
			i++
			if i < len(rest) {
				value.WriteByte(unescaped(rest[i]))
			}
		default:
			value.WriteByte(rest[i])
		}
	}
	return "", false
}

// unescaped covers the escapes of one letter; cfg values hold no others in practice.
func unescaped(c byte) byte {
	switch c {
	case 'n':
		return '\n'
	case 't':
		return '\t'
	case 'r':
		return '\r'
	case '0':
		return 0
	}
	return c
}
