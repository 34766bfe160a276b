package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// maxMissing is how many packages that are not on this machine are told one by one. Where nothing was downloaded there are
// hundreds, and one command brings them all.
const maxMissing = 3

// complain prints the workspace's problems and reports whether a file was unreadable.
func complain(w io.Writer, problems []workspace.Problem, display func(string) string) (unreadable bool) {
	var missing []string
	for _, p := range problems {
		if p.Missing != "" && !slices.Contains(missing, p.Missing) {
			missing = append(missing, p.Missing)
		}
	}
	told := map[string]bool{} // what is missing is told once, not for each package that asks for it
	for _, p := range problems {
		unreadable = unreadable || p.Unreadable
		switch {
		case p.Missing != "" && (len(missing) > maxMissing || told[p.Message]):
		case p.File == "":
			fmt.Fprintf(w, "warning: %s\n", p.Message)
		case p.Line > 0:
			fmt.Fprintf(w, "warning: %s\n --> %s:%d:%d\n", p.Message, display(p.File), p.Line, p.Column)
		default:
			fmt.Fprintf(w, "warning: %s\n --> %s\n", p.Message, display(p.File))
		}
		told[p.Message] = told[p.Message] || p.Missing != ""
	}
	if len(missing) > maxMissing {
		slices.Sort(missing)
		fmt.Fprintf(w, "warning: the sources of %d packages that are used here are not on this machine, and what comes of them is unknown: run `cargo fetch`\n", len(missing))
		fmt.Fprintf(w, "  = note: %s and %d more\n", strings.Join(missing[:maxMissing], ", "), len(missing)-maxMissing)
	}
	return unreadable
}
