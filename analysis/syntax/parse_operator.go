package syntax

// Precedences of binary operators, loosest first.
const (
	precAssign = iota + 1
	precRange
	precOr
	precAnd
	precCompare
	precBitOr
	precBitXor
	precBitAnd
	precShift
	precSum
	precProduct
	precCast
)

// operator is the binary operator at the current token: the tokens it takes, its precedence, and Op.
func (b *bodyParser) operator() (n, prec int, op byte) {
	t := b.tok()
	if t.Word == WordAs && t.Kind == Ident {
		return 1, precCast, 0
	}
	if t.Kind != Punct {
		return 0, 0, 0
	}
	second, third := byte(0), byte(0)
	if t.Flags&Joint != 0 && b.at(1).Kind == Punct {
		second = b.at(1).Char
		if b.at(1).Flags&Joint != 0 && b.at(2).Kind == Punct {
			third = b.at(2).Char
		}
	}
	assigns := second == '='
	switch t.Char {
	case '=':
		if assigns {
			return 2, precCompare, '='
		}
		return 1, precAssign, '='
	case '!':
		if assigns {
			return 2, precCompare, '='
		}
	case '<', '>':
		shift := byte('l')
		if t.Char == '>' {
			shift = 'r'
		}
		switch {
		case second == t.Char && third == '=':
			return 3, precAssign, shift
		case second == t.Char:
			return 2, precShift, shift
		case assigns:
			return 2, precCompare, '='
		}
		return 1, precCompare, '='
	case '|', '&':
		prec, logic, lazy := precBitOr, precOr, byte('o')
		if t.Char == '&' {
			prec, logic, lazy = precBitAnd, precAnd, 'a'
		}
		switch {
		case second == t.Char:
			return 2, logic, lazy
		case assigns:
			return 2, precAssign, t.Char
		}
		return 1, prec, t.Char
	case '^', '+', '-', '*', '/', '%':
		if assigns {
			return 2, precAssign, t.Char
		}
		switch t.Char {
		case '^':
			return 1, precBitXor, t.Char
		case '+', '-':
			return 1, precSum, t.Char
		}
		return 1, precProduct, t.Char
	case '.':
		if second == '.' {
			if third == '=' || third == '.' {
				return 3, precRange, '.'
			}
			return 2, precRange, '.'
		}
	}
	return 0, 0, 0
}

func (b *bodyParser) binary(min int, r restriction) *Expr {
	start := b.pos
	var left *Expr
	if n, prec, op := b.operator(); op == '.' && prec == precRange { // ..x
		inclusive := n == 3
		b.pos += n
		left = b.node(ExprRange, start)
		left.Inclusive = inclusive
		if b.startsExpr(r) {
			left.Y = b.binary(precRange+1, r.inner())
			own(left, left.Y)
		}
		left.Span = b.since(start)
	} else {
		left = b.unary(r)
		if r == statement && blockLike(left) {
			return left
		}
	}
	r = r.inner()
	for b.pos > start {
		n, prec, op := b.operator()
		if n == 0 || prec < min {
			break
		}
		b.pos += n
		var e *Expr
		switch prec {
		case precCast:
			e = b.node(ExprCast, start)
			e.X, e.Type = left, b.typ(noPlus)
		case precRange:
			e = b.node(ExprRange, start)
			e.X, e.Inclusive = left, n == 3
			if b.startsExpr(r) {
				e.Y = b.binary(precRange+1, r)
			}
		case precAssign:
			e = b.node(ExprAssign, start)
			e.X, e.Op = left, op
			e.Y = b.nested(precAssign, r)
		default:
			e = b.node(ExprBinary, start)
			e.X, e.Op = left, op
			e.Y = b.nested(prec+1, r)
		}
		own(e, e.X, e.Y)
		e.Span = b.since(start)
		left = e
	}
	return left
}

// nested reads a right operand; `a = b = c = ..` may go deep.
func (b *bodyParser) nested(min int, r restriction) *Expr {
	if b.depth >= maxExprDepth {
		return b.node(ExprError, b.pos)
	}
	b.depth++
	defer func() { b.depth-- }()
	return b.binary(min, r)
}
