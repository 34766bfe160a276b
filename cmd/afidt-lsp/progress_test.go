package main

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// What progress shows is taken away before output begins, and nothing is written where nothing was shown.
func TestProgress(t *testing.T) {
	var out strings.Builder
	var files atomic.Int64
	ticks, shown := make(chan time.Time), make(chan struct{})
	flags := workspaceFlags{settle: meter(&out, ticks, func() { shown <- struct{}{} }, &files)}
	for n := range 2 {
		files.Store(int64(n))
		ticks <- time.Time{}
		<-shown
	}
	flags.write()
	if want := "\r\x1b[Kanalysing: 0 files read\r\x1b[Kanalysing: 1 files read\r\x1b[K"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
	out.Reset()
	meter(&out, ticks, nil, &files)()
	if out.Len() > 0 {
		t.Errorf("%q of work that takes no second", out.String())
	}
}
