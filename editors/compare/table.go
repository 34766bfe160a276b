package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// printTable prints a row for each thing that was measured, and a column for each subject, in Markdown.
func printTable(w io.Writer, subjects []subject, results [][]run, checks []time.Duration) {
	row := func(cells ...string) { fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | ")) }
	header, rule := []string{""}, []string{"---"}
	for _, s := range subjects {
		header, rule = append(header, s.name), append(rule, "---:")
	}
	row(append(header, "cargo check")...)
	row(append(rule, "---:")...)
	line := func(title string, cell func(subject, []run) string, cargo string) {
		cells := []string{title}
		for i, s := range subjects {
			cells = append(cells, cell(s, results[i]))
		}
		row(append(cells, cargo)...)
	}
	of := func(f func(run) time.Duration) func(subject, []run) string {
		return func(_ subject, runs []run) string { return spread(each(runs, f)) }
	}
	size := func(f func(run) int64) func(subject, []run) string {
		return func(_ subject, runs []run) string {
			var most int64
			for _, r := range runs {
				most = max(most, f(r))
			}
			return fmt.Sprintf("%d MB", most>>20)
		}
	}
	line("first own finding of the open file", of(func(r run) time.Duration { return r.first }), "")
	line(".. CPU until then", of(func(r run) time.Duration { return r.atFirst.all }), "")
	line("E0038 of the open file", of(func(r run) time.Duration { return r.e0038 }), "")
	line("everything is loaded", of(func(r run) time.Duration { return r.whole }), "")
	line(".. CPU until then", of(func(r run) time.Duration { return r.atWhole.all }), "")
	line(".. memory of the server then", size(func(r run) int64 { return r.atWhole.rss }), "")
	line(".. the most until then", size(func(r run) int64 { return r.atWhole.peak }), "")
	line("own finding after an edit", func(_ subject, runs []run) string {
		return spread(flat(runs, func(r run) []time.Duration { return r.own }))
	}, "")
	line(".. CPU of such an edit", of(func(r run) time.Duration { return r.ownCPU }), "")
	line("E0038 after an edit", func(s subject, runs []run) string {
		if !s.onSave {
			return spread(flat(runs, func(r run) []time.Duration { return r.own }))
		}
		return spread(flat(runs, func(r run) []time.Duration { return r.saved })) + " after a save"
	}, spread(checks))
	line(".. CPU of such an edit", of(func(r run) time.Duration { return max(r.ownCPU, r.savedCPU) }), "")
}

func each(runs []run, f func(run) time.Duration) (all []time.Duration) {
	for _, r := range runs {
		all = append(all, f(r))
	}
	return all
}

func flat(runs []run, f func(run) []time.Duration) (all []time.Duration) {
	for _, r := range runs {
		all = append(all, f(r)...)
	}
	return all
}

// spread is the least and the median.
func spread(all []time.Duration) string {
	if len(all) == 0 {
		return ""
	}
	all = slices.Sorted(slices.Values(all))
	return fmt.Sprintf("%s / %s", short(all[0]), short(all[len(all)/2]))
}

func short(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%.3g ms", float64(d.Microseconds())/1000)
	}
	return fmt.Sprintf("%.3g s", d.Seconds())
}
