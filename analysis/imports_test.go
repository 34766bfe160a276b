package analysis_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/afidt-lsp/afidt-lsp/"

// layers are the packages of the engine in the order in which data flows. Each may import those before it, never one after it.
var layers = []string{
	"analysis/source",
	"analysis/syntax",
	"analysis/cargo",
	"analysis/resolve/stdlib",
	"analysis/workspace",
	"analysis/resolve",
	"analysis/types",
	"analysis/dyncompat",
	"analysis/survey",
	"analysis/infer",
	"analysis/config",
	"analysis/rules",
	"analysis",
	"quickfix", // stands on rules; the engine does not know that fixes exist
	"server",
	"cmd/afidt-lsp",
}

// only are the packages that stand beside the layers: what each may import of this module.
var only = map[string][]string{
	"internal/testtree":           {},                  // for tests only
	"analysis/report":             {"analysis/source"}, // printers of plain data
	"analysis/difftest":           {},                  // judges the engine's output, so it may share nothing with it
	"analysis/resolve/stdlib/gen": {"analysis/source", "analysis/syntax"},
}

// rooms are the packages that own a foreign world: nobody else imports what begins with the key.
var rooms = map[string]string{
	"github.com/smacker/go-tree-sitter":       "analysis/syntax",
	"github.com/tree-sitter/tree-sitter-rust": "analysis/syntax",
	"C":                      "analysis/syntax",
	"go.lsp.dev/":            "server",
	"github.com/spf13/cobra": "cmd/afidt-lsp",
}

// layerOf is a package's place in layers, or -1. A folder below a package belongs to it.
func layerOf(pkg string) int {
	best, length := -1, -1
	for i, l := range layers {
		// "analysis" alone is the face of the engine, not the home of all below it.
		if (pkg == l || l != "analysis" && strings.HasPrefix(pkg, l+"/")) && len(l) > length {
			best, length = i, len(l)
		}
	}
	return best
}

// importFaults are the imports that break the direction. imports maps packages, relative to the module, to import paths.
func importFaults(imports map[string][]string) []string {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	for pkg, paths := range imports {
		if strings.HasPrefix(pkg, "testdata/") || strings.HasPrefix(pkg, "editors/") { // tools and tests; nothing imports them
			continue
		}
		allowed, beside := only[pkg]
		layer := layerOf(pkg)
		if !beside && layer < 0 {
			fault("%s has no place in the layout: give it one in layers", pkg)
			continue
		}
		for _, path := range paths {
			for world, room := range rooms {
				if (path == world || strings.HasPrefix(path, world) && world != "C") && pkg != room {
					fault("%s imports %s: only %s may", pkg, path, room)
				}
			}
			target, own := strings.CutPrefix(path, module)
			if !own || target == pkg {
				continue
			}
			switch {
			case beside:
				if !slices.Contains(allowed, target) {
					fault("%s imports %s: it may import only %v of this module", pkg, target, allowed)
				}
			case target == "analysis/report":
				if layers[layer] != "analysis" && layers[layer] != "cmd/afidt-lsp" && layers[layer] != "server" {
					fault("%s imports %s: output belongs to the face of the engine and the commands", pkg, target)
				}
			case layerOf(target) < 0:
				fault("%s imports %s, which nobody builds on", pkg, target)
			case layerOf(target) > layer:
				fault("%s imports %s: imports run downwards only", pkg, target)
			}
		}
	}
	slices.Sort(faults)
	return faults
}

// TestImportDirection lists the imports of every package of the module, without those of tests.
func TestImportDirection(t *testing.T) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	imports := map[string][]string{}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		imports[strings.TrimPrefix(p.ImportPath, module)] = p.Imports
	}
	for _, pkg := range []string{"analysis/source", "analysis/syntax", "analysis/rules", "analysis", "cmd/afidt-lsp"} {
		if len(imports[pkg]) == 0 {
			t.Errorf("go list does not show %s or its imports: this test looks at nothing", pkg)
		}
	}
	for _, f := range importFaults(imports) {
		t.Error(f)
	}
}

// TestArchitectureNamesLayers: the map of the code has a row for each layer and for what stands beside them.
func TestArchitectureNamesLayers(t *testing.T) {
	text, err := os.ReadFile("../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	packages := slices.Concat(layers, []string{"quickfix/companion"})
	for pkg := range only {
		packages = append(packages, pkg)
	}
	for _, pkg := range packages {
		if !strings.Contains(string(text), "| `"+pkg+"` |") && !strings.Contains(string(text), "`"+pkg+"` ") {
			t.Errorf("ARCHITECTURE.md has nothing about %s", pkg)
		}
	}
}

// TestImportFaults holds the checker itself against made-up imports.
func TestImportFaults(t *testing.T) {
	tests := []struct {
		pkg, path string
		want      string // part of the fault; empty if the import is fine
	}{
		{"analysis/syntax", module + "analysis/source", ""},
		{"analysis/syntax", "C", ""},
		{"analysis/syntax", "github.com/smacker/go-tree-sitter", ""},
		{"analysis/resolve", module + "analysis/resolve/stdlib", ""},
		{"analysis/resolve/stdlib", module + "analysis/source", ""},
		{"analysis", module + "analysis/report", ""},
		{"cmd/afidt-lsp", module + "analysis/workspace", ""},
		{"quickfix", module + "analysis/rules", ""},
		{"server", "go.lsp.dev/protocol", ""},
		{"testdata/corpus/sweep", module + "analysis", ""},

		{"analysis/source", module + "analysis/syntax", "downwards"},
		{"analysis/cargo", module + "analysis/workspace", "downwards"},
		{"analysis/resolve/stdlib", module + "analysis/resolve", "downwards"},
		{"analysis/workspace", module + "analysis/resolve", "downwards"},
		{"analysis/rules", module + "analysis", "downwards"},
		{"analysis/rules", module + "quickfix", "downwards"},
		{"analysis", module + "server", "downwards"},
		{"analysis/report", module + "analysis/rules", "only [analysis/source]"},
		{"analysis/rules", module + "analysis/report", "output belongs"},
		{"analysis/difftest", module + "analysis", "only []"},
		{"analysis/workspace", "C", "only analysis/syntax"},
		{"analysis/rules", "github.com/tree-sitter/tree-sitter-rust/bindings/go", "only analysis/syntax"},
		{"analysis", "go.lsp.dev/uri", "only server"},
		{"analysis/rules", module + "analysis/difftest", "nobody builds on"},
		{"analysis/helpers", "fmt", "no place"},
		{"util", "fmt", "no place"},
	}
	for _, test := range tests {
		faults := importFaults(map[string][]string{test.pkg: {test.path}})
		switch {
		case test.want == "" && len(faults) > 0:
			t.Errorf("%s -> %s: %v, want no fault", test.pkg, test.path, faults)
		case test.want != "" && (len(faults) != 1 || !strings.Contains(faults[0], test.want)):
			t.Errorf("%s -> %s: %q, want one fault with %q", test.pkg, test.path, faults, test.want)
		}
	}
}
