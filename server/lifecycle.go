package server

import (
	"cmp"
	"context"
	"encoding/json"
	"path/filepath"
	"slices"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// requests are the methods that are answered.
func (s *Server) requests() map[string]handler {
	return map[string]handler{
		"initialize":                s.initialize,
		"shutdown":                  s.shutdown,
		"textDocument/codeAction":   typed(s.codeActions),
		"codeAction/resolve":        typed(s.resolveAction),
		"textDocument/hover":        typed(s.hover),
		"textDocument/codeLens":     typed(s.codeLenses),
		"textDocument/inlayHint":    typed(s.inlayHints),
		"textDocument/documentLink": typed(s.documentLinks),
		"textDocument/diagnostic":   typed(s.pull),
		"workspace/diagnostic":      typed(s.pullWorkspace),
		"workspace/executeCommand":  typed(s.execute),
		"afidt/idle":                s.waitIdle,
	}
}

// notifications are the methods that are not answered: those that package protocol reads rightly come through its handler. What is
// sent to exit and to cancel a request is the dispatcher's.
func (s *Server) notifications() map[string]handler {
	out := map[string]handler{
		"initialized":                      s.initialized,
		"$/setTrace":                       ignored,
		"textDocument/didOpen":             note(s.didOpen),
		"textDocument/didChange":           note(s.didChange),
		"workspace/didChangeWatchedFiles":  note(s.didChangeWatchedFiles),
		"workspace/didChangeConfiguration": s.didChangeConfiguration,
	}
	read := protocol.ServerHandler(standard{server: s}, nil)
	for _, method := range [...]string{
		protocol.MethodTextDocumentDidClose, protocol.MethodTextDocumentDidSave, protocol.MethodWorkspaceDidChangeWorkspaceFolders,
		protocol.MethodWorkDoneProgressCancel,
	} {
		out[method] = func(ctx context.Context, params json.RawMessage) (any, error) {
			n, err := jsonrpc2.NewNotification(method, params)
			if err != nil {
				return nil, err
			}
			return nil, read(ctx, func(_ context.Context, _ any, err error) error { return err }, n)
		}
	}
	return out
}

// standard is the server as package protocol sees it. Only some notifications come this way; the interface has all methods.
type standard struct {
	protocol.Server
	server *Server
}

func (standard) WorkDoneProgressCancel(context.Context, *protocol.WorkDoneProgressCancelParams) error {
	return nil
}

func ignored(context.Context, json.RawMessage) (any, error) { return nil, nil }

func (s *Server) initialize(_ context.Context, params json.RawMessage) (any, error) {
	c, err := readClient(params)
	if err != nil {
		return nil, invalidParams(err)
	}
	s.client = c
	s.encoding = negotiate(c.Capabilities.General.PositionEncodings)
	s.setPhase(running)
	s.log.Info("initialize", zap.String("client", c.ClientInfo.Name), zap.String("version", c.ClientInfo.Version), zap.String("encoding", string(s.encoding)))
	if c.ProcessID != nil {
		s.watchParent(*c.ProcessID)
	}
	return initializeResult{
		Capabilities: s.capabilities(),
		ServerInfo:   &protocol.ServerInfo{Name: "afidt-lsp", Version: s.opt.Version},
	}, nil
}

// negotiate picks the encoding of columns: utf-8, which is what the engine counts, before what the client prefers.
func negotiate(offered []string) source.Encoding {
	for _, e := range [...]source.Encoding{source.UTF8, source.UTF16, source.UTF32} {
		if slices.Contains(offered, string(e)) {
			return e
		}
	}
	return source.UTF16
}

func (s *Server) capabilities() serverCapabilities {
	var out serverCapabilities
	out.PositionEncoding = string(s.encoding)
	out.TextDocumentSync = &protocol.TextDocumentSyncOptions{
		OpenClose: true, Change: protocol.TextDocumentSyncKindIncremental, Save: &protocol.SaveOptions{},
	}
	out.Workspace = &protocol.ServerCapabilitiesWorkspace{
		WorkspaceFolders: &protocol.ServerCapabilitiesWorkspaceFolders{Supported: true, ChangeNotifications: true},
	}
	out.CodeActionProvider = true
	if s.client.Capabilities.TextDocument.CodeAction.CodeActionLiteralSupport != nil {
		out.CodeActionProvider = protocol.CodeActionOptions{
			CodeActionKinds: []protocol.CodeActionKind{kindQuickFix, kindRewrite, kindFixAll}, ResolveProvider: s.client.resolvesEdits(),
		}
	}
	out.HoverProvider = true
	out.CodeLensProvider = &protocol.CodeLensOptions{}
	out.InlayHintProvider = true
	out.DocumentLinkProvider = &protocol.DocumentLinkOptions{}
	out.ExecuteCommandProvider = &protocol.ExecuteCommandOptions{Commands: []string{commandReport, commandDesugared, commandUses, commandExplain}}
	if s.client.pulls() {
		out.DiagnosticProvider = &diagnosticOptions{Identifier: "afidt", InterFileDependencies: true, WorkspaceDiagnostics: true}
	}
	return out
}

func (s *Server) initialized(context.Context, json.RawMessage) (any, error) {
	for _, path := range s.client.roots() {
		s.openSpace(path)
	}
	s.configure(s.client.Options)
	s.goes(s.register)
	return nil, nil
}

// roots are the folders that the client works on: workspaceFolders, or what stood in its place before LSP 3.6.
func (c *client) roots() []string {
	var out []string
	add := func(path string) {
		if path != "" && !slices.Contains(out, path) {
			out = append(out, path)
		}
	}
	for _, f := range c.WorkspaceFolders {
		add(pathOf(f.URI))
	}
	if len(out) == 0 {
		root := pathOf(c.RootURI)
		if root == "" && filepath.IsAbs(c.RootPath) {
			root = filepath.Clean(c.RootPath)
		}
		add(root)
	}
	return out
}

// register asks the client for the notifications that are registered dynamically.
func (s *Server) register() {
	var all []registration
	if s.client.Capabilities.Workspace.DidChangeWatchedFiles.DynamicRegistration {
		all = append(all, registration{ID: "afidt-files", Method: "workspace/didChangeWatchedFiles", Options: watchers()})
	}
	if s.client.Capabilities.Workspace.DidChangeConfiguration.DynamicRegistration {
		all = append(all, registration{ID: "afidt-configuration", Method: "workspace/didChangeConfiguration", Options: map[string]string{"section": "afidt"}})
	}
	if len(all) == 0 {
		return
	}
	if err := s.ask(s.ctx, "client/registerCapability", map[string]any{"registrations": all}, nil); err != nil {
		s.log.Warn("the client refused a registration", zap.Error(err))
	}
}

func (s *Server) shutdown(context.Context, json.RawMessage) (any, error) {
	s.setPhase(shutDown)
	return nil, nil
}

// watchParent ends the server when the client's process is gone: a client that is killed sends no exit, and its end of the
// pipes may be held open by another process.
func (s *Server) watchParent(pid int) {
	if pid <= 0 {
		return
	}
	isAlive := s.opt.Alive
	if isAlive == nil {
		isAlive = alive
	}
	interval := cmp.Or(s.opt.CheckParent, parentInterval)
	s.goes(func() { s.waitForEnd(pid, isAlive, interval) })
}
