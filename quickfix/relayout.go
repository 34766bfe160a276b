package quickfix

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/afidt-lsp/afidt-lsp/analysis/config"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// relaid are the edits of expressions with the layout that rustfmt gives the longer text. A value, statement or field in which
// something is edited is laid out anew if it needs another layout now, and if what it was is laid out as we would do it: what
// somebody else laid out, and what has forms that we do not know, keeps its lines. The same holds for signatures.
func (w *Workspace) relaid(edits []Edit) []Edit {
	edits = distinct(edits)
	var out []Edit
	for len(edits) > 0 {
		n := 1
		for n < len(edits) && edits[n].Path == edits[0].Path {
			n++
		}
		if f := w.file(edits[0].Path); f != nil {
			out = append(out, w.relaidFile(f, edits[:n])...)
		} else {
			out = append(out, edits[:n]...)
		}
		edits = edits[n:]
	}
	return w.relaidSignatures(out)
}

func (w *Workspace) relaidFile(f *workspace.File, edits []Edit) []Edit {
	bodies, format := map[int32]*syntax.Body{}, w.format(f)
	var out []Edit
	all := edits
	for len(edits) > 0 {
		n := 1
		if span, ok := laidOutAround(f, bodies, edits[0].Span); ok {
			for n < len(edits) && span.Encloses(edits[n].Span) {
				n++
			}
			if e, ok := relaidText(f, format, span, edits[:n], all); ok && (n == len(edits) || edits[n].Span.Start >= e.Span.End) {
				out, edits = append(out, e), edits[n:]
				continue
			}
		}
		out, edits = append(out, edits[:n]...), edits[n:]
	}
	return out
}

// laidOutAround is the innermost expression around an edit that begins a line, or stands behind `=`, `=>`, `return` or the name of a
// field that does.
func laidOutAround(f *workspace.File, bodies map[int32]*syntax.Body, edit source.Span) (source.Span, bool) {
	item := itemAt(f, edit.Start)
	items := f.Syntax().Items
	for item >= 0 && items[item].Kind == syntax.KindBlock {
		item = items[item].Parent
	}
	if item < 0 {
		return source.Span{}, false
	}
	body, known := bodies[item]
	if !known {
		switch items[item].Kind {
		case syntax.KindFn, syntax.KindConst, syntax.KindStatic:
			body = syntax.ParseBody(f.Syntax(), item, f.Edition, func([]source.Span) bool { return true }, syntax.Macros{})
		}
		bodies[item] = body
	}
	if body == nil {
		return source.Span{}, false
	}
	at := innermostExpr(body.Root, edit)
	for ; at != nil; at = at.Parent {
		if p := at.Parent; p != nil {
			switch p.Kind {
			case syntax.ExprBlock, syntax.ExprAsync, syntax.ExprStruct, syntax.ExprArray, syntax.ExprCall, syntax.ExprMacro, syntax.ExprAssign, syntax.ExprReturn, syntax.ExprTuple, syntax.ExprMatch:
				if p.X == at && p.Kind != syntax.ExprReturn && p.Kind != syntax.ExprMacro || p.Kind == syntax.ExprMatch && at.Macro {
					continue
				}
			case syntax.ExprMethod:
				if p.X == at {
					continue
				}
			default:
				continue
			}
		}
		if at.Kind == syntax.ExprBlock || at.Kind == syntax.ExprAsync {
			break // a declared type, a pattern
		}
		if beginsLine(f.Text, at.Span.Start) {
			return at.Span, true
		}
	}
	return source.Span{}, false
}

// beginsLine reports whether a value begins a line, but for what it is given to.
func beginsLine(text []byte, at uint32) bool {
	lead := strings.TrimLeft(string(text[lineStart(text, at):at]), " \t")
	if lead == "" || lead == "return " || strings.HasSuffix(lead, " = ") || strings.HasSuffix(lead, " => ") {
		return true
	}
	name, ok := strings.CutSuffix(lead, ": ")
	return ok && plainName(name)
}

// innermostExpr is the smallest expression that holds a span.
func innermostExpr(e *syntax.Expr, span source.Span) *syntax.Expr {
	if e == nil || !e.Span.Encloses(span) {
		return nil
	}
	for _, part := range partsOfExpr(e) {
		if in := innermostExpr(part, span); in != nil {
			return in
		}
	}
	return e
}

func partsOfExpr(e *syntax.Expr) []*syntax.Expr {
	out := append([]*syntax.Expr{e.X, e.Y, e.Z, e.Tail}, e.Args...)
	for i := range e.Stmts {
		if let := e.Stmts[i].Let; let != nil {
			out = append(out, let.Init, let.Else)
		} else {
			out = append(out, e.Stmts[i].Expr)
		}
	}
	for i := range e.Arms {
		out = append(out, e.Arms[i].X, e.Arms[i].Guard, e.Arms[i].Body)
	}
	return out
}

// relaidText is the edited text of a span in its new layout: it may take the blanks behind a `=` along, and the comma of an arm. It is not
// ok if nothing has to change, or we cannot say.
func relaidText(f *workspace.File, format *config.Format, span source.Span, edits, all []Edit) (relaid Edit, ok bool) {
	none := func() (Edit, bool) { return Edit{}, false }
	begin := span.Start
	if given, ok := givenAbove(f.Text, span.Start); ok {
		begin = given // of the value on the line below `=` the layout is asked for as if it stood behind that
	}
	before := source.Span{Start: lineStart(f.Text, begin), End: begin}
	line := string(before.Of(f.Text))
	lineNow := line
	if from := slices.IndexFunc(all, func(e Edit) bool { return before.Encloses(e.Span) }); from >= 0 {
		n := from
		for n < len(all) && before.Encloses(all[n].Span) && all[n] != edits[0] {
			n++
		}
		lineNow = string(splice([]byte(line), moved(all[from:n], before.Start)))
	}
	rest := strings.TrimRight(string(f.Text[span.End:lineEnd(f.Text, span.End)]), " \t")
	indent := indentAt(f.Text, begin)
	old := unixLines(span.Of(f.Text))
	if strings.Contains(rest, "//") || strings.Contains(old, "//") || strings.Contains(old, "/*") {
		return none()
	}
	now := unixLines(splice(span.Of(f.Text), moved(edits, span.Start)))
	if strings.Contains(indent, "\t") { // the fix turns blanks into tabs in the end
		if old, now = blanks(format, old), blanks(format, now); old == "" || now == "" {
			return none()
		}
		tab := strings.Repeat(" ", format.TabSpaces)
		line, lineNow = strings.ReplaceAll(line, "\t", tab), strings.ReplaceAll(lineNow, "\t", tab)
	}
	below := ""
	if begin != span.Start {
		line, lineNow = line+" ", lineNow+" "
		below = "\n" + strings.Repeat(" ", columns(format, indent)+format.TabSpaces)
	}
	given, arm := strings.HasSuffix(line, " = "), strings.HasSuffix(line, " => ")
	if arm && rest != "," {
		return none()
	}
	lay := func(text, line string) (string, bool) {
		l, e := newLayout(text, format)
		if e == nil {
			return "", false
		}
		lay := l.value
		if arm {
			lay = l.arm
		}
		return lay(e, columns(format, indent), utf8.RuneCountInString(line), utf8.RuneCountInString(rest), given)
	}
	if was, ok := lay(old, line); !ok || was != below+old {
		return none()
	}
	out, ok := lay(now, lineNow)
	inBlock := arm && strings.HasPrefix(out, "{\n")
	code := out
	if inBlock {
		code = out[1 : len(out)-1]
	}
	if !ok || out == below+now || compact(code) != compact(now) {
		return none()
	}
	switch {
	case inBlock:
		span.End++ // the comma
	case begin != span.Start && strings.HasPrefix(out, below):
		out = strings.TrimPrefix(out, below)
	case begin != span.Start:
		out, span.Start = " "+out, begin
	case strings.HasPrefix(out, "\n"):
		span.Start-- // the blank behind `=`
	}
	return replace(f, span, out), true
}

// givenAbove is the end of the `=` on the line above a value that begins a line.
func givenAbove(text []byte, at uint32) (uint32, bool) {
	start := lineStart(text, at)
	if len(bytes.TrimSpace(text[start:at])) > 0 {
		return 0, false
	}
	return endsAbove(text, start, " =")
}

// endsAbove reports whether the line above the one that starts at an offset ends with a text, and where that ends.
func endsAbove(text []byte, start uint32, with string) (uint32, bool) {
	end := len(bytes.TrimRight(text[:start], " \t\r\n"))
	return uint32(end), bytes.HasSuffix(text[:end], []byte(with)) && bytes.Count(text[end:start], []byte("\n")) == 1
}

// blanks is code with blanks for the tabs that lines begin with; empty if a token has several lines.
func blanks(format *config.Format, code string) string {
	for _, t := range syntax.Lex([]byte(code), spanOf(code), nil) {
		if strings.Contains(code[t.Start:t.End], "\n") {
			return ""
		}
	}
	lines := strings.Split(code, "\n")
	for i, line := range lines {
		rest := strings.TrimLeft(line, "\t")
		lines[i] = strings.Repeat(" ", (len(line)-len(rest))*format.TabSpaces) + rest
	}
	return strings.Join(lines, "\n")
}

// moved are edits of a part of a text as edits of that part.
func moved(edits []Edit, start uint32) []Edit {
	edits = slices.Clone(edits)
	for i := range edits {
		edits[i].Span.Start -= start
		edits[i].Span.End -= start
	}
	return edits
}

// preferNextLine is rustfmt's function of that name: whether a value goes to the line below the `=`.
func preferNextLine(here, next string) bool {
	if !strings.Contains(next, "\n") || strings.Count(here, "\n") > strings.Count(next, "\n")+1 {
		return true
	}
	first, below := firstLine(here), firstLine(next)
	for _, c := range []string{"(", "{", "["} {
		if strings.HasSuffix(first, c) && !strings.HasSuffix(below, c) {
			return true
		}
	}
	return false
}

func firstLine(s string) string { first, _, _ := strings.Cut(s, "\n"); return first }

// compact is code without what a layout may change: blanks, and commas before what closes.
func compact(s string) string {
	s = strings.Join(strings.Fields(s), "")
	for _, c := range []string{")", "]", "}"} {
		s = strings.ReplaceAll(s, ","+c, c)
	}
	return s
}

// layout lays out expressions as rustfmt does (rustfmt's expr.rs, chains.rs, overflow.rs): those forms of which values are made.
type layout struct {
	*config.Format
	text []byte
}

// newLayout reads one expression; nil if it is none.
func newLayout(text string, format *config.Format) (*layout, *syntax.Expr) {
	const before = "fn f() {\n"
	l := &layout{format, []byte(before + text + "\n}\n")}
	f := syntax.Scan(l.text, 2021)
	if len(f.Items) == 0 || f.Items[0].Kind != syntax.KindFn {
		return nil, nil
	}
	body := syntax.ParseBody(f, 0, 2021, func([]source.Span) bool { return true }, syntax.Macros{})
	if body == nil || body.Root == nil || body.Root.Tail == nil || body.Root.Tail.Span != (source.Span{Start: uint32(len(before)), End: uint32(len(before) + len(text))}) {
		return nil, nil
	}
	return l, body.Root.Tail
}

func (l *layout) source(s source.Span) string { return string(s.Of(l.text)) }

// one is an expression on one line; it is not ok if rustfmt would not leave it on one, however short.
func (l *layout) one(e *syntax.Expr) (string, bool) {
	switch e.Kind {
	case syntax.ExprRef:
		s, ok := l.one(e.X)
		return l.sigil(e) + s, ok
	case syntax.ExprCast:
		s, ok := l.one(e.X)
		return s + " as " + l.source(e.Type.Span), ok
	case syntax.ExprBinary:
		return l.oneBinary(e)
	case syntax.ExprCall, syntax.ExprArray, syntax.ExprTuple, syntax.ExprStruct, syntax.ExprMacro:
		g, ok := l.group(e)
		if !ok {
			return l.opaque(e)
		}
		parts := make([]string, len(g.items))
		for i, x := range g.items {
			s, ok := l.one(x)
			if !ok {
				return "", false
			}
			parts[i] = g.names[i] + s
		}
		list := strings.Join(parts, ", ")
		if e.Kind == syntax.ExprTuple && len(parts) == 1 {
			list += ","
		}
		if utf8.RuneCountInString(list) > g.width {
			return "", false
		}
		if g.blank && list != "" {
			list = " " + list + " "
		}
		return g.open + list + g.closing, true
	case syntax.ExprMethod, syntax.ExprField, syntax.ExprAwait, syntax.ExprTry:
		root, links, ok := l.chain(e)
		if !ok {
			return l.opaque(e)
		}
		out, ok := l.one(root)
		if !ok {
			return "", false
		}
		for _, link := range links {
			s, ok := l.oneLink(link)
			if !ok {
				return "", false
			}
			out += s
		}
		return out, len(links) < 2 || utf8.RuneCountInString(out) <= l.ChainWidth
	case syntax.ExprIf:
		s, ok := l.opaque(e)
		return s, ok && (e.Z == nil || utf8.RuneCountInString(s) <= l.IfElseWidth)
	}
	return l.opaque(e)
}

// opaque is an expression that is left as it is.
func (l *layout) opaque(e *syntax.Expr) (string, bool) {
	s := l.source(e.Span)
	return s, !strings.Contains(s, "\n")
}

func (l *layout) sigil(e *syntax.Expr) string {
	return string(bytes.TrimRight(l.text[e.Span.Start:e.X.Span.Start], " ")) + map[bool]string{true: " "}[e.Mut]
}

// group is an expression with a list in brackets.
type group struct {
	open, closing string
	items         []*syntax.Expr
	names         []string // before each item: `field: `
	width         int
	blank         bool // { a }
	comma         bool // behind the last item if each has a line
}

// group is not ok for what is written in a way that cannot be made again of its parts.
func (l *layout) group(e *syntax.Expr) (*group, bool) {
	g := &group{items: e.Args, names: make([]string, len(e.Args)), width: l.CallWidth, comma: true}
	switch e.Kind {
	case syntax.ExprCall:
		callee := l.source(e.X.Span)
		if strings.Contains(callee, "\n") || e.X.Kind != syntax.ExprPath {
			return nil, false
		}
		g.open, g.closing = callee+"(", ")"
	case syntax.ExprArray:
		g.open, g.closing, g.width = "[", "]", l.ArrayWidth
	case syntax.ExprTuple:
		g.open, g.closing = "(", ")"
	case syntax.ExprMacro:
		open := bytes.IndexByte(l.text[e.Span.Start:e.Span.End], '!') + 1
		if len(e.Arms) > 0 || e.X != nil || open == 0 {
			return nil, false
		}
		g.open = l.source(source.Span{Start: e.Span.Start, End: e.Span.Start + uint32(open) + 1})
		switch g.open[len(g.open)-1] {
		case '(':
			g.closing, g.comma = ")", false
		case '[':
			g.closing, g.width = "]", l.ArrayWidth
		default:
			return nil, false
		}
	case syntax.ExprStruct:
		if e.X != nil || len(e.Fields) != len(e.Args) {
			return nil, false
		}
		g.open, g.closing, g.width, g.blank = l.source(e.Path.Span)+" {", "}", l.StructWidth, true
		for i, a := range e.Args {
			if before := bytes.TrimRight(l.text[:a.Span.Start], " "); before[len(before)-1] == ':' {
				g.names[i] = e.Fields[i] + ": "
			}
		}
	}
	parts := make([]string, len(g.items))
	for i, x := range g.items {
		parts[i] = g.names[i] + l.source(x.Span)
	}
	return g, compact(g.open+strings.Join(parts, ",")+g.closing) == compact(l.source(e.Span))
}

// link is one step of a chain with the `?`s behind it.
type link struct {
	e     *syntax.Expr
	tries int
}

// chain is a chain of methods, fields and awaits.
func (l *layout) chain(e *syntax.Expr) (root *syntax.Expr, links []link, ok bool) {
	tries := 0
	for {
		switch e.Kind {
		case syntax.ExprTry:
			tries++
		case syntax.ExprMethod, syntax.ExprField, syntax.ExprAwait:
			links = append(links, link{e, tries})
			tries = 0
		default:
			slices.Reverse(links)
			return e, links, tries == 0
		}
		e = e.X
	}
}

// method is a link that is a call as a group.
func (l *layout) method(e *syntax.Expr) (*group, bool) {
	open := e.NameSpan.End
	if e.Generic != nil {
		open = e.Generic.Span.End
	}
	g := &group{open: "." + l.source(source.Span{Start: e.NameSpan.Start, End: open}) + "(", closing: ")", items: e.Args, names: make([]string, len(e.Args)), width: l.CallWidth, comma: true}
	parts := make([]string, len(e.Args))
	for i, x := range e.Args {
		parts[i] = l.source(x.Span)
	}
	return g, !strings.Contains(g.open, "\n") && compact(g.open+strings.Join(parts, ",")+")") == compact("."+l.source(source.Span{Start: e.NameSpan.Start, End: e.Span.End}))
}

func (l *layout) oneLink(k link) (string, bool) {
	tries := strings.Repeat("?", k.tries)
	switch k.e.Kind {
	case syntax.ExprField:
		return "." + l.source(k.e.NameSpan) + tries, true
	case syntax.ExprAwait:
		return ".await" + tries, true
	}
	g, ok := l.method(k.e)
	if !ok {
		return "", false
	}
	var parts []string
	for _, x := range g.items {
		s, ok := l.one(x)
		if !ok {
			return "", false
		}
		parts = append(parts, s)
	}
	list := strings.Join(parts, ", ")
	return g.open + list + ")" + tries, utf8.RuneCountInString(list) <= g.width
}

// value is a whole value that begins in a column; if it is given to something it may go to the line below.
func (l *layout) value(e *syntax.Expr, indent, column, tail int, given bool) (string, bool) {
	here, ok := l.full(e, indent, column, tail)
	if !given || ok && !strings.Contains(here, "\n") {
		return here, ok
	}
	below := indent + l.TabSpaces
	next, ok2 := l.full(e, below, below, tail)
	if ok2 && (!ok || preferNextLine(here, next)) {
		return "\n" + strings.Repeat(" ", below) + next, true
	}
	return here, ok
}

// full is an expression that begins in a column, on lines indented by indent, with tail more characters behind it.
func (l *layout) full(e *syntax.Expr, indent, column, tail int) (string, bool) {
	if s, ok := l.one(e); ok && column+utf8.RuneCountInString(s)+tail <= l.MaxWidth {
		return s, true
	}
	return l.lines(e, indent, column, tail)
}

// lines is full, but over several lines though one could hold it.
func (l *layout) lines(e *syntax.Expr, indent, column, tail int) (string, bool) {
	switch e.Kind {
	case syntax.ExprRef:
		sigil := l.sigil(e)
		s, ok := l.lines(e.X, indent, column+len(sigil), tail)
		return sigil + s, ok
	case syntax.ExprCall, syntax.ExprArray, syntax.ExprTuple, syntax.ExprStruct, syntax.ExprMacro:
		if g, ok := l.group(e); ok {
			return l.groupLines(g, indent, column, tail)
		}
	case syntax.ExprMethod, syntax.ExprAwait, syntax.ExprTry:
		return l.chainLines(e, indent, column, tail)
	case syntax.ExprBinary:
		return l.binaryLines(e, indent, column, tail)
	case syntax.ExprIf:
		return l.ifLines(e, indent, column)
	case syntax.ExprCast:
		return l.castLines(e, indent, column, tail)
	}
	return "", false
}

// groupLines lays out a list over several lines: its only item hangs over, or each has a line.
func (l *layout) groupLines(g *group, indent, column, tail int) (string, bool) {
	if len(g.items) == 0 {
		return "", false
	}
	if len(g.items) == 1 && !g.blank {
		if s, ok := l.only(g, indent, column+utf8.RuneCountInString(g.open), tail+len(g.closing)); ok {
			return g.open + s + g.closing, true
		}
	}
	if slices.ContainsFunc(g.items, isClosureOrBlock) {
		return "", false // it would hang over
	}
	inner := indent + l.TabSpaces
	if s, ok := l.filled(g, inner); ok {
		return g.open + s + "\n" + strings.Repeat(" ", indent) + g.closing, true
	}
	var b strings.Builder
	b.WriteString(g.open)
	for i, x := range g.items {
		s, ok := l.full(x, inner, inner+len(g.names[i]), 1)
		if !ok {
			return "", false
		}
		b.WriteString("\n" + strings.Repeat(" ", inner) + g.names[i] + s)
		if g.comma || i < len(g.items)-1 {
			b.WriteByte(',')
		}
	}
	b.WriteString("\n" + strings.Repeat(" ", indent) + g.closing)
	return b.String(), true
}

// overflows reports whether an expression as the only argument may begin on the line of the call (rustfmt's
// can_be_overflowed_expr).
func overflows(e *syntax.Expr) bool {
	switch e.Kind {
	case syntax.ExprCall, syntax.ExprMethod, syntax.ExprMacro, syntax.ExprStruct, syntax.ExprTuple, syntax.ExprArray:
		return true
	case syntax.ExprRef, syntax.ExprTry, syntax.ExprCast:
		return overflows(e.X)
	}
	return false
}

// brokenChain reports whether what is laid out is a chain with a line for each link, which does not hang over (rustfmt's
// force_one_line_chain).
func brokenChain(s string) bool {
	_, rest, _ := strings.Cut(s, "\n")
	return strings.HasPrefix(strings.TrimLeft(rest, " "), ".")
}

func isClosureOrBlock(e *syntax.Expr) bool {
	switch e.Kind {
	case syntax.ExprClosure, syntax.ExprBlock, syntax.ExprAsync, syntax.ExprMatch, syntax.ExprIf:
		return true
	}
	return false
}

// chainLines lays out a chain over several lines: its last call hangs over, or each link has a line.
func (l *layout) chainLines(e *syntax.Expr, indent, column, tail int) (string, bool) {
	root, links, ok := l.chain(e)
	if !ok || len(links) == 0 {
		return "", false
	}
	count := len(links)
	head, ok := l.one(root)
	if !ok || column+utf8.RuneCountInString(head)+tail > l.MaxWidth { // rustfmt leaves room there for what stands behind the chain
		if head, ok = l.lines(root, indent, column, 0); !ok {
			return "", false
		}
		for _, k := range links { // below what closes the root
			s, ok := l.linkLines(k, indent, indent, tail)
			if !ok {
				return "", false
			}
			head += "\n" + strings.Repeat(" ", indent) + s
		}
		return head, true
	}
	for offset := column - indent; len(links) > 0 && utf8.RuneCountInString(head) <= l.TabSpaces-offset; links = links[1:] {
		s, ok := l.oneLink(links[0])
		if !ok {
			break
		}
		head += s
	}
	if len(links) == 0 {
		return "", false
	}
	almost, below := head, indent+l.TabSpaces
	for _, k := range links[:len(links)-1] {
		s, ok := l.linkLines(k, below, below, 0)
		if !ok {
			return "", false
		}
		almost += s
	}
	last := links[len(links)-1]
	budget := l.MaxWidth - column - tail
	if count > 1 {
		budget = min(budget, l.ChainWidth)
	}
	budget -= utf8.RuneCountInString(almost)
	var hung string
	if budget > 0 && last.e.Kind == syntax.ExprMethod && !strings.Contains(almost, "\n") {
		hung, _ = l.linkLines(last, indent, column+utf8.RuneCountInString(almost), tail)
	}
	own, ok := l.linkLines(last, below, below, tail)
	lines := func(s string) int { return strings.Count(s, "\n") + 1 }
	fits := hung != "" && utf8.RuneCountInString(firstLine(hung)) <= budget
	if fits && (lines(hung) >= 5 || !ok || lines(own) >= lines(hung)) {
		return almost + hung, true
	}
	if !ok {
		return "", false
	}
	var b strings.Builder
	b.WriteString(head)
	inner := "\n" + strings.Repeat(" ", below)
	for _, k := range links[:len(links)-1] {
		s, ok := l.linkLines(k, below, below, 0)
		if !ok {
			return "", false
		}
		b.WriteString(inner + s)
	}
	b.WriteString(inner + own)
	return b.String(), true
}

// linkLines lays out one link.
func (l *layout) linkLines(k link, indent, column, tail int) (string, bool) {
	if s, ok := l.oneLink(k); ok && column+utf8.RuneCountInString(s)+tail <= l.MaxWidth {
		return s, true
	}
	if k.e.Kind != syntax.ExprMethod {
		return "", false
	}
	g, ok := l.method(k.e)
	if !ok {
		return "", false
	}
	s, ok := l.groupLines(g, indent, column, tail+k.tries)
	return s + strings.Repeat("?", k.tries), ok
}
