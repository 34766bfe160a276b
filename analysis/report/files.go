package report

import (
	"bytes"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// Files are the texts that diagnostics point into. Each is read and indexed once, when it is first needed, so that a
// thousand diagnostics of one file cost one pass over it. Files are not safe for concurrent use.
type Files struct {
	read func(path string) (text []byte, ok bool)
	open map[string]*file // nil for a file that cannot be read
}

// NewFiles are files whose text read provides, given a Span's File; it reports false for a text that is not available.
// The text must not change while the Files are in use.
func NewFiles(read func(path string) (text []byte, ok bool)) *Files {
	return &Files{read: read, open: map[string]*file{}}
}

// file is the file at path, or nil if its text is not available.
func (f *Files) file(path string) *file {
	if f == nil || f.read == nil {
		return nil
	}
	if known, ok := f.open[path]; ok {
		return known
	}
	text, ok := f.read(path)
	if !ok || len(text) > math.MaxUint32 { // offsets are 32 bits wide
		f.open[path] = nil
		return nil
	}
	opened := &file{path: path, text: text, lines: source.NewLineIndex(text)}
	f.open[path] = opened
	return opened
}

// file is one indexed text. Lines are counted from 0 here, and from 1 where they are printed.
type file struct {
	path  string
	text  []byte
	lines *source.LineIndex
	last  charCount
}

// place is a place in a line, counted in all the ways that the layout needs.
type place struct {
	line   int // 0-based
	char   int // Unicode scalars before it
	column int // display columns before it
	offset uint32
}

func (p place) position() source.Position {
	return source.Position{Line: p.line + 1, Column: p.char + 1}
}

// line is the line that holds offset. As in rustc, the end of a text that ends in a line feed is on the line which that
// line feed ends.
func (f *file) line(offset uint32) int {
	line := f.lines.Line(offset)
	if line > 0 && int(f.lines.LineSpan(line).Start) == len(f.text) {
		line--
	}
	return line
}

// afterText reports whether offset lies behind the line feed that ends the text: a place that no line has. rustc counts
// it as one character further than the end of the last line.
func (f *file) afterText(offset uint32) bool {
	return len(f.text) > 0 && int(offset) >= len(f.text) && f.text[len(f.text)-1] == '\n'
}

// clamp is the span cut to the file; an inverted span becomes empty.
func (f *file) clamp(start, end uint32) source.Span {
	size := uint32(len(f.text))
	start = min(start, size)
	return source.Span{Start: start, End: max(start, min(end, size))}
}

// locate is where offset lies, seen through a view of its line.
func (f *file) locate(line int, offset uint32, v view) place {
	at := min(max(offset, v.Start), v.End)
	return place{line: line, char: f.chars(line, offset), column: textWidth(string(f.text[v.Start:at])), offset: offset}
}

// charCount remembers how many characters precede an offset in its line, so that a count can go on from there. Without
// it, many diagnostics in one very long line would take quadratic time.
type charCount struct {
	offset uint32
	chars  int
}

// chars is the number of Unicode scalars between the start of the line and offset.
func (f *file) chars(line int, offset uint32) int {
	span := f.lines.LineSpan(line)
	offset = min(max(offset, span.Start), span.End)
	from := charCount{offset: span.Start}
	if span.Start <= f.last.offset && f.last.offset <= offset {
		from = f.last
	}
	f.last = charCount{offset, from.chars + utf8.RuneCount(f.text[from.offset:offset])}
	return f.last.chars
}

// view is the part of a line that takes part in the layout: all of it, but for a line of absurd length.
type view = source.Span

const (
	// maxLine is the length in bytes up to which a line is laid out as a whole. Of a longer line, only the surroundings of
	// its spans count; nobody reads more, and memory and time stay bounded.
	maxLine = 64 << 10
	// viewMargin is what is kept on each side of the spans of such a line, in bytes: more than a terminal is wide.
	viewMargin = 4 << 10
)

// viewOf is the view of a line whose spans start or end at the given offsets.
func (f *file) viewOf(line int, offsets []uint32) view {
	whole := f.lines.LineSpan(line)
	if whole.Len() <= maxLine || len(offsets) == 0 {
		return source.Span{Start: whole.Start, End: min(whole.End, whole.Start+maxLine)}
	}
	first, last := whole.End, whole.Start
	for _, offset := range offsets {
		first, last = min(first, offset), max(last, offset)
	}
	start := whole.Start
	if first > whole.Start+viewMargin {
		start = first - viewMargin
	}
	end := whole.End
	if limit := min(last, start+maxLine); end > limit+viewMargin {
		end = limit + viewMargin
	}
	return source.Span{Start: f.runeStart(start), End: f.runeStart(end)}
}

// runeStart moves offset back to the start of the character that it lies in.
func (f *file) runeStart(offset uint32) uint32 {
	for back := uint32(0); back < utf8.UTFMax && back <= offset && int(offset) < len(f.text); back++ {
		if utf8.RuneStart(f.text[offset-back]) {
			return offset - back
		}
	}
	return offset
}

// boring reports whether a line says nothing by itself: it is blank, a lone bracket, or a comment that documents nothing.
// Such lines are not worth showing in the middle of a long span.
func (f *file) boring(line int) bool {
	text := f.lines.LineSpan(line).Of(f.text)
	text = bytes.TrimSpace(text)
	if bytes.HasPrefix(text, []byte("//")) {
		return !bytes.HasPrefix(text, []byte("///")) && !bytes.HasPrefix(text, []byte("//!"))
	}
	return len(text) == 0 || len(text) == 1 && strings.IndexByte("{}()[]", text[0]) >= 0
}
