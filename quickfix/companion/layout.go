package companion

import (
	"strings"
	"unicode/utf8"
)

// maxWidth and callWidth are rustfmt's defaults: columns of a line, and of the arguments of a call on one line.
const (
	maxWidth  = 100
	callWidth = 60
	indent    = "    "
)

func width(s string) int { return utf8.RuneCountInString(s) }

// fn is a function as it is laid out: everything is text on one line.
type fn struct {
	attrs  []string // one a line
	head   string   // `async fn name<'a>`
	params []string
	ret    string // empty for none
	where  []string
	body   []string // the lines of the body; nil for `;`
}

// lines lays the function out at a column as rustfmt does (rewrite_fn_base in rustfmt's src/items.rs).
func (f *fn) lines(column, styleEdition int) []string {
	out := append([]string(nil), f.attrs...)
	params := strings.Join(f.params, ", ")
	ret := ""
	if f.ret != "" {
		ret = "-> " + f.ret
	}
	end := ";"
	brace := 1 // columns behind the signature: `;` or ` {`
	if f.body != nil {
		end, brace = " {", 2
		if len(f.where) > 0 {
			brace = 0
		}
	}
	used := column + width(f.head) + width(ret) + 2 + brace
	if ret != "" {
		used++
	}
	last := ""
	switch {
	case used < maxWidth && width(params) <= maxWidth-used, len(f.params) == 0:
		last = f.head + "(" + params + ")"
		over := column + width(last) + 1 + width(ret)
		if len(f.where) == 0 {
			over += 2
		}
		if ret != "" && over > maxWidth && len(f.params) > 0 {
			pad := ""
			if styleEdition < 2024 {
				pad = indent
			}
			out = append(out, last)
			last = pad + ret
		} else if ret != "" {
			last += " " + ret
		}
	default:
		out = append(out, f.head+"(")
		for _, p := range f.params {
			out = append(out, indent+p+",")
		}
		last = ")"
		if ret != "" {
			last += " " + ret
		}
	}
	if len(f.where) > 0 {
		end = ""
	}
	switch result, ok := strings.CutPrefix(last, ") -> "); {
	case ok && end == " {" && column+width(last) <= maxWidth && 2*column+width(last+end) > maxWidth:
		out = append(out, last, "") // rustfmt counts the indentation twice
		end = "{"
	case ok:
		lines := broken(result, column, len(") -> "), len(end))
		lines[0] = ") -> " + lines[0]
		out = append(out, lines...)
	default:
		out = append(out, last)
	}
	if len(f.where) > 0 {
		out = append(out, "where")
		for i, w := range f.where {
			comma := ","
			if f.body == nil && i == len(f.where)-1 {
				comma = ";"
			}
			out = append(out, indent+w+comma)
		}
		if f.body == nil {
			return out
		}
		out = append(out, "{")
	} else {
		out[len(out)-1] += end
	}
	if f.body == nil {
		return out
	}
	out = append(out, indented(f.body)...)
	return append(out, "}")
}

// broken is a type at a column, behind the given number of columns on its line and before others: on one line if it fits. The
// content of a Pin or Box gets lines of its own else, and at last each auto trait and lifetime. What is longer still is left.
func broken(t string, column, before, tail int) []string {
	if column+before+width(t)+tail <= maxWidth {
		return []string{t}
	}
	for _, pointer := range [...]string{"Pin<", "Box<"} {
		if inner, ok := strings.CutPrefix(t, pointer); ok && strings.HasSuffix(inner, ">") {
			lines := broken(strings.TrimSuffix(inner, ">"), column+len(indent), 0, len(","))
			lines[len(lines)-1] += ","
			return append(append([]string{pointer}, indented(lines)...), ">")
		}
	}
	bounds := strings.Split(t, " + ")
	n := len(bounds) // of which the last are plain
	for n > 1 && !strings.ContainsAny(bounds[n-1], "<>()") {
		n--
	}
	lines := []string{strings.Join(bounds[:n], " + ")}
	for _, b := range bounds[n:] {
		lines = append(lines, indent+"+ "+b)
	}
	return lines
}

func indented(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l
		if l != "" {
			out[i] = indent + l
		}
	}
	return out
}

// call is a call expression.
type call struct {
	callee string
	args   []string
	tail   string // behind the closing parenthesis: `.await`
	outer  string // a function of one argument around it, such as Box::pin
}

// flat is the call on one line, without what is around it.
func (c *call) flat() string { return c.callee + "(" + strings.Join(c.args, ", ") + ")" + c.tail }

// lines lays the call out at a column.
func (c *call) lines(column int) []string {
	inner := c.flat()
	argWidth := width(strings.Join(c.args, ", "))
	flat := inner
	if c.outer != "" {
		flat = c.outer + "(" + inner + ")"
		if width(inner) > callWidth {
			argWidth = callWidth + 1
		}
	}
	if argWidth <= callWidth && column+width(flat) <= maxWidth || len(c.args) == 0 {
		return []string{flat}
	}
	open, close := c.callee+"(", ")"+c.tail
	if c.outer != "" {
		open, close = c.outer+"("+open, close+")"
	}
	out := []string{open}
	for _, a := range c.args {
		out = append(out, indent+a+",")
	}
	return append(out, close)
}

// block is an item with a `{}` body: the header in pieces that break as rustfmt breaks them.
type block struct {
	attrs      []string
	head       string   // `impl<T: X>`, `pub trait Erased<K>`
	visibility string   // what head begins with, with the blank behind it
	supers     []string // of a trait
	rest       string   // of an impl: `Erased for T`; may go to lines of its own
	where      []string
	body       []string // laid out, not indented
}

func (b *block) lines(column int) []string {
	out := append([]string(nil), b.attrs...)
	trait, self, isImpl := strings.Cut(b.rest, " for ")
	flat := b.head
	if b.rest != "" {
		flat += " " + b.rest
	}
	end := " {"
	if len(b.where) > 0 {
		end = ""
	}
	switch {
	case len(b.supers) > 0:
		lines := b.bounded(column)
		out = append(out, lines...)
		if len(lines) > 1 {
			end = ""
		}
	case !isImpl, column+width(flat)+len(end) <= maxWidth:
		out = append(out, flat)
	default:
		out = append(out, b.head+" "+trait, indent+"for "+self)
		end = ""
	}
	if len(b.where) > 0 {
		out = append(out, "where")
		for _, w := range b.where {
			out = append(out, indent+w+",")
		}
		end = ""
	}
	if len(b.body) == 0 && end != "" {
		out[len(out)-1] += " {}"
		return out
	}
	if end == "" {
		out = append(out, "{")
	} else {
		out[len(out)-1] += end
	}
	out = append(out, indented(b.body)...)
	return append(out, "}")
}

// boundsWidth is how far a trait's name and bounds may reach on one line. It is less than a line, and the visibility counts twice,
// because rustfmt subtracts what stands before the bounds more than once.
const boundsWidth = 92

// bounded is a trait's name with its supertraits (format_trait in rustfmt's src/items.rs).
func (b *block) bounded(column int) []string {
	flat := strings.Join(b.supers, " + ")
	switch {
	case column+width(b.visibility)+width(b.head)+width(flat) <= boundsWidth:
		return []string{b.head + ": " + flat}
	case 2*column+width(flat) <= maxWidth:
		return []string{b.head + ":", indent + flat}
	}
	out := []string{b.head + ":", indent + b.supers[0]}
	for _, s := range b.supers[1:] {
		out = append(out, indent+"+ "+s)
	}
	return out
}
