package syntax

import "github.com/afidt-lsp/afidt-lsp/analysis/source"

// Vocabulary is what a text says about the names that it may define once macros have dealt with it.
type Vocabulary struct {
	// Words are its identifiers, without r#.
	Words map[string]bool
	// Defines is set if a keyword is in it that begins an item of the type namespace.
	Defines bool
	// Any is set if names may come from elsewhere: through a glob import, or a macro whose name is an argument.
	Any bool
	// Invokes are the paths of the macros that it invokes.
	Invokes []string
}

// WordsOf is the vocabulary of the arguments of an invocation.
func WordsOf(text []byte, span source.Span) *Vocabulary {
	out := &Vocabulary{Words: map[string]bool{}}
	toks := Lex(text, span, nil)
	out.add(text, toks[:len(toks)-1], false)
	return out
}

// Vocabulary is that of what the macro writes.
func (d *MacroDef) Vocabulary() *Vocabulary {
	out := &Vocabulary{Words: map[string]bool{}}
	for i := range d.rules {
		out.add(d.text.text, d.text.toks[d.rules[i].body:d.rules[i].stop], true)
	}
	return out
}

// add adds tokens. What a definition writes before `::` begins a path and names nothing; arguments are anybody's to take apart.
func (v *Vocabulary) add(text []byte, toks []Token, definition bool) {
	for i, t := range toks {
		switch {
		case t.Kind == Ident:
			switch t.Word {
			case WordTrait, WordStruct, WordEnum, WordUnion, WordType, WordMod, WordUse, WordExtern:
				v.Defines = true
			}
			if definition && peek(toks, i+1).Kind == PathSep {
				continue
			}
			if t.Flags&RawIdent != 0 {
				t.Start += 2
			}
			v.Words[string(t.Span().Of(text))] = true
		case t.Is('*') && i > 0 && (toks[i-1].Kind == PathSep || toks[i-1].Is('{') || toks[i-1].Is(',') || toks[i-1].Word == WordUse):
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

func hasCrate(path string) bool { return len(path) > 8 && path[:8] == "$crate::" }
