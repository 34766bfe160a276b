package syntax

import (
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// TestExpand expands the last invocation of each source, blanks aside. An empty result means that it is not sure.
func TestExpand(t *testing.T) {
	for _, test := range []struct{ name, rules, args, want string }{
		{"nothing", `() => { a }`, ``, `a`},
		{"second rule", `(x) => { a } (y) => { b }`, `y`, `b`},
		{"tokens", `($($t:tt)*) => { < $($t)* > }`, `a (b, c) 'd "e"`, `< a (b, c) 'd "e" >`},
		{"separator", `($($t:ident),* $(,)?) => { $($t;)* }`, `a, b,`, `a; b;`},
		{"written separator", `($($t:ident)*) => { $($t)=>* }`, `a b`, `a => b`},
		{"nested", `($($a:ident: $($b:ty),*);*) => { $(fn $a($(_: $b),*);)* }`, `f: u8, Vec<u8>; g:`, `fn f(_: u8, _: Vec<u8>); fn g();`},
		{"split operator", `(<$t:ty>) => { $t }`, `<Vec<Vec<u8>>>`, `Vec<Vec<u8>>`},
		{"whole operator", `(> >) => { two } (>>) => { one }`, `>>`, `one`},
		{"types", `($a:ty, $b:ty) => { [$b; $a] }`, `&'a dyn A<B, C>, fn(X) -> Y`, `[fn(X) -> Y; &'a dyn A<B, C>]`},
		{"sum", `($a:ty) => { &$a }`, `dyn A + B`, `&(dyn A + B)`},
		{"expressions", `($($e:expr),*) => { $($e;)* }`, `a::<B, C>(), |x, y: D<E, F>| x, x as G<H, I>, if a < b { c } else { d }, <J as K<L, M>>::f()`,
			`a::<B, C>(); |x, y: D<E, F>| x; x as G<H, I>; if a < b { c } else { d }; <J as K<L, M>>::f();`},
		{"items", `($($i:item)*) => { $(#[x] $i)* }`, `pub struct A; fn f() {} #[y] trait T: U {} m!{} n!();`,
			`#[x] pub struct A; #[x] fn f() {} #[x] #[y] trait T: U {} #[x] m!{} #[x] n!();`},
		{"visibility", `($v:vis $n:ident) => { $v struct $n; }`, `pub(in a::b) X`, `pub(in a::b) struct X;`},
		{"no visibility", `($v:vis struct $n:ident) => { $v $n }`, `struct X`, `X`},
		{"attributes", `($(#[$m:meta])* $n:ident) => { $(#[$m])* $n }`, `#[a(b, c)] #[d = "e"] X`, `#[a(b, c)] #[d = "e"] X`},
		{"patterns", `($($p:pat => $e:expr),*) => { $($p, $e;)* }`, `Some(A::<B, C> { .. }) | None => 1, 1..=2 => 3`, `Some(A::<B, C> { .. }) | None, 1; 1..=2, 3;`},
		{"statements", `($s:stmt) => { $s; }`, `let x: A<B, C> = y`, `let x: A<B, C> = y;`},
		{"literals", `($($l:literal)*) => { [$($l),*] }`, `1 -2 "a" true`, `[1, -2, "a", true]`},
		{"lifetime and block", `($l:lifetime $b:block) => { $l: loop $b }`, `'a { x }`, `'a: loop { x }`},
		{"paths", `($p:path) => { $p }`, `::a::B<C, D>`, `::a::B<C, D>`},
		{"crate", `() => { $crate::a }`, ``, `$crate::a`},
		{"macro in macro", `($n:ident) => { macro_rules! $n { ($x:ty) => { $x } } }`, `m`, `macro_rules! m { ($x:ty) => { $x } }`},
		{"raw identifiers", `(r#a) => { one } (a) => { two }`, `a`, `two`},
		{"first fragment decides", `($t:ty) => { one } (=) => { two }`, `=`, `two`},
		{"a fragment that fails is an error", `($t:ty) => { one } (+ x) => { two } ($($t:tt)*) => { three }`, `<`, ``},
		{"two ways", `($($a:ident)* $b:ident) => { $b }`, `x y`, ``},
		{"no rule", `(x) => { a }`, `y`, ``},
		{"rounds differ", `($($a:ident)* ; $($b:ident)*) => { $($a $b)* }`, `x y ; z`, ``},
		{"unstable", `($($a:ident)*) => { ${count($a)} }`, `x y`, ``},
		{"optional", `($a:ident $(= $b:literal)?) => { $a $(($b))? }`, `x`, `x`},
		{"an if of tokens", `(@a $($t:tt)*) => { one } ($($t:tt)*) => { two }`, `@b`, `two`},
	} {
		text := "macro_rules! m { " + strings.ReplaceAll(test.rules, "} (", "}; (") + " }"
		f := Scan([]byte(text), 2021)
		def := ParseMacro(f, 0, 2021, false)
		if def == nil {
			t.Errorf("%s: %s does not read", test.name, text)
			continue
		}
		budget := 10_000
		got := ""
		def.Expand([]byte(test.args), source.Span{End: uint32(len(test.args))}, nil, "$crate", &budget, func(x *Expansion) {
			got = plain(string(x.Text))
			for _, o := range x.Origins {
				from := text
				if o.Arg {
					from = test.args
				}
				if here := string(x.Text[o.At : o.At+o.Len]); !o.Made && here != from[o.From:o.From+o.Len] {
					t.Errorf("%s: the origin of %q is %q", test.name, here, from[o.From:o.From+o.Len])
				}
			}
		})
		if got != plain(test.want) {
			t.Errorf("%s: m!(%s) gives\n%s, want\n%s", test.name, test.args, got, plain(test.want))
		}
	}
}

// FuzzExpand feeds rules and arguments of any kind: the work is bounded, and every token has its origin.
func FuzzExpand(f *testing.F) {
	f.Add("($($t:tt)*) => { $($t)* }", "pub trait T { fn f(); } m!{ x }")
	f.Add("($($e:expr),* ; $v:vis $t:ty) => { $v $t $([$e])* }", "|a| b::<C, D>, <E as F>::g ; pub(in a) &dyn A + B")
	f.Add("($p:pat => $s:stmt) => { $($p)* $s } (@x) => {}", "Some(A::<B>) | 1..=2 => let x: A<B> = y")
	f.Add("($($($a:ident)* ; $(#[$m:meta])+ )?) => { $($($a)*,)? ${x} }", "a b ; #[c(d)] #[e = 1]")
	f.Add("($i:item $l:literal $b:block 'a $x:lifetime) => { $crate::$i }", "fn f() {} -1 { x } 'a 'b")
	f.Fuzz(func(t *testing.T, rules, args string) {
		text := "macro_rules! m { " + rules + " }"
		file := Scan([]byte(text), 2021)
		if len(file.Items) == 0 || file.Items[0].Kind != KindMacroRules {
			return
		}
		def := ParseMacro(file, 0, 2021, false)
		if def == nil {
			return
		}
		budget := 10_000
		def.Expand([]byte(args), source.Span{End: uint32(len(args))}, nil, "$crate", &budget, func(x *Expansion) {
			at := uint32(0)
			for _, o := range x.Origins {
				if o.At < at || int(o.At+o.Len) > len(x.Text) {
					t.Fatalf("token at %d, the one before ends at %d, the text at %d", o.At, at, len(x.Text))
				}
				at = o.At + o.Len
			}
			whole := source.Span{End: uint32(len(x.Text))}
			def.Expand(x.Text, whole, x.Fragments, "$crate", &budget, func(*Expansion) {})
			WordsOf(x.Text, whole)
			Around(x.Text, whole, uint32(len(x.Text)/2))
		})
	})
}

// plain is a text with one blank between tokens, so that only they are compared.
func plain(text string) string {
	toks := Lex([]byte(text), source.Span{End: uint32(len(text))}, nil)
	var out []string
	for _, t := range toks[:len(toks)-1] {
		out = append(out, text[t.Start:t.End])
	}
	return strings.Join(out, " ")
}
