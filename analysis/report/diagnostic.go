// Package report prints findings as text, the way rustc prints its own.
//
// It is a printer of plain data: it knows levels, byte spans, labels and edits, and nothing about Rust, traits or rules.
// The layout is rustc 1.95's, which prints through annotate-snippets 0.12.10; tests compare the two byte for byte.
package report

import "github.com/afidt-lsp/afidt-lsp/analysis/source"

// Level says how serious a message is; it decides its name and its colour.
type Level uint8

const (
	Error Level = iota
	Warning
	Note
	Help
	Info // rustc has no such level; its printing library calls it "info", in blue
	Hint // nor this one
)

// levels holds what is printed for each Level.
var levels = [...]struct {
	name  string
	style style
}{
	Error:   {"error", red},
	Warning: {"warning", yellow},
	Note:    {"note", green},
	Help:    {"help", cyan},
	Info:    {"info", blue},
	Hint:    {"hint", cyan},
}

// String is the level's name as printed; a value that is no level is an error.
func (l Level) String() string { return levels[l.known()].name }

func (l Level) style() style { return levels[l.known()].style }

// known maps a value that is no level to the most serious one, so that it is not overlooked.
func (l Level) known() Level {
	if int(l) >= len(levels) {
		return Error
	}
	return l
}

// Message is one finding with everything that explains it.
type Message struct {
	Level Level
	Code  string // such as "E0038"; "" for none
	Text  string // may have several lines

	// Highlights are byte ranges of Text, ascending and disjoint, that are coloured because the reader should compare
	// them, such as two types. A finding whose own text has highlights is not printed bold, as in rustc.
	Highlights []source.Span

	// Spans are the places the message talks about. Those in the file of the first primary span are shown first. rustc
	// lists primary spans without a label last; the order matters where the marks of a line meet.
	Spans []Span

	// Children are notes and helps. One with spans gets a header of its own; one without is set under what precedes it.
	// A child's Code, Children and Suggestions are not printed.
	Children []Message

	Suggestions []Suggestion
}

// Span is a place in a file, [Start, End) in bytes of the file on disk. Offsets past the end mean the end.
type Span struct {
	File       string // the path as it is printed and as the Files know it
	Start, End uint32
	Primary    bool   // where the problem is ("^^^"), not what it has to do with ("---")
	Label      string // "" for none

	// Position is where Start lies. It is used only if the file's text cannot be read; the zero Position means that the
	// place is not known, and only the path is printed.
	Position source.Position
}

// Visibility says how a suggestion is shown.
type Visibility uint8

const (
	// ShowCode prints a short lone suggestion as a label with its new text, and every other as a patch.
	ShowCode Visibility = iota
	// ShowPatch always prints a patch.
	ShowPatch
	// HideInline is ShowCode, but a label does not show the new text.
	HideInline
	// HideCode prints the message alone.
	HideCode
	// ToolOnly prints nothing: the suggestion is for editors.
	ToolOnly
)

// Suggestion is a change that would solve the problem, or several of which any one would.
type Suggestion struct {
	Message       string
	Visibility    Visibility
	Substitutions []Substitution // alternatives; at most four are printed
}

// Substitution is one way to change the code: edits that belong together and do not overlap.
type Substitution struct {
	Edits []Edit
}

// Edit replaces the bytes [Start, End) of a file by NewText.
type Edit struct {
	File       string
	Start, End uint32
	NewText    string
}
