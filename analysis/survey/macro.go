package survey

import (
	"bytes"
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
	// names is set if what it declares is found where it stands: in item position.
	names bool
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
		one := invocation{pathOf(file, macro), macro.Path.Start, macro.Args, macro.Item, macro.Items, macro.ItemPosition}
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
			out = append(out, invocation{inv.Path, inv.Start, inv.Args, w.item, false, false})
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
			asItems: inv.items, names: inv.names, outcome: out,
		}
		made, known := t.expand(inv.path, top.File, inv.args)
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
	items          *fileItems
	scope          *workspace.Scope // of the invocation on disk, where macros of all expansions are looked up
	offset         uint32
	file           *workspace.File
	args           source.Span // of the invocation
	span           source.Span // of the type
	budget         *int
	asItems, names bool // of the invocation
	outcome
}

// expandKey is an invocation as one scope sees it.
type expandKey struct {
	scope *workspace.Scope
	file  *workspace.File
	args  uint32
}

// expansion is what an invocation expands to; it is made once for all types in its arguments.
type expansion struct {
	made  *workspace.File
	known resolve.Expanded
	cost  int
	items *fileItems
	// declared are the names that it may declare where the scopes on disk do not show them, with the groups in which they hold;
	// `*` is a glob.
	declared map[string][]source.Span
	// flat is set if neither a macro invocation nor a module can be in it, so that nobody has to look for those around a type.
	flat bool
}

// expand expands an invocation in a file.
func (t *tracer) expand(path string, file *workspace.File, args source.Span) (*workspace.File, resolve.Expanded) {
	key := expandKey{t.scope, file, args.Start}
	e := t.items.expansions[key]
	if e == nil {
		before := *t.budget
		e = &expansion{}
		e.made, e.known = t.Resolver.ExpandAt(t.scope, t.offset, path, file, args, t.budget)
		e.cost = before - *t.budget
		t.items.expansions[key] = e
		if e.made != nil {
			e.items, e.declared = newFileItems(e.made), t.declares(e.made, file == t.file)
			e.flat = bytes.IndexByte(e.made.Text, '!') < 0 && !bytes.Contains(e.made.Text, []byte("mod"))
			t.items.made[e.made] = e
		}
		return e.made, e.known
	}
	if *t.budget -= e.cost; *t.budget < 0 {
		return nil, resolve.Uncertain
	}
	return e.made, e.known
}

// declarers are the words in front of a name that is declared.
var declarers = map[string]bool{"trait": true, "struct": true, "enum": true, "union": true, "type": true, "mod": true, "as": true}

// declares are the names that an expansion may declare, those left out that resolution finds: items in item position, and in arguments
// that were read as items. Top says that no other expansion is around.
func (t *tracer) declares(made *workspace.File, top bool) map[string][]source.Span {
	x := made.Expansion.Trace()
	out := map[string][]source.Span{}
	groups := [][]string{nil} // what is declared in each of those that are open
	starts := []uint32{0}
	shut := func(end uint32) {
		last := len(groups) - 1
		for _, name := range groups[last] {
			out[name] = append(out[name], source.Span{Start: starts[last], End: end})
		}
		groups, starts = groups[:last], starts[:last]
	}
	before, use := "", -1 // use is the depth of the use declaration that is open
	for i := range x.Tokens {
		token := &x.Tokens[i]
		word := string(made.Text[token.At:][:token.Len])
		switch word {
		case "{", "(", "[":
			groups, starts = append(groups, nil), append(starts, token.At)
		case "}", ")", "]":
			if len(groups) > 1 {
				shut(token.At)
			}
		case "use":
			use = len(groups) - 1
		case ";":
			use = -1
		}
		in := len(groups) - 1
		if use >= 0 {
			in = min(in, use)
		}
		found := top && t.names && in == 0 || t.asItems && token.File == t.file && t.args.Contains(token.From)
		if !found && (use >= 0 || declarers[before]) {
			groups[in] = append(groups[in], word)
		}
		before = word
	}
	for len(groups) > 0 {
		shut(uint32(len(made.Text)))
	}
	return out
}

// shadowed reports whether a name that the type begins a path with may be declared by the expansion.
func (t *tracer) shadowed(made *workspace.File, token, after int) bool {
	declared := t.items.made[made].declared
	if len(declared) == 0 {
		return false
	}
	x := made.Expansion.Trace()
	text := func(i int) string { return string(made.Text[x.Tokens[i].At:][:x.Tokens[i].Len]) }
	holds := func(name string) bool {
		return slices.ContainsFunc(declared[name], func(group source.Span) bool { return group.Contains(x.Tokens[token].At) })
	}
	if holds("*") {
		return true
	}
	for i := token; i < after; i++ {
		if (i == 0 || text(i-1) != "::") && holds(text(i)) {
			return true
		}
	}
	return false
}

// in is the fate of the type in an expansion: it stands if one of its copies does.
func (t *tracer) in(made *workspace.File, depth int) fate {
	return t.within(made, source.Span{End: uint32(len(made.Text))}, depth)
}

// within is the fate in a part of an expansion.
func (t *tracer) within(made *workspace.File, part source.Span, depth int) fate {
	x := made.Expansion.Trace()
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
	x := made.Expansion.Trace()
	if *t.budget -= len(x.Tokens); *t.budget < 0 {
		return lost
	}
	after, whole := x.CopyOf(token, t.file, t.span)
	if !whole || goesOn(made, after) || t.shadowed(made, token, after) {
		return lost
	}
	var around syntax.Surroundings
	if !t.items.made[made].flat {
		around = syntax.Around(made.Text, part, x.Tokens[token].At)
	}
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
	inner, known := t.expand(inv.Path, made, inv.Args)
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
	of := t.items.made[made].items
	t.at = of.positionOf(written{item: around, ty: &syntax.Type{Span: source.Span{Start: at, End: at + 1}}})
	if t.at == dyncompat.InBody {
		return false
	}
	t.silence = of.signatureSilence(&types.Env{Types: t.Types, Scope: t.scope}, around, at)
	return t.silence != Loud
}

// goesOn reports whether the type may go on with the token at index i of an expansion, so that it is another than was written.
func goesOn(made *workspace.File, i int) bool {
	x := made.Expansion.Trace()
	if i >= len(x.Tokens) {
		return false
	}
	switch made.Text[x.Tokens[i].At] {
	case '+', '<', '(':
		return true
	}
	return x.Tokens[i].Len == 2 && string(made.Text[x.Tokens[i].At:][:2]) == "::"
}
