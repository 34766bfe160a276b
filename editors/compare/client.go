package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/textproto"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"
)

// client speaks to one server over its standard input and output.
type client struct {
	command *exec.Cmd
	stdin   io.WriteCloser
	// settings answers workspace/configuration, whatever is asked for.
	settings any

	mu      sync.Mutex
	lastID  int
	changed chan struct{} // closed when something below changed, and made anew
	answers map[int]message
	// published are the codes of the diagnostics of each file, as they were published last, each alone and as "CODE of SOURCE";
	// quiescent is what rust-analyzer says of itself: that it has loaded everything.
	published map[string]publication
	quiescent bool
	err       error // the server is gone
}

type message struct {
	ID     json.RawMessage `json:"id,omitempty"`
	Method string          `json:"method,omitempty"`
	Params json.RawMessage `json:"params,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

type publication struct {
	at    time.Time
	codes map[string]bool
}

// start runs a server in a folder.
func start(folder string, env []string, settings any, program string, args ...string) (*client, error) {
	c := &client{
		command:   exec.Command(program, args...),
		settings:  settings,
		changed:   make(chan struct{}),
		answers:   map[int]message{},
		published: map[string]publication{},
	}
	c.command.Dir = folder
	c.command.Env = append(os.Environ(), env...)
	var err error
	if c.stdin, err = c.command.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := c.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.command.Start(); err != nil {
		return nil, err
	}
	go c.read(bufio.NewReader(stdout))
	return c, nil
}

func (c *client) read(r *bufio.Reader) {
	for {
		header, err := textproto.NewReader(r).ReadMIMEHeader()
		var body []byte
		if err == nil {
			var length int
			if length, err = strconv.Atoi(header.Get("Content-Length")); err == nil {
				body = make([]byte, length)
				_, err = io.ReadFull(r, body)
			}
		}
		var m message
		if err == nil {
			err = json.Unmarshal(body, &m)
		}
		c.mu.Lock()
		if err != nil {
			c.err = fmt.Errorf("reading from the server: %w", err)
		} else {
			c.take(m, time.Now())
		}
		close(c.changed)
		c.changed = make(chan struct{})
		c.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// take notes a message of the server; c.mu is held.
func (c *client) take(m message, at time.Time) {
	switch {
	case m.Method == "":
		if id, err := strconv.Atoi(string(m.ID)); err == nil {
			c.answers[id] = m
		}
	case m.ID != nil:
		go c.answer(m)
	case m.Method == "textDocument/publishDiagnostics":
		var p struct {
			URI         string `json:"uri"`
			Diagnostics []struct {
				Code   any    `json:"code"`
				Source string `json:"source"`
			} `json:"diagnostics"`
		}
		if json.Unmarshal(m.Params, &p) == nil {
			codes := map[string]bool{}
			for _, d := range p.Diagnostics {
				codes[fmt.Sprint(d.Code)] = true
				codes[fmt.Sprintf("%s of %s", d.Code, d.Source)] = true
			}
			c.published[p.URI] = publication{at, codes}
		}
	case m.Method == "experimental/serverStatus":
		var p struct {
			Quiescent bool `json:"quiescent"`
		}
		if json.Unmarshal(m.Params, &p) == nil {
			c.quiescent = p.Quiescent
		}
	}
}

// answer answers a request of the server: with the settings if it asks for them, with null otherwise.
func (c *client) answer(m message) {
	var result any
	if m.Method == "workspace/configuration" {
		var p struct {
			Items []struct{} `json:"items"`
		}
		if json.Unmarshal(m.Params, &p) == nil {
			all := make([]any, len(p.Items))
			for i := range all {
				all[i] = c.settings
			}
			result = all
		}
	}
	_ = c.write(map[string]any{"jsonrpc": "2.0", "id": m.ID, "result": result}) // a server that is gone is told by read
}

func (c *client) write(m any) error {
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err = fmt.Fprintf(c.stdin, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return err
}

func (c *client) notify(method string, params any) error {
	return c.write(map[string]any{"jsonrpc": "2.0", "method": method, "params": params})
}

// call sends a request and waits for its answer.
func (c *client) call(method string, params any, patience time.Duration) error {
	c.mu.Lock()
	c.lastID++
	id := c.lastID
	c.mu.Unlock()
	request := map[string]any{"jsonrpc": "2.0", "id": id, "method": method}
	if params != nil {
		request["params"] = params
	}
	if err := c.write(request); err != nil {
		return err
	}
	var answer message
	err := c.wait(patience, func() bool {
		var ok bool
		answer, ok = c.answers[id]
		return ok
	})
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	if answer.Error != nil {
		return fmt.Errorf("%s: %s", method, answer.Error.Message)
	}
	return nil
}

// wait waits until a condition on what the server sent holds; it is called with c.mu held.
func (c *client) wait(patience time.Duration, holds func() bool) error {
	timeout := time.After(patience)
	for {
		c.mu.Lock()
		done, err, changed := holds(), c.err, c.changed
		c.mu.Unlock()
		switch {
		case done:
			return nil
		case err != nil:
			return err
		}
		select {
		case <-changed:
		case <-timeout:
			return fmt.Errorf("in vain for %v", patience)
		}
	}
}

// waitCode waits for a publication after `since` that has the code in a file, or has it not, and returns when it came.
func (c *client) waitCode(uri, code string, has bool, since time.Time, patience time.Duration) (at time.Time, err error) {
	err = c.wait(patience, func() bool {
		p := c.published[uri]
		at = p.at
		return p.at.After(since) && p.codes[code] == has
	})
	if err != nil {
		return at, fmt.Errorf("diagnostics of %s with %s = %v: %w", uri, code, has, err)
	}
	return at, nil
}

// stop ends the server.
func (c *client) stop() {
	if c.call("shutdown", nil, 10*time.Second) == nil {
		_ = c.notify("exit", nil)
	}
	c.stdin.Close()
	kill := time.AfterFunc(10*time.Second, func() { _ = c.command.Process.Kill() })
	defer kill.Stop()
	_ = c.command.Wait() // how it ends is no concern of the comparison
}
