package source

import "unicode/utf8"

// Encoding is the unit in which a protocol counts columns. The values are the names that the Language Server Protocol has
// for them.
type Encoding string

// Encodings.
const (
	UTF8  Encoding = "utf-8"  // bytes
	UTF16 Encoding = "utf-16" // code units, two for what lies beyond the basic multilingual plane
	UTF32 Encoding = "utf-32" // Unicode scalar values
)

// Point is a place as editors send it: Line and Column are 0-based, Column counts units of an Encoding. A BOM at the start of
// the text is not counted, an invalid byte is one unit.
type Point struct {
	Line, Column int
}

// Point is the place of the byte at offset; one past the end is the end, one within a line ending is the line's end.
func (x *LineIndex) Point(offset uint32, e Encoding) Point {
	line := x.Line(min(offset, uint32(len(x.text))))
	span := x.LineSpan(line)
	if offset <= span.Start {
		return Point{Line: line}
	}
	return Point{Line: line, Column: columns(x.text[span.Start:min(offset, span.End)], e)}
}

// columns is the length of a text in units of an encoding.
func columns(text []byte, e Encoding) int {
	if e == UTF8 {
		return len(text)
	}
	n := 0
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			n++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		i += size
		n += e.width(r, size)
	}
	return n
}

// width is how many units a rune takes that is size bytes long.
func (e Encoding) width(r rune, size int) int {
	switch {
	case e == UTF8:
		return size
	case e == UTF16 && r >= 0x10000:
		return 2
	}
	return 1
}

// OffsetAt is the byte offset of a place. A line or column out of range is clamped to the nearest place that exists, a column
// within a character to the character's start.
func (x *LineIndex) OffsetAt(p Point, e Encoding) uint32 {
	if p.Line >= x.lines {
		return uint32(len(x.text))
	}
	span := x.LineSpan(max(p.Line, 0))
	if p.Line < 0 {
		return span.Start
	}
	at := span.Start
	for column := 0; at < span.End; {
		r, size := rune(x.text[at]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(x.text[at:span.End])
		}
		if column += e.width(r, size); column > p.Column {
			break
		}
		at += uint32(size)
	}
	return at
}
