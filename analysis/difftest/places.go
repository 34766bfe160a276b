package difftest

import (
	"regexp"
	"strings"
)

// A place is where a trait object type can stand. `%D` is a type behind a pointer or generic (may be written without
// parentheses), `%L` one that macros drop or rewrite, `%P` a pointer to one, `%E` the same where lifetimes may be left out, `%S` one that is Send + Sync, `%A` one whose text may stand behind `&`.
type placeRow struct {
	name, text   string
	since, until int
	inModule     bool // not in a function's body
	noBinder     bool // rustc takes a `for<'z>` here for one of the bound's (E0582)
}

// itemPlaces are items of a module.
var itemPlaces = []placeRow{
	{name: "parameter", text: "pub fn %f1(_: %E) {}"},
	{name: "parameters", text: "pub fn %f1(a: %E, b: &%E, c: u8) {}"},
	{name: "pattern parameter", text: "pub fn %f1((a, b): (u8, %E)) {}"},
	{name: "return", text: "pub fn %f1() -> Box<%D> { loop {} }"},
	{name: "return nested", text: "pub fn %f1() -> Result<Vec<Box<%D>>, Option<%P>> { loop {} }"},
	{name: "fn generic bound", text: "pub fn %f1<T: Into<Box<%D>>>(_: T) {}"},
	{name: "fn where", text: "pub fn %f1<T>(_: T) where T: AsRef<%D>, Option<&'static %A>: Copy {}"},
	{name: "async fn parameter", text: "pub async fn %f1(_: %E, _: &u8) {}", since: 2018},
	{name: "async fn return", text: "pub async fn %f1() -> Box<%D> { loop {} }", since: 2018},
	{name: "extern C fn", text: "pub extern \"C\" fn %f1(_: Box<%D>) {}"},
	{name: "const fn", text: "pub const fn %f1(_: &%A) {}"},
	{name: "field", text: "pub struct %t1 { pub f: Box<%D>, g: u8 }"},
	{name: "fields", text: "pub struct %t1<'a> { pub f: &'a %A, pub(crate) g: Vec<(u8, %P)> }"},
	{name: "tuple struct", text: "pub struct %t1(pub %P, Option<Box<%D>>);"},
	{name: "derive", text: "#[derive(Clone)]\npub struct %t1 { f: ::std::rc::Rc<%D> }"},
	{name: "enum variants", text: "pub enum %t1 { A(Box<%D>), B { x: %P }, C }"},
	{name: "union", text: "pub union %t1 { a: *const %A, b: u8 }"},
	{name: "struct where", text: "pub struct %t1<T>(T) where T: Into<Box<%D>>;"},
	{name: "struct default", text: "pub struct %t1<T: ?Sized = %D>(Box<T>);"},
	{name: "static", text: "pub static %c1: Option<&'static %S> = None;"},
	{name: "static mut", text: "pub static mut %c1: Option<Box<%D>> = None;"},
	{name: "const", text: "pub const %c1: Option<&'static %A> = None;"},
	{name: "const fn pointer", text: "pub const %c1: Option<fn(&%A) -> Box<%D>> = None;"},
	{name: "alias", text: "pub type %t1 = Box<%D>;\npub fn %f1(_: %t1) {}"},
	{name: "alias of dyn", text: "pub type %t1 = %D;\npub fn %f1(_: &%t1) {}"},
	{name: "alias with lifetime", text: "pub type %t1<'a> = &'a %A;\npub fn %f1<'a>(_: %t1<'a>) {}"},
	{name: "alias of fn", text: "pub type %t1 = fn(%P) -> Box<%D>;"},
	{name: "impl dyn", text: "pub trait @%t1 {}\nimpl «%t1|dyn %t1» { pub fn %f1(&self) {} pub fn %f2() {} }"},
	{name: "impl for Box<dyn>", text: "pub trait @%t1 {}\nimpl %t1 for Box<%D> {}"},
	{name: "impl Trait<dyn>", text: "pub trait @(<u8>)%t1<A: ?Sized> {}\npub struct %t2;\nimpl %t1<%D> for %t2 {}"},
	{name: "impl generics", text: "pub struct %t1<T>(T);\nimpl<T: Into<Box<%D>>> %t1<T> { pub fn %f1(&self, _: %E) -> Option<Box<%D>> { None } }"},
	{name: "impl where", text: "pub struct %t1<T>(T);\nimpl<T> %t1<T> where T: Into<Box<%D>> {}"},
	{name: "assoc type value own", text: "pub trait @%t1 { type V: ?Sized; const K: u8; }\npub struct %t2;\nimpl %t1 for %t2 { type V = %D; const K: u8 = 1; }"},
	{name: "assoc const", text: "pub trait @%t1 { const K: Option<&'static %A> = None; }\npub struct %t2;\nimpl %t2 { pub const Q: Option<Box<%D>> = None; }"},
	{name: "trait method", text: "pub trait @%t1 { fn %f1(&self, _: %E); fn %f2(&self) -> Box<%D>; fn %f3(&self) { let _: Option<Box<%D>>; } }"},
	{name: "trait parameter default", text: "pub trait @(<u8>)%t1<T: ?Sized = %D> {}"},
	{name: "supertrait argument", text: "pub trait @%t1: AsRef<%D> {}"},
	{name: "supertrait binding", text: "pub trait @%t1: Iterator<Item = Box<%D>> {}", noBinder: true},
	{name: "trait where", text: "pub trait @%t1 where Self: AsRef<%D> {}"},
	{name: "assoc type bound", text: "pub trait @%t1 { type V: Into<Box<%D>>; }"},
	{name: "gat bound", text: "pub trait @%t1 { type V<T>: Into<Box<%D>>; }"},
	{name: "where of method", text: "pub trait @%t1 { fn %f1<T>(&self, _: T) where T: Into<Box<%D>>; }"},
	{name: "impl Trait argument", text: "pub fn %f1(_: impl Iterator<Item = Box<%D>>, _: impl Into<Box<%D>>) {}"},
	{name: "impl Fn argument", text: "pub fn %f1(_: impl Fn(&%A) -> Box<%D>) {}"},
	{name: "F: Fn", text: "pub fn %f1<F: Fn(&%A), G>(_: F, _: G) where G: FnMut(Box<%D>) -> Option<Box<%D>> {}"},
	{name: "for<'y> bound", text: "pub trait @(<u8>)%t1<A: ?Sized> {}\npub fn %f1<F: for<'y> %t1<&'y %A>>(_: F) {}"},
	{name: "for<'y> where", text: "pub trait @(<u8>)%t1<A: ?Sized> {}\npub fn %f1<F>(_: F) where for<'y> F: %t1<&'y %A>, for<'y> &'y %A: Sized {}"},
	{name: "for<'y> supertrait", text: "pub trait @(<u8>)%t1<A: ?Sized> {}\npub trait @%t2: for<'y> %t1<&'y %A> {}"},
	{name: "fn pointers in bounds", text: "pub fn %f1<F: Fn(fn(&%A), Option<fn() -> Box<%D>>)>(_: F) {}"},
	{name: "returned bound", text: "pub trait @(<u8>)%t1<A: ?Sized> {}\npub struct %t2;\nimpl<A: ?Sized> %t1<A> for %t2 {}\npub fn %f1() -> impl %t1<Box<%D>> { %t2 }"},
	{name: "projection argument", text: "pub trait @(<u8>)%t1<A: ?Sized> { type V; }\nimpl<A: ?Sized> %t1<A> for u8 { type V = u8; }\npub fn %f1(_: <u8 as %t1<%D>>::V) {}"},
	{name: "gat where", text: "pub trait @%t1 { type V<T> where T: Into<Box<%D>>; }"},
	{name: "dependent default", text: "pub struct %t1<A, B = (A, Box<%D>)>(A, B);"},
	{name: "return impl Iterator", text: "pub fn %f1() -> impl Iterator<Item = Box<%D>> { ::std::iter::empty() }"},
	{name: "return impl Fn", text: "pub fn %f1() -> impl Fn() -> Option<Box<%D>> { || None }"},
	{name: "fn pointer", text: "pub fn %f1(_: fn(&%A) -> Box<%D>, _: unsafe extern \"C\" fn(*mut %A)) {}"},
	{name: "dyn Fn of dyn", text: "pub fn %f1(_: &«~std::ops::Fn|dyn Fn(&%A)», _: Box<«~std::ops::FnOnce|dyn FnOnce() -> Box<%D>»>) {}"},
	{name: "array and slice", text: "pub fn %f1(_: [Box<%D>; 2], _: &[&%A], _: [&%A; 1 + 1]) {}"},
	{name: "raw pointers", text: "pub fn %f1(_: *const %A, _: *mut %A) {}"},
	{name: "generic of dyn", text: "pub fn %f1(_: &::std::sync::Mutex<%D>, _: ::std::sync::Arc<%D>, _: Option<::std::boxed::Box<%D>>) {}"},
	{name: "PhantomData", text: "pub struct %t1(::std::marker::PhantomData<%D>);"},
	{name: "own generic", text: "pub struct %t1<T: ?Sized>(Box<T>);\npub fn %f1(_: %t1<%D>, _: &%t1<%D>) {}"},
	{name: "cfg'd in", text: "#[cfg(all(feature = \"on\", not(any())))]\npub fn %f1(_: %E) {}\n#[cfg(not(all()))]\npub fn %f1(_: u8) {}"},
	{name: "cfg'd out module", text: "#[cfg(any())]\npub mod missing;\npub fn %f1(_: %E) {}"},
	{name: "attribute on parameter", text: "pub fn %f1(#[allow(unused)] #[cfg(all())] x: %E) {}"},
	{name: "macro argument ty", text: "macro_rules! %m1 { ($t:ty) => { pub fn %f1(_: $t) {} } }\n%m1!{ Box<%D> }"},
	{name: "macro argument tt", text: "macro_rules! %m1 { ($($t:tt)*) => { $($t)* } }\n%m1!{ pub fn %f1(_: %E) {} pub struct %t1(Box<%D>); }"},
	{name: "macro argument item", text: "macro_rules! %m1 { ($($i:item)*) => { $($i)* } }\n%m1!( pub fn %f1(_: %E) {} );"},
	{name: "macro argument items", text: "macro_rules! %m1 { ($($i:item)*) => { $(#[cfg(all())] $i)* } }\n%m1!{\n    pub trait @%t1 { fn %f1(&self, _: %E); fn %f2() where Self: Sized; }\n    pub trait @%t2: %t1 { fn %f3(&self) -> Box<Self>; }\n    pub fn %f4(_: &«%t2|dyn %t2», _: &«%t1|dyn %t1») {}\n}"},
	{name: "macro drops", text: "macro_rules! %m1 { ($($t:tt)*) => {} }\n%m1!{ pub fn %f1(_: Box<%L>) {} pub struct %t1(Box<%L>); }"},
	{name: "macro drops one", text: "macro_rules! %m1 { ($a:ty, $b:ty) => { pub fn %f1(_: $a) {} } }\n%m1!(Box<%D>, Box<%L>);"},
	{name: "macro with two rules", text: "macro_rules! %m1 { (!no $($t:tt)*) => {}; ($($t:tt)*) => { $($t)* } }\n%m1!{ pub fn %f1(_: %E) {} }\n%m1!{ !no pub fn %f1(_: Box<%L>) {} }"},
	{name: "macro through macro", text: "macro_rules! %m1 { ($($i:item)*) => { %m2!{ !all $($i)* } } }\nmacro_rules! %m2 { (!all $($i:item)*) => { $($i)* } }\n%m1!{ pub fn %f1(_: %E) {} pub trait @%t1 { fn %f2(); } pub fn %f3(_: &«%t1|dyn %t1») {} }"},
	{name: "macro step by step", text: "macro_rules! %m1 { ([$($d:ty),*]) => { pub struct %t1($(pub $d),*); }; ([$($d:ty),*] $t:ty; $($r:tt)*) => { %m1!{ [$($d,)* $t] $($r)* } } }\nmacro_rules! %m2 { () => {}; ($t:ty; $($r:tt)*) => { const _: Option<$t> = None; %m2!{ $($r)* } } }\n%m2!{ u8; Box<%D>; Box<%D>; }"},
	{name: "macro to text", text: "macro_rules! %m1 { ($t:ty) => { stringify!($t) } }\npub const %c1: &'static str = %m1!(Box<%L>);"},
	{name: "macro off", text: "macro_rules! %m1 { ($($i:item)*) => { $(#[cfg(any())] $i)* } }\n%m1!{ pub trait %t1 { fn f(&self); } }\npub trait @%t1 { fn f(); }\npub fn %f1(_: &«%t1|dyn %t1») {}"},
	{name: "macro makes a trait", text: "macro_rules! %m1 { ($n:ident, $f:ident) => { pub trait $n { fn $f(&self) -> Box<Self>; } }; ($n:ident; $f:ident) => { pub trait $n { fn $f(&self); } } }\n%m1!(@!%t1, %f1);\n%m1!(@!%t2; %f1);\npub fn %f2(_: &«%t1|dyn %t1», _: &«%t2|dyn %t2») {}", inModule: true},
	{name: "macro makes supertraits", text: "macro_rules! %m1 { ($n:ident: $s:path) => { pub trait $n: $s {} } }\npub trait @%t3 { fn f(); }\n%m1!(@!%t1: %t3);\n%m1!(@!%t2: %{std::clone::Clone});\npub fn %f2(_: &«%t1|dyn %t1», _: &«%t2|dyn %t2») {}", inModule: true},
	{name: "macro rewrites a trait", text: "macro_rules! %m1 { ($v:vis trait $n:ident { $(const $c:ident: u8;)* $(fn $f:ident(&self);)* }) => { $v trait $n { $(const $c: u8;)* $(fn $f(&self);)* fn more(); } } }\n%m1!{ pub trait @%t1 { fn %f1(&self); fn %f2(&self); } }\npub fn %f3(_: &«%t1|dyn %t1») {}"},
	{name: "macro heals a trait", text: "macro_rules! %m1 { ($v:vis trait $n:ident { $(const $c:ident: u8;)* $(fn $f:ident();)* }) => { $v trait $n { $(const $c: u8;)* $(fn $f() where Self: Sized;)* } } }\n%m1!{ pub trait @%t1 { fn %f1(); fn %f2(); } }\npub fn %f3(_: &«%t1|dyn %t1») {}"},
	{name: "macro makes an alias", text: "macro_rules! %m1 { ($n:ident = $t:ty) => { pub type $n = $t; } }\n%m1!(%t1 = Box<%D>);\npub fn %f1(_: %t1) {}", inModule: true},
	{name: "macro among members", text: "macro_rules! %m1 { ($($t:tt)*) => { $($t)* } }\nmacro_rules! %m2 { ($($t:tt)*) => {} }\npub trait @%t1 { %m1!{ fn %f1(&self, _: %E); } %m2!{ fn %f2(_: Box<%L>); } }\npub trait @%t2 { %m1!{ fn %f1(&self) -> Self; } }\npub fn %f3(_: &«%t1|dyn %t1», _: &«%t2|dyn %t2») {}"},
	{name: "macro in type position", text: "macro_rules! %m1 { ($t:ty) => { $t } }\npub fn %f1(_: &%m1!(Box<%D>)) {}"},
	{name: "let in method", text: "pub struct %t1;\nimpl %t1 { fn %f1(&self) { let _: Option<Box<%D>>; } }"},
	{name: "const block item", text: "const _: Option<Box<%D>> = None;"},
	{name: "noise", text: "/// `dyn Nothing` in a /* comment\npub fn %f1(_: %E) -> &'static str { /* dyn /* nested */ None */ \"dyn Text + 🦀\" }"},
	{name: "wide characters before", text: "/* é🦀ß */ pub fn %f1(/*\t中*/ _: %E) {} /* 🦀 */"},
	{name: "raw strings", text: "pub fn %f1() -> (&'static str, Option<Box<%D>>) { (r#\"dyn X \" } {\"#, loop {}) }"},
	{name: "byte strings", text: "pub fn %f1() -> Option<Box<%D>> { let _ = (b\"dyn \\\" Q\", br##\"dyn \"# \"##, b'\"', '\"', '\\''); loop {} }"},
	{name: "c string", text: "pub fn %f1() -> Option<Box<%D>> { let _ = (c\"dyn \\\" Q\", cr#\"dyn \"\"#); loop {} }", since: 2021},
	{name: "raw lifetime", text: "pub fn %f1<'r#loop>(_: &'r#loop u8, _: %E) {}", since: 2021},
}

// bodyPlaces are statements.
var bodyPlaces = []placeRow{
	{name: "let", text: "let _: Box<%D>;"},
	{name: "let &", text: "let _: Option<%E> = None;"},
	{name: "let else", text: "let Some(_) = None::<Box<%D>> else { loop {} };", since: 2021},
	{name: "cast", text: "let _ = (loop {}) as Box<%D>;"},
	{name: "cast pointer", text: "let _ = (loop {}) as *const %A;"},
	{name: "turbofish", text: "let _ = Vec::<Box<%D>>::new();"},
	{name: "turbofish fn", text: "let _ = ::std::mem::size_of::<%E>();"},
	{name: "None", text: "let _ = None::<&%A>;"},
	{name: "closure", text: "let _ = |_: &%A| {};"},
	{name: "closure return", text: "let _ = || -> Option<Box<%D>> { None };"},
	{name: "move closure", text: "let _ = move |_: Box<%D>, (_, _): (u8, %E)| 1;"},
	{name: "fn pointer", text: "let _: Option<fn(&%A)> = None;"},
	{name: "match", text: "match None::<Box<%D>> { Some(_) if true => {} _ => {} }"},
	{name: "if let", text: "if let Some(_) = None::<%E> {} else { let _: Option<Box<%D>> = None; }"},
	{name: "for", text: "for _ in None::<Box<%D>> {}"},
	{name: "while", text: "while let Some(_) = None::<Box<%D>> { break }"},
	{name: "nested fn", text: "fn %f1(_: %E) -> Box<%D> { loop {} }"},
	{name: "nested struct", text: "struct %t1 { x: Box<%D> } enum %t2 { A(%P) }"},
	{name: "nested const", text: "const %c1: Option<&'static %A> = None; static %c2: Option<&'static %S> = None;"},
	{name: "nested alias", text: "type %t1 = Box<%D>; let _: Option<%t1> = None;"},
	{name: "nested impl", text: "struct %t1; impl %t1 { fn %f1(&self, _: %E) {} }"},
	{name: "block", text: "{ { let _: Option<Box<%D>>; } unsafe { let _: %E; } }"},
	{name: "labelled block", text: "'l: loop { let _: Option<Box<%D>>; break 'l; }"},
	{name: "tuple", text: "let (_, _): (Option<Box<%D>>, Option<%E>) = (None, None);"},
	{name: "array", text: "let _: [Option<Box<%D>>; 1] = [None];"},
	{name: "path of type", text: "let _ = <Option<Box<%D>>>::is_some;"},
	{name: "qself", text: "let _ = <Box<%D> as ::std::any::Any>::type_id;"},
	{name: "vec!", text: "let _ = vec![None::<Box<%D>>];"},
	{name: "matches!", text: "let _ = matches!(None::<Box<%D>>, Some(_));"},
	{name: "assert!", text: "assert!(None::<Box<%D>>.is_none(), \"{} dyn Text\", 1);"},
	{name: "format!", text: "let _ = format!(\"{}\", ::std::mem::size_of::<Box<%D>>());"},
	{name: "macro statement", text: "macro_rules! %m1 { ($t:ty) => { let _: Option<$t> = None; } } %m1!(Box<%D>);"},
	{name: "macro expression", text: "macro_rules! %m1 { ($e:expr) => { $e } } let _ = %m1!({ let x: Option<Box<%D>> = None; x });"},
	{name: "macro drops expression", text: "macro_rules! %m1 { ($a:expr, $b:expr) => { $b } } let _ = %m1!(None::<Box<%L>>, None::<Box<%D>>);"},
	{name: "macro shadowed in block", text: "macro_rules! %m1 { ($t:ty) => { let _: Option<$t> = None; } } { macro_rules! %m1 { ($t:ty) => {} } %m1!(Box<%L>); } %m1!(Box<%D>);"},
	{name: "macro of macro", text: "macro_rules! %m1 { ($($e:expr),*) => { ($(vec![$e]),*) } } let _ = %m1!(None::<Box<%D>>, |_: Box<%D>| {});"},
	{name: "macro statements", text: "macro_rules! %m1 { ($($s:stmt;)*) => { $($s;)* } } %m1!{ let _: Option<Box<%D>> = None; let _ = None::<Box<%D>>; }"},
	{name: "macro block", text: "macro_rules! %m1 { ($b:block else $c:block) => { if true $b else $c } } %m1!({ let _: Option<Box<%D>> = None; } else { let _: Option<Box<%D>> = None; });"},
	{name: "async block", text: "let _ = async { let _: Option<Box<%D>> = None; };", since: 2018},
	{name: "const block", text: "let _ = const { None::<&'static %A> };"},
	{name: "generics of method", text: "let _ = \"1\".parse::<u8>().ok().map::<Option<Box<%D>>, _>(|_| None);"},
	{name: ">>= and >=", text: "let _x: Vec<Box<%D>>= Vec::new(); let _y: Option<&'static %A>=None; let mut z = 8; z >>= 1;"},
	{name: "casts", text: "let x = 1u32; let _ = (x as u8) < 3 && x as usize > 1; let _ = (x as u64) << 2; let _: Option<Box<%D>>;"},
	{name: "or patterns", text: "match (1, None::<Box<%D>>) { (1 | 2, _) | (3, None) => {} (4..=5, Some(ref _x)) if true => {} _ => {} }", since: 2021},
	{name: "async closure", text: "let _ = async |_: &%A| -> Option<Box<%D>> { None };", since: 2018},
	{name: "let chain", text: "if let Some(_) = None::<Box<%D>> && true && let None = None::<&%A> {}", since: 2024},
	{name: "labelled", text: "let _ = 'b: { if true { break 'b None::<Box<%D>>; } None };"},
	{name: "struct literal", text: "struct %t1<T>(T, Option<Box<%D>>); let _ = %t1::<Option<Box<%D>>>(None, None);"},
	{name: "question mark", text: "let _ = || -> Option<Box<%D>> { let _x = None::<Box<%D>>?; None };"},
	{name: "attributes on statements", text: "#[allow(unused)] let _: Option<Box<%D>>; #[cfg(any())] { let x: Missing; } let _: Option<&%A>;"},
	{name: "shift", text: "let _ = 1u8 << 2 >> 1; let _: Vec<Vec<Box<%D>>>;"},
	{name: "comparison", text: "let (a, b) = (1, 2); let _ = a < b; let _: Option<Box<%D>>;"},
	{name: "raw ref", text: "let mut x: Option<Box<%D>> = None; let _ = &raw mut x;"},
	{name: "c-like literals", text: "let _ = (1.0e5f32, 0x_ffu8, 1..2, 'a', b'\\n', \"\\\"dyn \\\"\"); let _: Option<Box<%D>>;"},
}

var (
	pointerHole = regexp.MustCompile(`%[PE]`)
	dynHole     = regexp.MustCompile(`%[DLSA]`)
	openMark    = regexp.MustCompile(`«[^|»]*\|`)
)

// pointers are what `%P` may be, and elided ones `%E` too; their inside is `%D` or `%A` again.
var (
	pointers = []string{"&'static %A", "&'static mut %A", "Box<%D>", "::std::rc::Rc<%D>", "*const %A", "Option<Box<%D>>", "Vec<&'static &'static %A>"}
	elided   = append([]string{"&%A", "&mut %A", "&&%A", "&Box<%D>", "&'_ %A"}, pointers...)
)

// addPlace puts trait object types somewhere in a scope.
func (g *generator) addPlace(in *module) {
	table, group := itemPlaces, "item"
	if g.chance(35) {
		table, group = bodyPlaces, "body"
	}
	row := pick(g, table)
	for !g.fits(row.since, row.until) || row.inModule && in.form == body {
		row = pick(g, table)
	}
	g.feature(group, row.name)
	text := g.template(in, row.text)
	text = pointerHole.ReplaceAllStringFunc(text, func(hole string) string {
		if hole == "%E" {
			return pick(g, elided)
		}
		return pick(g, pointers)
	})
	text = dynHole.ReplaceAllStringFunc(text, func(hole string) string {
		d := g.fillDyn(in, hole)
		for row.noBinder && strings.Contains(d, "for<") {
			d = g.fillDyn(in, hole)
		}
		return d
	})
	if group == "body" && in.form != body {
		text = "pub fn " + g.fresh("body") + "() {\n    " + text + "\n}"
	}
	in.items = append(in.items, text)
}

func (g *generator) fillDyn(in *module, hole string) string {
	d := g.dyn(in)
	switch hole {
	case "%L":
		return openMark.ReplaceAllString(d.text, "«!|")
	case "%S":
		for i := 0; !strings.Contains(d.text, "Send + Sync"); i++ {
			d = g.dyn(in)
		}
		return "(" + d.text + ")"
	case "%A":
		if d.sum {
			return "(" + d.text + ")"
		}
	}
	return d.text
}
