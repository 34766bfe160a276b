// Scaffold writes the files of a new rule: its code and its page.
//
//	go run ./analysis/rules/scaffold -name dyn_in_loop -code AFIDT002
//
// Then name the rule in rules.All, fill in the check and the page's examples, and run go test ./analysis/rules -update, which
// writes the page's Output section and compiles the examples.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

const code = `package rules

var VAR = &Rule{
	Name:  "NAME",
	Code:  "CODE",
	Title: "one line that says what is wrong, without a full stop",
	check: checkFUNC,
}

func checkFUNC(p *Pass) {
	for i := range p.Mentions {
		m := &p.Mentions[i]
		severity, ok := mentionSeverity(m)
		if !m.Active || !ok {
			continue
		}
		p.report(Finding{
			Severity: severity,
			Message:  "one sentence",
			Primary:  Label{File: m.File, Span: m.Span, Text: "what stands at the place"},
		})
	}
}
`

const page = "# NAME (CODE)\n\nWhat is found, why it matters, what to do.\n\n## Erroneous\n\n```rust\n```\n\n## Fixed\n\n```rust\n```\n"

var (
	nameForm = regexp.MustCompile(`^[a-z]+(_[a-z0-9]+)+$`)
	codeForm = regexp.MustCompile(`^(E\d{4}|AFIDT\d{3})$`)
)

func main() {
	name := flag.String("name", "", "name of the rule, such as dyn_in_loop")
	ruleCode := flag.String("code", "", "code of the rule: rustc's where it has the same error (E0038), else a new AFIDT number")
	flag.Parse()
	if err := scaffold("analysis/rules", *name, *ruleCode); err != nil {
		fmt.Fprintln(os.Stderr, "scaffold:", err)
		os.Exit(1)
	}
	fmt.Printf("now add %s to All in analysis/rules/rules.go\n", variable(*name))
}

// scaffold writes the two files into dir and overwrites none.
func scaffold(dir, name, ruleCode string) error {
	if !nameForm.MatchString(name) {
		return fmt.Errorf("-name %q: give words in lower case with _ between them", name)
	}
	if !codeForm.MatchString(ruleCode) {
		return fmt.Errorf("-code %q: give a code such as E0038 or AFIDT002", ruleCode)
	}
	v := variable(name)
	fill := strings.NewReplacer("NAME", name, "CODE", ruleCode, "VAR", v, "FUNC", strings.ToUpper(v[:1])+v[1:])
	for _, f := range []struct{ path, text string }{{name + ".go", code}, {name + ".md", page}} {
		path := filepath.Join(dir, f.path)
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("%s is there already", path)
		}
		if err := os.WriteFile(path, []byte(fill.Replace(f.text)), 0o644); err != nil {
			return fmt.Errorf("writing the rule: %w", err)
		}
	}
	return nil
}

// variable is the name in Go: dyn_in_loop becomes dynInLoop.
func variable(name string) string {
	words := strings.Split(name, "_")
	for i, w := range words[1:] {
		words[i+1] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "")
}
