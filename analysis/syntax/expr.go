package syntax

import "github.com/afidt-lsp/afidt-lsp/analysis/source"

// ExprKind is the form of an Expr.
type ExprKind uint8

// Expression forms.
const (
	ExprError    ExprKind = iota // does not read as an expression
	ExprPath                     // Path; Local if it is a local variable
	ExprLit                      // a literal, `true` and `false`
	ExprCall                     // X(Args)
	ExprMethod                   // X.Name::<Generic>(Args)
	ExprField                    // X.Name
	ExprIndex                    // X[Y]
	ExprAwait                    // X.await
	ExprTry                      // X?
	ExprBox                      // X.box, a notation that is announced
	ExprRef                      // &X, &mut X, &raw const X
	ExprDeref                    // *X
	ExprUnary                    // -X, !X
	ExprBinary                   // X Op Y
	ExprAssign                   // X = Y, X += Y
	ExprCast                     // X as Type
	ExprRange                    // X..Y, either may be nil
	ExprTuple                    // (Args), () too
	ExprParen                    // (X)
	ExprArray                    // [Args]
	ExprRepeat                   // [X; Y]
	ExprStruct                   // Path { Fields: Args, ..X }
	ExprBlock                    // { Stmts; Tail }, unsafe and const blocks
	ExprAsync                    // async { Stmts; Tail }
	ExprTryBlock                 // try { Stmts; Tail }
	ExprIf                       // if X Y else Z
	ExprLet                      // let Pat = X, in a condition
	ExprMatch                    // match X { Arms }
	ExprLoop                     // loop Y; Name is its label, as of a while, a for and a block
	ExprWhile                    // while X Y
	ExprFor                      // for Pat in X Y
	ExprClosure                  // |Params| -> Type Y
	ExprReturn                   // return X
	ExprBreak                    // break X, of a loop or of the block with the label Name; also `yield`
	ExprContinue                 // continue
	ExprMacro                    // Path!(Args): the arguments that read as expressions
	ExprUnknown                  // `_`
)

// Expr is an expression. Its Parent is the expression or block around it; nil for the body of a function.
type Expr struct {
	Kind      ExprKind
	Op        byte // ExprBinary: the first character of the operator; '<' and '>' of shifts are 'l' and 'r', && and || are 'a' and 'o'
	Mut       bool // ExprRef
	Move      bool // ExprClosure, ExprAsync
	Async     bool // ExprClosure
	Inclusive bool // ExprRange: `..=`
	Macro     bool // stands in the arguments of a macro
	Span      source.Span
	Parent    *Expr
	X, Y, Z   *Expr
	Args      []*Expr
	Path      *Path
	Local     *Binding
	Name      string // ExprMethod, ExprField, without r#; a label, with its apostrophe
	NameSpan  source.Span
	Generic   *Args    // ExprMethod: its turbofish
	Fields    []string // ExprStruct: the name of each of Args
	Type      *Type    // ExprCast; ExprClosure: its result if written
	Pat       *Pat     // ExprLet, ExprFor
	Arms      []Arm
	Params    []ClosureParam
	Stmts     []Stmt
	Tail      *Expr // the value of a block; nil if it has none
}

// Stmt is a statement of a block: exactly one of Let and Expr is set. Items are left out: they are in File.Items.
type Stmt struct {
	Let  *Let
	Expr *Expr
}

// Let is `let Pat: Type = Init else Else`.
type Let struct {
	Pat  *Pat
	Type *Type // nil if not written
	Init *Expr // nil if there is none
	Else *Expr
}

// Arm is an arm of a match or of select!.
type Arm struct {
	Pat   *Pat
	X     *Expr // select!: the future
	Guard *Expr
	Body  *Expr
}

// ClosureParam is a parameter of a closure.
type ClosureParam struct {
	Pat  *Pat
	Type *Type // nil if not written
}

// PatKind is the form of a Pat.
type PatKind uint8

// Pattern forms.
const (
	PatError   PatKind = iota
	PatWild            // _
	PatRest            // ..
	PatBind            // name, ref mut name, name @ Elems[0]
	PatPath            // a constant, unit struct or variant
	PatTupleOf         // Path(Elems)
	PatStruct          // Path { Fields: Elems, .. }
	PatTuple           // (Elems)
	PatSlice           // [Elems]
	PatRef             // &Elems[0], &mut Elems[0]
	PatBox             // box Elems[0]
	PatValue           // a literal or range
	PatOr              // Elems[0] | Elems[1]
	PatMacro           // m!(..)
)

// Pat is a pattern.
type Pat struct {
	Kind    PatKind
	Mut     bool // PatRef
	ByRef   bool // PatBind: `ref`
	Span    source.Span
	Path    *Path
	Elems   []*Pat
	Fields  []string
	Binding *Binding // PatBind
}

// Binding is a local variable: its name, and where its type comes from.
type Binding struct {
	Name string
	Span source.Span
	Root *PatRoot
	Uses []*Expr // the paths that mean it, in source order
}

// RootKind says what a pattern is matched with.
type RootKind uint8

// What a pattern is matched with.
const (
	RootParam   RootKind = iota // parameter Index of the function
	RootSelf                    // the receiver of the function
	RootLet                     // Let
	RootCond                    // Expr, an ExprLet
	RootArm                     // the scrutinee of Expr, an ExprMatch
	RootSelect                  // the output of arm Index of Expr, a select!
	RootFor                     // what Expr iterates over
	RootClosure                 // parameter Index of Expr
	RootPin                     // Pin<&mut T>, where T is the type of Expr
	RootUnknown                 // no pattern: an item of the name may hide the variable
)

// PatRoot is a pattern with what it is matched with.
type PatRoot struct {
	Kind  RootKind
	Pat   *Pat
	Let   *Let
	Expr  *Expr
	Index int
}

// Body is the body of a function, const or static.
type Body struct {
	Params []*PatRoot // of a function, the receiver apart
	Root   *Expr
	Calls  []*Expr // its ExprCalls and ExprMethods, in the order of their ends
	Boxes  []*Expr // its `.box`, dyn_box!(..) and calls of paths that end in `pin`
	Breaks []*Expr // its breaks
	// Attrs are the attributes of its statements, arms, fields and arguments, with what they hold for.
	Attrs []AttrOn
	// Unread are the items in the blocks of macros' arguments. File.Items has none of them.
	Unread []UnreadItem
}

// UnreadItem is a name that an item declares which is not read.
type UnreadItem struct {
	Kind ItemKind
	Name string      // `*` of a glob and of an extern block; empty of an impl
	In   source.Span // the block that the item stands in
}

// AttrOn is attributes and the part of a body that they stand before.
type AttrOn struct {
	Attrs []source.Span
	On    source.Span
}
