package main

// numbers are the types whose inherent methods say nothing about `dyn`: they take numbers and give numbers.
var numbers = map[string]bool{
	"i8": true, "i16": true, "i32": true, "i64": true, "i128": true, "isize": true,
	"u8": true, "u16": true, "u32": true, "u64": true, "u128": true, "usize": true,
	"f16": true, "f32": true, "f64": true, "f128": true,
	"NonZero": true, "Wrapping": true, "Saturating": true, "Simd": true, "Mask": true,
}

// expandedTraits are the traits whose impls are kept if a macro wrote them: those that decide the type of an expression.
// The others are thousands of impls of operators, conversions and formatting for numbers.
var expandedTraits = map[string]bool{
	"Deref": true, "DerefMut": true, "Receiver": true, "Iterator": true, "DoubleEndedIterator": true, "ExactSizeIterator": true,
	"IntoIterator": true, "Future": true, "IntoFuture": true, "AsyncIterator": true, "Index": true, "IndexMut": true,
	"CoerceUnsized": true, "DispatchFromDyn": true, "Fn": true, "FnMut": true, "FnOnce": true,
}

// implHeader is the parts of `impl<..> Trait for Type where ..` that the rules look at.
type implHeader struct {
	trait string // the last name of the trait's path; empty for an inherent impl
	self  string // the first identifier of the type
}

func readImplHeader(head []node) implHeader {
	var out implHeader
	i := 0
	for i < len(head) && !head[i].is("impl") {
		i++
	}
	i++
	if i < len(head) && head[i].is("<") {
		i = afterAngles(head, i)
	}
	start, depth := i, 0
	for ; i < len(head); i++ {
		switch {
		case head[i].is("<"):
			depth++
		case head[i].is(">"):
			depth--
		case depth == 0 && head[i].is("for") && i > start && !(i+1 < len(head) && head[i+1].is("<")):
			out.trait = lastName(head[start:i])
			start = i + 1
		case depth == 0 && head[i].is("where"):
			out.self = firstName(head[start:i])
			return out
		}
	}
	out.self = firstName(head[start:])
	return out
}

func afterAngles(nodes []node, i int) int {
	depth := 0
	for ; i < len(nodes); i++ {
		switch {
		case nodes[i].is("<"):
			depth++
		case nodes[i].is(">"):
			depth--
		}
		if depth == 0 {
			return i + 1
		}
	}
	return i
}

// lastName is the last segment of a path, generic arguments aside.
func lastName(nodes []node) string {
	name := ""
	depth := 0
	for _, n := range flatten(nodes, nil) {
		switch {
		case n.is("<"):
			depth++
		case n.is(">"):
			depth--
		case depth == 0 && n.ident():
			name = n.text
		}
	}
	return name
}

// firstName is the first path's last segment in a type: `NonZero` of `num::NonZero<u8>`; "" if it begins otherwise.
func firstName(nodes []node) string {
	nodes = flatten(nodes, nil)
	name := ""
	for _, n := range nodes {
		switch {
		case n.ident():
			name = n.text
		case n.is("::"):
		default:
			return name
		}
	}
	return name
}

func (s *stripper) impl(w *writer, m module, it *item, prefix string) error {
	if bool(m.names) {
		return nil
	}
	h := readImplHeader(it.head)
	p := inTraitImpl
	switch {
	case h.trait == "" && numbers[h.self]:
		return nil
	case h.trait == "":
		p = inInherentImpl
	case m.expanded && !expandedTraits[h.trait], s.internal[h.trait]:
		return nil
	}
	var inner writer
	inner.depth = w.depth + 1
	m.attrs = nil
	if err := s.items(&inner, m, p, it.body.sub); err != nil {
		return err
	}
	head := prefix + render(withoutAttrs(it.head))
	if inner.Len() == 0 {
		if p == inTraitImpl {
			w.line(head + " {}")
		}
		return nil
	}
	w.open(head)
	w.WriteString(inner.String())
	w.close()
	return nil
}
