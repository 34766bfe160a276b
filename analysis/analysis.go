// Package analysis is the engine's face: a workspace in, reports and findings out. `check`, `report` and the language
// server call the same Session.
//
// Data flows in this order, each step a package that knows nothing of the next: text (source) is scanned and parsed
// (syntax); manifests say what the crates are (cargo); files become modules (workspace); names lead to items (resolve);
// written types get a meaning (types); traits are judged (dyncompat); mentions and traits are listed (survey); the receivers
// of calls are inferred (infer); rules make findings (rules). Reports are plain data (report).
package analysis

import (
	"cmp"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/config"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Options say what to analyse and how.
type Options struct {
	Cargo   cargo.Options
	Threads int // 0 means one
	// Paths are the files and folders that the user asked about: a file among them that no target leads to is analysed as a
	// crate of its own.
	Paths []string
	// RuleSet wins over what the configuration and the crates say; empty leaves it to them.
	RuleSet dyncompat.RuleSet
	// ProbeToolchain says to run rustc in the workspace to find out which rule set it has.
	ProbeToolchain bool
	// Fixes are the ids that the configuration may name; nil allows any.
	Fixes []string
	// Progress is told how many files were read so far; it may be nil, and is called from any goroutine.
	Progress func(files int)
	// Overlay are texts that stand in for those of files on disk, by absolute path.
	Overlay map[string][]byte
}

// Session is the analysis of one workspace at one moment.
type Session struct {
	*survey.Survey
	Config   *config.Config
	Settings rules.Settings
	inferred func() *infer.Result
}

// Open analyses the workspace, package or lone file that holds path. It fails if path does not exist, its own manifest does
// not parse or its configuration is wrong; what else is wrong is among the Problems.
func Open(path string, opt Options) (*Session, error) {
	snapshot, err := workspace.Load(path, workspace.Options{Cargo: opt.Cargo, Threads: opt.Threads, Paths: opt.Paths, Progress: opt.Progress, Overlay: opt.Overlay})
	if err != nil {
		return nil, err
	}
	at, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	c, err := config.Load(at, snapshot.Root, config.Vocabulary{Rules: ruleNames(), Fixes: opt.Fixes})
	if err != nil {
		return nil, err
	}
	settings, err := settings(snapshot, c, opt)
	if err != nil {
		return nil, err
	}
	threads := max(opt.Threads, 1)
	return newSession(survey.Make(snapshot, threads), c, settings, threads), nil
}

func newSession(s *survey.Survey, c *config.Config, settings rules.Settings, threads int) *Session {
	return &Session{s, c, settings, sync.OnceValue(func() *infer.Result { return infer.Infer(s, threads) })}
}

func ruleNames() []string {
	out := make([]string, len(rules.All))
	for i, r := range rules.All {
		out[i] = r.Name
	}
	return out
}

// settings joins what is said of the rule set: by the command line, the configuration, the compiler if it is asked, and the
// crates, the first of these that says anything.
func settings(snapshot *workspace.Snapshot, c *config.Config, opt Options) (rules.Settings, error) {
	out := rules.Settings{Levels: c.Rules, Toolchain: config.ReadToolchain(snapshot)}
	if opt.ProbeToolchain {
		set, err := config.Probe(snapshot.Root)
		if err != nil {
			return out, fmt.Errorf("asking rustc for its rule set (--probe-toolchain): %w", err)
		}
		out.Toolchain.Probed, out.Toolchain.RuleSet = true, set
	}
	out.RuleSet = cmp.Or(opt.RuleSet, c.RuleSet, out.Toolchain.RuleSet)
	return out, nil
}

// Inferred is what was inferred of the workspace's function bodies; it is made when it is first asked for.
func (s *Session) Inferred() *infer.Result { return s.inferred() }

// Calls are the calls of async and impl-Trait methods whose receiver is known, by file and place.
func (s *Session) Calls() []infer.Call { return s.inferred().Calls }

// Findings are what the rules say of the workspace, by file and place.
func (s *Session) Findings() []rules.Finding { return rules.Run(s.Survey, s.inferred(), s.Settings) }

// Problems are what is wrong with the workspace itself: unreadable files, missing modules, manifests that do not parse.
func (s *Session) Problems() []workspace.Problem {
	out := s.Snapshot.Problems()
	for _, f := range s.Failures {
		out = append(out, workspace.Problem{File: f.File.Path, Message: f.Message + "please report this; the rest of the workspace was analysed", Unreadable: true})
	}
	if len(s.Snapshot.Files) == 0 {
		out = append(out, workspace.Problem{File: s.Snapshot.Root, Message: "no crate was found here: give a folder with a Cargo.toml, src/lib.rs or src/main.rs, or an .rs file"})
	}
	return out
}
