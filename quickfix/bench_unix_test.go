//go:build unix

package quickfix

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/afidt-lsp/afidt-lsp/analysis"
)

// BenchmarkFor asks for the fixes of all findings of a workspace, the folder AFIDT_BENCH_WORKSPACE, and says what they take in
// processor time, once the workspace is prepared as the server does it: a finding in the mean, and the distribution over all findings.
// The max is to stay below 50 ms. As in the server, each finding's fixes are listed first, and the values that the list left out are found:
// that is told apart, and a session keeps the values, so -benchtime 1x is what says it. With -v it is broken down by fix.
func BenchmarkFor(b *testing.B) {
	path := os.Getenv("AFIDT_BENCH_WORKSPACE")
	if path == "" {
		b.Skip("AFIDT_BENCH_WORKSPACE names no workspace")
	}
	s, err := analysis.Open(path, analysis.Options{})
	if err != nil {
		b.Fatal(err)
	}
	findings := s.Findings()
	s.Calls()
	if len(findings) == 0 {
		b.Skip("no findings")
	}
	var all, values, lists []time.Duration
	byFix := map[string][]time.Duration{}
	offered := 0
	for b.Loop() {
		w, err := New(s, nil)
		if err != nil {
			b.Fatal(err)
		}
		draft, err := New(s, nil)
		if err != nil {
			b.Fatal(err)
		}
		draft.Draft = true
		draft.index()
		w.index()
		Prepare(context.Background(), w.Snapshot.Files)
		offered, all, values, lists = 0, all[:0], values[:0], lists[:0]
		clear(byFix)
		for i := range findings {
			start := processorTime()
			For(draft, &findings[i])
			listed := processorTime()
			if err := draft.FindValues(context.Background()); err != nil {
				b.Fatal(err)
			}
			lists, values = append(lists, listed-start), append(values, processorTime()-listed)
			targets, sum := w.targetsOf(&findings[i]), time.Duration(0)
			for _, f := range All {
				start := processorTime()
				for k := range targets {
					offered += len(w.ask(f, &targets[k]))
				}
				took := processorTime() - start
				byFix[f.ID] = append(byFix[f.ID], took)
				sum += took
			}
			all = append(all, sum)
		}
	}
	sum := time.Duration(0)
	for _, d := range all {
		sum += d
	}
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	b.ReportMetric(float64(len(findings)), "findings")
	b.ReportMetric(float64(offered), "actions")
	b.ReportMetric(ms(sum)/float64(len(all)), "ms/finding")
	b.ReportMetric(ms(percentile(all, 50)), "ms-p50")
	b.ReportMetric(ms(percentile(all, 99)), "ms-p99")
	b.ReportMetric(ms(percentile(all, 100)), "ms-max")
	b.ReportMetric(ms(percentile(lists, 100)), "ms-list-max")
	b.ReportMetric(ms(percentile(values, 99)), "ms-values-p99")
	b.ReportMetric(ms(percentile(values, 100)), "ms-values-max")
	for _, id := range IDs() {
		one := byFix[id]
		b.Log(strings.TrimRight(fmt.Sprintf("%-16s p50 %8.3f ms  p99 %8.3f ms  max %8.3f ms", id, ms(percentile(one, 50)), ms(percentile(one, 99)), ms(percentile(one, 100))), " "))
	}
}

// percentile is the smallest of some durations that n percent of them do not exceed.
func percentile(list []time.Duration, n int) time.Duration {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[max(0, (len(sorted)*n+99)/100-1)]
}

// processorTime is what the process has used so far, user and system.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
