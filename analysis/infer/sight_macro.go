package infer

import (
	"bytes"
	"slices"

	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// A name in a macro's arguments or in its definition is mentioned by what the macro expands to. Where that is not sure, any body
// may get hold of the values.

// maxSightCalls bounds the invocations that are looked at for one name.
const maxSightCalls = 128

// invocation adds what an invocation in item position hands on.
func (s *sights) invocation(out *mentions, in place, item int32, by mentioned) {
	if out.open || out.macros[traitKey{in.file, item}] || !out.names(in.file, item, by.name) {
		return
	}
	out.lookedAt(in.file, item)
	if len(out.macros) > maxSightCalls {
		out.open = true
		return
	}
	scopes := owners(in.file, item)
	if in.made != nil {
		scopes = []*workspace.Scope{in.made}
	}
	out.open = out.open || len(scopes) == 0
	for _, scope := range scopes {
		sure := s.resolve.MadeBy(scope.ScopeOf(item), item, func(made *workspace.Scope) {
			s.mentionedIn(out, place{made.File, made}, by)
		})
		out.open = out.open || !sure
	}
}

// definition adds what the invocations of a macro hand on whose definition names what is looked for. Where an expression is
// expected they stand for a value, so that the macro's own name leads to one.
func (s *sights) definition(out *mentions, in place, item int32, by mentioned) {
	name := in.file.Syntax().Items[item].Name
	switch {
	case out.open || out.macros[traitKey{in.file, item}] || !out.names(in.file, item, by.name):
		return
	case in.made != nil || name == "":
		out.open = true
		return
	}
	out.lookedAt(in.file, item)
	out.words = append(out.words, lead{name, crateHome(in.file, item), asName})
	out.invoked = append(out.invoked, name)
	uses := s.usesOf(name, in.file)
	out.open = out.open || uses.renamed
	for _, use := range uses.macros {
		if f := use.file; f.Syntax().Items[use.item].Kind == syntax.KindMacroCall {
			s.invocation(out, place{file: f}, use.item, by)
		} else {
			s.definition(out, place{file: f}, use.item, by)
		}
	}
}

// macroUses are the places where a macro's name stands.
type macroUses struct {
	macros  []traitKey // the invocations and definitions of macros that have it in their text
	renamed bool       // it goes by another name too
}

// usesOf finds where the macros are used that a file defines by a name. What is not exported is known in its crate alone.
func (s *sights) usesOf(name string, by *workspace.File) *macroUses {
	key := macroKey{name, by}
	if by.Mentions("macro_export") {
		key.file = nil
	}
	if u := s.uses[key]; u != nil {
		return u
	}
	out := &macroUses{}
	s.uses[key] = out
	for _, file := range s.Snapshot.Files {
		if !file.MayHaveWord(name) || key.file != nil && !sameCrate(file, by) {
			continue
		}
		workspace.EachWord(file.Text, name, func(start, end int) {
			f := file.Syntax()
			at := itemAt(f, uint32(start))
			if at < 0 {
				return
			}
			switch key := (traitKey{file, at}); f.Items[at].Kind {
			case syntax.KindMacroCall, syntax.KindMacroRules:
				if !slices.Contains(out.macros, key) {
					out.macros = append(out.macros, key)
				}
			case syntax.KindUse:
				out.renamed = out.renamed || bytes.HasPrefix(bytes.TrimLeft(file.Text[end:], " \n\t\r"), []byte("as "))
			}
		})
	}
	return out
}

// macroKey is a name of macros, and the file that defines them; nil if other crates may use them.
type macroKey struct {
	name string
	file *workspace.File
}

// sameCrate reports whether one crate has both files.
func sameCrate(a, b *workspace.File) bool {
	return slices.ContainsFunc(a.Owners, func(o *workspace.Scope) bool {
		return slices.ContainsFunc(b.Owners, func(p *workspace.Scope) bool { return o.Crate == p.Crate })
	})
}

// names reports whether a macro's text has a name, or that of a macro whose definition mentions it.
func (m *mentions) names(file *workspace.File, item int32, name string) bool {
	return namesToken(file, item, name) || slices.ContainsFunc(m.invoked, func(name string) bool { return namesToken(file, item, name) })
}

func (m *mentions) lookedAt(file *workspace.File, item int32) {
	if m.macros == nil {
		m.macros = map[traitKey]bool{}
	}
	m.macros[traitKey{file, item}] = true
}

// namesToken reports whether a name stands in the text of an item, strings and comments apart.
func namesToken(file *workspace.File, item int32, name string) bool {
	span := file.Syntax().Items[item].Span
	return hasWord(span.Of(file.Text), name) && slices.ContainsFunc(syntax.Lex(file.Text, span, nil), func(t syntax.Token) bool {
		return t.Kind == syntax.Ident && string(t.Span().Of(file.Text)) == name
	})
}
