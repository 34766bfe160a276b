package main

import (
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Where nothing was downloaded, one warning says so, not one for each package.
func TestMissingPackagesAreToldOnce(t *testing.T) {
	missing := func(names ...string) []workspace.Problem {
		out := []workspace.Problem{{Message: "something else"}}
		for _, n := range names {
			out = append(out, workspace.Problem{File: "Cargo.toml", Message: n + " 1.0.0 is not here", Missing: n})
		}
		return out
	}
	print := func(problems []workspace.Problem) string {
		var b strings.Builder
		complain(&b, problems, func(s string) string { return s })
		return b.String()
	}
	few := "warning: something else\n" +
		"warning: a 1.0.0 is not here\n --> Cargo.toml\nwarning: b 1.0.0 is not here\n --> Cargo.toml\n"
	if got := print(missing("a", "b", "a")); got != few {
		t.Errorf("of two missing packages:\n%s\nwant\n%s", got, few)
	}
	many := "warning: something else\n" +
		"warning: the sources of 5 packages that are used here are not on this machine, and what comes of them is unknown: run `cargo fetch`\n" +
		"  = note: a, b, c and 2 more\n"
	if got := print(missing("e", "d", "c", "b", "a", "a")); got != many {
		t.Errorf("of five missing packages:\n%s\nwant\n%s", got, many)
	}
}
