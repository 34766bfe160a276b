package companion

import "github.com/afidt-lsp/afidt-lsp/analysis/resolve"

// boxTraits are traits of the standard library that Box<T> implements for unsized T that do.
var boxTraits = [][]string{
	{"core", "iter", "Iterator"}, {"core", "iter", "DoubleEndedIterator"}, {"core", "iter", "ExactSizeIterator"},
	{"core", "iter", "FusedIterator"}, {"core", "fmt", "Debug"}, {"core", "fmt", "Display"}, {"core", "ops", "Fn"},
	{"core", "ops", "FnMut"}, {"core", "ops", "FnOnce"}, {"core", "hash", "Hasher"}, {"std", "io", "Read"}, {"std", "io", "Write"},
	{"std", "io", "BufRead"}, {"std", "io", "Seek"},
}

// pinTraits are traits, by crate and name, that Pin<Box<T>> implements for unsized T that do.
var pinTraits = [][2]string{
	{"futures_core", "Stream"}, {"futures_core", "FusedStream"}, {"futures_io", "AsyncRead"}, {"futures_io", "AsyncWrite"},
	{"futures_io", "AsyncBufRead"}, {"futures_io", "AsyncSeek"}, {"futures_sink", "Sink"}, {"tokio", "AsyncRead"},
	{"tokio", "AsyncWrite"}, {"tokio", "AsyncBufRead"}, {"tokio", "AsyncSeek"},
}

// boxHas reports whether Box<T> is known to implement a supertrait of T's, so that it can implement the trait itself.
func (t *Trait) boxHas(def resolve.Def) bool {
	r := t.judge.Types.Resolver
	return t.judge.Types.Decl(def).Auto || def == r.WellKnown("core", "fmt", "Debug") || def == r.WellKnown("core", "fmt", "Display") ||
		def == r.WellKnown("core", "any", "Any")
}

// boxImplements reports whether a box of the object type of a trait is known to implement the trait.
func (t *Trait) boxImplements(def resolve.Def, pinned bool) bool {
	for _, path := range boxTraits {
		if t.judge.Types.Resolver.WellKnown(path...) == def {
			return true
		}
	}
	for _, p := range pinTraits {
		if pinned && def.Scope.Crate.Name == p[0] && def.ItemName() == p[1] {
			return true
		}
	}
	return false
}
