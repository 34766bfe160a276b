package rules

import "github.com/afidt-lsp/afidt-lsp/analysis/infer"

var dynBoxNotOpaque = &Rule{
	Name:  "dyn_box_not_opaque",
	Code:  "AFIDT005",
	Title: "`dyn_box!` is given something that is no call of a method that returns `impl Trait`",
	check: checkDynBoxNotOpaque,
}

func checkDynBoxNotOpaque(p *Pass) {
	for i := range p.Boxes {
		b := &p.Boxes[i]
		if !b.Active || !b.Other || b.Nested() || b.Form != infer.MacroForm && b.Form != infer.SuffixForm {
			continue
		}
		f := Finding{
			Severity: Error,
			Message:  "what is boxed here is no call of an async method or of one that returns `impl Trait`",
			Primary:  Label{File: b.File, Span: b.Mark, Text: "boxes the result of a method call only"},
			Helps:    []string{"use `Box::new(..)`, or `Box::pin(..)` for a future"},
		}
		if b.Form == infer.MacroForm && !b.Preview {
			f.Severity = Warning
			f.Notes = []string{"this `dyn_box!` is the workspace's own and may accept it; the announced one will not"}
		}
		p.report(f)
	}
}
