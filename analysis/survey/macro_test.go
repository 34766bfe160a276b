package survey_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// macroRows are modules of one crate. Rustc compiles them, and the lines on which it finds a type that is not dyn compatible
// must be the lines on which we do. What stands on a line that ends in `//?` must be unknown because of a macro, all else known.
var macroRows = []struct{ name, text string }{
	{"forwarded as tokens", `
macro_rules! m { ($($t:tt)*) => { $($t)* } }
m! { pub fn f(_: &dyn Bad, _: &dyn Good) {} }
m! { pub trait Own { fn f(); } pub fn g(_: &dyn Own) {} }
pub fn h(_: &dyn Own) {}`},
	{"members that a macro of the same file writes", `
macro_rules! more { () => { async fn g(&self); } }
macro_rules! members { ($($t:tt)*) => { $($t)* } }
pub trait A { fn f(&self); more!(); }
pub trait B { members! { async fn g(&self); } }
pub trait C { members! { fn g(&self); } }
pub fn a(_: &dyn A) {} //?
pub fn b(_: &dyn B) {}
pub fn c(_: &dyn C) {}`},
	{"forwarded as items", `
macro_rules! m { ($($i:item)*) => { $(#[allow(unused)] $i)* } }
m! {
    /// Documented.
    pub fn f(_: &dyn Bad) {}
    #[derive(Debug)] pub struct S;
    pub trait Own { fn f(); }
}
pub fn h(_: &dyn Own) {}`},
	{"forwarded as types", `
macro_rules! m { ($($n:ident: $t:ty),* $(,)?) => { $(pub fn $n(_: $t) {})* } }
m! { a: &dyn Bad, b: Box<dyn Good>,
     c: Box<dyn Bad + Send> }`},
	{"forwarded as types to where rustc does not look", `
macro_rules! alias { ($n:ident = $t:ty) => { pub type $n = $t; } }
alias!(A = dyn Bad);
pub fn a() { alias!(B = Box<dyn Bad>); }
macro_rules! bound { ($n:ident: $t:ty) => { pub fn $n<F: Fn($t)>(_: F) {} } }
bound!(b: &dyn Bad);
bound!(c: Box<dyn Bad>);
macro_rules! projection { ($n:ident: $t:ty) => { pub fn $n(_: <$t as Id>::Out) {} } }
pub trait Id { type Out; }
impl<T: ?Sized> Id for T { type Out = u8; }
projection!(d: dyn Bad);
macro_rules! both { ($n:ident: $t:ty) => { pub mod $n { use super::*; } pub type Both = $t; pub fn $n(_: $t) {} } }
both!(e: Box<dyn Bad>);
macro_rules! wrapped { ($t:ty) => { Box<$t> } }
macro_rules! twice { ($t:ty) => { pub type Twice = wrapped!($t); } }
twice!(dyn Bad);`},
	{"names that the expansion declares", `
macro_rules! block { ($b:block) => { $b } }
macro_rules! all { ($($t:tt)*) => { $($t)* } }
pub fn a() { block!({ pub trait Bad { fn f(&self); } let _: Option<&dyn Bad> = None; }) } //?
pub fn b() { all! { use std::fmt::Debug as Bad; let _: Option<&dyn Bad> = None; } } //?
pub fn c() { all! { use std::fmt::Debug; let _: Option<&dyn Bad> = None; } }
macro_rules! inside { ($t:ty) => { pub fn inside() { pub trait Bad { fn f(&self); } let _: Option<$t> = None; } } }
inside!(&dyn Bad); //?
macro_rules! beside { ($n:ident: $t:ty) => { pub trait Beside { fn g(); } pub fn $n(_: $t) {} } }
beside!(d: &dyn Beside);`},
	{"forwarded as expressions", `
macro_rules! m { ($e:expr) => { $e } }
macro_rules! n { ($($e:expr),*) => { { $(let _ = $e;)* } } }
pub fn f() {
    let _ = m!(None::<Box<dyn Bad>>);
    n!(1, None::<&dyn Bad>, |_: &dyn Good| {});
    n!(vec![None::<Box<dyn Bad>>],
       m!(None::<&dyn Bad>));
}`},
	{"forwarded as blocks and statements", `
macro_rules! m { ($b:block) => { $b } }
macro_rules! n { ($s:stmt) => { $s; } }
pub fn f() {
    m!({ let _: Option<&dyn Bad> = None; });
    n!(let _: Option<&dyn Bad> = None);
}`},
	{"items written by statements", `
macro_rules! declare { ($n:ident: $($s:path),*) => { pub trait $n: $($s +)* {} } }
macro_rules! import { ($($p:tt)*) => { use $($p)*; } }
macro_rules! value { ($e:expr) => { $e } }
pub mod fine { pub trait Bad {} pub trait Other: Clone {} }
pub fn a() { declare!(Bad: Send); fn f(_: &dyn Bad) {} }
pub fn b() { declare!(Good: Send, Clone); fn f(_: &dyn Good) {} }
pub fn c() { import!(fine::{Bad, Other as Good}); fn f(_: &dyn Bad) {}
    fn g(_: &dyn Good) {} }
pub fn d() { macro_rules! own { () => { pub trait Bad {} } } own!(); fn f(_: &dyn Bad) {} }
pub fn e() { value!(1); fn f(_: &dyn Bad) {} }
macro_rules! through { ($n:ident) => { declare!($n: Send); } }
pub fn g() { through!(Bad); fn f(_: &dyn Bad) {} }`},
	{"in type position", `
macro_rules! m { ($t:ty) => { Box<$t> } }
pub fn f(_: m!(dyn Bad), _: m!(dyn Good)) {}`},
	{"types that a macro writes in a signature", `
macro_rules! selfish { () => { Self } }
macro_rules! opaque { ($t:ty) => { impl Iterator<Item = $t> } }
macro_rules! list { ($t:ty) => { Vec<$t> } }
pub trait A { fn f(&self) -> selfish!(); }
pub trait B { fn f(&self) -> opaque!(u8); }
pub trait C { fn f(&self, x: list!(u8)) -> list!(Box<dyn Good>); }
pub trait D { fn f(&self, x: list!(u8)); fn g() -> selfish!(); }
pub fn a(_: &dyn A) {} //?
pub fn b(_: &dyn B) {} //?
pub fn c(_: &dyn C) {}
pub fn d(_: &dyn D) {}`},
	{"dropped", `
macro_rules! m { ($($t:tt)*) => {} }
m! { pub fn f(_: &dyn Bad) {} } //?
m! { pub trait Good2 {} } use super::Bad as Good2;
pub fn g(_: &dyn Good2) {}
pub fn h() { m!(None::<&dyn Bad>); } //?`},
	{"dropped by one rule only", `
macro_rules! m { (no $($t:tt)*) => {}; ($($t:tt)*) => { $($t)* } }
m! { no pub fn f(_: &dyn Bad) {} } //?
m! { pub fn f(_: &dyn Bad) {} }`},
	{"made a text", `
macro_rules! m { ($t:ty) => { stringify!($t) } }
pub fn f() -> (&'static str, &'static str) { (m!(&dyn Bad), //?
    stringify!(&dyn Bad)) } //?`},
	{"under a condition that does not hold", `
macro_rules! m { ($($i:item)*) => { $(#[cfg(any())] $i)* } }
m! { pub fn f(_: &dyn Bad) {} pub trait Good2 {} }
use super::Bad as Good2;
pub fn g(_: &dyn Good2) {}`},
	{"under both conditions", `
macro_rules! on { ($($i:item)*) => { $(#[cfg(not(any()))] $i)* } }
macro_rules! off { ($($i:item)*) => { $(#[cfg(any())] $i)* } }
off! { pub trait T { fn f(&self); } }
on! { pub trait T { fn f(); } }
pub fn f(_: &dyn T) {}`},
	{"rewritten for the worse", `
macro_rules! m { ($v:vis trait $n:ident { $($body:tt)* }) => { $v trait $n { $($body)* fn more(); } } }
m! { pub trait T { fn f(&self); } }
pub fn f(_: &dyn T) {}`},
	{"rewritten for the better", `
macro_rules! m { ($v:vis trait $n:ident { $(fn $f:ident();)* }) => { $v trait $n { $(fn $f() where Self: Sized;)* } } }
m! { pub trait T { fn f(); } }
pub fn f(_: &dyn T) {}`},
	{"rewritten with a supertrait", `
macro_rules! m { (trait $n:ident $body:tt) => { pub trait $n: Clone $body } }
m! { trait T { fn f(&self); } }
pub fn f(_: &dyn T) {}`},
	{"generated", `
macro_rules! label { ($(#[$a:meta])* $n:ident) => { $(#[$a])* pub trait $n { fn id() -> u8; } } }
macro_rules! fine { ($n:ident) => { pub trait $n { fn id(&self) -> u8; } } }
label!(#[doc = "x"] T);
fine!(U);
pub fn f(_: &dyn T, _: &dyn U) {}
pub fn g(_: &dyn U) {}`},
	{"generated by a generated call", `
macro_rules! inner { ($n:ident, $f:ident) => { pub trait $n { fn $f(); } } }
macro_rules! outer { ($($n:ident)*) => { $(inner! { $n, new })* } }
outer!(T U);
pub fn f(_: &dyn T) {}
pub fn g(_: &dyn U) {}`},
	{"generated with a callback", `
macro_rules! each { ($call:ident) => { $call! { T new } } }
macro_rules! define { ($n:ident $f:ident) => { pub trait $n { fn $f(); } } }
each!(define);
pub fn f(_: &dyn T) {}`},
	{"generated step by step", `
macro_rules! build {
    ([$($done:tt)*] method $n:ident; $($rest:tt)*) => { build! { [$($done)* fn $n(&self);] $($rest)* } };
    ([$($done:tt)*] static $n:ident; $($rest:tt)*) => { build! { [$($done)* fn $n();] $($rest)* } };
    ([$($done:tt)*] end $t:ident) => { pub trait $t { $($done)* } };
}
build! { [] method a; method b; end Fine }
build! { [] method a; static b; end Worse }
pub fn f(_: &dyn Fine) {}
pub fn g(_: &dyn Worse) {}`},
	{"generated under its host's names", `
macro_rules! m { ($n:ident: $s:ident) => { pub trait $n: $s {} } }
m!(T: Bad);
m!(U: Good);
pub fn f(_: &dyn T) {}
pub fn g(_: &dyn U) {}`},
	{"generated names hide others", `
macro_rules! m { ($n:ident) => { pub trait $n {} } }
m!(Clone);
pub trait T: Clone {}
pub fn f(_: &dyn T) {}`},
	{"generated imports", `
macro_rules! m { ($($n:ident as $o:ident)*) => { $(pub use super::$n as $o;)* } }
m!(Bad as B Good as G);
pub fn f(_: &dyn B) {}
pub fn g(_: &dyn G) {}`},
	{"generated aliases", `
macro_rules! m { ($n:ident = $t:ty) => { pub type $n = $t; } }
m!(S = Self_);
pub struct Self_;
m!(B = Box<u8>);
pub trait T { fn f(&self, x: B); }
pub fn f(_: &dyn T) {}`},
	{"generated modules", `
macro_rules! m { ($n:ident { $($i:item)* }) => { pub mod $n { pub trait In { fn f(); } $($i)* } } }
m!(a { pub fn f(_: &dyn In) {} }); //?
pub fn g(_: &dyn a::In) {}`},
	{"a module with the same names", `
pub trait T { fn f(&self); }
macro_rules! m { ($($t:tt)*) => { pub mod n { pub trait T { fn f(); } $($t)* } } }
m! { pub fn f(_: &dyn T) {} } //?`},
	{"more bounds", `
macro_rules! m { ($($t:tt)*) => { pub fn f(_: Box<$($t)* + Send>) {} } }
m!(dyn Good); //?`},
	{"order of definitions", `
macro_rules! m { ($($t:tt)*) => { $($t)* } }
m! { pub fn f(_: &dyn Bad) {} }
macro_rules! m { ($($t:tt)*) => { } }
m! { pub fn g(_: &dyn Bad) {} } //?
pub mod after { m! { pub fn g(_: &dyn Bad) {} } } //?`},
	{"#[macro_use]", `
#[macro_use] mod macros { macro_rules! m { ($($t:tt)*) => { } } }
mod other { macro_rules! m { ($($t:tt)*) => { $($t)* } } }
m! { pub fn g(_: &dyn Bad) {} } //?`},
	{"imported macros", `
mod macros {
    macro_rules! drop_it { ($($t:tt)*) => { } }
    macro_rules! keep_it { ($($t:tt)*) => { $($t)* } }
    pub(crate) use drop_it;
    pub(crate) use keep_it as kept;
}
use macros::*;
macros::drop_it! { pub fn f(_: &dyn super::Bad) {} } //?
drop_it! { pub fn f(_: &dyn super::Bad) {} } //?
kept! { pub fn f(_: &dyn super::Bad) {} }`},
	{"exported macros", `
#[macro_export] macro_rules! exported_row { ($($t:tt)*) => { $($t)* } }
#[macro_export] macro_rules! exported_drop { ($($t:tt)*) => { } }
crate::exported_row! { pub fn f(_: &dyn Bad) {} }
crate::exported_drop! { pub fn f(_: &dyn Bad) {} } //?`},
	{"local_inner_macros", `
pub mod macros {
    #[macro_export(local_inner_macros)] macro_rules! local_outer { ($($t:tt)*) => { local_inner!{ $($t)* } } }
    #[macro_export] macro_rules! local_inner { ($($i:item)*) => { $($i)* } }
}
mod shadow { macro_rules! local_inner { ($($t:tt)*) => { } } crate::local_outer! { pub fn f(_: &dyn super::Bad) {} } }`},
	{"$crate", `
pub trait Bad2 { fn f(&self); }
macro_rules! m { ($n:ident) => { pub trait $n: $crate::Bad {} } }
m!(T);
pub fn f(_: &dyn T) {}`},
	{"in function bodies", `
pub fn f() {
    macro_rules! keep { ($t:ty) => { let _: Option<$t> = None; } }
    macro_rules! lose { ($t:ty) => { } }
    keep!(&dyn Bad);
    lose!(&dyn Bad); //?
    { macro_rules! keep { ($t:ty) => { } } keep!(&dyn Bad); } //?
    keep!(&dyn Bad);
}`},
	{"members", `
macro_rules! keep { ($($t:tt)*) => { $($t)* } }
macro_rules! lose { ($($t:tt)*) => { } }
macro_rules! make { () => { fn made(); } }
pub trait A { keep! { fn f(); } }
pub trait B { lose! { fn f(); } fn g(&self); }
pub trait C { keep! { fn f(&self); } lose! { const X: u8; } }
pub fn a(_: &dyn A) {}
pub fn b(_: &dyn B) {}
pub fn c(_: &dyn C) {}`},
	{"macros that macros define", `
macro_rules! define { ($n:ident) => { macro_rules! $n { ($d:ident) => { pub trait $d { fn f(); } } } $n!(T); } }
define!(local);
pub fn f(_: &dyn T) {}`},
	{"wrapped twice", `
macro_rules! outer { ($($t:tt)*) => { inner! { $($t)* } } }
macro_rules! inner { ($($i:item)*) => { $($i)* } }
outer! { pub trait T { fn f(); } pub fn f(_: &dyn T) {} }
outer! { inner! { pub fn g(_: &dyn T) {} } }
pub fn h(_: &dyn T) {}`},
	{"types among tokens", `
macro_rules! m { ($($a:ident ($($t:tt)*) -> $r:ty;)*) => { $(pub fn $a($($t)*) -> $r { loop {} })* } }
m! {
    a(_: &dyn Bad, _: u8) -> u8;
    b(_: Vec<Vec<u8>>) -> Box<dyn Bad>;
    c() -> Vec<Box<dyn Good>>;
}`},
	{"private helpers", `
macro_rules! m { ($($t:tt)*) => { m_impl! { @item $($t)* } } }
macro_rules! m_impl { (@skip $($t:tt)*) => { }; (@item $($t:tt)*) => { $($t)* } }
m! { pub fn f(_: &dyn Bad) {} }
m_impl! { @skip pub fn g(_: &dyn Bad) {} } //?`},
	{"repeated", `
macro_rules! m { ($t:ty; $($n:ident)*) => { $(pub fn $n(_: $t) {})* } }
m!(&dyn Bad; a b c);`},
	{"only traits among items", `
macro_rules! m { ($(trait $n:ident;)*) => { $(pub trait $n { fn f(); })* } }
m! { trait A; trait B; }
pub fn f(_: &dyn A) {}
pub fn g(_: &dyn B) {}`},
	{"impls generated", `
macro_rules! m { ($($t:ty => $s:ty),*) => { $(impl From<$t> for Wrap<$s> { fn from(_: $t) -> Self { loop {} } })* } }
pub struct Wrap<T: ?Sized>(std::marker::PhantomData<T>);
m!(u8 => dyn Good, u16 => dyn Bad);`},
}

// macroCrate writes the rows as a crate and tells which of its lines must be unknown.
func macroCrate(t *testing.T) (path string, unknown map[int]bool) {
	t.Helper()
	var b strings.Builder
	b.WriteString("#![allow(warnings)]\npub trait Bad { fn bad(); }\npub trait Good { fn good(&self); }\n")
	for i, r := range macroRows {
		fmt.Fprintf(&b, "pub mod r%d { use super::{Bad, Good};%s\n}\n", i, r.text)
	}
	unknown = map[int]bool{}
	for i, line := range strings.Split(b.String(), "\n") {
		unknown[i+1] = strings.HasSuffix(line, "//?")
	}
	path = filepath.Join(t.TempDir(), "macros.rs")
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return path, unknown
}

// rowAt is the name of the row that a line of the crate is in, and the line's text.
func rowAt(t *testing.T, path string, line int) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	row := strings.Count(strings.Join(lines[:line], "\n"), "\npub mod r") - 1
	return fmt.Sprintf("%s: line %d: %s", macroRows[max(row, 0)].name, line, strings.TrimSpace(lines[line-1]))
}

// expansionOf is the macro invocation that a span comes from, in rustc's JSON.
type expansionOf struct {
	Span struct {
		Line      int `json:"line_start"`
		Expansion *expansionOf
	}
}

// line is that of the outermost invocation.
func (e *expansionOf) line() int {
	for e.Span.Expansion != nil {
		e = e.Span.Expansion
	}
	return e.Span.Line
}

func TestMacros(t *testing.T) {
	path, unknown := macroCrate(t)
	wrong := ours(t, path, unknown)
	if _, err := exec.LookPath("rustc"); err != nil {
		t.Skip("rustc is not installed, so the rows are not held against it")
	}
	cmd := exec.Command("rustc", "--crate-type", "lib", "--edition", "2021", "--emit", "metadata", "--error-format", "json", filepath.Base(path))
	cmd.Dir = filepath.Dir(path)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	_ = cmd.Run() // it finds errors
	theirs, inDefinition := map[int]bool{}, map[int]bool{}
	for line := range bytes.Lines(stderr.Bytes()) {
		var d struct {
			Level, Rendered string
			Code            *struct{ Code string }
			Spans           []struct {
				Line      int  `json:"line_start"`
				Primary   bool `json:"is_primary"`
				Expansion *expansionOf
			}
		}
		if json.Unmarshal(line, &d) != nil || d.Level != "error" || d.Code == nil {
			continue
		}
		if d.Code.Code != "E0038" {
			t.Errorf("rustc says something else of a row:\n%s", d.Rendered)
		}
		for _, s := range d.Spans {
			switch {
			case s.Primary && s.Expansion == nil:
				theirs[s.Line] = true
			case s.Primary: // it labels the macro's definition, where we say nothing
				inDefinition[s.Expansion.line()] = true
			}
		}
	}
	if len(theirs) == 0 {
		t.Fatalf("rustc found nothing:\n%s", stderr.String())
	}
	for line := range theirs {
		if !wrong[line] && !unknown[line] {
			t.Errorf("%s\nrustc finds an E0038 here, we do not", rowAt(t, path, line))
		}
	}
	for line := range wrong {
		if !theirs[line] && !inDefinition[line] {
			t.Errorf("%s\nwe find an E0038 here, rustc does not", rowAt(t, path, line))
		}
	}
}

// ours are the lines with a type that we find not dyn compatible.
func ours(t *testing.T, path string, unknown map[int]bool) map[int]bool {
	t.Helper()
	snapshot, err := workspace.Load(path, workspace.Options{Cargo: cargo.Options{Edition: 2021}})
	if err != nil {
		t.Fatal(err)
	}
	wrong := map[int]bool{}
	all := survey.Make(snapshot, 1)
	for i := range all.Mentions {
		m := &all.Mentions[i]
		line := m.File.Position(m.Span.Start).Line
		switch {
		case unknown[line] && (m.Compatible != types.Maybe || m.Why != resolve.MacroExpansion):
			t.Errorf("%s\nis known", rowAt(t, path, line))
		case !unknown[line] && m.Compatible == types.Maybe:
			t.Errorf("%s\nis unknown because %s", rowAt(t, path, line), m.Why)
		}
		if m.Active && m.Silence == survey.Loud && slices.Contains(m.Errors, "E0038") {
			wrong[line] = true
		}
	}
	return wrong
}
