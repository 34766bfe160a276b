package report

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// excerpt is a run of whole lines of a file, with line feeds only. Offsets into it are its own.
type excerpt struct {
	text   string
	starts []int // of the lines; the end of a text that ends in a line feed is on its last line
	first  int   // the number of the first line in the file, 0-based
}

// maxExcerpt is the size in bytes up to which code is shown in a patch, where nothing is left out of a line.
const maxExcerpt = 1 << 20

// excerptOf is the lines from the one that holds start to the one that holds end, and the function that maps offsets of
// the file to it. It reports false if that is too much to show.
func excerptOf(f *file, start, end uint32) (e excerpt, within func(uint32) int, ok bool) {
	e.first = f.line(start)
	from := f.lines.LineSpan(e.first).Start
	last := f.line(end)
	to := uint32(len(f.text))
	if last+1 < f.lines.Lines() {
		to = f.lines.LineSpan(last + 1).Start
	}
	if to-from > maxExcerpt {
		return excerpt{}, nil, false
	}
	raw := string(f.text[from:to])
	e.text = normal(raw)
	e.starts = []int{0}
	for i := range len(e.text) - 1 {
		if e.text[i] == '\n' {
			e.starts = append(e.starts, i+1)
		}
	}
	within = func(offset uint32) int {
		at := int(min(max(offset, from), to) - from)
		if len(e.text) != len(raw) {
			if at > 0 && at < len(raw) && raw[at-1:at+1] == "\r\n" {
				at-- // between the halves of a line ending means before it
			}
			at = min(len(normal(raw[:at])), len(e.text))
		}
		for at < len(e.text) && !utf8.RuneStart(e.text[at]) {
			at-- // in the middle of a character means before it
		}
		return at
	}
	return e, within, true
}

// normal is text with line feeds for line endings, and U+FFFD for what is not UTF-8.
func normal(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n")
}

// spot is a place in an excerpt.
type spot struct {
	line   int // of the excerpt, 0-based
	char   int // Unicode scalars before it in the line
	column int // display columns before it in the line
}

// lineAt is the line that holds offset.
func (e *excerpt) lineAt(offset int) int {
	return max(sort.SearchInts(e.starts, offset+1)-1, 0)
}

// line is the text of a line without its line feed; "" if there is none.
func (e *excerpt) line(i int) string {
	if i < 0 || i >= len(e.starts) {
		return ""
	}
	return strings.TrimSuffix(e.text[e.starts[i]:e.end(i)], "\n")
}

// end is the offset behind a line and its line feed.
func (e *excerpt) end(i int) int {
	if i+1 < len(e.starts) {
		return e.starts[i+1]
	}
	return len(e.text)
}

// spots are the places where a range starts and ends, counted as those of a span are.
func (e *excerpt) spots(start, end int) (from, to spot) {
	from = e.spot(start)
	if e.afterText(start) {
		from.char++
	}
	if start == end {
		return from, from
	}
	to = e.spot(end)
	if from.line != to.line && e.afterText(end) {
		to.char++
		to.column++
	}
	return from, to
}

func (e *excerpt) spot(offset int) spot {
	i := e.lineAt(offset)
	line := e.line(i)
	before := line[:min(max(offset-e.starts[i], 0), len(line))]
	return spot{line: i, char: utf8.RuneCountInString(before), column: textWidth(before)}
}

func (e *excerpt) afterText(offset int) bool {
	return offset >= len(e.text) && strings.HasSuffix(e.text, "\n")
}

// linesOf are the first and the last line of a range. A range that ends where a line starts reaches it.
func (e *excerpt) linesOf(start, end int) (first, last int) {
	first = e.lineAt(start)
	return first, max(first, e.lineAt(end))
}
