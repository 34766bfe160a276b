package rules

import (
	"fmt"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

var dynIncompatibleTrait = &Rule{
	Name:  "dyn_incompatible_trait",
	Code:  "E0038",
	Title: "a trait is used as `dyn` that is not dyn compatible",
	check: checkDynIncompatibleTrait,
}

// vtableNote is rustc's note above the labels that explain E0038.
const vtableNote = "for a trait to be dyn compatible it needs to allow building a vtable\n" +
	"for more information, visit <https://doc.rust-lang.org/reference/items/traits.html#dyn-compatibility>"

func checkDynIncompatibleTrait(p *Pass) {
	if p.RuleSet != dyncompat.Stable { // any trait may be dyn
		return
	}
	for i := range p.Mentions {
		m := &p.Mentions[i]
		if !m.Active || !slices.Contains(m.Errors, "E0038") {
			continue
		}
		severity, ok := mentionSeverity(m)
		if !ok {
			continue
		}
		v := m.Verdict
		name := displayName(v.Trait)
		f := Finding{
			Severity: severity,
			Message:  fmt.Sprintf("the trait `%s` is not dyn compatible: %s", name, reasons(v)),
			Primary:  Label{File: m.File, Span: m.Span, Text: fmt.Sprintf("`%s` is not dyn compatible", name)},
			Why:      vtableNote,
		}
		p.explain(&f, v)
		if note := silenceNotes[m.Silence]; note != "" {
			f.Notes = append(f.Notes, note)
		}
		p.report(f)
	}
}

// silenceNotes say why rustc does not report the type at this place.
var silenceNotes = map[survey.Silence]string{
	survey.InAlias:      "rustc checks a type alias only where it is used",
	survey.Escaping:     "rustc does not check the arguments of this bound, because their lifetime is bound there",
	survey.InProjection: "rustc checks the type that this path means, not the arguments that lead to it",
	survey.InOpaque:     "rustc does not check the arguments of this bound, it only proves that the body's result fulfils it",
	survey.InAssocWhere: "rustc checks the bounds of an associated type's parameters only where it is used",
	survey.InDefault:    "rustc checks a default that depends on a parameter only where it is used",
	survey.InMacroArgs:  "rustc checks what the macro makes of its arguments",
}

// mentionSeverity is an error where rustc reports the type and a warning where it is silent; what stands in the body of a
// macro_rules! is not reported at all, because it may never be expanded.
func mentionSeverity(m *survey.Mention) (Severity, bool) {
	switch m.Silence {
	case survey.Loud:
		return Error, true
	case survey.InMacroRules:
		return "", false
	}
	return Warning, true
}

// explain adds a label for each violation, the supertraits they come through, and what may help.
func (p *Pass) explain(f *Finding, v *dyncompat.Verdict) {
	if dyncompat.Local(v.Trait) {
		name := v.Trait.File().Syntax().Items[v.Trait.Item].NameSpan
		if file, span, ok := v.Trait.File().Written(name); ok {
			f.Labels = append(f.Labels, Label{File: file, Span: span, Text: "this trait is not dyn compatible...", Context: true})
		}
	}
	for i := range v.Violations {
		violation := &v.Violations[i]
		text := "...because " + violation.Message()
		file, span, placed := violation.Place()
		if !placed {
			f.Notes = appendNew(f.Notes, "the trait is not dyn compatible because "+violation.Message()+supertraitNote(violation))
			continue
		}
		f.Labels = append(f.Labels, Label{File: file, Span: span, Text: text})
		if note := chainNote(v, violation); note != "" {
			f.Notes = appendNew(f.Notes, note)
		}
		if help := p.advice(violation); help != "" {
			f.Helps = append(f.Helps, help)
		}
	}
	slices.Sort(f.Helps)
	f.Helps = slices.Compact(f.Helps)
}

func supertraitNote(v *dyncompat.Violation) string {
	if v.Via.Kind == resolve.None {
		return ""
	}
	return fmt.Sprintf(" (`%s`, a supertrait)", displayName(v.Trait))
}

// chainNote says how a violation of a supertrait reaches the trait.
func chainNote(v *dyncompat.Verdict, violation *dyncompat.Violation) string {
	switch {
	case violation.Via.Kind == resolve.None:
		return ""
	case violation.Via == violation.Trait:
		return fmt.Sprintf("`%s` is a supertrait of `%s`", displayName(violation.Trait), displayName(v.Trait))
	}
	return fmt.Sprintf("`%s` is a supertrait of `%s` through `%s`", displayName(violation.Trait), displayName(v.Trait), displayName(violation.Via))
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// displayName is a trait's name as rustc trims it.
func displayName(d resolve.Def) string {
	name := d.ItemName()
	if d.Name == "" && d.File().Syntax().Items[d.Item].Flags&syntax.FlagRawName != 0 {
		return "r#" + name
	}
	return name
}
