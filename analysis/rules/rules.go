// Package rules turns what a survey found into findings: one file a rule, its page beside it.
//
// A rule knows what is worth telling and how to say it. It knows no output format, no protocol and no edits.
package rules

import (
	"embed"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/config"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Severity says how serious a finding is; the values are those of the reports.
type Severity string

// Severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
	Hint    Severity = "hint"
)

// Rule is one rule.
type Rule struct {
	Name  string   // stable, as users write it: dyn_incompatible_trait
	Code  string   // stable and short: rustc's code where rustc has the same error, else AFIDT followed by a number
	Codes []string // other codes that its findings may have
	Title string   // one line
	// Unnecessary is set if what a finding marks could be left out: editors fade it.
	Unnecessary bool
	check       func(*Pass)
}

// All are the rules, by name.
var All = []*Rule{
	boxingSyntaxUnavailable, companionOfBox, doubleBoxing, dynBoxNotOpaque, dynIncompatibleTrait, dynMissingArgument, dynMultipleTraits,
	excludedDynCall, redundantBox, unboxedDynCall, undispatchableMethod,
}

//go:embed *.md
var pages embed.FS

// Page is the rule's page in Markdown: what, why, an erroneous and a fixed example.
func (r *Rule) Page() string {
	text, err := pages.ReadFile(r.Name + ".md")
	if err != nil {
		panic("rules: no page for " + r.Name) // a test opens every page
	}
	return string(text)
}

// URL is where the page is published.
func (r *Rule) URL() string {
	return "https://github.com/afidt-lsp/afidt-lsp/blob/main/analysis/rules/" + r.Name + ".md"
}

// Find is the rule called name or with the code name, in any case of letters; nil if there is none.
func Find(name string) *Rule {
	i := slices.IndexFunc(All, func(r *Rule) bool { return strings.EqualFold(r.Name, name) || strings.EqualFold(r.Code, name) })
	if i < 0 {
		i = slices.IndexFunc(All, func(r *Rule) bool {
			return slices.ContainsFunc(r.Codes, func(code string) bool { return strings.EqualFold(code, name) })
		})
	}
	if i < 0 {
		return nil
	}
	return All[i]
}

// Finding is something a rule tells the user.
type Finding struct {
	Rule     *Rule
	Code     string
	Severity Severity
	Message  string // one sentence
	Primary  Label  // its Text stands at the place
	Labels   []Label
	// Why introduces the labels that explain the finding: the text of rustc's note.
	Why   string
	Notes []string
	Helps []string
}

// Label is a place with a text.
type Label struct {
	File *workspace.File
	Span source.Span
	Text string
	// Context marks a place that gives context only, such as the trait's name.
	Context bool
}

// Settings are what the user and the workspace say of how to judge.
type Settings struct {
	RuleSet   dyncompat.RuleSet
	Levels    map[string]config.Level // of rules, by name
	Toolchain config.Toolchain
}

// Pass is one run of the rules over a survey and what was inferred of it.
type Pass struct {
	*survey.Survey
	*infer.Result
	Settings
	rule     *Rule
	findings []Finding
}

func (p *Pass) report(f Finding) {
	f.Rule = p.rule
	if f.Code == "" {
		f.Code = p.rule.Code
	}
	if level, ok := p.Levels[p.rule.Name]; ok {
		f.Severity = Severity(level)
	}
	p.findings = append(p.findings, f)
}

// method is the verdict on a trait's method; nil if the trait has none of that name.
func (p *Pass) method(trait resolve.Def, name string) *dyncompat.Method {
	methods := p.Judge.Verdict(trait).Methods
	i := slices.IndexFunc(methods, func(m dyncompat.Method) bool { return m.Name == name })
	if i < 0 {
		return nil
	}
	return &methods[i]
}

// AboutCalls are the rules that look at what is inferred of function bodies; what the others find depends on the survey alone.
var AboutCalls = []*Rule{
	boxingSyntaxUnavailable, companionOfBox, doubleBoxing, dynBoxNotOpaque, excludedDynCall, redundantBox, unboxedDynCall,
}

// Run runs all rules; findings come by file, place and rule.
func Run(s *survey.Survey, inferred *infer.Result, settings Settings) []Finding {
	p := &Pass{Survey: s, Result: inferred, Settings: settings}
	for _, r := range All {
		if settings.Levels[r.Name] == config.Off {
			continue
		}
		p.rule = r
		r.check(p)
	}
	slices.SortStableFunc(p.findings, func(a, b Finding) int {
		if c := strings.Compare(a.Primary.File.Path, b.Primary.File.Path); c != 0 {
			return c
		}
		return int(a.Primary.Span.Start) - int(b.Primary.Span.Start)
	})
	return p.findings
}
