package quickfix

import (
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/quickfix/companion"
)

// The signatures of a trait may mention its own object: `fn clone_box(&self) -> Box<dyn Client>`. They are copied into the companion
// while the mention is turned, so they are read as they will be.

// mentionsInside reports whether one of the plan's traits mentions an object of one of them.
func (p *companionPlan) mentionsInside() bool {
	return slices.ContainsFunc(p.traits, func(t *companionTrait) bool {
		span := t.Def.File().Syntax().Items[t.Def.Item].Span
		return anyOf(p.mentionsIn(t.Def.File(), span), func(m *survey.Mention) bool { return p.planned(m.Principal) != nil })
	})
}

// turned is what a trait object type of the plan's traits becomes, nil for the others.
func (p *companionPlan) turned(file *workspace.File, object *syntax.Type) *syntax.Type {
	m := p.mentionAt(file, object)
	if m == nil {
		return nil
	}
	t, scope := p.planned(m.Principal), mentionScope(m)
	if t == nil || scope == nil || m.Silence == survey.InMacroRules {
		return nil
	}
	alias, ok := p.objectFor(m, t)
	if !ok {
		return nil
	}
	path, args, ok := p.aliasArgs(m, t)
	if !ok {
		return nil
	}
	out := pathOf(p.reach(scope, path, t.Def, alias) + alias)
	if len(args) > 0 {
		out.Segments[len(out.Segments)-1].Args = &syntax.Args{List: args}
	}
	return &syntax.Type{Kind: syntax.TypePath, Path: out}
}

// renamed is a reading in which objects of one trait are those of another, as renamePrincipal writes them.
func (p *companionPlan) renamed(def resolve.Def, name string) func(*workspace.File, *syntax.Type) *syntax.Type {
	return func(file *workspace.File, object *syntax.Type) *syntax.Type {
		m := p.mentionAt(file, object)
		if m == nil || !sameTrait(m.Principal, def) || m.Silence == survey.InMacroRules {
			return nil
		}
		scope := mentionScope(m)
		if scope == nil {
			return nil
		}
		bounds := slices.Clone(mentionBounds(m))
		for i := range bounds {
			b := &bounds[i]
			if b.Span != m.PrincipalSpan || b.Path == nil || len(b.Path.Segments) == 0 {
				continue
			}
			path := pathOf(p.reach(scope, b.Path, def, name) + name)
			path.Segments[len(path.Segments)-1].Args = b.Path.Segments[len(b.Path.Segments)-1].Args
			b.Path = path
		}
		return &syntax.Type{Kind: syntax.TypeDyn, Bounds: bounds}
	}
}

// mentionAt is the mention that a type of a file is, nil if it is none.
func (p *companionPlan) mentionAt(file *workspace.File, t *syntax.Type) *survey.Mention {
	for m := range p.mentionsIn(file, t.Span) {
		if m.Span == t.Span {
			return m
		}
	}
	return nil
}

// pathOf is a path without arguments as syntax.
func pathOf(text string) *syntax.Path {
	out := &syntax.Path{}
	for _, name := range strings.Split(text, "::") {
		s := syntax.Segment{Name: name}
		s.Name, s.Raw = strings.CutPrefix(name, "r#")
		out.Segments = append(out.Segments, s)
	}
	return out
}

// outside are the edits without those of mentions in signatures that are written anew.
func (p *companionPlan) outside(edits []Edit) []Edit {
	return slices.DeleteFunc(edits, func(e Edit) bool {
		return !e.Span.Empty() && slices.ContainsFunc(p.rewritten, func(r textPlace) bool {
			return e.Path == r.path && e.Span != r.span && r.span.Start <= e.Span.Start && e.Span.End <= r.span.End
		})
	})
}

// aliases are the names of the object types that the plan writes.
func (p *companionPlan) aliases() []string {
	var out []string
	for _, t := range p.traits {
		for _, o := range t.objects {
			out = append(out, o.Alias)
		}
	}
	return out
}

// written is the module of a trait's companion and its object types, if this fix has written one before.
func (p *companionPlan) written(def resolve.Def) (module string, objects []companion.Object) {
	return p.writtenIn(def.Scope, def)
}

func (p *companionPlan) writtenIn(home *workspace.Scope, def resolve.Def) (module string, objects []companion.Object) {
	f := home.File.Syntax()
	module = "dyn_" + snake(def.ItemName())
	index := home.Index()
	if !slices.ContainsFunc(index.Names[module], func(e workspace.Entry) bool {
		return e.Import < 0 && f.Items[e.Item].Kind == syntax.KindMod && declaresErased(f, e.Item)
	}) {
		return "", nil
	}
	for name, entries := range index.Names {
		for _, e := range entries {
			if e.Import >= 0 || f.Items[e.Item].Kind != syntax.KindType {
				continue
			}
			alias := syntax.ParseAlias(f, e.Item, home.File.Edition)
			if alias.Type == nil || alias.Type.Kind != syntax.TypeDyn {
				continue
			}
			if o, ok := objectOf(alias.Type, module); ok {
				o.Alias = name
				objects = append(objects, o)
			}
		}
	}
	slices.SortFunc(objects, func(a, b companion.Object) int { return strings.Compare(a.Alias, b.Alias) })
	return module, objects
}

// declaresErased reports whether a module has a trait Erased.
func declaresErased(f *syntax.File, module int32) bool {
	for i := module + 1; i < int32(len(f.Items)) && f.Items[i].Span.Start < f.Items[module].Span.End; i++ {
		if f.Items[i].Parent == module && f.Items[i].Kind == syntax.KindTrait && f.Items[i].Name == "Erased" {
			return true
		}
	}
	return false
}

// objectOf reads `dyn module::Erased<..> + Send + 'o`.
func objectOf(t *syntax.Type, module string) (companion.Object, bool) {
	var o companion.Object
	ok := false
	for i := range t.Bounds {
		b := &t.Bounds[i]
		switch {
		case b.Kind == syntax.BoundLifetime:
		case b.Path == nil || len(b.Path.Segments) == 0:
			return o, false
		case len(b.Path.Segments) == 2 && b.Path.Segments[0].Name == module && b.Path.Segments[1].Name == "Erased":
			ok = true
		default:
			o.Autos = append(o.Autos, b.Path.Segments[len(b.Path.Segments)-1].Name)
		}
	}
	slices.Sort(o.Autos)
	return o, ok
}

// offerWritten turns the mentions that are left to a companion that is there already.
func (p *companionPlan) offerWritten(t *survey.Trait, objects []companion.Object) []Action {
	a := Action{Title: "use `" + objects[0].Alias + "`, the companion of `" + t.Def.ItemName() + "`", Applicability: MachineApplicable, Preferred: true}
	if err := p.add(t.Def); err != nil {
		a.BlockedBy = err.Error()
		return []Action{a}
	}
	left := false
	for m := range p.mentionsOf(t.Def) {
		left = true
		if _, ok := p.objectFor(m, p.traits[0]); !ok {
			a.BlockedBy = "the companion that is there has no object type for `" + string(m.Span.Of(m.File.Text)) + "`"
			return []Action{a}
		}
	}
	if !left {
		return nil
	}
	if err := p.write(); err != nil {
		a.BlockedBy = err.Error()
		return []Action{a}
	}
	if len(p.edits) == 0 {
		return nil
	}
	if len(p.notes) > 0 {
		a.Title += " (" + strings.Join(p.notes, "; ") + ")"
		a.Applicability = MaybeIncorrect
	}
	a.Edits = once(p.edits)
	return []Action{a}
}

// exported reports whether a trait of a library is public by its own path: rustc takes what is for used.
func exported(def resolve.Def) bool {
	target := def.Scope.Crate.Target
	if target == nil || target != target.Package.Lib() || def.File().Syntax().Items[def.Item].Visibility != syntax.VisPublic {
		return false
	}
	for m := def.Scope.Module; m.Parent != nil; m = m.Parent {
		public := false
		m.Parent.EachItem(func(i int32) {
			it := &m.Parent.File.Syntax().Items[i]
			public = public || it.Kind == syntax.KindMod && it.Name == m.Name && it.Visibility == syntax.VisPublic
		})
		if !public {
			return false
		}
	}
	return true
}

// conditional reports whether a mention is compiled under some #[cfg] only, or in tests.
func conditional(m *survey.Mention) bool {
	under := func(f *syntax.File, it *syntax.Item) bool {
		for i := it.Attrs.Start; i < it.Attrs.End; i++ {
			if path := string(f.Attrs[i].Path.Of(f.Text)); path == "cfg" || path == "test" {
				return true
			}
		}
		return false
	}
	f := m.File.Syntax()
	for i := m.Item; i >= 0; i = f.Items[i].Parent {
		if under(f, &f.Items[i]) {
			return true
		}
	}
	return len(m.File.Owners) > 0 && !slices.ContainsFunc(m.File.Owners, func(s *workspace.Scope) bool { return !configured(s, nil) })
}
