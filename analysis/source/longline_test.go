package source

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"unicode/utf8"
)

// TestLongLines: blocks of long lines change no column, whatever the bytes are.
func TestLongLines(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	parts := [][]byte{[]byte("a"), []byte("é"), []byte("中"), []byte("🦀"), {0x80}, {0xBF, 0x80, 0x80, 0x80, 0x80}, {0xF0, 0x9F}, {0xE4}, []byte("\t"), []byte("plain text ")}
	for _, bom := range []string{"", "\ufeff"} {
		for _, newline := range []bool{false, true} {
			text := []byte(bom)
			for len(text) < 20*lineBlock {
				text = append(text, parts[r.IntN(len(parts))]...)
				if newline && r.IntN(3000) == 0 {
					text = append(text, "\r\n"...)
				}
			}
			x := NewLineIndex(text)
			if len(x.blocks) < 20 {
				t.Fatalf("%d blocks", len(x.blocks))
			}
			for offset := len(bom); offset <= len(text); offset += 1 + r.IntN(50) {
				start := bytes.LastIndexByte(text[:offset], '\n') + 1
				if start == 0 {
					start = len(bom)
				}
				if got, want := x.Position(uint32(offset)).Column, utf8.RuneCount(text[start:offset])+1; got != want {
					t.Fatalf("column %d of offset %d, want %d", got, offset, want)
				}
			}
		}
	}
}
