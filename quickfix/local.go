package quickfix

import (
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// staysLocal reports whether declarations show that futures of a trait, or of a supertrait, cannot be Send, so that to promise it would be an
// error: an async method takes an Rc or gives one back, or one of an impl borrows a value that has an Rc in it.
func (w *Workspace) staysLocal(def resolve.Def) bool {
	return slices.ContainsFunc(w.Judge.Types.Supertraits(def), func(super *types.TraitRef) bool {
		return super.Def.Kind == resolve.Trait && super.Def.Scope.Crate.Member && w.ownStaysLocal(super.Def)
	})
}

func (w *Workspace) ownStaysLocal(def resolve.Def) bool {
	f := def.File()
	var borrowing []string // methods
	for _, i := range w.Judge.Types.Decl(def).Members {
		if f.Syntax().Items[i].Kind != syntax.KindFn || f.Syntax().Items[i].Flags&syntax.FlagAsync == 0 {
			continue
		}
		fn := syntax.ParseFn(f.Syntax(), i, f.Edition)
		if fn.Ret != nil && w.holdsRc(def.Scope, fn.Ret) ||
			slices.ContainsFunc(fn.Params, func(p syntax.FnParam) bool { return p.Type != nil && w.holdsRc(def.Scope, p.Type) }) {
			return true
		}
		if fn.Self == syntax.SelfRef || fn.Self == syntax.SelfRefMut {
			borrowing = append(borrowing, fn.Name)
		}
	}
	if len(borrowing) == 0 {
		return false
	}
	impls, _ := w.implsOf(def)
	return slices.ContainsFunc(impls, func(im traitImpl) bool {
		return im.Header.Type != nil && w.fieldsHoldRc(im.Scope, im.Header.Type) &&
			slices.ContainsFunc(borrowing, func(name string) bool { return im.member(syntax.KindFn, name) >= 0 })
	})
}

// fieldsHoldRc reports whether a type is a struct or enum with an Rc in one of its fields.
func (w *Workspace) fieldsHoldRc(scope *workspace.Scope, t *syntax.Type) bool {
	if t.Kind != syntax.TypePath || t.Path.QSelf != nil {
		return false
	}
	r, n := w.Judge.Types.Resolver.Path(scope, t.Path)
	if !r.Found() || n != len(t.Path.Segments) || r.Def.Kind != resolve.Struct && r.Def.Kind != resolve.Enum || !r.Def.Scope.Crate.Member {
		return false
	}
	file := r.Def.File()
	fields := syntax.ParseAdt(file.Syntax(), r.Def.Item, file.Edition).Fields
	return slices.ContainsFunc(fields, func(field syntax.Field) bool {
		return len(field.Attrs) == 0 && field.Type != nil && w.holdsRc(r.Def.Scope, field.Type)
	})
}
