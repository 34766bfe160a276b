package difftest

// scopeVignettes are about scopes: bodies, blocks, parameters, raw and bare names.
var scopeVignettes = []vignette{
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
	{name: "bounds in parentheses", text: `
pub trait @A { fn f(); }
pub fn f(_: &(«A|dyn 'static + (A)»), _: Box<«A|dyn Send + (A)»>) {}
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
}
