package server

import (
	"time"

	"go.uber.org/zap"
)

// parentInterval is how often the client's process is looked at.
const parentInterval = 3 * time.Second

func (s *Server) waitForEnd(pid int, alive func(int) bool, interval time.Duration) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-tick.C:
			if !alive(pid) {
				s.log.Info("the client's process is gone", zap.Int("pid", pid))
				s.stop()
				return
			}
		}
	}
}
