package quickfix

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

func fixed(t *testing.T, text string, style ...string) (*Outcome, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lib.rs")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := FixAll(path, analysis.Options{}, style, nil)
	if err != nil {
		t.Fatal(err)
	}
	if now, err := os.ReadFile(path); err != nil || string(now) != text {
		t.Errorf("FixAll wrote the file (%v)", err)
	}
	if changed, ok := out.Texts[path]; ok {
		text = string(changed)
	}
	return out, text
}

func TestFixAllGoesOn(t *testing.T) {
	// Two parameters of one function conflict when its head has to be broken into lines: the second round takes the second.
	out, text := fixed(t, `pub trait Client {
    async fn fetch(&self);
}

pub async fn a_function_with_a_long_name(first_client: &mut dyn Client, second: &mut dyn Client) {
    first_client.fetch().await;
    second.fetch().await;
}
`, "generics")
	want := `pub async fn a_function_with_a_long_name(
    first_client: &mut (impl Client + ?Sized),
    second: &mut (impl Client + ?Sized),
) {`
	if !strings.Contains(text, want) || len(out.Fixed) != 2 || out.Undone != "" {
		t.Errorf("%+v\n%s", out.Fixed, text)
	}
}

// TestFixAllTakesWhatIsKnown has nothing to fix in what was analysed before, so that nothing is read.
func TestFixAllTakesWhatIsKnown(t *testing.T) {
	s, _ := loaded(t, map[string]string{"src/lib.rs": "pub fn f() {}\n"})
	out, err := (&Fixing{Path: filepath.Join(s.Snapshot.Root, "none"), First: s}).All()
	if err != nil || out.Session != s {
		t.Errorf("the workspace is read though it is known: %v", err)
	}
}

func TestFixAllLeavesChoices(t *testing.T) {
	const text = "pub fn f(_: Box<dyn Iterator>) {}\npub trait Unused {\n    async fn f(&self);\n}\n"
	out, got := fixed(t, text)
	if got != text || len(out.Fixed) > 0 {
		t.Errorf("placeholders or hints were applied: %+v\n%s", out.Fixed, got)
	}
	if _, got = fixed(t, text, "assoc-types"); got != text {
		t.Errorf("placeholders were applied, because they were chosen:\n%s", got)
	}
}

func TestFixAllNeverWritesWhatNoCompilerReads(t *testing.T) {
	const text = "pub trait Client {\n    async fn fetch(&self);\n}\npub async fn f(c: &dyn Client) {\n    c.fetch().await\n}\n"
	if _, got := fixed(t, text, "box", "dyn-box"); got != text {
		t.Errorf("no compiler of today reads this:\n%s", got)
	}
}

func TestFixAllRejectsUnknownStyles(t *testing.T) {
	_, err := FixAll(t.TempDir(), analysis.Options{}, []string{"no-such-fix"}, nil)
	if err == nil {
		t.Error("an id of no fix is accepted")
	}
	if err := CheckStyle([]string{"no-such-fix"}); err == nil || !strings.Contains(err.Error(), strings.Join(IDs(), ", ")) {
		t.Errorf("%v: the error does not list the fixes", err)
	}
}

// TestFixAllUndoesHarm has a fix that makes things worse: nothing of that round may stay.
func TestFixAllUndoesHarm(t *testing.T) {
	before := All
	defer func() { All = before }()
	harm := &Fix{ID: "harm", offer: func(_ *Workspace, target *Target) []Action {
		if target.Mention == nil {
			return nil
		}
		f := target.Mention.File
		return []Action{{Title: "harm", Applicability: MachineApplicable, Edits: []Edit{insert(f, uint32(len(f.Text)), "fn g(_: &dyn Clone, _: &dyn Clone) {}\n")}}}
	}}
	All = append(slices.Clone(All), harm)
	const text = "fn f(_: &dyn Clone) {}\n"
	out, got := fixed(t, text, "harm")
	if got != text || len(out.Fixed) > 0 || out.Undone == "" {
		t.Errorf("undone: %q, fixed: %v\n%s", out.Undone, out.Fixed, got)
	}
}

// TestFixAllCompanions writes the companions of all traits of a workspace at once: cargo builds the result without a warning, it runs,
// and is as rustfmt leaves it.
func TestFixAllCompanions(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/fixall/companions.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range archive.Files {
		writeFile(t, filepath.Join(dir, filepath.FromSlash(f.Name)), f.Data)
	}
	out, err := FixAll(dir, analysis.Options{}, []string{"companion"}, nil)
	if err != nil || out.Undone != "" {
		t.Fatal(err, out.Undone)
	}
	if len(out.Fixed) == 0 {
		t.Error("nothing is fixed")
	}
	for path, text := range out.Texts {
		writeFile(t, path, text)
	}
	for i := range out.Session.Survey.Mentions {
		if m := &out.Session.Survey.Mentions[i]; m.Compatible != types.Yes {
			t.Errorf("%s is left", m.Span.Of(m.File.Text))
		}
	}
	runCargo(t, dir, []string{"run", "--quiet", "--offline"}, []string{"fmt", "--all", "--check"})
}

// TestFixAllArchives applies fixes to the workspaces of testdata/fixall, one after the other, each to all that it can cure. A line
// `fix ID` of an archive says that everything is cured then; `fix ID left REASON` that this is said of the only thing that is not.
func TestFixAllArchives(t *testing.T) {
	paths, err := filepath.Glob("testdata/fixall/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, words := range (&golden{archive: archive}).directives("fix") {
			id, why := words[0], ""
			if len(words) > 2 && words[1] == "left" {
				why = strings.Join(words[2:], " ")
			}
			t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar")+" "+id, func(t *testing.T) {
				dir := t.TempDir()
				for _, f := range archive.Files {
					writeFile(t, filepath.Join(dir, filepath.FromSlash(f.Name)), f.Data)
				}
				fixAllIn(t, dir, id, why)
			})
		}
	}
}

// fixAllIn applies a fix to a folder. What is left must have a reason, the only one; if nothing is left cargo builds it.
func fixAllIn(t *testing.T, dir, id, why string) {
	t.Helper()
	out, err := FixAll(dir, analysis.Options{}, []string{id}, nil)
	if err != nil || out.Undone != "" {
		t.Fatal(err, out.Undone)
	}
	for path, text := range out.Texts {
		writeFile(t, path, text)
	}
	var reasons []string
	for _, l := range out.Left {
		reasons = append(reasons, l.Why)
	}
	if got := strings.Join(reasons, "; "); got != why {
		t.Errorf("left because of %q, want %q", got, why)
	}
	errors := 0
	for i := range out.Session.Mentions {
		if m := &out.Session.Mentions[i]; m.Compatible != types.Yes {
			errors++
			if why == "" {
				t.Errorf("%s is left", m.Span.Of(m.File.Text))
			}
		}
	}
	commands := [][]string{{"fmt", "--all", "--check"}}
	if errors == 0 {
		commands = append(commands, []string{"check", "--quiet", "--offline", "--workspace", "--all-targets"})
	} else if why == "" || len(out.Left) == 0 {
		t.Errorf("%d mentions are left without a reason", errors)
	}
	runCargo(t, dir, commands...)
}

// TestFixAllPrograms writes the companions of all traits of programs as people write them: the results are the goldens beside them, rustc
// compiles them without a warning, they run, and are as rustfmt leaves them. A program with tests is compiled for them too.
func TestFixAllPrograms(t *testing.T) {
	programs, err := filepath.Glob("testdata/fixall/*.rs")
	if err != nil || len(programs) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	rt, err := os.ReadFile("testdata/rt.rs")
	if err != nil {
		t.Fatal(err)
	}
	rt = rt[:strings.Index(string(rt), "#[allow(unused_imports)]")]
	for _, path := range programs {
		if strings.HasSuffix(path, ".after.rs") {
			continue
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".rs"), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			edition := 2024
			if strings.HasPrefix(string(text), "// Edition 2021") {
				edition = 2021
			}
			dir := t.TempDir()
			main := filepath.Join(dir, "main.rs")
			writeFile(t, main, append(text, rt...))
			out, err := FixAll(main, analysis.Options{Cargo: cargo.Options{Edition: edition}}, []string{"companion"}, nil)
			if err != nil || out.Undone != "" {
				t.Fatal(err, out.Undone)
			}
			got := string(out.Texts[main])
			compareFile(t, strings.TrimSuffix(path, ".rs")+".after.rs", strings.TrimSuffix(got, string(rt)))
			writeFile(t, main, []byte(got))
			rustc(t, dir, "main.rs", strconv.Itoa(edition), true)
			if strings.Contains(got, "#[cfg(test)]") {
				rustc(t, dir, "main.rs", strconv.Itoa(edition), true, "--test")
			}
			rustfmt(t, dir, "main.rs", strconv.Itoa(edition))
		})
	}
}

// runCargo runs commands of cargo in a folder, which have to succeed without a warning.
func runCargo(t *testing.T, dir string, commands ...[]string) {
	t.Helper()
	for _, words := range commands {
		if _, err := exec.LookPath("cargo"); err != nil {
			t.Skip("cargo is not installed, so the result is not built")
		}
		cmd := exec.Command("cargo", words...)
		cmd.Dir = dir
		cmd.Env = append(cmd.Environ(), "RUSTFLAGS=-Dwarnings -Abare_trait_objects", "CARGO_TARGET_DIR="+filepath.Join(dir, "target"))
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("cargo %s: %v\n%s", words[0], err, text)
		}
	}
}

// TestFixAllForeignCompanions has companions of two traits of a dependency that are imported by one `use`, whose group both change.
func TestFixAllForeignCompanions(t *testing.T) {
	files := map[string]string{
		"dep/Cargo.toml": "[package]\nname = \"dep\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
		"dep/src/lib.rs": `#![allow(async_fn_in_trait)]
pub trait Fetch {
    async fn fetch(&self) -> u8;
}
pub trait Store {
    async fn store(&self, n: u8) -> u8;
}
pub struct Both;
impl Fetch for Both {
    async fn fetch(&self) -> u8 {
        1
    }
}
impl Store for Both {
    async fn store(&self, n: u8) -> u8 {
        n
    }
}
`,
		"src/lib.rs": `use dep::{Both, Fetch, Store};

pub async fn fetch(f: &dyn Fetch) -> u8 {
    f.fetch().await
}
pub async fn store(s: Box<dyn Store>) -> u8 {
    s.store(2).await
}
pub async fn both() -> u8 {
    fetch(&Both).await + store(Box::new(Both)).await
}
`,
	}
	dir := t.TempDir()
	files["Cargo.toml"] = "[workspace]\nexclude = [\"dep\"]\n\n[package]\nname = \"it\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[dependencies]\ndep = { path = \"dep\" }\n"
	for name, text := range files {
		writeFile(t, filepath.Join(dir, filepath.FromSlash(name)), []byte(text))
	}
	out, err := FixAll(dir, analysis.Options{}, []string{"companion"}, nil)
	if err != nil || out.Undone != "" {
		t.Fatal(err, out.Undone)
	}
	for path, text := range out.Texts {
		writeFile(t, path, text)
	}
	text := string(out.Texts[filepath.Join(dir, "src", "lib.rs")])
	for i := range out.Session.Mentions {
		if m := &out.Session.Mentions[i]; len(m.Errors) > 0 {
			t.Errorf("%s is left:\n%s", m.Span.Of(m.File.Text), text)
		}
	}
	if strings.Contains(text, "&dyn Fetch") || strings.Contains(text, "dyn Store>") {
		t.Errorf("not both are fixed:\n%s", text)
	}
	runCargo(t, dir, []string{"check", "--quiet", "--offline"}, []string{"fmt", "--check"})
}
