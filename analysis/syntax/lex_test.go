package syntax

import (
	"fmt"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// lexed is how the tests write tokens: kind and text of each, without the EOF.
func lexed(src string) string {
	text := []byte(src)
	names := map[Kind]string{Ident: "i", Lifetime: "t", Literal: "l", Open: "(", Close: ")", PathSep: "::", Arrow: "->",
		FatArrow: "=>", Punct: "p"}
	var out []string
	for _, t := range Lex(text, source.Span{End: uint32(len(text))}, nil) {
		if t.Kind == EOF {
			break
		}
		s := string(t.Span().Of(text))
		switch t.Kind {
		case Ident, Lifetime, Literal:
			s = names[t.Kind] + ":" + s
		}
		if t.Flags&Unterminated != 0 {
			s += "!"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestTokenForms(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"fn a_1() -> B {}", "i:fn i:a_1 ( ) -> i:B { }"},
		{"a::b => c", "i:a :: i:b => i:c"},
		{"a : : b", "i:a : : i:b"},
		{">>= && ..=", "> > = & & . . ="},
		{"a-->b", "i:a - -> i:b"},
		{"== =>", "= = =>"},

		{"// c\nx", "i:x"},
		{"//", ""},
		{"/// doc\n//! doc\nx", "i:x"},
		{"/* a /* b */ c */ x", "i:x"},
		{"/**/x/***/y", "i:x i:y"},
		{"a /* never", "i:a"},
		{"a/b", "i:a / i:b"},

		{`"a" "\"" "\\" ""`, `l:"a" l:"\"" l:"\\" l:""`},
		{`"never`, `l:"never!`},
		{`r"a\" r#"a"b"# r##"a"#b"##`, `l:r"a\" l:r#"a"b"# l:r##"a"#b"##`},
		{`r#"never"`, `l:r#"never"!`},
		{`b"a\"" br"a\" br#"""#`, `l:b"a\"" l:br"a\" l:br#"""#`},
		{`c"a" cr"a" cr#"""#`, `l:c"a" l:cr"a" l:cr#"""#`},
		{`"a"suffix`, `l:"a" i:suffix`},
		{"r##x", "i:r # # i:x"},

		{`'a' 'é' '\'' '\u{1F600}' '"' '\\' '''`, `l:'a' l:'é' l:'\'' l:'\u{1F600}' l:'"' l:'\\' l:'''`},
		{`b'a' b'\'' b'"'`, `l:b'a' l:b'\'' l:b'"'`},
		{"&'a T, '_, 'static", "& t:'a i:T , t:'_ , t:'static"},
		{"'r#lt x", "t:'r#lt i:x"},
		{"'a: loop", "t:'a : i:loop"},
		{"<'a>'b'", "< t:'a > l:'b'"},
		{"f(') ;", "i:f ( l:'! ) ;"},

		{"r#type r#fn b c r br cr x", "i:r#type i:r#fn i:b i:c i:r i:br i:cr i:x"},
		{"bx rx crx brx", "i:bx i:rx i:crx i:brx"},

		{"1..2", "l:1 . . l:2"},
		{"1.foo()", "l:1 . i:foo ( )"},
		{"1. 1.5 1.0f32 1e3 1E-3 1_0e+1_0 0x1F_u8 0b1 0o7 1u8", "l:1. l:1.5 l:1.0f32 l:1e3 l:1E-3 l:1_0e+1_0 l:0x1F_u8 l:0b1 l:0o7 l:1u8"},
		{"0x 0xe+1", "l:0x l:0xe + l:1"},
		{"x.0.1", "i:x . l:0.1"},
		{"1f-2", "l:1f - l:2"},
		{"2.0.sin()", "l:2.0 . i:sin ( )"},

		{"größe 日本 _ _a", "i:größe i:日本 i:_ i:_a"},
		{"a\u2028b\u00a0c", "i:a i:b \u00a0 i:c"},
		{"a → b", "i:a → i:b"},
		{"a\x00\xffb", "i:a \x00 \xff i:b"},

		{"\xEF\xBB\xBFfn", "i:fn"},
		{"#!/usr/bin/env x\nfn", "i:fn"},
		{"\xEF\xBB\xBF#!/x\nfn", "i:fn"},
		{"#![a]", "# ! [ i:a ]"},
		{"#! /* c */\n[a]", "# ! [ i:a ]"},
		{"---\na: \"b\n---\nfn", "i:fn"},
		{"#!/x\n\n---cargo\n[a]\n---  \nfn", "i:fn"},
		{"---\nnever", "- - - i:never"},
		{"", ""},
	} {
		if got := lexed(c.src); got != c.want {
			t.Errorf("%q lexes as\n  %s, want\n  %s", c.src, got, c.want)
		}
	}
}

func TestTokenFlags(t *testing.T) {
	src := "a.b\n  /* c */ r#d \"e\nf\" r#\"\"#x /* \n */ y\n"
	want := "a Joint|LineFirst\n. Joint\nb -\nr#d LineFirst|RawIdent\n\"e\nf\" Multiline|StringLit\nr#\"\"# HashString|Joint|StringLit\nx -\n" +
		"y LineFirst\n"
	names := []struct {
		flag TokenFlags
		name string
	}{
		{HashString, "HashString"}, {Joint, "Joint"}, {LineFirst, "LineFirst"}, {Multiline, "Multiline"}, {RawIdent, "RawIdent"},
		{StringLit, "StringLit"}, {Unterminated, "Unterminated"},
	}
	got := ""
	for _, tok := range Lex([]byte(src), source.Span{End: uint32(len(src))}, nil) {
		if tok.Kind == EOF {
			break
		}
		var set []string
		for _, n := range names {
			if tok.Flags&n.flag != 0 {
				set = append(set, n.name)
			}
		}
		if set == nil {
			set = []string{"-"}
		}
		got += fmt.Sprintf("%s %s\n", src[tok.Start:tok.End], strings.Join(set, "|"))
	}
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestEveryKeywordIsKnown(t *testing.T) {
	for _, k := range keywords {
		toks := Lex([]byte(k.text), source.Span{End: uint32(len(k.text))}, nil)
		if toks[0].Word != k.word {
			t.Errorf("%s lexes as word %d, want %d: two keywords share a slot", k.text, toks[0].Word, k.word)
		}
		raw := "r#" + k.text
		if toks := Lex([]byte(raw), source.Span{End: uint32(len(raw))}, nil); toks[0].Word != NoWord {
			t.Errorf("%s is a keyword", raw)
		}
	}
}

func TestLexPartOfAText(t *testing.T) {
	text := []byte("aaa bbb ccc ddd")
	toks := Lex(text, source.Span{Start: 4, End: 10}, nil)
	got := fmt.Sprint(toks[0].Span(), toks[1].Span(), toks[2].Kind, toks[2].Span())
	if want := "{4 7} {8 10} 0 {10 10}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestUnterminatedCommentIsOnEOF(t *testing.T) {
	text := []byte("a /* b")
	toks := Lex(text, source.Span{End: uint32(len(text))}, nil)
	if toks[1].Kind != EOF || toks[1].Flags&Unterminated == 0 {
		t.Errorf("got %+v", toks[1])
	}
}
