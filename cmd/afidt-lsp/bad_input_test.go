package main

import (
	"github.com/afidt-lsp/afidt-lsp/internal/testtree"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// badCase is a folder that something is wrong with. One file of it, good.rs or what it is part of, holds a wrong `dyn`, which
// must be found all the same.
type badCase struct {
	name  string
	files map[string]string
	// links are symbolic links: where, and to what.
	links map[string]string
	args  []string // `check --format short` and the folder if nil
	code  int
	// stdout and stderr are parts of what is printed.
	stdout, stderr []string
}

const (
	manifest = "[package]\nname = \"bad\"\nedition = \"2024\"\n"
	wrong    = "trait Wrong { fn f(); }\nfn g(_: &dyn Wrong) {}\n"
	found    = ": error[E0038]: the trait `Wrong` is not dyn compatible"
)

var badCases = []badCase{
	{
		name:  "invalid UTF-8",
		files: map[string]string{"Cargo.toml": manifest, "src/lib.rs": "// \xff\xfe\nconst S: &str = \"\xc3\x28\";\n" + wrong},
		code:  1, stdout: []string{"src/lib.rs:4:10" + found},
	},
	{
		name:  "invalid UTF-8 in the reported line",
		files: map[string]string{"Cargo.toml": manifest, "src/lib.rs": "trait Wrong { fn f(); }\nfn g(/* \xff */ _: &dyn Wrong) {}\n"},
		code:  1, stdout: []string{found},
	},
	{
		name:  "NUL",
		files: map[string]string{"Cargo.toml": manifest, "src/lib.rs": "\x00// a\x00b\n" + wrong + "\x00"},
		code:  1, stdout: []string{"src/lib.rs:3:10" + found},
	},
	{
		name:  "CRLF",
		files: map[string]string{"Cargo.toml": strings.ReplaceAll(manifest, "\n", "\r\n"), "src/lib.rs": strings.ReplaceAll(wrong, "\n", "\r\n")},
		code:  1, stdout: []string{"src/lib.rs:2:10" + found},
	},
	{
		name:  "BOM",
		files: map[string]string{"Cargo.toml": "\ufeff" + manifest, "src/lib.rs": "\ufefffn g(_: &dyn Wrong) {}\ntrait Wrong { fn f(); }\n"},
		code:  1, stdout: []string{"src/lib.rs:1:10" + found},
	},
	{
		name:  "UTF-16",
		files: map[string]string{"Cargo.toml": manifest, "src/lib.rs": "mod wide;\n" + wrong, "src/wide.rs": "\xff\xfet\x00r\x00a\x00i\x00t\x00"},
		code:  1, stdout: []string{"src/lib.rs:3:10" + found},
	},
	{
		name:  "binary file as module",
		files: map[string]string{"Cargo.toml": manifest, "src/lib.rs": "mod elf;\n" + wrong, "src/elf.rs": "\x7fELF\x02\x01\x01\x00\x00{{{((([[[\x00\"'r#\"/*"},
		code:  1, stdout: []string{"src/lib.rs:3:10" + found},
	},
	{
		name:  "empty file",
		files: map[string]string{"lib.rs": ""},
		code:  0, stdout: []string{"1 file checked: 0 errors"},
	},
	{
		name:  "missing module",
		files: map[string]string{"Cargo.toml": manifest, "src/lib.rs": "mod gone;\nuse gone::Thing;\nfn h(_: &dyn Thing) {}\n" + wrong},
		code:  1, stdout: []string{"src/lib.rs:5:10" + found}, stderr: []string{"module `gone` is missing", "src/lib.rs:1:5"},
	},
	{
		name:  "two files for one module",
		files: map[string]string{"Cargo.toml": manifest, "src/lib.rs": "mod twice;\n" + wrong, "src/twice.rs": "", "src/twice/mod.rs": ""},
		code:  1, stdout: []string{found}, stderr: []string{"twice", "src/lib.rs:1:5"},
	},
	{
		name:  "a module that is its own parent",
		files: map[string]string{"Cargo.toml": manifest, "src/lib.rs": "#[path = \"lib.rs\"] mod again;\n" + wrong},
		code:  1, stdout: []string{found},
	},
	{
		name:  "a path attribute that leads out of the world",
		files: map[string]string{"Cargo.toml": manifest, "src/lib.rs": "#[path = \"../../../../../../../../../../../../no/such.rs\"] mod out;\n#[path = \"\"] mod empty;\n#[path = \"\x00\"] mod nul;\n" + wrong},
		code:  1, stdout: []string{found}, stderr: []string{"module `out` is missing"},
	},
	{
		name:  "a folder in place of a file",
		files: map[string]string{"Cargo.toml": manifest, "src/lib.rs": "mod folder;\n" + wrong, "src/folder.rs/x": ""},
		code:  1, stdout: []string{found}, stderr: []string{"folder"},
	},
	{
		name:  "cyclic use",
		files: map[string]string{"lib.rs": "mod a { pub use super::b::T; pub use super::b::*; }\nmod b { pub use super::a::T; pub use super::a::*; }\nuse a::T;\nfn h(_: &dyn T, _: &dyn a::U) {}\n" + wrong},
		args:  []string{"check", "--format", "short", "lib.rs"},
		code:  1, stdout: []string{"lib.rs:6:10" + found, "1 error"},
	},
	{
		name:  "use of itself",
		files: map[string]string{"lib.rs": "use self::x as x; use crate::*; use y::*; use z as y; use y as z;\nfn h(_: &dyn x, _: &dyn y::w) {}\n" + wrong},
		args:  []string{"check", "--format", "short", "lib.rs"},
		code:  1, stdout: []string{"lib.rs:4:10" + found, "1 error"},
	},
	{
		name:  "cyclic supertraits",
		files: map[string]string{"lib.rs": "trait A: B {}\ntrait B: C {}\ntrait C: A { fn f(); }\ntrait D: D {}\nfn h(_: &dyn A, _: &dyn D) {}\n" + wrong},
		args:  []string{"check", "--format", "short", "lib.rs"},
		code:  1, stdout: []string{"lib.rs:7:10" + found},
	},
	{
		name:  "cyclic supertraits with growing arguments",
		files: map[string]string{"lib.rs": "trait A<X>: A<(X, X)> {}\ntrait B<X>: C<Vec<X>> {}\ntrait C<X>: B<(X, X)> {}\nfn h(_: &dyn A<u8>, _: &dyn B<u8>) {}\n" + wrong},
		args:  []string{"check", "--format", "short", "lib.rs"},
		code:  1, stdout: []string{"lib.rs:6:10" + found},
	},
	{
		name:  "cyclic aliases",
		files: map[string]string{"lib.rs": "type A = B; type B = A; type C<X> = (C<(X, X)>, C<X>);\ntrait T { fn f(self: A); fn g(&self, c: C<u8>) -> B; }\nfn h(_: &dyn T) {}\n" + wrong},
		args:  []string{"check", "--format", "short", "lib.rs"},
		code:  1, stdout: []string{"lib.rs:5:10" + found},
	},
	{
		name:  "supertraits that double at each step",
		files: map[string]string{"lib.rs": doubling(40) + wrong},
		args:  []string{"check", "--format", "short", "lib.rs"},
		code:  1, stdout: []string{found},
	},
	{
		name:  "aliases that double at each step",
		files: map[string]string{"lib.rs": doublingAliases(60) + wrong},
		args:  []string{"check", "--format", "short", "lib.rs"},
		code:  1, stdout: []string{found},
	},
	{
		name: "wrong trait object types in each other",
		files: map[string]string{"lib.rs": "trait Assoc<T> { type X; }\nfn nested() { let _: *const " + strings.Repeat("(dyn Assoc<Box<", 60) + "u8" +
			strings.Repeat(">>)", 60) + "; }\n" + wrong},
		args: []string{"check", "--format", "short", "lib.rs"},
		code: 1, stdout: []string{found},
	},
	{
		name:  "globs of globs",
		files: map[string]string{"lib.rs": globs(60) + wrong},
		args:  []string{"check", "--format", "short", "lib.rs"},
		code:  1, stdout: []string{found},
	},
	{
		name:  "symlink loop of folders",
		files: map[string]string{"src/lib.rs": wrong},
		links: map[string]string{"src/loop": ".", "src/up": ".."},
		code:  1, stdout: []string{"src/lib.rs:2:10" + found},
	},
	{
		name:  "file that is a link to itself",
		files: map[string]string{"Cargo.toml": manifest, "src/lib.rs": "mod own;\n" + wrong},
		links: map[string]string{"src/own.rs": "own.rs"},
		code:  1, stdout: []string{"src/lib.rs:3:10" + found}, stderr: []string{"own"},
	},
	{
		name:  "manifest that does not parse",
		files: map[string]string{"Cargo.toml": "[package\nname = 1", "src/lib.rs": wrong},
		code:  2, stderr: []string{"Cargo.toml:1:", "does not parse"},
	},
	{
		name: "member whose manifest does not parse",
		files: map[string]string{
			"Cargo.toml": "[workspace]\nmembers = [\"a\", \"b\", \"gone\"]\n", "a/Cargo.toml": manifest, "a/src/lib.rs": wrong,
			"b/Cargo.toml": "name = = 1", "b/src/lib.rs": "",
		},
		code: 1, stdout: []string{"a/src/lib.rs:2:10" + found}, stderr: []string{"b/Cargo.toml", "gone"},
	},
	{
		name:  "clean members beside one whose manifest does not parse",
		files: map[string]string{"Cargo.toml": "[workspace]\nmembers = [\"a\", \"b\"]\n", "a/Cargo.toml": manifest, "a/src/lib.rs": "", "b/Cargo.toml": "[package", "b/src/lib.rs": wrong},
		code:  exitUnreadable, stdout: []string{"1 file checked: 0 errors"}, stderr: []string{"b/Cargo.toml"},
	},
	{
		name:  "a folder in place of a member's manifest",
		files: map[string]string{"Cargo.toml": "[workspace]\nmembers = [\"a\", \"b\"]\n", "a/Cargo.toml": manifest, "a/src/lib.rs": "", "b/Cargo.toml/x": ""},
		code:  exitUnreadable, stdout: []string{"1 file checked: 0 errors"}, stderr: []string{"b/Cargo.toml", "not a regular file"},
	},
	{
		name:  "a member pattern that is malformed",
		files: map[string]string{"Cargo.toml": "[workspace]\nmembers = [\"a\", \"crates/[\"]\n", "a/Cargo.toml": manifest, "a/src/lib.rs": wrong},
		code:  1, stdout: []string{"a/src/lib.rs:2:10" + found}, stderr: []string{"`crates/[` is malformed", "Cargo.toml:2:17"},
	},
	{
		name:  "a member without targets",
		files: map[string]string{"Cargo.toml": "[workspace]\nmembers = [\"a\", \"b\"]\n", "a/Cargo.toml": manifest, "a/src/lib.rs": wrong, "b/Cargo.toml": "[package]\nname = \"none\"\n"},
		code:  1, stdout: []string{"a/src/lib.rs:2:10" + found}, stderr: []string{"the package `none` has no targets: create src/lib.rs", "b/Cargo.toml"},
	},
	{
		name:  "no lock file and no dependencies downloaded",
		files: map[string]string{"Cargo.toml": manifest + "[dependencies]\nno-such-crate-anywhere = \"1\"\n", "src/lib.rs": "fn h(_: &dyn no_such_crate_anywhere::T) {}\n" + wrong},
		code:  1, stdout: []string{"src/lib.rs:3:10" + found, "1 error"},
	},
	{
		name:  "path dependency that is missing",
		files: map[string]string{"Cargo.toml": manifest + "[dependencies]\nother = { path = '..\\other' }\n", "src/lib.rs": wrong},
		code:  1, stdout: []string{found},
	},
	{
		name:  "Windows paths in the manifest",
		files: map[string]string{"Cargo.toml": manifest + "[lib]\npath = 'source\\lib.rs'\n", "source/lib.rs": wrong},
		code:  1, stdout: []string{"source/lib.rs:2:10" + found},
	},
	{
		name:  "packages that depend on each other",
		files: map[string]string{"Cargo.toml": "[workspace]\nmembers = [\"a\", \"b\"]\n", "a/Cargo.toml": "[package]\nname = \"a\"\nedition = \"2024\"\n[dependencies]\nb = { path = \"../b\" }\n", "b/Cargo.toml": "[package]\nname = \"b\"\nedition = \"2024\"\n[dependencies]\na = { path = \"../a\" }\n", "a/src/lib.rs": "pub use b::*;\n" + wrong, "b/src/lib.rs": "pub use a::*;\nfn h(_: &dyn Nowhere) {}\n"},
		code:  1, stdout: []string{"a/src/lib.rs:3:10" + found, "1 error"},
	},
	{
		name:  "raw strings and escapes in path attributes",
		files: map[string]string{"Cargo.toml": manifest, "src/lib.rs": "#[path = r\"a.rs\"] mod one;\n#[path = \"\\x62.rs\"] mod two;\n#[cfg_attr(all(), /* c */ path = r#\"c.rs\"#)] mod three;\n", "src/a.rs": wrong, "src/b.rs": wrong, "src/c.rs": wrong},
		code:  1, stdout: []string{"src/a.rs:2:10" + found, "src/b.rs:2:10" + found, "src/c.rs:2:10" + found},
	},
	{
		name:  "an orphan file, named",
		files: map[string]string{"Cargo.toml": strings.Replace(manifest, "2024", "2015", 1), "src/lib.rs": "", "src/orphan.rs": "trait Wrong { fn f(); }\nfn g(_: &Wrong) {}\n"},
		args:  []string{"check", "--format", "short", "src/orphan.rs"},
		code:  1, stdout: []string{"src/orphan.rs:2:10" + found, "1 file checked"}, stderr: []string{"no `mod` leads to it", "package `bad`", "--> src/orphan.rs"},
	},
	{
		name:  "an orphan file, not named",
		files: map[string]string{"Cargo.toml": manifest, "src/lib.rs": wrong, "src/orphan.rs": wrong},
		code:  1, stdout: []string{"src/lib.rs:2:10" + found, "1 file checked: 1 error"},
	},
	{
		name:  "a clean orphan file beside a file of the crate",
		files: map[string]string{"Cargo.toml": manifest, "src/lib.rs": "", "src/orphan.rs": "fn f() {}\n"},
		args:  []string{"check", "--format", "short", "src/lib.rs", "src/orphan.rs"},
		code:  0, stdout: []string{"2 files checked: 0 errors"}, stderr: []string{"--> src/orphan.rs"},
	},
	{
		name:  "a folder without files of any target",
		files: map[string]string{"Cargo.toml": manifest, "src/lib.rs": wrong, "docs/x.rs": wrong},
		args:  []string{"check", "--format", "short", "docs"},
		code:  0, stdout: []string{"0 files checked: 0 errors"}, stderr: []string{"nothing in it was analysed"},
	},
	{
		name:  "odd spellings of a file's own cfg",
		files: map[string]string{"Cargo.toml": manifest, "src/lib.rs": "mod a; mod b; mod c; mod d;\n" + wrong, "src/a.rs": "# ! [ cfg ( any ( ) ) ]\n" + wrong, "src/b.rs": "# // line\n! /* c */ [ /* c */ cfg /* c */ (/* c */ any())]\n" + wrong, "src/c.rs": "#! [cfg_attr ( all() , /* c */ cfg ( any() ) ) ]\n" + wrong, "src/d.rs": "#![\n    cfg(any())\n]\n" + wrong},
		code:  1, stdout: []string{"src/lib.rs:3:10" + found, "1 error"},
	},
	{
		name:  "a lock file that lists what is not downloaded",
		files: map[string]string{"Cargo.toml": manifest + "[dependencies]\nno-such-crate-anywhere = \"1\"\n", "Cargo.lock": "version = 4\n[[package]]\nname = \"bad\"\nversion = \"0.0.0\"\ndependencies = [\"no-such-crate-anywhere\"]\n[[package]]\nname = \"no-such-crate-anywhere\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n", "src/lib.rs": "fn h(_: &dyn no_such_crate_anywhere::T) {}\n" + wrong},
		code:  1, stdout: []string{"src/lib.rs:3:10" + found, "1 error"}, stderr: []string{"no-such-crate-anywhere 1.0.0", "cargo fetch"},
	},
	{
		name:  "a lock file that does not parse",
		files: map[string]string{"Cargo.toml": manifest, "Cargo.lock": "<<<<<<< HEAD\nversion = 4\n", "src/lib.rs": wrong},
		code:  1, stdout: []string{"src/lib.rs:2:10" + found}, stderr: []string{"Cargo.lock does not parse", "cargo generate-lockfile"},
	},
	{
		name:  "a path dependency with a Windows path",
		files: map[string]string{"Cargo.toml": manifest + "[dependencies]\nother = { path = 'sub\\other' }\n", "src/lib.rs": "fn h(_: &dyn other::Far) {}\n" + wrong, "sub/other/Cargo.toml": strings.Replace(manifest, "bad", "other", 1), "sub/other/src/lib.rs": "pub trait Far { fn f(); }\n"},
		code:  1, stdout: []string{"src/lib.rs:1:10: error[E0038]: the trait `Far` is not dyn compatible", "src/lib.rs:3:10" + found},
	},
	{
		name:  "an absolute Windows path",
		files: map[string]string{"Cargo.toml": manifest + "[dependencies]\nother = { path = 'C:\\other' }\n", "src/lib.rs": wrong},
		code:  1, stdout: []string{"src/lib.rs:2:10" + found}, stderr: []string{"dependency `other`", "Cargo.toml:5:"},
	},
	{
		name:  "cyclic aliases of traits' parameters",
		files: map[string]string{"lib.rs": "trait A<X = B> {}\ntype B = Box<dyn A>;\ntrait C<X: C<X> = u8> {}\nfn h(_: &dyn A, _: &dyn C) {}\n" + wrong},
		args:  []string{"check", "--format", "short", "lib.rs"},
		code:  1, stdout: []string{"lib.rs:6:10" + found},
	},
	{
		name:  "workspace members that are a symlink loop",
		files: map[string]string{"Cargo.toml": "[workspace]\nmembers = [\"crates/**\"]\n", "crates/a/Cargo.toml": manifest, "crates/a/src/lib.rs": wrong},
		links: map[string]string{"crates/loop": "..", "crates/a/own": "."},
		code:  1, stdout: []string{"crates/a/src/lib.rs:2:10" + found, "1 file checked"},
	},
	{
		name:  "macros that expand to themselves",
		files: map[string]string{"lib.rs": selfExpanding + wrong},
		args:  []string{"check", "--format", "short", "lib.rs"},
		code:  1, stdout: []string{found},
	},
	{
		name:  "unclosed block",
		files: map[string]string{"Cargo.toml": manifest, "src/lib.rs": "mod broken;\n" + wrong, "src/broken.rs": "fn f() { if true {\n\nfn g() {}\n"},
		code:  1, stdout: []string{found},
	},
	{
		name:  "unclosed string",
		files: map[string]string{"Cargo.toml": manifest, "src/lib.rs": wrong + "const S: &str = \"no end;\n"},
		code:  1, stdout: []string{found},
	},
}

// selfExpanding are macros that never end, grow without end, or double at each step.
const selfExpanding = "macro_rules! again { ($($t:tt)*) => { again! { $($t)* } } }\n" +
	"macro_rules! grow { ($($t:tt)*) => { grow! { $($t)* $($t)* x } } }\n" +
	"macro_rules! fork { ($($t:tt)*) => { fork! { $($t)* } fork! { $($t)* } } }\n" +
	"macro_rules! ping { ($t:item) => { pong! { $t } } }\nmacro_rules! pong { ($t:item) => { ping! { $t } } }\n" +
	"macro_rules! nested { ($($($($t:tt)*)*)*) => { $($($($t)*)*)* } }\n" +
	"again! { trait A { fn f(); } }\ngrow! { trait B { fn f(); } }\nfork! { trait C { fn f(); } }\nping! { trait D { fn f(); } }\nnested! { trait E { fn f(); } }\n" +
	"fn k(_: &dyn A, _: &dyn B, _: &dyn C, _: &dyn D, _: &dyn E, _: again!(&dyn A), _: grow!(&dyn B), _: fork!(&dyn C)) {}\n"

// doubling is a hierarchy in which each trait has two supertraits that have the same two: 2^n ways up.
func doubling(n int) string {
	var b strings.Builder
	b.WriteString("trait L0 {} trait R0 {}\n")
	for i := 1; i <= n; i++ {
		a, z := itoa(i-1), itoa(i)
		b.WriteString("trait L" + z + ": L" + a + " + R" + a + " {} trait R" + z + ": L" + a + " + R" + a + " {}\n")
	}
	b.WriteString("fn h(_: &dyn L" + itoa(n) + ") {}\n")
	return b.String()
}

// doublingAliases is an alias whose expansion has 2^n leaves.
func doublingAliases(n int) string {
	var b strings.Builder
	b.WriteString("type A0<X> = X;\n")
	for i := 1; i <= n; i++ {
		a := itoa(i - 1)
		b.WriteString("type A" + itoa(i) + "<X> = (A" + a + "<X>, A" + a + "<X>);\n")
	}
	b.WriteString("trait Big { fn f(&self, x: A" + itoa(n) + "<&Self>); fn g(&self) -> A" + itoa(n) + "<u8>; }\nfn h(_: &dyn Big) {}\n")
	return b.String()
}

// globs are modules that each import everything from all others; the name that is looked for is nowhere.
func globs(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("mod m" + itoa(i) + " { ")
		for k := range n {
			b.WriteString("pub use super::m" + itoa(k) + "::*; ")
		}
		b.WriteString("fn h(_: &dyn Nowhere) {} }\n")
	}
	return b.String()
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

func TestBadInput(t *testing.T) {
	for _, c := range badCases {
		t.Run(c.name, func(t *testing.T) {
			if c.links != nil && runtime.GOOS == "windows" {
				t.Skip("symbolic links need a privilege on Windows")
			}
			dir := testtree.Write(t, c.files)
			for name, target := range c.links {
				testtree.Link(t, dir, name, target)
			}
			args := c.args
			if args == nil {
				args = []string{"check", "--format", "short", "."}
			}
			r := afidt(t, dir, args...)
			if r.code != c.code {
				t.Errorf("exit code %d, want %d", r.code, c.code)
			}
			for _, part := range c.stdout {
				if !strings.Contains(r.stdout, part) {
					t.Errorf("stdout has no %q", part)
				}
			}
			for _, part := range c.stderr {
				if !strings.Contains(r.stderr, part) {
					t.Errorf("stderr has no %q", part)
				}
			}
			if t.Failed() {
				t.Logf("stdout:\n%s\nstderr:\n%s", r.stdout, r.stderr)
			}
			// The other printers meet the same bytes.
			for _, more := range [][]string{{"check", "--hints"}, {"report"}, {"report", "--format", "markdown"}, {"report", "--format", "json"}} {
				afidt(t, dir, append(more, args[len(args)-1])...)
			}
		})
	}
}

// TestUnreadableFile has a file of which only the reading fails: exit code 3, and what else there is is checked.
func TestUnreadableFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("symbolic links need a privilege on Windows")
	}
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("lib.rs", "mod closed;\npub type Quiet = Box<dyn Clone>;\n")
	// A link to itself cannot be read by anybody, root included.
	if err := os.Symlink("closed.rs", filepath.Join(dir, "closed.rs")); err != nil {
		t.Fatal(err)
	}
	r := afidt(t, dir, "check", "--format", "short", "lib.rs")
	if r.code != exitUnreadable || !strings.Contains(r.stderr, "closed.rs") || !strings.Contains(r.stdout, "1 warning") {
		t.Errorf("exit code %d, want %d\n%s%s", r.code, exitUnreadable, r.stdout, r.stderr)
	}
	if r := afidt(t, dir, "report", "lib.rs"); r.code != exitUnreadable {
		t.Errorf("report: exit code %d, want %d\n%s", r.code, exitUnreadable, r.stderr)
	}
	write("lib.rs", "mod closed;\npub fn f(_: &dyn Clone) {}\n")
	if r := afidt(t, dir, "check", "lib.rs"); r.code != exitFindings {
		t.Errorf("exit code %d: findings win over unreadable files\n%s", r.code, r.stderr)
	}
}

// TestDeepNesting feeds brackets nested 100,000 deep, and other things that nest less deep because there is more to each.
func TestDeepNesting(t *testing.T) {
	const depth = 20_000
	brackets := strings.Repeat("(", 100_000)
	nested := func(open, middle, shut string) string {
		return strings.Repeat(open, depth) + middle + strings.Repeat(shut, depth)
	}
	for name, text := range map[string]string{
		"brackets":          "const C: u8 = " + brackets + "1" + strings.ReplaceAll(brackets, "(", ")") + ";",
		"open brackets":     "const C: u8 = " + brackets,
		"blocks":            "fn f() " + nested("{", "", "}"),
		"unclosed":          "fn f() " + strings.Repeat("{", depth),
		"mixed, unclosed":   "fn f() " + strings.Repeat("{([", depth),
		"only closing":      strings.Repeat("})]", depth),
		"generics":          "fn f(_: " + nested("Vec<", "&dyn Wrong", ">") + ") {}",
		"references":        "fn f(_: " + nested("&", "dyn Wrong", "") + ") {}",
		"parentheses":       "fn f(_: &" + nested("(", "dyn Wrong", ")") + ") {}",
		"tuples":            "trait D { fn f(&self) -> " + nested("(", "Self", ",)") + "; }\nfn k(_: &dyn D) {}",
		"dyn in dyn":        "fn f(_: &" + nested("dyn Fn(&", "u8", ")") + ") {}",
		"impl in bounds":    "fn f() -> " + nested("impl Iterator<Item = ", "u8", ">") + " {}",
		"qualified":         "fn f(_: " + nested("<", "u8", " as Iterator>::Item") + ") {}",
		"modules":           nested("mod m {", "fn f(_: &dyn Wrong) {}", "}"),
		"functions":         nested("fn f() {", "", "}"),
		"macros":            nested("m!{", "", "}"),
		"known macros":      "macro_rules! keep { ($($t:tt)*) => { $($t)* } }\n" + nested("keep!{", "trait In {}", "}"),
		"in statements":     "macro_rules! keep { ($($t:tt)*) => { $($t)* } use }\nfn f() {" + nested("keep!{", "trait In {}", "}") + "}",
		"comments":          nested("/*", "", "*/"),
		"use trees":         "use " + nested("a::{", "b", "}") + ";",
		"attributes":        nested("#[a(", "", ")]") + "\ntrait E {}",
		"cfg":               "#[cfg(" + nested("not(", "test", ")") + ")] trait E {}\nfn k(_: &dyn E) {}",
		"lifetimes":         "fn f(_: " + nested("&'a ", "dyn Wrong", "") + ") {}",
		"supertraits":       "trait E: " + nested("A<", "Self", ">") + " {}\nfn k(_: &dyn E) {}",
		"binders":           "fn f(_: &dyn " + strings.Repeat("for<'a> ", depth) + "Fn()) {}",
		"bounds in a row":   "fn f(_: &(dyn Wrong" + strings.Repeat(" + Send", depth) + ")) {}",
		"segments in a row": "fn f(_: &dyn " + strings.Repeat("a::", depth) + "B) {}",
		"supers in a row":   "fn f(_: &dyn " + strings.Repeat("super::", depth) + "B) {}",
		"extremely generic": "trait G<" + strings.Repeat("A,", depth) + "> { fn f(); }\nfn k(_: &dyn G) {}",
	} {
		t.Run(name, func(t *testing.T) {
			dir := testtree.Write(t, map[string]string{"Cargo.toml": manifest, "src/lib.rs": "mod deep;\n" + wrong, "src/deep.rs": "use super::Wrong;\n" + text + "\n"})
			r := afidt(t, dir, "check", "--format", "short", ".")
			if r.code != exitFindings || !strings.Contains(r.stdout, "src/lib.rs:3:10"+found) {
				t.Errorf("exit code %d; the finding of the other file is lost\n%.2000s\n%.2000s", r.code, r.stdout, r.stderr)
			}
		})
	}
}

// TestNestedMacros holds the work on invocations in each other to what the outermost of them takes.
func TestNestedMacros(t *testing.T) {
	const depth, allocated = 400, 1 << 30
	text := "macro_rules! keep { ($($t:tt)*) => { $($t)* } }\n" + strings.Repeat("keep!{", depth) + "trait In {}" + strings.Repeat("}", depth)
	dir := testtree.Write(t, map[string]string{"lib.rs": text + wrong})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := afidt(t, dir, "check", "--format", "short", "lib.rs")
	runtime.ReadMemStats(&after)
	if r.code != exitFindings {
		t.Errorf("exit code %d\n%s", r.code, r.stderr)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > allocated {
		t.Errorf("%d MB allocated, want at most %d", n>>20, allocated>>20)
	}
}

// TestHugeFile has a file of 100 MB: it is not read, a message says so, and everything else is checked.
func TestHugeFile(t *testing.T) {
	dir := testtree.Write(t, map[string]string{"Cargo.toml": manifest, "src/lib.rs": "mod huge;\n" + wrong, "src/huge.rs": ""})
	if err := os.Truncate(filepath.Join(dir, "src", "huge.rs"), 100<<20); err != nil {
		t.Fatal(err)
	}
	r := afidt(t, dir, "check", "--format", "short", ".")
	if r.code != exitFindings || !strings.Contains(r.stdout, "src/lib.rs:3:10"+found) {
		t.Errorf("exit code %d; the finding of the other file is lost\n%s", r.code, r.stdout)
	}
	if !strings.Contains(r.stderr, "huge.rs has 104857600 bytes") || !strings.Contains(r.stderr, "split it") {
		t.Errorf("no message about the file:\n%s", r.stderr)
	}
}

// allocatedPerByte is how much a run may allocate for each byte of a large file, all in all; what it holds at a time is less.
const allocatedPerByte = 400

// TestLargeFiles feeds files of the largest kind that people have, of shapes that cost most: memory is bounded by their size.
func TestLargeFiles(t *testing.T) {
	const size = 2 << 20
	for name, unit := range map[string]string{
		"functions": "pub fn name(x: u8) -> u8 { x + 1 }\n", "brackets": "(", "braces": "{", "closing": "})]", "sums": "a+",
		"comments": "/*", "quotes": "\"x\" ", "raw strings": "r#\"", "attributes": "#[a]", "invocations": "m!{struct S;}\n",
		"definitions": "macro_rules! m { ($($t:tt)*) => { $($t)* } }\n", "expansions": "keep!{pub fn f(){}}\n",
	} {
		t.Run(name, func(t *testing.T) {
			text := "use super::Wrong;\nmacro_rules! keep { ($($t:tt)*) => { $($t)* } }\nfn g(_: &dyn Wrong) {}\n" + strings.Repeat(unit, size/len(unit))
			dir := testtree.Write(t, map[string]string{"Cargo.toml": manifest, "src/lib.rs": "mod large;\n" + wrong, "src/large.rs": text})
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			r := afidt(t, dir, "check", "--format", "short", ".")
			runtime.ReadMemStats(&after)
			if r.code != exitFindings || !strings.Contains(r.stdout, "src/lib.rs:3:10"+found) {
				t.Errorf("exit code %d; the finding of the other file is lost\n%.2000s", r.code, r.stdout)
			}
			if per := (after.TotalAlloc - before.TotalAlloc) / size; per > allocatedPerByte {
				t.Errorf("%d bytes allocated for each byte of the file, want at most %d", per, allocatedPerByte)
			} else {
				t.Logf("%d bytes allocated for each byte of the file", per)
			}
		})
	}
}
