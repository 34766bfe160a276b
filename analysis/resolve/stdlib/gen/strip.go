package main

import (
	"fmt"
	"path"
	"strings"
)

// A place is where an item stands; it decides what is kept of it.
type place uint8

const (
	inModule place = iota
	inTrait
	inInherentImpl
	inTraitImpl
)

// stripper writes the declarations of one crate, file by file.
type stripper struct {
	sources sources
	out     map[string]string // stripped text by path
	// scope holds the macro_rules! in textual scope, innermost last; everywhere those of the whole crate, which paths and
	// `macro` reach.
	scope      []*macro
	everywhere map[string]*macro
	// internal are the traits that no path from outside reaches; their impls are left out.
	internal map[string]bool
	depth    int // nesting of macro expansions
	notes    []string
}

// module is the file and folder that the items being written belong to.
type module struct {
	file  string // path of the file
	dir   string // folder of its child modules
	names namesOnly
	// expanded is set in what a macro wrote.
	expanded bool
	attrs    []string // attributes of the macro invocation, which its items inherit
}

// namesOnly says that a module is there for the names of its types alone: no function, impl or constant is kept.
type namesOnly bool

const maxExpansion = 40

// note records what could not be read; where names are enough, that is no loss.
func (s *stripper) note(m module, format string, args ...any) {
	if m.names {
		return
	}
	s.notes = append(s.notes, m.file+": "+fmt.Sprintf(format, args...))
}

// file writes the file of a module and everything below it, and reports whether anything was left of it.
func (s *stripper) file(m module) (bool, error) {
	nodes, err := s.sources.trees(m.file)
	if err != nil {
		return false, err
	}
	var w writer
	innerAttributes(&w, nodes)
	if err := s.items(&w, m, inModule, nodes); err != nil {
		return false, err
	}
	s.out[m.file] = w.String()
	return w.Len() > 0, nil
}

func (s *stripper) items(w *writer, m module, p place, nodes []node) error {
	for _, it := range splitItems(nodes, 0) {
		if it.kind == itemOther {
			if it.length == 0 {
				s.note(m, "not an item: %.80s", render(it.head))
			}
			continue
		}
		attrs, ok := attributes(it.kind, it.attrs)
		if !ok {
			continue
		}
		attrs = append(append([]string(nil), m.attrs...), attrs...)
		if err := s.item(w, m, p, &it, attrs); err != nil {
			return err
		}
	}
	return nil
}

func (s *stripper) item(w *writer, m module, p place, it *item, attrs []string) error {
	vis := render(it.vis)
	if vis != "" {
		vis += " "
	}
	prefix := strings.Join(attrs, " ")
	if prefix != "" {
		prefix += " "
	}
	declare := prefix + vis
	switch it.kind {
	case itemUse, itemExternCrate, itemType:
		if bool(m.names) && it.kind == itemUse && len(it.vis) == 0 {
			return nil
		}
		if it.kind == itemType && p == inInherentImpl && !it.public() {
			return nil
		}
		w.line(declare + render(withoutAttrs(it.head)) + ";")
	case itemMod:
		return s.module(w, m, it, attrs, declare)
	case itemStruct, itemUnion:
		w.line(declare + structText(it))
	case itemEnum:
		w.line(declare + render(withoutAttrs(it.head)) + " { " + strings.Join(variants(it.body.sub), ", ") + " }")
	case itemTrait:
		return s.trait(w, m, it, declare)
	case itemImpl:
		return s.impl(w, m, it, prefix)
	case itemFn:
		if p == inTraitImpl || bool(m.names) && p == inModule || p != inTrait && !it.public() {
			return nil
		}
		body := ";"
		if it.body != nil {
			body = " {}"
		}
		w.line(declare + render(withoutAttrs(it.head)) + body)
	case itemConst, itemStatic:
		if it.name == "_" || p == inTraitImpl || bool(m.names) && p == inModule || p != inTrait && !it.public() {
			return nil
		}
		w.line(declare + render(splitAt(it.head, "=")[0]) + ";")
	case itemMacroRules, itemMacro:
		s.define(it)
		if it.kind == itemMacroRules && strings.Contains(prefix, "macro_export") {
			w.line(declare + "macro_rules! " + it.name + " { () => {} }")
		}
		if it.kind == itemMacro && it.public() {
			w.line(declare + "macro " + it.name + "() {}")
		}
	case itemMacroCall:
		return s.call(w, m, p, it, attrs)
	}
	return nil
}

// emptyModules are modules of which no public name comes: they are kept as names without content.
var emptyModules = map[string]bool{
	"std/src/lib.rs::sys": true, "std/src/lib.rs::backtrace_rs": true,
}

func (s *stripper) module(w *writer, m module, it *item, attrs []string, declare string) error {
	mark := len(s.scope)
	if !strings.Contains(declare, "#[macro_use]") {
		defer func() { s.scope = s.scope[:mark] }()
	}
	if emptyModules[m.file+"::"+it.name] {
		w.line(dropPath(declare) + "mod " + it.name + " {}")
		return nil
	}
	inner := m
	inner.attrs = nil
	if it.body != nil {
		inner.dir = path.Join(m.dir, it.name)
		w.open(declare + "mod " + it.name)
		innerAttributes(w, it.body.sub)
		err := s.items(w, inner, inModule, it.body.sub)
		w.close()
		return err
	}
	inner.file, inner.dir = s.sources.child(m, it)
	if inner.file == "" {
		return fmt.Errorf("%s: no file for `mod %s`", m.file, it.name)
	}
	inner.names = m.names || namesOnly(strings.HasPrefix(inner.file, "stdarch/"))
	inner.expanded = false
	some, err := s.file(inner)
	if err != nil {
		return err
	}
	if !some {
		delete(s.out, inner.file)
		w.line(dropPath(declare) + "mod " + it.name + " {}")
		return nil
	}
	w.line(declare + "mod " + it.name + ";")
	return nil
}

// dropPath removes a `#[path = ".."]` from rendered attributes.
func dropPath(declare string) string {
	start := strings.Index(declare, "#[path")
	if start < 0 {
		return declare
	}
	end := start + strings.IndexByte(declare[start:], ']') + 1
	return declare[:start] + strings.TrimLeft(declare[end:], " ")
}

func (s *stripper) trait(w *writer, m module, it *item, declare string) error {
	head := declare + render(withoutAttrs(it.head))
	if it.body == nil { // a trait alias
		w.line(head + ";")
		return nil
	}
	w.open(head)
	m.attrs = nil
	err := s.items(w, m, inTrait, it.body.sub)
	w.close()
	return err
}

// define takes a macro definition into scope.
func (s *stripper) define(it *item) {
	s.scope = append(s.scope, newMacro(it))
}

func newMacro(it *item) *macro {
	if it.kind == itemMacro && len(it.head) >= 2 {
		if args := it.head[len(it.head)-2]; args.group('(') && it.body.group('{') {
			return &macro{it.name, []rule{{parsePattern(args.sub), it.body.sub}}}
		}
	}
	return &macro{it.name, parseRules(it.body.sub)}
}

// ignoredMacros are invocations that define nothing a path could lead to.
var ignoredMacros = map[string]bool{
	"include": true, "static_assert": true, "const_assert": true, "thread_local": true, "compile_error": true, "global_asm": true,
	"panic": true, "local_pointer": true,
}

func (s *stripper) call(w *writer, m module, p place, it *item, attrs []string) error {
	bang := len(it.head) - 1
	name := it.head[bang-1].text
	if ignoredMacros[name] {
		return nil
	}
	if name == "cfg_select" {
		return s.cfgSelect(w, m, p, it, attrs)
	}
	def := s.lookup(name)
	if def == nil {
		s.note(m, "macro %s! is not defined", name)
		return nil
	}
	if s.depth >= maxExpansion {
		return fmt.Errorf("%s: %s!: expansion is too deep", m.file, name)
	}
	nodes, err := def.expand(it.body.sub)
	if err != nil {
		s.note(m, "%v: %.100s", err, render(it.body.sub))
		return nil
	}
	s.depth++
	defer func() { s.depth-- }()
	m.expanded, m.attrs = true, attrs
	return s.items(w, m, p, nodes)
}

func (s *stripper) lookup(name string) *macro {
	for i := len(s.scope) - 1; i >= 0; i-- {
		if s.scope[i].name == name {
			return s.scope[i]
		}
	}
	return s.everywhere[name]
}

// cfgSelect writes `cfg_select! { condition => { items } .. }` with stripped items.
func (s *stripper) cfgSelect(w *writer, m module, p place, it *item, attrs []string) error {
	w.open(strings.Join(append(attrs, "cfg_select!"), " "))
	m.attrs = nil
	arms := it.body.sub
	for start, i := 0, 0; i < len(arms); i++ {
		if !arms[i].is("=>") || i+1 == len(arms) {
			continue
		}
		w.open(render(arms[start:i]) + " =>")
		if err := s.items(w, m, p, arms[i+1].sub); err != nil {
			return err
		}
		w.close()
		start = i + 2
		if start < len(arms) && arms[start].is(",") {
			start++
		}
		i++
	}
	w.close()
	return nil
}
