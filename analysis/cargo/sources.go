package cargo

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// home is the sources that cargo keeps under CARGO_HOME. What it finds is remembered: the folder is taken not to change
// while a workspace is loaded.
type home struct {
	dir string

	registryOnce sync.Once
	registries   []string // folders of registry/src, crates.io's first

	versionsOnce sync.Once
	versions     map[string][]registryPackage

	gitOnce sync.Once
	gitDirs []string // names of folders of git/checkouts

	mu        sync.Mutex
	checkouts map[string]*checkout
}

// registryPackage is an unpacked package of a registry.
type registryPackage struct {
	version semver
	written string
	dir     string
}

func (h *home) registryDirs() []string {
	h.registryOnce.Do(func() {
		base := filepath.Join(h.dir, "registry", "src")
		entries, _ := os.ReadDir(base)
		for _, entry := range entries {
			h.registries = append(h.registries, filepath.Join(base, entry.Name()))
		}
		slices.SortStableFunc(h.registries, func(a, b string) int { return cmp.Compare(registryRank(a), registryRank(b)) })
	})
	return h.registries
}

func registryRank(dir string) int {
	name := filepath.Base(dir)
	switch {
	case strings.HasPrefix(name, "index.crates.io-"):
		return 0
	case strings.HasPrefix(name, "github.com-"):
		return 1
	}
	return 2
}

// registryPackage is the folder of NAME-VERSION, "" when it is not unpacked. Folders are named HOST-HASH; those of the
// index's host are looked into first.
func (h *home) registryPackage(index, name, version string) string {
	host := indexURL(index)
	if _, rest, ok := strings.Cut(host, "://"); ok {
		host = rest
	}
	host, _, _ = strings.Cut(host, "/")
	other := ""
	for _, dir := range h.registryDirs() {
		found := filepath.Join(dir, name+"-"+version)
		if !fileExists(filepath.Join(found, "Cargo.toml")) {
			continue
		}
		if host == "" || strings.HasPrefix(filepath.Base(dir), host+"-") {
			return found
		}
		if other == "" {
			other = found
		}
	}
	return other
}

// newest is the newest unpacked version of a package that a requirement allows, "" for none.
func (h *home) newest(name string, req requirement) (dir, version string) {
	h.versionsOnce.Do(func() {
		h.versions = map[string][]registryPackage{}
		for _, registry := range h.registryDirs() {
			entries, _ := os.ReadDir(registry)
			for _, entry := range entries {
				if name, written, v, ok := splitVersion(entry.Name()); ok {
					h.versions[name] = append(h.versions[name], registryPackage{v, written, filepath.Join(registry, entry.Name())})
				}
			}
		}
	})
	return newestOf(h.versions[name], req)
}

func newestOf(packages []registryPackage, req requirement) (dir, version string) {
	var best *registryPackage
	for i := range packages {
		if p := &packages[i]; req.matches(p.version) && (best == nil || p.version.compare(best.version) > 0) {
			best = p
		}
	}
	if best == nil {
		return "", ""
	}
	return best.dir, best.written
}

// splitVersion takes `name-1.2.3-rc.1` apart: at the first dash behind which a version stands.
func splitVersion(folder string) (name, written string, version semver, ok bool) {
	for i := 1; i < len(folder)-1; i++ {
		if folder[i] == '-' && folder[i+1] >= '0' && folder[i+1] <= '9' {
			if version, ok = parseSemver(folder[i+1:]); ok {
				return folder[:i], folder[i+1:], version, true
			}
		}
	}
	return "", "", semver{}, false
}

// vendored is the folder of a package in a directory source: NAME or NAME-VERSION, as `cargo vendor` writes them.
// With an exact version only that one; "" when there is none.
func vendored(directory, name, version string, req requirement) (dir, found string) {
	if version != "" {
		for _, folder := range []string{name + "-" + version, name} {
			path := filepath.Join(directory, folder)
			if m, err := readManifest(filepath.Join(path, "Cargo.toml")); err == nil && m.packageTable().get("version").text() == version {
				return path, version
			}
		}
		return "", ""
	}
	var candidates []registryPackage
	entries, _ := os.ReadDir(directory)
	for _, entry := range entries {
		folder := entry.Name()
		if folder != name {
			if split, _, _, ok := splitVersion(folder); !ok || split != name {
				continue
			}
		}
		path := filepath.Join(directory, folder)
		m, err := readManifest(filepath.Join(path, "Cargo.toml"))
		if err != nil {
			continue
		}
		table := m.packageTable()
		written := table.get("version").text()
		if table.get("name").text() != name {
			continue
		}
		if v, ok := parseSemver(written); ok {
			candidates = append(candidates, registryPackage{v, written, path})
		}
	}
	return newestOf(candidates, req)
}

// checkout is a git checkout with the folders of the packages in it.
type checkout struct {
	dir      string
	once     sync.Once
	packages map[string]string
}

// gitPackage is the folder of a package in a checkout of url at revision; both shortened revisions and "" (any) are
// taken. "" when there is no such checkout or no such package in it.
func (h *home) gitPackage(url, revision, name string) string {
	for _, dir := range h.checkoutsOf(url, revision) {
		h.mu.Lock()
		c := h.checkouts[dir]
		if c == nil {
			if h.checkouts == nil {
				h.checkouts = map[string]*checkout{}
			}
			c = &checkout{dir: dir}
			h.checkouts[dir] = c
		}
		h.mu.Unlock()
		if found := c.find(name); found != "" {
			return found
		}
	}
	return ""
}

// checkoutsOf lists the folders git/checkouts/NAME-HASH/REVISION that fit, the newest first. The hash is that of the URL
// in cargo's own way, which has changed over time; name and revision are enough to tell checkouts apart.
func (h *home) checkoutsOf(url, revision string) []string {
	base := filepath.Join(h.dir, "git", "checkouts")
	h.gitOnce.Do(func() {
		entries, _ := os.ReadDir(base)
		for _, entry := range entries {
			h.gitDirs = append(h.gitDirs, entry.Name())
		}
	})
	url = canonicalURL(url)
	name := url[strings.LastIndexByte(url, '/')+1:]
	type dated struct {
		dir  string
		time int64
	}
	var found []dated
	for _, repository := range h.gitDirs {
		dash := strings.LastIndexByte(repository, '-')
		if dash < 0 || !strings.EqualFold(repository[:dash], name) {
			continue
		}
		entries, _ := os.ReadDir(filepath.Join(base, repository))
		for _, entry := range entries {
			short := entry.Name()
			if revision != "" && !strings.HasPrefix(revision, short) && !strings.HasPrefix(short, revision) {
				continue
			}
			var time int64
			if info, err := entry.Info(); err == nil {
				time = info.ModTime().UnixNano()
			}
			found = append(found, dated{filepath.Join(base, repository, short), time})
		}
	}
	slices.SortFunc(found, func(a, b dated) int { return cmp.Or(cmp.Compare(b.time, a.time), cmp.Compare(a.dir, b.dir)) })
	dirs := make([]string, len(found))
	for i, f := range found {
		dirs[i] = f.dir
	}
	return dirs
}

// find looks where packages usually are, then everywhere.
func (c *checkout) find(name string) string {
	for _, folder := range []string{"", name, filepath.Join("crates", name)} {
		dir := filepath.Join(c.dir, folder)
		if packageNameIn(dir) == name {
			return dir
		}
	}
	c.once.Do(func() {
		c.packages = map[string]string{}
		for _, dir := range manifestDirs(c.dir) {
			if name := packageNameIn(dir); name != "" && c.packages[name] == "" {
				c.packages[name] = dir
			}
		}
	})
	return c.packages[name]
}

func packageNameIn(dir string) string {
	m, err := readManifest(filepath.Join(dir, "Cargo.toml"))
	if err != nil {
		return ""
	}
	return m.packageTable().get("name").text()
}

const (
	// maxDepth bounds how deep folders are searched for manifests.
	maxDepth = 32
	// maxFolders bounds how many are; the largest repositories have tens of thousands.
	maxFolders = 200_000
)

// manifestDirs lists the folders under dir that hold a Cargo.toml, in order. Symbolic links are not followed; hidden
// folders, target and node_modules are skipped.
func manifestDirs(dir string) []string {
	var found []string
	folders := 0
	_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil // an unreadable folder hides its manifests only
		}
		if !entry.IsDir() {
			if entry.Name() == "Cargo.toml" {
				found = append(found, filepath.Dir(path))
			}
			return nil
		}
		folders++
		if folders > maxFolders {
			return filepath.SkipAll
		}
		if path != dir && (skipFolder(entry.Name()) || strings.Count(path[len(dir):], string(filepath.Separator)) > maxDepth) {
			return filepath.SkipDir
		}
		return nil
	})
	slices.Sort(found)
	return found
}

// skipFolder tells the folders that hold no packages of the user's own.
func skipFolder(name string) bool {
	return name == "target" || name == "node_modules" || strings.HasPrefix(name, ".")
}
