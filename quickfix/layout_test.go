package quickfix

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// lone is the workspace of one file.
func lone(t *testing.T, text string) *Workspace {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lib.rs")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	s, err := analysis.Open(path, analysis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w, err := New(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// applied is the text of the workspace's only file after edits, their line endings as finish makes them.
func applied(t *testing.T, w *Workspace, edits []Edit) string {
	t.Helper()
	f := w.Snapshot.Files[0]
	a := Action{Edits: edits}
	w.finish(&a)
	if a.BlockedBy != "" {
		t.Fatal(a.BlockedBy)
	}
	texts, err := Apply(a.Edits, func(string) ([]byte, error) { return f.Text, nil })
	if err != nil {
		t.Fatal(err)
	}
	if len(edits) == 0 {
		return string(f.Text)
	}
	return string(texts[f.Path])
}

func TestName(t *testing.T) {
	tests := []struct{ what, before, name, after string }{
		{"into the group, in order", "use crate::a;\nuse std::fmt;\nuse std::sync::Arc;\n\nuse std::cmp;\n\nmod a {}\n", "Pin",
			"use crate::a;\nuse std::fmt;\nuse std::pin::Pin;\nuse std::sync::Arc;\n\nuse std::cmp;\n\nmod a {}\n"},
		{"behind the group", "use std::fmt;\n\nstruct X;\n", "Pin", "use std::fmt;\nuse std::pin::Pin;\n\nstruct X;\n"},
		{"above the first item and its comment", "#![allow(unused)]\n//! About.\n\n// X.\n#[derive(Debug)]\nstruct X;\n", "Pin",
			"#![allow(unused)]\n//! About.\n\nuse std::pin::Pin;\n\n// X.\n#[derive(Debug)]\nstruct X;\n"},
		{"imported already", "use std::pin::Pin as Pin;\n", "Pin", "use std::pin::Pin as Pin;\n"},
		{"taken", "struct Pin;\n", "std::pin::Pin", "struct Pin;\n"},
		{"without std", "#![no_std]\nstruct X;\n", "Pin", "#![no_std]\nuse core::pin::Pin;\n\nstruct X;\n"},
		{"line endings", "use std::fmt;\r\n\r\nstruct X;\r\n", "Pin", "use std::fmt;\r\nuse std::pin::Pin;\r\n\r\nstruct X;\r\n"},
		{"byte order mark", "\ufeffstruct X;\n", "Pin", "\ufeffuse std::pin::Pin;\n\nstruct X;\n"},
	}
	for _, test := range tests {
		w := lone(t, test.before)
		name, edits := w.name(w.Snapshot.Files[0].Owners[0], "std", "pin", "Pin")
		if name != test.name {
			t.Errorf("%s: it is called %s, want %s", test.what, name, test.name)
		}
		if got := applied(t, w, edits); got != test.after {
			t.Errorf("%s:\n%q\nwant\n%q", test.what, got, test.after)
		}
	}
}

func TestNameInInlineModule(t *testing.T) {
	w := lone(t, "mod m {\n    use std::fmt;\n    struct X;\n}\n")
	f := w.Snapshot.Files[0]
	_, edits := w.name(f.Owners[0].ChildModule(0), "std", "cell", "Cell")
	if got, want := applied(t, w, edits), "mod m {\n    use std::cell::Cell;\n    use std::fmt;\n    struct X;\n}\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestInsertItems(t *testing.T) {
	const text = "mod m {\r\n\t/// Doc.\r\n\t#[derive(Debug)]\r\n\tstruct X; // why\r\n\tstruct Y;\r\n}\r\n"
	w := lone(t, text)
	f := w.Snapshot.Files[0]
	x := int32(1)
	if f.Syntax().Items[x].Name != "X" {
		t.Fatalf("item 1 is %s", f.Syntax().Items[x].Name)
	}
	got := applied(t, w, []Edit{insertAfter(f, x, "struct Z {\n    a: u8,\n}"), insertBefore(f, x, "struct A;")})
	want := "mod m {\r\n\tstruct A;\r\n\r\n\t/// Doc.\r\n\t#[derive(Debug)]\r\n\tstruct X; // why\r\n\r\n\tstruct Z {\r\n\t\ta: u8,\r\n\t}\r\n\tstruct Y;\r\n}\r\n"
	if got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestApply(t *testing.T) {
	edit := func(path string, start, end uint32, text string) Edit {
		return Edit{Path: path, Span: source.Span{Start: start, End: end}, New: text}
	}
	texts := map[string]string{"a": "0123456789", "b": "abc"}
	read := func(path string) ([]byte, error) {
		if text, ok := texts[path]; ok {
			return []byte(text), nil
		}
		return nil, os.ErrNotExist
	}
	tests := []struct {
		what  string
		edits []Edit
		want  map[string]string // nil for an error
	}{
		{"two files", []Edit{edit("b", 1, 2, ""), edit("a", 5, 6, "x"), edit("a", 0, 0, ">")}, map[string]string{"a": ">01234x6789", "b": "ac"}},
		{"insertions keep their order", []Edit{edit("b", 3, 3, "1"), edit("b", 3, 3, "2")}, map[string]string{"b": "abc12"}},
		{"one twice", []Edit{edit("b", 0, 1, "A"), edit("b", 0, 1, "A")}, map[string]string{"b": "Abc"}},
		{"touching", []Edit{edit("b", 0, 1, "A"), edit("b", 1, 2, "B"), edit("b", 1, 1, "-")}, map[string]string{"b": "A-Bc"}},
		{"overlapping", []Edit{edit("a", 0, 3, ""), edit("a", 2, 4, "")}, nil},
		{"insertion into what is replaced", []Edit{edit("a", 0, 3, ""), edit("a", 2, 2, "x")}, nil},
		{"past the end", []Edit{edit("a", 0, 1, "x"), edit("b", 2, 4, "")}, nil},
		{"unreadable", []Edit{edit("a", 0, 1, "x"), edit("c", 0, 0, "x")}, nil},
	}
	for _, test := range tests {
		got, err := Apply(test.edits, read)
		if (err != nil) != (test.want == nil) || len(got) != len(test.want) {
			t.Errorf("%s: %q, error %v", test.what, got, err)
			continue
		}
		for path, want := range test.want {
			if string(got[path]) != want {
				t.Errorf("%s: %s is %q, want %q", test.what, path, got[path], want)
			}
		}
	}
}

// TestBatchKeepsAlternativesApart holds the rule that one thing is cured by one fix only.
func TestBatchKeepsAlternativesApart(t *testing.T) {
	at := func(start uint32, text string) []Edit {
		return []Edit{{Path: "a", Span: source.Span{Start: start, End: start + 1}, New: text}}
	}
	use := []Edit{{Path: "a", New: "use x;\n", once: true}}
	var b batch
	steps := []struct {
		a    Action
		want bool
	}{
		{Action{ID: "companion", subject: "trait a", Edits: slices.Concat(use, at(10, "x"))}, true},
		{Action{ID: "wrapper", subject: "trait a", Edits: at(20, "x")}, false},
		{Action{ID: "companion", subject: "trait a", Edits: at(10, "x")}, true},
		{Action{ID: "companion", subject: "trait a", Edits: at(12, "x")}, true},
		{Action{ID: "companion", subject: "trait b", Edits: slices.Concat(use, at(30, "x"))}, true},
		{Action{ID: "companion", subject: "trait c", Edits: at(30, "y")}, false},
		{Action{ID: "companion", subject: "trait d", Edits: []Edit{{Path: "a", New: "use y;\n", once: true}}}, false},
	}
	for i, s := range steps {
		if got := b.add(&s.a); got != s.want {
			t.Errorf("step %d: %v, want %v", i, got, s.want)
		}
	}
	if len(b.edits) != 4 {
		t.Errorf("%d edits, want the import once and three more", len(b.edits))
	}
}

// TestBoxedCallsParse holds the results for compilers that do not exist against the grammar, which has to go on reading them.
func TestBoxedCallsParse(t *testing.T) {
	for _, text := range []string{
		"async fn f() { client.fetch(url).box.await; }",
		"async fn f() { c.check().box.await?; let f = c.later().box; f.await }",
		"async fn f() { std::preview::dyn_box!(client.fetch(url)).await; }",
		"async fn f() { c.get(\n    1, // one\n)\n.box // and then\n.await }",
	} {
		tree, err := syntax.ParseTree([]byte(text), source.Span{End: uint32(len(text))})
		if err != nil || tree.HasError {
			t.Errorf("%s: does not parse (%v)", strings.ReplaceAll(text, "\n", " "), err)
		}
	}
}
