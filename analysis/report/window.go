package report

import (
	"unicode"
)

// window is the range of display columns of the code that is shown: the same for all lines of a snippet.
type window struct {
	left, right int // right is exclusive
	width       int // the columns that the terminal has for code
}

const (
	// slack is the room left for the dots at a cut, on each side.
	slack = 6
	// indentKept is what is left of an indentation that is cut although the line would fit, and indentLong the length
	// from which on it is, both without slack.
	indentLong = 20
	indentKept = 16
)

// extent is the range of display columns that the lines of a snippet need.
type extent struct {
	indent     int // blanks that all lines start with
	spanLeft   int
	spanRight  int
	labelRight int // with the labels, as if each stood right of its span
	lineRight  int
}

func extentOf(lines []markedLine) extent {
	e := extent{indent: -1, spanLeft: -1}
	for _, l := range lines {
		if indent, ok := indentOf(l.text); ok && (e.indent < 0 || indent < e.indent) {
			e.indent = indent
		}
		e.lineRight = max(e.lineRight, textWidth(l.text))
		for _, m := range l.marks {
			left := min(m.start.column, m.end.column)
			if e.spanLeft < 0 || left < e.spanLeft {
				e.spanLeft = left
			}
			e.spanRight = max(e.spanRight, m.start.column, m.end.column)
			label := 0
			if m.label != "" {
				label = textWidth(m.label) + 1
			}
			e.labelRight = max(e.labelRight, m.end.column+label)
		}
	}
	e.indent, e.spanLeft = max(e.indent, 0), max(e.spanLeft, 0)
	return e
}

// indentOf is the width of the blanks that text starts with; a text of nothing but blanks has no indentation.
func indentOf(text string) (width int, ok bool) {
	for _, char := range text {
		switch {
		case char == '\t':
			width += tabWidth
		case unicode.IsSpace(char):
			width++
		default:
			return width, true
		}
	}
	return 0, false
}

// windowOf chooses what part of the lines to show. Indentation is given up first; if the lines still do not fit, the
// spans are centred with their labels, then without them.
func (p *painter) windowOf(lines []markedLine) window {
	e := extentOf(lines)
	indent := max(e.indent-slack, 0)
	spanLeft := max(e.spanLeft-slack, 0)
	spanRight := e.spanRight + slack
	labelRight := e.labelRight + slack

	w := window{width: max(p.width-p.codeColumn(), 0)}
	if indent > indentLong {
		w.left = indent - indentKept
	}
	w.right = max(e.lineRight, w.left)
	if w.right-w.left <= w.width {
		return w
	}
	switch {
	case max(labelRight-indent, 0) <= w.width && labelRight >= indent:
		w.left = indent
		w.right = w.left + w.width
	case labelRight-spanLeft <= w.width:
		w.left = max(spanLeft-(w.width-(labelRight-spanLeft))/2, 0)
		w.right = w.left + w.width
	case spanRight-spanLeft <= w.width:
		w.left = max(spanLeft-(w.width-(spanRight-spanLeft))/5*2, 0)
		w.right = w.left + w.width
	default:
		w.left, w.right = spanLeft, spanRight
	}
	return w
}

// cutsLeft reports whether the window leaves out the start of the lines.
func (w window) cutsLeft() bool { return w.left > 0 }

// of is the window on one line; the rest of a line that fits is shown even where others are cut.
func (w window) of(width int) (left, right int) {
	left = min(w.left, width)
	if width-w.left <= w.width {
		return left, width
	}
	return left, min(width, w.right)
}
