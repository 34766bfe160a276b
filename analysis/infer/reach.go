package infer

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Most calls of a name are of other methods than those that are looked for: of all `.get(..)` in a workspace a handful is of the
// one trait that has an async `get`. A method of a trait can be called only
//
//   - where the trait is in scope: it is named there, or a glob leads to it;
//   - on a value whose type has it among its bounds. Those of a parameter are named in the same file, by the name of the trait
//     or of a subtrait; those of trait objects, of `impl` types that are returned and of associated types travel.
//
// So the text tells, before anything is parsed, where a call is out of the question.

// abroad is what is known of a trait outside of the file that declares it. Targets that share a file share it.
type abroad struct {
	home    home
	names   []string // its own, with what `as` and attribute macros make of it
	kin     []string // those of its subtraits
	hidden  bool     // it is handed on `as _`
	travels bool     // values are handed on that are known by the trait alone
	sight   sight    // what a body names that gets hold of these
}

type traitKey struct {
	file *workspace.File
	item int32
}

func keyOf(d resolve.Def) traitKey { return traitKey{d.File(), d.Item} }

// targets are the traits whose methods are looked for. They are known where a whole workspace is analysed; where it is edited,
// names alone are.
type targets struct {
	byName map[string][]askedTrait
	used   map[resolve.Def]bool // as dyn, or a supertrait of one that is
	abroad map[traitKey]*abroad
	leads  *leadWords
}

// askedTrait is a trait with what its method takes.
type askedTrait struct {
	resolve.Def
	takes arity
}

// site is what the text says of a call: the name and the arguments.
type site struct {
	name string
	args arity
}

// followed reports whether it is known where a trait's methods can be called: of the workspace's own, and of traits that dependencies
// implement for all that implements another, which nobody uses as types.
func (t *targets) followed(d resolve.Def) bool { return d.Scope.Crate.Member || !t.used[d] }

// lookAbroad finds out about the traits whose methods are looked for, where they are followed.
func (e *engine) lookAbroad(wanted *targets) map[traitKey]*abroad {
	out := map[traitKey]*abroad{}
	for _, traits := range wanted.byName {
		for _, d := range traits {
			if wanted.followed(d.Def) && out[keyOf(d.Def)] == nil {
				out[keyOf(d.Def)] = &abroad{names: ownNames(d.Def), home: homeOf(d.Def)}
			}
		}
	}
	if len(out) == 0 {
		return out
	}
	for i := range e.Traits {
		d := e.Traits[i].Def
		for _, up := range e.types.Supertraits(d)[1:] {
			if up.Def.Kind != resolve.Trait {
				continue
			}
			if a := out[keyOf(up.Def)]; a != nil {
				a.kin = append(a.kin, ownNames(d)...)
			}
		}
	}
	for d := range wanted.used {
		if d.Kind == resolve.Trait && d.Scope.Crate.Member {
			if a := out[keyOf(d)]; a != nil {
				a.travels = true
			}
		}
	}
	own := map[string]bool{}
	for _, a := range out {
		for _, n := range slices.Concat(a.names, a.kin) {
			own[n] = true
		}
	}
	renames, macros := e.renames(own), e.macros()
	for _, a := range out {
		a.names, a.kin = renamed(a.names, renames), renamed(a.kin, renames)
		a.hidden = slices.Contains(a.names, "_") || a.home.foreign.file != nil // a dependency may have a prelude
		a.travels = a.travels || lowerCase(a.names[0])                         // see workspace.Handed
	}
	e.handOn(out, macros)
	var seen *sights
	for _, a := range out {
		if lowerCase(a.names[0]) {
			a.sight.open = true
		} else if a.travels {
			if seen == nil {
				seen = newSights(e)
			}
			a.sight = seen.of(slices.Concat(a.names, a.kin), a.home)
			a.sight.index()
		}
	}
	return out
}

// ownNames are the names of a trait and of what attribute macros generate beside it.
func ownNames(d resolve.Def) []string {
	out := []string{d.File().Syntax().Items[d.Item].Name}
	for _, made := range d.Scope.Made() {
		if made.Item == d.Item {
			out = append(out, made.Name)
		}
	}
	return out
}

// renames are the names that `as` gives in the workspace to its own traits, and to what they are called then, by the hash of
// what it renames.
func (e *engine) renames(own map[string]bool) map[uint32][]string {
	type renaming struct {
		to   string
		file *workspace.File
	}
	all := map[uint32][]renaming{}
	for _, file := range e.Snapshot.Files {
		for hash, names := range file.Headers().Renamed {
			for _, to := range names {
				all[hash] = append(all[hash], renaming{to, file})
			}
		}
	}
	out := map[uint32][]string{}
	delete(own, "_")
	for names := slices.Collect(maps.Keys(own)); len(names) > 0; {
		var more []string
		for _, from := range names {
			hash := workspace.HashWord(from)
			for _, r := range all[hash] {
				if slices.Contains(out[hash], r.to) || renamesStd(r.file.Text, r.to) {
					continue
				}
				out[hash] = append(out[hash], r.to)
				if r.to != "_" && !own[r.to] {
					own[r.to] = true
					more = append(more, r.to)
				}
			}
		}
		names = more
	}
	return out
}

// macros are the macros of the workspace that may write `dyn` before an argument.
func (e *engine) macros() map[string]bool {
	out := map[string]bool{}
	for _, file := range e.Snapshot.Files {
		for _, m := range file.Handed().Macros {
			out[m] = true
		}
	}
	return out
}

// renamesStd reports whether all that is given a name by `as` in a text is of the standard library: `use std::fs::File as StdFile`
// renames no trait of the workspace called File.
func renamesStd(text []byte, to string) bool {
	all := true
	workspace.EachWord(text, to, func(start, _ int) {
		end := blanksBack(text, start)
		if !bytes.HasSuffix(text[:end], []byte("as")) {
			return
		}
		before := text[max(0, end-maxUse):end]
		use := bytes.LastIndex(before, []byte("use "))
		if use < 0 || bytes.IndexByte(before[use:], ';') >= 0 {
			all = false
			return
		}
		path := bytes.TrimLeft(before[use+len("use "):], ": ")
		all = all && slices.ContainsFunc(stdCrates[:], func(name string) bool { return bytes.HasPrefix(path, []byte(name+"::")) })
	})
	return all
}

// maxUse bounds the bytes of a `use` that are looked at.
const maxUse = 1024

// renamed adds to names what `as` makes of them.
func renamed(names []string, renames map[uint32][]string) []string {
	for i := 0; i < len(names); i++ {
		for _, n := range renames[workspace.HashWord(names[i])] {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	return names
}

func lowerCase(name string) bool { return name[0] >= 'a' && name[0] <= 'z' }

// handOn finds out which of the traits travel.
func (e *engine) handOn(traits map[traitKey]*abroad, macros map[string]bool) {
	asked := map[uint32][]*abroad{}
	var some [4096]bool // a hash that is asked for ends like that
	for _, a := range traits {
		for _, n := range slices.Concat(a.names, a.kin) {
			hash := workspace.HashWord(n)
			asked[hash] = append(asked[hash], a)
			some[hash%4096] = true
		}
	}
	see := func(hashes []uint32) {
		for _, hash := range hashes {
			if some[hash%4096] {
				for _, a := range asked[hash] {
					a.travels = true
				}
			}
		}
	}
	for _, file := range e.Snapshot.Files {
		see(file.Handed().Bounds)
		for name := range macros {
			if !file.Handed().Invokes(name) {
				continue
			}
			see(workspace.MacroWords(file.Text, name))
		}
	}
}

// reach says whether the methods of a name that are looked for can be called in a file.
type reach struct {
	sure     bool          // as far as the text tells
	imported []resolve.Def // else where one of these traits comes into scope by a glob or a macro
	sighted  []notedWord   // or where a body has one of these words, which lead to a value
}

// reachOf is the reach of a call in a file.
func (e *engine) reachOf(file *workspace.File, call site, names *Names) reach {
	if e.targets == nil {
		return reach{sure: slices.ContainsFunc(names.set[call.name], func(w wanted) bool { return call.args.fits(w.takes) && e.reaches(file, w.home) })}
	}
	var out reach
	for _, d := range e.targets.byName[call.name] {
		if !call.args.fits(d.takes) {
			continue
		}
		if !e.reaches(file, homeOf(d.Def)) {
			continue
		}
		if !e.targets.followed(d.Def) {
			return reach{sure: true}
		}
		a := e.targets.abroad[keyOf(d.Def)]
		in := func(n string) bool { return n != "_" && file.Handed().Have(n) && hasWord(file.Text, n) }
		if a.sight.open || slices.ContainsFunc(a.names, in) || slices.ContainsFunc(a.kin, in) {
			return reach{sure: true}
		}
		if a.travels {
			out.sighted = append(out.sighted, e.leadingIn(file, &a.sight)...)
		}
		out.imported = append(out.imported, d.Def)
	}
	return out
}

// sees reports whether the body around an offset names what leads to values that are known by a trait.
func (e *engine) sees(file *workspace.File, offset uint32, r reach) bool {
	return len(r.sighted) > 0 && e.leadsAt(file, bodyAt(file.Syntax(), offset), r.sighted)
}

// imports reports whether a trait that the file does not name comes into scope at an offset.
func (e *engine) imports(file *workspace.File, offset uint32, r reach) bool {
	if len(r.imported) == 0 {
		return false
	}
	item := itemAt(file.Syntax(), offset)
	for _, owner := range file.Owners {
		scope := owner.ScopeAt(item, offset)
		if slices.ContainsFunc(r.imported, func(d resolve.Def) bool { return e.opens(scope, d) }) {
			return true
		}
	}
	return false
}

// opens reports whether a glob or a macro brings a trait into a scope.
func (e *engine) opens(scope *workspace.Scope, trait resolve.Def) bool {
	key := opening{scope, keyOf(trait)}
	if v, ok := e.openings.Load(key); ok {
		return v.(bool)
	}
	a := e.targets.abroad[key.trait]
	out := false
	for s := scope.Open(); s != nil && !out; s = s.Parent.Open() {
		if x := s.Index(); len(x.Globs) > 0 || len(x.Calls) > 0 {
			out = a.hidden && e.hasInScope(scope, key.trait) || slices.ContainsFunc(a.names, func(n string) bool {
				d := e.resolve.Lexical(scope, n).Def
				return d.Kind == resolve.Trait && keyOf(d) == key.trait
			})
		}
		if !s.IsBlock() {
			break
		}
	}
	e.openings.Store(key, out)
	return out
}

// hasInScope reports whether a trait is in scope, whatever it is called there. A trait alias may be of it.
func (e *engine) hasInScope(scope *workspace.Scope, trait traitKey) bool {
	return slices.ContainsFunc(e.resolve.TraitsInScope(scope), func(d resolve.Def) bool {
		return d.Kind == resolve.TraitAlias || d.Kind == resolve.Trait && keyOf(d) == trait
	})
}

type opening struct {
	scope *workspace.Scope
	trait traitKey
}

// scopeSite is a call that stands in a scope.
type scopeSite struct {
	scope *workspace.Scope
	site
}

// means reports whether a call in the body of an item can be of a method that is looked for. Scope is that of the call.
func (e *engine) means(scope *workspace.Scope, item int32, call site, names *Names) bool {
	if e.targets == nil {
		return true
	}
	key := scopeSite{scope, call}
	v, ok := e.meant.Load(key)
	if !ok {
		r := e.reachOf(scope.File, call, names)
		r.sure = r.sure || slices.ContainsFunc(r.imported, func(d resolve.Def) bool { return e.opens(scope, d) })
		v, _ = e.meant.LoadOrStore(key, &r)
	}
	r := v.(*reach)
	return r.sure || len(r.sighted) > 0 && e.leadsAt(scope.File, item, r.sighted)
}

// reaches reports whether a value whose methods include those of a trait may be had in a file: not if the trait is private
// to other modules, or its crate is none that the file's crates depend on.
func (e *engine) reaches(file *workspace.File, h home) bool {
	switch {
	case h.pkg != "":
		return len(file.Owners) == 0 || slices.ContainsFunc(file.Owners, func(o *workspace.Scope) bool {
			all := o.Crate.Target.Package.Closure()
			return all == nil || all[h.pkg]
		})
	case h.target == nil || file.Path == h.file:
		return true
	}
	for _, o := range file.Owners {
		switch {
		case o.Crate.Target != h.target:
			if h.public && e.dependsOn(o.Crate.Target.Package, h.target.Package) {
				return true
			}
		case h.module == "":
			return true
		default:
			if inner, ok := strings.CutPrefix(o.Path(), h.module); ok && (inner == "" || strings.HasPrefix(inner, "::")) {
				return true
			}
		}
	}
	return false
}

// dependsOn reports whether a package of the workspace is another or depends on it, through others of the workspace; packages
// are told apart by their names.
func (e *engine) dependsOn(p, on *cargo.Package) bool {
	if p == on {
		return true
	}
	v, ok := e.closures.Load(p)
	if !ok {
		byName := map[string][]*cargo.Package{}
		for _, m := range e.Snapshot.Cargo.Members {
			byName[m.Name] = append(byName[m.Name], m)
		}
		all, work := map[*cargo.Package]bool{p: true}, []*cargo.Package{p}
		for len(work) > 0 {
			next := work[len(work)-1]
			work = work[:len(work)-1]
			for _, d := range next.Deps {
				for _, m := range byName[d.Package] {
					if !all[m] {
						all[m] = true
						work = append(work, m)
					}
				}
			}
		}
		v, _ = e.closures.LoadOrStore(p, all)
	}
	return v.(map[*cargo.Package]bool)[on]
}
