package rules

import (
	"fmt"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

var excludedDynCall = &Rule{
	Name:  "excluded_dyn_call",
	Code:  "E0161",
	Codes: []string{excludedCode},
	Title: "a method is called through `dyn` that cannot be called on a trait object",
	check: checkExcludedDynCall,
}

// excludedCode is the code of findings that rustc has no error for yet.
const excludedCode = "AFIDT008"

func checkExcludedDynCall(p *Pass) {
	for i := range p.ByValue {
		if c := &p.ByValue[i]; c.Active {
			p.byValueCall(c)
		}
	}
	for i := range p.Calls {
		c := &p.Calls[i]
		if !c.Active || c.Via != infer.Dyn {
			continue
		}
		m := p.method(c.Trait, c.Method)
		if m == nil || !m.Certain {
			continue
		}
		if has(m.Reasons, dyncompat.ByValueSelf) {
			p.byValueCall(c)
			continue
		}
		if m.Class != dyncompat.Excluded {
			continue
		}
		f := Finding{
			Code:     excludedCode,
			Severity: Error,
			Message:  fmt.Sprintf("`%s` cannot be called on `dyn %s` under any rule set", c.Method, displayName(c.Trait)),
			Primary:  Label{File: c.File, Span: c.Name, Text: "this call needs the type behind the trait object"},
			Notes:    []string{"the method is left out because of: " + kindNames(m.Reasons)},
			Helps:    []string{"take the value as a generic parameter or `impl Trait` here"},
		}
		if p.RuleSet == dyncompat.Stable { // E0038 stands at the type
			f.Severity = Hint
		}
		p.report(f)
	}
}

func kindNames(kinds []dyncompat.Kind) string {
	var out []string
	for _, k := range kinds {
		if k != dyncompat.AsyncFn && k != dyncompat.RPITIT && k != dyncompat.WholeTrait {
			out = append(out, strings.ReplaceAll(string(k), "_", " "))
		}
	}
	return strings.Join(out, ", ")
}

// byValueCall reports a call that would move the trait object out of its pointer.
func (p *Pass) byValueCall(c *infer.Call) {
	m := p.method(c.Trait, c.Method)
	if m == nil || !m.Certain || m.Class == dyncompat.SizedOnly {
		return
	}
	f := Finding{
		Severity: Error,
		Message:  fmt.Sprintf("cannot move a value of type `dyn %s`: `%s` takes `self` by value", displayName(c.Trait), c.Method),
		Primary:  Label{File: c.File, Span: c.Recv, Text: fmt.Sprintf("the size of `dyn %s` cannot be statically determined", displayName(c.Trait))},
		Helps:    []string{"declare the method with `self: Box<Self>`, or with `&self`"},
	}
	if compatible := p.Judge.Verdict(c.Trait).Compatible; p.RuleSet == dyncompat.Stable && compatible != types.Yes {
		f.Severity = Hint // rustc reports the type and does not come this far
	}
	p.report(f)
}
