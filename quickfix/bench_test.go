package quickfix

import (
	"os"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis"
)

// BenchmarkFor asks for the fixes of all findings of a workspace, the folder AFIDT_BENCH_WORKSPACE; ms/finding is to stay below 50.
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
	offered := 0
	for b.Loop() {
		w, err := New(s, nil)
		if err != nil {
			b.Fatal(err)
		}
		offered = 0
		for i := range findings {
			offered += len(For(w, &findings[i]))
		}
	}
	b.ReportMetric(float64(len(findings)), "findings")
	b.ReportMetric(float64(offered), "actions")
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N)/float64(len(findings)), "ms/finding")
}
