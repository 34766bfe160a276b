package server

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/report"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
)

// TestRandomSessions edits, opens, closes, saves and asks at random. When the server is idle, what is shown is what check finds in
// the same texts.
//
// A seed is a session. AFIDT_SESSION_SEEDS says how many there are, AFIDT_SESSION_SEED which is the first.
func TestRandomSessions(t *testing.T) {
	first, n := number(t, "AFIDT_SESSION_SEED", 0), number(t, "AFIDT_SESSION_SEEDS", 3)
	for seed := first; seed < first+n; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 1))
			pick := func(list ...string) string { return list[random.IntN(len(list))] }
			line := func() string {
				a, b := pick("A", "B", "C"), pick("A", "B", "C")
				return pick(
					"pub trait "+a+" { async fn f(&self); }", "pub trait "+a+": "+b+" { fn f(&self); }", "pub fn g"+a+"(_: &dyn "+b+") {}",
					"use crate::a::"+a+";", "pub use crate::b::*;", "pub type "+a+" = Box<dyn "+b+">;", "async fn c"+a+"(x: &dyn "+b+") { x.f().await }",
					"// 🦀 é", "", "mod m { pub trait "+a+" { const X: u8; } }", "}", "{", "\"",
				)
			}
			text := func() string {
				var out []string
				for range 5 {
					out = append(out, line())
				}
				return strings.Join(out, "\n")
			}
			names := []string{"src/lib.rs", "src/a.rs", "src/b.rs"}
			root := crate(t, names[0], "mod a;\nmod b;\n"+text(), names[1], text(), names[2], text())
			e := start(t, modern, root)
			buffers := map[string]string{}
			shown := func(name string) string {
				if b, ok := buffers[name]; ok {
					return b
				}
				data, err := os.ReadFile(filepath.Join(root, name))
				if err != nil {
					t.Fatal(err)
				}
				return string(data)
			}
			for step := range 120 {
				name := names[random.IntN(len(names))]
				uri := fileURI(root, name)
				_, open := buffers[name]
				switch n := random.IntN(10); {
				case !open:
					buffers[name] = shown(name)
					e.open(uri, buffers[name])
				case n == 0:
					delete(buffers, name)
					e.close(uri)
				case n == 1:
					write(t, filepath.Join(root, name), buffers[name])
					e.notify("textDocument/didSave", map[string]any{"textDocument": documentID(uri)})
				case n == 2: // asked while things change; any answer will do
					e.begin("textDocument/codeAction", map[string]any{
						"textDocument": documentID(uri), "context": map[string]any{"diagnostics": []any{}},
						"range": map[string]any{"start": map[string]int{"line": 2, "character": 3}, "end": map[string]int{"line": 2, "character": 3}},
					})
					e.begin("textDocument/hover", map[string]any{"textDocument": documentID(uri), "position": map[string]int{"line": 1, "character": 12}})
				default:
					lines := strings.Split(buffers[name], "\n")
					i := random.IntN(len(lines))
					start, end := map[string]int{"line": i, "character": 0}, map[string]int{"line": i, "character": 1 << 20}
					next := line()
					if n > 5 {
						end, next = start, next+"\n"
						lines = slices.Insert(lines, i, strings.TrimSuffix(next, "\n"))
					} else {
						lines[i] = next
					}
					buffers[name] = strings.Join(lines, "\n")
					e.change(uri, map[string]any{"range": map[string]any{"start": start, "end": end}, "text": next})
				}
				if step%10 == 9 {
					e.settle()
					compareWithCheck(t, e, root, names, buffers)
				}
			}
		})
	}
}

func number(t *testing.T, variable string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

func compareWithCheck(t *testing.T, e *fakeEditor, root string, names []string, buffers map[string]string) {
	t.Helper()
	overlay := map[string][]byte{}
	for name, text := range buffers {
		overlay[filepath.Join(root, filepath.FromSlash(name))] = []byte(text)
	}
	s, err := analysis.Open(root, analysis.Options{Overlay: overlay, Paths: slices.Sorted(maps.Keys(overlay))})
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, d := range s.Check(s.Findings(), nil, func(*rules.Finding) []report.Fix { return nil }).Diagnostics {
		want = append(want, fmt.Sprintf("%s:%d %s %s", d.File, d.Line, d.Code, d.Message))
	}
	for _, name := range names {
		for _, d := range e.list(fileURI(root, name)).Diagnostics {
			message, _, _ := strings.Cut(d.Message, "\n")
			got = append(got, fmt.Sprintf("%s:%d %s %s", name, d.Range.Start.Line+1, d.Code, message))
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("the server shows something else than check (-check +server):\n%s\n%v", diff, buffers)
	}
}

// TestNoGoroutineLeft starts and ends servers; each takes all of its goroutines along.
func TestNoGoroutineLeft(t *testing.T) {
	root := crate(t, "src/lib.rs", bad)
	session := func() {
		t.Run("", func(t *testing.T) {
			e := start(t, modern, root)
			e.open(fileURI(root, "src/lib.rs"), bad)
			e.settle()
		})
	}
	session()
	before := runtime.NumGoroutine()
	for range 10 {
		session()
	}
	limit := time.Now().Add(patience)
	for runtime.NumGoroutine() > before {
		if time.Now().After(limit) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines are left of %d\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
		runtime.Gosched()
	}
}
