package resolve

import (
	"slices"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// callIndex tells which macro invocations of a scope may define a name, so that a look-up expands no others: a name comes
// from the arguments of an invocation or from the definition of a macro that takes part in it.
type callIndex struct {
	once          sync.Once
	types, values namedCalls // by the namespace of what they may define
	// unknown is set if there are some whose definition is not in reach and whose arguments are no items.
	unknown bool
}

// namedCalls are invocations by the names that they may define.
type namedCalls struct {
	byName map[string][]int32 // by the words of their arguments and definitions
	any    []int32            // those that may define any name
}

func (c *namedCalls) of(name string) []int32 {
	if len(c.any) == 0 {
		return c.byName[name]
	}
	calls := slices.Concat(c.byName[name], c.any)
	slices.Sort(calls)
	return slices.Compact(calls)
}

// add adds an invocation that may define any of some words.
func (c *namedCalls) add(call int32, all []*syntax.Vocabulary) {
	if c.byName == nil {
		c.byName = map[string][]int32{}
	}
	for _, v := range all {
		for w := range v.Words {
			if calls := c.byName[w]; len(calls) == 0 || calls[len(calls)-1] != call {
				c.byName[w] = append(calls, call)
			}
		}
	}
}

// parts are the scopes that macro invocations in a scope add to it and that may define the name. Unsure is set if an
// invocation may define it of which that is not known.
func (q *query) parts(s *workspace.Scope, name string) (parts []*workspace.Scope, unsure bool) {
	if q.written {
		return nil, s.Index().Expanding
	}
	if len(s.Index().Calls) == 0 {
		return nil, false
	}
	x := q.callsIn(s)
	unsure = x.unknown
	for _, i := range x.types.of(name) {
		switch e := q.expand(s, i); e.state {
		case Uncertain:
			unsure = true
		case Certain:
			inner, doubt := q.parts(e.scope, name)
			parts, unsure = append(append(parts, e.scope), inner...), unsure || doubt
		}
	}
	return parts, unsure
}

// valueParts are the scopes that macro invocations in a scope add to it and that may define a value of this name, as far as
// that is sure.
func (r *Resolver) valueParts(s *workspace.Scope, name string) (parts []*workspace.Scope) {
	if len(s.Index().Calls) == 0 {
		return nil
	}
	for _, i := range r.callsIn(s).values.of(name) {
		if e := r.expand(s, i); e.state == Certain && e.scope != nil {
			parts = append(append(parts, e.scope), r.valueParts(e.scope, name)...)
		}
	}
	return parts
}

func (r *Resolver) callsIn(s *workspace.Scope) *callIndex {
	v, ok := r.callIndexes.Load(s)
	if !ok {
		v, _ = r.callIndexes.LoadOrStore(s, &callIndex{})
	}
	x := v.(*callIndex)
	x.once.Do(func() { r.indexCalls(s, x) })
	return x
}

func (r *Resolver) indexCalls(s *workspace.Scope, x *callIndex) {
	file := s.File.Syntax()
	for _, i := range s.Index().Calls {
		if s.ItemCfg(i) == cargo.False {
			continue
		}
		if _, live := outerCall(file, i, func(outer int32) bool { return r.expand(s, outer).state == Foreign }); !live {
			continue
		}
		call := &file.Macros[file.Items[i].Macro]
		def := r.definition(s, file.Items[i].Span.Start, string(call.Path.Of(file.Text)))
		switch {
		case def.doubt:
			x.types.any = append(x.types.any, i)
			continue
		case !def.found() && included(s, i) != nil:
			x.types.any, x.values.any = append(x.types.any, i), append(x.values.any, i)
			continue
		case !def.found():
			x.unknown = x.unknown || !s.ReadsAsItems(i)
			continue
		}
		args := syntax.WordsOf(file.Text, call.Args)
		all := []*syntax.Vocabulary{args, r.vocabulary(def.macro, def.rules)}
		for _, path := range args.Invokes { // what the macro makes of its arguments may invoke it
			all = append(all, r.vocabularyOf(s, file.Items[i].Span.Start, path))
		}
		defines, values, any := false, false, false
		for _, v := range all {
			defines, values, any = defines || v.Defines, values || v.Values, any || v.Any
		}
		for _, kind := range [...]struct {
			may bool
			to  *namedCalls
		}{{defines, &x.types}, {values, &x.values}} {
			switch {
			case !kind.may:
			case any:
				kind.to.any = append(kind.to.any, i)
			default:
				kind.to.add(i, all)
			}
		}
	}
}

// vocabularyOf is the vocabulary of the macro that path means at an offset of a scope.
func (r *Resolver) vocabularyOf(s *workspace.Scope, offset uint32, path string) *syntax.Vocabulary {
	def := r.definition(s, offset, path)
	switch {
	case def.found() && !def.doubt:
		return r.vocabulary(def.macro, def.rules)
	case workspace.Itemless(path):
		return &syntax.Vocabulary{}
	}
	return &syntax.Vocabulary{Defines: true, Values: true, Any: true}
}

// vocabulary are the words that may come from the definition of a macro and from those that it invokes.
func (r *Resolver) vocabulary(m macro, rules *syntax.MacroDef) *syntax.Vocabulary {
	if v, ok := r.vocabularies.Load(m); ok {
		return v.(*syntax.Vocabulary)
	}
	out := &syntax.Vocabulary{Words: map[string]bool{}}
	r.collectWords(m, rules, out, map[macro]bool{})
	v, _ := r.vocabularies.LoadOrStore(m, out)
	return v.(*syntax.Vocabulary)
}

// maxVocabulary bounds how many macros take part in one invocation.
const maxVocabulary = 64

func (r *Resolver) collectWords(m macro, rules *syntax.MacroDef, out *syntax.Vocabulary, seen map[macro]bool) {
	if seen[m] {
		return
	}
	seen[m] = true
	own := rules.Vocabulary()
	for w := range own.Words {
		out.Words[w] = true
	}
	out.Defines = out.Defines || own.Defines
	out.Values = out.Values || own.Values
	out.Any = out.Any || own.Any
	if len(seen) > maxVocabulary {
		out.Defines, out.Values, out.Any = true, true, true
		return
	}
	for _, path := range own.Invokes {
		if out.Any && out.Defines && out.Values {
			return
		}
		inner := r.definition(m.scope, ^uint32(0), path)
		switch {
		case inner.found() && !inner.doubt:
			r.collectWords(inner.macro, inner.rules, out, seen)
		case !workspace.Itemless(path):
			out.Defines, out.Values, out.Any = true, true, true
		}
	}
}
