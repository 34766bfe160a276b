// Package quickfix writes the code: for a place in the workspace, the edits that cure what the rules found there. One file a
// fix; a fix knows no output format and no protocol, and never writes a file.
//
// At and For ask every fix of All about a place; Apply turns edits into texts; FixAll repeats that until nothing is left to do.
package quickfix

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Applicability says how far an edit can be trusted; the values are those of the reports and of rustc.
type Applicability string

// Applicabilities.
const (
	MachineApplicable Applicability = "machine-applicable" // the result compiles and means what the user meant
	MaybeIncorrect    Applicability = "maybe-incorrect"
	HasPlaceholders   Applicability = "has-placeholders"
)

// Edit replaces the bytes of a span of a file as it is on disk (or in the editor); an empty span inserts.
type Edit struct {
	Path string // absolute
	Span source.Span
	New  string
	// once is set for an insertion that is made once though several ask for it, such as of a `use`; edition is that of the style by which
	// imports are sorted.
	once    bool
	edition int
}

// Action is one code action: a fix at a place.
type Action struct {
	ID            string // stable: box, dyn-box, companion, ...
	Title         string
	Kind          string // as in LSP: quickfix, refactor.rewrite; a fix may leave it empty, which is quickfix
	Rule          *rules.Rule
	Applicability Applicability
	Preferred     bool
	BlockedBy     string // if not empty, why the fix does not apply here; there are no Edits then
	// Needs is what the result asks for that the toolchain of today lacks: "a compiler with `.box`". Such an action can be
	// asked for one by one; FixAll never applies it.
	Needs string
	// Edits are by path and place; they never overlap. A fix may leave them unsorted and write "\n" for every line ending.
	Edits []Edit

	reads   []textPlace // what the edits are made of, besides what they change
	late    bool        // what the edits are made of may have to change first
	relaid  bool        // the edits are laid out by Workspace.relaid, and may be so again together with others
	subject string      // what is being cured: two fixes of one subject are alternatives; if a fix leaves it empty, the target
}

// textPlace is a span of a file.
type textPlace struct {
	path string
	span source.Span
}

// Target is what a fix is asked about: the innermost thing at a place that a rule or a fix knows. Exactly one of Trait, Mention,
// Call, Box, Loop, Recursion and Unmarked is set; Method is an index into the verdict's methods of Trait, -1 for the trait as a whole.
type Target struct {
	Trait   *survey.Trait
	Method  int
	Mention *survey.Mention
	Call    *infer.Call
	Box     *infer.Box
	Loop    *infer.Loop
	// What rustc, and no rule of ours, finds fault with.
	Recursion *Recursion
	Unmarked  *Unmarked
}

// Workspace is what fixes see. New makes one.
type Workspace struct {
	*survey.Survey
	// Calls, Boxes and Loops are those of all files, or of the file that NewIn was told.
	Calls []infer.Call
	Boxes []infer.Box // Call is an index in Calls
	Loops []infer.Loop
	// RuleSet says what the toolchain of the workspace accepts; empty is dyncompat.Stable.
	RuleSet dyncompat.RuleSet
	// Draft says that a list of actions is wanted, and their edits later or never: where values become objects is not looked for, which takes
	// the longest by far. The edits of what converts values are then incomplete, and what cannot be converted does not block it.
	Draft bool
	// Style are the ids that the user prefers among alternatives (`--fix-with`, `fix.style`).
	Style []string

	session  *analysis.Session
	inferred *infer.Result // what the calls are of

	places lazyPlaces
	impls  lazyImpls
	memo   traitMemo
	named  lazyConvention
	macros lazyMacros
	tokens lazyTokens
	locals keptAnswers
	forms  lazyForms

	leftOut leftOut
	called  sync.Map // traitItem -> []traitCall
	failed  sync.Map // traitItem -> *workspace.File: calls of the trait were asked for, and those of the file are not known
	tabs    sync.Map // *workspace.File -> whether it is indented by tabs
	// uses are the places of imports, by module.
	uses sync.Map // *workspace.Scope -> usePlace
	// written are the ways in which the workspace imports attribute macros, by `use` line.
	written sync.Map // string -> bool
	// general says of traits whether all their mentions are parameters that can be generic.
	general sync.Map // item -> bool
	// stays says which mention of a trait no generic can stand for.
	stays sync.Map // item -> string
}

// New makes the workspace that fixes see of a session; calls are inferred for it. Without a style it is that of the
// configuration. The error says that a style is the id of no fix, and lists the ids.
func New(s *analysis.Session, style []string) (*Workspace, error) {
	return newWorkspace(s, style, (*analysis.Session).Inferred)
}

// NewIn makes a workspace that is asked for actions at places of the file at path alone, or about findings there. Calls in other files are
// inferred when a fix asks for those of a trait.
func NewIn(s *analysis.Session, style []string, path string) (*Workspace, error) {
	return newWorkspace(s, style, func(s *analysis.Session) *infer.Result { return s.InferredAt(path) })
}

func newWorkspace(s *analysis.Session, style []string, inferred func(*analysis.Session) *infer.Result) (*Workspace, error) {
	if len(style) == 0 {
		style = s.Config.FixStyle
	}
	if err := CheckStyle(style); err != nil {
		return nil, err
	}
	r := inferred(s)
	return &Workspace{Survey: s.Survey, Calls: r.Calls, Boxes: r.Boxes, Loops: r.Loops, RuleSet: s.Settings.RuleSet, Style: style, session: s, inferred: r}, nil
}

// Prepare finds in advance what fixes look up in all files of a workspace: the words of each. They are kept until the file's text
// changes, so that after an edit there is one file to look at.
func Prepare(ctx context.Context, files []*workspace.File) {
	for _, f := range files {
		if ctx.Err() != nil {
			return
		}
		f.Names()
	}
}

// CheckStyle reports an id that is none of a fix, and lists those that are.
func CheckStyle(style []string) error {
	for _, id := range style {
		if Find(id) == nil {
			return fmt.Errorf("there is no fix `%s`; the fixes are %s", id, strings.Join(IDs(), ", "))
		}
	}
	return nil
}

// Fix is one kind of fix.
type Fix struct {
	ID    string
	Title string // as lists show it
	// offer appends the fix's actions for a target, none if it has nothing to do with it.
	offer func(w *Workspace, t *Target) []Action
	// perTrait is set instead of offer for a fix that changes a trait as a whole: it is asked once for each trait of the
	// workspace that is not dyn compatible, and offered at the trait, its methods, and every mention and dyn call of it.
	perTrait func(w *Workspace, t *survey.Trait) []Action
	// foreign is set for a fix of the second kind that has something to say about a trait outside the workspace, which is mentioned.
	foreign func(w *Workspace, trait resolve.Def) []Action
	// absent says why a fix of the second kind is not offered for a trait of the workspace; nil if there is nothing more to say than that.
	absent func(w *Workspace, t *survey.Trait) string
}

// All are the fixes, in the order in which they are offered: what is smallest at the place first, a crate's attributes last.
var All = []*Fix{
	boxSuffix, dynBox, unbox, boxRecursion, derefSelf, assocTypes, companionFix, polyfill, generics, receiver, whereSelfSized, wrapperFix, boxingFix, enumDispatch, boxTrait,
	asyncTrait, asyncTraitImpl, dynosaur,
}

// Find is the fix with an id, nil if there is none.
func Find(id string) *Fix {
	if i := slices.IndexFunc(All, func(f *Fix) bool { return f.ID == id }); i >= 0 {
		return All[i]
	}
	return nil
}

// IDs are the ids of all fixes, in the order of All.
func IDs() []string {
	var out []string
	for _, f := range All {
		out = append(out, f.ID)
	}
	return out
}

// At are the actions at a byte offset of a file (absolute path): those of the innermost target first, an id once, at most one
// preferred. A place is in a target if it is the offset of one of its bytes, or of its end.
func At(w *Workspace, file string, offset uint32) []Action {
	return w.actions(w.targetsAt(file, offset), nil)
}

// For are the actions that cure a finding.
func For(w *Workspace, f *rules.Finding) []Action { return w.actions(w.targetsOf(f), f.Rule) }

// OneAt and OneFor are the actions of At and For with an id: no other fix is asked. Whether such an action is the preferred one is not
// said.
func OneAt(w *Workspace, file string, offset uint32, id string) []Action {
	return slices.Collect(w.each(w.targetsAt(file, offset), nil, []string{id}))
}

// OneFor is described at OneAt.
func OneFor(w *Workspace, f *rules.Finding, id string) []Action {
	return slices.Collect(w.each(w.targetsOf(f), f.Rule, []string{id}))
}

// actions asks all fixes about targets; those for another rule than only are left out.
func (w *Workspace) actions(targets []Target, only *rules.Rule) []Action {
	out := slices.Collect(w.each(targets, only, nil))
	w.prefer(out)
	return out
}

// each asks the fixes with some ids, or all if there are none, about targets. A fix is asked when its turn comes: who stops before has
// not paid for the others.
func (w *Workspace) each(targets []Target, only *rules.Rule, ids []string) iter.Seq[Action] {
	return func(yield func(Action) bool) {
		done := map[string]bool{}
		for i := range targets {
			for _, f := range All {
				if len(ids) > 0 && !slices.Contains(ids, f.ID) {
					continue
				}
				for _, a := range w.ask(f, &targets[i]) {
					if only != nil && a.Rule != nil && a.Rule != only || done[a.ID] {
						continue
					}
					done[a.ID] = true
					if !yield(a) {
						return
					}
				}
			}
		}
	}
}

// ask asks one fix about one target.
func (w *Workspace) ask(f *Fix, t *Target) []Action {
	var found []Action
	if f.offer != nil {
		found = f.offer(w, t)
	} else if trait := w.traitOf(t); trait != nil {
		if c, _ := trait.Compatible(); c == types.No {
			found = slices.Clone(w.memo.get(w, f, trait))
			for i := range found {
				found[i].BlockedBy = cmp.Or(found[i].BlockedBy, w.unknownCalls(trait.Def))
			}
		}
	} else if f.foreign != nil && t.Mention != nil && t.Mention.Principal.Kind == resolve.Trait && t.Mention.Compatible == types.No {
		found = slices.Clone(w.memo.abroad(w, f, t.Mention.Principal))
	}
	for i := range found {
		found[i].ID = f.ID
		if found[i].Rule == nil {
			found[i].Rule = t.rule()
		}
		if f.offer != nil {
			if found[i].subject == "" {
				found[i].subject = t.subject()
			}
			w.finish(&found[i])
		}
	}
	return found
}

// prefer leaves at most one action preferred: the one that the user's style names first, else the first that prefers itself.
func (w *Workspace) prefer(actions []Action) {
	chosen := -1
	for _, id := range w.Style {
		if i := slices.IndexFunc(actions, func(a Action) bool { return a.ID == id && a.BlockedBy == "" }); i >= 0 && chosen < 0 {
			chosen = i
		}
	}
	if chosen < 0 {
		chosen = slices.IndexFunc(actions, func(a Action) bool { return a.Preferred && a.BlockedBy == "" })
	}
	for i := range actions {
		actions[i].Preferred = i == chosen
	}
}

// finish brings an action into the form that Action promises.
func (w *Workspace) finish(a *Action) {
	if a.Kind == "" {
		a.Kind = "quickfix"
	}
	if a.Applicability == "" {
		a.Applicability = MaybeIncorrect
	}
	if a.BlockedBy != "" {
		a.Edits, a.Preferred = nil, false
		return
	}
	for i := range a.Edits {
		e := &a.Edits[i]
		file := w.file(e.Path)
		if file == nil {
			a.BlockedBy = "it would change " + e.Path + ", which is not part of the workspace"
			a.Edits, a.Preferred = nil, false
			return
		}
		w.inStyleOf(file, e)
	}
	a.Edits = distinct(a.Edits)
	if err := conflict(a.Edits); err != nil {
		a.BlockedBy = "its edits contradict each other, which is a bug: " + err.Error()
		a.Edits, a.Preferred = nil, false
	}
}

// inStyleOf gives an edit the indentation and the line endings of its file.
func (w *Workspace) inStyleOf(f *workspace.File, e *Edit) {
	tabs, ok := w.tabs.Load(f)
	if !ok {
		tabs, _ = w.tabs.LoadOrStore(f, indentedByTabs(f.Text, w.format(f)))
	}
	if tabs.(bool) {
		e.New = withTabs(e, f.Text, w.format(f).TabSpaces)
	}
	e.New = withLineEndings(e.New, f.Text)
}

// File is the file of the target.
func (t *Target) File() *workspace.File {
	switch {
	case t.Call != nil:
		return t.Call.File
	case t.Mention != nil:
		return t.Mention.File
	case t.Box != nil:
		return t.Box.File
	case t.Loop != nil:
		return t.Loop.File
	case t.Recursion != nil:
		return t.Recursion.File
	case t.Unmarked != nil:
		return t.Unmarked.File
	}
	return t.Trait.Def.File()
}

// subject names what an action for the target cures.
func (t *Target) subject() string {
	switch {
	case t.Call != nil:
		return fmt.Sprintf("call %s %d", t.Call.File.Path, t.Call.Expr.Start)
	case t.Mention != nil:
		return fmt.Sprintf("mention %s %d", t.Mention.File.Path, t.Mention.Span.Start)
	case t.Box != nil:
		return fmt.Sprintf("box %s %d", t.Box.File.Path, t.Box.Mark.Start)
	case t.Loop != nil:
		return fmt.Sprintf("loop %s %d", t.Loop.File.Path, t.Loop.Name.Start)
	case t.Recursion != nil:
		return fmt.Sprintf("recursion %s %d", t.Recursion.File.Path, t.Recursion.Header.Start)
	case t.Unmarked != nil:
		return fmt.Sprintf("impl %s %d", t.Unmarked.File.Path, t.Unmarked.Item)
	}
	return traitSubject(t.Trait)
}

func traitSubject(t *survey.Trait) string {
	return fmt.Sprintf("trait %s %d", t.Def.File().Path, t.Def.Item)
}

// rule is the rule that finds fault with the target.
func (t *Target) rule() *rules.Rule {
	switch {
	case t.Call != nil:
		return rules.Find("unboxed_dyn_call")
	case t.Mention != nil:
		return rules.Find("dyn_incompatible_trait")
	case t.Box != nil:
		return rules.Find("boxing_syntax_unavailable")
	case t.Loop != nil:
		return rules.Find("companion_of_box")
	case t.Recursion != nil, t.Unmarked != nil:
		return nil
	}
	return rules.Find("undispatchable_method")
}
