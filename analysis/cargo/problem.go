package cargo

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// maxFileSize caps what is read of one file, in bytes. The largest manifests and lock files in use are a few megabytes.
const maxFileSize = 16 << 20

// maxProblems bounds what is kept; nobody reads more, and finding the place of each costs a look at the file.
const maxProblems = 200

// Problem is something that went wrong and did not stop the rest: a manifest that does not parse, a member that is not
// there, a dependency that is not downloaded. Line and Column are 1-based (columns in Unicode scalars), 0 when the
// problem is the whole file. Message says what is wrong and what to do.
type Problem struct {
	File         string
	Line, Column int
	Message      string
	// Unread is set if a package of the workspace is not analysed for this.
	Unread bool
}

func (p Problem) String() string {
	switch {
	case p.File == "":
		return p.Message
	case p.Line == 0:
		return fmt.Sprintf("%s: %s", p.File, p.Message)
	default:
		return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
	}
}

// ManifestError says why a workspace could not be loaded at all: its own manifest cannot be read or does not parse.
type ManifestError struct {
	Problem
	// Err is the cause where the system gave one.
	Err error
}

func (e *ManifestError) Error() string { return e.Problem.String() }

// Unwrap is the system's error, if there is one.
func (e *ManifestError) Unwrap() error { return e.Err }

// problems collects what went wrong, once each. It is safe for concurrent use.
type problems struct {
	mu   sync.Mutex
	seen map[Problem]struct{}
}

func (p *problems) add(problem Problem) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.seen) >= maxProblems {
		return
	}
	if p.seen == nil {
		p.seen = map[Problem]struct{}{}
	}
	p.seen[problem] = struct{}{}
}

// addAt adds a problem of a manifest at a byte offset.
func (p *problems) addAt(m *manifest, at uint32, message string) {
	p.mu.Lock()
	full := len(p.seen) >= maxProblems
	p.mu.Unlock()
	if !full {
		p.add(m.problem(at, message))
	}
}

// sorted lists the problems by file and place, so that the order of discovery does not show.
func (p *problems) sorted() []Problem {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]Problem, 0, len(p.seen))
	for problem := range p.seen {
		list = append(list, problem)
	}
	slices.SortFunc(list, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
	})
	return list
}

// problemAt is a problem at a byte offset of text, the content of file.
func problemAt(file string, text []byte, offset uint32, message string) Problem {
	place := source.NewLineIndex(text).Position(offset)
	return Problem{File: file, Line: place.Line, Column: place.Column, Message: message}
}

var (
	// ErrNotAFile says that a path leads to a folder, a pipe, a socket or a device.
	ErrNotAFile = errors.New("it is not a regular file")
	errTooLarge = fmt.Errorf("it is larger than %d MB", maxFileSize>>20)
)

// ReadFile reads a regular file of at most maxFileSize bytes. Pipes and devices are refused, for reading one may never end.
func ReadFile(path string) ([]byte, error) {
	// The kind is asked before opening: opening a pipe that nobody writes blocks.
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, ErrNotAFile
	}
	if info.Size() > maxFileSize {
		return nil, errTooLarge
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text := make([]byte, 0, info.Size()+1)
	limited := io.LimitReader(file, maxFileSize+1)
	for {
		n, err := limited.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		if len(text) > maxFileSize {
			return nil, errTooLarge
		}
		if errors.Is(err, io.EOF) {
			return text, nil
		}
		if err != nil {
			return nil, err
		}
		if len(text) == cap(text) {
			text = slices.Grow(text, len(text)+512)
		}
	}
}

// Unreadable is the problem of a file that cannot be read.
func Unreadable(path string, err error) Problem {
	what := "make it readable"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		what = "create it, or remove what refers to it"
	case errors.Is(err, ErrNotAFile), errors.Is(err, errTooLarge):
		what = "replace it"
	}
	// The path is in the problem already.
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		err = pathErr.Err
	}
	return Problem{File: path, Message: fmt.Sprintf("%s cannot be read (%v): %s", filepath.Base(path), err, what)}
}

func fileExists(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

func dirExists(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
