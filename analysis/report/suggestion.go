package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// maxSubstitutions is the number of alternatives that are printed; of the others only their number is.
const maxSubstitutions = 4

// inlineSuggestion turns a lone, short suggestion into a label, and returns all spans and the suggestions that are left.
func inlineSuggestion(m Message) ([]Span, []Suggestion) {
	if len(m.Suggestions) != 1 || !m.Suggestions[0].fitsLabel() {
		return m.Spans, m.Suggestions
	}
	s := m.Suggestions[0]
	edit := s.Substitutions[0].Edits[0]
	label := Span{File: edit.File, Start: edit.Start, End: edit.End, Label: "help: " + s.Message}
	if code := strings.TrimSpace(edit.NewText); code != "" && s.Visibility != HideInline {
		label.Label += ": `" + code + "`"
	}
	return addLabel(m.Spans, label), nil
}

// addLabel adds a span that has a label: before the primary spans without one, as rustc orders them, which matters where
// marks meet. The label of a place that is primary is primary; if the place has no label yet, it becomes its own.
func addLabel(spans []Span, label Span) []Span {
	var added []Span
	for _, s := range spans {
		if s.Primary && s.File == label.File && s.Start == label.Start && s.End == label.End {
			label.Primary = true
			if s.Label == "" {
				continue
			}
		}
		added = append(added, s)
	}
	at := len(added)
	for at > 0 && added[at-1].Primary && added[at-1].Label == "" {
		at--
	}
	return slices.Insert(added, at, label)
}

// fitsLabel reports whether the suggestion is small enough to be a label.
func (s Suggestion) fitsLabel() bool {
	const maxWords = 9
	return (s.Visibility == ShowCode || s.Visibility == HideInline) &&
		len(s.Substitutions) == 1 && len(s.Substitutions[0].Edits) == 1 &&
		!strings.Contains(s.Substitutions[0].Edits[0].NewText, "\n") &&
		len(strings.Fields(s.Message)) <= maxWords
}

// showsCode reports whether the suggestion is printed as a patch.
func (s Suggestion) showsCode() bool {
	return s.Visibility == ShowCode || s.Visibility == ShowPatch || s.Visibility == HideInline
}

// suggestion adds a suggestion: a group with a patch for each alternative, or the message alone.
func (b *groupBuilder) suggestion(s Suggestion) {
	if s.Visibility == HideCode {
		b.note(Help.String(), s.Message, nil)
		return
	}
	if !s.showsCode() {
		return
	}
	var alternatives [][]*patch
	changes := false
	for _, substitution := range s.Substitutions {
		files := b.changedFiles(substitution)
		changes = changes || len(files) > 0
		var patches []*patch
		for _, edits := range files {
			if p := newPatch(b.files.file(edits[0].File), edits); p != nil {
				patches = append(patches, p)
			}
		}
		if len(patches) > 0 {
			alternatives = append(alternatives, patches)
		}
	}
	switch {
	case !changes:
		b.noChange = true
		return
	case len(alternatives) == 0: // too large to show
		b.note(Help.String(), s.Message, nil)
		return
	}

	b.open(Help, &title{level: Help.String(), style: Help.style(), text: s.Message})
	for _, patches := range alternatives[:min(len(alternatives), maxSubstitutions)] {
		for _, p := range patches {
			b.add(part{patch: p})
		}
	}
	switch others := len(alternatives) - maxSubstitutions; {
	case others == 1:
		b.note("", "and 1 other candidate", nil)
	case others > 1:
		b.note("", fmt.Sprintf("and %d other candidates", others), nil)
	}
}

// changedFiles are the edits that change something, by file and in ascending order; edits of files that cannot be read
// are left out.
func (b *groupBuilder) changedFiles(s Substitution) [][]Edit {
	var order []string
	byFile := map[string][]Edit{}
	for _, e := range s.Edits {
		f := b.files.file(e.File)
		if f == nil {
			continue
		}
		at := f.clamp(e.Start, e.End)
		e.Start, e.End = at.Start, at.End
		e.NewText = strings.ReplaceAll(e.NewText, "\r\n", "\n")
		if strings.ReplaceAll(string(at.Of(f.text)), "\r\n", "\n") == e.NewText {
			continue
		}
		if len(byFile[e.File]) == 0 {
			order = append(order, e.File)
		}
		byFile[e.File] = append(byFile[e.File], e)
	}
	var files [][]Edit
	for _, path := range order {
		edits := byFile[path]
		slices.SortStableFunc(edits, func(a, b Edit) int { return cmp.Compare(a.Start, b.Start) })
		files = append(files, disjoint(edits))
	}
	return files
}

// disjoint drops edits that overlap the one before: what they would do together is not defined.
func disjoint(edits []Edit) []Edit {
	kept := edits[:1]
	for _, e := range edits[1:] {
		if e.Start >= kept[len(kept)-1].End {
			kept = append(kept, e)
		}
	}
	return kept
}
