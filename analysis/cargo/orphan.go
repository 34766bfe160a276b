package cargo

import (
	"path/filepath"
	"strings"
)

// Orphan is a target for an .rs file of the workspace that no target of cargo's leads to: a crate of its own, with the
// edition and the dependencies of the package whose folder holds it. It is nil for a file outside all packages.
func (w *Workspace) Orphan(path string) *Target {
	var owner *Package
	for _, p := range w.Members {
		if within(path, p.Dir) && (owner == nil || len(p.Dir) > len(owner.Dir)) {
			owner = p
		}
	}
	if owner == nil {
		return nil
	}
	stem := strings.TrimSuffix(filepath.Base(path), ".rs")
	return &Target{
		Package: owner, Kind: Example, Name: crateName(stem), Written: stem, Root: path, Edition: owner.Edition, Harness: true, Test: true,
	}
}
