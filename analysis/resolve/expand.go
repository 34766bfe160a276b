package resolve

import (
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Expanded says what is known of a macro invocation.
type Expanded uint8

// What is known.
const (
	Foreign   Expanded = iota // its definition is not in reach
	Uncertain                 // what it expands to is not sure
	Certain
)

// expansion is what a macro invocation in item position expands to.
type expansion struct {
	state Expanded
	// scope holds the items it expands to; nil if it can define no name.
	scope *workspace.Scope
	// calls are the invocations in the scope's file, by item.
	calls map[int32]*expansion
}

// Bounds on the expansion of one invocation with all that come of it.
const (
	maxExpansionDepth  = 64      // rustc's default recursion limit is 128
	maxExpansionBudget = 400_000 // tokens
	expansionCost      = 100     // of each invocation, in tokens
)

// lazyExpansion is an expansion that is made once.
type lazyExpansion struct {
	once sync.Once
	made *expansion
}

// callKey is an invocation as one scope sees it.
type callKey struct {
	scope *workspace.Scope
	item  int32
}

// expand expands the invocation at an item of scope, which stands in the scope's file. Scope is the innermost one around it.
func (r *Resolver) expand(scope *workspace.Scope, item int32) *expansion {
	if scope.File.Expansion != nil { // made with the expansion that it is in
		if calls, ok := r.calls.Load(scope.File); ok {
			if e := calls.(map[int32]*expansion)[item]; e != nil {
				return e
			}
		}
		return &expansion{state: Uncertain}
	}
	v, ok := r.expansions.Load(callKey{scope, item})
	if !ok {
		v, _ = r.expansions.LoadOrStore(callKey{scope, item}, &lazyExpansion{})
	}
	lazy := v.(*lazyExpansion)
	lazy.once.Do(func() {
		budget := maxExpansionBudget
		lazy.made = r.expandCall(scope, item, &budget, 0)
	})
	return lazy.made
}

// included is the scope of the file whose items a call of include! stands for; nil for another macro.
func included(scope *workspace.Scope, item int32) *workspace.Scope {
	if _, ok := syntax.IncludedPath(scope.File.Syntax(), item); ok {
		return scope.ChildModule(item)
	}
	return nil
}

// expandCall expands an invocation, then those in what it expands to.
func (r *Resolver) expandCall(scope *workspace.Scope, item int32, budget *int, depth int) *expansion {
	file := scope.File.Syntax()
	call := &file.Macros[file.Items[item].Macro]
	def := r.definition(scope, file.Items[item].Span.Start, string(call.Path.Of(file.Text)))
	switch {
	case def.doubt:
		return &expansion{state: Uncertain}
	case !def.found():
		if file := included(scope, item); file != nil {
			return &expansion{state: Certain, scope: file}
		}
		return &expansion{state: Foreign}
	case depth > maxExpansionDepth:
		return &expansion{state: Uncertain}
	}
	made := expandIn(def, scope.File, call.Args, budget)
	if made == nil {
		return &expansion{state: Uncertain}
	}
	trace := made.Expansion.Trace()
	defer runtime.KeepAlive(trace) // what is expanded in it is traced to where its tokens come from
	out := &expansion{state: Certain, scope: scope.Expand(item, made), calls: map[int32]*expansion{}}
	items := made.Syntax().Items
	for i := range items {
		if items[i].Kind != syntax.KindMacroCall {
			continue
		}
		if _, live := outerCall(made.Syntax(), int32(i), func(outer int32) bool { return out.calls[outer].state == Foreign }); live {
			out.calls[int32(i)] = r.expandCall(out.scope.ScopeOf(int32(i)), int32(i), budget, depth+1)
		} else {
			out.calls[int32(i)] = &expansion{state: Foreign} // nobody asks
		}
	}
	r.calls.Store(made, out.calls)
	return out
}

// outerCall is the outermost invocation around an item, but not around its parent, whose arguments are not passed through; -1
// if there is none, and live is then true.
func outerCall(file *syntax.File, item int32, passes func(call int32) bool) (outer int32, live bool) {
	own := file.Items[item].Macro
	if own < 0 {
		return -1, true
	}
	m := own
	if file.Items[item].Kind == syntax.KindMacroCall {
		m = file.Macros[own].Outer
	}
	around := int32(-1)
	if p := file.Items[item].Parent; p >= 0 {
		around = file.Items[p].Macro
	}
	// The outermost decides: what stands in its arguments need not be expanded, each time with all that stands in it.
	var few [8]int32
	calls := few[:0]
	for ; m >= 0 && m != around; m = file.Macros[m].Outer {
		macro := &file.Macros[m]
		if macro.ItemPosition && macro.Item != item && file.Items[macro.Item].Kind == syntax.KindMacroCall {
			calls = append(calls, macro.Item)
		}
	}
	for _, call := range slices.Backward(calls) {
		if !passes(call) {
			return call, false
		}
	}
	return -1, true
}

// definitionResult is a macro with its rules.
type definitionResult struct {
	macroResult
	rules *syntax.MacroDef
}

// definition is the macro that an invocation at an offset of scope's file means. Macros that stand for conditions have their
// arguments read by package syntax, whoever defines them.
func (r *Resolver) definition(scope *workspace.Scope, offset uint32, path string) definitionResult {
	path = strings.Join(strings.Fields(path), "")
	if scope.Crate.Std || syntax.Conditional(path) {
		return definitionResult{}
	}
	out := definitionResult{macroResult: r.macroNamed(scope, offset, path)}
	if !out.found() || out.doubt {
		return out
	}
	out.rules = r.rulesOf(out.macro)
	// What a macro writes is read in the edition of its own crate; only paths from `::` differ enough to matter.
	mixed := (out.scope.File.Edition == 2015) != (scope.File.Edition == 2015)
	out.doubt = out.rules == nil || mixed && out.rules.WritesGlobalPaths()
	return out
}

func (r *Resolver) rulesOf(m macro) *syntax.MacroDef {
	key := callKey(m)
	if v, ok := r.macros.Load(key); ok {
		return v.(*syntax.MacroDef)
	}
	v, _ := r.macros.LoadOrStore(key, syntax.ParseMacro(m.scope.File.Syntax(), m.item, m.scope.File.Edition, m.scope.ExportsLocally(m.item)))
	return v.(*syntax.MacroDef)
}

// ExpandAt expands an invocation at an offset of a file, wherever it stands in code: the macro that path means in scope, as
// seen from before. The file is a made one where the invocation stands in what another expands to, and offset then that of the
// other. Budget is what is left of the work to be done for one question.
func (r *Resolver) ExpandAt(scope *workspace.Scope, offset uint32, path string, file *workspace.File, args source.Span, budget *int) (*workspace.File, Expanded) {
	def := r.definition(scope, offset, path)
	switch {
	case def.doubt:
		return nil, Uncertain
	case !def.found():
		return nil, Foreign
	}
	if out := expandIn(def, file, args, budget); out != nil {
		return out, Certain
	}
	return nil, Uncertain
}

// ExpansionBudget is the budget for one question.
const ExpansionBudget = maxExpansionBudget

// expandIn expands arguments that are a span of a file, and traces the tokens of the result to the files on disk; nil if the
// result is not sure.
func expandIn(def definitionResult, file *workspace.File, args source.Span, budget *int) *workspace.File {
	out := &workspace.Expansion{}
	var fragments []syntax.Fragment
	if file.Expansion != nil {
		out.Crates = append(out.Crates, file.Expansion.Crates...)
		fragments = file.Expansion.Fragments
	}
	crate := def.scope.Crate
	if x := def.scope.File.Expansion; x != nil && len(x.Crates) > 0 { // defined by a macro
		crate = x.Crates[0]
	}
	n := 0
	for n < len(out.Crates) && out.Crates[n] != crate {
		n++
	}
	if n == len(out.Crates) {
		out.Crates = append(out.Crates, crate)
	}
	*budget -= expansionCost
	written := file.Syntax().Text
	var text []byte
	var tokens []workspace.Token
	if !def.rules.Expand(written, args, fragments, crateName(n), budget, func(made *syntax.Expansion) {
		text, out.Fragments = slices.Clone(made.Text), slices.Clone(made.Fragments)
		tokens = tokensOf(made, def.scope.File, file)
	}) {
		return nil
	}
	out.Retrace = func() (tokens []workspace.Token) {
		enough := maxExpansionBudget
		def.rules.Expand(written, args, fragments, crateName(n), &enough, func(made *syntax.Expansion) {
			tokens = tokensOf(made, def.scope.File, file)
		})
		return tokens
	}
	return file.Expand(text, out, tokens)
}

// tokensOf are the tokens of an expansion, where from has the definition and args the arguments: each as it stands in a file on disk.
func tokensOf(made *syntax.Expansion, from, args *workspace.File) []workspace.Token {
	var fromTrace, argsTrace *workspace.Trace
	if from.Expansion != nil {
		fromTrace = from.Expansion.Trace()
	}
	if args.Expansion != nil {
		argsTrace = args.Expansion.Trace()
	}
	out := make([]workspace.Token, len(made.Origins))
	for i, o := range made.Origins {
		t := workspace.Token{At: o.At, Len: o.Len}
		if !o.Made {
			file, trace := from, fromTrace
			if o.Arg {
				file, trace = args, argsTrace
			}
			t.File, t.From = file, o.From
			if trace != nil {
				t.File = nil
				if k := trace.TokenAt(o.From); k < len(trace.Tokens) && trace.Tokens[k].At == o.From {
					t.File, t.From = trace.Tokens[k].File, trace.Tokens[k].From
				}
			}
		}
		out[i] = t
	}
	return out
}

// crateName is how `$crate` of the nth crate is written in the text of an expansion.
func crateName(n int) string {
	if n == 0 {
		return "$crate"
	}
	return "$crate" + strconv.Itoa(n)
}

// crateMeant is the crate that `$crate`, or `$crate1` of an expansion, means in a file.
func crateMeant(scope *workspace.Scope, name string) (*workspace.Crate, bool) {
	number, ok := strings.CutPrefix(name, "$crate")
	if !ok {
		return nil, false
	}
	x := scope.File.Expansion
	if x == nil {
		return scope.Crate, number == ""
	}
	n := 0
	if number != "" {
		var err error
		if n, err = strconv.Atoi(number); err != nil {
			return nil, false
		}
	}
	if n >= len(x.Crates) {
		return nil, false
	}
	return x.Crates[n], true
}

// Stands reports whether an item that is written in the arguments of macros is what these make of it, and under which
// condition, its own #[cfg]s included. Scope is the one that it is declared in.
func (r *Resolver) Stands(scope *workspace.Scope, item int32) (cfg cargo.Truth, ok bool) {
	file := scope.File.Syntax()
	cfg = scope.ItemCfg(item)
	if file.Items[item].Macro < 0 {
		return cfg, true
	}
	outer, none := outerCall(file, item, func(call int32) bool { return r.expand(scope, call).state == Foreign })
	if none {
		return cfg, true
	}
	e := r.expand(scope, outer)
	if e.state != Certain || e.scope == nil {
		return cargo.Unknown, false
	}
	found := false
	best := cargo.False
	r.copies(e.scope, e, scope.File, file.Items[item].Span, func(t cargo.Truth) {
		if !found || t == cargo.True || t == cargo.Unknown && best == cargo.False {
			best = t
		}
		found = true
	})
	return cargo.And(cfg, best), found
}

// Rewritten is the trait that macros make of one that is written in their arguments and does not stand: of its name, written
// at the same place; None if there is no such.
func (r *Resolver) Rewritten(def Def) Def {
	name := def.File().Syntax().Items[def.Item].NameSpan
	made := r.query().explicit(def.Scope, def.ItemName()).Def
	if made.Kind == None || made.Item < 0 || made.File().Expansion == nil {
		return Def{}
	}
	file, span, ok := made.File().Written(made.File().Syntax().Items[made.Item].NameSpan)
	if !ok || file != def.File() || span != name {
		return Def{}
	}
	return made
}

// copies calls f with the condition of each item of an expansion that is a copy of the given span.
func (r *Resolver) copies(s *workspace.Scope, e *expansion, file *workspace.File, span source.Span, f func(cargo.Truth)) {
	made := s.File.Syntax()
	x := s.File.Expansion.Trace()
	for _, token := range x.Copies(file, span.Start) {
		after, ok := x.CopyOf(int(token), file, span)
		if !ok {
			continue
		}
		last := x.Tokens[after-1]
		for i := range made.Items {
			it := &made.Items[i]
			if it.Parent < 0 && it.Span.Start == x.Tokens[token].At && it.Span.End == last.At+last.Len {
				if outer, live := outerCall(made, int32(i), func(c int32) bool { return e.calls[c].state == Foreign }); live || outer < 0 {
					f(s.ItemCfg(int32(i)))
				}
			}
		}
	}
	for i, inner := range e.calls {
		if inner.state == Certain && inner.scope != nil && made.Items[i].Parent < 0 {
			r.copies(inner.scope, inner, file, span, f)
		}
	}
}

// MadeBy calls f for the scopes of what the macro invocation at an item expands to, and of the invocations in that; it reports
// false, and calls f for none, if that is not sure. Scope is the one that the item stands in.
func (r *Resolver) MadeBy(scope *workspace.Scope, item int32, f func(*workspace.Scope)) bool {
	if _, live := outerCall(scope.File.Syntax(), item, func(c int32) bool { return r.expand(scope, c).state == Foreign }); !live {
		return true // else what is made of it is looked at there
	}
	e := r.expand(scope, item)
	if e.state != Certain || e.scope == nil || e.scope.File.Expansion == nil {
		return false
	}
	e.each(f)
	return true
}

func (e *expansion) each(f func(*workspace.Scope)) {
	f(e.scope)
	for _, i := range slices.Sorted(maps.Keys(e.calls)) {
		if inner := e.calls[i]; inner.state == Certain && inner.scope != nil {
			inner.each(f)
		}
	}
}

// AddsMembers reports whether a macro invocation among a trait's members may add some that are not written in its arguments.
// Scope is the one that the trait stands in.
func (r *Resolver) AddsMembers(scope *workspace.Scope, call int32) bool {
	file := scope.File.Syntax()
	if outer, live := outerCall(file, call, func(c int32) bool { return r.expand(scope, c).state == Foreign }); !live {
		return r.expand(scope, outer).state != Certain // else what it adds is looked at there
	}
	switch e := r.expand(scope, call); e.state {
	case Foreign:
		return !file.Macros[file.Items[call].Macro].Items
	case Certain:
		return e.adds(scope.File, file.Items[call].Span)
	}
	return true
}

// adds reports whether an expansion holds an item at its top that is not a copy of one in the call that it is of; a macro's
// definition in the same file is no place where items are declared.
func (e *expansion) adds(file *workspace.File, call source.Span) bool {
	if e.scope == nil {
		return false
	}
	x := e.scope.File.Expansion.Trace()
	items := e.scope.File.Syntax().Items
	for i := range items {
		it := &items[i]
		if it.Parent >= 0 {
			continue
		}
		if inner := e.calls[int32(i)]; it.Kind == syntax.KindMacroCall && inner.state != Foreign {
			if inner.state == Uncertain || inner.adds(file, call) {
				return true
			}
			continue
		}
		if from, at, ok := x.Written(it.Span); !ok || from != file || at.Start < call.Start || at.End > call.End {
			return true
		}
	}
	return false
}
