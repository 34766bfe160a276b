package analysis

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// TestViewEqualsOpen makes random edits, saves, and changes on disk. Whenever the view has nothing left to do, what it handed
// out must be what Open finds on the same texts.
//
// A seed is a session. AFIDT_VIEW_SEEDS says how many there are, AFIDT_VIEW_SEED which is the first.
func TestViewEqualsOpen(t *testing.T) {
	first, n := number(t, "AFIDT_VIEW_SEED", 0), number(t, "AFIDT_VIEW_SEEDS", 12)
	for seed := first; seed < first+n; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			g := newEditor(t, seed)
			for step := range 24 {
				g.step()
				switch g.rand.IntN(4) {
				case 0: // the next edit overtakes the analysis
					for range g.rand.IntN(3) {
						g.next()
					}
				case 1:
					g.take(g.view.Edited(context.Background()))
				default:
					for !g.next() {
					}
					g.compare(step%8 == 7 || g.calm)
				}
			}
		})
	}
}

// TestViewUnderLoad does the same while other goroutines do the work, as the server's do.
func TestViewUnderLoad(t *testing.T) {
	first, n := number(t, "AFIDT_VIEW_SEED", 0), number(t, "AFIDT_VIEW_SEEDS", 6)
	for seed := first; seed < first+n; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			g := newEditor(t, seed)
			g.busy = true
			for round := range 6 {
				ctx, stop := context.WithCancel(context.Background())
				var workers sync.WaitGroup
				for _, work := range []func(){func() { g.next() }, func() { g.take(g.view.Edited(ctx)) }} {
					workers.Go(func() {
						for ctx.Err() == nil {
							work()
						}
					})
				}
				for range 6 {
					g.step()
					dawdle()
				}
				stop()
				workers.Wait()
				for !g.next() {
				}
				g.compare(round%3 == 2)
			}
		})
	}
}

// dawdle lets the other goroutines overtake, or not.
func dawdle() {
	if rand.IntN(2) == 0 {
		time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond)
	}
}

func number(t *testing.T, variable string, otherwise int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

// editor is a user with two crates, and who is handed what the view finds.
type editor struct {
	t    *testing.T
	rand *rand.Rand
	root string
	view *View
	log  []string
	busy bool // others run at the same time
	calm bool // edits are mostly within bodies
	few  int  // of the files that are edited mostly
	// patch is what the workspace's manifest says, at first, of dependencies that use its own packages.
	patch string

	mu      sync.Mutex
	buffers map[string]*workspace.Buffer
	got     map[string]handed // of the rules about calls, and of the others, by path
	failed  error
}

// handed is what was handed out last for a file.
type handed struct {
	seq, callsSeq   uint64
	findings, calls []string
}

// newEditor is an editor whose view has read nothing yet.
func newEditor(t *testing.T, seed int) *editor {
	g := &editor{t: t, rand: rand.New(rand.NewPCG(uint64(seed), 7)), root: t.TempDir(), buffers: map[string]*workspace.Buffer{}, got: map[string]handed{}}
	g.few = 2 + g.rand.IntN(len(editedFiles)-1)
	g.calm = g.rand.IntN(3) == 0
	g.patch = g.pick("", "", "", "[patch.crates-io]\none = { path = \"one\" }\n")
	g.write("Cargo.toml", "[workspace]\nmembers = [\"one\", \"two\"]\nresolver = \"2\"\nexclude = [\"ext\"]\n"+g.patch)
	// A dependency that uses a package of the workspace, if that is a patch.
	g.write("ext/Cargo.toml", manifest("ext", "2021", "[dependencies]\none = \"0.1\"\n"))
	g.write("ext/src/lib.rs", "pub use one::*;\npub use one::a::A as B;\n")
	g.write("one/Cargo.toml", manifest("one", "2021", ""))
	g.write("two/Cargo.toml", manifest("two", "2018", "[dependencies]\none = { path = \"../one\" }\next = { path = \"../ext\" }\n"))
	for _, f := range editedFiles {
		g.write(f, g.text(5))
	}
	g.write("one/src/lib.rs", "pub mod a;\npub mod c;\n"+g.text(6))
	g.write("two/src/lib.rs", "mod a;\nfn e(_: &dyn ext::A, _: &dyn ext::B) {}\n"+g.text(6))
	g.write("one/src/a.rs", "pub mod b;\n"+g.text(6))
	g.view = NewView(g.root, Options{Threads: 1 + g.rand.IntN(3)}, nil)
	return g
}

func manifest(name, edition, rest string) string {
	return fmt.Sprintf("[package]\nname = %q\nversion = \"0.1.0\"\nedition = %q\n%s", name, edition, rest)
}

var editedFiles = []string{"one/src/lib.rs", "one/src/a.rs", "one/src/a/b.rs", "one/src/c.rs", "two/src/lib.rs", "two/src/a.rs", "two/tests/t.rs"}

// otherFiles may be there or not, on disk or as a buffer.
var otherFiles = []string{"one/src/m.rs", "one/src/n.rs", "one/src/a/mod.rs", "one/src/m/n.rs", "one/src/main.rs", "two/tests/u.rs", "two/src/shared.rs", "shared.rs"}

func (g *editor) path(name string) string { return filepath.Join(g.root, filepath.FromSlash(name)) }

func (g *editor) write(name, text string) {
	g.t.Helper()
	if err := os.MkdirAll(filepath.Dir(g.path(name)), 0o755); err != nil {
		g.t.Fatal(err)
	}
	if err := os.WriteFile(g.path(name), []byte(text), 0o644); err != nil {
		g.t.Fatal(err)
	}
}

func (g *editor) pick(list ...string) string { return list[g.rand.IntN(len(list))] }

func (g *editor) name() string { return g.pick("A", "B", "C", "D", "E", "F", "G") }

// line is one declaration; many are wrong, and names collide.
func (g *editor) line() string {
	a, b, c := g.name(), g.name(), g.name()
	switch g.rand.IntN(45) {
	case 0, 1:
		return "pub trait " + a + " { async fn f(&self" + g.pick("", "", ", x: u8") + "); }"
	case 2:
		return "pub trait " + a + ": " + b + " { fn f(&self) { let x = 1; } }"
	case 3:
		return "pub trait " + a + " {\n    fn f(&self) {\n        let x: Box<dyn " + b + ">;\n    }\n    fn g<T>(&self);\n}"
	case 4:
		return "pub trait " + a + " { type T; fn f(&self, x: &Self::T) -> " + b + "; }"
	case 5, 6, 7:
		return "pub fn f" + a + "(x: &dyn " + b + ") { let y: &dyn " + c + "; }"
	case 8:
		return "pub use crate::" + g.pick("a", "a::b", "c", "m", "n") + "::" + a + ";"
	case 9:
		return "use " + g.pick("one", "crate", "super", "one::a", "self::m", "ext") + "::" + a + " as " + b + ";"
	case 10, 11:
		return "pub use " + g.pick("one::a", "one", "crate::a", "crate::m", "super", "self::"+a) + "::*;"
	case 12:
		return "pub type " + a + " = " + g.pick("Box<dyn "+b+">", "u8", b) + ";"
	case 13:
		return "pub mod " + g.pick("m", "n", "k") + " {\n    use super::*;\n    pub trait " + a + " { fn f() where Self: " + b + "; }\n    " + g.pick("", "pub mod n;", "#[path = \"k.rs\"] mod b;") + "\n}"
	case 14:
		return "struct S" + a + "<T: ?Sized = dyn " + b + ">(T);"
	case 15:
		return "pub enum " + a + " { " + b + ", Other(Box<dyn " + c + ">) }"
	case 16:
		return "#[cfg(" + g.pick("test", "unix", "windows", "feature = \"x\"") + ")]\npub trait " + a + " { const X: u8; }"
	case 17, 18:
		return g.pick("", "pub ", "#[macro_use] ", "#[cfg(windows)] ") + "mod " + g.pick("a", "b", "c", "m", "n") + ";"
	case 19:
		return "#[path = \"" + g.pick("m.rs", "../shared.rs", "../../shared.rs", "a/b.rs", "c.rs", "n.rs") + "\"]\npub mod " + g.pick("p", "q", "m") + ";"
	case 44:
		call := "include!(\"" + g.pick("m.rs", "../shared.rs", "../../shared.rs", "a/b.rs", "c.rs", "n.rs") + "\");"
		return g.pick(call, "#[cfg(windows)] "+call, "pub mod k { use super::*; "+call+" }")
	case 20:
		return "macro_rules! m" + a + " { ($t:ident) => { trait $t { async fn f(); } }; }"
	case 21:
		return "#[macro_export]\nmacro_rules! m" + a + " { ($t:ident) => { pub type $t = dyn " + b + "; }; }"
	case 22:
		return "macro_rules! m" + a + " { ($t:ident) => { pub mod n; use n::$t; }; }"
	case 23, 24:
		return g.pick("", "", "one::") + "m" + a + "!(" + b + ");"
	case 25:
		return "m" + a + "! { pub trait " + b + " { const X: u8; } fn f" + c + "(_: &dyn " + b + ") {} }"
	case 26:
		return "#[async_trait]\ntrait " + a + " { async fn f(&self); }"
	case 27:
		return "trait " + a + " = " + b + " + Send;"
	case 28:
		return "fn g() {\n    trait " + a + " { fn f(self: Box<" + b + ">); }\n    let x: Box<" + a + ">;\n    " + g.pick("", "use crate::*;", "mod n;") + "\n}"
	case 29:
		return "extern crate one as " + a + ";"
	case 30:
		return "// " + a
	case 31:
		return "#![cfg(" + g.pick("unix", "windows", "test") + ")]"
	case 32:
		return "impl<T: " + a + " + ?Sized> " + b + " for &T {}"
	case 33, 34:
		return "async fn c" + a + "(x: &dyn " + b + ", y: Box<" + c + ">) { x.f().await; x.g().box; y.f(" + g.pick("", "1") + "); }"
	case 35:
		return "impl " + a + " for Box<dyn " + b + "> { async fn f(&self) { self.f().await } }"
	case 36:
		return "impl core::ops::Deref for " + a + " { type Target = dyn " + b + "; }"
	case 37:
		return "pub struct " + a + " { pub x: Box<dyn " + b + ">, pub y: " + c + " }\nimpl " + a + " { pub fn get(&self) -> &" + c + " { todo!() } }"
	case 38:
		return "async fn d" + a + "(x: " + b + ", y: &" + c + ") { x.x.f().await; x.y.x.f().await; y.get().f().await; y.get().get().f(); Box::pin(y.f()).await; }"
	}
	return g.pick("", "// nothing", "\n\n")
}

func (g *editor) text(lines int) string {
	var out []string
	for range lines {
		out = append(out, g.line())
	}
	return strings.Join(out, "\n") + "\n"
}

func (g *editor) current(path string) string {
	if b := g.buffers[path]; b != nil {
		return string(b.Text)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(text)
}

// change is a text after one random edit: a line, or some characters.
func (g *editor) change(text string) string {
	lines := strings.Split(text, "\n")
	i := g.rand.IntN(len(lines))
	if g.rand.IntN(6) == 0 {
		i = 0 // modules are declared there
	}
	kind := g.rand.IntN(12)
	if g.calm && g.rand.IntN(8) > 0 {
		kind = 9
	}
	switch kind {
	case 9, 10, 11: // within a body
		for i = range lines {
			if before, body, ok := strings.Cut(lines[i], ") { "); ok && g.rand.IntN(2) == 0 {
				lines[i] = before + ") { " + g.pick("x.f().await; ", "y.f(); ", "x.x.g(); ", "let z: &dyn "+g.name()+"; ") + body
				return strings.Join(lines, "\n")
			}
		}
		return text + "\n"
	case 0, 1, 2:
		return strings.Join(slices.Insert(lines, i, g.line()), "\n")
	case 3:
		return strings.Join(slices.Delete(lines, i, i+1), "\n")
	case 4, 5:
		lines[i] = g.line()
		return strings.Join(lines, "\n")
	case 6:
		return strings.Replace(text, g.name(), g.name(), 1)
	case 7:
		if g.rand.IntN(4) == 0 {
			return g.text(5)
		}
		return text + g.line() + "\n"
	}
	if len(text) == 0 {
		return g.pick("{", "\"", "/*")
	}
	at := g.rand.IntN(len(text))
	end := min(len(text), at+g.rand.IntN(4))
	return text[:at] + g.pick("", "", "{", "}", "\"", "A", " ", "\n", "//", "/*") + text[end:]
}

func (g *editor) edit(path string, b *workspace.Buffer) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if b == nil {
		delete(g.buffers, path)
	} else {
		g.buffers[path] = b
	}
	g.view.Edit(path, b)
}

func (g *editor) did(format string, args ...any) { g.log = append(g.log, fmt.Sprintf(format, args...)) }

func (g *editor) step() {
	rel := g.pick(editedFiles[:g.few]...)
	path := g.path(rel)
	kind := g.rand.IntN(16)
	if g.calm && kind > 2 && g.rand.IntN(8) > 0 {
		kind = [...]int{0, 1, 2, 7}[g.rand.IntN(4)]
	}
	switch kind {
	case 0:
		g.did("close %s", rel)
		g.edit(path, nil)
	case 1:
		if g.buffers[path] == nil {
			return
		}
		g.did("save %s", rel)
		g.write(rel, g.current(path))
		g.view.Changed(path)
		if g.rand.IntN(2) == 0 {
			g.did("close %s", rel)
			g.edit(path, nil)
		}
	case 2:
		text := g.change(g.current(path))
		g.did("write %s:\n%s", rel, text)
		if !g.busy && g.rand.IntN(3) == 0 { // it is read before all of it is written
			g.write(rel, text[:g.rand.IntN(len(text)+1)])
			for range g.rand.IntN(4) {
				g.next()
			}
		}
		g.write(rel, text)
		g.view.Changed(path)
	case 3: // a file comes or goes
		rel = g.pick(slices.Concat(otherFiles, otherFiles, editedFiles)...)
		path = g.path(rel)
		if _, err := os.Lstat(path); err == nil {
			g.did("remove %s", rel)
			if err := os.Remove(path); err != nil {
				g.t.Fatal(err)
			}
		} else {
			text := g.text(4)
			g.did("create %s:\n%s", rel, text)
			g.write(rel, text)
		}
		g.view.Changed(path)
	case 4: // a buffer that was never saved comes or goes
		rel = g.pick(otherFiles...)
		path = g.path(rel)
		if g.buffers[path] != nil {
			g.did("close %s", rel)
			g.edit(path, nil)
			return
		}
		text := g.text(4)
		g.did("open %s:\n%s", rel, text)
		g.edit(path, workspace.NewBuffer([]byte(text)))
	case 5:
		if g.rand.IntN(3) > 0 {
			return
		}
		g.manifests()
	case 6: // two files at once, which both changed, or did not
		other := g.path(g.pick(editedFiles...))
		g.view.Changed(path, other)
		g.did("touch %s and %s", rel, other)
	default:
		if g.rand.IntN(4) == 0 {
			rel = g.pick(otherFiles...)
			path = g.path(rel)
		}
		text := g.change(g.current(path))
		g.did("edit %s:\n%s", rel, text)
		g.edit(path, workspace.NewBuffer([]byte(text)))
	}
}

// manifests changes what cargo says of the workspace.
func (g *editor) manifests() {
	rel, text := "one/Cargo.toml", ""
	switch g.rand.IntN(7) {
	case 0:
		text = manifest("one", g.pick("2015", "2018", "2021", "2024"), "")
	case 1:
		text = manifest("one", "2021", "[features]\ndefault = [\"x\"]\nx = []\n")
	case 2:
		text = manifest("one", "2021", "[lib]\npath = \"src/"+g.pick("lib.rs", "c.rs", "nowhere.rs")+"\"\n")
	case 3:
		rel, text = "two/Cargo.toml", manifest("two", g.pick("2018", "2024"), g.pick("", "[dependencies]\none = { path = \"../one\" }\n", "[dependencies]\next = { path = \"../ext\" }\n"))
	case 4:
		rel, text = "Cargo.toml", "[workspace]\nmembers = ["+g.pick("\"one\"", "\"one\", \"two\"")+"]\nresolver = \"2\"\n"
	case 5:
		rel, text = "Cargo.toml", g.pick("[workspace", "[workspace]\nmembers = [\"one\", \"two\"]\nresolver = \"2\"\n", "[workspace]\nmembers = [\"one\", \"two\"]\nresolver = \"2\"\nexclude = [\"ext\"]\n"+g.patch)
	case 6:
		rel, text = "afidt.toml", g.pick("", "[rules]\ndyn_incompatible_trait = \"warning\"\n", "nonsense")
	}
	g.did("write %s:\n%s", rel, text)
	g.write(rel, text)
	g.view.Changed(g.path(rel))
}

func (g *editor) next() (done bool) {
	results, done, err := g.view.Next(context.Background())
	if g.busy {
		dawdle()
	}
	g.take(results, err)
	return done
}

// take notes results as the server does: of two the newer one counts, and one of an outdated text does not.
func (g *editor) take(results []Result, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.failed = err
	for _, r := range results {
		if r.State != nil && !r.State.Has(r.Path, g.buffers[r.Path]) {
			continue
		}
		h := g.got[r.Path]
		switch {
		case r.AboutCalls && r.Seq >= h.callsSeq:
			h.callsSeq, h.calls = r.Seq, described(g.root, r.Findings)
		case !r.AboutCalls && r.Seq >= h.seq:
			h.seq, h.findings = r.Seq, described(g.root, r.Findings)
		}
		g.got[r.Path] = h
	}
}

// described are findings as texts that hold all that is shown of them.
func described(root string, findings []rules.Finding) []string {
	var out []string
	place := func(l rules.Label) string {
		name, _ := filepath.Rel(root, l.File.Path)
		start, end := l.File.Position(l.Span.Start), l.File.Position(l.Span.End)
		return fmt.Sprintf("%s:%d:%d-%d:%d %s", name, start.Line, start.Column, end.Line, end.Column, l.Text)
	}
	for _, f := range findings {
		text := fmt.Sprintf("%s %s %s %s", place(f.Primary), f.Severity, f.Code, f.Message)
		for _, l := range f.Labels {
			text += "\n  " + place(l)
		}
		out = append(out, text+"\n  "+strings.Join(append(slices.Clone(f.Notes), f.Helps...), "; "))
	}
	slices.Sort(out)
	return out
}

// compare holds what was handed out against Open; with the findings about calls it takes long.
func (g *editor) compare(calls bool) {
	g.t.Helper()
	texts := map[string][]byte{}
	for path, b := range g.buffers {
		texts[path] = b.Text
	}
	want, got := map[string][]string{}, map[string][]string{}
	// What is open and no target leads to is a crate of its own.
	s, err := Open(g.root, Options{Overlay: texts, Paths: slices.Sorted(maps.Keys(texts))})
	if err == nil {
		byPath := map[string][]rules.Finding{}
		inferred := &infer.Result{}
		if calls {
			inferred = s.Inferred()
		}
		for _, f := range rules.Run(s.Survey, inferred, s.Settings) {
			byPath[f.Primary.File.Path] = append(byPath[f.Primary.File.Path], f)
		}
		for path, findings := range byPath {
			want[path] = described(g.root, findings)
		}
	} else if g.failed == nil && g.view.Misconfigured() == nil {
		g.t.Fatalf("Open fails where the view does not: %v\n%s", err, strings.Join(g.log, "\n"))
	} else if g.failed == nil {
		return
	}
	for path, h := range g.got {
		all := h.findings
		if calls {
			all = slices.Concat(all, h.calls)
		}
		if len(all) > 0 {
			got[path] = slices.Sorted(slices.Values(all))
		}
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		all := ""
		for _, f := range slices.Concat(editedFiles, otherFiles) {
			all += "==== " + f + cmp.Or(map[bool]string{g.buffers[g.path(f)] != nil: " (buffer)"}[true], "") + "\n" + g.current(g.path(f))
		}
		g.t.Fatalf("after %d steps the view differs from Open (-open +view):\n%s\nlast steps:\n%s\n%s", len(g.log), diff, strings.Join(g.log[max(0, len(g.log)-6):], "\n"), all)
	}
}
