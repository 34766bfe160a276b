package quickfix

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/quickfix/companion"
)

// enumDispatch makes an enum of all types that implement a trait, which implements it too, and takes that for `dyn Trait`:
// nothing is boxed, and futures stay what they are.
//
//	pub enum AnyClient {
//	    Echo(Echo),
//	    Fixed(Fixed),
//	}
//
// It needs a closed set: all impls in the trait's crate, of types that can be named beside the trait. Values become variants where
// they became objects: `Box::new(AnyClient::Echo(echo))`. An enum owns what it holds, so a value that is borrowed there becomes one
// where its variable is declared, if that has no other use.
var enumDispatch = &Fix{
	ID:       "enum-dispatch",
	Title:    "use an enum of all implementors instead of `dyn Trait`",
	perTrait: offerEnumDispatch,
}

// maxVariants is the number of implementors above which nobody wants an enum of them.
const maxVariants = 8

func offerEnumDispatch(w *Workspace, t *survey.Trait) []Action {
	impls, complete := w.implsOf(t.Def)
	name := t.Def.ItemName()
	a := Action{
		Title: fmt.Sprintf("use an enum of the %d types that implement `%s` instead of `dyn %s`", len(impls), name, name),
		Kind:  "refactor.rewrite", Applicability: MaybeIncorrect,
	}
	if len(impls) < 2 || len(impls) > maxVariants {
		a.Title = fmt.Sprintf("use an enum of the types that implement `%s` instead of `dyn %s`", name, name)
		a.BlockedBy = fmt.Sprintf("an enum is for 2 to %d impls, and the workspace has %d of `%s`", maxVariants, len(impls), name)
		return []Action{a}
	}
	e := enum{w: w, t: t, plan: newCompanionPlan(w), name: "Any" + camel(name), file: t.Def.File(), scope: t.Def.Scope}
	if !complete {
		e.block("not all impls of `%s` are known", name)
	}
	e.plan.external = true
	e.read(impls)
	code := e.code()
	if e.blocked == "" {
		for m := range w.mentionsOf(t.Def) {
			e.mention(m)
		}
		e.plan.importForCalls(t.Def)
		values := w.coercions(t)
		for i := range values.Known {
			e.value(&values.Known[i])
		}
		if left := w.leftOver(values); left != "" {
			a.Title += " (" + left + ")"
		}
		for _, below := range w.objectsBelow(t.Def) {
			a.Title += fmt.Sprintf(" (`dyn %s` is left as it is)", below.ItemName())
		}
		if e.debug {
			a.Title += " (`{:?}` shows the variant too)"
		}
	}
	a.Edits = append(e.plan.edits, insertAfter(e.file, t.Def.Item, code))
	a.Edits = w.relaid(append(a.Edits, e.plan.adds.edits()...))
	a.relaid = true
	w.copies(&a, t.Def, func(other resolve.Def) bool { return sameTrait(other, t.Def) })
	a.BlockedBy = e.blocked
	return []Action{a}
}

// enum is the enum of a trait's implementors.
type enum struct {
	w       *Workspace
	t       *survey.Trait
	plan    *companionPlan
	name    string
	file    *workspace.File
	scope   *workspace.Scope
	blocked string
	derive  string // the attribute with a line break
	debug   bool   // the trait asks for Debug
	hides   bool   // a variant holds what is more private than the enum
	arms    []variant
	impls   []traitImpl
	inits   []place // of variables that are variants already
}

type variant struct {
	name, ty string
	def      resolve.Def
}

func (e *enum) block(format string, args ...any) {
	if e.blocked == "" {
		e.blocked = fmt.Sprintf(format, args...)
	}
}

func (e *enum) read(impls []traitImpl) {
	e.impls = impls
	decl := e.w.Judge.Types.Decl(e.t.Def)
	if len(decl.Header.Generics.Params) > 0 {
		e.block("`%s` is generic", e.t.Def.ItemName())
	}
	if e.file.Syntax().Items[e.t.Def.Item].Flags&syntax.FlagUnsafe != 0 {
		e.block("`%s` is unsafe to implement, and nobody vouches for the enum", e.t.Def.ItemName())
	}
	e.readSupertraits()
	if e.w.Judge.Types.Resolver.Lexical(e.scope, e.name).Found() {
		e.block("the name `%s` is taken", e.name)
	}
	for i := range impls {
		e.addVariant(&impls[i])
		e.ownCalls(&impls[i])
	}
}

// ownCalls looks for calls of the trait's methods on its objects within an impl. With the enum, whose future holds that of the
// impl, such a future would hold itself (E0733).
func (e *enum) ownCalls(x *traitImpl) {
	span := x.File.Syntax().Items[x.Item].Span
	for _, c := range e.w.callsOf(e.t.Def) {
		if c.File == x.File && span.Contains(c.Name.Start) && c.Via == infer.Dyn {
			e.block("the impl for `%s` calls `%s` on `dyn %s`, and a future of the enum would hold itself", x.Header.Type.Span.Of(x.File.Text), c.Method, e.t.Def.ItemName())
		}
	}
}

// readSupertraits looks at what the enum has to implement beside the trait: auto traits and those of sizes come by themselves, Debug
// is derived.
func (e *enum) readSupertraits() {
	j := e.w.Judge
	sizes := []resolve.Def{j.Types.Resolver.WellKnown("core", "marker", "MetaSized"), j.Types.Resolver.WellKnown("core", "marker", "PointeeSized")}
	for _, super := range j.Types.Supertraits(e.t.Def) {
		switch {
		case sameTrait(super.Def, e.t.Def), super.Def.Kind != resolve.None && (j.Types.Decl(super.Def).Auto || slices.Contains(sizes, super.Def)):
		case super.Def == j.Types.Resolver.WellKnown("core", "fmt", "Debug"):
			e.derive, e.debug = "#[derive(Debug)]\n", true
		default:
			e.block("`%s` has a supertrait that the enum would have to implement", e.t.Def.ItemName())
		}
	}
}

// addVariant adds the type of an impl, which must have a name that can be written beside the trait.
func (e *enum) addVariant(x *traitImpl) {
	ty := x.Header.Type
	text := string(ty.Span.Of(x.File.Text))
	if x.Scope.Crate != e.scope.Crate {
		e.block("`%s` implements the trait in another crate", text)
		return
	}
	if len(x.Header.Generics.Params) > 0 || ty.Kind != syntax.TypePath || ty.Path.QSelf != nil {
		e.block("the impl for `%s` is for more than one type", text)
		return
	}
	result, n := e.w.Judge.Types.Resolver.Path(x.Scope, ty.Path)
	last := ty.Path.Segments[len(ty.Path.Segments)-1]
	if !result.Found() || n != len(ty.Path.Segments) || last.Args != nil || result.Def.Kind != resolve.Struct && result.Def.Kind != resolve.Enum {
		e.block("`%s` is no type that can be named beside the trait", text)
		return
	}
	v := variant{name: result.Def.ItemName(), ty: result.Def.ItemName(), def: result.Def}
	if here := e.w.Judge.Types.Resolver.Lexical(e.scope, v.name); !here.Found() || here.Def != result.Def {
		if here.Found() || result.Def.Scope.IsBlock() || !companion.VisibleFrom(result.Def, e.scope) {
			e.block("`%s` cannot be named beside the trait", text)
			return
		}
		_, rest, _ := strings.Cut(result.Def.Scope.Path()+"::", "::")
		v.ty = "crate::" + rest + v.name
	}
	own := e.file.Syntax().Items[e.t.Def.Item].Visibility
	if vis := result.Def.File().Syntax().Items[result.Def.Item].Visibility; (own == syntax.VisPublic || own == syntax.VisCrate) && narrower(vis, own) {
		e.hides = true
	}
	if slices.ContainsFunc(e.arms, func(o variant) bool { return o.name == v.name }) {
		e.block("two implementors are called `%s`", v.name)
	}
	e.arms = append(e.arms, v)
}

// narrower reports whether a visibility shows less than another, which is public or that of the crate.
func narrower(vis, than syntax.Visibility) bool {
	return vis != syntax.VisPublic && vis != than
}

// layout is that of the enum, which stands where the trait does.
func (e *enum) layout() companion.Layout {
	return e.w.layoutAt(e.file, indentAt(e.file.Text, itemStart(e.file.Syntax(), e.t.Def.Item)))
}

// code is the enum with its impls.
func (e *enum) code() string {
	var b strings.Builder
	unit := strings.Repeat(" ", e.layout().TabSpaces)
	vis := visibility(e.file, &e.file.Syntax().Items[e.t.Def.Item])
	if e.hides {
		e.derive += "#[allow(private_interfaces)]\n"
	}
	fmt.Fprintf(&b, "/// Every type of this crate that implements [`%s`].\n%s%senum %s {\n", e.t.Def.ItemName(), undocumented(e.scope.Crate)+e.derive, vis, e.name)
	for _, v := range e.arms {
		fmt.Fprintf(&b, "%s%s(%s),\n", unit, v.name, v.ty)
	}
	b.WriteString("}\n")
	for _, v := range e.arms {
		fmt.Fprintf(&b, "\nimpl From<%s> for %s {\n%sfn from(value: %s) -> Self {\n%sSelf::%s(value)\n%s}\n}\n", v.ty, e.name, unit, v.ty, unit+unit, v.name, unit)
	}
	fmt.Fprintf(&b, "\nimpl %s for %s {\n", e.t.Def.ItemName(), e.name)
	for _, m := range e.w.Judge.Types.Decl(e.t.Def).Members {
		b.WriteString(e.member(m))
	}
	b.WriteString("}")
	return b.String()
}

// member is the enum's own version of a member of the trait.
func (e *enum) member(index int32) string {
	it := &e.file.Syntax().Items[index]
	name := string(it.NameSpan.Of(e.file.Text))
	switch it.Kind {
	case syntax.KindConst:
		e.block("the trait has the constant `%s`", name)
		return ""
	case syntax.KindType:
		ty := e.agreed(it.Name)
		if ty == "" {
			e.block("the implementors' types `%s` differ, or cannot be named beside the trait", name)
		}
		return "    type " + name + " = " + ty + ";\n"
	}
	if it.Attrs.Start < it.Attrs.End && e.hasCfg(it) {
		e.block("`%s` has a #[cfg]", name)
	}
	return e.method(index, name)
}

func (e *enum) hasCfg(it *syntax.Item) bool {
	for i := it.Attrs.Start; i < it.Attrs.End; i++ {
		if path := e.file.Syntax().Attrs[i].Path.Of(e.file.Text); bytes.HasPrefix(path, []byte("cfg")) {
			return true
		}
	}
	return false
}

// agreed is the type that all impls give to an associated type, as it can be written anywhere; empty if there is none.
func (e *enum) agreed(name string) string {
	out := ""
	for i := range e.impls {
		x := &e.impls[i]
		member := x.member(syntax.KindType, name)
		if member < 0 {
			return ""
		}
		alias := syntax.ParseAlias(x.File.Syntax(), member, x.File.Edition)
		if alias.Type == nil || len(alias.Generics.Params) > 0 {
			return ""
		}
		ty := string(alias.Type.Span.Of(x.File.Text))
		if !universalTypes[ty] || out != "" && out != ty {
			return ""
		}
		out = ty
	}
	return out
}

// method is a method that matches on the enum and calls the same method of what is in it.
func (e *enum) method(index int32, name string) string {
	f := e.file.Syntax()
	it := &f.Items[index]
	fn := syntax.ParseFn(f, index, e.file.Edition)
	match := "self"
	switch {
	case fn.Self == syntax.SelfNone:
		e.block("`%s` has no receiver to match on", name)
		return ""
	case fn.Self == syntax.SelfTyped:
		e.block("`%s` takes its receiver in a container, which cannot be turned into one of a variant", name)
		return ""
	case fn.Ret != nil && companion.HasImpl(fn.Ret) && !e.isFuture(fn.Ret):
		e.block("`%s` returns an `impl Trait` that is another type in every arm", name)
		return ""
	case boundsSelf(e.t, fn.Item):
		e.block("`%s` has a bound on `Self` that the enum would have to meet", fn.Name)
		return ""
	case mentionsSelfType(e.file.Text, fn):
		e.block("`%s` mentions `Self`", name)
		return ""
	}
	end := it.Span.End
	if it.Flags&syntax.FlagBody != 0 {
		end = it.Body.Start
	}
	signature := strings.TrimRight(string(f.Text[it.Span.Start:end]), "{; \t\r\n")
	signature = dedented(signature, indentAt(f.Text, it.Span.Start))
	var args []string
	for i := range fn.Params {
		p := string(fn.Params[i].Pattern.Of(e.file.Text))
		p = strings.TrimPrefix(p, "mut ")
		if !plainName(p) || fn.Params[i].Variadic {
			e.block("a parameter of `%s` has no name", name)
		}
		args = append(args, p)
	}
	if fn.Flags&syntax.FlagUnsafe != 0 {
		e.block("`%s` is unsafe", name)
	}
	tail := ""
	switch {
	case fn.Flags&syntax.FlagAsync != 0:
		tail = ".await"
	case fn.Ret != nil && companion.HasImpl(fn.Ret):
		tail = ".await"
	}
	at := e.layout().In(1)
	unit := strings.Repeat(" ", at.TabSpaces)
	open, closing := " {\n", unit+"}\n"
	if whereToken(syntax.Lex([]byte(signature), spanOf(signature), nil)) >= 0 {
		open = "\n" + unit + "{\n"
		if !strings.HasSuffix(signature, ",") {
			signature += ","
		}
	}
	head := indented(signature, unit) + open
	if lines := layoutSignature(signature+" {", at, e.scope.Crate.Edition); len(lines) > 0 && !strings.Contains(signature, "//") {
		head = indented(strings.Join(lines, "\n"), unit) + "\n"
	}
	var b strings.Builder
	indent := unit + unit
	b.WriteString(head)
	if tail != "" && fn.Flags&syntax.FlagAsync == 0 {
		b.WriteString(indent + "async move {\n")
		closing = indent + "}\n" + closing
		indent += unit
	}
	fmt.Fprintf(&b, "%smatch %s {\n", indent, match)
	for _, v := range e.arms {
		b.WriteString(e.arm(indent+unit, "Self::"+v.name+"(x) => ", "x."+name+"("+strings.Join(args, ", ")+")"+tail))
	}
	fmt.Fprintf(&b, "%s}\n%s", indent, closing)
	return b.String()
}

// arm is an arm of a match, with its value in a block if one line does not hold it.
func (e *enum) arm(indent, pattern, value string) string {
	at := e.layout()
	column := at.Column + len(indent)
	if l, x := newLayout(value, at.Format); x != nil {
		s, ok := l.one(x)
		if !ok || column+len(pattern)+len(s)+len(",") > at.MaxWidth {
			if lines, ok := l.full(x, column+at.TabSpaces, column+at.TabSpaces, 0); ok {
				lines = dedented(lines, strings.Repeat(" ", at.Column))
				return indent + pattern + "{\n" + indent + strings.Repeat(" ", at.TabSpaces) + lines + "\n" + indent + "}\n"
			}
		}
	}
	return indent + pattern + value + ",\n"
}

func (e *enum) isFuture(t *syntax.Type) bool {
	if t.Kind != syntax.TypeImpl {
		return false
	}
	future := e.w.Judge.Types.Resolver.WellKnown("core", "future", "Future")
	return slices.ContainsFunc(t.Bounds, func(b syntax.Bound) bool {
		return b.Path != nil && e.w.Judge.Types.TraitEnv(e.t.Def).TraitRef(nil, b.Path).Def == future
	})
}

// boundsSelf reports whether a method asks its Self to be of a trait that is no auto trait.
func boundsSelf(t *survey.Trait, method int32) bool {
	return slices.ContainsFunc(t.Verdict.Methods, func(m dyncompat.Method) bool {
		return m.Item == method && slices.Contains(m.AloneReasons, dyncompat.SelfInWhere)
	})
}

// mentionsSelfType reports whether a signature names Self itself beside its receiver.
func mentionsSelfType(text []byte, fn *syntax.Fn) bool {
	for _, p := range fn.Params {
		if p.Type != nil && mentionsSelf(string(p.Type.Span.Of(text))) {
			return true
		}
	}
	return fn.Ret != nil && mentionsSelf(string(fn.Ret.Span.Of(text)))
}

// mention turns a trait object type to the enum.
func (e *enum) mention(m *survey.Mention) {
	scope := mentionScope(m)
	if scope == nil || m.Silence == survey.InMacroRules {
		e.block("`dyn %s` stands in the definition of a macro", e.t.Def.ItemName())
		return
	}
	ty := syntax.ParseType(m.File.Text, m.Span, m.File.Edition)
	for _, b := range mentionBounds(m) {
		if b.Kind == syntax.BoundLifetime && b.Lifetime != "'static" && b.Lifetime != "'_" {
			e.block("the lifetime `%s` of a `dyn %s` may have no other use", b.Lifetime, e.t.Def.ItemName())
		}
		if b.Span == m.PrincipalSpan && b.Path != nil && len(b.Path.Segments) > 0 {
			prefix := e.plan.reach(scope, b.Path, e.t.Def, e.name)
			e.plan.edits = append(e.plan.edits, replace(m.File, withParentheses(m, ty), prefix+e.name))
		}
	}
}

// value makes a variant of a value that became an object.
func (e *enum) value(c *infer.Coercion) {
	shown := func() string { return e.w.shown(c.File, c.Expr.Of(c.File.Text), c.Expr.Start) }
	arm := slices.IndexFunc(e.arms, func(v variant) bool {
		return c.Of.Kind == types.Adt && c.Of.Def.Item == v.def.Item && c.Of.Def.File() == v.def.File()
	})
	if arm < 0 {
		e.block("%s makes an object of what is not one certain type", shown())
		return
	}
	before := e.plan.named(scopeOf(c), e.t.Def, e.name) + "::" + e.arms[arm].name + "("
	switch {
	case !c.Init.Empty() && (len(c.Ready) > 0 || c.Place):
		if init := (place{c.File, c.Init.Start}); !slices.Contains(e.inits, init) {
			e.inits = append(e.inits, init)
			at := *c
			at.Value = c.Init
			e.plan.edits = append(e.plan.edits, around(&at, before, ")")...)
		}
	case len(c.Ready) == 1 && c.Ready[0] == "Box":
		e.plan.edits = append(e.plan.edits, around(c, e.plan.pointerName(scopeOf(c), "Box")+"::new("+before+"*", "))")...)
	case len(c.Ready) > 0:
		e.block("%s is a `%s` already, and the enum owns what it holds", shown(), c.Ready[0])
	case borrowed(c) && c.Place:
		e.block("%s borrows a value that has other uses, and the enum owns what it holds", shown())
	default:
		e.plan.edits = append(e.plan.edits, around(c, before, ")")...)
	}
}

// withParentheses is a mention with the parentheses that only its `+` needs.
func withParentheses(m *survey.Mention, ty *syntax.Type) source.Span {
	span := m.Span
	if parenthesised(m.File.Text, span) && len(ty.Bounds) > 1 {
		span.Start = uint32(bytes.LastIndexByte(m.File.Text[:span.Start], '('))
		span.End += uint32(bytes.IndexByte(m.File.Text[span.End:], ')')) + 1
	}
	return span
}
