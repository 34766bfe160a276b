package cargo

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// ExternStatus says whether a name means a crate.
type ExternStatus uint8

const (
	// ExternUnknown names are none of the target's dependencies.
	ExternUnknown ExternStatus = iota
	// ExternOK names lead to a library.
	ExternOK
	// ExternMissing names are dependencies whose sources are not here.
	ExternMissing
)

func (s ExternStatus) String() string { return [...]string{"unknown", "ok", "missing"}[s] }

// Resolution is how a name was found to mean a crate, or not.
type Resolution struct {
	Status ExternStatus
	// Inactive dependencies are written but not built: optional ones nobody asked for, those of other platforms.
	Inactive bool
	// Package is the name of the package that is missing, and Message says what to do, for ExternMissing.
	Package, Message string
}

type externKey struct {
	scope depScope
	name  string
}

type externAnswer struct {
	lib *Target
	how Resolution
}

// depScope is which tables of dependencies a target's code can name.
type depScope uint8

const (
	scopeNormal depScope = iota
	scopeDev             // with dev-dependencies: what is built with cfg(test), examples, tests and benches
	scopeBuild
)

func scopeOf(t *Target) depScope {
	switch {
	case t.Kind == Build:
		return scopeBuild
	case t.Package.Member:
		return scopeDev
	default:
		return scopeNormal
	}
}

func (s depScope) sees(kind DepKind) bool {
	switch s {
	case scopeBuild:
		return kind == BuildDep
	case scopeDev:
		return kind != BuildDep
	default:
		return kind == NormalDep
	}
}

// ownLib is the library of the target's own package if its code names it as another crate.
func ownLib(t *Target) *Target {
	if t.Kind == Lib || t.Kind == ProcMacro || t.Kind == Build {
		return nil
	}
	return t.Package.Lib()
}

// Extern is the library that a crate name means in a target's code, reading the manifests that this takes. std, core,
// alloc, proc_macro and test are unknown here.
func (w *Workspace) Extern(t *Target, name string) (*Target, Resolution) {
	if lib := ownLib(t); lib != nil && lib.Name == name {
		return lib, Resolution{Status: ExternOK}
	}
	p, key := t.Package, externKey{scopeOf(t), name}
	p.externs.RLock()
	answer, ok := p.externs.found[key]
	p.externs.RUnlock()
	if !ok {
		answer = p.extern(key)
		p.externs.Lock()
		if p.externs.found == nil {
			p.externs.found = map[externKey]externAnswer{}
		}
		p.externs.found[key] = answer
		p.externs.Unlock()
	}
	return answer.lib, answer.how
}

// extern finds a dependency by its name in code. That is the key in the manifest, but for a library with a name of its
// own; so a name that is no key makes us read the manifests of all dependencies that are not renamed.
func (p *Package) extern(key externKey) externAnswer {
	var answer externAnswer
	for _, byKey := range []bool{true, false} {
		for _, dep := range p.Deps {
			if !key.scope.sees(dep.Kind) || (dep.Name == key.name) != byKey || !byKey && (dep.Renamed || p.unbuilt(dep)) {
				continue
			}
			answer = better(answer, p.leadsTo(dep, key.name))
		}
		if answer.how.Status != ExternUnknown {
			return answer
		}
	}
	return answer
}

// unbuilt tells whether the lock file shows that nobody builds a dependency: not worth the search for a manifest of it.
func (p *Package) unbuilt(dep *Dependency) bool {
	return dep.Path == "" && len(p.root.lock.entries) > 0 && p.root.lockedEntry(p, dep) < 0
}

// leadsTo is the answer for name if dep has it.
func (p *Package) leadsTo(dep *Dependency, name string) externAnswer {
	found, missing := p.dependency(dep)
	how := Resolution{Inactive: !p.activates(dep)}
	if found == nil {
		if dep.Name != name {
			return externAnswer{}
		}
		how.Status, how.Package, how.Message = ExternMissing, dep.Package, missing
		return externAnswer{how: how}
	}
	lib := found.Lib()
	if lib == nil || !dep.Renamed && lib.Name != name {
		return externAnswer{}
	}
	how.Status = ExternOK
	return externAnswer{lib, how}
}

// better prefers what is there to what is missing, and what is built to what is not.
func better(a, b externAnswer) externAnswer {
	rank := func(x externAnswer) int {
		score := 0
		switch x.how.Status {
		case ExternOK:
			score = 4
		case ExternMissing:
			score = 2
		}
		if !x.how.Inactive {
			score++
		}
		return score
	}
	if rank(b) > rank(a) {
		return b
	}
	return a
}

// ExternNames lists the crate names that a target's code can use, sorted. It reads the manifests of all its dependencies.
func (w *Workspace) ExternNames(t *Target) []string {
	names := map[string]bool{}
	if lib := ownLib(t); lib != nil {
		names[lib.Name] = true
	}
	scope := scopeOf(t)
	for _, dep := range t.Package.Deps {
		if !scope.sees(dep.Kind) {
			continue
		}
		name := dep.Name
		if found, _ := t.Package.dependency(dep); found != nil {
			lib := found.Lib()
			if lib == nil {
				continue
			}
			if !dep.Renamed {
				name = lib.Name
			}
		}
		names[name] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// dependency is the package that an entry of p's manifest means, or why there is none.
func (p *Package) dependency(dep *Dependency) (*Package, string) {
	p.resolveNode(dep)
	if dep.node == nil {
		return nil, p.root.notFound(dep)
	}
	return dep.node.load()
}

// resolveNode fills dep.node, reading no manifest but those of patches.
func (p *Package) resolveNode(dep *Dependency) {
	dep.resolve.Do(func() { dep.node = p.root.nodeOf(p, dep) })
}

// nodeOf decides which package a dependency means; nil when nothing fits.
func (r *root) nodeOf(p *Package, dep *Dependency) *node {
	if dep.Path != "" && p.Source == "" {
		return r.dirNode(dep.Path, "")
	}
	if entry := r.lockedEntry(p, dep); entry >= 0 {
		return r.nodes[entry]
	}
	if dep.Path != "" {
		return r.dirNode(dep.Path, p.Source)
	}
	if dir := r.unlocked(dep); dir != "" {
		return r.dirNode(dir, r.sourceOf(dep))
	}
	return nil
}

// lockedEntry is the entry of the lock file that a dependency of p means, -1 when it has none: optional dependencies
// that nobody activates are not in it.
func (r *root) lockedEntry(p *Package, dep *Dependency) int {
	req, _ := parseRequirement(dep.Requirement)
	if p.node != nil && p.node.entry >= 0 && p.node.root == r {
		var edges []int
		for _, i := range r.lock.entries[p.node.entry].edges {
			if r.lock.entries[i].name == dep.Package {
				edges = append(edges, i)
			}
		}
		if len(edges) == 1 {
			return edges[0]
		}
		if best := r.bestEntry(edges, dep, req); best >= 0 {
			return best
		}
	}
	return r.bestEntry(r.lock.named(dep.Package), dep, req)
}

// bestEntry is the newest of some entries that a dependency could mean.
func (r *root) bestEntry(entries []int, dep *Dependency, req requirement) int {
	best, bestFits := -1, false
	for _, i := range entries {
		entry := &r.lock.entries[i]
		if !req.matches(entry.parsed) {
			continue
		}
		fits := r.sourceFits(entry.source, dep)
		// A patch may put any source in place of the one that is written, so one that does not fit is the second choice.
		if best < 0 || fits && !bestFits || fits == bestFits && entry.parsed.compare(r.lock.entries[best].parsed) > 0 {
			best, bestFits = i, fits
		}
	}
	if best >= 0 && !bestFits && dep.Git != "" {
		return -1
	}
	return best
}

func (r *root) sourceFits(source string, dep *Dependency) bool {
	if dep.Git != "" {
		return strings.HasPrefix(source, "git+") && canonicalURL(source) == canonicalURL(dep.Git)
	}
	return indexURL(source) == indexURL(r.sourceOf(dep)) || dep.Registry == "" && r.config.sourceName(source) == cratesIO
}

// sourceOf is the source that a dependency asks for, in the form of the lock file and without a revision.
func (r *root) sourceOf(dep *Dependency) string {
	switch {
	case dep.Git != "":
		return "git+" + dep.Git
	case dep.Registry == "":
		return "registry+" + cratesIOIndexes[0]
	}
	if url := r.config.registries[dep.Registry]; url != "" {
		if strings.HasPrefix(url, "sparse+") {
			return url
		}
		return "registry+" + url
	}
	return "registry+" + dep.Registry
}

// unlocked is the folder of a dependency that the lock file does not have: what a patch says, else the newest that is
// here and fits. "" when nothing is.
func (r *root) unlocked(dep *Dependency) string {
	req, _ := parseRequirement(dep.Requirement)
	source := r.sourceOf(dep)
	for _, patch := range r.patches {
		if patch.dep.Package != dep.Package || patch.dep == dep || !r.patchMeans(patch, source) {
			continue
		}
		if patch.dep.Path != "" {
			return patch.dep.Path
		}
		if dir := r.download(patch.dep, r.sourceOf(patch.dep), req); dir != "" {
			return dir
		}
	}
	return r.download(dep, source, req)
}

// patchMeans tells whether a patch is of a source.
func (r *root) patchMeans(patch patch, source string) bool {
	if patch.source == cratesIO {
		return r.config.sourceName(source) == cratesIO
	}
	if url := r.config.registries[patch.source]; url != "" {
		return indexURL(url) == indexURL(source)
	}
	return canonicalURL(patch.source) == canonicalURL(source)
}

// download is the folder of a package that was downloaded once, without a lock file to say which version.
func (r *root) download(dep *Dependency, source string, req requirement) string {
	if replaced, ok := r.config.replacement(source); ok && replaced.directory != "" {
		dir, _ := vendored(replaced.directory, dep.Package, "", req)
		return dir
	}
	if dep.Git != "" {
		return r.w.home.gitPackage(source, dep.Rev, dep.Package)
	}
	dir, _ := r.w.home.newest(dep.Package, req)
	return dir
}

// notFound says that no package fits a dependency, and what to do.
func (r *root) notFound(dep *Dependency) string {
	wanted := dep.Package
	if dep.Requirement != "" {
		wanted += " " + dep.Requirement
	}
	if dep.Git != "" {
		return fmt.Sprintf("%s (%s) is not in %s: run `cargo fetch`", wanted, dep.Git, filepath.Join(r.w.home.dir, "git", "checkouts"))
	}
	if len(r.lock.entries) == 0 {
		return fmt.Sprintf("%s is not in %s, and there is no Cargo.lock: run `cargo fetch`", wanted, filepath.Join(r.w.home.dir, "registry", "src"))
	}
	return fmt.Sprintf("%s is neither in Cargo.lock nor in %s: run `cargo fetch`", wanted, filepath.Join(r.w.home.dir, "registry", "src"))
}
