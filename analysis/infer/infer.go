package infer

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Result is what is inferred of a workspace's own files. Lists are sorted by file, then place.
type Result struct {
	Calls []Call
	// ByValue are calls through dyn of other methods: those that take self by value.
	ByValue []Call
	Boxes   []Box
	Loops   []Loop
}

// Calls are the calls in the workspace's own files of methods that are async or return `impl Trait` in their trait, where
// the receiver's type is known; sorted by file, then place. Work is shared by the given number of threads.
func Calls(s *survey.Survey, threads int) []Call { return Infer(s, threads).Calls }

// Infer finds the calls, boxes and loops of the workspace's own files.
func Infer(s *survey.Survey, threads int) *Result {
	e := newEngine(s)
	e.names = e.methodNames()
	parts := make([]Result, len(s.Snapshot.Files))
	survey.Each(len(s.Snapshot.Files), threads, func(i int) {
		parts[i] = e.inferFile(s.Snapshot.Files[i])
	})
	out := &Result{}
	for i := range parts {
		offset := len(out.Calls)
		for k := range parts[i].Boxes {
			if parts[i].Boxes[k].Call >= 0 {
				parts[i].Boxes[k].Call += offset
			}
		}
		out.Calls = append(out.Calls, parts[i].Calls...)
		out.ByValue = append(out.ByValue, parts[i].ByValue...)
		out.Boxes = append(out.Boxes, parts[i].Boxes...)
		out.Loops = append(out.Loops, parts[i].Loops...)
	}
	return out
}

// methodNames are the names of the methods that calls are listed of.
type methodNames struct {
	set map[string]bool
	// ends has a bit for each last byte of a name and its length modulo 8, to reject most words without hashing.
	ends [256]uint8
}

func (n *methodNames) add(name string) {
	n.set[name] = true
	n.ends[name[len(name)-1]] |= 1 << (len(name) % 8)
}

// methodNames collects the method names of the workspace's traits and of all traits that it mentions as dyn.
func (e *engine) methodNames() methodNames {
	out := methodNames{set: map[string]bool{}}
	used := map[resolve.Def]bool{} // as dyn, or a supertrait of one that is
	seen := map[resolve.Def]bool{}
	add := func(d resolve.Def) {
		if d.Kind != resolve.Trait || seen[d] {
			return
		}
		seen[d] = true
		for name, m := range e.traitMethods(d) {
			if e.futureful(d, m) || used[d] && e.byValue(d, m) || e.companion(d, m) {
				out.add(name)
			}
		}
	}
	for i := range e.Mentions {
		if d := e.Mentions[i].Principal; d.Kind == resolve.Trait && !used[d] {
			for _, up := range e.types.Supertraits(d) {
				used[up.Def] = true
			}
		}
	}
	for d := range used {
		add(d)
	}
	for i := range e.Traits {
		add(e.Traits[i].Def)
	}
	return out
}

// futureful reports whether a trait's method is async or returns `impl Trait`.
func (e *engine) futureful(trait resolve.Def, m int32) bool {
	file := trait.File()
	it := &file.Syntax().Items[m]
	if it.Flags&syntax.FlagAsync != 0 {
		return true
	}
	end := it.Span.End
	if it.Flags&syntax.FlagBody != 0 {
		end = it.Body.Start
	}
	if !bytes.Contains(file.Syntax().Text[it.Span.Start:end], []byte("impl")) {
		return false
	}
	return holdsOpaque(e.fn(trait.Scope, m).ret)
}

func holdsOpaque(t *types.Type) bool {
	if t.Kind == types.Opaque {
		return true
	}
	return slices.ContainsFunc(t.Args, holdsOpaque)
}

// byValue reports whether a method of the workspace's own takes self by value and may be called on any type.
func (e *engine) byValue(trait resolve.Def, m int32) bool {
	if !trait.Scope.Crate.Member {
		return false
	}
	text := trait.File().Syntax().Text
	it := &trait.File().Syntax().Items[m]
	end := it.Span.End
	if it.Flags&syntax.FlagBody != 0 {
		end = it.Body.Start
	}
	if !bytes.Contains(text[it.Span.Start:end], []byte("self")) || bytes.Contains(text[it.Span.Start:end], []byte("Sized")) {
		return false
	}
	return e.fn(trait.Scope, m).Self == syntax.SelfValue
}

// companion reports whether a method is one of a companion trait: it returns a boxed future, and a blanket impl makes it of
// another trait's method.
func (e *engine) companion(trait resolve.Def, m int32) bool {
	if !trait.Scope.Crate.Member {
		return false
	}
	it := &trait.File().Syntax().Items[m]
	if !bytes.Contains(it.Span.Of(trait.File().Syntax().Text), []byte("Pin")) || !e.isBoxedFuture(e.fn(trait.Scope, m).ret) {
		return false
	}
	for _, im := range e.implsOf(trait.Scope.Crate).traits[trait.ItemName()] {
		if im.head != "*" {
			continue
		}
		im.load(e)
		if im.ref.Def != trait || im.ty.Kind != types.Param {
			continue
		}
		for i := range im.bounds {
			p := &im.bounds[i]
			if p.Self.Kind != types.Param || p.Self.Name != im.ty.Name || p.Ref.Def.Kind != resolve.Trait {
				continue
			}
			for _, name := range [...]string{it.Name, strings.TrimSuffix(it.Name, "_dyn"), strings.TrimPrefix(it.Name, "dyn_")} {
				if native, ok := e.traitMethods(p.Ref.Def)[name]; ok && e.futureful(p.Ref.Def, native) {
					return true
				}
			}
		}
	}
	return false
}

// candidates are the items of a file in whose bodies a call of one of the names may stand.
func (e *engine) candidates(file *workspace.File) []int32 {
	text, names := file.Text, &e.names
	var offsets []uint32
	for _, notation := range [...]string{".box", "dyn_box!", "Box::pin("} { // a box may stand where no such method is called
		for at := 0; ; at++ {
			i := bytes.Index(text[at:], []byte(notation))
			if i < 0 {
				break
			}
			at += i
			rest := text[at+len(notation):]
			if notation[len(notation)-1] == '(' && bytes.HasPrefix(bytes.TrimLeft(rest, " \n"), []byte("async")) || len(rest) > 0 && isWord(rest[0]) && notation == ".box" {
				continue
			}
			offsets = append(offsets, uint32(at))
		}
	}
	for at := 0; ; {
		i := bytes.IndexByte(text[at:], '(')
		if i < 0 {
			break
		}
		at += i + 1
		if names.calledBefore(text, at-1) {
			offsets = append(offsets, uint32(at-1))
		}
	}
	if offsets == nil {
		return nil
	}
	var out []int32
	for _, o := range offsets {
		item := bodyAt(file.Syntax(), o)
		if item >= 0 && (len(out) == 0 || out[len(out)-1] != item) {
			out = append(out, item)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// calledBefore reports whether the text before the parenthesis at i reads as `.name` or `::name`, maybe with a turbofish.
func (n *methodNames) calledBefore(text []byte, i int) bool {
	end := blanksBack(text, i)
	if end > 0 && text[end-1] == '>' {
		depth := 0
		for end--; end > 0; end-- {
			if c := text[end]; c == '>' {
				depth++
			} else if c == '<' {
				if depth--; depth == 0 {
					break
				}
			} else if c == ';' || c == '{' {
				return false
			}
		}
		if end < 2 || text[end-1] != ':' || text[end-2] != ':' {
			return false
		}
		end = blanksBack(text, end-2)
	}
	start := end
	for start > 0 && isWord(text[start-1]) {
		start--
	}
	if start == end || n.ends[text[end-1]]&(1<<((end-start)%8)) == 0 || !n.set[string(text[start:end])] {
		return false
	}
	before := start
	if before > 1 && text[before-1] == '#' && text[before-2] == 'r' {
		before -= 2
	}
	before = blanksBack(text, before)
	return before > 0 && (text[before-1] == '.' || text[before-1] == ':' || text[before-1] == '/') // or a comment
}

func blanksBack(text []byte, i int) int {
	for i > 0 && (text[i-1] == ' ' || text[i-1] == '\n' || text[i-1] == '\t' || text[i-1] == '\r') {
		i--
	}
	return i
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= 0x80
}

// bodyAt is the innermost fn, const or static whose body holds an offset; -1 if there is none.
func bodyAt(f *syntax.File, offset uint32) int32 {
	lo, hi := 0, len(f.Items)
	for lo < hi {
		mid := (lo + hi) / 2
		if f.Items[mid].Span.Start <= offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	i := int32(lo) - 1
	for i >= 0 && !f.Items[i].Span.Contains(offset) {
		i = f.Items[i].Parent
	}
	for ; i >= 0; i = f.Items[i].Parent {
		switch f.Items[i].Kind {
		case syntax.KindFn, syntax.KindConst, syntax.KindStatic:
			return i
		case syntax.KindBlock, syntax.KindMacroCall:
		default:
			return -1
		}
	}
	return -1
}

// inferFile is the result for one file. A file that several targets share is read as each that compiles it does; a call
// that they do not all see is left out.
func (e *engine) inferFile(file *workspace.File) Result {
	var out Result
	for _, item := range e.candidates(file) {
		var one Result
		for i, owner := range owners(file, item) {
			r := e.inferBody(owner, item)
			if i == 0 {
				one = r
				continue
			}
			one.Calls = agreed(one.Calls, r.Calls)
			one.ByValue = agreed(one.ByValue, r.ByValue)
		}
		out.Calls = append(out.Calls, one.Calls...)
		out.ByValue = append(out.ByValue, one.ByValue...)
		out.Boxes = append(out.Boxes, one.Boxes...)
	}
	out.Boxes = append(out.Boxes, written(file)...)
	for _, item := range e.pointerImpls(file) {
		out.Loops = append(out.Loops, e.loops(file.Owners[0], item)...)
	}
	byPlace := func(a, b Call) int { return cmp.Compare(a.Name.Start, b.Name.Start) }
	slices.SortStableFunc(out.Calls, byPlace)
	slices.SortStableFunc(out.ByValue, byPlace)
	slices.SortStableFunc(out.Boxes, func(a, b Box) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	for i := range out.Boxes {
		out.Boxes[i].Call = boxedCall(out.Calls, &out.Boxes[i])
	}
	return out
}

func agreed(calls, others []Call) []Call {
	return slices.DeleteFunc(calls, func(c Call) bool {
		return !slices.ContainsFunc(others, func(d Call) bool { return c.Name == d.Name && c.Via == d.Via })
	})
}

// boxedCall is the index of the call that a box is around, -1 if it is none of them.
func boxedCall(calls []Call, b *Box) int {
	if b.Form == FnForm || b.Form == TypeForm {
		return -1
	}
	return slices.IndexFunc(calls, func(c Call) bool {
		return b.Span.Start <= c.Expr.Start && c.Expr.End <= b.Span.End && c.Boxed == formBoxed[b.Form] && innermost(b, c)
	})
}

var formBoxed = map[Form]Boxed{SuffixForm: BoxSuffix, MacroForm: DynBox, PinForm: PinBox}

// innermost reports whether nothing but parentheses stands between a box and the call.
func innermost(b *Box, c Call) bool {
	text := c.File.Text
	before := text[b.Span.Start:c.Expr.Start]
	if b.Form != SuffixForm {
		before = text[b.Mark.End:c.Expr.Start]
	}
	return len(bytes.Trim(before, " \t\r\n(![{")) == 0
}

// owners are the file's scopes in the crates that compile the item; all of them if none does.
func owners(file *workspace.File, item int32) []*workspace.Scope {
	out := slices.DeleteFunc(slices.Clone(file.Owners), func(s *workspace.Scope) bool { return !compiled(s, item) })
	if len(out) == 0 && len(file.Owners) > 0 {
		return file.Owners[:1]
	}
	return out
}

// inferBody is the result for one body as one crate sees it.
func (e *engine) inferBody(top *workspace.Scope, item int32) Result {
	var out Result
	b := newBody(e, top, item)
	if b == nil {
		return out
	}
	active := compiled(top, item)
	for _, x := range b.syntax.Calls {
		name, span := calledName(x)
		if !e.names.set[name] {
			continue
		}
		c := b.callOf(x)
		if c == nil || c.ref == nil || c.fn == nil || c.fn.self == nil {
			continue
		}
		call := Call{
			File: top.File, Name: span, Expr: x.Span, Method: name, Trait: c.ref.Def, Macro: x.Macro,
			Active: active && b.activeAt(span.Start),
		}
		if x.Kind == syntax.ExprMethod {
			call.Recv = x.X.Span
		} else {
			if len(x.Args) == 0 {
				continue
			}
			call.UFCS, call.Recv = true, x.Args[0].Span
			b.fill(c)
		}
		via, ok := b.via(b.norm(c.self), c.ref)
		if !ok {
			continue
		}
		call.Via = via
		call.Boxed = b.boxed(x, c.ref.Def)
		switch m := c.fn.Fn.Item; {
		case e.futureful(c.ref.Def, m):
			out.Calls = append(out.Calls, call)
		case e.companion(c.ref.Def, m):
			if call.Boxed == NotBoxed {
				call.Boxed = Companion
			}
			out.Calls = append(out.Calls, call)
		case via == Dyn && e.byValue(c.ref.Def, m):
			out.ByValue = append(out.ByValue, call)
		}
	}
	out.Boxes = b.boxes(active)
	return out
}

// calledName is the last name of a call's callee.
func calledName(x *syntax.Expr) (string, source.Span) {
	if x.Kind == syntax.ExprMethod {
		return x.Name, x.NameSpan
	}
	if x.X.Kind != syntax.ExprPath || len(x.X.Path.Segments) == 0 {
		return "", source.Span{}
	}
	last := &x.X.Path.Segments[len(x.X.Path.Segments)-1]
	return last.Name, last.Span
}

// via says what a method of a trait is called on; ok is false if that is not known.
func (b *body) via(self *types.Type, ref *types.TraitRef) (via Receiver, ok bool) {
	switch self.Kind {
	case types.Dyn:
		if !b.hasBound(b.boundsOf(self), self, ref.Def) {
			return Concrete, b.implements(self, ref) == types.Yes
		}
		return Dyn, true
	case types.Param, types.SelfType, types.Opaque, types.Projection:
		return Generic, true
	case types.Unknown, types.Infer:
		return "", false
	}
	return Concrete, b.implements(self, ref) == types.Yes
}

// activeAt evaluates the #[cfg]s of the statements, arms and arguments around an offset.
func (b *body) activeAt(offset uint32) bool {
	for _, a := range b.syntax.Attrs {
		if a.On.Contains(offset) && b.scope.CfgOf(a.Attrs) == cargo.False {
			return false
		}
	}
	return true
}

// boxed says how the result of a call comes to be in a box: by what is written around it, else by its trait.
func (b *body) boxed(x *syntax.Expr, trait resolve.Def) Boxed {
	at := x
	for at.Parent != nil && at.Parent.Kind == syntax.ExprParen {
		at = at.Parent
	}
	if p := at.Parent; p != nil {
		switch p.Kind {
		case syntax.ExprBox:
			return BoxSuffix
		case syntax.ExprMacro:
			if lastSegment(p.Path) == "dyn_box" {
				return DynBox
			}
		case syntax.ExprCall:
			if at != p.X && b.isBoxPin(p.X) {
				return PinBox
			}
		}
	}
	if b.Judge.BoxesAsync(trait) {
		return AsyncTrait
	}
	return NotBoxed
}

// isBoxPin reports whether a callee is Box::pin.
func (b *body) isBoxPin(x *syntax.Expr) bool {
	if x.Kind != syntax.ExprPath || x.Local != nil || lastSegment(x.Path) != "pin" || len(x.Path.Segments) < 2 {
		return false
	}
	r, n := b.resolve.Path(b.at(x).Scope, x.Path)
	return r.Def == b.known.box && n == len(x.Path.Segments)-1
}
