package companion

import (
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// promiseSend makes an async method one that promises a future that is Send. A default body holds its receiver, so that Self has
// to be Sync or Send where the trait does not ask for that.
func (t *Trait) promiseSend(m *method) {
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
		if !m.promised {
			continue
		}
		f := w.nativeHead(m, true)
		f.attrs = nil
		for i := range m.fn.Params { // patterns stay where there is a body
			if p := &m.fn.Params[i]; !p.Pattern.Empty() {
				f.params[i+1] = w.p.raw(p.Pattern) + ": " + w.typ(p.Type)
			}
		}
		if m.fn.Self == syntax.SelfValue {
			f.params[0] = w.p.raw(m.fn.SelfParam.Span)
		}
		it := &w.file.Syntax().Items[m.fn.Item]
		span := it.Span
		if m.hasBody {
			f.body = []string{""}
			span.End = it.Body.Start
			out = append(out, w.asyncBody(it.Body, margin))
		}
		lines := f.lines(width(margin), w.edition())
		if m.hasBody {
			lines = lines[:len(lines)-2] // the head ends with its `{`
		}
		out = append(out, Rewriting{span, strings.Join(lines, "\n"+margin)})
	}
	return out
}

// asyncBody puts a body into `async move {}`.
func (w *Writer) asyncBody(body source.Span, margin string) Rewriting {
	text := string(body.Of(w.p.text))
	inner := strings.TrimSpace(text)
	if !strings.Contains(inner, "\n") {
		if line := margin + indent + "async move { " + inner + " }"; inner != "" && !strings.Contains(inner, ";") && width(line) <= maxWidth {
			return Rewriting{body, "\n" + line + "\n" + margin}
		}
		if inner == "" {
			return Rewriting{body, "\n" + margin + indent + "async move {}\n" + margin}
		}
		return Rewriting{body, "\n" + margin + indent + "async move {\n" + margin + indent + indent + inner + "\n" + margin + indent + "}\n" + margin}
	}
	fixed := map[int]bool{} // lines that begin inside a literal
	trimmed := strings.Trim(text, "\r\n")
	lines := strings.Split(trimmed, "\n")
	offset := body.Start + uint32(strings.Index(text, trimmed))
	for _, tok := range syntax.Lex(w.p.text, body, nil) {
		if tok.Flags&syntax.Multiline == 0 || tok.Kind != syntax.Literal {
			continue
		}
		first := strings.Count(string(w.p.text[offset:tok.Start]), "\n")
		for n := strings.Count(string(tok.Span().Of(w.p.text)), "\n"); n > 0; n-- {
			fixed[first+n] = true
		}
	}
	for i, l := range lines {
		if !fixed[i] && strings.TrimSpace(l) != "" {
			lines[i] = indent + l
		}
	}
	return Rewriting{body, "\n" + margin + indent + "async move {\n" + strings.TrimRight(strings.Join(lines, "\n"), " \t\r\n") + "\n" + margin + indent + "}\n" + margin}
}
