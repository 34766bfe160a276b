package workspace

import (
	"strings"
	"testing"
	"time"
)

func TestFindWords(t *testing.T) {
	tests := []struct {
		text string
		want words
	}{
		{"", 0},
		{"dyn", hasDyn}, {"trait", hasTrait}, {"mod a;", hasModFile}, {"mod r#type ;", hasModFile}, {"mod a /* b */;", hasModFile},
		{"mod a {}", 0}, {"modal;", 0}, {"a_mod b;", 0}, {"dynamic", 0}, {"async_trait", 0}, {"traits", 0}, {"#[x::dyn]", hasDyn},
		{"// a dyn trait mod a;", 0}, {"  /// dyn\n", 0}, {"x // dyn", hasDyn}, {"// dyn \" dyn", hasDyn}, {"// */ dyn", hasDyn},
		{"//\ndyn", hasDyn}, {"// " + strings.Repeat("x", maxCommentLine) + " dyn", hasDyn},
		{"&dyn A; trait B {} mod c;", allWords},
	}
	for _, test := range tests {
		// Words are found at even and at odd offsets, and in the last bytes of a text.
		for _, blanks := range []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9} {
			for _, rest := range []int{0, 1, 2, 3, 4, 5, 6, 7, 8} {
				text := strings.Repeat(" ", blanks) + test.text + strings.Repeat("\n", rest)
				if got := findWords([]byte(text)); got != test.want {
					t.Errorf("%q: %03b, want %03b", text, got, test.want)
				}
			}
		}
	}
}

func TestFindWordsIsLinear(t *testing.T) {
	start := time.Now()
	for _, unit := range []string{"mod ", "// mod ", "dyn.", "mod a ", "ra"} {
		findWords([]byte(strings.Repeat(unit, 100_000)))
	}
	if took := time.Since(start); took > 10*time.Second { // it takes a twentieth of a second
		t.Errorf("it takes %v", took)
	}
}
