package server

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

const counter = `pub trait Counter {
    async fn get(&self) -> usize;
}
pub fn show(_: &dyn Counter) {}
`

// eager are the capabilities of a client that wants edits with the actions, and knows document changes.
const eager = `{
	"workspace": {"workspaceEdit": {"documentChanges": true}},
	"textDocument": {"codeAction": {"codeActionLiteralSupport": {}, "isPreferredSupport": true}}
}`

// actions are the code actions at a line and a column, for these kinds and diagnostics.
func (e *fakeEditor) actions(uri string, line, column int, only []string, diagnostics ...any) []codeAction {
	e.t.Helper()
	at := map[string]int{"line": line, "character": column}
	var out []codeAction
	result := e.call("textDocument/codeAction", map[string]any{
		"textDocument": documentID(uri), "range": map[string]any{"start": at, "end": at},
		"context": map[string]any{"diagnostics": slices.Concat([]any{}, diagnostics), "only": only},
	})
	if err := json.Unmarshal(result, &out); err != nil {
		e.t.Fatalf("%s: %v", result, err)
	}
	return out
}

func kinds(actions []codeAction) []string {
	var out []string
	for _, a := range actions {
		if !slices.Contains(out, a.Kind) {
			out = append(out, a.Kind)
		}
	}
	slices.Sort(out)
	return out
}

// TestActionsEverywhere asks at the trait, the method and the dyn type.
func TestActionsEverywhere(t *testing.T) {
	root := crate(t, "src/lib.rs", counter)
	e := start(t, eager, root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, counter)
	for _, place := range []struct {
		name         string
		line, column int
	}{{"the trait's name", 0, 12}, {"the method's name", 1, 14}, {"before the dyn", 3, 16}, {"behind the dyn type", 3, 27}} {
		actions := e.actions(uri, place.line, place.column, nil)
		if len(actions) == 0 {
			t.Errorf("at %s there is no action", place.name)
		}
		preferred := 0
		for _, a := range actions {
			if a.IsPreferred {
				preferred++
			}
			if a.Edit == nil || a.Data != nil {
				t.Errorf("at %s, %s has no edit, though the client cannot ask for it", place.name, a.Title)
			}
		}
		if preferred > 1 {
			t.Errorf("at %s %d actions are preferred", place.name, preferred)
		}
	}
	if actions := e.actions(uri, 4, 0, nil); len(actions) > 0 {
		t.Errorf("where nothing is wrong there is %s", actions[0].Title)
	}
}

// TestOnly filters by kind, as the hierarchy of kinds has it.
func TestOnly(t *testing.T) {
	root := crate(t, "src/lib.rs", counter)
	e := start(t, eager, root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, counter)
	all := kinds(e.actions(uri, 1, 14, nil))
	for _, test := range []struct {
		only []string
		want func(kind string) bool
	}{
		{[]string{""}, func(k string) bool { return !strings.HasPrefix(k, "source.") }},
		{[]string{"quickfix"}, func(k string) bool { return k == "quickfix" }},
		{[]string{"refactor"}, func(k string) bool { return strings.HasPrefix(k, "refactor.") }},
		{[]string{"refac"}, func(string) bool { return false }},
		{[]string{"source.organizeImports"}, func(string) bool { return false }},
	} {
		want := slices.DeleteFunc(slices.Clone(all), func(k string) bool { return !test.want(k) })
		if got := kinds(e.actions(uri, 1, 14, test.only)); !slices.Equal(got, want) {
			t.Errorf("only %q: kinds %q, want %q", test.only, got, want)
		}
	}
}

func TestWants(t *testing.T) {
	tests := []struct {
		only []string
		kind string
		want bool
	}{
		{nil, kindQuickFix, true},
		{nil, kindFixAll, false},
		{[]string{""}, kindFixAll, false},
		{[]string{"source"}, kindFixAll, true},
		{[]string{"source.fixAll"}, kindFixAll, true},
		{[]string{"source.fixAll.afidt"}, kindFixAll, true},
		{[]string{"source.fixAll.other"}, kindFixAll, false},
		{[]string{"refactor"}, kindRewrite, true},
		{[]string{"refactor.rew"}, kindRewrite, false},
		{[]string{"quickfix"}, kindRewrite, false},
	}
	for _, test := range tests {
		if got := wants(test.only, test.kind); got != test.want {
			t.Errorf("only %q, kind %s: %v, want %v", test.only, test.kind, got, test.want)
		}
	}
}

// TestResolve lists actions without edits and asks for one, which has the document's version; when the document has changed the
// answer is that.
func TestResolve(t *testing.T) {
	root := crate(t, "src/lib.rs", counter)
	e := start(t, modern, root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, counter)
	actions := e.actions(uri, 1, 14, nil)
	if len(actions) == 0 {
		t.Fatal("no action")
	}
	for _, a := range actions {
		if a.Edit != nil || a.Data == nil {
			t.Fatalf("%s comes with an edit, though the client asks for it later", a.Title)
		}
		var resolved codeAction
		if err := json.Unmarshal(e.call("codeAction/resolve", a), &resolved); err != nil {
			t.Fatal(err)
		}
		if resolved.Edit == nil || len(resolved.Edit.DocumentChanges) == 0 {
			t.Errorf("%s resolves to no edit", a.Title)
			continue
		}
		if d := resolved.Edit.DocumentChanges[0].TextDocument; string(d.URI) != uri || d.Version == nil || *d.Version != 1 {
			t.Errorf("%s edits %+v, want version 1 of %s", a.Title, d, uri)
		}
	}
	e.replaceAll(uri, counter+"// changed\n")
	if code := e.fails("codeAction/resolve", actions[0]); code != -32801 {
		t.Errorf("of a document that has changed: error %d, want -32801", code)
	}
}

// TestVersionNull edits a file that is not open: its version must be null, not missing.
func TestVersionNull(t *testing.T) {
	lib := "mod a;\nuse a::Counter;\npub fn show(_: &dyn Counter) {}\n"
	root := crate(t, "src/lib.rs", lib, "src/a.rs", "pub trait Counter {\n    async fn get(&self) -> usize;\n}\n")
	e := start(t, eager, root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, lib)
	at := map[string]int{"line": 2, "character": 20}
	result := string(e.call("textDocument/codeAction", map[string]any{
		"textDocument": documentID(uri), "range": map[string]any{"start": at, "end": at}, "context": map[string]any{"diagnostics": []any{}},
	}))
	if !strings.Contains(result, fmt.Sprintf(`{"uri":%q,"version":null}`, fileURI(root, "src/a.rs"))) {
		t.Errorf("no edit of a.rs with version null among %s", result)
	}
}

// TestChanges is the form of edits for clients that know no document changes.
func TestChanges(t *testing.T) {
	root := crate(t, "src/lib.rs", counter)
	e := start(t, "{}", root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, counter)
	for _, a := range e.actions(uri, 1, 14, nil) {
		if a.Edit == nil || len(a.Edit.Changes) == 0 || a.Edit.DocumentChanges != nil {
			t.Errorf("%s has %+v, want changes", a.Title, a.Edit)
		}
	}
}

// TestForeignDiagnostics offers our fixes for what rustc found, as rust-analyzer, cargo's problem matcher and others hand it on: the code
// comes in several forms, and the source is anyone's. What has another code, or is not there, is not said to be cured.
func TestForeignDiagnostics(t *testing.T) {
	root := crate(t, "src/lib.rs", counter)
	e := start(t, eager, root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, counter)
	place := map[string]any{"start": map[string]int{"line": 3, "character": 16}, "end": map[string]int{"line": 3, "character": 27}}
	elsewhere := map[string]any{"start": map[string]int{"line": 1, "character": 14}, "end": map[string]int{"line": 1, "character": 17}}
	const index = "https://doc.rust-lang.org/error-index.html#E0038"
	cures := func(d map[string]any) bool {
		return slices.ContainsFunc(e.actions(uri, 3, 16, []string{"quickfix"}, d), func(a codeAction) bool {
			return len(a.Diagnostics) == 1 && strings.Contains(string(a.Diagnostics[0].raw), "by somebody")
		})
	}
	for _, source := range []any{"rustc", "rust-analyzer", "cargo", "", nil} {
		for name, code := range map[string]any{
			"a text": "E0038", "a link": map[string]string{"value": "E0038", "target": index},
			"an object with more": map[string]any{"value": "E0038", "target": map[string]any{"$mid": 1, "path": "/error-index.html"}, "explanation": nil},
		} {
			d := map[string]any{
				"range": place, "code": code, "source": source, "severity": 1, "message": "by somebody: the trait `Counter` is not dyn compatible",
				"codeDescription": map[string]string{"href": index}, "data": map[string]string{"rendered": "error[E0038]"},
				"relatedInformation": []any{map[string]any{"location": map[string]any{"uri": uri, "range": elsewhere}, "message": "..because method `get` is `async`"}},
			}
			if !cures(d) {
				t.Errorf("no action says that it cures what comes from %v, whose code is %s", source, name)
			}
		}
	}
	for name, code := range map[string]any{
		"another": "E0277", "none": nil, "a number": 38, "a link to another": map[string]string{"value": "E0277"}, "a number in a link": map[string]int{"value": 38},
	} {
		if cures(map[string]any{"range": place, "code": code, "source": "rustc", "message": "by somebody"}) {
			t.Errorf("an action says that it cures a diagnostic whose code is %s", name)
		}
	}
}

// TestForeignRecursion cures rustc's E0733 where rustc reports it: at the function's header.
func TestForeignRecursion(t *testing.T) {
	text := "pub async fn f(n: u32) -> u32 {\n    if n == 0 { 0 } else { f(n - 1).await }\n}\n"
	root := crate(t, "src/lib.rs", text)
	e := start(t, eager, root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, text)
	d := map[string]any{
		"range": map[string]any{"start": map[string]int{"line": 0, "character": 0}, "end": map[string]int{"line": 0, "character": 30}},
		"code":  map[string]string{"value": "E0733"}, "source": "rustc", "severity": 1, "message": "recursion in an async fn requires boxing",
	}
	for _, at := range [][2]int{{0, 0}, {0, 14}, {1, 30}, {1, 42}} {
		actions := e.actions(uri, at[0], at[1], []string{"quickfix"}, d)
		if len(actions) != 1 || !actions[0].IsPreferred || at[0] == 0 && len(actions[0].Diagnostics) != 1 || len(actions[0].Edit.DocumentChanges[0].Edits) != 2 {
			t.Errorf("at %v: %+v, want a box around the call", at, actions)
		}
	}
}

// TestForeignLifetimes cures rustc's E0195 of an impl without its trait's #[async_trait], where rustc reports it: behind the name.
func TestForeignLifetimes(t *testing.T) {
	text := "#[async_trait::async_trait]\npub trait T { async fn f(&self); }\nimpl T for u8 {\n    async fn f(&self) {}\n}\n"
	root := crate(t, "Cargo.toml", "[package]\nname = \"x\"\nedition = \"2021\"\n[dependencies]\nasync-trait = \"0.1\"\n", "src/lib.rs", text)
	e := start(t, eager, root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, text)
	at := map[string]int{"line": 3, "character": 14}
	actions := e.actions(uri, 3, 14, []string{"quickfix"}, map[string]any{
		"range": map[string]any{"start": at, "end": at}, "code": "E0195", "source": "rustc",
		"message": "lifetime parameters or bounds on method `f` do not match the trait declaration",
	})
	if len(actions) != 1 || len(actions[0].Diagnostics) != 1 || actions[0].Edit.DocumentChanges[0].Edits[0].NewText != "#[async_trait::async_trait]\n" {
		t.Errorf("actions %+v, want the attribute on the impl", actions)
	}
}

// TestFixAll applies what may be applied without asking.
func TestFixAll(t *testing.T) {
	text := "pub trait T {\n    fn f(&self);\n    fn g<A>(&self);\n}\npub fn h(_: &dyn T) {}\n"
	root := crate(t, "src/lib.rs", text)
	e := start(t, eager, root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, text)
	actions := e.actions(uri, 0, 0, []string{"source.fixAll"})
	if len(actions) != 1 {
		t.Fatalf("%d actions of the kind source.fixAll, want one: %+v", len(actions), actions)
	}
	if a := actions[0]; a.Kind != kindFixAll || a.Edit == nil {
		t.Errorf("%+v, want source.fixAll.afidt with an edit", a)
	}
	if actions := e.actions(uri, 0, 0, []string{"source.fixAll.other"}); len(actions) > 0 {
		t.Errorf("for another tool's kind there is %+v", actions[0])
	}
}

// TestHover shows what is in the vtable.
func TestHover(t *testing.T) {
	root := crate(t, "src/lib.rs", counter)
	for capabilities, kind := range map[string]string{modern: "markdown", "{}": "plaintext"} {
		e := start(t, capabilities, root)
		uri := fileURI(root, "src/lib.rs")
		e.open(uri, counter)
		for _, at := range [][2]int{{0, 12}, {1, 14}, {3, 20}} {
			var hover struct {
				Contents struct{ Kind, Value string }
			}
			result := e.call("textDocument/hover", map[string]any{"textDocument": documentID(uri), "position": map[string]int{"line": at[0], "character": at[1]}})
			if err := json.Unmarshal(result, &hover); err != nil {
				t.Fatal(err)
			}
			text := strings.NewReplacer("`", "", "*", "").Replace(hover.Contents.Value)
			if hover.Contents.Kind != kind || !strings.Contains(text, "dyn Counter is not allowed today") || !strings.Contains(text, "get: its result boxed (async fn)") {
				t.Errorf("at %v: %s", at, result)
			}
		}
		if result := e.call("textDocument/hover", map[string]any{"textDocument": documentID(uri), "position": map[string]int{"line": 3, "character": 0}}); string(result) != "null" {
			t.Errorf("where nothing of ours stands: %s, want null", result)
		}
	}
}

// TestLensesLinksAndCommands looks at what is left.
func TestLensesLinksAndCommands(t *testing.T) {
	text := counter + "pub trait Unused { async fn f(&self); }\n// AFIDT001 and undispatchable_method, but not some_other_name\n"
	root := crate(t, "src/lib.rs", text)
	e := start(t, modern, root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, text)
	e.settle()
	var lenses []struct {
		Command struct {
			Title, Command string
			Arguments      []json.RawMessage
		}
	}
	if err := json.Unmarshal(e.call("textDocument/codeLens", map[string]any{"textDocument": documentID(uri)}), &lenses); err != nil {
		t.Fatal(err)
	}
	if len(lenses) != 2 || lenses[0].Command.Title != "not dyn compatible · 1 dyn use" || lenses[1].Command.Title != "show uses" {
		t.Fatalf("lenses %+v, want two, on the trait that is used", lenses)
	}
	var shown string
	if err := json.Unmarshal(e.call("workspace/executeCommand", map[string]any{"command": lenses[0].Command.Command, "arguments": lenses[0].Command.Arguments}), &shown); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(shown, "fn get(&self) -> Pin<Box<dyn Future<Output = usize> + '_>>;") {
		t.Errorf("desugared: %s", shown)
	}
	var links []struct{ Target string }
	if err := json.Unmarshal(e.call("textDocument/documentLink", map[string]any{"textDocument": documentID(uri)}), &links); err != nil {
		t.Fatal(err)
	}
	if len(links) != 2 || !strings.HasSuffix(links[0].Target, "undispatchable_method.md") {
		t.Errorf("links %+v, want two to the rule's page", links)
	}
	if report := string(e.call("workspace/executeCommand", map[string]any{"command": "afidt.report"})); !strings.Contains(report, "Counter") {
		t.Errorf("report: %s", report)
	}
	for name, want := range map[string]string{"E0038": "dyn_incompatible_trait", "dyn-box": "# dyn-box\\n", "Companion": "# companion\\n"} {
		if page := string(e.call("workspace/executeCommand", map[string]any{"command": "afidt.explainRule", "arguments": []string{name}})); !strings.Contains(page, want) {
			t.Errorf("page of %s: %s", name, page)
		}
	}
}

// TestWrongArguments holds that a command which cannot know what is meant says so.
func TestWrongArguments(t *testing.T) {
	root := crate(t, "src/lib.rs", counter)
	e := start(t, modern, root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, counter)
	place := func(uri string, position any) []any {
		return []any{map[string]any{"textDocument": documentID(uri), "position": position}}
	}
	good := map[string]int{"line": 0, "character": 10}
	wrong := map[string][][]any{
		"rm":                {nil},
		"afidt.explainRule": {nil, {}, {nil}, {1}, {""}, {"no_such_rule"}},
	}
	for _, command := range []string{"afidt.showUses", "afidt.showDesugared"} {
		if got := string(e.call("workspace/executeCommand", map[string]any{"command": command, "arguments": place(uri, good)})); got == "null" {
			t.Errorf("%s at a trait: %s", command, got)
		}
		wrong[command] = [][]any{
			nil, {}, {nil}, {uri}, {uri, good}, {map[string]any{}}, {map[string]any{"textDocument": documentID(uri)}},
			place(uri, nil), place(uri, map[string]int{"line": 0}), place(uri, map[string]int{"line": -1, "character": 0}), place("", good),
			place(fileURI(root, "src/closed.rs"), good),
		}
	}
	for command, all := range wrong {
		for _, arguments := range all {
			if code := e.fails("workspace/executeCommand", map[string]any{"command": command, "arguments": arguments}); code != -32602 {
				t.Errorf("%s %v: error %d, want -32602", command, arguments, code)
			}
		}
	}
	for _, method := range []string{"textDocument/hover", "textDocument/codeAction", "textDocument/codeLens", "textDocument/inlayHint"} {
		if code := e.fails(method, map[string]any{}); code != -32602 {
			t.Errorf("%s of no document: error %d, want -32602", method, code)
		}
	}
}

// TestInlayHints marks calls that allocate.
func TestInlayHints(t *testing.T) {
	text := "#[async_trait::async_trait]\npub trait T { async fn f(&self); }\npub async fn g(t: &dyn T) {\n    t.f().await;\n}\n"
	root := crate(t, "src/lib.rs", text)
	e := start(t, modern, root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, text)
	whole := map[string]any{"start": map[string]int{"line": 0, "character": 0}, "end": map[string]int{"line": 5, "character": 0}}
	result := string(e.call("textDocument/inlayHint", map[string]any{"textDocument": documentID(uri), "range": whole}))
	if !strings.Contains(result, `{"position":{"line":3,"character":9},"label":"allocates"`) {
		t.Errorf("hints %s, want one behind t.f()", result)
	}
}

// What takes a look at all values of the workspace is looked for when an action is chosen, not when it is listed; the one that does
// not apply after all says why.
func TestDraftsAreResolved(t *testing.T) {
	const source = `use std::sync::Arc;
#[allow(async_fn_in_trait)]
pub trait Get {
    async fn get(&self) -> u8;
}
struct A;
impl Get for A {
    async fn get(&self) -> u8 {
        1
    }
}
struct B;
impl Get for B {
    async fn get(&self) -> u8 {
        2
    }
}
fn take(_: Arc<dyn Get>) {}
fn shared(a: Arc<A>) {
    take(a.clone());
    drop(a);
}
fn main() {
    shared(Arc::new(A));
    take(Arc::new(B));
}
`
	root := crate(t, "src/main.rs", source)
	e := start(t, modern, root)
	uri := fileURI(root, "src/main.rs")
	e.open(uri, source)
	e.settle()
	listed := map[string]codeAction{}
	for _, a := range e.actions(uri, 17, 18, nil) {
		listed[a.Data.ID] = a
	}
	var wrapped codeAction
	if err := json.Unmarshal(e.call("codeAction/resolve", listed["wrapper"]), &wrapped); err != nil {
		t.Fatal(err)
	}
	edits := fmt.Sprint(wrapped.Edit)
	if !strings.Contains(edits, "DynSafeGet(") {
		t.Errorf("the values are not wrapped: %s", edits)
	}
	if code := e.fails("codeAction/resolve", listed["enum-dispatch"]); code != int(codeRequestFailed) {
		t.Errorf("enum-dispatch of an Arc with other uses: error %d, want %d", code, codeRequestFailed)
	}
}
