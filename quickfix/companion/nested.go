package companion

import (
	"fmt"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// Opaque types that stand inside a result are boxed one by one: `Option<impl Iterator>` becomes `Option<Box<dyn Iterator>>`, by a
// `map`; the parts of tuples, the items of iterators and the output of futures alike.

// nestedOnly reports whether a method is excluded for no other reason than where its opaque types stand.
func nestedOnly(reasons []dyncompat.Kind) bool {
	found := false
	for _, r := range reasons {
		switch r {
		case dyncompat.NotBoxable:
			found = true
		case dyncompat.AsyncFn, dyncompat.RPITIT, dyncompat.WholeTrait:
		default:
			return false
		}
	}
	return found
}

// readNested reads a result with opaque types inside; it reports whether all of them can be boxed.
func (t *Trait) readNested(m *method) bool {
	if m.fn.Ret == nil || !m.async() && m.fn.Ret.Kind == syntax.TypeImpl && !HasImpl(boundTypes(m.fn.Ret.Bounds)...) {
		return false
	}
	m.out = m.fn.Ret
	m.kind = nested
	if m.async() {
		m.kind, m.pinned = future, true
	}
	m.boxes = true
	return t.boxableParts(m, m.out)
}

// boxableParts reports whether each opaque type in a type can be boxed, and be reached by a map.
func (t *Trait) boxableParts(m *method, ty *syntax.Type) bool {
	if !HasImpl(ty) {
		return true
	}
	switch ty.Kind {
	case syntax.TypeParen:
		return t.boxableParts(m, ty.Elems[0])
	case syntax.TypeTuple:
		for _, e := range ty.Elems {
			if !t.boxableParts(m, e) {
				return false
			}
		}
		return true
	case syntax.TypePath:
		inner, ok := mapped(ty)
		return ok && t.boxableParts(m, inner)
	case syntax.TypeImpl:
		regular := 0
		for i := range ty.Bounds {
			b := &ty.Bounds[i]
			if b.Kind == syntax.BoundUse {
				return false
			}
			if b.Kind != syntax.BoundTrait || b.Path == nil || b.Maybe {
				continue
			}
			ref := m.env.TraitRef(nil, b.Path)
			if ref.Def.Kind == resolve.None {
				return false
			}
			if t.judge.Types.Decl(ref.Def).Auto {
				continue
			}
			regular++
			pinned := t.hasPinnedMethods(ref.Def)
			if pinned || t.judge.Verdict(ref.Def).Compatible != types.Yes || len(t.judge.MissingTypes(ref)) > 0 {
				return false
			}
			if !t.boxImplements(ref.Def, false) {
				t.limit("the box in the result of `%s` does not implement `%s`", m.name, t.p.path(b.Path))
			}
			if parts := boundTypes(ty.Bounds[i : i+1]); HasImpl(parts...) {
				item := itemOf(b)
				if item == nil || ref.Def != t.judge.Types.Resolver.WellKnown("core", "iter", "Iterator") || !t.boxableParts(m, item) {
					return false
				}
			}
		}
		return regular == 1
	}
	return false
}

// mapped is the type that `map` is about in an Option or Result.
func mapped(ty *syntax.Type) (*syntax.Type, bool) {
	last := &ty.Path.Segments[len(ty.Path.Segments)-1]
	if last.Args == nil || last.Name != "Option" && last.Name != "Result" {
		return nil, false
	}
	var list []*syntax.Type
	for i := range last.Args.List {
		if last.Args.List[i].Kind == syntax.ArgType {
			list = append(list, last.Args.List[i].Type)
		}
	}
	if len(list) == 0 || HasImpl(list[1:]...) {
		return nil, false
	}
	return list[0], true
}

// itemOf is the T of a bound Iterator<Item = T>, nil if it names none.
func itemOf(b *syntax.Bound) *syntax.Type {
	last := &b.Path.Segments[len(b.Path.Segments)-1]
	for i := range last.Args.List {
		if a := &last.Args.List[i]; a.Kind == syntax.ArgEq && a.Name == "Item" {
			return a.Type
		}
	}
	return nil
}

// HasImpl reports whether an `impl Trait` stands in one of the types.
func HasImpl(list ...*syntax.Type) bool {
	found := false
	for _, t := range list {
		walkTypes(t, func(inner *syntax.Type) { found = found || inner.Kind == syntax.TypeImpl })
	}
	return found
}

// boundTypes are the types that bounds name as arguments.
func boundTypes(bounds []syntax.Bound) []*syntax.Type {
	var out []*syntax.Type
	for i := range bounds {
		if bounds[i].Path == nil {
			continue
		}
		for _, s := range bounds[i].Path.Segments {
			if s.Args == nil {
				continue
			}
			for k := range s.Args.List {
				if ty := s.Args.List[k].Type; ty != nil {
					out = append(out, ty)
				}
			}
		}
	}
	return out
}

// walkTypes calls f for a type and those that stand in it.
func walkTypes(t *syntax.Type, f func(*syntax.Type)) {
	if t == nil {
		return
	}
	f(t)
	for _, e := range t.Elems {
		walkTypes(e, f)
	}
	walkTypes(t.Ret, f)
	for _, inner := range boundTypes(t.Bounds) {
		walkTypes(inner, f)
	}
	if t.Path != nil {
		for _, inner := range boundTypes([]syntax.Bound{{Path: t.Path}}) {
			walkTypes(inner, f)
		}
	}
}

// boxedParts puts a box with a lifetime in the place of each opaque type of a copy.
func boxedParts(t *syntax.Type, lifetime string) {
	walkTypes(t, func(inner *syntax.Type) {
		if inner.Kind != syntax.TypeImpl {
			return
		}
		object := *inner
		object.Kind = syntax.TypeDyn
		if !hasLifetime(object.Bounds) && lifetime != "" {
			object.Bounds = append(object.Bounds[:len(object.Bounds):len(object.Bounds)], syntax.Bound{Kind: syntax.BoundLifetime, Lifetime: lifetime})
		}
		args := &syntax.Args{List: []syntax.Arg{{Kind: syntax.ArgType, Type: &object}}}
		*inner = syntax.Type{Kind: syntax.TypePath, Span: source.Span{}, Path: &syntax.Path{Segments: []syntax.Segment{{Name: "Box", Args: args}}}}
	})
}

func hasLifetime(bounds []syntax.Bound) bool {
	for i := range bounds {
		if bounds[i].Kind == syntax.BoundLifetime {
			return true
		}
	}
	return false
}

// boxing is an expression that boxes the opaque parts of value, whose native type is ty and whose erased type is boxed.
func (w *Writer) boxing(ty, boxed *syntax.Type, value string) string {
	if !HasImpl(ty) {
		return value
	}
	switch ty.Kind {
	case syntax.TypeParen:
		return w.boxing(ty.Elems[0], boxed.Elems[0], value)
	case syntax.TypeImpl:
		for i := range ty.Bounds {
			if b := &ty.Bounds[i]; b.Path != nil && HasImpl(boundTypes(ty.Bounds[i:i+1])...) {
				object := boxed.Path.Segments[0].Args.List[0].Type
				value += ".map(" + w.closure(itemOf(b), itemOf(&object.Bounds[i])) + ")"
			}
		}
		return "Box::new(" + value + ") as " + w.typ(boxed)
	case syntax.TypeTuple:
		names, parts := w.parts(ty, boxed)
		return "{ let (" + names + ") = " + value + "; (" + parts + ") }"
	}
	inner, _ := mapped(ty)
	innerBoxed, _ := mapped(boxed)
	return value + ".map(" + w.closure(inner, innerBoxed) + ")"
}

// closure is a closure that boxes the opaque parts of its argument.
func (w *Writer) closure(ty, boxed *syntax.Type) string {
	if ty.Kind == syntax.TypeTuple {
		names, parts := w.parts(ty, boxed)
		return "|(" + names + ")| (" + parts + ")"
	}
	return "|x| " + w.boxing(ty, boxed, "x")
}

// parts are names for the parts of a tuple, and the parts with their opaque types boxed.
func (w *Writer) parts(ty, boxed *syntax.Type) (names, parts string) {
	var n, p []string
	for i := range ty.Elems {
		name := fmt.Sprintf("x%d", i)
		n = append(n, name)
		p = append(p, w.boxing(ty.Elems[i], boxed.Elems[i], name))
	}
	return strings.Join(n, ", "), strings.Join(p, ", ")
}

// constructNested is the body of a companion's method whose result has opaque types inside.
func (w *Writer) constructNested(m *method, c *call) []string {
	s := w.erase(m)
	boxed := copier{}.typ(s.out)
	boxedParts(boxed, s.bound)
	at := w.at.In(2)
	if m.kind == future {
		c.tail = ".await"
		body := w.boxingLines(s.out, boxed, c, at.In(1))
		return append(append([]string{"Box::pin(async move {"}, at.indented(body)...), "})")
	}
	return w.boxingLines(s.out, boxed, c, at)
}

// boxingLines are the statements that box the opaque parts of the result of a call.
func (w *Writer) boxingLines(ty, boxed *syntax.Type, c *call, at Layout) []string {
	name, tail := "result", ""
	var parts []string
	if ty.Kind == syntax.TypeTuple {
		var names string
		names, tail = w.parts(ty, boxed)
		name, tail = "("+names+")", "("+tail+")"
		for i := range ty.Elems {
			parts = append(parts, w.boxing(ty.Elems[i], boxed.Elems[i], fmt.Sprintf("x%d", i)))
		}
	} else {
		tail = w.boxing(ty, boxed, "result")
		if c.tail == "" { // the return type is known, so that a box coerces
			tail = strings.TrimSuffix(tail, " as "+w.typ(boxed))
		}
	}
	c.callee = "let " + name + " = " + c.callee
	c.tail += ";"
	out := c.lines(at)
	if parts == nil || width(tail)-2 <= at.CallWidth && at.Column+width(tail) <= at.MaxWidth {
		return append(out, tail)
	}
	out = append(out, "(")
	for _, p := range parts {
		out = append(out, at.indent()+p+",")
	}
	return append(out, ")")
}
