package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// painter paints the parts of one group: what stands under one header.
type painter struct {
	*canvas
	gutter int   // the width of the line numbers
	width  int   // of the terminal, in columns
	level  style // of the group; its primary marks have it
	depth  int   // how many columns of vertical bars the group's code is shifted by
}

// barColumn is where the bar of the gutter stands.
func (p *painter) barColumn() int { return p.gutter + 1 }

// railColumn is where the vertical bar of a given depth stands.
func (p *painter) railColumn(depth int) int { return p.gutter + 3 + depth - 1 }

// codeColumn is where code starts.
func (p *painter) codeColumn() int {
	if p.depth == 0 {
		return p.gutter + 3
	}
	return p.gutter + 3 + p.depth + 1
}

func (p *painter) bar(row int) { p.put(row, p.barColumn(), '|', blue) }

// number paints a 0-based line number into the gutter.
func (p *painter) number(row, line int) {
	p.write(row, 0, fmt.Sprintf("%*d", p.gutter, line+1), blue)
}

func (p *painter) rails(row int, open rails) {
	for _, r := range open {
		p.put(row, p.railColumn(r.depth), '|', r.style)
	}
}

func (p *painter) markStyle(primary bool) style {
	if primary {
		return p.level
	}
	return blue
}

func underline(primary bool) rune {
	if primary {
		return '^'
	}
	return '-'
}

// sourceText paints the part of a line of code that the window shows, with its number, and returns the display column
// of the code that is shown first.
func (p *painter) sourceText(row, line int, text string, w window) int {
	const dots = "..."
	text = printable(text)
	width := textWidth(text)
	left, right := w.of(width)
	shown, left := columns(text, left, right)

	at := p.codeColumn()
	rest := shown
	if w.cutsLeft() {
		p.write(row, at, dots, blue)
		taken, size := leading(shown, len(dots))
		at += taken
		rest = shown[size:]
	}
	p.write(row, at, rest, plain)
	if width > right {
		p.write(row, at+utf8.RuneCountInString(rest)-trailing(shown, len(dots)), dots, blue)
	}
	p.number(row, line)
	p.bar(row)
	return left
}

// columns is the part of text in the display columns [left, right). A character across the left edge is left out; from is
// where the part really starts.
func columns(text string, left, right int) (part string, from int) {
	start, skipped := 0, 0
	for i, char := range text {
		if skipped >= left {
			start = i
			break
		}
		skipped += charWidth(char)
		start = i + utf8.RuneLen(char)
	}
	text = text[start:]
	taken := 0
	for i, char := range text {
		taken += charWidth(char)
		if taken > right-left {
			text = text[:i]
			break
		}
	}
	return text, max(skipped, left)
}

// leading is how many columns and bytes the characters at the start of text have that reach at least the given column.
func leading(text string, column int) (width, size int) {
	for i, char := range text {
		width += charWidth(char)
		size = i + utf8.RuneLen(char)
		if width >= column {
			break
		}
	}
	return width, size
}

// trailing is how many characters at the end of text take at least width columns.
func trailing(text string, width int) (count int) {
	for len(text) > 0 && width > 0 {
		char, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
		width -= charWidth(char)
		count++
	}
	return count
}

// markedLine paints a line of code and below it its marks and labels:
//
//	vec.push(vec.pop().unwrap());
//	---      ^^^                - the label of the rightmost mark stands beside it
//	|        |
//	|        that of every other hangs below it
//	so that no label covers a mark
//
// It returns the bars of the spans over several lines that start or end here.
func (p *painter) markedLine(l markedLine, w window) rails {
	row := p.height()
	left := p.sourceText(row, l.line, l.text, w)
	if starts, ok := p.shortStarts(row, l); ok {
		return starts
	}
	layout := arrange(l.marks)
	for i := range layout.rows {
		p.bar(row + 1 + i)
	}
	q := linePainter{painter: p, row: row, left: left, rows: layout.rows}
	for _, m := range layout.marks {
		q.horizontal(m)
	}
	for _, m := range layout.marks {
		q.vertical(m)
	}
	for _, m := range layout.marks {
		q.label(m)
	}
	// The longest first, so that the shorter ones are seen; of equals the primary one is.
	slices.SortStableFunc(layout.marks, func(a, b placedMark) int {
		if c := cmp.Compare(b.length(), a.length()); c != 0 || a.primary == b.primary {
			return c
		}
		if b.primary {
			return -1
		}
		return 1
	})
	for _, m := range layout.marks {
		q.underline(m)
	}
	for i, m := range layout.marks {
		if !layout.overlaps[i] {
			q.shorten(m, w)
		}
	}
	var turned rails
	for _, m := range layout.marks {
		if m.bends() {
			turned = append(turned, rail{m.depth, p.markStyle(m.primary)})
		}
	}
	return turned
}

// shortStarts paints the marks of a line on which nothing but spans over several lines start, and they at the first
// character of the code: "/" instead of a row with a line that turns the corner.
//
//	2 | / fn foo() {
//	3 | | }
//	  | |_^ label
//
// It reports whether the line is such a one, or has no marks that need rows.
func (p *painter) shortStarts(row int, l markedLine) (starts rails, ok bool) {
	for _, m := range l.marks {
		switch {
		case m.kind == passes:
		case m.kind == opens && blankBefore(l.text, m.start.column):
			starts = append(starts, rail{m.depth, p.markStyle(m.primary)})
		default:
			return nil, false
		}
	}
	for _, s := range starts {
		p.put(row, p.railColumn(s.depth), '/', s.style)
	}
	return starts, true
}

// blankBefore reports whether the first n characters of text as it is printed are blanks.
func blankBefore(text string, n int) bool {
	for _, char := range text {
		if n <= 0 {
			break
		}
		if !unicode.IsSpace(char) || char < ' ' && char != '\t' {
			return false
		}
		n -= charWidth(char)
	}
	return true
}

// placedMark is a mark with the row that its label hangs in; 0 is the row of the underline.
type placedMark struct {
	mark
	slot int
}

// arrangement is how the marks of one line share the rows below it.
type arrangement struct {
	marks []placedMark // from right to left
	rows  int          // below the code
	// overlaps tells by the marks' order after they have been sorted for underlining which must not be shortened. It is
	// computed in another order; rustc mixes the two up in the same way.
	overlaps []bool
}

// arrange gives every mark of a line a row for its label, from right to left: a label stands beside its mark only where
// it covers nothing, which is never the case for more than the last ones.
func arrange(given []mark) arrangement {
	marks := slices.Clone(given)
	slices.SortStableFunc(marks, func(a, b mark) int {
		return cmp.Or(cmp.Compare(b.start.column, a.start.column), cmp.Compare(b.start.char, a.start.char))
	})
	a := arrangement{marks: make([]placedMark, len(marks)), overlaps: make([]bool, len(marks))}
	slot, deepest := 0, 0
	for i, m := range marks {
		for j, next := range marks {
			if j > 1 && meet(next, m, 0) {
				a.overlaps[i], a.overlaps[j] = true, true
			}
			if j <= i || slot != 0 || m.label == "" || !meet(next, m, 0) {
				continue
			}
			if next.label == "" && sameColumns(next, m) {
				continue // the two are drawn as one
			}
			slot++
			break
		}
		a.marks[i] = placedMark{m, slot}
		if slices.ContainsFunc(marks[i+1:], func(next mark) bool { return crowd(m, next, slot) }) {
			slot++
		}
		deepest = max(deepest, slot)
	}
	a.rows = deepest + 1
	if deepest > 0 {
		a.rows++
	}

	if !slices.ContainsFunc(marks, func(m mark) bool { return m.kind != opens }) {
		// Nothing but spans that turn to the left: in reverse, their lines do not cross, and none needs a row for a label.
		lowest := 0
		for _, m := range a.marks {
			lowest = max(lowest, m.slot)
		}
		for i := range a.marks {
			a.marks[i].slot = lowest - a.marks[i].slot
		}
		a.rows = max(a.rows-1, 1)
	}
	return a
}

// crowd reports whether next, which starts left of m, needs a row other than that of m.
func crowd(m, next mark, slot int) bool {
	padding := 0
	if next.label != "" {
		padding = len(next.label) + 2
	}
	labelled, nextLabelled := m.label != "", next.label != ""
	switch {
	case m.bends() && next.bends(), m.bends() && nextLabelled, labelled && next.bends():
		return true
	case !meet(next, m, padding) || !nextLabelled:
		return false
	}
	return labelled || slot == 0 && compareEnds(next, m) <= 0
}

// meet reports whether two marks share a column, were a longer by padding.
func meet(a, b mark, padding int) bool {
	return b.start.column <= a.start.column && a.start.column < b.end.column ||
		a.start.column <= b.start.column && b.start.column < a.end.column+padding
}

func sameColumns(a, b mark) bool {
	return a.start.column == b.start.column && a.start.char == b.start.char && compareEnds(a, b) == 0
}

func compareEnds(a, b mark) int {
	return cmp.Or(cmp.Compare(a.end.column, b.end.column), cmp.Compare(a.end.char, b.end.char))
}

// linePainter paints the marks of one line. Its steps must be taken in the order in which they stand here: each may
// paint over what the ones before it painted.
type linePainter struct {
	*painter
	row  int // of the code
	left int // the display column that is shown first
	rows int // below the code
}

// column is where a display column of the code is painted.
func (q linePainter) column(display int) int { return max(q.codeColumn()+display-q.left, 0) }

// horizontal joins the end of a span over several lines to its bar.
func (q linePainter) horizontal(m placedMark) {
	if !m.bends() {
		return
	}
	for column := q.railColumn(m.depth) + 1; column < q.column(m.start.column); column++ {
		q.put(q.row+1+m.slot, column, '_', q.markStyle(m.primary))
	}
}

// vertical joins a mark to its label or to the horizontal line below it, and draws the bars that start or end here.
func (q linePainter) vertical(m placedMark) {
	s := q.markStyle(m.primary)
	turn := q.row + 1 + m.slot
	if m.slot > 0 && (m.label != "" || m.bends()) {
		for row := q.row + 1; row <= turn; row++ {
			q.put(row, q.column(m.start.column), '|', s)
		}
	}
	rail := q.railColumn(m.depth)
	switch m.kind {
	case opens:
		q.put(turn, rail, ' ', s)
		for row := turn + 1; row <= q.row+q.rows; row++ {
			q.put(row, rail, '|', s)
		}
	case closes:
		for row := q.row; row <= turn; row++ {
			q.put(row, rail, '|', s)
		}
	}
}

// label writes the label: beside the mark, or one row below the line that hangs from it.
func (q linePainter) label(m placedMark) {
	row, column := q.row+1, m.end.column+1
	switch {
	case m.slot > 0:
		row, column = q.row+m.slot+2, m.start.column
	case m.end.column == 0:
		column++
	}
	q.write(row, q.codeColumn()+max(column-q.left, 0), m.label, q.markStyle(m.primary))
}

// underline draws the mark itself.
func (q linePainter) underline(m placedMark) {
	char, s := underline(m.primary), q.markStyle(m.primary)
	for column := m.start.column; column < m.end.column; column++ {
		q.put(q.row+1, q.column(column), char, s)
	}
	if m.bends() || m.slot > 0 && m.label != "" {
		q.put(q.row+1, q.column(m.start.column), char, s)
	}
}

// shorten replaces the middle of a mark that is far wider than the window by dots, and that of the code above it.
func (q linePainter) shorten(m placedMark, w window) {
	const shortest = 5 // what is left on each side on the narrowest terminal
	width := m.end.column - m.start.column
	if m.kind != whole || width <= 2*w.width || width <= 2*shortest {
		return
	}
	keep := max(w.width/3, shortest)
	// rustc 1.95 counts these columns from the edge of the terminal, not from where the code starts.
	from, to := m.start.column+keep, m.end.column-keep
	q.cut(q.row, from, to, "...", blue)
	q.cut(q.row+1, from, to, "...", blue)
}

// labelText is a label as it is printed: on one line.
func labelText(label string) string {
	return strings.ReplaceAll(printable(label), "\n", " ")
}
