package dyncompat

import (
	"bytes"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// RuleSet is a set of rules for dyn: rustc's of today, or one of the announced steps.
type RuleSet string

// Rule sets.
const (
	Stable      RuleSet = "stable"       // rustc today
	MethodScope RuleSet = "method-scope" // any trait may be dyn; methods are judged one by one
	DynBox      RuleSet = "dyn-box"      // method-scope, and std::preview::dyn_box! exists
	Box         RuleSet = "box"          // the .box notation
)

// RuleSets are all rule sets, in the order of the plan.
var RuleSets = [...]RuleSet{Stable, MethodScope, DynBox, Box}

// Class is how a method is called through dyn.
type Class string

// Dispatch classes.
const (
	VTable    Class = "vtable"     // through the vtable, as it is
	Boxed     Class = "boxed"      // through the vtable, the result boxed
	SizedOnly Class = "sized-only" // not on dyn at all: it asks for Self: Sized
	Excluded  Class = "excluded"
)

// Method is a method of a trait with its class under every rule set.
type Method struct {
	Name     string
	NameSpan source.Span
	Item     int32
	// Class is the class under MethodScope, DynBox and Box; Stable the one under Stable.
	Class   Class
	Stable  Class
	Reasons []Kind
	// Alone is the class that the method has by itself, and AloneReasons why, where only the trait as a whole asks for Self: Sized;
	// otherwise they are Class and Reasons.
	Alone        Class
	AloneReasons []Kind
	// Certain is false if the class rests on something unknown.
	Certain bool
}

// Under is the method's class under a rule set.
func (m *Method) Under(r RuleSet) Class {
	if r == Stable {
		return m.Stable
	}
	return m.Class
}

// method is the class of the examined method, the trait as a whole aside; predicates are those of the method.
func (f *trialFn) method(predicates []types.Predicate) Method {
	out := Method{Name: f.fn.Name, NameSpan: f.fn.NameSpan, Item: f.member, Class: SizedOnly, Alone: SizedOnly, Certain: f.exempt != types.Maybe}
	own := f.exempt
	if f.sized == types.Yes {
		own, _ = f.requiresSized(predicates)
	}
	if own == types.Yes {
		return out
	}
	out.Alone, out.AloneReasons = f.alone()
	if f.exempt != types.Yes {
		out.Class, out.Reasons = out.Alone, out.AloneReasons
	}
	return out
}

// alone is the class of a method that does not ask for Self: Sized, and the reasons.
func (f *trialFn) alone() (Class, []Kind) {
	class := VTable
	kinds := slices.Clip(f.kinds)
	if f.mentionsGAT() {
		kinds = append(kinds, GAT)
	}
	boxable := false
	switch {
	case f.async():
		boxable = true
		if f.fn.Ret != nil {
			if c, _ := f.illegalSelf(f.env.Type(f.fn.Ret), ownProjections); c == types.Yes {
				kinds = append(kinds, SelfInReturn)
			}
			if len(impls(nil, f.fn.Ret)) > 0 {
				kinds = append(kinds, NotBoxable)
			}
		}
	case has(kinds, RPITIT):
		kinds = append(kinds, f.opaqueReasons()...)
		boxable = true
	}
	switch {
	case len(kinds) == 0:
	case boxable && onlyKind(kinds, AsyncFn, RPITIT):
		class = Boxed
	default:
		class = Excluded
	}
	if f.fn.Self == syntax.SelfValue || f.fn.Self == syntax.SelfTyped && f.env.Type(f.fn.SelfParam.Type).Kind == types.SelfType {
		kinds = append(kinds, ByValueSelf)
	}
	return class, kinds
}

// opaqueReasons says what keeps `-> impl Trait` from being boxed: it must be the whole return type, and its principal trait
// must have a dyn type with all it needs named.
func (f *trialFn) opaqueReasons() []Kind {
	ret := f.fn.Ret
	for ret != nil && ret.Kind == syntax.TypeParen {
		ret = ret.Elems[0]
	}
	if ret == nil || ret.Kind != syntax.TypeImpl || len(impls(nil, ret)) != 1 {
		return []Kind{NotBoxable}
	}
	var out []Kind
	regular := 0
	for i := range ret.Bounds {
		b := &ret.Bounds[i]
		if b.Kind != syntax.BoundTrait || b.Maybe || b.Path == nil {
			continue
		}
		ref := f.env.TraitRef(nil, b.Path)
		for _, a := range append(bindingTypes(ref), ref.Args...) {
			if c, _ := f.illegalSelf(a, ownProjections); c == types.Yes {
				out = append(out, SelfInReturn)
			}
		}
		if ref.Def.Kind == resolve.None || f.Types.Decl(ref.Def).Auto {
			continue
		}
		regular++
		if ref.Def == f.Judge.sized || f.incompatible(ref.Def) || len(f.MissingTypes(ref)) > 0 {
			out = append(out, NotBoxable)
		}
	}
	if regular > 1 {
		out = append(out, NotBoxable)
	}
	return distinct(out)
}

func bindingTypes(r *types.TraitRef) []*types.Type {
	var out []*types.Type
	for _, b := range r.Bindings {
		out = append(out, b.Type)
	}
	return out
}

// mentionsGAT reports whether the signature mentions a generic associated type of the trait.
func (f *trialFn) mentionsGAT() bool {
	file := f.trait.Def.File()
	gats := map[string]bool{}
	for _, m := range f.trait.Members {
		if file.Syntax().Items[m].Kind != syntax.KindType {
			continue
		}
		if a := syntax.ParseAlias(file.Syntax(), m, file.Edition); len(f.trait.Def.Scope.Compiled(a.Generics.Params)) > 0 {
			gats[a.Name] = true
		}
	}
	if len(gats) == 0 {
		return false
	}
	found := f.fn.Ret != nil && mentions(f.env.Type(f.fn.Ret), gats)
	for i := range f.fn.Params {
		if ty := f.fn.Params[i].Type; ty != nil {
			found = found || mentions(f.env.Type(ty), gats)
		}
	}
	return found
}

func mentions(ty *types.Type, names map[string]bool) bool {
	if ty.Kind == types.Projection && names[ty.Name] && ty.Args[0].Kind == types.SelfType {
		return true
	}
	for _, a := range ty.Args {
		if mentions(a, names) {
			return true
		}
	}
	for _, r := range ty.Traits {
		if r == nil {
			continue
		}
		for _, a := range append(bindingTypes(r), r.Args...) {
			if mentions(a, names) {
				return true
			}
		}
	}
	return false
}

// classed adds to each method what follows from the trait as a whole: under today's rules no method of a trait that is not
// dyn compatible is dispatched.
func classed(v *Verdict) []Method {
	out := make([]Method, len(v.Methods))
	for i, m := range v.Methods {
		m.Stable = m.Class
		m.Reasons = distinct(m.Reasons)
		if m.Stable == Boxed {
			m.Stable = Excluded
		}
		if v.Compatible == types.No {
			m.Stable = Excluded
			m.Reasons = append(m.Reasons[:len(m.Reasons):len(m.Reasons)], WholeTrait)
		}
		out[i] = m
	}
	return out
}

func has(kinds []Kind, kind Kind) bool {
	for _, k := range kinds {
		if k == kind {
			return true
		}
	}
	return false
}

func onlyKind(kinds []Kind, allowed ...Kind) bool {
	for _, k := range kinds {
		if !has(allowed, k) {
			return false
		}
	}
	return true
}

func distinct(kinds []Kind) []Kind {
	var out []Kind
	for _, k := range kinds {
		if !has(out, k) {
			out = append(out, k)
		}
	}
	return out
}

func contains(text []byte, word string) bool { return bytes.Contains(text, []byte(word)) }
