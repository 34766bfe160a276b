package server

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// What the benchmarks run on: AFIDT_BENCH_WORKSPACE, a cargo workspace. They edit its file AFIDT_BENCH_FILE or, when unset, of the
// files of its targets that have traits and a `dyn` the one whose number of lines is nearest to benchLines.

const benchLines = 5700

// serverGCPercent is that of the command: `afidt-lsp lsp`.
const serverGCPercent = 25

func benchWorkspace(b *testing.B) (root, file, text string) {
	b.Helper()
	debug.SetGCPercent(serverGCPercent)
	root = os.Getenv("AFIDT_BENCH_WORKSPACE")
	if root == "" {
		b.Skip("AFIDT_BENCH_WORKSPACE is not set: give the folder of a large cargo workspace")
	}
	root, err := filepath.Abs(root)
	if err != nil {
		b.Fatal(err)
	}
	s, err := workspace.Load(root, workspace.Options{})
	if err != nil {
		b.Fatal(err)
	}
	lines, nearest := 0, 0
	for _, f := range s.Files {
		n := bytes.Count(f.Text, []byte("\n"))
		lines += n
		if off := max(n-benchLines, benchLines-n); isBenchFile(f) && (text == "" || off < nearest) {
			file, text, nearest = f.Path, string(f.Text), off
		}
	}
	if text == "" {
		b.Fatalf("%s: none of %d files can be edited", root, len(s.Files))
	}
	b.Logf("%d lines, %d of them in %s", lines, strings.Count(text, "\n"), file)
	debug.FreeOSMemory() // what was read here is no memory of the server's
	return root, file, text
}

func isBenchFile(f *workspace.File) bool {
	if name := os.Getenv("AFIDT_BENCH_FILE"); name != "" {
		return strings.HasSuffix(f.Path, name)
	}
	return f.MayHaveDyn() && f.MayHaveTrait()
}

func benchEditor(b *testing.B) *fakeEditor {
	b.Helper()
	return connect(b, func(o *Options) { o.Log = zap.NewNop() })
}

// quantile of sorted durations, in milliseconds.
func quantile(all []time.Duration, q float64) float64 {
	if len(all) == 0 {
		return 0
	}
	return float64(all[min(len(all)-1, int(q*float64(len(all))))].Microseconds()) / 1000
}

// typist makes random edits of one document and takes each back with the next, so that the text stays what it is. One in four is
// structural: it changes what other files can see, or leaves brackets, strings or comments open.
type typist struct {
	e          *fakeEditor
	rand       *rand.Rand
	uri        string
	lines      []string
	undo       map[string]any
	structural bool // the last edit was
}

func newTypist(e *fakeEditor, uri, text string) *typist {
	return &typist{e: e, rand: rand.New(rand.NewPCG(1, 2)), uri: uri, lines: strings.Split(text, "\n")}
}

func span(line, from, to int) map[string]any {
	return map[string]any{"start": map[string]int{"line": line, "character": from}, "end": map[string]int{"line": line, "character": to}}
}

// edit makes an edit and waits until what comes of it is published.
func (t *typist) edit() time.Duration {
	change := t.undo
	t.undo = nil
	if change == nil {
		line := t.rand.IntN(len(t.lines))
		texts := []string{"x", " ", "y", "z.f()", "0"}
		if t.structural = t.rand.IntN(4) == 0; t.structural {
			texts = []string{"{", "}", "\"", "/*", "pub trait Added { async fn f(&self); }", "pub fn added() {}", "use std::fmt::*; ", "#[cfg(test)] "}
		}
		text := texts[t.rand.IntN(len(texts))]
		indent := len(t.lines[line]) - len(strings.TrimLeft(t.lines[line], " \t"))
		change = map[string]any{"range": span(line, indent, indent), "text": text}
		t.undo = map[string]any{"range": span(line, indent, indent+len(text)), "text": ""}
	}
	sent := time.Now()
	t.e.change(t.uri, change)
	t.e.shownVersion(t.uri, t.e.versions[t.uri])
	return time.Since(sent)
}

// BenchmarkKeystroke measures from didChange to publishDiagnostics, over a thousand edits. ready is from initialized to the first
// findings of the open file, whole to those of the last one; cpu is what the process, the client included, spends on an edit.
func BenchmarkKeystroke(b *testing.B) {
	root, file, text := benchWorkspace(b)
	e := benchEditor(b)
	uri := uriOf(file)
	start, before := time.Now(), cpuTime()
	e.initialize("{}", root)
	e.open(uri, text)
	e.shownVersion(uri, 1)
	ready := time.Since(start)
	e.settle()
	whole, load := time.Since(start), cpuTime()-before
	t := newTypist(e, uri, text)
	var all, structural []time.Duration
	before = cpuTime()
	for b.Loop() {
		for range 1000 {
			took := t.edit()
			all = append(all, took)
			if t.structural {
				structural = append(structural, took)
			}
		}
		e.settle()
	}
	cpu := cpuTime() - before
	slices.Sort(structural)
	slices.Sort(all)
	milliseconds := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(milliseconds(ready), "ready-ms")
	b.ReportMetric(milliseconds(whole), "whole-ms")
	b.ReportMetric(milliseconds(load), "whole-cpu-ms")
	b.ReportMetric(quantile(all, 0.5), "p50-ms")
	b.ReportMetric(quantile(all, 0.9), "p90-ms")
	b.ReportMetric(quantile(all, 0.99), "p99-ms")
	b.ReportMetric(quantile(all, 1), "max-ms")
	b.ReportMetric(quantile(structural, 0.5), "structural-p50-ms")
	b.ReportMetric(quantile(structural, 0.99), "structural-p99-ms")
	b.ReportMetric(milliseconds(cpu)/float64(len(all)), "cpu-ms/edit")
	b.ReportMetric(liveMB(), "live-MB")
	b.ReportMetric(residentMB(), "rss-MB")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkSoak makes 10,000 edits and reports the memory before, after the first thousand, and at the end.
func BenchmarkSoak(b *testing.B) {
	root, file, text := benchWorkspace(b)
	e := benchEditor(b)
	uri := uriOf(file)
	e.initialize("{}", root)
	e.open(uri, text)
	e.settle()
	t := newTypist(e, uri, text)
	b.ReportMetric(liveMB(), "live-0-MB")
	b.ReportMetric(residentMB(), "rss-0-MB")
	for b.Loop() {
		for i := range 10_000 {
			t.edit()
			if i == 999 {
				e.settle()
				b.ReportMetric(liveMB(), "live-1000-MB")
				b.ReportMetric(residentMB(), "rss-1000-MB")
			}
		}
		e.settle()
	}
	b.ReportMetric(liveMB(), "live-10000-MB")
	b.ReportMetric(residentMB(), "rss-10000-MB")
	b.ReportMetric(0, "ns/op")
}

// liveMB is what the Go heap holds after a collection.
func liveMB() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}

// residentMB is the process's resident memory, where /proc tells it.
func residentMB() float64 {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(data)) {
		var kb float64
		if _, err := fmt.Sscanf(line, "VmRSS: %f kB", &kb); err == nil {
			return kb / 1024
		}
	}
	return 0
}

// BenchmarkTraitOfHundredFiles measures an edit of a trait that 100 files use, until the last of them is published.
func BenchmarkTraitOfHundredFiles(b *testing.B) {
	root := b.TempDir()
	lib := "pub trait Shared {\n    async fn f(&self);\n}\n"
	for i := range 100 {
		lib += fmt.Sprintf("mod m%d;\n", i)
		text := "use crate::Shared;\n"
		for k := range 5 {
			text += fmt.Sprintf("pub fn f%d(x: &dyn Shared) -> Box<dyn Shared> { todo!() }\n", k)
		}
		write(b, filepath.Join(root, "src", fmt.Sprintf("m%d.rs", i)), text)
	}
	write(b, filepath.Join(root, "src", "lib.rs"), lib)
	write(b, filepath.Join(root, "Cargo.toml"), "[package]\nname = \"shared\"\nversion = \"0.1.0\"\nedition = \"2021\"\n")
	e := benchEditor(b)
	e.initialize("{}", root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, lib)
	e.settle()
	var all []time.Duration
	for b.Loop() {
		for i := range 20 {
			text := lib
			if i%2 == 0 {
				text = strings.Replace(lib, "async ", "", 1)
			}
			sent := time.Now()
			e.replaceAll(uri, text)
			e.settle()
			all = append(all, time.Since(sent))
			if got := len(e.list(fileURI(root, "src/m99.rs")).Diagnostics); got != 10*(i%2) {
				b.Fatalf("m99.rs has %d findings, want %d", got, 10*(i%2))
			}
		}
	}
	slices.Sort(all)
	b.ReportMetric(quantile(all, 0.5), "p50-ms")
	b.ReportMetric(quantile(all, 0.99), "p99-ms")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkActions measures the list of code actions at a finding and the edits of the first of them, each after an edit whose findings
// are all published, in the file that has the most findings.
func BenchmarkActions(b *testing.B) {
	root, _, _ := benchWorkspace(b)
	e := benchEditor(b)
	e.initialize(`{"textDocument": {"codeAction": {"codeActionLiteralSupport": {}, "dataSupport": true, "resolveSupport": {"properties": ["edit"]}}}}`, root)
	e.settle()
	uri, most := "", 0
	e.mu.Lock()
	for at, list := range e.shown {
		if n := len(list.Diagnostics); n > most || n == most && at < uri {
			uri, most = at, n
		}
	}
	e.mu.Unlock()
	if most == 0 {
		b.Skip("nothing is found in the workspace")
	}
	data, err := os.ReadFile(pathOf(uri))
	if err != nil {
		b.Fatal(err)
	}
	e.open(uri, string(data))
	e.shownVersion(uri, 1)
	t := newTypist(e, uri, string(data))
	var lists, edits []time.Duration
	var cpu time.Duration
	for b.Loop() {
		for i := range 100 {
			t.edit()
			t.edit() // takes it back
			found := e.list(uri).Diagnostics
			at := found[i%len(found)].Range.Start
			e.settle()
			start, before := time.Now(), cpuTime()
			actions := e.actions(uri, int(at.Line), int(at.Character), nil)
			lists = append(lists, time.Since(start))
			cpu += cpuTime() - before
			if k := slices.IndexFunc(actions, func(a codeAction) bool { return a.Data != nil && a.Disabled == nil }); k >= 0 {
				start = time.Now()
				e.call("codeAction/resolve", actions[k])
				edits = append(edits, time.Since(start))
			}
		}
	}
	slices.Sort(lists)
	slices.Sort(edits)
	b.Logf("%d findings in %s", most, uri)
	b.ReportMetric(quantile(lists, 0.5), "list-p50-ms")
	b.ReportMetric(quantile(lists, 0.99), "list-p99-ms")
	b.ReportMetric(float64(cpu.Microseconds())/1000/float64(len(lists)), "cpu-ms/list")
	b.ReportMetric(quantile(edits, 0.5), "edit-p50-ms")
	b.ReportMetric(quantile(edits, 0.99), "edit-p99-ms")
	b.ReportMetric(0, "ns/op")
}
