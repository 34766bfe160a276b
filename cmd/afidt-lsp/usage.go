package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// arguments says of a command line with another number of arguments what the command takes.
func arguments(least, most int, want string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return fmt.Errorf("%s: %s is missing; see `%s --help`", c.CommandPath(), want, c.CommandPath())
		case len(args) > most && most == 0:
			return fmt.Errorf("%s takes no argument, and `%s` is one; see `%s --help`", c.CommandPath(), args[0], c.CommandPath())
		case len(args) > most:
			return fmt.Errorf("%s takes %s alone, and `%s` is one too many; see `%s --help`", c.CommandPath(), want, args[most], c.CommandPath())
		}
		return nil
	}
}

// badFlag says of a flag that does not read what may be meant.
func badFlag(c *cobra.Command, err error) error {
	message := err.Error()
	if name, ok := strings.CutPrefix(message, "unknown flag: --"); ok {
		var names []string
		c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if like := nearest(name, names); like != "" {
			message += fmt.Sprintf(" (is --%s meant?)", like)
		}
	}
	if i := strings.Index(message, ": strconv."); i >= 0 {
		message = message[:i] + ": give a number"
	}
	if i := strings.Index(message, ": time: "); i >= 0 {
		message = message[:i] + ": give a duration such as 30s or 5m"
	}
	return fmt.Errorf("%s; see `%s --help`", message, c.CommandPath())
}

// nearest is the word that a misspelt one is most like; empty if none is near.
func nearest(word string, words []string) string {
	best, least := "", len(word)/3+1
	for _, w := range words {
		if d := distance(strings.ToLower(word), strings.ToLower(w)); d < least {
			best, least = w, d
		}
	}
	if best == "" && len(word) > 2 {
		for _, w := range words {
			if strings.Contains(strings.ToLower(w), strings.ToLower(word)) {
				return w
			}
		}
	}
	return best
}

// distance is how many bytes have to be put in, left out or changed to make one word of another.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
