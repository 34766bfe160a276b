package syntax

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// checkSkim compares what Scan makes of a text with what it makes of it when every body is lexed.
func checkSkim(t *testing.T, text []byte, edition int) {
	t.Helper()
	all := scanner{text: text, edition: edition, whole: true}
	if got, want := Scan(text, edition), all.scan(); fmt.Sprint(*got) != fmt.Sprint(*want) {
		t.Fatalf("edition %d: skimming gives\n%s\nlexing gives\n%s\nof\n%s", edition, skeleton(got), skeleton(want), text)
	}
}

// bodyPieces are what bodies are made of: all that skim tells apart, and what could mislead it.
var bodyPieces = []string{
	" ", "\n", "\t", ";", ",", "=", "x", "x.y", "1", "1.5e3", "1..2", "a::b", "::", "->", "=>", "&", "<", ">", "$x", "é", "\u200e", "|x|",
	"{}", "()", "{ x; }", "(x, y)", "[1; 2]", "if x { y } else { z }", "match x { _ => {} }", "S { a: 1 }",
	`"s"`, `"a\"b"`, `"}"`, `b"x"`, `c"x"`, `r"\"`, `r#"a"b"#`, `br##"}"##`, `r#fn`, `r#r"x"`, `bar"x"`, `rr"x"`, `'r"x"`, `1r"x"`, `#"x"`,
	"'a", "'a'", `'\''`, "'{'", `'"'`, "b'{'", `b'\''`, "'r#a", "'_", "'ab'",
	"// c\n", "// { dyn\n", "/* } */", "/* /* */ \" */", "/// d\n", "//! d\n", "/", "a / b",
	"#[a]", "#![a]", "#[cfg(x)]", "# [a]", "#", "#/**/[a]", "!", "!x", "!(x)", "x != (y)",
	"dyn", "dyn A", "&dyn A", "r#dyn", "dynamic", "<dyn A>::b()",
	"fn f() {}", "fn", "fn(u8)", "mod m {}", "use a::b;", "struct S;", "enum E { A }", "trait T { fn f(); }", "impl S {}", "const X: u8 = 1;",
	"const { 1 }", "static S: u8 = 1;", "type A = B;", "type", "unsafe { x }", "unsafe fn f() {}", "async move { x }", "async fn f() {}", "extern crate a;",
	`extern "C" {}`, "default()", "default fn f() {}", "union", "union U { a: u8 }", "auto", "safe", "pub struct S;", "macro_rules! m { () => { x } }",
	"m!()", "m! { x }", "m![x]", "m!{ fn f() {} }", "m!(struct S;)", "m!(#[a] x)", "m! { dyn A }", "m ! (x)", "m!/**/(use a;)", "m! // c\n { mod a; }", "a::m!(x)", "m!()\nuse a;",
	"cfg_if! { if #[cfg(a)] { x } else { y } }", "cfg_select! { a => { x } _ => { y } }", "cfg_if /**/ ! { if #[cfg(a)] { m!{} } }", "vec![1]\nstruct S;", "#[a] use b;", "#[a]\n// c\nfn f() {}",
}

// brokenPieces are rare: in text that does not balance every body is lexed.
var brokenPieces = []string{"{", "}", "(", ")", "[", "]", `"`, `"{`, `"a"b`, "'", "b'", "/*", "fn f(", "fn f() {"}

func piece(r *rand.Rand) string {
	if r.IntN(60) == 0 {
		return brokenPieces[r.IntN(len(brokenPieces))]
	}
	return bodyPieces[r.IntN(len(bodyPieces))]
}

// TestSkimChangesNothing scans random bodies in every place where a body can stand.
func TestSkimChangesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	places := []string{
		"fn f() {%}", "fn f() {%}\nfn g() {%}", "impl A { fn f(&self) -> B {%} const C: u8 = 1; }", "trait T { fn f(); fn g() {%} }",
		"mod m { fn f() where A: B {%} }", "m! { fn f() {%} }", "m! { fn f {%} fn g() {%} }", "cfg_if! { if #[cfg(a)] { fn f() {%} } }", "fn f() -> A<{%}> {%}",
		"fn f(a: [u8; {%}]) {%}", "type A = fn() -> B; struct C {%}", "macro_rules! m { () => { fn f() {%} } }", "fn f() { fn g() {%} %}", "fn f() {%", "%fn f() {%}",
		"fn f<const N: usize = {%}>() {%} struct S;",
	}
	n := 40_000
	if testing.Short() {
		n /= 10
	}
	for i := range n {
		var text strings.Builder
		for part := range strings.SplitSeq(places[i%len(places)], "%") {
			if text.Len() > 0 || part == "" {
				for range r.IntN(8) {
					text.WriteString(piece(r))
					if r.IntN(2) == 0 {
						text.WriteByte(' ')
					}
				}
			}
			text.WriteString(part)
		}
		checkSkim(t, []byte(text.String()), []int{2015, 2018, 2021, 2024}[i/len(places)%4])
	}
}

// TestSkimSkims holds that usual bodies are skimmed: else nothing is wrong, only slow.
func TestSkimSkims(t *testing.T) {
	for _, body := range []string{
		"", "let x = 1;", "if x { return Err(y); }\n// it's so\nz", `println!("{}", x); vec![1, 2].len()`, "let f = async move { x }; unsafe { f() }", "let s = Self { a, ..Default::default() };",
		`let s = r#"fn f() { dyn }"#.len() + b'{';`, "#[allow(x)] let y = 1; 'a: loop { break 'a }", "match x { A { b, .. } => {} _ if !c => {} }",
	} {
		if strings.Contains(body, "dyn") {
			body = strings.ReplaceAll(body, "dyn", "dynamic")
		}
		text := []byte("{" + body + "}")
		s := skimmer{text: text, dyn: -1}
		if end, ok := s.skim(1); !ok || end != len(text)-1 {
			t.Errorf("%s: ends at %d, %v", text, end, ok)
		}
	}
}
