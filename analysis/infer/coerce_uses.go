package infer

import (
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// place reports whether an expression names a place in memory, which is moved out of or borrowed.
func (c *coercions) place(e *syntax.Expr) bool {
	switch e.Kind {
	case syntax.ExprParen:
		return c.place(e.X)
	case syntax.ExprPath:
		return e.Local != nil || c.valueKind(e) == resolve.Static
	case syntax.ExprField, syntax.ExprIndex, syntax.ExprDeref:
		return true
	}
	return false
}

func (c *coercions) valueKind(e *syntax.Expr) resolve.Kind {
	if e.Path.QSelf != nil {
		return resolve.None
	}
	r, n := c.resolve.Value(c.at(e).Scope, e.Path)
	if !r.Found() || n != len(e.Path.Segments) {
		return resolve.None
	}
	return r.Def.Kind
}

// promoted reports whether a reference to a value is one to a constant, which lives forever
// (https://doc.rust-lang.org/reference/destructors.html#constant-promotion).
func (c *coercions) promoted(value *syntax.Expr, layers []string) bool {
	if value.Kind != syntax.ExprPath || value.Local != nil || layers[0] != "&" {
		return false
	}
	k := c.valueKind(value)
	return k == resolve.Struct || k == resolve.Const || k == resolve.Variant
}

// outlived reports whether a reference that an expression gives may be needed when the temporaries of the statement are gone.
func (c *coercions) outlived(e *syntax.Expr) bool {
	if c.fn == nil {
		return false // the value of a const or static
	}
	extended := true // as the initializer of a let, it would extend the life of its temporaries
	for at := e; ; at = at.Parent {
		p := at.Parent
		if p == nil {
			return true // the function's result
		}
		switch p.Kind {
		case syntax.ExprParen, syntax.ExprCast, syntax.ExprTuple, syntax.ExprArray, syntax.ExprRef, syntax.ExprStruct:
			continue
		case syntax.ExprBlock, syntax.ExprAsync:
			if p.Tail == at {
				if p.Kind == syntax.ExprAsync {
					return true
				}
				continue
			}
			return !extended && slices.ContainsFunc(p.Stmts, func(s syntax.Stmt) bool { return s.Let != nil && s.Let.Init == at })
		case syntax.ExprReturn, syntax.ExprBreak, syntax.ExprClosure:
			return true
		case syntax.ExprAssign:
			return p.Y == at
		}
		if !c.borrows(c.typeOf(p), 0) {
			return false
		}
		extended = false
	}
}

// borrows reports whether a value of a type may hold a reference that it was made of.
func (c *coercions) borrows(t *types.Type, depth int) bool {
	t = c.norm(t)
	switch t.Kind {
	case types.Ref, types.Opaque:
		return true
	case types.Dyn:
		return c.hasBound(c.boundsOf(t), t, c.known.future) || c.hasBound(c.boundsOf(t), t, c.known.iterator)
	case types.Adt:
		for _, p := range c.adt(t.Def).Generics.Params {
			if p.Kind == syntax.ParamLifetime {
				return true
			}
		}
	case types.Tuple, types.Array, types.Slice:
	default:
		return false
	}
	return depth < maxDerefs && slices.ContainsFunc(t.Args, func(a *types.Type) bool { return c.borrows(a, depth+1) })
}

// owned finds the coercions of variables that might as well hold the object's value from the start: nothing else is done with
// them but to call methods of the trait.
func (c *coercions) owned() {
	coerced := map[*syntax.Expr]bool{} // uses of variables
	variable := make([]*syntax.Expr, len(c.found))
	for i := range c.found {
		at := &c.found[i]
		borrow := len(at.Written) == 1 && at.Written[0][0] == '&' && len(at.Ready) == 0
		if borrow || len(at.Written) == 0 && at.Ready[0][0] != '&' {
			x := at.value
			if !borrow && x.Kind == syntax.ExprMethod && x.Name == "clone" && len(x.Args) == 0 {
				x = x.X
			}
			if x.Local != nil {
				variable[i] = x
				coerced[x] = true
			}
		}
	}
	for i, x := range variable {
		if x == nil || x.Local.Root.Kind != syntax.RootLet || x.Local.Root.Pat.Kind != syntax.PatBind {
			continue
		}
		let := x.Local.Root.Let
		if let.Type != nil || let.Init == nil || let.Else != nil {
			continue
		}
		init, n := peeled(let.Init, c.found[i].Ready)
		if n < len(c.found[i].Ready) {
			continue
		}
		calls := false
		if !slices.ContainsFunc(x.Local.Uses, func(u *syntax.Expr) bool {
			called := c.callsTrait(u)
			calls = calls || called
			return !coerced[u] && !called
		}) {
			c.found[i].Init, c.found[i].InitCalls = init.Span, calls
		}
	}
}

// callsTrait reports whether an expression is the receiver of a method of the trait.
func (c *coercions) callsTrait(e *syntax.Expr) bool {
	p := e.Parent
	if p == nil || p.Kind != syntax.ExprMethod || p.X != e {
		return false
	}
	k := c.callOf(p)
	return k != nil && k.ref != nil && sameItem(k.ref.Def, c.trait)
}
