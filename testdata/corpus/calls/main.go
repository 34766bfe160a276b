// Calls holds the calls that `afidt-lsp report` lists of a package against what rustc's type checker says of them.
//
//	go run ./testdata/corpus/calls [-features F,..] [-tests] PACKAGE ...
//
// PACKAGE is a folder of a package that compiles. rustc compiles a copy of nothing and changes nothing: it writes the MIR of
// the package's library, in which every call of a trait's method names the type that it is made on, with its place in the
// source. Places need a flag that is not stable, so RUSTC_BOOTSTRAP=1 is set. Build scripts and macros of the package and its
// dependencies are run by cargo.
//
// Compared are the calls of methods that are async or return `impl Trait` in a trait of the package. A call in the MIR that
// the report has not is a miss, one that the report says is made on something else is wrong. Calls in the report without one
// in the MIR stand in code that this build leaves out (#[cfg]), and count for nothing.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

func main() {
	binary := flag.String("bin", "afidt-lsp", "the afidt-lsp to run")
	features := flag.String("features", "", "features of the package to enable")
	tests := flag.Bool("tests", false, "compile the library's unit tests too")
	verbose := flag.Bool("v", false, "list what was missed")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: calls [-features F,..] [-tests] PACKAGE ...")
		os.Exit(2)
	}
	fmt.Println("| package | calls in the MIR | dyn | generic | known | found | missed | in macros | wrong |")
	fmt.Println("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
	code := 0
	for _, dir := range flag.Args() {
		r, err := compare(dir, *binary, build{*features, *tests})
		if err != nil {
			fmt.Fprintf(os.Stderr, "calls: %s: %v\n", dir, err)
			os.Exit(2)
		}
		fmt.Println(r.row(filepath.Base(dir)))
		if *verbose {
			for _, line := range r.missed {
				fmt.Fprintln(os.Stderr, "missed:", line)
			}
		}
		for _, line := range r.wrong {
			fmt.Fprintln(os.Stderr, "wrong:", line)
			code = 1
		}
	}
	os.Exit(code)
}

// result is what the comparison of one package found.
type result struct {
	total  map[string]int // by what calls are made on
	found  int
	missed []string
	macros int // not found because a macro wrote them: the body of a macro_rules!, or a derive
	wrong  []string
}

func (r *result) row(name string) string {
	all := r.total["dyn"] + r.total["generic"] + r.total["concrete"]
	return fmt.Sprintf("| %s | %d | %d | %d | %d | %d | %d | %d | %d |", name, all, r.total["dyn"], r.total["generic"], r.total["concrete"],
		r.found, len(r.missed), r.macros, len(r.wrong))
}

// A call is one of the report's.
type call struct {
	File         string
	Line, Column int
	Method       string
	Receiver     string
}

type report struct {
	Traits []struct {
		Name    string
		Methods []struct {
			Name string
			Line int
		}
		File string
	}
	Calls []call
}

// build says what cargo builds.
type build struct {
	features string
	tests    bool
}

func compare(dir, binary string, b build) (*result, error) {
	args := []string{"report", dir, "--format", "json"}
	if b.features != "" {
		args = append(args, "--features", b.features)
	}
	text, err := output(dir, binary, args...)
	if err != nil {
		return nil, err
	}
	var ours report
	if err := json.Unmarshal(text, &ours); err != nil {
		return nil, fmt.Errorf("reading the report: %w", err)
	}
	mir, err := dump(dir, b)
	if err != nil {
		return nil, err
	}
	methods, err := asyncMethods(dir, &ours)
	if err != nil {
		return nil, err
	}
	return join(dir, &ours, calls(mir, methods)), nil
}

func output(dir, name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() != 3 {
		return nil, fmt.Errorf("%s in %s: %w\n%s", name, dir, err, stderr.String())
	}
	return stdout.Bytes(), nil
}

// dump is the MIR of a package's library. Lints are off: what they deny is not what is asked here.
func dump(dir string, b build) ([]byte, error) {
	scratch, err := os.MkdirTemp("", "afidt-lsp-calls")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	file := filepath.Join(scratch, "out.mir")
	profile := "check"
	if b.tests {
		profile = "test"
	}
	args := []string{"rustc", "--lib", "--profile", profile}
	if b.features != "" {
		args = append(args, "--features", b.features)
	}
	args = append(args, "--", "--emit=mir="+file, "-Zmir-include-spans=on", "-Zmir-opt-level=0", "-Zno-codegen", "--cap-lints=allow")
	cmd := exec.Command("cargo", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "RUSTC_BOOTSTRAP=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	runErr := cmd.Run()
	text, err := os.ReadFile(file)
	if err != nil || len(text) == 0 {
		return nil, fmt.Errorf("cargo wrote no MIR: %v\n%s", runErr, stderr.String())
	}
	return text, nil
}

// asyncMethod is a method of a trait, by their names.
type asyncMethod struct{ trait, name string }

var opaqueResult = regexp.MustCompile(`->\s*(?:.*[<( ])?impl\b`)

// asyncMethods are the methods that the report places at an `async fn` or at one that returns `impl Trait`.
func asyncMethods(dir string, r *report) (map[asyncMethod]bool, error) {
	out := map[asyncMethod]bool{}
	for _, t := range r.Traits {
		text, err := os.ReadFile(filepath.Join(dir, t.File))
		if err != nil {
			return nil, err
		}
		lines := strings.Split(string(text), "\n")
		for _, m := range t.Methods {
			if m.Line > len(lines) {
				continue
			}
			signature := strings.Join(lines[m.Line-1:], "\n")
			if i := strings.IndexAny(signature, ";{"); i >= 0 {
				signature = signature[:i]
			}
			if !strings.Contains(signature, "self") { // no method
				continue
			}
			if strings.Contains(signature, "async fn "+m.Name) || opaqueResult.MatchString(signature) {
				out[asyncMethod{t.Name, m.Name}] = true
			}
		}
	}
	return out, nil
}

// A mirCall is a call of a trait's method in the MIR, with the place of the whole call.
type mirCall struct {
	self, method string
	file         string
	from, to     place
}

type place struct{ line, column int }

func (p place) before(q place) bool {
	return p.line < q.line || p.line == q.line && p.column <= q.column
}

// mirLine is such a call: `_3 = <Type as path::Trait<..>>::method::<..>(..) .. // scope 1 at src/a.rs:3:4: 3:20`.
var mirLine = regexp.MustCompile(`= <(.+) as (?:[\w:]*::)?(\w+)(?:<.*>)?>::(\w+)(?:::<.*>)?\(.*// scope \d+ at ([^ ]+\.rs):(\d+):(\d+): (\d+):(\d+)`)

func calls(mir []byte, methods map[asyncMethod]bool) map[mirCall]bool {
	out := map[mirCall]bool{}
	s := bufio.NewScanner(bytes.NewReader(mir))
	s.Buffer(nil, 64<<20)
	for s.Scan() {
		m := mirLine.FindStringSubmatch(s.Text())
		if m == nil || !methods[asyncMethod{m[2], m[3]}] {
			continue
		}
		n := make([]int, 4)
		for i := range n {
			n[i], _ = strconv.Atoi(m[5+i]) // the expression matches digits only
		}
		out[mirCall{m[1], m[3], m[4], place{n[0], n[1]}, place{n[2], n[3]}}] = true
	}
	return out
}

// join looks for each call of the MIR in the report: the last call of the method within its place, which is where the name of
// the outermost call of a chain stands.
func join(dir string, ours *report, theirs map[mirCall]bool) *result {
	out := &result{total: map[string]int{}}
	for t := range theirs {
		var best *call
		for i := range ours.Calls {
			c := &ours.Calls[i]
			at := place{c.Line, c.Column}
			if c.File != t.file || c.Method != t.method || !t.from.before(at) || !at.before(t.to) {
				continue
			}
			if best == nil || (place{best.Line, best.Column}).before(at) {
				best = c
			}
		}
		if strings.HasPrefix(t.file, "/") { // a macro of another package wrote it
			continue
		}
		kind := kindOf(t.self, best)
		out.total[kind]++
		where := fmt.Sprintf("%s:%d:%d: %s on %s", t.file, t.from.line, t.from.column, t.method, t.self)
		switch {
		case best == nil && !written(filepath.Join(dir, t.file), t):
			out.macros++
		case best == nil:
			out.missed = append(out.missed, where)
		case best.Receiver != kind:
			out.wrong = append(out.wrong, fmt.Sprintf("%s, we say %s", where, best.Receiver))
		default:
			out.found++
		}
	}
	return out
}

// lone is a name that is a parameter by custom.
var lone = regexp.MustCompile(`^[A-Z]\d?$`)

// kindOf is what a type of the MIR is. Where the report says generic, a type of another form is believed to be what a
// function's `-> impl Trait` hides, which the MIR reveals, or a parameter of that name.
func kindOf(self string, ours *call) string {
	switch {
	case strings.HasPrefix(self, "dyn "), strings.HasPrefix(self, "(dyn "):
		return "dyn"
	case self == "Self", strings.HasPrefix(self, "impl "), strings.HasPrefix(self, "<") && strings.Contains(self, " as "):
		return "generic"
	}
	if ours != nil && ours.Receiver == "generic" || lone.MatchString(self) {
		return "generic"
	}
	return "concrete"
}

// written reports whether a call is written where the MIR places it, and not by a macro: its name stands there, and not in the
// body of a macro_rules!, whose braces begin at the start of a line.
func written(file string, c mirCall) bool {
	text, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	lines := strings.Split(string(text), "\n")
	if c.to.line > len(lines) || !strings.Contains(strings.Join(lines[c.from.line-1:c.to.line], "\n"), c.method+"(") &&
		!strings.Contains(strings.Join(lines[c.from.line-1:c.to.line], "\n"), c.method+"::<") {
		return false
	}
	for i := c.from.line - 1; i >= 0; i-- {
		if strings.HasPrefix(lines[i], "macro_rules!") {
			return false
		}
		if i < c.from.line-1 && strings.HasPrefix(lines[i], "}") {
			return true
		}
	}
	return true
}
