package difftest

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Truth is what rustc says about a crate.
type Truth struct {
	Traits   map[string]TraitTruth // by key
	Mentions []MentionTruth        // in the order of Crate.Mentions
}

// TraitTruth is rustc's verdict on a trait. It is dyn compatible when there are no violations.
type TraitTruth struct {
	Violations []Violation // sorted
}

// MentionTruth is what rustc says about a written trait object type.
type MentionTruth struct {
	Codes    []string // of a copy of the text in a function's body, sorted; there E0038 hides E0191
	Here     []string // of the text where it stands, sorted; often rustc is silent about all but the first of an item
	Unproven bool     // no copy was possible, Codes is empty
}

// dynCodes are the errors the generator makes on purpose.
var dynCodes = map[string]bool{"E0038": true, "E0191": true, "E0225": true, "E0393": true}

// probe is a function added to the crate that asks about one trait or mention.
type probe struct {
	trait, mention int // index, or -1
	first, last    int // columns of its line
	line           int
	file           string
}

// Judge asks rustc about every trait and every mention of a crate. An error means that the generator is at fault (or
// rustc does not run): the crate has an error that is not about trait objects, or a trait object type means another
// trait than the generator thinks.
func Judge(rustc string, c *Crate) (*Truth, error) {
	files, probes := c.instrument("")
	found, err := compile(rustc, c, files)
	if err != nil {
		return nil, err
	}
	j := newJudgement(c, probes)
	for _, d := range found {
		if err := j.read(d); err != nil {
			return nil, err
		}
	}
	return j.truth(), j.check()
}

// Identify proves that every mention means the trait the generator says, dyn compatible ones included: with a const
// added to each trait, rustc names the trait at each mention.
func Identify(rustc string, c *Crate) error {
	files, probes := c.instrument(" const POISON: u8;")
	found, err := compile(rustc, c, files)
	if err != nil {
		return err
	}
	j := newJudgement(c, probes)
	j.poisoned = true
	for _, d := range found {
		if d.code() == "E0046" || d.code() == "E0790" {
			continue // an impl has no POISON
		}
		if err := j.read(d); err != nil {
			return fmt.Errorf("with a const in every trait: %w", err)
		}
	}
	for i, m := range c.Mentions {
		local := m.Trait != "" && !strings.HasPrefix(m.Trait, "std::")
		// Columns behind a trait's brace on the same line are moved by the const, so only copies can be judged; an
		// error of a type inside hides that of the type around it.
		if !local || m.kind != mentionCopied || j.hasInner(i) || c.made(m.Trait) {
			continue
		}
		codes := j.copied[i]
		if !codes["E0038"] && !codes["E0225"] && !codes["E0393"] && !codes["E0191"] {
			return fmt.Errorf("%s: `%s` does not mean %s", m.Place, m.Text, m.Trait)
		}
	}
	return nil
}

// made reports whether a macro makes the trait with this key, so that there is no body to put a const into.
func (c *Crate) made(key string) bool {
	return slices.ContainsFunc(c.Traits, func(t Trait) bool { return t.Key == key && t.Made })
}

func (j *judgement) hasInner(mention int) bool {
	outer := j.crate.Mentions[mention]
	for i, m := range j.crate.Mentions {
		if i != mention && outer.encloses(m.Place) {
			return true
		}
	}
	return false
}

func (p Place) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// instrument is the crate with probes.
func (c *Crate) instrument(poison string) (map[string]string, []probe) {
	byScope := map[int][]probe{}
	text := map[int]string{}
	add := func(scope int, p probe, code string) {
		s := c.scopes[scope]
		p.file, p.line = c.Source.Files[s.file].Path, s.line
		// The slot's line may be indented: its column is unknown here, but nothing else is on the line.
		p.first = utf8.RuneCountInString(text[scope])
		text[scope] += code + " "
		p.last = utf8.RuneCountInString(text[scope])
		byScope[scope] = append(byScope[scope], p)
	}
	for i, t := range c.Traits {
		add(t.scope, probe{trait: i, mention: -1}, fmt.Sprintf("fn __trait%d() { let _: *const dyn %s%s; }", i, t.Name, t.Args))
	}
	for i, m := range c.Mentions {
		if m.kind == mentionCopied {
			add(m.scope, probe{trait: -1, mention: i}, fmt.Sprintf("fn __dyn%d%s() { let _: *const (%s); }", i, m.copyGenerics(), oneLine(m.Text)))
		}
	}
	files := c.write(func(scope int) string { return text[scope] }, poison)
	var all []probe
	for scope, list := range byScope {
		shift := c.slotColumn(scope)
		for _, p := range list {
			p.first, p.last = p.first+shift, p.last+shift
			all = append(all, p)
		}
	}
	return files, all
}

// slotColumn is the column where a scope's probes begin.
func (c *Crate) slotColumn(scope int) int {
	f := c.files[c.scopes[scope].file]
	for i, id := range f.slots {
		if id == scope {
			before := f.pieces[i]
			return 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
		}
	}
	return 1
}

func oneLine(text string) string {
	return strings.Join(strings.Fields(text), " ")
}

// copyGenerics declares the lifetimes a mention's text takes from around it.
func (m Mention) copyGenerics() string {
	if m.generics != "" {
		return m.generics
	}
	if strings.Contains(m.Text, "'k") {
		return "<'k>"
	}
	return ""
}

// judgement collects what rustc's errors say.
type judgement struct {
	crate  *Crate
	probes map[string][]probe // by file:line
	traits map[string]TraitTruth
	copied []map[string]bool // codes by mention
	here   []map[string]bool
	// poisoned: the traits have a const of ours.
	poisoned bool
}

func newJudgement(c *Crate, probes []probe) *judgement {
	j := &judgement{crate: c, probes: map[string][]probe{}, traits: map[string]TraitTruth{}}
	for _, p := range probes {
		k := lineKey(p.file, p.line)
		j.probes[k] = append(j.probes[k], p)
	}
	for _, t := range c.Traits {
		j.traits[t.Key] = TraitTruth{}
	}
	for range c.Mentions {
		j.copied = append(j.copied, map[string]bool{})
		j.here = append(j.here, map[string]bool{})
	}
	return j
}

func lineKey(file string, line int) string { return fmt.Sprintf("%s:%d", file, line) }

func (j *judgement) read(d rustcDiagnostic) error {
	span := d.Spans[0]
	for _, s := range d.Spans {
		if s.Primary {
			span = s
			break
		}
	}
	if !dynCodes[d.code()] {
		return fmt.Errorf("%s: rustc has an error that is not about dyn: %s: %s", span.place(), d.code(), d.Message)
	}
	onLine := j.probes[lineKey(span.File, span.Line)]
	if len(onLine) == 0 {
		j.readHere(d, span)
		return nil
	}
	for _, p := range onLine {
		if span.Column < p.first || span.EndColumn > p.last {
			continue
		}
		if p.trait >= 0 {
			return j.readTrait(d, p.trait)
		}
		return j.readMention(d, span, p)
	}
	return fmt.Errorf("%s: an error beside the probes: %s", span.place(), d.Message)
}

// readTrait takes the violations of a trait from the error at its probe.
func (j *judgement) readTrait(d rustcDiagnostic, trait int) error {
	t := j.crate.Traits[trait]
	switch d.code() {
	case "E0191":
		return nil // compatible: in a body an E0038 would win
	case "E0038":
	default:
		return fmt.Errorf("%s: the probe of trait %s fails: %s", t.Place, t.Name, d.Message)
	}
	if at := declaration(d); !j.declares(t, at, d) {
		if j.crate.mentionsOther(at, t.Name) {
			return nil // a type that is the value of a supertrait's associated type
		}
		return fmt.Errorf("%s: the probe of trait %s meets the trait at %s", t.Place, t.Name, at)
	}
	truth := j.traits[t.Key]
	for _, note := range d.Children {
		const bare = "the trait is not dyn compatible because "
		if strings.HasPrefix(note.Message, bare) {
			kind, item := violationKind(strings.TrimPrefix(note.Message, bare))
			truth.Violations = append(truth.Violations, Violation{Kind: kind, Item: item})
		}
		for _, s := range note.Spans {
			reason, ok := strings.CutPrefix(s.label(), "...because ")
			if !ok {
				continue
			}
			kind, item := violationKind(reason)
			if kind == "" {
				return fmt.Errorf("%s: rustc has a reason of no known kind: %s", t.Place, reason)
			}
			v := Violation{Kind: kind, Item: item}
			if j.crate.has(s.File) {
				v.Place = s.place()
			}
			truth.Violations = append(truth.Violations, v)
		}
	}
	if len(truth.Violations) == 0 {
		return fmt.Errorf("%s: rustc rejects %s without a reason", t.Place, t.Name)
	}
	sortViolations(truth.Violations)
	truth.Violations = distinct(truth.Violations)
	j.traits[t.Key] = truth
	return nil
}

// declares says whether the trait of an E0038 is this one. Poison moves what follows on its line, so then the name decides.
func (j *judgement) declares(t Trait, at Place, d rustcDiagnostic) bool {
	if !j.poisoned {
		return at == t.Place
	}
	return at.File == t.Place.File && at.Line == t.Place.Line && traitName(d) == strings.TrimPrefix(t.Name, "r#")
}

// traitName is the last name of the path an E0038's message gives.
func traitName(d rustcDiagnostic) string {
	path, _, _ := strings.Cut(strings.TrimPrefix(d.Message, "the trait `"), "`")
	path, _, _ = strings.Cut(path, "<")
	return strings.TrimPrefix(path[strings.LastIndex(path, ":")+1:], "r#")
}

// mentionsOther says whether some type names the trait declared at a place, and that trait has another name.
func (c *Crate) mentionsOther(at Place, name string) bool {
	for _, m := range c.Mentions {
		if strings.HasPrefix(m.Trait, "std::") && !c.has(at.File) {
			return true
		}
		for _, t := range c.Traits {
			if t.Key == m.Trait && t.Place == at && t.Name != name {
				return true
			}
		}
	}
	return false
}

// declaration is where the trait of an E0038 is declared; a place in std for std's.
func declaration(d rustcDiagnostic) Place {
	for _, note := range d.Children {
		for _, s := range note.Spans {
			if s.label() == "this trait is not dyn compatible..." {
				return s.place()
			}
		}
	}
	return Place{}
}

// readMention takes the code of an error in the copy of a mention.
func (j *judgement) readMention(d rustcDiagnostic, span rustcSpan, p probe) error {
	m := j.crate.Mentions[p.mention]
	if d.code() == "E0038" {
		at := declaration(d)
		for _, t := range j.crate.Traits {
			if t.Key == m.Trait || !j.declares(t, at, d) {
				continue
			}
			if j.nested(p.mention, t.Key) {
				return nil // of a type inside
			}
			return fmt.Errorf("%s: `%s` means the trait at %s, not %s", m.Place, m.Text, at, m.Trait)
		}
		std := strings.HasPrefix(m.Trait, "std::") && !j.crate.has(at.File) && traitName(d) == m.Trait[strings.LastIndex(m.Trait, ":")+1:]
		local := !strings.HasPrefix(m.Trait, "std::") && j.crate.has(at.File)
		if !std && !local {
			if j.nestedStd(p.mention) {
				return nil // of a type inside
			}
			return fmt.Errorf("%s: `%s` means the trait at %s, not %s", m.Place, m.Text, at, m.Trait)
		}
	}
	j.copied[p.mention][d.code()] = true
	return nil
}

// nested says whether a mention of the trait stands inside another.
func (j *judgement) nested(outer int, trait string) bool {
	o := j.crate.Mentions[outer]
	for i, m := range j.crate.Mentions {
		if i != outer && m.Trait == trait && o.encloses(m.Place) {
			return true
		}
	}
	return false
}

func (j *judgement) nestedStd(outer int) bool {
	o := j.crate.Mentions[outer]
	for i, m := range j.crate.Mentions {
		if i != outer && strings.HasPrefix(m.Trait, "std::") && o.encloses(m.Place) {
			return true
		}
	}
	return false
}

// readHere notes an error in the crate's own text at the innermost mention around or inside it.
func (j *judgement) readHere(d rustcDiagnostic, span rustcSpan) {
	best := -1
	for i, m := range j.crate.Mentions {
		if m.encloses(span.place()) && (best < 0 || j.crate.Mentions[best].encloses(m.Place)) {
			best = i
		}
	}
	if best >= 0 {
		j.here[best][d.code()] = true
	}
}

func (m Mention) encloses(p Place) bool {
	if p.File != m.Place.File {
		return false
	}
	after := p.Line > m.Place.Line || p.Line == m.Place.Line && p.Column >= m.Place.Column
	before := p.Line < m.End.Line || p.Line == m.End.Line && p.Column < m.End.Column
	return after && before
}

// check holds mentions against the verdicts of their traits.
func (j *judgement) check() error {
	for i, m := range j.crate.Mentions {
		t, local := j.traits[m.Trait]
		codes := j.copied[i]
		if !local || m.kind != mentionCopied || codes["E0225"] || codes["E0393"] {
			continue
		}
		if bad := len(t.Violations) > 0; bad != codes["E0038"] {
			return fmt.Errorf("%s: `%s`: rustc's verdict on the type (%v) is not its verdict on %s (%v)", m.Place, m.Text, codes, m.Trait, t.Violations)
		}
	}
	return nil
}

func (j *judgement) truth() *Truth {
	t := &Truth{Traits: j.traits}
	for i, m := range j.crate.Mentions {
		t.Mentions = append(t.Mentions, MentionTruth{
			Codes:    sortedNames(j.copied[i]),
			Here:     sortedNames(j.here[i]),
			Unproven: m.kind != mentionCopied,
		})
	}
	return t
}

func (c *Crate) has(file string) bool {
	for _, f := range c.Source.Files {
		if f.Path == file {
			return true
		}
	}
	return false
}
