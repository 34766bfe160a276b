package rules

import "github.com/afidt-lsp/afidt-lsp/analysis/infer"

var doubleBoxing = &Rule{
	Name:        "double_boxing",
	Code:        "AFIDT006",
	Title:       "what is boxed is in a box already",
	Unnecessary: true,
	check:       checkDoubleBoxing,
}

func checkDoubleBoxing(p *Pass) {
	for i := range p.Boxes {
		b := &p.Boxes[i]
		if !b.Active || !b.Nested() || b.ByCallee && b.Form != infer.PinForm { // the rest is redundant_box
			continue
		}
		p.report(Finding{
			Severity: Warning,
			Message:  "this boxes a future twice",
			Primary:  Label{File: b.File, Span: b.Mark, Text: "the second box"},
			Labels:   []Label{{File: b.File, Span: b.Inner, Text: "a boxed future already", Context: true}},
			Helps:    []string{"remove the outer box"},
		})
	}
}
