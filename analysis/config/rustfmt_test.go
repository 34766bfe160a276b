package config_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"

	"github.com/afidt-lsp/afidt-lsp/analysis/config"
)

// configurations of rustfmt, and whether it refuses them.
var configurations = []struct {
	text    string
	refused bool
}{
	{"", false},
	{"max_width = 80\ntab_spaces = 2\nedition = \"2024\"\n", false},
	{"hard_tabs = true\ntab_spaces = 8\nshort_array_element_width_threshold = 20\n", false},
	{"use_small_heuristics = \"Max\"\n", false},
	{"use_small_heuristics = \"max\"\nmax_width = 90\n", false},
	{"max_width = 104\n", false}, {"max_width = 105\n", false}, {"max_width = 125\n", false}, {"max_width = 140\n", false}, {"max_width = 155\n", false},
	{"max_width = 120\nfn_call_width = 33\nchain_width = 44\narray_width = 55\nstruct_lit_width = 66\nsingle_line_if_else_max_width = 77\n", false},
	{"use_small_heuristics = \"Max\"\nmax_width = 50\nfn_call_width = 60\nchain_width = 0\n", false},
	{"style_edition = \"2024\"\n", false}, {"style_edition = \"2021\"\nversion = \"Two\"\n", false},
	{"no_such_option = 1\nwrap_comments = true\n", false},
	{"max_width = \"80\"\n", true}, {"tab_spaces = -1\n", true}, {"hard_tabs = 1\n", true}, {"use_small_heuristics = \"Some\"\n", true}, {"style_edition = \"2020\"\n", true}, {"max_width =\n", true},
}

// TestFormat holds what we make of a configuration against what rustfmt makes of it.
func TestFormat(t *testing.T) {
	haveRustfmt := exec.Command("rustfmt", "--version").Run() == nil
	for _, c := range configurations {
		got, err := config.ParseFormat([]byte(c.text))
		if (err != nil) != c.refused {
			t.Errorf("%q: error %v", c.text, err)
		}
		if !haveRustfmt {
			continue
		}
		dir := t.TempDir()
		write(t, filepath.Join(dir, "rustfmt.toml"), c.text)
		write(t, filepath.Join(dir, "lib.rs"), "")
		out, err := exec.Command("rustfmt", "--print-config", "current", filepath.Join(dir, "lib.rs")).Output()
		if (err != nil) != c.refused {
			t.Errorf("%q: rustfmt ends with %v", c.text, err)
		}
		if c.refused {
			continue
		}
		var printed struct {
			MaxWidth    uint64 `toml:"max_width"`
			TabSpaces   uint64 `toml:"tab_spaces"`
			HardTabs    bool   `toml:"hard_tabs"`
			CallWidth   uint64 `toml:"fn_call_width"`
			ArrayWidth  uint64 `toml:"array_width"`
			ChainWidth  uint64 `toml:"chain_width"`
			StructWidth uint64 `toml:"struct_lit_width"`
			IfElseWidth uint64 `toml:"single_line_if_else_max_width"`
			ShortWidth  uint64 `toml:"short_array_element_width_threshold"`
			Style       string `toml:"style_edition"`
		}
		if err := toml.Unmarshal(out, &printed); err != nil {
			t.Fatalf("%q: %v of\n%s", c.text, err, out)
		}
		want := &config.Format{
			MaxWidth: int(printed.MaxWidth), TabSpaces: int(printed.TabSpaces), HardTabs: printed.HardTabs, CallWidth: int(printed.CallWidth),
			ArrayWidth: int(printed.ArrayWidth), ChainWidth: int(printed.ChainWidth), StructWidth: int(printed.StructWidth),
			IfElseWidth: int(printed.IfElseWidth), ShortWidth: int(printed.ShortWidth),
		}
		if strings.Contains(c.text, "style_edition") || strings.Contains(c.text, "version") { // else cargo fmt says it
			want.StyleEdition, _ = strconv.Atoi(printed.Style)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: (-rustfmt +ours)\n%s", c.text, diff)
		}
	}
	if !haveRustfmt {
		t.Skip("rustfmt is not installed, so our reading is not held against its")
	}
}

// Without heuristics lists are as wide as lines, and nothing with braces stands on one. rustfmt cannot print it, for it knows no width that
// would do; quickfix holds what it lays out.
func TestHeuristicsOff(t *testing.T) {
	got, err := config.ParseFormat([]byte("use_small_heuristics = \"Off\"\nchain_width = 50\n"))
	if err != nil || min(got.CallWidth, got.ArrayWidth) < got.MaxWidth || got.ChainWidth != 50 || got.StructWidth != 0 || got.IfElseWidth != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

// rustfmt takes numbers of 64 bits, and levels of indentation of any width; ours are bounded, and wide lines are no error.
func TestBoundsOfFormat(t *testing.T) {
	if got, err := config.ParseFormat([]byte("max_width = 5000000000\nchain_width = 5000000000\n")); err != nil || got.ChainWidth != got.MaxWidth || got.MaxWidth < 1<<30 {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := config.ParseFormat([]byte("max_width = 4294967295\ntab_spaces = 300000000\n")); err == nil {
		t.Errorf("%+v, want an error", got)
	}
}

// The edition of the style is that of style_edition, then that of version; the edition of the parser does not count.
func TestStyleEdition(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "edition = \"2024\"\n": 0, "style_edition = \"2021\"\n": 2021, "version = \"Two\"\n": 2024, "version = \"One\"\n": 2015,
		"style_edition = \"2021\"\nversion = \"Two\"\nedition = \"2024\"\n": 2021,
	} {
		if got, err := config.ParseFormat([]byte(text)); err != nil || got.StyleEdition != want {
			t.Errorf("%q: %+v, %v, want the style of %d", text, got, err, want)
		}
	}
}

// TestFormats looks for configurations as rustfmt does: the nearest folder counts, in it .rustfmt.toml before rustfmt.toml, and no folder of
// that name; one that is refused gives the defaults, whatever lies above it.
func TestFormats(t *testing.T) {
	root := t.TempDir()
	t.Setenv("HOME", filepath.Join(root, "home"))
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(root, "own"))
	write(t, filepath.Join(root, "rustfmt.toml"), "max_width = 70\n")
	write(t, filepath.Join(root, "both", ".rustfmt.toml"), "max_width = 71\n")
	write(t, filepath.Join(root, "both", "rustfmt.toml"), "max_width = 72\n")
	write(t, filepath.Join(root, "refused", "rustfmt.toml"), "max_width = true\n")
	write(t, filepath.Join(root, "folder", "rustfmt.toml", "x.rs"), "")
	write(t, filepath.Join(root, "both", "src", "deep", "x.rs"), "")
	wants := map[string]int{
		root: 70, filepath.Join(root, "both"): 71, filepath.Join(root, "both", "src", "deep"): 71, filepath.Join(root, "refused"): 100,
		filepath.Join(root, "folder"): 70, filepath.Join(root, "no", "such"): 70,
	}
	link := filepath.Join(root, "link")
	if os.Symlink(filepath.Join(root, "both", "src"), link) == nil { // where the system has such links
		wants[link] = 71
	}
	var formats config.Formats
	for folder, want := range wants {
		if got := formats.Of(folder).MaxWidth; got != want {
			t.Errorf("%s has lines of %d columns, want %d", folder, got, want)
		}
	}
	write(t, filepath.Join(root, "rustfmt.toml"), "max_width = 60\n")
	if got := formats.Of(root).MaxWidth; got != 70 {
		t.Errorf("it is read again: %d", got)
	}
	if got := new(config.Formats).Of(root).MaxWidth; got != 60 {
		t.Errorf("read anew it has lines of %d columns, want 60", got)
	}
}
