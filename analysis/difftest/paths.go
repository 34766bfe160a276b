package difftest

import "strings"

// stdPath is one of the ways to write a path of std in a scope.
func (g *generator) stdPath(where *module, full string) string {
	cut := strings.LastIndex(full, "::")
	parent, name := full[:cut], full[cut+2:]
	form := g.rand.IntN(6)
	if other := where.stdNames[name]; other != "" && other != full {
		form = 1 // the name is taken
	}
	switch form {
	case 0:
		where.stdNames[name] = full
		g.feature("std path", "use")
		where.use("use " + full + ";")
		return name
	case 1:
		g.feature("std path", "use rename")
		short := g.fresh(name)
		where.use("use " + full + " as " + short + ";")
		return short
	case 2:
		g.feature("std path", "use module")
		short := g.fresh("std_mod")
		where.use("use " + parent + "::{self as " + short + "};")
		return short + "::" + name
	case 3:
		g.feature("std path", "pub use")
		short := g.fresh("Std")
		where.home().use("pub use " + full + " as " + short + ";")
		return where.home().path + "::" + short
	}
	if g.edition == 2015 {
		// `dyn ::path` is the path `dyn::path` in 2015, and `std::` alone is only in the root.
		where.stdNames[name] = full
		where.use("use " + full + ";")
		return name
	}
	g.feature("std path", "full")
	return pick(g, []string{"", "::"}) + full
}

// traitPath is one of the ways to write a composed trait's path in a scope.
func (g *generator) traitPath(where *module, t *composed) string {
	name, home := t.name, t.in.path
	if t.in == where {
		return g.ownTraitPath(where, t)
	}
	if t.in.form == body {
		return name // the caller chose a trait that the scope sees
	}
	full := home + "::" + name
	switch form := pick(g, pathForms); form {
	case "use":
		if where.hides(name) {
			break
		}
		g.feature("path", form)
		where.use("use " + full + ";")
		return name
	case "use rename":
		g.feature("path", form)
		short := g.fresh("Short")
		where.use("use " + full + " as " + short + ";")
		return short
	case "use group":
		g.feature("path", form)
		short, mod := g.fresh("Short"), g.fresh("m")
		where.use("use " + home + "::{self as " + mod + ", " + name + " as " + short + "};")
		return pick(g, []string{short, mod + "::" + name})
	case "use glob":
		if where.hides(name) || isAncestor(where.home(), t.in) {
			break
		}
		g.feature("path", form)
		where.use("use " + home + "::*;")
		return name
	case "use module":
		g.feature("path", form)
		mod := g.fresh("m")
		if home == "crate" {
			where.use("use crate::{self as " + mod + "};")
		} else {
			where.use("use " + home + " as " + mod + ";")
		}
		return mod + "::" + name
	case "re-export":
		g.feature("path", form)
		facade, short := pick(g, g.modules).home(), g.fresh("Facade")
		facade.use(t.vis + "use " + full + " as " + short + ";")
		return facade.path + "::" + short
	case "re-export chain":
		g.feature("path", form)
		first, second := pick(g, g.modules).home(), pick(g, g.modules).home()
		a, b := g.fresh("Facade"), g.fresh("Facade")
		first.use(t.vis + "use " + full + " as " + a + ";")
		second.use(t.vis + "use " + first.path + "::" + a + " as " + b + ";")
		c := g.fresh("Short")
		where.use("use " + second.path + "::" + b + " as " + c + ";")
		return c
	case "glob re-export":
		facade := g.facade()
		g.feature("path", form)
		facade.use(t.vis + "use " + home + "::*;")
		return facade.path + "::" + name
	case "child":
		if isAncestor(where.home(), t.in) && where.home() != t.in {
			g.feature("path", form)
			return strings.TrimPrefix(t.in.path, where.home().path+"::") + "::" + name
		}
	case "super":
		if rel := relative(where.home(), t.in); rel != "" {
			g.feature("path", form)
			return rel + name
		}
	}
	g.feature("path", "crate")
	return full
}

var pathForms = []string{"use", "use rename", "use group", "use glob", "use module", "re-export", "re-export chain", "glob re-export", "super", "child", "crate"}

func (g *generator) ownTraitPath(where *module, t *composed) string {
	if where.form == body || where.form == inline && g.chance(40) {
		return t.name
	}
	form := pick(g, []string{"name", "name", "name", "self", "crate", "raw", "glob self"})
	g.feature("own path", form)
	switch form {
	case "self":
		return "self::" + t.name
	case "crate":
		return where.path + "::" + t.name
	case "raw":
		if !strings.HasPrefix(t.name, "r#") {
			return "r#" + t.name
		}
		return strings.TrimPrefix(t.name, "r#")
	case "glob self":
		facade := g.facade()
		facade.use(t.vis + "use " + where.path + "::*;")
		short := g.fresh("Back")
		where.use("use " + facade.path + "::" + strings.TrimPrefix(t.name, "r#") + " as " + short + ";")
		return short
	}
	return t.name
}

// facade is a module that has nothing but re-exports.
func (g *generator) facade() *module {
	m := pick(g, g.modules).home()
	f := m.child(g.fresh("facade"), inline)
	return f
}

func isAncestor(m, of *module) bool {
	for ; of != nil; of = of.parent {
		if of == m {
			return true
		}
	}
	return false
}

// relative is the path from one module to another by `super`, with a `::` behind it; "" when it needs more than 3.
func relative(from, to *module) string {
	for ups := 1; ups <= 3; ups++ {
		from = from.parent
		if from == nil {
			return ""
		}
		if isAncestor(from, to) {
			return strings.Repeat("super::", ups) + strings.TrimPrefix(strings.TrimPrefix(to.path, from.path), "::") + tail(from, to)
		}
	}
	return ""
}

func tail(from, to *module) string {
	if from == to {
		return ""
	}
	return "::"
}
