package rules

import (
	"fmt"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
)

var unboxedDynCall = &Rule{
	Name:  "unboxed_dyn_call",
	Code:  "AFIDT002",
	Title: "a method whose future has no known size is called through `dyn` without a box",
	check: checkUnboxedDynCall,
}

func checkUnboxedDynCall(p *Pass) {
	for i := range p.Calls {
		c := &p.Calls[i]
		if !c.Active || !c.NeedsBox() {
			continue
		}
		m := p.method(c.Trait, c.Method)
		if m == nil || !m.Certain || m.Class != dyncompat.Boxed || has(m.Reasons, dyncompat.ByValueSelf) { // no box helps those
			continue
		}
		f := Finding{
			Severity: Error,
			Message:  fmt.Sprintf("`%s` returns %s of unknown size through `dyn %s`: box it", c.Method, returned(m), displayName(c.Trait)),
			Primary:  Label{File: c.File, Span: c.Name, Text: "the caller does not know how much room the result needs"},
		}
		if !c.Trait.File().Std {
			f.Labels = []Label{{File: c.Trait.File(), Span: m.NameSpan, Text: returned(m) + " is returned here", Context: true}}
			f.Why = "the method is declared here"
		}
		switch p.RuleSet {
		case dyncompat.Stable:
			f.Severity = Hint
			f.Notes = []string{"today the trait cannot be used as `dyn` at all; once it can, this call will have to be boxed"}
		case dyncompat.MethodScope:
			f.Helps = []string{"this rule set has no notation for a box: call the method of a companion trait that boxes"}
		case dyncompat.Box:
			f.Helps = []string{"box the result: `.box` after the call"}
		default:
			f.Helps = []string{"box the result: `std::preview::dyn_box!(..)` around the call"}
		}
		p.report(f)
	}
}

// returned says what a boxed method returns, with an article.
func returned(m *dyncompat.Method) string {
	if has(m.Reasons, dyncompat.AsyncFn) {
		return "a future"
	}
	return "an `impl Trait` value"
}

func has(kinds []dyncompat.Kind, kind dyncompat.Kind) bool {
	for _, k := range kinds {
		if k == kind {
			return true
		}
	}
	return false
}
