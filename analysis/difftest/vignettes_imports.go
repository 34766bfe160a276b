package difftest

// importVignettes are about imports: globs, cycles, re-exports, namespaces.
var importVignettes = []vignette{
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
	{name: "a glob does not go through a private glob", text: `
pub mod a {+a
    use super::b::*;
    pub use super::c::*;
    pub trait @X: Clone {}
    pub mod child {+child
        use super::*;
        pub trait @Y: Clone {}
    -}
-}
pub mod b {+b
    pub trait @Clone { fn c(&self); }
-}
pub mod c {+c
    pub trait @Eq { fn e(&self); }
    pub(super) trait @Ord { fn o(&self); }
-}
use self::a::*;
pub trait @A: Clone {}
pub trait @B: Eq {}
pub fn f(_: &«A|dyn A», _: &«B|dyn B», _: &«X|dyn X», _: &«Y|dyn a::child::Y», _: &«std::clone::Clone|dyn Clone», _: &«Eq|dyn Eq»,
    _: &«Ord|dyn Ord») {}
`},
	{name: "std in the root of 2015", until: 2015, text: `
pub mod std {+std
    pub trait @Debug { fn d(&self); }
    pub mod fmt {+fmt
        pub trait @fmt_Debug=Debug { fn d(); }
    -}
-}
pub fn f() {+{f}
    use *;
    fn g(_: &«std::fmt::Debug|dyn std::fmt::Debug») {}
-}
pub fn h(_: &«fmt_Debug|dyn self::std::fmt::Debug», _: &«fmt_Debug|dyn std::fmt::Debug») {}
`},
	{name: "a glob of std", text: `
pub trait @Sized { fn s(&self); }
pub fn f() {+{f}
    use std::*;
    fn g(_: &«Sized|dyn Sized»,  _: &«std::fmt::Debug|dyn fmt::Debug») {}
-}
`},
	{name: "a trait seen in one branch of the tree", since: 2018, text: `
pub mod c {+c
    pub mod d {+d
        pub(in super::super::c) trait @Clone { fn c(&self); }
        pub(in super::super) trait @Eq { fn e(&self); }
    -}
    pub use self::d::*;
    pub trait @X: Clone + Eq {}
-}
use self::c::*;
pub trait @A: Clone {}
pub trait @B: Eq {}
pub fn f(_: &«A|dyn A», _: &«B|dyn B», _: &«X|dyn X») {}
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
}
