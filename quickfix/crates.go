package quickfix

import (
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// dependency is the entry of a crate's manifest for a package that all of the crate's code can use; nil if there is none.
func dependency(c *workspace.Crate, name string) *cargo.Dependency {
	if c.Target == nil {
		return nil
	}
	for _, d := range c.Target.Package.Deps {
		dev := d.Kind == cargo.DevDep && (c.Target.Kind == cargo.Test || c.Target.Kind == cargo.Example || c.Target.Kind == cargo.Bench)
		if d.Package == name && (d.Kind == cargo.NormalDep || dev) && !d.Optional && d.Applies {
			return d
		}
	}
	return nil
}

// attribute is how an attribute macro of a dependency is written in a scope: by its name where that is imported, or where the
// workspace imports it elsewhere, which takes the edit; else by its path.
func (w *Workspace) attribute(scope *workspace.Scope, crate, name string) (string, []Edit) {
	path := crate + "::" + name
	for _, imp := range scope.Module.Index().Imports {
		if len(imp.Segments) == 2 && imp.Segments[0].Name == crate && imp.Segments[1].Name == name && !imp.Glob && imp.Name != "_" {
			return imp.Name, nil
		}
	}
	if scope.IsBlock() {
		return path, nil
	}
	if w.imports(path) {
		return name, []Edit{w.addUse(scope.Module, path)}
	}
	return path, nil
}

// imports reports whether a file of the workspace has a line `use path;`.
func (w *Workspace) imports(path string) bool {
	line := "use " + path + ";"
	if known, ok := w.written.Load(line); ok {
		return known.(bool)
	}
	found := slices.ContainsFunc(w.Snapshot.Files, func(f *workspace.File) bool { return f.Mentions(line) })
	w.written.Store(line, found)
	return found
}

// aboveItem inserts an attribute as the last one of an item.
func aboveItem(f *workspace.File, index int32, attr string) Edit {
	at := f.Syntax().Items[index].Span.Start
	return insert(f, at, attr+"\n"+indentAt(f.Text, at))
}

// since reports whether every version that a requirement allows is at least major.minor. One that cannot be read does not.
func since(requirement string, major, minor int) bool {
	requirement = strings.TrimLeft(strings.TrimSpace(requirement), "^~>= ")
	if strings.ContainsAny(requirement, ",<*") {
		return false
	}
	parts := strings.Split(requirement, ".")
	number := func(i int) int {
		if i >= len(parts) {
			return 0
		}
		n := 0
		for _, c := range parts[i] {
			if c < '0' || c > '9' || n > 1<<20 {
				break
			}
			n = 10*n + int(c-'0')
		}
		return n
	}
	return number(0) > major || number(0) == major && number(1) >= minor
}
