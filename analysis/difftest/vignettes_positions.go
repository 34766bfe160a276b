package difftest

// positionVignettes are about where a trait object type may stand.
var positionVignettes = []vignette{
	{name: "arguments of paths", since: 2018, text: `
pub trait @A { fn f(&self); }
pub trait @B { fn f(); }
pub fn g<T: ?Sized>() {}
pub struct S<T: ?Sized>(::std::marker::PhantomData<T>);
impl<T: ?Sized> S<T> { pub const C: u8 = 1; pub fn n() -> Self { loop {} } pub fn m<U: ?Sized>(&self) {} }
pub fn f(s: S<u8>) {
    g::<«B|dyn B»>();
    g::<«A|dyn A»>();
    S::<«B|dyn B»>::n();
    s.m::<«B|dyn B»>();
    s.m::<«A|dyn A»>();
    let _ = S::<«A|dyn A»>::C;
    let _ = <S<«B|dyn B»>>::n;
    match 1u8 { S::<«B|dyn B»>::C => {} _ => {} }
    let S::<«B|dyn B»>(..) = S::n();
    if let Some::<&«B|dyn B»>(_) = None {}
    while let Some(_) = Option::<Box<«B|dyn B»>>::None {}
    let _ = <Option<Box<«B|dyn B»>> as Default>::default();
}
`},
	{name: "expressions of all kinds", since: 2021, text: `
pub trait @A { fn f(&self); }
pub trait @B { fn f(); }
pub fn f() {
    let _ = |_: &«B|dyn B»| {};
    let _ = move |_: Box<«A|dyn A»>| -> Option<Box<«B|dyn B»>> { None };
    let Some(_): Option<Box<«B|dyn B»>> = None else { return };
    for _ in Vec::<Box<«B|dyn B»>>::new() {}
    let _ = [const { None::<Box<«B|dyn B»>> }; 2];
    let _ = const { None::<&«A|dyn A»> as Option<&'static «A|dyn A»> };
    let _ = loop { break None::<&«B|dyn B»>; };
    let _ = 'a: { break 'a None::<&«A|dyn A»>; };
    let _ = <«A|dyn A»>::f;
    let _ = ::std::ptr::null::<[Box<«B|dyn B»>; 3]>();
    let _ = &() as *const () as usize as *const «std::ops::Fn|dyn Fn(&«B|dyn B»)»;
    let _ = vec![None::<Box<«B|dyn B»>>];
    assert!(None::<Box<«B|dyn B»>>.is_none(), "{}", ::std::mem::size_of::<Box<«A|dyn A»>>());
    let _ = matches!(None::<Box<«B|dyn B»>>, Some(_) if ::std::mem::size_of::<Box<«A|dyn A»>>() > 1);
    println!("{}", { let _: Option<&«B|dyn B»> = None; 1 });
}
`},
	{name: "headers of impls", since: 2018, text: `
pub trait @A { fn f(&self); }
pub trait @B { fn f(); }
pub trait @X {}
pub trait @(<u8>)Y<T: ?Sized> {}
impl X for «A|dyn A» {}
impl X for «B|dyn B» {}
impl Y<«B|dyn B»> for u8 {}
impl<T> Y<«A|dyn A»> for Vec<T> where «A|dyn A»: X {}
impl<T> Y<Box<«B|dyn B»>> for Vec<T> where «B|dyn B»: X {}
impl «A|dyn A» { pub fn i(&self) where «B|dyn B»: X {} }
impl<'a> «<'a>A|dyn A + Send + 'a» { pub fn j(&self) {} }
impl X for &«B|dyn B» {}
impl X for [Box<«B|dyn B»>; 2] {}
impl X for fn(&«B|dyn B») {}
impl X for (u8, Box<«B|dyn B»>) {}
impl<const N: usize> X for [&«A|dyn A»; N] {}
`},
	{name: "items of impls", since: 2018, text: `
pub trait @A { fn f(&self); }
pub trait @B { fn f(); }
pub trait @G { type T<'a> where Box<«A|dyn A»>: Sized, Self: 'a; }
impl G for u8 { type T<'a> = &'a «B|dyn B» where Box<«A|dyn A»>: Sized, Self: 'a; }
impl G for u16 { type T<'a> = [&'a «A|dyn A»; 2]; }
pub struct S;
impl S { pub const C: Option<Box<«B|dyn B»>> = None; pub fn g(self: Box<Self>, _: &«B|dyn B») where Box<«B|dyn B»>: Sized {} }
impl From<Box<«B|dyn B»>> for S { fn from(_: Box<«B|dyn B»>) -> S { S } }
impl Iterator for S { type Item = Box<«B|dyn B»>; fn next(&mut self) -> Option<Box<«B|dyn B»>> { None } }
impl ::std::ops::Deref for S { type Target = «A|dyn A»; fn deref(&self) -> &(«A|dyn A + 'static») { loop {} } }
impl Drop for S { fn drop(&mut self) { let _: Option<&«B|dyn B»> = None; } }
`},
	{name: "items in constants of types", since: 2018, text: `
pub trait @A { fn f(&self); }
pub static X: [u8; { {+{_}
    trait @a=A { fn f(); }
    fn f(_: &«a|dyn A») {}
-} 2 }] = [0; { fn f(_: &«A|dyn A») {} 2 }];
pub enum E { V = { {+{_}
    fn f(_: &«A|dyn A») {}
    trait @b=B { const C: u8; }
    fn g(_: &«b|dyn B») {}
-} 1 } }
pub fn f<const N: usize>() {}
pub fn g() {+{g}
    f::<{ {+{_}
        trait @c=B { fn f(); }
        fn f(_: &«c|dyn B») {}
    -} 3 }>();
-}
pub struct S(pub [u8; { {+{_}
    trait @d=B { fn f(); }
    fn f(_: &«d|dyn B») {}
-} 3 }]);
`},
	{name: "conditions of many forms", since: 2018, text: `
pub trait @A { fn f(&self); }
pub trait @B { fn f(); }
#[cfg_attr(any(), cfg(any()))] pub fn b(_: &«B|dyn B») {}
pub struct F { #[cfg_attr(all(), cfg(all()))] b: Box<«B|dyn B»> }
pub fn c(#[cfg(all())] _: &«B|dyn B») {}
pub trait @C { #[cfg(any())] fn g(); fn h(&self); #[cfg_attr(all(), cfg(any()))] const K: u8; }
pub fn e(_: &«C|dyn C») {}
pub trait @D { #[cfg(all())] fn g(); }
pub fn f(_: &«D|dyn D») {}
#[cfg(not(any()))] pub fn i(_: &«B|dyn B») {}
#[allow(unused)] #[doc = concat!("dyn B")] pub fn j(_: &«B|dyn B») {}
`},
	{name: "async closures as bounds", since: 2021, text: `
pub trait @B { async fn f(&self); }
pub fn j(_: impl AsyncFn(&«B|dyn B») -> Box<«B|dyn B»>) {}
pub fn k<F>(_: F) where F: AsyncFnOnce(Box<«B|dyn B»>), F: for<'q> AsyncFnMut(&'q «B|dyn B») {}
pub fn l() { let _ = async |_: &«B|dyn B»| {}; }
`},
	{name: "foreign items", since: 2018, until: 2021, text: `
pub trait @A { fn f(&self); }
pub trait @B { fn f(); }
extern "C" { pub fn p(_: &«B|dyn B»); pub static Q: &'static «B|dyn B»; pub fn r(_: &«A|dyn A»); }
pub const unsafe extern "C" fn o(_: &«B|dyn B») {}
pub union U { a: ::std::mem::ManuallyDrop<Box<«B|dyn B»>> }
pub fn l() -> Result<impl Fn(&«B|dyn B») -> Box<«B|dyn B»>, Box<«std::error::Error|dyn ::std::error::Error + Send + Sync + 'static»>> {
    Ok::<_, _>(|_: &«B|dyn B»| loop {})
}
`},
	{name: "bare types that begin with a binder", since: 2018, until: 2018, text: `
pub trait @(<'static>)A<'t> { type S; fn f(&self); }
pub trait @(<u8, Y = u8>)G<T: ?Sized> { type Y where Self: Sized; fn f(&self); }
pub struct N<T: ?Sized>(Box<T>);
pub trait @B: G<«<>A|for<'z> A<'z, S = u8>»> {}
pub fn f<T: G<«<>A|for<'z> A<'z, S = u8>»>>() {}
pub fn g<T>() where T: G<«<>A|for<'z> A<'z, S = u8>»> {}
pub fn i(_: impl G<«<>A|for<'z> A<'z, S = u8>»>, _: &«B|dyn B») {}
impl G<«<>A|for<'z> A<'z, S = u8>»> for u8 { type Y = N<«<>A|for<'z> A<'z, S = u8>»>; fn f(&self) {} }
impl N<«<>A|for<'z> A<'z, S = u8>»> {}
`},
}
