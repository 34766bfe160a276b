package syntax

import (
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// arm is one alternative of a conditional macro: the tokens that count under its condition.
type arm struct {
	cond       source.Span // empty for `else` and `_`
	start, end int         // indexes of tokens
}

// conditionals are the macros whose arguments are alternatives under cfg predicates, by the last segment of their path.
var conditionals = map[string]func(s *scanner, i, end int) ([]arm, bool){
	"cfg_if": (*scanner).cfgIfArms, "cfg_select": (*scanner).cfgSelectArms, "cfg_match": (*scanner).cfgSelectArms,
}

// Conditional reports whether the macro with this path is one of those.
func Conditional(path string) bool {
	return conditionals[path[strings.LastIndexByte(path, ':')+1:]] != nil
}

// cfgIfArms reads `if #[cfg(P)] { .. } else if #[cfg(Q)] { .. } else { .. }`.
func (s *scanner) cfgIfArms(i, end int) (arms []arm, ok bool) {
	toks := s.toks[:end]
	for {
		var cond source.Span
		conditional := peek(toks, i).Word == WordIf
		if conditional {
			attr := s.attrEnd(i+1, end)
			if attr == i+1 || !s.isCfg(i+3) || !peek(toks, i+4).Is('(') {
				return arms, s.repaired && len(arms) > 0
			}
			inner, _ := s.group(i+4, end)
			cond = s.between(i+4, inner)
			i = attr
		}
		if !peek(toks, i).Is('{') {
			return arms, s.repaired && len(arms) > 0
		}
		inner, after := s.group(i, end)
		arms = append(arms, arm{cond: cond, start: i + 1, end: inner})
		i = after
		if i >= end {
			return arms, true
		}
		if !conditional || peek(toks, i).Word != WordElse {
			return arms, s.repaired
		}
		i++
	}
}

// isCfg reports whether the token at index i is the name `cfg`.
func (s *scanner) isCfg(i int) bool {
	t := peek(s.toks, i)
	return t.Kind == Ident && s.name(t) == "cfg"
}

// cfgSelectArms reads `P => { .. } _ => { .. }`, with or without commas; the nightly cfg_match wrote `cfg(P) => { .. }`.
func (s *scanner) cfgSelectArms(i, end int) (arms []arm, ok bool) {
	toks := s.toks[:end]
	for i < end {
		start := i
		for i < end && toks[i].Kind != FatArrow {
			if toks[i].Kind == Open {
				_, i = s.group(i, end)
				continue
			}
			i++
		}
		if i == start || i >= end {
			return nil, false
		}
		a := arm{cond: source.Span{Start: toks[start].Start, End: toks[i-1].End}}
		switch {
		case toks[start].Word == WordUnderscore && i == start+1:
			a.cond = source.Span{}
		case s.isCfg(start) && peek(toks, start+1).Is('('):
			inner, _ := s.group(start+1, end)
			a.cond = s.between(start+1, inner)
		}
		i++
		if peek(toks, i).Is('{') {
			a.start = i + 1
			a.end, i = s.group(i, end)
		} else {
			a.start = i
			for i < end && !toks[i].Is(',') {
				if toks[i].Kind == Open {
					_, i = s.group(i, end)
					continue
				}
				i++
			}
			a.end = i
		}
		if peek(toks, i).Is(',') {
			i++
		}
		arms = append(arms, a)
	}
	return arms, len(arms) > 0
}

// pushArms records the alternatives of the conditional macro whose arguments are args, and pushes them, the first last. r is
// the region that it stands in: the arms are read like the region, as items or as statements.
func (s *scanner) pushArms(r, args region, arms []arm) {
	whole := args.macro
	conds := make([]source.Span, 0, len(arms))
	for _, a := range arms {
		m := s.file.Macros[whole]
		m.Outer, m.Cond, m.Negated = whole, a.cond, conds[:len(conds):len(conds)]
		m.Args = source.Span{Start: m.Args.End, End: m.Args.End}
		if a.start < a.end {
			m.Args = source.Span{Start: s.toks[a.start].Start, End: s.toks[a.end-1].End}
		}
		m.Items = true
		s.file.Macros = append(s.file.Macros, m)
		if !a.cond.Empty() {
			conds = append(conds, a.cond)
		}
	}
	s.file.Macros[whole].Items = true
	first := int(whole) + 1
	for k := len(arms) - 1; k >= 0; k-- {
		a := arms[k]
		part := args
		part.pos, part.end, part.macro = int32(a.start), int32(a.end), int32(first+k)
		part.mode, part.item = r.mode, r.item
		s.push(part)
	}
}
