package quickfix

import (
	"strings"
	"unicode"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/quickfix/companion"
)

// companionFix writes the companion of a trait into a hidden module below it, and turns `dyn X` into `DynX`.
//
// The module is never imported, so that the companion's methods keep their native names: on the object they are inherent, and
// on everything else only the native trait is in scope. Calls stay as they are.
var companionFix = &Fix{ID: "companion", Title: "Generate a dyn-compatible companion", offer: offerCompanion}

func offerCompanion(w *Workspace, t *Target) []Action {
	trait := w.blockedTrait(t)
	if trait == nil {
		return nil
	}
	name := trait.Def.ItemName()
	a := Action{
		ID: "companion", Title: "Generate `Dyn" + name + "`, a dyn-compatible companion of `" + name + "`", Kind: "quickfix",
		Applicability: MachineApplicable,
	}
	edits, err := w.companionEdits(trait)
	if err != nil {
		a.BlockedBy = err.Error()
		return []Action{a}
	}
	a.Edits = edits
	return []Action{a}
}

// blockedTrait is the workspace's trait that a target is about if it is not dyn compatible, and that because of its methods'
// results; nil otherwise.
func (w *Workspace) blockedTrait(t *Target) *survey.Trait {
	var def resolve.Def
	switch {
	case t.Call != nil:
		def = t.Call.Trait
	case t.Mention != nil:
		def = t.Mention.Principal
	default:
		def = t.Trait.Def
	}
	for i := range w.Traits {
		s := &w.Traits[i]
		if def.Kind == resolve.None || s.Def.File() != def.File() || s.Def.Item != def.Item {
			continue
		}
		if truth, _ := s.Compatible(); truth != types.No {
			return nil
		}
		for k := range s.Verdict.Methods {
			if s.Verdict.Methods[k].Class == dyncompat.Boxed {
				return s
			}
		}
	}
	return nil
}

// snake is a type's name in the case of modules.
func snake(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) && runes[i-1] != '_' {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

func (w *Workspace) companionEdits(trait *survey.Trait) ([]Edit, error) {
	def := trait.Def
	model, err := companion.Read(w.Judge, def)
	if err != nil {
		return nil, err
	}
	file := def.File()
	it := &file.Syntax().Items[def.Item]
	margin := blanksBefore(file.Text, it.Span.Start)
	module, alias := "dyn_"+snake(def.ItemName()), "Dyn"+def.ItemName()
	writer := companion.NewWriter(model, companion.Shape{Name: "Erased", Method: "%s", Nested: true, Visibility: "pub "}, len(margin)+4)
	lines, err := writer.Module(companion.Module{Name: module, Alias: alias, Visibility: visibility(file, it), Objects: [][]string{nil}})
	if err != nil {
		return nil, err
	}
	text := "\n\n" + margin + strings.Join(lines, "\n"+margin)
	text = strings.ReplaceAll(text, "\n"+margin+"\n", "\n\n")
	edits := []Edit{{Path: file.Path, Span: source.Span{Start: it.Span.End, End: it.Span.End}, New: text}}
	for i := range w.Mentions {
		m := &w.Mentions[i]
		if m.Principal.Kind != resolve.None && m.Principal.File() == file && m.Principal.Item == def.Item {
			edits = append(edits, Edit{Path: m.File.Path, Span: m.Span, New: alias + "<'_>"})
		}
	}
	return edits, nil
}

// blanksBefore are the blanks at the start of the line that offset is on.
func blanksBefore(text []byte, offset uint32) string {
	start := offset
	for start > 0 && text[start-1] != '\n' {
		start--
	}
	end := start
	for end < offset && (text[end] == ' ' || text[end] == '\t') {
		end++
	}
	return string(text[start:end])
}

// visibility is an item's written visibility with a blank behind it, empty for private.
func visibility(file *workspace.File, it *syntax.Item) string {
	switch it.Visibility {
	case syntax.VisPublic:
		return "pub "
	case syntax.VisCrate:
		return "pub(crate) "
	case syntax.VisSuper:
		return "pub(super) "
	case syntax.VisIn:
		return "pub(in " + string(it.VisPath.Of(file.Text)) + ") "
	}
	return ""
}
