package server

import (
	"context"
	"encoding/json"
	"errors"
	"runtime/debug"
	"sync"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.uber.org/zap"
)

// handler answers one method; a notification's result is dropped.
type handler func(ctx context.Context, params json.RawMessage) (any, error)

// dispatcher brings messages to their handlers:
//
//   - notifications run on the read loop, one after the other, so that a text is never behind what its user typed;
//   - requests run concurrently, on the state of the world when they were read;
//   - each request is answered exactly once, whatever its handler does, and its handler's context ends when the client
//     cancels it;
//   - no message ends the connection but exit.
type dispatcher struct {
	server *Server
	log    *zap.Logger
	// Requests and notifications are two: what is sent as the other is no method of this server.
	requests      map[string]handler
	notifications map[string]handler

	mu       sync.Mutex
	inflight map[jsonrpc2.ID]context.CancelFunc
	running  sync.WaitGroup
}

func newDispatcher(s *Server) *dispatcher {
	return &dispatcher{
		server: s, log: s.log, requests: s.requests(), notifications: s.notifications(), inflight: map[jsonrpc2.ID]context.CancelFunc{},
	}
}

// handle is called on the read loop. It returns no error, because an error would close the connection.
func (d *dispatcher) handle(ctx context.Context, reply jsonrpc2.Replier, request jsonrpc2.Request) error {
	if call, ok := request.(*jsonrpc2.Call); ok {
		d.call(ctx, reply, call)
		return nil
	}
	d.notify(ctx, request)
	return nil
}

func (d *dispatcher) notify(ctx context.Context, request jsonrpc2.Request) {
	method := request.Method()
	switch phase := d.server.phase(); {
	case method == "exit":
		d.server.exit()
		return
	case method == "$/cancelRequest":
		d.cancel(request.Params())
		return
	case phase == created || phase == shutDown:
		return // the specification drops them
	}
	if _, err := d.run(ctx, d.notifications, request); err != nil && !isUnknown(err) {
		d.log.Error("notification failed", zap.String("method", method), zap.Error(err))
	}
}

// cancel ends the context of a request; one that was answered already is not found.
func (d *dispatcher) cancel(params json.RawMessage) {
	var p struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(params, &p) != nil || len(p.ID) == 0 {
		return
	}
	id, ok := idOf(p.ID)
	if !ok {
		return
	}
	d.mu.Lock()
	stop := d.inflight[id]
	d.mu.Unlock()
	if stop != nil {
		stop()
	}
}

func (d *dispatcher) call(ctx context.Context, reply jsonrpc2.Replier, call *jsonrpc2.Call) {
	answer := func(result any, err error) {
		// The context of a cancelled request must not keep its answer from being written.
		if err := reply(context.WithoutCancel(ctx), result, wireError(err)); err != nil {
			d.log.Debug("answering failed", zap.String("method", call.Method()), zap.Error(err))
		}
	}
	if err := d.server.phase().admits(call.Method()); err != nil {
		answer(nil, err)
		return
	}
	if call.Method() == "initialize" || call.Method() == "shutdown" { // what follows depends on them
		answer(d.run(ctx, d.requests, call))
		return
	}
	ctx, stop := context.WithCancel(withMoment(ctx, d.server.moment()))
	id := call.ID()
	d.mu.Lock()
	_, twice := d.inflight[id]
	if !twice {
		d.inflight[id] = stop
	}
	d.mu.Unlock()
	if twice {
		stop()
		answer(nil, jsonrpc2.Errorf(jsonrpc2.InvalidRequest, "a request with the id %q is running already", id))
		return
	}
	d.running.Go(func() {
		result, err := d.run(ctx, d.requests, call)
		if ctx.Err() != nil {
			result, err = nil, ctx.Err()
		}
		d.mu.Lock()
		delete(d.inflight, id)
		d.mu.Unlock()
		stop()
		answer(result, err)
	})
}

// cancelAll ends the contexts of all running requests and waits for their answers.
func (d *dispatcher) cancelAll() {
	d.mu.Lock()
	for _, stop := range d.inflight {
		stop()
	}
	d.mu.Unlock()
	d.running.Wait()
}

// run calls the method's handler; its panic is an error.
func (d *dispatcher) run(ctx context.Context, handlers map[string]handler, request jsonrpc2.Request) (result any, err error) {
	defer func() {
		if r := recover(); r != nil {
			result, err = nil, panicError(request.Method(), r)
			d.log.Error("panic", zap.Error(err), zap.ByteString("stack", debug.Stack()))
		}
	}()
	h := handlers[request.Method()]
	if h == nil {
		return nil, jsonrpc2.Errorf(jsonrpc2.MethodNotFound, "%s is not a method of this server", request.Method())
	}
	return h(ctx, request.Params())
}

func panicError(what string, r any) error {
	return jsonrpc2.Errorf(jsonrpc2.InternalError, "%s: internal error: %v; please report this at %s", what, r, issues)
}

const issues = "https://github.com/afidt-lsp/afidt-lsp/issues"

func isUnknown(err error) bool {
	var e *jsonrpc2.Error
	return errors.As(err, &e) && e.Code == jsonrpc2.MethodNotFound
}

// wireError gives an error the code that the protocol has for it.
func wireError(err error) error {
	var wire *jsonrpc2.Error
	var typed *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled):
		return jsonrpc2.NewError(protocol.CodeRequestCancelled, "cancelled")
	case errors.As(err, &typed):
		return invalidParams(err)
	case errors.As(err, &wire):
		return wire
	}
	return jsonrpc2.NewError(jsonrpc2.InternalError, err.Error())
}

// errStale answers a request whose document changed under it; clients ask again.
var errStale = jsonrpc2.NewError(protocol.CodeContentModified, "the document has changed")

// errNoDocument answers a request about a document that names none.
var errNoDocument = jsonrpc2.NewError(jsonrpc2.InvalidParams, "textDocument.uri is missing")

// typed is a handler of decoded parameters.
func typed[P any](f func(ctx context.Context, params *P) (any, error)) handler {
	return func(ctx context.Context, text json.RawMessage) (any, error) {
		params := new(P)
		if err := json.Unmarshal(raw(text), params); err != nil {
			return nil, invalidParams(err)
		}
		return f(ctx, params)
	}
}

// note is the handler of a notification.
func note[P any](f func(params *P) error) handler {
	return typed(func(_ context.Context, params *P) (any, error) { return nil, f(params) })
}

// phase is where a connection is in its life (specification, Server lifecycle).
type phase uint8

const (
	created phase = iota
	running       // initialize was answered
	shutDown
)

// admits reports why a request may not be served now.
func (p phase) admits(method string) error {
	switch {
	case p == created && method != "initialize":
		return jsonrpc2.Errorf(jsonrpc2.ServerNotInitialized, "%s before initialize", method)
	case p == running && method == "initialize":
		return jsonrpc2.NewError(jsonrpc2.InvalidRequest, "initialize was sent already")
	case p == shutDown:
		return jsonrpc2.Errorf(jsonrpc2.InvalidRequest, "%s after shutdown", method)
	}
	return nil
}
