package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"sync"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// publisher knows what was found and what the client has of it. It tells the client what differs, unless the client asks.
type publisher struct {
	server *Server

	mu    sync.Mutex
	files map[string]*published
}

// published is what is known of one file.
type published struct {
	uri   protocol.DocumentURI // by which the client knew it last
	found map[*space]outcome   // a file can belong to several workspaces
	sent  []byte               // what the client has; nil: nothing was sent
}

// outcome is what was found in a file, in places of the protocol: it keeps no text and no state alive.
type outcome struct {
	buffer   *workspace.Buffer // the version; nil: what is on disk
	findings []finding
	seq      uint64 // of the result that they are from
	// calls are the findings of the rules about calls, which are run less often: their places are moved along with edits.
	calls    []finding
	callsSeq uint64
	callsIn  *workspace.Buffer // the version that their places are in: they can come before the findings of the same text
}

// finding is a diagnostic before the client's settings are applied.
type finding struct {
	rule       *rules.Rule
	severity   rules.Severity
	diagnostic protocol.Diagnostic
}

func newPublisher(s *Server) *publisher {
	return &publisher{server: s, files: map[string]*published{}}
}

// put takes note of a result and reports whether it differs from what was known. A result of a text that is no longer the
// document's is dropped: a newer one is on its way.
func (p *publisher) put(from *space, r analysis.Result) (changed bool) {
	found := p.server.findings(p.server.moment(), r.Findings)
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.server.moment() // two goroutines of a space publish: which text is the newest must be looked at with the lock
	d := m.docs[r.Path]
	var buffer *workspace.Buffer
	if d != nil {
		buffer = d.buffer
	}
	if r.State != nil && !r.State.Has(r.Path, buffer) {
		return false
	}
	f := p.files[r.Path]
	if f == nil {
		if len(found) == 0 && d == nil {
			return false
		}
		f = &published{found: map[*space]outcome{}}
		p.files[r.Path] = f
	}
	out := f.found[from]
	if r.AboutCalls {
		if r.Seq < out.callsSeq {
			return false
		}
		out.calls, out.callsSeq, out.callsIn = found, r.Seq, buffer
	} else {
		if r.Seq < out.seq {
			return false
		}
		out.seq = r.Seq
		out.calls, out.callsIn = moved(out.calls, out.callsIn, buffer), buffer
		out.buffer, out.findings = buffer, found
	}
	f.found[from] = out
	return p.publish(m, r.Path, f)
}

// moved are findings at their places after an edit: those behind it keep their distance to the end of the text, those within
// it are gone.
func moved(findings []finding, old, now *workspace.Buffer) []finding {
	if len(findings) == 0 || old == nil || now == nil || old == now {
		return findings
	}
	from, to, delta := analysis.ChangedLines(old.Text, now.Text)
	var out []finding
	for _, f := range findings {
		r := &f.diagnostic.Range
		switch {
		case int(r.End.Line) < from:
		case int(r.Start.Line) > to:
			r.Start.Line, r.End.Line = uint32(int(r.Start.Line)+delta), uint32(int(r.End.Line)+delta)
		default:
			continue
		}
		out = append(out, f)
	}
	return out
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

// again publishes what the settings change.
func (p *publisher) again() {
	m := p.server.moment()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, path := range slices.Sorted(maps.Keys(p.files)) {
		p.publish(m, path, p.files[path])
	}
}

// closed takes note of a buffer that is no more. What is found in the file on disk comes from its workspace.
func (p *publisher) closed(d *document) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.files[d.path]
	if f == nil {
		return
	}
	f.uri = protocol.DocumentURI(d.uri)
	if isVirtual(d.path) {
		clear(f.found)
		p.publish(p.server.moment(), d.path, f)
	}
}

// publish sends what is known of a file if the client has something else. It reports whether that is so; a client that pulls is
// sent nothing.
func (p *publisher) publish(m *moment, path string, f *published) (changed bool) {
	out := publishDiagnosticsParams{URI: m.uri(path), Diagnostics: f.diagnostics(p.server)}
	if d := m.docs[path]; d != nil {
		f.uri = out.URI
		out.Version = &d.version
	} else if f.uri != "" {
		out.URI = f.uri
	}
	if len(out.Diagnostics) == 0 && f.sent == nil && out.Version == nil {
		return false
	}
	if p.server.client.pulls() {
		out.Version = nil
	}
	data, err := json.Marshal(out)
	if err != nil {
		p.server.log.Error("marshaling diagnostics", zap.Error(err))
		return false
	}
	if bytes.Equal(data, f.sent) {
		return false
	}
	f.sent = data
	if !p.server.client.pulls() {
		p.server.notify(protocol.MethodTextDocumentPublishDiagnostics, json.RawMessage(data))
	}
	return true
}

// diagnostics are those of all workspaces of the file, as the settings want them.
func (f *published) diagnostics(s *Server) []protocol.Diagnostic {
	out := []protocol.Diagnostic{}
	settings := s.currentSettings()
	seen := map[string]bool{}
	for _, from := range slices.SortedFunc(maps.Keys(f.found), func(a, b *space) int { return strings.Compare(a.path, b.path) }) {
		o := f.found[from]
		for _, x := range slices.Concat(o.findings, o.calls) {
			severity, wanted := settings.severity(x.rule, x.severity)
			if !wanted || settings.hides(&x) {
				continue
			}
			d := x.diagnostic
			d.Severity = severities[severity]
			if len(f.found) > 1 {
				key := fmt.Sprint(d.Range, d.Code, d.Message)
				if seen[key] {
					continue
				}
				seen[key] = true
			}
			out = append(out, d)
		}
	}
	slices.SortStableFunc(out, func(a, b protocol.Diagnostic) int { return comparePositions(a.Range.Start, b.Range.Start) })
	return out
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

// findings are findings as the protocol has them.
func (s *Server) findings(m *moment, all []rules.Finding) []finding {
	out := make([]finding, 0, len(all))
	accepts := s.client.accepts()
	for i := range all {
		f := &all[i]
		d := protocol.Diagnostic{
			Range: s.rangeIn(m, f.Primary.File, f.Primary.Span), Code: f.Code, Source: "afidt", Message: message(f, accepts.codeDescription),
		}
		if accepts.codeDescription {
			d.CodeDescription = &protocol.CodeDescription{Href: protocol.URI(f.Rule.URL())}
		}
		if accepts.unnecessary && f.Rule.Unnecessary {
			d.Tags = []protocol.DiagnosticTag{protocol.DiagnosticTagUnnecessary}
		}
		if accepts.relatedInformation {
			for _, l := range f.Labels {
				if l.File.Std { // not on the user's disk
					continue
				}
				d.RelatedInformation = append(d.RelatedInformation, protocol.DiagnosticRelatedInformation{
					Location: protocol.Location{URI: m.uri(l.File.Path), Range: s.rangeIn(m, l.File, l.Span)}, Message: l.Text,
				})
			}
		}
		if accepts.data {
			d.Data = diagnosticData{Rule: f.Rule.Name}
		}
		out = append(out, finding{rule: f.Rule, severity: f.Severity, diagnostic: d})
	}
	return out
}

// diagnosticData comes back with code action requests.
type diagnosticData struct {
	Rule string `json:"rule"`
}

// message is the finding in one sentence, and below it the notes, the advice and, for clients that do not link the code, the
// rule's page.
func message(f *rules.Finding, linked bool) string {
	out := f.Message
	for _, n := range f.Notes {
		out += "\nnote: " + n
	}
	for _, h := range f.Helps {
		out += "\nhelp: " + h
	}
	if !linked {
		out += "\nsee " + f.Rule.URL()
	}
	return out
}

// rangeIn is the range of a span of a file.
func (s *Server) rangeIn(m *moment, f *workspace.File, span source.Span) protocol.Range {
	return s.mapperOf(m, f).rangeOf(f.Whole(span))
}

// mapperOf is the mapper of a file of a snapshot.
func (s *Server) mapperOf(m *moment, f *workspace.File) mapper {
	at := mapper{lines: f.Lines(), encoding: s.encoding}
	if m.docs[f.Path] != nil {
		at.bom = bomWidth(f.Text, s.encoding)
	}
	return at
}

// pulled is the answer to a pull: full, or unchanged since the result that the client has.
type pulled struct {
	Kind     string                 `json:"kind"`
	ResultID string                 `json:"resultId"`
	Items    *[]protocol.Diagnostic `json:"items,omitempty"`
	// Of workspace reports.
	URI     protocol.DocumentURI `json:"uri,omitempty"`
	Version *int32               `json:"version,omitempty"`
}

func reportOf(items []protocol.Diagnostic, previous string) (pulled, error) {
	data, err := json.Marshal(items)
	if err != nil {
		return pulled{}, fmt.Errorf("marshaling diagnostics: %w", err)
	}
	h := fnv.New64a()
	h.Write(data)
	id := fmt.Sprintf("%016x", h.Sum64())
	if id == previous {
		return pulled{Kind: "unchanged", ResultID: id}, nil
	}
	return pulled{Kind: "full", ResultID: id, Items: &items}, nil
}

type pullParams struct {
	documentParams
	PreviousResultID string `json:"previousResultId"`
}

// pull answers textDocument/diagnostic: what is found in the text that the document has now. Other files may still be analysed;
// when that changes something here, the client is told to ask again.
func (s *Server) pull(ctx context.Context, p *pullParams) (any, error) {
	path := keyOf(p.TextDocument.URI)
	m := momentOf(ctx)
	d := m.docs[path]
	for _, space := range m.spaces {
		if d == nil || s.publisher.has(path, d) {
			break
		}
		if err := space.idle(ctx); err != nil {
			return nil, err
		}
	}
	if now := s.moment().docs[path]; d != nil && (now == nil || now.buffer != d.buffer) {
		return nil, errStale
	}
	return reportOf(s.publisher.items(path), p.PreviousResultID)
}

// has reports whether a document's text was analysed.
func (p *publisher) has(path string, d *document) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.files[path]
	if f == nil {
		return false
	}
	for _, o := range f.found {
		if o.buffer == d.buffer {
			return true
		}
	}
	return false
}

func (p *publisher) items(path string) []protocol.Diagnostic {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f := p.files[path]; f != nil {
		return f.diagnostics(p.server)
	}
	return []protocol.Diagnostic{}
}

type workspacePullParams struct {
	PreviousResultIDs []struct {
		URI   string `json:"uri"`
		Value string `json:"value"`
	} `json:"previousResultIds"`
}

// pullWorkspace answers workspace/diagnostic when all workspaces are analysed.
func (s *Server) pullWorkspace(ctx context.Context, p *workspacePullParams) (any, error) {
	for _, space := range momentOf(ctx).spaces {
		if err := space.idle(ctx); err != nil {
			return nil, err
		}
	}
	m := s.moment()
	previous := map[string]string{}
	for _, r := range p.PreviousResultIDs {
		previous[keyOf(r.URI)] = r.Value
	}
	s.publisher.mu.Lock()
	defer s.publisher.mu.Unlock()
	out := []pulled{}
	for _, path := range slices.Sorted(maps.Keys(s.publisher.files)) {
		r, err := reportOf(s.publisher.files[path].diagnostics(s), previous[path])
		if err != nil {
			return nil, err
		}
		r.URI = m.uri(path)
		if d := m.docs[path]; d != nil {
			r.Version = &d.version
		}
		out = append(out, r)
	}
	return map[string]any{"items": out}, nil
}

// refresh tells the client that what it was answered may be outdated.
func (s *Server) refresh() {
	c := &s.client.Capabilities.Workspace
	s.goes(func() {
		for _, r := range [...]struct {
			wanted bool
			method string
		}{
			{s.client.pulls() && c.Diagnostics.RefreshSupport, "workspace/diagnostic/refresh"},
			{c.CodeLens.RefreshSupport, "workspace/codeLens/refresh"},
			{c.InlayHint.RefreshSupport, "workspace/inlayHint/refresh"},
		} {
			if !r.wanted {
				continue
			}
			if err := s.ask(s.ctx, r.method, nil, nil); err != nil {
				s.log.Debug("refreshing failed", zap.String("method", r.method), zap.Error(err))
			}
		}
	})
}
