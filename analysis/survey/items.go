package survey

import (
	"slices"
	"sort"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// fileItems are the headers of one file's items, each read at most once: an item with a thousand mentions is not read a
// thousand times.
type fileItems struct {
	file   *workspace.File
	parsed map[int32]any // headers, by item
	// lifetimes says which items have lifetime parameters, escaping which parts of clauses mention a lifetime bound there.
	lifetimes map[resolve.Def]bool
	escaping  map[escapeKey]bool
	imports   map[string]bool // names of expression macros that the file imports from elsewhere; nil before somebody asks
	// expansions are those of the invocations in the file, made the same by what they were made to.
	expansions map[expandKey]*expansion
	made       map[*workspace.File]*expansion
}

func newFileItems(file *workspace.File) *fileItems {
	return &fileItems{
		file: file, parsed: map[int32]any{}, lifetimes: map[resolve.Def]bool{}, escaping: map[escapeKey]bool{},
		expansions: map[expandKey]*expansion{}, made: map[*workspace.File]*expansion{},
	}
}

// read is the header of an item: what parse makes of it.
func read[T any](f *fileItems, item int32, parse func(*syntax.File, int32, int) *T) *T {
	if v, ok := f.parsed[item]; ok {
		return v.(*T)
	}
	out := parse(f.file.Syntax(), item, f.file.Edition)
	f.parsed[item] = out
	return out
}

// generics are the generic parameters of an item.
func (f *fileItems) generics(item int32) *syntax.Generics {
	switch f.file.Syntax().Items[item].Kind {
	case syntax.KindFn:
		return &read(f, item, syntax.ParseFn).Generics
	case syntax.KindImpl:
		return &read(f, item, syntax.ParseImpl).Generics
	case syntax.KindTrait, syntax.KindTraitAlias:
		return &read(f, item, syntax.ParseTrait).Generics
	case syntax.KindType:
		return &read(f, item, syntax.ParseAlias).Generics
	case syntax.KindStruct, syntax.KindEnum, syntax.KindUnion:
		return &read(f, item, syntax.ParseAdt).Generics
	}
	return &syntax.Generics{}
}

// isParam reports whether a name is a generic parameter at a place in item: its own, or the trait's or impl's around it.
func (f *fileItems) isParam(item int32, name string) bool {
	items := f.file.Syntax().Items
	for i := item; i >= 0; i = items[i].Parent {
		for _, p := range f.generics(i).Params {
			if p.Name == name {
				return true
			}
		}
		if k := items[i].Kind; k != syntax.KindFn && k != syntax.KindBlock && k != syntax.KindType && k != syntax.KindConst {
			return false
		}
	}
	return false
}

// hasLifetimes reports whether an item of any file has lifetime parameters.
func (f *fileItems) hasLifetimes(def resolve.Def) bool {
	if known, ok := f.lifetimes[def]; ok {
		return known
	}
	out := false
	if def.Item >= 0 && def.Kind != resolve.Primitive {
		of := f
		if def.File() != f.file {
			of = newFileItems(def.File())
		}
		out = slices.ContainsFunc(of.generics(def.Item).Params, func(p syntax.Param) bool { return p.Kind == syntax.ParamLifetime })
	}
	f.lifetimes[def] = out
	return out
}

// holding is the index of the one of n spans, which are in order and do not overlap, that holds the byte at offset; -1 if
// none does.
func holding(n int, span func(i int) source.Span, offset uint32) int {
	i := sort.Search(n, func(i int) bool { return span(i).End > offset })
	if i < n && span(i).Contains(offset) {
		return i
	}
	return -1
}
