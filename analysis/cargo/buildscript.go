package cargo

import (
	"regexp"
	"strings"
)

// buildScriptCfg is what can be read off a build script about the cfg options it sets. The script is not run, so most of
// it is only "may be": such options are Unknown, and code behind them is kept on both sides.
type buildScriptCfg struct {
	// maybe are options that the script names; without a value they stand for all values.
	maybe map[cfgOption]struct{}
	// aliases are those of the macro cfg_aliases!, in their order; they follow from the other options.
	aliases []cfgAlias
	// open scripts compute names, so that no name outside rustc's own is known to be off.
	open bool
}

type cfgAlias struct {
	name      string
	predicate Predicate
}

var (
	rustcCfg     = regexp.MustCompile(`cargo::?rustc-cfg=(\{|[A-Za-z_]\w*)(?:=\\?"([^"\\{}]*)\\?")?`)
	checkCfg     = regexp.MustCompile(`cargo::?rustc-check-cfg=cfg\(((?:[^()\n]|\([^()\n]*\))*)\)`)
	checkCfgName = regexp.MustCompile(`^\s*(\{|[A-Za-z_]\w*)\s*$`)
	aliasesMacro = regexp.MustCompile(`cfg_aliases!\s*[{(\[]`)
)

// readBuildScript looks for the lines that a build script prints for cargo:
// doc.rust-lang.org/cargo/reference/build-scripts.html, rustc-cfg and rustc-check-cfg.
func readBuildScript(text string) buildScriptCfg {
	found := buildScriptCfg{maybe: map[cfgOption]struct{}{}}
	// Most scripts set no cfg, and a search for words is faster than patterns.
	if !strings.Contains(text, "rustc-c") && !strings.Contains(text, "autocfg") && !strings.Contains(text, "cfg_aliases") {
		return found
	}
	dynamic := false
	for _, match := range rustcCfg.FindAllStringSubmatch(text, -1) {
		switch {
		case match[1] == "{":
			dynamic = true
		case match[1] == "feature" && match[2] != "":
			found.maybe[cfgOption{match[1], match[2], true}] = struct{}{}
		default:
			found.maybe[cfgOption{name: match[1]}] = struct{}{}
		}
	}
	// Scripts of our days declare all the names they may set; then a computed rustc-cfg is one of these.
	declared := false
	for _, match := range checkCfg.FindAllStringSubmatch(text, -1) {
		names, _, _ := strings.Cut(match[1], "values(")
		for name := range strings.SplitSeq(names, ",") {
			if m := checkCfgName.FindStringSubmatch(name); m != nil && m[1] != "feature" {
				if m[1] == "{" {
					continue
				}
				declared = true
				found.maybe[cfgOption{name: m[1]}] = struct{}{}
			} else if strings.Contains(name, "{") {
				declared, dynamic = false, true
			}
		}
	}
	found.open = dynamic && !declared || strings.Contains(text, "autocfg")
	if at := aliasesMacro.FindStringIndex(text); at != nil {
		found.aliases = parseAliases(text[at[1]:])
	}
	return found
}

// parseAliases reads `name: { predicate }, ..` of cfg_aliases!, up to what it does not understand.
func parseAliases(text string) []cfgAlias {
	var aliases []cfgAlias
	for {
		p := predicateParser{text: text}
		p.space()
		name, _ := p.identifier()
		p.space()
		if name == "" || !p.eat(':') {
			return aliases
		}
		p.space()
		if !p.eat('{') {
			return aliases
		}
		body, rest, ok := strings.Cut(text[p.at:], "}")
		predicate, err := ParsePredicate(body)
		if !ok || err != nil {
			return aliases
		}
		aliases = append(aliases, cfgAlias{name, predicate})
		text = strings.TrimPrefix(strings.TrimSpace(rest), ",")
	}
}

// truth is what the script leaves to be known of an option that nothing else sets.
func (b *buildScriptCfg) truth(option cfgOption) Truth {
	if _, named := b.maybe[cfgOption{name: option.name}]; named {
		return Unknown
	}
	if _, named := b.maybe[option]; named {
		return Unknown
	}
	if b.open && !knownToRustc(option.name) {
		return Unknown
	}
	return False
}
