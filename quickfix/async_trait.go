package quickfix

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// asyncTrait puts #[async_trait] on a trait and on all its impls, where the workspace depends on that crate already. All of them
// get the same form: `(?Send)` where a provided method holds a `&self` that need not be Sync; and where nothing asks for Send futures, if
// what a future holds is not, or need not be, Send, or the workspace has no use of the attribute that promises it.
var asyncTrait = &Fix{
	ID:       "async-trait",
	Title:    "put `#[async_trait]` on the trait and on all its impls",
	perTrait: offerAsyncTrait,
	absent: func(_ *Workspace, t *survey.Trait) string {
		return fmt.Sprintf("the crate `%s` does not depend on async-trait", t.Def.Scope.Crate.Name)
	},
}

func offerAsyncTrait(w *Workspace, t *survey.Trait) []Action {
	if dependency(t.Def.Scope.Crate, "async-trait") == nil {
		return nil
	}
	args := ""
	if w.localFutures(t) {
		args = "(?Send)"
	}
	name := t.Def.ItemName()
	a := Action{Title: "put `#[async_trait" + args + "]` on `" + name + "` and on all its impls", Applicability: MaybeIncorrect}
	for i := range t.Verdict.Violations {
		if v := &t.Verdict.Violations[i]; v.Kind != dyncompat.AsyncFn || v.Via.Kind != resolve.None {
			a.BlockedBy = "the attribute does not help: " + v.Message()
			return []Action{a}
		}
	}
	if hidden := hiddenBehindOpaque(t); hidden != "" {
		a.BlockedBy = "the attribute does not help: " + hidden
		return []Action{a}
	}
	impls, complete := w.implsOf(t.Def)
	if !complete {
		a.BlockedBy = fmt.Sprintf("not all impls of `%s` are known", name)
		return []Action{a}
	}
	a.Edits = w.markAsync(t.Def.Scope, t.Def.File(), t.Def.Item, args)
	for i := range impls {
		x := &impls[i]
		if why := w.cannotMark(t, x); why != "" {
			a.BlockedBy = why
			return []Action{a}
		}
		a.Edits = append(a.Edits, w.markAsync(x.Scope, x.File, x.Item, args)...)
	}
	if published(t) {
		a.Title += fmt.Sprintf(" (this changes the public API of `%s`)", t.Def.Scope.Crate.Name)
	}
	return []Action{a}
}

// markAsync puts the attribute on a trait or impl.
func (w *Workspace) markAsync(scope *workspace.Scope, f *workspace.File, index int32, args string) []Edit {
	crate := codeName(dependency(scope.Crate, "async-trait").Name)
	attr, edits := w.attribute(scope, crate, "async_trait")
	return append(edits, aboveItem(f, index, "#["+attr+args+"]"))
}

func codeName(dependency string) string { return strings.ReplaceAll(dependency, "-", "_") }

// cannotMark says why an impl cannot get the attribute; empty if it can.
func (w *Workspace) cannotMark(t *survey.Trait, x *traitImpl) string {
	items := x.File.Syntax().Items
	switch {
	case items[x.Item].Macro >= 0:
		return "an impl stands in a macro call"
	case dependency(x.Scope.Crate, "async-trait") == nil:
		return fmt.Sprintf("`%s` has an impl and does not depend on async-trait", x.Scope.Crate.Name)
	}
	if name := looseParam(x); name != "" {
		return fmt.Sprintf("the impl for `%s` has the parameter `%s`, of which the macro does not say that it lives as long as a future", x.Header.Type.Span.Of(x.File.Text), name)
	}
	trait := t.Def.File().Syntax()
	for i := x.Item + 1; i < int32(len(items)) && items[i].Span.Start < items[x.Item].Span.End; i++ {
		if items[i].Parent != x.Item || items[i].Kind != syntax.KindFn || items[i].Flags&syntax.FlagAsync != 0 {
			continue
		}
		native := memberOf(trait, t.Def.Item, syntax.KindFn, items[i].Name)
		if native >= 0 && trait.Items[native].Flags&syntax.FlagAsync != 0 {
			return fmt.Sprintf("an impl writes `%s` without `async`", items[i].Name)
		}
	}
	return ""
}

// looseParam is a type parameter of an impl that arguments of its methods have and its own type has not; empty if there is none.
func looseParam(x *traitImpl) string {
	items := x.File.Syntax().Items
	for i := range x.Header.Generics.Params {
		p := &x.Header.Generics.Params[i]
		if p.Kind != syntax.ParamType || len(p.Bounds) > 0 && slices.ContainsFunc(p.Bounds, func(b syntax.Bound) bool { return b.Lifetime == "'static" }) ||
			len(occurrences(x.Header.Type.Span.Of(x.File.Text), p.Name)) > 0 {
			continue
		}
		for k := x.Item + 1; k < int32(len(items)) && items[k].Span.Start < items[x.Item].Span.End; k++ {
			if items[k].Parent != x.Item || items[k].Kind != syntax.KindFn || items[k].Flags&syntax.FlagAsync == 0 {
				continue
			}
			fn := syntax.ParseFn(x.File.Syntax(), k, x.File.Edition)
			for _, param := range fn.Params {
				if param.Type != nil && len(occurrences(param.Type.Span.Of(x.File.Text), p.Name)) > 0 {
					return p.Name
				}
			}
		}
	}
	return ""
}

// localFutures reports whether the boxed futures of a trait should not be Send.
func (w *Workspace) localFutures(t *survey.Trait) bool {
	if w.defaultHoldsSelf(t) {
		return true
	}
	if w.wantsSend(t) {
		return false
	}
	w.forms.once.Do(w.countForms)
	return w.forms.send == 0 || w.holdsLocal(t)
}

// holdsLocal reports whether a future of a trait's async methods is not Send, or need not be so: it holds an argument that is not, or of any
// type, or calls an object that is not.
func (w *Workspace) holdsLocal(t *survey.Trait) bool {
	f := t.Def.File()
	for i := range t.Verdict.Methods {
		fn := syntax.ParseFn(f.Syntax(), t.Verdict.Methods[i].Item, f.Edition)
		for k := range fn.Params {
			p := &fn.Params[k]
			local := func(m *survey.Mention) bool { return w.localObject(m.Principal) }
			if fn.Flags&syntax.FlagAsync != 0 && p.Type != nil && (w.holdsRc(t.Def.Scope, p.Type) || anyOf(w.mentionsIn(f, p.Type.Span), local)) {
				return true
			}
		}
	}
	if len(w.Judge.Types.Decl(t.Def).Header.Generics.Params) > 0 {
		return true // arguments of any type
	}
	impls, _ := w.implsOf(t.Def)
	for i := range impls {
		if slices.ContainsFunc(impls[i].Header.Generics.Params, func(p syntax.Param) bool { return p.Kind == syntax.ParamType }) {
			return true
		}
	}
	for k := range impls {
		x := &impls[k]
		span := x.File.Syntax().Items[x.Item].Span
		for _, c := range w.callsIn(x.File) {
			if c.Via == infer.Dyn && span.Contains(c.Name.Start) && w.localObject(c.Trait) {
				return true
			}
		}
	}
	return false
}

// localObject reports whether the objects of a trait are not Send: neither the trait nor a mention of it asks for that.
func (w *Workspace) localObject(def resolve.Def) bool {
	return def.Kind == resolve.Trait && !newCompanionPlan(w).wantsSend(def)
}

// holdsRc reports whether a type has an Rc or a raw pointer in it, outside the arguments of what is none of std's: those may be made Send.
func (w *Workspace) holdsRc(scope *workspace.Scope, t *syntax.Type) bool {
	switch t.Kind {
	case syntax.TypePtr:
		return true
	case syntax.TypePath:
		r, n := w.Judge.Types.Resolver.Path(scope, t.Path)
		if r.Found() && n == len(t.Path.Segments) && r.Def == w.Judge.Types.Resolver.WellKnown("std", "rc", "Rc") {
			return true
		}
		if r.Found() && !r.Def.Scope.Crate.Std && (r.Def.Kind == resolve.Struct || r.Def.Kind == resolve.Enum || r.Def.Kind == resolve.Union) {
			return false
		}
		for i := range t.Path.Segments {
			if args := t.Path.Segments[i].Args; args != nil && slices.ContainsFunc(args.List, func(a syntax.Arg) bool { return a.Type != nil && w.holdsRc(scope, a.Type) }) {
				return true
			}
		}
	case syntax.TypeRef, syntax.TypeTuple, syntax.TypeParen, syntax.TypeSlice, syntax.TypeArray:
		return slices.ContainsFunc(t.Elems, func(e *syntax.Type) bool { return w.holdsRc(scope, e) })
	}
	return false
}

// lazyForms are how often the workspace writes #[async_trait], with and without ?Send; they are counted once.
type lazyForms struct {
	once        sync.Once
	local, send int
}

func (w *Workspace) countForms() {
	for _, f := range w.Snapshot.Files {
		if !f.Mentions("async_trait") {
			continue
		}
		for i := range f.Syntax().Attrs {
			a := &f.Syntax().Attrs[i]
			switch path := a.Path.Of(f.Text); {
			case !bytes.HasSuffix(path, []byte("async_trait")):
			case bytes.Contains(a.Args.Of(f.Text), []byte("?Send")):
				w.forms.local++
			default:
				w.forms.send++
			}
		}
	}
}

// defaultHoldsSelf reports whether a provided async method takes `&self` in a trait that does not ask for Sync: a Send future
// then needs `Self: Sync`, which no mention without Sync has.
func (w *Workspace) defaultHoldsSelf(t *survey.Trait) bool {
	sync := w.Judge.Types.Resolver.WellKnown("core", "marker", "Sync")
	for _, super := range w.Judge.Types.Supertraits(t.Def) {
		if super.Def == sync {
			return false
		}
	}
	f := t.Def.File().Syntax()
	for i := t.Def.Item + 1; i < int32(len(f.Items)) && f.Items[i].Span.Start < f.Items[t.Def.Item].Span.End; i++ {
		it := &f.Items[i]
		if it.Parent == t.Def.Item && it.Kind == syntax.KindFn && it.Flags&syntax.FlagAsync != 0 && it.Flags&syntax.FlagBody != 0 {
			return true
		}
	}
	return false
}
