package report

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestCharWidth compares the width of every character with what the crate unicode-width says, which rustc uses.
func TestCharWidth(t *testing.T) {
	f, err := os.Open("testdata/widths.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	next := rune(0)
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		var first, last rune
		var width int
		if _, err := fmt.Sscanf(lines.Text(), "%x %x %d", &first, &last, &width); err != nil || first != next {
			t.Fatalf("line %q does not continue at %x: %v", lines.Text(), next, err)
		}
		for char := first; char <= last; char++ {
			surrogate := 0xD800 <= char && char <= 0xDFFF
			if got := charWidth(char); got != width && !surrogate && char != '\t' && !isBidiControl(char) {
				t.Errorf("U+%04X takes %d columns, and we say %d", char, width, got)
			}
		}
		next = last + 1
	}
	if next != 0x110000 {
		t.Errorf("the widths end before U+%04X", next)
	}
}

// TestWidthIsThatOfWhatIsPrinted says that replacing characters keeps the width, which the placing of marks relies on.
func TestWidthIsThatOfWhatIsPrinted(t *testing.T) {
	for _, text := range []string{"plain", "a\tb", "\x00\x1b[31m\x7f", "日本語", "e\u0301", "\u202ertl\u2069", "a\u200db", "\xff\xfe", "👩‍👩‍👧"} {
		shown := printable(text)
		if got, want := textWidth(shown), textWidth(text); got != want {
			t.Errorf("%q takes %d columns, but is printed as %q, which takes %d", text, want, shown, got)
		}
		for _, char := range shown {
			if needsReplacement(char) {
				t.Errorf("%q is printed with %q in it", text, char)
			}
		}
	}
}
