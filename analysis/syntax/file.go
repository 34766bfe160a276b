// Package syntax turns Rust text into facts.
//
// It knows the grammar and nothing else: no names are resolved, no file is opened. It has three parts, each lazier than
// the one before:
//
//   - Scan lexes a whole file and finds its skeleton (File): items, attributes, macro regions and every `dyn`. It is pure
//     Go, takes half a millisecond for 5,000 lines, and recovers from text that does not balance.
//   - The Parse functions (ParseTrait, ParseFn, ParseUse, ...) read the header or signature of one item, from its tokens.
//   - ParseTree gives the text of one item to tree-sitter and returns a flat record list, for those who need expressions.
//
// Everything is a function of the text alone and immutable afterwards. Spans are absolute byte offsets into the file.
package syntax

import "github.com/afidt-lsp/afidt-lsp/analysis/source"

// File is the skeleton of one file. Items are in source order (parents before children).
type File struct {
	Text   []byte
	Items  []Item
	Attrs  []Attr
	Dyns   []Dyn
	Macros []Macro
	// Problems are places where the text does not balance or a limit was reached; what could be found around them was.
	Problems []Problem
	// Inner is the range of Attrs that holds the file's inner attributes (`#![..]`).
	Inner Range
}

// Range is a half-open range of indexes.
type Range struct{ Start, End int32 }

// ItemKind is what an Item is.
type ItemKind uint8

// Item kinds. KindBlock is no Rust item: it is a `{}` block of a function body (the body itself excepted) in which items
// stand, so that it is a scope of names; blocks without items are not recorded.
const (
	KindMod ItemKind = iota + 1
	KindFn
	KindStruct
	KindEnum
	KindUnion
	KindTrait
	KindTraitAlias
	KindImpl
	KindType // type alias; associated type in a trait or an impl
	KindConst
	KindStatic
	KindUse
	KindExternCrate
	KindExternBlock
	KindMacroRules // macro_rules! name and `macro name`
	KindMacroCall  // a macro invocation in item position; Item.Macro is its index in File.Macros
	KindBlock
)

// ItemFlags are the qualifiers of an Item.
type ItemFlags uint16

// Item flags.
const (
	FlagUnsafe ItemFlags = 1 << iota
	FlagAuto             // auto trait
	FlagConst            // const fn, const trait
	FlagAsync
	FlagDefault
	FlagFinal
	FlagExtern   // extern "C" fn
	FlagBody     // has a `{}` body (Item.Body is the text between the braces)
	FlagNegative // impl !Trait for T
	FlagRecovered
	FlagRawName // the name is written r#name
	FlagGen
	FlagTypeConst // type const NAME (unstable)
)

// Visibility is an item's written visibility.
type Visibility uint8

// Visibilities. VisIn is `pub(in path)`; the path's text is VisPath.
const (
	VisPrivate Visibility = iota
	VisPublic
	VisCrate
	VisSuper
	VisSelf
	VisIn
)

// Item is one item of a file: at module level, in a trait, impl or extern block, in a function body, or in the braces of a
// macro invocation in item position whose tokens read as items.
type Item struct {
	Kind       ItemKind
	Visibility Visibility
	Flags      ItemFlags
	Name       string      // without r#; empty for use, impl, extern blocks, `const _` and macro calls
	NameSpan   source.Span // with r#
	Span       source.Span // from the first token after the attributes (visibility included) to the end
	Body       source.Span // between the braces, exclusive; zero if there are none
	VisPath    source.Span // the path in pub(in path)
	Parent     int32       // index in File.Items; -1 at the top
	Attrs      Range       // outer attributes, then the inner ones of its body, in File.Attrs
	Macro      int32       // innermost macro invocation it stands in (index in File.Macros), -1 if none; for KindMacroCall its own
}

// Attr is one attribute; doc comments are not attributes.
type Attr struct {
	Span  source.Span // from `#` to `]`
	Path  source.Span // the path's text: `cfg`, `tokio::main`
	Args  source.Span // what follows the path: a delimited group with its delimiters, or what stands after `=`; may be empty
	Inner bool
}

// Dyn is one token `dyn` that begins a trait object type.
type Dyn struct {
	Offset uint32 // of the `dyn` token
	Item   int32  // innermost item that contains it, -1 at the top
	Macro  int32  // innermost macro invocation or macro definition that contains it, -1 if none
}

// Macro is a macro invocation or definition. Those in expression, type or pattern position are recorded only if a `dyn`
// stands in them.
type Macro struct {
	Path  source.Span // `cfg_rt`, `tokio::select`; of a definition: `macro_rules` or `macro`
	Name  source.Span // of a definition: its name; else empty
	Args  source.Span // between the delimiters, exclusive
	Item  int32       // innermost item that contains it, -1 at the top
	Outer int32       // the macro it stands in, -1 if none
	// ItemPosition is set for an invocation where an item could stand. Definition is set for macro_rules! and macro.
	ItemPosition, Definition bool
	// Items is set when the tokens were read as items (they are in File.Items with Item.Macro set).
	Items bool
	// Cond is the condition under which the arguments count, for the arms of cfg_if!/cfg_select!: the text of the cfg
	// predicate (`unix`, `feature = "x"`); empty if none. Each such arm is a Macro of its own, Outer is the invocation.
	// Negated lists the conditions of earlier arms, which must be false.
	Cond    source.Span
	Negated []source.Span
}

// Problem is a place that Scan had to repair, or a limit it reached.
type Problem struct {
	Span    source.Span
	Message string
}
