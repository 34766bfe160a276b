package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// rustcDiagnostic is a line of rustc's --error-format=json.
type rustcDiagnostic struct {
	Type     string            `json:"$message_type,omitempty"`
	Message  string            `json:"message"`
	Code     *rustcCode        `json:"code"`
	Level    string            `json:"level"`
	Spans    []rustcSpan       `json:"spans,omitempty"`
	Children []rustcDiagnostic `json:"children,omitempty"`
	Rendered string            `json:"rendered,omitempty"`
}

type rustcCode struct {
	Code string `json:"code"`
}

type rustcSpan struct {
	File        string          `json:"file_name"`
	Start       uint32          `json:"byte_start"`
	End         uint32          `json:"byte_end"`
	Line        int             `json:"line_start"`
	Column      int             `json:"column_start"`
	Primary     bool            `json:"is_primary,omitempty"`
	Label       string          `json:"label,omitempty"`
	Replacement *string         `json:"suggested_replacement,omitempty"`
	Expansion   *rustcExpansion `json:"expansion,omitempty"`
}

type rustcExpansion struct {
	CallSite rustcSpan `json:"span"`
	Macro    string    `json:"macro_decl_name"`
	DefSite  rustcSpan `json:"def_site_span"`
}

// readDiagnostics are the diagnostics in rustc's output. Notes about the run as a whole are left out: they are no
// diagnostics of a program.
func readDiagnostics(output []byte) ([]rustcDiagnostic, error) {
	var all []rustcDiagnostic
	for line := range bytes.Lines(output) {
		var d rustcDiagnostic
		if !bytes.HasPrefix(line, []byte("{")) {
			continue
		}
		if err := json.Unmarshal(line, &d); err != nil {
			return nil, fmt.Errorf("reading rustc's output %.100q: %w", line, err)
		}
		summary := len(d.Spans) == 0 && (strings.HasPrefix(d.Message, "aborting due to ") || strings.HasSuffix(d.Message, " emitted"))
		if d.Type == "diagnostic" && d.Level != "failure-note" && !summary {
			d.Type = ""
			all = append(all, d)
		}
	}
	return all, nil
}

var rustcLevels = map[string]Level{"error": Error, "warning": Warning, "note": Note, "help": Help}

// converter turns a rustc diagnostic into a Message. The JSON does not carry everything that rustc prints from; what it
// lacks is read off the printed text: how a suggestion is shown, which words are highlighted, where a macro comes from.
type converter struct {
	text     func(file string) ([]byte, bool)
	rendered []styledLine
	grouping grouping
}

// grouping is a way to tell a suggestion's alternatives apart: the JSON lists the edits of all of them in a row.
type grouping int

const (
	byOrder   grouping = iota // an edit that is not behind the one before it begins a new alternative
	together                  // there are no alternatives
	separate                  // every edit is one
	groupings                 // the number of groupings
)

func (c *converter) message(d rustcDiagnostic) Message {
	m := Message{Level: rustcLevels[d.Level], Text: d.Message, Highlights: c.highlights(d.Message), Spans: c.spans(d.Spans)}
	if d.Code != nil && d.Code.Code != "" && !isLint(d.Code.Code) {
		m.Code = d.Code.Code
	}
	for _, child := range d.Children {
		if isSuggestion(child) {
			m = c.addSuggestion(m, child, d.Children)
			continue
		}
		m.Children = append(m.Children, Message{
			Level: rustcLevels[child.Level], Text: child.Message, Highlights: c.highlights(child.Message), Spans: c.spans(child.Spans),
		})
	}
	if origin := c.macroOrigin(); origin != "" {
		m.Children = append(m.Children, Message{Level: Note, Text: origin})
	}
	return m
}

// isLint reports whether a code is the name of a lint, which rustc does not print.
func isLint(code string) bool { return strings.ToUpper(code) != code }

func isSuggestion(d rustcDiagnostic) bool {
	return slices.ContainsFunc(d.Spans, func(s rustcSpan) bool { return s.Replacement != nil })
}

// spans converts spans; one in a macro of another crate is moved to where the macro is used, and one in a macro of this
// crate gets a label there.
func (c *converter) spans(spans []rustcSpan) []Span {
	var converted, invocations []Span
	for _, s := range spans {
		s = c.localized(s)
		converted = append(converted, convertSpan(s, s.Primary, s.Label))
		if call, ok := c.invocation(s); ok && s.Primary && !slices.Contains(invocations, call) {
			invocations = append(invocations, call)
		}
	}
	for _, call := range invocations {
		converted = addLabel(converted, call)
	}
	return converted
}

func convertSpan(s rustcSpan, primary bool, label string) Span {
	return Span{
		File: s.File, Start: s.Start, End: s.End, Primary: primary, Label: label,
		Position: source.Position{Line: s.Line, Column: s.Column},
	}
}

// local reports whether a file belongs to the program.
func (c *converter) local(file string) bool {
	_, ok := c.text(file)
	return ok
}

// lineEnd reports whether a part of a file is nothing but the end of a line, with blanks.
func (c *converter) lineEnd(file string, start, end uint32) bool {
	text, ok := c.text(file)
	part := source.Span{Start: start, End: end}.Of(text)
	return ok && bytes.ContainsRune(part, '\n') && len(bytes.TrimSpace(part)) == 0
}

func (c *converter) localized(s rustcSpan) rustcSpan {
	for at := s; at.Expansion != nil && !c.local(s.File); {
		at = at.Expansion.CallSite
		if c.local(at.File) {
			at.Primary, at.Label, at.Replacement = s.Primary, s.Label, s.Replacement
			return at
		}
	}
	return s
}

// invocation is the use of the outermost macro that s comes from, unless s is a part of it.
func (c *converter) invocation(s rustcSpan) (Span, bool) {
	var outermost *rustcExpansion
	for e := s.Expansion; e != nil; e = e.CallSite.Expansion {
		if dummy := e.DefSite.Start == 0 && e.DefSite.End == 0; !dummy {
			outermost = e
		}
	}
	if outermost == nil {
		return Span{}, false
	}
	call := outermost.CallSite
	if call.File == s.File && call.Start <= s.Start && s.End <= call.End {
		return Span{}, false
	}
	label := "in this macro invocation"
	switch name := outermost.Macro; {
	case strings.HasPrefix(name, "#[derive("):
		label = "in this derive macro expansion"
	case strings.HasPrefix(name, "#["):
		label = "in this attribute macro expansion"
	case strings.HasPrefix(name, "desugaring of "):
		label = "in this " + strings.TrimPrefix(name, "desugaring of ") + " desugaring"
	}
	return convertSpan(call, false, label), true
}

var macroOrigin = regexp.MustCompile(`^ *= note: (this (?:error|warning) originates in the .*)$`)

func (c *converter) macroOrigin() string {
	for _, line := range c.rendered {
		if m := macroOrigin.FindStringSubmatch(line.text); m != nil {
			return m[1]
		}
	}
	return ""
}

// remarks are what rustc adds to the message of a suggestion whose new text looks like the old one.
var remarks = []string{" (notice the capitalization)", " (notice the digit/letter confusion)", " (notice the capitalization and digit/letter confusion)"}

// addSuggestion adds a suggestion to m. One that is printed as a label with a remark, which does not count for what makes
// a suggestion short, is added as a label.
func (c *converter) addSuggestion(m Message, d rustcDiagnostic, siblings []rustcDiagnostic) Message {
	s := Suggestion{Message: d.Message, Visibility: c.visibility(d.Message, siblings)}
	var edits []Edit
	for _, span := range d.Spans {
		span = c.localized(span)
		edits = append(edits, c.asPrinted(m, Edit{File: span.File, Start: span.Start, End: span.End, NewText: *span.Replacement}))
	}
	s.Substitutions = alternatives(edits, c.grouping)
	for _, remark := range remarks {
		message := d.Message + remark
		switch c.visibility(message, siblings) {
		case ShowPatch:
			s.Message, s.Visibility = message, ShowPatch
		case ShowCode:
			e := edits[0]
			label := "help: " + message + ": `" + strings.TrimSpace(e.NewText) + "`"
			m.Spans = addLabel(m.Spans, Span{File: e.File, Start: e.Start, End: e.End, Label: label})
			return m
		}
	}
	m.Suggestions = append(m.Suggestions, s)
	return m
}

// asPrinted undoes what rustc does to the removal of a line for the JSON alone: it lets it take the line end along.
func (c *converter) asPrinted(m Message, e Edit) Edit {
	for _, s := range m.Spans {
		if e.NewText == "" && s.Primary && s.File == e.File && s.Start == e.Start && s.End < e.End && c.lineEnd(e.File, s.End, e.End) {
			e.End = s.End
		}
	}
	return e
}

func alternatives(edits []Edit, by grouping) []Substitution {
	var all []Substitution
	for i, e := range edits {
		begins := i == 0
		switch by {
		case byOrder:
			begins = begins || e.Start <= edits[i-1].Start || e.File != edits[i-1].File
		case separate:
			begins = true
		}
		if begins {
			all = append(all, Substitution{})
		}
		last := &all[len(all)-1]
		last.Edits = append(last.Edits, e)
	}
	return all
}

// visibility is how the printed text shows a suggestion.
func (c *converter) visibility(message string, siblings []rustcDiagnostic) Visibility {
	first, _, _ := strings.Cut(message, "\n")
	note := slices.ContainsFunc(siblings, func(d rustcDiagnostic) bool { return d.Message == message && !isSuggestion(d) })
	for _, line := range c.rendered {
		switch _, after, found := strings.Cut(line.text, "help: "+first); {
		case !found:
		case strings.HasPrefix(line.text, "help: "+first):
			return ShowPatch
		case strings.HasPrefix(strings.TrimLeft(line.text, " "), "= help: ") && after == "":
			if !note {
				return HideCode
			}
		case strings.HasPrefix(after, ": `"):
			return ShowCode
		case after == "":
			return HideInline
		}
	}
	return ToolOnly
}

// highlights are the words of a text that are printed in magenta.
func (c *converter) highlights(text string) []source.Span {
	lines := strings.Split(text, "\n")
	at := slices.IndexFunc(c.rendered, func(l styledLine) bool {
		return strings.HasSuffix(l.text, ": "+lines[0]) && slices.Contains(l.styles, sgr[magenta]) ||
			strings.HasSuffix(l.text, ": "+lines[0]) && len(lines) > 1
	})
	if at < 0 || at+len(lines) > len(c.rendered) {
		return nil
	}
	var spans []source.Span
	offset := uint32(0)
	for i, line := range lines {
		printed := c.rendered[at+i]
		if !strings.HasSuffix(printed.text, line) {
			return nil
		}
		styles := printed.styles[len(printed.styles)-len(line):]
		runs := printed.runs[len(printed.runs)-len(line):]
		for j := range line {
			if styles[j] != sgr[magenta] {
				continue
			}
			here := offset + uint32(j)
			if n := len(spans); n > 0 && spans[n-1].End == here && (j == 0 || runs[j] == runs[j-1]) {
				spans[n-1].End = here + 1
				continue
			}
			spans = append(spans, source.Span{Start: here, End: here + 1})
		}
		offset += uint32(len(line)) + 1
	}
	return spans
}

// styledLine is a line of coloured output.
type styledLine struct {
	text   string
	styles []string // for each byte of text, the escapes that it is printed with
	runs   []int    // for each byte of text, how many resets precede it
}

// styledLines parses coloured output.
func styledLines(rendered string) []styledLine {
	var lines []styledLine
	var text strings.Builder
	var styles []string
	var runs []int
	current, resets := "", 0
	for i := 0; i < len(rendered); i++ {
		if end := strings.IndexByte(rendered[i:], 'm'); strings.HasPrefix(rendered[i:], "\x1b[") && end > 0 {
			escape := rendered[i : i+end+1]
			current += escape
			if escape == sgrReset {
				current = ""
				resets++
			}
			i += end
			continue
		}
		if rendered[i] == '\n' {
			lines = append(lines, styledLine{text.String(), styles, runs})
			text.Reset()
			styles, runs = nil, nil
			continue
		}
		text.WriteByte(rendered[i])
		styles = append(styles, current)
		runs = append(runs, resets)
	}
	return lines
}

// withoutColors is coloured output as it is printed without colours.
func withoutColors(rendered string) string {
	var b strings.Builder
	for _, line := range styledLines(rendered) {
		b.WriteString(line.text)
		b.WriteByte('\n')
	}
	return b.String()
}
