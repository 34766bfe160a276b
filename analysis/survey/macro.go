package survey

import (
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// fate is what macros make of a type that is written in their arguments.
type fate uint8

const (
	stands fate = iota // it is compiled as it stands
	hushed             // it is, where rustc may not report what is wrong with it
	unseen             // it stands in the arguments of a macro whose definition is not in reach
	lost               // it is dropped or rewritten, or what becomes of it is not sure
)

// outcome is what macros make of a type, and where they put it.
type outcome struct {
	fate
	silence Silence            // if it is hushed
	at      dyncompat.Position // in the last copy that was looked at
}

// maxMacroDepth bounds macros within macros.
const maxMacroDepth = 64

// invocation is a macro invocation on disk.
type invocation struct {
	path  string // without blanks
	start uint32
	args  source.Span
	item  int32 // innermost item around it, -1 at the top
	items bool  // its arguments were read as items
}

// invocations are the macro invocations that a type is written in the arguments of, the outermost first; those that stand for
// conditions are left out. It reports false for what is written in a macro's definition.
func invocations(file *syntax.File, w written) (out []invocation, ok bool) {
	m := w.macro
	if w.bare && w.item >= 0 {
		m = file.Items[w.item].Macro
	}
	for ; m >= 0; m = file.Macros[m].Outer {
		macro := &file.Macros[m]
		one := invocation{pathOf(file, macro), macro.Path.Start, macro.Args, macro.Item, macro.Items}
		if macro.ItemPosition {
			one.item = file.Items[macro.Item].Parent
		}
		switch {
		case macro.Definition:
			return nil, false
		case macro.Cond.Empty() && !syntax.Conditional(one.path):
			out = append(out, one)
		}
	}
	slices.Reverse(out)
	if !w.bare || w.item < 0 {
		return out, true
	}
	// Invocations without `dyn` are not among the file's macros.
	part := file.Items[w.item].Span
	for {
		inv := syntax.Around(file.Text, part, w.ty.Span.Start).Invocation
		switch {
		case inv == nil:
			return out, true
		case inv.Definition:
			return nil, false
		case !syntax.Conditional(inv.Path):
			out = append(out, invocation{inv.Path, inv.Start, inv.Args, w.item, false})
		}
		part = inv.Args
	}
}

// fateOf follows a type through the macros that it is written in the arguments of.
func (f *fileItems) fateOf(r *types.Types, top *workspace.Scope, w written) outcome {
	file := top.File.Syntax()
	out := outcome{at: f.positionOf(w)}
	around, ok := invocations(file, w)
	if !ok {
		return out // silence has a word for it
	}
	budget := resolve.ExpansionBudget
	for _, inv := range around {
		t := tracer{
			Types: r, items: f, scope: top.ScopeAt(inv.item, inv.start), offset: inv.start, file: top.File, args: inv.args, span: w.ty.Span, budget: &budget,
			outcome: out,
		}
		made, known := t.Resolver.ExpandAt(t.scope, t.offset, inv.path, top.File, inv.args, &budget)
		switch known {
		case resolve.Uncertain:
			out.fate = lost
			return out
		case resolve.Certain:
			t.fate = t.in(made, 0)
			return t.outcome
		}
		switch {
		case dropsArguments[lastName(inv.path)]:
			out.fate = lost
			return out
		case !inv.items && !f.passesOn(inv.path):
			out.fate = unseen
			return out
		}
	}
	return out
}

func pathOf(file *syntax.File, m *syntax.Macro) string {
	return strings.Join(strings.Fields(string(m.Path.Of(file.Text))), "")
}

func lastName(path string) string { return path[strings.LastIndexByte(path, ':')+1:] }

// dropsArguments are macros of the standard library that compile nothing of their arguments.
var dropsArguments = map[string]bool{"stringify": true, "concat": true, "cfg": true, "line": true, "module_path": true, "include_str": true}

// tracer looks for a type in what a macro invocation expands to.
type tracer struct {
	*types.Types
	items  *fileItems
	scope  *workspace.Scope // of the invocation on disk, where macros of all expansions are looked up
	offset uint32
	file   *workspace.File
	args   source.Span // of the invocation
	span   source.Span // of the type
	budget *int
	outcome
}

// in is the fate of the type in an expansion: it stands if one of its copies does.
func (t *tracer) in(made *workspace.File, depth int) fate {
	return t.within(made, source.Span{End: uint32(len(made.Text))}, depth)
}

// within is the fate in a part of an expansion.
func (t *tracer) within(made *workspace.File, part source.Span, depth int) fate {
	x := made.Expansion
	out := lost
	for _, token := range x.Copies(t.file, t.span.Start) {
		at := x.Tokens[token].At
		if at < part.Start || at >= part.End || depth > maxMacroDepth {
			continue
		}
		if out = min(out, t.copy(made, int(token), part, depth)); out == stands {
			break
		}
	}
	return out
}

// copy is the fate of the copy whose first token is at index token.
func (t *tracer) copy(made *workspace.File, token int, part source.Span, depth int) fate {
	x := made.Expansion
	if *t.budget -= len(x.Tokens); *t.budget < 0 {
		return lost
	}
	after, whole := x.CopyOf(token, t.file, t.span)
	if !whole || goesOn(made, after) {
		return lost
	}
	around := syntax.Around(made.Text, part, x.Tokens[token].At)
	for _, mod := range around.Modules {
		if k := x.TokenAt(mod); k == len(x.Tokens) || x.Tokens[k].File != t.file || !t.args.Contains(x.Tokens[k].From) {
			return lost // a module that the macro makes: names mean something else there
		}
	}
	inv := around.Invocation
	if (inv == nil || !inv.Definition) && t.hushes(made, x.Tokens[token].At) {
		return hushed
	}
	if inv == nil {
		return stands
	}
	if inv.Definition {
		return lost
	}
	if syntax.Conditional(inv.Path) {
		return t.within(made, inv.Args, depth+1)
	}
	inner, known := t.Resolver.ExpandAt(t.scope, t.offset, inv.Path, made, inv.Args, t.budget)
	switch {
	case known == resolve.Uncertain, known == resolve.Foreign && dropsArguments[lastName(inv.Path)]:
		return lost
	case known == resolve.Certain:
		return t.in(inner, depth+1)
	case t.items.passesOn(inv.Path):
		return t.within(made, inv.Args, depth+1)
	}
	return unseen
}

// hushes notes where an offset of an expansion is, as far as an item of the expansion is around it, and reports whether rustc
// does not check a type there. Names are looked up where the invocation stands.
func (t *tracer) hushes(made *workspace.File, at uint32) bool {
	items := made.Syntax().Items
	around := int32(-1)
	for i := range items {
		if items[i].Kind != syntax.KindMacroCall && items[i].Span.Contains(at) {
			around = int32(i) // items are in order, those in others behind them
		}
	}
	if around < 0 {
		return false
	}
	of := newFileItems(made)
	t.at = of.positionOf(written{item: around, ty: &syntax.Type{Span: source.Span{Start: at, End: at + 1}}})
	if t.at == dyncompat.InBody {
		return false
	}
	t.silence = of.signatureSilence(&types.Env{Types: t.Types, Scope: t.scope}, around, at)
	return t.silence != Loud
}

// goesOn reports whether the type may go on with the token at index i of an expansion, so that it is another than was written.
func goesOn(made *workspace.File, i int) bool {
	x := made.Expansion
	if i >= len(x.Tokens) {
		return false
	}
	switch made.Text[x.Tokens[i].At] {
	case '+', '<', '(':
		return true
	}
	return x.Tokens[i].Len == 2 && string(made.Text[x.Tokens[i].At:][:2]) == "::"
}
