package syntax

import (
	"bytes"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// prologueEnd is the offset after what may stand before the first token of a file and is no Rust: a byte order mark, a
// shebang line (rustc_lexer::strip_shebang) and a frontmatter (RFC 3502).
func prologueEnd(text []byte) int {
	pos := 0
	if bytes.HasPrefix(text, []byte("\xEF\xBB\xBF")) {
		pos = 3
	}
	if bytes.HasPrefix(text[pos:], []byte("#!")) && !innerAttribute(text, pos) {
		pos = lineEnd(text, pos)
	}
	return frontmatterEnd(text, pos)
}

// BeginsWithAttribute reports whether the first token of a file may be the `#` of an attribute: only then can it have inner
// attributes.
func BeginsWithAttribute(text []byte) bool {
	s := skimmer{text: text}
	at, ok := s.blanks(prologueEnd(text))
	return !ok || at < len(text) && text[at] == '#'
}

// innerAttribute reports whether the `#!` at pos begins an attribute: `[` follows, after blanks and comments.
func innerAttribute(text []byte, pos int) bool {
	// Comments of any length may stand between; whoever writes more than this much has a shebang.
	const reach = 4096
	pos += 2
	follows := false
	parseSpan(text, source.Span{Start: uint32(pos), End: uint32(min(len(text), pos+reach))}, 0, func(p *parser) { follows = p.is('[') })
	return follows
}

// frontmatterEnd is the offset after the frontmatter that begins on the first line that is not blank, or pos if there is
// none or if it never ends.
func frontmatterEnd(text []byte, pos int) int {
	at := pos
	for at < len(text) && (classOf[text[at]] == classBlank || text[at] == '\n') {
		at++
	}
	if at > pos && text[at-1] != '\n' {
		return pos
	}
	dashes := at
	for dashes < len(text) && text[dashes] == '-' {
		dashes++
	}
	fence := text[at:dashes]
	if len(fence) < 3 {
		return pos
	}
	for line := lineEnd(text, at); line < len(text); {
		start := line + 1
		line = lineEnd(text, start)
		if rest, ok := bytes.CutPrefix(text[start:line], fence); ok && len(bytes.TrimSpace(rest)) == 0 {
			return line
		}
	}
	return pos
}

// lineEnd is the offset of the '\n' that ends the line of pos, or the end of the text.
func lineEnd(text []byte, pos int) int {
	if n := bytes.IndexByte(text[pos:], '\n'); n >= 0 {
		return pos + n
	}
	return len(text)
}
