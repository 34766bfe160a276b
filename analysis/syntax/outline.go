package syntax

import (
	"cmp"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// minCut is the least number of bytes between two tokens that Outline leaves out: indentation stays, so that a place needs no
// cut for every line.
const minCut = 64

// Outline is Scan of a file of which only declarations matter: comments and the bodies of functions in which Scan found nothing are
// left out of the File's Text, where they are long. That is two thirds of a dependency. Cuts lead from the File's offsets to
// those in text. Text that does not balance is kept whole.
func Outline(text []byte, edition int) (*File, source.Cuts) {
	s := scanner{text: text, edition: edition, outlined: true}
	return s.scan(), s.cuts
}

// outline leaves out of the file's text what no token is of.
func (s *scanner) outline() {
	if s.repaired {
		return
	}
	size, end := 0, uint32(0)
	for i := range s.toks {
		t := &s.toks[i]
		if t.Start-end >= minCut {
			size++
		} else {
			size += int(t.Start - end)
		}
		size += int(t.End - t.Start)
		end = t.End
	}
	if size == len(s.text) {
		return
	}
	text := make([]byte, 0, size)
	from, end := uint32(0), uint32(0) // of what is copied next; of the token before
	for i := range s.toks {
		t := &s.toks[i]
		if t.Start-end >= minCut {
			blank := byte(' ')
			if t.Flags&LineFirst != 0 {
				blank = '\n'
			}
			text = append(append(text, s.text[from:end]...), blank)
			from = t.Start
			s.cuts = append(s.cuts, source.Cut{At: uint32(len(text)), Gone: from - uint32(len(text))})
		}
		end = t.End
	}
	text = append(text, s.text[from:end]...)
	s.cuts = slices.Clone(s.cuts)
	s.file.move(text, s.cuts)
}

// move makes the file one of a text out of which something was left.
func (f *File) move(text []byte, cuts source.Cuts) {
	f.Text = text
	at := func(offset *uint32) {
		next, _ := slices.BinarySearchFunc(cuts, *offset+1, func(c source.Cut, offset uint32) int { return cmp.Compare(c.At+c.Gone, offset) })
		if next > 0 {
			*offset -= cuts[next-1].Gone
		}
		if next < len(cuts) { // within what was left out
			*offset = min(*offset, cuts[next].At-1)
		}
	}
	span := func(s *source.Span) {
		at(&s.Start)
		at(&s.End)
	}
	for i := range f.Items {
		it := &f.Items[i]
		span(&it.Span)
		span(&it.NameSpan)
		span(&it.Body)
		span(&it.VisPath)
		if n := uint32(len(it.Name)); n > 0 { // a name shares the text
			it.Name = shared(text[it.NameSpan.End-n : it.NameSpan.End])
		}
	}
	for i := range f.Attrs {
		a := &f.Attrs[i]
		span(&a.Span)
		span(&a.Path)
		span(&a.Args)
	}
	for i := range f.Dyns {
		at(&f.Dyns[i].Offset)
	}
	for i := range f.Macros {
		m := &f.Macros[i]
		span(&m.Path)
		span(&m.Name)
		span(&m.Args)
		span(&m.Cond)
		m.Negated = slices.Clone(m.Negated) // those of other arms are the same memory
		for k := range m.Negated {
			span(&m.Negated[k])
		}
	}
	for i := range f.Problems {
		span(&f.Problems[i].Span)
	}
}
