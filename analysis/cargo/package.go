package cargo

import (
	"maps"
	"slices"
	"sync"
)

// defaultEdition is that of a package whose manifest names none.
const defaultEdition = 2015

// newestEdition is what a lone file gets, and an edition that this package does not know.
const newestEdition = 2024

// Package is one package: a manifest with a `[package]` table, a folder that looks like one, or a lone file.
type Package struct {
	Name, Version string
	// Dir is the absolute folder of the package; ManifestPath is "" when there is no manifest.
	Dir, ManifestPath string
	// WorkspaceRoot is the absolute folder of the cargo workspace that decides on lock file, patches and features.
	WorkspaceRoot string
	// Source is where the lock file has it from: "" by path, `registry+URL`, `git+URL#REV`.
	Source string
	// Edition is 2015, 2018, 2021 or 2024.
	Edition int
	// RustVersion is `rust-version` as written, "" for none.
	RustVersion string
	// Member tells the workspace's own packages from dependencies.
	Member bool
	// Publish is false when `publish = false` or `publish = []`.
	Publish bool
	// Targets are the crate roots. Of a package that is no member only the library and the build script are listed,
	// because nobody else's code can name the others.
	Targets []*Target
	// Deps are all dependencies in the order of the manifest, those of other platforms too.
	Deps []*Dependency
	// Features is the `[features]` table; implicit features of optional dependencies are not in it.
	Features map[string][]string
	// RustLints are the levels of rustc's lints that the `[lints]` of a member sets, by name: `warn`, `deny`. Nil when there are none.
	RustLints map[string]string
	// Metadata is `[package.metadata]` of a member, nil when there is none.
	Metadata map[string]any

	root *root
	node *node
	// implicit are the optional dependencies that are features by their own name (no feature says `dep:name`).
	implicit map[string]bool

	closure sync.Once
	closed  map[string]bool

	externs struct {
		sync.RWMutex
		found map[externKey]externAnswer
	}
}

// Lib is the package's library or proc-macro target, nil when it has none.
func (p *Package) Lib() *Target {
	for _, target := range p.Targets {
		if target.Kind == Lib || target.Kind == ProcMacro {
			return target
		}
	}
	return nil
}

// FeatureNames lists all features a user may ask for, implicit ones too, sorted.
func (p *Package) FeatureNames() []string {
	names := slices.Collect(maps.Keys(p.Features))
	for name := range p.implicit {
		if _, declared := p.Features[name]; !declared {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// TargetKind is what cargo builds of a crate root.
type TargetKind uint8

const (
	Lib TargetKind = iota
	ProcMacro
	Bin
	Example
	Test
	Bench
	Build // a build script
)

func (k TargetKind) String() string {
	return [...]string{"lib", "proc-macro", "bin", "example", "test", "bench", "build"}[k]
}

// Target is one crate root.
type Target struct {
	Package *Package
	Kind    TargetKind
	// Name is the crate's name in code, with `_`; Written is the name with which cargo knows the target.
	Name, Written string
	// Root is the absolute path of the root file.
	Root    string
	Edition int
	// CrateTypes is `crate-type` as written, nil for the default.
	CrateTypes []string
	// RequiredFeatures must all be on for cargo to build the target.
	RequiredFeatures []string
	// Harness is false for targets with their own test runner.
	Harness bool
	// Test tells whether some cargo command builds the target with cfg(test): `test` or `bench` is on.
	Test bool
}

// DepKind is the table a dependency is written in.
type DepKind uint8

const (
	NormalDep DepKind = iota
	DevDep
	BuildDep
)

func (k DepKind) String() string {
	return [...]string{"normal", "dev", "build"}[k]
}

// Dependency is one entry of a `dependencies` table, what it inherits filled in.
type Dependency struct {
	// Key is the name as written; Name is what code calls the crate, unless the package's library has a name of its own
	// and the dependency is not Renamed.
	Key, Name string
	// Package is the name of the package meant.
	Package string
	// Renamed tells that `package = ".."` is written.
	Renamed bool
	Kind    DepKind
	// Optional dependencies are there only when a feature asks for them.
	Optional        bool
	DefaultFeatures bool
	Features        []string
	// Platform is what stands in `[target.PLATFORM.dependencies]`: `cfg(..)` or a triple; "" for all platforms.
	Platform string
	// Applies tells whether Platform holds for the configured target.
	Applies bool
	// Requirement is `version` as written, "" for none.
	Requirement string
	// Path is the absolute folder of a dependency by path, else "".
	Path string
	// Git is the URL of a dependency by git, else ""; Branch, Tag and Rev are as written.
	Git, Branch, Tag, Rev string
	// Registry is the name or the index URL of a registry other than crates.io, else "".
	Registry string

	// manifest and at are where the entry is written.
	manifest *manifest
	at       uint32
	resolve  sync.Once
	node     *node
}
