package syntax

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// parseWholeTree parses all of src.
func parseWholeTree(t testing.TB, src string) *Tree {
	t.Helper()
	tree, err := ParseTree([]byte(src), source.Span{End: uint32(len(src))})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// treeText writes the named nodes under a node, leaves with their text: (let_declaration pattern:identifier`x`).
func treeText(tree *Tree, node int32) string {
	n := tree.Nodes[node]
	var b strings.Builder
	if n.Field != 0 {
		fmt.Fprintf(&b, "%v:", n.Field)
	}
	if n.Has(MissingNode) {
		b.WriteString("MISSING ")
	}
	var children []string
	for child := range tree.Children(node) {
		if tree.Nodes[child].Has(NamedNode) || tree.Nodes[child].Has(MissingNode) {
			children = append(children, treeText(tree, child))
		}
	}
	switch {
	case len(children) > 0:
		fmt.Fprintf(&b, "(%v %s)", n.Kind, strings.Join(children, " "))
	case n.Next == node+1:
		fmt.Fprintf(&b, "%v`%s`", n.Kind, tree.Source(node))
	default:
		b.WriteString(n.Kind.String())
	}
	return b.String()
}

func TestParseTreeReadsFragments(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{
			"method",
			"async fn get(&self) -> Foo;",
			"(function_signature_item function_modifiers name:identifier`get` parameters:(parameters (self_parameter self`self`)) return_type:type_identifier`Foo`)",
		}, {
			"associated type",
			"type Item<'a>: Send where Self: 'a;",
			"(associated_type name:type_identifier`Item` type_parameters:(type_parameters (lifetime_parameter name:(lifetime identifier`a`))) bounds:(trait_bounds type_identifier`Send`) (where_clause (where_predicate left:type_identifier`Self` bounds:(trait_bounds (lifetime identifier`a`)))))",
		}, {
			"body",
			"{ a; b }",
			"(expression_statement (block (expression_statement identifier`a`) identifier`b`))",
		}, {
			"expression without semicolon",
			"x.f().box.await // tail",
			"(expression_statement (await_expression (field_expression value:(call_expression function:(field_expression value:identifier`x` field:field_identifier`f`) arguments:arguments) field:field_identifier`box`))) line_comment",
		}, {
			"macro with an expression around it",
			"std::preview::dyn_box!(a.b(c)).await",
			"(expression_statement (await_expression (macro_invocation macro:(scoped_identifier path:(scoped_identifier path:identifier`std` name:identifier`preview`) name:identifier`dyn_box`) (token_tree identifier`a` identifier`b` (token_tree identifier`c`)))))",
		}, {
			"macro alone",
			"m!{ a }",
			"(expression_statement (macro_invocation macro:identifier`m` (token_tree identifier`a`)))",
		}, {
			"expression that ends with a brace",
			"x = Foo { a }",
			"(expression_statement (assignment_expression left:identifier`x` right:(struct_expression name:type_identifier`Foo` body:(field_initializer_list (shorthand_field_initializer identifier`a`)))))",
		}, {
			"blanks",
			" \n",
			"",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tree := parseWholeTree(t, test.src)
			checkTree(t, tree, source.Span{End: uint32(len(test.src))})
			var got []string
			for child := range tree.Children(0) {
				got = append(got, treeText(tree, child))
			}
			if text := strings.Join(got, " "); text != test.want {
				t.Errorf("got  %s\nwant %s", text, test.want)
			}
			if tree.HasError {
				t.Error("has an error")
			}
		})
	}
}

func TestParseTreeMarksErrors(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"missing", "fn f() { g(1 }", "MISSING )``"},
		{"error", "fn f() { let = ; }", "ERROR"},
		{"trait that the grammar does not know", "const trait T {}", "ERROR"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tree := parseWholeTree(t, test.src)
			if !tree.HasError {
				t.Error("HasError is not set")
			}
			if text := treeText(tree, 0); !strings.Contains(text, test.want) {
				t.Errorf("no %s in %s", test.want, text)
			}
		})
	}
}

func TestParseTreeCutsAnUnterminatedRawString(t *testing.T) {
	tree := parseWholeTree(t, `a; b(r#"r#"r#"`)
	if got := treeText(tree, 0); strings.Contains(got, "raw_string") || !tree.HasError {
		t.Errorf("HasError %v, %s", tree.HasError, got)
	}
}

func TestParseTreeFlagsComments(t *testing.T) {
	tree := parseWholeTree(t, "// a\nf(/* b */);")
	var extra []string
	for i, node := range tree.Nodes {
		if node.Has(ExtraNode) && node.Has(NamedNode) {
			extra = append(extra, string(tree.Source(int32(i))))
		}
	}
	if got := strings.Join(extra, " "); got != "// a /* b */" {
		t.Errorf("got %s", got)
	}
}

const treeFile = `//! Docs.
use std::{fmt, io as stdio};

/// A trait.
pub trait Service<T: Send = u8>: fmt::Debug + 'static {
    type Future<'a>: Future<Output = T> + 'a where Self: 'a;
    const N: usize = { 1 + 2 };
    async fn call(&self, request: &'_ dyn Request) -> Result<T, Box<dyn Error + Send>>;
    fn poll(self: Pin<&mut Self>) { loop { break } }
}

impl<T> Service<T> for Vec<T> where T: Clone {
    type Future<'a> = Ready<T> where T: 'a;
    // Not documented.
    async fn call(&self, request: &'_ dyn Request) -> Result<T, Box<dyn Error + Send>> {
        let x: Option<i32> = request.get("a\n", r#"b"#, 'c', 1.5)?.box.await;
        match x { Some(y) if y > 0 => Ok(self[0].clone()), _ => Err(vec![1, 2].into()) }
    }
}

#[derive(Clone)]
enum E { A(u8), B { c: &'static str } }
struct S;
static mut X: [u8; 3] = [1, 2, 3];
macro_rules! m { ($a:expr) => { $a + 1 }; }
`

// A fragment must read as the item does where it stands.
func TestParseTreeOfAnItemIsItsPartOfTheFilesTree(t *testing.T) {
	file := parseWholeTree(t, treeFile)
	if file.HasError {
		t.Fatal(treeText(file, 0))
	}
	compared := 0
	var compare func(parent int32)
	compare = func(parent int32) {
		for child := range file.Children(parent) {
			node := file.Nodes[child]
			if body := file.Child(child, FieldBody); body >= 0 && file.Nodes[body].Kind == NodeDeclarationList {
				compare(body)
			}
			if !node.Has(NamedNode) || node.Has(ExtraNode) {
				continue
			}
			tree, err := ParseTree(file.Text, node.Span())
			if err != nil {
				t.Fatal(err)
			}
			compared++
			if tree.Base != node.Start {
				t.Errorf("Base is %d instead of %d", tree.Base, node.Start)
			}
			want := make([]Node, 0, node.Next-child)
			for _, n := range file.Nodes[child:node.Next] {
				n.Next += 1 - child // below the fragment's root
				want = append(want, n)
			}
			if got := tree.Nodes[1:]; fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s\nfragment %s\nfile     %s", file.Source(child), treeText(tree, 0), treeText(file, child))
			}
		}
	}
	compare(0)
	if compared < 14 {
		t.Errorf("compared %d items only", compared)
	}
}

func TestParseTreeCutsTheSpan(t *testing.T) {
	tree, err := ParseTree([]byte("fn f() {}"), source.Span{Start: 3, End: 100})
	if err != nil {
		t.Fatal(err)
	}
	checkTree(t, tree, source.Span{Start: 3, End: 9})
	if tree, err = ParseTree(nil, source.Span{Start: 7, End: 3}); err != nil || len(tree.Nodes) != 1 {
		t.Errorf("empty text: %v, %v", tree, err)
	}
}

// What tree-sitter may not see is refused by what the text is, not by how long it takes.
func TestParseTreeLimits(t *testing.T) {
	tests := []struct {
		name, src string
		want      error
	}{
		{"bytes", strings.Repeat("a ", 5<<20), ErrTooLarge},
		{"tokens", strings.Repeat("a+", MaxTreeTokens/2+1), ErrTooLong},
		{"depth", strings.Repeat("[", 100_000), ErrTooDeep},
		{"depth of closed brackets", strings.Repeat("(", MaxTreeDepth+1) + strings.Repeat(")", MaxTreeDepth+1), ErrTooDeep},
		{"recovery that copies nodes", "f(" + strings.Repeat("- } ! ", 5_000), ErrTooHard},
		{"recovery that copies arrays", "struct S { " + strings.Repeat(`r#"a"# `, 5_000), ErrTooHard},
		{"scans for the ends of raw strings", "m!(" + strings.Repeat(`'r#" `, 8_000), ErrTooHard},
		{"depth at the limit", strings.Repeat("[", MaxTreeDepth) + strings.Repeat("]", MaxTreeDepth), nil},
		{"unary operators", strings.Repeat("!", MaxTreeTokens-1) + "a", nil},
		{"nested types", "let a: " + strings.Repeat("A<", 10_000), nil},
		{"nested comments", strings.Repeat("/*", 100_000), nil},
		{"raw strings", "[" + strings.Repeat(`r#"a"#, `, 10_000) + "]", nil},
		{"unterminated raw strings", strings.Repeat(`r#"`, 100_000), nil},
		{"NUL", strings.Repeat("\x00", 10_000), nil},
		{"invalid UTF-8", strings.Repeat("\xff", 10_000), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tree, err := ParseTree([]byte(test.src), source.Span{End: uint32(len(test.src))})
			if !errors.Is(err, test.want) {
				t.Fatalf("got error %v, want %v", err, test.want)
			}
			if err == nil {
				checkTree(t, tree, source.Span{End: uint32(len(test.src))})
			}
			if after := treeText(parseWholeTree(t, "fn f();"), 0); after != "(source_file (function_signature_item name:identifier`f` parameters:parameters))" {
				t.Errorf("the next parse gives %s", after)
			}
		})
	}
}

func TestParseTreeConcurrently(t *testing.T) {
	want := treeText(parseWholeTree(t, treeFile), 0)
	var group sync.WaitGroup
	for range 32 {
		group.Go(func() {
			for range 20 {
				tree, err := ParseTree([]byte(treeFile), source.Span{End: uint32(len(treeFile))})
				if err != nil {
					t.Error(err)
					return
				}
				if got := treeText(tree, 0); got != want {
					t.Errorf("got %s", got)
					return
				}
			}
		})
	}
	group.Wait()
}

// C memory is invisible to the garbage collector: every tree must be closed at once.
func TestParseTreeKeepsMemoryFlat(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("resident memory is read from /proc/self/statm")
	}
	parse := func(times int) {
		for range times {
			parseWholeTree(t, treeFile)
		}
	}
	parse(1_000)
	runtime.GC()
	before := residentBytes(t)
	parse(10_000)
	runtime.GC()
	// A tree takes more than 40 kB here: leaked ones would be 400 MB.
	if grown := residentBytes(t) - before; grown > 32<<20 {
		t.Errorf("10,000 parses have grown the process by %d MiB", grown>>20)
	}
}

func residentBytes(t *testing.T) int {
	t.Helper()
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(statm))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

func TestChildrenDoNotAllocate(t *testing.T) {
	tree := parseWholeTree(t, treeFile)
	allocations := testing.AllocsPerRun(10, func() {
		for node := range int32(len(tree.Nodes)) {
			tree.Child(node, FieldBody)
			for child := range tree.Children(node) {
				if tree.Nodes[child].Kind == NodeError {
					t.Error("ERROR")
				}
			}
		}
	})
	if allocations != 0 {
		t.Errorf("%v allocations", allocations)
	}
}

// checkTree asserts what every Tree promises.
func checkTree(t *testing.T, tree *Tree, span source.Span) {
	t.Helper()
	if len(tree.Nodes) == 0 || int(tree.Nodes[0].Next) != len(tree.Nodes) {
		t.Fatalf("the root does not hold all nodes: %v", tree.Nodes)
	}
	hasError := false
	for i, node := range tree.Nodes {
		hasError = hasError || node.Has(ErrorNode) || node.Has(MissingNode)
		if node.Has(ErrorNode) != (node.Kind == NodeError) {
			t.Errorf("node %d is %v with flags %b", i, node.Kind, node.Flags)
		}
		if node.Kind.String() == "" {
			t.Errorf("node %d has symbol %d, which is no node's", i, uint16(node.Kind))
		}
		if node.Next <= int32(i) || int(node.Next) > len(tree.Nodes) {
			t.Fatalf("node %d ends at node %d", i, node.Next)
		}
		if node.Start > node.End || !span.Encloses(node.Span()) {
			t.Errorf("node %d covers %v, the fragment %v", i, node.Span(), span)
		}
		last := node.Start
		for child := range tree.Children(int32(i)) {
			c := tree.Nodes[child]
			if c.Next > node.Next {
				t.Fatalf("node %d ends at node %d, its child %d at %d", i, node.Next, child, c.Next)
			}
			if c.Start < last || c.End > node.End {
				t.Errorf("node %d (%v) covers %v, its child %d (%v) %v; the one before ends at %d", i, node.Kind, node.Span(), child, c.Kind, c.Span(), last)
			}
			last = c.End
		}
	}
	if hasError && !tree.HasError {
		t.Error("HasError is not set")
	}
}

func FuzzParseTree(f *testing.F) {
	for _, src := range []string{treeFile, "", "x", "x ; // y", "fn f(", `r#"`, "m!(a", "a /* b", "#[a]", "a\x00\xff", "{{{}", "if x"} {
		f.Add([]byte(src), uint32(0), uint32(len(src)))
	}
	f.Add([]byte(treeFile), uint32(100), uint32(300))
	f.Fuzz(func(t *testing.T, text []byte, start, end uint32) {
		tree, err := ParseTree(text, source.Span{Start: start, End: end})
		if err != nil {
			for _, limit := range []error{ErrTooLarge, ErrTooLong, ErrTooDeep, ErrTooHard} {
				if errors.Is(err, limit) {
					return
				}
			}
			t.Fatal(err)
		}
		end = min(end, uint32(len(text)))
		checkTree(t, tree, source.Span{Start: min(start, end), End: end})
		again, err := ParseTree(text, source.Span{Start: start, End: end})
		if err != nil || fmt.Sprint(again.Nodes) != fmt.Sprint(tree.Nodes) {
			t.Errorf("the second parse differs: %v", err)
		}
		for _, bare := range BareTypes(tree) {
			if !bare.Type.Encloses(bare.Path) || bare.Path.Empty() {
				t.Errorf("%+v", bare)
			}
		}
	})
}

func BenchmarkParseTree(b *testing.B) {
	text := []byte(treeFile)
	span := source.Span{End: uint32(len(text))}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseTree(text, span); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseTreeOfOneLine(b *testing.B) {
	text := []byte("async fn call(&self, request: &dyn Request) -> Result<T, Box<dyn Error + Send>>;")
	span := source.Span{End: uint32(len(text))}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseTree(text, span); err != nil {
			b.Fatal(err)
		}
	}
}
