package workspace

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"weak"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve/stdlib"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// maxFileBytes is the size above which a file is not read: generated tables reach a few megabytes, and a file costs up to a
// hundred times its size while it is read.
const maxFileBytes = 16 << 20

// File is one source file with its facts. It is immutable but for values that are filled once.
type File struct {
	Path    string // absolute; of the standard library's sources `std:core/src/marker.rs`
	Edition int
	Std     bool
	Text    []byte // empty if the file could not be read; Err then says why. Of an outside file that of Syntax, once it was asked for
	Err     error
	// Owners are the roots of the module scopes that the workspace's crates make of this file, in the crates' order.
	Owners []*Scope
	// Expansion is set for what a macro call expands to, whose Path is that of the file with the call; nil for a file on disk.
	Expansion *Expansion

	*facts
	filled sync.Once // of an outside file: Text is
}

// facts are what the text of a file tells, each found when it is first asked for. All snapshots that have this version of the file
// share them. They are fields of one struct, for there are eight of each of thousands of files.
type facts struct {
	syntax  lazy[*syntax.File]
	lines   lazy[*source.LineIndex]
	marks   lazy[*marks]
	names   lazy[*Names]
	scopes  lazy[[]uint64] // bit set of items: those that hold items of their own
	words   lazy[words]
	exports lazy[bool]
	// top is the index of the scope that is the file as a whole, indexes those of the others.
	top     lazy[*Index]
	indexes indexes
	outside *outside // nil for the workspace's own files
}

// indexes are the indexes of the scopes of one version of a file, by item.
type indexes struct {
	mu     sync.Mutex
	byItem map[int32]*lazy[*Index]
}

// index is the index of the scope of an item, -1 for the file as a whole, made by the first who asks.
func (f *File) index(item int32, make func() *Index) *Index {
	if item < 0 {
		return f.top.get(make)
	}
	x := &f.indexes
	x.mu.Lock()
	index := x.byItem[item]
	if index == nil {
		index = &lazy[*Index]{}
		if x.byItem == nil {
			x.byItem = map[int32]*lazy[*Index]{}
		}
		x.byItem[item] = index
	}
	x.mu.Unlock()
	return index.get(make)
}

// outside is the text of a file of a package from a registry or from git, which does not change. Half of these files are only
// searched for words, and of the others only declarations matter: so it is kept until a garbage collection, and read again for who
// asks then. What is kept of a file that is scanned is its outline.
type outside struct {
	mu   sync.Mutex
	text weak.Pointer[[]byte]
	cuts source.Cuts // what the text of Syntax leaves out of it
}

func (o *outside) read(path string) []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	if text := o.text.Value(); text != nil {
		return *text
	}
	text, _ := readText(path) // it could be read before
	o.text = weak.Make(&text)
	return text
}

// Source is the text, to be searched: that of an outside file is not kept, and once it is scanned lacks what Syntax leaves out.
func (f *File) Source() []byte {
	switch {
	case f.outside == nil || f.Err != nil:
		return f.Text
	case f.syntax.made.Load():
		return f.syntax.value.Text
	}
	return f.outside.read(f.Path)
}

func newFile(path string, edition int, text []byte) *File {
	return &File{Path: path, Edition: edition, Text: text, facts: &facts{}}
}

// Syntax is the file's skeleton. It is scanned when it is first needed: half of a workspace has nothing to do with dyn and
// is never named by what has.
func (f *File) Syntax() *syntax.File {
	if f.outside == nil || f.Err != nil {
		return f.syntax.get(func() *syntax.File { return syntax.Scan(f.Text, f.Edition) })
	}
	out := f.syntax.get(func() (out *syntax.File) {
		out, f.outside.cuts = syntax.Outline(f.outside.read(f.Path), f.Edition)
		return out
	})
	f.filled.Do(func() { f.Text = out.Text })
	return out
}

// found are the words of the text.
func (f *File) found() words { return f.words.get(func() words { return findWords(f.Source()) }) }

// Mentions reports whether a word stands in the file's text at all, so that a file without it need not be scanned for it.
func (f *File) Mentions(word string) bool { return bytes.Contains(f.Source(), []byte(word)) }

// MayHaveDyn reports whether a `dyn` may stand in the file as code. It answers from a search in the text.
func (f *File) MayHaveDyn() bool { return f.found()&hasDyn != 0 }

// MayHaveTrait reports whether a trait may be declared in the file. It answers from a search in the text.
func (f *File) MayHaveTrait() bool { return f.found()&hasTrait != 0 }

// MayHaveModules reports whether a module that is a file of its own may be declared in the file. It answers from a search in
// the text.
func (f *File) MayHaveModules() bool { return f.found()&hasModFile != 0 }

// mayExport reports whether a macro with #[macro_export] may be defined in the file. It answers from a search in the text.
func (f *File) mayExport() bool {
	return f.exports.get(func() bool { return f.Mentions("macro_export") })
}

// holdsItems reports whether items stand in the item at index i.
func (f *File) holdsItems(i int32) bool {
	return f.scopes.get(f.findScopes)[i/64]&(1<<(i%64)) != 0
}

func (f *File) findScopes() []uint64 {
	items := f.Syntax().Items
	out := make([]uint64, len(items)/64+1)
	for i := range items {
		if p := items[i].Parent; p >= 0 {
			out[p/64] |= 1 << (p % 64)
		}
	}
	return out
}

// OnDisk is the text as it is on disk; only what is not an outside file has it at hand.
func (f *File) OnDisk() []byte {
	if f.outside == nil || f.Err != nil {
		return f.Text
	}
	return f.outside.read(f.Path)
}

// Whole is the span of OnDisk that a span of Text is.
func (f *File) Whole(span source.Span) source.Span {
	if f.outside == nil {
		return span
	}
	f.Syntax()
	return f.outside.cuts.Whole(span)
}

// Lines is the line index of OnDisk.
func (f *File) Lines() *source.LineIndex {
	return f.lines.get(func() *source.LineIndex { return source.NewLineIndex(f.OnDisk()) })
}

// Position is the place of a byte offset in Text.
func (f *File) Position(offset uint32) source.Position {
	return f.Lines().Position(f.Whole(source.Span{Start: offset, End: offset}).Start)
}

// readFile reads a file; keep says what of its text is kept, see outside.
func readFile(path string, edition int, keep keepText) *File {
	text, err := readText(path)
	f := newFile(path, edition, nil)
	f.Err = err
	if keep == keepWhole {
		f.Text = text
	} else {
		f.outside = &outside{text: weak.Make(&text)}
	}
	return f
}

// keepText says what of a file's text is kept.
type keepText uint8

const (
	keepWhole keepText = iota
	keepOutline
)

// unreadable says why a file cannot be read and what to do.
func unreadable(path string, err error) string {
	if errors.Is(err, errTooLarge) {
		return err.Error()
	}
	return cargo.Unreadable(path, err).Message
}

var errTooLarge = errors.New("split it, or exclude it")

func tooLarge(path string, size int64) error {
	return fmt.Errorf("%s has %d bytes, more than the %d that are read; %w", path, size, maxFileBytes, errTooLarge)
}

func readStd(path string) *File {
	text, ok := stdlib.Open(path)
	f := newFile("std:"+path, 2024, text)
	f.Std = true
	if !ok {
		f.Err = fmt.Errorf("the standard library's table has no %s", path)
	}
	return f
}

// fileKey names a version of a file's facts: the same text reads differently in another edition, and an outline lacks bodies.
type fileKey struct {
	path    string
	edition int
	keep    keepText
}

// fileSlot reads its file once, whoever asks first.
type fileSlot struct {
	once sync.Once
	file *File
}

// files is the set of files read so far, shared by all crates.
type files struct {
	overlay map[string]*Buffer // by path: what stands for what is on disk
	store   *Store             // reads what is on disk

	mu    sync.Mutex
	slots map[fileKey]*fileSlot
}

func (fs *files) slot(key fileKey) *fileSlot {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	s := fs.slots[key]
	if s == nil {
		s = &fileSlot{}
		fs.slots[key] = s
	}
	return s
}

// get reads the file at path, or hands out the facts that were made before.
func (fs *files) get(path string, edition int, std bool, keep keepText) *File {
	s := fs.slot(fileKey{path, edition, keep})
	s.once.Do(func() {
		if b := fs.overlay[path]; b != nil && !std {
			s.file = b.file(path, edition)
		} else if std {
			s.file = readStd(path)
		} else {
			s.file = fs.store.file(path, edition, keep)
		}
	})
	return s.file
}

func (fs *files) count() int {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	return len(fs.slots)
}
