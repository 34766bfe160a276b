package difftest

import (
	"fmt"
	"path"
	"strings"
)

// module is a scope under construction: a module of the crate, or the body of a function.
type module struct {
	name     string
	parent   *module
	children []*module
	path     string     // `crate::a::b`; bodies have a segment `{f}`
	form     moduleForm // where its text lies
	file     string     // of the file its text lies in
	childDir string     // where the files of its modules lie
	imports  []string   // use declarations at its top
	used     map[string]bool
	stdNames map[string]string // std paths imported under their own names, by name
	items    []string          // marked text, one entry an item
	traits   []*composed
}

type moduleForm string

const (
	rootFile  moduleForm = "root"
	inline    moduleForm = "inline"
	nameFile  moduleForm = "name.rs"
	modFile   moduleForm = "mod.rs"
	pathFile  moduleForm = "path"
	body      moduleForm = "body"
	pathInDir moduleForm = "path-in-inline"
)

func newRoot() *module {
	return &module{path: "crate", form: rootFile, file: "src/lib.rs", childDir: "src", used: map[string]bool{}, stdNames: map[string]string{}}
}

// child adds a module or a body.
func (m *module) child(name string, form moduleForm) *module {
	c := &module{name: name, parent: m, path: m.path + "::" + name, form: form, file: m.file, used: map[string]bool{}, stdNames: map[string]string{}}
	bare := strings.TrimPrefix(name, "r#")
	switch form {
	case inline:
		c.childDir = path.Join(m.childDir, bare)
	case nameFile:
		c.file, c.childDir = path.Join(m.childDir, bare+".rs"), path.Join(m.childDir, bare)
	case modFile:
		c.file, c.childDir = path.Join(m.childDir, bare, "mod.rs"), path.Join(m.childDir, bare)
	case pathFile:
		// The attribute is relative to the folder of the file it stands in, and the named file owns its folder like a mod.rs.
		c.file = path.Join(path.Dir(m.file), "odd_"+bare, "it.rs")
		c.childDir = path.Dir(c.file)
	case pathInDir:
		c.file = path.Join(m.childDir, "odd_"+bare+".rs")
		c.childDir = path.Dir(c.file)
	case body:
		c.path = m.path + "::{" + name + "}"
	}
	m.children = append(m.children, c)
	return c
}

// home is the module a scope's `self` means.
func (m *module) home() *module {
	for m.form == body {
		m = m.parent
	}
	return m
}

// use adds a declaration to the scope's top.
func (m *module) use(text string) {
	if !m.used[text] {
		m.used[text] = true
		m.imports = append(m.imports, text)
	}
}

// uses says whether a declaration brings the name, not by a glob.
func (m *module) uses(name string) bool {
	for _, u := range m.imports {
		if strings.HasSuffix(u, "::"+name+";") {
			return true
		}
	}
	return false
}

// render writes the module and those below it; the files it meets go to files.
func (m *module) render(files map[string]*strings.Builder, modules map[string]string) string {
	var b strings.Builder
	for _, u := range m.imports {
		b.WriteString(u + "\n")
	}
	for _, c := range m.children {
		text := c.render(files, modules)
		switch c.form {
		case inline:
			fmt.Fprintf(&b, "pub mod %s {+%s\n%s-}\n", c.name, c.name, indent(text))
		case body:
			fmt.Fprintf(&b, "pub fn %s() {+{%s}\n%s-}\n", c.name, c.name, indent(text))
		case pathFile, pathInDir:
			rel := strings.TrimPrefix(c.file, path.Dir(m.file)+"/")
			if c.form == pathInDir {
				rel = strings.TrimPrefix(c.file, m.childDir+"/")
			}
			fmt.Fprintf(&b, "#[path = \"%s\"]\npub mod %s;\n", rel, c.name)
		default:
			fmt.Fprintf(&b, "pub mod %s;\n", c.name)
		}
		if c.form != inline && c.form != body {
			files[c.file] = &strings.Builder{}
			files[c.file].WriteString(text)
			modules[c.file] = c.path
		}
	}
	for _, item := range m.items {
		b.WriteString(strings.TrimRight(item, "\n") + "\n")
	}
	return b.String()
}

func indent(text string) string {
	lines := strings.SplitAfter(text, "\n")
	for i, l := range lines {
		if l != "" && l != "\n" {
			lines[i] = "    " + l
		}
	}
	return strings.Join(lines, "")
}
