package companion

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Shape says how a companion is written.
type Shape struct {
	// Name is the companion trait's name; Method the pattern of its methods' names, with %s for the native one.
	Name, Method string
	// Nested is set if it goes into a module inside the trait's own.
	Nested bool
	// Visibility is that of the companion trait, with a blank behind it; empty for private.
	Visibility string
	// Supers are the companions of the supertraits that need one, as paths from where the text stands.
	Supers map[resolve.Def]string
	// Wrapper is the struct whose values implement the companion; empty if all that implement the native trait do.
	Wrapper string
	// Future and Pin are how they are written; empty for their names alone.
	Future, Pin string
	// Home is the module that the companion's goes into, if the trait is of another crate; else nil.
	Home *workspace.Scope
	// Aliases are names that the native trait's scope has once the action is applied, and has not yet.
	Aliases []string
}

// Writer writes the parts of a companion.
type Writer struct {
	*Trait
	Shape
	p     printer // of the trait's file, for where the companion goes
	at    Layout
	names map[string]bool // names of the trait's scope that the text uses; true if all of it is under a #[cfg]
	raw   map[string]bool // those of them that are written with r#
	cfgd  bool            // what is being written is under a #[cfg]
	uses  struct{ pin, future bool }
	home  *workspace.Scope // where the companion goes
	// foreign is a path in the signatures of a supertrait, or of a trait of another crate, that cannot be written in home; empty if there
	// is none.
	foreign *string
	// written is how the native trait is written; empty for its name.
	written string
}

// NewWriter makes a writer.
func NewWriter(t *Trait, shape Shape, at Layout) *Writer {
	w := &Writer{Trait: t, Shape: shape, p: printer{t.p.text, shape.Nested}, at: at, names: map[string]bool{}, raw: map[string]bool{}, home: t.Def.Scope, foreign: new(string)}
	if shape.Home != nil {
		w.home = shape.Home
	}
	w.see(t.Name)
	if shape.Nested && shape.Home == nil {
		w.qualify()
	}
	return w
}

// qualify has Future and Pin written by their paths where the signatures mean something else by these names.
func (w *Writer) qualify() {
	mentioned := map[string]bool{}
	c := copier{see: func(name string) { mentioned[name] = true }, text: w.p.text}
	c.params(w.header.Generics.Params)
	c.predicates(w.Trait.where)
	c.bounds(w.supers)
	for _, a := range w.assocs {
		c.bounds(a.bounds)
	}
	for _, m := range w.methods {
		for i := range m.fn.Params {
			c.typ(m.fn.Params[i].Type)
		}
		c.typ(m.fn.Ret)
		c.predicates(m.fn.Generics.Where)
		if m.fn.SelfParam != nil {
			c.typ(m.fn.SelfParam.Type)
		}
	}
	std := "std"
	if w.Def.Scope.Crate.HasInner("no_std") {
		std = "core"
	}
	other := func(module, name string) string {
		r := w.judge.Types.Resolver.Lexical(w.Def.Scope, name)
		if !mentioned[name] || !r.Found() || r.Def == w.judge.Types.Resolver.WellKnown("core", module, name) {
			return ""
		}
		return std + "::" + module + "::" + name
	}
	w.Future, w.Pin = other("future", "Future"), other("pin", "Pin")
}

// future and pin are what the names are written as.
func (w *Writer) future() string {
	w.uses.future = w.uses.future || w.Future == ""
	return cmp.Or(w.Future, "Future")
}

func (w *Writer) pin() string {
	w.uses.pin = w.uses.pin || w.Pin == ""
	return cmp.Or(w.Pin, "Pin")
}

func (w *Writer) edition() int { return w.home.Crate.Edition }

// copier copies syntax to where the companion stands, and notes the names that it uses.
func (w *Writer) copier() copier {
	if w.Home != nil {
		return copier{rename: w.outside, seeConst: func(name string) {
			if !slices.Contains(w.arguments(), name) {
				*w.foreign = name
			}
		}, text: w.p.text}
	}
	if w.Trait.Def.Scope != w.home {
		return copier{rename: w.moved, seeConst: w.seeMoved, text: w.p.text}
	}
	return copier{nested: w.Nested, see: w.see, text: w.p.text}
}

// see takes note of a name that is used, as it is written.
func (w *Writer) see(written string) {
	name := strings.TrimPrefix(written, "r#")
	if name != written {
		w.raw[name] = true
	}
	if name == "Self" || slices.Contains(w.arguments(), name) {
		return
	}
	if all, ok := w.names[name]; !ok || all {
		w.names[name] = w.cfgd
	}
}

func (w *Writer) typ(t *syntax.Type) string { return w.p.typ(w.copier().typ(t)) }

// boxed is the type of the box that a method of the companion returns.
func (w *Writer) boxed(m *method, s *signature) string {
	out := s.out
	if m.boxes {
		out = copier{}.typ(out)
		boxedParts(out, s.bound)
	}
	if m.kind == nested {
		return w.typ(out)
	}
	var principal []string
	bounds := w.copier().bounds(s.bounds)
	if m.kind == future {
		principal = append(principal, w.future()+"<Output = "+w.output(out)+">")
	}
	for i := range bounds {
		principal = append(principal, w.p.bound(&bounds[i]))
	}
	if s.bound != "" {
		principal = append(principal, s.bound)
	}
	box := "Box<dyn " + strings.Join(principal, " + ") + ">"
	if m.pinned {
		return w.pin() + "<" + box + ">"
	}
	return box
}

func (w *Writer) output(t *syntax.Type) string {
	if t == nil {
		return "()"
	}
	return w.typ(t)
}

// where is a method's where clause: the native one, with what has to outlive the box.
func (w *Writer) where(m *method, s *signature) []string {
	outlives := slices.Clone(s.outlives)
	var out []string
	list := w.copier().predicates(m.fn.Generics.Where)
	for i := range list {
		text := w.p.predicate(&list[i])
		subject, rest, _ := strings.Cut(text, ": ")
		if k := slices.Index(outlives, subject); k >= 0 {
			text = subject + ": " + s.bound + " + " + rest
			outlives = slices.Delete(outlives, k, k+1)
		}
		out = append(out, text)
	}
	for _, subject := range outlives {
		out = append(out, subject+": "+s.bound)
	}
	return out
}

// methodName is the name of a companion's method; a prefix or suffix takes the r# away. One with converted arguments has another name than the
// native one in any case.
func (w *Writer) methodName(m *method) string {
	bare := strings.TrimPrefix(m.name, "r#")
	switch {
	case w.Method == "%s" && m.converted != nil:
		return w.convertedName(m)
	case w.Method == "%s":
		return m.name
	}
	return fmt.Sprintf(w.Method, bare)
}

// convertedName is the name of a companion's method with converted arguments: one that no other method has.
func (w *Writer) convertedName(m *method) string {
	taken := map[string]bool{}
	for _, other := range w.methods {
		taken[other.name] = true
	}
	for _, other := range w.methods {
		if other.converted == nil {
			continue
		}
		name := fresh("dyn_"+strings.TrimPrefix(other.name, "r#"), func(name string) bool { return taken[name] })
		if other == m {
			return name
		}
		taken[name] = true
	}
	return m.name // not reached: a converted method is one of the trait's
}

// erased is the signature of a method as the companion has it.
func (w *Writer) erased(m *method) *fn {
	s := w.erase(m)
	f := &fn{attrs: m.cfg, head: "fn " + w.methodName(m)}
	if m.unsafe() {
		f.head = "unsafe " + f.head
	}
	if len(s.lifetimes) > 0 {
		f.head += "<" + strings.Join(s.lifetimes, ", ") + ">"
	}
	self := *s.self
	self.typ = w.copier().typ(self.typ)
	f.params = append(f.params, self.String(w.p))
	for i, name := range w.argNames(m) {
		f.params = append(f.params, name+": "+w.typ(s.params[i]))
	}
	switch {
	case m.kind != plain:
		f.ret = w.boxed(m, s)
	case s.out != nil:
		f.ret = w.typ(s.out)
	}
	f.where = w.where(m, s)
	return f
}

// each calls f for every method with the note whether a #[cfg] is on it.
func (w *Writer) each(f func(m *method)) {
	for _, m := range w.methods {
		w.cfgd = len(m.cfg) > 0
		f(m)
		w.cfgd = false
	}
}

// generics are the trait's parameters as a declaration; with defaults or without.
func (w *Writer) generics(defaults bool) []string {
	params := w.copier().params(w.header.Generics.Params)
	var out []string
	for i := range params {
		out = append(out, w.p.param(&params[i], defaults))
	}
	return out
}

// arguments are the trait's parameters as arguments.
func (w *Writer) arguments() []string {
	var out []string
	for i := range w.header.Generics.Params {
		out = append(out, w.p.raw(w.header.Generics.Params[i].NameSpan))
	}
	return out
}

func angled(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return "<" + strings.Join(list, ", ") + ">"
}

// native is the trait with its own parameters as arguments.
func (w *Writer) native() string { return cmp.Or(w.written, w.Trait.Name) + angled(w.arguments()) }

// companion is the companion trait with the native trait's parameters as arguments.
func (w *Writer) companion() string { return w.Shape.Name + angled(w.arguments()) }

func (w *Writer) traitWhere() []string {
	list := w.copier().predicates(w.Trait.where)
	var out []string
	for i := range list {
		out = append(out, w.p.predicate(&list[i]))
	}
	return out
}

// Declaration is the companion trait.
func (w *Writer) Declaration() []string {
	b := &block{head: w.Visibility + "trait " + w.Shape.Name + angled(w.generics(true)), visibility: w.Visibility, where: w.traitWhere()}
	for _, s := range w.companions {
		b.supers = append(b.supers, w.Supers[s.trait.Def])
	}
	bounds := w.copier().bounds(w.supers)
	for i := range bounds {
		b.supers = append(b.supers, w.p.bound(&bounds[i]))
	}
	for _, a := range w.assocs {
		if !a.own {
			continue
		}
		b.body = append(b.body, a.attrs...)
		line := "type " + a.name
		if len(a.bounds) > 0 {
			line += ": " + w.p.bounds(w.copier().bounds(a.bounds))
		}
		b.body = append(b.body, line+";")
	}
	w.each(func(m *method) {
		f := w.erased(m)
		if m.unsafe() {
			f.attrs = append([]string{"/// # Safety", "/// Same contract as [`" + w.Trait.Name + "::" + strings.TrimPrefix(m.name, "r#") + "`]."}, f.attrs...)
		}
		b.body = append(b.body, f.lines(w.at.In(1))...)
	})
	return b.lines(w.at)
}

// self is the name of a type parameter that nothing else has.
func (w *Writer) self() string {
	taken := func(name string) bool {
		for n := range w.names {
			if n == name {
				return true
			}
		}
		return slices.Contains(w.arguments(), name) || slices.ContainsFunc(w.assocs, func(a *assoc) bool { return a.name == name })
	}
	for _, name := range []string{"T", "S", "U", "Native"} {
		if !taken(name) {
			return name
		}
	}
	return fresh("T", taken)
}

// Blanket is the impl of the companion for all that implement the native trait.
func (w *Writer) Blanket() []string {
	w.generics(false) // sees the names
	t := w.self()
	b := &block{where: slices.DeleteFunc(w.traitWhere(), func(p string) bool { return strings.HasPrefix(p, "Self: ") })}
	b.head = "impl" + angled(append(w.generics(false), t+": "+w.native()))
	b.rest = w.companion() + " for " + t
	w.constructs(b, "<"+t+" as "+w.native()+">", func(m *method) string {
		if m.fn.Self == syntax.SelfValue {
			return "*self"
		}
		return "self"
	})
	return b.lines(w.at)
}

// constructs writes the items of an impl of the companion: each calls the native method on what self makes of the receiver.
func (w *Writer) constructs(b *block, native string, self func(*method) string) {
	for _, a := range w.assocs {
		if a.own {
			b.body = append(b.body, a.attrs...)
			b.body = append(b.body, "type "+a.name+" = "+native+"::"+a.name+";")
		}
	}
	w.each(func(m *method) {
		f := w.erased(m)
		if m.deprecated {
			f.attrs = append(slices.Clone(f.attrs), "#[allow(deprecated)]")
		}
		f.body = w.construct(m, native, self(m))
		b.body = append(b.body, f.lines(w.at.In(1))...)
	})
}

// construct is the body of a companion's method: the native call in a box.
func (w *Writer) construct(m *method, native, self string) []string {
	c := &call{callee: native + "::" + m.name, args: append([]string{self}, w.argNames(m)...)}
	if m.boxes && !m.unsafe() {
		return w.constructNested(m, c)
	}
	box := ""
	switch {
	case m.kind != plain && m.pinned:
		box = "Box::pin"
	case m.kind != plain:
		box = "Box::new"
	}
	at := w.at.In(2)
	if !m.unsafe() {
		c.outer = box
		return c.lines(at)
	}
	safety := "// SAFETY: the caller upholds the contract of `" + w.Trait.Name + "::" + strings.TrimPrefix(m.name, "r#") + "`."
	inner := c.flat()
	line := "unsafe { " + inner + " }"
	if box != "" {
		line = box + "(" + line + ")"
	}
	if at.Column+width(line) <= at.MaxWidth && width(inner) <= at.CallWidth-len("unsafe {  }") {
		return []string{safety, line}
	}
	out := append([]string{safety, "let result = unsafe {"}, at.indented(c.lines(at.In(1)))...)
	out = append(out, "};")
	if box == "" {
		return append(out, "result")
	}
	return append(out, box+"(result)")
}

// identifiers calls see for each identifier that begins a path in the text of a span.
func identifiers(text []byte, span source.Span, see func(string)) {
	toks := syntax.Lex(text, span, nil)
	for i, t := range toks {
		if t.Kind == syntax.Ident && (i == 0 || toks[i-1].Kind != syntax.PathSep && !toks[i-1].Is('.')) {
			see(string(t.Span().Of(text)))
		}
	}
}
