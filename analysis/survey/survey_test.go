package survey

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// TestPanic: what panics is a failure of its file and leaves its answer unknown; the rest, and the call, end well.
func TestPanic(t *testing.T) {
	s := load(t, "trait A { fn f(); }\ntrait B {}\nfn f(_: &dyn A, _: &dyn B) {}\n")
	for _, threads := range []int{1, 4} {
		got := MakeWith(&dyncompat.Judge{}, s, threads) // without types every question panics
		if len(got.Traits) != 2 || len(got.Mentions) != 2 {
			t.Fatalf("%d traits and %d mentions, want 2 and 2", len(got.Traits), len(got.Mentions))
		}
		for i := range got.Traits {
			if c, why := got.Traits[i].Compatible(); c != types.Maybe || why != resolve.Limit {
				t.Errorf("%s is %v, %s", got.Traits[i].Def.ItemName(), c, why)
			}
		}
		for _, m := range got.Mentions {
			if m.Compatible != types.Maybe || m.Why != resolve.Limit || m.Errors != nil {
				t.Errorf("%s is %v, %s, %v", m.Span.Of(m.File.Text), m.Compatible, m.Why, m.Errors)
			}
		}
		if len(got.Failures) != 4 || got.Failures[0].File != s.Files[0] || !strings.Contains(got.Failures[0].Message, "internal error") {
			t.Errorf("failures: %v", got.Failures)
		}
	}
}

// TestUses: what is not compiled as it stands counts as a mention, not as a use that makes a method worth a warning.
func TestUses(t *testing.T) {
	s := load(t, `
trait T { fn f(); }
fn f(_: &dyn T) {}
#[cfg(any())] fn g(_: &dyn T) {}
macro_rules! m { () => { fn h(_: &dyn T) {} } }
`)
	got := Make(s, 1).Traits[0]
	if got.Uses != 3 || got.Compiled != 1 {
		t.Errorf("%d uses, %d compiled; want 3 and 1", got.Uses, got.Compiled)
	}
}

// TestManySupertraits: what lies beyond the bound on supertraits is not known to be dyn compatible.
func TestManySupertraits(t *testing.T) {
	for n, want := range map[int]types.Truth{100: types.No, 1000: types.Maybe} {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, "trait T%d: T%d {}\n", i, i+1)
		}
		fmt.Fprintf(&text, "trait T%d { fn f(); }\nfn g(_: &dyn T0) {}\n", n)
		if got := Make(load(t, text.String()), 1).Mentions[0]; got.Compatible != want {
			t.Errorf("%d supertraits above: %v, want %v", n, got.Compatible, want)
		}
	}
}

// TestExpressionMacros: which macros pass their arguments on is known by name, unless something hides the name.
func TestExpressionMacros(t *testing.T) {
	tests := []struct {
		head, call string
		want       Silence
	}{
		{"", "std::pin::pin!(None::<&dyn Bad>)", Loud},
		{"use std::pin::pin;", "pin!(None::<&dyn Bad>)", Loud},
		{"use ::tokio::pin;", "pin!(None::<&dyn Bad>)", Loud},
		{"", "tokio :: pin ! (None::<&dyn Bad>)", Loud},
		{"", "mine::pin!(None::<&dyn Bad>)", InMacroArgs},
		{"use crate::pin;", "pin!(None::<&dyn Bad>)", InMacroArgs},
		{"use mine::my_pin as pin;", "pin!(None::<&dyn Bad>)", InMacroArgs},
		{"macro_rules! pin { ($($t:tt)*) => { other!($($t)*) } }", "pin!(None::<&dyn Bad>)", InMacroArgs},
		{"mod deep { macro_rules! pin { ($($t:tt)*) => {} } pub(crate) use pin; }", "pin!(None::<&dyn Bad>)", InMacroArgs},
		{"", "vec![None::<&dyn Bad>]", Loud},
		{"", "unknown!(None::<&dyn Bad>)", InMacroArgs},
		{"", "unknown!(vec![None::<&dyn Bad>])", InMacroArgs},
		{"", "vec![unknown!(None::<&dyn Bad>)]", InMacroArgs},
	}
	for _, test := range tests {
		text := test.head + "\ntrait Bad { fn f(); }\nfn f() { let _ = " + test.call + "; }\n"
		all := Make(load(t, text), 1)
		i := slices.IndexFunc(all.Mentions, func(m Mention) bool { return len(m.Errors) > 0 })
		if i < 0 {
			t.Errorf("%s %s: nothing is found", test.head, test.call)
			continue
		}
		if got := all.Mentions[i].Silence; got != test.want {
			t.Errorf("%s %s: silence %d, want %d", test.head, test.call, got, test.want)
		}
	}
}

// TestTargets: a file that two targets share is listed once; where they make different things of it, nothing is claimed. The
// library is the first owner of the file.
func TestTargets(t *testing.T) {
	tests := []struct {
		name, lib, bin, shared string
		edition                string
		trait, mention         string // what is known: yes, no, unknown; empty if there is none
	}{
		{name: "same", lib: "trait T { fn f(); }", bin: "trait T { fn f(); }", shared: "trait U: crate::T {} fn f(_: &dyn U) {}", trait: "no", mention: "no"},
		{name: "verdicts", lib: "trait T { fn f(); }", bin: "trait T {}", shared: "trait U: crate::T {} fn f(_: &dyn U) {}", trait: "unknown", mention: "unknown"},
		{name: "violations", lib: "trait T: Sized {}", bin: "trait T: PartialEq {}", shared: "trait U: crate::T {}", trait: "unknown"},
		{name: "errors", lib: "trait T { type X; fn f(); }", bin: "trait T { fn f(); }", shared: "fn f(_: &dyn crate::T) {}", mention: "unknown"},
		{name: "bare in the second only", edition: "2018", lib: "struct T;", bin: "trait T { fn f(); }", shared: "fn f(_: Box<crate::T>) {}", mention: "unknown"},
		{name: "bare in the first only", edition: "2018", lib: "trait T { fn f(); }", bin: "struct T;", shared: "fn f(_: Box<crate::T>) {}", mention: "unknown"},
		{name: "bare in both", edition: "2018", lib: "trait T { fn f(); }", bin: "trait T { fn f(); }", shared: "fn f(_: Box<crate::T>) {}", mention: "no"},
		{name: "bare in none", edition: "2018", lib: "struct T;", bin: "enum T {}", shared: "fn f(_: Box<crate::T>) {}"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			edition := "2024"
			if test.edition != "" {
				edition = test.edition
			}
			for name, text := range map[string]string{
				"Cargo.toml":    "[package]\nname = \"it\"\nversion = \"0.1.0\"\nedition = \"" + edition + "\"\n",
				"src/lib.rs":    test.lib + "\nmod shared;\n",
				"src/main.rs":   test.bin + "\nmod shared;\nfn main() {}\n",
				"src/shared.rs": test.shared + "\n",
			} {
				path := filepath.Join(dir, filepath.FromSlash(name))
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			snapshot, err := workspace.Load(dir, workspace.Options{})
			if err != nil {
				t.Fatal(err)
			}
			all := Make(snapshot, 1)
			trait, mention := "", ""
			words := map[types.Truth]string{types.Yes: "yes", types.No: "no", types.Maybe: "unknown"}
			for i := range all.Traits {
				if all.Traits[i].Def.ItemName() == "U" {
					c, _ := all.Traits[i].Compatible()
					trait += words[c]
				}
			}
			for _, m := range all.Mentions {
				mention += words[m.Compatible]
				if m.Compatible == types.Maybe && (m.Why != resolve.TargetsDisagree || m.Errors != nil) {
					t.Errorf("%s: %s, %v", m.Span.Of(m.File.Text), m.Why, m.Errors)
				}
			}
			if trait != test.trait || mention != test.mention {
				t.Errorf("trait %q, mention %q; want %q, %q", trait, mention, test.trait, test.mention)
			}
		})
	}
}

// TestBarePaths: in the editions that have bare trait objects, a path of an expression that goes on behind a trait to a name
// which the trait does not declare begins with one. Arguments that are left out there are inferred.
func TestBarePaths(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{"Cargo.toml": "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2018\"\n", "src/lib.rs": `
pub trait Bad { fn f(); fn own(&self) where Self: Sized {} }
pub trait Good { fn g(&self); const C: u8 where Self: Sized; }
pub trait Sub: Good {}
pub trait ToSelf<A = Self> { type X; }
macro_rules! member { () => { fn made(); } }
pub trait Made { member!(); }
#[salsa::db] pub trait Database {}
impl dyn Bad { fn new() {} }
impl dyn Good { fn new() {} }
pub mod m { pub trait Inner { fn f(); } }
fn calls<Good>() {
    Bad::new(); Bad::f(); <u8 as Bad>::own(&1); Made::made(); Good::other(); Database::added();
    let f = m::Inner::missing::<u8>;
    match 1 { Sub::g => {} _ => {} }
    assert_eq!(Bad::new(), ToSelf::lost());
    ToSelf::<u8>::lost(); ToSelf::<u8>::X; Vec::new(); std::clone::Clone::none();
}
const N: u8 = { use m::Inner as I; I::number() };
pub mod default { pub trait union { fn f(); } }
fn names(_: &default::union, _: Box<self::default::union + Send>) {}
`}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	snapshot, err := workspace.Load(dir, workspace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range Make(snapshot, 1).Mentions {
		if m.Bare {
			got = append(got, string(m.Span.Of(m.File.Text))+" "+strings.Join(m.Errors, ","))
		}
	}
	want := []string{
		"Bad E0038", "m::Inner E0038", "Sub ", "Bad E0038", "ToSelf E0191", "ToSelf::<u8> E0191", "std::clone::Clone E0038", "I E0038",
		"default::union E0038", "self::default::union + Send E0038",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestBareBinders: a bare trait object that begins with for<..> is one wherever a type can stand, and a bound is none.
func TestBareBinders(t *testing.T) {
	s := load(t, `
trait Tr<'a> { fn f(); }
struct Default<T: ?Sized = for<'z> Tr<'z>>(Box<T>);
type Alias = for<'z> Tr<'z>;
trait Bound = for<'z> Tr<'z>;
fn f<T: for<'z> Tr<'z>>(_: &for<'z> Tr<'z>, _: Box<for<'z> Tr<'z> + Send>) where T: for<'z> Tr<'z> {}
fn g(_: Box<Iterator<Item = Box<for<'z> Tr<'z>>>>) {}
trait Of<T: ?Sized> {}
impl Of<for<'z> Tr<'z>> for u8 {}
impl<T: ?Sized> Of<u8> for Default<T> where T: Of<for<'z> Tr<'z>> {}
`)
	of := newFileItems(s.Files[0])
	var got []string
	for _, w := range bareTypes(Make(s, 1).Judge, of) {
		got = append(got, string(w.ty.Span.Of(of.file.Text)))
	}
	const binder = "for<'z> Tr<'z>"
	want := []string{binder, binder, binder, binder + " + Send", binder, binder, binder}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
