package quickfix

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
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
var companionFix = &Fix{
	ID:       "companion",
	Title:    "write a dyn-compatible companion of the trait",
	perTrait: offerCompanion,
	foreign:  offerForeign,
}

func offerCompanion(w *Workspace, t *survey.Trait) []Action {
	name := t.Def.ItemName()
	if !boxable(t.Verdict.Methods) && !w.boxableAbove(t.Def) && !companion.Convertible(w.Judge, t.Def) {
		return []Action{{
			Title:     fmt.Sprintf("generate `Dyn%s`, a dyn-compatible companion of `%s`", camel(name), name),
			BlockedBy: w.nothingToBox(t.Def, t.Verdict.Methods),
		}}
	}
	p := newCompanionPlan(w)
	if _, objects := p.written(t.Def); len(objects) > 0 {
		return p.offerWritten(t, objects)
	}
	alias := cmp.Or(p.alias(t.Def), "Dyn"+camel(name))
	a := Action{
		Title:         fmt.Sprintf("generate `%s`, a dyn-compatible companion of `%s`", alias, name),
		Applicability: MachineApplicable, Preferred: true,
	}
	var err error
	if c := w.convention(); c.hidden() {
		all := p.withBelow(t.Def)
		if err = p.add(all...); err == nil {
			for _, below := range all[:len(all)-1] {
				if t := p.planned(below); !t.written {
					a.Title += fmt.Sprintf(", and `%s` of `%s`", t.objects[0].Alias, below.ItemName())
				}
			}
			err = p.write()
		}
	} else {
		for _, below := range w.objectsBelow(t.Def) {
			p.leave(below, fmt.Errorf("`%s` needs a companion of its own", below.ItemName()))
		}
		a.Title = fmt.Sprintf("generate `%s`, a dyn-compatible companion of `%s`", fmt.Sprintf(c.trait, name), name)
		err = p.writeVisible(t.Def, c)
	}
	if err != nil {
		a.BlockedBy = err.Error()
		return []Action{a}
	}
	if len(p.notes) > 0 {
		a.Title += " (" + strings.Join(p.notes, "; ") + ")"
		a.Applicability = MaybeIncorrect
	}
	a.Preferred = !p.partial
	if published(t) {
		a.Title += " (changes the public API)"
	}
	a.Edits = w.relaidSignatures(once(p.edits)) // traits share the companions of their supertraits
	for _, t := range p.traits {
		if !t.written {
			p.copies(&a, t.Def, func(other resolve.Def) bool { return p.planned(other) != nil })
		}
	}
	return []Action{a}
}

// copies notes that an action copies the signatures of a trait, which may have to change first: they mention objects that it does not
// rewrite itself.
func (w *Workspace) copies(a *Action, def resolve.Def, rewrites func(resolve.Def) bool) {
	file := def.File()
	span := file.Syntax().Items[def.Item].Span
	a.reads = append(a.reads, textPlace{file.Path, span})
	a.late = a.late || anyOf(w.mentionsIn(file, span), func(m *survey.Mention) bool {
		return m.Compatible == types.No && !rewrites(m.Principal)
	})
}

// objectsBelow are the traits below a trait that the workspace has trait object types of and that are not dyn compatible: a companion of
// the trait alone does not cure those.
func (w *Workspace) objectsBelow(def resolve.Def) []resolve.Def {
	return w.index().below[traitItemOf(def)]
}

// withBelow are the traits that are cured together with a trait: itself, behind those of objectsBelow that can have a companion. The
// plan's notes say which cannot. Those whose futures have to be Send come first, because their supertraits' have to be so too.
func (p *companionPlan) withBelow(def resolve.Def) []resolve.Def {
	var send, other []resolve.Def
	for _, below := range p.objectsBelow(def) {
		switch err := newCompanionPlan(p.Workspace).add(below); {
		case err != nil:
			p.leave(below, err)
		case p.wantsSend(below):
			send = append(send, below)
		default:
			other = append(other, below)
		}
	}
	return slices.Concat(send, other, []resolve.Def{def})
}

// leave notes that objects of a trait below are not cured, and why.
func (p *companionPlan) leave(below resolve.Def, why error) {
	p.partial = true
	p.note(fmt.Sprintf("`dyn %s` is left: %s", below.ItemName(), why))
}

// published reports whether a trait may be part of the API of a crate that is published.
func published(t *survey.Trait) bool {
	target := t.Def.Scope.Crate.Target
	return target != nil && target.Package.Publish && target.Package.ManifestPath != "" && target == target.Package.Lib() &&
		t.Def.File().Syntax().Items[t.Def.Item].Visibility == syntax.VisPublic
}

// boxableAbove reports whether a supertrait of a trait has such methods: a companion has those of its supertraits' companions.
func (w *Workspace) boxableAbove(def resolve.Def) bool {
	return slices.ContainsFunc(w.Judge.Types.Supertraits(def), func(r *types.TraitRef) bool {
		return r.Def.Kind == resolve.Trait && boxable(w.Judge.Verdict(r.Def).Methods)
	})
}

// boxable reports whether among a trait's methods are some whose results can be boxed, as a whole or in parts.
func boxable(methods []dyncompat.Method) bool {
	return slices.ContainsFunc(methods, func(m dyncompat.Method) bool {
		return m.Alone == dyncompat.Boxed || m.Alone == dyncompat.Excluded && slices.Contains(m.AloneReasons, dyncompat.NotBoxable)
	})
}

// opaqueResult reports whether a method is async or returns an `impl Trait`.
func opaqueResult(def resolve.Def, m *dyncompat.Method) bool {
	return slices.Contains(m.AloneReasons, dyncompat.AsyncFn) || slices.Contains(m.AloneReasons, dyncompat.RPITIT) ||
		def.File().Syntax().Items[m.Item].Flags&syntax.FlagAsync != 0 // of a function without receiver nothing else is looked at
}

// returnsOpaque reports whether a trait has such a method.
func (w *Workspace) returnsOpaque(def resolve.Def) bool {
	return slices.ContainsFunc(w.Judge.Verdict(def).Methods, func(m dyncompat.Method) bool { return opaqueResult(def, &m) })
}

// nothingToBox says of a trait without boxable methods why it has none: of each method what keeps it out, where, and what could be done
// about that.
func (w *Workspace) nothingToBox(def resolve.Def, methods []dyncompat.Method) string {
	var out []string
	for i := range methods {
		m := &methods[i]
		obstacle := companion.Obstacle(def.File(), m)
		if obstacle == "" || !opaqueResult(def, m) {
			continue
		}
		why := fmt.Sprintf("`%s` (line %d) %s", m.Name, def.File().Position(m.NameSpan.Start).Line, obstacle)
		if remedy := companion.Remedy(m); remedy != "" {
			why += ": " + remedy
		}
		out = append(out, why)
	}
	if len(out) == 0 {
		return fmt.Sprintf("nothing that `%s` dispatches is async or returns an `impl Trait`", def.ItemName())
	}
	return "no method is left whose result could be boxed: " + strings.Join(out, "; ")
}

// companionPlan is the companions that one action writes, and the mentions that it turns to them.
type companionPlan struct {
	*Workspace
	traits []*companionTrait
	adds   additions
	edits  []Edit
	notes  []string
	// home is the module for the companion of a trait of another crate; nil if the trait is the workspace's.
	home *workspace.Scope
	// partial is set if objects of traits below the trait are left as they are: other fixes may cure them too.
	partial bool
	// external is set if objects have the trait's methods only where the trait is in scope: they are no `dyn` types.
	external bool
	// wrapped are the supertraits whose wrappers the plan writes.
	wrapped []resolve.Def
	// reader is the module with a #[cfg] through whose glob of a module above a name is asked for there.
	reader *workspace.Scope
	// rewritten are the signatures of the traits that are written anew, with the mentions in them.
	rewritten []textPlace
}

// companionTrait is one trait of a plan.
type companionTrait struct {
	*companion.Trait
	module  string
	objects []companion.Object
	// written is set if the companion is there already: only the mentions are turned to it.
	written bool
}

func newCompanionPlan(w *Workspace) *companionPlan {
	return &companionPlan{Workspace: w, adds: additions{w: w}}
}

// add plans the companions of some traits and of those of their supertraits that need one.
func (p *companionPlan) add(defs ...resolve.Def) error {
	how := func(def resolve.Def) companion.Reading {
		return companion.Reading{Send: p.wantsSend(def), Local: p.local, Convert: true}
	}
	for _, def := range defs {
		model, err := companion.Read(p.Judge, def, how(def))
		if err != nil {
			return err
		}
		if err := p.plan(model); err != nil {
			return err
		}
	}
	for _, t := range p.traits[1:] {
		for i := range t.objects {
			t.objects[i].Spare = !p.mentioned(t.Def)
		}
	}
	if !p.mentionsInside() {
		return nil
	}
	// The signatures mention objects of the traits themselves: they are read once more, as they will be. What traits have in common
	// is read for the first of them, as it was planned.
	again := map[*companionTrait]bool{}
	for _, def := range defs {
		how := how(def)
		how.Object = p.turned
		model, err := companion.Read(p.Judge, def, how)
		if err != nil {
			return err
		}
		for _, t := range append([]*companion.Trait{model}, model.Supertraits()...) {
			if planned := p.planned(t.Def); !again[planned] {
				again[planned] = true
				planned.Trait = t
				p.settle(planned)
			}
		}
	}
	return nil
}

func (p *companionPlan) plan(model *companion.Trait) error {
	for _, t := range append([]*companion.Trait{model}, model.Supertraits()...) {
		if p.planned(t.Def) != nil {
			continue
		}
		if module, objects := p.written(t.Def); len(objects) > 0 {
			p.traits = append(p.traits, &companionTrait{Trait: t, module: module, objects: objects, written: true})
			continue
		}
		if err := p.check(t); err != nil {
			return err
		}
		planned := &companionTrait{Trait: t, module: "dyn_" + snake(t.Def.ItemName()), objects: p.objects(t)}
		p.traits = append(p.traits, planned)
		p.settle(planned)
		if len(t.Limits) > 0 {
			p.notes = append(p.notes, fmt.Sprintf("`%s` will not implement `%s`: %s", p.alias(t.Def), t.Name, strings.Join(t.Limits, ", ")))
		}
		p.noteInherited(t)
	}
	return nil
}

// settle takes out what none of a trait's objects could have: methods with converted arguments, which the object has by the native trait
// alone, where its futures cannot be Send as the trait's are.
func (p *companionPlan) settle(t *companionTrait) {
	if t.written || !t.Converts("") {
		return
	}
	writer := companion.NewWriter(t.Trait, companion.Shape{Name: "Erased", Method: "%s"}, companion.Layout{})
	if slices.ContainsFunc(t.objects, func(o companion.Object) bool { return len(writer.Unsendable(o.Autos)) > 0 }) {
		t.DropConverted()
	}
}

// noteInherited says which methods do something else on the object than on some value behind it: the object has their default bodies.
func (p *companionPlan) noteInherited(t *companion.Trait) {
	if len(t.Inherited) == 0 {
		return
	}
	impls, complete := p.implsOf(t.Def)
	var names []string
	for _, name := range t.Inherited {
		overridden := slices.ContainsFunc(impls, func(im traitImpl) bool { return im.member(syntax.KindFn, strings.TrimPrefix(name, "r#")) >= 0 })
		if overridden || !complete {
			names = append(names, "`"+name+"`")
		}
	}
	if len(names) > 0 && len(t.Limits) == 0 {
		p.note("on the object " + strings.Join(names, ", ") + " runs its default body, whatever the value behind it has")
	}
}

// mentioned reports whether the workspace has trait object types of a trait.
func (w *Workspace) mentioned(def resolve.Def) bool {
	return len(w.index().objects[traitItemOf(def)]) > 0
}

// planned is a trait of the plan, nil if it is none.
func (p *companionPlan) planned(def resolve.Def) *companionTrait {
	for _, t := range p.traits {
		if sameTrait(t.Def, def) {
			return t
		}
	}
	return nil
}

// wantsSend reports whether the objects of a trait go from thread to thread: the trait asks for Send, or a mention does. Their
// futures have to do so too then, if nothing shows that they cannot.
func (p *companionPlan) wantsSend(def resolve.Def) bool {
	if p.staysLocal(def) {
		return false
	}
	implied := slices.ContainsFunc(p.Judge.Types.Supertraits(def), func(r *types.TraitRef) bool {
		return r.Def.Kind != resolve.None && r.Def.ItemName() == "Send" && p.Judge.Types.Decl(r.Def).Auto
	})
	return implied || anyOf(p.mentionsOf(def), func(m *survey.Mention) bool { return slices.Contains(p.mentionedAutos(m, nil), "Send") })
}

// objects are the object types that the workspace's mentions of a trait ask for: one for each combination of auto traits that
// the trait does not imply by itself. One alone is DynX.
func (p *companionPlan) objects(t *companion.Trait) []companion.Object {
	var sets [][]string
	always := map[string]bool{} // by the auto traits: a mention is compiled whatever #[cfg]s hold
	for m := range p.mentionsOf(t.Def) {
		autos := p.mentionedAutos(m, t)
		if !slices.ContainsFunc(sets, func(have []string) bool { return slices.Equal(have, autos) }) {
			sets = append(sets, autos)
		}
		always[strings.Join(autos, " ")] = always[strings.Join(autos, " ")] || !conditional(m)
	}
	if len(sets) == 0 {
		sets = [][]string{nil}
	}
	slices.SortFunc(sets, func(a, b []string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return slices.Compare(a, b)
	})
	var out []companion.Object
	for _, autos := range sets {
		unconditional, mentioned := always[strings.Join(autos, " ")]
		o := companion.Object{Alias: p.alias(t.Def), Autos: autos, Spare: mentioned && !unconditional && !exported(t.Def)}
		if len(sets) > 1 {
			o.Alias += strings.Join(autos, "")
		}
		out = append(out, o)
	}
	return out
}

// write makes the edits.
func (p *companionPlan) write() error {
	for _, t := range p.traits {
		if !t.written {
			if err := p.writeTrait(t); err != nil {
				return err
			}
		}
		for m := range p.mentionsOf(t.Def) {
			p.rewrite(m, t)
		}
		if t.Converts("") {
			p.importForCalls(t.Def)
		}
	}
	p.edits = p.outside(p.edits)
	p.edits = append(p.edits, p.adds.edits()...)
	return nil
}

func (p *companionPlan) writeTrait(t *companionTrait) error {
	file := t.Def.File()
	it := &file.Syntax().Items[t.Def.Item]
	margin := indentAt(file.Text, itemStart(file.Syntax(), t.Def.Item))
	shape := companion.Shape{
		Name: "Erased", Method: "%s", Nested: true, Visibility: nestedVisibility(file, it), Supers: map[resolve.Def]string{}, Aliases: p.aliases(),
	}
	for _, up := range t.Supertraits() {
		prefix := "super::"
		if up.Def.Scope != t.Def.Scope {
			prefix = cratePath(t.Def.Scope.Crate, up.Def.Scope)
		}
		shape.Supers[up.Def] = prefix + p.planned(up.Def).module + "::Erased"
	}
	writer := companion.NewWriter(t.Trait, shape, p.layoutAt(file, margin).In(1))
	lines, err := writer.Module(companion.Module{
		Name: t.module, Visibility: visibility(file, it), Attrs: cfgAttrs(file, it), Objects: t.objects, Bridge: p.bridgeable(t.Def),
	})
	if err != nil {
		return err
	}
	for _, o := range t.objects {
		if lacks := writer.Unsendable(o.Autos); len(t.Limits) == 0 && len(lacks) > 0 {
			p.note(fmt.Sprintf("`%s` will not implement `%s`: its futures could not be `Send`, because the object need not be `%s`", o.Alias, t.Name, strings.Join(lacks, " + ")))
		}
	}
	p.edits = append(p.edits, insertAfter(file, t.Def.Item, strings.Join(lines, "\n")))
	return p.promise(t.Trait)
}

// promise rewrites the async methods of a trait whose futures shall be Send.
func (p *companionPlan) promise(t *companion.Trait) error {
	if !t.Promises() {
		return nil
	}
	name, edits := p.name(t.Def.Scope, futurePath...)
	p.edits = append(p.edits, edits...)
	return p.promiseBy(t, name)
}

var futurePath = []string{"std", "future", "Future"}

// promiseBy is promise where Future is called name in the trait's scope.
func (p *companionPlan) promiseBy(t *companion.Trait, name string) error {
	file := t.Def.File()
	p.note("its futures have to be `Send`")
	margin := indentAt(file.Text, itemStart(file.Syntax(), t.Def.Item))
	margin += p.unitAt(file, margin)
	writer := companion.NewWriter(t, companion.Shape{Method: "%s", Future: name}, p.layoutAt(file, margin))
	for _, r := range writer.Promised(margin) {
		if bytes.Contains(file.Text[r.Span.Start:r.Span.End], []byte("//")) {
			return companion.Blocked("a comment in a signature of `" + t.Name + "` would be lost")
		}
		p.edits = append(p.edits, replace(file, r.Span, r.Text))
		if !r.Span.Empty() {
			p.rewritten = append(p.rewritten, textPlace{file.Path, r.Span})
		}
	}
	return nil
}

// cratePath is the path of a module, with `::` behind it, as seen from a crate.
func cratePath(from *workspace.Crate, module *workspace.Scope) string {
	path := module.Module.Path()
	_, rest, _ := strings.Cut(path, "::")
	root := "crate::"
	if module.Crate != from {
		root = module.Crate.Name + "::"
	}
	if rest == "" {
		return root
	}
	return root + rest + "::"
}

// cfgAttrs are the #[cfg]s of an item, as text.
func cfgAttrs(file *workspace.File, it *syntax.Item) []string {
	var out []string
	for i := it.Attrs.Start; i < it.Attrs.End; i++ {
		if a := &file.Syntax().Attrs[i]; !a.Inner && string(a.Path.Of(file.Text)) == "cfg" {
			out = append(out, string(a.Span.Of(file.Text)))
		}
	}
	return out
}

// camel is a name in the case of types: a trait may be called r#async.
func camel(name string) string {
	if unicode.IsUpper([]rune(name)[0]) {
		return name
	}
	var b strings.Builder
	for _, word := range strings.Split(name, "_") {
		for i, r := range word {
			if i == 0 {
				r = unicode.ToUpper(r)
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// snake is a type's name in the case of modules, without underscores around it: one more stands before it.
func snake(name string) string {
	var b strings.Builder
	runes := []rune(strings.Trim(name, "_"))
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) && runes[i-1] != '_' {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
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

// nestedVisibility is the visibility, with a blank behind it, with which an item of a module below is seen as far as the item.
func nestedVisibility(file *workspace.File, it *syntax.Item) string {
	switch it.Visibility {
	case syntax.VisPublic, syntax.VisCrate:
		return visibility(file, it)
	case syntax.VisSuper:
		return "pub(in super::super) "
	case syntax.VisIn:
		path := string(it.VisPath.Of(file.Text))
		if strings.HasPrefix(path, "super") {
			path = "super::" + path
		}
		return "pub(in " + path + ") "
	}
	return "pub(super) "
}
