// Package dyncompat is the verdict on a trait: may `dyn Trait` be written, which items are to blame and why, and how each
// method would be dispatched under today's rules and under the announced ones.
//
// It implements rustc's rules (rustc_trait_selection/src/traits/dyn_compatibility.rs) on declarations alone: no body and no
// impl is looked at. What rests on something that could not be resolved is unknown, never guessed.
package dyncompat

import (
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Kind is a kind of violation; the values are those of the report.
type Kind string

// Violation kinds. The last three qualify methods only and keep no trait from being dyn compatible.
const (
	SizedSelf         Kind = "sized_self"
	SelfInBounds      Kind = "self_in_bounds"
	OptedOut          Kind = "opted_out"
	NonLifetimeBinder Kind = "non_lifetime_binder"
	ConstSupertrait   Kind = "const_supertrait"
	StaticFn          Kind = "static_fn"
	SelfInParam       Kind = "self_in_param"
	SelfInReturn      Kind = "self_in_return"
	RPITIT            Kind = "rpitit"
	AsyncFn           Kind = "async_fn"
	CVariadic         Kind = "c_variadic"
	SelfInWhere       Kind = "self_in_where"
	Generic           Kind = "generic"
	Receiver          Kind = "receiver"
	AssocConst        Kind = "assoc_const"
	GAT               Kind = "gat"

	ByValueSelf Kind = "by_value_self"
	WholeTrait  Kind = "trait"
	NotBoxable  Kind = "not_boxable"
)

// messages are what rustc prints behind `...because `; %s is the item.
var messages = map[Kind]string{
	SizedSelf:         "it requires `Self: Sized`",
	SelfInBounds:      "it uses `Self` as a type parameter",
	OptedOut:          "it opted out of dyn-compatibility",
	NonLifetimeBinder: "where clause cannot reference non-lifetime `for<...>` variables",
	ConstSupertrait:   "it cannot have a `const` supertrait",
	StaticFn:          "associated function `%s` has no `self` parameter",
	SelfInParam:       "method `%s` references the `Self` type in this parameter",
	SelfInReturn:      "method `%s` references the `Self` type in its return type",
	RPITIT:            "method `%s` references an `impl Trait` type in its return type",
	AsyncFn:           "method `%s` is `async`",
	CVariadic:         "method `%s` is C-variadic",
	SelfInWhere:       "method `%s` references the `Self` type in its `where` clause",
	Generic:           "method `%s` has generic type parameters",
	Receiver:          "method `%s`'s `self` parameter cannot be dispatched on",
	AssocConst:        "it contains associated const `%s`",
	GAT:               "it contains generic associated type `%s`",
}

// helps are what rustc advises; those without an entry get no help.
var helps = map[Kind]string{
	StaticFn:     "consider turning `%s` into a method by giving it a `&self` argument",
	SelfInParam:  "consider moving `%s` to another trait",
	SelfInReturn: "consider moving `%s` to another trait",
	RPITIT:       "consider moving `%s` to another trait",
	AsyncFn:      "consider moving `%s` to another trait",
	CVariadic:    "consider moving `%s` to another trait",
	SelfInWhere:  "consider moving `%s` to another trait",
	Generic:      "consider moving `%s` to another trait",
	Receiver:     "consider changing method `%s`'s `self` parameter to be `&self`",
	AssocConst:   "consider moving `%s` to another trait",
	GAT:          "consider moving `%s` to another trait",
}

// Violation is one reason why a trait is not dyn compatible, at one place.
type Violation struct {
	Kind  Kind
	Trait resolve.Def // the trait that it stands in
	Item  string      // the method, type or const; the trait's own name if it is the trait as a whole
	// Member is the item's index in the trait's file, -1 for the trait as a whole.
	Member int32
	// Span is the place that rustc labels, in the trait's file; zero if it labels none there. It counts only where the
	// trait is Local.
	Span source.Span
	// InSupertraits is set for SelfInBounds in a bound on Self itself, `trait T: B<Self>` or `where Self: B<Self>`.
	InSupertraits bool
	// Via is the direct supertrait that brings the violation; None if it is the trait's own.
	Via resolve.Def
}

// Local reports whether the trait is one of the workspace's own crates. Foreign violations have no place: their text may not be
// at hand, and nobody who reads the report can change it.
func Local(d resolve.Def) bool { return d.Scope.Crate.Member }

// Place is where the violation is written, in a macro's definition or arguments if a macro wrote the trait; false if it has no
// place to show.
func (v *Violation) Place() (file *workspace.File, span source.Span, ok bool) {
	if !Local(v.Trait) || v.Span.Empty() {
		return nil, source.Span{}, false
	}
	return v.Trait.File().Written(v.Span)
}

// Placed reports whether the violation has a place.
func (v *Violation) Placed() bool {
	_, _, ok := v.Place()
	return ok
}

// Message is rustc's reason, without the leading `...because `.
func (v *Violation) Message() string {
	if file := v.Trait.File(); v.Kind == AssocConst && file.Syntax().Items[v.Member].Flags&syntax.FlagTypeConst != 0 {
		if len(syntax.ParseValue(file.Syntax(), v.Member, file.Edition).Generics.Params) == 0 {
			return fill("it contains associated const `%s` whose type references the `Self` type", v.Item)
		}
		return fill("it contains generic associated const `%s`", v.Item)
	}
	return fill(messages[v.Kind], v.Item)
}

// Help is rustc's advice; empty if it has none.
func (v *Violation) Help() string { return fill(helps[v.Kind], v.Item) }
