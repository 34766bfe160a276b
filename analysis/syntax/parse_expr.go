package syntax

import (
	"sort"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// Limits on one body, checked on its tokens. Real bodies nest some 30 deep.
const (
	maxBodyTokens = 200_000
	maxExprDepth  = 400
)

// ParseBody reads the body of the fn, const or static at index item, and resolves its local variables: shadowing and scopes
// are a matter of grammar alone. compiled says whether the #[cfg]s among attributes hold; what they leave out binds no name.
// It never fails: what does not read is an ExprError. It is nil if there is no body or it is too long.
func ParseBody(f *File, item int32, edition int, compiled func(attrs []source.Span) bool) *Body {
	it := &f.Items[item]
	span := it.Body
	if it.Kind != KindFn {
		span = valueSpan(f, item, edition)
	} else {
		span.Start, span.End = span.Start-1, min(span.End+1, it.Span.End)
	}
	if it.Flags&FlagBody == 0 && it.Kind == KindFn || span.Len() == 0 {
		return nil
	}
	out := &Body{}
	parseSpan(f.Text, span, edition, func(p *parser) {
		if len(p.toks) > maxBodyTokens {
			out = nil
			return
		}
		b := &bodyParser{parser: p, body: out, compiled: compiled, skips: innerItems(f, item)}
		if it.Kind == KindFn {
			b.fnPatterns(f, item)
		}
		out.Root = b.expr(anyExpr)
	})
	return out
}

// valueSpan is the text of a const's or static's initialiser.
func valueSpan(f *File, item int32, edition int) source.Span {
	value := ParseValue(f, item, edition)
	if value.Type == nil {
		return source.Span{}
	}
	span := f.Items[item].Span
	for at := value.Type.Span.End; at < span.End; at++ {
		if f.Text[at] == '=' {
			return source.Span{Start: at + 1, End: span.End}
		}
	}
	return source.Span{}
}

// innerItems are the spans of the items in the body of an item, outermost ones only.
func innerItems(f *File, item int32) []source.Span {
	var out []source.Span
	span, end := f.Items[item].Span, uint32(0)
	for i := item + 1; i < int32(len(f.Items)) && f.Items[i].Span.Start < span.End; i++ {
		it := &f.Items[i]
		if it.Kind == KindBlock || it.Span.Start < end {
			continue
		}
		out = append(out, it.Span)
		end = it.Span.End
	}
	return out
}

// bodyParser reads expressions and keeps the local variables in scope.
type bodyParser struct {
	*parser
	body     *Body
	compiled func([]source.Span) bool
	skips    []source.Span
	locals   []*Binding // in scope, innermost last
	fresh    []*Binding // of the pattern being read
	macro    bool
	slab     []Expr
}

// restriction says what an expression may not contain at its top.
type restriction uint8

const (
	anyExpr   restriction = iota
	noStruct              // no struct literal: before a block
	statement             // ends after a block-like expression
)

func (b *bodyParser) node(kind ExprKind, start int) *Expr {
	if len(b.slab) == 0 {
		b.slab = make([]Expr, 32)
	}
	e := &b.slab[0]
	b.slab = b.slab[1:]
	e.Kind, e.Macro = kind, b.macro
	e.Span = b.since(start)
	return e
}

// own makes e the parent of parts.
func own(e *Expr, parts ...*Expr) {
	for _, p := range parts {
		if p != nil {
			p.Parent = e
		}
	}
}

func (b *bodyParser) fnPatterns(f *File, item int32) {
	fn := ParseFn(f, item, b.edition)
	if fn.Self != SelfNone {
		b.locals = append(b.locals, &Binding{Name: "self", Span: fn.SelfParam.Pattern, Root: &PatRoot{Kind: RootSelf}})
	}
	for i := range fn.Params {
		root := &PatRoot{Kind: RootParam, Index: i}
		b.body.Params = append(b.body.Params, root)
		if fn.Params[i].Pattern.Len() == 0 {
			continue
		}
		parseSpan(f.Text, fn.Params[i].Pattern, b.edition, func(p *parser) {
			inner := bodyParser{parser: p, body: b.body, compiled: b.compiled}
			root.Pat = inner.pattern()
			inner.bind(root)
			b.locals = append(b.locals, inner.locals...)
		})
	}
}

// bind brings the variables of the pattern that was read into scope.
func (b *bodyParser) bind(root *PatRoot) {
	for _, v := range b.fresh {
		v.Root = root
	}
	b.locals = append(b.locals, b.fresh...)
	b.fresh = nil
}

func (b *bodyParser) local(name string) *Binding {
	for i := len(b.locals) - 1; i >= 0; i-- {
		if b.locals[i].Name == name {
			return b.locals[i]
		}
	}
	return nil
}

// scoped calls read and drops the variables that it brought into scope.
func (b *bodyParser) scoped(read func()) {
	n := len(b.locals)
	read()
	b.locals = b.locals[:n]
}

// attrs skips attributes; on reports what they hold for when it is known.
func (b *bodyParser) attrs() (list []source.Span, compiled bool) {
	list = b.skipAttrs()
	return list, len(list) == 0 || b.compiled == nil || b.compiled(list)
}

func (b *bodyParser) holdFor(list []source.Span, start int) {
	if len(list) > 0 {
		b.body.Attrs = append(b.body.Attrs, AttrOn{Attrs: list, On: b.since(start)})
	}
}

// skipItem skips the item that begins at the current token, if one does.
func (b *bodyParser) skipItem() bool {
	at := b.tok().Start
	i := sort.Search(len(b.skips), func(i int) bool { return b.skips[i].Start >= at })
	if i == len(b.skips) || b.skips[i].Start != at || b.tok().Kind == EOF {
		return false
	}
	for b.tok().Kind != EOF && b.tok().Start < b.skips[i].End {
		b.next()
	}
	return true
}

// block reads `{ .. }` into e.
func (b *bodyParser) block(e *Expr, start int) *Expr {
	if !b.is('{') {
		e.Kind = ExprError
		return e
	}
	b.next()
	b.scoped(func() { b.statements(e) })
	b.eat('}')
	e.Span = b.since(start)
	return e
}

func (b *bodyParser) statements(e *Expr) {
	for !b.is('}') && b.tok().Kind != EOF {
		before := b.pos
		if b.eat(';') {
			e.Tail = nil
			continue
		}
		attrs, compiled := b.attrs()
		at := b.pos
		switch {
		case b.skipItem():
		case b.isWord(WordLet):
			n := len(b.locals)
			b.let(e)
			if !compiled {
				b.locals = b.locals[:n]
			}
		case b.tok().Kind == Close:
			b.closeTo('}')
		default:
			x := b.expr(statement)
			x.Parent = e
			e.Stmts = append(e.Stmts, Stmt{Expr: x})
			if !b.eat(';') && (b.is('}') || b.tok().Kind == EOF) && compiled {
				e.Tail = x
			}
		}
		b.holdFor(attrs, at)
		if b.pos == before {
			b.next()
		}
	}
}

// closeTo skips a closing delimiter that matches nothing.
func (b *bodyParser) closeTo(c byte) {
	if !b.is(c) {
		b.next()
	}
}

func (b *bodyParser) let(e *Expr) {
	b.next()
	let := &Let{Pat: b.pattern()}
	fresh := b.fresh
	b.fresh = nil
	if b.eat(':') {
		let.Type = b.typ(allowPlus)
	}
	if b.is('=') {
		b.next()
		let.Init = b.expr(anyExpr)
	}
	if b.eatWord(WordElse) {
		start := b.pos
		let.Else = b.block(b.node(ExprBlock, start), start)
	}
	own(e, let.Init, let.Else)
	b.fresh = fresh
	b.bind(&PatRoot{Kind: RootLet, Pat: let.Pat, Let: let})
	for !b.is(';') && !b.is('}') && b.tok().Kind != EOF {
		if b.tok().Kind == Open {
			b.skipGroup()
			continue
		}
		if b.tok().Kind == Close {
			break
		}
		b.next()
	}
	b.eat(';')
	e.Stmts = append(e.Stmts, Stmt{Let: let})
}

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
		b.pos += n
		left = b.node(ExprRange, start)
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
			e.X = left
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
	if t.Word == WordBreak || t.Word == WordContinue {
		b.eatKind(Lifetime)
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
