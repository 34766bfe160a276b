package infer_test

import (
	"strings"
	"testing"
)

// TestImplsBesideTypes has types that a macro of a dependency defines, with impls that the same invocation writes.
func TestImplsBesideTypes(t *testing.T) {
	const dep = `
#[macro_export]
macro_rules! wrapper {
    ($v:vis struct $name:ident <$($p:ident),*> ($inner:ty => $out:ty) $($rest:tt)*) => {
        $crate::fields! { $v struct $name<$($p),*> { inner: $inner } }
        $crate::impls! { $name <$($p),*> ($out) $($rest)* }
    };
}
#[macro_export]
macro_rules! fields { ($v:vis struct $name:ident <$($p:ident),*> { $f:ident: $t:ty }) => { $v struct $name<$($p),*> { $f: $t } }; }
#[macro_export]
macro_rules! impls {
    ($name:ident <$($p:ident),*> ($out:ty) : Deref $($rest:tt)*) => {
        impl<$($p),*> std::ops::Deref for $name<$($p),*> { type Target = $out; fn deref(&self) -> &$out { loop {} } }
        $crate::impls! { $name <$($p),*> ($out) $($rest)* }
    };
    ($name:ident <$($p:ident),*> ($out:ty) + get) => {
        impl<$($p),*> $name<$($p),*> { pub fn get(&self) -> &$out { loop {} } }
    };
    ($name:ident <$($p:ident),*> ($out:ty)) => {};
}
wrapper!(pub struct Guard<T>(Box<T> => T) : Deref);
wrapper!(pub struct Both<T>(Box<T> => T) : Deref + get);
wrapper!(pub struct Neither<T>(Box<T> => T));
pub struct Lock<T>(T);
impl<T> Lock<T> {
    pub fn lock(&self) -> Guard<T> { loop {} }
    pub fn both(&self) -> Both<T> { loop {} }
    pub fn neither(&self) -> Neither<T> { loop {} }
}
`
	for _, row := range []struct{ body, want string }{
		{"l.lock().fetch();", "dyn"},
		{"l.both().fetch();", "dyn"},
		{"l.both().get().fetch();", "dyn"},
		{"l.lock().get().fetch();", ""},
		{"l.neither().fetch();", ""},
	} {
		got := receivers(t, map[string]string{
			"Cargo.toml":     "[dependencies]\ndep = { path = \"dep\" }\n",
			"src/lib.rs":     "pub trait Client { async fn fetch(&self); }\nfn f(l: &dep::Lock<Box<dyn Client>>) { " + row.body + " }",
			"dep/Cargo.toml": "[package]\nname = \"dep\"\nversion = \"1.0.0\"\nedition = \"2024\"\n",
			"dep/src/lib.rs": dep,
		})
		if got != row.want {
			t.Errorf("%s: got %q, want %q", row.body, got, row.want)
		}
	}
}

// TestImplsOfOwnTraits has a trait of a dependency that a macro there implements for types whose names are not in its arguments.
func TestImplsOfOwnTraits(t *testing.T) {
	got := receivers(t, map[string]string{
		"Cargo.toml":     "[dependencies]\ndep = { path = \"dep\" }\n",
		"src/lib.rs":     "pub trait Client { async fn fetch(&self); }\nfn f(s: &dep::Small<[Box<dyn Client>; 4]>, n: &dep::Small<[Box<dyn Client>; 5]>) { s.first().fetch(); n.first().fetch(); }",
		"dep/Cargo.toml": "[package]\nname = \"dep\"\nversion = \"1.0.0\"\nedition = \"2024\"\n",
		"dep/src/lib.rs": `
pub trait Array { type Item; }
macro_rules! arrays { ($($n:literal),*) => { $(impl<T> Array for [T; $n] { type Item = T; })* } }
arrays!(2, 4);
pub struct Small<A: Array>(A);
impl<A: Array> Small<A> { pub fn first(&self) -> &A::Item { loop {} } }`,
	})
	if want := "dyn"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestImplsInArguments has macros that are defined elsewhere, with impls in their arguments among what is no item.
func TestImplsInArguments(t *testing.T) {
	const src = `
use std::sync::Arc;
pub trait Client { async fn fetch(&self); }
pub struct Web;
fn f(c: &Arc<dyn Client>, w: &Web) { c.fetch(); w.fetch(); }
`
	for _, row := range []struct{ item, want string }{
		{"other::mock! { pub Fake {} impl Client for Fake { async fn fetch(&self); } }", "dyn"},
		{"other::mock! { #[derive(Debug)] pub Fake<T> { fn inner(&self) -> Box<dyn Client>; } #[async_trait] impl<T: Client> crate::Client for Fake<T> { async fn fetch(&self); } }", "dyn"},
		{"other::mock! { pub Fake {} impl Iterator for Fake { type Item = Box<dyn Client>; fn next(&mut self) -> Option<Box<dyn Client>>; } }", "dyn"},
		{"other::also! { Fake {} impl Client for Web { async fn fetch(&self) {} } }", "dyn concrete"},
		{"other::also! { Fake {} impl<T: ?Sized> Client for Arc<T> { async fn fetch(&self) {} } }", "concrete"},
		{"other::also! { Fake {} impl<T> Client for &T where T: ?Sized { async fn fetch(&self) {} } }", "concrete concrete"},
		{"other::each! { Client: Arc, Box }", ""},
		{"other::each! { { Client } impl Client for Fake { async fn fetch(&self); } }", ""},
		{"other::when! { unix => { impl<T: ?Sized> Client for Arc<T> { async fn fetch(&self) {} } } }", ""},
		{"other::when! { unix => { struct Fake; unsafe impl<T: ?Sized> Client for Arc<T> { async fn fetch(&self) {} } } }", ""},
		{"other::each! { fn clients() -> impl Client { Web } Fake }", ""},
	} {
		if got := receivers(t, map[string]string{"src/lib.rs": src + row.item}); got != row.want {
			t.Errorf("%s: got %q, want %q", row.item, got, row.want)
		}
	}
}

// TestAutoImpl has a trait that #[auto_impl(..)] implements for pointers: its associated types are those of what they point to.
func TestAutoImpl(t *testing.T) {
	const src = `
use std::{rc::Rc, sync::Arc};
pub trait Client { async fn fetch(&self); }
#[auto_impl::auto_impl(Arc)]
pub trait Stage { type Out; }
pub struct Disk;
impl Stage for Disk { type Out = Box<dyn Client>; }
pub trait Access { type Out; }
impl Access for u8 { type Out = Box<dyn Client>; }
pub trait Open { type Reader; }
pub struct Files<S, A>(S, A);
impl<S, A: Access> Open for Files<S, A> where S: Stage<Out = A::Out> { type Reader = S::Out; }
`
	for _, row := range []struct{ fn, want string }{
		{"fn f(r: <Arc<Disk> as Stage>::Out) { r.fetch(); }", "dyn"},
		{"fn f(r: &<Files<Arc<Disk>, u8> as Open>::Reader) { r.fetch(); }", "dyn"},
		{"impl Stage for Rc<Disk> { type Out = Web; } pub struct Web; impl Client for Web { async fn fetch(&self) {} } fn f(r: <Rc<Disk> as Stage>::Out) { r.fetch(); }", "concrete"},
		{"impl Stage for Arc<u8> { type Out = Box<dyn Client>; } fn f<T>(r: <Arc<u8> as Stage>::Out) { r.fetch(); }", "dyn"},
	} {
		if got := receivers(t, map[string]string{"src/lib.rs": src + row.fn}); got != row.want {
			t.Errorf("%s: got %q, want %q", row.fn, got, row.want)
		}
	}
}

// TestNestedConditions has a tower of impls, each of which asks for the one below and for its associated type. A body reaches its limits
// if each question about a level leads to more than a few about the next.
func TestNestedConditions(t *testing.T) {
	const height = 8
	got := receivers(t, map[string]string{
		"src/lib.rs": `
pub trait Client { async fn fetch(&self); }
pub trait Make { type Out; fn make(&self) -> Self::Out; }
pub trait Turn<A> { type Out; }
pub struct Map<M, F>(M, F);
pub struct Same;
impl<A> Turn<A> for Same { type Out = A; }
pub struct Base;
impl Make for Base { type Out = Box<dyn Client>; fn make(&self) -> Box<dyn Client> { loop {} } }
impl<M: Make, F> Make for Map<M, F> where F: Turn<M::Out> { type Out = <F as Turn<M::Out>>::Out; fn make(&self) -> Self::Out { loop {} } }
fn f<C: Client>(c: &C, tower: ` + strings.Repeat("Map<", height) + "Base" + strings.Repeat(", Same>", height) + `) { c.fetch(); tower.make().fetch(); }`,
	})
	if want := "generic dyn"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
