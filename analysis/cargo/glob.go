package cargo

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// isGlob tells whether a member pattern has wildcards, as the glob crate has them.
func isGlob(pattern string) bool { return strings.ContainsAny(pattern, "*?[") }

// expandGlob lists the folders under dir that a member pattern means, in order: `*`, `?`, `[..]` in a name and `**` for
// any depth. `**` follows no symbolic links, so that it ends, and skips folders that are not the user's own.
func expandGlob(dir, pattern string) []string {
	found := []string{dir}
	folders := 0
	for name := range strings.SplitSeq(filepath.ToSlash(pattern), "/") {
		var next []string
		switch {
		case name == "" || name == ".":
			continue
		case name == "..":
			for _, folder := range found {
				next = append(next, filepath.Dir(folder))
			}
		case name == "**":
			for _, folder := range found {
				next = append(next, foldersBelow(folder, 0, &folders)...)
			}
		case !isGlob(name):
			for _, folder := range found {
				if child := filepath.Join(folder, name); dirExists(child) {
					next = append(next, child)
				}
			}
		default:
			shell := shellPattern(name)
			for _, folder := range found {
				entries, _ := os.ReadDir(folder)
				for _, entry := range entries {
					if ok, err := path.Match(shell, entry.Name()); err != nil || !ok {
						continue
					}
					child := filepath.Join(folder, entry.Name())
					if entry.IsDir() || entry.Type()&os.ModeSymlink != 0 && dirExists(child) {
						next = append(next, child)
					}
				}
			}
		}
		// One folder can be reached in several ways when there are several `**`.
		slices.Sort(next)
		found = slices.Compact(next)
	}
	return found
}

// shellPattern is a pattern of the glob crate, which negates a class as shells do, as package path reads it.
func shellPattern(pattern string) string { return strings.ReplaceAll(pattern, "[!", "[^") }

// foldersBelow is folder and all folders in it; count bounds them over one pattern.
func foldersBelow(folder string, depth int, count *int) []string {
	if *count++; depth > maxDepth || *count > maxFolders {
		return nil
	}
	below := []string{folder}
	entries, _ := os.ReadDir(folder)
	for _, entry := range entries {
		if entry.IsDir() && !skipFolder(entry.Name()) {
			below = append(below, foldersBelow(filepath.Join(folder, entry.Name()), depth+1, count)...)
		}
	}
	return below
}
