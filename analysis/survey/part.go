package survey

import (
	"bytes"
	"sort"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// partCfgs are the #[cfg]s of a file that stand before parts of items: statements, fields, variants, arms, parameters and
// arguments, which are no items. The file is walked once, however many types ask.
type partCfgs struct {
	file   *workspace.File
	cfgs   []uint32            // where the cfg attributes are, in order
	atDyn  map[uint32]*cfgLink // those in force at each of the places that were asked about
	tokens int                 // walked
	evals  int                 // conditions evaluated
}

// cfgLink is a cfg attribute in force and, through outer, those around it.
type cfgLink struct {
	attr  source.Span
	outer *cfgLink
	holds []cargo.Truth // for each owner of the file, this and all around it; nil before somebody asks
}

// newPartCfgs finds the attributes in force at the places, which are in order.
func newPartCfgs(file *workspace.File, types []written) *partCfgs {
	p := &partCfgs{file: file, cfgs: cfgAttrs(file.Syntax().Text)}
	var asked []uint32
	for _, w := range types {
		if p.concerns(w) {
			asked = append(asked, w.ty.Span.Start)
		}
	}
	if len(asked) > 0 {
		p.walk(asked)
	}
	return p
}

// cfgAttrs are the offsets of what may be cfg attributes: `[cfg`, blanks between allowed. `cfg!(..)` is none.
func cfgAttrs(text []byte) []uint32 {
	var out []uint32
	for i := 0; ; {
		n := bytes.Index(text[i:], []byte("cfg"))
		if n < 0 {
			return out
		}
		before := bytes.TrimRight(text[:i+n], " \t\r\n")
		if len(before) > 0 && before[len(before)-1] == '[' {
			out = append(out, uint32(len(before)-1))
		}
		i += n + len("cfg")
	}
}

// concerns reports whether a cfg attribute stands between the start of the item around a type and the type.
func (p *partCfgs) concerns(w written) bool {
	if w.item < 0 || len(p.cfgs) == 0 {
		return false
	}
	from := p.outermost(w.item)
	i := sort.Search(len(p.cfgs), func(i int) bool { return p.cfgs[i] >= from })
	return i < len(p.cfgs) && p.cfgs[i] < w.ty.Span.Start
}

// outermost is where the item begins whose body the item stands in, as far as statements and blocks are around it: what
// stands before a statement holds for the items in it.
func (p *partCfgs) outermost(item int32) uint32 {
	items := p.file.Syntax().Items
	for items[item].Parent >= 0 && !bounded(items, item) {
		item = items[item].Parent
	}
	return items[item].Span.Start
}

// bounded reports whether no part of another item is around the item, so that its own attributes and those of the items
// around it say all.
func bounded(items []syntax.Item, item int32) bool {
	if items[item].Kind == syntax.KindBlock {
		return false
	}
	if items[item].Parent < 0 {
		return true
	}
	switch items[items[item].Parent].Kind {
	case syntax.KindMod, syntax.KindTrait, syntax.KindImpl, syntax.KindExternBlock:
		return true
	}
	return false
}

// level is one level of nesting: a group of brackets, or an item that is bounded.
type level struct {
	outer  *cfgLink // in force around it
	now    *cfgLink
	angles int    // `<` that are open: their commas part arguments, not elements
	end    uint32 // of an item; 0 for a group
}

// walk goes over the file's tokens. An attribute holds to the end of the element that it stands before: a comma or semicolon
// of its own level, or the brace that ends a statement.
func (p *partCfgs) walk(asked []uint32) {
	f := p.file.Syntax()
	toks := syntax.Lex(f.Text, source.Span{End: uint32(len(f.Text))}, nil)
	p.atDyn = make(map[uint32]*cfgLink, len(asked))
	levels := make([]level, 1, 16)
	var open []int // the levels that are items
	items := 0
	for i := 0; i < len(toks); i++ {
		t := toks[i]
		p.tokens++
		for len(open) > 0 && t.Start >= levels[open[len(open)-1]].end { // items that ended, with the groups in them that did not
			levels = levels[:open[len(open)-1]]
			open = open[:len(open)-1]
			levels[len(levels)-1].now = levels[len(levels)-1].outer
		}
		for ; items < len(f.Items) && f.Items[items].Span.Start <= t.Start; items++ {
			if bounded(f.Items, int32(items)) {
				open = append(open, len(levels))
				levels = append(levels, level{end: f.Items[items].Span.End})
			}
		}
		top := len(levels) - 1
		if len(asked) > 0 && asked[0] <= t.Start {
			p.atDyn[asked[0]] = levels[top].now
			asked = asked[1:]
		}
		switch {
		case t.Is('#') && i+1 < len(toks) && toks[i+1].Is('['):
			end := groupEnd(toks, i+1)
			if toks[min(i+2, end)].Kind == syntax.Ident && bytes.HasPrefix(toks[i+2].Span().Of(f.Text), []byte("cfg")) {
				levels[top].now = &cfgLink{attr: source.Span{Start: t.Start, End: toks[end].End}, outer: levels[top].now}
			}
			p.tokens += end - i
			i = end
		case t.Kind == syntax.Open:
			levels = append(levels, level{outer: levels[top].now, now: levels[top].now})
		case t.Kind == syntax.Close && top > 0 && levels[top].end == 0:
			levels = levels[:top]
			if t.Is('}') && i+1 < len(toks) && endsStatement(toks[i+1]) {
				levels[top-1].now = levels[top-1].outer
			}
		case t.Is('<') && i > 0 && (toks[i-1].Kind == syntax.Ident || toks[i-1].Kind == syntax.PathSep) && toks[i-1].Flags&syntax.Joint != 0:
			levels[top].angles++
		case t.Is('>') && levels[top].angles > 0:
			levels[top].angles--
		case t.Is(';'), t.Is(',') && levels[top].angles == 0:
			levels[top].now, levels[top].angles = levels[top].outer, 0
		}
	}
}

// active reports whether the conditions of the parts around a type hold, or may, for one owner of the file.
func (p *partCfgs) active(owner int, w written) bool {
	link := p.atDyn[w.ty.Span.Start]
	if link == nil {
		return true
	}
	var chain []*cfgLink // from the inside to the first whose answer is known
	for l := link; l != nil && l.holds == nil; l = l.outer {
		chain = append(chain, l)
	}
	for i := len(chain) - 1; i >= 0; i-- {
		l := chain[i]
		l.holds = make([]cargo.Truth, len(p.file.Owners))
		for o, scope := range p.file.Owners {
			l.holds[o] = scope.CfgOf([]source.Span{l.attr})
			p.evals++
			if l.outer != nil {
				l.holds[o] = cargo.And(l.holds[o], l.outer.holds[o])
			}
		}
	}
	return link.holds[owner] != cargo.False
}

// groupEnd is the index of the token that closes the group opened at index i, or the last token.
func groupEnd(toks []syntax.Token, i int) int {
	depth := 0
	for ; i < len(toks)-1; i++ {
		switch toks[i].Kind {
		case syntax.Open:
			depth++
		case syntax.Close:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return i
}

// endsStatement reports whether the token after a `}` begins something new.
func endsStatement(next syntax.Token) bool {
	return next.Word != syntax.WordElse && !next.Is('.') && !next.Is('?') && !next.Is(',') && !next.Is(';') && next.Kind != syntax.FatArrow
}
