package source

import (
	"math/rand/v2"
	"testing"
)

func TestPoint(t *testing.T) {
	text := []byte("\uFEFFaé🦀b\r\n\tx\n\xffz\n\nend")
	x := NewLineIndex(text)
	tests := []struct {
		offset              uint32
		line                int
		utf8, utf16, utf32s int
	}{
		{0, 0, 0, 0, 0},    // the BOM
		{3, 0, 0, 0, 0},    // a
		{4, 0, 1, 1, 1},    // é
		{6, 0, 3, 2, 2},    // the crab
		{10, 0, 7, 4, 3},   // b
		{11, 0, 8, 5, 4},   // the line ending
		{12, 0, 8, 5, 4},   // within it
		{13, 1, 0, 0, 0},   // the tab
		{14, 1, 1, 1, 1},   // x
		{16, 2, 0, 0, 0},   // an invalid byte
		{17, 2, 1, 1, 1},   // z
		{19, 3, 0, 0, 0},   // an empty line
		{23, 4, 3, 3, 3},   // the end
		{9999, 4, 3, 3, 3}, // beyond
	}
	for _, test := range tests {
		for e, column := range map[Encoding]int{UTF8: test.utf8, UTF16: test.utf16, UTF32: test.utf32s} {
			want := Point{test.line, column}
			if got := x.Point(test.offset, e); got != want {
				t.Errorf("%s: the place of byte %d is %v, want %v", e, test.offset, got, want)
			}
		}
	}
}

func TestOffsetAtClamps(t *testing.T) {
	x := NewLineIndex([]byte("a🦀b\r\ncd"))
	tests := []struct {
		at   Point
		e    Encoding
		want uint32
	}{
		{Point{-1, 5}, UTF16, 0},
		{Point{0, -1}, UTF16, 0},
		{Point{0, 2}, UTF16, 1}, // within the crab
		{Point{0, 3}, UTF16, 5},
		{Point{0, 3}, UTF8, 1},
		{Point{0, 99}, UTF16, 6}, // before the line ending
		{Point{1, 99}, UTF32, 10},
		{Point{99, 0}, UTF8, 10},
	}
	for _, test := range tests {
		if got := x.OffsetAt(test.at, test.e); got != test.want {
			t.Errorf("%s %v is byte %d, want %d", test.e, test.at, got, test.want)
		}
	}
}

// TestPointRoundTrip holds the two directions against each other on random texts.
func TestPointRoundTrip(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"a", "é", "🦀", "\n", "\r\n", "\t", "\xff", "\u200d"}
	for range 500 {
		var text []byte
		starts := map[uint32]bool{}
		for range random.IntN(40) {
			piece := pieces[random.IntN(len(pieces))]
			starts[uint32(len(text))] = true
			text = append(text, piece...)
		}
		x := NewLineIndex(text)
		for offset := range starts {
			for _, e := range []Encoding{UTF8, UTF16, UTF32} {
				if got := x.OffsetAt(x.Point(offset, e), e); got != offset {
					t.Fatalf("%q, %s: byte %d is %v, which is byte %d", text, e, offset, x.Point(offset, e), got)
				}
			}
		}
	}
}
