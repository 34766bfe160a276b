// Package source knows text and places in it: byte spans, and the lines and columns that people and protocols count.
//
// Everything inside the engine is a byte offset into the file as it is on disk (a BOM and every CR included); columns
// exist only at the edges. The package is pure: it knows nothing about Rust, files or the protocol.
package source

import (
	"bytes"
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
//
// It keeps what is known at the start of each block of text, and counts within a block when it is asked: few places of a text
// are ever asked for, and to count is far faster than to list.
type LineIndex struct {
	text   []byte
	blocks []block
	lines  int
}

// block is what is known where a block starts.
type block struct {
	lines uint32 // how many lines end before it
	// mark is a place at or shortly before the block's start, on the same line, from where columns may be counted; before is
	// the number of scalars between the line's start, a BOM aside, and mark. So a text that is one line is not read from its
	// start for each place in it.
	mark, before uint32
}

// lineBlock is the size of a block in bytes.
const lineBlock = 2048

var newline = []byte{'\n'}

// NewLineIndex indexes text, which must not change afterwards. A line ends at '\n'; a '\r' before it belongs to the line.
func NewLineIndex(text []byte) *LineIndex {
	x := &LineIndex{text: text, blocks: make([]block, 0, len(text)/lineBlock+1), lines: 1}
	b := block{}
	if hasBOM(text) {
		b.mark = 3
	}
	for at := 0; at < len(text); at += lineBlock {
		x.blocks = append(x.blocks, b)
		part := text[at:min(at+lineBlock, len(text))]
		b.lines += uint32(bytes.Count(part, newline))
		next := uint32(at + len(part))
		if n := bytes.LastIndexByte(part, '\n'); n >= 0 {
			b.mark, b.before = uint32(at+n+1), 0
		} else if start := runeStart(text, b.mark, next); start > b.mark {
			b.before += uint32(utf8.RuneCount(text[b.mark:start]))
			b.mark = start
		}
	}
	x.lines = int(b.lines) + 1
	return x
}

// runeStart is the first byte of the character that holds the byte at offset; from is a character's first byte before it.
func runeStart(text []byte, from, offset uint32) uint32 {
	if int(offset) >= len(text) {
		return offset
	}
	for start := offset; start >= from && start+utf8.UTFMax > offset; start-- {
		if utf8.RuneStart(text[start]) {
			return start
		}
		if start == 0 {
			break
		}
	}
	return offset // too many continuation bytes: each is invalid, and a character of its own
}

// Lines is the number of lines; a text that ends in '\n' has an empty last line.
func (x *LineIndex) Lines() int { return x.lines }

// Line is the 0-based line that holds the byte at offset; an offset past the end is on the last line.
func (x *LineIndex) Line(offset uint32) int {
	if int(offset) >= len(x.text) {
		return x.lines - 1
	}
	block := int(offset) / lineBlock
	return int(x.blocks[block].lines) + bytes.Count(x.text[block*lineBlock:offset], newline)
}

// lineStart is the offset of the first byte of a 0-based line.
func (x *LineIndex) lineStart(line int) uint32 {
	if line == 0 {
		return 0
	}
	block := sort.Search(len(x.blocks), func(i int) bool { return int(x.blocks[i].lines) >= line }) - 1
	at := block * lineBlock
	for n := int(x.blocks[block].lines); n < line; n++ {
		at += bytes.IndexByte(x.text[at:], '\n') + 1
	}
	return uint32(at)
}

// LineSpan is the span of a 0-based line without its line ending, and without a BOM on the first.
func (x *LineIndex) LineSpan(line int) Span {
	start := x.lineStart(line)
	end := uint32(len(x.text))
	if n := bytes.IndexByte(x.text[start:], '\n'); n >= 0 {
		end = start + uint32(n)
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
	if len(x.blocks) == 0 {
		return Position{Line: 1, Column: 1}
	}
	i := min(int(offset)/lineBlock, len(x.blocks)-1)
	b := x.blocks[i]
	part := x.text[i*lineBlock : offset]
	line := int(b.lines) + bytes.Count(part, newline)
	start, before := b.mark, int(b.before)
	if n := bytes.LastIndexByte(part, '\n'); n >= 0 {
		start, before = uint32(i*lineBlock+n+1), 0
	}
	return Position{Line: line + 1, Column: before + utf8.RuneCount(x.text[start:max(start, offset)]) + 1}
}

// Offset is the byte offset of a place; a line or a column out of range is clamped to the nearest place that exists.
func (x *LineIndex) Offset(p Position) uint32 {
	line := min(max(p.Line, 1), x.lines) - 1
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
