package companion

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestResultLayout holds our layout of long results against rustfmt's.
func TestResultLayout(t *testing.T) {
	if exec.Command("rustfmt", "--version").Run() != nil {
		t.Skip("rustfmt is not installed, so our layout is not held against its")
	}
	var text strings.Builder
	text.WriteString("mod m {\n    pub trait Erased {\n")
	for _, ret := range []string{
		"Pin<Box<dyn Future<Output = Result<Vec<u8>, String>> + Send + 'fut>>",
		"Pin<Box<dyn Future<Output = Result<Vec<u8>, Box<dyn Error + Send + Sync>>> + Send + 'fut>>",
		"Pin<Box<dyn Future<Output = Result<Vec<u8>, Box<dyn Error + Send>>> + Send + 'fut>>",
		"Pin<Box<dyn Future<Output = Result<HashMap<String, Vec<u8>>, Box<dyn Error + Send + Sync>>> + 'fut>>",
		"Pin<Box<dyn Future<Output = Result<HashMap<String, Vec<u8>>, Box<dyn Error + Send>>> + Send + 'fut>>",
	} {
		for _, f := range []fn{
			{head: "fn call<'s>", params: []string{"&'s self", "body: &str"}, ret: ret},
			{head: "fn call<'s>", params: []string{"&'s self"}, ret: ret, body: []string{"x"}},
			{head: "fn call<'s>", params: []string{"&'s self", "body: Vec<u8>"}, ret: ret, where: []string{"Self: 's"}},
		} {
			for _, l := range f.lines(8, 2021) {
				text.WriteString(strings.Repeat(" ", 8) + l + "\n")
			}
		}
	}
	text.WriteString("    }\n}\n")
	file := filepath.Join(t.TempDir(), "lib.rs")
	if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("rustfmt", "--check", "--color", "never", "--edition", "2021", file).CombinedOutput(); err != nil {
		t.Errorf("rustfmt would write it otherwise:\n%s", out)
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
	file := filepath.Join(t.TempDir(), "lib.rs")
	if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("rustfmt", "--check", "--color", "never", "--edition", "2021", file).CombinedOutput(); err != nil {
		t.Errorf("rustfmt would write it otherwise:\n%s", out)
	}
}
