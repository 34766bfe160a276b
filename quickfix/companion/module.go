package companion

import (
	"cmp"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// Imports are the `use` lines of a module that holds what was written so far.
func (w *Writer) Imports() ([]string, error) {
	if w.Home != nil {
		return w.importsAbroad()
	}
	if *w.foreign != "" {
		return nil, blocked("a supertrait's method mentions `%s`, which is not known by a path beside `%s`", *w.foreign, w.Trait.Name)
	}
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
		if path, ok := ours[name]; ok && (name != "Pin" || w.Pin == "") && (name != "Future" || w.Future == "") {
			if path == nil || result.Found() && result.Def != w.judge.Types.Resolver.WellKnown(path...) {
				return nil, blocked("the name `%s` means something else beside `%s`", name, w.Trait.Name)
			}
			w.uses.pin = w.uses.pin || name == "Pin"
			w.uses.future = w.uses.future || name == "Future"
			continue
		}
		switch {
		case isType || isValue || slices.Contains(w.Aliases, name):
			if cfgd {
				glob = true
			}
			if w.raw[name] {
				name = "r#" + name
			}
			names = append(names, name)
		case index.Expanding || w.judge.Types.Resolver.Member(scope.Module, name).Found():
			glob = true
		case !result.Found() && result.Why != resolve.Known && len(index.Globs) > 0:
			glob = true
		}
	}
	slices.Sort(names) // they come out of a map
	tree := &UseTree{Path: "super"}
	for _, name := range names {
		tree.Insert(&UseTree{Path: name}, w.at.StyleEdition)
	}
	if glob {
		tree = &UseTree{Path: "super::*"}
	}
	lines = append(lines, tree.Lines("use ", ";", w.at)...)
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

// Module says how the module around a nested companion is written.
type Module struct {
	Name       string
	Visibility string   // of module and aliases: that of the native trait, with a blank behind it
	Attrs      []string // #[cfg]s of the native trait
	// Objects are the object types that the workspace uses, each with an alias; there is at least one.
	Objects []Object
	// Types are those that the companion is implemented for, if not for all that implement the native trait; nil if so.
	Types []string
	// Bridge is set if Box<T> shall implement the native trait where that is possible.
	Bridge bool
}

// Object is the companion's object type with some auto traits, and its alias.
type Object struct {
	Alias string
	Autos []string
	// Spare is set if nothing uses the alias yet.
	Spare bool
}

// Module is the aliases of the companion's object types and the module that holds all the rest.
func (w *Writer) Module(m Module) ([]string, error) {
	body := [][]string{w.Declaration()}
	if m.Types == nil {
		body = append(body, w.Blanket())
	}
	for _, t := range m.Types {
		body = append(body, w.ForType(t))
	}
	for _, o := range m.Objects {
		body = append(body, w.Forward(o.Autos)...)
	}
	if b := w.Bridge(); b != nil && m.Bridge {
		body = append(body, b)
	}
	imports, err := w.Imports()
	if err != nil {
		return nil, err
	}
	w.nameAssocs()
	var lines []string
	for _, o := range m.Objects {
		with := ""
		if len(o.Autos) > 0 {
			with = " + " + strings.Join(o.Autos, " + ")
		}
		lines = append(lines, "/// `dyn "+w.Trait.Name+with+"` with boxed futures.")
		lines = append(lines, m.Attrs...)
		if o.Spare {
			lines = append(lines, "#[allow(dead_code)]")
		}
		lines = append(lines, w.alias(m.Visibility+"type "+o.Alias, m.Name, with)...)
	}
	lines = append(lines, m.Attrs...)
	lines = append(lines, "#[doc(hidden)]", m.Visibility+"mod "+m.Name+" {")
	lines = append(lines, w.at.indented(imports)...)
	for _, part := range body {
		lines = append(lines, "")
		lines = append(lines, w.at.indented(part)...)
	}
	return append(lines, "}"), nil
}

// alias is the declaration of an alias that begins with head.
func (w *Writer) alias(head, module, with string) []string {
	lifetime := "'o"
	for slices.Contains(w.arguments(), lifetime) {
		lifetime += "bj"
	}
	params := []string{lifetime}
	if w.static {
		params = nil
	}
	// The alias may stand outside the module: its parameters have no bounds, which an alias would not check anyway.
	required, optional := w.Params()
	for i := range required {
		params = append(params, w.p.param(&required[i], false))
	}
	args := w.arguments()
	for _, a := range w.assocs {
		params = append(params, a.param)
		args = append(args, a.name+" = "+a.param)
	}
	for i := range optional {
		params = append(params, w.p.param(&optional[i], true))
	}
	bounds := []string{}
	if with != "" {
		bounds = strings.Split(strings.TrimPrefix(with, " + "), " + ")
	}
	if !w.static {
		bounds = append(bounds, lifetime)
	}
	return aliasLines(head, params, "dyn "+module+"::"+w.Shape.Name, args, bounds, w.at.In(-1))
}

// aliasLines lays out `head<params> = object<args> + bounds;` as rustfmt does.
func aliasLines(head string, params []string, object string, args, bounds []string, at Layout) []string {
	sum := strings.Join(append([]string{object + angled(args)}, bounds...), " + ") + ";"
	flat := head + angled(params) + " ="
	switch {
	case at.Column+width(flat)+1+width(sum) <= at.MaxWidth:
		return []string{flat + " " + sum}
	case at.Column+width(flat) <= at.MaxWidth && at.In(1).Column+width(sum) <= at.MaxWidth:
		return []string{flat, at.indent() + sum}
	case at.Column+width(flat) <= at.MaxWidth:
		// rustfmt breaks the line before the type only where that helps its first line, and where no arguments are broken.
		first := object + angled(args)
		if fits := at.In(2).Column+width(strings.TrimPrefix(first, "dyn ")) <= at.MaxWidth; fits && len(bounds) > 0 && at.Column+width(flat)+1+width(object)+len(";") <= at.MaxWidth {
			lines := sumLines(object, args, bounds, 0, at.In(1))
			lines[0] = flat + " " + lines[0]
			return lines
		}
		return append([]string{flat}, at.indented(sumLines(object, args, bounds, 0, at.In(1)))...)
	}
	lines := []string{head + "<"}
	for _, p := range params {
		lines = append(lines, at.indent()+p+",")
	}
	rest := []string{sum}
	if lead := max(0, len("> = ")-(at.Column-at.chars())); at.Column+lead+width(sum) > at.MaxWidth {
		rest = sumLines(object, args, bounds, lead, at)
	}
	rest[0] = "> = " + rest[0]
	return append(lines, rest...)
}

// sumLines lays out `object<args> + bounds;`, which is too long for a line, behind some columns that stand before it.
func sumLines(object string, args, bounds []string, before int, at Layout) []string {
	var lines []string
	first, column, margin := object+angled(args), at.Column+before, ""
	if len(bounds) > 0 || at.StyleEdition >= 2024 && strings.Contains(object, "::") { // rustfmt measures it as if it stood on a line of its own
		column, margin = at.In(1).Column-len("dyn "), at.indent()
	}
	if len(args) == 0 || column+width(first) <= at.MaxWidth {
		lines = []string{first}
	} else {
		lines = []string{object + "<"}
		for _, a := range args {
			lines = append(lines, margin+at.indent()+a+",")
		}
		lines = append(lines, margin+">")
		if len(bounds) > 0 {
			lines[len(lines)-1] += " + " + bounds[0]
			bounds = bounds[1:]
		}
	}
	for _, b := range bounds {
		lines = append(lines, at.indent()+"+ "+b)
	}
	lines[len(lines)-1] += ";"
	return lines
}

// Params are the trait's parameters as the alias has them: those that a mention has to give, and those that it may leave out. The
// associated types stand between the two, because what has a default comes last. A default that mentions Self is none for an object.
func (t *Trait) Params() (required, optional []syntax.Param) {
	for _, p := range t.header.Generics.Params {
		p.Bounds = nil
		if self := false; p.HasDefault {
			walkTypes(p.Default, func(inner *syntax.Type) { self = self || mentionsSelfPath(inner) })
			if !self {
				optional = append(optional, p)
				continue
			}
			p.Default, p.HasDefault = nil, false
		}
		required = append(required, p)
	}
	return required, optional
}

func mentionsSelfPath(t *syntax.Type) bool {
	return t.Kind == syntax.TypePath && t.Path.QSelf == nil && len(t.Path.Segments) > 0 && t.Path.Segments[0].Name == "Self"
}

// Assocs are the names of the associated types that the alias has as parameters.
func (t *Trait) Assocs() []string {
	var out []string
	for _, a := range t.assocs {
		out = append(out, a.name)
	}
	return out
}

// Static reports whether the object outlives 'static, so that the alias has no lifetime.
func (t *Trait) Static() bool { return t.static }
