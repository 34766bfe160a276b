package report

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzRender prints messages about arbitrary bytes, with spans and edits that may be anywhere: whatever they are, a text
// that is valid UTF-8 and free of control characters comes out.
func FuzzRender(f *testing.F) {
	f.Add([]byte(service), []byte{29, 35, 3, 17, 21, 1, 0, 90, 4}, "a label", "new\ntext", byte(140))
	f.Add([]byte("\xef\xbb\xbffn f() {\r\n\tx\r\n}"), []byte{0, 0, 1, 3, 20, 2, 13, 14, 3}, "", "", byte(20))
	f.Add([]byte("\xff\xfe日本\x00\x1b[m"), []byte{0, 255, 1, 5, 3, 0}, "\x1b\n", "#[a]\n", byte(0))
	f.Add([]byte(""), []byte{0, 0, 0, 0, 0, 1}, "l", "x", byte(3))
	f.Add([]byte(strings.Repeat("a ", 900)), []byte{9, 200, 1, 100, 250, 0}, "l", "x", byte(80))
	f.Fuzz(func(t *testing.T, text, places []byte, label, edit string, width byte) {
		m := Message{Level: Level(width), Code: label, Text: edit, Highlights: nil}
		s := Suggestion{Message: label, Visibility: Visibility(width % 6)}
		for ; len(places) >= 3; places = places[3:] {
			start, end, how := stretched(places[0], len(text)), stretched(places[1], len(text)), places[2]
			span := Span{File: []string{"a.rs", "b.rs"}[how&1], Start: start, End: end, Primary: how&2 != 0}
			if how&4 != 0 {
				span.Label = label
			}
			switch how >> 3 % 4 {
			case 0, 1:
				m.Spans = append(m.Spans, span)
			case 2:
				m.Children = append(m.Children, Message{Level: Note, Text: label, Spans: []Span{span}})
			case 3:
				s.Substitutions = append(s.Substitutions, Substitution{Edits: []Edit{
					{span.File, start, end, edit}, {span.File, end, start, label}, {"a.rs", end, end + 1, edit},
				}})
			}
		}
		m.Suggestions = append(m.Suggestions, s)
		for _, missing := range []string{"", "b.rs"} {
			files := NewFiles(func(path string) ([]byte, bool) { return text, path != missing })
			for _, r := range []Renderer{{Width: int(width)}, {Color: true}, {Short: true}} {
				r.Files = files
				var b bytes.Buffer
				if err := r.Render(&b, m); err != nil {
					t.Fatal(err)
				}
				if !utf8.Valid(b.Bytes()) {
					t.Errorf("printed invalid UTF-8: %q", b.String())
				}
				if !r.Color && strings.ContainsFunc(b.String(), needsReplacement) {
					t.Errorf("printed control characters: %q", b.String())
				}
			}
		}
	})
}

// stretched is a place in, at or behind the end of a text of so many bytes.
func stretched(b byte, size int) uint32 {
	if b == math.MaxUint8 {
		return math.MaxUint32
	}
	return uint32(int(b) * (size + 8) / 200)
}

// TestVeryLongLine prints a diagnostic in a line of 100 MB, as generated code has them: only a part of the line is worked
// on, and none but that part is copied.
func TestVeryLongLine(t *testing.T) {
	const size = 100 << 20
	text := bytes.Repeat([]byte("fn f(x: &dyn T) {} "), size/19)
	files := NewFiles(func(string) ([]byte, bool) { return text, true })
	middle := uint32(len(text)/2/19*19 + 8)
	m := Message{
		Level: Error, Text: "here",
		Spans: []Span{
			{File: "a.rs", Start: middle, End: middle + 6, Primary: true, Label: "label"},
			{File: "a.rs", Start: 0, End: uint32(len(text)), Label: "everything"},
		},
		Suggestions: []Suggestion{{Message: "box it", Visibility: ShowPatch, Substitutions: []Substitution{{Edits: []Edit{{"a.rs", middle, middle + 6, "Box<dyn T>"}}}}}},
	}
	for _, spans := range [][]Span{m.Spans[:1], m.Spans} {
		m.Spans = spans
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		var b bytes.Buffer
		r := Renderer{Files: files}
		if err := r.Render(&b, m); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 32<<20 {
			t.Errorf("allocated %d MB for a diagnostic in a file of %d MB", allocated>>20, len(text)>>20)
		}
		if b.Len() > 2*(maxLine+2*viewMargin) {
			t.Errorf("printed %d bytes", b.Len())
		}
	}
	m.Spans = m.Spans[:1]
	var b bytes.Buffer
	r := Renderer{Files: files}
	if err := r.Render(&b, m); err != nil {
		t.Fatal(err)
	}
	expect(t, b.String(), fmt.Sprintf(`
error: here
 --> a.rs:1:%d
  |
1 | ...: &dyn T) {} fn f(x: &dyn T) {} fn f(x: &dyn T) {} fn f(x: &dyn T) {} fn f(x: &dyn T) {} fn f(x: &dyn T) {} fn f(x: &dyn T) {} fn ...
  |                                                               ^^^^^^ label
  |
  = help: box it

`, middle+1))
}

// many are diagnostics spread over a text of so many lines.
func many(lines, messages int) (*Files, []Message) {
	line := "    fn service(&self, request: &dyn Service) -> Box<dyn Service>;\n"
	text := []byte(strings.Repeat(line, lines))
	var all []Message
	for i := range messages {
		start := uint32(i * (lines / messages) * len(line))
		all = append(all, Message{
			Level: Error, Code: "E0038", Text: "the trait `Service` is not dyn compatible",
			Spans: []Span{{File: "a.rs", Start: start + 31, End: start + 42, Primary: true, Label: "`Service` is not dyn compatible"}},
			Children: []Message{
				{Level: Note, Text: "for a trait to be dyn compatible", Spans: []Span{{File: "a.rs", Start: start + 7, End: start + 14, Primary: true, Label: "because"}}},
				{Level: Help, Text: "consider moving it"},
			},
			Suggestions: []Suggestion{{Message: "box it", Visibility: ShowPatch, Substitutions: []Substitution{{Edits: []Edit{{"a.rs", start + 31, start + 32, "Box<"}}}}}},
		})
	}
	return NewFiles(func(string) ([]byte, bool) { return text, true }), all
}

// TestManyDiagnosticsOfOneFile says that printing costs the same wherever in a file a diagnostic is: a file of 500,000
// lines, read from its start for each, would take minutes.
func TestManyDiagnosticsOfOneFile(t *testing.T) {
	files, messages := many(500_000, 10_000)
	start := time.Now()
	r := Renderer{Files: files}
	for _, m := range messages {
		if err := r.Render(io.Discard, m); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("printing %d diagnostics took %v", len(messages), took)
	}
}

func BenchmarkRender(b *testing.B) {
	files, messages := many(100_000, 1000)
	r := Renderer{Files: files, Color: true}
	b.ReportAllocs()
	for i := range b.N {
		if err := r.Render(io.Discard, messages[i%len(messages)]); err != nil {
			b.Fatal(err)
		}
	}
}
