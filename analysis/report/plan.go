package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Plan prints a Workspace for a person who plans a migration: traits by the number of their uses as dyn, their verdict, and
// how each method would fare under each rule set.
type Plan struct {
	Color bool
}

// ruleSets are the columns of a plan.
var ruleSets = [...]struct {
	name  string
	class func(DispatchBy) string
}{
	{"stable", func(d DispatchBy) string { return d.Stable }},
	{"method-scope", func(d DispatchBy) string { return d.MethodScope }},
	{"dyn-box", func(d DispatchBy) string { return d.DynBox }},
	{"box", func(d DispatchBy) string { return d.Box }},
}

// byUses are the traits that matter to a plan, those with most uses first: used as dyn, or not dyn compatible.
func byUses(w *Workspace) []Trait {
	out := slices.DeleteFunc(slices.Clone(w.Traits), func(t Trait) bool {
		return !t.Cfg || t.DynUses == 0 && verdict(t.DynCompatible) == "compatible"
	})
	slices.SortStableFunc(out, func(a, b Trait) int { return cmp.Compare(b.DynUses, a.DynUses) })
	return out
}

func verdict(compatible *bool) string {
	switch {
	case compatible == nil:
		return "unknown"
	case *compatible:
		return "compatible"
	}
	return "not dyn compatible"
}

// Totals sums a workspace up in one line.
func Totals(w *Workspace) string {
	bad, unknown, wrong := 0, 0, 0
	why := map[string]int{}
	for i := range w.Traits {
		if c := w.Traits[i].DynCompatible; c != nil && !*c {
			bad++
		}
	}
	for i := range w.Mentions {
		switch c := w.Mentions[i].DynCompatible; {
		case c == nil:
			unknown++
			why[w.Mentions[i].UnknownBecause]++
		case !*c:
			wrong++
		}
	}
	out := fmt.Sprintf("%s, %d of them not dyn compatible; %s, %d of them of such a trait, %d unknown",
		counted(len(w.Traits), "trait"), bad, counted(len(w.Mentions), "trait object type"), wrong, unknown)
	out += reasonsOf(why)
	if len(w.Calls) > 0 {
		c := count(w.Calls)
		out += fmt.Sprintf("; %s of async and `impl Trait` methods, %d through dyn, %d to box", counted(len(w.Calls), "call"), c.dyn, c.unboxed)
	}
	return out
}

// reasonsOf lists reasons for what is unknown in parentheses, the most frequent first.
func reasonsOf(why map[string]int) string {
	if len(why) == 0 {
		return ""
	}
	reasons := slices.SortedFunc(maps.Keys(why), func(a, b string) int { return cmp.Or(cmp.Compare(why[b], why[a]), cmp.Compare(a, b)) })
	for i, r := range reasons {
		reasons[i] = fmt.Sprintf("%s: %d", strings.ReplaceAll(r, "_", " "), why[r])
	}
	return " (" + strings.Join(reasons, ", ") + ")"
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// tally counts calls by what they are called on; unboxed are those through dyn that have to be boxed.
type tally struct{ dyn, generic, concrete, unboxed int }

func count(calls []Call) tally {
	var out tally
	for i := range calls {
		switch calls[i].Receiver {
		case "dyn":
			out.dyn++
		case "generic":
			out.generic++
		default:
			out.concrete++
		}
		if calls[i].NeedsBox {
			out.unboxed++
		}
	}
	return out
}

// callsByTrait are the calls of each trait's methods, by the trait's path.
func callsByTrait(w *Workspace) map[string][]Call {
	out := map[string][]Call{}
	for _, c := range w.Calls {
		out[c.Trait] = append(out[c.Trait], c)
	}
	return out
}

// Text prints the plan for a terminal.
func (p Plan) Text(out io.Writer, w *Workspace) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", strings.ReplaceAll(Totals(w), "; ", "\n"))
	calls := callsByTrait(w)
	for _, t := range byUses(w) {
		color := green
		if t.DynCompatible == nil {
			color = yellow
		} else if !*t.DynCompatible {
			color = red
		}
		fmt.Fprintf(&b, "\n%s  %s, %s\n  --> %s:%d:%d\n", p.paint(color, t.Path), verdict(t.DynCompatible), uses(t.DynUses), t.File, t.Line, t.Column)
		if t.UnknownBecause != "" {
			fmt.Fprintf(&b, "  unknown because: %s\n", strings.ReplaceAll(t.UnknownBecause, "_", " "))
		}
		for _, v := range t.Violations {
			fmt.Fprintf(&b, "  - %s%s\n", v.Message, where(v))
		}
		p.methods(&b, t.Methods)
		p.calls(&b, calls[t.Path])
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func uses(n int) string {
	switch n {
	case 0:
		return "never used as dyn"
	case 1:
		return "used as dyn once"
	}
	return fmt.Sprintf("used as dyn %d times", n)
}

func where(v Violation) string {
	s := ""
	if v.Via != "" {
		s = " (through `" + v.Via + "`)"
	}
	if v.File != "" {
		s += fmt.Sprintf(" (%s:%d:%d)", v.File, v.Line, v.Column)
	}
	return s
}

// methods prints the dispatch table of a trait's methods. Those that nothing of their own keeps from the vtable, which are most
// of all, are only named.
func (p Plan) methods(b *strings.Builder, methods []Method) {
	var table []Method
	var plain, vtable, sized []string
	name := len("method")
	for _, m := range methods {
		alone := len(m.Reasons) == 1 && m.Reasons[0] == "trait"
		switch {
		case m.DispatchBy == everywhere && len(m.Reasons) == 0:
			plain = append(plain, m.Name)
		case m.DispatchBy == onItsOwn("vtable") && alone:
			vtable = append(vtable, m.Name)
		case m.DispatchBy == onItsOwn("sized-only") && alone:
			sized = append(sized, m.Name)
		default:
			table = append(table, m)
			name = max(name, len(m.Name))
		}
	}
	if len(table) > 0 {
		fmt.Fprintf(b, "  %-*s", name, "method")
		for _, r := range ruleSets {
			fmt.Fprintf(b, "  %-12s", r.name)
		}
		b.WriteString("  because\n")
	}
	for _, m := range table {
		fmt.Fprintf(b, "  %-*s", name, m.Name)
		for _, r := range ruleSets {
			class := r.class(m.DispatchBy)
			fmt.Fprintf(b, "  %s%s", p.paint(classStyles[class], class), strings.Repeat(" ", max(0, 12-len(class))))
		}
		fmt.Fprintf(b, "  %s\n", strings.Join(m.Reasons, ", "))
	}
	p.named(b, "vtable", "under every rule set", plain)
	p.named(b, "vtable", "under the announced rules, excluded today with the trait", vtable)
	p.named(b, "sized-only", "under the announced rules, excluded today with the trait", sized)
}

// named prints the names of methods that have one class.
func (p Plan) named(b *strings.Builder, class, when string, methods []string) {
	if len(methods) > 0 {
		column := len("  " + class + " " + when + ":")
		fmt.Fprintf(b, "  %s %s:%s\n", p.paint(classStyles[class], class), when, wrapped(methods, column, planWidth, "    "))
	}
}

// onItsOwn is the dispatch of a method that is excluded today for nothing but the trait it is in.
func onItsOwn(class string) DispatchBy {
	return DispatchBy{Stable: "excluded", MethodScope: class, DynBox: class, Box: class}
}

// everywhere is the dispatch of a method that is called through dyn as it is, whatever the rules.
var everywhere = DispatchBy{Stable: "vtable", MethodScope: "vtable", DynBox: "vtable", Box: "vtable"}

// planWidth is where lists of names are broken, in bytes.
const planWidth = 80

// wrapped joins words by commas, each after a space, or on a new line where the one before would get longer than width; column is
// how long it is already.
func wrapped(words []string, column, width int, indent string) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteString(",")
			column++
		}
		if column+len(" ")+len(w)+len(",") > width {
			b.WriteString("\n" + indent)
			column = len(indent)
		} else {
			b.WriteString(" ")
			column++
		}
		b.WriteString(w)
		column += len(w)
	}
	return b.String()
}

// calls prints how the methods of a trait are called, and the places of the calls that have to be boxed.
func (p Plan) calls(b *strings.Builder, calls []Call) {
	if len(calls) == 0 {
		return
	}
	c := count(calls)
	fmt.Fprintf(b, "  calls: %d through dyn (%d to box), %d on generic and %d on known types\n", c.dyn, c.unboxed, c.generic, c.concrete)
	for i := range calls {
		if calls[i].NeedsBox {
			fmt.Fprintf(b, "    to box: %s (%s:%d:%d)\n", calls[i].Method, calls[i].File, calls[i].Line, calls[i].Column)
		}
	}
}

var classStyles = map[string]style{"vtable": green, "boxed": cyan, "sized-only": yellow, "excluded": red}

// Markdown prints the plan as a document.
func (p Plan) Markdown(out io.Writer, w *Workspace) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Traits used as `dyn`\n\n%s.\n\n| trait | uses as `dyn` | verdict | because |\n|---|---|---|---|\n", Totals(w))
	traits, calls := byUses(w), callsByTrait(w)
	for _, t := range traits {
		var because []string
		for _, v := range t.Violations {
			because = append(because, v.Message)
		}
		if t.UnknownBecause != "" {
			because = append(because, strings.ReplaceAll(t.UnknownBecause, "_", " "))
		}
		fmt.Fprintf(&b, "| `%s` (%s:%d) | %d | %s | %s |\n", t.Path, t.File, t.Line, t.DynUses, verdict(t.DynCompatible), escaped(strings.Join(because, "; ")))
	}
	for _, t := range traits {
		if len(t.Methods) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## `%s`\n\n| method |", t.Path)
		for _, r := range ruleSets {
			fmt.Fprintf(&b, " %s |", r.name)
		}
		b.WriteString(" because |\n|---|---|---|---|---|---|\n")
		for _, m := range t.Methods {
			fmt.Fprintf(&b, "| `%s` |", m.Name)
			for _, r := range ruleSets {
				fmt.Fprintf(&b, " %s |", r.class(m.DispatchBy))
			}
			fmt.Fprintf(&b, " %s |\n", escaped(strings.Join(m.Reasons, ", ")))
		}
		callsTable(&b, calls[t.Path])
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func callsTable(b *strings.Builder, calls []Call) {
	if len(calls) == 0 {
		return
	}
	b.WriteString("\n| call | receiver | boxed by | to box |\n|---|---|---|---|\n")
	for _, c := range calls {
		box := ""
		if c.NeedsBox {
			box = "yes"
		}
		fmt.Fprintf(b, "| `%s` (%s:%d:%d) | %s | %s | %s |\n", c.Method, c.File, c.Line, c.Column, c.Receiver, c.Boxed, box)
	}
}

func escaped(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

func (p Plan) paint(s style, text string) string {
	if !p.Color {
		return text
	}
	return sgr[s] + text + sgrReset
}
