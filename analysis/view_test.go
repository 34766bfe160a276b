package analysis

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

var viewSteps = flag.Int("view.steps", 120, "edits of TestViewEqualsOpen")

// TestViewEqualsOpen makes random edits, saves, and changes on disk. Whenever the view has nothing left to do, what it handed
// out must be what Open finds on the same texts.
func TestViewEqualsOpen(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			g := &editor{t: t, rand: rand.New(rand.NewPCG(seed, 7)), root: t.TempDir(), buffers: map[string]*workspace.Buffer{}, got: map[string][]string{}, called: map[string][]string{}}
			g.create()
			g.view = NewView(g.root, Options{}, nil)
			for step := range *viewSteps / 4 {
				g.step()
				if g.rand.IntN(3) == 0 { // now and then edits overtake the analysis
					g.next()
					continue
				}
				for !g.next() {
				}
				g.compare(step)
			}
		})
	}
}

// editor is a user with two crates.
type editor struct {
	t       *testing.T
	rand    *rand.Rand
	root    string
	buffers map[string]*workspace.Buffer
	view    *View
	got     map[string][]string
	called  map[string][]string // of the rules about calls
	log     []string
}

var editedFiles = []string{"one/src/lib.rs", "one/src/a.rs", "one/src/a/b.rs", "one/src/c.rs", "two/src/lib.rs", "two/src/a.rs", "two/tests/t.rs"}

func (g *editor) path(name string) string { return filepath.Join(g.root, filepath.FromSlash(name)) }

func (g *editor) create() {
	g.write("Cargo.toml", "[workspace]\nmembers = [\"one\", \"two\"]\nresolver = \"2\"\n")
	g.write("one/Cargo.toml", "[package]\nname = \"one\"\nversion = \"0.1.0\"\nedition = \"2021\"\n")
	g.write("two/Cargo.toml", "[package]\nname = \"two\"\nversion = \"0.1.0\"\nedition = \"2018\"\n[dependencies]\none = { path = \"../one\" }\n")
	for _, f := range editedFiles {
		g.write(f, g.text(6))
	}
	g.write("one/src/lib.rs", "pub mod a;\npub mod c;\n"+g.text(6))
	g.write("two/src/lib.rs", "mod a;\n"+g.text(6))
	g.write("one/src/a.rs", "pub mod b;\n"+g.text(6))
}

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

func (g *editor) name() string { return g.pick("A", "B", "C", "D", "E", "F", "G", "H", "I") }

// line is one declaration; many are wrong, and names collide.
func (g *editor) line() string {
	a, b, c := g.name(), g.name(), g.name()
	switch g.rand.IntN(31) {
	case 0:
		return "pub trait " + a + " { async fn f(&self); }"
	case 1:
		return "pub trait " + a + ": " + b + " { fn f(&self) { let x = 1; } }"
	case 2:
		return "pub trait " + a + " {\n    fn f(&self) {\n        let x: Box<dyn " + b + ">;\n    }\n    fn g<T>(&self);\n}"
	case 3:
		return "pub trait " + a + " { type T; fn f(&self, x: &Self::T) -> " + b + "; }"
	case 4, 5, 6:
		return "pub fn f" + a + "(x: &dyn " + b + ") { let y: &dyn " + c + "; }"
	case 7:
		return "pub use crate::" + g.pick("a", "a::b", "c", "m") + "::" + a + ";"
	case 8:
		return "use " + g.pick("one", "crate", "super", "one::a", "self::m") + "::" + a + " as " + b + ";"
	case 9:
		return "pub use " + g.pick("one::a", "crate::a", "crate::m", "self::"+a) + "::*;"
	case 10:
		return "pub type " + a + " = " + g.pick("Box<dyn "+b+">", "u8", b) + ";"
	case 11:
		return "pub mod m {\n    use super::*;\n    pub trait " + a + " { fn f() where Self: " + b + "; }\n}"
	case 12:
		return "struct S" + a + "<T: ?Sized = dyn " + b + ">(T);"
	case 13:
		return "pub enum " + a + " { " + b + ", Other(Box<dyn " + c + ">) }"
	case 14:
		return "#[cfg(" + g.pick("test", "unix", "windows") + ")]\npub trait " + a + " { const X: u8; }"
	case 15:
		return "pub mod " + g.pick("a", "b", "c", "m", "n") + ";"
	case 16:
		return "macro_rules! m" + a + " { ($t:ident) => { trait $t { async fn f(); } }; }"
	case 17:
		return "m" + a + "!(" + b + ");"
	case 18:
		return "#[async_trait]\ntrait " + a + " { async fn f(&self); }"
	case 19:
		return "trait " + a + " = " + b + " + Send;"
	case 20:
		return "fn g() {\n    trait " + a + " { fn f(self: Box<" + b + ">); }\n    let x: Box<" + a + ">;\n}"
	case 21:
		return "extern crate one as " + a + ";"
	case 22:
		return "// " + a
	case 23:
		return "async fn c" + a + "(x: &dyn " + b + ", y: Box<" + c + ">) { x.f().await; x.g().box; y.f(); }"
	case 24:
		return "impl " + a + " for Box<dyn " + b + "> { async fn f(&self) { self.f().await } }"
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
	switch g.rand.IntN(8) {
	case 0, 1, 2:
		return strings.Join(slices.Insert(lines, i, g.line()), "\n")
	case 3:
		return strings.Join(slices.Delete(lines, i, i+1), "\n")
	case 4, 5:
		lines[i] = g.line()
		return strings.Join(lines, "\n")
	case 6:
		return strings.Replace(text, g.name(), g.name(), 1)
	}
	if len(text) == 0 {
		return g.pick("{", "\"", "/*")
	}
	at := g.rand.IntN(len(text))
	end := min(len(text), at+g.rand.IntN(4))
	return text[:at] + g.pick("", "", "{", "}", "\"", "A", " ", "\n", "//", "/*") + text[end:]
}

func (g *editor) step() {
	path := g.path(editedFiles[g.rand.IntN(len(editedFiles))])
	rel, _ := filepath.Rel(g.root, path)
	switch g.rand.IntN(12) {
	case 0: // close
		delete(g.buffers, path)
		g.view.Edit(path, nil)
		g.log = append(g.log, "close "+rel)
	case 1: // save
		if g.buffers[path] == nil {
			return
		}
		g.write(rel, g.current(path))
		g.view.Changed(path)
		g.log = append(g.log, "save "+rel)
	case 2: // somebody else writes
		g.write(rel, g.change(g.current(path)))
		g.view.Changed(path)
		g.log = append(g.log, "write "+rel)
	case 3: // a file comes or goes
		if g.rand.IntN(3) > 0 {
			return
		}
		path = g.path("one/src/n.rs")
		if _, err := os.Lstat(path); err == nil {
			if err := os.Remove(path); err != nil {
				g.t.Fatal(err)
			}
		} else {
			g.write("one/src/n.rs", g.text(4))
		}
		g.view.Changed(path)
		g.log = append(g.log, "create or remove n.rs")
	case 4: // a buffer that was never saved
		if g.rand.IntN(3) > 0 {
			return
		}
		path = g.path("one/src/m.rs")
		if g.buffers[path] != nil {
			delete(g.buffers, path)
		} else {
			g.buffers[path] = workspace.NewBuffer([]byte(g.text(4)))
		}
		g.view.Edit(path, g.buffers[path])
		g.log = append(g.log, "open or close m.rs")
	default:
		b := workspace.NewBuffer([]byte(g.change(g.current(path))))
		g.buffers[path] = b
		g.view.Edit(path, b)
		g.log = append(g.log, fmt.Sprintf("edit %s:\n%s", rel, b.Text))
	}
}

func (g *editor) next() (done bool) {
	results, done, err := g.view.Next(context.Background())
	if err != nil {
		g.t.Fatal(err)
	}
	if done {
		results = append(results, g.view.Infer(context.Background())...)
	}
	for _, r := range results {
		if r.AboutCalls {
			if g.called[r.Path] = described(g.root, r.Findings); len(g.called[r.Path]) == 0 {
				delete(g.called, r.Path)
			}
			continue
		}
		if g.got[r.Path] = described(g.root, r.Findings); len(g.got[r.Path]) == 0 {
			delete(g.got, r.Path)
		}
	}
	return done
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

func (g *editor) compare(step int) {
	g.t.Helper()
	texts := map[string][]byte{}
	for path, b := range g.buffers {
		texts[path] = b.Text
	}
	s, err := Open(g.root, Options{Overlay: texts})
	if err != nil {
		g.t.Fatal(err)
	}
	byPath := map[string][]rules.Finding{}
	for _, f := range s.Findings() {
		byPath[f.Primary.File.Path] = append(byPath[f.Primary.File.Path], f)
	}
	want := map[string][]string{}
	for path, findings := range byPath {
		want[path] = described(g.root, findings)
	}
	got := maps.Clone(g.got)
	for path, findings := range g.called {
		got[path] = slices.Sorted(slices.Values(slices.Concat(got[path], findings)))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		all := ""
		for _, f := range append(editedFiles, "one/src/m.rs", "one/src/n.rs") {
			all += "==== " + f + "\n" + g.current(g.path(f))
		}
		g.t.Fatalf("after step %d the view differs from Open (-open +view):\n%s\nlast steps:\n%s\n%s", step, diff, strings.Join(g.log[max(0, len(g.log)-3):], "\n"), all)
	}
}
