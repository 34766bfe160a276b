package server

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"sync"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// publisher knows what the client has, and tells it what differs.
type publisher struct {
	server *Server

	mu    sync.Mutex
	files map[string]*published
}

// published is what is known of one file.
type published struct {
	uri   protocol.DocumentURI
	found map[*space][]protocol.Diagnostic // a file can belong to several workspaces
	sent  []byte                           // what the client has; nil: nothing was sent
}

func newPublisher(s *Server) *publisher {
	return &publisher{server: s, files: map[string]*published{}}
}

// put takes note of a result and publishes it if the client has something else. A result of a text that is no longer the
// document's is dropped: a newer one is on its way.
func (p *publisher) put(from *space, r analysis.Result) {
	m := p.server.moment()
	if d := m.docs[r.Path]; d != nil && r.State != nil && !r.State.Has(r.Path, d.buffer) {
		return
	}
	diagnostics := p.server.diagnostics(m, r.Findings)
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.files[r.Path]
	if f == nil {
		if len(diagnostics) == 0 && m.docs[r.Path] == nil {
			return
		}
		f = &published{found: map[*space][]protocol.Diagnostic{}}
		p.files[r.Path] = f
	}
	f.found[from] = diagnostics
	p.publish(m, r.Path, f)
}

// forget takes back what was found in a space.
func (p *publisher) forget(from *space) {
	m := p.server.moment()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, path := range slices.Sorted(maps.Keys(p.files)) {
		f := p.files[path]
		if _, ok := f.found[from]; ok {
			delete(f.found, from)
			p.publish(m, path, f)
		}
	}
}

// closed takes back what was found in a buffer that belongs to no workspace.
func (p *publisher) closed(d *document) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.files[d.path]
	if f == nil {
		return
	}
	if !isVirtual(d.path) {
		f.uri = protocol.DocumentURI(d.uri)
		return
	}
	clear(f.found)
	p.publish(p.server.moment(), d.path, f)
}

// publish sends what is known of a file, once.
func (p *publisher) publish(m *moment, path string, f *published) {
	out := publishDiagnosticsParams{URI: m.uri(path), Diagnostics: []protocol.Diagnostic{}}
	if d := m.docs[path]; d != nil {
		f.uri = out.URI
		out.Version = &d.version
	} else if f.uri != "" { // the name that the client knows
		out.URI = f.uri
	}
	seen := map[string]bool{}
	for _, found := range f.found {
		for _, d := range found {
			key, err := json.Marshal(d)
			if err != nil || seen[string(key)] {
				continue
			}
			seen[string(key)] = true
			out.Diagnostics = append(out.Diagnostics, d)
		}
	}
	slices.SortStableFunc(out.Diagnostics, func(a, b protocol.Diagnostic) int { return comparePositions(a.Range.Start, b.Range.Start) })
	if len(out.Diagnostics) == 0 && f.sent == nil && out.Version == nil {
		return
	}
	data, err := json.Marshal(out)
	if err != nil {
		p.server.log.Error("marshaling diagnostics", zap.Error(err))
		return
	}
	if !bytes.Equal(data, f.sent) {
		f.sent = data
		p.server.notify(protocol.MethodTextDocumentPublishDiagnostics, json.RawMessage(data))
	}
}

func comparePositions(a, b protocol.Position) int {
	if a.Line != b.Line {
		return int(a.Line) - int(b.Line)
	}
	return int(a.Character) - int(b.Character)
}

var severities = map[rules.Severity]protocol.DiagnosticSeverity{
	rules.Error: protocol.DiagnosticSeverityError, rules.Warning: protocol.DiagnosticSeverityWarning,
	rules.Info: protocol.DiagnosticSeverityInformation, rules.Hint: protocol.DiagnosticSeverityHint,
}

// diagnostics are findings as the protocol has them.
func (s *Server) diagnostics(m *moment, findings []rules.Finding) []protocol.Diagnostic {
	out := make([]protocol.Diagnostic, 0, len(findings))
	accepts := &s.client.Capabilities.TextDocument.PublishDiagnostics
	for i := range findings {
		f := &findings[i]
		d := protocol.Diagnostic{
			Range: s.rangeIn(m, f.Primary.File, f.Primary.Span), Severity: severities[f.Severity], Code: f.Code,
			Source: "afidt", Message: message(f),
		}
		if accepts.CodeDescriptionSupport {
			d.CodeDescription = &protocol.CodeDescription{Href: protocol.URI(f.Rule.URL())}
		}
		if accepts.RelatedInformation {
			for _, l := range f.Labels {
				if l.File.Std { // not on the user's disk
					continue
				}
				d.RelatedInformation = append(d.RelatedInformation, protocol.DiagnosticRelatedInformation{
					Location: protocol.Location{URI: m.uri(l.File.Path), Range: s.rangeIn(m, l.File, l.Span)}, Message: l.Text,
				})
			}
		}
		if accepts.DataSupport {
			d.Data = diagnosticData{Rule: f.Rule.Name}
		}
		out = append(out, d)
	}
	return out
}

// diagnosticData comes back with code action requests.
type diagnosticData struct {
	Rule string `json:"rule"`
}

// message is the finding in one sentence, and the notes and advice below it.
func message(f *rules.Finding) string {
	out := f.Message
	for _, n := range f.Notes {
		out += "\nnote: " + n
	}
	for _, h := range f.Helps {
		out += "\nhelp: " + h
	}
	return out
}

// rangeIn is the range of a span of a file.
func (s *Server) rangeIn(m *moment, f *workspace.File, span source.Span) protocol.Range {
	at := mapper{lines: f.Lines(), encoding: s.encoding}
	if m.docs[f.Path] != nil {
		at.bom = bomWidth(f.Text, s.encoding)
	}
	return at.rangeOf(span)
}
