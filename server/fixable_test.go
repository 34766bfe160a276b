package server

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/quickfix"
)

// No action is overlooked because only one file was looked at: wherever quickfix offers one, fixable has a place.
func TestFixablePlaces(t *testing.T) {
	archives, err := filepath.Glob("../quickfix/testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	offered := 0
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		root := t.TempDir()
		open := root
		var sources []string // as they are before the fix
		for _, f := range archive.Files {
			switch {
			case strings.HasPrefix(f.Name, "after/"):
				continue
			case strings.HasSuffix(f.Name, ".rs"):
				sources = append(sources, f.Name)
			case filepath.Base(f.Name) != "Cargo.toml":
				continue
			}
			write(t, filepath.Join(root, f.Name), string(f.Data))
		}
		if _, err := os.Stat(filepath.Join(root, "Cargo.toml")); err != nil {
			open = filepath.Join(root, sources[0])
		}
		view := analysis.NewView(open, analysis.Options{Threads: 2}, nil)
		for done := false; !done; {
			if _, done, err = view.Next(t.Context()); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		state := view.State()
		w, err := quickfix.New(state.Session(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range sources {
			path := filepath.Join(root, f)
			text, err := os.ReadFile(path)
			if holds, _ := view.Holds(path); err != nil || !holds {
				continue
			}
			places, known := fixable(view, state, path)
			if !known {
				t.Fatalf("%s: %s is not known after all work is done", name, f)
			}
			for offset := uint32(0); offset <= uint32(len(text)); offset++ {
				has := false
				for _, s := range places {
					has = has || s.Start <= offset && offset <= s.End
				}
				if has {
					continue
				}
				if actions := quickfix.At(w, path, offset); len(actions) > 0 {
					at := source.NewLineIndex(text).Position(offset)
					t.Errorf("%s: %s:%d:%d offers %q, and no place is there", name, f, at.Line, at.Column, actions[0].Title)
				}
			}
			offered += len(places)
		}
	}
	if offered == 0 {
		t.Error("no file has anything to fix")
	}
}
