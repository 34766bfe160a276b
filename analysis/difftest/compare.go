package difftest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// Class says what a disagreement is about.
type Class string

// Every class but Unknown and Column is a fault whenever it occurs.
const (
	TraitVerdict   Class = "trait verdict"   // wrong, or null
	TraitMissing   Class = "trait missing"   // not listed at its place
	PathSpelling   Class = "path spelling"   // the same name under a path DESIGN.md section 6 does not give it
	TraitExtra     Class = "trait extra"     // listed, though the crate does not declare it
	Violations     Class = "violations"      // not the same kinds on the same lines
	Column         Class = "column"          // same lines, but other columns or items
	MentionMissing Class = "mention missing" // not listed at exactly its place
	MentionExtra   Class = "mention extra"   // listed, though nothing is there
	MentionTrait   Class = "mention trait"   // resolved to another trait
	MentionVerdict Class = "mention verdict"
	MentionErrors  Class = "mention errors" // other error codes than rustc's
	Unknown        Class = "mention unknown"
	Failed         Class = "failed" // no report
)

// Disagreement is one difference between a report and rustc.
type Disagreement struct {
	Class Class
	Place Place
	Text  string // what rustc says and what the report says
}

func (d Disagreement) String() string { return fmt.Sprintf("%s: %s: %s", d.Place, d.Class, d.Text) }

// Result is a comparison of one crate.
type Result struct {
	Disagreements []Disagreement // sorted by place
	Mentions      int            // mentions whose verdict is claimed
	Traits        int
}

// reportDocument is the part of `report --format json` that is compared.
type reportDocument struct {
	Schema   int
	Traits   []reportTrait
	Mentions []reportMention
}

type reportTrait struct {
	Path, Name    string
	File          string
	Line, Column  int
	Cfg           bool
	DynCompatible *bool  `json:"dyn_compatible"`
	Because       string `json:"unknown_because"`
	Violations    []struct {
		Kind, Item, File string
		Line, Column     int
	}
}

type reportMention struct {
	File          string
	Line, Column  int
	EndLine       int `json:"end_line"`
	EndColumn     int `json:"end_column"`
	Text          string
	Bare, Cfg     bool
	Trait         *string
	DynCompatible *bool  `json:"dyn_compatible"`
	Because       string `json:"unknown_because"`
	Errors        []string
}

// Compare holds a report, as JSON, against rustc's verdicts.
func Compare(c *Crate, truth *Truth, report []byte) (Result, error) {
	var doc reportDocument
	if err := json.Unmarshal(report, &doc); err != nil {
		return Result{}, fmt.Errorf("the report is not the JSON of DESIGN.md section 6: %w", err)
	}
	k := comparison{crate: c, truth: truth, result: Result{Traits: len(c.Traits)}}
	k.traits(doc.Traits)
	k.mentions(doc.Mentions)
	sort.SliceStable(k.result.Disagreements, func(i, j int) bool {
		return k.result.Disagreements[i].Place.before(k.result.Disagreements[j].Place)
	})
	return k.result, nil
}

type comparison struct {
	crate  *Crate
	truth  *Truth
	result Result
}

func (k *comparison) add(class Class, at Place, format string, args ...any) {
	k.result.Disagreements = append(k.result.Disagreements, Disagreement{class, at, fmt.Sprintf(format, args...)})
}

func (k *comparison) traits(list []reportTrait) {
	byPlace := map[Place]reportTrait{}
	for _, r := range list {
		byPlace[Place{r.File, r.Line, r.Column}] = r
	}
	for _, t := range k.crate.Traits {
		r, listed := byPlace[t.Place]
		delete(byPlace, t.Place)
		if t.Made {
			continue
		}
		if !listed {
			k.add(TraitMissing, t.Place, "%s is not listed", t.Path)
			continue
		}
		if !r.Cfg {
			k.add(TraitMissing, t.Place, "%s is listed as cfg'd out", t.Path)
		}
		if !samePath(t.Path, r.Path) {
			k.add(PathSpelling, t.Place, "%s is listed as %s", t.Path, r.Path)
		}
		truth := k.truth.Traits[t.Key].Violations
		switch {
		case r.DynCompatible == nil:
			k.add(TraitVerdict, t.Place, "%s: rustc: compatible %v, report: null (%s)", t.Name, len(truth) == 0, r.Because)
			continue
		case *r.DynCompatible != (len(truth) == 0):
			k.add(TraitVerdict, t.Place, "%s: rustc: compatible %v, report: %v", t.Name, len(truth) == 0, *r.DynCompatible)
		}
		k.violations(t, truth, r)
	}
	for at, r := range byPlace {
		if r.Cfg {
			k.add(TraitExtra, at, "%s is listed", r.Path)
		}
	}
}

// violations compares the lists, first by kind and line, then by column and item.
func (k *comparison) violations(t Trait, truth []Violation, r reportTrait) {
	var byLine, byColumn [2][]string
	for _, v := range truth {
		byLine[0] = append(byLine[0], fmt.Sprintf("%s at %s:%d", v.Kind, v.Place.File, v.Place.Line))
		byColumn[0] = append(byColumn[0], fmt.Sprintf("%s of %q at %s", v.Kind, itemName(v), v.Place))
	}
	for _, v := range r.violations() {
		byLine[1] = append(byLine[1], fmt.Sprintf("%s at %s:%d", v.Kind, v.Place.File, v.Place.Line))
		byColumn[1] = append(byColumn[1], fmt.Sprintf("%s of %q at %s", v.Kind, itemName(v), v.Place))
	}
	if missing, extra := difference(byLine[0], byLine[1]); len(missing)+len(extra) > 0 {
		k.add(Violations, t.Place, "%s: only rustc: %s; only report: %s", t.Name, listed(missing), listed(extra))
		return
	}
	if missing, extra := difference(byColumn[0], byColumn[1]); len(missing)+len(extra) > 0 {
		k.add(Column, t.Place, "%s: only rustc: %s; only report: %s", t.Name, listed(missing), listed(extra))
	}
}

func (r reportTrait) violations() []Violation {
	var list []Violation
	for _, v := range r.Violations {
		list = append(list, Violation{v.Kind, Place{v.File, v.Line, v.Column}, strings.TrimPrefix(v.Item, "r#")})
	}
	sortViolations(list)
	return distinct(list)
}

// itemName leaves out names where rustc names none.
func itemName(v Violation) string {
	switch v.Kind {
	case "sized_self", "self_in_bounds", "opted_out", "const_supertrait", "non_lifetime_binder":
		return ""
	}
	return v.Item
}

func listed(list []string) string {
	if len(list) == 0 {
		return "nothing"
	}
	return strings.Join(list, ", ")
}

// difference compares two lists as multisets.
func difference(a, b []string) (onlyA, onlyB []string) {
	count := map[string]int{}
	for _, s := range a {
		count[s]++
	}
	for _, s := range b {
		if count[s]--; count[s] < 0 {
			onlyB = append(onlyB, s)
		}
	}
	for s, n := range count {
		for range n {
			onlyA = append(onlyA, s)
		}
	}
	sort.Strings(onlyA)
	return onlyA, onlyB
}

func (k *comparison) mentions(list []reportMention) {
	byPlace := map[Place]reportMention{}
	for _, r := range list {
		byPlace[Place{r.File, r.Line, r.Column}] = r
	}
	for i, m := range k.crate.Mentions {
		r, found := byPlace[m.Place]
		delete(byPlace, m.Place)
		if m.kind == mentionUnclaimed || m.kind == mentionLost && m.Bare && !found { // it is no type then
			continue
		}
		if !found {
			k.add(MentionMissing, m.Place, "`%s` is not listed", oneLine(m.Text))
			continue
		}
		if end := (Place{r.File, r.EndLine, r.EndColumn}); end != m.End || r.Bare != m.Bare || !r.Cfg {
			k.add(MentionMissing, m.Place, "`%s` ends at %s (bare %v) and is listed to %s (bare %v, cfg %v)", oneLine(m.Text), m.End, m.Bare, end, r.Bare, r.Cfg)
			continue
		}
		switch m.kind {
		case mentionOfMacro:
		case mentionLost:
			k.result.Mentions++
			if r.DynCompatible != nil || r.Because != "macro_expansion" || len(r.Errors) > 0 {
				k.add(MentionVerdict, m.Place, "`%s` is lost in a macro, and has a verdict", oneLine(m.Text))
			}
		default:
			k.mention(m, k.truth.Mentions[i], r)
		}
	}
	for at, r := range byPlace {
		if r.Cfg {
			k.add(MentionExtra, at, "`%s` is listed", oneLine(r.Text))
		}
	}
}

func (k *comparison) mention(m Mention, truth MentionTruth, r reportMention) {
	k.result.Mentions++
	want, claimed := k.verdict(m, truth)
	if r.DynCompatible == nil {
		k.add(Unknown, m.Place, "`%s`: %s", oneLine(m.Text), r.Because)
		return
	}
	if two := slices.Contains(truth.Codes, "E0225"); m.Trait != "" && !two {
		path := m.Trait
		for _, t := range k.crate.Traits {
			if t.Key == m.Trait {
				path = t.Path
			}
		}
		switch {
		case r.Trait == nil:
			k.add(MentionTrait, m.Place, "`%s` means %s, report: null", oneLine(m.Text), path)
		case sameButSpelling(path, *r.Trait):
			k.add(PathSpelling, m.Place, "`%s` means %s, report: %s", oneLine(m.Text), path, *r.Trait)
		case !samePath(path, *r.Trait):
			k.add(MentionTrait, m.Place, "`%s` means %s, report: %s", oneLine(m.Text), path, *r.Trait)
			return
		}
	}
	if claimed && *r.DynCompatible != want {
		k.add(MentionVerdict, m.Place, "`%s`: rustc: compatible %v, report: %v", oneLine(m.Text), want, *r.DynCompatible)
		return
	}
	if !truth.Unproven && !codesAgree(truth, r.Errors) {
		k.add(MentionErrors, m.Place, "`%s`: rustc: %v (here %v), report: %v", oneLine(m.Text), truth.Codes, truth.Here, r.Errors)
	}
}

// verdict is that on the principal trait, where rustc gives one.
func (k *comparison) verdict(m Mention, truth MentionTruth) (compatible, claimed bool) {
	if slices.Contains(truth.Codes, "E0225") {
		return false, false // which of the two traits is the principal is a matter of taste
	}
	if m.Trait == "" {
		return true, true
	}
	if t, local := k.truth.Traits[m.Trait]; local {
		return len(t.Violations) == 0, true
	}
	switch {
	case slices.Contains(truth.Codes, "E0038"), slices.Contains(truth.Here, "E0038"):
		return false, true
	case truth.Unproven, slices.Contains(truth.Codes, "E0393"):
		return false, false
	}
	return true, true
}

// codesAgree: rustc stops at the first of several errors of a type, and which it is depends on the place: in a body an
// E0038 hides an E0191, in a signature it is the other way round. All that rustc says in either, or both, are right.
func codesAgree(truth MentionTruth, got []string) bool {
	sorted := slices.Sorted(slices.Values(got))
	switch {
	case slices.Equal(sorted, truth.Codes), len(got) > 0 && slices.Equal(sorted, truth.Here):
		return true
	case len(truth.Codes) == 0, slices.Equal(truth.Codes, []string{"E0191"}):
		return false // compatible: there is nothing else to say
	}
	for _, code := range truth.Codes {
		if !slices.Contains(got, code) {
			return false
		}
	}
	return true
}

// bodySegment is a function's body in a path. DESIGN.md writes it `{fn}`.
var bodySegment = regexp.MustCompile(`\{[^}]*\}`)

// samePath compares paths of items; where the crate has an item in a block that is no function's body, only the
// name counts, as nothing says how such a path is spelled.
func samePath(want, got string) bool {
	got = bodySegment.ReplaceAllString(strings.ReplaceAll(got, "r#", ""), "{fn}")
	if strings.Contains(want, "{_}") {
		return strings.HasSuffix(got, want[strings.LastIndex(want, "::"):]) && strings.HasPrefix(got, want[:strings.Index(want, "::")])
	}
	return bodySegment.ReplaceAllString(want, "{fn}") == got
}

// sameButSpelling: std's paths differ in the module, or the crate's in the bodies.
func sameButSpelling(want, got string) bool {
	if samePath(want, got) {
		return false
	}
	name := want[strings.LastIndex(want, "::"):]
	if strings.HasPrefix(want, "std::") && strings.HasPrefix(got, "std::") {
		return strings.HasSuffix(got, name)
	}
	without := func(path string) string {
		return bodySegment.ReplaceAllString(strings.ReplaceAll(strings.ReplaceAll(path, "r#", ""), "::{", "{"), "")
	}
	return without(want) == without(got)
}
