package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// DefaultWidth is the width of a terminal that is not known, in columns; rustc assumes the same.
const DefaultWidth = 140

// Renderer prints messages as rustc does. It is not safe for concurrent use, because Files are not.
type Renderer struct {
	Files *Files
	Color bool // with ANSI escapes
	Width int  // of the terminal, in columns; 0 means DefaultWidth
	Short bool // one line for each message, without code
}

// Render prints m to w, followed by an empty line unless the renderer is Short. It fails only if w does.
func (r *Renderer) Render(w io.Writer, m Message) error {
	var out []byte
	if r.Short {
		out = r.short(m)
	} else {
		out = r.full(m)
	}
	if _, err := w.Write(out); err != nil {
		return fmt.Errorf("printing a diagnostic: %w", err)
	}
	return nil
}

func (r *Renderer) width() int {
	if r.Width <= 0 {
		return DefaultWidth
	}
	return r.Width
}

func (r *Renderer) full(m Message) []byte {
	groups := r.groups(m)
	last := 0
	for _, g := range groups {
		for _, p := range g.parts {
			last = max(last, p.lastLine())
		}
	}
	main := ""
	for _, g := range groups {
		if main = g.path(); main != "" {
			break
		}
	}

	var out []byte
	p := painter{canvas: &canvas{}, gutter: len(strconv.Itoa(last + 1)), width: r.width()}
	for i := range groups {
		g := &groups[i]
		p.level, p.depth = g.level.style(), g.depth()
		p.group(g, position{main: main, first: i == 0, only: len(groups) == 1})
		out = p.appendTo(out, r.Color)
	}
	return append(out, '\n')
}

// position is what a group must know about its message.
type position struct {
	main  string // the file that the message is about
	first bool
	only  bool
}

// group paints a group.
func (p *painter) group(g *group, at position) {
	if g.title != nil {
		p.title(p.height(), g.title, 0)
		next := part{}
		if len(g.parts) > 0 {
			next = g.parts[0]
		}
		lonely := len(g.parts) == 0 && at.first && !at.only && g.title.textStyle == bold
		if next.note != nil || lonely {
			p.bar(p.height())
		}
	}
	path, seen := g.path(), false
	for i, part := range g.parts {
		next := g.parts[i+1:]
		switch {
		case part.note != nil:
			p.note(part.note)
		case part.spacer:
			p.bar(p.height())
		case part.missing != nil:
			p.missing(part.missing, part.path() == path && !seen)
			seen = true
			if at.first && !at.only && len(next) == 0 {
				p.bar(p.height())
			}
		case part.snippet != nil:
			p.snippet(part.snippet, part.path() == path && !seen)
			seen = true
			if at.first && (len(next) > 0 && next[0].note != nil || len(next) == 0 && !at.only) {
				p.bar(p.height())
			}
		case part.patch != nil:
			again := i > 0 && g.parts[i-1].patch != nil && g.parts[i-1].patch.file == part.patch.file
			p.patch(part.patch, part.patch.file.path != at.main, again)
		}
	}
}

// title paints the text of a title. Its further lines are indented by indent, and as far as the first by the level's name.
func (p *painter) title(row int, t *title, indent int) {
	textStyle := t.textStyle
	if t.level != "" {
		level := t.level
		if t.code != "" {
			level += "[" + printable(t.code) + "]"
		}
		p.add(row, level, t.style)
		p.add(row, ": ", textStyle)
		indent += utf8.RuneCountInString(level) + len(": ")
	}
	for _, run := range runs(t.text, t.highlights, textStyle) {
		for j, line := range strings.Split(printable(run.text), "\n") {
			if j > 0 {
				row++
				p.pad(row, indent)
			}
			p.add(row, line, run.style)
		}
	}
}

// run is a part of a text with one style.
type run struct {
	text  string
	style style
}

// runs splits text at the highlights.
func runs(text string, highlights []source.Span, rest style) []run {
	var parts []run
	done := 0
	highlight := plain
	for _, h := range highlights {
		start := max(min(int(h.Start), len(text)), done)
		end := max(min(int(h.End), len(text)), start)
		if start == done && highlight == magenta {
			highlight = magentaNext
		} else {
			highlight = magenta
		}
		parts = append(parts, run{text[done:start], rest}, run{text[start:end], highlight})
		done = end
	}
	return append(parts, run{text[done:], rest})
}

// note paints a note that has no place of its own: " = note: text".
func (p *painter) note(t *title) {
	row := p.height()
	p.pad(row, p.gutter+1)
	p.add(row, "= ", blue)
	p.title(row, t, p.gutter+3)
}

// snippet paints the place and the code of a snippet. The first one of a group is its main one.
func (p *painter) snippet(s *snippet, main bool) {
	at := s.lines[0].marks[0].start
	if main {
		at = s.target()
	} else {
		p.bar(p.height())
	}
	row := p.height()
	p.origin(row, main, s.file.path, at.position())
	p.bar(row + 1)
	s.draw(p)
}

// missing paints the place of code that cannot be shown.
func (p *painter) missing(m *missingFile, main bool) {
	at := m.at
	at.Column = max(at.Column-1, 0) // rustc counts columns from 0 where it has no text
	p.origin(p.height(), main, m.path, at)
}

func (p *painter) origin(row int, main bool, path string, at source.Position) {
	arrow := "::: "
	if main {
		arrow = "--> "
	}
	p.pad(row, p.gutter)
	p.add(row, arrow, blue)
	p.add(row, location(path, at), plain)
}

// location is a place as people and editors read it: path:line:column, or the path alone if the place is not known.
func location(path string, at source.Position) string {
	path = strings.ReplaceAll(printable(path), "\n", "␊")
	if at.Line <= 0 {
		return path
	}
	return path + ":" + strconv.Itoa(at.Line) + ":" + strconv.Itoa(at.Column)
}
