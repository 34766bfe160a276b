package quickfix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// receiver gives associated functions of a trait a `&self`, in the trait and in all its impls, and makes `&self` of a receiver
// that a vtable cannot dispatch on:
//
//	fn name() -> String;               ->      fn name(&self) -> String;
//	fn run(self: &Arc<Self>);          ->      fn run(&self);
//
// Callers and bodies that need the old receiver are left to the user.
var receiver = &Fix{
	ID:    "receiver",
	Title: "take `&self`",
	offer: offerReceiver,
}

func offerReceiver(w *Workspace, t *Target) []Action {
	trait := w.traitOf(t)
	if trait == nil || t.Call != nil {
		return nil
	}
	var names []string
	var edits []Edit
	blocked := ""
	for _, v := range violationsAt(t, trait) {
		if v.Kind != dyncompat.StaticFn && v.Kind != dyncompat.Receiver || slices.Contains(names, "`"+v.Item+"`") {
			continue
		}
		names = append(names, "`"+v.Item+"`")
		owner := w.trait(v.Trait)
		if owner == nil {
			blocked = fmt.Sprintf("`%s` of `%s` belongs to the crate `%s`", v.Item, v.Trait.ItemName(), v.Trait.Scope.Crate.Name)
			continue
		}
		changed, why := w.takeSelf(owner, v.Member)
		if why != "" {
			blocked = why
		}
		edits = append(edits, changed...)
	}
	if len(names) == 0 {
		return nil
	}
	a := Action{Title: "take `&self` in " + strings.Join(names, ", "), Applicability: MaybeIncorrect, BlockedBy: blocked, Edits: edits, subject: traitSubject(trait)}
	if len(edits) > len(names) {
		a.Title += " and in the impls"
	}
	return []Action{a}
}

// violationsAt are the violations of a target: those of its method, or all of its trait.
func violationsAt(t *Target, trait *survey.Trait) []*dyncompat.Violation {
	var out []*dyncompat.Violation
	for i := range trait.Verdict.Violations {
		v := &trait.Verdict.Violations[i]
		if t.Trait == nil || t.Method < 0 || t.Trait.Verdict.Methods[t.Method].Item == v.Member && v.Trait == trait.Def {
			out = append(out, v)
		}
	}
	return out
}

// takeSelf are the edits that give a method `&self`, in the trait and in every impl.
func (w *Workspace) takeSelf(t *survey.Trait, method int32) ([]Edit, string) {
	file := t.Def.File()
	name := file.Syntax().Items[method].Name
	fn := syntax.ParseFn(file.Syntax(), method, file.Edition)
	if fn.Ret != nil && mentionsSelf(string(fn.Ret.Span.Of(file.Text))) {
		return nil, fmt.Sprintf("`%s` also returns `Self`, which no trait object can", name)
	}
	impls, complete := w.implsOf(t.Def)
	if !complete {
		return nil, fmt.Sprintf("not all impls of `%s` are known", t.Def.ItemName())
	}
	out := []Edit{w.selfEdit(file, fn)}
	for _, impl := range impls {
		if i := impl.member(syntax.KindFn, name); i >= 0 {
			out = append(out, w.selfEdit(impl.File, syntax.ParseFn(impl.File.Syntax(), i, impl.File.Edition)))
		}
	}
	return out, ""
}

// mentionsSelf reports whether a written type names Self itself, and not only an associated type of it.
func mentionsSelf(text string) bool {
	for {
		i := strings.Index(text, "Self")
		if i < 0 {
			return false
		}
		text = text[i+len("Self"):]
		if !strings.HasPrefix(text, "::") && (text == "" || !identByte(text[0])) {
			return true
		}
	}
}

func identByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// selfEdit makes the receiver of a function `&self`.
func (w *Workspace) selfEdit(f *workspace.File, fn *syntax.Fn) Edit {
	if fn.SelfParam != nil {
		return replace(f, fn.SelfParam.Span, "&self")
	}
	at := paramsStart(f.Text, fn)
	rest := f.Text[at:]
	blank := 0
	for blank < len(rest) && (rest[blank] == ' ' || rest[blank] == '\t' || rest[blank] == '\r') {
		blank++
	}
	switch {
	case blank < len(rest) && rest[blank] == '\n': // one parameter a line
		indent := indentAt(f.Text, at)
		return insert(f, at, "\n"+indent+w.unitAt(f, indent)+"&self,")
	case len(fn.Params) == 0:
		return insert(f, at, "&self")
	}
	return insert(f, at, "&self, ")
}

// paramsStart is the offset behind the parenthesis that opens a function's parameters.
func paramsStart(text []byte, fn *syntax.Fn) uint32 {
	span := fn.NameSpan
	span.Start, span.End = span.End, uint32(len(text))
	depth := 0
	for i := span.Start; i < span.End; i++ {
		switch text[i] {
		case '<':
			depth++
		case '>':
			if text[i-1] != '-' {
				depth--
			}
		case '(':
			if depth == 0 {
				return i + 1
			}
		}
	}
	return span.Start
}
