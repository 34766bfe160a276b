package dyncompat

import (
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// effect is what an attribute does to the trait or method that it stands on, as far as the verdict goes.
type effect uint8

const (
	rewrites effect = iota // not known: the verdict is unknown
	keeps                  // the signatures stay as they are
	boxes                  // async fns become fns that return Pin<Box<dyn Future>>
	desugars               // async fns become fns that return impl Future
	adds                   // methods that dispatch; the signatures that are written stay
	optsOut                // #[rustc_dyn_incompatible_trait]
)

// effects are the attributes by the last segment of their path. Built-in attributes and tools (`clippy::`, `rustfmt::`,
// `diagnostic::`) keep everything; of the macros it is written down what they do.
var effects = map[string]effect{
	// rustc's own
	"allow": keeps, "warn": keeps, "deny": keeps, "forbid": keeps, "expect": keeps, "doc": keeps, "cfg": keeps, "must_use": keeps,
	"deprecated": keeps, "inline": keeps, "track_caller": keeps, "cold": keeps, "no_mangle": keeps, "non_exhaustive": keeps,
	"automatically_derived": keeps, "target_feature": keeps, "link_name": keeps, "export_name": keeps, "ignore": keeps, "test": keeps,
	"stable": keeps, "unstable": keeps, "lang": keeps, "fundamental": keeps, "marker": keeps, "const_trait": keeps, "coverage": keeps,
	"optimize": keeps, "diagnostic": keeps, "type_const": keeps, "doc_alias": keeps, "macro_use": keeps, "path": keeps, "derive": keeps,
	optOut: optsOut, "rustc_do_not_implement_via_object": keeps,

	// macros that box async methods
	"async_trait": boxes,

	// macros that add code beside a trait and leave it as it is
	"automock": keeps, "dynosaur": keeps, "enum_dispatch": keeps, "auto_impl": keeps, "delegatable_trait": keeps, "instrument": keeps,
	"blanket": keeps, "unimock": keeps, "autoimpl": keeps, "dyn_trait": keeps, "portrait": keeps, "ambassador": keeps, "typetag": keeps,
	"cached": keeps, "double": keeps, "mry": keeps, "concretize": keeps, "faux": keeps, "sealed": keeps, "no_panic": keeps,
	"must_call": keeps, "debugger_visualizer": keeps, "implicit_fn": keeps, "cfg_eval": keeps, "trace": keeps, "timed": keeps,
	"method": keeps, "trait_tests": keeps, "downcast": keeps, "inherent": keeps, "apply": rewrites, "context": keeps, "export": keeps,

	// diesel's own, which changes visibilities, and bevy's, which adds a struct
	"__diesel_public_if": keeps, "reflect_trait": keeps,

	// salsa's and rust-analyzer's query groups
	"db": adds, "query_group": adds,

	// trait_variant::make(Send) writes `-> impl Future + Send` for async fns
	"make": desugars,
}

// keptTools are the first segments of attributes that never change an item.
var keptTools = map[string]bool{"clippy": true, "rustfmt": true, "diagnostic": true, "rustdoc": true, "miri": true, "rust_analyzer": true, "tracing": true, "serde": true, "error": true, "salsa": true}

func effectOf(path string) effect {
	first, _, many := strings.Cut(path, "::")
	last := path[strings.LastIndex(path, ":")+1:]
	if many && keptTools[first] && effects[last] != adds {
		return keeps
	}
	if many && first == "typetag" {
		return keeps
	}
	if strings.HasPrefix(last, "rustc_") && effects[last] == rewrites {
		return keeps
	}
	return effects[last]
}

// attrs sums up the attributes of an item.
type attrs struct {
	effect effect // what is done to what is written
	macro  string // the attribute whose effect is not known
	adds   bool   // there may be methods that are not written
}

func attrsOf(scope *workspace.Scope, item int32) attrs {
	out := attrs{effect: keeps}
	scope.EachAttr(item, func(a workspace.Attr) {
		for _, when := range a.When {
			if scope.Crate.Holds(when) == cargo.False {
				return
			}
		}
		switch e := effectOf(a.Path); e {
		case keeps:
		case adds:
			out.adds = true
		case rewrites:
			out.macro, out.adds = a.Path, true
		default:
			out.effect = e
		}
	})
	return out
}

// optOut is the attribute of std's traits that opt out of being dyn compatible.
const optOut = "rustc_dyn_incompatible_trait"

// optOutSpan is the place of that attribute on an item, which rustc labels; the item's name if cfg_attr hides it.
func optOutSpan(f *syntax.File, item int32) source.Span {
	it := &f.Items[item]
	for k := it.Attrs.Start; k < it.Attrs.End; k++ {
		if string(f.Attrs[k].Path.Of(f.Text)) == optOut {
			return f.Attrs[k].Span
		}
	}
	return it.NameSpan
}

// why is the doubt that unknown attribute macros cast on an item.
func (a attrs) why() resolve.Why {
	if a.macro != "" {
		return resolve.AttributeMacro
	}
	return resolve.Known
}

// BoxesAsync reports whether an attribute macro on a trait makes its async fns return boxed futures, as async_trait does.
func (j *Judge) BoxesAsync(def resolve.Def) bool { return attrsOf(def.Scope, def.Item).effect == boxes }

// MayAdd reports whether an attribute macro on a trait adds items to it, or may do so.
func (j *Judge) MayAdd(def resolve.Def) bool { return attrsOf(def.Scope, def.Item).adds }
