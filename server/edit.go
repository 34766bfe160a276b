package server

import (
	"go.lsp.dev/protocol"

	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/quickfix"
)

// workspaceEdit is protocol.WorkspaceEdit with versions that may be null and edits that may be annotated.
type workspaceEdit struct {
	Changes           map[protocol.DocumentURI][]textEdit `json:"changes,omitempty"`
	DocumentChanges   []textDocumentEdit                  `json:"documentChanges,omitempty"`
	ChangeAnnotations map[string]changeAnnotation         `json:"changeAnnotations,omitempty"`

	id string // of the fix; not sent
}

type textDocumentEdit struct {
	TextDocument struct {
		URI protocol.DocumentURI `json:"uri"`
		// Version is null for a file that is not open; a client drops the edit if the field is missing.
		Version *int32 `json:"version"`
	} `json:"textDocument"`
	Edits []textEdit `json:"edits"`
}

type textEdit struct {
	Range        protocol.Range `json:"range"`
	NewText      string         `json:"newText"`
	AnnotationID string         `json:"annotationId,omitempty"`
}

type changeAnnotation struct {
	Label             string `json:"label"`
	NeedsConfirmation bool   `json:"needsConfirmation"`
	Description       string `json:"description,omitempty"`
}

// annotation is the id of the only annotation of an edit.
const annotation = "afidt"

// edit is what a fix changes, in the form that the client understands. A fix that may be wrong is annotated where the client
// shows that, so that it is looked at first.
func (f *fixer) edit(edits []quickfix.Edit, title string, how quickfix.Applicability) *workspaceEdit {
	out := &workspaceEdit{}
	capabilities := &f.server.client.Capabilities.Workspace.WorkspaceEdit
	annotated := capabilities.DocumentChanges && capabilities.ChangeAnnotationSupport != nil &&
		(how == quickfix.MaybeIncorrect || how == quickfix.HasPlaceholders)
	if annotated {
		out.ChangeAnnotations = map[string]changeAnnotation{annotation: {Label: title, NeedsConfirmation: false, Description: string(how)}}
	}
	files := map[string]*workspace.File{}
	for _, file := range f.session.Snapshot.Files {
		files[file.Path] = file
	}
	places := map[string]int{}
	for _, e := range edits {
		file := files[e.Path]
		if file == nil {
			continue
		}
		te := textEdit{Range: f.server.rangeIn(f.moment, file, e.Span), NewText: e.New}
		if annotated {
			te.AnnotationID = annotation
		}
		uri := f.moment.uri(e.Path)
		if !capabilities.DocumentChanges {
			if out.Changes == nil {
				out.Changes = map[protocol.DocumentURI][]textEdit{}
			}
			out.Changes[uri] = append(out.Changes[uri], te)
			continue
		}
		i, ok := places[e.Path]
		if !ok {
			i = len(out.DocumentChanges)
			places[e.Path] = i
			var d textDocumentEdit
			d.TextDocument.URI = uri
			if open := f.moment.docs[e.Path]; open != nil {
				d.TextDocument.Version = &open.version
			}
			out.DocumentChanges = append(out.DocumentChanges, d)
		}
		out.DocumentChanges[i].Edits = append(out.DocumentChanges[i].Edits, te)
	}
	return out
}
