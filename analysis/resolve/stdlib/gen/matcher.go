package main

import (
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// A macro is a macro_rules! or `macro` definition: its rules in order.
type macro struct {
	name  string
	rules []rule
}

type rule struct {
	pattern []pattern
	body    []node
}

// pattern is one element of a matcher: a literal tree, a fragment `$name:kind`, a group, or a repetition.
type pattern struct {
	token    node   // a token, if all else is unset
	fragment string // the kind of a `$name:kind`
	name     string
	delim    byte // a group
	repeat   byte // '*', '+' or '?' of a `$( .. ) sep op`
	sep      []node
	sub      []pattern
}

// binding is what a fragment matched: nodes at depth 0, one binding per round in a repetition.
type binding struct {
	nodes  []node
	rounds []binding
	deep   bool // a repetition: rounds counts, even if there are none
}

type bindings map[string]binding

// parseRules reads the rules of a definition: `(..) => {..}` in a row, whatever parts them.
func parseRules(body []node) []rule {
	var out []rule
	for i := 0; i+2 < len(body); i++ {
		if body[i].delim == 0 || !body[i+1].is("=>") || body[i+2].delim == 0 {
			continue
		}
		out = append(out, rule{parsePattern(body[i].sub), body[i+2].sub})
		i += 2
	}
	return out
}

func parsePattern(nodes []node) []pattern {
	var out []pattern
	for i := 0; i < len(nodes); i++ {
		n := nodes[i]
		if n.is("$") && i+1 < len(nodes) {
			if sub := nodes[i+1]; sub.group('(') {
				p := pattern{sub: parsePattern(sub.sub)}
				i += 2
				for ; i < len(nodes) && !repeatOp(nodes[i]); i++ {
					p.sep = append(p.sep, nodes[i])
				}
				if i < len(nodes) {
					p.repeat = nodes[i].text[0]
				}
				// `$(..)+*`: the first operator is the separator.
				if i+1 < len(nodes) && len(p.sep) == 0 && repeatOp(nodes[i+1]) && nodes[i].is("+") && nodes[i+1].gap == gapNone {
					p.sep, p.repeat = []node{nodes[i]}, nodes[i+1].text[0]
					i++
				}
				out = append(out, p)
				continue
			}
			if i+3 < len(nodes) && nodes[i+1].ident() && nodes[i+2].is(":") && nodes[i+3].ident() {
				out = append(out, pattern{name: nodes[i+1].text, fragment: nodes[i+3].text})
				i += 3
				continue
			}
		}
		if n.delim != 0 {
			out = append(out, pattern{delim: n.delim, sub: parsePattern(n.sub)})
			continue
		}
		out = append(out, pattern{token: n})
	}
	return out
}

func repeatOp(n node) bool { return n.is("*") || n.is("+") || n.is("?") }

// match matches all of nodes and returns what the fragments took.
func (r *rule) match(nodes []node) (bindings, bool) {
	b := bindings{}
	rest, ok := matchAll(r.pattern, nodes, b)
	return b, ok && len(rest) == 0
}

// matchAll matches patterns at the beginning of nodes and returns what is left.
func matchAll(patterns []pattern, nodes []node, b bindings) ([]node, bool) {
	for i := range patterns {
		p := &patterns[i]
		var ok bool
		switch {
		case p.repeat != 0:
			nodes, ok = matchRepeat(p, patterns[i+1:], nodes, b)
		case p.fragment != "":
			var taken []node
			taken, nodes, ok = takeFragment(p.fragment, nodes)
			b[p.name] = binding{nodes: taken}
		case p.delim != 0:
			if ok = len(nodes) > 0 && nodes[0].delim == p.delim; ok {
				var rest []node
				rest, ok = matchAll(p.sub, nodes[0].sub, b)
				ok = ok && len(rest) == 0
				nodes = nodes[1:]
			}
		default:
			if len(nodes) > 0 && nodes[0].delim == invisible {
				nodes = flat(nodes)
			}
			if ok = len(nodes) > 0 && nodes[0].is(p.token.text); ok {
				nodes = nodes[1:]
			}
		}
		if !ok {
			return nodes, false
		}
	}
	return nodes, true
}

// matchRepeat matches as many rounds as there are; `after` stops it where the next pattern is a token that stands here.
func matchRepeat(p *pattern, after []pattern, nodes []node, b bindings) ([]node, bool) {
	var rounds []bindings
	for len(nodes) > 0 {
		if p.repeat == '?' && len(rounds) == 1 {
			break
		}
		if stopsHere(p, after, nodes) {
			break
		}
		rest := nodes
		if len(rounds) > 0 && len(p.sep) > 0 {
			if len(rest) < len(p.sep) || !rest[0].is(p.sep[0].text) {
				break
			}
			rest = rest[len(p.sep):]
		}
		round := bindings{}
		rest, ok := matchAll(p.sub, rest, round)
		if !ok || len(rest) == len(nodes) {
			break
		}
		rounds = append(rounds, round)
		nodes = rest
	}
	for _, name := range fragmentNames(p.sub, nil) {
		out := binding{deep: true}
		for _, r := range rounds {
			out.rounds = append(out.rounds, r[name])
		}
		b[name] = out
	}
	return nodes, p.repeat != '+' || len(rounds) > 0
}

// stopsHere says whether a repetition that begins with a fragment must leave the next node to the pattern after it.
func stopsHere(p *pattern, after []pattern, nodes []node) bool {
	if len(after) == 0 || len(p.sub) == 0 || p.sub[0].fragment == "" || after[0].fragment != "" || after[0].repeat != 0 {
		return false
	}
	if after[0].delim != 0 {
		return false
	}
	return nodes[0].is(after[0].token.text) && after[0].token.kind == syntax.Ident && p.sub[0].fragment == "tt"
}

func fragmentNames(patterns []pattern, out []string) []string {
	for _, p := range patterns {
		if p.fragment != "" {
			out = append(out, p.name)
		}
		out = fragmentNames(p.sub, out)
	}
	return out
}

// takeFragment takes one fragment of a kind from the beginning of nodes. What it took is one invisible group, but for the
// kinds that rustc passes on token by token.
func takeFragment(kind string, nodes []node) (taken, rest []node, ok bool) {
	if len(nodes) > 0 && nodes[0].delim == invisible && kind != "vis" {
		inner := nodes[0].sub
		switch kind {
		case "ident", "lifetime", "meta", "literal":
			if taken, rest, ok = takeFragment(kind, inner); ok && len(rest) == 0 {
				return taken, nodes[1:], true
			}
			return nil, nodes, false
		}
		return nodes[:1], nodes[1:], true
	}
	n := fragmentLength(kind, nodes)
	if n < 0 {
		return nil, nodes, false
	}
	taken, rest = nodes[:n], nodes[n:]
	switch kind {
	case "ident", "lifetime", "tt", "literal", "block", "vis", "meta":
		return taken, rest, true
	}
	g := node{delim: invisible, sub: taken}
	if n > 0 {
		g.gap = taken[0].gap
	}
	return []node{g}, rest, true
}

// fragmentLength is the number of nodes that a fragment takes, -1 if none begins here.
func fragmentLength(kind string, nodes []node) int {
	if kind == "vis" {
		return visLength(nodes)
	}
	if len(nodes) == 0 {
		return -1
	}
	first := &nodes[0]
	switch kind {
	case "tt":
		return 1
	case "ident":
		if first.ident() && first.text != "_" {
			return 1
		}
		return -1
	case "lifetime":
		if first.kind == syntax.Lifetime {
			return 1
		}
		return -1
	case "block":
		if first.group('{') {
			return 1
		}
		return -1
	case "literal":
		n := 0
		if first.is("-") {
			n = 1
		}
		if n < len(nodes) && (nodes[n].kind == syntax.Literal || nodes[n].is("true") || nodes[n].is("false")) {
			return n + 1
		}
		return -1
	case "ty", "path":
		return typeLength(nodes)
	case "expr", "expr_2021", "stmt":
		return untilAny(nodes, ",", ";", "=>")
	case "pat", "pat_param":
		return untilAny(nodes, ",", "=>", "=", "if", "in")
	case "meta":
		return untilAny(nodes, ",", ";")
	case "item":
		items := splitItems(nodes, 1)
		if len(items) == 0 || items[0].kind == itemOther {
			return -1
		}
		return items[0].length
	}
	return -1
}

// untilAny is the number of nodes before the first of the given tokens; -1 if that is none.
func untilAny(nodes []node, stops ...string) int {
	for i := range nodes {
		for _, s := range stops {
			if nodes[i].is(s) && !(s == "=" && i > 0 && nodes[i-1].is(".")) { // the `=` of `..=`
				if i == 0 {
					return -1
				}
				return i
			}
		}
	}
	return len(nodes)
}

func visLength(nodes []node) int {
	if len(nodes) > 0 && nodes[0].delim == invisible {
		if inner := nodes[0].sub; visLength(inner) == len(inner) {
			return 1
		}
		return 0
	}
	if len(nodes) == 0 || !nodes[0].is("pub") {
		return 0
	}
	if len(nodes) > 1 && nodes[1].group('(') && len(nodes[1].sub) > 0 {
		switch nodes[1].sub[0].text {
		case "crate", "self", "super", "in":
			return 2
		}
	}
	return 1
}

// typeLength is the number of nodes of the type at the beginning of nodes; -1 if none begins there.
func typeLength(nodes []node) int {
	i := 0
	at := func(s string) bool { return i < len(nodes) && nodes[i].is(s) }
	angles := func() {
		depth := 0
		for ; i < len(nodes); i++ {
			switch {
			case at("<"):
				depth++
			case at(">"):
				depth--
			}
			if depth == 0 {
				i++
				return
			}
		}
	}
	for i < len(nodes) {
		n := &nodes[i]
		switch {
		case n.is("&"), n.is("*"), n.is("mut"), n.is("const"), n.is("unsafe"), n.is("?"), n.is("~"), n.is("dyn"), n.is("impl"),
			n.kind == syntax.Lifetime && n.delim == 0:
			i++
			continue
		case n.is("!"), n.is("_"):
			return i + 1
		case n.is("extern"):
			i++
			if i < len(nodes) && nodes[i].kind == syntax.Literal {
				i++
			}
			continue
		case n.is("for"):
			i++
			angles()
			continue
		case n.is("fn"):
			i += 2
			if !at("->") {
				return min(i, len(nodes))
			}
			i++
			continue
		case n.delim == '(' || n.delim == '[' || n.delim == invisible:
			i++
		case n.is("<"), n.is("::"), n.ident() && pathStart(n.text), n.is("$"):
			for i < len(nodes) {
				switch {
				case at("<"):
					angles()
				case nodes[i].group('(') && i > 0 && nodes[i-1].ident():
					i++
					if at("->") {
						i++
						n := typeLength(nodes[i:])
						if n < 0 {
							return -1
						}
						i += n
					}
				case nodes[i].is("$"):
					i += 2
				case nodes[i].ident(), nodes[i].delim == invisible:
					i++
				}
				if !at("::") {
					if at("<") && nodes[i-1].ident() {
						continue
					}
					if i < len(nodes) && nodes[i].group('(') && strings.HasPrefix(nodes[i-1].text, "Fn") {
						continue
					}
					break
				}
				i++
			}
			if at("!") && i+1 < len(nodes) && nodes[i+1].delim != 0 {
				i += 2
			}
		default:
			return -1
		}
		if !at("+") {
			return i
		}
		i++
	}
	return i
}

// pathStart says whether an identifier may begin a path in a type.
func pathStart(word string) bool {
	switch word {
	case "as", "where", "for", "if", "in", "pub", "fn", "struct", "enum", "trait", "type", "use", "mod", "static", "let":
		return false
	}
	return true
}
