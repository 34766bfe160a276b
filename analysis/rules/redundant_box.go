package rules

import (
	"fmt"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
)

var redundantBox = &Rule{
	Name:        "redundant_box",
	Code:        "AFIDT004",
	Title:       "a call is boxed for `dyn` that is boxed already or made on no trait object",
	Unnecessary: true,
	check:       checkRedundantBox,
}

func checkRedundantBox(p *Pass) {
	for i := range p.Boxes {
		b := &p.Boxes[i]
		if !b.Active || b.Form != infer.MacroForm && b.Form != infer.SuffixForm {
			continue
		}
		if b.ByCallee {
			p.report(Finding{
				Severity: Hint,
				Message:  "what is boxed here is in a box already",
				Primary:  Label{File: b.File, Span: b.Mark, Text: "needs no box"},
				Labels:   []Label{{File: b.File, Span: b.Inner, Text: "this method boxes its result itself", Context: true}},
				Helps:    []string{"await the call itself"},
			})
			continue
		}
		if b.Call < 0 || b.Nested() {
			continue
		}
		c := &p.Calls[b.Call]
		if c.Via == infer.Dyn {
			continue
		}
		why := "a type parameter or `impl Trait`"
		if c.Via == infer.Concrete {
			why = "of a type that is known"
		}
		p.report(Finding{
			Severity: Hint,
			Message:  fmt.Sprintf("the result of `%s` need not be boxed: the receiver is no trait object", c.Method),
			Primary:  Label{File: b.File, Span: b.Mark, Text: "this allocates"},
			Labels:   []Label{{File: c.File, Span: c.Recv, Text: "the receiver is " + why, Context: true}},
			Helps:    []string{"await the call itself; a recursive call needs `Box::pin`"},
		})
	}
}
