package syntax

import (
	"fmt"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// bodyOf parses the body of the first function of a source.
func bodyOf(t testing.TB, src string) (*File, *Body) {
	t.Helper()
	f := Scan([]byte(src), 2024)
	for i := range f.Items {
		if f.Items[i].Kind == KindFn {
			return f, ParseBody(f, int32(i), 2024, nil, Macros{})
		}
	}
	t.Fatalf("no function in %q", src)
	return nil, nil
}

// sexp writes an expression with its structure: what is parsed is read off at one glance.
func sexp(f *File, e *Expr) string {
	if e == nil {
		return "-"
	}
	text := string(e.Span.Of(f.Text))
	switch e.Kind {
	case ExprPath:
		if e.Local != nil {
			return e.Local.Name + "@" + fmt.Sprint(e.Local.Span.Start)
		}
		return text
	case ExprLit:
		return text
	case ExprMethod:
		return "(." + e.Name + " " + sexp(f, e.X) + args(f, e.Args) + ")"
	case ExprCall:
		return "(call " + sexp(f, e.X) + args(f, e.Args) + ")"
	case ExprField:
		return "(field " + sexp(f, e.X) + " " + e.Name + ")"
	case ExprAwait:
		return "(await " + sexp(f, e.X) + ")"
	case ExprTry:
		return "(try " + sexp(f, e.X) + ")"
	case ExprBox:
		return "(box " + sexp(f, e.X) + ")"
	case ExprRef:
		return "(& " + sexp(f, e.X) + ")"
	case ExprDeref:
		return "(* " + sexp(f, e.X) + ")"
	case ExprUnary:
		return "(not " + sexp(f, e.X) + ")"
	case ExprBinary:
		return "(" + string(e.Op) + " " + sexp(f, e.X) + " " + sexp(f, e.Y) + ")"
	case ExprAssign:
		return "(= " + sexp(f, e.X) + " " + sexp(f, e.Y) + ")"
	case ExprRange:
		return "(.. " + sexp(f, e.X) + " " + sexp(f, e.Y) + ")"
	case ExprCast:
		return "(as " + sexp(f, e.X) + " " + string(e.Type.Span.Of(f.Text)) + ")"
	case ExprParen:
		return sexp(f, e.X)
	case ExprIndex:
		return "(index " + sexp(f, e.X) + " " + sexp(f, e.Y) + ")"
	case ExprStruct:
		return "(struct" + args(f, e.Args) + ")"
	case ExprTuple:
		return "(tuple" + args(f, e.Args) + ")"
	case ExprArray:
		return "(array" + args(f, e.Args) + ")"
	case ExprMacro:
		return "(macro" + args(f, e.Args) + ")"
	case ExprClosure:
		return "(closure " + sexp(f, e.Y) + ")"
	case ExprIf:
		return "(if " + sexp(f, e.X) + " " + sexp(f, e.Y) + " " + sexp(f, e.Z) + ")"
	case ExprLet:
		return "(let " + sexp(f, e.X) + ")"
	case ExprBlock, ExprAsync:
		return "{" + sexp(f, e.Tail) + "}"
	case ExprMatch:
		out := "(match " + sexp(f, e.X)
		for i := range e.Arms {
			out += " " + sexp(f, e.Arms[i].Body)
		}
		return out + ")"
	}
	return fmt.Sprintf("kind%d", e.Kind)
}

func args(f *File, list []*Expr) string {
	out := ""
	for _, a := range list {
		out += " " + sexp(f, a)
	}
	return out
}

func TestExpressions(t *testing.T) {
	tests := []struct{ src, want string }{
		{"a.b(c)?.d.await", "(await (field (try (.b a c)) d))"},
		{"a.b::<C<D>>(e)", "(.b a e)"},
		{"a < b && !c || *d == &e", "(o (a (= a b) (not c)) (= (* d) (& e)))"},
		{"a + b * c << d", "(l (+ a (* b c)) d)"},
		{"a = b = c", "(= a (= b c))"},
		{"x as u8 as usize + 1", "(+ (as (as x u8) usize) 1)"},
		{"&mut a.b[1..]", "(& (index (field a b) (.. 1 -)))"},
		{"S { a, b: c.d(), ..e }", "(struct a (.d c))"},
		{"if x == (S {}) { a } else if let Some(y) = z { y } else { b }", "(if (= x (struct)) {a} (if (let z) {y@45} {b}))"},
		{"match a { B { c, .. } | D(c) if c => c, _ => e.f() }", "(match a c@33 (.f e))"},
		{"|a, b: u8| a.c(b)", "(closure (.c a@8 b@11))"},
		{"move || async move { a }", "(closure {a})"},
		{"t.0.1.await", "(await (field (field t 0) 1))"},
		{"a.box.await", "(await (box a))"},
		{"format!(\"{}\", a.b(), c = d)", "(macro \"{}\" (.b a) d)"},
		{"unsafe { a }.b()", "(.b {a})"},
		{"<T as U>::f(a)", "(call <T as U>::f a)"},
		{"(a, b.c,)", "(tuple a (field b c))"},
		{"[a, b.c()]", "(array a (.c b))"},
		{"a..=b", "(.. a b)"},
		{"return_it.a()", "(.a return_it)"},
		{"f(|| a, b)", "(call f (closure a) b)"},
		{"a as *const T", "(as a *const T)"},
		{"1.0.max(2.0)", "(.max 1.0 2.0)"},
		{"loop {}.a()", "(.a kind28)"},
	}
	for _, test := range tests {
		f, b := bodyOf(t, "fn f(){"+test.src+"}")
		if got := "{" + test.want + "}"; got != sexp(f, b.Root) {
			t.Errorf("%s\n got %s\nwant %s", test.src, sexp(f, b.Root), got)
		}
	}
}

// A name means the innermost variable in scope, by the place of its declaration.
func TestScopes(t *testing.T) {
	src := "fn f(x: u8) { let y = x; { let x = y; g(x); } if let Some(x) = x { g(x) } else { g(x) } let x = x; g(x); for x in x { g(x) } g(x); match x { x if x => g(x), _ => g(x) } fn h() { g(x) } }"
	f, b := bodyOf(t, src)
	var got []string
	for _, c := range b.Calls {
		if string(c.X.Span.Of(f.Text)) == "g" {
			got = append(got, fmt.Sprint(c.Args[0].Local.Span.Start))
		}
	}
	param, inner, some, second, loop, arm := 5, 31, 58, 92, 109, 141
	want := strings.Fields(fmt.Sprint(inner, some, param, second, loop, second, arm, second))
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got %v, want %v", got, want)
	}
}

// What an unmet #[cfg] leaves out binds no name.
func TestScopesWithCfg(t *testing.T) {
	src := "fn f(x: u8) { #[cfg(no)] let x = 1; g(x) }"
	f := Scan([]byte(src), 2024)
	b := ParseBody(f, 0, 2024, func(attrs []source.Span) bool { return false }, Macros{})
	if got := b.Calls[0].Args[0].Local.Root.Kind; got != RootParam {
		t.Errorf("x is of root %d, want the parameter", got)
	}
}

// Text of any depth and length is read without overflow and in time that grows with its length.
func TestBodyLimits(t *testing.T) {
	deep := 20_000
	for _, part := range []string{"(", "[", "{", "!", "&", "*", "|a| ", "a.b(", "if a {", "match a { _ => ", "a = ", "let Some(", "x.y.", "-", "f(|", "return ", "move ", "..", "a::<", "<", "#[a]", "'a: ", "if a {} else "} {
		f := Scan([]byte("fn f() { "+strings.Repeat(part, deep)), 2024)
		for i := range f.Items {
			if f.Items[i].Kind == KindFn {
				ParseBody(f, int32(i), 2024, nil, Macros{})
			}
		}
	}
}

func FuzzParseBody(f *testing.F) {
	for _, seed := range []string{
		"a.b(c)?.await", "if let Some(x) = y && z { x } else { w }", "match a { B { c, .. } | D(c) if c => c, _ => e.f() }",
		"tokio::select! { x = a => b, else => c }", "let Some(x) = y else { return }; x", "|a, (b, c): D| -> E { a }", "S { a, ..b }", "format!(\"{x}\", x = a.b())",
		"a.\n// c\nb()", "#[cfg(x)] { a } b", "&raw const a", "x.0.1", "'a: loop { break 'a b }", "vec![a; b]", "<T>::f::<U>(a)",
	} {
		f.Add("fn f(a: u8, (b, c): D) { " + seed + " }")
	}
	f.Fuzz(func(t *testing.T, src string) {
		file := Scan([]byte(src), 2021)
		for i := range file.Items {
			switch file.Items[i].Kind {
			case KindFn, KindConst, KindStatic:
			default:
				continue
			}
			b := ParseBody(file, int32(i), 2021, func(attrs []source.Span) bool { return len(attrs)%2 == 0 }, Macros{
				Evaluates: func(_ *Path, args, part source.Span) bool { return (args.Len()+part.Len())%3 > 0 },
				Rebinds:   func(_ *Path, args, name source.Span) Rebinding { return Rebinding((args.Len() + name.Len()) % 4) },
			})
			if b == nil {
				continue
			}
			for _, c := range b.Calls {
				if c.Span.End > uint32(len(src)) || c.Span.Start > c.Span.End || !(c.Span.Start <= c.X.Span.Start && c.X.Span.End <= c.Span.End) {
					t.Fatalf("call at %v around %v in %d bytes", c.Span, c.X.Span, len(src))
				}
				for at, n := c, 0; at != nil; at, n = at.Parent, n+1 {
					if n > 1<<20 {
						t.Fatal("parents go round in a circle")
					}
				}
			}
		}
	})
}
