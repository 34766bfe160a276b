package syntax

import (
	"bytes"
	"slices"
	"sort"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// Expansion is what a macro made of an invocation.
type Expansion struct {
	Text    []byte
	Origins []Origin // one for each token of Text, in order
	// Fragments are the parts that later macros take as one tree.
	Fragments []Fragment
}

// Origin is where a token comes from.
type Origin struct {
	At   uint32 // in the text of the expansion
	From uint32 // in the text of the arguments or of the definition
	Len  uint32
	Arg  bool // it is an argument's
	Made bool // it is in neither text: `$crate`, or a parenthesis that keeps a fragment together
}

// maxExpansion bounds the text that one invocation expands to.
const maxExpansion = 1 << 20

// Expand expands an invocation whose arguments are a span of text; fragments are those of that text. The first rule that
// matches counts. It reports false if it is not sure what rustc would do, and else hands the expansion over to read, which must
// copy what it keeps. `$crate` is written as crate. Work is taken from budget, which is in tokens.
func (d *MacroDef) Expand(text []byte, args source.Span, fragments []Fragment, crate string, budget *int, read func(*Expansion)) bool {
	b := expandBuffers.Get().(*expandBuffer)
	defer expandBuffers.Put(b)
	a := &b.args
	if !a.read(text, args, d.text.edition, within(fragments, args)) {
		return false
	}
	defer a.forget()
	*budget -= len(a.toks)
	for i := range d.rules {
		r := &d.rules[i]
		bound, matched := r.match(a, budget, &b.matcher)
		switch matched {
		case matchUnsure:
			return false
		case matchNo:
			continue
		}
		w := writer{def: d.text, args: a, bound: bound, crate: crate, local: d.local, budget: budget, out: &b.out}
		b.out = Expansion{Text: b.out.Text[:0], Origins: b.out.Origins[:0], Fragments: b.out.Fragments[:0]}
		if !w.write(r.body, r.stop, nil) {
			return false
		}
		sort.SliceStable(w.out.Fragments, func(i, k int) bool {
			f, g := w.out.Fragments[i].Span, w.out.Fragments[k].Span
			return f.Start < g.Start || f.Start == g.Start && f.End > g.End
		})
		read(w.out)
		return true
	}
	return false
}

// expandBuffer is what an expansion needs and does not keep.
type expandBuffer struct {
	args    tokenTrees
	matcher matcher
	out     Expansion
}

var expandBuffers = sync.Pool{New: func() any { return new(expandBuffer) }}

// within are the fragments inside span.
func within(fragments []Fragment, span source.Span) []Fragment {
	var out []Fragment
	for _, f := range fragments {
		if span.Encloses(f.Span) {
			out = append(out, f)
		}
	}
	return out
}

// writer writes the body of a rule with what its fragments stand for (rustc_expand::mbe::transcribe).
type writer struct {
	def, args *tokenTrees
	bound     map[string]binding
	crate     string
	local     bool
	budget    *int
	out       *Expansion
	last      *tokenTrees // the text of the token written last, and the index after it
	next      int
}

// write writes the tokens of the body from index i to before end, in the given rounds of the repetitions around them.
func (w *writer) write(i, end int, rounds []int) bool {
	m := w.def
	for i < end {
		t := m.toks[i]
		next := m.toks[i+1]
		switch {
		case !t.Is('$') || i+1 == end:
			if w.local && t.Kind == Ident && t.Word != WordMacroRules && next.Is('!') && m.toks[i+2].Kind == Open && m.toks[i-1].Kind != PathSep {
				w.text(w.crate + "::")
			}
			w.token(m, i)
			i++
		case m.crateAt(i):
			w.text(w.crate)
			i += 2
		case next.Kind == Ident:
			b, bound := w.lookup(m.str(i+1), rounds)
			switch {
			case !bound: // a variable of a macro that is defined here
				w.token(m, i)
				w.token(m, i+1)
			case b.repeats:
				return false
			default:
				w.fragment(b)
			}
			i += 2
		case next.Is('('):
			after, ok := w.repeat(i+1, end, rounds)
			if !ok {
				return false
			}
			i = after
		default: // ${..} and $$ are unstable
			return false
		}
		if *w.budget < 0 || len(w.out.Text) > maxExpansion {
			return false
		}
	}
	return true
}

// lookup is what a fragment stands for in the given rounds.
func (w *writer) lookup(name string, rounds []int) (binding, bool) {
	b, ok := w.bound[name]
	for _, r := range rounds {
		if !ok || !b.repeats {
			break
		}
		if r >= len(b.rounds) {
			return binding{}, false
		}
		b = b.rounds[r]
	}
	return b, ok
}

// repeat writes the repetition whose group is at index open.
func (w *writer) repeat(open, end int, rounds []int) (after int, ok bool) {
	m := w.def
	after, sep, _, ok := m.repetition(open, end)
	if !ok {
		return 0, false
	}
	shut := int(m.partner[open])
	n := -1
	for i := open + 1; i < shut; i++ {
		if !m.toks[i].Is('$') || m.toks[i+1].Kind != Ident {
			continue
		}
		b, bound := w.lookup(m.str(i+1), rounds)
		if !bound || !b.repeats {
			continue
		}
		if n >= 0 && n != len(b.rounds) {
			return 0, false
		}
		n = len(b.rounds)
	}
	if n < 0 {
		return 0, false
	}
	for r := range n {
		if r > 0 && sep != "" {
			for i := shut + 1; i < m.glued(shut+1); i++ {
				w.token(m, i)
			}
		}
		if *w.budget--; *w.budget < 0 || !w.write(open+1, shut, append(slices.Clip(rounds), r)) {
			return 0, false
		}
	}
	return after, true
}

// token writes one token of a text, apart from the one before unless it was beside it there too.
func (w *writer) token(m *tokenTrees, i int) {
	t := m.toks[i]
	*w.budget--
	if w.last != m || w.next != i || i == 0 || m.toks[i-1].Flags&Joint == 0 {
		w.out.Text = append(w.out.Text, ' ')
	}
	w.out.Origins = append(w.out.Origins, Origin{At: uint32(len(w.out.Text)), From: t.Start, Len: t.End - t.Start, Arg: m == w.args})
	w.out.Text = append(w.out.Text, t.Span().Of(m.text)...)
	w.last, w.next = m, i+1
}

// text writes text that is no token of definition or arguments.
func (w *writer) text(s string) {
	w.out.Text = append(w.out.Text, ' ')
	w.out.Origins = append(w.out.Origins, Origin{At: uint32(len(w.out.Text)), Len: uint32(len(s)), Made: true})
	w.out.Text = append(w.out.Text, s...)
	w.last = nil
}

// fragment writes what a fragment stands for. A sum of bounds is put in parentheses, which stand for rustc's invisible ones.
func (w *writer) fragment(b binding) {
	if b.start == b.end {
		return
	}
	m := w.args
	first, last := m.toks[b.start], m.toks[b.end-1]
	sum := b.kind == "ty" && bytes.IndexByte(m.text[first.Start:last.End], '+') >= 0
	start := len(w.out.Text) + 1
	if sum {
		w.text("(")
	}
	offset := 0 // of the first token, in the output
	for i := b.start; i < b.end; i++ {
		w.token(m, i)
		if i == b.start {
			offset = int(w.out.Origins[len(w.out.Origins)-1].At)
		}
	}
	if sum {
		w.text(")")
	}
	if !sum {
		start = offset
	}
	w.keepFragments(first.Start, last.End)
	switch b.kind {
	case "tt", "ident", "lifetime":
		return
	}
	w.out.Fragments = append(w.out.Fragments, Fragment{Span: source.Span{Start: uint32(start), End: uint32(len(w.out.Text))}, Kind: b.kind})
}

// keepFragments carries the fragments of the arguments between two offsets over to what was just written of them.
func (w *writer) keepFragments(start, end uint32) {
	for _, f := range w.args.fragments {
		if f.Span.Start < start || f.Span.End > end {
			continue
		}
		span := source.Span{}
		for i := len(w.out.Origins) - 1; i >= 0 && w.out.Origins[i].Arg && w.out.Origins[i].From >= start; i-- {
			o := w.out.Origins[i]
			if o.From+o.Len == f.Span.End {
				span.End = o.At + o.Len
			}
			if o.From == f.Span.Start {
				span.Start = o.At
				break
			}
		}
		if !span.Empty() {
			w.out.Fragments = append(w.out.Fragments, Fragment{Span: span, Kind: f.Kind})
		}
	}
}
