package companion

import (
	"cmp"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// promiseSend makes an async method one that promises a future that is Send. A default body holds its receiver, so that Self has
// to be Sync or Send where the trait does not ask for that; where it holds arguments that need not be Send it promises nothing, as any does
// that takes what is not.
func (t *Trait) promiseSend(m *method) {
	if m.hasBody && !t.takesSend(m) || t.how.Local != nil && slices.ContainsFunc(m.fn.Params, func(p syntax.FnParam) bool {
		return p.Type != nil && t.how.Local(m.env.Type(p.Type))
	}) {
		return
	}
	m.promised = true
	m.promises = []string{"Send"}
	m.bounds = []syntax.Bound{named("Send")}
	if !m.hasBody {
		return
	}
	for _, auto := range heldBy(m) {
		if !t.Implies(auto) && !asksSelf(m.fn.Generics.Where, auto) {
			self := &syntax.Type{Kind: syntax.TypePath, Path: named("Self").Path}
			m.fn.Generics.Where = append(m.fn.Generics.Where, syntax.Predicate{Type: self, Bounds: []syntax.Bound{named(auto)}})
		}
	}
}

// takesSend reports whether the arguments of a method are Send as far as their types show it: a parameter or an associated type has
// to be bounded so.
func (t *Trait) takesSend(m *method) bool {
	given := m.env.Generics(t.env.Generics(nil, &t.header.Generics), &m.fn.Generics)
	for i := range m.fn.Params {
		if ty := m.fn.Params[i].Type; ty != nil && !t.shows(m.env.Type(ty), "Send", given) {
			return false
		}
	}
	return true
}

// shows reports whether nothing in a type stands against an auto trait.
func (t *Trait) shows(ty *types.Type, auto string, given []types.Predicate) bool {
	switch ty.Kind {
	case types.Param, types.Projection:
		if slices.ContainsFunc(given, func(p types.Predicate) bool {
			return types.Equal(p.Self, ty) == types.Yes && t.impliesAuto(p.Ref.Def, auto)
		}) {
			return true
		}
		i := slices.IndexFunc(t.assocs, func(a *assoc) bool { return ty.Kind == types.Projection && a.own && a.name == ty.Name })
		return i >= 0 && slices.ContainsFunc(t.assocs[i].bounds, func(b syntax.Bound) bool {
			return b.Path != nil && t.impliesAuto(t.env.TraitRef(nil, b.Path).Def, auto)
		})
	case types.Dyn:
		return slices.ContainsFunc(ty.Traits, func(r *types.TraitRef) bool { return t.impliesAuto(r.Def, auto) })
	case types.Ptr:
		return false
	case types.Ref:
		if !ty.Mut {
			auto = "Sync"
		}
	case types.Adt:
		if rc := t.judge.Types.Resolver.WellKnown("alloc", "rc", "Rc"); ty.Def == rc {
			return false
		}
		if arc := t.judge.Types.Resolver.WellKnown("alloc", "sync", "Arc"); ty.Def == arc {
			return !slices.ContainsFunc(ty.Args, func(a *types.Type) bool { return !t.shows(a, "Send", given) || !t.shows(a, "Sync", given) })
		}
	case types.FnPtr:
		return true
	}
	return !slices.ContainsFunc(ty.Args, func(a *types.Type) bool { return !t.shows(a, auto, given) })
}

// impliesAuto reports whether a trait is an auto trait, or asks its Self to be of it.
func (t *Trait) impliesAuto(def resolve.Def, auto string) bool {
	if def.Kind != resolve.Trait {
		return false
	}
	return slices.ContainsFunc(t.judge.Types.Supertraits(def), func(s *types.TraitRef) bool {
		return s.Def.Kind == resolve.Trait && s.Def.ItemName() == auto && t.judge.Types.Decl(s.Def).Auto
	})
}

func named(name string) syntax.Bound {
	return syntax.Bound{Path: &syntax.Path{Segments: []syntax.Segment{{Name: name}}}}
}

// heldBy are the auto traits that Self needs so that a future that holds the receiver is Send.
func heldBy(m *method) []string {
	switch {
	case m.fn.Self == syntax.SelfRef:
		return []string{"Sync"}
	case pointerName(m) == "Arc":
		return []string{"Send", "Sync"}
	}
	return []string{"Send"}
}

func asksSelf(where []syntax.Predicate, auto string) bool {
	return slices.ContainsFunc(where, func(w syntax.Predicate) bool {
		return isSelf(w.Type) && slices.ContainsFunc(w.Bounds, func(b syntax.Bound) bool {
			return b.Path != nil && b.Path.Segments[len(b.Path.Segments)-1].Name == auto
		})
	})
}

// Rewriting is a piece of the trait's file and what shall stand there.
type Rewriting struct {
	Span source.Span
	Text string
}

// Promised is the trait's async methods as fns that return `impl Future + Send`; impls of them may stay `async fn`. The margin is
// the blanks before the methods.
func (w *Writer) Promised(margin string) []Rewriting {
	var out []Rewriting
	for _, m := range w.methods {
		if !m.promised || m.again {
			continue
		}
		f := w.nativeHead(m, true)
		f.attrs = nil
		names := w.argNames(m)
		f.params = f.params[:1]
		for i := range m.native().Params {
			p := &m.native().Params[i]
			var name string
			if name = w.p.raw(p.Pattern); name == "" { // edition 2015
				name = names[i]
			}
			for k := len(p.Attrs) - 1; k >= 0; k-- {
				name = w.p.raw(p.Attrs[k]) + " " + name
			}
			f.params = append(f.params, name+": "+w.typ(p.Type))
		}
		if m.fn.Self == syntax.SelfValue {
			f.params[0] = w.p.raw(m.fn.SelfParam.Span)
		}
		it := &w.file.Syntax().Items[m.fn.Item]
		span := it.Span
		if m.hasBody {
			f.body = []string{""}
			span.End = it.Body.Start
			out = append(out, w.asyncBody(it.Body, margin)...)
		}
		signature := source.Span{Start: it.Span.Start, End: span.End}
		if holdsComment(w.file.Syntax().Text, signature) && len(m.fn.Generics.Where) == len(w.writtenWhere(m)) {
			out = append(out, Opaque(w.p.text, signature, m.native(), cmp.Or(w.Future, "Future"), " + Send")...)
			continue
		}
		lines := f.lines(w.at)
		if m.hasBody {
			lines = lines[:len(lines)-2] // the head ends with its `{`
		}
		out = append(out, Rewriting{span, strings.Join(lines, "\n"+margin)})
	}
	return out
}

// writtenWhere is a method's where clause as its text has it.
func (w *Writer) writtenWhere(m *method) []syntax.Predicate {
	return syntax.ParseFn(w.file.Syntax(), m.fn.Item, w.file.Edition).Generics.Where
}

// Opaque makes an async fn one that returns an opaque future, with as few changes as can be: the signature is its text up to the body,
// future the trait's name, and more what the type says behind it, ` + Send`.
func Opaque(text []byte, signature source.Span, fn *syntax.Fn, future, more string) []Rewriting {
	var out []Rewriting
	params := uint32(0) // the end of the parameters
	angles, open := 0, 0
	toks := syntax.Lex(text, signature, nil)
	for i, t := range toks {
		switch {
		case t.Word == syntax.WordAsync && t.End <= fn.NameSpan.Start:
			out = append(out, Rewriting{source.Span{Start: t.Start, End: toks[i+1].Start}, ""})
		case t.Start < fn.NameSpan.End || params != 0:
		case t.Is('<') && open == 0:
			angles++
		case t.Is('>') && open == 0 && !toks[i-1].Is('-'):
			angles--
		case t.Kind == syntax.Open:
			open++
		case t.Kind == syntax.Close:
			if open--; open == 0 && angles == 0 {
				params = t.End
			}
		}
	}
	if fn.Ret == nil {
		return append(out, Rewriting{source.Span{Start: params, End: params}, " -> impl " + future + "<Output = ()>" + more})
	}
	ret := fn.Ret.Span
	return append(out, Rewriting{source.Span{Start: ret.Start, End: ret.Start}, "impl " + future + "<Output = "},
		Rewriting{source.Span{Start: ret.End, End: ret.End}, ">" + more})
}

// asyncBody puts a body into `async move {}`. It changes only what is around the body and before its lines, so that others may change
// what stands in it.
func (w *Writer) asyncBody(body source.Span, margin string) []Rewriting {
	text, indent := string(body.Of(w.p.text)), w.at.indent()
	inner := strings.TrimSpace(text)
	if inner == "" {
		return []Rewriting{{body, "\n" + margin + indent + "async move {}\n" + margin}}
	}
	start := body.Start + uint32(strings.Index(text, inner))
	end := start + uint32(len(inner))
	before, after := source.Span{Start: body.Start, End: start}, source.Span{Start: end, End: body.End}
	line := margin + indent + "async move { " + inner + " }"
	if !strings.ContainsAny(inner, "\n;") && !strings.Contains(inner, "//") && width(line) <= w.at.MaxWidth {
		return []Rewriting{{before, "\n" + margin + indent + "async move { "}, {after, " }\n" + margin}}
	}
	fixed := map[uint32]bool{} // where lines begin inside a literal
	for _, tok := range syntax.Lex(w.p.text, body, nil) {
		if tok.Flags&syntax.Multiline == 0 || tok.Kind != syntax.Literal {
			continue
		}
		for at := tok.Start; at < tok.End; at++ {
			if w.p.text[at] == '\n' {
				fixed[at+1] = true
			}
		}
	}
	open := "\n" + margin + indent + "async move {\n" + margin + indent + indent
	if first := strings.LastIndexByte(text[:start-body.Start], '\n'); first >= 0 { // blank lines and the margin of the first one stay
		open = "\n" + margin + indent + "async move {\n" + strings.TrimLeft(text[:start-body.Start], "\r\n") + indent
	}
	out := []Rewriting{{before, open}}
	for at := start; at < end; at++ {
		if w.p.text[at] != '\n' || fixed[at+1] || w.p.text[at+1] == '\n' || w.p.text[at+1] == '\r' {
			continue
		}
		out = append(out, Rewriting{source.Span{Start: at + 1, End: at + 1}, indent})
	}
	return append(out, Rewriting{after, "\n" + margin + indent + "}\n" + margin})
}
