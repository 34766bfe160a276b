package difftest

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// stream separates our random numbers from those of other users of the same seed.
const stream = 0x6479_6e63_6f6d_7061

// Generate makes the crate of a seed. The same seed always gives the same text.
func Generate(seed uint64) Source {
	g := newGenerator(seed)
	g.edition = pick(g, []int{2015, 2018, 2018, 2021, 2021, 2024, 2024, 2024})
	g.feature("edition", strconv.Itoa(g.edition))
	g.nightly = g.chance(15)
	g.layOutModules()
	for range 3 + g.rand.IntN(8) {
		g.addTrait(pick(g, g.modules))
	}
	for range 6 + g.rand.IntN(14) {
		g.addPlace(pick(g, g.modules))
	}
	for range 2 + g.rand.IntN(4) {
		g.addVignette(pick(g, g.modules))
	}
	return g.source(seed)
}

func newGenerator(seed uint64) *generator {
	return &generator{rand: rand.New(rand.NewPCG(seed, stream)), root: newRoot(), features: map[string]bool{}, unstable: map[string]bool{}}
}

type generator struct {
	rand     *rand.Rand
	edition  int
	root     *module
	modules  []*module // every scope, bodies too
	traits   []*composed
	features map[string]bool
	names    int
	nightly  bool            // unstable features may be used
	unstable map[string]bool // those that are
}

// enable lets the crate use unstable features, separated by commas.
func (g *generator) enable(features string) {
	for _, f := range strings.Split(features, ",") {
		if f != "" {
			g.unstable[f] = true
		}
	}
}

// feature notes what the crate exercises; the sum over many crates says what the generator covers.
func (g *generator) feature(group, name string) {
	g.features[group+"/"+name] = true
}

// chance is true in percent of a hundred cases.
func (g *generator) chance(percent int) bool { return g.rand.IntN(100) < percent }

func pick[T any](g *generator, list []T) T { return list[g.rand.IntN(len(list))] }

// fresh makes a name that nothing else in the crate has.
func (g *generator) fresh(stems ...string) string {
	g.names++
	return pick(g, stems) + strconv.Itoa(g.names)
}

func (g *generator) layOutModules() {
	g.modules = []*module{g.root}
	for range 1 + g.rand.IntN(5) {
		parent := pick(g, g.modules)
		forms := []moduleForm{inline, nameFile, modFile, pathFile, body}
		if parent.form == inline {
			forms = append(forms, pathInDir, nameFile)
		}
		if parent.form == body {
			forms = []moduleForm{body}
		}
		if parent.form == inline {
			// A #[path] inside an inline module is pathInDir's business.
			forms = []moduleForm{inline, nameFile, modFile, body, pathInDir}
		}
		form := pick(g, forms)
		name := g.fresh("outer", "inner", "api", "r#raw", "imp", "größe")
		if form != inline && form != body {
			name = g.fresh("outer", "inner", "api", "r#file", "imp")
		}
		g.feature("module", string(form))
		g.modules = append(g.modules, parent.child(name, form))
	}
}

func (g *generator) source(seed uint64) Source {
	src := Source{Seed: seed, Name: fmt.Sprintf("crate_%d", seed), Edition: g.edition}
	files := map[string]*strings.Builder{}
	modules := map[string]string{}
	root := g.root.render(files, modules)
	head := "// Seed " + strconv.FormatUint(seed, 10) + ", `dyn Comment` is no mention.\n#![allow(warnings)]\n"
	if src.Unstable = sortedNames(g.unstable); len(src.Unstable) > 0 {
		head += "#![feature(" + strings.Join(src.Unstable, ", ") + ")]\n"
	}
	if g.chance(10) {
		g.feature("file", "shebang")
		head = "#!/usr/bin/env run-cargo-script dyn Shebang\n" + head
	}
	files[g.root.file] = &strings.Builder{}
	files[g.root.file].WriteString(head + root)
	modules[g.root.file] = "crate"
	var paths []string
	for p := range files {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	for _, p := range paths {
		f := MarkedFile{Path: p, Module: modules[p], Text: files[p].String(), BOM: g.chance(5), CRLF: g.chance(8)}
		if f.BOM {
			g.feature("file", "bom")
		}
		if f.CRLF {
			g.feature("file", "crlf")
		}
		src.Files = append(src.Files, f)
	}
	src.Features = sortedNames(g.features)
	return src
}

// fits says whether a table's row may be used in the crate's edition; zero means no limit.
func (g *generator) fits(since, until int) bool {
	return (since == 0 || g.edition >= since) && (until == 0 || g.edition <= until)
}

var (
	freshHole = regexp.MustCompile(`%[A-Z]?([a-z])\d`)
	stdHole   = regexp.MustCompile(`%\{([^}]*)\}`)
)

// stems are the beginnings of fresh names by the letter of their hole: types and traits, functions and lifetimes..
var stems = map[string][]string{
	"t": {"Shape", "Store", "Node", "Größe"},
	"f": {"run", "poll", "visit"},
	"c": {"MAX", "ID"},
	"m": {"gen", "items"},
}

// template fills the holes of a table's row: `%t1` and the like are fresh names (the same hole, the same name),
// `%{std::rc::Rc}` is one of the ways to write a std path in the scope.
func (g *generator) template(where *module, text string) string {
	names := map[string]string{}
	text = freshHole.ReplaceAllStringFunc(text, func(hole string) string {
		if names[hole] == "" {
			names[hole] = g.fresh(stems[freshHole.FindStringSubmatch(hole)[1]]...)
		}
		return names[hole]
	})
	return stdHole.ReplaceAllStringFunc(text, func(hole string) string {
		return g.stdPath(where, hole[2:len(hole)-1])
	})
}
