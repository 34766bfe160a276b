package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Impls of the traits of other packages keep the attribute, because those traits keep it.

var (
	packageName    = regexp.MustCompile(`(?m)^name\s*=\s*"([^"]+)"`)
	pathDependency = regexp.MustCompile(`(?m)^([A-Za-z0-9_-]+)\s*=\s*\{[^}\n]*\bpath\s*=`)
)

// crates are the names by which code can mean a crate of the packages below a folder: those in the manifests, and those of dependencies
// with a path.
func crates(root string) (map[string]bool, error) {
	own := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() != "Cargo.toml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, pattern := range []*regexp.Regexp{packageName, pathDependency} {
			for _, m := range pattern.FindAllSubmatch(text, -1) {
				own[strings.ReplaceAll(string(m[1]), "-", "_")] = true
			}
		}
		return nil
	})
	return own, err
}

// foreign reports whether the trait of the impl at a token is of another package, as far as the file's text shows it: its path begins
// with, or is imported from, a crate that is none of the workspace's.
func (s *stripper) foreign(impl int) bool {
	if s.crates == nil {
		return false
	}
	first, lone := s.implTrait(impl)
	if first == "" {
		return false
	}
	if roots := s.imported(first); len(roots) > 0 {
		return !slices.ContainsFunc(roots, s.own)
	}
	return !lone && !s.own(first)
}

// own reports whether a path that begins with a name leads to a crate of the workspace.
func (s *stripper) own(name string) bool {
	switch name {
	case "crate", "self", "super", "$", "Self":
		return true
	}
	if s.crates[name] {
		return true
	}
	for i := range s.tokens {
		if s.is(i, "mod") && s.is(i+1, name) {
			return true
		}
	}
	return false
}

// implTrait is the first name of the path of an impl's trait, and whether it is the only one.
func (s *stripper) implTrait(impl int) (first string, lone bool) {
	i := impl + 1
	if s.is(i, "<") {
		for depth := 0; i < len(s.tokens); i++ {
			if s.is(i, "<") {
				depth++
			}
			if s.is(i, ">") && !s.is(i-1, "-") && !s.is(i-1, "=") {
				if depth--; depth == 0 {
					i++
					break
				}
			}
		}
	}
	for s.is(i, ":") || s.is(i, "!") {
		i++
	}
	if i >= len(s.tokens) || !s.tokens[i].word {
		return "", false
	}
	return strings.TrimPrefix(s.text(i), "r#"), !s.is(i+1, ":")
}

// imported are the first names of the paths by which the file's use declarations import a name.
func (s *stripper) imported(name string) []string {
	var roots []string
	for i := range s.tokens {
		if !s.is(i, "use") || !s.tokens[i].word {
			continue
		}
		root, depth := "", 0
		for k := i + 1; k < len(s.tokens) && !s.is(k, ";"); k++ {
			switch text := s.text(k); {
			case text == "{":
				depth++
			case text == "}":
				depth--
			case text == "," && depth == 1 && s.is(i+1, "{"):
				root = ""
			case !s.tokens[k].word || text == "as":
			default:
				if root == "" {
					root = text
				}
				next := s.text(k + 1)
				if strings.TrimPrefix(text, "r#") == name && (next == "," || next == "}" || next == ";") {
					roots = append(roots, root)
				}
			}
		}
	}
	return roots
}
