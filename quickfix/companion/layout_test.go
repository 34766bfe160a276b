package companion

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/config"
)

// TestResultLayout holds our layout of long results against rustfmt's.
func TestResultLayout(t *testing.T) {
	if exec.Command("rustfmt", "--version").Run() != nil {
		t.Skip("rustfmt is not installed, so our layout is not held against its")
	}
	results := []string{
		"(std::sync::Arc<deno_npm::registry::NpmPackageInfo>, deno_npm::registry::NpmRegistryPackageInfoLoadError)",
		"Pin<Box<dyn std::marker::Send + 'fut>>",
		"impl Future<Output = Option<Vec<Vec<Vec<u8>>>>> + Send + Sync",
		"impl Future<Output = ()>",
		"(Box<DynAlpha<'static>>, Box<DynBeta<'static>>, Box<DynGammas<'static>>)",
		"(Box<DynAlpha<'static>>, Box<DynBeta<'static>>, Box<DynGamma<'static>>)",
		"(Box<DynAlpha<'static>>, Box<DynBeta<'static>>, Box<DynGa>)",
		"(Box<DynAlpha<'static>>, Box<DynBeta<'static>>, Box<DynGam>)",
		"(Box<DynAlpha<'static>>, Box<DynBeta<'static>>, Box<DynGamm>)",
		"Option<(Box<DynAlpha<'static>>, Box<DynBeta<'static>>, Box<DynGamma<'static>>)>",
		"Result<(Box<DynAlpha<'static>>, Box<DynBeta<'static>>, Box<DynG<'static>>), E>",
		"&'s mut std::collections::HashMap<std::string::String, std::collections::BTreeMap<std::string::String, u8>>",
	}
	for _, out := range []string{
		"Result<Vec<u8>, String>", "Result<Vec<u8>, Box<dyn Error + Send + Sync>>", "Result<Vec<u8>, Box<dyn Error + Send>>",
		"Result<HashMap<String, Vec<u8>>, Box<dyn Error + Send + Sync>>", "Result<HashMap<String, Vec<u8>>, Box<dyn Error + Send>>",
		"Result<std::sync::Arc<crate::registry::PackageInfo>, crate::registry::error::LoadError>",
		"Option<std::sync::Arc<deno_npm::registry::NpmPackageInfoWithAnExtraordinarilyLongName>>",
		"(std::sync::Arc<deno_npm::registry::NpmPackageInfo>, deno_npm::registry::NpmRegistryPackageInfoLoadError)",
	} {
		for _, bounds := range []string{"", " + 'fut", " + Send", " + Send + 'fut", " + ::core::marker::Send + 'fut", " + Send + Sync + 'static"} {
			for n := range 5 {
				results = append(results, "impl Future<Output = "+wider(out, 3*n)+">"+bounds)
			}
			for n := range 3 { // whatever the width is that a line ends at
				results = append(results, "Pin<Box<dyn Future<Output = "+wider(out, 3*n)+">"+bounds+">>")
			}
			results = append(results, "::core::pin::Pin<Box<dyn ::core::future::Future<Output = "+out+">"+bounds+">>")
		}
		for n := range 5 {
			results = append(results, "Wrapped<"+wider(out, 10*n)+", ()>")
		}
	}
	eachFormat(t, func(t *testing.T, top Layout) {
		at := top.In(2)
		text := block{head: "pub trait Erased"}
		for _, ret := range results {
			if top.HardTabs && top.StyleEdition < 2024 && strings.HasPrefix(ret, "impl ") && strings.Contains(ret, "> + ") {
				continue // its bounds are aligned by blanks
			}
			for _, f := range []fn{
				{head: "fn call<'s>", params: []string{"&'s self", "body: &str"}, ret: ret},
				{head: "fn call<'s>", params: []string{"&'s self", "body: &str"}, ret: ret, body: []string{"x"}},
				{head: "fn call<'s>", params: []string{"&'s self"}, ret: ret, body: []string{"x"}},
				{head: "fn call<'s>", ret: inParam(ret), body: []string{"x"}},
				{head: "fn call<'s>", ret: inParam(ret), where: []string{"Self: 's"}},
				{head: "fn call<'s>", params: []string{"&'s self", "body: Vec<u8>"}, ret: ret, where: []string{"Self: 's"}},
				{head: "fn call<'s>", params: []string{"&'s self", "body: " + inParam(ret)}, ret: ret},
			} {
				text.body = append(text.body, f.lines(at)...)
			}
		}
		formatted(t, top, inModule(top, text.lines(top.In(1))))
	})
}

// inParam is a result as the type of a parameter, or as that of a function that takes nothing: no impl, of which rustfmt lays out the bounds
// in yet another way there.
func inParam(ret string) string {
	if strings.HasPrefix(ret, "impl ") {
		return "u8"
	}
	return ret
}

// wider is a type whose first name is longer.
func wider(t string, n int) string {
	name := strings.TrimPrefix(t, "(")
	return t[:len(t)-len(name)] + strings.Repeat("x", n) + name
}

// configurations are configuration files of rustfmt, one of each kind that lays out otherwise.
var configurations = []string{
	"", "max_width = 80\ntab_spaces = 2\n", "hard_tabs = true\n", "use_small_heuristics = \"Max\"\n", "use_small_heuristics = \"Off\"\n",
	"max_width = 140\ntab_spaces = 8\n", "fn_call_width = 40\nshort_array_element_width_threshold = 4\n", "tab_spaces = 3\nhard_tabs = true\nmax_width = 90\n",
}

// eachFormat calls f with each of the configurations in the styles of two editions.
func eachFormat(t *testing.T, f func(t *testing.T, top Layout)) {
	for _, text := range configurations {
		for _, style := range []int{2021, 2024} {
			t.Run(strconv.Itoa(style)+" "+text, func(t *testing.T) {
				format, err := config.ParseFormat([]byte(text))
				if err != nil {
					t.Fatal(err)
				}
				format.StyleEdition = style
				dir := t.TempDir()
				if err := os.WriteFile(filepath.Join(dir, "rustfmt.toml"), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
				t.Chdir(dir)
				f(t, Layout{Format: format})
			})
		}
	}
}

// inModule are items in a module.
func inModule(at Layout, items []string) []string {
	return slices.Concat([]string{"mod m {"}, at.indented(items), []string{"}"})
}

// formatted fails the test if rustfmt, with the configuration of the current folder, would write lines otherwise.
func formatted(t *testing.T, at Layout, lines []string) {
	t.Helper()
	if at.HardTabs {
		for i, l := range lines {
			rest := strings.TrimLeft(l, " ")
			blanks := len(l) - len(rest)
			lines[i] = strings.Repeat("\t", blanks/at.TabSpaces) + strings.Repeat(" ", blanks%at.TabSpaces) + rest
		}
	}
	if err := os.WriteFile("lib.rs", []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("rustfmt", "--check", "--color", "never", "--edition", strconv.Itoa(at.StyleEdition), "lib.rs").CombinedOutput(); err != nil {
		t.Errorf("rustfmt would write it otherwise:\n%s", out)
	}
}

// The empty tuple stays whole however narrow a line is: `(,)` is no type.
func TestListOf(t *testing.T) {
	for text, want := range map[string]int{"()": -1, "(u8,)": 1, "(u8, A<B, C>)": 2, "Box<dyn A + 'a>": 1, "A::<()>": 1, "u8": -1} {
		if _, list, _, ok := listOf(text); ok != (want >= 0) || ok && len(list) != want {
			t.Errorf("%s: %q, %v", text, list, ok)
		}
	}
}

// TestAliasLayout holds our layout of long aliases against rustfmt's.
func TestAliasLayout(t *testing.T) {
	if exec.Command("rustfmt", "--version").Run() != nil {
		t.Skip("rustfmt is not installed, so our layout is not held against its")
	}
	long := []string{"FirstParameter", "SecondParameter", "ThirdParameter", "Item = Item"}
	eachFormat(t, func(t *testing.T, top Layout) {
		var lines []string
		for _, name := range []string{"DynA", "DynAVeryLongTraitNameForThisTestOnly"} {
			for _, params := range [][]string{nil, {"'o"}, {"'o", "FirstParameter", "SecondParameter", "ThirdParameter", "Item"}} {
				for _, object := range []string{"dyn dyn_a::Erased", "dyn dyn_a_very_long_trait_name_for_this::Erased", "dyn dyn_a_very_long_trait_name_for_this_that_goes_on_and_on_and_on_and::Erased"} {
					for _, args := range [][]string{nil, {"FirstParameter"}, long} {
						if len(args) > 0 && len(params) < 2 {
							continue // what the alias gives to the trait it has to have
						}
						for _, bounds := range [][]string{nil, {"'o"}, {"Send", "Sync", "'o"}} {
							lines = append(lines, aliasLines("pub type "+name, params, object, args, bounds, top.In(1))...)
						}
					}
				}
			}
		}
		formatted(t, top, inModule(top, lines))
	})
}

// TestCallLayout holds our layout of calls against rustfmt's.
func TestCallLayout(t *testing.T) {
	if exec.Command("rustfmt", "--version").Run() != nil {
		t.Skip("rustfmt is not installed, so our layout is not held against its")
	}
	arguments := [][]string{
		{"self"}, {"self", "a"}, {"&self.0", "path", "mode"}, {"&mut self.0.inner", "path"}, {"&**self", "url"}, {"A::new(1)", "b", "c.d", "e?"}, {"self", "some_argument", "another_argument"},
		{"self", "some_argument", "another_argument", "the_last_of_the_arguments"},
		{"self", "some_argument", "another_argument", "the_last_of_the_arguments", "one_more"},
		strings.Split("self a b c d e f g h i j k l m n o p q r s t u v w x y z aa bb cc dd ee ff gg hh ii", " "),
	}
	eachFormat(t, func(t *testing.T, top Layout) {
		at := top.In(3)
		impl := block{head: "impl A"}
		for n := 20; at.Column+n <= at.MaxWidth-10; n++ { // rustfmt leaves what does not fit at all
			callee := "<T as X>::" + strings.Repeat("m", n-len("<T as X>::"))
			for _, args := range arguments {
				for _, c := range []call{{}, {tail: ".await"}, {outer: "Box::pin"}, {outer: "Box::new"}} {
					c.callee, c.args = callee, args
					f := fn{head: "fn f", body: c.lines(at)}
					impl.body = append(impl.body, f.lines(top.In(2))...)
				}
			}
		}
		formatted(t, top, inModule(top, impl.lines(top.In(1))))
	})
}

// TestHeaderLayout holds our layout of the heads of traits and impls against rustfmt's.
func TestHeaderLayout(t *testing.T) {
	if exec.Command("rustfmt", "--version").Run() != nil {
		t.Skip("rustfmt is not installed, so our layout is not held against its")
	}
	eachFormat(t, func(t *testing.T, top Layout) {
		at := top.In(1)
		var lines []string
		for n := 1; n < at.MaxWidth-45; n++ {
			name := "Erased" + strings.Repeat("x", n)
			for _, b := range []block{
				{head: "trait " + name, supers: []string{"Send", "Sync", "std::fmt::Debug"}},
				{head: "pub(crate) trait " + name, visibility: "pub(crate) ", supers: []string{"Send"}},
				{head: "trait Erased", supers: []string{name, "std::fmt::Debug"}},
				{head: "impl<T: X>", rest: name + " for T"},
				{head: "impl<K, T: X<K>>", rest: "Erased<K> for " + name + "<T>", where: []string{"K: Send"}},
			} {
				b.body = []string{"fn f();"}
				lines = append(lines, b.lines(at)...)
			}
		}
		formatted(t, top, inModule(top, lines))
	})
}
