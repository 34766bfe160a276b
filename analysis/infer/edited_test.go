package infer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// TestPanicOfOneFile has the inference of a file panic, for want of names. That is a failure of the file, with the place in our code.
func TestPanicOfOneFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lib.rs")
	if err := os.WriteFile(path, []byte("trait T { async fn f(&self); }\nfn g(x: &impl T) { let _ = x.f(); }\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	snapshot, err := workspace.Load(path, workspace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := survey.Make(snapshot, 1)
	file := s.Snapshot.Files[0]
	out, quiet, failure := (&Engine{newEngine(s)}).File(file, nil)
	if failure == nil || failure.File != file || !strings.Contains(failure.Message, "internal error") || !strings.Contains(failure.Message, "infer.(*Engine).File") {
		t.Fatalf("the failure is %+v, want one of the file, with the stack", failure)
	}
	if quiet || len(out.Calls) != 0 {
		t.Errorf("of a file that failed %d calls are listed; quiet is %t", len(out.Calls), quiet)
	}
	if _, _, failure := (&Engine{newEngine(s)}).File(file, NewNames(func(func(Method) bool) {})); failure != nil {
		t.Errorf("without the panic the failure is %+v", failure)
	}
}
