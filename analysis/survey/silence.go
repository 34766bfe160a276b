package survey

import (
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// silence finds the places where rustc does not report a wrong trait object type, or may not. env is where the type was judged,
// became what macros make of it.
func silence(of *fileItems, env *types.Env, w written, became outcome, o *dyncompat.Object) Silence {
	file := of.file.Syntax()
	for m := w.macro; m >= 0; m = file.Macros[m].Outer {
		if file.Macros[m].Definition {
			return InMacroRules
		}
	}
	if became.fate > hushed {
		return InMacroArgs
	}
	if o.Lowered || len(o.Errors) == 0 {
		return Loud
	}
	if became.fate == hushed {
		return became.silence
	}
	if became.at != dyncompat.InSignature || env == nil {
		return Loud
	}
	return of.signatureSilence(env, w.item, w.ty.Span.Start)
}

// expressionMacros pass their arguments on as expressions, so that a type in them is compiled as it stands.
var expressionMacros = map[string]bool{
	"assert": true, "assert_eq": true, "assert_ne": true, "debug_assert": true, "debug_assert_eq": true, "debug_assert_ne": true,
	"print": true, "println": true, "eprint": true, "eprintln": true, "format": true, "write": true, "writeln": true, "panic": true,
	"vec": true, "dbg": true, "matches": true, "todo": true, "unreachable": true, "unimplemented": true, "thread_local": true,
	"join": true, "try_join": true, "select": true, "pin": true, "lazy_static": true, "addr_of": true, "assert_matches": true,
}

// macroCrates are where the expression macros come from.
var macroCrates = map[string]bool{
	"std": true, "core": true, "alloc": true, "tokio": true, "futures": true, "futures_util": true, "futures_lite": true,
	"lazy_static": true, "assert_matches": true, "matches": true,
}

// passesOn reports whether a macro is one of those, as far as its path says and nothing of its name hides it: no import of
// the file. The workspace's own macros are expanded.
func (f *fileItems) passesOn(path string) bool {
	path = strings.TrimPrefix(strings.Join(strings.Fields(path), ""), "::")
	cut := strings.LastIndex(path, "::")
	if cut < 0 {
		return expressionMacros[path] && !f.importsMacro(path)
	}
	crate, _, _ := strings.Cut(path, "::")
	return expressionMacros[path[cut+len("::"):]] && macroCrates[crate]
}

// importsMacro reports whether a use declaration of the file binds the name to something of another crate than those.
func (f *fileItems) importsMacro(name string) bool {
	if f.imports == nil {
		f.imports = map[string]bool{}
		syn := f.file.Syntax()
		for i := range syn.Items {
			if syn.Items[i].Kind != syntax.KindUse {
				continue
			}
			for _, use := range syntax.ParseUse(syn, int32(i), f.file.Edition) {
				if len(use.Segments) > 0 && expressionMacros[use.Name] && !macroCrates[use.Segments[0].Name] {
					f.imports[use.Name] = true
				}
			}
		}
	}
	return f.imports[name]
}
