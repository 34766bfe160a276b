package syntax

import (
	"bytes"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// fragment is the text that tree-sitter gets for a part of a file.
//
// At the root the grammar knows statements only, so a `;` is put after the last token unless there is one, and taken out
// of the tree again. An unterminated raw string ends the fragment, because the grammar's scanner would look for its end
// again from each of its bytes that could begin another one, which is quadratic; nothing after it is code anyway.
type fragment struct {
	text      []byte
	semicolon int    // where in text one is put, -1 if none is
	base      uint32 // of text in the file
	cut       bool   // by an unterminated raw string
}

// maxRawStringScan limits rawStringScan: a byte takes 5 ns.
const maxRawStringScan = 128 << 20

func cutFragment(text []byte, span source.Span, tokens []Token) fragment {
	f := fragment{semicolon: -1, base: span.Start}
	for i, token := range tokens {
		if token.Flags&(Unterminated|HashString) == Unterminated|HashString {
			span.End, tokens, f.cut = token.Start, tokens[:i], true
			break
		}
	}
	f.text = span.Of(text)
	if len(tokens) > 0 && !tokens[len(tokens)-1].Is(';') {
		f.semicolon = int(tokens[len(tokens)-1].End - span.Start)
	}
	return f
}

// rawStringScan is how many bytes the grammar's scanner reads at most in search of the ends of raw strings, a little more
// than maxRawStringScan if it is more. In broken code the scanner may see one wherever its beginning is, for example in
// `'r#"`, which Lex reads in another way; from one that has no end it reads to the end of the text.
func (f fragment) rawStringScan() int {
	scan := 0
	for at := 0; scan <= maxRawStringScan; {
		next := bytes.Index(f.text[at:], []byte(`#"`))
		if next < 0 {
			break
		}
		at += next + len(`#"`)
		opening := f.text[:at-1]
		name := bytes.TrimRight(opening, "#")
		if !bytes.HasSuffix(name, []byte("r")) {
			continue
		}
		closing := append([]byte{'"'}, opening[len(name):]...)
		if end := bytes.Index(f.text[at:], closing); end >= 0 {
			scan += end
		} else {
			scan += len(f.text) - at
		}
	}
	return scan
}

func (f fragment) appendTo(buf []byte) []byte {
	if f.semicolon < 0 {
		return append(buf, f.text...)
	}
	buf = append(buf, f.text[:f.semicolon]...)
	buf = append(buf, ';')
	return append(buf, f.text[f.semicolon:]...)
}

// restore makes nodes what they are without the `;` that was put in. nodes is reused.
func (f fragment) restore(nodes []Node) []Node {
	if f.semicolon < 0 {
		return nodes
	}
	at := f.base + uint32(f.semicolon)
	for i := range nodes {
		if nodes[i].Start > at {
			nodes[i].Start--
		}
		if nodes[i].End > at {
			nodes[i].End--
		}
	}
	first := slices.IndexFunc(nodes, func(n Node) bool {
		return n.Kind == nodeSemicolon && n.Start == at && n.End == at && !n.Has(MissingNode)
	})
	if first < 0 {
		return nodes // it became part of something that cannot be read
	}
	end := first + 1
	if first > 0 && nodes[first-1].Kind == NodeEmptyStatement {
		first--
	}
	nodes = slices.Delete(nodes, first, end)
	for i := range nodes {
		if int(nodes[i].Next) >= end {
			nodes[i].Next -= int32(end - first)
		}
	}
	return nodes
}
