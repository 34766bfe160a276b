package syntax

import (
	"sync"
	"unsafe"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// maxTypeDepth bounds the nesting of types, paths and bounds; deeper text reads as TypeError. rustc's own default
// recursion limit for types is 128.
const maxTypeDepth = 200

// parser reads types, paths, bounds and headers from tokens. It never fails: what does not read becomes TypeError, and the
// caller resumes at the next separator. It knows all syntax that rustc accepts in these places, unstable forms included.
type parser struct {
	text    []byte
	toks    []Token
	pos     int
	depth   int
	edition int
}

var tokenBuffers = sync.Pool{New: func() any { s := make([]Token, 0, 512); return &s }}

// parseSpan lexes span and hands a parser over it to read.
func parseSpan(text []byte, span source.Span, edition int, read func(*parser)) {
	buf := tokenBuffers.Get().(*[]Token)
	toks := Lex(text, span, (*buf)[:0])
	p := parser{text: text, toks: toks, edition: edition}
	read(&p)
	*buf = toks[:0]
	tokenBuffers.Put(buf)
}

func (p *parser) tok() Token { return p.toks[p.pos] }

func (p *parser) at(n int) Token {
	if p.pos+n < len(p.toks) {
		return p.toks[p.pos+n]
	}
	return p.toks[len(p.toks)-1]
}

func (p *parser) next() Token {
	t := p.toks[p.pos]
	if t.Kind != EOF {
		p.pos++
	}
	return t
}

func (p *parser) is(c byte) bool { return p.toks[p.pos].Is(c) }

func (p *parser) isWord(w Word) bool { return p.toks[p.pos].Word == w && p.toks[p.pos].Kind == Ident }

func (p *parser) eat(c byte) bool {
	if p.is(c) {
		p.pos++
		return true
	}
	return false
}

func (p *parser) eatWord(w Word) bool {
	if p.isWord(w) {
		p.pos++
		return true
	}
	return false
}

func (p *parser) eatKind(k Kind) bool {
	if p.tok().Kind == k {
		p.pos++
		return true
	}
	return false
}

func (p *parser) str(t Token) string { return shared(p.text[t.Start:t.End]) }

// ident is the name of an identifier token, without r#.
func (p *parser) ident(t Token) string { return nameIn(p.text, t) }

// nameIn is the name of an identifier token of text, without r#.
func nameIn(text []byte, t Token) string {
	start := t.Start
	if t.Flags&RawIdent != 0 {
		start += 2
	}
	return shared(text[start:max(start, t.End)])
}

// shared is part of a text as a string. It shares the text, which never changes: names would be most of what is allocated.
func shared(part []byte) string { return unsafe.String(unsafe.SliceData(part), len(part)) }

// since is the span from the token at index start to the last token read.
func (p *parser) since(start int) source.Span {
	if p.pos <= start {
		t := p.toks[start]
		return source.Span{Start: t.Start, End: t.Start}
	}
	return source.Span{Start: p.toks[start].Start, End: p.toks[p.pos-1].End}
}

// skipGroup skips the delimited group that begins at the current token, to its matching end or the end of the text.
func (p *parser) skipGroup() source.Span {
	start := p.pos
	depth := 0
	for {
		t := p.next()
		switch t.Kind {
		case EOF:
			return p.since(start)
		case Open:
			depth++
		case Close:
			depth--
		}
		if depth <= 0 {
			return p.since(start)
		}
	}
}

// skipAttrs skips `#[..]` and `#![..]` and returns their spans.
func (p *parser) skipAttrs() []source.Span {
	var out []source.Span
	for p.is('#') && (p.at(1).Is('[') || p.at(1).Is('!') && p.at(2).Is('[')) {
		start := p.pos
		p.next()
		p.eat('!')
		p.skipGroup()
		out = append(out, p.since(start))
	}
	return out
}

// pathWord reports whether a word may be a path segment.
func pathWord(w Word) bool {
	switch w {
	case NoWord, WordSelf, WordSelfType, WordSuper, WordCrate, WordUnion, WordAuto, WordDefault, WordMacroRules, WordSafe,
		WordFinal, WordGen, WordDyn, WordAsync, WordAwait:
		return true
	}
	return false
}

// strictWord reports whether a word is a keyword that ends whatever path would go on.
func (p *parser) atPathStart() bool {
	t := p.tok()
	switch {
	case t.Kind == PathSep, t.Is('<'):
		return true
	case t.Kind == Ident:
		return p.segmentWord(t)
	case t.Is('$'):
		n := p.at(1)
		return n.Kind == Ident
	}
	return false
}

func (p *parser) segmentWord(t Token) bool {
	if t.Kind != Ident || !pathWord(t.Word) {
		return false
	}
	if t.Word == WordAsync || t.Word == WordAwait || t.Word == WordDyn {
		return p.edition == 2015
	}
	return true
}

// atDyn reports whether the current token is the `dyn` of a trait object type: in 2015 `dyn` is an ordinary name unless
// a bound follows (rustc_parse, is_explicit_dyn_type).
func (p *parser) atDyn() bool {
	if !p.isWord(WordDyn) {
		return false
	}
	n := p.at(1)
	if p.edition != 2015 {
		return true
	}
	switch {
	case n.Kind == Lifetime, n.Is('?'), n.Is('('), n.Is('!'):
		return true
	case n.Kind == Ident:
		return n.Word == WordFor || n.Word == NoWord || n.Word == WordCrate || n.Word == WordSuper || n.Word == WordSelf ||
			n.Word == WordSelfType || n.Word == WordUnion || n.Word == WordAuto || n.Word == WordDefault || n.Word == WordUnsafe
	case n.Is('$'):
		return true
	}
	return false
}
