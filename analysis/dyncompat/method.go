package dyncompat

import (
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// trialFn is the examination of one method.
type trialFn struct {
	*trial
	fn     *syntax.Fn
	env    *types.Env
	exempt types.Truth
	why    resolve.Why
	kinds  []Kind
	member int32
	label  string
}

func (t *trial) method(m int32) {
	file := t.trait.Def.File()
	if file.Syntax().Items[m].Flags&syntax.FlagFinal != 0 {
		return
	}
	own := attrsOf(t.trait.Def.Scope, m)
	if w := own.why(); w != resolve.Known {
		t.doubt(w)
		return
	}
	f := &trialFn{trial: t, fn: syntax.ParseFn(file.Syntax(), m, file.Edition), member: m, label: t.name(m)}
	f.fn.Generics.Params = t.trait.Def.Scope.Compiled(f.fn.Generics.Params)
	f.env = t.trait.Env.With(&f.fn.Generics)
	predicates := f.env.Generics(nil, &f.fn.Generics)
	f.exempt, f.why = t.exempt(predicates)
	f.examine(predicates)
	if !t.bare {
		t.out.methods = append(t.out.methods, f.method(predicates))
	}
}

// violation records a violation of this method, unless the method is exempt.
func (f *trialFn) violation(certain types.Truth, kind Kind, span source.Span, why resolve.Why) {
	if certain == types.Yes {
		f.kinds = append(f.kinds, kind)
	}
	if f.exempt == types.Yes {
		return
	}
	if f.exempt == types.Maybe && certain == types.Yes {
		// With an unknown bound on Self the method is exempt or has Self in its where clause.
		certain, why = types.Maybe, f.why
	}
	f.add(certain, kind, f.label, f.member, span, why)
}

func (f *trialFn) async() bool { return f.fn.Flags&syntax.FlagAsync != 0 && f.attrs.effect != boxes }

// examine applies the rules of one method in rustc's order (virtual_call_violations_for_method).
func (f *trialFn) examine(predicates []types.Predicate) {
	fn := f.fn
	if fn.Self == syntax.SelfNone {
		f.violation(types.Yes, StaticFn, fn.NameSpan, resolve.Known)
		return
	}
	for i := range fn.Params {
		p := &fn.Params[i]
		if p.Type == nil || f.trait.Def.Scope.CfgOf(p.Attrs) == cargo.False {
			continue
		}
		c, w := f.illegalSelf(f.env.Type(p.Type), ownProjections)
		f.violation(c, SelfInParam, p.Type.Span, w)
	}
	f.result()
	for i := range fn.Params {
		if fn.Params[i].Variadic {
			f.violation(types.Yes, CVariadic, fn.NameSpan, resolve.Known)
		}
	}
	if f.generic() {
		f.violation(types.Yes, Generic, fn.NameSpan, resolve.Known)
	}
	if fn.Self == syntax.SelfTyped {
		c, w := f.undispatchable(f.env.Type(fn.SelfParam.Type))
		f.violation(c, Receiver, fn.SelfParam.Type.Span, w)
	}
	for i := range fn.Params {
		for _, o := range impls(nil, fn.Params[i].Type) {
			predicates = f.env.On(predicates, &types.Type{Kind: types.Opaque}, o.Bounds)
		}
	}
	c, w := f.selfInWhere(predicates)
	f.violation(c, SelfInWhere, fn.NameSpan, w)
}

func (f *trialFn) result() {
	fn := f.fn
	opaques := impls(nil, fn.Ret)
	if f.async() {
		if fn.Flags&syntax.FlagGen != 0 {
			f.violation(types.Yes, RPITIT, f.retSpan(), resolve.Known)
		} else if f.attrs.effect == desugars {
			f.violation(types.Yes, RPITIT, fn.NameSpan, resolve.Known)
		} else {
			f.violation(types.Yes, AsyncFn, fn.NameSpan, resolve.Known)
		}
		return
	}
	if fn.Flags&syntax.FlagGen != 0 {
		f.violation(types.Yes, RPITIT, f.retSpan(), resolve.Known)
		return
	}
	if fn.Ret == nil {
		return
	}
	c, w := f.illegalSelf(f.env.Type(fn.Ret), ownProjections)
	f.violation(c, SelfInReturn, fn.Ret.Span, w)
	if len(opaques) > 0 {
		f.violation(types.Yes, RPITIT, opaques[0].Span, resolve.Known)
	}
}

func (f *trialFn) retSpan() source.Span {
	if f.fn.Ret != nil {
		return f.fn.Ret.Span
	}
	return f.fn.NameSpan
}

func (f *trialFn) generic() bool {
	for _, p := range f.fn.Generics.Params {
		if p.Kind != syntax.ParamLifetime {
			return true
		}
	}
	for i := range f.fn.Params {
		if len(impls(nil, f.fn.Params[i].Type)) > 0 {
			return true
		}
	}
	return false
}

// selfInWhere looks for an illegal Self in the method's predicates; `Self: 'a` and `Self: AutoTrait` are fine.
func (f *trialFn) selfInWhere(predicates []types.Predicate) (types.Truth, resolve.Why) {
	out, why := types.No, resolve.Known
	see := func(ty *types.Type) {
		if ty == nil {
			return
		}
		c, w := f.illegalSelf(ty, ownProjections)
		out = types.Or(out, c)
		if c == types.Maybe {
			why = w
		}
	}
	for i := range predicates {
		p := &predicates[i]
		if p.Self.Kind == types.SelfType && !p.Bound.Negative {
			if p.Ref.Def.Kind == resolve.None {
				out, why = types.Or(out, types.Maybe), p.Ref.Why
				continue
			}
			if f.Types.Decl(p.Ref.Def).Auto {
				continue
			}
		}
		see(p.Self)
		for _, a := range p.Ref.Args {
			see(a)
		}
		for _, b := range p.Ref.Bindings {
			see(b.Type)
		}
	}
	return out, why
}

// undispatchable reports whether a receiver's type cannot be dispatched on: it must be Self, or one pointer to Self that
// implements DispatchFromDyn: &, &mut, Box, Rc, Arc, a raw pointer, or a Pin of such a pointer.
func (f *trialFn) undispatchable(ty *types.Type) (types.Truth, resolve.Why) {
	switch ty.Kind {
	case types.SelfType:
		return types.No, resolve.Known
	case types.Unknown:
		return types.Maybe, ty.Why
	}
	c, why := f.notPointer(ty, 0)
	if c == types.Yes && f.assumesDispatch() {
		return types.Maybe, resolve.Limit
	}
	return c, why
}

// assumesDispatch reports whether the trait's where clause says of some type that it implements DispatchFromDyn.
func (f *trialFn) assumesDispatch() bool {
	dispatch := f.Types.Resolver.WellKnown("core", "ops", "DispatchFromDyn")
	return slices.ContainsFunc(f.trait.Predicates, func(p types.Predicate) bool {
		return p.Ref.Def.Kind != resolve.None && p.Ref.Def == dispatch
	})
}

func (f *trialFn) notPointer(ty *types.Type, depth int) (types.Truth, resolve.Why) {
	switch ty.Kind {
	case types.Unknown:
		return types.Maybe, ty.Why
	case types.Ref, types.Ptr:
		return notSelf(ty.Args[0])
	case types.Param:
		if contains(f.trait.Def.File().Syntax().Text, "DispatchFromDyn") { // its bounds may say so
			return types.Maybe, resolve.Limit
		}
	case types.Adt:
		if len(ty.Args) == 0 {
			return types.Yes, resolve.Known
		}
		switch f.pointer(ty.Def) {
		case "Pin":
			if depth > 16 {
				return types.Maybe, resolve.Limit
			}
			return f.notPointer(ty.Args[0], depth+1)
		case "Box", "Rc", "Arc":
			if len(ty.Args) > 1 && !f.isGlobal(ty.Args[1]) {
				return types.Yes, resolve.Known
			}
			return notSelf(ty.Args[0])
		case "Weak", "NonNull", "Cell", "UnsafeCell", "SyncUnsafeCell", "Unique":
			return notSelf(ty.Args[0])
		}
		if !ty.Def.File().Std && f.mayDispatch(ty.Def) {
			return types.Maybe, resolve.MacroExpansion
		}
	}
	return types.Yes, resolve.Known
}

func notSelf(ty *types.Type) (types.Truth, resolve.Why) {
	switch ty.Kind {
	case types.SelfType:
		return types.No, resolve.Known
	case types.Unknown:
		return types.Maybe, ty.Why
	}
	return types.Yes, resolve.Known
}

// pointers are the standard library's types that implement DispatchFromDyn, by their definition.
var pointers = [...][]string{
	{"alloc", "boxed", "Box"}, {"alloc", "rc", "Rc"}, {"alloc", "sync", "Arc"}, {"core", "pin", "Pin"},
	{"alloc", "rc", "Weak"}, {"alloc", "sync", "Weak"}, {"core", "ptr", "NonNull"}, {"core", "cell", "Cell"},
	{"core", "cell", "UnsafeCell"}, {"core", "cell", "SyncUnsafeCell"},
}

func (f *trialFn) pointer(def resolve.Def) string {
	for _, p := range pointers {
		if f.Types.Resolver.WellKnown(p...) == def {
			return p[len(p)-1]
		}
	}
	return ""
}

func (f *trialFn) isGlobal(ty *types.Type) bool {
	return ty.Kind == types.Adt && ty.Def == f.Types.Resolver.WellKnown("alloc", "alloc", "Global")
}

// mayDispatch reports whether a type's own crate says something of DispatchFromDyn or CoercePointee near it.
func (f *trialFn) mayDispatch(def resolve.Def) bool {
	text := def.File().Syntax().Text
	return contains(text, "DispatchFromDyn") || contains(text, "CoercePointee")
}
