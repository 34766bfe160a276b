package difftest

// layoutVignettes are about layout, and expressions that look like something else.
var layoutVignettes = []vignette{
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
