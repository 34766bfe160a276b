package server

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"go.lsp.dev/jsonrpc2"
)

// maxMessageBytes bounds one message; a longer one is skipped and answered with an error.
const maxMessageBytes = 256 << 20

// stream frames messages as the Language Server Protocol does (base protocol, header part). Unlike jsonrpc2.NewStream it
// survives whatever a client sends: header names in any case, ids that are no 32-bit numbers, and bodies that are no
// message, which it answers itself.
type stream struct {
	in  *bufio.Reader
	out io.WriteCloser
	// closeIn ends a blocked Read.
	closeIn func() error

	mu sync.Mutex // guards out
}

func newStream(conn io.ReadWriteCloser) *stream {
	return &stream{in: bufio.NewReader(conn), out: conn, closeIn: conn.Close}
}

// Read is the next message that makes sense. It fails only when the input ends or can no longer be framed.
func (s *stream) Read(ctx context.Context) (jsonrpc2.Message, int64, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		body, err := s.frame()
		if err != nil {
			return nil, 0, err
		}
		message, fault := decode(body)
		if fault == nil {
			return message, int64(len(body)), nil
		}
		if err := s.reject(fault); err != nil {
			return nil, 0, err
		}
	}
}

// maxHeaderBytes bounds a line of a header: of a longer one the end counts.
const maxHeaderBytes = 4096

// frame reads one header and the body that it announces. A header without a usable length, which is skipped, leaves the
// body to be read as headers: the next Content-Length is found again, also behind the rest of a body that was longer than announced.
func (s *stream) frame() ([]byte, error) {
	length, lines := -1, 0
	for {
		line, err := s.line()
		if err != nil {
			return nil, fmt.Errorf("reading a message's header: %w", err)
		}
		if line == "" {
			if lines == 0 {
				continue // blank lines between messages
			}
			if length >= 0 {
				break
			}
			lines = 0
			continue
		}
		lines++
		if value, ok := afterLast(line, "content-length:"); ok {
			if n, err := strconv.Atoi(strings.TrimSpace(value)); err == nil && n >= 0 {
				length = n
			}
		}
	}
	if length > maxMessageBytes {
		if _, err := io.CopyN(io.Discard, s.in, int64(length)); err != nil {
			return nil, fmt.Errorf("skipping a message of %d bytes: %w", length, err)
		}
		return nil, nil
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(s.in, body); err != nil {
		return nil, fmt.Errorf("reading a message of %d bytes: %w", length, err)
	}
	return body, nil
}

// line is the next line without white space around it, or the end of it if it is too long.
func (s *stream) line() (string, error) {
	var line []byte
	for {
		part, err := s.in.ReadSlice('\n')
		line = append(line, part...)
		line = line[max(0, len(line)-maxHeaderBytes):]
		if !errors.Is(err, bufio.ErrBufferFull) {
			return string(bytes.TrimSpace(line)), err
		}
	}
}

// afterLast is what follows the last occurrence of a name in a line, in any case of letters.
func afterLast(line, name string) (rest string, ok bool) {
	for at := len(line) - len(name); at >= 0; at-- {
		if rest = line[at+len(name):]; strings.EqualFold(line[at:at+len(name)], name) {
			return rest, true
		}
	}
	return "", false
}

// fault is what is wrong with a message that cannot be dispatched.
type fault struct {
	id    json.RawMessage // of the request; null if it cannot be told
	code  jsonrpc2.Code
	text  string
	quiet bool // a broken response or notification: nobody waits for an answer
}

var nullID = json.RawMessage("null")

const wrongVersion = `the message has to have "jsonrpc": "2.0"`

// decode makes a message of a body.
func decode(body []byte) (jsonrpc2.Message, *fault) {
	trimmed := bytes.TrimSpace(body)
	if len(trimmed) > 0 && trimmed[0] == '[' {
		return nil, &fault{id: nullID, code: jsonrpc2.InvalidRequest, text: "batches are not part of the Language Server Protocol: send one message at a time"}
	}
	var wire struct {
		Version *string         `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Method  *string         `json:"method"`
		Params  json.RawMessage `json:"params"`
	}
	if err := json.Unmarshal(body, &wire); err != nil {
		code := jsonrpc2.InvalidRequest
		if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
			code = jsonrpc2.ParseError
		}
		id := wire.ID
		if len(id) == 0 || !json.Valid(id) {
			id = nullID
		}
		return nil, &fault{id: id, code: code, text: describe("the message", err)}
	}
	isRequest := len(wire.ID) > 0
	isVersion2 := wire.Version != nil && *wire.Version == jsonrpc2.Version
	switch {
	case wire.Method == nil || *wire.Method == "":
		if !isRequest {
			return nil, &fault{id: nullID, code: jsonrpc2.InvalidRequest, text: "the message has neither a method nor an id"}
		}
		response := new(jsonrpc2.Response)
		if err := response.UnmarshalJSON(body); err != nil {
			return nil, &fault{quiet: true, text: err.Error()}
		}
		return response, nil
	case !isRequest && isVersion2:
		return notification(*wire.Method, wire.Params)
	case !isRequest:
		return nil, &fault{id: nullID, code: jsonrpc2.InvalidRequest, text: wrongVersion}
	case bytes.Equal(wire.ID, nullID):
		return nil, &fault{id: nullID, code: jsonrpc2.InvalidRequest, text: "the id of a request is null: give a number or a string"}
	}
	id, ok := idOf(wire.ID)
	if !ok {
		return nil, &fault{id: nullID, code: jsonrpc2.InvalidRequest, text: "the id of a request is neither a number nor a string"}
	}
	if !isVersion2 {
		return nil, &fault{id: wire.ID, code: jsonrpc2.InvalidRequest, text: wrongVersion}
	}
	call, err := jsonrpc2.NewCall(id, *wire.Method, raw(wire.Params))
	if err != nil {
		return nil, &fault{id: wire.ID, code: jsonrpc2.InvalidRequest, text: err.Error()}
	}
	return call, nil
}

func notification(method string, params json.RawMessage) (jsonrpc2.Message, *fault) {
	n, err := jsonrpc2.NewNotification(method, raw(params))
	if err != nil {
		return nil, &fault{quiet: true, text: err.Error()}
	}
	return n, nil
}

// raw stands absent parameters out as null.
func raw(params json.RawMessage) json.RawMessage {
	if len(params) == 0 {
		return nullID
	}
	return params
}

// foreignID begins the name of an ID that stands for JSON that jsonrpc2.ID cannot hold: numbers beyond 32 bits, fractions
// and the empty string. The stream writes what follows it as it came.
const foreignID = "\x00json:"

// idOf is the id that a request's JSON means.
func idOf(text json.RawMessage) (jsonrpc2.ID, bool) {
	switch {
	case text[0] == '"':
		var name string
		if json.Unmarshal(text, &name) != nil {
			return jsonrpc2.ID{}, false
		}
		if name != "" && !strings.HasPrefix(name, foreignID) {
			return jsonrpc2.NewStringID(name), true
		}
	case text[0] == '-' || text[0] >= '0' && text[0] <= '9':
		if n, err := strconv.ParseInt(string(text), 10, 32); err == nil {
			return jsonrpc2.NewNumberID(int32(n)), true
		}
	default:
		return jsonrpc2.ID{}, false
	}
	return jsonrpc2.NewStringID(foreignID + string(text)), true
}

// jsonOf is an id as it goes over the wire.
func jsonOf(id jsonrpc2.ID) json.RawMessage {
	if text, foreign := strings.CutPrefix(fmt.Sprint(id), foreignID); foreign {
		return json.RawMessage(text)
	}
	data, err := id.MarshalJSON()
	if err != nil { // a string or a number always marshals
		return nullID
	}
	return data
}

// Write sends a message whole.
func (s *stream) Write(_ context.Context, message jsonrpc2.Message) (int64, error) {
	var body []byte
	var err error
	if response, ok := message.(*jsonrpc2.Response); ok {
		body, err = marshalResponse(response)
	} else {
		body, err = json.Marshal(message)
	}
	if err != nil {
		return 0, fmt.Errorf("marshaling a message: %w", err)
	}
	return s.send(body)
}

// marshalResponse differs from jsonrpc2's in the ids that it can write.
func marshalResponse(r *jsonrpc2.Response) ([]byte, error) {
	if r.Err() == nil {
		return json.Marshal(struct {
			Version string          `json:"jsonrpc"`
			ID      json.RawMessage `json:"id"`
			Result  json.RawMessage `json:"result"`
		}{jsonrpc2.Version, jsonOf(r.ID()), raw(r.Result())})
	}
	var e *jsonrpc2.Error
	if !errors.As(r.Err(), &e) {
		e = jsonrpc2.NewError(jsonrpc2.InternalError, r.Err().Error())
	}
	return errorResponse(jsonOf(r.ID()), e)
}

func errorResponse(id json.RawMessage, e *jsonrpc2.Error) ([]byte, error) {
	return json.Marshal(struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Error   *jsonrpc2.Error `json:"error"`
	}{jsonrpc2.Version, id, e})
}

func (s *stream) reject(f *fault) error {
	if f.quiet {
		return nil
	}
	body, err := errorResponse(f.id, jsonrpc2.NewError(f.code, f.text))
	if err != nil {
		return fmt.Errorf("answering a broken message: %w", err)
	}
	_, err = s.send(body)
	return err
}

func (s *stream) send(body []byte) (int64, error) {
	frame := make([]byte, 0, len(body)+32)
	frame = fmt.Appendf(frame, "Content-Length: %d\r\n\r\n", len(body))
	frame = append(frame, body...)
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.out.Write(frame)
	if err != nil {
		return int64(n), fmt.Errorf("writing a message: %w", err)
	}
	return int64(n), nil
}

// Close ends a blocked Read and all that follows.
func (s *stream) Close() error { return s.closeIn() }
