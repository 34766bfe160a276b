package infer

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// notations are ways in which a name is written where it is used.
type notations uint8

const (
	asCalledMethod notations = 1 << iota // .name(..)
	asMember                             // .name
	asPathEnd                            // ..::name
	asListed                             // { name, name: .. }, as fields are in a pattern or a literal, and arguments in a call
	asWord                               // on its own
)

// The notations of what is declared.
const (
	anyNotation  = asCalledMethod | asMember | asPathEnd | asListed | asWord
	asName       = asPathEnd | asListed | asWord // of an item of a module, or of a variant
	asAssociated = asCalledMethod | asPathEnd    // of a function or constant of a trait or an impl
	asField      = asMember | asListed
)

// notationAt is how the word is written that is a part of a text; several where that is not sure.
func notationAt(text []byte, start, end int) notations {
	if start > 1 && text[start-1] == '#' && text[start-2] == 'r' {
		start -= 2
	}
	before := blanksBack(text, start)
	after := end
	for after < len(text) && (text[after] == ' ' || text[after] == '\n' || text[after] == '\t' || text[after] == '\r') {
		after++
	}
	var prev, next byte
	if before > 0 {
		prev = text[before-1]
	}
	if after < len(text) {
		next = text[after]
	}
	path := next == ':' && after+1 < len(text) && text[after+1] == ':'
	switch {
	case prev == '/' || next == '/' || prev == '$': // a comment
		return anyNotation
	case prev == '.' && (before < 2 || text[before-2] != '.'):
		switch {
		case next == '(':
			return asCalledMethod
		case path: // .name::<T>(..)
			return asCalledMethod | asMember
		}
		return asMember
	case prev == ':' && before > 1 && text[before-2] == ':':
		return asPathEnd
	case next == ':' && !path, next == ',' || next == '}' || next == '@':
		return asListed
	}
	return asWord
}

// leadWords are all names that lead to values of some trait.
type leadWords struct {
	set map[string]string
	// lengths has a bit for each length, modulo 64, of those that begin with a byte, to reject most words without hashing.
	lengths [256]uint64
}

func newLeadWords(traits map[traitKey]*abroad) *leadWords {
	out := &leadWords{set: map[string]string{}}
	for _, a := range traits {
		for _, l := range a.sight.words {
			if l.name == "" {
				continue
			}
			out.set[l.name] = l.name
			out.lengths[l.name[0]] |= 1 << (len(l.name) % 64)
		}
	}
	return out
}

// leadAt is a place where such a name stands.
type leadAt struct {
	name   string
	offset uint32
	as     notations
}

// leadsOfFile are the places in a file where such names stand, in order, and the names.
type leadsOfFile struct {
	places []leadAt
	names  []string
}

// leadsIn are the places in a file.
func (e *engine) leadsIn(file *workspace.File) *leadsOfFile {
	if v, ok := e.leads.Load(file); ok {
		return v.(*leadsOfFile)
	}
	words, text := e.targets.leads, file.Text
	out := &leadsOfFile{}
	seen := map[string]bool{}
	for i := 0; i < len(text); {
		if !isWord(text[i]) {
			i++
			continue
		}
		start := i
		for i++; i < len(text) && isWord(text[i]); i++ {
		}
		if words.lengths[text[start]]&(1<<((i-start)%64)) == 0 {
			continue
		}
		if name, ok := words.set[string(text[start:i])]; ok {
			out.places = append(out.places, leadAt{name, uint32(start), notationAt(text, start, i)})
			if !seen[name] {
				seen[name] = true
				out.names = append(out.names, name)
			}
		}
	}
	e.leads.Store(file, out)
	return out
}

// index makes the words of a sight be found by their names.
func (s *sight) index() {
	s.byName = map[string][]lead{}
	for _, l := range s.words {
		s.byName[l.name] = append(s.byName[l.name], l)
	}
}

// notedWord is a word with the ways of writing it that count.
type notedWord struct {
	name string
	as   notations
}

// leadingIn are the words of a file that lead to values of a trait whose methods are looked for.
func (e *engine) leadingIn(file *workspace.File, s *sight) []notedWord {
	if len(s.words) == 0 {
		return nil
	}
	var out []notedWord
	for _, name := range e.leadsIn(file).names {
		w := notedWord{name: name}
		for _, l := range s.byName[name] {
			if l.as&^w.as != 0 && e.reaches(file, l.home) {
				w.as |= l.as
			}
		}
		if w.as != 0 {
			out = append(out, w)
		}
	}
	return out
}

// leadsAt reports whether a body has one of the words of its file that lead to values. What it is declared in counts.
func (e *engine) leadsAt(file *workspace.File, item int32, words []notedWord) bool {
	leads := e.leadsIn(file).places
	return slices.ContainsFunc(namingParts(file.Syntax(), item), func(part source.Span) bool {
		k, _ := slices.BinarySearchFunc(leads, part.Start, func(at leadAt, start uint32) int { return cmp.Compare(at.offset, start) })
		for ; k < len(leads) && leads[k].offset < part.End; k++ {
			if slices.ContainsFunc(words, func(w notedWord) bool { return w.name == leads[k].name && w.as&leads[k].as != 0 }) {
				return true
			}
		}
		return false
	})
}

// namingParts are the texts of a body and of the headers of the impls that it stands in.
func namingParts(f *syntax.File, item int32) []source.Span {
	var out []source.Span
	for i := item; i >= 0; i = f.Items[i].Parent {
		switch it := &f.Items[i]; {
		case i == item:
			out = append(out, it.Span)
		case it.Kind == syntax.KindImpl && it.Flags&syntax.FlagBody != 0:
			out = append(out, source.Span{Start: it.Span.Start, End: it.Body.Start})
		case it.Kind == syntax.KindImpl:
			out = append(out, it.Span)
		}
	}
	return out
}

// wordsIn are the words of a file that lead to values of a type.
func (e *engine) wordsIn(file *workspace.File, s *sight) []string {
	var out []string
	for _, l := range s.words {
		if file.Names().Have(l.name) && !slices.Contains(out, l.name) && e.reaches(file, l.home) && hasWord(file.Text, l.name) {
			out = append(out, l.name)
		}
	}
	return out
}

// inSight reports whether a body has one of some words. What it is declared in counts.
func inSight(file *workspace.File, item int32, words []string) bool {
	return slices.ContainsFunc(namingParts(file.Syntax(), item), func(part source.Span) bool {
		return slices.ContainsFunc(words, func(w string) bool { return hasWord(part.Of(file.Text), w) })
	})
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
