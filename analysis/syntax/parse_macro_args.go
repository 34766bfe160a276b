package syntax

import (
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// Macros answers what the text of a body does not tell of the macros that it calls; what is nil is not known.
type Macros struct {
	// Evaluates says of a macro that is not known by name whether a part of its arguments, which are a span of the file's text, is
	// evaluated where it stands, as it is written: of a statement if it is to be read as statements.
	Evaluates func(path *Path, args, part source.Span) bool
	// Rebinds says what a macro that is a statement does to a local variable, where name is the variable's name in its arguments.
	Rebinds func(path *Path, args, name source.Span) Rebinding
}

// Rebinding says what a macro does to a variable in its arguments.
type Rebinding uint8

// What a macro may do.
const (
	NotKnown Rebinding = iota
	Kept
	Pinned  // the name is a Pin<&mut T> to the variable from then on, as pin! of tokio has it
	Rebound // the name is something else
)

// otherMacro reads the arguments of a macro that is not known by name; the current token opens them. Parts that a comma, a
// semicolon or `=>` ends count one by one; statements count if all of them do.
func (b *bodyParser) otherMacro(e *Expr) {
	if b.macros.Evaluates == nil {
		return
	}
	first := b.pos + 1
	parts, args, statements := b.macroParts(first)
	if parts == nil {
		return
	}
	if statements && b.macros.Evaluates(e.Path, args, args) {
		block := b.node(ExprBlock, first)
		b.pos = first
		b.scoped(func() { b.statements(block) })
		block.Span = b.since(first)
		own(e, block)
		e.X = block
		return
	}
	for _, p := range parts {
		part := source.Span{Start: b.toks[p.from].Start, End: b.toks[p.to-1].End}
		if !b.readsAsExpr(part) || !b.macros.Evaluates(e.Path, args, part) {
			continue
		}
		b.pos = p.from
		x := b.expr(anyExpr)
		own(e, x)
		e.Args = append(e.Args, x)
	}
}

// macroPart are the tokens of a part of a macro's arguments.
type macroPart struct{ from, to int }

// macroParts parts the arguments whose first token is at index first; nil if no call can be in them. Statements says that
// semicolons alone part them.
func (b *bodyParser) macroParts(first int) (parts []macroPart, args source.Span, statements bool) {
	depth, from, calls, commas := 0, first, false, false
	for i := first; i < len(b.toks); i++ {
		t := b.toks[i]
		end := depth == 0 && (t.Kind == Close || t.Kind == EOF)
		switch {
		case t.Kind == Open:
			depth++
			calls = calls || t.Is('(')
		case t.Kind == Close:
			depth--
		}
		if end || depth == 0 && (t.Is(',') || t.Is(';') || t.Kind == FatArrow) {
			if i > from {
				parts = append(parts, macroPart{from, i})
			}
			statements = statements || t.Is(';')
			commas = commas || t.Is(',') || t.Kind == FatArrow
			from = i + 1
		}
		if end {
			args = source.Span{Start: b.toks[first-1].End, End: t.Start}
			break
		}
	}
	if !calls {
		return nil, args, false
	}
	return parts, args, statements && !commas
}

// readsAsExpr reports whether a part of the text is an expression as a whole.
func (b *bodyParser) readsAsExpr(part source.Span) bool {
	ok := false
	parseSpan(b.text, part, b.edition, func(p *parser) {
		inner := bodyParser{parser: p, body: &Body{}, compiled: b.compiled, skips: b.skips, macro: true}
		x := inner.expr(anyExpr)
		ok = x.Kind != ExprError && inner.tok().Kind == EOF
	})
	return ok
}

// skipUnread skips an item in the arguments of a macro, where the items of a file are not looked for, and keeps the names that it
// declares: in its block they mean something else than outside.
func (b *bodyParser) skipUnread() bool {
	h, ok := itemAt(b.toks, b.pos)
	if !ok || !h.plausible(b.toks) {
		return false
	}
	declare := func(name string) {
		b.body.Unread = append(b.body.Unread, UnreadItem{Kind: h.kind, Name: name})
		b.locals = slices.Insert(b.locals, b.outer, &Binding{Name: name})
	}
	switch {
	case h.kind == KindUse:
		var groups []string // the segments before the groups that are open
		segment := ""
		for i := h.keyword + 1; i < len(b.toks) && !b.toks[i].Is(';') && b.toks[i].Kind != EOF; i++ {
			t, next := b.toks[i], b.at(i+1-b.pos)
			ends := next.Is(',') || next.Is('}') || next.Is(';')
			switch {
			case t.Is('*'):
				declare("*")
			case t.Is('{'):
				groups = append(groups, segment)
			case t.Is('}') && len(groups) > 0:
				groups = groups[:len(groups)-1]
			case t.Word == WordSelf && ends && len(groups) > 0: // {self}
				declare(groups[len(groups)-1])
			case t.Kind == Ident:
				segment = b.ident(t)
				if ends {
					declare(segment)
				}
			}
		}
	case h.kind == KindExternBlock:
		declare("*")
	case h.kind == KindImpl:
		b.body.Unread = append(b.body.Unread, UnreadItem{Kind: KindImpl})
	case h.name >= 0:
		declare(b.ident(b.toks[h.name]))
	}
	value := h.kind == KindUse || h.kind == KindConst || h.kind == KindStatic || h.kind == KindType || h.kind == KindExternCrate
	for b.tok().Kind != EOF && b.tok().Kind != Close {
		switch {
		case b.eat(';'):
			return true
		case b.is('{') && !value:
			b.skipGroup()
			return true
		case b.tok().Kind == Open:
			b.skipGroup()
		default:
			b.next()
		}
	}
	return true
}
