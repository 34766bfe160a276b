package difftest

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"
)

// Source is a crate as the generator writes it: Rust text with marks.
//
//	@Name  @(<u8>)Name  @key=Name   a trait is declared here. The text in parentheses is what a probe writes after the
//	                                name (arguments of the trait's parameters); the key, by default the name, is how
//	                                mentions refer to it and is unique in the crate.
//	«key|dyn Name»                  a written trait object type and the trait it means: a key, or a path that begins
//	                                with `std::`, or nothing when all its bounds are auto traits.
//	«~key|..»                       the same, where no copy of the text can be compiled elsewhere (macro bodies).
//	«$|..»                          it names a macro variable: nobody can say which trait.
//	«?|..»                          nothing is claimed about it (bodies of macros that are never used).
//	«!|..»                          a macro drops or rewrites it: it must be unknown.
//	@!Name                          a macro makes a trait of this name: it need not be listed.
//	«<T>key|..»                     a copy of the text needs these generics.
//	{+seg  -}                       a scope (a module, or `{f}` for the body of the function f) begins and ends. What
//	                                follows `{+` up to the line's end is its path segment; `-}` begins a line.
type Source struct {
	Seed     uint64
	Name     string // of the crate
	Edition  int
	Files    []MarkedFile // sorted by path; the first of them that is src/lib.rs is the root
	Features []string     // what the generator used, sorted, without repeats
	Unstable []string     // Rust's unstable features that the crate enables, sorted
}

// MarkedFile is one file of a [Source].
type MarkedFile struct {
	Path   string // relative to the crate, `/`-separated
	Module string // path of the module the file is the body of, `crate` for the root
	Text   string // with marks, lines end in "\n"
	BOM    bool   // the written file begins with a byte order mark
	CRLF   bool   // the written file ends its lines in "\r\n"
}

// Place is a position in a crate's file. Line and Column are 1-based, Column counts Unicode scalars.
type Place struct {
	File   string
	Line   int
	Column int
}

// Trait is a declared trait.
type Trait struct {
	Key   string
	Name  string // as written, with `r#`
	Args  string // what a probe writes after the name
	Path  string // crate_name::module::Name, without `r#`
	Place Place  // of the name
	Made  bool   // by a macro: it is not listed
	scope int
}

// Mention is a written trait object type.
type Mention struct {
	Trait    string // a trait's key, `std::..`, or "" when it has only auto traits
	Place    Place  // of its first character
	End      Place  // just behind its last
	Text     string // without marks
	Bare     bool   // without `dyn`
	kind     mentionKind
	generics string
	scope    int
}

type mentionKind byte

const (
	mentionCopied    mentionKind = iota // its text can be compiled again at the end of its scope
	mentionInPlace                      // only where it stands
	mentionOfMacro                      // names a macro variable
	mentionUnclaimed                    // nothing is compared
	mentionLost                         // a macro drops or rewrites it
)

// Crate is a [Source] without its marks.
type Crate struct {
	Source   Source
	Traits   []Trait
	Mentions []Mention
	scopes   []scope
	files    []plainFile
}

type scope struct {
	path string
	file int // index in files
	line int // of the empty line that takes the probes
}

// plainFile is a file's text in pieces; between two pieces lies the slot of a scope (an empty line's inside).
type plainFile struct {
	pieces []string
	slots  []int          // slots[i] lies behind pieces[i]
	poison []poisonedBody // in the order of the text
}

// poisonedBody is the place just inside a trait's braces.
type poisonedBody struct{ piece, offset int }

var (
	traitMark = regexp.MustCompile(`^@(!?)(?:\(([^)\n]*)\))?(?:([\p{L}\p{N}_.]+)=)?((?:r#)?[\p{L}_][\p{L}\p{N}_]*)`)
	keyMark   = regexp.MustCompile(`^([~?$!]?)(<[^|>]*>)?([\p{L}\p{N}_.:]*)\|`)
)

// Parse removes the marks. It fails on marks that do not nest, which is the minimiser's business only.
func Parse(src Source) (*Crate, error) {
	c := &Crate{Source: src}
	for i := range src.Files {
		p := markParser{crate: c, file: i, text: src.Files[i].Text, line: 1, column: 1}
		if err := p.parse(); err != nil {
			return nil, fmt.Errorf("marks of %s: %w", src.Files[i].Path, err)
		}
	}
	keys := map[string]bool{}
	for _, t := range c.Traits {
		if keys[t.Key] {
			return nil, fmt.Errorf("two traits have the key %q", t.Key)
		}
		keys[t.Key] = true
	}
	for _, m := range c.Mentions {
		named := m.Trait != "" && !strings.HasPrefix(m.Trait, "std::")
		if named && !keys[m.Trait] {
			return nil, fmt.Errorf("%s:%d: `%s` means %q, which is not declared", m.Place.File, m.Place.Line, m.Text, m.Trait)
		}
	}
	return c, nil
}

type markParser struct {
	crate        *Crate
	file         int
	text         string
	pos          int
	line, column int
	out          plainFile
	piece        strings.Builder
	scopes       []int
	open         []int              // mentions that are not closed yet
	plain        []*strings.Builder // plain text of the open mentions
	awaitsBody   bool               // a trait's name was read, its brace not yet
}

func (p *markParser) parse() error {
	file := p.crate.Source.Files[p.file]
	root := p.pushScope(file.Module)
	for p.pos < len(p.text) {
		rest := p.text[p.pos:]
		switch {
		case strings.HasPrefix(rest, "{+"):
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				return fmt.Errorf("line %d: a scope's line does not end", p.line)
			}
			seg := rest[2:end]
			p.emit("{")
			p.pos += end
			p.pushScope(p.crate.scopes[p.scopes[len(p.scopes)-1]].path + "::" + seg)
		case strings.HasPrefix(rest, "-}") && strings.TrimSpace(p.lineSoFar()) == "":
			if len(p.scopes) < 2 {
				return fmt.Errorf("line %d: a scope ends that did not begin", p.line)
			}
			p.closeScope()
			p.emit("\n}")
			p.pos += 2
		case rest[0] == '@' && traitMark.MatchString(rest):
			p.trait(traitMark.FindStringSubmatch(rest))
		case strings.HasPrefix(rest, "«"):
			if err := p.openMention(rest); err != nil {
				return err
			}
		case strings.HasPrefix(rest, "»"):
			if len(p.open) == 0 {
				return fmt.Errorf("line %d: `»` without `«`", p.line)
			}
			p.closeMention()
			p.pos += len("»")
		default:
			before := strings.TrimRight(p.text[:p.pos], " ")
			_, size := utf8.DecodeRuneInString(rest)
			p.emit(rest[:size])
			p.pos += size
			// `{` behind one of `<,=` is an argument.
			if p.awaitsBody && rest[0] == '{' && !strings.ContainsAny(before[len(before)-1:], "<,=") {
				p.out.poison = append(p.out.poison, poisonedBody{len(p.out.pieces), p.piece.Len()})
				p.awaitsBody = false
			}
		}
	}
	if len(p.open) > 0 || len(p.scopes) != 1 || p.scopes[0] != root {
		return fmt.Errorf("a mention or a scope does not end")
	}
	if p.column != 1 {
		p.emit("\n")
	}
	p.closeScope()
	p.emit("\n")
	p.out.pieces = append(p.out.pieces, p.piece.String())
	p.crate.files = append(p.crate.files, p.out)
	return nil
}

// emit writes plain text and moves the position along.
func (p *markParser) emit(s string) {
	p.piece.WriteString(s)
	for i := range p.plain {
		p.plain[i].WriteString(s)
	}
	for _, r := range s {
		if r == '\n' {
			p.line, p.column = p.line+1, 1
		} else {
			p.column++
		}
	}
}

func (p *markParser) lineSoFar() string {
	return p.text[strings.LastIndexByte(p.text[:p.pos], '\n')+1 : p.pos]
}

func (p *markParser) place() Place {
	return Place{p.crate.Source.Files[p.file].Path, p.line, p.column}
}

func (p *markParser) pushScope(path string) int {
	p.crate.scopes = append(p.crate.scopes, scope{path: path, file: p.file})
	id := len(p.crate.scopes) - 1
	p.scopes = append(p.scopes, id)
	return id
}

// closeScope puts the slot of the innermost scope here.
func (p *markParser) closeScope() {
	id := p.scopes[len(p.scopes)-1]
	p.scopes = p.scopes[:len(p.scopes)-1]
	p.crate.scopes[id].line = p.line
	p.out.pieces = append(p.out.pieces, p.piece.String())
	p.out.slots = append(p.out.slots, id)
	p.piece.Reset()
}

func (p *markParser) trait(m []string) {
	name := m[4]
	key, id := m[3], p.scopes[len(p.scopes)-1]
	if key == "" {
		key = strings.TrimPrefix(name, "r#")
	}
	path := p.crate.scopes[id].path + "::" + name
	path = p.crate.Source.Name + strings.TrimPrefix(strings.ReplaceAll(path, "r#", ""), "crate")
	p.crate.Traits = append(p.crate.Traits, Trait{Key: key, Name: name, Args: m[2], Path: path, Place: p.place(), Made: m[1] != "", scope: id})
	p.emit(name)
	p.pos += len(m[0])
	p.awaitsBody = m[1] == "" && !strings.HasSuffix(p.text[:p.pos-len(m[0])], "auto trait ") // auto traits cannot have items
}

func (p *markParser) openMention(rest string) error {
	rest = rest[len("«"):]
	m := keyMark.FindStringSubmatch(rest)
	if m == nil {
		return fmt.Errorf("line %d: `«%.30s` has no key", p.line, rest)
	}
	mention := Mention{Trait: m[3], generics: m[2], Place: p.place(), scope: p.scopes[len(p.scopes)-1]}
	mention.kind = map[string]mentionKind{"": mentionCopied, "~": mentionInPlace, "$": mentionOfMacro, "?": mentionUnclaimed, "!": mentionLost}[m[1]]
	p.crate.Mentions = append(p.crate.Mentions, mention)
	p.open = append(p.open, len(p.crate.Mentions)-1)
	p.plain = append(p.plain, &strings.Builder{})
	p.pos += len("«") + len(m[0])
	return nil
}

var dynWord = regexp.MustCompile(`^dyn\b($|[^:]|:[^:])`)

func (p *markParser) closeMention() {
	last := len(p.open) - 1
	m := &p.crate.Mentions[p.open[last]]
	m.Text, m.End = p.plain[last].String(), p.place()
	m.Bare = !dynWord.MatchString(m.Text)
	p.open, p.plain = p.open[:last], p.plain[:last]
}

// Plain is the text of every file as an editor would see it, by path.
func (c *Crate) Plain() map[string]string {
	return c.write(func(int) string { return "" }, "")
}

// write joins the pieces of every file, with probes in the slots and poison inside every trait.
func (c *Crate) write(probes func(scope int) string, poison string) map[string]string {
	files := map[string]string{}
	for i, f := range c.files {
		var b strings.Builder
		next := 0
		for j, piece := range f.pieces {
			at := 0
			for ; next < len(f.poison) && f.poison[next].piece == j; next++ {
				b.WriteString(piece[at:f.poison[next].offset])
				b.WriteString(poison)
				at = f.poison[next].offset
			}
			b.WriteString(piece[at:])
			if j < len(f.slots) {
				b.WriteString(probes(f.slots[j]))
			}
		}
		text, src := b.String(), c.Source.Files[i]
		if src.CRLF {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		if src.BOM {
			text = "\ufeff" + text
		}
		files[src.Path] = text
	}
	files["Cargo.toml"] = c.manifest()
	return files
}

func (c *Crate) manifest() string {
	return fmt.Sprintf("[package]\nname = %q\nversion = \"0.1.0\"\nedition = \"%d\"\n\n[features]\ndefault = [\"on\"]\non = []\noff = []\n",
		c.Source.Name, c.Source.Edition)
}

// sortedNames lists a set in a fixed order.
func sortedNames(set map[string]bool) []string {
	var list []string
	for f := range set {
		list = append(list, f)
	}
	sort.Strings(list)
	return list
}
