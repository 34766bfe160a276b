package infer

import (
	"slices"
	"strconv"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// call is a call whose callee is known, with its signature instantiated.
type call struct {
	fn     *fn             // nil of a constructor or of a closure
	ref    *types.TraitRef // the trait of the function; nil if it is not a trait's
	self   *types.Type     // what Self stands for
	params []*types.Type   // of all arguments, the receiver of a path call included
	ret    *types.Type
	bounds []types.Predicate
	args   []*syntax.Expr
	filled bool // the arguments were looked at
	expr   *syntax.Expr
}

// callOf is the call that an expression is; nil if its callee is not evident.
func (b *body) callOf(e *syntax.Expr) *call {
	if c, ok := b.calls[e]; ok {
		return c
	}
	b.calls[e] = nil // a call whose callee depends on the call is not evident
	var c *call
	if e.Kind == syntax.ExprMethod {
		c = b.methodCall(e)
	} else {
		c = b.pathCall(e)
	}
	b.calls[e] = c
	return c
}

func (b *body) methodCall(e *syntax.Expr) *call {
	receiver := b.typeOf(e.X)
	if receiver.Kind == types.Unknown || receiver.Kind == types.Infer {
		return nil
	}
	outer := b.scope
	b.scope = b.scopeAt(e.Span.Start)
	m := b.method(receiver, e.Name)
	b.scope = outer
	if m == nil {
		return nil
	}
	c := &callee{fn: m.fn, sub: m.sub, ref: m.ref, self: m.self}
	b.turbofish(c, e.Generic, b.at(e))
	out := b.instantiate(c, e.Args)
	out.expr = e
	if c.fn.self != nil && m.ref == nil {
		out.bounds = append(out.bounds, b.implBounds(c)...)
	}
	return out
}

func (b *body) pathCall(e *syntax.Expr) *call {
	if e.X.Kind == syntax.ExprPath && e.X.Local == nil {
		if c := b.callee(e.X); c != nil {
			if c.ctor != nil {
				return &call{self: c.ctor, params: c.fields, ret: c.ctor, args: e.Args, expr: e}
			}
			out := b.instantiate(c, e.Args)
			out.expr = e
			if c.fn.self != nil {
				out.params = append([]*types.Type{c.sub.Apply(c.fn.self)}, out.params...)
			}
			out.bounds = append(out.bounds, b.implBounds(c)...)
			return out
		}
	}
	steps, _ := b.autoderef(b.typeOf(e.X)) // Arc<dyn Fn() -> T>
	for _, step := range steps {
		if t := b.called(step); t != nil {
			out := &call{ret: t, args: e.Args}
			if args := b.takenBy(step); args != nil {
				out.params = args.Args
			}
			out.filled = isClosure(step) || step.Kind != types.FnPtr // else it may be generic: let f = Arc::clone; f(a)
			return out
		}
	}
	return nil
}

// implBounds are the conditions of the impl that a function stands in.
func (b *body) implBounds(c *callee) []types.Predicate {
	if c.fn.owner == nil {
		return nil
	}
	return applied(c.sub, c.fn.owner.bounds)
}

func applied(sub *types.Subst, list []types.Predicate) []types.Predicate {
	out := make([]types.Predicate, len(list))
	for i, p := range list {
		out[i] = p
		out[i].Self, out[i].Ref = sub.Apply(p.Self), sub.ApplyRef(p.Ref)
	}
	return out
}

// instantiate gives a signature the substitution of its callee; `impl Trait` in a parameter is one more variable.
func (b *body) instantiate(c *callee, args []*syntax.Expr) *call {
	out := &call{fn: c.fn, ref: c.ref, self: c.self, args: args, ret: c.sub.Apply(c.ret), bounds: applied(c.sub, c.bounds)}
	if c.ref != nil { // what implements the trait says what its arguments are: HashMap::from([(k, v)])
		out.bounds = append(out.bounds, types.Predicate{Self: c.self, Ref: c.ref})
	}
	for _, p := range c.params {
		out.params = append(out.params, b.anonymous(out, c.sub.Apply(p)))
	}
	return out
}

func (b *body) anonymous(c *call, t *types.Type) *types.Type {
	if t.Kind != types.Opaque {
		return t.Map(func(part *types.Type) *types.Type { return b.anonymous(c, part) })
	}
	v := b.fresh()
	for _, r := range t.Traits {
		ref := *r
		ref.Self = v
		c.bounds = append(c.bounds, types.Predicate{Self: v, Ref: &ref})
	}
	return v
}

// result is the type of a call.
func (b *body) result(e *syntax.Expr) *types.Type {
	c := b.callOf(e)
	if c == nil {
		return unknown
	}
	if b.open(c.ret) {
		b.fill(c)
	}
	return b.deep(c.ret)
}

// open reports whether a type holds variables that are not bound yet.
func (b *body) open(t *types.Type) bool {
	t = b.norm(t)
	if t.Kind == types.Infer {
		return true
	}
	for _, a := range t.Args {
		if b.open(a) {
			return true
		}
	}
	for _, r := range t.Traits {
		if r == nil {
			continue
		}
		for _, x := range r.Bindings {
			if b.open(x.Type) {
				return true
			}
		}
		for _, a := range r.Args {
			if b.open(a) {
				return true
			}
		}
	}
	return false
}

// fill infers the parameters of a call from its arguments, closures last, as rustc checks them, then from its bounds.
func (b *body) fill(c *call) {
	if c.filled {
		return
	}
	c.filled = true
	for i, a := range c.args {
		if i < len(c.params) && !isClosureExpr(a) {
			b.coerce(c.params[i], b.typeOf(a))
		}
	}
	b.settle(c)
	closures := false
	for i, a := range c.args {
		if i < len(c.params) && isClosureExpr(a) {
			closures = true
			b.unify(c.params[i], b.typeOf(a))
		}
	}
	if closures || b.open(c.ret) {
		b.settle(c)
	}
}

// settle takes from the bounds of a call what they say of its variables.
func (b *body) settle(c *call) {
	for i := range c.bounds {
		p := &c.bounds[i]
		if p.Ref.Def.Kind == resolve.None {
			continue
		}
		self := b.norm(p.Self)
		if len(p.Ref.Bindings) == 0 && len(p.Ref.Args) == 0 {
			continue
		}
		if self.Kind == types.Infer {
			b.pending = append(b.pending, *p)
			continue
		}
		b.expectReturn(self, p.Ref)
		mark := b.mark()
		if b.holds(self, p.Ref) == types.No {
			b.undo(mark)
		} else if b.open(self) { // Arc::from(list), whose place says that it is an Arc<[_]>
			b.pending = append(b.pending, *p)
		}
	}
}

// expectReturn tells a closure that the call it is passed to wants it to return a pointer to a trait object: what it gives is coerced
// to that (rustc_hir_typeck, deduce_closure_signature).
func (b *body) expectReturn(closure *types.Type, ref *types.TraitRef) {
	if !b.known.isFn(ref.Def) || b.known.isAsyncFn(ref.Def) || closure.Kind != types.FnPtr || !isClosure(closure) {
		return
	}
	e := b.closureExpr(closure)
	for _, x := range ref.Bindings {
		if e != nil && e.Type == nil && !e.Async && x.Name == "Output" && b.dynOf(x.Type) {
			b.returns[e] = x.Type
		}
	}
}

// retry looks again at bounds on variables that were not bound when they were first looked at: `collect` into a Vec<_> whose
// type a let says.
func (b *body) retry() {
	list := b.pending
	b.pending = nil
	b.settle(&call{bounds: list})
}

func isClosureExpr(e *syntax.Expr) bool {
	for e.Kind == syntax.ExprParen {
		e = e.X
	}
	return e.Kind == syntax.ExprClosure
}

// coerce makes an argument's type that of its parameter, by the coercions of a call: `&mut` to `&`, deref of a reference,
// and unsizing, which binds nothing.
func (b *body) coerce(param, arg *types.Type) {
	param, arg = b.norm(param), b.norm(arg)
	if arg.Kind == types.Unknown || arg.Kind == types.Never {
		return
	}
	mark := b.mark()
	if param.Kind != types.Ref || arg.Kind != types.Ref {
		if !b.unify(param, arg) {
			b.undo(mark)
		}
		return
	}
	steps, _ := b.autoderef(arg.Args[0])
	for _, step := range steps {
		if b.unify(param.Args[0], step) {
			return
		}
		b.undo(mark)
	}
}

// Closures are types of kind FnPtr whose name is this and their number in the body.
const closurePrefix = "closure "

func isClosure(t *types.Type) bool { return strings.HasPrefix(t.Name, closurePrefix) }

// closure is the type of a closure expression.
func (b *body) closure(e *syntax.Expr) *types.Type {
	b.closures = append(b.closures, e)
	return &types.Type{Kind: types.FnPtr, Name: closurePrefix + strconv.Itoa(len(b.closures)-1)}
}

func (s *solver) closureExpr(t *types.Type) *syntax.Expr {
	n, err := strconv.Atoi(strings.TrimPrefix(t.Name, closurePrefix))
	if err != nil || n >= len(s.closures) {
		return nil
	}
	return s.closures[n]
}

// closureOutput is what a closure gives when it is called.
func (s *solver) closureOutput(t *types.Type) *types.Type {
	e := s.closureExpr(t)
	if e == nil || s.body == nil {
		return nil
	}
	if out := s.body.returns[e]; out != nil {
		return out
	}
	var out *types.Type
	if e.Type != nil {
		if out = s.body.written(e.Type, e); s.body.open(out) { // || -> Result<_> { .. }
			s.body.coerce(out, s.body.typeOf(e.Y))
		}
	} else {
		out = s.body.typeOf(e.Y)
	}
	if out.Kind == types.Unknown {
		return nil
	}
	if e.Async {
		return s.futureOf(out)
	}
	return out
}

// expectClosure tells a closure what it is called with.
func (s *solver) expectClosure(t, args *types.Type) {
	e := s.closureExpr(t)
	args = s.norm(args)
	if e == nil || s.body == nil || args.Kind != types.Tuple {
		return
	}
	for i, p := range e.Params {
		if i < len(args.Args) && p.Type != nil {
			s.unify(args.Args[i], s.body.written(p.Type, e))
		}
	}
}

// closureParam is the type of a closure's parameter: as written, or what the call that the closure is passed to says.
func (b *body) closureParam(e *syntax.Expr, index int) *types.Type {
	if index >= len(e.Params) {
		return unknown
	}
	if t := e.Params[index].Type; t != nil {
		return b.written(t, e)
	}
	at := firstUse(e)
	outer := at.Parent
	if outer != nil && outer.Kind == syntax.ExprCall && outer.X == at { // (|x| x)(a)
		if index < len(outer.Args) {
			return b.typeOf(outer.Args[index])
		}
		return unknown
	}
	if outer == nil || outer.Kind != syntax.ExprCall && outer.Kind != syntax.ExprMethod {
		if t := b.wantedAt(at); t != nil {
			if args := b.calledWith(b.norm(t)); args != nil && index < len(args.Args) {
				return args.Args[index]
			}
		}
		return unknown
	}
	c := b.callOf(outer)
	if c == nil {
		return unknown
	}
	for i, a := range c.args {
		if a != at || i >= len(c.params) {
			continue
		}
		if args := b.expected(c, c.params[i]); args != nil && index < len(args.Args) {
			return args.Args[index]
		}
	}
	return unknown
}

// firstUse is where a closure is used first: where it stands, or where the variable stands that it is bound to, `let f = |x| x; f(a)`.
// The parentheses around it belong to it.
func firstUse(closure *syntax.Expr) *syntax.Expr {
	at := closure
	if p := at.Parent; p != nil && p.Kind == syntax.ExprBlock {
		if i := slices.IndexFunc(p.Stmts, func(s syntax.Stmt) bool { return s.Let != nil && s.Let.Init == at }); i >= 0 {
			let := p.Stmts[i].Let
			if let.Type == nil && let.Pat.Kind == syntax.PatBind && !let.Pat.ByRef && len(let.Pat.Elems) == 0 && len(let.Pat.Binding.Uses) > 0 {
				at = let.Pat.Binding.Uses[0]
			}
		}
	}
	for at.Parent != nil && at.Parent.Kind == syntax.ExprParen {
		at = at.Parent
	}
	return at
}

// expected is the tuple of arguments that a bound on a call's parameter says it is called with.
func (b *body) expected(c *call, param *types.Type) *types.Type {
	for i, a := range c.args {
		if i < len(c.params) && !isClosureExpr(a) && b.open(c.params[i]) {
			b.coerce(c.params[i], b.typeOf(a))
		}
	}
	if b.open(param) {
		b.expect(c)
	}
	v := b.norm(param)
	for i := range c.bounds {
		p := &c.bounds[i]
		if !b.known.isFn(p.Ref.Def) || len(p.Ref.Args) != 1 {
			continue
		}
		if self := b.norm(p.Self); self != v && types.Equal(self, v) != types.Yes {
			continue
		}
		if t := b.deep(p.Ref.Args[0]); t.Kind == types.Tuple {
			return t
		}
	}
	return b.calledWith(v)
}

// calledWith is the tuple of arguments that a value of a type is called with: a `fn(A)`, or a trait object or opaque type
// with an Fn bound, maybe in a box.
func (b *body) calledWith(t *types.Type) *types.Type {
	if t.Kind == types.FnPtr && !isClosure(t) && len(t.Args) > 0 {
		return b.deep(&types.Type{Kind: types.Tuple, Args: t.Args[:len(t.Args)-1]})
	}
	if t.Kind == types.Adt && t.Def == b.known.box && len(t.Args) > 0 {
		t = b.norm(t.Args[0])
	}
	for _, r := range b.boundsOf(t) {
		if r != nil && b.known.isFn(r.Def) && len(r.Args) == 1 {
			if args := b.deep(r.Args[0]); args.Kind == types.Tuple {
				return args
			}
		}
	}
	return nil
}

// takenBy is the tuple of what a value of a type is called with; of a closure, of which the parameters are that have a type.
func (b *body) takenBy(t *types.Type) *types.Type {
	t = b.norm(t)
	for t.Kind == types.Ref {
		t = b.norm(t.Args[0])
	}
	if !isClosure(t) {
		return b.calledWith(t)
	}
	e := b.closureExpr(t)
	if e == nil {
		return nil
	}
	out := &types.Type{Kind: types.Tuple}
	for _, p := range e.Params {
		param := unknown
		if p.Type != nil {
			param = b.written(p.Type, e)
		}
		out.Args = append(out.Args, param)
	}
	return out
}

// expect takes from the place of a call what its result must be: a field, an annotated let, a parameter, the function's
// result.
func (b *body) expect(c *call) {
	if c.expr == nil {
		return
	}
	if t := b.wantedAt(c.expr); t != nil {
		mark := b.mark()
		if !b.unify(c.ret, t) {
			b.undo(mark)
		}
	}
}

// wantedAt is the type that the place of an expression asks for; nil if it asks for none.
func (b *body) wantedAt(e *syntax.Expr) *types.Type {
	for e.Parent != nil && e.Parent.Kind == syntax.ExprParen {
		e = e.Parent
	}
	p := e.Parent
	if p == nil {
		if b.fn == nil {
			return b.declared()
		}
		return nil
	}
	switch p.Kind {
	case syntax.ExprStruct:
		t := b.typeOf(p)
		_, variant := b.named(p)
		for i, a := range p.Args {
			if a == e && t.Kind == types.Adt {
				return b.fieldOf(t, p.Fields[i], variant)
			}
		}
	case syntax.ExprBlock:
		for i := range p.Stmts {
			if let := p.Stmts[i].Let; let != nil && let.Init == e && let.Type != nil {
				return b.written(let.Type, let.Init)
			}
		}
		if p.Tail == e {
			if p.Parent == nil && b.fn != nil {
				return b.fn.output
			}
			return b.wantedAt(p)
		}
	case syntax.ExprReturn:
		for at := p.Parent; at != nil; at = at.Parent {
			if at.Kind == syntax.ExprClosure || at.Kind == syntax.ExprAsync {
				return nil
			}
		}
		if b.fn != nil {
			return b.fn.output
		}
	case syntax.ExprCall, syntax.ExprMethod:
		if e == p.X { // a receiver: what is called depends on its type
			return nil
		}
		if c := b.callOf(p); c != nil {
			for i, a := range c.args {
				if a != e || i >= len(c.params) {
					continue
				}
				if b.open(c.params[i]) { // Some(|x| ..), where the place of the call says what it is
					b.expect(c)
				}
				return c.params[i]
			}
		}
	case syntax.ExprRef:
		if t := b.wantedType(p); t != nil && t.Kind == types.Ref {
			return t.Args[0]
		}
	case syntax.ExprIf, syntax.ExprMatch:
		if e != p.X {
			return b.wantedAt(p)
		}
	case syntax.ExprTuple:
		if t := b.wantedType(p); t != nil && t.Kind == types.Tuple {
			for i, a := range p.Args {
				if a == e && i < len(t.Args) {
					return t.Args[i]
				}
			}
		}
	case syntax.ExprArray, syntax.ExprMacro:
		if t := b.wantedType(p); t != nil && (t.Kind == types.Array || t.Kind == types.Slice || t.Kind == types.Adt && t.Def == b.known.vec && lastSegment(p.Path) == "vec") && len(t.Args) > 0 {
			return t.Args[0]
		}
	case syntax.ExprAssign:
		if e == p.Y && p.Op == '=' {
			return b.typeOf(p.X)
		}
	case syntax.ExprCast:
		return b.written(p.Type, p)
	}
	return nil
}

// wantedType is what the place of an expression asks for, its head known as far as it can be; nil if it asks for nothing.
func (b *body) wantedType(e *syntax.Expr) *types.Type {
	t := b.wantedAt(e)
	if t == nil {
		return nil
	}
	return b.norm(t)
}

// declared is the type of the const or static whose value the body is.
func (b *body) declared() *types.Type {
	v := syntax.ParseValue(b.scope.File.Syntax(), b.item, b.scope.File.Edition)
	if v.Type == nil {
		return nil
	}
	return b.env.Type(v.Type)
}
