package companion

import (
	"cmp"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// printer writes syntax back on one line, spaced as rustfmt spaces it. Comments inside types are lost.
type printer struct {
	text []byte
	// nested is set for text that goes into a module inside the trait's own, as in copier.
	nested bool
}

// raw is a piece of the file with its blanks collapsed.
func (p printer) raw(s source.Span) string {
	return strings.Join(strings.Fields(string(s.Of(p.text))), " ")
}

// expr is a piece of the file that is no type, such as the length of an array.
func (p printer) expr(s source.Span) string {
	if !p.nested {
		return p.raw(s)
	}
	var b strings.Builder
	last := s.Start
	toks := syntax.Lex(p.text, s, nil)
	for i, t := range toks {
		if t.Kind != syntax.Ident || i > 0 && toks[i-1].Kind == syntax.PathSep || i+1 == len(toks) || toks[i+1].Kind != syntax.PathSep {
			continue
		}
		b.Write(p.text[last:t.Start])
		last = t.Start
		switch t.Word {
		case syntax.WordSuper:
			b.WriteString("super::")
		case syntax.WordSelf:
			b.WriteString("super")
			last = t.End
		}
	}
	b.Write(p.text[last:s.End])
	return strings.Join(strings.Fields(b.String()), " ")
}

func (p printer) typ(t *syntax.Type) string {
	switch t.Kind {
	case syntax.TypePath:
		return p.path(t.Path)
	case syntax.TypeRef:
		out := "&"
		if t.Lifetime != "" {
			out += t.Lifetime + " "
		}
		if t.Mut {
			out += "mut "
		}
		return out + p.typ(t.Elems[0])
	case syntax.TypePtr:
		if t.Mut {
			return "*mut " + p.typ(t.Elems[0])
		}
		return "*const " + p.typ(t.Elems[0])
	case syntax.TypeSlice:
		return "[" + p.typ(t.Elems[0]) + "]"
	case syntax.TypeArray:
		return "[" + p.typ(t.Elems[0]) + "; " + p.expr(t.Tail) + "]"
	case syntax.TypeTuple:
		if len(t.Elems) == 1 {
			return "(" + p.typ(t.Elems[0]) + ",)"
		}
		return "(" + p.types(t.Elems) + ")"
	case syntax.TypeParen:
		return "(" + p.typ(t.Elems[0]) + ")"
	case syntax.TypeNever:
		return "!"
	case syntax.TypeInfer:
		return "_"
	case syntax.TypeFnPtr:
		return p.fnPointer(t)
	case syntax.TypeDyn:
		return "dyn " + p.bounds(t.Bounds)
	case syntax.TypeImpl:
		return "impl " + p.bounds(t.Bounds)
	case syntax.TypeBare:
		return p.bounds(t.Bounds)
	case syntax.TypeMacro:
		return p.path(t.Path) + "!" + p.expr(t.Tail)
	}
	return p.raw(t.Span)
}

func (p printer) types(ts []*syntax.Type) string {
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = p.typ(t)
	}
	return strings.Join(out, ", ")
}

// fnPointer keeps what stands before the parameters: for<..>, unsafe, extern "C".
func (p printer) fnPointer(t *syntax.Type) string {
	head := p.raw(t.Span)
	if i := strings.Index(head, "fn("); i >= 0 {
		head = head[:i]
	} else if i := strings.Index(head, "fn ("); i >= 0 {
		head = head[:i]
	}
	out := head + "fn(" + p.types(t.Elems) + ")"
	if t.Ret != nil {
		out += " -> " + p.typ(t.Ret)
	}
	return out
}

func (p printer) path(path *syntax.Path) string {
	var b strings.Builder
	segments := path.Segments
	if path.QSelf != nil {
		b.WriteString("<" + p.typ(path.QSelf))
		if path.QTrait > 0 {
			b.WriteString(" as ")
			if path.Global {
				b.WriteString("::")
			}
			b.WriteString(p.segments(segments[:path.QTrait]))
			segments = segments[path.QTrait:]
		}
		b.WriteString(">")
		if len(segments) > 0 {
			b.WriteString("::")
		}
	} else if path.Global {
		b.WriteString("::")
	}
	b.WriteString(p.segments(segments))
	return b.String()
}

func (p printer) segments(segments []syntax.Segment) string {
	out := make([]string, len(segments))
	for i, s := range segments {
		out[i] = s.Name
		if s.Raw {
			out[i] = "r#" + s.Name
		}
		if s.Args != nil {
			out[i] += p.args(s.Args)
		}
	}
	return strings.Join(out, "::")
}

func (p printer) args(a *syntax.Args) string {
	switch {
	case a.NotationDots:
		return "(..)"
	case a.Paren:
		out := "(" + p.types(a.Inputs) + ")"
		if a.Output != nil {
			out += " -> " + p.typ(a.Output)
		}
		return out
	}
	out := make([]string, len(a.List))
	for i := range a.List {
		out[i] = p.arg(&a.List[i])
	}
	return "<" + strings.Join(out, ", ") + ">"
}

func (p printer) arg(a *syntax.Arg) string {
	name := a.Name
	if a.NameArgs != nil {
		name += p.args(a.NameArgs)
	}
	switch a.Kind {
	case syntax.ArgType:
		return p.typ(a.Type)
	case syntax.ArgLifetime:
		return a.Lifetime
	case syntax.ArgEq:
		return name + " = " + p.typ(a.Type)
	case syntax.ArgConstraint:
		return name + ": " + p.bounds(a.Bounds)
	}
	return p.expr(a.Span)
}

func (p printer) bounds(bounds []syntax.Bound) string {
	out := make([]string, len(bounds))
	for i := range bounds {
		out[i] = p.bound(&bounds[i])
	}
	return strings.Join(out, " + ")
}

func (p printer) bound(b *syntax.Bound) string {
	switch b.Kind {
	case syntax.BoundLifetime:
		return b.Lifetime
	case syntax.BoundUse:
		return p.raw(b.Span)
	}
	if b.Path == nil {
		return p.raw(b.Span)
	}
	out := ""
	if len(b.For) > 0 {
		out = "for<" + p.params(b.For) + "> "
	}
	switch {
	case b.Maybe:
		out += "?"
	case b.Negative:
		out += "!"
	case b.Const:
		out += "const "
	case b.MaybeConst:
		out += "[const] "
	}
	if b.Async {
		out += "async "
	}
	return out + p.path(b.Path)
}

func (p printer) params(params []syntax.Param) string {
	out := make([]string, len(params))
	for i := range params {
		out[i] = p.param(&params[i], true)
	}
	return strings.Join(out, ", ")
}

// param writes a generic parameter, with its default where defaults may stand.
func (p printer) param(param *syntax.Param, defaults bool) string {
	name := cmp.Or(p.raw(param.NameSpan), param.Name) // one that is added has no place
	if param.Kind == syntax.ParamConst {
		out := "const " + name + ": " + p.typ(param.Type)
		if _, value, ok := strings.Cut(p.expr(param.Span), "="); ok && defaults && param.HasDefault {
			out += " = " + strings.TrimSpace(value)
		}
		return out
	}
	if len(param.Bounds) > 0 {
		name += ": " + p.bounds(param.Bounds)
	}
	if defaults && param.Default != nil {
		name += " = " + p.typ(param.Default)
	}
	return name
}

func (p printer) predicate(w *syntax.Predicate) string {
	out := ""
	if len(w.For) > 0 {
		out = "for<" + p.params(w.For) + "> "
	}
	if w.Type != nil {
		out += p.typ(w.Type)
	} else {
		out += w.Lifetime
	}
	return out + ": " + p.bounds(w.Bounds)
}
