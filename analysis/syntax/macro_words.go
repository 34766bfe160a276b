package syntax

import (
	"hash/maphash"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// Vocabulary is what a text says about the names that it may define once macros have dealt with it.
type Vocabulary struct {
	// Words are the hashes of its identifiers, without r#, sorted: see WordHash.
	Words []uint64
	// Traits is set if it may define traits, or import them by names that are not in it.
	Traits bool
	// Imported are the hashes of the words in its imports, sorted.
	Imported []uint64
	// Defines is set if a keyword is in it that begins an item of the type namespace.
	Defines bool
	// Values is set if one is in it that begins a function, constant or static.
	Values bool
	// Any is set if names may come from elsewhere: through a glob import, or a macro whose name is an argument.
	Any bool
	// Invokes are the paths of the macros that it invokes.
	Invokes []string
}

var wordSeed = maphash.MakeSeed()

// WordHash is the hash of an identifier in a Vocabulary.
func WordHash(word string) uint64 { return maphash.String(wordSeed, word) }

// Have reports whether an identifier of this hash is in it.
func (v *Vocabulary) Have(hash uint64) bool {
	_, ok := slices.BinarySearch(v.Words, hash)
	return ok
}

// Sort puts the words in order, each once.
func (v *Vocabulary) Sort() {
	for _, list := range [...]*[]uint64{&v.Words, &v.Imported} {
		slices.Sort(*list)
		*list = slices.Clone(slices.Compact(*list))
	}
}

// WordsOf is the vocabulary of the arguments of an invocation.
func WordsOf(text []byte, span source.Span) *Vocabulary {
	out := &Vocabulary{}
	parseSpan(text, span, 0, func(p *parser) { out.add(text, p.toks[:len(p.toks)-1], false) })
	out.Sort()
	return out
}

// Vocabulary is that of what the macro writes.
func (d *MacroDef) Vocabulary() *Vocabulary {
	out := &Vocabulary{}
	for i := range d.rules {
		out.add(d.text.text, d.text.toks[d.rules[i].body:d.rules[i].stop], true)
	}
	out.Sort()
	return out
}

// add adds tokens. What a definition writes before `::` begins a path and names nothing; arguments are anybody's to take apart.
func (v *Vocabulary) add(text []byte, toks []Token, definition bool) {
	module := 0 // the end of the last `mod name { .. }` that is written in a definition
	for i, inner := 0, 0; i < len(toks); i++ {
		t := toks[i]
		if definition && module <= i && t.Word == WordMod {
			module = moduleEnd(toks, i)
		}
		if inner < i && definition && t.Word == WordMacroRules {
			inner = unusedMacro(text, toks, i)
		}
		if i < inner { // a name comes from it only where it is invoked
			if t.Kind == Ident {
				v.Words = append(v.Words, maphash.Bytes(wordSeed, t.Span().Of(text)))
			}
			continue
		}
		switch {
		case t.Kind == Ident:
			switch t.Word {
			case WordFn, WordConst, WordStatic:
				v.Values = true
			case WordTrait:
				v.Traits = true
			case WordUse:
				v.imports(text, toks[i+1:])
			}
			v.Defines = v.Defines || defining(t.Word)
			if definition && peek(toks, i+1).Kind == PathSep {
				continue
			}
			if t.Flags&RawIdent != 0 {
				t.Start += 2
			}
			v.Words = append(v.Words, maphash.Bytes(wordSeed, t.Span().Of(text)))
		case t.Is('*') && i > 0 && i >= module && // what a module opens is in it alone
			(toks[i-1].Kind == PathSep || toks[i-1].Is('{') || toks[i-1].Is(',') || toks[i-1].Word == WordUse):
			next := peek(toks, i+1)
			v.Any = v.Any || next.Is(';') || next.Is(',') || next.Is('}')
		case t.Is('!') && i > 0 && toks[i-1].Kind == Ident && toks[i-1].Word != WordMacroRules && peek(toks, i+1).Kind == Open:
			if inv := invocationBefore(text, toks, i+1); inv != nil {
				v.Invokes = append(v.Invokes, inv.Path)
				v.Any = v.Any || inv.Path[0] == '$' && !hasCrate(inv.Path)
			}
		}
	}
}

// imports adds the words of an import whose tokens begin a list.
func (v *Vocabulary) imports(text []byte, toks []Token) {
	for i, t := range toks {
		switch {
		case t.Is(';'):
			return
		case t.Is('$'):
			v.Traits = v.Traits || peek(toks, i+1).Word != WordCrate
		case t.Kind == Ident:
			if t.Flags&RawIdent != 0 {
				t.Start += 2
			}
			v.Imported = append(v.Imported, maphash.Bytes(wordSeed, t.Span().Of(text)))
		}
	}
}

// defining reports the words that begin an item with a name in the type namespace, or names that are brought there.
func defining(w Word) bool {
	switch w {
	case WordTrait, WordStruct, WordEnum, WordUnion, WordType, WordMod, WordUse, WordExtern:
		return true
	}
	return false
}

// moduleEnd is the end of the inline module whose `mod` stands at an index; the index if there is none.
func moduleEnd(toks []Token, i int) int {
	k := i + 1
	if peek(toks, k).Is('$') {
		k++
	}
	if peek(toks, k).Kind != Ident || !peek(toks, k+1).Is('{') {
		return i
	}
	depth := 0
	for k++; k < len(toks); k++ {
		switch toks[k].Kind {
		case Open:
			depth++
		case Close:
			if depth--; depth == 0 {
				return k
			}
		}
	}
	return i
}

// unusedMacro is the end of the macro_rules! at an index of a macro's tokens, if these do not invoke it; else the index.
func unusedMacro(text []byte, toks []Token, i int) int {
	if !peek(toks, i+1).Is('!') || peek(toks, i+2).Kind != Ident || peek(toks, i+3).Kind != Open {
		return i
	}
	name := string(toks[i+2].Span().Of(text))
	for k, t := range toks {
		if t.Kind == Ident && k != i+2 && string(t.Span().Of(text)) == name && peek(toks, k+1).Is('!') {
			return i
		}
	}
	depth := 0
	for k := i + 3; k < len(toks); k++ {
		switch toks[k].Kind {
		case Open:
			depth++
		case Close:
			if depth--; depth == 0 {
				return k + 1
			}
		}
	}
	return i
}

func hasCrate(path string) bool { return len(path) > 8 && path[:8] == "$crate::" }
