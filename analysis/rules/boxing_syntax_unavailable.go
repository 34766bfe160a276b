package rules

import (
	"fmt"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
)

var boxingSyntaxUnavailable = &Rule{
	Name:  "boxing_syntax_unavailable",
	Code:  "AFIDT003",
	Title: "a notation for boxing is used that the toolchain does not have",
	check: checkBoxingSyntaxUnavailable,
}

// firstSets are the rule sets that bring a notation, and all after them.
var firstSets = map[infer.Form]dyncompat.RuleSet{
	infer.SuffixForm: dyncompat.Box, infer.FnForm: dyncompat.Box, infer.TypeForm: dyncompat.Box, infer.MacroForm: dyncompat.DynBox,
}

var formNames = map[infer.Form]string{
	infer.SuffixForm: "`.box`", infer.FnForm: "`box async fn`", infer.TypeForm: "`box struct` and `box enum`", infer.MacroForm: "`std::preview::dyn_box!`",
}

func checkBoxingSyntaxUnavailable(p *Pass) {
	for i := range p.Boxes {
		b := &p.Boxes[i]
		first, announced := firstSets[b.Form]
		if !b.Active || !announced || b.Form == infer.MacroForm && !b.Preview || reaches(p.RuleSet, first) {
			continue
		}
		f := Finding{
			Severity: Error,
			Message:  fmt.Sprintf("%s %s not accepted by %s", formNames[b.Form], are(b.Form), p.compiler()),
			Primary:  Label{File: b.File, Span: b.Mark, Text: "announced, and not in this toolchain"},
			Notes:    []string{fmt.Sprintf("the rule set is `%s`; `rule-set` in afidt.toml or --rule-set says otherwise", p.RuleSet)},
		}
		switch b.Form {
		case infer.MacroForm, infer.SuffixForm:
			f.Helps = []string{"call the method of a companion trait that boxes, or define a macro `dyn_box!` that does"}
		case infer.FnForm:
			f.Helps = []string{"return `Pin<Box<dyn Future<Output = ..> + '_>>`"}
		default:
			f.Helps = []string{"put the data behind a `Box` field"}
		}
		p.report(f)
	}
}

func are(f infer.Form) string {
	if f == infer.TypeForm {
		return "are"
	}
	return "is"
}

// compiler names the toolchain as far as the workspace does.
func (p *Pass) compiler() string {
	if p.Toolchain.Channel != "" {
		return "the toolchain `" + p.Toolchain.Channel + "`"
	}
	return "any released compiler"
}

// reaches reports whether a rule set has what an earlier one brought.
func reaches(set, first dyncompat.RuleSet) bool {
	seen := false
	for _, s := range dyncompat.RuleSets {
		seen = seen || s == first
		if s == set {
			return seen
		}
	}
	return false
}
