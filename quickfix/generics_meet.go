package quickfix

import (
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// meetings looks for places where values of the struct, or of the field, meet: with a parameter they have to be of one type there.
func (x *fieldGeneric) meetings() {
	known := x.coercionsTo(x.m.Principal)
	several := !x.Draft && (len(known.Unclear) > 0 || oneType(known.Known) == nil)
	made := x.makers()
	for _, f := range x.Snapshot.Files {
		if len(f.Owners) == 0 || f.Names().Members(x.field.Name) == 0 && !f.Names().Have(x.name) && !slices.ContainsFunc(made.others, f.Names().Have) {
			continue
		}
		items := f.Syntax().Items
		for i := range items {
			if x.why != "" {
				return
			}
			if items[i].Kind == syntax.KindFn && items[i].Flags&syntax.FlagBody != 0 {
				x.meetingsIn(f, int32(i), made, several)
			}
		}
	}
}

// makers are the names of functions that return the struct: own are those of its own impls.
type makers struct{ own, others []string }

func (x *fieldGeneric) makers() makers {
	var out makers
	for _, f := range x.Snapshot.Files {
		if len(f.Owners) == 0 || !f.Names().Have(x.name) {
			continue
		}
		items := f.Syntax().Items
		for i := range items {
			if items[i].Kind != syntax.KindFn {
				continue
			}
			fn := syntax.ParseFn(f.Syntax(), int32(i), f.Edition)
			im := x.implOf(f, items[i].Parent)
			switch {
			case im != nil && fn.Ret != nil && x.returnsIt(im.scope, fn):
				out.own = append(out.own, fn.Name)
			case x.named(f.Owners[0].ScopeOf(int32(i)), fn.Ret):
				out.others = append(out.others, fn.Name)
			}
		}
	}
	return out
}

// implOf is the impl at an item, if its header names the struct.
func (x *fieldGeneric) implOf(f *workspace.File, parent int32) *structImpl {
	for i := range x.impls {
		if im := &x.impls[i]; im.file == f && im.item == parent {
			return im
		}
	}
	return nil
}

// meetingsIn looks at one function. Where there is one value of the struct, it meets no other; several says that values of the trait's
// objects are of several types.
func (x *fieldGeneric) meetingsIn(f *workspace.File, index int32, made makers, several bool) {
	body := bodyOf(f, index)
	if body == nil {
		return
	}
	im := x.implOf(f, f.Syntax().Items[index].Parent)
	own := im != nil && im.impl.Trait == nil
	scope := f.Owners[0].ScopeOf(index)
	fn := syntax.ParseFn(f.Syntax(), index, f.Edition)
	var values []*syntax.Expr
	count, params := 0, 0
	if im != nil && fn.Self != syntax.SelfNone {
		count++
	}
	for i := range fn.Params {
		ofSelf := false
		eachType(fn.Params[i].Type, false, func(t *syntax.Type, _ bool) {
			ofSelf = ofSelf || im != nil && t.Kind == syntax.TypePath && t.Path.QSelf == nil && len(t.Path.Segments) == 1 && t.Path.Segments[0].Name == "Self"
		})
		if !ofSelf && !x.named(scope, fn.Params[i].Type) {
			continue
		}
		params++
		if i < len(body.Params) {
			values = append(values, usesOf(body.Params[i].Pat)...)
		}
	}
	if own && several && (params > 1 || params > 0 && fn.Self != syntax.SelfNone) {
		x.block("`%s` takes several `%s`, which would have to be of one type", fn.Name, x.name)
		return
	}
	count += params
	x.patterns(f, index, body)
	eachExpr(body.Root, func(e *syntax.Expr) {
		switch {
		case e.Kind == syntax.ExprField && e.Name == x.field.Name && isHandedOn(e) && x.meetsFrom(e, map[*syntax.Binding]bool{}):
			x.block("%s meets values that may be of other types", x.shown(f, e.Span.Of(f.Text), e.Span.Start))
		case e.Kind == syntax.ExprRef && e.Mut && e.X.Kind == syntax.ExprField && e.X.Name == x.field.Name:
			x.block("%s may get a value of another type", x.shown(f, e.X.Span.Of(f.Text), e.X.Span.Start))
		case x.makes(f, index, im, e, made):
			values = append(values, e)
			count++
		}
	})
	if count < 2 || !several && params == 0 {
		return
	}
	for _, e := range values {
		if isAssigned(e) || x.meetsFrom(e, map[*syntax.Binding]bool{}) {
			x.block("%s meets another `%s`, which may be of another type", x.shown(f, e.Span.Of(f.Text), e.Span.Start), x.name)
		}
	}
}

// makes reports whether an expression makes a value of the struct: a literal, or a call of what returns one.
func (x *fieldGeneric) makes(f *workspace.File, index int32, im *structImpl, e *syntax.Expr, made makers) bool {
	isIt := func(p *syntax.Path) bool {
		if p == nil || p.QSelf != nil || len(p.Segments) == 0 {
			return false
		}
		if p.Segments[0].Name == "Self" {
			return im != nil && (im.impl.Trait == nil || x.named(im.scope, im.impl.Type))
		}
		return x.structAt(f, index, e, p)
	}
	switch e.Kind {
	case syntax.ExprStruct:
		return isIt(e.Path)
	case syntax.ExprMethod:
		return slices.Contains(made.own, e.Name) || slices.Contains(made.others, e.Name)
	case syntax.ExprCall:
		if e.X.Kind != syntax.ExprPath || e.X.Local != nil {
			return false
		}
		if slices.Contains(made.others, lastName(e.X.Path)) {
			return true
		}
		head := *e.X.Path
		if len(head.Segments) < 2 {
			return isIt(&head)
		}
		head.Segments = head.Segments[:len(head.Segments)-1]
		return slices.Contains(made.own, lastName(e.X.Path)) && isIt(&head)
	}
	return false
}

// structAt reports whether a path in a body means the struct.
func (x *fieldGeneric) structAt(f *workspace.File, index int32, at *syntax.Expr, p *syntax.Path) bool {
	r, n := x.Judge.Types.Resolver.Path(f.Owners[0].ScopeAt(index, at.Span.Start), p)
	return r.Found() && n == len(p.Segments) && r.Def.Kind == resolve.Struct && r.Def.Item == x.m.Item && r.Def.File() == x.m.File
}

// patterns looks for patterns of the struct that give the field a name: what is called on it is all that may be done with that.
func (x *fieldGeneric) patterns(f *workspace.File, index int32, body *syntax.Body) {
	im := x.implOf(f, f.Syntax().Items[index].Parent)
	eachPattern(body, func(p *syntax.Pat) {
		if p.Kind != syntax.PatStruct || lastName(p.Path) != x.name && (im == nil || lastName(p.Path) != "Self") {
			return
		}
		i := slices.Index(p.Fields, x.field.Name)
		if i < 0 || i >= len(p.Elems) || p.Elems[i] == nil || p.Elems[i].Kind == syntax.PatWild {
			return
		}
		if b := p.Elems[i].Binding; b == nil || slices.ContainsFunc(b.Uses, isHandedOn) {
			x.block("%s takes the field out of a `%s`", x.shown(f, p.Span.Of(f.Text), p.Span.Start), x.name)
		}
	})
}

// usesOf are the uses of the variables of a pattern.
func usesOf(p *syntax.Pat) []*syntax.Expr {
	if p == nil {
		return nil
	}
	var out []*syntax.Expr
	if p.Binding != nil {
		out = append(out, p.Binding.Uses...)
	}
	for _, part := range p.Elems {
		out = append(out, usesOf(part)...)
	}
	return out
}

// eachPattern calls visit for all patterns of a body and their parts.
func eachPattern(body *syntax.Body, visit func(*syntax.Pat)) {
	var each func(*syntax.Pat)
	each = func(p *syntax.Pat) {
		if p == nil {
			return
		}
		visit(p)
		for _, part := range p.Elems {
			each(part)
		}
	}
	for _, root := range body.Params {
		each(root.Pat)
	}
	eachExpr(body.Root, func(e *syntax.Expr) {
		each(e.Pat)
		for i := range e.Params {
			each(e.Params[i].Pat)
		}
		for i := range e.Arms {
			each(e.Arms[i].Pat)
		}
		for i := range e.Stmts {
			if let := e.Stmts[i].Let; let != nil {
				each(let.Pat)
			}
		}
	})
}
