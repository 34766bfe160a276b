package dyncompat

import (
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// projectionRule says whether `Self::X` of the trait and its supertraits may be mentioned (rustc's AllowSelfProjections).
type projectionRule uint8

const (
	ownProjections projectionRule = iota
	noProjections
)

// illegalSelf reports whether a type mentions Self where a trait object could not say what it is
// (contains_illegal_self_type_reference).
func (t *trial) illegalSelf(ty *types.Type, rule projectionRule) (types.Truth, resolve.Why) {
	switch ty.Kind {
	case types.SelfType:
		return types.Yes, resolve.Known
	case types.Projection:
		if rule == ownProjections && ty.Args[0].Kind == types.SelfType {
			switch t.isSupertrait(ty.Traits[0]) {
			case types.Yes:
				return types.No, resolve.Known
			case types.Maybe:
				return types.Maybe, resolve.UnresolvedName
			}
		}
	case types.Const:
		if name := ty.ConstOfSelf(); name != "" && rule == ownProjections {
			return not(t.hasTypeConst(name)), resolve.UnresolvedName
		}
		if ty.ConstNamesSelf() {
			return types.Yes, resolve.Known
		}
	case types.Unknown:
		// What did not resolve may drop its arguments, as a type alias can.
		for _, a := range ty.Args {
			if c, _ := t.illegalSelf(a, rule); c != types.No {
				return types.Maybe, ty.Why
			}
		}
		return types.No, resolve.Known
	}
	out, why := types.No, resolve.Known
	see := func(part *types.Type) {
		if part == nil {
			return
		}
		c, w := t.illegalSelf(part, rule)
		out = types.Or(out, c)
		if c == types.Maybe {
			why = w
		}
	}
	for _, a := range ty.Args {
		see(a)
	}
	for _, r := range ty.Traits {
		if r == nil {
			continue
		}
		for i, a := range r.Args {
			// A default that is Self means the object's own type here, not the trait's (E0393 if it matters).
			if ty.Kind == types.Dyn && r.Self == nil && a.Kind == types.SelfType && i >= int(r.Written) {
				continue
			}
			see(a)
		}
		for _, b := range r.Bindings {
			see(b.Type)
		}
	}
	return out, why
}

// isSupertrait reports whether ref is exactly the trait itself or one of its supertraits, arguments included.
func (t *trial) isSupertrait(ref *types.TraitRef) types.Truth {
	if ref == nil {
		return types.Maybe
	}
	out := types.No
	for _, s := range t.supers {
		switch types.EqualRef(ref, s) {
		case types.Yes:
			return types.Yes
		case types.Maybe:
			out = types.Maybe
		}
	}
	return out
}

// hasTypeConst reports whether the trait or one of its supertraits declares a `type const` with a name.
func (t *trial) hasTypeConst(name string) types.Truth {
	out := types.No
	for _, s := range t.supers {
		if s.Def.Kind == resolve.None {
			out = types.Maybe
			continue
		}
		if t.Judge.Types.Decl(s.Def).Declares(name) {
			return types.Yes
		}
	}
	return out
}
