package infer

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Calls are the calls in the workspace's own files of methods that are async or return `impl Trait` in their trait, where
// the receiver's type is known; sorted by file, then place. Work is shared by the given number of threads.
func Calls(s *survey.Survey, threads int) []Call {
	e := newEngine(s)
	names := e.names()
	if len(names.set) == 0 {
		return nil
	}
	calls := make([][]Call, len(s.Snapshot.Files))
	survey.Each(len(s.Snapshot.Files), threads, func(i int) {
		calls[i] = e.fileCalls(s.Snapshot.Files[i], &names)
	})
	return slices.Concat(calls...)
}

// methodNames are the names of the methods that calls are listed of.
type methodNames struct {
	set map[string]bool
	// ends has a bit for each last byte of a name and its length modulo 8, to reject most words without hashing.
	ends [256]uint8
}

// names collects the method names of the workspace's traits and of all traits that it mentions as dyn.
func (e *engine) names() methodNames {
	out := methodNames{set: map[string]bool{}}
	seen := map[resolve.Def]bool{}
	add := func(d resolve.Def) {
		if d.Kind != resolve.Trait || seen[d] {
			return
		}
		seen[d] = true
		for name, m := range e.traitMethods(d) {
			if e.futureful(d, m) {
				out.set[name] = true
				out.ends[name[len(name)-1]] |= 1 << (len(name) % 8)
			}
		}
	}
	for i := range e.Traits {
		add(e.Traits[i].Def)
	}
	for i := range e.Mentions {
		if d := e.Mentions[i].Principal; d.Kind == resolve.Trait && !seen[d] {
			for _, up := range e.types.Supertraits(d) {
				add(up.Def)
			}
		}
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

// candidates are the items of a file in whose bodies a call of one of the names may stand.
func (e *engine) candidates(file *workspace.File, names *methodNames) []int32 {
	text := file.Text
	var offsets []uint32
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
	return before > 0 && (text[before-1] == '.' || text[before-1] == ':') || before > 0 && text[before-1] == '/' || before > 0 && text[before-1] == '\n'
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

// fileCalls lists the calls of one file. A file that several targets share is read as the first that compiles it does;
// where another does not see the same, the call is left out.
func (e *engine) fileCalls(file *workspace.File, names *methodNames) []Call {
	var out []Call
	for _, item := range e.candidates(file, names) {
		var calls []Call
		for i, owner := range owners(file, item) {
			found := e.bodyCalls(owner, item, names)
			if i == 0 {
				calls = found
				continue
			}
			calls = slices.DeleteFunc(calls, func(c Call) bool {
				return !slices.ContainsFunc(found, func(d Call) bool { return c.Name == d.Name && c.Via == d.Via })
			})
		}
		out = append(out, calls...)
	}
	slices.SortStableFunc(out, func(a, b Call) int { return cmp.Compare(a.Name.Start, b.Name.Start) })
	return out
}

// owners are the file's scopes in the crates that compile the item; all of them if none does.
func owners(file *workspace.File, item int32) []*workspace.Scope {
	out := slices.DeleteFunc(slices.Clone(file.Owners), func(s *workspace.Scope) bool { return !compiled(s, item) })
	if len(out) == 0 && len(file.Owners) > 0 {
		return file.Owners[:1]
	}
	return out
}

// bodyCalls lists the calls of one body as one crate sees it.
func (e *engine) bodyCalls(top *workspace.Scope, item int32, names *methodNames) []Call {
	b := newBody(e, top, item)
	if b == nil {
		return nil
	}
	active := compiled(top, item)
	var out []Call
	for _, x := range b.syntax.Calls {
		name, span := calledName(x)
		if !names.set[name] {
			continue
		}
		c := b.callOf(x)
		if c == nil || c.ref == nil || c.fn == nil || c.fn.Fn.Item < 0 || !e.futureful(c.ref.Def, c.fn.Fn.Item) {
			continue
		}
		call := Call{
			File: top.File, Name: span, Expr: x.Span, Method: name, Trait: c.ref.Def, Macro: x.Macro,
			Active: active && b.activeAt(span.Start),
		}
		if x.Kind == syntax.ExprMethod {
			call.Recv = x.X.Span
		} else {
			if c.fn.self == nil || len(x.Args) == 0 {
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
		out = append(out, call)
	}
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
