package companion

import (
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// The way back: impls of the native trait for the companion's object type, and for pointers to what implements it.

// Forward is the impl of the native trait for the companion's object type with some auto traits added: what takes
// `impl Trait` takes the object too. If the object cannot implement the trait, it is no more than the impls of the supertraits that
// convert arguments.
func (w *Writer) Forward(autos []string) [][]string {
	object, generics := w.object(autos)
	if len(w.Limits) > 0 || len(w.Unsendable(autos)) > 0 {
		return w.forwardSupers(w.converting(), object, generics)
	}
	out := w.forwardSupers(w.companions, object, generics)
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
		b.body = append(b.body, w.forward(m, onBox).lines(w.at.In(1))...)
	})
	return append(out, b.lines(w.at))
}

// converting are the supertraits whose native impl alone converts arguments of some methods: an object that cannot implement its own trait has
// these methods by it.
func (w *Writer) converting() []*super {
	return slices.DeleteFunc(slices.Clone(w.companions), func(s *super) bool { return len(s.trait.Limits) > 0 || !s.trait.Converts("") })
}

// forwardSupers are the impls of native supertraits for the object: the companion's supertraits do not give them.
func (w *Writer) forwardSupers(supers []*super, object string, generics []string) [][]string {
	var out [][]string
	for _, s := range supers {
		// The supertrait's methods read as they stand in its own file; what they name must be visible here too.
		up := *w
		up.Trait, up.Method, up.p = s.trait, "%s", printer{s.trait.p.text, w.Nested}
		up.Shape.Name = w.Supers[s.trait.Def]
		b := &block{head: "impl" + angled(generics), rest: w.p.path(w.copier().path(s.bound.Path)) + " for " + object}
		up.each(func(m *method) {
			b.body = append(b.body, up.forward(m, false).lines(w.at.In(1))...)
		})
		up.uses.pin = w.uses.pin
		w.uses = up.uses
		out = append(out, up.forwardSupers(up.companions, object, generics)...)
		out = append(out, b.lines(w.at))
	}
	return out
}

// Unsendable are the auto traits that the object lacks so that its methods could promise Send as the native ones do: a future that awaits
// the box holds the receiver too. It is empty if nothing is lacking.
func (w *Writer) Unsendable(autos []string) []string {
	var out []string
	for _, m := range w.methods {
		if m.kind != future || !slices.Contains(m.promises, "Send") || w.erase(m).handed || m.promised && w.Home != nil {
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
			if !slices.Contains(autos, need) && !w.Implies(need) && !slices.Contains(out, need) {
				out = append(out, need)
			}
		}
	}
	return out
}

// Bridge is the impl of the native trait for Box<T>, so that a boxed object can be passed where an impl is asked for. It is
// nil if a box cannot pass everything on.
func (w *Writer) Bridge() []string {
	if w.unbridged || w.lacksBox || len(w.Limits) > 0 {
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
		b.body = append(b.body, f.lines(w.at.In(1))...)
	})
	return b.lines(w.at)
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
	return t.impliesAuto(t.Def, auto)
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
	outside := c.rename
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
		if outside != nil {
			return outside(p)
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
	for i := range m.converted {
		if m.converted[i].mut {
			f.params[i+1] = "mut " + f.params[i+1]
		}
	}
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
	c := &call{callee: w.Shape.Name + "::" + w.methodName(m), args: append([]string{self}, w.passed(m)...)}
	if m.kind == future && !s.handed {
		c.tail = ".await"
	}
	f.body = w.guarded(m, c)
	return f
}

// guarded is a call, in an unsafe block if the method is unsafe.
func (w *Writer) guarded(m *method, c *call) []string {
	at := w.at.In(2)
	if !m.unsafe() {
		return c.lines(at)
	}
	safety := "// SAFETY: the caller upholds the contract of `" + w.Trait.Name + "::" + strings.TrimPrefix(m.name, "r#") + "`."
	if line := "unsafe { " + c.flat() + " }"; at.Column+width(line) <= at.MaxWidth {
		return []string{safety, line}
	}
	return append(append([]string{safety, "unsafe {"}, at.indented(c.lines(at.In(1)))...), "}")
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
		f.ret = "impl " + w.future() + "<Output = " + w.output(m.out) + ">"
		if m.promised && w.Home == nil {
			f.ret += " + Send"
		}
	case m.fn.Ret != nil:
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
