package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/afidt-lsp/afidt-lsp/analysis/report"
)

func reportCommand() *cobra.Command {
	var flags workspaceFlags
	c := &cobra.Command{
		Use:   "report [PATH]",
		Short: "List every trait and trait object type of a workspace with its verdict",
		Args:  arguments(0, 1, "a path"),
		RunE: func(c *cobra.Command, args []string) error {
			return flags.limit.run(func() error { return writeReport(c.OutOrStdout(), &flags, args) })
		},
	}
	flags.register(c, "text, markdown or json")
	return c
}

func writeReport(out io.Writer, flags *workspaceFlags, paths []string) error {
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
	document := s.Report(selected)
	flags.limit.write()
	switch flags.format {
	case "json":
		err = writeJSON(out, document)
	case "text":
		color, colorErr := flags.colored(out)
		if colorErr != nil {
			return colorErr
		}
		err = report.Plan{Color: color}.Text(out, document)
	case "markdown":
		err = report.Plan{}.Markdown(out, document)
	default:
		return fmt.Errorf("--format %s: give text, markdown or json", flags.format)
	}
	if err != nil {
		return err
	}
	if complain(os.Stderr, s.Problems(), shown(s)) {
		return exitError(exitUnreadable)
	}
	return nil
}
