package cargo

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// config is what the .cargo/config.toml files above a workspace say about where sources are and which cfg is on.
// The reference: doc.rust-lang.org/cargo/reference/config.html.
type config struct {
	target string // build.target
	// sources are `[source.NAME]`, the nearest file's first.
	sources map[string]sourceConfig
	// flags are rustc's, of `[build]`; targetFlags those of `[target.PLATFORM]`.
	flags       []string
	targetFlags []targetFlags
	// patches are `[patch.SOURCE]`.
	patches []patch
	// registries are the index URLs of named registries.
	registries map[string]string
}

type sourceConfig struct {
	registry, git, directory, replaceWith string
}

type targetFlags struct {
	platform string
	flags    []string
}

// readConfig reads .cargo/config.toml (or .cargo/config) of dir and of every folder above it, then that of CARGO_HOME;
// nearer files win, lists are joined.
func readConfig(dir, cargoHome string, problems *problems) *config {
	c := &config{sources: map[string]sourceConfig{}, registries: map[string]string{}}
	seen := map[string]bool{}
	read := func(folder string) {
		for _, name := range []string{"config", "config.toml"} {
			path := filepath.Join(folder, name)
			if seen[path] || !fileExists(path) {
				continue
			}
			seen[path] = true
			m, err := readManifest(path)
			if err != nil {
				problems.add(err.Problem)
				return
			}
			c.merge(m, problems)
			return
		}
	}
	for folder := dir; ; folder = filepath.Dir(folder) {
		read(filepath.Join(folder, ".cargo"))
		if folder == filepath.Dir(folder) {
			break
		}
	}
	read(cargoHome)
	return c
}

// merge adds what a file says and a nearer one does not.
func (c *config) merge(m *manifest, problems *problems) {
	d := decoder{m: m, problems: problems, inherit: func() *manifest { return nil }}
	// Paths are relative to the folder that holds .cargo.
	base := filepath.Dir(m.dir)
	if c.target == "" {
		c.target = configTarget(m.doc.path("build", "target"))
	}
	for _, field := range m.doc.get("source").table() {
		if _, nearer := c.sources[field.name]; nearer {
			continue
		}
		s := sourceConfig{registry: d.text(field.value, "registry"), git: d.text(field.value, "git"), replaceWith: d.text(field.value, "replace-with")}
		if directory := d.field(field.value, tomlString, "directory"); directory != nil {
			s.directory = d.path(base, directory)
		}
		c.sources[field.name] = s
	}
	for _, field := range m.doc.get("registries").table() {
		if _, nearer := c.registries[field.name]; !nearer {
			c.registries[field.name] = d.text(field.value, "index")
		}
	}
	c.flags = append(c.flags, flagList(m.doc.path("build", "rustflags"))...)
	for _, field := range m.doc.get("target").table() {
		if flags := flagList(field.value.get("rustflags")); flags != nil {
			c.targetFlags = append(c.targetFlags, targetFlags{field.name, flags})
		}
	}
	c.patches = append(c.patches, decodePatches(&d, base)...)
}

// configTarget is the first target of a string or a list; of a target specification's file the stem.
func configTarget(value *toml) string {
	if value != nil && value.kind == tomlArray && len(value.items) > 0 {
		value = value.items[0]
	}
	return tripleOf(value.text())
}

// tripleOf is the triple of what --target takes: a triple, or the path of a target specification.
func tripleOf(target string) string {
	if stem, ok := strings.CutSuffix(target, ".json"); ok {
		return filepath.Base(filepath.FromSlash(stem))
	}
	return target
}

// flagList is a list of flags, or a string of them separated by spaces.
func flagList(value *toml) []string {
	if value == nil {
		return nil
	}
	if value.kind == tomlString {
		return strings.Fields(value.str)
	}
	var flags []string
	for _, item := range value.items {
		flags = append(flags, item.text())
	}
	return flags
}

// cfgOptions are the --cfg options of rustflags in force for a target: those of `[target]` win over those of `[build]`.
func (c *config) cfgOptions(triple string, set *CfgSet) []cfgOption {
	var flags []string
	for _, target := range c.targetFlags {
		if applies, err := platformApplies(target.platform, triple, set); err == nil && applies {
			flags = append(flags, target.flags...)
		}
	}
	if flags == nil {
		flags = c.flags
	}
	var options []cfgOption
	for i, flag := range flags {
		text, ok := strings.CutPrefix(flag, "--cfg=")
		if flag == "--cfg" && i+1 < len(flags) {
			text, ok = flags[i+1], true
		}
		if option, valid := parseCfgOption(text); ok && valid {
			options = append(options, option)
		}
	}
	return options
}

// platformApplies tells whether `cfg(..)` or a triple, as in `[target.PLATFORM]`, means the configured target.
func platformApplies(platform, triple string, set *CfgSet) (bool, error) {
	inner, ok := strings.CutPrefix(strings.TrimSpace(platform), "cfg(")
	if !ok {
		return platform == triple, nil
	}
	predicate, err := ParsePredicate(strings.TrimSuffix(inner, ")"))
	if err != nil {
		return false, err
	}
	return predicate.Eval(set) == True, nil
}

const cratesIO = "crates-io"

// cratesIOIndexes are the URLs under which lock files and configurations name crates.io.
var cratesIOIndexes = []string{"https://github.com/rust-lang/crates.io-index", "https://index.crates.io/", "https://index.crates.io"}

// indexURL is a registry's or a repository's URL without the kind in front and the revision behind.
func indexURL(source string) string {
	for _, kind := range []string{"registry+", "sparse+", "git+"} {
		source = strings.TrimPrefix(source, kind)
	}
	source, _, _ = strings.Cut(source, "#")
	source, _, _ = strings.Cut(source, "?")
	return source
}

// canonicalURL makes the spellings of a repository's URL equal (cargo: util/canonical_url.rs).
func canonicalURL(url string) string {
	url = strings.TrimSuffix(strings.TrimSuffix(indexURL(url), "/"), ".git")
	if strings.Contains(url, "://github.com/") {
		url = strings.ToLower(url)
	}
	return url
}

// sourceName is the name under which the configuration knows a lock source, "" when it does not.
func (c *config) sourceName(source string) string {
	url := indexURL(source)
	if source == "" || slices.Contains(cratesIOIndexes, url) {
		return cratesIO
	}
	for _, name := range sortedKeys(c.sources) {
		s := c.sources[name]
		if s.registry != "" && indexURL(s.registry) == url || s.git != "" && canonicalURL(s.git) == canonicalURL(url) {
			return name
		}
	}
	for _, name := range sortedKeys(c.registries) {
		if indexURL(c.registries[name]) == url {
			return name
		}
	}
	return ""
}

// replacement follows `replace-with` from a lock source to the configuration of what stands for it.
func (c *config) replacement(source string) (sourceConfig, bool) {
	name := c.sourceName(source)
	replaced := sourceConfig{}
	found := false
	// Every hop leads to another name or in a circle, which cargo rejects.
	for range len(c.sources) + 1 {
		next, ok := c.sources[name]
		if !ok {
			break
		}
		replaced, found = next, true
		if next.replaceWith == "" {
			break
		}
		name = next.replaceWith
	}
	return replaced, found && replaced.replaceWith == ""
}

// patch is one entry of `[patch.SOURCE]`, or of `[replace]`.
type patch struct {
	source string // a name or a URL
	dep    *Dependency
	// version narrows a `[replace]`, "" for a patch.
	version string
}

func decodePatches(d *decoder, dir string) []patch {
	var patches []patch
	for _, source := range d.m.doc.get("patch").table() {
		for _, field := range source.value.table() {
			if dep := d.spec(field, dir); dep != nil {
				patches = append(patches, patch{source: source.name, dep: dep})
			}
		}
	}
	for _, field := range d.m.doc.get("replace").table() {
		// `"name:1.2.3"`, or a URL with `#name:1.2.3` behind.
		id := field.name[strings.LastIndexByte(field.name, '#')+1:]
		name, version, _ := strings.Cut(id, ":")
		field.name = name
		if dep := d.spec(field, dir); dep != nil {
			patches = append(patches, patch{source: cratesIO, dep: dep, version: version})
		}
	}
	return patches
}

// String names a patch in messages.
func (p patch) String() string { return fmt.Sprintf("[patch.%s] %s", p.source, p.dep.Key) }
