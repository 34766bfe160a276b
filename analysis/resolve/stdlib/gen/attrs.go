package main

// keptAttrs are the attributes that say something about names, or about dyn compatibility. All others go.
var keptAttrs = map[string]bool{
	"cfg": true, "path": true, "macro_use": true, "macro_export": true, "prelude_import": true, "lang": true, "derive": true,
	"rustc_dyn_incompatible_trait": true,
}

// unstableKinds are the items whose `#[unstable]` is kept (as a bare attribute).
var unstableKinds = map[itemKind]bool{
	itemMod: true, itemUse: true, itemTrait: true, itemStruct: true, itemEnum: true, itemUnion: true, itemType: true,
	itemMacroRules: true, itemMacro: true,
}

// innerAttributes writes the inner attributes that are kept at the head of a module: `#![cfg(..)]` decides whether it
// exists, `#![unstable]` holds for all that is in it.
func innerAttributes(w *writer, nodes []node) {
	for i := 0; i+2 < len(nodes) && nodes[i].is("#") && nodes[i+1].is("!"); i += 3 {
		attr := nodes[i+2].sub
		if len(attr) == 0 {
			continue
		}
		switch attr[0].text {
		case "no_std", "no_core":
			w.line("#![" + attr[0].text + "]")
		case "unstable":
			w.line("#![unstable]")
		case "cfg":
			if len(attr) == 2 && evaluate(attr[1].sub) != alwaysHolds {
				w.line("#![" + render(attr) + "]")
			}
		}
	}
}

// attributes is the rendered list of an item's attributes that are kept; ok is false if the item never exists.
func attributes(kind itemKind, attrs [][]node) (out []string, ok bool) {
	for _, a := range attrs {
		a = unconditional(a)
		if len(a) == 0 {
			continue
		}
		switch name := a[0].text; {
		case name == "cfg" && len(a) > 1:
			switch evaluate(a[1].sub) {
			case neverHolds:
				return nil, false
			case alwaysHolds:
				continue
			}
			out = append(out, "#["+render(a)+"]")
		case name == "unstable":
			if unstableKinds[kind] {
				out = append(out, "#[unstable]")
			}
		case name == "cfg_attr":
			if keepConditional(a) {
				out = append(out, "#["+render(a)+"]")
			}
		case keptAttrs[name]:
			out = append(out, "#["+render(a)+"]")
		}
	}
	return out, true
}

// unconditional opens `cfg_attr(not(test), x)`.
func unconditional(attr []node) []node {
	if len(attr) < 2 || !attr[0].is("cfg_attr") {
		return attr
	}
	parts := splitAt(attr[1].sub, ",")
	if len(parts) != 2 {
		return attr
	}
	switch evaluate(parts[0]) {
	case alwaysHolds:
		return parts[1]
	case neverHolds:
		return nil
	}
	return attr
}

func keepConditional(attr []node) bool {
	for _, part := range splitAt(attr[1].sub, ",")[1:] {
		if len(part) > 0 && keptAttrs[part[0].text] {
			return true
		}
	}
	return false
}

// neverSet are cfg options that are never set in the standard library that people link with.
var neverSet = map[string]bool{
	"test": true, "doctest": true, "doc": true, "bootstrap": true, "miri": true, "restricted_std": true,
	"no_global_oom_handling": true, "no_rc": true, "no_sync": true, "no_fp_fmt_parse": true,
}

// constancy is what the options that are never set make of a cfg predicate.
type constancy uint8

const (
	varies constancy = iota
	neverHolds
	alwaysHolds
)

func evaluate(predicate []node) constancy {
	if len(predicate) == 0 {
		return varies
	}
	if len(predicate) == 1 && neverSet[predicate[0].text] {
		return neverHolds
	}
	switch predicate[0].text {
	case "not":
		switch evaluate(predicate[1].sub) {
		case neverHolds:
			return alwaysHolds
		case alwaysHolds:
			return neverHolds
		}
	case "all", "any":
		return evaluateList(predicate[0].text, splitAt(predicate[1].sub, ","))
	}
	return varies
}

func evaluateList(op string, parts [][]node) constancy {
	decides, neutral := neverHolds, alwaysHolds
	if op == "any" {
		decides, neutral = alwaysHolds, neverHolds
	}
	out := neutral
	for _, p := range parts {
		switch evaluate(p) {
		case decides:
			return decides
		case varies:
			out = varies
		}
	}
	return out
}

// withoutAttrs removes attributes inside of an item (fields, parameters, generics), `#[cfg(..)]` excepted.
func withoutAttrs(nodes []node) []node {
	var out []node
	for i := 0; i < len(nodes); i++ {
		n := nodes[i]
		if n.is("#") && i+1 < len(nodes) && nodes[i+1].group('[') {
			attr := nodes[i+1].sub
			if len(attr) == 0 || !attr[0].is("cfg") {
				if i+2 < len(nodes) {
					nodes[i+2].gap = n.gap
				}
				i++
				continue
			}
		}
		if n.delim != 0 {
			n.sub = withoutAttrs(append([]node(nil), n.sub...))
		}
		out = append(out, n)
	}
	return out
}
