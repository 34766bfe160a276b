package server

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
)

// What the benchmarks run on: AFIDT_BENCH_WORKSPACE, a cargo workspace. They edit its file AFIDT_BENCH_FILE or, when unset, its
// largest one below a src that has traits and a `dyn`.

func benchWorkspace(b *testing.B) (root, file, text string) {
	b.Helper()
	root = os.Getenv("AFIDT_BENCH_WORKSPACE")
	if root == "" {
		b.Skip("AFIDT_BENCH_WORKSPACE is not set: give the folder of a large cargo workspace")
	}
	root, err := filepath.Abs(root)
	if err != nil {
		b.Fatal(err)
	}
	lines := 0
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".rs") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		lines += bytes.Count(data, []byte("\n"))
		if isBenchFile(path, data) && len(data) > len(text) {
			file, text = path, string(data)
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d lines, %d of them in %s", lines, strings.Count(text, "\n"), file)
	return root, file, text
}

func isBenchFile(path string, data []byte) bool {
	if name := os.Getenv("AFIDT_BENCH_FILE"); name != "" {
		return strings.HasSuffix(path, name)
	}
	return bytes.Contains(data, []byte("dyn ")) && bytes.Contains(data, []byte("trait ")) && strings.Contains(path, "/src/")
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

// BenchmarkKeystroke measures from didChange to publishDiagnostics, over random edits: most in bodies, one in ten changes what
// other files can see. ready is from initialized to the first findings of the open file, whole to those of the last one.
func BenchmarkKeystroke(b *testing.B) {
	root, file, text := benchWorkspace(b)
	e := benchEditor(b)
	uri := uriOf(file)
	start := time.Now()
	e.initialize("{}", root)
	e.open(uri, text)
	e.shownVersion(uri, 1)
	ready := time.Since(start)
	e.settle()
	whole := time.Since(start)
	random := rand.New(rand.NewPCG(1, 2))
	lines := strings.Split(text, "\n")
	var all []time.Duration
	var structural []time.Duration
	edit := func(line int, insert string) time.Duration {
		at := map[string]int{"line": line, "character": 0}
		sent := time.Now()
		e.change(uri, map[string]any{"range": map[string]any{"start": at, "end": at}, "text": insert})
		e.shownVersion(uri, e.versions[uri])
		return time.Since(sent)
	}
	for b.Loop() {
		for i := range 1000 {
			line := random.IntN(len(lines))
			if i%10 == 9 {
				structural = append(structural, edit(len(lines)-1, fmt.Sprintf("pub trait Added%d { fn f(&self); }\n", i)))
				continue
			}
			all = append(all, edit(line, " "))
		}
	}
	e.settle()
	slices.Sort(structural)
	all = append(all, structural...)
	slices.Sort(all)
	b.ReportMetric(float64(ready.Milliseconds()), "ready-ms")
	b.ReportMetric(float64(whole.Milliseconds()), "whole-ms")
	b.ReportMetric(quantile(all, 0.5), "p50-ms")
	b.ReportMetric(quantile(all, 0.9), "p90-ms")
	b.ReportMetric(quantile(all, 0.99), "p99-ms")
	b.ReportMetric(quantile(all, 1), "max-ms")
	b.ReportMetric(quantile(structural, 0.5), "structural-p50-ms")
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/1e6, "live-MB")
	b.ReportMetric(residentMB(), "rss-MB")
	b.ReportMetric(0, "ns/op")
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
