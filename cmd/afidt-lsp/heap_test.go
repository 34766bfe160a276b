package main

import (
	"runtime"
	"testing"
)

// TestHeapIsCollected: between two pieces of work the heap is collected once it has grown enough, and not before.
func TestHeapIsCollected(t *testing.T) {
	h := prepareHeap()
	defer runtime.KeepAlive(h)
	collections := func() uint32 {
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.NumForcedGC
	}
	before := collections()
	h.collect()
	if after := collections(); after != before {
		t.Errorf("%d collections of a heap that is small", after-before)
	}
	garbage := make([]byte, firstCollection)
	runtime.KeepAlive(garbage)
	h.collect()
	if after := collections(); after != before+1 {
		t.Errorf("%d collections of a heap that has grown, want 1", after-before)
	}
	h.collect()
	if after := collections(); after != before+1 {
		t.Errorf("%d collections, want no second one", after-before)
	}
	if live := h.size() - ballastBytes; live >= firstCollection {
		t.Errorf("%d bytes are left, garbage among them", live)
	}
}
