package infer

import (
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// constant is the type of the static or constant that a path means, an associated one too; nil if it means none.
func (b *body) constant(e *syntax.Expr) *types.Type {
	p, env := e.Path, b.at(e)
	if b.hides(p.Span) {
		return nil
	}
	if p.QSelf == nil {
		if r, n := b.resolve.Value(env.Scope, p); r.Found() && n == len(p.Segments) {
			switch r.Def.Kind {
			case resolve.Static:
				return b.threadLocal(r.Def, b.valueType(r.Def.Scope, r.Def.Item, &types.Env{Types: b.types, Scope: r.Def.Scope, KeepBounds: true}))
			case resolve.Const:
				return b.valueType(r.Def.Scope, r.Def.Item, &types.Env{Types: b.types, Scope: r.Def.Scope, KeepBounds: true})
			}
		}
	}
	return b.associatedConst(env, p)
}

// valueType is the written type of a const or static; unknown if it has none.
func (b *body) valueType(scope *workspace.Scope, item int32, env *types.Env) *types.Type {
	v := syntax.ParseValue(scope.File.Syntax(), item, scope.File.Edition)
	if v.Type == nil {
		return unknown
	}
	return env.Type(v.Type)
}

// localKeys are the macros whose statics are keys of thread- or task-local values, with the path of the key's type.
var localKeys = map[string][]string{"thread_local": {"std", "thread", "LocalKey"}, "task_local": {"task", "LocalKey"}}

// threadLocal is the type of a static that stands in thread_local! or tokio's task_local!: a key of the written type.
func (b *body) threadLocal(d resolve.Def, t *types.Type) *types.Type {
	file := d.File().Syntax()
	at := file.Items[d.Item].Macro
	if at < 0 {
		return t
	}
	path, ok := localKeys[macroName(file, &file.Macros[at])]

	if !ok {
		return t
	}
	var key resolve.Def
	if path[0] == "std" {
		key = b.resolve.WellKnown(path...)
	} else {
		key = b.tokioKey(d.Scope)
	}
	if key.Kind != resolve.Struct {
		return unknown
	}
	return &types.Type{Kind: types.Adt, Def: key, Args: []*types.Type{t}}
}

// tokioKey is tokio's LocalKey as seen from a scope.
func (b *body) tokioKey(scope *workspace.Scope) resolve.Def {
	path := &syntax.Path{Global: true, Segments: []syntax.Segment{{Name: "tokio"}, {Name: "task"}, {Name: "LocalKey"}}}
	r, n := b.resolve.Path(scope, path)
	if n != len(path.Segments) {
		return resolve.Def{}
	}
	return r.Def
}

// associatedConst is the type of `Type::NAME`, `T::NAME` or `<Type as Trait>::NAME`; nil if there is no such constant.
func (b *body) associatedConst(env *types.Env, p *syntax.Path) *types.Type {
	if len(p.Segments) == 0 || p.QSelf == nil && len(p.Segments) < 2 {
		return nil
	}
	last := len(p.Segments) - 1
	name := p.Segments[last].Name
	if p.QSelf != nil && p.QTrait == last && last > 0 {
		self := b.opened(b.qualified(env.Type(p.QSelf)))
		trait := *p
		trait.QSelf, trait.QTrait, trait.Segments = nil, 0, p.Segments[:last]
		return b.traitConst(env.TraitRef(self, &trait), self, name)
	}
	if p.QSelf != nil && last > 0 {
		return nil
	}
	var self *types.Type
	if p.QSelf != nil {
		self = b.opened(b.qualified(env.Type(p.QSelf)))
	} else {
		self = b.prefix(env, p)
	}
	self = b.norm(self)
	for _, im := range b.inherentImpls(self) {
		m := im.member(name, syntax.KindConst)
		if m < 0 {
			continue
		}
		mark := b.mark()
		sub := b.instance(im.params)
		sub.Self = sub.Apply(im.ty)
		if !b.unify(sub.Self, self) || b.implHolds(im, sub) == types.No {
			b.undo(mark)
			continue
		}
		return sub.Apply(b.valueType(im.scope, m, im.env))
	}
	for _, bound := range b.boundsOf(self) {
		if t := b.traitConst(bound, self, name); t != nil {
			return t
		}
	}
	var out *types.Type
	for _, def := range b.resolve.TraitsInScope(env.Scope) {
		if def.Kind != resolve.Trait {
			continue
		}
		ref := &types.TraitRef{Def: def, Self: self}
		for range b.types.Identity(def).Args {
			ref.Args = append(ref.Args, b.fresh())
		}
		t := b.traitConst(ref, self, name)
		if t == nil || b.implements(self, ref) == types.No {
			continue
		}
		if out != nil {
			return nil
		}
		out = t
	}
	return out
}

// traitConst is the type that a trait or one of its supertraits declares for a constant.
func (b *body) traitConst(ref *types.TraitRef, self *types.Type, name string) *types.Type {
	if ref == nil || ref.Def.Kind != resolve.Trait {
		return nil
	}
	for _, up := range b.types.Supertraits(ref.Def) {
		if up.Def.Kind != resolve.Trait {
			continue
		}
		file := up.Def.File()
		for _, m := range b.types.Decl(up.Def).Members {
			if it := &file.Syntax().Items[m]; it.Kind != syntax.KindConst || it.Name != name {
				continue
			}
			sub := b.types.SubstOf(ref)
			sub.Self = self
			inner := b.types.SubstOf(sub.ApplyRef(up))
			inner.Self = self
			env := *b.types.TraitEnv(up.Def)
			env.KeepBounds = true
			return inner.Apply(b.valueType(up.Def.Scope, m, &env))
		}
	}
	return nil
}
