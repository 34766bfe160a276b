package companion

import (
	"bytes"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// region is one place of a signature where a lifetime stands or could stand.
type region struct {
	at  *string // the lifetime; empty or '_ if it is elided
	top bool    // of an outermost & of a parameter
}

func (r region) elided() bool { return *r.at == "" || *r.at == "'_" }

// regions collects the regions of types. Lifetimes inside fn pointers and Fn bounds, and those that a for<..> binds, belong
// to the caller of those and are none of the signature's.
type regions struct {
	env   *types.Env
	list  []region
	bound []string
}

func (r *regions) add(at *string, top bool) {
	if *at == "'static" || slices.Contains(r.bound, *at) {
		return
	}
	r.list = append(r.list, region{at: at, top: top})
}

func (r *regions) typ(t *syntax.Type, top bool) {
	if t == nil {
		return
	}
	switch t.Kind {
	case syntax.TypeRef:
		r.add(&t.Lifetime, top)
		r.typ(t.Elems[0], false)
	case syntax.TypeParen:
		r.typ(t.Elems[0], top)
	case syntax.TypeFnPtr:
	case syntax.TypeDyn, syntax.TypeImpl, syntax.TypeBare:
		r.bounds(t.Bounds)
	case syntax.TypePath:
		r.path(t.Path, true)
	default:
		for _, e := range t.Elems {
			r.typ(e, false)
		}
	}
}

func (r *regions) bounds(bounds []syntax.Bound) {
	for i := range bounds {
		b := &bounds[i]
		switch {
		case b.Kind == syntax.BoundLifetime:
			r.add(&b.Lifetime, false)
		case b.Kind == syntax.BoundTrait && b.Path != nil:
			n := len(r.bound)
			for k := range b.For {
				r.bound = append(r.bound, b.For[k].Name)
			}
			r.path(b.Path, true)
			r.bound = r.bound[:n]
		}
	}
}

// path collects the regions of a path's arguments. Lifetimes that are left out altogether, `Ctx` for `Ctx<'_>`, are written.
func (r *regions) path(p *syntax.Path, hidden bool) {
	r.typ(p.QSelf, false)
	if hidden && p.QSelf == nil {
		r.unhide(p)
	}
	for i := range p.Segments {
		a := p.Segments[i].Args
		if a == nil || a.Paren {
			continue
		}
		for k := range a.List {
			arg := &a.List[k]
			if arg.Kind == syntax.ArgLifetime {
				r.add(&arg.Lifetime, false)
			}
			r.typ(arg.Type, false)
			r.bounds(arg.Bounds)
		}
	}
}

// unhide writes '_ for each lifetime parameter of the item that a path leaves out.
func (r *regions) unhide(p *syntax.Path) {
	if first := p.Segments[0]; !p.Global && (first.Name == "Self" || r.env.Params[first.Name] != nil) {
		return
	}
	result, n := r.env.Types.Resolver.Path(r.env.Scope, p)
	if !result.Found() || n == 0 || n > len(p.Segments) {
		return
	}
	last := &p.Segments[n-1]
	if last.Args != nil && (last.Args.Paren || slices.ContainsFunc(last.Args.List, func(a syntax.Arg) bool { return a.Kind == syntax.ArgLifetime })) {
		return
	}
	count := lifetimeParams(result.Def)
	if count == 0 {
		return
	}
	args := &syntax.Args{}
	if last.Args != nil {
		*args = *last.Args
	}
	list := make([]syntax.Arg, count, count+len(args.List))
	for i := range list {
		list[i] = syntax.Arg{Kind: syntax.ArgLifetime, Lifetime: "'_"}
	}
	args.List = append(list, args.List...)
	last.Args = args
}

// lifetimeParams is the number of lifetime parameters of a type or trait.
func lifetimeParams(def resolve.Def) int {
	switch def.Kind {
	case resolve.Struct, resolve.Enum, resolve.Union, resolve.TypeAlias, resolve.Trait, resolve.TraitAlias:
	default:
		return 0
	}
	file := def.Scope.File
	f := file.Syntax()
	if !mayHaveLifetimes(f.Text[f.Items[def.Item].NameSpan.End:]) {
		return 0
	}
	var g syntax.Generics
	switch def.Kind {
	case resolve.TypeAlias:
		g = syntax.ParseAlias(f, def.Item, file.Edition).Generics
	case resolve.Trait, resolve.TraitAlias:
		g = syntax.ParseTrait(f, def.Item, file.Edition).Generics
	default:
		g = syntax.ParseAdt(f, def.Item, file.Edition).Generics
	}
	n := 0
	for i := range g.Params {
		if g.Params[i].Kind == syntax.ParamLifetime {
			n++
		}
	}
	return n
}

// mayHaveLifetimes reports whether the declaration whose name a text stands behind may have lifetime parameters, which come first.
func mayHaveLifetimes(text []byte) bool {
	const blanks = " \t\r\n"
	text = bytes.TrimLeft(text, blanks)
	if bytes.HasPrefix(text, []byte("<")) {
		text = bytes.TrimLeft(text[1:], blanks)
		return bytes.HasPrefix(text, []byte("'")) || bytes.HasPrefix(text, []byte("#")) || bytes.HasPrefix(text, []byte("/"))
	}
	return bytes.HasPrefix(text, []byte("/"))
}
