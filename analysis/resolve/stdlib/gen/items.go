package main

import "github.com/afidt-lsp/afidt-lsp/analysis/syntax"

// itemKind is what an item of the sources is, by its keyword.
type itemKind uint8

const (
	itemOther itemKind = iota
	itemUse
	itemExternCrate
	itemMod
	itemStruct
	itemEnum
	itemUnion
	itemTrait
	itemImpl
	itemFn
	itemType
	itemConst
	itemStatic
	itemExternBlock
	itemMacroRules
	itemMacro
	itemMacroCall
)

// item is one item as token trees. Its head is all before the body, attributes and visibility excepted.
type item struct {
	kind   itemKind
	attrs  [][]node // the content of `#[..]`
	vis    []node
	head   []node
	body   *node  // `{..}` of mod, struct, enum, union, trait, impl, fn; the arguments of a macro
	name   string // empty for use, impl, extern blocks
	length int    // in nodes, attributes included
}

func (it *item) public() bool { return len(it.vis) == 1 && it.vis[0].is("pub") }

// splitItems reads up to limit items (all if 0) from nodes. What is no item becomes itemOther and ends the list.
func splitItems(nodes []node, limit int) []item {
	var out []item
	nodes = flat(nodes)
	for pos := 0; pos < len(nodes) && (limit == 0 || len(out) < limit); {
		if nodes[pos].is(";") {
			pos++
			continue
		}
		it := readItem(nodes[pos:])
		if it.kind == itemOther && it.length == 0 {
			return append(out, it)
		}
		out = append(out, it)
		pos += it.length
	}
	return out
}

func readItem(nodes []node) item {
	var it item
	i := 0
	for i+1 < len(nodes) && nodes[i].is("#") {
		if nodes[i+1].group('[') {
			it.attrs = append(it.attrs, nodes[i+1].sub)
			i += 2
			continue
		}
		if i+2 < len(nodes) && nodes[i+1].is("!") { // an inner attribute
			i += 3
			continue
		}
		break
	}
	v := visLength(nodes[i:])
	it.vis = flat(nodes[i : i+v])
	i += v
	start := i
	if i == len(nodes) {
		it.length = i
		return it
	}
	it.kind, i = itemKeyword(nodes, i)
	if it.kind == itemOther {
		return it
	}
	if i+1 < len(nodes) && nodes[i+1].ident() {
		it.name = nodes[i+1].text
	}
	end := itemEnd(nodes, i, it.kind)
	it.length = end
	it.head = nodes[start:end]
	switch last := len(it.head) - 1; it.kind {
	case itemMacroCall, itemMacroRules:
		if it.head[last].is(";") {
			last--
		}
		it.body = &it.head[last]
		it.head = it.head[:last]
		if it.kind == itemMacroRules {
			it.name = it.head[2].text
		}
	case itemMacro:
		it.name = it.head[1].text
		it.body = &it.head[last]
	case itemMod, itemStruct, itemEnum, itemUnion, itemTrait, itemImpl, itemFn, itemExternBlock:
		if it.head[last].group('{') {
			it.body = &it.head[last]
			it.head = it.head[:last]
		} else {
			it.head = it.head[:last] // without `;`
		}
	default:
		it.head = it.head[:last]
	}
	return it
}

// itemKeyword finds the keyword of the item that begins at nodes[i], past its qualifiers.
func itemKeyword(nodes []node, i int) (itemKind, int) {
	at := func(k int, s string) bool { return i+k < len(nodes) && nodes[i+k].is(s) }
	word := func(k int) bool { return i+k < len(nodes) && nodes[i+k].ident() }
	for ; i < len(nodes); i++ {
		n := &nodes[i]
		switch {
		case n.is("use"):
			return itemUse, i
		case n.is("mod"):
			return itemMod, i
		case n.is("struct"):
			return itemStruct, i
		case n.is("enum"):
			return itemEnum, i
		case n.is("union") && word(1):
			return itemUnion, i
		case n.is("trait"):
			return itemTrait, i
		case n.is("impl"):
			return itemImpl, i
		case n.is("fn"):
			return itemFn, i
		case n.is("type"):
			return itemType, i
		case n.is("static"):
			return itemStatic, i
		case n.is("macro_rules") && at(1, "!"):
			return itemMacroRules, i
		case n.is("macro") && word(1):
			return itemMacro, i
		case n.is("extern") && at(1, "crate"):
			return itemExternCrate, i + 1
		case n.is("extern"):
			if at(1, "{") || i+1 < len(nodes) && nodes[i+1].group('{') || i+2 < len(nodes) && nodes[i+2].group('{') {
				return itemExternBlock, i
			}
			if i+1 < len(nodes) && nodes[i+1].kind == syntax.Literal {
				i++
			}
		case n.is("const"):
			if word(1) && !qualified(nodes[i+1].text) || at(1, "mut") {
				return itemConst, i
			}
		case qualifier(n.text) && word(1):
		default:
			if k := macroCall(nodes[i:]); k > 0 {
				return itemMacroCall, i
			}
			return itemOther, i
		}
	}
	return itemOther, i
}

// qualified says whether `const` before the word is a qualifier.
func qualified(word string) bool {
	switch word {
	case "fn", "unsafe", "async", "extern", "trait", "impl", "auto", "safe":
		return true
	}
	return false
}

func qualifier(word string) bool {
	switch word {
	case "unsafe", "safe", "async", "default", "auto", "final", "gen":
		return true
	}
	return false
}

// macroCall is the number of nodes of the invocation that begins here, without `;`; 0 if none does.
func macroCall(nodes []node) int {
	for i := 0; i < len(nodes); i++ {
		switch {
		case nodes[i].is("!") && i > 0:
			if i+1 < len(nodes) && nodes[i+1].delim != 0 {
				return i + 2
			}
			return 0
		case nodes[i].ident(), nodes[i].is("::"), nodes[i].is("$"):
		default:
			return 0
		}
	}
	return 0
}

// itemEnd is the index after the item whose keyword is at i.
func itemEnd(nodes []node, i int, kind itemKind) int {
	switch kind {
	case itemMacroCall:
		end := i + macroCall(nodes[i:])
		if end < len(nodes) && nodes[end].is(";") {
			end++
		}
		return end
	case itemMacroRules:
		end := min(i+4, len(nodes))
		if end < len(nodes) && nodes[end].is(";") {
			end++
		}
		return end
	case itemMacro:
		end := i + 3
		if end < len(nodes) && nodes[end-1].group('(') && nodes[end].group('{') {
			end++
		}
		return min(end, len(nodes))
	}
	depth := 0
	for ; i < len(nodes); i++ {
		n := &nodes[i]
		switch {
		case n.is(";"):
			return i + 1
		case n.is("<"):
			depth++
		case n.is(">"):
			depth--
		case n.group('{') && (depth == 0 || kind == itemFn && depth > 0 && i+1 == len(nodes)):
			switch kind {
			case itemMod, itemStruct, itemEnum, itemUnion, itemTrait, itemImpl, itemFn, itemExternBlock:
				return i + 1
			}
		}
	}
	return len(nodes)
}

// splitAt cuts nodes at every separator outside of `<..>`; a trailing separator adds no part.
func splitAt(nodes []node, sep string) [][]node {
	var out [][]node
	depth, start := 0, 0
	for i := range nodes {
		switch {
		case nodes[i].is("<"):
			depth++
		case nodes[i].is(">"):
			depth--
		case depth == 0 && nodes[i].is(sep):
			out = append(out, nodes[start:i])
			start = i + 1
		}
	}
	if start < len(nodes) {
		out = append(out, nodes[start:])
	}
	return out
}
