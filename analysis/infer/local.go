package infer

import (
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// binding is the type of a local variable.
func (b *body) binding(v *syntax.Binding) *types.Type {
	root := v.Root
	if !b.roots[root] {
		b.roots[root] = true
		b.destructure(root.Pat, b.matched(root), byMove)
		if root.Kind == syntax.RootSelf {
			b.bindings[v] = b.selfType()
		}
	}
	t, ok := b.bindings[v]
	if !ok {
		return unknown // it depends on itself, or its pattern says nothing of it
	}
	if (root.Kind == syntax.RootLet || root.Kind == syntax.RootClosure) && !b.learned[v] && b.open(t) {
		b.learned[v] = true
		b.learn(v, t)
		b.learnBeside(v, root.Pat, t)
	}
	return b.norm(t)
}

// maxLearned bounds how many uses of a variable are looked at to find out its type.
const maxLearned = 64

// learn takes from the uses of a variable what its declaration leaves open: `let mut all = Vec::new(); all.push(x)`,
// `let mut best = None; best = Some(x)`, `let shared = Arc::new(Mutex::new(None)); give(shared.clone())`. The first that says it counts, as
// it does for rustc.
func (b *body) learn(v *syntax.Binding, t *types.Type) {
	for i, use := range v.Uses {
		if use.Parent == nil || i == maxLearned {
			return
		}
		if value := b.assigned(use); value != nil {
			b.coerce(t, value)
		} else if want := b.wantedAt(use); want != nil { // f(&mut all), Pool { all }
			b.coerce(want, t)
			b.learnFromCall(use, t)
		} else {
			b.learnFrom(use, t)
		}
		if !b.open(t) {
			return
		}
	}
}

// learnFrom learns from what is made of a use of a variable, and where that goes: `map.entry(k).or_insert_with(Vec::new).push(x)`,
// `f(&mut *all.lock().unwrap())`.
func (b *body) learnFrom(use *syntax.Expr, t *types.Type) {
	e := use
	for b.open(t) {
		p := e.Parent
		switch {
		case p == nil:
			return
		case p.Kind == syntax.ExprMethod && p.X == e:
			c := b.callOf(p)
			if c == nil {
				delete(b.calls, p) // asked again when more is known
				return
			}
			b.fill(c)
		case p.X != e || !isPart(p.Kind):
			want := b.wantedAt(e)
			if want == nil {
				want = b.assigned(e)
			}
			if e == use {
				return
			}
			if want != nil {
				b.coerce(want, b.typeSoFar(e, use))
				b.learnFromCall(e, t)
			}
			b.learnFromPatterns(e, use, t)
			return
		}
		e = p
	}
}

// learnFromPatterns learns from the variables that what is made of a use is matched with: `let r = &mut all; r.push(x)`,
// `if let Some(list) = map.get_mut(k) { list.push(x) }`.
func (b *body) learnFromPatterns(e, use *syntax.Expr, t *types.Type) {
	patterns := patternsOf(e)
	if len(patterns) == 0 || !b.open(t) {
		return
	}
	if made := b.typeSoFar(e, use); made.Kind == types.Unknown || made.Kind == types.Infer {
		return
	}
	for _, p := range patterns {
		for _, v := range plainVariables(p) {
			b.binding(v)
			if made := b.bindings[v]; made != nil && b.open(t) {
				b.learn(v, made)
			}
		}
	}
}

// patternsOf are the patterns that an expression is matched with.
func patternsOf(e *syntax.Expr) []*syntax.Pat {
	p := e.Parent
	switch {
	case p.Kind == syntax.ExprLet && p.X == e:
		return []*syntax.Pat{p.Pat}
	case p.Kind == syntax.ExprMatch && p.X == e:
		var out []*syntax.Pat
		for i := range p.Arms {
			out = append(out, p.Arms[i].Pat)
		}
		return out
	case p.Kind == syntax.ExprBlock:
		for i := range p.Stmts {
			if let := p.Stmts[i].Let; let != nil && let.Init == e {
				return []*syntax.Pat{let.Pat}
			}
		}
	}
	return nil
}

// plainVariables are the variables of a pattern whose types are evident once the head of what it is matched with is: `x`, `Some(x)`.
func plainVariables(p *syntax.Pat) []*syntax.Binding {
	parts := []*syntax.Pat{p}
	if p != nil && p.Kind == syntax.PatTupleOf {
		parts = p.Elems
	}
	var out []*syntax.Binding
	for _, part := range parts {
		if part == nil || part.Kind != syntax.PatBind || len(part.Elems) > 0 {
			return nil
		}
		out = append(out, part.Binding)
	}
	return out
}

// isPart tells the expressions whose type is made of that of their operand.
func isPart(kind syntax.ExprKind) bool {
	switch kind {
	case syntax.ExprParen, syntax.ExprRef, syntax.ExprDeref, syntax.ExprField, syntax.ExprIndex, syntax.ExprTry, syntax.ExprAwait:
		return true
	}
	return false
}

// typeSoFar is the type of an expression that is made of a use of a variable. If that is not known, it is asked again when more is.
func (b *body) typeSoFar(e, use *syntax.Expr) *types.Type {
	var fresh []*syntax.Expr
	for at := e; at != use; at = at.X {
		if _, ok := b.exprs[at]; !ok {
			fresh = append(fresh, at)
		}
	}
	t := b.typeOf(e)
	if t.Kind == types.Unknown {
		for _, at := range fresh {
			delete(b.exprs, at)
		}
	}
	return t
}

// learnFromCall learns from the other arguments and the bounds of a call that an expression is an argument of: swap(&mut all, &mut more).
func (b *body) learnFromCall(arg *syntax.Expr, t *types.Type) {
	if !b.open(t) {
		return
	}
	p := arg.Parent
	for p != nil && (p.Kind == syntax.ExprParen || p.Kind == syntax.ExprRef) {
		arg, p = p, p.Parent
	}
	if p == nil || p.X == arg || p.Kind != syntax.ExprCall && p.Kind != syntax.ExprMethod {
		return
	}
	c := b.callOf(p)
	if c == nil || c.filled {
		return
	}
	for i, a := range c.args {
		if i < len(c.params) && a != arg && !isClosureExpr(a) && b.open(c.params[i]) {
			b.coerce(c.params[i], b.typeOf(a))
		}
	}
	b.settle(c)
}

// learnBeside learns from the other variables of a pattern: `let (sender, receiver) = channel(); sender.send(x)`.
func (b *body) learnBeside(v *syntax.Binding, p *syntax.Pat, t *types.Type) {
	if p == nil || !b.open(t) {
		return
	}
	if other := b.bindings[p.Binding]; p.Binding != nil && p.Binding != v && other != nil {
		b.learn(p.Binding, other)
	}
	for _, part := range p.Elems {
		b.learnBeside(v, part, t)
	}
}

func (b *body) selfType() *types.Type {
	if b.fn == nil || b.fn.self == nil {
		return unknown
	}
	return b.fn.self
}

// matched is the type of what a pattern is matched with.
func (b *body) matched(root *syntax.PatRoot) *types.Type {
	switch root.Kind {
	case syntax.RootParam:
		if b.fn != nil && root.Index < len(b.fn.params) {
			return b.fn.params[root.Index]
		}
	case syntax.RootLet:
		let := root.Let
		switch {
		case let.Type == nil && let.Init == nil:
			return b.fresh()
		case let.Type == nil:
			return b.typeOf(let.Init)
		}
		t := b.written(let.Type, let.Init)
		if b.open(t) && let.Init != nil {
			b.coerce(t, b.typeOf(let.Init))
			b.retry()
		}
		return t
	case syntax.RootCond, syntax.RootArm:
		return b.typeOf(root.Expr.X)
	case syntax.RootFor:
		t := b.typeOf(root.Expr.X)
		ref := &types.TraitRef{Def: b.known.intoIterator, Self: t}
		if out := b.project(t, ref, "Item"); out != nil {
			return out
		}
		if b.hasBound(b.boundsOf(t), t, ref.Def) {
			return &types.Type{Kind: types.Projection, Name: "Item", Args: []*types.Type{t}, Traits: []*types.TraitRef{ref}}
		}
	case syntax.RootClosure:
		return b.closureParam(root.Expr, root.Index)
	case syntax.RootPin:
		if t := b.typeOf(root.Expr); t.Kind != types.Unknown {
			return &types.Type{Kind: types.Adt, Def: b.known.pin, Args: []*types.Type{{Kind: types.Ref, Mut: true, Args: []*types.Type{t}}}}
		}
	case syntax.RootSelect:
		if root.Index < len(root.Expr.Arms) {
			return b.awaited(b.typeOf(root.Expr.Arms[root.Index].X))
		}
	}
	return unknown
}

// mode is the default binding mode of a pattern (reference, patterns.ident.binding.default).
type mode uint8

const (
	byMove mode = iota
	byRef
	byMut
)

// destructure gives the variables of a pattern their types.
func (b *body) destructure(p *syntax.Pat, t *types.Type, m mode) {
	if p == nil {
		return
	}
	t = b.norm(t)
	switch p.Kind {
	case syntax.PatBind:
		if len(p.Elems) > 0 {
			b.destructure(p.Elems[0], t, m)
		}
		b.bindings[p.Binding] = b.bound(p, t, m)
		return
	case syntax.PatOr:
		for _, alt := range p.Elems {
			b.destructure(alt, t, m)
		}
		return
	case syntax.PatRef:
		if m != byMove && t.Kind != types.Ref { // `&x` under a reference eats the reference that matching put there
			b.destructure(p.Elems[0], t, byMove)
		} else if t.Kind == types.Ref {
			b.destructure(p.Elems[0], t.Args[0], byMove)
		}
		return
	case syntax.PatBox:
		if t.Kind == types.Adt && t.Def == b.known.box && len(t.Args) > 0 {
			b.destructure(p.Elems[0], t.Args[0], m)
		}
		return
	case syntax.PatTuple, syntax.PatTupleOf, syntax.PatStruct, syntax.PatSlice:
	default:
		return
	}
	for t.Kind == types.Ref {
		if m != byRef {
			m = byRef
			if t.Mut {
				m = byMut
			}
		}
		t = b.norm(t.Args[0])
	}
	switch p.Kind {
	case syntax.PatTuple:
		if t.Kind == types.Infer && m == byMove && !hasRest(p) { // let (a, b);
			parts := &types.Type{Kind: types.Tuple}
			for range p.Elems {
				parts.Args = append(parts.Args, b.fresh())
			}
			b.unify(t, parts)
			t = parts
		}
		if t.Kind == types.Tuple {
			b.positional(p.Elems, t.Args, m)
		}
	case syntax.PatSlice:
		b.slice(p.Elems, t, m)
	case syntax.PatTupleOf, syntax.PatStruct:
		b.structural(p, t, m)
	}
}

func hasRest(p *syntax.Pat) bool {
	return slices.ContainsFunc(p.Elems, func(e *syntax.Pat) bool { return e.Kind == syntax.PatRest })
}

// bound is the type of a variable that is matched with a value of type t.
func (b *body) bound(p *syntax.Pat, t *types.Type, m mode) *types.Type {
	if t.Kind == types.Unknown {
		return t
	}
	switch {
	case p.ByRef, m == byRef:
		return &types.Type{Kind: types.Ref, Args: []*types.Type{t}}
	case m == byMut:
		return &types.Type{Kind: types.Ref, Mut: true, Args: []*types.Type{t}}
	}
	return t
}

// positional matches patterns with types in order; `..` stands for any number of them.
func (b *body) positional(elems []*syntax.Pat, ts []*types.Type, m mode) {
	for i, p := range elems {
		if p.Kind == syntax.PatRest {
			tail := elems[i+1:]
			if n := len(ts) - len(tail); n >= i {
				b.positional(tail, ts[n:], m)
			}
			return
		}
		if i < len(ts) {
			b.destructure(p, ts[i], m)
		}
	}
}

func (b *body) slice(elems []*syntax.Pat, t *types.Type, m mode) {
	if t.Kind != types.Slice && t.Kind != types.Array {
		return
	}
	for _, p := range elems {
		if p.Kind == syntax.PatBind && len(p.Elems) == 1 && p.Elems[0].Kind == syntax.PatRest { // rest @ ..
			b.bindings[p.Binding] = b.bound(p, &types.Type{Kind: types.Slice, Args: t.Args[:1]}, m)
			continue
		}
		b.destructure(p, t.Args[0], m)
	}
}

// structural matches `Path(..)` and `Path { .. }`: the scrutinee says which type, the path which variant.
func (b *body) structural(p *syntax.Pat, t *types.Type, m mode) {
	if t.Kind != types.Adt {
		return
	}
	variant := int32(-1)
	if b.adtDef(t.Def).Kind == resolve.Enum {
		d := t.Def
		d.Name = lastSegment(p.Path)
		if r, n := b.resolve.Value(b.scopeAt(p.Span.Start), p.Path); r.Def.Kind == resolve.Variant && n == len(p.Path.Segments) {
			d.Name = r.Def.Name // `use Message::Text as T`
		}
		if variant = b.variant(d); variant < 0 {
			return
		}
	}
	if p.Kind == syntax.PatStruct {
		for i, name := range p.Fields {
			if f := b.fieldOf(t, name, variant); f != nil {
				b.destructure(p.Elems[i], f, m)
			}
		}
		return
	}
	a, sub := b.adt(t.Def), b.adtSubst(t)
	var ts []*types.Type
	for i := range a.fields {
		if a.fields[i].variant == variant {
			ts = append(ts, sub.Apply(a.fields[i].ty()))
		}
	}
	b.positional(p.Elems, ts, m)
}
