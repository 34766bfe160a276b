package config

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
)

// Format is how rustfmt lays out the files of a folder: those of its settings that decide about code that we write. Widths are in columns.
//
// It is what a stable rustfmt makes of them, which passes over the settings that only a nightly one knows, also where a workspace pins such a
// toolchain. newline_style is left out because code goes on with the line endings of its file; fn_params_layout and reorder_imports, which
// nobody was found to set, are not read.
type Format struct {
	MaxWidth  int  // max_width: of a line
	TabSpaces int  // tab_spaces: of a level of indentation
	HardTabs  bool // hard_tabs: such a level is a tab
	// How wide may be what stands on one line.
	CallWidth   int // fn_call_width: the arguments of a call
	ArrayWidth  int // array_width: the elements of an array
	ChainWidth  int // chain_width: a chain of calls
	StructWidth int // struct_lit_width: the fields of a struct literal
	IfElseWidth int // single_line_if_else_max_width: an `if` with its `else`
	// ShortWidth is short_array_element_width_threshold: what is no wider shares lines with others of its list.
	ShortWidth int
	// StyleEdition is the edition of the style guide: style_edition, else version. 0 leaves it to the edition of the crate: cargo fmt hands
	// that to rustfmt, which then does not mind the edition that its configuration names.
	StyleEdition int
}

// DefaultFormat is the Format where nothing is configured.
func DefaultFormat() *Format {
	f, err := ParseFormat(nil)
	if err != nil {
		panic("rustfmt's defaults do not parse, which is a bug: " + err.Error())
	}
	return f
}

// rustfmtToml is what a configuration file of rustfmt says of a Format; nil is nothing.
type rustfmtToml struct {
	MaxWidth           *uint64 `toml:"max_width"`
	TabSpaces          *uint64 `toml:"tab_spaces"`
	HardTabs           bool    `toml:"hard_tabs"`
	UseSmallHeuristics *string `toml:"use_small_heuristics"`
	FnCallWidth        *uint64 `toml:"fn_call_width"`
	ArrayWidth         *uint64 `toml:"array_width"`
	ChainWidth         *uint64 `toml:"chain_width"`
	StructLitWidth     *uint64 `toml:"struct_lit_width"`
	IfElseWidth        *uint64 `toml:"single_line_if_else_max_width"`
	ShortElement       *uint64 `toml:"short_array_element_width_threshold"`
	StyleEdition       *string `toml:"style_edition"`
	Version            *string `toml:"version"`
}

// unlimited is a width that nothing exceeds; sums of two are widths still.
const unlimited = math.MaxInt32

// maxTabSpaces bounds tab_spaces, which rustfmt does not: levels of indentation are written out.
const maxTabSpaces = 64

// ParseFormat reads the text of a configuration file of rustfmt. The error says what rustfmt would refuse, or that a level of indentation is
// wider than a line or than maxTabSpaces; keys that say nothing of a Format are passed over, whatever their values.
func ParseFormat(text []byte) (*Format, error) {
	var f rustfmtToml
	if err := toml.Unmarshal(text, &f); err != nil {
		return nil, err
	}
	heuristics, err1 := oneOf("use_small_heuristics", f.UseSmallHeuristics, "Default", "Max", "Off")
	edition, err2 := oneOf("style_edition", f.StyleEdition, "", "2015", "2018", "2021", "2024", "2027")
	version, err3 := oneOf("version", f.Version, "", "One", "Two")
	if err := cmp.Or(err1, err2, err3); err != nil {
		return nil, err
	}
	out := &Format{
		MaxWidth: number(f.MaxWidth, 100), TabSpaces: number(f.TabSpaces, 4), HardTabs: f.HardTabs,
		ShortWidth: number(f.ShortElement, 10),
	}
	if out.TabSpaces > min(out.MaxWidth, maxTabSpaces) || out.HardTabs && out.TabSpaces == 0 {
		return nil, fmt.Errorf("tab_spaces: a level of indentation cannot have %d columns", out.TabSpaces)
	}
	out.StyleEdition, _ = strconv.Atoi(cmp.Or(edition, map[string]string{"One": "2015", "Two": "2024"}[version]))
	// heuristic is a width that the heuristics give (WidthHeuristics in rustfmt's src/config/options.rs).
	heuristic := func(set *uint64, columns int, off int) int {
		switch {
		case set != nil:
			return min(number(set, 0), out.MaxWidth)
		case heuristics == "Max":
			return out.MaxWidth
		case heuristics == "Off":
			return off
		case out.MaxWidth <= 100:
			return columns
		}
		ratio := math.Round(float64(float32(out.MaxWidth)/100*10)) / 10
		return int(math.Round(float64(columns) * ratio))
	}
	out.CallWidth = heuristic(f.FnCallWidth, 60, unlimited)
	out.ArrayWidth = heuristic(f.ArrayWidth, 60, unlimited)
	out.ChainWidth = heuristic(f.ChainWidth, 60, unlimited)
	out.StructWidth = heuristic(f.StructLitWidth, 18, 0)
	out.IfElseWidth = heuristic(f.IfElseWidth, 50, 0)
	return out, nil
}

// number is a number that is set, or its default.
func number(set *uint64, otherwise int) int {
	if set == nil {
		return otherwise
	}
	return int(min(*set, unlimited))
}

// oneOf is the name among values that is set, in whatever case, the first of them if none is.
func oneOf(key string, set *string, values ...string) (string, error) {
	if set == nil {
		return values[0], nil
	}
	i := slices.IndexFunc(values, func(v string) bool { return v != "" && strings.EqualFold(v, *set) })
	if i < 0 {
		return "", fmt.Errorf("%s: %q is none of %s", key, *set, strings.Join(values, ", "))
	}
	return values[i], nil
}

// formatNames are the names of rustfmt's configuration files; the first that a folder has counts.
var formatNames = [...]string{".rustfmt.toml", "rustfmt.toml"}

// Formats are the formats of folders, each read when it is first asked for. They are safe for concurrent use; the zero value is ready.
type Formats struct {
	folders sync.Map // path -> *Format
}

// Of is the format of the files in a folder (absolute path), as rustfmt looks for it (src/config/mod.rs): that of the nearest configuration
// in the folder and those above, up to the root of the file system, else of the one that the user has for all projects. Where it cannot be
// read, or has a value that rustfmt refuses, it is the default one: what lays out nothing breaks nothing.
func (f *Formats) Of(folder string) *Format {
	if known, ok := f.folders.Load(folder); ok {
		return known.(*Format)
	}
	format, _ := f.folders.LoadOrStore(folder, readFormat(folder))
	return format.(*Format)
}

func readFormat(folder string) *Format {
	path := findFormat(folder)
	if path == "" {
		return DefaultFormat()
	}
	text, err := cargo.ReadFile(path)
	if err != nil {
		return DefaultFormat()
	}
	format, err := ParseFormat(text)
	if err != nil {
		return DefaultFormat()
	}
	return format
}

// findFormat is the configuration file of a folder, empty if there is none.
func findFormat(folder string) string {
	if resolved, err := filepath.EvalSymlinks(folder); err == nil {
		folder = resolved
	}
	folders := []string{folder}
	for up := filepath.Dir(folder); up != folders[len(folders)-1]; up = filepath.Dir(up) {
		folders = append(folders, up)
	}
	if home, err := os.UserHomeDir(); err == nil {
		folders = append(folders, home)
	}
	if own, err := os.UserConfigDir(); err == nil {
		folders = append(folders, filepath.Join(own, "rustfmt"))
	}
	for _, dir := range folders {
		for _, name := range formatNames {
			path := filepath.Join(dir, name)
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				return path
			}
		}
	}
	return ""
}
