package workspace

import "sync"

// Store keeps what was read of files on disk, so that the snapshots of a workspace that is being edited share it. It is safe
// for concurrent use.
type Store struct {
	mu    sync.Mutex
	slots map[fileKey]*fileSlot
}

// NewStore is an empty store.
func NewStore() *Store { return &Store{slots: map[fileKey]*fileSlot{}} }

// file is the file at path, read if it was not yet.
func (s *Store) file(path string, edition int, keep keepText) *File {
	key := fileKey{path, edition, keep}
	s.mu.Lock()
	slot := s.slots[key]
	if slot == nil {
		slot = &fileSlot{}
		s.slots[key] = slot
	}
	s.mu.Unlock()
	return slot.read(path, edition, keep).share()
}

// read is the slot's file; who comes while it is being read waits.
func (s *fileSlot) read(path string, edition int, keep keepText) *File {
	s.once.Do(func() { s.file = readFile(path, edition, keep) })
	return s.file
}

// Forget drops what was read of a file, so that the next snapshot reads it again.
func (s *Store) Forget(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, edition := range editions {
		delete(s.slots, fileKey{path, edition, keepWhole})
		delete(s.slots, fileKey{path, edition, keepOutline})
	}
}

var editions = [...]int{2015, 2018, 2021, 2024}

// share is the same version of the same file in another snapshot: its facts, without what the snapshot makes of it.
func (f *File) share() *File {
	out := &File{Path: f.Path, Edition: f.Edition, Std: f.Std, Err: f.Err, facts: f.facts}
	if f.outside == nil {
		out.Text = f.Text
	}
	return out
}

// Buffer is a text that stands for a file on disk: one version of an editor's buffer. It is immutable.
type Buffer struct {
	Text []byte

	mu    sync.Mutex
	files map[int]*File // by edition
}

// NewBuffer is a buffer with this text, which must not change afterwards.
func NewBuffer(text []byte) *Buffer { return &Buffer{Text: text, files: map[int]*File{}} }

func (b *Buffer) file(path string, edition int) *File {
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.files[edition]
	if f == nil {
		f = newFile(path, edition, b.Text)
		b.files[edition] = f
	}
	return f.share()
}

// newFiles are the files of one snapshot.
func newFiles(opt Options) files {
	store := opt.store
	if store == nil {
		store = NewStore()
	}
	return files{overlay: opt.buffers, store: store, slots: map[fileKey]*fileSlot{}}
}

// Versions are what was read of one file, by edition.
type Versions map[int]*File

// Versions are the versions of a file that the snapshot has, or would have if it were asked, of what was
// read or is being read.
func (s *Snapshot) Versions(path string) Versions {
	out := Versions{}
	if b := s.files.overlay[path]; b != nil {
		for _, e := range editions {
			out[e] = b.file(path, e)
		}
		return out
	}
	store := s.files.store
	slots := map[int]*fileSlot{}
	store.mu.Lock()
	for _, e := range editions {
		if slot := store.slots[fileKey{path, e, keepWhole}]; slot != nil {
			slots[e] = slot
		}
	}
	store.mu.Unlock()
	for e, slot := range slots {
		out[e] = slot.read(path, e, keepWhole).share()
	}
	return out
}
