package quickfix

import (
	"slices"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// local reports whether a type is certain not to be Send.
func (w *Workspace) local(t *types.Type) bool { return w.lacks(t, "Send", 0) }

// staysLocal reports whether declarations speak for futures of a trait, or of a supertrait, that are not Send whatever they take, so that to
// promise it would be an error: an async method of an impl borrows a value that cannot be borrowed by another thread, or a method gives an Rc
// back. Such a future may be Send all the same; but what makes an Rc has it beside an .await, as a rule, and stays on one thread.
func (w *Workspace) staysLocal(def resolve.Def) bool {
	return slices.ContainsFunc(w.Judge.Types.Supertraits(def), func(super *types.TraitRef) bool {
		return super.Def.Kind == resolve.Trait && super.Def.Scope.Crate.Member && w.ownStaysLocal(super.Def)
	})
}

func (w *Workspace) ownStaysLocal(def resolve.Def) bool {
	return w.locals.of(lacking{def: def}, func() bool { return w.showsLocal(def) })
}

// asyncMethods are the async methods of a trait but those without a receiver and those that ask for Self: Sized: of these no companion
// promises anything.
func (w *Workspace) asyncMethods(def resolve.Def) []*syntax.Fn {
	f := def.File()
	var out []*syntax.Fn
	for _, m := range w.Judge.Verdict(def).Methods {
		if m.Alone == dyncompat.SizedOnly || f.Syntax().Items[m.Item].Flags&syntax.FlagAsync == 0 {
			continue
		}
		if fn := syntax.ParseFn(f.Syntax(), m.Item, f.Edition); fn.Self != syntax.SelfNone {
			out = append(out, fn)
		}
	}
	return out
}

func (w *Workspace) showsLocal(def resolve.Def) bool {
	borrows := map[string]string{} // the auto trait that a method's borrow of self needs
	for _, fn := range w.asyncMethods(def) {
		if fn.Ret != nil && w.holdsRc(def.Scope, fn.Ret) {
			return true
		}
		switch fn.Self {
		case syntax.SelfRef:
			borrows[fn.Name] = "Sync"
		case syntax.SelfRefMut:
			borrows[fn.Name] = "Send"
		}
	}
	impls, _ := w.implsOf(def)
	return slices.ContainsFunc(impls, func(im traitImpl) bool {
		if im.Header.Type == nil {
			return false
		}
		self := envOf(w, im.Scope, &im.Header.Generics).Type(im.Header.Type)
		for name, auto := range borrows {
			i := im.member(syntax.KindFn, name)
			if i >= 0 && im.File.Syntax().Items[i].Flags&syntax.FlagAsync != 0 && w.lacks(self, auto, 0) {
				return true
			}
		}
		return false
	})
}

// takesLocal reports whether an async method of a trait takes what is not Send.
func (w *Workspace) takesLocal(def resolve.Def) bool {
	env := w.Judge.Types.TraitEnv(def)
	return slices.ContainsFunc(w.asyncMethods(def), func(fn *syntax.Fn) bool {
		inner := env.With(&fn.Generics)
		return slices.ContainsFunc(fn.Params, func(p syntax.FnParam) bool { return p.Type != nil && w.local(inner.Type(p.Type)) })
	})
}

func envOf(w *Workspace, scope *workspace.Scope, generics *syntax.Generics) *types.Env {
	return (&types.Env{Types: w.Judge.Types, Scope: scope}).With(generics)
}

// containers are types of the standard library that are of an auto trait only if their arguments are.
var containers = [][]string{
	{"alloc", "boxed", "Box"}, {"alloc", "vec", "Vec"}, {"core", "option", "Option"}, {"core", "result", "Result"},
	{"std", "collections", "HashMap"}, {"std", "collections", "BTreeMap"}, {"std", "collections", "VecDeque"},
}

// maxFieldDepth bounds how deep the fields of structs are followed.
const maxFieldDepth = 3

// lacks reports whether a type is certain not to be Send, or Sync.
func (w *Workspace) lacks(t *types.Type, auto string, depth int) bool {
	std := w.Judge.Types.Resolver.WellKnown
	anyLacks := func(auto string) bool {
		return slices.ContainsFunc(t.Args, func(a *types.Type) bool { return w.lacks(a, auto, depth) })
	}
	switch t.Kind {
	case types.Ptr:
		return true
	case types.Dyn:
		return len(t.Traits) > 0 && !slices.ContainsFunc(t.Traits, func(r *types.TraitRef) bool {
			return r.Def.Kind != resolve.Trait || slices.ContainsFunc(w.Judge.Types.Supertraits(r.Def), func(s *types.TraitRef) bool {
				return s.Def.Kind != resolve.Trait || s.Def.ItemName() == auto
			})
		})
	case types.Ref:
		if !t.Mut {
			auto = "Sync"
		}
		return anyLacks(auto)
	case types.Tuple, types.Array, types.Slice:
		return anyLacks(auto)
	case types.Adt:
		switch {
		case t.Def == std("alloc", "rc", "Rc"):
			return true
		case t.Def == std("alloc", "sync", "Arc"):
			return anyLacks("Send") || anyLacks("Sync")
		case t.Def == std("core", "cell", "RefCell"), t.Def == std("core", "cell", "Cell"):
			return auto == "Sync" || anyLacks(auto)
		case slices.ContainsFunc(containers, func(path []string) bool { return t.Def == std(path...) }):
			return anyLacks(auto)
		}
		return t.Def.Scope.Crate.Member && depth < maxFieldDepth && w.fieldsLack(t.Def, auto, depth+1)
	}
	return false
}

// lacking is a question that the same declarations answer for many traits: whether the fields of a type lack an auto trait, where depth
// fields are around it; or, without an auto trait, whether the futures of a trait stay local.
type lacking struct {
	def   resolve.Def
	auto  string
	depth int
}

// keptAnswers are those to such questions.
type keptAnswers struct{ known sync.Map } // lacking -> bool

func (k *keptAnswers) of(q lacking, find func() bool) bool {
	if v, ok := k.known.Load(q); ok {
		return v.(bool)
	}
	out := find()
	k.known.Store(q, out)
	return out
}

// fieldsLack is lacks for a struct or enum of the workspace for which nobody vouches.
func (w *Workspace) fieldsLack(def resolve.Def, auto string, depth int) bool {
	return w.locals.of(lacking{def, auto, depth}, func() bool { return w.declaredLacking(def, auto, depth) })
}

func (w *Workspace) declaredLacking(def resolve.Def, auto string, depth int) bool {
	if def.Kind != resolve.Struct && def.Kind != resolve.Enum {
		return false
	}
	vouched, _ := w.implsOf(w.Judge.Types.Resolver.WellKnown("core", "marker", auto))
	if slices.ContainsFunc(vouched, func(im traitImpl) bool {
		t := im.Header.Type
		return t != nil && t.Kind == syntax.TypePath && t.Path.Segments[len(t.Path.Segments)-1].Name == def.ItemName()
	}) {
		return false
	}
	file := def.File()
	adt := syntax.ParseAdt(file.Syntax(), def.Item, file.Edition)
	env := envOf(w, def.Scope, &adt.Generics)
	return slices.ContainsFunc(adt.Fields, func(field syntax.Field) bool {
		return len(field.Attrs) == 0 && field.Type != nil && w.lacks(env.Type(field.Type), auto, depth)
	})
}
