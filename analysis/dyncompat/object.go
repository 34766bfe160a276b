package dyncompat

import (
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// Position is where a trait object type is written, as far as rustc's errors depend on it.
type Position uint8

// Positions.
const (
	InSignature Position = iota // of an item: signatures, fields, bounds
	InBody                      // of a function, const or static
	InPath                      // bare, before the name in a path of an expression: arguments that are left out are inferred
)

// Object is a trait object type with rustc's verdict on it.
type Object struct {
	Principal resolve.Def // None: only auto traits, or unknown
	// PrincipalSpan is the place of the principal bound.
	PrincipalSpan source.Span
	Verdict       *Verdict // of the principal trait; nil if there is none
	Compatible    types.Truth
	Why           resolve.Why
	// Errors are rustc's codes for this type, sorted.
	Errors []string
	// Lowered is set if rustc finds the fault while it lowers the type, which it does wherever one is written. Others are
	// found in a signature only if rustc checks the type for well-formedness.
	Lowered bool
	// Missing are the associated types that must be named (E0191), with the traits that declare them.
	Missing []MissingType
	// MissingParams are the parameters that default to Self and must be given (E0393).
	MissingParams []string
	// Extra are the bounds beyond the first that are no auto traits (E0225).
	Extra []source.Span
}

// MissingType is an associated type, or an associated `type const`, that a trait object type must name.
type MissingType struct {
	Name  string
	Trait resolve.Def
	// Generic is set for one that no trait object can name (E0038): it has parameters, or is a const of a type that mentions Self.
	Generic bool
	Const   bool
}

// Object judges a trait object type by its bounds, as written in env.
func (j *Judge) Object(env *types.Env, bounds []syntax.Bound, at Position) *Object {
	out, named := j.object(env, bounds, at)
	if len(out.Errors) > 0 && len(out.Extra) == 0 && named != nil && j.givenErrors(env, named, at) {
		out.Errors = nil // rustc says no more about a type with an error in it, once it has counted the traits
	}
	return out
}

// object is Object as if nothing were wrong with the types inside, and the path of the principal bound.
func (j *Judge) object(env *types.Env, bounds []syntax.Bound, at Position) (*Object, *syntax.Path) {
	out := &Object{Compatible: types.Yes}
	var principal *types.TraitRef
	var alias *Object               // an alias is judged as supertraits are: its bounds must not mention Self (lower_trait_object_ty)
	var named, written *syntax.Path // of the principal; written is nil if all arguments are given, by an alias, or inferred
	for i := range bounds {
		b := &bounds[i]
		if b.Kind != syntax.BoundTrait || b.Maybe || b.Path == nil {
			continue
		}
		ref := env.TraitRef(nil, b.Path)
		if ref.Def.Kind == resolve.None {
			out.Compatible, out.Why = types.Maybe, ref.Why
			return out, named
		}
		if ref.Def.Kind == resolve.TraitAlias && alias == nil {
			if v := j.Verdict(ref.Def); badSupertraits(v) {
				alias = &Object{
					Principal: ref.Def, PrincipalSpan: b.Span, Verdict: v, Compatible: types.No, Errors: []string{"E0038"}, Lowered: true,
				}
			}
		}
		for _, r := range j.regular(ref, 0) {
			if r == nil {
				out.Compatible, out.Why = types.Maybe, resolve.UnresolvedName
				return out, named
			}
			if principal == nil {
				principal, named, out.PrincipalSpan = r, b.Path, b.Span
				if r.Def == ref.Def && (at != InPath || b.Path.Segments[len(b.Path.Segments)-1].Args != nil) {
					written = b.Path
				}
				continue
			}
			out.Extra = append(out.Extra, b.Span)
		}
	}
	if alias != nil && len(out.Extra) == 0 {
		return alias, nil
	}
	if principal == nil {
		if len(bounds) == 0 {
			out.Compatible, out.Why = types.Maybe, resolve.ParseError
		}
		return out, named
	}
	out.Principal = principal.Def
	out.Verdict = j.Verdict(principal.Def)
	out.Compatible, out.Why = out.Verdict.Compatible, out.Verdict.Why
	if len(out.Extra) > 0 {
		out.Errors, out.Lowered = []string{"E0225"}, true
		return out, named
	}
	if written != nil {
		args := written.Segments[len(written.Segments)-1].Args
		if !takes(j.Types.Decl(principal.Def).Header.Generics.Params, args, true) || at == InSignature && !j.bindingsFit(principal.Def, args) {
			return out, named // E0107, and no word about dyn
		}
	}
	out.MissingParams = j.missingParams(principal, written)
	out.Missing = j.MissingTypes(principal)
	if constrained(written) { // rustc reports `dyn Iterator<Item: Debug>` as that, and nothing that it lacks
		out.Missing = slices.DeleteFunc(out.Missing, func(m MissingType) bool { return !m.Generic })
	}
	incompatible := out.Compatible == types.No
	out.Lowered = true
	switch { // in the order in which rustc looks
	case out.Compatible == types.Maybe:
	case incompatible && (at != InSignature || badSupertraits(out.Verdict) || anyGeneric(out.Missing)):
		out.Errors = []string{"E0038"}
	case len(out.Missing) > 0:
		out.Errors = []string{"E0191"}
	case len(out.MissingParams) > 0:
		out.Errors = []string{"E0393"}
	case incompatible: // found last in a signature, when the type is checked for well-formedness
		out.Errors, out.Lowered = []string{"E0038"}, false
	}
	return out, named
}

// givenErrors reports whether the arguments of a trait, the values of its associated types aside, mention a trait object type
// that rustc rejects when it lowers it.
func (j *Judge) givenErrors(env *types.Env, p *syntax.Path, at Position) (found bool) {
	args := p.Segments[len(p.Segments)-1].Args
	if args == nil {
		return false
	}
	see := func(t *syntax.Type) {
		if !found && t.Kind == syntax.TypeDyn {
			o, _ := j.object(env, t.Bounds, at)
			found = len(o.Errors) > 0 && o.Lowered
		}
	}
	for _, in := range args.Inputs {
		eachType(in, see)
	}
	for i := range args.List {
		if args.List[i].Kind == syntax.ArgType {
			eachType(args.List[i].Type, see)
		}
	}
	return found
}

// bindingsFit reports whether the parameters of a trait's generic associated types fit the arguments that bindings give in number.
func (j *Judge) bindingsFit(def resolve.Def, args *syntax.Args) bool {
	if args == nil || args.Paren {
		return true
	}
	decl, file := j.Types.Decl(def), def.File()
	for i := range args.List {
		a := &args.List[i]
		if a.Kind != syntax.ArgEq {
			continue
		}
		for _, m := range decl.Members {
			if it := &file.Syntax().Items[m]; it.Kind == syntax.KindType && it.Name == a.Name {
				params := def.Scope.Compiled(syntax.ParseAlias(file.Syntax(), m, file.Edition).Generics.Params)
				if !takes(params, a.NameArgs, false) {
					return false
				}
			}
		}
	}
	return true
}

// takes reports whether parameters fit the arguments in number. Lifetimes may be left out, all of them, where elided is set.
func takes(params []syntax.Param, args *syntax.Args, elided bool) bool {
	var lifetimes, types, needed, givenLifetimes, givenTypes int
	for _, p := range params {
		switch {
		case p.Kind == syntax.ParamLifetime:
			lifetimes++
		default:
			types++
			if p.Default == nil && !p.HasDefault {
				needed++
			}
		}
	}
	if args != nil {
		if args.Paren {
			return true
		}
		for i := range args.List {
			switch args.List[i].Kind {
			case syntax.ArgLifetime:
				givenLifetimes++
			case syntax.ArgType, syntax.ArgConst:
				givenTypes++
			}
		}
	}
	return needed <= givenTypes && givenTypes <= types && (givenLifetimes == lifetimes || givenLifetimes == 0 && elided)
}

// constrained reports whether a path has associated type bounds, which are not allowed in a trait object type.
func constrained(p *syntax.Path) bool {
	if p == nil {
		return false
	}
	args := p.Segments[len(p.Segments)-1].Args
	return args != nil && slices.ContainsFunc(args.List, func(a syntax.Arg) bool { return a.Kind == syntax.ArgConstraint })
}

func anyGeneric(missing []MissingType) bool {
	return slices.ContainsFunc(missing, func(m MissingType) bool { return m.Generic })
}

// badSupertraits reports whether rustc rejects the type already when it lowers it in a signature
// (hir_ty_lowering_dyn_compatibility_violations): Self in the arguments of a supertrait.
func badSupertraits(v *Verdict) bool {
	return slices.ContainsFunc(v.Violations, func(v Violation) bool { return v.InSupertraits })
}

// regular is the bound without auto traits, trait aliases expanded; nil stands for something unknown.
func (j *Judge) regular(ref *types.TraitRef, depth int) []*types.TraitRef {
	if ref.Def.Kind == resolve.None || depth > 16 {
		return []*types.TraitRef{nil}
	}
	if ref.Def.Kind == resolve.TraitAlias {
		var out []*types.TraitRef
		s := j.Types.SubstOf(ref)
		for _, super := range j.Types.Trait(ref.Def).Supers() {
			super = s.ApplyRef(super)
			super.Bindings = slices.Concat(super.Bindings, ref.Bindings) // ApplyRef has made a copy
			out = append(out, j.regular(super, depth+1)...)
		}
		return out
	}
	if j.Types.Decl(ref.Def).Auto {
		return nil
	}
	return []*types.TraitRef{ref}
}

// missingParams are the parameters whose default mentions Self and that the type does not give (E0393).
func (j *Judge) missingParams(ref *types.TraitRef, written *syntax.Path) []string {
	if written == nil {
		return nil
	}
	given := 0
	if args := written.Segments[len(written.Segments)-1].Args; args != nil {
		if args.Paren {
			return nil
		}
		for i := range args.List {
			if k := args.List[i].Kind; k == syntax.ArgType || k == syntax.ArgConst {
				given++
			}
		}
	}
	var out []string
	i := 0
	for _, p := range j.Types.Decl(ref.Def).Header.Generics.Params {
		if p.Kind == syntax.ParamLifetime {
			continue
		}
		if i >= given && p.Kind == syntax.ParamConst && p.HasDefault && i < len(ref.Args) {
			if text := ref.Def.File().Syntax().Text; types.NamesSelf(string(source.Span{Start: p.NameSpan.End, End: p.Span.End}.Of(text))) {
				out = append(out, p.Name)
			}
		}
		if i >= given && p.Default != nil && i < len(ref.Args) {
			env := j.Types.TraitEnv(ref.Def)
			t := trial{Judge: j, trait: j.Types.Trait(ref.Def)}
			if c, _ := t.illegalSelf(env.Type(p.Default), noProjections); c == types.Yes {
				out = append(out, p.Name)
			}
		}
		i++
	}
	return out
}

// MissingTypes are the associated types that `dyn ref` must name and does not: those of the trait and its supertraits,
// without the generic ones and those for Sized types only, unless a supertrait's bound fixes them (HirTyLowerer,
// lower_trait_object_ty). A binding means the nearest trait that declares its name.
func (j *Judge) MissingTypes(ref *types.TraitRef) []MissingType {
	type slot struct {
		super int // index in supers
		name  string
	}
	supers := j.Types.Supertraits(ref.Def)
	bound := map[slot]bool{}
	bind := func(from *types.TraitRef, name string) {
		s := j.Types.SubstOf(from)
		for _, up := range j.Types.Supertraits(from.Def) {
			if up.Def.Kind == resolve.None || !j.Types.Decl(up.Def).Declares(name) {
				continue
			}
			owner := s.ApplyRef(up)
			lone, found := -1, 0
			for i, have := range supers {
				if have.Def != owner.Def {
					continue
				}
				lone, found = i, found+1
				if have == from || types.EqualRef(have, owner) != types.No {
					bound[slot{i, name}] = true
				}
			}
			if found == 1 { // also where its arguments equal nothing, as those of const items do
				bound[slot{lone, name}] = true
			}
			return
		}
	}
	for _, b := range ref.Bindings {
		bind(j.Types.Identity(ref.Def), b.Name)
	}
	for _, s := range supers {
		if s.Def.Kind == resolve.None {
			continue
		}
		t := trial{Judge: j, trait: j.Types.Trait(ref.Def)}
		for _, b := range s.Bindings {
			if c, _ := t.illegalSelf(b.Type, noProjections); c == types.No {
				bind(s, b.Name)
			}
		}
	}
	var out []MissingType
	for i, s := range supers {
		if s.Def.Kind != resolve.Trait || repeated(supers[:i], s) {
			continue
		}
		for _, m := range j.neededTypes(s.Def) {
			if !bound[slot{i, m.Name}] {
				out = append(out, m)
			}
		}
	}
	return out
}

// repeated reports whether a reference equals one before it; those that differ in their bindings alone are kept apart.
func repeated(before []*types.TraitRef, ref *types.TraitRef) bool {
	for _, b := range before {
		if b.Def == ref.Def && types.EqualRef(b, ref) != types.No {
			return true
		}
	}
	return false
}

// neededTypes are the trait's own associated types that its objects must name.
func (j *Judge) neededTypes(def resolve.Def) []MissingType {
	trait := j.Types.Trait(def)
	file := def.File()
	t := &trial{Judge: j, trait: trait, supers: j.Types.Supertraits(def)}
	t.sized, _ = j.requiresSized(trait.Predicates)
	var out []MissingType
	for _, m := range trait.Members {
		var name string
		var generics *syntax.Generics
		illegal := types.No
		switch it := &file.Syntax().Items[m]; {
		case it.Kind == syntax.KindType:
			a := syntax.ParseAlias(file.Syntax(), m, file.Edition)
			name, generics = a.Name, &a.Generics
		case it.Kind == syntax.KindConst && it.Flags&syntax.FlagTypeConst != 0:
			v := syntax.ParseValue(file.Syntax(), m, file.Edition)
			name, generics = v.Name, &v.Generics
			if v.Type != nil {
				illegal, _ = t.illegalSelf(trait.Env.Type(v.Type), ownProjections)
			}
		default:
			continue
		}
		if exempt, _ := t.exempt(trait.Env.With(generics).Generics(nil, generics)); exempt != types.No {
			continue
		}
		out = append(out, MissingType{
			Name: name, Trait: def, Generic: illegal == types.Yes || len(def.Scope.Compiled(generics.Params)) > 0, Const: file.Syntax().Items[m].Kind == syntax.KindConst,
		})
	}
	return out
}
