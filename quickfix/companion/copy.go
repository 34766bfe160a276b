package companion

import (
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// copier copies types so that a fix may change them; facts are shared and immutable. The zero copier changes nothing.
type copier struct {
	// nested is set for text that goes into a module inside the trait's own: `self::` and `super::` go one level up.
	nested bool
	// rename replaces whole paths; nil keeps them. It sees the copy.
	rename func(*syntax.Path) *syntax.Path
	// see is told the names that begin paths; nil if nobody asks.
	see func(name string)
	// seeConst is told those in lengths of arrays and the like, in the place of see.
	seeConst func(name string)
	// text is the file's, for what is only text: lengths of arrays, const arguments, macros.
	text []byte
	// object is what stands in the place of a trait object type, nil to copy it; nil if all are copied. It sees the original.
	object func(*syntax.Type) *syntax.Type
}

func (c copier) seeText(span source.Span) {
	switch {
	case c.seeConst != nil:
		identifiers(c.text, span, c.seeConst)
	case c.see != nil:
		identifiers(c.text, span, c.see)
	}
}

func (c copier) typ(t *syntax.Type) *syntax.Type {
	if t == nil {
		return nil
	}
	if c.object != nil {
		object := t
		for object.Kind == syntax.TypeParen { // a sum needs parentheses, a name does not
			object = object.Elems[0]
		}
		if other := c.object(object); other != nil {
			return other
		}
	}
	out := *t
	out.Elems = c.types(t.Elems)
	out.Ret = c.typ(t.Ret)
	out.Path = c.path(t.Path)
	out.Bounds = c.bounds(t.Bounds)
	out.For = c.params(t.For)
	switch t.Kind {
	case syntax.TypeArray:
		c.seeText(t.Tail)
	case syntax.TypeMacro:
		c.seeText(t.Tail)
	}
	return &out
}

func (c copier) types(ts []*syntax.Type) []*syntax.Type {
	if ts == nil {
		return nil
	}
	out := make([]*syntax.Type, len(ts))
	for i, t := range ts {
		out[i] = c.typ(t)
	}
	return out
}

func (c copier) path(p *syntax.Path) *syntax.Path {
	if p == nil {
		return nil
	}
	if c.see != nil && !p.Global && (p.QSelf == nil || p.QTrait > 0) && len(p.Segments) > 0 {
		name := p.Segments[0].Name
		if p.Segments[0].Raw {
			name = "r#" + name
		}
		c.see(name)
	}
	out := *p
	out.QSelf = c.typ(p.QSelf)
	out.Segments = make([]syntax.Segment, 0, len(p.Segments)+1)
	if c.nested && len(p.Segments) > 0 && !p.Global && !p.Segments[0].Raw && (p.QSelf == nil || p.QTrait > 0) {
		switch p.Segments[0].Name {
		case "super":
			out.Segments = append(out.Segments, syntax.Segment{Name: "super"})
			if out.QTrait > 0 {
				out.QTrait++
			}
		}
	}
	for i := range p.Segments {
		s := p.Segments[i]
		s.Args = c.args(s.Args)
		if c.nested && i == 0 && s.Name == "self" && !s.Raw && !p.Global {
			s.Name = "super"
		}
		out.Segments = append(out.Segments, s)
	}
	if c.rename != nil {
		return c.rename(&out)
	}
	return &out
}

func (c copier) args(a *syntax.Args) *syntax.Args {
	if a == nil {
		return nil
	}
	out := *a
	out.Inputs = c.types(a.Inputs)
	out.Output = c.typ(a.Output)
	out.List = make([]syntax.Arg, len(a.List))
	for i := range a.List {
		arg := a.List[i]
		if arg.Kind == syntax.ArgConst || arg.Kind == syntax.ArgEqConst {
			c.seeText(arg.Span)
		}
		arg.Type = c.typ(arg.Type)
		arg.NameArgs = c.args(arg.NameArgs)
		arg.Bounds = c.bounds(arg.Bounds)
		out.List[i] = arg
	}
	return &out
}

func (c copier) bounds(bounds []syntax.Bound) []syntax.Bound {
	if bounds == nil {
		return nil
	}
	out := make([]syntax.Bound, len(bounds))
	for i := range bounds {
		out[i] = bounds[i]
		out[i].Path = c.path(out[i].Path)
		out[i].For = c.params(out[i].For)
	}
	return out
}

func (c copier) params(params []syntax.Param) []syntax.Param {
	if params == nil {
		return nil
	}
	out := make([]syntax.Param, len(params))
	for i := range params {
		out[i] = params[i]
		out[i].Bounds = c.bounds(out[i].Bounds)
		out[i].Type = c.typ(out[i].Type)
		out[i].Default = c.typ(out[i].Default)
	}
	return out
}

func (c copier) predicates(list []syntax.Predicate) []syntax.Predicate {
	out := make([]syntax.Predicate, len(list))
	for i := range list {
		out[i] = list[i]
		out[i].For = c.params(out[i].For)
		out[i].Type = c.typ(out[i].Type)
		out[i].Bounds = c.bounds(out[i].Bounds)
	}
	return out
}
