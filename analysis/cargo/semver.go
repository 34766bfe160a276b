package cargo

import (
	"cmp"
	"strconv"
	"strings"
)

// semver is a version as semver.org 2.0 and the semver crate order them; build metadata does not count.
type semver struct {
	major, minor, patch uint64
	pre                 string // after '-', "" for a release
}

// parseSemver reads a whole version, as in Cargo.lock and in the names of folders of registry sources.
func parseSemver(text string) (semver, bool) {
	text, _, _ = strings.Cut(text, "+")
	text, pre, hasPre := strings.Cut(text, "-")
	if hasPre && pre == "" {
		return semver{}, false
	}
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return semver{}, false
	}
	var numbers [3]uint64
	for i, part := range parts {
		number, err := strconv.ParseUint(part, 10, 64)
		if err != nil {
			return semver{}, false
		}
		numbers[i] = number
	}
	return semver{numbers[0], numbers[1], numbers[2], pre}, true
}

func (v semver) compare(o semver) int {
	return cmp.Or(cmp.Compare(v.major, o.major), cmp.Compare(v.minor, o.minor), cmp.Compare(v.patch, o.patch), comparePre(v.pre, o.pre))
}

// comparePre orders prereleases: a release is above them, numbers are below words (semver.org, section 11).
func comparePre(a, b string) int {
	if a == b {
		return 0
	}
	if a == "" {
		return 1
	}
	if b == "" {
		return -1
	}
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(as), len(bs)) {
		an, aErr := strconv.ParseUint(as[i], 10, 64)
		bn, bErr := strconv.ParseUint(bs[i], 10, 64)
		order := 0
		switch {
		case aErr == nil && bErr == nil:
			order = cmp.Compare(an, bn)
		case aErr == nil:
			order = -1
		case bErr == nil:
			order = 1
		default:
			order = cmp.Compare(as[i], bs[i])
		}
		if order != 0 {
			return order
		}
	}
	return cmp.Compare(len(as), len(bs))
}

// comparator is one part of a requirement: `^1.2`, `>=1`, `1.*`. parts is how many of major, minor and patch are written.
type comparator struct {
	op      string
	version semver
	parts   int
}

// requirement is what a manifest asks of a version; all parts must hold. The zero value allows everything but prereleases.
type requirement []comparator

// parseRequirement reads `1.2`, `^1`, `~1.2.3`, `>=1, <2`, `=1.0.0-rc.1`, `1.*`, `*`. It reports whether the text is one.
func parseRequirement(text string) (requirement, bool) {
	var req requirement
	text = strings.TrimSpace(text)
	if text == "" || text == "*" {
		return nil, true
	}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		c := comparator{op: "^"}
		for _, op := range []string{">=", "<=", ">", "<", "=", "~", "^"} {
			if rest, ok := strings.CutPrefix(part, op); ok {
				c.op, part = op, strings.TrimSpace(rest)
				break
			}
		}
		part, _, _ = strings.Cut(part, "+")
		part, c.version.pre, _ = strings.Cut(part, "-")
		wildcard := false
		for i, field := range strings.Split(part, ".") {
			if field == "*" || field == "x" || field == "X" {
				wildcard = true
				continue
			}
			number, err := strconv.ParseUint(field, 10, 64)
			if err != nil || wildcard || i > 2 {
				return nil, false
			}
			*[]*uint64{&c.version.major, &c.version.minor, &c.version.patch}[i] = number
			c.parts++
		}
		if wildcard && c.op == "^" {
			c.op = "="
		}
		if c.parts > 0 {
			req = append(req, c)
		}
	}
	return req, true
}

// matches follows the semver crate: a prerelease matches only a requirement that names a prerelease of the same version.
func (r requirement) matches(v semver) bool {
	preAllowed := v.pre == ""
	for _, c := range r {
		if !c.matches(v) {
			return false
		}
		w := c.version
		if w.pre != "" && w.major == v.major && w.minor == v.minor && w.patch == v.patch {
			preAllowed = true
		}
	}
	return preAllowed
}

func (c comparator) matches(v semver) bool {
	low := c.version
	switch c.op {
	case ">=":
		return v.compare(low) >= 0
	case "<":
		return v.compare(low) < 0
	case ">":
		return v.compare(c.next(c.parts)) >= 0 && v.compare(low) != 0
	case "<=":
		return v.compare(c.next(c.parts)) < 0 || v.compare(low) == 0
	case "=":
		return v.compare(low) >= 0 && (c.parts < 3 && v.compare(c.next(c.parts)) < 0 || v.compare(low) == 0)
	case "~":
		return v.compare(low) >= 0 && v.compare(c.next(min(c.parts, 2))) < 0
	default: // ^
		fixed := 1
		if low.major == 0 && c.parts >= 2 {
			fixed = 2
			if low.minor == 0 && c.parts == 3 {
				fixed = 3
			}
		}
		return v.compare(low) >= 0 && v.compare(c.next(fixed)) < 0
	}
}

// next is the least version above all whose first parts are the comparator's.
func (c comparator) next(parts int) semver {
	v := c.version
	switch parts {
	case 1:
		return semver{v.major + 1, 0, 0, "0"}
	case 2:
		return semver{v.major, v.minor + 1, 0, "0"}
	default:
		return semver{v.major, v.minor, v.patch + 1, "0"}
	}
}
