package infer

import (
	"bytes"
	"slices"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// implIndex finds the impls of one crate by the names in their headers. It is asked for a few dozen of the thousands of names
// that a crate has, so each is looked for when it is asked for first, and only in files whose text has it in a header: most
// files of a dependency are read and never scanned.
type implIndex struct {
	engine *engine
	member bool // the crate is one of the workspace
	// tops are the scopes of the crate's files, nil where an edit took one away; files are those that are there.
	tops, files []*workspace.Scope
	// templates are the macros that the crate's files define, by name; writing those of them that write impls for their arguments.
	templates, writing func() map[string]template
	// invocations are those of these macros that may write impls.
	invocations func() []invocation
	// renames are the names that `as` gives in the crate, by the hash of what it renames.
	renames func() map[uint32][]string
	// odd are the impls without a trait that may be for a type of another name than they write, by the head of their type.
	odd func() map[string][]*impl

	traits   sync.Map // name -> []*impl
	types    sync.Map // head -> []*impl
	own      sync.Map // name -> []*impl
	doubtIts sync.Map // name -> bool
}

// implsOf is the index of a crate's impls. It reads all files of the crate.
func (e *engine) implsOf(c *workspace.Crate) *implIndex {
	e = e.of(c)
	v, ok := e.indexes.Load(c)
	if !ok {
		v, _ = e.indexes.LoadOrStore(c, sync.OnceValue(func() *implIndex { return e.newImplIndex(c) }))
	}
	return v.(func() *implIndex)()
}

func (e *engine) newImplIndex(c *workspace.Crate) *implIndex {
	x := &implIndex{engine: e, member: c.Member, tops: e.tops(c)}
	x.files = slices.DeleteFunc(slices.Clone(x.tops), func(top *workspace.Scope) bool { return top == nil })
	x.templates = sync.OnceValue(func() map[string]template {
		return x.readTemplates(func(h *workspace.Headers) bool { return h.Macros })
	})
	x.writing = sync.OnceValue(func() map[string]template {
		return x.readTemplates(func(h *workspace.Headers) bool { return h.Macros && h.Dollar })
	})
	x.invocations = sync.OnceValue(x.findInvocations)
	x.renames = sync.OnceValue(x.findRenames)
	x.odd = sync.OnceValue(x.findOdd)
	return x
}

// tops are the scopes of all files of a crate.
func (e *engine) tops(c *workspace.Crate) []*workspace.Scope {
	if e.edited != nil && c.Member {
		return e.edited.tops(c.Target)
	}
	if c.Tops != nil {
		return c.Tops
	}
	out := []*workspace.Scope{c.Root}
	seen := map[*workspace.File]bool{c.Root.File: true}
	for i := 0; i < len(out); i++ {
		top := out[i]
		if !top.File.MayHaveModules() {
			continue
		}
		items := top.File.Syntax().Items
		for k := range items {
			if items[k].Kind != syntax.KindMacroCall && (items[k].Kind != syntax.KindMod || items[k].Flags&syntax.FlagBody != 0) || !compiled(top, int32(k)) {
				continue
			}
			scope := top.ScopeOf(int32(k))
			if m := scope.ChildModule(int32(k)); m != nil && !seen[m.File] {
				seen[m.File] = true
				out = append(out, m)
			}
		}
	}
	return out
}

// ofTrait are the impls of traits of a name, which the header may call by another that `as` gives it in the crate.
func (x *implIndex) ofTrait(name string) []*impl {
	if v, ok := x.traits.Load(name); ok {
		return v.([]*impl)
	}
	var macros []string // that write such impls
	for m, t := range x.writing() {
		if len(t.of(name)) > 0 {
			macros = append(macros, m)
		}
	}
	names := renamed([]string{name}, x.renames())
	var out []*impl
	for _, top := range x.files {
		invokes := namesAny(top.File, macros)
		if !invokes && !slices.ContainsFunc(names, top.File.Headers().Have) {
			continue
		}
		items := top.File.Syntax().Items
		for i := range items {
			switch items[i].Kind {
			case syntax.KindImpl:
				for _, n := range names {
					if im := x.engine.implNaming(top, int32(i), n); im != nil && lastSegment(im.header.Trait) == n && !im.header.Negative {
						out = append(out, im)
					}
				}
			case syntax.KindMacroCall:
				if m := items[i].Macro; !invokes && (m < 0 || !bytes.Contains(top.File.Syntax().Macros[m].Args.Of(top.File.Syntax().Text), []byte(name))) {
					continue
				}
				if compiled(top, int32(i)) {
					if x.member {
						if _, sure := x.engine.madeImpls(top, int32(i)); sure {
							continue // eachMade has them
						}
					}
					out = append(out, x.engine.macroImpls(top, int32(i), x, name)...)
				}
			}
		}
	}
	for _, n := range names {
		x.eachMade(n, func(im *impl) {
			if lastSegment(im.header.Trait) == n && !im.header.Negative {
				out = append(out, im)
			}
		})
	}
	v, _ := x.traits.LoadOrStore(name, out)
	return v.([]*impl)
}

// blanket are the impls of traits for all types, under conditions that name a trait.
func (x *implIndex) blanket(bound string) []*impl {
	var out []*impl
	for _, top := range x.files {
		if !top.File.Headers().Have(bound) {
			continue
		}
		items := top.File.Syntax().Items
		for i := range items {
			if items[i].Kind != syntax.KindImpl {
				continue
			}
			if im := x.engine.implNaming(top, int32(i), bound); im != nil && im.header.Trait != nil && x.engine.headOf(im) == "*" {
				out = append(out, im)
			}
		}
	}
	return out
}

// implNaming is the impl at an item of a file if it is compiled and its header has a word.
func (e *engine) implNaming(top *workspace.Scope, item int32, word string) *impl {
	it := &top.File.Syntax().Items[item]
	end := it.Span.End
	if it.Flags&syntax.FlagBody != 0 {
		end = it.Body.Start
	}
	if !bytes.Contains(top.File.Text[it.Span.Start:end], []byte(word)) || !compiled(top, item) {
		return nil
	}
	return e.implAt(top.ScopeOf(item), item)
}

// ofType are the impls without a trait for types with a head.
func (x *implIndex) ofType(head string) []*impl {
	odd := x.odd()[head]
	if !isWord(head[0]) {
		return odd
	}
	if v, ok := x.types.Load(head); ok {
		return v.([]*impl)
	}
	var out []*impl
	for _, top := range x.files {
		h := top.File.Headers()
		if _, ok := slices.BinarySearch(h.Inherent, head); !ok {
			continue
		}
		items := top.File.Syntax().Items
		for i := range items {
			if items[i].Kind != syntax.KindImpl {
				continue
			}
			if im := x.engine.implNaming(top, int32(i), head); im != nil && im.header.Trait == nil && x.engine.headOf(im) == head && !slices.Contains(odd, im) {
				out = append(out, im)
			}
		}
	}
	x.eachMade(head, func(im *impl) {
		if im.header.Trait == nil && x.engine.headOf(im) == head {
			out = append(out, im)
		}
	})
	out = append(out, odd...)
	v, _ := x.types.LoadOrStore(head, out)
	return v.([]*impl)
}

func (x *implIndex) findRenames() map[uint32][]string {
	out := map[uint32][]string{}
	for _, top := range x.files {
		for hash, to := range top.File.Headers().Renamed {
			for _, n := range to {
				if n != "_" && !slices.Contains(out[hash], n) {
					out[hash] = append(out[hash], n)
				}
			}
		}
	}
	return out
}

// findOdd finds the impls without a trait for what is no type that the crate defines by that name alone: an alias, a type
// that is renamed, a primitive type.
func (x *implIndex) findOdd() map[string][]*impl {
	plain := map[string]bool{}
	for _, top := range x.files {
		for _, name := range top.File.Headers().Types {
			plain[name] = true
		}
	}
	for _, top := range x.files {
		for _, name := range top.File.Headers().Aliases {
			delete(plain, name)
		}
	}
	out := map[string][]*impl{}
	for _, top := range x.files {
		strange := func(name string) bool { return !plain[name] }
		if !slices.ContainsFunc(top.File.Headers().Inherent, strange) {
			continue
		}
		items := top.File.Syntax().Items
		for i := range items {
			if items[i].Kind != syntax.KindImpl || !compiled(top, int32(i)) {
				continue
			}
			im := x.engine.implAt(top.ScopeOf(int32(i)), int32(i))
			if im.header.Trait != nil || im.header.Negative {
				continue
			}
			if t := im.header.Type; t.Kind == syntax.TypePath && plain[lastSegment(t.Path)] {
				continue
			}
			head := x.engine.headOf(im)
			out[head] = append(out[head], im)
		}
	}
	return out
}

// doubtful reports whether macros may implement a trait for anything.
func (x *implIndex) doubtful(trait string) bool {
	if v, ok := x.doubtIts.Load(trait); ok {
		return v.(bool)
	}
	out := false
	for _, top := range x.files {
		if out || !top.File.MayHaveWord(trait) || !top.File.Mentions(trait) || bytes.IndexByte(top.File.Source(), '!') < 0 {
			continue
		}
		items := top.File.Syntax().Items
		for i := range items {
			out = out || items[i].Kind == syntax.KindMacroCall && compiled(top, int32(i)) && x.doubts(top, int32(i), trait)
		}
	}
	x.doubtIts.Store(trait, out)
	return out
}

// readTemplates reads the macros of the files whose headers are of interest.
func (x *implIndex) readTemplates(of func(*workspace.Headers) bool) map[string]template {
	out := map[string]template{}
	for _, top := range x.files {
		if !of(top.File.Headers()) {
			continue
		}
		file := top.File.Syntax()
		for i := range file.Macros {
			if m := &file.Macros[i]; m.Definition {
				name := string(m.Name.Of(file.Text))
				t := implTemplates(file.Text, m.Args, top.File.Edition)
				t.impls, t.open = append(out[name].impls, t.impls...), out[name].open || t.open
				out[name] = t
			}
		}
	}
	return out
}
