package syntax

// verdict is the answer of a matcher.
type matching uint8

const (
	matchNo matching = iota
	matchYes
	matchUnsure // rustc would report an error here, or decide by what is not known
)

// binding is what a fragment stands for: tokens of the arguments, or one binding for each round of a repetition.
type binding struct {
	kind       string
	start, end int
	repeats    bool
	rounds     []binding
}

// event is a step of a match that binds something; events are linked backwards, so that the threads of a match share them.
type event struct {
	before     int32 // index in the matcher's events, -1 if it is the first
	step       int32
	start, end int32 // of a fragment
}

// thread is a position in a matcher.
type thread struct {
	step int32
	last int32 // index in the matcher's events, -1 if there is none
}

// matcher is the memory of a match.
type matcher struct {
	events                   []event
	current, next, fragments []thread
	ends, order              []int32
}

// happen adds an event and returns its index.
func (m *matcher) happen(e event) int32 {
	m.events = append(m.events, e)
	return int32(len(m.events) - 1)
}

// match matches all of the arguments as rustc does: without backtracking, all positions in the matcher in step, one token at
// a time; a fragment is read only where nothing else is possible (rustc_expand::mbe::macro_parser, TtParser). Budget is what
// is left of the work that may be done.
func (r *macroRule) match(a *tokenTrees, budget *int, m *matcher) (map[string]binding, matching) {
	m.events = m.events[:0]
	current := append(m.current[:0], thread{last: -1})
	next, fragments, ends := m.next, m.fragments, m.ends
	defer func() { m.current, m.next, m.fragments, m.ends = current, next, fragments, ends }()
	for pos := 0; ; {
		next, fragments, ends = next[:0], fragments[:0], ends[:0]
		for len(current) > 0 {
			if *budget--; *budget < 0 {
				return nil, matchUnsure
			}
			th := current[len(current)-1]
			current = current[:len(current)-1]
			s := &r.steps[th.step]
			switch s.kind {
			case stepToken:
				if a.tokenAt(pos, s.text) {
					next = append(next, thread{th.step + 1, th.last})
				}
			case stepFragment:
				if pos < a.end() && a.mayBegin(s.text, pos) {
					fragments = append(fragments, th)
				}
			case stepRepeat:
				entered := m.happen(event{before: th.last, step: th.step})
				if s.op != '+' {
					current = append(current, thread{int32(s.to), entered})
				}
				current = append(current, thread{th.step + 1, entered})
			case stepAgain:
				current = append(current, thread{th.step + 1, th.last})
				if s.op != '?' {
					current = append(current, thread{int32(s.to), th.last})
				}
			case stepSep:
				current = append(current, thread{th.step + 2, th.last})
				if a.tokenAt(pos, s.text) {
					next = append(next, thread{th.step + 1, th.last})
				}
			case stepRound:
				current = append(current, thread{int32(s.to), th.last})
			case stepEnd:
				ends = append(ends, th.last)
			}
		}
		switch {
		case pos >= a.end() && len(ends) == 1:
			return r.bind(m, ends[0]), matchYes
		case pos >= a.end() && len(ends) > 1:
			return nil, matchUnsure
		case pos >= a.end(), len(next)+len(fragments) == 0:
			return nil, matchNo
		case len(fragments) == 0:
			current, next = next, current
			pos = a.glued(pos)
		case len(next) == 0 && len(fragments) == 1:
			th := fragments[0]
			end := a.fragment(r.steps[th.step].text, pos)
			if end < 0 {
				return nil, matchUnsure
			}
			current = append(current, thread{th.step + 1, m.happen(event{th.last, th.step, int32(pos), int32(end)})})
			*budget -= end - pos
			pos = end
		default:
			return nil, matchUnsure
		}
	}
}

// tokenAt reports whether rustc's token at index i is this one; a fragment is none.
func (m *tokenTrees) tokenAt(i int, text string) bool {
	if i >= m.end() || !m.is(i, text) {
		return false
	}
	_, _, fragment := m.fragmentAt(i)
	return !fragment
}

// bind makes bindings of the events of a match.
func (r *macroRule) bind(m *matcher, last int32) map[string]binding {
	m.order = m.order[:0]
	for e := last; e >= 0; e = m.events[e].before {
		m.order = append(m.order, e)
	}
	all := make([]binding, len(r.names))
	place := func(name, depth int) *binding { // the innermost round of depth repetitions
		b := &all[name]
		for range depth {
			if len(b.rounds) == 0 {
				return nil
			}
			b = &b.rounds[len(b.rounds)-1]
		}
		return b
	}
	push := func(name, depth int, b binding) {
		if depth == 0 {
			all[name] = b
			return
		}
		if outer := place(name, depth-1); outer != nil {
			outer.rounds = append(outer.rounds, b)
		}
	}
	for i := len(m.order) - 1; i >= 0; i-- {
		e := &m.events[m.order[i]]
		s := &r.steps[e.step]
		if s.kind == stepFragment {
			push(s.name, s.depth, binding{kind: s.text, start: int(e.start), end: int(e.end)})
			continue
		}
		for name := s.names[0]; name < s.names[1]; name++ {
			push(name, s.depth, binding{repeats: true})
		}
	}
	out := make(map[string]binding, len(all))
	for i, name := range r.names {
		out[name] = all[i]
	}
	return out
}
