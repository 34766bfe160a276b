package companion

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxWidth and callWidth are rustfmt's defaults: columns of a line, and of the arguments of a call on one line.
const (
	maxWidth  = 100
	callWidth = 60
	// fillWidth is how far a line reaches that is filled with the items of a list.
	fillWidth = maxWidth - 1
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
	case len(f.params) == 0:
		return append(out, f.withoutParams(column, styleEdition)...)
	case used < maxWidth && width(params) <= maxWidth-used && !wideTuple(f.ret):
		last = f.head + "(" + params + ")"
		over := column + width(last) + 1 + width(ret)
		if len(f.where) == 0 {
			over += 2
		}
		if ret != "" && over > maxWidth {
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
			out = append(out, indented(paramLines(p, place{column: column + len(indent), after: len(","), style: styleEdition}))...)
		}
		last = ")"
		if ret != "" {
			last += " " + ret
		}
	}
	if len(f.where) > 0 {
		end = ""
	}
	if result, ok := strings.CutPrefix(last, ") -> "); ok {
		// rustfmt measures the result from where the function begins, without the parenthesis and what comes behind.
		lines := typeLines(result, place{column: column, before: len("-> "), result: true, style: styleEdition})
		if len(lines) == 1 && end == " {" && 2*column+width(last+end) > maxWidth { // and counts the indentation twice
			lines, end = append(lines, ""), "{"
		}
		lines[0] = ") -> " + lines[0]
		out = append(out, lines...)
	} else {
		out = append(out, last)
	}
	return f.ended(out, end)
}

// ended are the lines of a signature with the where clause and the body behind them; end is what the last line ends with if there is no
// where clause.
func (f *fn) ended(out []string, end string) []string {
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

// withoutParams are the lines of a function that takes nothing.
func (f *fn) withoutParams(column, styleEdition int) []string {
	end := ";"
	if f.body != nil {
		end = " {"
	}
	if len(f.where) > 0 {
		end = ""
	}
	lines := []string{f.head + "()"}
	if f.ret != "" {
		result := typeLines(f.ret, place{column: column, before: len("-> "), result: true, style: styleEdition})
		one := len(result) == 1
		result[0] = "-> " + result[0]
		// rustfmt does not count the closing parenthesis.
		switch over := column+width(f.head)+2+width(result[0]) > maxWidth; {
		case over && styleEdition < 2024:
			lines[0] = f.head + "("
			result[0] = ") " + result[0]
			lines = append(lines, result...)
		case over && one:
			lines = append(lines, result...)
		default:
			lines[0] += " " + result[0]
			lines = append(lines, result[1:]...)
		}
		last := lines[len(lines)-1]
		if one && end == " {" && (len(lines) == 1 && column+width(last+end) > maxWidth || len(lines) > 1 && 2*column+width(last+end) > maxWidth) {
			lines, end = append(lines, ""), "{"
		}
	}
	return f.ended(lines, end)
}

// Signature is the head of a function that somebody wrote; everything is text on one line.
type Signature struct {
	Head   string // all before the parameters: `pub async fn name<'a>`
	Params []string
	Result string // empty for none
	Where  []string
	Body   bool // whether a `{` ends it, or a `;`
}

// Lines lays the signature out at a column as rustfmt does.
func (s *Signature) Lines(column, styleEdition int) []string {
	f := &fn{head: s.Head, params: s.Params, ret: s.Result, where: s.Where}
	if s.Body {
		f.body = []string{}
	}
	lines := f.lines(column, styleEdition)
	if s.Body {
		lines = lines[:len(lines)-1] // without the closing brace
	}
	return lines
}

// paramLines lays out a parameter with the comma behind it.
func paramLines(p string, at place) []string {
	name, typ, ok := strings.Cut(p, ": ")
	if !ok {
		return []string{p + ","}
	}
	at.before = width(name) + len(": ")
	lines := typeLines(typ, at)
	lines[0] = name + ": " + lines[0]
	lines[len(lines)-1] += ","
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
	tail   string // behind the closing parenthesis: `.await`, `;`
	outer  string // a function of one argument around it, such as Box::pin
}

// flat is the call on one line, without what is around it.
func (c *call) flat() string { return c.callee + "(" + strings.Join(c.args, ", ") + ")" + c.tail }

// lines lays the call out at a column.
func (c *call) lines(column int) []string {
	if c.outer != "" {
		return c.wrapped(column)
	}
	call := c.callee + "(" + strings.Join(c.args, ", ") + ")"
	short := width(strings.Join(c.args, ", ")) <= callWidth
	chain := strings.HasPrefix(c.tail, ".") // which has a line of its own if the call has several
	switch {
	case len(c.args) == 0, short && column+width(call+c.tail) <= maxWidth:
		return []string{call + c.tail}
	case chain && short && column+width(call) <= maxWidth:
		return []string{call, indent + c.tail}
	case chain:
		return append(c.broken("", ")", column), c.tail)
	}
	return c.broken("", ")"+c.tail, column)
}

// wrapped is the call as the only argument of another.
func (c *call) wrapped(column int) []string {
	inner := c.flat()
	flat := c.outer + "(" + inner + ")"
	fits := column+width(flat) <= maxWidth
	// An argument may go on behind its line only where the line is as short as arguments have to be.
	open := width(c.callee+"(") <= callWidth
	switch {
	case fits && (width(inner) <= callWidth || !open && width(strings.Join(c.args, ", ")) <= callWidth):
		return []string{flat}
	case open:
		return c.broken(c.outer+"(", ")"+c.tail+")", column)
	}
	alone := call{callee: c.callee, args: c.args, tail: c.tail}
	lines := alone.lines(column + len(indent))
	if len(lines) == 1 && column+len(indent)+width(lines[0])+len(",") > maxWidth {
		lines = alone.broken("", ")"+c.tail, column+len(indent))
	}
	lines[len(lines)-1] += ","
	return slices.Concat([]string{c.outer + "("}, indented(lines), []string{")"})
}

// broken is the call with its arguments on lines of their own, between what is before and behind it.
func (c *call) broken(before, behind string, column int) []string {
	out := []string{before + c.callee + "("}
	if shortArgs(c.args) {
		out = append(out, indented(filled(c.args, column+len(indent), true))...)
	} else {
		for _, a := range c.args {
			out = append(out, indent+a+",")
		}
	}
	return append(out, behind)
}

// shortWidth is the width of a name among others on a line (rustfmt's short_array_element_width_threshold).
const shortWidth = 10

// shortArgs reports whether arguments that do not fit on the line of their call share the lines below it (is_every_expr_simple in
// rustfmt's src/overflow.rs).
func shortArgs(args []string) bool {
	return !slices.ContainsFunc(args, func(a string) bool {
		return width(a) > shortWidth || strings.ContainsAny(a, "(:.")
	})
}

// filled are items with a comma behind each, as many as fit on a line at a column. Where all are on the first line, rustfmt does not count
// the last comma (write_list in its src/lists.rs); whole is set if there is nothing before them in their list, or behind.
func filled(items []string, column int, whole bool) []string {
	var out []string
	line := ""
	for i, item := range items {
		comma := 1
		if whole && len(out) == 0 && i == len(items)-1 {
			comma = 0
		}
		if line != "" && column+width(line)+1+width(item)+comma > fillWidth {
			out = append(out, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += item + ","
	}
	return append(out, line)
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
