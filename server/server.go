// Package server speaks the Language Server Protocol: it turns messages into calls of the engine and what the engine finds
// into messages. It is the only package that knows the protocol, and it knows nothing about Rust.
//
// One goroutine reads messages and owns the documents (dispatch.go). Each workspace has a goroutine that does the work its
// edits left (space.go). Requests run on the moment at which they were read.
package server

import (
	"cmp"
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.uber.org/zap"

	"github.com/afidt-lsp/afidt-lsp/analysis"
	"github.com/afidt-lsp/afidt-lsp/analysis/source"
)

// Options say how a server is set up.
type Options struct {
	Version  string
	Log      *zap.Logger // nil discards
	Analysis analysis.Options
	// Alive reports whether a process still runs, and CheckParent is how often the client's is looked at. Zero values mean
	// the system's answer and a few seconds.
	Alive       func(pid int) bool
	CheckParent time.Duration
	// Patience is how long the last messages may take to be read once the connection is to end; zero means a few seconds.
	Patience time.Duration
}

const patienceAtEnd = 3 * time.Second

// Server is one connection to a client.
type Server struct {
	opt    Options
	log    *zap.Logger
	conn   jsonrpc2.Conn
	ctx    context.Context // ends with the connection
	stop   context.CancelFunc
	exited atomic.Bool
	life   atomic.Uint32 // a phase

	client    client // what initialize said; fixed from then on
	encoding  source.Encoding
	publisher *publisher

	mu       sync.Mutex
	docs     map[string]*document // by path; replaced, never changed
	spaces   []*space             // replaced, never changed
	leaving  []*space             // likewise: those that are being closed
	settings *settings            // replaced, never changed
	tokens   atomic.Int64         // of progress, given out so far
	work     sync.WaitGroup
}

// Serve serves one client until it exits or its end of the connection closes. The exit code is the one that the protocol
// asks of a server's process: 0 if the client said shutdown first.
func Serve(ctx context.Context, conn io.ReadWriteCloser, opt Options) (code int) {
	s := newServer(ctx, opt)
	defer s.stop()
	wire := newStream(conn)
	s.conn = jsonrpc2.NewConn(wire)
	d := newDispatcher(s)
	s.conn.Go(s.ctx, d.handle)
	select {
	case <-s.conn.Done():
		if err := s.conn.Err(); err != nil && !errors.Is(err, io.EOF) {
			s.log.Debug("the connection ended", zap.Error(err))
		}
	case <-s.ctx.Done():
	}
	s.stop()
	ended := make(chan struct{})
	go func() {
		d.cancelAll()
		s.work.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(cmp.Or(opt.Patience, patienceAtEnd)): // for a client that is there and does not read
		s.log.Warn("the client does not take what was sent to it")
	}
	if err := wire.Close(); err != nil {
		s.log.Debug("closing the connection", zap.Error(err))
	}
	if s.phase() == shutDown {
		return 0
	}
	return 1
}

func newServer(ctx context.Context, opt Options) *Server {
	if opt.Log == nil {
		opt.Log = zap.NewNop()
	}
	s := &Server{opt: opt, log: opt.Log, encoding: source.UTF16, docs: map[string]*document{}, settings: &settings{}}
	s.ctx, s.stop = context.WithCancel(ctx)
	s.publisher = newPublisher(s)
	return s
}

func (s *Server) phase() phase     { return phase(s.life.Load()) }
func (s *Server) setPhase(p phase) { s.life.Store(uint32(p)) }

// exit ends the connection at the client's wish.
func (s *Server) exit() {
	s.exited.Store(true)
	s.stop()
}

// moment is the state of the world when a request was read. It is immutable.
type moment struct {
	docs    map[string]*document
	spaces  []*space
	leaving []*space
}

func (s *Server) moment() *moment {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &moment{docs: s.docs, spaces: s.spaces, leaving: s.leaving}
}

func (s *Server) currentSettings() *settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.settings
}

type momentKey struct{}

func withMoment(ctx context.Context, m *moment) context.Context {
	return context.WithValue(ctx, momentKey{}, m)
}

// momentOf is the moment of a request.
func momentOf(ctx context.Context) *moment { return ctx.Value(momentKey{}).(*moment) }

// notify sends a notification; one that cannot be sent is logged, because the connection's end is noticed elsewhere.
func (s *Server) notify(method string, params any) {
	if err := s.conn.Notify(context.WithoutCancel(s.ctx), method, params); err != nil {
		s.log.Debug("notifying failed", zap.String("method", method), zap.Error(err))
	}
}

// goes runs f on a goroutine that the server waits for.
func (s *Server) goes(f func()) { s.work.Go(f) }

// ask sends a request to the client and hands on the answer. It must not run on the read loop, which would wait for itself.
func (s *Server) ask(ctx context.Context, method string, params, result any) error {
	_, err := s.conn.Call(ctx, method, params, result)
	return err
}
