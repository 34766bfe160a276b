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
	Codes: []string{unsizedCode, excludedCode},
	Title: "a method is called through `dyn` that cannot be called on a trait object",
	check: checkExcludedDynCall,
}

// unsizedCode is rustc's code for a value of unknown size that is an argument; a receiver has E0161.
const unsizedCode = "E0277"

// excludedCode is the code of findings that rustc has no error for yet.
const excludedCode = "AFIDT008"

func checkExcludedDynCall(p *Pass) {
	for _, calls := range [...][]infer.Call{p.Barred, p.Calls} {
		for i := range calls {
			c := &calls[i]
			if m := p.method(c.Trait, c.Method); c.Active && c.Via == infer.Dyn && m != nil && m.Certain {
				p.excludedCall(c, m)
			}
		}
	}
}

func (p *Pass) excludedCall(c *infer.Call, m *dyncompat.Method) {
	var f Finding
	switch {
	case m.Class == dyncompat.SizedOnly:
		f = Finding{
			Code:     excludedCode,
			Severity: Error,
			Message:  fmt.Sprintf("the `%s` method cannot be invoked on a trait object", c.Method),
			Primary:  Label{File: c.File, Span: c.Name, Text: fmt.Sprintf("it needs `Self: Sized`, and `dyn %s` has no known size", displayName(c.Trait))},
			Helps:    []string{"take the value as a generic parameter or `impl Trait` here"},
		}
	case has(m.Reasons, dyncompat.ByValueSelf):
		f = Finding{
			Severity: Error,
			Message:  fmt.Sprintf("cannot move a value of type `dyn %s`: `%s` takes `self` by value", displayName(c.Trait), c.Method),
			Primary:  Label{File: c.File, Span: c.Recv, Text: fmt.Sprintf("the size of `dyn %s` cannot be statically determined", displayName(c.Trait))},
			Helps:    []string{"declare the method with `self: Box<Self>`, or with `&self`"},
		}
		if c.UFCS {
			f.Code = unsizedCode
			f.Message = fmt.Sprintf("the size for values of type `dyn %s` cannot be known at compilation time: `%s` takes `self` by value", displayName(c.Trait), c.Method)
		}
	case m.Class == dyncompat.Excluded:
		f = Finding{
			Code:     excludedCode,
			Severity: Error,
			Message:  fmt.Sprintf("`%s` cannot be called on `dyn %s` under any rule set", c.Method, displayName(c.Trait)),
			Primary:  Label{File: c.File, Span: c.Name, Text: "this call needs the type behind the trait object"},
			Notes:    []string{"the method is left out because of: " + kindNames(m.Reasons)},
			Helps:    []string{"take the value as a generic parameter or `impl Trait` here"},
		}
	default:
		return
	}
	if compatible := p.Judge.Verdict(c.Trait).Compatible; p.RuleSet == dyncompat.Stable && compatible != types.Yes {
		f.Severity = Hint // rustc reports the type, E0038, and does not come this far
	}
	p.report(f)
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
