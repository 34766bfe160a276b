package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// replaceFiles gives files new texts: all of them, or none. Each text is written beside its file and then renamed, so that no
// reader meets half a file; if a rename fails, those that were done are undone. A file whose text on disk is no longer the one
// in before is not overwritten. Links and permissions stay.
func replaceFiles(texts, before map[string][]byte) (err error) {
	type pending struct{ path, temporary string }
	var files []pending
	defer func() {
		for _, f := range files {
			os.Remove(f.temporary) // what is left after a failure
		}
	}()
	for _, path := range sortedPaths(texts) {
		target, err := filepath.EvalSymlinks(path)
		if err != nil {
			return fmt.Errorf("writing %s: %w", path, err)
		}
		now, err := os.ReadFile(target)
		if err != nil {
			return fmt.Errorf("writing %s: %w", path, err)
		}
		if !bytes.Equal(now, before[path]) {
			return fmt.Errorf("%s changed while it was analysed; run the command again", path)
		}
		temporary, err := writeBeside(target, texts[path])
		if err != nil {
			return fmt.Errorf("writing %s: %w", path, err)
		}
		files = append(files, pending{path: target, temporary: temporary})
	}
	for i, f := range files {
		if err := os.Rename(f.temporary, f.path); err != nil {
			err = fmt.Errorf("writing %s: %w", f.path, err)
			for _, done := range files[:i] {
				err = errors.Join(err, restore(done.path, texts, before))
			}
			return err
		}
	}
	return nil
}

// writeBeside writes a text to a temporary file in the folder of path, with path's permissions.
func writeBeside(path string, text []byte) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".afidt-lsp-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Chmod(info.Mode().Perm()), f.Sync(), f.Close())
	if err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// restore brings a file back to its text before.
func restore(target string, texts, before map[string][]byte) error {
	for path := range texts {
		if real, err := filepath.EvalSymlinks(path); err != nil || real != target {
			continue
		}
		temporary, err := writeBeside(target, before[path])
		if err == nil {
			err = os.Rename(temporary, target)
		}
		if err != nil {
			return fmt.Errorf("undoing the change of %s: %w", target, err)
		}
	}
	return nil
}

func sortedPaths(texts map[string][]byte) []string { return slices.Sorted(maps.Keys(texts)) }
