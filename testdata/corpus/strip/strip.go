package main

import (
	"bytes"
	"slices"
	"strings"
)

// A strippedTrait is a trait from which `#[async_trait]` was removed.
type strippedTrait struct {
	name string
	line int // of the name, 1-based; the same in the original and in the copy
	// asyncFns counts the async methods without `where Self: Sized`: with none of them the trait may well be
	// dyn compatible without the macro, and no finding is expected.
	asyncFns int
	// otherMacros are the attributes that stay on the trait and that rustc does not know as inert: they may
	// rewrite the trait too, so a verdict of unknown is right.
	otherMacros []string
}

// A result is the stripped text of one file and what was stripped from it.
type result struct {
	text   []byte
	traits []strippedTrait
	impls  int
}

// cut is a range of bytes to remove, and what is written in its place.
type cut struct {
	start, end int
	text       string
}

// attribute is `#[path ...]`, tokens[first] is the `#` and tokens[last] the `]`.
type attribute struct {
	first, last int
	// cuts remove async_trait from it: the whole attribute, or its part of a cfg_attr.
	cuts []cut
	// macros are the attributes other than async_trait that it applies.
	macros []string
}

// inert are the attributes of rustc and its tools that do not rewrite the item
// (the Rust reference, "Built-in attributes index").
var inert = []string{
	"doc", "cfg", "cfg_attr", "allow", "warn", "deny", "forbid", "expect", "must_use", "deprecated", "inline",
	"cold", "track_caller", "diagnostic", "rustfmt", "clippy", "automatically_derived", "derive", "docsrs",
}

// strip removes `#[async_trait]`, under any path and inside cfg_attr, from the traits and impls of a file.
// Every other byte stays, and so do the newlines inside what it removes: lines keep their numbers.
// With send the traits promise that their futures are Send, as the attribute did. Impls of traits of crates that are none of the given ones
// keep it; with none given, none does.
func strip(src []byte, send bool, crates map[string]bool) result {
	s := stripper{src: src, tokens: lex(src), send: send, crates: crates}
	for i := 0; i < len(s.tokens); {
		if !s.is(i, "#") || !s.is(i+1, "[") {
			i++
			continue
		}
		i = s.item(i)
	}
	return result{s.apply(), s.traits, s.impls}
}

type stripper struct {
	src    []byte
	tokens []token
	send   bool
	crates map[string]bool
	cuts   []cut
	traits []strippedTrait
	impls  int
}

func (s *stripper) text(i int) string {
	if i < 0 || i >= len(s.tokens) {
		return ""
	}
	return string(s.src[s.tokens[i].start:s.tokens[i].end])
}

func (s *stripper) is(i int, want string) bool { return s.text(i) == want }

// item reads the attributes at token i and the head of the item they belong to; it returns the token to go
// on with, which is the first after the attributes, so that items inside the item are seen as well.
func (s *stripper) item(i int) int {
	var attributes []attribute
	for s.is(i, "#") && s.is(i+1, "[") {
		last := s.closing(i + 1)
		attributes = append(attributes, s.attribute(i, last))
		i = last + 1
	}
	var cuts []cut
	var macros []string
	for _, a := range attributes {
		cuts = append(cuts, a.cuts...)
		macros = append(macros, a.macros...)
	}
	keyword := s.itemKeyword(i)
	if len(cuts) == 0 || keyword < 0 || s.is(keyword, "impl") && s.foreign(keyword) {
		return i
	}
	s.cuts = append(s.cuts, cuts...)
	if s.is(keyword, "impl") {
		s.impls++
		return i
	}
	if s.send && s.promises(attributes[0].first, i) {
		s.promise(keyword)
	}
	s.traits = append(s.traits, strippedTrait{
		name:        s.traitName(keyword + 1),
		line:        1 + bytes.Count(s.src[:s.tokens[min(keyword+1, len(s.tokens)-1)].start], []byte("\n")),
		asyncFns:    s.asyncFns(keyword),
		otherMacros: macros,
	})
	return i
}

// itemKeyword is the `trait` or `impl` of the item that starts at token i, or -1 for another item.
func (s *stripper) itemKeyword(i int) int {
	for i < len(s.tokens) {
		switch s.text(i) {
		case "trait", "impl":
			return i
		case "pub", "unsafe", "auto", "const", "default", "crate":
			i++
		case "(": // pub(crate)
			i = s.closing(i) + 1
		case "$": // $vis of a macro_rules body
			i += 2
		default:
			return -1
		}
	}
	return -1
}

func (s *stripper) traitName(i int) string {
	if s.is(i, "$") {
		return "$" + s.text(i+1)
	}
	return strings.TrimPrefix(s.text(i), "r#")
}

// asyncFns counts the async methods of the trait that may not be missing from its vtable.
func (s *stripper) asyncFns(trait int) int {
	open := trait
	for open < len(s.tokens) && !s.is(open, "{") && !s.is(open, ";") {
		open++
	}
	if !s.is(open, "{") {
		return 0
	}
	count, end := 0, s.closing(open)
	for i := open + 1; i < end; i++ {
		switch s.text(i) {
		case "{": // a default body
			i = s.closing(i)
		case "async":
			fn := i + 1
			for s.is(fn, "unsafe") {
				fn++
			}
			if s.is(fn, "fn") && !s.requiresSized(fn, end) {
				count++
			}
			s.plainParams(fn, end)
		}
	}
	return count
}

// plainParams removes the `mut` of the parameters of a method without a body, which the attribute lets pass.
func (s *stripper) plainParams(fn, end int) {
	open := fn
	for open < end && !s.is(open, "(") {
		open++
	}
	params := s.closing(open)
	body := params
	for body < end && !s.is(body, "{") && !s.is(body, ";") {
		if body++; s.is(body, "[") {
			body = s.closing(body)
		}
	}
	if !s.is(body, ";") {
		return
	}
	for i := open + 1; i+2 < params; i++ {
		if s.is(i, "mut") && s.is(i+2, ":") && (s.is(i-1, ",") || s.is(i-1, "(") || s.is(i-1, "]")) {
			s.cuts = append(s.cuts, cut{start: s.tokens[i].start, end: s.tokens[i+1].start})
		}
	}
}

// requiresSized tells whether the signature at token fn has `Self: Sized` among its bounds.
func (s *stripper) requiresSized(fn, end int) bool {
	for i := fn; i < end && !s.is(i, "{") && !s.is(i, ";"); i++ {
		if s.is(i, "Self") && s.is(i+1, ":") && s.is(i+2, "Sized") {
			return true
		}
	}
	return false
}

// attribute reads `#[..]` at tokens first to last.
func (s *stripper) attribute(first, last int) attribute {
	a := attribute{first: first, last: last}
	whole := cut{start: s.tokens[first].start, end: s.end(last)}
	path, after := s.path(first + 2)
	if path != "cfg_attr" || !s.is(after, "(") {
		a.meta(path, whole)
		return a
	}
	inner := s.split(after+1, s.closing(after))
	if len(inner) == 0 {
		return a
	}
	var cuts []cut
	for k, part := range inner[1:] {
		partPath, _ := s.path(part.start)
		// From the end of the previous part, so that the comma goes with it.
		before := len(a.cuts)
		a.meta(partPath, cut{start: s.end(inner[k].end - 1), end: s.end(part.end - 1)})
		cuts = append(cuts, a.cuts[before:]...)
	}
	if len(cuts) > 0 && len(cuts) == len(inner)-1 {
		a.cuts = []cut{whole}
	}
	return a
}

// meta notes one attribute with its path and the bytes that remove it.
func (a *attribute) meta(path string, c cut) {
	segments := strings.Split(path, "::")
	switch {
	case segments[len(segments)-1] == "async_trait":
		a.cuts = append(a.cuts, c)
	case path != "" && !slices.Contains(inert, segments[0]):
		a.macros = append(a.macros, path)
	}
}

// path reads `a::b::c` at token i and returns it with the token after it.
func (s *stripper) path(i int) (string, int) {
	var b strings.Builder
	for i < len(s.tokens) && (s.tokens[i].word || s.is(i, ":")) {
		b.WriteString(s.text(i))
		i++
	}
	return strings.TrimPrefix(b.String(), "::"), i
}

// split cuts the tokens [i, end) at the commas outside brackets; parts are token ranges, none is empty.
func (s *stripper) split(i, end int) []cut {
	var parts []cut
	start := i
	flush := func(to int) {
		if to > start {
			parts = append(parts, cut{start: start, end: to})
		}
	}
	for ; i < end; i++ {
		switch s.text(i) {
		case "(", "[", "{":
			i = s.closing(i)
		case ",":
			flush(i)
			start = i + 1
		}
	}
	flush(min(i, end))
	return parts
}

// closing is the token that closes the bracket at token i, or the last token of the file.
func (s *stripper) closing(i int) int {
	depth := 0
	for ; i < len(s.tokens); i++ {
		switch s.text(i) {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
			if depth == 0 {
				return i
			}
		}
	}
	return len(s.tokens) - 1
}

// end is the byte offset after token i.
func (s *stripper) end(i int) int { return s.tokens[i].end }

// apply writes the source without the cuts but with their newlines.
func (s *stripper) apply() []byte {
	slices.SortStableFunc(s.cuts, func(a, b cut) int { return a.start - b.start })
	out := make([]byte, 0, len(s.src))
	at := 0
	for _, c := range s.cuts {
		out = append(out, s.src[at:c.start]...)
		for _, b := range s.src[c.start:c.end] {
			if b == '\n' || b == '\r' {
				out = append(out, b)
			}
		}
		out = append(out, c.text...)
		at = c.end
	}
	return append(out, s.src[at:]...)
}
