package infer

import (
	"bytes"
	"iter"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Method is the name of a method that calls are listed of, with who can call it.
type Method struct {
	Name   string
	home   home
	takes  arity
	barred bool // a trait object cannot be asked for it: it is of interest to the rules only
}

// home says who can have a value with a trait's methods.
type home struct {
	target *cargo.Target // of the trait; nil if it is none of the workspace's own, and anybody can
	public bool          // in other crates
	// module and file are those of a private trait.
	module, file string
	foreign      traitKey // the trait, if it is none of the workspace's own
	pkg          string   // of a foreign trait; empty if everybody has it
}

func homeOf(trait resolve.Def) home {
	c := trait.Scope.Crate
	if !c.Member {
		out := home{foreign: keyOf(trait)}
		if !c.Std && c.Target != nil {
			out.pkg = c.Target.Package.Name
		}
		return out
	}
	switch it := &trait.File().Syntax().Items[trait.Item]; it.Visibility {
	case syntax.VisPublic:
		return home{target: c.Target, public: c.Target.Kind == cargo.Lib}
	case syntax.VisPrivate:
		return home{target: c.Target, module: trait.Scope.Module.Path(), file: trait.File().Path}
	}
	return home{target: c.Target}
}

// Names are the methods that calls are listed of. They are immutable.
type Names struct {
	set map[string][]wanted
	// ends has a bit for each last byte of a name and its length modulo 8, to reject most words without hashing.
	ends [256]uint8
}

// wanted is a method that is looked for, by what tells its calls from those of others of its name.
type wanted struct {
	home
	takes arity
}

// takes reports whether a method of a name is looked for that can be called with some arguments.
func (n *Names) takes(name string, args arity) bool {
	return slices.ContainsFunc(n.set[name], func(w wanted) bool { return args.fits(w.takes) })
}

// of reports whether a trait's method of a name is one that is looked for. All of the workspace's own are; a trait of a
// dependency may have a method of the same name without being used as dyn.
func (n *Names) of(trait resolve.Def, name string) bool {
	return trait.Scope.Crate.Member || slices.ContainsFunc(n.set[name], func(w wanted) bool { return w.foreign == keyOf(trait) })
}

// NewNames makes a set of methods.
func NewNames(methods iter.Seq[Method]) *Names {
	out := &Names{set: map[string][]wanted{}}
	for m := range methods {
		out.set[m.Name] = append(out.set[m.Name], wanted{m.home, m.takes})
		out.ends[m.Name[len(m.Name)-1]] |= 1 << (len(m.Name) % 8)
	}
	return out
}

// methodsOf are the methods that some traits and mentions add to those that calls are listed of.
func (e *engine) methodsOf(traits []survey.Trait, mentions []survey.Mention) map[Method]struct{} {
	out := map[Method]struct{}{}
	e.eachMethod(traits, e.usedIn(mentions), func(m Method, _ resolve.Def) { out[m] = struct{}{} })
	return out
}

// usedIn are the traits that are mentioned as dyn, and their supertraits.
func (e *engine) usedIn(mentions []survey.Mention) map[resolve.Def]bool {
	used := map[resolve.Def]bool{}
	for i := range mentions {
		if d := mentions[i].Principal; d.Kind == resolve.Trait && !used[d] {
			for _, up := range e.types.Supertraits(d) {
				used[up.Def] = true
			}
		}
	}
	return used
}

// methodsOfTrait calls f for the methods of a trait that calls are listed of; used says that it is used as dyn.
func (e *engine) methodsOfTrait(d resolve.Def, used bool, f func(Method)) {
	for name, m := range e.traitMethods(d) {
		takes, ok := arityOf(d, m)
		switch {
		case name == "" || !ok:
		case e.futureful(d, m), e.likeCompanion(d, m):
			f(Method{name, homeOf(d), takes, false})
		case used && e.barred(d, m):
			f(Method{name, homeOf(d), takes, true})
		}
	}
}

// eachMethod calls f for the methods that calls are listed of, with their traits: the futures of the traits, and of what is used as
// dyn also those that a trait object cannot be asked for.
func (e *engine) eachMethod(traits []survey.Trait, used map[resolve.Def]bool, f func(Method, resolve.Def)) {
	seen := map[resolve.Def]bool{}
	add := func(d resolve.Def) {
		if d.Kind == resolve.Trait && !seen[d] {
			seen[d] = true
			e.methodsOfTrait(d, used[d], func(m Method) { f(m, d) })
		}
	}
	for d := range used {
		add(d)
		for _, ext := range e.extensions(d) {
			add(ext)
		}
	}
	for i := range traits {
		add(traits[i].Def)
		for _, d := range inOtherTargets(traits[i].Def) {
			add(d)
		}
	}
}

// inOtherTargets is a trait as the other targets that compile its file have it: a module of tests/common is one of every test
// that says so.
func inOtherTargets(trait resolve.Def) []resolve.Def {
	var out []resolve.Def
	for _, top := range trait.File().Owners {
		if top.Crate != trait.Scope.Crate {
			trait.Scope = top.ScopeOf(trait.Item)
			out = append(out, trait)
		}
	}
	return out
}

// extensions are the traits that a dependency implements for all that implements one of its traits, if that has methods that
// are looked for: ObjectStoreExt of ObjectStore. Those of the workspace are looked for in any case.
func (e *engine) extensions(trait resolve.Def) []resolve.Def {
	if trait.Kind != resolve.Trait || trait.Scope.Crate.Member || trait.Scope.Crate.Std {
		return nil
	}
	async := false
	for _, m := range e.traitMethods(trait) {
		async = async || e.futureful(trait, m)
	}
	if !async {
		return nil
	}
	var out []resolve.Def
	for _, im := range e.implsOf(trait.Scope.Crate).blanket(trait.ItemName()) {
		im.load(e)
		if im.ref != nil && im.ref.Def.Kind == resolve.Trait && slices.ContainsFunc(im.bounds, func(p types.Predicate) bool { return p.Ref.Def == trait }) {
			out = append(out, im.ref.Def)
		}
	}
	return out
}

// futureful reports whether a trait's method is async or returns `impl Trait`.
func (e *engine) futureful(trait resolve.Def, m int32) bool {
	file := trait.File()
	it := &file.Syntax().Items[m]
	if it.Flags&syntax.FlagAsync != 0 {
		return true
	}
	end := it.Span.End
	if it.Flags&syntax.FlagBody != 0 {
		end = it.Body.Start
	}
	if !bytes.Contains(file.Syntax().Text[it.Span.Start:end], []byte("impl")) {
		return false
	}
	return holdsOpaque(e.fn(trait.Scope, m).ret)
}

func holdsOpaque(t *types.Type) bool {
	if t.Kind == types.Opaque {
		return true
	}
	return slices.ContainsFunc(t.Args, holdsOpaque)
}

// barred reports whether a trait object cannot be asked for a method of the workspace's own, whatever its result: it takes self
// by value, has type parameters, or needs Self: Sized.
func (e *engine) barred(trait resolve.Def, m int32) bool {
	if !trait.Scope.Crate.Member || e.fn(trait.Scope, m).Self == syntax.SelfNone {
		return false
	}
	methods := e.Judge.Verdict(trait).Methods
	i := slices.IndexFunc(methods, func(d dyncompat.Method) bool { return d.Item == m })
	return i >= 0 && methods[i].Certain &&
		(methods[i].Class == dyncompat.Excluded || methods[i].Class == dyncompat.SizedOnly || slices.Contains(methods[i].Reasons, dyncompat.ByValueSelf))
}

// likeCompanion reports whether a method returns a boxed future, as those of companion traits do.
func (e *engine) likeCompanion(trait resolve.Def, m int32) bool {
	if !trait.Scope.Crate.Member {
		return false
	}
	text := trait.File().Syntax().Items[m].Span.Of(trait.File().Syntax().Text)
	return bytes.Contains(text, []byte("Pin")) && e.isBoxedFuture(e.fn(trait.Scope, m).ret)
}

// companion reports whether a method is one of a companion trait: it returns a boxed future, and a blanket impl makes it of
// another trait's method.
func (e *engine) companion(trait resolve.Def, m int32) bool {
	if !e.likeCompanion(trait, m) {
		return false
	}
	it := &trait.File().Syntax().Items[m]
	for _, im := range e.traitImpls(trait.Scope.Crate, trait.ItemName()) {
		if e.headOf(im) != "*" {
			continue
		}
		im.load(e)
		if im.ref.Def != trait || im.ty.Kind != types.Param {
			continue
		}
		for i := range im.bounds {
			p := &im.bounds[i]
			if p.Self.Kind != types.Param || p.Self.Name != im.ty.Name || p.Ref.Def.Kind != resolve.Trait {
				continue
			}
			for _, name := range [...]string{it.Name, strings.TrimSuffix(it.Name, "_dyn"), strings.TrimPrefix(it.Name, "dyn_")} {
				if native, ok := e.traitMethods(p.Ref.Def)[name]; ok && e.futureful(p.Ref.Def, native) {
					return true
				}
			}
		}
	}
	return false
}

// candidates are the items of a file in whose bodies a call of one of the names may stand.
func (e *engine) candidates(file *workspace.File, names *Names) []int32 {
	text := file.Text
	reached := map[site]reach{}
	var offsets []uint32
	for at := 0; ; {
		i := bytes.IndexByte(text[at:], '(')
		if i < 0 {
			break
		}
		at += i + 1
		name, notation := names.calledBefore(text, at-1)
		if name == "" {
			continue
		}
		call := site{name, argumentsAt(text, at-1).of(notation)}
		r, known := reached[call]
		if !known {
			r = e.reachOf(file, call, names)
			reached[call] = r
		}
		if offset := uint32(at - 1); r.sure || e.sees(file, offset, r) || e.imports(file, offset, r) {
			offsets = append(offsets, offset)
		}
	}
	return bodiesAt(file, offsets)
}

// bodiesAt are the items in whose bodies offsets stand.
func bodiesAt(file *workspace.File, offsets []uint32) []int32 {
	var out []int32
	for _, o := range offsets {
		item := bodyAt(file.Syntax(), o)
		if item >= 0 && (len(out) == 0 || out[len(out)-1] != item) {
			out = append(out, item)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// boxCandidates are the items of a file in whose bodies something is boxed.
func boxCandidates(file *workspace.File) []int32 {
	text := file.Text
	var offsets []uint32
	for _, notation := range [...]string{".box", "dyn_box!", "Box::pin("} {
		for at := 0; ; at++ {
			i := bytes.Index(text[at:], []byte(notation))
			if i < 0 {
				break
			}
			at += i
			rest := text[at+len(notation):]
			if notation[len(notation)-1] == '(' && bytes.HasPrefix(bytes.TrimLeft(rest, " \n"), []byte("async")) || len(rest) > 0 && isWord(rest[0]) && notation == ".box" {
				continue
			}
			offsets = append(offsets, uint32(at))
		}
	}
	return bodiesAt(file, offsets)
}

// calledBefore is the name that the text before the parenthesis at i calls, as `.name` or `::name`, maybe with a turbofish;
// empty if it calls none of these methods. Notation is the byte before the name: `.`, `:`, or the `/` that ends a comment.
func (n *Names) calledBefore(text []byte, i int) (name string, notation byte) {
	end := blanksBack(text, i)
	if end > 0 && text[end-1] == '>' {
		depth := 0
		for end--; end > 0; end-- {
			if c := text[end]; c == '>' {
				depth++
			} else if c == '<' {
				if depth--; depth == 0 {
					break
				}
			} else if c == ';' || c == '{' {
				return "", 0
			}
		}
		if end < 2 || text[end-1] != ':' || text[end-2] != ':' {
			return "", 0
		}
		end = blanksBack(text, end-2)
	}
	start := end
	for start > 0 && isWord(text[start-1]) {
		start--
	}
	if start == end || n.ends[text[end-1]]&(1<<((end-start)%8)) == 0 || len(n.set[string(text[start:end])]) == 0 {
		return "", 0
	}
	before := start
	if before > 1 && text[before-1] == '#' && text[before-2] == 'r' {
		before -= 2
	}
	before = blanksBack(text, before)
	if before == 0 || text[before-1] != '.' && text[before-1] != ':' && text[before-1] != '/' {
		return "", 0
	}
	return string(text[start:end]), text[before-1]
}

func blanksBack(text []byte, i int) int {
	for i > 0 && (text[i-1] == ' ' || text[i-1] == '\n' || text[i-1] == '\t' || text[i-1] == '\r') {
		i--
	}
	return i
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= 0x80
}

// itemAt is the innermost item that holds an offset; -1 if there is none.
func itemAt(f *syntax.File, offset uint32) int32 {
	lo, hi := 0, len(f.Items)
	for lo < hi {
		mid := (lo + hi) / 2
		if f.Items[mid].Span.Start <= offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	i := int32(lo) - 1
	for i >= 0 && !f.Items[i].Span.Contains(offset) {
		i = f.Items[i].Parent
	}
	return i
}

// bodyAt is the innermost fn, const or static whose body holds an offset; -1 if there is none.
func bodyAt(f *syntax.File, offset uint32) int32 {
	for i := itemAt(f, offset); i >= 0; i = f.Items[i].Parent {
		switch f.Items[i].Kind {
		case syntax.KindFn, syntax.KindConst, syntax.KindStatic:
			return i
		case syntax.KindBlock, syntax.KindMacroCall:
		default:
			return -1
		}
	}
	return -1
}
