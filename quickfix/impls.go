package quickfix

import (
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// traitImpl is an `impl Trait for X` of the workspace.
type traitImpl struct {
	File   *workspace.File
	Item   int32
	Scope  *workspace.Scope // that it stands in
	Header *syntax.Impl
}

// lazyImpls are the impls of the workspace's files by the trait that they implement, made when they are first needed.
type lazyImpls struct {
	once sync.Once
	of   map[item][]traitImpl
	// unknown counts, by last segment, paths of traits in impls that did not resolve.
	unknown map[string]int
}

// implsOf are the impls of a trait in the workspace's files, by file and place. They are complete if nothing unresolved and
// no macro of the workspace could hold another one; impls in crates that depend on the workspace are not known.
func (w *Workspace) implsOf(t *survey.Trait) (impls []traitImpl, complete bool) {
	x := &w.impls
	x.once.Do(w.indexImpls)
	name := t.Def.ItemName()
	return x.of[item{t.Def.File(), t.Def.Item}], x.unknown[name] == 0 && !w.inMacro(name)
}

func (w *Workspace) indexImpls() {
	x := &w.impls
	x.of, x.unknown = map[item][]traitImpl{}, map[string]int{}
	for _, f := range w.Snapshot.Files {
		if len(f.Owners) == 0 || !f.Mentions("impl") {
			continue
		}
		items := f.Syntax().Items
		for i := range items {
			if items[i].Kind != syntax.KindImpl {
				continue
			}
			header := syntax.ParseImpl(f.Syntax(), int32(i), f.Edition)
			if header.Trait == nil || header.Negative || len(header.Trait.Segments) == 0 {
				continue
			}
			scope, def, known := w.implemented(f, int32(i), header.Trait)
			if !known {
				x.unknown[header.Trait.Segments[len(header.Trait.Segments)-1].Name]++
				continue
			}
			if def.Kind == resolve.Trait {
				key := item{def.File(), def.Item}
				x.of[key] = append(x.of[key], traitImpl{File: f, Item: int32(i), Scope: scope, Header: header})
			}
		}
	}
}

// implemented is the trait that an impl implements, as the first of the file's owners that knows it sees it.
func (w *Workspace) implemented(f *workspace.File, impl int32, path *syntax.Path) (*workspace.Scope, resolve.Def, bool) {
	for _, owner := range f.Owners {
		scope := owner.ScopeOf(impl)
		if r, n := w.Judge.Types.Resolver.Path(scope, path); r.Found() && n == len(path.Segments) {
			return scope, r.Def, true
		}
	}
	return nil, resolve.Def{}, false
}

// inMacro reports whether a macro of the workspace may make an impl of the trait called name: its definition holds `impl .. name
// for`, or the name is given to it where an item stands.
func (w *Workspace) inMacro(name string) bool {
	for _, f := range w.Snapshot.Files {
		if !f.Mentions("!") || !f.Mentions(name) {
			continue
		}
		s := f.Syntax()
		for i := range s.Items {
			it := &s.Items[i]
			switch {
			case it.Kind == syntax.KindMacroRules && implements(it.Span.Of(f.Text), name):
				return true
			case it.Kind == syntax.KindMacroCall && (it.Macro < 0 || !s.Macros[it.Macro].Items) && len(occurrences(it.Span.Of(f.Text), name)) > 0:
				return true
			}
		}
	}
	return false
}

// maxHeader bounds the arguments of a trait between its name and `for`, in bytes.
const maxHeader = 512

// implements reports whether `name for` or `name<..> for` stands in a text.
func implements(text []byte, name string) bool {
	for _, at := range occurrences(text, name) {
		rest := text[int(at)+len(name):]
		depth := 0
	tokens:
		for _, t := range syntax.Lex(rest, source.Span{End: uint32(min(len(rest), maxHeader))}, nil) {
			switch {
			case t.Is('<'):
				depth++
			case t.Is('>'):
				depth--
			case depth == 0 && t.Word == syntax.WordFor:
				return true
			case depth == 0:
				break tokens
			}
		}
	}
	return false
}

// member is the impl's own item of a kind and name, -1 if it has none.
func (x *traitImpl) member(kind syntax.ItemKind, name string) int32 {
	return memberOf(x.File.Syntax(), x.Item, kind, name)
}

// memberOf is the item of a kind and name that stands directly in the trait or impl at index parent, -1 if there is none.
func memberOf(f *syntax.File, parent int32, kind syntax.ItemKind, name string) int32 {
	for i := parent + 1; i < int32(len(f.Items)) && f.Items[i].Span.Start < f.Items[parent].Span.End; i++ {
		if f.Items[i].Parent == parent && f.Items[i].Kind == kind && f.Items[i].Name == name {
			return i
		}
	}
	return -1
}
