package main

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve/stdlib"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/quickfix"
)

func explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain RULE",
		Short: "Show the page of a rule, by its name or code, or of a fix, by its ID",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			page := ""
			if r := rules.Find(args[0]); r != nil {
				page = r.Page()
			} else if f := quickfix.Find(args[0]); f != nil {
				page = f.Page()
			} else {
				return fmt.Errorf("there is no rule or fix `%s`; the rules are %s; the fixes are %s", args[0], strings.Join(ruleNames(), ", "), strings.Join(quickfix.IDs(), ", "))
			}
			_, err := fmt.Fprint(c.OutOrStdout(), page)
			return err
		},
	}
}

func ruleNames() []string {
	var out []string
	for _, r := range rules.All {
		out = append(out, r.Name)
	}
	return out
}

func rulesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rules",
		Short: "List the rules",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			width := 0
			for _, r := range rules.All {
				width = max(width, len(r.Name))
			}
			for _, r := range rules.All {
				if _, err := fmt.Fprintf(c.OutOrStdout(), "%-*s %-9s %s\n", width, r.Name, r.Code, r.Title); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func fixesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "fixes",
		Short: "List the fixes",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			for _, f := range quickfix.All {
				if _, err := fmt.Fprintf(c.OutOrStdout(), "%-16s  %s\n", f.ID, f.Title); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Show the version",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(c.OutOrStdout(), "afidt-lsp %s (standard library of Rust %s)\n", version(), stdlib.Version)
			return err
		},
	}
}

// version is the version of the module that the command was built from.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
