package infer

import (
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// body is the inference of one body. Types are found on demand, from the receiver that is asked about back to what it is
// made of; what nobody asks about is never typed.
type body struct {
	*solver
	fn       *fn // nil of a const or static
	item     int32
	env      *types.Env
	syntax   *syntax.Body
	macros   *macroArgs
	exprs    map[*syntax.Expr]*types.Type
	bindings map[*syntax.Binding]*types.Type
	roots    map[*syntax.PatRoot]bool
	learned  map[*syntax.Binding]bool // whose uses were looked at for their types
	calls    map[*syntax.Expr]*call
	returns  map[*syntax.Expr]*types.Type // what the call that a closure is passed to wants it to return, if that is a pointer to dyn
	nesting  int                          // of expressions being typed
	pending  []types.Predicate
}

// unknown is the type of what is not evident.
var unknown = &types.Type{Kind: types.Unknown, Why: resolve.UnresolvedName}

var unit = &types.Type{Kind: types.Tuple}

// newBody reads the body of an item as one crate sees it; nil if it has none.
func newBody(e *engine, top *workspace.Scope, item int32) *body {
	file := top.File
	scope := top.ScopeOf(item)
	macros := newMacroArgs(e, top, item)
	tree := syntax.ParseBody(file.Syntax(), item, file.Edition, func(attrs []source.Span) bool { return scope.CfgOf(attrs) != cargo.False }, syntax.Macros{Evaluates: macros.evaluates, Rebinds: macros.rebinds})
	if tree == nil {
		return nil
	}
	b := &body{
		item: item, syntax: tree, macros: macros, exprs: map[*syntax.Expr]*types.Type{}, bindings: map[*syntax.Binding]*types.Type{},
		roots: map[*syntax.PatRoot]bool{}, learned: map[*syntax.Binding]bool{}, calls: map[*syntax.Expr]*call{}, returns: map[*syntax.Expr]*types.Type{},
	}
	b.solver = &solver{engine: e, body: b, scope: top.ScopeAt(item, file.Syntax().Items[item].Body.Start)}
	if file.Syntax().Items[item].Kind == syntax.KindFn {
		b.fn = e.fn(scope, item)
		env := *b.fn.env
		b.env = &env
		b.given = append(append([]types.Predicate(nil), b.fn.implicit...), b.fn.bounds...)
	} else {
		b.env = &types.Env{Types: e.types, Scope: scope, KeepBounds: true}
	}
	b.env.Scope = b.scope
	return b
}

// at is the environment of a place in the body: items in blocks around it are in scope.
func (b *body) at(e *syntax.Expr) *types.Env {
	scope := b.scopeAt(e.Span.Start)
	if scope == b.env.Scope {
		return b.env
	}
	env := *b.env
	env.Scope = scope
	return &env
}

// scopeAt is the innermost block with items that holds an offset.
func (b *body) scopeAt(offset uint32) *workspace.Scope {
	items := b.scope.File.Syntax().Items
	inner := b.item
	for i := b.item + 1; i < int32(len(items)) && items[i].Span.Start <= offset; i++ {
		if items[i].Kind == syntax.KindBlock && items[i].Span.Contains(offset) {
			inner = i
		}
	}
	if inner == b.item {
		return b.scope
	}
	return fileTop(b.scope).ScopeAt(inner, offset)
}

// hides reports whether a word of a path or type means an item that is not read, in the arguments of a macro.
func (b *body) hides(span source.Span) bool {
	for _, u := range b.syntax.Unread {
		if span.Start < u.In.Start || span.End > u.In.End {
			continue
		}
		if u.Name == "*" || u.Name != "" && hasWord(span.Of(b.scope.File.Text), u.Name) {
			return true
		}
	}
	return false
}

// unreadable reports whether an item that is not read may decide what an expression means, whatever it names: a macro that is defined in
// the arguments of a macro may declare anything there, and an impl may add to any type.
func (b *body) unreadable(e *syntax.Expr) bool {
	for _, u := range b.syntax.Unread {
		if !u.In.Encloses(e.Span) {
			continue
		}
		switch u.Kind {
		case syntax.KindMacroRules:
			return true
		case syntax.KindImpl:
			switch e.Kind {
			case syntax.ExprPath:
				if e.Local == nil && len(e.Path.Segments) > 1 {
					return true
				}
			case syntax.ExprCall, syntax.ExprMethod, syntax.ExprField, syntax.ExprIndex, syntax.ExprDeref, syntax.ExprAwait, syntax.ExprTry,
				syntax.ExprBinary, syntax.ExprUnary:
				return true
			}
		}
	}
	return false
}

// written is a type that the body writes.
func (b *body) written(t *syntax.Type, at *syntax.Expr) *types.Type {
	if len(b.syntax.Unread) > 0 && b.hides(t.Span) {
		return unknown
	}
	env := b.env
	if at != nil {
		env = b.at(at)
	}
	return b.opened(b.qualified(env.Type(t)))
}

func (b *body) qualified(t *types.Type) *types.Type {
	if b.fn == nil || b.fn.owner == nil {
		return t
	}
	return b.fn.owner.qualify(t)
}

// Limits of one body: how many expressions are typed, and how deep one leads to another.
const (
	maxExprs   = 20_000
	maxNesting = 500
)

// typeOf is the type of an expression; unknown if it is not evident, or a type that holds unbound variables.
func (b *body) typeOf(e *syntax.Expr) *types.Type {
	if e == nil {
		return unit
	}
	if t, ok := b.exprs[e]; ok {
		return b.norm(t)
	}
	if len(b.exprs) > maxExprs {
		return unknown
	}
	b.exprs[e] = unknown // what depends on itself is not evident
	outer := b.solver.depth
	b.solver.depth = 0
	b.nesting++
	t := unknown
	if b.nesting < maxNesting && !b.unreadable(e) {
		t = b.expr(e)
	}
	b.nesting--
	b.solver.depth = outer
	b.exprs[e] = t
	return b.norm(t)
}

func (b *body) expr(e *syntax.Expr) *types.Type {
	switch e.Kind {
	case syntax.ExprParen:
		return b.typeOf(e.X)
	case syntax.ExprPath:
		if e.Local != nil {
			return b.binding(e.Local)
		}
		return b.path(e)
	case syntax.ExprLit:
		return b.literal(e)
	case syntax.ExprMethod, syntax.ExprCall:
		return b.result(e)
	case syntax.ExprField:
		return b.field(b.typeOf(e.X), e.Name)
	case syntax.ExprIndex:
		return b.indexed(e)
	case syntax.ExprAwait:
		return b.awaited(b.typeOf(e.X))
	case syntax.ExprTry:
		return b.tried(b.typeOf(e.X))
	case syntax.ExprBox:
		return b.typeOf(e.X)
	case syntax.ExprRef:
		return &types.Type{Kind: types.Ref, Mut: e.Mut, Args: []*types.Type{b.typeOf(e.X)}}
	case syntax.ExprDeref:
		t := b.typeOf(e.X)
		if t.Kind == types.Ptr {
			return t.Args[0]
		}
		if out, ok := b.derefed(t); ok && out != nil {
			return out
		}
		return unknown
	case syntax.ExprCast:
		return b.written(e.Type, e)
	case syntax.ExprTuple:
		out := &types.Type{Kind: types.Tuple}
		for _, a := range e.Args {
			out.Args = append(out.Args, b.typeOf(a))
		}
		return out
	case syntax.ExprArray:
		elem := b.fresh()
		if len(e.Args) > 0 {
			elem = b.typeOf(e.Args[0])
		}
		return &types.Type{Kind: types.Array, Args: []*types.Type{elem}}
	case syntax.ExprRepeat:
		return &types.Type{Kind: types.Array, Args: []*types.Type{b.typeOf(e.X)}}
	case syntax.ExprStruct:
		return b.structure(e)
	case syntax.ExprBlock:
		if e.Name != "" {
			values, _ := b.breaksOf(e)
			if e.Tail != nil {
				values = append(values, e.Tail)
			}
			return b.join(e, values...)
		}
		return b.block(e)
	case syntax.ExprAsync:
		return b.futureOf(b.block(e))
	case syntax.ExprIf:
		return b.join(e, e.Y, e.Z)
	case syntax.ExprMatch:
		var arms []*syntax.Expr
		for i := range e.Arms {
			arms = append(arms, e.Arms[i].Body)
		}
		return b.join(e, arms...)
	case syntax.ExprClosure:
		return b.closure(e)
	case syntax.ExprMacro:
		return b.macro(e)
	case syntax.ExprLoop:
		return b.loop(e)
	case syntax.ExprRange:
		return b.interval(e)
	case syntax.ExprAssign, syntax.ExprWhile, syntax.ExprFor:
		return unit
	case syntax.ExprReturn, syntax.ExprBreak, syntax.ExprContinue:
		return never
	case syntax.ExprBinary:
		return b.operation(e)
	case syntax.ExprUnary:
		return b.unary(e)
	}
	return unknown
}

var never = &types.Type{Kind: types.Never}

func primitive(name string) *types.Type { return &types.Type{Kind: types.Primitive, Name: name} }

func (b *body) literal(e *syntax.Expr) *types.Type {
	text := e.Span.Of(b.scope.File.Text)
	switch {
	case len(text) == 0:
		return unknown
	case text[0] == '"', text[0] == 'r':
		return &types.Type{Kind: types.Ref, Args: []*types.Type{primitive("str")}}
	case text[0] == '\'':
		return primitive("char")
	case string(text) == "true", string(text) == "false":
		return primitive("bool")
	case text[0] >= '0' && text[0] <= '9':
		return primitive(numberType(string(text)))
	}
	return unknown
}

// interval is the type of `a..b` and its kin.
func (b *body) interval(e *syntax.Expr) *types.Type {
	name := ""
	switch {
	case e.X == nil && e.Y == nil:
		return &types.Type{Kind: types.Adt, Def: b.resolve.WellKnown("core", "ops", "RangeFull")}
	case e.Y == nil:
		name = "RangeFrom"
	case e.X == nil && e.Inclusive:
		name = "RangeToInclusive"
	case e.X == nil:
		name = "RangeTo"
	case e.Inclusive:
		name = "RangeInclusive"
	default:
		name = "Range"
	}
	end := e.X
	if end == nil || e.Y != nil && b.typeOf(end).Name == integer { // 0..n
		end = e.Y
	}
	return &types.Type{Kind: types.Adt, Def: b.resolve.WellKnown("core", "ops", name), Args: []*types.Type{b.typeOf(end)}}
}

// numberType is the type of a number: its suffix, or a kind of number.
func numberType(text string) string {
	if i := strings.IndexAny(text, "ui"); i > 0 {
		return text[i:]
	}
	if strings.HasPrefix(text, "0x") || !strings.ContainsAny(text, ".ef") {
		return integer
	}
	if i := strings.LastIndexByte(text, 'f'); i > 0 {
		return text[i:]
	}
	return float
}

// block is the type of a block's value; `!` if it has none because it ends in a jump.
func (b *body) block(e *syntax.Expr) *types.Type {
	if e.Tail != nil {
		return b.typeOf(e.Tail)
	}
	if n := len(e.Stmts); n > 0 && e.Stmts[n-1].Expr != nil && b.diverges(e.Stmts[n-1].Expr) {
		return never
	}
	return unit
}

// diverging are the macros of the standard library and of anyhow that give no value.
var diverging = map[string]bool{"panic": true, "todo": true, "unimplemented": true, "unreachable": true, "bail": true}

func (b *body) diverges(e *syntax.Expr) bool {
	switch e.Kind {
	case syntax.ExprReturn, syntax.ExprBreak, syntax.ExprContinue:
		return true
	case syntax.ExprMacro:
		return diverging[lastSegment(e.Path)]
	case syntax.ExprBlock:
		return b.block(e).Kind == types.Never
	}
	return false
}

// join is the type of the first branch that has a value and a type that is evident.
func (b *body) join(e *syntax.Expr, branches ...*syntax.Expr) *types.Type {
	var out *types.Type
	for _, x := range branches {
		if x == nil {
			continue
		}
		t := b.typeOf(x)
		if t.Kind == types.Never || x.Kind == syntax.ExprMacro && diverging[lastSegment(x.Path)] {
			continue
		}
		if out == nil {
			out = t
		} else if out.Kind != types.Unknown && t.Kind != types.Unknown {
			mark := b.mark()
			if !b.unify(out, t) {
				b.undo(mark) // a coercion makes them equal; which, is not evident here
				if b.dynOf(t) {
					out = t
				} else if !b.dynOf(out) {
					return unknown
				}
			}
		}
	}
	if out == nil {
		return unit
	}
	return out
}

// dynOf reports whether a pointer to a trait object is what a type is: other pointers coerce to it.
func (b *body) dynOf(t *types.Type) bool {
	for range maxDerefs {
		t = b.norm(t)
		if t.Kind == types.Dyn {
			return true
		}
		if len(t.Args) == 0 || t.Kind != types.Ref && t.Kind != types.Adt {
			return false
		}
		t = t.Args[0]
	}
	return false
}

// field is the type of a field, autoderef included.
func (b *body) field(t *types.Type, name string) *types.Type {
	steps, _ := b.autoderef(t)
	for _, step := range steps {
		switch step.Kind {
		case types.Tuple:
			for i, a := range step.Args {
				if name == digits(i) {
					return a
				}
			}
		case types.Adt:
			if f := b.fieldOf(step, name, -1); f != nil {
				return f
			}
		case types.Infer, types.Unknown:
			return unknown
		}
	}
	return unknown
}

func digits(i int) string {
	if i < 10 {
		return string(rune('0' + i))
	}
	return digits(i/10) + digits(i%10)
}

// fieldOf is the type of a field of a struct or of a variant; nil if it has none.
func (b *body) fieldOf(t *types.Type, name string, variant int32) *types.Type {
	a := b.adt(t.Def)
	for i := range a.fields {
		if a.fields[i].name == name && a.fields[i].variant == variant {
			return b.adtSubst(t).Apply(a.fields[i].ty())
		}
	}
	return nil
}

// adtSubst maps the parameters of a type's definition to its arguments.
func (b *body) adtSubst(t *types.Type) *types.Subst {
	a := b.adt(t.Def)
	sub := &types.Subst{Params: map[string]*types.Type{}}
	for i, arg := range b.filled(t, b.fresh) {
		if i < len(a.params) {
			sub.Params[a.params[i]] = arg
		}
	}
	return sub
}

// indexed is the type of X[Y]: an element, or what Index says.
func (b *body) indexed(e *syntax.Expr) *types.Type {
	steps, _ := b.autoderef(b.typeOf(e.X))
	if last := steps[len(steps)-1]; last.Kind == types.Array {
		steps = append(steps, &types.Type{Kind: types.Slice, Args: last.Args[:1]})
	}
	y := e.Y
	for _, step := range steps {
		switch step.Kind {
		case types.Slice, types.Array:
			if y != nil && y.Kind == syntax.ExprRange {
				return &types.Type{Kind: types.Slice, Args: step.Args[:1]}
			}
			return step.Args[0]
		case types.Adt:
			if step.Def == b.known.vec && len(step.Args) > 0 {
				if y != nil && y.Kind == syntax.ExprRange {
					return &types.Type{Kind: types.Slice, Args: step.Args[:1]}
				}
				return step.Args[0]
			}
			index := b.fresh()
			ref := &types.TraitRef{Def: b.known.index, Self: step, Args: []*types.Type{index}}
			if y != nil {
				if t := b.typeOf(y); t.Kind != types.Unknown {
					ref.Args[0] = t
				}
			}
			if out := b.project(step, ref, "Output"); out != nil {
				return out
			}
		}
	}
	return unknown
}

// awaited is what `.await` gives.
func (b *body) awaited(t *types.Type) *types.Type {
	if t.Kind == types.Infer || t.Kind == types.Unknown {
		return unknown
	}
	if out := b.project(t, &types.TraitRef{Def: b.known.future, Self: t}, "Output"); out != nil {
		return out
	}
	if out := b.project(t, &types.TraitRef{Def: b.known.intoFuture, Self: t}, "Output"); out != nil {
		return out
	}
	return unknown
}

// tried is what `?` gives.
func (b *body) tried(t *types.Type) *types.Type {
	if t.Kind == types.Adt && len(t.Args) > 0 && (t.Def == b.known.option || t.Def == b.known.result) {
		return t.Args[0]
	}
	return unknown
}

// macro is the type of a macro call that is known.
func (b *body) macro(e *syntax.Expr) *types.Type {
	name := lastSegment(e.Path)
	switch name {
	case "format":
		return &types.Type{Kind: types.Adt, Def: b.known.str}
	case "vec":
		elem := b.fresh()
		if len(e.Args) > 0 {
			elem = b.typeOf(e.Args[0])
			for _, a := range e.Args[1:] { // Box::new(A) as Box<dyn T> may stand first; nothing else coerces
				if b.dynOf(elem) {
					break
				}
				if t := b.typeOf(a); b.dynOf(t) {
					return unknown
				}
			}
		}
		return &types.Type{Kind: types.Adt, Def: b.known.vec, Args: []*types.Type{elem}}
	case "dyn_box", "dbg":
		if len(e.Args) == 1 {
			return b.typeOf(e.Args[0])
		}
	case "pin":
		if len(e.Args) == 1 && !b.macros.reached(e.Path, e.MacroArgs(b.scope.File.Text)) {
			inner := &types.Type{Kind: types.Ref, Mut: true, Args: []*types.Type{b.typeOf(e.Args[0])}}
			return &types.Type{Kind: types.Adt, Def: b.known.pin, Args: []*types.Type{inner}}
		}
	case "join":
		out := &types.Type{Kind: types.Tuple}
		for _, a := range e.Args {
			out.Args = append(out.Args, b.awaited(b.typeOf(a)))
		}
		return out
	case "try_join":
		out := &types.Type{Kind: types.Tuple}
		var err *types.Type
		for _, a := range e.Args {
			t := b.norm(b.awaited(b.typeOf(a)))
			if t.Kind != types.Adt || t.Def != b.known.result || len(t.Args) < 2 {
				return unknown
			}
			out.Args, err = append(out.Args, t.Args[0]), t.Args[1]
		}
		if err != nil {
			return &types.Type{Kind: types.Adt, Def: b.known.result, Args: []*types.Type{out, err}}
		}
	case "select", "select_biased":
		var handlers []*syntax.Expr
		for i := range e.Arms {
			handlers = append(handlers, e.Arms[i].Body)
		}
		return b.join(e, handlers...)
	case "matches":
		return primitive("bool")
	case "panic", "todo", "unimplemented", "unreachable":
		return never
	case "println", "eprintln", "print", "eprint", "assert", "assert_eq", "assert_ne", "trace", "debug", "info", "warn", "error":
		return unit
	}
	if len(e.Args) == 1 && b.macros.isArgument(e) {
		return b.typeOf(e.Args[0])
	}
	return unknown
}
