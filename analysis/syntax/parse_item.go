package syntax

import (
	"slices"
	"strconv"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// head is the span of an item without its body: all that the Parse functions have to lex.
func (f *File) head(item int32) source.Span {
	it := &f.Items[item]
	span := it.Span
	if it.Flags&FlagBody != 0 && it.Body.Start >= span.Start {
		span.End = it.Body.Start
	}
	return span
}

// skipVisibility skips `pub`, `pub(..)` and `crate` before an item keyword.
func (p *parser) skipVisibility() {
	if p.eatWord(WordPub) && p.is('(') {
		switch n := p.at(1); {
		case n.Word == WordCrate, n.Word == WordSuper, n.Word == WordSelf, n.Word == WordIn:
			p.skipGroup()
		}
	}
}

// skipUntil skips qualifiers up to the keyword w and takes it.
func (p *parser) skipUntil(w Word) bool {
	if !p.reach(w) {
		return false
	}
	p.next()
	return true
}

// reach moves to the next w that stands in no group.
func (p *parser) reach(w Word) bool {
	for p.tok().Kind != EOF {
		if p.isWord(w) {
			return true
		}
		if p.tok().Kind == Open {
			p.skipGroup()
			continue
		}
		p.next()
	}
	return false
}

func (p *parser) name() (string, source.Span) {
	start := p.pos
	if p.is('$') {
		p.next()
	}
	t := p.tok()
	if t.Kind != Ident {
		return "", p.since(start)
	}
	p.next()
	return p.ident(t), p.since(start)
}

// ParseTrait reads the header of the trait or trait alias at index item.
func ParseTrait(f *File, item int32, edition int) *Trait {
	out := &Trait{Item: item, Flags: f.Items[item].Flags}
	parseSpan(f.Text, f.head(item), edition, func(p *parser) {
		p.skipUntil(WordTrait)
		out.Name, out.NameSpan = p.name()
		if p.is('<') {
			out.Generics.Params = p.params()
		}
		if p.eat(':') || p.eat('=') {
			out.Supers = p.bounds(allowPlus)
		}
		out.Generics.Where = p.where()
	})
	return out
}

// ParseFn reads the signature of the function at index item.
func ParseFn(f *File, item int32, edition int) *Fn {
	out := &Fn{Item: item, Flags: f.Items[item].Flags}
	parseSpan(f.Text, f.head(item), edition, func(p *parser) {
		p.skipVisibility()
		p.skipUntil(WordFn)
		out.Name, out.NameSpan = p.name()
		if p.is('<') {
			out.Generics.Params = p.params()
		}
		if p.is('(') {
			p.fnParams(out)
		}
		if p.eatKind(Arrow) {
			out.Ret = p.typ(allowPlus)
		}
		out.Generics.Where = p.where()
	})
	return out
}

func (p *parser) fnParams(out *Fn) {
	p.next()
	for first := true; !p.is(')') && p.tok().Kind != EOF; first = false {
		attrs := p.skipAttrs()
		if first && p.receiver(out, attrs) {
			if !p.eat(',') {
				p.skipTo(')')
				break
			}
			continue
		}
		param := p.fnParam()
		param.Attrs = attrs
		out.Params = append(out.Params, param)
		for !p.is(',') && !p.is(')') && p.tok().Kind != EOF {
			if p.tok().Kind == Open {
				p.skipGroup()
				continue
			}
			p.next()
		}
		if !p.eat(',') {
			break
		}
	}
	p.eat(')')
}

// receiver reads a `self` parameter if one begins here.
func (p *parser) receiver(out *Fn, attrs []source.Span) bool {
	i, kind := 0, SelfValue
	lifetime := ""
	if p.is('&') {
		i, kind = 1, SelfRef
		if t := p.at(i); t.Kind == Lifetime {
			lifetime = p.str(t)
			i++
		}
		// `&pin mut self`, `&pin const self` are unstable.
		if t := p.at(i); t.Kind == Ident && p.str(t) == "pin" && (p.at(i+1).Word == WordMut || p.at(i+1).Word == WordConst) {
			i++
			if p.at(i).Word == WordConst {
				i++
			}
		}
		if p.at(i).Word == WordMut {
			kind = SelfRefMut
			i++
		}
	} else if p.isWord(WordMut) {
		i = 1
	}
	if t := p.at(i); t.Kind != Ident || t.Word != WordSelf || p.at(i+1).Kind == PathSep {
		return false
	}
	start := p.pos
	p.pos += i + 1
	param := &FnParam{Pattern: p.since(start), Attrs: attrs}
	if kind == SelfValue && p.eat(':') {
		kind = SelfTyped
		param.Type = p.typ(allowPlus)
	}
	param.Span = p.since(start)
	out.Self, out.SelfParam, out.SelfLifetime = kind, param, lifetime
	return true
}

// fnParam reads `pattern: Type`, `...`, or the lone type of an unnamed parameter (2015).
func (p *parser) fnParam() FnParam {
	start := p.pos
	out := FnParam{}
	if p.is('.') {
		for p.eat('.') {
		}
		out.Variadic = true
		out.Span = p.since(start)
		return out
	}
	if p.patternFollows() {
		for !p.is(':') {
			if p.tok().Kind == Open {
				p.skipGroup()
				continue
			}
			p.next()
		}
		out.Pattern = p.since(start)
		p.next()
	}
	if p.is('.') {
		for p.eat('.') {
		}
		out.Variadic = true
	} else {
		out.Type = p.typ(allowPlus)
	}
	out.Span = p.since(start)
	return out
}

// patternFollows reports whether a `:` stands before the parameter ends, so that a pattern comes first.
func (p *parser) patternFollows() bool {
	depth := 0
	for i := 0; ; i++ {
		t := p.at(i)
		switch {
		case t.Kind == EOF:
			return false
		case t.Kind == Open:
			depth++
		case t.Kind == Close:
			depth--
			if depth < 0 {
				return false
			}
		case depth == 0 && t.Is(','), depth == 0 && t.Is('<'):
			return false
		case depth == 0 && t.Is(':'):
			return true
		}
	}
}

// ParseAlias reads the type alias or associated type at index item.
func ParseAlias(f *File, item int32, edition int) *Alias {
	out := &Alias{Item: item}
	parseSpan(f.Text, f.Items[item].Span, edition, func(p *parser) {
		p.skipVisibility()
		p.skipUntil(WordType)
		out.Name, out.NameSpan = p.name()
		if p.is('<') {
			out.Generics.Params = p.params()
		}
		if p.eat(':') {
			out.Bounds = p.bounds(allowPlus)
		}
		out.Generics.Where = p.where()
		if p.eat('=') {
			out.Type = p.typ(allowPlus)
		}
		out.Generics.Where = append(out.Generics.Where, p.where()...)
	})
	return out
}

// ParseValue reads the name, generics and type of the const or static at index item.
func ParseValue(f *File, item int32, edition int) *Value {
	out := &Value{Item: item}
	parseSpan(f.Text, f.Items[item].Span, edition, func(p *parser) {
		p.skipVisibility()
		for !p.isWord(WordConst) && !p.isWord(WordStatic) && p.tok().Kind != EOF {
			p.next()
		}
		p.next()
		p.eatWord(WordMut)
		if p.isWord(WordRef) { // lazy_static!
			p.next()
		}
		out.Name, out.NameSpan = p.name()
		if p.is('<') {
			out.Generics.Params = p.params()
		}
		if p.eat(':') {
			out.Type = p.typ(allowPlus)
		}
		out.Generics.Where = p.where()
		if p.is('=') && p.reach(WordWhere) { // behind the value, as a type alias may have it
			out.Generics.Where = append(out.Generics.Where, p.where()...)
		}
	})
	return out
}

// ParseImpl reads the header of the impl at index item.
func ParseImpl(f *File, item int32, edition int) *Impl {
	out := &Impl{Item: item}
	parseSpan(f.Text, f.head(item), edition, func(p *parser) {
		p.skipVisibility()
		p.skipUntil(WordImpl)
		if p.implGenerics() {
			out.Generics.Params = p.params()
		}
		p.eatWord(WordConst)
		if p.is('!') && (p.at(1).Kind == Ident || p.at(1).Kind == PathSep) {
			p.next()
			out.Negative = true
		}
		out.Type = p.typ(allowPlus)
		if p.eatWord(WordFor) {
			if out.Type.Kind == TypePath {
				out.Trait = out.Type.Path
			}
			out.Type = p.typ(allowPlus)
		}
		out.Generics.Where = p.where()
	})
	return out
}

// implGenerics tells `impl<T> X` from `impl <T as Trait>::Assoc {}` (rustc_parse, choose_generics_over_qpath).
func (p *parser) implGenerics() bool {
	if !p.is('<') {
		return false
	}
	a, b := p.at(1), p.at(2)
	switch {
	case a.Is('>'), a.Is('#'), a.Word == WordConst && a.Kind == Ident:
		return true
	case a.Kind == Lifetime, a.Kind == Ident:
		return b.Is('>') || b.Is(',') || b.Is(':') || b.Is('=')
	}
	return false
}

// ParseAdt reads the header and the fields of the struct, enum or union at index item.
func ParseAdt(f *File, item int32, edition int) *Adt {
	out := &Adt{Item: item}
	kind := f.Items[item].Kind
	parseSpan(f.Text, f.Items[item].Span, edition, func(p *parser) {
		p.skipVisibility()
		for !p.isWord(WordStruct) && !p.isWord(WordEnum) && !p.isWord(WordUnion) && p.tok().Kind != EOF {
			p.next()
		}
		p.next()
		p.name()
		if p.is('<') {
			out.Generics.Params = p.params()
		}
		out.Generics.Where = p.where()
		switch {
		case p.is('{') && kind == KindEnum:
			p.variants(out)
		case p.is('{'), p.is('('):
			p.fields(out, -1)
		}
		out.Generics.Where = append(out.Generics.Where, p.where()...)
	})
	return out
}

// fields reads a group of named or positional fields.
func (p *parser) fields(out *Adt, variant int32) {
	named := p.is('{')
	p.next()
	for n := 0; p.tok().Kind != EOF && p.tok().Kind != Close; n++ {
		field := Field{Attrs: p.skipAttrs(), Variant: variant}
		start := p.pos
		p.skipVisibility()
		p.eatWord(WordUnsafe)
		if named {
			field.Name, field.Span = p.name()
			if !p.eat(':') {
				p.skipToComma()
				if p.pos == start {
					p.next()
				}
				continue
			}
		} else {
			field.Name = strconv.Itoa(n)
			field.Span = p.tok().Span()
		}
		field.Type = p.typ(allowPlus)
		out.Fields = append(out.Fields, field)
		p.skipToComma()
		if p.pos == start {
			p.next()
		}
	}
	p.next()
}

// skipToComma skips to the next comma of the group that the parser is in and takes it; it stops before the group's end.
func (p *parser) skipToComma() {
	for p.tok().Kind != EOF && p.tok().Kind != Close {
		if p.tok().Kind == Open {
			p.skipGroup()
			continue
		}
		if p.next().Is(',') {
			return
		}
	}
}

func (p *parser) variants(out *Adt) {
	p.next()
	for p.tok().Kind != EOF && !p.is('}') {
		start := p.pos
		attrs := p.skipAttrs()
		p.skipVisibility()
		if t := p.tok(); t.Kind == Ident {
			v := Variant{Attrs: attrs}
			v.Name, v.Span = p.name()
			out.Variants = append(out.Variants, v)
			if p.is('{') || p.is('(') {
				p.fields(out, int32(len(out.Variants)-1))
			}
		}
		p.skipToComma()
		if p.pos == start {
			p.next()
		}
	}
}

// ParseUse reads the leaves of the use declaration at index item.
func ParseUse(f *File, item int32, edition int) []Import {
	var out []Import
	parseSpan(f.Text, f.Items[item].Span, edition, func(p *parser) {
		p.skipVisibility()
		p.skipUntil(WordUse)
		global := p.eatKind(PathSep)
		out = p.useTree(out, nil, global)
	})
	return out
}

func (p *parser) useTree(out []Import, prefix []Segment, global bool) []Import {
	if p.depth >= maxTypeDepth {
		return out
	}
	p.depth++
	defer func() { p.depth-- }()

	path := prefix // what its tail overwrites was copied
	for {
		t := p.tok()
		switch {
		case t.Is('*'):
			p.next()
			return append(out, Import{Segments: slices.Clone(path), Global: global, Span: t.Span(), Glob: true})
		case t.Is('{'):
			p.next()
			for !p.is('}') && p.tok().Kind != EOF {
				start := p.pos
				inner := global
				if p.eatKind(PathSep) && len(path) == 0 {
					inner = true
				}
				out = p.useTree(out, path, inner)
				p.skipToComma()
				if p.pos == start {
					p.next()
				}
			}
			p.eat('}')
			return out
		case t.Kind == Ident, t.Is('$'):
			start := p.pos
			seg := Segment{}
			if p.eat('$') {
				seg.Name = "$" + p.str(p.next())
			} else {
				p.next()
				seg.Name, seg.Raw = p.ident(t), t.Flags&RawIdent != 0
			}
			seg.Span = p.since(start)
			if p.tok().Kind == PathSep {
				p.next()
				path = append(path, seg)
				continue
			}
			return append(out, p.useLeaf(path, seg, global))
		default:
			return out
		}
	}
}

func (p *parser) useLeaf(path []Segment, last Segment, global bool) Import {
	out := Import{Global: global, Name: last.Name, Span: last.Span}
	if last.Name == "self" && !last.Raw && len(path) > 0 {
		out.SelfLeaf = true
		out.Name = path[len(path)-1].Name
	} else {
		path = append(path, last)
	}
	out.Segments = slices.Clone(path)
	if p.eatWord(WordAs) {
		t := p.tok()
		if t.Kind == Ident {
			p.next()
			out.Name, out.Span = p.ident(t), t.Span()
		}
	}
	return out
}

// ParseExternCrate reads `extern crate name as alias;`: the crate's name and the name that it binds ("_" for none).
func ParseExternCrate(f *File, item int32) (crate, binds string) {
	parseSpan(f.Text, f.Items[item].Span, 2021, func(p *parser) {
		p.skipVisibility()
		p.skipUntil(WordCrate)
		crate, _ = p.name()
		binds = crate
		if p.eatWord(WordAs) {
			binds, _ = p.name()
		}
	})
	return crate, binds
}

// ParseType reads a type from the text in span.
func ParseType(text []byte, span source.Span, edition int) *Type {
	var out *Type
	parseSpan(text, span, edition, func(p *parser) { out = p.typ(allowPlus) })
	return out
}

// ParseTypePrefix reads the type that begins where span does and ends somewhere in it, without lexing the rest.
func ParseTypePrefix(text []byte, span source.Span, edition int) *Type {
	var out *Type
	inWindow(text, span, edition, func(p *parser) { out = p.typ(allowPlus) })
	return out
}

// typeWindow is how much text is lexed at first for one type; real ones are shorter.
const typeWindow = 192

// inWindow hands read a parser over the beginning of span, again over more of it until read does not need the end.
func inWindow(text []byte, span source.Span, edition int, read func(*parser)) {
	for window := uint32(typeWindow); ; window *= 4 {
		part := source.Span{Start: span.Start, End: min(span.End, span.Start+window)}
		whole := part.End == span.End
		parseSpan(text, part, edition, func(p *parser) {
			read(p)
			whole = whole || p.pos+3 < len(p.toks) // only a parse that ends well before the window does is sure to have seen all
		})
		if whole {
			return
		}
	}
}

// ParseDyn reads the trait object type that begins at the `dyn` token d. Its span ends where its bounds end.
func ParseDyn(f *File, d Dyn, edition int) *Type {
	limit := uint32(len(f.Text))
	if d.Macro >= 0 {
		limit = f.Macros[d.Macro].Args.End
	} else if d.Item >= 0 {
		limit = f.Items[d.Item].Span.End
	}
	sum := plusAllowedAt(f.Text, d.Offset)
	var out *Type
	inWindow(f.Text, source.Span{Start: d.Offset, End: limit}, edition, func(p *parser) {
		start := p.pos
		p.next()
		out = &Type{Kind: TypeDyn, Bounds: p.bounds(sum)}
		out.Span = p.since(start)
	})
	return out
}

// plusAllowedAt reports whether the type at offset may be a sum of bounds: not directly behind `&`, `&mut`, `&'a`, `*const`
// or `->`, where the grammar has no `+`.
func plusAllowedAt(text []byte, offset uint32) plus {
	i := skipBlanksBack(text, int(offset))
	word := i
	for word > 0 && isNameByte(text[word-1]) {
		word--
	}
	switch w := string(text[word:i]); {
	case w == "mut" || w == "const":
		return noPlus
	case word < i && word > 0 && text[word-1] == '\'':
		k := skipBlanksBack(text, word-1)
		if k > 0 && text[k-1] == '&' {
			return noPlus
		}
	case word == i && i > 0 && text[i-1] == '&':
		return noPlus
	}
	return allowPlus
}

func skipBlanksBack(text []byte, i int) int {
	for i > 0 && (text[i-1] == ' ' || text[i-1] == '\t' || text[i-1] == '\n' || text[i-1] == '\r') {
		i--
	}
	return i
}

func isNameByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
