package server

import (
	"context"
	"encoding/json"
	"strings"

	"go.lsp.dev/jsonrpc2"

	"github.com/afidt-lsp/afidt-lsp/analysis/report"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/quickfix"
)

// Commands that clients can execute. Each answers with what the client is to show.
const (
	commandReport    = "afidt.report"        // Markdown: all traits of all workspaces
	commandDesugared = "afidt.showDesugared" // Rust: the trait at {textDocument, position}, as the compiler and the announced rules see it
	commandUses      = "afidt.showUses"      // locations: where the trait at {textDocument, position} is written as dyn
	commandExplain   = "afidt.explainRule"   // Markdown: the page of a rule, by name or code, or of a fix, by ID
)

type commandParams struct {
	Command   string            `json:"command"`
	Arguments []json.RawMessage `json:"arguments"`
}

func (s *Server) execute(ctx context.Context, p *commandParams) (any, error) {
	argument := nullID
	if len(p.Arguments) > 0 {
		argument = p.Arguments[0]
	}
	switch p.Command {
	case commandReport:
		return s.reportText(ctx)
	case commandDesugared:
		return atPlace(ctx, p.Command, argument, s.desugared)
	case commandUses:
		return atPlace(ctx, p.Command, argument, s.uses)
	case commandExplain:
		return explain(argument)
	}
	return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%s is not a command of this server", p.Command)
}

// explain is the page of a rule or a fix.
func explain(argument json.RawMessage) (any, error) {
	var name string
	if err := json.Unmarshal(argument, &name); err != nil || name == "" {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%s: give the name or the code of a rule, or the ID of a fix", commandExplain)
	}
	if r := rules.Find(name); r != nil {
		return r.Page(), nil
	}
	if f := quickfix.Find(strings.ToLower(name)); f != nil {
		return f.Page(), nil
	}
	return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%s: there is no rule or fix `%s`", commandExplain, name)
}

// atPlace runs a command about a place in an open document. An argument that names none is an error: null, as an answer, says that
// no trait stands there.
func atPlace[P any](ctx context.Context, command string, argument json.RawMessage, run func(context.Context, *P) (any, error)) (any, error) {
	var p struct {
		documentParams
		Position struct {
			Line, Character *uint32
		} `json:"position"`
	}
	if err := json.Unmarshal(argument, &p); err != nil || p.TextDocument.URI == "" || p.Position.Line == nil || p.Position.Character == nil {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%s: give {textDocument: {uri}, position: {line, character}}", command)
	}
	if momentOf(ctx).docs[keyOf(p.TextDocument.URI)] == nil {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%s: %s is not open", command, p.TextDocument.URI)
	}
	return typed(run)(ctx, argument)
}

// reportText is the report on all workspaces, in Markdown.
func (s *Server) reportText(ctx context.Context) (any, error) {
	var text strings.Builder
	for _, p := range momentOf(ctx).spaces {
		if err := p.idle(ctx); err != nil {
			return nil, err
		}
		state := p.view.State()
		if state == nil {
			continue
		}
		if err := (report.Plan{}).Markdown(&text, state.Session().Report(nil)); err != nil {
			return nil, err
		}
	}
	return text.String(), nil
}

// desugared is the trait at a place as the compiler sees it; null if there is none.
func (s *Server) desugared(ctx context.Context, p *positionParams) (any, error) {
	d, space, state, err := s.spaceOf(ctx, p.TextDocument.URI)
	if err != nil || state == nil {
		return nil, err
	}
	found := space.view.Look(state, d.path)
	offset := s.mapper(d).offset(p.Position)
	for i := range found.Traits {
		t := &found.Traits[i]
		if span := t.Def.File().Syntax().Items[t.Def.Item].Span; span.Start <= offset && offset <= span.End {
			return quickfix.Desugar(state.Judge, state.Formats, t.Def), nil
		}
	}
	if x, ok := subjectAt(found, offset); ok && !x.verdict.Trait.File().Std {
		return quickfix.Desugar(state.Judge, state.Formats, x.verdict.Trait), nil
	}
	return nil, nil
}
