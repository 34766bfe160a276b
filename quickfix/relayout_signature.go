package quickfix

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/afidt-lsp/afidt-lsp/analysis/config"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/quickfix/companion"
)

// relaidSignatures are the edits of types with the layout that rustfmt gives to functions whose parameters or results are longer, or
// shorter, now. Like expressions, a signature is laid out anew only if what it was is laid out as we would do it.
func (w *Workspace) relaidSignatures(edits []Edit) []Edit {
	inside := map[textPlace][]Edit{}
	var order []textPlace
	var out []Edit
	for _, e := range edits {
		f := w.file(e.Path)
		if f == nil {
			out = append(out, e)
			continue
		}
		span, ok := signatureAround(f, e.Span)
		if !ok {
			span, ok = fieldAround(f, e.Span)
		}
		if !ok {
			out = append(out, e)
			continue
		}
		at := textPlace{e.Path, span}
		if inside[at] == nil {
			order = append(order, at)
		}
		inside[at] = append(inside[at], e)
	}
	for _, at := range order {
		f := w.file(at.path)
		relaid := relaidSignature
		if f.Syntax().Items[itemAt(f, at.span.Start)].Kind != syntax.KindFn {
			relaid = relaidField
		}
		if code, ok := relaid(f, w.format(f), at.span, distinct(inside[at])); ok {
			out = append(out, replace(f, at.span, code))
		} else {
			out = append(out, inside[at]...)
		}
	}
	return out
}

// signatureAround is the signature that a span is part of, from the function's visibility up to its body's brace or its semicolon, both
// included.
func signatureAround(f *workspace.File, span source.Span) (source.Span, bool) {
	i := itemAt(f, span.Start)
	if i < 0 || f.Syntax().Items[i].Kind != syntax.KindFn {
		return source.Span{}, false
	}
	it := &f.Syntax().Items[i]
	out := it.Span
	if it.Flags&syntax.FlagBody != 0 {
		out.End = it.Body.Start
	}
	return out, out.Encloses(span) && span.Start > out.Start && span.Start < out.End
}

// relaidSignature is an edited signature in its new layout; it is not ok if nothing has to change, or we cannot say.
func relaidSignature(f *workspace.File, format *config.Format, span source.Span, edits []Edit) (string, bool) {
	old := unixLines(span.Of(f.Text))
	now := unixLines(splice(span.Of(f.Text), moved(edits, span.Start)))
	if !beginsLine(f.Text, span.Start) || strings.Contains(old, "//") || strings.Contains(old, "/*") {
		return "", false
	}
	margin := indentAt(f.Text, span.Start)
	if strings.Contains(margin+old, "\t") { // the fix turns blanks into tabs in the end
		old, now, margin = blanks(format, old), blanks(format, now), strings.ReplaceAll(margin, "\t", strings.Repeat(" ", format.TabSpaces))
	}
	lay := func(text string) string {
		return strings.Join(layoutSignature(text, companion.Layout{Format: format, Column: len(margin)}, f.Edition), "\n"+margin)
	}
	if old == "" || lay(old) != old {
		return "", false
	}
	out := lay(now)
	return out, out != now && compact(out) == compact(now)
}

// fieldAround is the field of a struct whose type a span is part of, from its name up to its comma, both included; the type stands on one
// line, that of the name or the next.
func fieldAround(f *workspace.File, span source.Span) (source.Span, bool) {
	i := itemAt(f, span.Start)
	if i < 0 || f.Syntax().Items[i].Kind != syntax.KindStruct {
		return source.Span{}, false
	}
	out := source.Span{Start: lineStart(f.Text, span.Start), End: lineEnd(f.Text, span.End)}
	if above, ok := endsAbove(f.Text, out.Start, ":"); ok {
		out.Start = lineStart(f.Text, above)
	}
	out.Start += uint32(len(indentAt(f.Text, out.Start)))
	if name := field.FindSubmatchIndex(out.Of(f.Text)); name != nil {
		out.Start += uint32(name[2])
		return out, out.Encloses(span)
	}
	return source.Span{}, false
}

var field = regexp.MustCompile(`^(?:pub(?:\([^()\n]*\))? )?((?:r#)?\w+):(?: |\r?\n[ \t]*)[^\s/][^\n/]*,$`)

// relaidField is an edited field in its new layout: its type goes to the line below its name if it needs that. It is not ok if nothing has
// to change, or we cannot say.
func relaidField(f *workspace.File, format *config.Format, span source.Span, edits []Edit) (string, bool) {
	old := unixLines(span.Of(f.Text))
	now := unixLines(splice(span.Of(f.Text), moved(edits, span.Start)))
	lead := string(f.Text[lineStart(f.Text, span.Start):span.Start])
	margin := columns(format, indentAt(f.Text, span.Start))
	if strings.Contains(lead, "\t") { // the fix turns blanks into tabs in the end
		old, now = blanks(format, old), blanks(format, now)
	}
	lay := func(text string) string {
		name, typ, _ := strings.Cut(text, ":")
		typ = strings.TrimSpace(typ)
		if out := name + ": " + typ; columns(format, lead)+utf8.RuneCountInString(out) <= format.MaxWidth {
			return out
		}
		return name + ":\n" + strings.Repeat(" ", margin+format.TabSpaces) + typ
	}
	out := lay(now)
	_, below, _ := strings.Cut(out, "\n")
	fits := !strings.Contains(below, "\n") && utf8.RuneCountInString(below) <= format.MaxWidth
	return out, fits && now != "" && out != now && lay(old) == old
}

// unixLines is a text with the line endings that layouts are made with.
func unixLines(text []byte) string { return strings.ReplaceAll(string(text), "\r\n", "\n") }

// layoutSignature lays out a signature of an edition of Rust; it is empty if the text is none, or has attributes.
func layoutSignature(text string, at companion.Layout, edition int) []string {
	file := syntax.Scan([]byte(text+"}"), edition)
	if strings.HasSuffix(text, ";") {
		file = syntax.Scan([]byte(text), edition)
	}
	i := slices.IndexFunc(file.Items, func(it syntax.Item) bool { return it.Kind == syntax.KindFn })
	if i != 0 {
		return nil
	}
	fn := syntax.ParseFn(file, 0, edition)
	open := paramsStart(file.Text, fn)
	sig := companion.Signature{Head: flat(text[:open-1]), Body: !strings.HasSuffix(text, ";")}
	params := fn.Params
	if fn.SelfParam != nil {
		params = append([]syntax.FnParam{*fn.SelfParam}, params...)
	}
	for _, p := range params {
		if len(p.Attrs) > 0 {
			return nil
		}
		sig.Params = append(sig.Params, flat(string(p.Span.Of(file.Text))))
	}
	if fn.Ret != nil {
		sig.Result = flat(string(fn.Ret.Span.Of(file.Text)))
	}
	for i := range fn.Generics.Where {
		sig.Where = append(sig.Where, flat(string(fn.Generics.Where[i].Span.Of(file.Text))))
	}
	return sig.Lines(at)
}

var (
	whitespace  = regexp.MustCompile(`\s+`)
	afterOpen   = regexp.MustCompile(`([<(\[]) `)
	beforeClose = regexp.MustCompile(`,? ([>)\]])`)
)

// flat is code on one line, as rustfmt would write it there.
func flat(code string) string {
	if !bytes.ContainsRune([]byte(code), '\n') {
		return code
	}
	code = whitespace.ReplaceAllString(code, " ")
	return beforeClose.ReplaceAllString(afterOpen.ReplaceAllString(code, "$1"), "$1")
}
