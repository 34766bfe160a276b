package quickfix

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// item names an item whatever target of the package it is seen from.
type item struct {
	file  *workspace.File
	index int32
}

// lazyPlaces are the workspace's files, traits, mentions and calls by where they stand, made when they are first needed.
type lazyPlaces struct {
	once     sync.Once
	files    map[string]*workspace.File
	traits   map[item]int
	traitsIn map[string][]int
	mentions map[string][]int
	calls    map[string][]int
	boxes    map[string][]int
	loops    map[string][]int
	// objects are the mentions by their trait, callsOf the calls by that of their method.
	objects map[traitItem][]int
	callsOf map[traitItem][]traitCall
	// below are the traits of the workspace by their supertraits: those that have objects and are not dyn compatible.
	below map[traitItem][]resolve.Def
}

// traitCall is a call of a trait's method.
type traitCall struct {
	*infer.Call
	announced *infer.Box // the box around it that is written as no compiler of today reads it; nil if there is none
}

// callsOf are the calls of a trait's methods in the whole workspace, by file and place.
func (w *Workspace) callsOf(trait resolve.Def) []traitCall {
	key := traitItemOf(trait)
	r := w.session.InferredOf(trait)
	if len(r.Failures) > 0 {
		w.failed.Store(key, r.Failures[0].File)
	}
	if r == w.inferred {
		return w.index().callsOf[key]
	}
	v, ok := w.called.Load(key)
	if !ok {
		v, _ = w.called.LoadOrStore(key, callsByTrait(r)[key])
	}
	return v.([]traitCall)
}

// unknownCalls says why the calls of a trait that were asked for are not all known; empty if they are.
func (w *Workspace) unknownCalls(trait resolve.Def) string {
	file, failed := w.failed.Load(traitItemOf(trait))
	if !failed {
		return ""
	}
	return "the analysis of " + w.Snapshot.Display(file.(*workspace.File).Path) + " failed, which is a bug, and the calls there are not known"
}

func callsByTrait(r *infer.Result) map[traitItem][]traitCall {
	announced := map[int]*infer.Box{}
	for i := range r.Boxes {
		if b := &r.Boxes[i]; b.Active && b.Call >= 0 && (b.Form == infer.SuffixForm || b.Form == infer.MacroForm && b.Preview) {
			announced[b.Call] = b
		}
	}
	out := map[traitItem][]traitCall{}
	for i := range r.Calls {
		if c := &r.Calls[i]; c.Trait.Scope != nil {
			key := traitItemOf(c.Trait)
			out[key] = append(out[key], traitCall{c, announced[i]})
		}
	}
	return out
}

// callsIn are the calls in a file, by their places.
func (w *Workspace) callsIn(f *workspace.File) []*infer.Call {
	r := w.session.InferredAt(f.Path)
	var out []*infer.Call
	if r == w.inferred {
		for _, i := range w.index().calls[f.Path] {
			out = append(out, &r.Calls[i])
		}
	} else {
		for i := range r.Calls {
			out = append(out, &r.Calls[i])
		}
	}
	return slices.DeleteFunc(out, func(c *infer.Call) bool { return c.File != f })
}

// traitItem is what sameTrait compares.
type traitItem struct {
	item
	kind resolve.Kind
	made bool
}

func traitItemOf(d resolve.Def) traitItem { return traitItem{item{d.File(), d.Item}, d.Kind, d.Made} }

func (w *Workspace) index() *lazyPlaces {
	p := &w.places
	p.once.Do(func() {
		p.files = map[string]*workspace.File{}
		for _, f := range w.Snapshot.Files {
			p.files[f.Path] = f
		}
		p.traits, p.traitsIn = map[item]int{}, map[string][]int{}
		for i := range w.Traits {
			d := w.Traits[i].Def
			p.traits[item{d.File(), d.Item}] = i
			p.traitsIn[d.File().Path] = append(p.traitsIn[d.File().Path], i)
		}
		p.mentions, p.objects = map[string][]int{}, map[traitItem][]int{}
		for i := range w.Mentions {
			path := w.Mentions[i].File.Path
			p.mentions[path] = append(p.mentions[path], i)
			if d := w.Mentions[i].Principal; d.Scope != nil {
				p.objects[traitItemOf(d)] = append(p.objects[traitItemOf(d)], i)
			}
		}
		p.callsOf = callsByTrait(w.inferred)
		p.calls, p.boxes, p.loops = map[string][]int{}, map[string][]int{}, map[string][]int{}
		for i := range w.Calls {
			path := w.Calls[i].File.Path
			p.calls[path] = append(p.calls[path], i)
		}
		for i := range w.Boxes {
			path := w.Boxes[i].File.Path
			p.boxes[path] = append(p.boxes[path], i)
		}
		for i := range w.Loops {
			path := w.Loops[i].File.Path
			p.loops[path] = append(p.loops[path], i)
		}
		p.below = map[traitItem][]resolve.Def{}
		for i := range w.Traits {
			t := &w.Traits[i]
			if c, _ := t.Compatible(); c != types.No || len(p.objects[traitItemOf(t.Def)]) == 0 {
				continue
			}
			seen := map[traitItem]bool{traitItemOf(t.Def): true}
			for _, super := range w.Judge.Types.Supertraits(t.Def) {
				if super.Def.Scope == nil {
					continue
				}
				if key := traitItemOf(super.Def); !seen[key] {
					seen[key] = true
					p.below[key] = append(p.below[key], t.Def)
				}
			}
		}
	})
	return p
}

// anyOf reports whether one of some trait object types is as it is asked for.
func anyOf(mentions iter.Seq[*survey.Mention], is func(*survey.Mention) bool) bool {
	for m := range mentions {
		if is(m) {
			return true
		}
	}
	return false
}

// mentionsOf are the trait object types of a trait, by file and place.
func (w *Workspace) mentionsOf(def resolve.Def) iter.Seq[*survey.Mention] {
	return func(yield func(*survey.Mention) bool) {
		if def.Kind == resolve.None {
			return
		}
		for _, i := range w.index().objects[traitItemOf(def)] {
			if !yield(&w.Mentions[i]) {
				return
			}
		}
	}
}

// mentionsIn are the trait object types that begin in a span of a file, by place.
func (w *Workspace) mentionsIn(file *workspace.File, span source.Span) iter.Seq[*survey.Mention] {
	return func(yield func(*survey.Mention) bool) {
		in := w.index().mentions[file.Path]
		from, _ := slices.BinarySearchFunc(in, span.Start, func(i int, start uint32) int { return cmp.Compare(w.Mentions[i].Span.Start, start) })
		for _, i := range in[from:] {
			if m := &w.Mentions[i]; !span.Contains(m.Span.Start) || !yield(m) {
				return
			}
		}
	}
}

// file is the workspace's own file at an absolute path, nil if it is none.
func (w *Workspace) file(path string) *workspace.File { return w.index().files[path] }

// trait is the trait of the workspace that a definition means, nil if it is not the workspace's.
func (w *Workspace) trait(d resolve.Def) *survey.Trait {
	if d.Kind != resolve.Trait && d.Kind != resolve.TraitAlias || d.Made {
		return nil
	}
	if i, ok := w.index().traits[item{d.File(), d.Item}]; ok {
		return &w.Traits[i]
	}
	return nil
}

// traitOf is the trait of the workspace that a target is about: itself, the one that is mentioned, the one whose method is
// called through dyn.
func (w *Workspace) traitOf(t *Target) *survey.Trait {
	switch {
	case t.Trait != nil:
		return t.Trait
	case t.Mention != nil:
		return w.trait(t.Mention.Principal)
	case t.Call != nil && t.Call.Via == infer.Dyn:
		return w.trait(t.Call.Trait)
	case t.Box != nil && t.Box.Call >= 0 && w.Calls[t.Box.Call].Via == infer.Dyn:
		return w.trait(w.Calls[t.Box.Call].Trait)
	}
	return nil
}

// found is a target and the place by which it was found.
type found struct {
	Target
	span source.Span
}

func touches(s source.Span, offset uint32) bool { return s.Start <= offset && offset <= s.End }

// targetsAt are the targets at a place, the innermost first.
func (w *Workspace) targetsAt(path string, offset uint32) []Target {
	p := w.index()
	var all []found
	for _, i := range p.calls[path] {
		if c, span := &w.Calls[i], w.Calls[i].Extent(); touches(span, offset) {
			all = append(all, found{Target{Call: c}, span})
		}
	}
	for _, i := range p.mentions[path] {
		if m := &w.Mentions[i]; touches(m.Span, offset) {
			all = append(all, found{Target{Mention: m}, m.Span})
		}
	}
	for _, i := range p.boxes[path] {
		if b := &w.Boxes[i]; touches(b.Mark, offset) {
			all = append(all, found{Target{Box: b}, b.Mark})
		}
	}
	for _, i := range p.loops[path] {
		if l := &w.Loops[i]; touches(l.Name, offset) {
			all = append(all, found{Target{Loop: l}, l.Name})
		}
	}
	if f := p.files[path]; f != nil {
		for _, r := range Recursions(f) {
			if i := slices.IndexFunc(r.Places(), func(s source.Span) bool { return touches(s, offset) }); i >= 0 {
				all = append(all, found{Target{Recursion: &r}, r.Places()[i]})
			}
		}
		for _, u := range UnmarkedImpls(w.Judge, f) {
			if i := slices.IndexFunc(u.Names, func(s source.Span) bool { return touches(s, offset) }); i >= 0 {
				all = append(all, found{Target{Unmarked: &u}, u.Names[i]})
			}
		}
	}
	for _, i := range p.traitsIn[path] {
		all = append(all, w.memberTargets(&w.Traits[i], func(s source.Span) bool { return touches(s, offset) })...)
		if name := w.Traits[i].Def.File().Syntax().Items[w.Traits[i].Def.Item].NameSpan; touches(name, offset) {
			all = append(all, found{Target{Trait: &w.Traits[i], Method: -1}, name})
		}
	}
	// A byte of a target is more than its end, and what is small is more than what is around it.
	slices.SortStableFunc(all, func(a, b found) int {
		if in, other := a.span.Contains(offset), b.span.Contains(offset); in != other {
			if in {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.span.Len(), b.span.Len())
	})
	out := make([]Target, len(all))
	for i := range all {
		out[i] = all[i].Target
	}
	return out
}

// memberTargets are the members of a trait whose name, or the place where a violation of theirs is reported, is accepted.
func (w *Workspace) memberTargets(t *survey.Trait, accept func(source.Span) bool) []found {
	var out []found
	for k := range t.Verdict.Methods {
		if m := &t.Verdict.Methods[k]; accept(m.NameSpan) {
			out = append(out, found{Target{Trait: t, Method: k}, m.NameSpan})
		}
	}
	for k := range t.Verdict.Violations {
		v := &t.Verdict.Violations[k]
		if v.Member < 0 || v.Trait != t.Def || !v.Placed() || !accept(v.Span) {
			continue
		}
		method := slices.IndexFunc(t.Verdict.Methods, func(m dyncompat.Method) bool { return m.Item == v.Member })
		if !slices.ContainsFunc(out, func(f found) bool { return f.Method == method }) {
			out = append(out, found{Target{Trait: t, Method: method}, v.Span})
		}
	}
	return out
}

// targetsOf are the targets that a finding is about.
func (w *Workspace) targetsOf(f *rules.Finding) []Target {
	p, path, at := w.index(), f.Primary.File.Path, f.Primary.Span
	var out []Target
	// Mentions and calls of a file are sorted by place, but a call by its name and not by where its receiver begins.
	in := p.mentions[path]
	from, _ := slices.BinarySearchFunc(in, at.Start, func(i int, start uint32) int { return cmp.Compare(w.Mentions[i].Span.Start, start) })
	for _, i := range in[from:] {
		m := &w.Mentions[i]
		if m.Span.Start != at.Start {
			break
		}
		if m.Span == at {
			out = append(out, Target{Mention: m})
		}
	}
	for _, i := range p.calls[path] {
		if c := &w.Calls[i]; c.Name == at || c.Expr == at {
			out = append(out, Target{Call: c})
		}
	}
	for _, i := range p.boxes[path] {
		if b := &w.Boxes[i]; b.Mark == at {
			out = append(out, Target{Box: b})
		}
	}
	for _, i := range p.loops[path] {
		if l := &w.Loops[i]; l.Name == at {
			out = append(out, Target{Loop: l})
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, i := range p.traitsIn[path] {
		t := &w.Traits[i]
		if file := t.Def.File(); file.Expansion == nil && !file.Syntax().Items[t.Def.Item].Span.Encloses(at) {
			continue
		}
		for _, m := range w.memberTargets(t, func(s source.Span) bool { return s == at }) {
			out = append(out, m.Target)
		}
	}
	if len(out) > 0 {
		return out
	}
	// E0225 is reported at one of the bounds of the type.
	for _, i := range in {
		if m := &w.Mentions[i]; m.Span.Encloses(at) {
			out = append(out, Target{Mention: m})
		}
	}
	return out
}

// traitMemo keeps what fixes of whole traits answered: a trait is mentioned many times.
type traitMemo struct {
	mu   sync.Mutex
	done map[memoKey][]Action
	// others are the answers about traits outside the workspace.
	others map[foreignKey][]Action
}

type foreignKey struct {
	fix   *Fix
	trait item
}

// abroad is the answer about a trait outside the workspace.
func (m *traitMemo) abroad(w *Workspace, f *Fix, def resolve.Def) []Action {
	key := foreignKey{f, item{def.File(), def.Item}}
	m.mu.Lock()
	actions, ok := m.others[key]
	m.mu.Unlock()
	if ok {
		return actions
	}
	actions = f.foreign(w, def)
	for i := range actions {
		actions[i].subject = fmt.Sprintf("trait %s %d", def.File().Path, def.Item)
		w.finish(&actions[i])
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.others == nil {
		m.others = map[foreignKey][]Action{}
	}
	m.others[key] = actions
	return actions
}

type memoKey struct {
	fix   *Fix
	trait *survey.Trait
}

func (m *traitMemo) get(w *Workspace, f *Fix, t *survey.Trait) []Action {
	m.mu.Lock()
	actions, ok := m.done[memoKey{f, t}]
	m.mu.Unlock()
	if ok {
		return actions
	}
	actions = f.perTrait(w, t)
	for i := range actions {
		actions[i].subject = traitSubject(t)
		w.finish(&actions[i])
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.done == nil {
		m.done = map[memoKey][]Action{}
	}
	m.done[memoKey{f, t}] = actions
	return actions
}

// sameTrait reports whether two definitions are one item, whatever target they are seen from.
func sameTrait(a, b resolve.Def) bool {
	return a.Kind != resolve.None && a.Kind == b.Kind && a.Item == b.Item && a.File() == b.File() && a.Made == b.Made
}
