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
	"slices"
	"sync"
	"sync/atomic"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/config"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
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
	probed         dyncompat.RuleSet // what rustc answered
	// Fixes are the ids that the configuration may name; nil allows any.
	Fixes []string
	// Progress is told how many files were read so far; it may be nil, and is called from any goroutine.
	Progress func(files int)
	// Between is called between two pieces of work, of a file or a body each, by whoever has done one; it may be nil, and is called
	// from any goroutine.
	Between func()
	// Overlay are texts that stand in for those of files on disk, by absolute path.
	Overlay map[string][]byte
}

// Session is the analysis of one workspace at one moment.
type Session struct {
	*survey.Survey
	Config   *config.Config
	Formats  *config.Formats // how fixes lay out what they write
	Settings rules.Settings
	calls    func() []infer.Call
	inferred func() *infer.Result
	full     atomic.Pointer[infer.Result] // what inferred gave, once it was asked
	parts    func() *infer.Parts
	asked    sync.Map // path of a file, or trait -> func() *infer.Result
	coerced  keptCoercions
}

// Open analyses the workspace, package or lone file that holds path. It fails if path does not exist, its own manifest does
// not parse or its configuration is wrong; what else is wrong is among the Problems.
func Open(path string, opt Options) (*Session, error) {
	snapshot, err := workspace.Load(path, workspace.Options{Cargo: opt.Cargo, Threads: opt.Threads, Paths: opt.Paths, Progress: opt.Progress, Between: opt.Between, Overlay: opt.Overlay})
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
	if opt.RuleSet == "" && opt.ProbeToolchain {
		if opt.probed, err = config.Probe(snapshot.Root); err != nil {
			return nil, fmt.Errorf("asking rustc for its rule set (--probe-toolchain): %w", err)
		}
	}
	settings := joinSettings(snapshot, c, opt)
	threads := max(opt.Threads, 1)
	return newSession(survey.Make(snapshot, threads), nil, c, &config.Formats{}, settings, threads), nil
}

// newSession is a session; base infers what is no part of the workspace, nil if that is not known yet.
func newSession(s *survey.Survey, base *infer.Engine, c *config.Config, formats *config.Formats, settings rules.Settings, threads int) *Session {
	return &Session{
		Survey: s, Config: c, Formats: formats, Settings: settings,
		calls:    sync.OnceValue(func() []infer.Call { return infer.Calls(s, base, threads) }),
		inferred: sync.OnceValue(func() *infer.Result { return infer.Infer(s, base, threads) }),
		parts:    sync.OnceValue(func() *infer.Parts { return infer.NewParts(s, base, threads) }),
	}
}

func ruleNames() []string {
	out := make([]string, len(rules.All))
	for i, r := range rules.All {
		out[i] = r.Name
	}
	return out
}

// joinSettings joins what is said of the rule set: by the command line, the configuration, the compiler if it was asked, and
// the crates, the first of these that says anything.
func joinSettings(snapshot *workspace.Snapshot, c *config.Config, opt Options) rules.Settings {
	out := rules.Settings{Levels: c.Rules, Toolchain: config.ReadToolchain(snapshot)}
	if opt.probed != "" {
		out.Toolchain.Probed, out.Toolchain.RuleSet = true, opt.probed
	}
	out.RuleSet = cmp.Or(opt.RuleSet, c.RuleSet, out.Toolchain.RuleSet)
	return out
}

// Inferred is what was inferred of the workspace's function bodies; it is made when it is first asked for.
func (s *Session) Inferred() *infer.Result {
	out := s.inferred()
	s.full.Store(out)
	return out
}

// InferredAt is a part of Inferred that has all that is about the file of an absolute path. To make it alone is far less work than Inferred.
func (s *Session) InferredAt(path string) *infer.Result {
	if all := s.full.Load(); all != nil {
		return all
	}
	return s.part(path, func() *infer.Result {
		return s.parts().In(slices.DeleteFunc(slices.Clone(s.Snapshot.Files), func(f *workspace.File) bool { return f.Path != path }))
	})
}

// InferredOf is a part of Inferred that has all calls of a trait's methods, and the boxes around them.
func (s *Session) InferredOf(trait resolve.Def) *infer.Result {
	if all := s.full.Load(); all != nil {
		return all
	}
	return s.part(trait, func() *infer.Result { return s.parts().Of(trait) })
}

func (s *Session) part(key any, make func() *infer.Result) *infer.Result {
	part, _ := s.asked.LoadOrStore(key, sync.OnceValue(make))
	return part.(func() *infer.Result)()
}

// Calls are the calls of async and impl-Trait methods whose receiver is known, by file and place. To make them alone is less
// work than Inferred.
func (s *Session) Calls() []infer.Call {
	if all := s.full.Load(); all != nil {
		return all.Calls
	}
	return s.calls()
}

// Findings are what the rules say of the workspace, by file and place.
func (s *Session) Findings() []rules.Finding { return rules.Run(s.Survey, s.Inferred(), s.Settings) }

// FindingsIn are those of the Findings that are about the file of an absolute path.
func (s *Session) FindingsIn(path string) []rules.Finding {
	return slices.DeleteFunc(rules.Run(s.Survey, s.InferredAt(path), s.Settings), func(f rules.Finding) bool { return f.Primary.File.Path != path })
}

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
