package companion

import (
	"cmp"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
)

// Imports are the `use` lines of a module that holds what was written so far.
func (w *Writer) Imports() ([]string, error) {
	scope := w.Def.Scope
	index := scope.Index()
	std := "std"
	var lines []string
	if scope.Crate.HasInner("no_std") {
		std = "core"
		lines = append(lines, "use alloc::boxed::Box;")
	}
	ours := map[string][]string{"Pin": {"core", "pin", "Pin"}, "Future": {"core", "future", "Future"}, "Box": {"alloc", "boxed", "Box"}, w.Shape.Name: nil}
	var names []string
	glob := false
	for name, cfgd := range w.names {
		_, isType := index.Names[name]
		_, isValue := index.Others[name]
		result := w.judge.Types.Resolver.Lexical(scope, name)
		if path, ok := ours[name]; ok {
			if path == nil || result.Found() && result.Def != w.judge.Types.Resolver.WellKnown(path...) {
				return nil, blocked("the name `%s` means something else beside `%s`", name, w.Trait.Name)
			}
			w.uses.pin = w.uses.pin || name == "Pin"
			w.uses.future = w.uses.future || name == "Future"
			continue
		}
		switch {
		case isType || isValue:
			if cfgd {
				glob = true
			}
			names = append(names, name)
		case index.Expanding || w.judge.Types.Resolver.Member(scope.Module, name).Found():
			glob = true
		case !result.Found() && result.Why != resolve.Known && len(index.Globs) > 0:
			glob = true
		}
	}
	slices.SortFunc(names, importOrder)
	switch {
	case glob:
		lines = append(lines, "use super::*;")
	default:
		lines = append(lines, useGroup("super", names, w.column)...)
	}
	if w.uses.future && w.edition() < 2024 {
		lines = append(lines, "use "+std+"::future::Future;")
	}
	if w.uses.pin {
		lines = append(lines, "use "+std+"::pin::Pin;")
	}
	slices.SortStableFunc(lines, func(a, b string) int { return cmp.Compare(useRank(a), useRank(b)) })
	return lines, nil
}

func useRank(line string) int {
	if strings.HasPrefix(line, "use super") {
		return 0
	}
	return 1
}

// importOrder is rustfmt's order of names in a use tree: modules and functions, types, constants.
func importOrder(a, b string) int {
	rank := func(s string) int {
		switch {
		case s == strings.ToLower(s):
			return 0
		case s == strings.ToUpper(s) && len(s) > 1:
			return 2
		}
		return 1
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(a, b))
}

// useGroup is `use prefix::{names};`, filled up line by line if it is too long for one.
func useGroup(prefix string, names []string, column int) []string {
	if len(names) == 1 {
		return []string{"use " + prefix + "::" + names[0] + ";"}
	}
	flat := "use " + prefix + "::{" + strings.Join(names, ", ") + "};"
	if column+width(flat) <= maxWidth {
		return []string{flat}
	}
	text := "use " + prefix + "::{\n"
	line := indent
	for _, n := range names {
		if line != indent && column+width(line)+width(n)+1 > maxWidth {
			text += strings.TrimRight(line, " ") + "\n"
			line = indent
		}
		line += n + ", "
	}
	return strings.Split(text+strings.TrimRight(line, " ")+"\n};", "\n")
}

// Module says how the module around a nested companion is written.
type Module struct {
	Name, Alias string
	Visibility  string   // of module and alias: that of the native trait, with a blank behind it
	Attrs       []string // #[cfg]s of the native trait
	// Objects are the combinations of auto traits for which the native trait is implemented: nil for the lone companion.
	Objects [][]string
}

// Module is the alias of the companion's object type and the module that holds all the rest.
func (w *Writer) Module(m Module) ([]string, error) {
	body := [][]string{w.Declaration(), w.Blanket()}
	for _, autos := range m.Objects {
		if f := w.Forward(autos); f != nil {
			body = append(body, f)
		}
	}
	imports, err := w.Imports()
	if err != nil {
		return nil, err
	}
	lines := []string{"/// `dyn " + w.Trait.Name + "` with boxed futures."}
	lines = append(lines, m.Attrs...)
	params, object := []string{"'o"}, []string{}
	if w.static {
		params = nil
	}
	params = append(params, w.generics(true)...)
	object = append(object, w.arguments()...)
	for _, a := range w.assocs {
		params = append(params, a.param)
		object = append(object, a.name+" = "+a.param)
	}
	end := " + 'o;"
	if w.static {
		end = ";"
	}
	lines = append(lines, m.Visibility+"type "+m.Alias+angled(params)+" = dyn "+m.Name+"::"+w.Shape.Name+angled(object)+end)
	lines = append(lines, m.Attrs...)
	lines = append(lines, "#[doc(hidden)]", m.Visibility+"mod "+m.Name+" {")
	lines = append(lines, indented(imports)...)
	for _, part := range body {
		lines = append(lines, "")
		lines = append(lines, indented(part)...)
	}
	return append(lines, "}"), nil
}
