package difftest

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Clauses writes items of one line each, n of them, in which the type `dyn Bad` stands once, somewhere in a signature: in
// bounds with and without `for<..>`, where clauses, function pointers, arguments of `Fn(..)`, bindings, projections,
// defaults. Whether rustc reports the type depends on where it stands. Line i+2 of the crate is item i.
func Clauses(seed uint64, n int) string {
	g := &clauses{rand: rand.New(rand.NewPCG(seed, 7))}
	var b strings.Builder
	b.WriteString("#![allow(warnings)]\n")
	for i := range n {
		fmt.Fprintf(&b, "pub mod m%d { use super::shared::*; pub trait Bad { fn f(); } %s }\n", i, g.item())
	}
	b.WriteString(clauseShared)
	return b.String()
}

const clauseShared = `pub mod shared {
    pub trait Tr<T: ?Sized> {}
    pub trait Two<A: ?Sized, B: ?Sized> {}
    pub trait Gn<T: ?Sized> { type X; }
    pub trait Re<'r, T: ?Sized> {}
    pub struct S;
    impl<T: ?Sized> Tr<T> for S {}
    impl<A: ?Sized, B: ?Sized> Two<A, B> for S {}
    impl<T: ?Sized> Gn<T> for S { type X = u8; }
    pub struct Elided<'a>(&'a u8);
    pub struct Holds<'a, T: ?Sized>(&'a T);
    pub struct Plain<T: ?Sized>(Box<T>);
    pub type Ref<'a> = &'a u8;
    pub type Boxed<T> = Box<T>;
    pub type Projected<T> = <S as Gn<T>>::X;
}
`

// clauses generates them. Each method takes whether the part holds the type, which is used up once.
type clauses struct {
	rand *rand.Rand
	// lifetimes are the names in scope; anonymous is set where a lifetime can be left out.
	lifetimes []string
	anonymous bool
	binders   int // that were named
}

func (g *clauses) pick(list ...string) string { return list[g.rand.IntN(len(list))] }

func (g *clauses) chance(percent int) bool { return g.rand.IntN(100) < percent }

// within calls f where more lifetimes are in scope.
func (g *clauses) within(names []string, anonymous bool, f func() string) string {
	lifetimes, was := g.lifetimes, g.anonymous
	g.lifetimes, g.anonymous = append(lifetimes[:len(lifetimes):len(lifetimes)], names...), was || anonymous
	defer func() { g.lifetimes, g.anonymous = lifetimes, was }()
	return f()
}

// lifetime is one that is in scope, with its quote.
func (g *clauses) lifetime() string {
	list := append([]string{"'static"}, g.lifetimes...)
	if g.anonymous {
		list = append(list, "'_")
	}
	return list[g.rand.IntN(len(list))]
}

// reference is `&` with a lifetime, if one is needed.
func (g *clauses) reference() string {
	if g.anonymous && g.chance(60) {
		return "&"
	}
	return "&" + g.lifetime() + " "
}

// binder is `for<'bN> ` and the names in it; often nothing.
func (g *clauses) binder() (text string, names []string) {
	if g.chance(55) {
		return "", nil
	}
	g.binders++
	name := fmt.Sprintf("'b%d", g.binders)
	return "for<" + name + "> ", []string{name}
}

// other is a type without the trait object.
func (g *clauses) other(depth int) string {
	switch g.rand.IntN(9) {
	case 0:
		return g.reference() + "u8"
	case 1:
		return "Holds<" + g.lifetime() + ", u8>"
	case 2:
		if g.anonymous {
			return g.pick("Elided", "Ref", "Holds<u8>", "std::cell::Ref<u8>", "std::fmt::Arguments")
		}
		return "Elided<" + g.lifetime() + ">"
	case 3:
		if depth > 0 {
			return "(" + g.other(depth-1) + ", " + g.other(depth-1) + ")"
		}
	case 4:
		return g.within(nil, true, func() string { return "fn(" + g.pick("&u8", "Elided", "u8") + ")" })
	case 5:
		return "S"
	}
	return "u8"
}

// typ is a sized type that holds the trait object.
func (g *clauses) typ(depth int) string {
	if depth <= 0 {
		return g.leaf()
	}
	switch g.rand.IntN(16) {
	case 0:
		return "(" + g.other(1) + ", " + g.typ(depth-1) + ")"
	case 1:
		return "[" + g.typ(depth-1) + "; 2]"
	case 2:
		return g.reference() + "[" + g.typ(depth-1) + "]"
	case 3:
		return g.pick("Option", "Vec", "Plain", "Boxed") + "<" + g.typ(depth-1) + ">"
	case 4:
		return g.fnPointer(depth)
	case 5, 6:
		return "Box<dyn " + g.boundOf(depth-1) + ">"
	case 7:
		return "<S as Gn<" + g.typ(depth-1) + ">>::X"
	case 8:
		return "Projected<" + g.typ(depth-1) + ">"
	case 9:
		return "Holds<" + g.lifetime() + ", " + g.typ(depth-1) + ">"
	case 10:
		return "*const " + g.typ(depth-1)
	}
	return g.leaf()
}

func (g *clauses) leaf() string {
	object := "dyn Bad"
	if g.chance(20) {
		object += " + " + g.lifetime()
	}
	switch g.rand.IntN(5) {
	case 0:
		return "Box<" + object + ">"
	case 1:
		return "Holds<" + g.lifetime() + ", " + object + ">"
	case 2:
		return "*const (" + object + ")"
	}
	return g.reference() + "(" + object + ")"
}

func (g *clauses) fnPointer(depth int) string {
	binder, names := g.binder()
	return g.within(names, true, func() string {
		if g.chance(30) {
			return binder + "fn(&u8, " + g.other(0) + ") -> " + g.typ(depth-1)
		}
		return binder + "fn(" + g.arguments(depth-1) + ")"
	})
}

// arguments are types, one of which holds the trait object.
func (g *clauses) arguments(depth int) string {
	list := []string{g.typ(depth)}
	for range g.rand.IntN(3) {
		list = append(list, g.other(1))
	}
	g.rand.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
	return strings.Join(list, g.pick(", ", ", /* ) & ( */ "))
}

// boundOf is a bound that a trait object type can be made of.
func (g *clauses) boundOf(depth int) string {
	binder, names := g.binder()
	return binder + g.within(names, false, func() string {
		switch g.rand.IntN(4) {
		case 0:
			return g.within(nil, true, func() string { return "Fn(" + g.arguments(depth) + ")" })
		case 1:
			return g.within(nil, true, func() string { return "FnMut(&u8) -> " + g.typ(depth) })
		case 2:
			return "Gn<" + g.other(1) + ", X = " + g.typ(depth) + ">"
		}
		return "Tr<" + g.typ(depth) + ">"
	})
}

// bound is a bound that holds the trait object.
func (g *clauses) bound(depth int) string {
	binder, names := g.binder()
	return binder + g.within(names, false, func() string {
		sugar := func(text func() string) string { return g.within(nil, true, text) }
		switch g.rand.IntN(11) {
		case 0, 1, 2:
			return sugar(func() string {
				return g.pick("Fn", "FnMut", "FnOnce", "AsyncFn", "std::ops::Fn") + "(" + g.arguments(depth) + ")" + g.pick("", " -> u8")
			})
		case 3:
			return sugar(func() string {
				return g.pick("Fn", "FnOnce", "AsyncFnMut") + "(&u8, " + g.other(1) + ") -> " + g.typ(depth)
			})
		case 4:
			return "Two<" + g.other(1) + ", " + g.typ(depth) + ">"
		case 5:
			return "Gn<" + g.other(1) + ", X = " + g.typ(depth) + ">"
		case 6:
			return "Gn<" + g.typ(depth) + ", X = u8>"
		case 7:
			return "Iterator<Item = " + g.typ(depth) + ">"
		case 8:
			return "Gn<" + g.other(1) + ", X: " + g.bound(depth-1) + ">"
		case 9:
			return "Re<" + g.lifetime() + ", " + g.typ(depth) + ">"
		}
		return "Tr<" + g.typ(depth) + ">"
	})
}

// predicate is a predicate of a where clause about the parameter T.
func (g *clauses) predicate(of string) string {
	binder, names := g.binder()
	return binder + g.within(names, false, func() string {
		switch g.rand.IntN(6) {
		case 0:
			return g.subject(2) + ": " + g.pick("Tr<u8>", "Sized", "Two<"+g.other(1)+", u8>")
		case 1:
			return g.subject(1) + ": " + g.lifetime()
		case 2:
			return g.reference() + of + ": " + g.bound(2)
		}
		return of + ": " + g.bound(2)
	})
}

// subject is a type that a predicate is about. rustc takes the `:` behind `fn(..)` for a mistyped `->`.
func (g *clauses) subject(depth int) string {
	text := g.typ(depth)
	if strings.Contains(text, "fn(") {
		return "(" + text + ")"
	}
	return text
}

// item is an item with the trait object in its signature.
func (g *clauses) item() string {
	g.lifetimes, g.anonymous, g.binders = nil, false, 0
	named := func(f func() string) string { return g.within([]string{"'x"}, false, f) }
	elided := func(f func() string) string { return g.within(nil, true, f) }
	switch g.rand.IntN(44) {
	case 40:
		return "pub struct R<T: ?Sized>(Box<T>); impl R<" + elided(func() string { return g.typ(2) }) + "> {}"
	case 41:
		return "pub trait Own {} impl Own for " + elided(func() string { return g.typ(2) }) + " {}"
	case 42:
		return "pub struct R<T>(T); impl<T> R<T> { pub fn f<F: " + g.bound(2) + ">(&self, _: F) where T: Sized {} }"
	case 43:
		return "pub trait Own {} pub struct R<T>(T); impl<T> Own for R<T> where " + g.predicate("T") + " {}"
	case 24:
		return "pub fn f() -> impl " + g.pick("Tr<"+g.typ(2)+">", "Two<u8, "+g.typ(2)+">", "Gn<"+g.typ(2)+", X = u8>", "Gn<u8, X: Tr<"+g.typ(1)+">>") + " { S }"
	case 25:
		return "pub fn f() -> impl Iterator<Item = " + g.typ(2) + "> { std::iter::empty() }"
	case 26:
		binder, names := g.binder()
		opaque := g.within(names, true, func() string {
			return "impl " + binder + g.pick("Fn", "FnOnce") + "(" + g.typ(2) + ", " + g.other(1) + ")"
		})
		return "pub fn f() -> " + g.pick(opaque+" { |_, _| {} }", "Option<"+opaque+"> { Some(|_, _| {}) }")
	case 27:
		return "pub trait R { fn f(&self) -> impl " + g.pick("Tr<"+g.typ(2)+">", "for<'b> Tr<&'b (dyn Bad)>") + " { S } }"
	case 28:
		return "pub struct Z; impl Z { pub fn f(&self) -> impl Two<" + g.typ(1) + ", u8> { S } }"
	case 29:
		return elided(func() string { return "pub async fn f(_: " + g.typ(2) + ", _: impl Tr<u8>) {}" })
	case 30:
		return "pub async fn f() -> " + g.typ(2) + " { loop {} }"
	case 31:
		return "pub trait R { async fn f(&self) -> " + g.typ(2) + "; }"
	case 32:
		return "pub const C: Option<" + g.typ(2) + "> = None;"
	case 33:
		return "unsafe extern \"C\" { pub fn f(_: Option<" + elided(func() string { return g.typ(2) }) + ">); }"
	case 34:
		return "pub fn f() { let _: Option<" + elided(func() string { return g.typ(3) }) + "> = None; }"
	case 35:
		return "pub fn f() { fn g<T: " + g.bound(2) + ">(_: T) {} struct L; }"
	case 36:
		return "pub fn f() { struct L<T>(T) where " + g.predicate("T") + "; }"
	case 37:
		return "pub fn f() { type L = " + g.typ(2) + "; const C: u8 = 1; }"
	case 38:
		return "pub trait Own<A: ?Sized> {} pub struct Z; impl Own<" + elided(func() string { return g.typ(2) }) + "> for Z {}"
	case 39:
		return "pub trait R { fn f(&self, _: " + elided(func() string { return g.typ(2) }) + ") where Self: Sized {} }"
	case 0, 1:
		return "pub fn f<T: " + g.bound(2) + ">(_: T) {}"
	case 2, 3, 4:
		return "pub fn f<T: ?Sized>(_: &T) where " + g.predicate("T") + " {}"
	case 5:
		return named(func() string { return "pub fn f<'x, T: ?Sized>(_: &'x T) where " + g.predicate("T") + " {}" })
	case 6:
		return "pub fn f(_: impl " + g.bound(2) + ") {}"
	case 7:
		return "pub fn f(_: &" + g.pick("", "'static ") + "impl " + g.bound(2) + ") {}"
	case 8, 9:
		return elided(func() string { return "pub fn f(_: " + g.typ(3) + ") {}" })
	case 10:
		return "pub fn f() -> " + g.typ(3) + " { loop {} }"
	case 11:
		return "pub trait R: " + g.bound(2) + " {}"
	case 12:
		return "pub trait R<T: ?Sized> where " + g.predicate(g.pick("T", "Self")) + " {}"
	case 13:
		return "pub trait R { type Y: " + g.bound(2) + "; }"
	case 14:
		return named(func() string { return "pub trait R { type Y<'x, T> where " + g.predicate("T") + "; }" })
	case 15:
		return "pub trait R { fn f<T: ?Sized>(&self, _: &T) where " + g.predicate("T") + "; }"
	case 16:
		return "pub trait R { fn f(&self) -> impl " + g.bound(1) + "; }"
	case 17:
		return "pub struct R<T: " + g.bound(2) + ">(T);"
	case 18:
		return "pub enum R<T> where " + g.predicate("T") + " { A(T) }"
	case 19:
		return "pub struct R { f: u8, g: " + g.typ(3) + " }"
	case 20:
		return "pub struct R<A, B: ?Sized = " + g.pick(g.typ(2), "(A, "+g.typ(1)+")") + ">(A, Box<B>);"
	case 21:
		return "pub struct R<T>(T); impl<T> R<T> where " + g.predicate("T") + " {}"
	case 22:
		return "pub type R = " + g.typ(3) + ";"
	}
	return "pub struct R; pub trait Q { type V; } impl Q for R { type V = " + g.typ(3) + "; }"
}
