package report

import (
	"bytes"
	"fmt"
	"io"
)

// diffContext is the number of unchanged lines around a change.
const diffContext = 3

// maxDiffWork bounds the search for the shortest difference, in lines removed and added; beyond it the part between the
// first and the last difference is one change.
const maxDiffWork = 2000

// Diff prints the difference of two texts of a file as a unified diff, nothing if they are equal.
func Diff(out io.Writer, name string, before, after []byte) error {
	a, b := diffLines(before), diffLines(after)
	hunks := hunksOf(diff(a, b), diffContext)
	if len(hunks) == 0 {
		return nil
	}
	var buf bytes.Buffer
	fmt.Fprintf(&buf, "--- %s\n+++ %s\n", name, name)
	for _, h := range hunks {
		h.print(&buf, a, b)
	}
	_, err := out.Write(buf.Bytes())
	return err
}

// diffLines are the lines of a text with their line endings.
func diffLines(text []byte) [][]byte {
	var out [][]byte
	for line := range bytes.Lines(text) {
		out = append(out, line)
	}
	return out
}

// lineChange says that lines [a0, a1) became [b0, b1).
type lineChange struct{ a0, a1, b0, b1 int }

// diff is the shortest list of changes (Myers 1986), between the common beginning and the common end of two texts.
func diff(a, b [][]byte) []lineChange {
	from := 0
	for from < len(a) && from < len(b) && bytes.Equal(a[from], b[from]) {
		from++
	}
	endA, endB := len(a), len(b)
	for endA > from && endB > from && bytes.Equal(a[endA-1], b[endB-1]) {
		endA, endB = endA-1, endB-1
	}
	if from == endA && from == endB {
		return nil
	}
	changes, ok := shortest(a[from:endA], b[from:endB])
	if !ok {
		return []lineChange{{from, endA, from, endB}}
	}
	for i := range changes {
		c := &changes[i]
		*c = lineChange{c.a0 + from, c.a1 + from, c.b0 + from, c.b1 + from}
	}
	return changes
}

// shortest walks the edit graph: v[k] is the furthest line of a on diagonal k that d removals and additions reach. It keeps v of
// every d to walk back.
func shortest(a, b [][]byte) ([]lineChange, bool) {
	n, m := len(a), len(b)
	limit := min(n+m, maxDiffWork)
	v := make([]int, 2*limit+3)
	at := func(k int) *int { return &v[k+limit+1] }
	var trace [][]int
	for d := 0; d <= limit; d++ {
		for k := -d; k <= d; k += 2 {
			x := 0
			switch {
			case d == 0:
			case k == -d || k != d && *at(k - 1) < *at(k + 1):
				x = *at(k + 1)
			default:
				x = *at(k - 1) + 1
			}
			y := x - k
			for x < n && y >= 0 && y < m && bytes.Equal(a[x], b[y]) {
				x, y = x+1, y+1
			}
			*at(k) = x
			if x >= n && y >= m {
				return walkBack(trace, n, m, d), true
			}
		}
		trace = append(trace, append([]int(nil), v[limit+1-d:limit+2+d]...))
	}
	return nil, false
}

// walkBack reads the path through the edit graph from its end; trace[d][k+d] is v[k] after d steps.
func walkBack(trace [][]int, x, y, d int) []lineChange {
	var out []lineChange
	for ; d > 0; d-- {
		prev := trace[d-1]
		get := func(k int) int {
			if i := k + d - 1; i >= 0 && i < len(prev) {
				return prev[i]
			}
			return -1
		}
		k := x - y
		down := k == -d || k != d && get(k-1) < get(k+1)
		var fromX, fromY int
		if down {
			fromX = get(k + 1)
			fromY = fromX - (k + 1)
		} else {
			fromX = get(k - 1)
			fromY = fromX - (k - 1)
		}
		c := lineChange{fromX, fromX, fromY, fromY}
		if down {
			c.b1++
		} else {
			c.a1++
		}
		if n := len(out); n > 0 && out[n-1].a0 == c.a1 && out[n-1].b0 == c.b1 {
			out[n-1].a0, out[n-1].b0 = c.a0, c.b0
		} else {
			out = append(out, c)
		}
		x, y = fromX, fromY
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// hunk is a group of changes that are close to each other, with the lines around them.
type hunk struct {
	lineChange
	changes []lineChange
}

func hunksOf(changes []lineChange, context int) []hunk {
	var out []hunk
	for _, c := range changes {
		if n := len(out); n > 0 && c.a0-out[n-1].changes[len(out[n-1].changes)-1].a1 <= 2*context {
			out[n-1].changes = append(out[n-1].changes, c)
			continue
		}
		out = append(out, hunk{changes: []lineChange{c}})
	}
	return out
}

func (h *hunk) print(out *bytes.Buffer, a, b [][]byte) {
	first, last := h.changes[0], h.changes[len(h.changes)-1]
	lead := min(diffContext, first.a0)
	tail := min(diffContext, len(a)-last.a1)
	h.lineChange = lineChange{first.a0 - lead, last.a1 + tail, first.b0 - lead, last.b1 + tail}
	fmt.Fprintf(out, "@@ -%s +%s @@\n", lineRange(h.a0, h.a1), lineRange(h.b0, h.b1))
	at := h.a0
	for _, c := range h.changes {
		printLines(out, ' ', a[at:c.a0])
		printLines(out, '-', a[c.a0:c.a1])
		printLines(out, '+', b[c.b0:c.b1])
		at = c.a1
	}
	printLines(out, ' ', a[at:h.a1])
}

// lineRange is the place of lines [from, to) in a hunk's header; an empty range names the line before it.
func lineRange(from, to int) string {
	switch to - from {
	case 0:
		return fmt.Sprintf("%d,0", from)
	case 1:
		return fmt.Sprint(from + 1)
	}
	return fmt.Sprintf("%d,%d", from+1, to-from)
}

func printLines(out *bytes.Buffer, mark byte, lines [][]byte) {
	for _, l := range lines {
		out.WriteByte(mark)
		out.Write(l)
		if !bytes.HasSuffix(l, []byte("\n")) {
			out.WriteString("\n\\ No newline at end of file\n")
		}
	}
}
