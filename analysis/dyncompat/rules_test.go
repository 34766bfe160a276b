package dyncompat_test

// Every row of this file is a trait T and the kinds of violation that keep it from being dyn compatible, `ok` for none. Where
// `dyn T` needs arguments, the type stands behind a semicolon. `unknown` is what must not be guessed. Rows of a section share its declarations (lines without `=>`).
// TestRules holds our verdicts against the rows, TestRulesAgainstRustc holds the rows against rustc.

// A section is one part of the rules of rustc_trait_selection/src/traits/dyn_compatibility.rs.
type section struct {
	name     string
	edition  string // 2024 if empty
	features string // unstable features that the rows need, separated by commas
	rows     string
	// ours is why rustc is not asked about the rows; empty if it is.
	ours string
}

var sections = []section{
	{name: "whole traits", rows: `
trait T {} => ok
unsafe trait T {} => ok
trait T: Send + Sync + Unpin + 'static {} => ok
trait T<'a, A, const N: usize> { fn f(&self, a: &'a [A; N]); } => ok ; dyn T<'static, u8, 1>
trait T<A = Self> { fn f(&self, a: A); } => ok ; dyn T<u8>
trait T { const C: u8; } => assoc_const
trait T { const C: u8 = 1; } => assoc_const
trait T { type X; } => ok ; dyn T<X = u8>
trait T { type X<'a>; } => gat
trait T { type X<A>; } => gat
trait T { type X<const N: usize>; } => gat
trait T { type X<'a> where Self: 'a; } => gat
trait T { fn f(); } => static_fn
trait T { fn f(this: &u8); } => static_fn
trait T { fn f<A>(a: A) -> Self where A: Copy; } => static_fn
trait T { fn f(&self) { fn inner<A>(_: A) {} inner(1); let _: Option<&Self> = None; } } => ok
trait T { const C: u8; fn f(); type X<'a>; fn g<A>(&self, a: A) -> Self; } => assoc_const static_fn gat generic self_in_return
`},
	{name: "supertraits", rows: `
trait Bad { fn bad(); }
trait Middle: Bad {}
trait Fine { fn fine(&self); }
trait T: Bad {} => static_fn
trait T: Middle {} => static_fn
trait T: Fine {} => ok
trait T where Self: Bad {} => static_fn
trait T: Middle + Clone { fn f<A>(&self); } => static_fn sized_self
`},
	{name: "the trait requires Sized", rows: `
trait Small: Sized {}
trait T: Sized {} => sized_self
trait T where Self: Sized {} => sized_self
trait T: ?Sized {} => ok
trait T: Clone {} => sized_self
trait T: Copy {} => sized_self
trait T: Default {} => sized_self
trait T: Into<u8> {} => sized_self
trait T: From<u8> {} => sized_self
trait T: std::str::FromStr {} => sized_self
trait T: Small {} => sized_self
trait T: Clone { fn new() -> Self; const C: u8; } => sized_self
trait T where Box<Self>: Sized {} => ok
trait T where for<'a> &'a Self: Sized {} => ok
mod own { pub trait Clone {} } use own::Clone; trait T: Clone {} => ok
mod own { pub trait Sized {} } use own::Sized; trait T: Sized {} => ok
`},
	{name: "the exemption of items", rows: `
trait Small: Sized {}
trait Other {}
trait T { fn f() where Self: Sized; } => ok
trait T { fn f<A>(&self, a: A) -> Self where Self: Sized; } => ok
trait T { fn f() where Self: Sized + std::fmt::Debug; } => ok
trait T { fn f() where (Self): Sized; } => ok
trait T { fn f() where Self: (Sized); } => ok
trait T { fn f() where Self: std::marker::Sized; } => ok
trait T { fn f() where Self: ::core::marker::Sized; } => ok
use Sized as S; trait T { fn f() where Self: S; } => ok
trait T { fn f<A>(&self) -> Self where Self: Clone; } => ok
trait T { fn f() where Self: Copy; } => ok
trait T { fn f() where Self: Default; } => ok
trait T { fn f() where Self: Into<u8>; } => ok
trait T { fn f() where Self: From<u8>; } => ok
trait T { fn f() where Self: std::str::FromStr; } => ok
trait T { fn f() where Self: FromIterator<u8>; } => ok
trait T { fn f() where Self: Eq + Copy; } => ok
trait T { fn f() where Self: Small; } => ok
trait T { async fn f(&self) where Self: Sized; } => ok
trait T { fn f(&self) -> impl Copy where Self: Sized; } => ok
trait T { type G<'a> where Self: Sized; } => ok
trait T { type X where Self: Sized; } => ok
trait T { fn f() where Self: PartialEq; } => static_fn
trait T { fn f(&self) where Self: Eq; } => self_in_where
trait T { fn f(&self) where Self: Ord; } => self_in_where
trait T { fn f(&self) where Self: std::hash::Hash; } => self_in_where
trait T { fn f(&self) where Self: std::fmt::Debug; } => self_in_where
trait T { fn f(&self) where Self: std::any::Any; } => self_in_where
trait T { fn f(&self) where Self: Iterator; } => self_in_where
trait T { fn f() where Self: Send; } => static_fn
trait T { fn f() where Self: 'static; } => static_fn
trait T { fn f(&self) where Box<Self>: Sized; } => self_in_where
trait T { fn f(&self) where for<'a> &'a Self: Sized; } => self_in_where
trait T { fn f<A>(&self) where A: Sized; } => generic
mod own { pub trait Sized {} } use own::Sized; trait T { fn f(&self) where Self: Sized; } => self_in_where
mod own { pub trait Send {} } use own::Send; trait T { fn f(&self) where Self: Send; } => self_in_where
trait T { fn f(self); } => ok
trait T { fn f(self: Self); } => ok
trait T { fn f(self) -> Self; } => self_in_return
trait T { fn f<A>(self, a: A); } => generic
`},
	{name: "Self in signatures", rows: `
trait Sup { type S; }
trait A2<X> { type Y; }
trait Other { type Z; }
impl<X: ?Sized> Other for X { type Z = u8; }
type Alias<X> = Option<X>;
trait Id { type Y: ?Sized; }
impl<X: ?Sized> Id for X { type Y = X; }
struct Marker<X: ?Sized>(std::marker::PhantomData<X>);
trait T { fn f(&self, x: &Self); } => self_in_param
trait T { fn f(&self, x: Box<Self>); } => self_in_param
trait T { fn f(&self, x: *const Self); } => self_in_param
trait T { fn f(&self, x: fn(&Self)); } => self_in_param
struct Selfish; impl Selfish { const N: usize = 2; } trait T { fn f(&self, x: [u8; Selfish::N]); } => ok
trait T { fn f(&self, x: &dyn Fn(&Self)); } => self_in_param
trait T { fn f(&self, x: &dyn PartialEq<Self>); } => self_in_param
trait T { fn f(&self, x: &dyn Iterator<Item = Box<Self>>); } => self_in_param
trait T { fn f(&self, x: std::marker::PhantomData<Self>); } => self_in_param
trait T { fn f(&self, x: &[Box<Self>]); } => self_in_param
trait T { fn f(&self, x: (u8, &Self)); } => self_in_param
trait T { fn f(&self, x: &Marker<Self>); } => self_in_param
trait T { fn f(&self, x: Alias<&Self>); } => self_in_param
trait T { fn f(&self, x: &Self, y: &Self) -> &Self; } => self_in_param self_in_return
trait T { fn f(&self) -> Self; } => self_in_return
trait T { fn f(&self) -> Option<Box<Self>>; } => self_in_return
trait T { fn f(&self) -> Result<u8, &Self>; } => self_in_return
trait T { type X; fn f(&self, x: Self::X) -> Option<Self::X>; } => ok ; dyn T<X = u8>
trait T { type X; fn f(&self, x: &<Self as T>::X); } => ok ; dyn T<X = u8>
trait T { type X: Iterator; fn f(&self) -> <Self::X as Iterator>::Item; } => ok ; dyn T<X = std::vec::IntoIter<u8>>
trait T { type X; fn f(&self, x: &dyn T<X = Self::X>); } => ok ; dyn T<X = u8>
trait T: Sup { fn f(&self) -> Self::S; } => ok ; dyn T<S = u8>
trait T: A2<u8> { fn f(&self) -> <Self as A2<u8>>::Y; } => ok ; dyn T<Y = u8>
trait T: A2<u8> { fn f(&self) -> <Self as A2<u16>>::Y where Self: A2<u16>; } => self_in_return self_in_where ; dyn T<Y = u8>
trait T<X>: A2<X> { fn f(&self) -> <Self as A2<X>>::Y; } => ok ; dyn T<u8, Y = u8>
trait T<X>: A2<X> { fn f(&self) -> <Self as A2<u8>>::Y where Self: A2<u8>; } => self_in_return self_in_where ; dyn T<u8, Y = u8>
trait T: A2<u8> where Self: Sized { fn f(&self) -> Self; } => sized_self
trait T { fn f(&self) -> <Self as Other>::Z; } => self_in_return
trait T: A2<u8> { fn f(&self) -> <Box<Self> as Other>::Z; } => self_in_return ; dyn T<Y = u8>
trait T { fn f(&self, x: <Self as Id>::Y) where <Self as Id>::Y: Sized; } => self_in_param self_in_where
trait T { fn f(&self, x: &'static str) -> &'static str; } => ok
`},
	{name: "methods", rows: `
trait Super {}
trait Auto2 {}
trait Other { type Z; }
trait T<'x> { fn f(&self, x: &'x u8); } => ok ; dyn T<'static>
trait T { fn f<'a, 'b>(&'a self, x: &'b u8) -> &'a u8; } => ok
trait T { fn f<'a>(&self) where 'a: 'a; } => ok
trait T { fn f(&self) -> !; } => ok
trait T { unsafe fn f(&self); } => ok
trait T { extern "C" fn f(&self); } => ok
trait T { fn f(&self, x: &dyn Fn()); } => ok
trait T { fn f(&self) -> std::pin::Pin<Box<dyn Future<Output = ()> + '_>>; } => ok
trait T { fn f(self: &Self, (a, b): (u8, u8)) {} } => ok
trait T { fn f(&self) where Self: 'static; } => ok
trait T { fn f(&self) where Self: Send + Sync + Unpin; } => ok
trait T { fn f(&self) where Self: std::panic::UnwindSafe; } => ok
trait T { fn f(&self) where u8: Copy; } => ok
trait T { type X; fn f(&self) where Self::X: Clone; } => ok ; dyn T<X = u8>
trait T { type X; fn f(&self) where Self::X: From<Self::X>; } => ok ; dyn T<X = u8>
trait T<A> { fn f(&self) where A: Clone; } => ok ; dyn T<u8>
trait T { async fn f(&self); } => async_fn
trait T { async fn f(&self) {} } => async_fn
trait T { async fn f(&self) -> Self; } => async_fn
trait T { async fn f(&self, x: &Self); } => self_in_param async_fn
trait T { async fn f<A>(&self, a: A); } => async_fn generic
trait T { async fn f(); } => static_fn
trait T { fn f(&self) -> impl Copy; } => rpitit
trait T { fn f(&self) -> Option<impl Copy>; } => rpitit
trait T { fn f(&self) -> (u8, impl Copy); } => rpitit
trait T { fn f(&self) -> Box<dyn Iterator<Item = impl Copy>>; } => rpitit
trait T { fn f(&self) -> Result<impl Copy, u8>; } => rpitit
trait T { fn f(&self) -> (impl Copy, impl Clone); } => rpitit
trait T { fn f<A>(&self); } => generic
trait T { fn f<const N: usize>(&self); } => generic
trait T { fn f(&self, x: impl Copy); } => generic
trait T { fn f(&self, x: &impl Copy); } => generic
trait T { fn f(&self, x: Vec<impl Copy>); } => generic
trait T { fn f(&self, x: impl Fn(&Self)); } => generic self_in_where
trait T { fn f<A: PartialEq<Self>>(&self, a: A); } => generic self_in_where
trait T { fn f(&self) where Self: std::fmt::Debug; } => self_in_where
trait T { fn f(&self) where Self: Send + std::fmt::Debug; } => self_in_where
trait T: Super { fn f(&self) where Self: Super; } => self_in_where
trait T { fn f(&self) where Self: T; } => self_in_where
trait T { fn f(&self) where Box<Self>: Clone; } => self_in_where
trait T { fn f(&self) where String: AsRef<Self>; } => self_in_where
trait T { fn f(&self) where Self: Other, Self::Z: Clone; } => self_in_where
trait T { type X; fn f(&self) where Self::X: PartialEq<Self>; } => self_in_where ; dyn T<X = u8>
`},
	{name: "const items beside macros", rows: `
macro_rules! types { ($t:ty) => { fn f(_: $t) {} } }
mod own { pub trait G<const M: usize> { type X; } }
const N: usize = 2; types! { u8 } use own::G; trait T: G<N, X = u8> { fn f(&self) -> <Self as G<N>>::X; } => self_in_return
use own::G; types! { u8 } trait T: G<2> { fn f(&self) -> <Self as G<2>>::X; } => ok ; dyn T<X = u8>
`},
	{name: "unstable kinds", features: "arbitrary_self_types,arbitrary_self_types_pointers,auto_traits,c_variadic,const_trait_impl,final_associated_functions,negative_bounds,non_lifetime_binders,rustc_attrs,gen_blocks,allocator_api", rows: `
auto trait Mark {}
trait Arg<X: ?Sized> {}
const trait Ct {}
trait T { fn f(&self) where Self: Mark; } => ok
trait T: Mark {} => ok
#[rustc_dyn_incompatible_trait] trait T {} => opted_out
trait T: for<A> Arg<A> {} => non_lifetime_binder
const trait T: const Ct {} => const_supertrait
const trait T: [const] Ct {} => ok
trait T { unsafe extern "C" fn f(&self, _: ...); } => c_variadic
trait T { final fn f<A>(&self) -> Self where Self: Sized { loop {} } } => ok
trait T { final fn f<A>(&self, a: A) {} } => ok
trait T { gen fn f(&self) -> u8; } => rpitit
trait T { fn f(self: *const Self); } => ok
trait T { fn f(self: *mut Self); } => ok
trait T { fn f(self: Box<Self, std::alloc::System>); } => receiver
struct Wrap<X: ?Sized>(Box<X>); impl<X: ?Sized> std::ops::Deref for Wrap<X> { type Target = X; fn deref(&self) -> &X { &self.0 } } trait T { fn f(self: Wrap<Self>); } => receiver
trait T { fn f(self: std::cell::Ref<Self>); } => receiver
`},
	{name: "type consts", features: "min_generic_const_args,generic_const_items", rows: `
trait T { type const X: usize; } => ok ; dyn T<X = 1>
trait T { type const X: usize where Self: Sized; } => ok
trait T { type const X<'a>: usize; } => assoc_const
trait T { type const X<A>: usize; } => assoc_const
trait T { type const X: usize; const Y: u8; } => assoc_const ; dyn T<X = 1>
trait Up { type const X: usize; } trait T: Up<X = 3> {} => ok
trait T { type const X: usize; fn f(&self, x: [u8; Self::X]) -> [u8; { Self::X }]; } => ok ; dyn T<X = 1>
trait Up { type const X: usize; } trait T: Up { fn f(&self, x: [u8; Self::X]); } => ok ; dyn T<X = 1>
`},
	{name: "receivers by a where clause", ours: "we look at no impl, so that we do not know what rustc finds", rows: `
trait T<P: std::ops::Deref<Target = Self>> where for<'a> &'a P: std::ops::DispatchFromDyn<&'a P> { fn f(self: &P); } => unknown
`},
	{name: "where clauses behind values", features: "generic_const_items,associated_type_defaults", rows: `
trait T { const C: u8 = { const D: u8 = 1; D } where Self: Sized; } => ok
trait T { const C: u8 = 3 where Self: Send; } => assoc_const
trait T { type X<'a> = &'a u8 where Self: Sized; } => ok
`},
	{name: "trait aliases", features: "trait_alias", rows: `
trait Arg<X: ?Sized> {}
trait Bad { fn f(); }
trait T = Arg<u8>; => ok
trait T = Send; => ok
trait T = Arg<Self>; => self_in_bounds
trait T = PartialEq; => self_in_bounds
trait T = Fn(&mut Self); => self_in_bounds ; dyn T<Output = ()>
trait Up = Arg<Self>; trait T = Up; => self_in_bounds
trait T = Bad; => static_fn
trait Small = Clone; trait T: Small {} => sized_self
`},
	{name: "parameters without names", edition: "2015", rows: `
trait T { fn f(&self, Self) where Self: Sized; } => ok
trait T { fn f(&self, &Self); } => self_in_param
trait T { fn f(&Self); } => static_fn
trait T { fn f(&self, u8, &str); } => ok
`},
	{name: "Self in supertraits and where clauses", rows: `
trait B<A: ?Sized = Self> {}
trait O { type Z; }
impl<X: ?Sized> O for X { type Z = u8; }
trait Sup { type S; }
trait T: PartialEq {} => self_in_bounds
trait T: PartialOrd {} => self_in_bounds
trait T: std::ops::Add {} => self_in_bounds ; dyn T<Output = u8>
trait T: std::ops::AddAssign {} => self_in_bounds
trait T: B {} => self_in_bounds
trait T: PartialEq<u8> {} => ok
trait T: std::ops::Add<u8> {} => ok ; dyn T<Output = u8>
trait T: B<u8> {} => ok
trait T: Eq {} => self_in_bounds
trait T: Ord {} => self_in_bounds self_in_param
trait T: AsRef<Self> {} => self_in_bounds
trait T: B<Box<Self>> {} => self_in_bounds
trait T: Fn(&Self) {} => self_in_bounds
trait T: std::borrow::Borrow<Self> {} => self_in_bounds
trait T: B<Self::X> { type X; } => self_in_bounds ; dyn T<X = u8>
trait T: AsRef<[Self::X]> { type X; } => self_in_bounds ; dyn T<X = u8>
trait T: B<<Self as O>::Z> {} => self_in_bounds
trait T: Iterator<Item = Self::X> { type X; } => ok ; dyn T<X = u8, Item = u8>
trait T: Iterator<Item = Box<Self>> {} => ok ; dyn T<Item = u8>
trait T: Iterator<Item: PartialEq> {} => self_in_bounds ; dyn T<Item = u8>
trait T: Iterator<Item: Clone> {} => ok ; dyn T<Item = u8>
trait T where u8: B<Self> {} => self_in_bounds
trait T<A> where A: B<Self> {} => self_in_bounds ; dyn T<u8>
trait T<A: B<Self>> {} => self_in_bounds ; dyn T<u8>
trait T where Box<Self>: PartialEq {} => self_in_bounds
trait T where for<'a> &'a Self: std::ops::Add<&'a Self> {} => self_in_bounds
trait T where Box<Self>: Clone {} => ok
trait T where for<'a> &'a Self: IntoIterator {} => ok
trait T where for<'a> &'a Self: PartialEq<u8> {} => ok
trait T where Self: 'static, Self: Send {} => ok
trait T where Self::X: From<Self::Y> { type X; type Y; } => ok ; dyn T<X = u8, Y = u8>
trait T where Self::X: PartialEq { type X; } => ok ; dyn T<X = u8>
trait T: Sup where Self::S: PartialEq {} => self_in_bounds ; dyn T<S = u8>
trait T: Sup where <Self as Sup>::S: From<Self::Y> { type Y; } => self_in_bounds ; dyn T<S = u8, Y = u8>
trait T where <Self::X as Iterator>::Item: PartialEq { type X: Iterator; } => self_in_bounds ; dyn T<X = std::vec::IntoIter<u8>>
trait T: Sup where Self::S: Clone {} => ok ; dyn T<S = u8>
`},
	{name: "bounds of associated types", rows: `
trait T { type X: PartialEq; } => ok ; dyn T<X = u8>
trait T { type X: From<Self::Y>; type Y; } => ok ; dyn T<X = u8, Y = u8>
trait T { type X: Iterator<Item = Box<Self>>; } => ok ; dyn T<X = std::vec::IntoIter<u8>>
trait T { type X: PartialEq<Self>; } => self_in_bounds ; dyn T<X = u8>
trait T { type X: Into<Box<Self>>; } => self_in_bounds ; dyn T<X = u8>
trait T { type X: Iterator<Item: PartialEq<Self>>; } => self_in_bounds ; dyn T<X = std::vec::IntoIter<u8>>
trait T { fn f(&self) -> impl PartialEq<Self>; } => rpitit self_in_bounds
trait T { type X: PartialEq<Self> where Self: Sized; } => ok
trait T { type X where Self: PartialEq<Self>; } => ok ; dyn T<X = u8>
trait T { type X where Self: Clone; } => ok
`},
	{name: "receivers", rows: `
use std::{pin::Pin, rc::Rc, sync::Arc};
type B<X> = Box<X>;
trait Id<X: ?Sized> { type X: ?Sized; }
impl<X: ?Sized> Id<X> for u8 { type X = X; }
trait T { fn f(self); } => ok
trait T { fn f(mut self) where Self: Sized {} } => ok
trait T { fn f(self: Self); } => ok
trait T { fn f(&self); } => ok
trait T { fn f(&mut self); } => ok
trait T { fn f<'a>(&'a self); } => ok
trait T { fn f(&'static self); } => ok
trait T { fn f(self: &Self); } => ok
trait T { fn f(self: &mut Self); } => ok
trait T { fn f(self: Box<Self>); } => ok
trait T { fn f(self: Rc<Self>); } => ok
trait T { fn f(self: Arc<Self>); } => ok
trait T { fn f(self: Pin<&Self>); } => ok
trait T { fn f(self: Pin<&mut Self>); } => ok
trait T { fn f(self: Pin<Box<Self>>); } => ok
trait T { fn f(self: Pin<Rc<Self>>); } => ok
trait T { fn f(self: Pin<Arc<Self>>); } => ok
trait T { fn f(self: Pin<Pin<&Self>>); } => ok
trait T { fn f(self: B<Self>); } => ok
use std::rc::Rc as R; trait T { fn f(self: R<Self>); } => ok
trait T { fn f(self: std::boxed::Box<Self>); } => ok
trait T { fn f(self: (Box<Self>)); } => ok
trait T { fn f(self: &&Self); } => receiver
trait T { fn f(self: &&mut Self); } => receiver
trait T { fn f(self: &mut &Self); } => receiver
trait T { fn f(self: &Box<Self>); } => receiver
trait T { fn f(self: &mut Box<Self>); } => receiver
trait T { fn f(self: &Rc<Self>); } => receiver
trait T { fn f(self: &Arc<Self>); } => receiver
trait T { fn f(self: Box<Box<Self>>); } => receiver
trait T { fn f(self: Box<Rc<Self>>); } => receiver
trait T { fn f(self: Rc<Box<Self>>); } => receiver
trait T { fn f(self: Box<&Self>); } => receiver
trait T { fn f(self: Rc<&Self>); } => receiver
trait T { fn f(self: Arc<Arc<Self>>); } => receiver
trait T { fn f(self: &Pin<&Self>); } => receiver
trait T { fn f(self: &Pin<Box<Self>>); } => receiver
trait T { fn f(self: Pin<&Box<Self>>); } => receiver
trait T { fn f(self: Pin<Box<Box<Self>>>); } => receiver
trait T { fn f(self: Box<Pin<Box<Self>>>); } => receiver
trait T { fn f(self: <u8 as Id<Self>>::X); } => receiver
mod own { pub struct Box<X: ?Sized>(pub std::boxed::Box<X>); impl<X: ?Sized> std::ops::Deref for Box<X> { type Target = X; fn deref(&self) -> &X { &self.0 } } } trait T { fn f(&self, x: own::Box<u8>); } => ok
`},
	{name: "raw identifiers and macros", rows: `
macro_rules! items { ($($i:item)*) => { $($i)* } }
trait T { fn r#fn(&self); } => ok
trait T { fn r#type<A>(&self); } => generic
use std::marker::Sized as r#where; trait T { fn f() where Self: r#where; } => ok
#[allow(unused)] trait T { #[inline] fn f() {} } => static_fn
trait T { #[cfg(any())] fn f(); } => ok
trait T { fn f<#[cfg(any())] A, #[cfg(all())] 'a>(&'a self); } => ok
trait T { fn f<#[cfg(all())] A>(&self); } => generic
trait T { type X<#[cfg(any())] 'a>; } => ok ; dyn T<X = u8>
trait T<#[cfg(any())] A = Self> { fn f(&self); } => ok
trait T { #[cfg(all())] fn f(); } => static_fn
trait T { #[cfg(not(any()))] const C: u8; } => assoc_const
`},
	{name: "attribute macros", ours: "the crates of the macros are needed", rows: `
#[async_trait] trait T { async fn f(&self); } => ok
#[async_trait::async_trait] trait T { async fn f(&self, x: &str) -> u8; } => ok
#[async_trait(?Send)] trait T { async fn f(&self) {} } => ok
#[cfg_attr(all(), async_trait::async_trait)] trait T { async fn f(&self); } => ok
#[cfg_attr(any(), async_trait::async_trait)] trait T { async fn f(&self); } => async_fn
#[async_trait] trait T { async fn f(); } => static_fn
#[async_trait] trait T { async fn f<A>(&self, a: A); } => generic
#[async_trait] trait T { async fn f(&self) -> Self; } => self_in_return
#[async_trait] trait T { fn f(&self) -> impl Copy; } => rpitit
#[some::attribute] trait T { fn f(&self); } => unknown
#[some::attribute] trait T { fn f(); } => unknown
trait T: unknown_crate::Trait { fn f(&self); } => unknown
trait T: unknown_crate::Trait { fn f(); } => static_fn
trait T { fn f(self: unknown_crate::Pointer<Self>); } => unknown
trait T { some_macro!(); fn f(&self); } => unknown
`},
}
