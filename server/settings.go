package server

import (
	"context"
	"encoding/json"
	"strings"

	"go.uber.org/zap"

	"github.com/afidt-lsp/afidt-lsp/analysis/config"
	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/rules"
	"github.com/afidt-lsp/afidt-lsp/quickfix"
)

// settings are the section `afidt` of the client's configuration. Its keys are those of afidt.toml; unknown ones are ignored,
// because clients keep settings of their own in the section.
type settings struct {
	RuleSet string            `json:"rule-set"`
	Rules   map[string]string `json:"rules"` // rule, by name or code -> off, hint, info, warning, error
	Fix     struct {
		Style texts `json:"style"`
	} `json:"fix"`
	CodeLens   toggle `json:"codeLens"`
	InlayHints toggle `json:"inlayHints"`
	// CargoErrors are the errors that cargo has too, for clients that show cargo's and cannot tell which are the same. Only what is
	// shown changes: the fixes stay.
	CargoErrors toggle `json:"cargoErrors"`
}

// toggle is something that is on unless it is switched off.
type toggle struct {
	Enable *bool `json:"enable"`
}

func (t toggle) on() bool { return t.Enable == nil || *t.Enable }

// texts is a text or a list of them.
type texts []string

func (t *texts) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*t = texts{one}
		return nil
	}
	return lenient(data, (*[]string)(t))
}

// readSettings reads a section; what does not read as expected counts as not set: some clients send [] for an empty table.
func readSettings(section json.RawMessage) settings {
	var out settings
	if len(section) > 0 && section[0] == '{' {
		_ = lenient(section, &out) // it was valid JSON as part of a message
	}
	return out
}

// severity is the severity that a rule's findings are to have; ok is false if they are not wanted.
func (c *settings) severity(r *rules.Rule, own rules.Severity) (rules.Severity, bool) {
	for name, level := range c.Rules {
		if !strings.EqualFold(name, r.Name) && !strings.EqualFold(name, r.Code) {
			continue
		}
		switch level {
		case "off":
			return own, false
		case string(rules.Error), string(rules.Warning), string(rules.Info), string(rules.Hint):
			return rules.Severity(level), true
		}
	}
	return own, true
}

// hides reports whether a finding is one that cargo has too and is not to be shown for that.
func (c *settings) hides(f *finding) bool {
	code, _ := f.diagnostic.Code.(string)
	return !c.CargoErrors.on() && f.severity == rules.Error && strings.HasPrefix(code, "E") // rustc's codes; ours begin with AFIDT
}

// configure asks the client for its settings, or takes what it sent.
func (s *Server) configure(sent json.RawMessage) {
	if !s.client.Capabilities.Workspace.Configuration {
		var all struct {
			Afidt json.RawMessage `json:"afidt"`
		}
		if lenient(sent, &all) == nil && len(all.Afidt) > 0 {
			sent = all.Afidt
		}
		s.setSettings(readSettings(sent))
		return
	}
	s.goes(func() {
		var sections []json.RawMessage
		items := map[string]any{"items": []map[string]string{{"section": "afidt"}}}
		if err := s.ask(s.ctx, "workspace/configuration", items, &sections); err != nil {
			s.log.Warn("the client does not say its settings", zap.Error(err))
			return
		}
		if len(sections) > 0 {
			s.setSettings(readSettings(sections[0]))
		}
	})
}

func (s *Server) setSettings(c settings) {
	var known texts
	for _, id := range c.Fix.Style {
		if quickfix.Find(id) == nil {
			s.showWarning("the setting afidt.fix.style names the fix `" + id + "`, which does not exist; there are " + strings.Join(quickfix.IDs(), ", "))
			continue
		}
		known = append(known, id)
	}
	c.Fix.Style = known
	for name := range c.Rules {
		if rules.Find(name) == nil {
			s.showWarning("the setting afidt.rules names the rule `" + name + "`, which does not exist")
		}
	}
	var set dyncompat.RuleSet
	if c.RuleSet != "" {
		var err error
		if set, err = config.ParseRuleSet(c.RuleSet); err != nil {
			s.showWarning("the setting afidt.rule-set: " + err.Error())
		}
	}
	s.mu.Lock()
	s.settings = &c
	if set != s.opt.Analysis.RuleSet {
		s.opt.Analysis.RuleSet = set
		s.reopenLocked()
	}
	s.mu.Unlock()
	s.publisher.again()
	s.refresh()
}

func (s *Server) showWarning(text string) {
	s.notify("window/showMessage", map[string]any{"type": 2, "message": text})
}

func (s *Server) didChangeConfiguration(_ context.Context, params json.RawMessage) (any, error) {
	var p struct {
		Settings json.RawMessage `json:"settings"`
	}
	if err := lenient(params, &p); err != nil {
		return nil, err
	}
	s.configure(p.Settings)
	return nil, nil
}
