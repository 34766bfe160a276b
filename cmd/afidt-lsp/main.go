// Command afidt-lsp finds traits that cannot be used as `dyn`, says why, and how they would fare under the announced rules.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// Exit codes.
const (
	exitClean      = 0
	exitFindings   = 1 // findings at error level
	exitUsage      = 2 // usage, configuration, bad path
	exitUnreadable = 3 // some files could not be read
	exitTimeout    = 4 // the time that --timeout gives is over
	exitInternal   = 70
)

// exitError carries an exit code without a message of its own.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

func main() { os.Exit(run(os.Args[1:])) }

// orServe is the arguments of the language server where an editor starts the command without naming it: no arguments but
// --stdio, and a standard input that is no terminal.
func orServe(args []string) []string {
	if len(args) > 1 || len(args) == 1 && args[0] != "--stdio" {
		return args
	}
	if len(args) == 0 && term.IsTerminal(int(os.Stdin.Fd())) {
		return args
	}
	return append([]string{"lsp"}, args...)
}

// run runs one command line and returns its exit code.
func run(args []string) (code int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(os.Stderr, "afidt-lsp: internal error: %v\n%s\nplease report this at https://github.com/afidt-lsp/afidt-lsp/issues\n", r, debug.Stack())
			code = exitInternal
		}
	}()
	root := &cobra.Command{
		Use:           "afidt-lsp",
		Short:         "Find out which Rust traits cannot be used as `dyn`, and why",
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(checkCommand(), actionsCommand(), reportCommand(), explainCommand(), lspCommand(), rulesCommand(), fixesCommand(), versionCommand())
	root.SetFlagErrorFunc(badFlag)
	root.SetVersionTemplate(versionLine())
	root.SetArgs(orServe(args))
	err := root.Execute()
	var exit exitError
	switch {
	case err == nil:
		return exitClean
	case errors.As(err, &exit):
		return int(exit)
	}
	fmt.Fprintf(os.Stderr, "error: %v\n", err)
	return exitUsage
}
