package resolve

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/internal/testtree"
)

// TestImportsOfTraits: of no import that leads to a trait it is said that it leads to none, whether the trait is declared, written by a
// macro, or handed on by name or by glob; and most of the others are known without a look at what they lead to. No trait is called like
// a function of the same module: d.
func TestImportsOfTraits(t *testing.T) {
	traits, others, told := 0, 0, 0
	for seed := range uint64(40) {
		rnd := rand.New(rand.NewPCG(seed, 5))
		pick := func(list ...string) string { return list[rnd.IntN(len(list))] }
		module := func() string { return fmt.Sprintf("m%d", rnd.IntN(5)) }
		name := func() string { return pick("A", "B", "C", "d") }
		files := map[string]string{"Cargo.toml": "[package]\nname = \"a\"\nedition = \"2021\"\n"}
		root := `
macro_rules! writes { ($n:ident) => { pub trait $n {} } }
macro_rules! imports { ($n:ident) => { pub use crate::m0::$n; } }
macro_rules! opens { ($n:ident) => { pub use crate::$n::*; } }
macro_rules! fixed { ($($n:ident)*) => { pub use crate::m1::A; $(pub struct $n;)* } }
macro_rules! plain { ($n:ident) => { pub struct $n; } }
`
		for i := range 5 {
			root += fmt.Sprintf("pub mod m%d;\n", i)
			var b strings.Builder
			bound := map[string]bool{} // rustc lets a module name something once
			own := func() (string, bool) {
				n := name()
				once := !bound[n]
				bound[n] = true
				return n, once
			}
			for range 1 + rnd.IntN(5) {
				switch n, once := own(); rnd.IntN(8) {
				case 0:
					if once && n != "d" {
						fmt.Fprintf(&b, "%spub trait %s {}\n", pick("", "#[cfg(unix)]\n"), n)
						if rnd.IntN(4) == 0 {
							fmt.Fprintf(&b, "#[cfg(windows)]\npub struct %s;\n", n)
						}
					}
				case 1, 2:
					if once {
						fmt.Fprintf(&b, "%s%s %s;\n", pick("", "#[cfg(windows)]\n"), pick("pub struct", "pub(crate) enum", "static"), n)
					}
				case 3:
					fmt.Fprintf(&b, "mod inner { pub struct %s; }\n", n)
				case 4:
					if as := pick(n, "C"); as != "d" && (!bound[as] || once && as == n) {
						bound[as] = true
						fmt.Fprintf(&b, "pub use crate::%s::%s as %s;\n", module(), pick("A", "B", "C"), as)
					}
				case 5:
					fmt.Fprintf(&b, "pub use crate::%s::*;\n", module())
				case 6:
					if once && n != "d" && !bound["A"] {
						bound["A"] = true
						fmt.Fprintf(&b, "%s!(%s);\n", pick("writes", "imports", "fixed", "plain"), n)
					}
				case 7:
					fmt.Fprintf(&b, "opens!(%s);\npub fn d() {}\n", module())
				}
			}
			files[fmt.Sprintf("src/m%d.rs", i)] = b.String()
		}
		files["src/lib.rs"] = root
		dir := testtree.Write(t, files)
		load := func() (*Resolver, *workspace.Scope) {
			snapshot, err := workspace.Load(dir, workspace.Options{})
			if err != nil {
				t.Fatal(err)
			}
			return New(snapshot), snapshot.Files[0].Owners[0].Crate.Root
		}
		full, scope := load()
		for _, m := range []string{"m0", "m1", "m2", "m3", "m4"} {
			for _, n := range []string{"A", "B", "C", "d"} {
				imp := &syntax.Import{Segments: []syntax.Segment{{Name: "crate"}, {Name: m}, {Name: n}}}
				r, at := load() // nothing was asked before
				may := r.mayImportTrait(at, imp)
				leads, used := full.query().path(scope, imp.Segments, false, true)
				switch {
				case leads.Def.Kind == Trait && used == len(imp.Segments):
					traits++
					if !may {
						t.Errorf("seed %d: crate::%s::%s is a trait\n%v", seed, m, n, files)
					}
				default:
					others++
					if !may {
						told++
					}
				}
			}
		}
	}
	if traits < 60 || told < others/2 {
		t.Errorf("%d traits; of %d others %d are told", traits, others, told)
	}
}
