package server

import (
	"path/filepath"
	"slices"
	"strings"
)

type watchedFilesParams struct {
	Changes []struct {
		URI  string `json:"uri"`
		Type int    `json:"type"`
	} `json:"changes"`
}

// manifestNames are the files that decide which crates there are, and how fixes lay out what they write.
var manifestNames = []string{"Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "rust-toolchain", "config.toml", "rustfmt.toml", ".rustfmt.toml"}

// watchers are what the client is asked to watch.
func watchers() any {
	type watcher struct {
		Glob string `json:"globPattern"`
	}
	return map[string][]watcher{"watchers": {{"**/*.rs"}, {"**/Cargo.{toml,lock}"}, {"**/.cargo/config{,.toml}"}, {"**/rust-toolchain{,.toml}"}, {"**/{,.}afidt.toml"}, {"**/{,.}rustfmt.toml"}}}
}

// isManifest reports whether a file decides which crates there are, how they are analysed, or how fixes lay out what they write.
func isManifest(path string) bool {
	return slices.Contains(manifestNames, filepath.Base(path)) || strings.HasSuffix(path, "afidt.toml")
}

func (s *Server) didChangeWatchedFiles(p *watchedFilesParams) error {
	var paths []string
	for _, c := range p.Changes {
		if path := pathOf(c.URI); path != "" {
			paths = append(paths, path)
		}
	}
	s.filesChanged(paths)
	return nil
}

// saved takes note of a buffer that was written to disk. It stands in for the watcher of clients that have none: a manifest
// that was saved counts as changed.
func (s *Server) saved(path string) {
	if isManifest(path) {
		s.filesChanged([]string{path})
	}
}

func (s *Server) filesChanged(paths []string) {
	if len(paths) == 0 {
		return
	}
	s.mu.Lock()
	spaces := s.spaces
	s.mu.Unlock()
	for _, space := range spaces {
		space.changed(paths)
	}
}
