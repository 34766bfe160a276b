// Command compare measures afidt-lsp beside rust-analyzer and `cargo check`, each as an editor sees it: how long until a file that was
// opened has its first findings, and how long until an edit that makes a trait not dyn compatible is told.
//
//	go run ./editors/compare -afidt ./afidt-lsp -rust-analyzer PATH [-sysroot LIBRARY] [-runs 3] [-edits 10] WORKSPACE FILE
//
// FILE, relative to WORKSPACE, gets a trait, a `dyn` of it and a function appended. Cargo reads it from disk, so it is written there and
// put back at the end: give a copy. What cargo can keep is kept (CARGO_TARGET_DIR), and is made by a first run that is not counted.
// rust-analyzer has no E0038 of its own. Its own speed is shown by a type error (E0308) in the same file; E0038 comes of the
// `cargo check` that it runs when the file is saved.
//
// Linux only: it reads /proc.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// patience is how long a server may take for anything: cargo's first check takes minutes.
const patience = 30 * time.Minute

// errors says what is wrong in the probe.
type errors struct{ async, mismatch bool }

// probe is what is appended to the file.
func probe(wrong errors) string {
	method, value := "fn probed(&self);", "0"
	if wrong.async {
		method = "async fn probed(&self);"
	}
	if wrong.mismatch {
		value = `""`
	}
	return fmt.Sprintf("#[allow(unused)]\ntrait Probed {\n    %s\n}\n#[allow(unused)]\nfn probe(_: &dyn Probed) -> u32 {\n    %s\n}\n", method, value)
}

// A run is one life of a server. Times of the beginning are since `initialized`.
type run struct {
	first   time.Duration // its first own finding of the open file is published
	e0038   time.Duration // E0038 of that file is
	whole   time.Duration // all is loaded and analysed
	atFirst usage
	atWhole usage

	own      []time.Duration // from didChange to its own finding
	ownCPU   time.Duration   // of one such edit, until the next one
	saved    []time.Duration // from didSave to E0038; empty if no save is needed
	savedCPU time.Duration
}

// A subject is a server and what is special about it.
type subject struct {
	name     string
	program  string
	args     []string
	options  any    // initializationOptions, and the answer to workspace/configuration
	ownCode  string // what it finds without help, as in client.published
	own      errors // makes it
	onSave   bool   // E0038 comes of a save
	finished func(*client) error
}

type workspace struct {
	folder, file, text string // file is absolute
	uri                string
}

func main() {
	afidt := flag.String("afidt", "afidt-lsp", "the program `afidt-lsp`")
	analyzer := flag.String("rust-analyzer", "rust-analyzer", "the program `rust-analyzer`; empty: without it")
	sysroot := flag.String("sysroot", "", "folder `library` of the standard library's sources, if the toolchain has none")
	runs := flag.Int("runs", 3, "how often each server is started")
	edits := flag.Int("edits", 10, "edits in each run")
	flag.Parse()
	if flag.NArg() != 2 {
		flag.Usage()
		os.Exit(2)
	}
	if err := compare(*afidt, *analyzer, *sysroot, *runs, *edits, flag.Arg(0), flag.Arg(1)); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func compare(afidt, analyzer, sysroot string, runs, edits int, folder, file string) (err error) {
	// Both are started in the workspace's folder.
	for _, program := range []*string{&afidt, &analyzer} {
		if *program == "" {
			continue
		}
		found, err := exec.LookPath(*program)
		if err != nil {
			return err
		}
		if *program, err = filepath.Abs(found); err != nil {
			return err
		}
	}
	w, err := open(folder, file)
	if err != nil {
		return err
	}
	defer func() {
		if back := os.WriteFile(w.file, []byte(w.text), 0o644); err == nil {
			err = back
		}
	}()

	subjects := []subject{{
		name: "afidt-lsp", program: afidt, args: []string{"lsp"}, ownCode: "E0038 of afidt", own: errors{async: true},
		finished: func(c *client) error { return c.call("afidt/idle", nil, patience) },
	}}
	if analyzer != "" {
		options := map[string]any{}
		if sysroot != "" {
			options["cargo"] = map[string]any{"sysrootSrc": sysroot}
		}
		subjects = append(subjects, subject{
			name: "rust-analyzer", program: analyzer, options: options, ownCode: "E0308 of rust-analyzer", own: errors{mismatch: true}, onSave: true,
			finished: func(c *client) error { return c.wait(patience, func() bool { return c.quiescent }) },
		})
	}
	results := make([][]run, len(subjects))
	for i, s := range subjects {
		for n := range runs + 1 {
			r, err := s.measure(w, edits)
			if err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			fmt.Fprintf(os.Stderr, "%s, run %d: %+v\n", s.name, n, r)
			if n > 0 { // the first fills caches
				results[i] = append(results[i], r)
			}
		}
	}
	checks, err := w.cargoChecks(edits)
	if err != nil {
		return fmt.Errorf("cargo check: %w", err)
	}
	printTable(os.Stdout, subjects, results, checks)
	return nil
}

func open(folder, file string) (*workspace, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	w := &workspace{folder: folder, file: filepath.Join(folder, file)}
	text, err := os.ReadFile(w.file)
	if err != nil {
		return nil, err
	}
	w.text = strings.TrimRight(string(text), "\n") + "\n"
	w.uri = (&url.URL{Scheme: "file", Path: filepath.ToSlash(w.file)}).String()
	return w, nil
}

func (w *workspace) write(text string) error { return os.WriteFile(w.file, []byte(text), 0o644) }

func (s *subject) measure(w *workspace, edits int) (r run, err error) {
	text := w.text + probe(errors{async: true, mismatch: true})
	if err := w.write(text); err != nil {
		return r, err
	}
	c, err := start(w.folder, nil, s.options, s.program, s.args...)
	if err != nil {
		return r, err
	}
	defer c.stop()
	used := func() usage {
		u, err := usageOf(c.command.Process.Pid)
		if err != nil {
			fmt.Fprintln(os.Stderr, "compare:", err) // the server is gone, which the next wait says too
		}
		return u
	}

	err = c.call("initialize", map[string]any{
		"processId":             os.Getpid(),
		"rootUri":               (&url.URL{Scheme: "file", Path: filepath.ToSlash(w.folder)}).String(),
		"initializationOptions": s.options,
		"capabilities": map[string]any{
			"general":      map[string]any{"positionEncodings": []string{"utf-8"}},
			"window":       map[string]any{"workDoneProgress": true},
			"experimental": map[string]any{"serverStatusNotification": true},
			"workspace": map[string]any{
				"configuration":         true,
				"didChangeWatchedFiles": map[string]any{"dynamicRegistration": true},
			},
			"textDocument": map[string]any{
				"synchronization":    map[string]any{"didSave": true},
				"publishDiagnostics": map[string]any{"relatedInformation": true, "versionSupport": true},
			},
		},
	}, patience)
	if err != nil {
		return r, err
	}
	begin := time.Now()
	if err := c.notify("initialized", map[string]any{}); err != nil {
		return r, err
	}
	document := map[string]any{"uri": w.uri, "languageId": "rust", "version": 1, "text": text}
	if err := c.notify("textDocument/didOpen", map[string]any{"textDocument": document}); err != nil {
		return r, err
	}
	at, err := c.waitCode(w.uri, s.ownCode, true, begin, patience)
	if err != nil {
		return r, err
	}
	r.first, r.atFirst = at.Sub(begin), used()
	if err := s.finished(c); err != nil {
		return r, err
	}
	r.whole = time.Since(begin)
	r.atWhole = used()
	if at, err = c.waitCode(w.uri, "E0038", true, begin, patience); err != nil {
		return r, err
	}
	r.e0038 = at.Sub(begin)

	e := &edited{client: c, workspace: w}
	if err := e.clean(s); err != nil {
		return r, err
	}
	before := used()
	for range edits {
		took, err := e.toggle(s.own, s.ownCode, false)
		if err != nil {
			return r, err
		}
		r.own = append(r.own, took)
	}
	r.ownCPU = (used().all - before.all) / time.Duration(2*edits)
	if !s.onSave {
		return r, nil
	}
	before = used()
	for range edits {
		took, err := e.toggle(errors{async: true}, "E0038", true)
		if err != nil {
			return r, err
		}
		r.saved = append(r.saved, took)
	}
	r.savedCPU = (used().all - before.all) / time.Duration(2*edits)
	return r, nil
}

// edited is the open file, with what was appended.
type edited struct {
	client    *client
	workspace *workspace
	version   int
}

// pause is between edits, as when somebody thinks.
const pause = 400 * time.Millisecond

// toggle makes an error, waits until it is told, takes it back and waits until it is not told any more. What it took is from the
// notification, of the change or of the save, until the error is published.
func (e *edited) toggle(wrong errors, code string, save bool) (took time.Duration, err error) {
	for _, step := range []struct {
		errors
		told bool
	}{{wrong, true}, {errors{}, false}} {
		begin, err := e.change(step.errors, save)
		if err != nil {
			return 0, err
		}
		at, err := e.client.waitCode(e.workspace.uri, code, step.told, begin, patience)
		if err != nil {
			return 0, err
		}
		if step.told {
			took = at.Sub(begin)
		}
		time.Sleep(pause)
	}
	return took, nil
}

// clean takes back all errors.
func (e *edited) clean(s *subject) error {
	e.version = 1
	begin, err := e.change(errors{}, s.onSave)
	if err != nil {
		return err
	}
	for _, code := range []string{"E0038", "E0308"} {
		if _, err := e.client.waitCode(e.workspace.uri, code, false, begin, patience); err != nil {
			return err
		}
	}
	time.Sleep(5 * pause)
	return nil
}

// change replaces what is appended, in the editor and, if it is saved, on disk.
func (e *edited) change(wrong errors, save bool) (begin time.Time, err error) {
	w := e.workspace
	place := func(line int) map[string]any { return map[string]any{"line": line, "character": 0} }
	lines := strings.Count(w.text, "\n")
	e.version++
	begin = time.Now()
	err = e.client.notify("textDocument/didChange", map[string]any{
		"textDocument": map[string]any{"uri": w.uri, "version": e.version},
		"contentChanges": []any{map[string]any{
			"range": map[string]any{"start": place(lines), "end": place(lines + strings.Count(probe(wrong), "\n"))},
			"text":  probe(wrong),
		}},
	})
	if err != nil || !save {
		return begin, err
	}
	if err := w.write(w.text + probe(wrong)); err != nil {
		return begin, err
	}
	begin = time.Now()
	return begin, e.client.notify("textDocument/didSave", map[string]any{"textDocument": map[string]any{"uri": w.uri}})
}

// cargoChecks runs `cargo check` by hand after edits, as rust-analyzer runs it, and returns when E0038 was printed.
func (w *workspace) cargoChecks(n int) (took []time.Duration, err error) {
	for range n {
		for _, wrong := range []bool{false, true} {
			if err := w.write(w.text + probe(errors{async: wrong})); err != nil {
				return nil, err
			}
			begin := time.Now()
			at, err := w.cargoCheck()
			if err != nil {
				return nil, err
			}
			if at.IsZero() == wrong {
				return nil, fmt.Errorf("E0038 expected: %v", wrong)
			}
			if wrong {
				took = append(took, at.Sub(begin))
			}
		}
	}
	return took, nil
}

// cargoCheck returns when E0038 was printed, or zero.
func (w *workspace) cargoCheck() (at time.Time, err error) {
	c := exec.Command("cargo", "check", "--workspace", "--all-targets", "--keep-going", "--message-format=json")
	c.Dir = w.folder
	out, err := c.StdoutPipe()
	if err != nil {
		return at, err
	}
	if err := c.Start(); err != nil {
		return at, err
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		if at.IsZero() && strings.Contains(lines.Text(), `"code":"E0038"`) {
			at = time.Now()
		}
	}
	_ = c.Wait() // it fails when there are errors, as there have to be
	return at, lines.Err()
}
