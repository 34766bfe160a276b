// Package types is the meaning of written types: names resolved, aliases expanded, parameters substituted, lifetimes
// dropped. It knows what the rules of dyn compatibility and receivers need, and no more: nothing is normalised, no impl is
// searched.
package types

import (
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// Kind is the form of a Type.
type Kind uint8

// Type forms.
const (
	Unknown  Kind = iota // Why says why; Args are what is known to stand in it
	SelfType             // the Self of a trait
	Param                // a generic parameter, by name
	Adt                  // a struct, enum or union
	Primitive
	Ref
	Ptr
	Slice
	Array
	Tuple
	Never
	FnPtr      // Args: the parameters, then the result
	Dyn        // Traits and their bindings
	Opaque     // Traits if Env.KeepBounds
	Projection // <Args[0] as Traits[0]>::Name
	Const      // a const argument, by its text
	Infer
)

// Type is a type. Values are immutable and shared.
type Type struct {
	Def    resolve.Def // Adt
	Name   string      // Param, Primitive, Const: its name; Projection: the associated type
	Args   []*Type
	Traits []*TraitRef // Dyn, Opaque: its bounds; Projection: the one trait (nil if not known)
	Kind   Kind
	Mut    bool        // Ref, Ptr
	Why    resolve.Why // Unknown
	size   int32       // of the type written out, in nodes; 0 means 1
}

// maxSize bounds a type written out, in nodes. Aliases and supertraits can double it at every step.
const maxSize = 4096

// bounded is t with its size noted; unknown if that is too large.
func bounded(t *Type) *Type {
	if t.size > 0 || len(t.Args) == 0 && len(t.Traits) == 0 {
		return t
	}
	size := int32(1)
	add := func(part *Type) {
		if part != nil && size <= maxSize {
			size += max(1, part.size)
		}
	}
	for _, a := range t.Args {
		add(a)
	}
	for _, r := range t.Traits {
		if r == nil {
			continue
		}
		for _, a := range r.Args {
			add(a)
		}
		for _, b := range r.Bindings {
			add(b.Type)
		}
	}
	if size > maxSize {
		return unknownType(resolve.Limit)
	}
	if t.size == 0 {
		out := *t
		out.size = size
		return &out
	}
	return t
}

// TraitRef is a trait with its arguments: `Self: Def<Args>`, with the bindings `Name = Type` that were written with it.
type TraitRef struct {
	Def      resolve.Def
	Self     *Type
	Args     []*Type // types and consts, defaults filled in; no lifetimes
	Bindings []Binding
	Written  int32       // how many of Args are written
	Why      resolve.Why // why Def is None
}

// Binding is an associated type equality, `Name = Type`.
type Binding struct {
	Name string
	Type *Type
	Span source.Span // where it is written: `Item = T`, or the B of `Fn(A) -> B`; empty if it is not
}

// Truth is a three-valued answer.
type Truth uint8

// Answers.
const (
	No Truth = iota
	Yes
	Maybe
)

// Or is yes if one of the two is, and maybe if one may be.
func Or(a, b Truth) Truth {
	if a == Yes || b == Yes {
		return Yes
	}
	return max(a, b)
}

// Shared types without parts.
var (
	selfType  = &Type{Kind: SelfType}
	unitType  = &Type{Kind: Tuple}
	neverType = &Type{Kind: Never}
	inferType = &Type{Kind: Infer}
)

// SelfOfTrait is the Self type of a trait.
func SelfOfTrait() *Type { return selfType }

func unknownType(why resolve.Why, args ...*Type) *Type {
	return &Type{Kind: Unknown, Why: why, Args: args}
}

// Equal compares two types; lifetimes do not count.
func Equal(a, b *Type) Truth {
	if a == b && (a == nil || !strings.HasPrefix(a.Name, opaque)) {
		return Yes
	}
	if a == nil || b == nil {
		return No
	}
	if a.Kind == Unknown || b.Kind == Unknown {
		return Maybe
	}
	if a.Kind != b.Kind || a.Def != b.Def || a.Name != b.Name || a.Mut != b.Mut || len(a.Args) != len(b.Args) || len(a.Traits) != len(b.Traits) {
		return No
	}
	if strings.HasPrefix(a.Name, opaque) {
		return No
	}
	out := Yes
	for i := range a.Args {
		out = both(out, Equal(a.Args[i], b.Args[i]))
	}
	if a.Kind == Dyn {
		return both(out, equalBounds(a.Traits, b.Traits))
	}
	for i := range a.Traits {
		out = both(out, EqualRef(a.Traits[i], b.Traits[i]))
	}
	return out
}

// equalBounds compares the traits of two trait object types, in any order, with their bindings.
func equalBounds(a, b []*TraitRef) Truth {
	out := Yes
	for _, x := range a {
		best := No
		for _, y := range b {
			if x.Def != y.Def {
				continue
			}
			same := EqualRef(x, y)
			if len(x.Bindings) != len(y.Bindings) {
				same = No
			}
			for i := range min(len(x.Bindings), len(y.Bindings)) {
				same = both(same, Equal(x.Bindings[i].Type, y.Bindings[i].Type))
			}
			best = Or(best, same)
		}
		out = both(out, best)
	}
	return out
}

func both(a, b Truth) Truth {
	if a == No || b == No {
		return No
	}
	return max(a, b)
}

// EqualRef compares two trait references, without their bindings.
func EqualRef(a, b *TraitRef) Truth {
	if a == b {
		return Yes
	}
	if a == nil || b == nil || a.Def.Kind == resolve.None || b.Def.Kind == resolve.None {
		return Maybe
	}
	if a.Def != b.Def || len(a.Args) != len(b.Args) {
		return No
	}
	out := Equal(a.Self, b.Self)
	for i := range a.Args {
		out = both(out, Equal(a.Args[i], b.Args[i]))
	}
	return out
}

// Subst replaces Self and parameters.
type Subst struct {
	Self   *Type
	Params map[string]*Type
}

// Map is t with f applied to each of its parts; f is not applied to t itself.
func (t *Type) Map(f func(*Type) *Type) *Type {
	if len(t.Args) == 0 && len(t.Traits) == 0 {
		return t
	}
	out := *t
	out.Args = make([]*Type, len(t.Args))
	for i, a := range t.Args {
		out.Args[i] = f(a)
	}
	out.Traits = make([]*TraitRef, len(t.Traits))
	for i, r := range t.Traits {
		out.Traits[i] = r.Map(f)
	}
	out.size = 0
	return bounded(&out)
}

// Map is r with f applied to its Self, arguments and bindings.
func (r *TraitRef) Map(f func(*Type) *Type) *TraitRef {
	if r == nil {
		return nil
	}
	out := *r
	if r.Self != nil {
		out.Self = f(r.Self)
	}
	out.Args = make([]*Type, len(r.Args))
	for i, a := range r.Args {
		out.Args[i] = f(a)
	}
	out.Bindings = make([]Binding, len(r.Bindings))
	for i, b := range r.Bindings {
		out.Bindings[i] = Binding{Name: b.Name, Type: f(b.Type), Span: b.Span}
	}
	return &out
}

// Apply is t with the substitution applied.
func (s *Subst) Apply(t *Type) *Type {
	if t == nil {
		return nil
	}
	switch t.Kind {
	case SelfType:
		if s.Self != nil {
			return s.Self
		}
		return t
	case Param:
		if r := s.Params[t.Name]; r != nil {
			return r
		}
		return t
	}
	if len(t.Args) == 0 && len(t.Traits) == 0 {
		return t
	}
	out := *t
	out.Args = make([]*Type, len(t.Args))
	for i, a := range t.Args {
		out.Args[i] = s.Apply(a)
	}
	out.Traits = make([]*TraitRef, len(t.Traits))
	for i, r := range t.Traits {
		out.Traits[i] = s.ApplyRef(r)
	}
	out.size = 0
	return bounded(&out)
}

// ApplyRef is r with the substitution applied.
func (s *Subst) ApplyRef(r *TraitRef) *TraitRef {
	if r == nil {
		return nil
	}
	out := *r
	out.Self = s.Apply(r.Self)
	out.Args = make([]*Type, len(r.Args))
	for i, a := range r.Args {
		out.Args[i] = s.Apply(a)
	}
	out.Bindings = make([]Binding, len(r.Bindings))
	for i, b := range r.Bindings {
		out.Bindings[i] = Binding{Name: b.Name, Type: s.Apply(b.Type), Span: b.Span}
	}
	return &out
}
