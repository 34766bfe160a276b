package workspace

import (
	"bytes"
	"hash/maphash"
	"maps"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// Interface is what of a file the analysis of other files can depend on, as fingerprints. Two versions of a file with equal
// interfaces differ only in what concerns the file itself: bodies of functions, comments, layout.
//
// It rests on one property of the engine: what is said of a file depends on its text and on the declarations that the names
// in it lead to, and a declaration is only ever reached by its name. So a change of the declarations called n can change
// only files in which n stands, or in which a name stands that a declaration with an n in it declares; see Dependents.
type Interface struct {
	// Structure is of what decides which files are modules: `mod name;` and include! with attributes and surroundings, inner attributes.
	Structure uint64
	// Global is of what can change the meaning of names that do not stand in it: globs, macros.
	Global uint64
	// Names is of the declarations with each name.
	Names map[string]uint64
	// Signatures is of all declarations, impls included, without bodies: of what the types of expressions in other files depend
	// on. Those hang together in ways that no name tells.
	Signatures uint64
}

var seed = maphash.MakeSeed()

func mix(h uint64, text []byte) uint64 { return mixHash(h, maphash.Bytes(seed, text)) }

func mixHash(h, x uint64) uint64 {
	h = (h ^ x) * 0x9E3779B97F4A7C15
	return h ^ h>>29
}

// InterfaceOf fingerprints a file.
func InterfaceOf(f *File) *Interface {
	out := &Interface{Names: map[string]uint64{}}
	file := f.Syntax()
	around := make([]uint64, len(file.Items)) // an item's surroundings: the items and macro arms it stands in, its attributes
	attrs := func(h uint64, r syntax.Range) uint64 {
		for k := r.Start; k < r.End; k++ {
			h = mix(h, file.Attrs[k].Span.Of(file.Text))
		}
		return h
	}
	add := func(name string, h uint64) {
		if name != "" {
			out.Names[name] = mixHash(out.Names[name], h)
		}
	}
	out.Structure = attrs(0, file.Inner)
	for i := range file.Items {
		it := &file.Items[i]
		h := uint64(it.Kind)
		if it.Parent >= 0 {
			parent := &file.Items[it.Parent]
			h = mix(mixHash(around[it.Parent], uint64(parent.Kind)), []byte(parent.Name))
		}
		for m := it.Macro; m >= 0; m = file.Macros[m].Outer {
			h = mix(mix(h, file.Macros[m].Path.Of(file.Text)), file.Macros[m].Cond.Of(file.Text))
		}
		h = attrs(h, it.Attrs)
		around[i] = h
		h = mixHash(h, uint64(it.Visibility)<<8|uint64(it.Kind))
		out.Signatures = mixHash(out.Signatures, h)
		if span, ok := signature(file, it); ok {
			out.Signatures = mix(out.Signatures, span.Of(file.Text))
		}
		switch it.Kind {
		case syntax.KindTrait:
			h = f.traitText(h, int32(i))
			add(it.Name, h)
			for k := it.Attrs.Start; k < it.Attrs.End; k++ { // macros that declare more names
				for _, name := range identifiers(file.Attrs[k].Args.Of(file.Text)) {
					add(name, h)
				}
			}
		case syntax.KindTraitAlias, syntax.KindType, syntax.KindStruct, syntax.KindUnion:
			add(it.Name, mix(h, it.Span.Of(file.Text)))
		case syntax.KindEnum:
			h = mix(h, it.Span.Of(file.Text))
			add(it.Name, h)
			for _, v := range syntax.ParseAdt(file, int32(i), f.Edition).Variants {
				add(v.Name, h)
			}
		case syntax.KindExternCrate:
			_, binds := syntax.ParseExternCrate(file, int32(i))
			add(binds, mix(h, it.Span.Of(file.Text)))
		case syntax.KindUse:
			for _, imp := range syntax.ParseUse(file, int32(i), f.Edition) {
				leaf := h
				for _, s := range imp.Segments {
					leaf = mix(leaf, []byte(s.Name))
				}
				if imp.Global {
					leaf = mixHash(leaf, 1)
				}
				if imp.Glob {
					out.Global = mixHash(out.Global, leaf)
				}
				add(imp.Name, leaf)
			}
		case syntax.KindMod:
			add(it.Name, mixHash(h, uint64(it.Flags&syntax.FlagBody)))
			if it.Flags&syntax.FlagBody == 0 {
				out.Structure = mix(mixHash(out.Structure, h), []byte(it.Name))
			}
		case syntax.KindFn, syntax.KindConst, syntax.KindStatic:
			if it.Parent < 0 || !isAssociated(file.Items[it.Parent].Kind) {
				add(it.Name, h)
			}
		case syntax.KindMacroRules:
			add(it.Name, h)
			out.Global = mix(mixHash(out.Global, h), it.Span.Of(file.Text))
		case syntax.KindMacroCall:
			if path, ok := syntax.IncludedPath(file, int32(i)); ok {
				out.Structure = mix(mixHash(out.Structure, h), []byte(path))
			}
			if it.Macro >= 0 && !file.Macros[it.Macro].Items && !itemless(file, it.Macro) {
				out.Global = mix(mixHash(out.Global, h), it.Span.Of(file.Text))
			}
		}
	}
	for _, word := range [...]string{"DispatchFromDyn", "CoercePointee"} { // looked for near a type, whatever their role
		if f.Mentions(word) {
			out.Global = mix(out.Global, []byte(word))
		}
	}
	return out
}

// signature is the part of an item that its own declarations and statements are no part of; ok is false if that is nothing.
func signature(file *syntax.File, it *syntax.Item) (span source.Span, ok bool) {
	switch it.Kind {
	case syntax.KindBlock:
		return span, false
	case syntax.KindMacroCall:
		if it.Macro >= 0 && file.Macros[it.Macro].Items { // what it holds is items of the file
			return span, false
		}
	case syntax.KindFn, syntax.KindImpl, syntax.KindTrait, syntax.KindMod, syntax.KindExternBlock:
		if it.Flags&syntax.FlagBody != 0 {
			return source.Span{Start: it.Span.Start, End: it.Body.Start}, true
		}
	}
	return it.Span, true
}

func isAssociated(k syntax.ItemKind) bool {
	return k == syntax.KindTrait || k == syntax.KindImpl || k == syntax.KindExternBlock
}

// itemless reports whether a macro is known to declare nothing.
func itemless(file *syntax.File, macro int32) bool {
	name := file.Macros[macro].Path.Of(file.Text)
	if i := bytes.LastIndex(name, []byte("::")); i >= 0 {
		name = name[i+2:]
	}
	return itemlessMacros[string(bytes.TrimSpace(name))]
}

// traitText mixes in a trait's text without the bodies of its methods.
func (f *File) traitText(h uint64, trait int32) uint64 {
	for _, span := range f.interfaceSpans(trait) {
		h = mix(h, span.Of(f.Syntax().Text))
	}
	return h
}

// interfaceSpans are the parts of an item that belong to its interface: all but the bodies of a trait's methods.
func (f *File) interfaceSpans(item int32) []source.Span {
	items := f.Syntax().Items
	end := items[item].Span.End
	if items[item].Kind != syntax.KindTrait {
		return []source.Span{items[item].Span}
	}
	var out []source.Span
	at := items[item].Span.Start
	for i := item + 1; i < int32(len(items)) && items[i].Span.Start < end; i++ {
		if items[i].Kind == syntax.KindFn && items[i].Flags&syntax.FlagBody != 0 && items[i].Body.Start >= at {
			out = append(out, source.Span{Start: at, End: items[i].Body.Start})
			at = items[i].Body.End
		}
	}
	return append(out, source.Span{Start: at, End: end})
}

// identifiers are the names in a text.
func identifiers(text []byte) []string {
	var out []string
	eachName(text, func(name []byte) { out = append(out, string(name)) })
	return out
}

// eachName calls f for whatever looks like a name, in comments and strings too: where those end is uncertain in broken text,
// and Scan reads on behind one that does not end.
func eachName(text []byte, f func(name []byte)) {
	for i := 0; i < len(text); {
		start := i
		for i < len(text) && (nameByte(text[i]) || text[i] >= 0x80) {
			i++
		}
		if i > start && (text[start] < '0' || text[start] > '9') {
			f(text[start:i])
		}
		if i == start {
			i++
		}
	}
}

// Change is how two interfaces of one file differ.
type Change struct {
	Structure, Global, Signatures bool
	Names                         []string // whose declarations differ, sorted
}

// Changed compares an interface with that of the version before.
func (x *Interface) Changed(old *Interface) Change {
	c := Change{Structure: x.Structure != old.Structure, Global: x.Global != old.Global, Signatures: x.Signatures != old.Signatures}
	for name, h := range x.Names {
		if before, ok := old.Names[name]; !ok || before != h {
			c.Names = append(c.Names, name)
		}
	}
	for name := range old.Names {
		if _, ok := x.Names[name]; !ok {
			c.Names = append(c.Names, name)
		}
	}
	slices.Sort(c.Names)
	return c
}

// word is an identifier as Words has it. Two that collide cost time, not correctness.
type word uint32

func wordOf(name []byte) word { return word(maphash.Bytes(seed, name)) }

// Words are the names that stand in one version of a file, and its declarations that hand names on.
type Words struct {
	all      []word // sorted
	declared []declaration
}

// Has reports whether one of some names stands in the file.
func (w *Words) Has(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		_, ok := slices.BinarySearch(w.all, wordOf([]byte(name)))
		return ok
	})
}

// declaration is a declaration whose meaning depends on names in it.
type declaration struct {
	names []string // it declares
	words []word   // in its interface, sorted
	glob  bool     // it declares names that are not written
}

// WordsOf lists a file's names.
func WordsOf(f *File) *Words {
	out := &Words{all: wordsIn(f.Text, []source.Span{{End: uint32(len(f.Text))}})}
	file := f.Syntax()
	for i := range file.Items {
		it := &file.Items[i]
		switch it.Kind {
		case syntax.KindTrait, syntax.KindTraitAlias, syntax.KindType:
			d := declaration{names: []string{it.Name}, words: wordsIn(f.Text, f.interfaceSpans(int32(i)))}
			for k := it.Attrs.Start; k < it.Attrs.End; k++ {
				d.names = append(d.names, identifiers(file.Attrs[k].Args.Of(file.Text))...)
			}
			out.declared = append(out.declared, d)
		case syntax.KindExternCrate:
			name, binds := syntax.ParseExternCrate(file, int32(i))
			out.declared = append(out.declared, declaration{names: []string{binds}, words: []word{wordOf([]byte(name))}})
		case syntax.KindUse:
			for _, imp := range syntax.ParseUse(file, int32(i), f.Edition) {
				d := declaration{names: []string{imp.Name}, glob: imp.Glob}
				for _, s := range imp.Segments {
					d.words = append(d.words, wordOf([]byte(s.Name)))
				}
				slices.Sort(d.words)
				out.declared = append(out.declared, d)
			}
		}
	}
	return out
}

func wordsIn(text []byte, spans []source.Span) []word {
	seen := map[word]struct{}{}
	for _, span := range spans {
		eachName(span.Of(text), func(name []byte) { seen[wordOf(name)] = struct{}{} })
	}
	return slices.Sorted(maps.Keys(seen))
}

// Dependents are the indexes of the files whose analysis may change when declarations with these names do. all is set if it
// cannot be told, because a glob hands on what changed.
func Dependents(names []string, files []*Words) (indexes []int, all bool) {
	hit := make([]bool, len(files))
	seen := map[string]bool{"": true, "_": true}
	var queue []string
	push := func(names []string) {
		for _, n := range names {
			if !seen[n] {
				seen[n] = true
				queue = append(queue, n)
			}
		}
	}
	push(names)
	for len(queue) > 0 {
		w := wordOf([]byte(queue[len(queue)-1]))
		queue = queue[:len(queue)-1]
		for i, f := range files {
			if _, ok := slices.BinarySearch(f.all, w); !ok {
				continue
			}
			hit[i] = true
			for k := range f.declared {
				d := &f.declared[k]
				if _, ok := slices.BinarySearch(d.words, w); ok {
					if d.glob {
						return nil, true
					}
					push(d.names)
				}
			}
		}
	}
	for i := range hit {
		if hit[i] {
			indexes = append(indexes, i)
		}
	}
	return indexes, false
}
