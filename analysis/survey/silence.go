package survey

import (
	"bytes"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// silence finds the places where rustc does not report a wrong trait object type, or may not.
func silence(file *workspace.File, w written, f fate, o *dyncompat.Object) Silence {
	for m := w.macro; m >= 0; m = file.Syntax().Macros[m].Outer {
		if file.Syntax().Macros[m].Definition {
			return InMacroRules
		}
	}
	if f != stands {
		return InMacroArgs
	}
	if w.item >= 0 && !lowered(o) {
		it := &file.Syntax().Items[w.item]
		if it.Kind == syntax.KindType && !inTraitOrImpl(file, it.Parent) {
			return InAlias
		}
	}
	if inFnBound(file.Syntax().Text, int(w.ty.Span.Start)) {
		return InFnBound
	}
	return Loud
}

func inTraitOrImpl(file *workspace.File, parent int32) bool {
	if parent < 0 {
		return false
	}
	k := file.Syntax().Items[parent].Kind
	return k == syntax.KindTrait || k == syntax.KindImpl
}

// lowered reports whether rustc finds the fault while it lowers the type, wherever that stands.
func lowered(o *dyncompat.Object) bool {
	for _, code := range o.Errors {
		if code != "E0038" {
			return true
		}
	}
	if o.Verdict == nil {
		return false
	}
	for i := range o.Verdict.Violations {
		if o.Verdict.Violations[i].Kind == dyncompat.SelfInBounds {
			return true
		}
	}
	return false
}

// expressionMacros pass their arguments on as expressions, so that a type in them is compiled as it stands.
var expressionMacros = map[string]bool{
	"assert": true, "assert_eq": true, "assert_ne": true, "debug_assert": true, "debug_assert_eq": true, "debug_assert_ne": true,
	"print": true, "println": true, "eprint": true, "eprintln": true, "format": true, "write": true, "writeln": true, "panic": true,
	"vec": true, "dbg": true, "matches": true, "todo": true, "unreachable": true, "unimplemented": true, "thread_local": true,
	"join": true, "try_join": true, "select": true, "pin": true, "lazy_static": true, "addr_of": true, "assert_matches": true,
}

// inFnBound reports whether the type at offset is an argument of an `Fn(&dyn T)` bound that is not itself the principal of
// a trait object: behind a reference its lifetime is bound there, and rustc does not look at it.
func inFnBound(text []byte, offset int) bool {
	depth, reference := 0, false
	for i := offset - 1; i >= 0 && i > offset-600; i-- {
		switch text[i] {
		case '&':
			reference = reference || depth == 0 && !bytes.HasPrefix(bytes.TrimLeft(text[i+1:], " "), []byte("'static"))
		case ')', ']', '}':
			depth++
		case ';', '{', '[':
			if depth == 0 {
				return false
			}
			if text[i] != ';' {
				depth--
			}
		case '(':
			if depth > 0 {
				depth--
				continue
			}
			name, before := wordBefore(text, i)
			if !fnTraits[name] {
				if name != "" {
					return false
				}
				continue
			}
			prev, _ := wordBefore(text, before)
			return reference && prev != "dyn"
		}
	}
	return false
}

var fnTraits = map[string]bool{"Fn": true, "FnMut": true, "FnOnce": true, "AsyncFn": true, "AsyncFnMut": true, "AsyncFnOnce": true}

// wordBefore is the identifier that ends before i, blanks skipped, and where it starts.
func wordBefore(text []byte, i int) (string, int) {
	for i > 0 && (text[i-1] == ' ' || text[i-1] == '\n' || text[i-1] == '\t' || text[i-1] == '\r') {
		i--
	}
	end := i
	for i > 0 && (text[i-1] == '_' || text[i-1] >= '0' && text[i-1] <= '9' || text[i-1] >= 'A' && text[i-1] <= 'Z' || text[i-1] >= 'a' && text[i-1] <= 'z') {
		i--
	}
	return string(text[i:end]), i
}
