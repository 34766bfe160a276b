package workspace

import (
	"os"
	"path/filepath"
	"strings"
)

// adoptOrphans makes a crate of each .rs file among paths that no target leads to, as the user asked about it, and says so.
// Of a folder with no file of any target it only says so.
func (s *Snapshot) adoptOrphans(opt Options) {
	var orphans []*Crate
	for _, p := range opt.Paths {
		path, err := filepath.Abs(p)
		if err != nil {
			continue // the caller's to report
		}
		_, open := opt.buffers[path]
		info, err := os.Stat(path)
		folder := !open && err == nil && info.IsDir()
		if !open && err != nil || s.reaches(path, folder) {
			continue
		}
		switch {
		case folder:
			if path != s.Root {
				s.addProblem(Problem{File: path, Message: "no target of the workspace has a file in this folder, so nothing in it was analysed; name a file to have it analysed on its own"})
			}
		case filepath.Ext(path) == ".rs":
			t := s.Cargo.Orphan(path)
			if t == nil {
				continue
			}
			s.addProblem(Problem{File: path, Message: "no target of the workspace contains this file: no `mod` leads to it; it is analysed as a crate of its own, with the edition and the dependencies of package `" + t.Package.Name + "`"})
			orphans = append(orphans, s.newCrate(t, true))
		}
	}
	s.readMembers(orphans, opt)
	s.Crates = append(s.Crates, orphans...)
}

// reaches reports whether path, or a file in it, is part of a crate.
func (s *Snapshot) reaches(path string, folder bool) bool {
	for _, c := range s.Crates {
		for _, top := range c.Tops {
			if top.File.Path == path || folder && strings.HasPrefix(top.File.Path, strings.TrimSuffix(path, string(filepath.Separator))+string(filepath.Separator)) {
				return true
			}
		}
	}
	return false
}
