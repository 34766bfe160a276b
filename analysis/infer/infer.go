package infer

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Result is what is inferred of a workspace's own files. Lists are sorted by file, then place.
type Result struct {
	Calls []Call
	// Barred are calls through dyn of other methods that no trait object can be asked for: those that take self by value, have
	// type parameters or need Self: Sized. Calls alone leaves them out.
	Barred []Call
	Boxes  []Box
	Loops  []Loop
	// Failures are panics, each of one file, of which there is nothing else then.
	Failures []survey.Failure

	// engine has what was learned on the way, for a Coercer. Where other crates have an engine of their own, which outlives the
	// result, it is that one: the workspace's own part is not worth its memory after each edit.
	engine *engine
	base   *engine
}

// Calls are the calls in the workspace's own files of methods that are async or return `impl Trait` in their trait, where
// the receiver's type is known; sorted by file, then place. Work is shared by the given number of threads. base has what is known
// of other crates; it may be nil.
func Calls(s *survey.Survey, base *Engine, threads int) []Call {
	return inferAll(s, base, threads, func(m Method, _ resolve.Def) bool { return !m.barred }, (*engine).fileCalls).Calls
}

// Infer finds the calls, boxes and loops of the workspace's own files. Its Calls are those of Calls.
func Infer(s *survey.Survey, base *Engine, threads int) *Result {
	return inferAll(s, base, threads, func(Method, resolve.Def) bool { return true }, (*engine).fileCallsAndBoxes)
}

// inferAll joins what one function finds in each file, where the wanted methods are looked for.
func inferAll(s *survey.Survey, base *Engine, threads int, wanted func(Method, resolve.Def) bool, inFile func(*engine, *workspace.File, *Names) Result) *Result {
	e := newEngineOn(s, base)
	names := e.lookFor(wanted)
	out := e.inFiles(s.Snapshot.Files, threads, func(file *workspace.File) Result { return inFile(e, file, names) })
	s.Failures = append(s.Failures, out.Failures...)
	return out
}

// newEngineOn is an engine that takes what is known of other crates from base, which may be nil.
func newEngineOn(s *survey.Survey, base *Engine) *engine {
	e := newEngine(s)
	if base != nil {
		e.base = base.engine
	}
	return e
}

// inFiles joins what one function finds in each of some files.
func (e *engine) inFiles(files []*workspace.File, threads int, inFile func(*workspace.File) Result) *Result {
	parts := make([]Result, len(files))
	failed := make([]*survey.Failure, len(files))
	survey.Each(len(files), threads, func(i int) {
		defer func() { // one file must not take the others along
			if r := recover(); r != nil {
				parts[i], failed[i] = Result{}, failure(files[i], r)
			}
		}()
		parts[i] = inFile(files[i])
	})
	out := &Result{base: e.base}
	for _, f := range failed {
		if f != nil {
			out.Failures = append(out.Failures, *f)
		}
	}
	if e.base == nil {
		out.engine = e
	}
	for i := range parts {
		offset := len(out.Calls)
		for k := range parts[i].Boxes {
			if parts[i].Boxes[k].Call >= 0 {
				parts[i].Boxes[k].Call += offset
			}
		}
		out.Calls = append(out.Calls, parts[i].Calls...)
		out.Barred = append(out.Barred, parts[i].Barred...)
		out.Boxes = append(out.Boxes, parts[i].Boxes...)
		out.Loops = append(out.Loops, parts[i].Loops...)
	}
	return out
}

// lookFor finds the wanted methods of the whole workspace, and where their calls may stand.
func (e *engine) lookFor(wanted func(Method, resolve.Def) bool) *Names {
	methods := map[Method]struct{}{}
	all := &targets{byName: map[string][]askedTrait{}, used: e.usedIn(e.Mentions)}
	e.eachMethod(e.Traits, all.used, func(m Method, trait resolve.Def) {
		if wanted(m, trait) {
			methods[m] = struct{}{}
			all.byName[m.Name] = append(all.byName[m.Name], askedTrait{trait, m.takes})
		}
	})
	names := NewNames(maps.Keys(methods))
	all.abroad = e.lookAbroad(all)
	all.leads = newLeadWords(all.abroad)
	e.targets = all
	return names
}

// failure says of a file that its analysis panicked.
func failure(f *workspace.File, reason any) *survey.Failure {
	return &survey.Failure{File: f, Message: fmt.Sprintf("internal error: %v\n%s", reason, debug.Stack())}
}

func (e *engine) fileCalls(file *workspace.File, names *Names) Result {
	return e.callsOf(file, e.candidates(file, names), names)
}

func (e *engine) fileCallsAndBoxes(file *workspace.File, names *Names) Result {
	out := e.fileCalls(file, names)
	e.addBoxes(file, &out)
	return out
}

// callsOf are the calls in some bodies of one file. A file that several targets share is read as each that compiles it does; a call that they
// do not all see is left out.
func (e *engine) callsOf(file *workspace.File, bodies []int32, names *Names) Result {
	var out Result
	for _, item := range bodies {
		var one Result
		for i, owner := range owners(file, item) {
			r := e.inferBody(owner, item, names)
			if i == 0 {
				one = r
				continue
			}
			one.Calls = agreed(one.Calls, r.Calls)
			one.Barred = agreed(one.Barred, r.Barred)
		}
		out.Calls = append(out.Calls, one.Calls...)
		out.Barred = append(out.Barred, one.Barred...)
		e.Snapshot.Between()
	}
	byPlace := func(a, b Call) int { return cmp.Compare(a.Name.Start, b.Name.Start) }
	slices.SortStableFunc(out.Calls, byPlace)
	slices.SortStableFunc(out.Barred, byPlace)
	return out
}

// addBoxes adds the boxes and loops of one file to its calls.
func (e *engine) addBoxes(file *workspace.File, out *Result) {
	for _, item := range boxCandidates(file) {
		if tops := owners(file, item); len(tops) > 0 {
			out.Boxes = append(out.Boxes, e.bodyBoxes(tops[0], item)...)
		}
	}
	out.Boxes = append(out.Boxes, written(file)...)
	for _, item := range e.pointerImpls(file) {
		out.Loops = append(out.Loops, e.loops(file.Owners[0], item)...)
	}
	slices.SortStableFunc(out.Boxes, func(a, b Box) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	for i := range out.Boxes {
		out.Boxes[i].Call = boxedCall(out.Calls, &out.Boxes[i])
	}
}

func agreed(calls, others []Call) []Call {
	return slices.DeleteFunc(calls, func(c Call) bool {
		return !slices.ContainsFunc(others, func(d Call) bool { return c.Name == d.Name && c.Via == d.Via })
	})
}

// boxedCall is the index of the call that a box is around, -1 if it is none of them.
func boxedCall(calls []Call, b *Box) int {
	if b.Form == FnForm || b.Form == TypeForm {
		return -1
	}
	return slices.IndexFunc(calls, func(c Call) bool {
		return b.Span.Start <= c.Expr.Start && c.Expr.End <= b.Span.End && c.Boxed == formBoxed[b.Form] && innermost(b, c)
	})
}

var formBoxed = map[Form]Boxed{SuffixForm: BoxSuffix, MacroForm: DynBox, PinForm: PinBox}

// innermost reports whether nothing but parentheses stands between a box and the call.
func innermost(b *Box, c Call) bool {
	text := c.File.Text
	before := text[b.Span.Start:c.Expr.Start]
	if b.Form != SuffixForm {
		before = text[b.Mark.End:c.Expr.Start]
	}
	return len(bytes.Trim(before, " \t\r\n(![{")) == 0
}

// owners are the file's scopes in the crates that compile the item; all of them if none does.
func owners(file *workspace.File, item int32) []*workspace.Scope {
	out := slices.DeleteFunc(slices.Clone(file.Owners), func(s *workspace.Scope) bool { return !compiled(s, item) })
	if len(out) == 0 && len(file.Owners) > 0 {
		return file.Owners[:1]
	}
	return out
}

// inferBody is the result for one body as one crate sees it.
func (e *engine) inferBody(top *workspace.Scope, item int32, names *Names) Result {
	var out Result
	b := newBody(e, top, item)
	if b == nil {
		return out
	}
	active := compiled(top, item)
	for _, x := range b.syntax.Calls {
		name, span := calledName(x)
		if len(names.set[name]) == 0 {
			continue
		}
		at := site{name, b.argumentsOf(x, span)}
		if !names.takes(name, at.args) || !e.means(b.scopeAt(span.Start), item, at, names) || !b.mayBeAsked(x, at) {
			continue
		}
		c := b.callOf(x)
		if c == nil || c.ref == nil || c.fn == nil || c.fn.self == nil {
			continue
		}
		if takes, ok := arityOf(c.ref.Def, c.fn.Item); !ok || !at.args.fits(takes) || !names.of(c.ref.Def, name) {
			continue
		}
		call := Call{
			File: top.File, Name: span, Expr: x.Span, Method: name, Trait: c.ref.Def, Macro: x.Macro,
			Active: active && b.activeAt(span.Start),
		}
		if x.Kind == syntax.ExprMethod {
			call.Recv = x.X.Span
		} else {
			if len(x.Args) == 0 {
				continue
			}
			call.UFCS, call.Recv = true, x.Args[0].Span
			b.fill(c)
		}
		self := b.norm(c.self)
		via, ok := b.via(self, c.ref)
		if !ok || b.exhausted {
			continue
		}
		call.Via = via
		call.Boxed = b.boxed(x, c.ref.Def)
		switch m := c.fn.Fn.Item; {
		case e.futureful(c.ref.Def, m):
			out.Calls = append(out.Calls, call)
		case e.companion(c.ref.Def, m):
			if call.Boxed == NotBoxed {
				call.Boxed = Companion
			}
			out.Calls = append(out.Calls, call)
		case via == Dyn && e.barred(c.ref.Def, m) && !e.incomplete(self):
			out.Barred = append(out.Barred, call)
		}
	}
	if b.spent() {
		return Result{}
	}
	return out
}

// calledName is the last name of a call's callee.
func calledName(x *syntax.Expr) (string, source.Span) {
	if x.Kind == syntax.ExprMethod {
		return x.Name, x.NameSpan
	}
	if x.X.Kind != syntax.ExprPath || len(x.X.Path.Segments) == 0 {
		return "", source.Span{}
	}
	last := &x.X.Path.Segments[len(x.X.Path.Segments)-1]
	return last.Name, last.Span
}

// via says what a method of a trait is called on; ok is false if that is not known.
func (b *body) via(self *types.Type, ref *types.TraitRef) (via Receiver, ok bool) {
	switch self.Kind {
	case types.Dyn:
		if !b.hasBound(b.boundsOf(self), self, ref.Def) {
			return Concrete, b.implements(self, ref) == types.Yes
		}
		return Dyn, true
	case types.Param, types.SelfType, types.Opaque, types.Projection:
		return Generic, true
	case types.Unknown, types.Infer:
		return "", false
	}
	return Concrete, b.implements(self, ref) == types.Yes
}

// incomplete reports whether an object type leaves out an associated type that it must name (E0191), so that rustc says nothing
// about what is done with its values.
func (e *engine) incomplete(object *types.Type) bool {
	return slices.ContainsFunc(object.Traits, func(r *types.TraitRef) bool {
		return r != nil && r.Def.Kind == resolve.Trait && len(e.Judge.MissingTypes(r)) > 0
	})
}

// activeAt evaluates the #[cfg]s of the statements, arms and arguments around an offset.
func (b *body) activeAt(offset uint32) bool {
	for _, a := range b.syntax.Attrs {
		if a.On.Contains(offset) && b.scope.CfgOf(a.Attrs) == cargo.False {
			return false
		}
	}
	return true
}

// boxed says how the result of a call comes to be in a box: by what is written around it, else by its trait.
func (b *body) boxed(x *syntax.Expr, trait resolve.Def) Boxed {
	at := x
	for at.Parent != nil && at.Parent.Kind == syntax.ExprParen {
		at = at.Parent
	}
	if p := at.Parent; p != nil {
		switch p.Kind {
		case syntax.ExprBox:
			return BoxSuffix
		case syntax.ExprMacro:
			if lastSegment(p.Path) == "dyn_box" {
				return DynBox
			}
		case syntax.ExprCall:
			if at != p.X && b.isBoxPin(p.X) {
				return PinBox
			}
		}
	}
	if b.Judge.BoxesAsync(trait) {
		return AsyncTrait
	}
	return NotBoxed
}

// isBoxPin reports whether a callee is Box::pin.
func (b *body) isBoxPin(x *syntax.Expr) bool {
	if x.Kind != syntax.ExprPath || x.Local != nil || lastSegment(x.Path) != "pin" || len(x.Path.Segments) < 2 {
		return false
	}
	r, n := b.resolve.Path(b.at(x).Scope, x.Path)
	return r.Def == b.known.box && n == len(x.Path.Segments)-1
}
