package infer

import (
	"bytes"
	"slices"

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
	open  bool // it is not known: any body may
	words []string
}

// Bounds on what is followed: common types lead everywhere.
const (
	maxSightNames = 48
	maxSightWords = 96
)

// sights finds what bodies name to get hold of values of travelling traits.
type sights struct {
	*engine
	types    map[string]bool // see isType
	mentions map[mentioned]*mentions
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
	words []string // names of the declarations
	types []string // types, aliases and associated types whose mentions hand it on in turn
}

func newSights(e *engine) *sights {
	return &sights{engine: e, mentions: map[mentioned]*mentions{}}
}

// isType reports whether a name is that of one of the workspace's own types. Few traits lead to the question.
func (s *sights) isType(name string) bool {
	if s.types == nil {
		s.types = map[string]bool{}
		for _, file := range s.Snapshot.Files {
			for _, t := range file.Headers().Types {
				s.types[t] = true
			}
		}
	}
	return s.types[name]
}

// of is the sight of a trait that goes by some names, those of subtraits included.
func (s *sights) of(names []string, h home) sight {
	var out sight
	traits := len(names)
	names = slices.Clone(names)
	for i := 0; i < len(names); i++ {
		if names[i] == "_" {
			continue
		}
		m := s.mentioned(mentioned{names[i], i < traits, h})
		for _, w := range m.words {
			if !slices.Contains(out.words, w) {
				out.words = append(out.words, w)
			}
		}
		for _, n := range m.types {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
		if m.open || len(names) > maxSightNames || len(out.words) > maxSightWords {
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
		if file.Handed().Have(by.name) && s.reaches(file, by.home) {
			workspace.EachWord(file.Text, by.name, func(start, end int) {
				s.mention(out, file, source.Span{Start: uint32(start), End: uint32(end)}, by.trait)
			})
			slices.Sort(out.words)
			slices.Sort(out.types)
			out.words, out.types = slices.Compact(out.words), slices.Compact(out.types)
		}
	}
	return out
}

// mention adds what the declaration hands on in which a name stands.
func (s *sights) mention(out *mentions, file *workspace.File, at source.Span, trait bool) {
	f := file.Syntax()
	item := itemAt(f, at.Start)
	if item < 0 {
		return
	}
	it := &f.Items[item]
	own := it.NameSpan.Contains(at.Start)
	if trait && !own && bindsParameter(f, it, at.Start) {
		return
	}
	switch it.Kind {
	case syntax.KindFn:
		if it.Flags&syntax.FlagBody == 0 || !it.Body.Contains(at.Start) {
			out.words = append(out.words, it.Name)
		}
	case syntax.KindConst, syntax.KindStatic:
		out.words = append(out.words, it.Name)
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
		out.words = append(out.words, it.Name)
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
	case syntax.KindMacroCall, syntax.KindMacroRules:
		out.open = true // what it declares is not looked at
	}
}

// field adds the field of a struct, enum or union whose type holds an offset.
func (s *sights) field(out *mentions, file *workspace.File, item int32, offset uint32) {
	adt := syntax.ParseAdt(file.Syntax(), item, file.Edition)
	name := file.Syntax().Items[item].Name
	for i := range adt.Fields {
		f := &adt.Fields[i]
		if f.Type == nil || !f.Type.Span.Contains(offset) {
			continue
		}
		switch positional := f.Name == "" || f.Name[0] >= '0' && f.Name[0] <= '9'; {
		case f.Variant >= 0:
			out.words = append(out.words, adt.Variants[f.Variant].Name)
		case positional:
			out.words = append(out.words, name)
			out.types = append(out.types, name)
		default:
			out.words = append(out.words, f.Name)
		}
		return
	}
	out.words = append(out.words, name) // a bound, or the default of a parameter
	if slices.ContainsFunc(adt.Generics.Params, func(p syntax.Param) bool { return p.Default != nil && p.Default.Span.Contains(offset) }) {
		out.types = append(out.types, name)
	}
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
			out.words, out.types = append(out.words, name), append(out.types, name)
			any = true
		}
		start = end
	}
	return any
}

// inSight reports whether a body names what leads to values of one of some traits. What it is declared in counts.
func inSight(file *workspace.File, item int32, traits []*abroad) bool {
	f := file.Syntax()
	for i := item; i >= 0; i = f.Items[i].Parent {
		it := &f.Items[i]
		text := it.Span.Of(file.Text)
		if i != item && it.Kind == syntax.KindImpl && it.Flags&syntax.FlagBody != 0 {
			text = text[:it.Body.Start-it.Span.Start]
		} else if i != item && it.Kind != syntax.KindImpl {
			continue
		}
		for _, a := range traits {
			if slices.ContainsFunc(a.sight.words, func(w string) bool { return hasWord(text, w) }) {
				return true
			}
		}
	}
	return false
}

// hasWord reports whether a word stands in a text.
func hasWord(text []byte, word string) bool {
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(word))
		if i < 0 {
			return false
		}
		start, end := at+i, at+i+len(word)
		at = end
		if (start == 0 || !isWord(text[start-1])) && (end == len(text) || !isWord(text[end])) {
			return true
		}
	}
}

// bindsParameter reports whether the name of a trait at an offset is a bound of a parameter, `T: Trait` or `x: impl Trait`, or the
// trait of `<T as Trait>`. Such a bound hands nothing on: who calls the function knows what T is. Those of associated types do, and
// what stands in the header of a trait may be about one.
func bindsParameter(f *syntax.File, it *syntax.Item, at uint32) bool {
	switch start, owner := boundOwner(f.Text, int(at)); owner {
	case ownerAs:
		return true
	case ownerColon:
		return it.Kind != syntax.KindType && it.Kind != syntax.KindTrait && it.Kind != syntax.KindTraitAlias &&
			it.Kind != syntax.KindMacroCall && it.Kind != syntax.KindMacroRules
	case ownerImpl:
		return it.Kind == syntax.KindFn && !workspace.OpaqueAt(f.Text, start)
	}
	return false
}

// boundKind is what a bound is written behind.
type boundKind uint8

const (
	ownerOther boundKind = iota // or not known
	ownerColon
	ownerImpl
	ownerAs
)

// boundOwner is what stands before the list of bounds that a trait's name at an offset belongs to, and where.
func boundOwner(text []byte, at int) (start int, kind boundKind) {
	i := pathStart(text, at)
	for {
		i = blanksBack(text, i)
		if i == 0 {
			return 0, ownerOther
		}
		switch c := text[i-1]; {
		case c == ':' && (i < 2 || text[i-2] != ':'):
			return i - 1, ownerColon
		case c == '?':
			i--
		case c == '+':
			if i = blanksBack(text, i-1); i == 0 || !isWord(text[i-1]) && text[i-1] != '>' {
				return 0, ownerOther
			}
			if i = pathStart(text, i); i > 0 && text[i-1] == '\'' { // a lifetime
				i--
			}
		case c == '>': // for<'a>
			i = angleStart(text, i)
		case isWord(c):
			word := i
			for i > 0 && isWord(text[i-1]) {
				i--
			}
			switch string(text[i:word]) {
			case "for":
			case "impl":
				return i, ownerImpl
			case "as":
				return i, ownerAs
			default:
				return 0, ownerOther
			}
		default:
			return 0, ownerOther
		}
	}
}

// pathStart is where the path begins that has a part which begins or ends at an offset.
func pathStart(text []byte, i int) int {
	for {
		if i > 0 && text[i-1] == '>' && (i < 2 || text[i-2] != '-' && text[i-2] != '=') {
			i = angleStart(text, i)
		}
		for i > 0 && isWord(text[i-1]) {
			i--
		}
		if i < 2 || text[i-1] != ':' || text[i-2] != ':' {
			return i
		}
		i -= 2
	}
}

// angleStart is where the angle brackets begin that end at an offset.
func angleStart(text []byte, end int) int {
	depth := 0
	for i := end; i > 0; i-- {
		switch text[i-1] {
		case '>':
			if i < 2 || text[i-2] != '-' && text[i-2] != '=' {
				depth++
			}
		case '<':
			if depth--; depth == 0 {
				return i - 1
			}
		case ';', '{', '}':
			return end - 1
		}
	}
	return 0
}
