package cargo

import (
	_ "embed"
	"runtime"
	"slices"
	"strings"
)

// targetsTable has a line for every target of rustc 1.95: the triple, then what `rustc --print cfg --target` prints,
// with the `target_` prefix, quotes and `debug_assertions` left out; several values of a name are separated by commas.
// TestTargetsTable -update writes it.
//
//go:embed targets.txt
var targetsTable string

// HostTriple is the target rustc would build for on the machine this runs on.
func HostTriple() string {
	arch, ok := map[string]string{
		"amd64": "x86_64", "386": "i686", "arm64": "aarch64", "arm": "armv7", "riscv64": "riscv64gc", "loong64": "loongarch64",
		"ppc64": "powerpc64", "ppc64le": "powerpc64le", "s390x": "s390x", "mips64le": "mips64el", "wasm": "wasm32",
	}[runtime.GOARCH]
	if !ok {
		arch = runtime.GOARCH
	}
	switch runtime.GOOS {
	case "linux":
		libc := "gnu"
		if fileExists("/lib/ld-musl-" + strings.TrimSuffix(arch, "gc") + ".so.1") {
			libc = "musl"
		}
		switch arch {
		case "armv7":
			libc += "eabihf"
		case "mips64el":
			libc += "abi64"
		}
		return arch + "-unknown-linux-" + libc
	case "darwin":
		return arch + "-apple-darwin"
	case "windows":
		return arch + "-pc-windows-msvc"
	case "android":
		return arch + "-linux-android"
	default:
		return arch + "-unknown-" + runtime.GOOS
	}
}

// cfgOption is one option in force: a name, or a name and a value. No name has an empty value and stands alone too, but
// `target_env = ""` is an option, so hasValue is needed.
type cfgOption struct {
	name, value string
	hasValue    bool
}

// platform is the options that the target alone decides.
type platform struct {
	options map[cfgOption]struct{}
}

// platformOf is what rustc prints for a target, and for one that it does not know (a target specification of the user's
// own, for example) what it prints for the one most like it.
func platformOf(triple string) *platform {
	p := &platform{options: map[cfgOption]struct{}{{name: "debug_assertions"}: {}}}
	for _, field := range targetFields(triple) {
		name, values, _ := strings.Cut(field, "=")
		if name != "panic" {
			name = "target_" + name
		}
		for value := range strings.SplitSeq(values, ",") {
			p.options[cfgOption{name, value, true}] = struct{}{}
			if name == "target_family" && value != "wasm" {
				p.options[cfgOption{name: value}] = struct{}{}
			}
		}
	}
	return p
}

// KnownTarget reports whether rustc has a target of that name, or it is a file with a target's specification.
func KnownTarget(triple string) bool {
	return strings.HasSuffix(triple, ".json") || strings.HasPrefix(targetsTable, triple+"\t") || strings.Contains(targetsTable, "\n"+triple+"\t")
}

// targetFields is the line of the table for triple, or that of the target that is most like it.
func targetFields(triple string) []string {
	best, bestScore := "", -1<<30
	for line := range strings.Lines(targetsTable) {
		known, fields, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if known == triple {
			return strings.Split(fields, "\t")
		}
		if score := likeness(triple, known); score > bestScore {
			best, bestScore = fields, score
		}
	}
	return strings.Split(best, "\t")
}

// likeness compares triples: the architecture counts most, then the parts they share; what known says and triple does not
// counts against it.
func likeness(triple, known string) int {
	ours, theirs := strings.Split(triple, "-"), strings.Split(known, "-")
	shared := 0
	for shared < len(ours[0]) && shared < len(theirs[0]) && ours[0][shared] == theirs[0][shared] {
		shared++
	}
	score := 10 * shared
	if ours[0] == theirs[0] {
		score += 100
	}
	for _, part := range theirs[1:] {
		switch {
		case slices.Contains(ours[1:], part):
			score += 5
		case part != "unknown" && part != "none":
			score--
		}
	}
	return score
}
