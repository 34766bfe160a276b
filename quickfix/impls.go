package quickfix

import (
	"slices"
	"strings"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
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

// lazyImpls are the impls of the workspace's files by the trait that they implement, found when they are first needed: of the files only
// those are read that have the trait's name in a header or a macro.
type lazyImpls struct {
	mu sync.Mutex
	of map[item]*implSet
	// renames are the names that `as` gives in the workspace, by the hash of what it renames.
	renames map[uint32][]string
	// macros are the names of what the macros of a file may make impls of; see implsOfMacros.
	macros map[*workspace.File]map[string]bool
}

// implSet are the impls of one trait; complete as implsOf has it.
type implSet struct {
	impls    []traitImpl
	complete bool
}

// implsOf are the impls of a trait in the workspace's files, by file and place. They are complete if nothing unresolved and
// no macro of the workspace could hold another one; impls in crates that depend on the workspace are not known.
func (w *Workspace) implsOf(def resolve.Def) (impls []traitImpl, complete bool) {
	x := &w.impls
	x.mu.Lock()
	defer x.mu.Unlock()
	key := item{def.File(), def.Item}
	if x.of == nil {
		x.of, x.renames = map[item]*implSet{}, map[uint32][]string{}
		x.macros = map[*workspace.File]map[string]bool{}
		for _, f := range w.Snapshot.Files {
			for hash, to := range f.Headers().Renamed {
				x.renames[hash] = append(x.renames[hash], to...)
			}
		}
	}
	if x.of[key] == nil {
		x.of[key] = x.find(w, def)
	}
	return x.of[key].impls, x.of[key].complete
}

// find is asked with the lock held.
func (x *lazyImpls) find(w *Workspace, def resolve.Def) *implSet {
	name := def.ItemName()
	names := []string{name}
	for i := 0; i < len(names); i++ {
		for _, n := range x.renames[workspace.HashWord(names[i])] {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	out := &implSet{complete: true}
	for _, f := range w.Snapshot.Files {
		if len(f.Owners) == 0 {
			continue
		}
		if out.complete && f.Names().Have(name) && f.Mentions("!") {
			if x.macros[f] == nil {
				x.macros[f] = map[string]bool{}
				implsOfMacros(f, x.macros[f])
			}
			out.complete = !x.macros[f][name]
		}
		if !slices.ContainsFunc(names, f.Headers().Have) {
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
			last := header.Trait.Segments[len(header.Trait.Segments)-1].Name
			if !slices.Contains(names, last) {
				continue
			}
			scope, found, known := implemented(w.Judge, f, int32(i), header.Trait)
			switch {
			case !known:
				out.complete = out.complete && last != name
			case sameTrait(found, def):
				out.impls = append(out.impls, traitImpl{File: f, Item: int32(i), Scope: scope, Header: header})
			}
		}
	}
	return out
}

// implemented is the trait that an impl implements, as the first of the file's owners that knows it sees it.
func implemented(judge *dyncompat.Judge, f *workspace.File, impl int32, path *syntax.Path) (*workspace.Scope, resolve.Def, bool) {
	for _, owner := range f.Owners {
		scope := owner.ScopeOf(impl)
		if r, n := judge.Types.Resolver.Path(scope, path); r.Found() && n == len(path.Segments) {
			return scope, r.Def, true
		}
	}
	return nil, resolve.Def{}, false
}

// implsOfMacros adds the names of traits that the macros of a file may make impls of: `name for` and `name<..> for` in definitions,
// and every name that is given to a macro where an item stands.
func implsOfMacros(f *workspace.File, names map[string]bool) {
	s := f.Syntax()
	for i := range s.Items {
		it := &s.Items[i]
		switch {
		case it.Kind == syntax.KindMacroRules:
			toks := syntax.Lex(f.Text, it.Span, nil)
			for k, t := range toks {
				if t.Kind == syntax.Ident && t.Word == syntax.NoWord && implements(toks[k+1:]) {
					names[identifier(f.Text, t)] = true
				}
			}
		case it.Kind == syntax.KindMacroCall && (it.Macro < 0 || !s.Macros[it.Macro].Items):
			for _, t := range syntax.Lex(f.Text, it.Span, nil) {
				if t.Kind == syntax.Ident && t.Word == syntax.NoWord {
					names[identifier(f.Text, t)] = true
				}
			}
		}
	}
}

// identifier is the text of a token without r#.
func identifier(text []byte, t syntax.Token) string {
	return strings.TrimPrefix(string(t.Span().Of(text)), "r#")
}

// maxHeader bounds the arguments of a trait between its name and `for`, in tokens.
const maxHeader = 64

// implements reports whether the tokens behind a trait's name are `for`, or its arguments and `for`.
func implements(toks []syntax.Token) bool {
	depth := 0
	for _, t := range toks[:min(len(toks), maxHeader)] {
		switch {
		case t.Is('<'):
			depth++
		case t.Is('>'):
			depth--
		case depth == 0:
			return t.Word == syntax.WordFor
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
