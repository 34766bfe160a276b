// Package infer finds the calls that go through a trait object: the type of a receiver expression, as far as `dyn` needs it.
//
// What is not evident from the text is unknown, and unknown is silent: no call is listed whose receiver was guessed.
package infer

import (
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
	"github.com/afidt-lsp/afidt-lsp/analysis/syntax"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Receiver is what the method of a call is called on.
type Receiver string

// Receivers.
const (
	Dyn      Receiver = "dyn"      // a trait object: dispatched through its vtable
	Generic  Receiver = "generic"  // a type parameter, an `impl Trait`, or Self in a trait
	Concrete Receiver = "concrete" // a type whose impl is known to exist
)

// Boxed says how the future of a call comes to be in a box.
type Boxed string

// The ways.
const (
	NotBoxed   Boxed = "none"
	DynBox     Boxed = "dyn_box"     // std::preview::dyn_box!(call)
	BoxSuffix  Boxed = "box"         // call.box
	PinBox     Boxed = "pin"         // Box::pin(call)
	AsyncTrait Boxed = "async_trait" // the trait's attribute boxes
	Companion  Boxed = "companion"   // a companion trait's method boxes
)

// Call is a call of a method that is async or returns `impl Trait` in its trait.
type Call struct {
	File   *workspace.File
	Name   source.Span // the method's name
	Expr   source.Span // the whole call: receiver, name, arguments; what `.await` would follow
	Recv   source.Span // the receiver expression; of a UFCS call its first argument
	Method string
	Trait  resolve.Def
	Via    Receiver
	Boxed  Boxed
	UFCS   bool // Trait::method(recv, ..)
	Macro  bool // stands in the arguments of a macro
	Active bool // no #[cfg] leaves it out
}

// Extent is the call with the `.await` that follows it, if one does.
func (c *Call) Extent() source.Span {
	out := c.Expr
	if end, ok := AwaitEnd(c.File.Text, out.End); ok {
		out.End = end
	}
	return out
}

// AwaitEnd is the end of the `.await` that follows an expression which ends at a byte; ok is false if none does.
func AwaitEnd(text []byte, at uint32) (end uint32, ok bool) {
	const most = 256 // bytes of white space and comments
	toks := syntax.Lex(text, source.Span{Start: at, End: min(at+most, uint32(len(text)))}, nil)
	if len(toks) > 2 && toks[0].Is('.') && toks[1].Word == syntax.WordAwait {
		return toks[1].End, true
	}
	return 0, false
}

// NeedsBox reports whether the call has to be boxed where `dyn_box!` exists.
func (c *Call) NeedsBox() bool { return c.Via == Dyn && c.Boxed == NotBoxed }
