package report

import (
	"cmp"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// group is a header with what stands under it. A message is printed as one group, followed by one for every child with
// spans and every patch.
type group struct {
	level Level
	title *title // nil for the further groups of a message with places in files that cannot be read
	parts []part
}

// title is the text of a header or of a note.
type title struct {
	level      string // "" for none
	style      style  // of the level's name
	code       string
	text       string
	highlights []source.Span
	textStyle  style
}

// part is something that stands under a header: exactly one of the fields is set.
type part struct {
	note    *title
	snippet *snippet
	missing *missingFile
	patch   *patch
	spacer  bool // a row with nothing but the bar of the gutter
}

// missingFile is a place in a file whose text is not available.
type missingFile struct {
	path string
	at   source.Position
}

// lastLine is the highest line that the part prints, 0-based.
func (p part) lastLine() int {
	switch {
	case p.snippet != nil:
		return p.snippet.last
	case p.patch != nil:
		return p.patch.last
	}
	return 0
}

// path is the file that the part shows code of, or "".
func (p part) path() string {
	switch {
	case p.snippet != nil:
		return p.snippet.file.path
	case p.missing != nil:
		return p.missing.path
	}
	return ""
}

// path is the file that the group is about: that of its first place.
func (g *group) path() string {
	for _, p := range g.parts {
		if path := p.path(); path != "" {
			return path
		}
	}
	return ""
}

func (g *group) depth() int {
	depth := 0
	for _, p := range g.parts {
		if p.snippet != nil {
			depth = max(depth, p.snippet.depth)
		}
	}
	return depth
}

// groups are the parts of m in the order in which they are printed.
func (r *Renderer) groups(m Message) []group {
	spans, suggestions := inlineSuggestion(m)
	text := &title{level: m.Level.String(), style: m.Level.style(), code: m.Code, text: m.Text, highlights: m.Highlights, textStyle: bold}
	if len(m.Highlights) > 0 {
		text.textStyle = plain
	}
	b := groupBuilder{files: r.Files, current: group{level: m.Level, title: text}}
	b.places(spans)
	if last := b.lastPart(); last != nil && last.missing != nil && len(m.Children) > 0 && len(m.Children[0].Spans) == 0 {
		b.add(part{spacer: true})
	}
	for _, child := range m.Children {
		b.child(child)
	}
	for _, s := range suggestions {
		b.suggestion(s)
	}
	if len(b.done) == 0 && b.noChange {
		b.add(part{spacer: true}) // rustc leaves room for the patch
	}
	return append(b.done, b.current)
}

// groupBuilder collects groups.
type groupBuilder struct {
	files    *Files
	done     []group
	current  group
	noChange bool // some suggestion would change nothing
}

func (b *groupBuilder) add(p part) { b.current.parts = append(b.current.parts, p) }

// open ends the current group and begins another.
func (b *groupBuilder) open(level Level, t *title) {
	b.done = append(b.done, b.current)
	b.current = group{level: level, title: t}
}

func (b *groupBuilder) lastPart() *part {
	if n := len(b.current.parts); n > 0 {
		return &b.current.parts[n-1]
	}
	return nil
}

// child adds a note: under what precedes it if it has no spans, with a header of its own otherwise.
func (b *groupBuilder) child(m Message) {
	if len(m.Spans) == 0 {
		b.note(m.Level.String(), m.Text, m.Highlights)
		return
	}
	b.open(m.Level, &title{level: m.Level.String(), style: m.Level.style(), text: m.Text, highlights: m.Highlights})
	b.places(m.Spans)
}

func (b *groupBuilder) note(level, text string, highlights []source.Span) {
	b.add(part{note: &title{level: level, style: bold, text: text, highlights: highlights}})
}

// places adds the code that spans point at, file by file.
func (b *groupBuilder) places(spans []Span) {
	for i, inFile := range byFile(spans) {
		f := b.files.file(inFile[0].File)
		if f == nil {
			b.missing(inFile, i > 0)
			continue
		}
		s := newSnippet(f, inFile)
		b.add(part{snippet: &s})
	}
}

// byFile groups spans by their file, the one of the first primary span first.
func byFile(spans []Span) [][]Span {
	index := map[string]int{}
	var files [][]Span
	for _, s := range spans {
		i, ok := index[s.File]
		if !ok {
			i = len(files)
			index[s.File] = i
			files = append(files, nil)
		}
		s.Label = labelText(s.Label)
		files[i] = append(files[i], s)
	}
	if p := slices.IndexFunc(spans, func(s Span) bool { return s.Primary }); p >= 0 {
		main := index[spans[p].File]
		files[0], files[main] = files[main], files[0]
	}
	return files
}

// missing adds the places of spans in a file whose text is not available: the first one, and each with a label.
func (b *groupBuilder) missing(spans []Span, further bool) {
	slices.SortStableFunc(spans, func(a, b Span) int { return cmp.Compare(a.Position.Line, b.Position.Line) })
	seen := map[int]bool{}
	for i, s := range spans {
		if i > 0 && s.Label == "" {
			continue
		}
		if i == 0 && further {
			b.open(b.current.level, nil)
		}
		if !seen[s.Position.Line] {
			seen[s.Position.Line] = true
			b.add(part{missing: &missingFile{path: s.File, at: s.Position}})
		}
		if s.Label != "" {
			b.add(part{spacer: true})
			b.note(Note.String(), s.Label, nil)
		}
	}
}
