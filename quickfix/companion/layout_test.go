package companion

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
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
	for _, style := range []int{2021, 2024} {
		var text strings.Builder
		text.WriteString("mod m {\n    pub trait Erased {\n")
		for _, ret := range results {
			for _, f := range []fn{
				{head: "fn call<'s>", params: []string{"&'s self", "body: &str"}, ret: ret},
				{head: "fn call<'s>", params: []string{"&'s self", "body: &str"}, ret: ret, body: []string{"x"}},
				{head: "fn call<'s>", params: []string{"&'s self"}, ret: ret, body: []string{"x"}},
				{head: "fn call<'s>", ret: inParam(ret), body: []string{"x"}},
				{head: "fn call<'s>", ret: inParam(ret), where: []string{"Self: 's"}},
				{head: "fn call<'s>", params: []string{"&'s self", "body: Vec<u8>"}, ret: ret, where: []string{"Self: 's"}},
				{head: "fn call<'s>", params: []string{"&'s self", "body: " + inParam(ret)}, ret: ret},
			} {
				for _, l := range f.lines(8, style) {
					text.WriteString(strings.TrimRight(strings.Repeat(" ", 8)+l, " ") + "\n")
				}
			}
		}
		text.WriteString("    }\n}\n")
		formatted(t, text.String(), style)
	}
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

// formatted fails the test if rustfmt would write a text otherwise.
func formatted(t *testing.T, text string, style int) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "lib.rs")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("rustfmt", "--check", "--color", "never", "--edition", strconv.Itoa(style), file).CombinedOutput(); err != nil {
		t.Errorf("rustfmt would write it otherwise in the style of %d:\n%s", style, out)
	}
}

// TestAliasLayout holds our layout of long aliases against rustfmt's.
func TestAliasLayout(t *testing.T) {
	if exec.Command("rustfmt", "--version").Run() != nil {
		t.Skip("rustfmt is not installed, so our layout is not held against its")
	}
	var text strings.Builder
	text.WriteString("mod m {\n")
	long := []string{"FirstParameter", "SecondParameter", "ThirdParameter", "Item = Item"}
	for _, name := range []string{"DynA", "DynAVeryLongTraitNameForThisTestOnly"} {
		for _, params := range [][]string{nil, {"'o"}, {"'o", "FirstParameter", "SecondParameter", "ThirdParameter", "Item"}} {
			for _, object := range []string{"dyn dyn_a::Erased", "dyn dyn_a_very_long_trait_name_for_this::Erased", "dyn dyn_a_very_long_trait_name_for_this_that_goes_on_and_on_and_on_and::Erased"} {
				for _, args := range [][]string{nil, {"FirstParameter"}, long} {
					if len(args) > 0 && len(params) < 2 {
						continue // what the alias gives to the trait it has to have
					}
					for _, bounds := range [][]string{nil, {"'o"}, {"Send", "Sync", "'o"}} {
						for _, l := range aliasLines("pub type "+name, params, object, args, bounds, 4) {
							text.WriteString("    " + l + "\n")
						}
					}
				}
			}
		}
	}
	text.WriteString("}\n")
	formatted(t, text.String(), 2021)
}

// TestCallLayout holds our layout of calls against rustfmt's.
func TestCallLayout(t *testing.T) {
	if exec.Command("rustfmt", "--version").Run() != nil {
		t.Skip("rustfmt is not installed, so our layout is not held against its")
	}
	arguments := [][]string{
		{"self"}, {"self", "a"}, {"self", "some_argument", "another_argument"},
		{"self", "some_argument", "another_argument", "the_last_of_the_arguments"},
		{"self", "some_argument", "another_argument", "the_last_of_the_arguments", "one_more"},
		strings.Split("self a b c d e f g h i j k l m n o p q r s t u v w x y z aa bb cc dd ee ff gg hh ii", " "),
	}
	var text strings.Builder
	text.WriteString("mod m {\n    impl A {\n")
	for n := 20; n < 95; n++ {
		callee := "<T as X>::" + strings.Repeat("m", n-len("<T as X>::"))
		for _, args := range arguments {
			for _, c := range []call{{}, {tail: ".await"}, {outer: "Box::pin"}, {outer: "Box::new"}} {
				c.callee, c.args = callee, args
				if 12+width(c.callee) > 90 { // rustfmt leaves what does not fit at all
					continue
				}
				text.WriteString("        fn f() {\n")
				for _, l := range c.lines(12) {
					text.WriteString(strings.Repeat(" ", 12) + l + "\n")
				}
				text.WriteString("        }\n")
			}
		}
	}
	text.WriteString("    }\n}\n")
	for _, style := range []int{2021, 2024} {
		formatted(t, text.String(), style)
	}
}
