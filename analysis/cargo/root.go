package cargo

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// root is one cargo workspace: a manifest with its lock file, configuration and patches, and the packages seen from it.
type root struct {
	w   *Workspace
	dir string
	// manifest is nil for what has none.
	manifest *manifest
	config   *config
	lock     *lockFile
	patches  []patch
	members  []*Package
	// paths are packages by path that are no members.
	paths []*Package
	// flags are the cfg options of rustflags.
	flags []cfgOption

	// nodes are the packages of the lock file, by entry.
	nodes []*node

	mu    sync.Mutex
	byDir map[string]*node

	features featureTable
}

// node is a package that may not have been read yet.
type node struct {
	root *root
	// entry is the package's place in the lock file, -1 when it has none.
	entry int
	// dir is its folder if that is known without looking.
	dir    string
	source string

	once   sync.Once
	loaded atomic.Bool
	pkg    *Package
	// missing says why there is no package.
	missing string
}

// wasLoaded tells whether load will not have to read anything.
func (n *node) wasLoaded() bool { return n.loaded.Load() }

// decoder decodes a manifest seen from this root.
func (r *root) decoder(m *manifest) *decoder {
	return &decoder{
		m: m, problems: &r.w.problems,
		inherit: func() *manifest { return r.w.workspaceOf(m) },
		applies: func(platform string) (bool, error) {
			return platformApplies(platform, r.w.Target, r.w.platformSet())
		},
	}
}

func (r *root) readLock() {
	path := filepath.Join(r.dir, "Cargo.lock")
	text, err := ReadFile(path)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			r.w.problems.add(Unreadable(path, err))
		}
		return
	}
	lock, syntax := parseLock(text)
	if syntax != nil {
		message := fmt.Sprintf("Cargo.lock does not parse: %s; run `cargo generate-lockfile`", syntax.message)
		r.w.problems.add(problemAt(path, text, syntax.at, message))
	}
	r.lock = lock
	r.nodes = make([]*node, len(lock.entries))
	for i := range r.nodes {
		r.nodes[i] = &node{root: r, entry: i, source: lock.entries[i].source}
	}
}

func (r *root) memberIn(dir string) bool {
	return slices.ContainsFunc(r.members, func(p *Package) bool { return p.Dir == dir })
}

// memberCandidate is a folder that `members` or a dependency by path names.
type memberCandidate struct {
	dir string
	// by and at are where it is named, nil for the root package.
	by *manifest
	at uint32
}

// loadMembers reads the root package, what `workspace.members` lists, and what these depend on by path inside the root:
// cargo: Workspace::find_members.
func (r *root) loadMembers() {
	m := r.manifest
	var queue []memberCandidate
	if m.packageTable() != nil {
		queue = append(queue, memberCandidate{dir: m.dir})
	}
	d := r.decoder(m)
	if list := d.field(m.workspaceTable(), tomlArray, "members"); list != nil {
		for _, item := range list.items {
			queue = append(queue, r.candidates(d, item)...)
		}
	}
	r.readAhead(queue)
	seen := map[string]bool{}
	real := realPaths{}
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		key := real.path(next.dir) // a link to a member's folder is that member
		if seen[key] {
			continue
		}
		seen[key] = true
		p := r.loadMember(next)
		if p == nil {
			continue
		}
		for _, dep := range p.Deps {
			if dep.Path != "" && r.ownsPathDependency(dep.Path) {
				queue = append(queue, memberCandidate{dep.Path, dep.manifest, dep.at})
			}
		}
	}
}

// readAhead reads the manifests of folders at the same time, on as many processors as the program may use.
func (r *root) readAhead(folders []memberCandidate) {
	threads := min(runtime.GOMAXPROCS(0), len(folders))
	if threads < 2 {
		return
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range threads {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(folders); i = int(next.Add(1)) - 1 {
				_, _ = r.w.manifest(filepath.Join(folders[i].dir, "Cargo.toml")) // errors are reported by who needs it
			}
		})
	}
	group.Wait()
}

// realPaths is where folders really are, by their paths.
type realPaths map[string]string

// path is a folder's path with its links followed, as far as it can be. Links on the way to many folders are followed once.
func (r realPaths) path(dir string) string {
	if info, err := os.Lstat(dir); err != nil || info.Mode()&os.ModeSymlink != 0 {
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			return real
		}
		return dir
	}
	parent := filepath.Dir(dir)
	real, ok := r[parent]
	if !ok {
		var err error
		if real, err = filepath.EvalSymlinks(parent); err != nil {
			real = parent
		}
		r[parent] = real
	}
	return filepath.Join(real, filepath.Base(dir))
}

// candidates expands one entry of `workspace.members`.
func (r *root) candidates(d *decoder, item *toml) []memberCandidate {
	if item.kind != tomlString {
		d.wrong(item.at, "a member must be a string, not %s", item.kind)
		return nil
	}
	if !isGlob(item.str) {
		dir := d.path(r.dir, item)
		if excluded(r.manifest, dir) {
			return nil
		}
		return []memberCandidate{{dir, d.m, item.at}}
	}
	if _, err := path.Match(shellPattern(item.str), ""); err != nil {
		d.wrong(item.at, "the member pattern `%s` is malformed: correct it", item.str)
		return nil
	}
	var found []memberCandidate
	for _, dir := range expandGlob(r.dir, strings.ReplaceAll(item.str, `\`, "/")) {
		switch {
		case excluded(r.manifest, dir):
		case exists(filepath.Join(dir, "Cargo.toml")):
			found = append(found, memberCandidate{dir, d.m, item.at})
		case !strings.Contains(item.str, "**") && !skipFolder(filepath.Base(dir)):
			// Cargo stops here; a glob over folders is not worth that to us.
			d.wrong(item.at, "the member pattern `%s` matches %s, which has no Cargo.toml: cargo refuses that; add one or exclude the folder", item.str, dir)
		}
	}
	return found
}

// ownsPathDependency tells whether a dependency by path is a member without being listed.
func (r *root) ownsPathDependency(dir string) bool {
	path := filepath.Join(dir, "Cargo.toml")
	if r.manifest.workspaceTable() == nil || excluded(r.manifest, dir) || !fileExists(path) {
		return false
	}
	m, err := r.w.manifest(path)
	if err != nil {
		return within(dir, r.dir) // so that it is reported as a member
	}
	if m == r.manifest {
		return true
	}
	return m.workspaceTable() == nil && r.w.workspaceOf(m) == r.manifest
}

func (r *root) loadMember(candidate memberCandidate) *Package {
	path := filepath.Join(candidate.dir, "Cargo.toml")
	m, err := r.w.manifest(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) && candidate.by != nil {
			r.w.problems.addAt(candidate.by, candidate.at, fmt.Sprintf("the workspace member %s has no Cargo.toml: create it or remove the entry", candidate.dir))
		} else {
			err.Problem.Unread = true
			r.w.problems.add(err.Problem)
		}
		return nil
	}
	if m.packageTable() == nil && candidate.by != nil {
		r.w.problems.addAt(candidate.by, candidate.at, fmt.Sprintf("the workspace member %s has no `[package]`: remove the entry", candidate.dir))
		return nil
	}
	if existing := r.w.memberAt[candidate.dir]; existing != nil {
		return nil
	}
	p := r.decode(m, "", true)
	r.w.memberAt[candidate.dir] = p
	r.addMember(p)
	return p
}

// decode makes the package of a manifest.
func (r *root) decode(m *manifest, source string, member bool) *Package {
	p := &Package{
		Dir: m.dir, ManifestPath: m.path, Source: source, Member: member, Edition: defaultEdition, Publish: true,
	}
	d := r.decoder(m)
	if member && r.manifest != nil && r.manifest.workspaceTable() != nil {
		d.inherit = func() *manifest { return r.manifest }
	}
	d.fill(p)
	p.Targets = d.targets(p)
	p.root, p.WorkspaceRoot = r, r.dir
	return p
}

func (r *root) addMember(p *Package) {
	p.root, p.WorkspaceRoot = r, r.dir
	r.members = append(r.members, p)
	r.adopt(p)
}

// adopt gives a package that was read its node.
func (r *root) adopt(p *Package) *node {
	n := &node{root: r, entry: r.lock.entryOf(p.Name, p.Version, p.Source), dir: p.Dir, source: p.Source}
	if n.entry >= 0 {
		n = r.nodes[n.entry]
	}
	n.once.Do(func() {
		n.pkg = p
		n.loaded.Store(true)
	})
	p.node = n
	if p.ManifestPath != "" {
		r.byDir[p.Dir] = n
	}
	return n
}

// loadPathDependencies reads what members depend on by path outside the workspace. The lock file has no places of
// packages by path, so they are found from their users.
func (r *root) loadPathDependencies() {
	queue := slices.Clone(r.members)
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		for _, dep := range p.Deps {
			if dep.Path == "" || r.byDir[dep.Path] != nil || r.w.memberAt[dep.Path] != nil {
				continue
			}
			n := r.dirNode(dep.Path, "")
			if found, _ := n.load(); found != nil {
				r.paths = append(r.paths, found)
				queue = append(queue, found)
			} else {
				r.w.problems.addAt(dep.manifest, dep.at, fmt.Sprintf("the dependency `%s`: %s", dep.Key, n.missing))
			}
		}
	}
}

// dirNode is the package in a folder: a member of any root, or a dependency.
func (r *root) dirNode(dir, source string) *node {
	if p := r.w.memberAt[dir]; p != nil {
		return p.node
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.byDir[dir]
	if n == nil {
		n = &node{root: r, entry: -1, dir: dir, source: source}
		r.byDir[dir] = n
	}
	return n
}

// load reads the package, once; the message says why there is none.
func (n *node) load() (*Package, string) {
	n.once.Do(func() {
		defer n.loaded.Store(true)
		dir := n.dir
		if dir == "" {
			dir, n.missing = n.root.locate(&n.root.lock.entries[n.entry])
		}
		if dir == "" {
			return
		}
		n.pkg, n.missing = n.root.readDependency(dir, n.source)
		if n.pkg == nil {
			return
		}
		if n.entry < 0 {
			n.entry = n.root.lock.entryOf(n.pkg.Name, n.pkg.Version, n.source)
		}
		n.pkg.node = n
	})
	return n.pkg, n.missing
}

func (r *root) readDependency(dir, source string) (*Package, string) {
	path := filepath.Join(dir, "Cargo.toml")
	read := readManifest
	if source == "" || len(r.w.roots) > 1 {
		read = r.w.manifest // others may read it too
	}
	m, err := read(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Sprintf("there is no Cargo.toml in %s: correct the path or create the package", dir)
		}
		r.w.problems.add(err.Problem)
		return nil, err.Error()
	}
	if m.packageTable() == nil {
		return nil, fmt.Sprintf("%s has no `[package]`: it is no package to depend on", path)
	}
	p := r.decode(m, source, false)
	if source != "" && len(r.w.roots) == 1 {
		// All that anybody will ask is decoded; a thousand documents would be the largest thing in memory.
		m.doc, m.lines = nil, nil
	}
	return p, ""
}

// locate is the folder of a package of the lock file, or what to do about its absence.
func (r *root) locate(entry *lockEntry) (dir, missing string) {
	name := entry.name + " " + entry.version
	if entry.source == "" {
		for _, patch := range r.patches {
			if patch.dep.Package == entry.name && patch.dep.Path != "" {
				return patch.dep.Path, ""
			}
		}
		return "", fmt.Sprintf("%s is in Cargo.lock without a source, but no member and no `path` leads to it: run `cargo update -w`", name)
	}
	if replaced, ok := r.config.replacement(entry.source); ok {
		if replaced.directory != "" {
			if dir, _ := vendored(replaced.directory, entry.name, entry.version, nil); dir != "" {
				return dir, ""
			}
			return "", fmt.Sprintf("%s is not in %s: run `cargo vendor`", name, replaced.directory)
		}
		if replaced.registry != "" {
			if dir := r.w.home.registryPackage(replaced.registry, entry.name, entry.version); dir != "" {
				return dir, ""
			}
		}
	}
	if strings.HasPrefix(entry.source, "git+") {
		_, revision, _ := strings.Cut(entry.source, "#")
		if dir := r.w.home.gitPackage(entry.source, revision, entry.name); dir != "" {
			return dir, ""
		}
		return "", fmt.Sprintf("%s (%s) is not in %s: run `cargo fetch`", name, entry.source, filepath.Join(r.w.home.dir, "git", "checkouts"))
	}
	if dir := r.w.home.registryPackage(entry.source, entry.name, entry.version); dir != "" {
		return dir, ""
	}
	return "", fmt.Sprintf("%s is not in %s: run `cargo fetch`", name, filepath.Join(r.w.home.dir, "registry", "src"))
}
