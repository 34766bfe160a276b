package cargo

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// candidate is a crate root that a convention finds: src/bin/NAME.rs and the like.
type candidate struct {
	name, path string
}

// targetTable is how cargo finds the targets of one kind (cargo: util/toml/targets.rs).
type targetTable struct {
	kind TargetKind
	// table is the array of tables in the manifest; auto is the key of `[package]` that switches the convention off.
	table, auto string
	// folder holds FOLDER/*.rs and FOLDER/*/main.rs.
	folder string
	// test tells whether the kind is built with cfg(test) unless the manifest says otherwise.
	test bool
}

var targetTables = []targetTable{
	{Bin, "bin", "autobins", "src/bin", true},
	{Example, "example", "autoexamples", "examples", false},
	{Test, "test", "autotests", "tests", true},
	{Bench, "bench", "autobenches", "benches", true},
}

// targets finds all crate roots of a package; of a package that is no member only those others can name or that decide cfg.
func (d *decoder) targets(p *Package) []*Target {
	table := d.m.packageTable()
	var targets []*Target
	lib := d.lib(p, table)
	if lib != nil {
		targets = append(targets, lib)
	}
	if p.Member {
		for _, kind := range targetTables {
			targets = append(targets, d.targetsOf(p, table, kind, lib != nil)...)
		}
		if len(targets) == 0 {
			d.noTargets(p)
		}
	}
	return append(targets, d.buildScripts(p, table)...)
}

// noTargets says that a member has nothing to analyse, unless it was said of its tables already.
func (d *decoder) noTargets(p *Package) {
	for _, table := range [...]string{"lib", "bin", "example", "test", "bench"} {
		if d.m.doc.get(table) != nil {
			return
		}
	}
	src := filepath.Join(p.Dir, "src")
	if _, err := os.ReadDir(src); errors.Is(err, fs.ErrPermission) {
		problem := Unreadable(src, err)
		problem.Unread = true
		d.problems.add(problem)
		return
	}
	d.wrong(0, "the package `%s` has no targets: create src/lib.rs or src/main.rs, or add a `[lib]` or `[[bin]]` table", p.Name)
}

func (d *decoder) lib(p *Package, packageTable *toml) *Target {
	table := d.field(d.m.doc, tomlTable, "lib")
	if table == nil && !d.flag(packageTable, true, "autolib") {
		return nil
	}
	target := &Target{Package: p, Kind: Lib, Written: p.Name, Edition: p.Edition, Harness: true, Test: true}
	if name := d.text(table, "name"); name != "" {
		target.Written = name
	}
	conventional := filepath.Join(p.Dir, "src", "lib.rs")
	switch path := d.field(table, tomlString, "path"); {
	case path != nil:
		target.Root = d.path(p.Dir, path)
		if !fileExists(target.Root) {
			d.missingRoot(path.at, target)
			return nil
		}
	case fileExists(conventional):
		target.Root = conventional
	case table == nil:
		return nil
	default:
		// Edition 2015 looks for src/NAME.rs too (cargo: legacy_lib_path).
		target.Root = filepath.Join(p.Dir, "src", target.Written+".rs")
		if p.Edition != defaultEdition || !fileExists(target.Root) {
			target.Root = conventional
			d.missingRoot(table.at, target)
			return nil
		}
	}
	d.common(target, table)
	if d.flag(table, false, "proc-macro", "proc_macro") || slices.Contains(target.CrateTypes, "proc-macro") {
		target.Kind = ProcMacro
	}
	return target
}

func (d *decoder) missingRoot(at uint32, t *Target) {
	if t.Package.Member {
		d.wrong(at, "the %s target `%s` has no file %s: create it or correct `path`", t.Kind, t.Written, t.Root)
	}
}

// common decodes the keys that all target tables share.
func (d *decoder) common(t *Target, table *toml) {
	t.Name = crateName(t.Written)
	if table == nil {
		return
	}
	if value := table.get("edition"); value != nil {
		t.Edition = d.edition(value, t.Edition)
	}
	t.CrateTypes = d.list(table, "crate-type", "crate_type")
	t.RequiredFeatures = d.list(table, "required-features")
	t.Harness = d.flag(table, true, "harness")
	// `cargo check --all-targets` builds with cfg(test) what is a test or a benchmark.
	bench := t.Kind == Lib || t.Kind == Bin || t.Kind == Bench
	test := t.Test && t.Kind != Bench
	t.Test = d.flag(table, test, "test") || d.flag(table, bench, "bench")
}

func (d *decoder) targetsOf(p *Package, packageTable *toml, kind targetTable, hasLib bool) []*Target {
	inferred := inferRoots(filepath.Join(p.Dir, filepath.FromSlash(kind.folder)))
	if kind.kind == Bin {
		if main := filepath.Join(p.Dir, "src", "main.rs"); fileExists(main) {
			inferred = append([]candidate{{p.Name, main}}, inferred...)
		}
	}
	var targets []*Target
	taken := map[string]bool{} // names and paths of the targets that are written
	written := d.field(d.m.doc, tomlArray, kind.table)
	if written != nil {
		for _, table := range written.items {
			if target := d.writtenTarget(p, table, kind, inferred, hasLib); target != nil {
				taken[target.Written], taken[target.Root] = true, true
				targets = append(targets, target)
			}
		}
	}
	// Before edition 2018 one written target switches the convention off.
	auto := written == nil || p.Edition != defaultEdition
	if !d.flag(packageTable, auto, kind.auto) {
		return targets
	}
	for _, found := range inferred {
		if taken[found.name] || taken[found.path] {
			continue
		}
		target := &Target{Package: p, Kind: kind.kind, Written: found.name, Root: found.path, Edition: p.Edition, Harness: true, Test: kind.test}
		d.common(target, nil)
		targets = append(targets, target)
	}
	return targets
}

// writtenTarget decodes one `[[bin]]` and the like; nil when it has no file.
func (d *decoder) writtenTarget(p *Package, table *toml, kind targetTable, inferred []candidate, hasLib bool) *Target {
	target := &Target{Package: p, Kind: kind.kind, Written: d.text(table, "name"), Edition: p.Edition, Harness: true, Test: kind.test}
	path := d.field(table, tomlString, "path")
	if target.Written == "" {
		if path == nil {
			d.wrong(table.at, "a `[[%s]]` without a name: add `name = \"..\"`", kind.table)
			return nil
		}
		target.Written = strings.TrimSuffix(filepath.Base(path.str), ".rs")
	}
	d.common(target, table)
	at := table.at
	if path != nil {
		target.Root, at = d.path(p.Dir, path), path.at
	} else {
		target.Root = rootByName(p, target, inferred, hasLib, kind.folder)
	}
	if !fileExists(target.Root) {
		d.missingRoot(at, target)
		return nil
	}
	return target
}

// rootByName is the file of a written target without `path`.
func rootByName(p *Package, t *Target, inferred []candidate, hasLib bool, folder string) string {
	for _, found := range inferred {
		if found.name == t.Written {
			return found.path
		}
	}
	if t.Kind == Bin && p.Edition == defaultEdition {
		// cargo: legacy_bin_path
		var places []string
		if !hasLib {
			places = append(places, filepath.Join(p.Dir, "src", t.Written+".rs"))
		}
		places = append(places, filepath.Join(p.Dir, "src", "main.rs"), filepath.Join(p.Dir, "src", "bin", "main.rs"))
		for _, place := range places {
			if fileExists(place) {
				return place
			}
		}
	}
	return filepath.Join(p.Dir, filepath.FromSlash(folder), t.Written+".rs")
}

// inferRoots lists FOLDER/*.rs and FOLDER/*/main.rs by name; hidden ones are skipped, as cargo does.
func inferRoots(folder string) []candidate {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	var found []candidate
	for _, entry := range entries {
		name := entry.Name()
		path := filepath.Join(folder, name)
		if strings.HasPrefix(name, ".") {
			continue
		}
		if stem, ok := strings.CutSuffix(name, ".rs"); ok && (entry.Type().IsRegular() || fileExists(path)) {
			found = append(found, candidate{stem, path})
		} else if main := filepath.Join(path, "main.rs"); !entry.Type().IsRegular() && fileExists(main) {
			found = append(found, candidate{name, main})
		}
	}
	return found
}

func (d *decoder) buildScripts(p *Package, packageTable *toml) []*Target {
	value := packageTable.get("build")
	var paths []string
	switch {
	case value == nil, value.kind == tomlBool && value.flag:
		paths = []string{filepath.Join(p.Dir, "build.rs")}
	case value.kind == tomlString:
		paths = []string{d.path(p.Dir, value)}
	case value.kind == tomlArray:
		for _, item := range value.items {
			if item.kind == tomlString {
				paths = append(paths, d.path(p.Dir, item))
			}
		}
	}
	var targets []*Target
	for _, path := range paths {
		stem := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		target := &Target{Package: p, Kind: Build, Written: "build-script-" + stem, Name: "build_script_" + crateName(stem), Root: path, Edition: p.Edition, Harness: true}
		if !fileExists(path) {
			if value != nil {
				d.missingRoot(value.at, target)
			}
			continue
		}
		targets = append(targets, target)
	}
	return targets
}
