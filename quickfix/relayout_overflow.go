package quickfix

import (
	"unicode/utf8"

	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
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
