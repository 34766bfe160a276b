package server

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"

	"go.lsp.dev/protocol"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// document is one version of an open buffer. It is immutable.
type document struct {
	uri     string // as the client writes it
	path    string // its key; see keyOf
	version int32
	text    []byte
	buffer  *workspace.Buffer // the text, as the engine has it
	lines   func() *source.LineIndex
}

func newDocument(uri, path string, version int32, text []byte) *document {
	return &document{uri: uri, path: path, version: version, text: text, buffer: workspace.NewBuffer(text), lines: sync.OnceValue(func() *source.LineIndex { return source.NewLineIndex(text) })}
}

// mapper turns bytes of one text into places of the protocol and back.
type mapper struct {
	lines    *source.LineIndex
	encoding source.Encoding
	// bom is the width of a byte order mark that the client counts, because it sent one; on disk nobody counts it.
	bom int
}

func (s *Server) mapper(d *document) mapper {
	return mapper{lines: d.lines(), encoding: s.encoding, bom: bomWidth(d.text, s.encoding)}
}

func bomWidth(text []byte, e source.Encoding) int {
	if !bytes.HasPrefix(text, []byte("\uFEFF")) {
		return 0
	}
	if e == source.UTF8 {
		return len("\uFEFF")
	}
	return 1
}

// offset is the byte that a position means; one out of range is clamped.
func (m mapper) offset(p protocol.Position) uint32 {
	const most = 1 << 30 // clients send the largest number for "the end"
	at := source.Point{Line: int(min(p.Line, most)), Column: int(min(p.Character, most))}
	if at.Line == 0 {
		at.Column = max(0, at.Column-m.bom)
	}
	return m.lines.OffsetAt(at, m.encoding)
}

func (m mapper) position(offset uint32) protocol.Position {
	p := m.lines.Point(offset, m.encoding)
	if p.Line == 0 {
		p.Column += m.bom
	}
	return protocol.Position{Line: uint32(p.Line), Character: uint32(p.Column)}
}

func (m mapper) rangeOf(span source.Span) protocol.Range {
	return protocol.Range{Start: m.position(span.Start), End: m.position(span.End)}
}

func (m mapper) span(r protocol.Range) source.Span {
	span := source.Span{Start: m.offset(r.Start), End: m.offset(r.End)}
	if span.End < span.Start {
		span.Start, span.End = span.End, span.Start
	}
	return span
}

func (s *Server) didOpen(p *didOpenParams) error {
	d := p.TextDocument
	path := keyOf(d.URI)
	if d.LanguageID != "rust" && !strings.HasSuffix(path, ".rs") {
		return nil
	}
	s.setDocument(path, newDocument(strings.Clone(d.URI), path, d.Version, []byte(d.Text)))
	return nil
}

func (s *Server) didChange(p *didChangeParams) error {
	old := s.document(p.TextDocument.URI)
	if old == nil {
		return fmt.Errorf("%s is not open", p.TextDocument.URI)
	}
	d := old
	for _, change := range p.ContentChanges {
		d = newDocument(old.uri, old.path, p.TextDocument.Version, s.apply(d, change))
	}
	if d == old {
		d = newDocument(old.uri, old.path, p.TextDocument.Version, old.text)
	}
	s.setDocument(d.path, d)
	return nil
}

// apply is a document's text after one change.
func (s *Server) apply(d *document, change contentChange) []byte {
	if change.Range == nil {
		return []byte(change.Text)
	}
	span := s.mapper(d).span(*change.Range)
	text := make([]byte, 0, len(d.text)-span.Len()+len(change.Text))
	text = append(text, d.text[:span.Start]...)
	text = append(text, change.Text...)
	return append(text, d.text[span.End:]...)
}

func (m standard) DidSave(_ context.Context, p *protocol.DidSaveTextDocumentParams) error {
	m.server.saved(keyOf(string(p.TextDocument.URI)))
	return nil
}

func (m standard) DidClose(_ context.Context, p *protocol.DidCloseTextDocumentParams) error {
	m.server.setDocument(keyOf(string(p.TextDocument.URI)), nil)
	return nil
}

func (s *Server) document(uri string) *document {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.docs[keyOf(uri)]
}

// setDocument makes d the newest version of the buffer at path; nil closes it. All workspaces hear of it: which of them a
// file belongs to is theirs to know.
func (s *Server) setDocument(path string, d *document) {
	s.mu.Lock()
	old := s.docs[path]
	s.docs = maps.Clone(s.docs)
	if d == nil {
		delete(s.docs, path)
	} else {
		s.docs[path] = d
	}
	spaces := s.spaces
	s.mu.Unlock()
	if d == nil && old == nil {
		return
	}
	var buffer *workspace.Buffer
	if d != nil {
		buffer = d.buffer
	}
	for _, space := range spaces {
		space.edit(path, buffer)
	}
	if d == nil {
		s.publisher.closed(old)
	}
	if (d == nil) != (old == nil) {
		s.settleLoose()
	}
}
