package infer

import (
	"bytes"

	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// handsOn reports whether the trait that is named at an offset gives its values to those who use the item: as a trait object, a type
// that is returned, an associated type. The bound of a parameter, `T: Trait` or `x: impl Trait`, hands nothing on: who calls the
// function knows what T is. What stands in the header of a trait may be about an associated type.
func handsOn(file *workspace.File, it *syntax.Item, at uint32) bool {
	text := file.Text
	macro := it.Kind == syntax.KindMacroCall || it.Kind == syntax.KindMacroRules
	switch start, kind := boundOf(text, int(at)); kind {
	case boundAs:
		return false
	case boundNone:
		if macro {
			return !bytes.HasPrefix(bytes.TrimLeft(text[at:], wordBytes), []byte("::"))
		}
		return file.Edition < 2021 // a trait object without dyn
	case boundColon:
		switch it.Kind {
		case syntax.KindType, syntax.KindTrait, syntax.KindTraitAlias:
			return true
		}
		return macro && ofAssociated(text, start) || file.Edition < 2021 && it.Kind == syntax.KindStruct
	case boundImpl:
		return it.Kind != syntax.KindFn && !macro || workspace.OpaqueAt(text, start)
	}
	return true
}

const wordBytes = "_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// ofAssociated reports whether a colon stands behind `type name` or `::name`, maybe with parameters.
func ofAssociated(text []byte, colon int) bool {
	i := blanksBack(text, colon)
	if i > 0 && text[i-1] == '>' {
		i = angleStart(text, i)
	}
	name := i
	for i > 0 && (isWord(text[i-1]) || text[i-1] == '$') {
		i--
	}
	if name == i {
		return true // it is not known
	}
	i = blanksBack(text, i)
	return bytes.HasSuffix(text[:i], []byte("type")) || bytes.HasSuffix(text[:i], []byte("::"))
}

// boundKind is what a list of bounds stands behind.
type boundKind uint8

const (
	boundUnknown boundKind = iota
	boundNone              // it is no bound
	boundColon
	boundDyn
	boundImpl
	boundAs // <T as Trait>
)

// boundOf is what the list of bounds stands behind in which a trait is named at an offset, and where that is.
func boundOf(text []byte, at int) (start int, kind boundKind) {
	i := pathStart(text, at)
	for first := true; ; first = false {
		i = blanksBack(text, i)
		if i == 0 {
			return 0, boundUnknown
		}
		switch c := text[i-1]; {
		case c == ':' && (i < 2 || text[i-2] != ':'):
			return i - 1, boundColon
		case c == '?':
			i--
		case c == '+':
			if i = blanksBack(text, i-1); i == 0 || !isWord(text[i-1]) && text[i-1] != '>' {
				return 0, boundUnknown
			}
			if i = pathStart(text, i); i > 0 && text[i-1] == '\'' { // a lifetime
				i--
			}
		case c == '>': // for<'a>, impl<T>
			if i = angleStart(text, i); i == 0 {
				return 0, boundUnknown
			}
		case isWord(c):
			word := i
			for i > 0 && isWord(text[i-1]) {
				i--
			}
			switch string(text[i:word]) {
			case "for":
				if before := blanksBack(text, i); before > 0 && (isWord(text[before-1]) || text[before-1] == '>') { // impl A for B
					return 0, boundUnknown
				}
			case "dyn":
				return i, boundDyn
			case "impl":
				return i, boundImpl
			case "as":
				return i, boundAs
			case "mut", "const", "in", "return", "use", "pub", "crate", "move":
				if first {
					return 0, boundNone
				}
				return 0, boundUnknown
			default:
				return 0, boundUnknown
			}
		case first && bytes.IndexByte([]byte("<,&({[;}"), c) >= 0:
			return 0, boundNone
		default:
			return 0, boundUnknown
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
		if i > 0 && text[i-1] == '$' { // $crate
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
