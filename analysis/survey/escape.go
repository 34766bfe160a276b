package survey

import (
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// escapeKey is a part of a clause and what is bound around it.
type escapeKey struct {
	part      source.Span
	named     string
	anonymous bool
}

// once remembers the answer for a part, so that a list of a thousand mentions is walked once.
func (w *wfWalk) once(part source.Span, b binders, walk func() bool) bool {
	key := escapeKey{part, strings.Join(b.named, " "), b.anonymous}
	if known, ok := w.escaping[key]; ok {
		return known
	}
	out := walk()
	w.escaping[key] = out
	return out
}

// escapes reports whether a type mentions a lifetime that is bound around it (has_escaping_bound_vars), or may: where a name
// is unknown, nobody can say whether a lifetime is left out there.
func (w *wfWalk) escapes(t *syntax.Type, b binders) bool {
	if t == nil || len(b.named) == 0 && !b.anonymous {
		return false
	}
	return w.once(t.Span, b, func() bool { return w.typeEscapes(t, b) })
}

// inputsEscape is the same of the inputs of `Fn(A, B)`, in which the lifetimes that are left out are bound.
func (w *wfWalk) inputsEscape(a *syntax.Args, b binders) bool {
	b.anonymous = true
	return w.once(a.Span, b, func() bool {
		return slices.ContainsFunc(a.Inputs, func(in *syntax.Type) bool { return w.typeEscapes(in, b) })
	})
}

func (b binders) bind(lifetime string) bool {
	if lifetime == "" || lifetime == "'_" {
		return b.anonymous
	}
	return slices.Contains(b.named, lifetime)
}

func (w *wfWalk) typeEscapes(t *syntax.Type, b binders) bool {
	if t == nil {
		return false
	}
	switch t.Kind {
	case syntax.TypePath:
		return w.pathEscapes(t.Path, b)
	case syntax.TypeRef:
		if b.bind(t.Lifetime) {
			return true
		}
	case syntax.TypeFnPtr: // binds what is left out in it
		b.anonymous = false
	case syntax.TypeMacro:
		return true
	}
	if slices.ContainsFunc(t.Elems, func(e *syntax.Type) bool { return w.typeEscapes(e, b) }) {
		return true
	}
	return w.typeEscapes(t.Ret, b) || w.boundsEscape(t.Bounds, b)
}

func (w *wfWalk) boundsEscape(list []syntax.Bound, b binders) bool {
	return slices.ContainsFunc(list, func(bound syntax.Bound) bool {
		if bound.Kind == syntax.BoundLifetime {
			return b.bind(bound.Lifetime)
		}
		return bound.Path != nil && w.pathEscapes(bound.Path, b)
	})
}

func (w *wfWalk) pathEscapes(p *syntax.Path, b binders) bool {
	if w.typeEscapes(p.QSelf, b) {
		return true
	}
	written := false // lifetime arguments
	for i := range p.Segments {
		a := p.Segments[i].Args
		if a == nil {
			continue
		}
		written = written || a.Paren || slices.ContainsFunc(a.List, func(arg syntax.Arg) bool { return arg.Kind == syntax.ArgLifetime })
		if w.argsEscape(a, b) {
			return true
		}
	}
	return b.anonymous && !written && w.leavesOut(p)
}

func (w *wfWalk) argsEscape(a *syntax.Args, b binders) bool {
	if a.Paren {
		b.anonymous = false
		return w.typeEscapes(a.Output, b) || slices.ContainsFunc(a.Inputs, func(in *syntax.Type) bool { return w.typeEscapes(in, b) })
	}
	return slices.ContainsFunc(a.List, func(arg syntax.Arg) bool {
		if arg.Kind == syntax.ArgLifetime {
			return b.bind(arg.Lifetime)
		}
		return w.typeEscapes(arg.Type, b) || w.boundsEscape(arg.Bounds, b) || arg.NameArgs != nil && w.argsEscape(arg.NameArgs, b)
	})
}

// leavesOut reports whether a path without lifetime arguments names an item that has lifetime parameters, or may.
func (w *wfWalk) leavesOut(p *syntax.Path) bool {
	if p.QSelf != nil || len(p.Segments) == 0 {
		return false
	}
	if first := p.Segments[0].Name; !p.Global && (first == "Self" || w.isParam(w.owner, first)) {
		return false
	}
	res, n := w.env.Types.Resolver.Path(w.env.Scope, p)
	if !res.Found() {
		return true
	}
	return n == len(p.Segments) && res.Def.Kind != resolve.Module && w.hasLifetimes(res.Def)
}
