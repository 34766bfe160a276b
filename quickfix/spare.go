package quickfix

import (
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/quickfix/companion"
)

// spare reports whether nothing will need an import of a trait in a module or block, by some name, once its mentions are rewritten: the import
// is private, no module below takes the name from here, the trait's name stands nowhere else there, and its methods are
// called on objects only, whose methods need no import. Where a module below that has a #[cfg], as tests do, needs it alone, that gets
// an import of its own: in other builds nothing would use that of the module.
func (p *companionPlan) spare(s *workspace.Scope, use int32, def resolve.Def, imported string) bool {
	f := s.File.Syntax()
	if f.Items[use].Visibility != syntax.VisPrivate || s.Host != nil {
		return false
	}
	own := blockOf(s)
	var readers []*workspace.Scope
	ok := true
	if !s.IsBlock() {
		own = partsOf(s)
		readers, ok = p.readersOf(s, imported)
	}
	if !ok {
		return false
	}
	methods, ok := p.methodsAbove(def)
	if !ok {
		return false
	}
	var others []*workspace.Scope
	for _, r := range readers {
		if configured(r, s) {
			others = append(others, r)
		} else {
			own = append(own, partsOf(r)...)
		}
	}
	if !p.spareIn(s, own, def, imported, methods, 1) {
		return false
	}
	var uses []Edit
	for _, r := range others {
		if p.spareIn(r, partsOf(r), def, imported, methods, 0) {
			continue
		}
		if r.Crate != def.Scope.Crate || !companion.VisibleFrom(def, r) || imported != def.ItemName() {
			return false
		}
		uses = append(uses, p.addUse(r, p.pathTo(r, def)))
	}
	p.edits = append(p.edits, uses...)
	return true
}

// configured reports whether a module below another one, or one around it that is below that too, has a #[cfg].
func configured(below, module *workspace.Scope) bool {
	for m := below.Module; m != nil && m != module && m.Parent != nil; m = m.Parent {
		found := false
		m.Parent.EachItem(func(i int32) {
			it := &m.Parent.File.Syntax().Items[i]
			found = found || it.Kind == syntax.KindMod && it.Name == m.Name && len(cfgAttrs(m.Parent.File, it)) > 0
		})
		if found {
			return true
		}
	}
	return false
}

// spareIn is spare for some parts of a module's file, in which the name stands in imports so often.
func (p *companionPlan) spareIn(s *workspace.Scope, own []source.Span, def resolve.Def, imported string, methods map[string]bool, imports int) bool {
	objects := map[uint32]bool{}
	if !p.external {
		objects = p.callsOfObjects(s.File)
		for _, c := range p.callsIn(s.File) {
			if p.throughTrait(c) {
				delete(objects, c.Name.Start)
			}
		}
	}
	count := 0
	var calls []uint32
	mentioned := p.mentionsIn(s.File, source.Span{End: uint32(len(s.File.Text))})
	members := memberNames(s, func(at uint32) bool {
		return anyOf(mentioned, func(m *survey.Mention) bool { return m.PrincipalSpan.Contains(at) })
	})
	for _, part := range own {
		toks := p.tokensIn(s.File, part)
		for i, t := range toks {
			if t.Kind != syntax.Ident {
				continue
			}
			switch name := identifier(s.File.Text, t); {
			case name == imported:
				if !members(toks, i) {
					count++
				}
			case !methods[name] || i == 0 || objects[t.Start]:
			case toks[i-1].Kind == syntax.PathSep:
				return false
			case isMethodCall(toks, i):
				calls = append(calls, t.Start)
			}
		}
	}
	mentions := 0
	for m := range p.mentionsOf(def) {
		if m.File == s.File && m.Silence != survey.InMacroRules && slices.ContainsFunc(own, func(part source.Span) bool { return part.Encloses(m.Span) }) && names(m, imported) {
			mentions++
		}
	}
	return count == mentions+imports && !p.needs(s.File, calls, def)
}

// memberNames tells the names in a module's file that lead to no import of the module: those of variants where they are declared, and
// those behind another name in a path, `Kind::File`, if that is not the module's. The paths of mentions are counted with them, elsewhere.
func memberNames(s *workspace.Scope, mentioned func(at uint32) bool) func(toks []syntax.Token, i int) bool {
	f := s.File.Syntax()
	variants := map[uint32]bool{}
	var uses []source.Span
	for i := range f.Items {
		switch f.Items[i].Kind {
		case syntax.KindEnum:
			for _, v := range syntax.ParseAdt(f, int32(i), s.File.Edition).Variants {
				variants[v.Span.Start] = true
			}
		case syntax.KindUse:
			uses = append(uses, f.Items[i].Span)
		}
	}
	return func(toks []syntax.Token, i int) bool {
		if variants[toks[i].Start] {
			return true
		}
		if i < 2 || toks[i-1].Kind != syntax.PathSep || toks[i-2].Kind != syntax.Ident || mentioned(toks[i].Start) || slices.ContainsFunc(uses, func(use source.Span) bool { return use.Contains(toks[i].Start) }) {
			return false
		}
		before := identifier(s.File.Text, toks[i-2])
		return !slices.Contains([]string{"self", "super", "crate"}, before) && (s.Module == nil || before != s.Module.Name)
	}
}

// needs reports whether one of the method calls of a file, by their names' places, may need a trait in scope.
func (p *companionPlan) needs(f *workspace.File, calls []uint32, def resolve.Def) bool {
	if len(calls) == 0 {
		return false
	}
	known := p.methodCalls(f, calls)
	return len(known) < len(calls) || slices.ContainsFunc(known, func(c infer.Call) bool {
		own := slices.ContainsFunc(p.Judge.Types.Supertraits(def), func(super *types.TraitRef) bool { return sameTrait(super.Def, c.Trait) })
		return own && (c.Via != infer.Dyn || p.throughTrait(&c))
	})
}

// throughTrait reports whether a method is one of the native trait on the object too, so that the trait has to be in scope at the call.
func (p *companionPlan) throughTrait(c *infer.Call) bool {
	t := p.planned(c.Trait)
	return p.external || t != nil && t.Converts(c.Method)
}

// methodsAbove are the names of the methods of a trait and of its supertraits; it is not ok if one of those is not known.
func (p *companionPlan) methodsAbove(def resolve.Def) (names map[string]bool, ok bool) {
	names = map[string]bool{}
	for _, super := range p.Judge.Types.Supertraits(def) {
		if super.Def.Kind == resolve.None {
			return nil, false
		}
		for _, name := range p.methodNames(super.Def) {
			names[name] = true
		}
	}
	return names, true
}

// isMethodCall reports whether the name at a token is that of a method in a call: `.name(` or `.name::<`.
func isMethodCall(toks []syntax.Token, i int) bool {
	return i > 0 && toks[i-1].Is('.') && i+1 < len(toks) && (toks[i+1].Is('(') || toks[i+1].Kind == syntax.PathSep)
}

// names reports whether a mention names its trait so.
func names(m *survey.Mention, name string) bool {
	for _, t := range syntax.Lex(m.File.Text, m.PrincipalSpan, nil) {
		if t.Kind == syntax.Ident && identifier(m.File.Text, t) == name {
			return true
		}
	}
	return false
}

// partsOf are the parts of a module's text that are in no module below it.
func partsOf(s *workspace.Scope) []source.Span {
	f := s.File.Syntax()
	whole := source.Span{End: uint32(len(s.File.Text))}
	if s.Module.Item >= 0 && f.Items[s.Module.Item].Flags&syntax.FlagBody != 0 && s.Module.Parent != nil && s.Module.Parent.File == s.File {
		whole = f.Items[s.Module.Item].Body
	}
	var out []source.Span
	at := whole.Start
	for i := range f.Items {
		it := &f.Items[i]
		if it.Kind == syntax.KindMod && it.Flags&syntax.FlagBody != 0 && it.Span.Start >= at && whole.Encloses(it.Span) && it.Span != whole {
			out = append(out, source.Span{Start: at, End: it.Span.Start})
			at = it.Span.End
		}
	}
	return append(out, source.Span{Start: at, End: whole.End})
}

// blockOf is the text of a block, or of the function whose body it is.
func blockOf(s *workspace.Scope) []source.Span {
	if !s.IsBlock() {
		return nil
	}
	it := &s.File.Syntax().Items[s.Item]
	if it.Flags&syntax.FlagBody != 0 {
		return []source.Span{it.Body}
	}
	return []source.Span{it.Span}
}

// readersOf are the modules below a module that have a glob of it, in which a name that it imports privately may be meant. It is not ok
// if a module below imports the name, or another file does so by a glob and has no #[cfg].
func (p *companionPlan) readersOf(s *workspace.Scope, name string) (readers []*workspace.Scope, ok bool) {
	for _, top := range s.Crate.Tops {
		if top.File != s.File && (!companion.Below(top, s) || !top.File.Mentions(name) && !top.File.Mentions("*")) {
			continue
		}
		items := top.File.Syntax().Items
		for i := range items {
			if items[i].Kind != syntax.KindUse {
				continue
			}
			reader := top.ScopeOf(int32(i))
			if reader.Module == s || !companion.Below(reader, s) {
				continue
			}
			for _, leaf := range syntax.ParseUse(top.File.Syntax(), int32(i), top.File.Edition) {
				prefix := leaf.Segments
				if !leaf.Glob {
					n := len(leaf.Segments)
					if n < 2 || leaf.Segments[n-1].Name != name {
						continue
					}
					prefix = prefix[:n-1]
				}
				r, n := p.Judge.Types.Resolver.Path(reader, &syntax.Path{Global: leaf.Global, Segments: prefix})
				switch {
				case r.Found() && n == len(prefix) && (r.Def.Kind != resolve.Module || r.Def.Scope != s):
				case leaf.Glob && r.Found() && (top.File == s.File || configured(reader, s)):
					readers = append(readers, reader.Module)
				default:
					return nil, false
				}
			}
		}
	}
	return readers, true
}

// callsOfObjects are the places of the method names of a file's calls through dyn: those methods need not be imported.
func (p *companionPlan) callsOfObjects(f *workspace.File) map[uint32]bool {
	out := map[uint32]bool{}
	for _, c := range p.callsIn(f) {
		if c.Via == infer.Dyn && !c.UFCS {
			out[c.Name.Start] = true
		}
	}
	return out
}

// importForCalls imports a trait where its methods are called on objects, which no longer have them by themselves.
func (p *companionPlan) importForCalls(def resolve.Def) {
	var done []*workspace.Scope
	for _, c := range p.allCallsOfObjects(def) {
		if len(c.File.Owners) == 0 || !p.throughTrait(&c) {
			continue
		}
		scope := c.File.Owners[0].ScopeAt(itemAt(c.File, c.Expr.Start), c.Expr.Start)
		inScope := slices.ContainsFunc(p.Judge.Types.Resolver.TraitsInScope(scope), func(d resolve.Def) bool { return sameTrait(d, def) })
		if inScope || slices.Contains(done, scope.Module) {
			continue
		}
		done = append(done, scope.Module)
		path := p.pathTo(scope, def)
		if p.Judge.Types.Resolver.Lexical(scope.Module, def.ItemName()).Found() {
			path += " as _" // something else has the name
		}
		p.edits = append(p.edits, p.addUse(scope.Module, path))
	}
}

// allCallsOfObjects are the calls of a trait's methods on its objects. Those of methods that box nothing are looked for only in
// the files that write the object's type.
func (p *companionPlan) allCallsOfObjects(def resolve.Def) []infer.Call {
	var out []infer.Call
	add := func(c infer.Call) {
		if c.Via == infer.Dyn && !c.UFCS && sameTrait(c.Trait, def) {
			out = append(out, c)
		}
	}
	for _, c := range p.callsOf(def) {
		add(*c.Call)
	}
	methods := p.methodNames(def)
	var done []*workspace.File
	for m := range p.mentionsOf(def) {
		if slices.Contains(done, m.File) {
			continue
		}
		done = append(done, m.File)
		known := p.callsOfObjects(m.File)
		var calls []uint32
		toks := p.tokens.of(m.File)
		for i, tok := range toks {
			if tok.Kind == syntax.Ident && !known[tok.Start] && slices.Contains(methods, identifier(m.File.Text, tok)) && isMethodCall(toks, i) {
				calls = append(calls, tok.Start)
			}
		}
		for _, c := range p.methodCalls(m.File, calls) {
			add(c)
		}
	}
	return out
}
