// Package survey lists what a workspace's own files say about dyn: every trait with its verdict, and every written trait
// object type with what rustc thinks of it.
//
// It joins the places of package syntax with the verdicts of package dyncompat, and merges what several targets make of
// one file. It knows no rule, no severity and no output.
package survey

import (
	"bytes"
	"cmp"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Survey is the result. Traits and Mentions are sorted by file, then place.
type Survey struct {
	Snapshot *workspace.Snapshot
	Judge    *dyncompat.Judge
	Traits   []Trait
	Mentions []Mention
	Failures []Failure
}

// Trait is one trait of the workspace's own files.
type Trait struct {
	Def     resolve.Def
	Verdict *dyncompat.Verdict
	// Active is false if a #[cfg] keeps the trait from being compiled.
	Active bool
	// Why is set where the targets that share the file disagree; the verdict is then unknown.
	Why resolve.Why
	// Uses is the number of mentions of the workspace that mean this trait; Compiled of those that are compiled as they
	// stand: not cfg'd out, not in the body of a macro_rules!.
	Uses, Compiled int
}

// Compatible is the verdict on the trait, unknown where targets disagree.
func (t *Trait) Compatible() (types.Truth, resolve.Why) {
	if t.Why != resolve.Known {
		return types.Maybe, t.Why
	}
	return t.Verdict.Compatible, t.Verdict.Why
}

// Silence says why rustc may not report a wrong trait object type at its place.
type Silence uint8

// Silences.
const (
	Loud         Silence = iota
	InAlias              // `type A = Box<dyn T>;` is checked where it is used
	Escaping             // `F: Fn(&dyn T)`: an argument of a bound that mentions a lifetime bound there
	InProjection         // `<A as B<dyn T>>::C`: what it means is checked
	InOpaque             // `-> impl Trait<dyn T>`: proven, not checked
	InAssocWhere         // `type X<A> where A: Trait<dyn T>;` is checked where it is used
	InDefault            // `struct S<A, B = (A, Box<dyn T>)>`: a default that depends on a parameter
	InMacroArgs          // what the macro makes of it is not known
	InMacroRules         // the body of a macro_rules!
)

// Mention is one written trait object type.
type Mention struct {
	File   *workspace.File
	Span   source.Span
	Bare   bool
	Item   int32 // innermost item that contains it, -1 at the top
	Active bool
	*dyncompat.Object
	Silence Silence
}

// Compiled reports whether the type is compiled, or may be: no #[cfg] leaves it out, and it is no part of a macro's definition.
func (m *Mention) Compiled() bool { return m.Active && m.Silence != InMacroRules }

// Failure is a bug of ours: something that one file's analysis ran into. The rest is answered.
type Failure struct {
	File    *workspace.File
	Message string
}

// Make surveys a snapshot on the given number of threads.
func Make(s *workspace.Snapshot, threads int) *Survey {
	return MakeWith(dyncompat.New(types.New(resolve.New(s))), s, threads)
}

// MakeWith surveys a snapshot with a judge of it.
func MakeWith(judge *dyncompat.Judge, s *workspace.Snapshot, threads int) *Survey {
	out := Of(judge, s, s.Files, threads)
	out.countUses()
	return out
}

// Of surveys some files of a snapshot, which must have their owners. Uses and Compiled are left for who knows the other files.
func Of(judge *dyncompat.Judge, s *workspace.Snapshot, files []*workspace.File, threads int) *Survey {
	out := &Survey{Snapshot: s, Judge: judge}
	parts := make([]surveyor, len(files))
	Each(len(files), threads, func(i int) {
		p := &parts[i]
		p.judge, p.items = judge, newFileItems(files[i])
		p.guard(p.fileTraits)
		p.guard(p.fileMentions)
		p.items = nil
		s.Between()
	})
	for i := range parts {
		out.Traits = append(out.Traits, parts[i].traits...)
		out.Mentions = append(out.Mentions, parts[i].mentions...)
		for _, message := range parts[i].failures {
			out.Failures = append(out.Failures, Failure{File: files[i], Message: message})
		}
	}
	return out
}

// Each calls f, which must not panic, for 0..n-1 on the given number of threads.
func Each(n, threads int, f func(i int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range max(1, min(workspace.Workers(threads), n)) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	group.Wait()
}

// surveyor surveys one file.
type surveyor struct {
	judge    *dyncompat.Judge
	items    *fileItems
	traits   []Trait
	mentions []Mention
	failures []string
}

// guard runs a step and turns its panic into a failure.
func (s *surveyor) guard(step func()) {
	defer func() {
		if r := recover(); r != nil {
			s.failures = append(s.failures, fmt.Sprintf("internal error: %v\n%s", r, debug.Stack()))
		}
	}()
	step()
}

// place names a trait whatever target it is seen from.
type place struct {
	file *workspace.File
	item int32
}

func (s *Survey) countUses() {
	uses, compiled := map[place]int{}, map[place]int{}
	for i := range s.Mentions {
		m := &s.Mentions[i]
		if m.Principal.Kind == resolve.None {
			continue
		}
		at := place{m.Principal.File(), m.Principal.Item}
		uses[at]++
		if m.Compiled() {
			compiled[at]++
		}
	}
	for i := range s.Traits {
		t := &s.Traits[i]
		at := place{t.Def.File(), t.Def.Item}
		t.Uses, t.Compiled = uses[at], compiled[at]
	}
}

func (s *surveyor) fileTraits() {
	file := s.items.file
	if !file.MayHaveTrait() {
		return
	}
	for i := range file.Syntax().Items {
		kind := resolve.Trait
		switch file.Syntax().Items[i].Kind {
		case syntax.KindTrait:
		case syntax.KindTraitAlias:
			kind = resolve.TraitAlias
		default:
			continue
		}
		var t *Trait
		for _, owner := range file.Owners {
			def := resolve.Def{Kind: kind, Scope: owner.ScopeOf(int32(i)), Item: int32(i)}
			one := s.judgeTrait(owner, def)
			switch {
			case t == nil || one.Active && !t.Active:
				t = &one
			case one.Active == t.Active && !sameVerdict(&one, t):
				t.Why = resolve.TargetsDisagree
			}
		}
		if t != nil {
			s.traits = append(s.traits, *t)
		}
	}
}

// sameVerdict compares what two targets make of one trait. The places of violations may differ: those of `trait T: crate::A`
// lie in each target's own A.
func sameVerdict(a, b *Trait) bool {
	one, _ := a.Compatible()
	other, _ := b.Compatible()
	return one == other && slices.EqualFunc(a.Verdict.Violations, b.Verdict.Violations, func(v, w dyncompat.Violation) bool {
		return v.Kind == w.Kind && v.Item == w.Item
	})
}

// judgeTrait judges a trait as one crate sees it. One that a macro rewrites is judged as what the macro makes of it.
func (s *surveyor) judgeTrait(owner *workspace.Scope, def resolve.Def) Trait {
	out := Trait{Def: def, Active: true, Verdict: &dyncompat.Verdict{Trait: def, Compatible: types.Maybe, Why: resolve.Limit}}
	s.guard(func() {
		resolver := s.judge.Types.Resolver
		cfg, written := cfgAt(resolver, owner, def.Item)
		out.Active = cfg != cargo.False
		if written {
			out.Verdict = s.judge.Verdict(def)
			return
		}
		out.Verdict.Why = resolve.MacroExpansion
		if made := resolver.Rewritten(def); made.Kind != resolve.None {
			out.Verdict = s.judge.Verdict(made)
		}
	})
	return out
}

// cfgAt says whether the item and all around it are compiled. It reports false if one of them is not what macros make of it.
func cfgAt(r *resolve.Resolver, top *workspace.Scope, item int32) (cfg cargo.Truth, written bool) {
	cfg, written = top.Active, true
	items := top.File.Syntax().Items
	for i := item; i >= 0 && cfg != cargo.False; i = items[i].Parent {
		own := top.ItemCfg(i)
		if items[i].Macro >= 0 && items[i].Kind != syntax.KindBlock {
			if c, ok := r.Stands(top.ScopeOf(i), i); ok {
				own = c
			} else {
				written = false
			}
		}
		cfg = cargo.And(cfg, own)
	}
	return cfg, written
}

// maxNesting bounds trait objects inside trait objects, each of which is read with all that is in it.
const maxNesting = 64

func (s *surveyor) fileMentions() {
	file := s.items.file
	if file.Edition >= 2021 && !file.MayHaveDyn() {
		return
	}
	var all []written
	var open []uint32 // ends of the mentions around this one
	for _, d := range file.Syntax().Dyns {
		for len(open) > 0 && open[len(open)-1] <= d.Offset {
			open = open[:len(open)-1]
		}
		w := written{item: d.Item, macro: d.Macro}
		if len(open) >= maxNesting {
			w.ty = &syntax.Type{Kind: syntax.TypeDyn, Span: source.Span{Start: d.Offset, End: d.Offset + uint32(len("dyn"))}}
			w.unread = true
		} else {
			w.ty = syntax.ParseDyn(file.Syntax(), d, file.Edition)
			open = append(open, w.ty.Span.End)
		}
		all = append(all, w)
	}
	if file.Edition < 2021 {
		s.guard(func() { all = append(all, bareTypes(s.judge, s.items)...) })
		slices.SortStableFunc(all, func(a, b written) int { return cmp.Compare(a.ty.Span.Start, b.ty.Span.Start) })
	}
	parts := newPartCfgs(file, all)
	for _, w := range all {
		m := Mention{
			File: file, Span: w.ty.Span, Bare: w.bare, Item: w.item, Active: true,
			Object: &dyncompat.Object{Compatible: types.Maybe, Why: resolve.Limit},
		}
		if !w.unread {
			s.guard(func() { m = s.judgeMention(w, parts) })
		}
		s.mentions = append(s.mentions, m)
	}
}

// written is a trait object type before it is judged.
type written struct {
	ty     *syntax.Type
	item   int32
	macro  int32
	bare   bool
	path   bool // in an expression, `Trait::name`
	unread bool // nested too deep
}

func (s *surveyor) judgeMention(w written, parts *partCfgs) Mention {
	file := s.items.file
	out := Mention{File: file, Span: w.ty.Span, Bare: w.bare, Item: w.item}
	var became outcome
	var from *types.Env
	for i, owner := range file.Owners {
		cfg, _ := cfgAt(s.judge.Types.Resolver, owner, w.item)
		active := cargo.And(cfg, macroCfg(owner, w.macro)) != cargo.False && parts.active(i, w)
		if out.Object != nil && !active {
			continue
		}
		env := &types.Env{Types: s.judge.Types, Scope: owner.ScopeAt(w.item, w.ty.Span.Start)}
		f := s.items.fateOf(s.judge.Types, owner, w)
		o := s.judge.Object(env, w.ty.Bounds, f.at)
		if f.fate == lost {
			o = &dyncompat.Object{Compatible: types.Maybe, Why: resolve.MacroExpansion}
		}
		switch {
		case out.Object == nil || active && !out.Active:
			out.Object, out.Active, became, from = o, active, f, env
		case o.Compatible != out.Compatible || !slices.Equal(o.Errors, out.Errors):
			disagreed := *out.Object
			disagreed.Compatible, disagreed.Why, disagreed.Errors = types.Maybe, resolve.TargetsDisagree, nil
			out.Object = &disagreed
		}
	}
	if out.Object == nil {
		out.Object = &dyncompat.Object{Compatible: types.Maybe, Why: resolve.Limit}
	}
	out.Silence = silence(s.items, from, w, became, out.Object)
	if out.Silence == InMacroRules && out.Errors != nil && templated(file, w.ty.Span) {
		expanded := *out.Object
		expanded.Errors = nil // what stands for `$x` may name what is missing
		out.Object = &expanded
	}
	return out
}

func macroCfg(top *workspace.Scope, macro int32) cargo.Truth {
	if macro < 0 {
		return cargo.True
	}
	return top.MacroCfg(macro)
}

// positionOf tells bodies, where rustc reports every violation at the type, from signatures.
func (f *fileItems) positionOf(w written) dyncompat.Position {
	if w.path {
		return dyncompat.InPath
	}
	if w.item < 0 {
		return dyncompat.InSignature
	}
	it := &f.file.Syntax().Items[w.item]
	switch it.Kind {
	case syntax.KindBlock:
		return dyncompat.InBody
	case syntax.KindFn:
		if it.Flags&syntax.FlagBody != 0 && it.Body.Contains(w.ty.Span.Start) {
			return dyncompat.InBody
		}
	case syntax.KindConst, syntax.KindStatic:
		if v := read(f, w.item, syntax.ParseValue); v.Type != nil && w.ty.Span.Start >= v.Type.Span.End {
			return dyncompat.InBody
		}
	}
	return dyncompat.InSignature
}

// templated reports whether a type in a macro's definition holds `$` or is followed by it.
func templated(file *workspace.File, span source.Span) bool {
	text := file.Syntax().Text
	end := min(int(span.End)+2, len(text))
	return bytes.IndexByte(text[span.Start:end], '$') >= 0
}
