// Recall joins the list of traits that lost `#[async_trait]` with the report on the stripped copy and counts
// how many `dyn` mentions of those traits were found.
//
//	go run ./testdata/corpus/strip WORKSPACE COPY > stripped.tsv
//	afidt-lsp report COPY --format json > report.json
//	go run ./testdata/corpus/recall stripped.tsv report.json
//
// Every mention of such a trait must be flagged. One that stays unknown is counted apart and listed with the
// macro that is still on its trait. It exits with 1 if a mention was judged dyn compatible, or is unknown
// though no other macro is on the trait.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// A place is where a trait's name stands.
type place struct {
	file string
	line int
}

// A mention is one of the report's mentions, as far as it matters here.
type mention struct {
	File           string
	Line, Column   int
	Text           string
	Trait          *string
	DynCompatible  *bool  `json:"dyn_compatible"`
	UnknownBecause string `json:"unknown_because"`
	Errors         []string
}

type report struct {
	Traits []struct {
		Path, Name, File string
		Line             int
	}
	Mentions []mention
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: recall STRIPPED.tsv REPORT.json")
		os.Exit(2)
	}
	macros, err := readStripped(os.Args[1])
	if err == nil {
		var r report
		if r, err = readReport(os.Args[2]); err == nil {
			os.Exit(count(os.Stdout, macros, r))
		}
	}
	fmt.Fprintln(os.Stderr, "recall:", err)
	os.Exit(2)
}

// readStripped returns the other macros of every stripped trait that an async method keeps from being dyn.
func readStripped(file string) (map[place]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the list that strip printed: %w", err)
	}
	macros := map[place]string{}
	for number, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		fields := strings.Split(line, "\t")
		if number == 0 || len(fields) != 5 || fields[3] == "0" {
			continue
		}
		at, err := strconv.Atoi(fields[1])
		if err != nil {
			return nil, fmt.Errorf("%s:%d: the second column is no line number: %w", file, number+1, err)
		}
		macros[place{fields[0], at}] = fields[4]
	}
	return macros, nil
}

func readReport(file string) (report, error) {
	var r report
	text, err := os.ReadFile(file)
	if err != nil {
		return r, fmt.Errorf("reading the report: %w", err)
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("reading the report %s: %w", file, err)
	}
	return r, nil
}

// count prints the outcome and returns the exit code.
func count(w io.Writer, macros map[place]string, r report) int {
	stripped := map[string]string{} // path of a stripped trait -> its other macros
	names := map[string]bool{}
	seen := map[place]bool{}
	for _, t := range r.Traits {
		at := place{t.File, t.Line}
		if other, ok := macros[at]; ok {
			stripped[t.Path], names[t.Name], seen[at] = other, true, true
		}
	}
	for at := range macros {
		if !seen[at] {
			fmt.Fprintf(w, "%s:%d: the report has no trait here\n", at.file, at.line)
		}
	}

	var flagged, behindMacro, unknown, missed, unresolved int
	for _, m := range r.Mentions {
		other, ours := "", false
		if m.Trait != nil {
			other, ours = stripped[*m.Trait]
		}
		switch {
		case !ours && m.Trait == nil && names[lastName(m.Text)]:
			unresolved++
			fmt.Fprintf(w, "%s:%d:%d: %s is unresolved (%s), and a stripped trait has that name\n", m.File, m.Line, m.Column, m.Text, m.UnknownBecause)
		case !ours:
		case m.DynCompatible == nil && other != "":
			behindMacro++
			fmt.Fprintf(w, "%s:%d:%d: %s is unknown (%s), %s is on the trait\n", m.File, m.Line, m.Column, m.Text, m.UnknownBecause, other)
		case m.DynCompatible == nil:
			unknown++
			fmt.Fprintf(w, "%s:%d:%d: %s is unknown (%s)\n", m.File, m.Line, m.Column, m.Text, m.UnknownBecause)
		case *m.DynCompatible:
			missed++
			fmt.Fprintf(w, "%s:%d:%d: %s is said to be dyn compatible\n", m.File, m.Line, m.Column, m.Text)
		default:
			flagged++
		}
	}
	fmt.Fprintf(w, "%d traits, %d mentions flagged, %d unknown behind another macro, %d unknown, %d unresolved by name, %d missed, %d traits not seen\n",
		len(macros), flagged, behindMacro, unknown, unresolved, missed, len(macros)-len(seen))
	if missed+unknown+unresolved > 0 || len(seen) < len(macros) {
		return 1
	}
	return 0
}

// lastName is the last segment of the first path of a trait object type: `dyn a::B<C> + Send` gives B.
func lastName(text string) string {
	text = strings.TrimSpace(strings.TrimPrefix(text, "dyn "))
	end := strings.IndexAny(text, "<+( ")
	if end >= 0 {
		text = text[:end]
	}
	return text[strings.LastIndex(text, ":")+1:]
}
