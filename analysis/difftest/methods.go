package difftest

import "strings"

// A part is a piece of a method that can stand with any other. Text may use %-holes (see generator.template).
type part struct {
	name     string
	text     string
	generics string // its own parameters, separated by `; `, lifetimes first
	extra    string // items of the trait it needs
	pre      string // items before the trait
	binds    string // what a `dyn` of the trait must name for extra
	since    int    // first edition
	until    int    // last edition
}

// Every table has its harmless rows first; plain says how many, so that about half the methods are dispatchable.
// What they really are is rustc's business.
type partTable struct {
	group string
	plain int
	rows  []part
}

var receivers = partTable{"receiver", 17, []part{
	{name: "&self", text: "&self"},
	{name: "&mut self", text: "&mut self"},
	{name: "self", text: "self"},
	{name: "self: Self", text: "self: Self"},
	{name: "&'a self", text: "&'a self", generics: "'a"},
	{name: "&'static self", text: "&'static self"},
	{name: "self: &Self", text: "self: &Self"},
	{name: "self: &mut Self", text: "self: &mut Self"},
	{name: "self: (&Self)", text: "self: (&Self)"},
	{name: "Box", text: "self: %{std::boxed::Box}<Self>"},
	{name: "Rc", text: "self: %{std::rc::Rc}<Self>"},
	{name: "Arc", text: "self: %{std::sync::Arc}<Self>"},
	{name: "Pin<&Self>", text: "self: %{std::pin::Pin}<&Self>"},
	{name: "Pin<&mut Self>", text: "self: %{std::pin::Pin}<&mut Self>"},
	{name: "Pin<Box>", text: "self: %{std::pin::Pin}<%{std::boxed::Box}<Self>>"},
	{name: "Pin<Arc>", text: "self: %{std::pin::Pin}<%{std::sync::Arc}<Self>>"},
	{name: "alias Box", text: "self: %t1<Self>", pre: "pub type %t1<T> = Box<T>;"},
	{name: "&'a mut Self", text: "self: &'a mut Self", generics: "'a"},
	{name: "mut Pin", text: "self: %{std::pin::Pin}<&'a (Self)>", generics: "'a"},
	{name: "trailing comma", text: "self: %{std::rc::Rc}<Self,>"},
	{name: "projection to &Self", text: "self: <&Self as %t1>::Y", pre: "pub trait @%t1 { type Y; }\nimpl<T> %t1 for T { type Y = T; }"},
	{name: "alias with lifetime", text: "self: %t1<'a, Self>", generics: "'a", pre: "pub type %t1<'a, T> = &'a T;"},
	{name: "none"},
	{name: "none this", text: "this: &Self"},
	{name: "&&Self", text: "self: &&Self"},
	{name: "&mut &Self", text: "self: &mut &Self"},
	{name: "&Box", text: "self: &%{std::boxed::Box}<Self>"},
	{name: "&mut Box", text: "self: &mut Box<Self>"},
	{name: "&Rc", text: "self: &%{std::rc::Rc}<Self>"},
	{name: "&Arc", text: "self: &%{std::sync::Arc}<Self>"},
	{name: "Box<Box>", text: "self: Box<%{std::boxed::Box}<Self>>"},
	{name: "Box<Rc>", text: "self: Box<%{std::rc::Rc}<Self>>"},
	{name: "Rc<Box>", text: "self: %{std::rc::Rc}<Box<Self>>"},
	{name: "Box<&Self>", text: "self: Box<&Self>"},
	{name: "Arc<Arc>", text: "self: %{std::sync::Arc}<%{std::sync::Arc}<Self>>"},
	{name: "&Pin<&Self>", text: "self: &%{std::pin::Pin}<&Self>"},
	{name: "&Pin<Box>", text: "self: &%{std::pin::Pin}<Box<Self>>"},
	{name: "Pin<&Box>", text: "self: %{std::pin::Pin}<&Box<Self>>"},
	{name: "Pin<Box<Box>>", text: "self: %{std::pin::Pin}<Box<Box<Self>>>"},
	{name: "Pin<Pin<Box>>", text: "self: %{std::pin::Pin}<%{std::pin::Pin}<Box<Self>>>"},
	{name: "Box<Pin<Box>>", text: "self: Box<%{std::pin::Pin}<Box<Self>>>"},
	{name: "alias Box<Box>", text: "self: %t1<Self>", pre: "pub type %t1<T> = Box<Box<T>>;"},
	{name: "alias Pin<&mut>", text: "self: %t1<'_, Self>", pre: "pub type %t1<'a, T> = ::std::pin::Pin<&'a mut T>;", since: 2018},
	{name: "alias of alias", text: "self: %t2<Self>", pre: "pub type %t1<T> = ::std::rc::Rc<T>;\npub type %t2<T> = %t1<T>;"},
	{name: "alias ignores nothing", text: "self: %t1<%t1<Self>>", pre: "pub type %t1<T> = T;"},
	{name: "alias &", text: "self: %t1<Self>", pre: "pub type %t1<T> = &'static T;"},
	{name: "projection", text: "self: <u8 as %t1<Self>>::X", pre: "pub trait @(<u8>)%t1<T: ?Sized> { type X; }\nimpl<T: ?Sized> %t1<T> for u8 { type X = Box<T>; }"},
}}

var parameters = partTable{"parameter", 17, []part{
	{name: "none"},
	{name: "none 2"},
	{name: "none 3"},
	{name: "u8", text: "x: u8"},
	{name: "&str", text: "x: &str"},
	{name: "&'b u8", text: "x: &'b u8", generics: "'b"},
	{name: "dyn Fn", text: "x: &«std::ops::Fn|dyn Fn()»"},
	{name: "dyn Fn(..)", text: "x: &mut «std::ops::FnMut|dyn FnMut(&u8) -> u8»"},
	{name: "Self::X", text: "x: Self::%t1", extra: "type %t1;", binds: "%t1 = u8"},
	{name: "Option<Self::X>", text: "x: Option<Self::%t1>", extra: "type %t1: Clone;", binds: "%t1 = u8"},
	{name: "<Self::X as Iterator>::Item", text: "x: <Self::%t1 as Iterator>::Item", extra: "type %t1: Iterator;", binds: "%t1 = ::std::vec::IntoIter<u8>"},
	{name: "&dyn Iterator<Item = Self::X>", text: "x: &«~std::iter::Iterator|dyn Iterator<Item = Self::%t1>»", extra: "type %t1;", binds: "%t1 = u8"},
	{name: "fn(Self::X)", text: "x: fn(Self::%t1) -> u8", extra: "type %t1;", binds: "%t1 = u8"},
	{name: "pattern", text: "_: (u8, u8)"},
	{name: "attribute", text: "#[allow(unused)] x: u8"},
	{name: "anonymous u8", text: "u8", until: 2015},
	{name: "[u8; 2]", text: "x: [u8; 2 + 1]"},
	{name: "Self", text: "x: Self"},
	{name: "&Self", text: "x: &Self"},
	{name: "Box<Self>", text: "x: %{std::boxed::Box}<Self>"},
	{name: "*const Self", text: "x: *const Self"},
	{name: "fn(&Self)", text: "x: fn(&Self)"},
	{name: "fn() -> Box<Self>", text: "x: fn() -> Box<Self>"},
	{name: "&dyn Fn(&Self)", text: "x: &«~std::ops::Fn|dyn Fn(&Self)»"},
	{name: "&dyn PartialEq<Self>", text: "x: &«~std::cmp::PartialEq|dyn PartialEq<Self>»"},
	{name: "&dyn Iterator<Item = Box<Self>>", text: "x: &mut «~std::iter::Iterator|dyn Iterator<Item = Box<Self>>»"},
	{name: "PhantomData<Self>", text: "x: %{std::marker::PhantomData}<Self>"},
	{name: "[Box<Self>]", text: "x: &[Box<Self>]"},
	{name: "[Box<Self>; 2]", text: "x: [Box<Self>; 2]"},
	{name: "tuple", text: "x: (u8, &Self)"},
	{name: "anonymous Self", text: "Self", until: 2015},
	{name: "alias<Self>", text: "x: %t1<Self>", pre: "pub type %t1<T> = Box<T>;"},
	{name: "alias ()", text: "x: %t1<'static, Self>", pre: "pub type %t1<'a, T> = &'a T;", extra: "fn %f1(&self) where Self: 'static;"},
	{name: "projection alias<Self>", text: "x: %t2<Self>", pre: "pub trait @%t1 { type Y; }\nimpl<T: ?Sized> %t1 for T { type Y = u8; }\npub type %t2<X> = <X as %t1>::Y;"},
	{name: "<Self as Foreign>::Y", text: "x: <Self as %t1>::Y", pre: "pub trait @%t1 { type Y; }\nimpl<T: ?Sized> %t1 for T { type Y = u8; }"},
	{name: "<Box<Self> as Foreign>::Y", text: "x: <Box<Self> as %t1>::Y", pre: "pub trait @%t1 { type Y; }\nimpl<T: ?Sized> %t1 for T { type Y = u8; }"},
	{name: "struct<Self>", text: "x: &%t1<Self>", pre: "pub struct %t1<T: ?Sized>(pub ::std::marker::PhantomData<T>);"},
	{name: "struct<Self::X>", text: "x: %t1<Self::%t2>", pre: "pub struct %t1<T: ?Sized>(pub ::std::marker::PhantomData<T>);", extra: "type %t2;", binds: "%t2 = u8"},
	{name: "A", text: "x: P", generics: "P"},
	{name: "&A", text: "x: &P", generics: "P: ?Sized"},
	{name: "A: Bound<Self>", text: "x: P", generics: "P: PartialEq<Self>"},
	{name: "const N", text: "x: [u8; K]", generics: "const K: usize", since: 2018},
	{name: "impl Trait", text: "x: impl %{std::fmt::Debug}"},
	{name: "&impl Trait", text: "x: &impl %{std::fmt::Debug}"},
	{name: "Vec<impl Trait>", text: "x: Vec<impl Clone + Send>"},
	{name: "impl Fn(&Self)", text: "x: impl Fn(&Self)"},
	{name: "impl nested", text: "x: impl Iterator<Item = impl Clone>"},
	{name: "impl Fn -> Self", text: "x: impl Fn(u8) -> Box<Self>"},
	{name: "impl PartialEq<Self>", text: "x: impl PartialEq<Self>"},
	{name: "&mut dyn nested impl", text: "x: (u8, Option<impl Sized>)"},
}}

var returns = partTable{"return", 13, []part{
	{name: "none"},
	{name: "none 2"},
	{name: "u8", text: "u8"},
	{name: "!", text: "!"},
	{name: "()", text: "()"},
	{name: "boxed future", text: "%{std::pin::Pin}<Box<«std::future::Future|dyn ::std::future::Future<Output = ()>»>>", since: 2018},
	{name: "Self::X", text: "Self::%t1", extra: "type %t1;", binds: "%t1 = u8"},
	{name: "Result<Self::X, Self::E>", text: "Result<Self::%t1, Self::%t2>", extra: "type %t1;\ntype %t2: %{std::fmt::Debug};", binds: "%t1 = u8, %t2 = ()"},
	{name: "<Self as Own>::X", text: "<Self as OWN>::%t1", extra: "type %t1;", binds: "%t1 = u8"},
	{name: "Vec<Self::X>", text: "Vec<Self::%t1>", extra: "type %t1;", binds: "%t1 = u8"},
	{name: "fn()", text: "fn(u8) -> &'static str"},
	{name: "Box<dyn Any>", text: "Box<«std::any::Any|dyn (::std::any::Any) + Send»>"},
	{name: "&'static", text: "&'static [u8]"},
	{name: "Self", text: "Self"},
	{name: "Box<Self>", text: "Box<Self>"},
	{name: "Option<Box<Self>>", text: "Option<%{std::boxed::Box}<Self>>"},
	{name: "&'static Self", text: "*mut Self"},
	{name: "fn(&Self)", text: "fn(&Self)"},
	{name: "Box<dyn Fn(&Self)>", text: "Box<«~std::ops::Fn|dyn Fn(&Self) + 'static»>"},
	{name: "PhantomData<Self>", text: "%{std::marker::PhantomData}<Self>"},
	{name: "<Self as Foreign>::Y", text: "<Self as %t1>::Y", pre: "pub trait @%t1 { type Y; }\nimpl<T: ?Sized> %t1 for T { type Y = u8; }"},
	{name: "impl Trait", text: "impl %{std::fmt::Debug}"},
	{name: "impl Iterator", text: "impl Iterator<Item = u8> + Send"},
	{name: "impl Future", text: "impl ::std::future::Future<Output = ()> + Send"},
	{name: "impl Sized", text: "impl Sized"},
	{name: "Option<impl>", text: "Option<impl Clone>"},
	{name: "(impl, impl)", text: "(impl Clone, impl %{std::fmt::Debug})"},
	{name: "Box<dyn Iterator<Item = impl>>", text: "Box<«~std::iter::Iterator|dyn Iterator<Item = impl Clone>»>"},
	{name: "Result<impl, u8>", text: "Result<impl %{std::fmt::Debug}, u8>"},
	{name: "impl Iterator<Item = impl>", text: "impl Iterator<Item = impl Clone>"},
	{name: "impl PartialEq<Self>", text: "impl PartialEq<Self>"},
	{name: "impl Iterator<Item = Box<Self>>", text: "impl Iterator<Item = Box<Self>>"},
	{name: "[impl; 2]", text: "[impl Copy; 2]"},
	{name: "&'static impl", text: "Box<impl ?Sized>"},
	{name: "Self with impl param", text: "Option<Box<Self>>"},
	{name: "alias<Self>", text: "%t1<Self>", pre: "pub type %t1<T> = Result<Box<T>, u8>;"},
}}

var methodWheres = partTable{"method where", 17, []part{
	{name: "none"},
	{name: "none 2"},
	{name: "none 3"},
	{name: "none 4"},
	{name: "Self: 'static", text: "Self: 'static"},
	{name: "Self: Send + Sync", text: "Self: Send + Sync + Unpin"},
	{name: "Self: UnwindSafe", text: "Self: %{std::panic::UnwindSafe}"},
	{name: "u8: Copy", text: "u8: Copy"},
	{name: "Self::X: Clone", text: "Self::%t1: Clone", extra: "type %t1;", binds: "%t1 = u8"},
	{name: "Self::X: From<Self::X>", text: "Self::%t1: From<Self::%t1>", extra: "type %t1;", binds: "%t1 = u8"},
	{name: "Self: Sized", text: "Self: Sized"},
	{name: "Self: Sized path", text: "Self: %{std::marker::Sized}"},
	{name: "Self: Sized + Debug", text: "Self: Sized + %{std::fmt::Debug}"},
	{name: "(Self): (Sized)", text: "(Self): (Sized)"},
	{name: "Self: Clone", text: "Self: Clone"},
	{name: "Self: Copy twice", text: "Self: Send, Self: Copy,"},
	{name: "Self: own Sized", text: "Self: %t1", pre: "pub trait @%t1: Sized {}"},
	{name: "Self: own Clone", text: "Self: %t2", pre: "pub trait @%t1: Clone {}\npub trait @%t2: %t1 {}"},
	{name: "Self: Default", text: "Self: Default"},
	{name: "Self: Into", text: "Self: Into<u8>"},
	{name: "Self: From", text: "Self: From<u8>"},
	{name: "Self: FromStr", text: "Self: %{std::str::FromStr}"},
	{name: "Self: FromIterator", text: "Self: %{std::iter::FromIterator}<u8>"},
	{name: "Self: Eq + Copy", text: "Self: Eq + Copy"},
	{name: "Self: Debug", text: "Self: %{std::fmt::Debug}"},
	{name: "Self: Send + Debug", text: "Self: Send + %{std::fmt::Debug}"},
	{name: "Self: PartialEq", text: "Self: PartialEq"},
	{name: "Self: Ord", text: "Self: Ord"},
	{name: "Self: Hash", text: "Self: %{std::hash::Hash}"},
	{name: "Self: Any", text: "Self: %{std::any::Any}"},
	{name: "Self: Iterator", text: "Self: Iterator"},
	{name: "Box<Self>: Sized", text: "Box<Self>: Sized"},
	{name: "Box<Self>: Clone", text: "Box<Self>: Clone"},
	{name: "&'a Self: Sized", text: "for<'z> &'z Self: Sized"},
	{name: "String: AsRef<Self>", text: "String: AsRef<Self>"},
	{name: "Self: own", text: "Self: %t1", pre: "pub trait @%t1 {}"},
	{name: "Self: O, Self::Z: Clone", text: "Self: %t1, <Self as %t1>::Z: Clone", pre: "pub trait @%t1 { type Z; }"},
	{name: "Self::X: PartialEq<Self>", text: "Self::%t1: PartialEq<Self>", extra: "type %t1;", binds: "%t1 = u8"},
	{name: "Self::X: Into<Box<Self>>", text: "Self::%t1: Into<Box<Self>>", extra: "type %t1;", binds: "%t1 = u8"},
	{name: "Self: the trait", text: "Self: OWN"},
	{name: "Self: ?Sized", text: "u8: Into<u16>"},
	{name: "Option<Self::X>: Sized", text: "Option<Self::%t1>: Clone", extra: "type %t1;", binds: "%t1 = u8"},
}}

var qualifiers = partTable{"fn", 6, []part{
	{name: "plain"},
	{name: "plain 2"},
	{name: "plain 3"},
	{name: "unsafe", text: "unsafe "},
	{name: "extern C", text: "extern \"C\" "},
	{name: "unsafe extern", text: "unsafe extern \"C\" "},
	{name: "async", text: "async ", since: 2018},
	{name: "unsafe async", text: "async unsafe ", since: 2018},
}}

var methodGenerics = partTable{"fn generics", 6, []part{
	{name: "none"},
	{name: "none 2"},
	{name: "none 3"},
	{name: "none 4"},
	{name: "lifetime", generics: "'q"},
	{name: "outliving", generics: "'q; 'r: 'q"},
	{name: "type", generics: "Q"},
	{name: "type: ?Sized", generics: "Q: ?Sized"},
	{name: "const", generics: "const Q: usize", since: 2018},
	{name: "bounded", generics: "Q: Into<Box<Self>>; R: Clone"},
}}

// choose takes a row: a harmless one, or any.
func (g *generator) choose(t partTable, spicy bool) part {
	for {
		row := t.rows[g.rand.IntN(t.plain)]
		if spicy {
			row = pick(g, t.rows)
		}
		if g.fits(row.since, row.until) {
			g.feature(t.group, row.name)
			return row
		}
	}
}

// method composes a random method. own is how the trait names itself with its arguments.
func (g *generator) method(own string) part {
	tables := []partTable{qualifiers, methodGenerics, receivers, parameters, parameters, returns, methodWheres}
	spicy := make([]bool, len(tables))
	for range []int{0, 0, 0, 1, 1, 2}[g.rand.IntN(6)] {
		spicy[g.rand.IntN(len(tables))] = true
	}
	var rows []part
	for i, t := range tables {
		rows = append(rows, renumber(g.choose(t, spicy[i]), i))
	}
	qualifier, receiver, first, second, ret, where := rows[0], rows[2], rows[3], rows[4], rows[5], rows[6]
	second.text = strings.Replace(second.text, "x: ", "y: ", 1)
	if !spicy[2] && receiver.text == "" {
		receiver = receivers.rows[0]
	}
	m := part{name: "method"}
	var generics []string
	named := map[string]bool{}
	for _, r := range rows {
		m.extra += line(r.extra)
		m.pre += line(r.pre)
		m.binds = join(m.binds, r.binds, ", ")
		for _, p := range strings.Split(r.generics, "; ") {
			// Two rows may bring the same parameter; they then share it.
			if name := strings.TrimPrefix(strings.SplitN(p, ":", 2)[0], "const "); p != "" && !named[name] {
				named[name] = true
				generics = append(generics, p)
			}
		}
	}
	var params []string
	for _, p := range []part{receiver, first, second} {
		if p.text != "" {
			params = append(params, p.text)
		}
	}
	m.text = qualifier.text + "fn %f9" + angle(generics) + "(" + strings.Join(params, ", ") + ")"
	if ret.text != "" {
		m.text += " -> " + ret.text
	}
	if where.text != "" {
		m.text += " where " + where.text
	}
	m.text = strings.ReplaceAll(m.text, "OWN", own) + ";"
	return m
}

// renumber gives each row of a method its own holes: `%t1` of the second row becomes `%Bt1`.
func renumber(p part, i int) part {
	letter := string(rune('A' + i))
	for _, s := range []*string{&p.text, &p.generics, &p.extra, &p.pre, &p.binds} {
		for _, kind := range []string{"t", "f"} {
			for _, n := range []string{"1", "2", "3"} {
				*s = strings.ReplaceAll(*s, "%"+kind+n, "%"+letter+kind+n)
			}
		}
	}
	return p
}

// angle writes generics, lifetimes first, or nothing.
func angle(params []string) string {
	if len(params) == 0 {
		return ""
	}
	var lifetimes, others []string
	for _, p := range params {
		if strings.HasPrefix(p, "'") {
			lifetimes = append(lifetimes, p)
		} else {
			others = append(others, p)
		}
	}
	return "<" + strings.Join(append(lifetimes, others...), ", ") + ">"
}

func line(s string) string {
	if s == "" {
		return ""
	}
	return s + "\n"
}

func join(a, b, by string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + by + b
}
