package syntax

import "github.com/afidt-lsp/afidt-lsp/analysis/source"

// call is a macro invocation, in indexes of tokens.
type call struct {
	path, bang, open int // first token of its path, its `!`, its opening delimiter
}

// callAt reads the macro invocation whose path begins at index i: `a!(..)`, `::a::b!{..}`, `$crate::a![..]`, and the old
// form with a name, `a! name {..}`. If there is none, bang is where the path ends.
func callAt(toks []Token, i int) (call, bool) {
	c := call{path: i}
	if peek(toks, i).Kind == PathSep {
		i++
	}
	if peek(toks, i).Is('$') {
		i++
	}
	for {
		c.bang = i
		if t := peek(toks, i); t.Kind != Ident || !pathWord(t.Word) {
			return c, false
		}
		i++
		if peek(toks, i).Kind != PathSep {
			break
		}
		i++
	}
	c.bang, c.open = i, i+1
	if !peek(toks, i).Is('!') {
		return c, false
	}
	if mayName(peek(toks, c.open)) {
		c.open++
	}
	return c, peek(toks, c.open).Kind == Open
}

// callWithBang is the macro invocation whose `!` is at index i and whose path does not begin before index first.
func (s *scanner) callWithBang(i, first, end int) (call, bool) {
	c := call{path: i - 1, bang: i, open: i + 1}
	if i <= first || c.open >= end || s.toks[c.open].Kind != Open {
		return c, false
	}
	if t := s.toks[i-1]; t.Kind != Ident || !pathWord(t.Word) {
		return c, false
	}
	for c.path-2 >= first && s.toks[c.path-1].Kind == PathSep && s.toks[c.path-2].Kind == Ident {
		c.path -= 2
	}
	if c.path-1 >= first && (s.toks[c.path-1].Kind == PathSep || s.toks[c.path-1].Is('$')) {
		c.path--
	}
	return c, true
}

// callEnd is the index after an invocation that stands as an item or statement, its `;` included.
func (s *scanner) callEnd(c call, limit int) (end int, complete bool) {
	_, end = s.group(c.open, limit)
	if s.toks[c.open].Is('{') {
		return end, true
	}
	if peek(s.toks[:limit], end).Is(';') {
		return end + 1, true
	}
	return end, false
}

// macroOf is the Macro of an invocation whose arguments end at index end.
func (s *scanner) macroOf(c call, end int) Macro {
	at := c.open
	for at > c.path && !s.toks[at].Is('!') {
		at--
	}
	return Macro{
		Path: source.Span{Start: s.toks[c.path].Start, End: s.toks[max(c.path, at-1)].End},
		Args: s.between(c.open, end),
	}
}

// opaqueCall pushes the arguments of an invocation that are not read as items.
func (s *scanner) opaqueCall(r *region, c call) {
	inner, after := s.group(c.open, int(r.end))
	r.pos = int32(after)
	m := region{mode: modeMacro, pending: pendingMacro, pos: int32(c.open + 1), end: int32(inner), item: r.item, macro: r.macro,
		depth: r.depth, path: int32(c.path)}
	s.push(m)
}

// macroTokens reads macro arguments, where only `dyn` and further invocations matter.
func (s *scanner) macroTokens(r *region) {
	i, end := int(r.pos), int(r.end)
	toks := s.toks
	for i < end {
		switch t := &toks[i]; t.Kind {
		case Ident:
			if t.Word == WordDyn {
				s.dyn(r, i)
			}
		case Open:
			if !r.arms {
				break
			}
			if _, after := s.group(i, end); after < end && toks[after].Kind == FatArrow { // a matcher: no types in there
				i = after
				continue
			}
		case Punct:
			switch t.Char {
			case '#':
				if after := s.attrEnd(i, end); after > i {
					i = after
					continue
				}
			case '!':
				c, ok := s.callWithBang(i, int(r.first), end)
				if !ok {
					break
				}
				inner, after := s.group(c.open, end)
				r.pos = int32(after)
				s.push(region{mode: modeMacro, pending: pendingMacro, pos: int32(c.open + 1), end: int32(inner), item: r.item,
					macro: r.macro, depth: r.depth, path: int32(c.path), arms: r.arms})
				return
			}
		}
		i++
	}
	s.pop()
}

// pushDefinition records the definition of a macro and pushes its rules.
func (s *scanner) pushDefinition(part region, h head, x extent) {
	m := Macro{Path: s.toks[h.keyword].Span(), Name: s.toks[h.name].Span(), Args: s.between(x.open, x.body), Item: part.item,
		Outer: part.macro, Definition: true}
	part.mode, part.arms, part.macro = modeMacro, true, int32(len(s.file.Macros))
	s.file.Macros = append(s.file.Macros, m)
	part.pos, part.end = int32(x.open+1), int32(x.body)
	s.push(part)
	for i := part.pos; i < part.end; i++ {
		t := s.toks[i]
		if defining(t.Word) || t.Is('!') && s.toks[i-1].Kind == Ident && s.makers[s.name(s.toks[i-1])] {
			if s.makers == nil {
				s.makers = map[string]bool{}
			}
			s.makers[s.name(s.toks[h.name])] = true
			break
		}
	}
}

// statementCall records an invocation that stands as a statement, if it is a cfg_if, if its arguments begin like items and
// read as items, or if a macro of its name may write some: a statement that writes a trait hides one of that name outside.
func (s *scanner) statementCall(r *region, attrs int, c call) bool {
	if name := s.name(s.toks[c.bang-1]); conditionals[name] != nil || s.makers[name] {
		return s.declareCall(r, attrs, c)
	}
	inner, _ := s.group(c.open, int(r.end))
	t := peek(s.toks[:inner], c.open+1)
	if t.Is('#') || t.Kind == Ident && itemWords[t.Word] {
		return s.readsAsItems(c.open+1, inner) && s.declareCall(r, attrs, c)
	}
	return false
}

// declareCall records an invocation in item position and pushes its arguments: as items if all of them read as items, their
// parent being that of the invocation, as that is where their names are found.
func (s *scanner) declareCall(r *region, attrs int, c call) bool {
	if s.tooDeepAt(r, c.path) {
		return false
	}
	s.settleBlocks()
	end, _ := s.callEnd(c, int(r.end))
	inner, _ := s.group(c.open, int(r.end))
	index, macro := int32(len(s.file.Items)), int32(len(s.file.Macros))
	it := Item{Kind: KindMacroCall, Parent: r.item, Macro: macro}
	it.Span = source.Span{Start: s.toks[c.path].Start, End: s.toks[end-1].End}
	it.Attrs = s.attributes(attrs, c.path)
	if s.partner[c.open] < 0 {
		it.Flags |= FlagRecovered
	}
	m := s.macroOf(c, inner)
	m.Item, m.Outer, m.ItemPosition = index, r.macro, true
	s.file.Items = append(s.file.Items, it)
	s.file.Macros = append(s.file.Macros, m)
	r.pos = int32(end)
	args := region{mode: modeMacro, pos: int32(c.open + 1), end: int32(inner), item: index, macro: macro, depth: r.depth + 1}
	if read := conditionals[s.name(s.toks[c.bang-1])]; read != nil {
		if arms, ok := read(s, c.open+1, inner); ok {
			s.pushArms(*r, args, arms)
			return true
		}
	}
	if s.readsAsItems(c.open+1, inner) {
		s.file.Macros[macro].Items = true
		args.mode, args.item = modeItems, r.item
	}
	s.push(args)
	return true
}

// readsAsItems reports whether the tokens from index i to before end are items, all of them, and at least one. In text that
// had to be repaired it is enough that they begin with one: else a typo would hide all its neighbours in the macro.
func (s *scanner) readsAsItems(i, end int) bool {
	found := false
	for i < end {
		at := s.attrsEnd(i, end)
		if h, ok := itemAt(s.toks[:end], at); ok && h.plausible(s.toks[:end]) {
			x := s.extent(h, at, end)
			last := x.end == end && (h.kind == KindStatic || h.kind == KindMod || h.kind == KindUse) // thread_local!(static X: T = ..)
			broken := x.odd || x.incomplete && !last || needsBody(h.kind) && x.open < 0 && !x.alias
			if broken && !s.repaired {
				return false
			}
			i, found = x.end, found || !broken
			continue
		}
		c, ok := callAt(s.toks[:end], at)
		if ok {
			i, ok = s.callEnd(c, end)
		} else { // at may be the end: attributes of nothing
			i = max(at+1, c.bang)
		}
		if !ok && !(s.repaired && found) {
			return false
		}
		found = true
	}
	return found
}

// needsBody reports the kinds that cannot end with `;`.
func needsBody(k ItemKind) bool {
	switch k {
	case KindEnum, KindUnion, KindTrait, KindImpl, KindExternBlock:
		return true
	}
	return false
}
