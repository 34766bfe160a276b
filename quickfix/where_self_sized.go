package quickfix

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/infer"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// whereSelfSized takes members out of the vtable, so that the rest of the trait can be `dyn`:
//
//	async fn flush(&self) -> usize;      ->      async fn flush(&self) -> usize
//	                                             where
//	                                                 Self: Sized;
//
// Impls need not repeat the clause. It does not apply to a method that is called through dyn, to consts, and to a trait that is
// to blame as a whole.
var whereSelfSized = &Fix{
	ID:    "where-self-sized",
	Title: "take what is not dyn compatible out of the vtable with `where Self: Sized`",
	offer: offerWhereSelfSized,
}

func offerWhereSelfSized(w *Workspace, t *Target) []Action {
	trait := w.traitOf(t)
	if trait == nil || len(trait.Verdict.Violations) == 0 || t.Call != nil {
		return nil
	}
	opt := optOut{w: w}
	for _, v := range violationsAt(t, trait) {
		opt.add(v)
	}
	if len(opt.members) == 0 {
		if opt.blocked == "" {
			return nil
		}
		return []Action{{Title: "take what is not dyn compatible out of the vtable: `where Self: Sized`", BlockedBy: opt.blocked, subject: traitSubject(trait)}}
	}
	opt.checkBodies()
	opt.checkRest(trait)
	for _, m := range opt.members {
		opt.edits = append(opt.edits, w.sizedClause(m.file, m.index))
	}
	a := Action{
		Title:         "take " + opt.names() + " out of the vtable: `where Self: Sized`",
		Applicability: MachineApplicable, BlockedBy: opt.blocked, Edits: opt.edits, subject: traitSubject(trait),
	}
	if opt.doubt {
		a.Applicability = MaybeIncorrect
	}
	return []Action{a}
}

// optOut collects the members that have to leave a vtable.
type optOut struct {
	w       *Workspace
	members []item
	edits   []Edit
	blocked string
	doubt   bool // a call through dyn, or through a type that need not be Sized, may exist
}

// leavesVtable are the violations that `where Self: Sized` on the member cures (rustc's virtual_call_violations_for_method is
// not asked about such methods).
var leavesVtable = map[dyncompat.Kind]bool{
	dyncompat.StaticFn: true, dyncompat.SelfInParam: true, dyncompat.SelfInReturn: true, dyncompat.RPITIT: true, dyncompat.AsyncFn: true,
	dyncompat.CVariadic: true, dyncompat.SelfInWhere: true, dyncompat.Generic: true, dyncompat.Receiver: true, dyncompat.GAT: true,
}

func (o *optOut) block(format string, args ...any) {
	if o.blocked == "" {
		o.blocked = fmt.Sprintf(format, args...)
	}
}

func (o *optOut) add(v *dyncompat.Violation) {
	trait := o.w.trait(v.Trait)
	switch {
	case v.Member < 0:
		o.block("`%s` is not dyn compatible as a whole: %s", v.Trait.ItemName(), v.Message())
		return
	case !leavesVtable[v.Kind]:
		o.block("%s, and a const cannot leave the vtable", v.Message())
		return
	case trait == nil:
		o.block("`%s`, which %s, is not part of the workspace", v.Trait.ItemName(), strings.TrimPrefix(v.Message(), "it "))
		return
	}
	member := item{v.Trait.File(), v.Member}
	if slices.Contains(o.members, member) {
		return
	}
	o.members = append(o.members, member)
	if it := &v.Trait.File().Syntax().Items[v.Member]; it.Kind == syntax.KindFn {
		o.checkCalls(trait, it.Name)
	}
}

// checkRest looks for what keeps the trait from being dyn compatible though members leave the vtable, and what no such clause cures.
func (o *optOut) checkRest(t *survey.Trait) {
	for i := range t.Verdict.Violations {
		v := &t.Verdict.Violations[i]
		if rest := (&optOut{w: o.w}); v.Member < 0 || !leavesVtable[v.Kind] || o.w.trait(v.Trait) == nil {
			rest.add(v)
			o.block("it would not make `%s` dyn compatible: %s", t.Def.ItemName(), rest.blocked)
			return
		}
	}
}

// checkCalls looks for calls that would no longer compile.
func (o *optOut) checkCalls(t *survey.Trait, method string) {
	known := map[place]bool{}
	calls := o.w.callsOf(t.Def)
	if why := o.w.unknownCalls(t.Def); why != "" {
		o.block("%s", why)
	}
	for _, c := range calls {
		if c.Method == method {
			if c.Via == infer.Dyn && c.Active {
				at := c.File.Position(c.Name.Start)
				o.block("`%s` is called through `dyn` at %s:%d:%d", method, o.w.Snapshot.Display(c.File.Path), at.Line, at.Column)
				return
			}
			if c.Via == infer.Generic && c.File.Mentions("?Sized") {
				o.doubt = true
			}
		}
		at := c.Name.Start
		if bytes.HasPrefix(c.File.Text[at:], []byte("r#")) {
			at += uint32(len("r#"))
		}
		known[place{c.File, at}] = true
	}
	o.doubt = o.doubt || o.w.mayBeCalled(method, known)
}

// place is an offset in a file.
type place struct {
	file *workspace.File
	at   uint32
}

// mayBeCalled reports whether `.name` or `::name` stands anywhere in the workspace, but at the places that are known.
func (w *Workspace) mayBeCalled(name string, known map[place]bool) bool {
	in := map[*workspace.File]int{}
	for at := range known {
		if workspace.MemberAt(at.file.Text, int(at.at)) {
			in[at.file]++
		}
	}
	return slices.ContainsFunc(w.Snapshot.Files, func(f *workspace.File) bool {
		return f.Names().Members(name) > in[f] && slices.ContainsFunc(occurrences(f.Text, name), func(at uint32) bool {
			return workspace.MemberAt(f.Text, int(at)) && !known[place{f, at}]
		})
	})
}

// occurrences are the offsets at which a name stands as a whole word.
func occurrences(text []byte, name string) []uint32 {
	var out []uint32
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte(name))
		if i < 0 {
			return out
		}
		at := from + i
		from = at + len(name)
		if (at == 0 || !identByte(text[at-1])) && (from == len(text) || !identByte(text[from])) {
			out = append(out, uint32(at))
		}
	}
}

// checkBodies looks for provided methods that stay in the vtable and mention one that leaves it: their Self is not Sized.
func (o *optOut) checkBodies() {
	for _, m := range slices.Clone(o.members) {
		f := m.file.Syntax()
		trait := f.Items[m.index].Parent
		name := f.Items[m.index].Name
		for i := trait + 1; i < int32(len(f.Items)) && f.Items[i].Span.Start < f.Items[trait].Span.End; i++ {
			it := &f.Items[i]
			if it.Parent != trait || it.Kind != syntax.KindFn || it.Flags&syntax.FlagBody == 0 || slices.Contains(o.members, item{m.file, i}) || o.sized(m.file, i) {
				continue
			}
			if len(occurrences(it.Body.Of(f.Text), name)) > 0 {
				o.block("the provided method `%s` uses `%s` and stays in the vtable", it.Name, name)
			}
		}
	}
}

// sized reports whether a method's where clause asks for `Self: Sized` already.
func (o *optOut) sized(file *workspace.File, method int32) bool {
	fn := syntax.ParseFn(file.Syntax(), method, file.Edition)
	return slices.ContainsFunc(fn.Generics.Where, func(p syntax.Predicate) bool {
		return p.Type != nil && string(p.Type.Span.Of(file.Text)) == "Self" && bytes.Contains(p.Span.Of(file.Text), []byte("Sized"))
	})
}

// names lists the members, as `a`, `b` and 3 more.
func (o *optOut) names() string {
	const shown = 3
	var out []string
	for i, m := range o.members {
		if i == shown && len(o.members) > shown+1 {
			return strings.Join(out, ", ") + fmt.Sprintf(" and %d more", len(o.members)-shown)
		}
		out = append(out, "`"+m.file.Syntax().Items[m.index].Name+"`")
	}
	return strings.Join(out, ", ")
}

// sizedClause adds `Self: Sized` to the where clause of a method or associated type.
func (w *Workspace) sizedClause(f *workspace.File, index int32) Edit {
	it := &f.Syntax().Items[index]
	body := it.Flags&syntax.FlagBody != 0
	limit := it.Span.End
	if body {
		limit = it.Body.Start - 1
	}
	toks := syntax.Lex(f.Text, source.Span{Start: it.Span.Start, End: limit}, nil)
	toks = toks[:len(toks)-1] // EOF
	if n := len(toks); !body && n > 0 && toks[n-1].Is(';') {
		toks = toks[:n-1]
	}
	end := toks[len(toks)-1].End
	indent := indentAt(f.Text, it.Span.Start)
	unit := w.unitAt(f, indent)
	clause := whereToken(toks)
	if clause < 0 {
		code := "\n" + indent + "where\n" + indent + unit + "Self: Sized"
		if !body {
			return insert(f, end, code)
		}
		if between := f.Text[end:limit]; len(bytes.TrimSpace(between)) > 0 { // a comment
			return insert(f, end, code+",")
		}
		if it.Body.Empty() {
			return replace(f, source.Span{Start: end, End: it.Body.End + 1}, code+",\n"+indent+"{\n"+indent+"}")
		}
		return replace(f, source.Span{Start: end, End: limit}, code+",\n"+indent)
	}
	comma := toks[len(toks)-1].Is(',')
	if bytes.IndexByte(f.Text[toks[clause].Start:end], '\n') < 0 {
		if comma || clause == len(toks)-1 {
			return insert(f, end, " Self: Sized")
		}
		return insert(f, end, ", Self: Sized")
	}
	code := "\n" + indent + unit + "Self: Sized"
	if !comma {
		code = "," + code
	}
	if body {
		code += ","
	}
	return insert(f, end, code)
}

// whereToken is the index of the `where` of a signature's tokens, -1 if there is none.
func whereToken(toks []syntax.Token) int {
	depth := 0
	for i, t := range toks {
		switch {
		case t.Kind == syntax.Open:
			depth++
		case t.Kind == syntax.Close:
			depth--
		case t.Word == syntax.WordWhere && depth == 0:
			return i
		}
	}
	return -1
}
