package companion

import (
	"fmt"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Boxed is a method of the native trait, or of an impl of it, as it is once the trait itself returns boxes.
type Boxed struct {
	Item int32
	// Head are the lines of the signature, not indented; the last ends in `;` or `{`.
	Head []string
	// Async is set if the body is to become an async block; otherwise it already makes the value that is boxed.
	Async bool
	// Pinned is set for Box::pin, otherwise it is Box::new.
	Pinned bool
	// Prologue are lines that the async block begins with: what keeps arguments alive as long as the future, and what gives the
	// block the type that its results are coerced to.
	Prologue []string
	// UsesFuture is set if the signature names Future.
	UsesFuture bool
}

// form is what the signatures of a trait's method and of its impls must agree on: lifetimes in where clauses are early bound,
// the others late bound (E0195).
type form struct {
	lifetimes, outlives int
	elided              bool
}

// Box are the methods of the trait itself that return a box; send adds Send to their futures. at is where they stand.
func (t *Trait) Box(at Layout, send bool) ([]Boxed, error) {
	var out []Boxed
	for _, m := range t.methods {
		if m.kind == plain {
			continue
		}
		if m.whole != nil {
			return nil, blocked("a parameter of `%s` has attributes", m.name)
		}
		if m.capturing {
			return nil, blocked("`%s` says with `use<..>` what it captures", m.name)
		}
		if m.hasBody && m.fn.Self == syntax.SelfValue {
			return nil, blocked("the provided method `%s` takes `self` by value, which needs `Self: Sized`", m.name)
		}
		b, err := t.box(m, at, send)
		if err != nil {
			return nil, err
		}
		out = append(out, *b)
	}
	return out, nil
}

// BoxImpl are the same methods in an impl of the trait, which stands in a file and a scope.
func (t *Trait) BoxImpl(file *workspace.File, scope *workspace.Scope, header *syntax.Impl, at Layout, send bool) ([]Boxed, error) {
	v, err := t.in(file, scope, header)
	if err != nil {
		return nil, err
	}
	f := file.Syntax()
	var out []Boxed
	for _, native := range t.methods {
		if native.kind == plain {
			continue
		}
		item := int32(-1)
		for i := header.Item + 1; i < int32(len(f.Items)) && f.Items[i].Span.Start < f.Items[header.Item].Span.End; i++ {
			if f.Items[i].Parent == header.Item && f.Items[i].Kind == syntax.KindFn && rawName(file, i) == native.name {
				item = i
			}
		}
		if item < 0 {
			continue // the default body
		}
		m, err := v.method(item, native)
		if err != nil {
			return nil, err
		}
		if t.form(native) != v.form(m) {
			return nil, blocked("the lifetimes of `%s` are written otherwise than in the trait", m.name)
		}
		b, err := v.box(m, at, send)
		if err != nil {
			return nil, err
		}
		out = append(out, *b)
	}
	return out, nil
}

// in is the trait as an impl of it sees it: its parameters are the impl's arguments.
func (t *Trait) in(file *workspace.File, scope *workspace.Scope, header *syntax.Impl) (*Trait, error) {
	env := (&types.Env{Types: t.judge.Types, Scope: scope}).With(&header.Generics)
	out := &Trait{Def: t.Def, Name: t.Name, judge: t.judge, file: file, env: env, p: printer{text: file.Text}, header: &syntax.Trait{Item: t.header.Item}}
	for i := range header.Generics.Params {
		if p := &header.Generics.Params[i]; p.Kind == syntax.ParamLifetime {
			out.reserved = append(out.reserved, p.Name)
		}
	}
	var args []syntax.Arg
	if a := header.Trait.Segments[len(header.Trait.Segments)-1].Args; a != nil {
		args = a.List
	}
	for i := range t.header.Generics.Params {
		p := &t.header.Generics.Params[i]
		if i >= len(args) || (p.Kind == syntax.ParamLifetime) != (args[i].Kind == syntax.ArgLifetime) || args[i].Lifetime == "'_" {
			return nil, blocked("an impl leaves out the argument for `%s`", p.Name)
		}
		out.header.Generics.Params = append(out.header.Generics.Params, syntax.Param{Kind: p.Kind, Name: string(args[i].Span.Of(file.Text)), NameSpan: args[i].Span})
	}
	return out, nil
}

// method reads a method of an impl.
func (t *Trait) method(item int32, native *method) (*method, error) {
	f := syntax.ParseFn(t.file.Syntax(), item, t.file.Edition)
	m := &method{fn: f, name: rawName(t.file, item), env: t.env.With(&f.Generics), hasBody: true}
	if f.Flags&syntax.FlagBody == 0 {
		return nil, blocked("an impl of `%s` has no body", m.name)
	}
	for i := range f.Params {
		if len(f.Params[i].Attrs) > 0 {
			return nil, blocked("a parameter of `%s` has attributes", m.name)
		}
	}
	if err := t.readResult(m); err != nil {
		return nil, err
	}
	switch {
	case m.kind != native.kind || m.pinned != native.pinned:
		return nil, blocked("an impl of `%s` returns another type than the trait says", m.name)
	case m.kind == future:
		m.bounds, m.promises = native.bounds, native.promises
	}
	m.outlives = native.outlives
	return m, nil
}

func (t *Trait) form(m *method) form {
	s := t.erase(m)
	return form{lifetimes: len(s.lifetimes), outlives: len(s.outlives), elided: s.bound == "'_"}
}

// box writes a method that returns a box.
func (t *Trait) box(m *method, at Layout, send bool) (*Boxed, error) {
	f := t.file.Syntax()
	it := &f.Items[m.fn.Item]
	signatureEnd := it.Span.End
	if m.hasBody {
		signatureEnd = it.Body.Start
	}
	if holdsComment(f.Text, source.Span{Start: it.Span.Start, End: signatureEnd}) {
		return nil, blocked("a comment stands in the signature of `%s`", m.name)
	}
	w := NewWriter(t, Shape{Method: "%s"}, at)
	s := t.erase(m)
	head := &fn{head: "fn " + m.name, where: w.where(m, s)}
	if m.unsafe() {
		head.head = "unsafe " + head.head
	}
	head.head += angled(s.lifetimes)
	out := &Boxed{Item: m.fn.Item, Async: m.async(), Pinned: m.pinned}
	body := body{t: t, m: m, at: at, text: it.Body.Of(f.Text)}
	body.read()
	head.params = append(head.params, t.receiver(m, s))
	for i, pattern := range body.patterns {
		head.params = append(head.params, pattern+": "+w.typ(s.params[i]))
	}
	if send && m.kind == future && !slices.Contains(m.promises, "Send") {
		s.bounds = append(slices.Clone(s.bounds), sendBound)
	}
	head.ret = w.boxed(m, s)
	out.UsesFuture = w.uses.future
	if m.hasBody {
		head.body = []string{}
	}
	out.Head = head.lines(at)
	if m.hasBody {
		out.Head = out.Head[:len(out.Head)-1] // the closing brace
	}
	if out.Async {
		out.Prologue = body.prologue
	}
	return out, nil
}

var sendBound = syntax.Bound{Kind: syntax.BoundTrait, Path: &syntax.Path{Segments: []syntax.Segment{{Name: "Send"}}}}

// receiver is the method's own receiver with its lifetimes settled, `mut` kept.
func (t *Trait) receiver(m *method, s *signature) string {
	mut := ""
	if strings.HasPrefix(t.p.raw(m.fn.SelfParam.Span), "mut ") {
		mut = "mut "
	}
	if m.fn.Self == syntax.SelfValue {
		return mut + "self"
	}
	return mut + s.self.String(t.p)
}

// holdsComment reports whether a comment stands between the tokens of a span.
func holdsComment(text []byte, span source.Span) bool {
	last := span.Start
	for _, t := range syntax.Lex(text, span, nil) {
		if strings.TrimSpace(string(text[last:t.Start])) != "" {
			return true
		}
		last = t.End
	}
	return false
}

// body is what is known of a method's body: what an async block around it has to begin with, and the parameters' patterns.
//
// Two things would change. An async fn holds all its arguments until it is done; an async block holds those that it mentions.
// And the type that a function declares is what its results are coerced to; an async block has none.
type body struct {
	t        *Trait
	m        *method
	at       Layout
	text     []byte
	patterns []string
	prologue []string
}

func (b *body) read() {
	m := b.m
	names := b.t.argNames(m)
	b.patterns = make([]string, len(m.fn.Params))
	var held []int // arguments whose drop can be seen
	for i := range m.fn.Params {
		p := &m.fn.Params[i]
		b.patterns[i] = b.t.p.raw(p.Pattern)
		if !quiet(m.env.Type(p.Type)) {
			held = append(held, i)
		}
	}
	if !m.hasBody || !m.async() {
		return
	}
	if m.owned() && !mentions(b.text, "self") {
		b.prologue = append(b.prologue, "let _this = self;")
	}
	for _, i := range held {
		name, plainName := strings.CutPrefix(b.patterns[i], "mut ")
		_, simple := simpleName(name)
		switch {
		case b.patterns[i] == "_":
			b.patterns[i] = "_" + names[i]
			b.prologue = append(b.prologue, "let _"+names[i]+" = _"+names[i]+";")
		case !simple:
			b.prologue = append(b.prologue, "let "+b.patterns[i]+" = "+names[i]+";")
			b.patterns[i] = names[i]
		case len(held) > 1 || !mentions(b.text, name):
			mut := ""
			if plainName {
				mut = "mut "
			}
			b.patterns[i] = name
			b.prologue = append(b.prologue, "let "+mut+name+" = "+name+";")
		}
	}
	if out := m.out; out != nil && (coercible(m.env.Type(out)) || diverges(b.text)) {
		b.prologue = append(b.prologue, fmt.Sprintf("if let Some(ret) = None::<%s> {", b.t.p.typ(copier{}.typ(out))), b.at.indent()+"return ret;", "}")
	}
}

// mentions reports whether an identifier is among the tokens of a text. Formatting strings name arguments too.
func mentions(text []byte, name string) bool {
	name = strings.TrimPrefix(name, "r#")
	for _, t := range syntax.Lex(text, source.Span{End: uint32(len(text))}, nil) {
		switch {
		case t.Kind == syntax.Ident && strings.TrimPrefix(string(t.Span().Of(text)), "r#") == name:
			return true
		case t.Flags&syntax.StringLit != 0 && strings.Contains(string(t.Span().Of(text)), "{"+name):
			return true
		}
	}
	return false
}

// diverges reports whether a body may end without a value: its type is then the one that is declared.
func diverges(text []byte) bool {
	for _, name := range [...]string{"todo", "unimplemented", "unreachable", "panic", "loop", "exit", "abort"} {
		if mentions(text, name) {
			return true
		}
	}
	return false
}

// quietTypes are types of the standard library whose drop cannot be seen, if that of their arguments cannot.
var quietTypes = map[string]bool{
	"String": true, "Vec": true, "Option": true, "Result": true, "Box": true, "HashMap": true, "HashSet": true, "BTreeMap": true,
	"BTreeSet": true, "VecDeque": true, "Duration": true, "Instant": true, "SystemTime": true, "PathBuf": true, "OsString": true,
	"Cow": true, "Range": true, "NonZero": true, "Ordering": true, "SocketAddr": true, "IpAddr": true,
}

// quiet reports whether nobody can tell when a value of a type is dropped.
func quiet(t *types.Type) bool {
	switch t.Kind {
	case types.Ref, types.Ptr, types.Primitive, types.FnPtr, types.Never, types.Const:
		return true
	case types.Tuple, types.Array, types.Slice:
		return !slices.ContainsFunc(t.Args, func(a *types.Type) bool { return !quiet(a) })
	case types.Adt:
		return t.Def.Scope.Crate.Std && quietTypes[t.Def.ItemName()] && !slices.ContainsFunc(t.Args, func(a *types.Type) bool { return !quiet(a) })
	}
	return false
}

// coercible reports whether a value of another type may be coerced to a type.
func coercible(t *types.Type) bool {
	switch t.Kind {
	case types.Primitive, types.Const:
		return t.Name == "str"
	case types.Adt, types.Tuple:
		return slices.ContainsFunc(t.Args, coercible)
	case types.Param:
		return false
	}
	return true
}
