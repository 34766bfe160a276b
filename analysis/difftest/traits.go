package difftest

import (
	"regexp"
	"strings"
)

// composed is a trait the generator put together; mentions are drawn from them.
type composed struct {
	name      string // as declared
	in        *module
	vis       string   // with a space behind
	args      string   // for its parameters, `<u8>` or ""
	binds     []string // `X = u8`: what a dyn of it must name, supertraits' included
	defaults  bool     // its arguments may be left out, which is E0393
	ancestors map[*composed]bool
	groups    map[string]bool // associated types of std it has, its ancestors' included
	noSuper   bool            // its where clauses are not implied, so subtraits would have to repeat them
	lifetime  bool            // its first parameter is a lifetime: `for<'a> T<'a>` is possible
}

// An ingredient is a feature of a trait that can stand with any other. Text may use %-holes; OWN is the trait.
type ingredient struct {
	name    string
	params  string // the trait's parameters, separated by `; `
	args    string // for params, in the same order
	supers  string // after `trait T:`
	where   string // the trait's where clause
	items   string
	pre     string // items before the trait
	binds   string // what a dyn must name
	attrs   string
	quals   string // before `trait`
	since   int
	noSuper bool
	once    bool // a trait cannot have it twice: it has a name or an attribute that stands once
}

const into = "impl<T: ?Sized> %t1<T> for u8 {}\n"

var ingredients = append(stdSupertraits(), []ingredient{
	// Harmless, mostly.
	{name: "empty"},
	{name: "unsafe", quals: "unsafe "},
	{name: "attribute", attrs: "#[must_use]\n#[doc = \"dyn Attribute\"]\n"},
	{name: "doc comment", attrs: "/// A `dyn Doc` and /* no comment\n"},
	{name: "type param", params: "A", args: "u8"},
	{name: "type param ?Sized", params: "A: ?Sized", args: "str"},
	{name: "bounded param", params: "A: Clone + Send", args: "u8"},
	{name: "where on param", params: "A", args: "u8", where: "A: Clone"},
	{name: "lifetime param", params: "'t", args: "'static"},
	{name: "const param", params: "const N: usize", args: "3", since: 2018},
	{name: "const param bool", params: "const N: bool", args: "{ true }", since: 2018},
	{name: "default param", params: "A = u8", args: "u8"},
	{name: "default Self", params: "A: ?Sized = Self", args: "u8"},
	{name: "method with param", params: "A", args: "u8", items: "fn %f1(&self, x: A) -> Option<A>;"},
	{name: "Send + Sync", supers: "Send + Sync + 'static"},
	{name: "Self: Send", where: "Self: Send"},
	{name: "Debug", supers: "%{std::fmt::Debug} + %{std::fmt::Display}"},
	{name: "Any", supers: "%{std::any::Any}"},
	{name: "Error", supers: "%{std::error::Error} + Send"},
	{name: "Iterator<Item>", supers: "Iterator<Item = u8>", binds: ""},
	{name: "Iterator", supers: "DoubleEndedIterator", binds: "Item = u8"},
	{name: "Fn", supers: "Fn(&u8) -> u8"},
	{name: "Fn ()", supers: "FnMut()"},
	{name: "Read", supers: "%{std::io::Read} + %{std::io::Seek}"},
	{name: "Deref", supers: "%{std::ops::Deref}<Target = u8>"},
	{name: "Index", supers: "%{std::ops::Index}<usize, Output = u8>"},
	{name: "Hasher", supers: "%{std::hash::Hasher}"},
	{name: "ToString", supers: "ToString"},
	{name: "IntoIterator", supers: "IntoIterator<Item = u8, IntoIter = ::std::vec::IntoIter<u8>>"},
	{name: "Future", supers: "%{std::future::Future}<Output = ()>"},
	{name: "AsRef", supers: "AsRef<str> + AsMut<[u8]>"},
	{name: "Borrow", supers: "%{std::borrow::Borrow}<u8>"},
	{name: "PartialEq<u8>", supers: "PartialEq<u8>"},
	{name: "Add<u8>", supers: "%{std::ops::Add}<u8, Output = u8>"},
	{name: "AddAssign<u8>", supers: "%{std::ops::AddAssign}<u8>"},
	{name: "Neg", supers: "%{std::ops::Neg}<Output = u8> + %{std::ops::Not}<Output = u8>", binds: ""},
	{name: "own helper", supers: "%t1<u8>", pre: "pub trait @(<u8>)%t1<A = u8> {}"},
	{name: "own helper in where", where: "Self: %t1", pre: "pub trait @%t1 {}"},

	{name: "tool attribute", attrs: "#[rustfmt::skip]\n#[allow(clippy::all)]\n#[cfg_attr(all(), rustfmt::skip)]\n"},
	{name: "diagnostic attribute", attrs: "#[diagnostic::on_unimplemented(message = \"dyn Message\")]\n#[deprecated]\n", once: true},
	{name: "param named like std's Wrapping", params: "Wrapping: ?Sized", args: "u8", items: "fn %f1(&self, x: &Wrapping) -> Box<Wrapping>;"},
	{name: "for<'z> supertrait", supers: "for<'z> %t1<'z>", pre: "pub trait @(<'static>)%t1<'a> { fn %f1(&self, x: &'a u8); }"},
	{name: "for<'z> Fn", supers: "for<'z> Fn(&'z u8) -> &'z u8"},
	{name: "for<'z> Self", supers: "for<'z> %t1<&'z Self>", pre: "pub trait @(<u8>)%t1<A> {}", where: "Self: 'static"},

	// Self: Sized.
	{name: "Sized", supers: "Sized"},
	{name: "Sized path", supers: "%{std::marker::Sized}"},
	{name: "where Self: Sized", where: "Self: Sized"},
	{name: "Clone", supers: "Clone"},
	{name: "Copy + Send", supers: "Copy + Send"},
	{name: "Default", supers: "Default"},
	{name: "where Self: Clone", where: "Self: Clone"},
	{name: "Into", supers: "Into<u8>"},
	{name: "From", supers: "From<u8>"},
	{name: "TryFrom", supers: "%{std::convert::TryFrom}<u8>"},
	{name: "FromStr", supers: "%{std::str::FromStr}"},
	{name: "FromIterator", supers: "%{std::iter::FromIterator}<u8>"},
	{name: "Sum", supers: "%{std::iter::Sum}"},
	{name: "own Sized", supers: "%t1", pre: "pub trait @%t1: Sized {}"},
	{name: "Clone + Default", supers: "Clone + Default"},
	{name: "Sized up the tree", supers: "%t2 + Send", pre: "pub trait @%t1: Clone { fn %f1(&self); }\npub trait @%t2: %t1 {}"},
	{name: "default Self and Sized item", items: "fn %f1() -> Self where Self: Sized { loop {} }"},

	{name: "Sized by own generic", items: "fn %f1() where Self: %t1<u8>;\nfn %f2() where Self: for<'z> %t2<'z>;\nfn %f3(&self) -> Self where for<'z> Self: 'z + Sized;",
		pre: "pub trait @(<u8>)%t1<A> where Self: Sized {}\npub trait @(<'static>)%t2<'a>: 'a + %t1<&'a u8> {}"},
	{name: "not Sized by others", items: "fn %f1<Q>(&self, x: Q) where Q: Sized, Option<Q>: Copy;\nfn %f2(&self) where Self::%t1: Sized + Clone;\ntype %t1;", binds: "%t1 = u8"},

	// Self in the bounds of the trait.
	{name: "binding is Self::X", supers: "%t1<X = Self::%t2>", items: "type %t2;", binds: "X = u8, %t2 = u8", pre: "pub trait @%t1 { type X; }", noSuper: true},
	{name: "nested bounds of binding", supers: "Iterator<Item: Iterator<Item: PartialEq>>", binds: "Item = ::std::vec::IntoIter<u8>", noSuper: true},
	{name: "bounds of binding use Self", supers: "Iterator<Item: PartialEq<Self>>", binds: "Item = u8", noSuper: true},
	{name: "param bounded by Self::X", params: "A", args: "u8", where: "A: %t1<Self::%t2>", items: "type %t2;", binds: "%t2 = u8", pre: "pub trait @(<u8>)%t1<B: ?Sized> {}\n" + into, noSuper: true},
	{name: "where qualified own X", where: "<Self as OWN>::%t1: PartialEq<Self>", items: "type %t1;", binds: "%t1 = u8", noSuper: true},
	{name: "where qualified own X harmless", where: "<Self as OWN>::%t1: PartialEq<u8> + Clone", items: "type %t1;", binds: "%t1 = u8", noSuper: true},
	{name: "where for<'z> own X", where: "for<'z> Self::%t1: PartialEq<&'z Self::%t1>", items: "type %t1;", binds: "%t1 = u8", noSuper: true},
	{name: "where Option<Self::X>", where: "Option<Self::%t1>: PartialEq<Self::%t1>", items: "type %t1;", binds: "%t1 = u8", noSuper: true},
	{name: "where &Self::X", where: "for<'z> &'z Self::%t1: IntoIterator", items: "type %t1;", binds: "%t1 = u8", noSuper: true},
	{name: "where Self::X: Iterator<Item = Self>", where: "Self::%t1: Iterator<Item = Box<Self>>", items: "type %t1;", binds: "%t1 = u8", noSuper: true},
	{name: "where Self::X twice", where: "Self::%t1: Clone, Self::%t1: From<Box<Self>>", items: "type %t1: Send;", binds: "%t1 = u8", noSuper: true},
	{name: "where own Item of X", where: "<Self::%t1 as Iterator>::Item: Clone", items: "type %t1: Iterator;", binds: "%t1 = ::std::vec::IntoIter<u8>", noSuper: true},
	{name: "PartialEq", supers: "PartialEq"},
	{name: "PartialOrd", supers: "PartialOrd"},
	{name: "Eq", supers: "Eq"},
	{name: "Ord", supers: "Ord"},
	{name: "where Self: PartialEq", where: "Self: PartialEq"},
	{name: "Add", supers: "Sized + %{std::ops::Add}<Output = u8>"},
	{name: "Add Output Self", supers: "%{std::ops::Add}<u8, Output = Box<Self>>"},
	{name: "Add both Self", supers: "%{std::ops::Add}<Self, Output = Box<Self>> + Sized"},
	{name: "Add bare", supers: "%{std::ops::Sub}<Output = Box<Self>> + Clone"},
	{name: "AddAssign", supers: "%{std::ops::AddAssign} + Sized"},
	{name: "Hash", supers: "%{std::hash::Hash}"},
	{name: "Extend", supers: "Extend<u8>"},
	{name: "ToOwned", supers: "ToOwned"},
	{name: "RangeBounds", supers: "%{std::ops::RangeBounds}<u8>"},
	{name: "FromRawFd", supers: "%{std::os::fd::FromRawFd}"},
	{name: "OpenOptionsExt", supers: "%{std::os::unix::fs::OpenOptionsExt}"},
	{name: "Wake", supers: "%{std::task::Wake}"},
	{name: "AsRef<Self>", supers: "AsRef<Self>"},
	{name: "Borrow<Self>", supers: "%{std::borrow::Borrow}<Self>"},
	{name: "Fn(&Self)", supers: "Fn(&Self)"},
	{name: "FnOnce() -> Box<Self>", supers: "FnOnce() -> Box<Self>", binds: "Output = u8"},
	{name: "FnMut(Box<Self>) -> u8", supers: "FnMut(u8, Box<Self>) -> u8"},
	{name: "own <Self> and binding", supers: "%t1<Self, X = u8>", pre: "pub trait @(<u8>)%t1<A: ?Sized> { type X; }"},
	{name: "own <Self> and binding in where", where: "Self: Send + %t1<Self, X = u8>", pre: "pub trait @(<u8>)%t1<A: ?Sized> { type X; }"},
	{name: "Clone and where on others", supers: "Clone", where: "u8: Copy, Box<Self>: Default", noSuper: true},
	{name: "type: Fn(&Self)", items: "type %t1: Fn(&Self) -> u8;", binds: "%t1 = u8"},
	{name: "own default Self", supers: "%t1", pre: "pub trait @(<u8>)%t1<A: ?Sized = Self> {}"},
	{name: "own default Self given", supers: "%t1<u16>", pre: "pub trait @(<u8>)%t1<A: ?Sized = Self> {}"},
	{name: "own default in where", where: "Self: Send + %t1", pre: "pub trait @(<u8>)%t1<A: ?Sized = Self> {}"},
	{name: "own <Box<Self>>", supers: "%t1<Box<Self>>", pre: "pub trait @(<u8>)%t1<A> { fn %f1(&self) -> Option<A>; }"},
	{name: "own <Self::X>", supers: "%t1<Self::%t2>", items: "type %t2;", binds: "%t2 = u8", pre: "pub trait @(<u8>)%t1<A: ?Sized> {}", noSuper: true},
	{name: "own [Self::X]", supers: "AsRef<[Self::%t2]>", items: "type %t2;", binds: "%t2 = u8"},
	{name: "passed on", supers: "%t2<Self>", pre: "pub trait @(<u8>)%t1<A: ?Sized> {}\npub trait @(<u8>)%t2<A: ?Sized>: %t1<A> {}"},
	{name: "passed on twice", supers: "%t2<u8>", pre: "pub trait @(<u8>)%t1<A: ?Sized, B: ?Sized = A> { fn %f1(&self) -> Box<B>; }\npub trait @(<u8>)%t2<A: ?Sized>: %t1<Self, A> {}"},
	{name: "Iterator<Item = Self::X>", supers: "Iterator<Item = Self::%t2>", items: "type %t2;", binds: "Item = u8, %t2 = u8"},
	{name: "Iterator<Item = Box<Self>>", supers: "Iterator<Item = Box<Self>>", binds: "Item = u8"},
	{name: "Item: PartialEq", supers: "Iterator<Item: PartialEq>", binds: "Item = u8", noSuper: true},
	{name: "Item: Clone", supers: "Iterator<Item: Clone + Send>", binds: "Item = u8", noSuper: true},
	{name: "where u8: B<Self>", where: "u8: %t1<Self>", pre: "pub trait @(<u8>)%t1<A: ?Sized> {}", noSuper: true},
	{name: "inline bound on param", params: "A: %t1<Self>", args: "u8", pre: "pub trait @(<u8>)%t1<A: ?Sized> {}\n" + into, noSuper: true},
	{name: "where param: B<Self>", params: "A", args: "u8", where: "A: %t1<Self>", pre: "pub trait @(<u8>)%t1<A: ?Sized> {}\n" + into, noSuper: true},
	{name: "where Box<Self>: PartialEq", where: "Box<Self>: PartialEq", noSuper: true},
	{name: "where Box<Self>: Clone", where: "Box<Self>: Clone", noSuper: true},
	{name: "where &Self: Add<&Self>", where: "for<'z> &'z Self: %{std::ops::Add}<&'z Self>", noSuper: true},
	{name: "where &Self: IntoIterator", where: "for<'z> &'z Self: IntoIterator", noSuper: true},
	{name: "where &Self: PartialEq<u8>", where: "for<'z> &'z Self: PartialEq<u8>", noSuper: true},
	{name: "where Self::X: From<Self::Y>", where: "Self::%t1: From<Self::%t2>", items: "type %t1;\ntype %t2;", binds: "%t1 = u8, %t2 = u8", noSuper: true},
	{name: "where Self::X: PartialEq", where: "Self::%t1: PartialEq + PartialEq<Self>", items: "type %t1;", binds: "%t1 = u8", noSuper: true},
	{name: "where Self::S: PartialEq", supers: "%t1", where: "Self::%t2: PartialEq", pre: "pub trait @%t1 { type %t2; }", binds: "%t2 = u8", noSuper: true},
	{name: "where <Self as Sup>::S: From<Self::Y>", supers: "%t1", where: "<Self as %t1>::%t2: From<Self::%t3>", items: "type %t3;", pre: "pub trait @%t1 { type %t2; }", binds: "%t2 = u8, %t3 = u8", noSuper: true},
	{name: "where Self::S: Clone", supers: "%t1", where: "Self::%t2: Clone", pre: "pub trait @%t1 { type %t2; }", binds: "%t2 = u8", noSuper: true},
	{name: "where Item: PartialEq", where: "<Self::%t1 as Iterator>::Item: PartialEq", items: "type %t1: Iterator;", binds: "%t1 = ::std::vec::IntoIter<u8>", noSuper: true},

	// Associated types.
	{name: "type", items: "type %t1;", binds: "%t1 = u8"},
	{name: "type: PartialEq", items: "type %t1: PartialEq;", binds: "%t1 = u8"},
	{name: "type: From<Self::Y>", items: "type %t1: From<Self::%t2>;\ntype %t2;", binds: "%t1 = u8, %t2 = u8"},
	{name: "type: Iterator<Item = Box<Self>>", items: "type %t1: Iterator<Item = Box<Self>>;", binds: "%t1 = u8"},
	{name: "type: PartialEq<Self>", items: "type %t1: PartialEq<Self>;", binds: "%t1 = u8"},
	{name: "type: Into<Box<Self>>", items: "type %t1: Send + Into<Box<Self>>;", binds: "%t1 = u8"},
	{name: "type: Iterator<Item: PartialEq<Self>>", items: "type %t1: Iterator<Item: PartialEq<Self>>;", binds: "%t1 = u8"},
	{name: "type: two bad", items: "type %t1: PartialEq<Self> + AsRef<Self>;", binds: "%t1 = u8"},
	{name: "type: ?Sized", items: "type %t1: ?Sized + %{std::fmt::Debug};", binds: "%t1 = str"},
	{name: "type where Self: Sized", items: "type %t1: PartialEq<Self> where Self: Sized;"},
	{name: "type where Self: Clone", items: "type %t1 where Self: Clone;"},
	{name: "type where Self: PartialEq<Self>", items: "type %t1 where Self: PartialEq<Self>;", binds: "%t1 = u8", noSuper: true},
	{name: "type where Self::X: PartialEq<Self>", items: "type %t1 where Self::%t1: PartialEq<Self>;", binds: "%t1 = u8", noSuper: true},
	{name: "type with docs", items: "/// dyn Doc\n#[allow(unused)]\ntype %t1: Send;", binds: "%t1 = u8"},
	{name: "gat", items: "type %t1<'a> where Self: 'a;"},
	{name: "gat type", items: "type %t1<G>: Clone;"},
	{name: "gat const", items: "type %t1<const G: usize>;"},
	{name: "gat sized", items: "type %t1<'a> where Self: Sized + 'a;"},
	{name: "gat clone", items: "type %t1<G> where Self: Clone;"},
	{name: "gat and use", items: "type %t1<'a> where Self: 'a;\nfn %f1<'a>(&'a self) -> Self::%t1<'a>;"},
	{name: "gat bound", items: "type %t1<'a>: PartialEq<Self> where Self: 'a;"},

	{name: "type: From<Self as Foreign>", items: "type %t1: From<<Self as %t2>::Y>;", binds: "%t1 = u8", pre: "pub trait @%t2 { type Y; }\nimpl<T: ?Sized> %t2 for T { type Y = u8; }"},
	{name: "type: From<Item of Y>", items: "type %t1: From<<Self::%t2 as Iterator>::Item>;\ntype %t2: Iterator;", binds: "%t1 = u8, %t2 = ::std::vec::IntoIter<u8>"},
	{name: "type: for<'z> B<&'z Self>", items: "type %t1: for<'z> PartialEq<&'z Self>;", binds: "%t1 = u8"},
	{name: "type: Fn(Self::X)", items: "type %t1;\ntype %t2: Fn(Self::%t1) -> u8;", binds: "%t1 = u8, %t2 = u8"},
	{name: "type: B<X = Self::Y>", items: "type %t1;\ntype %t2: Iterator<Item = Self::%t1>;", binds: "%t1 = u8, %t2 = u8"},
	{name: "type: PartialEq<Self::Super>", supers: "%t1", items: "type %t2: PartialEq<Self::%t3> + PartialEq<<Self as %t1>::%t3>;", pre: "pub trait @%t1 { type %t3; }", binds: "%t2 = u8, %t3 = u8"},
	{name: "type named like a std type", items: "type Box;\nfn %f1(&self, x: Self::Box) -> Option<::std::boxed::Box<u8>>;", binds: "Box = u8", noSuper: true, once: true},
	{name: "gat with bounds", items: "type %t1<'a, G: Clone>: From<&'a G> where Self: 'a, G: 'a;"},
	{name: "gat where Self: Sized only", items: "type %t1<G> where G: Clone, Self: Sized;"},
	{name: "gat lifetime only use", items: "type %t1<'a> where Self: 'a;\nfn %f1(&self) -> Option<Self::%t1<'_>>;"},

	// Consts.
	{name: "const of Self::X", items: "const %c1: Option<Self::%t1> = None;\ntype %t1;", binds: "%t1 = u8"},
	{name: "const fn pointer", items: "const %c1: fn(&Self) -> Box<Self>;"},
	{name: "const", items: "const %c1: u8;"},
	{name: "const default", items: "const %c1: usize = 1 + { fn inner() {} 2 };"},
	{name: "const _ type", items: "const %c1: Option<&'static str> = None;"},
	{name: "const string", items: "const %c1: &'static str = \"fn f() -> dyn Text; }\";"},

	// Methods in forms the table of parts does not reach.
	{name: "elided return", items: "fn %f1(&self) -> &str;\nfn %f2(&mut self, _: u8) -> Option<&mut u8>;"},
	{name: "boxed future '_", items: "fn %f1(&self) -> ::std::pin::Pin<Box<«std::future::Future|dyn ::std::future::Future<Output = ()> + '_»>>;", since: 2018},
	{name: "async body", items: "async fn %f1(&self) {}", since: 2018},
	{name: "async body value", items: "async fn %f1(&self) -> u8 { 1 }", since: 2018},
	{name: "async static", items: "async fn %f1() {}", since: 2018},
	{name: "async exempt", items: "async fn %f1(&self) where Self: Sized {}", since: 2018},
	{name: "async Box<Self>", items: "async fn %f1(self: Box<Self>, x: &Self) -> Box<Self>;", since: 2018},
	{name: "rpitit body", items: "fn %f1(&self) -> impl %{std::fmt::Debug} { 1u8 }"},
	{name: "rpitit exempt", items: "fn %f1(&self) -> impl Sized where Self: Sized { 1u8 }"},
	{name: "default body noise", items: "fn %f1(&self) { fn inner<T>(x: T) {} let _: Option<&Self> = None; }"},
	{name: "default body block", items: "fn %f1(&self) -> u8 { if false { loop {} } let s = \"}\"; let c = '}'; 1 }"},
	{name: "default body struct", items: "fn %f1(&self) { struct S<T>(T); impl<T> S<T> { fn new() -> Self { loop {} } const C: u8 = 1; } }"},
	{name: "cfg'd out method", items: "#[cfg(any())]\nfn %f1() -> Self;"},
	{name: "cfg'd out by feature", items: "#[cfg(feature = \"off\")]\nconst %c1: u8;\n#[cfg(feature = \"on\")]\nfn %f1(&self);"},
	{name: "cfg'd in by feature", items: "#[cfg(feature = \"on\")]\nconst %c1: u8;"},
	{name: "cfg unix", items: "#[cfg(unix)]\nfn %f1();\n#[cfg(windows)]\nfn %f2();"},
	{name: "cfg_attr", items: "#[cfg_attr(all(), allow(unused))]\nfn %f1(&self, x: u8);"},
	{name: "cfg param", items: "fn %f1(&self, #[cfg(any())] x: Self, #[cfg(all())] y: u8);"},
	{name: "raw names", items: "fn r#fn%f1(&self, r#type: u8);\ntype r#Match%t1;\n", binds: "r#Match%t1 = u8"},
	{name: "raw static", items: "fn r#match() -> u8;"},
	{name: "raw const", items: "const r#const: u8;"},
	{name: "two params of Self", items: "fn %f1(&self, a: &Self, b: Box<Self>) -> Box<Self>;"},
	{name: "everything", items: "fn %f1<T>(self: &Box<Self>, a: &Self, b: impl Clone) -> impl Clone where Self: %{std::fmt::Debug};"},
	{name: "two lines", items: "fn\n%f1\n(\n&self,\nx:\n&Self,\n)\n->\nBox<\nSelf\n>;"},
	{name: "comment inside", items: "fn %f1(/* ) { */ &self, // dyn Line ;\n x: /* é🦀 */ Box<Self>);"},
	{name: "tabs", items: "\tfn\t%f1(\t&self,\tx:\t&Self\t);"},
	{name: "where no predicates", items: "fn %f1(&self) where;"},
	{name: "mut self", items: "fn %f1(mut self: Box<Self>) {}\nfn %f2(&self, mut x: u8) {}"},
	{name: "self projection", supers: "%t1<u8>", items: "fn %f1(&self) -> <Self as %t1<u8>>::X;", pre: "pub trait @(<u8>)%t1<A> { type X; }", binds: ""},
	{name: "self projection other args", supers: "%t1<u8, X = u8>", items: "fn %f1(&self) -> <Self as %t1<u16>>::X where Self: %t1<u16>;", pre: "pub trait @(<u8>)%t1<A> { type X; }"},
	{name: "self projection blanket", supers: "%t1<u8, X = ()>", items: "fn %f1(&self) -> <Self as %t2<u16>>::Y;", pre: "pub trait @(<u8>)%t1<A> { type X; }\npub trait @(<u8>)%t2<A> { type Y; }\nimpl<A, T: ?Sized> %t2<A> for T { type Y = A; }"},
	{name: "projection through generic supers", supers: "%t2<u8>", items: "fn %f1(&self) -> <Self as %t1<Vec<u8>>>::X;", pre: "pub trait @(<u8>)%t1<A> { type X; }\npub trait @(<u8>)%t2<A>: %t1<Vec<A>> {}"},
	{name: "projection through other generic supers", supers: "%t2<u8>", items: "fn %f1(&self) -> <Self as %t1<Vec<u16>>>::X where Self: %t1<Vec<u16>>;", pre: "pub trait @(<u8>)%t1<A> { type X; }\npub trait @(<u8>)%t2<A>: %t1<Vec<A>, X = u8> {}"},
	{name: "projection with own param", params: "A", args: "u8", supers: "%t1<(A, u8)>", items: "fn %f1(&self) -> <Self as %t1<(A, u8)>>::X;", pre: "pub trait @(<u8>)%t1<B> { type X; }"},
	{name: "projection by default argument", supers: "%t1", items: "fn %f1(&self) -> <Self as %t1<u8>>::X;\nfn %f2(&self) -> <Self as %t1>::X;", pre: "pub trait @(<u8>)%t1<A = u8> { type X; }"},
	{name: "projection by const", supers: "%t1<2, X = u8>", items: "fn %f1(&self) -> <Self as %t1<{ 2 }>>::X;", pre: "pub trait @(<2>)%t1<const M: usize> { type X; }", since: 2018},
	{name: "projection by const item", supers: "%t1<%c1, X = u8>", items: "fn %f1(&self) -> <Self as %t1<%c1>>::X;", pre: "pub const %c1: usize = 2;\npub trait @(<2>)%t1<const M: usize> { type X; }", since: 2018},
	{name: "projection by alias", supers: "%t1<%t2>", items: "fn %f1(&self) -> <Self as %t1<Option<u8>>>::X;", pre: "pub trait @(<u8>)%t1<A> { type X; }\npub type %t2 = Option<u8>;"},
	{name: "projection of projection", items: "type %t2: %t1<u8>;\nfn %f1(&self) -> <Self::%t2 as %t1<u8>>::X;", pre: "pub trait @(<u8>)%t1<A: ?Sized> { type X; }", binds: "%t2 = u8"},
	{name: "projection of projection with Self", items: "type %t2: %t1<u8>;\nfn %f1(&self) -> <Self::%t2 as %t1<Self>>::X where Self::%t2: %t1<Self>;", pre: "pub trait @(<u8>)%t1<A: ?Sized> { type X; }", binds: "%t2 = u8"},
	{name: "projection of u8 with Self", items: "fn %f1(&self) -> <u8 as %t1<Self>>::X;", pre: "pub trait @(<u8>)%t1<A: ?Sized> { type X; }\nimpl<A: ?Sized> %t1<A> for u8 { type X = u8; }"},
	{name: "super's projection", supers: "%t2", items: "fn %f1(&self) -> Self::%t3;\nfn %f2(&self, x: <Self as %t1>::%t3);", pre: "pub trait @%t1 { type %t3; }\npub trait @%t2: %t1 {}", binds: "%t3 = u8"},
	{name: "projection of lifetime super", supers: "%t1<'static>", items: "fn %f1<'a>(&'a self) -> <Self as %t1<'static>>::X;", pre: "pub trait @(<'static>)%t1<'a> { type X; }", binds: ""},
	{name: "deref alias receiver", items: "fn %f1(self: %t1<Self>, x: %t2<u8, Self>);", pre: "pub type %t1<T> = ::std::pin::Pin<Box<T>>;\npub type %t2<A, B> = (A, Box<B>);"},
	{name: "alias default", items: "fn %f1(&self, x: %t2<Self>);", pre: "pub type %t2<A, B = u8> = (Box<A>, B);"},
}...)

// stdSupertraits is an ingredient for each other std trait of section 8 of the rule book that a bound can name.
func stdSupertraits() []ingredient {
	var list []ingredient
	for _, path := range []string{
		"fmt::Binary", "fmt::LowerExp", "fmt::LowerHex", "fmt::Octal", "fmt::Pointer", "fmt::UpperExp", "fmt::UpperHex", "fmt::Write",
		"io::BufRead", "io::Write", "io::IsTerminal", "alloc::GlobalAlloc", "process::Termination", "panic::RefUnwindSafe",
		"os::fd::AsFd", "os::fd::AsRawFd", "os::fd::IntoRawFd", "os::unix::fs::FileExt", "os::unix::fs::MetadataExt", "os::unix::fs::FileTypeExt",
		"os::unix::fs::DirEntryExt", "os::unix::thread::JoinHandleExt", "os::linux::fs::MetadataExt", "os::linux::net::TcpStreamExt",
		"iter::ExactSizeIterator<Item = u8>", "iter::FusedIterator<Item = u8>", "hash::BuildHasher<Hasher = ::std::collections::hash_map::DefaultHasher>",
		"future::IntoFuture<Output = (), IntoFuture = ::std::future::Ready<()>>", "net::ToSocketAddrs<Iter = ::std::vec::IntoIter<::std::net::SocketAddr>>",
		"ops::DerefMut<Target = u8>", "ops::IndexMut<usize, Output = u8>", "ops::Drop", "ops::BitAnd<u8, Output = u8>", "ops::BitAndAssign<u8>",
		"ops::Div<u8, Output = u8>", "ops::MulAssign<u8>", "ops::Shl<u8, Output = u8>", "ops::RemAssign<u8>", "slice::SliceIndex<[u8], Output = u8>",
		"borrow::BorrowMut<u8>", "cmp::PartialOrd<u8>", "convert::AsMut<Self>",
		"convert::TryInto<u8>", "iter::Product", "os::unix::fs::DirBuilderExt", "os::unix::fs::PermissionsExt", "os::unix::process::CommandExt",
		"os::unix::process::ExitStatusExt", "os::unix::ffi::OsStrExt", "os::unix::ffi::OsStringExt", "os::linux::net::SocketAddrExt",
	} {
		name, args, _ := strings.Cut(path, "<")
		row := ingredient{name: "std::" + name, supers: "%{std::" + name + "}"}
		if args != "" {
			row.supers += "<" + args
		}
		list = append(list, row)
	}
	return append(list,
		ingredient{name: "AsyncFn", supers: "AsyncFn()", since: 2018},
		ingredient{name: "AsyncFnMut(&Self)", supers: "AsyncFnMut(&Self) -> u8", since: 2018},
	)
}

// ambiguous says which associated type a std supertrait brings; two supertraits with the same one are E0221 and the like.
var ambiguous = map[string]*regexp.Regexp{
	"X":      regexp.MustCompile(`\btype X;|\bX =`),
	"Item":   regexp.MustCompile(`Item|Iterator`),
	"Output": regexp.MustCompile(`Output|Fn|Future|IntoFuture`),
	"Target": regexp.MustCompile(`Deref`),
	"Owned":  regexp.MustCompile(`ToOwned`),
}

// addTrait composes a trait in a scope.
func (g *generator) addTrait(in *module) {
	var parts []ingredient
	for range []int{0, 1, 1, 1, 2, 2, 3}[g.rand.IntN(7)] {
		row := pick(g, ingredients)
		if row.since != 0 && g.edition < row.since {
			continue
		}
		g.feature("trait", row.name)
		parts = append(parts, row)
	}
	t := &composed{name: g.traitName(in), in: in, vis: pick(g, []string{"pub ", "pub ", "pub ", "pub(crate) "}), ancestors: map[*composed]bool{}, groups: map[string]bool{}}
	in.traits = append(in.traits, t)
	b := traitText{g: g, trait: t, named: map[string]bool{}, once: map[string]bool{}}
	b.inherit()
	for _, p := range parts {
		b.add(p)
	}
	b.finishHeader()
	for range g.rand.IntN(3) {
		m := g.method(b.own())
		b.add(ingredient{items: m.extra + m.text, pre: m.pre, binds: m.binds})
	}
	in.items = append(in.items, b.String())
	g.traits = append(g.traits, t)
}

// traitName is a name; in a body often that of a trait outside, which it hides.
func (g *generator) traitName(in *module) string {
	if in.form == body && len(in.children) == 0 && g.chance(35) {
		for _, t := range g.traits {
			if t.in == in.home() && !in.hides(t.name) && !in.uses(t.name) {
				g.feature("scope", "local trait hides outer")
				return t.name
			}
		}
	}
	return g.fresh("Shape", "Store", "Node", "Service", "r#Raw", "Größe")
}

// traitText collects a trait's pieces.
type traitText struct {
	g      *generator
	trait  *composed
	pre    string
	attrs  string
	quals  string
	params []param
	supers []string
	where  []string
	items  []string
	named  map[string]bool // parameters
	once   map[string]bool // names of the rows that cannot be added again
}

type param struct{ text, arg string }

// inherit makes some traits a subtrait of an earlier one.
func (b *traitText) inherit() {
	g := b.g
	if len(g.traits) == 0 || !g.chance(45) {
		return
	}
	for range 4 {
		up := pick(g, g.traits)
		if up.noSuper || !g.visible(b.trait.in, up) {
			continue
		}
		if len(up.ancestors) > 0 {
			g.feature("hierarchy", "deep")
		}
		g.feature("hierarchy", "supertrait")
		b.trait.ancestors[up] = true
		for a := range up.ancestors {
			b.trait.ancestors[a] = true
		}
		bound := g.traitPath(b.trait.in, up) + up.args
		if g.chance(20) {
			g.feature("hierarchy", "where Self: Super")
			b.where = append(b.where, "Self: "+bound)
		} else {
			b.supers = append(b.supers, bound)
		}
		for group := range up.groups {
			b.trait.groups[group] = true
		}
		b.trait.binds = append(b.trait.binds, up.binds...)
		return
	}
}

func (b *traitText) add(row ingredient) {
	// The trait's own path is not known before all parameters are; holes are filled per row.
	sep := "\x00"
	if b.once[row.name] {
		return
	}
	all := strings.Join([]string{row.params, row.args, row.supers, row.where, row.items, row.pre, row.binds}, sep)
	f := strings.Split(b.g.template(b.trait.in, all), sep)
	row.params, row.args, row.supers, row.where, row.items, row.pre, row.binds = f[0], f[1], f[2], f[3], f[4], f[5], f[6]

	group := ""
	for name, re := range ambiguous {
		if re.MatchString(row.supers + row.pre) {
			group = name
		}
	}
	if group != "" && b.trait.groups[group] {
		return
	}
	args := strings.Split(row.args, "; ")
	for i, p := range strings.Split(row.params, "; ") {
		if p == "" {
			continue
		}
		name := strings.Fields(strings.TrimPrefix(strings.SplitN(p, ":", 2)[0], "const "))[0]
		if b.named[name] {
			return // another row has this parameter; this one would redefine it
		}
		b.named[name] = true
		b.params = append(b.params, param{p, args[i]})
		b.trait.lifetime = b.trait.lifetime || p == "'t"
		b.trait.defaults = b.trait.defaults || strings.HasSuffix(p, "= Self")
	}
	if group != "" {
		b.trait.groups[group] = true
	}
	if row.once {
		b.once[row.name] = true
	}
	b.pre += line(row.pre)
	b.attrs += row.attrs
	if row.quals != "" {
		b.quals = row.quals
	}
	if row.supers != "" {
		b.supers = append(b.supers, row.supers)
	}
	if row.where != "" {
		b.where = append(b.where, row.where)
	}
	if row.items != "" && !b.has(row.items) {
		b.items = append(b.items, row.items)
	}
	if row.binds != "" {
		b.trait.binds = append(b.trait.binds, strings.Split(row.binds, ", ")...)
	}
	b.trait.noSuper = b.trait.noSuper || row.noSuper
}

func (b *traitText) has(item string) bool {
	for _, i := range b.items {
		if i == item {
			return true
		}
	}
	return false
}

// finishHeader orders the parameters: lifetimes, then those without a default, then those with.
func (b *traitText) finishHeader() {
	rank := func(p param) int {
		switch {
		case strings.HasPrefix(p.text, "'"):
			return 0
		case !strings.Contains(p.text, " = "):
			return 1
		}
		return 2
	}
	var sorted []param
	for r := range 3 {
		for _, p := range b.params {
			if rank(p) == r {
				sorted = append(sorted, p)
			}
		}
	}
	b.params = sorted
	var args []string
	for _, p := range sorted {
		args = append(args, p.arg)
		if rank(p) != 2 {
			b.trait.defaults = false
		}
	}
	if len(args) > 0 {
		b.trait.args = "<" + strings.Join(args, ", ") + ">"
	}
}

// own is how the trait names itself inside its braces.
func (b *traitText) own() string {
	var names []string
	for _, p := range b.params {
		name := strings.TrimPrefix(strings.SplitN(p.text, ":", 2)[0], "const ")
		names = append(names, strings.Fields(name)[0])
	}
	if len(names) == 0 {
		return b.trait.name
	}
	return b.trait.name + "<" + strings.Join(names, ", ") + ">"
}

func (b *traitText) String() string {
	t := b.pre + b.attrs + b.trait.vis + b.quals + "trait @"
	if b.trait.args != "" {
		t += "(" + b.trait.args + ")"
	}
	// The name alone is no key: a local trait may hide another of the same name.
	t += b.trait.key() + "=" + b.trait.name
	var params []string
	for _, p := range b.params {
		params = append(params, p.text)
	}
	if len(params) > 0 {
		t += "<" + strings.Join(params, ", ") + ">"
	}
	if len(b.supers) > 0 {
		t += ": " + strings.Join(b.supers, pick(b.g, []string{" + ", " + ", "\n    + "}))
	}
	if len(b.where) > 0 {
		t += pick(b.g, []string{" where ", "\nwhere\n    "}) + strings.ReplaceAll(strings.Join(b.where, ", "), "OWN", b.own())
	}
	if len(b.items) == 0 {
		return t + " {}\n"
	}
	return t + " {\n" + indent(strings.Join(b.items, "\n")+"\n") + "}\n"
}

// key is unique: names repeat only between a body and a module around it.
func (t *composed) key() string {
	k := t.name
	if t.in.form == body {
		k = t.in.name + "." + k
	}
	return strings.ReplaceAll(k, "r#", "")
}

// visible says whether a scope can name a trait at all: traits of bodies only inside.
func (g *generator) visible(from *module, t *composed) bool {
	if t.in.form != body {
		return true
	}
	for m := from; m != nil && m.form == body; m = m.parent {
		if m == t.in {
			return true
		}
		if m.declares(t.name) {
			return false
		}
	}
	return false
}

func (m *module) declares(name string) bool {
	for _, t := range m.traits {
		if t.name == name {
			return true
		}
	}
	return false
}

// hides says whether a name means a local trait of a body here.
func (m *module) hides(name string) bool {
	for ; m.form == body; m = m.parent {
		if m.declares(name) {
			return true
		}
	}
	return false
}
