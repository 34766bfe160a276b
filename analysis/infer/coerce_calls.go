package infer

import (
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// visitCall visits the arguments of a call with the types of its parameters, and with what those would be if the call gave what is
// wanted of it: Some(x) where an Option<Box<dyn T>> is asked for asks for a Box<dyn T>.
func (c *coercions) visitCall(e *syntax.Expr, want *types.Type) {
	if e.Kind == syntax.ExprMethod || e.X.Kind != syntax.ExprPath {
		c.visit(e.X, nil, must)
	}
	if len(e.Args) == 0 {
		return // nothing is asked of it, and what it gives is found when that is asked for
	}
	var k *call
	if c.live {
		k = c.callOf(e)
	}
	if k == nil {
		for _, a := range e.Args {
			c.visit(a, nil, must)
			c.given(a)
		}
		return
	}
	var hints []*types.Type
	if want != nil && c.open(k.ret) {
		mark := c.mark()
		if c.unify(k.ret, want) {
			for i, p := range k.params {
				hints = append(hints, c.deep(p))
				if i < len(e.Args) && isClosureExpr(e.Args[i]) {
					if t := c.outputOf(k, p); t != nil {
						hints[i] = functionTo(t)
					}
				}
			}
		}
		c.undo(mark)
	}
	// rustc looks at closures last, and what an argument is says what the parameters of the others are: mem::replace(&mut object, Box::new(x)).
	for _, closures := range []bool{false, true} {
		for i, a := range e.Args {
			if isClosureExpr(a) == closures {
				c.visitArgument(k, i, a, hints)
			}
		}
	}
}

// visitArgument visits an argument of a call; hints, if not nil, are what its parameters would be if it gave what is wanted of it.
func (c *coercions) visitArgument(k *call, i int, a *syntax.Expr, hints []*types.Type) {
	if i >= len(k.params) {
		c.visit(a, nil, must)
		return
	}
	p := c.deep(k.params[i])
	if isClosureExpr(a) {
		if t := c.outputOf(k, k.params[i]); t != nil && !c.open(t) {
			p = functionTo(t)
		}
	}
	if c.open(p) && hints != nil {
		p = hints[i]
		if c.holdsObject(p) { // what is asked for becomes what it is
			c.unify(k.params[i], p)
		}
	}
	c.visit(a, p, must)
	if isClosureExpr(a) || !c.open(k.params[i]) {
		return
	}
	if v := c.norm(k.params[i]); v.Kind == types.Infer && slices.ContainsFunc(c.unclearBefore(k, i), func(p *types.Type) bool { return c.mentions(p, v, 0) }) {
		c.given(a)
	}
	c.coerce(k.params[i], c.typeOf(a))
}

// unclearBefore are the parameters of a call before one that have arguments whose types are not evident.
func (c *coercions) unclearBefore(k *call, one int) []*types.Type {
	var out []*types.Type
	for i, a := range k.args[:min(one, len(k.args))] {
		if i < len(k.params) && !isClosureExpr(a) && c.typeOf(a).Kind == types.Unknown {
			out = append(out, k.params[i])
		}
	}
	return out
}

// given looks at an argument of which it is not evident what is asked for: a pointer to what implements the trait may become one to an
// object.
func (c *coercions) given(a *syntax.Expr) {
	if !c.live {
		return
	}
	t := c.typeOf(a)
	if t.Kind != types.Adt || !pointers[t.Def.ItemName()] {
		return
	}
	for t.Kind == types.Adt && len(t.Args) > 0 && (pointers[t.Def.ItemName()] || containers[t.Def.ItemName()]) {
		t = c.norm(t.Args[0])
	}
	if t.Kind == types.Dyn || t.Kind == types.Infer || t.Kind == types.Unknown {
		return
	}
	ref := &types.TraitRef{Def: c.trait, Self: t}
	for range c.types.Identity(c.trait).Args {
		ref.Args = append(ref.Args, c.fresh())
	}
	mark := c.mark()
	if c.implements(t, ref) == types.Yes {
		c.unclear = append(c.unclear, Unclear{c.scope.File, a.Span})
	}
	c.undo(mark)
}

// functionTo is a function type of which only the result counts.
func functionTo(result *types.Type) *types.Type {
	return &types.Type{Kind: types.FnPtr, Args: []*types.Type{result}}
}

// outputOf is what a bound on a parameter's type says that a closure gives back; nil if none does.
func (c *coercions) outputOf(k *call, param *types.Type) *types.Type {
	param = c.norm(param)
	for i := range k.bounds {
		p := &k.bounds[i]
		if !c.known.isFn(p.Ref.Def) || c.known.isAsyncFn(p.Ref.Def) {
			continue
		}
		if self := c.norm(p.Self); self != param && (self.Kind != types.Infer || param.Kind != types.Infer || self.Name != param.Name) {
			continue
		}
		for _, x := range p.Ref.Bindings {
			if x.Name == "Output" {
				return c.deep(x.Type)
			}
		}
	}
	return nil
}

// visitClosure visits a closure's body with what the closure has to give back.
func (c *coercions) visitClosure(e *syntax.Expr, want *types.Type) {
	var out *types.Type
	switch {
	case e.Async, !c.live:
	case e.Type != nil:
		out = c.written(e.Type, e)
	case want != nil:
		switch t := c.norm(want); t.Kind {
		case types.FnPtr:
			if !isClosure(t) && len(t.Args) > 0 {
				out = t.Args[len(t.Args)-1]
			}
		case types.Dyn, types.Opaque:
			for _, r := range t.Traits {
				for i := 0; r != nil && c.known.isFn(r.Def) && i < len(r.Bindings); i++ {
					if r.Bindings[i].Name == "Output" {
						out = r.Bindings[i].Type
					}
				}
			}
		}
	}
	outer := c.result
	c.result = out
	c.visit(e.Y, out, must)
	c.result = outer
}
