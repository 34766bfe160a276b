package syntax

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// markBareTypes puts ⟦ ⟧ around each bare type, ⟪ ⟫ around a sum, and · around the path where it is not the whole type.
func markBareTypes(text string, types []BareType) string {
	type mark struct {
		span        source.Span
		open, close string
	}
	var marks []mark
	for _, bare := range types {
		m := mark{bare.Type, "⟦", "⟧"}
		if bare.Sum {
			m.open, m.close = "⟪", "⟫"
		}
		marks = append(marks, m)
		if bare.Path != bare.Type {
			marks = append(marks, mark{bare.Path, "·", "·"})
		}
	}
	slices.SortStableFunc(marks, func(a, b mark) int {
		return cmp.Or(cmp.Compare(a.span.Start, b.span.Start), cmp.Compare(b.span.End, a.span.End))
	})
	var b strings.Builder
	var open []mark
	for at := range uint32(len(text) + 1) {
		for len(open) > 0 && open[len(open)-1].span.End == at {
			b.WriteString(open[len(open)-1].close)
			open = open[:len(open)-1]
		}
		for len(marks) > 0 && marks[0].span.Start == at {
			b.WriteString(marks[0].open)
			open = append(open, marks[0])
			marks = marks[1:]
		}
		if int(at) < len(text) {
			b.WriteByte(text[at])
		}
	}
	return b.String()
}

func TestBareTypes(t *testing.T) {
	tests := []struct{ name, marked string }{
		{"let", "let a: ⟦A⟧ = b;"},
		{"path", "let a: ⟦::a::A⟧; let b: ⟦crate::A⟧; let c: ⟦self::b::A⟧; let d: ⟦$crate::A⟧;"},
		{"generic", "let a: ⟦·Box·<⟦A⟧>⟧; let b: ⟦·a::A·<⟦B⟧, 'c, 3>⟧;"},
		{"generic in the middle of a path", "let a: ⟦A::B<⟦C⟧>::D⟧;"},
		{"binding", "let a: ⟦·A·<Item = ⟦B⟧, C<⟦D⟧> = ⟦E⟧>⟧;"},
		{"constraint", "let a: ⟦·A·<Item: B<⟦C⟧>, D /* d */ : E>⟧;"},
		{"constructors", "let a: (&'a ⟦A⟧, *const ⟦B⟧, [⟦C⟧; N], [⟦D⟧], (⟦E⟧));"},
		{"cast", "x as ⟦A⟧ + y as &mut ⟦B⟧"},
		{"turbofish", "f::<⟦A⟧>(x.g::<⟦·B·<⟦C⟧>⟧>(), Vec::<⟦D⟧>::new())"},
		{"qualified self", "<⟦A⟧>::f(<&⟦B⟧>::g)"},
		{"self type of a trait's path", "<⟦A⟧ as B<⟦C⟧>>::f()"},
		{"associated type", "let a: <⟦A⟧ as B>::C; let b: <⟦A⟧>::C;"},
		{"Self", "fn f(self: Self, a: Self::Item, b: &Self);"},
		{"closure", "|a: ⟦A⟧, &b: &⟦B⟧| -> ⟦C⟧ { a }"},
		{"fn", "fn f<T: A<⟦B⟧>, const N: ⟦C⟧>(self: ⟦D⟧, e: &⟦E⟧) -> ⟦F⟧ where ⟦T⟧: G<⟦H⟧>, for<'a> ⟦·I·<'a>⟧: J, &'b ⟦K⟧: L {}"},
		{"unnamed parameter", "fn f(⟦A⟧, &⟦B⟧);"},
		{"fn pointer", "let a: extern \"C\" fn(⟦A⟧, b: ⟦B⟧) -> ⟦C⟧;"},
		{"impl", "impl<T: A> B<⟦C⟧> for ⟦·D·<⟦T⟧>⟧ {}"},
		{"inherent impl", "impl ⟦A⟧ {}"},
		{"negative impl", "impl !A for ⟦B⟧ {}"},
		{"trait", "trait A<T = ⟦B⟧>: C<⟦D⟧> + E { type F: G; const H: ⟦I⟧; }"},
		{"alias", "type A<T> = ⟦B⟧;"},
		{"data", "struct A(⟦B⟧, pub ⟦C⟧);"},
		{"fields", "union A { b: ⟦B⟧ }"},
		{"variants", "enum A { B(⟦C⟧), D { e: ⟦E⟧ }, F = G::H }"},
		{"values", "static A: ⟦B⟧ = C;"},
		{"const", "const A: &⟦B⟧ = &C;"},
		{"extern", "extern \"C\" { fn f(a: ⟦A⟧) -> ⟦B⟧; static C: ⟦D⟧; }"},

		{"Fn", "let a: ⟦·Box·<⟦·Fn·(⟦A⟧) -> ⟦B⟧⟧>⟧; let b: ⟦·a::Fn·()⟧; let c: &⟦for<'a> ·Fn·(&'a ⟦A⟧)⟧;"},
		{"sum", "let a: ⟦·Box·<⟪·A· + Send + 'a⟫>⟧;"},
		{"generic sum", "let a: &(⟪·a::A·<⟦B⟧> + C<⟦D⟧>⟫);"},
		{"sum after a lifetime", "let a: ⟦·Box·<⟪'a + ·A·⟫>⟧;"},
		{"sum after ?Sized", "let a: ⟦·Box·<⟪?Sized + ·A· + B⟫>⟧;"},
		{"sum of Fn", "let a: ⟦·Box·<⟪·Fn·(⟦A⟧) -> ⟦B⟧ + Send⟫>⟧;"},
		{"sum with parentheses", "let a: ⟦·Box·<⟪(·A·) + Send⟫>⟧;"},
		{"sum in an impl", "impl A for ⟪·B· + Send⟫ {}"},

		{"dyn", "let a: &dyn A; let b: ⟦·Box·<dyn A<⟦B⟧> + C<⟦D⟧>>⟧; let c: &(dyn (A) + B); let d: dyn for<'a> A<'a>;"},
		{"impl Trait", "fn f(a: impl A<⟦B⟧> + C) -> impl Fn(⟦D⟧) -> ⟦E⟧ + F {}"},
		{"bounds", "fn f<T: (A) + ?B + for<'a> C<'a>>() where ⟦T⟧: D + (E) {}"},
		{"paths of expressions", "A::f(B::C, A::<⟦D⟧>::g, a::b::h())"},
		{"use", "use a::{A, b::B as C};"},
		{"struct literal", "A { b: c::B { d } }"},
		{"patterns", "match a { A(b) => A { b }, a::B { c, .. } => C, &D | E..=F => {} }"},
		{"macros", "a::A!(B as C); let a: B![C];"},
		{"attribute", "#[a(A)] fn f() {}"},
		{"primitives", "let a: (u8, &str, !, _) = 1;"},
		{"const argument", "let a: ⟦·A·<{ B::C }, -1>⟧;"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			src := strings.NewReplacer("⟦", "", "⟧", "", "⟪", "", "⟫", "", "·", "").Replace(test.marked)
			tree := parseWholeTree(t, src)
			if got := markBareTypes(src, BareTypes(tree)); got != test.marked {
				t.Errorf("\ngot  %s\nwant %s\ntree %s", got, test.marked, treeText(tree, 0))
			}
		})
	}
}

// What the grammar cannot place is not taken for a type, what stands around it is.
func TestBareTypesAroundErrors(t *testing.T) {
	src := "fn f(a: A) { match x { &B => 1, C => 2 3 } let d: D; }"
	got := markBareTypes(src, BareTypes(parseWholeTree(t, src)))
	if want := "fn f(a: ⟦A⟧) { match x { &B => 1, C => 2 3 } let d: ⟦D⟧; }"; got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
}
