package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// limit is how long a command may work until it writes something: output or files. What it writes is then whole.
type limit struct {
	timeout time.Duration // 0 for no limit
	state   atomic.Int32
}

// States of a limit: the first that leaves working wins.
const (
	working int32 = iota
	writing
	timedOut
)

// run runs a command under the limit.
func (l *limit) run(command func() error) error {
	if l.timeout == 0 {
		return command()
	}
	if l.timeout < 0 {
		return fmt.Errorf("--timeout %s: give a duration such as 30s or 5m", l.timeout)
	}
	type outcome struct {
		err   error
		panic string
	}
	done := make(chan outcome, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- outcome{panic: fmt.Sprintf("%v\n%s", r, debug.Stack())}
			}
		}()
		done <- outcome{err: command()}
	}()
	timer := time.NewTimer(l.timeout)
	defer timer.Stop()
	select {
	case <-timer.C:
		if l.state.CompareAndSwap(working, timedOut) {
			fmt.Fprintf(os.Stderr, "error: not done after %s, the --timeout: nothing was written; give more time, or fewer files\n", l.timeout)
			return exitError(exitTimeout)
		}
	case out := <-done:
		done <- out
	}
	out := <-done
	if out.panic != "" {
		panic(out.panic)
	}
	return out.err
}

// write tells that the command begins to write; it does not return if the time is over.
func (l *limit) write() {
	if !l.state.CompareAndSwap(working, writing) && l.state.Load() == timedOut {
		select {} // the process ends
	}
}
