package syntax

import "github.com/afidt-lsp/afidt-lsp/analysis/source"

// BareType is a path that stands where a type must stand, and could therefore name a trait without `dyn`: a bare trait
// object, which Rust 2015 and 2018 accept. Whether it names a trait is for name resolution to say.
type BareType struct {
	Path source.Span // without the generic arguments of its last segment
	Type source.Span // with them; the whole of a sum
	Sum  bool        // `A + B`, which can be nothing but a trait object; Path is its first trait
}

// slot is a place for a node in the grammar.
type slot struct {
	parent NodeKind
	field  FieldID
}

// typeSlots are the places in which a type stands, and not a bound, a trait, a pattern or the first part of a path.
var typeSlots = map[slot]bool{
	{NodeBracketedType, 0}:                       true, // <T>::f
	{NodeClosureExpression, FieldReturnType}:     true,
	{NodeConstItem, FieldType}:                   true,
	{NodeConstParameter, FieldType}:              true,
	{NodeFieldDeclaration, FieldType}:            true,
	{NodeFunctionItem, FieldReturnType}:          true,
	{NodeFunctionSignatureItem, FieldReturnType}: true,
	{NodeFunctionType, FieldReturnType}:          true,
	{NodeImplItem, FieldType}:                    true,
	{NodeLetDeclaration, FieldType}:              true,
	{NodeOrderedFieldDeclarationList, FieldType}: true,
	{NodeParameter, FieldType}:                   true,
	{NodeParameters, 0}:                          true, // of fn pointers, Fn(T), and the unnamed ones of 2015
	{NodeQualifiedType, FieldType}:               true, // <T as Trait>::X
	{NodeStaticItem, FieldType}:                  true,
	{NodeTypeArguments, 0}:                       true,
	{NodeTypeBinding, FieldType}:                 true,
	{NodeTypeCastExpression, FieldType}:          true,
	{NodeTypeItem, FieldType}:                    true,
	{NodeTypeParameter, FieldDefaultType}:        true,
	{NodeWherePredicate, FieldLeft}:              true,
}

// innerSlots are places whose node is a type if the parent is one: `dyn (A)`, `T: (A)` and `T: for<'a> A<'a>` hold bounds.
var innerSlots = map[slot]bool{
	{NodeArrayType, FieldElement}:           true,
	{NodeHigherRankedTraitBound, FieldType}: true, // where for<'a> T<'a>: Bound
	{NodePointerType, FieldType}:            true,
	{NodeReferenceType, FieldType}:          true,
	{NodeTupleType, 0}:                      true,
}

// BareTypes are the paths of a tree that stand in a type position as a complete type, in source order, an outer one before
// those in its arguments. `_`, `Self`, what begins with it, and `<T as Trait>::X` are left out, because they name no trait.
// What stands in macro arguments is not seen.
func BareTypes(t *Tree) []BareType {
	type open struct {
		node   int32
		isType bool
	}
	var found []BareType
	var parents []open
	for i := range t.Nodes {
		node := int32(i)
		for len(parents) > 0 && t.Nodes[parents[len(parents)-1].node].Next <= node {
			parents = parents[:len(parents)-1]
		}
		isType := false
		if len(parents) > 0 {
			parent := parents[len(parents)-1]
			place := slot{t.Nodes[parent.node].Kind, t.Nodes[node].Field}
			isType = typeSlots[place] && !t.isConstraintName(node, parent.node) || innerSlots[place] && parent.isType
		}
		parents = append(parents, open{node, isType})
		if !isType {
			continue
		}
		if path, ok := t.traitPath(node); ok {
			found = append(found, BareType{Path: path, Type: t.Nodes[node].Span(), Sum: t.Nodes[node].Kind == NodeBoundedType})
		}
	}
	return found
}

// isConstraintName reports whether a node is the name in `Trait<Name: Bound>`, which the grammar reads as a type with
// bounds after it.
func (t *Tree) isConstraintName(node, parent int32) bool {
	if t.Nodes[parent].Kind != NodeTypeArguments {
		return false
	}
	next, end := t.Nodes[node].Next, t.Nodes[parent].Next
	for next < end && t.Nodes[next].Has(ExtraNode) {
		next = t.Nodes[next].Next
	}
	return next < end && t.Nodes[next].Kind == NodeTraitBounds
}

// traitPath is the path of a type that could be a bare trait object.
func (t *Tree) traitPath(node int32) (source.Span, bool) {
	if t.Nodes[node].Kind == NodeBoundedType {
		node = t.firstTrait(node)
	}
	path := node
	switch t.Nodes[node].Kind {
	case NodeGenericType:
		path = t.Child(node, FieldType)
	case NodeFunctionType:
		path = t.Child(node, FieldTrait) // a function pointer has none
	case NodeTypeIdentifier, NodeScopedTypeIdentifier:
	default:
		return source.Span{}, false
	}
	if path < 0 || t.Nodes[path].Span().Empty() || t.namesNoTrait(path) {
		return source.Span{}, false
	}
	return t.Nodes[path].Span(), true
}

// firstTrait is the operand that decides what `A + B + C` is, which the grammar nests to the left: the first that is no
// lifetime and no ?Sized, without parentheses. It is sum itself if there is none.
func (t *Tree) firstTrait(sum int32) int32 {
	for i := sum + 1; i < t.Nodes[sum].Next; {
		n := t.Nodes[i]
		switch {
		case n.Kind == NodeBoundedType, n.Kind == NodeTupleType:
			i++
		case n.Kind == NodeLifetime, n.Kind == NodeRemovedTraitBound, n.Has(ExtraNode), !n.Has(NamedNode):
			i = n.Next
		default:
			return i
		}
	}
	return sum
}

// namesNoTrait reports whether a path is `_`, or begins with `Self` or <T>.
func (t *Tree) namesNoTrait(path int32) bool {
	for t.Nodes[path].Next > path+1 {
		path++
		if t.Nodes[path].Kind == NodeBracketedType {
			return true
		}
	}
	first := string(t.Source(path))
	return first == "Self" || first == "_"
}
