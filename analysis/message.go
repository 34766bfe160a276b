package analysis

import (
	"github.com/afidt-lsp/afidt-lsp/analysis/report"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
)

// Texts are the files that messages point into, by the path that display prints.
func (s *Session) Texts(display func(path string) string) *report.Files {
	byPath := map[string][]byte{}
	for _, f := range s.Snapshot.Files {
		byPath[display(f.Path)] = f.Text
	}
	return report.NewFiles(func(path string) ([]byte, bool) {
		text, ok := byPath[path]
		if !ok {
			text, ok = s.Snapshot.Text(path)
		}
		return text, ok
	})
}

var levels = map[rules.Severity]report.Level{
	rules.Error: report.Error, rules.Warning: report.Warning, rules.Info: report.Info, rules.Hint: report.Hint,
}

// Message is a finding as it is printed: like rustc's own diagnostic, the explaining places under a note. Paths are those that
// display prints.
func (s *Session) Message(f *rules.Finding, display func(path string) string) report.Message {
	at := func(l rules.Label, primary bool) report.Span {
		whole := l.File.Whole(l.Span)
		return report.Span{
			File: display(l.File.Path), Start: whole.Start, End: whole.End, Primary: primary, Label: l.Text,
			Position: l.File.Position(l.Span.Start),
		}
	}
	code := f.Code
	out := report.Message{
		Level: levels[f.Severity], Code: code, Text: f.Message,
		Spans: []report.Span{at(f.Primary, true)},
	}
	note := report.Message{Level: report.Note, Text: f.Why}
	for _, l := range f.Labels {
		if f.Why == "" {
			out.Spans = append(out.Spans, at(l, false))
			continue
		}
		note.Spans = append(note.Spans, at(l, !l.Context))
	}
	if f.Why != "" {
		out.Children = append(out.Children, note)
	}
	for _, n := range f.Notes {
		out.Children = append(out.Children, report.Message{Level: report.Note, Text: n})
	}
	for _, h := range f.Helps {
		out.Children = append(out.Children, report.Message{Level: report.Help, Text: h})
	}
	return out
}
