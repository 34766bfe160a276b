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
	// Future is how the trait is written; empty for its name alone.
	Future string
	// Aliases are names that the native trait's scope has once the action is applied, and has not yet.
	Aliases []string
}

// Writer writes the parts of a companion.
type Writer struct {
	*Trait
	Shape
	p      printer // of the trait's file, for where the companion goes
	column int
	names  map[string]bool // names of the trait's scope that the text uses; true if all of it is under a #[cfg]
	raw    map[string]bool // those of them that are written with r#
	cfgd   bool            // what is being written is under a #[cfg]
	uses   struct{ pin, future bool }
	home   *workspace.Scope // where the companion goes
	// foreign is a name in a supertrait's signatures that means something else in home; empty if there is none.
	foreign *string
}

// NewWriter makes a writer; column is the column that its text will be indented to.
func NewWriter(t *Trait, shape Shape, column int) *Writer {
	w := &Writer{Trait: t, Shape: shape, p: printer{t.p.text, shape.Nested}, column: column, names: map[string]bool{}, raw: map[string]bool{}, home: t.Def.Scope, foreign: new(string)}
	w.see(t.Name)
	return w
}

func (w *Writer) edition() int { return w.Def.Scope.Crate.Edition }

// copier copies syntax to where the companion stands, and notes the names that it uses.
func (w *Writer) copier() copier { return copier{nested: w.Nested, see: w.see, text: w.p.text} }

// see takes note of a name that is used, as it is written.
func (w *Writer) see(written string) {
	name := strings.TrimPrefix(written, "r#")
	if name != written {
		w.raw[name] = true
	}
	if name == "Self" || slices.Contains(w.arguments(), name) {
		return
	}
	if scope := w.Trait.Def.Scope; scope != w.home {
		r := w.judge.Types.Resolver
		here := r.Lexical(w.home, name)
		if name == "super" || name == "self" || r.Lexical(scope, name) != here {
			*w.foreign = name
		}
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
		w.uses.future = true
		principal = append(principal, "Future<Output = "+w.output(out)+">")
	}
	for i := range bounds {
		principal = append(principal, w.p.bound(&bounds[i]))
	}
	if s.bound != "" {
		principal = append(principal, s.bound)
	}
	box := "Box<dyn " + strings.Join(principal, " + ") + ">"
	if m.pinned {
		w.uses.pin = true
		return "Pin<" + box + ">"
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

// methodName is the name of a companion's method; a prefix or suffix takes the r# away.
func (w *Writer) methodName(m *method) string {
	if w.Method == "%s" {
		return m.name
	}
	return fmt.Sprintf(w.Method, strings.TrimPrefix(m.name, "r#"))
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
	f.params = append(f.params, s.self)
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
func (w *Writer) native() string { return w.Trait.Name + angled(w.arguments()) }

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
		b.body = append(b.body, f.lines(w.column+len(indent), w.edition())...)
	})
	return b.lines(w.column)
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
	return b.lines(w.column)
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
		b.body = append(b.body, f.lines(w.column+len(indent), w.edition())...)
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
	column := w.column + 2*len(indent)
	if !m.unsafe() {
		c.outer = box
		return c.lines(column)
	}
	safety := "// SAFETY: the caller upholds the contract of `" + w.Trait.Name + "::" + strings.TrimPrefix(m.name, "r#") + "`."
	inner := c.flat()
	line := "unsafe { " + inner + " }"
	if box != "" {
		line = box + "(" + line + ")"
	}
	if column+width(line) <= maxWidth && width(inner) <= callWidth-len("unsafe {  }") {
		return []string{safety, line}
	}
	out := append([]string{safety, "let result = unsafe {"}, indented(c.lines(column+len(indent)))...)
	out = append(out, "};")
	if box == "" {
		return append(out, "result")
	}
	return append(out, box+"(result)")
}

// Forward is the impl of the native trait for the companion's object type with some auto traits added: what takes
// `impl Trait` takes the object too. It is nil if the object cannot implement the trait.
func (w *Writer) Forward(autos []string) [][]string {
	if len(w.Limits) > 0 || !w.sendable(autos) {
		return nil
	}
	object, generics := w.object(autos)
	out := w.forwardSupers(object, generics)
	b := &block{where: slices.DeleteFunc(w.substituted(w.Trait.where), func(p string) bool { return strings.HasPrefix(p, "Self: ") })}
	b.head = "impl" + angled(generics)
	onBox := slices.ContainsFunc(w.methods, func(m *method) bool { return m.fn.Self == syntax.SelfValue })
	if onBox {
		object = "Box<" + object + ">"
	}
	b.rest = w.native() + " for " + object
	for _, a := range w.assocs {
		if a.own {
			b.body = append(b.body, a.attrs...)
			b.body = append(b.body, "type "+a.name+" = "+a.param+";")
		}
	}
	w.each(func(m *method) {
		b.body = append(b.body, w.forward(m, onBox).lines(w.column+len(indent), w.edition())...)
	})
	return append(out, b.lines(w.column))
}

// forwardSupers are the impls of the native supertraits for the object: the companion's supertraits do not give them.
func (w *Writer) forwardSupers(object string, generics []string) [][]string {
	var out [][]string
	for _, s := range w.companions {
		// The supertrait's methods read as they stand in its own file; what they name must be visible here too.
		up := *w
		up.Trait, up.Method, up.p = s.trait, "%s", printer{s.trait.p.text, w.Nested}
		up.Shape.Name = w.Supers[s.trait.Def]
		b := &block{head: "impl" + angled(generics), rest: w.p.path(w.copier().path(s.bound.Path)) + " for " + object}
		up.each(func(m *method) {
			b.body = append(b.body, up.forward(m, false).lines(w.column+len(indent), w.edition())...)
		})
		up.uses.pin = w.uses.pin
		w.uses = up.uses
		out = append(out, up.forwardSupers(object, generics)...)
		out = append(out, b.lines(w.column))
	}
	return out
}

// sendable reports whether methods that promise Send can keep it on the object: a future that awaits the box holds the
// receiver too.
func (w *Writer) sendable(autos []string) bool {
	for _, m := range w.methods {
		if m.kind != future || !slices.Contains(m.promises, "Send") || w.erase(m).handed {
			continue
		}
		needs := []string{"Send"}
		switch m.fn.Self {
		case syntax.SelfRef:
			needs = []string{"Sync"}
		case syntax.SelfTyped:
			needs = []string{"Send", "Sync"}
		}
		for _, need := range needs {
			if !slices.Contains(autos, need) && !w.Implies(need) {
				return false
			}
		}
	}
	return true
}

// Bridge is the impl of the native trait for Box<T>, so that a boxed object can be passed where an impl is asked for. It is
// nil if a box cannot pass everything on.
func (w *Writer) Bridge() []string {
	if w.unbridged || len(w.Limits) > 0 {
		return nil
	}
	for _, m := range w.methods {
		switch {
		case m.fn.Self == syntax.SelfValue, m.fn.Self == syntax.SelfTyped && !isBoxSelf(m.fn.SelfParam.Type):
			return nil
		case mentionsSelf(m.fn.Generics.Where):
			if !m.hasBody {
				return nil
			}
		}
	}
	return w.bridge(func(t string) string { return "Box<" + t + ">" })
}

// bridge is the impl of the native trait for a pointer to all that implement it.
func (w *Writer) bridge(pointer func(t string) string) []string {
	t := w.self()
	b := &block{where: w.traitWhere()}
	b.head = "impl" + angled(append(w.generics(false), t+": "+w.native()+" + ?Sized"))
	b.rest = w.native() + " for " + pointer(t)
	for _, a := range w.assocs {
		if a.own {
			b.body = append(b.body, a.attrs...)
			b.body = append(b.body, "type "+a.name+" = "+t+"::"+a.name+";")
		}
	}
	w.each(func(m *method) {
		if mentionsSelf(m.fn.Generics.Where) {
			return // says nothing of T: the default body stays
		}
		f := w.nativeHead(m, true)
		self := "self"
		if m.fn.Self == syntax.SelfTyped {
			self = "*self"
		}
		c := &call{callee: t + "::" + m.name, args: append([]string{self}, w.argNames(m)...)}
		f.body = w.guarded(m, c)
		b.body = append(b.body, f.lines(w.column+len(indent), w.edition())...)
	})
	return b.lines(w.column)
}

func mentionsSelf(where []syntax.Predicate) bool {
	return slices.ContainsFunc(where, func(p syntax.Predicate) bool { return isSelf(p.Type) })
}

// isBoxSelf reports whether a type is written Box<Self>.
func isBoxSelf(t *syntax.Type) bool {
	if t.Kind != syntax.TypePath || len(t.Path.Segments) == 0 {
		return false
	}
	last := t.Path.Segments[len(t.Path.Segments)-1]
	return last.Name == "Box" && last.Args != nil && len(last.Args.List) == 1 && isSelf(last.Args.List[0].Type)
}

// Implies reports whether the native trait asks its Self to be of an auto trait.
func (t *Trait) Implies(auto string) bool {
	for _, s := range t.judge.Types.Supertraits(t.Def) {
		if s.Def.Kind != resolve.None && s.Def.ItemName() == auto && t.judge.Types.Decl(s.Def).Auto {
			return true
		}
	}
	return false
}

// object is the companion's object type and the parameters of an impl for it.
func (w *Writer) object(autos []string) (object string, generics []string) {
	params := w.copier().params(w.header.Generics.Params)
	args := w.arguments()
	lifetime := "'_"
	// Where the object is consumed, the box lives as long as what it may hold.
	consumed := slices.ContainsFunc(w.methods, func(m *method) bool { return m.kind != plain && m.owned() })
	switch {
	case w.static:
		lifetime = "'static"
	case len(w.assocs) > 0 && consumed, slices.ContainsFunc(params, func(p syntax.Param) bool { return p.Kind != syntax.ParamConst }):
		lifetime = fresh("'o", func(n string) bool { return slices.Contains(args, n) })
		generics = append(generics, lifetime)
	}
	held := w.heldAcross()
	for i := range params {
		p := &params[i]
		if p.Kind != syntax.ParamConst && lifetime != "'_" {
			p.Bounds = append([]syntax.Bound{{Kind: syntax.BoundLifetime, Lifetime: lifetime}}, p.Bounds...)
		}
		p.Bounds = append(p.Bounds, w.sendBounds(held, p.Name)...)
		generics = append(generics, w.p.param(p, false))
	}
	w.nameAssocs()
	for _, a := range w.assocs {
		param := a.param
		bounds := slices.Concat(w.substituter().bounds(a.bounds), w.sendBounds(held, a.name))
		if consumed && lifetime != "'_" {
			bounds = append([]syntax.Bound{{Kind: syntax.BoundLifetime, Lifetime: lifetime}}, bounds...)
		}
		if len(bounds) > 0 {
			param += ": " + w.p.bounds(bounds)
		}
		generics = append(generics, param)
		args = append(args, a.name+" = "+a.param)
	}
	object = "dyn " + w.Shape.Name + angled(args)
	for _, a := range autos {
		object += " + " + a
	}
	if lifetime != "'static" {
		object += " + " + lifetime
	}
	return object, generics
}

// nameAssocs names the associated types as parameters, once all names are seen that they must not hide.
func (w *Writer) nameAssocs() {
	for _, a := range w.assocs {
		a.param = a.name
		for w.clashes(a.param) {
			a.param += "_"
		}
	}
}

// heldAcross are the names of parameters and associated types that the object's own futures hold although they promise Send.
func (w *Writer) heldAcross() map[string]bool {
	held := map[string]bool{}
	for _, m := range w.methods {
		if m.kind != future || !slices.Contains(m.promises, "Send") || w.erase(m).handed {
			continue
		}
		c := copier{text: w.p.text, see: func(name string) { held[name] = true }}
		c.rename = func(p *syntax.Path) *syntax.Path {
			if len(p.Segments) > 1 && p.QSelf == nil && p.Segments[0].Name == "Self" {
				held[p.Segments[1].Name] = true
			}
			return p
		}
		for i := range m.fn.Params {
			c.typ(m.fn.Params[i].Type)
		}
	}
	return held
}

// sendBounds are the bounds that a parameter needs so that a future that holds it is Send.
func (w *Writer) sendBounds(held map[string]bool, name string) []syntax.Bound {
	if !held[name] {
		return nil
	}
	var out []syntax.Bound
	for _, auto := range []string{"Send", "Sync"} {
		if !w.bounded(name, auto) {
			out = append(out, syntax.Bound{Path: &syntax.Path{Segments: []syntax.Segment{{Name: auto}}}})
		}
	}
	return out
}

// bounded reports whether the trait says in these words that a parameter is of an auto trait.
func (w *Writer) bounded(param, auto string) bool {
	says := func(bounds []syntax.Bound) bool {
		return slices.ContainsFunc(bounds, func(b syntax.Bound) bool {
			return b.Path != nil && !b.Maybe && len(b.Path.Segments) > 0 && b.Path.Segments[len(b.Path.Segments)-1].Name == auto
		})
	}
	for i := range w.header.Generics.Params {
		if p := &w.header.Generics.Params[i]; p.Name == param && says(p.Bounds) {
			return true
		}
	}
	for _, p := range w.Trait.where {
		if p.Type != nil && p.Type.Kind == syntax.TypePath && len(p.Type.Path.Segments) == 1 && p.Type.Path.Segments[0].Name == param && says(p.Bounds) {
			return true
		}
	}
	return false
}

// clashes reports whether a name of an associated type cannot be that of an impl's parameter.
func (w *Writer) clashes(name string) bool {
	_, seen := w.names[name]
	return seen || slices.Contains(w.arguments(), name)
}

// substituter copies syntax to the head of an impl for the object, where Self::Item is the parameter Item.
func (w *Writer) substituter() copier {
	c := w.copier()
	c.rename = func(p *syntax.Path) *syntax.Path {
		if p.QSelf == nil && len(p.Segments) >= 2 && p.Segments[0].Name == "Self" {
			for _, a := range w.assocs {
				if a.name == p.Segments[1].Name {
					out := *p
					out.Segments = append([]syntax.Segment{{Name: a.param}}, p.Segments[2:]...)
					return &out
				}
			}
		}
		return p
	}
	return c
}

func (w *Writer) substituted(where []syntax.Predicate) []string {
	list := w.substituter().predicates(where)
	var out []string
	for i := range list {
		out = append(out, w.p.predicate(&list[i]))
	}
	return out
}

// forward is a method of the impl for the object.
func (w *Writer) forward(m *method, onBox bool) *fn {
	s := w.erase(m)
	f := w.nativeHead(m, s.handed)
	self := "self"
	switch {
	case !onBox:
	case m.fn.Self == syntax.SelfRef:
		self = "&**self"
	case m.fn.Self == syntax.SelfRefMut:
		self = "&mut **self"
	case m.fn.Self == syntax.SelfTyped:
		self = "*self" // a box of the box: others block
	}
	c := &call{callee: w.Shape.Name + "::" + w.methodName(m), args: append([]string{self}, w.argNames(m)...)}
	if m.kind == future && !s.handed {
		c.tail = ".await"
	}
	f.body = w.guarded(m, c)
	return f
}

// guarded is a call, in an unsafe block if the method is unsafe.
func (w *Writer) guarded(m *method, c *call) []string {
	column := w.column + 2*len(indent)
	if !m.unsafe() {
		return c.lines(column)
	}
	safety := "// SAFETY: the caller upholds the contract of `" + w.Trait.Name + "::" + strings.TrimPrefix(m.name, "r#") + "`."
	if line := "unsafe { " + c.flat() + " }"; column+width(line) <= maxWidth {
		return []string{safety, line}
	}
	return append(append([]string{safety, "unsafe {"}, indented(c.lines(column+len(indent)))...), "}")
}

// nativeHead is a method's native signature; handed turns `async fn` into `fn -> impl Future`, and else the other way round.
func (w *Writer) nativeHead(m *method, handed bool) *fn {
	f := &fn{attrs: m.cfg, head: "fn " + m.name}
	if m.unsafe() {
		f.head = "unsafe " + f.head
	}
	if m.deprecated {
		f.attrs = append(slices.Clone(f.attrs), "#[allow(deprecated)]")
	}
	params := w.copier().params(m.fn.Generics.Params)
	if len(params) > 0 {
		f.head += "<" + w.p.params(params) + ">"
	}
	f.params = append(f.params, w.nativeSelf(m))
	for i, name := range w.argNames(m) {
		f.params = append(f.params, name+": "+w.typ(m.fn.Params[i].Type))
	}
	switch {
	case m.kind == future && !handed:
		f.head = "async " + f.head
		if m.out != nil && !isUnit(m.out) {
			f.ret = w.typ(m.out)
		}
	case m.async():
		w.uses.future = true
		f.ret = "impl " + cmp.Or(w.Future, "Future") + "<Output = " + w.output(m.out) + ">"
		if m.promised {
			f.ret += " + Send"
		}
	case m.fn.Ret != nil:
		w.uses.future = w.uses.future || m.kind == future
		f.ret = w.typ(m.fn.Ret)
	}
	list := w.copier().predicates(m.fn.Generics.Where)
	for i := range list {
		f.where = append(f.where, w.p.predicate(&list[i]))
	}
	return f
}

func isUnit(t *syntax.Type) bool { return t.Kind == syntax.TypeTuple && len(t.Elems) == 0 }

func (w *Writer) nativeSelf(m *method) string {
	if m.fn.Self == syntax.SelfValue {
		return "self"
	}
	r := newReceiver(m)
	r.typ = w.copier().typ(r.typ)
	return r.String(w.p)
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
