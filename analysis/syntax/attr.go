package syntax

import (
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// SplitArgs splits the arguments of an attribute at its top-level commas; the parts are trimmed, an empty last one dropped.
func SplitArgs(args string) []string {
	text := []byte(args)
	var out []string
	parseSpan(text, source.Span{End: uint32(len(text))}, 2021, func(p *parser) {
		start := uint32(0)
		cut := func(end uint32) {
			if s := strings.TrimSpace(args[start:end]); s != "" {
				out = append(out, s)
			}
		}
		for p.tok().Kind != EOF {
			if p.tok().Kind == Open {
				p.skipGroup()
				continue
			}
			if t := p.next(); t.Is(',') {
				cut(t.Start)
				start = t.End
			}
		}
		cut(uint32(len(text)))
	})
	return out
}

// SplitAttr splits the text of an attribute into its path and its arguments, without their delimiters or `=`.
func SplitAttr(attr string) (path, args string) {
	attr = strings.TrimSpace(attr)
	if strings.HasPrefix(attr, "unsafe") {
		if rest := strings.TrimSpace(attr[len("unsafe"):]); strings.HasPrefix(rest, "(") && strings.HasSuffix(rest, ")") {
			attr = strings.TrimSpace(rest[1 : len(rest)-1])
		}
	}
	end := strings.IndexAny(attr, "([{=")
	if end < 0 {
		return attr, ""
	}
	path, args = strings.TrimSpace(attr[:end]), strings.TrimSpace(attr[end:])
	switch {
	case args[0] == '=':
		return path, strings.TrimSpace(args[1:])
	case len(args) >= 2:
		return path, args[1 : len(args)-1]
	}
	return path, ""
}
