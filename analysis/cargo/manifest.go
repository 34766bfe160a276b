package cargo

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// manifest is a Cargo.toml that was read, before anything is inherited.
type manifest struct {
	path, dir string
	doc       *toml
	lines     func() *source.LineIndex
}

// readManifest reads and parses; the problem says why it cannot.
func readManifest(path string) (*manifest, *ManifestError) {
	text, err := ReadFile(path)
	if err != nil {
		return nil, &ManifestError{Unreadable(path, err), err}
	}
	return parseManifest(path, text)
}

func parseManifest(path string, text []byte) (*manifest, *ManifestError) {
	doc, syntax := parseTOML(text)
	if syntax != nil {
		message := fmt.Sprintf("%s does not parse: %s; correct this line", filepath.Base(path), syntax.message)
		return nil, &ManifestError{Problem: problemAt(path, text, syntax.at, message)}
	}
	lines := sync.OnceValue(func() *source.LineIndex { return source.NewLineIndex(text) })
	return &manifest{path: path, dir: filepath.Dir(path), doc: doc, lines: lines}, nil
}

// packageTable is `[package]`, or `[project]` as it was called once; nil in a virtual manifest.
func (m *manifest) packageTable() *toml {
	if table := m.doc.get("package"); table != nil {
		return table
	}
	return m.doc.get("project")
}

func (m *manifest) workspaceTable() *toml { return m.doc.get("workspace") }

func (m *manifest) problem(at uint32, message string) Problem {
	place := m.lines().Position(at)
	return Problem{File: m.path, Line: place.Line, Column: place.Column, Message: message}
}

// decoder turns a manifest into a package. What has a wrong type is reported and left at its default.
type decoder struct {
	m        *manifest
	problems *problems
	// inherit is the workspace manifest that `workspace = true` refers to, nil when there is none.
	inherit func() *manifest
	// applies evaluates the platform of `[target.PLATFORM]`.
	applies func(platform string) (bool, error)
}

func (d *decoder) wrong(at uint32, format string, args ...any) {
	d.problems.addAt(d.m, at, fmt.Sprintf(format, args...))
}

// field is a field of a table if it has the wanted kind.
func (d *decoder) field(table *toml, want tomlKind, names ...string) *toml {
	for _, name := range names {
		value := table.get(name)
		if value == nil {
			continue
		}
		if value.kind == want {
			return value
		}
		d.wrong(value.at, "`%s` must be %s, not %s", name, want, value.kind)
	}
	return nil
}

func (d *decoder) text(table *toml, names ...string) string {
	return d.field(table, tomlString, names...).text()
}

// flag is a boolean field; fallback when it is not there.
func (d *decoder) flag(table *toml, fallback bool, names ...string) bool {
	if value := d.field(table, tomlBool, names...); value != nil {
		return value.flag
	}
	return fallback
}

func (d *decoder) list(table *toml, names ...string) []string {
	value := d.field(table, tomlArray, names...)
	if value == nil {
		return nil
	}
	return d.strings(value)
}

func (d *decoder) strings(array *toml) []string {
	list := make([]string, 0, len(array.items))
	for _, item := range array.items {
		if item.kind != tomlString {
			d.wrong(item.at, "expected a string, found %s", item.kind)
			continue
		}
		list = append(list, item.str)
	}
	return list
}

// inheritable is a field of `[package]`, or of `[workspace.package]` when it says `workspace = true`.
func (d *decoder) inheritable(table *toml, name string) *toml {
	value := table.get(name)
	if value == nil || value.kind != tomlTable {
		return value
	}
	if from := value.get("workspace"); from == nil || !from.flag {
		return value
	}
	workspace := d.inherit()
	if workspace == nil {
		d.wrong(value.at, "`%s.workspace = true`, but no workspace was found above: write the value here", name)
		return nil
	}
	inherited := workspace.doc.path("workspace", "package", name)
	if inherited == nil {
		d.wrong(value.at, "`%s.workspace = true`, but `workspace.package.%s` is not set in %s", name, name, workspace.path)
	}
	return inherited
}

// fill decodes `[package]`, `[features]` and the dependencies; targets come after, for they look at the folder.
// Name and Edition are already what a manifest without them means.
func (d *decoder) fill(p *Package) {
	table := d.m.packageTable()
	if name := d.text(table, "name"); name != "" {
		p.Name = name
	}
	if p.Name == "" {
		p.Name = filepath.Base(d.m.dir)
		d.wrong(0, "`package.name` is missing; `%s` is taken, the name of the folder", p.Name)
	}
	p.Version = d.inheritable(table, "version").text()
	if p.Version == "" {
		p.Version = "0.0.0"
	}
	p.RustVersion = d.inheritable(table, "rust-version").text()
	p.Edition = d.edition(d.inheritable(table, "edition"), p.Edition)
	p.Publish = true
	if publish := d.inheritable(table, "publish"); publish != nil {
		p.Publish = publish.kind == tomlBool && publish.flag || publish.kind == tomlArray && len(publish.items) > 0
	}
	if p.Member {
		p.Metadata = anyTable(table.get("metadata"))
		p.RustLints = d.rustLints()
	}
	p.Deps = d.allDependencies()
	p.Features = d.features()
	p.implicit = implicitFeatures(p)
}

// rustLints are the levels of `[lints.rust]`, or of `[workspace.lints.rust]` where `[lints]` says `workspace = true`.
func (d *decoder) rustLints() map[string]string {
	lints := d.m.doc.get("lints")
	if lints == nil || lints.kind != tomlTable {
		return nil
	}
	rust := lints.get("rust")
	if from := lints.get("workspace"); from != nil && from.flag {
		if workspace := d.inherit(); workspace != nil {
			rust = workspace.doc.path("workspace", "lints", "rust")
		}
	}
	if rust == nil || rust.kind != tomlTable {
		return nil
	}
	levels := map[string]string{}
	for _, field := range rust.table() {
		switch field.value.kind {
		case tomlString:
			levels[field.name] = field.value.str
		case tomlTable:
			levels[field.name] = field.value.get("level").text()
		}
	}
	return levels
}

func (d *decoder) edition(value *toml, fallback int) int {
	if value == nil {
		return fallback
	}
	edition, err := strconv.Atoi(value.str)
	switch {
	case value.kind != tomlString && value.kind != tomlNumber || err != nil:
		d.wrong(value.at, "`edition` must be \"2015\", \"2018\", \"2021\" or \"2024\"")
		return fallback
	case edition == 2015, edition == 2018, edition == 2021, edition == 2024:
		return edition
	}
	d.wrong(value.at, "edition %q is not known; %d is taken", value.str, newestEdition)
	return newestEdition
}

func (d *decoder) features() map[string][]string {
	features := map[string][]string{}
	for _, field := range d.m.doc.get("features").table() {
		if field.value.kind != tomlArray {
			d.wrong(field.at, "the feature `%s` must be an array of strings", field.name)
			continue
		}
		features[field.name] = d.strings(field.value)
	}
	return features
}

// implicitFeatures are the optional dependencies without a feature that says `dep:NAME`: RFC 3143.
func implicitFeatures(p *Package) map[string]bool {
	var implicit map[string]bool
	for _, dep := range p.Deps {
		if dep.Optional {
			if implicit == nil {
				implicit = map[string]bool{}
			}
			implicit[dep.Key] = true
		}
	}
	if implicit == nil {
		return nil
	}
	for _, values := range p.Features {
		for _, value := range values {
			if name, ok := strings.CutPrefix(value, "dep:"); ok {
				delete(implicit, name)
			}
		}
	}
	return implicit
}

var dependencyTables = []struct {
	kind  DepKind
	names []string
}{
	{NormalDep, []string{"dependencies"}},
	{DevDep, []string{"dev-dependencies", "dev_dependencies"}},
	{BuildDep, []string{"build-dependencies", "build_dependencies"}},
}

func (d *decoder) allDependencies() []*Dependency {
	deps := d.dependencies(nil, d.m.doc, "")
	for _, platform := range d.m.doc.get("target").table() {
		deps = d.dependencies(deps, platform.value, platform.name)
	}
	return deps
}

func (d *decoder) dependencies(deps []*Dependency, table *toml, platform string) []*Dependency {
	applies := true
	if platform != "" && table.kind == tomlTable {
		var err error
		if applies, err = d.applies(platform); err != nil {
			d.wrong(table.at, "%v", err)
		}
	}
	for _, list := range dependencyTables {
		for _, name := range list.names {
			value := table.get(name)
			if value != nil && value.kind != tomlTable {
				d.wrong(value.at, "`%s` must be a table, not %s", name, value.kind)
			}
			for _, field := range value.table() {
				dep := d.dependency(field)
				if dep == nil {
					continue
				}
				dep.Kind, dep.Platform, dep.Applies = list.kind, platform, applies
				deps = append(deps, dep)
			}
		}
	}
	return deps
}

// dependency decodes `name = "1.2"`, `name = { .. }` and `name.workspace = true`; nil when it is neither.
func (d *decoder) dependency(field tomlField) *Dependency {
	value := field.value
	if from := value.get("workspace"); from == nil || !from.flag {
		return d.spec(field, d.m.dir)
	}
	workspace := d.inherit()
	if workspace == nil {
		d.wrong(field.at, "the dependency `%s` says `workspace = true`, but no workspace was found above: write its version here", field.name)
		return nil
	}
	shared := workspace.doc.path("workspace", "dependencies", field.name)
	if shared == nil {
		d.wrong(field.at, "the dependency `%s` says `workspace = true`, but it is not in `workspace.dependencies` of %s", field.name, workspace.path)
		return nil
	}
	inheriting := *d
	inheriting.m = workspace
	dep := inheriting.spec(tomlField{field.name, shared.at, shared}, workspace.dir)
	if dep == nil {
		return nil
	}
	dep.manifest, dep.at = d.m, field.at
	dep.Optional = d.flag(value, false, "optional")
	dep.Features = append(dep.Features, d.list(value, "features")...)
	// A member can switch default features on, not off (cargo: inner_dependency_inherit_with).
	if d.flag(value, false, "default-features", "default_features") {
		dep.DefaultFeatures = true
	}
	return dep
}

// spec decodes a dependency that inherits nothing; paths are relative to dir.
func (d *decoder) spec(field tomlField, dir string) *Dependency {
	value := field.value
	dep := &Dependency{Key: field.name, Name: crateName(field.name), Package: field.name, DefaultFeatures: true, Applies: true, manifest: d.m, at: field.at}
	switch value.kind {
	case tomlString:
		dep.Requirement = value.str
		return dep
	case tomlTable:
	default:
		d.wrong(value.at, "the dependency `%s` must be a version or a table, not %s", field.name, value.kind)
		return nil
	}
	dep.Requirement = d.text(value, "version")
	if name := d.text(value, "package"); name != "" {
		dep.Package, dep.Renamed = name, true
	}
	dep.Optional = d.flag(value, false, "optional")
	dep.DefaultFeatures = d.flag(value, true, "default-features", "default_features")
	dep.Features = d.list(value, "features")
	if path := d.field(value, tomlString, "path"); path != nil {
		dep.Path = d.path(dir, path)
	}
	dep.Git = d.text(value, "git")
	dep.Branch, dep.Tag, dep.Rev = d.text(value, "branch"), d.text(value, "tag"), d.text(value, "rev")
	dep.Registry = d.text(value, "registry")
	if dep.Registry == "" {
		dep.Registry = d.text(value, "registry-index")
	}
	return dep
}

// path makes a path of a manifest absolute. Backslashes separate folders on Windows only; a manifest that uses them
// works for its author, so they are accepted everywhere, with a note.
func (d *decoder) path(dir string, value *toml) string {
	written := value.str
	if strings.ContainsRune(written, '\\') && filepath.Separator != '\\' && !fileExists(filepath.Join(dir, written)) && !dirExists(filepath.Join(dir, written)) {
		d.wrong(value.at, "the path %q uses `\\`, which works on Windows only; write `/`", written)
		written = strings.ReplaceAll(written, `\`, "/")
	}
	written = strings.ReplaceAll(written, "\x00", "")
	if filepath.IsAbs(written) {
		return filepath.Clean(written)
	}
	return filepath.Join(dir, filepath.FromSlash(written))
}

// anyTable gives metadata to those who know what is in it: strings, bools, []any, map[string]any; numbers as written.
func anyTable(t *toml) map[string]any {
	if t == nil || t.kind != tomlTable {
		return nil
	}
	table, _ := anyValue(t, 0).(map[string]any)
	return table
}

func anyValue(t *toml, depth int) any {
	const deepest = 100
	if depth > deepest {
		return nil
	}
	switch t.kind {
	case tomlTable:
		table := make(map[string]any, len(t.fields))
		for _, field := range t.fields {
			table[field.name] = anyValue(field.value, depth+1)
		}
		return table
	case tomlArray:
		list := make([]any, len(t.items))
		for i, item := range t.items {
			list[i] = anyValue(item, depth+1)
		}
		return list
	case tomlBool:
		return t.flag
	}
	return t.str
}

// sortedKeys lists the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
