package infer

import (
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
	made   map[uint32]*workspace.File // by the start of the arguments; nil where it is not sure
}

func newMacroArgs(e *engine, top *workspace.Scope, item int32) *macroArgs {
	return &macroArgs{engine: e, top: top, item: item, budget: resolve.ExpansionBudget, made: map[uint32]*workspace.File{}}
}

// maxMacroNesting bounds macros within macros.
const maxMacroNesting = 16

func (m *macroArgs) evaluates(path *syntax.Path, args, part source.Span) bool {
	made := m.expansion(path, args)
	return made != nil && m.in(made, part, source.Span{End: uint32(len(made.Text))}, 0)
}

// expansion is what the macro that a path means makes of some arguments; nil if that is not sure.
func (m *macroArgs) expansion(path *syntax.Path, args source.Span) *workspace.File {
	made, ok := m.made[args.Start]
	if !ok {
		made = m.expand(strings.Join(strings.Fields(string(path.Span.Of(m.top.File.Text))), ""), path.Span.Start, m.top.File, args)
		m.made[args.Start] = made
	}
	return made
}

func (m *macroArgs) expand(path string, offset uint32, file *workspace.File, args source.Span) *workspace.File {
	made, known := m.resolve.ExpandAt(m.top.ScopeAt(m.item, offset), offset, path, file, args, &m.budget)
	if known != resolve.Certain {
		return nil
	}
	return made
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
			if inner := m.expand(inv.Path, part.Start, made, inv.Args); inner != nil && m.in(inner, part, source.Span{End: uint32(len(inner.Text))}, depth+1) {
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
		if made == nil || start < e.Path.Span.End || start > e.Args[0].Span.Start {
			continue
		}
		x := made.Expansion.Trace()
		first, last := 0, len(x.Tokens)
		for first < last && made.Text[x.Tokens[first].At] == '(' && x.Tokens[first].File == nil {
			first, last = first+1, last-1
		}
		after, whole := x.CopyOf(first, m.top.File, e.Args[0].Span)
		return whole && after == last
	}
	return false
}
