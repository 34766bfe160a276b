package syntax

import "testing"

func TestStringValue(t *testing.T) {
	for literal, want := range map[string]string{
		`"a.rs"`:               "a.rs",
		`""`:                   "",
		`r"a\b.rs"`:            `a\b.rs`,
		`r#"a"b"#`:             `a"b`,
		`"a\\b"`:               `a\b`,
		`"\x61\u{e9}\u{1_f9}"`: "a\u00e9\u01f9",
		`"\"\'\n\t\r\0"`:       "\"'\n\t\r\x00",
		"\"a\\\n   b\"":        "ab",
		"\"a\r\nb\"":           "a\nb",
		` "a" `:                "a",
		`/* c */ "a"`:          "a",
	} {
		if got, ok := StringValue(literal); !ok || got != want {
			t.Errorf("StringValue(%s) = %q, %v, want %q", literal, got, ok, want)
		}
	}
	for _, literal := range []string{``, `a`, `b"a"`, `c"a"`, `'a'`, `1`, `"a`, `r#"a"`, `"a" "b"`, `concat!("a")`, `"\q"`, `"\x"`, `"\xff"`, `"\u{110000}"`, `"\u{61"`, `"a"suffix`, `r"a"suffix`} {
		if got, ok := StringValue(literal); ok {
			t.Errorf("StringValue(%s) = %q, want none", literal, got)
		}
	}
}
