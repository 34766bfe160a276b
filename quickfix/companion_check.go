package quickfix

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/quickfix/companion"
)

// Minor releases of Rust 1 that companions depend on.
const (
	asyncFnInTraits = 75 // async fn and impl Trait in traits
	omittedItems    = 87 // an impl for an unsized type may leave out items that ask for Self: Sized
)

// check says what keeps a companion of the trait, in a module of its own, from compiling; nil if nothing does.
func (p *companionPlan) check(t *companion.Trait) error {
	scope := p.homeOf(t.Def)
	if scope.IsBlock() {
		return companion.Blocked("`" + t.Name + "` stands in a function, where a module cannot see it")
	}
	if name := "dyn_" + snake(t.Def.ItemName()); len(scope.Index().Names[name]) > 0 {
		return companion.Blocked("`" + name + "` is there already")
	}
	if p.alias(t.Def) == "" {
		return companion.Blocked("`Dyn" + t.Def.ItemName() + "` and other names for it are there already")
	}
	return p.checkTarget(t)
}

// aliases are the names of a companion's object type, in the order in which they are tried.
var aliases = []string{"Dyn%s", "%sDyn", "Erased%s"}

// alias is the name of the object type of a trait's companion: the first that is free beside the trait. It is empty if none is,
// or if one of them is a trait, which is a companion that somebody wrote.
func (p *companionPlan) alias(def resolve.Def) string {
	home := p.homeOf(def)
	index := home.Index()
	free := ""
	patterns := aliases
	if c := p.convention(); c.trait != "" {
		patterns = append([]string{c.trait}, aliases...)
	}
	for _, pattern := range patterns {
		name := fmt.Sprintf(pattern, camel(def.ItemName()))
		entries := index.Names[name]
		for _, e := range entries {
			if e.Import < 0 && home.File.Syntax().Items[e.Item].Kind == syntax.KindTrait {
				return ""
			}
		}
		if free == "" && len(entries) == 0 {
			free = name
		}
	}
	return free
}

// checkTarget says what keeps a companion of the trait from compiling in the trait's crate, wherever it stands.
func (p *companionPlan) checkTarget(t *companion.Trait) error {
	scope := p.homeOf(t.Def)
	if pkg := scope.Crate.Target; pkg != nil {
		minor, ok := minorVersion(pkg.Package.RustVersion)
		switch {
		case ok && minor < asyncFnInTraits:
			return tooOld(pkg.Package.RustVersion, "`async fn` in traits", asyncFnInTraits)
		case ok && minor < omittedItems && t.Omitted && len(t.Limits) == 0:
			return tooOld(pkg.Package.RustVersion, "an impl for the object of `"+t.Def.ItemName()+"` without the items that ask for `Self: Sized`", omittedItems)
		}
	}
	if t.Unsafe() && (forbids(scope.Crate, "unsafe_code")) {
		return companion.Blocked("the crate forbids unsafe code, and a companion of `" + t.Name + "` needs an unsafe block")
	}
	if scope.Crate.HasInner("no_std") && !declaresAlloc(scope.Crate) {
		return companion.Blocked("the crate is `no_std`: a box needs `extern crate alloc;` in its root")
	}
	if p.home != nil {
		return p.checkAbroad(t)
	}
	return p.checkOverlap(t)
}

// checkOverlap looks for impls of the trait that leave no room for one for an object type.
func (p *companionPlan) checkOverlap(t *companion.Trait) error {
	impls, _ := p.implsOf(t.Def)
	for i := range impls {
		im := &impls[i]
		if target := targetOf(im); target.blanket && target.unsized {
			return companion.Blocked(fmt.Sprintf("an impl for all types in %s would overlap with that for the object (E0119)", im.place()))
		}
	}
	return nil
}

func tooOld(have, what string, minor int) error {
	return companion.Blocked(fmt.Sprintf("rust-version is %s, and %s needs 1.%d", have, what, minor))
}

// minorVersion is the y of a rust-version 1.y or 1.y.z.
func minorVersion(version string) (int, bool) {
	rest, ok := strings.CutPrefix(version, "1.")
	if !ok {
		return 0, false
	}
	rest, _, _ = strings.Cut(rest, ".")
	minor, err := strconv.Atoi(rest)
	return minor, err == nil
}

func declaresAlloc(c *workspace.Crate) bool {
	for _, e := range c.Root.Index().Names["alloc"] {
		if e.Import < 0 && c.Root.File.Syntax().Items[e.Item].Kind == syntax.KindExternCrate {
			return true
		}
	}
	return false
}

// implTarget is what an impl is for, as far as overlaps go.
type implTarget struct {
	blanket bool // a type parameter
	unsized bool // that need not be Sized
	box     bool // Box<..>
}

func targetOf(im *traitImpl) implTarget {
	var out implTarget
	t := im.Header.Type
	if t == nil || t.Kind != syntax.TypePath || t.Path.QSelf != nil || len(t.Path.Segments) == 0 {
		return out
	}
	last := t.Path.Segments[len(t.Path.Segments)-1]
	out.box = last.Name == "Box"
	if len(t.Path.Segments) > 1 {
		return out
	}
	maybe := func(bounds []syntax.Bound) bool {
		return slices.ContainsFunc(bounds, func(b syntax.Bound) bool { return b.Maybe })
	}
	for _, param := range im.Header.Generics.Params {
		if param.Kind == syntax.ParamType && param.Name == last.Name {
			out.blanket, out.unsized = true, maybe(param.Bounds)
		}
	}
	for _, w := range im.Header.Generics.Where {
		if out.blanket && w.Type != nil && w.Type.Kind == syntax.TypePath && len(w.Type.Path.Segments) == 1 && w.Type.Path.Segments[0].Name == last.Name {
			out.unsized = out.unsized || maybe(w.Bounds)
		}
	}
	return out
}

// place names where an impl stands.
func (im *traitImpl) place() string {
	name := im.File.Path[strings.LastIndexAny(im.File.Path, `/\\`)+1:]
	return fmt.Sprintf("%s:%d", name, im.File.Position(im.File.Syntax().Items[im.Item].Span.Start).Line)
}

// bridgeable reports whether nothing in sight would overlap with an impl of the trait for Box<T>: an impl for some box, for
// all types, or one that a macro may write.
func (p *companionPlan) bridgeable(def resolve.Def) bool {
	impls, complete := p.implsOf(def)
	for i := range impls {
		if target := targetOf(&impls[i]); target.box || target.blanket {
			return false
		}
	}
	return complete && !p.inMacros(def)
}

// inMacros reports whether a macro call in item position names the trait: it may implement it for anything.
func (p *companionPlan) inMacros(def resolve.Def) bool {
	name := []byte(def.ItemName())
	return slices.ContainsFunc(p.macros.of(p.Snapshot.Files), func(text []byte) bool { return bytes.Contains(text, name) })
}

// lazyMacros are the texts of the workspace's macros that may write any item: invocations where an item could stand, and definitions, but for
// those that are read as items. They are found when a fix first asks.
type lazyMacros struct {
	once  sync.Once
	texts [][]byte
}

func (l *lazyMacros) of(files []*workspace.File) [][]byte {
	l.once.Do(func() {
		for _, file := range files {
			macros := file.Syntax().Macros
			for i := range macros {
				if m := &macros[i]; (m.ItemPosition || m.Definition) && !m.Items {
					l.texts = append(l.texts, m.Args.Of(file.Text))
				}
			}
		}
	})
	return l.texts
}

// forbids reports whether the crate's root says #![forbid(lint)] or #![deny(lint)], or its manifest does.
func forbids(c *workspace.Crate, lint string) bool {
	if level := lintLevel(c, lint); level == "forbid" || level == "deny" {
		return true
	}
	f := c.Root.File.Syntax()
	for i := f.Inner.Start; i < f.Inner.End; i++ {
		a := &f.Attrs[i]
		if path := string(a.Path.Of(f.Text)); (path == "forbid" || path == "deny") && bytes.Contains(a.Args.Of(f.Text), []byte(lint)) {
			return true
		}
	}
	return false
}
