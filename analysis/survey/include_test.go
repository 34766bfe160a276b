package survey

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/internal/testtree"
)

// surveyOf is the survey of a package with these files, as lines: traits, then mentions, each with its verdict; and the problems.
func surveyOf(t *testing.T, files map[string]string) (lines, problems []string) {
	t.Helper()
	files["Cargo.toml"] = "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"
	dir := testtree.Write(t, files)
	snapshot, err := workspace.Load(dir, workspace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	words := map[types.Truth]string{types.Yes: "yes", types.No: "no", types.Maybe: "unknown"}
	s := Make(snapshot, 1)
	for i := range s.Traits {
		c, _ := s.Traits[i].Compatible()
		lines = append(lines, s.Traits[i].Def.Scope.Path()+"::"+s.Traits[i].Def.ItemName()+" "+words[c])
	}
	for _, m := range s.Mentions {
		lines = append(lines, filepath.Base(m.File.Path)+": "+string(m.Span.Of(m.File.Text))+" "+words[m.Compatible])
	}
	for _, p := range snapshot.Problems() {
		problems = append(problems, filepath.Base(p.File)+": "+strings.ReplaceAll(p.Message, dir+string(filepath.Separator), ""))
	}
	return lines, problems
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestInclude: what include! puts into a module is as good as if it stood there, and its file is surveyed. A file that includes
// itself ends, and one that is missing makes what it could define unknown.
func TestInclude(t *testing.T) {
	lines, problems := surveyOf(t, map[string]string{
		"src/lib.rs": `
include!("parts/one.rs");
include!("parts/one.rs");
pub trait Own { fn f(&self); }
pub mod m {
    include!("parts/two.rs");
    pub fn f(_: &dyn Two, _: &dyn inner::Three) {}
}
pub mod lost { include!("missing.rs"); pub fn f(_: &dyn Lost) {} }
pub fn f(_: &dyn One, _: &dyn m::Two) {}
`,
		"src/parts/one.rs":   "include!(\"one.rs\");\npub trait One: Own { fn g(); }\nfn g(_: &dyn Own, _: &dyn self::m::Two, _: &dyn One) {}\n",
		"src/parts/two.rs":   "pub trait Two { fn h(&self); }\npub mod inner;\nfn h(_: &dyn super::One) { fn k(_: &dyn Two) {} }\n",
		"src/parts/inner.rs": "pub trait Three { const C: u8; }\nfn f(_: &dyn super::Two) {}\n",
	})
	same(t, "survey", lines, []string{
		"p::Own yes", "p::m::inner::Three no", "p::One no", "p::m::Two yes",
		"lib.rs: dyn Two yes", "lib.rs: dyn inner::Three no", "lib.rs: dyn Lost unknown", "lib.rs: dyn One no", "lib.rs: dyn m::Two yes",
		"inner.rs: dyn super::Two yes",
		"one.rs: dyn Own yes", "one.rs: dyn self::m::Two yes", "one.rs: dyn One no",
		"two.rs: dyn super::One no", "two.rs: dyn Two yes",
	})
	same(t, "problems", problems, []string{
		"lib.rs: the file that is included here is missing: create " + filepath.FromSlash("src/missing.rs") + ", or remove the call of include!",
	})
}

// TestIncludeNested: what an included file includes is found beside it, two files deep; its macros are those of the module that
// it is included in, from there on.
func TestIncludeNested(t *testing.T) {
	lines, problems := surveyOf(t, map[string]string{
		"src/lib.rs": `
mod m {
    std::include!("a/one.rs",);
    made!(Made);
    fn f(_: &dyn One, _: &dyn Two, _: &dyn Three, _: &dyn Made) {}
    mod inner { made!(Inner); pub fn f(_: &dyn Inner, _: &dyn super::Two) {} }
}
exported!(Exported);
fn f(_: &dyn Exported) {}
`,
		"src/a/one.rs": "pub trait One { fn f(); }\ninclude!(\"b/two.rs\");\n",
		"src/a/b/two.rs": "include!(\"three.rs\");\npub trait Two { fn f(&self); }\n" +
			"macro_rules! made { ($t:ident) => { pub trait $t { fn f<T>(&self); } }; }\n" +
			"#[macro_export]\nmacro_rules! exported { ($t:ident) => { pub trait $t { const C: u8; } }; }\n",
		"src/a/b/three.rs": "pub trait Three { fn f(self); }\n",
	})
	same(t, "problems", problems, nil)
	same(t, "survey", lines, []string{
		"p::m::Two yes", "p::m::One no",
		"lib.rs: dyn One no", "lib.rs: dyn Two yes", "lib.rs: dyn Three unknown", "lib.rs: dyn Made no",
		"lib.rs: dyn Inner no", "lib.rs: dyn super::Two yes",
		"lib.rs: dyn Exported no",
	})
}

// TestIncludeElsewhere: in the body of a function include! is an expression and gives no names, but a module there can include; a
// path that the build makes is unknown, and nothing is said of it; a macro of the crate's own has the name first.
func TestIncludeElsewhere(t *testing.T) {
	lines, problems := surveyOf(t, map[string]string{
		"src/lib.rs": `
pub trait One { fn f(&self); }
fn f() {
    let _ = include!("value.rs");
    mod inner { include!("one.rs"); pub fn f(_: &dyn One) {} }
    fn g(_: &dyn One) {}
}
mod built { include!(concat!(env!("OUT_DIR"), "/built.rs")); pub fn f(_: &dyn Built) {} }
mod own {
    macro_rules! include { ($p:literal) => { pub trait One { fn f(&self); } }; }
    include!("one.rs");
    fn f(_: &dyn One) {}
}
#[cfg(windows)]
include!("of_windows.rs");
`,
		"src/value.rs": "{ 1 }\n",
		"src/one.rs":   "pub trait One { fn f(); }\n",
	})
	same(t, "problems", problems, nil)
	same(t, "survey", lines, []string{
		"p::One yes", "p::{fn}::inner::One no",
		"lib.rs: dyn One no", "lib.rs: dyn One yes", "lib.rs: dyn Built unknown", "lib.rs: dyn One yes",
	})
}

// TestCircularModules: a file is no module of itself (rustc_expand::module::ModError::CircularInclusion), so that modules end though each
// of several files declares the others.
func TestCircularModules(t *testing.T) {
	files := map[string]string{"src/lib.rs": "pub mod a;\npub trait T { fn f(); }\nfn f(_: &dyn a::T, _: &dyn a::b::T, _: &dyn a::b::a::T) {}\n"}
	for _, name := range []string{"a", "b"} {
		text := "pub trait T { fn f(&self); }\npub use self::" + name + "::*;\n"
		for _, other := range []string{"a", "b", "lib"} {
			text += "#[path = \"" + other + ".rs\"]\npub mod " + other + ";\npub use self::" + other + "::*;\n"
		}
		files["src/"+name+".rs"] = text
	}
	lines, problems := surveyOf(t, files)
	same(t, "survey", lines, []string{
		"p::a::T yes", "p::a::b::T yes", "p::T no",
		"lib.rs: dyn a::T yes", "lib.rs: dyn a::b::T yes", "lib.rs: dyn a::b::a::T unknown",
	})
	for _, p := range []string{"module `a` is circular", "module `lib` is circular"} {
		if !slices.ContainsFunc(problems, func(q string) bool { return strings.Contains(q, p) }) {
			t.Errorf("no problem %q in %q", p, problems)
		}
	}
}
