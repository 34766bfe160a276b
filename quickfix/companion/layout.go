package companion

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/afidt-lsp/afidt-lsp/analysis/config"
)

// Layout is where lines are laid out, and how. What is indented by tabs is laid out with the blanks that they are as wide as; those by which
// rustfmt aligns the bounds of a result, before the style of 2024, are not told apart from them.
type Layout struct {
	*config.Format
	Column int // that the lines will be indented to
}

// indent is one level of indentation.
func (l Layout) indent() string { return strings.Repeat(" ", l.TabSpaces) }

// In is the layout of lines that are indented n levels more.
func (l Layout) In(n int) Layout {
	l.Column += n * l.TabSpaces
	return l
}

// chars is the length of the indentation as text. rustfmt counts what it has written by characters where it means columns: an indentation
// may count twice, and tabs are no wider than blanks then.
func (l Layout) chars() int {
	if l.HardTabs {
		return l.Column/l.TabSpaces + l.Column%l.TabSpaces
	}
	return l.Column
}

// indented are lines with one more level of indentation.
func (l Layout) indented(lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = line
		if line != "" {
			out[i] = l.indent() + line
		}
	}
	return out
}

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

// lines lays the function out as rustfmt does (rewrite_fn_base in rustfmt's src/items.rs).
func (f *fn) lines(at Layout) []string {
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
	used := at.Column + width(f.head) + width(ret) + 2 + brace
	if ret != "" {
		used++
	}
	last := ""
	switch {
	case len(f.params) == 0:
		return append(out, f.withoutParams(at)...)
	case used < at.MaxWidth && width(params) <= at.MaxWidth-used && !at.wideTuple(f.ret):
		last = f.head + "(" + params + ")"
		over := at.Column + width(last) + 1 + width(ret)
		if len(f.where) == 0 {
			over += 2
		}
		if ret != "" && over > at.MaxWidth {
			pad := ""
			if at.StyleEdition < 2024 {
				pad = at.indent()
			}
			out = append(out, last)
			last = pad + ret
		} else if ret != "" {
			last += " " + ret
		}
	default:
		out = append(out, f.head+"(")
		for _, p := range f.params {
			out = append(out, at.indented(paramLines(p, place{Layout: at.In(1), after: len(",")}))...)
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
		lines := typeLines(result, place{Layout: at, before: len("-> "), result: true})
		if len(lines) == 1 && end == " {" && at.Column+at.chars()+width(last+end) > at.MaxWidth { // and counts the indentation twice
			lines, end = append(lines, ""), "{"
		}
		lines[0] = ") -> " + lines[0]
		out = append(out, lines...)
	} else {
		out = append(out, last)
	}
	return f.ended(out, end, at)
}

// ended are the lines of a signature with the where clause and the body behind them; end is what the last line ends with if there is no
// where clause.
func (f *fn) ended(out []string, end string, at Layout) []string {
	if len(f.where) > 0 {
		out = append(out, "where")
		for i, w := range f.where {
			comma := ","
			if f.body == nil && i == len(f.where)-1 {
				comma = ";"
			}
			out = append(out, at.indent()+w+comma)
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
	out = append(out, at.indented(f.body)...)
	return append(out, "}")
}

// withoutParams are the lines of a function that takes nothing.
func (f *fn) withoutParams(at Layout) []string {
	end := ";"
	if f.body != nil {
		end = " {"
	}
	if len(f.where) > 0 {
		end = ""
	}
	lines := []string{f.head + "()"}
	if f.ret != "" {
		result := typeLines(f.ret, place{Layout: at, before: len("-> "), result: true})
		one := len(result) == 1
		result[0] = "-> " + result[0]
		// rustfmt does not count the closing parenthesis.
		switch over := at.Column+width(f.head)+2+width(result[0]) > at.MaxWidth; {
		case over && at.StyleEdition < 2024:
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
		if one && end == " {" && (len(lines) == 1 && at.Column+width(last+end) > at.MaxWidth || len(lines) > 1 && at.Column+at.chars()+width(last+end) > at.MaxWidth) {
			lines, end = append(lines, ""), "{"
		}
	}
	return f.ended(lines, end, at)
}

// Signature is the head of a function that somebody wrote; everything is text on one line.
type Signature struct {
	Head   string // all before the parameters: `pub async fn name<'a>`
	Params []string
	Result string // empty for none
	Where  []string
	Body   bool // whether a `{` ends it, or a `;`
}

// Lines lays the signature out as rustfmt does.
func (s *Signature) Lines(at Layout) []string {
	f := &fn{head: s.Head, params: s.Params, ret: s.Result, where: s.Where}
	if s.Body {
		f.body = []string{}
	}
	lines := f.lines(at)
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

// call is a call expression.
type call struct {
	callee string
	args   []string
	tail   string // behind the closing parenthesis: `.await`, `;`
	outer  string // a function of one argument around it, such as Box::pin
}

// flat is the call on one line, without what is around it.
func (c *call) flat() string { return c.callee + "(" + strings.Join(c.args, ", ") + ")" + c.tail }

// lines lays the call out.
func (c *call) lines(at Layout) []string {
	if c.outer != "" {
		return c.wrapped(at)
	}
	call := c.callee + "(" + strings.Join(c.args, ", ") + ")"
	short := width(strings.Join(c.args, ", ")) <= at.CallWidth
	chain := strings.HasPrefix(c.tail, ".") // which has a line of its own if the call has several
	switch {
	case len(c.args) == 0, short && at.Column+width(call+c.tail) <= at.MaxWidth:
		return []string{call + c.tail}
	case chain && short && at.Column+width(call) <= at.MaxWidth:
		return []string{call, at.indent() + c.tail}
	case chain:
		return append(c.broken("", ")", at), c.tail)
	}
	return c.broken("", ")"+c.tail, at)
}

// wrapped is the call as the only argument of another.
func (c *call) wrapped(at Layout) []string {
	inner := c.flat()
	flat := c.outer + "(" + inner + ")"
	fits := at.Column+width(flat) <= at.MaxWidth
	// An argument may go on behind its line only where the line is as short as arguments have to be.
	open := width(c.callee+"(") <= at.CallWidth && at.Column+width(c.outer+"("+c.callee+"()") <= at.MaxWidth
	switch {
	case fits && (width(inner) <= at.CallWidth || !open && width(strings.Join(c.args, ", ")) <= at.CallWidth):
		return []string{flat}
	case open:
		return c.broken(c.outer+"(", ")"+c.tail+")", at)
	}
	alone := call{callee: c.callee, args: c.args, tail: c.tail}
	lines := alone.lines(at.In(1))
	if len(lines) == 1 && at.In(1).Column+width(lines[0])+len(",") > at.MaxWidth {
		lines = alone.broken("", ")"+c.tail, at.In(1))
	}
	lines[len(lines)-1] += ","
	return slices.Concat([]string{c.outer + "("}, at.indented(lines), []string{")"})
}

// broken is the call with its arguments on lines of their own, between what is before and behind it.
func (c *call) broken(before, behind string, at Layout) []string {
	out := []string{before + c.callee + "("}
	if at.shortArgs(c.args) {
		out = append(out, at.indented(at.In(1).Filled(c.args, true))...)
	} else {
		for _, a := range c.args {
			out = append(out, at.indent()+a+",")
		}
	}
	return append(out, behind)
}

// shortArgs reports whether arguments that do not fit on the line of their call share the lines below it (is_every_expr_simple in
// rustfmt's src/overflow.rs).
func (l Layout) shortArgs(args []string) bool {
	return !slices.ContainsFunc(args, func(a string) bool {
		return width(a) > l.ShortWidth || strings.ContainsAny(a, "(:")
	})
}

// Filled are items with a comma behind each, as many as fit on a line. Where all are on the first line, rustfmt does not count
// the last comma (write_list in its src/lists.rs); whole is set if there is nothing before them in their list, or behind.
func (l Layout) Filled(items []string, whole bool) []string {
	var out []string
	line := ""
	for i, item := range items {
		comma := 1
		if whole && len(out) == 0 && i == len(items)-1 {
			comma = 0
		}
		if line != "" && l.Column+width(line)+1+width(item)+comma > l.MaxWidth-1 {
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

func (b *block) lines(at Layout) []string {
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
		lines := b.bounded(at)
		out = append(out, lines...)
		if len(lines) > 1 {
			end = ""
		}
	case !isImpl, width(flat)+len(end) <= at.MaxWidth: // rustfmt does not count the indentation
		out = append(out, flat)
	default:
		out = append(out, b.head+" "+trait, at.indent()+"for "+self)
		end = ""
	}
	if len(b.where) > 0 {
		out = append(out, "where")
		for _, w := range b.where {
			out = append(out, at.indent()+w+",")
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
	out = append(out, at.indented(b.body)...)
	return append(out, "}")
}

// bounded is a trait's name with its supertraits (format_trait in rustfmt's src/items.rs). rustfmt counts what stands before the name twice.
func (b *block) bounded(at Layout) []string {
	flat := strings.Join(b.supers, " + ")
	switch {
	case at.Column+width(b.visibility+"trait ")+width(b.head)+len(": ")+width(flat) <= at.MaxWidth:
		return []string{b.head + ": " + flat}
	case 2*at.Column+width(flat) <= at.MaxWidth:
		return []string{b.head + ":", at.indent() + flat}
	}
	out := []string{b.head + ":", at.indent() + b.supers[0]}
	for _, s := range b.supers[1:] {
		out = append(out, at.indent()+"+ "+s)
	}
	return out
}
