package report

import (
	"slices"
	"sort"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// markKind says which part of a span a mark stands for.
type markKind uint8

const (
	whole  markKind = iota // a span on one line
	opens                  // the first character of a span over several lines
	passes                 // a line in the middle of such a span; it takes no columns
	closes                 // the last character of such a span
)

// mark is what one span adds to one line.
type mark struct {
	start, end place // end is exclusive
	primary    bool
	label      string
	kind       markKind
	depth      int // the column of the vertical bar of a span over several lines, from 1
}

// bends reports whether the mark is joined to a vertical bar left of the code.
func (m mark) bends() bool { return m.kind == opens || m.kind == closes }

// length is the width of the mark in columns.
func (m mark) length() int { return max(m.end.column-m.start.column, m.start.column-m.end.column) }

// markedLine is a line of code with its marks, in the order in which they were given.
type markedLine struct {
	line  int
	text  string
	marks []mark
}

// snippet is what a message shows of one file.
type snippet struct {
	file  *file
	lines []markedLine // ascending
	depth int          // how many columns of vertical bars stand between gutter and code
	last  int          // the highest line that the spans reach, 0-based; the gutter must be wide enough for it
}

// newSnippet lays out spans, at least one, of a file.
func newSnippet(f *file, spans []Span) snippet {
	b := snippetBuilder{file: f, views: viewsOf(f, spans), lines: map[int]*markedLine{}}
	last := 0
	var long []longSpan
	for _, s := range spans {
		at := f.clamp(s.Start, s.End)
		last = max(last, f.lines.Line(at.End))
		start, end := b.ends(at)
		if start.line != end.line {
			long = append(long, longSpan{start: start, end: end, primary: s.Primary, label: s.Label, depth: 1})
			continue
		}
		if start.column == end.column {
			end.column++ // an empty span is pointed at, too
		}
		b.add(start.line, mark{start: start, end: end, primary: s.Primary, label: s.Label})
	}
	depth := assignDepths(long)
	for _, s := range long {
		b.addLong(s)
	}
	return snippet{file: f, lines: b.sorted(), depth: depth, last: last}
}

// viewsOf are the views of the very long lines that spans start or end on.
func viewsOf(f *file, spans []Span) map[int]view {
	var offsets map[int][]uint32
	for _, s := range spans {
		at := f.clamp(s.Start, s.End)
		for _, offset := range []uint32{at.Start, at.End} {
			line := f.line(offset)
			if f.lines.LineSpan(line).Len() <= maxLine {
				continue
			}
			if offsets == nil {
				offsets = map[int][]uint32{}
			}
			offsets[line] = append(offsets[line], offset)
		}
	}
	views := make(map[int]view, len(offsets))
	for line, all := range offsets {
		views[line] = f.viewOf(line, all)
	}
	return views
}

// snippetBuilder collects the lines of a snippet.
type snippetBuilder struct {
	file  *file
	views map[int]view
	lines map[int]*markedLine
}

func (b *snippetBuilder) view(line int) view {
	if v, ok := b.views[line]; ok {
		return v
	}
	return b.file.viewOf(line, nil)
}

// ends are the places where a span starts and ends. A place behind the last line feed counts as one character further
// than the line's end; at the end of a span over several lines as one column further, too.
func (b *snippetBuilder) ends(at source.Span) (start, end place) {
	f := b.file
	line := f.line(at.Start)
	start = f.locate(line, at.Start, b.view(line))
	if f.afterText(at.Start) {
		start.char++
	}
	if at.Empty() {
		return start, start
	}
	line = f.line(at.End)
	end = f.locate(line, at.End, b.view(line))
	if start.line != end.line && f.afterText(at.End) {
		end.char++
		end.column++
	}
	return start, end
}

func (b *snippetBuilder) add(line int, m mark) {
	l, ok := b.lines[line]
	if !ok {
		l = &markedLine{line: line, text: string(b.view(line).Of(b.file.text))}
		b.lines[line] = l
	}
	l.marks = append(l.marks, m)
}

func (b *snippetBuilder) sorted() []markedLine {
	lines := make([]markedLine, 0, len(b.lines))
	for _, l := range b.lines {
		lines = append(lines, *l)
	}
	sort.Slice(lines, func(i, j int) bool { return lines[i].line < lines[j].line })
	return lines
}

// target is the mark that the header of the snippet points at: of the first line with a primary mark, or else of the
// first line, the mark furthest left, primary ones first.
func (s *snippet) target() place {
	line := s.lines[0]
	if i := slices.IndexFunc(s.lines, hasPrimary); i >= 0 {
		line = s.lines[i]
	}
	best := line.marks[0]
	for _, m := range line.marks[1:] {
		if m.primary != best.primary {
			if m.primary {
				best = m
			}
		} else if m.start.char < best.start.char {
			best = m
		}
	}
	return best.start
}

func hasPrimary(l markedLine) bool {
	return slices.ContainsFunc(l.marks, func(m mark) bool { return m.primary })
}

// draw paints the lines of the snippet, and between them what joins them.
func (s *snippet) draw(p *painter) {
	window := p.windowOf(s.lines)
	var open rails
	for i, l := range s.lines {
		top := p.height()
		turned := p.markedLine(l, window)
		opened := open.toggle(turned)
		for row := top; row < p.height(); row++ {
			p.rails(row, open)
		}
		if i+1 < len(s.lines) {
			s.drawGap(p, l, s.lines[i+1].line, open, window)
		}
		open = append(open, opened...)
	}
}

// drawGap paints what stands between a line and the next one shown: nothing, the one line that was left out, or dots.
func (s *snippet) drawGap(p *painter, l markedLine, next int, open rails, window window) {
	row := p.height()
	switch skipped := next - l.line - 1; {
	case skipped == 0:
		return
	case skipped == 1:
		between := l.line + 1
		p.sourceText(row, between, string(s.file.viewOf(between, nil).Of(s.file.text)), window)
	default:
		p.write(row, 0, "...", blue)
	}
	p.rails(row, open)
	for _, m := range l.marks {
		if m.kind == opens {
			p.rails(row, rails{{m.depth, p.markStyle(m.primary)}})
		}
	}
}
