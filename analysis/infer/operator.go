package infer

import (
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// operators are the traits of std::ops that say what an operator gives, by syntax.Expr.Op.
var operators = map[byte]string{
	'+': "Add", '-': "Sub", '*': "Mul", '/': "Div", '%': "Rem", '&': "BitAnd", '|': "BitOr", '^': "BitXor", 'l': "Shl", 'r': "Shr",
}

// operation is the type of `X + Y` and its kin: of numbers the language says it, else an impl does
// (rustc_hir_typeck, check_overloaded_binop).
func (b *body) operation(e *syntax.Expr) *types.Type {
	if e.Op == '=' || e.Op == '<' || e.Op == '>' || e.Op == 'a' || e.Op == 'o' {
		return primitive("bool")
	}
	left, right := b.typeOf(e.X), b.typeOf(e.Y)
	if l, r := numeric(left), numeric(right); l != nil && r != nil {
		if e.Op != 'l' && e.Op != 'r' && (l.Name == integer || l.Name == float) {
			return r
		}
		return l
	}
	return b.operated(operators[e.Op], left, right)
}

// unary is the type of `-X` and `!X`.
func (b *body) unary(e *syntax.Expr) *types.Type {
	t := b.typeOf(e.X)
	if n := numeric(t); n != nil {
		return n
	}
	if t.Kind == types.Never || t.Kind == types.Primitive {
		return t
	}
	if b.scope.File.Text[e.Span.Start] == '-' {
		return b.operated("Neg", t)
	}
	return b.operated("Not", t)
}

// operated is what an operator's trait gives for the type of its left operand.
func (b *body) operated(trait string, left *types.Type, right ...*types.Type) *types.Type {
	if left.Kind == types.Unknown || left.Kind == types.Infer {
		return unknown
	}
	def := b.resolve.WellKnown("core", "ops", trait)
	for _, args := range [...][]*types.Type{right, nil} {
		for i := range right { // an operand that only coerces to what the one impl asks for
			if args == nil || args[i].Kind == types.Unknown {
				args = []*types.Type{b.fresh()}
			}
		}
		mark := b.mark()
		if out := b.project(left, &types.TraitRef{Def: def, Self: left, Args: args}, "Output"); out != nil {
			return out
		}
		b.undo(mark)
	}
	return unknown
}

// numeric is the number that a type or a reference to it is; nil for others.
func numeric(t *types.Type) *types.Type {
	if t.Kind == types.Ref {
		t = t.Args[0]
	}
	if t.Kind != types.Primitive {
		return nil
	}
	switch t.Name {
	case "bool", "char", "str":
		return nil
	}
	return t
}
