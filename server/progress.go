package server

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/afidt-lsp/afidt-lsp/analysis"
)

// progress shows how far the analysis of a workspace is. It is shown once, for the first run: what edits cause is too short.
// Nil shows nothing.
type progress struct {
	server *Server
	title  string

	mu      sync.Mutex
	token   json.RawMessage // nil until the client agreed
	begun   bool
	ended   bool
	percent uint32
	last    time.Time
}

// progressInterval keeps reports apart.
const progressInterval = 100 * time.Millisecond

// newProgress asks the client to show progress, or takes the token that came with initialize.
func (s *Server) newProgress(title string) *progress {
	p := &progress{server: s, title: title}
	if !s.client.Capabilities.Window.WorkDoneProgress {
		s.mu.Lock()
		p.token, s.client.WorkDoneToken = s.client.WorkDoneToken, nil // good for one
		s.mu.Unlock()
		return p
	}
	token := json.RawMessage(fmt.Sprintf(`"afidt-%d"`, s.tokens.Add(1)))
	s.goes(func() {
		if err := s.ask(s.ctx, "window/workDoneProgress/create", map[string]json.RawMessage{"token": token}, nil); err != nil {
			s.log.Debug("the client shows no progress", zap.Error(err))
			return
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.token = token
	})
	return p
}

func (p *progress) notify(value any) {
	p.server.notify("$/progress", progressParams{Token: p.token, Value: value})
}

// report shows how much of the workspace is analysed.
func (p *progress) report(v *analysis.View) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.token == nil || p.ended || time.Since(p.last) < progressInterval {
		return
	}
	p.last = time.Now()
	if !p.begun {
		p.begun = true
		p.notify(protocol.WorkDoneProgressBegin{Kind: protocol.WorkDoneProgressKindBegin, Title: p.title})
		return
	}
	done, total := v.Progress()
	if total == 0 {
		return
	}
	p.percent = max(p.percent, uint32(100*done/total)) // it must not fall
	p.notify(protocol.WorkDoneProgressReport{
		Kind: protocol.WorkDoneProgressKindReport, Message: fmt.Sprintf("%d of %d files", done, total), Percentage: p.percent,
	})
}

// end ends what was begun, once.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.begun && !p.ended {
		p.notify(protocol.WorkDoneProgressEnd{Kind: protocol.WorkDoneProgressKindEnd})
	}
	p.ended = true
}
