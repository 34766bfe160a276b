// Package analysis is the engine's face: a workspace in, reports and findings out. `check`, `report` and the language
// server call the same Session.
//
// Data flows in this order, each step a package that knows nothing of the next: text (source) is scanned and parsed
// (syntax); manifests say what the crates are (cargo); files become modules (workspace); names lead to items (resolve);
// written types get a meaning (types); traits are judged (dyncompat); mentions and traits are listed (survey); the receivers
// of calls are inferred (infer); rules make findings (rules). Reports are plain data (report).
package analysis

import (
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
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
	// Progress is told how many files were read so far; it may be nil, and is called from any goroutine.
	Progress func(files int)
	// Overlay are texts that stand in for those of files on disk, by absolute path.
	Overlay map[string][]byte
}

// Session is the analysis of one workspace at one moment.
type Session struct {
	*survey.Survey
	// Calls are the calls of async and impl-Trait methods whose receiver is known, by file and place; they are inferred when
	// they are first asked for.
	Calls func() []infer.Call
}

// Open analyses the workspace, package or lone file that holds path. It fails only if path does not exist or its own
// manifest does not parse; what else is wrong is among the Problems.
func Open(path string, opt Options) (*Session, error) {
	snapshot, err := workspace.Load(path, workspace.Options{Cargo: opt.Cargo, Threads: opt.Threads, Paths: opt.Paths, Progress: opt.Progress, Overlay: opt.Overlay})
	if err != nil {
		return nil, err
	}
	threads := max(opt.Threads, 1)
	return newSession(survey.Make(snapshot, threads), threads), nil
}

func newSession(s *survey.Survey, threads int) *Session {
	return &Session{s, sync.OnceValue(func() []infer.Call { return infer.Calls(s, threads) })}
}

// Findings are what the rules say of the workspace, by file and place.
func (s *Session) Findings() []rules.Finding { return rules.Run(s.Survey) }

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
