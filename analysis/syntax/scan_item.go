package syntax

import "github.com/afidt-lsp/afidt-lsp/analysis/source"

// extent is how far an item reaches, in indexes of tokens.
type extent struct {
	end        int // after the item
	open, body int // its `{` and the end of what the braces hold; -1 if there are none
	alias      bool
	incomplete bool // neither `{}` nor `;` was found
	odd        bool // has tokens that no header has
}

// bracedKinds are the kinds that end with braces, or with a `;` before any.
var bracedKinds = [KindBlock + 1]bool{
	KindMod: true, KindFn: true, KindStruct: true, KindEnum: true, KindUnion: true, KindTrait: true, KindImpl: true,
	KindExternBlock: true,
}

// bodyModes are how the braces of each kind are read.
var bodyModes = [KindBlock + 1]mode{
	KindMod: modeItems, KindTrait: modeItems, KindImpl: modeItems, KindExternBlock: modeItems, KindFn: modeStatements,
	KindStruct: modeTokens, KindEnum: modeTokens, KindUnion: modeTokens,
}

// extent finds where the item that begins at index start ends. A header ends at the first `{` or `;` outside parentheses and
// brackets. A line that begins like an item, no deeper than this one, ends it too: somebody is still typing.
func (s *scanner) extent(h head, start, limit int) extent {
	if h.kind == KindMacroRules {
		return s.definitionExtent(h, limit)
	}
	x := extent{open: -1, body: -1}
	braced := bracedKinds[h.kind]
	angles, indent := 0, -1
	parens := h.next // up to here the tokens are in parentheses or brackets
	i := h.next
	for i < limit {
		t := &s.toks[i]
		if t.Flags&LineFirst != 0 && (t.Kind == Ident && itemWords[t.Word] || t.Is('#')) {
			if indent < 0 {
				indent = s.lineIndent(start)
			}
			if s.newItem(i, limit, indent, angles > 0) {
				break
			}
		}
		switch t.Kind {
		case Open:
			inner, after := s.group(i, limit)
			if t.Char != '{' {
				parens = max(parens, after)
				break
			}
			prev := s.toks[i-1]
			if braced && i >= parens && !(angles > 0 && (prev.Is('<') || prev.Is(',') || prev.Is('='))) {
				x.open, x.body, x.end = i, inner, after
				return x
			}
			i = max(after, i+1)
			continue
		case FatArrow:
			x.odd = x.odd || braced && i >= parens
		case Close:
			if t.Char == '}' {
				limit = i
				continue
			}
		case Punct:
			switch t.Char {
			case ';':
				if i >= parens {
					x.end = i + 1
					return x
				}
			case '<':
				angles++
			case '>':
				angles = max(0, angles-1)
			case '=':
				if !braced || angles > 0 || i < parens {
					break
				}
				if h.kind == KindTrait {
					x.alias, braced = true, false
				} else {
					x.odd = true
				}
			}
		}
		i++
	}
	x.end, x.incomplete = max(i, h.next), true
	return x
}

// definitionExtent is the extent of `macro_rules! name {}` and of `macro name(..) {}`.
func (s *scanner) definitionExtent(h head, limit int) extent {
	x := extent{open: h.next, end: h.next}
	x.body, x.end = s.group(h.next, limit)
	if s.toks[h.keyword].Word == WordMacro {
		if peek(s.toks[:limit], x.end).Is('{') && s.toks[h.next].Is('(') {
			x.open = x.end
			x.body, x.end = s.group(x.open, limit)
		}
		return x
	}
	if !s.toks[x.open].Is('{') && peek(s.toks[:limit], x.end).Is(';') {
		x.end++
	}
	return x
}

// newItem reports whether the first token of a line, at index i, begins an item that cannot be part of the header before it,
// which is indented by indent.
func (s *scanner) newItem(i, limit, indent int, angles bool) bool {
	at := s.attrsEnd(i, limit)
	h, ok := itemAt(s.toks[:limit], at)
	if !ok || angles && h.kind == KindConst && !s.repaired || !startsAfter(s.toks[i-1], h.kind) {
		return false
	}
	column := int(s.toks[i].Start) - lineStart(s.text, int(s.toks[i].Start))
	return column <= indent || s.repaired && h.kind != KindImpl && h.kind != KindConst && h.kind != KindExternBlock
}

// startsAfter reports whether an item of this kind can begin after prev. `impl` and `const N:` are also parts of types and
// generics, where one of these tokens comes first.
func startsAfter(prev Token, kind ItemKind) bool {
	if kind != KindImpl && kind != KindConst {
		return true
	}
	switch prev.Char {
	case '<', ',', ':', '=', '&', '+', '(':
		return false
	}
	return prev.Kind != Arrow
}

// lineIndent is the byte column of the first character that is no blank on the line of the token at index i.
func (s *scanner) lineIndent(i int) int {
	return indentAt(s.text, int(s.toks[i].Start))
}

// declare records the item whose attributes begin at index attrs and whose visibility or first qualifier is at index start,
// and pushes what it holds. It reports false if items nest too deep.
func (s *scanner) declare(r *region, attrs, start int, h head) bool {
	if s.tooDeepAt(r, start) {
		return false
	}
	x := s.extent(h, start, int(r.end))
	s.settleBlocks()
	index := int32(len(s.file.Items))
	it := Item{Kind: h.kind, Visibility: h.visibility, Flags: h.flags, VisPath: h.visPath, Parent: r.item, Macro: r.macro}
	it.Span = source.Span{Start: s.toks[start].Start, End: s.toks[x.end-1].End}
	if x.alias {
		it.Kind = KindTraitAlias
	}
	if h.name >= 0 {
		t := s.toks[h.name]
		it.Name, it.NameSpan = s.name(t), t.Span()
		if t.Flags&RawIdent != 0 {
			it.Flags |= FlagRawName
		}
	}
	it.Attrs = s.attributes(attrs, start)
	inner := int32(x.open + 1)
	if x.open >= 0 && h.kind != KindMacroRules {
		it.Flags |= FlagBody
		it.Body = s.between(x.open, x.body)
		var own Range
		inner, own = s.innerAttrs(x.open+1, x.body)
		it.Attrs.End = own.End
	}
	switch {
	case x.incomplete:
		it.Flags |= FlagRecovered
		if !(h.kind == KindStatic && r.macro >= 0) { // thread_local!(static X: T = ..)
			s.problem(it.Span, "this item does not end: `;` or `{}` is missing")
		}
	case x.open >= 0 && s.partner[x.open] < 0:
		it.Flags |= FlagRecovered
	}
	s.file.Items = append(s.file.Items, it)
	r.pos = int32(x.end)
	s.pushParts(*r, index, h, x, inner)
	return true
}

// pushParts pushes the header and the body of the item at index, the header last so that it is read first.
func (s *scanner) pushParts(r region, index int32, h head, x extent, inner int32) {
	part := region{item: index, macro: r.macro, depth: r.depth + 1, mode: modeTokens}
	switch h.kind {
	case KindUse, KindExternCrate:
		return
	case KindMacroRules:
		s.pushDefinition(part, h, x)
		return
	}
	headerEnd := x.end
	if x.open >= 0 {
		headerEnd = x.open
		body := part
		body.mode, body.pos, body.end = bodyModes[h.kind], inner, int32(x.body)
		s.push(body)
	}
	if h.next < headerEnd {
		part.pos, part.end = int32(h.next), int32(headerEnd)
		s.push(part)
	}
}
