package infer

import (
	"cmp"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// A body that may have a coercion is long, and a statement or two of it has to do with objects of the trait. The others need no types.
// A statement has to do with them if it writes the object's type or one of the names by which a body comes to one, or if it uses a
// variable that such a statement uses: what a variable is may be told by any of its uses.

// parts are the statements of a body, each without those that stand in it, and the parameters.
type parts struct {
	list []part // by where they begin; what is around comes first
	at   map[source.Span]int
	// with are the parts that a variable stands in, linked the parts that give each other values by `return` and `break`.
	with   map[*syntax.Binding][]int
	linked [][2]int
	starts []uint32 // of the parts that are live, sorted
}

// part is one of them.
type part struct {
	span source.Span
	live bool // it has to do with objects of the trait
}

// whole is the part around all others: what the body gives back.
const whole = 0

// partsOf splits a body.
func partsOf(b *body) *parts {
	p := &parts{at: map[source.Span]int{}, with: map[*syntax.Binding][]int{}}
	it := &b.scope.File.Syntax().Items[b.item]
	p.add(it.Span)
	for _, root := range b.syntax.Params {
		if root.Pat == nil {
			continue // of a macro's own syntax
		}
		span := root.Pat.Span
		if b.fn != nil && root.Index < len(b.fn.Params) {
			if t := b.fn.Params[root.Index].Type; t != nil {
				span.End = max(span.End, t.Span.End)
			}
		}
		p.pattern(root.Pat, p.add(span))
	}
	p.walk(b.syntax.Root, around{})
	return p
}

func (p *parts) add(span source.Span) int {
	p.list = append(p.list, part{span: span})
	p.at[span] = len(p.list) - 1
	return len(p.list) - 1
}

// around are the parts around an expression: its own, that of the closure or function that a `return` leaves, that of the loop.
type around struct{ part, fn, loop int }

func (p *parts) walk(e *syntax.Expr, in around) {
	if e == nil {
		return
	}
	if e.Local != nil {
		p.with[e.Local] = append(p.with[e.Local], in.part)
	}
	if e.Pat != nil {
		p.pattern(e.Pat, in.part)
	}
	switch e.Kind {
	case syntax.ExprClosure, syntax.ExprAsync:
		in.fn = in.part
	case syntax.ExprLoop, syntax.ExprWhile, syntax.ExprFor:
		in.loop = in.part
	case syntax.ExprReturn:
		p.linked = append(p.linked, [2]int{in.part, in.fn})
	case syntax.ExprBreak:
		p.linked = append(p.linked, [2]int{in.part, in.loop})
	}
	for i := range e.Params {
		p.pattern(e.Params[i].Pat, in.part)
	}
	p.walk(e.X, in)
	p.walk(e.Y, in)
	p.walk(e.Z, in)
	for _, a := range e.Args {
		p.walk(a, in)
	}
	for i := range e.Arms {
		if arm := &e.Arms[i]; arm.Pat != nil {
			p.pattern(arm.Pat, in.part)
		}
		p.walk(e.Arms[i].X, in)
		p.walk(e.Arms[i].Guard, in)
		p.walk(e.Arms[i].Body, in)
	}
	for i := range e.Stmts {
		s := &e.Stmts[i]
		if s.Let == nil && s.Expr == e.Tail {
			continue
		}
		inner := in
		inner.part = p.add(spanOfStmt(s))
		if let := s.Let; let != nil {
			p.pattern(let.Pat, inner.part)
			p.walk(let.Init, inner)
			p.walk(let.Else, inner)
			continue
		}
		p.walk(s.Expr, inner)
	}
	p.walk(e.Tail, in)
}

// spanOfStmt is a statement without its semicolon.
func spanOfStmt(s *syntax.Stmt) source.Span {
	if s.Let == nil {
		return s.Expr.Span
	}
	span := s.Let.Pat.Span
	if s.Let.Type != nil {
		span.End = s.Let.Type.Span.End
	}
	if s.Let.Init != nil {
		span.End = s.Let.Init.Span.End
	}
	if s.Let.Else != nil {
		span.End = s.Let.Else.Span.End
	}
	return span
}

func (p *parts) pattern(pat *syntax.Pat, part int) {
	if pat == nil {
		return
	}
	if pat.Binding != nil {
		p.with[pat.Binding] = append(p.with[pat.Binding], part)
	}
	for _, x := range pat.Elems {
		p.pattern(x, part)
	}
}

// mark finds out which parts have to do with objects, from the offsets of names that lead to them; offsets are sorted.
func (p *parts) mark(offsets []uint32) {
	order := make([]int, len(p.list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(p.list[a].span.Start, p.list[b].span.Start), cmp.Compare(p.list[b].span.End, p.list[a].span.End))
	})
	var work, stack []int
	enliven := func(i int) {
		if !p.list[i].live {
			p.list[i].live = true
			work = append(work, i)
		}
	}
	next := 0
	for _, o := range offsets {
		for next < len(order) && p.list[order[next]].span.Start <= o {
			stack = append(stack, order[next])
			next++
		}
		for len(stack) > 0 && p.list[stack[len(stack)-1]].span.End <= o {
			stack = stack[:len(stack)-1]
		}
		if len(stack) > 0 {
			enliven(stack[len(stack)-1])
		}
	}
	links := make([][]int, len(p.list))
	for _, l := range p.linked {
		links[l[0]], links[l[1]] = append(links[l[0]], l[1]), append(links[l[1]], l[0])
	}
	for _, in := range p.with {
		for _, i := range in[1:] { // each leads to the first and back
			links[i], links[in[0]] = append(links[i], in[0]), append(links[in[0]], i)
		}
	}
	for len(work) > 0 {
		i := work[len(work)-1]
		work = work[:len(work)-1]
		for _, k := range links[i] {
			enliven(k)
		}
	}
	for _, i := range order {
		if p.list[i].live {
			p.starts = append(p.starts, p.list[i].span.Start)
		}
	}
}

// lives reports whether something in a span has to do with objects, where the part that it belongs to has not.
func (p *parts) lives(span source.Span) bool {
	i, _ := slices.BinarySearch(p.starts, span.Start)
	return i < len(p.starts) && p.starts[i] < span.End
}

// sameItem reports whether two definitions are one item, whatever target they are seen from.
func sameItem(a, b resolve.Def) bool {
	return a.Kind != resolve.None && a.Kind == b.Kind && a.Item == b.Item && a.File() == b.File()
}

// leading are the offsets in an item at which a name leads to objects, or where an object type of the trait is written.
func (c *coercions) leading(where *coercing) []uint32 {
	file := c.scope.File
	span := file.Syntax().Items[c.item].Span
	var out []uint32
	text := file.Text
	for i := span.Start; i < span.End; {
		if !isWord(text[i]) {
			i++
			continue
		}
		start := i
		for i < span.End && isWord(text[i]) {
			i++
		}
		if where.leads(file, string(text[start:i]), start) {
			out = append(out, start)
		}
	}
	for i := range c.Mentions {
		if m := &c.Mentions[i]; m.File == file && span.Contains(m.Span.Start) && sameItem(m.Principal, c.trait) {
			out = append(out, m.Span.Start)
		}
	}
	slices.Sort(out)
	return out
}
