package server

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest"

	"github.com/afidt-lsp/afidt-lsp/analysis"
)

// patience bounds a wait for something that must come. Nothing is measured by it.
const patience = 60 * time.Second

// fakeEditor is a client in the same process. It keeps what the server says, and waits for it.
type fakeEditor struct {
	t    testing.TB
	conn net.Conn
	code chan int // Serve's result

	mu       sync.Mutex
	changed  chan struct{} // closed when something came
	replies  map[string]json.RawMessage
	notes    []wireMessage
	asked    []wireMessage             // requests of the server
	shown    map[string]diagnosticList // what was published last, by URI
	answer   func(m wireMessage) any   // answers the server's requests; nil answers null
	lastID   int
	ended    bool
	versions map[string]int
}

type wireMessage struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *wireFault      `json:"error"`
}

type wireFault struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

type diagnosticList struct {
	URI         string `json:"uri"`
	Version     *int   `json:"version"`
	Diagnostics []struct {
		Range struct {
			Start, End struct{ Line, Character int }
		} `json:"range"`
		Severity           int             `json:"severity"`
		Code               string          `json:"code"`
		Message            string          `json:"message"`
		CodeDescription    json.RawMessage `json:"codeDescription"`
		RelatedInformation json.RawMessage `json:"relatedInformation"`
		Data               json.RawMessage `json:"data"`
		Tags               []int           `json:"tags"`
	} `json:"diagnostics"`
}

// modern are the capabilities of a client that can all that we make use of, but pull.
const modern = `{
	"general": {"positionEncodings": ["utf-16"]},
	"window": {"workDoneProgress": true},
	"workspace": {
		"applyEdit": true, "configuration": true, "workspaceFolders": true,
		"workspaceEdit": {"documentChanges": true, "changeAnnotationSupport": {}},
		"didChangeWatchedFiles": {"dynamicRegistration": true}, "didChangeConfiguration": {"dynamicRegistration": true}
	},
	"textDocument": {
		"publishDiagnostics": {"relatedInformation": true, "codeDescriptionSupport": true, "dataSupport": true, "versionSupport": true},
		"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}, "isPreferredSupport": true, "disabledSupport": true,
			"dataSupport": true, "resolveSupport": {"properties": ["edit"]}},
		"hover": {"contentFormat": ["markdown", "plaintext"]}
	}
}`

// connect starts a server and speaks to it; nothing is sent yet.
func connect(t testing.TB, options ...func(*Options)) *fakeEditor {
	t.Helper()
	opt := Options{Version: "test", Log: zaptest.NewLogger(t, zaptest.Level(zap.ErrorLevel)), Analysis: analysis.Options{Threads: 1}}
	for _, o := range options {
		o(&opt)
	}
	ours, theirs := net.Pipe()
	e := &fakeEditor{
		t: t, conn: ours, code: make(chan int, 1), changed: make(chan struct{}), replies: map[string]json.RawMessage{},
		shown: map[string]diagnosticList{}, versions: map[string]int{},
	}
	go func() { e.code <- Serve(context.Background(), theirs, opt) }()
	go e.read()
	t.Cleanup(func() {
		if err := ours.Close(); err != nil {
			t.Error(err)
		}
		select {
		case <-e.code:
		case <-time.After(patience):
			t.Error("the server does not end when the connection does")
		}
	})
	return e
}

// start connects, and initializes with these capabilities and folders.
func start(t testing.TB, capabilities string, folders ...string) *fakeEditor {
	t.Helper()
	e := connect(t)
	e.initialize(capabilities, folders...)
	return e
}

func (e *fakeEditor) initialize(capabilities string, folders ...string) json.RawMessage {
	e.t.Helper()
	list := []map[string]string{}
	for _, f := range folders {
		list = append(list, map[string]string{"uri": uriOf(f), "name": filepath.Base(f)})
	}
	result := e.call("initialize", map[string]any{"processId": nil, "workspaceFolders": list, "capabilities": json.RawMessage(capabilities)})
	e.notify("initialized", struct{}{})
	return result
}

func (e *fakeEditor) read() {
	in := bufio.NewReader(e.conn)
	for {
		body, err := readFrame(in)
		e.mu.Lock()
		if err != nil {
			e.ended = true
		} else {
			e.take(body)
		}
		close(e.changed)
		e.changed = make(chan struct{})
		e.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func readFrame(in *bufio.Reader) ([]byte, error) {
	length := 0
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil, err
		}
		if line = strings.TrimSpace(line); line == "" {
			break
		}
		if _, err := fmt.Sscanf(line, "Content-Length: %d", &length); err != nil {
			return nil, err
		}
	}
	body := make([]byte, length)
	_, err := io.ReadFull(in, body)
	return body, err
}

// take files one message. It runs on the reading goroutine, with the lock.
func (e *fakeEditor) take(body []byte) {
	var m wireMessage
	if err := json.Unmarshal(body, &m); err != nil {
		e.t.Errorf("the server sent %s: %v", body, err)
		return
	}
	switch {
	case m.Method == "":
		key := string(m.ID)
		if _, twice := e.replies[key]; twice && key != "null" {
			e.t.Errorf("a second answer to request %s: %s", key, body)
		}
		e.replies[key] = body
	case len(m.ID) > 0:
		e.asked = append(e.asked, m)
		var result any
		if e.answer != nil {
			result = e.answer(m)
		}
		reply := map[string]any{"jsonrpc": "2.0", "id": m.ID, "result": result}
		go e.send(reply) // the server may be writing: the pipe has no buffer
	default:
		e.notes = append(e.notes, m)
		if m.Method == "textDocument/publishDiagnostics" {
			var list diagnosticList
			if err := json.Unmarshal(m.Params, &list); err != nil {
				e.t.Errorf("%s: %v", m.Params, err)
			}
			e.shown[list.URI] = list
		}
	}
}

func (e *fakeEditor) send(m any) {
	body, err := json.Marshal(m)
	if err != nil {
		e.t.Error(err)
		return
	}
	e.sendText("Content-Length: " + fmt.Sprint(len(body)) + "\r\n\r\n" + string(body))
}

// sendText writes bytes as they are; that the server hung up shows elsewhere.
func (e *fakeEditor) sendText(text string) { _, _ = io.Copy(e.conn, bytes.NewReader([]byte(text))) }

func (e *fakeEditor) notify(method string, params any) {
	e.send(map[string]any{"jsonrpc": "2.0", "method": method, "params": params})
}

// wait waits until the condition holds, which is called with the lock.
func (e *fakeEditor) wait(what string, holds func() bool) {
	e.t.Helper()
	limit := time.After(patience)
	e.mu.Lock()
	defer e.mu.Unlock()
	for !holds() {
		if e.ended {
			e.t.Fatalf("the server ended; waiting for %s", what)
		}
		changed := e.changed
		e.mu.Unlock()
		select {
		case <-changed:
		case <-limit:
			e.mu.Lock()
			e.t.Fatalf("waited in vain for %s; last notifications: %s", what, lastNotes(e.notes))
		}
		e.mu.Lock()
	}
}

func lastNotes(notes []wireMessage) string {
	var out []string
	for _, n := range notes[max(0, len(notes)-3):] {
		out = append(out, n.Method+" "+string(n.Params))
	}
	return strings.Join(out, "\n")
}

// begin sends a request and returns its id.
func (e *fakeEditor) begin(method string, params any) string {
	e.mu.Lock()
	e.lastID++
	id := e.lastID
	e.mu.Unlock()
	e.send(map[string]any{"jsonrpc": "2.0", "id": id, "method": method, "params": params})
	return fmt.Sprint(id)
}

// reply waits for the answer to a request.
func (e *fakeEditor) reply(id string) wireMessage {
	e.t.Helper()
	var m wireMessage
	e.wait("the answer to request "+id, func() bool {
		body, ok := e.replies[id]
		if ok {
			if err := json.Unmarshal(body, &m); err != nil {
				e.t.Fatal(err)
			}
		}
		return ok
	})
	return m
}

// call sends a request and returns its result.
func (e *fakeEditor) call(method string, params any) json.RawMessage {
	e.t.Helper()
	m := e.reply(e.begin(method, params))
	if m.Error != nil {
		e.t.Fatalf("%s: error %d: %s", method, m.Error.Code, m.Error.Message)
	}
	return m.Result
}

// fails sends a request and returns the code of its error, 0 if it has none.
func (e *fakeEditor) fails(method string, params any) int {
	e.t.Helper()
	if m := e.reply(e.begin(method, params)); m.Error != nil {
		return m.Error.Code
	}
	return 0
}

// settle waits until the server has nothing left to do.
func (e *fakeEditor) settle() {
	e.t.Helper()
	e.call("afidt/idle", nil)
}

func documentID(uri string) map[string]any { return map[string]any{"uri": uri} }

func (e *fakeEditor) open(uri, text string) {
	e.versions[uri] = 1
	e.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": uri, "languageId": "rust", "version": 1, "text": text}})
}

// change sends changes as they are.
func (e *fakeEditor) change(uri string, changes ...any) {
	e.versions[uri]++
	e.notify("textDocument/didChange", map[string]any{
		"textDocument": map[string]any{"uri": uri, "version": e.versions[uri]}, "contentChanges": changes,
	})
}

func (e *fakeEditor) replaceAll(uri, text string) { e.change(uri, map[string]string{"text": text}) }

func (e *fakeEditor) close(uri string) {
	e.notify("textDocument/didClose", map[string]any{"textDocument": documentID(uri)})
}

// shownVersion waits until something is shown for a version of a document, or a later one.
func (e *fakeEditor) shownVersion(uri string, version int) {
	e.t.Helper()
	e.wait(fmt.Sprintf("version %d of %s", version, uri), func() bool {
		v := e.shown[uri].Version
		return v != nil && *v >= version
	})
}

// codes are the codes of what is shown for a document.
func (e *fakeEditor) codes(uri string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []string
	for _, d := range e.shown[uri].Diagnostics {
		out = append(out, d.Code)
	}
	return strings.Join(out, " ")
}

// list is what is shown for a document.
func (e *fakeEditor) list(uri string) diagnosticList {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.shown[uri]
}

// crate writes a package to a new folder: names and texts of files in turn; without a Cargo.toml it gets one.
func crate(t testing.TB, files ...string) string {
	t.Helper()
	root := t.TempDir()
	if real, err := filepath.EvalSymlinks(root); err == nil {
		root = real
	}
	write(t, filepath.Join(root, "Cargo.toml"), "[package]\nname = \"test\"\nversion = \"0.1.0\"\nedition = \"2021\"\n")
	for i := 0; i < len(files); i += 2 {
		write(t, filepath.Join(root, filepath.FromSlash(files[i])), files[i+1])
	}
	return root
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func fileURI(root, name string) string { return uriOf(filepath.Join(root, filepath.FromSlash(name))) }
