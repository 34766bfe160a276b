package report

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

const service = `trait Svc {
    async fn call(&self) -> u32;
}
fn f(x: &dyn Svc) {}
`

// at is the span of the nth (from 0) occurrence of text in a file.
func at(file, code, text string, n int) Span {
	offset := 0
	for range n {
		offset += strings.Index(code[offset:], text) + len(text)
	}
	offset += strings.Index(code[offset:], text)
	return Span{File: file, Start: uint32(offset), End: uint32(offset + len(text))}
}

func (s Span) labelled(label string) Span { s.Label = label; return s }
func (s Span) primary(label string) Span  { s.Label, s.Primary = label, true; return s }

func oneFile(path, text string) *Files {
	return NewFiles(func(asked string) ([]byte, bool) { return []byte(text), asked == path })
}

// render is m as a renderer prints it, with escapes written "\e".
func render(t *testing.T, r Renderer, m Message) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.Render(&b, m); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(b.String(), "\x1b", `\e`)
}

func expect(t *testing.T, got, want string) {
	t.Helper()
	if want = strings.TrimPrefix(want, "\n"); got != want {
		t.Errorf("printed\n%s\nwant\n%s\nfirst difference: %q, want %q", got, want, around(got, want), around(want, got))
	}
}

// notDynCompatible is rustc's E0038 about the code of service.
func notDynCompatible() Message {
	return Message{
		Level: Error, Code: "E0038", Text: "the trait `Svc` is not dyn compatible",
		Spans: []Span{at("svc.rs", service, "dyn Svc", 0).primary("`Svc` is not dyn compatible")},
		Children: []Message{
			{
				Level: Note,
				Text:  "for a trait to be dyn compatible it needs to allow building a vtable\nfor more information, visit <https://example.org>",
				Spans: []Span{
					at("svc.rs", service, "Svc", 0).labelled("this trait is not dyn compatible..."),
					at("svc.rs", service, "call", 0).primary("...because method `call` is `async`"),
				},
			},
			{Level: Help, Text: "consider moving `call` to another trait"},
		},
	}
}

func TestMessageWithNotes(t *testing.T) {
	expect(t, render(t, Renderer{Files: oneFile("svc.rs", service)}, notDynCompatible()), `
error[E0038]: the trait `+"`Svc`"+` is not dyn compatible
 --> svc.rs:4:10
  |
4 | fn f(x: &dyn Svc) {}
  |          ^^^^^^^ `+"`Svc`"+` is not dyn compatible
  |
note: for a trait to be dyn compatible it needs to allow building a vtable
      for more information, visit <https://example.org>
 --> svc.rs:2:14
  |
1 | trait Svc {
  |       --- this trait is not dyn compatible...
2 |     async fn call(&self) -> u32;
  |              ^^^^ ...because method `+"`call` is `async`"+`
  = help: consider moving `+"`call`"+` to another trait

`)
}

func TestShort(t *testing.T) {
	expect(t, render(t, Renderer{Files: oneFile("svc.rs", service), Short: true, Color: true}, notDynCompatible()),
		"svc.rs:4:10: \\e[1m\\e[91merror[E0038]\\e[0m: the trait `Svc` is not dyn compatible: `Svc` is not dyn compatible\n")
}

func TestColors(t *testing.T) {
	const code = "fn f(x: u8) {}\n"
	expect(t, render(t, Renderer{Files: oneFile("svc.rs", code), Color: true}, Message{
		Level: Warning, Text: "unused",
		Spans:    []Span{at("svc.rs", code, "f", 1).primary("here"), at("svc.rs", code, "x", 0)},
		Children: []Message{{Level: Note, Text: "expected `A`", Highlights: []source.Span{{Start: 10, End: 11}}}},
	}), `
\e[1m\e[33mwarning\e[0m\e[1m: unused\e[0m
 \e[1m\e[94m--> \e[0msvc.rs:1:4
  \e[1m\e[94m|\e[0m
\e[1m\e[94m1\e[0m \e[1m\e[94m|\e[0m fn f(x: u8) {}
  \e[1m\e[94m|\e[0m    \e[1m\e[33m^\e[0m \e[1m\e[94m-\e[0m
  \e[1m\e[94m|\e[0m    \e[1m\e[33m|\e[0m
  \e[1m\e[94m|\e[0m    \e[1m\e[33mhere\e[0m
  \e[1m\e[94m|\e[0m
  \e[1m\e[94m= \e[0m\e[1mnote\e[0m: expected `+"`\\e[1m\\e[35mA\\e[0m`"+`

`)
}

// A change of several files, which rustc never suggests, is shown file by file.
func TestPatchOfSeveralFiles(t *testing.T) {
	files := NewFiles(func(path string) ([]byte, bool) {
		text, ok := map[string]string{"a.rs": "fn a() {}\n", "b.rs": "\nfn b() {}\n"}[path]
		return []byte(text), ok
	})
	expect(t, render(t, Renderer{Files: files}, Message{
		Level: Error, Text: "wrong",
		Spans: []Span{{File: "a.rs", Start: 3, End: 4, Primary: true}},
		Suggestions: []Suggestion{{
			Message: "take an argument",
			Substitutions: []Substitution{{Edits: []Edit{
				{File: "a.rs", Start: 5, End: 5, NewText: "x: u8"},
				{File: "b.rs", Start: 6, End: 6, NewText: "x: u8"},
			}}},
		}},
	}), `
error: wrong
 --> a.rs:1:4
  |
1 | fn a() {}
  |    ^
  |
help: take an argument
  |
1 | fn a(x: u8) {}
  |      +++++
 --> b.rs:2:6
  |
2 | fn b(x: u8) {}
  |      +++++

`)
}

// A line end in a file with CRLF is one place: edits before and between its two characters do the same.
func TestPatchOfFileWithCRLF(t *testing.T) {
	for _, start := range []uint32{9, 10} {
		expect(t, render(t, Renderer{Files: oneFile("a.rs", "fn a() {}\r\nfn b() {}\r\n")}, Message{
			Level: Help, Text: "add a function",
			Suggestions: []Suggestion{{
				Message:       "here",
				Substitutions: []Substitution{{Edits: []Edit{{File: "a.rs", Start: start, End: start, NewText: "\r\nfn c() {}"}}}},
			}},
		}), `
help: add a function
  |
help: here
 --> a.rs:1:10
  |
1 ~ fn a() {}
2 + fn c() {}
  |

`)
	}
}

func TestFileThatCannotBeRead(t *testing.T) {
	m := Message{
		Level: Error, Text: "gone",
		Spans:       []Span{{File: "gone.rs", Start: 10, End: 20, Primary: true, Label: "here"}},
		Suggestions: []Suggestion{{Message: "write it", Visibility: ShowPatch, Substitutions: []Substitution{{Edits: []Edit{{File: "gone.rs", NewText: "x"}}}}}},
	}
	expect(t, render(t, Renderer{Files: oneFile("there.rs", "")}, m), `
error: gone
 --> gone.rs
  |
  = note: here
  |

`)
	expect(t, render(t, Renderer{Short: true}, m), "gone.rs: error: gone: here\n")
}

func TestMessageWithoutPlace(t *testing.T) {
	expect(t, render(t, Renderer{}, Message{Level: Error, Code: "E1", Text: "two\nlines", Children: []Message{{Level: Note, Text: "and\nmore"}}}), `
error[E1]: two
           lines
  |
  = note: and
          more

`)
}

// Text from a hostile crate must not reach the terminal as an escape sequence or on lines of its own.
func TestHostileText(t *testing.T) {
	evil := "\x1b]0;pwned\x07\u202e"
	got := render(t, Renderer{Files: oneFile("e\x1b[2J\n.rs", "fn f() {}")}, Message{
		Level: Error, Code: evil, Text: evil,
		Spans:       []Span{{File: "e\x1b[2J\n.rs", Start: 3, End: 4, Primary: true, Label: "a\nb" + evil}},
		Children:    []Message{{Level: Note, Text: evil}},
		Suggestions: []Suggestion{{Message: evil, Visibility: ShowPatch, Substitutions: []Substitution{{Edits: []Edit{{File: "e\x1b[2J\n.rs", Start: 3, End: 4, NewText: evil}}}}}},
	})
	if strings.ContainsAny(got, "\x07\u202e") || strings.Contains(got, `\e`) {
		t.Errorf("control characters are printed:\n%s", got)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errBroken }

var errBroken = errors.New("broken pipe")

func TestRenderReportsWriteError(t *testing.T) {
	r := Renderer{}
	if err := r.Render(brokenPipe{}, Message{}); !errors.Is(err, errBroken) {
		t.Errorf("got %v, want it to wrap %v", err, errBroken)
	}
}
