package syntax

import "strings"

// expr reads an expression of any precedence.
func (b *bodyParser) expr(r restriction) *Expr {
	if b.depth >= maxExprDepth {
		start := b.pos
		for b.tok().Kind != EOF && b.tok().Kind != Close && !b.is(',') && !b.is(';') {
			if b.tok().Kind == Open {
				b.skipGroup()
				continue
			}
			b.next()
		}
		return b.node(ExprError, start)
	}
	b.depth++
	defer func() { b.depth-- }()
	return b.binary(precAssign, r)
}

func (r restriction) inner() restriction {
	if r == statement {
		return anyExpr
	}
	return r
}

func blockLike(e *Expr) bool {
	switch e.Kind {
	case ExprBlock, ExprIf, ExprMatch, ExprLoop, ExprWhile, ExprFor, ExprTryBlock:
		return true
	case ExprMacro:
		return e.Op == '{'
	}
	return false
}

// startsExpr reports whether an operand may begin here, after `..`, `return` or `break`.
func (b *bodyParser) startsExpr(r restriction) bool {
	t := b.tok()
	switch t.Kind {
	case EOF, Close, FatArrow, Arrow:
		return false
	case Open:
		return t.Char != '{' || r != noStruct
	case Punct:
		switch t.Char {
		case '&', '*', '-', '!', '|', '<', '#', '$':
			return true
		}
		return false
	case Ident:
		return t.Word != WordAs && t.Word != WordElse && t.Word != WordIn
	}
	return true
}

func (b *bodyParser) unary(r restriction) *Expr {
	if b.depth >= maxExprDepth {
		return b.node(ExprError, b.pos)
	}
	b.depth++
	defer func() { b.depth-- }()
	start := b.pos
	t := b.tok()
	var e *Expr
	switch {
	case t.Is('&'):
		b.next()
		e = b.node(ExprRef, start)
		if n := b.tok(); n.Kind == Ident && b.str(n) == "raw" && (b.at(1).Word == WordConst || b.at(1).Word == WordMut) {
			b.next()
			e.Mut = b.next().Word == WordMut
		} else {
			e.Mut = b.eatWord(WordMut)
		}
	case t.Is('*'):
		b.next()
		e = b.node(ExprDeref, start)
	case t.Is('-'), t.Is('!'):
		b.next()
		e = b.node(ExprUnary, start)
	case t.Is('#') && b.at(1).Is('['):
		attrs, _ := b.attrs()
		at := b.pos
		e = b.unary(r)
		b.holdFor(attrs, at)
		return e
	default:
		return b.postfix(b.primary(r), start, r)
	}
	e.X = b.unary(r.inner())
	own(e, e.X)
	e.Span = b.since(start)
	return e
}

// postfix reads what may follow an operand: `.x`, `.m()`, `.await`, `?`, `(..)`, `[..]`.
func (b *bodyParser) postfix(e *Expr, start int, r restriction) *Expr {
	for b.pos > start {
		t := b.tok()
		switch {
		case t.Is('?'):
			b.next()
			e = b.wrap(ExprTry, e, start)
		case r == statement && blockLike(e) && !t.Is('.'):
			return e
		case t.Is('.') && !(t.Flags&Joint != 0 && b.at(1).Is('.')):
			b.next()
			e = b.member(e, start)
		case t.Is('('):
			b.doubt(e)
			call := b.wrap(ExprCall, e, start)
			call.Args = b.args(call, ')')
			call.Span = b.since(start)
			b.body.Calls = append(b.body.Calls, call)
			if e.Kind == ExprPath && e.Local == nil && len(e.Path.Segments) > 1 && e.Path.Segments[len(e.Path.Segments)-1].Name == "pin" {
				b.body.Boxes = append(b.body.Boxes, call)
			}
			e = call
		case t.Is('['):
			b.next()
			x := b.wrap(ExprIndex, e, start)
			x.Y = b.expr(anyExpr)
			own(x, x.Y)
			b.skipTo(']')
			b.eat(']')
			x.Span = b.since(start)
			e = x
		default:
			return e
		}
	}
	return e
}

func (b *bodyParser) wrap(kind ExprKind, x *Expr, start int) *Expr {
	e := b.node(kind, start)
	e.X = x
	own(e, x)
	return e
}

// member reads what stands behind a dot.
func (b *bodyParser) member(x *Expr, start int) *Expr {
	t := b.tok()
	switch {
	case t.Kind == Literal: // x.0, x.0.1
		b.next()
		for i, name := range strings.Split(b.str(t), ".") {
			if name == "" {
				continue
			}
			x = b.wrap(ExprField, x, start)
			x.Name, x.NameSpan = name, t.Span()
			if i > 8 {
				break
			}
		}
		return x
	case t.Kind != Ident:
		return b.wrap(ExprError, x, start)
	case t.Word == WordAwait:
		b.next()
		return b.wrap(ExprAwait, x, start)
	}
	b.next()
	name := b.ident(t)
	var generic *Args
	if b.tok().Kind == PathSep && b.at(1).Is('<') {
		b.next()
		generic = b.angleArgs()
	}
	if b.is('(') {
		e := b.wrap(ExprMethod, x, start)
		e.Name, e.NameSpan, e.Generic = name, t.Span(), generic
		e.Args = b.args(e, ')')
		e.Span = b.since(start)
		b.body.Calls = append(b.body.Calls, e)
		return e
	}
	kind := ExprField
	if name == "box" && t.Flags&RawIdent == 0 {
		kind = ExprBox
	}
	e := b.wrap(kind, x, start)
	e.Name, e.NameSpan = name, t.Span()
	if kind == ExprBox {
		b.body.Boxes = append(b.body.Boxes, e)
	}
	return e
}

// args reads a delimited list of expressions.
func (b *bodyParser) args(e *Expr, closing byte) []*Expr {
	var out []*Expr
	b.next()
	for !b.is(closing) && b.tok().Kind != EOF {
		before := b.pos
		attrs, compiled := b.attrs()
		at := b.pos
		x := b.expr(anyExpr)
		own(e, x)
		b.holdFor(attrs, at)
		if compiled {
			out = append(out, x)
		}
		b.skipToComma()
		if b.pos == before {
			b.next()
		}
		if b.tok().Kind == Close {
			break
		}
	}
	b.eat(closing)
	return out
}
