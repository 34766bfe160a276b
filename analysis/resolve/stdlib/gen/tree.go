package main

import (
	"bytes"
	"fmt"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// gap is what stands before a token in the source: nothing, a blank, or a line break.
type gap uint8

const (
	gapNone gap = iota
	gapBlank
	gapLine
)

// node is one token tree: a token, or a delimited group with its content.
type node struct {
	kind  syntax.Kind
	text  string // of a token; empty for a group
	gap   gap    // before it
	delim byte   // '(', '[', '{' of a group, invisible for the text a macro fragment matched, 0 for a token
	end   gap    // before the closing delimiter
	sub   []node
}

// invisible delimits what a `$x:ty`, `$x:expr`, .. matched, which later matchers take as one tree, as rustc does.
const invisible = '~'

func (n *node) is(text string) bool { return n.delim == 0 && n.text == text }

func (n *node) group(delim byte) bool { return n.delim == delim }

func (n *node) ident() bool { return n.delim == 0 && n.kind == syntax.Ident }

// parseTrees reads a text as token trees; comments are gone.
func parseTrees(text []byte) ([]node, error) {
	toks := syntax.Lex(text, source.Span{End: uint32(len(text))}, nil)
	r := treeReader{text: text, toks: toks}
	out := r.list(0)
	if r.pos < len(r.toks) && r.toks[r.pos].Kind != syntax.EOF {
		return nil, fmt.Errorf("unbalanced delimiter at byte %d", r.toks[r.pos].Start)
	}
	return out, r.err
}

type treeReader struct {
	text []byte
	toks []syntax.Token
	pos  int
	last uint32 // end of the token before
	err  error
}

func (r *treeReader) gap(t syntax.Token) gap {
	between := r.text[r.last:t.Start]
	r.last = t.End
	switch {
	case len(between) == 0:
		return gapNone
	case bytes.IndexByte(between, '\n') >= 0:
		return gapLine
	}
	return gapBlank
}

func (r *treeReader) list(opened byte) []node {
	var out []node
	for r.pos < len(r.toks) {
		t := r.toks[r.pos]
		switch t.Kind {
		case syntax.EOF:
			if opened != 0 && r.err == nil {
				r.err = fmt.Errorf("%q is never closed", opened)
			}
			return out
		case syntax.Close:
			return out
		case syntax.Open:
			n := node{gap: r.gap(t), delim: t.Char}
			r.pos++
			n.sub = r.list(t.Char)
			if r.err != nil {
				return out
			}
			c := r.toks[r.pos]
			if c.Char != closer(t.Char) {
				r.err = fmt.Errorf("mismatched delimiter at byte %d", c.Start)
				return out
			}
			n.end = r.gap(c)
			r.pos++
			out = append(out, n)
		default:
			out = append(out, node{kind: t.Kind, gap: r.gap(t), text: string(r.text[t.Start:t.End])})
			r.pos++
		}
	}
	return out
}

func closer(open byte) byte {
	switch open {
	case '(':
		return ')'
	case '[':
		return ']'
	}
	return '}'
}

// printer writes token trees on one line, spaced as in the source.
type printer struct {
	out []byte
}

func render(nodes []node) string {
	var p printer
	p.nodes(nodes)
	return string(bytes.TrimSpace(p.out))
}

func (p *printer) nodes(nodes []node) {
	for i := range nodes {
		n := &nodes[i]
		switch n.delim {
		case 0:
			p.token(n.text, n.gap)
		case invisible:
			if len(n.sub) > 0 && n.gap != gapNone {
				p.blank()
			}
			p.nodes(n.sub)
		case '{':
			p.braces(n)
		default:
			p.token(string(n.delim), n.gap)
			p.nodes(n.sub)
			if trailingComma(n) {
				p.out = bytes.TrimSuffix(p.out, []byte(","))
			}
			p.token(string(closer(n.delim)), gapNone)
		}
	}
}

// braces writes `{ .. }`, and `{..}` in a use tree.
func (p *printer) braces(n *node) {
	if bytes.HasSuffix(p.out, []byte("::")) {
		p.out = append(p.out, '{')
		p.nodes(n.sub)
		p.out = append(bytes.TrimSuffix(p.out, []byte(",")), '}')
		return
	}
	p.token("{", gapBlank)
	p.blank()
	p.nodes(n.sub)
	p.token("}", gapBlank)
}

// trailingComma reports whether a group spread over lines ends in a comma that its meaning does not need, as that of the
// tuple `(T,)` is needed.
func trailingComma(n *node) bool {
	if n.end != gapLine || len(n.sub) == 0 || !n.sub[len(n.sub)-1].is(",") {
		return false
	}
	for _, c := range n.sub[:len(n.sub)-1] {
		if c.is(",") || c.is(":") {
			return true
		}
	}
	return n.sub[0].is("self")
}

func (p *printer) last() byte {
	if len(p.out) == 0 {
		return 0
	}
	return p.out[len(p.out)-1]
}

func (p *printer) blank() {
	switch p.last() {
	case 0, ' ', '(', '[':
		return
	}
	if !bytes.HasSuffix(p.out, []byte("::{")) {
		p.out = append(p.out, ' ')
	}
}

func (p *printer) token(text string, before gap) {
	switch {
	case wordByte(p.last()) && wordByte(text[0]):
		p.blank()
	case text == "," || text == ";":
	case text == ">":
		if before == gapLine {
			p.out = bytes.TrimSuffix(p.out, []byte(","))
		}
	case before == gapLine && p.last() == '<':
	case before != gapNone:
		p.blank()
	}
	p.out = append(p.out, text...)
}

func wordByte(c byte) bool {
	return c == '_' || c == '\'' || c == '"' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// flat is nodes with the invisible groups at its top level opened.
func flat(nodes []node) []node {
	for i := range nodes {
		if nodes[i].delim != invisible {
			continue
		}
		out := append([]node(nil), nodes[:i]...)
		for _, n := range nodes[i:] {
			if n.delim == invisible {
				sub := flat(n.sub)
				if len(sub) > 0 {
					sub = append([]node(nil), sub...)
					sub[0].gap = max(n.gap, gapBlank)
				}
				out = append(out, sub...)
				continue
			}
			out = append(out, n)
		}
		return out
	}
	return nodes
}
