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
	ID:       "wrapper",
	Title:    "write a wrapper struct that makes values of the trait dyn compatible",
	perTrait: func(w *Workspace, t *survey.Trait) []Action { return w.wrap(t.Def, wrapperShape) },
	foreign:  func(w *Workspace, def resolve.Def) []Action { return w.wrap(def, wrapperShape) },
}

var wrapperShape = wrapping{companion: "Boxed%s", wrapper: "DynSafe%s"}

// wrapping is a kind of wrapper.
type wrapping struct {
	companion, wrapper string // patterns of names, with %s for the trait's
	// shared is set if one struct serves all traits; it may be there already.
	shared bool
}

func (k wrapping) companionOf(def resolve.Def) string {
	return fmt.Sprintf(k.companion, camel(def.ItemName()))
}

func (k wrapping) wrapperOf(def resolve.Def) string {
	if k.shared {
		return k.wrapper
	}
	return fmt.Sprintf(k.wrapper, camel(def.ItemName()))
}

// wrap is the fix for a trait, of the workspace or of another crate.
func (w *Workspace) wrap(def resolve.Def, kind wrapping) []Action {
	nothing := ""
	if methods := w.Judge.Verdict(def).Methods; !boxable(methods) && !w.boxableAbove(def) {
		nothing = w.nothingToBox(def, methods)
	}
	if def.Made || nothing != "" && w.trait(def) == nil && !w.returnsOpaque(def) {
		return nil
	}
	a := Action{
		Title:         fmt.Sprintf("generate `%s`, implemented by `%s<T>` for every `T: %s`; wrap the values that become objects", kind.companionOf(def), kind.wrapperOf(def), def.ItemName()),
		Applicability: MaybeIncorrect,
	}
	if nothing != "" {
		a.BlockedBy = nothing
		return []Action{a}
	}
	p := newCompanionPlan(w)
	if err := p.writeWrapper(def, kind); err != nil {
		a.BlockedBy = err.Error()
		return []Action{a}
	}
	p.edits = append(p.edits, p.adds.edits()...)
	for _, below := range w.objectsBelow(def) {
		if err := newCompanionPlan(w).writeWrapper(below, kind); err != nil {
			p.leave(below, err)
		} else {
			p.note(fmt.Sprintf("`dyn %s` is left to a wrapper of its own", below.ItemName()))
		}
	}
	if left := w.leftOver(w.coercionsTo(def)); left != "" {
		p.note(left)
	}
	for _, note := range p.notes {
		a.Title += " (" + note + ")"
	}
	if t := w.trait(def); t != nil && published(t) {
		a.Title += " (changes the public API)"
	}
	a.Edits = w.relaid(p.edits)
	a.relaid = true
	if def.Scope.Crate.Member {
		w.copies(&a, def, func(other resolve.Def) bool { return sameTrait(other, def) })
	}
	return []Action{a}
}

// writeWrapper writes the wrapper of a trait, and those of its supertraits that need one and have none.
func (p *companionPlan) writeWrapper(def resolve.Def, kind wrapping) error {
	abroad := !def.Scope.Crate.Member
	if err := p.writtenByMacro(def); err != nil {
		return err
	}
	if abroad {
		var err error
		if p.home, err = p.homeFor(def); err != nil {
			return err
		}
	}
	name := kind.companionOf(def)
	send := p.wantsSend(def) || slices.ContainsFunc(p.objectsBelow(def), p.wantsSend)
	model, err := companion.Read(p.Judge, def, companion.Reading{Send: send, Local: p.local, Object: p.renamed(def, name), Abroad: abroad})
	if err != nil {
		return err
	}
	if err := model.Wrappable(); err != nil {
		return err
	}
	if err := p.checkTarget(model); err != nil {
		return err
	}
	if abroad && model.Promises() {
		return companion.Blocked(fmt.Sprintf("the futures of `%s` have to be `Send`, which the crate `%s` does not promise and a wrapper for all types cannot say", model.Name, def.Scope.Crate.Name))
	}
	above, err := model.Above()
	if err != nil {
		return err
	}
	supers := map[resolve.Def]string{}
	for _, u := range above {
		if u.Boxed {
			if supers[u.Def], err = p.superWrapper(def, u.Def, kind); err != nil {
				return err
			}
		}
	}
	scope := p.homeOf(def)
	wrapper := kind.wrapperOf(def)
	var home *workspace.Scope
	if kind.shared {
		if home, err = p.sharedWrapper(scope, kind.wrapper); err != nil {
			return err
		}
		wrapper = p.imported(scope, home, wrapper)
	} else if len(scope.Index().Names[wrapper]) > 0 {
		return companion.Blocked("`" + wrapper + "` is there already")
	}
	if len(scope.Index().Names[name]) > 0 {
		return companion.Blocked("`" + name + "` is there already")
	}
	x := p.wrapperPlace(def)
	shape := companion.Shape{Name: name, Method: "%s", Visibility: x.visible, Wrapper: wrapper, Supers: supers, Home: p.home}
	writer := companion.NewWriter(model, shape, p.layoutAt(x.file, x.margin))
	native := model.Name
	if abroad {
		if native = writer.Absolute(); native == "" {
			return companion.Blocked("`" + model.Name + "` has no public path that is known")
		}
	}
	part := func(lines []string) string {
		return strings.Join(append(x.attrs[:len(x.attrs):len(x.attrs)], lines...), "\n")
	}
	parts := []string{"/// What `dyn " + model.Name + "` would be.\n" + undocumented(scope.Crate) + part(writer.Declaration())}
	if !kind.shared {
		derive := ""
		if model.DerivesDebug() {
			derive = "#[derive(Debug)]\n"
		}
		parts = append(parts, fmt.Sprintf("/// Makes any [`%s`] usable as `dyn %s`.\n%s%sstruct %s<T>(%sT);", native, name, derive, x.visible, wrapper, x.visible))
	}
	parts = append(parts, part(writer.Wrapped()))
	for _, u := range above {
		switch {
		case !kind.shared:
			parts = append(parts, part(writer.WrappedAbove(u)))
		case !u.Boxed:
			if err := p.sharedAbove(u, home, kind.wrapper); err != nil {
				return err
			}
		}
	}
	for _, o := range p.objects(model) {
		for _, f := range writer.Forward(o.Autos) {
			parts = append(parts, part(f))
		}
	}
	v := &wrappedValues{plan: p, def: def, model: model, kind: kind, wrapper: kind.wrapperOf(def), home: home, held: map[string]bool{}}
	if err := v.wrap(); err != nil {
		return err
	}
	pointers, err := p.pointers(writer, v, above)
	if err != nil {
		return err
	}
	for _, lines := range pointers {
		parts = append(parts, part(lines))
	}
	if writer.Foreign() != "" {
		return companion.Blocked(fmt.Sprintf("a method mentions `%s`, which is not known by a path beside `%s`", writer.Foreign(), name))
	}
	if err := p.importUses(writer, scope); err != nil {
		return err
	}
	code := strings.Join(parts, "\n\n")
	if x.after {
		p.edits = append(p.edits, insertAfter(x.file, x.item, code))
	} else {
		p.edits = append(p.edits, insertBefore(x.file, x.item, code))
	}
	if model.Promises() {
		name, _ := p.name(scope, futurePath...)
		if err := p.promiseBy(model, name); err != nil {
			return err
		}
	}
	for m := range p.mentionsOf(def) {
		p.renameMention(m, def, name)
	}
	p.noteInherited(model)
	if model.DerivesDebug() {
		p.note("`{:?}` shows the wrapper too")
	}
	if len(model.Limits) > 0 {
		p.note(fmt.Sprintf("`dyn %s` will not implement `%s`: %s", name, model.Name, strings.Join(model.Limits, ", ")))
	}
	return nil
}

// writtenByMacro is the error for a trait of the workspace that a macro writes: beside it there is the body of that macro, which other
// invocations share.
func (p *companionPlan) writtenByMacro(def resolve.Def) error {
	if def.Scope.Crate.Member && p.trait(def) == nil {
		return companion.Blocked("`" + def.ItemName() + "` is written by a macro")
	}
	return nil
}

// wrapperPlace is where the wrapper of a trait goes: behind an item, or before it.
type wrapperPlace struct {
	file            *workspace.File
	item            int32
	after           bool
	margin, visible string
	attrs           []string // #[cfg]s
}

func (p *companionPlan) wrapperPlace(def resolve.Def) wrapperPlace {
	if p.home != nil && !def.Scope.Crate.Member {
		x := wrapperPlace{file: p.home.File, visible: "pub "}
		x.item, x.after = lastItem(p.home)
		return x
	}
	file := def.File()
	it := &file.Syntax().Items[def.Item]
	return wrapperPlace{
		file: file, item: def.Item, after: true, margin: indentAt(file.Text, itemStart(file.Syntax(), def.Item)),
		visible: visibility(file, it), attrs: cfgAttrs(file, it),
	}
}

// superWrapper is the companion of a supertrait as it is written beside a trait. If there is none, it is written with its wrapper.
func (p *companionPlan) superWrapper(def, super resolve.Def, kind wrapping) (string, error) {
	name := kind.companionOf(super)
	items := super.File().Syntax().Items
	there := slices.ContainsFunc(super.Scope.Index().Names[name], func(e workspace.Entry) bool {
		return e.Import < 0 && items[e.Item].Kind == syntax.KindTrait
	})
	if !there && !slices.ContainsFunc(p.wrapped, func(d resolve.Def) bool { return sameTrait(d, super) }) {
		p.wrapped = append(p.wrapped, super)
		if err := p.writeWrapper(super, kind); err != nil {
			return "", err
		}
	}
	return p.named(def.Scope, super, name), nil
}

// sharedAbove implements a supertrait for the wrapper that all traits share, beside the supertrait, if nobody has done so.
func (p *companionPlan) sharedAbove(u companion.Upper, home *workspace.Scope, wrapper string) error {
	impls, _ := p.implsOf(u.Def)
	for i := range impls {
		if t := impls[i].Header.Type; t.Kind == syntax.TypePath && t.Path.Segments[len(t.Path.Segments)-1].Name == wrapper {
			return nil
		}
	}
	if err := p.writtenByMacro(u.Def); err != nil {
		return err
	}
	x := p.wrapperPlace(u.Def)
	writer := companion.NewWriter(u.Trait, companion.Shape{Name: u.Name, Method: "%s", Wrapper: p.imported(u.Def.Scope, home, wrapper)}, p.layoutAt(x.file, x.margin))
	lines := append(slices.Clone(x.attrs), writer.WrappedAbove(u)...)
	p.edits = append(p.edits, once([]Edit{insertAfter(x.file, x.item, strings.Join(lines, "\n"))})...)
	return nil
}

// pointers are the impls of the native trait, and of its supertraits, for the pointers that wrappers hold, as far as nobody wrote them.
func (p *companionPlan) pointers(writer *companion.Writer, v *wrappedValues, above []companion.Upper) ([][]string, error) {
	model := v.model
	held := []string{model.ReferenceKind()}
	for _, name := range []string{"Arc", "Rc"} {
		if v.held[name] {
			held = append(held, name)
		}
	}
	var out [][]string
	written := p.pointerImpls(v.def)
	for _, pointer := range held {
		if written[pointer] {
			continue // somebody wrote it
		}
		var lines []string
		if !written[anyPointer] && v.def.Scope.Crate.Member {
			lines = p.pointerTo(writer, v, above, pointer)
		}
		switch {
		case lines != nil:
			out = append(out, lines)
		case v.held[pointer]:
			return nil, companion.Blocked(v.because[pointer] + ", and `" + strings.TrimSpace(pointer) + "` cannot implement `" + model.Name + "`")
		}
	}
	return out, nil
}

// pointerTo is the impl for one pointer; nil if there can be none. Those of the supertraits go beside these.
func (p *companionPlan) pointerTo(writer *companion.Writer, v *wrappedValues, above []companion.Upper, pointer string) []string {
	written := pointer
	if pointer == "Arc" || pointer == "Rc" {
		written = p.pointerName(v.def.Scope, pointer)
	}
	own := writer.Pointer(pointer, written)
	if own == nil {
		return nil
	}
	for _, u := range above {
		have := p.pointerImpls(u.Def)
		switch {
		case have[pointer] || u.Boxed && slices.ContainsFunc(p.wrapped, func(d resolve.Def) bool { return sameTrait(d, u.Def) }) && u.ReferenceKind() == pointer:
			continue
		case have[anyPointer]:
			return nil
		}
		if !p.pointerAbove(u, pointer) {
			return nil
		}
	}
	return own
}

// pointerAbove implements a supertrait for a pointer beside the supertrait, once for all traits below; it reports whether that can be.
func (p *companionPlan) pointerAbove(u companion.Upper, pointer string) bool {
	x := p.wrapperPlace(u.Def)
	written := pointer
	if pointer == "Arc" || pointer == "Rc" {
		written = p.pointerName(u.Def.Scope, pointer)
	}
	lines := companion.NewWriter(u.Trait, companion.Shape{Name: u.Name, Method: "%s"}, p.layoutAt(x.file, x.margin)).PointerTo(written)
	if lines == nil {
		return false
	}
	lines = append(slices.Clone(x.attrs), lines...)
	p.edits = append(p.edits, once([]Edit{insertAfter(x.file, x.item, strings.Join(lines, "\n"))})...)
	return true
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
func (p *companionPlan) pointerImpls(def resolve.Def) map[string]bool {
	impls, complete := p.implsOf(def)
	out := map[string]bool{anyPointer: !complete || p.inMacros(def)}
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
		var prefix string
		if p.home != nil && !def.Scope.Crate.Member {
			prefix = strings.TrimSuffix(p.fromHome(scope, def, name), name)
		} else {
			prefix = p.reach(scope, b.Path, def, name)
		}
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
	before := int32(-1)
	for i := range p.Traits {
		t := &p.Traits[i]
		if t.Def.Scope == root && boxable(t.Verdict.Methods) && items[t.Def.Item].Macro < 0 && (before < 0 || t.Def.Item < before) {
			before = t.Def.Item
		}
	}
	if before < 0 {
		for i := range root.Items {
			if items[i].Macro >= 0 {
				continue
			}
			switch items[i].Kind {
			case syntax.KindUse, syntax.KindExternCrate, syntax.KindMod, syntax.KindMacroRules, syntax.KindMacroCall:
				continue
			}
			before = i
			break
		}
	}
	if before >= 0 {
		p.edits = append(p.edits, once([]Edit{insertBefore(root.File, before, code)})...)
		return root, nil
	}
	last := int32(-1)
	root.EachItem(func(i int32) {
		if items[i].Macro < 0 {
			last = i
		}
	})
	if last < 0 {
		return nil, companion.Blocked("there is no place for `" + name + "`")
	}
	p.edits = append(p.edits, once([]Edit{insertAfter(root.File, last, code)})...)
	return root, nil
}
