package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
)

var dynMissingArgument = &Rule{
	Name:  "dyn_missing_argument",
	Code:  "E0191",
	Codes: []string{"E0393"},
	Title: "a trait object type lacks an associated type or a parameter that it must name",
	check: checkDynMissingArgument,
}

func checkDynMissingArgument(p *Pass) {
	for i := range p.Mentions {
		m := &p.Mentions[i]
		severity, ok := mentionSeverity(m)
		if !m.Active || !ok {
			continue
		}
		switch {
		case slices.Contains(m.Errors, "E0191"):
			p.report(missingTypes(m, severity))
		case slices.Contains(m.Errors, "E0393"):
			p.report(missingParams(m, severity))
		}
	}
}

func missingTypes(m *survey.Mention, severity Severity) Finding {
	byTrait := map[string][]string{}
	var traits []string
	for _, t := range m.Missing {
		name := displayName(t.Trait)
		if byTrait[name] == nil {
			traits = append(traits, name)
		}
		byTrait[name] = append(byTrait[name], "`"+t.Name+"`")
	}
	var parts, labels []string
	for _, t := range traits {
		parts = append(parts, and(byTrait[t])+" in `"+t+"`")
		labels = append(labels, and(byTrait[t]))
	}
	what := "type"
	if m.Missing[0].Const {
		what = "constant"
	}
	s := ""
	if len(m.Missing) > 1 {
		s = "s"
	}
	return Finding{
		Code:     "E0191",
		Severity: severity,
		Message:  fmt.Sprintf("the value of the associated %s%s %s must be specified", what, s, strings.Join(parts, ", ")),
		Primary:  Label{File: m.File, Span: m.Span, Text: fmt.Sprintf("missing associated %s%s %s", what, s, strings.Join(labels, ", "))},
		Helps:    []string{fmt.Sprintf("name %s in the trait object type: `%s = ..`", them(len(m.Missing)), m.Missing[0].Name)},
	}
}

func them(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

func missingParams(m *survey.Mention, severity Severity) Finding {
	names := make([]string, len(m.MissingParams))
	for i, n := range m.MissingParams {
		names[i] = "`" + n + "`"
	}
	s := ""
	if len(names) > 1 {
		s = "s"
	}
	return Finding{
		Code:     "E0393",
		Severity: severity,
		Message:  fmt.Sprintf("the type parameter%s %s must be explicitly specified, because the default references `Self`", s, and(names)),
		Primary:  Label{File: m.File, Span: m.Span, Text: "because the parameter default references `Self`, the parameter must be specified on the trait object type"},
	}
}

func and(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
