package quickfix

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// Left is what a fix that was asked for by its id does not cure, and why.
type Left struct {
	ID, Why string
	Path    string // absolute, with the place of the first finding
	At      source.Position
	// More is the number of other findings with the same cause.
	More int
}

// left says of findings why the fixes of the style do not cure them; nothing without a style.
func (w *Workspace) left(findings []*rules.Finding) []Left {
	type cause struct{ id, why string }
	known := map[cause]int{}
	var out []Left
	for _, f := range findings {
		for _, id := range w.Style {
			why := w.whyNot(f, id)
			if why == "" {
				continue
			}
			if i, ok := known[cause{id, why}]; ok {
				out[i].More++
				continue
			}
			known[cause{id, why}] = len(out)
			out = append(out, Left{ID: id, Why: why, Path: f.Primary.File.Path, At: f.Primary.File.Position(f.Primary.Span.Start)})
		}
	}
	slices.SortStableFunc(out, func(a, b Left) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column))
	})
	return out
}

// whyNot says why a fix does not cure a finding; empty if the fix is not for such findings, or the reason is not known.
func (w *Workspace) whyNot(f *rules.Finding, id string) string {
	targets := w.targetsOf(f)
	for a := range w.each(targets, f.Rule, []string{id}) {
		switch {
		case a.BlockedBy != "":
			return a.BlockedBy
		case a.Needs != "":
			return "it needs " + a.Needs
		case a.Applicability == HasPlaceholders:
			return "something would be left to fill in"
		case a.applies():
			return "it changes what other fixes change"
		}
	}
	fix := Find(id)
	for i := range targets {
		if targets[i].Box != nil {
			return "" // a box, and not what it is for
		}
		if t := w.traitOf(&targets[i]); t != nil && fix.absent != nil {
			if c, _ := t.Compatible(); c == types.No {
				return fix.absent(w, t)
			}
			return ""
		}
		m := targets[i].Mention
		if m == nil || m.Compatible != types.No || m.Principal.Kind != resolve.Trait || w.trait(m.Principal) != nil || fix.offer != nil && fix != whereSelfSized {
			continue
		}
		if m.Principal.Scope.Crate.Member {
			return fmt.Sprintf("`%s` is written by a macro", m.Principal.ItemName())
		}
		return fmt.Sprintf("`%s` is no trait of the workspace", m.Principal.ItemName())
	}
	return ""
}

// Blocked says of a finding which of the fixes that are looked for first do not apply, and why: those of the style, else companion, the
// fix that is preferred wherever it applies.
func (w *Workspace) Blocked(f *rules.Finding) []string {
	ids := w.Style
	if len(ids) == 0 {
		ids = []string{companionFix.ID}
	}
	var out []string
	for _, a := range slices.Collect(w.each(w.targetsOf(f), f.Rule, ids)) {
		if a.BlockedBy != "" {
			out = append(out, fmt.Sprintf("`%s` does not apply: %s", a.ID, a.BlockedBy))
		}
	}
	return out
}
