package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// TestTraitsHaveTheirMethods looks up the traits of testdata/traits.txt, all that the documentation lists, and counts their
// methods. A line is a path, the number of documented methods, and that of those which the documentation leaves out:
// `#[doc(hidden)]`, or of another platform.
func TestTraitsHaveTheirMethods(t *testing.T) {
	tab := loadTable(t, func([]node) bool { return true })
	list, err := os.ReadFile("testdata/traits.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(list)), "\n") {
		var path string
		var documented, hidden int
		if n, err := fmt.Sscan(line, &path, &documented, &hidden); n < 2 {
			t.Fatalf("traits.txt: %q: %v", line, err)
		}
		var trait *entity
		for _, e := range tab.outside(path) {
			if e.kind == itemTrait {
				trait = e
			}
		}
		if trait == nil {
			t.Errorf("trait %s is not in the table", path)
			continue
		}
		got := 0
		for _, it := range splitItems(trait.body, 0) {
			if it.kind == itemFn {
				got++
			}
		}
		if got != documented+hidden {
			t.Errorf("%s has %d methods in the table, want %d", path, got, documented+hidden)
		}
	}
}

// TestTableIsFresh writes the table again from the sources it was made from.
func TestTableIsFresh(t *testing.T) {
	src := os.Getenv("AFIDT_RUST_SRC")
	if src == "" {
		t.Skip("AFIDT_RUST_SRC is not set: it is the folder `library` of Rust's sources (Debian package rust-web-src)")
	}
	files, notes, err := strip(src)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range notes {
		t.Error(n)
	}
	fresh, err := pack(files)
	if err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile("../std.pack")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(fresh, old) {
		t.Error("std.pack is stale: run go generate ./analysis/resolve/stdlib")
	}
}

// TestStablePathsCompile imports every stable trait and type of the table, by the paths that lead to it, and lets the
// local rustc judge.
func TestStablePathsCompile(t *testing.T) {
	rustc, err := exec.LookPath("rustc")
	if err != nil {
		t.Skip("rustc is not installed")
	}
	tab := loadTable(t, hostCfg(t, rustc))
	var paths []string
	for _, crate := range []string{"core", "alloc", "std"} {
		paths = append(paths, tab.stablePaths(crate)...)
	}
	if len(paths) < 1000 {
		t.Errorf("only %d stable paths", len(paths))
	}
	rejected := compileImports(t, rustc, paths)
	for path, message := range rejected {
		if !newer[path] {
			t.Errorf("use %s: %s", path, message)
		}
	}
	t.Logf("%d paths, %d not known to the local rustc", len(paths), len(rejected))
}

// compileImports gives rustc a file that imports every path, and returns its messages by path.
func compileImports(t *testing.T, rustc string, paths []string) map[string]string {
	t.Helper()
	const head = "#![allow(deprecated, unused_imports)]\nextern crate alloc;\n"
	var text strings.Builder
	text.WriteString(head)
	for i, p := range paths { // each in a module of its own, so that names do not clash
		fmt.Fprintf(&text, "mod m%d { use ::%s; }\n", i, p)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "paths.rs")
	if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(rustc, "--edition=2024", "--crate-type=lib", "--emit=metadata", "--error-format=json",
		"-o", filepath.Join(dir, "paths.rmeta"), file)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	runErr := cmd.Run()

	out := map[string]string{}
	for _, line := range bytes.Split(stderr.Bytes(), []byte("\n")) {
		var d struct {
			Level, Message string
			Spans          []struct {
				Line int `json:"line_start"`
			}
		}
		if json.Unmarshal(line, &d) != nil || d.Level != "error" || len(d.Spans) == 0 {
			continue
		}
		index := d.Spans[0].Line - 1 - strings.Count(head, "\n")
		if index < 0 || index >= len(paths) {
			t.Fatalf("rustc: line %d: %s", d.Spans[0].Line, d.Message)
		}
		out[paths[index]] = d.Message
	}
	if runErr != nil && len(out) == 0 {
		t.Fatalf("rustc: %v\n%s", runErr, stderr.Bytes())
	}
	return out
}

// newer are paths of the table that older releases of Rust do not have, or not as stable.
var newer = map[string]bool{
	// Stable since 1.96 (new_range_api).
	"core::range::Range": true, "core::range::RangeFrom": true, "core::range::RangeFromIter": true,
	"core::range::RangeIter": true, "core::range::RangeToInclusive": true,
	"std::range::Range": true, "std::range::RangeFrom": true, "std::range::RangeFromIter": true,
	"std::range::RangeIter": true, "std::range::RangeToInclusive": true,
}

// stablePaths lists the paths from a crate's root to its stable traits and types; a module is entered by one path only.
func (tab *table) stablePaths(crate string) []string {
	var out []string
	seen := map[*scope]bool{}
	var visit func(s *scope, path string)
	visit = func(s *scope, path string) {
		if seen[s] {
			return
		}
		seen[s] = true
		names := map[string]bool{}
		s.publicNames(names, map[*scope]bool{})
		sorted := make([]string, 0, len(names))
		for name := range names {
			sorted = append(sorted, name)
		}
		sort.Strings(sorted)
		for _, name := range sorted {
			found := s.lookup(name, true)
			switch {
			case len(found) == 0 || found[0].unstable:
			case found[0].scope != nil:
				visit(found[0].scope, path+"::"+name)
			default:
				out = append(out, path+"::"+name)
			}
		}
	}
	visit(tab.crates[crate], crate)
	return out
}

// publicNames collects the names that a module shows, those of its globs included.
func (s *scope) publicNames(out map[string]bool, seen map[*scope]bool) {
	if seen[s] {
		return
	}
	seen[s] = true
	for name, found := range s.names {
		for _, e := range found {
			if e.public {
				out[name] = true
			}
		}
	}
	for _, u := range s.uses {
		if u.public {
			out[u.name] = true
		}
	}
	for _, u := range s.globs {
		if !u.public {
			continue
		}
		for _, e := range s.resolve(u.path) {
			if e.scope != nil {
				e.scope.publicNames(out, seen)
			}
		}
	}
}

// hostCfg evaluates cfg predicates as rustc does for its host.
func hostCfg(t *testing.T, rustc string) func([]node) bool {
	t.Helper()
	list, err := exec.Command(rustc, "--print", "cfg").Output()
	if err != nil {
		t.Skipf("rustc does not run: %v", err)
	}
	set := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(list)), "\n") {
		set[line] = true
	}
	for _, width := range []string{"8", "16", "32", "64", "ptr"} { // known to nightly's --print cfg only
		set[`target_has_atomic_load_store="`+width+`"`] = true
		set[`target_has_atomic_equal_alignment="`+width+`"`] = true
	}
	var holds func([]node) bool
	holds = func(p []node) bool {
		switch p[0].text {
		case "not":
			return !holds(p[1].sub)
		case "all":
			for _, part := range splitAt(p[1].sub, ",") {
				if !holds(part) {
					return false
				}
			}
			return true
		case "any":
			for _, part := range splitAt(p[1].sub, ",") {
				if holds(part) {
					return true
				}
			}
			return false
		}
		if len(p) == 3 {
			return set[p[0].text+"="+p[2].text]
		}
		return set[p[0].text] || p[0].is("true")
	}
	return holds
}
