package infer

import (
	"bytes"
	"slices"

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
	// beside is a word that the file must have too, because the name is one of an associated function; empty if there is none.
	beside string
	use    use
}

// use is what has to be done with a name, as far as the next token tells.
type use uint8

const (
	anyUse  use = iota
	called      // with arguments
	given       // a field that is a pointer: set, or written in a literal
	mutated     // a field that holds more: also used in any way
)

// usedAt reports whether a name that stands at an offset is used so.
func (h hint) usedAt(text []byte, at uint32) bool {
	if h.use == anyUse {
		return true
	}
	rest := text[at+uint32(len(h.name)):]
	if h.use == called {
		if bytes.HasPrefix(rest, []byte("::<")) {
			return true
		}
		rest = bytes.TrimLeft(rest, " \t\r\n")
		return len(rest) > 0 && rest[0] == '(' && !bytes.HasPrefix(rest, []byte("()"))
	}
	rest = bytes.TrimLeft(rest, " \t\r\n")
	if len(rest) < 2 {
		return false
	}
	member := at > 0 && text[at-1] == '.'
	switch rest[0] {
	case '=':
		return rest[1] != '='
	case ':', ',', '}':
		return !member
	}
	return h.use == mutated
}

// coercing are the bodies in which a value may become an object of a trait: those that write the object's type, those of
// functions that write it in their signature, and those that use a name by which one comes to such a type.
func (e *engine) coercing(trait resolve.Def) []bodyPlace {
	var out []bodyPlace
	hints := map[hint]bool{}
	for i := range e.Mentions {
		if m := &e.Mentions[i]; m.Principal.Kind == trait.Kind && m.Principal.Item == trait.Item && m.Principal.File() == trait.File() {
			out = append(out, e.hintsAt(m.File, m.Item, m.Span.Start, hints, 0)...)
		}
	}
	for _, file := range e.Snapshot.Files {
		if len(file.Owners) == 0 || !e.reaches(file, homeOf(trait)) {
			continue
		}
		var offsets []uint32
		for h := range hints {
			if h.beside == "" || file.Mentions(h.beside) {
				for _, at := range words(file.Text, h.name) {
					if h.usedAt(file.Text, at) {
						offsets = append(offsets, at)
					}
				}
			}
		}
		for _, item := range bodiesAt(file, offsets) {
			out = append(out, bodyPlace{file, item})
		}
	}
	slices.SortFunc(out, func(a, b bodyPlace) int {
		if a.file != b.file {
			return bytes.Compare([]byte(a.file.Path), []byte(b.file.Path))
		}
		return int(a.item - b.item)
	})
	return slices.Compact(out)
}

// holdsMore reports whether a written type is more than a pointer to an object, or one that may be missing: something in which an object
// can be put. An alias may be.
func holdsMore(text []byte) bool {
	for _, pointer := range []string{"Box", "Rc", "Arc", "Pin", "Result"} {
		if bytes.HasPrefix(text, []byte(pointer+"<")) {
			return bytes.Contains(text, []byte("Fn")) || bytes.Contains(text, []byte("Mutex")) || bytes.Contains(text, []byte("Lock")) || bytes.Contains(text, []byte("Cell")) || bytes.Contains(text, []byte("Vec")) || bytes.Contains(text, []byte("Map"))
		}
	}
	return !bytes.HasPrefix(text, []byte("&")) || bytes.HasPrefix(text, []byte("&mut")) && !bytes.Contains(text, []byte("&mut dyn"))
}

// maxAliases bounds aliases of aliases.
const maxAliases = 8

// hintsAt adds the hints that the item around a written object type gives, and returns the bodies that it makes candidates.
func (e *engine) hintsAt(file *workspace.File, item int32, at uint32, hints map[hint]bool, depth int) []bodyPlace {
	if item < 0 || depth > maxAliases {
		return nil
	}
	items := file.Syntax().Items
	for items[item].Kind == syntax.KindBlock && items[item].Parent >= 0 {
		item = items[item].Parent
	}
	it := &items[item]
	switch it.Kind {
	case syntax.KindFn:
		if it.Flags&syntax.FlagBody != 0 && it.Body.Contains(at) {
			return []bodyPlace{{file, item}}
		}
		h := hint{name: it.Name, use: called}
		fn := syntax.ParseFn(file.Syntax(), item, file.Edition)
		if fn.Ret != nil && fn.Ret.Span.Contains(at) {
			h.use = anyUse
			if !holdsMore(fn.Ret.Span.Of(file.Text)) {
				h.name = "" // what it gives back is an object already
			}
		}
		if it.Parent >= 0 && items[it.Parent].Kind == syntax.KindImpl && fn.Self == syntax.SelfNone {
			if head := e.headOf(e.implAt(file.Owners[0].ScopeOf(it.Parent), it.Parent)); isWord(head[0]) {
				h.beside = head
			}
		}
		if h.name != "" {
			hints[h] = true
		}
		if it.Flags&syntax.FlagBody != 0 {
			return []bodyPlace{{file, item}}
		}
	case syntax.KindStruct, syntax.KindEnum, syntax.KindUnion:
		hints[hint{name: it.Name}] = true
		adt := syntax.ParseAdt(file.Syntax(), item, file.Edition)
		for i := range adt.Fields {
			if f := &adt.Fields[i]; f.Type != nil && f.Type.Span.Contains(at) && (f.Name < "0" || f.Name > "9999") {
				h := hint{name: f.Name, use: given}
				if holdsMore(f.Type.Span.Of(file.Text)) {
					h.use = mutated
				}
				hints[h] = true
			}
		}
	case syntax.KindConst, syntax.KindStatic:
		hints[hint{name: it.Name}] = true
		return []bodyPlace{{file, item}}
	case syntax.KindType:
		if h := (hint{name: it.Name}); !hints[h] {
			hints[h] = true
			return e.aliased(file, it, hints, depth)
		}
	case syntax.KindImpl, syntax.KindTrait:
		var out []bodyPlace
		for i := item + 1; i < int32(len(items)) && items[i].Span.Start < it.Span.End; i++ {
			if items[i].Parent == item && items[i].Kind == syntax.KindFn {
				if items[i].Flags&syntax.FlagBody != 0 {
					out = append(out, bodyPlace{file, i})
				}
			}
		}
		return out
	}
	return nil
}

// aliased adds the hints of the places that write an alias of the object's type.
func (e *engine) aliased(file *workspace.File, alias *syntax.Item, hints map[hint]bool, depth int) []bodyPlace {
	var out []bodyPlace
	crate := file.Owners[0].Crate
	for _, f := range e.Snapshot.Files {
		if len(f.Owners) == 0 || !f.Mentions(alias.Name) || f.Owners[0].Crate != crate && !e.dependsOn(f.Owners[0].Crate.Target.Package, crate.Target.Package) {
			continue
		}
		for _, at := range words(f.Text, alias.Name) {
			if alias.NameSpan.Start == at && f == file {
				continue
			}
			out = append(out, e.hintsAt(f, itemAt(f.Syntax(), at), at, hints, depth+1)...)
		}
	}
	return out
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
