package infer

import (
	"context"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Coercion is a place where a pointer to a value becomes a pointer to a trait object.
type Coercion struct {
	File *workspace.File
	Expr source.Span // the pointer
	// Value is the innermost expression of which the place says what it is: x in Box::new(x), Arc::new(Mutex::new(x)) and &x; Expr
	// itself if the pointer comes ready-made.
	Value source.Span
	// Written are the layers that the text writes around Value, Ready those that Value has already; outermost first. A layer
	// is "&", "&mut" or a type's name: Box, Arc, Pin, Mutex.
	Written, Ready []string
	Of             *types.Type // what becomes the object
	// Place is set if Value names a place, which has another use: a variable, a field.
	Place bool
	// Outlived is set if the pointer is a reference that is needed after the statement: it cannot be one to a temporary.
	Outlived bool
	// Init is the value that the variable which Value names is made of, `x` in `let v = Arc::new(x)`, if all the variable's uses
	// are such coercions and, as InitCalls says, calls of the trait's methods; else empty.
	Init      source.Span
	InitCalls bool
	Active    bool // no #[cfg] leaves it out
}

// Coercions are the places where values become objects of one trait.
type Coercions struct {
	Known []Coercion
	// Unclear are expressions that an object is asked of and whose own type is not evident.
	Unclear []Unclear
	// Bodies is how many bodies were read to find them.
	Bodies int
}

// Unclear is a place of which it is not known whether a value becomes an object there.
type Unclear struct {
	File *workspace.File
	Span source.Span
}

// Coercer finds coercions. What it learns of items is kept from one trait to the next. It is safe for concurrent use; searches of a Result
// take turns, body by body.
type Coercer struct{ engine *engine }

// NewCoercer makes one for a survey; what was inferred of it, which may be nil, spares it to learn the same again.
func NewCoercer(s *survey.Survey, inferred *Result) *Coercer {
	if inferred != nil && inferred.engine != nil {
		return &Coercer{inferred.engine}
	}
	e := newEngine(s)
	if inferred != nil {
		e.base = inferred.base
	}
	return &Coercer{e}
}

// Find lists the coercions to objects of a trait in the workspace's own files, by file and place.
func (c *Coercer) Find(trait resolve.Def) *Coercions {
	out, _ := c.FindContext(context.Background(), trait)
	return out
}

// FindContext is Find until ctx ends, whose error it is then.
func (c *Coercer) FindContext(ctx context.Context, trait resolve.Def) (*Coercions, error) {
	out := &Coercions{}
	where := c.coercing(trait)
	for _, place := range where.places {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for _, top := range owners(place.file, place.item)[:1] {
			c.inBody(top, place.item, trait, where, out)
		}
	}
	return out, nil
}

func (c *Coercer) coercing(trait resolve.Def) *coercing {
	c.engine.typeSights.mu.Lock()
	defer c.engine.typeSights.mu.Unlock()
	return c.engine.coercing(trait)
}

// MethodCalls are the calls `x.name(..)` whose names stand at some offsets of a file, whatever the methods are; the trait of an
// inherent one is none. What is not evident is left out.
func (c *Coercer) MethodCalls(file *workspace.File, names []uint32) []Call {
	var out []Call
	for _, item := range bodiesAt(file, names) {
		var calls []Call
		for i, top := range owners(file, item) {
			if i == 0 {
				calls = c.methodCalls(top, item, names)
			} else {
				calls = agreed(calls, c.methodCalls(top, item, names))
			}
		}
		out = append(out, calls...)
	}
	return out
}

func (c *Coercer) methodCalls(top *workspace.Scope, item int32, names []uint32) (out []Call) {
	defer func() {
		if recover() != nil {
			out = nil
		}
	}()
	b := newBody(c.engine, top, item)
	if b == nil {
		return nil
	}
	for _, x := range b.syntax.Calls {
		if x.Kind != syntax.ExprMethod || !slices.Contains(names, x.NameSpan.Start) {
			continue
		}
		k := b.callOf(x)
		if k == nil || k.fn == nil || k.fn.self == nil {
			continue
		}
		call := Call{File: top.File, Name: x.NameSpan, Expr: x.Span, Recv: x.X.Span, Method: x.Name, Macro: x.Macro}
		if k.ref != nil {
			via, ok := b.via(b.norm(k.self), k.ref)
			if !ok {
				continue
			}
			call.Trait, call.Via = k.ref.Def, via
		}
		out = append(out, call)
	}
	if b.exhausted {
		return nil
	}
	return out
}

func (c *Coercer) inBody(top *workspace.Scope, item int32, trait resolve.Def, where *coercing, out *Coercions) {
	c.engine.typeSights.mu.Lock()
	defer c.engine.typeSights.mu.Unlock()
	defer func() { // one body must not take the others along
		if recover() != nil {
			out.Unclear = append(out.Unclear, Unclear{top.File, top.File.Syntax().Items[item].NameSpan})
		}
	}()
	b := newBody(c.engine, top, item)
	if b == nil {
		return
	}
	out.Bodies++
	v := &coercions{body: b, trait: trait, active: compiled(top, item), live: true}
	if !where.coarse && !where.whole[bodyPlace{top.File, item}] {
		v.parts = partsOf(b)
		v.parts.mark(v.leading(where))
		v.live = v.parts.list[whole].live
	}
	want := (*types.Type)(nil)
	if b.fn != nil {
		want = b.fn.output
	} else {
		want = b.declared()
	}
	v.result = want
	v.visit(b.syntax.Root, want, must)
	v.owned()
	for i := range v.found {
		out.Known = append(out.Known, v.found[i].Coercion)
	}
	out.Unclear = append(out.Unclear, v.unclear...)
	if b.spent() {
		out.Unclear = append(out.Unclear, Unclear{top.File, top.File.Syntax().Items[item].NameSpan})
	}
}

// coercions walks one body from the outside in, as rustc checks it: each expression with the type that its place asks for.
type coercions struct {
	*body
	trait   resolve.Def
	active  bool
	parts   *parts      // nil if all of the body is looked at
	live    bool        // the part that is looked at has to do with objects of the trait
	result  *types.Type // what `return` gives back
	value   *types.Type // what `break` gives the innermost loop
	found   []located
	unclear []Unclear
}

type located struct {
	Coercion
	ptr, value *syntax.Expr
}

// force says what a wanted type does to an expression.
type force uint8

const (
	must   force = iota // it is coerced to it
	expect              // it is only looked at with it in mind (rustc's Expectation): parts of it may be coerced
)

// visit finds the coercions in an expression.
func (c *coercions) visit(e *syntax.Expr, want *types.Type, f force) {
	if e == nil {
		return
	}
	if !c.live {
		if !c.parts.lives(e.Span) {
			return
		}
		want = nil
	}
	switch e.Kind {
	case syntax.ExprParen:
		c.visit(e.X, want, f)
		return
	case syntax.ExprBlock:
		c.visitBlock(e, want, f)
		return
	case syntax.ExprIf:
		c.visit(e.X, nil, must)
		c.branches(want, f, e.Y, e.Z)
		return
	case syntax.ExprMatch:
		c.visit(e.X, nil, must)
		var bodies []*syntax.Expr
		for i := range e.Arms {
			c.visit(e.Arms[i].Guard, nil, must)
			bodies = append(bodies, e.Arms[i].Body)
		}
		c.branches(want, f, bodies...)
		return
	case syntax.ExprClosure:
		c.visitClosure(e, want)
		return
	case syntax.ExprAsync, syntax.ExprTryBlock:
		outer := c.result
		c.result = nil
		c.visitBlock(e, nil, must)
		c.result = outer
		return
	case syntax.ExprReturn:
		c.visit(e.X, c.result, must)
		return
	case syntax.ExprLoop, syntax.ExprWhile, syntax.ExprFor:
		outer := c.value
		if c.value = nil; e.Kind == syntax.ExprLoop && f == must {
			c.value = want
		}
		c.visit(e.X, nil, must)
		c.visit(e.Y, nil, must)
		c.value = outer
		return
	case syntax.ExprBreak:
		c.visit(e.X, c.value, must)
		return
	case syntax.ExprAssign:
		c.visit(e.X, nil, must)
		if c.live && e.Op == '=' {
			c.visit(e.Y, c.deep(c.typeOf(e.X)), must)
		} else {
			c.visit(e.Y, nil, must)
		}
		return
	case syntax.ExprCast:
		var t *types.Type
		if c.live {
			t = c.written(e.Type, e)
		}
		c.visit(e.X, t, must)
	case syntax.ExprRef:
		var inner *types.Type
		if want != nil {
			if t := c.norm(want); t.Kind == types.Ref {
				inner = t.Args[0]
			}
		}
		c.visit(e.X, inner, expect)
	case syntax.ExprTuple:
		c.visitTuple(e, want)
	case syntax.ExprArray:
		c.elements(e.Args, elementOf(c.body, want))
	case syntax.ExprRepeat:
		c.visit(e.X, elementOf(c.body, want), must)
	case syntax.ExprStruct:
		c.visitStruct(e, want)
	case syntax.ExprCall, syntax.ExprMethod:
		c.visitCall(e, want)
	case syntax.ExprMacro:
		c.visitMacro(e, want)
	default:
		c.visit(e.X, nil, must)
		c.visit(e.Y, nil, must)
		c.visit(e.Z, nil, must)
	}
	if want != nil && f == must {
		c.site(e, want)
	}
}

func (c *coercions) visitBlock(e *syntax.Expr, want *types.Type, f force) {
	outer := c.live
	for i := range e.Stmts {
		if let := e.Stmts[i].Let; c.parts != nil && (let != nil || e.Stmts[i].Expr != e.Tail) {
			c.live = c.parts.list[c.parts.at[spanOfStmt(&e.Stmts[i])]].live
		}
		if let := e.Stmts[i].Let; let != nil {
			var t *types.Type
			if !c.live {
				c.visit(let.Init, nil, must)
				c.visit(let.Else, nil, must)
				continue
			}
			if let.Type != nil && let.Init != nil {
				t = c.written(let.Type, let.Init)
			}
			c.visit(let.Init, t, must)
			c.visit(let.Else, nil, must)
			if t == nil {
				c.variables(let.Pat)
			}
			continue
		}
		if x := e.Stmts[i].Expr; x != e.Tail {
			c.visit(x, nil, must)
		}
	}
	c.live = outer
	c.visit(e.Tail, want, f)
}

// variables asks for the types of a pattern's variables: each is what its first use makes of it, whichever use is visited first.
func (c *coercions) variables(p *syntax.Pat) {
	if p == nil {
		return
	}
	if p.Kind == syntax.PatBind {
		c.binding(p.Binding)
	}
	for _, part := range p.Elems {
		c.variables(part)
	}
}

// branches are coerced to what is wanted of all, else to the first of them that is a pointer to an object.
func (c *coercions) branches(want *types.Type, f force, list ...*syntax.Expr) {
	if want != nil && c.norm(want).Kind == types.Infer { // rustc's Expectation::adjust_for_branches
		want = nil
	}
	for _, x := range list {
		c.visit(x, want, f)
		if want == nil && x != nil && c.live {
			if t := c.deep(c.typeOf(x)); c.object(t) != nil {
				want, f = t, must
			}
		}
	}
}

// elements are those of an array or vec!: like branches.
func (c *coercions) elements(list []*syntax.Expr, want *types.Type) { c.branches(want, must, list...) }

// elementOf is what an array or slice type holds; nil if the type is none.
func elementOf(b *body, t *types.Type) *types.Type {
	if t == nil {
		return nil
	}
	if t = b.norm(t); (t.Kind == types.Array || t.Kind == types.Slice) && len(t.Args) > 0 {
		return t.Args[0]
	}
	return nil
}

func (c *coercions) visitTuple(e *syntax.Expr, want *types.Type) {
	var parts []*types.Type
	if want != nil {
		if t := c.norm(want); t.Kind == types.Tuple && len(t.Args) == len(e.Args) {
			parts = t.Args
		}
	}
	for i, a := range e.Args {
		if parts != nil {
			c.visit(a, parts[i], must)
		} else {
			c.visit(a, nil, must)
		}
	}
}

func (c *coercions) visitStruct(e *syntax.Expr, want *types.Type) {
	var t *types.Type
	var variant int32
	if c.live {
		t, variant = c.literalType(e)
	}
	if t != nil && want != nil && len(t.Args) > 0 {
		mark := c.mark()
		if !c.unify(t, want) {
			c.undo(mark)
		}
	}
	for i, a := range e.Args {
		var field *types.Type
		if t != nil && i < len(e.Fields) {
			field = c.fieldOf(t, e.Fields[i], variant)
		}
		c.visit(a, field, must)
		if field != nil && c.open(field) {
			c.coerce(field, c.typeOf(a))
		}
	}
	c.visit(e.X, nil, must)
	if t != nil {
		c.exprs[e] = t
	}
}

func (c *coercions) visitMacro(e *syntax.Expr, want *types.Type) {
	name := lastSegment(e.Path)
	if name == "vec" {
		var elem *types.Type
		if want != nil {
			if t := c.norm(want); t.Kind == types.Adt && t.Def == c.known.vec && len(t.Args) > 0 {
				elem = c.deep(t.Args[0])
			}
		}
		args := e.Args
		if e.X != nil { // [x; n]
			args = args[:1]
		}
		c.elements(args, elem)
		return
	}
	for _, a := range e.Args {
		if name == "dbg" {
			c.visit(a, want, expect)
		} else {
			c.visit(a, nil, must)
		}
	}
	if e.X != nil && len(e.Args) == 0 {
		c.visit(e.X, nil, must)
	}
	for i := range e.Arms {
		c.visit(e.Arms[i].X, nil, must)
		c.visit(e.Arms[i].Guard, nil, must)
		c.visit(e.Arms[i].Body, nil, must)
	}
}

// pointers can be coerced to point to an object; containers are what an object may be in there.
var (
	pointers   = map[string]bool{"Box": true, "Rc": true, "Arc": true, "Pin": true, "Weak": true}
	containers = map[string]bool{"Mutex": true, "RwLock": true, "RefCell": true, "Cell": true, "UnsafeCell": true, "ManuallyDrop": true, "AssertUnwindSafe": true}
)

// object are the layers of a pointer to an object of the trait; nil if a type is none.
func (c *coercions) object(t *types.Type) []string {
	var layers []string
	inside := false // a container
	for range maxDerefs {
		t = c.norm(t)
		switch {
		case t.Kind == types.Dyn:
			if len(layers) > 0 && c.isObject(t) {
				return layers
			}
			return nil
		case t.Kind == types.Ref && (len(layers) == 0 || layers[len(layers)-1] == "Pin"):
			layers = append(layers, "&")
			if t.Mut {
				layers[len(layers)-1] = "&mut"
			}
		case t.Kind == types.Adt && len(t.Args) > 0 && !inside && (len(layers) == 0 || layers[len(layers)-1] == "Pin") && pointers[t.Def.ItemName()]:
			layers = append(layers, t.Def.ItemName())
		case t.Kind == types.Adt && len(t.Args) > 0 && len(layers) > 0 && containers[t.Def.ItemName()]:
			layers, inside = append(layers, t.Def.ItemName()), true
		default:
			return nil
		}
		t = t.Args[0]
	}
	return nil
}

// isObject reports whether a trait object type is one of the trait.
func (c *coercions) isObject(t *types.Type) bool {
	return slices.ContainsFunc(t.Traits, func(r *types.TraitRef) bool {
		return r != nil && sameItem(r.Def, c.trait)
	})
}

// holdsObject reports whether a sized type has a pointer to an object of the trait somewhere in it.
func (c *coercions) holdsObject(t *types.Type) bool {
	t = c.norm(t)
	if c.object(t) != nil {
		return true
	}
	if t.Kind == types.Adt && (containers[t.Def.ItemName()] || pointers[t.Def.ItemName()]) {
		return len(t.Args) > 0 && c.norm(t.Args[0]).Kind != types.Dyn && c.holdsObject(t.Args[0])
	}
	return slices.ContainsFunc(t.Args, c.holdsObject)
}

// site looks at an expression whose place asks for a type.
func (c *coercions) site(e *syntax.Expr, want *types.Type) {
	layers := c.object(want)
	if layers == nil {
		return
	}
	got := c.typeOf(e)
	for _, l := range layers {
		switch {
		case got.Kind == types.Unknown || got.Kind == types.Infer:
			c.unclear = append(c.unclear, Unclear{c.scope.File, e.Span})
			return
		case got.Kind == types.Ref && l[0] == '&', got.Kind == types.Adt && got.Def.ItemName() == l && len(got.Args) > 0:
			got = c.norm(got.Args[0])
		default:
			return // a value of a type that dereferences to one, or code that does not compile
		}
	}
	switch got.Kind {
	case types.Unknown, types.Infer:
		c.unclear = append(c.unclear, Unclear{c.scope.File, e.Span})
		return
	case types.Dyn, types.Never:
		return
	}
	value, n := peeled(e, layers)
	at := located{
		Coercion{File: c.scope.File, Expr: e.Span, Value: value.Span, Written: layers[:n], Ready: layers[n:], Of: c.deep(got), Active: c.active && c.activeAt(e.Span.Start)},
		e, value,
	}
	at.Place = c.place(value)
	if layers[0][0] == '&' {
		at.Outlived = !c.promoted(value, layers) && c.outlived(e)
	}
	c.found = append(c.found, at)
}

// peeled is the innermost expression around which e itself writes layers, and how many those are.
func peeled(e *syntax.Expr, layers []string) (inner *syntax.Expr, n int) {
	for n < len(layers) {
		x := e
		for x.Kind == syntax.ExprParen {
			x = x.X
		}
		l, below := layers[n], ""
		if n+1 < len(layers) {
			below = layers[n+1]
		}
		switch {
		case l[0] == '&' && x.Kind == syntax.ExprRef:
			e, n = x.X, n+1
		case x.Kind == syntax.ExprCall && len(x.Args) == 1 && madeBy(x.X, l, "new"):
			e, n = x.Args[0], n+1
		case x.Kind == syntax.ExprCall && len(x.Args) == 1 && l == "Pin" && madeBy(x.X, below, "pin"):
			e, n = x.Args[0], n+2
		default:
			return e, n
		}
	}
	return e, n
}

// madeBy reports whether a callee is `Type::function`.
func madeBy(x *syntax.Expr, typ, function string) bool {
	if x.Kind != syntax.ExprPath || x.Local != nil || x.Path.QSelf != nil {
		return false
	}
	n := len(x.Path.Segments)
	return n >= 2 && x.Path.Segments[n-1].Name == function && x.Path.Segments[n-2].Name == typ
}
