package syntax

import (
	"cmp"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// argumentForm is how the arguments of a well-known macro read.
type argumentForm uint8

const (
	argsUnknown argumentForm = iota
	argsList                 // expressions, parted by commas: format!("{}", x, name = y), vec![x; n]
	argsFirst                // an expression, then a pattern: matches!(x, pattern if condition)
	argsBlock                // statements: async_stream's stream!
	argsSelect               // tokio's and futures' select!: pattern = future, if condition => handler
)

// argumentForms are macros whose arguments are expressions that are evaluated where they stand, by the last segment of their
// path.
var argumentForms = map[string]argumentForm{
	"assert": argsList, "assert_eq": argsList, "assert_ne": argsList, "debug_assert": argsList, "debug_assert_eq": argsList, "debug_assert_ne": argsList,
	"print": argsList, "println": argsList, "eprint": argsList, "eprintln": argsList, "format": argsList, "format_args": argsList,
	"write": argsList, "writeln": argsList, "panic": argsList, "todo": argsList, "unreachable": argsList, "unimplemented": argsList,
	"vec": argsList, "dbg": argsList, "pin": argsList, "pin_mut": argsList, "ready": argsList, "join": argsList, "try_join": argsList,
	"matches": argsFirst, "assert_matches": argsFirst, "dyn_box": argsList,
	"stream": argsBlock, "try_stream": argsBlock,
	"select": argsSelect, "select_biased": argsSelect,
	"anyhow": argsList, "bail": argsList, "ensure": argsList, "eyre": argsList,
	"trace": argsList, "debug": argsList, "info": argsList, "warn": argsList, "error": argsList,
}

// macroCall reads a macro invocation in expression position; the path has been read.
func (b *bodyParser) macroCall(path *Path, start int) *Expr {
	b.next()
	e := b.node(ExprMacro, start)
	e.Path, e.Op = path, b.tok().Char
	form := argumentForms[path.Segments[len(path.Segments)-1].Name]
	open, outer := b.pos, b.macro
	b.macro = true
	b.scoped(func() {
		if form == argsUnknown {
			b.otherMacro(e)
			return
		}
		b.next()
		switch form {
		case argsSelect:
			b.selectArms(e)
		case argsBlock:
			block := b.node(ExprBlock, b.pos)
			b.statements(block)
			block.Span = b.since(open + 1)
			own(e, block)
			e.X = block
		default:
			b.macroList(e, form)
		}
	})
	b.macro = outer
	b.pos = open
	b.skipGroup()
	e.Span = b.since(start)
	if name := path.Segments[len(path.Segments)-1].Name; name == "dyn_box" {
		b.body.Boxes = append(b.body.Boxes, e)
	}
	return e
}

// macroList reads arguments parted by `,` or `;`, names and sigils before them skipped: `name = x`, `target: x`, `?x`, `%x`.
func (b *bodyParser) macroList(e *Expr, form argumentForm) {
	for b.tok().Kind != Close && b.tok().Kind != EOF {
		before := b.pos
		for b.is('?') || b.is('%') {
			b.next()
		}
		if t := b.tok(); t.Kind == Ident && (b.at(1).Is('=') && !(b.at(1).Flags&Joint != 0 && b.at(2).Is('=')) || b.at(1).Is(':')) {
			b.next()
			b.next()
			for b.is('?') || b.is('%') {
				b.next()
			}
		}
		x := b.expr(anyExpr)
		own(e, x)
		e.Args = append(e.Args, x)
		if b.is(';') { // [x; n]: not two elements
			e.Kind, e.X = ExprMacro, x
		}
		if form == argsFirst {
			b.matchArm(e, x)
			return
		}
		for b.tok().Kind != Close && b.tok().Kind != EOF && !b.is(',') && !b.is(';') {
			if b.tok().Kind == Open {
				b.skipGroup()
				continue
			}
			b.next()
		}
		if !b.eat(',') {
			b.eat(';')
		}
		if b.pos == before {
			b.next()
		}
	}
}

// rebound brings the variables into scope that a statement makes of others: `pin_mut!(a, b)`, tokio's `pin!(a)` and `pin! { let a = x; }`,
// where the macro that is meant does so or nothing is known but its name. The standard library's pin! is a value, and as a statement it
// leaves nothing that could be used. What another macro may make of a name is not known.
func (b *bodyParser) rebound(e *Expr) {
	name := e.Path.Segments[len(e.Path.Segments)-1].Name
	pins := name == "pin" || name == "pin_mut"
	if !pins && argumentForms[name] != argsUnknown {
		return
	}
	for _, x := range e.Args {
		if pins && x.Kind == ExprLet && x.X != nil && x.Pat.Kind == PatBind && len(x.Pat.Elems) == 0 && b.rebinding(e, x.Pat.Span) != Rebound {
			v := &Binding{Name: x.Pat.Binding.Name, Span: x.Pat.Span}
			b.fresh = append(b.fresh, v)
			b.bind(&PatRoot{Kind: RootPin, Pat: &Pat{Kind: PatBind, Binding: v}, Expr: x.X})
		}
	}
	first, _ := slices.BinarySearchFunc(b.toks, e.Path.Span.End, func(t Token, end uint32) int { return cmp.Compare(t.Start, end) })
	for i := first + 2; i+1 < len(b.toks) && b.toks[i+1].Start < e.Span.End; i++ { // behind `!` and what opens the arguments
		t := b.toks[i]
		if t.Kind != Ident || b.toks[i-1].Is('.') {
			continue
		}
		old := b.local(b.ident(t))
		if old == nil {
			continue
		}
		v := &Binding{Name: old.Name, Span: t.Span()}
		alone := ends(b.toks[i-1], Open) && ends(b.toks[i+1], Close)
		switch rebinding := b.rebinding(e, t.Span()); {
		case rebinding == Pinned, rebinding == NotKnown && pins && alone:
			x := e.argument(t.Span())
			if x == nil {
				continue
			}
			b.fresh = append(b.fresh, v)
			b.bind(&PatRoot{Kind: RootPin, Pat: &Pat{Kind: PatBind, Binding: v}, Expr: x})
		case rebinding == Rebound, rebinding == NotKnown && alone && b.macros.Rebinds != nil:
			v.Root = &PatRoot{Kind: RootUnknown}
			b.locals = append(b.locals, v)
		}
	}
}

// ends reports whether a token parts the arguments of a macro, or is at one of their ends.
func ends(t Token, kind Kind) bool { return t.Kind == kind || t.Is(',') || t.Is(';') }

// argument is the variable that stands in a span as an argument of a macro; nil if none does.
func (e *Expr) argument(span source.Span) *Expr {
	for _, x := range e.Args {
		if x.Kind == ExprPath && x.Local != nil && x.Span == span {
			return x
		}
	}
	return nil
}

// rebinding is what a macro makes of the variable whose name stands in a part of its arguments.
func (b *bodyParser) rebinding(e *Expr, name source.Span) Rebinding {
	if b.macros.Rebinds == nil {
		return NotKnown
	}
	return b.macros.Rebinds(e.Path, e.MacroArgs(b.text), name)
}

// MacroArgs is what stands between the delimiters of a macro call.
func (e *Expr) MacroArgs(text []byte) source.Span {
	toks := Lex(text, source.Span{Start: e.Path.Span.End, End: e.Span.End}, nil)
	if i := slices.IndexFunc(toks, func(t Token) bool { return t.Kind == Open }); i >= 0 {
		return source.Span{Start: toks[i].End, End: e.Span.End - 1}
	}
	return source.Span{Start: e.Span.End, End: e.Span.End}
}

// matchArm reads what follows the scrutinee of matches!: `, pattern if condition`, and of assert_matches! perhaps `=> value`.
func (b *bodyParser) matchArm(e, scrutinee *Expr) {
	e.X = scrutinee
	if !b.eat(',') || b.tok().Kind == Close {
		return
	}
	arm := Arm{Pat: b.pattern()}
	b.bind(&PatRoot{Kind: RootArm, Pat: arm.Pat, Expr: e})
	if b.eatWord(WordIf) {
		arm.Guard = b.expr(anyExpr)
	}
	if b.eatKind(FatArrow) {
		arm.Body = b.expr(statement)
	}
	own(e, arm.Guard, arm.Body)
	e.Arms = append(e.Arms, arm)
}

// selectArms reads `biased;`, then arms `pattern = future, if condition => handler`, `else => handler`, `default => handler`.
func (b *bodyParser) selectArms(e *Expr) {
	if t := b.tok(); t.Kind == Ident && b.at(1).Is(';') {
		b.next()
		b.next()
	}
	for b.tok().Kind != Close && b.tok().Kind != EOF {
		before := b.pos
		b.skipAttrs()
		arm := Arm{}
		b.scoped(func() {
			if b.at(1).Kind == FatArrow && (b.isWord(WordElse) || b.isWord(WordDefault)) {
				b.next()
			} else {
				arm.Pat = b.pattern()
				fresh := b.fresh
				b.fresh = nil
				if b.eat('=') {
					arm.X = b.expr(anyExpr)
				}
				if b.is(',') && b.at(1).Word == WordIf {
					b.next()
					b.next()
					arm.Guard = b.expr(anyExpr)
				}
				b.fresh = fresh
				b.bind(&PatRoot{Kind: RootSelect, Pat: arm.Pat, Expr: e, Index: len(e.Arms)})
			}
			if b.eatKind(FatArrow) {
				arm.Body = b.expr(statement)
			}
		})
		own(e, arm.X, arm.Guard, arm.Body)
		e.Arms = append(e.Arms, arm)
		b.eat(',')
		if b.pos == before {
			b.next()
		}
	}
}

// EvaluatesArguments reports whether the macro with this path evaluates the expressions in its arguments where they stand.
func EvaluatesArguments(path string) bool {
	return argumentForms[path[strings.LastIndexByte(path, ':')+1:]] != argsUnknown
}
