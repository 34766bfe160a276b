package workspace

import (
	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// included is the scope of the file whose items `include!("path");` puts into a module; nil if the macro call at the item is none,
// or the file is missing. Its modules are looked for beside the file itself.
func (s *Scope) included(call int32) *Scope {
	if s.IsBlock() || s.File.Expansion != nil || s.File.Syntax().Items[call].Parent != s.Item {
		return nil
	}
	name, ok := syntax.IncludedPath(s.File.Syntax(), call)
	if !ok || s.shadowsInclude() {
		return nil
	}
	where := s.Crate.join(s.Crate.dirOf(s.File.Path), name)
	if !s.Crate.exists(where) {
		if s.Crate.Member && cargo.And(s.Active, s.ItemCfg(call)) == cargo.True {
			s.Crate.snapshot.problem(s.File, s.File.Syntax().Items[call].Span, "the file that is included here is missing: create "+where+", or remove the call of include!")
		}
		return nil
	}
	if s.reads(where) || s.repeats(call, name) {
		return nil
	}
	out := s.Expand(call, s.Crate.file(where))
	out.dir = s.Crate.dirOf(where)
	return out
}

// shadowsInclude reports whether a macro_rules! around the scope has the name include.
func (s *Scope) shadowsInclude() bool {
	for ; s != nil; s, _ = s.Outside() {
		items := s.File.Syntax().Items
		for _, i := range s.Index().Macros {
			if items[i].Kind == syntax.KindMacroRules && items[i].Name == "include" {
				return true
			}
		}
	}
	return false
}

// repeats reports whether a call before this one includes the same file in the scope, whose items would be there twice (E0428).
func (s *Scope) repeats(call int32, name string) bool {
	for _, i := range s.Index().Calls {
		if i >= call {
			break
		}
		if same, ok := syntax.IncludedPath(s.File.Syntax(), i); ok && same == name && s.ItemCfg(i) != cargo.False {
			return true
		}
	}
	return false
}

// maxIncludes bounds files that include files that include files: they can double at every level.
const maxIncludes = 2

// reads reports whether a file is being read around the scope, so that to include it again would never end, or too many are.
func (s *Scope) reads(path string) bool {
	included := 0
	for ; s != nil; s, _ = s.Outside() {
		if s.Host != nil {
			included++
		}
		if s.File.Path == path || included >= maxIncludes {
			return true
		}
	}
	return false
}
