package main

import (
	"errors"
	"fmt"

	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

var errNoRule = errors.New("no rule matches")

// expand is the result of a macro invocation with the given arguments.
func (m *macro) expand(args []node) ([]node, error) {
	for i := range m.rules {
		r := &m.rules[i]
		b, ok := r.match(args)
		if !ok {
			continue
		}
		t := transcriber{bindings: b}
		out := t.nodes(r.body, nil)
		if t.err != nil {
			return nil, fmt.Errorf("%s!, rule %d: %w", m.name, i+1, t.err)
		}
		return out, nil
	}
	return nil, fmt.Errorf("%s!: %w", m.name, errNoRule)
}

// transcriber writes the body of a rule with its fragments filled in. `at` holds the round of every repetition around.
type transcriber struct {
	bindings bindings
	err      error
}

func (t *transcriber) fail(format string, args ...any) {
	if t.err == nil {
		t.err = fmt.Errorf(format, args...)
	}
}

// lookup is the binding of a fragment in the present rounds.
func (t *transcriber) lookup(name string, at []int) (binding, bool) {
	b, ok := t.bindings[name]
	if !ok {
		return b, false
	}
	for _, round := range at {
		if !b.deep {
			break
		}
		if round >= len(b.rounds) {
			return b, false
		}
		b = b.rounds[round]
	}
	return b, true
}

func (t *transcriber) nodes(body []node, at []int) []node {
	var out []node
	for i := 0; i < len(body) && t.err == nil; i++ {
		n := body[i]
		if n.delim != 0 {
			n.sub = t.nodes(n.sub, at)
			out = append(out, n)
			continue
		}
		if !n.is("$") || i+1 == len(body) {
			out = append(out, n)
			continue
		}
		next := body[i+1]
		switch {
		case next.group('('):
			var used int
			var rounds []node
			rounds, used = t.repeat(body[i+1:], at)
			if len(rounds) > 0 {
				rounds[0].gap = max(rounds[0].gap, n.gap)
			}
			out = append(out, rounds...)
			i += used
		case next.group('{'):
			out = append(out, t.metavar(next.sub, at)...)
			i++
		case next.is("crate"):
			next.gap = n.gap
			out = append(out, next)
			i++
		case next.ident():
			b, ok := t.lookup(next.text, at)
			if !ok { // a macro defined by a macro: not ours
				out = append(out, n, next)
				i++
				continue
			}
			if b.deep {
				t.fail("$%s repeats at this depth", next.text)
			}
			taken := append([]node(nil), b.nodes...)
			if len(taken) > 0 {
				taken[0].gap = n.gap
			}
			out = append(out, taken...)
			i++
		default:
			out = append(out, n)
		}
	}
	return out
}

// repeat writes `$( .. ) sep op`, of which body begins with the group; used is the number of nodes of body it consists of.
func (t *transcriber) repeat(body []node, at []int) (out []node, used int) {
	inner := body[0].sub
	used = 1
	var sep []node
	for used < len(body) && !repeatOp(body[used]) {
		sep = append(sep, body[used])
		used++
	}
	used++
	rounds := -1
	for _, name := range usedNames(inner, nil) {
		b, ok := t.lookup(name, at)
		if !ok || !b.deep {
			continue
		}
		if rounds >= 0 && rounds != len(b.rounds) {
			t.fail("$%s repeats %d times, another fragment %d times", name, len(b.rounds), rounds)
		}
		rounds = len(b.rounds)
	}
	if rounds < 0 {
		t.fail("a repetition without a repeating fragment: %s", render(inner))
	}
	for r := 0; r < rounds && t.err == nil; r++ {
		if r > 0 {
			out = append(out, sep...)
		}
		round := t.nodes(inner, append(at[:len(at):len(at)], r))
		if len(round) > 0 && r > 0 {
			round[0].gap = max(round[0].gap, gapBlank)
		}
		out = append(out, round...)
	}
	return out, used
}

// usedNames are the fragments that a body uses, those in ${ignore(..)} and the like included.
func usedNames(body []node, out []string) []string {
	for i := range body {
		if body[i].is("$") && i+1 < len(body) && body[i+1].ident() {
			out = append(out, body[i+1].text)
		}
		if body[i].is("$") && i+1 < len(body) && body[i+1].group('{') {
			for _, n := range flatten(body[i+1].sub, nil) {
				if n.ident() {
					out = append(out, n.text)
				}
			}
		}
		out = usedNames(body[i].sub, out)
	}
	return out
}

func flatten(nodes []node, out []node) []node {
	for _, n := range nodes {
		if n.delim != 0 {
			out = flatten(n.sub, out)
			continue
		}
		out = append(out, n)
	}
	return out
}

// metavar writes `${concat(a, $b)}`, `${ignore($x)}`, `${index()}` and `${count($x)}`.
func (t *transcriber) metavar(expr []node, at []int) []node {
	if len(expr) < 2 {
		t.fail("metavariable expression not understood: %s", render(expr))
		return nil
	}
	switch expr[0].text {
	case "ignore":
		return nil
	case "index":
		return []node{{kind: syntax.Literal, text: fmt.Sprint(at[len(at)-1])}}
	case "count":
		names := flatten(expr[1].sub, nil)
		b, ok := t.lookup(names[len(names)-1].text, at)
		if !ok {
			t.fail("${count} of an unknown fragment")
		}
		return []node{{kind: syntax.Literal, text: fmt.Sprint(len(b.rounds))}}
	case "concat":
		name := ""
		for _, n := range flatten(t.nodes(expr[1].sub, at), nil) {
			if !n.is(",") {
				name += n.text
			}
		}
		return []node{{kind: syntax.Ident, text: name, gap: gapBlank}}
	}
	t.fail("metavariable expression not understood: %s", render(expr))
	return nil
}
