// Package config is what the user and the crates say about how a workspace is to be judged: a file afidt.toml, the toolchain
// that rust-toolchain.toml pins, the feature gates that crates turn on.
//
// It knows files and names. It runs nothing, but for Probe, which asks rustc and is called only when the user wants it.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
)

// Names are the names of the configuration file; the first that a folder has counts.
var Names = [...]string{"afidt.toml", ".afidt.toml"}

// Level is how serious the findings of a rule are, or off.
type Level string

// Levels.
const (
	Off     Level = "off"
	Hint    Level = "hint"
	Info    Level = "info"
	Warning Level = "warning"
	Error   Level = "error"
)

var levels = []Level{Off, Hint, Info, Warning, Error}

// Config is the configuration of one workspace. Its zero value is the one without a file.
type Config struct {
	// Path is the file that it was read from, absolute; empty if there is none.
	Path string
	// RuleSet is what the rules for dyn are; empty means what the crates say, and today's rules if they say nothing.
	RuleSet dyncompat.RuleSet
	// Rules gives findings of a rule, by the rule's name, another level.
	Rules map[string]Level
	// FixStyle are the ids of the fixes that are preferred among alternatives, the most preferred first.
	FixStyle []string
}

// Vocabulary is what a configuration file may name.
type Vocabulary struct {
	Rules []string // names of rules
	Fixes []string // ids of fixes; nil allows any
}

// file is the form of afidt.toml.
type file struct {
	RuleSet *string           `toml:"rule-set"`
	Rules   map[string]string `toml:"rules"`
	Fix     struct {
		Style style `toml:"style"`
	} `toml:"fix"`
}

// style is one id or a list of them.
type style []string

// Find is the configuration file of path: the nearest in its folder and those above, up to root. It is empty if there is
// none.
func Find(path, root string) string {
	dir := path
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		dir = filepath.Dir(path)
	}
	for {
		for _, name := range Names {
			at := filepath.Join(dir, name)
			if info, err := os.Stat(at); err == nil && info.Mode().IsRegular() {
				return at
			}
		}
		up := filepath.Dir(dir)
		if dir == root || up == dir || !within(dir, root) {
			return ""
		}
		dir = up
	}
}

func within(dir, root string) bool {
	rel, err := filepath.Rel(root, dir)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// Load reads the configuration of path in the workspace at root. An error names the file, the line and the column.
func Load(path, root string, v Vocabulary) (*Config, error) {
	at := Find(path, root)
	if at == "" {
		return &Config{}, nil
	}
	text, err := cargo.ReadFile(at)
	if errors.Is(err, fs.ErrNotExist) {
		return &Config{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	return Parse(text, at, v)
}

// Parse reads the text of a configuration file; path is named in errors.
func Parse(text []byte, path string, v Vocabulary) (*Config, error) {
	var f file
	d := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, placed(path, text, err)
	}
	out := &Config{Path: path, Rules: map[string]Level{}, FixStyle: f.Fix.Style}
	fail := func(key, format string, args ...any) error {
		line, column := keyPlace(text, key)
		return fmt.Errorf("%s:%d:%d: %s", path, line, column, fmt.Sprintf(format, args...))
	}
	if f.RuleSet != nil {
		set, err := ParseRuleSet(*f.RuleSet)
		if err != nil {
			return nil, fail("rule-set", "rule-set: %v", err)
		}
		out.RuleSet = set
	}
	for _, name := range sortedKeys(f.Rules) {
		if !slices.Contains(v.Rules, name) {
			return nil, fail(name, "there is no rule `%s`; `afidt-lsp rules` lists them", name)
		}
		level := Level(f.Rules[name])
		if !slices.Contains(levels, level) {
			return nil, fail(name, "rule `%s`: %q is no level; give off, hint, info, warning or error", name, f.Rules[name])
		}
		out.Rules[name] = level
	}
	for _, id := range f.Fix.Style {
		if v.Fixes != nil && !slices.Contains(v.Fixes, id) {
			return nil, fail("style", "fix.style: there is no fix `%s`; give one of %s", id, strings.Join(v.Fixes, ", "))
		}
	}
	return out, nil
}

// ParseRuleSet reads the name of a rule set.
func ParseRuleSet(name string) (dyncompat.RuleSet, error) {
	set := dyncompat.RuleSet(name)
	if !slices.Contains(dyncompat.RuleSets[:], set) {
		return "", fmt.Errorf("%q is no rule set; give stable, method-scope, dyn-box or box", name)
	}
	return set, nil
}

// UnmarshalText reads `style = "companion"`; a list is read as lists are.
func (s *style) UnmarshalText(text []byte) error {
	*s = style{string(text)}
	return nil
}

// placed puts a decoder's error at its place in the file.
func placed(path string, text []byte, err error) error {
	var missing *toml.StrictMissingError
	if errors.As(err, &missing) && len(missing.Errors) > 0 {
		e := &missing.Errors[0]
		line, column := e.Position()
		return fmt.Errorf("%s:%d:%d: there is no key `%s`; the keys are rule-set, rules.* and fix.style", path, line, column, strings.Join(e.Key(), "."))
	}
	var decode *toml.DecodeError
	if errors.As(err, &decode) {
		line, column := decode.Position()
		message := strings.TrimPrefix(decode.Error(), "toml: ")
		if is, ok := strings.CutPrefix(message, "cannot decode TOML "); ok { // into what, is of no interest to who writes TOML
			is, _, _ = strings.Cut(is, " into ")
			message = is + " found: rule-set is a string, as are all in the table rules, and fix.style is a string or a list of them"
		}
		return fmt.Errorf("%s:%d:%d: %s", path, line, column, message)
	}
	return fmt.Errorf("%s: %w", path, err)
}

// keyPlace is the line and column of a key in a text that decodes; 1:1 if it is written in a way that is not found.
func keyPlace(text []byte, key string) (line, column int) {
	for i, l := range strings.Split(string(text), "\n") {
		at := strings.Index(l, key)
		if at < 0 || strings.Contains(l[:at], "#") {
			continue
		}
		if rest := strings.TrimLeft(l[at+len(key):], `"' `+"\t"); strings.HasPrefix(rest, "=") {
			return i + 1, at + 1
		}
	}
	return 1, 1
}

func sortedKeys(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
