package infer

import (
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// A macro that defines a type writes its impls too, as a rule: the combinators of futures and the guards of async-lock are made
// so. The invocation was expanded to find the type; what else it writes is at hand, in whatever crate the macro is defined.

// beside are the impls that the macro invocation writes which defines a type; none if no macro defines it.
func (e *engine) beside(t *types.Type) []*impl {
	if t.Kind != types.Adt || t.Def.Scope.File.Expansion == nil {
		return nil
	}
	made := t.Def.Scope
	for made.File.Expansion != nil {
		for made.Host == nil {
			made, _ = made.Outside()
		}
		if made.Host.File.Expansion == nil {
			break
		}
		made = made.Host
	}
	e = e.of(made.Crate)
	key := itemKey{made.Host, made.Call}
	if v, ok := e.besides.Load(key); ok {
		return v.([]*impl)
	}
	var out []*impl
	e.resolve.MadeBy(made.Host, made.Call, func(s *workspace.Scope) {
		items := s.File.Syntax().Items
		for i := range items {
			if items[i].Kind == syntax.KindImpl && compiled(s, int32(i)) {
				out = append(out, e.implAt(s.ScopeOf(int32(i)), int32(i)))
			}
		}
	})
	v, _ := e.besides.LoadOrStore(key, out)
	return v.([]*impl)
}

// addBeside adds those impls beside a type that are of a trait, or of none if trait names none, and that list has not.
func (e *engine) addBeside(list []*impl, t *types.Type, trait resolve.Def) []*impl {
	h := head(t)
	for _, im := range e.beside(t) {
		if got := e.headOf(im); got != "*" && got != h || im.header.Negative {
			continue
		}
		if im.load(e); im.absent || (im.ref == nil) != (trait.Kind == resolve.None) || im.ref != nil && im.ref.Def != trait {
			continue
		}
		if im.ref == nil && (im.ty.Kind != types.Adt || im.ty.Def != t.Def) {
			continue
		}
		if !slices.ContainsFunc(list, func(have *impl) bool { return have.scope == im.scope && have.item == im.item }) {
			list = append(list, im)
		}
	}
	return list
}
