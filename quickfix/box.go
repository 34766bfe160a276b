package quickfix

import (
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// boxSuffix puts a call through dyn into a box with the announced postfix notation:
//
//	client.fetch(url).await      ->      client.fetch(url).box.await
//
// No released compiler accepts it, so it is offered everywhere and preferred only where the rule set is `box`.
var boxSuffix = &Fix{
	ID:    "box",
	Title: "box the result of the call with `.box`",
	offer: offerBoxSuffix,
}

func offerBoxSuffix(w *Workspace, t *Target) []Action {
	if !w.wantsBox(t.Call) {
		return nil
	}
	c := t.Call
	code := ".box"
	// In a chain over several lines every link has a line of its own.
	if next := lineBreakBehind(c.File.Text, c.Expr.End); next != "" {
		code = next + code
	}
	a := Action{Title: "box what `" + c.Method + "` returns: `.box`", Edits: []Edit{insert(c.File, c.Expr.End, code)}}
	return []Action{w.boxing(a, c, dyncompat.Box, "a compiler with the `.box` notation")}
}

// wantsBox reports whether a call goes through dyn unboxed, to a method whose result can be boxed, and is written to its end.
func (w *Workspace) wantsBox(c *infer.Call) bool {
	if c == nil || !c.NeedsBox() || !closed(c) {
		return false
	}
	m := w.method(c)
	return m != nil && m.Class == dyncompat.Boxed
}

// closed reports whether the parentheses of a call are closed. Those of one that is being typed are closed by what comes next.
func closed(c *infer.Call) bool {
	text := c.File.Text
	var open []byte // what has to close the groups around a token
	var last syntax.Token
	for _, t := range syntax.Lex(text, c.Expr, nil) {
		switch {
		case t.Kind == syntax.EOF:
			return len(open) == 0 && last.Is(')')
		case t.Kind == syntax.Open:
			open = append(open, map[byte]byte{'(': ')', '[': ']', '{': '}'}[t.Char])
		case t.Kind == syntax.Close:
			if len(open) == 0 || t.Char != open[len(open)-1] {
				return false
			}
			open = open[:len(open)-1]
		case t.Is(';') && len(open) > 0 && open[len(open)-1] == ')':
			return false // a statement of what follows
		}
		last = t
	}
	return false
}

// method is the trait's method that a call means.
func (w *Workspace) method(c *infer.Call) *dyncompat.Method {
	v := w.Judge.Verdict(c.Trait)
	for i := range v.Methods {
		if m := &v.Methods[i]; m.Name == c.Method {
			return m
		}
	}
	return nil
}

// boxing completes the action of a notation that exists under the rule set since.
func (w *Workspace) boxing(a Action, c *infer.Call, since dyncompat.RuleSet, needs string) Action {
	a.Applicability = MachineApplicable
	if !w.has(since) {
		a.Title += " (needs " + needs + ")"
		a.Applicability, a.Needs = MaybeIncorrect, needs
		return a
	}
	a.Preferred = w.RuleSet == since
	if m := w.method(c); c.Macro || !m.Certain {
		a.Applicability = MaybeIncorrect
	}
	return a
}

// has reports whether the workspace's rule set is since or a later step of the plan.
func (w *Workspace) has(since dyncompat.RuleSet) bool {
	now := max(0, slices.Index(dyncompat.RuleSets[:], w.RuleSet)) // Stable if nothing is set
	return now >= slices.Index(dyncompat.RuleSets[:], since)
}

// lineBreakBehind is the line break and the indentation of the next line if that goes on with a method chain, else empty.
func lineBreakBehind(text []byte, at uint32) string {
	end := lineEnd(text, at)
	if !comment(text[at:end]) || int(end) == len(text) {
		return ""
	}
	next := end + 1
	if text[end] == '\r' {
		next++
	}
	if int(next) >= len(text) {
		return ""
	}
	indent := indentAt(text, next)
	if rest := next + uint32(len(indent)); int(rest) < len(text) && text[rest] == '.' {
		return "\n" + indent
	}
	return ""
}
