package stdlib

import (
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// The scanner must understand every file without repairing anything.
func TestTableScans(t *testing.T) {
	traits, dyns := 0, 0
	for path := range index() {
		text, _ := Open(path)
		file := syntax.Scan(text, Edition)
		for _, p := range file.Problems {
			t.Errorf("%s: byte %d: %s: %.60s", path, p.Span.Start, p.Message, text[p.Span.Start:])
		}
		for _, it := range file.Items {
			if it.Kind == syntax.KindTrait {
				traits++
			}
		}
		dyns += len(file.Dyns)
	}
	t.Logf("%d traits, %d dyn", traits, dyns)
	if traits < 300 {
		t.Errorf("only %d traits", traits)
	}
}
