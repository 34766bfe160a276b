package quickfix

import (
	"fmt"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// generalizeLocal takes the type away that a `let` writes, where one value becomes an object by that: the variable has its type then.
func (w *Workspace) generalizeLocal(m *survey.Mention) []Action {
	let := letOf(bodyAround(m.File, m.Span.Start), m.Span)
	actions := w.untyped(m, let)
	if actions[0].BlockedBy == "" && slices.ContainsFunc(let.Pat.Binding.Uses, isHandedOn) && w.objectStays(m.Principal) != "" {
		return blockedGenerics(m, fmt.Sprintf("`%s` may be handed on to where the object stays", let.Pat.Binding.Name))
	}
	return actions
}

// untyped is generalizeLocal for a `let`, nil if there is none, whatever becomes of other mentions.
func (w *Workspace) untyped(m *survey.Mention, let *syntax.Let) []Action {
	if let == nil {
		return blockedGenerics(m, "it is no type of a variable alone: what is made here is an object")
	}
	g := generic{m: m}
	g.walk(let.Type, nil)
	switch {
	case g.blocked != "":
		return blockedGenerics(m, g.blocked)
	case let.Pat.Kind != syntax.PatBind || let.Pat.Binding == nil || let.Init == nil || let.Else != nil:
		return blockedGenerics(m, "no plain variable gets its value here")
	case slices.ContainsFunc(let.Pat.Binding.Uses, isAssigned):
		return blockedGenerics(m, fmt.Sprintf("`%s` is given another value later, which may be of another type", let.Pat.Binding.Name))
	}
	if w.variableMeets(let.Pat, map[*syntax.Binding]bool{}) {
		return blockedGenerics(m, fmt.Sprintf("`%s` meets values that may be of other types", let.Pat.Binding.Name))
	}
	known := w.coercionsIn(m, let.Init.Span)
	if known == nil || len(known) != 1 || known[0].Expr != let.Init.Span {
		return blockedGenerics(m, "it is not one value of an evident type that becomes an object here")
	}
	p := newCompanionPlan(w)
	p.edits = append(p.edits, replace(m.File, source.Span{Start: let.Pat.Span.End, End: let.Type.Span.End}, ""))
	scope := scopeOf(&known[0])
	inScope := slices.ContainsFunc(w.Judge.Types.Resolver.TraitsInScope(scope), func(d resolve.Def) bool { return sameTrait(d, m.Principal) })
	if !inScope && len(let.Pat.Binding.Uses) > 0 {
		p.edits = append(p.edits, p.addUse(scope.Module, p.pathTo(scope, m.Principal)))
	}
	return []Action{{
		Title: fmt.Sprintf("let `%s` have the type of its value", let.Pat.Binding.Name), Applicability: MaybeIncorrect,
		Edits: p.edits,
	}}
}

// isAssigned reports whether something is given to a place.
func isAssigned(use *syntax.Expr) bool {
	return use.Parent != nil && use.Parent.Kind == syntax.ExprAssign && use.Parent.X == use
}

// isHandedOn reports whether a place is more than what a method is called on.
func isHandedOn(use *syntax.Expr) bool {
	return use.Parent == nil || use.Parent.Kind != syntax.ExprMethod || use.Parent.X != use
}

// coercionsIn are the values that become objects of a mention's trait within a span of its file; nil if it is not known of all.
func (w *Workspace) coercionsIn(m *survey.Mention, span source.Span) []infer.Coercion {
	found := w.coercionsTo(m.Principal)
	for _, u := range found.Unclear {
		if u.File == m.File && span.Encloses(u.Span) {
			return nil
		}
	}
	out := []infer.Coercion{}
	for i := range found.Known {
		if c := &found.Known[i]; c.File == m.File && span.Encloses(c.Expr) {
			out = append(out, *c)
		}
	}
	return out
}

// oneType is the type that values have before they become objects; nil if there are several, or it cannot be told.
func oneType(list []infer.Coercion) *types.Type {
	if len(list) == 0 {
		return nil
	}
	first := list[0].Of
	for i := range list[1:] {
		t := list[i+1].Of
		if t.Kind != types.Adt || first.Kind != types.Adt || len(t.Args)+len(first.Args) > 0 || t.Def.Item != first.Def.Item || t.Def.File() != first.Def.File() {
			return nil
		}
	}
	return first
}

// bodyAround is the body of the function that an offset stands in; nil if there is none.
func bodyAround(f *workspace.File, at uint32) *syntax.Body {
	items := f.Syntax().Items
	i := itemAt(f, at)
	for i >= 0 && items[i].Kind == syntax.KindBlock {
		i = items[i].Parent
	}
	if i < 0 || items[i].Kind != syntax.KindFn {
		return nil
	}
	return bodyOf(f, i)
}

func bodyOf(f *workspace.File, item int32) *syntax.Body {
	return syntax.ParseBody(f.Syntax(), item, f.Edition, func([]source.Span) bool { return true }, syntax.Macros{Evaluates: func(*syntax.Path, source.Span, source.Span) bool { return true }})
}

// letOf is the `let` of a body in whose type a span stands; nil if there is none.
func letOf(body *syntax.Body, span source.Span) *syntax.Let {
	var found *syntax.Let
	if body != nil {
		eachExpr(body.Root, func(e *syntax.Expr) {
			for i := range e.Stmts {
				if let := e.Stmts[i].Let; let != nil && let.Type != nil && let.Type.Span.Encloses(span) {
					found = let
				}
			}
		})
	}
	return found
}

// eachExpr calls f for an expression and all within it.
func eachExpr(e *syntax.Expr, f func(*syntax.Expr)) {
	if e == nil {
		return
	}
	f(e)
	for _, part := range partsOfExpr(e) {
		eachExpr(part, f)
	}
}
