package quickfix

import (
	"bytes"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// mayGive are the items of a file in which a field may get another value, as far as the text around its name tells: the innermost ones, in
// the order in which it stands there; the whole file where it stands in none.
func mayGive(f *workspace.File, field string) []source.Span {
	var out []source.Span
	for _, at := range occurrences(f.Text, field) {
		if !workspace.MemberAt(f.Text, int(at)) || !givenAt(f.Text, int(at), int(at)+len(field)) {
			continue
		}
		i := itemAt(f, at)
		if i < 0 {
			return []source.Span{{End: uint32(len(f.Text))}}
		}
		if span := f.Syntax().Items[i].Span; !slices.Contains(out, span) {
			out = append(out, span)
		}
	}
	return out
}

const whiteSpace = " \t\r\n"

// givenAt reports whether the text around a field's name may give it another value: it is assigned to, handed on as `&mut x.field`, or a
// method of replacing is called on it. A comment may hide that.
func givenAt(text []byte, start, end int) bool {
	rest := bytes.TrimLeft(text[end:], whiteSpace)
	switch {
	case bytes.HasPrefix(rest, []byte("/")):
		return true
	case bytes.HasPrefix(rest, []byte("=")):
		return !bytes.HasPrefix(rest, []byte("=="))
	case bytes.HasPrefix(rest, []byte(".")):
		rest = bytes.TrimLeft(rest[1:], whiteSpace)
		return bytes.HasPrefix(rest, []byte("/")) || slices.ContainsFunc(replacing, func(name string) bool { return bytes.HasPrefix(rest, []byte(name)) })
	case bytes.HasPrefix(rest, []byte(",")), bytes.HasPrefix(rest, []byte(")")):
		owner := bytes.TrimRight(bytes.TrimSuffix(bytes.TrimRight(bytes.TrimSuffix(text[:start], []byte("r#")), whiteSpace), []byte(".")), whiteSpace)
		name := len(owner)
		for name > 0 && (identByte(owner[name-1]) || owner[name-1] == '#') {
			name--
		}
		before := bytes.TrimRight(owner[:name], whiteSpace)
		line := before[bytes.LastIndexByte(before, '\n')+1:]
		return bytes.HasSuffix(before, []byte("mut")) || bytes.HasSuffix(before, []byte("*/")) || bytes.Contains(line, []byte("//"))
	}
	return false
}
