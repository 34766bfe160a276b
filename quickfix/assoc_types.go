package quickfix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// assocTypes names the associated types that a trait object type lacks (E0191):
//
//	Box<dyn Iterator>      ->      Box<dyn Iterator<Item = /* Type */>>
//
// Where all impls of the workspace agree on a type that means the same everywhere, that type is written.
var assocTypes = &Fix{
	ID:    "assoc-types",
	Title: "name the missing associated types",
	offer: offerAssocTypes,
}

func offerAssocTypes(w *Workspace, t *Target) []Action {
	m := t.Mention
	if m == nil || !slices.Contains(m.Errors, "E0191") || len(m.Missing) == 0 {
		return nil
	}
	bound := principalBound(m)
	if bound == nil || len(bound.Path.Segments) == 0 {
		return nil
	}
	applicability := MaybeIncorrect
	var names, bindings []string
	for _, missing := range m.Missing {
		if missing.Generic {
			return nil
		}
		ty := w.typeOfImpls(m, missing.Name)
		if ty == "" {
			ty, applicability = "/* Type */", HasPlaceholders
		}
		names = append(names, "`"+missing.Name+"`")
		bindings = append(bindings, missing.Name+" = "+ty)
	}
	list := strings.Join(bindings, ", ")
	last := bound.Path.Segments[len(bound.Path.Segments)-1]
	edit := insert(m.File, last.Span.End, "<"+list+">")
	if last.Args != nil {
		if last.Args.Paren {
			return nil
		}
		at, comma := argsEnd(m.File.Text, last.Args.Span)
		if comma || len(last.Args.List) == 0 {
			edit = insert(m.File, at, list)
		} else {
			edit = insert(m.File, at, ", "+list)
		}
	}
	title := fmt.Sprintf("name the associated type %s", names[0])
	if len(names) > 1 {
		title = fmt.Sprintf("name the associated types %s", strings.Join(names, ", "))
	}
	return []Action{{Title: title, Rule: rules.Find("dyn_missing_argument"), Applicability: applicability, Edits: []Edit{edit}}}
}

// principalBound is the bound of a mention that names its principal trait, nil if that comes through an alias.
func principalBound(m *survey.Mention) *syntax.Bound {
	ty := syntax.ParseType(m.File.Text, m.Span, m.File.Edition)
	bounds := ty.Bounds
	if ty.Kind == syntax.TypePath { // without dyn
		bounds = []syntax.Bound{{Span: ty.Span, Path: ty.Path}}
	}
	for i := range bounds {
		if b := &bounds[i]; b.Kind == syntax.BoundTrait && b.Path != nil && b.Path.Span.Encloses(m.PrincipalSpan) || b.Span == m.PrincipalSpan && b.Path != nil {
			return b
		}
	}
	return nil
}

// argsEnd is the offset behind the last argument of `<A, B>`, and whether a comma stands before it.
func argsEnd(text []byte, span source.Span) (at uint32, comma bool) {
	at = span.End - 1
	for at > span.Start && strings.IndexByte(" \t\r\n", text[at-1]) >= 0 {
		at--
	}
	return at, text[at-1] == ','
}

// typeOfImpls is the type that all impls of the mentioned trait in the workspace give to an associated type, if it is one of
// the types that mean the same in every scope; else empty.
func (w *Workspace) typeOfImpls(m *survey.Mention, name string) string {
	trait := w.trait(m.Principal)
	if trait == nil {
		return ""
	}
	impls, complete := w.implsOf(trait.Def)
	if !complete {
		return ""
	}
	out := ""
	for _, impl := range impls {
		member := impl.member(syntax.KindType, name)
		if member < 0 {
			return ""
		}
		alias := syntax.ParseAlias(impl.File.Syntax(), member, impl.File.Edition)
		if alias.Type == nil || len(alias.Generics.Params) > 0 {
			return ""
		}
		ty := string(alias.Type.Span.Of(impl.File.Text))
		if !universalTypes[ty] || out != "" && ty != out {
			return ""
		}
		out = ty
	}
	return out
}

// universalTypes are in every prelude or part of the language.
var universalTypes = map[string]bool{
	"()": true, "bool": true, "char": true, "String": true, "&'static str": true, "u8": true, "u16": true, "u32": true, "u64": true,
	"u128": true, "usize": true, "i8": true, "i16": true, "i32": true, "i64": true, "i128": true, "isize": true, "f32": true, "f64": true,
}
