package quickfix

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// polyfill writes calls as the announced macro will have them, on the compilers of today: a macro_rules! `dyn_box!` that boxes
// what is not boxed yet, a companion for the trait, and the macro around every call through dyn:
//
//	client.fetch(url).await      ->      dyn_box!(client.fetch(url)).await
//
// Once std::preview::dyn_box! exists, the macro and the companion can be deleted and the calls stay.
var polyfill = &Fix{
	ID:       "polyfill",
	Title:    "write `dyn_box!` calls today: a polyfill of the macro, and a companion",
	perTrait: offerPolyfill,
	absent: func(w *Workspace, t *survey.Trait) string {
		if len(w.polyfillCalls(t)) > 0 {
			return ""
		}
		return "no call of `" + t.Def.ItemName() + "` through `dyn` wants a box"
	},
}

//go:embed polyfill.rs
var polyfillCode string

// polyfillCalls are the calls through dyn that want a box, or have one that no compiler of today reads.
func (w *Workspace) polyfillCalls(t *survey.Trait) []traitCall {
	var calls []traitCall
	for _, c := range w.callsOf(t.Def) {
		if c.Via == infer.Dyn && (c.announced != nil || w.wantsBox(c.Call)) {
			calls = append(calls, c)
		}
	}
	return calls
}

func offerPolyfill(w *Workspace, t *survey.Trait) []Action {
	calls := w.polyfillCalls(t)
	if len(calls) == 0 {
		return nil
	}
	a := Action{Title: "write the calls of `" + t.Def.ItemName() + "` with a polyfill of `dyn_box!`", Applicability: MachineApplicable}
	companions := w.memo.get(w, companionFix, t)
	if len(companions) == 0 {
		return nil
	}
	companion := &companions[0]
	if companion.BlockedBy != "" {
		a.BlockedBy = companion.BlockedBy
		return []Action{a}
	}
	a.Applicability = companion.Applicability
	a.Edits = slices.Clone(companion.Edits)
	var modules []*workspace.Scope
	for _, c := range calls {
		if len(c.File.Owners) > 1 {
			a.BlockedBy = "several targets share a file with such a call"
			return []Action{a}
		}
		owner := c.File.Owners[0]
		a.Edits = append(a.Edits, w.polyfilled(c.Call, c.announced)...)
		if m := owner.ScopeAt(itemAt(c.File, c.Expr.Start), c.Expr.Start).Module; !slices.Contains(modules, m) {
			modules = append(modules, m)
		}
	}
	for _, m := range modules {
		edits, why := definePolyfill(m.Crate)
		if why != "" {
			a.BlockedBy = why
			return []Action{a}
		}
		a.Edits = append(a.Edits, edits...)
		if _, imported := m.Index().Names["dyn_box"]; m != m.Crate.Root && !imported {
			a.Edits = append(a.Edits, w.addUse(m, "crate::dyn_box"))
		}
	}
	a.Edits = w.relaid(a.Edits)
	return []Action{a}
}

// polyfilled are the edits that put a call into the polyfill's macro; box is how it is boxed already, nil if it is not.
func (w *Workspace) polyfilled(c *infer.Call, box *infer.Box) []Edit {
	switch {
	case box == nil:
		return w.macroAround(c, "dyn_box!")
	case box.Form == infer.MacroForm:
		return []Edit{replace(c.File, box.Mark, "dyn_box")}
	}
	return append(w.macroAround(c, "dyn_box!"), replace(c.File, suffixSpan(box), ""))
}

// definePolyfill puts the macro at the end of a crate's root, unless it is there, and makes it an item of the root.
func definePolyfill(crate *workspace.Crate) ([]Edit, string) {
	f := crate.Root.File
	if crate.HasInner("no_std") {
		return nil, "the crate is `no_std`"
	}
	if _, ok := crate.Root.Index().Others["dyn_box"]; ok {
		if f.Mentions("mod dyn_box_support") {
			return nil, ""
		}
		return nil, "the crate has a `dyn_box` of its own"
	}
	last := int32(-1)
	crate.Root.EachItem(func(i int32) { last = i })
	if last < 0 {
		return nil, "the crate's root has no items"
	}
	e := insertAfter(f, last, strings.TrimSpace(polyfillCode))
	e.once = true
	return []Edit{e}, ""
}

// itemAt is the innermost item that holds the byte at offset, -1 if none does.
func itemAt(f *workspace.File, offset uint32) int32 {
	items := f.Syntax().Items
	next, _ := slices.BinarySearchFunc(items, offset+1, func(it syntax.Item, at uint32) int { return cmp.Compare(it.Span.Start, at) })
	i := int32(next) - 1
	for i >= 0 && !items[i].Span.Contains(offset) {
		i = items[i].Parent
	}
	return i
}
