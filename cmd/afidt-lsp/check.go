package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/report"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/quickfix"
)

// checkFlags are the flags of check beside those of every command that reads a workspace.
type checkFlags struct {
	workspaceFlags
	hints bool
	fix   bool
	diff  bool
	style []string
}

func checkCommand() *cobra.Command {
	var flags checkFlags
	c := &cobra.Command{
		Use:   "check [PATH..]",
		Short: "Report every `dyn` that rustc would reject, and why; with --fix, repair it",
		RunE: func(c *cobra.Command, args []string) error {
			return flags.limit.run(func() error { return check(c.OutOrStdout(), &flags, args) })
		},
	}
	flags.register(c, "text, short or json")
	f := c.Flags()
	f.BoolVar(&flags.hints, "hints", false, "show hints in text output too")
	f.BoolVar(&flags.fix, "fix", false, "apply the fixes that are machine-applicable, then report what is left")
	f.StringSliceVar(&flags.style, "fix-with", nil, "the `ID`s of the fixes to choose where there are several, the best first; they are applied though they be maybe-incorrect (implies --fix)")
	f.BoolVar(&flags.diff, "diff", false, "print what --fix would change, and change nothing; the exit code is 1 if it would")
	return c
}

func check(out io.Writer, flags *checkFlags, paths []string) error {
	if flags.format != "text" && flags.format != "short" && flags.format != "json" {
		return fmt.Errorf("--format %s: give text, short or json", flags.format)
	}
	if err := quickfix.CheckStyle(flags.style); err != nil {
		return fmt.Errorf("--fix-with: %w", err)
	}
	if len(paths) == 0 {
		paths = []string{"."}
	}
	s, err := flags.open(paths)
	if err != nil {
		return err
	}
	defer flags.settle()
	selected, err := filter(s, paths)
	if err != nil {
		return err
	}
	if flags.fix || flags.diff || len(flags.style) > 0 {
		return checkAndFix(out, flags, s, paths[0], selected)
	}
	return writeCheck(out, flags, s, selected)
}

// checkAndFix applies fixes, or shows them as a diff, and reports what is left.
func checkAndFix(out io.Writer, flags *checkFlags, s *analysis.Session, path string, selected analysis.Filter) error {
	done, err := (&quickfix.Fixing{Path: path, Options: flags.options, Style: flags.style, Selected: selected, First: s}).All()
	if err != nil {
		return err
	}
	flags.write()
	before := textsOf(s)
	if flags.diff {
		for _, path := range sortedPaths(done.Texts) {
			if err := report.Diff(out, shown(s)(path), before[path], done.Texts[path]); err != nil {
				return err
			}
		}
		sayFixed(os.Stderr, s, done, "would fix")
		document := done.Session.Check(analysis.Select(done.Session.Findings(), selected), selected, func(*rules.Finding) []report.Fix { return nil })
		return verdictOf(document.Summary.Errors > 0 || len(done.Texts) > 0, complain(os.Stderr, s.Problems(), shown(s)))
	}
	if err := replaceFiles(done.Texts, before); err != nil {
		return err
	}
	sayFixed(os.Stderr, s, done, "fixed")
	return writeCheck(out, flags, done.Session, selected)
}

// sayFixed lists the fixes that were applied, and why some were not.
func sayFixed(out io.Writer, s *analysis.Session, done *quickfix.Outcome, verb string) {
	for _, f := range done.Fixed {
		fmt.Fprintf(out, "%s %s:%d:%d: %s [%s]\n", verb, shown(s)(f.Path), f.At.Line, f.At.Column, f.Title, f.ID)
	}
	if done.Undone != "" {
		fmt.Fprintf(out, "warning: %s\n", done.Undone)
	}
	for _, l := range done.Left {
		fmt.Fprintf(out, "left %s:%d:%d: %s%s [%s]\n", shown(s)(l.Path), l.At.Line, l.At.Column, l.Why, others(l.More), l.ID)
	}
	for _, ids := range done.OpenChoices() {
		fmt.Fprintf(out, "help: %s can be fixed in one of several ways; choose with --fix-with: %s\n", plural(done.Open[ids], "finding"), ids)
	}
}

// others says how many more findings there are.
func others(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" (and %s)", plural(n, "more finding"))
}

// writeCheck prints findings with the fixes that are offered for them.
func writeCheck(out io.Writer, flags *checkFlags, s *analysis.Session, selected analysis.Filter) error {
	findings := analysis.Select(s.Findings(), selected)
	fixes := func(*rules.Finding) []report.Fix { return nil }
	blocked := func(*rules.Finding) []string { return nil }
	if len(findings) > 0 && flags.format != "short" { // they need the calls, which cost time
		w, err := quickfix.New(s, flags.style)
		if err != nil {
			return err
		}
		w.Draft = flags.format == "text" // of which only the ids are printed
		fixes = func(f *rules.Finding) []report.Fix { return fixesOf(w, f) }
		blocked = w.Blocked
	}
	listed := fixes
	if flags.format != "json" {
		listed = func(*rules.Finding) []report.Fix { return nil } // the printed ones are asked for
	}
	document := s.Check(findings, selected, listed)
	flags.write()
	var err error
	if flags.format == "json" {
		err = writeJSON(out, document)
	} else {
		err = writeFindings(out, flags, s, fixes, blocked, findings, document.Summary)
	}
	if err != nil {
		return err
	}
	return verdictOf(document.Summary.Errors > 0, complain(os.Stderr, s.Problems(), shown(s)))
}

// verdictOf is the exit code of check.
func verdictOf(findings, unreadable bool) error {
	switch {
	case findings:
		return exitError(exitFindings)
	case unreadable:
		return exitError(exitUnreadable)
	}
	return nil
}

// fixesOf are the fixes that apply to a finding.
func fixesOf(w *quickfix.Workspace, f *rules.Finding) []report.Fix {
	var out []report.Fix
	for _, a := range quickfix.For(w, f) {
		if a.BlockedBy == "" {
			out = append(out, report.Fix{ID: a.ID, Title: a.Title, Applicability: string(a.Applicability)})
		}
	}
	return out
}

func writeJSON(out io.Writer, document any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	if err := e.Encode(document); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	return nil
}

func writeFindings(out io.Writer, flags *checkFlags, s *analysis.Session, fixes func(*rules.Finding) []report.Fix, blocked func(*rules.Finding) []string, findings []rules.Finding, summary report.Summary) error {
	color, err := flags.colored(out)
	if err != nil {
		return err
	}
	display := shown(s)
	r := report.Renderer{Files: s.Texts(display), Color: color, Width: width(out), Short: flags.format == "short"}
	for i := range findings {
		f := &findings[i]
		if f.Severity == rules.Hint && !flags.hints {
			continue
		}
		m := s.Message(f, display)
		if !r.Short {
			if help := fixHelp(f, display, fixes(f)); help != "" {
				m.Children = append(m.Children, report.Message{Level: report.Help, Text: help})
			}
			if f.Severity == rules.Error { // once for a use, and not for each method again
				for _, why := range blocked(f) {
					m.Children = append(m.Children, report.Message{Level: report.Note, Text: why})
				}
			}
		}
		if err := r.Render(out, m); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(out, summaryLine(summary, flags.hints))
	return err
}

// fixHelp says which fixes there are for a finding, and how to see them.
func fixHelp(f *rules.Finding, display func(string) string, fixes []report.Fix) string {
	var ids []string
	for _, fix := range fixes {
		ids = append(ids, "`"+fix.ID+"`")
	}
	if len(ids) == 0 {
		return ""
	}
	at := f.Primary.File.Position(f.Primary.Span.Start)
	return fmt.Sprintf("it can be fixed with %s: see `afidt-lsp actions %s:%d:%d`", strings.Join(ids, ", "), display(f.Primary.File.Path), at.Line, at.Column)
}

func summaryLine(s report.Summary, hints bool) string {
	line := fmt.Sprintf("%s checked: %s, %s", plural(s.Files, "file"), plural(s.Errors, "error"), plural(s.Warnings, "warning"))
	if s.Hints > 0 {
		line += ", " + plural(s.Hints, "hint")
		if !hints {
			line += " (shown with --hints)"
		}
	}
	return line
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
