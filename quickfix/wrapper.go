package quickfix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/quickfix/companion"
)

// wrapperFix writes `DynSafeX<T>(T)`, which implements a dyn-compatible `BoxedX`: callers see where values become objects.
//
//	use_counter(&mut counter)      ->      use_counter(&mut DynSafeAsyncCounter(&mut counter))
//
// A value is wrapped where it becomes an object, wherever that is evident; what is not is named in the title. The wrapper owns
// what it holds, so a borrowed value, or one in an Arc, goes into it by way of an impl for the pointer.
var wrapperFix = &Fix{
	ID:    "wrapper",
	Title: "write a wrapper struct that makes values of the trait dyn compatible",
	perTrait: func(w *Workspace, t *survey.Trait) []Action {
		name := t.Def.ItemName()
		return w.wrap(t, wrapping{companion: "Boxed" + name, wrapper: "DynSafe" + name})
	},
}

// wrapping is a kind of wrapper.
type wrapping struct {
	companion, wrapper string
	// shared is set if one struct serves all traits; it may be there already.
	shared bool
}

func (w *Workspace) wrap(t *survey.Trait, kind wrapping) []Action {
	if !boxable(t.Verdict.Methods) {
		return nil
	}
	a := Action{
		Title:         fmt.Sprintf("generate `%s`, implemented by `%s<T>` for every `T: %s`; wrap the values that become objects", kind.companion, kind.wrapper, t.Def.ItemName()),
		Applicability: MaybeIncorrect,
	}
	p := newCompanionPlan(w)
	err := p.writeWrapper(t, kind)
	if err != nil {
		a.BlockedBy = err.Error()
		return []Action{a}
	}
	if left := w.leftOver(w.coercions(t)); left != "" {
		p.note(left)
	}
	for _, note := range p.notes {
		a.Title += " (" + note + ")"
	}
	if published(t) {
		a.Title += " (changes the public API)"
	}
	a.Edits = w.relaid(p.edits)
	a.relaid = true
	w.copies(&a, t.Def, func(other resolve.Def) bool { return sameTrait(other, t.Def) })
	return []Action{a}
}

func (p *companionPlan) writeWrapper(t *survey.Trait, kind wrapping) error {
	model, err := companion.Read(p.Judge, t.Def, companion.Reading{Send: p.wantsSend(t.Def), Object: p.renamed(t.Def, kind.companion)})
	if err != nil {
		return err
	}
	if err := model.Wrappable(); err != nil {
		return err
	}
	if err := p.checkTarget(model); err != nil {
		return err
	}
	scope, file := t.Def.Scope, t.Def.File()
	it := &file.Syntax().Items[t.Def.Item]
	names := []string{kind.companion}
	wrapper := kind.wrapper
	var home *workspace.Scope
	if kind.shared {
		if home, err = p.sharedWrapper(scope, kind.wrapper); err != nil {
			return err
		}
		wrapper = p.imported(scope, home, wrapper)
	} else {
		names = append(names, kind.wrapper)
	}
	for _, name := range names {
		if len(scope.Index().Names[name]) > 0 {
			return companion.Blocked("`" + name + "` is there already")
		}
	}
	visible := visibility(file, it)
	margin := indentAt(file.Text, itemStart(file.Syntax(), t.Def.Item))
	writer := companion.NewWriter(model, companion.Shape{Name: kind.companion, Method: "%s", Visibility: visible, Wrapper: wrapper}, columns(margin))
	attrs := cfgAttrs(file, it)
	part := func(lines []string) string {
		return strings.Join(append(attrs[:len(attrs):len(attrs)], lines...), "\n")
	}
	parts := []string{"/// What `dyn " + model.Name + "` would be.\n" + undocumented(scope.Crate) + part(writer.Declaration())}
	if !kind.shared {
		derive := ""
		if model.DerivesDebug() {
			derive = "#[derive(Debug)]\n"
		}
		parts = append(parts, fmt.Sprintf("/// Makes any [`%s`] usable as `dyn %s`.\n%s%sstruct %s<T>(%sT);", model.Name, kind.companion, derive, visible, kind.wrapper, visible))
	}
	parts = append(parts, part(writer.Wrapped()))
	for _, o := range p.objects(model) {
		for _, f := range writer.Forward(o.Autos) {
			parts = append(parts, part(f))
		}
	}
	pointers := p.pointerImpls(t)
	v := &wrappedValues{plan: p, trait: t, model: model, kind: kind, wrapper: kind.wrapper, home: home, held: map[string]bool{}}
	if err := v.wrap(); err != nil {
		return err
	}
	held := []string{model.ReferenceKind()}
	for _, name := range []string{"Arc", "Rc"} {
		if v.held[name] {
			held = append(held, name)
		}
	}
	for _, pointer := range held {
		var lines []string
		switch {
		case pointers[pointer]:
			continue // somebody wrote it
		case pointers[anyPointer]:
		case pointer == "Arc" || pointer == "Rc":
			lines = writer.Shared(p.pointerName(scope, pointer))
		default:
			lines = writer.Reference()
		}
		if lines != nil {
			parts = append(parts, part(lines))
		} else if v.held[pointer] {
			return companion.Blocked(v.because[pointer] + ", and `" + strings.TrimSpace(pointer) + "` cannot implement `" + model.Name + "`")
		}
	}
	if err := p.importUses(writer, scope); err != nil {
		return err
	}
	p.edits = append(p.edits, insertAfter(file, t.Def.Item, strings.Join(parts, "\n\n")))
	if model.Promises() {
		name, _ := p.name(scope, futurePath...)
		if err := p.promiseBy(model, name); err != nil {
			return err
		}
	}
	for m := range p.mentionsOf(t.Def) {
		p.renameMention(m, t.Def, kind.companion)
	}
	p.edits = append(p.edits, p.adds.edits()...)
	if len(model.Limits) > 0 {
		p.note(fmt.Sprintf("`dyn %s` will not implement `%s`: %s", kind.companion, model.Name, strings.Join(model.Limits, ", ")))
	}
	return nil
}

// importUses imports what the text of a writer uses of the standard library into the scope that it goes into.
func (p *companionPlan) importUses(writer *companion.Writer, scope *workspace.Scope) error {
	paths := writer.Uses()
	if writer.Trait.Promises() && !slices.ContainsFunc(paths, func(path []string) bool { return slices.Equal(path, futurePath) }) {
		paths = append([][]string{futurePath}, paths...)
	}
	for _, path := range paths {
		name, edits := p.name(scope, path...)
		if name != path[len(path)-1] {
			return companion.Blocked(fmt.Sprintf("the name `%s` means something else beside `%s`", path[len(path)-1], writer.Trait.Name))
		}
		p.edits = append(p.edits, edits...)
	}
	return nil
}

// anyPointer stands for impls that leave no room for one for a pointer.
const anyPointer = "*"

// pointerImpls are the pointers that the trait is implemented for already: "&", "&mut ", "Box", "Arc", "Rc"; anyPointer if that is
// not known of all, or if all types implement it.
func (p *companionPlan) pointerImpls(t *survey.Trait) map[string]bool {
	impls, complete := p.implsOf(t.Def)
	out := map[string]bool{anyPointer: !complete || p.inMacros(t.Def)}
	for i := range impls {
		h := impls[i].Header.Type
		switch {
		case targetOf(&impls[i]).blanket:
			out[anyPointer] = true
		case h != nil && h.Kind == syntax.TypeRef && h.Mut:
			out["&mut "] = true
		case h != nil && h.Kind == syntax.TypeRef:
			out["&"] = true
		case h != nil && h.Kind == syntax.TypePath && h.Path.QSelf == nil && len(h.Path.Segments) > 0:
			out[h.Path.Segments[len(h.Path.Segments)-1].Name] = true
		}
	}
	return out
}

// pointerName is how Arc, Rc or Box is written in a scope; it is imported if need be.
func (p *companionPlan) pointerName(scope *workspace.Scope, pointer string) string {
	module := map[string]string{"Arc": "sync", "Rc": "rc", "Box": "boxed"}[pointer]
	name, edits := p.name(scope, "std", module, pointer)
	p.edits = append(p.edits, edits...)
	return name
}

// renameMention turns `dyn X` to `dyn BoxedX`.
func (p *companionPlan) renameMention(m *survey.Mention, def resolve.Def, name string) {
	if m.Silence == survey.InMacroRules {
		p.note("a mention in a macro's definition is left")
		return
	}
	if scope := mentionScope(m); scope != nil {
		p.renamePrincipal(m, scope, def, name)
	}
}

// renamePrincipal puts another trait in the place of a mention's principal one, and makes it known there.
func (p *companionPlan) renamePrincipal(m *survey.Mention, scope *workspace.Scope, def resolve.Def, name string) {
	for _, b := range mentionBounds(m) {
		if b.Span != m.PrincipalSpan || b.Path == nil || len(b.Path.Segments) == 0 {
			continue
		}
		last := b.Path.Segments[len(b.Path.Segments)-1].Span
		prefix := p.reach(scope, b.Path, def, name)
		p.edits = append(p.edits, replace(m.File, source.Span{Start: b.Path.Span.Start, End: last.End}, prefix+name))
	}
}

// sharedWrapper is the module of the crate's `struct Boxing<T>(pub T)`. If there is none it is written in the crate's root, which all
// modules see: before the first trait that needs it, or else behind the declarations of modules.
func (p *companionPlan) sharedWrapper(scope *workspace.Scope, name string) (*workspace.Scope, error) {
	for _, top := range scope.Crate.Tops {
		if !top.File.Mentions(name) {
			continue
		}
		items := top.File.Syntax().Items
		for i := range items {
			if items[i].Kind != syntax.KindStruct || items[i].Name != name {
				continue
			}
			if adt := syntax.ParseAdt(top.File.Syntax(), int32(i), top.File.Edition); len(adt.Generics.Params) != 1 || len(adt.Fields) != 1 || adt.Fields[0].Name != "0" {
				return nil, companion.Blocked("`" + name + "` is there already, and is no wrapper around one value")
			}
			return top.ScopeOf(int32(i)).Module, nil
		}
	}
	root := scope.Crate.Root
	if len(root.Index().Names[name]) > 0 {
		return nil, companion.Blocked("`" + name + "` means something else in the crate's root")
	}
	code := "/// Boxes the futures of a value's async methods where the value becomes a trait object.\n#[derive(Debug)]\npub struct " + name + "<T>(pub T);"
	items := root.File.Syntax().Items
	before, last := int32(-1), int32(-1)
	for i := range p.Traits {
		t := &p.Traits[i]
		if t.Def.Scope == root && boxable(t.Verdict.Methods) && items[t.Def.Item].Macro < 0 && (before < 0 || t.Def.Item < before) {
			before = t.Def.Item
		}
	}
	root.EachItem(func(i int32) {
		if items[i].Macro >= 0 {
			return
		}
		switch items[i].Kind {
		case syntax.KindUse, syntax.KindExternCrate, syntax.KindMod, syntax.KindMacroRules, syntax.KindMacroCall:
		default:
			if last < 0 {
				last = i
			}
		}
	})
	if before < 0 {
		before = last
	}
	if before >= 0 {
		p.edits = append(p.edits, insertBefore(root.File, before, code))
		return root, nil
	}
	root.EachItem(func(i int32) {
		if items[i].Macro < 0 {
			last = i
		}
	})
	if last < 0 {
		return nil, companion.Blocked("there is no place for `" + name + "`")
	}
	p.edits = append(p.edits, insertAfter(root.File, last, code))
	return root, nil
}
