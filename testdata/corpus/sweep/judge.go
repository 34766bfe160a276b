package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"
)

// A row is what the two commands said about one subject.
type row struct {
	name     string
	lines    int
	traits   int
	mentions int
	unknown  map[string]int // by unknown_because
	errors   []string       // error-level findings, as file:line:column: message
	cpu      time.Duration  // user and system time of `report`
	err      error          // a command failed or its output was not to be read
}

func (r row) unknowns() int {
	sum := 0
	for _, n := range r.unknown {
		sum += n
	}
	return sum
}

// judge runs both commands on a subject.
func judge(s subject, binary string, threads int) row {
	r := row{name: s.name, unknown: map[string]int{}, err: s.err}
	if r.err != nil {
		return r
	}
	r.lines, r.err = countLines(s.dir)
	if r.err != nil {
		return r
	}

	var report struct {
		Traits   []struct{}
		Mentions []struct {
			DynCompatible  *bool  `json:"dyn_compatible"`
			UnknownBecause string `json:"unknown_because"`
		}
	}
	state, err := run(&report, binary, "report", s.dir, "--format", "json", "-j", strconv.Itoa(threads))
	if err != nil {
		r.err = err
		return r
	}
	r.cpu = state.UserTime() + state.SystemTime()
	r.traits, r.mentions = len(report.Traits), len(report.Mentions)
	for _, m := range report.Mentions {
		if m.DynCompatible == nil {
			r.unknown[m.UnknownBecause]++
		}
	}

	var check struct {
		Diagnostics []struct {
			Severity, Message, File string
			Line, Column            int
		}
	}
	if _, err := run(&check, binary, "check", s.dir, "--format", "json", "-j", strconv.Itoa(threads)); err != nil {
		r.err = err
		return r
	}
	for _, d := range check.Diagnostics {
		if d.Severity == "error" {
			r.errors = append(r.errors, fmt.Sprintf("%s:%d:%d: %s", d.File, d.Line, d.Column, d.Message))
		}
	}
	return r
}

// run runs a command and reads its JSON. Exit codes 0 (clean), 1 (findings) and 3 (some files were
// unreadable: packages ship invalid UTF-8 in test data) are answers.
func run(into any, name string, args ...string) (*os.ProcessState, error) {
	command := exec.Command(name, args...)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1 && exit.ExitCode() != 3) {
		return nil, fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, stderr.String())
	}
	if err := json.Unmarshal(stdout.Bytes(), into); err != nil {
		return nil, fmt.Errorf("%s %s printed no JSON: %w", name, strings.Join(args, " "), err)
	}
	return command.ProcessState, nil
}

// countLines counts the lines of the Rust files below dir.
func countLines(dir string) (int, error) {
	lines := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !strings.HasSuffix(path, ".rs") {
			return err
		}
		text, err := os.ReadFile(path)
		lines += bytes.Count(text, []byte("\n"))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("counting the lines of %s: %w", dir, err)
	}
	return lines, nil
}

// printTable prints the table, the findings below it, and returns the exit code.
func printTable(w io.Writer, rows []row, maxUnknown float64) int {
	fmt.Fprintln(w, "| package | lines | traits | dyn mentions | unknown | unknown % | errors | CPU |")
	fmt.Fprintln(w, "|---|--:|--:|--:|--:|--:|--:|--:|")
	total := row{name: "**total**", unknown: map[string]int{}}
	failed := 0
	for _, r := range rows {
		printRow(w, r)
		total.lines += r.lines
		total.traits += r.traits
		total.mentions += r.mentions
		total.errors = append(total.errors, r.errors...)
		total.cpu += r.cpu
		for cause, n := range r.unknown {
			total.unknown[cause] += n
		}
		if r.err != nil {
			failed++
		}
	}
	printRow(w, total)

	causes := make([]string, 0, len(total.unknown))
	for cause, n := range total.unknown {
		causes = append(causes, fmt.Sprintf("%s %d", cause, n))
	}
	sort.Strings(causes)
	fmt.Fprintf(w, "\nUnknown because: %s.\n", strings.Join(causes, ", "))
	for _, r := range rows {
		for _, e := range r.errors {
			fmt.Fprintf(w, "\n- error in %s: %s", r.name, e)
		}
		if r.err != nil {
			fmt.Fprintf(w, "\n- %s was not judged: %v", r.name, r.err)
		}
	}
	fmt.Fprintln(w)
	if len(total.errors) > 0 || failed > 0 || percent(total) > maxUnknown {
		fmt.Fprintf(w, "\nFAILED: %d errors in code that compiles, %d not judged, %.2f%% unknown (at most %.2f%%).\n", len(total.errors), failed, percent(total), maxUnknown)
		return 1
	}
	return 0
}

func printRow(w io.Writer, r row) {
	verdict := strconv.Itoa(len(r.errors))
	if r.err != nil {
		verdict = "not judged"
	}
	fmt.Fprintf(w, "| %s | %d | %d | %d | %d | %.2f | %s | %s |\n",
		r.name, r.lines, r.traits, r.mentions, r.unknowns(), percent(r), verdict, r.cpu.Round(time.Millisecond))
}

// percent is the share of mentions without a verdict.
func percent(r row) float64 {
	if r.mentions == 0 {
		return 0
	}
	return 100 * float64(r.unknowns()) / float64(r.mentions)
}
