package companion

import (
	"fmt"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// signature is a method's signature with its lifetimes settled, still as syntax.
type signature struct {
	lifetimes []string // generic parameters: `'a`, `'b: 'a`
	self      *receiver
	params    []*syntax.Type
	out       *syntax.Type // of a future its output; nil for ()
	bounds    []syntax.Bound
	bound     string   // the lifetime of the boxed object; empty for a plain method
	outlives  []string // what has to outlive bound: parameters, lifetimes, Self
	// handed is set if the object's own method may return the box as it is: the box lives as long as the receiver's borrow.
	handed bool
}

// erase settles the lifetimes of a method of the companion.
//
// The future (or other opaque value) of a method holds the receiver, all arguments, and all generic parameters of the trait;
// its box has to be given one lifetime that all of them outlive. In the order of preference:
//
//	F0  the native method says itself what it outlives: nothing is to do
//	F1  the receiver's borrow is all there is: '_
//	F2  the other borrows are outermost & of arguments and the output borrows from none of them: all share one lifetime
//	F3  each region has a lifetime of its own, and all outlive 'fut
func (t *Trait) erase(m *method) *signature {
	var c copier
	s := &signature{out: c.typ(m.out), bounds: c.bounds(m.bounds), params: make([]*syntax.Type, len(m.fn.Params))}
	for i := range m.fn.Params {
		s.params[i] = c.typ(m.parameter(i))
	}
	for i := range m.fn.Generics.Params {
		s.lifetimes = append(s.lifetimes, t.p.param(&m.fn.Generics.Params[i], false))
	}
	self := newReceiver(m)
	if m.kind == plain || m.outlives != "" {
		s.self, s.bound = self, m.outlives
		s.handed = true
		return s
	}
	recv := &regions{env: m.env}
	self.regions(recv)
	args := &regions{env: m.env}
	for _, p := range s.params {
		args.typ(p, true)
	}
	out := &regions{env: m.env}
	out.typ(s.out, false)
	out.bounds(s.bounds)
	named := func(r region) bool { return !r.elided() && !slices.Contains(t.params(syntax.ParamLifetime), *r.at) }
	typeParams, lifetimes := t.params(syntax.ParamType), t.params(syntax.ParamLifetime)
	owned := m.owned()
	args.list = slices.DeleteFunc(args.list, func(r region) bool { return slices.Contains(lifetimes, *r.at) })
	declared := len(s.lifetimes) > 0
	borrowsArgs := len(args.list) > 0
	lone := !owned && !borrowsArgs || owned && !borrowsArgs && len(typeParams) == 0 && len(lifetimes) == 0
	outElided := slices.ContainsFunc(out.list, region.elided)
	taken := func(name string) bool {
		return slices.Contains(lifetimes, name) || slices.Contains(t.reserved, name) || slices.ContainsFunc(m.fn.Generics.Params, func(p syntax.Param) bool { return p.Name == name })
	}
	switch {
	case !declared && !owned && !borrowsArgs && len(typeParams) == 0 && len(lifetimes) == 0 && len(recv.list) == 1:
		s.bound = "'_"
	case !declared && len(recv.list) <= 1 && !slices.ContainsFunc(recv.list, named) &&
		!slices.ContainsFunc(args.list, func(r region) bool { return !r.top || !r.elided() }) &&
		(!borrowsArgs || !outElided) && (!owned || !outElided):
		name := fresh("'a", taken)
		for _, r := range slices.Concat(recv.list, args.list, out.list) {
			if r.elided() {
				*r.at = name
			}
		}
		s.lifetimes = append(s.lifetimes, name)
		s.bound = name
	default:
		t.nameAll(s, m, recv, args, out, taken)
	}
	if s.bound != "'_" {
		if owned {
			s.outlives = append(s.outlives, "Self")
		}
		s.outlives = append(s.outlives, lifetimes...)
		s.outlives = append(s.outlives, typeParams...)
	}
	s.handed = lone
	s.self = self
	return s
}

// nameAll gives each region a lifetime of its own (F3).
func (t *Trait) nameAll(s *signature, m *method, recv, args, out *regions, taken func(string) bool) {
	used := map[string]bool{}
	next := func(want string) string {
		name := fresh(want, func(n string) bool { return used[n] || taken(n) })
		used[name] = true
		return name
	}
	var first, later, all []string
	source := "" // what elided lifetimes of the output mean
	for _, r := range recv.list {
		if r.elided() {
			*r.at = next("'s")
			first = append(first, *r.at)
		}
		source = *r.at
		all = append(all, *r.at)
	}
	for i, r := range args.list {
		if r.elided() {
			*r.at = next(fmt.Sprintf("'life%d", i+1))
			later = append(later, *r.at)
		}
		all = append(all, *r.at)
	}
	if len(recv.list) == 0 && len(args.list) > 0 {
		source = *args.list[0].at
	}
	for _, r := range out.list {
		if r.elided() && source != "" {
			*r.at = source
		}
	}
	for i := range m.fn.Generics.Params {
		if p := &m.fn.Generics.Params[i]; p.Kind == syntax.ParamLifetime {
			all = append(all, p.Name)
		}
	}
	s.bound = next("'fut")
	s.lifetimes = slices.Concat(first, s.lifetimes, later, []string{s.bound})
	for _, name := range all {
		if !slices.Contains(s.outlives, name) {
			s.outlives = append(s.outlives, name)
		}
	}
}

// fresh is want, or want with something added that is not taken.
func fresh(want string, taken func(string) bool) string {
	name := want
	for i := 1; taken(name); i++ {
		name = fmt.Sprintf("%s%d", want, i)
	}
	return name
}

// receiver is a method's self.
type receiver struct {
	kind     syntax.SelfKind
	lifetime string
	typ      *syntax.Type
}

func newReceiver(m *method) *receiver {
	r := &receiver{kind: m.fn.Self, lifetime: m.fn.SelfLifetime}
	if m.fn.Self == syntax.SelfTyped {
		r.typ = copier{}.typ(m.fn.SelfParam.Type)
	}
	return r
}

func (r *receiver) regions(out *regions) {
	switch r.kind {
	case syntax.SelfRef, syntax.SelfRefMut:
		out.add(&r.lifetime, false)
	case syntax.SelfTyped:
		out.typ(r.typ, false)
	}
}

// String is the receiver as the companion has it: by value it goes into a box.
func (r *receiver) String(p printer) string {
	switch r.kind {
	case syntax.SelfRef, syntax.SelfRefMut:
		out := "&"
		if r.lifetime != "" {
			out += r.lifetime + " "
		}
		if r.kind == syntax.SelfRefMut {
			out += "mut "
		}
		return out + "self"
	case syntax.SelfTyped:
		return "self: " + p.typ(r.typ)
	}
	return "self: Box<Self>"
}
