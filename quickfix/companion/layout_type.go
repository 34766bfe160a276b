package companion

import (
	"strings"
)

// place is where a type is laid out.
type place struct {
	Layout     // of the lines that it begins or goes on with
	before int // columns of the first line behind their indentation and before the type
	after  int // columns of the last line that have to be left free
	// result is set for what stands behind `->`.
	result bool
}

// nested is the place of a part of a type that has lines of its own.
func (at place) nested() place {
	return place{Layout: at.In(1), after: len(",")}
}

// typeLines lays out a type, which is given on one line, as rustfmt does (src/types.rs). The lines behind the first are indented as far
// as they are behind the place's column. What it cannot break is left.
func typeLines(t string, at place) []string {
	sum, opaque := strings.CutPrefix(t, "impl ") // of which rustfmt does not count the first word
	if at.Column+at.before+width(sum)+at.after <= at.MaxWidth && !at.wideTuple(t) && at.In(1).holds(t) {
		return []string{t}
	}
	sum, object := strings.CutPrefix(sum, "dyn ")
	if opaque || object {
		if object {
			at.before += len("dyn ")
		}
		lines := boundLines(splitTop(sum, " + "), at, object || at.StyleEdition < 2024)
		lines[0] = t[:len(t)-len(sum)] + lines[0]
		return lines
	}
	if name, rest, ok := strings.Cut(t, " = "); ok && !strings.ContainsAny(name, "<(") { // an associated type
		at.before += width(name) + len(" = ")
		lines := typeLines(rest, at)
		lines[0] = name + " = " + lines[0]
		return lines
	}
	if strings.HasPrefix(t, "&") {
		n := 1
		if strings.HasPrefix(t, "&'") {
			n = strings.Index(t, " ") + 1
		}
		if strings.HasPrefix(t[n:], "mut ") {
			n += len("mut ")
		}
		at.before += width(t[:n])
		lines := typeLines(t[n:], at)
		lines[0] = t[:n] + lines[0]
		return lines
	}
	head, list, closing, ok := listOf(t)
	if !ok {
		return []string{t}
	}
	if len(list) == 1 && strings.HasPrefix(list[0], "(") && at.wideTuple(list[0]) { // a tuple alone goes on behind the bracket
		at.before += width(head)
		lines := typeLines(list[0], at)
		lines[0] = head + lines[0]
		lines[len(lines)-1] += closing
		return lines
	}
	out := []string{head}
	for _, item := range list {
		lines := typeLines(item, at.nested())
		lines[len(lines)-1] += ","
		out = append(out, at.indented(lines)...)
	}
	return append(out, closing)
}

// holds reports whether the items of the lists in a type would fit on lines of their own: rustfmt lays them out there first, and keeps no
// list on one line that has a broken item.
func (l Layout) holds(t string) bool {
	for depth, i := 0, 0; i < len(t); i++ {
		switch {
		case t[i] == '<' || t[i] == '(':
			if depth++; depth > 1 {
				continue
			}
			end := matching(t, i)
			if end < 0 {
				return true
			}
			for _, item := range splitTop(t[i+1:end], ", ") {
				if strings.ContainsAny(item, "<(+") && l.Column+width(item)+len(",") > l.MaxWidth || !l.In(1).holds(item) {
					return false
				}
			}
		case t[i] == '>' && (i == 0 || t[i-1] != '-') || t[i] == ')':
			depth--
		}
	}
	return true
}

// wideTuple reports whether a tuple stands in a type whose elements need lines of their own: they may be as wide as the arguments of a
// call.
func (l Layout) wideTuple(t string) bool {
	for i := range len(t) {
		if t[i] != '(' || i > 0 && !strings.ContainsRune("<( &", rune(t[i-1])) {
			continue
		}
		end := matching(t, i)
		if end < 0 {
			return false
		}
		if inner := t[i+1 : end]; width(inner) > l.CallWidth && len(splitTop(inner, ", ")) > 1 {
			return true
		}
	}
	return false
}

// boundLines lays out a sum of bounds that is too long for the place (join_bounds in rustfmt's src/types.rs).
// rustfmt counts the indentation twice for the
// first bound. Deeper is set if even the first bound is indented, if it has lines of its own.
func boundLines(bounds []string, at place, deeper bool) []string {
	name, _, _ := strings.Cut(bounds[0], "<")
	if len(bounds) == 1 && (!deeper || at.StyleEdition < 2024 || !strings.Contains(name, "::")) {
		if at.result {
			at.after += 2
		}
		return typeLines(bounds[0], at)
	}
	first, margin := at, at.indent()
	first.after = 0
	switch {
	case at.result && at.StyleEdition >= 2024:
		first.after, margin = at.chars()+2, ""
	case at.result:
		first.after = at.TabSpaces
		margin += strings.Repeat(" ", len("-> "))
	case !deeper:
		margin = ""
	default:
		first.Layout = at.In(1)
		first.before -= len("dyn ")
	}
	lines := typeLines(bounds[0], first)
	if deeper && !at.result {
		for i := range lines[1:] {
			lines[i+1] = at.indent() + lines[i+1]
		}
	}
	for i, b := range bounds[1:] {
		if i == 0 && len(lines) > 1 {
			lines[len(lines)-1] += " + " + b
			continue
		}
		lines = append(lines, margin+"+ "+b)
	}
	return lines
}

// listOf takes a type apart whose end is a list: the arguments of a path, or a tuple.
func listOf(t string) (head string, list []string, closing string, ok bool) {
	open, closing := "<", ">"
	if strings.HasPrefix(t, "(") {
		open, closing = "(", ")"
	}
	n := strings.Index(t, open)
	if n < 0 || open == "<" && (n == 0 || strings.ContainsAny(t[:n], "( ")) || !strings.HasSuffix(t, closing) || matching(t, n) != len(t)-1 {
		return "", nil, "", false
	}
	if n == len(t)-2 {
		return "", nil, "", false // an empty list has no lines of its own
	}
	return t[:n+1], splitTop(strings.TrimSuffix(t[n+1:len(t)-1], ","), ", "), closing, true
}

// matching is the offset of what closes the bracket at an offset, -1 if nothing does.
func matching(t string, open int) int {
	depth := 0
	for i := open; i < len(t); i++ {
		switch t[i] {
		case '<', '(', '[':
			depth++
		case '>', ')', ']':
			if t[i] == '>' && t[i-1] == '-' {
				continue
			}
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// splitTop splits a text at a separator outside of brackets.
func splitTop(t, sep string) []string {
	var out []string
	depth, from := 0, 0
	for i := 0; i < len(t); i++ {
		switch t[i] {
		case '<', '(', '[':
			depth++
		case '>', ')', ']':
			if t[i] != '>' || i == 0 || t[i-1] != '-' {
				depth--
			}
		}
		if depth == 0 && strings.HasPrefix(t[i:], sep) {
			out = append(out, t[from:i])
			i += len(sep) - 1
			from = i + 1
		}
	}
	return append(out, t[from:])
}
