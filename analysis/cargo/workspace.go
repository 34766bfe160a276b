package cargo

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Options are what a user tells cargo on the command line.
type Options struct {
	// CargoHome is where downloaded sources are; "" is $CARGO_HOME, or .cargo in the user's home.
	CargoHome string
	// Target is a triple or a target specification's file; "" is build.target of the configuration, or the host.
	Target string
	// Features of the workspace members: `name` or `package/name`.
	Features                       []string
	AllFeatures, NoDefaultFeatures bool
	// Cfg are more options, `name` or `name="value"`, for all crates.
	Cfg []string
	// Edition of files and folders without a manifest; 0 is the newest.
	Edition int
}

// Workspace is what cargo would build: one cargo workspace, a package, a lone file, or, of a folder without a manifest,
// everything that is found in it.
type Workspace struct {
	// Root is the absolute folder that holds the rest.
	Root string
	// Members are the packages that are the user's own, by their folder.
	Members []*Package
	// LoneFile is the file that Load was given when no manifest holds it, else "".
	LoneFile string
	// Target is the triple whose cfg options are in force.
	Target string

	options  Options
	home     *home
	problems problems
	platform *platform
	// given are the options of Options.Cfg.
	given []cfgOption

	manifests onceMap[*readManifestResult]
	scripts   onceMap[*buildScriptCfg]
	// memberAt is every member by its folder. It is complete before the first dependency is read.
	memberAt map[string]*Package
	roots    []*root
}

type readManifestResult struct {
	m   *manifest
	err *ManifestError
}

// onceMap remembers what was made of each file. Files are made in parallel, each once.
type onceMap[T any] struct {
	mu    sync.Mutex
	files map[string]func() T
}

func (o *onceMap[T]) get(path string, read func() T) T {
	o.mu.Lock()
	if o.files == nil {
		o.files = map[string]func() T{}
	}
	once := o.files[path]
	if once == nil {
		once = sync.OnceValue(read)
		o.files[path] = once
	}
	o.mu.Unlock()
	return once()
}

// Problems lists what went wrong so far without stopping the rest, by file and place. Reading dependencies can add more.
func (w *Workspace) Problems() []Problem { return w.problems.sorted() }

// Load reads the workspace, the package or the lone file that holds path: a folder, a Cargo.toml or an .rs file.
// The error is about path itself: it does not exist, it is no such thing, or its own manifest cannot be read
// (a [*ManifestError]). Whatever else is wrong is in Problems.
func Load(path string, options Options) (*Workspace, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		var pathErr *os.PathError
		if errors.As(err, &pathErr) {
			err = pathErr.Err
		}
		return nil, fmt.Errorf("%s: %w; give a folder, a Cargo.toml or an .rs file", path, err)
	}
	w := newWorkspace(options)
	switch {
	case info.IsDir():
		err = w.loadFolder(path)
	case filepath.Ext(path) == ".rs":
		err = w.loadFile(path)
	case filepath.Ext(path) == ".toml":
		err = w.loadManifest(path)
	default:
		return nil, fmt.Errorf("%s is neither a folder nor a Cargo.toml nor an .rs file", path)
	}
	if err != nil {
		return nil, err
	}
	w.finish()
	return w, nil
}

// LoadLoneFile reads one .rs file as a crate of its own, whatever manifest is above it.
func LoadLoneFile(path string, options Options) (*Workspace, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if !fileExists(path) {
		return nil, fmt.Errorf("%s: %w; give an .rs file", path, os.ErrNotExist)
	}
	w := newWorkspace(options)
	w.Root, w.LoneFile = filepath.Dir(path), path
	w.addLoneFile(path)
	w.finish()
	return w, nil
}

func newWorkspace(options Options) *Workspace {
	if options.CargoHome == "" {
		options.CargoHome = defaultCargoHome()
	}
	if options.Edition == 0 {
		options.Edition = newestEdition
	}
	w := &Workspace{
		options: options, Target: tripleOf(options.Target), home: &home{dir: options.CargoHome},
		memberAt: map[string]*Package{},
	}
	for _, text := range options.Cfg {
		option, ok := parseCfgOption(text)
		if !ok {
			w.problems.add(Problem{Message: fmt.Sprintf("--cfg %s is neither `name` nor `name=\"value\"`; it is ignored", text)})
			continue
		}
		w.given = append(w.given, option)
	}
	return w
}

func defaultCargoHome() string {
	if dir := os.Getenv("CARGO_HOME"); dir != "" {
		if abs, err := filepath.Abs(dir); err == nil {
			return abs
		}
	}
	dir, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, ".cargo")
}

// loadFolder reads what holds a folder, or, when no manifest does, what is in it.
func (w *Workspace) loadFolder(dir string) error {
	if path := nearestManifest(dir); path != "" {
		err := w.loadManifest(path)
		if filepath.Dir(path) == dir || err == nil && w.holds(dir) {
			return err
		}
		w.forget()
	}
	w.Root = dir
	for _, conventional := range []string{"src/lib.rs", "src/main.rs"} {
		if fileExists(filepath.Join(dir, filepath.FromSlash(conventional))) {
			w.addBareFolder(dir)
			return nil
		}
	}
	for _, file := range loneRoots(dir) {
		w.addLoneFile(file)
	}
	for _, nested := range manifestDirs(dir) {
		if w.memberAt[nested] != nil {
			continue
		}
		if _, err := w.addManifest(filepath.Join(nested, "Cargo.toml")); err != nil {
			w.problems.add(err.Problem)
		}
	}
	return nil
}

func (w *Workspace) loadFile(path string) error {
	if manifest := nearestManifest(filepath.Dir(path)); manifest != "" {
		err := w.loadManifest(manifest)
		if err != nil || w.holds(path) {
			return err
		}
		w.forget()
	}
	w.Root, w.LoneFile = filepath.Dir(path), path
	w.addLoneFile(path)
	return nil
}

func (w *Workspace) loadManifest(path string) error {
	root, err := w.addManifest(path)
	if err != nil {
		return err
	}
	w.Root = root.dir
	return nil
}

// forget undoes what a manifest above gave that turned out not to hold the path.
func (w *Workspace) forget() {
	w.roots, w.memberAt, w.problems.seen = nil, map[string]*Package{}, nil
}

// holds tells whether some member has path in its folder, or lies in path.
func (w *Workspace) holds(path string) bool {
	for dir := range w.memberAt {
		if within(path, dir) || within(dir, path) {
			return true
		}
	}
	return false
}

// within tells whether path is dir or lies in it; both are clean and absolute.
func within(path, dir string) bool {
	if path == dir {
		return true
	}
	if !strings.HasSuffix(dir, string(filepath.Separator)) {
		dir += string(filepath.Separator)
	}
	return strings.HasPrefix(path, dir)
}

// nearestManifest is the Cargo.toml of dir or of the nearest folder above it that has one, "" for none.
func nearestManifest(dir string) string {
	for {
		if path := filepath.Join(dir, "Cargo.toml"); exists(path) {
			return path
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
		dir = filepath.Dir(dir)
	}
}

// exists is true for what cannot be read too, so that a manifest without permission is reported and not passed over.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// manifest reads a Cargo.toml once.
func (w *Workspace) manifest(path string) (*manifest, *ManifestError) {
	result := w.manifests.get(path, func() *readManifestResult {
		m, err := readManifest(path)
		return &readManifestResult{m, err}
	})
	return result.m, result.err
}

// addManifest loads the cargo workspace that the manifest at path belongs to.
func (w *Workspace) addManifest(path string) (*root, *ManifestError) {
	m, err := w.manifest(path)
	if err != nil {
		return nil, err
	}
	if m.packageTable() == nil && m.workspaceTable() == nil {
		message := "the manifest has neither a `[package]` nor a `[workspace]` table: add one"
		return nil, &ManifestError{Problem: m.problem(0, message)}
	}
	if above := w.workspaceOf(m); above != nil {
		before := len(w.roots)
		root := w.addRoot(above)
		if m.packageTable() == nil || root.memberIn(m.dir) {
			return root, nil
		}
		message := fmt.Sprintf("the package believes it is in the workspace of %s, but is not a member: add it to `workspace.members` or `workspace.exclude` there; it is taken as a package of its own", above.path)
		w.problems.addAt(m, 0, message)
		if len(w.roots) > before {
			w.dropLastRoot() // the user asked for the package, not for that workspace
		}
	}
	return w.addRoot(m), nil
}

func (w *Workspace) dropLastRoot() {
	last := len(w.roots) - 1
	for _, p := range w.roots[last].members {
		delete(w.memberAt, p.Dir)
	}
	w.roots = w.roots[:last]
}

// workspaceOf is the manifest of the workspace that m belongs to, m itself when it has a `[workspace]` table, nil when
// there is none (cargo: find_workspace_root_with_loader).
func (w *Workspace) workspaceOf(m *manifest) *manifest {
	if m.workspaceTable() != nil {
		return m
	}
	if named := m.packageTable().get("workspace"); named != nil && named.kind == tomlString {
		d := decoder{m: m, problems: &w.problems}
		path := filepath.Join(d.path(m.dir, named), "Cargo.toml")
		root, err := w.manifest(path)
		if err != nil {
			w.problems.add(err.Problem)
			return nil
		}
		return root
	}
	for dir := filepath.Dir(m.dir); dir != w.home.dir; dir = filepath.Dir(dir) {
		if path := filepath.Join(dir, "Cargo.toml"); fileExists(path) {
			above, err := w.manifest(path)
			if err != nil {
				w.problems.add(err.Problem)
			} else if above.workspaceTable() != nil && !excluded(above, m.dir) {
				return above
			}
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	return nil
}

// excluded tells whether a workspace's `exclude` keeps a folder out; a literal entry of `members` wins over it.
func excluded(workspace *manifest, dir string) bool {
	listed := func(key string) bool {
		list := workspace.workspaceTable().get(key)
		if list == nil {
			return false
		}
		for _, item := range list.items {
			if item.kind == tomlString && within(dir, filepath.Join(workspace.dir, filepath.FromSlash(item.str))) {
				return true
			}
		}
		return false
	}
	return listed("exclude") && !listed("members")
}

// addRoot loads a cargo workspace and its members, once.
func (w *Workspace) addRoot(m *manifest) *root {
	for _, root := range w.roots {
		if root.manifest == m {
			return root
		}
	}
	r := w.newRoot(m.dir)
	r.manifest = m
	r.patches = append(decodePatches(r.decoder(m), m.dir), r.patches...)
	r.readLock()
	r.loadMembers()
	return r
}

func (w *Workspace) newRoot(dir string) *root {
	r := &root{w: w, dir: dir, lock: &lockFile{}, byDir: map[string]*node{}}
	r.config = readConfig(dir, w.home.dir, &w.problems)
	r.patches = r.config.patches
	if w.Target == "" {
		w.Target = r.config.target
	}
	if w.Target == "" {
		w.Target = HostTriple()
	}
	if w.platform == nil {
		w.platform = platformOf(w.Target)
	}
	r.flags = r.config.cfgOptions(w.Target, w.platformSet())
	w.roots = append(w.roots, r)
	return r
}

// platformSet is what `[target.'cfg(..)']` is evaluated under.
func (w *Workspace) platformSet() *CfgSet {
	set := &CfgSet{platform: w.platform, extra: map[cfgOption]struct{}{}}
	for _, option := range w.given {
		set.extra[option] = struct{}{}
	}
	return set
}

// finish fixes the list of members, then reads the dependencies by path, which may be members of any root.
func (w *Workspace) finish() {
	for _, p := range w.memberAt {
		w.Members = append(w.Members, p)
	}
	slices.SortFunc(w.Members, func(a, b *Package) int { return strings.Compare(sortKey(a), sortKey(b)) })
	for _, r := range w.roots {
		r.loadPathDependencies()
	}
	w.checkFeatures()
}

func sortKey(p *Package) string {
	if p.ManifestPath == "" && len(p.Targets) > 0 {
		return p.Targets[0].Root
	}
	return p.Dir
}

// checkFeatures reports features asked for that no member has.
func (w *Workspace) checkFeatures() {
	for _, feature := range w.featureList() {
		member, name, qualified := strings.Cut(feature, "/")
		if !qualified {
			member, name = "", feature
		}
		known := false
		for _, p := range w.Members {
			if member == "" || member == p.Name {
				_, declared := p.Features[name]
				known = known || declared || p.implicit[name]
			}
		}
		if !known && member == "" {
			w.problems.add(Problem{Message: fmt.Sprintf("no member of the workspace has the feature `%s` of --features; it is ignored", name)})
		}
	}
}

// featureList takes Options.Features apart at commas and spaces, as cargo does.
func (w *Workspace) featureList() []string {
	var list []string
	for _, text := range w.options.Features {
		list = append(list, strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })...)
	}
	return list
}

// addLoneFile makes a package of one .rs file: what its frontmatter says (RFC 3502), else a crate with the file's name.
func (w *Workspace) addLoneFile(path string) {
	stem := strings.TrimSuffix(filepath.Base(path), ".rs")
	p := &Package{Name: stem, Version: "0.0.0", Dir: filepath.Dir(path), Edition: w.options.Edition, Member: true, Publish: true}
	r := w.newRoot(p.Dir)
	if m := w.frontmatter(path); m != nil {
		r.decoder(m).fill(p)
	}
	p.Targets = []*Target{{Package: p, Kind: loneKind(stem), Name: crateName(p.Name), Written: p.Name, Root: path, Edition: p.Edition, Harness: true, Test: true}}
	w.memberAt[path] = p
	r.addMember(p)
}

// loneKind is what cargo would take a file for by its name.
func loneKind(stem string) TargetKind {
	if stem == "main" {
		return Bin
	}
	return Lib
}

// frontmatter is the manifest at the top of a single-file package, nil when the file has none.
func (w *Workspace) frontmatter(path string) *manifest {
	text, err := ReadFile(path)
	if err != nil {
		return nil // who analyses the file reports that it cannot be read
	}
	match := frontmatterPattern.FindSubmatchIndex(text)
	if match == nil {
		return nil
	}
	// Blank lines keep the places of the text.
	blank := strings.Repeat("\n", strings.Count(string(text[:match[2]]), "\n"))
	m, broken := parseManifest(path, append([]byte(blank), text[match[2]:match[3]]...))
	if broken != nil {
		w.problems.add(broken.Problem)
		return nil
	}
	return m
}

var frontmatterPattern = regexp.MustCompile(`^(?:\x{FEFF})?(?:#![^\[\n][^\n]*\n)?\s*---[ \t]*(?:cargo)?[ \t]*\r?\n((?s:.*?))\n---[ \t]*\r?(?:\n|$)`)

// addBareFolder makes a package of a folder with src/ and no manifest, as `cargo init` would.
func (w *Workspace) addBareFolder(dir string) {
	m, _ := parseManifest(filepath.Join(dir, "Cargo.toml"), nil)
	p := &Package{Name: filepath.Base(dir), Version: "0.0.0", Dir: dir, Edition: w.options.Edition, Member: true, Publish: true}
	r := w.newRoot(dir)
	p.Targets = r.decoder(m).targets(p)
	w.memberAt[dir] = p
	r.addMember(p)
}

var modLine = regexp.MustCompile(`(?m)^\s*(?:pub(?:\([^)]*\))?\s+)?mod\s+(?:r#)?(\w+)\s*;`)

// loneRoots lists the .rs files of a folder that are crate roots: those that no other file of the folder names by `mod`.
func loneRoots(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	modules := map[string]bool{}
	var files []string
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		if filepath.Ext(path) != ".rs" || !fileExists(path) {
			continue
		}
		files = append(files, path)
		text, _ := ReadFile(path)
		stem := strings.TrimSuffix(entry.Name(), ".rs")
		for _, match := range modLine.FindAllSubmatch(text, -1) {
			if module := string(match[1]); module != stem {
				modules[module] = true
			}
		}
	}
	roots := slices.DeleteFunc(slices.Clone(files), func(path string) bool {
		return modules[strings.TrimSuffix(filepath.Base(path), ".rs")]
	})
	if len(roots) == 0 {
		return files // a circle: nobody is the root
	}
	return roots
}
