package quickfix

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// preciseCapturing is the minor release of Rust 1 that knows `use<..>`.
const preciseCapturing = 82

// generalizeResult lets a function return a box of an opaque type, where all that it returns is of one type. The box stays: callers
// that take the result by it go on.
func (w *Workspace) generalizeResult(m *survey.Mention) []Action {
	items := m.File.Syntax().Items
	it := &items[m.Item]
	fn := syntax.ParseFn(m.File.Syntax(), m.Item, m.File.Edition)
	blocked := func(format string, args ...any) []Action { return blockedGenerics(m, fmt.Sprintf(format, args...)) }
	if fn.Ret == nil || !fn.Ret.Span.Encloses(m.Span) {
		return blocked("a bound of `%s` asks for the object", fn.Name)
	}
	g := generic{m: m}
	g.walk(fn.Ret, nil)
	body := bodyOf(m.File, m.Item)
	switch {
	case g.blocked != "":
		return blocked("%s", g.blocked)
	case it.Parent >= 0 && items[it.Parent].Kind == syntax.KindTrait:
		return blocked("`%s` is a method of a trait, which would not be dyn compatible with an opaque result", fn.Name)
	case it.Parent >= 0 && items[it.Parent].Kind == syntax.KindImpl && syntax.ParseImpl(m.File.Syntax(), it.Parent, m.File.Edition).Trait != nil:
		return blocked("the signature of `%s` is that of its trait", fn.Name)
	case body == nil:
		return blocked("`%s` has no body", fn.Name)
	case g.behindReference(fn.Ret):
		return blocked("`%s` returns a reference to an object that something else holds", fn.Name)
	}
	r := results{w: w, m: m, known: w.coercionsIn(m, it.Body)}
	if r.known == nil {
		return blocked("not all types of what `%s` returns are evident", fn.Name)
	}
	r.of(body.Root)
	eachExpr(body.Root, func(e *syntax.Expr) {
		if e.Kind == syntax.ExprReturn && !inClosure(e) {
			r.of(e.X)
		}
		if (e.Kind == syntax.ExprPath || e.Kind == syntax.ExprMethod) && namesItem(e, fn.Name) {
			r.block("`%s` calls itself", fn.Name)
		}
	})
	switch {
	case r.why != "":
		return blocked("%s", r.why)
	case oneType(r.found) == nil:
		return blocked("`%s` returns values of several types", fn.Name)
	}
	if why := w.meetsOthers(fn.Name); why != "" {
		return blocked("%s", why)
	}
	bounds, why := resultBounds(m, fn)
	if why != "" {
		return blocked("%s", why)
	}
	code := "impl " + bounds
	return []Action{{
		Title: fmt.Sprintf("return `%s` instead of `%s`", code, m.Span.Of(m.File.Text)), Applicability: MaybeIncorrect,
		Edits: w.relaidSignatures([]Edit{replace(m.File, m.Span, code)}),
	}}
}

// behindReference reports whether a mention stands behind a reference in a type.
func (g *generic) behindReference(t *syntax.Type) bool {
	if t.Kind == syntax.TypeRef && t.Span.Encloses(g.m.Span) {
		return true
	}
	found := false
	eachType(t, false, func(inner *syntax.Type, _ bool) {
		found = found || inner.Kind == syntax.TypeRef && inner.Span.Encloses(g.m.Span)
	})
	return found
}

// resultBounds are the bounds of the opaque type. It must hold no more than the object did: lifetimes in scope are left out.
func resultBounds(m *survey.Mention, fn *syntax.Fn) (bounds, why string) {
	text := m.File.Text
	var parts, held []string
	for _, b := range mentionBounds(m) {
		if b.Kind == syntax.BoundLifetime {
			if b.Lifetime == "'static" {
				continue
			}
			held = append(held, b.Lifetime)
		}
		parts = append(parts, string(b.Span.Of(text)))
	}
	if slices.Contains(held, "'_") {
		return "", "the object's lifetime has no name"
	}
	async := fn.Flags&syntax.FlagAsync != 0
	if m.File.Edition < 2024 && !async || !lifetimesIn(m, fn) {
		return strings.Join(parts, " + "), ""
	}
	generics := [][]syntax.Param{fn.Generics.Params}
	if parent := m.File.Syntax().Items[m.Item].Parent; parent >= 0 && m.File.Syntax().Items[parent].Kind == syntax.KindImpl {
		generics = append(generics, syntax.ParseImpl(m.File.Syntax(), parent, m.File.Edition).Generics.Params)
	}
	for _, params := range generics {
		for i := range params {
			if params[i].Kind != syntax.ParamLifetime {
				held = append(held, params[i].Name)
			}
		}
	}
	for i := range fn.Params {
		if bytes.Contains(fn.Params[i].Span.Of(text), []byte("impl ")) {
			return "", "the opaque type would hold the lifetimes of parameters, and `use<..>` cannot name an `impl Trait`"
		}
	}
	for _, owner := range m.File.Owners {
		if t := owner.Crate.Target; t != nil {
			if minor, ok := minorVersion(t.Package.RustVersion); ok && minor < preciseCapturing {
				return "", tooOld(t.Package.RustVersion, "`use<..>`", preciseCapturing).Error()
			}
		}
	}
	return strings.Join(append(parts, "use<"+strings.Join(held, ", ")+">"), " + "), ""
}

// lifetimesIn reports whether a function's signature has lifetimes that an opaque result would hold.
func lifetimesIn(m *survey.Mention, fn *syntax.Fn) bool {
	for i := range fn.Generics.Params {
		if fn.Generics.Params[i].Kind == syntax.ParamLifetime {
			return true
		}
	}
	found := fn.Self == syntax.SelfRef || fn.Self == syntax.SelfRefMut || fn.Self == syntax.SelfTyped
	for i := range fn.Params {
		for _, t := range syntax.Lex(m.File.Text, fn.Params[i].Span, nil) {
			found = found || t.Is('&') || t.Kind == syntax.Lifetime && string(t.Span().Of(m.File.Text)) != "'static"
		}
	}
	if parent := m.File.Syntax().Items[m.Item].Parent; parent >= 0 && m.File.Syntax().Items[parent].Kind == syntax.KindImpl {
		found = found || bytes.Contains(m.File.Text[m.File.Syntax().Items[parent].Span.Start:m.File.Syntax().Items[parent].Body.Start], []byte("'"))
	}
	return found
}

// results are the values that a function returns.
type results struct {
	w     *Workspace
	m     *survey.Mention
	known []infer.Coercion
	found []infer.Coercion
	why   string
}

func (r *results) block(format string, args ...any) {
	if r.why == "" {
		r.why = fmt.Sprintf(format, args...)
	}
}

// of takes in the values that an expression may have as a result.
func (r *results) of(e *syntax.Expr) {
	if e == nil {
		return
	}
	if i := slices.IndexFunc(r.known, func(c infer.Coercion) bool { return c.Expr == e.Span }); i >= 0 {
		r.found = append(r.found, r.known[i])
		return
	}
	switch e.Kind {
	case syntax.ExprParen:
		r.of(e.X)
	case syntax.ExprBlock:
		r.of(e.Tail)
		if e.Name != "" { // 'a: { break 'a x; .. }
			eachExpr(e, func(inner *syntax.Expr) {
				if inner.Kind == syntax.ExprBreak {
					r.of(inner.X)
				}
			})
		}
	case syntax.ExprIf:
		r.of(e.Y)
		r.of(e.Z)
	case syntax.ExprMatch:
		for i := range e.Arms {
			r.of(e.Arms[i].Body)
		}
	case syntax.ExprReturn, syntax.ExprBreak, syntax.ExprContinue: // nothing comes of it, or it is looked at by itself
	case syntax.ExprPath:
		if !namesItem(e, "None") {
			r.object(e)
		}
	case syntax.ExprCall:
		switch {
		case len(e.Args) == 1 && (namesItem(e.X, "Ok") || namesItem(e.X, "Some")):
			r.of(e.Args[0])
		case !namesItem(e.X, "Err"):
			r.object(e)
		}
	case syntax.ExprMacro:
		if name := lastName(e.Path); name != "panic" && name != "todo" && name != "unreachable" && name != "unimplemented" {
			r.object(e)
		}
	default:
		r.object(e)
	}
}

func (r *results) object(e *syntax.Expr) {
	r.block("%s is no value of which the type is evident", r.w.shown(r.m.File, e.Span.Of(r.m.File.Text), e.Span.Start))
}

// namesItem reports whether an expression is a path that ends in a name, or a call of a method of that name.
func namesItem(e *syntax.Expr, name string) bool {
	return e.Kind == syntax.ExprMethod && e.Name == name || e.Kind == syntax.ExprPath && e.Local == nil && lastName(e.Path) == name
}

func lastName(p *syntax.Path) string {
	if p == nil || len(p.Segments) == 0 {
		return ""
	}
	return p.Segments[len(p.Segments)-1].Name
}

// inClosure reports whether a closure or an async block stands between an expression and the body.
func inClosure(e *syntax.Expr) bool {
	for ; e != nil; e = e.Parent {
		if e.Kind == syntax.ExprClosure || e.Kind == syntax.ExprAsync {
			return true
		}
	}
	return false
}

// eachType calls f for a type and all that are written in it; closure says whether one stands in the signature of a closure, a function
// pointer or an argument of a bound.
func eachType(t *syntax.Type, closure bool, f func(t *syntax.Type, closure bool)) {
	if t == nil {
		return
	}
	f(t, closure)
	inner := closure || t.Kind == syntax.TypeFnPtr
	for _, e := range t.Elems {
		eachType(e, inner, f)
	}
	eachType(t.Ret, inner, f)
	eachTypeOf(t.Path, closure, f)
	for i := range t.Bounds {
		eachTypeOf(t.Bounds[i].Path, true, f)
	}
}

// eachTypeOf is eachType for the arguments of a path.
func eachTypeOf(p *syntax.Path, closure bool, f func(t *syntax.Type, closure bool)) {
	if p == nil {
		return
	}
	eachType(p.QSelf, closure, f)
	for i := range p.Segments {
		args := p.Segments[i].Args
		if args == nil {
			continue
		}
		for k := range args.List {
			eachType(args.List[k].Type, closure, f)
			for b := range args.List[k].Bounds {
				eachTypeOf(args.List[k].Bounds[b].Path, true, f)
			}
		}
		for _, in := range args.Inputs {
			eachType(in, true, f)
		}
		eachType(args.Output, true, f)
	}
}
