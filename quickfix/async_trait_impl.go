package quickfix

import (
	"fmt"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// asyncTraitImpl puts #[async_trait] on an impl of a trait that has it. Without it rustc compares an async fn with what the macro
// made of the trait's, which has lifetimes of its own (E0195).
//
// No rule of ours finds such impls: rustc does, and the fix is for what it says.
var asyncTraitImpl = &Fix{
	ID:    "async-trait-impl",
	Title: "put `#[async_trait]` on an impl whose trait has it",
	offer: offerAsyncTraitImpl,
}

// Unmarked is an impl without the attribute #[async_trait] of a trait that has it.
type Unmarked struct {
	File  *workspace.File
	Item  int32
	Names []source.Span // of its async fns, at which rustc reports it
	scope *workspace.Scope
	args  string // of the trait's attribute
}

func offerAsyncTraitImpl(w *Workspace, t *Target) []Action {
	u := t.Unmarked
	if u == nil {
		return nil
	}
	a := Action{Title: "put `#[async_trait" + u.args + "]` on the impl", Applicability: MachineApplicable, Preferred: true}
	if dependency(u.scope.Crate, "async-trait") == nil {
		a.BlockedBy = fmt.Sprintf("`%s` does not depend on async-trait", u.scope.Crate.Name)
		return []Action{a}
	}
	a.Edits = w.markAsync(u.scope, u.File, u.Item, u.args)
	return []Action{a}
}

// UnmarkedImpls are the impls of a file that lack the attribute.
func UnmarkedImpls(judge *dyncompat.Judge, f *workspace.File) []Unmarked {
	var out []Unmarked
	file := f.Syntax()
	for i := range file.Items {
		it := &file.Items[i]
		if it.Kind != syntax.KindImpl || it.Macro >= 0 {
			continue
		}
		u := Unmarked{File: f, Item: int32(i), Names: asyncNames(file, int32(i))}
		if len(u.Names) == 0 || mayRewrite(file, it) {
			continue
		}
		header := syntax.ParseImpl(file, int32(i), f.Edition)
		if header.Trait == nil || header.Negative {
			continue
		}
		scope, def, known := implemented(judge, f, int32(i), header.Trait)
		if !known || def.Kind != resolve.Trait {
			continue
		}
		if args, marked := asyncTraitArgs(def.File().Syntax(), def.Item); marked {
			u.scope, u.args = scope, args
			out = append(out, u)
		}
	}
	return out
}

// asyncNames are the names of the async fns of an impl.
func asyncNames(f *syntax.File, impl int32) []source.Span {
	var out []source.Span
	for i := impl + 1; i < int32(len(f.Items)) && f.Items[i].Span.Start < f.Items[impl].Span.End; i++ {
		if it := &f.Items[i]; it.Parent == impl && it.Kind == syntax.KindFn && it.Flags&syntax.FlagAsync != 0 {
			out = append(out, it.NameSpan)
		}
	}
	return out
}

// mayRewrite reports whether an attribute of an item may be a macro: any but those that are the language's.
func mayRewrite(f *syntax.File, it *syntax.Item) bool {
	for k := it.Attrs.Start; k < it.Attrs.End; k++ {
		switch string(f.Attrs[k].Path.Of(f.Text)) {
		case "allow", "warn", "deny", "forbid", "expect", "cfg", "doc", "deprecated", "automatically_derived":
		default:
			return true
		}
	}
	return false
}

// asyncTraitArgs are the arguments of #[async_trait] on a trait; marked is false if it has no such attribute.
func asyncTraitArgs(f *syntax.File, trait int32) (args string, marked bool) {
	it := &f.Items[trait]
	for k := it.Attrs.Start; k < it.Attrs.End; k++ {
		path := string(f.Attrs[k].Path.Of(f.Text))
		if name := path[strings.LastIndexByte(path, ':')+1:]; name == "async_trait" {
			return string(f.Attrs[k].Args.Of(f.Text)), true
		}
	}
	return "", false
}
