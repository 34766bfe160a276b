package companion

import (
	"fmt"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// What a companion cannot have: methods that no object could have, and supertraits that no object could be of. It goes without them, and
// its object does not implement the native trait then.

// Obstacle says what keeps a method out of a companion: `takes impl Into<String>`. It is empty for one that can be in.
func Obstacle(file *workspace.File, m *dyncompat.Method) string {
	if m.Alone != dyncompat.Excluded {
		return ""
	}
	fn := syntax.ParseFn(file.Syntax(), m.Item, file.Edition)
	for _, r := range m.AloneReasons {
		switch r {
		case dyncompat.Generic:
			return genericObstacle(file, fn)
		case dyncompat.StaticFn:
			return "has no receiver"
		case dyncompat.SelfInParam:
			return "takes `Self`"
		case dyncompat.SelfInReturn:
			return "returns `Self`"
		case dyncompat.SelfInWhere:
			return "has a bound on `Self`"
		case dyncompat.Receiver:
			return fmt.Sprintf("takes `self: %s`, which cannot be dispatched on", fn.SelfParam.Type.Span.Of(file.Text))
		case dyncompat.GAT:
			return "mentions a generic associated type"
		case dyncompat.NotBoxable:
			return "returns an `impl Trait` that cannot be boxed as a whole"
		case dyncompat.CVariadic:
			return "takes a variable number of arguments"
		}
	}
	return "is not dispatched"
}

// Remedy is what could be done about an obstacle by hand; empty if nothing comes to mind.
func Remedy(m *dyncompat.Method) string {
	for _, r := range m.AloneReasons {
		switch r {
		case dyncompat.Generic:
			return "take a `dyn` type or give it `where Self: Sized`"
		case dyncompat.StaticFn, dyncompat.Receiver:
			return "take `&self` or give it `where Self: Sized`"
		case dyncompat.SelfInReturn:
			return "return a box of an object or give it `where Self: Sized`"
		case dyncompat.SelfInParam, dyncompat.SelfInWhere:
			return "give it `where Self: Sized`"
		}
	}
	return ""
}

func genericObstacle(file *workspace.File, fn *syntax.Fn) string {
	if slices.ContainsFunc(fn.Generics.Params, func(p syntax.Param) bool { return p.Kind != syntax.ParamLifetime }) {
		return "is generic"
	}
	shown := ""
	for i := range fn.Params {
		walkTypes(fn.Params[i].Type, func(t *syntax.Type) {
			if t.Kind == syntax.TypeImpl && shown == "" {
				shown = string(t.Span.Of(file.Text))
			}
		})
	}
	return "takes `" + shown + "`"
}

// leftOut is what is left out of the supertraits of a companion.
type leftOut struct {
	bounds []*syntax.Bound
	traits []resolve.Def
}

// takesSelf reports whether a bound of the trait's Self has Self among its arguments, by default too: `PartialEq`.
func (t *Trait) takesSelf(b *syntax.Bound) bool {
	return slices.ContainsFunc(t.judge.Verdict(t.Def).Violations, func(v dyncompat.Violation) bool {
		return v.Kind == dyncompat.SelfInBounds && v.Trait == t.Def && b.Span.Encloses(v.Span)
	})
}

// bare reports whether a companion of a supertrait that is not dyn compatible would have nothing: the trait is of another crate, where it
// has nothing to box, or has no items that an object could have.
func (t *Trait) bare(v *dyncompat.Verdict) bool {
	opaque := slices.ContainsFunc(v.Methods, func(m dyncompat.Method) bool {
		return slices.Contains(m.AloneReasons, dyncompat.AsyncFn) || slices.Contains(m.AloneReasons, dyncompat.RPITIT)
	})
	if opaque || v.Trait.Kind != resolve.Trait {
		return false
	}
	if !v.Trait.Scope.Crate.Member && !t.how.Abroad {
		return true
	}
	kept := slices.ContainsFunc(v.Methods, func(m dyncompat.Method) bool {
		return m.Alone != dyncompat.SizedOnly && m.Alone != dyncompat.Excluded
	})
	header := t.judge.Types.Decl(v.Trait).Header
	return !kept && !slices.ContainsFunc(header.Supers, func(b syntax.Bound) bool {
		if b.Path == nil || b.Maybe {
			return false
		}
		ref := t.judge.Types.TraitEnv(v.Trait).TraitRef(types.SelfOfTrait(), b.Path)
		return ref.Def.Kind != resolve.Trait || !t.judge.Types.Decl(ref.Def).Auto && t.judge.Verdict(ref.Def).Compatible != types.No
	})
}

// wholeWhy is what stands against a supertrait.
func wholeWhy(v *dyncompat.Verdict) string {
	if slices.ContainsFunc(v.Violations, func(v dyncompat.Violation) bool { return v.Kind == dyncompat.SizedSelf }) {
		return "asks for `Self: Sized`"
	}
	return "is not dyn compatible"
}

// leaveOut goes without a supertrait, and returns what of it the companion can have: the auto traits.
func (t *Trait) leaveOut(b *syntax.Bound, ref *types.TraitRef, why string) []syntax.Bound {
	t.unbridged = true
	if ref.Def == t.judge.Types.Resolver.WellKnown("core", "marker", "Sized") {
		why = "is a supertrait"
	}
	t.limit("`%s` %s", t.p.path(b.Path), why)
	t.left.bounds = append(t.left.bounds, b)
	var out []syntax.Bound
	for _, super := range t.judge.Types.Supertraits(ref.Def) {
		if super.Def.Kind != resolve.Trait {
			continue
		}
		t.left.traits = append(t.left.traits, super.Def)
		if decl := t.judge.Types.Decl(super.Def); decl.Auto && super.Def.Scope.Crate.Std {
			for _, name := range [...]string{"Send", "Sync", "Unpin"} { // those of the prelude
				if super.Def.ItemName() == name {
					out = append(out, named(name))
				}
			}
		}
	}
	t.static = t.static || t.implies(ref.Def, "'static")
	return out
}

// checkWhole looks for what stands against the trait as a whole and cannot be left out.
func (t *Trait) checkWhole(verdict *dyncompat.Verdict) error {
	for i := range verdict.Violations {
		v := &verdict.Violations[i]
		if v.Trait != t.Def || v.Kind == dyncompat.SizedSelf {
			continue
		}
		switch v.Kind {
		case dyncompat.SelfInBounds, dyncompat.OptedOut, dyncompat.NonLifetimeBinder, dyncompat.ConstSupertrait:
			if !slices.ContainsFunc(t.left.bounds, func(b *syntax.Bound) bool { return b.Span.Encloses(v.Span) }) {
				return blocked("a companion of `%s` would not be dyn compatible either: %s", t.Name, v.Message())
			}
		}
	}
	return nil
}

// checkLeftOut looks for associated types of supertraits that are left out.
func (t *Trait) checkLeftOut() error {
	lost := map[string]string{}
	for _, def := range t.left.traits {
		items := def.File().Syntax().Items
		for _, m := range t.judge.Types.Decl(def).Members {
			if items[m].Kind == syntax.KindType {
				lost[items[m].Name] = def.ItemName()
			}
		}
	}
	for _, a := range t.assocs {
		delete(lost, a.name)
	}
	if len(lost) == 0 {
		return nil
	}
	for _, m := range t.methods {
		found := ""
		see := copier{rename: func(p *syntax.Path) *syntax.Path {
			if n := len(p.Segments); n > 1 && lost[p.Segments[1].Name] != "" && p.Segments[0].Name == "Self" || p.QSelf != nil && isSelf(p.QSelf) && lost[p.Segments[n-1].Name] != "" {
				found = p.Segments[n-1].Name
				if p.QSelf == nil {
					found = p.Segments[1].Name
				}
			}
			return p
		}}
		for i := range m.fn.Params {
			see.typ(m.fn.Params[i].Type)
		}
		see.typ(m.fn.Ret)
		see.predicates(m.fn.Generics.Where)
		if found != "" {
			return blocked("`%s` mentions `Self::%s` of `%s`, which is not dyn compatible", m.name, found, lost[found])
		}
	}
	return nil
}
