package quickfix

import (
	"bytes"
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/config"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/quickfix/companion"
)

// insert is an edit that inserts code.
func insert(f *workspace.File, at uint32, code string) Edit {
	return Edit{Path: f.Path, Span: source.Span{Start: at, End: at}, New: code}
}

// replace is an edit that replaces the bytes of a span.
func replace(f *workspace.File, span source.Span, code string) Edit {
	return Edit{Path: f.Path, Span: span, New: code}
}

// lineStart is the offset of the first byte of the line that holds the byte at offset; a BOM is before the first line.
func lineStart(text []byte, offset uint32) uint32 {
	start := uint32(bytes.LastIndexByte(text[:offset], '\n') + 1)
	if start == 0 && bytes.HasPrefix(text, []byte("\ufeff")) && offset >= 3 {
		return 3
	}
	return start
}

// lineEnd is the offset of the line ending behind offset, or of the end of the text.
func lineEnd(text []byte, offset uint32) uint32 {
	if i := bytes.IndexByte(text[offset:], '\n'); i >= 0 {
		end := offset + uint32(i)
		if end > offset && text[end-1] == '\r' {
			end--
		}
		return end
	}
	return uint32(len(text))
}

// indentAt is the blanks at the start of the line that holds the byte at offset.
func indentAt(text []byte, offset uint32) string {
	start := lineStart(text, offset)
	end := start
	for end < uint32(len(text)) && (text[end] == ' ' || text[end] == '\t') {
		end++
	}
	return string(text[start:end])
}

// format is how rustfmt lays out a file.
func (w *Workspace) format(f *workspace.File) *config.Format { return formatIn(w.session.Formats, f) }

func formatIn(formats *config.Formats, f *workspace.File) *config.Format {
	out := *formats.Of(filepath.Dir(f.Path))
	out.StyleEdition = cmp.Or(out.StyleEdition, f.Edition)
	return &out
}

// layoutAt is the layout of lines of a file that begin where an indentation ends.
func (w *Workspace) layoutAt(f *workspace.File, indent string) companion.Layout {
	format := w.format(f)
	return companion.Layout{Format: format, Column: columns(format, indent)}
}

// unitAt is one more level of a file's indentation where indent stands: tabs go on with tabs.
func (w *Workspace) unitAt(f *workspace.File, indent string) string {
	if strings.Contains(indent, "\t") {
		return "\t"
	}
	return strings.Repeat(" ", w.format(f).TabSpaces)
}

// columns is the width of an indentation as rustfmt counts it.
func columns(format *config.Format, indent string) int {
	return len(indent) + strings.Count(indent, "\t")*(format.TabSpaces-1)
}

// indented is code with indent before each line that is not empty.
func indented(code, indent string) string {
	if indent == "" {
		return code
	}
	lines := strings.Split(code, "\n")
	for i, l := range lines {
		if l != "" {
			lines[i] = indent + l
		}
	}
	return strings.Join(lines, "\n")
}

// itemStart is where an item begins with the attributes, doc comments and comments that stand right above it.
func itemStart(f *syntax.File, index int32) uint32 {
	it := &f.Items[index]
	start := it.Span.Start
	for i := it.Attrs.Start; i < it.Attrs.End; i++ {
		if a := &f.Attrs[i]; !a.Inner {
			start = min(start, a.Span.Start)
		}
	}
	for {
		line := lineStart(f.Text, start)
		if line == 0 || len(bytes.TrimSpace(f.Text[line:start])) > 0 {
			return start
		}
		above := lineStart(f.Text, line-1)
		words := bytes.TrimSpace(f.Text[above : line-1])
		if !bytes.HasPrefix(words, []byte("//")) || bytes.HasPrefix(words, []byte("//!")) {
			return start
		}
		start = above + uint32(bytes.Index(f.Text[above:], words))
	}
}

// insertAfter inserts an item behind another one, with an empty line between them. The code is not indented.
func insertAfter(f *workspace.File, index int32, code string) Edit {
	it := &f.Syntax().Items[index]
	at := it.Span.End
	if end := lineEnd(f.Text, at); comment(f.Text[at:end]) {
		at = end
	}
	return insert(f, at, "\n\n"+indented(code, indentAt(f.Text, itemStart(f.Syntax(), index))))
}

// comment reports whether a rest of a line is blank or a line comment.
func comment(rest []byte) bool {
	rest = bytes.TrimSpace(rest)
	return len(rest) == 0 || bytes.HasPrefix(rest, []byte("//"))
}

// insertBefore inserts an item before another one, with an empty line between them. The code is not indented.
func insertBefore(f *workspace.File, index int32, code string) Edit {
	at := itemStart(f.Syntax(), index)
	indent := indentAt(f.Text, at)
	return insert(f, at, strings.TrimPrefix(indented(code, indent), indent)+"\n\n"+indent)
}

// name is how an item of the standard library is written in a scope: by its last segment where that is in scope, or can be
// imported, which takes the edit; else by its path. The path is that of std; a crate without std has core and alloc instead.
func (w *Workspace) name(scope *workspace.Scope, path ...string) (string, []Edit) {
	last := path[len(path)-1]
	known := w.Judge.Types.Resolver.WellKnown(path...)
	if scope.Crate.HasInner("no_std") {
		path = append([]string{"core"}, path[1:]...)
		if path[1] == "boxed" {
			path[0] = "alloc"
		}
	}
	r := w.Judge.Types.Resolver.Lexical(scope, last)
	switch {
	case r.Found() && r.Def == known:
		return last, nil
	case r.Found() || r.Why != resolve.Known:
		return strings.Join(path, "::"), nil
	}
	return last, []Edit{w.addUse(scope.Module, strings.Join(path, "::"))}
}

// addUse imports a path into a module: in the first group of its imports, in the order of rustfmt, or above its first item.
func (w *Workspace) addUse(module *workspace.Scope, path string) Edit {
	edition := w.format(module.File).StyleEdition
	e := w.useEdit(module, path, edition)
	e.once, e.edition = true, edition
	return e
}

// usePlace is where a module's imports stand: the first ones that belong together, none if there are none, and the first item that is no
// `extern crate`, -1 if there is none.
type usePlace struct {
	group []int32
	first int32
}

func (w *Workspace) usePlaceIn(module *workspace.Scope) usePlace {
	if known, ok := w.uses.Load(module); ok {
		return known.(usePlace)
	}
	out := usePlace{first: -1}
	items := module.File.Syntax().Items
	for i := range module.Items {
		if items[i].Macro >= 0 {
			continue
		}
		if out.first < 0 && items[i].Kind != syntax.KindExternCrate {
			out.first = i
		}
		if items[i].Kind != syntax.KindUse {
			continue
		}
		if n := len(out.group); n > 0 && !adjacent(module.File, out.group[n-1], i) {
			break
		}
		out.group = append(out.group, i)
	}
	w.uses.Store(module, out)
	return out
}

func (w *Workspace) useEdit(module *workspace.Scope, path string, styleEdition int) Edit {
	f := module.File
	items := f.Syntax().Items
	place := w.usePlaceIn(module)
	group, first := place.group, place.first
	line := "use " + path + ";"
	if len(group) > 0 {
		indent := indentAt(f.Text, items[group[0]].Span.Start)
		for _, i := range group {
			if compareImports(importText(f, i), path, styleEdition) > 0 {
				return insert(f, itemStart(f.Syntax(), i), line+"\n"+indent)
			}
		}
		end := items[group[len(group)-1]].Span.End
		return insert(f, end, "\n"+indent+line)
	}
	if first >= 0 {
		return insertBefore(f, first, line)
	}
	at := uint32(len(f.Text))
	if module.Item >= 0 {
		at = items[module.Item].Body.Start
	}
	return insert(f, at, line+"\n")
}

// undocumented is the attribute, with a line break, by which a new public item needs no docs for its parts; empty in a crate that
// does not ask for docs.
func undocumented(crate *workspace.Crate) string {
	words := crate.Root.File.Names()
	level := lintLevel(crate, "missing_docs")
	if words.Have("missing_docs") || words.Have("missing_docs_in_private_items") || level != "" && level != "allow" {
		return "#[allow(missing_docs)]\n"
	}
	return ""
}

// lintLevel is the level that the manifest gives a lint of rustc, empty if it gives none.
func lintLevel(crate *workspace.Crate, lint string) string {
	if crate.Target == nil {
		return ""
	}
	return crate.Target.Package.RustLints[lint]
}

// sortImports orders the imports among sorted edits that are inserted at one place as rustfmt does, without empty lines between
// them.
func sortImports(edits []Edit) {
	for i := 0; i < len(edits); {
		n := i + 1
		for n < len(edits) && compareEdits(edits[i], edits[n]) == 0 {
			n++
		}
		run := edits[i:n]
		i = n
		if len(run) < 2 || slices.ContainsFunc(run, func(e Edit) bool { return !e.once || importLine(e.New) == "" }) {
			continue
		}
		slices.SortStableFunc(run, func(a, b Edit) int {
			return compareImports(importLine(a.New), importLine(b.New), a.edition)
		})
		for k := range run[:len(run)-1] {
			run[k].New = strings.Replace(run[k].New, "\n\n", "\n", 1)
			run[k].New = strings.Replace(run[k].New, "\r\n\r\n", "\r\n", 1)
		}
	}
}

// importLine is the path of inserted code that is one `use path;`, else empty.
func importLine(code string) string {
	path, ok := strings.CutPrefix(strings.TrimSpace(code), "use ")
	if path, ok2 := strings.CutSuffix(path, ";"); ok && ok2 && !strings.ContainsAny(path, "\n;") {
		return path
	}
	return ""
}

// adjacent reports whether two imports stand on lines that follow each other, so that rustfmt sorts them together.
func adjacent(f *workspace.File, a, b int32) bool {
	items := f.Syntax().Items
	between := f.Text[items[a].Span.End:items[b].Span.Start]
	return bytes.Count(between, []byte("\n")) == 1 && len(bytes.TrimSpace(between)) == 0
}

// importText is the tree of a use declaration as it is written.
func importText(f *workspace.File, index int32) string {
	text := string(f.Syntax().Items[index].Span.Of(f.Text))
	if i := strings.Index(text, "use "); i >= 0 {
		text = text[i+len("use "):]
	}
	return strings.TrimSuffix(strings.TrimSpace(text), ";")
}

// compareImports orders the trees of two imports as rustfmt does.
func compareImports(a, b string, styleEdition int) int {
	x, okX := companion.ParseUseTree(a)
	y, okY := companion.ParseUseTree(b)
	if !okX || !okY {
		return strings.Compare(a, b)
	}
	return companion.CompareUse(x, y, styleEdition)
}

// dedented is code without indent before its lines.
func dedented(code, indent string) string {
	return strings.ReplaceAll(strings.ReplaceAll(code, "\r\n", "\n"), "\n"+indent, "\n")
}

// plainName reports whether a pattern is a lone name.
func plainName(pattern string) bool {
	toks := syntax.Lex([]byte(pattern), spanOf(pattern), nil)
	return len(toks) == 2 && toks[0].Kind == syntax.Ident && toks[0].Word == syntax.NoWord
}

// spanOf is the span of a whole text.
func spanOf(text string) source.Span { return source.Span{End: uint32(len(text))} }
