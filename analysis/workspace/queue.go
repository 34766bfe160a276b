package workspace

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// queue runs tasks that add tasks, on a fixed number of goroutines.
type queue struct {
	mu      sync.Mutex
	ready   *sync.Cond
	tasks   []func()
	running int
	failure string // the last panic of a task, with its stack
	threads int
}

func newQueue(threads int) *queue {
	q := &queue{threads: threads}
	q.ready = sync.NewCond(&q.mu)
	return q
}

func (q *queue) add(task func()) {
	q.mu.Lock()
	q.tasks = append(q.tasks, task)
	q.mu.Unlock()
	q.ready.Signal()
}

// wait runs the tasks, on the calling goroutine too, until none is left and none runs.
func (q *queue) wait() {
	var others sync.WaitGroup
	for range Workers(q.threads) - 1 {
		others.Go(q.run)
	}
	q.run()
	others.Wait()
	if q.failure != "" {
		panic(q.failure) // on the caller's goroutine, who can report it
	}
}

// Workers is how many goroutines keep a number of threads busy: one that waits for what another is making needs a deputy.
func Workers(threads int) int {
	if threads == 1 {
		return 1
	}
	return 3 * threads
}

// attempt runs a task and returns its panic, if any.
func attempt(task func()) (failure string) {
	defer func() {
		if r := recover(); r != nil {
			failure = fmt.Sprintf("%v\n%s", r, debug.Stack())
		}
	}()
	task()
	return ""
}

func (q *queue) run() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		for len(q.tasks) == 0 {
			if q.running == 0 {
				q.ready.Broadcast()
				return
			}
			q.ready.Wait()
		}
		task := q.tasks[len(q.tasks)-1]
		q.tasks = q.tasks[:len(q.tasks)-1]
		q.running++
		q.mu.Unlock()
		failure := attempt(task)
		q.mu.Lock()
		q.running--
		if failure != "" {
			q.failure = failure
		}
		if q.running == 0 && len(q.tasks) == 0 {
			q.ready.Broadcast()
		}
	}
}
