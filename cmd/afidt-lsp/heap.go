package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

const (
	// firstCollection is the size of the heap, in bytes, at which it is collected for the first time. Before that there is little
	// to collect.
	firstCollection = 88 << 20
	// growthPercent is how much the heap grows from one collection to the next.
	growthPercent = 60
	// gcPercent and ballastBytes are for the runtime's own collections, which are to come only if growthPercent is exceeded within one
	// piece of work. The ballast is memory that is never touched, so that it takes none.
	gcPercent    = 100
	ballastBytes = 160 << 20
	// reserveBytes is how much of the heap is asked to be on huge pages. A workspace of a million lines needs less.
	reserveBytes = 128 << 20
)

// heap collects garbage between two pieces of work. The runtime would do it beside the work, and give it a quarter of the time: while
// one thread marks a large heap in that way, it allocates as much as is collected then. The peak was 185 instead of 165 MB for bevy,
// and 230 instead of 205 MB for deno. There is no memory limit: near one, a large workspace would be collected over and over.
type heap struct {
	ballast []byte

	mu     sync.Mutex
	next   uint64 // the size in bytes, ballast included, at which it is collected
	sample [1]metrics.Sample
}

// prepareHeap sets the heap up for a short run that keeps most of what it allocates.
//
// Memory that is touched for the first time costs a page fault, which was a sixth of the time of a run. So the first part
// of the heap is asked to be on huge pages: it is allocated, advised and freed again, for the runtime has no other way to
// it. What is not used of it is never touched.
func prepareHeap() *heap {
	debug.SetGCPercent(-1)
	h := &heap{ballast: make([]byte, ballastBytes), next: ballastBytes + firstCollection}
	h.sample[0].Name = "/memory/classes/heap/objects:bytes"
	reserve := make([]byte, reserveBytes)
	if adviseHugePages(reserve) {
		runtime.GC() // frees the reserve
	}
	debug.SetGCPercent(gcPercent)
	return h
}

// collect collects garbage if the heap has grown enough since the last time. Threads that come while another collects wait, so that
// all of them do.
func (h *heap) collect() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.size() < h.next {
		return
	}
	runtime.GC()
	live := h.size() - ballastBytes
	h.next = ballastBytes + max(firstCollection, live+live*growthPercent/100)
}

// size is the size in bytes of what is allocated, garbage and ballast included.
func (h *heap) size() uint64 {
	metrics.Read(h.sample[:])
	return h.sample[0].Value.Uint64()
}
