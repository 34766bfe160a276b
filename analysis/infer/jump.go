package infer

import (
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// loop is the type of `loop {}`: what its breaks give, and `!` without one.
func (b *body) loop(e *syntax.Expr) *types.Type {
	values, breaks := b.breaksOf(e)
	switch {
	case !breaks:
		return never
	case len(values) == 0:
		return unit
	}
	return b.join(e, values...)
}

// breaksOf are the values with which breaks leave a loop or a labelled block, and whether there is a break at all.
func (b *body) breaksOf(e *syntax.Expr) (values []*syntax.Expr, breaks bool) {
	for _, jump := range b.syntax.Breaks {
		if target(jump) != e {
			continue
		}
		breaks = true
		if jump.X != nil {
			values = append(values, jump.X)
		}
	}
	return values, breaks
}

// target is the loop or block that a break leaves; nil if there is none.
func target(jump *syntax.Expr) *syntax.Expr {
	for e := jump.Parent; e != nil; e = e.Parent {
		switch e.Kind {
		case syntax.ExprLoop, syntax.ExprWhile, syntax.ExprFor:
			if jump.Name == "" || jump.Name == e.Name {
				return e
			}
		case syntax.ExprBlock:
			if jump.Name != "" && jump.Name == e.Name {
				return e
			}
		case syntax.ExprClosure, syntax.ExprAsync:
			return nil
		}
	}
	return nil
}

// assigned is the type that an assignment gives a variable, by itself or as a part of what is destructured: `(a, b) = f()`.
// It is nil if the use of the variable is no assignment to it.
func (b *body) assigned(use *syntax.Expr) *types.Type {
	p := use.Parent
	switch {
	case p == nil:
		return nil
	case p.Kind == syntax.ExprAssign && p.X == use && p.Op == '=':
		return b.typeOf(p.Y)
	case p.Kind == syntax.ExprParen:
		return b.assigned(p)
	case p.Kind != syntax.ExprTuple && p.Kind != syntax.ExprArray:
		return nil
	}
	whole := b.assigned(p)
	if whole == nil {
		return nil
	}
	whole = b.norm(whole)
	for i, part := range p.Args {
		switch {
		case part.Kind == syntax.ExprRange: // `..`
			return nil
		case part != use:
		case whole.Kind == types.Tuple && i < len(whole.Args):
			return whole.Args[i]
		case whole.Kind == types.Array && p.Kind == syntax.ExprArray:
			return whole.Args[0]
		}
	}
	return nil
}
