package syntax

import "github.com/afidt-lsp/afidt-lsp/analysis/source"

// head is the beginning of an item: what stands before its generics.
type head struct {
	kind       ItemKind
	visibility Visibility
	flags      ItemFlags
	visPath    source.Span
	keyword    int // index of the token that tells the kind
	name       int // index of the name's token, -1 if the item has none
	next       int // index of the token after name or keyword
}

// peek is the token at index i, or EOF past the end.
func peek(toks []Token, i int) Token {
	if i < len(toks) {
		return toks[i]
	}
	return Token{}
}

// mayName reports whether a token can be the name of an item: contextual keywords can, and those of later editions.
func mayName(t Token) bool {
	if t.Kind != Ident {
		return false
	}
	switch t.Word {
	case WordSelf, WordSelfType, WordSuper, WordCrate:
		return false
	}
	return pathWord(t.Word)
}

// itemWords are the keywords that can begin an item, after its attributes.
var itemWords = [256]bool{
	WordPub: true, WordDefault: true, WordFinal: true, WordSafe: true, WordGen: true, WordAuto: true, WordAsync: true,
	WordUnsafe: true, WordConst: true, WordExtern: true, WordFn: true, WordMod: true, WordStruct: true, WordEnum: true,
	WordUnion: true, WordTrait: true, WordType: true, WordStatic: true, WordUse: true, WordImpl: true, WordMacroRules: true,
	WordMacro: true,
}

// qualified are the keywords that may follow a qualifier.
var qualified = [256]bool{
	WordFn: true, WordImpl: true, WordTrait: true, WordMod: true, WordType: true, WordConst: true, WordStatic: true,
	WordUnsafe: true, WordSafe: true, WordAsync: true, WordGen: true, WordExtern: true, WordAuto: true, WordDefault: true,
	WordFinal: true, WordUse: true, WordStruct: true, WordEnum: true,
}

// qualifierFlags are the flags that qualifiers set; `safe` sets none.
var qualifierFlags = [256]ItemFlags{
	WordDefault: FlagDefault, WordFinal: FlagFinal, WordGen: FlagGen, WordAuto: FlagAuto, WordAsync: FlagAsync,
	WordUnsafe: FlagUnsafe,
}

// namedKinds are the keywords that a name follows.
var namedKinds = [256]ItemKind{
	WordFn: KindFn, WordMod: KindMod, WordStruct: KindStruct, WordEnum: KindEnum, WordUnion: KindUnion,
	WordTrait: KindTrait, WordType: KindType, WordMacro: KindMacroRules,
}

// maxQualifiers bounds how many qualifiers are read, so that text made of them is read in linear time.
const maxQualifiers = 16

// itemAt reads the head of the item whose visibility or first qualifier is at index i. It is strict enough to be asked at
// any statement: expressions that begin with the same words (`unsafe {`, `const {`, `async move`, `static ||`, a variable
// named `union`) are none.
func itemAt(toks []Token, i int) (head, bool) {
	h := head{name: -1}
	if t := peek(toks, i); t.Kind != Ident || !itemWords[t.Word] {
		return h, false
	}
	i = h.readVisibility(toks, i)
	for last := i + maxQualifiers; i < last; i++ {
		t := peek(toks, i)
		if t.Kind != Ident {
			return h, false
		}
		h.keyword, h.next = i, i+1
		next := peek(toks, i+1)
		switch t.Word {
		case WordDefault, WordFinal, WordSafe, WordGen, WordAuto, WordAsync, WordUnsafe:
			if !qualified[next.Word] {
				return h, false
			}
			h.flags |= qualifierFlags[t.Word]
		case WordType:
			if next.Word == WordConst {
				h.flags |= FlagTypeConst
				continue
			}
			h.kind = KindType
			return h, h.readName(toks, i+1)
		case WordConst:
			if done, ok := h.readConst(toks); done {
				return h, ok
			}
			h.flags |= FlagConst
		case WordExtern:
			done, at := h.readExtern(toks)
			if done {
				return h, h.kind != 0
			}
			i = at - 1
		case WordStatic:
			return h, h.readStatic(toks)
		case WordUse:
			h.kind = KindUse
			return h, next.Kind == Ident || next.Kind == PathSep || next.Is('{') || next.Is('*') || next.Is('$')
		case WordImpl:
			h.kind = KindImpl
			return h, h.readImpl(toks)
		case WordMacroRules:
			h.kind = KindMacroRules
			return h, next.Is('!') && h.readName(toks, i+2) && peek(toks, i+3).Kind == Open
		case WordMacro:
			h.kind = KindMacroRules
			return h, h.readName(toks, i+1) && (peek(toks, i+2).Is('(') || peek(toks, i+2).Is('{'))
		default:
			h.kind = namedKinds[t.Word]
			return h, h.kind != 0 && h.readName(toks, i+1)
		}
	}
	return h, false
}

// readVisibility reads `pub`, `pub(crate)`, `pub(in path)` and returns the index after it.
func (h *head) readVisibility(toks []Token, i int) int {
	if peek(toks, i).Word != WordPub {
		return i
	}
	h.visibility = VisPublic
	i++
	if !peek(toks, i).Is('(') {
		return i
	}
	switch inner := peek(toks, i+1); {
	case inner.Word == WordIn:
		at := i + 2
		for peek(toks, at).Kind == Ident || peek(toks, at).Kind == PathSep {
			at++
		}
		if !peek(toks, at).Is(')') {
			return i
		}
		h.visibility = VisIn
		h.visPath = source.Span{Start: inner.End, End: inner.End} // nothing in `pub(in )`
		if at > i+2 {
			h.visPath = source.Span{Start: toks[i+2].Start, End: toks[at-1].End}
		}
		return at + 1
	case !peek(toks, i+2).Is(')'):
		return i
	case inner.Word == WordCrate:
		h.visibility = VisCrate
	case inner.Word == WordSuper:
		h.visibility = VisSuper
	case inner.Word == WordSelf:
		h.visibility = VisSelf
	default:
		return i
	}
	return i + 3
}

// readName takes the token at index i as the item's name.
func (h *head) readName(toks []Token, i int) bool {
	if !mayName(peek(toks, i)) {
		return false
	}
	h.name, h.next = i, i+1
	return true
}

// readConst reads a constant; done is false if `const` is a qualifier of something that follows.
func (h *head) readConst(toks []Token) (done, ok bool) {
	i := h.keyword + 1
	t, after := peek(toks, i), peek(toks, i+1)
	if t.Word == WordMut {
		i++
		t, after = after, peek(toks, i+1)
	}
	named := mayName(t) || t.Word == WordUnderscore
	if named && (after.Is(':') || after.Is('=') || after.Is('<') || after.Is(';')) {
		h.kind, h.next = KindConst, i+1
		if t.Word != WordUnderscore {
			h.name = i
		}
		return true, true
	}
	return !qualified[t.Word], false
}

// readExtern reads `extern crate` and `extern "C" {`, or the qualifier of a function: then done is false and at is the
// index after it.
func (h *head) readExtern(toks []Token) (done bool, at int) {
	at = h.keyword + 1
	t := peek(toks, at)
	if t.Word == WordCrate {
		h.kind = KindExternCrate
		h.readCrate(toks, at+1)
		return true, at
	}
	if t.Kind == Literal && t.Flags&StringLit != 0 {
		at++
		t = peek(toks, at)
	}
	switch {
	case t.Is('{'):
		h.kind, h.next = KindExternBlock, at
		return true, at
	case t.Kind == Ident && qualified[t.Word]:
		h.flags |= FlagExtern
		return false, at
	}
	return true, at
}

// readCrate finds the name that `extern crate a as b` binds; `as _` binds none.
func (h *head) readCrate(toks []Token, i int) {
	if t := peek(toks, i); mayName(t) || t.Word == WordSelf {
		h.name, h.next = i, i+1
	}
	if peek(toks, i+1).Word != WordAs {
		return
	}
	h.name = -1
	h.readName(toks, i+2)
}

// readStatic reads `static [mut] NAME`, and lazy_static's `static ref NAME`.
func (h *head) readStatic(toks []Token) bool {
	h.kind = KindStatic
	i := h.keyword + 1
	if w := peek(toks, i).Word; w == WordMut || w == WordRef {
		i++
	}
	if t := peek(toks, i); t.Word == WordUnderscore {
		h.next = i + 1
	} else if !h.readName(toks, i) {
		return false
	}
	after := peek(toks, h.next)
	return after.Is(':') || after.Is('=') || after.Is(';')
}

// readImpl accepts what can follow `impl`, and sets FlagConst and FlagNegative of `impl<T> const !Trait for X`.
func (h *head) readImpl(toks []Token) bool {
	t := peek(toks, h.keyword+1)
	switch {
	case t.Kind == Ident, t.Kind == PathSep, t.Is('<'), t.Is('('), t.Is('['), t.Is('&'), t.Is('*'), t.Is('$'), t.Is('?'):
	case t.Is('!'):
		h.flags |= FlagNegative
	default:
		return false
	}
	i := h.keyword + 1
	if t.Is('<') {
		i = anglesEnd(toks, i)
	}
	if peek(toks, i).Word == WordConst {
		h.flags |= FlagConst
		i++
	}
	if peek(toks, i).Is('!') && peek(toks, i+1).Kind != Open {
		h.flags |= FlagNegative
	}
	return true
}

// anglesEnd is the index after the generic parameters that begin at index i; far away or never ending, it is i.
func anglesEnd(toks []Token, i int) int {
	const reach = 1000
	depth := 0
	for at := i; at < i+reach && at < len(toks); at++ {
		switch t := toks[at]; {
		case t.Is('<'):
			depth++
		case t.Is('>'):
			depth--
			if depth == 0 {
				return at + 1
			}
		case t.Is('{') && depth == 1 || t.Is(';') && depth == 1:
			return i
		}
	}
	return i
}

// followerOf are the tokens that may follow the head of each kind, `w` for `where`. Kinds that are not listed may be
// followed by anything.
var followerOf = map[ItemKind]string{
	KindFn: "(<", KindStruct: "<{(;w", KindEnum: "<{w", KindUnion: "<{w", KindTrait: "<{:=w", KindType: "<:=;w",
	KindMod: "{;", KindConst: ":<", KindStatic: ":", KindUse: "",
}

// plausible reports whether the token after the head is one that the grammar allows there.
func (h *head) plausible(toks []Token) bool {
	allowed := followerOf[h.kind]
	if allowed == "" {
		return true
	}
	t := peek(toks, h.next)
	for i := range len(allowed) {
		if t.Is(allowed[i]) || allowed[i] == 'w' && t.Word == WordWhere {
			return true
		}
	}
	return false
}
