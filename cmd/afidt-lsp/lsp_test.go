package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestStdoutIsTheProtocol has a server log all it can, of broken messages too: standard output has messages alone, whose lengths
// count bytes, and the log is on standard error.
func TestStdoutIsTheProtocol(t *testing.T) {
	dir := t.TempDir()
	text := "/// Zählt, 🦀.\npub trait Zähler { async fn f(&self); }\npub fn g(_: &dyn Zähler) {}\n"
	if err := os.WriteFile(filepath.Join(dir, "lib.rs"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	uri := "file://" + filepath.ToSlash(filepath.Join(dir, "lib.rs"))
	document, err := json.Marshal(map[string]any{"uri": uri, "languageId": "rust", "version": 1, "text": text})
	if err != nil {
		t.Fatal(err)
	}
	var in bytes.Buffer
	for _, body := range []string{
		`{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}`,
		`{"jsonrpc": "2.0", "method": "initialized", "params": {}}`,
		`{"jsonrpc": "2.0", "id": 2, "method": `,
		`{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": {"uri": "file:///not/open.rs"}}}`,
		`{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": ` + string(document) + `}}`,
		`{"jsonrpc": "2.0", "id": 3, "method": "afidt/idle", "params": {}}`,
		`{"jsonrpc": "2.0", "id": 4, "method": "textDocument/hover", "params": {"textDocument": {"uri": "` + uri + `"}, "position": {"line": 1, "character": 11}}}`,
	} {
		fmt.Fprintf(&in, "Content-Length: %d\r\n\r\n%s", len(body), body)
	}
	server := exec.CommandContext(t.Context(), os.Args[0], "lsp", "--log", "debug")
	server.Env = append(os.Environ(), asCommand+"=1")
	var log strings.Builder
	server.Stderr = &log
	stdin, err := server.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := stdin.Write(in.Bytes()); err != nil {
		t.Fatal(err)
	}
	out := bufio.NewReader(stdout)
	said := ""
	for answered := false; ; {
		header, err := textproto.NewReader(out).ReadMIMEHeader()
		if err == io.EOF && len(header) == 0 && answered {
			break
		}
		if err != nil {
			t.Fatalf("what is no header stands between messages: %v; the log is\n%s", err, log.String())
		}
		length, err := strconv.Atoi(header.Get("Content-Length"))
		if err != nil {
			t.Fatal(err)
		}
		body := make([]byte, length)
		if _, err := io.ReadFull(out, body); err != nil {
			t.Fatal(err)
		}
		var message struct{ ID any }
		if err := json.Unmarshal(body, &message); err != nil {
			t.Fatalf("a message is no JSON: %v\n%s", err, body)
		}
		said += string(body) + "\n"
		if !answered && message.ID == 4.0 {
			answered = true
			if err := stdin.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = server.Wait() // the input ended without shutdown and exit
	if !strings.Contains(said, "Zähler") || !strings.Contains(said, "E0038") {
		t.Errorf("the server says nothing of the trait:\n%s", said)
	}
	if log.Len() == 0 {
		t.Error("nothing was logged")
	}
}
