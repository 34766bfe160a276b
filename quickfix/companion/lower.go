package companion

import (
	"slices"
	"strings"
	"unicode"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// Lowered is a method with an opaque result in another form.
type Lowered struct {
	Item int32
	// Type is the associated type that the result becomes, if that is the form: `type Fetch<'a>: Future<..> where Self: 'a;`.
	Type string
	// Head are the lines of the signature, not indented; the last ends in `;`.
	Head []string
}

// Lower are the methods of any trait that are async or return `impl Trait`: with an associated type for each result, which is
// what the compiler makes of them; and, of those whose class is boxed, with the result in a box. What does not resolve is left
// out. at is where the methods stand.
func Lower(judge *dyncompat.Judge, def resolve.Def, at Layout) (associated, boxed []Lowered) {
	t := newTrait(judge, def)
	items := t.file.Syntax().Items
	classes := judge.Verdict(def).Methods
	for i := def.Item + 1; i < int32(len(items)) && items[i].Span.Start < items[def.Item].Span.End; i++ {
		if items[i].Parent != def.Item || items[i].Kind != syntax.KindFn {
			continue
		}
		f := syntax.ParseFn(t.file.Syntax(), i, t.file.Edition)
		m := &method{fn: f, name: rawName(t.file, i), env: t.env.With(&f.Generics)}
		if err := t.readResult(m); err != nil || m.kind == plain {
			continue
		}
		w := NewWriter(t, Shape{Method: "%s"}, at)
		if !slices.ContainsFunc(m.fn.Params, func(p syntax.FnParam) bool { return HasImpl(p.Type) }) { // a parameter without a name
			associated = append(associated, w.associated(m))
		}
		if slices.ContainsFunc(classes, func(c dyncompat.Method) bool { return c.Item == i && c.Class == dyncompat.Boxed }) {
			boxed = append(boxed, Lowered{Item: i, Head: w.erased(m).lines(at)})
		}
	}
	return associated, boxed
}

// associated gives a method a generic associated type. Like the opaque type it holds every lifetime and every parameter of the
// signature, so each lifetime gets a name.
func (w *Writer) associated(m *method) Lowered {
	c := w.copier()
	out, bounds := c.typ(m.out), c.bounds(m.bounds)
	params := make([]*syntax.Type, len(m.fn.Params))
	self := newReceiver(m)
	recv, args, result := &regions{env: m.env}, &regions{env: m.env}, &regions{env: m.env}
	self.regions(recv)
	for i := range m.fn.Params {
		params[i] = c.typ(m.fn.Params[i].Type)
		args.typ(params[i], false)
	}
	result.typ(out, false)
	result.bounds(bounds)

	var generics, uses []string // of the method and, but for `late`, of the type
	taken := func(name string) bool {
		return slices.Contains(uses, name) || slices.Contains(w.params(syntax.ParamLifetime), name)
	}
	for i := range m.fn.Generics.Params {
		generics = append(generics, w.p.param(&m.fn.Generics.Params[i], false))
		uses = append(uses, m.fn.Generics.Params[i].Name)
	}
	var late []string
	source := ""
	for _, r := range slices.Concat(recv.list, args.list) {
		if r.elided() {
			name := ""
			for i := 0; name == "" || taken(name); i++ {
				name = "'" + string(rune('a'+i%26)) + strings.Repeat("_", i/26)
			}
			*r.at = name
			late, uses = append(late, name), append(uses, name)
		}
		if source == "" {
			source = *r.at
		}
	}
	for _, r := range result.list {
		if r.elided() && source != "" {
			*r.at = source
		}
	}
	// Lifetimes come before types.
	lifetimes := func(s string) bool { return strings.HasPrefix(s, "'") }
	sorted := func(list []string) []string {
		list = slices.Clone(list)
		slices.SortStableFunc(list, func(a, b string) int {
			switch {
			case lifetimes(a) == lifetimes(b):
				return 0
			case lifetimes(a):
				return -1
			}
			return 1
		})
		return list
	}
	generics, uses = sorted(slices.Concat(generics, late)), sorted(uses)

	var promise []string
	if m.kind == future {
		promise = append(promise, "Future<Output = "+w.output(out)+">")
	}
	for i := range bounds {
		promise = append(promise, w.p.bound(&bounds[i]))
	}
	if m.outlives != "" {
		promise = append(promise, m.outlives)
	}
	where := c.predicates(m.fn.Generics.Where)
	var clauses []string
	for i := range where {
		clauses = append(clauses, w.p.predicate(&where[i]))
	}
	name := typeName(m.name)
	declaration := "type " + name + angled(generics) + ": " + strings.Join(promise, " + ")
	own := slices.Clone(clauses)
	if m.fn.Self == syntax.SelfRef || m.fn.Self == syntax.SelfRefMut {
		own = append([]string{"Self: " + self.lifetime}, own...)
	}
	if len(own) > 0 {
		declaration += " where " + strings.Join(own, ", ")
	}

	head := &fn{head: "fn " + m.name + angled(generics), where: clauses, ret: "Self::" + name + angled(uses)}
	if m.unsafe() {
		head.head = "unsafe " + head.head
	}
	if m.fn.Self == syntax.SelfValue {
		head.params = append(head.params, "self")
	} else if m.fn.Self != syntax.SelfNone {
		head.params = append(head.params, self.String(w.p))
	}
	for i, arg := range w.argNames(m) {
		head.params = append(head.params, arg+": "+w.typ(params[i]))
	}
	return Lowered{Item: m.fn.Item, Type: declaration + ";", Head: head.lines(w.at)}
}

// typeName is the associated type of a method: a snake_case name in CamelCase.
func typeName(method string) string {
	var b strings.Builder
	up := true
	for _, r := range strings.TrimPrefix(method, "r#") {
		if r == '_' {
			up = true
			continue
		}
		if up {
			r = unicode.ToUpper(r)
		}
		up = false
		b.WriteRune(r)
	}
	return b.String()
}
