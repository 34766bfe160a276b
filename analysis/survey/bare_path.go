package survey

import (
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// barePath is a path of an expression or a pattern, `Trait::name`, by the place it begins at: in editions 2015 and 2018 it is
// `<dyn Trait>::name` if the trait itself declares no such name (rustc_resolve, smart_resolve_path_fragment: what is left of a
// path behind a trait is looked up in the type of its objects).
type barePath struct {
	end  uint32 // of the whole path
	head uint32 // end of the trait's own path, with its arguments
	call bool   // `(` stands behind it
}

// barePathAt reads such a path at token i: the tokens of the trait's path, and the indices of the last token of its arguments
// and of the name behind. What it means is not asked.
func barePathAt(text []byte, toks []syntax.Token, i int) (path []syntax.Token, end, last int, ok bool) {
	k := i
	if toks[k].Kind == syntax.PathSep {
		k++
	}
	if k >= len(toks) || toks[k].Kind != syntax.Ident || i > 0 && (endsPath(toks[i-1]) && toks[i].Kind == syntax.PathSep || toks[i-1].Kind == syntax.PathSep || toks[i-1].Is('.') || toks[i-1].Is(':')) {
		return nil, 0, 0, false
	}
	head := k // the last token of the trait's path
	for k+2 < len(toks) && toks[k+1].Kind == syntax.PathSep && toks[k+2].Kind == syntax.Ident {
		head, k = k, k+2
	}
	end = head
	if shut := argsEnd(toks, k+1); shut > 0 && shut+2 < len(toks) && toks[shut+1].Kind == syntax.PathSep && toks[shut+2].Kind == syntax.Ident {
		head, end, k = k, shut, shut+2
	}
	if k < head+2 || !capital(text, toks[head]) || toks[head].Word != syntax.NoWord || toks[k].Word != syntax.NoWord {
		return nil, 0, 0, false
	}
	return toks[i : head+1], end, k, true
}

// argsEnd is the index of the `>` of the generic arguments `::<..>` at token i, 0 if none begin there.
func argsEnd(toks []syntax.Token, i int) int {
	if i+1 >= len(toks) || toks[i].Kind != syntax.PathSep || !toks[i+1].Is('<') {
		return 0
	}
	for k, depth := i+1, 0; k < len(toks); k++ {
		switch t := toks[k]; {
		case t.Is('<'):
			depth++
		case t.Is('>'):
			if depth--; depth == 0 {
				return k
			}
		case t.Is(';'), t.Is('{'), t.Is('}'):
			return 0
		}
	}
	return 0
}

// declares reports whether a trait has, or may have, an item of its own with a name.
func declares(judge *dyncompat.Judge, trait resolve.Def, name string) bool {
	decl := judge.Types.Decl(trait)
	items := trait.File().Syntax().Items
	return decl.Expanding || judge.MayAdd(trait) || slices.ContainsFunc(decl.Members, func(m int32) bool { return items[m].Name == name })
}

// barePaths are the paths of a file that go on behind a trait to a name that it has not, by the offset they begin at.
func barePaths(judge *dyncompat.Judge, of *fileItems, toks []syntax.Token) map[int32]map[uint32]barePath {
	file := of.file
	f := file.Syntax()
	var out map[int32]map[uint32]barePath
	for i := range toks {
		path, end, last, ok := barePathAt(f.Text, toks, i)
		if !ok {
			continue
		}
		item := itemAt(f, toks[i].Start)
		if item < 0 || !slices.ContainsFunc(file.Owners, func(owner *workspace.Scope) bool {
			r := meaning(judge.Types.Resolver, owner.ScopeAt(item, toks[i].Start), f.Text, path)
			return isTrait(r) && !declares(judge, r.Def, name(f.Text, toks[last]))
		}) || len(path) == 1 && of.isParam(item, name(f.Text, path[0])) {
			continue
		}
		if out == nil {
			out = map[int32]map[uint32]barePath{}
		}
		if out[item] == nil {
			out[item] = map[uint32]barePath{}
		}
		out[item][toks[i].Start] = barePath{end: toks[last].End, head: toks[end].End, call: last+1 < len(toks) && toks[last+1].Is('(')}
	}
	return out
}

// inExpressions are the paths of an item, with the trait objects that they begin with, where an expression or a pattern
// stands; of those in a macro's arguments, the calls.
func inExpressions(file *workspace.File, tree *syntax.Tree, item int32, paths map[uint32]barePath) []written {
	var out []written
	var parents []int32
	for i := range tree.Nodes {
		n := &tree.Nodes[i]
		for len(parents) > 0 && tree.Nodes[parents[len(parents)-1]].Next <= int32(i) {
			parents = parents[:len(parents)-1]
		}
		var parent syntax.NodeKind
		if len(parents) > 0 {
			parent = tree.Nodes[parents[len(parents)-1]].Kind
		}
		parents = append(parents, int32(i))
		p, ok := paths[n.Start]
		switch {
		case !ok:
			continue
		case parent == syntax.NodeTokenTree:
			ok = p.call
		default:
			ok = n.Kind == syntax.NodeScopedIdentifier && n.End == p.end && !namesNoValue[parent]
		}
		if !ok || itemAt(file.Syntax(), n.Start) != item {
			continue
		}
		delete(paths, n.Start)
		rest := file.Syntax().Items[item].Span
		rest.Start, rest.End = n.Start, p.head
		out = append(out, written{ty: bareType(syntax.ParseType(file.Syntax().Text, rest, file.Edition)), item: item, macro: -1, bare: true, path: true})
	}
	return out
}

// namesNoValue are the nodes in which a path names a module, a macro or an attribute.
var namesNoValue = map[syntax.NodeKind]bool{
	syntax.NodeAttribute:          true,
	syntax.NodeMacroInvocation:    true,
	syntax.NodeUseDeclaration:     true,
	syntax.NodeVisibilityModifier: true,
}
