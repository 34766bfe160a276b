package quickfix

import (
	"cmp"
	"slices"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// lazyTokens keeps the tokens of the files that were lexed last: the fixes of a trait look at the same ones.
type lazyTokens struct {
	mu    sync.Mutex
	files map[*workspace.File][]syntax.Token
	kept  int // how many tokens
}

// maxTokens bounds what is kept: 12 MB.
const maxTokens = 1 << 20

func (l *lazyTokens) of(f *workspace.File) []syntax.Token {
	l.mu.Lock()
	defer l.mu.Unlock()
	if toks, ok := l.files[f]; ok {
		return toks
	}
	toks := syntax.Lex(f.Text, source.Span{End: uint32(len(f.Text))}, nil)
	if l.kept += len(toks); l.files == nil || l.kept > maxTokens {
		l.files, l.kept = map[*workspace.File][]syntax.Token{}, len(toks)
	}
	l.files[f] = toks
	return toks
}

// tokensIn are the tokens of a span of a file, which begins and ends where no token is cut.
func (w *Workspace) tokensIn(f *workspace.File, span source.Span) []syntax.Token {
	toks := w.tokens.of(f)
	at := func(offset uint32) int {
		i, _ := slices.BinarySearchFunc(toks, offset, func(t syntax.Token, offset uint32) int { return cmp.Compare(t.Start, offset) })
		return i
	}
	return toks[at(span.Start):at(span.End)]
}
