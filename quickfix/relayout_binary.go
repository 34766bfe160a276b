package quickfix

import (
	"strings"
	"unicode/utf8"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// operands are the operands of a chain of one operator, and that operator (rustfmt's pairs.rs, flatten).
func (l *layout) operands(e *syntax.Expr) (list []*syntax.Expr, operator string) {
	operator = l.operator(e)
	if e.X.Kind == syntax.ExprBinary && l.operator(e.X) == operator {
		list, _ = l.operands(e.X)
	} else {
		list = []*syntax.Expr{e.X}
	}
	return append(list, e.Y), operator
}

func (l *layout) operator(e *syntax.Expr) string {
	return strings.TrimSpace(l.source(source.Span{Start: e.X.Span.End, End: e.Y.Span.Start}))
}

// oneBinary is `a + b + c` on one line.
func (l *layout) oneBinary(e *syntax.Expr) (string, bool) {
	list, operator := l.operands(e)
	out := ""
	for i, x := range list {
		s, ok := l.one(x)
		if !ok {
			return "", false
		}
		if i > 0 {
			out += " " + operator + " "
		}
		out += s
	}
	return out, true
}

// binaryLines lays out `a + b + c` over several lines: if all but the last are a few characters that one goes on behind them, else each
// operand has a line, its operator before it (rustfmt's pairs.rs, rewrite_pairs_one_line and rewrite_pairs_multiline).
func (l *layout) binaryLines(e *syntax.Expr, indent, column, tail int) (string, bool) {
	list, operator := l.operands(e)
	lead, short := "", true
	for _, x := range list[:len(list)-1] {
		s, ok := l.one(x)
		short = short && ok
		lead += s + " " + operator + " "
	}
	if short && utf8.RuneCountInString(lead) <= l.TabSpaces {
		if s, ok := l.full(list[len(list)-1], indent, column+utf8.RuneCountInString(lead), tail); ok && !strings.HasPrefix(s, "(") {
			return lead + s, true
		}
	}
	out, ok := l.full(list[0], indent, column, 0)
	inner := indent + l.TabSpaces
	for i := 1; ok && i < len(list); i++ {
		rest := 0
		if i == len(list)-1 {
			rest = tail
		}
		var s string
		if last := out[strings.LastIndexByte(out, '\n')+1:]; last == out && utf8.RuneCountInString(out)+column <= inner {
			s, ok = l.full(list[i], indent, column+utf8.RuneCountInString(out+operator)+2, rest)
			out += " " + operator + " " + s
			continue
		}
		s, ok = l.full(list[i], inner, inner+len(operator)+1, rest)
		out += "\n" + strings.Repeat(" ", inner) + operator + " " + s
	}
	return out, ok
}

// castLines lays out `a as T`: the value first, as if nothing came behind it; the type goes to a line of its own if it does not fit behind
// that. rustfmt counts what stands before the value, and the indentation of its last line (rewrite_pair in its pairs.rs).
func (l *layout) castLines(e *syntax.Expr, indent, column, tail int) (string, bool) {
	value, ok := l.full(e.X, indent, column, 0)
	last := value[strings.LastIndexByte(value, '\n')+1:]
	width := utf8.RuneCountInString(last)
	if l.HardTabs && last != value {
		width -= indent - indent/l.TabSpaces
	}
	typ := "as " + l.source(e.Type.Span)
	if column+width+1+utf8.RuneCountInString(typ)+tail <= l.MaxWidth {
		return value + " " + typ, ok
	}
	return value + "\n" + strings.Repeat(" ", indent+l.TabSpaces) + typ, ok && !strings.Contains(typ, "\n")
}
