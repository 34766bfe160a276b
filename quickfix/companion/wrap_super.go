package companion

import (
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// A wrapper that implements a companion has to implement what that has above it: the companions of supertraits that need one, and the
// other supertraits themselves, by passing calls on.

// Upper is a supertrait that a wrapper has to implement.
type Upper struct {
	*Trait
	// Boxed is set if it is not dyn compatible: the wrapper implements its companion.
	Boxed bool
}

// Above are the supertraits that a wrapper has to implement, those of supertraits too, each once; auto traits and Debug come by themselves.
// The error says of which a wrapper cannot be.
func (t *Trait) Above() ([]Upper, error) {
	var out []Upper
	err := t.above(&out)
	return out, err
}

func (t *Trait) above(out *[]Upper) error {
	add := func(u Upper) error {
		if slices.ContainsFunc(*out, func(have Upper) bool { return have.Def == u.Def }) {
			return nil
		}
		if err := t.passable(u.Trait); err != nil {
			return err
		}
		*out = append(*out, u)
		return u.above(out)
	}
	for _, s := range t.companions {
		if err := add(Upper{s.trait, true}); err != nil {
			return err
		}
	}
	bounds := slices.Clone(t.supers)
	for _, w := range t.where {
		if isSelf(w.Type) {
			bounds = append(bounds, w.Bounds...)
		}
	}
	for i := range bounds {
		b := &bounds[i]
		if b.Kind == syntax.BoundLifetime || b.Path == nil || b.Maybe {
			continue
		}
		def := t.env.TraitRef(nil, b.Path).Def
		r := t.judge.Types.Resolver
		if def.Kind != resolve.None && (t.judge.Types.Decl(def).Auto || def == r.WellKnown("core", "fmt", "Debug") || def == r.WellKnown("core", "marker", "MetaSized")) {
			continue
		}
		if def.Kind != resolve.Trait || !def.Scope.Crate.Member {
			return blocked("a wrapper does not implement `%s`, a supertrait of `%s`", t.p.path(b.Path), t.Name)
		}
		u, err := read(t.judge, def, Reading{Plain: true}, 0)
		if err != nil {
			return err
		}
		if err := add(Upper{u, false}); err != nil {
			return err
		}
	}
	return nil
}

// passable says why a wrapper cannot pass a supertrait's methods on; nil if it can.
func (t *Trait) passable(u *Trait) error {
	switch {
	case len(u.header.Generics.Params) > 0 || len(u.assocs) > 0:
		return blocked("a wrapper cannot implement `%s`, a supertrait of `%s` with parameters or associated types", u.Name, t.Name)
	case len(u.Limits) > 0:
		return blocked("a wrapper cannot implement `%s`, a supertrait of `%s`: %s", u.Name, t.Name, u.Limits[0])
	case u.Omitted:
		return blocked("a wrapper would have to implement what `%s`, a supertrait of `%s`, asks of sized types", u.Name, t.Name)
	}
	for _, m := range u.methods {
		if m.fn.Self != syntax.SelfRef && m.fn.Self != syntax.SelfRefMut || m.fn.Self == syntax.SelfRefMut && t.holder() != "" {
			return blocked("a wrapper cannot pass `%s` of `%s` on", m.name, u.Name)
		}
	}
	return nil
}

// upper is a writer of what concerns a supertrait, where w writes.
func (w *Writer) upper(t *Trait) *Writer {
	up := *w
	up.Trait, up.Method, up.p = t, "%s", printer{t.p.text, w.Nested}
	up.Shape.Name = w.Supers[t.Def]
	up.written = ""
	up.written = up.p.path(up.copier().path(&syntax.Path{Segments: []syntax.Segment{{Name: t.Def.ItemName()}}}))
	return &up
}

// WrappedAbove is the impl of a supertrait, or of its companion, for the wrapper around all that implement the native supertrait.
func (w *Writer) WrappedAbove(u Upper) []string {
	up := w.upper(u.Trait)
	t := w.self()
	held := t
	if holder := w.holder(); holder != "" {
		held = w.holderPath(holder) + "<" + t + ">"
	}
	b := &block{head: "impl<" + t + ": " + up.native() + ">", rest: up.native() + " for " + w.Wrapper + "<" + held + ">"}
	if u.Boxed {
		b.rest = up.Shape.Name + " for " + w.Wrapper + "<" + held + ">"
		up.constructs(b, "<"+t+" as "+up.native()+">", func(m *method) string { return up.unwrapped(m, "") })
	} else {
		up.each(func(m *method) {
			f := up.nativeHead(m, false)
			c := &call{callee: t + "::" + m.name, args: append([]string{up.unwrapped(m, "")}, up.argNames(m)...)}
			f.body = up.guarded(m, c)
			b.body = append(b.body, f.lines(up.at.In(1))...)
		})
	}
	w.uses = up.uses
	return b.lines(w.at)
}

// PointerTo is the impl of the native trait for a pointer, as that is written; nil if it cannot pass all methods on.
func (w *Writer) PointerTo(written string) []string {
	if w.unbridged {
		return nil
	}
	return w.bridge(PointerType(written))
}

// Absolute writes the native trait, of another crate, by its path, which it returns; empty if it has none that is known.
func (w *Writer) Absolute() string {
	path := w.nameAbroad(w.Trait.Def, []syntax.Segment{{Name: strings.TrimPrefix(w.Trait.Name, "r#")}})
	w.written = strings.Join(segmentNames(path), "::")
	return w.written
}

// Foreign is a path of a supertrait's signatures that cannot be written where the text stands; empty if there is none.
func (w *Writer) Foreign() string { return *w.foreign }
