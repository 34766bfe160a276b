// Package quickfix writes the code: for a place in the workspace, the edits that cure what the rules found there. One file a
// fix; a fix knows no output format and no protocol, and never writes a file.
package quickfix

import (
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Applicability says how far an edit can be trusted; the values are those of the reports and of rustc.
type Applicability string

// Applicabilities.
const (
	MachineApplicable Applicability = "machine-applicable" // the result compiles and means what the user meant
	MaybeIncorrect    Applicability = "maybe-incorrect"
	HasPlaceholders   Applicability = "has-placeholders"
)

// Edit replaces the bytes of a span of a file as it is on disk (or in the editor); an empty span inserts.
type Edit struct {
	Path string // absolute
	Span source.Span
	New  string
}

// Action is one code action: a fix at a place.
type Action struct {
	ID            string // stable: box, dyn-box, companion, ...
	Title         string
	Kind          string // as in LSP: quickfix, refactor.rewrite
	Rule          *rules.Rule
	Applicability Applicability
	Preferred     bool
	BlockedBy     string // if not empty, why the fix does not apply here; there are no Edits then
	Edits         []Edit // by path and place; they never overlap
}

// Target is what a fix is asked about: the innermost thing at a place that a rule or a fix knows. Exactly one of Trait, Mention and
// Call is set; Method is an index into the verdict's methods of Trait, -1 for the trait as a whole.
type Target struct {
	Trait   *survey.Trait
	Method  int
	Mention *survey.Mention
	Call    *infer.Call
}

// Workspace is what fixes see.
type Workspace struct {
	*survey.Survey
	Calls []infer.Call
	// Style are the ids that the user prefers among alternatives (`--fix-with`, `fix.style`).
	Style []string
}

// Fix is one kind of fix.
type Fix struct {
	ID    string
	Title string // as lists show it
	// offer appends the fix's actions for a target, none if it has nothing to do with it.
	offer func(w *Workspace, t *Target) []Action
}

// File is the file of the target.
func (t *Target) File() *workspace.File {
	switch {
	case t.Call != nil:
		return t.Call.File
	case t.Mention != nil:
		return t.Mention.File
	}
	return t.Trait.Def.File()
}
