package syntax

import (
	"slices"
	"sort"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// Fragment is text that a macro fragment such as `$t:ty` stood for: later macros take it as one tree, as rustc's invisible
// delimiters make them (rustc_ast, token::InvisibleOrigin).
type Fragment struct {
	Span source.Span
	Kind string // ty, expr, item, ..
}

// tokenTrees is text as macros see it: tokens, groups and fragments.
type tokenTrees struct {
	text      []byte
	toks      []Token // the EOF last
	partner   []int32 // of an Open, the index of its Close
	fragments []Fragment
	edition   int
	open      []int32 // of read
}

// readTrees lexes a span for macros; it reports false if brackets or quotes do not match. Fragments are sorted by start,
// the longer of two that begin together first.
func readTrees(text []byte, span source.Span, edition int, fragments []Fragment) (*tokenTrees, bool) {
	b := expandBuffers.Get().(*expandBuffer)
	defer expandBuffers.Put(b)
	if !b.args.read(text, span, edition, fragments) {
		return nil, false
	}
	defer b.args.forget()
	m := b.args
	m.toks, m.partner, m.open = slices.Clone(m.toks), slices.Clone(m.partner), nil
	return &m, true
}

// read is readTrees, in the memory that the trees have.
func (m *tokenTrees) read(text []byte, span source.Span, edition int, fragments []Fragment) bool {
	m.text, m.fragments, m.edition = text, fragments, edition
	m.toks = Lex(text, span, m.toks[:0])
	m.partner = slices.Grow(m.partner[:0], len(m.toks))[:len(m.toks)]
	open := m.open[:0]
	for i, t := range m.toks {
		switch {
		case t.Flags&Unterminated != 0:
			return false
		case t.Kind == Open:
			open = append(open, int32(i))
		case t.Kind == Close:
			if len(open) == 0 || closing(m.toks[open[len(open)-1]].Char) != t.Char {
				return false
			}
			m.partner[open[len(open)-1]] = int32(i)
			open = open[:len(open)-1]
		}
	}
	m.open = open
	return len(open) == 0
}

// forget lets go of what was read, but not of the memory.
func (m *tokenTrees) forget() { m.text, m.fragments = nil, nil }

func closing(open byte) byte {
	switch open {
	case '(':
		return ')'
	case '[':
		return ']'
	}
	return '}'
}

// end is the index of the EOF.
func (m *tokenTrees) end() int { return len(m.toks) - 1 }

// operators are rustc's tokens of several characters, but those that are one Token here already; the longest first.
var operators = [...]string{
	"<<=", ">>=", "...", "..=", "==", "!=", "<=", ">=", "&&", "||", "<<", ">>", "+=", "-=", "*=", "/=", "%=", "^=", "&=", "|=", "..", "<-",
}

// glued is the index after rustc's token at index i, which may be several of ours: `>>=`, `..`, `$crate`.
func (m *tokenTrees) glued(i int) int {
	t := m.toks[i]
	if t.Kind != Punct {
		return i + 1
	}
	if m.crateAt(i) {
		return i + 2
	}
	if t.Flags&Joint == 0 || m.toks[i+1].Kind != Punct {
		return i + 1
	}
	for _, op := range operators {
		n := len(op)
		if i+n > m.end() || string(m.text[t.Start:min(int(t.Start)+n, len(m.text))]) != op || m.toks[i+n-1].End != t.Start+uint32(n) {
			continue
		}
		return i + n
	}
	return i + 1
}

// crateAt reports whether `$crate` stands at index i.
func (m *tokenTrees) crateAt(i int) bool {
	const word = "crate"
	next := peek(m.toks, i+1)
	return m.toks[i].Is('$') && next.Kind == Ident && len(next.Span().Of(m.text)) >= len(word) && string(next.Span().Of(m.text)[:len(word)]) == word
}

// tree is the index after the token tree at index i.
func (m *tokenTrees) tree(i int) int {
	if m.toks[i].Kind == Open {
		return int(m.partner[i]) + 1
	}
	return m.glued(i)
}

// str is rustc's token at index i; it shares the text.
func (m *tokenTrees) str(i int) string {
	return shared(m.text[m.toks[i].Start:m.toks[m.glued(i)-1].End])
}

// is reports whether rustc's token at index i is this one.
func (m *tokenTrees) is(i int, text string) bool {
	t := m.toks[i]
	n := int(t.End - t.Start)
	return n > 0 && n <= len(text) && string(m.text[t.Start:t.End]) == text[:n] && m.str(i) == text
}

// fragmentAt is the outermost fragment that begins with the token at index i, and the index after it.
func (m *tokenTrees) fragmentAt(i int) (kind string, after int, ok bool) {
	if len(m.fragments) == 0 {
		return "", 0, false
	}
	start := m.toks[i].Start
	k := sort.Search(len(m.fragments), func(k int) bool { return m.fragments[k].Span.Start >= start })
	if k == len(m.fragments) || m.fragments[k].Span.Start != start {
		return "", 0, false
	}
	f := m.fragments[k]
	after = i
	for after < m.end() && m.toks[after].Start < f.Span.End {
		after++
	}
	return f.Kind, after, true
}
