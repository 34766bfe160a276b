package difftest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Rustc is the path of the compiler itself, behind rustup's proxy. It fails when there is none.
func Rustc() (string, error) {
	out, err := exec.Command("rustc", "--print", "sysroot").Output()
	if err != nil {
		return "", fmt.Errorf("rustc does not run (install Rust, or set PATH): %w", err)
	}
	bin := filepath.Join(strings.TrimSpace(string(out)), "bin", "rustc")
	if _, err := os.Stat(bin); err != nil {
		return "rustc", nil // a distribution's own layout
	}
	return bin, nil
}

// rustcDiagnostic is one line of `rustc --error-format=json`; only what is used.
type rustcDiagnostic struct {
	Message string
	Level   string
	Code    *struct{ Code string }
	Spans   []rustcSpan
	// Children are notes and helps.
	Children []struct {
		Message string
		Level   string
		Spans   []rustcSpan
	}
}

type rustcSpan struct {
	File      string  `json:"file_name"`
	Line      int     `json:"line_start"`
	EndLine   int     `json:"line_end"`
	Column    int     `json:"column_start"`
	EndColumn int     `json:"column_end"`
	Primary   bool    `json:"is_primary"`
	Label     *string `json:"label"`
}

func (s rustcSpan) place() Place { return Place{s.File, s.Line, s.Column} }

func (s rustcSpan) label() string {
	if s.Label == nil {
		return ""
	}
	return *s.Label
}

func (d rustcDiagnostic) code() string {
	if d.Code == nil {
		return ""
	}
	return d.Code.Code
}

// compile writes the files to a folder of its own and returns the errors rustc finds in them.
func compile(rustc string, c *Crate, files map[string]string) ([]rustcDiagnostic, error) {
	dir, err := os.MkdirTemp("", "difftest")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := WriteFiles(dir, files); err != nil {
		return nil, err
	}
	cmd := exec.Command(rustc, "src/lib.rs", "--crate-type=lib", "--crate-name="+c.Source.Name, "--edition="+strconv.Itoa(c.Source.Edition),
		"--emit=metadata", "--out-dir="+dir, "--error-format=json", "--cap-lints=allow", "--cfg=feature=\"on\"", "--cfg=feature=\"default\"")
	cmd.Dir = dir
	if len(c.Source.Unstable) > 0 {
		cmd.Env = append(os.Environ(), "RUSTC_BOOTSTRAP=1")
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	err = cmd.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		return nil, fmt.Errorf("running %s: %w", rustc, err)
	}
	var found []rustcDiagnostic
	lines := bufio.NewScanner(&stderr)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var d rustcDiagnostic
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			return nil, fmt.Errorf("rustc says something that is no diagnostic: %.200s", lines.Text())
		}
		if strings.HasPrefix(d.Level, "error") && len(d.Spans) > 0 {
			found = append(found, d)
		} else if d.Level == "error" && !strings.HasPrefix(d.Message, "aborting due to") {
			return nil, fmt.Errorf("rustc: %s", d.Message)
		}
	}
	return found, lines.Err()
}

// WriteFiles writes a crate's files below a folder.
func WriteFiles(dir string, files map[string]string) error {
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			return err
		}
	}
	return nil
}
