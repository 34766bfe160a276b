package server

import (
	"context"
	"fmt"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

type positionParams struct {
	documentParams
	Position protocol.Position `json:"position"`
}

// subject is what stands at a place: a trait, one of its methods, or a mention of a trait as dyn.
type subject struct {
	verdict *dyncompat.Verdict
	span    source.Span
}

// subjectAt finds the innermost subject that the offset is in or at the end of.
func subjectAt(s *survey.Survey, offset uint32) (subject, bool) {
	touches := func(span source.Span) bool { return span.Start <= offset && offset <= span.End }
	best, found := subject{}, false
	for i := range s.Mentions {
		m := &s.Mentions[i]
		if m.Principal.Kind != resolve.None && m.Verdict != nil && touches(m.Span) && (!found || m.Span.Len() < best.span.Len()) {
			best, found = subject{m.Verdict, m.Span}, true
		}
	}
	if found {
		return best, true
	}
	for i := range s.Traits {
		t := &s.Traits[i]
		if name := t.Def.File().Syntax().Items[t.Def.Item].NameSpan; touches(name) {
			return subject{t.Verdict, name}, true
		}
		for k := range t.Verdict.Methods {
			if m := &t.Verdict.Methods[k]; touches(m.NameSpan) {
				return subject{t.Verdict, m.NameSpan}, true
			}
		}
	}
	return subject{}, false
}

// hover shows the vtable: rust-analyzer beside us shows the signature and the documentation.
func (s *Server) hover(ctx context.Context, p *positionParams) (any, error) {
	d, space, state, err := s.spaceOf(ctx, p.TextDocument.URI)
	if err != nil || state == nil {
		return nil, err
	}
	found := space.view.Look(state, d.path)
	at := s.mapper(d)
	x, ok := subjectAt(found, at.offset(p.Position))
	if !ok {
		return nil, nil
	}
	text, kind := vtable(x.verdict), protocol.Markdown
	if !s.client.markdown() {
		text, kind = strings.ReplaceAll(strings.ReplaceAll(text, "**", ""), "`", ""), protocol.PlainText
	}
	r := at.rangeOf(x.span)
	return protocol.Hover{Contents: protocol.MarkupContent{Kind: kind, Value: text}, Range: &r}, nil
}

// vtable says how a trait fares as dyn, in Markdown that reads well as plain text too.
func vtable(v *dyncompat.Verdict) string {
	var b strings.Builder
	name := v.Trait.ItemName()
	fmt.Fprintf(&b, "**`dyn %s`** ", name)
	switch v.Compatible {
	case types.Yes:
		b.WriteString("is allowed today, and under the announced rules")
	case types.No:
		b.WriteString("is not allowed today; under the announced rules it is")
	default:
		fmt.Fprintf(&b, "may be allowed or not: unknown (%s)", strings.ReplaceAll(v.Why.String(), "_", " "))
	}
	b.WriteString("\n")
	for i := range v.Violations {
		if x := &v.Violations[i]; x.Member < 0 || x.Via.Kind != resolve.None {
			fmt.Fprintf(&b, "- today it is not, because %s\n", x.Message())
		}
	}
	if len(v.Methods) == 0 {
		b.WriteString("\nIts own vtable is empty.\n")
		return b.String()
	}
	b.WriteString("\nvtable under the announced rules:\n")
	for _, class := range [...]struct {
		class dyncompat.Class
		text  string
	}{
		{dyncompat.VTable, "as it is"}, {dyncompat.Boxed, "its result boxed"},
		{dyncompat.SizedOnly, "left out: it asks for `Self: Sized`"}, {dyncompat.Excluded, "left out"},
	} {
		for i := range v.Methods {
			m := &v.Methods[i]
			if m.Class != class.class {
				continue
			}
			fmt.Fprintf(&b, "- `%s`: %s", m.Name, class.text)
			if why := because(m); why != "" && class.class != dyncompat.VTable {
				fmt.Fprintf(&b, " (%s)", why)
			}
			if !m.Certain {
				b.WriteString(", as far as is known")
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// because are a method's own reasons.
func because(m *dyncompat.Method) string {
	var out []string
	for _, k := range m.Reasons {
		if k != dyncompat.WholeTrait {
			out = append(out, strings.ReplaceAll(string(k), "_", " "))
		}
	}
	return strings.Join(out, ", ")
}
