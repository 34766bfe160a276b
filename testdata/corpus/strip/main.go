// Strip copies a Rust workspace and removes `#[async_trait]` from the traits of the copy and from their impls.
//
//	go run ./testdata/corpus/strip [-send] WORKSPACE COPY > stripped.tsv
//
// Such a workspace compiled before; now every `dyn` of a trait that lost the macro is an error (unless all of
// its async methods require Sized), so the copy is a workspace with known findings: recall on real code.
// The list it prints has one trait a line: file, line, name, number of async methods that stand against
// `dyn`, and the attribute macros that are still on the trait (those may make its verdict unknown).
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	send := flag.Bool("send", false, "let the traits promise that their futures are Send, as the attribute did")
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "usage: strip [-send] WORKSPACE COPY")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), flag.Arg(1), *send, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "strip:", err)
		os.Exit(1)
	}
}

// run copies the folder from to the folder to, which must not exist, and lists the stripped traits.
func run(from, to string, send bool, list io.Writer) error {
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s exists: name a folder that does not, nothing is overwritten", to)
	}
	own, err := crates(from)
	if err != nil {
		return fmt.Errorf("reading the manifests of %s: %w", from, err)
	}
	impls := 0
	fmt.Fprintln(list, "file\tline\tname\tasync_fns\tother_macros")
	err = filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, relative)
		switch {
		case d.IsDir():
			if name := d.Name(); name == ".git" || name == "target" && isCargoTarget(path) {
				return filepath.SkipDir
			}
			return os.MkdirAll(target, 0o755)
		case d.Type()&fs.ModeSymlink != 0:
			link, err := os.Readlink(path)
			if err != nil {
				return err
			}
			return os.Symlink(link, target)
		case !d.Type().IsRegular():
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if strings.HasSuffix(path, ".rs") {
			stripped := strip(text, send, own)
			text = stripped.text
			impls += stripped.impls
			for _, t := range stripped.traits {
				fmt.Fprintf(list, "%s\t%d\t%s\t%d\t%s\n", filepath.ToSlash(relative), t.line, t.name, t.asyncFns, strings.Join(t.otherMacros, ","))
			}
		}
		return os.WriteFile(target, text, 0o644)
	})
	if err != nil {
		return fmt.Errorf("copying %s to %s: %w", from, to, err)
	}
	fmt.Fprintf(os.Stderr, "strip: %d impls lost #[async_trait] as well\n", impls)
	return nil
}

// isCargoTarget tells cargo's build folder from a module that is called target.
func isCargoTarget(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "CACHEDIR.TAG"))
	return err == nil
}
