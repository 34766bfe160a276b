package report

import (
	"cmp"
	"slices"
)

// longSpan is a span over several lines. A vertical bar left of the code joins its ends.
type longSpan struct {
	start, end place
	primary    bool
	label      string
	depth      int
	repeated   bool // another span has the same place; of both only the ends are drawn
}

func (s *longSpan) same(t *longSpan) bool { return s.start == t.start && s.end == t.end }

func (s *longSpan) meets(t *longSpan) bool {
	return s.start.line <= t.end.line && t.start.line <= s.end.line
}

// assignDepths sorts spans by their lines, the longer first, and gives each a column of its own among those that it
// shares a line with. It returns the number of columns.
//
// The inner loop stops at the first span that neither meets the outer one nor repeats it, the outer one itself included,
// as rustc's does; a primary span that is repeated makes its repetition primary.
func assignDepths(spans []longSpan) int {
	slices.SortStableFunc(spans, func(a, b longSpan) int {
		return cmp.Or(cmp.Compare(a.start.line, b.start.line), cmp.Compare(b.end.line, a.end.line))
	})
	var primary []longSpan
	for o, outer := range slices.Clone(spans) {
		if outer.primary {
			primary = append(primary, outer)
		}
		for i := range spans {
			inner := &spans[i]
			if !outer.same(inner) && outer.meets(inner) {
				inner.depth++
				continue
			}
			if outer.same(inner) && o != i {
				inner.repeated = true
				continue
			}
			if slices.ContainsFunc(primary, func(p longSpan) bool { return p.same(inner) }) {
				inner.primary = true
			}
			break
		}
	}
	deepest := 0
	for _, s := range spans {
		deepest = max(deepest, s.depth)
	}
	for i := range spans {
		spans[i].depth = deepest - spans[i].depth + 1 // fewer bars cross this way
	}
	return deepest
}

// addLong adds the marks of a span over several lines: its ends, and the lines between them that are worth showing. Those
// are the first ones and the last one, unless they say nothing.
func (b *snippetBuilder) addLong(s longSpan) {
	end := mark{start: s.end, end: s.end, primary: s.primary, label: s.label, kind: closes, depth: s.depth}
	end.start.char = max(0, end.start.char-1)
	end.start.column = max(0, end.start.column-1)
	if s.repeated {
		end.kind = whole
		b.add(s.end.line, end)
		return
	}

	start := mark{start: s.start, end: s.start, primary: s.primary, kind: opens, depth: s.depth}
	start.end.char++
	start.end.column++
	b.add(s.start.line, start)

	pass := mark{primary: s.primary, kind: passes, depth: s.depth}
	const shownAtStart = 4
	middle := min(s.start.line+shownAtStart, s.end.line)
	until := middle
	for until > s.start.line && b.file.boring(until-1) {
		until--
	}
	for line := s.start.line + 1; line < until; line++ {
		b.add(line, pass)
	}
	if before := s.end.line - 1; middle < before && !b.file.boring(before) {
		b.add(before, pass)
	}
	b.add(s.end.line, end)
}

// rails are the vertical bars of spans over several lines that are open at some row.
type rails []rail

type rail struct {
	depth int
	style style
}

// toggle closes the bars of turned that are open, and returns those that are not: they open below the current line.
func (r *rails) toggle(turned rails) (opened rails) {
	for _, t := range turned {
		i := slices.IndexFunc(*r, func(o rail) bool { return o.depth == t.depth })
		if i < 0 {
			opened = append(opened, t)
			continue
		}
		*r = slices.Delete(*r, i, i+1)
	}
	return opened
}
