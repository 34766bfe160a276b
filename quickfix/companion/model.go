// Package companion writes the dyn-compatible companion of a trait: a trait with the same methods whose futures and other
// opaque results are boxed, the impl that makes it available, and the impls that lead back to the native trait.
//
// It knows traits and signatures, and how rustfmt lays them out. It knows no places of edits, no call sites and no other
// files: that is package quickfix's. Signatures are rewritten as syntax, never as text, so that every lifetime that a future
// holds has a name where it needs one.
package companion

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Blocked says why no companion can be written.
type Blocked string

func (b Blocked) Error() string { return string(b) }

func blocked(format string, args ...any) error { return Blocked(fmt.Sprintf(format, args...)) }

// Trait is a trait as rewriting needs it.
type Trait struct {
	Def  resolve.Def
	Name string // as written, with r#
	// Limits say why the companion's object cannot implement the native trait; empty if it can.
	Limits []string

	judge   *dyncompat.Judge
	how     Reading
	file    *workspace.File
	env     *types.Env
	p       printer
	header  *syntax.Trait
	supers  []syntax.Bound     // what the companion asks of its Self
	where   []syntax.Predicate // the header's where clause without those that concern Sized
	static  bool               // Self: 'static
	assocs  []*assoc
	methods []*method
	// reserved are lifetimes of an impl around the methods, which theirs may not be called like.
	reserved []string
	// companions are the supertraits that need a companion of their own.
	companions []*super
	// unbridged is set if Box<T> cannot pass all items on to T, lacksBox if it is not known to implement a supertrait.
	unbridged, lacksBox bool
	// Omitted is set if an impl for the object leaves out items that ask for Self: Sized and have no body: rustc 1.87.
	Omitted bool
	// Inherited are the methods of which the object has the default body, whatever the value behind it has; Missing says of the others that
	// no object can have what keeps them out.
	Inherited, Missing []string
	left               leftOut
}

// super is a supertrait that is not dyn compatible, and the bound that names it.
type super struct {
	trait *Trait
	bound syntax.Bound
}

// Supertraits are the supertraits that need a companion of their own, each before those that it needs itself.
func (t *Trait) Supertraits() []*Trait {
	var out []*Trait
	for _, s := range t.companions {
		out = append(out, s.trait)
		out = append(out, s.trait.Supertraits()...)
	}
	return out
}

// Unsafe reports whether a method is unsafe, so that the companion needs unsafe blocks.
func (t *Trait) Unsafe() bool {
	return slices.ContainsFunc(t.methods, func(m *method) bool { return m.unsafe() })
}

// Promises reports whether a method becomes one that promises Send.
func (t *Trait) Promises() bool {
	return slices.ContainsFunc(t.methods, func(m *method) bool { return m.promised })
}

// assoc is an associated type that the companion has too.
type assoc struct {
	name   string
	bounds []syntax.Bound
	attrs  []string
	param  string // its name as a parameter of the object's impl
	own    bool   // declared by the trait itself, not by a supertrait
}

// resultKind is what a method gives back.
type resultKind uint8

const (
	plain  resultKind = iota // a type that can be named
	future                   // async, or impl Future
	opaque                   // another impl Trait
	nested                   // a type with impl Trait inside
)

// method is a method of the companion.
type method struct {
	fn         *syntax.Fn
	name       string // as written, with r#
	cfg        []string
	env        *types.Env
	deprecated bool
	hasBody    bool
	kind       resultKind
	out        *syntax.Type   // the output of a future, nil for (); the return type of a plain method
	bounds     []syntax.Bound // of the opaque type, without lifetimes and Future
	outlives   string         // the lifetime that the opaque type is said to outlive; empty if none is written
	capturing  bool           // use<..> limits what the opaque type holds
	pinned     bool           // the box has to be pinned
	promises   []string       // auto traits of the opaque type, as written
	// forwardable is false if the object's box does not implement what the native method promises.
	forwardable bool
	// boxes is set if opaque types inside the output are boxed one by one.
	boxes bool
	// promised is set for an async method that shall be `fn -> impl Future + Send`.
	promised bool
	// converted are what the parameters become whose type is an `impl Trait`; nil if the method has none.
	converted []converted
	// whole is the native signature if an attribute is on a parameter, of which the method is one form; again is set for the forms
	// behind the first.
	whole *syntax.Fn
	again bool
}

// native is the signature as it is written.
func (m *method) native() *syntax.Fn { return cmp.Or(m.whole, m.fn) }

func (m *method) async() bool  { return m.fn.Flags&syntax.FlagAsync != 0 }
func (m *method) unsafe() bool { return m.fn.Flags&syntax.FlagUnsafe != 0 }

// owned reports whether the receiver owns self.
func (m *method) owned() bool {
	return m.fn.Self == syntax.SelfValue || m.fn.Self == syntax.SelfTyped && !borrows(m.fn.SelfParam.Type)
}

func borrows(t *syntax.Type) bool {
	switch t.Kind {
	case syntax.TypeRef:
		return true
	case syntax.TypeParen:
		return borrows(t.Elems[0])
	case syntax.TypePath:
		if n := len(t.Path.Segments); n > 0 && t.Path.Segments[n-1].Args != nil {
			for _, a := range t.Path.Segments[n-1].Args.List {
				if a.Type != nil && borrows(a.Type) {
					return true
				}
			}
		}
	}
	return false
}

// maxSupertraits bounds chains of supertraits.
const maxSupertraits = 16

// Reading says how a trait is read; the zero Reading reads it as it stands.
type Reading struct {
	// Send is set if async methods shall promise futures that are Send, as Promised then writes them.
	Send bool
	// Local reports whether a type is certain not to be Send, so that a future that holds an argument of it promises nothing; nil if nobody
	// knows.
	Local func(*types.Type) bool
	// Object is what stands in the place of a trait object type of a file's signatures, because the text there is about to change;
	// it is nil for a type that stays.
	Object func(file *workspace.File, object *syntax.Type) *syntax.Type
	// Plain is set if the trait need not have methods whose results can be boxed.
	Plain bool
	// Convert is set if the companion may have methods with arguments `impl Trait`, in another form.
	Convert bool
	// Abroad is set if the companion of a trait of another crate is wanted, for a module of the workspace.
	Abroad bool
}

// Read reads a trait of the workspace. The error is Blocked if no companion can be written.
func Read(judge *dyncompat.Judge, def resolve.Def, how Reading) (*Trait, error) {
	return read(judge, def, how, 0)
}

func newTrait(judge *dyncompat.Judge, def resolve.Def) *Trait {
	file := def.File()
	return &Trait{
		Def: def, Name: rawName(file, def.Item), judge: judge, file: file, env: judge.Types.TraitEnv(def),
		p: printer{text: file.Syntax().Text}, header: judge.Types.Decl(def).Header,
	}
}

func read(judge *dyncompat.Judge, def resolve.Def, how Reading, depth int) (*Trait, error) {
	file := def.File()
	decl := judge.Types.Decl(def)
	verdict := judge.Verdict(def)
	t := newTrait(judge, def)
	t.how = how
	switch {
	case depth > maxSupertraits:
		return nil, blocked("the supertraits of `%s` nest too deeply", t.Name)
	case !def.Scope.Crate.Member && !how.Abroad:
		return nil, blocked("`%s` belongs to another crate, outside the workspace", t.Name)
	case def.Kind != resolve.Trait || def.Made:
		return nil, blocked("`%s` is made by a macro", t.Name)
	case file.Syntax().Items[def.Item].Macro >= 0:
		return nil, blocked("`%s` stands in a macro call", t.Name)
	case decl.Expanding:
		return nil, blocked("a macro call in `%s` may make more methods", t.Name)
	case verdict.Why == resolve.AttributeMacro:
		return nil, blocked("an attribute macro rewrites `%s`", t.Name)
	case t.tagged() != "":
		return nil, blocked("`#[%s]` writes impls for `dyn %s` itself: return boxed futures from the trait instead (`box-trait`, `async-trait`)", t.tagged(), t.Name)
	}
	if file.Syntax().Items[def.Item].Flags&syntax.FlagUnsafe != 0 {
		t.unbridged = true
		t.limit("it is unsafe to implement, and nobody vouches for the object")
	}
	for i := range t.header.Generics.Params {
		if len(t.header.Generics.Params[i].Attrs) > 0 {
			return nil, blocked("a parameter of `%s` has attributes", t.Name)
		}
	}
	if err := t.readBounds(depth); err != nil {
		return nil, err
	}
	if err := t.checkWhole(verdict); err != nil {
		return nil, err
	}
	classes := map[int32]*dyncompat.Method{}
	for i := range verdict.Methods {
		classes[verdict.Methods[i].Item] = &verdict.Methods[i]
	}
	// Members that a #[cfg] leaves out here are copied with it: they exist elsewhere.
	items := file.Syntax().Items
	for i := def.Item + 1; i < int32(len(items)) && items[i].Span.Start < items[def.Item].Span.End; i++ {
		if items[i].Parent != def.Item {
			continue
		}
		var err error
		switch items[i].Kind {
		case syntax.KindFn:
			err = t.readMethod(i, classes[i])
		case syntax.KindType:
			err = t.readAssoc(i)
		case syntax.KindConst:
			if v := syntax.ParseValue(file.Syntax(), i, file.Edition); !needsSized(v.Generics.Where) {
				t.limit("`%s` is a constant", rawName(file, i))
			}
		}
		if err != nil {
			return nil, err
		}
	}
	t.limitResults()
	if len(t.Limits) > 0 {
		t.DropConverted()
	}
	if !how.Plain && depth == 0 && len(t.companions) == 0 && !slices.ContainsFunc(t.methods, func(m *method) bool { return m.kind != plain }) {
		return nil, blocked("`%s` has no method whose result could be boxed: %s", t.Name, strings.Join(append(t.Missing, t.Inherited...), "; "))
	}
	if err := t.checkLeftOut(); err != nil {
		return nil, err
	}
	if how.Abroad {
		return t, t.limitAbroad()
	}
	return t, nil
}

// tagged is the path of an attribute by which values of the trait's own object type are read and written; empty if there is none.
func (t *Trait) tagged() string {
	path := ""
	t.Def.Scope.EachAttr(t.Def.Item, func(a workspace.Attr) {
		if strings.HasPrefix(a.Path, "typetag::") {
			path = a.Path
		}
	})
	return path
}

// limitResults looks for methods that an impl for the object cannot pass on.
func (t *Trait) limitResults() {
	byValue := slices.ContainsFunc(t.methods, func(m *method) bool { return m.fn.Self == syntax.SelfValue })
	for _, m := range t.methods {
		if (m.kind == opaque || m.boxes) && !t.erase(m).handed {
			t.limit("the result of `%s` borrows from more than its receiver", m.name)
		}
		if byValue && m.fn.Self == syntax.SelfTyped && !isBoxSelf(m.fn.SelfParam.Type) {
			t.limit("a box, which `self` by value asks for, cannot pass `%s` on", m.name)
		}
	}
}

func (t *Trait) limit(format string, args ...any) {
	if limit := fmt.Sprintf(format, args...); !slices.Contains(t.Limits, limit) {
		t.Limits = append(t.Limits, limit)
	}
}

func rawName(file *workspace.File, item int32) string {
	it := &file.Syntax().Items[item]
	if it.Flags&syntax.FlagRawName != 0 {
		return "r#" + it.Name
	}
	return it.Name
}

func isSelf(t *syntax.Type) bool {
	return t != nil && t.Kind == syntax.TypePath && t.Path.QSelf == nil && len(t.Path.Segments) == 1 && t.Path.Segments[0].Name == "Self"
}

// needsSized reports whether a where clause says Self: Sized in these words.
func needsSized(where []syntax.Predicate) bool {
	return slices.ContainsFunc(where, func(w syntax.Predicate) bool {
		return isSelf(w.Type) && slices.ContainsFunc(w.Bounds, func(b syntax.Bound) bool {
			return b.Path != nil && !b.Maybe && b.Path.Segments[len(b.Path.Segments)-1].Name == "Sized"
		})
	})
}

// readBounds sorts the supertraits: the companion has those that may be dyn.
func (t *Trait) readBounds(depth int) error {
	keep := func(bounds []syntax.Bound) ([]syntax.Bound, error) {
		var out []syntax.Bound
		for i := range bounds {
			b := bounds[i]
			if b.Kind == syntax.BoundLifetime && b.Lifetime == "'static" {
				t.static = true
			}
			if b.Kind != syntax.BoundTrait || b.Maybe || b.Path == nil {
				out = append(out, b)
				continue
			}
			ref := t.env.TraitRef(types.SelfOfTrait(), b.Path)
			if ref.Def.Kind == resolve.None {
				return nil, blocked("the supertrait `%s` of `%s` is not known", t.p.path(b.Path), t.Name)
			}
			switch v := t.judge.Verdict(ref.Def); {
			case v.Compatible == types.Maybe:
				return nil, blocked("whether the supertrait `%s` of `%s` is dyn compatible is not known", t.p.path(b.Path), t.Name)
			case t.takesSelf(&b):
				out = append(out, t.leaveOut(&b, ref, "takes `Self` as an argument")...)
				continue
			case v.Compatible == types.No && t.bare(v):
				out = append(out, t.leaveOut(&b, ref, wholeWhy(v))...)
				continue
			case v.Compatible == types.No:
				above, err := read(t.judge, ref.Def, t.how, depth+1)
				if err != nil {
					return nil, blocked("the supertrait `%s` of `%s` is not dyn compatible, and has no companion: %v", t.p.path(b.Path), t.Name, err)
				}
				if len(above.assocs) > 0 || len(above.header.Generics.Params) > 0 {
					return nil, blocked("the supertrait `%s` of `%s` is not dyn compatible and has parameters or associated types", t.p.path(b.Path), t.Name)
				}
				t.Limits = append(t.Limits, above.Limits...)
				t.static = t.static || above.static
				t.lacksBox = true
				t.companions = append(t.companions, &super{trait: above, bound: b})
				continue
			}
			if !t.boxHas(ref.Def) {
				t.lacksBox = true
			}
			if len(t.judge.MissingTypes(ref)) > 0 {
				return nil, blocked("the supertrait `%s` of `%s` has associated types", t.p.path(b.Path), t.Name)
			}
			if t.implies(ref.Def, "'static") {
				t.static = true
			}
			out = append(out, b)
		}
		return out, nil
	}
	var err error
	if t.supers, err = keep(t.header.Supers); err != nil {
		return err
	}
	for _, w := range t.header.Generics.Where {
		if isSelf(w.Type) {
			t.unbridged = true
			if w.Bounds, err = keep(w.Bounds); err != nil {
				return err
			}
			if len(w.Bounds) == 0 {
				continue
			}
		}
		t.where = append(t.where, w)
	}
	return nil
}

// implies reports whether a trait asks its Self to outlive 'static.
func (t *Trait) implies(def resolve.Def, lifetime string) bool {
	for _, super := range t.judge.Types.Supertraits(def) {
		if super.Def.Kind == resolve.None {
			continue
		}
		for _, b := range t.judge.Types.Decl(super.Def).Header.Supers {
			if b.Kind == syntax.BoundLifetime && b.Lifetime == lifetime {
				return true
			}
		}
	}
	return false
}

func (t *Trait) readAssoc(item int32) error {
	a := syntax.ParseAlias(t.file.Syntax(), item, t.file.Edition)
	switch {
	case needsSized(a.Generics.Where):
		return nil
	case len(a.Generics.Params) > 0:
		t.limit("`%s` is a generic associated type", a.Name)
		return nil
	case len(a.Generics.Where) > 0:
		return blocked("the associated type `%s` has a where clause", a.Name)
	}
	t.assocs = append(t.assocs, &assoc{name: rawName(t.file, item), bounds: t.turning().bounds(a.Bounds), attrs: t.cfgs(item), own: true})
	return nil
}

// cfgs are the #[cfg] attributes of an item, as text.
func (t *Trait) cfgs(item int32) []string {
	var out []string
	f := t.file.Syntax()
	for i := f.Items[item].Attrs.Start; i < f.Items[item].Attrs.End; i++ {
		if a := &f.Attrs[i]; !a.Inner && string(a.Path.Of(f.Text)) == "cfg" {
			out = append(out, t.p.raw(a.Span))
		}
	}
	return out
}

func (t *Trait) deprecated(item int32) bool {
	found := false
	t.Def.Scope.EachAttr(item, func(a workspace.Attr) { found = found || a.Path == "deprecated" })
	return found
}

func (t *Trait) readMethod(item int32, class *dyncompat.Method) error {
	whole := t.turned(syntax.ParseFn(t.file.Syntax(), item, t.file.Edition))
	forms, err := t.forms(whole, t.cfgs(item))
	if err != nil {
		return err
	}
	for i, f := range forms {
		m := &method{fn: f.fn, name: rawName(t.file, item), cfg: f.cfg, deprecated: t.deprecated(item), forwardable: true, again: i > 0}
		if slices.ContainsFunc(whole.Params, func(p syntax.FnParam) bool { return len(p.Attrs) > 0 }) {
			m.whole = whole
		}
		if err := t.readForm(m, class); err != nil {
			return err
		}
	}
	return nil
}

// readForm reads a method in one of its forms.
func (t *Trait) readForm(m *method, class *dyncompat.Method) error {
	f := m.fn
	m.hasBody = f.Flags&syntax.FlagBody != 0
	m.env = t.env.With(&f.Generics)
	if class == nil && len(m.cfg) == 0 {
		return blocked("what `%s` becomes is not known", m.name)
	}
	if class != nil && !class.Certain {
		return blocked("a bound of `%s` is not known", m.name)
	}
	if class == nil && f.Self == syntax.SelfNone { // a #[cfg] leaves it out here
		t.unbridged = true
		if !m.hasBody {
			t.limit("`%s` has no receiver", m.name)
		}
		return nil
	}
	if needsSized(f.Generics.Where) || class != nil && class.Alone == dyncompat.SizedOnly {
		t.unbridged = t.unbridged || !m.hasBody
		t.Omitted = t.Omitted || !m.hasBody
		return nil
	}
	if class != nil && class.Alone == dyncompat.Excluded && nestedOnly(class.AloneReasons) && t.readNested(m) {
		t.methods = append(t.methods, m)
		return nil
	}
	obstacle := ""
	if class != nil {
		obstacle = Obstacle(t.file, class)
	}
	if obstacle == "" && m.async() && f.Ret != nil && f.Ret.Kind == syntax.TypeNever {
		obstacle = "returns `!`, which cannot be the `Output` of a box"
	}
	if obstacle != "" {
		if ok, err := t.readConverted(m, class); ok || err != nil {
			t.methods = append(t.methods, m)
			return err
		}
		t.without(m, obstacle)
		return nil
	}
	if err := t.readResult(m); err != nil {
		return err
	}
	t.methods = append(t.methods, m)
	return nil
}

// turning copies syntax with other trait object types in it, as the reading asks for.
func (t *Trait) turning() copier {
	if t.how.Object == nil {
		return copier{}
	}
	return copier{object: func(object *syntax.Type) *syntax.Type { return t.how.Object(t.file, object) }}
}

// turned is a signature with other trait object types in it.
func (t *Trait) turned(f *syntax.Fn) *syntax.Fn {
	c := t.turning()
	out := *f
	out.Generics.Where = c.predicates(f.Generics.Where)
	out.Params = slices.Clone(f.Params)
	for i := range out.Params {
		out.Params[i].Type = c.typ(out.Params[i].Type)
	}
	out.Ret = c.typ(f.Ret)
	return &out
}

func (t *Trait) readResult(m *method) error {
	ret := m.fn.Ret
	if m.async() {
		m.kind, m.out, m.pinned = future, ret, true
		if t.how.Send {
			t.promiseSend(m)
		}
		return nil
	}
	for ret != nil && ret.Kind == syntax.TypeParen {
		ret = ret.Elems[0]
	}
	if ret == nil || ret.Kind != syntax.TypeImpl {
		m.out = m.fn.Ret
		return nil
	}
	m.kind = opaque
	futureTrait := t.judge.Types.Resolver.WellKnown("core", "future", "Future")
	for i := range ret.Bounds {
		b := &ret.Bounds[i]
		switch b.Kind {
		case syntax.BoundLifetime:
			m.outlives = b.Lifetime
			continue
		case syntax.BoundUse:
			m.capturing = true
			continue
		}
		if b.Path == nil || b.Maybe {
			continue
		}
		ref := m.env.TraitRef(nil, b.Path)
		if ref.Def.Kind == resolve.None {
			return blocked("`%s` in the result of `%s` is not known", t.p.path(b.Path), m.name)
		}
		if t.judge.Types.Decl(ref.Def).Auto {
			m.promises = append(m.promises, t.p.path(b.Path))
		}
		if ref.Def == futureTrait {
			m.kind, m.pinned = future, true
			m.out = outputOf(b)
			if m.out == nil {
				return blocked("the result of `%s` has no `Output`", m.name)
			}
			continue
		}
		if t.hasPinnedMethods(ref.Def) {
			m.pinned = true
		}
		if !t.judge.Types.Decl(ref.Def).Auto && !t.boxImplements(ref.Def, m.pinned) {
			m.forwardable = false
		}
		m.bounds = append(m.bounds, *b)
	}
	if m.kind == future {
		m.bounds = slices.DeleteFunc(m.bounds, func(b syntax.Bound) bool { return !slices.Contains(m.promises, t.p.path(b.Path)) })
	}
	if !m.forwardable {
		t.limit("the box that `%s` returns does not implement `%s`", m.name, t.p.bounds(m.bounds))
	}
	return nil
}

// outputOf is the type that a bound Future<Output = T> names, nil if it names none.
func outputOf(b *syntax.Bound) *syntax.Type {
	last := &b.Path.Segments[len(b.Path.Segments)-1]
	if last.Args == nil {
		return nil
	}
	for i := range last.Args.List {
		if a := &last.Args.List[i]; a.Kind == syntax.ArgEq && a.Name == "Output" {
			return a.Type
		}
	}
	return nil
}

// hasPinnedMethods reports whether a method of the trait takes `self: Pin<..>`, as those of Stream do: its box is pinned.
func (t *Trait) hasPinnedMethods(def resolve.Def) bool {
	file := def.File()
	for _, m := range t.judge.Types.Decl(def).Members {
		if file.Syntax().Items[m].Kind != syntax.KindFn {
			continue
		}
		f := syntax.ParseFn(file.Syntax(), m, file.Edition)
		if f.Self != syntax.SelfTyped || f.SelfParam.Type.Kind != syntax.TypePath {
			continue
		}
		if s := f.SelfParam.Type.Path.Segments; len(s) > 0 && s[len(s)-1].Name == "Pin" {
			return true
		}
	}
	return false
}

// params are the names of the trait's generic parameters of one kind.
func (t *Trait) params(kind syntax.ParamKind) []string {
	var out []string
	for i := range t.header.Generics.Params {
		if p := &t.header.Generics.Params[i]; p.Kind == kind {
			out = append(out, t.p.raw(p.NameSpan))
		}
	}
	return out
}

// argNames are the names under which a method's parameters are passed on: patterns become argN.
func (t *Trait) argNames(m *method) []string {
	out := make([]string, len(m.fn.Params))
	taken := map[string]bool{}
	for i := range m.fn.Params {
		if name, ok := simpleName(t.p.raw(m.fn.Params[i].Pattern)); ok {
			out[i] = name
			taken[name] = true
		}
	}
	for i := range out {
		if out[i] == "" {
			for name := fmt.Sprintf("arg%d", i+1); ; name += "_" {
				if !taken[name] {
					out[i] = name
					taken[name] = true
					break
				}
			}
		}
	}
	return out
}

func simpleName(pattern string) (string, bool) {
	pattern = strings.TrimPrefix(pattern, "mut ")
	toks := syntax.Lex([]byte(pattern), source.Span{End: uint32(len(pattern))}, nil)
	if len(toks) != 2 || toks[0].Kind != syntax.Ident || toks[0].Word == syntax.WordUnderscore {
		return "", false
	}
	return pattern, true
}
