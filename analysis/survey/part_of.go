package survey

import (
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Of surveys some files of a snapshot, which must have their owners. Uses is left for who knows the other files.
func Of(judge *dyncompat.Judge, s *workspace.Snapshot, files []*workspace.File) *Survey {
	out := &Survey{Snapshot: s, Judge: judge}
	for _, f := range files {
		out.Traits = append(out.Traits, fileTraits(judge, f)...)
		out.Mentions = append(out.Mentions, fileMentions(judge, f)...)
	}
	return out
}
