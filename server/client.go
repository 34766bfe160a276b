package server

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"

	"go.lsp.dev/protocol"
)

// client is what a client says of itself in initialize. Only what this server looks at is read, and what does not read as
// expected counts as not said: several clients send `[]` for an empty object.
type client struct {
	ProcessID  *int `json:"processId"`
	ClientInfo struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	} `json:"clientInfo"`
	RootPath         string          `json:"rootPath"`
	RootURI          string          `json:"rootUri"`
	WorkspaceFolders []folder        `json:"workspaceFolders"`
	Options          json.RawMessage `json:"initializationOptions"`
	WorkDoneToken    json.RawMessage `json:"workDoneToken"`
	Capabilities     capabilities    `json:"capabilities"`
}

type folder struct {
	URI  string `json:"uri"`
	Name string `json:"name"`
}

// dynamic is a capability that can be registered after initialize.
type dynamic struct {
	DynamicRegistration bool `json:"dynamicRegistration"`
}

type refreshable struct {
	RefreshSupport bool `json:"refreshSupport"`
}

type capabilities struct {
	General struct {
		PositionEncodings []string `json:"positionEncodings"`
	} `json:"general"`
	Window struct {
		WorkDoneProgress bool `json:"workDoneProgress"`
		ShowDocument     struct {
			Support bool `json:"support"`
		} `json:"showDocument"`
	} `json:"window"`
	Workspace struct {
		ApplyEdit     bool `json:"applyEdit"`
		WorkspaceEdit struct {
			DocumentChanges         bool     `json:"documentChanges"`
			ResourceOperations      []string `json:"resourceOperations"`
			ChangeAnnotationSupport *struct {
				GroupsOnLabel bool `json:"groupsOnLabel"`
			} `json:"changeAnnotationSupport"`
		} `json:"workspaceEdit"`
		DidChangeConfiguration dynamic     `json:"didChangeConfiguration"`
		DidChangeWatchedFiles  dynamic     `json:"didChangeWatchedFiles"`
		Configuration          bool        `json:"configuration"`
		WorkspaceFolders       bool        `json:"workspaceFolders"`
		CodeLens               refreshable `json:"codeLens"`
		InlayHint              refreshable `json:"inlayHint"`
		Diagnostics            refreshable `json:"diagnostics"`
	} `json:"workspace"`
	TextDocument struct {
		PublishDiagnostics struct {
			RelatedInformation     bool        `json:"relatedInformation"`
			CodeDescriptionSupport bool        `json:"codeDescriptionSupport"`
			DataSupport            bool        `json:"dataSupport"`
			TagSupport             *tagSupport `json:"tagSupport"`
		} `json:"publishDiagnostics"`
		Diagnostic *struct {
			RelatedDocumentSupport bool `json:"relatedDocumentSupport"`
			// What LSP 3.18 added, with which a client says of pulled diagnostics what it says of pushed ones above.
			RelatedInformation     *bool       `json:"relatedInformation"`
			CodeDescriptionSupport *bool       `json:"codeDescriptionSupport"`
			DataSupport            *bool       `json:"dataSupport"`
			TagSupport             *tagSupport `json:"tagSupport"`
		} `json:"diagnostic"`
		CodeAction struct {
			CodeActionLiteralSupport *struct{} `json:"codeActionLiteralSupport"`
			IsPreferredSupport       bool      `json:"isPreferredSupport"`
			DisabledSupport          bool      `json:"disabledSupport"`
			DataSupport              bool      `json:"dataSupport"`
			ResolveSupport           struct {
				Properties []string `json:"properties"`
			} `json:"resolveSupport"`
			HonorsChangeAnnotations bool `json:"honorsChangeAnnotations"`
		} `json:"codeAction"`
		Hover struct {
			ContentFormat []string `json:"contentFormat"`
		} `json:"hover"`
	} `json:"textDocument"`
}

// readClient reads the parameters of initialize.
func readClient(params json.RawMessage) (client, error) {
	var c client
	err := lenient(params, &c)
	return c, err
}

// lenient decodes JSON and leaves out what has another type than expected. The error is that of text that is no JSON.
func lenient(text json.RawMessage, to any) error {
	err := json.Unmarshal(raw(text), to)
	if typed := (*json.UnmarshalTypeError)(nil); errors.As(err, &typed) {
		return nil
	}
	return err
}

// pulls reports whether the client asks for diagnostics itself; nothing is pushed to one that does.
func (c *client) pulls() bool { return c.Capabilities.TextDocument.Diagnostic != nil }

// resolvesEdits reports whether the client asks for an action's edit when the user chose the action. lsp-mode, which calls itself
// emacs, asks all servers of the buffer that can resolve, and takes the list of their answers for one: it gets its edits at once.
func (c *client) resolvesEdits() bool {
	a := &c.Capabilities.TextDocument.CodeAction
	return c.ClientInfo.Name != "emacs" && a.DataSupport && slices.Contains(a.ResolveSupport.Properties, "edit")
}

// markdown reports whether the client shows hovers in Markdown.
func (c *client) markdown() bool {
	return slices.Contains(c.Capabilities.TextDocument.Hover.ContentFormat, "markdown")
}

// accepted is what a client understands of diagnostics.
type accepted struct{ relatedInformation, codeDescription, data, unnecessary bool }

// tagSupport are the tags of diagnostics that a client shows.
type tagSupport struct {
	ValueSet []protocol.DiagnosticTag `json:"valueSet"`
}

// accepts joins what the client says of pushed and, since LSP 3.18, of pulled diagnostics.
func (c *client) accepts() accepted {
	t := &c.Capabilities.TextDocument
	push := &t.PublishDiagnostics
	out := accepted{relatedInformation: push.RelatedInformation, codeDescription: push.CodeDescriptionSupport, data: push.DataSupport}
	tags := push.TagSupport
	if d := t.Diagnostic; d != nil {
		set := func(to *bool, said *bool) {
			if said != nil {
				*to = *said
			}
		}
		set(&out.relatedInformation, d.RelatedInformation)
		set(&out.codeDescription, d.CodeDescriptionSupport)
		set(&out.data, d.DataSupport)
		tags = cmp.Or(d.TagSupport, tags)
	}
	out.unnecessary = tags != nil && slices.Contains(tags.ValueSet, protocol.DiagnosticTagUnnecessary)
	return out
}
