package syntax

import "github.com/afidt-lsp/afidt-lsp/analysis/source"

// Surroundings are the macro invocations and modules around a place in a text, the outermost first.
type Surroundings struct {
	// Invocation is the outermost macro invocation, or definition, around the place; nil if there is none.
	Invocation *Invocation
	// Modules are the offsets of the `mod` of the modules around it, outside of Invocation.
	Modules []uint32
}

// Invocation is a macro invocation, or the definition of a macro, in a text.
type Invocation struct {
	Path       string // without blanks
	Start      uint32
	Args       source.Span
	Definition bool
}

// Around finds what is around an offset of a text, as far as it lies in span. Any tokens will do.
func Around(text []byte, span source.Span, offset uint32) Surroundings {
	toks := Lex(text, span, nil)
	var open []int
	at := 0
	for ; at < len(toks)-1 && toks[at].Start < offset; at++ {
		switch toks[at].Kind {
		case Open:
			open = append(open, at)
		case Close:
			open = open[:max(0, len(open)-1)]
		}
	}
	var out Surroundings
	for _, o := range open {
		if inv := invocationBefore(text, toks, o); inv != nil {
			inv.Args = source.Span{Start: toks[o].End, End: groupEnd(toks, o)}
			out.Invocation = inv
			return out
		}
		if o >= 2 && toks[o].Is('{') && toks[o-1].Kind == Ident && toks[o-2].Word == WordMod {
			out.Modules = append(out.Modules, toks[o-2].Start)
		}
	}
	return out
}

// groupEnd is the offset of the delimiter that closes the group opened at index i, or of the last token's end.
func groupEnd(toks []Token, i int) uint32 {
	depth := 0
	for ; i < len(toks)-1; i++ {
		switch toks[i].Kind {
		case Open:
			depth++
		case Close:
			if depth--; depth == 0 {
				return toks[i].Start
			}
		}
	}
	return toks[len(toks)-1].Start
}

// invocationBefore is the macro invocation whose arguments open at index i, without the arguments; nil if it is none.
func invocationBefore(text []byte, toks []Token, i int) *Invocation {
	bang := i - 1
	if bang > 0 && toks[bang].Kind == Ident && toks[bang-1].Is('!') { // macro_rules! name {
		bang--
	}
	if bang <= 0 || !toks[bang].Is('!') || toks[bang-1].Kind != Ident || !pathWord(toks[bang-1].Word) {
		return nil
	}
	first := bang - 1
	for first >= 2 && toks[first-1].Kind == PathSep && toks[first-2].Kind == Ident {
		first -= 2
	}
	if first >= 1 && (toks[first-1].Kind == PathSep || toks[first-1].Is('$')) {
		first--
	}
	out := &Invocation{Start: toks[first].Start, Definition: toks[first].Word == WordMacroRules}
	for _, t := range toks[first:bang] {
		out.Path += string(t.Span().Of(text))
	}
	return out
}
