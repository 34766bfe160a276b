package rules

import "fmt"

var companionOfBox = &Rule{
	Name:  "companion_of_box",
	Code:  "AFIDT007",
	Title: "an impl for a pointer to a trait object calls itself without end",
	check: checkCompanionOfBox,
}

func checkCompanionOfBox(p *Pass) {
	for i := range p.Loops {
		l := &p.Loops[i]
		if !l.Active {
			continue
		}
		f := Finding{
			Severity: Error,
			Message:  fmt.Sprintf("`%s` is called on the pointer itself, which comes back to this impl: it never ends", l.Method),
			Primary:  Label{File: l.File, Span: l.Name, Text: fmt.Sprintf("`%s` of the pointer, not of the trait object behind it", l.Method)},
			Helps:    []string{fmt.Sprintf("call it on the trait object: `(**self).%s(..)`", l.Method)},
		}
		if l.Trait != l.Impl {
			f.Notes = []string{fmt.Sprintf("the pointer implements `%s` because it implements `%s`, which is this impl", displayName(l.Trait), displayName(l.Impl))}
		}
		p.report(f)
	}
}
