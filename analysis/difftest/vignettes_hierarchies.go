package difftest

// hierarchyVignettes are about supertraits, their arguments and bindings, aliases.
var hierarchyVignettes = []vignette{
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
}
