package quickfix

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

var update = flag.Bool("update", false, "write what the fixes of testdata offer and make anew")

// golden is one archive of testdata. Its comment holds directives, one a line:
//
//	apply ID FILE TEXT            apply a fix at the ^ of the first place in the file where the text stands (without the ^);
//	                              the results are the files after/FILE
//	offer ID[,ID] FILE TEXT       list which of these fixes are offered there, in the file `offered`
//	rules SET                     the rule set of the workspace
//	rustc lib|run [EDITION..]     the result compiles without a warning (in 2021 and 2024), and runs
//	cargo ARG..                   cargo accepts the result, offline and without a warning
//	rustfmt                       the result is as rustfmt leaves it
//
// Everything else is text for the reader.
type golden struct {
	path    string
	archive *txtar.Archive
	dir     string
}

func (g *golden) directives(verb string) [][]string {
	var out [][]string
	for line := range strings.Lines(string(g.archive.Comment)) {
		if words := strings.Fields(line); len(words) > 0 && words[0] == verb {
			out = append(out, words[1:])
		}
	}
	return out
}

const afterFolder = "after/"

// sources are the files of the archive before the fix, by name.
func (g *golden) sources() []txtar.File {
	return slices.DeleteFunc(slices.Clone(g.archive.Files), func(f txtar.File) bool {
		return strings.HasPrefix(f.Name, afterFolder) || f.Name == "offered"
	})
}

// open writes the archive's files and analyses them.
func (g *golden) open(t *testing.T) *Workspace {
	t.Helper()
	g.dir = t.TempDir()
	for _, f := range g.sources() {
		writeFile(t, filepath.Join(g.dir, filepath.FromSlash(f.Name)), f.Data)
	}
	s := g.session(t)
	for _, p := range s.Problems() {
		t.Errorf("problem: %s", p.Message)
	}
	w, err := New(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range g.directives("rules") {
		w.RuleSet = dyncompat.RuleSet(words[0])
	}
	return w
}

// session analyses what open wrote.
func (g *golden) session(t *testing.T) *analysis.Session {
	t.Helper()
	path := g.dir
	if files := g.sources(); len(files) == 1 {
		path = filepath.Join(g.dir, files[0].Name)
	}
	s, err := analysis.Open(path, analysis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func (g *golden) file(t *testing.T, w *Workspace, name string) *workspace.File {
	t.Helper()
	path := filepath.Join(g.dir, filepath.FromSlash(name))
	for _, f := range w.Snapshot.Files {
		if f.Path == path {
			return f
		}
	}
	t.Fatalf("%s is not part of the workspace", name)
	return nil
}

// at asks for the actions at the ^ of a text in a file.
func (g *golden) at(t *testing.T, w *Workspace, words []string) []Action {
	t.Helper()
	f, text := g.file(t, w, words[0]), strings.Join(words[1:], " ")
	caret := strings.IndexByte(text, '^')
	at := strings.Index(string(f.Text), strings.Replace(text, "^", "", 1))
	if caret < 0 || at < 0 {
		t.Fatalf("%s has no %q, or that has no ^", words[0], text)
	}
	return At(w, f.Path, uint32(at+caret))
}

// listed is what is offered of some fixes, of all if none are named.
func listed(actions []Action, ids ...string) string {
	var b strings.Builder
	for _, a := range actions {
		if len(ids) > 0 && !slices.Contains(ids, a.ID) {
			continue
		}
		rule := "-"
		if a.Rule != nil {
			rule = a.Rule.Name
		}
		fmt.Fprintf(&b, "%s: %s\n    %s, %s", a.ID, a.Title, a.Applicability, rule)
		if a.Preferred {
			b.WriteString(", preferred")
		}
		if a.Needs != "" {
			b.WriteString(", needs " + a.Needs)
		}
		if a.BlockedBy != "" {
			b.WriteString(", blocked: " + a.BlockedBy)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestGolden applies the fixes of the archives in testdata and compares the results with the archives' own.
func TestGolden(t *testing.T) { testGolden(t, "testdata/*.txtar") }

// TestGoldenFormat does so where the workspace says how rustfmt lays out its files.
func TestGoldenFormat(t *testing.T) { testGolden(t, "testdata/format/*.txtar") }

func testGolden(t *testing.T, pattern string) {
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			g := &golden{path: path, archive: archive}
			if len(g.directives("apply"))+len(g.directives("offer")) == 0 {
				t.Fatal("the archive asks for nothing")
			}
			w := g.open(t)
			got := map[string]string{}
			var offered strings.Builder
			for _, words := range g.directives("offer") {
				fmt.Fprintf(&offered, "%s\n%s", strings.Join(words, " "), listed(g.at(t, w, words[1:]), strings.Split(words[0], ",")...))
			}
			if offered.Len() > 0 {
				got["offered"] = offered.String()
			}
			for name, text := range g.apply(t, w) {
				got[afterFolder+name] = text
			}
			g.compare(t, got)
			g.compile(t, got)
		})
	}
}

// TestGoldenLineEndings applies the same fixes to the same sources with a byte order mark and with CRLF: the results must be
// those of the archives, but for that.
func TestGoldenLineEndings(t *testing.T) {
	testGoldenWith(t, func(text []byte) []byte { return append([]byte("\ufeff"), crlf(text)...) })
}

// TestGoldenTabs does so with sources that are indented by tabs.
func TestGoldenTabs(t *testing.T) {
	testGoldenWith(t, tabbed)
}

func testGoldenWith(t *testing.T, change func([]byte) []byte) {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for i := range archive.Files {
				f := &archive.Files[i]
				if strings.HasSuffix(f.Name, ".rs") {
					f.Data = change(f.Data)
				}
			}
			g := &golden{path: path, archive: archive}
			got := map[string]string{}
			for name, text := range g.apply(t, g.open(t)) {
				got[afterFolder+name] = text
			}
			for _, f := range archive.Files {
				if strings.HasPrefix(f.Name, afterFolder) && got[f.Name] != string(f.Data) {
					t.Errorf("%s differs:\n%s", f.Name, cmp.Diff(string(f.Data), got[f.Name]))
				}
			}
		})
	}
}

// apply applies the fixes of the apply directives, and returns the files that changed, by name.
func (g *golden) apply(t *testing.T, w *Workspace) map[string]string {
	t.Helper()
	var edits []Edit
	for _, words := range g.directives("apply") {
		actions := g.at(t, w, words[1:])
		i := slices.IndexFunc(actions, func(a Action) bool { return a.ID == words[0] })
		if i < 0 || actions[i].BlockedBy != "" {
			t.Fatalf("%s does not apply at %s:\n%s", words[0], strings.Join(words[1:], " "), listed(actions))
		}
		edits = append(edits, actions[i].Edits...)
	}
	texts, err := Apply(edits, func(path string) ([]byte, error) { return w.file(path).Text, nil })
	if err != nil {
		t.Fatal(err)
	}
	if len(g.directives("apply")) > 0 && len(texts) == 0 {
		t.Error("what is applied changes nothing")
	}
	out := map[string]string{}
	for path, text := range texts {
		name, err := filepath.Rel(g.dir, path)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.ToSlash(name)] = string(text)
	}
	return out
}

// compare compares results with those of the archive, or writes them into it.
func (g *golden) compare(t *testing.T, got map[string]string) {
	t.Helper()
	if *update {
		files := g.sources()
		for _, name := range slices.Sorted(maps.Keys(got)) {
			files = append(files, txtar.File{Name: name, Data: []byte(got[name])})
		}
		g.archive.Files = files
		if err := os.WriteFile(g.path, txtar.Format(g.archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want := map[string]string{}
	for _, f := range g.archive.Files {
		if strings.HasPrefix(f.Name, afterFolder) || f.Name == "offered" {
			want[f.Name] = string(f.Data)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the results have changed (-want +got); if that is meant, run go test ./quickfix -update\n%s", diff)
	}
}

// compile lets rustc and rustfmt judge the result, as the directives ask.
func (g *golden) compile(t *testing.T, got map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for _, f := range g.sources() {
		text := string(f.Data)
		if after, ok := got[afterFolder+f.Name]; ok {
			text = after
		}
		writeFile(t, filepath.Join(dir, filepath.FromSlash(f.Name)), []byte(text))
	}
	for _, words := range g.directives("cargo") {
		t.Run("cargo", func(t *testing.T) { cargoBuild(t, dir, words) })
	}
	roots := slices.DeleteFunc(g.sources(), func(f txtar.File) bool {
		return !slices.Contains([]string{"lib.rs", "main.rs"}, path.Base(f.Name)) && (!strings.HasSuffix(f.Name, ".rs") || len(g.sources()) > 1)
	})
	if len(g.directives("rustfmt")) > 0 {
		for _, root := range roots {
			t.Run("rustfmt", func(t *testing.T) { rustfmt(t, dir, root.Name, "2024") })
		}
	}
	if len(roots) != 1 {
		return
	}
	root := roots[0].Name
	for _, words := range g.directives("rustc") {
		editions := words[1:]
		if len(editions) == 0 {
			editions = []string{"2021", "2024"}
		}
		for _, edition := range editions {
			t.Run("rustc "+edition, func(t *testing.T) { rustc(t, dir, root, edition, words[0] == "run") })
		}
	}
}

// cargoBuild runs cargo on a workspace without dependencies from elsewhere, every warning an error.
func cargoBuild(t *testing.T, dir string, args []string) {
	t.Helper()
	if exec.Command("cargo", "--version").Run() != nil {
		t.Skip("cargo is not installed, so the result is not compiled")
	}
	cmd := exec.Command("cargo", append(args, "--offline", "--quiet")...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "RUSTFLAGS=-D warnings -A dead_code", "CARGO_TARGET_DIR="+t.TempDir())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("cargo: %v\n%s", err, out)
	}
}

// rustfmt fails the test if rustfmt would change the file in the style of an edition.
func rustfmt(t *testing.T, dir, root, edition string) {
	t.Helper()
	// Not every rustc comes with a rustfmt, and rustup's stand-in for a missing one fails.
	if exec.Command("rustfmt", "--version").Run() != nil {
		t.Skip("rustfmt is not installed, so the layout of the result is not checked")
	}
	cmd := exec.Command("rustfmt", "--check", "--edition", edition, filepath.FromSlash(root))
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("rustfmt would write it otherwise:\n%s", out)
	}
}

// rustc compiles a crate without dependencies, every warning an error, and runs it if asked to.
func rustc(t *testing.T, dir, root, edition string, run bool, more ...string) {
	t.Helper()
	if _, err := exec.LookPath("rustc"); err != nil {
		t.Skip("rustc is not installed, so the result is not compiled")
	}
	out := t.TempDir()
	args := []string{"--edition", edition, "-D", "warnings", "-A", "async_fn_in_trait", "--out-dir", out, filepath.FromSlash(root)}
	args = append(args, more...)
	if run {
		args = append(args, "--crate-name", "fixed", "--crate-type", "bin")
	} else {
		args = append(args, "--crate-type", "lib", "--emit", "metadata")
	}
	cmd := exec.Command("rustc", args...)
	cmd.Dir = dir
	if msg, err := cmd.CombinedOutput(); err != nil {
		text, _ := os.ReadFile(filepath.Join(dir, filepath.FromSlash(root)))
		t.Fatalf("rustc: %v\n%s\n%s", err, msg, text)
	}
	if !run {
		return
	}
	if msg, err := exec.Command(filepath.Join(out, "fixed")).CombinedOutput(); err != nil {
		t.Fatalf("the result does not run: %v\n%s", err, msg)
	}
}

// TestOneFileAlone asks about the findings of each file of the archives with a workspace that knows the calls of that file alone: it has
// the actions that a workspace has which knows them all.
func TestOneFileAlone(t *testing.T) {
	var paths []string
	for _, pattern := range []string{"testdata/*.txtar", "testdata/fixall/*.txtar"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("no archives: %v", err)
		}
		paths = append(paths, found...)
	}
	asked := 0
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			g := &golden{path: path, archive: archive}
			whole := g.open(t)
			for _, f := range whole.Snapshot.Files {
				s := g.session(t)
				alone, err := NewIn(s, nil, f.Path)
				if err != nil {
					t.Fatal(err)
				}
				alone.RuleSet = whole.RuleSet
				for i := range alone.Calls {
					if alone.Calls[i].File.Path != f.Path {
						t.Fatalf("the calls of %s are known in advance", alone.Calls[i].File.Path)
					}
				}
				findings := s.FindingsIn(f.Path)
				for i := range findings {
					at := findings[i].Primary.Span.Start
					want, got := At(whole, f.Path, at), At(alone, f.Path, at)
					if diff := cmp.Diff(shown(want), shown(got)); diff != "" {
						t.Errorf("%s at byte %d (-whole +alone):\n%s", f.Path, at, diff)
					}
					asked += len(got)
				}
			}
		})
	}
	if asked < 100 {
		t.Errorf("only %d actions were compared", asked)
	}
}

// shown are actions as a list shows them, with their edits.
func shown(actions []Action) []string {
	var out []string
	for i := range actions {
		a := &actions[i]
		text := listed(actions[i : i+1])
		for _, e := range a.Edits {
			text += fmt.Sprintf("%s %d-%d %q\n", filepath.Base(e.Path), e.Span.Start, e.Span.End, e.New)
		}
		out = append(out, text)
	}
	return out
}
