package quickfix

import (
	"fmt"
	"maps"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// maxRounds bounds FixAll. A fix can make room for another one; real workspaces need two or three rounds.
const maxRounds = 10

// Fixed is one fix that was applied.
type Fixed struct {
	ID, Title string
	Path      string // absolute, with the place of the finding as it was when the fix was applied
	At        source.Position
}

// Outcome is what FixAll did.
type Outcome struct {
	Fixed []Fixed
	Texts map[string][]byte // the new texts of the files that changed, by absolute path
	// Session is the analysis of the result.
	Session *analysis.Session
	// Undone says why not all was done that could be; empty if all is well.
	Undone string
	// Open counts findings that several fixes would cure and none was chosen for, by the fixes' ids joined.
	Open map[string]int
	// Left are the findings that the fixes of the style do not cure, by place.
	Left []Left
}

// FixAll applies the fixes of the selected errors and warnings, in memory, until there is nothing left that may be applied without asking.
//
// Without a style that is a finding's preferred fix or its only machine-applicable one. With a style it is the first one of the
// style that is offered, though it be maybe-incorrect, because the user chose it by name; a finding for which none of them is
// offered is left alone, unless there is only one fix for it. What has placeholders or needs another compiler is never applied. A round that leaves more errors than there were is undone, and is the last.
func FixAll(path string, opt analysis.Options, style []string, selected analysis.Filter) (*Outcome, error) {
	return (&Fixing{Path: path, Options: opt, Style: style, Selected: selected}).All()
}

// Fixing is what FixAll is asked for.
type Fixing struct {
	Path     string
	Options  analysis.Options
	Style    []string
	Selected analysis.Filter
	// First is the analysis of what is there, if it is known already.
	First *analysis.Session
}

// All is described at FixAll.
func (x *Fixing) All() (*Outcome, error) {
	opt := x.Options
	out := &Outcome{Texts: map[string][]byte{}}
	var kept Outcome // before the last round
	errors := -1
	for round := 0; ; round++ {
		s := x.First
		if round > 0 || s == nil {
			var err error
			opt.Overlay = out.Texts
			if s, err = analysis.Open(x.Path, opt); err != nil {
				return nil, err
			}
		}
		w, err := New(s, x.Style)
		if err != nil {
			return nil, err
		}
		findings := s.Findings()
		count := 0
		for i := range findings {
			if findings[i].Severity == rules.Error {
				count++
			}
		}
		out.Session = s
		if errors >= 0 && count > errors {
			kept.Undone = fmt.Sprintf("the fixes of round %d were not kept: they leave %d errors where %d were, which is a bug of theirs", round, count, errors)
			return &kept, nil
		}
		errors = count
		b, fixed := w.round(analysis.Select(findings, x.Selected), out)
		if len(fixed) == 0 {
			return out, nil
		}
		if round == maxRounds {
			out.Undone = fmt.Sprintf("after %d rounds of fixes there are still more to apply: run the command again", maxRounds)
			return out, nil
		}
		kept = *out
		edits, err := w.laidOut(b)
		if err != nil {
			return nil, err
		}
		texts, err := Apply(edits, func(path string) ([]byte, error) { return w.file(path).Text, nil })
		if err != nil {
			return nil, err
		}
		next := map[string][]byte{}
		for path, text := range out.Texts {
			next[path] = text
		}
		for path, text := range texts {
			next[path] = text
		}
		out.Texts = next
		out.Fixed = append(out.Fixed, fixed...)
	}
}

// round chooses what to apply of the fixes of findings.
func (w *Workspace) round(findings []rules.Finding, out *Outcome) (*batch, []Fixed) {
	var b batch
	var fixed []Fixed
	out.Open = map[string]int{}
	apply := func(f *rules.Finding, a *Action) {
		if b.add(a) {
			fixed = append(fixed, Fixed{ID: a.ID, Title: a.Title, Path: f.Primary.File.Path, At: f.Primary.File.Position(f.Primary.Span.Start)})
		}
	}
	var late []func()
	var left []*rules.Finding
	for i := range findings {
		f := &findings[i]
		if f.Severity != rules.Error && f.Severity != rules.Warning {
			continue // a trait that nobody uses as dyn needs no cure
		}
		a := w.choose(f)
		if a == nil {
			left = append(left, f)
			continue
		}
		if a.late {
			late = append(late, func() { apply(f, a) })
			continue
		}
		apply(f, a)
	}
	for _, f := range late {
		f()
	}
	if len(fixed) > 0 {
		return &b, fixed
	}
	out.Left = w.left(left)
	for _, f := range left { // the last round
		if ids := choices(For(w, f)); ids != "" {
			out.Open[ids]++
		}
	}
	return &b, nil
}

// laidOut are the edits of a batch. What several actions made longer is laid out together.
func (w *Workspace) laidOut(b *batch) ([]Edit, error) {
	if b.others {
		return w.joint(b.edits), nil
	}
	a := Action{Edits: w.relaid(b.edits)}
	w.finish(&a)
	if a.BlockedBy != "" {
		return nil, fmt.Errorf("laying out what was fixed: %s", a.BlockedBy)
	}
	return a.Edits, nil
}

// choose is the action to apply for a finding, nil if there is none or the user has to say which. Fixes are asked for until that is
// clear.
func (w *Workspace) choose(f *rules.Finding) *Action {
	targets := w.targetsOf(f)
	if len(w.Style) > 0 {
		styled := slices.Collect(w.each(targets, f.Rule, w.Style))
		for _, id := range w.Style {
			if i := slices.IndexFunc(styled, func(a Action) bool { return a.ID == id && a.applies() }); i >= 0 {
				return &styled[i]
			}
		}
		if len(styled) > 0 {
			return nil // what was asked for does not apply here; another alternative would be a surprise
		}
	}
	var only *Action
	preferred := false // one was
	for a := range w.each(targets, f.Rule, nil) {
		first := a.Preferred && a.BlockedBy == "" && !preferred
		preferred = preferred || first
		switch {
		case !a.applies(), a.Applicability != MachineApplicable && len(w.Style) == 0:
		case first && a.Applicability == MachineApplicable && len(w.Style) == 0:
			return &a
		case only != nil:
			return nil
		default:
			only = &a
		}
	}
	if only != nil && only.Applicability != MachineApplicable {
		return nil
	}
	return only
}

// applies reports whether FixAll may apply the action if it is chosen.
func (a *Action) applies() bool {
	return a.BlockedBy == "" && a.Needs == "" && a.Applicability != HasPlaceholders && len(a.Edits) > 0
}

// choices are the ids of the actions that a style could choose, as `a, b`.
func choices(actions []Action) string {
	out := ""
	for i := range actions {
		if actions[i].applies() {
			if out != "" {
				out += ", "
			}
			out += actions[i].ID
		}
	}
	return out
}

// OpenChoices are the keys of Open, sorted.
func (o *Outcome) OpenChoices() []string { return slices.Sorted(maps.Keys(o.Open)) }
