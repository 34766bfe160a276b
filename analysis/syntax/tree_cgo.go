package syntax

// #include "tree_sitter.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"sync"
	"time"
	"unsafe"

	sitter "github.com/smacker/go-tree-sitter"
	rust "github.com/tree-sitter/tree-sitter-rust/bindings/go"
)

// parseTimeout is the last guard against a slow parse, far above what MaxTreeWork admits on a slow machine. It must never be
// a slice of time after which the parser goes on: on broken text a resumed parse ends in another tree than one that was not
// interrupted.
const parseTimeout = 20 * time.Second

// The C record is written straight into the Go slice.
var (
	_ [unsafe.Sizeof(C.afidt_node{})]byte        = [unsafe.Sizeof(Node{})]byte{}
	_ [unsafe.Offsetof(C.afidt_node{}.kind)]int  = [unsafe.Offsetof(Node{}.Kind)]int{}
	_ [unsafe.Offsetof(C.afidt_node{}.field)]int = [unsafe.Offsetof(Node{}.Field)]int{}
	_ [unsafe.Offsetof(C.afidt_node{}.flags)]int = [unsafe.Offsetof(Node{}.Flags)]int{}
	_ [unsafe.Offsetof(C.afidt_node{}.start)]int = [unsafe.Offsetof(Node{}.Start)]int{}
	_ [unsafe.Offsetof(C.afidt_node{}.end)]int   = [unsafe.Offsetof(Node{}.End)]int{}
	_ [unsafe.Offsetof(C.afidt_node{}.next)]int  = [unsafe.Offsetof(Node{}.Next)]int{}

	_ [C.AFIDT_NAMED]int   = [NamedNode]int{}
	_ [C.AFIDT_MISSING]int = [MissingNode]int{}
	_ [C.AFIDT_ERROR]int   = [ErrorNode]int{}
	_ [C.AFIDT_EXTRA]int   = [ExtraNode]int{}
)

// treeParser is a tree-sitter parser with the buffers of one parse. It serves one goroutine at a time.
type treeParser struct {
	*sitter.Parser
	tokens []Token
	text   []byte
	spent  bool // not to be used again
}

// idleTreeParsers holds the parsers that nobody uses. A sync.Pool would leave their C memory, which the garbage collector
// does not see, to finalizers.
var idleTreeParsers = make(chan *treeParser, runtime.GOMAXPROCS(0))

// largeWork is the work after which a parser is not used again: the buffers that it keeps grow with its largest parse, and
// make the next one cheaper than it would be.
const largeWork = 4 << 20

// maxIdleTokens bounds the token buffer that an idle parser keeps, which is 16 bytes a token.
const maxIdleTokens = 64 << 10

// takeTreeParser gives a parser, which is to be released.
func takeTreeParser() (*treeParser, error) {
	select {
	case p := <-idleTreeParsers:
		return p, nil
	default:
	}
	language, err := grammar()
	if err != nil {
		return nil, err
	}
	return newTreeParser(language), nil
}

func newTreeParser(language *sitter.Language) *treeParser {
	p := &treeParser{Parser: sitter.NewParser()}
	p.SetLanguage(language)
	p.SetOperationLimit(int(parseTimeout.Microseconds()))
	return p
}

func (p *treeParser) release() {
	if p.spent || cap(p.tokens) > maxIdleTokens {
		p.Close()
		return
	}
	select {
	case idleTreeParsers <- p:
	default:
		p.Close()
	}
}

// parse parses text, whose first byte is at base in the file.
func (p *treeParser) parse(text []byte, base uint32) ([]Node, error) {
	tree, err := p.parseTree(text)
	if err != nil {
		p.spent = true // a parser that was stopped would go on with this text, whatever it is given next
		return nil, err
	}
	defer tree.Close()

	root := cNode(tree.RootNode())
	nodes := make([]Node, C.ts_node_descendant_count(root))
	count := int(C.afidt_flatten(root, C.uint32_t(base), (*C.afidt_node)(unsafe.Pointer(unsafe.SliceData(nodes))), C.uint32_t(len(nodes))))
	if count > len(nodes) {
		return nil, fmt.Errorf("tree-sitter counts %d nodes, but there are more: please report this bug with the source text", len(nodes))
	}
	return nodes[:count], nil
}

// parseTree gives a tree that is to be closed.
func (p *treeParser) parseTree(text []byte) (*sitter.Tree, error) {
	runtime.LockOSThread() // C counts the work by thread
	defer runtime.UnlockOSThread()
	C.afidt_work_begin(cParser(p.Parser), MaxTreeWork)
	// Never a context that can be cancelled: the binding may then set the parser's cancel flag after the parse, and never
	// clears it.
	tree, err := p.ParseCtx(context.Background(), nil, text)
	work := uint64(C.afidt_work_end(cParser(p.Parser)))
	p.spent = work > largeWork
	switch {
	case work > MaxTreeWork:
		if err == nil {
			tree.Close()
		}
		return nil, fmt.Errorf("%w (more than %d MiB allocated)", ErrTooHard, MaxTreeWork>>20)
	case errors.Is(err, sitter.ErrOperationLimit):
		return nil, fmt.Errorf("%w (more than %v)", ErrLimit, parseTimeout)
	case err != nil:
		return nil, fmt.Errorf("tree-sitter: %w", err)
	}
	return tree, nil
}

// cParser is the C parser of a Go parser, valid until that is closed.
func cParser(parser *sitter.Parser) *C.TSParser {
	return *(**C.TSParser)(unsafe.Add(unsafe.Pointer(parser), parserOffset))
}

// parserOffset is where a sitter.Parser holds the C parser, and nodeOffset where a sitter.Node holds the C node, in fields
// that are private. checkGrammar refuses a binding without them.
var (
	parserOffset, hasParser = privateField(reflect.TypeFor[sitter.Parser](), unsafe.Sizeof(uintptr(0)))
	nodeOffset, hasNode     = privateField(reflect.TypeFor[sitter.Node](), unsafe.Sizeof(C.TSNode{}))
)

// privateField is the offset of a struct's field `c`, and whether there is one of that size.
func privateField(structure reflect.Type, size uintptr) (uintptr, bool) {
	field, ok := structure.FieldByName("c")
	return field.Offset, ok && field.Type.Size() == size
}

// cNode is the C node of a Go node, valid until its tree is closed.
func cNode(node *sitter.Node) C.TSNode {
	return *(*C.TSNode)(unsafe.Add(unsafe.Pointer(node), nodeOffset))
}

// grammar is the Rust grammar, checked once: the binding hides it when the runtime refuses a grammar, and the constants of
// NodeKind and FieldID hold for one version only.
var grammar = sync.OnceValues(func() (*sitter.Language, error) {
	C.afidt_count_work()
	language := sitter.NewLanguage(rust.Language())
	if err := checkGrammar(language); err != nil {
		return nil, fmt.Errorf("tree-sitter cannot be used: %w; build with the versions that go.mod names", err)
	}
	return language, nil
})

func checkGrammar(language *sitter.Language) error {
	if !hasParser || !hasNode {
		return errors.New("the binding does not hold the C parser and the C node where they are looked for")
	}
	if got := int(language.SymbolCount()); got != len(kindNames) {
		return fmt.Errorf("the Rust grammar has %d symbols instead of %d", got, len(kindNames))
	}
	for symbol, want := range kindNames {
		if want == "" {
			continue
		}
		if got := language.SymbolName(sitter.Symbol(symbol)); got != want {
			return fmt.Errorf("symbol %d of the Rust grammar is %q instead of %q", symbol, got, want)
		}
	}
	for field, want := range fieldNames {
		if got := language.FieldName(field); got != want {
			return fmt.Errorf("field %d of the Rust grammar is %q instead of %q", field, got, want)
		}
	}
	p := newTreeParser(language)
	defer p.Close()
	tree, err := p.parseTree([]byte("trait T {}"))
	if err != nil {
		return fmt.Errorf("the Rust grammar does not fit the runtime: %w", err)
	}
	defer tree.Close()
	root := tree.RootNode()
	if item := root.Child(0); item == nil || NodeKind(item.Symbol()) != NodeTraitItem {
		return errors.New("the Rust grammar does not read a trait")
	}
	if c := cNode(root); uintptr(c.id) != root.ID() {
		return errors.New("the binding's node is not the C node")
	}
	return nil
}
