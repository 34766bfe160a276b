package survey

import (
	"maps"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// bareTypes finds the trait objects of editions 2015 and 2018 that are written without dyn: paths in type position that
// mean a trait in one of the file's targets, and those that a path of an expression begins with. Names are looked at first;
// only items in which a trait's name stands where such a type could are parsed.
func bareTypes(judge *dyncompat.Judge, of *fileItems) []written {
	r, file := judge.Types.Resolver, of.file
	f := file.Syntax()
	meansTrait := func(item int32, path []syntax.Token) bool {
		return slices.ContainsFunc(file.Owners, func(owner *workspace.Scope) bool {
			return isTrait(meaning(r, owner.ScopeAt(item, path[0].Start), f.Text, path))
		})
	}
	toks := syntax.Lex(f.Text, source.Span{End: uint32(len(f.Text))}, nil)
	var out []written
	candidates := map[int32]map[uint32]bool{} // item -> offsets of paths that mean a trait
	for i := 0; i < len(toks); i++ {
		n, ok := traitLikePath(f.Text, toks, i)
		if !ok {
			i += n
			continue
		}
		item := itemAt(f, toks[i].Start)
		// Few names are traits', and to look whether one is a parameter a header is parsed: that comes last.
		if item >= 0 && meansTrait(item, toks[i:i+n+1]) && !(n == 0 && of.isParam(item, name(f.Text, toks[i]))) {
			if candidates[item] == nil {
				candidates[item] = map[uint32]bool{}
			}
			if at, ok := beyondGrammar(toks, i); ok {
				alias := f.Items[item].Kind == syntax.KindTraitAlias // a bound stands behind its `=`
				if at > 0 && (opensType(toks[at-1]) || toks[at-1].Is('=') && !alias || at > 1 && toks[at-1].Is('(') && opensType(toks[at-2])) {
					rest := source.Span{Start: toks[at].Start, End: f.Items[item].Span.End}
					out = append(out, written{ty: bareType(syntax.ParseTypePrefix(f.Text, rest, file.Edition)), item: item, macro: -1, bare: true})
				}
				i += n
				continue
			}
			candidates[item][toks[i].Start] = true
		}
		i += n
	}
	qualifiers := barePaths(judge, of, toks)
	for item := range f.Items {
		paths, heads := candidates[int32(item)], qualifiers[int32(item)]
		if paths == nil && heads == nil {
			continue
		}
		if f.Items[item].Kind == syntax.KindImpl { // of what the grammar does not know behind it the trait reads as a type
			if im := syntax.ParseImpl(f, int32(item), file.Edition); im.Trait != nil {
				delete(paths, im.Trait.Span.Start)
			}
		}
		tree, err := syntax.ParseTree(f.Text, f.Items[item].Span)
		if err != nil {
			continue
		}
		for _, b := range syntax.BareTypes(tree) {
			if !paths[b.Path.Start] || itemAt(f, b.Path.Start) != int32(item) {
				continue
			}
			out = append(out, written{ty: bareType(syntax.ParseType(f.Text, b.Type, file.Edition)), item: int32(item), macro: -1, bare: true})
			delete(paths, b.Path.Start)
		}
		out = append(out, bareInMacros(f, tree, paths, int32(item), file.Edition)...)
		out = append(out, inExpressions(file, tree, int32(item), heads)...)
	}
	return out
}

// bareType is a type that was read, as a trait object type.
func bareType(ty *syntax.Type) *syntax.Type {
	if ty.Kind == syntax.TypePath {
		ty = &syntax.Type{Kind: syntax.TypeBare, Span: ty.Span, Bounds: []syntax.Bound{{Span: ty.Span, Path: ty.Path}}}
	}
	return ty
}

// traitLikePath reports whether a path that could be a bare trait object begins at token i, and how many tokens more than
// one it takes. Paths where a bound, an import or an expression's qualifier stands are left out.
func traitLikePath(text []byte, toks []syntax.Token, i int) (more int, ok bool) {
	t := toks[i]
	n := 0
	if t.Kind == syntax.PathSep && (i == 0 || !endsPath(toks[i-1])) && i+1 < len(toks) {
		n, t = 1, toks[i+1]
	}
	inModuleDyn := t.Word == syntax.WordDyn && i+n+1 < len(toks) && toks[i+n+1].Kind == syntax.PathSep // a name in 2015
	if t.Kind != syntax.Ident || !inModuleDyn && !isName(t.Word) && t.Word != syntax.WordCrate && t.Word != syntax.WordSuper && t.Word != syntax.WordSelf {
		return 0, false
	}
	for i+n+2 < len(toks) && toks[i+n+1].Kind == syntax.PathSep && toks[i+n+2].Kind == syntax.Ident {
		n += 2
	}
	last := toks[i+n]
	if last.Kind != syntax.Ident || !isName(last.Word) || !capital(text, last) && !(i > 0 && opensType(toks[i-1])) {
		return n, false
	}
	if inBound(toks, i) {
		return n, false
	}
	if i > 0 {
		p := toks[i-1]
		switch {
		case p.Word == syntax.WordDyn, p.Word == syntax.WordAs, p.Word == syntax.WordUse, p.Word == syntax.WordTrait,
			p.Is('+'), p.Is('?'), p.Is('.'), p.Is('#'):
			return n, false
		case p.Is(':'):
			return n, false
		}
	}
	if next := toks[min(i+n+1, len(toks)-1)]; next.Kind == syntax.PathSep || next.Word == syntax.WordFor || next.Is('!') {
		return n, false
	}
	return n, true
}

// isName reports whether a word may be the name of an item: those that are keywords in some places or in later editions only are.
// In editions where they are keywords no item has their name.
func isName(w syntax.Word) bool {
	switch w {
	case syntax.NoWord, syntax.WordAuto, syntax.WordDefault, syntax.WordUnion, syntax.WordSafe, syntax.WordFinal, syntax.WordGen,
		syntax.WordMacroRules, syntax.WordAsync, syntax.WordAwait:
		return true
	}
	return false
}

// inBound reports whether parentheses right before token i hold a bound: `dyn 'a + (Trait)`.
func inBound(toks []syntax.Token, i int) bool {
	k := i - 1
	for k >= 0 && toks[k].Is('(') {
		k--
	}
	return k >= 0 && k < i-1 && (toks[k].Is('+') || toks[k].Word == syntax.WordDyn)
}

// beyondGrammar finds the types that the grammar has no rule for: `for<'a> Trait<'a>` outside bounds, and a path through a
// module called dyn. It returns the index of the type's first token.
func beyondGrammar(toks []syntax.Token, i int) (int, bool) {
	if toks[i].Word == syntax.WordDyn {
		return i, true
	}
	return binderBefore(toks, i)
}

// binderBefore is the index of the `for` of `for<..>` right before token i.
func binderBefore(toks []syntax.Token, i int) (int, bool) {
	if i == 0 || !toks[i-1].Is('>') {
		return 0, false
	}
	for k := i - 2; k >= 0; k-- {
		switch t := toks[k]; {
		case t.Word == syntax.WordFor:
			return k, true
		case t.Kind != syntax.Lifetime && !t.Is('<') && !t.Is(','):
			return 0, false
		}
	}
	return 0, false
}

// capital reports whether a name begins like most traits' do.
func capital(text []byte, t syntax.Token) bool {
	c := text[t.Start]
	if t.Flags&syntax.RawIdent != 0 {
		c = text[t.Start+2]
	}
	return c >= 'A' && c <= 'Z' || c >= 0x80
}

// opensType reports whether a type is likely behind a token.
func opensType(t syntax.Token) bool {
	return t.Is('<') || t.Is('&') || t.Word == syntax.WordMut || t.Word == syntax.WordConst || t.Kind == syntax.Lifetime
}

// endsPath reports whether `::` behind a token goes on with a path.
func endsPath(t syntax.Token) bool {
	return t.Kind == syntax.Ident && t.Word != syntax.WordMut && t.Word != syntax.WordConst || t.Is('>')
}

// itemAt is the innermost item that holds the byte at offset, -1 if none does.
func itemAt(f *syntax.File, offset uint32) int32 {
	out := int32(-1)
	lo, hi := 0, len(f.Items)
	for lo < hi { // the last item that starts at or before offset
		mid := (lo + hi) / 2
		if f.Items[mid].Span.Start <= offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	for out = int32(lo) - 1; out >= 0; out = f.Items[out].Parent {
		if f.Items[out].Span.Contains(offset) {
			return out
		}
	}
	return -1
}

// meaning is what the whole path in toks means.
func meaning(r *resolve.Resolver, scope *workspace.Scope, text []byte, toks []syntax.Token) resolve.Result {
	if len(toks) == 1 {
		return r.Lexical(scope, name(text, toks[0]))
	}
	path := &syntax.Path{Global: toks[0].Kind == syntax.PathSep}
	for _, t := range toks {
		if t.Kind == syntax.Ident {
			path.Segments = append(path.Segments, syntax.Segment{Name: name(text, t), Raw: t.Flags&syntax.RawIdent != 0, Span: t.Span()})
		}
	}
	res, n := r.Path(scope, path)
	if n != len(path.Segments) {
		return resolve.Result{}
	}
	return res
}

// name is an identifier without r#.
func name(text []byte, t syntax.Token) string {
	return strings.TrimPrefix(string(t.Span().Of(text)), "r#")
}

func isTrait(r resolve.Result) bool {
	return r.Def.Kind == resolve.Trait || r.Def.Kind == resolve.TraitAlias
}

// bareInMacros finds the bare trait objects among paths that stand in macro arguments, which the grammar does not look into:
// those that are the only argument of a type, `Box<Trait + Send>`, and sums of bounds behind a reference, `&(Trait + Send)`.
func bareInMacros(f *syntax.File, tree *syntax.Tree, paths map[uint32]bool, item int32, edition int) []written {
	var args []source.Span // of the outermost macros
	for i := range tree.Nodes {
		if n := &tree.Nodes[i]; n.Kind == syntax.NodeTokenTree && (len(args) == 0 || n.Start >= args[len(args)-1].End) {
			args = append(args, n.Span())
		}
	}
	var out []written
	for _, at := range slices.Sorted(maps.Keys(paths)) {
		n := holding(len(args), func(i int) source.Span { return args[i] }, at)
		if n < 0 || at < 2 {
			continue
		}
		shut, ok := byte('>'), f.Text[at-1] == '<'
		if f.Text[at-1] == '(' && f.Text[at-2] == '&' {
			shut, ok = ')', true
		}
		if !ok {
			continue
		}
		ty := syntax.ParseTypePrefix(f.Text, source.Span{Start: at, End: args[n].End}, edition)
		if ty.Span.End < args[n].End && f.Text[ty.Span.End] == shut && (shut == '>' || ty.Kind == syntax.TypeBare) {
			out = append(out, written{ty: bareType(ty), item: item, macro: -1, bare: true})
		}
	}
	return out
}
