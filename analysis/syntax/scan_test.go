package syntax

import (
	"fmt"
	"strings"
	"testing"
)

var itemKindNames = [...]string{KindMod: "mod", KindFn: "fn", KindStruct: "struct", KindEnum: "enum", KindUnion: "union",
	KindTrait: "trait", KindTraitAlias: "trait alias", KindImpl: "impl", KindType: "type", KindConst: "const",
	KindStatic: "static", KindUse: "use", KindExternCrate: "extern crate", KindExternBlock: "extern block",
	KindMacroRules: "macro_rules", KindMacroCall: "call", KindBlock: "block"}

// skeleton writes a File as the tests expect it: an item a line, indented below its parent, with what is noteworthy about
// it; a `dyn` as `dyn in ITEM`; a Problem as `! message`.
func skeleton(f *File) string {
	var b strings.Builder
	depth := func(item int32) (n int) {
		for ; item >= 0; item = f.Items[item].Parent {
			n++
		}
		return n
	}
	for i, it := range f.Items {
		b.WriteString(strings.Repeat("  ", depth(it.Parent)) + itemKindNames[it.Kind])
		if it.Name != "" {
			b.WriteString(" " + it.Name)
		}
		switch it.Kind {
		case KindImpl, KindUse:
			fmt.Fprintf(&b, " '%s'", headerText(f, it))
		case KindMacroCall:
			fmt.Fprintf(&b, " %s", f.Macros[it.Macro].Path.Of(f.Text))
		}
		if it.Visibility != VisPrivate {
			fmt.Fprintf(&b, " %s", [...]string{"", "pub", "pub(crate)", "pub(super)", "pub(self)", "pub(in " + string(it.VisPath.Of(f.Text)) + ")"}[it.Visibility])
		}
		for k, name := range []string{"unsafe", "auto", "const", "async", "default", "final", "extern", "", "negative", "recovered", "raw", "gen"} {
			if name != "" && it.Flags&(1<<k) != 0 {
				b.WriteString(" " + name)
			}
		}
		for _, a := range f.Attrs[it.Attrs.Start:it.Attrs.End] {
			b.WriteString(" " + attrText(f, a))
		}
		if it.Macro >= 0 && it.Kind != KindMacroCall {
			fmt.Fprintf(&b, " in %s", macroText(f, it.Macro))
		}
		b.WriteString("\n")
		for _, d := range f.Dyns {
			if d.Item == int32(i) {
				fmt.Fprintf(&b, "%sdyn%s\n", strings.Repeat("  ", depth(int32(i))), dynText(f, d))
			}
		}
	}
	for _, d := range f.Dyns {
		if d.Item < 0 {
			fmt.Fprintf(&b, "dyn%s\n", dynText(f, d))
		}
	}
	for _, p := range f.Problems {
		fmt.Fprintf(&b, "! %s\n", strings.ReplaceAll(p.Message, "`", "'"))
	}
	return b.String()
}

func headerText(f *File, it Item) string {
	span := it.Span
	if it.Flags&FlagBody != 0 {
		span.End = it.Body.Start - 1
	}
	return strings.TrimSpace(string(span.Of(f.Text)))
}

func attrText(f *File, a Attr) string {
	mark := "#"
	if a.Inner {
		mark = "#!"
	}
	return mark + string(a.Path.Of(f.Text)) + string(a.Args.Of(f.Text))
}

func dynText(f *File, d Dyn) string {
	rest := strings.FieldsFunc(string(f.Text[d.Offset+3:]), func(r rune) bool { return strings.ContainsRune(">,;)} \n", r) })
	s := " ?"
	if len(rest) > 0 {
		s = " " + rest[0]
	}
	if d.Macro >= 0 {
		s += " in " + macroText(f, d.Macro)
	}
	return s
}

// macroText is a macro's path and conditions, and those of the macros around it.
func macroText(f *File, macro int32) string {
	m := f.Macros[macro]
	s := string(m.Path.Of(f.Text))
	if !m.Name.Empty() {
		s += " " + string(m.Name.Of(f.Text))
	}
	if !m.Cond.Empty() {
		s += "[" + string(m.Cond.Of(f.Text)) + "]"
	}
	for _, n := range m.Negated {
		s += "[not " + string(n.Of(f.Text)) + "]"
	}
	if m.Outer >= 0 {
		s += " < " + macroText(f, m.Outer)
	}
	return s
}

// testSkeleton compares skeletons; both texts may be indented by tabs, as raw strings in Go are.
func testSkeleton(t *testing.T, edition int, src, want string) {
	t.Helper()
	trim := func(s string) string {
		lines := strings.Split(strings.Trim(s, "\n\t"), "\n")
		for i := range lines {
			lines[i] = strings.TrimLeft(lines[i], "\t")
		}
		return strings.TrimSpace(strings.Join(lines, "\n"))
	}
	f := Scan([]byte(src), edition)
	checkFile(t, f)
	if got := strings.TrimSpace(skeleton(f)); got != trim(want) {
		t.Errorf("%s\nreads as\n%s\nwant\n%s", src, got, trim(want))
	}
}

// checkFile asserts what holds for the skeleton of every text.
func checkFile(t *testing.T, f *File) {
	t.Helper()
	size := uint32(len(f.Text))
	inRange := func(what string, start, end uint32) {
		if start > end || end > size {
			t.Fatalf("%s %d..%d is outside of the text (%d bytes)", what, start, end, size)
		}
	}
	last := uint32(0)
	for i, it := range f.Items {
		inRange("item", it.Span.Start, it.Span.End)
		inRange("name", it.NameSpan.Start, it.NameSpan.End)
		inRange("path", it.VisPath.Start, it.VisPath.End)
		if it.Kind == 0 || it.Span.Empty() || !it.Span.Encloses(it.Body) && it.Flags&FlagBody != 0 {
			t.Fatalf("item %d is broken: %+v", i, it)
		}
		if it.Span.Start < last {
			t.Fatalf("item %d is out of order", i)
		}
		last = it.Span.Start
		if it.Parent >= int32(i) || it.Parent < -1 || it.Macro >= int32(len(f.Macros)) {
			t.Fatalf("item %d has the parent %d, the macro %d", i, it.Parent, it.Macro)
		}
		if it.Parent >= 0 && !f.Items[it.Parent].Span.Encloses(it.Span) {
			t.Fatalf("item %d (%s %s) %v is not inside its parent %s %s %v", i, itemKindNames[it.Kind], it.Name, it.Span, itemKindNames[f.Items[it.Parent].Kind],
				f.Items[it.Parent].Name, f.Items[it.Parent].Span)
		}
		if it.Attrs.Start > it.Attrs.End || int(it.Attrs.End) > len(f.Attrs) {
			t.Fatalf("item %d has the attributes %v of %d", i, it.Attrs, len(f.Attrs))
		}
	}
	for _, a := range f.Attrs {
		inRange("attribute", a.Span.Start, a.Span.End)
		inRange("attribute path", a.Path.Start, a.Path.End)
		inRange("attribute arguments", a.Args.Start, a.Args.End)
	}
	for i, d := range f.Dyns {
		inRange("dyn", d.Offset, d.Offset+3)
		if string(f.Text[d.Offset:d.Offset+3]) != "dyn" || d.Item >= int32(len(f.Items)) || d.Macro >= int32(len(f.Macros)) {
			t.Fatalf("dyn %d is broken: %+v", i, d)
		}
		if i > 0 && f.Dyns[i-1].Offset >= d.Offset {
			t.Fatalf("dyn %d is out of order", i)
		}
		if d.Item >= 0 && !f.Items[d.Item].Span.Contains(d.Offset) {
			t.Fatalf("dyn %d at %d is not inside its item %v", i, d.Offset, f.Items[d.Item].Span)
		}
		if d.Macro >= 0 && !f.Macros[d.Macro].Args.Contains(d.Offset) {
			t.Fatalf("dyn %d at %d is not inside its macro %v", i, d.Offset, f.Macros[d.Macro].Args)
		}
	}
	for i, m := range f.Macros {
		inRange("macro path", m.Path.Start, m.Path.End)
		inRange("macro arguments", m.Args.Start, m.Args.End)
		inRange("condition", m.Cond.Start, m.Cond.End)
		if m.Outer >= int32(i) || m.Item >= int32(len(f.Items)) {
			t.Fatalf("macro %d is broken: %+v", i, m)
		}
	}
	for _, p := range f.Problems {
		inRange("problem", p.Span.Start, p.Span.End)
	}
}

func TestItems(t *testing.T) {
	testSkeleton(t, 2021, `
#![no_std]
#![allow(dead_code)]
//! docs
#[derive(Debug)] #[path = "x.rs"]
pub struct A<T: ?Sized = [u8; 3]> where T: B { pub x: Box<dyn T> }
struct U; struct V(u8, Box<dyn X>);
pub(crate) enum E { A = 1, B { x: u8 }, C(Box<dyn Y>) }
pub(in a::b) union N { a: u8 }
mod m; mod inline { #![inner] pub(super) fn f() {} }
pub(self) const C: u8 = 3; const _: () = ();
static mut S: &dyn Z = &();
type F = unsafe extern "C" fn(u8) -> u8;
use a::{b, c as d};
use ::x;
extern crate core; extern crate a as r#type; extern crate z as _;
extern "C" { static X: u8; fn g(a: *const u8, ...); type T; }
unsafe extern { safe fn h(); }
fn r#fn() {}
`, `
		struct A pub #derive(Debug) #path"x.rs"
		  dyn T
		struct U
		struct V
		  dyn X
		enum E pub(crate)
		  dyn Y
		union N pub(in a::b)
		mod m
		mod inline #!inner
		  fn f pub(super)
		const C pub(self)
		const
		static S
		  dyn Z
		type F
		use 'use a::{b, c as d};'
		use 'use ::x;'
		extern crate core
		extern crate type raw
		extern crate
		extern block
		  static X
		  fn g
		  type T
		extern block unsafe
		  fn h
		fn fn raw
		`)
}

func TestTraitsAndImpls(t *testing.T) {
	testSkeleton(t, 2024, `
pub unsafe auto trait A: B<C = { 3 }> + 'static {}
const trait D { const N: usize = { 1 }; type T: X where Self: Sized; fn f(&self) where Self: Sized; fn g() {} m!(); }
trait Alias<T = u8> = B<Item = T> + C where T: D;
pub(crate) const unsafe trait E {}
impl<const N: usize, const B: bool> Foo<{ N + 1 }> for Bar<-1, { B }> where [(); { N }]: Sized { fn f() {} }
impl<T> const Foo for T {}
impl !Send for X {}
default impl Foo for Y { default fn f() {} default type T = u8; default const C: u8 = 3; final fn z() {} }
unsafe impl<#[may_dangle] T> Drop for Z<T> {}
impl dyn Foo + '_ {}
trait G { async fn a(); const unsafe extern "C" fn b(); gen fn c() {} async gen fn d() {} unsafe fn e(); }
`, `
		trait A pub unsafe auto
		trait D const
		  const N
		  type T
		  fn f
		  fn g
		  call m
		trait alias Alias
		trait E pub(crate) unsafe const
		impl 'impl<const N: usize, const B: bool> Foo<{ N + 1 }> for Bar<-1, { B }> where [(); { N }]: Sized'
		  fn f
		impl 'impl<T> const Foo for T' const
		impl 'impl !Send for X' negative
		impl 'default impl Foo for Y' default
		  fn f default
		  type T default
		  const C default
		  fn z final
		impl 'unsafe impl<#[may_dangle] T> Drop for Z<T>' unsafe
		impl 'impl dyn Foo + '_'
		  dyn Foo
		trait G
		  fn a async
		  fn b unsafe const extern
		  fn c gen
		  fn d async gen
		  fn e unsafe
		`)
}

func TestItemsInBodies(t *testing.T) {
	testSkeleton(t, 2021, `
fn f() {
    #![inner]
    use a::b;
    let x: &dyn A = &3;
    struct Local;
    let c = || { let y: &dyn B; impl Local {} };
    if true { { fn deep() {} } #[cfg(a)] { trait After {} } }
    let arr = [0; { const K: usize = 3; K }];
    match x { A { .. } => {} _ => { let z: &dyn C; } }
    #[cfg(test)] pub fn last() {}
    unsafe { } const { } static || {}; async move { };
    let union = 3; union + 1; auto = 2; default();
}
const X: usize = { fn in_const() {} 3 };
enum E { A = { const Q: isize = 1; Q } }
fn g<const N: usize>(a: [u8; { fn in_param() {} 3 }]) -> Foo<{ struct InRet; 3 }> {}
`, `
		fn f #!inner
		  dyn A
		  dyn C
		  use 'use a::b;'
		  struct Local
		  block
		    dyn B
		    impl 'impl Local'
		  block
		    block
		      fn deep
		    block #cfg(a)
		      trait After
		  block
		    const K
		  fn last pub #cfg(test)
		const X
		  block
		    fn in_const
		enum E
		  block
		    const Q
		fn g
		  block
		    fn in_param
		  block
		    struct InRet
		`)
}

func TestContextualKeywords(t *testing.T) {
	testSkeleton(t, 2015, `
fn union() {} fn auto() {} fn default() {} fn safe() {} fn dyn() {} fn async() {} fn macro_rules() {}
mod union {} union union { a: u8 } struct auto; trait default {} const auto: u8 = 1; static safe: u8 = 1;
fn f() {
    union = 3; default; auto.x(); safe::y(); macro_rules!{}; dyn::x(); let dyn = x.dyn(a); dyn(3); gen();
    match x { default => {} union => {} auto if y => {} safe | gen => {} }
    let p: Box<dyn A>; let q: &dyn (A); let r = y as &mut dyn ::a::B;
}
use dyn; use a::dyn as b;
`, `
		fn union
		fn auto
		fn default
		fn safe
		fn dyn
		fn async
		fn macro_rules
		mod union
		union union
		struct auto
		trait default
		const auto
		static safe
		fn f
		  dyn A
		  dyn (A
		use 'use dyn;'
		use 'use a::dyn as b;'
		`)
}

func TestMacroCalls(t *testing.T) {
	testSkeleton(t, 2021, `
cfg_rt! { #[doc(hidden)] pub mod a { fn x() {} } use b; }
foo::bar!(1, &dyn A);
lazy_static! { pub static ref L: Box<dyn B> = { 3 }; }
bitflags! { pub struct F: u32 { const A = 1; } }
$crate::nested! { inner! { trait T {} } }
thread_local!(static T: u8 = 3);
impl X { delegate! { fn a(&self); } call!(); }
fn f() {
    thread_local! { static Y: u8 = 1; }
    println!("{}", x as &dyn C);
    vec![1, baz!(dyn D), { struct NotRead; }];
    let z = quote! { fn no() {} };
    if_items! { #[a] fn yes() {} }
}
old! name { }
`, `
		call cfg_rt
		mod a pub #doc(hidden) in cfg_rt
		  fn x in cfg_rt
		use 'use b;' in cfg_rt
		call foo::bar
		  dyn A in foo::bar
		call lazy_static
		static L pub in lazy_static
		  dyn B in lazy_static
		call bitflags
		call $crate::nested
		call inner
		trait T in inner < $crate::nested
		call thread_local
		static T recovered in thread_local
		impl 'impl X'
		  call delegate
		  fn a in delegate
		  call call
		fn f
		  dyn C in println
		  dyn D in baz < vec
		  call thread_local
		  static Y in thread_local
		  call if_items
		  fn yes #a in if_items
		call old
		`)
}

func TestMacroDefinitions(t *testing.T) {
	testSkeleton(t, 2021, `
#[macro_export]
macro_rules! m {
    (dyn $t:path) => { fn f() -> Box<dyn $t> {} };
    ($($x:ident)*) => { $( trait $x { fn g(&self) -> &dyn Foo; other!(dyn $x); } )* };
}
macro_rules! paren ( () => () );
pub macro decl($x:ty) { let x: dyn A; let y: $dyn; a.dyn }
macro rules { (dyn) => { dyn !Send } }
fn f() { macro_rules! local { () => {} } }
`, `
		macro_rules m #macro_export
		  dyn $t in macro_rules m
		  dyn Foo in macro_rules m
		  dyn $x in other < macro_rules m
		macro_rules paren
		macro_rules decl pub
		  dyn A in macro decl
		macro_rules rules
		  dyn !Send in macro rules
		fn f
		  macro_rules local
		`)
}

func TestConditionalMacros(t *testing.T) {
	testSkeleton(t, 2021, `
cfg_if::cfg_if! {
    if #[cfg(unix)] { mod unix; use unix::*; }
    else if #[cfg(all(windows, feature = "x"))] { trait W { fn f(&self) -> &dyn A; } }
    else { compile_error!("no"); fn other() {} }
}
cfg_select! { unix => { fn a() {} } all(b, c) => fn b() {}, _ => { fn c() {} } }
fn f() {
    cfg_if! { if #[cfg(x)] { let y: &dyn B; fn z() {} } else { w() } }
}
`, `
		call cfg_if::cfg_if
		mod unix in cfg_if::cfg_if[unix] < cfg_if::cfg_if
		use 'use unix::*;' in cfg_if::cfg_if[unix] < cfg_if::cfg_if
		trait W in cfg_if::cfg_if[all(windows, feature = "x")][not unix] < cfg_if::cfg_if
		  fn f in cfg_if::cfg_if[all(windows, feature = "x")][not unix] < cfg_if::cfg_if
		    dyn A in cfg_if::cfg_if[all(windows, feature = "x")][not unix] < cfg_if::cfg_if
		call compile_error
		fn other in cfg_if::cfg_if[not unix][not all(windows, feature = "x")] < cfg_if::cfg_if
		call cfg_select
		fn a in cfg_select[unix] < cfg_select
		fn b in cfg_select[all(b, c)][not unix] < cfg_select
		fn c in cfg_select[not unix][not all(b, c)] < cfg_select
		fn f
		  dyn B in cfg_if[x] < cfg_if
		  call cfg_if
		  fn z in cfg_if[x] < cfg_if
		`)
}

func TestDynTypes(t *testing.T) {
	src := `
#[doc(dyn A)]
type T = (dyn A, &dyn ?Sized, dyn for<'a> B<'a>, dyn 'a + C, dyn (D), dyn ::e::F, dyn* G, r#dyn, dyn <T as X>::Y, m!(dyn, dyn H, dyn: 3));
fn dyn_() where dyn I: J {}
`
	for _, c := range []struct {
		edition int
		want    int
	}{{2015, 6}, {2018, 9}, {2024, 9}} {
		if f := Scan([]byte(src), c.edition); len(f.Dyns) != c.want {
			t.Errorf("%d: %d dyns, want %d\n%s", c.edition, len(f.Dyns), c.want, skeleton(f))
		}
	}
}
