package syntax

import (
	"sort"

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
func ParseBody(f *File, item int32, edition int, compiled func(attrs []source.Span) bool, macros Macros) *Body {
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
		b := &bodyParser{parser: p, body: out, compiled: compiled, macros: macros, skips: innerItems(f, item), declared: declaredIn(f, item, edition, compiled)}
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
	macros   Macros
	skips    []source.Span
	declared map[uint32][]declaration
	locals   []*Binding // in scope, innermost last; one without a root is an item's name, which hides the variables before it
	outer    int        // how many of them are of what is around the innermost block
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
			if b.locals[i].Root == nil {
				return nil
			}
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
	start, unread, outer := b.pos, len(b.body.Unread), b.outer
	b.outer = len(b.locals)
	for _, d := range b.declared[b.toks[b.pos-1].End] {
		b.declare(d)
	}
	defer func() {
		b.outer = outer
		for i := unread; i < len(b.body.Unread); i++ {
			if b.body.Unread[i].In.End == 0 {
				b.body.Unread[i].In = b.since(start)
			}
		}
	}()
	for !b.is('}') && b.tok().Kind != EOF {
		before := b.pos
		if b.eat(';') {
			e.Tail = nil
			continue
		}
		attrs, compiled := b.attrs()
		at := b.pos
		switch {
		case b.skipItem(), b.macro && b.skipUnread():
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
			if x.Kind == ExprMacro && compiled {
				b.rebound(x)
			}
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
