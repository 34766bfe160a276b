// Package source knows text and places in it: byte spans, and the lines and columns that people and protocols count.
//
// Everything inside the engine is a byte offset into the file as it is on disk (a BOM and every CR included); columns
// exist only at the edges. The package is pure: it knows nothing about Rust, files or the protocol.
package source

import (
	"sort"
	"unicode/utf8"
)

// Span is a half-open range of byte offsets, [Start, End).
type Span struct {
	Start, End uint32
}

// Len is the span's length in bytes.
func (s Span) Len() int { return int(s.End - s.Start) }

// Empty reports whether the span covers no byte.
func (s Span) Empty() bool { return s.Start >= s.End }

// Contains reports whether the byte at offset lies in the span.
func (s Span) Contains(offset uint32) bool { return s.Start <= offset && offset < s.End }

// Encloses reports whether t lies wholly in s.
func (s Span) Encloses(t Span) bool { return s.Start <= t.Start && t.End <= s.End }

// Of is the part of text that the span covers; a span that reaches past the end is cut.
func (s Span) Of(text []byte) []byte {
	end := min(int(s.End), len(text))
	start := min(int(s.Start), end)
	return text[start:end]
}

// Position is a place as rustc prints it: Line and Column are 1-based, Column counts Unicode scalar values (a tab is one,
// a BOM at the start of the file is not counted, an invalid byte is one).
type Position struct {
	Line, Column int
}

// LineIndex maps byte offsets of one text to lines and columns. It is immutable and safe for concurrent use.
type LineIndex struct {
	text  []byte
	lines []uint32 // the offset of each line's first byte
	marks []mark   // in long lines, in order
}

// mark is a place in a long line whose column is known, so that a file that is one line is not read from its start for each
// place in it.
type mark struct {
	offset uint32
	before int // scalars between the line's start, a BOM aside, and offset
}

// markStep is the number of bytes between two marks.
const markStep = 1 << 10

// NewLineIndex indexes text, which must not change afterwards. A line ends at '\n'; a '\r' before it belongs to the line.
func NewLineIndex(text []byte) *LineIndex {
	lines := make([]uint32, 1, len(text)/32+2)
	for i, c := range text {
		if c == '\n' {
			lines = append(lines, uint32(i+1))
		}
	}
	x := &LineIndex{text: text, lines: lines}
	for i := range lines {
		if span := x.LineSpan(i); span.Len() > markStep {
			x.mark(span)
		}
	}
	return x
}

// mark sets the marks of a long line.
func (x *LineIndex) mark(line Span) {
	before, last := 0, line.Start
	for at := line.Start + markStep; at < line.End; at += markStep {
		start := at
		for start > at-utf8.UTFMax && !utf8.RuneStart(x.text[start]) {
			start--
		}
		if !utf8.RuneStart(x.text[start]) { // too many continuation bytes: each is invalid, and a scalar of its own
			start = at
		}
		before += utf8.RuneCount(x.text[last:start])
		last = start
		x.marks = append(x.marks, mark{start, before})
	}
}

// Lines is the number of lines; a text that ends in '\n' has an empty last line.
func (x *LineIndex) Lines() int { return len(x.lines) }

// Line is the 0-based line that holds the byte at offset; an offset past the end is on the last line.
func (x *LineIndex) Line(offset uint32) int {
	return sort.Search(len(x.lines), func(i int) bool { return x.lines[i] > offset }) - 1
}

// LineSpan is the span of a 0-based line without its line ending, and without a BOM on the first.
func (x *LineIndex) LineSpan(line int) Span {
	start := x.lines[line]
	end := uint32(len(x.text))
	if line+1 < len(x.lines) {
		end = x.lines[line+1] - 1
	}
	if end > start && x.text[end-1] == '\r' {
		end--
	}
	if line == 0 && hasBOM(x.text) {
		start = min(3, end)
	}
	return Span{start, end}
}

// Position is the place of the byte at offset; an offset past the end is the end.
func (x *LineIndex) Position(offset uint32) Position {
	offset = min(offset, uint32(len(x.text)))
	line := x.Line(offset)
	start := x.lines[line]
	if line == 0 && hasBOM(x.text) {
		start = min(3, offset)
	}
	if offset < start {
		offset = start
	}
	before := 0
	if i := sort.Search(len(x.marks), func(i int) bool { return x.marks[i].offset > offset }) - 1; i >= 0 && x.marks[i].offset > start {
		start, before = x.marks[i].offset, x.marks[i].before
	}
	return Position{Line: line + 1, Column: before + utf8.RuneCount(x.text[start:offset]) + 1}
}

// Offset is the byte offset of a place; a line or a column out of range is clamped to the nearest place that exists.
func (x *LineIndex) Offset(p Position) uint32 {
	line := min(max(p.Line, 1), len(x.lines)) - 1
	span := x.LineSpan(line)
	at := span.Start
	for column := 1; column < p.Column && at < span.End; column++ {
		_, size := utf8.DecodeRune(x.text[at:span.End])
		at += uint32(size)
	}
	return at
}

func hasBOM(text []byte) bool {
	return len(text) >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF
}
