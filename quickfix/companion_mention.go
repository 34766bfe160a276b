package quickfix

import (
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/quickfix/companion"
)

// mentionBounds are the bounds of a mention as syntax; the principal is the one at PrincipalSpan.
func mentionBounds(m *survey.Mention) []syntax.Bound {
	t := syntax.ParseType(m.File.Text, m.Span, m.File.Edition)
	if t.Kind == syntax.TypePath {
		return []syntax.Bound{{Span: t.Span, Path: t.Path}}
	}
	return t.Bounds
}

// mentionScope is the scope that a mention stands in.
func mentionScope(m *survey.Mention) *workspace.Scope {
	for _, owner := range m.File.Owners {
		return owner.ScopeAt(m.Item, m.Span.Start)
	}
	return nil
}

// mentionedAutos are the names of the auto traits of a mention that its trait, if one is given, does not imply; sorted.
func (p *companionPlan) mentionedAutos(m *survey.Mention, t *companion.Trait) []string {
	scope := mentionScope(m)
	if scope == nil {
		return nil
	}
	var out []string
	env := &types.Env{Types: p.Judge.Types, Scope: scope}
	for _, b := range mentionBounds(m) {
		if b.Path == nil || b.Kind != syntax.BoundTrait || b.Span == m.PrincipalSpan {
			continue
		}
		ref := env.TraitRef(nil, b.Path)
		if ref.Def.Kind == resolve.None || !p.Judge.Types.Decl(ref.Def).Auto {
			continue
		}
		if name := ref.Def.ItemName(); (t == nil || !t.Implies(name)) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// rewrite turns a mention to the alias of its object type, and makes the alias known there.
func (p *companionPlan) rewrite(m *survey.Mention, t *companionTrait) {
	scope := mentionScope(m)
	if scope == nil {
		return
	}
	if m.Silence == survey.InMacroRules {
		if p.home != nil || strings.Contains(string(m.Span.Of(m.File.Text)), "$") || scope.Crate != t.Def.Scope.Crate {
			p.note("a mention in a macro's definition is left")
			return
		}
		p.note("a mention in a macro's definition is rewritten")
	}
	alias, ok := p.objectFor(m, t)
	if !ok {
		p.note("a mention with other auto traits is left")
		return
	}
	text, ok := p.aliasText(m, t, alias, scope)
	if !ok {
		p.note("a mention that leaves out arguments is left")
		return
	}
	p.edits = append(p.edits, Edit{Path: m.File.Path, Span: parenthesized(m), New: text})
}

// objectFor is the alias of the object type that a mention asks for.
func (p *companionPlan) objectFor(m *survey.Mention, t *companionTrait) (alias string, ok bool) {
	autos := p.mentionedAutos(m, t.Trait)
	for _, o := range t.objects {
		if slices.Equal(o.Autos, autos) {
			return o.Alias, true
		}
	}
	return "", false
}

// parenthesized is the span of a mention with the parentheses of its own around it, which a sum needs and a name does not.
func parenthesized(m *survey.Mention) source.Span {
	text, s := m.File.Text, m.Span
	if s.Start == 0 || int(s.End) >= len(text) || text[s.Start-1] != '(' || text[s.End] != ')' {
		return s
	}
	// Those of a call, a tuple or Fn(..) stand behind a name or a delimiter.
	before := s.Start - 1
	for before > 0 && (text[before-1] == ' ' || text[before-1] == '\n' || text[before-1] == '\t') {
		before--
	}
	word := before
	for word > 0 && (text[word-1] >= 'a' && text[word-1] <= 'z' || text[word-1] == '_') {
		word--
	}
	isRef := before > 0 && text[before-1] == '&'
	isMut := string(text[word:before]) == "mut"
	isLifetime := word > 0 && word < before && text[word-1] == '\''
	if isRef || isMut || isLifetime {
		return source.Span{Start: s.Start - 1, End: s.End + 1}
	}
	return s
}

func (p *companionPlan) note(text string) {
	if !slices.Contains(p.notes, text) {
		p.notes = append(p.notes, text)
	}
}

// aliasText is a mention with the alias in place of its `dyn`: the path's prefix, the object's lifetime, the trait's arguments
// and the types that the mention binds. It is not ok if the mention leaves out something that the alias needs.
func (p *companionPlan) aliasText(m *survey.Mention, t *companionTrait, alias string, scope *workspace.Scope) (string, bool) {
	path, args, ok := p.aliasArgs(m, t)
	switch {
	case path != nil && !ok:
		return p.spelledOut(m, t, path), true
	case !ok:
		return "", false
	}
	var prefix string
	if m.Silence == survey.InMacroRules { // names are looked up where the macro is called
		prefix = "$" + cratePath(scope.Crate, t.Def.Scope)
	} else if p.home != nil {
		prefix = strings.TrimSuffix(p.fromHome(scope, t.Def, alias), alias)
	} else {
		prefix = p.reach(scope, path, t.Def, alias)
	}
	out := prefix + alias
	if len(args) > 0 {
		texts := make([]string, len(args))
		for i := range args {
			if texts[i] = args[i].Lifetime; args[i].Kind != syntax.ArgLifetime {
				texts[i] = string(args[i].Span.Of(m.File.Text))
			}
		}
		out += "<" + strings.Join(texts, ", ") + ">"
	}
	return out, true
}

// aliasArgs are the arguments of the alias that stands for a mention, and the path that names the trait there. If the alias would
// upset the elision of lifetimes there is only the path, and neither if the mention leaves out something that the alias needs.
func (p *companionPlan) aliasArgs(m *survey.Mention, t *companionTrait) (*syntax.Path, []syntax.Arg, bool) {
	var path *syntax.Path
	lifetime := ""
	for _, b := range mentionBounds(m) {
		switch {
		case b.Kind == syntax.BoundLifetime:
			lifetime = b.Lifetime
		case b.Span == m.PrincipalSpan:
			path = b.Path
		}
	}
	if path == nil || len(path.Segments) == 0 {
		return nil, nil, false
	}
	var args []syntax.Arg
	if !t.Static() {
		if lifetime == "" {
			lifetime = objectLifetime(m)
			if lifetime == "'_" && upsetsElision(m) {
				return path, nil, false
			}
		}
		args = append(args, syntax.Arg{Kind: syntax.ArgLifetime, Lifetime: lifetime})
	}
	required, optional := t.Params()
	last := &path.Segments[len(path.Segments)-1]
	var lifetimes, given []syntax.Arg
	bindings := map[string]syntax.Arg{}
	if last.Args != nil {
		for i := range last.Args.List {
			a := &last.Args.List[i]
			switch a.Kind {
			case syntax.ArgLifetime:
				lifetimes = append(lifetimes, *a)
			case syntax.ArgEq:
				bindings[a.Name] = syntax.Arg{Kind: syntax.ArgType, Type: a.Type, Span: a.Type.Span}
			case syntax.ArgType, syntax.ArgConst:
				given = append(given, *a)
			default:
				return nil, nil, false
			}
		}
	}
	for _, param := range required {
		switch {
		case param.Kind == syntax.ParamLifetime && len(lifetimes) > 0:
			args = append(args, lifetimes[0])
			lifetimes = lifetimes[1:]
		case param.Kind == syntax.ParamLifetime:
			args = append(args, syntax.Arg{Kind: syntax.ArgLifetime, Lifetime: "'_"})
		case len(given) > 0:
			args = append(args, given[0])
			given = given[1:]
		default:
			return nil, nil, false
		}
	}
	for _, name := range t.Assocs() {
		value, ok := bindings[name]
		if !ok {
			return nil, nil, false
		}
		args = append(args, value)
	}
	args = append(args, given[:min(len(given), len(optional))]...)
	return path, args, true
}

// spelledOut is a mention with the companion's trait in the place of the native one: it is as long as the alias's name is not.
func (p *companionPlan) spelledOut(m *survey.Mention, t *companionTrait, path *syntax.Path) string {
	last := path.Segments[len(path.Segments)-1].Span
	text := m.File.Text
	prefix := cratePath(mentionScope(m).Crate, p.homeOf(t.Def))
	head := string(text[m.Span.Start:path.Span.Start])
	if m.Bare {
		head = "dyn " + head
	}
	return head + prefix + t.module + "::Erased" + string(text[last.End:m.Span.End])
}

// enclosing is where a mention stands among the parts of fn types, as far as its tokens tell.
type enclosing struct {
	toks []syntax.Token // of the item around it
	at   int            // the first token of the mention
}

func enclosingOf(m *survey.Mention) enclosing {
	span := source.Span{End: uint32(len(m.File.Text))}
	if m.Item >= 0 {
		span = m.File.Syntax().Items[m.Item].Span
	}
	e := enclosing{toks: syntax.Lex(m.File.Text, span, nil)}
	e.at = slices.IndexFunc(e.toks, func(t syntax.Token) bool { return t.Start >= m.Span.Start })
	return e
}

// fnBefore reports whether the parenthesis at index i opens the parameters of a `fn` pointer or an Fn bound.
func (e enclosing) fnBefore(text []byte, i int) bool {
	if i == 0 {
		return false
	}
	switch string(e.toks[i-1].Span().Of(text)) {
	case "fn", "Fn", "FnMut", "FnOnce", "AsyncFn", "AsyncFnMut", "AsyncFnOnce":
		return true
	}
	return false
}

// opener is the index of the delimiter or `<` that the token at index i stands in, -1 if it stands in none; and that of the nearest
// `->` between the two, negative if there is none in the same part of a list.
func (e enclosing) opener(i int) (open int, arrow int) {
	depth := 0
	arrow = -1
	for k := i - 1; k >= 0; k-- {
		t := e.toks[k]
		switch {
		case t.Kind == syntax.Close, t.Is('>'):
			depth++
		case t.Kind == syntax.Open, t.Is('<'):
			if depth == 0 {
				return k, arrow
			}
			depth--
		case depth == 0 && t.Kind == syntax.Arrow && arrow == -1:
			arrow = k
		case depth == 0 && (t.Is(';') || t.Is(',')):
			if arrow < 0 {
				arrow = -2
			}
		}
	}
	return -1, arrow
}

// inFnOutput reports whether a mention stands in the output of a fn pointer or an Fn bound: nothing is inferred there.
func inFnOutput(m *survey.Mention) bool {
	e := enclosingOf(m)
	for i := e.at; i >= 0; {
		open, arrow := e.opener(i)
		if arrow > 0 && e.toks[arrow-1].Is(')') {
			depth := 0
			for k := arrow - 1; k >= 0; k-- {
				switch {
				case e.toks[k].Kind == syntax.Close:
					depth++
				case e.toks[k].Kind == syntax.Open:
					depth--
				}
				if depth == 0 {
					if e.fnBefore(m.File.Text, k) {
						return true
					}
					break
				}
			}
		}
		if open < 0 || e.toks[open].Is('{') {
			return false
		}
		i = open
	}
	return false
}

// upsetsElision reports whether one more elided lifetime at a mention's place would make an elided one of an output ambiguous: in
// the parameters of a fn without a receiver, of a fn pointer or of an Fn bound.
func upsetsElision(m *survey.Mention) bool {
	text := m.File.Text
	e := enclosingOf(m)
	for i := e.at; i >= 0; {
		open, _ := e.opener(i)
		if open < 0 || e.toks[open].Is('{') {
			return false
		}
		i = open
		named := open >= 2 && e.toks[open-1].Kind == syntax.Ident && e.toks[open-2].Word == syntax.WordFn
		generic := !named && open >= 1 && e.toks[open-1].Is('>') && !inBody(m) && m.Item >= 0 && m.File.Syntax().Items[m.Item].Kind == syntax.KindFn
		if !e.toks[open].Is('(') || !named && !generic && !e.fnBefore(text, open) {
			continue
		}
		depth, k := 0, open
		self := false
		for ; k < len(e.toks); k++ {
			switch {
			case e.toks[k].Kind == syntax.Open:
				depth++
			case e.toks[k].Kind == syntax.Close:
				depth--
			case depth == 1 && e.toks[k].Word == syntax.WordSelf:
				self = true
			}
			if depth == 0 {
				break
			}
		}
		if self || k+1 >= len(e.toks) || e.toks[k+1].Kind != syntax.Arrow {
			return false
		}
		depth = 0
		for k += 2; k < len(e.toks); k++ {
			t := e.toks[k]
			switch {
			case t.Is('<'), t.Kind == syntax.Open && !t.Is('{'):
				depth++
			case t.Is('>'), t.Kind == syntax.Close:
				depth--
			case t.Is('&') && e.toks[k+1].Kind != syntax.Lifetime, t.Kind == syntax.Lifetime && string(t.Span().Of(text)) == "'_":
				return true
			}
			if depth < 0 || depth == 0 && (t.Is(',') || t.Is(';') || t.Is('{') || t.Is('=') || t.Word == syntax.WordWhere) {
				return false
			}
		}
		return false
	}
	return false
}

// guards are types of the standard library with a lifetime that is the default lifetime of an object type inside them.
var guards = []string{"Ref", "RefMut", "MutexGuard", "RwLockReadGuard", "RwLockWriteGuard", "MappedMutexGuard"}

// objectLifetime is the lifetime that a trait object type has at its place if none is written: that of the reference that it
// stands behind, 'static elsewhere; in bodies it is inferred
// (https://doc.rust-lang.org/reference/lifetime-elision.html#default-trait-object-lifetimes).
func objectLifetime(m *survey.Mention) string {
	fnOutput := inFnOutput(m)
	if inBody(m) && !fnOutput {
		return "'_"
	}
	start := uint32(0)
	kind := syntax.ItemKind(0)
	if m.Item >= 0 {
		it := &m.File.Syntax().Items[m.Item]
		start, kind = it.Span.Start, it.Kind
	}
	toks := syntax.Lex(m.File.Text, source.Span{Start: start, End: m.Span.Start}, nil)
	toks = toks[:len(toks)-1] // EOF
	i := len(toks) - 1
	for i >= 0 && toks[i].Is('(') {
		i--
	}
	if i >= 0 && toks[i].Word == syntax.WordMut {
		i--
	}
	switch {
	case i >= 1 && toks[i].Kind == syntax.Lifetime && toks[i-1].Is('&'):
		return string(toks[i].Span().Of(m.File.Text))
	case i >= 0 && toks[i].Is('&'):
		if kind == syntax.KindConst || kind == syntax.KindStatic {
			return "'static"
		}
		return "'_"
	case i >= 3 && toks[i].Is(',') && toks[i-1].Kind == syntax.Lifetime && toks[i-2].Is('<') &&
		slices.Contains(guards, string(toks[i-3].Span().Of(m.File.Text))):
		return string(toks[i-1].Span().Of(m.File.Text))
	}
	return "'static"
}

// inBody reports whether a mention stands in the body of a function.
func inBody(m *survey.Mention) bool {
	if m.Item < 0 {
		return false
	}
	it := &m.File.Syntax().Items[m.Item]
	return it.Kind == syntax.KindBlock || it.Kind == syntax.KindFn && it.Body.Contains(m.Span.Start)
}
