package syntax

import (
	"bytes"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// cutter decides where strings and comments end in text whose quotes do not pair up, so that one missing quote does not
// turn the rest of a file inside out. Lines that begin like items at or left of the opener's line tell that a string or
// comment has run too far.
type cutter struct {
	text []byte
	// quotes is set when lexing without repair found a string that never ends or that touches a name, so that strings that do
	// end are suspect too.
	quotes bool
	// budget is how many bytes may still be searched: cut text is searched again, and this keeps the whole linear.
	budget int
	cuts   []Problem
}

func newCutter(text []byte, quotes bool) *cutter {
	return &cutter{text: text, quotes: quotes, budget: 8*len(text) + 1<<16}
}

// cutsString reports whether the string from start, which was found to end at end, should end with its first line.
func (c *cutter) cutsString(start, end int, terminated bool) bool {
	if c.budget <= 0 || terminated && !c.quotes {
		return false
	}
	touches := terminated && end < len(c.text) && identStartAt(c.text, end)
	_, holds := c.itemLine(start, end)
	if !touches && !(holds && !(terminated && continues(c.text, end))) {
		return false
	}
	c.report(start, "this string does not end on its line, and an item follows")
	return true
}

// cutsComment reports where the block comment from start, which was found to end at end, should end instead.
func (c *cutter) cutsComment(start, end int, terminated, lineFirst bool) (int, bool) {
	if c.budget <= 0 || terminated && lineFirst {
		return 0, false
	}
	at, holds := c.itemLine(start, end)
	if !holds {
		return 0, false
	}
	if terminated {
		at = lineEnd(c.text, start)
	}
	c.report(start, "this comment does not end before the next item")
	return at, true
}

func (c *cutter) report(start int, message string) {
	span := source.Span{Start: uint32(start), End: uint32(lineEnd(c.text, start))}
	c.cuts = append(c.cuts, Problem{Span: span, Message: message})
}

// lineEnd is the end of the line of pos, without its '\r'.
func (c *cutter) lineEnd(pos int) int {
	end := lineEnd(c.text, pos)
	if end > pos && c.text[end-1] == '\r' {
		end--
	}
	return end
}

// itemLine is the start of the first line between start and end that begins like an item, or like the attributes of one,
// and is indented no deeper than the line of start.
func (c *cutter) itemLine(start, end int) (int, bool) {
	limit := c.deepest(start)
	attrs := -1 // the first of the attribute lines directly above
	for line := lineEnd(c.text, start) + 1; line < end; {
		lineStop := lineEnd(c.text, line)
		c.budget -= lineStop - line + 1
		if c.budget <= 0 {
			return 0, false
		}
		body := bytes.TrimLeft(c.text[line:lineStop], " \t")
		column := lineStop - line - len(body)
		switch {
		case len(body) == 0 || column > limit:
			attrs = -1
		case body[0] == '#' && len(body) > 1 && body[1] == '[':
			if attrs < 0 {
				attrs = line
			}
			if at := bytes.IndexByte(body, ']'); at > 0 && beginsItem(bytes.TrimLeft(body[at+1:], " \t")) {
				return attrs, true
			}
		case beginsItem(body):
			if attrs >= 0 {
				line = attrs
			}
			return line, true
		default:
			attrs = -1
		}
		line = lineStop + 1
	}
	return 0, false
}

// deepest is the greatest indentation of a line that can tell that the string or comment from start has run too far. If the
// line of start ends with `{`, that is any: its own members come next.
func (c *cutter) deepest(start int) int {
	line := bytes.TrimRight(c.text[start:lineEnd(c.text, start)], " \t\r")
	if len(line) > 0 && line[len(line)-1] == '{' {
		return len(c.text)
	}
	return indentAt(c.text, start)
}

// beginsItem reports whether a line begins like an item.
func beginsItem(line []byte) bool {
	const enough = 200 // bytes; the head of an item is shorter
	end := 0
	for end < len(line) && identBytes[line[end]] {
		end++
	}
	if end == 0 || !itemWords[wordOf(line[:end])] {
		return false
	}
	var buf [40]Token
	line = line[:min(len(line), enough)]
	toks := Lex(line, source.Span{End: uint32(len(line))}, buf[:0])
	toks = toks[:len(toks)-1]
	h, ok := itemAt(toks, 0)
	return ok && (h.next >= len(toks) || h.plausible(toks))
}

// continues reports whether what follows a string at end reads as if the string ended there.
func continues(text []byte, end int) bool {
	rest := bytes.TrimLeft(text[end:], " \t\r\n")
	return len(rest) > 0 && bytes.IndexByte([]byte("),;.?]"), rest[0]) >= 0
}

// identStartAt reports whether a character that can continue a name is at pos.
func identStartAt(text []byte, pos int) bool {
	return identEnd(text, pos) > pos
}

// indentAt is the byte column of the first character of pos's line that is no blank.
func indentAt(text []byte, pos int) int {
	start := lineStart(text, pos)
	at := start
	for at < pos && classOf[text[at]] == classBlank {
		at++
	}
	return at - start
}
