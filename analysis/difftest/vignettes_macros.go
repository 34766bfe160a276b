package difftest

// macroVignettes are about macros and cfg.
var macroVignettes = []vignette{
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
}
