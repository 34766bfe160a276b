package analysis

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/report"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Filter selects what is printed: the absolute paths of files and folders; empty selects all.
type Filter []string

// Holds reports whether a file is selected.
func (f Filter) Holds(path string) bool {
	if len(f) == 0 {
		return true
	}
	for _, p := range f {
		if path == p || strings.HasPrefix(path, strings.TrimSuffix(p, string(filepath.Separator))+string(filepath.Separator)) {
			return true
		}
	}
	return false
}

// Report is the document of the whole workspace.
func (s *Session) Report(filter Filter) *report.Workspace {
	out := s.Verdicts(filter)
	for _, c := range s.Calls() {
		if filter.Holds(c.File.Path) {
			out.Calls = append(out.Calls, s.call(&c))
		}
	}
	slices.SortStableFunc(out.Calls, func(a, b report.Call) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Method, b.Method))
	})
	return out
}

// Verdicts is a Report without calls: no receiver is inferred for it, which takes most of the time where async traits are many.
func (s *Session) Verdicts(filter Filter) *report.Workspace {
	out := &report.Workspace{Schema: report.Schema, Traits: []report.Trait{}, Mentions: []report.Mention{}, Calls: []report.Call{}}
	for i := range s.Traits {
		if filter.Holds(s.Traits[i].Def.File().Path) {
			out.Traits = append(out.Traits, s.trait(&s.Traits[i]))
		}
	}
	for i := range s.Mentions {
		if filter.Holds(s.Mentions[i].File.Path) {
			out.Mentions = append(out.Mentions, s.mention(&s.Mentions[i]))
		}
	}
	slices.SortStableFunc(out.Traits, func(a, b report.Trait) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Name, b.Name))
	})
	slices.SortStableFunc(out.Mentions, func(a, b report.Mention) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.EndLine, b.EndLine), cmp.Compare(a.EndColumn, b.EndColumn))
	})
	return out
}

func truth(t types.Truth) *bool {
	if t == types.Maybe {
		return nil
	}
	b := t == types.Yes
	return &b
}

func (s *Session) trait(t *survey.Trait) report.Trait {
	file := t.Def.File()
	at := file.Position(file.Syntax().Items[t.Def.Item].NameSpan.Start)
	compatible, why := t.Compatible()
	out := report.Trait{
		Path: s.Path(t.Def), Name: t.Def.ItemName(), File: s.Snapshot.Display(file.Path), Line: at.Line, Column: at.Column,
		Cfg: t.Active, DynCompatible: truth(compatible), UnknownBecause: why.String(),
		Violations: []report.Violation{}, Methods: []report.Method{}, DynUses: t.Uses,
	}
	for i := range t.Verdict.Violations {
		out.Violations = append(out.Violations, s.violation(&t.Verdict.Violations[i]))
	}
	for i := range t.Verdict.Methods {
		out.Methods = append(out.Methods, method(t.Verdict.Trait.File(), &t.Verdict.Methods[i]))
	}
	slices.SortStableFunc(out.Violations, func(a, b report.Violation) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Item, b.Item))
	})
	return out
}

func (s *Session) violation(v *dyncompat.Violation) report.Violation {
	out := report.Violation{Kind: string(v.Kind), Item: v.Item, Message: v.Message()}
	if file, span, ok := v.Place(); ok {
		at := file.Position(span.Start)
		out.File, out.Line, out.Column = s.Snapshot.Display(file.Path), at.Line, at.Column
	}
	if v.Via.Kind != resolve.None {
		out.Via = s.Path(v.Via)
	}
	return out
}

func method(file *workspace.File, m *dyncompat.Method) report.Method {
	var at source.Position // none if a macro makes the name
	if file, span, ok := file.Written(m.NameSpan); ok {
		at = file.Position(span.Start)
	}
	out := report.Method{
		Name: m.Name, Line: at.Line, Column: at.Column, Dispatch: string(m.Class), Reasons: []string{},
		DispatchBy: report.DispatchBy{
			Stable: string(m.Under(dyncompat.Stable)), MethodScope: string(m.Under(dyncompat.MethodScope)),
			DynBox: string(m.Under(dyncompat.DynBox)), Box: string(m.Under(dyncompat.Box)),
		},
	}
	for _, r := range m.Reasons {
		out.Reasons = append(out.Reasons, string(r))
	}
	return out
}

func (s *Session) mention(m *survey.Mention) report.Mention {
	start, end := m.File.Position(m.Span.Start), m.File.Position(m.Span.End)
	out := report.Mention{
		File: s.Snapshot.Display(m.File.Path), Line: start.Line, Column: start.Column, EndLine: end.Line, EndColumn: end.Column,
		Text: strings.ToValidUTF8(string(m.Span.Of(m.File.Syntax().Text)), "\uFFFD"), Bare: m.Bare, Cfg: m.Active, DynCompatible: truth(m.Compatible),
		UnknownBecause: m.Why.String(), Errors: append([]string{}, m.Errors...),
	}
	if m.Principal.Kind != resolve.None {
		path := s.Path(m.Principal)
		out.Trait = &path
	}
	return out
}

func (s *Session) call(c *infer.Call) report.Call {
	start, end := position(c.File, c.Name)
	return report.Call{
		File: s.Snapshot.Display(c.File.Path), Line: start.Line, Column: start.Column, EndLine: end.Line, EndColumn: end.Column,
		Method: c.Method, Trait: s.Path(c.Trait), Receiver: string(c.Via), Boxed: string(c.Boxed), NeedsBox: c.NeedsBox(), Macro: c.Macro,
	}
}

// Path is an item's path: `crate::module::Name`, items of function bodies as `crate::m::{fn}::Name`, of a constant's value as
// `crate::m::CONSTANT::Name` (of one without a name `_`, then `_#1` and so on), those of the standard
// library by the path that users write.
func (s *Session) Path(d resolve.Def) string {
	if d.Scope.Crate.Std {
		if p := s.publicPath(d); p != "" {
			return p
		}
	}
	return d.Scope.Path() + "::" + d.ItemName()
}

// publicPath is the shortest path of std, core or alloc that leads to an item through the modules that hold it.
func (s *Session) publicPath(d resolve.Def) string {
	modules := strings.Split(d.Scope.Path(), "::")[1:]
	for _, crate := range [...]string{"std", "core", "alloc"} {
		for n := 1; n <= len(modules); n++ {
			path := append(append([]string{crate}, modules[:n]...), d.ItemName())
			if s.Judge.Types.Resolver.WellKnown(path...) == d {
				return strings.Join(path, "::")
			}
		}
	}
	return ""
}

// Check is the document of findings; it counts the files that were selected. fixes are those that are offered for a finding.
func (s *Session) Check(findings []rules.Finding, filter Filter, fixes func(*rules.Finding) []report.Fix) *report.Check {
	out := &report.Check{Schema: report.Schema, Diagnostics: []report.Diagnostic{}}
	for i := range findings {
		f := &findings[i]
		start, end := position(f.Primary.File, f.Primary.Span)
		d := report.Diagnostic{
			Rule: f.Rule.Name, Code: f.Code, Severity: string(f.Severity), Message: f.Message, File: s.Snapshot.Display(f.Primary.File.Path),
			Line: start.Line, Column: start.Column, EndLine: end.Line, EndColumn: end.Column,
			Labels: []report.Label{}, Notes: []string{}, Fixes: []report.Fix{}, URL: f.Rule.URL(),
		}
		for _, l := range f.Labels {
			start, end := position(l.File, l.Span)
			d.Labels = append(d.Labels, report.Label{File: s.Snapshot.Display(l.File.Path), Line: start.Line, Column: start.Column, EndLine: end.Line, EndColumn: end.Column, Text: l.Text})
		}
		d.Notes = append(append(d.Notes, f.Notes...), f.Helps...)
		d.Fixes = append(d.Fixes, fixes(f)...)
		out.Diagnostics = append(out.Diagnostics, d)
		count(&out.Summary, f.Severity)
	}
	for _, f := range s.Snapshot.Files {
		if filter.Holds(f.Path) {
			out.Summary.Files++
		}
	}
	slices.SortStableFunc(out.Diagnostics, func(a, b report.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Rule, b.Rule))
	})
	return out
}

func position(f *workspace.File, span source.Span) (start, end source.Position) {
	return f.Position(span.Start), f.Position(span.End)
}

func count(s *report.Summary, severity rules.Severity) {
	switch severity {
	case rules.Error:
		s.Errors++
	case rules.Warning:
		s.Warnings++
	case rules.Info:
		s.Infos++
	default:
		s.Hints++
	}
}

// Select keeps the findings whose place is in a selected file.
func Select(findings []rules.Finding, filter Filter) []rules.Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f rules.Finding) bool { return !filter.Holds(f.Primary.File.Path) })
}
