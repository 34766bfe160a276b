package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/config"
	"github.com/afidt-lsp/afidt-lsp/quickfix"
)

// workspaceFlags are the flags of the commands that read a workspace.
type workspaceFlags struct {
	options analysis.Options
	format  string
	color   string
	ruleSet string
	limit   limit
	// settle ends what progress shows.
	settle func()
}

func (w *workspaceFlags) register(c *cobra.Command, formats string) {
	f := c.Flags()
	f.StringVar(&w.format, "format", "text", "output format: "+formats)
	f.StringVar(&w.color, "color", "auto", "colour of text output: auto, always or never")
	f.IntVarP(&w.options.Threads, "threads", "j", runtime.NumCPU(), "number of threads")
	f.StringVar(&w.options.Cargo.Target, "target", "", "target triple that #[cfg] is evaluated for (default: the host)")
	f.StringSliceVar(&w.options.Cargo.Features, "features", nil, "features of the workspace's packages to enable")
	f.BoolVar(&w.options.Cargo.AllFeatures, "all-features", false, "enable all features")
	f.BoolVar(&w.options.Cargo.NoDefaultFeatures, "no-default-features", false, "do not enable the default features")
	f.StringArrayVar(&w.options.Cargo.Cfg, "cfg", nil, "more cfg options: `name` or `name=\"value\"`")
	f.StringVar(&w.ruleSet, "rule-set", "", "rules for dyn: stable, method-scope, dyn-box or box (default: what afidt.toml or the crates say)")
	f.BoolVar(&w.options.ProbeToolchain, "probe-toolchain", false, "run the workspace's rustc to find out which rules it has")
	f.DurationVar(&w.limit.timeout, "timeout", 0, "give up with exit code 4 after this time, such as 30s or 5m (default: no limit)")
	f.IntVar(&w.options.Cargo.Edition, "edition", 2024, "edition of files without a Cargo.toml")
}

// open analyses the workspace that holds the first of the paths that the user asks about.
func (w *workspaceFlags) open(paths []string) (*analysis.Session, error) {
	if w.options.Threads < 1 {
		return nil, fmt.Errorf("-j %d: give a number of threads of at least 1", w.options.Threads)
	}
	switch w.options.Cargo.Edition {
	case 2015, 2018, 2021, 2024:
	default:
		return nil, fmt.Errorf("--edition %d: give 2015, 2018, 2021 or 2024", w.options.Cargo.Edition)
	}
	if w.ruleSet != "" {
		set, err := config.ParseRuleSet(w.ruleSet)
		if err != nil {
			return nil, fmt.Errorf("--rule-set: %w", err)
		}
		w.options.RuleSet = set
	}
	w.options.Fixes = quickfix.IDs()
	if t := w.options.Cargo.Target; t != "" && !cargo.KnownTarget(t) {
		fmt.Fprintf(os.Stderr, "warning: rustc has no target `%s`; it is read as the one that is most like it\n", t)
	}
	runtime.GOMAXPROCS(w.options.Threads)
	w.options.Between = prepareHeap().collect
	w.settle = sync.OnceFunc(w.progress())
	w.options.Paths = paths
	s, err := analysis.Open(paths[0], w.options)
	if err != nil {
		w.settle()
	}
	return s, err
}

// write says that output begins: from here on there is neither progress nor a limit.
func (w *workspaceFlags) write() {
	w.settle()
	w.limit.write()
}

// progressDelay is how long work may take before progress is shown.
const progressDelay = time.Second

// progress shows on a terminal that work goes on and how many files were read, once it takes longer than a second.
func (w *workspaceFlags) progress() (stop func()) {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return func() {}
	}
	var files atomic.Int64
	w.options.Progress = func(n int) { files.Store(int64(n)) }
	timer := time.NewTimer(progressDelay)
	return meter(os.Stderr, timer.C, func() { timer.Reset(progressDelay / 10) }, &files)
}

// meter writes a line over itself at each tick, and then asks for the next one. To stop it takes the line away.
func meter(out io.Writer, ticks <-chan time.Time, again func(), files *atomic.Int64) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		shown := false
		for {
			select {
			case <-done:
				if shown {
					fmt.Fprint(out, "\r\x1b[K")
				}
				return
			case <-ticks:
				fmt.Fprintf(out, "\r\x1b[Kanalysing: %d files read", files.Load())
				shown = true
				again()
			}
		}
	}()
	return func() { close(done); <-ended }
}

// colored decides whether to colour what goes to out: the flag, then the variables of the field, then the stream.
func (w *workspaceFlags) colored(out io.Writer) (bool, error) {
	switch w.color {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
	default:
		return false, fmt.Errorf("--color %s: give auto, always or never", w.color)
	}
	switch os.Getenv("CARGO_TERM_COLOR") {
	case "always":
		return true, nil
	case "never":
		return false, nil
	}
	if os.Getenv("NO_COLOR") != "" {
		return false, nil
	}
	for _, name := range [...]string{"FORCE_COLOR", "CLICOLOR_FORCE"} {
		if v := os.Getenv(name); v != "" && v != "0" {
			return true, nil
		}
	}
	if os.Getenv("CLICOLOR") == "0" || os.Getenv("TERM") == "dumb" {
		return false, nil
	}
	f, ok := out.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())), nil
}

// width is the width of the terminal that out is; 0 if it is none.
func width(out io.Writer) int {
	if f, ok := out.(*os.File); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil {
			return w
		}
	}
	return 0
}

// shown is how people see the path of a file: as JSON has it, but from the current folder if the workspace lies in it, so that
// a terminal's links and the commands that messages name work.
func shown(s *analysis.Session) func(path string) string {
	prefix := ""
	if cwd, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(cwd, s.Snapshot.Root); err == nil && filepath.IsLocal(rel) && rel != "." {
			prefix = filepath.ToSlash(rel) + "/"
		}
	}
	return func(path string) string {
		name := s.Snapshot.Display(path)
		if filepath.IsAbs(filepath.FromSlash(name)) {
			return name
		}
		return prefix + name
	}
}

// filter is what the arguments select: nothing in particular if they name the workspace as a whole.
func filter(s *analysis.Session, paths []string) (analysis.Filter, error) {
	var out analysis.Filter
	whole := false
	for _, p := range paths {
		abs, err := filepath.Abs(p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p, err)
		}
		if filepath.Base(abs) == "Cargo.toml" {
			abs = filepath.Dir(abs)
		}
		if _, err := os.Stat(abs); err != nil {
			return nil, fmt.Errorf("%s: no such file or folder; give a workspace, a package or an .rs file", p)
		}
		if abs == s.Snapshot.Root {
			whole = true
			continue
		}
		if rel, err := filepath.Rel(s.Snapshot.Root, abs); err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return nil, fmt.Errorf("%s is not in the workspace %s, which %s belongs to; check them one by one", p, s.Snapshot.Root, paths[0])
		}
		out = append(out, abs)
	}
	if whole {
		return nil, nil
	}
	return out, nil
}
