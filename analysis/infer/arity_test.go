package infer

import "testing"

func TestArgumentsAt(t *testing.T) {
	for _, row := range []struct {
		text        string
		least, most uint8
	}{
		{"()", 0, 0},
		{"( /* a, b */ // c,\n)", 0, 0},
		{"(a)", 1, 1},
		{"(a,)", 1, 1},
		{"(a, b)", 2, 2},
		{"((a, b), [c, d], { e(f, g) })", 3, 3},
		{`("a, b)", 'c', b',', '\'', '"', "\",")`, 6, 6},
		{`(r#"a", "b"#, br"c,", c"d,", r"\")`, 4, 4},
		{"(break 'a, 'é', '\\u{2c}')", 3, 3},
		{"(r#type, bar, r)", 3, 3},
		{"(|a, b| a + b)", 1, 2},
		{"(Vec::<A, B>::new(), c)", 1, 3},
		{"(#[cfg(a)] a, b)", 0, 2},
		{"(a, b", 2, manyArguments},
		{`(a, "b`, 2, manyArguments},
		{"(", 0, manyArguments},
	} {
		if got, want := argumentsAt([]byte(row.text), 0), (arity{row.least, row.most}); got != want {
			t.Errorf("%s: got %v, want %v", row.text, got, want)
		}
	}
}
