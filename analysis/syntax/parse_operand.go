package syntax

// primary reads an operand without what follows it.
func (b *bodyParser) primary(r restriction) *Expr {
	start := b.pos
	t := b.tok()
	switch t.Kind {
	case Literal:
		b.next()
		return b.node(ExprLit, start)
	case Open:
		switch t.Char {
		case '(':
			return b.parens(start)
		case '[':
			return b.brackets(start)
		}
		return b.block(b.node(ExprBlock, start), start)
	case Lifetime: // 'a: loop {}
		b.next()
		if b.eat(':') {
			e := b.primary(r)
			e.Name = b.str(t)
			return e
		}
		return b.node(ExprError, start)
	case Punct:
		switch t.Char {
		case '|':
			return b.closure(start, r)
		case '<', '$':
			return b.pathExpr(r)
		}
	case PathSep:
		return b.pathExpr(r)
	case Ident:
		return b.word(start, t, r)
	}
	return b.node(ExprError, start)
}

// word reads an operand that begins with an identifier or keyword.
func (b *bodyParser) word(start int, t Token, r restriction) *Expr {
	switch t.Word {
	case WordTrue, WordFalse:
		b.next()
		return b.node(ExprLit, start)
	case WordUnderscore:
		b.next()
		return b.node(ExprUnknown, start)
	case WordIf:
		return b.ifExpr(start)
	case WordLet:
		return b.letCond(start)
	case WordMatch:
		return b.matchExpr(start)
	case WordLoop:
		b.next()
		at := b.pos
		e := b.node(ExprLoop, start)
		e.Y = b.block(b.node(ExprBlock, at), at)
		own(e, e.Y)
		e.Span = b.since(start)
		return e
	case WordWhile:
		b.next()
		e := b.node(ExprWhile, start)
		b.scoped(func() {
			e.X = b.expr(noStruct)
			at := b.pos
			e.Y = b.block(b.node(ExprBlock, at), at)
		})
		own(e, e.X, e.Y)
		e.Span = b.since(start)
		return e
	case WordFor:
		if b.at(1).Is('<') { // for<'a> |x| ..
			b.next()
			b.parser.params()
			return b.primary(r)
		}
		return b.forExpr(start)
	case WordUnsafe, WordConst:
		if b.at(1).Is('{') {
			b.next()
			return b.block(b.node(ExprBlock, start), start)
		}
	case WordAsync:
		n := 1
		if b.at(n).Word == WordMove {
			n++
		}
		switch {
		case b.at(n).Is('{'):
			e := b.node(ExprAsync, start)
			e.Move = n == 2
			b.pos += n
			return b.block(e, start)
		case b.at(n).Is('|'):
			b.next()
			e := b.closure(start, r)
			e.Async = true
			return e
		}
	case WordMove, WordStatic:
		if b.at(1).Is('|') || b.at(1).Word == WordMove || b.at(1).Word == WordAsync {
			b.next()
			e := b.primary(r)
			if e.Kind == ExprClosure {
				e.Move = true
				e.Span = b.since(start)
			}
			return e
		}
	case WordReturn, WordBreak, WordContinue:
		return b.jump(start, t, r)
	}
	if t.Word == NoWord {
		switch s := b.str(t); {
		case s == "try" && b.at(1).Is('{'):
			b.next()
			return b.block(b.node(ExprTryBlock, start), start)
		case s == "yield" && !b.at(1).Is('('):
			return b.jump(start, t, r)
		}
	}
	if !pathWord(t.Word) {
		return b.node(ExprError, start)
	}
	return b.pathExpr(r)
}

func (b *bodyParser) jump(start int, t Token, r restriction) *Expr {
	b.next()
	kind := ExprBreak
	switch t.Word {
	case WordReturn:
		kind = ExprReturn
	case WordContinue:
		kind = ExprContinue
	}
	e := b.node(kind, start)
	if label := b.tok(); (t.Word == WordBreak || t.Word == WordContinue) && b.eatKind(Lifetime) {
		e.Name = b.str(label)
	}
	if t.Word == WordBreak {
		b.body.Breaks = append(b.body.Breaks, e)
	}
	if kind != ExprContinue && b.startsExpr(r) {
		e.X = b.nested(precAssign, r.inner())
		own(e, e.X)
	}
	e.Span = b.since(start)
	return e
}

func (b *bodyParser) parens(start int) *Expr {
	b.next()
	e := b.node(ExprTuple, start)
	comma := false
	for !b.is(')') && b.tok().Kind != EOF {
		before := b.pos
		b.skipAttrs()
		x := b.expr(anyExpr)
		own(e, x)
		e.Args = append(e.Args, x)
		if b.eat(',') {
			comma = true
			continue
		}
		b.skipTo(')')
		if b.tok().Kind == Close {
			break
		}
		if b.pos == before {
			b.next()
		}
	}
	b.eat(')')
	if len(e.Args) == 1 && !comma {
		e.Kind, e.X, e.Args = ExprParen, e.Args[0], nil
	}
	e.Span = b.since(start)
	return e
}

func (b *bodyParser) brackets(start int) *Expr {
	e := b.node(ExprArray, start)
	b.next()
	for !b.is(']') && b.tok().Kind != EOF {
		before := b.pos
		b.skipAttrs()
		x := b.expr(anyExpr)
		own(e, x)
		e.Args = append(e.Args, x)
		if b.eat(';') {
			e.Kind = ExprRepeat
			e.X, e.Y = x, b.expr(anyExpr)
			e.Args = nil
			own(e, e.Y)
			b.skipTo(']')
			break
		}
		b.skipToComma()
		if b.tok().Kind == Close {
			break
		}
		if b.pos == before {
			b.next()
		}
	}
	b.eat(']')
	e.Span = b.since(start)
	return e
}

func (b *bodyParser) ifExpr(start int) *Expr {
	e := b.node(ExprIf, start)
	b.next()
	b.scoped(func() {
		e.X = b.expr(noStruct)
		at := b.pos
		e.Y = b.block(b.node(ExprBlock, at), at)
	})
	if b.eatWord(WordElse) {
		at := b.pos
		if b.isWord(WordIf) {
			if b.depth < maxExprDepth {
				b.depth++
				e.Z = b.ifExpr(at)
				b.depth--
			}
		} else {
			e.Z = b.block(b.node(ExprBlock, at), at)
		}
	}
	own(e, e.X, e.Y, e.Z)
	e.Span = b.since(start)
	return e
}

// letCond reads `let PAT = EXPR` of a condition; its variables are in scope from here on.
func (b *bodyParser) letCond(start int) *Expr {
	b.next()
	e := b.node(ExprLet, start)
	e.Pat = b.pattern()
	fresh := b.fresh
	b.fresh = nil
	if b.is('=') {
		b.next()
		e.X = b.nested(precAnd+1, noStruct)
		own(e, e.X)
	}
	b.fresh = fresh
	b.bind(&PatRoot{Kind: RootCond, Pat: e.Pat, Expr: e})
	e.Span = b.since(start)
	return e
}

func (b *bodyParser) matchExpr(start int) *Expr {
	b.next()
	e := b.node(ExprMatch, start)
	e.X = b.expr(noStruct)
	own(e, e.X)
	if !b.is('{') {
		return e
	}
	b.next()
	for !b.is('}') && b.tok().Kind != EOF {
		before := b.pos
		attrs, _ := b.attrs()
		at := b.pos
		b.scoped(func() {
			arm := Arm{Pat: b.pattern()}
			b.bind(&PatRoot{Kind: RootArm, Pat: arm.Pat, Expr: e})
			if b.eatWord(WordIf) {
				arm.Guard = b.expr(anyExpr)
			}
			if b.eatKind(FatArrow) {
				arm.Body = b.expr(statement)
				own(e, arm.Guard, arm.Body)
				e.Arms = append(e.Arms, arm)
			}
		})
		b.holdFor(attrs, at)
		b.eat(',')
		if b.pos == before {
			b.next()
		}
	}
	b.eat('}')
	e.Span = b.since(start)
	return e
}

func (b *bodyParser) forExpr(start int) *Expr {
	b.next()
	e := b.node(ExprFor, start)
	e.Pat = b.pattern()
	fresh := b.fresh
	b.fresh = nil
	if b.eatWord(WordIn) {
		e.X = b.expr(noStruct)
	}
	b.scoped(func() {
		b.fresh = fresh
		b.bind(&PatRoot{Kind: RootFor, Pat: e.Pat, Expr: e})
		at := b.pos
		e.Y = b.block(b.node(ExprBlock, at), at)
	})
	own(e, e.X, e.Y)
	e.Span = b.since(start)
	return e
}

func (b *bodyParser) closure(start int, r restriction) *Expr {
	e := b.node(ExprClosure, start)
	b.eatWord(WordMove)
	b.eat('|')
	b.scoped(func() {
		for !b.is('|') && b.tok().Kind != EOF && b.tok().Kind != Close {
			before := b.pos
			b.skipAttrs()
			param := ClosureParam{Pat: b.patternNoOr()}
			b.bind(&PatRoot{Kind: RootClosure, Pat: param.Pat, Expr: e, Index: len(e.Params)})
			if b.eat(':') {
				param.Type = b.typ(noPlus)
			}
			e.Params = append(e.Params, param)
			b.eat(',')
			if b.pos == before {
				b.next()
			}
		}
		b.eat('|')
		if b.eatKind(Arrow) {
			e.Type = b.typ(noPlus)
		}
		e.Y = b.expr(r.inner())
	})
	own(e, e.Y)
	e.Span = b.since(start)
	return e
}
