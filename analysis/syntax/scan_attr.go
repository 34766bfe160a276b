package syntax

import "github.com/afidt-lsp/afidt-lsp/analysis/source"

// attrEnd is the index after the attribute at index i, inner or outer; i if there is none.
func (s *scanner) attrEnd(i, end int) int {
	at := i + 1
	if !peek(s.toks[:end], i).Is('#') {
		return i
	}
	if peek(s.toks[:end], at).Is('!') {
		at++
	}
	if !peek(s.toks[:end], at).Is('[') {
		return i
	}
	_, after := s.group(at, end)
	return after
}

// attrsEnd is the index after the attributes at index i.
func (s *scanner) attrsEnd(i, end int) int {
	for {
		after := s.attrEnd(i, end)
		if after == i {
			return i
		}
		i = after
	}
}

// attributes records the attributes between the tokens at start and end.
func (s *scanner) attributes(start, end int) Range {
	out := Range{Start: int32(len(s.file.Attrs))}
	for start < end {
		after := s.attrEnd(start, end)
		if after == start {
			break
		}
		s.file.Attrs = append(s.file.Attrs, s.attribute(start, after))
		start = after
	}
	out.End = int32(len(s.file.Attrs))
	return out
}

// innerAttrs records the inner attributes at index i and returns the index after them.
func (s *scanner) innerAttrs(i, end int) (int32, Range) {
	start := i
	for peek(s.toks[:end], i).Is('#') && peek(s.toks[:end], i+1).Is('!') {
		after := s.attrEnd(i, end)
		if after == i {
			break
		}
		i = after
	}
	return int32(i), s.attributes(start, i)
}

// attribute reads the attribute whose tokens are from index start to before end.
func (s *scanner) attribute(start, end int) Attr {
	a := Attr{Span: source.Span{Start: s.toks[start].Start, End: s.toks[end-1].End}}
	open := start + 1
	if s.toks[open].Is('!') {
		a.Inner = true
		open++
	}
	stop := end
	if end-1 > open && s.toks[end-1].Is(']') {
		stop--
	}
	at := open + 1
	for at < stop && s.toks[at].Kind != Open && !s.toks[at].Is('=') {
		at++
	}
	a.Path = source.Span{Start: s.toks[open].End, End: s.toks[open].End}
	if at > open+1 {
		a.Path = source.Span{Start: s.toks[open+1].Start, End: s.toks[at-1].End}
	}
	if at < stop && s.toks[at].Is('=') {
		at++
	}
	a.Args = source.Span{Start: a.Path.End, End: a.Path.End}
	if at < stop {
		a.Args = source.Span{Start: s.toks[at].Start, End: s.toks[stop-1].End}
	}
	return a
}
