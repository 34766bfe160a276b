package resolve

import (
	"hash/maphash"
	"sync"

	"github.com/afidt-lsp/afidt-lsp/analysis/workspace"
)

// nameIn is a name as it is looked up in a scope.
type nameIn struct {
	scope *workspace.Scope
	name  string
}

// table keeps answers by the name and the scope that were asked. It is safe for concurrent use. A large workspace has hundreds of
// thousands of answers: a sync.Map takes three times the memory for them, in five objects each that are collected one by one.
type table[V any] struct {
	shards [64]struct {
		mu      sync.RWMutex
		answers map[nameIn]V
	}
}

var tableSeed = maphash.MakeSeed()

func (t *table[V]) load(key nameIn) (V, bool) {
	s := &t.shards[maphash.Comparable(tableSeed, key.scope)%uint64(len(t.shards))]
	s.mu.RLock()
	v, ok := s.answers[key]
	s.mu.RUnlock()
	return v, ok
}

func (t *table[V]) store(key nameIn, v V) {
	s := &t.shards[maphash.Comparable(tableSeed, key.scope)%uint64(len(t.shards))]
	s.mu.Lock()
	if s.answers == nil {
		s.answers = map[nameIn]V{}
	}
	s.answers[key] = v
	s.mu.Unlock()
}
