package analysis

import (
	"maps"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
)

// Uses are the mentions of a trait of this state that are compiled as they stand, by file and place.
func (v *View) Uses(state *State, trait resolve.Def) []survey.Mention {
	if trait.Kind == resolve.None || trait.File().Expansion != nil {
		return nil
	}
	if !trait.Scope.Crate.Member { // uses of others are not counted
		return usesIn(state.Session().Survey, keyOf(trait))
	}
	key := keyOf(trait)
	v.work.Lock()
	layout := v.layout
	var paths []string
	for _, path := range slices.Sorted(maps.Keys(v.files)) {
		if v.files[path].uses[key] > 0 {
			paths = append(paths, path)
		}
	}
	v.work.Unlock()
	var out []survey.Mention
	for _, path := range paths {
		out = append(out, usesIn(v.survey(state, layout, path), key)...)
	}
	return out
}

func usesIn(s *survey.Survey, key traitKey) []survey.Mention {
	var out []survey.Mention
	for i := range s.Mentions {
		if m := &s.Mentions[i]; m.Compiled() && m.Principal.Kind != resolve.None && m.Principal.File().Expansion == nil && keyOf(m.Principal) == key {
			out = append(out, *m)
		}
	}
	return out
}
