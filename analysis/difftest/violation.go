package difftest

import (
	"slices"
	"sort"
	"strings"
)

// Violation is one `...because` label of an E0038.
type Violation struct {
	Kind  string // DESIGN.md section 6
	Place Place  // zero when it lies in std
	Item  string // the method, const or type it names, or ""
}

// reasons maps rustc's words (rustc_middle/src/traits/mod.rs, DynCompatibilityViolation::error_msg) to our kinds.
var reasons = []struct{ prefix, part, kind string }{
	{"it requires `Self: Sized`", "", "sized_self"},
	{"it uses `Self` as a type parameter", "", "self_in_bounds"},
	{"it cannot use `Self` as a type parameter", "", "self_in_bounds"},
	{"it opted out", "", "opted_out"},
	{"it cannot have a `const` supertrait", "", "const_supertrait"},
	{"where clause cannot reference non-lifetime", "", "non_lifetime_binder"},
	{"it contains associated const", "", "assoc_const"},
	{"it contains generic associated const", "", "assoc_const"},
	{"it contains generic associated type", "", "gat"},
	{"associated function", "has no `self` parameter", "static_fn"},
	{"method", "references the `Self` type in this parameter", "self_in_param"},
	{"method", "references the `Self` type in its parameters", "self_in_param"},
	{"method", "references the `Self` type in its return type", "self_in_return"},
	{"method", "references the `Self` type in its `where` clause", "self_in_where"},
	{"method", "references an `impl Trait` type", "rpitit"},
	{"method", "is `async`", "async_fn"},
	{"method", "is C-variadic", "c_variadic"},
	{"method", "has generic type parameters", "generic"},
	{"method", "`self` parameter cannot be dispatched on", "receiver"},
}

// violationKind reads one reason: its kind and the item it names. The kind is "" for words nobody knows.
func violationKind(reason string) (kind, item string) {
	for _, r := range reasons {
		if !strings.HasPrefix(reason, r.prefix) || !strings.Contains(reason, r.part) {
			continue
		}
		if _, rest, ok := strings.Cut(reason, "`"); ok && !strings.HasPrefix(r.prefix, "it requires") && !strings.HasPrefix(r.prefix, "it uses") && !strings.HasPrefix(r.prefix, "it cannot") {
			item, _, _ = strings.Cut(rest, "`")
		}
		return r.kind, strings.TrimPrefix(item, "r#")
	}
	return "", ""
}

// distinct drops a second label of the same kind on the same text: `trait T: Fn(&Self)` has one for the arguments and
// one for the output. Labels in std have no place, so nothing says that two are one.
func distinct(sorted []Violation) []Violation {
	return slices.CompactFunc(sorted, func(a, b Violation) bool { return a == b && a.Place != Place{} })
}

func sortViolations(list []Violation) {
	sort.Slice(list, func(i, k int) bool {
		a, b := list[i], list[k]
		if a.Place != b.Place {
			return a.Place.before(b.Place)
		}
		if a.Kind != b.Kind {
			return a.Kind < b.Kind
		}
		return a.Item < b.Item
	})
}

func (p Place) before(q Place) bool {
	if p.File != q.File {
		return p.File < q.File
	}
	if p.Line != q.Line {
		return p.Line < q.Line
	}
	return p.Column < q.Column
}
