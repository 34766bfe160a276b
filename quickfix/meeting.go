package quickfix

import (
	"bytes"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// What one type stands for is right only where it meets no value of another: in the branches of an `if`, the elements of a list, what is
// assigned to a variable, returned or compared, what is put into a collection. Where a value goes is followed through variables and through what wraps it; the
// types of other values are not looked at.

// meetsOthers says where the result of a function meets other values, whose type has to be the same; empty if it does nowhere.
func (w *Workspace) meetsOthers(name string) string {
	for _, f := range w.Snapshot.Files {
		if !f.Names().Have(name) {
			continue
		}
		items := f.Syntax().Items
		for i := range items {
			if items[i].Kind != syntax.KindFn || items[i].Flags&syntax.FlagBody == 0 || !bytes.Contains(items[i].Body.Of(f.Text), []byte(name)) {
				continue
			}
			body := bodyOf(f, int32(i))
			if body == nil {
				continue
			}
			var at source.Span
			eachExpr(body.Root, func(e *syntax.Expr) {
				if (e.Kind == syntax.ExprPath || e.Kind == syntax.ExprMethod) && namesItem(e, name) && w.meets(e) {
					at = e.Span
				}
			})
			if !at.Empty() {
				return w.shown(f, at.Of(f.Text), at.Start) + " meets values that may be of other types"
			}
		}
	}
	return ""
}

// collecting are functions and methods that put an argument where others are; joining are methods that give their receiver or something
// else.
var (
	collecting = map[string]bool{
		"push": true, "push_back": true, "push_front": true, "insert": true, "extend": true, "append": true, "replace": true, "swap": true, "set": true,
		"send": true, "get_or_insert": true, "unwrap_or": true, "or": true, "chain": true, "resize": true, "store": true, "fill": true, "map_or": true,
		"unwrap_or_else": true, "or_else": true, "get_or_insert_with": true, "or_insert": true, "or_insert_with": true, "map_or_else": true, "fold": true,
	}
	joining = map[string]bool{"unwrap_or": true, "unwrap_or_else": true, "or": true, "or_else": true, "chain": true, "replace": true, "insert": true}
	// holding are functions whose result holds their one argument.
	holding = map[string]bool{"Some": true, "Ok": true, "new": true, "pin": true, "from": true, "once": true, "repeat": true}
	// passing give what they are called on, or what it holds.
	passing = map[string]bool{"clone": true, "unwrap": true, "expect": true, "as_ref": true, "as_mut": true, "ok": true, "take": true, "into": true}
)

// meets reports whether a function, the value of its call or another value stands where values of several places have one type.
func (w *Workspace) meets(e *syntax.Expr) bool {
	if e.Kind == syntax.ExprPath && e.Local == nil {
		if e.Parent == nil || e.Parent.Kind != syntax.ExprCall || e.Parent.X != e {
			return true // a function as a value
		}
		e = e.Parent
	}
	return w.meetsFrom(e, map[*syntax.Binding]bool{})
}

// meetsFrom is meets for a value; followed are the variables that are looked at already.
func (w *Workspace) meetsFrom(e *syntax.Expr, followed map[*syntax.Binding]bool) bool {
	for ; e.Parent != nil; e = e.Parent {
		switch p := e.Parent; p.Kind {
		case syntax.ExprParen, syntax.ExprAwait, syntax.ExprTry, syntax.ExprRef, syntax.ExprDeref, syntax.ExprTuple, syntax.ExprClosure:
		case syntax.ExprBlock:
			if p.Tail == e {
				continue
			}
			i := slices.IndexFunc(p.Stmts, func(s syntax.Stmt) bool { return s.Let != nil && s.Let.Init == e })
			return i >= 0 && p.Stmts[i].Let.Type == nil && w.variableMeets(p.Stmts[i].Let.Pat, followed)
		case syntax.ExprLet:
			return w.variableMeets(p.Pat, followed)
		case syntax.ExprFor:
			return p.X == e && w.variableMeets(p.Pat, followed)
		case syntax.ExprIf:
			if p.X == e || p.Z != nil {
				return p.X != e
			}
		case syntax.ExprMatch:
			if p.X == e {
				return slices.ContainsFunc(p.Arms, func(a syntax.Arm) bool { return w.variableMeets(a.Pat, followed) })
			}
			if len(p.Arms) > 1 {
				return true
			}
		case syntax.ExprArray:
			if len(p.Args) > 1 {
				return true
			}
		case syntax.ExprMacro:
			if name := lastName(p.Path); name != "vec" || len(p.Args) > 1 {
				return true
			}
		case syntax.ExprAssign, syntax.ExprBreak, syntax.ExprReturn:
			return true
		case syntax.ExprBinary:
			return strings.IndexByte("=!<>", p.Op) >= 0 // a comparison
		case syntax.ExprCall:
			if p.X == e || len(p.Args) > 1 {
				return p.X != e && w.joins(p)
			}
			if p.X.Kind != syntax.ExprPath || !holding[lastName(p.X.Path)] {
				return false
			}
		case syntax.ExprMethod:
			if p.X != e {
				return collecting[p.Name]
			}
			if !passing[p.Name] {
				return joining[p.Name]
			}
		default:
			return false
		}
	}
	return false
}

// joins reports whether a call may give two of its arguments one type: it is of a function that puts one where the other is, or of a
// generic one of the workspace.
func (w *Workspace) joins(call *syntax.Expr) bool {
	if call.X.Kind != syntax.ExprPath || call.X.Local != nil {
		return true
	}
	name := lastName(call.X.Path)
	if collecting[name] {
		return true
	}
	for _, f := range w.Snapshot.Files {
		if !f.Names().Have(name) {
			continue
		}
		for i := range f.Syntax().Items {
			if it := &f.Syntax().Items[i]; it.Kind == syntax.KindFn && it.Name == name && sharesParameter(syntax.ParseFn(f.Syntax(), int32(i), f.Edition)) {
				return true
			}
		}
	}
	return false
}

// sharesParameter reports whether a type parameter of a function stands in the types of several arguments.
func sharesParameter(fn *syntax.Fn) bool {
	return slices.ContainsFunc(fn.Generics.Params, func(g syntax.Param) bool {
		n := 0
		for i := range fn.Params {
			eachType(fn.Params[i].Type, false, func(t *syntax.Type, _ bool) {
				if t.Kind == syntax.TypePath && t.Path.QSelf == nil && len(t.Path.Segments) == 1 && t.Path.Segments[0].Name == g.Name {
					n++
				}
			})
		}
		return n > 1
	})
}

// variableMeets is meets for the variables of a pattern.
func (w *Workspace) variableMeets(p *syntax.Pat, followed map[*syntax.Binding]bool) bool {
	if p == nil {
		return false
	}
	if b := p.Binding; b != nil && !followed[b] {
		followed[b] = true
		if slices.ContainsFunc(b.Uses, func(use *syntax.Expr) bool { return isAssigned(use) || w.meetsFrom(use, followed) }) {
			return true
		}
	}
	return slices.ContainsFunc(p.Elems, func(part *syntax.Pat) bool { return w.variableMeets(part, followed) })
}
