package syntax

// pathExpr reads a path and what it begins: a struct literal, a macro call, or nothing more.
func (b *bodyParser) pathExpr(r restriction) *Expr {
	start := b.pos
	path := b.exprPath()
	if len(path.Segments) == 0 {
		e := b.node(ExprError, start)
		return e
	}
	if b.is('!') && b.at(1).Kind == Open && path.QSelf == nil {
		return b.macroCall(path, start)
	}
	if b.is('{') && r != noStruct && b.structFollows(path) {
		return b.structExpr(path, start)
	}
	e := b.node(ExprPath, start)
	e.Path = path
	if len(path.Segments) == 1 && !path.Global && path.QSelf == nil && path.Segments[0].Args == nil {
		if e.Local = b.local(path.Segments[0].Name); e.Local != nil {
			e.Local.Uses = append(e.Local.Uses, e)
		}
	}
	return e
}

// structFollows tells a struct literal from a path before a block, which only broken text has.
func (b *bodyParser) structFollows(path *Path) bool {
	n, m := b.at(1), b.at(2)
	switch {
	case n.Is('}'), n.Is('.'), n.Is('#'), n.Is('$'):
		return true
	case n.Kind == Ident || n.Kind == Literal:
		return m.Is(':') || m.Is(',') || m.Is('}')
	}
	return false
}

func (b *bodyParser) structExpr(path *Path, start int) *Expr {
	e := b.node(ExprStruct, start)
	e.Path = path
	b.next()
	for !b.is('}') && b.tok().Kind != EOF {
		before := b.pos
		attrs, compiled := b.attrs()
		at := b.pos
		t := b.tok()
		switch {
		case t.Is('.'):
			for b.eat('.') {
			}
			if !b.is('}') {
				e.X = b.expr(anyExpr)
				own(e, e.X)
			}
		case (t.Kind == Ident || t.Kind == Literal) && b.at(1).Is(':'):
			b.next()
			b.next()
			x := b.expr(anyExpr)
			own(e, x)
			if compiled {
				e.Fields, e.Args = append(e.Fields, b.ident(t)), append(e.Args, x)
			}
		case t.Kind == Ident:
			x := b.pathExpr(noStruct)
			own(e, x)
			if compiled {
				e.Fields, e.Args = append(e.Fields, b.ident(t)), append(e.Args, x)
			}
		}
		b.holdFor(attrs, at)
		b.skipToComma()
		if b.tok().Kind == Close {
			break
		}
		if b.pos == before {
			b.next()
		}
	}
	b.eat('}')
	e.Span = b.since(start)
	return e
}

// exprPath reads a path in expression or pattern position, where generic arguments need `::<`.
func (b *bodyParser) exprPath() *Path {
	start := b.pos
	out := &Path{}
	if b.is('<') {
		b.next()
		out.QSelf = b.typ(allowPlus)
		if b.eatWord(WordAs) {
			trait := b.path()
			out.Global, out.Segments, out.QTrait = trait.Global, trait.Segments, len(trait.Segments)
		}
		b.skipAngleTail()
		if !b.eatKind(PathSep) {
			out.Span = b.since(start)
			return out
		}
	} else if b.eatKind(PathSep) {
		out.Global = true
	}
	for {
		seg, ok := b.exprSegment()
		if !ok {
			break
		}
		out.Segments = append(out.Segments, seg)
		if b.tok().Kind != PathSep || !b.segmentFollows() {
			break
		}
		b.next()
	}
	out.Span = b.since(start)
	return out
}

func (b *bodyParser) exprSegment() (Segment, bool) {
	start := b.pos
	var out Segment
	if b.is('$') && b.at(1).Kind == Ident {
		b.next()
		out.Name = "$" + b.str(b.next())
	} else if t := b.tok(); t.Kind == Ident && pathWord(t.Word) {
		b.next()
		out.Name, out.Raw = b.ident(t), t.Flags&RawIdent != 0
	} else {
		return out, false
	}
	out.Span = b.since(start)
	if b.tok().Kind == PathSep && b.at(1).Is('<') {
		b.next()
		out.Args = b.angleArgs()
	}
	return out, true
}
