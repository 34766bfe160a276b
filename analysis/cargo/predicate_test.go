package cargo

import (
	"strings"
	"testing"
)

func TestPredicate(t *testing.T) {
	set := &CfgSet{
		platform: platformOf("x86_64-unknown-linux-gnu"),
		extra:    map[cfgOption]struct{}{{name: "test"}: {}, {"backend", "x", true}: {}},
		features: map[string]struct{}{"std": {}},
		script:   buildScriptCfg{maybe: map[cfgOption]struct{}{{name: "probed"}: {}}},
	}
	for _, test := range []struct {
		text string
		want Truth
	}{
		{"unix", True},
		{"windows", False},
		{`feature = "std"`, True},
		{`feature="nightly"`, False},
		{`target_os = "linux"`, True},
		{`target_has_atomic = "64"`, True},
		{`target_env = ""`, False},
		{`panic = "unwind"`, True},
		{"debug_assertions", True},
		{"test", True},
		{`backend = "x"`, True},
		{"backend", False},
		{"true", True},
		{"false", False},
		{"r#true", False},
		{"all()", True},
		{"any()", False},
		{"not(any())", True},
		{"all(unix, not(windows),)", True},
		{`any(windows, all(unix, feature = r#"std"#))`, True},
		{"all(unix, // a comment\n /* and /* another */ */ test)", True},
		{`target(os = "linux", arch = "x86_64")`, True},
		{`version("1.80")`, Unknown},
		{"accessible(std::mem::forget)", Unknown},
		{"probed", Unknown},
		{`probed = "yes"`, Unknown},
		{"not(probed)", Unknown},
		{"any(unix, probed)", True},
		{"any(windows, probed)", Unknown},
		{"all(windows, probed)", False},
		{"all(unix, probed)", Unknown},
		{"all(unix),", True},
	} {
		predicate, err := ParsePredicate(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if got := predicate.Eval(set); got != test.want {
			t.Errorf("%s: %v, want %v", test.text, got, test.want)
		}
	}
}

func TestPredicateErrors(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", "expected an option, found the end"},
		{"unix windows", "expected the end, found 'w'"},
		{"all(unix", "expected `,` or `)`, found the end"},
		{"not()", "`not` takes one predicate, not 0"},
		{"not(a, b)", "`not` takes one predicate, not 2"},
		{"feature = std", "expected a string, found 's'"},
		{`feature = "std`, "expected a string, found '\"'"},
		{"maybe(unix)", "`maybe` is no predicate: expected all, any or not"},
		{strings.Repeat("not(", 1000) + strings.Repeat(")", 1000), "it is nested more than 128 deep"},
	} {
		_, err := ParsePredicate(test.text)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", abridged(test.text), err, test.want)
		}
	}
}

// Whatever is read can be written and read again, and means the same.
func FuzzPredicate(f *testing.F) {
	for _, seed := range []string{"unix", `all(unix, not(feature = "x"))`, `any(target_os = r#"linux"#, version("1.2"),)`, "not(r#true)", "target(os = \"a\")", "all(", "\"", "r#", "/*"} {
		f.Add(seed)
	}
	set := &CfgSet{platform: platformOf("x86_64-unknown-linux-gnu")}
	f.Fuzz(func(t *testing.T, text string) {
		predicate, err := ParsePredicate(text)
		if err != nil {
			return
		}
		want := predicate.Eval(set)
		if predicate.mentions(opUnknown) || strings.ContainsAny(text, `\#`) {
			return // not written as they were read
		}
		again, err := ParsePredicate(predicate.String())
		if err != nil {
			t.Fatalf("%q is written %q: %v", text, predicate.String(), err)
		}
		if got := again.Eval(set); got != want {
			t.Fatalf("%q is %v, written %q it is %v", text, want, predicate.String(), got)
		}
	})
}

func (p Predicate) mentions(op predicateOp) bool {
	if p.op == op {
		return true
	}
	for _, arg := range p.args {
		if arg.mentions(op) {
			return true
		}
	}
	return false
}
