package syntax

import "github.com/afidt-lsp/afidt-lsp/analysis/source"

// SplitArgs splits the arguments of an attribute at its top-level commas; blanks and comments around the parts are cut off,
// an empty last part is dropped.
func SplitArgs(args string) []string {
	text := []byte(args)
	var out []string
	parseSpan(text, source.Span{End: uint32(len(text))}, 2021, func(p *parser) {
		first := 0
		cut := func() {
			if first < p.pos {
				out = append(out, string(p.since(first).Of(text)))
			}
		}
		for p.tok().Kind != EOF {
			switch {
			case p.tok().Kind == Open:
				p.skipGroup()
			case p.is(','):
				cut()
				p.next()
				first = p.pos
			default:
				p.next()
			}
		}
		cut()
	})
	return out
}

// SplitAttr splits the text of an attribute, what stands in its brackets, into its path, without blanks and comments, and its
// arguments, without their delimiters or `=`. What unsafe(..) holds is the attribute.
func SplitAttr(attr string) (path, args string) {
	text := []byte(attr)
	parseSpan(text, source.Span{End: uint32(len(text))}, 2021, func(p *parser) {
		if p.isWord(WordUnsafe) && p.at(1).Is('(') {
			p.next()
			p.next()
		}
		for t := p.tok(); t.Kind != EOF && t.Kind != Open && t.Kind != Close && !t.Is('='); t = p.tok() {
			path += p.str(p.next())
		}
		switch {
		case p.eat('='):
			first := p.pos
			for p.tok().Kind != EOF && p.tok().Kind != Close {
				if p.tok().Kind == Open {
					p.skipGroup()
					continue
				}
				p.next()
			}
			args = string(p.since(first).Of(text))
		case p.tok().Kind == Open:
			group := p.skipGroup()
			inner := group.Of(text)[1:]
			if t := p.toks[p.pos-1]; t.Kind == Close && t.End == group.End && group.Len() > 1 {
				inner = inner[:len(inner)-1]
			}
			args = string(inner)
		}
	})
	return path, args
}
