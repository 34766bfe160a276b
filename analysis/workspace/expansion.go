package workspace

import (
	"cmp"
	"slices"
	"sort"
	"sync"
	"weak"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// Expansion is where the text of a macro's expansion comes from.
type Expansion struct {
	// Fragments are the parts that later macros take as one tree.
	Fragments []syntax.Fragment
	// Crates are what `$crate`, `$crate1` and so on mean in the text.
	Crates []*Crate
	// Retrace makes the tokens of the text, in order: the same ones whenever it is called.
	Retrace func() []Token

	mu    sync.Mutex
	trace weak.Pointer[Trace]
}

// Trace is where the tokens of an expansion were written.
type Trace struct {
	Tokens []Token // of the text, in order

	once   sync.Once
	copies []int32 // indexes of Tokens that were written somewhere, by From, then in order
}

// Token is a token of an expansion and where it was written.
type Token struct {
	At, Len uint32 // in the text of the expansion
	File    *File  // a file on disk; nil if it was written nowhere
	From    uint32 // in its text
}

// Expand makes the file of what a macro call in f expands to. The tokens are those that x traces.
func (f *File) Expand(text []byte, x *Expansion, tokens []Token) *File {
	out := newFile(f.Path, f.Edition, text)
	out.Expansion = x
	x.trace = weak.Make(&Trace{Tokens: tokens})
	return out
}

// Trace is where the tokens were written. Few expansions are asked for it once the macros in them are expanded, and it takes
// more memory than all else of them: so it is kept until a garbage collection finds that nobody holds it, and made again
// for who asks then.
func (x *Expansion) Trace() *Trace {
	x.mu.Lock()
	defer x.mu.Unlock()
	out := x.trace.Value()
	if out == nil {
		out = &Trace{Tokens: x.Retrace()}
		x.trace = weak.Make(out)
	}
	return out
}

// Expand is the scope of what the macro call at an item of s expands to.
func (s *Scope) Expand(call int32, made *File) *Scope {
	return newScope(&Scope{
		Crate: s.Crate, Parent: s.Parent, Module: s.Module, Name: s.Name, File: made, Item: -1, Host: s, Call: call, dir: s.dir,
		Active: cargo.And(s.Active, s.ItemCfg(call)),
	})
}

// Copies are the indexes of the tokens that were copied from a place, in order.
func (x *Trace) Copies(file *File, from uint32) []int32 {
	x.once.Do(func() {
		n := 0
		for i := range x.Tokens {
			if x.Tokens[i].File != nil {
				n++
			}
		}
		x.copies = make([]int32, 0, n)
		for i := range x.Tokens {
			if x.Tokens[i].File != nil {
				x.copies = append(x.copies, int32(i))
			}
		}
		slices.SortStableFunc(x.copies, func(a, b int32) int { return cmp.Compare(x.Tokens[a].From, x.Tokens[b].From) })
	})
	at, _ := slices.BinarySearchFunc(x.copies, from, func(i int32, from uint32) int { return cmp.Compare(x.Tokens[i].From, from) })
	var out []int32
	for ; at < len(x.copies) && x.Tokens[x.copies[at]].From == from; at++ {
		if x.Tokens[x.copies[at]].File == file {
			out = append(out, x.copies[at])
		}
	}
	return out
}

// Written is the place that a span of the expansion's text was copied from as a whole.
func (x *Trace) Written(span source.Span) (*File, source.Span, bool) {
	first, last := x.TokenAt(span.Start), x.TokenAt(span.End)-1
	if first > last || x.Tokens[first].At != span.Start || x.Tokens[first].File == nil {
		return nil, source.Span{}, false
	}
	file := x.Tokens[first].File
	out := source.Span{Start: x.Tokens[first].From, End: x.Tokens[last].From + x.Tokens[last].Len}
	_, ok := x.CopyOf(first, file, out)
	return file, out, ok
}

// CopyOf reports whether the tokens from index i on are a copy of a span of a file's text: all of its tokens and nothing
// between. After is the index of the token behind it.
func (x *Trace) CopyOf(i int, file *File, span source.Span) (after int, ok bool) {
	at := span.Start
	for ; i < len(x.Tokens) && at < span.End; i++ {
		t := &x.Tokens[i]
		if t.File != file || t.From < at || t.From >= span.End {
			return i, false
		}
		if t.From > at && len(syntax.Lex(file.Text, source.Span{Start: at, End: t.From}, nil)) > 1 {
			return i, false
		}
		at = t.From + t.Len
	}
	return i, at == span.End
}

// Written is the place on disk that a span of the file's text comes from: the span itself, unless the file is an expansion.
func (f *File) Written(span source.Span) (*File, source.Span, bool) {
	if f.Expansion != nil {
		return f.Expansion.Trace().Written(span)
	}
	return f, span, true
}

// TokenAt is the index of the first token at or behind an offset of the expansion's text.
func (x *Trace) TokenAt(offset uint32) int {
	return sort.Search(len(x.Tokens), func(i int) bool { return x.Tokens[i].At >= offset })
}
