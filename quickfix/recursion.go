package quickfix

import (
	"bytes"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// boxRecursion boxes the calls by which an async fn awaits itself, which rustc rejects (E0733) because such a future would hold itself.
//
//	n * factorial(n - 1).await      ->      n * Box::pin(factorial(n - 1)).await
//
// No rule of ours finds them: rustc does, and the fix is for what it says.
var boxRecursion = &Fix{
	ID:    "box-recursion",
	Title: "box the call by which an async fn awaits itself",
	offer: offerBoxRecursion,
}

// Recursion is an async fn that awaits itself.
type Recursion struct {
	File   *workspace.File
	Header source.Span // from the first token to before the body, as rustc reports it
	Calls  []source.Span
	isFree bool // no method: its name means nothing else
}

func offerBoxRecursion(w *Workspace, t *Target) []Action {
	r := t.Recursion
	if r == nil {
		return nil
	}
	a := Action{Title: "box the recursive call", Applicability: MaybeIncorrect, Preferred: true}
	if len(r.Calls) > 1 {
		a.Title = "box the recursive calls"
	}
	if slices.ContainsFunc(r.File.Owners, func(s *workspace.Scope) bool { return s.Crate.HasInner("no_std") }) {
		a.BlockedBy = "the crate is `no_std`"
		return []Action{a}
	}
	if r.isFree {
		a.Applicability = MachineApplicable
	}
	for _, call := range r.Calls {
		a.Edits = append(a.Edits,
			Edit{Path: r.File.Path, Span: source.Span{Start: call.Start, End: call.Start}, New: "Box::pin("},
			Edit{Path: r.File.Path, Span: source.Span{Start: call.End, End: call.End}, New: ")"})
	}
	return []Action{a}
}

// Recursions are the async fns of a file that await themselves without a box. A method may be another of the same name that the
// type has besides; cycles of several functions are not looked for.
func Recursions(f *workspace.File) []Recursion {
	var out []Recursion
	file := f.Syntax()
	for i := range file.Items {
		it := &file.Items[i]
		if it.Parent >= 0 && file.Items[it.Parent].Kind == syntax.KindTrait {
			continue // rustc takes no default body that awaits itself, boxed or not: the type of the future is not known yet
		}
		if it.Kind != syntax.KindFn || it.Flags&syntax.FlagAsync == 0 || it.Flags&syntax.FlagBody == 0 || !bytes.Contains(it.Body.Of(file.Text), []byte(it.Name)) {
			continue
		}
		body := syntax.ParseBody(file, int32(i), f.Edition, func([]source.Span) bool { return true }, syntax.Macros{})
		if body == nil {
			continue
		}
		associated := it.Parent >= 0 && file.Items[it.Parent].Kind == syntax.KindImpl
		r := Recursion{File: f, Header: source.Span{Start: it.Span.Start, End: it.Body.Start - 1}, isFree: !associated}
		for _, c := range body.Calls {
			if isCallOf(c, it.Name, associated) && awaitedHere(c) {
				r.Calls = append(r.Calls, c.Span)
			}
		}
		if len(r.Calls) > 0 {
			out = append(out, r)
		}
	}
	return out
}

// Places are where it is seen: the header, and the calls with their `.await`s.
func (r *Recursion) Places() []source.Span {
	out := []source.Span{r.Header}
	for _, call := range r.Calls {
		if end, ok := infer.AwaitEnd(r.File.Text, call.End); ok {
			call.End = end
		}
		out = append(out, call)
	}
	return out
}

// isCallOf reports whether a call is of the function called name in which it stands, as far as names tell: `name(..)` of a free one,
// `self.name(..)` and `Self::name(..)` of an associated one.
func isCallOf(c *syntax.Expr, name string, associated bool) bool {
	if c.Kind == syntax.ExprMethod {
		x := c.X
		return associated && c.Name == name && x != nil && x.Kind == syntax.ExprPath && len(x.Path.Segments) == 1 && x.Path.Segments[0].Name == "self"
	}
	if c.X == nil || c.X.Kind != syntax.ExprPath || c.X.Local != nil || c.X.Path.QSelf != nil || c.X.Path.Global {
		return false
	}
	s := c.X.Path.Segments
	if associated {
		return len(s) == 2 && s[0].Name == "Self" && s[1].Name == name
	}
	return len(s) == 1 && s[0].Name == name
}

// awaitedHere reports whether a call is awaited by the function in whose body it stands, and not by a closure or block within.
func awaitedHere(c *syntax.Expr) bool {
	at := c
	for at.Parent != nil && at.Parent.Kind == syntax.ExprParen {
		at = at.Parent
	}
	if at.Parent == nil || at.Parent.Kind != syntax.ExprAwait {
		return false
	}
	for ; at != nil; at = at.Parent {
		if at.Kind == syntax.ExprClosure || at.Kind == syntax.ExprAsync {
			return false
		}
	}
	return true
}
