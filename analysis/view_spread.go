package analysis

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

type cachedWords struct {
	text  []byte // identity of the version
	words *workspace.Words
}

type cachedInterface struct {
	text []byte // identity of the version
	face *workspace.Interface
}

// markAll marks all files of the workspace, and those that were part of it: also one whose findings nobody has taken back yet, because
// the workspace was read again while it was looked at.
func (v *View) markAll() {
	for _, id := range v.layout.Files() {
		v.stale[id.Path] = true
	}
	for path := range v.files {
		v.stale[path] = true
	}
	maps.Copy(v.calls.stale, v.stale)
	for path, was := range v.shown {
		if was {
			v.stale[path] = true
		}
	}
	for path, was := range v.calls.shown {
		if was {
			v.calls.stale[path] = true
		}
	}
}

// spread marks the files whose analysis may differ because of edits.
func (v *View) spread(state *State) {
	before := v.done
	v.done = state
	prior := v.unspread
	v.unspread = map[string]workspace.Versions{}
	for path, in := range v.hasty {
		if in != state {
			v.stale[path] = true
		}
	}
	clear(v.hasty)
	var names []string
	all, apart, came := false, false, false
	var targets []*cargo.Target
	var packages []*cargo.Package // in which declarations changed
	for _, path := range slices.Sorted(maps.Keys(prior)) {
		editions := v.layout.Editions(path)
		if len(editions) == 0 {
			came = came || appears(before, state, path)
			continue
		}
		for _, e := range editions {
			id := workspace.FileID{Path: path, Edition: e}
			old, now := prior[path][e], state.Snapshot.File(id)
			apart = apart || v.drifted(state, id)
			if old == nil {
				// Edited before it was read: the layout may come from what is on disk, or was while it changed.
				if before.overlay[path] != state.overlay[path] || state.overlay[path] == nil {
					all = true
					targets = append(targets, v.layout.Targets(path)...)
				}
				continue
			}
			if sameVersion(old, now) {
				continue
			}
			v.markLabels(path, old.Text, now.Text)
			before := v.face(id, old)
			c := v.face(id, now).Changed(before)
			names = append(names, c.Names...)
			all = all || c.Global || c.Structure
			if c.Signatures {
				for _, t := range v.layout.Targets(path) {
					packages = append(packages, t.Package)
				}
			}
			if c.Structure || (old.Err == nil) != (now.Err == nil) {
				all = true
				targets = append(targets, v.layout.Targets(path)...)
			}
		}
	}
	if came {
		all, targets = true, state.Snapshot.Targets()
	}
	if v.rest != nil { // they are laid out with the rest
		for _, t := range targets {
			if !slices.Contains(v.rest, t) {
				v.rest = append(v.rest, t)
			}
		}
	} else if len(targets) > 0 {
		state = v.layOut(state, v.layout, targets)
		v.done = state
		v.settle(state)
	}
	if all || len(names)+len(packages) > 0 || apart {
		v.steady = state
	}
	if v.rest == nil && len(packages) > 0 {
		v.markCallers(packages)
	}
	switch {
	case v.rest != nil: // all files are marked when the layout is complete
	case all:
		v.markAll()
	case len(names) > 0:
		v.markDependents(state, names)
	}
	v.adopt(state)
}

// drifted reports whether the steady state has another text of a file than a newer one, where no buffer tells: a file that is no
// buffer in either is taken for the same in both (analyseStale, analyseCalls).
func (v *View) drifted(state *State, id workspace.FileID) bool {
	return v.steady != nil && v.steady.overlay[id.Path] == nil && state.overlay[id.Path] == nil &&
		!sameVersion(v.steady.Snapshot.File(id), state.Snapshot.File(id))
}

func sameVersion(a, b *workspace.File) bool {
	return bytes.Equal(a.Text, b.Text) && (a.Err == nil) == (b.Err == nil)
}

// appears reports whether a file that is on no disk came or went, which a `mod` of any crate may be waiting for.
func appears(before, state *State, path string) bool {
	if (before.overlay[path] == nil) == (state.overlay[path] == nil) || filepath.Ext(path) != ".rs" {
		return false
	}
	_, err := os.Lstat(path)
	return err != nil
}

// markLabels marks the files whose findings point at lines of an edited file that moved or changed.
func (v *View) markLabels(path string, old, now []byte) {
	from, to, delta := ChangedLines(old, now)
	touched := func(line int) bool { return line >= from && (line <= to || delta != 0) }
	for other, f := range v.files {
		if slices.ContainsFunc(f.labels[path], touched) {
			v.stale[other] = true
		}
	}
	for other, labels := range v.calls.labels {
		if slices.ContainsFunc(labels[path], touched) {
			v.calls.stale[other] = true
		}
	}
}

// ChangedLines are the first and the last line of old that differ in now, from 0, and by how much the numbers of the lines behind
// them differ.
func ChangedLines(old, now []byte) (from, to, delta int) {
	n := min(len(old), len(now))
	start := 0
	for start < n && old[start] == now[start] {
		start++
	}
	end := 0
	for end < n-start && old[len(old)-1-end] == now[len(now)-1-end] {
		end++
	}
	newline := []byte("\n")
	from = bytes.Count(old[:start], newline)
	was, is := bytes.Count(old[start:len(old)-end], newline), bytes.Count(now[start:len(now)-end], newline)
	return from, from + was, is - was
}

// markDependents marks the files that depend on declarations with these names.
func (v *View) markDependents(state *State, names []string) {
	ids := v.layout.Files()
	files := make([]*workspace.Words, len(ids))
	for i, id := range ids {
		files[i] = v.wordsOf(state, id)
	}
	hits, all := workspace.Dependents(names, files)
	if all {
		v.markAll()
		return
	}
	for _, i := range hits {
		v.stale[ids[i].Path] = true
	}
}

func (v *View) wordsOf(state *State, id workspace.FileID) *workspace.Words {
	f := state.Snapshot.File(id)
	c := v.words[id]
	if c.words == nil || !sameText(c.text, f.Text) {
		c = cachedWords{f.Text, workspace.WordsOf(f)}
		v.words[id] = c
	}
	return c.words
}

// readWords reads the words of some more files when there is nothing else to do, so that the first edit of an interface need
// not wait for it. It reports whether there was something left to read.
func (v *View) readWords(state *State) bool {
	n := min(len(v.unread), 16)
	for _, id := range v.unread[:n] {
		v.wordsOf(state, id)
	}
	v.unread = v.unread[n:]
	return n > 0
}

// face is the interface of a version of a file; that of the last version is kept, because it is the old one of the next edit.
func (v *View) face(id workspace.FileID, f *workspace.File) *workspace.Interface {
	if c := v.faces[id]; c.face != nil && sameText(c.text, f.Text) {
		return c.face
	}
	if len(v.faces) > 64 {
		clear(v.faces)
	}
	face := workspace.InterfaceOf(f)
	v.faces[id] = cachedInterface{f.Text, face}
	return face
}

// sameText reports whether two texts are one in memory.
func sameText(a, b []byte) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}
