package workspace

import (
	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// MacroItem is a macro definition.
type MacroItem struct {
	Scope *Scope
	Item  int32
}

// maxExportModules bounds how many modules of a dependency are read for its macros; generated crates have thousands of files.
const maxExportModules = 256

// ExportedMacros are the crate's macros with #[macro_export], by name. Those of the standard library are not listed.
func (c *Crate) ExportedMacros() map[string][]MacroItem {
	c.exportedOnce.Do(func() {
		c.exported = map[string][]MacroItem{}
		if !c.Std && c.Root != nil {
			left := maxExportModules
			c.export(c.Root, &left)
		}
	})
	return c.exported
}

func (c *Crate) export(s *Scope, left *int) {
	if !s.File.MayHaveModules() && !s.File.mayExport() {
		return
	}
	items := s.File.Syntax().Items
	if s.File.mayExport() { // else no index is made just for this
		for _, i := range s.Index().Macros {
			if items[i].Kind == syntax.KindMacroRules && s.Exports(i) {
				c.exported[items[i].Name] = append(c.exported[items[i].Name], MacroItem{s, i})
			}
		}
	}
	s.EachItem(func(i int32) {
		if items[i].Kind != syntax.KindMod || s.ItemCfg(i) == cargo.False || s.depth() > maxModuleDepth {
			return
		}
		if !c.Member {
			if *left--; *left < 0 {
				return
			}
		}
		if child := s.ChildModule(i); child != nil && (child.Item >= 0 || !s.within(child.File)) {
			c.export(child, left)
		}
	})
}

// within reports whether the scope or one around it is the file as a whole.
func (s *Scope) within(f *File) bool {
	for ; s != nil; s = s.Parent {
		if s.File == f {
			return true
		}
	}
	return false
}
