package report

import (
	"strings"
	"unicode"
)

// patch paints a patch. With elsewhere set it is preceded by its place, because the message is about another file; with
// again set it is an alternative to the patch above, and shares the row between the two.
func (p *painter) patch(x *patch, elsewhere, again bool) {
	q := patchPainter{painter: p, patch: x, row: p.height(), body: p.height()}
	if !again {
		q.open(elsewhere)
		q.body++
	}
	if !x.whole {
		q.first = x.code.lineAt(x.changes[0].givenStart)
	}
	if x.kind == diffed {
		q.row++ // the row of the new line; the old ones end above it
	}
	if x.after == "" {
		q.removeLines()
	}
	q.lines()
	if x.kind != listed {
		q.marks()
	}
	q.bar(q.row)
}

// patchPainter paints one patch. row is the next row to paint on; for a diff, the row of the new line.
type patchPainter struct {
	*painter
	*patch
	row   int
	body  int // the row below the first bar
	first int // the line of the excerpt that is printed first
}

// textColumn is where code starts in a patch.
func (q *patchPainter) textColumn() int { return q.gutter + 3 }

// open paints what stands above a patch.
func (q *patchPainter) open(elsewhere bool) {
	if elsewhere {
		const arrow = "--> "
		q.pad(q.row, q.gutter)
		q.add(q.row, arrow, blue)
		q.pad(q.row, max(q.barColumn()-len(arrow), 0))
		at, _ := q.code.spots(q.changes[0].start, q.changes[0].end)
		q.add(q.row, location(q.file.path, place{line: q.code.first + at.line, char: at.char}.position()), plain)
		q.row++
	}
	q.bar(q.row)
	q.row++
}

// line paints a line of code, given by its line of the excerpt.
func (q *patchPainter) line(row, line int, sign string, s style, text string, textStyle style) {
	q.number(row, q.code.first+line)
	q.write(row, q.barColumn(), sign, s)
	q.write(row, q.textColumn(), printable(text), textStyle)
}

// removeLines paints lines of which nothing is left.
func (q *patchPainter) removeLines() {
	from, to := q.code.spots(q.changes[0].givenStart, q.changes[0].givenEnd)
	for line := from.line; line <= to.line; line++ {
		q.line(q.row-1+line-from.line, line, "- ", removed, q.code.line(line), removed)
	}
	q.row += to.line - from.line
}

// lines paints the lines as they will be, without most of those that do not change.
func (q *patchPainter) lines() {
	lines := q.patch.lines()
	var context []int
	for i, text := range lines {
		if len(q.parts[i]) == 0 && !q.whole {
			context = append(context, i)
			continue
		}
		q.context(lines, context)
		context = nil
		q.codeLine(i, text)
	}
}

// context paints lines that do not change, which stand between two that do.
func (q *patchPainter) context(lines []string, context []int) {
	const dots, worthDots = "...", 4
	if len(context) < worthDots {
		for _, i := range context {
			q.codeLine(i, lines[i])
		}
		return
	}
	first, last := context[0], context[len(context)-1]
	q.codeLine(first, lines[first])
	q.write(q.row, max(q.gutter-len(dots), 0), dots, blue)
	q.row++
	q.codeLine(last, lines[last])
}

// codeLine paints the line with index i of those that the patch leaves, and colours what is new in it.
func (q *patchPainter) codeLine(i int, text string) {
	line := q.first + i
	several := strings.Contains(q.after, "\n")
	switch {
	case q.kind == diffed:
		q.diffLine(line, text)
	case several:
		sign, s := q.sign(i, text)
		q.line(q.row, line, sign, s, text, plain)
	case q.kind == inserted:
		q.line(q.row, line, "+ ", added, text, plain)
	default:
		q.line(q.row, line, "| ", blue, text, plain)
	}
	for _, part := range q.parts[i] {
		if part.start == part.end {
			continue
		}
		shift := q.textColumn() + tabsBefore(text, part.start)*(tabWidth-1)
		q.restyle(q.row, shift+part.start, shift+part.end, added)
	}
	q.row++
}

// sign is what stands between the number and the text of one of several lines: wholly new, unchanged, or changed.
func (q *patchPainter) sign(i int, text string) (string, style) {
	parts := q.parts[i]
	switch {
	case len(parts) == 1 && parts[0].start == 0 && parts[0].end == len(text):
		return "+ ", added
	case len(parts) == 0, len(parts) == 1 && parts[0] == stretch{}:
		return "|", blue
	}
	return "~ ", added
}

// tabsBefore is the number of tabs among the first n characters of text.
func tabsBefore(text string, n int) (tabs int) {
	for _, char := range text {
		if n--; n < 0 {
			break
		}
		if char == '\t' {
			tabs++
		}
	}
	return tabs
}

// diffLine paints the lines that a change removes and the one that replaces them. A last old line that is equal to the
// new one is not painted, nor is a new one of blanks.
func (q *patchPainter) diffLine(line int, text string) {
	first, last := q.changedLines()
	for i := first; i < last; i++ {
		q.line(q.row-1, line+i-first, "- ", removed, q.code.line(i), plain)
		q.row++
	}
	old := q.code.line(last)
	if old == text {
		q.row -= 2
		return
	}
	q.line(q.row-1, line+last-first, "- ", removed, old, plain)
	if strings.TrimSpace(text) == "" {
		q.row--
		return
	}
	q.line(q.row, line, "+ ", added, text, plain)
}

// changedLines are the first and the last line that the changes reach.
func (q *patchPainter) changedLines() (first, last int) {
	return q.code.linesOf(q.changes[0].start, q.changes[len(q.changes)-1].end)
}

// marks underlines what is new, or colours what is removed.
func (q *patchPainter) marks() {
	var shifts shifts
	previous := -1 // how many lines the change before ends below its start; -1 before the first
	for _, c := range q.changes {
		from, to := q.code.spots(c.start, c.end)
		switch q.kind {
		case underlined:
			q.underline(c, from.column+shifts.at(from.column))
		case diffed:
			q.colorRemoved(c, from, to, previous)
			previous = to.line - from.line
		}
		shifts = append(shifts, shift{to.column, textWidth(c.text) - (to.column - from.column)})
	}
}

// shift is how much further right code stands from a column on.
type shift struct {
	from, by int
}

type shifts []shift

// at is how much further right the code at a column stands.
func (s shifts) at(column int) (by int) {
	for _, shift := range s {
		if column >= shift.from {
			by += shift.by
		}
	}
	return by
}

// underline marks what a change adds at a column, without the blanks around it.
func (q *patchPainter) underline(c change, column int) {
	text := c.text
	if trimmed := strings.TrimSpace(text); trimmed != "" {
		column += len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace))
		text = trimmed
	}
	mark := '~'
	if q.adds(c) {
		mark = '+'
	}
	for i := range textWidth(text) {
		if column+i >= 0 {
			q.put(q.row, q.textColumn()+column+i, mark, added)
		}
	}
}

// colorRemoved colours what a change takes away from the old lines. previous is the number of lines that the change
// before it spans, less one, or -1.
//
// Which row a line is painted on is counted from below, as in rustc; in the cases where the new line is left out the
// count is off, and rows that should be coloured are not.
func (q *patchPainter) colorRemoved(c change, from, to spot, previous int) {
	old := splitLines(q.code.text[c.start:c.end])
	if len(old) == 0 || q.row <= len(old) {
		q.restyle(q.row-2, q.textColumn()+from.column, q.textColumn()+to.column, removed)
		return
	}
	first, last := q.changedLines()
	below := last - first + 1
	if previous >= 0 {
		below = max(below-previous, 0)
	}
	for i, text := range old {
		size := len(printable(text)) // in bytes, as in rustc
		start, end := 0, size
		switch {
		case i == 0:
			start, end = from.column, from.column+size
		case i == len(old)-1:
			end = to.column
		}
		row := max(q.row-2-(below-i-1), q.body)
		q.restyle(row, q.textColumn()+start, q.textColumn()+end, removed)
	}
}

// splitLines are the lines of text; a line feed at the end does not begin another.
func splitLines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}
