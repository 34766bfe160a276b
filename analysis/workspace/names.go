package workspace

import (
	"bytes"
	"slices"
)

// Names are the words of a file, so that a search of the workspace for a name need not read the files that lack it. They are found when
// they are first asked for, which analysis does not do: fixes do. Snapshots that have this version of the file share them.
type Names struct {
	words []uint32 // sorted hashes, each once
	// members are the hashes of those that stand where MemberAt says so, sorted, each as often as it does.
	members []uint32
}

// Names are the words of the file.
func (f *File) Names() *Names {
	return f.names.get(func() *Names { return findNames(f.Source()) })
}

// Have reports whether a word stands in the file. Words with the same hash are not told apart.
func (n *Names) Have(word string) bool {
	_, ok := slices.BinarySearch(n.words, HashWord(word))
	return ok
}

// Members is how often a word stands where MemberAt says so. Words with the same hash are not told apart.
func (n *Names) Members(word string) int {
	hash := HashWord(word)
	first, _ := slices.BinarySearch(n.members, hash)
	end := first
	for end < len(n.members) && n.members[end] == hash {
		end++
	}
	return end - first
}

func findNames(text []byte) *Names {
	out := &Names{}
	var seen [1024]uint32 // words of late: most come again at once
	allWordsOf(text, func(start, end int) {
		hash := HashWord(text[start:end])
		if seen[hash%1024] != hash {
			seen[hash%1024] = hash
			out.words = append(out.words, hash)
		}
		if MemberAt(text, start) {
			out.members = append(out.members, hash)
		}
	})
	slices.Sort(out.words)
	slices.Sort(out.members)
	out.words, out.members = slices.Clone(slices.Compact(out.words)), slices.Clone(out.members)
	return out
}

// MemberAt reports whether the word that begins at an offset stands behind `.` or `::`, with nothing between but blanks and `r#`.
func MemberAt(text []byte, at int) bool {
	at -= len(text[:at]) - len(bytes.TrimSuffix(text[:at], []byte("r#")))
	colons := 0
	for ; at > 0; at-- {
		switch text[at-1] {
		case ' ', '\t', '\r', '\n':
			colons = 0
		case ':':
			if colons++; colons == 2 {
				return true
			}
		default:
			return text[at-1] == '.'
		}
	}
	return false
}

// allWordsOf calls f for each word of a text, numbers and those of comments included.
func allWordsOf(text []byte, f func(start, end int)) {
	for i := 0; i < len(text); {
		if !inWord[text[i]] {
			i++
			continue
		}
		start := i
		for i++; i < len(text) && inWord[text[i]]; i++ {
		}
		f(start, i)
	}
}
