package cargo

import (
	"maps"
	"slices"
	"strings"
)

// CfgSet is the cfg options in force where a crate root is compiled. It is immutable.
type CfgSet struct {
	platform *platform
	// extra is `test`, `proc_macro` and what --cfg and rustflags give.
	extra    map[cfgOption]struct{}
	features map[string]struct{}
	// script is what the package's build script may set.
	script buildScriptCfg
}

// Name is the truth of the predicate `name`.
func (s *CfgSet) Name(name string) Truth { return s.truth(cfgOption{name: name}) }

// Value is the truth of the predicate `name = "value"`.
func (s *CfgSet) Value(name, value string) Truth {
	if name == "feature" {
		if _, on := s.features[value]; on {
			return True
		}
	}
	return s.truth(cfgOption{name, value, true})
}

func (s *CfgSet) truth(option cfgOption) Truth {
	if _, on := s.platform.options[option]; on {
		return True
	}
	if _, on := s.extra[option]; on {
		return True
	}
	return s.script.truth(option)
}

// settleAliases evaluates the aliases of a build script in their order, each with those before it, as the macro does.
// It is called while the set is made.
func (s *CfgSet) settleAliases() {
	if len(s.script.aliases) == 0 {
		return
	}
	s.extra, s.script.maybe = maps.Clone(s.extra), maps.Clone(s.script.maybe)
	for _, alias := range s.script.aliases {
		switch option := (cfgOption{name: alias.name}); alias.predicate.Eval(s) {
		case True:
			s.extra[option] = struct{}{}
		case Unknown:
			s.script.maybe[option] = struct{}{}
		}
	}
}

// Features lists the package's features that are on, sorted.
func (s *CfgSet) Features() []string { return slices.Sorted(maps.Keys(s.features)) }

// Options lists all options in force as --cfg takes them, sorted.
func (s *CfgSet) Options() []string {
	var list []string
	for _, options := range []map[cfgOption]struct{}{s.platform.options, s.extra} {
		for option := range options {
			if option.hasValue {
				list = append(list, option.name+`="`+option.value+`"`)
			} else {
				list = append(list, option.name)
			}
		}
	}
	for feature := range s.features {
		list = append(list, `feature="`+feature+`"`)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// knownToRustc tells the names that rustc or cargo set themselves and a build script should not.
func knownToRustc(name string) bool {
	switch name {
	case "test", "doc", "doctest", "miri", "clippy", "rustfmt", "debug_assertions", "overflow_checks", "ub_checks", "panic",
		"proc_macro", "unix", "windows", "feature", "sanitize", "relocation_model", "fmt_debug", "emscripten_wasm_eh":
		return true
	}
	return strings.HasPrefix(name, "target_")
}

// parseCfgOption reads what --cfg takes: `name` or `name="value"`.
func parseCfgOption(text string) (cfgOption, bool) {
	predicate, err := ParsePredicate(strings.TrimSpace(text))
	if err != nil || predicate.op != opName && predicate.op != opNameValue {
		return cfgOption{}, false
	}
	return cfgOption{predicate.name, predicate.value, predicate.op == opNameValue}, true
}
