package infer

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// A value that is known by a trait alone, a `Box<dyn Client>`, comes into a body from a declaration whose type says so: a field,
// a function, a static, a variant. The body has its name, as it has that of a parameter's type. Two things are not named where
// they are used: the fields of a tuple struct, and what an impl says of associated types (`Target`, `Item`). So declarations
// that mention such a type hand the value on too, and so on.

// sight is what a body must name to get hold of a value that is known by a trait.
type sight struct {
	open   bool // it is not known: any body may
	words  []lead
	byName map[string][]lead // the words; only where calls are looked for
}

// lead is the name of a declaration that leads to such a value, with those who can use it and how they write it.
type lead struct {
	name string
	home home
	as   notations
}

func (l lead) compare(m lead) int {
	return cmp.Or(strings.Compare(l.name, m.name), strings.Compare(l.home.module, m.home.module), strings.Compare(l.home.file, m.home.file),
		cmp.Compare(l.as, m.as), l.home.compareTarget(m.home))
}

// compareTarget puts homes in an order by their targets.
func (h home) compareTarget(other home) int {
	switch {
	case h.target == other.target:
		return 0
	case h.target == nil:
		return -1
	case other.target == nil:
		return 1
	}
	return cmp.Or(strings.Compare(h.target.Root, other.target.Root), strings.Compare(h.target.Name, other.target.Name))
}

// Bounds on what is followed: common types lead everywhere.
const (
	maxSightNames = 64
	maxSightWords = 512
)

// sights finds what bodies name to get hold of values of travelling traits.
type sights struct {
	*engine
	types    map[string]bool // see isType
	mentions map[mentioned]*mentions
	uses     map[macroKey]*macroUses
}

// mentioned is a name of a trait, or of a type that hands on its values, with those who can have such a value.
type mentioned struct {
	name  string
	trait bool
	home
}

// mentions is what the declarations hand on that mention a name.
type mentions struct {
	open  bool
	words []lead
	types []string // types, aliases and associated types whose mentions hand it on in turn
	// macros are those that were looked at; invoked are the names of those whose definitions mention the name.
	macros  map[traitKey]bool
	invoked []string
}

func newSights(e *engine) *sights {
	return &sights{engine: e, types: map[string]bool{}, mentions: map[mentioned]*mentions{}, uses: map[macroKey]*macroUses{}}
}

// isType reports whether a name is that of one of the workspace's own types.
func (s *sights) isType(name string) bool {
	is, known := s.types[name]
	if !known {
		is = name != "" && slices.ContainsFunc(s.Snapshot.Files, func(file *workspace.File) bool {
			if !file.Handed().Have(name) {
				return false
			}
			_, ok := slices.BinarySearch(file.Headers().Types, name)
			return ok
		})
		s.types[name] = is
	}
	return is
}

// of is the sight of a trait that goes by some names, those of subtraits included.
func (s *sights) of(names []string, h home) sight {
	var by []mentioned
	for _, n := range names {
		if n != "_" {
			by = append(by, mentioned{n, true, h})
		}
	}
	return s.follow(by)
}

// follow is the sight of values that are known by one of some names.
func (s *sights) follow(by []mentioned) sight {
	var out sight
	for i := 0; i < len(by); i++ {
		m := s.mentioned(by[i])
		for _, w := range m.words {
			if !slices.Contains(out.words, w) {
				out.words = append(out.words, w)
			}
		}
		for _, n := range m.types {
			if !slices.ContainsFunc(by, func(have mentioned) bool { return have.name == n }) {
				by = append(by, mentioned{n, false, by[i].home})
			}
		}
		if m.open || len(by) > maxSightNames || len(out.words) > maxSightWords {
			return sight{open: true}
		}
	}
	return out
}

func (s *sights) mentioned(by mentioned) *mentions {
	if m := s.mentions[by]; m != nil {
		return m
	}
	out := &mentions{open: by.name[0] < 'A' || by.name[0] > 'Z'}
	s.mentions[by] = out
	for _, file := range s.Snapshot.Files {
		if out.open || len(out.words) > maxSightWords {
			out.open = true
			break
		}
		if file.Handed().Have(by.name) && file.MayHaveWord(by.name) && s.reaches(file, by.home) {
			s.mentionedIn(out, place{file: file}, by)
			slices.SortFunc(out.words, lead.compare)
			slices.Sort(out.types)
			out.words, out.types = slices.Compact(out.words), slices.Compact(out.types)
		}
	}
	return out
}

// place is a file whose declarations are looked at: one on disk, or what a macro expands to.
type place struct {
	file *workspace.File
	made *workspace.Scope // the scope of what a macro expands to; else nil
}

// mentionedIn adds what the declarations of a file hand on that mention a name.
func (s *sights) mentionedIn(out *mentions, in place, by mentioned) {
	workspace.EachWord(in.file.Text, by.name, func(start, end int) {
		s.mention(out, in, source.Span{Start: uint32(start), End: uint32(end)}, by)
	})
}

// mention adds what the declaration hands on in which a name stands.
func (s *sights) mention(out *mentions, in place, at source.Span, by mentioned) {
	file := in.file
	f := file.Syntax()
	item := itemAt(f, at.Start)
	if item < 0 {
		return
	}
	it := &f.Items[item]
	own := it.NameSpan.Contains(at.Start)
	if by.trait && !own && !handsOn(file, it, at.Start) {
		return
	}
	switch it.Kind {
	case syntax.KindFn:
		if (it.Flags&syntax.FlagBody == 0 || !it.Body.Contains(at.Start)) && !taken(syntax.ParseFn(f, item, file.Edition), at.Start) {
			out.lead(file, item, it.Name)
		}
	case syntax.KindConst, syntax.KindStatic:
		out.lead(file, item, it.Name)
	case syntax.KindStruct, syntax.KindUnion, syntax.KindEnum:
		if !own {
			s.field(out, file, item, at.Start)
		}
	case syntax.KindType, syntax.KindTrait, syntax.KindTraitAlias:
		if own && it.Kind != syntax.KindType {
			return
		}
		if p := it.Parent; it.Kind == syntax.KindType && p >= 0 && f.Items[p].Kind == syntax.KindImpl {
			if !s.selfType(out, file, p) {
				out.types = append(out.types, it.Name)
			}
		} else if !own {
			out.types = append(out.types, it.Name)
		}
		out.words = append(out.words, lead{it.Name, crateHome(file, item), asName})
	case syntax.KindImpl:
		if it.Flags&syntax.FlagBody != 0 && at.Start >= it.Body.Start {
			return
		}
		header := syntax.ParseImpl(f, item, file.Edition)
		if header.Trait != nil && len(header.Trait.Segments) > 0 && header.Trait.Segments[len(header.Trait.Segments)-1].Span.Contains(at.Start) {
			return
		}
		if !header.Type.Span.Contains(at.Start) && (header.Trait == nil || !header.Trait.Span.Contains(at.Start)) {
			return // a condition: what meets it is known by other names
		}
		s.selfType(out, file, item)
	case syntax.KindMacroCall:
		s.invocation(out, in, item, by)
	case syntax.KindMacroRules:
		s.definition(out, in, item, by)
	}
}

// field adds the field of a struct, enum or union whose type holds an offset.
func (s *sights) field(out *mentions, file *workspace.File, item int32, offset uint32) {
	adt := syntax.ParseAdt(file.Syntax(), item, file.Edition)
	name, home := file.Syntax().Items[item].Name, crateHome(file, item)
	for i := range adt.Fields {
		f := &adt.Fields[i]
		if f.Type == nil || !f.Type.Span.Contains(offset) {
			continue
		}
		switch positional := f.Name == "" || f.Name[0] >= '0' && f.Name[0] <= '9'; {
		case f.Variant >= 0:
			out.words = append(out.words, lead{adt.Variants[f.Variant].Name, home, asName})
		case positional:
			out.words = append(out.words, lead{name, home, asName})
			out.types = append(out.types, name)
		default:
			l := lead{f.Name, home, asField}
			if isPrivate(file.Text, f.Span.Start) {
				l.home = homeIn(file, item)
			}
			out.words = append(out.words, l)
		}
		return
	}
	out.words = append(out.words, lead{name, home, asName}) // a bound, or the default of a parameter
	if slices.ContainsFunc(adt.Generics.Params, func(p syntax.Param) bool { return p.Default != nil && p.Default.Span.Contains(offset) }) {
		out.types = append(out.types, name)
	}
}

// lead adds the name of a function, const or static.
func (m *mentions) lead(file *workspace.File, item int32, name string) {
	f := file.Syntax()
	l := lead{name, crateHome(file, item), asName}
	owner := ownerOf(f, item)
	switch {
	case file.Expansion != nil: // it may be one that stands in an impl
		l.as = anyNotation
	case owner >= 0 && (f.Items[owner].Kind == syntax.KindImpl || f.Items[owner].Kind == syntax.KindTrait):
		l.as = asAssociated
	}
	if f.Items[item].Visibility == syntax.VisPrivate && !ofTrait(f, owner) {
		l.home = homeIn(file, item)
	}
	m.words = append(m.words, l)
}

// ownerOf is the item that another stands in, macros apart; -1 if there is none.
func ownerOf(f *syntax.File, item int32) int32 {
	p := f.Items[item].Parent
	for p >= 0 && f.Items[p].Kind == syntax.KindMacroCall {
		p = f.Items[p].Parent
	}
	return p
}

// ofTrait reports whether what stands in an item is part of a trait or of an impl, whose visibility may be that of a trait.
func ofTrait(f *syntax.File, owner int32) bool {
	if owner < 0 {
		return false
	}
	it := &f.Items[owner]
	return it.Kind == syntax.KindTrait || it.Kind == syntax.KindImpl && it.Flags&syntax.FlagBody != 0 && hasWord(f.Text[it.Span.Start:it.Body.Start], "for")
}

// homeIn is the home of a private declaration; that of all if several crates have it, or a macro that may write it anew.
func homeIn(file *workspace.File, item int32) home {
	out := crateHome(file, item)
	if out.target != nil {
		out.public, out.module, out.file = false, file.Owners[0].ScopeOf(item).Module.Path(), file.Path
	}
	return out
}

// crateHome is the home of a declaration that others may use: a method of a trait or of an impl is called only where the crate is
// known that declares it.
func crateHome(file *workspace.File, item int32) home {
	f := file.Syntax()
	for i := item; i >= 0; i = f.Items[i].Parent {
		if f.Items[i].Kind == syntax.KindMacroCall {
			return home{}
		}
	}
	if len(file.Owners) != 1 {
		return home{}
	}
	t := file.Owners[0].Crate.Target
	return home{target: t, public: t.Kind == cargo.Lib}
}

// isPrivate reports whether a field whose name stands at an offset has no visibility.
func isPrivate(text []byte, name uint32) bool {
	i := blanksBack(text, int(name))
	return i > 0 && text[i-1] != ')' && text[i-1] != '/' && text[i-1] != '#' && !bytes.HasSuffix(text[:i], []byte("pub"))
}

// taken reports whether a function takes the value that is named at an offset, which it has from its caller. Through `&mut` it may
// give one, and to a closure; a channel or an option of its caller's may be told by it what it holds.
func taken(fn *syntax.Fn, at uint32) bool {
	for i := range fn.Params {
		if t := fn.Params[i].Type; t != nil && t.Span.Contains(at) {
			return isPlain(t, at)
		}
	}
	return false
}

// isPlain reports whether a type is what is named at an offset, or a pointer to it.
func isPlain(t *syntax.Type, at uint32) bool {
	switch t.Kind {
	case syntax.TypeParen:
		return isPlain(t.Elems[0], at)
	case syntax.TypeRef:
		return !t.Mut && isPlain(t.Elems[0], at)
	case syntax.TypeDyn:
		for i := range t.Bounds {
			if p := t.Bounds[i].Path; p != nil && len(p.Segments) > 0 && p.Segments[len(p.Segments)-1].Span.Contains(at) {
				return true
			}
		}
	case syntax.TypePath:
		if t.Path.QSelf != nil || len(t.Path.Segments) == 0 {
			return false
		}
		last := &t.Path.Segments[len(t.Path.Segments)-1]
		if last.Span.Contains(at) {
			return true
		}
		switch last.Name {
		case "Arc", "Rc", "Box":
			return last.Args != nil && len(last.Args.List) > 0 && last.Args.List[0].Type != nil && isPlain(last.Args.List[0].Type, at)
		}
	}
	return false
}

// selfType adds the types of the workspace in the type that an impl is for; it reports whether there are any.
func (s *sights) selfType(out *mentions, file *workspace.File, item int32) bool {
	header := syntax.ParseImpl(file.Syntax(), item, file.Edition)
	for i := range header.Generics.Params {
		if t := header.Type; t.Kind == syntax.TypePath && lastSegment(t.Path) == header.Generics.Params[i].Name {
			out.open = true // for all types
		}
	}
	any := false
	text := header.Type.Span.Of(file.Text)
	for start := 0; start < len(text); start++ {
		end := start
		for end < len(text) && isWord(text[end]) {
			end++
		}
		if name := string(text[start:end]); s.isType(name) && !slices.ContainsFunc(header.Generics.Params, func(p syntax.Param) bool { return p.Name == name }) {
			out.words, out.types = append(out.words, lead{name, crateHome(file, item), asName}), append(out.types, name)
			any = true
		}
		start = end
	}
	return any
}
