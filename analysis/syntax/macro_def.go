package syntax

// MacroDef is the definition of a macro by example: macro_rules! or `macro`.
type MacroDef struct {
	text  *tokenTrees
	rules []macroRule
	local bool // #[macro_export(local_inner_macros)]: what it invokes is found in its own crate
}

// macroRule is one rule: what it matches, and the tokens that it writes.
type macroRule struct {
	steps      []step
	names      []string // of its fragments, in order
	body, stop int      // indexes of tokens
}

// stepKind is what a step of a matcher does (rustc_expand::mbe::macro_parser, MatcherLoc).
type stepKind uint8

const (
	stepToken    stepKind = iota // one token, delimiters too
	stepFragment                 // `$name:kind`
	stepRepeat                   // `$(` of a repetition: goes in, or, if it may match nothing, behind it
	stepAgain                    // the end of a repetition without separator: behind it, or to its first step
	stepSep                      // the same with a separator, which leads to the next step
	stepRound                    // behind a separator: to the first step
	stepEnd
)

type step struct {
	kind  stepKind
	text  string // stepToken, stepSep: the token. stepFragment: its kind
	op    byte   // `*`, `+` or `?` of a repetition
	to    int    // stepRepeat: the step behind it. stepAgain, stepRound: its first step
	name  int    // stepFragment: index in names
	names [2]int // stepRepeat: the range of names inside
	depth int    // of repetitions around it
}

// ParseMacro reads the definition of the macro at an item's index; nil if it is broken or in a form that is not known. Local says
// whether it has #[macro_export(local_inner_macros)].
func ParseMacro(f *File, item int32, edition int, local bool) *MacroDef {
	it := &f.Items[item]
	text, ok := readTrees(f.Text, it.Span, edition, nil)
	if !ok {
		return nil
	}
	d := &MacroDef{text: text, local: local}
	i := 0
	for i < text.end() && text.toks[i].Start < it.NameSpan.End {
		i++
	}
	if text.toks[i].Kind != Open {
		return nil
	}
	body := int(text.partner[i]) + 1
	if text.toks[i].Is('(') && peek(text.toks, body).Is('{') { // macro name(..) {..}
		return d.withRule(i, body)
	}
	end := int(text.partner[i])
	for i++; i < end; {
		matcher := i
		if text.toks[i].Kind != Open { // attr(..) and derive(..) rules are no function-like ones
			return nil
		}
		if i = int(text.partner[i]) + 1; i+1 >= end || text.toks[i].Kind != FatArrow || text.toks[i+1].Kind != Open {
			return nil
		}
		body := i + 1
		i = int(text.partner[body]) + 1
		if d = d.withRule(matcher, body); d == nil {
			return nil
		}
		for i < end && (text.toks[i].Is(';') || text.toks[i].Is(',')) {
			i++
		}
	}
	return d
}

// withRule adds the rule whose matcher and body are the groups at these indexes; nil if it does not read.
func (d *MacroDef) withRule(matcher, body int) *MacroDef {
	r := macroRule{body: body + 1, stop: int(d.text.partner[body])}
	if !r.compile(d.text, matcher+1, int(d.text.partner[matcher]), 0) {
		return nil
	}
	r.steps = append(r.steps, step{kind: stepEnd})
	d.rules = append(d.rules, r)
	return d
}

// compile appends the steps of the matcher between the tokens at i and end.
func (r *macroRule) compile(m *tokenTrees, i, end, depth int) bool {
	for i < end {
		t := m.toks[i]
		next := peek(m.toks, i+1)
		switch {
		case t.Is('$') && next.Is('('):
			after, sep, op, ok := m.repetition(i+1, end)
			if !ok {
				return false
			}
			at := len(r.steps)
			r.steps = append(r.steps, step{kind: stepRepeat, op: op, names: [2]int{len(r.names)}, depth: depth})
			if !r.compile(m, i+2, int(m.partner[i+1]), depth+1) || len(r.steps) == at+1 {
				return false
			}
			if sep == "" {
				r.steps = append(r.steps, step{kind: stepAgain, op: op, to: at + 1})
			} else {
				r.steps = append(r.steps, step{kind: stepSep, op: op, text: sep}, step{kind: stepRound, to: at + 1})
			}
			r.steps[at].to, r.steps[at].names[1] = len(r.steps), len(r.names)
			i = after
		case t.Is('$') && next.Kind == Ident && peek(m.toks, i+2).Is(':') && peek(m.toks, i+3).Kind == Ident && i+3 < end:
			kind := m.str(i + 3)
			if !fragmentKinds[kind] {
				return false
			}
			r.steps = append(r.steps, step{kind: stepFragment, text: kind, name: len(r.names), depth: depth})
			r.names = append(r.names, m.str(i+1))
			i += 4
		case t.Is('$'):
			return false
		default:
			r.steps = append(r.steps, step{kind: stepToken, text: m.str(i)})
			i = m.glued(i)
		}
	}
	return true
}

var fragmentKinds = map[string]bool{
	"block": true, "expr": true, "expr_2021": true, "ident": true, "item": true, "lifetime": true, "literal": true, "meta": true,
	"pat": true, "pat_param": true, "path": true, "stmt": true, "tt": true, "ty": true, "vis": true,
}

// repetition reads what follows the `$` of `$(..) sep op`, whose group is at index open: its separator, its operator and the
// index behind it (rustc_expand::mbe::quoted, parse_sep_and_kleene_op).
func (m *tokenTrees) repetition(open, end int) (after int, sep string, op byte, ok bool) {
	i := int(m.partner[open]) + 1
	operator := func() bool {
		if i >= end || len(m.str(i)) != 1 {
			return false
		}
		op = m.toks[i].Char
		return op == '*' || op == '+' || op == '?'
	}
	if !operator() {
		if i >= end || m.toks[i].Kind == Open || m.toks[i].Is('$') {
			return 0, "", 0, false
		}
		sep = m.str(i)
		if i = m.glued(i); !operator() {
			return 0, "", 0, false
		}
	}
	return i + 1, sep, op, true
}

// WritesGlobalPaths reports whether the macro writes a path that begins with `::`.
func (d *MacroDef) WritesGlobalPaths() bool {
	for i := range d.rules {
		for k := d.rules[i].body; k < d.rules[i].stop; k++ {
			if prev := d.text.toks[k-1]; d.text.toks[k].Kind == PathSep && prev.Kind != Ident && !prev.Is('>') {
				return true
			}
		}
	}
	return false
}
