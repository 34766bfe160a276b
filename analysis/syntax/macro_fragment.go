package syntax

// mayBegin reports whether a fragment of this kind is tried at the token at index i (rustc_parse::parser::nonterminal,
// nonterminal_may_be_ident and token.can_begin_*).
func (m *tokenTrees) mayBegin(kind string, i int) bool {
	t := m.toks[i]
	if inner, _, ok := m.fragmentAt(i); ok {
		return m.mayTake(kind, inner)
	}
	switch kind {
	case "tt", "item", "stmt":
		return t.Kind != Close
	case "ident":
		return t.Kind == Ident && t.Word != WordUnderscore || m.crateAt(i)
	case "lifetime":
		return t.Kind == Lifetime
	case "literal":
		return t.Kind == Literal || t.Word == WordTrue || t.Word == WordFalse || m.is(i, "-")
	case "vis":
		return t.Is(',') || t.Kind == Ident || m.beginsType(i)
	case "block":
		return t.Is('{')
	case "path", "meta":
		return t.Kind == PathSep || t.Kind == Ident || m.crateAt(i)
	case "ty":
		return m.beginsType(i)
	case "pat", "pat_param":
		return m.beginsPattern(kind, i)
	case "expr", "expr_2021":
		return m.beginsExpr(kind, i)
	}
	return false
}

// mayTake reports whether a fragment of one kind is tried where another stands that an outer macro matched.
func (m *tokenTrees) mayTake(kind, inner string) bool {
	switch kind {
	case "tt", "item", "stmt", "vis":
		return true
	case "ident", "lifetime":
		return false
	case "literal":
		return inner == "literal" || inner == "expr"
	case "block":
		return inner == "block" || inner == "expr" || inner == "stmt" || inner == "literal"
	case "path", "meta":
		return inner == kind || inner == "path"
	case "ty":
		return inner == "ty" || inner == "path"
	case "pat", "pat_param":
		return inner == "pat" || inner == "pat_param" || inner == "literal" || inner == "path" || inner == "expr"
	}
	return inner == "expr" || inner == "expr_2021" || inner == "literal" || inner == "path" || inner == "block"
}

// reservedWords are the keywords that are no names and that no Word stands for.
var reservedWords = map[string]bool{
	"abstract": true, "become": true, "box": true, "do": true, "override": true, "priv": true, "try": true, "typeof": true,
	"unsized": true, "virtual": true, "yield": true,
}

// reserved reports whether the identifier at index i is a keyword in this edition, path keywords apart.
func (m *tokenTrees) reserved(i int) bool {
	t := m.toks[i]
	switch t.Word {
	case NoWord:
		word := m.str(i)
		return t.Flags&RawIdent == 0 && reservedWords[word] && (word != "try" || m.edition >= 2018)
	case WordSelf, WordSelfType, WordSuper, WordCrate, WordAuto, WordDefault, WordMacroRules, WordSafe, WordUnion:
		return false
	case WordAsync, WordAwait, WordDyn:
		return m.edition >= 2018
	case WordGen:
		return m.edition >= 2024
	}
	return true
}

func (m *tokenTrees) beginsType(i int) bool {
	t := m.toks[i]
	switch t.Kind {
	case Ident:
		switch t.Word {
		case WordUnderscore, WordFor, WordImpl, WordFn, WordUnsafe, WordExtern, WordDyn:
			return true
		}
		return !m.reserved(i)
	case Open:
		return t.Char != '{'
	case Lifetime, PathSep:
		return true
	}
	switch m.str(i) {
	case "!", "*", "&", "&&", "?", "<", "<<":
		return true
	}
	return m.crateAt(i)
}

func (m *tokenTrees) beginsPattern(kind string, i int) bool {
	t := m.toks[i]
	switch t.Kind {
	case Ident, Literal, PathSep:
		return true
	case Open:
		return t.Char != '{'
	}
	switch m.str(i) {
	case "&", "&&", "-", "..", "...", "<", "<<":
		return true
	case "|", "||":
		return kind == "pat" && m.edition >= 2021
	}
	return m.crateAt(i)
}

func (m *tokenTrees) beginsExpr(kind string, i int) bool {
	t := m.toks[i]
	newer := kind == "expr" && m.edition >= 2024
	switch t.Kind {
	case Ident:
		switch t.Word {
		case WordLet:
			return false
		case WordUnderscore, WordConst:
			return newer
		case WordAsync, WordBreak, WordContinue, WordFalse, WordFor, WordGen, WordIf, WordLoop, WordMatch, WordMove, WordReturn,
			WordTrue, WordUnsafe, WordWhile, WordStatic, WordSafe:
			return true
		case NoWord:
			switch m.str(i) {
			case "do", "box", "try", "yield", "become", "builtin":
				return true
			}
		}
		return !m.reserved(i)
	case Open, Literal, PathSep, Lifetime:
		return true
	}
	switch m.str(i) {
	case "!", "-", "*", "|", "||", "&", "&&", "..", "...", "..=", "<", "<<", "#":
		return true
	}
	return m.crateAt(i)
}

// fragment is the index after the fragment of this kind at index i; -1 if none reads there, which rustc reports as an error.
// Where an expression, a statement or a pattern ends is told by what may follow it in a matcher: nothing that an expression
// could go on with (reference, macro.ambiguity.sets).
func (m *tokenTrees) fragment(kind string, i int) int {
	if inner, after, ok := m.fragmentAt(i); ok {
		switch {
		case kind == "tt", kind == inner:
			return after
		case kind == "vis":
			return i
		case kind == "ty" && inner == "path" && !m.toks[after].Is('+'):
			return after
		case (kind == "expr" || kind == "expr_2021") && m.endsExpr(after):
			return after
		}
		return -1
	}
	switch kind {
	case "tt", "lifetime", "block":
		return m.tree(i)
	case "ident":
		return m.glued(i)
	case "literal":
		if m.toks[i].Is('-') {
			i++
		}
		if t := m.toks[i]; t.Kind == Literal || t.Word == WordTrue || t.Word == WordFalse {
			return i + 1
		}
		return -1
	case "vis":
		return m.visibility(i)
	case "ty":
		return m.typeEnd(i, func(p *parser) bool {
			t := p.typ(allowPlus)
			return t.Kind != TypeError && (t.Kind != TypePath || len(t.Path.Segments) > 0)
		})
	case "path":
		return m.typeEnd(i, func(p *parser) bool { return len(p.path().Segments) > 0 })
	case "meta":
		return m.meta(i)
	case "item":
		return m.item(i)
	case "stmt":
		if end := m.item(i); end > 0 {
			return end
		}
		return m.expr(i)
	case "expr", "expr_2021":
		return m.expr(i)
	}
	return m.pattern(i, kind == "pat" && m.edition >= 2021)
}

// visibility is the index after a visibility, which may be empty.
func (m *tokenTrees) visibility(i int) int {
	if m.toks[i].Word != WordPub {
		return i
	}
	if next := peek(m.toks, i+1); next.Is('(') {
		switch inner := peek(m.toks, i+2); inner.Word {
		case WordIn:
			return m.tree(i + 1)
		case WordCrate, WordSelf, WordSuper:
			if peek(m.toks, i+3).Is(')') {
				return m.tree(i + 1)
			}
		}
	}
	return i + 1
}

// typeEnd is the index after what read reads at index i.
func (m *tokenTrees) typeEnd(i int, read func(*parser) bool) int {
	p := parser{text: m.text, toks: m.toks, pos: i, edition: m.edition}
	if !read(&p) || p.pos == i {
		return -1
	}
	return p.pos
}

// meta reads the content of an attribute.
func (m *tokenTrees) meta(i int) int {
	if m.toks[i].Word == WordUnsafe && peek(m.toks, i+1).Is('(') {
		return m.tree(i + 1)
	}
	if m.toks[i].Kind == PathSep {
		i++
	}
	for {
		if m.toks[i].Kind != Ident {
			return -1
		}
		if i++; m.toks[i].Kind != PathSep {
			break
		}
		i++
	}
	switch {
	case m.toks[i].Kind == Open:
		return m.tree(i)
	case !m.is(i, "="):
		return i
	case peek(m.toks, i+1).Kind == Literal:
		return i + 2
	}
	return m.expr(i + 1)
}

// scanner is a scanner over these tokens, to be asked where items end.
func (m *tokenTrees) scanner() *scanner {
	return &scanner{text: m.text, edition: m.edition, toks: m.toks, partner: m.partner, file: &File{}}
}

// item is the index after the item at index i; -1 if none stands there.
func (m *tokenTrees) item(i int) int {
	s := m.scanner()
	end := m.end()
	at := s.attrsEnd(i, end)
	if h, ok := itemAt(s.toks[:end], at); ok && h.plausible(s.toks[:end]) {
		x := s.extent(h, at, end)
		if x.incomplete || x.odd || needsBody(h.kind) && x.open < 0 && !x.alias {
			return -1
		}
		return x.end
	}
	if c, ok := callAt(s.toks[:end], at); ok {
		if after, complete := s.callEnd(c, end); complete {
			return after
		}
	}
	return -1
}

// endsExpr reports whether an expression that ends before index i ends there for sure.
func (m *tokenTrees) endsExpr(i int) bool {
	t := m.toks[i]
	return i >= m.end() || t.Kind == Close || t.Kind == FatArrow || t.Is(',') || t.Is(';')
}

// expr is the index of the `,`, `;`, `=>` or closing delimiter that ends the expression or statement at index i.
func (m *tokenTrees) expr(i int) int {
	start := i
	operand := true // an operand is expected, not an operator
	for !m.endsExpr(i) {
		t := m.toks[i]
		after := m.glued(i)
		switch {
		case t.Kind == Open:
			after, operand = m.tree(i), false
		case t.Is('#') && peek(m.toks, i+1).Is('['):
			after = m.tree(i + 1)
		case !operand && (t.Word == WordAs || t.Is(':')):
			after = m.typeEnd(i+1, func(p *parser) bool { return p.typ(t.Is(':')).Kind != TypeError })
		case !operand && t.Is('?'):
		case !operand:
			operand = true
		case m.is(i, "|"): // the parameters of a closure
			for after < m.end() && !m.toks[after].Is('|') && m.toks[after].Kind != Close {
				after = m.tree(after)
			}
			after++
			if peek(m.toks, after).Kind == Arrow {
				after = m.typeEnd(after+1, func(p *parser) bool { return p.typ(noPlus).Kind != TypeError })
			}
		case m.is(i, "||") && peek(m.toks, after).Kind == Arrow:
			after = m.typeEnd(after+1, func(p *parser) bool { return p.typ(noPlus).Kind != TypeError })
		case t.Is('<') && m.str(i) != "<-":
			after, operand = m.typeEnd(i, func(p *parser) bool { return p.path().QSelf != nil }), false
		case t.Kind == Literal, t.Kind == Lifetime:
			operand = false
			if t.Kind == Lifetime { // a label, or what `break` leaves
				operand = true
				if m.is(after, ":") {
					after++
				}
			}
		case t.Kind == Ident && !m.operandFollows(i), t.Kind == PathSep, m.crateAt(i):
			after, operand = m.exprPath(i), false
			if after > 0 && m.toks[after].Is('!') && m.toks[after+1].Kind == Open {
				after = m.tree(after + 1)
			}
		}
		if after <= i || after > m.end() {
			return -1
		}
		i = after
	}
	if i == start {
		return -1
	}
	return i
}

// operandFollows reports the keywords in an expression after which an operand follows.
func (m *tokenTrees) operandFollows(i int) bool {
	switch m.toks[i].Word {
	case WordReturn, WordBreak, WordContinue, WordMove, WordAsync, WordUnsafe, WordConst, WordStatic, WordLet, WordIf, WordWhile,
		WordMatch, WordLoop, WordElse, WordIn, WordRef, WordMut, WordFor, WordGen:
		return true
	}
	return false
}

// exprPath is the index after a path in an expression: generic arguments only behind `::`.
func (m *tokenTrees) exprPath(i int) int {
	if m.toks[i].Is('$') {
		i++
	}
	if m.toks[i].Kind == Ident {
		i++
	}
	for m.toks[i].Kind == PathSep {
		switch next := m.toks[i+1]; {
		case next.Is('<'):
			end := m.typeEnd(i+1, func(p *parser) bool { p.angleArgs(); return true })
			if end < 0 {
				return -1
			}
			i = end
		case next.Kind == Ident:
			i += 2
		default:
			return i + 1
		}
	}
	return i
}

// pattern is the index of what ends the pattern at index i.
func (m *tokenTrees) pattern(i int, alternatives bool) int {
	start := i
	for !m.endsExpr(i) && !m.is(i, "=") && m.toks[i].Word != WordIf && m.toks[i].Word != WordIn && (alternatives || !m.is(i, "|")) {
		if m.toks[i].Kind == PathSep && m.toks[i+1].Is('<') || m.toks[i].Kind == Ident {
			if end := m.exprPath(i); end > i {
				i = end
				continue
			}
			return -1
		}
		i = m.tree(i)
	}
	if i == start {
		return -1
	}
	return i
}
