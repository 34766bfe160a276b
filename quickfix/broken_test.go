package quickfix

import (
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestAtSurvivesBrokenText asks for actions all over texts as they are while somebody types: the sources of testdata, cut off,
// and with a piece taken out. Nothing may panic, and what is offered can be applied.
func TestAtSurvivesBrokenText(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	offered := 0
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if !strings.HasSuffix(f.Name, ".rs") || strings.HasPrefix(f.Name, afterFolder) || len(f.Data) < 100 {
				continue
			}
			// A large source is cut in no more places than others: each costs what the source does.
			for cut := 61; cut < len(f.Data); cut += max(251, len(f.Data)/12) {
				offered += askEverywhere(t, path, string(f.Data[:cut]))
				offered += askEverywhere(t, path, string(f.Data[:cut])+string(f.Data[min(cut+3, len(f.Data)):]))
			}
		}
	}
	if offered < 1000 {
		t.Errorf("only %d actions were offered: this test looks at next to nothing", offered)
	}
}

// askEverywhere asks for the actions at many places of a lone file and applies each.
func askEverywhere(t *testing.T, what, text string) (offered int) {
	t.Helper()
	w := lone(t, text)
	f := w.Snapshot.Files[0]
	defer func() {
		if r := recover(); r != nil {
			t.Fatalf("%s: %v\n%s in\n%s", what, r, debug.Stack(), text)
		}
	}()
	for offset := 0; offset <= len(text); offset += 11 {
		for _, a := range At(w, f.Path, uint32(offset)) {
			offered++
			if strings.Contains(a.BlockedBy, "bug") {
				t.Errorf("%s: %s: %s in\n%s", what, a.ID, a.BlockedBy, text)
			}
			if _, err := Apply(a.Edits, func(string) ([]byte, error) { return f.Text, nil }); err != nil {
				t.Errorf("%s: %s: %v in\n%s", what, a.ID, err, text)
			}
		}
	}
	return offered
}
