package quickfix

import (
	"strings"
	"unicode/utf8"

	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/quickfix/companion"
)

// only lays out the only item of a list so that it begins on the line of what opens the list: it may be as wide as the line, or hang over
// (try_overflow_last_item in rustfmt's overflow.rs).
func (l *layout) only(g *group, indent, column, tail int) (string, bool) {
	item := g.items[0]
	one := func() (string, bool) {
		s, ok := l.one(item)
		return s, ok && column+utf8.RuneCountInString(s)+tail <= l.MaxWidth
	}
	nested := nestedCall(item)
	if !nested {
		if s, ok := one(); ok {
			return s, true
		}
	}
	if item.Kind == syntax.ExprClosure {
		return l.closureLines(item, indent, column)
	}
	combined := len(g.open)-1 < l.TabSpaces // `Ok(`, which takes no more room than a level of indentation
	if overflows(item) || combined {
		rest := tail
		if nested { // a call in a call may be no wider than arguments
			rest = max(tail, l.MaxWidth-column-g.width)
		}
		s, ok := l.lines(item, indent, column, rest)
		first := utf8.RuneCountInString(firstLine(s))
		if ok && first <= g.width && column+first+tail <= l.MaxWidth && (combined || !brokenChain(s)) {
			return s, true
		}
	}
	return one()
}

// nestedCall is rustfmt's is_nested_call.
func nestedCall(e *syntax.Expr) bool {
	switch e.Kind {
	case syntax.ExprCall, syntax.ExprMacro:
		return true
	case syntax.ExprRef, syntax.ExprTry, syntax.ExprCast:
		return nestedCall(e.X)
	}
	return false
}

// filled lays out a list of simple and short items on lines of their own, as many on each as it holds; it is not ok for other lists
// (is_every_expr_simple and no_long_items in rustfmt's overflow.rs).
func (l *layout) filled(g *group, indent int) (string, bool) {
	items := make([]string, len(g.items))
	for i, x := range g.items {
		s, ok := l.one(x)
		if !ok || g.blank || !g.comma || !simple(x) || utf8.RuneCountInString(s) > l.ShortWidth {
			return "", false
		}
		items[i] = s
	}
	before := "\n" + strings.Repeat(" ", indent)
	return before + strings.Join(companion.Layout{Format: l.Format, Column: indent}.Filled(items, true), before), true
}

// simple is rustfmt's is_simple_expr.
func simple(e *syntax.Expr) bool {
	if e == nil {
		return false
	}
	switch e.Kind {
	case syntax.ExprLit:
		return true
	case syntax.ExprPath:
		return e.Path == nil || e.Path.QSelf == nil && len(e.Path.Segments) < 2
	case syntax.ExprRef, syntax.ExprCast, syntax.ExprField, syntax.ExprTry, syntax.ExprUnary, syntax.ExprDeref:
		return simple(e.X)
	case syntax.ExprIndex, syntax.ExprRepeat:
		return simple(e.X) && simple(e.Y)
	}
	return false
}

// arm lays out the body of a match arm: like a value that is given to something it may go to the line below, and stands in a block there
// (rewrite_match_body in rustfmt's matches.rs).
func (l *layout) arm(e *syntax.Expr, indent, column, tail int, _ bool) (string, bool) {
	layOut := l.full
	if e.Kind == syntax.ExprIf { // a statement to rustfmt, which never has one line
		layOut = l.lines
	}
	here, ok := layOut(e, indent, column, tail)
	if ok && !strings.Contains(here, "\n") {
		return here, true
	}
	below := indent + l.TabSpaces
	next, ok2 := layOut(e, below, below, 0)
	block := "{\n" + strings.Repeat(" ", below) + next + "\n" + strings.Repeat(" ", indent) + "}"
	switch {
	case ok2 && (!ok || preferNextLine(here, next)):
		return block, true
	case ok && flattens(e) && column+utf8.RuneCountInString(firstLine(here))+tail <= l.MaxWidth:
		return here, true
	}
	return block, ok2
}

// flattens is rustfmt's can_flatten_block_around_this, of what is no block.
func flattens(e *syntax.Expr) bool {
	switch e.Kind {
	case syntax.ExprClosure, syntax.ExprArray, syntax.ExprCall, syntax.ExprMethod, syntax.ExprMacro, syntax.ExprStruct, syntax.ExprTuple:
		return true
	case syntax.ExprRef, syntax.ExprTry, syntax.ExprUnary, syntax.ExprIndex, syntax.ExprCast:
		return flattens(e.X)
	}
	return false
}
