package rules

import "slices"

var dynMultipleTraits = &Rule{
	Name:  "dyn_multiple_traits",
	Code:  "E0225",
	Title: "a trait object type has more than one trait that is no auto trait",
	check: checkDynMultipleTraits,
}

func checkDynMultipleTraits(p *Pass) {
	for i := range p.Mentions {
		m := &p.Mentions[i]
		severity, ok := mentionSeverity(m)
		if !m.Active || !ok || !slices.Contains(m.Errors, "E0225") {
			continue
		}
		p.report(Finding{
			Severity: severity,
			Message:  "only auto traits can be used as additional traits in a trait object",
			Primary:  Label{File: m.File, Span: m.Extra[0], Text: "additional non-auto trait"},
			Labels:   []Label{{File: m.File, Span: m.PrincipalSpan, Text: "first non-auto trait", Context: true}},
			Helps:    []string{"consider creating a new trait with all of these as supertraits and using that trait here instead"},
			Notes:    []string{"auto-traits like `Send` and `Sync` are traits that have special properties; for more information on them, visit <https://doc.rust-lang.org/reference/special-types-and-traits.html#auto-traits>"},
		})
	}
}
