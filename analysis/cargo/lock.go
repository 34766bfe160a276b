package cargo

import (
	"strings"
)

// lockEntry is one `[[package]]` of Cargo.lock.
type lockEntry struct {
	name, version string
	// source is "" for packages by path, else `registry+URL`, `sparse+URL` or `git+URL?branch=x#REV`.
	source string
	// dependencies are written `name`, `name version` or `name version (source)`, only as precise as needed.
	dependencies []string
	// replace is the entry that [replace] put in place of this one, written as a dependency.
	replace string
	// edges are the entries that dependencies mean.
	edges []int
	// parsed is version as a number.
	parsed semver
}

// lockFile is a Cargo.lock of any version, 1 to 4.
type lockFile struct {
	entries []lockEntry
	byName  map[string][]int
	// users are, for every entry, those that depend on it.
	users [][]int
}

// parseLock reads a Cargo.lock. Cargo writes one regular form, which is read line by line at ten times the speed of the
// TOML parser; anything else (a hand edit, an ancient version) goes through that. What an error leaves is given too.
func parseLock(text []byte) (*lockFile, *tomlError) {
	entries, ok := parseLockLines(string(text))
	var err *tomlError
	if !ok {
		entries, err = parseLockTOML(text)
	}
	lock := &lockFile{entries: entries}
	lock.link()
	return lock, err
}

// parseLockLines reads the form that cargo writes; false when the text has any other.
func parseLockLines(text string) ([]lockEntry, bool) {
	var entries []lockEntry
	var entry *lockEntry
	section := ""
	inDependencies := false
	for len(text) > 0 {
		line := text
		if end := strings.IndexByte(text, '\n'); end >= 0 {
			line, text = text[:end], text[end+1:]
		} else {
			text = ""
		}
		line = strings.TrimSuffix(line, "\r")
		if inDependencies {
			if line == "]" {
				inDependencies = false
				continue
			}
			item, ok := quoted(strings.TrimSuffix(strings.TrimSpace(line), ","))
			if !ok {
				return nil, false
			}
			entry.dependencies = append(entry.dependencies, item)
			continue
		}
		switch {
		case line == "" || line[0] == '#':
			continue
		case line[0] == '[':
			section = line
			switch line {
			case "[[package]]", "[root]":
				entries = append(entries, lockEntry{})
				entry = &entries[len(entries)-1]
			case "[metadata]", "[[patch.unused]]":
			default:
				return nil, false
			}
			continue
		}
		key, value, ok := strings.Cut(line, " = ")
		if !ok {
			return nil, false
		}
		if section != "[[package]]" && section != "[root]" {
			if value == "" || strings.HasPrefix(value, `"""`) || value[0] != '"' && key != "version" {
				return nil, false
			}
			continue
		}
		if strings.Trim(key, "abcdefghijklmnopqrstuvwxyz-") != "" {
			return nil, false
		}
		if key == "dependencies" {
			switch value {
			case "[":
				inDependencies = true
			case "[]":
			default:
				return nil, false
			}
			continue
		}
		value, ok = quoted(value)
		if !ok {
			return nil, false
		}
		switch key {
		case "name":
			entry.name = value
		case "version":
			entry.version = value
		case "source":
			entry.source = value
		case "replace":
			entry.replace = value
		}
	}
	return entries, !inDependencies
}

// quoted is the content of a TOML string without escapes.
func quoted(text string) (string, bool) {
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return "", false
	}
	text = text[1 : len(text)-1]
	return text, strings.IndexByte(text, '"') < 0 && strings.IndexByte(text, '\\') < 0
}

func parseLockTOML(text []byte) ([]lockEntry, *tomlError) {
	doc, err := parseTOML(text)
	packages := []*toml{doc.get("root")}
	if list := doc.get("package"); list != nil {
		packages = append(packages, list.items...)
	}
	var entries []lockEntry
	for _, table := range packages {
		if table == nil {
			continue
		}
		entry := lockEntry{name: table.get("name").text(), version: table.get("version").text(), source: table.get("source").text(), replace: table.get("replace").text()}
		if list := table.get("dependencies"); list != nil {
			for _, item := range list.items {
				entry.dependencies = append(entry.dependencies, item.text())
			}
		}
		entries = append(entries, entry)
	}
	return entries, err
}

// text is the string of t, "" when t is none.
func (t *toml) text() string {
	if t == nil || t.kind != tomlString {
		return ""
	}
	return t.str
}

// link finds the entries that dependencies mean.
func (l *lockFile) link() {
	l.byName = make(map[string][]int, len(l.entries))
	for i := range l.entries {
		entry := &l.entries[i]
		entry.parsed, _ = parseSemver(entry.version)
		l.byName[entry.name] = append(l.byName[entry.name], i)
	}
	l.users = make([][]int, len(l.entries))
	for i := range l.entries {
		entry := &l.entries[i]
		entry.edges = make([]int, 0, len(entry.dependencies))
		for _, dependency := range entry.dependencies {
			if target := l.find(dependency); target >= 0 {
				if replaced := l.find(l.entries[target].replace); replaced >= 0 {
					target = replaced
				}
				entry.edges = append(entry.edges, target)
				l.users[target] = append(l.users[target], i)
			}
		}
	}
}

// find is the entry that `name`, `name version` or `name version (source)` means, -1 when there is none.
func (l *lockFile) find(dependency string) int {
	name, rest, _ := strings.Cut(dependency, " ")
	version, source, _ := strings.Cut(rest, " ")
	source = strings.TrimSuffix(strings.TrimPrefix(source, "("), ")")
	for _, i := range l.named(name) {
		entry := &l.entries[i]
		if (version == "" || entry.version == version) && (source == "" || sameSource(entry.source, source)) {
			return i
		}
	}
	return -1
}

// named lists the entries of a name. No real lock file has more than a dozen; the cut keeps a forged one linear.
func (l *lockFile) named(name string) []int {
	const most = 256
	list := l.byName[name]
	return list[:min(len(list), most)]
}

// sameSource compares lock sources; a dependency on a git source is written without the revision.
func sameSource(entry, written string) bool {
	if entry == written {
		return true
	}
	bare, _, _ := strings.Cut(entry, "#")
	writtenBare, _, _ := strings.Cut(written, "#")
	return bare == writtenBare && strings.HasPrefix(entry, "git+")
}

// entryOf is the entry of a package with this name, version and source ("" by path). A path package whose version was
// bumped since the lock file was written still has its entry.
func (l *lockFile) entryOf(name, version, source string) int {
	loose := -1
	for _, i := range l.named(name) {
		entry := &l.entries[i]
		if entry.source != source {
			continue
		}
		if entry.version == version {
			return i
		}
		if source == "" {
			loose = i
		}
	}
	return loose
}
