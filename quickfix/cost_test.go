package quickfix

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/internal/testtree"
)

// loaded is what fixes see of a crate with some files, by their names in its folder.
func loaded(t *testing.T, files map[string]string) (*analysis.Session, *Workspace) {
	t.Helper()
	files["Cargo.toml"] = "[package]\nname = \"it\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"
	dir := testtree.Write(t, files)
	s, err := analysis.Open(dir, analysis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w, err := New(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s, w
}

// table is a trait whose objects a method called `get` may give, and are made in one place. The macro names the table too.
const table = `use std::rc::Rc;
pub trait Handle {
    async fn read(&self) -> u8;
}
pub struct Disk;
impl Handle for Disk {
    async fn read(&self) -> u8 {
        1
    }
}
pub struct Table {
    pub list: Vec<Rc<dyn Handle>>,
}
impl Table {
    pub fn new() -> Self {
        Table { list: Vec::new() }
    }
    pub fn get(&self, at: &usize) -> Option<Rc<dyn Handle>> {
        self.list.get(*at).cloned()
    }
}
pub fn fallback(table: &Table) -> Rc<dyn Handle> {
    table.get(&0).unwrap_or(Rc::new(Disk))
}
macro_rules! extension { ($($t:tt)*) => {} }
extension!(state = |s| s.put(Table::new()));
`

// TestValuesAreLookedForNearby has more and more files with methods of the same names as those that lead to objects, called in the
// same ways: the bodies that are read to find the values stay the same.
func TestValuesAreLookedForNearby(t *testing.T) {
	bodies := func(others int) int {
		files := map[string]string{}
		lib := "pub mod table;\n"
		for i := range others {
			lib += fmt.Sprintf("mod m%d;\n", i)
			files[fmt.Sprintf("src/m%d.rs", i)] = `use std::collections::HashMap;
struct Other { list: Vec<u8> }
fn other(map: &HashMap<usize, u8>, mut list: Vec<u8>) -> u8 {
    let n = map.get(&0).copied().unwrap_or(1);
    list.insert(0, n);
    let o = Other { list };
    o.list.get(0).copied().unwrap_or(0)
}
`
		}
		files["src/lib.rs"], files["src/table.rs"] = lib, table
		_, w := loaded(t, files)
		i := slices.IndexFunc(w.Traits, func(x survey.Trait) bool { return x.Def.ItemName() == "Handle" })
		found := infer.NewCoercer(w.Survey, w.inferred).Find(w.Traits[i].Def)
		if len(found.Known) != 1 || len(found.Unclear) != 0 {
			t.Errorf("with %d others: %d values are found, %d are unclear", others, len(found.Known), len(found.Unclear))
		}
		return found.Bodies
	}
	few, many := bodies(3), bodies(30)
	if few == 0 || many != few {
		t.Errorf("%d bodies are read among 3 other files, %d among 30", few, many)
	}
}

// TestOneFixIsAskedAlone has a fix that counts how often it is asked: not when another is asked for by its id.
func TestOneFixIsAskedAlone(t *testing.T) {
	before := All
	defer func() { All = before }()
	asked := 0
	All = append(slices.Clone(All), &Fix{ID: "counted", offer: func(*Workspace, *Target) []Action {
		asked++
		return nil
	}})
	s, w := loaded(t, map[string]string{"src/lib.rs": table})
	findings := s.Findings()
	for i := range findings {
		f := &findings[i]
		one := OneFor(w, f, "companion")
		whole := For(w, f)
		if asked == 0 {
			t.Fatal("the fix that counts is not asked")
		}
		asked = 0
		one = append(one, OneAt(w, f.Primary.File.Path, f.Primary.Span.Start, "companion")...)
		if asked > 0 {
			t.Errorf("%s: a companion asks other fixes", f.Message)
		}
		for _, a := range one {
			if a.ID != "companion" || !slices.ContainsFunc(whole, func(b Action) bool { return b.ID == a.ID && b.Title == a.Title && slices.Equal(a.Edits, b.Edits) }) {
				t.Errorf("asked for alone, a companion is %s: %s", a.ID, a.Title)
			}
		}
	}
	asked = 0
	w.Style = []string{"companion"}
	if b, fixed := w.round(findings, &Outcome{}); len(fixed) == 0 || len(b.edits) == 0 {
		t.Error("nothing is fixed")
	}
	if asked > 0 {
		t.Errorf("a round that is to write companions asks other fixes %d times", asked)
	}
}

// TestDraftLooksForNoValues lists the fixes of a workspace, and no body is read.
func TestDraftLooksForNoValues(t *testing.T) {
	s, w := loaded(t, map[string]string{"src/lib.rs": table})
	ids := func() (out []string) {
		findings := s.Findings()
		for i := range findings {
			for _, a := range For(w, &findings[i]) {
				out = append(out, a.ID)
			}
		}
		return out
	}
	w.Draft = true
	draft := ids()
	ended, end := context.WithCancel(context.Background())
	end()
	if err := w.FindValues(ended); err == nil {
		t.Error("a draft looks for values, or an ended search does")
	}
	if err := w.FindValues(context.Background()); err != nil {
		t.Error(err)
	}
	if err := w.FindValues(ended); err != nil {
		t.Errorf("what was found is not kept: %v", err)
	}
	s, w = loaded(t, map[string]string{"src/lib.rs": table})
	if whole := ids(); !slices.Contains(whole, "wrapper") || !slices.Equal(draft, whole) {
		t.Errorf("a draft lists %v\nbut there are  %v", draft, whole)
	}
}

// TestFailedFileBlocks has the analysis of a file fail: what depends on the calls there is not offered.
func TestFailedFileBlocks(t *testing.T) {
	files := map[string]string{"src/lib.rs": "pub trait T {\n    async fn f(&self);\n    async fn g(&self) {}\n}\npub async fn h(x: &dyn T) {\n    x.f().await;\n}\n"}
	s, w := loaded(t, files)
	blocked := func(id string) (out []string) {
		findings := s.Findings()
		for i := range findings {
			for _, a := range OneFor(w, &findings[i], id) {
				out = append(out, a.BlockedBy)
			}
		}
		return out
	}
	ids := []string{"polyfill", "where-self-sized"}
	for _, id := range ids {
		if why := blocked(id); !slices.Contains(why, "") {
			t.Fatalf("%s is blocked by %q", id, why)
		}
	}
	s, w = loaded(t, files)
	w.inferred.Failures = []survey.Failure{{File: w.Snapshot.Files[0], Message: "internal error: on purpose"}}
	for _, id := range ids {
		why := blocked(id)
		if len(why) == 0 || slices.ContainsFunc(why, func(s string) bool { return !strings.Contains(s, "the analysis of src/lib.rs failed") }) {
			t.Errorf("%s is blocked by %q", id, why)
		}
	}
}

// TestValuesAreSharedSafely looks for the values of one analysis from several sides at once, as editors do.
func TestValuesAreSharedSafely(t *testing.T) {
	_, w := loaded(t, map[string]string{"src/lib.rs": table})
	i := slices.IndexFunc(w.Traits, func(x survey.Trait) bool { return x.Def.ItemName() == "Handle" })
	var all sync.WaitGroup
	begin := make(chan struct{})
	for range 64 {
		all.Go(func() {
			<-begin
			if found := infer.NewCoercer(w.Survey, w.inferred).Find(w.Traits[i].Def); len(found.Known) != 1 {
				t.Errorf("%d values are found", len(found.Known))
			}
		})
	}
	close(begin)
	all.Wait()
}

// TestFixesOfManyTraits doubles the traits of a file, each with a mention and a call, and counts what all fixes of all findings
// allocate: no more than twice as much, and a little for what grows.
func TestFixesOfManyTraits(t *testing.T) {
	cost := func(n int) float64 {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "pub trait T%d {\n    async fn m%d(&self) -> u8;\n}\npub async fn f%d(t: &dyn T%d) -> u8 {\n    t.m%d().await\n}\n", i, i, i, i, i)
		}
		s, w := loaded(t, map[string]string{"src/lib.rs": b.String()})
		findings := s.Findings()
		if len(findings) < n {
			t.Fatalf("%d findings of %d traits", len(findings), n)
		}
		first := true
		return testing.AllocsPerRun(1, func() {
			if first { // what AllocsPerRun runs to warm up
				first = false
				return
			}
			for i := range findings {
				For(w, &findings[i])
			}
		})
	}
	few, many := cost(100), cost(200)
	if ratio := many / few; ratio > 2.2 {
		t.Errorf("the fixes of 100 traits allocate %.0f times, of 200 %.0f times: %.2f times more", few, many, ratio)
	}
}
