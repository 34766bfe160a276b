package difftest

// unstableVignettes are about rules that only unstable features reach.
var unstableVignettes = []vignette{
	{name: "opted out", unstable: "rustc_attrs", text: `
#[rustc_dyn_incompatible_trait]
pub trait @A { fn f(&self); }
pub trait @B: A { fn g() where Self: Sized; }
pub fn f(_: &«A|dyn A», _: &«B|dyn B») {}
`},
	{name: "final methods", unstable: "final_associated_functions", since: 2018, text: `
pub trait @A { final fn f<T>(&self, _: T, _: &Self) {} fn g(&self); }
pub trait @B: A { final fn h() -> u8 { 1 } fn i() -> u8; }
pub fn f(_: &«A|dyn A», _: &«B|dyn B») {}
`},
	{name: "auto traits", unstable: "auto_traits,negative_bounds", text: `
pub auto trait @Mark {}
pub trait @A: Mark { fn f(&self) where Self: Mark + Send; }
pub trait @B { fn f(&self) where Self: !Send; }
pub fn f(_: &(«A|dyn A + Mark»), _: &(«A|dyn Mark + A»), _: &«B|dyn B») {}
`},
	{name: "raw pointer receivers", unstable: "arbitrary_self_types_pointers", text: `
pub trait @A { fn f(self: *const Self); fn g(self: *mut Self); }
pub trait @B { fn f(self: *const Box<Self>); }
pub trait @C { fn f(self: Box<*const Self>); }
pub fn f(_: &«A|dyn A», _: &«B|dyn B», _: &«C|dyn C») {}
`},
	{name: "own receivers", unstable: "arbitrary_self_types", text: `
pub struct Own<T: ?Sized>(Box<T>);
impl<T: ?Sized> ::std::ops::Deref for Own<T> { type Target = T; fn deref(&self) -> &T { &self.0 } }
pub trait @A { fn f(self: Own<Self>); }
pub trait @B { fn f(self: &Own<Self>); fn g(self: ::std::rc::Rc<Own<Self>>); }
pub trait @C { fn f(self: ::std::cell::Ref<Self>); fn g(self: ::std::mem::ManuallyDrop<Self>) where Self: Sized; }
pub fn f(_: &«A|dyn A», _: &«B|dyn B», _: &«C|dyn C») {}
`},
	{name: "allocators", unstable: "allocator_api", text: `
use std::alloc::Global;
pub trait @A { fn f(self: Box<Self, Global>); }
pub trait @B { fn f(self: Box<Self, ::std::alloc::System>); }
pub fn f(_: &«A|dyn A», _: &«B|dyn B») {}
`},
	{name: "C variadics", unstable: "c_variadic", text: `
pub trait @A { unsafe extern "C" fn f(&self, _: ...); }
pub trait @B { unsafe extern "C" fn f(&self, _: ...) where Self: Sized; }
pub fn f(_: &«A|dyn A», _: &«B|dyn B») {}
`},
	{name: "generators", unstable: "gen_blocks", since: 2024, text: `
pub trait @A { gen fn f(&self) -> u8; }
pub trait @B { gen fn f(&self) -> u8 where Self: Sized; fn g(&self, r#gen: u8); }
pub fn f(_: &«A|dyn A», _: &«B|dyn B») {}
`},
	{name: "const supertraits", unstable: "const_trait_impl", text: `
pub const trait @Up { fn f(&self); }
pub const trait @A: const Up {}
pub const trait @B: [const] Up { fn g(&self); }
pub fn f(_: &«Up|dyn Up», _: &«A|dyn A», _: &«B|dyn B») {}
`},
	{name: "type consts", unstable: "min_generic_const_args,generic_const_items", alone: true, since: 2018, text: `
pub trait @A { type const X: usize; fn f(&self); }
pub trait @B: A<X = 3> { type const Y: bool where Self: Sized; }
pub trait @C { type const X<'a>: usize; }
pub trait @D { const X: usize where Self: Sized; const Y: usize; }
pub fn f(_: &«A|dyn A<X = 1>», _: &«A|dyn A», _: &«B|dyn B», _: &«D|dyn D») {}
`},
	{name: "non-lifetime binders", unstable: "non_lifetime_binders", text: `
pub trait @(<u8>)A<T> { fn f(&self); }
pub trait @B: for<T> A<T> {}
pub trait @C where for<T> u8: A<T> { fn f(&self); }
pub fn f(_: &«A|dyn A<u8>», _: &«B|dyn B») {}
`},
}
