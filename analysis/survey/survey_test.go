package survey

import (
	"slices"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/dyncompat"
	"github.com/afidt-lsp/afidt-lsp/analysis/resolve"
	"github.com/afidt-lsp/afidt-lsp/analysis/types"
)

// TestPanic: what panics is a failure of its file and leaves its answer unknown; the rest, and the call, end well.
func TestPanic(t *testing.T) {
	s := load(t, "trait A { fn f(); }\ntrait B {}\nfn f(_: &dyn A, _: &dyn B) {}\n")
	for _, threads := range []int{1, 4} {
		got := survey(s, &dyncompat.Judge{}, threads) // without types every question panics
		if len(got.Traits) != 2 || len(got.Mentions) != 2 {
			t.Fatalf("%d traits and %d mentions, want 2 and 2", len(got.Traits), len(got.Mentions))
		}
		for i := range got.Traits {
			if c, why := got.Traits[i].Compatible(); c != types.Maybe || why != resolve.Limit {
				t.Errorf("%s is %v, %s", got.Traits[i].Def.ItemName(), c, why)
			}
		}
		for _, m := range got.Mentions {
			if m.Compatible != types.Maybe || m.Why != resolve.Limit || m.Errors != nil {
				t.Errorf("%s is %v, %s, %v", m.Span.Of(m.File.Text), m.Compatible, m.Why, m.Errors)
			}
		}
		if len(got.Failures) != 4 || got.Failures[0].File != s.Files[0] || !strings.Contains(got.Failures[0].Message, "internal error") {
			t.Errorf("failures: %v", got.Failures)
		}
	}
}

// TestUses: what is not compiled as it stands counts as a mention, not as a use that makes a method worth a warning.
func TestUses(t *testing.T) {
	s := load(t, `
trait T { fn f(); }
fn f(_: &dyn T) {}
#[cfg(any())] fn g(_: &dyn T) {}
macro_rules! m { () => { fn h(_: &dyn T) {} } }
`)
	got := Make(s, 1).Traits[0]
	if got.Uses != 3 || got.Compiled != 1 {
		t.Errorf("%d uses, %d compiled; want 3 and 1", got.Uses, got.Compiled)
	}
}

// TestExpressionMacros: which macros pass their arguments on is known by name, unless something hides the name.
func TestExpressionMacros(t *testing.T) {
	tests := []struct {
		head, call string
		want       Silence
	}{
		{"", "std::pin::pin!(None::<&dyn Bad>)", Loud},
		{"use std::pin::pin;", "pin!(None::<&dyn Bad>)", Loud},
		{"use ::tokio::pin;", "pin!(None::<&dyn Bad>)", Loud},
		{"", "tokio :: pin ! (None::<&dyn Bad>)", Loud},
		{"", "mine::pin!(None::<&dyn Bad>)", InMacroArgs},
		{"use crate::pin;", "pin!(None::<&dyn Bad>)", InMacroArgs},
		{"use mine::my_pin as pin;", "pin!(None::<&dyn Bad>)", InMacroArgs},
		{"macro_rules! pin { ($($t:tt)*) => { other!($($t)*) } }", "pin!(None::<&dyn Bad>)", InMacroArgs},
		{"mod deep { macro_rules! pin { ($($t:tt)*) => {} } pub(crate) use pin; }", "pin!(None::<&dyn Bad>)", InMacroArgs},
		{"", "vec![None::<&dyn Bad>]", Loud},
		{"", "unknown!(None::<&dyn Bad>)", InMacroArgs},
		{"", "unknown!(vec![None::<&dyn Bad>])", InMacroArgs},
		{"", "vec![unknown!(None::<&dyn Bad>)]", InMacroArgs},
	}
	for _, test := range tests {
		text := test.head + "\ntrait Bad { fn f(); }\nfn f() { let _ = " + test.call + "; }\n"
		all := Make(load(t, text), 1)
		i := slices.IndexFunc(all.Mentions, func(m Mention) bool { return len(m.Errors) > 0 })
		if i < 0 {
			t.Errorf("%s %s: nothing is found", test.head, test.call)
			continue
		}
		if got := all.Mentions[i].Silence; got != test.want {
			t.Errorf("%s %s: silence %d, want %d", test.head, test.call, got, test.want)
		}
	}
}
