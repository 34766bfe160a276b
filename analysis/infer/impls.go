package infer

import (
	"slices"
	"strings"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// impl is an impl block; what its header means is found when it is first needed.
type impl struct {
	scope  *workspace.Scope
	item   int32
	header *syntax.Impl
	nth    int // of those that one macro call writes; its item is the call, or in what the call expands to
	// top and call are the invocation that expands to it, in a file on disk; top is nil if none does.
	top  *workspace.Scope
	call int32

	named sync.Once
	head  string // of its type; see headOf

	once    sync.Once
	absent  bool // a macro around it puts it under a #[cfg] that does not hold
	env     *types.Env
	ty      *types.Type
	ref     *types.TraitRef // nil for an inherent impl
	params  []string
	unsized map[string]bool // parameters with ?Sized
	bounds  []types.Predicate
}

// compiled reports whether no #[cfg] of the item or of what it stands in leaves it out.
func compiled(top *workspace.Scope, item int32) bool {
	if top.Active == cargo.False {
		return false
	}
	for i := item; i >= 0; i = top.File.Syntax().Items[i].Parent {
		if top.ItemCfg(i) == cargo.False {
			return false
		}
	}
	return true
}

// implAt is the impl at an item that stands in scope.
func (e *engine) implAt(scope *workspace.Scope, item int32) *impl {
	e = e.of(scope.Crate)
	key := itemKey{scope, item}
	if v, ok := e.impls.Load(key); ok {
		return v.(*impl)
	}
	file := scope.File
	im := &impl{scope: scope, item: item, header: syntax.ParseImpl(file.Syntax(), item, file.Edition)}
	v, _ := e.impls.LoadOrStore(key, im)
	return v.(*impl)
}

// load resolves the header.
func (im *impl) load(e *engine) {
	e = e.of(im.scope.Crate)
	im.once.Do(func() {
		if it := &im.scope.File.Syntax().Items[im.item]; it.Kind == syntax.KindImpl && it.Macro >= 0 { // cfg_not_rt! { impl .. }
			cfg, ok := e.resolve.Stands(im.scope, im.item)
			im.absent = ok && cfg == cargo.False
		}
		env := (&types.Env{Types: e.types, Scope: im.scope, KeepBounds: true}).With(&im.header.Generics)
		im.ty = env.Type(im.header.Type)
		inner := *env
		inner.Self = im.ty
		im.env = &inner
		im.unsized = map[string]bool{}
		for i := range im.header.Generics.Params {
			p := &im.header.Generics.Params[i]
			if p.Kind == syntax.ParamLifetime {
				continue
			}
			im.params = append(im.params, p.Name)
			im.relaxed(p.Name, p.Bounds)
		}
		for i := range im.header.Generics.Where {
			w := &im.header.Generics.Where[i]
			if w.Type != nil && w.Type.Kind == syntax.TypePath && w.Type.Path.QSelf == nil && len(w.Type.Path.Segments) == 1 {
				im.relaxed(w.Type.Path.Segments[0].Name, w.Bounds)
			}
		}
		if im.header.Trait != nil {
			im.ref = im.env.TraitRef(im.ty, im.header.Trait)
		}
		im.bounds = im.env.Generics(nil, &im.header.Generics)
		for i := range im.bounds {
			im.bounds[i].Self = im.qualify(im.bounds[i].Self)
		}
	})
}

// sizeless are the bounds that std writes for "not necessarily Sized".
var sizeless = map[string]bool{"PointeeSized": true, "MetaSized": true}

func (im *impl) relaxed(param string, bounds []syntax.Bound) {
	for i := range bounds {
		if b := &bounds[i]; b.Maybe || sizeless[lastSegment(b.Path)] {
			im.unsized[param] = true
		}
	}
}

// qualify writes the trait into `Self::X` where the impl's trait declares X.
func (im *impl) qualify(t *types.Type) *types.Type {
	if im.ref == nil || im.ref.Def.Kind == resolve.None {
		return t
	}
	out := t.Map(im.qualify)
	if out.Kind != types.Projection || out.Traits[0] != nil || types.Equal(out.Args[0], im.ty) != types.Yes {
		return out
	}
	for _, up := range im.env.Types.Supertraits(im.ref.Def) {
		if up.Def.Kind == resolve.None || !im.env.Types.Decl(up.Def).Declares(out.Name) {
			continue
		}
		qualified := *out
		qualified.Traits = []*types.TraitRef{im.env.Types.SubstOf(im.ref).ApplyRef(up)}
		return &qualified
	}
	return out
}

// headOf is the head of an impl's type: a name, "&", "[", "(", "dyn", ..; "*" for a parameter or an alias, which may be anything.
func (e *engine) headOf(im *impl) string {
	im.named.Do(func() { im.head = e.of(im.scope.Crate).writtenHead(im) })
	return im.head
}

// writtenHead is the head of the impl's type as far as it can be told from the text.
func (e *engine) writtenHead(im *impl) string {
	t := im.header.Type
	for t.Kind == syntax.TypeParen {
		t = t.Elems[0]
	}
	switch t.Kind {
	case syntax.TypePath:
		if t.Path.QSelf != nil || len(t.Path.Segments) == 0 {
			return "*"
		}
		name := t.Path.Segments[len(t.Path.Segments)-1].Name
		for i := range im.header.Generics.Params {
			if im.header.Generics.Params[i].Name == name {
				return "*"
			}
		}
		if r, n := e.resolve.Path(im.scope, t.Path); !im.scope.Crate.Std && n == len(t.Path.Segments) && r.Found() {
			switch r.Def.Kind {
			case resolve.Struct, resolve.Enum, resolve.Union, resolve.Primitive:
				return r.Def.ItemName()
			case resolve.Trait:
				return "dyn"
			}
			return "*"
		}
		return name
	case syntax.TypeRef:
		return "&"
	case syntax.TypePtr:
		return "*p"
	case syntax.TypeSlice:
		return "["
	case syntax.TypeArray:
		return "[;"
	case syntax.TypeTuple:
		return "("
	case syntax.TypeDyn, syntax.TypeBare:
		return "dyn"
	case syntax.TypeFnPtr:
		return "fn"
	case syntax.TypeNever:
		return "!"
	}
	return "*"
}

// head is the head of a type that is known; "" of one that is not.
func head(t *types.Type) string {
	switch t.Kind {
	case types.Adt:
		return t.Def.ItemName()
	case types.Primitive:
		return t.Name
	case types.Ref:
		return "&"
	case types.Ptr:
		return "*p"
	case types.Slice:
		return "["
	case types.Array:
		return "[;"
	case types.Tuple:
		return "("
	case types.Dyn:
		return "dyn"
	case types.FnPtr:
		return "fn"
	case types.Never:
		return "!"
	}
	return ""
}

// stdCrates hold the impls of the primitive types, in the order in which they are looked at.
var stdCrates = [...]string{"core", "alloc", "std"}

// homes adds the crates whose impls may be about a type: that of its definition, and those of what a reference or a box
// holds, because those are fundamental.
func (e *engine) homes(out []*workspace.Crate, t *types.Type, depth int) []*workspace.Crate {
	if t == nil || depth > 4 {
		return out
	}
	switch t.Kind {
	case types.Adt:
		out = addCrate(out, t.Def.Scope.Crate)
	case types.Dyn:
		for _, r := range t.Traits {
			if r.Def.Kind != resolve.None {
				out = addCrate(out, r.Def.Scope.Crate)
			}
		}
	case types.Primitive, types.Slice, types.Array, types.Tuple, types.FnPtr, types.Never, types.Ptr:
		for _, name := range stdCrates {
			if c := e.Snapshot.Std(name); c != nil {
				out = addCrate(out, c)
			}
		}
	}
	for _, a := range t.Args {
		out = e.homes(out, a, depth+1)
	}
	return out
}

func addCrate(list []*workspace.Crate, c *workspace.Crate) []*workspace.Crate {
	for _, have := range list {
		if have == c {
			return list
		}
	}
	return append(list, c)
}

// implsFor are the impls of a trait that may be about a type.
func (e *engine) implsFor(ref *types.TraitRef, self *types.Type) []*impl {
	crates := []*workspace.Crate{ref.Def.Scope.Crate}
	crates = e.homes(crates, self, 0)
	for _, a := range ref.Args {
		crates = e.homes(crates, a, 1)
	}
	if ref.Def.Scope.Crate.Std {
		for _, name := range stdCrates[1:] { // Box's impls of core's traits
			if c := e.Snapshot.Std(name); c != nil && self.Kind != types.Adt {
				crates = addCrate(crates, c)
			}
		}
	}
	name, h := ref.Def.ItemName(), head(self)
	member := ref.Def.Scope.Crate.Member
	var out []*impl
	for _, c := range crates {
		if member && foreign(c) {
			continue
		}
		list := e.traitImpls(c, name)
		if c == ref.Def.Scope.Crate && !c.Member && !c.Std {
			list = append(slices.Clip(list), e.implsOf(c).madeOfOwn(name)...)
		}
		for _, im := range list {
			if got := e.headOf(im); got != "*" && got != h && !(len(h) > 0 && h[0] == '{' && anyNumber(self, primitive(got))) {
				continue
			}
			im.load(e)
			if im.ref != nil && im.ref.Def == ref.Def && !im.absent {
				out = append(out, im)
			}
		}
	}
	return e.addBeside(out, self, ref.Def)
}

// foreign reports whether a crate comes from elsewhere, so that it cannot know the traits of the workspace.
func foreign(c *workspace.Crate) bool {
	return c.Std || c.Target != nil && c.Target.Package.Source != ""
}

// inherentImpls are the inherent impls that may be about a type.
func (e *engine) inherentImpls(t *types.Type) []*impl {
	var crates []*workspace.Crate
	switch t.Kind {
	case types.Adt:
		crates = []*workspace.Crate{t.Def.Scope.Crate}
		if t.Def.Scope.Crate.Std && t.Def.Scope.Crate.Name != "std" { // alloc adds to core's, std to alloc's
			crates = nil
			for _, name := range stdCrates {
				if c := e.Snapshot.Std(name); c != nil {
					crates = append(crates, c)
				}
			}
		}
	case types.Dyn, types.Primitive, types.Slice, types.Array, types.Ptr:
		crates = e.homes(nil, &types.Type{Kind: t.Kind, Traits: t.Traits}, 0)
	default:
		return nil
	}
	h := head(t)
	var out []*impl
	for _, c := range crates {
		for _, im := range e.inherentOf(c, h) {
			if im.load(e); !im.absent {
				out = append(out, im)
			}
		}
		for _, im := range e.inherentOf(c, "*") {
			im.load(e)
			if im.ty.Kind == t.Kind && head(im.ty) == h && !im.absent {
				out = append(out, im)
			}
		}
	}
	return e.addBeside(out, t, resolve.Def{})
}

// method is the index of the impl's function called name that is seen from a crate; -1 if it has none.
func (im *impl) method(name string, from *workspace.Crate) int32 {
	m := im.member(name, syntax.KindFn)
	if m >= 0 && im.scope.Crate != from && im.scope.File.Syntax().Items[m].Visibility != syntax.VisPublic {
		return -1
	}
	return m
}

func (im *impl) member(name string, kind syntax.ItemKind) int32 {
	items := im.scope.File.Syntax().Items
	end := items[im.item].Span.End
	for i := im.item + 1; i < int32(len(items)) && items[i].Span.Start < end; i++ {
		if items[i].Parent == im.item && items[i].Kind == kind && items[i].Name == name && im.scope.ItemCfg(i) != cargo.False {
			return i
		}
	}
	return -1
}

// doubtful reports whether a macro may implement a trait for anything.
func (e *engine) doubtful(trait resolve.Def) bool {
	return !trait.Scope.Crate.Std && e.doubted(trait.Scope.Crate, trait.ItemName())
}

// autoImplemented reports whether #[auto_impl(..)] on a trait implements it for a kind of pointer to what implements it.
func (e *engine) autoImplemented(trait resolve.Def, pointer *types.Type) bool {
	if trait.Scope.Crate.Std {
		return false
	}
	want := "&"
	switch {
	case pointer.Kind == types.Ref && pointer.Mut:
		want = "&mut"
	case pointer.Kind == types.Adt && pointer.Def.Scope.Crate.Std:
		want = pointer.Def.ItemName()
	case pointer.Kind != types.Ref:
		return false
	}
	found := false
	trait.Scope.EachAttr(trait.Item, func(a workspace.Attr) {
		if a.Path != "auto_impl" && a.Path != "auto_impl::auto_impl" {
			return
		}
		for _, part := range syntax.SplitArgs(a.Args) {
			if strings.Join(strings.Fields(part), "") == want {
				found = true
			}
		}
	})
	return found
}

// derived reports whether a type derives a trait.
func (e *engine) derived(t *types.Type, trait resolve.Def) bool {
	name, found := trait.ItemName(), false
	t.Def.Scope.EachAttr(t.Def.Item, func(a workspace.Attr) {
		if a.Path != "derive" {
			return
		}
		for _, part := range syntax.SplitArgs(a.Args) {
			part = strings.TrimSpace(part)
			if part[strings.LastIndex(part, ":")+1:] == name {
				found = true
			}
		}
	})
	return found
}
