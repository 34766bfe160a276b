package infer

import (
	"slices"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Engine infers the files of one state of a workspace that is being edited, one at a time. It is safe for concurrent use.
//
// The impls of a crate are found by reading all of it. That is done again only when an edit changed what other files can see:
// until then an engine of a newer state takes them from the one before, where each has its place among the impls of its file.
type Engine struct{ *engine }

// edited is what an engine needs in such a workspace.
type edited struct {
	snapshot *workspace.Snapshot
	layout   *workspace.Layout
	before   *engine // knows the impls; nil if this engine has to find them

	byTrait, inherent sync.Map // implName -> []*impl
	ordinals          sync.Map // *workspace.File -> []int32
}

type implName struct {
	crate *workspace.Crate
	name  string
}

// NewBase is an engine of what no edit changes: the dependencies and the standard library.
func NewBase(judge *dyncompat.Judge, s *workspace.Snapshot) *Engine {
	return &Engine{newEngine(&survey.Survey{Snapshot: s, Judge: judge})}
}

// On is an engine of a state, whose files are laid out in this way; e is that of NewBase. If before is given, it is an engine of
// an older state with the same layout, since which no edit changed an interface (workspace.Interface).
func (e *Engine) On(judge *dyncompat.Judge, s *workspace.Snapshot, layout *workspace.Layout, before *Engine) *Engine {
	out := newEngine(&survey.Survey{Snapshot: s, Judge: judge})
	out.base, out.edited = e.engine, &edited{snapshot: s, layout: layout}
	if before != nil {
		out.edited.before = before.engine
	}
	return &Engine{out}
}

// Methods are what one file adds to the methods that calls are listed of.
func (e *Engine) Methods(s *survey.Survey) map[Method]struct{} {
	return e.methodsOf(s.Traits, s.Mentions)
}

// DependsOn reports whether a package of the workspace is another or depends on it.
func (e *Engine) DependsOn(p, on *cargo.Package) bool { return e.dependsOn(p, on) }

// File is what is inferred of one file, whose owners are known. Quiet is set if nothing in it depends on other files, as long as
// the names stay the same. A failure is a panic: one file must not take the others along, and nothing is said of it.
func (e *Engine) File(f *workspace.File, names *Names) (out *Result, quiet bool, failed *survey.Failure) {
	defer func() {
		if r := recover(); r != nil {
			out, quiet, failed = &Result{}, false, failure(f, r)
		}
	}()
	bodies := e.candidates(f, names)
	found := e.callsOf(f, bodies, names)
	e.addBoxes(f, &found)
	return &found, len(bodies)+len(boxCandidates(f)) == 0 && !hasPointerImpl(f), nil
}

// hasPointerImpl reports whether an impl for a pointer stands in a file, by its text.
func hasPointerImpl(f *workspace.File) bool {
	if !f.Mentions("impl") {
		return false
	}
	items := f.Syntax().Items
	return slices.ContainsFunc(items, func(it syntax.Item) bool { return it.Kind == syntax.KindImpl && isPointer(f.Syntax(), &it) })
}

// tops are the scopes of the files of a target; nil where an edit that is not taken up yet took the module away.
func (d *edited) tops(t *cargo.Target) []*workspace.Scope {
	out := make([]*workspace.Scope, d.layout.Count(t))
	for i := range out {
		out[i] = d.snapshot.Top(d.layout, t, i)
	}
	return out
}

// knows reports whether the engine before has the impls of a crate.
func (e *engine) knows(c *workspace.Crate) bool {
	return e.edited != nil && e.edited.before != nil && c.Member
}

// traitImpls are the impls of a crate of traits called name.
func (e *engine) traitImpls(c *workspace.Crate, name string) []*impl {
	if !e.knows(c) {
		return e.implsOf(c).ofTrait(name)
	}
	return e.carried(&e.edited.byTrait, c, name, func(x *implIndex) []*impl { return x.ofTrait(name) })
}

// inherentOf are the inherent impls of a crate for types with a head.
func (e *engine) inherentOf(c *workspace.Crate, head string) []*impl {
	if !e.knows(c) {
		return e.implsOf(c).ofType(head)
	}
	return e.carried(&e.edited.inherent, c, head, func(x *implIndex) []*impl { return x.ofType(head) })
}

// doubted reports whether macros of a crate may implement a trait called name for anything.
func (e *engine) doubted(c *workspace.Crate, name string) bool {
	if e.knows(c) {
		return e.edited.before.implsOf(e.edited.before.edited.snapshot.Member(c.Target)).doubtful(name)
	}
	return e.implsOf(c).doubtful(name)
}

// carried are impls that the engine before found, in this engine's state.
func (e *engine) carried(kept *sync.Map, c *workspace.Crate, name string, find func(*implIndex) []*impl) []*impl {
	key := implName{c, name}
	if v, ok := kept.Load(key); ok {
		return v.([]*impl)
	}
	before := e.edited.before
	x := before.implsOf(before.edited.snapshot.Member(c.Target))
	var out []*impl
	for _, im := range find(x) {
		if now := e.carry(x, c.Target, im); now != nil {
			out = append(out, now)
		}
	}
	v, _ := kept.LoadOrStore(key, out)
	return v.([]*impl)
}

// carry is an impl of the state before in this engine's state.
func (e *engine) carry(x *implIndex, t *cargo.Target, im *impl) *impl {
	old, item := fileTop(im.scope), im.item
	if im.top != nil {
		old, item = fileTop(im.top), im.call
	}
	i := slices.Index(x.tops, old)
	if i < 0 {
		return nil
	}
	top := e.edited.snapshot.Top(e.edited.layout, t, i)
	if top == nil {
		return nil
	}
	if len(top.File.Text) != len(old.File.Text) || len(top.File.Text) > 0 && &top.File.Text[0] != &old.File.Text[0] {
		was, now := e.writers(old.File), e.writers(top.File)
		n, found := slices.BinarySearch(was, item)
		if !found || n >= len(now) {
			return nil
		}
		item = now[n]
	}
	if im.top != nil {
		if made, _ := e.madeImpls(top, item); im.nth < len(made) {
			return made[im.nth]
		}
		return nil
	}
	if top.File.Syntax().Items[item].Kind == syntax.KindImpl {
		return e.implAt(top.ScopeOf(item), item)
	}
	if made := e.macroImpls(top, item, x, lastSegment(im.header.Trait)); im.nth < len(made) {
		return made[im.nth]
	}
	return nil
}

// writers are the items of a file that write impls, in order.
func (e *engine) writers(f *workspace.File) []int32 {
	if v, ok := e.edited.ordinals.Load(f); ok {
		return v.([]int32)
	}
	var out []int32
	for i := range f.Syntax().Items {
		if k := f.Syntax().Items[i].Kind; k == syntax.KindImpl || k == syntax.KindMacroCall {
			out = append(out, int32(i))
		}
	}
	e.edited.ordinals.Store(f, out)
	return out
}

// fileTop is the scope of the file that a scope stands in.
func fileTop(s *workspace.Scope) *workspace.Scope {
	for s.Item >= 0 || s.IsBlock() {
		s, _ = s.Outside()
	}
	return s
}
