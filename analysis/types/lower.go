package types

import (
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// maxSteps bounds the work for one written type: an alias can use another twice, and that one the next.
const maxSteps = 20000

// Type lowers a written type.
func (e *Env) Type(t *syntax.Type) *Type {
	if t == nil {
		return unitType
	}
	if e.steps == nil {
		inner, steps := *e, 0
		inner.steps = &steps
		e = &inner
	}
	if *e.steps++; e.depth > maxDepth || *e.steps > maxSteps {
		return unknownType(resolve.Limit)
	}
	return bounded(e.lower(t))
}

func (e *Env) lower(t *syntax.Type) *Type {
	switch t.Kind {
	case syntax.TypePath:
		return e.path(t.Path)
	case syntax.TypeParen:
		return e.Type(t.Elems[0])
	case syntax.TypeRef, syntax.TypePtr, syntax.TypeSlice, syntax.TypeArray, syntax.TypeTuple:
		return e.compound(t)
	case syntax.TypeNever:
		return neverType
	case syntax.TypeInfer:
		return inferType
	case syntax.TypeFnPtr:
		out := &Type{Kind: FnPtr, Args: e.list(t.Elems)}
		out.Args = append(out.Args, e.Type(t.Ret))
		if len(t.For) > 0 {
			out.Name = opaque
		}
		return out
	case syntax.TypeDyn, syntax.TypeBare:
		return e.dyn(t.Bounds)
	case syntax.TypeImpl:
		if e.KeepBounds {
			out := e.dyn(t.Bounds)
			out.Kind = Opaque
			return out
		}
		return &Type{Kind: Opaque}
	case syntax.TypeMacro:
		if e.mayWriteSelf(t) {
			return unknownType(resolve.MacroExpansion, selfType)
		}
		return unknownType(resolve.MacroExpansion)
	}
	return unknownType(resolve.ParseError)
}

// mayWriteSelf reports whether a macro in type position may expand to a type with Self in it, or to one that has it without
// naming it, `impl Trait`.
func (e *Env) mayWriteSelf(t *syntax.Type) bool {
	file := e.Scope.File
	text := file.Syntax().Text
	if namesSelf.Match(t.Tail.Of(text)) {
		return true
	}
	args := source.Span{Start: t.Tail.Start + 1, End: max(t.Tail.Start+1, t.Tail.End-1)}
	budget := resolve.ExpansionBudget
	made, known := e.Types.Resolver.ExpandAt(e.Scope, t.Span.Start, string(t.Path.Span.Of(text)), file, args, &budget)
	if known != resolve.Certain {
		return true
	}
	out := made.Syntax().Text
	for _, token := range syntax.Lex(out, source.Span{End: uint32(len(out))}, nil) {
		if token.Word == syntax.WordSelfType || token.Word == syntax.WordImpl || token.Is('!') {
			return true
		}
	}
	return false
}

var compoundKinds = map[syntax.TypeKind]Kind{
	syntax.TypeRef: Ref, syntax.TypePtr: Ptr, syntax.TypeSlice: Slice, syntax.TypeArray: Array, syntax.TypeTuple: Tuple,
}

func (e *Env) compound(t *syntax.Type) *Type {
	out := &Type{Kind: compoundKinds[t.Kind], Mut: t.Mut, Args: e.list(t.Elems)}
	if t.Kind == syntax.TypeArray {
		out.Args = append(out.Args, e.constant(string(t.Tail.Of(e.Scope.File.Text))))
	}
	return out
}

func (e *Env) list(ts []*syntax.Type) []*Type {
	out := make([]*Type, len(ts), len(ts)+1)
	for i, t := range ts {
		out[i] = e.Type(t)
	}
	return out
}

// dyn lowers a trait object type.
func (e *Env) dyn(bounds []syntax.Bound) *Type {
	out := &Type{Kind: Dyn}
	for i := range bounds {
		if b := &bounds[i]; b.Kind == syntax.BoundTrait && !b.Maybe && b.Path != nil {
			out.Traits = append(out.Traits, e.deeper().TraitRef(nil, b.Path))
			if len(b.For) > 0 {
				out.Name = opaque
			}
		}
	}
	return out
}

// path lowers a path in type position.
func (e *Env) path(p *syntax.Path) *Type {
	if p.QSelf != nil {
		return e.qualified(p)
	}
	if len(p.Segments) == 0 {
		return unknownType(resolve.ParseError)
	}
	first := &p.Segments[0]
	if !p.Global {
		if first.Name == "Self" && !first.Raw {
			if e.Self == nil {
				return unknownType(resolve.UnresolvedName)
			}
			return e.assocs(e.Self, p.Segments[1:])
		}
		if t := e.Params[first.Name]; t != nil {
			return e.assocs(t, p.Segments[1:])
		}
	}
	r, n := e.Types.Resolver.Path(e.Scope, p)
	if !r.Found() {
		why := r.Why
		if len(p.Segments) == 1 && first.Args == nil && (why == resolve.Known || why == resolve.MacroExpansion && e.isValue(first.Name)) {
			return &Type{Kind: Const, Name: opaque + first.Name} // a const argument reads like a type
		}
		if why == resolve.Known {
			why = resolve.UnresolvedName
		}
		return unknownType(why, e.writtenArgs(p)...)
	}
	return e.assocs(e.item(r.Def, p, n), p.Segments[n:])
}

// isValue reports whether the scope itself declares a const or function of this name. A macro of the scope whose items are
// not known would have to declare a type of the same name beside it.
func (e *Env) isValue(name string) bool {
	for s := e.Scope; s != nil; s = s.Parent {
		if _, ok := s.Index().Others[name]; ok {
			return true
		}
		if !s.IsBlock() {
			break
		}
	}
	return false
}

// writtenArgs lowers all generic arguments of a path that did not resolve: what stands in them still counts.
func (e *Env) writtenArgs(p *syntax.Path) []*Type {
	var out []*Type
	for i := range p.Segments {
		args, bindings := e.args(p.Segments[i].Args)
		out = append(out, args...)
		for _, b := range bindings {
			out = append(out, b.Type)
		}
	}
	return out
}

// item is the type that an item of the type namespace is, applied to the arguments of the path's n-th segment.
func (e *Env) item(def resolve.Def, p *syntax.Path, n int) *Type {
	args, _ := e.args(p.Segments[n-1].Args)
	switch def.Kind {
	case resolve.Primitive:
		return &Type{Kind: Primitive, Name: def.Name}
	case resolve.Struct, resolve.Enum, resolve.Union:
		return &Type{Kind: Adt, Def: def, Args: args}
	case resolve.TypeAlias:
		return e.alias(def, args)
	case resolve.Trait, resolve.TraitAlias:
		if n == len(p.Segments) {
			return &Type{Kind: Dyn, Traits: []*TraitRef{e.deeper().TraitRef(nil, p)}}
		}
	case resolve.Variant:
		if n >= 2 {
			args, _ = e.args(p.Segments[n-2].Args)
		}
		return unknownType(resolve.UnresolvedName, args...)
	}
	return unknownType(resolve.UnresolvedName, args...)
}

// alias expands a type alias.
func (e *Env) alias(def resolve.Def, args []*Type) *Type {
	file := def.File()
	a := syntax.ParseAlias(file.Syntax(), def.Item, file.Edition)
	a.Generics.Params = def.Scope.Compiled(a.Generics.Params)
	if a.Type == nil { // a foreign type
		return &Type{Kind: Adt, Def: def}
	}
	inner := (&Env{Types: e.Types, Scope: def.Scope, depth: e.depth + 1, steps: e.steps}).With(&a.Generics)
	body := inner.Type(a.Type)
	s := &Subst{Params: map[string]*Type{}}
	i := 0
	for _, param := range a.Generics.Params {
		if param.Kind == syntax.ParamLifetime {
			continue
		}
		switch {
		case i < len(args):
			s.Params[param.Name] = args[i]
		case param.Default != nil:
			s.Params[param.Name] = s.Apply(inner.Type(param.Default))
		}
		i++
	}
	return s.Apply(body)
}

// assocs applies `::Name` segments to a type.
func (e *Env) assocs(t *Type, segs []syntax.Segment) *Type {
	for i := range segs {
		t = e.assoc(t, &segs[i])
	}
	return t
}

// assoc is `t::Name`: the associated type of a bound of t.
func (e *Env) assoc(t *Type, seg *syntax.Segment) *Type {
	out := &Type{Kind: Projection, Name: seg.Name, Args: []*Type{t}, Traits: []*TraitRef{nil}}
	switch {
	case t.Kind == SelfType && e.Trait.Kind != resolve.None:
		out.Traits[0] = e.Types.assocOf(e.Trait, seg.Name, map[resolve.Def]bool{}, e.depth)
	case t.Kind == Param:
		for _, b := range e.Bounds {
			if b.Param != t.Name || e.depth > maxDepth/2 {
				continue
			}
			inner := e.deeper()
			inner.depth += 8
			ref := inner.TraitRef(t, b.Path)
			if ref.Def.Kind == resolve.None {
				continue
			}
			if owner := e.Types.assocOf(ref.Def, seg.Name, map[resolve.Def]bool{}, e.depth); owner != nil {
				out.Traits[0] = e.Types.SubstOf(ref).ApplyRef(owner)
				break
			}
		}
	case t.Kind == Unknown:
		return unknownType(t.Why, t)
	}
	args, _ := e.args(seg.Args)
	out.Args = append(out.Args, args...)
	return out
}

// assocOf finds the trait among def and its supertraits that declares the associated type, as a reference on def's Self;
// nil if none does. It reads only the bounds that lead there, because their arguments may mention Self::X again.
func (t *Types) assocOf(def resolve.Def, name string, seen map[resolve.Def]bool, depth int) *TraitRef {
	if seen[def] || depth > maxDepth {
		return nil
	}
	seen[def] = true
	d := t.Decl(def)
	if d.assocType(name) >= 0 {
		return t.Identity(def)
	}
	env := t.TraitEnv(def)
	env.depth = depth + 4
	for _, b := range d.selfBounds() {
		r, n := t.Resolver.Path(def.Scope, b.Path)
		if !r.Found() || n != len(b.Path.Segments) || r.Def.Kind != resolve.Trait && r.Def.Kind != resolve.TraitAlias {
			continue
		}
		owner := t.assocOf(r.Def, name, seen, depth+1)
		if owner == nil {
			continue
		}
		return t.SubstOf(env.TraitRef(selfType, b.Path)).ApplyRef(owner)
	}
	return nil
}

// selfBounds are the written bounds on Self: those of the header and of `where Self: ..`.
func (d *Decl) selfBounds() []*syntax.Bound {
	var out []*syntax.Bound
	add := func(bounds []syntax.Bound) {
		for i := range bounds {
			if b := &bounds[i]; b.Path != nil && !b.Maybe && !b.Negative {
				out = append(out, b)
			}
		}
	}
	add(d.Header.Supers)
	for i := range d.Header.Generics.Where {
		if w := &d.Header.Generics.Where[i]; isSelfPath(w.Type) {
			add(w.Bounds)
		}
	}
	return out
}

// isSelfPath reports whether a type is written `Self`, maybe in parentheses.
func isSelfPath(t *syntax.Type) bool {
	for t != nil && t.Kind == syntax.TypeParen {
		t = t.Elems[0]
	}
	return t != nil && t.Kind == syntax.TypePath && t.Path.QSelf == nil && len(t.Path.Segments) == 1 && t.Path.Segments[0].Name == "Self"
}

// qualified lowers `<T as Trait>::X` and `<T>::X`.
func (e *Env) qualified(p *syntax.Path) *Type {
	self := e.Type(p.QSelf)
	if p.QTrait == 0 {
		return e.assocs(self, p.Segments)
	}
	if p.QTrait >= len(p.Segments) {
		return unknownType(resolve.ParseError, self)
	}
	trait := *p
	trait.QSelf, trait.QTrait, trait.Segments = nil, 0, p.Segments[:p.QTrait]
	seg := &p.Segments[p.QTrait]
	args, _ := e.args(seg.Args)
	out := &Type{Kind: Projection, Name: seg.Name, Args: append([]*Type{self}, args...), Traits: []*TraitRef{e.deeper().TraitRef(self, &trait)}}
	// A qualified path may name a supertrait's item through the subtrait only with the declaring trait; rustc rejects others.
	return e.assocs(out, p.Segments[p.QTrait+1:])
}

// args lowers generic arguments: types and consts, and the bindings.
func (e *Env) args(a *syntax.Args) (args []*Type, bindings []Binding) {
	if a == nil {
		return nil, nil
	}
	if a.Paren {
		output := Binding{Name: "Output", Type: unitType}
		if a.Output != nil {
			output.Type, output.Span = e.Type(a.Output), a.Output.Span
		}
		return []*Type{{Kind: Tuple, Args: e.list(a.Inputs)}}, []Binding{output}
	}
	text := e.Scope.File.Syntax().Text
	for i := range a.List {
		arg := &a.List[i]
		switch arg.Kind {
		case syntax.ArgType:
			args = append(args, e.Type(arg.Type))
		case syntax.ArgConst:
			args = append(args, e.constant(string(arg.Span.Of(text))))
		case syntax.ArgEq:
			bindings = append(bindings, Binding{Name: arg.Name, Type: e.Type(arg.Type), Span: arg.Span})
		case syntax.ArgEqConst:
			bindings = append(bindings, Binding{Name: arg.Name, Type: &Type{Kind: Const, Name: string(arg.Span.Of(text))}, Span: arg.Span})
		}
	}
	return args, bindings
}

// TraitRef lowers a path to a trait as a bound on self (nil in a trait object type); missing arguments are filled with the
// parameters' defaults, in which Self is self.
func (e *Env) TraitRef(self *Type, p *syntax.Path) *TraitRef {
	out := &TraitRef{Self: self}
	r, n := e.Types.Resolver.Path(e.Scope, p)
	switch {
	case !r.Found():
		out.Why = r.Why
		if out.Why == resolve.Known {
			out.Why = resolve.UnresolvedName
		}
	case n < len(p.Segments), r.Def.Kind != resolve.Trait && r.Def.Kind != resolve.TraitAlias:
		out.Why = resolve.UnresolvedName
	}
	if len(p.Segments) == 0 {
		out.Why = resolve.ParseError
		return out
	}
	out.Args, out.Bindings = e.args(p.Segments[len(p.Segments)-1].Args)
	out.Written = int32(len(out.Args))
	if out.Why != resolve.Known {
		return out
	}
	out.Def = r.Def
	e.defaults(out)
	return out
}

// defaults fills in the arguments that are not written.
func (e *Env) defaults(ref *TraitRef) {
	params := e.Types.Decl(ref.Def).Header.Generics.Params
	var s *Subst
	i := 0
	for k := range params {
		if params[k].Kind == syntax.ParamLifetime {
			continue
		}
		if i++; i <= len(ref.Args) {
			continue
		}
		switch {
		case params[k].Default == nil && params[k].HasDefault:
			text := string(params[k].Span.Of(ref.Def.File().Text))
			ref.Args = append(ref.Args, e.Types.TraitEnv(ref.Def).constant(text[strings.IndexByte(text, '=')+1:]))
		case params[k].Default == nil || e.depth > maxDepth/2:
			ref.Args = append(ref.Args, inferType)
		default:
			inner := e.Types.TraitEnv(ref.Def)
			inner.depth, inner.steps = e.depth+8, e.steps
			s = e.Types.SubstOf(ref)
			if s.Self == nil {
				s.Self = selfType
			}
			ref.Args = append(ref.Args, s.Apply(inner.Type(params[k].Default)))
		}
	}
}
