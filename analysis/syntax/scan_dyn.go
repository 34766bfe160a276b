package syntax

// dyn records the `dyn` at index i, unless it is only a name.
func (s *scanner) dyn(r *region, i int) {
	if !s.beginsTraitObject(i, r.mode == modeMacro) {
		return
	}
	item := r.item
	macro := s.settleMacros()
	s.file.Dyns = append(s.file.Dyns, Dyn{Offset: s.toks[i].Start, Item: item, Macro: macro})
}

// beginsTraitObject reports whether the `dyn` at index i begins a type (rustc_parse, is_explicit_dyn_type). From 2018 on it
// is a keyword; in 2015 it is a name unless a bound follows. Macro arguments may hold any token, so that a bound must
// follow in every edition. `dyn*` was never stable and is gone.
func (s *scanner) beginsTraitObject(i int, inMacro bool) bool {
	var prev Token
	if i > 0 {
		prev = s.toks[i-1]
	}
	if prev.Kind == PathSep || prev.Is('.') || prev.Is('$') || declaresName(prev.Word) {
		return false
	}
	next := peek(s.toks, i+1)
	if next.Is('*') {
		return false
	}
	if s.edition == 2015 {
		return s.boundFollows2015(i, prev)
	}
	return !inMacro || s.boundFollows(i)
}

// declaresName reports the keywords after which a name is declared.
func declaresName(w Word) bool {
	switch w {
	case WordFn, WordMod, WordStruct, WordEnum, WordUnion, WordTrait, WordType, WordUse, WordLet, WordMacro:
		return true
	}
	return false
}

// boundFollows reports whether a bound can begin after the token at index i.
func (s *scanner) boundFollows(i int) bool {
	next, after := peek(s.toks, i+1), peek(s.toks, i+2)
	switch next.Kind {
	case Lifetime, PathSep:
		return true
	case Ident:
		return mayName(next) || boundWord(next.Word)
	case Open:
		return next.Char == '(' || next.Char == '[' && after.Word == WordConst
	case Punct:
		switch next.Char {
		case '?', '~', '<':
			return true
		case '!':
			return after.Kind == Ident || after.Kind == PathSep
		case '$':
			return after.Kind == Ident || after.Is('(')
		}
	}
	return false
}

// boundWord reports the keywords that can begin a bound.
func boundWord(w Word) bool {
	switch w {
	case WordFor, WordAsync, WordConst, WordUse, WordCrate, WordSelf, WordSelfType, WordSuper:
		return true
	}
	return false
}

// boundFollows2015 is rustc's can_begin_dyn_bound_in_edition_2015, which leaves `dyn::x` and `dyn<T>` to be paths. What it
// gets for free is that it is asked only where a type may stand; `dyn(x)` can also be a call, so that a type must be
// likely before it.
func (s *scanner) boundFollows2015(i int, prev Token) bool {
	next := peek(s.toks, i+1)
	switch next.Kind {
	case Lifetime:
		return true
	case Ident:
		if next.Word == WordAs || next.Word == WordUse || next.Word == WordConst {
			return false
		}
		return mayName(next) || boundWord(next.Word)
	}
	switch {
	case next.Is('?'):
		return typeFollows(prev)
	case next.Is('('):
		return typeFollows(prev) || prev.Is('(') && i > 1 && typeFollows(s.toks[i-2])
	case next.Is('$'):
		return peek(s.toks, i+2).Kind == Ident || peek(s.toks, i+2).Is('(')
	}
	return false
}

// typeFollows reports whether a type is likely after prev.
func typeFollows(prev Token) bool {
	switch prev.Kind {
	case Arrow, Lifetime:
		return true
	}
	return prev.Is('<') || prev.Is('=') || prev.Is('&') || prev.Is(':') || prev.Word == WordMut || prev.Word == WordConst || prev.Word == WordAs
}

// settleMacros records the macro invocations around the token being read, and returns the innermost, -1 if there is none.
func (s *scanner) settleMacros() int32 {
	top := len(s.stack) - 1
	k := top
	for k > 0 && s.stack[k].pending == pendingMacro {
		k--
	}
	for k++; k <= top; k++ {
		r := &s.stack[k]
		outer := &s.stack[k-1]
		m := s.macroOf(call{path: int(r.path), open: int(r.first) - 1}, int(r.end))
		m.Item, m.Outer = r.item, outer.macro
		r.pending, r.macro = pendingNothing, int32(len(s.file.Macros))
		s.file.Macros = append(s.file.Macros, m)
	}
	return s.top().macro
}
