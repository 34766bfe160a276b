package server

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
)

func frame(body string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body) }

// TestBrokenMessages sends what no client should. The server answers what has an id, and goes on.
func TestBrokenMessages(t *testing.T) {
	tests := []struct {
		name, bytes string
		id          string // of the answer; empty: none comes
		code        int
	}{
		{"bad JSON", frame(`{"jsonrpc": "2.0", "id": 7, "method": `), "null", -32700},
		{"a batch", frame(`[{"jsonrpc": "2.0", "id": 7, "method": "shutdown"}]`), "null", -32600},
		{"a number", frame(`17`), "null", -32600},
		{"an empty body", "Content-Length: 0\r\n\r\n", "null", -32700},
		{"neither method nor id", frame(`{"jsonrpc": "2.0"}`), "null", -32600},
		{"a method that is no text", frame(`{"jsonrpc": "2.0", "id": 7, "method": 3}`), "7", -32600},
		{"a null id", frame(`{"jsonrpc": "2.0", "id": null, "method": "shutdown"}`), "null", -32600},
		{"an id that is an object", frame(`{"jsonrpc": "2.0", "id": {}, "method": "shutdown"}`), "null", -32600},
		{"parameters of another type", frame(`{"jsonrpc": "2.0", "id": "x", "method": "textDocument/hover", "params": 5}`), `"x"`, -32602},
		{"an unknown request", frame(`{"jsonrpc": "2.0", "id": 8, "method": "textDocument/flip", "params": {}}`), "8", -32601},
		{"an unknown request without params", frame(`{"jsonrpc": "2.0", "id": 8, "method": "textDocument/flip"}`), "8", -32601},
		{"an unknown $/ request", frame(`{"jsonrpc": "2.0", "id": 8, "method": "$/flip"}`), "8", -32601},
		{"a large id", frame(`{"jsonrpc": "2.0", "id": 1099511627776, "method": "textDocument/flip"}`), "1099511627776", -32601},
		{"a fractional id", frame(`{"jsonrpc": "2.0", "id": 1.5, "method": "textDocument/flip"}`), "1.5", -32601},
		{"an empty id", frame(`{"jsonrpc": "2.0", "id": "", "method": "textDocument/flip"}`), `""`, -32601},
		{"a lower-case header", "content-length: 71\r\n\r\n" + `{"jsonrpc": "2.0", "id": "lower", "method": "textDocument/flip"}       `, `"lower"`, -32601},
		{"another header too", "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n" + frame(`{"jsonrpc": "2.0", "id": 8, "method": "x"}`), "8", -32601},
		{"no length", "Content-Type: x\r\n\r\n", "", 0},
		{"a length that is no number", "Content-Length: many\r\n\r\n", "", 0},
		{"an unknown notification", frame(`{"jsonrpc": "2.0", "method": "$/flip", "params": {}}`), "", 0},
		{"a notification that fails", frame(`{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": {"uri": "file:///not/open.rs"}}}`), "", 0},
		{"a notification with bad parameters", frame(`{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": [1]}`), "", 0},
		{"an answer that nobody waits for", frame(`{"jsonrpc": "2.0", "id": 999, "result": null}`), "", 0},
		{"another version", frame(`{"jsonrpc": "1.0", "id": 9, "method": "afidt/idle"}`), "9", -32600},
		{"no version", frame(`{"id": 9, "method": "afidt/idle"}`), "9", -32600},
		{"a notification of another version", frame(`{"jsonrpc": "1.0", "method": "exit"}`), "null", -32600},
		{"a notification as a request", frame(`{"jsonrpc": "2.0", "id": 9, "method": "textDocument/didClose", "params": {"textDocument": {"uri": "file:///x.rs"}}}`), "9", -32601},
		{"a request as a notification", frame(`{"jsonrpc": "2.0", "method": "afidt/idle"}`), "", 0},
		{"shutdown as a notification", frame(`{"jsonrpc": "2.0", "method": "shutdown"}`), "", 0},
		{"nesting without end", frame(`{"jsonrpc": "2.0", "id": 9, "method": "afidt/idle", "params": ` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}"), "null", -32700},
		{"bytes that are no text", frame("{\"jsonrpc\": \"2.0\", \"id\": 9, \"method\": \"\xff\x00\"}"), "null", -32700},
		{"a body longer than announced", "Content-Length: 20\r\n\r\n" + `{"jsonrpc": "2.0", "id": 9, "method": "afidt/idle"}`, "null", -32700},
		{"a line without an end", strings.Repeat("x", 1<<20) + "\r\n", "", 0},
		{"a header behind letters whose lower case is longer", strings.Repeat("\u0130", 99) + frame(`{"jsonrpc": "2.0", "id": 8, "method": "x"}`), "8", -32601},
		{"a trace setting", frame(`{"jsonrpc": "2.0", "method": "$/setTrace", "params": {"value": "off"}}`), "", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			e := connect(t, func(o *Options) { o.Log = zap.NewNop() })
			e.initialize("{}")
			e.sendText(test.bytes)
			if test.id != "" {
				m := e.reply(test.id)
				if m.Error == nil || m.Error.Code != test.code {
					t.Errorf("the answer is %+v, want error %d", m, test.code)
				}
			}
			e.settle() // it lives
		})
	}
}

// TestWrongTypes says what is wrong with parameters in the words of JSON.
func TestWrongTypes(t *testing.T) {
	e := start(t, "{}")
	const uri = `"textDocument": {"uri": "file:///x.rs"}`
	for _, test := range []struct{ method, params, want string }{
		{"textDocument/hover", `17`, "params is a number, and has to be an object"},
		{"textDocument/hover", `{"textDocument": "x"}`, "params.textDocument is a string, and has to be an object"},
		{"textDocument/hover", `{"textDocument": {"uri": 5}}`, "params.textDocument.uri is a number, and has to be a string"},
		{"textDocument/hover", `{` + uri + `, "position": {"line": -1, "character": 0}}`, "params.position.line is the number -1, and has to be an integer from 0 to 4294967295"},
		{"textDocument/hover", `{` + uri + `, "position": {"line": 0.5, "character": 0}}`, "params.position.line is the number 0.5, and has to be an integer from 0 to 4294967295"},
		{"textDocument/codeAction", `{` + uri + `, "context": {"only": "quickfix"}}`, "params.context.only is a string, and has to be an array"},
		{"workspace/executeCommand", `{"command": true}`, "params.command is a boolean, and has to be a string"},
		{"workspace/diagnostic", `{"previousResultIds": {}}`, "params.previousResultIds is an object, and has to be an array"},
	} {
		m := e.reply(e.begin(test.method, json.RawMessage(test.params)))
		if m.Error == nil || m.Error.Code != -32602 || m.Error.Message != test.want {
			t.Errorf("%s %s: %+v, want error -32602: %s", test.method, test.params, m.Error, test.want)
		}
	}
	e.sendText(frame("17"))
	if m := e.reply("null"); m.Error == nil || m.Error.Message != "the message is a number, and has to be an object" {
		t.Errorf("of a message that is a number: %+v", m.Error)
	}
}

func TestLifecycle(t *testing.T) {
	e := connect(t)
	if code := e.fails("textDocument/hover", map[string]any{}); code != -32002 {
		t.Errorf("a request before initialize: error %d, want -32002", code)
	}
	if code := e.fails("shutdown", nil); code != -32002 {
		t.Errorf("shutdown before initialize: error %d, want -32002", code)
	}
	e.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": "file:///x.rs", "text": "", "version": 1}})
	e.initialize("{}")
	if code := e.fails("initialize", map[string]any{"capabilities": map[string]any{}}); code != -32600 {
		t.Errorf("a second initialize: error %d, want -32600", code)
	}
	if result := e.call("shutdown", map[string]any{}); string(result) != "null" {
		t.Errorf("shutdown with parameters answers %s, want null", result)
	}
	if code := e.fails("textDocument/hover", map[string]any{}); code != -32600 {
		t.Errorf("a request after shutdown: error %d, want -32600", code)
	}
	e.notify("exit", nil)
	if code := <-e.code; code != 0 {
		t.Errorf("exit after shutdown: code %d, want 0", code)
	}
	e.code <- 0
}

func TestExitCodes(t *testing.T) {
	t.Run("exit without shutdown", func(t *testing.T) {
		e := start(t, "{}")
		e.notify("exit", map[string]any{})
		if code := <-e.code; code != 1 {
			t.Errorf("code %d, want 1", code)
		}
		e.code <- 0
	})
	t.Run("the client's process dies", func(t *testing.T) {
		e := connect(t, func(o *Options) {
			o.Alive, o.CheckParent = func(pid int) bool { return pid != 4711 }, time.Millisecond
		})
		e.send(map[string]any{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": map[string]any{"processId": 4711, "capabilities": map[string]any{}}})
		if code := <-e.code; code != 1 {
			t.Errorf("code %d, want 1", code)
		}
		e.code <- 0
	})
}

// TestClientThatDoesNotRead ends a server whose client is there and takes nothing of what is sent to it.
func TestClientThatDoesNotRead(t *testing.T) {
	ours, theirs := net.Pipe()
	dead := make(chan struct{})
	code := make(chan int, 1)
	go func() {
		code <- Serve(t.Context(), theirs, Options{
			CheckParent: time.Millisecond, Patience: time.Millisecond,
			Alive: func(int) bool {
				select {
				case <-dead:
					return false
				default:
					return true
				}
			},
		})
	}()
	if _, err := io.WriteString(ours, frame(`{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"processId": 4711, "capabilities": {}}}`)); err != nil {
		t.Fatal(err)
	}
	if _, err := readFrame(bufio.NewReader(ours)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(ours, frame(`{"jsonrpc": "2.0", "id": 2, "method": "afidt/idle"}`)); err != nil {
		t.Fatal(err)
	}
	if _, err := ours.Read(make([]byte, 1)); err != nil { // it is writing now, and is never read to the end
		t.Fatal(err)
	}
	close(dead)
	select {
	case got := <-code:
		if got != 1 {
			t.Errorf("code %d, want 1", got)
		}
	case <-time.After(patience):
		t.Error("the server does not end")
	}
}

// TestCancel cancels a request that waits, by numeric, textual and odd ids. It is answered once, as cancelled; a fast request
// does not wait for it.
func TestCancel(t *testing.T) {
	for _, id := range []string{"41", `"forty-two"`, "1099511627776", "1.5"} {
		t.Run(id, func(t *testing.T) {
			blocked := make(chan struct{})
			e := connect(t, func(o *Options) {
				o.Analysis.Progress = func(int) { <-blocked } // the workspace does not get read
			})
			root := crate(t, "src/lib.rs", "")
			e.initialize("{}", root)
			e.open(fileURI(root, "src/lib.rs"), "trait T {}")
			e.sendText(frame(fmt.Sprintf(`{"jsonrpc": "2.0", "id": %s, "method": "afidt/idle"}`, id)))
			e.call("textDocument/documentLink", map[string]any{"textDocument": documentID(fileURI(root, "src/lib.rs"))})
			e.mu.Lock()
			_, early := e.replies[id]
			e.mu.Unlock()
			if early {
				t.Error("the request did not wait")
			}
			e.notify("$/cancelRequest", map[string]any{"id": json.RawMessage(id)})
			if m := e.reply(id); m.Error == nil || m.Error.Code != -32800 {
				t.Errorf("the answer is %+v, want error -32800", m)
			}
			close(blocked)
			e.notify("$/cancelRequest", map[string]any{"id": json.RawMessage(id)}) // too late, and harmless
			e.settle()
		})
	}
}

// TestPanic has a handler panic. The request is answered, and the server goes on.
func TestPanic(t *testing.T) {
	e := connect(t, func(o *Options) { o.Log = zap.NewNop() })
	s := newServer(t.Context(), Options{})
	d := newDispatcher(s)
	d.requests["test/panic"] = func(context.Context, json.RawMessage) (any, error) { panic("on purpose") }
	_, err := d.run(t.Context(), d.requests, mustCall(t, "test/panic"))
	if code := codeOf(err); code != -32603 || !strings.Contains(err.Error(), "on purpose") {
		t.Errorf("a panic is error %d (%v), want -32603", code, err)
	}
	e.initialize("{}")
	e.settle()
}

// TestOrder sends 400 edits. Each is applied to the text that the one before left.
func TestOrder(t *testing.T) {
	root := crate(t, "src/lib.rs", "")
	e := start(t, "{}", root)
	uri := fileURI(root, "src/lib.rs")
	e.open(uri, "")
	for i := range 400 {
		at := map[string]int{"line": i, "character": 0}
		e.change(uri, map[string]any{"range": map[string]any{"start": at, "end": at}, "text": fmt.Sprintf("// %d\n", i)})
	}
	at := map[string]int{"line": 400, "character": 0}
	e.change(uri, map[string]any{"range": map[string]any{"start": at, "end": at}, "text": "trait T { async fn f(); }\nfn f(_: &dyn T) {}\n"})
	e.settle()
	list := e.list(uri)
	if e.codes(uri) != "AFIDT001 E0038" || list.Diagnostics[0].Range.Start.Line != 400 || list.Version == nil || *list.Version != 402 {
		t.Errorf("published %+v, want two findings from line 400 on, version 402", list)
	}
}
