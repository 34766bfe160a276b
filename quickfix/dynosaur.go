package quickfix

import (
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

// dynosaur lets the crate of that name make a type for the objects of a trait, where the workspace depends on it already:
//
//	#[dynosaur::dynosaur(pub DynClient = dyn(box) Client)]
//
// Every `dyn Client` becomes `DynClient`, and values are turned into that where they became objects: `DynClient::new_box(x)`.
var dynosaur = &Fix{
	ID:       "dynosaur",
	Title:    "let dynosaur make a type for the trait's objects",
	perTrait: offerDynosaur,
	absent: func(_ *Workspace, t *survey.Trait) string {
		return fmt.Sprintf("the crate `%s` does not depend on dynosaur", t.Def.Scope.Crate.Name)
	},
}

func offerDynosaur(w *Workspace, t *survey.Trait) []Action {
	dep := dependency(t.Def.Scope.Crate, "dynosaur")
	if dep == nil {
		return nil
	}
	object := "Dyn" + camel(t.Def.ItemName())
	a := Action{Title: fmt.Sprintf("let dynosaur make `%s`, and use that for `dyn %s`", object, t.Def.ItemName()), Applicability: MaybeIncorrect}
	if !since(dep.Requirement, 0, 3) {
		a.BlockedBy = "the attribute is written otherwise before dynosaur 0.3"
	} else if why := w.beyondDynosaur(t); why != "" {
		a.BlockedBy = "dynosaur cannot: " + why
	} else if w.Judge.Types.Resolver.Lexical(t.Def.Scope, object).Found() {
		a.BlockedBy = fmt.Sprintf("the name `%s` is taken", object)
	} else if have := newCompanionPlan(w).pointerImpls(t.Def); have["&"] || have["&mut "] || have["Box"] || have[anyPointer] {
		a.BlockedBy = fmt.Sprintf("`%s` is implemented for references, boxes or all types already, as dynosaur does too (E0119)", t.Def.ItemName())
	}
	if a.BlockedBy != "" {
		return []Action{a}
	}
	attr, edits := w.attribute(t.Def.Scope, codeName(dep.Name), "dynosaur")
	file := t.Def.File()
	vis := visibility(file, &file.Syntax().Items[t.Def.Item])
	p := newCompanionPlan(w)
	p.external = true
	p.edits = append(edits, aboveItem(file, t.Def.Item, "#["+attr+"("+vis+object+" = dyn(box) "+t.Def.ItemName()+")]"))
	for m := range w.mentionsOf(t.Def) {
		code, why := p.dynosaurType(t, m, object)
		if why != "" {
			a.BlockedBy = why
			return []Action{a}
		}
		ty := syntax.ParseType(m.File.Text, m.Span, m.File.Edition)
		p.edits = append(p.edits, replace(m.File, withParentheses(m, ty), code))
	}
	p.importForCalls(t.Def)
	values := w.coercions(t)
	for i := range values.Known {
		if why := p.dynosaurValue(t, &values.Known[i], object); why != "" {
			a.BlockedBy = why
			return []Action{a}
		}
	}
	if left := w.leftOver(values); left != "" {
		a.Title += " (" + left + ")"
	}
	if elidesInBounds(t) {
		a.Title += " (rustc warns of an elided lifetime in what dynosaur writes)"
	}
	a.Edits = w.relaid(append(p.edits, p.adds.edits()...))
	a.relaid = true
	return []Action{a}
}

// elidesInBounds reports whether a method of a trait returns an `impl Trait` with a `&` without a lifetime in its bounds: dynosaur names
// the receiver's, and not that.
func elidesInBounds(t *survey.Trait) bool {
	f := t.Def.File()
	for i := range t.Verdict.Methods {
		fn := syntax.ParseFn(f.Syntax(), t.Verdict.Methods[i].Item, f.Edition)
		if fn.Ret == nil || fn.Ret.Kind != syntax.TypeImpl {
			continue
		}
		toks := syntax.Lex(f.Text, fn.Ret.Span, nil)
		for k, tok := range toks {
			if tok.Is('&') && k+1 < len(toks) && toks[k+1].Kind != syntax.Lifetime {
				return true
			}
		}
	}
	return false
}

// dynosaurMakers are the functions that turn a pointer into one to the object type.
var dynosaurMakers = map[string]string{"Box": "from_box", "Arc": "from_arc", "Rc": "from_rc", "&": "from_ref", "&mut": "from_mut"}

// dynosaurValue turns a pointer that became one to an object.
func (p *companionPlan) dynosaurValue(t *survey.Trait, c *infer.Coercion, object string) (why string) {
	layers := append(slices.Clone(c.Written), c.Ready...)
	maker := dynosaurMakers[layers[0]]
	if len(layers) > 1 || maker == "" {
		return p.shown(c.File, c.Expr.Of(c.File.Text), c.Expr.Start) + " is no pointer that dynosaur can turn"
	}
	name := p.named(scopeOf(c), t.Def, object) + "::"
	if head := string(c.File.Text[c.Expr.Start:c.Value.Start]); len(c.Written) == 1 && head == layers[0]+"::new(" && (layers[0] == "Box" || p.namedElsewhere(t, scopeOf(c).Module, layers[0])) {
		p.edits = append(p.edits, replace(c.File, source.Span{Start: c.Expr.Start, End: c.Value.Start}, name+"new_"+strings.ToLower(layers[0])+"("))
		return ""
	}
	p.edits = append(p.edits, insert(c.File, c.Expr.Start, name+maker+"("), insert(c.File, c.Expr.End, ")"))
	return ""
}

// namedElsewhere reports whether a module has a name somewhere else than in its import and where values become objects of a trait.
func (p *companionPlan) namedElsewhere(t *survey.Trait, module *workspace.Scope, name string) bool {
	text, count := module.File.Text, 0
	known := p.coercions(t).Known
	for _, part := range partsOf(module) {
		for _, tok := range syntax.Lex(text, part, nil) {
			if tok.Kind == syntax.Ident && identifier(text, tok) == name {
				count++
			}
		}
		for i := range known {
			if c := &known[i]; c.File == module.File && part.Encloses(c.Expr) && strings.HasPrefix(string(text[c.Expr.Start:c.Value.Start]), name+"::new(") {
				count--
			}
		}
	}
	return count > 1
}

// beyondDynosaur says what dynosaur 0.3 has no answer for (its sources, `expand/`); empty if it can do the trait.
func (w *Workspace) beyondDynosaur(t *survey.Trait) string {
	for i := range t.Verdict.Violations {
		v := &t.Verdict.Violations[i]
		if v.Kind != dyncompat.AsyncFn && v.Kind != dyncompat.RPITIT || v.Via.Kind != resolve.None {
			return v.Message()
		}
	}
	if hidden := hiddenBehindOpaque(t); hidden != "" {
		return hidden
	}
	for i := range t.Verdict.Methods {
		if m := &t.Verdict.Methods[i]; slices.Contains(m.Reasons, dyncompat.NotBoxable) {
			return fmt.Sprintf("`%s` %s", m.Name, companion.Obstacle(t.Def.File(), m))
		}
	}
	decl := w.Judge.Types.Decl(t.Def)
	f := t.Def.File()
	// The type implements what its attribute is on, and nothing above it; what it holds may be borrowed.
	for i := range decl.Header.Supers {
		b := &decl.Header.Supers[i]
		if b.Kind == syntax.BoundLifetime && b.Lifetime == "'static" {
			return "the trait asks for `'static`, and its type may hold what is borrowed"
		}
	}
	sizes := []resolve.Def{w.Judge.Types.Resolver.WellKnown("core", "marker", "MetaSized"), w.Judge.Types.Resolver.WellKnown("core", "marker", "PointeeSized")}
	for _, super := range w.Judge.Types.Supertraits(t.Def) {
		if !sameTrait(super.Def, t.Def) && (super.Def.Kind == resolve.None || !w.Judge.Types.Decl(super.Def).Auto && !slices.Contains(sizes, super.Def)) {
			return "its type would not implement a supertrait"
		}
	}
	if len(decl.Header.Generics.Params) > 0 || len(decl.Header.Generics.Where) > 0 {
		return "the trait is generic or has a where clause"
	}
	items := f.Syntax().Items
	for i := t.Def.Item + 1; i < int32(len(items)) && items[i].Span.Start < items[t.Def.Item].Span.End; i++ {
		if items[i].Parent == t.Def.Item && len(cfgAttrs(f, &items[i])) > 0 {
			return fmt.Sprintf("`%s` has a #[cfg]", items[i].Name)
		}
	}
	for _, m := range decl.Members {
		switch items[m].Kind {
		case syntax.KindType:
			return "the trait has associated types"
		case syntax.KindConst:
			return "the trait has a constant"
		}
		fn := syntax.ParseFn(f.Syntax(), m, f.Edition)
		if fn.Self != syntax.SelfRef && fn.Self != syntax.SelfRefMut {
			return fmt.Sprintf("`%s` takes its receiver otherwise than by reference", fn.Name)
		}
		for _, p := range fn.Params {
			if p.Type != nil && strings.Contains(string(p.Type.Span.Of(f.Text)), "impl ") {
				return fmt.Sprintf("`%s` has an `impl Trait` parameter", fn.Name)
			}
		}
		for i := range fn.Generics.Where {
			if string(fn.Generics.Where[i].Type.Span.Of(f.Text)) == "Self" {
				return fmt.Sprintf("`%s` has a bound on `Self`", fn.Name)
			}
		}
	}
	return ""
}

// dynosaurType is what stands for a mention: the object type with the lifetime that the mention has or that is its default.
func (p *companionPlan) dynosaurType(t *survey.Trait, m *survey.Mention, object string) (code, why string) {
	ty := syntax.ParseType(m.File.Text, m.Span, m.File.Edition)
	lifetime, mut := referenceBefore(m.File.Text, withParentheses(m, ty).Start)
	switch {
	case lifetime == "":
		lifetime = "'static" // what is no referent may not be borrowed
	case lifetime != "'_" && mut:
		return "", fmt.Sprintf("`%s` cannot be made of another for a shorter time, as `&%s mut %s` is", object, lifetime, m.Span.Of(m.File.Text))
	}
	prefix := ""
	for i := range ty.Bounds {
		switch b := &ty.Bounds[i]; {
		case b.Kind == syntax.BoundLifetime:
			lifetime = b.Lifetime
		case b.Span == m.PrincipalSpan && b.Path != nil:
			scope := mentionScope(m)
			if scope == nil || m.Silence == survey.InMacroRules {
				return "", fmt.Sprintf("`%s` stands in the definition of a macro", m.Span.Of(m.File.Text))
			}
			prefix = p.reach(scope, b.Path, t.Def, object)
		case b.Path != nil && p.Judge.Types.Resolver.WellKnown("core", "marker", b.Path.Segments[len(b.Path.Segments)-1].Name).Kind != resolve.None:
			if p.supertrait(t, b.Path.Segments[len(b.Path.Segments)-1].Name) != types.Yes {
				return "", fmt.Sprintf("`%s` is not `%s`, which `%s` asks for", object, b.Span.Of(m.File.Text), m.Span.Of(m.File.Text))
			}
		}
	}
	return prefix + object + "<" + lifetime + ">", ""
}

// supertrait reports whether a marker trait is among a trait's supertraits.
func (w *Workspace) supertrait(t *survey.Trait, marker string) types.Truth {
	def := w.Judge.Types.Resolver.WellKnown("core", "marker", marker)
	for _, super := range w.Judge.Types.Supertraits(t.Def) {
		if super.Def == def {
			return types.Yes
		}
	}
	return types.No
}

// referenceBefore is the lifetime of the reference to what stands at an offset, which is also that of a trait object there, and whether
// it is a mutable one; empty if there is no reference.
func referenceBefore(text []byte, at uint32) (lifetime string, mut bool) {
	toks := syntax.Lex(text, source.Span{Start: lineStart(text, at), End: at}, nil)
	n := len(toks)
	for n > 0 && (toks[n-1].Start >= at || toks[n-1].Word == syntax.WordMut) {
		mut = mut || toks[n-1].Word == syntax.WordMut
		n--
	}
	switch {
	case n > 0 && toks[n-1].Is('&'):
		return "'_", mut
	case n > 1 && toks[n-1].Kind == syntax.Lifetime && toks[n-2].Is('&'):
		return string(toks[n-1].Span().Of(text)), mut
	}
	return "", false
}
