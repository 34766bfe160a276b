package syntax

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// checkOutline compares what Outline makes of a text with what Scan makes of it: each fact is at the place that cuts lead to, each
// token that is left is one of the text, and the outline scans as the text does.
func checkOutline(t *testing.T, text []byte, edition int) (kept int) {
	t.Helper()
	want := Scan(text, edition)
	got, cuts := Outline(text, edition)
	if again := Scan(got.Text, edition); fmt.Sprint(*again) != fmt.Sprint(*got) {
		t.Fatalf("edition %d: the outline\n%s\nscans as\n%s\nand not as\n%s", edition, got.Text, skeleton(again), skeleton(got))
	}
	if len(want.Problems) == 0 {
		for _, tok := range Lex(got.Text, source.Span{End: uint32(len(got.Text))}, nil) {
			if whole := cuts.Whole(tok.Span()); string(whole.Of(text)) != string(tok.Span().Of(got.Text)) {
				t.Fatalf("edition %d: %q at %v is %q at %v of\n%s", edition, tok.Span().Of(got.Text), tok.Span(), whole.Of(text), whole, text)
			}
		}
	}
	kept = len(got.Text)
	back := *got
	back.Text = text
	back.Items, back.Attrs, back.Macros = slices.Clone(got.Items), slices.Clone(got.Attrs), slices.Clone(got.Macros)
	spans := func(all ...*source.Span) {
		for _, s := range all {
			*s = cuts.Whole(*s)
		}
	}
	for i := range back.Items {
		it := &back.Items[i]
		spans(&it.Span, &it.NameSpan, &it.Body, &it.VisPath)
	}
	for i := range back.Attrs {
		a := &back.Attrs[i]
		spans(&a.Span, &a.Path, &a.Args)
	}
	for i := range back.Macros {
		m := &back.Macros[i]
		m.Negated = slices.Clone(m.Negated)
		spans(&m.Path, &m.Name, &m.Args, &m.Cond)
		for k := range m.Negated {
			spans(&m.Negated[k])
		}
	}
	back.Dyns = slices.Clone(got.Dyns)
	for i := range back.Dyns {
		at := source.Span{Start: back.Dyns[i].Offset, End: back.Dyns[i].Offset}
		back.Dyns[i].Offset = cuts.Whole(at).Start
	}
	back.Problems = slices.Clone(got.Problems)
	for i := range back.Problems {
		spans(&back.Problems[i].Span)
	}
	if fmt.Sprint(back) != fmt.Sprint(*want) {
		t.Fatalf("edition %d: the outline has\n%v\nthe text has\n%v\nin\n%s\ncuts %v", edition, back, *want, text, cuts)
	}
	return kept
}

// TestOutline makes outlines of random bodies with long comments among them.
func TestOutline(t *testing.T) {
	long := []string{"/* " + strings.Repeat("c", minCut) + " */", "\n// " + strings.Repeat("} ", minCut) + "\n", strings.Repeat(" ", minCut), strings.Repeat("x;", minCut)}
	places := []string{
		"fn f() {%}", "%\nfn f() {%}\n%\nfn g(%) {%}%", "impl A { %fn f(&self) -> B {%} const C: u8 = 1;% }", "mod m { fn f() where A: B {%} }%",
		"#[a]%#[b(%)] pub %struct S {% a: u8 }", "m! { fn f() {%} }", "cfg_if! { if #[cfg(a)] {%fn f() {%} } else %if #[cfg(b)] { struct S; } else {% mod m {} } }", "macro_rules! m { () => {% fn f() {%} } }",
		"fn f() { fn g() {%} %}", "pub(in %a)% type A = fn() -> %B; struct C {%}", "#!/bin/x\n%#![a]\n%fn f() {%}",
	}
	r := rand.New(rand.NewPCG(3, 4))
	for i := range 20_000 {
		var text strings.Builder
		for part := range strings.SplitSeq(places[i%len(places)], "%") {
			if text.Len() > 0 || part == "" {
				for range r.IntN(4) {
					if r.IntN(2) == 0 {
						text.WriteString(long[r.IntN(len(long))])
					} else if strings.Count(text.String(), "{") > strings.Count(text.String(), "}") {
						text.WriteString(piece(r))
					}
				}
			}
			text.WriteString(part)
		}
		checkOutline(t, []byte(text.String()), []int{2015, 2018, 2021, 2024}[i/len(places)%4])
	}
}

// TestOutlineIsShort: of files as people write them, comments and bodies are the most.
func TestOutlineIsShort(t *testing.T) {
	files, err := filepath.Glob("testdata/*.rs")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	size, kept := 0, 0
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		size += len(text)
		kept += checkOutline(t, text, 2021)
	}
	if kept > size*2/3 {
		t.Errorf("%d of %d bytes are kept", kept, size)
	}
}
