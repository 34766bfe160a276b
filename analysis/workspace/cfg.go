package workspace

import (
	"bytes"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
)

// Attr is an attribute as it applies: those inside cfg_attr are unfolded, with the conditions that they depend on.
type Attr struct {
	Path string   // `derive`, `async_trait::async_trait`, without blanks
	Args string   // the text between the delimiters, or after `=`
	When []string // cfg predicates that must all hold
	Span source.Span
}

// EachAttr calls f for each outer and inner attribute of the item i, cfg_attr unfolded.
func (s *Scope) EachAttr(i int32, f func(Attr)) {
	it := &s.File.Syntax().Items[i]
	eachAttr(s.File.Syntax(), it.Attrs, f)
}

func eachAttr(file *syntax.File, attrs syntax.Range, f func(Attr)) {
	for k := attrs.Start; k < attrs.End; k++ {
		a := &file.Attrs[k]
		attr := Attr{Path: compact(string(a.Path.Of(file.Text))), Args: argsText(file.Text, a.Args), Span: a.Span}
		unfold(attr, 0, f)
	}
}

func unfold(a Attr, depth int, f func(Attr)) {
	if a.Path != "cfg_attr" || depth > 8 {
		f(a)
		return
	}
	parts := syntax.SplitArgs(a.Args)
	if len(parts) == 0 {
		return
	}
	when := append(a.When[:len(a.When):len(a.When)], parts[0])
	for _, part := range parts[1:] {
		path, args := syntax.SplitAttr(part)
		unfold(Attr{Path: path, Args: args, When: when, Span: a.Span}, depth+1, f)
	}
}

func compact(path string) string {
	if !strings.ContainsAny(path, " \t\r\n") {
		return path
	}
	return strings.Join(strings.Fields(path), "")
}

// argsText is an attribute's arguments without their delimiters.
func argsText(text []byte, span source.Span) string {
	s := strings.TrimSpace(string(span.Of(text)))
	if len(s) >= 2 && strings.IndexByte("([{", s[0]) >= 0 {
		return s[1 : len(s)-1]
	}
	return strings.TrimSpace(strings.TrimPrefix(s, "="))
}

// ItemCfg says whether the item's own conditions hold: its #[cfg]s and those of the macro arms that it stands in.
func (s *Scope) ItemCfg(i int32) cargo.Truth {
	it := &s.File.Syntax().Items[i]
	out := cargo.True
	if it.Attrs.Start < it.Attrs.End {
		out = s.Crate.attrsCfg(s.File.Syntax(), it.Attrs)
	}
	parent := int32(-1)
	if it.Parent >= 0 {
		parent = s.File.Syntax().Items[it.Parent].Macro
	}
	for m := it.Macro; m >= 0 && m != parent; m = s.File.Syntax().Macros[m].Outer {
		out = cargo.And(out, s.Crate.armCfg(s.File.Syntax(), m))
	}
	if s.Host != nil && it.Parent < 0 {
		out = cargo.And(out, s.Host.ItemCfg(s.Call))
	}
	return out
}

// armCfg is the condition of one arm of cfg_if! or cfg_select!, or of a macro call that stands for a condition.
func (c *Crate) armCfg(file *syntax.File, m int32) cargo.Truth {
	macro := &file.Macros[m]
	out := cargo.True
	if !macro.Cond.Empty() {
		out = c.evalCfg(string(macro.Cond.Of(file.Text)))
	}
	for _, n := range macro.Negated {
		out = cargo.And(out, cargo.Not(c.evalCfg(string(n.Of(file.Text)))))
	}
	return out
}

// innerCfg is the condition of a file's own #![cfg(..)].
func (c *Crate) innerCfg(f *File) cargo.Truth {
	if !mayHaveInner(f.Source(), "cfg") {
		return cargo.True
	}
	return c.attrsCfg(f.Syntax(), f.Syntax().Inner)
}

// mayHaveInner reports whether an inner attribute that mentions a word may stand in a text: one of a file stands before its items, with
// nothing but comments around it. What is not read easily may have one if the word stands anywhere.
func mayHaveInner(text []byte, word string) bool {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if rest, ok := bytes.CutPrefix(text, []byte("#!")); ok {
		switch rest = bytes.TrimLeft(rest, blanks); {
		case len(rest) > 0 && rest[0] == '/' && bytes.HasPrefix(rest[1:], []byte("/")), bytes.HasPrefix(rest, []byte("/*")):
			return bytes.Contains(text, []byte(word)) // a comment before the `[`, perhaps
		case !bytes.HasPrefix(rest, []byte("[")):
			text = afterLine(text)
		}
	}
	for {
		text = bytes.TrimLeft(text, blanks)
		switch {
		case bytes.HasPrefix(text, []byte("//")):
			text = afterLine(text)
		case len(text) > 0 && text[0] == '#':
			rest := bytes.TrimLeft(text[1:], blanks)
			if len(rest) > 0 && rest[0] == '[' {
				return false // the first item's
			}
			line, _, _ := bytes.Cut(text, []byte("\n"))
			if !isWholeAttribute(line) || bytes.Contains(line, []byte(word)) {
				return bytes.Contains(text, []byte(word))
			}
			text = afterLine(text)
		case len(text) == 0, nameByte(text[0]):
			return false
		default:
			return bytes.Contains(text, []byte(word))
		}
	}
}

// isWholeAttribute reports whether all attributes that begin on a line certainly end there.
func isWholeAttribute(line []byte) bool {
	count := func(c string) int { return bytes.Count(line, []byte(c)) }
	return bytes.HasSuffix(bytes.TrimRight(line, blanks), []byte("]")) && count("[") == count("]") && count("(") == count(")") && count(`"`)%2 == 0 && count("/") == 0
}

func afterLine(text []byte) []byte {
	_, rest, _ := bytes.Cut(text, []byte("\n"))
	return rest
}

func (c *Crate) attrsCfg(file *syntax.File, attrs syntax.Range) cargo.Truth {
	out := cargo.True
	for k := attrs.Start; k < attrs.End; k++ {
		// Most attributes are neither cfg nor cfg_attr: look at the text first.
		if p := file.Attrs[k].Path.Of(file.Text); len(p) < 3 || string(p[:3]) != "cfg" {
			continue
		}
		eachAttr(file, syntax.Range{Start: k, End: k + 1}, func(a Attr) {
			out = cargo.And(out, c.condition(a))
		})
	}
	return out
}

// condition is what an attribute demands: true for all but cfg.
func (c *Crate) condition(a Attr) cargo.Truth {
	if a.Path != "cfg" {
		return cargo.True
	}
	v := c.evalCfg(a.Args)
	if len(a.When) > 0 { // cfg_attr(p, cfg(q)): q counts only where p holds
		v = cargo.Or(v, cargo.Not(c.evalAll(a.When)))
	}
	return v
}

// CfgOf evaluates the #[cfg]s among attributes that are spans of a file's text (of fields, variants and parameters).
func (s *Scope) CfgOf(attrs []source.Span) cargo.Truth {
	out := cargo.True
	for _, span := range attrs {
		text := string(span.Of(s.File.Text))
		_, group := syntax.SplitAttr(text) // `#` reads as a path, the brackets as its arguments
		path, args := syntax.SplitAttr(group)
		unfold(Attr{Path: path, Args: args}, 0, func(a Attr) {
			out = cargo.And(out, s.Crate.condition(a))
		})
	}
	return out
}

// Compiled are the generic parameters without those that a #[cfg] leaves out.
func (s *Scope) Compiled(params []syntax.Param) []syntax.Param {
	left := func(p syntax.Param) bool { return len(p.Attrs) > 0 && s.CfgOf(p.Attrs) == cargo.False }
	if !slices.ContainsFunc(params, left) {
		return params
	}
	return slices.DeleteFunc(slices.Clone(params), left)
}

func (c *Crate) evalAll(predicates []string) cargo.Truth {
	out := cargo.True
	for _, p := range predicates {
		out = cargo.And(out, c.evalCfg(p))
	}
	return out
}

// evalCfg evaluates a predicate's text in this crate; one that does not parse is unknown.
func (c *Crate) evalCfg(text string) cargo.Truth {
	if v, ok := c.cfgs.Load(text); ok {
		return v.(cargo.Truth)
	}
	v := cargo.Unknown
	if p, err := cargo.ParsePredicate(text); err == nil {
		v = p.Eval(c.cfg())
	}
	c.cfgs.Store(text, v)
	return v
}

// HasInner reports whether the crate's root file has the inner attribute name in force, such as no_std.
func (c *Crate) HasInner(name string) bool {
	if v, ok := c.inner.Load(name); ok {
		return v.(bool)
	}
	out := false
	file := c.Root.File.Syntax()
	eachAttr(file, file.Inner, func(a Attr) {
		if a.Path == name && c.evalAll(a.When) == cargo.True {
			out = true
		}
	})
	c.inner.Store(name, out)
	return out
}

// MadeTrait is a trait that an attribute macro generates beside the trait that it stands on.
type MadeTrait struct {
	Name string
	Item int32 // the trait with the attribute
}

// Made are the traits that attribute macros generate in the scope: trait_variant::make(Name: Bounds).
func (s *Scope) Made() []MadeTrait { return s.made.get(s.findMade) }

func (s *Scope) findMade() []MadeTrait {
	var out []MadeTrait
	s.EachItem(func(i int32) {
		it := &s.File.Syntax().Items[i]
		if it.Kind != syntax.KindTrait || it.Attrs.Start == it.Attrs.End {
			return
		}
		s.EachAttr(i, func(a Attr) {
			if a.Path != "trait_variant::make" && a.Path != "make" {
				return
			}
			for _, part := range syntax.SplitArgs(a.Args) {
				if name, _, ok := strings.Cut(part, ":"); ok && !strings.HasPrefix(part, "::") {
					out = append(out, MadeTrait{Name: strings.TrimSpace(name), Item: i})
				}
			}
		})
	})
	return out
}

// Holds evaluates a cfg predicate's text in this crate.
func (c *Crate) Holds(predicate string) cargo.Truth { return c.evalCfg(predicate) }

// MacroCfg is the condition under which the arguments of a macro count: those of the cfg_if! and cfg_select! arms it is in.
func (s *Scope) MacroCfg(macro int32) cargo.Truth {
	out := cargo.True
	for m := macro; m >= 0; m = s.File.Syntax().Macros[m].Outer {
		out = cargo.And(out, s.Crate.armCfg(s.File.Syntax(), m))
	}
	return out
}

// Features are the names that the crate's root turns on by #![feature(..)].
func (c *Crate) Features() []string {
	var out []string
	if !c.Root.File.Mentions("feature") {
		return nil
	}
	file := c.Root.File.Syntax()
	eachAttr(file, file.Inner, func(a Attr) {
		if a.Path == "feature" && c.evalAll(a.When) == cargo.True {
			for _, name := range syntax.SplitArgs(a.Args) {
				out = append(out, strings.TrimSpace(name))
			}
		}
	})
	return out
}
