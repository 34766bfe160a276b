// Command gen writes std.pack, the table of the standard library's declarations: the sources of core, alloc, std,
// proc_macro and test without what no other crate can see (bodies, private functions and fields, comments).
//
//	AFIDT_RUST_SRC=/usr/src/rustc-1.96.0/library go generate ./analysis/resolve/stdlib
//
// The sources are those of the Debian package rust-web-src, or the folder `library` of a checkout of rust-lang/rust. The
// same sources give the same bytes. Macros whose invocations define items are expanded, so that the types they write
// (AtomicU8, ..) are found; what could not be read or expanded is listed with -v.
package main

import (
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

func main() {
	src := flag.String("src", os.Getenv("AFIDT_RUST_SRC"), "the folder `library` of Rust's sources (default $AFIDT_RUST_SRC)")
	out := flag.String("o", "std.pack", "`file` to write")
	dump := flag.String("dump", "", "also write the stripped files below this `folder`, to be read by people")
	verbose := flag.Bool("v", false, "list what could not be read or expanded")
	flag.Parse()
	if *src == "" {
		fmt.Fprintln(os.Stderr, "gen: set AFIDT_RUST_SRC or -src to the folder `library` of Rust's sources")
		os.Exit(2)
	}
	if err := run(*src, *out, *dump, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(src, out, dump string, verbose bool) error {
	files, notes, err := strip(src)
	if err != nil {
		return err
	}
	if verbose {
		for _, n := range notes {
			fmt.Fprintln(os.Stderr, n)
		}
	}
	for name, text := range files {
		if dump == "" {
			break
		}
		file := filepath.Join(dump, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return err
		}
	}
	packed, err := pack(files)
	if err != nil {
		return err
	}
	return os.WriteFile(out, packed, 0o644)
}

// crates are the crates of the table.
var crates = []string{"core", "alloc", "std", "proc_macro", "test"}

// besides are folders and files whose macros the crates use though they are no part of a crate's own folder.
var besides = []string{"portable-simd/crates/core_simd/src", "portable-simd/crates/std_float/src", "stdarch/crates/core_arch/src/macros.rs"}

// strip gives the stripped text of every file that the crates' module trees lead to.
func strip(src string) (files map[string]string, notes []string, err error) {
	s := stripper{
		sources:    sources{root: src, cache: map[string][]node{}},
		out:        map[string]string{},
		everywhere: map[string]*macro{},
		internal:   map[string]bool{},
	}
	if err := s.survey(); err != nil {
		return nil, nil, err
	}
	for _, c := range crates {
		s.scope = nil
		root := c + "/src/lib.rs"
		if _, err := s.file(module{file: root, dir: path.Dir(root)}); err != nil {
			return nil, nil, err
		}
	}
	return s.out, s.notes, nil
}

// survey collects, before anything is written, all macros and the traits that are private.
func (s *stripper) survey() error {
	var all []string
	for _, c := range crates {
		files, err := s.sources.files(c + "/src")
		if err != nil {
			return err
		}
		all = append(all, files...)
	}
	for _, b := range besides {
		files, err := s.sources.files(b)
		if err != nil {
			return err
		}
		all = append(all, files...)
	}
	public := map[string]bool{}
	for _, f := range all {
		if strings.HasPrefix(f, "std/src/sys/") {
			continue
		}
		nodes, err := s.sources.trees(f)
		if err != nil {
			return err
		}
		s.surveyItems(nodes, public)
	}
	for name := range public {
		delete(s.internal, name)
	}
	return nil
}

func (s *stripper) surveyItems(nodes []node, public map[string]bool) {
	for _, it := range splitItems(nodes, 0) {
		switch {
		case it.kind == itemMacroRules, it.kind == itemMacro:
			if s.everywhere[it.name] == nil {
				s.everywhere[it.name] = newMacro(&it)
			}
		case it.kind == itemTrait && it.public():
			public[it.name] = true
		case it.kind == itemTrait:
			s.internal[it.name] = true
		case it.kind == itemMod && it.body != nil:
			s.surveyItems(it.body.sub, public)
		}
	}
}
