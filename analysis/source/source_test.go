package source_test

import (
	"math/rand"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// TestPositions compares the index, which counts within blocks, with counting from the start.
func TestPositions(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	pieces := []string{"\n", "\n\n", "\r\n", "a", "let x = 1;", "é", "\t", "\xff", "// some comment of a usual length, as it stands in files\n", strings.Repeat("x", 3000)}
	for _, size := range []int{0, 1, 3, 50, 400, 2000} {
		var text strings.Builder
		if size%2 == 0 && size > 0 {
			text.WriteString("\uFEFF")
		}
		for range size {
			text.WriteString(pieces[random.Intn(len(pieces))])
		}
		checkPositions(t, text.String(), random)
	}
}

func checkPositions(t *testing.T, text string, random *rand.Rand) {
	t.Helper()
	x := source.NewLineIndex([]byte(text))
	lines := strings.SplitAfter(text, "\n")
	if x.Lines() != len(lines) {
		t.Fatalf("%d lines, want %d", x.Lines(), len(lines))
	}
	starts := make([]int, 0, len(lines))
	at := 0
	for i, line := range lines {
		starts = append(starts, at)
		first := at
		if i == 0 && strings.HasPrefix(text, "\uFEFF") {
			first = 3
		}
		body := strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		if !strings.HasSuffix(line, "\n") && strings.HasSuffix(line, "\r") {
			body = strings.TrimSuffix(line, "\r")
		}
		if got, want := x.LineSpan(i), (source.Span{Start: uint32(first), End: uint32(at + len(body))}); got != want {
			t.Fatalf("line %d of %d bytes: %v, want %v", i, len(text), got, want)
		}
		at += len(line)
	}
	for range 2000 {
		offset := random.Intn(len(text) + 2)
		inside := min(offset, len(text))
		line := strings.Count(text[:inside], "\n")
		start := starts[line]
		if line == 0 && strings.HasPrefix(text, "\uFEFF") {
			start = min(3, inside)
			inside = max(inside, start)
		}
		want := source.Position{Line: line + 1, Column: utf8.RuneCountInString(text[start:inside]) + 1}
		if got := x.Position(uint32(offset)); got != want {
			t.Fatalf("offset %d of %d: %v, want %v", offset, len(text), got, want)
		}
		if got := x.Line(uint32(offset)); got != line {
			t.Fatalf("offset %d of %d is on line %d, want %d", offset, len(text), got, line)
		}
		if got := x.Offset(want); int(got) != inside && x.LineSpan(line).Contains(uint32(inside)) {
			t.Fatalf("%v is at %d, want %d", want, got, inside)
		}
	}
}
