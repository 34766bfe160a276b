package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/report"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
)

func checkCommand() *cobra.Command {
	var flags workspaceFlags
	var hints bool
	c := &cobra.Command{
		Use:   "check [PATH..]",
		Short: "Report every `dyn` that rustc would reject, and why",
		RunE: func(c *cobra.Command, args []string) error {
			return check(c.OutOrStdout(), &flags, args, hints)
		},
	}
	flags.register(c, "text, short or json")
	c.Flags().BoolVar(&hints, "hints", false, "show hints in text output too")
	return c
}

func check(out io.Writer, flags *workspaceFlags, paths []string, hints bool) error {
	if flags.format != "text" && flags.format != "short" && flags.format != "json" {
		return fmt.Errorf("--format %s: give text, short or json", flags.format)
	}
	if len(paths) == 0 {
		paths = []string{"."}
	}
	s, err := flags.open(paths)
	if err != nil {
		return err
	}
	selected, err := filter(s, paths)
	if err != nil {
		return err
	}
	findings := analysis.Select(s.Findings(), selected)
	document := s.Check(findings, selected)
	if flags.format == "json" {
		err = writeJSON(out, document)
	} else {
		err = writeFindings(out, flags, s, findings, hints, document.Summary)
	}
	if err != nil {
		return err
	}
	unreadable := complain(os.Stderr, s.Problems(), s.Snapshot.Display)
	switch {
	case document.Summary.Errors > 0:
		return exitError(exitFindings)
	case unreadable:
		return exitError(exitUnreadable)
	}
	return nil
}

func writeJSON(out io.Writer, document any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	if err := e.Encode(document); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	return nil
}

func writeFindings(out io.Writer, flags *workspaceFlags, s *analysis.Session, findings []rules.Finding, hints bool, summary report.Summary) error {
	color, err := flags.colored(out)
	if err != nil {
		return err
	}
	r := report.Renderer{Files: s.Texts(), Color: color, Width: width(out), Short: flags.format == "short"}
	for i := range findings {
		if findings[i].Severity == rules.Hint && !hints {
			continue
		}
		if err := r.Render(out, s.Message(&findings[i])); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(out, summaryLine(summary, hints))
	return err
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
