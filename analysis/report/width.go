package report

import (
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// tabWidth is the number of blanks that a tab is printed as; rustc knows no tab stops.
const tabWidth = 4

var narrow = runewidth.Condition{EastAsianWidth: false}

// charWidth is the number of terminal columns that rustc reserves for char (its table: the crate unicode-width 0.2.2).
func charWidth(char rune) int {
	switch {
	case char == '\t':
		return tabWidth
	case char < 0x300:
		return lowWidth(char)
	case isBidiControl(char):
		return 1
	}
	if width, ok := exceptionalWidth(char); ok {
		return width
	}
	return narrow.RuneWidth(char)
}

// lowWidth is the width of a char below U+0300, where only the soft hyphen is special: control characters are printed
// as one character each.
func lowWidth(char rune) int {
	const softHyphen = 0xad
	if char == softHyphen {
		return narrow.RuneWidth(char)
	}
	return 1
}

// textWidth is the number of terminal columns that text takes.
func textWidth(text string) int {
	width := 0
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			width++
			if c == '\t' {
				width += tabWidth - 1
			}
			i++
			continue
		}
		char, size := utf8.DecodeRuneInString(text[i:])
		width += charWidth(char)
		i += size
	}
	return width
}

func isBidiControl(char rune) bool {
	return 0x202A <= char && char <= 0x202E || 0x2066 <= char && char <= 0x2069
}

// printable is text with every character replaced that would move the cursor, hide or reorder what follows: a tab by
// blanks, other control characters by their pictures, a bidirectional control by U+FFFD; a joiner is dropped. Line feeds
// stay: whoever prints text of several lines splits it.
func printable(text string) string {
	if strings.IndexFunc(text, needsReplacement) < 0 && utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + 16)
	for _, char := range text {
		switch {
		case char == '\n':
			b.WriteByte('\n')
		case char == '\t':
			b.WriteString("    ")
		case char < ' ':
			b.WriteRune('␀' + char)
		case char == 0x7F:
			b.WriteRune('␡')
		case char == zeroWidthJoiner:
		case isBidiControl(char):
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(char)
		}
	}
	return b.String()
}

const zeroWidthJoiner = 0x200D

func needsReplacement(char rune) bool {
	return char < ' ' && char != '\n' || char == 0x7F || char == zeroWidthJoiner || isBidiControl(char)
}

// exceptionalWidth looks char up among the exceptions.
func exceptionalWidth(char rune) (int, bool) {
	i := sort.Search(len(widthExceptions), func(i int) bool { return widthExceptions[i].last >= char })
	if i == len(widthExceptions) || widthExceptions[i].first > char {
		return 0, false
	}
	return int(widthExceptions[i].width), true
}

// widthExceptions are the characters from U+0300 on whose width unicode-width 0.2.2 and go-runewidth 0.0.31 see
// differently, with the former's width, in ascending order. The test that compares the two for every character says
// which lines to add or drop.
var widthExceptions = []struct {
	first, last rune
	width       int8
}{
	{0x05C8, 0x05C9, 0}, {0x0605, 0x0605, 0}, {0x0890, 0x0891, 0}, {0x08E2, 0x08E2, 0},
	{0x09BE, 0x09BE, 0}, {0x09D7, 0x09D7, 0}, {0x0B3E, 0x0B3E, 0}, {0x0B53, 0x0B54, 0},
	{0x0B57, 0x0B57, 0}, {0x0BBE, 0x0BBE, 0}, {0x0BD7, 0x0BD7, 0}, {0x0CC0, 0x0CC0, 0},
	{0x0CC2, 0x0CC2, 0}, {0x0CC7, 0x0CC8, 0}, {0x0CCA, 0x0CCB, 0}, {0x0CD5, 0x0CD6, 0},
	{0x0CF3, 0x0CF3, 1}, {0x0D3E, 0x0D3E, 0}, {0x0D4E, 0x0D4E, 0}, {0x0D57, 0x0D57, 0},
	{0x0DCF, 0x0DCF, 0}, {0x0DDF, 0x0DDF, 0}, {0x1160, 0x11FF, 0}, {0x1715, 0x1715, 0},
	{0x1734, 0x1734, 0}, {0x17A4, 0x17A4, 2}, {0x17D8, 0x17D8, 3}, {0x1ADE, 0x1ADF, 0},
	{0x1AEC, 0x1AF0, 0}, {0x1B35, 0x1B35, 0}, {0x1B3B, 0x1B3B, 0}, {0x1B3D, 0x1B3D, 0},
	{0x1B43, 0x1B44, 0}, {0x1BAA, 0x1BAA, 0}, {0x1BF2, 0x1BF3, 0}, {0x2028, 0x2029, 1},
	{0x2065, 0x2065, 0}, {0x2D7F, 0x2D7F, 1}, {0x302E, 0x302F, 0}, {0x3164, 0x3164, 0},
	{0xA8FA, 0xA8FA, 0}, {0xA953, 0xA953, 0}, {0xA9C0, 0xA9C0, 0}, {0xD7B0, 0xD7C6, 0},
	{0xD7CB, 0xD7FB, 0}, {0xFFA0, 0xFFA0, 0}, {0xFFF0, 0xFFF8, 0}, {0xFFF9, 0xFFFB, 1},
	{0xFFFE, 0xFFFF, 1}, {0x10ECB, 0x10ECF, 0}, {0x10EF0, 0x10EF9, 0}, {0x111C0, 0x111C0, 0},
	{0x111C2, 0x111C3, 0}, {0x11235, 0x11235, 0}, {0x1133E, 0x1133E, 0}, {0x1134D, 0x1134D, 0},
	{0x11357, 0x11357, 0}, {0x113B8, 0x113B8, 0}, {0x113C2, 0x113C2, 0}, {0x113C5, 0x113C5, 0},
	{0x113C7, 0x113C9, 0}, {0x113CF, 0x113CF, 0}, {0x113D1, 0x113D1, 0}, {0x114B0, 0x114B0, 0},
	{0x114BD, 0x114BD, 0}, {0x115AF, 0x115AF, 0}, {0x116B6, 0x116B6, 0}, {0x11930, 0x11930, 0},
	{0x1193D, 0x1193D, 0}, {0x1193F, 0x1193F, 0}, {0x11941, 0x11941, 0}, {0x11A84, 0x11A89, 0},
	{0x11D46, 0x11D46, 0}, {0x11DF0, 0x11DF0, 0}, {0x11F02, 0x11F02, 0}, {0x11F41, 0x11F41, 0},
	{0x13430, 0x1343F, 1}, {0x16FF0, 0x16FF1, 0}, {0x18CD6, 0x18CDA, 2}, {0x18D1F, 0x18D20, 2},
	{0x18E00, 0x19191, 2}, {0x191A0, 0x191D2, 2}, {0x1B123, 0x1B128, 2}, {0x1B168, 0x1B168, 2},
	{0x1D127, 0x1D128, 0}, {0x1D250, 0x1D252, 0}, {0x1D25B, 0x1D25C, 0}, {0x1D25F, 0x1D25F, 0},
	{0x1D280, 0x1D281, 0}, {0x1F1AE, 0x1F1AE, 2}, {0x1F6D9, 0x1F6D9, 2}, {0x1F7DA, 0x1F7DA, 2},
	{0x1FA8B, 0x1FA8D, 2}, {0x1FACC, 0x1FACC, 2}, {0x1FADD, 0x1FADD, 2}, {0x1FAEB, 0x1FAEB, 2},
	{0x1FAF9, 0x1FAFA, 2}, {0xE0000, 0xE0000, 0}, {0xE0002, 0xE00FF, 0}, {0xE01F0, 0xE0FFF, 0},
}
