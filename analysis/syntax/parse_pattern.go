package syntax

// pattern reads a pattern with its alternatives.
func (b *bodyParser) pattern() *Pat {
	start := b.pos
	b.eat('|')
	first := b.patternNoOr()
	if !b.is('|') {
		return first
	}
	out := &Pat{Kind: PatOr, Elems: []*Pat{first}}
	for b.is('|') && !(b.tok().Flags&Joint != 0 && b.at(1).Is('|')) {
		b.next()
		out.Elems = append(out.Elems, b.patternNoOr())
	}
	out.Span = b.since(start)
	return out
}

func (b *bodyParser) patternNoOr() *Pat {
	start := b.pos
	if b.depth >= maxExprDepth {
		return &Pat{Span: b.since(start)}
	}
	b.depth++
	out := b.simplePattern()
	b.depth--
	out.Span = b.since(start)
	return out
}

func (b *bodyParser) simplePattern() *Pat {
	t := b.tok()
	switch {
	case t.Is('&'):
		b.next()
		return &Pat{Kind: PatRef, Mut: b.eatWord(WordMut), Elems: []*Pat{b.patternNoOr()}}
	case t.Is('('):
		elems, comma := b.patterns(')')
		if len(elems) == 1 && !comma && elems[0].Kind != PatRest {
			return elems[0]
		}
		return &Pat{Kind: PatTuple, Elems: elems}
	case t.Is('['):
		elems, _ := b.patterns(']')
		return &Pat{Kind: PatSlice, Elems: elems}
	case t.Is('.'):
		for b.is('.') || b.is('=') {
			b.next()
		}
		if b.startsValue() { // ..=9
			b.value()
			return &Pat{Kind: PatValue}
		}
		return &Pat{Kind: PatRest}
	case t.Kind == Literal, t.Is('-'):
		b.value()
		b.rangeEnd()
		return &Pat{Kind: PatValue}
	case t.Kind == Ident && t.Word == WordUnderscore:
		b.next()
		return &Pat{Kind: PatWild}
	case t.Kind == Ident && (t.Word == WordTrue || t.Word == WordFalse):
		b.next()
		return &Pat{Kind: PatValue}
	case t.Kind == Ident && (t.Word == WordRef || t.Word == WordMut):
		byRef := b.eatWord(WordRef)
		b.eatWord(WordMut)
		return b.bindingPattern(byRef)
	case t.Kind == Ident && t.Word == NoWord && t.Flags&RawIdent == 0 && b.str(t) == "box" && b.at(1).Kind == Ident:
		b.next()
		return &Pat{Kind: PatBox, Elems: []*Pat{b.patternNoOr()}}
	case t.Kind == Ident && t.Word == WordConst && b.at(1).Is('{'):
		b.next()
		b.skipGroup()
		return &Pat{Kind: PatValue}
	case t.Kind == Ident && b.bindsName(t):
		return b.bindingPattern(false)
	case b.atPathStart() || t.Is('<'):
		return b.pathPattern()
	}
	return &Pat{}
}

// bindsName tells a variable from a path: a lone name that no `::`, `(`, `{` or `!` follows. A name in capitals is a
// constant, a unit struct or a variant; rustc resolves it, and lints against the rest.
func (b *bodyParser) bindsName(t Token) bool {
	if t.Word != NoWord && t.Word != WordUnion && t.Word != WordAuto && t.Word != WordDefault && t.Word != WordSafe && t.Word != WordGen {
		return false
	}
	n := b.at(1)
	if n.Kind == PathSep || n.Is('(') || n.Is('{') || n.Is('!') && b.at(2).Kind == Open || n.Is('.') {
		return false
	}
	if n.Is('@') {
		return true
	}
	c := b.text[t.Start]
	if t.Flags&RawIdent != 0 {
		c = b.text[t.Start+2]
	}
	return c < 'A' || c > 'Z'
}

func (b *bodyParser) bindingPattern(byRef bool) *Pat {
	t := b.tok()
	if t.Kind != Ident {
		return &Pat{}
	}
	b.next()
	v := &Binding{Name: b.ident(t), Span: t.Span()}
	b.fresh = append(b.fresh, v)
	out := &Pat{Kind: PatBind, ByRef: byRef, Binding: v}
	if b.eat('@') {
		out.Elems = []*Pat{b.patternNoOr()}
	}
	return out
}

func (b *bodyParser) pathPattern() *Pat {
	path := b.exprPath()
	switch {
	case b.is('('):
		elems, _ := b.patterns(')')
		return &Pat{Kind: PatTupleOf, Path: path, Elems: elems}
	case b.is('{'):
		return b.structPattern(path)
	case b.is('!') && b.at(1).Kind == Open:
		b.next()
		b.skipGroup()
		return &Pat{Kind: PatMacro, Path: path}
	case b.rangeEnd():
		return &Pat{Kind: PatValue}
	case len(path.Segments) == 0:
		return &Pat{}
	}
	return &Pat{Kind: PatPath, Path: path}
}

// patterns reads a delimited list.
func (b *bodyParser) patterns(closing byte) (out []*Pat, comma bool) {
	b.next()
	for !b.is(closing) && b.tok().Kind != EOF {
		before := b.pos
		b.skipAttrs()
		out = append(out, b.pattern())
		if b.eat(',') {
			comma = true
			continue
		}
		b.skipTo(closing)
		if b.tok().Kind == Close {
			break
		}
		if b.pos == before {
			b.next()
		}
	}
	b.eat(closing)
	return out, comma
}

func (b *bodyParser) structPattern(path *Path) *Pat {
	out := &Pat{Kind: PatStruct, Path: path}
	b.next()
	for !b.is('}') && b.tok().Kind != EOF {
		before := b.pos
		b.skipAttrs()
		t := b.tok()
		switch {
		case (t.Kind == Ident || t.Kind == Literal) && b.at(1).Is(':'):
			b.next()
			b.next()
			out.Fields, out.Elems = append(out.Fields, b.ident(t)), append(out.Elems, b.pattern())
		case t.Kind == Ident:
			byRef := b.eatWord(WordRef)
			b.eatWord(WordMut)
			name := b.ident(b.tok())
			out.Fields, out.Elems = append(out.Fields, name), append(out.Elems, b.bindingPattern(byRef))
		}
		b.skipToComma()
		if b.tok().Kind == Close {
			break
		}
		if b.pos == before {
			b.next()
		}
	}
	b.eat('}')
	return out
}

func (b *bodyParser) startsValue() bool {
	t := b.tok()
	return t.Kind == Literal || t.Is('-') || t.Kind == Ident && pathWord(t.Word)
}

// value reads a literal, with a minus, or a path.
func (b *bodyParser) value() {
	b.eat('-')
	if b.tok().Kind == Literal {
		b.next()
		return
	}
	b.exprPath()
}

// rangeEnd reads `..`, `..=` and the value behind it.
func (b *bodyParser) rangeEnd() bool {
	if !b.is('.') || !b.at(1).Is('.') {
		return false
	}
	for b.is('.') || b.is('=') {
		b.next()
	}
	if b.startsValue() {
		b.value()
	}
	return true
}
