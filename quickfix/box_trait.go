package quickfix

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
	"github.com/afidt-lsp/afidt-lsp/quickfix/companion"
)

// boxTrait makes a trait return boxes, in the trait and in all its impls together:
//
//	async fn fetch(&self, url: &str) -> u8;
//
// becomes
//
//	fn fetch<'a>(&'a self, url: &'a str) -> Pin<Box<dyn Future<Output = u8> + 'a>>;
//
// Bodies go into an async block that holds its arguments as long as an async fn does, and that coerces its results like one.
// Every user of the trait pays for the box, so the fix is never more than maybe-incorrect.
var boxTrait = &Fix{
	ID:       "box-trait",
	Title:    "return boxed futures from the trait and from all its impls",
	perTrait: offerBoxTrait,
}

func offerBoxTrait(w *Workspace, t *survey.Trait) []Action {
	what, other := "", ""
	for i := range t.Verdict.Violations {
		switch v := &t.Verdict.Violations[i]; {
		case v.Kind == dyncompat.AsyncFn && v.Via.Kind == resolve.None:
			what = cmp.Or(what, "futures")
		case v.Kind == dyncompat.RPITIT && v.Via.Kind == resolve.None:
			what = "results"
		default:
			other = v.Message()
		}
	}
	if what == "" && boxable(t.Verdict.Methods) {
		what = "futures" // of a trait that asks for Sized, of which rustc says no more
	}
	other = cmp.Or(other, hiddenBehindOpaque(t))
	switch {
	case what == "":
		return []Action{{Title: boxTraitTitle(t, "results"), Applicability: MaybeIncorrect, BlockedBy: w.nothingToBox(t.Def, t.Verdict.Methods)}}
	case other != "":
		return []Action{{Title: boxTraitTitle(t, what), Applicability: MaybeIncorrect, BlockedBy: "boxes alone do not help: " + other}}
	}
	a := Action{Title: boxTraitTitle(t, what), Kind: "refactor.rewrite", Applicability: MaybeIncorrect}
	edits, err := w.boxTrait(t)
	if err != nil {
		a.BlockedBy = err.Error()
		return []Action{a}
	}
	a.Edits = edits
	if published(t) {
		a.Title += fmt.Sprintf(" (this changes the public API of `%s`)", t.Def.Scope.Crate.Name)
	}
	return []Action{a}
}

// hiddenBehindOpaque is what stands against a trait once its opaque results are boxed, empty if nothing does: of an async fn rustc
// says only that it is one.
func hiddenBehindOpaque(t *survey.Trait) string {
	for i := range t.Verdict.Methods {
		m := &t.Verdict.Methods[i]
		opaque := slices.Contains(m.Reasons, dyncompat.AsyncFn) || slices.Contains(m.Reasons, dyncompat.RPITIT)
		if opaque && m.Class == dyncompat.Excluded && slices.Contains(m.Reasons, dyncompat.SelfInReturn) {
			v := dyncompat.Violation{Kind: dyncompat.SelfInReturn, Trait: t.Def, Item: m.Name}
			return v.Message()
		}
	}
	return ""
}

func boxTraitTitle(t *survey.Trait, what string) string {
	return fmt.Sprintf("return boxed %s from `%s` and from all its impls", what, t.Def.ItemName())
}

func (w *Workspace) boxTrait(t *survey.Trait) ([]Edit, error) {
	model, err := companion.Read(w.Judge, t.Def, companion.Reading{})
	if err != nil {
		return nil, err
	}
	if len(model.Missing) > 0 {
		return nil, fmt.Errorf("boxes alone do not help: %s", model.Missing[0])
	}
	impls, complete := w.implsOf(t.Def)
	if !complete {
		return nil, fmt.Errorf("not all impls of `%s` are known", t.Def.ItemName())
	}
	if crate := t.Def.Scope.Crate; crate.HasInner("no_std") && len(crate.Root.Index().Names["alloc"]) == 0 {
		return nil, fmt.Errorf("the crate is `no_std` and has no `extern crate alloc`")
	}
	send := w.wantsSend(t) && !w.defaultHoldsSelf(t)
	methods, err := model.Box(w.membersAt(t.Def.File(), t.Def.Item), send)
	if err != nil {
		return nil, err
	}
	edits := w.boxAll(t.Def.File(), t.Def.Scope, methods)
	for i := range impls {
		x := &impls[i]
		if x.File.Syntax().Items[x.Item].Macro >= 0 {
			return nil, fmt.Errorf("an impl stands in a macro call")
		}
		methods, err := model.BoxImpl(x.File, x.Scope, x.Header, w.membersAt(x.File, x.Item), send)
		if err != nil {
			return nil, err
		}
		edits = append(edits, w.boxAll(x.File, x.Scope, methods)...)
	}
	return edits, nil
}

// membersAt is the layout of the members of a trait or an impl.
func (w *Workspace) membersAt(f *workspace.File, index int32) companion.Layout {
	return w.layoutAt(f, indentAt(f.Text, f.Syntax().Items[index].Span.Start)).In(1)
}

// wantsSend reports whether the futures of a trait have to be Send: it is a supertrait, or a mention of the trait has it, and nothing shows
// that they cannot be.
func (w *Workspace) wantsSend(t *survey.Trait) bool {
	if w.staysLocal(t.Def) || w.takesLocal(t.Def) {
		return false
	}
	send := w.Judge.Types.Resolver.WellKnown("core", "marker", "Send")
	for _, super := range w.Judge.Types.Supertraits(t.Def) {
		if super.Def == send {
			return true
		}
	}
	for m := range w.mentionsOf(t.Def) {
		if len(occurrences(m.Span.Of(m.File.Text), "Send")) > 0 {
			return true
		}
	}
	return false
}

// boxAll are the edits of the methods of one trait or impl, with the imports that they need.
func (w *Workspace) boxAll(f *workspace.File, scope *workspace.Scope, methods []companion.Boxed) []Edit {
	var edits []Edit
	future, pinned := false, false
	for i := range methods {
		b := &methods[i]
		edits = append(edits, w.boxMethod(f, b)...)
		future, pinned = future || b.UsesFuture, pinned || b.Pinned
	}
	names := map[string]string{}
	if future {
		name, use := w.name(scope, "std", "future", "Future")
		names["dyn Future<"] = "dyn " + name + "<"
		edits = append(edits, use...)
	}
	if len(methods) > 0 && scope.Crate.HasInner("no_std") {
		name, use := w.name(scope, "std", "boxed", "Box")
		names["Box<"], names["Box::"] = name+"<", name+"::"
		edits = append(edits, use...)
	}
	if pinned {
		name, use := w.name(scope, "std", "pin", "Pin")
		names["-> Pin<Box<"] = "-> " + name + "<Box<"
		edits = append(edits, use...)
	}
	for i := range edits {
		if edits[i].once {
			continue // an import
		}
		for from, to := range names {
			edits[i].New = strings.ReplaceAll(edits[i].New, from, to)
		}
	}
	return edits
}

// boxMethod are the edits of one method: its signature, and its body if it has one.
func (w *Workspace) boxMethod(f *workspace.File, b *companion.Boxed) []Edit {
	it := &f.Syntax().Items[b.Item]
	indent := indentAt(f.Text, it.Span.Start)
	head := strings.TrimPrefix(indented(strings.Join(b.Head, "\n"), indent), indent)
	if it.Flags&syntax.FlagBody == 0 {
		return []Edit{replace(f, it.Span, head)}
	}
	box := "Box::new("
	if b.Pinned {
		box = "Box::pin("
	}
	edits := []Edit{replace(f, source.Span{Start: it.Span.Start, End: it.Body.Start}, head)}
	unit := w.unitAt(f, indent)
	inner := indent + unit
	deep := inner + unit
	body := it.Body.Of(f.Text)
	lines := ""
	for _, l := range b.Prologue {
		lines += "\n" + deep + l
	}
	block := box + "async move {"
	if !b.Async {
		block = box + "{"
	}
	content, format := bytes.TrimSpace(body), w.format(f)
	if bytes.IndexByte(content, '\n') < 0 && !bytes.Contains(content, []byte("//")) {
		code := "\n" + inner + block + " " + string(content) + " })\n" + indent
		switch {
		case len(content) == 0 && len(b.Prologue) == 0:
			code = "\n" + inner + block + "})\n" + indent
		case len(content) == 0:
			code = "\n" + inner + block + lines + "\n" + inner + "})\n" + indent
		case !b.Async && !bytes.Contains(content, []byte(";")):
			code = "\n" + inner + box + string(content) + ")\n" + indent
		case len(b.Prologue) > 0 || columns(format, inner)+len(block)+len(content)+len(" })") > format.MaxWidth || bytes.HasSuffix(content, []byte(";")):
			code = "\n" + inner + block + lines + "\n" + deep + string(content) + "\n" + inner + "})\n" + indent
		}
		return append(edits, replace(f, it.Body, code))
	}
	edits = append(edits, insert(f, it.Body.Start, "\n"+inner+block+lines))
	edits = append(edits, deeper(f, it.Body, unit)...)
	end := it.Body.End
	for end > it.Body.Start && (f.Text[end-1] == ' ' || f.Text[end-1] == '\t') {
		end--
	}
	return append(edits, replace(f, source.Span{Start: end, End: it.Body.End}, inner+"})\n"+indent))
}

// deeper indents the lines of a span by one unit, but for those that begin inside a string.
func deeper(f *workspace.File, span source.Span, unit string) []Edit {
	inString := map[uint32]bool{}
	for _, t := range syntax.Lex(f.Text, span, nil) {
		if t.Flags&syntax.Multiline == 0 {
			continue
		}
		for i := t.Start; i < t.End; i++ {
			if f.Text[i] == '\n' {
				inString[i+1] = true
			}
		}
	}
	var out []Edit
	for at := lineEnd(f.Text, span.Start); at < span.End; {
		if f.Text[at] == '\r' {
			at++
		}
		at++
		end := lineEnd(f.Text, at)
		if end < span.End && end > at && !inString[at] && len(bytes.TrimSpace(f.Text[at:end])) > 0 {
			out = append(out, insert(f, at, unit))
		}
		at = end
	}
	return out
}
