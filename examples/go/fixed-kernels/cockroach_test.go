// verdict: clean
package fixedkernels

import (
	"context"
	"errors"
	"io"
	"math/rand"
	"sync"
	"testing"
)

// Was: a loop was left by break with the mutex held, and the next method locked it again. Now: unlocked before break.
func TestCockroach584(t *testing.T) {
	var mu sync.Mutex
	closed := true
	untilClosed := func() {
		for {
			mu.Lock()
			if closed {
				mu.Unlock()
				break
			}
			mu.Unlock()
		}
	}
	go func() {
		untilClosed() // bootstrap
		untilClosed() // manage
	}()
}

// Was: Stop held the lock while it waited for tasks that needed the lock to begin. Now: it only marks and leaves it.
func TestCockroach1055(t *testing.T) {
	s := &drainer{stop: make(chan struct{})}
	for range 2 {
		go func() {
			if s.begin() {
				<-s.stop
				s.tasks.Done()
			}
		}()
	}
	go func() {
		s.mu.Lock()
		s.draining = true
		s.mu.Unlock()
		close(s.stop)
		s.tasks.Wait()
	}()
}

type drainer struct {
	mu       sync.Mutex
	draining bool
	tasks    sync.WaitGroup
	stop     chan struct{}
}

func (s *drainer) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.draining {
		return false
	}
	s.tasks.Add(1)
	return true
}

// Was: workers were stuck in a send to an event loop that had stopped. Now: the send gives up when it stops.
func TestCockroach1462(t *testing.T) {
	stop := make(chan struct{})
	events := make(chan int)
	var workers sync.WaitGroup
	workers.Add(2)
	go func() { // offers an event
		defer workers.Done()
		select {
		case events <- 1:
		case <-stop:
		}
	}()
	go func() { // the event loop
		defer workers.Done()
		for {
			select {
			case <-events:
			case <-stop:
				return
			}
		}
	}()
	close(stop)
	workers.Wait()
}

// Was: a read lock was taken again further down the call chain, with a writer between. Now: the caller's is enough.
func TestCockroach3710(t *testing.T) {
	var mu sync.RWMutex
	statusLocked := func() int { return 1 }
	go func() {
		mu.RLock()
		defer mu.RUnlock()
		statusLocked()
	}()
	go func() {
		mu.Lock()
		defer mu.Unlock()
	}()
}

// Was: String took the read lock that its caller held. Now: there is a variant for callers that hold it.
func TestCockroach6181(t *testing.T) {
	var cache sync.RWMutex
	textLocked := func() string { return "descriptor" }
	lookUp := func() {
		cache.RLock()
		io.WriteString(io.Discard, textLocked())
		cache.RUnlock()
		cache.Lock()
		defer cache.Unlock()
	}
	var lookups sync.WaitGroup
	for range 2 {
		lookups.Add(1)
		go func() {
			defer lookups.Done()
			lookUp()
		}()
	}
	lookups.Wait()
}

// Was: lease and name cache were locked in both orders. Now: the cache's lock is left before the lease's is taken.
func TestCockroach7504(t *testing.T) {
	var lease, names sync.Mutex
	go func() { // acquire by name
		names.Lock()
		found := true
		names.Unlock()
		if found {
			lease.Lock()
			defer lease.Unlock()
		}
	}()
	go func() { // release
		lease.Lock()
		defer lease.Unlock()
		names.Lock()
		defer names.Unlock()
	}()
}

// Was: the log's exit path locked the mutex that its caller held. Now: the caller unlocks first.
func TestCockroach9935(t *testing.T) {
	var mu sync.Mutex
	createFile := func() error {
		if rand.Intn(4) > 0 {
			return errors.New("disk full")
		}
		return nil
	}
	exit := func() {
		mu.Lock()
		defer mu.Unlock()
	}
	go func() {
		mu.Lock()
		err := createFile()
		mu.Unlock()
		if err != nil {
			exit()
		}
	}()
}

// Was: heartbeats were sent under their own lock, which needs the replica's, whose owner needs the heartbeats' lock.
// Now: they are taken out under the lock and sent without it.
func TestCockroach10214(t *testing.T) {
	var coalesced, raft sync.Mutex
	queue := []int{1}
	go func() { // send the queued heartbeats
		coalesced.Lock()
		taken := queue
		queue = nil
		coalesced.Unlock()
		for range taken {
			raft.Lock()
			raft.Unlock()
		}
	}()
	go func() { // tick
		raft.Lock()
		defer raft.Unlock()
		coalesced.Lock()
		queue = append(queue, 2)
		coalesced.Unlock()
	}()
}

// Was: after a cancel, a goroutine drained channels that nobody would send on any more. Now: each of them has room for
// its one answer, so that the sender needs no receiver and the cancelled side just leaves.
func TestCockroach10790(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	answers := []chan bool{make(chan bool, 1), make(chan bool, 1)}
	go func() {
		for _, answer := range answers {
			answer <- true
		}
	}()
	go func() {
		for _, answer := range answers {
			select {
			case <-answer:
			case <-ctx.Done():
				return
			}
		}
	}()
	go cancel()
}

// Was: a transaction was begun and never rolled back. Now: the rollback is deferred.
func TestCockroach13197(t *testing.T) {
	rollback := watchUntilCancelled()
	defer rollback()
}

// Was: the rows of a query were never closed. Now: they are.
func TestCockroach13755(t *testing.T) {
	closeRows := watchUntilCancelled()
	closeRows()
}

func watchUntilCancelled() context.CancelFunc {
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-ctx.Done() }()
	return cancel
}

// Was: two names for one lock, read-locked under both by one goroutine, with a writer between. Now: locked once.
func TestCockroach16167(t *testing.T) {
	var config sync.RWMutex
	updated := sync.NewCond(config.RLocker())
	generation := 0
	go func() { // executes a statement
		updated.L.Lock()
		for generation == 0 {
			updated.Wait()
		}
		updated.L.Unlock()
	}()
	go func() { // updates the configuration
		config.Lock()
		generation++
		config.Unlock()
		updated.Broadcast()
	}()
}

// Was: a cancel ended the reader of a channel and left its sender. Now: the sender looks at the context as well.
func TestCockroach18101(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	ready := make(chan int, 1)
	go func() {
		defer close(ready)
		for i := range 3 {
			select {
			case ready <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	go func() {
		for range ready {
			if ctx.Err() != nil {
				return
			}
		}
	}()
	go cancel()
}

// Was: Start put a wake-up into a channel that was full already. Now: a full channel is wake-up enough.
func TestCockroach24808(t *testing.T) {
	wake := make(chan struct{}, 1)
	wake <- struct{}{}
	stop := make(chan struct{})
	go func() {
		defer close(stop)
		select {
		case wake <- struct{}{}:
		default:
		}
		go func() {
			for {
				select {
				case <-stop:
					return
				case <-wake:
				}
			}
		}()
	}()
}

// Was: a check whether the store is draining waited until it did. Now: it looks without waiting.
func TestCockroach25456(t *testing.T) {
	quiescing := make(chan struct{})
	go func() {
		for range 2 {
			select {
			case <-quiescing:
				return
			default:
			}
		}
	}()
}
