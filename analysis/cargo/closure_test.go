package cargo

import (
	"slices"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/internal/testtree"
)

func TestClosure(t *testing.T) {
	const lock = `version = 4
[[package]]
name = "a"
version = "0.1.0"
dependencies = ["b", "far 1.0.0"]
[[package]]
name = "b"
version = "0.1.0"
dependencies = ["near"]
[[package]]
name = "other"
version = "0.1.0"
dependencies = ["far 2.0.0"]
[[package]]
name = "near"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
dependencies = ["deep", "round"]
[[package]]
name = "round"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
dependencies = ["near"]
[[package]]
name = "deep"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
[[package]]
name = "far"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
[[package]]
name = "far"
version = "2.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
dependencies = ["deepest"]
[[package]]
name = "deepest"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
`
	manifest := func(name, rest string) string {
		return "[package]\nname = \"" + name + "\"\nversion = \"0.1.0\"\nedition = \"2024\"\n" + rest
	}
	files := map[string]string{
		"Cargo.toml":        "[workspace]\nmembers = [\"a\", \"b\", \"other\"]\n",
		"a/Cargo.toml":      manifest("a", "[dependencies]\nb = { path = \"../b\" }\n[dev-dependencies]\nnamed = { package = \"far\", version = \"1\" }\n"),
		"b/Cargo.toml":      manifest("b", "[dependencies]\nnear = \"1\"\n"),
		"other/Cargo.toml":  manifest("other", "[dependencies]\nfar = \"2\"\n"),
		"a/src/lib.rs":      "",
		"b/src/lib.rs":      "",
		"other/src/main.rs": "",
	}
	for _, c := range []struct {
		name, lock string
		want       map[string]string // nil closures are "unknown"
	}{
		{"all locked", lock, map[string]string{
			"a":     "a b deep deepest far near round", // a name stands for all versions
			"b":     "b deep near round",
			"other": "deepest far other",
		}},
		{"no lock file", "", map[string]string{"a": "unknown", "b": "unknown", "other": "unknown"}},
		{"a package is not locked", strings.Replace(lock, "name = \"near\"", "name = \"renamed\"", 1), map[string]string{
			"a": "unknown", "b": "unknown", "other": "deepest far other",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			delete(files, "Cargo.lock")
			if c.lock != "" {
				files["Cargo.lock"] = c.lock
			}
			w, err := Load(testtree.Write(t, files), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(w.Members) != len(c.want) {
				t.Fatalf("%d members", len(w.Members))
			}
			for _, p := range w.Members {
				got := "unknown"
				if closure := p.Closure(); closure != nil {
					got = strings.Join(sortedKeys(closure), " ")
				}
				if got != c.want[p.Name] {
					t.Errorf("%s: got %s, want %s", p.Name, got, c.want[p.Name])
				}
			}
		})
	}
}

// compareClosures sees that each member's closure has all that cargo says it depends on.
func compareClosures(t *testing.T, cargo metadata, w *Workspace) {
	t.Helper()
	names, deps := map[string]string{}, map[string][]string{}
	for _, p := range cargo.Packages {
		names[p.ID] = p.Name
	}
	for _, node := range cargo.Resolve.Nodes {
		for _, dep := range node.Deps {
			deps[node.ID] = append(deps[node.ID], dep.Pkg)
		}
	}
	for _, p := range w.Members {
		closure := p.Closure()
		if closure == nil {
			t.Errorf("%s has no closure", p.Name)
			continue
		}
		id := slices.IndexFunc(cargo.WorkspaceMembers, func(id string) bool { return names[id] == p.Name })
		if id < 0 {
			t.Errorf("%s is no member to cargo", p.Name)
			continue
		}
		work := []string{cargo.WorkspaceMembers[id]}
		for i := 0; i < len(work); i++ {
			if !closure[names[work[i]]] {
				t.Errorf("the closure of %s lacks %s", p.Name, names[work[i]])
			}
			for _, dep := range deps[work[i]] {
				if !slices.Contains(work, dep) {
					work = append(work, dep)
				}
			}
		}
	}
}
