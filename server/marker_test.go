package server

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/report"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
)

var update = flag.Bool("update", false, "write what the server says into the archives of testdata")

// TestMarkers runs the archives of testdata through the server and through what `check` does; the two must agree.
//
// The files of an archive are a workspace, all of them open. Directives, one a line of its comment:
//
//	replace FILE "OLD" "NEW"     an edit, as a client sends it
//	action FILE "TEXT" "TITLE"   apply the action with this title at the start of the first such text: its edit is sent back
//
// They are carried out in order. The files diagnostics.N are what is shown after N of them, one finding a line; result/FILE is what
// a document is in the end.
func TestMarkers(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			m := &markers{t: t, texts: map[string]string{}, golden: &txtar.Archive{Comment: archive.Comment}}
			m.run(archive)
			got := txtar.Format(m.golden)
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(txtar.Format(archive)), string(got)); diff != "" {
				t.Errorf("the archive is not what happens (-archive +server), -update writes it:\n%s", diff)
			}
		})
	}
}

// markers is one archive as it is run.
type markers struct {
	t      *testing.T
	root   string
	names  []string
	texts  map[string]string // of the documents, by name
	editor *fakeEditor
	golden *txtar.Archive
}

func generated(name string) bool {
	return strings.HasPrefix(name, "diagnostics.") || strings.HasPrefix(name, "result/")
}

func (m *markers) run(archive *txtar.Archive) {
	m.t.Helper()
	m.root = crate(m.t)
	for _, f := range archive.Files {
		if generated(f.Name) {
			continue
		}
		m.golden.Files = append(m.golden.Files, f)
		write(m.t, filepath.Join(m.root, filepath.FromSlash(f.Name)), string(f.Data))
		if strings.HasSuffix(f.Name, ".rs") {
			m.names = append(m.names, f.Name)
			m.texts[f.Name] = string(f.Data)
		}
	}
	m.editor = start(m.t, eager, m.root)
	for _, name := range m.names {
		m.editor.open(fileURI(m.root, name), m.texts[name])
	}
	m.look(0)
	n := 0
	for line := range strings.Lines(string(archive.Comment)) {
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch verb {
		case "replace":
			var name, old, text string
			m.scan(rest, &name, &old, &text)
			m.replace(name, old, text)
		case "action":
			var name, text, title string
			m.scan(rest, &name, &text, &title)
			m.action(name, text, title)
		default:
			continue
		}
		n++
		m.look(n)
	}
	for _, name := range m.names {
		if original, _ := os.ReadFile(filepath.Join(m.root, filepath.FromSlash(name))); string(original) != m.texts[name] {
			m.golden.Files = append(m.golden.Files, txtar.File{Name: "result/" + name, Data: []byte(m.texts[name])})
		}
	}
}

// scan reads a directive's words; those in quotes are Go strings.
func (m *markers) scan(line string, to ...*string) {
	m.t.Helper()
	for _, p := range to {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, `"`) {
			if _, err := fmt.Sscanf(line, "%q", p); err != nil {
				m.t.Fatalf("%s: %v", line, err)
			}
			line = line[len(fmt.Sprintf("%q", *p)):]
			continue
		}
		*p, line, _ = strings.Cut(line, " ")
	}
}

// place is the position of a text in a document whose columns are bytes.
func (m *markers) place(name, text string) map[string]int {
	m.t.Helper()
	at := strings.Index(m.texts[name], text)
	if at < 0 {
		m.t.Fatalf("%s has no %q", name, text)
	}
	return position(m.texts[name], at)
}

func position(text string, at int) map[string]int {
	return map[string]int{"line": strings.Count(text[:at], "\n"), "character": at - strings.LastIndex(text[:at], "\n") - 1}
}

func (m *markers) replace(name, old, text string) {
	m.t.Helper()
	start := m.place(name, old)
	at := strings.Index(m.texts[name], old)
	end := position(m.texts[name], at+len(old))
	m.editor.change(fileURI(m.root, name), map[string]any{"range": map[string]any{"start": start, "end": end}, "text": text})
	m.texts[name] = strings.Replace(m.texts[name], old, text, 1)
}

func (m *markers) action(name, text, title string) {
	m.t.Helper()
	at := m.place(name, text)
	actions := m.editor.actions(fileURI(m.root, name), at["line"], at["character"], nil)
	i := slices.IndexFunc(actions, func(a codeAction) bool { return a.Title == title })
	if i < 0 {
		m.t.Fatalf("at %q of %s there is no action %q", text, name, title)
	}
	for _, change := range actions[i].Edit.DocumentChanges {
		for _, file := range m.names {
			if string(change.TextDocument.URI) != fileURI(m.root, file) {
				continue
			}
			edits := slices.Clone(change.Edits)
			slices.Reverse(edits) // of insertions at one place the first comes first in the text
			slices.SortStableFunc(edits, func(a, b textEdit) int { return comparePositions(b.Range.Start, a.Range.Start) })
			var changes []any
			for _, e := range edits { // from the end, so that each is right when it comes
				changes = append(changes, map[string]any{"range": e.Range, "text": e.NewText})
				m.texts[file] = splice(m.texts[file], e)
			}
			m.editor.change(fileURI(m.root, file), changes...)
		}
	}
}

func splice(text string, e textEdit) string {
	offset := func(line, column uint32) int {
		at := 0
		for range line {
			at += strings.IndexByte(text[at:], '\n') + 1
		}
		return at + int(column)
	}
	return text[:offset(e.Range.Start.Line, e.Range.Start.Character)] + e.NewText + text[offset(e.Range.End.Line, e.Range.End.Character):]
}

// look adds what is shown now to the golden archive, after it was compared with what check finds.
func (m *markers) look(n int) {
	m.t.Helper()
	m.editor.settle()
	overlay := map[string][]byte{}
	for name, text := range m.texts {
		overlay[filepath.Join(m.root, filepath.FromSlash(name))] = []byte(text)
	}
	s, err := analysis.Open(m.root, analysis.Options{Overlay: overlay})
	if err != nil {
		m.t.Fatal(err)
	}
	var checked, shown []string
	for _, d := range s.Check(s.Findings(), nil, func(*rules.Finding) []report.Fix { return nil }).Diagnostics {
		checked = append(checked, fmt.Sprintf("%s:%d:%d-%d:%d %s %s", d.File, d.Line, d.Column, d.EndLine, d.EndColumn, d.Code, d.Severity))
	}
	levels := map[int]string{1: "error", 2: "warning", 3: "info", 4: "hint"}
	var lines strings.Builder
	for _, name := range m.names {
		for _, d := range m.editor.list(fileURI(m.root, name)).Diagnostics {
			place := fmt.Sprintf("%s:%d:%d-%d:%d %s %s", name, d.Range.Start.Line+1, d.Range.Start.Character+1, d.Range.End.Line+1, d.Range.End.Character+1, d.Code, levels[d.Severity])
			shown = append(shown, place)
			first, _, _ := strings.Cut(d.Message, "\n")
			fmt.Fprintf(&lines, "%s: %s\n", place, first)
		}
	}
	slices.Sort(checked)
	slices.Sort(shown)
	if diff := cmp.Diff(checked, shown); diff != "" {
		m.t.Errorf("after %d steps the server shows something else than check (-check +server):\n%s", n, diff)
	}
	m.golden.Files = append(m.golden.Files, txtar.File{Name: fmt.Sprintf("diagnostics.%d", n), Data: []byte(lines.String())})
}
