package main

import "strings"

// structText is a struct or union without its private fields; it stays what it was: with named fields, a tuple, or a unit.
func structText(it *item) string {
	if it.body != nil {
		head := render(withoutAttrs(it.head))
		fields := publicFields(it.body.sub)
		if len(fields) == 0 {
			return head + " {}"
		}
		return head + " { " + strings.Join(fields, ", ") + " }"
	}
	head := append([]node(nil), it.head...)
	depth := 0
	for i := range head {
		switch {
		case head[i].is("<"):
			depth++
		case head[i].is(">"):
			depth--
		case head[i].is("where"):
			return render(withoutAttrs(head)) + ";"
		case depth == 0 && head[i].group('('):
			head[i].gap = gapNone
			fields := "(" + strings.Join(tupleFields(head[i].sub), ", ") + ")"
			text := render(withoutAttrs(head[:i])) + fields
			if rest := render(head[i+1:]); rest != "" {
				text += " " + rest
			}
			return text + ";"
		}
	}
	return render(withoutAttrs(head)) + ";"
}

func publicFields(nodes []node) []string {
	var out []string
	for _, f := range splitAt(flat(nodes), ",") {
		f = withoutAttrs(f)
		if rest := afterCfg(f); len(rest) > 0 && visLength(rest) == 1 && rest[0].is("pub") {
			out = append(out, render(f))
		}
	}
	return out
}

// tupleFields are the fields of a tuple struct up to the last public one; private ones before it become `()`, so that the
// numbers of the others stay.
func tupleFields(nodes []node) []string {
	var out []string
	last := 0
	for _, f := range splitAt(flat(nodes), ",") {
		f = withoutAttrs(f)
		rest := flat(afterCfg(f))
		if len(rest) > 0 && rest[0].is("pub") && visLength(rest) == 1 {
			out = append(out, render(f))
			last = len(out)
			continue
		}
		out = append(out, "()")
	}
	return out[:last]
}

func afterCfg(field []node) []node {
	for len(field) > 1 && field[0].is("#") {
		field = field[2:]
	}
	return field
}

// variants are an enum's variants with their payload and without discriminants.
func variants(nodes []node) []string {
	var out []string
	for _, v := range splitAt(flat(nodes), ",") {
		if v = withoutAttrs(v); len(v) > 0 {
			out = append(out, render(splitAt(v, "=")[0]))
		}
	}
	return out
}
