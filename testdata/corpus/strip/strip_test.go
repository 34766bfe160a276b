package main

import (
	"bytes"
	"testing"
)

func TestStrip(t *testing.T) {
	tests := map[string]struct {
		src, want string
		traits    []strippedTrait
	}{
		"plain": {
			"#[async_trait]\npub trait A { async fn f(&self); }\n",
			"\npub trait A { async fn f(&self); }\n",
			[]strippedTrait{{"A", 2, 1, nil}},
		},
		"path and argument": {
			"/// doc\n#[::async_trait::async_trait(?Send)] #[mockall::automock]\nunsafe trait A {}",
			"/// doc\n #[mockall::automock]\nunsafe trait A {}",
			[]strippedTrait{{"A", 3, 0, []string{"mockall::automock"}}},
		},
		"whole cfg_attr keeps its newlines": {
			"#[cfg_attr(\n  not(wasm),\n  async_trait,\n)]\npub(crate) trait A {}",
			"\n\n\n\npub(crate) trait A {}",
			[]strippedTrait{{"A", 5, 0, nil}},
		},
		"part of a cfg_attr": {
			"#[cfg_attr(test, automock, async_trait(?Send), allow(dead_code))]\ntrait A {}",
			"#[cfg_attr(test, automock, allow(dead_code))]\ntrait A {}",
			[]strippedTrait{{"A", 2, 0, []string{"automock"}}},
		},
		"impl": {
			"#[async_trait]\nimpl<T> A for T { async fn f(&self) {} }",
			"\nimpl<T> A for T { async fn f(&self) {} }",
			nil,
		},
		"not on a function, in a comment, in a string or as a character": {
			"#[async_trait] fn f() {} // #[async_trait] trait A {}\nconst S: &str = r#\"#[async_trait] trait A {}\"#; /* /* */ #[async_trait] trait A {} */ const C: char = '\"';",
			"#[async_trait] fn f() {} // #[async_trait] trait A {}\nconst S: &str = r#\"#[async_trait] trait A {}\"#; /* /* */ #[async_trait] trait A {} */ const C: char = '\"';",
			nil,
		},
		"only methods that stand against dyn count": {
			"#[async_trait] trait A<'a> { async fn f(&self) where Self: Sized; async fn g(&'a self) { async { 'x'; } } fn h(); }",
			" trait A<'a> { async fn f(&self) where Self: Sized; async fn g(&'a self) { async { 'x'; } } fn h(); }",
			[]strippedTrait{{"A", 1, 1, nil}},
		},
		"a pattern that only the attribute lets pass": {
			"#[async_trait] trait A { async fn f(&self, mut x: &mut u8, #[cfg(a)] mut y: u8); async fn g(mut x: u8) { x = 1; } }",
			" trait A { async fn f(&self, x: &mut u8, #[cfg(a)] y: u8); async fn g(mut x: u8) { x = 1; } }",
			[]strippedTrait{{"A", 1, 2, nil}},
		},
		"inside a macro_rules body": {
			"macro_rules! m { ($v:vis $n:ident) => { #[async_trait] $v trait $n {} } }",
			"macro_rules! m { ($v:vis $n:ident) => {  $v trait $n {} } }",
			[]strippedTrait{{"$n", 1, 0, nil}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := strip([]byte(test.src), false, nil)
			if string(got.text) != test.want {
				t.Errorf("text:\n%s\nwant:\n%s", got.text, test.want)
			}
			if len(got.traits) != len(test.traits) {
				t.Fatalf("traits %+v, want %+v", got.traits, test.traits)
			}
			for i, want := range test.traits {
				g := got.traits[i]
				if g.name != want.name || g.line != want.line || g.asyncFns != want.asyncFns || len(g.otherMacros) != len(want.otherMacros) {
					t.Errorf("trait %+v, want %+v", g, want)
				}
			}
		})
	}
}

// Whatever the bytes, lines keep their numbers and nothing is added.
func FuzzStrip(f *testing.F) {
	f.Add([]byte("#[cfg_attr(a,\nasync_trait)]\r\ntrait A {}"))
	f.Add([]byte("#["))
	f.Add([]byte("#[async_trait"))
	f.Add([]byte("'\\"))
	f.Fuzz(func(t *testing.T, src []byte) {
		got := strip(src, false, nil).text
		strip(src, true, map[string]bool{})
		if len(got) > len(src) || bytes.Count(got, []byte("\n")) != bytes.Count(src, []byte("\n")) {
			t.Errorf("%q became %q", src, got)
		}
	})
}

func TestPromise(t *testing.T) {
	tests := map[string]struct{ src, want string }{
		"declarations": {
			"#[async_trait]\ntrait A {\n    async fn f(&self, x: [u8; 2]);\n    async fn g<T>(&self) -> Result<[u8; 2], T> where T: Copy;\n}",
			"\ntrait A {\n    fn f(&self, x: [u8; 2]) -> impl ::core::future::Future<Output = ()> + Send;\n    fn g<T>(&self) -> impl ::core::future::Future<Output = Result<[u8; 2], T>> + Send where T: Copy;\n}",
		},
		"bodies": {
			"#[async_trait] trait A { async fn f(&self) { g(|| {}) } async fn h(&mut self) -> u8 where Self: Sized { 1 } }",
			" trait A { fn f(&self) -> impl ::core::future::Future<Output = ()> + Send where Self: Sync { async move { g(|| {}) } } fn h(&mut self) -> impl ::core::future::Future<Output = u8> + Send where Self: Send, Self: Sized { async move { 1 } } }",
		},
		"nothing was promised": {
			"#[async_trait(?Send)] trait A { async fn f(&self); }",
			" trait A { async fn f(&self); }",
		},
		"promised elsewhere than on wasm": {
			"#[cfg_attr(wasm, async_trait(?Send))] #[cfg_attr(not(wasm), async_trait::async_trait)] trait A { async fn f(&self); }",
			"  trait A { fn f(&self) -> impl ::core::future::Future<Output = ()> + Send; }",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := string(strip([]byte(test.src), true, nil).text); got != test.want {
				t.Errorf("text:\n%s\nwant:\n%s", got, test.want)
			}
		})
	}
}

func TestForeign(t *testing.T) {
	const mark = "#[async_trait]"
	tests := []struct {
		src  string
		kept int // attributes that stay
	}{
		{"use http::Client;\n#[async_trait] impl Client for A {}", 1},
		{"use {crate::a::B, http::{sync::S, Client as C}};\n#[async_trait] impl<T: Fn() -> u8> C for A<T> {} #[async_trait] impl B for A {}", 1},
		{"#[async_trait] impl http::Client for A {} #[async_trait] impl ::http::Client<u8> for B {}", 2},
		{"use http as h;\n#[async_trait] impl h::Client for A {}", 1},
		{"use my_crate::Client;\n#[async_trait] impl Client for A {} #[async_trait] impl my_crate::Client for B {}", 0},
		{"mod http;\nuse http::Client;\n#[async_trait] impl Client for A {}", 0},
		{"#[async_trait] impl crate::Client for A {} #[async_trait] impl self::Client for A {}", 0},
		{"use http::*;\n#[async_trait] impl Client for A {}", 0},
		{"use http::Client;\n#[async_trait] trait Client {}", 0},
	}
	for _, test := range tests {
		got := strip([]byte(test.src), false, map[string]bool{"my_crate": true}).text
		if kept := bytes.Count(got, []byte(mark)); kept != test.kept {
			t.Errorf("%s\nkeeps %d attributes, want %d:\n%s", test.src, kept, test.kept, got)
		}
	}
}
