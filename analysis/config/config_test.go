package config_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/config"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

var vocabulary = config.Vocabulary{Rules: []string{"redundant_box", "unboxed_dyn_call"}, Fixes: []string{"companion", "wrapper"}}

func TestParse(t *testing.T) {
	got, err := config.Parse([]byte(`# how we want it
rule-set = "dyn-box"

[rules]
redundant_box = "off"
unboxed_dyn_call = "warning"

[fix]
style = ["wrapper", "companion"]
`), "afidt.toml", vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	want := &config.Config{
		Path: "afidt.toml", RuleSet: dyncompat.DynBox, FixStyle: []string{"wrapper", "companion"},
		Rules: map[string]config.Level{"redundant_box": config.Off, "unboxed_dyn_call": config.Warning},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	one, err := config.Parse([]byte("fix.style = \"wrapper\"\n"), "afidt.toml", vocabulary)
	if err != nil || !cmp.Equal(one.FixStyle, []string{"wrapper"}) {
		t.Errorf("one id: %v, %v", one, err)
	}
}

// Each error names the place and what would be right.
func TestErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{"rule-set = \"box2\"\n", `afidt.toml:1:1: rule-set: "box2" is no rule set; give stable, method-scope, dyn-box or box`},
		{"\nruleset = \"box\"\n", "afidt.toml:2:1: there is no key `ruleset`; the keys are rule-set, rules.* and fix.style"},
		{"[rules]\nno_such = \"off\"\n", "afidt.toml:2:1: there is no rule `no_such`; `afidt-lsp rules` lists them"},
		{"[rules]\n\nredundant_box = \"fatal\"\n", "afidt.toml:3:1: rule `redundant_box`: \"fatal\" is no level; give off, hint, info, warning or error"},
		{"[fix]\nstyle = [\"wrap\"]\n", "afidt.toml:2:1: fix.style: there is no fix `wrap`; give one of companion, wrapper"},
		{"rule-set = \n", "afidt.toml:1:"},
		{"[rules]\nredundant_box = 1\n", "afidt.toml:2:17: integer found: rule-set is a string"},
		{"rule-set = 5\n", "afidt.toml:1:12: integer found: rule-set is a string"},
	}
	for _, test := range tests {
		_, err := config.Parse([]byte(test.text), "afidt.toml", vocabulary)
		if err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%q:\n got %v\nwant %s", test.text, err, test.want)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestFind(t *testing.T) {
	root := filepath.Join(t.TempDir(), "root")
	write(t, filepath.Join(root, "..", "afidt.toml"), "")
	write(t, filepath.Join(root, "a", "src", "lib.rs"), "")
	if got := config.Find(filepath.Join(root, "a", "src", "lib.rs"), root); got != "" {
		t.Errorf("found %s, which lies above the workspace", got)
	}
	write(t, filepath.Join(root, ".afidt.toml"), "")
	if got, want := config.Find(filepath.Join(root, "a", "src", "lib.rs"), root), filepath.Join(root, ".afidt.toml"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	write(t, filepath.Join(root, "a", "afidt.toml"), "")
	if got, want := config.Find(filepath.Join(root, "a"), root), filepath.Join(root, "a", "afidt.toml"); got != want {
		t.Errorf("got %s, want the nearest: %s", got, want)
	}
}

func TestToolchain(t *testing.T) {
	tests := []struct {
		name, toolchain, source string
		want                    config.Toolchain
	}{
		{"nothing said", "", "", config.Toolchain{RuleSet: dyncompat.Stable}},
		{"a gate", "", "#![feature(dyn_box, let_chains)]", config.Toolchain{Gates: []string{"dyn_box"}, RuleSet: dyncompat.DynBox}},
		{"two gates", "nightly", "#![feature(box_notation)]\n#![feature(dyn_box)]",
			config.Toolchain{Channel: "nightly", Gates: []string{"box_notation", "dyn_box"}, RuleSet: dyncompat.Box}},
		{"a gate on a stable toolchain", "[toolchain]\nchannel = \"1.95\"\n", "#![feature(dyn_box)]",
			config.Toolchain{Channel: "1.95", Gates: []string{"dyn_box"}, RuleSet: dyncompat.Stable}},
		{"a gate under a condition that does not hold", "", "#![cfg_attr(never, feature(dyn_box))]", config.Toolchain{RuleSet: dyncompat.Stable}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			root := t.TempDir()
			write(t, filepath.Join(root, "Cargo.toml"), "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2024\"\n")
			write(t, filepath.Join(root, "src", "lib.rs"), test.source+"\n")
			if test.toolchain != "" {
				write(t, filepath.Join(root, "rust-toolchain.toml"), test.toolchain)
			}
			s, err := workspace.Load(root, workspace.Options{Cargo: cargo.Options{}})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, config.ReadToolchain(s)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// No released rustc has any of the announced rule sets.
func TestProbe(t *testing.T) {
	if _, err := exec.LookPath("rustc"); err != nil {
		t.Skip("rustc is not installed, so it is not asked")
	}
	got, err := config.Probe(t.TempDir())
	if err != nil || got != dyncompat.Stable {
		t.Errorf("got %s, %v", got, err)
	}
	t.Setenv("RUSTC", filepath.Join(t.TempDir(), "no-such-rustc"))
	if _, err := config.Probe(t.TempDir()); err == nil {
		t.Error("no error without a compiler")
	}
}
