package main

import (
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve/stdlib"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/quickfix"
)

func explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [RULE]",
		Short: "Show the page of a rule, by its name or code, or of a fix, by its ID; without one, list them",
		Args:  arguments(0, 1, "a rule or a fix"),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listPages(c.OutOrStdout())
			}
			page := ""
			if r := rules.Find(args[0]); r != nil {
				page = r.Page()
			} else if f := quickfix.Find(strings.ToLower(args[0])); f != nil {
				page = f.Page()
			} else {
				if like := nearest(args[0], append(ruleNames(), quickfix.IDs()...)); like != "" {
					return fmt.Errorf("there is no rule or fix `%s`; is `%s` meant? `afidt-lsp explain` lists them all", args[0], like)
				}
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
		Args:  arguments(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return listRules(c.OutOrStdout())
		},
	}
}

func listRules(out io.Writer) error {
	width := 0
	for _, r := range rules.All {
		width = max(width, len(r.Name))
	}
	for _, r := range rules.All {
		if _, err := fmt.Fprintf(out, "%-*s %-9s %s\n", width, r.Name, r.Code, r.Title); err != nil {
			return err
		}
	}
	return nil
}

func listFixes(out io.Writer) error {
	for _, f := range quickfix.All {
		if _, err := fmt.Fprintf(out, "%-16s  %s\n", f.ID, f.Title); err != nil {
			return err
		}
	}
	return nil
}

// listPages lists what has a page.
func listPages(out io.Writer) error {
	if _, err := fmt.Fprintln(out, "rules:"); err != nil {
		return err
	}
	if err := listRules(out); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, "\nfixes:"); err != nil {
		return err
	}
	return listFixes(out)
}

func fixesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "fixes",
		Short: "List the fixes",
		Args:  arguments(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			return listFixes(c.OutOrStdout())
		},
	}
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Show the version",
		Args:  arguments(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprint(c.OutOrStdout(), versionLine())
			return err
		},
	}
}

func versionLine() string {
	return fmt.Sprintf("afidt-lsp %s (standard library of Rust %s)\n", version(), stdlib.Version)
}

// version is the version of the module that the command was built from.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
