package syntax

import "github.com/afidt-lsp/afidt-lsp/analysis/source"

// TypeKind is the form of a Type.
type TypeKind uint8

// Type forms.
const (
	TypeError TypeKind = iota // does not read as a type
	TypePath                  // a::B<C>, Self, <T as U>::V, and every name
	TypeRef                   // &'a mut T
	TypePtr                   // *const T, *mut T
	TypeSlice                 // [T]
	TypeArray                 // [T; N]
	TypeTuple                 // (A, B), ()
	TypeNever                 // !
	TypeInfer                 // _
	TypeFnPtr                 // for<'a> unsafe extern "C" fn(A) -> B
	TypeDyn                   // dyn A + B
	TypeImpl                  // impl A + B
	TypeBare                  // A + B without dyn (2015, 2018); a lone path is TypePath
	TypeMacro                 // m!(..)
	TypeParen                 // (T)
)

// Type is a type as it is written.
type Type struct {
	Kind TypeKind
	Span source.Span
	Mut  bool // TypeRef, TypePtr
	// Elems: the referent of TypeRef, TypePtr; the element of TypeSlice, TypeArray; the fields of TypeTuple; the
	// parameters of TypeFnPtr; the inner type of TypeParen.
	Elems    []*Type
	Ret      *Type       // TypeFnPtr: nil if not written
	Path     *Path       // TypePath; TypeMacro: the macro's path
	Bounds   []Bound     // TypeDyn, TypeImpl, TypeBare
	For      []Param     // TypeFnPtr: its for<..>
	Lifetime string      // TypeRef: "'a", or empty
	Tail     source.Span // TypeArray: the length expression; TypeMacro: its arguments
}

// Path is a path in type position: segments, maybe with a qualified self.
type Path struct {
	Span   source.Span
	Global bool  // begins with `::`
	QSelf  *Type // the T of <T as Trait>::X and of <T>::X
	// QTrait is the number of leading Segments that name the trait of <T as Trait>::X; 0 in <T>::X.
	QTrait   int
	Segments []Segment
}

// Segment is one segment of a path. Name is without r#; `Self`, `self`, `super`, `crate` and `$crate` are segments too.
type Segment struct {
	Name string
	Raw  bool
	Span source.Span // the name
	Args *Args       // nil if none are written
}

// Args are the generic arguments of a segment: <A, B = C>, or (A, B) -> C.
type Args struct {
	Span   source.Span
	List   []Arg
	Paren  bool // Fn(A) -> B sugar: Inputs and Output are set, List is empty
	Inputs []*Type
	Output *Type // nil if not written
	// NotationDots is set for return type notation, `method(..)`.
	NotationDots bool
}

// ArgKind is the form of a generic argument.
type ArgKind uint8

// Argument forms. A lone path that could be a const is ArgType.
const (
	ArgType       ArgKind = iota // T
	ArgLifetime                  // 'a
	ArgConst                     // 3, -1, { N }, 'c', true
	ArgEq                        // Item = T, Item<'a> = T
	ArgEqConst                   // N = 3, N = { .. }
	ArgConstraint                // Item: Bounds, method(..): Bounds
)

// Arg is one generic argument or associated item constraint.
type Arg struct {
	Kind     ArgKind
	Span     source.Span
	Type     *Type  // ArgType, ArgEq
	Lifetime string // ArgLifetime
	Name     string // ArgEq, ArgEqConst, ArgConstraint
	NameArgs *Args  // ArgEq, ArgConstraint: generic arguments of the name
	Bounds   []Bound
}

// BoundKind is the form of a Bound.
type BoundKind uint8

// Bound forms.
const (
	BoundTrait BoundKind = iota
	BoundLifetime
	BoundUse // use<'a, T>
)

// Bound is one bound of a list `A + 'a + ?Sized`.
type Bound struct {
	Kind       BoundKind
	Span       source.Span // without parentheses around it
	Maybe      bool        // ?Sized
	Const      bool        // const Trait
	MaybeConst bool        // [const] Trait, ~const Trait
	Async      bool        // async Fn()
	Negative   bool        // !Trait
	For        []Param     // for<'a, T>
	Path       *Path       // BoundTrait
	Lifetime   string      // BoundLifetime
}

// ParamKind is the kind of a generic parameter.
type ParamKind uint8

// Generic parameter kinds.
const (
	ParamLifetime ParamKind = iota
	ParamType
	ParamConst
)

// Param is a generic parameter.
type Param struct {
	Kind       ParamKind
	Name       string // lifetimes with their quote
	Span       source.Span
	NameSpan   source.Span
	Bounds     []Bound
	Type       *Type // ParamConst: its type
	Default    *Type // ParamType; nil if none (a const's default is not kept)
	HasDefault bool
	Attrs      []source.Span // #[cfg(..)] and the like, from `#` to `]`
}

// Predicate is one predicate of a where clause.
type Predicate struct {
	Span     source.Span
	For      []Param
	Type     *Type  // nil for a lifetime predicate
	Lifetime string // 'a: 'b
	Bounds   []Bound
}

// Generics are an item's generic parameters and where clause.
type Generics struct {
	Params []Param
	Where  []Predicate
}

// SelfKind is how a function takes self.
type SelfKind uint8

// Receiver forms.
const (
	SelfNone   SelfKind = iota
	SelfValue           // self, mut self
	SelfRef             // &self, &'a self
	SelfRefMut          // &mut self
	SelfTyped           // self: T
)

// FnParam is one parameter of a function, the receiver included.
type FnParam struct {
	Span     source.Span // pattern and type, without attributes
	Pattern  source.Span // empty for the unnamed parameters of 2015
	Type     *Type       // nil for self without a type, and for `...`
	Attrs    []source.Span
	Variadic bool
}

// Fn is the signature of a function.
type Fn struct {
	Item         int32
	Name         string
	NameSpan     source.Span
	Flags        ItemFlags
	Generics     Generics
	Self         SelfKind
	SelfParam    *FnParam  // the receiver; nil if SelfNone
	SelfLifetime string    // of &'a self
	Params       []FnParam // without the receiver
	Ret          *Type     // nil if not written
}

// Trait is the header of a trait or trait alias; its members are the Items whose parent it is.
type Trait struct {
	Item     int32
	Name     string
	NameSpan source.Span
	Flags    ItemFlags
	Generics Generics
	Supers   []Bound // trait T: Supers; the bounds of a trait alias
}

// Alias is a type alias, or an associated type of a trait or impl.
type Alias struct {
	Item     int32
	Name     string
	NameSpan source.Span
	Generics Generics // both where clauses together
	Bounds   []Bound
	Type     *Type // nil if not written
}

// Impl is the header of an impl.
type Impl struct {
	Item     int32
	Generics Generics
	Trait    *Path // nil for an inherent impl
	Negative bool
	Type     *Type
}

// Adt is the header of a struct, enum or union, with the types of its fields.
type Adt struct {
	Item     int32
	Generics Generics
	Fields   []Field
	Variants []Variant // of an enum
}

// Field is one field of a struct, union or variant.
type Field struct {
	Name    string // "0", "1", .. in a tuple
	Span    source.Span
	Type    *Type
	Attrs   []source.Span
	Variant int32 // index in Adt.Variants, -1 outside an enum
}

// Variant is one variant of an enum.
type Variant struct {
	Name  string
	Span  source.Span // the name
	Attrs []source.Span
}

// Value is a const or static: its name and type.
type Value struct {
	Item     int32
	Generics Generics
	Name     string
	NameSpan source.Span
	Type     *Type // nil if not written
}

// Import is one leaf of a use tree.
type Import struct {
	Segments []Segment // without a leading `::`; `use a::{self}` gives [a] with SelfLeaf
	Global   bool
	Name     string      // the name it binds: alias or last segment; "_" for `as _`; empty for a glob
	Span     source.Span // the leaf's last segment or alias
	Glob     bool
	SelfLeaf bool // written `{self}`: only the type namespace is imported
}
