package syntax

// repairer finds the partners of brackets that do not pair up. What it trusts is indentation: people and rustfmt indent what
// braces hold, so that a line that begins like an item, or with `}`, tells what must have ended before it. Its rules:
//
//   - A line that begins like an item ends all items that are indented as much or more, and all groups in them.
//   - A `}` that begins a line ends the item of its column, whatever is open within; it ends deeper items without being
//     theirs; it is ignored where it would end an item that is indented less.
//   - Any other `}` ends the innermost `{`, and parentheses and brackets that are open within.
//   - A `)` or `]` without its opener is ignored.
//
// Text that is not indented is paired without the first two.
type repairer struct {
	*scanner
	stack    []opened
	items    []int // indexes in stack of the items
	indented bool
	indent   int // byte column of the first token of the current line
}

// opened is a bracket or an item that has not ended yet.
type opened struct {
	token  int32
	indent int32
	char   byte // ( [ {; 0 for an item
	body   bool // the `{` of the item below it in the stack
	braced bool // an item that ends with braces, whose `{` did not come yet
}

var (
	notClosed = [256]string{'(': "this `(` is never closed", '[': "this `[` is never closed", '{': "this `{` is never closed"}
	notOpened = [256]string{')': "this `)` closes nothing", ']': "this `]` closes nothing", '}': "this `}` closes nothing"}
)

// maxLookBack bounds how far down the stack of open brackets is searched for one that a token might end.
const maxLookBack = 100

func (s *scanner) repair() {
	r := repairer{scanner: s}
	r.indented = r.isIndented()
	last := len(s.toks) - 1
	keyword := -1 // of the item whose first line was seen
	for i := range last {
		t := &s.toks[i]
		lineFirst := t.Flags&LineFirst != 0
		if lineFirst {
			r.indent = r.column(i)
			if r.indented && i > keyword {
				if h, ok := r.itemStart(i); ok {
					r.endItems(i)
					r.begin(i, h)
					keyword = h.keyword
				}
			}
		}
		switch t.Kind {
		case Open:
			r.open(i)
		case Close:
			switch {
			case t.Char != '}':
				r.closeParen(i)
			case lineFirst && r.indented:
				r.closeLine(i)
			default:
				r.closeBrace(i)
			}
		case Punct:
			if n := len(r.stack); t.Char == ';' && n > 0 && r.stack[n-1].char == 0 {
				r.endAt(n-1, i)
			}
		}
	}
	r.endAt(0, last)
}

// isIndented reports whether items are indented deeper than the item whose braces they stand in. Fields and statements do
// not matter, and one exception may be the very thing that is being typed.
func (r *repairer) isIndented() bool {
	deeper, not, indent := 0, 0, 0
	for i := range r.toks {
		t := &r.toks[i]
		if t.Flags&LineFirst == 0 {
			continue
		}
		column := r.column(i)
		if i > 0 && r.toks[i-1].Is('{') {
			if _, ok := r.itemStart(i); ok && column > indent {
				deeper++
			} else if ok {
				not++
			}
		}
		indent = column
	}
	return not <= deeper+1
}

func (r *repairer) column(i int) int {
	at := int(r.toks[i].Start)
	return at - lineStart(r.text, at)
}

// itemStart reads the head of the item that the line at index i begins, after its attributes.
func (r *repairer) itemStart(i int) (head, bool) {
	at := i
	for r.toks[at].Is('#') && r.toks[at+1].Is('[') {
		end := r.attrStop(at + 1)
		if end < 0 {
			return head{}, false
		}
		at = end
	}
	t := r.toks[at]
	if t.Kind != Ident || !itemWords[t.Word] {
		return head{}, false
	}
	h, ok := itemAt(r.toks, at)
	if !ok || i > 0 && !startsAfter(r.toks[i-1], h.kind) {
		return head{}, false
	}
	return h, true
}

// attrStop is the index after the `]` of an attribute whose `[` is at index i, -1 if it does not come
// before the next item, or is far away.
func (r *repairer) attrStop(i int) int {
	const reach = 256 // tokens
	depth := 0
	for end := min(len(r.toks)-1, i+reach); i < end; i++ {
		t := r.toks[i]
		if t.Flags&LineFirst != 0 && t.Kind == Ident && itemWords[t.Word] {
			if _, ok := itemAt(r.toks, i); ok {
				return -1
			}
		}
		switch t.Kind {
		case Open:
			depth++
		case Close:
			depth--
			if depth == 0 && t.Char == ']' {
				return i + 1
			}
		}
		if depth == 0 {
			return -1
		}
	}
	return -1
}

// begin notes that an item begins at index i. Macro definitions are brackets like others.
func (r *repairer) begin(i int, h head) {
	r.items = append(r.items, len(r.stack))
	r.stack = append(r.stack, opened{token: int32(i), indent: int32(r.indent), braced: bracedKinds[h.kind] || h.kind == KindMacroRules})
}

func (r *repairer) open(i int) {
	t := r.toks[i]
	o := opened{token: int32(i), indent: int32(r.indent), char: t.Char}
	if n := len(r.stack); t.Char == '{' && n > 0 && r.stack[n-1].braced {
		if prev := r.toks[i-1]; !prev.Is('<') && !prev.Is(',') && !prev.Is('=') { // a const argument
			o.body = true
			r.stack[n-1].braced = false
		}
	}
	r.stack = append(r.stack, o)
}

// endAt ends everything from index k of the stack on, before the token at index i.
func (r *repairer) endAt(k, i int) {
	for n := len(r.stack) - 1; n >= k; n-- {
		o := r.stack[n]
		if o.char == 0 {
			r.items = r.items[:len(r.items)-1]
			continue
		}
		r.partner[o.token] = ^int32(i)
		r.problem(r.toks[o.token].Span(), notClosed[o.char])
	}
	r.stack = r.stack[:k]
}

// closeAt ends the group at index k of the stack with the Close token at index i, and everything in it. If it is the body of
// an item, the item ends too.
func (r *repairer) closeAt(k, i int) {
	r.endAt(k+1, i)
	o := r.stack[k]
	r.partner[o.token] = int32(i)
	r.stack = r.stack[:k]
	if o.body {
		r.endAt(k-1, i)
	}
}

// ignore makes a Close token one that means nothing.
func (r *repairer) ignore(i int) {
	t := &r.toks[i]
	r.problem(t.Span(), notOpened[t.Char])
	t.Kind, t.Char = Punct, 0
}

// endItems ends what the item that begins on the line of index i cannot stand in.
func (r *repairer) endItems(i int) {
	end := len(r.stack)
	steps := 0
	for k := len(r.stack) - 1; k >= 0; k-- {
		o := r.stack[k]
		switch {
		case int(o.indent) >= r.indent && !o.body:
			end, steps = k, 0
		case o.char == 0:
			k = 0
		default:
			if steps++; steps > maxLookBack {
				k = 0
			}
		}
	}
	r.endAt(end, i)
}

// closeLine handles a `}` that begins a line.
func (r *repairer) closeLine(i int) {
	for len(r.items) > 0 {
		k := r.items[len(r.items)-1]
		indent := int(r.stack[k].indent)
		switch {
		case r.indent < indent:
			r.endAt(k, i)
			continue
		case r.indent > indent:
			body := k
			if k+1 < len(r.stack) && r.stack[k+1].body {
				body++
			}
			if !r.braceAbove(body) {
				r.endAt(body+1, i)
				r.ignore(i)
				return
			}
			r.closeBrace(i)
			return
		}
		for brace := k + 1; brace < len(r.stack); brace++ {
			if r.stack[brace].char == '{' {
				r.closeAt(brace, i)
				if len(r.stack) > k {
					r.endAt(k, i)
				}
				return
			}
		}
		r.endAt(k, i)
		r.ignore(i)
		return
	}
	r.closeBrace(i)
}

// braceAbove reports whether a `{` is open above index k of the stack.
func (r *repairer) braceAbove(k int) bool {
	for n := len(r.stack) - 1; n > k; n-- {
		if r.stack[n].char == '{' {
			return true
		}
	}
	return false
}

// closeBrace handles any other `}`: it ends the innermost `{`.
func (r *repairer) closeBrace(i int) {
	for k := len(r.stack) - 1; k >= 0; k-- {
		if r.stack[k].char == '{' {
			r.closeAt(k, i)
			return
		}
	}
	n := len(r.stack)
	for n > 0 && r.stack[n-1].char != 0 {
		n--
	}
	r.endAt(n, i)
	r.ignore(i)
}

// closeParen handles `)` and `]`: they end the innermost opener of theirs in the same braces.
func (r *repairer) closeParen(i int) {
	opener := byte('(')
	if r.toks[i].Char == ']' {
		opener = '['
	}
	bottom := max(0, len(r.stack)-maxLookBack)
	for k := len(r.stack) - 1; k >= bottom; k-- {
		switch r.stack[k].char {
		case opener:
			r.closeAt(k, i)
			return
		case '{', 0:
			r.ignore(i)
			return
		}
	}
	r.ignore(i)
}
