package resolve

import (
	"cmp"
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
	traits        []int32    // those that may define a trait, or import one by a name that nothing tells
	imported      []uint64   // the words in their imports, sorted hashes
	// unknown is set if there are some whose definition is not in reach and whose arguments are no items.
	unknown bool
}

// namedCalls are invocations by the names that they may define.
type namedCalls struct {
	words  []wordIn // of their arguments, sorted
	macros []macroIn
	any    []int32 // those that may define any name
}

// wordIn is a word in the arguments of an invocation.
type wordIn struct {
	hash uint64 // syntax.WordHash
	call int32
}

// macroIn is what the macros write that take part in some invocations.
type macroIn struct {
	*syntax.Vocabulary
	calls []int32
}

// of are the invocations that may define a name.
func (c *namedCalls) of(name string) []int32 {
	hash := syntax.WordHash(name)
	calls := c.any
	for _, m := range c.macros {
		if m.Have(hash) {
			calls = append(slices.Clip(calls), m.calls...)
		}
	}
	at, _ := slices.BinarySearchFunc(c.words, hash, func(w wordIn, hash uint64) int { return cmp.Compare(w.hash, hash) })
	for ; at < len(c.words) && c.words[at].hash == hash; at++ {
		calls = append(slices.Clip(calls), c.words[at].call)
	}
	if len(calls) < 2 {
		return calls
	}
	calls = slices.Clone(calls)
	slices.Sort(calls)
	return slices.Compact(calls)
}

// add adds an invocation that may define a word of its arguments or of what macros write.
func (c *namedCalls) add(call int32, args *syntax.Vocabulary, macros []*syntax.Vocabulary) {
	for _, hash := range args.Words {
		c.words = append(c.words, wordIn{hash, call})
	}
	for _, v := range macros {
		i := slices.IndexFunc(c.macros, func(m macroIn) bool { return m.Vocabulary == v })
		if i < 0 {
			i = len(c.macros)
			c.macros = append(c.macros, macroIn{Vocabulary: v})
		}
		c.macros[i].calls = append(c.macros[i].calls, call)
	}
}

func (x *callIndex) sort() {
	for _, c := range [...]*namedCalls{&x.types, &x.values} {
		slices.SortFunc(c.words, func(a, b wordIn) int { return cmp.Compare(a.hash, b.hash) })
		c.words = slices.Clone(c.words)
	}
	slices.Sort(x.imported)
	x.imported = slices.Clone(slices.Compact(x.imported))
}

// mayWriteTrait reports whether an invocation may define a trait of a name, or bring one in.
func (x *callIndex) mayWriteTrait(name string) bool {
	if _, ok := slices.BinarySearch(x.imported, syntax.WordHash(name)); ok {
		return true
	}
	return len(x.traits) > 0 && slices.ContainsFunc(x.types.of(name), func(call int32) bool {
		_, may := slices.BinarySearch(x.traits, call)
		return may
	})
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
	defer x.sort()
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
			x.types.any, x.traits = append(x.types.any, i), append(x.traits, i)
			continue
		case !def.found() && included(s, i) != nil:
			x.types.any, x.values.any, x.traits = append(x.types.any, i), append(x.values.any, i), append(x.traits, i)
			continue
		case !def.found():
			x.unknown = x.unknown || !s.ReadsAsItems(i)
			continue
		}
		args := syntax.WordsOf(file.Text, call.Args)
		macros := []*syntax.Vocabulary{r.vocabulary(def.macro, def.rules)}
		for _, path := range args.Invokes { // what the macro makes of its arguments may invoke it
			macros = append(macros, r.vocabularyOf(s, file.Items[i].Span.Start, path))
		}
		defines, values, traits, any := args.Defines, args.Values, args.Traits, args.Any
		for _, v := range macros {
			defines, values, traits, any = defines || v.Defines, values || v.Values, traits || v.Traits, any || v.Any
		}
		if traits || any {
			x.traits = append(x.traits, i)
		}
		x.imported = append(x.imported, args.Imported...)
		for _, v := range macros {
			x.imported = append(x.imported, v.Imported...)
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
				kind.to.add(i, args, macros)
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
	out := &syntax.Vocabulary{}
	r.collectWords(m, rules, out, map[macro]bool{})
	out.Sort()
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
	out.Words, out.Imported = append(out.Words, own.Words...), append(out.Imported, own.Imported...)
	out.Defines = out.Defines || own.Defines
	out.Traits = out.Traits || own.Traits
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
