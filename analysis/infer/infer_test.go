package infer_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// A line with calls ends in `//~` and what they are called on, in the order of the calls. `dyn?` is a call that rustc sees
// and we do not: what is not evident is silent. Lines without a marker have no call.
var marker = regexp.MustCompile(`//~ (.*)$`)

// prelude is what all rows see. Every method is named `fetch`, `close` or `consume`.
const prelude = `#![allow(warnings)]
use std::future::Future;
pub trait Client {
    fn fetch(&self) -> impl Future<Output = u8>;
    fn close(&mut self) -> impl Future<Output = u8>;
}
pub struct Web;
impl Client for Web {
    fn fetch(&self) -> impl Future<Output = u8> { loop {} }
    fn close(&mut self) -> impl Future<Output = u8> { loop {} }
}
impl Web { pub fn new() -> Self { Web } }
pub fn boxed() -> Box<dyn Client> { loop {} }
`

// source is all rows, each a module, in one file.
func source() string {
	var b strings.Builder
	b.WriteString(prelude)
	for i, r := range rows {
		fmt.Fprintf(&b, "mod row%d { // %s\nuse super::*;\n%s\n}\n", i, r.name, strings.TrimSpace(r.src))
	}
	return b.String()
}

// wanted are the markers by line; inLine says for which of them a question mark is cut off and kept.
func wanted(src string) map[int][]string {
	out := map[int][]string{}
	for i, line := range strings.Split(src, "\n") {
		if m := marker.FindStringSubmatch(line); m != nil {
			out[i+1] = strings.Fields(m[1])
		}
	}
	return out
}

func load(t *testing.T, src string) *survey.Survey {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rows.rs")
	if err := os.WriteFile(path, []byte(src), 0o644); err != nil {
		t.Fatal(err)
	}
	snapshot, err := workspace.Load(path, workspace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return survey.Make(snapshot, 1)
}

// TestReceivers holds the table against us.
func TestReceivers(t *testing.T) {
	src := source()
	got := map[int][]string{}
	for _, c := range infer.Calls(load(t, src), nil, 1) {
		if c.Trait.Kind != resolve.Trait || string(c.Name.Of(c.File.Text)) != c.Method {
			t.Errorf("the call %q is not placed at its name", c.Method)
		}
		line := c.File.Position(c.Name.Start).Line
		got[line] = append(got[line], string(c.Via))
	}
	want := map[int][]string{}
	for line, list := range wanted(src) {
		for _, w := range list {
			if !strings.HasSuffix(w, "?") {
				want[line] = append(want[line], w)
			}
		}
	}
	lines := strings.Split(src, "\n")
	for line := range lines {
		if diff := cmp.Diff(want[line+1], got[line+1]); diff != "" {
			t.Errorf("%s\n(-want +got)\n%s", strings.TrimSpace(lines[line]), diff)
		}
	}
}

// mirCall is a call in rustc's MIR, with the place of its expression.
var mirCall = regexp.MustCompile(`= <(.+) as (?:[\w:]*::)?(\w+)(?:<.*>)?>::(\w+)(?:::<.*>)?\(.*// .* at [^ ]*rows\.rs:(\d+):(\d+): (\d+):(\d+)`)

// mirOf is the MIR that rustc writes of a source in a folder; nil if it does not compile, with what rustc says. For rustc the methods
// return a boxed future, so that the trait is dyn compatible; nothing else differs.
func mirOf(t *testing.T, dir, src string) (mir []byte, complaint string) {
	t.Helper()
	compiled := strings.ReplaceAll(src, "impl Future<Output = u8>", "std::pin::Pin<Box<dyn Future<Output = u8>>>")
	if err := os.WriteFile(filepath.Join(dir, "rows.rs"), []byte(compiled), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("rustc", "--crate-type", "lib", "--edition", "2024", "--emit=mir=out.mir", "-Zmir-include-spans=on", "-Zmir-opt-level=0", "rows.rs")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "RUSTC_BOOTSTRAP=1") // the places in the MIR need a flag that is not stable
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Sprintf("rustc: %v\n%s", err, out)
	}
	mir, err := os.ReadFile(filepath.Join(dir, "out.mir"))
	if err != nil {
		t.Fatal(err)
	}
	return mir, ""
}

// TestReceiversCompile holds the table against rustc: the MIR names the type that each call is made on.
func TestReceiversCompile(t *testing.T) {
	if _, err := exec.LookPath("rustc"); err != nil {
		t.Skip("rustc is not installed, so the table is not held against it")
	}
	src := source()
	mir, complaint := mirOf(t, t.TempDir(), src)
	if mir == nil {
		t.Fatal(complaint)
	}
	type place struct{ line, column string }
	seen := map[place]bool{}
	got := map[string][]string{}
	for s := bufio.NewScanner(bytes.NewReader(mir)); s.Scan(); {
		m := mirCall.FindStringSubmatch(s.Text())
		if m == nil || !tested[m[3]] || seen[place{m[6], m[7]}] {
			continue
		}
		seen[place{m[6], m[7]}] = true
		got[m[6]] = append(got[m[6]], via(m[1]))
	}
	lines := strings.Split(src, "\n")
	for line, list := range wanted(src) {
		var want []string
		for _, w := range list {
			if w = strings.TrimSuffix(w, "?"); w != "inherent" {
				want = append(want, w)
			}
		}
		have := got[fmt.Sprint(line)]
		slices.Sort(want)
		slices.Sort(have)
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("%s\n(-table +rustc)\n%s", strings.TrimSpace(lines[line-1]), diff)
		}
	}
}

var tested = map[string]bool{"fetch": true, "close": true, "consume": true}

// via is what a type of the MIR is: rows call their parameters T and U.
func via(ty string) string {
	switch {
	case strings.HasPrefix(ty, "dyn "), strings.HasPrefix(ty, "(dyn "):
		return "dyn"
	case ty == "T", ty == "U", ty == "Self", strings.HasPrefix(ty, "impl "), strings.HasPrefix(ty, "<T as "), strings.HasPrefix(ty, "<<T as "):
		return "generic"
	}
	return "concrete"
}
