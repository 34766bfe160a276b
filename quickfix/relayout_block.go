package quickfix

import (
	"strings"
	"unicode/utf8"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// ifLines lays out an `if` whose blocks, and those of its `else`, are a value each.
func (l *layout) ifLines(e *syntax.Expr, indent, column int) (string, bool) {
	condition := l.source(e.X.Span)
	out := "if " + condition + " {"
	if e.Z == nil || strings.Contains(condition, "\n") || column+utf8.RuneCountInString(out) > l.MaxWidth {
		return "", false
	}
	first, ok := l.blockLines(e.Y, indent)
	if !ok {
		return "", false
	}
	second, ok := l.blockLines(e.Z, indent)
	return out + first + "} else {" + second + "}", ok
}

// blockLines is what stands between the braces of a block that is one value.
func (l *layout) blockLines(e *syntax.Expr, indent int) (string, bool) {
	if e.Kind != syntax.ExprBlock || e.Name != "" || e.Tail == nil || len(e.Stmts) > 1 || compact(l.source(e.Span)) != compact("{"+l.source(e.Tail.Span)+"}") {
		return "", false
	}
	inner := indent + l.TabSpaces
	s, ok := l.full(e.Tail, inner, inner, 0)
	return "\n" + strings.Repeat(" ", inner) + s + "\n" + strings.Repeat(" ", indent), ok
}

// closureLines lays out a closure that is too long for a line: its value goes into a block (rustfmt's rewrite_closure_with_block).
func (l *layout) closureLines(e *syntax.Expr, indent, column int) (string, bool) {
	head := l.source(source.Span{Start: e.Span.Start, End: e.Y.Span.Start})
	if strings.Contains(head, "\n") || column+utf8.RuneCountInString(head)+len("{") > l.MaxWidth {
		return "", false
	}
	if e.Y.Kind == syntax.ExprBlock {
		if e.Type == nil {
			return "", false
		}
		s, ok := l.blockLines(e.Y, indent)
		return head + "{" + s + "}", ok
	}
	if multiLine(e.Y) {
		return "", false
	}
	inner := indent + l.TabSpaces
	s, ok := l.full(e.Y, inner, inner, 0)
	return head + "{\n" + strings.Repeat(" ", inner) + s + "\n" + strings.Repeat(" ", indent) + "}", ok
}

// multiLine reports whether a closure's value may have several lines without a block around it (rustfmt's allow_multi_line).
func multiLine(e *syntax.Expr) bool {
	switch e.Kind {
	case syntax.ExprMatch, syntax.ExprAsync, syntax.ExprBlock, syntax.ExprTryBlock, syntax.ExprLoop, syntax.ExprStruct:
		return true
	case syntax.ExprRef, syntax.ExprTry, syntax.ExprUnary, syntax.ExprDeref, syntax.ExprCast:
		return multiLine(e.X)
	}
	return false
}
