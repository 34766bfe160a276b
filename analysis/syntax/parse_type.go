package syntax

import "github.com/afidt-lsp/afidt-lsp/analysis/source"

// plus says whether `A + B` may be read at a place as a list of bounds.
type plus = bool

const (
	allowPlus plus = true
	noPlus    plus = false
)

// typ reads a type.
func (p *parser) typ(sum plus) *Type {
	if p.depth >= maxTypeDepth {
		return p.errorType()
	}
	p.depth++
	defer func() { p.depth-- }()

	start := p.pos
	t := p.tok()
	switch {
	case t.Is('('):
		return p.parenType(sum)
	case t.Is('!'):
		p.next()
		return &Type{Kind: TypeNever, Span: p.since(start)}
	case t.Is('*'):
		p.next()
		out := &Type{Kind: TypePtr, Mut: p.isWord(WordMut)}
		if p.isWord(WordMut) || p.isWord(WordConst) {
			p.next()
		}
		out.Elems = []*Type{p.typ(noPlus)}
		out.Span = p.since(start)
		return out
	case t.Is('['):
		return p.bracketType()
	case t.Is('&'):
		p.next()
		out := &Type{Kind: TypeRef}
		if p.tok().Kind == Lifetime {
			out.Lifetime = p.str(p.next())
		}
		p.eatPin()
		out.Mut = p.eatWord(WordMut)
		out.Elems = []*Type{p.typ(noPlus)}
		out.Span = p.since(start)
		return out
	case p.isWord(WordUnderscore):
		p.next()
		return &Type{Kind: TypeInfer, Span: p.since(start)}
	case p.atFnPtr():
		return p.fnPtr()
	case p.atDyn():
		p.next()
		out := &Type{Kind: TypeDyn, Bounds: p.bounds(sum)}
		out.Span = p.since(start)
		return out
	case p.isWord(WordImpl):
		p.next()
		out := &Type{Kind: TypeImpl, Bounds: p.bounds(sum)}
		out.Span = p.since(start)
		return out
	case p.isWord(WordFor), t.Kind == Lifetime, t.Is('?'):
		out := &Type{Kind: TypeBare, Bounds: p.bounds(sum)}
		out.Span = p.since(start)
		if len(out.Bounds) == 0 {
			return p.errorType()
		}
		return out
	case p.atPathStart():
		return p.pathType(sum)
	}
	return p.errorType()
}

// eatPin skips the `pin` of the unstable `&pin const T` and `&pin mut T`.
func (p *parser) eatPin() {
	if t := p.tok(); t.Kind == Ident && p.str(t) == "pin" && (p.at(1).Word == WordConst || p.at(1).Word == WordMut) {
		p.next()
		p.eatWord(WordConst)
	}
}

// errorType reads nothing: the caller skips.
func (p *parser) errorType() *Type {
	at := p.tok().Start
	return &Type{Kind: TypeError, Span: source.Span{Start: at, End: at}}
}

func (p *parser) parenType(sum plus) *Type {
	start := p.pos
	p.next()
	var elems []*Type
	comma := false
	for !p.is(')') && p.tok().Kind != EOF {
		elems = append(elems, p.typ(allowPlus))
		if p.eat(',') {
			comma = true
			continue
		}
		if !p.is(')') {
			p.skipTo(')')
		}
		break
	}
	p.eat(')')
	out := &Type{Kind: TypeTuple, Elems: elems}
	if len(elems) == 1 && !comma {
		out.Kind = TypeParen
		// (Trait) + Send, a bare trait object of 2015.
		if sum && p.is('+') && elems[0].Kind == TypePath {
			first := Bound{Span: elems[0].Span, Path: elems[0].Path}
			p.next()
			out = &Type{Kind: TypeBare, Bounds: append([]Bound{first}, p.bounds(allowPlus)...)}
		}
	}
	out.Span = p.since(start)
	return out
}

// skipTo skips to the close delimiter c of the group that the parser is in; it stops before any unmatched close.
func (p *parser) skipTo(c byte) {
	for {
		t := p.tok()
		switch {
		case t.Kind == EOF || t.Kind == Close:
			return
		case t.Kind == Open:
			p.skipGroup()
		case t.Is(c):
			return
		default:
			p.next()
		}
	}
}

func (p *parser) bracketType() *Type {
	start := p.pos
	p.next()
	out := &Type{Kind: TypeSlice, Elems: []*Type{p.typ(allowPlus)}}
	if p.eat(';') {
		out.Kind = TypeArray
		from := p.pos
		p.skipTo(']')
		out.Tail = p.since(from)
	} else {
		p.skipTo(']')
	}
	p.eat(']')
	out.Span = p.since(start)
	return out
}

// atFnPtr reports whether a function pointer type begins here: for<..>, unsafe, safe, extern "ABI", then fn.
func (p *parser) atFnPtr() bool {
	i := 0
	if p.at(0).Word == WordFor && p.at(1).Is('<') {
		depth := 0
		for i = 1; ; i++ {
			t := p.at(i)
			if t.Kind == EOF {
				return false
			}
			if t.Is('<') {
				depth++
			}
			if t.Is('>') {
				depth--
				if depth == 0 {
					i++
					break
				}
			}
		}
	}
	for {
		t := p.at(i)
		switch t.Word {
		case WordFn:
			return t.Kind == Ident
		case WordUnsafe, WordSafe, WordConst, WordAsync:
			i++
		case WordExtern:
			i++
			if p.at(i).Kind == Literal {
				i++
			}
		default:
			return false
		}
		if t.Kind != Ident {
			return false
		}
	}
}

func (p *parser) fnPtr() *Type {
	start := p.pos
	out := &Type{Kind: TypeFnPtr}
	if p.isWord(WordFor) {
		out.For = p.forParams()
	}
	for !p.isWord(WordFn) {
		p.next()
	}
	p.next()
	if p.eat('(') {
		for !p.is(')') && p.tok().Kind != EOF {
			p.skipAttrs()
			if p.is('.') {
				p.skipTo(')')
				break
			}
			// A parameter may be named: `fn(x: u8)`, `fn(_: u8)`.
			if t := p.tok(); t.Kind == Ident && p.at(1).Is(':') {
				p.next()
				p.next()
			}
			out.Elems = append(out.Elems, p.typ(allowPlus))
			if !p.eat(',') {
				p.skipTo(')')
				break
			}
		}
		p.eat(')')
	}
	if p.eatKind(Arrow) {
		out.Ret = p.typ(noPlus)
	}
	out.Span = p.since(start)
	return out
}

// pathType reads a path, then what makes it something else: `!(..)` a macro, `+ B` a bare trait object.
func (p *parser) pathType(sum plus) *Type {
	start := p.pos
	path := p.path()
	if p.is('!') && p.at(1).Kind == Open {
		p.next()
		out := &Type{Kind: TypeMacro, Path: path}
		out.Tail = p.skipGroup()
		out.Span = p.since(start)
		return out
	}
	if sum && p.is('+') && path.QSelf == nil {
		first := Bound{Span: path.Span, Path: path}
		p.next()
		out := &Type{Kind: TypeBare, Bounds: append([]Bound{first}, p.bounds(allowPlus)...)}
		out.Span = p.since(start)
		return out
	}
	return &Type{Kind: TypePath, Path: path, Span: p.since(start)}
}

// path reads a path in type position.
func (p *parser) path() *Path {
	start := p.pos
	out := &Path{}
	if p.is('<') {
		p.next()
		out.QSelf = p.typ(allowPlus)
		if p.eatWord(WordAs) {
			trait := p.path()
			out.Global = trait.Global
			out.Segments = trait.Segments
			out.QTrait = len(trait.Segments)
		}
		p.skipAngleTail()
		if !p.eatKind(PathSep) {
			out.Span = p.since(start)
			return out
		}
	} else if p.eatKind(PathSep) {
		out.Global = true
	}
	for {
		segment, ok := p.segment()
		if !ok {
			break
		}
		out.Segments = append(out.Segments, segment)
		if p.tok().Kind != PathSep || !p.segmentFollows() {
			break
		}
		p.next()
	}
	out.Span = p.since(start)
	return out
}

// segmentFollows reports whether the token after `::` begins a segment.
func (p *parser) segmentFollows() bool {
	n := p.at(1)
	return n.Kind == Ident && pathWord(n.Word) || n.Is('$')
}

// skipAngleTail skips to the `>` that ends a qualified self or an argument list, and takes it.
func (p *parser) skipAngleTail() {
	for {
		t := p.tok()
		switch {
		case t.Is('>'):
			p.next()
			return
		case t.Kind == EOF, t.Kind == Close, t.Is(';'):
			return
		case t.Kind == Open:
			p.skipGroup()
		default:
			p.next()
		}
	}
}

func (p *parser) segment() (Segment, bool) {
	start := p.pos
	t := p.tok()
	var out Segment
	switch {
	case t.Is('$') && p.at(1).Kind == Ident:
		p.next()
		name := p.next()
		out.Name = "$" + p.str(name)
		if p.is(':') && p.at(1).Kind == Ident && p.at(1).Start == p.tok().End { // $x:ty in a matcher
			p.next()
			p.next()
		}
	case t.Kind == Ident && pathWord(t.Word):
		p.next()
		out.Name = p.ident(t)
		out.Raw = t.Flags&RawIdent != 0
	default:
		return out, false
	}
	out.Span = p.since(start)
	switch {
	case p.is('<'):
		out.Args = p.angleArgs()
	case p.tok().Kind == PathSep && p.at(1).Is('<'):
		p.next()
		out.Args = p.angleArgs()
	case p.is('('):
		out.Args = p.parenArgs()
	case p.tok().Kind == PathSep && p.at(1).Is('('):
		p.next()
		out.Args = p.parenArgs()
	}
	return out, true
}

// parenArgs reads `(A, B) -> C`, and `(..)` of return type notation.
func (p *parser) parenArgs() *Args {
	start := p.pos
	p.next()
	out := &Args{Paren: true}
	if p.is('.') && p.at(1).Is('.') {
		out.NotationDots = true
		p.skipTo(')')
		p.eat(')')
		out.Span = p.since(start)
		return out
	}
	for !p.is(')') && p.tok().Kind != EOF {
		out.Inputs = append(out.Inputs, p.typ(allowPlus))
		if !p.eat(',') {
			p.skipTo(')')
			break
		}
	}
	p.eat(')')
	if p.eatKind(Arrow) {
		out.Output = p.typ(noPlus)
	}
	out.Span = p.since(start)
	return out
}

func (p *parser) angleArgs() *Args {
	start := p.pos
	p.next()
	out := &Args{}
	for !p.is('>') && p.tok().Kind != EOF {
		before := p.pos
		out.List = append(out.List, p.arg())
		if p.eat(',') {
			continue
		}
		if p.is('>') {
			break
		}
		// Something that does not read: go on at the next comma of this list.
		for !p.is(',') && !p.is('>') && p.tok().Kind != EOF && p.tok().Kind != Close && !p.is(';') {
			if p.tok().Kind == Open {
				p.skipGroup()
				continue
			}
			p.next()
		}
		if !p.eat(',') || p.pos == before {
			break
		}
	}
	p.eat('>')
	out.Span = p.since(start)
	return out
}

func (p *parser) arg() Arg {
	start := p.pos
	t := p.tok()
	switch {
	case t.Kind == Lifetime && !p.at(1).Is('+'):
		p.next()
		return Arg{Kind: ArgLifetime, Lifetime: p.str(t), Span: p.since(start)}
	case p.atConstArg():
		p.constArg()
		return Arg{Kind: ArgConst, Span: p.since(start)}
	}
	ty := p.typ(allowPlus)
	out := Arg{Kind: ArgType, Type: ty}
	switch {
	case p.is('=') && !(p.at(1).Is('=') && p.at(1).Start == p.tok().End):
		p.next()
		out = Arg{Kind: ArgEq}
		out.name(ty)
		if p.atConstArg() {
			out.Kind = ArgEqConst
			p.constArg()
		} else {
			out.Type = p.typ(allowPlus)
		}
	case p.is(':'):
		p.next()
		out = Arg{Kind: ArgConstraint}
		out.name(ty)
		out.Bounds = p.bounds(allowPlus)
	}
	out.Span = p.since(start)
	return out
}

// name sets the name of an associated item constraint, which was read as a type.
func (a *Arg) name(ty *Type) {
	if ty.Kind != TypePath || len(ty.Path.Segments) != 1 {
		return
	}
	a.Name = ty.Path.Segments[0].Name
	a.NameArgs = ty.Path.Segments[0].Args
}

func (p *parser) atConstArg() bool {
	t := p.tok()
	return t.Kind == Literal || t.Is('{') || t.Is('-') || t.Kind == Ident && (t.Word == WordTrue || t.Word == WordFalse || t.Word == WordConst)
}

// constArg skips a const argument: a literal with an optional minus, true, false, or a block.
func (p *parser) constArg() {
	p.eat('-')
	p.eatWord(WordConst)
	if p.is('{') {
		p.skipGroup()
		return
	}
	p.next()
}

// bounds reads `A + 'a + ?Sized`; one bound only where no plus is allowed.
func (p *parser) bounds(sum plus) []Bound {
	var out []Bound
	for {
		b, ok := p.bound()
		if !ok {
			return out
		}
		out = append(out, b)
		if !sum || !p.is('+') {
			return out
		}
		if n := p.at(1); n.Is('=') {
			return out
		}
		p.next()
	}
}

func (p *parser) bound() (Bound, bool) {
	if p.depth >= maxTypeDepth {
		return Bound{}, false
	}
	p.depth++
	defer func() { p.depth-- }()

	start := p.pos
	if p.is('(') {
		p.next()
		b, ok := p.bound()
		p.skipTo(')')
		p.eat(')')
		return b, ok
	}
	if t := p.tok(); t.Kind == Lifetime {
		p.next()
		return Bound{Kind: BoundLifetime, Lifetime: p.str(t), Span: p.since(start)}, true
	}
	if p.isWord(WordUse) && p.at(1).Is('<') {
		p.next()
		p.angleArgs()
		return Bound{Kind: BoundUse, Span: p.since(start)}, true
	}
	var b Bound
	for {
		t := p.tok()
		switch {
		case t.Is('?'):
			b.Maybe = true
			p.next()
		case t.Is('!'):
			b.Negative = true
			p.next()
		case t.Is('~') && p.at(1).Word == WordConst:
			b.MaybeConst = true
			p.next()
			p.next()
		case t.Is('[') && p.at(1).Word == WordConst && p.at(2).Is(']'):
			b.MaybeConst = true
			p.pos += 3
		case p.isWord(WordConst):
			b.Const = true
			p.next()
		case p.isWord(WordAsync) && (p.edition != 2015 || p.at(1).Kind == Ident):
			b.Async = true
			p.next()
		case p.isWord(WordFor) && p.at(1).Is('<'):
			b.For = append(b.For, p.forParams()...)
		default:
			if !p.atPathStart() {
				p.pos = start
				return b, false
			}
			b.Path = p.path()
			b.Span = p.since(start)
			return b, true
		}
	}
}

// forParams reads `for<'a, T>`.
func (p *parser) forParams() []Param {
	p.next()
	if !p.is('<') {
		return nil
	}
	return p.params()
}

// params reads `<'a, T: B = D, const N: usize = 3>`.
func (p *parser) params() []Param {
	p.next()
	var out []Param
	for !p.is('>') && p.tok().Kind != EOF {
		param, ok := p.param()
		if ok {
			out = append(out, param)
		}
		if p.eat(',') {
			continue
		}
		if p.is('>') {
			break
		}
		before := p.pos
		for !p.is(',') && !p.is('>') && p.tok().Kind != EOF && !p.is('{') && !p.is(';') {
			if p.tok().Kind == Open {
				p.skipGroup()
				continue
			}
			p.next()
		}
		if !p.eat(',') && p.pos == before {
			break
		}
	}
	p.eat('>')
	return out
}

func (p *parser) param() (Param, bool) {
	attrs := p.skipAttrs()
	start := p.pos
	t := p.tok()
	out := Param{Attrs: attrs}
	switch {
	case t.Kind == Lifetime:
		p.next()
		out.Name, out.NameSpan = p.str(t), t.Span()
		if p.eat(':') {
			out.Bounds = p.bounds(allowPlus)
		}
	case p.isWord(WordConst):
		p.next()
		name := p.next()
		out.Kind, out.Name, out.NameSpan = ParamConst, p.ident(name), name.Span()
		if p.eat(':') {
			out.Type = p.typ(noPlus)
		}
		if p.eat('=') {
			out.HasDefault = true
			if p.atConstArg() {
				p.constArg()
			} else {
				p.typ(noPlus)
			}
		}
	case t.Kind == Ident || t.Is('$'):
		if t.Is('$') {
			p.next()
			t = p.tok()
		}
		p.next()
		out.Kind, out.Name, out.NameSpan = ParamType, p.ident(t), t.Span()
		if p.eat(':') {
			out.Bounds = p.bounds(allowPlus)
		}
		if p.eat('=') {
			out.HasDefault = true
			out.Default = p.typ(allowPlus)
		}
	default:
		return out, false
	}
	out.Span = p.since(start)
	return out, true
}

// where reads a where clause if one begins here.
func (p *parser) where() []Predicate {
	if !p.eatWord(WordWhere) {
		return nil
	}
	var out []Predicate
	for {
		p.skipAttrs()
		t := p.tok()
		if t.Kind == EOF || t.Is('{') || t.Is(';') || t.Is('=') || t.Kind == Close {
			return out
		}
		start := p.pos
		var pred Predicate
		if t.Kind == Lifetime {
			p.next()
			pred.Lifetime = p.str(t)
		} else {
			if p.isWord(WordFor) && p.at(1).Is('<') { // belongs to the predicate, also before `fn(..)` (parse_ty_where_predicate)
				pred.For = p.forParams()
			}
			pred.Type = p.typ(noPlus)
		}
		if p.eat(':') {
			pred.Bounds = p.bounds(allowPlus)
		}
		pred.Span = p.since(start)
		if p.pos > start {
			out = append(out, pred)
		}
		if p.eat(',') {
			continue
		}
		if p.is('=') && p.pos > start { // the unstable `T == U`; nothing that concerns us
			p.next()
		}
		if p.pos == start {
			p.next()
		}
	}
}
