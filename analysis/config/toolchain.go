package config

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Toolchain is what a workspace says of its compiler.
type Toolchain struct {
	// Channel is what rust-toolchain.toml or rust-toolchain pins: "1.95", "nightly-2026-05-19"; empty if there is none.
	Channel string
	// Gates are the feature gates for dyn that the workspace's crates turn on.
	Gates []string
	// Probed is set if rustc was asked; RuleSet is then its answer.
	Probed  bool
	RuleSet dyncompat.RuleSet
}

// gates are the feature gates that turn a rule set on. No compiler has one of them yet: the names are those that the
// project goal uses for what they gate (https://rust-lang.github.io/goals/2026/afidt-box.html).
var gates = map[string]dyncompat.RuleSet{
	"method_scope_dyn_compat": dyncompat.MethodScope, "dyn_box": dyncompat.DynBox, "box_notation": dyncompat.Box,
}

// ReadToolchain reads what the workspace says; nothing is run.
func ReadToolchain(s *workspace.Snapshot) Toolchain {
	out := Toolchain{Channel: channel(s.Root), RuleSet: dyncompat.Stable}
	for _, c := range s.Crates {
		for _, gate := range c.Features() {
			set, ok := gates[gate]
			if !ok {
				continue
			}
			out.Gates = append(out.Gates, gate)
			if out.nightly() && rank(set) > rank(out.RuleSet) {
				out.RuleSet = set
			}
		}
	}
	return out
}

// nightly reports whether the toolchain may have feature gates: where none is pinned, the crate is believed.
func (t *Toolchain) nightly() bool {
	return t.Channel == "" || strings.HasPrefix(t.Channel, "nightly") || strings.Contains(t.Channel, "dev")
}

func rank(set dyncompat.RuleSet) int {
	for i, s := range dyncompat.RuleSets {
		if s == set {
			return i
		}
	}
	return -1
}

// channel is the toolchain that the nearest rust-toolchain file in root and above pins, as rustup looks for it.
func channel(root string) string {
	for dir := root; ; dir = filepath.Dir(dir) {
		for _, name := range [...]string{"rust-toolchain", "rust-toolchain.toml"} {
			text, err := cargo.ReadFile(filepath.Join(dir, name))
			if err != nil {
				continue
			}
			var f struct {
				Toolchain struct{ Channel string }
			}
			if toml.Unmarshal(text, &f) == nil && f.Toolchain.Channel != "" {
				return f.Toolchain.Channel
			}
			if line := strings.TrimSpace(string(text)); !strings.ContainsAny(line, "\n=[") {
				return line
			}
		}
		if filepath.Dir(dir) == dir {
			return ""
		}
	}
}

// probes are programs that compile only under a rule set and those after it, the last set first.
var probes = [...]struct {
	set  dyncompat.RuleSet
	text string
}{
	{dyncompat.Box, "pub trait T { async fn f(&self); }\npub async fn g(x: &dyn T) { x.f().box.await }\n"},
	{dyncompat.DynBox, "pub trait T { async fn f(&self); }\npub async fn g(x: &dyn T) { std::preview::dyn_box!(x.f()).await }\n"},
	{dyncompat.MethodScope, "pub trait T { async fn f(&self); }\npub fn g(_: &dyn T) {}\n"},
}

// Probe asks the workspace's rustc which rule set it has, by compiling three programs of two lines. It runs `rustc`, or what
// the variable RUSTC names, in the folder dir, so that rustup's overrides hold; nothing of the workspace is compiled.
func Probe(dir string) (dyncompat.RuleSet, error) {
	rustc := os.Getenv("RUSTC")
	if rustc == "" {
		rustc = "rustc"
	}
	scratch, err := os.MkdirTemp("", "afidt-lsp-probe")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(scratch)
	version := exec.Command(rustc, "--version")
	version.Dir = dir
	if err := version.Run(); err != nil {
		return "", err
	}
	for _, p := range probes {
		cmd := exec.Command(rustc, "-", "--crate-type", "lib", "--edition", "2024", "--emit=metadata", "--cap-lints", "allow", "-o", filepath.Join(scratch, "probe.rmeta"))
		cmd.Dir = dir
		cmd.Stdin = bytes.NewReader([]byte(p.text))
		if cmd.Run() == nil {
			return p.set, nil
		}
	}
	return dyncompat.Stable, nil
}
