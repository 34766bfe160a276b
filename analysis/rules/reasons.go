package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
)

// maxReasons is how many reasons a message names before it counts the rest, and how many items of one.
const maxReasons = 3

// plurals say what rustc says of one item of several; %s are the items.
var plurals = map[dyncompat.Kind]string{
	dyncompat.StaticFn:     "associated functions %s have no `self` parameter",
	dyncompat.SelfInParam:  "methods %s reference the `Self` type in their parameters",
	dyncompat.SelfInReturn: "methods %s reference the `Self` type in their return types",
	dyncompat.RPITIT:       "methods %s reference an `impl Trait` type in their return types",
	dyncompat.AsyncFn:      "methods %s are `async`",
	dyncompat.CVariadic:    "methods %s are C-variadic",
	dyncompat.SelfInWhere:  "methods %s reference the `Self` type in their `where` clauses",
	dyncompat.Generic:      "methods %s have generic type parameters",
	dyncompat.Receiver:     "the `self` parameters of methods %s cannot be dispatched on",
	dyncompat.AssocConst:   "it contains associated consts %s",
	dyncompat.GAT:          "it contains generic associated types %s",
}

// reasons is the one-sentence summary of a verdict: what stands against several items is said once.
func reasons(v *dyncompat.Verdict) string {
	var order []dyncompat.Kind
	first, items := map[dyncompat.Kind]string{}, map[dyncompat.Kind][]string{}
	for i := range v.Violations {
		x := &v.Violations[i]
		if first[x.Kind] == "" {
			order = append(order, x.Kind)
			first[x.Kind] = x.Message()
		}
		items[x.Kind] = appendNew(items[x.Kind], "`"+x.Item+"`")
	}
	var all []string
	for _, k := range order {
		if plural := plurals[k]; plural != "" && len(items[k]) > 1 {
			all = append(all, fmt.Sprintf(plural, enumerated(items[k])))
		} else {
			all = append(all, first[k])
		}
	}
	return enumerated(all)
}

// enumerated joins a list by commas and `and`, and counts what goes beyond maxReasons.
func enumerated(list []string) string {
	if more := len(list) - maxReasons; more > 0 {
		list = append(slices.Clone(list[:maxReasons]), fmt.Sprintf("%d more", more))
	}
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

// advice is rustc's, but where it is better to box: rustc knows only how to take a method away from the trait.
func (p *Pass) advice(v *dyncompat.Violation) string {
	methods := p.Judge.Verdict(v.Trait).Methods // in source order
	i, ok := slices.BinarySearchFunc(methods, v.Member, func(m dyncompat.Method, item int32) int { return cmp.Compare(m.Item, item) })
	if ok && methods[i].Class == dyncompat.Boxed {
		return ""
	}
	return v.Help()
}
