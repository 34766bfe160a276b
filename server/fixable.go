package server

import (
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/quickfix"
)

// fixable are the places of a file at which something stands that a fix can be about; known is false until the whole workspace was
// looked at once. Editors ask for actions wherever the cursor goes, and at most places the answer should cost a look at one file.
func fixable(view *analysis.View, state *analysis.State, path string) (places []source.Span, known bool) {
	inferred, known := view.Inferred(state, path)
	if !known {
		return nil, false
	}
	for _, r := range inferred {
		for _, c := range slices.Concat(r.Calls, r.Barred) {
			places = append(places, c.Extent(), c.Name)
		}
		for _, b := range r.Boxes {
			places = append(places, b.Span, b.Mark)
		}
		for _, l := range r.Loops {
			places = append(places, l.Name)
		}
	}
	found := view.Look(state, path)
	for i := range found.Mentions {
		places = append(places, found.Mentions[i].Span)
	}
	for i := range found.Traits {
		t := &found.Traits[i]
		places = append(places, t.Def.File().Syntax().Items[t.Def.Item].NameSpan)
		for k := range t.Verdict.Methods {
			places = append(places, t.Verdict.Methods[k].NameSpan)
		}
		for k := range t.Verdict.Violations {
			if v := &t.Verdict.Violations[k]; v.Placed() && v.Trait == t.Def {
				places = append(places, v.Span)
			}
		}
	}
	for _, f := range view.Files(state, path) {
		for _, r := range quickfix.Recursions(f) {
			places = append(places, r.Places()...)
		}
		for _, u := range quickfix.UnmarkedImpls(state.Judge, f) {
			places = append(places, u.Names...)
		}
	}
	return places, true
}

// concerned reports whether a fix may be about what stands at a place.
func concerned(view *analysis.View, state *analysis.State, path string, at source.Span) bool {
	places, known := fixable(view, state, path)
	return !known || slices.ContainsFunc(places, func(s source.Span) bool { return s.Start <= at.End && at.Start <= s.End })
}
