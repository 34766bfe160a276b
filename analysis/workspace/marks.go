package workspace

import "bytes"

// marks are what the words of a file tell without a scan, found in one pass over its text.
type marks struct {
	words   wordSet // all words, but those of lines that are a comment
	headers Headers
	handed  *Handed // of the workspace's own files only
}

// Headers are the words that say which impls the file may have.
func (f *File) Headers() *Headers { return &f.marked().headers }

// Handed are the words by which the file hands traits on; f is one of the workspace's own.
func (f *File) Handed() *Handed { return f.marked().handed }

func (f *File) marked() *marks {
	return f.marks.get(func() *marks { return findMarks(f.Source(), f.outside == nil) })
}

// wordStart says of each byte that begins a word what the word may be that marks look at.
const (
	capital = iota + 1
	keyword
)

var wordStart = func() (table [256]uint8) {
	for c := 'A'; c <= 'Z'; c++ {
		table[c] = capital
	}
	for _, w := range []string{"impl", "struct", "enum", "union", "type", "trait", "as", "macro_rules", "macro", "dyn"} {
		table[w[0]] = keyword
	}
	return table
}()

// longestKeyword is the length of `macro_rules`.
const longestKeyword = 11

func findMarks(text []byte, own bool) *marks {
	out := &marks{words: newWordSet(len(text))}
	if own {
		out.handed = &Handed{}
	}
	dollar := false
	var seen [1024]uint32 // words of late: most come again at once
	eachCodeWord(text, func(start, end int) {
		out.words.add(text[start:end])
		if own && end+1 < len(text) && text[end] == '!' && text[end+1] != '=' {
			out.handed.calls = append(out.handed.calls, HashWord(text[start:end]))
		}
		switch wordStart[text[start]] {
		case capital:
			if own {
				if h := HashWord(text[start:end]); seen[h%1024] != h {
					seen[h%1024] = h
					out.handed.words = append(out.handed.words, h)
				}
			}
		case keyword:
			if end-start <= longestKeyword {
				out.headers.keyword(text, start, end)
				if own && out.handed.keyword(text, start, end) {
					dollar = true
				}
			}
		}
	})
	out.headers.end()
	if own {
		out.handed.end(text, dollar)
	}
	return out
}

// inWord says of each byte whether it is part of a word.
var inWord = func() (table [256]bool) {
	for c := range table {
		table[c] = wordByte(byte(c))
	}
	return table
}()

// eachCodeWord calls f for each word of a text, numbers included, but for lines that are a comment and nothing else.
func eachCodeWord(text []byte, f func(start, end int)) {
	for i := commentEnd(text, 0); i < len(text); {
		switch c := text[i]; {
		case inWord[c]:
			start := i
			for i++; i < len(text) && inWord[text[i]]; i++ {
			}
			f(start, i)
		case c == '\n':
			i = commentEnd(text, i+1)
		default:
			i++
		}
	}
}

// commentEnd is the end of the comment that is all of a line which begins at an offset; where there is none, that of its indentation.
func commentEnd(text []byte, line int) int {
	i := line
	for i < len(text) && (text[i] == ' ' || text[i] == '\t') {
		i++
	}
	if i+1 >= len(text) || text[i] != '/' || text[i+1] != '/' {
		return i
	}
	end := bytes.IndexByte(text[i:], '\n')
	if end < 0 {
		end = len(text) - i
	}
	// The line may lie in a string or in a block comment, but it must not be one where those can end.
	comment := text[i : i+end]
	if bytes.IndexByte(comment, '"') >= 0 || bytes.Contains(comment, []byte("*/")) {
		return i
	}
	return i + end
}
