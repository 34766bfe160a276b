package syntax

import "github.com/afidt-lsp/afidt-lsp/analysis/source"

// lex fills toks and partner. Text whose brackets and quotes pair up is taken as it is; other text is lexed again with a
// cutter and repaired, so that what is being typed costs only its own neighbourhood.
func (s *scanner) lex(b *scanBuffer) {
	l := lexer{text: s.text, toks: b.toks[:0], openComment: -1, deadRaw: maxInt}
	if !s.whole {
		b.skimmer.text, b.skimmer.dyn = s.text, -1
		l.skimmer = &b.skimmer
	}
	l.run(0)
	b.skimmer.text = nil // a pooled buffer holds no text
	s.toks = l.toks
	s.partner = grow(b.partner, len(s.toks))
	quotes := l.suspectQuotes()
	if !quotes && l.openComment < 0 && !l.unterminated() && s.match() {
		return
	}
	s.repaired = true
	c := newCutter(s.text, quotes)
	l = lexer{text: s.text, toks: s.toks[:0], openComment: -1, deadRaw: maxInt, cut: c}
	l.run(0)
	s.toks = l.toks
	s.partner = grow(s.partner, len(s.toks))
	for _, p := range c.cuts {
		s.problem(p.Span, p.Message)
	}
	s.reportUnterminated(&l)
	s.repair()
}

const maxInt = int(^uint(0) >> 1)

func grow(buf []int32, n int) []int32 {
	if cap(buf) < n {
		return make([]int32, n, n+n/8)
	}
	return buf[:n]
}

// suspectQuotes reports whether a string never ends or is followed directly by a name: a quote is missing or too many, and
// code has become string and string code.
func (l *lexer) suspectQuotes() bool {
	for i := range l.toks {
		t := &l.toks[i]
		if t.Flags&StringLit == 0 {
			continue
		}
		if t.Flags&Unterminated != 0 || t.Flags&(HashString|Joint) == Joint && l.toks[i+1].Kind == Ident {
			return true
		}
	}
	return false
}

// unterminated reports whether a token never ends.
func (l *lexer) unterminated() bool {
	for i := range l.toks {
		if l.toks[i].Flags&Unterminated != 0 {
			return true
		}
	}
	return false
}

func (s *scanner) reportUnterminated(l *lexer) {
	for _, t := range s.toks {
		switch {
		case t.Flags&Unterminated == 0:
		case t.Kind == EOF:
			open := uint32(l.openComment)
			s.problem(source.Span{Start: open, End: open + 2}, "this comment never ends")
		case t.Flags&StringLit == 0:
			s.problem(t.Span(), "this character never ends")
		case t.End == uint32(len(s.text)):
			s.problem(source.Span{Start: t.Start, End: t.Start + 1}, "this string never ends")
		}
	}
}

// match finds the partner of every Open token, and reports whether all brackets pair up.
func (s *scanner) match() bool {
	closer := [256]byte{'(': ')', '[': ']', '{': '}'}
	stack := make([]int32, 0, 256)
	for i := range s.toks {
		switch t := &s.toks[i]; t.Kind {
		case Open:
			stack = append(stack, int32(i))
		case Close:
			if len(stack) == 0 {
				return false
			}
			open := stack[len(stack)-1]
			if closer[s.toks[open].Char] != t.Char {
				return false
			}
			s.partner[open] = int32(i)
			stack = stack[:len(stack)-1]
		}
	}
	return len(stack) == 0
}

// lineStart is the offset of the first byte of pos's line, after a byte order mark.
func lineStart(text []byte, pos int) int {
	for pos > 0 && text[pos-1] != '\n' {
		pos--
	}
	if pos == 0 && len(text) >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF {
		return 3
	}
	return pos
}
