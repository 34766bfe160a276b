package quickfix

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Apply is the texts of the files that edits change, by path: all of them, or none and an error if a file cannot be read, an
// edit lies outside its file, or two edits change the same bytes. Insertions at one place keep their order; an edit that is
// given twice counts once.
func Apply(edits []Edit, read func(path string) ([]byte, error)) (map[string][]byte, error) {
	edits = slices.Clone(edits)
	sortEdits(edits)
	edits = slices.Compact(edits)
	if err := conflict(edits); err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for len(edits) > 0 {
		path := edits[0].Path
		n := 1
		for n < len(edits) && edits[n].Path == path {
			n++
		}
		text, err := read(path)
		if err != nil {
			return nil, fmt.Errorf("reading what a fix changes: %w", err)
		}
		if end := edits[n-1].Span.End; int(end) > len(text) {
			return nil, fmt.Errorf("%s has changed: an edit ends at byte %d, the file at %d", path, end, len(text))
		}
		out[path] = splice(text, edits[:n])
		edits = edits[n:]
	}
	return out, nil
}

// splice applies the sorted, disjoint edits of one file.
func splice(text []byte, edits []Edit) []byte {
	out := make([]byte, 0, len(text)+64*len(edits))
	last := uint32(0)
	for _, e := range edits {
		out = append(out, text[last:e.Span.Start]...)
		out = append(out, e.New...)
		last = e.Span.End
	}
	return append(out, text[last:]...)
}

// sortEdits sorts by path and place; insertions come before a replacement that begins there, and keep their order.
func sortEdits(edits []Edit) {
	slices.SortStableFunc(edits, func(a, b Edit) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
	})
}

// conflict says which two of sorted edits change the same bytes, nil if none do.
func conflict(edits []Edit) error {
	for i, e := range edits {
		if e.Span.End < e.Span.Start {
			return fmt.Errorf("an edit of %s ends before it begins", e.Path)
		}
		if i > 0 && edits[i-1].Path == e.Path && edits[i-1].Span.End > e.Span.Start {
			return fmt.Errorf("two edits of %s change the bytes at %d", e.Path, e.Span.Start)
		}
	}
	return nil
}

// batch collects actions that can be applied together.
type batch struct {
	edits    []Edit            // sorted
	subjects map[string]string // what is cured already, and by which fix
}

// add takes an action in and reports whether that is possible: nothing of its subject may be cured otherwise, and its edits
// may not touch bytes that others change. An insertion that another action makes too, such as of a `use`, is made once.
func (b *batch) add(a *Action) bool {
	if b.subjects == nil {
		b.subjects = map[string]string{}
	}
	if id, ok := b.subjects[a.subject]; ok {
		return id == a.ID
	}
	merged := append(slices.Clone(b.edits), a.Edits...)
	sortEdits(merged)
	merged = slices.Compact(merged)
	if conflict(merged) != nil || ambiguous(merged, b.edits, a.Edits) {
		return false
	}
	b.edits = merged
	b.subjects[a.subject] = a.ID
	return true
}

// ambiguous reports whether two actions insert different texts at one place: nothing says which comes first.
func ambiguous(merged, a, b []Edit) bool {
	for i := 1; i < len(merged); i++ {
		x, y := merged[i-1], merged[i]
		if x.Path == y.Path && x.Span == y.Span && x.New != y.New && (slices.Contains(a, x) != slices.Contains(a, y) || slices.Contains(b, x) != slices.Contains(b, y)) {
			return true
		}
	}
	return false
}

// withLineEndings writes every line ending of code as the file's first one is written, as rustfmt does.
func withLineEndings(code string, file []byte) string {
	if !strings.Contains(code, "\n") {
		return code
	}
	code = strings.ReplaceAll(code, "\r\n", "\n")
	if i := bytes.IndexByte(file, '\n'); i > 0 && file[i-1] == '\r' {
		return strings.ReplaceAll(code, "\n", "\r\n")
	}
	return code
}
