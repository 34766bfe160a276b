package report

import (
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// program is a small crate with errors.
type program struct {
	name  string
	files map[string]string // by path; the root is main.rs
	width int               // of the terminal, in columns; 0 for 140
}

// programs are the crates in testdata/cases: archives with the files of a crate, and perhaps a line "width: N" above
// them. In the files ⟦0d⟧ stands for the byte 0D, and ⟦eof⟧ for the end: without it, they end with a line feed.
func programs(t testing.TB) []program {
	t.Helper()
	paths, err := filepath.Glob("testdata/cases/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases in testdata/cases: %v", err)
	}
	var all []program
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		p := program{name: strings.TrimSuffix(filepath.Base(path), ".txtar"), files: map[string]string{}}
		if m := widthLine.FindSubmatch(archive.Comment); m != nil {
			p.width, _ = strconv.Atoi(string(m[1]))
		}
		for _, f := range archive.Files {
			text, _, _ := strings.Cut(string(f.Data), "⟦eof⟧")
			p.files[f.Name] = rawBytes.ReplaceAllStringFunc(text, func(s string) string {
				raw, _ := hex.DecodeString(rawBytes.FindStringSubmatch(s)[1])
				return string(raw)
			})
		}
		all = append(all, p)
	}
	return all
}

var (
	widthLine = regexp.MustCompile(`(?m)^width: (\d+)$`)
	rawBytes  = regexp.MustCompile(`⟦([0-9a-f]+)⟧`)
)

// text is the text of the program's file at path.
func (p program) text(path string) ([]byte, bool) {
	text, ok := p.files[path]
	return []byte(text), ok
}

// render is what our printer makes of m.
func (p program) render(m Message, r Renderer) string {
	var b bytes.Buffer
	r.Files, r.Width = NewFiles(p.text), p.width
	if err := r.Render(&b, m); err != nil {
		return err.Error()
	}
	return b.String()
}

// diagnosed is what rustc prints about one diagnostic.
type diagnosed struct {
	Diagnostic rustcDiagnostic `json:"diagnostic"`
	Colored    string          `json:"colored"` // without the colours it is what rustc prints on plain paper
	Short      string          `json:"short"`
}

// requireRustc skips a test on a machine without rustc. Other versions of it print other things.
func requireRustc(t *testing.T) {
	t.Helper()
	out, err := exec.Command("rustc", "--version").Output()
	if err != nil {
		t.Skip("rustc is not installed, so its output cannot be compared with ours")
	}
	if !strings.HasPrefix(string(out), "rustc 1.95.") {
		t.Skipf("our output is that of rustc 1.95, but this is %s", bytes.TrimSpace(out))
	}
}

// run compiles the program in dir, and returns what rustc finds, printed in the given JSON style.
func (p program) run(t *testing.T, dir, style string) []rustcDiagnostic {
	t.Helper()
	width := p.width
	if width == 0 {
		width = DefaultWidth
	}
	args := []string{
		"--edition=2021", "--crate-name=main", "--emit=metadata", "--out-dir", t.TempDir(),
		"--error-format=json", "--diagnostic-width=" + strconv.Itoa(width),
	}
	if style != "" {
		args = append(args, "--json="+style)
	}
	cmd := exec.Command("rustc", append(args, "main.rs")...)
	cmd.Dir = dir
	var output bytes.Buffer
	cmd.Stderr = &output
	if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatalf("running rustc: %v", err)
	}
	found, err := readDiagnostics(output.Bytes())
	if err != nil {
		t.Fatalf("%s: %v", p.name, err)
	}
	return found
}

// diagnose is what rustc says about the program. Its plain output must be the coloured one without the colours, which is
// why only one of them is kept; a diagnostic with a random file name in it has two different ones and is left out.
func (p program) diagnose(t *testing.T) []diagnosed {
	t.Helper()
	dir := t.TempDir()
	for path, text := range p.files {
		at := filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(at), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	plain, colored, short := p.run(t, dir, ""), p.run(t, dir, "diagnostic-rendered-ansi"), p.run(t, dir, "diagnostic-short")
	if len(plain) != len(colored) || len(plain) != len(short) {
		t.Fatalf("%s: rustc found %d, %d and %d problems in the same program", p.name, len(plain), len(colored), len(short))
	}
	var all []diagnosed
	for i, d := range plain {
		if strings.Contains(d.Rendered, ".long-type-") {
			continue
		}
		if got := withoutColors(colored[i].Rendered); got != d.Rendered {
			t.Fatalf("%s: rustc's coloured and plain output differ in more than colours:\n%s\n%s", p.name, got, d.Rendered)
		}
		d.Rendered = ""
		all = append(all, diagnosed{d, colored[i].Rendered, short[i].Rendered})
	}
	return all
}

// printout is one way to print a diagnostic: what rustc prints, and what we do.
type printout struct {
	style     string // plain, colored or short
	want, got string
}

// compare prints what rustc found with our printer, in all styles.
func (p program) compare(d diagnosed) []printout {
	var all []printout
	for by := range groupings {
		convert := converter{text: p.text, rendered: styledLines(d.Colored), grouping: by}
		m := convert.message(d.Diagnostic)
		all = []printout{
			{"plain", withoutColors(d.Colored), p.render(m, Renderer{})},
			{"colored", d.Colored, p.render(m, Renderer{Color: true})},
			{"short", d.Short, p.render(m, Renderer{Short: true})},
		}
		if all[0].want == all[0].got {
			break
		}
	}
	return all
}
