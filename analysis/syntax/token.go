package syntax

import "github.com/afidt-lsp/afidt-lsp/analysis/source"

// Kind is a token's lexical kind. Punctuation is one token a character, but for `::`, `->` and `=>`:
// whoever needs `&&` or `>>` looks at adjacent tokens, so generics never need splitting.
type Kind uint8

// Token kinds.
const (
	EOF        Kind = iota
	Ident           // identifiers and keywords; Token.Word tells which keyword
	Lifetime        // 'a, '_ and 'r#a
	Literal         // numbers, strings and characters of every form, suffix included
	DocComment      // outer or inner doc comment (only if asked for)
	Open            // ( [ {
	Close           // ) ] }
	PathSep         // ::
	Arrow           // ->
	FatArrow        // =>
	Punct           // any other character
)

// Word is a keyword (strict, reserved or contextual), or NoWord for an ordinary identifier. A raw identifier (`r#type`) is
// never a keyword.
type Word uint8

// Keywords that the scanner and the parser tell apart.
const (
	NoWord Word = iota
	WordAs
	WordAsync
	WordAuto
	WordAwait
	WordBreak
	WordConst
	WordContinue
	WordCrate
	WordDefault
	WordDyn
	WordElse
	WordEnum
	WordExtern
	WordFalse
	WordFinal
	WordFn
	WordFor
	WordGen
	WordIf
	WordImpl
	WordIn
	WordLet
	WordLoop
	WordMacro
	WordMacroRules
	WordMatch
	WordMod
	WordMove
	WordMut
	WordPub
	WordRef
	WordReturn
	WordSafe
	WordSelfType // Self
	WordSelf     // self
	WordStatic
	WordStruct
	WordSuper
	WordTrait
	WordTrue
	WordType
	WordUnderscore // _
	WordUnion
	WordUnsafe
	WordUse
	WordWhere
	WordWhile
)

// Token is one token of a text. Start and End are byte offsets into the text that was lexed (plus the base offset, if
// one was given).
type Token struct {
	Kind  Kind
	Word  Word
	Char  byte // the character of Punct, Open and Close
	Flags TokenFlags
	Start uint32
	End   uint32
}

// TokenFlags say what the next stages want to know about a token without looking at the text again.
type TokenFlags uint8

// Token flags.
const (
	RawIdent     TokenFlags = 1 << iota // r#name
	LineFirst                           // nothing but blanks and comments before it on its line
	Unterminated                        // a string, character or block comment that never ends
	StringLit                           // a string literal of any form
	Multiline                           // spans more than one line
	HashString                          // a raw string with at least one #
	Joint                               // the next byte is the start of the next token (no blank or comment between)
)

// Span is the token's byte range.
func (t Token) Span() source.Span { return source.Span{Start: t.Start, End: t.End} }

// Is reports whether the token is the single punctuation or delimiter character c.
func (t Token) Is(c byte) bool { return t.Char == c && t.Kind >= Open }
