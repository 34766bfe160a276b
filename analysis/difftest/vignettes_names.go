package difftest

// nameVignettes are about names of std that mean something else.
var nameVignettes = []vignette{
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
}
