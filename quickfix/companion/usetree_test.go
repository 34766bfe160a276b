package companion

import (
	"math/rand"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/config"
)

// TestUseTree holds our layout and order of use declarations against rustfmt's: random ones are sorted and laid out by us, and rustfmt
// must leave them so.
func TestUseTree(t *testing.T) {
	if exec.Command("rustfmt", "--version").Run() != nil {
		t.Skip("rustfmt is not installed, so our layout is not held against its")
	}
	eachFormat(t, func(t *testing.T, top Layout) {
		style := top.StyleEdition
		rng := rand.New(rand.NewSource(int64(style)))
		var lines []string
		for n := 2; n >= 0; n-- {
			var decls []*UseTree
			for range 150 {
				if tree := randomUse(rng, style, 0); !slices.ContainsFunc(decls, func(d *UseTree) bool { return d.Path == tree.Path }) {
					decls = append(decls, tree)
				}
			}
			slices.SortStableFunc(decls, func(a, b *UseTree) int { return CompareUse(a, b, style) })
			var uses []string
			for _, d := range decls {
				uses = append(uses, d.Lines("use ", ";", top.In(n))...)
			}
			if lines != nil {
				uses = append(uses, inModule(top, lines)...)
			}
			lines = uses
		}
		formatted(t, top, lines)
	})
}

// randomUse is a tree whose lists are sorted.
func randomUse(rng *rand.Rand, style, depth int) *UseTree {
	names := []string{"Client", "DynClient", "Pin", "fmt", "io", "IO", "collections", "a", "MAX_SIZE", "r#type", "Zeta", "BTreeMap", "HashMapEntryOccupied", "error", "X"}
	name := func() string { return names[rng.Intn(len(names))] + strings.Repeat("e", rng.Intn(8)) }
	path := []string{name()}
	if depth == 0 && rng.Intn(2) == 0 {
		path[0] = []string{"crate", "super", "std", "tokio"}[rng.Intn(4)]
		path = append(path, name())
	}
	for rng.Intn(3) == 0 {
		path = append(path, name())
	}
	tree := &UseTree{Path: strings.Join(path, "::")}
	switch {
	case depth < 3 && rng.Intn(2) == 0:
		seen := map[string]bool{}
		for range 2 + rng.Intn(7) {
			item := randomUse(rng, style, depth+1)
			if first, _, _ := strings.Cut(item.Path, "::"); !seen[first] {
				seen[first] = true
				tree.Insert(item, style)
			}
		}
		if len(tree.List) == 1 {
			tree.List = nil
		} else if rng.Intn(4) == 0 {
			tree.Insert(&UseTree{Path: "self"}, style)
		}
	case rng.Intn(8) == 0:
		tree.Path += " as Other"
	}
	return tree
}

// TestParseUseTree reads what Lines writes.
func TestParseUseTree(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for range 500 {
		tree := randomUse(rng, 2021, 0)
		text := strings.Join(tree.Lines("", "", Layout{Format: config.DefaultFormat()}), "\n")
		got, ok := ParseUseTree(text)
		if !ok || got.String() != tree.String() {
			t.Fatalf("%s is read as %v", text, got)
		}
		for at := range text {
			if leaf, _ := got.Leaf(at); leaf != nil && !strings.HasPrefix(text[leaf.At:], leaf.Path) {
				t.Fatalf("the leaf at %d of %s is %s", at, text, leaf.Path)
			}
		}
	}
	for _, text := range []string{"", "a::", "a::{", "a::{b", "a::{b c::{d}}x", "{a}", "a::{b, // b\n c}", "a::{b /* b */}", "a}", "a{b}"} {
		if tree, ok := ParseUseTree(text); ok {
			t.Errorf("%q is read as %s", text, tree)
		}
	}
}
