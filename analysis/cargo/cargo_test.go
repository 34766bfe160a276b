package cargo

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/internal/testtree"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the `want` sections of testdata and targets.txt")

// TestLayouts loads every archive of testdata/*.txtar. The comment of an archive is prose and options, one a line:
//
//	load: PATH          what is given to Load, default "."
//	target: TRIPLE      default x86_64-unknown-linux-gnu
//	features: a,b       also all-features, no-default-features
//	cfg: OPTION
//	ask: NAME ..        more names to resolve for every target
//
// Folders: ws is the workspace, home is CARGO_HOME. The section `want` is what comes out, paths relative to the archive.
// Names that end in `.link` and `.hex` are those of [testtree.Archive].
func TestLayouts(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want, wantAt := "", -1
			var files []txtar.File
			for i, file := range archive.Files {
				if file.Name == "want" {
					want, wantAt = string(file.Data), i
					continue
				}
				files = append(files, file)
			}
			dir := testtree.Archive(t, files)
			got := describe(dir, string(archive.Comment))
			if *update {
				if wantAt < 0 {
					archive.Files = append(archive.Files, txtar.File{Name: "want"})
					wantAt = len(archive.Files) - 1
				}
				archive.Files[wantAt].Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("%s: (- want, + got)\n%s", path, lineDiff(want, got))
			}
		})
	}
}

// describe loads what the options say and writes all answers down.
func describe(dir, options string) string {
	load := "."
	opt := Options{CargoHome: filepath.Join(dir, "home"), Target: "x86_64-unknown-linux-gnu"}
	var ask []string
	for line := range strings.Lines(options) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		value = strings.TrimSpace(value)
		switch key {
		case "load":
			load = value
		case "target":
			opt.Target = value
		case "features":
			opt.Features = append(opt.Features, value)
		case "all-features":
			opt.AllFeatures = true
		case "no-default-features":
			opt.NoDefaultFeatures = true
		case "cfg":
			opt.Cfg = append(opt.Cfg, value)
		case "edition":
			opt.Edition, _ = strconv.Atoi(value)
		case "ask":
			ask = strings.Fields(value)
		}
	}
	var out strings.Builder
	w, err := Load(filepath.Join(dir, "ws", filepath.FromSlash(load)), opt)
	if err != nil {
		fmt.Fprintf(&out, "error %v\n", err)
	} else {
		describeWorkspace(&out, w, ask)
	}
	return filepath.ToSlash(strings.ReplaceAll(out.String(), dir+string(filepath.Separator), ""))
}

func describeWorkspace(out *strings.Builder, w *Workspace, ask []string) {
	fmt.Fprintf(out, "root %s\n", w.Root)
	if w.LoneFile != "" {
		fmt.Fprintf(out, "lone file %s\n", w.LoneFile)
	}
	plain := w.platform.options
	for _, p := range w.Members {
		fmt.Fprintf(out, "\npackage %s %s, edition %d, %s\n", p.Name, p.Version, p.Edition, p.Dir)
		for _, target := range p.Targets {
			fmt.Fprintf(out, "  %s %s, edition %d, %s\n", target.Kind, target.Name, target.Edition, target.Root)
			var options []string
			for _, option := range w.Cfg(target).Options() {
				if parsed, _ := parseCfgOption(option); !contains(plain, parsed) {
					options = append(options, option)
				}
			}
			fmt.Fprintf(out, "    cfg %s\n", strings.Join(options, ", "))
			for _, name := range append(w.ExternNames(target), ask...) {
				describeExtern(out, w, target, name, "    ", map[*Target]bool{})
			}
		}
	}
	if problems := w.Problems(); len(problems) > 0 {
		fmt.Fprintln(out)
		for _, problem := range problems {
			fmt.Fprintf(out, "problem %s\n", problem)
		}
	}
}

func contains(options map[cfgOption]struct{}, option cfgOption) bool {
	_, ok := options[option]
	return ok
}

// describeExtern writes a dependency and, when it is no member, what it depends on itself.
func describeExtern(out *strings.Builder, w *Workspace, target *Target, name, indent string, above map[*Target]bool) {
	lib, how := w.Extern(target, name)
	note := ""
	if how.Inactive {
		note = ", inactive"
	}
	if lib == nil {
		fmt.Fprintf(out, "%s%s: %s%s", indent, name, how.Status, note)
		if how.Message != "" {
			fmt.Fprintf(out, ": %s", how.Message)
		}
		fmt.Fprintln(out)
		return
	}
	fmt.Fprintf(out, "%s%s: %s%s", indent, name, lib.Root, note)
	if lib.Kind == ProcMacro {
		fmt.Fprint(out, ", proc-macro")
	}
	if lib.Package.Member {
		fmt.Fprintln(out)
		return
	}
	fmt.Fprintf(out, ", %s, edition %d, features %v\n", lib.Package.Version, lib.Edition, w.Cfg(lib).Features())
	if above[lib] {
		return
	}
	above[lib] = true
	for _, name := range w.ExternNames(lib) {
		describeExtern(out, w, lib, name, indent+"  ", above)
	}
	delete(above, lib)
}

func lineDiff(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	var out strings.Builder
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(a) > 0 && len(b) > 0 && a[0] == b[0]:
			fmt.Fprintf(&out, "  %s\n", a[0])
			a, b = a[1:], b[1:]
		case len(a) > 0 && (len(b) == 0 || !slices.Contains(b, a[0])):
			fmt.Fprintf(&out, "- %s\n", a[0])
			a = a[1:]
		case len(b) > 0:
			fmt.Fprintf(&out, "+ %s\n", b[0])
			b = b[1:]
		}
	}
	return out.String()
}
