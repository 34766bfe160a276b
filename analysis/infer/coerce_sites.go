package infer

import (
	"bytes"
	"slices"
	"strings"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// bodyPlace is an item with a body.
type bodyPlace struct {
	file *workspace.File
	item int32
}

// hint is a name that a body has to use to come to an object type without writing it: a function that takes or gives one, a
// field, a type alias.
type hint struct {
	name string
	// of is what the name belongs to: the type whose field it is or whose impl has it, or the trait that declares it; none if that is not
	// known.
	of     owner
	byPath bool // a function without a receiver: named by the path of its type
	free   bool // a function that is no method
	use    use
}

// owner is a type or trait of the workspace.
type owner struct {
	file *workspace.File
	item int32
}

func (o owner) name() string { return o.file.Syntax().Items[o.item].Name }

// use is what has to be done with a name, as far as the text around it tells.
type use uint8

const (
	anyUse   use = iota
	called       // with arguments
	given        // a field that is a pointer: set, or written in a literal; also used where it may meet another
	mutated      // a field that holds more: also used in any way
	optional     // a function that gives a pointer or nothing: where another may take the place of nothing, or meet it
	ready        // a function that gives a pointer: where it may meet another, vec![f(), Box::new(x)]; nothing becomes an object by its name alone
)

// owning are in the text of a body that has a pointer to a value of its own, as a rule.
var owning = [][]byte{[]byte("Box"), []byte("Rc"), []byte("Arc")}

// substitutes are what puts a value in the place of a missing one.
var substitutes = [][]byte{[]byte("or("), []byte("or_else("), []byte("or_insert"), []byte("insert("), []byte("replace("), []byte("map_or"), []byte("= Some(")}

// usedAt reports whether a name that stands at an offset is used so; member says that it is behind a dot, meets whether pointers may
// meet in the body around.
func (h hint) usedAt(text []byte, at uint32, meets func() bool) (used, member bool) {
	before := codeBefore(text, int(at))
	member = before > 0 && text[before-1] == '.' && (before < 2 || text[before-2] != '.')
	if h.free && member || h.byPath && (before < 2 || text[before-1] != ':') {
		return false, member
	}
	switch h.use {
	case anyUse, optional:
		return true, member
	case ready:
		return meets(), member
	}
	rest := text[at+uint32(len(h.name)):]
	if h.use == called {
		if bytes.HasPrefix(rest, []byte("::<")) {
			return true, member
		}
		rest = bytes.TrimLeft(rest, " \t\r\n")
		return len(rest) > 0 && rest[0] == '(' && !bytes.HasPrefix(rest, []byte("()")), member
	}
	rest = bytes.TrimLeft(rest, " \t\r\n")
	if len(rest) < 2 {
		return false, member
	}
	switch rest[0] {
	case '=':
		return rest[1] != '=', member
	case ':', ',', '}':
		if !member {
			return true, member
		}
	}
	return h.use == mutated || member && meets(), member
}

// codeBefore is the end of what stands before an offset but for blanks and line comments.
func codeBefore(text []byte, i int) int {
	for {
		end := blanksBack(text, i)
		line := bytes.LastIndexByte(text[:end], '\n') + 1
		at := bytes.Index(text[line:end], []byte("//"))
		if at < 0 || bytes.IndexByte(text[end:i], '\n') < 0 {
			return end
		}
		i = line + at
	}
}

// coercing is where values may become objects of a trait.
type coercing struct {
	places []bodyPlace
	// By names and hints a body comes to objects, by some of the hints to such alone that are objects already; see parts.
	names  map[string]bool
	hints  *hints
	byName map[string][]hint
	// whole are the places that can come to them without such a name, coarse is set if any can.
	whole  map[bodyPlace]bool
	coarse bool
}

// coercing are the bodies in which a value may become an object of a trait: those that write the object's type, those of
// functions that write it in their signature, and those that use a name by which one comes to such a type.
func (e *engine) coercing(trait resolve.Def) *coercing {
	h := &hints{engine: e, set: map[hint]bool{}, pointers: map[string]bool{}}
	h.out = &coercing{names: map[string]bool{}, whole: map[bodyPlace]bool{}, hints: h, byName: map[string][]hint{}}
	for i := range e.Mentions {
		if m := &e.Mentions[i]; sameItem(m.Principal, trait) {
			h.at(m.File, m.Item, m.Span.Start, 0)
		}
	}
	for one := range h.set {
		if one.name == "" || one.name == "_" {
			continue
		}
		h.out.byName[one.name] = append(h.out.byName[one.name], one)
	}
	home := homeOf(trait)
	for _, file := range e.Snapshot.Files {
		if len(file.Owners) > 0 && e.reaches(file, home) {
			h.in(file)
		}
	}
	slices.SortFunc(h.out.places, func(a, b bodyPlace) int {
		if a.file != b.file {
			return strings.Compare(a.file.Path, b.file.Path)
		}
		return int(a.item - b.item)
	})
	h.out.places = slices.Compact(h.out.places)
	return h.out
}

// hints collects hints, and finds the bodies that use them.
type hints struct {
	*engine
	set map[hint]bool
	// pointers are the aliases of a pointer to an object.
	pointers map[string]bool
	words    map[owner][]string // see wordsOf; of the file that is looked at
	file     *workspace.File
	out      *coercing
}

// in adds the bodies of a file that use one of the hints.
func (h *hints) in(file *workspace.File) {
	h.look(file)
	var offsets []uint32
	for name, list := range h.out.byName {
		if !file.Names().Have(name) {
			continue
		}
		var open []hint // those of types that the file may know
		for _, one := range list {
			if h.known(file, one) {
				open = append(open, one)
			}
		}
		if len(open) == 0 {
			continue
		}
		for _, at := range words(file.Text, name) {
			if slices.ContainsFunc(open, func(one hint) bool { return h.usedAt(file, one, at) }) {
				offsets = append(offsets, at)
			}
		}
	}
	slices.Sort(offsets)
	for _, item := range bodiesAt(file, offsets) {
		h.out.places = append(h.out.places, bodyPlace{file, item})
	}
}

// known reports whether a file has a name by which usedAt could find the type of a hint in sight.
func (h *hints) known(file *workspace.File, one hint) bool {
	s := h.sightOf(one.of)
	switch {
	case s == nil || slices.ContainsFunc(s.types, file.Names().Have):
		return true
	case one.byPath:
		return false
	}
	return s.open || len(h.wordsOf(file, one.of, s)) > 0
}

// look makes a file the one that is looked at.
func (h *hints) look(file *workspace.File) {
	if h.file != file {
		h.file, h.words = file, map[owner][]string{}
	}
}

// leads reports whether the name at an offset of a body leads to objects.
func (c *coercing) leads(file *workspace.File, name string, at uint32) bool {
	if c.names[name] {
		return true
	}
	c.hints.look(file)
	return slices.ContainsFunc(c.byName[name], func(one hint) bool {
		one.use = anyUse
		return c.hints.usedAt(file, one, at)
	})
}

// wordsOf are the words of a file that lead to values of what is in sight.
func (h *hints) wordsOf(file *workspace.File, of owner, s *typeSight) []string {
	words, ok := h.words[of]
	if !ok {
		words = h.wordsIn(file, &s.sight)
		h.words[of] = words
	}
	return words
}

// usedAt reports whether the name at an offset of a file may be that of a hint, used as it says: the body has to be able to get hold of
// a value of the hint's type, or to name the type.
func (h *hints) usedAt(file *workspace.File, one hint, at uint32) bool {
	body := bodyAt(file.Syntax(), at)
	if body < 0 {
		return false
	}
	has := func(words [][]byte) bool {
		text := file.Syntax().Items[body].Span.Of(file.Text)
		return slices.ContainsFunc(words, func(word []byte) bool { return bytes.Contains(text, word) })
	}
	used, member := one.usedAt(file.Text, at, func() bool { return has(owning) })
	if !used || one.use == optional && !has(substitutes) && !has(owning) {
		return false
	}
	switch s := h.sightOf(one.of); {
	case s == nil:
		return true
	case one.byPath:
		return h.qualified(file, s, one.of, body, at)
	case member || one.use != given && one.use != mutated:
		return s.open || inSight(file, body, s.types) || inSight(file, body, h.wordsOf(file, one.of, s))
	default:
		return inSight(file, body, s.types) // a literal
	}
}

// qualified reports whether the path before a name may lead through a type: it is one of the type's names, `Self`, an alias or no lone
// path; and what it means, where that is evident, is the type.
func (h *hints) qualified(file *workspace.File, s *typeSight, of owner, body int32, at uint32) bool {
	path := pathBefore(file.Text, at)
	if len(path) == 0 {
		return true
	}
	last := path[len(path)-1].Name
	if last == "Self" {
		return true
	}
	if !s.aliases[last] && !slices.Contains(s.types, last) {
		return false
	}
	def, ok := h.meant(file.Owners[0].ScopeAt(body, at), &syntax.Path{Segments: path})
	if !ok {
		return true
	}
	switch def.Kind {
	case resolve.Struct, resolve.Enum, resolve.Union:
		return owner{def.File(), def.Item} == of
	}
	return true
}

// pathBefore are the lone names of the path that a name stands behind.
func pathBefore(text []byte, at uint32) []syntax.Segment {
	var out []syntax.Segment
	for end := int(at); ; {
		end = codeBefore(text, end)
		if end < 2 || text[end-1] != ':' || text[end-2] != ':' {
			return out
		}
		end = codeBefore(text, end-2)
		start := end
		for start > 0 && isWord(text[start-1]) {
			start--
		}
		if start == end {
			return nil
		}
		out = append([]syntax.Segment{{Name: string(text[start:end])}}, out...)
		end = start
	}
}

// typeSight is what a body names to get hold of values of a type.
type typeSight struct {
	sight
	types   []string        // its own name, and those that `as` and `type` give it
	aliases map[string]bool // all names that `type` and `as` give in the workspace
}

// sightOf is the sight of a type of the workspace, or of a trait and all that implement it; nil if it is not known.
func (e *engine) sightOf(of owner) *typeSight {
	if of.file == nil {
		return nil
	}
	x := &e.typeSights
	if s, ok := x.of[of]; ok {
		return s
	}
	if x.seen == nil {
		x.seen, x.of, x.aliases = newSights(e), map[owner]*typeSight{}, map[string]bool{}
		for _, file := range e.Snapshot.Files {
			for _, alias := range file.Headers().Aliases {
				x.aliases[alias] = true
			}
		}
	}
	names := []string{of.name()}
	trait := of.file.Syntax().Items[of.item].Kind == syntax.KindTrait
	if trait {
		heads, ok := e.implementing(names[0])
		if !ok {
			x.of[of] = nil
			return nil
		}
		names = append(names, heads...)
	}
	names = renamed(names, e.renamings())
	var by []mentioned
	for i := 0; i < len(names); i++ {
		by = append(by, mentioned{name: names[i], trait: trait && i == 0})
		for _, n := range x.seen.mentioned(by[i]).types {
			if x.aliases[n] && !slices.Contains(names, n) && len(names) < maxSightNames {
				names = append(names, n)
			}
		}
	}
	out := &typeSight{sight: x.seen.follow(by), types: names, aliases: x.aliases}
	x.of[of] = out
	return out
}

// renamings are the names that `as` gives in the workspace, by the hash of what it renames.
func (e *engine) renamings() map[uint32][]string {
	x := &e.typeSights
	if x.renames == nil {
		x.renames = map[uint32][]string{}
		for _, file := range e.Snapshot.Files {
			for hash, to := range file.Headers().Renamed {
				x.renames[hash] = append(x.renames[hash], to...)
			}
		}
	}
	return x.renames
}

// implementing are the names of the types that a trait of a name is implemented for in the workspace; not ok if it is for others too.
func (e *engine) implementing(trait string) (heads []string, ok bool) {
	for _, f := range e.Snapshot.Files {
		if f.Headers().Dollar && f.Mentions(trait) {
			return nil, false // a macro may implement it
		}
		if len(f.Owners) == 0 || !f.Headers().Have(trait) {
			continue
		}
		items := f.Syntax().Items
		for i := range items {
			if items[i].Kind != syntax.KindImpl {
				continue
			}
			im := e.implAt(f.Owners[0].ScopeOf(int32(i)), int32(i))
			if im.header.Trait == nil || lastSegment(im.header.Trait) != trait {
				continue
			}
			head := e.headOf(im)
			if !isWord(head[0]) || head == "dyn" || items[i].Macro >= 0 {
				return nil, false
			}
			if !slices.Contains(heads, head) {
				heads = append(heads, head)
			}
		}
	}
	return heads, true
}

// typeSights are the sights of types that were asked for.
type typeSights struct {
	mu      sync.Mutex // held while a Coercer reads a body
	seen    *sights
	of      map[owner]*typeSight
	renames map[uint32][]string
	aliases map[string]bool
}

// holdsMore reports whether a written type is more than a pointer to an object, or one that may be missing: something in which an object
// can be put. An alias may be.
func (h *hints) holdsMore(text []byte) bool {
	if h.pointers[string(text)] {
		return false
	}
	for _, pointer := range []string{"Box", "Rc", "Arc", "Pin", "Result"} {
		if bytes.HasPrefix(text, []byte(pointer+"<")) {
			return bytes.Contains(text, []byte("Fn")) || bytes.Contains(text, []byte("Mutex")) || bytes.Contains(text, []byte("Lock")) || bytes.Contains(text, []byte("Cell")) || bytes.Contains(text, []byte("Vec")) || bytes.Contains(text, []byte("Map"))
		}
	}
	return !bytes.HasPrefix(text, []byte("&")) || bytes.HasPrefix(text, []byte("&mut")) && !bytes.Contains(text, []byte("&mut dyn"))
}

// maxAliases bounds aliases of aliases.
const maxAliases = 8

// body makes the body of an item a candidate, if it has one.
func (h *hints) body(file *workspace.File, item int32) {
	if it := &file.Syntax().Items[item]; it.Kind != syntax.KindFn || it.Flags&syntax.FlagBody != 0 {
		h.out.places = append(h.out.places, bodyPlace{file, item})
	}
}

// at adds the hints that the item around a written object type gives, and the bodies that it makes candidates.
func (h *hints) at(file *workspace.File, item int32, at uint32, depth int) {
	if item < 0 || depth > maxAliases {
		return
	}
	items := file.Syntax().Items
	for items[item].Kind == syntax.KindBlock && items[item].Parent >= 0 {
		item = items[item].Parent
	}
	it := &items[item]
	if it.Kind != syntax.KindFn {
		h.out.names[it.Name] = true
	}
	switch it.Kind {
	case syntax.KindFn:
		h.body(file, item)
		if it.Flags&syntax.FlagBody == 0 || !it.Body.Contains(at) {
			h.signature(file, item, at)
		}
	case syntax.KindStruct, syntax.KindEnum, syntax.KindUnion:
		h.fields(file, item, at)
	case syntax.KindConst, syntax.KindStatic:
		h.set[hint{name: it.Name}] = true
		h.body(file, item)
	case syntax.KindType:
		if one := (hint{name: it.Name}); !h.set[one] {
			h.set[one] = true
			if t := syntax.ParseAlias(file.Syntax(), item, file.Edition).Type; t != nil && !h.holdsMore(t.Span.Of(file.Text)) {
				h.pointers[it.Name] = true
			}
			h.aliased(file, it, depth)
		}
	case syntax.KindImpl, syntax.KindTrait:
		for i := item + 1; i < int32(len(items)) && items[i].Span.Start < it.Span.End; i++ {
			if items[i].Parent == item && items[i].Kind == syntax.KindFn {
				h.body(file, i)
				h.out.whole[bodyPlace{file, i}] = true
			}
		}
	}
}

// signature adds the hint that a function gives in whose signature an object type stands at an offset.
func (h *hints) signature(file *workspace.File, item int32, at uint32) {
	items := file.Syntax().Items
	it := &items[item]
	one := hint{name: it.Name, use: called}
	fn := syntax.ParseFn(file.Syntax(), item, file.Edition)
	if fn.Ret != nil && fn.Ret.Span.Contains(at) {
		text := fn.Ret.Span.Of(file.Text)
		if one.use = anyUse; !h.holdsMore(text) {
			one.use = ready
		} else if inner, ok := bytes.CutPrefix(text, []byte("Option<")); ok && !h.holdsMore(bytes.TrimSuffix(inner, []byte(">"))) {
			one.use = optional
		}
	} else if !slices.ContainsFunc(fn.Params, func(p syntax.FnParam) bool { return p.Type.Span.Contains(at) }) {
		h.out.whole[bodyPlace{file, item}] = true // a bound
	}
	if it.Parent >= 0 && (items[it.Parent].Kind == syntax.KindImpl || items[it.Parent].Kind == syntax.KindTrait) {
		one.of, one.byPath = h.ownerOf(file, it.Parent, fn.Self == syntax.SelfNone), fn.Self == syntax.SelfNone
		one.byPath = one.byPath && one.of.file != nil && one.of.file.Syntax().Items[one.of.item].Kind != syntax.KindTrait
	} else {
		one.free = true
	}
	h.set[one] = true
}

// ownerOf is what a function of an impl or trait belongs to. One without a receiver whose trait is none of the workspace's belongs to the
// type that the trait is implemented for: it is named by that.
func (h *hints) ownerOf(file *workspace.File, item int32, byPath bool) owner {
	switch file.Syntax().Items[item].Kind {
	case syntax.KindTrait:
		return owner{file, item}
	case syntax.KindImpl:
		im := h.implAt(file.Owners[0].ScopeOf(item), item)
		if im.header.Trait != nil {
			if def, ok := h.meant(im.scope, im.header.Trait); !ok || def.Kind != resolve.Trait {
				return owner{}
			} else if def.Scope.Crate.Member {
				return owner{def.File(), def.Item}
			} else if !byPath {
				return owner{}
			}
		}
		if im.header.Type.Kind != syntax.TypePath {
			return owner{}
		}
		if def, ok := h.meant(im.scope, im.header.Type.Path); ok && def.Scope.Crate.Member {
			switch def.Kind {
			case resolve.Struct, resolve.Enum, resolve.Union:
				return owner{def.File(), def.Item}
			}
		}
	}
	return owner{}
}

// meant is the item that a path means as a whole.
func (h *hints) meant(scope *workspace.Scope, path *syntax.Path) (resolve.Def, bool) {
	if path.QSelf != nil {
		return resolve.Def{}, false
	}
	r, n := h.resolve.Path(scope, path)
	return r.Def, r.Found() && n == len(path.Segments) && !r.Def.Made && r.Def.Scope != nil
}

// fields adds the hint that a type gives in whose declaration an object type stands at an offset.
func (h *hints) fields(file *workspace.File, item int32, at uint32) {
	it := &file.Syntax().Items[item]
	adt := syntax.ParseAdt(file.Syntax(), item, file.Edition)
	for i := range adt.Fields {
		f := &adt.Fields[i]
		if f.Type == nil || !f.Type.Span.Contains(at) {
			continue
		}
		positional := f.Name >= "0" && f.Name <= "9999"
		if f.Variant >= 0 {
			for _, name := range renamed([]string{adt.Variants[f.Variant].Name}, h.renamings()) {
				h.out.names[name] = true
				if positional { // made and taken apart by the variant's name
					h.set[hint{name: name, use: called, free: true}] = true
				}
			}
			if positional {
				return
			}
		}
		if positional {
			break // by the type's own name
		}
		one := hint{name: f.Name, use: given, of: owner{file, item}}
		if h.holdsMore(f.Type.Span.Of(file.Text)) {
			one.use = mutated
		}
		h.set[one] = true
		return
	}
	h.set[hint{name: it.Name}] = true
	h.out.coarse = h.out.coarse || !slices.ContainsFunc(adt.Fields, func(f syntax.Field) bool { return f.Type != nil && f.Type.Span.Contains(at) })
}

// aliased adds the hints of the places that write an alias of the object's type.
func (h *hints) aliased(file *workspace.File, alias *syntax.Item, depth int) {
	crate := file.Owners[0].Crate
	for _, f := range h.Snapshot.Files {
		if len(f.Owners) == 0 || !f.Names().Have(alias.Name) || f.Owners[0].Crate != crate && !h.dependsOn(f.Owners[0].Crate.Target.Package, crate.Target.Package) {
			continue
		}
		for _, at := range words(f.Text, alias.Name) {
			if alias.NameSpan.Start == at && f == file {
				continue
			}
			h.at(f, itemAt(f.Syntax(), at), at, depth+1)
		}
	}
}

// words are the offsets at which a name stands as a whole word.
func words(text []byte, name string) []uint32 {
	if name == "" {
		return nil
	}
	var out []uint32
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(name))
		if i < 0 {
			return out
		}
		start := at + i
		at = start + len(name)
		if (start == 0 || !isWord(text[start-1])) && (at == len(text) || !isWord(text[at])) {
			out = append(out, uint32(start))
		}
	}
}
