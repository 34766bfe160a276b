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
	if overflows(item) {
		rest := tail
		if nested { // a call in a call may be no wider than arguments
			rest = max(tail, l.MaxWidth-column-g.width)
		}
		s, ok := l.lines(item, indent, column, rest)
		first := utf8.RuneCountInString(firstLine(s))
		if ok && first <= g.width && column+first+tail <= l.MaxWidth && !brokenChain(s) {
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
