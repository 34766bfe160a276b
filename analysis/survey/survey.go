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
}

// Trait is one trait of the workspace's own files.
type Trait struct {
	Def     resolve.Def
	Verdict *dyncompat.Verdict
	// Active is false if a #[cfg] keeps the trait from being compiled.
	Active bool
	// Why is set where the targets that share the file disagree; the verdict is then unknown.
	Why resolve.Why
	// Uses is the number of mentions of the workspace that mean this trait.
	Uses int
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
	InFnBound            // `F: Fn(&dyn T)`: the type has an escaping lifetime
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

// Make surveys a snapshot on the given number of threads.
func Make(s *workspace.Snapshot, threads int) *Survey {
	return MakeWith(dyncompat.New(types.New(resolve.New(s))), s, threads)
}

// MakeWith surveys a snapshot with a judge of it.
func MakeWith(judge *dyncompat.Judge, s *workspace.Snapshot, threads int) *Survey {
	out := &Survey{Snapshot: s, Judge: judge}
	traits := make([][]Trait, len(s.Files))
	mentions := make([][]Mention, len(s.Files))
	Each(len(s.Files), threads, func(i int) {
		traits[i] = fileTraits(judge, s.Files[i])
		mentions[i] = fileMentions(judge, s.Files[i])
	})
	out.Traits = slices.Concat(traits...)
	out.Mentions = slices.Concat(mentions...)
	out.countUses()
	return out
}

// Each calls f for 0..n-1 on the given number of goroutines.
func Each(n, threads int, f func(i int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	var failure atomic.Value
	for range max(1, min(threads, n)) {
		group.Go(func() {
			defer func() { // a panic belongs to the caller, who can report it
				if r := recover(); r != nil {
					failure.Store(fmt.Sprintf("%v\n%s", r, debug.Stack()))
				}
			}()
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				f(i)
			}
		})
	}
	group.Wait()
	if r := failure.Load(); r != nil {
		panic(r)
	}
}

// place names a trait whatever target it is seen from.
type place struct {
	file *workspace.File
	item int32
}

func (s *Survey) countUses() {
	uses := map[place]int{}
	for i := range s.Mentions {
		if d := s.Mentions[i].Principal; d.Kind != resolve.None {
			uses[place{d.File(), d.Item}]++
		}
	}
	for i := range s.Traits {
		s.Traits[i].Uses = uses[place{s.Traits[i].Def.File(), s.Traits[i].Def.Item}]
	}
}

func fileTraits(judge *dyncompat.Judge, file *workspace.File) []Trait {
	var out []Trait
	if !file.Mentions("trait") {
		return nil
	}
	for i := range file.Syntax().Items {
		if k := file.Syntax().Items[i].Kind; k != syntax.KindTrait && k != syntax.KindTraitAlias {
			continue
		}
		var t *Trait
		for _, owner := range file.Owners {
			kind := resolve.Trait
			if file.Syntax().Items[i].Kind == syntax.KindTraitAlias {
				kind = resolve.TraitAlias
			}
			def := resolve.Def{Kind: kind, Scope: owner.ScopeOf(int32(i)), Item: int32(i)}
			one := Trait{Def: def, Active: activeAt(owner, int32(i)), Verdict: judge.Verdict(def)}
			switch {
			case t == nil || one.Active && !t.Active:
				t = &one
			case one.Active == t.Active && one.Verdict.Compatible != t.Verdict.Compatible:
				t.Why = resolve.TargetsDisagree
			}
		}
		if t != nil {
			out = append(out, *t)
		}
	}
	return out
}

// activeAt reports whether the item and all around it are compiled, or may be.
func activeAt(top *workspace.Scope, item int32) bool {
	return cfgAt(top, item) != cargo.False
}

func cfgAt(top *workspace.Scope, item int32) cargo.Truth {
	out := top.Active
	for i := item; i >= 0 && out != cargo.False; i = top.File.Syntax().Items[i].Parent {
		out = cargo.And(out, top.ItemCfg(i))
	}
	return out
}

// maxNesting bounds trait objects inside trait objects, each of which is read with all that is in it.
const maxNesting = 64

func fileMentions(judge *dyncompat.Judge, file *workspace.File) []Mention {
	var out []Mention
	if file.Edition >= 2021 && !file.Mentions("dyn") {
		return nil
	}
	var open []uint32 // ends of the mentions around this one
	for _, d := range file.Syntax().Dyns {
		for len(open) > 0 && open[len(open)-1] <= d.Offset {
			open = open[:len(open)-1]
		}
		if len(open) >= maxNesting {
			out = append(out, Mention{
				File: file, Span: source.Span{Start: d.Offset, End: d.Offset + uint32(len("dyn"))}, Item: d.Item, Active: true,
				Object: &dyncompat.Object{Compatible: types.Maybe, Why: resolve.Limit},
			})
			continue
		}
		ty := syntax.ParseDyn(file.Syntax(), d, file.Edition)
		open = append(open, ty.Span.End)
		out = append(out, judgeMention(judge, file, written{ty: ty, item: d.Item, macro: d.Macro}))
	}
	if file.Edition < 2021 {
		for _, w := range bareTypes(judge.Types.Resolver, file) {
			out = append(out, judgeMention(judge, file, w))
		}
		slices.SortStableFunc(out, func(a, b Mention) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	}
	return out
}

// written is a trait object type before it is judged.
type written struct {
	ty    *syntax.Type
	item  int32
	macro int32
	bare  bool
}

func judgeMention(judge *dyncompat.Judge, file *workspace.File, w written) Mention {
	out := Mention{File: file, Span: w.ty.Span, Bare: w.bare, Item: w.item}
	at := positionOf(file, w)
	for _, owner := range file.Owners {
		active := cargo.And(cfgAt(owner, w.item), macroCfg(owner, w.macro)) != cargo.False && partActive(owner, w)
		if out.Object != nil && !active {
			continue
		}
		env := &types.Env{Types: judge.Types, Scope: owner.ScopeAt(w.item, w.ty.Span.Start)}
		o := judge.Object(env, w.ty.Bounds, at)
		switch {
		case out.Object == nil || active && !out.Active:
			out.Object, out.Active = o, active
		case o.Compatible != out.Compatible:
			disagreed := *out.Object
			disagreed.Compatible, disagreed.Why, disagreed.Errors = types.Maybe, resolve.TargetsDisagree, nil
			out.Object = &disagreed
		}
	}
	if out.Object == nil {
		out.Object = &dyncompat.Object{Compatible: types.Maybe, Why: resolve.Limit}
	}
	out.Silence = silence(file, w, out.Object)
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
func positionOf(file *workspace.File, w written) dyncompat.Position {
	if w.item < 0 {
		return dyncompat.InSignature
	}
	it := &file.Syntax().Items[w.item]
	switch it.Kind {
	case syntax.KindBlock:
		return dyncompat.InBody
	case syntax.KindFn:
		if it.Flags&syntax.FlagBody != 0 && it.Body.Contains(w.ty.Span.Start) {
			return dyncompat.InBody
		}
	case syntax.KindConst, syntax.KindStatic:
		if v := syntax.ParseValue(file.Syntax(), w.item, file.Edition); v.Type != nil && w.ty.Span.Start >= v.Type.Span.End {
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
