package syntax

// keywords lists every word that the scanner and the parser tell apart: strict, reserved and contextual keywords of all
// editions that matter to items and types.
var keywords = [...]struct {
	text string
	word Word
}{
	{"as", WordAs}, {"async", WordAsync}, {"auto", WordAuto}, {"await", WordAwait}, {"break", WordBreak},
	{"const", WordConst}, {"continue", WordContinue}, {"crate", WordCrate}, {"default", WordDefault}, {"dyn", WordDyn},
	{"else", WordElse}, {"enum", WordEnum}, {"extern", WordExtern}, {"false", WordFalse}, {"final", WordFinal},
	{"fn", WordFn}, {"for", WordFor}, {"gen", WordGen}, {"if", WordIf}, {"impl", WordImpl}, {"in", WordIn}, {"let", WordLet},
	{"loop", WordLoop}, {"macro", WordMacro}, {"macro_rules", WordMacroRules}, {"match", WordMatch}, {"mod", WordMod},
	{"move", WordMove}, {"mut", WordMut}, {"pub", WordPub}, {"ref", WordRef}, {"return", WordReturn}, {"safe", WordSafe},
	{"Self", WordSelfType}, {"self", WordSelf}, {"static", WordStatic}, {"struct", WordStruct}, {"super", WordSuper},
	{"trait", WordTrait}, {"true", WordTrue}, {"type", WordType}, {"_", WordUnderscore}, {"union", WordUnion},
	{"unsafe", WordUnsafe}, {"use", WordUse}, {"where", WordWhere}, {"while", WordWhile},
}

// maxKeyword is the length of the longest keyword, macro_rules.
const maxKeyword = 11

// keywordSlots is a perfect hash table of keywords: no two share a slot of keywordSlot.
var keywordSlots = func() (slots [128]struct {
	text string
	word Word
}) {
	for _, k := range keywords {
		slots[keywordSlot([]byte(k.text))] = k
	}
	return slots
}()

// keywordSlot hashes the first, middle and last byte and the length; the factors were found by search.
func keywordSlot(ident []byte) uint32 {
	n := len(ident)
	return (uint32(ident[0])*6 + uint32(ident[n-1])*45 + uint32(ident[n/2])*6 + uint32(n)) & 127
}

// wordOf is the keyword that ident spells, or NoWord.
func wordOf(ident []byte) Word {
	if len(ident) > maxKeyword {
		return NoWord
	}
	if k := &keywordSlots[keywordSlot(ident)]; k.text == string(ident) {
		return k.word
	}
	return NoWord
}

// primitives are the names of the primitive types (reference, names.preludes.lang; rustc_hir, PrimTy), unstable ones included.
// They are no keywords: an item may shadow them.
var primitives = map[string]bool{
	"bool": true, "char": true, "str": true, "u8": true, "u16": true, "u32": true, "u64": true, "u128": true, "usize": true,
	"i8": true, "i16": true, "i32": true, "i64": true, "i128": true, "isize": true, "f16": true, "f32": true, "f64": true, "f128": true,
}

// IsPrimitive reports whether a name is that of a primitive type.
func IsPrimitive(name string) bool { return primitives[name] }
