package quickfix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/quickfix/companion"
)

// A trait of a dependency cannot be changed, and no module can be put beside it. Its companion goes into the root of the crate that
// mentions its objects: the object type is local, so that the foreign trait may be implemented for it.

// offerForeign writes the companion of a trait of a dependency.
func offerForeign(w *Workspace, def resolve.Def) []Action {
	methods := w.Judge.Verdict(def).Methods
	if def.Made || !w.returnsOpaque(def) {
		return nil
	}
	p := newCompanionPlan(w)
	name := def.ItemName()
	a := Action{
		Title:         fmt.Sprintf("generate `Dyn%s`, a dyn-compatible companion of `%s` of the crate `%s`", camel(name), name, def.Scope.Crate.Name),
		Applicability: MachineApplicable, Preferred: true,
	}
	if !boxable(methods) {
		a.BlockedBy = w.nothingToBox(def, methods)
		return []Action{a}
	}
	if def.Scope.Crate.Member {
		a.Title = fmt.Sprintf("generate `Dyn%s`, a dyn-compatible companion of `%s`", camel(name), name)
		a.BlockedBy = fmt.Sprintf("`%s` is written by a macro", name)
		return []Action{a}
	}
	if err := p.writeForeign(def); err != nil {
		a.BlockedBy = err.Error()
		return []Action{a}
	}
	if len(p.notes) > 0 {
		a.Title += " (" + strings.Join(p.notes, "; ") + ")"
		a.Applicability = MaybeIncorrect
	}
	a.Edits = w.relaidSignatures(once(p.edits))
	return []Action{a}
}

func (p *companionPlan) writeForeign(def resolve.Def) error {
	var err error
	if p.home, err = p.homeFor(def); err != nil {
		return err
	}
	if _, objects := p.writtenIn(p.home, def); len(objects) > 0 {
		return companion.Blocked("`" + objects[0].Alias + "` is there already")
	}
	send := p.wantsSend(def)
	model, err := companion.Read(p.Judge, def, companion.Reading{Send: send, Local: p.local, Abroad: true})
	if err != nil {
		return err
	}
	if err := p.check(model); err != nil {
		return err
	}
	t := &companionTrait{Trait: model, module: "dyn_" + snake(def.ItemName()), objects: p.objects(model)}
	p.traits = append(p.traits, t)
	var types []string
	if model.Promises() {
		if types, err = p.typesOf(model); err != nil {
			return err
		}
		p.note("for " + strings.Join(types, ", ") + ": a future of other types may not be `Send`")
	}
	p.noteInherited(model)
	if len(model.Limits) > 0 {
		p.note(fmt.Sprintf("`%s` will not implement `%s`: %s", p.alias(def), model.Name, strings.Join(model.Limits, ", ")))
	}
	writer := companion.NewWriter(model, companion.Shape{Name: "Erased", Method: "%s", Visibility: "pub ", Home: p.home, Aliases: p.aliases()}, p.layoutAt(p.home.File, "").In(1))
	lines, err := writer.Module(companion.Module{Name: t.module, Visibility: "pub ", Objects: t.objects, Types: types})
	if err != nil {
		return err
	}
	at, after := lastItem(p.home)
	if at < 0 {
		return companion.Blocked("there is no place for `" + t.module + "` in the crate's root")
	}
	if code := strings.Join(lines, "\n"); after {
		p.edits = append(p.edits, insertAfter(p.home.File, at, code))
	} else {
		p.edits = append(p.edits, insertBefore(p.home.File, at, code))
	}
	for m := range p.mentionsOf(def) {
		p.rewrite(m, t)
	}
	p.edits = append(p.edits, p.adds.edits()...)
	return nil
}

// homeOf is the module that a trait's companion goes into: the trait's own, or that for a trait of another crate.
func (p *companionPlan) homeOf(def resolve.Def) *workspace.Scope {
	if p.home != nil && !def.Scope.Crate.Member {
		return p.home
	}
	return def.Scope
}

// homeFor is the root of the crate that mentions a trait of another crate as `dyn`. If several do, it is that which all others depend on:
// the object type has to be one.
func (p *companionPlan) homeFor(def resolve.Def) (*workspace.Scope, error) {
	var crates []*workspace.Crate
	for m := range p.mentionsOf(def) {
		if m.Silence == survey.InMacroRules {
			continue
		}
		if scope := mentionScope(m); scope != nil && !slices.Contains(crates, scope.Crate) {
			crates = append(crates, scope.Crate)
		}
	}
	var names []string
	for _, c := range crates {
		if !slices.ContainsFunc(crates, func(other *workspace.Crate) bool { return other != c && !uses(other, c) }) {
			return c.Root, nil
		}
		names = append(names, "`"+c.Name+"`")
	}
	return nil, companion.Blocked(fmt.Sprintf("`dyn %s` is written in the crates %s, of which none is a dependency of all others: they would have object types of their own",
		def.ItemName(), strings.Join(names, ", ")))
}

// uses reports whether a crate can name another by its name.
func uses(c, other *workspace.Crate) bool {
	if c.Target == nil || other.Target == nil || other.Target != other.Target.Package.Lib() {
		return false
	}
	if c.Target.Package == other.Target.Package {
		return true
	}
	for _, d := range c.Target.Package.Deps {
		if d.Package == other.Target.Package.Name && !d.Renamed {
			return true
		}
	}
	return false
}

// checkAbroad looks for impls in the crate of a trait that leave no room for one for an object type.
func (p *companionPlan) checkAbroad(t *companion.Trait) error {
	work := []*workspace.Scope{t.Def.Scope.Crate.Root}
	for len(work) > 0 {
		s := work[len(work)-1]
		work = work[:len(work)-1]
		if s.File.MayHaveModules() || s.File.Mentions("mod ") {
			s.EachItem(func(i int32) {
				if s.File.Syntax().Items[i].Kind == syntax.KindMod {
					if m := s.ChildModule(i); m != nil {
						work = append(work, m)
					}
				}
			})
		}
		if !s.File.Headers().Have(t.Def.ItemName()) {
			continue
		}
		var err error
		s.EachItem(func(i int32) {
			if s.File.Syntax().Items[i].Kind != syntax.KindImpl {
				return
			}
			im := traitImpl{File: s.File, Item: i, Scope: s, Header: syntax.ParseImpl(s.File.Syntax(), i, s.File.Edition)}
			if im.Header.Trait == nil || im.Header.Negative {
				return
			}
			r, n := p.Judge.Types.Resolver.Path(s, im.Header.Trait)
			if target := targetOf(&im); r.Found() && n == len(im.Header.Trait.Segments) && sameTrait(r.Def, t.Def) && target.blanket && target.unsized {
				err = companion.Blocked(fmt.Sprintf("an impl for all types in the crate `%s` (%s) would overlap with that for the object (E0119)", s.Crate.Name, im.place()))
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// typesOf are the workspace's types that implement a trait of another crate, as the companion's module writes them.
func (p *companionPlan) typesOf(t *companion.Trait) ([]string, error) {
	name := t.Def.ItemName()
	blocked := func(format string, args ...any) ([]string, error) {
		return nil, companion.Blocked(fmt.Sprintf("the futures of `%s` have to be `Send`, which the crate `%s` does not promise and only an impl for each type can say: ", name, t.Def.Scope.Crate.Name) +
			fmt.Sprintf(format, args...))
	}
	if t.Parametric() {
		return blocked("`%s` has parameters", name)
	}
	impls, complete := p.implsOf(t.Def)
	if !complete {
		return blocked("not all types of the workspace that implement it are known")
	}
	var out []string
	for _, im := range impls {
		h := im.Header.Type
		written := string(h.Span.Of(im.File.Text))
		if len(im.Header.Generics.Params) > 0 || h.Kind != syntax.TypePath || h.Path.QSelf != nil {
			return blocked("the impl for `%s` is one for many types", written)
		}
		last := &h.Path.Segments[len(h.Path.Segments)-1]
		r, n := p.Judge.Types.Resolver.Path(im.Scope, h.Path)
		if !r.Found() || n != len(h.Path.Segments) || last.Args != nil {
			return blocked("`%s` is not known by a plain path", written)
		}
		if r.Def.Scope.Crate != p.home.Crate || im.Scope.IsBlock() || !companion.VisibleFrom(r.Def, p.home) {
			return blocked("`%s` is not seen in the root of the crate `%s`", written, p.home.Crate.Name)
		}
		if typ := cratePath(p.home.Crate, r.Def.Scope) + r.Def.ItemName(); !slices.Contains(out, typ) {
			out = append(out, typ)
		}
	}
	if len(out) == 0 {
		return blocked("no type of the workspace implements it")
	}
	slices.Sort(out)
	return out, nil
}

// fromHome is how the alias is written in a scope. An import of the trait that nothing needs any more makes room for one of the alias.
func (p *companionPlan) fromHome(scope *workspace.Scope, def resolve.Def, alias string) string {
	module := scope.Module
	index := module.Index()
	for name, entries := range index.Names {
		for _, e := range entries {
			if e.Import < 0 {
				continue
			}
			imp := index.Imports[e.Import]
			r, n := p.Judge.Types.Resolver.Path(module, &syntax.Path{Global: imp.Global, Segments: imp.Segments})
			if !r.Found() || n != len(imp.Segments) || !sameTrait(r.Def, def) || !p.spare(module, e.Item, def, name) {
				continue
			}
			if leaves := syntax.ParseUse(module.File.Syntax(), e.Item, module.File.Edition); len(leaves) > 1 {
				p.adds.add(module, e.Item, imp, "", true)
				continue
			}
			span := module.File.Syntax().Items[e.Item].Span
			path := cratePath(scope.Crate, p.home) + alias
			if module == p.home || scope.Crate != p.home.Crate || !p.sortedAt(module, e.Item, path) {
				end := lineEnd(module.File.Text, span.End)
				span.End = min(uint32(len(module.File.Text)), end+uint32(len(lineBreak(module.File.Text, end))))
				p.edits = append(p.edits, replace(module.File, span, ""))
				continue
			}
			p.edits = append(p.edits, replace(module.File, span, "use "+path+";"))
			return alias
		}
	}
	return p.imported(scope, p.home, alias)
}

// sortedAt reports whether another path stands in its order among the imports beside one, in place of that.
func (w *Workspace) sortedAt(module *workspace.Scope, use int32, path string) bool {
	f := module.File
	edition := w.format(f).StyleEdition
	before, after := int32(-1), int32(-1)
	module.EachItem(func(i int32) {
		switch {
		case f.Syntax().Items[i].Kind != syntax.KindUse || f.Syntax().Items[i].Macro >= 0:
		case i < use:
			before = i
		case i > use && after < 0:
			after = i
		}
	})
	return (before < 0 || !adjacent(f, before, use) || compareImports(importText(f, before), path, edition) <= 0) &&
		(after < 0 || !adjacent(f, use, after) || compareImports(path, importText(f, after), edition) <= 0)
}

// lineBreak is the line ending at an offset, empty at the end of the text.
func lineBreak(text []byte, at uint32) string {
	switch {
	case int(at) < len(text) && text[at] == '\n':
		return "\n"
	case int(at)+1 < len(text) && text[at] == '\r' && text[at+1] == '\n':
		return "\r\n"
	}
	return ""
}

// lastItem is the item of a module that something new is put behind, or before: tests stay last.
func lastItem(module *workspace.Scope) (at int32, after bool) {
	items := module.File.Syntax().Items
	last := int32(-1)
	module.EachItem(func(i int32) {
		if items[i].Macro < 0 {
			last = i
		}
	})
	if last >= 0 && items[last].Kind == syntax.KindMod && items[last].Attrs.Start < items[last].Attrs.End && items[last].Name == "tests" {
		return last, false
	}
	return last, true
}
