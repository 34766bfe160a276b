package syntax

import (
	"errors"
	"fmt"
	"iter"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// Limits on one fragment. All are functions of the text and not of time, so that every machine refuses the same fragments.
// The first three are checked before C is entered. Of 63,000 items of popular crates none is refused: the longest have
// 380 kB and 20,000 tokens, the deepest nests 17 brackets.
const (
	MaxTreeBytes  = 512 << 10
	MaxTreeTokens = 25_000 // as Lex counts them
	MaxTreeDepth  = 256    // of nested ( [ {
	// MaxTreeWork is how many bytes tree-sitter may allocate, freed ones included, while it parses. Its error recovery is
	// quadratic in the number of tokens of a region that it cannot read (each step copies the ERROR node that it extends):
	// 10,000 tokens of garbage can take 15 seconds. A byte takes 1 to 2 ns. Rust takes 100 to 450 bytes a token.
	MaxTreeWork = 256 << 20
)

// Why ParseTree refused a fragment; errors.Is tells them apart.
var (
	ErrTooLarge = errors.New("too many bytes")
	ErrTooLong  = errors.New("too many tokens")
	ErrTooDeep  = errors.New("brackets nest too deeply")
	ErrTooHard  = errors.New("tree-sitter needs too much work to make sense of it")
	// ErrLimit is the last guard: the parse took longer than parseTimeout. Unlike the others it says nothing about the text,
	// and must not be remembered.
	ErrLimit = errors.New("tree-sitter took too long")
)

// Tree is the syntax of one fragment of a file (an item, a block, statements, an expression): the grammar's nodes,
// comments and punctuation included, as a flat list in preorder. It is immutable and holds no C memory.
//
// Node 0 is the root, a source_file or, if the fragment cannot be read, an ERROR node: never test its kind. What ParseTree
// was given are its children. The arguments of macro invocations are token trees, not expressions.
type Tree struct {
	Text  []byte // of the whole file, so that the nodes' offsets index it
	Base  uint32 // where in Text the fragment starts
	Nodes []Node
	// HasError is set if a node is an ERROR or missing, that is if the grammar does not know a part of the fragment; it may
	// be good Rust all the same.
	HasError bool
}

// Node is one node of a Tree. Its descendants are the nodes between it and Next.
type Node struct {
	Kind       NodeKind
	Field      FieldID // its role in its parent
	Flags      NodeFlags
	Start, End uint32 // byte offsets into the file
	Next       int32  // index of the first node that is not a descendant
}

// NodeKind is a symbol of the grammar, FieldID a field of it; FieldID 0 is no field. The numbers belong to the pinned
// version of the grammar.
type (
	NodeKind uint16
	FieldID  uint8
)

// NodeError is the kind of a node that holds what the grammar cannot place.
const NodeError NodeKind = 0xFFFF

// NodeFlags are a node's properties.
type NodeFlags uint8

// Node flags.
const (
	NamedNode   NodeFlags = 1 << iota // not punctuation or a keyword
	MissingNode                       // an empty node that the parser put in, to be able to go on
	ErrorNode                         // of kind NodeError
	ExtraNode                         // a comment
)

// Span is the node's byte range in the file.
func (n Node) Span() source.Span { return source.Span{Start: n.Start, End: n.End} }

// Has reports whether the node has all of flags.
func (n Node) Has(flags NodeFlags) bool { return n.Flags&flags == flags }

// String is the kind's name in the grammar, "trait_item" or "{".
func (k NodeKind) String() string {
	switch {
	case k == NodeError:
		return "ERROR"
	case int(k) < len(kindNames):
		return kindNames[k]
	}
	return fmt.Sprintf("NodeKind(%d)", uint16(k))
}

// String is the field's name in the grammar, empty for no field.
func (f FieldID) String() string {
	if int(f) < len(fieldNames) {
		return fieldNames[f]
	}
	return fmt.Sprintf("FieldID(%d)", uint8(f))
}

// Source is the text of a node.
func (t *Tree) Source(node int32) []byte { return t.Nodes[node].Span().Of(t.Text) }

// Children are the indexes of a node's children, in source order.
func (t *Tree) Children(node int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		end := t.Nodes[node].Next
		for child := node + 1; child < end; child = t.Nodes[child].Next {
			if !yield(child) {
				return
			}
		}
	}
}

// Child is the index of a node's first child in a field, -1 if there is none.
func (t *Tree) Child(node int32, field FieldID) int32 {
	for child := range t.Children(node) {
		if t.Nodes[child].Field == field {
			return child
		}
	}
	return -1
}

// ParseTree parses the part of text that span covers; a span that reaches past the end is cut. A method or an associated
// type reads as it does inside its impl; a last expression needs no semicolon, and is an expression_statement at the root,
// as is a macro invocation. Text that is not Rust gives a tree with HasError.
//
// The error is one of ErrTooLarge, ErrTooLong, ErrTooDeep, ErrTooHard and ErrLimit, or says that tree-sitter cannot be used
// at all. ParseTree is safe for concurrent use.
func ParseTree(text []byte, span source.Span) (*Tree, error) {
	span.End = min(span.End, uint32(len(text)))
	span.Start = min(span.Start, span.End)
	if span.Len() > MaxTreeBytes {
		return nil, overLimit(ErrTooLarge, span, span.Len(), MaxTreeBytes)
	}
	p, err := takeTreeParser()
	if err != nil {
		return nil, err
	}
	defer p.release()
	p.tokens = Lex(text, span, p.tokens[:0])
	p.tokens = p.tokens[:len(p.tokens)-1] // EOF
	if err := checkTokens(p.tokens, span); err != nil {
		return nil, err
	}
	fragment := cutFragment(text, span, p.tokens)
	if scan := fragment.rawStringScan(); scan > maxRawStringScan {
		return nil, overLimit(ErrTooHard, span, scan, maxRawStringScan)
	}
	p.text = fragment.appendTo(p.text[:0])
	nodes, err := p.parse(p.text, span.Start)
	if err != nil {
		return nil, fmt.Errorf("bytes %d to %d are not parsed: %w", span.Start, span.End, err)
	}
	nodes = fragment.restore(nodes)
	return &Tree{Text: text, Base: span.Start, Nodes: nodes, HasError: fragment.cut || hasError(nodes)}, nil
}

// checkTokens applies the limits that need tokens.
func checkTokens(tokens []Token, span source.Span) error {
	depth, deepest := 0, 0
	for _, token := range tokens {
		switch token.Kind {
		case Open:
			depth++
			deepest = max(deepest, depth)
		case Close:
			depth = max(depth-1, 0)
		}
	}
	if deepest > MaxTreeDepth {
		return overLimit(ErrTooDeep, span, deepest, MaxTreeDepth)
	}
	if len(tokens) > MaxTreeTokens {
		return overLimit(ErrTooLong, span, len(tokens), MaxTreeTokens)
	}
	return nil
}

func overLimit(limit error, span source.Span, got, most int) error {
	return fmt.Errorf("bytes %d to %d are not parsed: %w (%d, at most %d)", span.Start, span.End, limit, got, most)
}

func hasError(nodes []Node) bool {
	for i := range nodes {
		if nodes[i].Flags&(ErrorNode|MissingNode) != 0 {
			return true
		}
	}
	return false
}
