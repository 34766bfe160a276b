package companion

import (
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// VisibleFrom reports whether an item is visible in a scope of its crate by its own visibility and those of the modules around
// it. Re-exports are not looked for.
func VisibleFrom(d resolve.Def, scope *workspace.Scope) bool {
	sees := func(module *workspace.Scope) bool { return Below(scope.Module, module) }
	vis := d.File().Syntax().Items[d.Item].Visibility
	if vis != syntax.VisPublic && vis != syntax.VisCrate && !sees(d.Scope.Module) {
		return false
	}
	for s := d.Scope.Module; s.Parent != nil; s = s.Parent {
		if !sees(s.Parent) && !publicModule(s) {
			return false
		}
	}
	return true
}

// publicModule reports whether a module is declared `pub` or `pub(crate)`.
func publicModule(s *workspace.Scope) bool {
	public := false
	s.Parent.EachItem(func(i int32) {
		if it := &s.Parent.File.Syntax().Items[i]; it.Kind == syntax.KindMod && it.Name == s.Name {
			public = public || it.Visibility == syntax.VisPublic || it.Visibility == syntax.VisCrate
		}
	})
	return public
}

// Below reports whether a scope is a module or stands below it.
func Below(s, module *workspace.Scope) bool {
	for ; s != nil; s = s.Parent {
		if s == module {
			return true
		}
	}
	return false
}
