package quickfix

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// generalizeField gives a struct a type parameter for what a field holds, where all its uses in the workspace can follow: its impls have
// the parameter, signatures elsewhere an `impl Trait`, and bodies leave it to inference. A constructor that makes the field of a value
// of one type goes into an impl for that type.
func (w *Workspace) generalizeField(m *survey.Mention) []Action {
	x := newFieldGeneric(w, m)
	x.run()
	if x.why == "" {
		if stays := w.objectStays(m.Principal); stays != "" {
			x.block("the field may get an object: %s", stays)
		}
	}
	if x.why != "" {
		return blockedGenerics(m, x.why)
	}
	x.plan.edits = append(w.relaidSignatures(x.plan.edits), x.plan.adds.edits()...)
	return []Action{{
		Title:         fmt.Sprintf("give `%s` a type parameter instead of `%s`", x.name, m.Span.Of(m.File.Text)),
		Applicability: MaybeIncorrect, Edits: x.plan.edits,
	}}
}

// fieldGeneric is a struct that gets a parameter.
type fieldGeneric struct {
	*Workspace
	m     *survey.Mention
	plan  *companionPlan
	why   string // it cannot be
	name  string // the struct's
	field *syntax.Field
	adt   *syntax.Adt
	param string
	// bounds are those of the parameter but for the trait; sized is ` + ?Sized` or empty.
	bounds []string
	sized  string
	impls  []structImpl
}

// structImpl is an impl whose header names the struct.
type structImpl struct {
	file  *workspace.File
	item  int32
	impl  *syntax.Impl
	scope *workspace.Scope
	// of is the type that the impl is for alone; empty if it is for all.
	of string
}

func newFieldGeneric(w *Workspace, m *survey.Mention) *fieldGeneric {
	x := &fieldGeneric{Workspace: w, m: m, plan: newCompanionPlan(w)}
	x.adt = syntax.ParseAdt(m.File.Syntax(), m.Item, m.File.Edition)
	x.name = m.File.Syntax().Items[m.Item].Name
	if i := slices.IndexFunc(x.adt.Fields, func(f syntax.Field) bool { return f.Type != nil && f.Type.Span.Encloses(m.Span) }); i >= 0 {
		x.field = &x.adt.Fields[i]
	}
	return x
}

func (x *fieldGeneric) block(format string, args ...any) {
	if x.why == "" {
		x.why = fmt.Sprintf(format, args...)
	}
}

func (x *fieldGeneric) run() {
	if x.field == nil {
		x.block("a bound of `%s` asks for the object", x.name)
		return
	}
	if x.field.Name[0] >= '0' && x.field.Name[0] <= '9' {
		x.block("the fields of `%s` have no names by which values could be followed", x.name)
		return
	}
	x.readBounds()
	x.readStruct()
	x.findImpls()
	if x.why == "" {
		x.chooseName()
		x.writes()
		x.meetings()
	}
	for i := range x.impls {
		if x.why == "" {
			x.inImpl(&x.impls[i])
		}
	}
	x.uses()
	if x.why == "" {
		x.plan.edits = append(x.plan.edits, replace(x.m.File, parenthesized(x.m), x.param))
		at := x.m.File.Syntax().Items[x.m.Item].NameSpan.End
		x.addParam(x.m.File, at, x.adt.Generics.Params, x.declared(x.m.File.Owners[0].ScopeOf(x.m.Item)))
		for i := range x.impls {
			x.header(&x.impls[i])
		}
	}
}

// readBounds reads what the parameter has to be.
func (x *fieldGeneric) readBounds() {
	g := generic{m: x.m}
	g.walk(x.field.Type, nil)
	if g.blocked != "" {
		x.block("%s", g.blocked)
		return
	}
	if g.applicability == MaybeIncorrect {
		x.block("a `%s` without a value would not say of which type it is", x.name)
		return
	}
	for _, b := range mentionBounds(x.m) {
		if b.Kind == syntax.BoundLifetime && b.Lifetime != "'static" {
			x.outlives(b.Lifetime)
			continue
		}
		if b.Span != x.m.PrincipalSpan {
			x.bounds = append(x.bounds, string(b.Span.Of(x.m.File.Text)))
		}
	}
	switch {
	case strings.HasSuffix(g.shown, "?Sized"):
		x.sized = " + ?Sized"
	case strings.HasSuffix(g.shown, "'static") && !slices.Contains(x.bounds, "'static"):
		x.bounds = append(x.bounds, "'static")
	}
}

// outlives looks at a lifetime that bounds the object: the parameter needs none, but the struct must still have a use for it.
func (x *fieldGeneric) outlives(lifetime string) {
	if lifetime == "'_" {
		return
	}
	uses := 0
	for i := range x.adt.Fields {
		for _, t := range syntax.Lex(x.m.File.Text, x.adt.Fields[i].Span, nil) {
			if t.Kind == syntax.Lifetime && string(t.Span().Of(x.m.File.Text)) == lifetime && !x.m.Span.Encloses(t.Span()) {
				uses++
			}
		}
	}
	if uses == 0 {
		x.block("the lifetime `%s` of `%s` would have no use", lifetime, x.name)
	}
}

// readStruct looks at what the struct is besides.
func (x *fieldGeneric) readStruct() {
	f := x.m.File
	for i := range x.adt.Generics.Params {
		if x.adt.Generics.Params[i].HasDefault {
			x.block("a parameter of `%s` has a default, behind which there is no place", x.name)
		}
	}
	it := &f.Syntax().Items[x.m.Item]
	for i := it.Attrs.Start; i < it.Attrs.End; i++ {
		a := &f.Syntax().Attrs[i]
		if path := string(a.Path.Of(f.Text)); path == "derive" && bytes.Contains(a.Span.Of(f.Text), []byte("Clone")) {
			x.block("`derive(Clone)` of `%s` would ask for `Clone` of what the field holds", x.name)
		}
	}
	if it.Parent >= 0 && f.Syntax().Items[it.Parent].Kind != syntax.KindMod {
		x.block("`%s` stands in a function", x.name)
	}
}

// means reports whether a type is the struct.
func (x *fieldGeneric) means(scope *workspace.Scope, t *syntax.Type) bool {
	if t.Kind != syntax.TypePath || t.Path.QSelf != nil || lastName(t.Path) != x.name {
		return false
	}
	r, n := x.Judge.Types.Resolver.Path(scope, t.Path)
	return r.Found() && n == len(t.Path.Segments) && r.Def.Kind == resolve.Struct && r.Def.Item == x.m.Item && r.Def.File() == x.m.File
}

// named reports whether the struct is written in types.
func (x *fieldGeneric) named(scope *workspace.Scope, list ...*syntax.Type) bool {
	found := false
	for _, t := range list {
		eachType(t, false, func(t *syntax.Type, _ bool) { found = found || x.means(scope, t) })
	}
	return found
}

// findImpls finds the impls whose headers name the struct.
func (x *fieldGeneric) findImpls() {
	for _, f := range x.Snapshot.Files {
		if len(f.Owners) == 0 || !f.Names().Have(x.name) {
			continue
		}
		items := f.Syntax().Items
		for i := range items {
			if items[i].Kind != syntax.KindImpl {
				continue
			}
			impl := syntax.ParseImpl(f.Syntax(), int32(i), f.Edition)
			scope := f.Owners[0].ScopeOf(int32(i))
			about := x.named(scope, impl.Type)
			if impl.Trait != nil {
				eachTypeOf(impl.Trait, false, func(t *syntax.Type, _ bool) { about = about || x.means(scope, t) })
			}
			if about {
				x.impls = append(x.impls, structImpl{file: f, item: int32(i), impl: impl, scope: scope})
			}
			if about && items[i].Macro >= 0 {
				x.block("an impl of `%s` stands in a macro", x.name)
			}
		}
	}
}

// chooseName finds a name for the parameter that nothing else has: the trait's initial.
func (x *fieldGeneric) chooseName() {
	taken := func(name string) bool {
		has := func(params []syntax.Param) bool {
			return slices.ContainsFunc(params, func(p syntax.Param) bool { return p.Name == name })
		}
		if has(x.adt.Generics.Params) || x.Judge.Types.Resolver.Lexical(x.m.File.Owners[0].ScopeOf(x.m.Item), name).Found() {
			return true
		}
		return slices.ContainsFunc(x.impls, func(im structImpl) bool {
			if has(im.impl.Generics.Params) || x.Judge.Types.Resolver.Lexical(im.scope, name).Found() {
				return true
			}
			return slices.ContainsFunc(x.methods(&im), func(fn *syntax.Fn) bool { return has(fn.Generics.Params) })
		})
	}
	initial := "T"
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(x.m.Principal.ItemName(), "_"))
	if upper := unicode.ToUpper(first); unicode.IsUpper(upper) {
		initial = string(upper)
	}
	x.param = initial
	for n := 2; taken(x.param); n++ {
		x.param = initial + strconv.Itoa(n)
	}
}

func (x *fieldGeneric) methods(im *structImpl) []*syntax.Fn {
	var out []*syntax.Fn
	items := im.file.Syntax().Items
	for i := im.item + 1; i < int32(len(items)) && items[i].Span.Start < items[im.item].Span.End; i++ {
		if items[i].Parent == im.item && items[i].Kind == syntax.KindFn {
			out = append(out, syntax.ParseFn(im.file.Syntax(), i, im.file.Edition))
		}
	}
	return out
}

// trait is how the trait is written in a scope, with its arguments.
func (x *fieldGeneric) trait(scope *workspace.Scope) string {
	written := ""
	for _, b := range mentionBounds(x.m) {
		if b.Span == x.m.PrincipalSpan {
			written = string(b.Path.Span.Of(x.m.File.Text))
		}
	}
	own := x.m.File.Owners[0].ScopeOf(x.m.Item)
	if scope == own {
		return written
	}
	if strings.ContainsAny(written, "<(") {
		x.block("the arguments of `%s` may mean something else where `%s` is used", written, x.name)
	}
	name := x.m.Principal.ItemName()
	if r := x.Judge.Types.Resolver.Lexical(scope, name); r.Found() && sameTrait(r.Def, x.m.Principal) {
		return name
	}
	if scope.Crate == x.m.Principal.Scope.Crate || x.m.Principal.Scope.Crate.Member {
		return x.plan.pathTo(scope, x.m.Principal)
	}
	x.block("`%s` has no name in %s", name, x.Snapshot.Display(scope.File.Path))
	return name
}

// declared is the parameter as it is declared in a scope.
func (x *fieldGeneric) declared(scope *workspace.Scope) string {
	return x.param + ": " + strings.Join(append([]string{x.trait(scope)}, x.bounds...), " + ") + x.sized
}

// opaque is the type that stands for the parameter in a function's signature.
func (x *fieldGeneric) opaque(scope *workspace.Scope) string {
	return "impl " + strings.Join(append([]string{x.trait(scope)}, x.bounds...), " + ")
}

// addParam adds a parameter to a declaration's, of which the name or the keyword ends at an offset.
func (x *fieldGeneric) addParam(f *workspace.File, at uint32, params []syntax.Param, code string) {
	if len(params) == 0 {
		x.plan.edits = append(x.plan.edits, insert(f, at, "<"+code+">"))
		return
	}
	x.plan.edits = append(x.plan.edits, insert(f, params[len(params)-1].Span.End, ", "+code))
}

// addArg adds an argument to a path's last segment.
func (x *fieldGeneric) addArg(f *workspace.File, p *syntax.Path, code string) {
	last := &p.Segments[len(p.Segments)-1]
	switch {
	case last.Args == nil:
		x.plan.edits = append(x.plan.edits, insert(f, last.Span.End, "<"+code+">"))
	case len(last.Args.List) == 0:
		x.block("the arguments of `%s` are not understood", x.name)
	default:
		x.plan.edits = append(x.plan.edits, insert(f, last.Args.List[len(last.Args.List)-1].Span.End, ", "+code))
	}
}

// header gives an impl the parameter, or makes it one for a type.
func (x *fieldGeneric) header(im *structImpl) {
	arg := im.of
	if arg == "" {
		arg = x.param
		start := im.file.Syntax().Items[im.item].Span.Start
		toks := syntax.Lex(im.file.Text, source.Span{Start: start, End: im.impl.Type.Span.Start}, nil)
		i := slices.IndexFunc(toks, func(t syntax.Token) bool { return t.Word == syntax.WordImpl })
		if i < 0 {
			x.block("the impl of `%s` is not understood", x.name)
			return
		}
		x.addParam(im.file, toks[i].End, im.impl.Generics.Params, x.declared(im.scope))
	}
	add := func(t *syntax.Type, _ bool) {
		if x.means(im.scope, t) {
			x.addArg(im.file, t.Path, arg)
		}
	}
	eachType(im.impl.Type, false, add)
	eachTypeOf(im.impl.Trait, false, add)
}

// inImpl looks at the members of an impl: their signatures have the parameter where what the field holds is meant.
func (x *fieldGeneric) inImpl(im *structImpl) {
	own := im.impl.Trait == nil && x.named(im.scope, im.impl.Type)
	items := im.file.Syntax().Items
	made := x.madeIn(im)
	for i := im.item + 1; i < int32(len(items)) && items[i].Span.Start < items[im.item].Span.End; i++ {
		if items[i].Parent == im.item && items[i].Kind == syntax.KindConst && own {
			x.block("a constant of `%s` would have to name the parameter", x.name)
		}
	}
	if len(made) > 0 {
		of := oneType(made)
		switch {
		case own:
			x.block("%s makes a `%s` of one type, in an impl that is for all", x.shown(made[0].File, made[0].Expr.Of(made[0].File.Text), made[0].Expr.Start), x.name)
			return
		case of == nil || of.Kind != types.Adt || len(of.Args) > 0 || !x.visible(im.scope, of.Def):
			x.block("%s makes a `%s` of what has no plain name", x.shown(made[0].File, made[0].Expr.Of(made[0].File.Text), made[0].Expr.Start), x.name)
			return
		}
		im.of = of.Def.ItemName()
	}
	for _, fn := range x.methods(im) {
		flows := x.signature(im, fn, own)
		if own && fn.Self == syntax.SelfNone && !flows && im.of == "" {
			x.block("a call of `%s::%s` would not say of which type the parameter is", x.name, fn.Name)
		}
	}
}

func (x *fieldGeneric) visible(scope *workspace.Scope, def resolve.Def) bool {
	r := x.Judge.Types.Resolver.Lexical(scope, def.ItemName())
	return r.Found() && r.Def.Item == def.Item && r.Def.File() == def.File()
}

// madeIn are the values that become objects in functions of an impl that make the struct.
func (x *fieldGeneric) madeIn(im *structImpl) []infer.Coercion {
	var out []infer.Coercion
	items := im.file.Syntax().Items
	for _, fn := range x.methods(im) {
		if fn.Ret == nil || !x.returnsIt(im.scope, fn) || items[fn.Item].Flags&syntax.FlagBody == 0 {
			continue
		}
		span := items[fn.Item].Body
		known := x.coercionsTo(x.m.Principal)
		for _, u := range known.Unclear {
			if u.File == im.file && span.Encloses(u.Span) {
				x.block("the type of %s is not evident", x.shown(u.File, u.Span.Of(u.File.Text), u.Span.Start))
			}
		}
		for i := range known.Known {
			if c := &known.Known[i]; c.File == im.file && span.Encloses(c.Expr) {
				out = append(out, *c)
			}
		}
	}
	return out
}

// returnsIt reports whether a method's result has the struct in it.
func (x *fieldGeneric) returnsIt(scope *workspace.Scope, fn *syntax.Fn) bool {
	found := false
	eachType(fn.Ret, false, func(t *syntax.Type, _ bool) {
		found = found || x.means(scope, t) || t.Kind == syntax.TypePath && t.Path.QSelf == nil && len(t.Path.Segments) == 1 && t.Path.Segments[0].Name == "Self"
	})
	return found
}

// signature puts the parameter into a method's signature, and reports whether a parameter of the method has it then.
func (x *fieldGeneric) signature(im *structImpl, fn *syntax.Fn, own bool) bool {
	f := im.file
	flows := false
	arg := x.param
	if im.of != "" {
		arg = im.of
	}
	add := func(t *syntax.Type, _ bool) {
		if x.means(im.scope, t) {
			x.addArg(f, t.Path, arg)
		}
	}
	for i := range fn.Params {
		eachType(fn.Params[i].Type, false, add)
	}
	eachType(fn.Ret, false, add)
	for m := range x.mentionsIn(f, f.Syntax().Items[fn.Item].Span) {
		if m.Item != fn.Item || !sameTrait(m.Principal, x.m.Principal) || x.inBody(m) {
			continue
		}
		switch i := slices.IndexFunc(fn.Params, func(p syntax.FnParam) bool { return p.Type != nil && p.Type.Span.Encloses(m.Span) }); {
		case i >= 0:
			if x.fieldOf(f, fn, i) == x.field.Name && x.returnsOrHas(im, fn) {
				if shape(f, fn.Params[i].Type, m) != shape(x.m.File, x.field.Type, x.m) {
					x.block("the parameter of `%s` and the field have different types", fn.Name)
				}
				flows = true
				x.plan.edits = append(x.plan.edits, replace(f, parenthesized(m), x.param))
			}
		case own && x.givesField(f, fn):
			x.plan.edits = append(x.plan.edits, replace(f, parenthesized(m), x.param))
		default:
			x.block("`%s` returns an object", fn.Name)
		}
	}
	return flows
}

func (x *fieldGeneric) returnsOrHas(im *structImpl, fn *syntax.Fn) bool {
	return fn.Self != syntax.SelfNone || x.returnsIt(im.scope, fn)
}

// shape is the text around a mention in a type.
func shape(f *workspace.File, t *syntax.Type, m *survey.Mention) string {
	span := parenthesized(m)
	before, after := f.Text[t.Span.Start:span.Start], f.Text[span.End:t.Span.End]
	out := strings.ReplaceAll(compact(string(before)+"_"+string(after)), "'_", "")
	return out
}

func (x *fieldGeneric) inBody(m *survey.Mention) bool {
	it := &m.File.Syntax().Items[m.Item]
	return it.Flags&syntax.FlagBody != 0 && it.Body.Contains(m.Span.Start)
}

// fieldOf is the field of a struct that gets a parameter of a function as it is: by a literal, or by an assignment to self. It is empty if
// the parameter goes elsewhere too.
func (x *fieldGeneric) fieldOf(f *workspace.File, fn *syntax.Fn, index int) string {
	body := bodyOf(f, fn.Item)
	if body == nil || index >= len(body.Params) || body.Params[index].Pat == nil || body.Params[index].Pat.Binding == nil {
		return ""
	}
	return fieldGiven(body.Params[index].Pat.Binding, x.name)
}

// givesField reports whether a method returns the field, or a pointer to what it holds.
func (x *fieldGeneric) givesField(f *workspace.File, fn *syntax.Fn) bool {
	body := bodyOf(f, fn.Item)
	if body == nil || body.Root == nil || body.Root.Tail == nil || len(body.Root.Stmts) > 1 {
		return false
	}
	e := body.Root.Tail
	for {
		switch {
		case e.Kind == syntax.ExprRef, e.Kind == syntax.ExprDeref, e.Kind == syntax.ExprParen:
			e = e.X
		case e.Kind == syntax.ExprMethod && len(e.Args) == 0 && slices.Contains([]string{"clone", "as_ref", "as_mut", "deref", "deref_mut"}, e.Name):
			e = e.X
		case e.Kind == syntax.ExprCall && len(e.Args) == 1 && namesItem(e.X, "clone"):
			e = e.Args[0]
		default:
			return e.Kind == syntax.ExprField && e.Name == x.field.Name && string(e.X.Span.Of(f.Text)) == "self"
		}
	}
}

// writes looks for what gives the field another value: of that no signature tells.
func (x *fieldGeneric) writes() {
	field := x.field.Name
	for _, f := range x.Snapshot.Files {
		if x.why != "" || f.Names().Members(field) == 0 {
			continue
		}
		for _, span := range mayGive(f, field) {
			x.writesIn(f, syntax.Lex(f.Text, span, nil))
		}
	}
}

func (x *fieldGeneric) writesIn(f *workspace.File, toks []syntax.Token) {
	for i, t := range toks {
		if i < 2 || i+2 >= len(toks) || t.Kind != syntax.Ident || !toks[i-1].Is('.') || identifier(f.Text, t) != x.field.Name {
			continue
		}
		assigned := toks[i+1].Is('=') && !toks[i+2].Is('=')
		borrowed := toks[i-2].Kind == syntax.Ident && i > 3 && toks[i-3].Word == syntax.WordMut && (toks[i+1].Is(',') || toks[i+1].Is(')'))
		replaced := toks[i+1].Is('.') && slices.Contains(replacing, identifier(f.Text, toks[i+2]))
		if assigned && x.fromParameter(f, t.Start) {
			continue
		}
		if assigned || borrowed || replaced {
			x.block("%s may get a value of another type", x.shown(f, f.Text[toks[i-2].Start:t.End], toks[i-2].Start))
		}
	}
}

// replacing are the methods that put another value into a field.
var replacing = []string{"replace", "insert", "take"}

// fromParameter reports whether what is given to the field at an offset is a parameter of a method, whose type the struct's parameter
// can be.
func (x *fieldGeneric) fromParameter(f *workspace.File, at uint32) bool {
	i := itemAt(f, at)
	if i < 0 || f.Syntax().Items[i].Kind != syntax.KindFn || f.Syntax().Items[i].Parent < 0 {
		return false
	}
	if !slices.ContainsFunc(x.impls, func(im structImpl) bool { return im.file == f && im.item == f.Syntax().Items[i].Parent }) {
		return false
	}
	fn := syntax.ParseFn(f.Syntax(), i, f.Edition)
	for k := range fn.Params {
		if x.fieldOf(f, fn, k) == x.field.Name {
			return true
		}
	}
	return false
}
