package workspace

import (
	"encoding/binary"
	"math/bits"
	"strings"
)

// wordSet tells which words may stand in a text: a Bloom filter with two bits a word, and about as many bits as the text has bytes
// by four. One word in twenty that does not stand there is said to.
type wordSet []uint64

func newWordSet(size int) wordSet {
	return make(wordSet, 1<<bits.Len(uint(size/256))) // 64 bits each
}

// places are the two bits of a word.
func (s wordSet) places(key uint64) (first, second uint64) {
	mask := uint64(len(s))*64 - 1
	return key >> 40 & mask, key >> 16 & mask
}

func (s wordSet) add(word []byte) {
	first, second := s.places(wordKey(word))
	s[first/64] |= 1 << (first % 64)
	s[second/64] |= 1 << (second % 64)
}

func (s wordSet) have(word string) bool {
	first, second := s.places(wordKey([]byte(word)))
	return s[first/64]&(1<<(first%64)) != 0 && s[second/64]&(1<<(second%64)) != 0
}

// wordKey is a hash of a word's length and its first and last bytes: cheaper than one of all, and words that share these are few.
func wordKey(word []byte) uint64 {
	n := len(word)
	h := uint64(n) << 56
	switch {
	case n >= 8:
		h ^= binary.LittleEndian.Uint64(word) ^ bits.RotateLeft64(binary.LittleEndian.Uint64(word[n-8:]), 23)
	case n >= 4:
		h ^= uint64(binary.LittleEndian.Uint32(word)) | uint64(binary.LittleEndian.Uint32(word[n-4:]))<<32
	case n > 0:
		h ^= uint64(word[0]) | uint64(word[n/2])<<8 | uint64(word[n-1])<<16
	}
	h *= 0x9e3779b97f4a7c15
	return h ^ h>>29
}

// MayHaveWord reports whether a word, r# apart, may stand in the file as code; false is sure. It answers from a set of all words, which
// is found with the Headers.
func (f *File) MayHaveWord(word string) bool {
	return f.marked().words.have(strings.TrimPrefix(word, "r#"))
}
