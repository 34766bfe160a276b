package cargo

import (
	"errors"
	"fmt"
	"github.com/afidt-lsp/afidt-lsp/internal/testtree"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestLoadErrors(t *testing.T) {
	dir := testtree.Write(t, map[string]string{"notes.txt": "", "empty/Cargo.toml": "[features]\n", "folder/Cargo.toml/file": ""})
	for _, test := range []struct{ path, want string }{
		{"nowhere", "give a folder, a Cargo.toml or an .rs file"},
		{"notes.txt", "is neither a folder nor a Cargo.toml nor an .rs file"},
		{"empty", "empty/Cargo.toml:1:1: the manifest has neither a `[package]` nor a `[workspace]` table"},
		{"folder", "folder/Cargo.toml: Cargo.toml cannot be read (it is not a regular file): replace it"},
	} {
		_, err := Load(filepath.Join(dir, test.path), Options{CargoHome: dir})
		if err == nil || !strings.Contains(filepath.ToSlash(err.Error()), test.want) {
			t.Errorf("%s: error %v, want %q", test.path, err, test.want)
		}
	}
	if _, err := Load(filepath.Join(dir, "nowhere"), Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is not fs.ErrNotExist", err)
	}
	var manifestErr *ManifestError
	if _, err := Load(filepath.Join(dir, "empty"), Options{}); !errors.As(err, &manifestErr) || manifestErr.Line != 1 {
		t.Errorf("%v is no ManifestError with a line", err)
	}
}

// Inputs made to hurt end soon and without a crash.
func TestHostileInputs(t *testing.T) {
	const many = 200_000
	header := "[package]\nname = \"x\"\n"
	for name, files := range map[string]map[string]string{
		"nested arrays":   {"Cargo.toml": header + "a = " + strings.Repeat("[", many)},
		"nested tables":   {"Cargo.toml": header + "a = " + strings.Repeat("{a=", many)},
		"dotted key":      {"Cargo.toml": header + strings.Repeat("a.", many) + "a = 1\n[package.metadata]\n" + strings.Repeat("b.", many) + "b = 1\n"},
		"dotted header":   {"Cargo.toml": header + "[" + strings.Repeat("a.", many) + "a]\n"},
		"many features":   {"Cargo.toml": header + "[features]\n" + repeat(many/4, func(i int) string { return fmt.Sprintf("f%d = [\"f%d\"]\n", i, i+1) }) + "default = [\"f0\"]\n"},
		"many problems":   {"Cargo.toml": header + "[dependencies]\n" + repeat(many/4, func(i int) string { return fmt.Sprintf("d%d = 1\n", i) })},
		"missing members": {"Cargo.toml": "[workspace]\nmembers = [" + repeat(20_000, func(i int) string { return fmt.Sprintf("\"m%d\",", i) }) + "]"},
		"many globs":      {"Cargo.toml": "[workspace]\nmembers = [\"" + strings.Repeat("**/", 1000) + "\"]", "a/b/c/d/e/f.rs": ""},
		"equal packages": {"Cargo.toml": header, "Cargo.lock": repeat(50_000, func(int) string {
			return "[[package]]\nname = \"a\"\nversion = \"1\"\ndependencies = [\n \"a 2\",\n]\n"
		})},
		"itself":          {"Cargo.toml": header + "[dependencies]\nx = { path = \".\" }\ny = { path = \"..\" }\n[features]\ndefault = [\"default\", \"x/default\"]\n", "src/lib.rs": ""},
		"circle of paths": {"Cargo.toml": header + "[dependencies]\ny = { path = \"y\" }\n", "y/Cargo.toml": "[package]\nname = \"y\"\n[dependencies]\nx = { path = \"..\" }\n", "src/lib.rs": "", "y/src/lib.rs": ""},
		"circle of sources": {"Cargo.toml": header + "[dependencies]\ny = \"1\"\n", "src/lib.rs": "",
			".cargo/config.toml": "[source.crates-io]\nreplace-with = \"b\"\n[source.b]\nreplace-with = \"crates-io\"\n"},
		"aliases": {"Cargo.toml": header, "src/lib.rs": "", "build.rs": "cfg_aliases!{" + repeat(1000, func(i int) string { return fmt.Sprintf("a%d: { any(a%d, a%d) },", i+1, i, i) }) + "}"},
		"NUL":     {"Cargo.toml": header + "[lib]\npath = \"\\u0000\"\n[dependencies]\na = { path = \"a\\u0000b\" }\n"},
		"dashes":  {"script.rs": "---\n" + strings.Repeat("-\n", many)},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			w, err := Load(testtree.Write(t, files), Options{CargoHome: t.TempDir()})
			if err == nil {
				askEverything(w)
			}
			// The slowest takes a tenth of this on a slow machine.
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("it takes %v", took)
			}
		})
	}
}

func repeat(n int, line func(int) string) string {
	var text strings.Builder
	for i := range n {
		text.WriteString(line(i))
	}
	return text.String()
}

// askEverything puts all questions to a workspace, dependencies included.
func askEverything(w *Workspace) {
	seen := map[*Target]bool{}
	var ask func(target *Target)
	ask = func(target *Target) {
		if seen[target] {
			return
		}
		seen[target] = true
		w.Cfg(target).Options()
		for _, name := range append(w.ExternNames(target), "std") {
			if lib, _ := w.Extern(target, name); lib != nil {
				ask(lib)
			}
		}
	}
	for _, p := range w.Members {
		for _, target := range p.Targets {
			ask(target)
		}
	}
	w.Problems()
}

// The answers do not depend on who asks first.
func TestConcurrentQuestions(t *testing.T) {
	g := manyPackages(30, 60)
	dir := testtree.Write(t, g)
	load := func() *Workspace {
		w, err := Load(filepath.Join(dir, "ws"), Options{CargoHome: filepath.Join(dir, "home")})
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	var want strings.Builder
	describeWorkspace(&want, load(), nil)
	w := load()
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			members := slices.Clone(w.Members)
			for j := range members {
				p := members[(j*7+i*11)%len(members)]
				for _, target := range p.Targets {
					for _, name := range w.ExternNames(target) {
						if lib, _ := w.Extern(target, name); lib != nil {
							w.Cfg(lib)
						}
					}
				}
			}
		})
	}
	wait.Wait()
	var got strings.Builder
	describeWorkspace(&got, w, nil)
	if got.String() != want.String() {
		t.Errorf("(- one thread, + eight)\n%s", lineDiff(want.String(), got.String()))
	}
}

// manyPackages is a workspace in ws with members that depend on each other and on packages of a registry in home, which
// depend on each other too.
func manyPackages(members, dependencies int) map[string]string {
	files := map[string]string{"ws/Cargo.toml": "[workspace]\nmembers = [\"crates/*\"]\n[workspace.package]\nedition = \"2021\"\n[workspace.dependencies]\n" +
		repeat(dependencies, func(i int) string { return fmt.Sprintf("dep-%d = { version = \"1\", features = [\"f%d\"] }\n", i, i%3) })}
	var lock strings.Builder
	lock.WriteString("# This file is automatically @generated by Cargo.\nversion = 4\n")
	entry := func(name, version, source string, dependencies []string) {
		fmt.Fprintf(&lock, "\n[[package]]\nname = %q\nversion = %q\n", name, version)
		if source != "" {
			fmt.Fprintf(&lock, "source = %q\nchecksum = \"%064d\"\n", source, 0)
		}
		if len(dependencies) > 0 {
			lock.WriteString("dependencies = [\n")
			for _, dependency := range dependencies {
				fmt.Fprintf(&lock, " %q,\n", dependency)
			}
			lock.WriteString("]\n")
		}
	}
	for i := range members {
		dir := fmt.Sprintf("ws/crates/member-%d/", i)
		manifest := fmt.Sprintf("[package]\nname = \"member-%d\"\nversion = \"0.1.0\"\nedition.workspace = true\ndescription = \"One of many\"\nlicense = \"MIT\"\n\n[features]\ndefault = []\nextra = []\n\n[dependencies]\n", i)
		var names []string
		for j := range 8 {
			n := (i*7 + j*13) % dependencies
			if name := fmt.Sprintf("dep-%d", n); !slices.Contains(names, name) {
				names = append(names, name)
				manifest += name + ".workspace = true\n"
			}
		}
		if i > 0 {
			name := fmt.Sprintf("member-%d", i/2)
			names = append(names, name)
			manifest += fmt.Sprintf("%s = { path = \"../%s\", features = [\"extra\"] }\n", name, name)
		}
		files[dir+"Cargo.toml"], files[dir+"src/lib.rs"], files[dir+"tests/it.rs"] = manifest, "", ""
		entry(fmt.Sprintf("member-%d", i), "0.1.0", "", names)
	}
	for i := range dependencies {
		dir := fmt.Sprintf("home/registry/src/index.crates.io-1949cf8c6b5b557f/dep-%d-1.0.%d/", i, i)
		manifest := fmt.Sprintf("[package]\nname = \"dep-%d\"\nversion = \"1.0.%d\"\nedition = \"2021\"\n[features]\ndefault = [\"f0\"]\nf0 = []\nf1 = [\"f2\"]\nf2 = []\n", i, i)
		var names []string
		for j := 2*i + 1; j <= 2*i+2 && j < dependencies; j++ {
			names = append(names, fmt.Sprintf("dep-%d", j))
			manifest += fmt.Sprintf("[dependencies.dep-%d]\nversion = \"1\"\ndefault-features = false\nfeatures = [\"f%d\"]\n", j, j%3)
		}
		files[dir+"Cargo.toml"], files[dir+"src/lib.rs"] = manifest, ""
		entry(fmt.Sprintf("dep-%d", i), fmt.Sprintf("1.0.%d", i), "registry+https://github.com/rust-lang/crates.io-index", names)
	}
	files["ws/Cargo.lock"] = lock.String()
	return files
}

// A workspace of 100 members with a lock file of 500 entries: the promise is 40 ms of CPU time for loading.
func BenchmarkLoad(b *testing.B) {
	dir := testtree.Write(b, manyPackages(100, 400))
	options := Options{CargoHome: filepath.Join(dir, "home")}
	load := func() *Workspace {
		w, err := Load(filepath.Join(dir, "ws"), options)
		if err != nil || len(w.Members) != 100 || len(w.Problems()) > 0 {
			b.Fatalf("%v %v", err, w.Problems())
		}
		return w
	}
	b.Run("load", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			load()
		}
	})
	b.Run("load and ask everything", func(b *testing.B) {
		for b.Loop() {
			askEverything(load())
		}
	})
}

func BenchmarkLock(b *testing.B) {
	text := []byte(manyPackages(100, 400)["ws/Cargo.lock"])
	b.Run("lines", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if _, ok := parseLockLines(string(text)); !ok {
				b.Fatal("not read")
			}
		}
	})
	b.Run("toml", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if _, err := parseLockTOML(text); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func FuzzManifest(f *testing.F) {
	for _, seed := range []string{
		"[package]\nname = \"a\"\nversion.workspace = true\nedition = \"2021\"\n[lib]\npath = \"src\\\\lib.rs\"\nproc-macro = true\n[[bin]]\nname = \"b\"\n",
		"[workspace]\nmembers = [\"*\", \"..\", \"a/**\"]\nexclude = [\"b\"]\n[workspace.dependencies]\nx = { path = \".\" }\n",
		"[package]\nname = \"a\"\n[dependencies]\na = { path = \".\", features = [\"f\"] }\nb = { workspace = true }\nc = \"1\"\n[features]\ndefault = [\"f\", \"dep:c\", \"c?/g\", \"a/f\"]\nf = []\n[target.'cfg(all(unix, not(feature = \"x\")))'.dependencies]\nd = { git = \"u\", optional = true }\n[patch.crates-io]\nc = { path = \"q\" }\n",
		"\xEF\xBB\xBF[project]\nname='x'", "a.b.c = [ { d = 1 }, 1979-05-27 ]", "[[a]]\n[a.b]\n[[a.c]]", "[package]\nname = \"\\u0000/..\"",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := testtree.Write(t, map[string]string{"ws/Cargo.toml": string(text), "ws/src/lib.rs": "", "ws/src/main.rs": ""})
		w, err := Load(filepath.Join(dir, "ws"), Options{CargoHome: filepath.Join(dir, "home")})
		if err != nil {
			if err.Error() == "" {
				t.Error("an error without words")
			}
			return
		}
		askEverything(w)
		for _, problem := range w.Problems() {
			if problem.Message == "" || problem.Line < 0 {
				t.Errorf("a problem without a place or words: %#v", problem)
			}
		}
	})
}

// What the line parser takes, the TOML parser reads as the same.
func FuzzLock(f *testing.F) {
	f.Add([]byte("version = 3\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+u\"\ndependencies = [\n \"b 1\",\n \"c\",\n]\n\n[[package]]\nname = \"b\"\nversion = \"1\"\n\n[metadata]\nx = \"y\"\n"))
	f.Add([]byte("[root]\nname = \"a\"\nversion = \"1\"\n[[patch.unused]]\nname = \"u\"\nversion = \"2\"\n"))
	f.Add([]byte("[[package]]\nname = \"a\"\ndependencies = [ \"a\" ]\nreplace = \"a 1\"\n"))
	f.Add([]byte("[[package]]\r\nname = \"\\u0041\"\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		_, _ = parseLock(text)
		fast, ok := parseLockLines(string(text))
		slow, err := parseLockTOML(text)
		if !ok || err != nil {
			return
		}
		var a, b []string
		for _, entry := range fast {
			a = append(a, fmt.Sprintf("%q %q %q %q %q", entry.name, entry.version, entry.source, entry.replace, entry.dependencies))
		}
		for _, entry := range slow {
			b = append(b, fmt.Sprintf("%q %q %q %q %q", entry.name, entry.version, entry.source, entry.replace, entry.dependencies))
		}
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Fatalf("by lines\n%s\nby TOML\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
		}
	})
}
