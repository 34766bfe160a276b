// Sweep runs `afidt-lsp check` and `afidt-lsp report` over many packages and workspaces that compile and
// prints a Markdown table of what they say.
//
//	go run ./testdata/corpus/sweep -list testdata/corpus/top200.txt
//	go run ./testdata/corpus/sweep WORKSPACE ...
//
// Packages of a list ("name version" a line, # starts a comment) are downloaded by cargo from crates.io;
// folders are taken as they are: run `cargo fetch` in them first. No build script is run, nothing is
// compiled.
//
// What compiles has no error: sweep exits with 1 if there is any error-level finding, if a command fails, or
// if more than -max-unknown percent of all `dyn` mentions have no verdict.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	list := flag.String("list", "", "file with one \"name version\" a line: packages of crates.io to sweep")
	dir := flag.String("dir", defaultDir(), "folder for the downloaded packages, kept for the next run")
	binary := flag.String("bin", "afidt-lsp", "the afidt-lsp to run")
	threads := flag.Int("j", 1, "threads of afidt-lsp")
	maxUnknown := flag.Float64("max-unknown", 3, "percent of all dyn mentions that may stay without a verdict")
	flag.Parse()
	if *list == "" && flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: sweep [-list FILE] [WORKSPACE ...]: name a list of packages or a folder")
		os.Exit(2)
	}

	var subjects []subject
	if *list != "" {
		packages, err := readList(*list)
		if err == nil {
			subjects, err = download(packages, *dir)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "sweep:", err)
			os.Exit(2)
		}
	}
	for _, folder := range flag.Args() {
		subjects = append(subjects, subject{name: filepath.Base(folder), dir: folder})
	}

	var rows []row
	for _, s := range subjects {
		rows = append(rows, judge(s, *binary, *threads))
	}
	os.Exit(printTable(os.Stdout, rows, *maxUnknown))
}

// defaultDir is where downloaded packages are kept between runs.
func defaultDir() string {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	return filepath.Join(cache, "afidt-lsp-corpus")
}
