package workspace

import (
	"sync"
	"sync/atomic"
)

// lazy is a value that is made by who asks for it first, while others wait. It is a sync.OnceValue that takes its function when
// it is asked, so that it costs no closure for what nobody asks about.
type lazy[T any] struct {
	made  atomic.Bool
	once  sync.Once
	value T
}

// get is the value, which make makes. A panic of make reaches all who ask.
func (l *lazy[T]) get(make func() T) T {
	if !l.made.Load() {
		l.once.Do(func() {
			l.value = make()
			l.made.Store(true)
		})
		if !l.made.Load() {
			panic("this was asked for before, and making it panicked")
		}
	}
	return l.value
}
