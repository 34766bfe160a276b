package quickfix

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
)

// valueUses are ways in which values become objects of the trait T: items, and statements that use them, with $ for a number. What
// needs "mut" needs a trait with a `&mut self` method.
var valueUses = []struct{ needs, items, statements string }{
	{"", `async fn by_ref_$(c: &dyn T) -> u32 { c.get("a").await }`, `let c = Fixed(3); assert_eq!(by_ref_$(&c).await, 4);`},
	{"", `async fn by_ref_$(c: &dyn T) -> u32 { c.get("a").await }`, `assert_eq!(by_ref_$(&Echo).await, 1);`},
	{"", `async fn by_ref_$(c: &dyn T) -> u32 { c.get("a").await }`, `let c = Fixed(3); assert_eq!(c.0, 3); assert_eq!(by_ref_$(&c).await, 4);`},
	{"", `async fn by_ref_$(c: &(dyn T + Send + Sync)) -> u32 { c.get("ab").await }
struct Has$ { f: Fixed }`, `let h = Has$ { f: Fixed(1) }; assert_eq!(by_ref_$(&h.f).await, 3);`},
	{"mut", `async fn by_mut_$(c: &mut dyn T) -> u32 { c.set(5).await; c.get("a").await }`, `let mut c = Fixed(3); assert_eq!(by_mut_$(&mut c).await, 6);`},
	{"", `fn make_$(x: bool) -> Box<dyn T> { if x { Box::new(Echo) } else { Box::new(Fixed(2)) } }`, `assert_eq!(make_$(true).get("a").await + make_$(false).get("").await, 3);`},
	{"", `fn make_$(x: u8) -> Option<Box<dyn T>> { match x { 0 => None, 1 => Some(Box::new(Echo)), _ => Some(Box::new(Fixed(7))) } }`, `if let Some(c) = make_$(2) { assert_eq!(c.get("").await, 7); }`},
	{"", `fn make_$(x: u8) -> Result<Box<dyn T>, String> { if x == 0 { return Err("no".into()); } Ok(Box::new(Echo)) }`, `assert_eq!(make_$(1).unwrap().get("abc").await, 3);`},
	{"", `struct App$ { client: Box<dyn T>, n: u32 }
impl App$ { fn new(client: Box<dyn T>) -> Self { Self { client, n: 1 } } async fn run(&self) -> u32 { self.client.get("ab").await + self.n } }`, `let app = App$::new(Box::new(Echo)); assert_eq!(app.run().await, 3);`},
	{"", `struct App$ { client: Box<dyn T> }
impl App$ { fn with(client: impl T + 'static) -> Self { Self { client: Box::new(client) } } }`, `assert_eq!(App$::with(Fixed(1)).client.get("a").await, 2);`},
	{"", `struct Reg$ { all: Vec<Box<dyn T>> }
impl Reg$ { fn add(&mut self, c: Box<dyn T>) -> &mut Self { self.all.push(c); self } async fn sum(&self) -> u32 { let mut n = 0; for c in &self.all { n += c.get("a").await; } n } }`, `let mut r = Reg$ { all: vec![Box::new(Echo), Box::new(Fixed(1))] }; r.add(Box::new(Echo)).add(Box::new(Fixed(2))); assert_eq!(r.sum().await, 7);`},
	{"", ``, `let all: Vec<Box<dyn T>> = vec![Box::new(Echo), Box::new(Fixed(1))]; let mut n = 0; for c in all.iter() { n += c.get("a").await; } assert_eq!(n, 3);`},
	{"", ``, `let mut all: Vec<Box<dyn T>> = Vec::new(); all.push(Box::new(Echo)); all.push(Box::new(Fixed(1))); let mut n = 0; for c in all { n += c.get("a").await; } assert_eq!(n, 3);`},
	{"", `use std::collections::HashMap as Map$;`, `let mut m: Map$<String, Box<dyn T>> = Map$::new(); m.insert("a".to_string(), Box::new(Echo)); m.entry("b".to_string()).or_insert_with(|| Box::new(Fixed(4))); assert_eq!(m["b"].get("").await + m["a"].get("a").await, 5);`},
	{"", ``, `let c = Box::new(Echo) as Box<dyn T>; assert_eq!(c.get("abc").await, 3);`},
	{"", ``, `let b = Box::new(Fixed(2)); let c: Box<dyn T> = b; assert_eq!(c.get("a").await, 3);`},
	{"", `type Boxed$ = Box<dyn T>;
fn mk_$() -> Vec<Boxed$> { vec![Box::new(Echo), Box::new(Fixed(2))] }`, `let mut n = 0; for c in &mk_$() { n += c.get("a").await; } assert_eq!(n, 4);`},
	{"", `type Factory$ = Box<dyn Fn(u32) -> Box<dyn T>>;
fn factory_$() -> Factory$ { Box::new(|n| Box::new(Fixed(n))) }`, `assert_eq!(factory_$()(4).get("a").await, 5);`},
	{"", `fn apply_$<F>(f: F) -> Box<dyn T>
where
    F: FnOnce() -> Box<dyn T>,
{ f() }`, `assert_eq!(apply_$(|| Box::new(Echo)).get("a").await, 1);`},
	{"mut", ``, `let mut c: Box<dyn T> = Box::new(Fixed(1)); c.set(8).await; assert_eq!(c.get("").await, 8);`},
	{"", `use std::sync::Arc as Arc$x;
use std::sync::Arc;`, `let c: Arc<dyn T> = Arc::new(Echo); let d = Arc$x::clone(&c); assert_eq!(d.get("a").await, 1);`},
	{"", `struct Svc$ { client: std::sync::Arc<dyn T + Send + Sync> }`, `let s = Svc$ { client: std::sync::Arc::new(Fixed(2)) }; assert_eq!(s.client.get("").await, 2);`},
	{"", `async fn arc_$(c: std::sync::Arc<dyn T>) -> u32 { c.get("a").await }`, `let shared = std::sync::Arc::new(Fixed(2)); assert_eq!(arc_$(shared.clone()).await + arc_$(shared).await, 6);`},
	{"", `struct Pool$ { maybe: Option<std::sync::Arc<dyn T>>, all: Vec<std::sync::Arc<dyn T>> }
impl Default for Pool$ { fn default() -> Self { Self { maybe: Some(std::sync::Arc::new(Echo)), all: vec![] } } }`, `let mut p = Pool$::default(); p.all.push(std::sync::Arc::new(Fixed(1))); if let Some(c) = &p.maybe { assert_eq!(c.get("a").await + p.all[0].get("").await, 2); }`},
	{"", ``, `let c: std::rc::Rc<dyn T> = std::rc::Rc::new(Echo); assert_eq!(c.get("a").await, 1);`},
	{"", ``, `let f = Fixed(2); let c: &dyn T = &f; assert_eq!(c.get("").await, 2);`},
	{"", ``, `let list: [&dyn T; 2] = [&Echo, &Fixed(2)]; assert_eq!(list[1].get("").await + list[0].get("").await, 2);`},
	{"", `static STATIC_$: &(dyn T + Sync) = &Echo;`, `assert_eq!(STATIC_$.get("a").await, 1);`},
	{"", `async fn twice_$(c: &dyn T) -> u32 { helper_$(c).await + helper_$(c).await }
async fn helper_$(c: &dyn T) -> u32 { c.get("a").await }`, `assert_eq!(twice_$(&Fixed(1)).await, 4);`},
	{"", `async fn generic_$<C: T + ?Sized>(c: &C) -> u32 { c.get("a").await }`, `let b: Box<dyn T> = Box::new(Echo); assert_eq!(generic_$(&*b).await + generic_$(&Fixed(1)).await, 3);`},
	{"", `struct View$<'a> { c: &'a dyn T }
impl View$<'_> { async fn go(&self) -> u32 { self.c.get("a").await } }`, `let f = Fixed(1); let v = View$ { c: &f }; assert_eq!(v.go().await, 2);`},
	{"", `enum Any$ { One(Box<dyn T>), Two { c: Box<dyn T> } }`, `for a in [Any$::One(Box::new(Echo)), Any$::Two { c: Box::new(Fixed(1)) }] { match a { Any$::One(c) | Any$::Two { c } => assert!(c.get("a").await > 0) } }`},
	{"", `trait Maker$ { fn make(&self) -> Box<dyn T>; }
struct M$;
impl Maker$ for M$ { fn make(&self) -> Box<dyn T> { Box::new(Fixed(6)) } }`, `assert_eq!(M$.make().get("").await, 6);`},
	{"", `#[derive(Default)]
struct Builder$ { c: Option<Box<dyn T>> }
impl Builder$ { fn client(mut self, c: impl T + 'static) -> Self { self.c = Some(Box::new(c)); self } fn build(self) -> Box<dyn T> { self.c.unwrap_or_else(|| Box::new(Echo)) } }`, `assert_eq!(Builder$::default().client(Fixed(3)).build().get("").await, 3); assert_eq!(Builder$::default().build().get("a").await, 1);`},
	{"", `struct W$(Box<dyn T>);
impl From<Fixed> for W$ { fn from(f: Fixed) -> Self { W$(Box::new(f)) } }`, `let w: W$ = Fixed(2).into(); assert_eq!(w.0.get("").await, 2);`},
	{"", ``, `let cs: Vec<Box<dyn T>> = (0..3).map(|n| Box::new(Fixed(n)) as Box<dyn T>).collect(); assert_eq!(cs[2].get("").await, 2);`},
	{"", ``, `let m = std::sync::Mutex::new(Vec::<std::sync::Arc<dyn T>>::new()); m.lock().unwrap().push(std::sync::Arc::new(Echo)); let c = m.lock().unwrap()[0].clone(); assert_eq!(c.get("a").await, 1);`},
	{"", `async fn consume_$(list: Vec<Box<dyn T>>) -> u32 { let mut n = 0; for c in list { n += c.get("x").await; } n }`, `assert_eq!(consume_$(vec![Box::new(Echo), Box::new(Fixed(1))]).await, 3);`},
	{"", `const fn id_$() {}`, `id_$(); let c: Box<dyn T> = if std::env::args().count() > 5 { Box::new(Echo) } else { Box::new(Fixed(9)) }; assert_eq!(c.get("").await, 9);`},
}

// valuesCrate is a random program: a trait, two types that implement it, and some of the uses.
func valuesCrate(r *rand.Rand, rt string) string {
	mut := r.IntN(5) < 2
	supers := []string{"", "", ": Send + Sync", ": std::fmt::Debug"}[r.IntN(4)]
	get := "async fn get(&self, key: &str) -> u32"
	native := get
	if r.IntN(4) == 0 {
		supers = ": Send + Sync"
		native = "fn get(&self, key: &str) -> impl std::future::Future<Output = u32> + Send"
	}
	members := []string{native + ";"}
	bodies := func(value string) []string { return []string{get + " { " + value + " }"} }
	extra := []string{}
	if mut {
		members = append(members, "async fn set(&mut self, n: u32);")
	}
	if r.IntN(2) == 0 {
		members = append(members, `fn name(&self) -> String { "none".to_string() }`)
	}
	if r.IntN(3) == 0 {
		members = append(members, "async fn text<'a>(&self, s: &'a str) -> &'a str;")
		extra = append(extra, "async fn text<'a>(&self, s: &'a str) -> &'a str { s }")
	}
	var items, statements strings.Builder
	for n := range 1 + r.IntN(4) {
		use := valueUses[r.IntN(len(valueUses))]
		for use.needs == "mut" && !mut {
			use = valueUses[r.IntN(len(valueUses))]
		}
		number := strings.NewReplacer("$", strconv.Itoa(n))
		items.WriteString(number.Replace(use.items) + "\n")
		statements.WriteString("{ " + number.Replace(use.statements) + " }\n")
	}
	implement := func(name, value, set string) string {
		list := append(bodies(value), extra...)
		if mut {
			list = append(list, "async fn set(&mut self, n: u32) { "+set+" }")
		}
		return "impl T for " + name + " {\n" + strings.Join(list, "\n") + "\n}\n"
	}
	types := "#[derive(Debug)]\npub struct Echo;\n" + implement("Echo", "key.len() as u32", "let _ = n;") +
		"#[derive(Debug)]\npub struct Fixed(pub u32);\n" + implement("Fixed", "self.0 + key.len() as u32", "self.0 = n;")
	trait := "pub trait T" + supers + " {\n" + strings.Join(members, "\n") + "\n}\n"
	head := "#![allow(dead_code, unused_braces)]\n"
	switch r.IntN(3) {
	case 0:
		head += trait + types
	case 1:
		head += "mod api {\n" + trait + "}\nmod types {\nuse super::api::T;\n" + types + "}\nuse api::T;\nuse types::*;\n"
	default:
		head += "pub mod api {\nmod inner {\n" + trait + "}\npub use inner::T;\n}\nmod types {\nuse crate::api::T;\n" + types + "}\nuse crate::api::*;\nuse types::*;\n"
	}
	return head + items.String() + "fn main() {\n    block_on(async {\n" + statements.String() + "    });\n    block_on(pause());\n}\n" + rt
}

// valuesBlocked are the reasons for which a fix may leave a program as it is: only these shapes of values are beyond it.
var valuesBlocked = map[*Fix][]string{
	wrapperFix:   {"is a shared reference, which cannot implement the `&mut self` methods of `T`"},
	boxingFix:    {"is a shared reference, which cannot implement the `&mut self` methods of `T`"},
	enumDispatch: {"borrows a value that has other uses, and the enum owns what it holds", "makes an object of what is not one certain type"},
}

// TestValues compiles and runs random programs after wrapper, boxing and enum-dispatch. AFIDT_VALUES=n makes n programs, from the
// seed AFIDT_SEED on. A fix is blocked for a reason of valuesBlocked or not at all, and each applies to half of the programs or more.
func TestValues(t *testing.T) {
	if _, err := exec.LookPath("rustc"); err != nil {
		t.Skip("rustc is not installed, so what the fixes write is not compiled")
	}
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
			return n
		}
		return otherwise
	}
	rt, err := os.ReadFile("testdata/rt.rs")
	if err != nil {
		t.Fatal(err)
	}
	first, n := number("AFIDT_SEED", 1), number("AFIDT_VALUES", 4)
	applied := map[*Fix]int{}
	for seed := first; seed < first+n; seed++ {
		program := valuesCrate(rand.New(rand.NewPCG(uint64(seed), 0)), string(rt))
		for fix := range valuesBlocked {
			t.Run(fmt.Sprintf("%d/%s", seed, fix.ID), func(t *testing.T) {
				dir := t.TempDir()
				main := filepath.Join(dir, "main.rs")
				writeFile(t, main, []byte(program))
				s, err := analysis.Open(main, analysis.Options{})
				if err != nil {
					t.Fatal(err)
				}
				w, err := New(s, nil)
				if err != nil {
					t.Fatal(err)
				}
				trait := slices.IndexFunc(w.Traits, func(t survey.Trait) bool { return t.Def.ItemName() == "T" })
				actions := w.ask(fix, &Target{Trait: &w.Traits[trait], Method: -1})
				if len(actions) != 1 {
					t.Fatalf("%d actions are offered at the trait\n%s", len(actions), program)
				}
				a := actions[0]
				if a.BlockedBy != "" {
					if !slices.ContainsFunc(valuesBlocked[fix], func(why string) bool { return strings.HasSuffix(a.BlockedBy, why) }) {
						t.Errorf("blocked: %s\n%s", a.BlockedBy, program)
					}
					return
				}
				texts, err := Apply(a.Edits, func(path string) ([]byte, error) { return w.file(path).Text, nil })
				if err != nil {
					t.Fatal(err)
				}
				writeFile(t, main, texts[main])
				rustc(t, dir, "main.rs", "2024", true)
				applied[fix]++
			})
		}
	}
	for fix := range valuesBlocked {
		if 2*applied[fix] < n {
			t.Errorf("%s applies to %d of %d programs", fix.ID, applied[fix], n)
		}
	}
}
