package companion

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// UseTree is the tree of a use declaration, or of an item of its lists.
type UseTree struct {
	// Path is what stands before the list, or all of it if there is none: `std::fmt`, `Future as F`, `self`, `*`.
	Path string
	// List is what stands in braces; nil if there are none.
	List []*UseTree
	// At is where the tree begins in the text that it was read from, in bytes.
	At int
}

// ParseUseTree reads a tree that has no comments. It is not ok if the text is none.
func ParseUseTree(text string) (tree *UseTree, ok bool) {
	p := useParser{text: text}
	tree = p.tree()
	p.blanks()
	return tree, !p.failed && p.at == len(text) && !strings.Contains(text, "//") && !strings.Contains(text, "/*")
}

type useParser struct {
	text   string
	at     int
	failed bool
}

func (p *useParser) blanks() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

func (p *useParser) tree() *UseTree {
	p.blanks()
	t := &UseTree{At: p.at}
	end := p.at + len(p.text[p.at:])
	if n := strings.IndexAny(p.text[p.at:], "{},"); n >= 0 {
		end = p.at + n
	}
	path := strings.Join(strings.Fields(p.text[p.at:end]), " ")
	p.at = end
	if end == len(p.text) || p.text[end] != '{' {
		t.Path = path
		p.failed = p.failed || path == "" || strings.HasSuffix(path, "::")
		return t
	}
	t.Path = strings.TrimSuffix(path, "::")
	p.failed = p.failed || t.Path == path && path != ""
	p.at++
	t.List = []*UseTree{}
	for p.blanks(); !p.failed && p.at < len(p.text) && p.text[p.at] != '}'; p.blanks() {
		t.List = append(t.List, p.tree())
		if p.blanks(); p.at < len(p.text) && p.text[p.at] == ',' {
			p.at++
		} else if p.at >= len(p.text) || p.text[p.at] != '}' {
			p.failed = true
		}
	}
	p.failed = p.failed || p.at >= len(p.text) || t.Path == ""
	p.at++
	return t
}

// Leaf is the tree without a list that holds an offset of the text, and the tree that it is in the list of; nil if there is none.
func (t *UseTree) Leaf(at int) (leaf, in *UseTree) {
	if t.List == nil {
		if t.At <= at && at < t.At+len(t.Path) {
			return t, nil
		}
		return nil, nil
	}
	for _, item := range t.List {
		if leaf, in := item.Leaf(at); leaf != nil {
			return leaf, cmp.Or(in, t)
		}
	}
	return nil, nil
}

// Insert puts a tree into the list where rustfmt sorts it.
func (t *UseTree) Insert(item *UseTree, styleEdition int) {
	i := slices.IndexFunc(t.List, func(other *UseTree) bool { return CompareUse(item, other, styleEdition) < 0 })
	if i < 0 {
		i = len(t.List)
	}
	t.List = slices.Insert(t.List, i, item)
}

// Remove takes a tree out of the list.
func (t *UseTree) Remove(item *UseTree) {
	t.List = slices.DeleteFunc(t.List, func(other *UseTree) bool { return other == item })
}

// Prune takes lists that have become empty out of the lists around them, and the braces from those of one name.
func (t *UseTree) Prune() {
	for _, item := range t.List {
		item.Prune()
	}
	t.List = slices.DeleteFunc(t.List, func(item *UseTree) bool { return item.List != nil && len(item.List) == 0 })
	if len(t.List) == 1 && t.List[0].Path != "self" {
		t.Path, t.List = t.Path+"::"+t.List[0].Path, t.List[0].List
	}
}

// String is the tree on one line.
func (t *UseTree) String() string {
	if t.List == nil {
		return t.Path
	}
	items := make([]string, len(t.List))
	for i, item := range t.List {
		items[i] = item.String()
	}
	return t.Path + "::{" + strings.Join(items, ", ") + "}"
}

// Lines lays the tree out behind a prefix and before a suffix (rewrite_nested_use_tree in rustfmt's src/imports.rs).
func (t *UseTree) Lines(prefix, suffix string, at Layout) []string {
	t.Prune()
	flat := prefix + t.String() + suffix
	nested := slices.ContainsFunc(t.List, func(item *UseTree) bool { return len(item.List) > 1 })
	if t.List == nil || !nested && at.Column+width(flat) <= at.MaxWidth-2 {
		return []string{flat}
	}
	out := []string{prefix + t.Path + "::{"}
	var names []string
	fill := func() {
		if len(names) > 0 {
			out = append(out, at.indented(at.In(1).Filled(names, len(names) == len(t.List)))...)
		}
		names = nil
	}
	for _, item := range t.List {
		if nested && strings.Contains(item.String(), "::") { // then paths have lines of their own
			fill()
			out = append(out, at.indented(item.Lines("", ",", at.In(1)))...)
			continue
		}
		names = append(names, item.String())
	}
	fill()
	return append(out, "}"+suffix)
}

// CompareUse is rustfmt's order of use trees (the Ord of UseTree and UseSegment in its src/imports.rs).
func CompareUse(a, b *UseTree, styleEdition int) int {
	x, y := strings.Split(strings.TrimPrefix(a.Path, "::"), "::"), strings.Split(strings.TrimPrefix(b.Path, "::"), "::")
	var aliasX, aliasY string // decide last
	x[len(x)-1], aliasX, _ = strings.Cut(x[len(x)-1], " as ")
	y[len(y)-1], aliasY, _ = strings.Cut(y[len(y)-1], " as ")
	for i := range min(len(x), len(y)) {
		if c := compareSegments(x[i], y[i], styleEdition); c != 0 {
			return c
		}
	}
	switch {
	case len(x) < len(y):
		return listBehind(a, true)
	case len(x) > len(y):
		return listBehind(b, false)
	case a.List == nil || b.List == nil:
		return cmp.Or(cmp.Compare(min(1, len(a.List)), min(1, len(b.List))), strings.Compare(aliasX, aliasY))
	}
	for i := range min(len(a.List), len(b.List)) {
		if c := CompareUse(a.List[i], b.List[i], styleEdition); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a.List), len(b.List))
}

// listBehind is the order of a tree whose path is the beginning of another one's: a list comes behind every name.
func listBehind(short *UseTree, first bool) int {
	if (short.List == nil) == first {
		return -1
	}
	return 1
}

// compareSegments is the order of two segments: self, super, crate, names, and globs; names in lower case, in camel case, in upper case,
// but by their characters since the style of 2024.
func compareSegments(a, b string, styleEdition int) int {
	rank := func(s string) int {
		switch s {
		case "self":
			return 0
		case "super":
			return 1
		case "crate":
			return 2
		case "*":
			return 4
		}
		return 3
	}
	if c := cmp.Compare(rank(a), rank(b)); c != 0 {
		return c
	}
	if styleEdition >= 2024 {
		a, b = strings.TrimPrefix(a, "r#"), strings.TrimPrefix(b, "r#")
	}
	shape := func(s string) int {
		switch {
		case styleEdition >= 2024 || !unicode.IsUpper([]rune(s + " ")[0]):
			return 0
		case strings.ToUpper(s) != s:
			return 1
		}
		return 2
	}
	return cmp.Or(cmp.Compare(shape(a), shape(b)), strings.Compare(a, b))
}
