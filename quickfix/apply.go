package quickfix

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/config"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// Apply is the texts of the files that edits change, by path: all of them, or none and an error if a file cannot be read, an
// edit lies outside its file, or two edits change the same bytes. Insertions at one place keep their order; a replacement that
// is given twice counts once.
func Apply(edits []Edit, read func(path string) ([]byte, error)) (map[string][]byte, error) {
	edits = distinct(edits)
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
	slices.SortStableFunc(edits, compareEdits)
}

// compareEdits orders by path and place.
func compareEdits(a, b Edit) int {
	return cmp.Or(strings.Compare(a.Path, b.Path), cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
}

// distinct are the edits, sorted, each replacement once, and each insertion that says so.
func distinct(edits []Edit) []Edit {
	edits = slices.Clone(edits)
	sortEdits(edits)
	out := edits[:0]
	for _, e := range edits {
		known := false
		for i := len(out) - 1; i >= 0 && out[i].Path == e.Path && out[i].Span == e.Span && !known; i-- {
			known = out[i] == e && (e.once || !e.Span.Empty())
		}
		if !known {
			out = append(out, e)
		}
	}
	sortImports(out)
	return out
}

// once marks the insertions among edits as such that are made once, whoever else asks for them.
func once(edits []Edit) []Edit {
	for i := range edits {
		edits[i].once = edits[i].Span.Empty()
	}
	return edits
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
	reads    []textPlace       // what the edits are made of
	others   bool              // an action is among them whose layout is not that of Workspace.relaid
}

// add takes an action in and reports whether that is possible: nothing of its subject may be cured by another fix, and its
// edits may not touch bytes that others change. What another action does too, such as adding a `use`, is done once.
func (b *batch) add(a *Action) bool {
	if b.subjects == nil {
		b.subjects = map[string]string{}
	}
	if id, ok := b.subjects[a.subject]; ok && id != a.ID {
		return false
	}
	if !slices.ContainsFunc(a.Edits, func(e Edit) bool { return !b.has(e) }) {
		return true // another finding asked for the same
	}
	merged := distinct(append(slices.Clone(b.edits), a.Edits...))
	if conflict(merged) != nil || b.ambiguous(a.Edits) || b.stale(a) {
		return false
	}
	b.edits = merged
	b.reads = append(b.reads, a.reads...)
	b.subjects[a.subject] = a.ID
	b.others = b.others || !a.relaid
	return true
}

// stale reports whether an action and the batch change what the other one is made of: a companion copies signatures, and has to see
// them as they will be.
func (b *batch) stale(a *Action) bool {
	changes := func(edits []Edit, besides []Edit, reads []textPlace) bool {
		return slices.ContainsFunc(edits, func(e Edit) bool {
			return slices.ContainsFunc(reads, func(r textPlace) bool {
				return r.path == e.Path && r.span.Start <= e.Span.Start && e.Span.End < r.span.End
			}) && !slices.Contains(besides, e)
		})
	}
	return changes(b.edits, a.Edits, a.reads) || changes(a.Edits, b.edits, b.reads)
}

// at are the batch's edits of the same span as e.
func (b *batch) at(e Edit) []Edit {
	i, _ := slices.BinarySearchFunc(b.edits, e, compareEdits)
	n := i
	for n < len(b.edits) && compareEdits(b.edits[n], e) == 0 {
		n++
	}
	return b.edits[i:n]
}

func (b *batch) has(e Edit) bool { return slices.Contains(b.at(e), e) }

// ambiguous reports whether one of edits inserts where the batch does so already: nothing says which comes first, or whether
// one is meant by both. What is made once and is in the batch has its place.
func (b *batch) ambiguous(edits []Edit) bool {
	return slices.ContainsFunc(edits, func(e Edit) bool {
		at := b.at(e)
		return e.Span.Empty() && len(at) > 0 && !(e.once && slices.Contains(at, e))
	})
}

// withTabs is the text of an edit of a file that is indented by tabs: as many blanks at the start of a line as a tab is wide are one, but
// within strings of several lines.
func withTabs(e *Edit, file []byte, width int) string {
	code, tab := e.New, strings.Repeat(" ", width)
	if width == 0 || !strings.Contains(code, tab) {
		return code
	}
	begins := e.Span.Start == lineStart(file, e.Span.Start)
	within := map[uint32]bool{} // line endings that are part of a token
	for _, t := range syntax.Lex([]byte(code), spanOf(code), nil) {
		for i := t.Start; i < t.End; i++ {
			if code[i] == '\n' {
				within[i] = true
			}
		}
	}
	var out strings.Builder
	lines := strings.SplitAfter(code, "\n")
	at := uint32(0)
	for i, line := range lines {
		if i == 0 && begins || i > 0 && !within[at-1] {
			rest := strings.TrimLeft(line, "\t")
			out.WriteString(line[:len(line)-len(rest)])
			for strings.HasPrefix(rest, tab) {
				out.WriteByte('\t')
				rest = rest[width:]
			}
			out.WriteString(rest)
		} else {
			out.WriteString(line)
		}
		at += uint32(len(line))
	}
	return out.String()
}

// indentedByTabs reports whether more lines of a file begin with a tab than with two blanks; where no line begins so, the format says what
// they will begin with.
func indentedByTabs(file []byte, format *config.Format) bool {
	tabs, blanks := bytes.Count(file, []byte("\n\t")), bytes.Count(file, []byte("\n  "))
	return tabs > blanks || tabs == blanks && format.HardTabs
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
