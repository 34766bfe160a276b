package dyncompat_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/afidt-lsp/afidt-lsp/analysis/cargo"
	"github.com/afidt-lsp/afidt-lsp/analysis/survey"
	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// Each row is a trait object type and the code of rustc's error for it, first in a signature, then in a body; `ok` for none. The errors of types
// inside count too.
// E0107 is not ours to report: where rustc says that and nothing else, we say nothing.
const objectRows = `
dyn Static => E0038 E0038
dyn Static + Assoc => E0225 E0225
dyn Assoc => E0191 E0191
dyn Assoc<X = u8> => ok ok
dyn Both => E0191 E0038
dyn One => E0107 E0107
dyn One<u8> => E0038 E0038
dyn One<u8, u8> => E0107 E0107
dyn One<'static, u8> => E0107 E0107
dyn OneAssoc => E0107 E0107
dyn OneAssoc<X = u8> => E0107 E0107
dyn OneAssoc<u8> => E0191 E0191
dyn Default => E0038 E0038
dyn ToSelf => E0393 E0038
dyn ToSelf<u8> => E0038 E0038
dyn ToSelf<u8, u8> => E0107 E0107
dyn Long<'static> => E0107 E0107
dyn Long<'static, u8> => E0038 E0038
dyn Long<'static, 'static, u8> => E0107 E0107
dyn Number<3> => E0038 E0038
dyn Number => E0107 E0107
dyn Filled => E0038 E0038
dyn Filled<{ 1 + 1 }> => E0038 E0038
dyn OneAssoc<Box<dyn Assoc>> => E0191 E0191
dyn Short<Box<dyn Assoc>> => E0191 E0191
dyn OneAssoc<Box<dyn Assoc>> + Static => E0191,E0225 E0191,E0225
dyn Short<u8> => E0191 E0191
dyn Short<u8, X = u8> => ok ok
dyn Gat<Y<'static> = u8> => E0038 E0038
dyn Gat<Y = u8> => E0107 E0038,E0107
dyn Gat<Y<'static, 'static> = u8> => E0107 E0038,E0107
`

const objectTraits = `#![allow(warnings)]
#![feature(trait_alias)]
trait Static { fn f(); }
trait Assoc { type X; }
trait Both { type X; fn f(); }
trait One<A> { fn f(); }
trait OneAssoc<A> { type X; }
trait ToSelf<A = Self> { fn f(); }
trait Long<'a, A> { fn f(); }
trait Number<const N: usize> { fn f(); }
trait Filled<const N: usize = 3> { fn f(); }
trait Short<A> = OneAssoc<A>;
trait Gat { type Y<'a>; }
`

// Rows with consts that are named as types are (min_generic_const_args).
const constRows = `
dyn Bound<N = 2> => ok ok
dyn Bound => E0191 E0191
dyn OfSelf => E0038 E0038
dyn ToSelf => E0393 E0393
dyn ToSelf<3> => ok ok
`

const constTraits = `#![allow(warnings)]
#![feature(min_generic_const_args, adt_const_params, generic_const_parameter_types, unsized_const_params)]
trait Bound { type const N: usize; fn f(&self, _: [u8; Self::N]) -> [u8; { Self::N }]; }
trait OfSelf { type const K: <Self as Other>::Output; }
trait Other { type Output: std::marker::ConstParamTy_; }
impl<T: ?Sized> Other for T { type Output = (); }
impl<T: ?Sized> Bound for T { type const N: usize = 1; fn f(&self, x: [u8; Self::N]) -> [u8; Self::N] { x } }
trait ToSelf<const N: usize = { <Self as Bound>::N }> {}
`

// TestObjects holds our errors and rustc's against the rows.
func TestObjects(t *testing.T) {
	t.Run("types", func(t *testing.T) { testObjects(t, objectTraits, objectRows) })
	t.Run("consts", func(t *testing.T) { testObjects(t, constTraits, constRows) })
}

func testObjects(t *testing.T, traits, rows string) {
	t.Helper()
	text, want := traits, map[int]string{} // by line
	for row := range strings.Lines(strings.TrimSpace(rows)) {
		object, codes, _ := strings.Cut(strings.TrimSpace(row), " => ")
		for i, code := range strings.Fields(codes) {
			form := [...]string{"fn f%d(_: &(%s)) {}\n", "fn f%d() { let _: *const (%s); }\n"}[i]
			want[1+strings.Count(text, "\n")] = code
			text += fmt.Sprintf(form, len(want), object)
		}
	}
	path := filepath.Join(t.TempDir(), "objects.rs")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	snapshot, err := workspace.Load(path, workspace.Options{Cargo: cargo.Options{Edition: 2024}})
	if err != nil {
		t.Fatal(err)
	}
	ours := map[int][]string{}
	for _, m := range survey.Make(snapshot, 1).Mentions {
		line := m.File.Position(m.Span.Start).Line
		ours[line] = append(ours[line], m.Errors...)
	}
	theirs := objectErrors(t, path)
	lines := strings.Split(text, "\n")
	for line, code := range want {
		expected := strings.Split(code, ",")
		slices.Sort(ours[line])
		slices.Sort(theirs[line])
		if code == "ok" {
			expected = nil
		}
		if theirs != nil && !slices.Equal(theirs[line], expected) {
			t.Errorf("rustc says %v, want %v, of\n%s", theirs[line], expected, lines[line-1])
		}
		expected = slices.DeleteFunc(expected, func(code string) bool { return code == "E0107" })
		if !slices.Equal(ours[line], expected) {
			t.Errorf("got %v, want %v, of\n%s", ours[line], expected, lines[line-1])
		}
	}
}

// objectErrors are the codes of rustc's errors by line; nil if there is no rustc.
func objectErrors(t *testing.T, path string) map[int][]string {
	t.Helper()
	if _, err := exec.LookPath("rustc"); err != nil {
		return nil
	}
	cmd := exec.Command("rustc", "--crate-type", "lib", "--edition", "2024", "--emit", "metadata", "--error-format", "json", filepath.Base(path))
	cmd.Dir = filepath.Dir(path)
	cmd.Env = append(os.Environ(), "RUSTC_BOOTSTRAP=1") // for the unstable features
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if cmd.Run() == nil {
		t.Fatal("rustc accepts all rows")
	}
	out := map[int][]string{}
	for line := range strings.Lines(stderr.String()) {
		var d diagnostic
		if json.Unmarshal([]byte(line), &d) != nil || d.Code == nil {
			continue
		}
		for _, s := range d.Spans {
			if s.Primary {
				out[s.Line] = append(out[s.Line], d.Code.Code)
			}
		}
	}
	return out
}
