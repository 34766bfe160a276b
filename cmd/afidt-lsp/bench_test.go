//go:build linux

package main_test

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What the benchmarks run on:
//
//	AFIDT_LSP              the binary; built from this folder when unset
//	AFIDT_AST_GREP         ast-grep; the one on PATH when unset (npm install @ast-grep/cli)
//	AFIDT_BENCH_WORKSPACE  cargo workspaces, separated as in PATH; when unset, copies of AFIDT_BENCH_CRATES are one
//	AFIDT_BENCH_CRATES     packages in cargo's registry, comma separated; benchCrates when unset
//
// Processor times are user plus system time of the whole process, from start to exit. Commands that are
// compared are run in turns, so that a slower machine slows both.

// benchCrates are in the registry of nearly every user of cargo and hold many traits and trait objects.
var benchCrates = []string{"tokio", "hyper", "tower", "serde", "clap_builder", "regex-automata", "tracing-subscriber", "futures-util"}

// astGrepRules are the two syntactic facts of `report` that ast-grep can find as well.
const astGrepRules = `id: dynamic-type
language: rust
severity: info
rule: {kind: dynamic_type}
---
id: trait-item
language: rust
severity: info
rule: {kind: trait_item}
`

// A usage is what one run of a command took.
type usage struct {
	cpu, user, wall time.Duration // cpu is that of user and system
	peak            float64       // resident memory, in MB
}

// measure runs a command and throws its output away; exit code 1 means findings, not failure.
func measure(b *testing.B, name string, args ...string) usage {
	b.Helper()
	command := exec.Command(name, args...)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	start := time.Now()
	err := command.Run()
	wall := time.Since(start)
	if err != nil && command.ProcessState.ExitCode() != 1 {
		b.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, stderr.String())
	}
	state := command.ProcessState
	peak := float64(state.SysUsage().(*syscall.Rusage).Maxrss) / 1024 // Linux counts KiB
	return usage{state.UserTime() + state.SystemTime(), state.UserTime(), wall, peak}
}

// report runs `afidt-lsp report` on a folder.
func report(b *testing.B, binary, path string, threads int, flags ...string) usage {
	b.Helper()
	return measure(b, binary, append([]string{"report", path, "--format", "json", "-j", strconv.Itoa(threads)}, flags...)...)
}

// BenchmarkAgainstAstGrep compares one thread of `report`, which resolves names and infers the receivers of calls, with one
// thread of ast-grep, which finds the `dyn` types and the traits. x-less-cpu is to stay above 5; x-less-cpu-no-calls, of a report
// that infers nothing, above 10. The x-less-user are without the time of the system, most of which is for memory that the kernel
// has to find and clear.
func BenchmarkAgainstAstGrep(b *testing.B) {
	astGrep := cmp.Or(os.Getenv("AFIDT_AST_GREP"), "ast-grep")
	if _, err := exec.LookPath(astGrep); err != nil {
		b.Skip("ast-grep is missing: npm install @ast-grep/cli, and put it on PATH or name it in AFIDT_AST_GREP")
	}
	binary := buildBinary(b)
	eachWorkspace(b, func(b *testing.B, workspace string, lines float64) {
		report(b, binary, workspace, 1) // warms the page cache
		var ours, verdicts, theirs []usage
		for b.Loop() {
			ours = append(ours, report(b, binary, workspace, 1))
			verdicts = append(verdicts, report(b, binary, workspace, 1, "--no-calls"))
			theirs = append(theirs, measure(b, astGrep, "scan", "--inline-rules", astGrepRules, "-j", "1", "--json=stream", workspace))
		}
		b.ReportMetric(0, "ns/op") // of all together, with the start of the processes
		b.ReportMetric(lines, "lines")
		b.ReportMetric(median(theirs, cpuSeconds), "ast-grep-cpu-s")
		for suffix, runs := range map[string][]usage{"": ours, "-no-calls": verdicts} {
			b.ReportMetric(median(runs, cpuSeconds), "cpu-s"+suffix)
			b.ReportMetric(median(runs, peakMB), "peak-MB"+suffix)
			b.ReportMetric(median(theirs, cpuSeconds)/median(runs, cpuSeconds), "x-less-cpu"+suffix)
			b.ReportMetric(median(theirs, userSeconds)/median(runs, userSeconds), "x-less-user"+suffix)
		}
	})
}

// BenchmarkCopies shows how the cost grows with the workspace: 2x-cost is the processor time of twice as many
// packages over that of once, and so is 4x-cost. Linear growth is at most 2 and 4.
func BenchmarkCopies(b *testing.B) {
	binary := buildBinary(b)
	factors := []int{1, 2, 4}
	folders := make([]string, len(factors))
	runs := make([][]usage, len(factors))
	packages := registryPackages(b)
	// The smallest workspace is large enough that the start of the process does not count.
	base := copiesFor(b, packages, 100_000)
	for i, factor := range factors {
		folders[i] = filepath.Join(b.TempDir(), "workspace")
		synthesise(b, folders[i], packages, base*factor)
		report(b, binary, folders[i], 1)
	}
	for b.Loop() {
		for i, folder := range folders {
			runs[i] = append(runs[i], report(b, binary, folder, 1))
		}
	}
	once := median(runs[0], cpuSeconds)
	b.ReportMetric(once, "cpu-s")
	b.ReportMetric(median(runs[1], cpuSeconds)/once, "2x-cost")
	b.ReportMetric(median(runs[2], cpuSeconds)/once, "4x-cost")
	b.ReportMetric(median(runs[2], peakMB)/median(runs[0], peakMB), "4x-memory")
}

// BenchmarkThreads shows what a second thread is worth: speedup is the wall time of one thread over that of
// two, to stay above 1.6 where two processors are free.
func BenchmarkThreads(b *testing.B) {
	binary := buildBinary(b)
	eachWorkspace(b, func(b *testing.B, workspace string, lines float64) {
		report(b, binary, workspace, 2)
		var one, two []usage
		for b.Loop() {
			one = append(one, report(b, binary, workspace, 1))
			two = append(two, report(b, binary, workspace, 2))
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(lines, "lines")
		b.ReportMetric(median(one, wallSeconds), "j1-wall-s")
		b.ReportMetric(median(two, wallSeconds), "j2-wall-s")
		b.ReportMetric(median(one, wallSeconds)/median(two, wallSeconds), "speedup")
	})
}

// BenchmarkOneFile is `report` of a crate of one file, from start to exit; wall-ms is to stay below 30.
func BenchmarkOneFile(b *testing.B) {
	binary := buildBinary(b)
	dir := b.TempDir()
	write(b, filepath.Join(dir, "Cargo.toml"), "[package]\nname = \"one\"\nversion = \"0.1.0\"\nedition = \"2024\"\n")
	write(b, filepath.Join(dir, "src", "lib.rs"), "pub trait Fetch { async fn fetch(&self) -> u8; }\npub fn f(_: &dyn Fetch, _: &dyn Iterator<Item = u8>) {}\n")
	var runs []usage
	for b.Loop() {
		runs = append(runs, report(b, binary, dir, 1))
	}
	b.ReportMetric(1000*median(runs, wallSeconds), "wall-ms")
	b.ReportMetric(1000*median(runs, cpuSeconds), "cpu-ms")
	b.ReportMetric(median(runs, peakMB), "peak-MB")
}

func cpuSeconds(u usage) float64  { return u.cpu.Seconds() }
func userSeconds(u usage) float64 { return u.user.Seconds() }
func wallSeconds(u usage) float64 { return u.wall.Seconds() }
func peakMB(u usage) float64      { return u.peak }

// median is the middle value: one run that was disturbed does not move it.
func median(runs []usage, of func(usage) float64) float64 {
	values := make([]float64, len(runs))
	for i, run := range runs {
		values[i] = of(run)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// buildBinary returns the afidt-lsp to measure.
func buildBinary(b *testing.B) string {
	b.Helper()
	if binary := os.Getenv("AFIDT_LSP"); binary != "" {
		return binary
	}
	binary := filepath.Join(b.TempDir(), "afidt-lsp")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("building afidt-lsp: %v\n%s", err, out)
	}
	return binary
}

// eachWorkspace runs a benchmark on each folder that the user named, or on at least 500,000 lines of copied packages.
func eachWorkspace(b *testing.B, run func(b *testing.B, workspace string, lines float64)) {
	b.Helper()
	if list := os.Getenv("AFIDT_BENCH_WORKSPACE"); list != "" {
		for _, folder := range filepath.SplitList(list) {
			lines := float64(countLines(b, folder))
			b.Run(filepath.Base(folder), func(b *testing.B) { run(b, folder, lines) })
		}
		return
	}
	folder := filepath.Join(b.TempDir(), "workspace")
	packages := registryPackages(b)
	synthesise(b, folder, packages, copiesFor(b, packages, 500_000))
	lines := float64(countLines(b, folder))
	b.Run("copies", func(b *testing.B) { run(b, folder, lines) })
}

// registryPackages returns the sources of the packages to copy, each in its newest downloaded version.
func registryPackages(b *testing.B) []string {
	b.Helper()
	names := benchCrates
	if list := os.Getenv("AFIDT_BENCH_CRATES"); list != "" {
		names = strings.Split(list, ",")
	}
	home := os.Getenv("CARGO_HOME")
	if home == "" {
		user, err := os.UserHomeDir()
		if err != nil {
			b.Skip("CARGO_HOME is missing: ", err)
		}
		home = filepath.Join(user, ".cargo")
	}
	var packages []string
	for _, name := range names {
		// The version must follow the name at once: tokio-1.49.0, not tokio-util-0.7.18.
		found, err := filepath.Glob(filepath.Join(home, "registry", "src", "*", name+"-[0-9]*"))
		if err != nil {
			b.Fatalf("looking for %s in cargo's registry: %v", name, err)
		}
		if len(found) > 0 {
			packages = append(packages, slices.MaxFunc(found, compareVersions))
		}
	}
	if len(packages) == 0 {
		b.Skipf("none of %s is in cargo's registry below %s: run `cargo fetch` in any project that needs them, or set AFIDT_BENCH_WORKSPACE", strings.Join(names, ", "), home)
	}
	return packages
}

var number = regexp.MustCompile(`\d+`)

// compareVersions orders the folders of two versions of one package by their numbers.
func compareVersions(a, b string) int {
	return slices.CompareFunc(number.FindAllString(filepath.Base(a), -1), number.FindAllString(filepath.Base(b), -1), func(x, y string) int {
		return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y))
	})
}

// copiesFor is how often the packages must be copied to have so many lines.
func copiesFor(b *testing.B, packages []string, lines int) int {
	b.Helper()
	once := 0
	for _, p := range packages {
		once += countLines(b, p)
	}
	if once == 0 {
		b.Fatalf("no Rust in %s", strings.Join(packages, ", "))
	}
	return (lines + once - 1) / once
}

// packageName is the name in a manifest's [package] table, as cargo writes it when it publishes.
var packageName = regexp.MustCompile(`(?m)^\[package\]\n(?:[^\[\n].*\n|\n)*?name = "([^"]+)"`)

// synthesise makes a workspace of copies of the packages. Two packages of a workspace cannot share a name, so
// each copy has its number in its name; its library keeps its own.
func synthesise(b *testing.B, folder string, packages []string, copies int) {
	b.Helper()
	write(b, filepath.Join(folder, "Cargo.toml"), "[workspace]\nresolver = \"2\"\nmembers = [\"*/*\"]\n")
	for _, from := range packages {
		for n := range copies {
			to := filepath.Join(folder, fmt.Sprintf("copy%d", n), filepath.Base(from))
			if err := os.CopyFS(to, os.DirFS(from)); err != nil {
				b.Fatalf("copying a package: %v", err)
			}
			manifest := filepath.Join(to, "Cargo.toml")
			text, err := os.ReadFile(manifest)
			if err != nil {
				b.Fatalf("reading the manifest of a copy: %v", err)
			}
			at := packageName.FindSubmatchIndex(text)
			if at == nil {
				b.Fatalf("%s has no package name", manifest)
			}
			write(b, manifest, fmt.Sprintf("%s-copy%d%s", text[:at[3]], n, text[at[3]:]))
		}
	}
}

// countLines counts the lines of the Rust files below a folder.
func countLines(b *testing.B, folder string) int {
	b.Helper()
	lines := 0
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !strings.HasSuffix(path, ".rs") {
			return err
		}
		text, err := os.ReadFile(path)
		lines += bytes.Count(text, []byte("\n"))
		return err
	})
	if err != nil {
		b.Fatalf("counting lines: %v", err)
	}
	return lines
}

// write writes a file and the folders above it.
func write(b *testing.B, file, text string) {
	b.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		b.Fatal(err)
	}
}
