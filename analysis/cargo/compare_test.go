package cargo

import (
	"encoding/json"
	"flag"
	"fmt"
	"github.com/afidt-lsp/afidt-lsp/internal/testtree"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var compareWith = flag.String("workspace", "", "compare this workspace with cargo's view of it in TestWorkspaceAgainstCargo")

var seeds = flag.Int("seeds", 8, "how many workspaces TestGeneratedAgainstCargo generates")

// metadata is what `cargo metadata --format-version 1` prints, as far as we compare it.
type metadata struct {
	Packages []struct {
		Name, Version, ID, Edition string
		ManifestPath               string `json:"manifest_path"`
		Targets                    []struct {
			Kind    []string
			Name    string
			SrcPath string `json:"src_path"`
			Edition string
		}
	}
	WorkspaceMembers []string `json:"workspace_members"`
	WorkspaceRoot    string   `json:"workspace_root"`
	Resolve          struct {
		Nodes []struct {
			ID   string
			Deps []struct {
				Name, Pkg string
				DepKinds  []struct{ Kind *string } `json:"dep_kinds"`
			}
		}
	}
}

func cargoMetadata(t *testing.T, dir string, arguments ...string) metadata {
	t.Helper()
	cargo, err := exec.LookPath("cargo")
	if err != nil {
		t.Skip("cargo is not installed")
	}
	command := exec.Command(cargo, append([]string{"metadata", "--format-version", "1", "--offline", "--filter-platform", HostTriple()}, arguments...)...)
	command.Dir = dir
	var complaint strings.Builder
	command.Stderr = &complaint
	output, err := command.Output()
	if err != nil {
		t.Fatalf("cargo metadata in %s: %v\n%s", dir, err, complaint.String())
	}
	var m metadata
	if err := json.Unmarshal(output, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// facts writes cargo's view as sorted lines.
func (m metadata) facts() []string {
	type packageInfo struct {
		member bool
		dir    string
		build  bool
	}
	packages := map[string]*packageInfo{}
	lib := map[string]string{}
	var lines []string
	for _, p := range m.Packages {
		packages[p.ID] = &packageInfo{member: slices.Contains(m.WorkspaceMembers, p.ID), dir: filepath.Dir(p.ManifestPath)}
		for _, target := range p.Targets {
			kind := target.Kind[0]
			switch kind {
			case "rlib", "cdylib", "staticlib", "dylib":
				kind = "lib"
			case "custom-build":
				kind = "build"
			}
			if kind == "lib" || kind == "proc-macro" {
				lib[p.ID] = target.SrcPath
			}
			if packages[p.ID].member || kind == "lib" || kind == "proc-macro" || kind == "build" {
				packages[p.ID].build = packages[p.ID].build || kind == "build"
				lines = append(lines, fmt.Sprintf("target %s %s %s %s %s %s", p.Name, p.Version, kind, strings.ReplaceAll(target.Name, "-", "_"), target.SrcPath, target.Edition))
			}
		}
	}
	for _, node := range m.Resolve.Nodes {
		p := packages[node.ID]
		for _, dep := range node.Deps {
			if dep.Name == "" {
				continue // a dependency without a library
			}
			for _, kind := range dep.DepKinds {
				build := kind.Kind != nil && *kind.Kind == "build"
				if build && !p.build {
					continue // nobody can name it
				}
				lines = append(lines, fmt.Sprintf("extern %s build=%v %s %s", p.dir, build, dep.Name, lib[dep.Pkg]))
			}
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// ourFacts writes our view of the same, for the packages that cargo lists.
func ourFacts(w *Workspace) []string {
	var lines []string
	seen := map[*Package]bool{}
	queue := slices.Clone(w.Members)
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		if seen[p] {
			continue
		}
		seen[p] = true
		for _, target := range p.Targets {
			lines = append(lines, fmt.Sprintf("target %s %s %s %s %s %d", p.Name, p.Version, target.Kind, target.Name, target.Root, target.Edition))
		}
		targets := slices.Clone(p.Targets)
		if p.Lib() == nil {
			// Cargo lists what a package depends on even if nothing of ours is built of it.
			targets = append(targets, &Target{Package: p, Kind: Lib})
		}
		for _, target := range targets {
			for _, name := range w.ExternNames(target) {
				lib, how := w.Extern(target, name)
				if lib == nil || how.Inactive || lib == ownLib(target) {
					continue
				}
				queue = append(queue, lib.Package)
				lines = append(lines, fmt.Sprintf("extern %s build=%v %s %s", p.Dir, target.Kind == Build, name, lib.Root))
			}
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// compareTargets compares crate roots and who can name them. `cargo metadata` shows what the lock file was made of, where
// `dep?/feature` turns dependencies on that no build has; with weak features only what we have too much is an error.
func compareTargets(t *testing.T, cargo metadata, w *Workspace, weak bool) {
	t.Helper()
	theirs, ours := cargo.facts(), ourFacts(w)
	for _, line := range theirs {
		if !weak && !slices.Contains(ours, line) {
			t.Errorf("cargo only: %s", line)
		}
	}
	for _, line := range ours {
		if !slices.Contains(theirs, line) {
			t.Errorf("ours only:  %s", line)
		}
	}
	t.Logf("%d targets and names compared", len(theirs))
}

// compareFeatures compares what is built; `cargo tree` has the last word on that.
func compareFeatures(t *testing.T, theirs, ours map[string]map[string]bool) {
	t.Helper()
	for _, name := range sortedKeys(theirs) {
		if want, got := strings.Join(sortedKeys(theirs[name]), ","), strings.Join(sortedKeys(ours[name]), ","); ours[name] == nil {
			t.Errorf("built by cargo only: %s", name)
		} else if want != got {
			t.Errorf("features of %s: %s, cargo has %s", name, got, want)
		}
	}
	for _, name := range sortedKeys(ours) {
		if theirs[name] == nil {
			t.Errorf("not built by cargo: %s", name)
		}
	}
	t.Logf("features of %d packages compared", len(theirs))
}

// TestWorkspaceAgainstCargo compares any workspace on the machine: go test -run AgainstCargo -workspace DIR.
func TestWorkspaceAgainstCargo(t *testing.T) {
	if *compareWith == "" {
		t.Skip("no -workspace is given")
	}
	cargo := cargoMetadata(t, *compareWith, "--locked")
	w, err := Load(*compareWith, Options{})
	if err != nil {
		t.Fatal(err)
	}
	compareTargets(t, cargo, w, true)
	compareFeatures(t, cargoTree(t, *compareWith, "--locked"), builtFeatures(w))
	for _, problem := range w.Problems() {
		t.Log(problem)
	}
}

// cargoTree is the features of every package that is built, by `name version`; those of the host and of the target united.
func cargoTree(t *testing.T, dir string, arguments ...string) map[string]map[string]bool {
	t.Helper()
	fixed := []string{"tree", "--offline", "--workspace", "--prefix", "none", "-e", "normal,build,dev", "-f", "{p}|{f}"}
	command := exec.Command("cargo", append(fixed, arguments...)...)
	command.Dir = dir
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	tree := map[string]map[string]bool{}
	for line := range strings.Lines(string(output)) {
		id, features, ok := strings.Cut(strings.TrimSuffix(strings.TrimSpace(line), " (*)"), "|")
		words := strings.Fields(id)
		if !ok || len(words) < 2 {
			continue
		}
		addFeatures(tree, words[0]+" "+strings.TrimPrefix(words[1], "v"), strings.FieldsFunc(features, func(r rune) bool { return r == ',' }))
	}
	return tree
}

func addFeatures(all map[string]map[string]bool, name string, features []string) {
	if all[name] == nil {
		all[name] = map[string]bool{}
	}
	for _, feature := range features {
		all[name][feature] = true
	}
}

// builtFeatures is our view of the same.
func builtFeatures(w *Workspace) map[string]map[string]bool {
	built := map[string]map[string]bool{}
	seen := map[*Package]bool{}
	for queue := slices.Clone(w.Members); len(queue) > 0; {
		p := queue[0]
		queue = queue[1:]
		if seen[p] {
			continue
		}
		seen[p] = true
		addFeatures(built, p.Name+" "+p.Version, sortedKeys(p.root.activation(p).features))
		for _, dep := range p.Deps {
			if dep.Kind == DevDep && !p.Member || !p.activates(dep) {
				continue
			}
			if found, _ := p.dependency(dep); found != nil {
				queue = append(queue, found)
			}
		}
	}
	return built
}

// TestGeneratedAgainstCargo compares random workspaces.
func TestGeneratedAgainstCargo(t *testing.T) {
	if _, err := exec.LookPath("cargo"); err != nil {
		t.Skip("cargo is not installed")
	}
	for seed := range uint64(*seeds) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			g := generator{rand: rand.New(rand.NewPCG(seed, 1)), files: map[string]string{}, weak: seed%2 == 1}
			g.workspace()
			dir, err := filepath.EvalSymlinks(testtree.Write(t, g.files))
			if err != nil {
				t.Fatal(err)
			}
			options, arguments := g.options()
			metadata := cargoMetadata(t, dir, arguments...)
			w, err := Load(dir, options)
			if err != nil {
				t.Fatal(err)
			}
			if problems := w.Problems(); len(problems) > 0 {
				t.Errorf("problems where cargo has none: %v", problems)
			}
			if w.Root != metadata.WorkspaceRoot {
				t.Errorf("root %s, cargo has %s", w.Root, metadata.WorkspaceRoot)
			}
			compareTargets(t, metadata, w, g.weak)
			compareClosures(t, metadata, w)
			compareFeatures(t, cargoTree(t, dir, arguments...), builtFeatures(w))
			if t.Failed() {
				for _, name := range sortedKeys(g.files) {
					if strings.HasSuffix(name, ".toml") {
						t.Logf("%s\n%s", name, g.files[name])
					}
				}
				t.Log(arguments)
			}
		})
	}
}

// generator writes a workspace in which everything that cargo accepts and that matters here can happen.
type generator struct {
	rand  *rand.Rand
	files map[string]string
	// weak workspaces have features `dep?/feature`.
	weak bool
}

func (g *generator) chance(percent int) bool { return g.rand.IntN(100) < percent }

func pick[T any](g *generator, list ...T) T { return list[g.rand.IntN(len(list))] }

func (g *generator) options() (Options, []string) {
	switch g.rand.IntN(4) {
	case 0:
		return Options{AllFeatures: true}, []string{"--all-features"}
	case 1:
		return Options{NoDefaultFeatures: true}, []string{"--no-default-features"}
	}
	return Options{}, nil
}

func (g *generator) workspace() {
	const packages = 8
	var root strings.Builder
	root.WriteString("[workspace]\nresolver = \"2\"\nmembers = [\"crates/*\"]\nexclude = [\"crates/p7\", \"outside\"]\n")
	root.WriteString("[workspace.package]\nversion = \"3.2.1\"\nedition = \"2021\"\n[workspace.dependencies]\n")
	for i := range packages {
		fmt.Fprintf(&root, "p%d = { path = \"%s\"%s }\n", i, g.dir(i), pick(g, "", ", default-features = false", ", features = [\"f1\"]"))
	}
	g.files["Cargo.toml"] = root.String()
	for i := range packages {
		g.packageAt(i)
	}
}

// dir is where package i is: some are members by pattern, some by path only, some outside.
func (g *generator) dir(i int) string {
	switch i {
	case 5:
		return "libs/p5"
	case 6:
		return "outside/p6"
	}
	return fmt.Sprintf("crates/p%d", i)
}

func (g *generator) packageAt(i int) {
	dir := g.dir(i)
	outside := i >= 6
	edition := pick(g, "", "edition = \"2018\"\n", "edition = \"2021\"\n", "edition.workspace = true\n")
	version := "version = \"0.1.0\"\n"
	if outside {
		// Not in the workspace, so nothing to inherit.
		edition = pick(g, "", "edition = \"2018\"\n")
	} else if g.chance(30) {
		version = "version.workspace = true\n"
	}
	var m strings.Builder
	fmt.Fprintf(&m, "[package]\nname = \"p%d\"\n%s%s", i, version, edition)
	for _, auto := range []string{"autobins", "autoexamples", "autotests", "autobenches"} {
		if g.chance(15) {
			fmt.Fprintf(&m, "%s = %v\n", auto, g.chance(50))
		}
	}
	switch {
	case g.chance(20):
		m.WriteString("build = \"scripts/prepare.rs\"\n")
		g.files[dir+"/scripts/prepare.rs"] = "fn main() {}"
	case g.chance(20):
		m.WriteString("build = false\n")
		fallthrough
	case g.chance(30):
		g.files[dir+"/build.rs"] = "fn main() {}"
	}
	switch {
	case g.chance(20):
		fmt.Fprintf(&m, "[lib]\nname = \"renamed_%d\"\npath = \"source/lib.rs\"\n", i)
		g.files[dir+"/source/lib.rs"] = ""
	case g.chance(15):
		m.WriteString("[lib]\nproc-macro = true\n")
		fallthrough
	default:
		g.files[dir+"/src/lib.rs"] = ""
	}
	if g.chance(30) {
		g.files[dir+"/src/main.rs"] = "fn main() {}"
	}
	for _, kind := range []struct{ table, folder string }{{"bin", "src/bin"}, {"example", "examples"}, {"test", "tests"}, {"bench", "benches"}} {
		for n := range 3 {
			name := fmt.Sprintf("%s-%d-%d", kind.table, i, n)
			switch g.rand.IntN(5) {
			case 0:
				g.files[fmt.Sprintf("%s/%s/%s.rs", dir, kind.folder, name)] = "fn main() {}"
			case 1:
				g.files[fmt.Sprintf("%s/%s/%s/main.rs", dir, kind.folder, name)] = "fn main() {}"
			case 2:
				fmt.Fprintf(&m, "[[%s]]\nname = \"%s\"\npath = \"other/%s.rs\"\n", kind.table, name, name)
				g.files[fmt.Sprintf("%s/other/%s.rs", dir, name)] = "fn main() {}"
			case 3:
				fmt.Fprintf(&m, "[[%s]]\nname = \"%s\"\nedition = \"2024\"\n", kind.table, name)
				g.files[fmt.Sprintf("%s/%s/%s.rs", dir, kind.folder, name)] = "fn main() {}"
			}
		}
	}
	_, hasScript := g.files[dir+"/build.rs"]
	_, hasOther := g.files[dir+"/scripts/prepare.rs"]
	optional := g.dependencies(&m, i, outside, hasScript && !strings.Contains(m.String(), "build = false") || hasOther)
	m.WriteString("[features]\n")
	if g.chance(60) {
		m.WriteString("default = [\"f0\"]\n")
	}
	values := []string{`"f1"`, `"f2"`}
	for _, key := range optional {
		value := pick(g, key+"/f2", key)
		if g.weak {
			value = pick(g, value, key+"?/f1")
		}
		values = append(values, strconv.Quote(value))
	}
	fmt.Fprintf(&m, "f0 = [%s]\nf1 = [%s]\nf2 = []\n", pick(g, values...), pick(g, append(values[1:], "")...))
	g.files[dir+"/Cargo.toml"] = m.String()
}

// dependencies writes dependencies on packages with a higher number, so that there is no circle, and returns the keys of
// the optional ones.
func (g *generator) dependencies(m *strings.Builder, i int, outside, script bool) []string {
	var optional []string
	for j := i + 1; j < 8; j++ {
		if !g.chance(45) {
			continue
		}
		table := pick(g, "dependencies", "dependencies", "dev-dependencies", "build-dependencies", "target.'cfg(unix)'.dependencies", "target.'cfg(any(windows, not(unix)))'.dependencies")
		if table == "build-dependencies" && !script {
			table = "dependencies" // nobody could name it
		}
		key := fmt.Sprintf("p%d", j)
		var fields []string
		switch {
		case !outside && g.chance(40):
			fields = append(fields, "workspace = true")
		case g.chance(30):
			key = fmt.Sprintf("other-%d", j)
			fields = append(fields, fmt.Sprintf("package = \"p%d\"", j))
			fallthrough
		default:
			path, err := filepath.Rel(g.dir(i), g.dir(j))
			if err != nil {
				panic(err)
			}
			fields = append(fields, fmt.Sprintf("path = %q", filepath.ToSlash(path)))
			if g.chance(30) {
				fields = append(fields, "default-features = false")
			}
		}
		if table == "dependencies" && g.chance(40) {
			fields = append(fields, "optional = true")
			optional = append(optional, key)
		}
		if g.chance(40) && !strings.Contains(table, "windows") {
			fields = append(fields, fmt.Sprintf("features = [\"%s\"]", pick(g, "f0", "f1", "f2")))
		}
		fmt.Fprintf(m, "[%s.%s]\n%s\n", table, key, strings.Join(fields, "\n"))
	}
	return optional
}
