package quickfix

import (
	"slices"
	"strings"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// uses gives what names the struct elsewhere an argument for the parameter.
func (x *fieldGeneric) uses() {
	for _, f := range x.Snapshot.Files {
		if x.why != "" || len(f.Owners) == 0 || !f.Names().Have(x.name) {
			continue
		}
		x.usesIn(f)
	}
}

func (x *fieldGeneric) usesIn(f *workspace.File) {
	items := f.Syntax().Items
	for i := range items {
		index := int32(i)
		it := &items[i]
		scope := f.Owners[0].ScopeOf(index)
		inOwn := slices.ContainsFunc(x.impls, func(im structImpl) bool { return im.file == f && im.item == it.Parent })
		switch it.Kind {
		case syntax.KindFn:
			if !inOwn {
				x.function(f, index, scope)
			}
			x.body(f, index)
		case syntax.KindStruct, syntax.KindEnum, syntax.KindUnion:
			adt := syntax.ParseAdt(f.Syntax(), index, f.Edition)
			for k := range adt.Fields {
				if x.named(scope, adt.Fields[k].Type) {
					x.block("`%s` has a `%s` in it, and would need a parameter too", it.Name, x.name)
				}
			}
		case syntax.KindType:
			if x.named(scope, syntax.ParseAlias(f.Syntax(), index, f.Edition).Type) {
				x.block("the alias `%s` is a `%s`, and would need a parameter too", it.Name, x.name)
			}
		case syntax.KindConst, syntax.KindStatic:
			if x.named(scope, syntax.ParseValue(f.Syntax(), index, f.Edition).Type) {
				x.block("`%s` is a `%s`, whose type is written out", it.Name, x.name)
			}
		case syntax.KindMacroRules, syntax.KindMacroCall:
			if (it.Kind == syntax.KindMacroRules || it.Macro < 0 || !f.Syntax().Macros[it.Macro].Items) && len(occurrences(it.Span.Of(f.Text), x.name)) > 0 {
				x.block("a macro names `%s`", x.name)
			}
		}
	}
}

// function gives the signature of a function that is none of the struct's an opaque type for the parameter.
func (x *fieldGeneric) function(f *workspace.File, index int32, scope *workspace.Scope) {
	fn := syntax.ParseFn(f.Syntax(), index, f.Edition)
	var list []*syntax.Type
	for i := range fn.Params {
		list = append(list, fn.Params[i].Type)
	}
	if !x.named(scope, append(list, fn.Ret)...) {
		return
	}
	items := f.Syntax().Items
	switch parent := items[index].Parent; {
	case parent >= 0 && items[parent].Kind == syntax.KindTrait, parent >= 0 && items[parent].Kind == syntax.KindImpl && syntax.ParseImpl(f.Syntax(), parent, f.Edition).Trait != nil:
		x.block("the signature of `%s`, of a trait, names `%s`", fn.Name, x.name)
		return
	}
	for _, t := range list {
		eachType(t, false, func(t *syntax.Type, closure bool) {
			switch {
			case !x.means(scope, t):
			case closure:
				x.block("the parameter of a closure of `%s` is a `%s`", fn.Name, x.name)
			default:
				x.addArg(f, t.Path, x.opaque(scope)+x.sized)
			}
		})
	}
	if !x.named(scope, fn.Ret) {
		return
	}
	if items[index].Flags&syntax.FlagBody != 0 {
		if made := x.coercionsIn(x.mentionAtFile(f), items[index].Body); made == nil || len(made) > 0 && oneType(made) == nil {
			x.block("`%s` may return a `%s` of several types", fn.Name, x.name)
		}
	}
	if x.meetsOthers(fn.Name) != "" {
		x.block("%s", x.meetsOthers(fn.Name))
	}
	here := *x.m
	here.File, here.Item = f, index
	bounds := append([]string{x.trait(scope)}, x.bounds...)
	if f.Edition >= 2024 && lifetimesIn(&here, fn) {
		x.block("the result of `%s` would hold the lifetimes of its parameters", fn.Name)
	}
	eachType(fn.Ret, false, func(t *syntax.Type, closure bool) {
		switch {
		case !x.means(scope, t):
		case closure:
			x.block("a closure that `%s` returns has a `%s`", fn.Name, x.name)
		default:
			x.addArg(f, t.Path, "impl "+strings.Join(bounds, " + "))
		}
	})
}

// mentionAtFile is the mention as if it stood in another file: what becomes an object there is looked for.
func (x *fieldGeneric) mentionAtFile(f *workspace.File) *survey.Mention {
	here := *x.m
	here.File = f
	return &here
}

// body lets types in a function's body leave the parameter to inference.
func (x *fieldGeneric) body(f *workspace.File, index int32) {
	items := f.Syntax().Items
	it := &items[index]
	if it.Flags&syntax.FlagBody == 0 || len(occurrences(it.Body.Of(f.Text), x.name)) == 0 {
		return
	}
	toks := syntax.Lex(f.Text, it.Body, nil)
	body := sync.OnceValue(func() *syntax.Body { return bodyOf(f, index) })
	for i, t := range toks {
		if t.Kind != syntax.Ident || identifier(f.Text, t) != x.name || itemAt(f, t.Start) != index {
			continue
		}
		scope := f.Owners[0].ScopeAt(index, t.Start)
		if i > 0 && toks[i-1].Is('.') || (i == 0 || toks[i-1].Kind != syntax.PathSep) && !x.lexical(scope) {
			continue
		}
		switch next := toks[min(i+1, len(toks)-1)]; {
		case next.Kind == syntax.PathSep, next.Kind == syntax.Open && next.Is('{'), next.Kind == syntax.Open && next.Is('('):
		case next.Is('<'):
			x.block("a type in the body of `%s` gives the arguments of `%s`", it.Name, x.name)
		case !takesInClosure(body(), t.Span()) && !x.hasValue(letOf(body(), t.Span())):
			x.block("a type in the body of `%s` would not say of which type the parameter of `%s` is", it.Name, x.name)
		default:
			x.plan.edits = append(x.plan.edits, insert(f, t.End, "<_>"))
		}
	}
}

// takesInClosure reports whether a span stands in the type of a closure's parameter, which the call of the closure tells.
func takesInClosure(body *syntax.Body, span source.Span) bool {
	found := false
	if body != nil {
		eachExpr(body.Root, func(e *syntax.Expr) {
			found = found || slices.ContainsFunc(e.Params, func(p syntax.ClosureParam) bool { return p.Type != nil && p.Type.Span.Encloses(span) })
		})
	}
	return found
}

// hasValue reports whether a `let` that writes the struct's name has a value of it, from which its parameter can be inferred.
func (x *fieldGeneric) hasValue(let *syntax.Let) bool {
	if let == nil || let.Init == nil {
		return false
	}
	t := let.Type
	for t.Kind == syntax.TypeRef || t.Kind == syntax.TypeParen {
		t = t.Elems[0]
	}
	if t.Kind != syntax.TypePath || lastName(t.Path) == x.name || owners[lastName(t.Path)] {
		return true
	}
	switch e := let.Init; e.Kind {
	case syntax.ExprMacro:
		return len(e.Args) > 0
	case syntax.ExprPath:
		return e.Local != nil
	case syntax.ExprCall:
		return len(e.Args) > 0
	}
	return false
}

func (x *fieldGeneric) lexical(scope *workspace.Scope) bool {
	r := x.Judge.Types.Resolver.Lexical(scope, x.name)
	return r.Found() && r.Def.Kind == resolve.Struct && r.Def.Item == x.m.Item && r.Def.File() == x.m.File
}
