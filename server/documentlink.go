package server

import (
	"context"
	"regexp"

	"go.lsp.dev/protocol"

	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// ruleWord is what may name a rule in a comment: `AFIDT001`, `undispatchable_method`.
var ruleWord = regexp.MustCompile(`\bAFIDT\d{3}\b|\b[a-z]+(?:_[a-z]+)+\b`)

// documentLinks lead from the names of our rules in comments to their pages.
func (s *Server) documentLinks(ctx context.Context, p *documentParams) (any, error) {
	out := []protocol.DocumentLink{}
	d := momentOf(ctx).docs[keyOf(p.TextDocument.URI)]
	if d == nil {
		return out, nil
	}
	at := s.mapper(d)
	for line := range d.lines().Lines() {
		span := d.lines().LineSpan(line)
		comment := commentIn(span.Of(d.text))
		if comment < 0 {
			continue
		}
		start := span.Start + uint32(comment)
		for _, m := range ruleWord.FindAllIndex(d.text[start:span.End], -1) {
			word := source.Span{Start: start + uint32(m[0]), End: start + uint32(m[1])}
			if r := rules.Find(string(word.Of(d.text))); r != nil {
				out = append(out, protocol.DocumentLink{Range: at.rangeOf(word), Target: protocol.DocumentURI(r.URL()), Tooltip: r.Title})
			}
		}
	}
	return out, nil
}

// commentIn is where the comment of a line begins, -1 if it has none. A `//` in a string counts too: nothing depends on it.
func commentIn(line []byte) int {
	for i := 0; i+1 < len(line); i++ {
		if line[i] == '/' && line[i+1] == '/' {
			return i
		}
	}
	return -1
}
