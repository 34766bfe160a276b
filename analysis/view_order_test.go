package analysis

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// scripted is an editor of one package with these files, names and texts in turn, who does what a test says. Nothing is left to do.
func scripted(t *testing.T, files ...string) *editor {
	g := &editor{t: t, root: t.TempDir(), buffers: map[string]*workspace.Buffer{}, got: map[string]handed{}}
	g.write("Cargo.toml", manifest("one", "2021", ""))
	for i := 0; i < len(files); i += 2 {
		g.write(files[i], files[i+1])
	}
	g.view = NewView(g.root, Options{Threads: 1}, nil)
	g.settle()
	return g
}

// settle lets the view do all that is left.
func (g *editor) settle() {
	for !g.next() {
	}
}

// typed makes a text a file's buffer.
func (g *editor) typed(name, text string) {
	g.edit(g.path(name), workspace.NewBuffer([]byte(text)))
}

// save writes a file's buffer to disk; the view hears of it as of any change on disk.
func (g *editor) save(name string) {
	g.write(name, g.current(g.path(name)))
	g.view.Changed(g.path(name))
}

// findings are how many findings were handed out for a file.
func (g *editor) findings(name string) int {
	h := g.got[g.path(name)]
	return len(h.findings) + len(h.calls)
}

// TestSavedAndClosed edits a body, saves and closes the file. From then on no buffer tells the texts before and after apart, and
// what was found in the older one must not come back: at once, by the rules about calls, or when the file is looked at again
// because of another.
func TestSavedAndClosed(t *testing.T) {
	const lib = "pub mod a;\npub trait T { async fn f(&self); }\n"
	const before = "pub async fn g(x: crate::S) { }\n"
	const after = "pub async fn g(x: crate::S) {\n    let y: &dyn crate::T = todo!();\n    y.f().await;\n}\n"
	for _, when := range []struct {
		name    string
		between bool // the view has nothing left to do between the steps
	}{{"step by step", true}, {"at once", false}} {
		t.Run(when.name, func(t *testing.T) {
			g := scripted(t, "src/lib.rs", lib, "src/a.rs", before)
			pause := func() {
				if when.between {
					g.settle()
				}
			}
			g.typed("src/a.rs", before)
			pause()
			g.typed("src/a.rs", after)
			pause()
			g.save("src/a.rs")
			pause()
			g.edit(g.path("src/a.rs"), nil)
			g.settle()
			if n := g.findings("src/a.rs"); n < 2 {
				t.Errorf("after it was closed there are %d findings, want the type's and the call's", n)
			}
			g.compare(true)
			// The lines that findings in a.rs point at move, which changes no interface.
			g.typed("src/lib.rs", "// One\n"+lib)
			g.settle()
			g.compare(true)
			g.save("src/lib.rs")
			pause()
			g.edit(g.path("src/lib.rs"), nil)
			g.settle()
			g.compare(true)
			// The other way round, and by somebody else: a formatter, say.
			g.write("src/a.rs", "// Two\n\n"+after)
			g.view.Changed(g.path("src/a.rs"))
			g.settle()
			g.compare(true)
		})
	}
}

// TestClosedWithoutSaving drops a buffer whose body differs from what is on disk, where somebody else wrote meanwhile.
func TestClosedWithoutSaving(t *testing.T) {
	const call = "pub async fn g(x: &dyn crate::T) {\n    x.f().await;\n}\n"
	const none = "pub async fn g(x: &dyn crate::T) {\n}\n"
	g := scripted(t, "src/lib.rs", "pub mod a;\npub trait T { async fn f(&self); }\n", "src/a.rs", none)
	g.typed("src/a.rs", none+"// typed\n")
	g.settle()
	g.write("src/a.rs", call) // nobody tells the view
	g.settle()
	g.edit(g.path("src/a.rs"), nil)
	g.settle()
	g.compare(true)
	if err := os.Remove(g.path("src/a.rs")); err != nil {
		t.Fatal(err)
	}
	g.view.Changed(g.path("src/a.rs"))
	g.settle()
	g.compare(true)
}

// TestMethodBecomesOfInterest has a method become one that calls are listed of, by a file that is analysed in an older state, after
// a call of it was typed in another file.
func TestMethodBecomesOfInterest(t *testing.T) {
	const lib = "pub mod a;\npub mod m;\npub mod n;\npub mod y;\npub use m::C;\npub struct S { pub c: a::Of }\n"
	const body = "pub fn y(s: &crate::S) {\n}\n"
	g := scripted(t, "src/lib.rs", lib,
		"src/a.rs", "pub type Of = Box<dyn crate::C>;\n",
		"src/m.rs", "pub trait C { fn plain(&self); }\n",
		"src/n.rs", "pub trait C { fn k(&self, x: impl Sized); }\n",
		"src/y.rs", body,
	)
	g.typed("src/lib.rs", strings.Replace(lib, "m::C", "n::C", 1))
	for range 2 { // the edited file, then what depends on it is marked
		g.take(must(g.view.Next(context.Background())))
	}
	g.typed("src/y.rs", "pub fn y(s: &crate::S) {\n    s.c.k(1);\n}\n")
	g.settle()
	if g.findings("src/y.rs") == 0 {
		t.Error("the call is not reported")
	}
	g.compare(true)
}

// TestLeftWhileReadAgain has a file leave the workspace, and the workspace be read again while the file is looked at for the last time:
// that result is of the workspace before, and is dropped.
func TestLeftWhileReadAgain(t *testing.T) {
	g := scripted(t, "src/lib.rs", "pub mod c;\npub trait T { async fn f(&self); }\n", "src/c.rs", "pub async fn c(x: &dyn crate::T) {\n    x.f().await;\n}\n")
	path := g.path("src/c.rs")
	if g.findings("src/c.rs") < 2 {
		t.Fatal("c.rs has no findings")
	}
	g.typed("src/lib.rs", "pub trait T { async fn f(&self); }\n")
	for g.view.files[path] != nil { // until it is known that the file has left
		g.take(must(g.view.Next(context.Background())))
	}
	delete(g.view.calls.stale, path) // it is being looked at
	g.write("Cargo.toml", manifest("one", "2018", ""))
	g.view.Changed(g.path("Cargo.toml"))
	g.settle()
	g.compare(true)
}

// TestWrittenWhileFirstRead has a file written while the workspace's files are read for the first time: first a part of it, which is what is
// read, then the rest. Nobody had seen the file before the first change, so nothing but its being on disk tells that it may be another.
func TestWrittenWhileFirstRead(t *testing.T) {
	const whole = "pub mod b;\npub trait T { async fn f(&self); }\n"
	g := &editor{t: t, root: t.TempDir(), buffers: map[string]*workspace.Buffer{}, got: map[string]handed{}}
	g.write("Cargo.toml", manifest("one", "2021", ""))
	g.write("src/lib.rs", "pub mod a;\n")
	g.write("src/a.rs", whole)
	g.write("src/a/b.rs", "pub fn f(x: &dyn super::T) {}\n")
	written := false
	g.view = NewView(g.root, Options{Threads: 1, Progress: func(int) {
		if !written {
			written = true
			g.write("src/a.rs", "")
			g.view.Changed(g.path("src/a.rs"))
		}
	}}, nil)
	for !written {
		g.take(must(g.view.Next(context.Background())))
	}
	g.write("src/a.rs", whole)
	g.view.Changed(g.path("src/a.rs"))
	g.settle()
	if g.findings("src/a/b.rs") == 0 {
		t.Error("nothing is found in a module that was declared since")
	}
	g.compare(true)
}

// TestTakenBackAtOnce has a file edited together with what it depends on, which is then edited back before it is known what depends on
// it: the file was looked at meanwhile, and is looked at again.
func TestTakenBackAtOnce(t *testing.T) {
	const user = "pub fn f(x: &dyn crate::T) {}\n"
	for _, c := range []struct{ name, lib, meanwhile string }{
		{"a declaration", "pub mod a;\npub trait T { async fn f(&self); }\n", "pub mod a;\npub trait T { fn f(&self); }\n"},
		{"no declaration", "pub mod a;\npub trait T { fn f(&self); }\n", "pub mod a;\npub trait T { async fn f(&self); }\n"},
		{"a module", "pub mod a;\npub trait T { async fn f(&self); }\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := scripted(t, "src/lib.rs", c.lib, "src/a.rs", user)
			g.typed("src/lib.rs", c.meanwhile)
			g.typed("src/a.rs", user+"// typed\n")
			g.take(g.view.Edited(context.Background()))
			g.typed("src/lib.rs", c.lib)
			g.settle()
			g.compare(true)
		})
	}
}

func must(results []Result, _ bool, err error) ([]Result, error) { return results, err }

// TestIncluded edits a file that include! puts into a module: what it declares is judged where it is used, in it and in the module,
// and one that comes and goes is there or not.
func TestIncluded(t *testing.T) {
	const lib = "include!(\"part.rs\");\npub fn f(_: &dyn T) {}\n"
	const bad = "pub trait T { async fn f(&self); }\npub fn g(_: &dyn T) {}\n"
	g := scripted(t, "src/lib.rs", lib, "src/part.rs", "pub trait T { fn f(&self); }\npub fn g(_: &dyn T) {}\n")
	want := func(when string, inLib, inPart bool) {
		t.Helper()
		g.settle()
		if got := g.findings("src/lib.rs") > 0; got != inLib {
			t.Errorf("%s: findings in lib.rs: %v", when, got)
		}
		if got := g.findings("src/part.rs") > 0; got != inPart {
			t.Errorf("%s: findings in part.rs: %v", when, got)
		}
		g.compare(true)
	}
	want("at first", false, false)
	g.typed("src/part.rs", bad)
	want("edited", true, true)
	g.typed("src/lib.rs", "mod m { "+lib+" }\n")
	want("moved into a module", true, true)
	g.edit(g.path("src/part.rs"), nil)
	want("closed without saving", false, false)
	g.write("src/part.rs", bad)
	g.view.Changed(g.path("src/part.rs"))
	want("written", true, true)
	if err := os.Remove(g.path("src/part.rs")); err != nil {
		t.Fatal(err)
	}
	g.view.Changed(g.path("src/part.rs"))
	want("removed", false, false)
}
