package survey

import (
	"bytes"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// partActive evaluates the #[cfg]s between an item's start and a type in it: those of statements, fields, variants, arms,
// parameters and arguments, which are no items.
func partActive(owner *workspace.Scope, w written) bool {
	if w.item < 0 {
		return true
	}
	f := owner.File.Syntax()
	start := f.Items[w.item].Span.Start
	if w.ty.Span.Start <= start || !saysCfg(f.Text[start:w.ty.Span.Start]) {
		return true
	}
	for _, attrs := range partAttrs(f, source.Span{Start: start, End: w.ty.Span.Start}) {
		if owner.CfgOf(attrs) == cargo.False {
			return false
		}
	}
	return true
}

// saysCfg reports whether an attribute in text may be a cfg; `cfg!(..)` is none.
func saysCfg(text []byte) bool {
	for {
		i := bytes.Index(text, []byte("cfg"))
		if i < 0 || i+len("cfg") == len(text) {
			return false
		}
		text = text[i+len("cfg"):]
		if bytes.IndexByte([]byte("(_/ \t\r\n"), text[0]) >= 0 {
			return true
		}
	}
}

// partAttrs are the attributes that are in force at the end of span, one list for each level of nesting. An attribute holds
// to the end of the element that it stands before: a comma or semicolon of its own level, or the brace that ends a statement.
func partAttrs(f *syntax.File, span source.Span) [][]source.Span {
	toks := syntax.Lex(f.Text, span, nil)
	levels := make([][]source.Span, 1, 16)
	angles := make([]int, 1, 16) // `<` open at each level: their commas part arguments, not elements
	for i := 0; i < len(toks); i++ {
		top := len(levels) - 1
		switch t := toks[i]; {
		case t.Is('#') && i+1 < len(toks) && toks[i+1].Is('['):
			end := groupEnd(toks, i+1)
			levels[top] = append(levels[top], source.Span{Start: t.Start, End: toks[end].End})
			i = end
		case t.Kind == syntax.Open:
			levels, angles = append(levels, nil), append(angles, 0)
		case t.Kind == syntax.Close && top > 0:
			levels, angles = levels[:top], angles[:top]
			if t.Is('}') && i+1 < len(toks) && endsStatement(toks[i+1]) {
				levels[top-1] = nil
			}
		case t.Is('<') && i > 0 && (toks[i-1].Kind == syntax.Ident || toks[i-1].Kind == syntax.PathSep) && toks[i-1].Flags&syntax.Joint != 0:
			angles[top]++
		case t.Is('>') && angles[top] > 0:
			angles[top]--
		case t.Is(';'), t.Is(',') && angles[top] == 0:
			levels[top], angles[top] = nil, 0
		}
	}
	return levels
}

// groupEnd is the index of the token that closes the group opened at index i, or the last token.
func groupEnd(toks []syntax.Token, i int) int {
	depth := 0
	for ; i < len(toks)-1; i++ {
		switch toks[i].Kind {
		case syntax.Open:
			depth++
		case syntax.Close:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return i
}

// endsStatement reports whether the token after a `}` begins something new.
func endsStatement(next syntax.Token) bool {
	return next.Word != syntax.WordElse && !next.Is('.') && !next.Is('?') && !next.Is(',') && !next.Is(';') && next.Kind != syntax.FatArrow
}
