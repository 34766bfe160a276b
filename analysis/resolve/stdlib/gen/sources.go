package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
)

// sources is the folder `library` of Rust's sources. Paths are relative to it, `/`-separated and clean.
type sources struct {
	root  string
	cache map[string][]node
}

func (s sources) trees(file string) ([]node, error) {
	if nodes, ok := s.cache[file]; ok {
		return nodes, nil
	}
	text, err := os.ReadFile(filepath.Join(s.root, filepath.FromSlash(file)))
	if err != nil {
		return nil, err
	}
	nodes, err := parseTrees(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	s.cache[file] = nodes
	return nodes, nil
}

func (s sources) exists(file string) bool {
	_, err := os.Stat(filepath.Join(s.root, filepath.FromSlash(file)))
	return err == nil
}

// child is the file of `mod name;` and the folder of its own children; file is empty if there is none.
func (s sources) child(m module, it *item) (file, dir string) {
	for _, a := range it.attrs {
		if len(a) == 3 && a[0].is("path") {
			file = path.Join(path.Dir(m.file), strings.Trim(a[2].text, `"`))
			return file, path.Dir(file)
		}
	}
	name := strings.TrimPrefix(it.name, "r#")
	if file = path.Join(m.dir, name+".rs"); s.exists(file) {
		return file, path.Join(m.dir, name)
	}
	if file = path.Join(m.dir, name, "mod.rs"); s.exists(file) {
		return file, path.Join(m.dir, name)
	}
	return "", ""
}

// files lists the Rust files below a folder, tests and benches left out.
func (s sources) files(dir string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(filepath.Join(s.root, dir), func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "tests" || d.Name() == "benches") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(p, ".rs") && d.Name() != "tests.rs" {
			rel, err := filepath.Rel(s.root, p)
			if err != nil {
				return err
			}
			out = append(out, filepath.ToSlash(rel))
		}
		return nil
	})
	sort.Strings(out)
	return out, err
}
