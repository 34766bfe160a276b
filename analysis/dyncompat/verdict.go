package dyncompat

import (
	"strings"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Judge gives verdicts on the traits of one snapshot. It is safe for concurrent use.
type Judge struct {
	Types *types.Types
	base  *Judge // answers for traits that other snapshots share; nil if there are none
	sized resolve.Def
	own   sync.Map // resolve.Def -> *ownVerdict
	bare  sync.Map // resolve.Def -> *ownVerdict without methods
	full  sync.Map // resolve.Def -> *Verdict
}

// New makes a judge.
func New(t *types.Types) *Judge {
	return &Judge{Types: t, sized: t.Resolver.WellKnown("core", "marker", "Sized")}
}

// On makes a judge of a snapshot whose base is j's.
func (j *Judge) On(s *workspace.Snapshot) *Judge {
	return &Judge{Types: j.Types.On(s), base: j, sized: j.sized}
}

// of is the judge that keeps the answers about a trait.
func (j *Judge) of(def resolve.Def) *Judge {
	if r := j.Types.Resolver; j.base != nil && r.Of(def.Scope) != r {
		return j.base
	}
	return j
}

// Verdict is the answer for one trait.
type Verdict struct {
	Trait resolve.Def
	// Compatible is types.Yes, types.No, or types.Maybe for unknown; Why then says why.
	Compatible types.Truth
	Why        resolve.Why
	Violations []Violation // rustc's order: the trait's own first, then its supertraits'
	Methods    []Method    // the trait's own, in source order
}

// ownVerdict is what a trait's own items and bounds say.
type ownVerdict struct {
	violations []Violation
	methods    []Method
	doubt      resolve.Why
}

// Verdict is the verdict on a trait: its own violations and those of all its supertraits.
func (j *Judge) Verdict(def resolve.Def) *Verdict {
	j = j.of(def)
	if v, ok := j.full.Load(def); ok {
		return v.(*Verdict)
	}
	out := &Verdict{Trait: def, Compatible: types.Yes}
	var vias map[resolve.Def]resolve.Def
	seen := map[resolve.Def]bool{}
	placedSized := false
	for _, ref := range j.Types.Supertraits(def) {
		if ref.Def.Kind == resolve.None {
			out.doubt(ref.Why)
			continue
		}
		if seen[ref.Def] {
			continue
		}
		seen[ref.Def] = true
		own := j.ownVerdict(ref.Def)
		out.doubt(own.doubt)
		if ref.Def == def {
			out.Methods = own.methods
		}
		if len(own.violations) > 0 && vias == nil && ref.Def != def {
			vias = j.vias(def)
		}
		for _, v := range own.violations {
			v.Via = vias[ref.Def]
			placedSized = placedSized || v.Kind == SizedSelf && v.Placed()
			out.Violations = append(out.Violations, v)
		}
	}
	// rustc shows a requirement of Sized without a place only where it has none with one.
	kept := out.Violations[:0]
	unplaced := false
	for _, v := range out.Violations {
		if v.Kind == SizedSelf && !v.Placed() {
			if placedSized || unplaced {
				continue
			}
			unplaced = true
		}
		kept = append(kept, v)
	}
	out.Violations = kept
	if len(out.Violations) > 0 {
		out.Compatible = types.No
	} else if out.Why != resolve.Known {
		out.Compatible = types.Maybe
	}
	if out.Compatible == types.No {
		out.Why = resolve.Known
	}
	out.Methods = classed(out)
	v, _ := j.full.LoadOrStore(def, out)
	return v.(*Verdict)
}

func (v *Verdict) doubt(why resolve.Why) {
	if v.Why == resolve.Known {
		v.Why = why
	}
}

// vias maps each supertrait to the direct supertrait that it comes through.
func (j *Judge) vias(def resolve.Def) map[resolve.Def]resolve.Def {
	out := map[resolve.Def]resolve.Def{def: {}}
	for _, direct := range j.Types.Trait(def).Supers() {
		if direct.Def.Kind == resolve.None {
			continue
		}
		for _, up := range j.Types.Supertraits(direct.Def) {
			if _, ok := out[up.Def]; !ok && up.Def.Kind != resolve.None {
				out[up.Def] = direct.Def
			}
		}
	}
	return out
}

// requiresSized reports whether Self: Sized follows from predicates, supertraits included.
func (j *Judge) requiresSized(predicates []types.Predicate) (types.Truth, resolve.Why) {
	out, why := types.No, resolve.Known
	for i := range predicates {
		p := &predicates[i]
		if p.Self.Kind != types.SelfType || p.Bound.Negative {
			continue
		}
		t, w := j.impliesSized(p.Ref)
		out = types.Or(out, t)
		if t == types.Maybe && why == resolve.Known {
			why = w
		}
	}
	return out, why
}

// impliesSized reports whether the trait requires Sized of its Self.
func (j *Judge) impliesSized(ref *types.TraitRef) (types.Truth, resolve.Why) {
	if ref.Def.Kind == resolve.None {
		return types.Maybe, ref.Why
	}
	out, why := types.No, resolve.Known
	for _, s := range j.Types.Supertraits(ref.Def) {
		switch {
		case s.Def == j.sized:
			return types.Yes, resolve.Known
		case s.Def.Kind == resolve.None:
			out, why = types.Maybe, s.Why
		}
	}
	return out, why
}

// trial is the examination of one trait.
type trial struct {
	*Judge
	trait  *types.Trait
	supers []*types.TraitRef // identity and supertraits, which projections are compared with
	out    *ownVerdict
	attrs  attrs
	sized  types.Truth
	bare   bool // the classes of methods are left out
}

func (j *Judge) ownVerdict(def resolve.Def) *ownVerdict {
	j = j.of(def)
	if v, ok := j.own.Load(def); ok {
		return v.(*ownVerdict)
	}
	v, _ := j.own.LoadOrStore(def, j.try(def, false))
	return v.(*ownVerdict)
}

func (j *Judge) try(def resolve.Def, bare bool) *ownVerdict {
	t := &trial{Judge: j, trait: j.Types.Trait(def), supers: j.Types.Supertraits(def), out: &ownVerdict{}, attrs: attrsOf(def.Scope, def.Item), bare: bare}
	t.judge()
	return t.out
}

// incompatible reports whether a trait is certainly not dyn compatible. The class of a method can depend on that, of a trait whose own methods'
// classes depend on this one's: `trait T { fn f(&self) -> impl T; }`. So it is asked without them.
func (j *Judge) incompatible(def resolve.Def) bool {
	for _, ref := range j.Types.Supertraits(def) {
		if ref.Def.Kind != resolve.None && len(j.bareVerdict(ref.Def).violations) > 0 {
			return true
		}
	}
	return false
}

func (j *Judge) bareVerdict(def resolve.Def) *ownVerdict {
	j = j.of(def)
	for _, known := range [...]*sync.Map{&j.own, &j.bare} {
		if v, ok := known.Load(def); ok {
			return v.(*ownVerdict)
		}
	}
	v, _ := j.bare.LoadOrStore(def, j.try(def, true))
	return v.(*ownVerdict)
}

func (t *trial) doubt(why resolve.Why) {
	if t.out.doubt == resolve.Known {
		t.out.doubt = why
	}
}

// add records a violation; maybe makes it a doubt.
func (t *trial) add(certain types.Truth, kind Kind, item string, member int32, span source.Span, why resolve.Why) {
	switch certain {
	case types.No:
		return
	case types.Maybe:
		if why == resolve.Known {
			why = resolve.UnresolvedName
		}
		t.doubt(why)
		return
	}
	t.out.violations = append(t.out.violations, Violation{
		Kind: kind, Trait: t.trait.Def, Item: item, Member: member, Span: span,
	})
}

func (t *trial) judge() {
	d := t.trait.Decl
	if w := t.attrs.why(); w != resolve.Known {
		t.doubt(w)
	}
	if d.Expanding {
		t.doubt(resolve.MacroExpansion)
	}
	var why resolve.Why
	t.sized, why = t.requiresSized(t.trait.Predicates)
	if d.Def == t.Judge.sized {
		t.sized = types.Yes
	}
	if t.sized == types.Maybe {
		t.doubt(why)
	}
	items := d.Def.File().Syntax().Items
	for _, m := range d.Members {
		switch items[m].Kind {
		case syntax.KindConst:
			t.constant(m)
		case syntax.KindType:
			t.assocType(m)
		case syntax.KindFn:
			t.method(m)
		}
	}
	t.wholeTrait()
	if t.attrs.macro != "" { // the trait is not what is written
		t.out.violations = nil
	}
}

// exempt reports whether an item with these predicates of its own applies only to Sized types.
func (t *trial) exempt(predicates []types.Predicate) (types.Truth, resolve.Why) {
	if t.sized == types.Yes {
		return types.Yes, resolve.Known
	}
	own, why := t.requiresSized(predicates)
	return own, why
}

func (t *trial) name(item int32) string {
	it := &t.trait.Def.File().Syntax().Items[item]
	if it.Flags&syntax.FlagRawName != 0 {
		return "r#" + it.Name
	}
	return it.Name
}

// constant judges an associated constant. A `type const` is named by the object's type, as an associated type is, unless it
// has parameters or its type mentions Self (min_generic_const_args).
func (t *trial) constant(m int32) {
	file := t.trait.Def.File()
	v := syntax.ParseValue(file.Syntax(), m, file.Edition)
	env := t.trait.Env.With(&v.Generics)
	exempt, why := t.exempt(env.Generics(nil, &v.Generics))
	if file.Syntax().Items[m].Flags&syntax.FlagTypeConst != 0 && len(v.Generics.Params) == 0 {
		if v.Type == nil || exempt == types.Yes {
			return
		}
		illegal, why := t.illegalSelf(env.Type(v.Type), ownProjections)
		t.add(illegal, AssocConst, t.name(m), m, file.Syntax().Items[m].NameSpan, why)
		return
	}
	t.add(not(exempt), AssocConst, t.name(m), m, file.Syntax().Items[m].NameSpan, why)
}

func not(t types.Truth) types.Truth {
	switch t {
	case types.Yes:
		return types.No
	case types.No:
		return types.Yes
	}
	return types.Maybe
}

func (t *trial) assocType(m int32) {
	file := t.trait.Def.File()
	a := syntax.ParseAlias(file.Syntax(), m, file.Edition)
	a.Generics.Params = t.trait.Def.Scope.Compiled(a.Generics.Params)
	env := t.trait.Env.With(&a.Generics)
	exempt, why := t.exempt(env.Generics(nil, &a.Generics))
	if len(a.Generics.Params) > 0 {
		t.add(not(exempt), GAT, t.name(m), m, file.Syntax().Items[m].NameSpan, why)
	}
}

// wholeTrait looks at what is not an item: Sized, the opt-out, Self in bounds, binders and const supertraits.
func (t *trial) wholeTrait() {
	d := t.trait.Decl
	name := d.Def.ItemName()
	file := d.Def.File()
	trait := func(kind Kind, span source.Span) { t.add(types.Yes, kind, name, -1, span, resolve.Known) }
	if t.sized == types.Yes {
		t.sizedSelf(name)
	} else if t.attrs.effect == optsOut {
		trait(OptedOut, optOutSpan(file.Syntax(), d.Def.Item))
	}
	moved := map[int32][]types.Predicate{}
	for i := range t.trait.Predicates {
		p := &t.trait.Predicates[i]
		if m := t.ownAssoc(p.Self); m >= 0 {
			moved[m] = append(moved[m], *p)
			continue
		}
		t.selfInBound(p, noProjections)
	}
	items := file.Syntax().Items
	for _, m := range d.Members {
		switch items[m].Kind {
		case syntax.KindType:
			t.itemBounds(m, moved[m])
		case syntax.KindFn:
			t.opaqueBounds(m)
		}
	}
	for i := range t.trait.Predicates {
		p := &t.trait.Predicates[i]
		if p.Self.Kind != types.SelfType {
			continue
		}
		for _, param := range p.Bound.For {
			if param.Kind != syntax.ParamLifetime {
				trait(NonLifetimeBinder, p.Span)
				break
			}
		}
	}
	for i := range t.trait.Predicates {
		if p := &t.trait.Predicates[i]; p.Self.Kind == types.SelfType && p.Bound.Const {
			trait(ConstSupertrait, p.Span)
		}
	}
}

// sizedSelf labels each bound whose trait requires Sized: of the header, of the where clause and of parameters, `?Sized` and
// bounds on other types too (get_sized_bounds). rustc has no place for it in a foreign trait or a trait alias.
func (t *trial) sizedSelf(name string) {
	placed := false
	if Local(t.trait.Def) && t.trait.Def.Kind == resolve.Trait {
		for _, b := range writtenBounds(t.trait.Header) {
			if b.Path == nil {
				continue
			}
			if s, _ := t.impliesSized(t.trait.Env.TraitRef(types.SelfOfTrait(), b.Path)); s == types.Yes {
				t.add(types.Yes, SizedSelf, name, -1, b.Span, resolve.Known)
				placed = true
			}
		}
	}
	if !placed {
		t.out.violations = append(t.out.violations, Violation{Kind: SizedSelf, Trait: t.trait.Def, Item: name, Member: -1})
	}
}

// writtenBounds are all bounds of a trait's header, those inside other bounds left out.
func writtenBounds(h *syntax.Trait) []*syntax.Bound {
	var out []*syntax.Bound
	add := func(bounds []syntax.Bound) {
		for i := range bounds {
			out = append(out, &bounds[i])
		}
	}
	for i := range h.Generics.Params {
		add(h.Generics.Params[i].Bounds)
	}
	for i := range h.Generics.Where {
		add(h.Generics.Where[i].Bounds)
	}
	add(h.Supers)
	return out
}

// ownAssoc is the index of the trait's own associated type that ty is exactly (`Self::X`), or -1: where clauses on such a
// type count as its item bounds.
func (t *trial) ownAssoc(ty *types.Type) int32 {
	if ty.Kind != types.Projection || len(ty.Args) != 1 || ty.Args[0].Kind != types.SelfType || len(ty.Traits) != 1 || ty.Traits[0] == nil {
		return -1
	}
	if types.EqualRef(ty.Traits[0], t.supers[0]) != types.Yes {
		return -1
	}
	file := t.trait.Def.File()
	for _, m := range t.trait.Members {
		if it := &file.Syntax().Items[m]; it.Kind == syntax.KindType && it.Name == ty.Name {
			return m
		}
	}
	return -1
}

// selfInBound checks the arguments of a bound for Self. Each binding written with the bound repeats them and is labelled
// too.
func (t *trial) selfInBound(p *types.Predicate, projections projectionRule) {
	certain, why := types.No, resolve.Known
	for _, a := range p.Ref.Args {
		c, w := t.illegalSelf(a, projections)
		certain = types.Or(certain, c)
		if c == types.Maybe {
			why = w
		}
	}
	name := t.trait.Def.ItemName()
	before := len(t.out.violations)
	t.add(certain, SelfInBounds, name, -1, p.Span, why)
	for _, b := range p.Ref.Bindings {
		span := b.Span
		if span.Empty() {
			span = p.Span
		}
		t.add(certain, SelfInBounds, name, -1, span, why)
	}
	for i := before; i < len(t.out.violations); i++ {
		t.out.violations[i].InSupertraits = p.Self.Kind == types.SelfType
	}
}

// itemBounds checks the bounds of an associated type.
func (t *trial) itemBounds(m int32, moved []types.Predicate) {
	file := t.trait.Def.File()
	a := syntax.ParseAlias(file.Syntax(), m, file.Edition)
	env := t.trait.Env.With(&a.Generics)
	if exempt, _ := t.exempt(env.Generics(nil, &a.Generics)); exempt == types.Yes {
		return
	}
	self := &types.Type{Kind: types.Projection, Name: a.Name, Args: []*types.Type{types.SelfOfTrait()}, Traits: []*types.TraitRef{t.supers[0]}}
	for _, p := range env.On(moved, self, a.Bounds) {
		t.selfInBound(&p, ownProjections)
	}
}

// opaqueBounds checks the bounds of `impl Trait` in a method's return type: rustc makes associated types of them.
func (t *trial) opaqueBounds(m int32) {
	file := t.trait.Def.File()
	f := syntax.ParseFn(file.Syntax(), m, file.Edition)
	if f.Ret == nil || t.attrs.effect == boxes && f.Flags&syntax.FlagAsync != 0 {
		return
	}
	opaques := impls(nil, f.Ret)
	if len(opaques) == 0 {
		return
	}
	env := t.trait.Env.With(&f.Generics)
	if exempt, _ := t.exempt(env.Generics(nil, &f.Generics)); exempt == types.Yes {
		return
	}
	for _, o := range opaques {
		for _, p := range env.On(nil, &types.Type{Kind: types.Opaque}, o.Bounds) {
			t.selfInBound(&p, ownProjections)
		}
	}
}

// impls appends the `impl Trait` types that stand in a type, outermost and leftmost first.
func impls(out []*syntax.Type, ty *syntax.Type) []*syntax.Type {
	eachType(ty, func(t *syntax.Type) {
		if t.Kind == syntax.TypeImpl {
			out = append(out, t)
		}
	})
	return out
}

// eachType calls f for a type and those that stand in it, outermost and leftmost first.
func eachType(ty *syntax.Type, f func(*syntax.Type)) {
	if ty == nil {
		return
	}
	f(ty)
	for _, e := range ty.Elems {
		eachType(e, f)
	}
	eachType(ty.Ret, f)
	if ty.Path != nil {
		eachTypeOfPath(ty.Path, f)
	}
	for i := range ty.Bounds {
		if p := ty.Bounds[i].Path; p != nil {
			eachTypeOfPath(p, f)
		}
	}
}

func eachTypeOfPath(p *syntax.Path, f func(*syntax.Type)) {
	eachType(p.QSelf, f)
	for i := range p.Segments {
		a := p.Segments[i].Args
		if a == nil {
			continue
		}
		for _, in := range a.Inputs {
			eachType(in, f)
		}
		eachType(a.Output, f)
		for k := range a.List {
			eachType(a.List[k].Type, f)
			for b := range a.List[k].Bounds {
				if bp := a.List[k].Bounds[b].Path; bp != nil {
					eachTypeOfPath(bp, f)
				}
			}
		}
	}
}

func fill(pattern, item string) string { return strings.ReplaceAll(pattern, "%s", item) }
