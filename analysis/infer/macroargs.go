package infer

import (
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// An expression in the arguments of a macro_rules! is evaluated where it stands if the macro's expansion has a copy of it where an
// expression stands, not in the arguments of a macro that may do something else with it. Hygiene keeps the variables of the
// macro from the names in it.

// macroArgs looks at the macros in one body whose arguments may be expressions.
type macroArgs struct {
	*engine
	top    *workspace.Scope
	item   int32
	budget int
	made   map[uint32]expandedMacro // by the start of the arguments
}

func newMacroArgs(e *engine, top *workspace.Scope, item int32) *macroArgs {
	return &macroArgs{engine: e, top: top, item: item, budget: resolve.ExpansionBudget, made: map[uint32]expandedMacro{}}
}

// maxMacroNesting bounds macros within macros.
const maxMacroNesting = 16

func (m *macroArgs) evaluates(path *syntax.Path, args, part source.Span) bool {
	made := m.expansion(path, args)
	return made != nil && m.in(made, part, source.Span{End: uint32(len(made.Text))}, 0)
}

// expansion is what the macro that a path means makes of some arguments; nil if that is not sure.
func (m *macroArgs) expansion(path *syntax.Path, args source.Span) *workspace.File {
	return m.expanded(path, args).file
}

// reached reports whether the definition of the macro that a path means is in reach: it is none of the standard library's.
func (m *macroArgs) reached(path *syntax.Path, args source.Span) bool {
	return m.expanded(path, args).known != resolve.Foreign
}

// expandedMacro is what is known of an invocation; the file is nil if it is not sure what it expands to.
type expandedMacro struct {
	file  *workspace.File
	known resolve.Expanded
}

// expanded is what the macro that a path means makes of some arguments of the body; it is kept.
func (m *macroArgs) expanded(path *syntax.Path, args source.Span) expandedMacro {
	made, ok := m.made[args.Start]
	if !ok {
		made = m.expand(strings.Join(strings.Fields(string(path.Span.Of(m.top.File.Text))), ""), path.Span.Start, m.top.File, args)
		m.made[args.Start] = made
	}
	return made
}

// expand is the same of an invocation in a file, be it one that another expands to, with the names that are in scope at an offset of the body.
func (m *macroArgs) expand(path string, offset uint32, file *workspace.File, args source.Span) expandedMacro {
	made, known := m.resolve.ExpandAt(m.top.ScopeAt(m.item, offset), offset, path, file, args, &m.budget)
	if known != resolve.Certain {
		made = nil
	}
	return expandedMacro{made, known}
}

// rebinds says what a macro that is a statement does to the variable whose name stands in a part of its arguments: it has a `let` of it at
// the top of what it expands to.
func (m *macroArgs) rebinds(path *syntax.Path, args, name source.Span) syntax.Rebinding {
	made := m.expanded(path, args)
	if made.file == nil {
		if made.known == resolve.Foreign {
			return syntax.NotKnown
		}
		return syntax.Rebound
	}
	return m.rebindsIn(made.file, name, 0)
}

// rebindsIn is rebinds for what an invocation expands to.
func (m *macroArgs) rebindsIn(made *workspace.File, name source.Span, nesting int) syntax.Rebinding {
	x := made.Expansion.Trace()
	all := source.Span{End: uint32(len(made.Text))}
	toks := syntax.Lex(made.Text, all, nil)
	copied := map[uint32]bool{} // where the name stands in the expansion
	for _, i := range x.Copies(m.top.File, name.Start) {
		copied[x.Tokens[i].At] = true
	}
	depth, out := 0, syntax.Kept
	blocks := map[uint32]int{} // the braces around what begins at an offset
	for i, t := range toks {
		blocks[t.Start] = depth
		switch {
		case t.Is('{'):
			depth++
		case t.Is('}'):
			depth--
		}
		if !copied[t.Start] {
			continue
		}
		if inv := syntax.Around(made.Text, all, t.Start).Invocation; inv != nil {
			if blocks[inv.Start] == 0 {
				if inner := m.rebindsInner(made, inv, name, nesting); inner != syntax.Kept {
					out = inner // the last one counts
				}
			}
			continue
		}
		if depth > 0 {
			continue
		}
		start := lastStatement(toks[:i])
		if start < i && toks[start].Word == syntax.WordLet && !slices.ContainsFunc(toks[start:i], func(t syntax.Token) bool { return t.Is('=') }) {
			if out = syntax.Rebound; pinsIn(made.Text, toks[i:]) {
				out = syntax.Pinned
			}
		}
	}
	return out
}

// rebindsInner is rebinds for an invocation in what another expands to.
func (m *macroArgs) rebindsInner(made *workspace.File, inv *syntax.Invocation, name source.Span, nesting int) syntax.Rebinding {
	switch {
	case inv.Definition, syntax.EvaluatesArguments(inv.Path), syntax.Conditional(inv.Path):
		return syntax.Kept
	case nesting < maxMacroNesting:
		if inner := m.expand(inv.Path, name.Start, made, inv.Args).file; inner != nil {
			return m.rebindsIn(inner, name, nesting+1)
		}
	}
	return syntax.Rebound
}

// lastStatement is the index of the token at which the statement begins that tokens end in; attributes are left out.
func lastStatement(toks []syntax.Token) int {
	i := len(toks)
	for i > 0 && !toks[i-1].Is(';') && !toks[i-1].Is('}') {
		i--
	}
	for i+1 < len(toks) && toks[i].Is('#') && toks[i+1].Is('[') {
		depth := 0
		for i++; i < len(toks); i++ {
			if toks[i].Is('[') {
				depth++
			} else if toks[i].Is(']') {
				if depth--; depth == 0 {
					break
				}
			}
		}
		i++
	}
	return min(i, len(toks))
}

// pinsIn reports whether a statement that tokens begin with makes a Pin by `Pin::new_unchecked(&mut ..)`, as the macros do that pin a variable
// to the stack.
func pinsIn(text []byte, toks []syntax.Token) bool {
	for _, t := range toks {
		if t.Is(';') {
			return false
		}
		if t.Kind == syntax.Ident && string(t.Span().Of(text)) == "new_unchecked" {
			return true
		}
	}
	return false
}

// in reports whether a copy of part is evaluated in a part of an expansion.
func (m *macroArgs) in(made *workspace.File, part, where source.Span, depth int) bool {
	x := made.Expansion.Trace()
	for _, first := range x.Copies(m.top.File, part.Start) {
		at := x.Tokens[first].At
		if at < where.Start || at >= where.End || depth > maxMacroNesting {
			continue
		}
		if after, whole := x.CopyOf(int(first), m.top.File, part); !whole || !m.apart(made, int(first), after) {
			continue
		}
		inv := syntax.Around(made.Text, where, at).Invocation
		switch {
		case inv == nil:
			return true
		case inv.Definition:
		case syntax.EvaluatesArguments(inv.Path) || syntax.Conditional(inv.Path):
			if m.in(made, part, inv.Args, depth+1) {
				return true
			}
		default:
			if inner := m.expand(inv.Path, part.Start, made, inv.Args).file; inner != nil && m.in(inner, part, source.Span{End: uint32(len(inner.Text))}, depth+1) {
				return true
			}
		}
	}
	return false
}

// apart reports whether the tokens beside a copy leave it what it is.
func (m *macroArgs) apart(made *workspace.File, first, after int) bool {
	x := made.Expansion.Trace()
	text := func(i int) string {
		if i < 0 || i >= len(x.Tokens) {
			return ""
		}
		return string(made.Text[x.Tokens[i].At:][:x.Tokens[i].Len])
	}
	switch before := text(first - 1); before {
	case "", "(", "{", "[", ",", ";", "=", "=>", "&", "*", "!", "|", "||", "&&", "return", "break", "match", "if", "while", "in", "else", "move", "mut", "raw":
	default:
		return false
	}
	switch text(after) {
	case "::", "!", "=>":
		return false
	}
	return true
}

// isArgument reports whether a macro call is its one argument and nothing else.
func (m *macroArgs) isArgument(e *syntax.Expr) bool {
	for start, made := range m.made {
		if made.file == nil || start < e.Path.Span.End || start > e.Args[0].Span.Start {
			continue
		}
		x := made.file.Expansion.Trace()
		first, last := 0, len(x.Tokens)
		for first < last && made.file.Text[x.Tokens[first].At] == '(' && x.Tokens[first].File == nil {
			first, last = first+1, last-1
		}
		after, whole := x.CopyOf(first, m.top.File, e.Args[0].Span)
		return whole && after == last
	}
	return false
}
