package report

import (
	"strings"
	"unicode/utf8"
)

// patch is what a set of edits makes of the lines of one file.
type patch struct {
	file    *file
	code    excerpt
	changes []change
	after   string      // the lines as the edits leave them, without line feeds at the end
	parts   [][]stretch // what is new, for each of those lines and perhaps for empty ones that follow
	whole   bool        // all lines are shown; otherwise those that change, and a little of what is between
	kind    patchKind
	last    int // the highest line that is printed, 0-based
}

// patchKind is the way to show what changes.
type patchKind uint8

const (
	listed     patchKind = iota // the new lines, each with a sign
	underlined                  // the new line, with "+++" below what is new
	diffed                      // the old lines, then the new one
	inserted                    // new lines before one that stays
)

// change replaces [start, end) of the excerpt by text. What old and new text have in common at their ends is not part of
// it, if that makes it an insertion.
type change struct {
	start, end int
	givenStart int // of the edit
	givenEnd   int
	text       string
}

// stretch is a range of characters of a line.
type stretch struct {
	start, end int
}

// newPatch is the patch of edits of f, which are ascending, disjoint and at least one. It is nil if there is too much to
// show.
func newPatch(f *file, edits []Edit) *patch {
	start, end := edits[0].Start, edits[len(edits)-1].End
	code, within, ok := excerptOf(f, start, end)
	if !ok {
		return nil
	}
	p := &patch{file: f, code: code}
	for _, e := range edits {
		from := within(e.Start)
		c := change{start: from, end: max(from, within(e.End)), text: strings.ToValidUTF8(e.NewText, "\uFFFD")}
		c.givenStart, c.givenEnd = c.start, c.end
		p.changes = append(p.changes, c)
	}
	if len(p.changes) == 1 {
		p.whole = p.code.indentAttribute(&p.changes[0])
	}
	for i := range p.changes {
		p.changes[i].trim(p.code.text)
	}
	p.splice()
	p.kind = p.chooseKind()
	p.last = p.code.first + p.lastLine()
	return p
}

// indentAttribute reports whether the change inserts an attribute before an item, and nothing else. Its place is then
// moved to the start of the line: an edit that starts behind the indentation would leave the item without one.
func (e *excerpt) indentAttribute(c *change) bool {
	trimmed := strings.TrimSpace(c.text)
	if c.start != c.end || !strings.HasPrefix(trimmed, "#[") || !strings.HasSuffix(trimmed, "]") || !strings.HasSuffix(c.text, "\n") {
		return false
	}
	lineStart := e.starts[e.lineAt(c.start)]
	indent := e.text[lineStart:c.start]
	if strings.TrimSpace(indent) != "" {
		return false
	}
	if indent != "" && !strings.HasSuffix(c.text, indent) {
		c.text = indent + c.text
		c.start, c.end = lineStart, lineStart
		c.givenStart, c.givenEnd = lineStart, lineStart
	}
	return true
}

// trim makes an insertion of a change whose new text contains the old one at its start, its end, or around the new.
func (c *change) trim(code string) {
	if c.text == "" {
		return
	}
	old := code[c.start:c.end]
	prefix, suffix, ok := sandwich(old, c.text)
	if !ok {
		return
	}
	c.start += prefix
	c.end -= suffix
	c.text = c.text[prefix : len(c.text)-suffix]
}

// sandwich is how much of old stands at the start and how much at the end of text, if together that is all of old.
func sandwich(old, text string) (prefix, suffix int, ok bool) {
	switch {
	case strings.HasPrefix(text, old):
		return len(old), 0, true
	case strings.HasSuffix(text, old):
		return 0, len(old), true
	}
	for _, char := range old {
		next, size := utf8.DecodeRuneInString(text[prefix:])
		if next != char || size == 0 {
			break
		}
		prefix += size
	}
	rest := old[prefix:]
	return prefix, len(rest), strings.HasSuffix(text[prefix:], rest)
}

// removes reports whether the change loses something that is not blank.
func (p *patch) removes(c change) bool {
	old := strings.TrimSpace(p.code.text[c.start:c.end])
	if old == "" {
		return false
	}
	if strings.TrimSpace(c.text) == "" {
		return true
	}
	_, _, kept := sandwich(old, strings.TrimSpace(c.text))
	return !kept
}

// adds reports whether the change only adds to the code.
func (p *patch) adds(c change) bool {
	return c.text != "" && strings.TrimSpace(p.code.text[c.start:c.end]) == ""
}

// lines are the lines as the edits leave them.
func (p *patch) lines() []string {
	if p.after == "" {
		return nil
	}
	return strings.Split(p.after, "\n")
}

func (p *patch) chooseKind() patchKind {
	oneLine := len(p.lines()) <= 1
	removes := false
	for _, c := range p.changes {
		removes = removes || p.removes(c)
	}
	first, result := p.changes[0].text, strings.TrimSpace(p.after)
	alone := len(p.changes) == 1 && strings.TrimSpace(first) == result
	switch {
	case removes && oneLine:
		return diffed
	case alone && strings.HasSuffix(first, "\n"):
		return inserted
	case !alone && oneLine:
		return underlined
	}
	return listed
}

// lastLine is the highest line of the excerpt that is printed.
func (p *patch) lastLine() int {
	more := strings.Count(p.after, "\n")
	if p.whole {
		return more
	}
	first := p.changes[0]
	start, _ := p.code.spots(first.givenStart, first.givenEnd)
	switch p.kind {
	case underlined:
		return start.line
	case diffed:
		_, last := p.code.linesOf(first.start, first.end)
		return last
	}
	return start.line + more
}

// splice applies the changes to the lines that they touch.
func (p *patch) splice() {
	var b splicer
	start := p.code.starts[p.code.lineAt(p.changes[0].givenStart)]
	done := spot{line: p.code.lineAt(p.changes[0].givenStart)}
	for _, c := range p.changes {
		from, to := p.code.spots(c.start, c.end)
		b.copy(p.code.text[min(start, c.start):c.start], from.line-done.line)
		b.insert(c.text, from, to)
		start, done = c.end, to
	}
	b.parts = append(b.parts, b.current)
	if p.whole || !strings.HasSuffix(b.text.String(), "\n") {
		rest := p.code.text[start:]
		if !p.whole {
			rest = p.code.text[start:max(start, p.code.end(done.line))]
		} else {
			b.parts = append(b.parts, make([][]stretch, strings.Count(rest, "\n"))...)
		}
		b.text.WriteString(rest)
	}
	p.after = strings.TrimRight(b.text.String(), "\n")
	p.parts = b.parts
}

// splicer builds the lines of a patch.
type splicer struct {
	text    strings.Builder
	parts   [][]stretch // of the lines that are complete
	current []stretch   // of the last line
	shift   int         // how much further right a character of the last line stands than before the change
}

// copy adds code that stays, of which so many lines end. The place behind the last line feed counts as one of the line
// before, so that line feed is not copied.
func (b *splicer) copy(code string, lines int) {
	if strings.Count(code, "\n") > lines {
		code = strings.TrimSuffix(code, "\n")
	}
	b.text.WriteString(code)
	for range lines {
		b.endLine()
	}
}

func (b *splicer) endLine() {
	b.parts = append(b.parts, b.current)
	b.current = nil
	b.shift = 0
}

// insert adds the text of a change that replaces what stands between two places.
func (b *splicer) insert(text string, from, to spot) {
	first, more, several := strings.Cut(text, "\n")
	length := stretchLength(first)
	start := from.char + b.shift
	b.current = append(b.current, stretch{start, start + length})
	b.shift += length - (to.char - from.char)
	b.text.WriteString(text)
	if !several {
		return
	}
	for line := range strings.SplitSeq(more, "\n") {
		b.endLine()
		b.current = append(b.current, stretch{0, stretchLength(line)})
	}
}

// stretchLength is the number of characters that text is printed as, not counting what wide characters take.
func stretchLength(text string) int {
	return utf8.RuneCountInString(text) + strings.Count(text, "\t")*(tabWidth-1)
}
