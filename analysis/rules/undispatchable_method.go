package rules

import (
	"fmt"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

var undispatchableMethod = &Rule{
	Name:  "undispatchable_method",
	Code:  "AFIDT001",
	Title: "a method keeps its trait from being dyn compatible",
	check: checkUndispatchableMethod,
}

func checkUndispatchableMethod(p *Pass) {
	if p.RuleSet != dyncompat.Stable { // methods are judged where they are called
		return
	}
	for i := range p.Traits {
		t := &p.Traits[i]
		if c, _ := t.Compatible(); c != types.No || !t.Active {
			continue
		}
		// Where the trait as a whole forbids it, no method is to blame.
		if t.Compiled == 0 && wholeTraitToBlame(t.Verdict) {
			continue
		}
		for k := range t.Verdict.Violations {
			v := &t.Verdict.Violations[k]
			if v.Member < 0 || v.Via.Kind != resolve.None {
				continue
			}
			if file, span, ok := v.Place(); ok {
				p.report(p.methodFinding(t, v, Label{File: file, Span: span, Text: v.Message()}))
			}
		}
	}
}

func wholeTraitToBlame(v *dyncompat.Verdict) bool {
	for i := range v.Violations {
		if v.Violations[i].Member < 0 {
			return true
		}
	}
	return false
}

func (p *Pass) methodFinding(t *survey.Trait, v *dyncompat.Violation, at Label) Finding {
	name := displayName(t.Def)
	f := Finding{
		Severity: Hint,
		Message:  fmt.Sprintf("`%s` keeps `%s` from being dyn compatible: %s", v.Item, name, v.Message()),
		Primary:  at,
	}
	if t.Compiled > 0 {
		f.Severity = Warning
		f.Notes = append(f.Notes, fmt.Sprintf("`dyn %s` is written %s in this workspace", name, times(t.Compiled)))
	}
	for i := range t.Verdict.Methods {
		if m := &t.Verdict.Methods[i]; m.Item == v.Member {
			f.Notes = append(f.Notes, announced(m))
		}
	}
	if help := p.advice(v); help != "" {
		f.Helps = append(f.Helps, help)
	}
	return f
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

// announced says how the method would fare under the announced rules.
func announced(m *dyncompat.Method) string {
	switch m.Class {
	case dyncompat.Boxed:
		return "under the announced rules it could be called through `dyn` with its result boxed"
	case dyncompat.Excluded:
		return "under the announced rules the trait could be used as `dyn`, and this method could not be called on it"
	}
	return "under the announced rules it could be called through `dyn` as it is"
}
