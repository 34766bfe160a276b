package server

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/quickfix"
)

// Kinds of code actions.
const (
	kindQuickFix = "quickfix"
	kindRewrite  = "refactor.rewrite"
	kindFixAll   = "source.fixAll.afidt"
)

type codeActionParams struct {
	documentParams
	Range   protocol.Range `json:"range"`
	Context struct {
		Diagnostics []foreignDiagnostic `json:"diagnostics"`
		Only        []string            `json:"only"`
		TriggerKind int                 `json:"triggerKind"` // 1 invoked, 2 automatic; 0 before LSP 3.17
	} `json:"context"`
}

// foreignDiagnostic is a diagnostic as the client sends it back, ours or somebody else's.
type foreignDiagnostic struct {
	Range protocol.Range  `json:"range"`
	Code  json.RawMessage `json:"code"`
	raw   json.RawMessage
}

func (d *foreignDiagnostic) UnmarshalJSON(text []byte) error {
	type plain foreignDiagnostic
	d.raw = slices.Clone(text)
	return lenient(text, (*plain)(d))
}

func (d foreignDiagnostic) MarshalJSON() ([]byte, error) { return d.raw, nil }

// code is the diagnostic's code as a text; VS Code sends an object for linked ones.
func (d *foreignDiagnostic) code() string {
	var text string
	if json.Unmarshal(d.Code, &text) == nil {
		return text
	}
	var linked struct {
		Value string `json:"value"`
	}
	_ = lenient(raw(d.Code), &linked) // a number is no code of ours
	return linked.Value
}

// ourCodes are the codes of rustc's errors that our fixes cure too.
var ourCodes = map[string]bool{"E0038": true, "E0191": true, "E0195": true, "E0225": true, "E0393": true, "E0733": true}

// codeAction is protocol.CodeAction with edits that can hold all that ours do.
type codeAction struct {
	Title       string              `json:"title"`
	Kind        string              `json:"kind"`
	Diagnostics []foreignDiagnostic `json:"diagnostics,omitempty"`
	IsPreferred bool                `json:"isPreferred,omitempty"`
	Disabled    *disabled           `json:"disabled,omitempty"`
	Edit        *workspaceEdit      `json:"edit,omitempty"`
	Data        *actionData         `json:"data,omitempty"`
}

type disabled struct {
	Reason string `json:"reason"`
}

// actionData says which action is meant when its edit is asked for.
type actionData struct {
	URI     string `json:"uri"`
	Version int32  `json:"version"`
	Kind    string `json:"kind"`
	ID      string `json:"id"`
	// At is a byte of the document at which the action is offered.
	At uint32 `json:"at"`
	// All is set for the action that applies a fix throughout the document.
	All bool `json:"all,omitempty"`
}

// wants reports whether a client that asks for some kinds wants one: kinds are hierarchical. Source actions change files as a
// whole and are given only to who asks for them.
func wants(only []string, kind string) bool {
	if len(only) == 0 {
		return !strings.HasPrefix(kind, "source.")
	}
	return slices.ContainsFunc(only, func(o string) bool {
		return o == "" && !strings.HasPrefix(kind, "source.") || o == kind || strings.HasPrefix(kind, o+".") && o != ""
	})
}

// fixer offers actions for one document at one state.
type fixer struct {
	server   *Server
	moment   *moment
	document *document
	state    *analysis.State
	session  *analysis.Session
	fixes    *quickfix.Workspace
	mapper   mapper
}

// fixer is nil if the document belongs to no workspace.
func (s *Server) fixer(ctx context.Context, uri string) (*fixer, error) {
	d, _, state, err := s.spaceOf(ctx, uri)
	if err != nil || state == nil {
		return nil, err
	}
	return s.fixerOf(ctx, d, state)
}

func (s *Server) fixerOf(ctx context.Context, d *document, state *analysis.State) (*fixer, error) {
	session := state.Session()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	style := []string(s.currentSettings().Fix.Style)
	if len(style) == 0 {
		style = session.Config.FixStyle
	}
	w, err := quickfix.NewIn(session, style, d.path)
	if err != nil {
		return nil, err
	}
	return &fixer{server: s, moment: momentOf(ctx), document: d, state: state, session: session, fixes: w, mapper: s.mapper(d)}, nil
}

func (s *Server) codeActions(ctx context.Context, p *codeActionParams) (any, error) {
	out := []codeAction{}
	d, space, state, err := s.spaceOf(ctx, p.TextDocument.URI)
	if err != nil || state == nil {
		return out, err
	}
	fixes := wants(p.Context.Only, kindQuickFix) || wants(p.Context.Only, kindRewrite)
	if !wants(p.Context.Only, kindFixAll) {
		cured := slices.ContainsFunc(p.Context.Diagnostics, func(x foreignDiagnostic) bool { return ourCodes[x.code()] })
		if !fixes || !cured && !concerned(space.view, state, d.path, s.mapper(d).span(p.Range)) {
			return out, nil
		}
	}
	f, err := s.fixerOf(ctx, d, state)
	if err != nil {
		return nil, err
	}
	if fixes {
		f.fixes.Draft = s.client.resolvesEdits()
		out = f.at(ctx, p)
		if f.fixes.Draft {
			space.findValues(state, f.fixes)
		}
	}
	if wants(p.Context.Only, kindFixAll) {
		if f.fixes.Draft { // nothing of a draft is applied
			if f, err = s.fixerOf(ctx, d, state); err != nil {
				return nil, err
			}
		}
		if edits := f.fixAll(ctx, ""); len(edits) > 0 {
			a := codeAction{Title: "Fix all that afidt can fix without asking", Kind: kindFixAll}
			f.attach(&a, actionData{ID: "", All: true, Kind: kindFixAll}, edits, "")
			out = append(out, a)
		}
	}
	return out, nil
}

// at are the actions at a range: those of the findings that touch it, then those of what stands at its ends and where
// others found something that ours cures.
func (f *fixer) at(ctx context.Context, p *codeActionParams) []codeAction {
	var out []codeAction
	span := f.mapper.span(p.Range)
	type key struct {
		id    string
		edits string
	}
	place := map[key]int{}
	add := func(a quickfix.Action, at uint32, cured []foreignDiagnostic) {
		if !wants(p.Context.Only, a.Kind) {
			return
		}
		k := key{a.ID, fmt.Sprint(a.Edits)}
		if i, ok := place[k]; ok {
			for _, d := range cured {
				if !slices.ContainsFunc(out[i].Diagnostics, func(e foreignDiagnostic) bool { return string(e.raw) == string(d.raw) }) {
					out[i].Diagnostics = append(out[i].Diagnostics, d)
				}
			}
			return
		}
		action := codeAction{Title: a.Title, Kind: a.Kind, Diagnostics: cured, IsPreferred: a.Preferred}
		if a.BlockedBy != "" {
			if !f.server.client.Capabilities.TextDocument.CodeAction.DisabledSupport || p.Context.TriggerKind != 1 {
				return
			}
			action.Disabled = &disabled{Reason: a.BlockedBy}
		} else {
			f.attach(&action, actionData{ID: a.ID, Kind: a.Kind, At: at}, a.Edits, a.Applicability)
		}
		place[k] = len(out)
		out = append(out, action)
	}
	findings := f.findings()
	for i := range findings {
		primary := findings[i].Primary.Span
		if primary.Start > span.End || span.Start > primary.End {
			continue
		}
		cured := f.cured(p, findings[i].Code, primary)
		for _, a := range quickfix.For(f.fixes, &findings[i]) {
			add(a, primary.Start, cured)
		}
	}
	for _, offset := range f.offsets(p, span) {
		for _, a := range quickfix.At(f.fixes, f.document.path, offset) {
			add(a, offset, f.foreignAt(p, offset))
		}
	}
	return f.withFixAll(ctx, out, findings)
}

// offsets are the places to look at.
func (f *fixer) offsets(p *codeActionParams, span source.Span) []uint32 {
	out := []uint32{span.Start, span.End}
	for i := range p.Context.Diagnostics {
		if d := &p.Context.Diagnostics[i]; ourCodes[d.code()] {
			out = append(out, f.mapper.span(d.Range).Start)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// cured are the diagnostics of the request that say what a finding says: the same code, in touching ranges.
func (f *fixer) cured(p *codeActionParams, code string, at source.Span) []foreignDiagnostic {
	var out []foreignDiagnostic
	for _, d := range p.Context.Diagnostics {
		if span := f.mapper.span(d.Range); d.code() == code && span.Start <= at.End && at.Start <= span.End {
			out = append(out, d)
		}
	}
	return out
}

// foreignAt are the diagnostics of the request, of errors that our fixes cure, at an offset.
func (f *fixer) foreignAt(p *codeActionParams, offset uint32) []foreignDiagnostic {
	var out []foreignDiagnostic
	for _, d := range p.Context.Diagnostics {
		if span := f.mapper.span(d.Range); ourCodes[d.code()] && span.Start <= offset && offset <= span.End {
			out = append(out, d)
		}
	}
	return out
}

// findings are those of the document that the settings want.
func (f *fixer) findings() []rules.Finding {
	settings := f.server.currentSettings()
	return slices.DeleteFunc(f.session.FindingsIn(f.document.path), func(x rules.Finding) bool {
		_, wanted := settings.severity(x.Rule, x.Severity)
		return !wanted
	})
}

// withFixAll adds, for each action that cures some of several findings of the document, the one that cures them all. What a fix of a
// whole trait writes cures all that is about the trait by itself.
func (f *fixer) withFixAll(ctx context.Context, actions []codeAction, findings []rules.Finding) []codeAction {
	different := map[string]map[string]bool{} // of the fixes of the actions, what they would write
	for i := range actions {
		if a := &actions[i]; a.Disabled == nil && a.Kind == kindQuickFix && a.id() != "" {
			different[a.id()] = map[string]bool{}
		}
	}
	if len(different) == 0 {
		return actions
	}
	for i := range findings {
		if ctx.Err() != nil {
			return actions
		}
		for id, in := range different {
			for _, a := range quickfix.OneFor(f.fixes, &findings[i], id) {
				if a.BlockedBy == "" {
					in[fmt.Sprint(a.Edits)] = true
				}
			}
		}
	}
	for _, a := range slices.Clone(actions) {
		if a.Disabled != nil || len(different[a.id()]) < 2 {
			continue
		}
		delete(different, a.id()) // once
		data := actionData{ID: a.id(), All: true, Kind: kindQuickFix}
		all := codeAction{Title: fmt.Sprintf("Fix all of this kind in this file: %s", quickfix.Find(a.id()).Title), Kind: kindQuickFix}
		if f.server.client.resolvesEdits() {
			f.attach(&all, data, nil, "")
		} else if edits := f.fixAll(ctx, a.id()); len(edits) > 0 {
			f.attach(&all, data, edits, "")
		} else {
			continue
		}
		actions = append(actions, all)
	}
	return actions
}

func (a *codeAction) id() string {
	if a.Data != nil {
		return a.Data.ID
	}
	return a.Edit.id
}

// fixAll are the edits of one fix for all findings of the document or, if id is empty, of the fixes that may be applied without
// asking.
func (f *fixer) fixAll(ctx context.Context, id string) []quickfix.Edit {
	var chosen []quickfix.Action
	findings := f.findings()
	for i := range findings {
		if ctx.Err() != nil {
			return nil
		}
		if a := f.chosen(&findings[i], id); a != nil {
			chosen = append(chosen, *a)
		}
	}
	return quickfix.Together(f.fixes, chosen)
}

// chosen is what fixAll applies for one finding, nil if nothing.
func (f *fixer) chosen(finding *rules.Finding, id string) *quickfix.Action {
	if id != "" {
		one := quickfix.OneFor(f.fixes, finding, id)
		if i := slices.IndexFunc(one, func(a quickfix.Action) bool { return a.BlockedBy == "" }); i >= 0 {
			return &one[i]
		}
		return nil
	}
	var safe []quickfix.Action
	for _, a := range quickfix.For(f.fixes, finding) {
		if isSafe(&a) {
			safe = append(safe, a)
		}
	}
	if i := slices.IndexFunc(safe, func(a quickfix.Action) bool { return a.Preferred }); i >= 0 {
		return &safe[i]
	}
	if len(safe) == 1 {
		return &safe[0]
	}
	return nil
}

// isSafe reports whether an action may be applied without asking.
func isSafe(a *quickfix.Action) bool {
	return a.Applicability == quickfix.MachineApplicable && a.Needs == "" && a.BlockedBy == ""
}

// attach gives an action its edits, or what they are asked for by.
func (f *fixer) attach(a *codeAction, data actionData, edits []quickfix.Edit, how quickfix.Applicability) {
	if f.server.client.resolvesEdits() {
		data.URI, data.Version = f.document.uri, f.document.version
		a.Data = &data
		return
	}
	a.Edit = f.edit(edits, a.Title, how)
	a.Edit.id = data.ID
}

// resolveAction answers codeAction/resolve: the edit of an action of the document as it was when the action was offered.
func (s *Server) resolveAction(ctx context.Context, a *codeAction) (any, error) {
	if a.Data == nil {
		return a, nil
	}
	f, err := s.fixer(ctx, a.Data.URI)
	if err != nil {
		return nil, err
	}
	if f == nil || f.document.version != a.Data.Version {
		return nil, errStale
	}
	if a.Data.All {
		id := a.Data.ID
		a.Edit = f.edit(f.fixAll(ctx, id), a.Title, "")
		return a, nil
	}
	var offered []quickfix.Action
	findings := f.findings()
	for i := range findings {
		if findings[i].Primary.Span.Start == a.Data.At {
			offered = append(offered, quickfix.OneFor(f.fixes, &findings[i], a.Data.ID)...)
		}
	}
	offered = append(offered, quickfix.OneAt(f.fixes, f.document.path, a.Data.At, a.Data.ID)...)
	// The title of a draft may lack what only the edits tell.
	slices.SortStableFunc(offered, func(x, y quickfix.Action) int {
		return cmp.Compare(differs(x.Title, a.Title), differs(y.Title, a.Title))
	})
	if len(offered) == 0 {
		return nil, errStale
	}
	first := &offered[0]
	if first.BlockedBy != "" {
		return nil, jsonrpc2.Errorf(codeRequestFailed, "%s does not apply here: %s", first.ID, first.BlockedBy)
	}
	a.Edit = f.edit(first.Edits, first.Title, first.Applicability)
	return a, nil
}

// differs is 0 if a title is the one that is looked for, 1 if it has more to it, else 2.
func differs(title, want string) int {
	switch {
	case title == want:
		return 0
	case strings.HasPrefix(title, want):
		return 1
	}
	return 2
}
