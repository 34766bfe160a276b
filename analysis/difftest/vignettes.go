package difftest

import (
	"regexp"
	"strconv"
	"strings"
)

// A vignette is a module written by hand for what random composition would never hit: shadowing, scopes, import
// cycles, macros. Its keys are its own; paths in `use` begin with self or super so that every edition accepts them.
type vignette struct {
	name, text   string
	since, until int
}

// addVignette puts a vignette into a module of its own.
func (g *generator) addVignette(in *module) {
	v := pick(g, vignettes)
	for !g.fits(v.since, v.until) {
		v = pick(g, vignettes)
	}
	g.placeVignette(in, v)
}

func (g *generator) placeVignette(in *module, v vignette) {
	g.feature("vignette", v.name)
	g.names++
	name := "vignette" + strconv.Itoa(g.names)
	text := vignetteTrait.ReplaceAllStringFunc(v.text, func(mark string) string {
		m := vignetteTrait.FindStringSubmatch(mark)
		key := m[2]
		if key == "" {
			key = strings.TrimPrefix(m[3], "r#")
		}
		return "@" + m[1] + name + "." + key + "=" + m[3]
	})
	text = vignetteKey.ReplaceAllStringFunc(text, func(mark string) string {
		m := vignetteKey.FindStringSubmatch(mark)
		if m[2] == "" || strings.HasPrefix(m[2], "std::") {
			return mark
		}
		return "«" + m[1] + name + "." + m[2] + "|"
	})
	in.items = append(in.items, "pub mod "+name+" {+"+name+"\n"+indent(strings.TrimLeft(text, "\n"))+"-}")
}

var (
	vignetteTrait = regexp.MustCompile(`@(\([^)\n]*\))?(?:([\p{L}\p{N}_]+)=)?((?:r#)?[\p{L}_][\p{L}\p{N}_]*)`)
	vignetteKey   = regexp.MustCompile(`«([~?$]?(?:<[^|>]*>)?)([\p{L}\p{N}_.:]*)\|`)
)

var vignettes = []vignette{
	// Names of std that mean something else.
	{name: "own Sized", text: `
pub trait @Sized {}
pub trait @A { fn new() -> Self where Self: Sized; }
pub trait @B: Sized { fn f(&self); }
pub trait @C: ::std::marker::Sized { fn new() -> Self; }
pub fn f(_: &«A|dyn A», _: &«B|dyn B», _: &«C|dyn C», _: &«Sized|dyn Sized») {}
`},
	{name: "own Clone", text: `
pub trait @Clone { fn clone(&self); }
pub trait @A: Clone {}
pub trait @B: ::std::clone::Clone {}
pub trait @C { fn f() where Self: Clone; }
pub fn f(_: &«A|dyn A», _: &«B|dyn B», _: &«C|dyn C», _: &«Clone|dyn Clone») {}
`},
	{name: "own Send", text: `
pub trait @Send {}
pub trait @A { fn f(&self) where Self: Send; }
pub trait @B { fn f(&self) where Self: Sync; }
pub fn f(_: &«A|dyn A», _: &(«A|dyn A + Send»), _: &(«B|dyn B + Sync»)) {}
`},
	{name: "own PartialEq", text: `
pub trait @PartialEq {}
pub trait @(<u8>)Eq<T = u8>: PartialEq {}
pub trait @A: PartialEq + Eq {}
pub fn f(_: &«A|dyn A», _: &«Eq|dyn Eq», _: &«PartialEq|dyn PartialEq») {}
`},
	{name: "Box is Rc", text: `
use std::rc::Rc as Box;
pub trait @A { fn f(self: Box<Self>); fn g(self: &Box<Self>); }
pub trait @B { fn f(self: Box<Self>); }
pub fn f(_: Box<«A|dyn A»>, _: Box<«B|dyn B»>) {}
`},
	{name: "Box is Box<Box>", text: `
pub type Box<T> = ::std::boxed::Box<::std::boxed::Box<T>>;
pub type Rc<T> = ::std::rc::Rc<T>;
pub trait @A { fn f(self: Box<Self>); }
pub trait @B { fn f(self: Rc<Self>); }
pub fn f(_: &«A|dyn A», _: Rc<«B|dyn B»>) {}
`},
	{name: "Pin is identity", text: `
pub type Pin<T> = T;
pub trait @A { fn f(self: Pin<&Self>); fn g(self: Pin<&&Self>); }
pub trait @B { fn f(self: Pin<&mut Self>); fn g(self: Pin<Pin<&Self>>); }
pub fn f(_: &«A|dyn A», _: Pin<&«B|dyn B»>) {}
`},
	{name: "own struct Vec and Option", text: `
pub struct Vec<T: ?Sized>(::std::marker::PhantomData<T>);
pub struct Option<T>(T);
pub trait @A { fn f(&self, x: Vec<Self>); }
pub trait @B { fn f(&self, x: Option<u8>); }
pub fn f(_: Vec<«A|dyn A»>, _: Vec<«B|dyn B»>) {}
`},
	{name: "glob beats the prelude", text: `
pub mod names {+names
    pub trait @Clone {}
    pub trait @Ord { type Item; fn next(&self) -> Self::Item; }
-}
use self::names::*;
pub trait @A: Clone {}
pub trait @B: Ord {}
pub fn f(_: &«A|dyn A», _: &«B|dyn B<Item = u8>», _: &«Ord|dyn Ord<Item = u8>») {}
`},
	{name: "explicit beats glob", text: `
pub mod one {+one
    pub trait @one_T=T { fn f(&self); }
    pub trait @one_U=U { fn f(); }
-}
pub mod two {+two
    pub trait @two_T=T { fn f() -> Self; }
    pub trait @two_U=U { fn f(&self); }
-}
use self::one::*;
use self::two::T;
pub trait @U { const C: u8; }
pub fn f(_: &«two_T|dyn T», _: &«U|dyn U», _: &«one_T|dyn one::T», _: &«two_U|dyn two::U») {}
`},
	{name: "renamed std", text: `
use std::clone::Clone as Debug;
use std::fmt::Debug as Clone;
pub trait @A: Debug {}
pub trait @B: Clone {}
pub trait @C { fn f() where Self: Clone; fn g() where Self: Debug; }
pub fn f(_: &«A|dyn A», _: &«B|dyn B», _: &«C|dyn C», _: &«std::fmt::Debug|dyn Clone», _: &«std::clone::Clone|dyn Debug») {}
`},
	{name: "prelude name for a type", text: `
pub struct Clone;
pub enum Default { A }
pub trait @A: ::std::clone::Clone {}
pub trait @B { fn f(&self, _: Clone, _: Default); }
pub fn f(_: &«A|dyn A», _: &«B|dyn B») {}
`},
	{name: "module named like a trait", text: `
pub mod Clone {+Clone
    pub trait @Sized {}
    pub trait @A: Sized {}
-}
pub trait @B: Clone::Sized + Sized {}
pub trait @C: Clone::A {}
pub fn f(_: &«A|dyn Clone::A», _: &«B|dyn B», _: &«C|dyn C») {}
`},
	{name: "auto traits renamed", text: `
use std::marker::{Send as S, Sync as Y};
use std::marker::Unpin;
pub trait @A { fn f(&self) where Self: S + Y + Unpin; }
pub fn f(_: &(«A|dyn A + S + Y»), _: &(«A|dyn S + A + Unpin»)) {}
`},
	{name: "Sized renamed", text: `
use std::marker::Sized as Whole;
use std::marker as m;
pub trait @A { fn f() where Self: Whole; fn g() where Self: m::Sized; }
pub trait @B: Whole { fn f(); }
pub trait @C where Self: m::Copy { fn f(); }
pub fn f(_: &«A|dyn A», _: &«B|dyn B», _: &«C|dyn C») {}
`},
	{name: "extern crate renamed", text: `
extern crate std as st;
extern crate core as co;
use self::st::fmt::Debug as D;
pub trait @A: self::st::clone::Clone {}
pub trait @B: st::fmt::Debug { fn f(self: st::rc::Rc<Self>); }
pub trait @C { fn f() where Self: co::marker::Sized; fn g(self: self::st::pin::Pin<&Self>); }
pub fn f(_: &«A|dyn A», _: &«B|dyn B», _: &«C|dyn C», _: &«std::fmt::Debug|dyn st::fmt::Debug», _: &«std::fmt::Debug|dyn D», _: &«std::any::Any|dyn co::any::Any») {}
`},
	{name: "core and alloc", text: `
extern crate alloc;
pub trait @A { fn f(self: alloc::boxed::Box<Self>); fn g(self: self::alloc::sync::Arc<Self>); }
pub trait @B { fn f(self: ::core::pin::Pin<alloc::rc::Rc<Self>>) where Self: ::core::marker::Unpin; fn g() where Self: ::core::clone::Clone; }
pub trait @C: alloc::borrow::ToOwned {}
pub fn f(_: &«A|dyn A», _: &«B|dyn B», _: &«C|dyn C<Owned = u8>») {}
`, since: 2018},
	{name: "std prelude by path", text: `
use std::prelude::v1::Clone as C1;
use std::prelude::v1::*;
use std::io::prelude::*;
pub trait @A: C1 {}
pub trait @B: Read {}
pub fn f(_: &«A|dyn A», _: &«B|dyn B», _: &«std::io::Read|dyn Read», _: &(«std::io::Write|dyn Write + Send»)) {}
`},

	// Scopes.
	{name: "local trait hides", text: `
pub trait @T { fn f(&self); }
pub fn f(_: &«T|dyn T») {+{f}
    let _: &«inner|dyn T»;
    trait @inner=T { fn f() -> Self; }
    let _: &«T|dyn self::T»;
-}
pub fn g() {+{g}
    trait @g_T=T { const C: u8; }
    fn h(_: &«g_T|dyn T», _: &«T|dyn self::T») {}
    let _: Option<Box<«g_T|dyn T»>> = None;
-}
pub fn h(_: &«T|dyn T») {}
`},
	{name: "block scopes", text: `
pub trait @T { fn f(); }
pub fn f() {+{f}
    let _: Option<Box<«T|dyn T»>> = None;
    {+{_}
        let _: Option<Box<«block|dyn T»>> = None;
        trait @block=T { fn f(&self); }
    -}
    let _: Option<Box<«T|dyn T»>> = None;
-}
`},
	{name: "block use", text: `
pub mod m {+m
    pub trait @m_T=T { fn f(&self); }
-}
pub trait @T { fn f(); }
pub fn f() {+{f}
    let _: Option<Box<«m_T|dyn T»>> = None;
    use self::m::T;
-}
pub fn g() {+{g}
    use self::m::*;
    let _: Option<Box<«m_T|dyn T»>> = None;
    let _: Option<Box<«T|dyn self::T»>> = None;
-}
pub fn h() {
    let _: Option<Box<«T|dyn T»>> = None;
}
`},
	{name: "module in a body", text: `
pub trait @T { fn f(); }
pub fn f() {+{f}
    mod m {+m
        pub trait @inner=T { fn f(&self); }
        pub fn g(_: &«T|dyn super::T», _: &«inner|dyn T») {}
    -}
    let _: Option<Box<«inner|dyn m::T»>> = None;
-}
`},
	{name: "const block of items", text: `
pub trait @T { fn f(); }
const _: () = {+{_}
    trait @inner=T { fn f(&self); }
    fn g(_: &«inner|dyn T», _: &«T|dyn self::T») {}
-};
pub fn h(_: &«T|dyn T») {}
`},
	{name: "method body", text: `
pub struct S;
impl S {
    pub fn f(&self, _: &«T|dyn T») {+{_}
        trait @inner=T { fn f(&self); }
        let _: Option<Box<«inner|dyn T»>> = None;
    -}
}
pub trait @T { fn f(); }
`},
	{name: "trait method body", text: `
pub trait @T { fn f(&self) {+{_}
    trait @inner=T { fn f(); }
    fn g(_: &«inner|dyn T») {}
-}
}
pub fn h(_: &«T|dyn T») {}
`},
	{name: "closure body", text: `
pub trait @T { fn f(); }
pub fn f() {
    let _ = |x: &«T|dyn T»| {+{_}
        trait @inner=T { fn f(&self); }
        let _: Option<Box<«inner|dyn T»>> = None;
    -};
}
`},
	{name: "type parameter is no trait", text: `
pub trait @T { fn f(); }
pub fn f<T>(_: &T, _: Box<T>) {}
pub struct S<T>(Box<T>);
impl<T> S<T> { fn f(&self, _: &T) -> Option<Box<T>> { None } }
pub fn g(_: &«T|dyn T») {}
`},
	{name: "bare names of other things", text: `
pub mod m {+m
    pub struct T;
-}
pub enum E { T }
pub trait @T { fn f(); }
pub fn f(_: &m::T, _: Box<«T|T»>, _: &«T|T») -> E { E::T }
pub fn g() {+{g}
    struct T;
    let _: Option<Box<T>> = None;
    let _: Option<Box<«T|self::T»>> = None;
-}
impl «T|T» { pub fn h(&self) {} }
pub fn h(_: &(«T|T + Send»), _: fn(&«T|T») -> Box<«T|T»>) { let _ = None::<Box<«T|T»>>; }
`, until: 2018},
	{name: "bare std", text: `
use std::fmt;
pub fn f(_: &«std::fmt::Debug|fmt::Debug», _: Box<«std::ops::Fn|Fn(u8) -> u8 + Send»>, _: &mut «std::iter::Iterator|Iterator<Item = Box<«std::clone::Clone|Clone»>>») {}
pub type A = Box<«std::ops::FnOnce|FnOnce(&«std::fmt::Display|fmt::Display») + Send + 'static»>;
pub struct S { f: Option<Box<«std::ops::FnMut|FnMut()»>>, g: Vec<&'static «std::any::Any|::std::any::Any»> }
`, until: 2018},
	{name: "bare and for", text: `
pub trait @(<'static>)T<'a> { fn f(&self, x: &'a u8); fn g() -> Self; }
pub fn f(_: &«T|T<'static>», _: Box<«T|for<'z> T<'z>»>, _: Box<«T|T<'static> + Send»>) {}
pub fn g() { let _ = None::<Box<«T|T<'static>»>>; let _: Box<«T|::std::marker::Send + T<'static>»>; }
`, until: 2018},
	{name: "dyn as a name", text: `
pub mod dyn {+dyn
    pub trait @T { fn f(); }
    pub struct S;
-}
pub fn dyn(dyn: u8) -> u8 { dyn }
pub fn f(_: &«T|dyn::T», _: dyn::S, _: &dyn::S) { let dyn = 1; let _ = dyn + 1; }
pub fn g(_: &«T|dyn self::dyn::T») {}
`, until: 2015},
	{name: "dyn raw", text: `
pub trait @r#dyn { fn f(&self); }
pub trait @r#async { fn r#fn(); }
pub fn f(_: &«dyn|dyn r#dyn», _: &«async|dyn self::r#async») {}
pub fn r#match(r#dyn: &«async|dyn r#async») { let _ = r#dyn; }
`},
	{name: "raw and plain names", text: `
pub mod r#mod {+r#mod
    pub trait @r#Plain { fn f(&self, x: r#u9); }
    pub type r#u9 = u8;
-}
use self::r#mod::r#Plain as r#struct;
use r#mod::Plain;
pub trait @A: r#struct { fn f2(&self) -> Box<r#Self_>; }
pub struct r#Self_;
pub fn f(_: &«Plain|dyn r#Plain», _: &«Plain|dyn Plain», _: &«Plain|dyn r#struct», _: &«A|dyn r#A») {}
`, since: 2018},
	{name: "Unicode names", text: `
pub mod größe {+größe
    pub trait @Ünïcode { fn größe(&self) -> Box<Self>; }
-}
pub trait @日本: größe::Ünïcode {}
/* 🦀 */ pub fn f(/* ß */ _: &«Ünïcode|dyn größe::Ünïcode», /* é */ _: &«日本|dyn 日本») {}
`},

	// Imports.
	{name: "use super glob", text: `
use std::rc::Rc as Pointer;
pub trait @T { fn f(self: Pointer<Self>); }
pub trait @U: T { fn g() -> Self; }
pub mod m {+m
    use super::*;
    pub trait @A: T { fn g(self: Pointer<Self>); }
    pub trait @m_U=U { fn g(&self); }
    pub mod n {+n
        use super::*;
        use super::super::U as Outer;
        pub fn f(_: &«A|dyn A», _: &«m_U|dyn U», _: &«U|dyn Outer», _: Pointer<«T|dyn T»>) {}
    -}
-}
`},
	{name: "glob cycle", text: `
pub mod a {+a
    pub use super::b::*;
    pub trait @A { fn f(); }
-}
pub mod b {+b
    pub use super::c::*;
    pub trait @B { fn f(&self); }
-}
pub mod c {+c
    pub use super::a::*;
    pub use super::b::B as Renamed;
    pub trait @C: A {}
-}
pub fn f(_: &«A|dyn a::A», _: &«A|dyn b::A», _: &«B|dyn a::B», _: &«B|dyn a::Renamed», _: &«C|dyn a::C», _: &«A|dyn c::A») {}
`},
	{name: "re-export through private", text: `
mod hidden {+hidden
    pub mod deep {+deep
        pub trait @T { fn f(&self, _: &Self); }
        pub trait @U { fn f(&self); }
    -}
    pub use self::deep::{T as First, U};
-}
pub mod api {+api
    pub use super::hidden::First as Second;
    pub use super::hidden::*;
-}
pub use self::api::Second as Third;
pub use self::Third as Fourth;
pub trait @A: Fourth {}
pub fn f(_: &«T|dyn Third», _: &«T|dyn api::First», _: &«U|dyn api::U», _: &«T|dyn api::deep::T», _: &«A|dyn A») {}
`},
	{name: "use trees", text: `
pub mod a {+a
    pub trait @T { fn f(); }
    pub mod b {+b
        pub trait @U { fn f(&self); }
        pub trait @V: super::T {}
        pub mod c {+c
            pub trait @W { const C: u8; }
        -}
    -}
-}
use self::{a::{T as T1, b::{self, U, c::{*, W as W1}}, b as bee}, a as ay};
use self::{self as me};
pub fn f(_: &«T|dyn T1», _: &«U|dyn U», _: &«V|dyn b::V», _: &«W|dyn W», _: &«W|dyn W1», _: &«V|dyn bee::V», _: &«U|dyn ay::b::U», _: &«T|dyn me::a::T») {}
`},
	{name: "underscore import", text: `
pub mod a {+a
    pub trait @a_T=T { fn f(); }
    pub trait @a_U=U { fn f(); }
-}
use self::a::T as _;
use self::a::U as _;
pub trait @T { fn f(&self); }
pub fn f(_: &«T|dyn T») {}
`},
	{name: "enum glob", text: `
pub mod m {+m
    pub trait @m_T=T { fn f(&self); }
    pub enum E { A, B }
    pub use self::E::*;
-}
pub enum E { T2, U }
use self::E::*;
use self::m::*;
pub trait @A { fn f(_: &«m_T|dyn T») -> E; }
pub fn f(_: &«A|dyn self::A») {}
`},
	{name: "private import seen by children", text: `
use std::fmt::Debug as Private;
use self::a::T as Inner;
mod a {+a
    pub trait @T { fn f(); }
-}
pub mod m {+m
    pub trait @A: super::Private {}
    pub trait @B: super::Inner {}
    pub fn f(_: &«std::fmt::Debug|dyn super::Private», _: &«T|dyn super::Inner», _: &«A|dyn A», _: &«B|dyn B») {}
-}
`},
	{name: "namespace of macro and fn", text: `
pub mod m {+m
    pub trait @T { fn f(); }
    pub fn T() {}
    macro_rules! T { () => { 1 } }
    pub const X: u8 = T!();
-}
use self::m::T;
pub fn f(_: &«T|dyn T») { T() }
`},
	{name: "import of both namespaces", text: `
pub mod m {+m
    pub fn Thing() {}
-}
pub mod n {+n
    pub trait @Thing { fn f(); }
-}
use self::m::*;
use self::n::*;
pub fn f(_: &«Thing|dyn Thing») { Thing() }
`},
	{name: "visibilities", text: `
pub mod a {+a
    pub(self) trait @T { fn f(); }
    pub(super) trait @U { fn f(&self); }
    unsafe trait @V: T {}
    pub(crate) unsafe trait @W: U {}
    fn f(_: &«T|dyn T», _: &«V|dyn V») {}
-}
fn f(_: &«U|dyn a::U», _: &«W|dyn self::a::W») {}
`},

	{name: "glob skips the private", text: `
pub mod a {+a
    trait @Clone { fn c() -> u8; }
    pub(self) trait @Ord {}
    pub trait @Eq {}
    pub fn f(_: &«Clone|dyn Clone», _: &«Ord|dyn Ord») {}
-}
use self::a::*;
pub trait @A: Clone {}
pub trait @B: Ord {}
pub trait @C: Eq {}
pub fn f(_: &«A|dyn A», _: &«B|dyn B», _: &«C|dyn C»,  _: &«std::clone::Clone|dyn Clone», _: &«Eq|dyn Eq») {}
`},
	{name: "private import is not re-exported by a glob", text: `
pub mod a {+a
    use std::fmt::Debug as Clone;
    pub use std::fmt::Display as Hash;
    pub trait @X: Clone {}
    pub mod child {+child
        use super::*;
        pub trait @Y: Clone {}
    -}
-}
use self::a::*;
pub trait @A: Clone {}
pub trait @B: Hash {}
pub fn f(_: &«A|dyn A», _: &«B|dyn B», _: &«X|dyn X», _: &«Y|dyn a::child::Y», _: &«std::fmt::Display|dyn Hash») {}
`},
	{name: "glob of a glob, nearest wins", text: `
pub mod a {+a
    pub use super::b::*;
    pub trait @a_T=T { fn f(&self); }
-}
pub mod b {+b
    pub use super::c::*;
    pub trait @b_T=T { fn f(); }
    pub trait @b_U=U { fn f(); }
-}
pub mod c {+c
    pub trait @c_U=U { fn f(&self); }
    pub trait @V { fn f(); }
-}
use self::a::*;
pub fn f(_: &«a_T|dyn T», _: &«b_U|dyn U», _: &«V|dyn V», _: &«b_T|dyn b::T», _: &«c_U|dyn c::U») {}
`},
	{name: "module named std", text: `
pub mod std {+std
    pub mod fmt {+fmt
        pub trait @Debug { fn f(); }
    -}
    pub trait @Clone {}
-}
pub trait @A: self::std::fmt::Debug {}
pub trait @B: ::std::fmt::Debug {}
pub trait @C: self::std::Clone + Send {}
pub fn f(_: &«A|dyn A», _: &«B|dyn B», _: &«C|dyn C», _: &«Debug|dyn self::std::fmt::Debug») {}
`},
	{name: "module named std, 2018 paths", text: `
pub mod std {+std
    pub mod fmt {+fmt
        pub trait @Debug { fn f(); }
    -}
-}
pub trait @A: std::fmt::Debug {}
pub trait @B: ::std::fmt::Debug {}
pub fn f(_: &«A|dyn A», _: &«B|dyn B», _: &«Debug|dyn std::fmt::Debug», _: &«std::fmt::Debug|dyn ::std::fmt::Debug») {}
`, since: 2018},
	{name: "uniform paths", text: `
pub mod a {+a
    pub mod b {+b
        pub trait @T { fn f(); }
    -}
    use b::T as U;
    pub(crate) use b as bee;
    pub fn f(_: &«T|dyn U», _: &«T|dyn bee::T») {}
-}
use a::bee::T as W;
use a::b::{self as c, T};
pub fn f(_: &«T|dyn W», _: &«T|dyn c::T», _: &«T|dyn T») {
    use a::b::T as X;
    use c::T as Y;
    let _: (Option<Box<«~T|dyn X»>>, Option<Box<«~T|dyn Y»>>) = (None, None);
}
`, since: 2018},
	{name: "enum variants through use", text: `
pub enum Shape { Clone, Other }
pub mod m {+m
    pub use super::Shape::Other;
    pub trait @A: Clone {}
-}
use self::Shape::Other as Debug;
pub trait @B: ::std::fmt::Debug { fn f(&self, x: Shape) -> Box<Shape>; }
pub fn f(_: &«A|dyn m::A», _: &«B|dyn B») { let _ = Debug; }
`},
	{name: "macro defines names in another namespace", text: `
macro_rules! Clone { () => { 1u8 } }
pub fn Sized() -> u8 { Clone!() }
pub const Copy: u8 = 1;
pub static Ord: u8 = 2;
pub trait @A: Clone {}
pub trait @B { fn f() where Self: Sized; }
pub trait @C { fn f() where Self: Copy; fn g(&self) where u8: Ord; }
pub fn f(_: &«A|dyn A», _: &«B|dyn B», _: &«C|dyn C») {}
`},
	{name: "precise captures", text: `
pub trait @A { fn f(&self) -> impl Sized + use<'_, Self>; fn g(&self) -> Option<impl Send + use<'_, Self>> where Self: Sized; }
pub trait @B { fn g(&self) -> Option<impl Send + use<'_, Self>> where Self: Sized; }
pub fn f(_: &«A|dyn A», _: &«B|dyn B») -> impl Sized + use<> {}
`, since: 2021},

	// Hierarchies.
	{name: "diamond", text: `
pub trait @Top { fn f(&self) -> Box<Self>; fn g() where Self: Sized; }
pub trait @Left: Top {}
pub trait @Right: Top { fn h(&self); }
pub trait @Bottom: Left + Right + Top {}
pub fn f(_: &«Bottom|dyn Bottom», _: Box<«Left|dyn Left»>) {}
`},
	{name: "four deep Sized", text: `
pub trait @A where Self: Sized { fn f() -> Self; const C: u8; }
pub trait @B: A { fn g<T>(&self); }
pub trait @C: B + Send { type X<'a> where Self: 'a; }
pub trait @D: C + B + A { fn h(&self) -> impl Sized; }
pub trait @E { fn f<T>() where Self: D; }
pub fn f(_: &«D|dyn D», _: &«E|dyn E») {}
`},
	{name: "arguments through the tree", text: `
pub trait @(<u8>)A<T: ?Sized> { fn f(&self, x: &T); }
pub trait @(<u8>)B<T: ?Sized, U: ?Sized = T>: A<U> {}
pub trait @(<u8>)C<T: ?Sized>: B<u8, T> {}
pub trait @D: C<Self> {}
pub trait @E: C<str> {}
pub trait @F: E { fn g(&self, x: <Self as F1>::X) where Self: F1<X = u8>; }
pub trait @F1 { type X; }
pub fn f(_: &«D|dyn D», _: &«E|dyn E», _: &«F|dyn F», _: &«C|dyn C<u8>») {}
`},
	{name: "projection arguments", text: `
pub trait @(<u8>)A<T> { type X; }
pub trait @B: A<u8, X = u8> { fn f(&self) -> <Self as A<u8>>::X; }
pub trait @C: A<u8> { fn f(&self) -> Self::X; fn g(&self) -> <Self as A<u8>>::X; }
pub trait @(<u8>)D<T>: A<T> { fn f(&self) -> <Self as A<T>>::X; }
pub trait @E: D<u16> { fn f2(&self, x: &<Self as A<u16>>::X); }
pub trait @F: A<u8> { fn f(&self) -> <Self as A<u16>>::X where Self: A<u16>; }
pub trait @G: A<Alias> { fn f(&self) -> <Self as A<u8>>::X; }
pub type Alias = u8;
pub fn f(_: &«B|dyn B», _: &«C|dyn C<X = u8>», _: &«D|dyn D<u8, X = ()>», _: &«E|dyn E<X = u8>», _: &«F|dyn F», _: &«G|dyn G<X = u8>») {}
`},
	{name: "arguments of projections", text: `
pub trait @(<2>)S<const M: usize> { type X; }
pub trait @(<2>)I<const M: i32> { type X; }
pub trait @(<true>)Bo<const M: bool> { type X; }
pub trait @(<'a'>)Ch<const M: char> { type X; }
pub const N: usize = 2;
pub trait @A1: S<2> { fn f(&self) -> <Self as S<0x2>>::X; }
pub trait @A2: S<2> { fn f(&self) -> <Self as S<2usize>>::X; }
pub trait @A3: S<2> { fn f(&self) -> <Self as S<{ { 2 } }>>::X; }
pub trait @A4: S<N> { fn f(&self) -> <Self as S<N>>::X; }
pub trait @A5: S<N> { fn f(&self) -> <Self as S<{ N }>>::X; }
pub trait @A6: S<{ 1 + 1 }> { fn f(&self) -> <Self as S<{ 1 + 1 }>>::X; }
pub trait @A7: I<-1> { fn f(&self) -> <Self as I<{ -1 }>>::X; }
pub trait @A8: Bo<true> { fn f(&self) -> <Self as Bo<{ true }>>::X; }
pub trait @A9: Ch<'a'> { fn f(&self) -> <Self as Ch<'\x61'>>::X; }
pub trait @(<2>)B1<const K: usize>: S<K> { fn f(&self) -> <Self as S<{ K }>>::X; }
pub trait @B2: S<2> { fn f(&self) -> <Self as S<{ (2) }>>::X; }
pub trait @B3: S<N> { fn f(&self) -> <Self as S<2>>::X; }
pub trait @B4: S<1_0> { fn f(&self) -> <Self as S<10>>::X; }
pub trait @(<u8>)T<A: ?Sized> { type X; }
pub type Al = Option<u8>;
pub trait @Id { type Y: ?Sized; } impl<A: ?Sized> Id for A { type Y = A; }
pub trait @C1: T<[u8; 2]> { fn f(&self) -> <Self as T<[u8; { 2 }]>>::X; }
pub trait @C2: T<[u8; 2]> { fn f(&self) -> <Self as T<[u8; N]>>::X; }
pub trait @C3: T<<u8 as Id>::Y> { fn f(&self) -> <Self as T<u8>>::X; }
pub trait @C4: T<u8> { fn f(&self) -> <Self as T<<u8 as Id>::Y>>::X; }
pub trait @C5: T<«~std::ops::Fn|dyn Fn(u8)»> { fn f(&self) -> <Self as T<«~std::ops::FnOnce|dyn FnOnce(u8)»>>::X where Self: T<«~std::ops::FnOnce|dyn FnOnce(u8)»>; }
pub trait @C6: T<«~std::ops::Fn|dyn Fn(u8)»> { fn f(&self) -> <Self as T<«~std::ops::Fn|dyn Fn(u8) -> ()»>>::X; }
pub trait @C7: T<«|dyn Send + Sync»> { fn f(&self) -> <Self as T<«|dyn Sync + Send»>>::X; }
pub trait @C8: T<fn(&u8)> { fn f(&self) -> <Self as T<for<'a> fn(&'a u8)>>::X; }
pub trait @C9: T<(u8)> { fn f(&self) -> <Self as T<u8>>::X; }
pub trait @D1: T<&'static u8> { fn f<'a>(&'a self) -> <Self as T<&'static u8>>::X; }
pub trait @D2: T<[u8; 1 + 1]> { fn f(&self) -> <Self as T<[u8; 2]>>::X; }
`, since: 2018},
	{name: "bindings", text: `
pub trait @A { type X; type Y; fn f(&self, a: Self::X, b: Self::Y); }
pub trait @B: A<X = u8> {}
pub trait @C: B<Y = ()> where Self: Iterator<Item = u8> {}
pub trait @D: A { type Z where Self: Sized; }
pub fn f(_: &«A|dyn A<X = u8, Y = u8>», _: &«A|dyn A<Y = u8>», _: &«B|dyn B<Y = u8>», _: &«B|dyn B», _: &«C|dyn C», _: &«D|dyn D<X = u8, Y = ()>», _: &«D|dyn D<X = u8>») {}
`},
	{name: "default Self", text: `
pub trait @(<u8>)A<T: ?Sized = Self> { fn f(&self, x: &T); }
pub trait @(<u8, u8>)B<T: ?Sized = Self, U: ?Sized = T> {}
pub trait @C: A {}
pub trait @D: A<u8> {}
pub trait @E: B<u8> {}
pub trait @F: B<u8, Self> {}
pub fn f(_: &«A|dyn A<u8>», _: &«A|dyn A», _: &«B|dyn B<u8, u8>», _: &«B|dyn B<u8>», _: &«C|dyn C», _: &«D|dyn D», _: &«E|dyn E», _: &«F|dyn F») {}
`},
	{name: "default and bindings", text: `
pub trait @(<u8>)A<T: ?Sized = u8, const N: usize = 3> { type X; fn f(&self) -> [u8; N]; }
pub trait @B: A<X = u8> {}
pub fn f(_: &«A|dyn A<X = u8>», _: &«A|dyn A<str, 4, X = u8>», _: &«A|dyn A<str>», _: &«B|dyn B») {}
`, since: 2018},
	{name: "names itself", text: `
pub trait @T { fn f(&self, x: &«T|dyn T»); fn g(&self) -> Box<«T|dyn T + Send»>; }
pub trait @U { fn f(&self, x: &«U|dyn U») -> Box<Self>; }
pub trait @V { fn f(&self, x: &«W|dyn W»); }
pub trait @W { fn f(&self, x: &«V|dyn V»); fn g(); }
`},
	{name: "impls for dyn", text: `
pub trait @T { fn f(&self); fn g(&self, x: &Self); }
pub trait @U { fn f(&self); }
pub trait @V {}
impl V for «T|dyn T» {}
impl V for Box<«U|dyn U + Send»> {}
impl «U|dyn U» { pub fn h(&self, _: Box<«U|dyn U»>) -> Option<Box<«V|dyn V»>> { None } }
impl «U|dyn U + Send» { pub fn k(&self) {} }
pub fn f() { let _ = <«U|dyn U» as U>::f; let _ = <«U|dyn U»>::h; }
`},
	{name: "recursive types", text: `
pub struct S { next: Option<Box<S>>, f: Option<Box<«T|dyn T»>> }
pub trait @T { fn f(&self, s: &S) -> Box<Self>; }
pub trait @U: AsRef<S> { fn f(&self, s: &S); }
pub fn f(_: &«U|dyn U») {}
`},
	{name: "supertrait is dyn", text: `
pub trait @T { fn f(); }
pub trait @U: AsRef<«T|dyn T»> { fn g(&self); }
pub trait @V: Iterator<Item = Box<«U|dyn U»>> { fn g(&self); }
pub fn f(_: &«U|dyn U», _: &«V|dyn V») {}
`},
	{name: "RPITIT in hierarchy", text: `
pub trait @A { fn f(&self) -> impl Iterator<Item = impl Clone>; fn g(&self) -> Option<(impl Clone, u8)>; }
pub trait @B: A { fn h(&self, x: impl Clone) -> impl PartialEq<Self>; }
pub trait @C { fn f(&self) -> impl Iterator<Item = u8> where Self: Sized; }
pub trait @D: C { fn g(self: Box<Self>) -> Result<impl Sized, ()> where Self: Clone; }
pub fn f(_: &«A|dyn A», _: &«B|dyn B», _: &«C|dyn C», _: &«D|dyn D») {}
`},
	{name: "async hierarchy", text: `
pub trait @A { async fn f(&self) {} }
pub trait @B: A { async fn g(self: &Box<Self>, x: impl Clone) -> u8; }
pub trait @C { async fn f(&self) where Self: Sized; async fn g() where Self: Clone {} }
pub trait @D: B + C {}
pub fn f(_: &«A|dyn A», _: &«B|dyn B», _: &«C|dyn C», _: Box<«D|dyn D + Send»>) {}
`, since: 2018},
	{name: "aliases of dyn", text: `
pub trait @T { fn f(); }
pub trait @U { fn f(&self); }
pub type Dyn = «T|dyn T»;
pub type Boxed<X> = Box<X>;
pub type Good = Boxed<«U|dyn U + Send»>;
pub type Maker = fn(&Dyn) -> Good;
pub fn f(_: &Dyn, _: Boxed<Dyn>, _: Good, _: Option<Maker>) {}
`},
	{name: "aliases of Self", text: `
pub trait @Id { type Y: ?Sized; }
impl<T: ?Sized> Id for T { type Y = T; }
pub type Me<X> = X;
pub type Fun<X> = fn(X) -> u8;
pub type Proj<X> = <X as Id>::Y;
pub type Pair<A, B> = (Box<A>, Box<B>);
pub trait @A { fn f(&self, x: &Me<Self>); }
pub trait @B { fn f(&self, x: Fun<&Self>); }
pub trait @C { fn f(&self, x: &Proj<Self>); }
pub trait @D { type X; fn f(&self, x: Pair<u8, Self::X>); fn g(self: Me<&Self>); }
pub trait @E { fn f(&self) -> Pair<u8, Self>; }
pub fn f(_: &«A|dyn A», _: &«B|dyn B», _: &«C|dyn C», _: &«D|dyn D<X = u8>», _: &«E|dyn E») {}
`},
	{name: "lifetimes everywhere", text: `
pub trait @(<'static>)A<'a> { fn f<'b>(&'b self, x: &'a u8) -> &'b u8 where 'a: 'b; }
pub trait @(<'static>)B<'a>: A<'a> { type X: 'a; fn g(&'a self, x: <Self as A2<'a>>::Z) where Self: A2<'a, Z = u8>; }
pub trait @(<'static>)A2<'a> { type Z; }
pub trait @(<'static>)C<'a>: A2<'a> { fn g<'b>(&'b self, x: <Self as A2<'a>>::Z); }
pub fn f(_: &«A|dyn for<'z> A<'z>», _: &«A|dyn A<'_>», _: &«B|dyn B<'static, X = u8>», _: &«C|dyn C<'static, Z = u8>») {}
`},

	// Macros and cfg.
	{name: "items through macros", text: `
macro_rules! items { ($($i:item)*) => { $($i)* } }
macro_rules! tokens { ($($t:tt)*) => { $($t)* } }
items! {
    pub trait @T { fn f(&self) -> Box<Self>; }
    pub trait @U: T {}
}
tokens! {
    pub trait @V: U { fn g(&self, x: &Self); }
    pub fn f(_: &«V|dyn V», _: &«T|dyn T») { let _: Option<Box<«U|dyn U»>> = None; }
}
items![ pub fn g(_: &«U|dyn U») {} ];
items!( pub mod m { pub fn g(_: &«~U|dyn super::U») {} } );
items! { items! { pub trait @W { fn f(); } pub fn h(_: &«W|dyn W») {} } }
`},
	{name: "dyn in macro bodies", text: `
macro_rules! make { ($name:ident) => { pub fn $name(_: &«~T|dyn T», _: Box<«~U|dyn U + Send»>) {} } }
macro_rules! unused { () => { fn f(_: &«?|dyn Nothing») {} } }
macro_rules! param { ($t:ident, $n:ident) => { pub fn $n(_: &«$|dyn $t») {} } }
macro_rules! ty { ($t:path) => { Option<Box<«$|dyn $t»>> } }
pub trait @T { fn f(); }
pub trait @U { fn f(&self); }
make!(one);
param!(U, three);
pub type A = ty!(U);
pub fn two(_: A) {}
`},
	{name: "types in macro arguments", text: `
macro_rules! alias { ($n:ident = $t:ty) => { pub type $n = $t; } }
macro_rules! pair { ($a:ty, $b:ty) => { (Box<$a>, Box<$b>) } }
macro_rules! expr { ($e:expr) => { $e } }
macro_rules! block { ($b:block) => { $b } }
pub trait @T { fn f(); }
pub trait @U { fn f(&self); }
alias!(A = Box<«T|dyn T + Send»>);
pub fn f(_: pair!(«T|dyn T», «U|dyn U»), _: A) {
    expr!(None::<Box<«U|dyn U»>>);
    block!({ let _: Option<Box<«T|dyn T»>> = None; });
    println!("{:?} dyn T", expr!(None::<&«U|dyn U»>).is_some());
}
`},
	{name: "thread_local", text: `
pub trait @T { fn f(); }
pub trait @U { fn f(&self); }
thread_local! {
    pub static A: Option<Box<«~T|dyn T»>> = None;
    static B: ::std::cell::RefCell<Vec<Box<«~U|dyn U»>>> = ::std::cell::RefCell::new(Vec::new());
}
`},
	{name: "macro shadows by order", text: `
pub trait @T { fn f(); }
macro_rules! m { ($t:ty) => { Box<$t> } }
pub fn f(_: m!(«T|dyn T»)) {}
macro_rules! m { ($t:ty) => { Option<Box<$t>> } }
pub fn g(_: m!(«T|dyn T»)) {}
`},
	{name: "cfg'd duplicates", text: `
#[cfg(any())]
pub trait T { fn f(&self); }
#[cfg(not(any()))]
pub trait @T { fn f(); }
#[cfg(unix)]
pub trait @U { fn f(&self); #[cfg(windows)] fn g(); #[cfg(not(windows))] fn h(&self); }
#[cfg(not(unix))]
pub trait U { fn f(); }
#[cfg(feature = "off")]
use std::clone::Clone as Name;
#[cfg(feature = "on")]
use std::fmt::Debug as Name;
pub trait @V: Name {}
pub fn f(_: &«T|dyn T», _: &«U|dyn U», _: &«V|dyn V», _: &«std::fmt::Debug|dyn Name», #[cfg(any())] _: &dyn T) {}
`},
	{name: "cfg'd modules", text: `
#[cfg(target_os = "linux")]
pub mod imp {+imp
    pub trait @T { fn f(&self); }
-}
#[cfg(not(target_os = "linux"))]
pub mod imp {
    pub trait T { fn f(); }
}
#[cfg(all(not(target_os = "linux"), feature = "off"))]
mod not_there;
pub use self::imp::*;
pub fn f(_: &«T|dyn T», _: &«T|dyn imp::T») {}
`},
	{name: "cfg_attr", text: `
#[cfg_attr(all(), doc = "dyn Doc", allow(dead_code))]
#[cfg_attr(any(), async_trait)]
pub trait @T { #[cfg_attr(all(), cfg(any()))] fn f(); #[cfg_attr(any(), cfg(any()))] fn g(&self); }
#[cfg_attr(any(), cfg(any()))]
pub trait @U: T {}
pub fn f(_: &«T|dyn T», _: &«U|dyn U») {}
`},
	{name: "cfg of statements", text: `
pub trait @T { fn f(); }
pub trait @U { fn f(&self); }
pub fn f() {
    #[cfg(any())]
    { let _: Option<Box<dyn T>> = None; }
    #[cfg(all())]
    let _: Option<Box<«T|dyn T»>> = None;
    match None::<Box<«U|dyn U»>> { #[cfg(any())] Some(_) => {} _ => {} }
}
pub struct S { #[cfg(any())] a: Box<dyn T>, #[cfg(unix)] b: Option<Box<«T|dyn T»>>, c: u8 }
pub enum E { #[cfg(any())] A(Box<dyn U>), #[cfg(unix)] B(Box<«U|dyn U»>) }
`},
	{name: "everything on one line", text: `
pub trait @A{fn f(&self)->Box<Self>;const C:u8;}pub trait @B:A{fn g<T>(&self);}pub fn f(_:&«A|dyn A»,_:&'static «B|dyn B»){let _=None::<Box<«A|dyn A»>>;}
`},
	{name: "odd layout", text: `
pub
    trait
        @A
            : ::std::marker::
                Send {

    fn
        f
    (
        self
            :
        &
            Box
                <
                    Self
                >
    )
    ;
}
pub fn f(_: & /* c */ («A|dyn
    A /* c */
    +
    Send»)) {}
`},
	{name: "item forms", text: `
pub extern "C" fn ext(_: Option<Box<«T|dyn T»>>) {}
pub trait @T { unsafe extern "C" fn f(&self); fn g(&self) -> unsafe extern "C" fn(u8) -> u8; }
pub trait @U { unsafe fn f(self: Box<Self>, _: &mut [Self; 0]) where Self: Sized; const fn_: u8 = 1; }
pub unsafe fn call(_: &«U|dyn U») {}
pub struct Unit; pub struct Empty {} pub enum Void {}
pub union Bits { a: u8, b: *const «T|dyn T» }
pub static mut COUNT: Option<&'static («T|dyn T + Sync»)> = None;
`},
	{name: "Self in impls is no Self", text: `
pub trait @T { fn f(&self) where Self: Sized; }
pub struct S;
impl S { pub fn f(&self, x: &Self) -> Self { loop {} } pub fn new() -> Self { S } }
impl T for S { fn f(&self) {} }
pub trait @U { fn f(&self) { struct L; impl L { fn new() -> Self { L } fn id(self, x: &Self) -> Self { self } } } }
pub trait @V { fn f(&self, x: fn() -> S) where S: Send + Sized; }
pub fn f(_: &«T|dyn T», _: &«U|dyn U», _: &«V|dyn V») {}
`},
	{name: "const expressions", text: `
pub const N: usize = 2;
pub trait @A { fn f(&self, x: [u8; N], y: [u8; { fn g<T>() {} 3 }]) -> [u8; N + 1]; }
pub trait @(<3>)B<const M: usize> { fn f(&self, x: [u8; M]); }
pub trait @C: B<{ N }> + B<3> {}
pub trait @D { fn f(&self, x: [u8; { struct S<T>(T); 1 }]); }
pub fn f(_: &«A|dyn A», _: &«B|dyn B<{ 1 + 2 }>», _: &«B|dyn B<3>», _: &«C|dyn C», _: &«D|dyn D») {}
`, since: 2018},
	{name: "opaque to lexers", text: `
pub trait @A { fn f(&self) { let _ = ('\'', '"', '{', b'}', "{", r"\", r#"" }"#, b"\"{", 1.., 0b1, 1e3, 'x'); let a: &'static str = "'"; } fn g(&self); }
pub trait @B { fn f<'a>(&'a self, x: &'a u8) -> &'a u8 { let b = 'b'; 'l: loop { break 'l; } x } fn g(&self) -> Box<Self>; }
pub fn f(_: &«A|dyn A», _: &«B|dyn B») {}
`},
	{name: "generic gets dyn", text: `
pub trait @(<u8>)A<T: ?Sized> { fn f(&self, x: Box<T>); }
pub trait @B { fn f(); }
pub trait @C { fn f(&self); }
pub fn f(_: &«A|dyn A<«B|dyn B»>», _: Box<«A|dyn A<Box<«C|dyn C + Send»>> + Send»>, _: &«A|dyn A<«A|dyn A<«B|dyn B»>»>») {}
pub fn g(_: &«std::iter::Iterator|dyn Iterator<Item = Box<«B|dyn B»>>», _: &«std::ops::Fn|dyn Fn(&«C|dyn C», Box<«B|dyn B»>) -> Box<«A|dyn A<u8>»>») {}
`},
}
