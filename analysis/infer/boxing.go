package infer

import (
	"bytes"

	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Form is a way in which code asks for a box.
type Form string

// Forms. All but PinForm are announced notations.
const (
	SuffixForm Form = ".box"
	MacroForm  Form = "dyn_box!"
	FnForm     Form = "box fn"   // box async fn
	TypeForm   Form = "box type" // box struct, box enum
	PinForm    Form = "Box::pin"
)

// Box is a place where a box is asked for.
type Box struct {
	File   *workspace.File
	Form   Form
	Span   source.Span // the whole expression; of FnForm and TypeForm the word `box`
	Mark   source.Span // `box`, the macro's path, `Box::pin`
	Active bool
	// Preview is set for a macro that is std's by its path, not one of the workspace's own.
	Preview bool
	// Call is the index in Result.Calls of the call that is boxed; -1 if it is none that is listed.
	Call int
	// Other is set if what is boxed is known not to be a call of a method that returns `impl Trait`.
	Other bool
	// Inner is the box that is boxed once more; empty if there is none. ByCallee is set if it is a call of a method that boxes
	// its result itself: #[async_trait], a companion, or one that returns Pin<Box<dyn ..>>, or Box<dyn ..> but for PinForm.
	Inner    source.Span
	ByCallee bool
}

// Nested reports whether what is boxed is a box already.
func (b *Box) Nested() bool { return !b.Inner.Empty() }

// pathOf is the path of a macro as it is written, without blanks.
func pathOf(p *syntax.Path) string {
	out := ""
	for i := range p.Segments {
		if i > 0 {
			out += "::"
		}
		out += p.Segments[i].Name
	}
	return out
}

// isPreview reports whether a macro's path leads to std::preview.
func (b *body) isPreview(x *syntax.Expr) bool {
	switch pathOf(x.Path) {
	case "std::preview::dyn_box", "core::preview::dyn_box", "alloc::preview::dyn_box":
		return true
	case "dyn_box":
		text := b.scope.File.Syntax().Text
		return bytes.Contains(text, []byte("std::preview::")) && !bytes.Contains(text, []byte("macro_rules! dyn_box"))
	}
	return false
}

// bodyBoxes are the boxes of one body.
func (e *engine) bodyBoxes(top *workspace.Scope, item int32) []Box {
	b := newBody(e, top, item)
	if b == nil || len(b.syntax.Boxes) == 0 {
		return nil
	}
	if out := b.boxes(compiled(top, item)); !b.spent() {
		return out
	}
	return nil
}

// boxes lists the boxes of the body that are written as expressions.
func (b *body) boxes(active bool) []Box {
	var out []Box
	for _, x := range b.syntax.Boxes {
		box := Box{File: b.scope.File, Span: x.Span, Active: active && b.activeAt(x.Span.Start), Call: -1}
		var inner *syntax.Expr
		switch x.Kind {
		case syntax.ExprBox:
			box.Form, box.Mark, inner = SuffixForm, x.NameSpan, x.X
		case syntax.ExprMacro:
			box.Form, box.Mark, box.Preview = MacroForm, x.Path.Span, b.isPreview(x)
			if len(x.Args) == 1 {
				inner = x.Args[0]
			}
		case syntax.ExprCall:
			if !b.isBoxPin(x.X) || len(x.Args) != 1 {
				continue
			}
			box.Form, box.Mark, inner = PinForm, x.X.Span, x.Args[0]
		}
		for inner != nil && inner.Kind == syntax.ExprParen {
			inner = inner.X
		}
		if inner != nil {
			box.Other = b.notOpaque(inner)
			explicit, byCallee := b.makesBox(inner)
			if box.Form != PinForm { // Box::pin may take a Box<dyn Stream + Unpin>
				byCallee = byCallee || b.callsForBox(inner)
			}
			if explicit || byCallee {
				box.Inner, box.ByCallee = inner.Span, byCallee
			}
		}
		out = append(out, box)
	}
	return out
}

// makesBox reports whether an expression boxes: explicit if it says so, byCallee if the method that it calls does.
func (b *body) makesBox(x *syntax.Expr) (explicit, byCallee bool) {
	switch x.Kind {
	case syntax.ExprBox:
		return true, false
	case syntax.ExprMacro:
		return lastSegment(x.Path) == "dyn_box", false
	case syntax.ExprCall:
		if b.isBoxPin(x.X) {
			return true, false
		}
	case syntax.ExprMethod:
	default:
		return false, false
	}
	c := b.callOf(x)
	if c == nil || c.fn == nil {
		return false, false
	}
	if c.ref != nil && c.fn.Flags&syntax.FlagAsync != 0 && b.Judge.BoxesAsync(c.ref.Def) {
		return false, true
	}
	return false, b.isBoxedFuture(c.fn.ret)
}

// callsForBox reports whether an expression is a call of a method that returns Box<dyn ..>.
func (b *body) callsForBox(x *syntax.Expr) bool {
	if x.Kind != syntax.ExprMethod && x.Kind != syntax.ExprCall {
		return false
	}
	c := b.callOf(x)
	return c != nil && c.fn != nil && b.isBoxedDyn(c.fn.ret)
}

// isBoxedFuture reports whether a type is Pin<Box<dyn ..>>.
func (e *engine) isBoxedFuture(t *types.Type) bool {
	return t.Kind == types.Adt && t.Def == e.known.pin && len(t.Args) > 0 && e.isBoxedDyn(t.Args[0])
}

// isBoxedDyn reports whether a type is Box<dyn ..>.
func (e *engine) isBoxedDyn(t *types.Type) bool {
	return t.Kind == types.Adt && t.Def == e.known.box && len(t.Args) > 0 && t.Args[0].Kind == types.Dyn
}

// notOpaque reports whether an expression is known to be no call of a method that returns `impl Trait`.
func (b *body) notOpaque(x *syntax.Expr) bool {
	switch x.Kind {
	case syntax.ExprMethod, syntax.ExprCall:
		c := b.callOf(x)
		if c == nil || c.fn == nil {
			return c != nil // a constructor or a value that is called
		}
		if c.ref == nil {
			return true // an inherent method or a free function
		}
		return !b.futureful(c.ref.Def, c.fn.Fn.Item)
	case syntax.ExprError, syntax.ExprMacro, syntax.ExprBox:
		return false
	}
	return true
}

// written lists the forms that are items: `box async fn`, `box struct`, `box enum`.
func written(file *workspace.File) []Box {
	if !file.Mentions("box ") {
		return nil
	}
	var out []Box
	text := file.Text
	items := file.Syntax().Items
	for i := range items {
		form := FnForm
		switch items[i].Kind {
		case syntax.KindFn:
		case syntax.KindStruct, syntax.KindEnum:
			form = TypeForm
		default:
			continue
		}
		end := blanksBack(text, int(items[i].Span.Start))
		start := end
		for start > 0 && isWord(text[start-1]) {
			start--
		}
		if string(text[start:end]) != "box" || bytes.Contains(lineBefore(text, start), []byte("//")) {
			continue
		}
		if form == FnForm && !bytes.HasPrefix(text[items[i].Span.Start:], []byte("async")) {
			continue
		}
		active := len(file.Owners) > 0 && compiled(file.Owners[0], int32(i))
		span := source.Span{Start: uint32(start), End: uint32(end)}
		out = append(out, Box{File: file, Form: form, Span: span, Mark: span, Active: active, Call: -1})
	}
	return out
}

// lineBefore is what stands on the line of an offset before it.
func lineBefore(text []byte, offset int) []byte {
	return text[bytes.LastIndexByte(text[:offset], '\n')+1 : offset]
}

// Loop is a call in an impl for a pointer to a trait object that comes back to the impl itself: an endless recursion.
type Loop struct {
	File   *workspace.File
	Name   source.Span // of the method that is called
	Recv   source.Span
	Method string
	Trait  resolve.Def // of the method that is called
	Impl   resolve.Def // the trait that is being implemented
	Active bool
}

// pointerImpls are the functions of a file's impls for pointers to trait objects.
func (e *engine) pointerImpls(file *workspace.File) []int32 {
	if len(file.Owners) == 0 || !file.Mentions("impl") || !file.Mentions("dyn") && !file.Mentions("Dyn") {
		return nil
	}
	var out []int32
	top := file.Owners[0]
	items := file.Syntax().Items
	for i := range items {
		if items[i].Kind != syntax.KindImpl || !isPointer(file.Syntax(), &items[i]) {
			continue
		}
		im := e.implAt(top.ScopeOf(int32(i)), int32(i))
		if im.header.Trait == nil {
			continue
		}
		if im.load(e); !e.toDyn(im.ty) {
			continue
		}
		for k := i + 1; k < len(items) && items[k].Span.Start < items[i].Span.End; k++ {
			if items[k].Kind == syntax.KindFn && items[k].Parent == int32(i) && items[k].Flags&syntax.FlagBody != 0 {
				out = append(out, int32(k))
			}
		}
	}
	return out
}

// isPointer reports whether the header of an impl may end in a pointer's type, by its text.
func isPointer(f *syntax.File, it *syntax.Item) bool {
	if it.Flags&syntax.FlagBody == 0 { // somebody is typing it
		return false
	}
	head := f.Text[it.Span.Start:it.Body.Start]
	i := bytes.LastIndex(head, []byte(" for "))
	if i < 0 {
		return false
	}
	return bytes.IndexByte(head[i:], '&') >= 0 || bytes.IndexByte(head[i:], '<') >= 0
}

// toDyn reports whether a type is a reference or one of std's pointers to a trait object.
func (e *engine) toDyn(t *types.Type) bool {
	for range 3 { // Pin<Box<dyn T>>
		if t.Kind != types.Ref && (t.Kind != types.Adt || !t.Def.Scope.Crate.Std) || len(t.Args) == 0 {
			return false
		}
		if t = t.Args[0]; t.Kind == types.Dyn {
			return true
		}
	}
	return false
}

// loops lists the calls of one function that come back to the impl it stands in.
func (e *engine) loops(top *workspace.Scope, item int32) []Loop {
	b := newBody(e, top, item)
	if b == nil || b.fn == nil || b.fn.owner == nil || b.fn.owner.ref == nil || b.fn.owner.ref.Def.Kind == resolve.None {
		return nil
	}
	im := b.fn.owner
	var out []Loop
	for _, x := range b.syntax.Calls {
		c := b.callOf(x)
		if c == nil || c.fn == nil || c.ref == nil || c.fn.self == nil {
			continue
		}
		span := x.NameSpan
		recv := x.X.Span
		if x.Kind == syntax.ExprCall {
			if len(x.Args) == 0 {
				continue
			}
			_, span = calledName(x)
			recv = x.Args[0].Span
			b.fill(c)
		}
		self := b.deep(c.self)
		if types.Equal(self, b.deep(im.ty)) != types.Yes || !b.comesBack(im, c, self) {
			continue
		}
		out = append(out, Loop{
			File: top.File, Name: span, Recv: recv, Method: c.fn.Name, Trait: c.ref.Def, Impl: im.ref.Def,
			Active: compiled(top, item) && b.activeAt(span.Start),
		})
	}
	if b.spent() {
		return nil
	}
	return out
}

// comesBack reports whether a call on the pointer itself leads to the function that it stands in: the same method, or a
// companion's method of the same name whose blanket impl is for all types that implement the trait.
func (b *body) comesBack(im *impl, c *call, self *types.Type) bool {
	if c.ref.Def == im.ref.Def {
		return c.fn.Name == b.fn.Name
	}
	if c.fn.Name != b.fn.Name && c.fn.Name != b.fn.Name+"_dyn" && c.fn.Name != "dyn_"+b.fn.Name {
		return false
	}
	blanket, _ := b.selectImpl(self, c.ref)
	if blanket == nil || b.headOf(blanket) != "*" || blanket.ty.Kind != types.Param {
		return false
	}
	for i := range blanket.bounds {
		if p := &blanket.bounds[i]; p.Self.Kind == types.Param && p.Self.Name == blanket.ty.Name && p.Ref.Def == im.ref.Def {
			return true
		}
	}
	return false
}
