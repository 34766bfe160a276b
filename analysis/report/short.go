package report

import (
	"cmp"
	"slices"
	"strings"
)

// short is m in one line, as rustc's --error-format=short prints it:
//
//	path:line:column: error[E0038]: message: labels of the primary spans
//
// Children, patches and what belongs to other files are left out.
func (r *Renderer) short(m Message) []byte {
	p := painter{canvas: &canvas{}}
	spans, _ := inlineSuggestion(m)
	var labels []string
	if files := byFile(spans); len(files) > 0 {
		var place string
		place, labels = r.summary(m, r.firstShown(files))
		p.add(0, place+": ", plain)
	}
	p.title(0, &title{level: m.Level.String(), style: m.Level.style(), code: m.Code, text: m.Text, highlights: m.Highlights}, 0)
	if len(labels) > 0 {
		p.add(0, ": "+strings.Join(labels, ", "), plain)
	}
	return p.appendTo(nil, r.Color)
}

// firstShown is the first file whose text is available, or else the first.
func (r *Renderer) firstShown(files [][]Span) []Span {
	i := slices.IndexFunc(files, func(spans []Span) bool { return r.Files.file(spans[0].File) != nil })
	return files[max(i, 0)]
}

// summary is where spans of one file, at least one, point, and the labels of the primary ones, line by line.
func (r *Renderer) summary(m Message, spans []Span) (place string, labels []string) {
	f := r.Files.file(spans[0].File)
	if f == nil {
		place = location(spans[0].File, spans[0].Position)
	} else {
		s := newSnippet(f, spans)
		place = location(f.path, s.target().position())
		slices.SortStableFunc(spans, func(a, b Span) int { return cmp.Compare(f.line(a.End), f.line(b.End)) })
	}
	for _, s := range spans {
		if s.Primary && strings.TrimSpace(s.Label) != "" && !strings.HasSuffix(m.Text, ": "+s.Label) { // it was said
			labels = append(labels, s.Label)
		}
	}
	return place, labels
}
