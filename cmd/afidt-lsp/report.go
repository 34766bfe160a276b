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
	var noCalls bool
	c := &cobra.Command{
		Use:   "report [PATH]",
		Short: "List every trait and trait object type of a workspace with its verdict",
		Args:  arguments(0, 1, "a path"),
		RunE: func(c *cobra.Command, args []string) error {
			return flags.limit.run(func() error { return writeReport(c.OutOrStdout(), &flags, noCalls, args) })
		},
	}
	flags.register(c, "text, markdown or json")
	c.Flags().BoolVar(&noCalls, "no-calls", false, "leave out the calls: to infer what they are called on takes most of the time where async traits are many")
	return c
}

func writeReport(out io.Writer, flags *workspaceFlags, noCalls bool, paths []string) error {
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
	var document *report.Workspace
	if noCalls {
		document = s.Verdicts(selected)
	} else {
		document = s.Report(selected)
	}
	flags.write()
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
