package syntax

import (
	"bytes"
	"slices"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// maxItemDepth bounds how deep items may nest; rustc's own recursion limit is 128 by default. What is deeper is read as
// code without items.
const maxItemDepth = 512

// maxProblems bounds how many Problems a File lists.
const maxProblems = 100

// maxPooledTokens is the size up to which token buffers are kept for the next Scan; it fits files of about 4 MB.
const maxPooledTokens = 1 << 20

// Scan finds the skeleton of a file of the given edition (2015, 2018, 2021, 2024). It reads every text in linear time,
// without recursion; the File keeps text, which must not change afterwards.
func Scan(text []byte, edition int) *File {
	s := scanner{text: text, edition: edition}
	return s.scan()
}

func (s *scanner) scan() *File {
	b := scanBuffers.Get().(*scanBuffer)
	file := &File{Text: s.text, Items: b.items[:0], Attrs: b.attrs[:0]}
	s.file, s.stack = file, b.stack[:0]
	s.lex(b)
	s.push(region{mode: modeItems, end: int32(len(s.toks) - 1), item: -1, macro: -1})
	s.top().pos, s.file.Inner = s.innerAttrs(0, len(s.toks)-1)
	for len(s.stack) > 0 {
		switch r := s.top(); r.mode {
		case modeItems:
			s.items(r)
		case modeMacro:
			s.macroTokens(r)
		default:
			s.code(r)
		}
	}
	b.toks, b.partner, b.stack = s.toks, s.partner, s.stack
	b.items, b.attrs = file.Items, file.Attrs
	file.Items, file.Attrs = slices.Clone(b.items), slices.Clone(b.attrs)
	if s.outlined {
		s.outline()
	}
	b.release()
	return file
}

// scanBuffer is what a Scan needs and does not keep.
type scanBuffer struct {
	toks    []Token
	partner []int32
	stack   []region
	skimmer skimmer
	items   []Item // what a File keeps of these two is copied when their numbers are known
	attrs   []Attr
}

var scanBuffers = sync.Pool{New: func() any { return new(scanBuffer) }}

func (b *scanBuffer) release() {
	clear(b.items) // names hold texts
	if cap(b.toks) <= maxPooledTokens && cap(b.stack) <= maxPooledTokens/64 {
		scanBuffers.Put(b)
	}
}

// scanner walks the tokens once. What is being read is a stack of regions: the top one is read until it ends or until a
// region within it is pushed, which is read first.
type scanner struct {
	text    []byte
	edition int
	toks    []Token // of the whole file, the EOF last
	// partner is, for the index of an Open token, the index of its Close; or, if the text does not balance, ^i for a group
	// that ends before token i without a Close.
	partner  []int32
	repaired bool // the text does not balance
	tooDeep  bool // maxItemDepth was reported
	whole    bool // all bodies are lexed, none is skimmed
	outlined bool // see Outline
	cuts     source.Cuts
	stack    []region
	file     *File
	// makers are the names of the macro_rules! so far that may write items of the type namespace.
	makers map[string]bool
}

// mode is what a region consists of.
type mode uint8

const (
	modeItems      mode = iota // items: a file, module, trait, impl or extern block, or macro arguments that read as items
	modeStatements             // statements: the braces of code
	modeTokens                 // code or types in which no item stands directly: headers, fields, initialisers
	modeMacro                  // macro arguments or a macro definition
)

// pending says what a region stands for that is recorded in the File only if something is found in it.
type pending uint8

const (
	pendingNothing pending = iota
	pendingBlock
	pendingMacro
)

// region is a range of tokens that is being read.
type region struct {
	pos, end int32 // indexes of the next token and of the one after the last
	first    int32 // index of the first token
	parens   int32 // modeStatements, modeTokens: up to this index the tokens are in parentheses or brackets
	item     int32 // innermost recorded item, -1 if none
	macro    int32 // innermost recorded macro, -1 if none
	depth    int32 // how many items it is in, blocks included that were not recorded yet
	attrs    int32 // pendingBlock: index of the first of its attributes, or of its `{`
	path     int32 // pendingMacro: index of the first token of its path
	dyns     int32 // pendingBlock: how many Dyns and
	macros   int32 // Macros were recorded when it began
	mode     mode
	pending  pending
	arms     bool // modeMacro: the definition of a macro, whose matchers hold no types
}

func (s *scanner) top() *region { return &s.stack[len(s.stack)-1] }

func (s *scanner) pop() { s.stack = s.stack[:len(s.stack)-1] }

func (s *scanner) push(r region) {
	r.first = r.pos
	s.stack = append(s.stack, r)
}

// group is the index of the end of the group that opens at index i, and the index after it; both are the same if it ends
// without a Close. A group reaches no further than limit.
func (s *scanner) group(i, limit int) (end, after int) {
	p := int(s.partner[i])
	if p < 0 {
		end, after = ^p, ^p
	} else {
		end, after = p, p+1
	}
	return min(end, limit), min(after, limit)
}

// name is the text of an identifier, without r#.
func (s *scanner) name(t Token) string { return nameIn(s.text, t) }

// between is the text in the group that opens at index i and whose end is at index end. Without a Close it reaches to the
// last token.
func (s *scanner) between(i, end int) source.Span {
	start := s.toks[i].End
	if s.partner[i] == int32(end) {
		return source.Span{Start: start, End: s.toks[end].Start}
	}
	return source.Span{Start: start, End: max(start, s.toks[end-1].End)}
}

func (s *scanner) problem(span source.Span, message string) {
	if len(s.file.Problems) < maxProblems {
		s.file.Problems = append(s.file.Problems, Problem{Span: span, Message: message})
	}
}

// items reads the items of a region until one of them pushes a region of its own.
func (s *scanner) items(r *region) {
	i, end := int(r.pos), int(r.end)
	for i < end {
		at := s.attrsEnd(i, end)
		t := peek(s.toks[:end], at)
		if t.Kind == Ident || t.Kind == PathSep || t.Is('$') {
			if h, ok := itemAt(s.toks[:end], at); ok && s.declare(r, i, at, h) {
				return
			}
			c, ok := callAt(s.toks[:end], at)
			if ok && s.declareCall(r, i, c) {
				return
			}
			if c.bang > at+1 { // a path of something that is no item
				i = c.bang
				continue
			}
		}
		if at > i { // attributes of something that is no item
			i = at
			continue
		}
		switch {
		case t.Word == WordDyn:
			s.dyn(r, i)
		case t.Kind == Open:
			if inner, after := s.group(i, end); !s.repaired || s.sameLine(i, inner) {
				r.pos = int32(after)
				s.push(region{mode: modeTokens, pos: int32(i + 1), end: int32(inner), item: r.item, macro: r.macro, depth: r.depth})
				return
			}
		}
		i++
	}
	s.pop()
}

// sameLine reports whether no line ends between the tokens at indexes i and j.
func (s *scanner) sameLine(i, j int) bool {
	const reach = 2000 // bytes; a longer line is no line that people type, and text full of openers must stay linear
	part := s.text[s.toks[i].Start:s.toks[j].Start]
	return len(part) < reach && bytes.IndexByte(part, '\n') < 0
}

// code reads statements or other code until a region within it has to be read first. An item can stand where a statement
// begins: after `{`, `;` and `}`, and attributes.
func (s *scanner) code(r *region) {
	i, end := int(r.pos), int(r.end)
	toks := s.toks
	statement := -1 // index of the first token of the statement, if it is not far behind
	attrs := -1     // index of its first attribute
	begins := r.mode == modeStatements && i >= int(r.parens) && (i == int(r.first) || s.endsStatement(i-1) ||
		toks[i].Flags&LineFirst != 0)
	for i < end {
		t := &toks[i]
		if begins || s.repaired && t.Flags&LineFirst != 0 && r.mode == modeStatements && i >= int(r.parens) {
			begins = false
			attrs = i
			i = s.attrsEnd(i, end)
			if i >= end {
				break
			}
			statement = i
			t = &toks[i]
			if t.Kind == Ident && itemWords[t.Word] {
				if h, ok := itemAt(toks[:end], i); ok && s.declare(r, attrs, i, h) {
					return
				}
			}
		}
		switch t.Kind {
		case Ident:
			if t.Word == WordDyn {
				s.dyn(r, i)
			}
		case Open:
			inner, after := s.group(i, end)
			if t.Char != '{' {
				r.parens = max(r.parens, int32(after))
				break
			}
			b := region{mode: modeStatements, pending: pendingBlock, pos: int32(i + 1), end: int32(inner), item: r.item,
				macro: r.macro, depth: r.depth + 1, attrs: int32(i), dyns: int32(len(s.file.Dyns)), macros: int32(len(s.file.Macros))}
			if statement == i {
				b.attrs = int32(attrs)
			}
			r.pos = int32(after)
			s.push(b)
			return
		case Punct:
			switch t.Char {
			case ';':
				begins = r.mode == modeStatements && i >= int(r.parens)
			case '#':
				if after := s.attrEnd(i, end); after > i {
					i = after
					continue
				}
			case '!':
				if c, ok := s.callWithBang(i, int(r.first), end); ok {
					if c.path == statement && s.statementCall(r, attrs, c) {
						return
					}
					s.opaqueCall(r, c)
					return
				}
			}
		}
		i++
	}
	s.pop()
}

// endsStatement reports whether a statement may begin after the token at index i.
func (s *scanner) endsStatement(i int) bool {
	t := s.toks[i]
	return t.Is('}') || t.Is(';')
}

// tooDeepAt reports whether an item in the region r would nest too deep, and says so once.
func (s *scanner) tooDeepAt(r *region, i int) bool {
	if r.depth < maxItemDepth {
		return false
	}
	if !s.tooDeep {
		s.tooDeep = true
		s.problem(s.toks[i].Span(), "items nest more than 512 deep here; the deeper ones are not read")
	}
	return true
}

// settleBlocks records the blocks that the next item stands in, and gives them the Dyns and Macros that were found in them.
func (s *scanner) settleBlocks() {
	top := len(s.stack) - 1
	k := top
	for k > 0 && s.stack[k].pending == pendingBlock {
		k--
	}
	for k++; k <= top; k++ {
		r := &s.stack[k]
		outer := &s.stack[k-1]
		index := int32(len(s.file.Items))
		open := int(r.first) - 1
		b := Item{Kind: KindBlock, Flags: FlagBody, Parent: outer.item, Macro: outer.macro}
		b.Body = s.between(open, int(r.end))
		b.Span = source.Span{Start: s.toks[open].Start, End: s.closeEnd(open, int(r.end))}
		b.Attrs = s.attributes(int(r.attrs), open)
		s.file.Items = append(s.file.Items, b)
		dyns, macros := len(s.file.Dyns), len(s.file.Macros)
		if k < top {
			dyns, macros = int(s.stack[k+1].dyns), int(s.stack[k+1].macros)
		}
		for i := int(r.dyns); i < dyns; i++ {
			s.file.Dyns[i].Item = index
		}
		for i := int(r.macros); i < macros; i++ {
			s.file.Macros[i].Item = index
		}
		r.pending, r.item, r.macro = pendingNothing, index, outer.macro
	}
}

// closeEnd is the offset after the group that opens at index open and whose end is at index end.
func (s *scanner) closeEnd(open, end int) uint32 {
	if s.partner[open] == int32(end) {
		return s.toks[end].End
	}
	return max(s.toks[open].End, s.toks[end-1].End)
}
