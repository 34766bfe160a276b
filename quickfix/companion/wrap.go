package companion

import (
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// holder is the pointer that a wrapper has to hold the native value in: Arc or Rc if methods take one, else nothing.
func (t *Trait) holder() string {
	for _, m := range t.methods {
		if name := pointerName(m); name == "Arc" || name == "Rc" {
			return name
		}
	}
	return ""
}

// pointerName is the name of the pointer that a method takes self in, empty if it takes none by type.
func pointerName(m *method) string {
	if m.fn.Self != syntax.SelfTyped || m.fn.SelfParam.Type.Kind != syntax.TypePath {
		return ""
	}
	segments := m.fn.SelfParam.Type.Path.Segments
	return segments[len(segments)-1].Name
}

// Wrappable says why a wrapper cannot implement the companion; nil if it can.
func (t *Trait) Wrappable() error {
	if _, err := t.Above(); err != nil {
		return err
	}
	holder := t.holder()
	switch {
	case holder == "Arc" && t.Implies("Send") && !t.Implies("Sync"):
		return blocked("a wrapper holds an `Arc`, which is not `Send`, as `%s` asks, if what it holds is not `Sync`", t.Name)
	case holder == "Rc" && (t.Implies("Send") || t.Implies("Sync")):
		return blocked("a wrapper holds an `Rc`, which is neither `Send` nor `Sync`, as `%s` asks", t.Name)
	}
	for _, m := range t.methods {
		name := pointerName(m)
		if holder != "" && (m.fn.Self == syntax.SelfRefMut || m.fn.Self == syntax.SelfValue || m.fn.Self == syntax.SelfTyped && name != holder) {
			return blocked("a wrapper holds an `%s`, out of which `%s` cannot be called", holder, m.name)
		}
		if m.fn.Self == syntax.SelfTyped && name == "Pin" && t.pinned(m) == "" {
			return blocked("the receiver of `%s` cannot be passed on", m.name)
		}
	}
	return nil
}

// pinned is the reference in a receiver Pin<&mut Self>: "&mut " or "&"; empty if it is another one.
func (t *Trait) pinned(m *method) string {
	switch t.p.typ(m.fn.SelfParam.Type) {
	case "Pin<&mut Self>", "std::pin::Pin<&mut Self>", "core::pin::Pin<&mut Self>":
		return "&mut "
	case "Pin<&Self>", "std::pin::Pin<&Self>", "core::pin::Pin<&Self>":
		return "&"
	}
	return ""
}

// DerivesDebug reports whether the wrapper has to be Debug.
func (t *Trait) DerivesDebug() bool {
	debug := t.judge.Types.Resolver.WellKnown("core", "fmt", "Debug")
	return slices.ContainsFunc(t.judge.Types.Supertraits(t.Def), func(r *types.TraitRef) bool { return r.Def == debug })
}

// Wrapped is the impl of the companion for the wrapper around all that implement the native trait.
func (w *Writer) Wrapped() []string {
	w.generics(false) // sees the names
	t, holder := w.self(), w.holder()
	held := t
	if holder != "" {
		held = w.holderPath(holder) + "<" + t + ">"
	}
	bound := w.native()
	if slices.ContainsFunc(w.methods, func(m *method) bool { return pointerName(m) == "Pin" }) {
		bound += " + Unpin"
	}
	b := &block{where: slices.DeleteFunc(w.traitWhere(), func(p string) bool { return strings.HasPrefix(p, "Self: ") })}
	b.head = "impl" + angled(append(w.generics(false), t+": "+bound))
	b.rest = w.companion() + " for " + w.Wrapper + "<" + held + ">"
	native := "<" + t + " as " + w.native() + ">"
	w.constructs(b, native, func(m *method) string { return w.unwrapped(m, holder) })
	return b.lines(w.at)
}

// holderPath is the holder as the receivers of the methods write it.
func (w *Writer) holderPath(holder string) string {
	for _, m := range w.methods {
		if pointerName(m) == holder {
			path := w.copier().path(m.fn.SelfParam.Type.Path)
			path.Segments[len(path.Segments)-1].Args = nil
			return w.p.path(path)
		}
	}
	return holder
}

// unwrapped is the native receiver of a call in the wrapper's impl.
func (w *Writer) unwrapped(m *method, holder string) string {
	switch {
	case holder != "" && pointerName(m) == holder:
		return "self.0.clone()"
	case m.fn.Self == syntax.SelfRef:
		return "&self.0"
	case m.fn.Self == syntax.SelfRefMut:
		return "&mut self.0"
	case m.fn.Self == syntax.SelfValue:
		return "self.0"
	case pointerName(m) == "Box":
		return "Box::new(self.0)"
	case pointerName(m) == "Pin" && w.pinned(m) == "&mut ":
		w.uses.pin = true
		return "Pin::new(&mut self.get_mut().0)"
	case pointerName(m) == "Pin":
		w.uses.pin = true
		return "Pin::new(&self.get_ref().0)"
	case strings.HasPrefix(w.p.typ(m.fn.SelfParam.Type), "&mut"):
		return "&mut self.0"
	}
	return "&self.0"
}

// Holder is the pointer that the wrapper holds the native value in; empty if it holds the value itself.
func (t *Trait) Holder() string { return t.holder() }

// ReferenceKind is the reference that can implement the native trait, so that a wrapper can hold a borrowed value: "&" if all
// methods take `&self`, else "&mut "; empty if none can.
func (t *Trait) ReferenceKind() string {
	if len(t.Limits) > 0 {
		return ""
	}
	pointer := "&"
	for _, m := range t.methods {
		switch {
		case m.fn.Self == syntax.SelfRefMut:
			pointer = "&mut "
		case m.fn.Self != syntax.SelfRef:
			return ""
		}
		if mentionsSelf(m.fn.Generics.Where) && !m.hasBody {
			return ""
		}
	}
	above, err := t.Above()
	if err != nil {
		return ""
	}
	for _, u := range above {
		if u.unbridged {
			return ""
		}
		if slices.ContainsFunc(u.methods, func(m *method) bool { return m.fn.Self == syntax.SelfRefMut }) {
			pointer = "&mut "
		}
	}
	if pointer == "&" && t.Implies("Send") && !t.Implies("Sync") {
		return ""
	}
	return pointer
}

// Pointer is the impl of the native trait for a pointer, of which the second name is how it is written; nil if it cannot implement the
// trait. The pointers are "&", "&mut ", "Arc" and "Rc".
func (w *Writer) Pointer(pointer, written string) []string {
	kind := w.ReferenceKind()
	switch {
	case w.unbridged || kind == "":
		return nil
	case pointer == "Arc", pointer == "Rc":
		if kind != "&" || w.Implies("Send") && pointer == "Rc" {
			return nil
		}
	case w.static || pointer != kind:
		return nil
	}
	return w.bridge(PointerType(written))
}

// PointerType makes the type of a pointer, as it is written, to a type.
func PointerType(written string) func(t string) string {
	if strings.HasPrefix(written, "&") {
		return func(t string) string { return written + t }
	}
	return func(t string) string { return written + "<" + t + ">" }
}

// Uses are the names of the standard library that the text so far needs in its scope.
func (w *Writer) Uses() [][]string {
	var out [][]string
	if w.uses.future {
		out = append(out, []string{"std", "future", "Future"})
	}
	if w.uses.pin {
		out = append(out, []string{"std", "pin", "Pin"})
	}
	return append(out, []string{"std", "boxed", "Box"})
}
