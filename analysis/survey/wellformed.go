package survey

import (
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// In the signature of an item rustc finds most faults of a trait object type when it checks the item for well-formedness
// (rustc_hir_analysis/src/check/wfcheck.rs, rustc_trait_selection/src/traits/wf.rs), and that check does not reach every
// type that is written:
//
//   - A bound is a clause. Of the arguments of its trait, the type it is put on included, those that mention a lifetime bound
//     by `for<..>` around them are left out whole (add_wf_preds_for_trait_pred: `!term.has_escaping_bound_vars()`). The
//     inputs of `Fn(A, B)` are one argument, a tuple, and the lifetimes left out in it are bound there. What stands behind
//     `Item =`, `->` and before `: 'a` is not left out (clause_obligations).
//   - Inside a type that is looked at, everything is (WfPredicates::visit_ty), binders of `fn(..)` and `dyn` included.
//   - Signatures and fields are normalised first, so that nothing is left of the arguments of a projection that an impl
//     answers.
//   - The bounds of `-> impl Trait` are proven, not checked; what stands behind `Item =` and in `Fn(..)` turns up in the body.
//     Those of a trait's methods are bounds of an associated type, and checked as such.
//   - Not checked at all: type aliases, the parameters and where clauses of associated types, defaults of type parameters
//     that mention a parameter (check_where_clauses).
type wfWalk struct {
	*fileItems
	env   *types.Env
	owner int32  // the item whose signature it is
	at    uint32 // where the mention begins
	// opaque says what `impl Trait` is where the walk is.
	opaque opaqueRole
	// asWritten is set in clauses, which are not normalised.
	asWritten bool
}

// opaqueRole is what an `impl Trait` type stands for.
type opaqueRole uint8

const (
	argumentOpaque    opaqueRole = iota // an anonymous type parameter
	returnOpaque                        // the type of what a body returns
	requiredOpaque                      // an associated type of the trait: the method has no body
	requiredAndReturn                   // both: the method has a default body
)

// absent is what the walk answers for a part that does not hold the mention.
const absent Silence = 255

// binders are the lifetimes that are bound around a part of a clause.
type binders struct {
	named     []string
	anonymous bool // those that are left out, and '_
}

func (b binders) with(params []syntax.Param) binders {
	out := binders{named: slices.Clip(b.named), anonymous: b.anonymous}
	for i := range params {
		if params[i].Kind == syntax.ParamLifetime {
			out.named = append(out.named, params[i].Name)
		}
	}
	return out
}

// signatureSilence says whether rustc checks a mention that stands in the signature of item.
func (f *fileItems) signatureSilence(env *types.Env, item int32, at uint32) Silence {
	if item < 0 {
		return Loud
	}
	w := &wfWalk{fileItems: f, env: env, owner: item, at: at}
	if out := w.item(item); out != absent {
		return out
	}
	return Loud // in a constant expression: the length of an array, a const argument, a discriminant
}

func (w *wfWalk) holds(span source.Span) bool { return span.Contains(w.at) }

// first is the answer of the first part that holds the mention.
func first(parts ...func() Silence) Silence {
	for _, part := range parts {
		if out := part(); out != absent {
			return out
		}
	}
	return absent
}

func (w *wfWalk) item(item int32) Silence {
	items := w.file.Syntax().Items
	parent := syntax.ItemKind(0)
	if p := items[item].Parent; p >= 0 {
		parent = items[p].Kind
	}
	switch items[item].Kind {
	case syntax.KindFn:
		return w.fn(read(w.fileItems, item, syntax.ParseFn), parent == syntax.KindTrait)
	case syntax.KindTrait, syntax.KindTraitAlias:
		t := read(w.fileItems, item, syntax.ParseTrait)
		return first(
			func() Silence { return w.generics(&t.Generics, true) },
			func() Silence { return w.bounds(t.Supers, binders{}) })
	case syntax.KindImpl:
		i := read(w.fileItems, item, syntax.ParseImpl)
		return first(
			func() Silence { return w.generics(&i.Generics, false) },
			func() Silence { return w.path(i.Trait) },
			func() Silence { return w.typ(i.Type) })
	case syntax.KindStruct, syntax.KindEnum, syntax.KindUnion:
		a := read(w.fileItems, item, syntax.ParseAdt)
		return first(
			func() Silence { return w.generics(&a.Generics, false) },
			func() Silence {
				n := holding(len(a.Fields), func(i int) source.Span { return a.Fields[i].Type.Span }, w.at)
				if n < 0 {
					return absent
				}
				return w.typ(a.Fields[n].Type)
			})
	case syntax.KindConst, syntax.KindStatic:
		v := read(w.fileItems, item, syntax.ParseValue)
		return first(
			func() Silence { return w.generics(&v.Generics, false) },
			func() Silence { return w.typ(v.Type) })
	case syntax.KindType:
		return w.alias(read(w.fileItems, item, syntax.ParseAlias), parent)
	}
	return Loud
}

func (w *wfWalk) alias(a *syntax.Alias, parent syntax.ItemKind) Silence {
	if parent != syntax.KindTrait && parent != syntax.KindImpl {
		return InAlias
	}
	return first(
		func() Silence { return w.bounds(a.Bounds, binders{}) },
		func() Silence { return w.typ(a.Type) },
		func() Silence {
			if w.generics(&a.Generics, false) == absent {
				return absent
			}
			return InAssocWhere
		})
}

func (w *wfWalk) fn(f *syntax.Fn, required bool) Silence {
	return first(
		func() Silence { return w.generics(&f.Generics, required) },
		func() Silence {
			if f.SelfParam == nil {
				return absent
			}
			return w.typ(f.SelfParam.Type)
		},
		func() Silence {
			n := holding(len(f.Params), func(i int) source.Span { return f.Params[i].Span }, w.at)
			if n < 0 {
				return absent
			}
			return w.typ(f.Params[n].Type)
		},
		func() Silence {
			switch {
			case required && f.Flags&syntax.FlagBody != 0:
				w.opaque = requiredAndReturn
			case required:
				w.opaque = requiredOpaque
			default:
				w.opaque = returnOpaque
			}
			// The output of a trait's async fn is the value of a binding: `-> impl Future<Output = T>`.
			w.asWritten = required && f.Flags&syntax.FlagAsync != 0
			return w.typ(f.Ret)
		})
}

// generics walks the parameters and the where clause of an item. hasSelf is set where Self is a parameter.
func (w *wfWalk) generics(g *syntax.Generics, hasSelf bool) Silence {
	if n := holding(len(g.Params), func(i int) source.Span { return g.Params[i].Span }, w.at); n >= 0 {
		p := &g.Params[n]
		if p.Default != nil && w.holds(p.Default.Span) {
			if w.mentionsParam(p.Default.Span, g.Params, hasSelf) {
				return InDefault
			}
			w.asWritten = true
			return w.typ(p.Default)
		}
		return w.bounds(p.Bounds, binders{})
	}
	n := holding(len(g.Where), func(i int) source.Span { return g.Where[i].Span }, w.at)
	if n < 0 {
		return absent
	}
	return w.predicate(&g.Where[n])
}

// mentionsParam reports whether one of the names stands in a type. A path may have a segment of the same name: then the
// answer is yes for no reason, and the type goes unreported.
func (w *wfWalk) mentionsParam(span source.Span, params []syntax.Param, hasSelf bool) bool {
	text := w.file.Syntax().Text
	for _, t := range syntax.Lex(text, span, nil) {
		if t.Kind != syntax.Ident && t.Kind != syntax.Lifetime {
			continue
		}
		if hasSelf && t.Word == syntax.WordSelfType {
			return true
		}
		written := name(text, t)
		if slices.ContainsFunc(params, func(p syntax.Param) bool { return p.Name == written }) {
			return true
		}
	}
	return false
}

// predicate walks one predicate of a where clause: each of its bounds is a clause on the type.
func (w *wfWalk) predicate(p *syntax.Predicate) Silence {
	outer := binders{}.with(p.For)
	if p.Type == nil || !w.holds(p.Type.Span) {
		return w.bounds(p.Bounds, outer)
	}
	w.asWritten = true
	for i := range p.Bounds {
		b := &p.Bounds[i]
		if b.Kind == syntax.BoundTrait && w.escapes(p.Type, outer.with(b.For)) {
			continue
		}
		return w.typ(p.Type)
	}
	if len(p.Bounds) == 0 {
		return w.typ(p.Type)
	}
	return Escaping
}

// bounds walks a list of bounds, each a clause.
func (w *wfWalk) bounds(list []syntax.Bound, outer binders) Silence {
	n := holding(len(list), func(i int) source.Span { return list[i].Span }, w.at)
	if n < 0 || list[n].Path == nil {
		return absent
	}
	w.asWritten = true
	b := outer.with(list[n].For)
	for i := range list[n].Path.Segments {
		if a := list[n].Path.Segments[i].Args; a != nil && w.holds(a.Span) {
			return w.clauseArgs(a, b)
		}
	}
	return absent
}

// clauseArgs walks the arguments of the trait of a clause, or of an associated type that it names.
func (w *wfWalk) clauseArgs(a *syntax.Args, b binders) Silence {
	if a.Paren {
		n := holding(len(a.Inputs), func(i int) source.Span { return a.Inputs[i].Span }, w.at)
		switch {
		case n < 0:
			return w.typ(a.Output)
		case w.inputsEscape(a, b):
			return Escaping
		}
		return w.typ(a.Inputs[n])
	}
	arg := w.arg(a)
	switch {
	case arg == nil:
		return absent
	case arg.NameArgs != nil && w.holds(arg.NameArgs.Span):
		return w.clauseArgs(arg.NameArgs, b)
	case arg.Kind == syntax.ArgConstraint:
		return w.bounds(arg.Bounds, b)
	case arg.Kind == syntax.ArgType && w.escapes(arg.Type, b):
		return Escaping
	}
	return w.typ(arg.Type)
}

// arg is the argument of a list that holds the mention, nil if none does.
func (w *wfWalk) arg(a *syntax.Args) *syntax.Arg {
	n := holding(len(a.List), func(i int) source.Span { return a.List[i].Span }, w.at)
	if n < 0 {
		return nil
	}
	return &a.List[n]
}

// typ walks a type that is looked at.
func (w *wfWalk) typ(t *syntax.Type) Silence {
	switch {
	case t == nil || !w.holds(t.Span):
		return absent
	case t.Span.Start == w.at && (t.Kind == syntax.TypeDyn || t.Kind == syntax.TypeBare):
		return Loud
	}
	switch t.Kind {
	case syntax.TypePath:
		return w.path(t.Path)
	case syntax.TypeImpl:
		return w.impl(t)
	case syntax.TypeDyn, syntax.TypeBare:
		n := holding(len(t.Bounds), func(i int) source.Span { return t.Bounds[i].Span }, w.at)
		if n < 0 {
			return absent
		}
		return w.path(t.Bounds[n].Path)
	}
	if n := holding(len(t.Elems), func(i int) source.Span { return t.Elems[i].Span }, w.at); n >= 0 {
		return w.typ(t.Elems[n])
	}
	return w.typ(t.Ret)
}

// path walks a path that is looked at: a type, or the trait of an impl or of a trait object type.
func (w *wfWalk) path(p *syntax.Path) Silence {
	if p == nil || !w.holds(p.Span) {
		return absent
	}
	if p.Span.Start == w.at && p.QSelf == nil { // written without dyn
		return Loud
	}
	if !w.asWritten && w.normalised(p) {
		return InProjection
	}
	if p.QSelf != nil && w.holds(p.QSelf.Span) {
		return w.typ(p.QSelf)
	}
	for i := range p.Segments {
		a := p.Segments[i].Args
		if a == nil || !w.holds(a.Span) {
			continue
		}
		if a.Paren {
			if n := holding(len(a.Inputs), func(i int) source.Span { return a.Inputs[i].Span }, w.at); n >= 0 {
				return w.typ(a.Inputs[n])
			}
			return w.typ(a.Output)
		}
		arg := w.arg(a)
		switch {
		case arg == nil:
			return absent
		case arg.Kind == syntax.ArgConstraint:
			return Escaping // not allowed there; nothing is known
		}
		return w.typ(arg.Type)
	}
	return absent
}

// normalised reports whether a path means a projection, of which nothing may be left when rustc looks at the type.
func (w *wfWalk) normalised(p *syntax.Path) bool {
	if p.QSelf != nil {
		return true
	}
	if len(p.Segments) > 1 && !p.Global && (p.Segments[0].Name == "Self" || w.isParam(w.owner, p.Segments[0].Name)) {
		return true
	}
	res, n := w.env.Types.Resolver.Path(w.env.Scope, p)
	switch {
	case !res.Found():
		return false
	case n < len(p.Segments):
		return true
	case res.Def.Kind == resolve.TypeAlias:
		return projects(w.env.Type(&syntax.Type{Kind: syntax.TypePath, Span: p.Span, Path: p}))
	}
	return false
}

// projects reports whether a projection stands in a type.
func projects(t *types.Type) bool {
	return t.Kind == types.Projection || slices.ContainsFunc(t.Args, projects)
}

// impl walks an `impl Trait` type.
func (w *wfWalk) impl(t *syntax.Type) Silence {
	switch w.opaque {
	case returnOpaque:
		return w.returned(t.Bounds)
	case requiredAndReturn:
		if out := w.returned(t.Bounds); out == Loud {
			return Loud
		}
	}
	return w.bounds(t.Bounds, binders{})
}

// returned walks the bounds of an `impl Trait` that a body is behind.
func (w *wfWalk) returned(list []syntax.Bound) Silence {
	n := holding(len(list), func(i int) source.Span { return list[i].Span }, w.at)
	if n < 0 || list[n].Path == nil {
		return absent
	}
	for i := range list[n].Path.Segments {
		a := list[n].Path.Segments[i].Args
		if a == nil || !w.holds(a.Span) {
			continue
		}
		if a.Paren {
			return w.path(list[n].Path)
		}
		if arg := w.arg(a); arg != nil && arg.Kind == syntax.ArgEq && w.holds(arg.Type.Span) {
			return w.typ(arg.Type)
		}
		return InOpaque
	}
	return absent
}
