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
			c.export(c.Root, &left, map[*File]int{})
		}
	})
	return c.exported
}

func (c *Crate) export(s *Scope, left *int, seen map[*File]int) {
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
		if !s.declaresModule(i) || s.ItemCfg(i) == cargo.False || s.depth() > maxModuleDepth {
			return
		}
		if !c.Member {
			if *left--; *left < 0 {
				return
			}
		}
		child := s.ChildModule(i)
		if child == nil {
			return
		}
		if child.Item < 0 {
			if seen[child.File]++; seen[child.File] > maxModulesOfFile {
				return
			}
		}
		c.export(child, left, seen)
	})
}

// declaresModule reports whether the item leads to another scope: a `mod`, or a call of include!.
func (s *Scope) declaresModule(i int32) bool {
	file := s.File.Syntax()
	switch file.Items[i].Kind {
	case syntax.KindMod:
		return true
	case syntax.KindMacroCall:
		_, ok := syntax.IncludedPath(file, i)
		return ok
	}
	return false
}

// within reports whether the scope is in a file as a whole: as one of its modules, or in what one of them includes.
func (s *Scope) within(f *File) bool {
	for ; s != nil; s, _ = s.Outside() {
		if s.File == f {
			return true
		}
	}
	return false
}
