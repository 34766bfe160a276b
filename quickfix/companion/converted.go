package companion

import (
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// An argument `impl Trait` makes a method generic, so that no object has it. The companion has it all the same where one type can stand
// for all that the caller may give: one that is an `impl Trait` itself, so that the native method takes it, and that what leads back
// makes of the argument. These are a borrowed or a boxed object of the trait, or what the trait converts to.
//
// The companion's method has another name then: on the object it would hide the native one, which takes what the caller has.

// converted is what an argument `impl Trait` becomes in the companion.
type converted struct {
	typ  *syntax.Type      // nil if the parameter stays
	call [2]string         // what stands before and behind the argument where it is passed on
	mut  bool              // the argument is borrowed mutably for that
	auto func(string) bool // reports whether the argument is known to be of an auto trait
}

// borrowedTraits are traits of the standard library that &mut T implements for unsized T that do.
var borrowedTraits = [][]string{
	{"core", "iter", "Iterator"}, {"core", "iter", "DoubleEndedIterator"}, {"core", "iter", "ExactSizeIterator"},
	{"core", "ops", "FnMut"}, {"core", "convert", "AsRef"}, {"core", "convert", "AsMut"}, {"core", "fmt", "Debug"},
	{"core", "fmt", "Display"}, {"core", "fmt", "Write"}, {"core", "hash", "Hasher"}, {"std", "io", "Read"}, {"std", "io", "Write"},
	{"std", "io", "BufRead"}, {"std", "io", "Seek"},
}

// throughAutos are the auto traits that &mut T and Box<T> are of if T is.
var throughAutos = []string{"Send", "Sync", "Unpin"}

// Convertible reports whether a trait has a method with a boxable result that a companion has only because its arguments can be converted.
func Convertible(judge *dyncompat.Judge, def resolve.Def) bool {
	t, err := Read(judge, def, Reading{Convert: true})
	return err == nil && slices.ContainsFunc(t.methods, func(m *method) bool { return m.kind != plain && m.converted != nil })
}

// Converts reports whether the companion's object has a method of this name only as one of the native trait, which has to be in scope
// where it is called; an empty name asks for any.
func (t *Trait) Converts(name string) bool {
	return slices.ContainsFunc(t.methods, func(m *method) bool {
		return m.converted != nil && (name == "" || strings.TrimPrefix(m.name, "r#") == strings.TrimPrefix(name, "r#"))
	})
}

// readConverted finds types for the arguments `impl Trait` of a method that nothing else stands against; it reports whether it found all.
func (t *Trait) readConverted(m *method, class *dyncompat.Method) (bool, error) {
	if !t.how.Convert || class == nil || class.Alone != dyncompat.Excluded || !slices.Contains(class.AloneReasons, dyncompat.Generic) ||
		m.whole != nil || m.again {
		return false, nil
	}
	for _, r := range class.AloneReasons {
		switch r {
		case dyncompat.Generic, dyncompat.AsyncFn, dyncompat.RPITIT, dyncompat.WholeTrait, dyncompat.ByValueSelf:
		default:
			return false, nil
		}
	}
	if slices.ContainsFunc(m.fn.Generics.Params, func(p syntax.Param) bool { return p.Kind != syntax.ParamLifetime }) {
		return false, nil
	}
	named := t.nameAnonymous(m)
	list := make([]converted, len(m.fn.Params))
	for i := range m.fn.Params {
		ty := m.fn.Params[i].Type
		if !HasImpl(ty) {
			continue
		}
		c, ok := t.convert(m, ty)
		if !ok {
			return false, nil
		}
		list[i] = c
	}
	if m.async() && m.fn.Ret != nil && m.fn.Ret.Kind == syntax.TypeNever {
		return false, nil
	}
	limits := len(t.Limits)
	if err := t.readResult(m); err != nil {
		return false, err
	}
	m.converted = list
	// The way back holds the arguments until they are passed on, and so does a native `async fn`.
	if slices.Contains(m.promises, "Send") && (m.promised || !t.erase(m).handed) {
		for i := range list {
			if list[i].typ != nil && (m.promised && named || !list[i].auto("Send")) {
				m.converted, t.Limits = nil, t.Limits[:limits]
				m.promised, m.promises, m.bounds = false, nil, nil
				return false, nil
			}
		}
	}
	return true, nil
}

// nameAnonymous names the lifetimes that are left out in the arguments `impl Trait` of a method, which only an async fn may have (E0658);
// it reports whether there are any.
func (t *Trait) nameAnonymous(m *method) bool {
	r := &regions{env: m.env}
	for i := range m.fn.Params {
		if HasImpl(m.fn.Params[i].Type) {
			r.typ(m.fn.Params[i].Type, false)
		}
	}
	taken := func(name string) bool {
		return slices.Contains(t.params(syntax.ParamLifetime), name) ||
			slices.ContainsFunc(m.fn.Generics.Params, func(p syntax.Param) bool { return p.Name == name })
	}
	named := false
	for _, region := range r.list {
		if region.elided() {
			*region.at, named = fresh("'i", taken), true
			m.fn.Generics.Params = append(slices.Clone(m.fn.Generics.Params), syntax.Param{Kind: syntax.ParamLifetime, Name: *region.at})
		}
	}
	return named
}

// convert finds the type for an argument `impl Trait`.
func (t *Trait) convert(m *method, ty *syntax.Type) (converted, bool) {
	for ty.Kind == syntax.TypeParen {
		ty = ty.Elems[0]
	}
	if ty.Kind != syntax.TypeImpl || HasImpl(boundTypes(ty.Bounds)...) {
		return converted{}, false
	}
	var principal *types.TraitRef
	var written *syntax.Bound
	var autos []string
	outlives := false
	for i := range ty.Bounds {
		b := &ty.Bounds[i]
		if b.Kind == syntax.BoundLifetime {
			outlives = true
			continue
		}
		if b.Kind != syntax.BoundTrait || b.Path == nil || b.Maybe {
			return converted{}, false
		}
		ref := m.env.TraitRef(nil, b.Path)
		switch {
		case ref.Def.Kind != resolve.Trait:
			return converted{}, false
		case t.judge.Types.Decl(ref.Def).Auto:
			if !slices.Contains(throughAutos, ref.Def.ItemName()) {
				return converted{}, false
			}
			autos = append(autos, ref.Def.ItemName())
		case principal != nil:
			return converted{}, false
		default:
			principal, written = ref, b
		}
	}
	if principal == nil {
		return converted{}, false
	}
	r := t.judge.Types.Resolver
	is := func(path ...string) bool { return r.WellKnown(path...) == principal.Def }
	bounded := func(auto string) bool { return slices.Contains(autos, auto) }
	among := func(list [][]string) bool {
		return slices.ContainsFunc(list, func(path []string) bool { return is(path...) })
	}
	switch {
	case is("core", "convert", "Into"):
		target := t.intoTarget(written)
		if target == nil || (len(autos) > 0 || outlives) && !t.data(m.env.Type(target)) {
			return converted{}, false
		}
		return converted{typ: target, call: [2]string{"", ".into()"}, auto: bounded}, true
	case is("core", "iter", "IntoIterator"):
		// Of the iterator nothing is known but its items.
		iterator := named("Iterator")
		iterator.Path.Segments[0].Args = written.Path.Segments[len(written.Path.Segments)-1].Args
		if len(autos) > 0 || outlives || !t.named("Iterator", "core", "iter", "Iterator") || iterator.Path.Segments[0].Args == nil {
			return converted{}, false
		}
		if missing := t.judge.MissingTypes(m.env.TraitRef(nil, iterator.Path)); len(missing) > 0 || len(iterator.Path.Segments[0].Args.List) != 1 {
			return converted{}, false
		}
		none := func(string) bool { return false }
		return converted{typ: borrowed([]syntax.Bound{iterator}), call: [2]string{"&mut ", ".into_iter()"}, auto: none}, true
	case t.judge.Verdict(principal.Def).Compatible != types.Yes || len(t.judge.MissingTypes(principal)) > 0:
		return converted{}, false
	case among(borrowedTraits) && !outlives:
		return converted{typ: borrowed(ty.Bounds), call: [2]string{"&mut ", ""}, mut: true, auto: bounded}, true
	case among(boxTraits):
		bounds := slices.Clone(ty.Bounds)
		if !outlives {
			bounds = append(bounds, syntax.Bound{Kind: syntax.BoundLifetime, Lifetime: "'_"})
		}
		box := named("Box")
		box.Path.Segments[0].Args = &syntax.Args{List: []syntax.Arg{{Kind: syntax.ArgType, Type: &syntax.Type{Kind: syntax.TypeDyn, Bounds: bounds}}}}
		return converted{typ: &syntax.Type{Kind: syntax.TypePath, Path: box.Path}, call: [2]string{"Box::new(", ")"}, auto: bounded}, true
	}
	return converted{}, false
}

// borrowed is the type `&mut dyn Trait`.
func borrowed(bounds []syntax.Bound) *syntax.Type {
	object := &syntax.Type{Kind: syntax.TypeDyn, Bounds: bounds}
	if len(bounds) > 1 {
		object = &syntax.Type{Kind: syntax.TypeParen, Elems: []*syntax.Type{object}}
	}
	return &syntax.Type{Kind: syntax.TypeRef, Mut: true, Elems: []*syntax.Type{object}}
}

// intoTarget is the T of a bound Into<T>; nil if it is not written.
func (t *Trait) intoTarget(b *syntax.Bound) *syntax.Type {
	args := b.Path.Segments[len(b.Path.Segments)-1].Args
	if args == nil || args.Paren || len(args.List) != 1 || args.List[0].Kind != syntax.ArgType {
		return nil
	}
	return args.List[0].Type
}

// named reports whether a name means an item of the standard library where the trait stands.
func (t *Trait) named(name string, path ...string) bool {
	return t.judge.Types.Resolver.Lexical(t.Def.Scope, name).Def == t.judge.Types.Resolver.WellKnown(path...)
}

// ownedData are types of the standard library that borrow nothing, and that are Send, Sync and Unpin if their arguments are.
var ownedData = [][]string{
	{"alloc", "string", "String"}, {"alloc", "vec", "Vec"}, {"core", "option", "Option"}, {"std", "path", "PathBuf"}, {"std", "ffi", "OsString"},
	{"core", "time", "Duration"},
}

// data reports whether a type is known to borrow nothing and to be Send, Sync and Unpin.
func (t *Trait) data(ty *types.Type) bool {
	switch ty.Kind {
	case types.Primitive:
		return ty.Name != "str"
	case types.Tuple, types.Array:
	case types.Adt:
		if !slices.ContainsFunc(ownedData, func(path []string) bool { return t.judge.Types.Resolver.WellKnown(path...) == ty.Def }) {
			return false
		}
	default:
		return false
	}
	return !slices.ContainsFunc(ty.Args, func(a *types.Type) bool { return !t.data(a) })
}

// parameter is the type of a parameter in the companion.
func (m *method) parameter(i int) *syntax.Type {
	if m.converted != nil && m.converted[i].typ != nil {
		return m.converted[i].typ
	}
	return m.fn.Params[i].Type
}

// DropConverted takes the methods with converted arguments out again where the object does not implement the native trait: nothing would
// convert then.
func (t *Trait) DropConverted() {
	var kept []*method
	for _, m := range t.methods {
		if m.converted == nil {
			kept = append(kept, m)
			continue
		}
		t.without(m, genericObstacle(t.file, m.fn))
	}
	t.methods = kept
}

// without notes that the companion lacks a method, and why.
func (t *Trait) without(m *method, obstacle string) {
	t.unbridged = true
	if m.hasBody {
		t.Inherited = append(t.Inherited, m.name)
		return // the object uses the default body
	}
	t.limit("`%s` %s", m.name, obstacle)
	t.Missing = append(t.Missing, "`"+m.name+"` "+obstacle)
}

// passed are a method's arguments as what leads back passes them on.
func (t *Trait) passed(m *method) []string {
	out := t.argNames(m)
	for i := range m.converted {
		if c := &m.converted[i]; c.typ != nil {
			out[i] = c.call[0] + out[i] + c.call[1]
		}
	}
	return out
}
